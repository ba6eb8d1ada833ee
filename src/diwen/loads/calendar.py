"""The calendar of weather and loads: years of 8760 hours from 1 January, local standard time.

29 February is left out everywhere, as in typical years and in the sizing of bore fields, so that
every year has the same hours. A typical year begins on a Monday.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

HOUR = 3600.0
"""s"""
HOURS_PER_YEAR = 8760
DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_TYPICAL = 2018  # begins on a Monday


def hour_of_day(count: int) -> Ints:
    """Hour of the day, 0 to 23, of hours from 1 January, shape (count,)."""
    return np.arange(count) % 24


def day_of_year(count: int) -> Ints:
    """Day of the year, 0 to 364, of hours from 1 January, shape (count,)."""
    return np.arange(count) // 24 % 365


def month_of_hour(count: int) -> Ints:
    """Month, 0 to 11, of hours from 1 January, shape (count,)."""
    return np.repeat(np.arange(12), DAYS_IN_MONTH)[day_of_year(count)]


def weekday(count: int, first_year: int | None = None) -> Ints:
    """Day of the week, 0 is Monday, of hours from 1 January, shape (count,).

    Parameters
    ----------
    first_year : year in which they begin; None: a typical year, which begins on a Monday and is
        followed by the same year
    """
    years = -(-count // HOURS_PER_YEAR)
    found = []
    for number in range(years):
        days = np.arange(365)
        year = _TYPICAL if first_year is None else first_year + number
        first = np.datetime64(f"{year:04d}-01-01", "D")
        if _is_leap(year):
            days = days + (days >= 59)
        # 1970-01-01 was a Thursday.
        found.append(((first.astype(np.int64) + days) + 3) % 7)
    return np.repeat(np.concatenate(found), 24)[:count] if found else np.zeros(0, np.int64)


def leap_hours(count: int) -> NDArray[np.bool_]:
    """Which hours of a leap year (8784 of them) are those of 29 February, shape (count,)."""
    hours = np.arange(count)
    return (hours >= 59 * 24) & (hours < 60 * 24)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
