"""A map out of one or a few rated points, completed by a Carnot fraction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from diwen.plant.carnot_fit import CarnotFit, OperatingPoints, fit_carnot
from diwen.plant.completion import Completion, axis
from diwen.plant.defrost import Frost, with_frost
from diwen.plant.performance_map import PerformanceMap

Floats = NDArray[np.float64]


def map_from_ratings(
    points: OperatingPoints,
    usual: Completion,
    source_range: tuple[float, float],
    load_range: tuple[float, float],
    frost: Frost | None = None,
    origin: str = "",
) -> PerformanceMap:
    """The map of a unit of which a few points are known.

    One point is met exactly; several as well as one Carnot unit can (:func:`ratings_fit` says how
    well). Everything outside the rated temperatures counts as extrapolated.

    Parameters
    ----------
    points : rated points at full load, at least one
    usual : values that complete them
    source_range, load_range : of the map, °C; widened where a point lies outside
    frost : of an air unit that heats; the rated points hold it already
    origin : for people
    """
    unit = ratings_fit(points, usual, frost).unit
    made = unit.over(
        axis(*source_range, points.source),
        axis(*load_range, points.load),
        _ends(points.source),
        _ends(points.load),
        origin,
    )
    return made if frost is None else with_frost(made, frost)


def ratings_fit(points: OperatingPoints, usual: Completion, frost: Frost | None) -> CarnotFit:
    """The Carnot unit of the points, without their frost."""
    return fit_carnot(points if frost is None else without_frost(points, frost), usual)


def without_frost(points: OperatingPoints, frost: Frost) -> OperatingPoints:
    """What the unit would do on a dry coil, where its tests contain the defrosting (EN 14511)."""
    capacity, power = frost.factors(points.source)
    return replace(points, capacity=points.capacity / capacity, power=points.power / power)


def _ends(values: Floats) -> tuple[float, float]:
    return float(np.min(values)), float(np.max(values))
