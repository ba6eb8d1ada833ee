"""A maker's performance table as a CSV file, named by ``performance_map`` of a heat pump.

One line per operating point, units in the header:

    mode, source_entering (°C), load_leaving (°C), capacity (kW), power (kW)
    heating, 0, 35, 16.4, 3.5

``mode`` (heating, cooling) may be left out where all is heating. In place of ``power`` a column
``cop`` may stand; where both are given they must agree. Optional: ``part_load`` (share of full
load, or %), ``source_heat`` (heat taken from the source, cooling: given to it), ``note``. Headers
may be Chinese (地源侧进口温度, 用户侧出口温度, 制热量, 输入功率 ...). A column without its unit is
refused: kW and W are not to be guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from diwen.language import Text
from diwen.problems import InputError, Problem, any_error
from diwen.quantities import UnitError, conversion, quantity
from diwen.site.cell_problems import (
    EMPTY,
    FILL,
    NOT_A_CHOICE,
    NOT_A_NUMBER,
    NOT_A_UNIT,
    QUOTE,
    SURPLUS,
    UNIT_CURE,
)
from diwen.site.heat_pump_kind import Mode
from diwen.site.spelling import cure_for, listed
from diwen.site.textfile import Row, Sheet, read_csv, read_text

# Column, its quantity (None: words), and range in the inside unit.
_COLUMNS: dict[str, tuple[str | None, float, float]] = {
    "mode": (None, 0, 0),
    "source_entering": ("temperature", -60.0, 150.0),
    "load_leaving": ("temperature", -60.0, 250.0),
    "capacity": ("heat_power", 1.0, 1e9),
    "power": ("electric_power", 1.0, 1e9),
    "cop": ("ratio", 0.1, 50.0),
    "part_load": ("ratio", 0.01, 1.5),
    "source_heat": ("heat_power", 1.0, 1e9),
    "note": (None, 0, 0),
}
_REQUIRED = ("source_entering", "load_leaving", "capacity")
# Quantities that mean nothing without a unit in the header.
_NEEDS_UNIT = ("temperature", "heat_power", "electric_power")
_CHINESE = {
    "模式": "mode", "地源侧进口温度": "source_entering", "热源侧进口温度": "source_entering",
    "水源侧进口温度": "source_entering", "室外温度": "source_entering",
    "用户侧出口温度": "load_leaving", "供水温度": "load_leaving", "出水温度": "load_leaving",
    "制热量": "capacity", "制冷量": "capacity", "制热（冷）量": "capacity", "能力": "capacity",
    "输入功率": "power", "功率": "power", "性能系数": "cop", "能效比": "cop",
    "负荷率": "part_load", "取热量": "source_heat", "备注": "note",
}  # fmt: skip
_ENGLISH = {"eer": "cop", "q": "capacity", "heating_capacity": "capacity",
            "cooling_capacity": "capacity", "electric_power": "power", "input": "power",
            "source_in": "source_entering", "load_out": "load_leaving"}  # fmt: skip
_MODES: dict[str, Mode] = {"heating": "heating", "h": "heating", "制热": "heating",
                           "供热": "heating", "cooling": "cooling", "c": "cooling",
                           "制冷": "cooling", "供冷": "cooling"}  # fmt: skip
_HEADER_CELL = re.compile(r"(?P<name>.+?)\s*[\[(（](?P<unit>[^\])）]*)[\])）]\s*")
_EXAMPLE = "mode,source_entering (°C),load_leaving (°C),capacity (kW),power (kW)"
# How far capacity / power may stray from a printed COP: two digits of rounding.
_SAME_COP = 0.03

_NO_HEADER = Text("the file is empty", "文件为空")
_BEGIN = Text("begin with a header line: {columns}", "请以表头行开始：{columns}")
_NO_COLUMN = Text("the column is missing", "缺少该列")
_ADD = Text("add it, for example: {columns}", "请补充该列，例如：{columns}")
_UNKNOWN = Text("unknown column", "未知的列")
_TWICE = Text("the column appears twice", "该列重复")
_REMOVE = Text("remove one of the two", "请删除其中之一")
_NO_UNIT = Text("the unit is missing in the header", "表头缺少单位")
_NO_POINT = Text("the file holds no operating point", "文件中没有工况点")
_ADD_ROWS = Text("write one line per operating point", "每个工况点写一行")
_OUTSIDE = Text("outside the possible range", "超出可能的范围")
_CORRECT = Text("correct the value or the unit in the header", "请更正数值或表头单位")
_RANGE = Text("{low} to {high} {unit}", "{low} 至 {high} {unit}")
_NUMBER_CURE = Text("write a plain number", "请填写数值")
_DIFFERENT = Text("capacity / power is {found}, the COP says {said}",
                  "制热（冷）量与功率之比为 {found}，而性能系数为 {said}")  # fmt: skip
_CHECK = Text("check the three values and the units in the header",
              "请核对三个数值及表头单位")  # fmt: skip
_SAME_POINT = Text("the same operating point stands in line {line} already",
                   "该工况点已在第 {line} 行出现")  # fmt: skip


@dataclass(frozen=True)
class TablePoint:
    """One line of a performance table.

    Attributes
    ----------
    line : in the file
    mode : heating or cooling
    source : entering from the source, °C
    load : leaving towards the load, °C
    capacity, power : W
    part_load : share of full load
    source_heat : W, nan where not given
    """

    line: int
    mode: Mode
    source: float
    load: float
    capacity: float
    power: float
    part_load: float = 1.0
    source_heat: float = math.nan


@dataclass(frozen=True)
class _Column:
    """A column of the file: its word, place, and how its numbers become inside units."""

    name: str
    title: str
    factor: float = 1.0
    offset: float = 0.0


def read_performance_table(path: Path, name: str = "") -> tuple[TablePoint, ...]:
    """The operating points of a performance table.

    Parameters
    ----------
    path : of the CSV file
    name : of the file in problems; its own name where empty

    Raises
    ------
    InputError : everything that is wrong with it, with line and column
    """
    text, problems = read_text(path)
    file, sheet = name or path.name, read_csv(text)
    columns = _columns(file, sheet, problems)
    if any_error(problems):
        raise InputError(problems)
    points = [_point(file, row, columns, problems) for row in sheet.rows]
    found = [point for point in points if point is not None]
    if not sheet.rows:
        problems.append(Problem(file, "", _NO_POINT, _ADD_ROWS))
    _tell_repeated(file, found, problems)
    if any_error(problems):
        raise InputError([problem for problem in problems if problem.severity == "error"])
    return tuple(found)


def _columns(file: str, sheet: Sheet, problems: list[Problem]) -> dict[str, _Column]:
    """Columns by their word; what is wrong with the header is appended."""
    if not sheet.header:
        problems.append(Problem(file, "line 1", _NO_HEADER, _BEGIN.format(columns=_EXAMPLE)))
        return {}
    where, found = f"line {sheet.header_line}", dict[str, _Column]()
    for title in sheet.header:
        if not title and title not in found:
            continue
        name, unit = _title(title)
        if name not in _COLUMNS:
            cure = cure_for(name, _COLUMNS)
            problems.append(Problem(file, where, _UNKNOWN, cure, title, listed(_COLUMNS)))
        elif name in found:
            problems.append(Problem(file, where, _TWICE, _REMOVE, title))
        else:
            found[name] = _column(file, where, name, title, unit, problems)
    lacking = [name for name in _REQUIRED if name not in found]
    if "power" not in found and "cop" not in found:
        lacking.append("power")
    for name in lacking:
        problems.append(Problem(file, where, _NO_COLUMN, _ADD.format(columns=_EXAMPLE), name))
    return found


def _title(title: str) -> tuple[str, str]:
    """Word and unit of a header cell such as ``capacity (kW)`` or ``制热量（kW）``."""
    match = _HEADER_CELL.fullmatch(title)
    written, unit = (match["name"], match["unit"]) if match else (title, "")
    plain = written.strip()
    lower = re.sub(r"[\s\-]+", "_", plain.lower())
    return _CHINESE.get(plain) or _ENGLISH.get(lower) or lower, unit.strip()


def _column(
    file: str, where: str, name: str, title: str, unit: str, problems: list[Problem]
) -> _Column:
    measured = _COLUMNS[name][0]
    if measured is None:
        return _Column(name, title)
    if not unit and measured in _NEEDS_UNIT:
        cure = UNIT_CURE.format(unit=f"{name} ({_shown_unit(measured)})")
        problems.append(Problem(file, where, _NO_UNIT, cure, title))
        return _Column(name, title)
    try:
        factor, offset = conversion(unit, measured)
    except UnitError:
        text = NOT_A_UNIT.format(quantity=quantity(measured).text)
        cure = UNIT_CURE.format(unit=f"{name} ({_shown_unit(measured)})")
        problems.append(Problem(file, where, text, cure, title))
        return _Column(name, title)
    return _Column(name, title, factor, offset)


def _shown_unit(measured: str) -> str:
    unit = quantity(measured).display_unit
    return "°C" if unit == "degC" else unit


def _point(
    file: str, row: Row, columns: Mapping[str, _Column], problems: list[Problem]
) -> TablePoint | None:
    """The point of a line; None where something is wrong with it, which is appended."""
    before = len(problems)
    if row.surplus:
        problems.append(Problem(file, f"line {row.line}", SURPLUS, QUOTE, row.surplus[0]))
    mode = _mode(file, row, columns.get("mode"), problems)
    values = {
        name: _number(file, row, column, problems)
        for name, column in columns.items()
        if _COLUMNS[name][0] is not None
    }
    if len(problems) > before:
        return None
    power, cop = values.get("power", math.nan), values.get("cop", math.nan)
    if math.isnan(power):
        power = values["capacity"] / cop
    elif not math.isnan(cop) and abs(values["capacity"] / power / cop - 1.0) > _SAME_COP:
        found = {"found": f"{values['capacity'] / power:.3g}", "said": f"{cop:.3g}"}
        where = f"line {row.line}, column {columns['cop'].title}"
        problems.append(Problem(file, where, _DIFFERENT.format(**found), _CHECK))
        return None
    part = values.get("part_load", 1.0)
    return TablePoint(
        row.line, mode, values["source_entering"], values["load_leaving"], values["capacity"],
        power, 1.0 if math.isnan(part) else part, values.get("source_heat", math.nan),
    )  # fmt: skip


def _mode(file: str, row: Row, column: _Column | None, problems: list[Problem]) -> Mode:
    if column is None:
        return "heating"
    written = row.cells[column.title]
    found = _MODES.get(written.strip().lower())
    if found is None:
        where = f"line {row.line}, column {column.title}"
        cure, allowed = cure_for(written, _MODES), listed(("heating", "cooling"))
        problems.append(Problem(file, where, NOT_A_CHOICE, cure, written or '""', allowed))
    return found or "heating"


def _number(file: str, row: Row, column: _Column, problems: list[Problem]) -> float:
    """The number of a cell in the inside unit; nan where an optional one is empty."""
    where, text = f"line {row.line}, column {column.title}", row.cells[column.title]
    measured, low, high = _COLUMNS[column.name]
    optional = column.name in ("part_load", "source_heat", "cop")
    if not text:
        if not optional or (column.name == "cop" and not _has_power(row)):
            problems.append(Problem(file, where, EMPTY, FILL))
        return math.nan
    try:
        plain = float(text.replace("−", "-").replace(",", "."))
    except ValueError:
        problems.append(Problem(file, where, NOT_A_NUMBER, _NUMBER_CURE, text))
        return math.nan
    value = column.factor * plain + column.offset
    if not low <= value <= high:
        unit = quantity(measured or "ratio").unit
        shown = {"low": f"{low:g}", "high": f"{high:g}", "unit": _plain(unit)}
        problems.append(Problem(file, where, _OUTSIDE, _CORRECT, text, _RANGE.format(**shown)))
    return value


def _has_power(row: Row) -> bool:
    return any(_title(title)[0] == "power" and text for title, text in row.cells.items())


def _plain(unit: str) -> str:
    return {"degC": "°C", "1": ""}.get(unit, unit)


def _tell_repeated(file: str, points: list[TablePoint], problems: list[Problem]) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for point in points:
        key = (point.mode, point.source, point.load, point.part_load)
        if key in seen:
            message = _SAME_POINT.format(line=seen[key])
            problems.append(Problem(file, f"line {point.line}", message, _REMOVE))
        seen.setdefault(key, point.line)
