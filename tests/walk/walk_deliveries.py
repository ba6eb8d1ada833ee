"""The plant's records as they come from site: four files with the dirt of real deliveries.

- ``heating.csv``: GB 18030, semicolons, decimal commas, a title above the Chinese header, a line
  of units below it, ``2024/11/15 0:15`` local time, a gap of three hours, a meter exchange,
  kelvin, a sentinel, heat in GJ, pulses of a tenth of a kWh, a power in W
- ``cooling.csv.gz``: the rest of the year as UTF-8 with byte-order mark, decimal points, packed
- ``rooms.xlsx``: an Excel sheet by the hour, written by a logger that keeps UTC
- ``status.csv``: the units' switchings, one line for each
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import openpyxl
from walk_plant import EXCHANGE, FIRST, GAP, HOURS, PER_DAY, PLANT, STEP, Floats, utc

SENTINEL = -9999.0
TITLE = ["能源站运行数据（模拟数据，非实测）"]
SPLIT = datetime(2025, 4, 1)


def register(power: Floats, first: float, unit: float = 1.0) -> Floats:
    """Readings of a register that counts a power in kW, at the ends of the quarter hours.

    Parameters
    ----------
    first : reading at the beginning, in the register's unit
    unit : kWh of one unit of the register
    """
    return first + np.concatenate([[0.0], np.cumsum(power * HOURS / unit)])


def gauge(level: Floats) -> Floats:
    """Levels at the beginnings of the quarter hours, the last one held to the end."""
    return np.append(level, level[-1])


def exchanged(reading: Floats) -> Floats:
    """A register that a new one replaces; the new one begins at nought."""
    moment = PLANT.at(EXCHANGE)
    return np.where(np.arange(reading.size) >= moment, reading - reading[moment], reading)


def with_sentinels(level: Floats) -> Floats:
    """Every 500th reading fails."""
    return np.where(np.arange(level.size) % 500 == 7, SENTINEL, level)


# header, unit line, decimals, readings
Column = tuple[str, str, int, Callable[[], Floats]]
COLUMNS: tuple[Column, ...] = (
    ("地源侧供水温度", "℃", 3, lambda: gauge(PLANT.source_entering)),
    ("地源侧回水温度", "℃", 3, lambda: gauge(PLANT.source_leaving)),
    ("地源侧流量", "m³/h", 1, lambda: gauge(PLANT.source_flow)),
    ("用户侧供水温度", "K", 2, lambda: gauge(PLANT.load_leaving) + 273.15),
    ("用户侧回水温度", "K", 2, lambda: gauge(PLANT.load_entering) + 273.15),
    ("用户侧流量", "m³/h", 2, lambda: gauge(PLANT.load_flow)),
    ("用户侧热量表", "GJ", 4, lambda: register(PLANT.load_heat + PLANT.heater, 1234.0, 1 / 0.0036)),
    # Not named in points.csv of the plant as built: a meter before the back-up heater.
    ("机组出口热量表", "GJ", 4, lambda: register(PLANT.load_heat, 99.0, 1 / 0.0036)),
    ("生活热水热量", "kWh", 2, lambda: register(PLANT.water, 50.0)),
    ("1号机组电量", "kWh", 2, lambda: register(PLANT.power1, 81234.5)),
    ("2号机组电量", "kWh", 2, lambda: exchanged(register(PLANT.power2, 67890.1))),
    ("地源侧水泵电度脉冲", "0.1kWh", 0, lambda: register(PLANT.power_source, 4000.0, 0.1)),
    ("用户侧水泵功率", "W", 0, lambda: gauge(PLANT.power_load * 1e3)),
    ("电辅热电量", "kWh", 2, lambda: register(PLANT.heater, 12.0)),
    ("室外温度", "℃", 2, lambda: with_sentinels(gauge(PLANT.outdoor))),
)


def deliver(folder: Path) -> dict[str, Path]:
    """Write all files.

    Returns
    -------
    path by the name at the top of this module
    """
    folder.mkdir(parents=True, exist_ok=True)
    split = PLANT.at(SPLIT)
    times = PLANT.local_times()
    columns = [
        [f"{value:.{decimals}f}" for value in readings().tolist()]
        for _, _, decimals, readings in COLUMNS
    ]
    lost = range(PLANT.at(GAP[0]), PLANT.at(GAP[1]))
    heating = [row for row in range(split) if row not in lost]
    paths = {
        "heating.csv": folder / "heating.csv",
        "cooling.csv.gz": folder / "cooling.csv.gz",
        "rooms.xlsx": folder / "rooms.xlsx",
        "status.csv": folder / "status.csv",
    }
    lines = [";".join(TITLE), ";".join(["时间", *(name for name, *_ in COLUMNS)])]
    lines.append(";".join(["", *(unit for _, unit, *_ in COLUMNS)]))
    for row in heating:
        cells = (column[row].replace(".", ",") for column in columns)
        moment = times[row]
        shown = f"{moment.year}/{moment.month}/{moment.day} {moment.hour}:{moment.minute:02d}"
        lines.append(";".join([shown, *cells]))
    paths["heating.csv"].write_bytes("\r\n".join(lines).encode("gb18030"))
    lines = [",".join(["时间", *(name for name, *_ in COLUMNS)])]
    for row in range(split, len(times)):
        cells = (column[row] for column in columns)
        lines.append(",".join([f"{times[row]:%Y-%m-%d %H:%M:%S}", *cells]))
    paths["cooling.csv.gz"].write_bytes(gzip.compress("\n".join(lines).encode("utf-8-sig")))
    _rooms(paths["rooms.xlsx"])
    _status(paths["status.csv"])
    return paths


def _rooms(path: Path) -> None:
    """The first 121 days (the heating season) and a little more."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("rooms")
    sheet.append(["Time (UTC)", "TR south", "TR north", "TR top"])
    values = [PLANT.room(name) for name in ("south", "north", "top")]
    start = utc(datetime(FIRST.year, FIRST.month, FIRST.day)).replace(tzinfo=None)
    for hour in range(125 * 24):
        sheet.append([start + hour * _HOUR, *(float(value[hour]) for value in values)])
    book.save(path)


def _status(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(["时间", "测点", "数值"])
        times = PLANT.local_times()
        for name, power in (("ST1", PLANT.power1), ("ST2", PLANT.power2)):
            on = power > 0.0
            write([times[0], name, int(on[0])])
            for row in np.flatnonzero(on[1:] != on[:-1]) + 1:
                write([times[int(row)], name, int(on[row])])


_HOUR = datetime(2000, 1, 1, 1) - datetime(2000, 1, 1)
assert PER_DAY * STEP == 86400
