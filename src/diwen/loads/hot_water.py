"""Hot water: heat of what is drawn, hour by hour, and the temperature of the cold water.

The cold water follows the correlation of R. Hendron et al. (NREL, 2004) and J. Burch,
C. Christensen (2007), "Towards development of an algorithm for mains water temperature", as used by
EnergyPlus: the mean air temperature of the year plus an offset, and a damped and delayed yearly
swing. It was fitted to cities of the United States; here it is an estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.loads.calendar import DAYS_IN_MONTH, day_of_year, hour_of_day, weekday

Floats = NDArray[np.float64]

WATER_HEAT_CAPACITY = 4.18e6
"""J/(m³·K), of water drawn between 10 and 60 °C"""


@dataclass(frozen=True, eq=False)
class Draws:
    """How hot water is drawn.

    Attributes
    ----------
    daily_volume : at the hot temperature, mean over the week, m³
    hot : temperature at which it is drawn, °C
    workday, weekend : relative draw of the 24 hours, any scale, shape (24,)
    weekend_ratio : volume of a day of the weekend over that of a workday
    """

    daily_volume: float
    hot: float
    workday: Floats
    weekend: Floats
    weekend_ratio: float = 1.0


def mains_temperature(outdoor: ArrayLike) -> Floats:
    """Temperature of the cold water by hour, °C, shape (n,), from hourly air, whole years.

    The correlation counts in °F: ``T = (mean + 6) + ratio * swing / 2 * sin(0.986 (day - 15 -
    lag) - 90)``, ``ratio = 0.4 + 0.01 (mean - 44)``, ``lag = 35 - (mean - 44)``, with the mean of
    the year and the swing between the warmest and the coldest month. It never falls below 0 °C.
    """
    air = np.asarray(outdoor, float)
    by_day = air.reshape(-1, 365, 24).mean(axis=(0, 2))
    edges = np.concatenate(([0], np.cumsum(DAYS_IN_MONTH)))
    months = [by_day[first:end].mean() for first, end in pairwise(edges)]
    mean = 1.8 * float(by_day.mean()) + 32.0
    swing = 1.8 * (max(months) - min(months))
    ratio, lag = 0.4 + 0.01 * (mean - 44.0), 35.0 - (mean - 44.0)
    day = day_of_year(len(air)) + 1.0
    angle = np.radians(0.986 * (day - 15.0 - lag) - 90.0)
    fahrenheit = mean + 6.0 + ratio * swing / 2.0 * np.sin(angle)
    return np.maximum(0.0, (fahrenheit - 32.0) / 1.8)


def hot_water_power(
    draws: Draws, cold: ArrayLike, count: int, first_year: int | None = None
) -> Floats:
    """Heat of the drawn water by hour, W, shape (count,).

    Parameters
    ----------
    draws : how much and when
    cold : temperature of the cold water, °C, scalar or shape (count,)
    count : hours from 1 January
    first_year : see :func:`diwen.loads.calendar.weekday`
    """
    free = weekday(count, first_year) >= 5
    hour = hour_of_day(count)
    per_hour = np.where(
        free,
        draws.weekend_ratio * (draws.weekend / draws.weekend.sum())[hour],
        (draws.workday / draws.workday.sum())[hour],
    )
    # The weighted week keeps the mean daily volume.
    week = (5.0 + 2.0 * draws.weekend_ratio) / 7.0
    volume = draws.daily_volume * per_hour / week
    warming = np.maximum(0.0, draws.hot - np.broadcast_to(np.asarray(cold, float), (count,)))
    return WATER_HEAT_CAPACITY * volume * warming / 3600.0


def flattened(power: ArrayLike, limit: float) -> Floats:
    """The same heat of each day with no hour above a limit, as a store in front of it makes it.

    Each day is drawn towards its mean just as far as needed; a day whose mean is above the limit
    becomes its mean.

    Parameters
    ----------
    power : W by hour, whole days, shape (24 d,)
    limit : W
    """
    days = np.asarray(power, float).reshape(-1, 24)
    mean = days.mean(axis=1, keepdims=True)
    over = days.max(axis=1, keepdims=True) - mean
    keep = np.clip((limit - mean) / np.where(over > 0.0, over, 1.0), 0.0, 1.0)
    return (mean + keep * (days - mean)).ravel()
