"""Paired differences: is there one, how large, and could "no difference" be shown at all?

A test that finds nothing proves nothing. "No measurable impact" is therefore said only after an
equivalence test: the whole confidence interval of the difference lies inside a margin that was
set beforehand.

References
----------
[1] F. Wilcoxon (1945) Biometrics Bull. 1, 80.
[2] M. Hollander, D. A. Wolfe (1973) Nonparametric Statistical Methods, ch. 3 (Hodges-Lehmann).
[3] D. J. Schuirmann (1987) J. Pharmacokinet. Biopharm. 15, 657 (two one-sided tests).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.evaluation.statistics import TooFewError
from diwen.language import Text

Floats = NDArray[np.float64]

# With five pairs the smallest two-sided p is 2/32 = 0.0625: nothing could be shown at 5 %.
FEWEST_PAIRS = 6
_CONFIDENCE = 0.95
_POWER = 0.8


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """Second minus first, pair by pair.

    Attributes
    ----------
    n : pairs
    median : Hodges-Lehmann estimate of the difference, unit of the values
    low, high : its 95 % confidence interval
    low90, high90 : its 90 % interval, which the equivalence test looks at
    p : two-sided p of the Wilcoxon signed-rank test
    mean, deviation : mean and standard deviation of the differences
    detectable : difference that would be found with a power of 80 % at 5 % (two-sided)
    lag1 : correlation of neighbouring differences in the order given
    """

    n: int
    median: float
    low: float
    high: float
    low90: float
    high90: float
    p: float
    mean: float
    deviation: float
    detectable: float
    lag1: float | None

    @property
    def significant(self) -> bool:
        """Whether "no difference" is refuted at 5 %."""
        return self.p < 1 - _CONFIDENCE

    def equivalent(self, margin: float) -> bool:
        """Whether the difference is shown to lie inside ± margin (two one-sided tests, 5 %)."""
        return -margin < self.low90 and self.high90 < margin

    def as_dict(self) -> dict[str, Any]:
        """Everything needed to judge the comparison, as plain data."""
        return {
            "n": self.n, "median": self.median, "low": self.low, "high": self.high,
            "low90": self.low90, "high90": self.high90, "p": self.p, "mean": self.mean,
            "deviation": self.deviation, "detectable": self.detectable, "lag1": self.lag1,
            "significant": self.significant, "test": "Wilcoxon signed rank",
        }  # fmt: skip


def paired_difference(first: ArrayLike, second: ArrayLike) -> PairedDifference:
    """Wilcoxon signed-rank test with Hodges-Lehmann estimate and interval [1], [2].

    Parameters
    ----------
    first, second : (n,) values taken together; pairs with a NaN are left out

    Raises
    ------
    TooFewError : fewer than six complete pairs
    """
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    difference = (b - a)[np.isfinite(a) & np.isfinite(b)]
    n = len(difference)
    if n < FEWEST_PAIRS:
        raise TooFewError(
            Text(
                f"A paired comparison needs at least {FEWEST_PAIRS} pairs; there are {n}.",
                f"成对比较至少需要 {FEWEST_PAIRS} 对样品，现有 {n} 对。",
            )
        )
    walsh = _walsh_averages(difference)
    low, high = _signed_rank_interval(walsh, n, _CONFIDENCE)
    low90, high90 = _signed_rank_interval(walsh, n, 2 * _CONFIDENCE - 1)
    deviation = float(np.std(difference, ddof=1))
    return PairedDifference(
        n=n, median=float(np.median(walsh)), low=low, high=high, low90=low90, high90=high90,
        p=_signed_rank_p(difference), mean=float(np.mean(difference)), deviation=deviation,
        detectable=_noncentrality(n) * deviation / math.sqrt(n), lag1=_lag1(difference),
    )  # fmt: skip


def _walsh_averages(difference: Floats) -> Floats:
    """Sorted means of all pairs of differences, each with itself too, shape (n(n+1)/2,)."""
    i, j = np.triu_indices(len(difference))
    return np.sort((difference[i] + difference[j]) / 2)


def _signed_rank_p(difference: Floats) -> float:
    from scipy.stats import wilcoxon

    if not np.any(difference):
        return 1.0
    # Exact without ties and zeros; Pratt's treatment keeps zeros in the ranking.
    return float(wilcoxon(difference, zero_method="pratt", method="auto").pvalue)


def _signed_rank_interval(walsh: Floats, n: int, confidence: float) -> tuple[float, float]:
    """Interval of the centre from the ordered Walsh averages.

    The exact distribution of the signed-rank sum is used to n = 50, the normal one beyond; where
    n is too small for the confidence the interval is unbounded.
    """
    drop = _signed_rank_quantile(n, (1 - confidence) / 2)
    if drop < 1:
        return -math.inf, math.inf
    return float(walsh[drop - 1]), float(walsh[-drop])


def _signed_rank_quantile(n: int, alpha: float) -> int:
    """The largest k with P(V <= k - 1) <= alpha; V the signed-rank sum under no difference."""
    from scipy.stats import norm

    if n > 50:
        mean, deviation = n * (n + 1) / 4, math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
        return max(0, math.floor(mean + float(norm.ppf(alpha)) * deviation))
    counts = np.zeros(n * (n + 1) // 2 + 1)
    counts[0] = 1.0
    for rank in range(1, n + 1):
        counts[rank:] = counts[rank:] + counts[: len(counts) - rank].copy()
    below = np.cumsum(counts) / 2.0**n
    return int(np.searchsorted(below, alpha, side="right"))


def _noncentrality(n: int) -> float:
    """Non-centrality at which a two-sided 5 % t-test of n pairs has the power of 80 %."""
    from scipy.optimize import brentq
    from scipy.stats import nct, t

    critical = float(t.ppf(0.5 + _CONFIDENCE / 2, n - 1))
    return float(brentq(lambda shift: nct.sf(critical, n - 1, shift) - _POWER, 0.0, 20.0))


def _lag1(difference: Floats) -> float | None:
    centred = difference - difference.mean()
    power = float(np.sum(centred**2))
    return float(np.sum(centred[:-1] * centred[1:]) / power) if power > 0 else None
