"""Small sites for tests of wells, rooms and samples: a folder on disk, records in memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from core_plant import Memory

from diwen import rules, site
from diwen.evaluation.context import Context, rule_date
from diwen.evaluation.period import parse

HEAD = """
schema = 1
[site]
name_en = "Test wells"
name_zh = "测试井"
kind = "plant"
illustrative = true
[place]
region = "Beijing"
time_zone = "{zone}"
[sources.field]
type = "other"
"""
POINTS = "id,quantity,unit,equipment,location,accuracy,interval,origin\n"
HOUR = 3_600_000_000


def context_of_wells(
    folder: Path,
    *,
    toml: str = "",
    points: str = "",
    records: dict[str, tuple[np.ndarray, np.ndarray]] | None = None,
    period: str = "2020",
    samples: str = "",
    zone: str = "Asia/Shanghai",
) -> Context:
    """A context over a site written to ``folder``; records are raw numbers in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.toml").write_text(HEAD.format(zone=zone) + toml, encoding="utf-8")
    (folder / "points.csv").write_text(POINTS + points, encoding="utf-8")
    if samples:
        (folder / "samples.csv").write_text(samples, encoding="utf-8")
    plant = site.read(folder)
    when = parse(
        period,
        plant.place.time_zone,
        heating_season=plant.operation.heating_season,
        cooling_season=plant.operation.cooling_season,
    )
    bound = rules.on(rule_date(when), plant.place.region or None)
    return Context(plant, Memory(plant, records or {}), when, bound)  # type: ignore[arg-type]


def hours(start: str, n: int) -> np.ndarray:
    """``n`` hours from a UTC time on, microseconds."""
    first = int(np.datetime64(start, "us").astype(np.int64))
    return first + np.arange(n, dtype=np.int64) * HOUR
