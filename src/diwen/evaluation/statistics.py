"""Monotone trends without assuming a distribution: Theil-Sen and Mann-Kendall.

Plain functions over NumPy arrays. Every answer carries n, the two-sided p, a confidence interval
and what was done about serial correlation, because a trend without them cannot be judged.

References
----------
[1] H. Theil (1950) Proc. K. Ned. Akad. Wet. 53; P. K. Sen (1968) J. Am. Stat. Assoc. 63, 1379.
[2] H. B. Mann (1945) Econometrica 13, 245; M. G. Kendall (1970) Rank Correlation Methods.
[3] K. H. Hamed, A. R. Rao (1998) J. Hydrol. 204, 182.
[4] R. O. Gilbert (1987) Statistical Methods for Environmental Pollution Monitoring, ch. 16-17.
[5] F. H. C. Marriott, J. A. Pope (1954) Biometrika 41, 390 (bias of the serial correlation).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text

Floats = NDArray[np.float64]
Correction = Literal["none", "first-order", "covariance between seasons"]

# All pairs are formed; beyond this, average to days, weeks or months first.
MOST_VALUES = 4000
# The smallest n for which the normal approximation of S is usual [4]; below it p is exact.
_NORMAL_FROM = 10
# Below four values even a strictly rising series has p > 0.05 (n = 4: p = 2/24 = 0.083).
FEWEST_VALUES = 4
# A correlation closer to one would make the effective number of values meaningless.
_MOST_CORRELATED = 0.95


class TooFewError(ValueError):
    """There are too few (or too many) values for the statistic; ``.text`` says it to a person."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)


@dataclass(frozen=True, slots=True)
class Trend:
    """A monotone trend.

    Attributes
    ----------
    n : number of values
    slope : Theil-Sen slope, unit of y per unit of x
    low, high : confidence interval of the slope, same unit
    confidence : two-sided confidence of the interval, 0..1
    intercept : median of ``y - slope * x``
    s, z : Mann-Kendall statistic and its standard normal score (continuity corrected)
    p : two-sided p of no trend (exact for n < 10 without ties and correction)
    tau : Kendall's tau-b, -1..1
    lag1 : correlation of neighbouring residuals; None where the spacing is irregular
    correction : what was done about serial correlation
    variance_ratio : factor by which the correction widened the variance of S, >= 1
    seasons : number of seasons kept apart; 1 where none
    """

    n: int
    slope: float
    low: float
    high: float
    confidence: float
    intercept: float
    s: float
    z: float
    p: float
    tau: float
    lag1: float | None
    correction: Correction
    variance_ratio: float
    seasons: int = 1

    @property
    def significant(self) -> bool:
        """Whether "no trend" is refuted at the confidence asked for."""
        return self.p < 1 - self.confidence

    def as_dict(self) -> dict[str, Any]:
        """Everything needed to judge the trend, as plain data."""
        return {
            "n": self.n, "slope": self.slope, "low": self.low, "high": self.high,
            "confidence": self.confidence, "s": self.s, "z": self.z, "p": self.p,
            "tau": self.tau, "lag1": self.lag1, "correction": self.correction,
            "variance_ratio": self.variance_ratio, "seasons": self.seasons,
            "significant": self.significant,
        }  # fmt: skip


