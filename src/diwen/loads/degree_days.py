"""Degree days of whole years of weather, and full-load hours of a load."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.loads.calendar import HOUR
from diwen.loads.weather import Weather

Floats = NDArray[np.float64]

_DAYS = 365


def daily_means(weather: Weather) -> Floats:
    """Mean air temperature of each day, °C, shape (years, 365)."""
    per_day = round(24 * HOUR / weather.step)
    return weather.dry_bulb.reshape(-1, _DAYS, per_day).mean(axis=2)


def heating_degree_days(weather: Weather, base: float) -> Floats:
    """``sum over days of max(0, base - daily mean)`` of each year, K·d, shape (years,).

    Parameters
    ----------
    base : base temperature, °C
    """
    return np.maximum(0.0, base - daily_means(weather)).sum(axis=1)


def cooling_degree_days(weather: Weather, base: float) -> Floats:
    """``sum over days of max(0, daily mean - base)`` of each year, K·d, shape (years,)."""
    return np.maximum(0.0, daily_means(weather) - base).sum(axis=1)


def full_load_hours(power: ArrayLike, step: float = HOUR) -> float:
    """Energy over highest power, h; 0 for a load that is never there.

    Parameters
    ----------
    power : W, one year
    step : s
    """
    load = np.asarray(power, float)
    peak = float(load.max(initial=0.0))
    return float(load.sum()) * step / HOUR / peak if peak > 0.0 else 0.0
