"""Which column of a delivery is which: the time, and the source of each point."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.telemetry.dialect import normal
from diwen.telemetry.options import Options

if TYPE_CHECKING:
    from diwen.site import Point

TIME_NAMES = (
    "time", "timestamp", "datetime", "date_time", "date time", "date/time", "date and time",
    "time_local", "time_utc", "local time", "utc", "ts", "time_in_s", "time_s", "t [s]", "time [s]",
    "zeit", "zeitstempel", "datum/zeit", "datum zeit", "datum", "date", "时间", "采集时间",
    "记录时间", "时间戳", "监测时间", "数据时间", "日期时间", "日期", "采样时间",
)  # fmt: skip
_DATE = ("date", "datum", "日期")
_CLOCK = ("time", "zeit", "uhrzeit", "clock", "时间", "时刻")
_SPLIT = (
    ("year", "month", "day", "hour", "minute", "second"),
    ("年", "月", "日", "时", "分", "秒"),
)
_NO_TIME = Text("no time column found among: {columns}", "以下各列中没有找到时间列：{columns}")
_NO_TIME_CURE = Text(
    "name it in [telemetry] time_column of site.toml or by --time-column.",
    "请在 site.toml 的 [telemetry] time_column 或用 --time-column 指明。",
)
_NO_POINT = Text(
    "no column of a point found among: {columns}", "以下各列均不是任何测点的来源：{columns}"
)
_NO_POINT_CURE = Text(
    "the points expect: {expected}; mend the column source of points.csv.",
    "测点期望的列为：{expected}；请修改 points.csv 的 source 列。",
)
_NO_COLUMN = Text(
    "the column {name} is not there; found: {columns}", "没有 {name} 列；现有列：{columns}"
)
_SHOWN = 40


@dataclass(frozen=True)
class Mapping:
    """Positions of the columns of a table.

    Attributes
    ----------
    time : position(s) of the time column(s)
    values : position by point id (wide layout)
    point, value, note : positions of the point, value and note column (long layout), -1: none
    """

    time: tuple[int, ...]
    values: dict[str, int]
    point: int = -1
    value: int = -1
    note: int = -1


def source(point: Point) -> str:
    """The name under which a point is delivered: its source, or its id."""
    return point.source or point.id


def wanted(points: Sequence[Point], options: Options) -> list[str]:
    """Column names that help to find the header."""
    named = [options.date_column, options.point_column, options.value_column]
    names = [name for name in (*options.time_column.split("+"), *named) if name]
    if options.layout == "wide":
        names += [source(point) for point in points]
    return names or list(TIME_NAMES)


def map_columns(
    file: str, names: Sequence[str], points: Sequence[Point], options: Options
) -> Mapping:
    """Find the time column and the columns of the points.

    Raises
    ------
    InputError : no time column, or no column of any point
    """
    place: dict[str, int] = {}
    for position, name in enumerate(names):
        place.setdefault(normal(name), position)
    if options.layout == "long":
        point = _column(file, options.point_column or "point", names, place)
        value = _column(file, options.value_column or "value", names, place)
        note = place.get(normal(options.note_column), -1) if options.note_column else -1
        return Mapping(_time(file, names, place, options), {}, point, value, note)
    values = {point.id: place[key] for point in points if (key := normal(source(point))) in place}
    if not values:
        raise InputError([_no_point(file, names, points)])
    time = _time(file, names, place, options)
    return Mapping(time, {id: at for id, at in values.items() if at not in time})


def _no_point(file: str, names: Sequence[str], points: Sequence[Point]) -> Problem:
    expected = ", ".join(source(point) for point in points[:_SHOWN]) or "-"
    return Problem(
        file,
        "header",
        _NO_POINT.format(columns=_listed(names)),
        _NO_POINT_CURE.format(expected=expected),
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(name or "(empty)" for name in names[:_SHOWN])
    return (shown or "-") + (", ..." if len(names) > _SHOWN else "")


def _column(file: str, name: str, names: Sequence[str], place: dict[str, int]) -> int:
    if normal(name) not in place:
        text = _NO_COLUMN.format(name=name, columns=_listed(names))
        raise InputError([Problem(file, "header", text, _NO_TIME_CURE)])
    return place[normal(name)]


def _time(
    file: str, names: Sequence[str], place: dict[str, int], options: Options
) -> tuple[int, ...]:
    if options.time_column:
        parts = [options.date_column, *options.time_column.split("+")]
        return tuple(_column(file, name.strip(), names, place) for name in parts if name)
    for words in _SPLIT:
        if all(word in place for word in words[:4]):
            return tuple(place[word] for word in words if word in place)
    dates = [place[word] for word in _DATE if word in place]
    clocks = [place[word] for word in _CLOCK if word in place]
    if dates and clocks:
        return (dates[0], clocks[0])
    bare = {re.sub(r"\s*[\[(（].*$", "", key): at for key, at in reversed(place.items())}
    for word in TIME_NAMES:
        if word in place:
            return (place[word],)
        if word in bare:
            return (bare[word],)
    raise InputError(
        [Problem(file, "header", _NO_TIME.format(columns=_listed(names)), _NO_TIME_CURE)]
    )
