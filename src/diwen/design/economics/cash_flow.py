"""Arithmetic of money over years: present value, rate of return, payback, levelised cost.

Flows have the years on the last axis, year 0 first; any axes before it (samples of a Monte-Carlo
study) are carried along. The formulas are those of every textbook on engineering economics
(compound interest, discrete payments at the end of the year) and of GB/T 50801-2013 for the static
payback.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Rates between which a rate of return is looked for.
_LOWEST, _HIGHEST, _GRID = -0.9, 10.0, 241
_HALVINGS = 60


def annuity_factor(rate: ArrayLike, years: int) -> Floats:
    """Present value of 1 paid at the end of each year: ``(1 − (1 + r)^−N) / r``; N at r = 0."""
    rates = np.asarray(rate, dtype=float)
    zero = rates == 0.0
    divisor = np.where(zero, 1.0, rates)
    return np.where(zero, float(years), -np.expm1(-years * np.log1p(divisor)) / divisor)


def discount_factors(rate: ArrayLike, years: int) -> Floats:
    """``(1 + r)^−t`` for t = 0..N, shape (..., N + 1)."""
    rates = np.asarray(rate, dtype=float)[..., np.newaxis]
    return (1.0 + rates) ** -np.arange(years + 1.0)


def yearly(first: ArrayLike, escalation: ArrayLike, years: int) -> Floats:
    """A cost paid every year that rises: ``c (1 + e)^(t − 1)`` in t = 1..N, 0 in year 0.

    Parameters
    ----------
    first : cost of the first year, shape (...)
    escalation : yearly rise, shape (...)

    Returns
    -------
    array : shape (..., years + 1)
    """
    costs = np.asarray(first, dtype=float)[..., np.newaxis]
    rise = 1.0 + np.asarray(escalation, dtype=float)[..., np.newaxis]
    flows = costs * rise ** np.arange(-1.0, years)
    flows[..., 0] = 0.0
    return np.asarray(flows, dtype=float)


def real_rate(nominal: ArrayLike, inflation: ArrayLike) -> Floats:
    """Real rate behind a nominal one (Fisher): ``(1 + r) / (1 + i) − 1``."""
    return (1.0 + np.asarray(nominal, dtype=float)) / (1.0 + np.asarray(inflation, float)) - 1.0


def present_value(flows: ArrayLike, rate: ArrayLike) -> Floats:
    """Present value in year 0 of flows, shape (..., years + 1) → (...)."""
    amounts = np.asarray(flows, dtype=float)
    return np.asarray((amounts * discount_factors(rate, amounts.shape[-1] - 1)).sum(axis=-1))


def internal_rate_of_return(flows: ArrayLike) -> Floats:
    """The rate at which flows (gains positive) are worth nothing, shape (..., years + 1) → (...).

    nan where there is none between −0.9 and 10, or more than one (flows that change sign several
    times: the rate says nothing then).
    """
    amounts = np.atleast_2d(np.asarray(flows, dtype=float))
    years = amounts.shape[-1] - 1
    shape = amounts.shape[:-1]
    amounts = amounts.reshape(-1, years + 1)
    grid = np.expm1(np.linspace(np.log1p(_LOWEST), np.log1p(_HIGHEST), _GRID))
    # Scaled so that the factors of rates below zero do not swamp the signs.
    values = amounts @ discount_factors(grid, years).T
    changes = np.signbit(values[:, 1:]) != np.signbit(values[:, :-1])
    only_one = changes.sum(axis=1) == 1
    first = changes.argmax(axis=1)
    low, high = grid[first], grid[first + 1]
    rising = np.signbit(values[np.arange(len(values)), first])
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        below = np.signbit(present_value(amounts, middle)) == rising
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    found = np.where(only_one, 0.5 * (low + high), np.nan).reshape(shape)
    return found[0] if np.ndim(flows) == 1 else found


def static_payback(flows: ArrayLike) -> Floats:
    """Years until the sum of flows (gains positive) reaches 0 and stays there to the end.

    Within a year the flow is spread evenly. 0 where nothing has to be paid back, inf where it never
    is. Shape (..., years + 1) → (...).
    """
    amounts = np.asarray(flows, dtype=float)
    total = np.cumsum(amounts, axis=-1)
    # Rounding of money must not decide.
    slack = 1e-9 * np.abs(amounts).max(axis=-1, keepdims=True)
    short = total < -slack
    years = amounts.shape[-1]
    last = years - 1 - short[..., ::-1].argmax(axis=-1)
    never = short[..., -1]
    nothing = ~short.any(axis=-1)
    index = np.minimum(last, years - 2)[..., np.newaxis]
    before = np.take_along_axis(total, index, axis=-1)[..., 0]
    gain = np.take_along_axis(amounts, index + 1, axis=-1)[..., 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = last - before / gain
    return np.where(nothing, 0.0, np.where(never, np.inf, found))


def dynamic_payback(flows: ArrayLike, rate: ArrayLike) -> Floats:
    """As :func:`static_payback` with the flows discounted to year 0."""
    amounts = np.asarray(flows, dtype=float)
    return static_payback(amounts * discount_factors(rate, amounts.shape[-1] - 1))


def levelised_cost(costs: ArrayLike, energy: ArrayLike, rate: ArrayLike) -> Floats:
    """Price of each unit of energy that pays all costs: ``Σ C_t q^−t / Σ E_t q^−t``.

    Parameters
    ----------
    costs : positive, shape (..., years + 1)
    energy : delivered, by year, year 0 nothing, same shape
    rate : discount rate (real with real costs, nominal with nominal ones)
    """
    delivered = present_value(energy, rate)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(present_value(costs, rate) / delivered)
