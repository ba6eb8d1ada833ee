"""Which inputs move a result: ranked shares of its variance, and how much they explain.

Two measures of the same samples. ``rank_drivers_of``: standardised regression of ranks (Saltelli
et al., Global Sensitivity Analysis, 2008, section 1.2.5): sign and share of every input, right for
monotonic effects, steady with few samples. ``first_order_shares``: first-order Sobol indices from
given data by the harmonics of the sorted results (Plischke, Reliability Engineering & System
Safety 95, 2010), right for any shape, wants thousands of samples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text, same

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Driver:
    """How much one input moves a result.

    Attributes
    ----------
    key, label : of the input
    coefficient : standardised regression coefficient of ranks, −1 to 1: rises or falls with it
    share : of the variance of the ranks; all shares together are ``explained``
    """

    key: str
    label: Text
    coefficient: float
    share: float


@dataclass(frozen=True)
class Drivers:
    """The inputs of a result, strongest first.

    Attributes
    ----------
    ranked : strongest first
    explained : share of the variance of the ranks that all inputs together explain (R²); what is
        missing to 1 is interaction and what is not monotonic
    adjusted : the same less what as many inputs explain by chance; where it is far below
        ``explained``, draw more samples
    """

    ranked: tuple[Driver, ...]
    explained: float
    adjusted: float = 0.0


def rank_drivers_of(
    draws: Mapping[str, ArrayLike], result: ArrayLike, labels: Mapping[str, Text] | None = None
) -> Drivers:
    """Inputs by their share of the variance of a result.

    The share of an input is its coefficient times its correlation (Pratt, 1987), which add up to
    R² also where the draws happen to be correlated a little; a share may then be slightly negative.

    Parameters
    ----------
    draws : by key, shape (samples,)
    result : shape (samples,); infinite values rank last
    labels : by key
    """
    names = [key for key, values in draws.items() if np.ptp(np.asarray(values, float)) > 0.0]
    wanted = standard_ranks(result)
    if not names or not wanted.any():
        return Drivers((), 0.0)
    matrix = np.column_stack([standard_ranks(draws[key]) for key in names])
    coefficients = np.linalg.lstsq(matrix, wanted, rcond=None)[0]
    shares = coefficients * (matrix.T @ wanted) / len(wanted)
    known = labels or {}
    found = [
        Driver(key, known.get(key, same(key)), float(one), float(share))
        for key, one, share in zip(names, coefficients, shares, strict=True)
    ]
    ranked = tuple(sorted(found, key=lambda driver: -driver.share))
    explained = float(shares.sum())
    spare = len(wanted) - len(names) - 1
    adjusted = 1.0 - (1.0 - explained) * (len(wanted) - 1) / spare if spare > 0 else 0.0
    return Drivers(ranked, explained, max(adjusted, 0.0))


def standard_ranks(values: ArrayLike) -> Floats:
    """Ranks with mean 0 and variance 1, ties sharing theirs; zeros where all are alike."""
    _, inverse, counts = np.unique(np.asarray(values, float), return_inverse=True,
                                   return_counts=True)  # fmt: skip
    ends = np.cumsum(counts)
    ranks = (ends - 0.5 * (counts - 1.0))[inverse]
    ranks = ranks - ranks.mean()
    spread = float(ranks.std())
    return np.asarray(ranks / spread if spread > 0.0 else ranks)


def first_order_shares(
    draws: Mapping[str, ArrayLike], result: ArrayLike, harmonics: int = 6
) -> dict[str, float]:
    """First-order Sobol indices from given data, by key, less the bias of the noise.

    Parameters
    ----------
    draws : by key, shape (samples,)
    result : shape (samples,), finite
    harmonics : of the result along each input that count as its effect
    """
    values = np.asarray(result, float)
    return {
        key: _harmonic_share(np.asarray(x, float), values, harmonics) for key, x in draws.items()
    }


def _harmonic_share(x: Floats, y: Floats, harmonics: int) -> float:
    order = np.argsort(x, kind="stable")
    # Up along every second value and down along the others: a period without a jump.
    order = np.concatenate((order[::2], order[1::2][::-1]))
    power = np.abs(np.fft.rfft(y[order] - y.mean())) ** 2
    whole = 2.0 * power[1:].sum() - (power[-1] if len(y) % 2 == 0 else 0.0)
    if whole <= 0.0:
        return 0.0
    share = float(2.0 * power[1 : harmonics + 1].sum() / whole)
    noise = 2.0 * harmonics / len(y)
    return (share - noise) / (1.0 - noise)


def probability(values: ArrayLike, limit: float, sense: str) -> float:
    """Share of samples that pass a limit: below it (``>=``) or above it (``<=``)."""
    given = np.asarray(values, float)
    passed = given < limit if sense == ">=" else given > limit
    return float(passed.mean())
