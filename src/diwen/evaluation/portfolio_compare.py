"""Groups of systems: how their factors are spread, and what a difference between groups is worth.

A difference of means is judged by Welch's interval, because groups differ in size and spread, and
by the Mann-Whitney test, which needs no normal distribution. Because the supply temperature
decides most of a factor, each system is also set against the line that another group draws over
supply temperature, with the prediction interval of a single system.

References: B. L. Welch, Biometrika 34 (1947) 28-35; H. B. Mann, D. R. Whitney, Ann. Math.
Statist. 18 (1947) 50-60; N. R. Draper, H. Smith, Applied Regression Analysis, ch. 1 (prediction
interval of the straight line).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text

Floats = NDArray[np.float64]
CONFIDENCE = 0.95
#: With fewer systems a line over supply temperature is not drawn (engineering rule of Diwen).
FEWEST_FOR_LINE = 10

_ONE = Text("fewer than two systems in a group: nothing to compare", "组内不足两个系统，无法比较")
_UNRESOLVED = Text(
    "{one} {difference:+.2f} against {other}, but the 95 % interval {low:+.2f} to {high:+.2f} "
    "includes 0: no difference is shown ({n_one} and {n_other} systems)",
    "{one}比{other} {difference:+.2f}，但 95 % 区间 {low:+.2f} 至 {high:+.2f} 包含 0："
    "不能证明有差异（{n_one} 个与 {n_other} 个系统）",
)
_RESOLVED = Text(
    "{one} {difference:+.2f} against {other}, 95 % interval {low:+.2f} to {high:+.2f} ({n_one} "
    "and {n_other} systems)",
    "{one}比{other} {difference:+.2f}，95 % 区间 {low:+.2f} 至 {high:+.2f}"
    "（{n_one} 个与 {n_other} 个系统）",
)


@dataclass(frozen=True, slots=True)
class Spread:
    """How the factors of a group are spread.

    Attributes
    ----------
    n : systems
    aggregate : sum of heat over sum of electricity
    mean, deviation : of the single factors; the deviation is NaN for one system
    quantiles : 0, 10, 25, 50, 75, 90, 100 %
    """

    n: int
    aggregate: float
    mean: float
    deviation: float
    quantiles: tuple[float, ...]


QUANTILES = (0.0, 0.10, 0.25, 0.50, 0.75, 0.90, 1.0)


def spread(heat: Floats, electricity: Floats) -> Spread:
    """The spread of a group's factors.

    Parameters
    ----------
    heat, electricity : of each system, same unit, (n,); electricity not zero, n > 0
    """
    factors = heat / electricity
    return Spread(
        factors.size,
        float(heat.sum() / electricity.sum()),
        float(factors.mean()),
        float(factors.std(ddof=1)) if factors.size > 1 else math.nan,
        tuple(float(value) for value in np.quantile(factors, QUANTILES)),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference of the mean factors of two groups, one less other.

    Attributes
    ----------
    value : difference of means
    low, high : Welch interval
    p_rank : two-sided p of the Mann-Whitney test
    resolved : the interval does not include zero
    text : the judgement in words
    """

    value: float
    low: float
    high: float
    p_rank: float
    resolved: bool
    text: Text


def difference(one: Floats, other: Floats, names: tuple[Text, Text]) -> Difference:
    """Compare the mean factors of two groups.

    Parameters
    ----------
    one, other : factors, (n,) and (m,), at least two each
    names : of the groups, for the sentence

    Raises
    ------
    ValueError : a group has fewer than two systems; its argument is a Text
    """
    from scipy import stats

    if min(one.size, other.size) < 2:
        raise ValueError(_ONE)
    value = float(one.mean() - other.mean())
    variances = one.var(ddof=1) / one.size, other.var(ddof=1) / other.size
    error = math.sqrt(sum(variances))
    if error == 0.0:
        low = high = value
    else:
        freedom = sum(variances) ** 2 / (
            variances[0] ** 2 / (one.size - 1) + variances[1] ** 2 / (other.size - 1)
        )
        reach = float(stats.t.ppf(0.5 + CONFIDENCE / 2, freedom)) * error
        low, high = value - reach, value + reach
    rank = float(stats.mannwhitneyu(one, other, alternative="two-sided").pvalue)
    resolved = low > 0.0 or high < 0.0
    text = (_RESOLVED if resolved else _UNRESOLVED).format(
        one=names[0], other=names[1], difference=value, low=low, high=high,
        n_one=one.size, n_other=other.size,
    )  # fmt: skip
    return Difference(value, low, high, rank, resolved, text)


@dataclass(frozen=True)
class Line:
    """A straight line of factor over supply temperature.

    Attributes
    ----------
    intercept, slope : of the line, per °C
    deviation : standard deviation of a single system about it
    mean, spread : mean temperature and sum of squared distances from it
    n : systems
    low, high : range of the temperatures that it was drawn from
    """

    intercept: float
    slope: float
    deviation: float
    mean: float
    spread: float
    n: int
    low: float
    high: float

    def expected(self, temperature: float) -> float:
        """The factor expected at a supply temperature, °C."""
        return self.intercept + self.slope * temperature

    def reach(self, temperature: float) -> float:
        """Half width of the 95 % prediction interval of a single system."""
        from scipy import stats

        leverage = 1.0 + 1.0 / self.n + (temperature - self.mean) ** 2 / self.spread
        quantile = float(stats.t.ppf(0.5 + CONFIDENCE / 2, self.n - 2))
        return quantile * self.deviation * math.sqrt(leverage)


def line(temperatures: Sequence[float], factors: Sequence[float]) -> Line | None:
    """Least-squares line of factor over supply temperature; None for too few systems.

    Parameters
    ----------
    temperatures : supply temperature of each system, °C, (n,)
    factors : (n,)
    """
    x, y = np.asarray(temperatures, dtype=float), np.asarray(factors, dtype=float)
    if x.size < FEWEST_FOR_LINE or np.ptp(x) == 0.0:
        return None
    slope, intercept = np.polyfit(x, y, 1)
    residual = y - (intercept + slope * x)
    return Line(
        float(intercept),
        float(slope),
        float(np.sqrt((residual**2).sum() / (x.size - 2))),
        float(x.mean()),
        float(((x - x.mean()) ** 2).sum()),
        x.size,
        float(x.min()),
        float(x.max()),
    )
