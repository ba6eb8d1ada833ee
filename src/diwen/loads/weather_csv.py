"""Weather out of a CSV file with a header: columns known by their words, units by brackets.

Times stand in one column, in four (year, month, day, hour) or nowhere; without times the lines are
the hours of whole years from 1 January. With times every value is put at its hour, hours that are
not there are gaps, and years with too many gaps are left out: both are said.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text, same
from diwen.loads.calendar import HOURS_PER_YEAR, leap_hours
from diwen.loads.epw import LEAP, complete
from diwen.loads.humidity import relative_humidity
from diwen.loads.weather import Weather
from diwen.problems import InputError, Problem

Floats = NDArray[np.float64]

_HOUR = np.timedelta64(1, "h")
_GAP_WORDS = {"", "na", "nan", "n/a", "null", "none", "-", "--", "///"}
_MOST_MISSING = 0.1
_SHOWN = 5
# The first field whose word stands in a header takes the column.
_WORDS = {
    "dew_point": re.compile(r"dew|露点", re.IGNORECASE),
    "relative_humidity": re.compile(r"humi|\brh\b|湿度", re.IGNORECASE),
    "pressure": re.compile(r"pres|气压", re.IGNORECASE),
    "direct_normal": re.compile(r"direct.?normal|\bdni\b|法向直射", re.IGNORECASE),
    "diffuse_horizontal": re.compile(r"diffus|\bdhi\b|散射", re.IGNORECASE),
    "global_horizontal": re.compile(r"global|\bghi\b|solar|irradi|总辐射", re.IGNORECASE),
    "wind_speed": re.compile(r"wind.?speed|风速", re.IGNORECASE),
    "dry_bulb": re.compile(r"dry.?bulb|temp|干球|气温|室外温度|温度", re.IGNORECASE),
}
_NOT_AIR = re.compile(r"wet.?bulb|湿球|soil|ground|地温|surface|water|水温", re.IGNORECASE)
_PARTS = {
    "year": re.compile(r"\s*(year|年)\s*", re.IGNORECASE),
    "month": re.compile(r"\s*(month|月)\s*", re.IGNORECASE),
    "day": re.compile(r"\s*(day|日)\s*", re.IGNORECASE),
    "hour": re.compile(r"\s*(hour|时|小时)\s*", re.IGNORECASE),
}
_TIME = re.compile(r"time|date|时间|日期|时刻", re.IGNORECASE)
_STAMP = re.compile(
    r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:[T\s]+(\d{1,2})(?::\d{2})*)?"
)
_BRACKET = re.compile(r"[\[(（]\s*([^\[(（\])）]*?)\s*[\])）]\s*$")
_RANGES = {
    "dry_bulb": (-70.0, 70.0), "dew_point": (-90.0, 45.0), "relative_humidity": (0.01, 1.05),
    "pressure": (31e3, 120e3), "global_horizontal": (-20.0, 1500.0),
    "direct_normal": (-20.0, 1500.0), "diffuse_horizontal": (-20.0, 1500.0),
    "wind_speed": (0.0, 60.0),
}  # fmt: skip
# Factor and offset to °C, 1, Pa, W/m², m/s.
_UNITS: dict[str, dict[str, tuple[float, float]]] = {
    "temperature": {"°c": (1, 0), "℃": (1, 0), "c": (1, 0), "degc": (1, 0), "k": (1, -273.15),
                    "°f": (5 / 9, -160 / 9), "℉": (5 / 9, -160 / 9)},
    "relative_humidity": {"%": (0.01, 0), "1": (1, 0), "-": (1, 0)},
    "pressure": {"pa": (1, 0), "hpa": (100, 0), "mbar": (100, 0), "kpa": (1000, 0)},
    "irradiance": {"w/m2": (1, 0), "w/m²": (1, 0), "w/㎡": (1, 0), "wh/m2": (1, 0),
                   "wh/m²": (1, 0), "kwh/m2": (1000, 0), "kj/m2": (1 / 3.6, 0),
                   "kj/m²": (1 / 3.6, 0), "mj/m2": (1e3 / 3.6, 0), "mj/m²": (1e3 / 3.6, 0)},
    "wind_speed": {"m/s": (1, 0), "km/h": (1 / 3.6, 0)},
}  # fmt: skip
_KIND = {
    "dry_bulb": "temperature",
    "dew_point": "temperature",
    "global_horizontal": "irradiance",
    "direct_normal": "irradiance",
    "diffuse_horizontal": "irradiance",
}

_EMPTY = Text("the file is empty", "文件为空")
_HEADER = Text("begin with a header, such as: time,Temperature (°C)",
               "请以表头开始，例如：时间,气温（°C）")  # fmt: skip
_NO_AIR = Text("no column of air temperatures", "没有气温列")
_TWICE = Text("two columns of one quantity", "同一物理量有两列")
_ONE = Text("rename or remove one of them", "请改名或删去其一")
_UNIT = Text("this unit is not known here", "无法识别的单位")
_COUNT = Text("not a whole number of years of 8760 hours", "不是 8760 小时的整数倍")
_WHOLE = Text(
    "give one line per hour of whole years from 1 January, or a column of times",
    "请按整年逐时给出（从 1 月 1 日起，每小时一行），或增加时间列",
)
_NO_YEAR = Text("no year is whole: at most {share} of the hours of a year are there",
                "没有完整的年份：一年中最多只有 {share} 的数据")  # fmt: skip
_NO_SUCH_YEAR = Text("the file does not hold this year whole", "文件中该年份数据不完整或不存在")
_BAD_CELL = Text("not a number", "不是数值")
_MEND = Text("correct the cell, or leave it empty for a gap", "请更正该单元格，缺测请留空")
_BAD_TIME = Text("a time that is not understood", "无法识别的时间")
_WRITE_TIME = Text("write 2012-01-31 13:00", "请写成 2012-01-31 13:00")
_YEAR_OUT = Text("{year} is left out: only {share} of its hours are there",
                 "{year} 年仅有 {share} 的数据，未采用")  # fmt: skip
_ASSUMED_UNIT = Text("{column}: no unit in the header, {unit} is taken",
                     "{column}：表头未注明单位，按 {unit} 处理")  # fmt: skip


@dataclass(frozen=True)
class _Table:
    """The cells of the file: header, lines with their numbers, kind of each column."""

    file: str
    header: list[str]
    rows: list[tuple[int, list[str]]]
    fields: dict[str, int]

    def cells(self, position: int) -> list[str]:
        return [row[position].strip() if position < len(row) else "" for _, row in self.rows]


def weather_of_csv(
    text: str,
    file: str = "weather.csv",
    *,
    latitude: float | None = None,
    longitude: float | None = None,
    utc_offset: float = 8.0,
    years: tuple[int, ...] = (),
) -> Weather:
    """The weather in the text of a CSV file.

    Parameters
    ----------
    text : of the whole file
    file : its name, for messages
    latitude, longitude : of the place, degrees
    utc_offset : hours of the file's clock before UTC
    years : to use; empty: every whole year

    Raises
    ------
    diwen.problems.InputError : with everything that is wrong
    """
    table = _table(text, file)
    notes: list[Text] = []
    problems: list[Problem] = []
    columns = {
        name: _values(table, name, position, notes, problems)
        for name, position in table.fields.items()
    }
    times = _times(table, problems)
    if problems:
        raise InputError(problems[: 2 * _SHOWN])
    first = None
    if times is None:
        columns = _untimed(table, columns, notes)
    else:
        columns, first = _timed(table, columns, times, years, notes)
    _dew_point_into_humidity(columns)
    series = complete(columns, notes, file)
    weather = Weather(
        series["dry_bulb"], latitude=latitude, longitude=longitude, utc_offset=utc_offset,
        first_year=first, origin=f"measured, {file}" if first else f"given, {file}",
        notes=tuple(notes),
    )  # fmt: skip
    fields: dict[str, Any] = dict(series)
    return replace(weather, **fields)


def _dew_point_into_humidity(columns: dict[str, Floats]) -> None:
    """Where a dew point is given, it completes the humidity."""
    dew = columns.pop("dew_point", None)
    if dew is None:
        return
    with np.errstate(invalid="ignore"):
        derived = np.minimum(relative_humidity(columns["dry_bulb"], dew), 1.0)
    given = columns.get("relative_humidity")
    columns["relative_humidity"] = derived if given is None else np.where(
        np.isfinite(given), given, derived
    )  # fmt: skip


def _table(text: str, file: str) -> _Table:
    lines = text.splitlines()
    at = next((i for i, line in enumerate(lines) if line.strip() and line[0] != "#"), None)
    if at is None:
        raise InputError([Problem(file, "", _EMPTY, _HEADER)])
    separator = max((",", ";", "\t"), key=lines[at].count)
    header = [cell.strip() for cell in next(csv.reader([lines[at]], delimiter=separator))]
    rows = [
        (number, row)
        for number, row in enumerate(csv.reader(lines[at + 1 :], delimiter=separator), at + 2)
        if any(cell.strip() for cell in row)
    ]
    fields: dict[str, int] = {}
    for position, name in enumerate(header):
        kind = next((kind for kind, word in _WORDS.items() if word.search(name)), None)
        if kind is None or (kind == "dry_bulb" and _NOT_AIR.search(name)):
            continue
        if kind in fields:
            shown = f"{header[fields[kind]]}, {name}"
            raise InputError([Problem(file, f"line {at + 1}", _TWICE, _ONE, shown)])
        fields[kind] = position
    if "dry_bulb" not in fields:
        shown = ", ".join(header)[:80]
        raise InputError([Problem(file, f"line {at + 1}", _NO_AIR, _HEADER, shown)])
    return _Table(file, header, rows, fields)


def _values(
    table: _Table, name: str, position: int, notes: list[Text], problems: list[Problem]
) -> Floats:
    """One quantity in its inside unit, nan in gaps and where it is impossible."""
    values = np.full(len(table.rows), np.nan)
    bad = 0
    for i, cell in enumerate(table.cells(position)):
        try:
            values[i] = float(cell.replace(",", ".").replace("−", "-"))
        except ValueError:
            if cell.casefold() in _GAP_WORDS:
                continue
            bad += 1
            if bad <= _SHOWN:
                where = f"line {table.rows[i][0]}, column {table.header[position]}"
                problems.append(Problem(table.file, where, _BAD_CELL, _MEND, cell[:20]))
    factor, offset = _conversion(table, name, position, values, notes, problems)
    values = factor * values + offset
    low, high = _RANGES[name]
    with np.errstate(invalid="ignore"):
        values[(values < low) | (values > high)] = np.nan
    return values


def _conversion(
    table: _Table,
    name: str,
    position: int,
    values: Floats,
    notes: list[Text],
    problems: list[Problem],
) -> tuple[float, float]:
    header = table.header[position]
    known = _UNITS[_KIND.get(name, name)]
    unit = _BRACKET.search(header)
    if unit is not None and unit[1]:
        found = known.get(unit[1].casefold())
        if found is None:
            where = f"line 1, column {header}"
            allowed = same(", ".join(known))
            problems.append(Problem(table.file, where, _UNIT, _HEADER, unit[1], allowed))
        return found or (1.0, 0.0)
    taken = _usual_unit(name, values)
    notes.append(_ASSUMED_UNIT.format(column=header, unit=taken))
    return known[taken.casefold()]


def _usual_unit(name: str, values: Floats) -> str:
    """The unit that the numbers themselves show where the header says none."""
    with np.errstate(invalid="ignore"):
        middle = float(np.nanmedian(values)) if np.isfinite(values).any() else 0.0
    if name == "relative_humidity":
        return "%" if middle > 1.5 else "1"
    if name == "pressure":
        return "Pa" if middle > 5000 else "hPa" if middle > 200 else "kPa"
    return {"temperature": "°C", "irradiance": "W/m2"}.get(_KIND.get(name, name), "m/s")


def _times(table: _Table, problems: list[Problem]) -> NDArray[np.datetime64] | None:
    """The hour of every line; None where the file says no times."""
    parts = {
        part: position
        for position, name in enumerate(table.header)
        for part, word in _PARTS.items()
        if word.fullmatch(name)
    }
    if len(parts) == len(_PARTS):
        columns = [table.cells(parts[part]) for part in _PARTS]
        stamps = ["{}-{}-{} {}".format(*cells) for cells in zip(*columns, strict=True)]
    else:
        taken = set(table.fields.values())
        clock = next(
            (i for i, name in enumerate(table.header) if i not in taken and _TIME.search(name)),
            None,
        )
        if clock is None:
            return None
        stamps = table.cells(clock)
    return _parsed(table, stamps, problems)


def _parsed(
    table: _Table, stamps: list[str], problems: list[Problem]
) -> NDArray[np.datetime64] | None:
    found = np.full(len(stamps), np.datetime64("NaT", "h"))
    days: dict[tuple[str, ...], np.datetime64] = {}
    for i, stamp in enumerate(stamps):
        match = _STAMP.match(stamp)
        try:
            if match is None:
                raise ValueError
            date, hour = match.groups()[:3], int(match[4] or 0)
            if date not in days:
                year, month, day = map(int, date)
                days[date] = np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "h")
            found[i] = days[date] + hour
        except ValueError:
            where = f"line {table.rows[i][0]}"
            problems.append(Problem(table.file, where, _BAD_TIME, _WRITE_TIME, stamp[:20]))
            if len(problems) >= _SHOWN:
                return None
    return found


def _untimed(table: _Table, columns: dict[str, Floats], notes: list[Text]) -> dict[str, Floats]:
    count = len(table.rows)
    if count == HOURS_PER_YEAR + 24:
        notes.append(LEAP)
        return {name: values[~leap_hours(count)] for name, values in columns.items()}
    if not count or count % HOURS_PER_YEAR:
        raise InputError([Problem(table.file, "", _COUNT, _WHOLE, f"{count}", same("8760 n"))])
    return columns


def _timed(
    table: _Table,
    columns: dict[str, Floats],
    times: NDArray[np.datetime64],
    years: tuple[int, ...],
    notes: list[Text],
) -> tuple[dict[str, Floats], int]:
    """Whole years on the grid of hours; the first of them."""
    year_of = times.astype("datetime64[Y]").astype(np.int64) + 1970
    known = np.isfinite(columns["dry_bulb"])
    kept, most, missing = [], 0.0, list(years)
    for year in years or map(int, np.unique(year_of)):
        hours = np.datetime64(f"{year + 1:04d}-01-01", "h") - np.datetime64(
            f"{year:04d}-01-01", "h"
        )
        there = len(np.unique(times[(year_of == year) & known])) / int(hours / _HOUR)
        most = max(most, there)
        if there >= 1 - _MOST_MISSING:
            kept.append(year)
        elif not years and there > 0:
            notes.append(_YEAR_OUT.format(year=year, share=f"{100 * there:.0f} %"))
    missing = [year for year in years if year not in kept]
    if missing:
        shown = ", ".join(map(str, missing))
        raise InputError([Problem(table.file, "weather.years", _NO_SUCH_YEAR, _WHOLE, shown)])
    if not kept:
        message = _NO_YEAR.format(share=f"{100 * most:.0f} %")
        raise InputError([Problem(table.file, "", message, _WHOLE)])
    parts: dict[str, list[Floats]] = {name: [] for name in columns}
    for year in kept:
        for name, values in columns.items():
            parts[name].append(_year(values, times, year))
    if any(year % 4 == 0 for year in kept):
        notes.append(LEAP)
    return {name: np.concatenate(found) for name, found in parts.items()}, kept[0]


def _year(values: Floats, times: NDArray[np.datetime64], year: int) -> Floats:
    """The 8760 hours of a year, nan where there is no line for an hour, without 29 February."""
    first = np.datetime64(f"{year:04d}-01-01", "h")
    count = int((np.datetime64(f"{year + 1:04d}-01-01", "h") - first) / _HOUR)
    place = ((times - first) / _HOUR).astype(np.int64)
    inside = (place >= 0) & (place < count)
    grid = np.full(count, np.nan)
    grid[place[inside]] = values[inside]
    return grid[~leap_hours(count)] if count > HOURS_PER_YEAR else grid
