"""Regular layouts of boreholes: positions in plan, in m.

Plain Python, so that reading a site file stays light. Every function returns a list of (x, y).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

Coordinates = list[tuple[float, float]]


def _grid(
    columns: int, rows: int, spacing: float, row_spacing: float | None
) -> Iterator[tuple[int, int, float, float]]:
    """Row, column, x, y of a full grid, row by row."""
    step = spacing if row_spacing is None else row_spacing
    for row in range(rows):
        for column in range(columns):
            yield row, column, column * spacing, row * step


def rectangle(
    columns: int, rows: int, spacing: float, row_spacing: float | None = None
) -> Coordinates:
    """Full rows and columns; spacing along x and y in m."""
    return [(x, y) for _, _, x, y in _grid(columns, rows, spacing, row_spacing)]


def staggered(
    columns: int, rows: int, spacing: float, row_spacing: float | None = None
) -> Coordinates:
    """Rows of which every second is shifted by half a spacing."""
    grid = _grid(columns, rows, spacing, row_spacing)
    return [(x + (row % 2) * spacing / 2, y) for row, _, x, y in grid]


def l_shape(
    columns: int, rows: int, spacing: float, row_spacing: float | None = None
) -> Coordinates:
    """First row and first column only."""
    grid = _grid(columns, rows, spacing, row_spacing)
    return [(x, y) for row, column, x, y in grid if row == 0 or column == 0]


def u_shape(
    columns: int, rows: int, spacing: float, row_spacing: float | None = None
) -> Coordinates:
    """First row, first and last column."""
    edge = (0, columns - 1)
    grid = _grid(columns, rows, spacing, row_spacing)
    return [(x, y) for row, column, x, y in grid if row == 0 or column in edge]


def box(columns: int, rows: int, spacing: float, row_spacing: float | None = None) -> Coordinates:
    """The outline of a rectangle."""
    edge, ends = (0, columns - 1), (0, rows - 1)
    grid = _grid(columns, rows, spacing, row_spacing)
    return [(x, y) for row, column, x, y in grid if row in ends or column in edge]


def circle(count: int, radius: float) -> Coordinates:
    """Evenly on a circle of that radius in m, counter-clockwise from the x axis."""
    angles = (2 * math.pi * i / count for i in range(count))
    return [(radius * math.cos(angle), radius * math.sin(angle)) for angle in angles]
