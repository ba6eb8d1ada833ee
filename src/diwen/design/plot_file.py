"""A plot of land and its obstacles from CSV files: corners x, y in m, in the order of the outline.

The file of obstacles has a column ``name`` besides; corners of one name make one obstacle.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.site.borehole_file import plain_column
from diwen.site.cell_problems import NOT_A_NUMBER
from diwen.site.textfile import Sheet, check_header, read_csv, read_text
from diwen.sources.borefield.polygon import Polygon

_NAMES = ("name", "id", "obstacle", "名称", "编号", "障碍", "障碍物", "障碍区")
_LARGEST = 1e6
_EDGES = re.compile(r"(\d+), (\d+)")
_METRES = Text("write a plain number in m", "请写以 m 为单位的数值")
_TOO_FAR = Text("farther than 1000 km from the origin", "距原点超过 1000 km")
_LOCAL = Text("give coordinates in m", "请使用以 m 为单位的坐标")
_NO_ROWS = Text("the file holds no corner", "文件中没有顶点")
_ADD_ROWS = Text("write one row per corner: x, y in m", "每个顶点写一行：x、y（m）")
_NO_NAME = Text("the obstacle has no name", "障碍区未命名")
_NAME_IT = Text(
    "write the same name on every corner of one obstacle", "同一障碍区的各顶点请写相同名称"
)
_OUT = Text("the obstacle lies outside the plot", "障碍区位于场地之外")
_OUT_CURE = Text("correct its corners, or leave it out", "请更正顶点坐标，或删去该障碍区")
_APART = Text("the corners of this obstacle do not follow each other", "该障碍区的顶点不连续")
_TOGETHER = Text(
    "write them one below the other, or use another name", "请连续书写，或改用其他名称"
)

Corner = tuple[int, str, float, float]


def read_plot(path: Path) -> Polygon:
    """The outline of a plot of land.

    Raises
    ------
    InputError : everything wrong with the file, by line
    """
    problems: list[Problem] = []
    corners = _corners(path, problems, named=False)
    polygon = _polygon(path.name, "", corners, problems) if not problems else None
    if polygon is None:
        raise InputError(problems)
    return polygon


def read_obstacles(path: Path, outline: Polygon) -> dict[str, Polygon]:
    """Obstacles by name, in the order of the file; all touch the plot.

    Raises
    ------
    InputError : everything wrong with the file, by line and obstacle
    """
    problems: list[Problem] = []
    groups: dict[str, list[Corner]] = {}
    before = None
    for corner in _corners(path, problems, named=True):
        line, name = corner[:2]
        if not name:
            problems.append(Problem(path.name, f"line {line}, column name", _NO_NAME, _NAME_IT))
        elif name in groups and name != before:
            where = f"line {line}, column name"
            problems.append(Problem(path.name, where, _APART, _TOGETHER, name))
        groups.setdefault(name, []).append(corner)
        before = name
    found: dict[str, Polygon] = {}
    if not problems:
        for name, corners in groups.items():
            polygon = _polygon(path.name, name, corners, problems)
            if polygon is not None and not outline.overlaps(polygon):
                where = f"line {corners[0][0]}, {name}"
                problems.append(Problem(path.name, where, _OUT, _OUT_CURE))
            elif polygon is not None:
                found[name] = polygon
    if problems:
        raise InputError(problems)
    return found


def _corners(path: Path, problems: list[Problem], *, named: bool) -> list[Corner]:
    """Line, name, x, y of every row; faults are appended."""
    try:
        text, warnings = read_text(path)
    except InputError as error:
        problems += error.problems
        return []
    sheet = _plain(read_csv(text))
    required = ("name", "x", "y") if named else ("x", "y")
    optional = ("note",) if named else ("name", "note")
    faults = check_header(path.name, sheet, required, optional)
    if not faults and not sheet.rows:
        faults = [Problem(path.name, "", _NO_ROWS, _ADD_ROWS)]
    problems += faults
    if faults:
        return []
    del warnings  # Nothing but names can be misread, and they are shown.
    found = []
    for row in sheet.rows:
        x, y = (
            _number(path.name, row.line, axis, row.cells.get(axis, ""), problems) for axis in "xy"
        )
        found.append((row.line, row.cells.get("name", ""), x, y))
    return found


def _plain(sheet: Sheet) -> Sheet:
    """Columns by their plain names: ``X (m)`` is ``x``, ``名称`` is ``name``."""
    names = {}
    for column in sheet.header:
        plain = plain_column(column)
        if plain == "id" or column.strip().lower() in _NAMES:
            plain = "name"
        names[column] = plain
    rows = tuple(
        replace(row, cells={names[column]: cell for column, cell in row.cells.items()})
        for row in sheet.rows
    )
    return replace(sheet, header=tuple(names[column] for column in sheet.header), rows=rows)


def _number(file: str, line: int, column: str, text: str, problems: list[Problem]) -> float:
    where = f"line {line}, column {column}"
    try:
        value = float(text.replace("−", "-"))
    except ValueError:
        problems.append(Problem(file, where, NOT_A_NUMBER, _METRES, text))
        return math.nan
    if not abs(value) <= _LARGEST:
        allowed = same(f"±{_LARGEST:g} m")
        problems.append(Problem(file, where, _TOO_FAR, _LOCAL, text, allowed))
    return value


def _polygon(
    file: str, name: str, corners: list[Corner], problems: list[Problem]
) -> Polygon | None:
    """The polygon of corners; its faults are told by the lines of the file."""
    # Corners that repeat the one before (or close the outline) are no corners.
    unique = [
        corner for at, corner in enumerate(corners) if corner[2:] != corners[at - 1][2:]
    ]  # fmt: skip
    try:
        return Polygon.of([corner[2:] for corner in unique], file)
    except InputError as error:
        for problem in error.problems:
            where = f"line {corners[0][0]}"
            edges = _EDGES.fullmatch(problem.where)
            if edges is not None:
                first, second = (unique[int(edge) - 1][0] for edge in edges.groups())
                where = f"line {first}, line {second}"
            problems.append(replace(problem, where=f"{where}, {name}" if name else where))
    return None
