"""Sums of hourly power over calendar months of a year of 8760 hours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.design.calendar_months import DAYS, HOUR

Floats = NDArray[np.float64]
HOURS = 8760
MONTH_OF_HOUR: NDArray[np.int64] = np.repeat(np.arange(12), DAYS.astype(int) * 24)
"""Month, 0 to 11, of each hour, shape (8760,)."""


def month_sums(power: Floats) -> Floats:
    """Energy by month, J, shape (12,), of hourly power, W, shape (8760,)."""
    return np.asarray(np.bincount(MONTH_OF_HOUR, power, 12) * HOUR, np.float64)


def mean_year(power: Floats) -> Floats:
    """The mean of several years of hours, shape (8760,)."""
    return np.asarray(np.reshape(power, (-1, HOURS)).mean(axis=0))