def trend(
    x: ArrayLike,
    y: ArrayLike,
    *,
    confidence: float = 0.95,
    correction: Literal["none", "first-order"] = "none",
) -> Trend:
    """Theil-Sen slope and Mann-Kendall test of one series [1], [2].

    Parameters
    ----------
    x : (n,) abscissa, usually time in years; need not be regular
    y : (n,) values; pairs with a NaN are left out
    confidence : of the interval of the slope
    correction : ``"first-order"`` widens the variance of S by the serial correlation of the ranks
        of the detrended series, taken as a first-order process [3]; it needs regular spacing
        (holes allowed). Negative correlation never makes a trend more certain here.

    Raises
    ------
    TooFewError : fewer than 4 or more than 4000 values
    ValueError : the correction was asked for and the spacing is irregular
    """
    x_used, y_used = _finite(x, y)
    n = len(x_used)
    s, variance, ties = kendall_s(x_used, y_used)
    slopes = pairwise_slopes(x_used, y_used)
    slope = float(np.median(slopes)) if len(slopes) else math.nan
    slots = _slots(x_used)
    residual = y_used - slope * x_used
    lag1 = None if slots is None else correlation(_on_slots(residual, slots), 1)
    ratio = 1.0
    if correction == "first-order":
        if slots is None:
            raise ValueError("the correction for serial correlation needs regularly spaced values")
        ratio = _variance_ratio(residual, slots, n)
    variance *= ratio
    z = score(s, variance)
    exact = n < _NORMAL_FROM and not ties and ratio == 1.0
    low, high = slope_interval(slopes, variance, confidence)
    return Trend(
        n=n, slope=slope, low=low, high=high, confidence=confidence,
        intercept=float(np.median(residual)), s=s, z=z,
        p=_exact_p(x_used, y_used) if exact else two_sided(z),
        tau=_tau(s, x_used, y_used), lag1=lag1, correction=correction, variance_ratio=ratio,
    )  # fmt: skip


def kendall_s(x: Floats, y: Floats) -> tuple[float, float, bool]:
    """Kendall's S, its variance under no trend with ties in both, and whether there are ties.

    Parameters
    ----------
    x, y : (n,) finite values

    Source: Kendall (1970), tie terms of both variables.
    """
    n = len(x)
    s = sum(
        float(np.sum(np.sign(x[i + 1 :] - x[i]) * np.sign(y[i + 1 :] - y[i]))) for i in range(n)
    )
    tx, ty = (np.unique(v, return_counts=True)[1].astype(float) for v in (x, y))
    full = n * (n - 1) * (2 * n + 5)
    variance = (full - _tie_term(tx) - _tie_term(ty)) / 18
    pairs_x, pairs_y = float(np.sum(tx * (tx - 1))), float(np.sum(ty * (ty - 1)))
    if n > 2:
        triples_x = float(np.sum(tx * (tx - 1) * (tx - 2)))
        triples_y = float(np.sum(ty * (ty - 1) * (ty - 2)))
        variance += triples_x * triples_y / (9 * n * (n - 1) * (n - 2))
    if n > 1:
        variance += pairs_x * pairs_y / (2 * n * (n - 1))
    return s, max(0.0, variance), bool(pairs_x or pairs_y)


def pairwise_slopes(x: Floats, y: Floats) -> Floats:
    """The sorted slopes of all pairs with different x, shape (up to n(n-1)/2,)."""
    parts = []
    for i in range(len(x) - 1):
        dx = x[i + 1 :] - x[i]
        apart = dx != 0
        parts.append((y[i + 1 :] - y[i])[apart] / dx[apart])
    return np.sort(np.concatenate(parts)) if parts else np.empty(0)


def slope_interval(slopes: Floats, variance: float, confidence: float) -> tuple[float, float]:
    """Confidence interval of the median slope from the variance of S [4], section 16.5.

    Where the rank falls outside the slopes (too few values) the bound is infinite.
    """
    from scipy.stats import norm

    half = float(norm.ppf(0.5 + confidence / 2)) * math.sqrt(variance)
    lower = (len(slopes) - half) / 2
    upper = (len(slopes) + half) / 2
    low = float(slopes[round(lower) - 1]) if round(lower) >= 1 else -math.inf
    high = float(slopes[round(upper)]) if round(upper) < len(slopes) else math.inf
    return low, high


