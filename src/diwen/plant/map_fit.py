"""A map fitted to what a unit did: steady operating points with their uncertainties.

The Carnot unit of :mod:`.carnot_fit` is fitted to measured heat and power; what it predicts
elsewhere carries the uncertainty of the fit. Where the points scatter more than their
uncertainties explain, the uncertainty of the prediction is widened accordingly (Birge ratio).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.plant.carnot_fit import PARAMETERS, CarnotFit, OperatingPoints, fit_carnot, unit_with
from diwen.plant.completion import Completion, axis
from diwen.plant.performance_map import PerformanceMap

Floats = NDArray[np.float64]

_STEPS = np.array([1e-4, 1e-4, 1e-2, 1e-5, 1e-5, 1e-5])


@dataclass(frozen=True, eq=False)
class Prediction:
    """Capacity and power at some temperatures, with relative standard uncertainties of the fit.

    Attributes
    ----------
    capacity, power : W, shape (n,)
    capacity_uncertainty, power_uncertainty : relative, k = 1, shape (n,)
    """

    capacity: Floats
    power: Floats
    capacity_uncertainty: Floats
    power_uncertainty: Floats


@dataclass(frozen=True, eq=False)
class MeasuredMap:
    """A unit as measured.

    Attributes
    ----------
    map : over the asked range; tested is what was measured
    fit : the Carnot unit and its residuals
    widened : factor on the uncertainty because the points scatter more than they should, ≥ 1
    """

    map: PerformanceMap
    fit: CarnotFit
    widened: float

    def predicted(self, source: ArrayLike, load: ArrayLike) -> Prediction:
        """What the unit would do at temperatures in °C (source entering, load leaving)."""
        at_source, at_load = np.asarray(source, float), np.asarray(load, float)
        capacity, power = self.fit.unit.performance(at_source, at_load)
        changes = []
        for i, step in enumerate(_STEPS):
            values = self.fit.parameters.copy()
            values[i] += step
            moved = unit_with(self.fit.unit, values).performance(at_source, at_load)
            changes.append(
                [np.log(m / n) / step for m, n in zip(moved, (capacity, power), strict=True)]
            )
        gradient = np.array(changes)  # parameters, capacity or power, points
        variance = np.einsum("ik...,ij,jk...->k...", gradient, self.fit.covariance, gradient)
        spread = self.widened * np.sqrt(variance)
        return Prediction(capacity, power, spread[0], spread[1])


def map_from_measurements(
    points: OperatingPoints,
    usual: Completion,
    source_range: tuple[float, float],
    load_range: tuple[float, float],
    origin: str = "",
) -> MeasuredMap:
    """The map of a unit from steady operating points at full load.

    Parameters
    ----------
    points : with the uncertainties of heat and power, at least one
    usual : values for what the points do not say
    source_range, load_range : of the map, °C; widened to the points
    origin : for people
    """
    fit = fit_carnot(points, usual)
    made = fit.unit.over(
        axis(*source_range, _ends(points.source)),
        axis(*load_range, _ends(points.load)),
        (float(np.min(points.source)), float(np.max(points.source))),
        (float(np.min(points.load)), float(np.max(points.load))),
        origin,
    )
    freedom = max(2 * points.source.size - len(PARAMETERS), 1)
    return MeasuredMap(made, fit, max(1.0, float(np.sqrt(fit.chi_squared / freedom))))


def _ends(values: Floats) -> Floats:
    return np.array([np.min(values), np.max(values)])
