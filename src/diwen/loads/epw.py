"""EnergyPlus weather files (EPW): the text of one, read.

Format: EnergyPlus Auxiliary Programs, "EnergyPlus Weather File (EPW) Data Dictionary" (US DOE):
eight header lines, then per hour year, month, day, hour (1 to 24, the end of the hour), minute,
flags and the quantities; each has a number that stands for "missing".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text, same
from diwen.loads.calendar import HOURS_PER_YEAR, leap_hours
from diwen.loads.gaps import filled
from diwen.loads.weather import Weather
from diwen.problems import InputError, Problem

Floats = NDArray[np.float64]

_HEADER = 8
_MOST_MISSING = 0.1


@dataclass(frozen=True)
class _Field:
    """A quantity of the file: column, number from which it counts as missing, factor, range."""

    column: int
    missing: float
    factor: float
    low: float
    high: float


_FIELDS = {
    "dry_bulb": _Field(6, 99.9, 1.0, -70.0, 70.0),
    "relative_humidity": _Field(8, 999.0, 0.01, 0.0, 1.1),
    "pressure": _Field(9, 999999.0, 1.0, 31000.0, 120000.0),
    "global_horizontal": _Field(13, 9999.0, 1.0, 0.0, 1500.0),
    "direct_normal": _Field(14, 9999.0, 1.0, 0.0, 1500.0),
    "diffuse_horizontal": _Field(15, 9999.0, 1.0, 0.0, 1500.0),
    "wind_speed": _Field(21, 999.0, 1.0, 0.0, 60.0),
}
_LEAST_COLUMNS = 22

_NOT_EPW = Text("no weather file of EnergyPlus: its first line begins with LOCATION",
                "不是 EnergyPlus 气象文件：首行应以 LOCATION 开头")  # fmt: skip
_OTHER = Text(
    "give an .epw file, or a CSV file with a header", "请提供 .epw 文件或带表头的 CSV 文件"
)
_PLACE = Text("latitude, longitude and time zone of the LOCATION line are not numbers",
              "LOCATION 行的纬度、经度与时区不是数值")  # fmt: skip
_CORRECT = Text("correct the line", "请更正该行")
_SHORT = Text("fewer columns than an EPW line has", "列数少于 EPW 数据行")
_NUMBER = Text("not a number", "不是数值")
_COUNT = Text("not a whole number of years of 8760 hours", "不是 8760 小时的整数倍")
_WHOLE = Text(
    "give whole years, hour by hour from 1 January", "请给出整年逐时数据，从 1 月 1 日开始"
)
_GAPS = Text("{share} of the air temperatures are missing", "气温缺测 {share}")
_OTHER_FILE = Text("use another file", "请改用其他文件")
_ORDER = Text("the data do not begin with the first hour of 1 January",
              "数据不是从 1 月 1 日第一小时开始")  # fmt: skip

FILLED = Text(
    "{quantity}: {count} of {all} hours were missing (longest gap {longest} h) and are filled",
    "{quantity}：{all} 小时中缺测 {count} 小时（最长 {longest} h），已插补",
)
DROPPED = Text(
    "{quantity} is left out: {share} of the hours are missing", "{quantity}缺测 {share}，未采用"
)
LEAP = Text("29 February is left out", "已去掉 2 月 29 日")
NAMES = {
    "dry_bulb": Text("air temperature", "气温"),
    "relative_humidity": Text("relative humidity", "相对湿度"),
    "pressure": Text("air pressure", "气压"),
    "global_horizontal": Text("global irradiance", "水平面总辐射"),
    "direct_normal": Text("direct irradiance", "法向直射辐射"),
    "diffuse_horizontal": Text("diffuse irradiance", "水平面散射辐射"),
    "wind_speed": Text("wind speed", "风速"),
}


def weather_of_epw(text: str, file: str = "weather.epw") -> Weather:
    """The weather in the text of an EPW file.

    Parameters
    ----------
    text : of the whole file
    file : its name, for messages

    Raises
    ------
    diwen.problems.InputError : with everything that is wrong
    """
    lines = text.splitlines()
    if not lines or not lines[0].upper().startswith("LOCATION"):
        raise InputError([Problem(file, "line 1", _NOT_EPW, _OTHER)])
    city, latitude, longitude, offset = _location(lines[0], file)
    body = [(at, line.split(",")) for at, line in enumerate(lines[_HEADER:], _HEADER + 1)
            if line.strip()]  # fmt: skip
    problems = _shape_problems(file, body)
    if problems:
        raise InputError(problems)
    columns = {name: _column(file, body, field, problems) for name, field in _FIELDS.items()}
    if problems:
        raise InputError(problems[:5])
    notes: list[Text] = []
    if len(body) == HOURS_PER_YEAR + 24:
        keep = ~leap_hours(len(body))
        columns = {name: values[keep] for name, values in columns.items()}
        notes.append(LEAP)
    series = complete(columns, notes, file)
    year = _single_year(body)
    kind = "typical" if year is None else "measured"
    weather = Weather(
        series["dry_bulb"], latitude=latitude, longitude=longitude, utc_offset=offset,
        first_year=year, origin=f"{kind}, {city} ({file})", notes=tuple(notes),
    )  # fmt: skip
    fields: dict[str, Any] = dict(series)
    return replace(weather, **fields)


def complete(columns: dict[str, Floats], notes: list[Text], file: str) -> dict[str, Floats]:
    """The columns with gaps filled; what is mostly missing is left out, save the temperature.

    Parameters
    ----------
    columns : values by name of a field of :class:`Weather`, nan in gaps, shape (n,) each
    notes : what was filled or left out is added to it
    file : name of the file, for messages

    Raises
    ------
    diwen.problems.InputError : too many temperatures are missing
    """
    found = {}
    for name, values in columns.items():
        whole = filled(values)
        share = f"{100 * whole.share:.1f} %"
        if whole.share > _MOST_MISSING:
            if name == "dry_bulb":
                raise InputError([Problem(file, "", _GAPS.format(share=share), _OTHER_FILE)])
            notes.append(DROPPED.format(quantity=NAMES[name], share=share))
            continue
        if whole.count:
            notes.append(
                FILLED.format(quantity=NAMES[name], count=whole.count, all=len(values),
                              longest=whole.longest)
            )  # fmt: skip
        found[name] = whole.values
    return found


def _location(line: str, file: str) -> tuple[str, float, float, float]:
    parts = line.split(",")
    try:
        latitude, longitude, offset = (float(parts[position]) for position in (6, 7, 8))
    except (ValueError, IndexError):
        raise InputError([Problem(file, "line 1", _PLACE, _CORRECT, line[:60])]) from None
    return parts[1].strip(), latitude, longitude, offset


def _shape_problems(file: str, body: list[tuple[int, list[str]]]) -> list[Problem]:
    problems = []
    count = len(body)
    if not count or (count % HOURS_PER_YEAR and count != HOURS_PER_YEAR + 24):
        problems.append(Problem(file, "", _COUNT, _WHOLE, f"{count}", same("8760 n")))
    short = next(((at, row) for at, row in body if len(row) < _LEAST_COLUMNS), None)
    if short is not None:
        problems.append(Problem(file, f"line {short[0]}", _SHORT, _CORRECT, f"{len(short[1])}"))
    elif body and [cell.strip() for cell in body[0][1][1:3]] != ["1", "1"]:
        shown = "-".join(body[0][1][1:4])
        problems.append(Problem(file, f"line {body[0][0]}", _ORDER, _WHOLE, shown))
    return problems


def _column(
    file: str, body: list[tuple[int, list[str]]], field: _Field, problems: list[Problem]
) -> Floats:
    """Numbers of one quantity, nan where missing or impossible."""
    values = np.full(len(body), np.nan)
    for i, (at, row) in enumerate(body):
        cell = row[field.column].strip()
        try:
            values[i] = float(cell) if cell else np.nan
        except ValueError:
            where = f"line {at}, column {field.column + 1}"
            problems.append(Problem(file, where, _NUMBER, _CORRECT, cell[:20]))
    values[values >= field.missing] = np.nan
    values *= field.factor
    values[(values < field.low) | (values > field.high)] = np.nan
    return values


def _single_year(body: list[tuple[int, list[str]]]) -> int | None:
    """The year, where all hours are of consecutive real years; None: months of several years."""
    years = [int(float(row[0])) for _, row in body if row[0].strip().isdigit()]
    expected = [years[0] + i // HOURS_PER_YEAR for i in range(len(years))] if years else []
    return years[0] if years and years == expected and len(years) == len(body) else None
