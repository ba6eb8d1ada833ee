"""The year of sizing: 8760 hours, twelve months, and where they begin.

Sizing uses a year of 365 days. Steps of the monthly methods are twelfths of it (730 h), as in
Peere et al. (2021), Energies 14, 7395 and in the usual design programs; energies of calendar months
are kept, so that the yearly sum is right.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.sources.response.time_units import HOUR, HOURS_PER_YEAR, YEAR

__all__ = [
    "DAYS", "FIRST_HOUR", "HOUR", "HOURS_PER_MONTH", "HOURS_PER_YEAR", "MONTH", "MONTHS_PER_YEAR",
    "YEAR", "hours_in_months",
]  # fmt: skip

MONTHS_PER_YEAR = 12
HOURS_PER_MONTH = HOURS_PER_YEAR / MONTHS_PER_YEAR
MONTH = HOURS_PER_MONTH * HOUR
DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
FIRST_HOUR = np.concatenate(([0], np.cumsum(DAYS) * 24))


def hours_in_months(values: ArrayLike) -> NDArray[np.float64]:
    """Values of the twelve months at every hour of the year, shape (8760,) from (12,)."""
    return np.repeat(np.asarray(values, float), DAYS * 24)
