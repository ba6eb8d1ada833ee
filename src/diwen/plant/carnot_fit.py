"""Fit of a :class:`CarnotUnit` to operating points: rated, tabulated or measured.

What is fitted are ln η, ln capacity, the sum of the approach temperatures and the two slopes of
the capacity. Each point contributes its ln capacity and ln power, weighted by their relative
uncertainties; each number that has a usual value contributes its distance from it, weighted by the
spread between units. So one point is enough (only η and the capacity leave their starting place),
and every further point improves what it can see. Gauss-Newton steps with bounds; the covariance
is that of the linearised problem.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.plant.carnot_unit import HIGHEST_FRACTION, CarnotUnit, carnot_limit
from diwen.plant.completion import Completion

Floats = NDArray[np.float64]
Residual = Callable[[Floats], Floats]

PARAMETERS = (
    "ln_carnot_fraction", "ln_capacity", "approach", "per_evaporation", "per_condensation",
    "per_lift",
)  # fmt: skip
# η of 5 to 85 %; approaches of 2 to 45 K in all; slopes that keep their sign.
_LOWEST = np.array([np.log(0.05), -np.inf, 2.0, 0.0, 0.0, 0.0])
_HIGHEST = np.array([np.log(HIGHEST_FRACTION), np.inf, 45.0, 0.06, 0.04, 0.03])
_STEPS = np.array([1e-5, 1e-5, 1e-3, 1e-6, 1e-6, 1e-6])


@dataclass(frozen=True, eq=False)
class OperatingPoints:
    """Points at full load in one mode; arrays of one shape (n,).

    Attributes
    ----------
    mode : ``heating`` or ``cooling``
    source : entering from the source, °C
    load : leaving towards the load, °C
    capacity, power : W, above 0
    capacity_uncertainty, power_uncertainty : relative standard uncertainty (k = 1), of each point
        or one for all
    """

    mode: str
    source: Floats
    load: Floats
    capacity: Floats
    power: Floats
    capacity_uncertainty: ArrayLike = 0.02
    power_uncertainty: ArrayLike = 0.02


@dataclass(frozen=True, eq=False)
class CarnotFit:
    """The fitted unit and how well it says the points.

    Attributes
    ----------
    unit : fitted
    parameters : in the order of :data:`PARAMETERS`, shape (6,)
    covariance : of them, shape (6, 6)
    capacity_residual, power_residual : fitted over given − 1, shape (n,)
    chi_squared : sum of squared weighted residuals of the points
    at_bound : parameters that stand at the end of what is allowed
    """

    unit: CarnotUnit
    parameters: Floats
    covariance: Floats
    capacity_residual: Floats
    power_residual: Floats
    chi_squared: float
    at_bound: tuple[str, ...]


def fit_carnot(points: OperatingPoints, usual: Completion) -> CarnotFit:
    """The unit that says the points best, staying near the usual values where they are silent.

    Parameters
    ----------
    points : at least one
    usual : values and spreads of the kind of unit
    """
    start = _start(points, usual)
    blank = _blank(points, usual)
    prior = _usual_values(usual)
    spread = np.array([usual.approach_spread, usual.slope_spread, 0.5 * usual.slope_spread,
                       usual.lift_spread])  # fmt: skip

    def residual(values: Floats) -> Floats:
        mine = _point_residuals(points, unit_with(blank, values))
        return np.concatenate([mine, (values[2:] - prior) / spread])

    found, jacobian = _gauss_newton(residual, start)
    unit = unit_with(blank, found)
    capacity, power = unit.performance(points.source, points.load)
    weighted = _point_residuals(points, unit)
    stuck = (found <= _LOWEST + 1e-9) | (found >= _HIGHEST - 1e-9)
    return CarnotFit(
        unit,
        found,
        np.asarray(np.linalg.inv(jacobian.T @ jacobian), float),
        capacity / points.capacity - 1.0,
        power / points.power - 1.0,
        float(weighted @ weighted),
        tuple(name for name, is_stuck in zip(PARAMETERS, stuck, strict=True) if is_stuck),
    )


def _blank(points: OperatingPoints, usual: Completion) -> CarnotUnit:
    """A unit with everything that is not fitted; the reference is the mean of the points."""
    unit = CarnotUnit(
        points.mode, usual.carnot_fraction, usual.source_approach, usual.load_approach,
        1.0, 0.0, 0.0, usual.per_evaporation, usual.per_condensation, usual.per_lift,
        usual.least_lift,
    )  # fmt: skip
    evaporation, condensation = unit.refrigerant(points.source, points.load)
    return replace(
        unit,
        reference_evaporation=float(np.mean(evaporation)),
        reference_condensation=float(np.mean(condensation)),
        highest_evaporation=float(np.max(evaporation)) + usual.suction_margin,
    )


def unit_with(blank: CarnotUnit, values: Floats) -> CarnotUnit:
    """A unit with other fitted numbers; both approaches keep their proportion.

    The reference moves with the approaches, so that the capacity belongs to the same fluids.

    Parameters
    ----------
    blank : gives everything else
    values : in the order of :data:`PARAMETERS`, shape (6,)
    """
    share = blank.source_approach / (blank.source_approach + blank.load_approach)
    source, load = float(values[2]) * share, float(values[2]) * (1.0 - share)
    more_source, more_load = source - blank.source_approach, load - blank.load_approach
    cold, warm = (more_source, more_load) if blank.mode == "heating" else (more_load, more_source)
    return replace(
        blank,
        carnot_fraction=float(np.exp(values[0])),
        capacity=float(np.exp(values[1])),
        source_approach=source,
        load_approach=load,
        per_evaporation=float(values[3]),
        per_condensation=float(values[4]),
        per_lift=float(values[5]),
        reference_evaporation=blank.reference_evaporation - cold,
        reference_condensation=blank.reference_condensation + warm,
        highest_evaporation=blank.highest_evaporation - cold,
    )


def _start(points: OperatingPoints, usual: Completion) -> Floats:
    """Usual slopes and approaches, with the Carnot fraction that the points then have."""
    blank = _blank(points, usual)
    unit = replace(blank, carnot_fraction=0.5)
    known = unit.efficiency(points.source, points.load) / 0.5
    fraction = np.mean(points.capacity / points.power / known)
    values = [np.log(fraction), np.mean(np.log(points.capacity)), *_usual_values(usual)]
    return np.clip(values, _LOWEST, _HIGHEST)


def _usual_values(usual: Completion) -> Floats:
    """Of the parameters that have one, shape (4,)."""
    approach = usual.source_approach + usual.load_approach
    return np.array([approach, usual.per_evaporation, usual.per_condensation, usual.per_lift])


def _point_residuals(points: OperatingPoints, unit: CarnotUnit) -> Floats:
    """Weighted residuals of ln capacity and ln power, shape (2 n,)."""
    capacity, power = unit.performance(points.source, points.load)
    return np.concatenate(
        [
            np.log(capacity / points.capacity) / np.asarray(points.capacity_uncertainty),
            np.log(power / points.power) / np.asarray(points.power_uncertainty),
        ]
    )


def _gauss_newton(residual: Residual, start: Floats) -> tuple[Floats, Floats]:
    """Least squares within the bounds by damped steps; the solution and its Jacobian there."""
    values, damping = start.copy(), 1e-6
    now = residual(values)
    for _ in range(100):
        jacobian = _jacobian(residual, values, now)
        gradient = jacobian.T @ now
        # A number at its bound that would leave it stays there.
        free = ~(((values <= _LOWEST) & (gradient > 0)) | ((values >= _HIGHEST) & (gradient < 0)))
        normal = jacobian[:, free].T @ jacobian[:, free]
        step = np.zeros_like(values)
        step[free] = -np.linalg.solve(
            normal + damping * np.diag(np.diag(normal)), jacobian[:, free].T @ now
        )
        trial = np.clip(values + step, _LOWEST, _HIGHEST)
        after = residual(trial)
        if after @ after <= now @ now:
            moved = np.max(np.abs(trial - values) / (np.abs(values) + 1e-3))
            values, now, damping = trial, after, max(damping / 10.0, 1e-12)
            if moved < 1e-10:
                break
        else:
            damping *= 10.0
            if damping > 1e8:
                break
    return values, _jacobian(residual, values, now)


def _jacobian(residual: Residual, values: Floats, now: Floats) -> Floats:
    columns = []
    for i, step in enumerate(_STEPS):
        moved = values.copy()
        moved[i] += step if values[i] + step <= _HIGHEST[i] else -step
        columns.append((residual(moved) - now) / (moved[i] - values[i]))
    return np.stack(columns, axis=1)


def above_carnot(points: OperatingPoints) -> NDArray[np.bool_]:
    """Points that no machine can have, shape (n,)."""
    limit = carnot_limit(points.mode, points.source, points.load)
    return np.asarray(points.capacity / points.power >= limit)
