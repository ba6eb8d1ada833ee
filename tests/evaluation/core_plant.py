"""Small plants for tests: a site folder written to disk, its records in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from diwen import rules, site
from diwen.evaluation.context import Context, rule_date
from diwen.evaluation.period import Period, microseconds
from diwen.telemetry.series import Series

START = datetime(2019, 11, 14, 16, 0, tzinfo=UTC)  # 2019-11-15 00:00 in Shanghai

HEAD = """
schema = 1
[site]
name_en = "Test plant"
name_zh = "测试站"
kind = "plant"
illustrative = true
[place]
region = "Beijing"
time_zone = "Asia/Shanghai"
[sources.field]
type = "other"
[heat_pumps.hp1]
type = "water_water"
source = "field"
rated_cooling_capacity = "500 kW"
rated_cooling_power = "100 kW"
"""
PUMPS = """
[pumps.ps]
circuit = "source"
[pumps.pl]
circuit = "load"
"""
SEASONS = """
[operation]
heating_season = "11-15..03-15"
cooling_season = "05-15..09-15"
"""
HEATING = """
[operation]
mode = "heating"
"""
COLUMNS = "id,quantity,unit,equipment,location,accuracy,interval,origin\n"


class Memory:
    """A store that holds its records in memory; same answers as the store on disk."""

    def __init__(self, plant: site.Site, records: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
        self.site = plant
        self.records = records

    def points(self) -> list[str]:
        return [point.id for point in self.site.points if point.id in self.records]

    def series(self, point: str, start: datetime | None, end: datetime | None) -> Series:
        time, value = self.records.get(point, (np.empty(0, np.int64), np.empty(0)))
        keep = np.ones(time.size, dtype=bool)
        if start is not None:
            keep &= time >= microseconds(start)
        if end is not None:
            keep &= time < microseconds(end)
        factor, offset = self.site.point(point).factor_offset()
        return Series(
            point,
            time[keep],
            factor * value[keep] + offset,
            np.zeros(int(keep.sum()), dtype=np.int8),
            self.site.point(point).origin,
        )

    def span(self, point: str | None = None) -> tuple[datetime, datetime] | None:
        held = [time for id, (time, _) in self.records.items() if point in (None, id)]
        times = np.concatenate([np.empty(0, np.int64), *held])
        if not times.size:
            return None
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        ends = (int(times.min()), int(times.max()))
        return tuple(epoch + timedelta(microseconds=end) for end in ends)  # type: ignore[return-value]

    def coverage(self, start: datetime, end: datetime) -> pl.DataFrame:
        rows = [
            {"point": point, "day": start.date(), "expected": 1.0, "valid": 1.0, "share": 1.0}
            for point in self.points()
        ]
        return pl.DataFrame(rows)

    def scan(self, points: list[str], start: datetime, end: datetime) -> pl.LazyFrame:
        series = [self.series(point, start, end) for point in points]
        frames = [
            pl.DataFrame(
                {
                    "time": pl.Series(one.time).cast(pl.Datetime("us", "UTC")),
                    "point": [one.point] * len(one),
                    "quality": one.quality,
                    "origin": [one.origin] * len(one),
                },
                schema_overrides={"point": pl.String, "origin": pl.String},
            )
            for one in series
        ]
        return pl.concat(frames).lazy()

    def stale_flags(self, start: datetime, end: datetime) -> tuple[str, ...]:
        return ()

    def hash(self, start: datetime, end: datetime) -> str:
        return "0" * 64


def plant(folder: Path, toml: str, points: str) -> site.Site:
    """A site read from a folder that is written first."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.toml").write_text(toml, encoding="utf-8")
    (folder / "points.csv").write_text(COLUMNS + points.strip() + "\n", encoding="utf-8")
    return site.read(folder)


def times(hours: float, step: float, start: datetime = START) -> np.ndarray:
    """Instants from the start on, every ``step`` seconds, both ends included."""
    count = round(hours * 3600.0 / step) + 1
    return microseconds(start) + np.arange(count, dtype=np.int64) * round(step * 1e6)


def context(
    of: site.Site,
    records: dict[str, tuple[np.ndarray, np.ndarray]],
    hours: float,
    start: datetime = START,
) -> Context:
    """A context over some hours from the start on."""
    period = Period("test", "days", start, start + timedelta(hours=hours), of.place.time_zone)
    return within(of, records, period)


def within(
    of: site.Site, records: dict[str, tuple[np.ndarray, np.ndarray]], period: Period
) -> Context:
    """A context over a period."""
    held = rules.on(rule_date(period), of.place.region or None)
    return Context(of, Memory(of, records), period, held)  # type: ignore[arg-type]


def constant(value: float, hours: float, step: float = 900.0) -> tuple[np.ndarray, np.ndarray]:
    """Records of a gauge that does not move."""
    time = times(hours, step)
    return time, np.full(time.size, value)


def counter(power: float, hours: float, step: float = 3600.0) -> tuple[np.ndarray, np.ndarray]:
    """Records of a register that counts ``power`` per hour."""
    time = times(hours, step)
    return time, 1000.0 + power * (time - time[0]) / 3.6e9


__all__ = [
    "HEAD",
    "HEATING",
    "PUMPS",
    "SEASONS",
    "START",
    "Memory",
    "constant",
    "context",
    "counter",
    "plant",
    "times",
    "within",
]
