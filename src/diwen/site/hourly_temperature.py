"""Hourly temperatures of a water or of the air from a file of the site folder.

A CSV file with one column of temperatures (its header says °C or K) and 8760 rows, empty cells
for gaps; or an EnergyPlus weather file (``.epw``), of which the dry-bulb temperature is taken.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from diwen.language import Text
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
_LOWEST, _HIGHEST = -70.0, 100.0
_SHOWN = 5

_NO_COLUMN = Text("no column of temperatures", "没有温度列")
_NAME_COLUMN = Text(
    "name it in the first line, such as: Temperature (°C)", "请在首行写列名，例如：温度（°C）"
)
_COUNT = Text("not 8760 hourly values", "不是 8760 个逐时值")
_ONE_YEAR = Text("give one line per hour of one year, without 29 February",
                 "请给出一年逐时值（不含 2 月 29 日），每小时一行")  # fmt: skip
_BAD_CELL = Text("no temperature", "不是温度值")
_CORRECT = Text("correct the cell, or leave it empty for a gap", "请更正该单元格；缺测请留空")
_NOT_EPW = Text("no weather file of EnergyPlus", "不是 EnergyPlus 气象文件")
_OTHER_FILE = Text("give an .epw file, or a CSV file of temperatures",
                   "请提供 .epw 文件或温度 CSV 文件")  # fmt: skip


def read_hourly_temperature(path: Path) -> NDArray[np.float64]:
    """Temperatures of one year, °C, nan where there is a gap, shape (8760,).

    Raises
    ------
    diwen.problems.InputError : everything that is wrong, at once
    """
    import numpy as np

    text, _ = read_text(path)
    cells = _epw_cells(path, text) if path.suffix.lower() == ".epw" else _csv_cells(path, text)
    values: list[float] = []
    problems: list[Problem] = []
    for line, cell, offset in cells:
        value = _number(cell) - offset
        values.append(value)
        if cell and not _LOWEST <= value <= _HIGHEST:
            problems.append(Problem(path.name, f"line {line}", _BAD_CELL, _CORRECT, cell[:40]))
    if len(values) != HOURS_PER_YEAR:
        problems.append(Problem(path.name, "", _COUNT, _ONE_YEAR, f"{len(values)}"))
    if problems:
        raise InputError([*problems[:_SHOWN], *problems[_SHOWN:][-1:]])
    return np.array(values, float)


def _epw_cells(path: Path, text: str) -> list[tuple[int, str, float]]:
    lines = text.splitlines()
    if not lines or not lines[0].upper().startswith("LOCATION"):
        raise InputError([Problem(path.name, "line 1", _NOT_EPW, _OTHER_FILE)])
    found = []
    for number, line in enumerate(lines[_EPW_HEADER:], _EPW_HEADER + 1):
        parts = line.split(",")
        if len(parts) > _EPW_DRY_BULB:
            # 99.9 stands for a missing value in such files.
            cell = parts[_EPW_DRY_BULB].strip()
            found.append((number, "" if cell == "99.9" else cell, 0.0))
    return found


def _csv_cells(path: Path, text: str) -> list[tuple[int, str, float]]:
    sheet = read_csv(text)
    columns = [name for name in sheet.header if _NAMES.search(name)]
    if not columns and len(sheet.header) == 1 and sheet.header[0]:
        columns = list(sheet.header)
    if len(columns) != 1:
        shown = ", ".join(columns)
        raise InputError([Problem(path.name, "line 1", _NO_COLUMN, _NAME_COLUMN, shown)])
    offset = _ZERO_CELSIUS if _KELVIN.search(columns[0]) else 0.0
    return [(row.line, row.cells[columns[0]], offset) for row in sheet.rows]


def _number(cell: str) -> float:
    """The number in a cell; nan for an empty one, infinity for one that holds no number."""
    if not cell:
        return float("nan")
    try:
        return float(cell.replace("−", "-"))
    except ValueError:
        return float("inf")