def _finite(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    x_all, y_all = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    used = np.isfinite(x_all) & np.isfinite(y_all)
    n = int(used.sum())
    if n < FEWEST_VALUES:
        raise TooFewError(
            Text(f"A trend needs at least {FEWEST_VALUES} values; there are {n}.",
                 f"趋势至少需要 {FEWEST_VALUES} 个数值，现有 {n} 个。")
        )  # fmt: skip
    if n > MOST_VALUES:
        raise TooFewError(
            Text(f"{n} values are too many for a test over all pairs; average them first.",
                 f"{n} 个数值对成对检验过多，请先求平均。")
        )  # fmt: skip
    order = np.argsort(x_all[used], kind="stable")
    return x_all[used][order], y_all[used][order]


def _tie_term(counts: Floats) -> float:
    return float(np.sum(counts * (counts - 1) * (2 * counts + 5)))


def score(s: float, variance: float) -> float:
    """Standard normal score of Kendall's S, continuity corrected; 0 where S has no variance."""
    return 0.0 if variance == 0 or s == 0 else (s - math.copysign(1.0, s)) / math.sqrt(variance)


def two_sided(z: float) -> float:
    """Two-sided p of a standard normal score."""
    return math.erfc(abs(z) / math.sqrt(2))


def _exact_p(x: Floats, y: Floats) -> float:
    from scipy.stats import kendalltau

    return float(kendalltau(x, y, method="exact").pvalue)


def _tau(s: float, x: Floats, y: Floats) -> float:
    tx, ty = (np.unique(v, return_counts=True)[1] for v in (x, y))
    pairs = len(x) * (len(x) - 1) / 2
    root = math.sqrt(
        (pairs - float(np.sum(tx * (tx - 1))) / 2) * (pairs - float(np.sum(ty * (ty - 1))) / 2)
    )
    return s / root if root else 0.0


def _slots(x: Floats) -> NDArray[np.int64] | None:
    """Whole-number positions of the values on a regular grid; None where there is no such grid."""
    step = float(np.median(np.diff(x)))
    if step <= 0:
        return None
    position = (x - x[0]) / step
    slots = np.rint(position).astype(np.int64)
    # A calendar month or year is a few per cent off its mean length: a quarter step is allowed.
    regular = np.abs(position - slots).max() < 0.25 and (np.diff(slots) > 0).all()
    return slots if regular and slots[-1] < 4 * len(x) else None


def _on_slots(values: Floats, slots: NDArray[np.int64]) -> Floats:
    grid = np.full(int(slots[-1]) + 1, np.nan)
    grid[slots] = values
    return grid


def correlation(grid: Floats, lag: int) -> float | None:
    """Autocorrelation of a regular series with holes (NaN); None where it cannot be told."""
    centred = grid - np.nanmean(grid)
    first, second = centred[:-lag], centred[lag:]
    both = np.isfinite(first) & np.isfinite(second)
    power = float(np.nanmean(centred**2))
    if both.sum() < 3 or power == 0:
        return None
    # The covariance is divided by the number of pairs of the whole series, which keeps |r| <= 1.
    return float(np.sum(first[both] * second[both]) / (power * np.isfinite(centred).sum()))


def _variance_ratio(residual: Floats, slots: NDArray[np.int64], n: int) -> float:
    """n / n* of Hamed and Rao [3] for a first-order process.

    The lag-1 rank correlation of the residuals is raised by its small-sample bias, (1 + 4 r) / n
    [5]. Summing all significant lags instead, as in [3], lets chance correlations of far lags in
    again; on simulated first-order noise it gave two to three times as many false alarms.
    """
    from scipy.stats import rankdata

    r = correlation(_on_slots(rankdata(residual), slots), 1)
    if r is None:
        return 1.0
    r = min(_MOST_CORRELATED, r + (1 + 4 * r) / n)
    if r <= 0:
        return 1.0
    lag = np.arange(1, n - 2)
    total = float(np.sum((n - lag) * (n - lag - 1) * (n - lag - 2) * r**lag))
    return 1 + 2 * total / (n * (n - 1) * (n - 2))
