"""Moist air: vapour pressure, humidity, wet bulb and latent heat.

Vapour pressure over water and ice: A. L. Buck (1981), J. Appl. Meteorol. 20, 1527, and the
manual of Buck Research (1996). Wet bulb: the psychrometer equation with the coefficient of
WMO No. 8 (6.53e-4 /K over water, 5.75e-4 /K over ice), solved to rounding. Temperatures in °C,
pressures in Pa.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

STANDARD_PRESSURE = 101325.0
"""Pa"""
LATENT_HEAT = 2.5009e6
"""of evaporation of water at 0 °C, J/kg"""
_LATENT_SLOPE = 2.36e3


def saturation_pressure(temperature: ArrayLike) -> Floats:
    """Vapour pressure over water (over ice below 0 °C), Pa, same shape; Buck (1996)."""
    t = np.asarray(temperature, float)
    water = 611.21 * np.exp((18.678 - t / 234.5) * t / (257.14 + t))
    ice = 611.15 * np.exp((23.036 - t / 333.7) * t / (279.82 + t))
    return np.where(t >= 0.0, water, ice)


def relative_humidity(temperature: ArrayLike, dew_point: ArrayLike) -> Floats:
    """Relative humidity over water, 0 to 1, of air with a dew point; same shape."""
    t, d = np.asarray(temperature, float), np.asarray(dew_point, float)
    return _over_water(d) / _over_water(t)


def vapour_pressure(temperature: ArrayLike, humidity: ArrayLike) -> Floats:
    """Vapour pressure of air, Pa; the humidity (0 to 1) is over water, as stations report it."""
    return np.asarray(humidity, float) * _over_water(np.asarray(temperature, float))


def dew_point(temperature: ArrayLike, humidity: ArrayLike) -> Floats:
    """Dew point over water, °C; the inverse of Buck's formula in closed form."""
    pressure = np.maximum(vapour_pressure(temperature, humidity), 1e-3)
    # (18.678 - t/234.5) t = s (257.14 + t) is a quadratic in t.
    s = np.log(pressure / 611.21)
    b = 18.678 - s
    return 0.5 * 234.5 * (b - np.sqrt(b**2 - 4.0 * 257.14 * s / 234.5))


def latent_heat(temperature: ArrayLike) -> Floats:
    """Heat of evaporation of water, J/kg, straight line through the steam tables, 0 to 60 °C."""
    return LATENT_HEAT - _LATENT_SLOPE * np.asarray(temperature, float)


def wet_bulb(
    temperature: ArrayLike, humidity: ArrayLike, pressure: ArrayLike = STANDARD_PRESSURE
) -> Floats:
    """Wet-bulb temperature, °C, from 0 to 1 relative humidity; same shape.

    ``e = e_s(T_w) - A p (T - T_w)`` by bisection: the right side rises in T_w.
    """
    t, vapour = np.broadcast_arrays(
        np.asarray(temperature, float), vapour_pressure(temperature, humidity)
    )
    p = np.asarray(pressure, float)
    low, high = t - 60.0, np.maximum(t, dew_point(t, np.maximum(humidity, 1e-6)))
    for _ in range(50):
        middle = 0.5 * (low + high)
        coefficient = np.where(middle >= 0.0, 6.53e-4, 5.75e-4)
        above = saturation_pressure(middle) - coefficient * p * (t - middle) > vapour
        high = np.where(above, middle, high)
        low = np.where(above, low, middle)
    return 0.5 * (low + high)


def _over_water(t: Floats) -> Floats:
    return 611.21 * np.exp((18.678 - t / 234.5) * t / (257.14 + t))
