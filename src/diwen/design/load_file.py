"""Hourly load profiles as people really keep them: CSV with any separator, order and language.

Columns are known by words in the header (heating, cooling, hot water; 热负荷, 冷负荷, 生活热水),
several of a kind are added up, times and other columns are left aside. A unit in brackets counts
(kW, W, MW); without one kW is taken and a warning says so. A column of heat extraction (地源侧取热)
is a load of the ground: positive out of it, negative into it.
"""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.calendar_months import HOURS_PER_YEAR
from diwen.design.ground_load import HourlyGroundLoad
from diwen.language import Text, same
from diwen.problems import InputError, Problem, system_reason

Floats = NDArray[np.float64]

# Words of each kind; the first kind whose word stands in a header takes the column.
_WORDS = {
    "ground": ("extraction", "ground load", "取热", "地源侧"),
    "hot_water": ("hot water", "water heating", "dhw", "sww", "tap water", "热水"),
    "cooling": ("cool", "冷"),
    "heating": ("heat", "供暖", "采暖", "供热", "制热", "热负荷", "热需求"),
}
_UNITS = {"kw": 1e3, "w": 1.0, "mw": 1e6, "kwh": 1e3, "wh": 1.0, "千瓦": 1e3, "瓦": 1.0}
_UNIT = re.compile(r"[\[(（/]\s*(kwh|wh|kw|mw|w|千瓦|瓦)\s*[\])）]?\s*$", re.IGNORECASE)
_SHOWN = 5
_DUST = 1e-3

_CANNOT_OPEN = Text("the file cannot be opened: {reason}", "文件无法打开：{reason}")
_LOOK = Text("check name and rights", "请检查文件名与权限")
_NO_TEXT = Text("neither UTF-8 nor GB 18030 text", "既不是 UTF-8 也不是 GB 18030 文本")
_SAVE_UTF8 = Text("save it as CSV in UTF-8", "请另存为 UTF-8 编码的 CSV")
_NO_COLUMN = Text("no column of heating or cooling loads", "没有热负荷或冷负荷列")
_NAME_COLUMNS = Text(
    "name the columns in the first line, such as: Heating (kW);Cooling (kW)",
    "请在首行写列名，例如：热负荷（kW）;冷负荷（kW）",
)
_COUNT = Text("not a whole number of years of 8760 hours", "不是 8760 小时的整数倍")
_CUT = Text(
    "give one line per hour; leave out 29 February of a leap year",
    "每小时一行；闰年请去掉 2 月 29 日",
)
_BAD_CELL = Text("not a number", "不是数值")
_NEGATIVE = Text("a negative load", "负荷为负")
_SIGNS = Text(
    "heating and cooling are positive numbers in columns of their own",
    "热负荷与冷负荷分列给出，均为正数",
)
_MEND = Text("correct the cell", "请更正该单元格")
_MORE = Text("{count} more cells like this", "另有 {count} 处同样问题")
_TWO_SIDES = Text(
    "loads of the ground and of the building in one file", "同一文件中同时有地源侧与建筑侧负荷"
)
_ONE_SIDE = Text("keep the one or the other", "请只保留其一")
_NO_UNIT = Text("the header gives no unit: kW is taken", "表头未注明单位，按 kW 处理")
_ADD_UNIT = Text("write it in the header, such as Heating (kW)", "请在表头注明，例如 热负荷（kW）")


@dataclass(frozen=True, eq=False)
class LoadFile:
    """What an hourly load file holds.

    Attributes
    ----------
    load : the loads of the building, or of the ground
    warnings : what was assumed
    """

    load: HourlyBuildingLoad | HourlyGroundLoad
    warnings: tuple[Problem, ...]


