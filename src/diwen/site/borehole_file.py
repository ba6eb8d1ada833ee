"""Reading the boreholes of a field from a CSV file: x, y, length, buried_depth, radius...

Lengths are in metres, ``tilt`` and ``orientation`` in degrees. A column that is not given takes
the value of ``[sources.ID.borehole]``; a file that stands alone must have length and radius.
Headers may be written with spaces, in capitals, with their unit, or in Chinese.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

from diwen.language import Text
from diwen.problems import InputError, Problem, any_error
from diwen.site.borehole import Borehole, BoreholePosition
from diwen.site.cell_problems import NOT_A_NUMBER
from diwen.site.textfile import Row, Sheet, check_header, read_csv, read_text

REQUIRED = ("x", "y")
_REQUIRED_ALONE = ("x", "y", "length", "radius")
# What a file that stands alone need not say, in m and rad.
_ALONE = {"buried_depth": 1.5, "tilt": 0.0, "orientation": 0.0}
_CHINESE = {
    "孔深": "length", "钻孔长度": "length", "有效孔深": "length", "长度": "length",
    "埋深": "buried_depth", "顶部埋深": "buried_depth", "半径": "radius", "孔半径": "radius",
    "钻孔半径": "radius", "倾角": "tilt", "方位": "orientation", "方位角": "orientation",
    "倾斜方向": "orientation", "编号": "id", "孔号": "id", "备注": "note",
}  # fmt: skip
# A unit in the header, where it is the one meant.
_METRES = re.compile(r"\s*[\[(（]\s*(?:m|米)\s*[\])）]$")
_DEGREES = re.compile(r"\s*[\[(（]\s*(?:°|deg|degrees?|度)\s*[\])）]$")
OPTIONAL = ("length", "buried_depth", "radius", "tilt", "orientation", "id", "note")
_NUMBERS = ("x", "y", "length", "buried_depth", "radius", "tilt", "orientation")
# Smallest and largest value, in the unit of the file.
_RANGES = {
    "x": (-1e5, 1e5),
    "y": (-1e5, 1e5),
    "length": (1.0, 3000.0),
    "buried_depth": (0.0, 100.0),
    "radius": (0.01, 1.5),
    "tilt": (0.0, 89.0),
    "orientation": (-360.0, 360.0),
}
_NUMBER_CURE = Text("write a plain number in m (tilt and orientation in °)",
                    "请写以 m 为单位的数值（倾角与方位以 ° 计）")  # fmt: skip
_OUTSIDE = Text("outside the possible range", "超出可能的范围")
_CORRECT = Text("correct the value", "请更正")
_RANGE = Text("{low:g} to {high:g}", "{low:g} 至 {high:g}")
_NO_ROWS = Text("the file holds no borehole", "文件中没有钻孔")
_ADD_ROWS = Text("write one row per borehole", "每个钻孔写一行")


def read_boreholes(
    path: Path, borehole: Borehole | None, problems: list[Problem]
) -> tuple[BoreholePosition, ...]:
    """Read the boreholes of a field.

    Parameters
    ----------
    path : the CSV file
    borehole : values for the columns that the file does not have; None for a file that stands
        alone and must have length and radius itself
    problems : every error and warning found is appended

    Returns
    -------
    tuple of BoreholePosition : the sound rows, in the order of the file
    """
    try:
        text, warnings = read_text(path)
    except InputError as error:
        problems.extend(error.problems)
        return ()
    sheet = _with_plain_header(read_csv(text))
    required = REQUIRED if borehole is not None else _REQUIRED_ALONE
    optional = tuple(name for name in (*REQUIRED, *OPTIONAL) if name not in required)
    found = [*warnings, *check_header(path.name, sheet, required, optional)]
    if not sheet.rows and sheet.header:
        found.append(Problem(path.name, "", _NO_ROWS, _ADD_ROWS))
    problems.extend(found)
    if any_error(found):
        return ()
    rows = (_row(path.name, row, required, borehole, problems) for row in sheet.rows)
    return tuple(position for position in rows if position is not None)


def plain_column(header: str) -> str:
    """The name of a column as people write it: ``Buried depth (m)`` is ``buried_depth``."""
    name = re.sub(r"[\s_-]+", "_", header.strip().lower())
    for unit, columns in ((_METRES, _NUMBERS[:5]), (_DEGREES, _NUMBERS[5:])):
        bare = unit.sub("", name).strip("_")
        if bare != name and _CHINESE.get(bare, bare) in columns:
            name = bare
    return _CHINESE.get(name, name)


def _with_plain_header(sheet: Sheet) -> Sheet:
    plain = {column: plain_column(column) for column in sheet.header}
    rows = tuple(
        replace(row, cells={plain[column]: cell for column, cell in row.cells.items()})
        for row in sheet.rows
    )
    return replace(sheet, header=tuple(plain[column] for column in sheet.header), rows=rows)


def _row(
    file: str,
    row: Row,
    required: tuple[str, ...],
    borehole: Borehole | None,
    problems: list[Problem],
) -> BoreholePosition | None:
    before = len(problems)
    given: dict[str, float] = {}
    for column in _NUMBERS:
        text = row.cells.get(column, "")
        if text or column in required:
            given[column] = _number(file, row.line, column, text, problems)
    if len(problems) > before:
        return None
    for key in ("tilt", "orientation"):
        if key in given:
            given[key] = math.radians(given[key])
    return BoreholePosition(**{**_defaults(borehole), **given})


def _defaults(borehole: Borehole | None) -> dict[str, float]:
    """What holds for a borehole whose row does not say it, in m and rad."""
    if borehole is None:
        return _ALONE
    return {
        "length": borehole.length,
        "buried_depth": borehole.buried_depth,
        "radius": borehole.diameter / 2,
        "tilt": borehole.tilt,
        "orientation": borehole.orientation,
    }


def _number(file: str, line: int, column: str, text: str, problems: list[Problem]) -> float:
    where = f"line {line}, column {column}"
    low, high = _RANGES[column]
    allowed = Text(_RANGE.en.format(low=low, high=high), _RANGE.zh.format(low=low, high=high))
    try:
        value = float(text.replace("−", "-").replace(",", "."))
    except ValueError:
        problems.append(Problem(file, where, NOT_A_NUMBER, _NUMBER_CURE, text, allowed))
        return math.nan
    if not low <= value <= high:
        problems.append(Problem(file, where, _OUTSIDE, _CORRECT, text, allowed))
    return value
