"""Cells of a header as names and units; the columns of response tests and of well tests use it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from diwen.language import Text
from diwen.quantities import UnitError, conversion
from diwen.telemetry.dialect import normal

#: A name with its unit in brackets.
BRACKET = re.compile(r"(.*?)\s*[\[(（【]\s*([^\])）】]*)\s*[\])）】]\s*$")
#: A column said by its position, from 1.
POSITION = re.compile(r"#\s*(\d{1,4})")
#: A name of a column is no longer; what is, is no header.
LONGEST = 200
# Words for units that are not units to the parser behind.
_UNITS = {"秒": "s", "分": "min", "分钟": "min", "小时": "h", "时": "h", "天": "d", "日": "d",
          "sec": "s", "secs": "s", "seconds": "s", "mins": "min", "minutes": "min", "minute": "min",
          "std": "h", "hr": "h", "hrs": "h", "hours": "h", "hour": "h", "days": "d", "day": "d",
          "米": "m", "方/时": "m3/h", "cmd": "m3/d", "gpm": "gallon/min", "lps": "L/s"}  # fmt: skip

NO_COLUMN = Text("no column of this name for {what}", "没有这个名称的{what}列")
TAKE_ONE = Text(
    "name a column of the header, or #1, #2 ... by position",
    "请填表头中的列名，或以 #1、#2 指明位置",
)
NO_UNIT = Text("the column of the {what} shows no unit", "{what}列没有单位")
WRONG_UNIT = Text("the unit does not measure {what}", "该单位不能表示{what}")


def unit_fit(quantities: Iterable[str], unit: str) -> tuple[str, float, float] | None:
    """Quantity, factor and offset of a unit; None if it measures none of the quantities."""
    spelled = _UNITS.get(unit.strip().lower(), unit.strip())
    for quantity in quantities:
        try:
            return quantity, *conversion(spelled, quantity)
        except (UnitError, OverflowError, ValueError):
            continue
    return None


def column_position(
    name: str,
    header: Sequence[str],
    splits: Callable[[str, str], Iterable[tuple[str, str]]],
) -> int | None:
    """Position, from 0, of a column said by ``#2``, by its cell or by its cell without the unit.

    Parameters
    ----------
    name : as said
    header : cells of the header line
    splits : ways to read a cell (and the unit below it) as a name and a unit
    """
    position = POSITION.fullmatch(name)
    if position:
        return int(position[1]) - 1 if int(position[1]) > 0 else None
    for index, cell in enumerate(header):
        if normal(cell) == normal(name):
            return index
    for index, cell in enumerate(header):
        if any(normal(part) == normal(name) for part, unit in splits(cell, "") if unit):
            return index
    return None