def read_load_file(path: str | Path, *, start_month: int = 1) -> LoadFile:
    """Hourly loads from a CSV file (plain or gzip).

    Parameters
    ----------
    path : the file; one line per hour from 1 January, 8760 lines per year
    start_month : month in which operation begins

    Raises
    ------
    diwen.problems.InputError : with every fault of the file
    """
    path = Path(path)
    rows = _rows(_text(path))
    header = [cell.strip() for cell in rows[0]] if rows else []
    kinds = {position: kind for position, name in enumerate(header) if (kind := _kind(name))}
    problems: list[Problem] = []
    if not kinds or set(kinds.values()) == {"hot_water"}:
        shown = ", ".join(header)[:80]
        raise InputError([Problem(path.name, "line 1", _NO_COLUMN, _NAME_COLUMNS, shown)])
    body = [(line, row) for line, row in enumerate(rows[1:], 2) if any(c.strip() for c in row)]
    if not body or len(body) % HOURS_PER_YEAR:
        problems.append(Problem(path.name, "", _COUNT, _CUT, f"{len(body)}", same("8760 n")))
    if "ground" in kinds.values() and set(kinds.values()) != {"ground"}:
        shown = ", ".join(header)[:80]
        problems.append(Problem(path.name, "line 1", _TWO_SIDES, _ONE_SIDE, shown))
    columns: dict[str, Floats] = {}
    warnings: list[Problem] = []
    for position, kind in kinds.items():
        factor = _factor(header[position])
        if factor is None:
            factor = 1e3
            where = f"line 1, column {header[position]}"
            warnings.append(
                Problem(path.name, where, _NO_UNIT, _ADD_UNIT, header[position], severity="warning")
            )
        column = _Column(path.name, header[position], position, signed=kind == "ground")
        values = factor * column.numbers(body, problems)
        columns[kind] = columns.get(kind, 0.0) + values
    if problems:
        raise InputError(problems)
    if "ground" in columns:
        ground = HourlyGroundLoad.of(columns["ground"], start_month=start_month)
        return LoadFile(ground, tuple(warnings))
    none = np.zeros(len(body))
    loads = {kind: columns.get(kind, none) for kind in ("heating", "cooling", "hot_water")}
    load = HourlyBuildingLoad.of(**loads, start_month=start_month)
    return LoadFile(load, tuple(warnings))


def _text(path: Path) -> str:
    """The text of the file, whatever its usual encoding."""
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except OSError as error:
        message = _CANNOT_OPEN.format(reason=system_reason(error))
        raise InputError([Problem(path.name, "", message, _LOOK)]) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError([Problem(path.name, "", _NO_TEXT, _SAVE_UTF8)])


def _rows(text: str) -> list[list[str]]:
    """Cells by line; the separator is the one that the header has."""
    lines = text.splitlines()
    first = lines[0] if lines else ""
    separator = next((mark for mark in (";", "\t", "，") if mark in first), ",")
    return list(csv.reader(lines, delimiter=separator))


def _kind(name: str) -> str | None:
    lowered = name.casefold()
    return next((kind for kind, words in _WORDS.items() if any(w in lowered for w in words)), None)


def _factor(name: str) -> float | None:
    """Watts per unit of a header, None where it names none."""
    found = _UNIT.search(name)
    return None if found is None else _UNITS[found[1].casefold()]


@dataclass(frozen=True)
class _Column:
    """A column of the file: its place, its name for messages, and whether a sign is meant."""

    file: str
    name: str
    position: int
    signed: bool

    def numbers(self, body: list[tuple[int, list[str]]], problems: list[Problem]) -> Floats:
        """The numbers; faults are appended, the first few by line, the others counted."""
        values = np.zeros(len(body))
        faults: list[Problem] = []
        for i, (line, row) in enumerate(body):
            cell = row[self.position].strip() if self.position < len(row) else ""
            try:
                values[i] = float(cell.replace(",", ".").replace("−", "-"))
            except ValueError:
                values[i] = np.nan
            if not np.isfinite(values[i]):
                faults.append(Problem(self.file, self._where(line), _BAD_CELL, _MEND, cell))
        if not self.signed and not faults:
            # Simulations leave negative dust; only what is more than that is a wrong sign.
            dust = -_DUST * float(values.max(initial=0.0))
            for i in map(int, np.flatnonzero(values < dust)):
                line, shown = body[i][0], f"{values[i]:g}"
                faults.append(
                    Problem(self.file, self._where(line), _NEGATIVE, _SIGNS, shown, same("≥ 0"))
                )
            values = np.maximum(values, 0.0)
        problems += faults[:_SHOWN]
        if len(faults) > _SHOWN:
            more = _MORE.format(count=len(faults) - _SHOWN)
            problems.append(Problem(self.file, f"column {self.name}", more, _MEND))
        return values

    def _where(self, line: int) -> str:
        return f"line {line}, column {self.name}"
