"""Small CSV tables whose header says the unit of each column: ``capacity (kW)``.

Shared by the maker's performance table and the equipment catalogue. A number without a unit is
not guessed at.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from diwen.language import Text
from diwen.problems import Problem
from diwen.quantities import UnitError, conversion, quantity
from diwen.site.cell_problems import NOT_A_NUMBER, NOT_A_UNIT, UNIT_CURE
from diwen.site.spelling import cure_for, listed
from diwen.site.textfile import Row, Sheet

_HEADER_CELL = re.compile(r"(?P<name>.+?)\s*[\[(（](?P<unit>[^\])）]*)[\])）]\s*")
# Quantities that mean nothing without a unit in the header.
_PURE = ("ratio",)

_NO_HEADER = Text("the file is empty", "文件为空")
_BEGIN = Text("begin with a header line: {columns}", "请以表头行开始：{columns}")
_NO_COLUMN = Text("the column is missing", "缺少该列")
_ADD = Text("add it, for example: {columns}", "请补充该列，例如：{columns}")
_UNKNOWN = Text("unknown column", "未知的列")
_TWICE = Text("the column appears twice", "该列重复")
_REMOVE = Text("remove one of the two", "请删除其中之一")
_NO_UNIT = Text("the unit is missing in the header", "表头缺少单位")
_OUTSIDE = Text("outside the possible range", "超出可能的范围")
_CORRECT = Text("correct the value or the unit in the header", "请更正数值或表头单位")
_RANGE = Text("{low} to {high} {unit}", "{low} 至 {high} {unit}")
_NUMBER_CURE = Text("write a plain number", "请填写数值")


@dataclass(frozen=True)
class ColumnKind:
    """What may stand in a column.

    Attributes
    ----------
    quantity : of its numbers; empty: words
    low, high : range in the inside unit
    """

    quantity: str = ""
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True)
class Column:
    """A column of a file: title as it stands there, and how its numbers become inside units."""

    name: str
    title: str
    kind: ColumnKind
    factor: float = 1.0
    offset: float = 0.0


def columns_of(
    file: str,
    sheet: Sheet,
    kinds: Mapping[str, ColumnKind],
    required: Iterable[str],
    aliases: Mapping[str, str],
    example: str,
    problems: list[Problem],
) -> dict[str, Column]:
    """Columns of a table by their word; everything wrong with the header is appended.

    Parameters
    ----------
    file : name for problems
    sheet : the table
    kinds : every possible column
    required : columns that must be there
    aliases : other words for them (Chinese, lower-case English with underscores)
    example : header to show
    problems : appended to
    """
    if not sheet.header:
        problems.append(Problem(file, "line 1", _NO_HEADER, _BEGIN.format(columns=example)))
        return {}
    where, found = f"line {sheet.header_line}", dict[str, Column]()
    for title in filter(None, sheet.header):
        name, unit = _title(title, aliases)
        if name not in kinds:
            cure = cure_for(name, kinds)
            problems.append(Problem(file, where, _UNKNOWN, cure, title, listed(kinds)))
        elif name in found:
            problems.append(Problem(file, where, _TWICE, _REMOVE, title))
        else:
            found[name] = _column(file, where, Column(name, title, kinds[name]), unit, problems)
    lacking = [name for name in required if name not in found]
    problems += [missing_column(file, sheet, name, example) for name in lacking]
    return found


def missing_column(file: str, sheet: Sheet, name: str, example: str) -> Problem:
    """That a column lacks."""
    where = f"line {sheet.header_line}"
    return Problem(file, where, _NO_COLUMN, _ADD.format(columns=example), name)


def _title(title: str, aliases: Mapping[str, str]) -> tuple[str, str]:
    """Word and unit of a header cell such as ``capacity (kW)`` or ``制热量（kW）``."""
    match = _HEADER_CELL.fullmatch(title)
    written, unit = (match["name"], match["unit"]) if match else (title, "")
    plain = written.strip()
    if not match and plain in aliases:
        return aliases[plain], ""
    # A word of Chinese may itself hold brackets: 制热（冷）量.
    lower = re.sub(r"[\s\-]+", "_", plain.lower())
    return aliases.get(plain) or aliases.get(lower) or lower, unit.strip()


def _column(file: str, where: str, plain: Column, unit: str, problems: list[Problem]) -> Column:
    measured = plain.kind.quantity
    if not measured:
        return plain
    cure = UNIT_CURE.format(unit=f"{plain.name} ({_shown(quantity(measured).display_unit)})")
    if not unit and measured not in _PURE:
        problems.append(Problem(file, where, _NO_UNIT, cure, plain.title))
        return plain
    try:
        factor, offset = conversion(unit, measured)
    except UnitError:
        text = NOT_A_UNIT.format(quantity=quantity(measured).text)
        problems.append(Problem(file, where, text, cure, plain.title))
        return plain
    return Column(plain.name, plain.title, plain.kind, factor, offset)


def cell_number(file: str, row: Row, column: Column, problems: list[Problem]) -> float:
    """The number of a cell in the inside unit; nan where it is empty or wrong."""
    where, text = place(row, column), row.cells[column.title]
    if not text:
        return math.nan
    try:
        plain = float(text.replace("−", "-").replace(",", "."))
    except ValueError:
        problems.append(Problem(file, where, NOT_A_NUMBER, _NUMBER_CURE, text))
        return math.nan
    value = column.factor * plain + column.offset
    kind = column.kind
    if not kind.low <= value <= kind.high:
        low, high = ((limit - column.offset) / column.factor for limit in (kind.low, kind.high))
        match = _HEADER_CELL.fullmatch(column.title)
        unit = match["unit"].strip() if match else ""
        allowed = _RANGE.format(low=f"{low:g}", high=f"{high:g}", unit=unit)
        problems.append(Problem(file, where, _OUTSIDE, _CORRECT, text, allowed))
        return math.nan
    return value


def place(row: Row, column: Column) -> str:
    """Where a cell stands, for problems."""
    return f"line {row.line}, column {column.title}"


def _shown(unit: str) -> str:
    return "°C" if unit == "degC" else unit
