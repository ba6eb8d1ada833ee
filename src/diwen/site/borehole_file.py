"""Reading the boreholes of a field from a CSV file: x, y, length, buried_depth, radius...

Lengths are in metres, ``tilt`` and ``orientation`` in degrees. A column that is not given takes
the value of ``[sources.ID.borehole]``.
"""

from __future__ import annotations

import math
from pathlib import Path

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.borehole import Borehole, BoreholePosition
from diwen.site.cell_problems import NOT_A_NUMBER
from diwen.site.textfile import Row, check_header, read_csv, read_text

REQUIRED = ("x", "y")
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
    path: Path, borehole: Borehole, problems: list[Problem]
) -> tuple[BoreholePosition, ...]:
    """Read the boreholes of a field.

    Parameters
    ----------
    path : the CSV file
    borehole : values for the columns that the file does not have
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
    sheet = read_csv(text)
    found = [*warnings, *check_header(path.name, sheet, REQUIRED, OPTIONAL)]
    if not sheet.rows and sheet.header:
        found.append(Problem(path.name, "", _NO_ROWS, _ADD_ROWS))
    problems.extend(found)
    if any(problem.severity == "error" for problem in found):
        return ()
    rows = (_row(path.name, row, borehole, problems) for row in sheet.rows)
    return tuple(position for position in rows if position is not None)


def _row(
    file: str, row: Row, borehole: Borehole, problems: list[Problem]
) -> BoreholePosition | None:
    before = len(problems)
    given: dict[str, float] = {}
    for column in _NUMBERS:
        text = row.cells.get(column, "")
        if text or column in REQUIRED:
            given[column] = _number(file, row.line, column, text, problems)
    if len(problems) > before:
        return None
    degrees = {
        key: math.radians(given[key]) if key in given else getattr(borehole, key)
        for key in ("tilt", "orientation")
    }
    return BoreholePosition(
        given["x"],
        given["y"],
        given.get("length", borehole.length),
        given.get("buried_depth", borehole.buried_depth),
        given.get("radius", borehole.diameter / 2),
        **degrees,
    )


def _number(file: str, line: int, column: str, text: str, problems: list[Problem]) -> float:
    where = f"line {line}, column {column}"
    low, high = _RANGES[column]
    allowed = Text(_RANGE.en.format(low=low, high=high), _RANGE.zh.format(low=low, high=high))
    try:
        value = float(text.replace("−", "-"))
    except ValueError:
        problems.append(Problem(file, where, NOT_A_NUMBER, _NUMBER_CURE, text, allowed))
        return math.nan
    if not low <= value <= high:
        problems.append(Problem(file, where, _OUTSIDE, _CORRECT, text, allowed))
    return value
