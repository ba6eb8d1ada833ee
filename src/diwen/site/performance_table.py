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
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError, Problem, any_error
from diwen.site.cell_problems import EMPTY, FILL, NOT_A_CHOICE, QUOTE, SURPLUS
from diwen.site.heat_pump_kind import Mode
from diwen.site.measured_columns import (
    Column,
    ColumnKind,
    cell_number,
    columns_of,
    missing_column,
    place,
)
from diwen.site.spelling import cure_for, listed
from diwen.site.textfile import Row, read_csv, read_text

if TYPE_CHECKING:
    from diwen.site.model import SiteFile

_KINDS = {
    "mode": ColumnKind(),
    "source_entering": ColumnKind("temperature", -60.0, 150.0),
    "load_leaving": ColumnKind("temperature", -60.0, 250.0),
    "capacity": ColumnKind("heat_power", 1.0, 1e9),
    "power": ColumnKind("electric_power", 1.0, 1e9),
    "cop": ColumnKind("ratio", 0.1, 50.0),
    "part_load": ColumnKind("ratio", 0.01, 1.5),
    "source_heat": ColumnKind("heat_power", 1.0, 1e9),
    "note": ColumnKind(),
}
_ALIASES = {
    "模式": "mode", "地源侧进口温度": "source_entering", "热源侧进口温度": "source_entering",
    "水源侧进口温度": "source_entering", "室外温度": "source_entering",
    "用户侧出口温度": "load_leaving", "供水温度": "load_leaving", "出水温度": "load_leaving",
    "制热量": "capacity", "制冷量": "capacity", "制热（冷）量": "capacity",
    "输入功率": "power", "功率": "power", "性能系数": "cop", "能效比": "cop",
    "负荷率": "part_load", "取热量": "source_heat", "备注": "note",
    "eer": "cop", "heating_capacity": "capacity", "cooling_capacity": "capacity",
    "electric_power": "power", "source_in": "source_entering", "load_out": "load_leaving",
}  # fmt: skip
MODES: dict[str, Mode] = {
    "heating": "heating", "h": "heating", "制热": "heating", "供热": "heating",
    "cooling": "cooling", "c": "cooling", "制冷": "cooling", "供冷": "cooling",
}  # fmt: skip
_EXAMPLE = "mode,source_entering (°C),load_leaving (°C),capacity (kW),power (kW)"
# How far capacity / power may stray from a printed COP: two digits of rounding.
_SAME_COP = 0.03

_NO_POINT = Text("the file holds no operating point", "文件中没有工况点")
_ADD_ROWS = Text("write one line per operating point", "每个工况点写一行")
_DIFFERENT = Text("capacity / power is {found}, the COP says {said}",
                  "制热（冷）量与功率之比为 {found}，而性能系数为 {said}")  # fmt: skip
_CHECK = Text("check the three values and the units in the header",
              "请核对三个数值及表头单位")  # fmt: skip
_SAME_POINT = Text("the same operating point stands in line {line} already",
                   "该工况点已在第 {line} 行出现")  # fmt: skip
_REMOVE = Text("remove one of the two", "请删除其中之一")


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
    required = ("source_entering", "load_leaving", "capacity")
    columns = columns_of(file, sheet, _KINDS, required, _ALIASES, _EXAMPLE, problems)
    if columns and not {"power", "cop"} & columns.keys():
        problems.append(missing_column(file, sheet, "power", _EXAMPLE))
    if any_error(problems):
        raise InputError(problems)
    points = [_point(file, row, columns, problems) for row in sheet.rows]
    found = [point for point in points if point is not None]
    if not sheet.rows:
        problems.append(Problem(file, "", _NO_POINT, _ADD_ROWS))
    _tell_repeated(file, found, problems)
    if any_error(problems):
        raise InputError(problems)
    return tuple(found)


def _point(
    file: str, row: Row, columns: Mapping[str, Column], problems: list[Problem]
) -> TablePoint | None:
    """The point of a line; None where something is wrong with it, which is appended."""
    before = len(problems)
    if row.surplus:
        problems.append(Problem(file, f"line {row.line}", SURPLUS, QUOTE, row.surplus[0]))
    mode = _mode(file, row, columns.get("mode"), problems)
    values = {
        name: cell_number(file, row, column, problems)
        for name, column in columns.items()
        if column.kind.quantity
    }
    _tell_empty(file, row, columns, problems)
    if len(problems) > before:
        return None
    power, cop = values.get("power", math.nan), values.get("cop", math.nan)
    if math.isnan(power):
        power = values["capacity"] / cop
    elif not math.isnan(cop) and abs(values["capacity"] / power / cop - 1.0) > _SAME_COP:
        found = {"found": f"{values['capacity'] / power:.3g}", "said": f"{cop:.3g}"}
        where = place(row, columns["cop"])
        problems.append(Problem(file, where, _DIFFERENT.format(**found), _CHECK))
        return None
    part = values.get("part_load", 1.0)
    return TablePoint(
        row.line, mode, values["source_entering"], values["load_leaving"], values["capacity"],
        power, 1.0 if math.isnan(part) else part, values.get("source_heat", math.nan),
    )  # fmt: skip


def _tell_empty(
    file: str, row: Row, columns: Mapping[str, Column], problems: list[Problem]
) -> None:
    """Cells that must be filled; of power and COP one."""
    needed = [columns[name] for name in ("source_entering", "load_leaving", "capacity")]
    either = [columns[name] for name in ("power", "cop") if name in columns]
    empty = [column for column in needed if not row.cells[column.title]]
    if not any(row.cells[column.title] for column in either):
        empty += either[:1]
    problems += [Problem(file, place(row, column), EMPTY, FILL) for column in empty]


def _mode(file: str, row: Row, column: Column | None, problems: list[Problem]) -> Mode:
    if column is None:
        return "heating"
    written = row.cells[column.title]
    found = MODES.get(written.lower())
    if found is None:
        cure, allowed = cure_for(written, MODES), listed(("heating", "cooling"))
        problems.append(
            Problem(file, place(row, column), NOT_A_CHOICE, cure, written or '""', allowed)
        )
    return found or "heating"


def _tell_repeated(file: str, points: list[TablePoint], problems: list[Problem]) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for point in points:
        key = (point.mode, point.source, point.load, point.part_load)
        if key in seen:
            message = _SAME_POINT.format(line=seen[key])
            problems.append(Problem(file, f"line {point.line}", message, _REMOVE))
        seen.setdefault(key, point.line)


def check_performance_tables(site: SiteFile, folder: Path, problems: list[Problem]) -> None:
    """Open every performance table that a heat pump names; what is wrong is appended.

    Files that are not there, or lie outside the folder, are told elsewhere.
    """
    for unit in getattr(site, "heat_pumps", {}).values():
        path = (folder / unit.performance_map).resolve()
        if not unit.performance_map or not path.is_relative_to(folder.resolve()):
            continue
        if path.is_file():
            try:
                read_performance_table(path, unit.performance_map)
            except InputError as error:
                problems += error.problems
