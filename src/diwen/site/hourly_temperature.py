"""Hourly temperatures of a water or of the air from a file of the site folder.

A CSV file with one column of temperatures (its header says °C or K) and 8760 rows, empty cells or
empty lines for gaps; or an EnergyPlus weather file (``.epw``), of which the dry-bulb temperature
is taken. Where the file says times, they must run from 1 January to 31 December.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.loads.year_of_file import TIME_NAMES, year_problems
from diwen.problems import InputError, Problem
from diwen.site.textfile import read_csv, read_text
from diwen.sources.response.time_units import HOURS_PER_YEAR

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_EPW_HEADER = 8
_EPW_DRY_BULB = 6
_ZERO_CELSIUS = 273.15
_NAMES = re.compile(r"temp|dry.?bulb|温", re.IGNORECASE)
_KELVIN = re.compile(r"[\[(（/,_\s]\s*K\s*[\])）]?\s*$")
_FAHRENHEIT = re.compile(
    r"°\s*F|℉|deg\.?\s*F|fahrenheit|华氏|[\[(（/,_\s]\s*F\s*[\])）]?\s*$", re.IGNORECASE
)
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_LOWEST, _HIGHEST = -70.0, 100.0
_SHOWN = 5

_NO_COLUMN = Text("no column of temperatures", "没有温度列")
_NAME_COLUMN = Text(
    "name it in the first line, such as: Temperature (°C)", "请在首行写列名，例如：温度（°C）"
)
_SEVERAL = Text("several columns of temperatures", "有多个温度列")
_KEEP_ONE = Text("keep one of them, or rename the others", "请只保留一列，或将其余列改名")
_UNIT = Text("temperatures in °F", "温度单位为 °F")
_CONVERT = Text("give them in °C or K", "请换算为 °C 或 K")
_COUNT = Text("not 8760 hourly values", "不是 8760 个逐时值")
_ONE_YEAR = Text("give one line per hour of one year, without 29 February",
                 "请给出一年逐时值（不含 2 月 29 日），每小时一行")  # fmt: skip
_BAD_CELL = Text("no temperature", "不是温度值")
_CORRECT = Text(
    "correct the cell, or leave it empty for a gap; temperatures in K need (K) in the first line",
    "请更正该单元格，缺测请留空；以 K 给出时请在首行注明（K）",
)
_RANGE = Text("{low} to {high} °C", "{low}～{high} °C")
_NOT_EPW = Text("no weather file of EnergyPlus", "不是 EnergyPlus 气象文件")
_OTHER_FILE = Text("give an .epw file, or a CSV file of temperatures",
                   "请提供 .epw 文件或温度 CSV 文件")  # fmt: skip

# Line, temperature as it stands there, what is to be taken off for °C, time as it stands there.
_Cell = tuple[int, str, float, str]


def read_hourly_temperature(path: Path) -> NDArray[np.float64]:
    """Temperatures of one year, °C, nan where there is a gap, shape (8760,).

    Raises
    ------
    diwen.problems.InputError : everything that is wrong, at once
    """
    import numpy as np

    return np.array(hourly_temperatures(path), float)


def hourly_temperatures(path: Path) -> list[float]:
    """Temperatures of one year, °C, nan where there is a gap: 8760 plain numbers.

    Raises
    ------
    diwen.problems.InputError : everything that is wrong, at once
    """
    text, _ = read_text(path)
    cells = _epw_cells(path, text) if path.suffix.lower() == ".epw" else _csv_cells(path, text)
    values: list[float] = []
    problems: list[Problem] = []
    allowed = _RANGE.format(low=f"{_LOWEST:g}", high=f"{_HIGHEST:g}")
    for line, cell, offset, _time in cells:
        value = _number(cell) - offset
        values.append(value)
        if cell and not _LOWEST <= value <= _HIGHEST:
            where, shown = f"line {line}", cell[:40]
            problems.append(Problem(path.name, where, _BAD_CELL, _CORRECT, shown, allowed))
    if len(values) != HOURS_PER_YEAR:
        problems.append(Problem(path.name, "", _COUNT, _ONE_YEAR, f"{len(values)}"))
    if problems:
        problems = [*problems[:_SHOWN], *problems[_SHOWN:][-1:]]
    if cells:
        ends = (cells[0][0], cells[0][3]), (cells[-1][0], cells[-1][3])
        problems += year_problems(path.name, *ends)
    if problems:
        raise InputError(problems)
    return values


def _epw_cells(path: Path, text: str) -> list[_Cell]:
    lines = text.splitlines()
    if not lines or not lines[0].upper().startswith("LOCATION"):
        raise InputError([Problem(path.name, "line 1", _NOT_EPW, _OTHER_FILE)])
    found = []
    for number, line in enumerate(lines[_EPW_HEADER:], _EPW_HEADER + 1):
        parts = line.split(",")
        if len(parts) > _EPW_DRY_BULB:
            # 99.9 stands for a missing value in such files.
            cell = parts[_EPW_DRY_BULB].strip()
            found.append((number, "" if cell == "99.9" else cell, 0.0, "-".join(parts[1:3])))
    return found


def _csv_cells(path: Path, text: str) -> list[_Cell]:
    sheet = read_csv(text)
    columns = [name for name in sheet.header if _NAMES.search(name)]
    if not columns and len(sheet.header) == 1 and sheet.header[0]:
        columns = list(sheet.header)
    if len(columns) != 1:
        message, cure = (_SEVERAL, _KEEP_ONE) if columns else (_NO_COLUMN, _NAME_COLUMN)
        shown = ", ".join(columns)
        raise InputError([Problem(path.name, "line 1", message, cure, shown)])
    if _FAHRENHEIT.search(columns[0]):
        raise InputError([Problem(path.name, "line 1", _UNIT, _CONVERT, columns[0])])
    offset = _ZERO_CELSIUS if _KELVIN.search(columns[0]) else 0.0
    given = {row.line: row.cells for row in sheet.rows}
    clock = next((name for name in sheet.header if _is_time(name, columns[0])), "")
    found = [
        (number, *_of_row(given.get(number, {}), columns[0], offset, clock))
        for number, line in enumerate(text.splitlines(), 1)
        if number > sheet.header_line and (number in given or not line.startswith("#"))
    ]
    return _without_margins(found)


def _is_time(name: str, temperature: str) -> bool:
    return name != temperature and TIME_NAMES.search(name) is not None


def _of_row(cells: dict[str, str], name: str, offset: float, clock: str) -> tuple[str, float, str]:
    """Temperature, offset and time of one line; an empty line has neither of both."""
    return cells.get(name, ""), offset, cells.get(clock, "")


def _without_margins(cells: list[_Cell]) -> list[_Cell]:
    """Without the empty lines before and after the year; those within it are gaps."""
    first, end = 0, len(cells)
    while end - first > HOURS_PER_YEAR and not cells[end - 1][1]:
        end -= 1
    while end - first > HOURS_PER_YEAR and not cells[first][1]:
        first += 1
    return cells[first:end]


def _number(cell: str) -> float:
    """The number in a cell; nan for an empty one, infinity for one that holds no number."""
    if not cell:
        return float("nan")
    plain = cell.replace("−", "-")
    if _DECIMAL_COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        return float("inf")
