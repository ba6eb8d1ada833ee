"""Uncertainty budget of a response test: every contribution to λ and R_b, and both together.

Contributions combine as covariances, so that the correlation of λ and R_b is kept for the sizing
that uses them. The expanded uncertainty is k = 2. Sources: JCGM 100:2008 (GUM), 5; for response
tests J. Raymond et al., Ground Water 49 (2011) 675.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.sources.response_test.convergence import WindowSequence
from diwen.sources.response_test.line_source_fit import (
    LineSourceFit,
    conductivity_of,
    resistance_of,
)
from diwen.sources.response_test.record import Floats, TestedBorehole, TestSeries

Estimate = Callable[[TestSeries, TestedBorehole], tuple[float, float]]

POWER = Text("power measurement", "加热功率测量")
LENGTH = Text("borehole length", "有效孔深")
CAPACITY = Text("heat capacity of the ground", "岩土容积热容")
UNDISTURBED = Text("undisturbed ground temperature", "初始地温")
AMBIENT = Text("heat exchange with the air above ground", "地面管路与环境换热")
REGRESSION = Text("regression (autocorrelated residuals)", "回归误差（考虑残差自相关）")
WINDOW = Text("choice of the window", "计算时段选择")


@dataclass(frozen=True)
class InputUncertainty:
    """Standard uncertainties (one standard deviation) of what goes into an evaluation.

    Attributes
    ----------
    power, length, heat_capacity : relative
    undisturbed_temperature : K
    ambient : heat lost or gained between meter and borehole, relative to the power
    """

    power: float
    length: float
    heat_capacity: float
    undisturbed_temperature: float
    ambient: float = 0.0


@dataclass(frozen=True, eq=False)
class Contribution:
    """One line of the budget.

    Attributes
    ----------
    name : what it comes from
    given : standard uncertainty of the input, in its unit; NaN when there is none
    unit : ``"1"`` relative, ``"K"``, or empty
    conductivity, resistance : standard uncertainty caused, W/(m·K) and m·K/W
    covariance : of (λ, R_b), shape (2, 2)
    """

    name: Text
    given: float
    unit: str
    conductivity: float
    resistance: float
    covariance: Floats


@dataclass(frozen=True, eq=False)
class Budget:
    """The combined uncertainty.

    Attributes
    ----------
    contributions : line by line
    covariance : of (λ, R_b), combined, shape (2, 2): hand it on to the sizing
    conductivity, resistance : combined standard uncertainty, W/(m·K) and m·K/W
    """

    contributions: tuple[Contribution, ...]
    covariance: Floats
    conductivity: float
    resistance: float

    @property
    def conductivity_expanded(self) -> float:
        """k = 2, W/(m·K)."""
        return 2.0 * self.conductivity

    @property
    def resistance_expanded(self) -> float:
        """k = 2, m·K/W."""
        return 2.0 * self.resistance

    @property
    def correlation(self) -> float:
        """Of λ and R_b."""
        return float(self.covariance[0, 1]) / max(self.conductivity * self.resistance, 1e-300)


@dataclass(frozen=True, eq=False)
class MonteCarlo:
    """Draws of (λ, R_b).

    Attributes
    ----------
    conductivity, resistance : shape (draws,)
    covariance : shape (2, 2)
    conductivity_interval, resistance_interval : 2.5 and 97.5 % quantiles
    """

    conductivity: Floats
    resistance: Floats
    covariance: Floats
    conductivity_interval: tuple[float, float]
    resistance_interval: tuple[float, float]


def uncertainty_budget(
    estimate: Estimate,
    series: TestSeries,
    borehole: TestedBorehole,
    inputs: InputUncertainty,
    regression: Floats,
    windows: WindowSequence | None = None,
) -> Budget:
    """Budget by repeating the evaluation with each input moved up and down.

    Parameters
    ----------
    estimate : the evaluation: (λ, R_b) of a series and a borehole
    series, borehole : as evaluated
    inputs : standard uncertainties
    regression : covariance of (λ, R_b) from the regression, shape (2, 2)
    windows : results of other windows; their root mean square departure from the result is taken
    """
    lines = [
        _moved(name, given, unit, _sensitivity(estimate, series, borehole, kind, given))
        for name, given, unit, kind in (
            (POWER, inputs.power, "1", "power"),
            (AMBIENT, inputs.ambient, "1", "power"),
            (LENGTH, inputs.length, "1", "length"),
            (CAPACITY, inputs.heat_capacity, "1", "heat_capacity"),
            (UNDISTURBED, inputs.undisturbed_temperature, "K", "undisturbed_temperature"),
        )
    ]
    lines.append(_line(REGRESSION, math.nan, "", regression))
    if windows is not None:
        lines.append(_line(WINDOW, math.nan, "", _scatter(windows, estimate(series, borehole))))
    total = np.sum([line.covariance for line in lines], axis=0)
    return Budget(tuple(lines), total, math.sqrt(total[0, 0]), math.sqrt(total[1, 1]))


def line_source_covariance(fit: LineSourceFit, borehole: TestedBorehole) -> Floats:
    """Covariance of (λ, R_b) from the regression of a straight-line fit, shape (2, 2)."""
    ground = math.log(4.0 * fit.conductivity / (borehole.heat_capacity * borehole.radius**2))
    ground -= float(np.euler_gamma)
    gradient = np.array(
        [
            [-fit.conductivity / fit.slope, 0.0],
            [-(ground - 1.0) / fit.heat_rate, 1.0 / fit.heat_rate],
        ]
    )
    return np.asarray(gradient @ fit.coefficient_covariance @ gradient.T)


def monte_carlo_line_source(
    fit: LineSourceFit,
    borehole: TestedBorehole,
    inputs: InputUncertainty,
    *,
    draws: int = 20_000,
    seed: int = 1,
) -> MonteCarlo:
    """Draws of slope, intercept, power, length, C and T_0 through the line-source formulas."""
    random = np.random.default_rng(seed)
    line = random.multivariate_normal(
        [fit.slope, fit.intercept], fit.coefficient_covariance, draws, method="svd"
    )
    power, length, capacity, ambient, shift = random.standard_normal((5, draws))
    rate = fit.heat_rate * (1.0 + inputs.power * power) * (1.0 + inputs.ambient * ambient)
    rate = rate / (1.0 + inputs.length * length)
    lam = conductivity_of(line[:, 0], rate)
    resistance = resistance_of(
        line[:, 0],
        line[:, 1],
        rate,
        borehole.radius,
        # A capacity cannot be negative: drawn log-normally.
        borehole.heat_capacity * np.exp(inputs.heat_capacity * capacity),
        borehole.undisturbed_temperature + inputs.undisturbed_temperature * shift,
    )
    return _summary(lam, resistance)


def monte_carlo(
    estimate: Estimate,
    series: TestSeries,
    borehole: TestedBorehole,
    inputs: InputUncertainty,
    *,
    regression: Floats | None = None,
    draws: int = 200,
    seed: int = 1,
) -> MonteCarlo:
    """Draws of power, length, C and T_0 through any evaluation, repeated for each.

    Parameters
    ----------
    regression : covariance of (λ, R_b) from the regression, added to each draw, shape (2, 2)
    """
    random = np.random.default_rng(seed)
    found = np.empty((draws, 2))
    for draw in range(draws):
        power, length, capacity, ambient, shift = random.standard_normal(5)
        factor = (1.0 + inputs.power * power) * (1.0 + inputs.ambient * ambient)
        other = replace(
            borehole,
            length=borehole.length * (1.0 + inputs.length * length),
            heat_capacity=borehole.heat_capacity * math.exp(inputs.heat_capacity * capacity),
            undisturbed_temperature=borehole.undisturbed_temperature
            + inputs.undisturbed_temperature * shift,
        )
        found[draw] = estimate(series.scaled(factor), other)
    if regression is not None:
        found += random.multivariate_normal([0.0, 0.0], regression, draws, method="svd")
    return _summary(found[:, 0], found[:, 1])


def _summary(lam: Floats, resistance: Floats) -> MonteCarlo:
    limits = [tuple(float(v) for v in np.quantile(a, [0.025, 0.975])) for a in (lam, resistance)]
    return MonteCarlo(
        lam,
        resistance,
        np.cov(lam, resistance),
        (limits[0][0], limits[0][1]),
        (limits[1][0], limits[1][1]),
    )


def _sensitivity(
    estimate: Estimate, series: TestSeries, borehole: TestedBorehole, kind: str, given: float
) -> Floats:
    """Change of (λ, R_b) for one standard uncertainty, by central difference, shape (2,)."""
    if given == 0.0:
        return np.zeros(2)

    def at(sign: float) -> Floats:
        if kind == "power":
            return np.array(estimate(series.scaled(1.0 + sign * given), borehole))
        value = getattr(borehole, kind)
        moved = (
            value + sign * given
            if kind == "undisturbed_temperature"
            else value * (1 + sign * given)
        )
        return np.array(estimate(series, replace(borehole, **{kind: moved})))

    return 0.5 * (at(1.0) - at(-1.0))


def _moved(name: Text, given: float, unit: str, change: Floats) -> Contribution:
    return _line(name, given, unit, np.outer(change, change))


def _line(name: Text, given: float, unit: str, covariance: NDArray[np.float64]) -> Contribution:
    return Contribution(
        name,
        given,
        unit,
        math.sqrt(max(float(covariance[0, 0]), 0.0)),
        math.sqrt(max(float(covariance[1, 1]), 0.0)),
        covariance,
    )


def _scatter(windows: WindowSequence, result: tuple[float, float]) -> Floats:
    pairs = np.stack([windows.conductivity, windows.resistance], axis=1)
    departure = pairs[np.isfinite(pairs).all(axis=1)] - np.array(result)
    if not len(departure):
        return np.zeros((2, 2))
    return departure.T @ departure / len(departure)
