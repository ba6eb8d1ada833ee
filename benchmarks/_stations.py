"""Synthetic stations for the benchmarks: 60 points, one record a minute.

Every station has four heat pumps that cycle with the season: 24 temperatures (0.1 K), 8 flows
(0.01 m3/h), 8 powers (0.01 kW), 6 counters (0.1 kWh), 8 pressures (1 mbar), 6 states. The data are
made up; they only have the size, the resolution and the repetition of real ones.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

UNITS = ("hp1", "hp2", "hp3", "hp4")
PUMPS = ("pump1", "pump2", "pump3", "pump4")
_SIDES = ("source_entering", "source_leaving", "load_leaving", "load_entering")
_SITE = """schema = 1

[site]
name_en = "Benchmark station {number}"
name_zh = "基准站 {number}"
kind = "plant"
illustrative = true

[place]
time_zone = "Asia/Shanghai"
"""


def points() -> list[dict[str, str]]:
    """The 60 rows of points.csv."""
    rows: list[dict[str, str]] = []

    def add(id: str, quantity: str, unit: str, equipment: str, location: str) -> None:
        rows.append(
            {"id": id, "quantity": quantity, "unit": unit, "equipment": equipment,
             "location": location, "interval": "60 s"}
        )  # fmt: skip

    for unit in UNITS:
        for side in _SIDES:
            add(f"{unit}_{side}", "temperature", "degC", unit, side)
        add(f"{unit}_source_flow", "volume_flow", "m3/h", unit, "source")
        add(f"{unit}_load_flow", "volume_flow", "m3/h", unit, "load")
        add(f"{unit}_power", "electric_power", "kW", unit, "supply")
        add(f"{unit}_energy", "electric_energy", "kWh", unit, "supply")
        add(f"{unit}_source_pressure", "pressure", "mbar", unit, "source_entering")
        add(f"{unit}_load_pressure", "pressure", "mbar", unit, "load_leaving")
        add(f"{unit}_status", "status", "1", unit, "unit")
    for pump in PUMPS:
        add(f"{pump}_power", "electric_power", "kW", pump, "supply")
    whole = "+".join(UNITS)
    add("heat", "heat_energy", "kWh", whole, "load")
    add("extraction", "heat_energy", "kWh", whole, "source")
    for unit in UNITS[:2]:
        add(f"{unit}_mode", "mode", "1", unit, "unit")
    for number in range(8):
        add(f"room_{number}", "temperature", "degC", "site", f"room@{number}")
    return rows


def write_site(folder: Path, number: int) -> None:
    """A site folder of a station."""
    folder.mkdir(parents=True, exist_ok=True)
    text = _SITE.format(number=number)
    for unit in UNITS:
        text += f'\n[heat_pumps.{unit}]\ntype = "water_water"\n'
    for pump in PUMPS:
        text += f'\n[pumps.{pump}]\ncircuit = "source"\n'
    (folder / "site.toml").write_text(text, "utf-8")
    pl.DataFrame(points()).write_csv(folder / "points.csv")


def records(number: int, first: datetime, minutes: int) -> pl.DataFrame:
    """One record a minute of all points of a station, as a wide table."""
    rng = np.random.default_rng(number)
    minute = np.arange(minutes)
    start = int(first.replace(tzinfo=UTC).timestamp() // 60)
    season = 0.5 + 0.45 * np.cos(2 * np.pi * (start + minute - 15 * 1440) / 525_600)
    columns: dict[str, np.ndarray] = {}
    heat = np.zeros(minutes)
    extraction = np.zeros(minutes)
    for order, unit in enumerate(UNITS):
        phase = (minute + 37 * order + 11 * number) % 90
        on = phase < 90 * np.clip(season * 1.3 - 0.2 * order, 0, 1)
        warm = np.convolve(on, np.full(12, 1 / 12), mode="full")[:minutes]
        drift = 0.3 * np.sin(2 * np.pi * minute / 1440 + order)
        noise = rng.normal(0, 0.03, (4, minutes))
        entering = 11 + 2 * (1 - season) + drift - 0.8 * warm
        supply = 32 + 9 * season * warm + drift
        power = np.where(on, 18 + 3 * season + rng.normal(0, 0.05, minutes), 0.0)
        output = power * (4.6 - 0.8 * season)
        temperatures = (entering, entering - 3.4 * warm, supply, supply - 5.0 * warm)
        for side, value, jitter in zip(_SIDES, temperatures, noise, strict=True):
            columns[f"{unit}_{side}"] = np.round(value + jitter, 1)
        columns[f"{unit}_source_flow"] = np.round(on * (14 + rng.normal(0, 0.02, minutes)), 2)
        columns[f"{unit}_load_flow"] = np.round(on * (12 + rng.normal(0, 0.02, minutes)), 2)
        columns[f"{unit}_power"] = np.round(power, 2)
        columns[f"{unit}_energy"] = np.round(1e4 * (order + 1) + np.cumsum(power) / 60, 1)
        columns[f"{unit}_source_pressure"] = np.round(1800 + 300 * on + rng.normal(0, 2, minutes))
        columns[f"{unit}_load_pressure"] = np.round(2100 + 250 * on + rng.normal(0, 2, minutes))
        columns[f"{unit}_status"] = on.astype(float)
        heat += output / 60
        extraction += (output - power) / 60
        pump = PUMPS[order]
        columns[f"{pump}_power"] = np.round(np.where(on, 2.2, 0) + rng.normal(0, 0.005, minutes), 2)
    columns["heat"] = np.round(5e4 + np.cumsum(heat), 1)
    columns["extraction"] = np.round(3e4 + np.cumsum(extraction), 1)
    for unit in UNITS[:2]:
        columns[f"{unit}_mode"] = np.where(season > 0.4, 1.0, 2.0)
    for room in range(8):
        value = 20.5 + 0.6 * np.sin(2 * np.pi * minute / 1440 + room)
        columns[f"room_{room}"] = np.round(value + rng.normal(0, 0.03, minutes), 1)
    time = pl.Series((start + minute) * 60_000_000).cast(pl.Datetime("us"))
    return pl.DataFrame({"time": time.dt.strftime("%Y-%m-%d %H:%M:%S"), **columns})


def write_delivery(path: Path, number: int, first: datetime, minutes: int) -> None:
    """A station's CSV as a building-management system would export it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    records(number, first, minutes).write_csv(path)
