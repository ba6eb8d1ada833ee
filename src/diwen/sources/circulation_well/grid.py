"""Rings around a well: the cells in radius and depth on which water and heat are balanced.

The cells are rings, shape (nz, nr): ``nz`` rows downwards, ``nr`` columns outwards, the radii in a
geometric series, the edges of the rows on every end of a screen and every edge of a layer. Water
and heat never pass the inner edge but through the screens. Numbered, a cell is ``row * nr +
column``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.aquifer.column import GroundColumn
from diwen.sources.aquifer.well import CirculationWell, Screen
from diwen.value_problems import CORRECT

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

SMALLEST_OUTER_RADIUS = 150.0
"""Of an open domain, m; wider where a low vertical conductivity spreads the flow."""
LARGEST_OUTER_RADIUS = 600.0
"""Of an open domain that is not given, m."""
BELOW_THE_WELL = 40.0
"""Ground below the well, m, before rounding up to whole tens."""

_ROWS = 100
_COLUMNS = 60
_ANNULUS_COLUMNS = 3
_FINEST_ROW = 1.0
_AQUITARD = 1e-3

_OUTSIDE = Text("the screen lies outside the column of ground", "滤水管超出地层柱范围")
_DEEPER = Text(
    "describe the ground down to the bottom of the well, or move the screen",
    "请把地层描述到井底以下，或调整滤水管位置",
)
_DRY = Text(
    "no aquifer at the screen: every layer beside it is tight",
    "滤水管处无含水层：其旁各层均为隔水层",
)
_INTO_AQUIFER = Text("place the screen in an aquifer", "请把滤水管置于含水层内")
_TOO_NARROW = Text("the outer radius lies inside the well", "外边界半径过小，位于井内")
_TOO_SHALLOW = Text("the domain ends above the bottom of the well", "计算域底面高于井底")
_FINENESS = Text("outside its range", "超出范围")


@dataclass(frozen=True, eq=False)
class WellGrid:
    """Rings around one well; build with :func:`well_grid`.

    Attributes
    ----------
    radius_edges : m, shape (nr + 1,), from the bore (or the pipe inside the gravel) outwards
    depth_edges : m below the surface, shape (nz + 1,)
    annulus_columns : how many columns lie inside the bore, in the gravel or the open hole
    annulus_rows : how many rows from the top reach down to the bottom of the well
    screen : of each row, shape (nz,): -1 no screen, ``2 p`` injection, ``2 p + 1`` extraction
        screen of pair ``p``
    """

    radius_edges: Floats
    depth_edges: Floats
    annulus_columns: int
    annulus_rows: int
    screen: Integers

    @property
    def rows(self) -> int:
        """nz."""
        return len(self.depth_edges) - 1

    @property
    def columns(self) -> int:
        """nr."""
        return len(self.radius_edges) - 1

    @property
    def shape(self) -> tuple[int, int]:
        """(nz, nr)."""
        return self.rows, self.columns

    @property
    def cells(self) -> int:
        """n = nz nr."""
        return self.rows * self.columns

    @property
    def radius(self) -> Floats:
        """Of the node of each column, the geometric mean of its edges, m, shape (nr,)."""
        return np.sqrt(self.radius_edges[:-1] * self.radius_edges[1:])

    @property
    def depth(self) -> Floats:
        """Of the middle of each row, m, shape (nz,)."""
        return 0.5 * (self.depth_edges[:-1] + self.depth_edges[1:])

    @property
    def thickness(self) -> Floats:
        """Of each row, m, shape (nz,)."""
        return np.diff(self.depth_edges)

    @property
    def area(self) -> Floats:
        """Horizontal, of each column, m², shape (nr,)."""
        return np.pi * np.diff(self.radius_edges**2)

    @property
    def volume(self) -> Floats:
        """Of each cell, m³, shape (nz, nr)."""
        return np.outer(self.thickness, self.area)

    @property
    def in_annulus(self) -> NDArray[np.bool_]:
        """Cells inside the bore, shape (nz, nr)."""
        inside = np.zeros(self.shape, bool)
        inside[: self.annulus_rows, : self.annulus_columns] = True
        return inside

    def rows_of(self, pair: int, *, injection: bool) -> Integers:
        """Numbers of the rows beside one screen."""
        return np.flatnonzero(self.screen == 2 * pair + (0 if injection else 1))

    def profile(self, depth: ArrayLike, value: ArrayLike) -> Floats:
        """Values between depths (m, rising), for each row, the ends held, shape (nz,)."""
        return np.interp(self.depth, np.asarray(depth, float), np.asarray(value, float))

    def cell_values(self, of_layers: Floats, column: GroundColumn, inside: float | None) -> Floats:
        """A property of the layers for each cell, another one inside the bore, shape (nz, nr)."""
        rows = of_layers[column.at(self.depth)]
        cells = np.repeat(rows[:, None], self.columns, axis=1)
        if inside is not None:
            cells[self.in_annulus] = inside
        return cells


def well_grid(
    column: GroundColumn,
    well: CirculationWell,
    *,
    outer_radius: float | None = None,
    bottom: float | None = None,
    fineness: float = 1.0,
    annulus_columns: int = _ANNULUS_COLUMNS,
) -> WellGrid:
    """Rings around a well, about 6000 at fineness 1.

    Parameters
    ----------
    column : the ground; its lowest layer goes on below it
    well : bore, screens, gravel
    outer_radius : m: of the cell of one well in a field, or of the open ground; if not given
        150 m, or three spans of the screens stretched by ``sqrt(Kr / Kz)`` where that is more (the
        heads of a dipole fade as ``K0(pi r sqrt(Kz / Kr) / B)``), at most 600 m
    bottom : of the domain, m; 40 m below the well, rounded up to whole tens, if not given
    fineness : 2 gives twice as many rows and columns
    annulus_columns : columns inside the bore where there is gravel

    Raises
    ------
    diwen.problems.InputError : everything that is wrong, at once
    """
    problems = list(_problems(column, well, outer_radius, bottom, fineness))
    if problems:
        raise InputError(problems)
    deep = bottom or 10.0 * np.ceil((well.depth + BELOW_THE_WELL - 1e-9) / 10.0)
    outer = outer_radius or _reach(column, well)
    depth_edges = _depth_edges(column, well, deep, fineness)
    radius_edges, inside = _radius_edges(well, outer, fineness, annulus_columns)
    middle = 0.5 * (depth_edges[:-1] + depth_edges[1:])
    return WellGrid(
        radius_edges, depth_edges, inside, int((middle < well.depth).sum()) if inside else 0,
        _screens(well, middle),
    )  # fmt: skip


def _depth_edges(
    column: GroundColumn, well: CirculationWell, bottom: float, fineness: float
) -> Floats:
    """Rows of even thickness between all depths at which something changes."""
    top = float(column.edges[0])
    fixed = [top, bottom, well.depth, *column.edges]
    for pair in well.pairs:
        for screen in (pair.injection, pair.extraction):
            fixed += [screen.top, screen.bottom]
    kept = np.unique(np.round([depth for depth in fixed if top <= depth <= bottom], 9))
    target = max(_FINEST_ROW, (bottom - top) / _ROWS) / fineness
    pieces = [
        np.linspace(upper, lower, int(np.ceil((lower - upper) / target - 1e-9)) + 1)[:-1]
        for upper, lower in pairwise(kept)
    ]
    return np.append(np.concatenate(pieces), kept[-1])


def _radius_edges(
    well: CirculationWell, outer: float, fineness: float, annulus_columns: int
) -> tuple[Floats, int]:
    total = round(_COLUMNS * fineness)
    if well.annulus is None:
        return np.geomspace(well.radius, outer, total + 1), 0
    inside = max(1, round(annulus_columns * fineness))
    gravel = np.geomspace(well.annulus.inner_radius, well.radius, inside + 1)[:-1]
    return np.append(gravel, np.geomspace(well.radius, outer, total - inside + 1)), inside


def _screens(well: CirculationWell, middle: Floats) -> Integers:
    found = np.full(len(middle), -1, np.intp)
    for number, pair in enumerate(well.pairs):
        for offset, screen in enumerate((pair.injection, pair.extraction)):
            found[(middle > screen.top) & (middle < screen.bottom)] = 2 * number + offset
    return found


def _reach(column: GroundColumn, well: CirculationWell) -> float:
    """Radius beyond which the heads of the well have faded, m."""
    reach = SMALLEST_OUTER_RADIUS
    for pair in well.pairs:
        ends = [pair.injection.top, pair.injection.bottom]
        ends += [pair.extraction.top, pair.extraction.bottom]
        met = slice(int(column.at(min(ends))), int(column.at(max(ends) - 1e-9)) + 1)
        radial, vertical = column.radial_conductivity[met], column.vertical_conductivity[met]
        aquifer = radial > _AQUITARD * radial.max()
        stretch = np.sqrt((radial[aquifer] / vertical[aquifer]).max())
        reach = max(reach, 3.0 * (max(ends) - min(ends)) * stretch)
    return float(min(reach, LARGEST_OUTER_RADIUS))


def _problems(
    column: GroundColumn,
    well: CirculationWell,
    outer_radius: float | None,
    bottom: float | None,
    fineness: float,
) -> Iterator[Problem]:
    tight = _AQUITARD * column.radial_conductivity.max()
    for pair in well.pairs:
        for screen in (pair.injection, pair.extraction):
            shown = f"{screen.top:g}…{screen.bottom:g} m"
            if screen.top < column.edges[0] - 1e-9 or screen.bottom > column.edges[-1] + 1e-9:
                yield Problem("well_grid", "pairs", _OUTSIDE, _DEEPER, shown)
            elif (_conductivity_at(column, screen) < tight).all():
                yield Problem("well_grid", "pairs", _DRY, _INTO_AQUIFER, shown)
    if outer_radius is not None and not 5.0 * well.radius < outer_radius < np.inf:
        allowed = Text(f"more than {5.0 * well.radius:g} m", f"大于 {5.0 * well.radius:g} m")
        shown = f"{outer_radius:g} m"
        yield Problem("well_grid", "outer_radius", _TOO_NARROW, CORRECT, shown, allowed)
    if bottom is not None and not well.depth <= bottom < np.inf:
        allowed = Text(f"{well.depth:g} m or more", f"不小于 {well.depth:g} m")
        yield Problem("well_grid", "bottom", _TOO_SHALLOW, CORRECT, f"{bottom:g} m", allowed)
    if not 0.2 <= fineness <= 10.0:
        allowed = Text("0.2 to 10", "0.2～10")
        yield Problem("well_grid", "fineness", _FINENESS, CORRECT, f"{fineness:g}", allowed)


def _conductivity_at(column: GroundColumn, screen: Screen) -> Floats:
    first, last = column.at([screen.top, screen.bottom - 1e-9])
    return column.radial_conductivity[first : last + 1]
