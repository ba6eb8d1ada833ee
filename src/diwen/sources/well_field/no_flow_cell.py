"""Regular fields: the ground that one well has for itself, and which model suits the field.

In a regular field of equal wells no heat passes from one to the next, by symmetry: each has a cell
with a closed edge, taken as a circle of the same area, R = √(area/π). The cells of an irregular
field are those of Voronoi: the ground nearer to this well than to any other, as far as the plot
goes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.well_field.doublet import positive_problems
from diwen.sources.well_field.potential_flow import position_problems
from diwen.value_problems import CORRECT

Floats = NDArray[np.float64]
Model = Literal["alone", "cell", "kernels"]

_DIRECTIONS = 64  # of the rounded outline around wells without a plot
_SHAPE = Text("a position is not two numbers", "井位不是两个数")
_ALONE = Text(
    "{spacing} m to the nearest neighbour is more than twice the thermal reach of {reach} m: "
    "each well stands alone",
    "最近井距 {spacing} m 大于热影响半径 {reach} m 的两倍：各井可单独计算",
)
_REGIONAL = Text(
    "regional flow carries {share} % of the mean extraction, more than {limit} %: kernels of "
    "particles, as the axial symmetry is lost",
    "区域地下水流带入热量为平均取热量的 {share} %，超过 {limit} %：轴对称不再成立，"
    "采用粒子追踪核函数",
)
_IRREGULAR = Text(
    "the cells differ by {spread} % (standard deviation), more than {limit} %: kernels of "
    "particles, which know every distance",
    "各井分担面积的标准差为 {spread} %，超过 {limit} %：采用能反映各井距的粒子追踪核函数",
)
_CELL = Text(
    "the field is regular (cells differ by {spread} %) and regional flow is small: a closed cell "
    "of {radius} m radius for each well, on the safe side at the edge of the field",
    "井群布置规则（分担面积标准差 {spread} %），区域地下水流较弱："
    "每口井取半径 {radius} m 的封闭单元，对边缘井偏于安全",
)


@dataclass(frozen=True, eq=False)
class FieldCells:
    """The ground of each well of a field.

    Attributes
    ----------
    areas : m², shape (n,)
    nearest : distance to the nearest other well, m, inf for a single one, shape (n,)
    """

    areas: Floats
    nearest: Floats

    @property
    def radii(self) -> Floats:
        """Of the circles of the same areas, m, shape (n,)."""
        return np.sqrt(self.areas / math.pi)

    @property
    def spread(self) -> float:
        """Standard deviation of the areas over their mean; 0 for a regular field."""
        return float(self.areas.std() / self.areas.mean())


@dataclass(frozen=True)
class FieldModel:
    """Which model suits a field of wells, and why.

    Attributes
    ----------
    model : ``alone``: one well in endless ground; ``cell``: one well in a closed cell;
        ``kernels``: :mod:`.circulation_field` or :mod:`.potential_flow`
    radius : of the closed cell for ``cell``, m: the smallest of all
    reason : for the reader
    """

    model: Model
    radius: float | None
    reason: Text


def cell_radius(spacing: float, pattern: Literal["square", "triangular"] = "square") -> float:
    """Radius of the circle with the area of one well of an endless regular field, m.

    Parameters
    ----------
    spacing : between neighbours, m
    pattern : ``square`` (area s²) or ``triangular`` (s² √3/2)
    """
    problems = list(positive_problems("cell", {"spacing": spacing}))
    if problems:
        raise InputError(problems)
    area = spacing**2 * (1.0 if pattern == "square" else 0.5 * math.sqrt(3.0))
    return math.sqrt(area / math.pi)


def field_cells(positions: ArrayLike, plot: ArrayLike | None = None) -> FieldCells:
    """Voronoi cells of the wells, cut at the edge of the plot.

    Parameters
    ----------
    positions : m, shape (n, 2)
    plot : corners of the ground that belongs to the field, in order, m, shape (nc, 2); if not
        given, the convex hull of the wells widened by half of their mean distance to the nearest
        neighbour, which makes cells at the edge of a regular field as large as those inside

    Raises
    ------
    diwen.problems.InputError : wells at the same place
    """
    at = np.atleast_2d(np.asarray(positions, float))
    problems = list(_problems(at))
    if problems:
        raise InputError(problems)
    gaps = np.hypot(*(at[:, None] - at).transpose(2, 0, 1))
    np.fill_diagonal(gaps, np.inf)
    nearest = gaps.min(axis=1)
    if plot is None:
        reach = float(nearest.mean())
        outline = _widened_hull(at, 0.5 * reach if math.isfinite(reach) else 0.0)
    else:
        outline = np.asarray(plot, float)
    areas = np.array([_area(_cell(number, at, outline)) for number in range(len(at))])
    return FieldCells(areas if len(at) > 1 or plot is not None else np.array([np.inf]), nearest)


def choose_field_model(
    cells: FieldCells,
    *,
    thermal_reach: float,
    regional_ratio: float = 0.0,
    largest_spread: float = 0.2,
    largest_regional_ratio: float = 0.1,
) -> FieldModel:
    """Which model to take for a field of circulation wells.

    Parameters
    ----------
    cells : of the field
    thermal_reach : radius that the returned water and conduction disturb within the period, m
    regional_ratio : of :func:`diwen.sources.aquifer.thermal_front.regional_flow_share`
    largest_spread : of the cells up to which a field counts as regular
    largest_regional_ratio : up to which regional flow is left out
    """
    nearest = float(cells.nearest.min())
    if regional_ratio > largest_regional_ratio:
        reason = _REGIONAL.format(
            share=f"{100.0 * regional_ratio:.0f}", limit=f"{100.0 * largest_regional_ratio:.0f}"
        )
        return FieldModel("kernels", None, reason)
    if nearest > 2.0 * thermal_reach:
        shown = "∞" if math.isinf(nearest) else f"{nearest:.0f}"
        return FieldModel("alone", None, _ALONE.format(spacing=shown, reach=f"{thermal_reach:.0f}"))
    spread = f"{100.0 * cells.spread:.0f}"
    if cells.spread > largest_spread:
        limit = f"{100.0 * largest_spread:.0f}"
        return FieldModel("kernels", None, _IRREGULAR.format(spread=spread, limit=limit))
    radius = float(cells.radii.min())
    return FieldModel("cell", radius, _CELL.format(spread=spread, radius=f"{radius:.0f}"))


def _cell(number: int, positions: Floats, outline: Floats) -> Floats:
    """The part of the outline that is nearer to one well than to all others."""
    own, cell = positions[number], outline
    for other in np.delete(positions, number, axis=0):
        cell = _clipped(cell, 0.5 * (own + other), other - own)
        if not len(cell):
            break
    return cell


def _clipped(corners: Floats, point: Floats, away: Floats) -> Floats:
    """The part of a polygon on the near side of a line (Sutherland & Hodgman 1974)."""
    beyond = (corners - point) @ away
    following, next_beyond = np.roll(corners, -1, axis=0), np.roll(beyond, -1)
    kept = []
    for a, b, da, db in zip(corners, following, beyond, next_beyond, strict=True):
        if da <= 0.0:
            kept.append(a)
        if (da < 0.0 < db) or (db < 0.0 < da):
            kept.append(a + (b - a) * da / (da - db))
    return np.array(kept).reshape(-1, 2)


def _area(corners: Floats) -> float:
    if len(corners) < 3:
        return 0.0
    x, y = (corners - corners[0]).T
    return 0.5 * abs(float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))))


def _widened_hull(positions: Floats, margin: float) -> Floats:
    """What lies no more than a margin beyond the wells, in any of many directions."""
    low, high = positions.min(axis=0) - 2.0 * margin, positions.max(axis=0) + 2.0 * margin
    outline = np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]])
    for angle in 2.0 * math.pi * np.arange(_DIRECTIONS) / _DIRECTIONS:
        away = np.array([math.cos(angle), math.sin(angle)])
        farthest = positions[np.argmax(positions @ away)] + margin * away
        outline = _clipped(outline, farthest, away)
    return outline


def _problems(positions: Floats) -> Iterator[Problem]:
    if positions.ndim != 2 or positions.shape[1] != 2:
        yield Problem("cells", "positions", _SHAPE, CORRECT, f"{positions.shape}")
        return
    yield from position_problems("cells", positions)
