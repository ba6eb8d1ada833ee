"""A map out of a maker's table, gridded or scattered, carried beyond it by a Carnot unit.

A Carnot unit is fitted to the table. What the table says differs from it by a factor, near 1 and
smooth; that factor is interpolated between the points and kept beyond them. So the map is the
table at its points, follows physics between and beyond them, and has no step at the edge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diwen.plant.carnot_fit import CarnotFit, OperatingPoints, fit_carnot
from diwen.plant.carnot_unit import carnot_limit
from diwen.plant.completion import Completion, axis
from diwen.plant.defrost import Frost, with_frost
from diwen.plant.map_from_ratings import without_frost
from diwen.plant.performance_map import PerformanceMap

Floats = NDArray[np.float64]

# A table counts as a grid where its points fill that share of all crossings of their temperatures.
_FILLED = 0.3
# Distance of neighbours on the grid that stands in for scattered points, K.
_STEP = 2.5
# Closeness to Carnot that an extrapolated point may not exceed.
_NEAREST_TO_CARNOT = 0.9


@dataclass(frozen=True, eq=False)
class TableMap:
    """A map and the Carnot unit that carries it beyond its table.

    Attributes
    ----------
    map : over the whole range
    fit : of the Carnot unit to the table
    """

    map: PerformanceMap
    fit: CarnotFit


def map_from_table(
    points: OperatingPoints,
    usual: Completion,
    source_range: tuple[float, float],
    load_range: tuple[float, float],
    frost: Frost | None = None,
    origin: str = "",
) -> TableMap:
    """The map of a unit of which a table is known.

    Parameters
    ----------
    points : of the table, at full load
    usual : values for what the table does not say
    source_range, load_range : of the map, °C; widened to the table
    frost : of an air unit that heats; its table holds it already
    origin : for people
    """
    dry = points if frost is None else without_frost(points, frost)
    fit = fit_carnot(dry, usual)
    known_source, known_load = _nodes(points.source, points.load)
    source, load = axis(*source_range, known_source), axis(*load_range, known_load)
    capacity, power = fit.unit.performance(source[:, None], load[None, :])
    fitted_capacity, fitted_power = fit.unit.performance(dry.source, dry.load)
    capacity = capacity * _factor(
        points, np.log(dry.capacity / fitted_capacity), known_source, known_load, source, load
    )
    power = power * _factor(
        points, np.log(dry.power / fitted_power), known_source, known_load, source, load
    )
    tested = (_ends(points.source), _ends(points.load))
    made = PerformanceMap(points.mode, source, load, capacity, power, *tested, origin)
    made = _falling_with_lift(_allowed_by_nature(made))
    return TableMap(made if frost is None else with_frost(made, frost), fit)


def _nodes(source: Floats, load: Floats) -> tuple[Floats, Floats]:
    """Axes of the factor: those of the table, or an even grid over scattered points, °C."""
    sources, loads = np.unique(np.round(source, 6)), np.unique(np.round(load, 6))
    if source.size >= _FILLED * sources.size * loads.size:
        return sources, loads
    return _even(sources), _even(loads)


def _even(values: Floats) -> Floats:
    count = int(np.ceil((values[-1] - values[0]) / _STEP))
    return np.linspace(values[0], values[-1], max(count, 1) + 1)


def _factor(
    points: OperatingPoints,
    logarithm: Floats,
    known_source: Floats,
    known_load: Floats,
    source: Floats,
    load: Floats,
) -> Floats:
    """Table over Carnot unit at every point of the map, shape (ns, nl)."""
    table = _filled(points, logarithm, known_source, known_load)
    flat = PerformanceMap("", known_source, known_load, table, table, (0.0, 0.0), (0.0, 0.0))
    return np.exp(flat.at(source[:, None], load[None, :])[0])


def _filled(
    points: OperatingPoints, logarithm: Floats, known_source: Floats, known_load: Floats
) -> Floats:
    """Values at all crossings: those given, else inverse-distance means, shape (ns, nl)."""
    across = (known_source[:, None, None] - points.source) / _scale(points.source)
    up = (known_load[None, :, None] - points.load) / _scale(points.load)
    distance = across**2 + up**2
    nearest = distance.argmin(axis=2)
    weight = 1.0 / np.maximum(distance, 1e-12) ** 2
    mean = (weight * logarithm).sum(axis=2) / weight.sum(axis=2)
    here = np.take_along_axis(distance, nearest[:, :, None], axis=2)[:, :, 0] < 1e-12
    return np.where(here, logarithm[nearest], mean)


def _scale(values: Floats) -> float:
    return max(float(np.ptp(values)), 1.0)


def _allowed_by_nature(made: PerformanceMap) -> PerformanceMap:
    """The map with more power where, outside the tested part, its COP would come near to Carnot."""
    source, load = made.source[:, None], made.load[None, :]
    least = made.capacity / (_NEAREST_TO_CARNOT * carnot_limit(made.mode, source, load))
    outside = made.extrapolated(source, load)
    power = np.where(outside, np.maximum(made.power, least), made.power)
    if made.mode == "heating":
        power = np.where(outside, np.minimum(power, made.capacity), power)
    return replace(made, power=power)


def _falling_with_lift(made: PerformanceMap) -> PerformanceMap:
    """The map with no rise of the efficiency over the lift outside the tested part.

    The factor that is kept beyond the table carries the table's rounding with it; where the
    machine itself is nearly flat that could turn the efficiency round by some percent. Outwards
    from the table, each line is held to its inner neighbour and made monotonic in itself.
    """
    efficiency = made.capacity / made.power
    # Seen as a heating map, efficiency rises along the first axis and falls along the second.
    turned = efficiency if made.mode == "heating" else efficiency[::-1, ::-1]
    source, load = (_inside(made.source, made.tested_source), _inside(made.load, made.tested_load))
    if made.mode == "cooling":
        source, load = (_mirrored(source, made.source.size), _mirrored(load, made.load.size))
    # Towards more lift the lines may only be lower, towards less lift only higher.
    _hold(turned.T, load, np.maximum, np.minimum)
    _hold(turned[:, ::-1], source, np.minimum, np.maximum)
    outside = made.extrapolated(made.source[:, None], made.load[None, :])
    return replace(made, power=np.where(outside, made.capacity / efficiency, made.power))


def _hold(lines: Floats, inside: tuple[int, int], before: np.ufunc, after: np.ufunc) -> None:
    """Hold the lines outside to their neighbours; along each the values are to rise. In place.

    Parameters
    ----------
    lines : shape (lines, points), rising along the second axis
    inside : first and last line that stay
    before, after : ``np.maximum`` or ``np.minimum``, for the lines before and after those
    """
    order = [(i, i + 1, before) for i in range(inside[0] - 1, -1, -1)]
    order += [(i, i - 1, after) for i in range(inside[1] + 1, len(lines))]
    for line, neighbour, choose in order:
        held = choose(lines[line], lines[neighbour])
        if choose is np.maximum:
            lines[line] = np.maximum.accumulate(held)
        else:
            lines[line] = np.minimum.accumulate(held[::-1])[::-1]


def _mirrored(inside: tuple[int, int], size: int) -> tuple[int, int]:
    return size - 1 - inside[1], size - 1 - inside[0]


def _inside(points: Floats, tested: tuple[float, float]) -> tuple[int, int]:
    """First and last point of an axis within the tested range."""
    within = np.flatnonzero((points >= tested[0]) & (points <= tested[1]))
    return int(within[0]), int(within[-1])


def _ends(values: Floats) -> tuple[float, float]:
    return float(np.min(values)), float(np.max(values))
