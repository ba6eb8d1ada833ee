"""Outdoor design temperatures and extreme days out of a series of hourly weather.

The Chinese convention (GB 50736, section 4.1, from memory, clause not verified): the winter
temperature for heating is the daily mean that on average 5 days a year fall below, the summer
one for air conditioning the hourly dry bulb that on average 50 hours a year lie above. The other
convention (ASHRAE Handbook Fundamentals, climatic design conditions): hourly dry bulb exceeded in
99.6 % and in 0.4 % of the hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.loads.degree_days import daily_means
from diwen.loads.weather import Weather

Floats = NDArray[np.float64]

DAYS_NOT_KEPT = 5
_HOURS_NOT_KEPT = 50


@dataclass(frozen=True)
class DesignTemperatures:
    """Outdoor temperatures for design, °C.

    Attributes
    ----------
    heating : daily mean that 5 days a year fall below, mean over the years
    cooling : hourly temperature that 50 hours a year exceed, mean over the years
    cold_996, hot_004 : hourly temperatures kept in 99.6 % and exceeded in 0.4 % of all hours
    years : of the series
    """

    heating: float
    cooling: float
    cold_996: float
    hot_004: float
    years: int


@dataclass(frozen=True, eq=False)
class ExtremeDay:
    """A day of the series.

    Attributes
    ----------
    number : day from the first 1 January, from 0
    dry_bulb : its 24 hours, °C, shape (24,)
    """

    number: int
    dry_bulb: Floats


def design_temperatures(weather: Weather) -> DesignTemperatures:
    """Design temperatures by both conventions.

    With fewer than ten years they depend on which years these were.
    """
    days = daily_means(weather)
    hours = weather.dry_bulb.reshape(weather.years, -1)
    per_hour = round(3600.0 / weather.step)
    # As many days as are not kept in all years together: the next one is the design day.
    cold = np.sort(days.ravel())[DAYS_NOT_KEPT * weather.years]
    hot = np.sort(hours.ravel())[-1 - _HOURS_NOT_KEPT * weather.years * per_hour]
    low, high = np.quantile(hours, (0.004, 0.996))
    return DesignTemperatures(float(cold), float(hot), float(low), float(high), weather.years)


def coldest_day(weather: Weather) -> ExtremeDay:
    """The day with the lowest mean temperature."""
    return _day(weather, int(np.argmin(daily_means(weather).ravel())))


def hottest_day(weather: Weather) -> ExtremeDay:
    """The day with the highest mean temperature."""
    return _day(weather, int(np.argmax(daily_means(weather).ravel())))


def day_course(mean: float, swing: float, warmest_hour: float = 15.0) -> Floats:
    """A design day: a sine around the daily mean, °C at the middle of each hour, shape (24,).

    Parameters
    ----------
    mean : °C
    swing : difference between the warmest and the coldest hour, K
    warmest_hour : of local standard time
    """
    hour = np.arange(24) + 0.5
    return mean + 0.5 * swing * np.cos(2.0 * np.pi * (hour - warmest_hour) / 24.0)


def _day(weather: Weather, number: int) -> ExtremeDay:
    per_day = round(86400.0 / weather.step)
    course = weather.dry_bulb[number * per_day : (number + 1) * per_day]
    return ExtremeDay(number, course.reshape(24, -1).mean(axis=1))
