"""Building ground as polygons, and regular patterns of boreholes inside them.

Plane geometry in m. A position is sound when it stands inside the outline, outside of every
obstacle, and keeps its distance from their edges.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.crossing import borehole_ends
from diwen.sources.borefield.layouts import Coordinates

Floats = NDArray[np.float64]
Pattern = Literal["rectangular", "staggered"]

# Positions on the very edge count as inside.
_TOUCH = 1e-9
# Boreholes that a pattern may have, and edge distances that one search may measure at a time.
_LARGEST, _BUDGET = 200_000, 20_000_000
_SHOWN = 5
_STEPS = (1, 2, 3, 4, 6, 8)

_FEW = Text("a polygon needs at least three corners", "多边形至少需要三个顶点")
_FEW_CURE = Text("give x and y of every corner, in order", "请按顺序给出各顶点的 x、y 坐标")
_CROSSED = Text(
    "edges {one} and {other} of the polygon cross", "多边形第 {one} 边与第 {other} 边相交"
)
_ORDER = Text("give the corners in the order of the outline", "请沿边界依次给出顶点")
_FLAT = Text("the polygon has no area", "多边形面积为零")
_OUT = Text("the obstacle lies outside the polygon", "障碍区位于场地多边形之外")
_OUT_CURE = Text("correct its corners, or leave it out", "请更正顶点坐标，或删去该障碍区")
_ZERO = Text("not a distance above zero", "间距须大于零")
_SPACING_CURE = Text("give the distance between boreholes in m", "请给出以 m 为单位的孔距")
_BELOW = Text("a distance below zero", "距离小于零")
_BELOW_CURE = Text("give 0 or a distance in m", "请填 0 或以 m 为单位的距离")
_NONE = Text("no borehole fits into the polygon", "多边形内放不下钻孔")
_NONE_CURE = Text("reduce spacing or edge distance, or check the unit of the corners (m)",
                  "请减小孔距或退让距离，或核对顶点坐标单位（m）")  # fmt: skip
_MANY = Text("more than {count} boreholes would fit", "可布钻孔数超过 {count}")
_MANY_CURE = Text("check that corners and spacing are in m", "请核对顶点坐标与孔距单位是否为 m")
_OUTSIDE = Text("the {end} of borehole {number} stands outside the polygon",
                "{number} 号钻孔的{end}位于多边形之外")  # fmt: skip
_NEAR = Text("the {end} of borehole {number} stands {distance} m from an edge",
             "{number} 号钻孔的{end}距边界仅 {distance} m")  # fmt: skip
_IN_OBSTACLE = Text("the {end} of borehole {number} stands in or too near to an obstacle",
                    "{number} 号钻孔的{end}位于障碍区内或距其过近")  # fmt: skip
_MOVE = Text("move it, turn it or shorten it", "请移动、转向或缩短该孔")
_MORE = Text("{count} more boreholes stand outside", "另有 {count} 个钻孔越界")
_ENDS = (Text("head", "孔口"), Text("foot", "孔底"))


@dataclass(frozen=True, eq=False)
class Polygon:
    """A simple polygon; build with :meth:`of`.

    Attributes
    ----------
    corners : in the order of the outline, the first not repeated, m, shape (n, 2)
    """

    corners: Floats

    @classmethod
    def of(cls, corners: ArrayLike, name: str = "polygon") -> Polygon:
        """A polygon of its corners (x, y) in m, shape (n, 2); either sense of rotation.

        Raises
        ------
        diwen.problems.InputError : fewer than three corners, edges that cross, no area
        """
        try:
            given = np.asarray(corners, float)
        except (ValueError, TypeError) as error:
            raise InputError([Problem(name, "", _FEW, _FEW_CURE)]) from error
        if given.ndim != 2 or given.shape[1] != 2 or not np.isfinite(given).all():
            raise InputError([Problem(name, "", _FEW, _FEW_CURE, f"{given.shape}")])
        given = given[(given != np.roll(given, 1, axis=0)).any(axis=1)]
        if len(given) < 3:
            raise InputError([Problem(name, "", _FEW, _FEW_CURE, f"{len(given)}", same(">= 3"))])
        polygon = cls(given)
        problems = list(polygon._crossed(name))
        if not problems and polygon.area < 1e-12 * float(np.ptp(given, axis=0).max()) ** 2:
            problems.append(Problem(name, "", _FLAT, _ORDER))
        if problems:
            raise InputError(problems)
        return polygon

    @property
    def area(self) -> float:
        """Area, m2."""
        x, y = (self.corners - self.corners[0]).T
        return abs(float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))) / 2

    def depth(self, points: Floats) -> Floats:
        """Distance to the nearest edge, m, positive inside, negative outside; points (..., 2)."""
        from diwen.sources.borefield.polygon_compiled import depths

        flat = np.ascontiguousarray(points.reshape(-1, 2))
        found: Floats = depths(flat, self.corners)
        return found.reshape(points.shape[:-1])

    def overlaps(self, other: Polygon) -> bool:
        """Whether the two have points in common."""
        if (self.depth(other.corners) > 0).any() or (other.depth(self.corners) > 0).any():
            return True
        ends = [(p.corners, np.roll(p.corners, -1, 0)) for p in (self, other)]
        (a, b), (c, d) = ends
        return bool(_cross(a[:, None], b[:, None], c[None], d[None]).any())

    def _crossed(self, name: str) -> Iterator[Problem]:
        """Pairs of edges that cross, counted from 1; neighbours share a corner only."""
        a, b = self.corners, np.roll(self.corners, -1, axis=0)
        count = len(a)
        meet = _cross(a[:, None], b[:, None], a[None], b[None])
        one, other = np.nonzero(np.triu(meet, 2))
        for i, j in zip(one, other, strict=True):
            if (j + 1) % count != i:
                message = _CROSSED.format(one=i + 1, other=j + 1)
                yield Problem(name, f"{i + 1}, {j + 1}", message, _ORDER)


def _cross(a: Floats, b: Floats, c: Floats, d: Floats) -> NDArray[np.bool_]:
    """Whether segments a-b and c-d meet, touching ends included; broadcast over (..., 2)."""

    def side(p: Floats, q: Floats, r: Floats) -> Floats:
        turn: Floats = (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1])
        return np.sign(turn - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0]))

    apart = (np.maximum(a, b) < np.minimum(c, d)) | (np.maximum(c, d) < np.minimum(a, b))
    through = (side(a, b, c) * side(a, b, d) <= 0) & (side(c, d, a) * side(c, d, b) <= 0)
    return np.asarray(through & ~apart.any(axis=-1))


@dataclass(frozen=True, eq=False)
class Pitch:
    """A pattern of boreholes inside a polygon.

    Attributes
    ----------
    coordinates : positions, m
    angle : of the rows against the x axis, rad
    clearance : smallest distance to an edge of outline or obstacles, m
    """

    coordinates: Coordinates
    angle: float
    clearance: float

    @property
    def count(self) -> int:
        """Number of boreholes."""
        return len(self.coordinates)


def fill_polygon(
    outline: Polygon,
    spacing: float,
    *,
    row_spacing: float | None = None,
    pattern: Pattern = "rectangular",
    obstacles: Sequence[Polygon] = (),
    edge_distance: float = 0.0,
    obstacle_distance: float | None = None,
    angle: float | None = None,
    angle_step: float = math.radians(3.0),
) -> Pitch:
    """The pattern that puts most boreholes into a polygon.

    Angles (steps, and the directions of the edges) and offsets are tried in a fixed order, finer
    around the best; of equal counts the one farthest from the edges is taken, then the first.

    Parameters
    ----------
    outline : the ground
    spacing : between boreholes of a row, m
    row_spacing : between rows, m; where not given the spacing, and for the staggered pattern
        spacing·√3/2, which puts all neighbours one spacing apart
    pattern : rectangular, or every second row shifted by half a spacing
    obstacles : where no borehole may stand
    edge_distance : from the outline, m
    obstacle_distance : from obstacles, m; where not given the edge distance
    angle : of the rows against the x axis, rad; where not given the best is searched
    angle_step : of the search, rad

    Raises
    ------
    diwen.problems.InputError : distances that cannot be, an obstacle outside, nothing fits
    """
    rows = row_spacing
    if rows is None:
        rows = spacing * (math.sqrt(0.75) if pattern == "staggered" else 1.0)
    away = edge_distance if obstacle_distance is None else obstacle_distance
    _refuse(outline, spacing, rows, obstacles, edge_distance, away, angle_step)
    ground = _Ground(outline, tuple(obstacles), edge_distance, away)
    lattice = _Lattice(spacing, rows, pattern == "staggered")
    angles = [angle] if angle is not None else _angles(outline, lattice, angle_step)
    best = _search(ground, lattice, angles, 0.0, 0.0, 1.0)
    if best is None:
        raise InputError([Problem("fill_polygon", "", _NONE, _NONE_CURE, f"{spacing:g} m")])
    for halving in (1, 2, 3):
        turn = angle_step / 2**halving
        near = [angle] if angle is not None else [best.angle + k * turn for k in (-1, 0, 1)]
        found = _search(ground, lattice, near, best.across, best.along, 0.5**halving)
        if found is not None and found.rank > best.rank:
            best = found
    points = best.points[np.lexsort((best.points[:, 0].round(6), best.points[:, 1].round(6)))]
    coordinates = [(float(x), float(y)) for x, y in points]
    return Pitch(coordinates, best.angle % math.pi, best.clearance)


def check_inside(
    boreholes: Boreholes,
    outline: Polygon,
    obstacles: Sequence[Polygon] = (),
    edge_distance: float = 0.0,
    file: str = "boreholes",
) -> None:
    """Refuse boreholes whose head or foot leaves the polygon or enters an obstacle.

    Parameters
    ----------
    boreholes : the field, inclined or not
    outline, obstacles : the ground
    edge_distance : from all edges, m
    file : what the problems are said of

    Raises
    ------
    diwen.problems.InputError : boreholes by number, from 1; the first five
    """
    ends = borehole_ends(boreholes)[:, :, :2]
    inside = outline.depth(ends)
    free = np.full(inside.shape, np.inf)
    for obstacle in obstacles:
        np.minimum(free, -obstacle.depth(ends), out=free)
    wrong = (inside < edge_distance - _TOUCH) | (free < edge_distance - _TOUCH)
    bad = np.flatnonzero(wrong.any(axis=1))
    problems = []
    for number in bad[:_SHOWN]:
        end = int(np.argmax(wrong[number]))
        deep = float(inside[number, end])
        text = _OUTSIDE if deep < 0 else _NEAR if deep < edge_distance - _TOUCH else _IN_OBSTACLE
        message = Text(
            *(
                text.to(language).format(
                    number=number + 1, end=_ENDS[end].to(language), distance=f"{deep:.3g}"
                )
                for language in ("en", "zh")
            )
        )
        x, y = ends[number, end]
        problems.append(Problem(file, f"{number + 1}", message, _MOVE, f"({x:g}, {y:g})"))
    if len(bad) > _SHOWN:
        problems.append(Problem(file, "", _MORE.format(count=len(bad) - _SHOWN), _MOVE))
    if problems:
        raise InputError(problems)


@dataclass(frozen=True, eq=False)
class _Ground:
    """Where boreholes may stand."""

    outline: Polygon
    obstacles: tuple[Polygon, ...]
    edge_distance: float
    obstacle_distance: float

    def clearance(self, points: Floats) -> tuple[NDArray[np.bool_], Floats]:
        """Whether points (..., 2) are sound, and their distance to the nearest edge, m."""
        free = self.outline.depth(points)
        sound = free >= self.edge_distance - _TOUCH
        for obstacle in self.obstacles:
            away = -obstacle.depth(points)
            sound &= away >= self.obstacle_distance - _TOUCH
            np.minimum(free, away, out=free)
        return sound, free


@dataclass(frozen=True, eq=False)
class _Lattice:
    """A pattern without angle and place."""

    spacing: float
    rows: float
    staggered: bool

    def points(self, low: Floats, high: Floats) -> Floats:
        """All positions from one corner of a box on, one period beyond the other, (n, 2)."""
        down = np.arange(math.ceil((high[1] - low[1]) / self.rows) + 2)
        beside = np.arange(math.ceil((high[0] - low[0]) / self.spacing) + 2)
        x, y = np.meshgrid(beside * self.spacing, down * self.rows)
        if self.staggered:
            x = x + (down % 2 * self.spacing / 2)[:, None]
        return np.column_stack([x.ravel() + low[0], y.ravel() + low[1]])


@dataclass(frozen=True, eq=False)
class _Try:
    """One placement: its sound positions, its rank (count, clearance) and where it stands."""

    points: Floats
    clearance: float
    angle: float
    across: float
    along: float

    @property
    def rank(self) -> tuple[int, float]:
        return len(self.points), round(self.clearance, 6)


def _angles(outline: Polygon, lattice: _Lattice, step: float) -> list[float]:
    """Angles to try: along the edges first, then steps over the period of the pattern."""
    edges = np.roll(outline.corners, -1, axis=0) - outline.corners
    square = not lattice.staggered and lattice.rows == lattice.spacing
    period = math.pi / 2 if square else math.pi
    along = {round(math.atan2(dy, dx) % period, 12) for dx, dy in edges}
    return [*sorted(along), *np.arange(0.0, period, step).tolist()]


def _search(
    ground: _Ground,
    lattice: _Lattice,
    angles: Sequence[float],
    across: float,
    along: float,
    reach: float,
) -> _Try | None:
    """The best of the placements around an offset, given in shares of the spacings."""
    corners = ground.outline.corners
    box = np.ptp(corners, axis=0).max() + 2 * max(lattice.spacing, lattice.rows)
    points = (box / lattice.spacing + 2) * (box / lattice.rows + 2)
    edges = len(corners) + sum(len(obstacle.corners) for obstacle in ground.obstacles)
    afford = math.sqrt(max(1.0, _BUDGET / (points * edges * len(angles))))
    steps = max(step for step in _STEPS if step <= afford)
    shares = np.arange(steps) / steps * reach - (reach / 2 if reach < 1 else 0.0)
    best: _Try | None = None
    for angle in angles:
        turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
        turned = corners @ turn.T
        low, high = turned.min(axis=0) + ground.edge_distance, turned.max(axis=0)
        # The pattern is tried from the corner of the box, and once in the middle of it.
        pattern = lattice.points(low - (lattice.spacing, 2 * lattice.rows), high)
        room = (high - ground.edge_distance - low) / (lattice.spacing, lattice.rows)
        middle = (room % 1.0) / 2
        offsets = [(across + dx, along + dy) for dx in shares for dy in shares]
        for dx, dy in [*offsets, (float(middle[0]), float(middle[1]))]:
            shift = np.array([dx % 1.0 * lattice.spacing, dy % 2.0 * lattice.rows])
            points_there = (pattern + shift) @ turn
            sound, free = ground.clearance(points_there)
            if not sound.any() or (best and np.count_nonzero(sound) < len(best.points)):
                continue
            found = _Try(points_there[sound], float(free[sound].min()), angle, dx, dy)
            if best is None or found.rank > best.rank:
                best = found
    return best


def _refuse(
    outline: Polygon,
    spacing: float,
    rows: float,
    obstacles: Sequence[Polygon],
    edge: float,
    away: float,
    step: float,
) -> None:
    """Raise what makes filling impossible, all at once."""
    problems = []
    for name, value in (("spacing", spacing), ("row_spacing", rows), ("angle_step", step)):
        if not (math.isfinite(value) and value > 0):
            problems.append(
                Problem("fill_polygon", name, _ZERO, _SPACING_CURE, f"{value:g}", same("> 0 m"))
            )
    for name, value in (("edge_distance", edge), ("obstacle_distance", away)):
        if not (math.isfinite(value) and value >= 0):
            problems.append(
                Problem("fill_polygon", name, _BELOW, _BELOW_CURE, f"{value:g}", same("≥ 0 m"))
            )
    for number, obstacle in enumerate(obstacles, 1):
        if not outline.overlaps(obstacle):
            problems.append(Problem("fill_polygon", f"obstacles {number}", _OUT, _OUT_CURE))
    if not problems and outline.area / (spacing * rows) > _LARGEST:
        message = _MANY.format(count=_LARGEST)
        problems.append(Problem("fill_polygon", "spacing", message, _MANY_CURE, f"{spacing:g} m"))
    if problems:
        raise InputError(problems)
