"""The parameters of an aquifer by least squares over the whole curve, under any flow in steps.

Drawdowns of all wells are fitted together, each reading with the same weight; thin dense logger
data first (:meth:`PumpingTest.thinned`). Screens are taken to be complete: partial penetration and
layering are not corrected.

Source: the type-curve match of C. V. Theis (1935) and W. C. Walton (1962) done by least squares on
ln T and ln S; uncertainty after JCGM 100:2008.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.pumping_test.aquifer_models import (
    MODELS,
    AquiferModel,
    ModelName,
    first_guess,
    model_drawdown,
)
from diwen.sources.pumping_test.correlated_residuals import (
    first_order_deviance,
    variance_ratio,
)
from diwen.sources.pumping_test.estimate import (
    DISTANCE,
    FLOW,
    LEVEL,
    RESIDUALS,
    WINDOW,
    Contribution,
    Estimate,
    MeasurementErrors,
    combined,
)
from diwen.sources.pumping_test.quality import curve_hints
from diwen.sources.pumping_test.record import PumpingTest

Floats = NDArray[np.float64]

_NO_ANSWER = Text(
    "the levels do not answer to the flow with the right sign", "水位变化方向与流量不符"
)
_SIGN = Text(
    "drawdown is positive downwards, injection a negative flow", "降深向下为正，回灌流量为负"
)


@dataclass(frozen=True, eq=False)
class CurveFit:
    """Result of a fit.

    Attributes
    ----------
    model : what was assumed
    transmissivity, storativity : m²/s and share, with their intervals (k = 2)
    third : resistance of the roof, s, or distance of the image well, m; None for Theis
    covariance : of the logarithms of the parameters, combined, shape (np, np)
    contributions : what it is made of
    time, measured, fitted : of all wells one after the other, s and m, shape (n,)
    counts : readings of each well, shape (nw,)
    rms : of the residuals, m; effective_count : independent readings
    criterion : AICc with autocorrelated residuals; lower is better on the same readings
    warnings : what to mind
    """

    model: AquiferModel
    transmissivity: Estimate
    storativity: Estimate
    third: Estimate | None
    covariance: Floats
    contributions: tuple[Contribution, ...]
    time: Floats
    measured: Floats
    fitted: Floats
    counts: tuple[int, ...]
    rms: float
    effective_count: float
    criterion: float
    warnings: tuple[Text, ...]

    @property
    def residuals(self) -> Floats:
        """Measured less fitted, m, shape (n,)."""
        return self.measured - self.fitted


def fit_curve(
    test: PumpingTest,
    model: ModelName = "theis",
    errors: MeasurementErrors | None = None,
    *,
    windows: bool = True,
) -> CurveFit:
    """Fit one model of the aquifer to a test.

    Parameters
    ----------
    test : flow and drawdowns, recovery included if it was measured
    model : ``theis``, ``leaky`` or ``barrier`` (one tight straight boundary far from all wells)
    errors : standard uncertainties of the measurements; engineering defaults if not given
    windows : refit without the early and without the late third of the logarithm of time, and
        count what that moves beyond the noise as uncertainty

    Raises
    ------
    diwen.problems.InputError : the levels answer with the wrong sign
    """
    given = errors or MeasurementErrors()
    found, jacobian, residuals = _solved(model, test, None)
    counts = tuple(len(well.time) for well in test.observations)
    regression, inflation = _regression(jacobian, residuals, counts)
    lines = [Contribution(RESIDUALS, regression)]
    lines += _measurement_lines(model, test, found, given)
    if windows:
        lines.append(Contribution(WINDOW, _window_covariance(model, test, found)))
    total = combined(lines)
    measured = np.concatenate([well.drawdown for well in test.observations])
    values, spread = np.exp(found), np.sqrt(np.diag(total))
    parameters = [
        Estimate.positive(float(v), float(u)) for v, u in zip(values, spread, strict=True)
    ]
    return CurveFit(
        model=MODELS[model],
        transmissivity=parameters[0],
        storativity=parameters[1],
        third=parameters[2] if len(parameters) > 2 else None,
        covariance=total,
        contributions=tuple(lines),
        time=np.concatenate([well.time for well in test.observations]),
        measured=measured,
        fitted=measured - residuals,
        counts=counts,
        rms=float(np.sqrt(np.mean(residuals**2))),
        effective_count=len(residuals) / inflation,
        criterion=_criterion(_by_well(residuals, counts), len(found)),
        warnings=curve_hints(test, float(values[0]), float(values[1])),
    )


def _solved(
    model: ModelName, test: PumpingTest, start: Floats | None
) -> tuple[Floats, Floats, Floats]:
    """Logarithms of the parameters, Jacobian (n, np) and residuals measured less fitted (n,)."""
    measured = np.concatenate([well.drawdown for well in test.observations])
    guess = first_guess(model, test) if start is None else start
    if not guess.any():
        raise InputError([Problem("pumping test", "drawdown", _NO_ANSWER, _SIGN)])
    centre = guess.copy()

    def residuals(logarithms: Floats) -> Floats:
        # Thirty powers of e around the guess: no overflow, no harm to any fit.
        held = np.clip(logarithms, centre - 30.0, centre + 30.0)
        return measured - model_drawdown(model, held, test)

    scale = max(float(np.sqrt(np.mean(measured**2))), 1e-12)
    run = least_squares(lambda x: residuals(x) / scale, guess, xtol=1e-10, ftol=1e-12, gtol=1e-12)
    return run.x, -run.jac * scale, residuals(run.x)


def _regression(
    jacobian: Floats, residuals: Floats, counts: tuple[int, ...]
) -> tuple[Floats, float]:
    """Covariance of the logarithms from the residuals, and the factor for autocorrelation."""
    free = max(len(residuals) - jacobian.shape[1], 1)
    inflation = variance_ratio(_by_well(residuals, counts), jacobian.shape[1])
    variance = float(residuals @ residuals) / free * inflation
    # A parameter that moves nothing is unknown, not exact: the ridge makes its variance large.
    normal = jacobian.T @ jacobian
    ridge = 1e-10 * float(np.diag(normal).max()) * np.eye(len(normal))
    return np.linalg.inv(normal + ridge) * variance, inflation


def _measurement_lines(
    model: ModelName, test: PumpingTest, found: Floats, errors: MeasurementErrors
) -> list[Contribution]:
    """Flow and distance in closed form, the level at rest by refitting."""
    size = len(found)
    # s = Q/T f(r² S/(T t)): with Q grow T and S alike, c = B²/T falls; with r falls S as r⁻².
    by_flow, by_distance = np.zeros(size), np.zeros(size)
    by_flow[:2], by_distance[1] = 1.0, -2.0
    if model == "leaky":
        by_flow[2], by_distance[2] = -1.0, 2.0
    elif model == "barrier":
        by_distance[2] = 1.0
    lines = [
        Contribution(FLOW, errors.flow**2 * np.outer(by_flow, by_flow)),
        Contribution(DISTANCE, errors.distance**2 * np.outer(by_distance, by_distance)),
    ]
    if errors.level > 0.0:
        up, _, _ = _solved(model, test.shifted(errors.level), found)
        down, _, _ = _solved(model, test.shifted(-errors.level), found)
        moved = 0.5 * (up - down)
        lines.append(Contribution(LEVEL, np.outer(moved, moved)))
    return lines


def _window_covariance(model: ModelName, test: PumpingTest, found: Floats) -> Floats:
    """What the early and the late third move the result, beyond their own noise."""
    begin = test.start
    times = np.concatenate([well.time for well in test.observations]) - begin
    low, high = math.log(float(times[times > 0].min())), math.log(float(times.max()))
    total = np.zeros((len(found), len(found)))
    bounds = [
        (begin + math.exp(low + (high - low) / 3.0), math.inf),
        (-math.inf, begin + math.exp(high - (high - low) / 3.0)),
    ]
    for start, end in bounds:
        part = test.inside(start, end)
        counts = tuple(len(well.time) for well in part.observations)
        if sum(counts) < 2 * len(found) + 2:
            continue
        other, jacobian, residuals = _solved(model, part, found)
        own, _ = _regression(jacobian, residuals, counts)
        beyond = np.maximum((other - found) ** 2 - np.diag(own), 0.0)
        total += 0.5 * np.diag(beyond)
    return total


def _criterion(residuals: list[Floats], parameters: int) -> float:
    """AICc of a normal process with first-order autocorrelation; variance and ρ are counted."""
    k, count = parameters + 2, sum(len(part) for part in residuals)
    correction = 2.0 * k * (k + 1) / max(count - k - 1, 1)
    return first_order_deviance(residuals) + 2.0 * k + correction


def _by_well(values: Floats, counts: tuple[int, ...]) -> list[Floats]:
    return list(np.split(values, np.cumsum(counts)[:-1]))
