"""Moist air in closed forms: saturation, humidity, wet bulb, enthalpy.

Saturation pressure after R. W. Hyland & A. Wexler, ASHRAE Transactions 89 (1983) 2A, 500-519, over
ice below 0 °C and over water above; the relations between temperatures and humidity as in ASHRAE
Handbook Fundamentals 2017, chapter 1, eqs. 5, 6, 20, 30, 33, 35. Perfect gases: against real moist
air the humidity ratio is 0.4 % low, the rest stays within the tests.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

SEA_LEVEL = 101325.0
"""Standard pressure, Pa."""

_KELVIN = 273.15
_MASS_RATIO = 0.621945
_GAS_CONSTANT = 287.042  # of dry air, J/(kg·K)
_ICE = (-5.6745359e3, 6.3925247, -9.677843e-3, 6.2215701e-7, 2.0747825e-9, -9.484024e-13, 4.1635019)
_WATER = (-5.8002206e3, 1.3914993, -4.8640239e-2, 4.1764768e-5, -1.4452093e-8, 0.0, 6.5459673)
_BISECTIONS = 48


def saturation_pressure(temperature: ArrayLike) -> Floats:
    """Pressure of saturated water vapour, Pa, over ice or water at °C (−100 to 200)."""
    kelvin = np.asarray(temperature, float) + _KELVIN
    return np.asarray(
        np.exp(np.where(kelvin < _KELVIN, _exponent(kelvin, _ICE), _exponent(kelvin, _WATER)))
    )


def _exponent(kelvin: Floats, c: tuple[float, ...]) -> Floats:
    series = c[1] + kelvin * (c[2] + kelvin * (c[3] + kelvin * (c[4] + kelvin * c[5])))
    return np.asarray(c[0] / kelvin + series + c[6] * np.log(kelvin))


def humidity_ratio(
    temperature: ArrayLike, relative_humidity: ArrayLike, pressure: ArrayLike = SEA_LEVEL
) -> Floats:
    """Water per dry air, kg/kg, at °C, relative humidity 0 to 1 and Pa."""
    vapour = np.asarray(relative_humidity, float) * saturation_pressure(temperature)
    return np.asarray(_MASS_RATIO * vapour / (np.asarray(pressure, float) - vapour))


def enthalpy(temperature: ArrayLike, ratio: ArrayLike) -> Floats:
    """J per kg of dry air, 0 for dry air and liquid water at 0 °C.

    Parameters
    ----------
    temperature : °C
    ratio : humidity ratio, kg/kg
    """
    t, w = np.asarray(temperature, float), np.asarray(ratio, float)
    return np.asarray(1006.0 * t + w * (2.501e6 + 1860.0 * t))


def saturated_enthalpy(temperature: ArrayLike, pressure: ArrayLike = SEA_LEVEL) -> Floats:
    """Of saturated air at °C, J per kg of dry air."""
    return enthalpy(temperature, humidity_ratio(temperature, 1.0, pressure))


def density(
    temperature: ArrayLike, ratio: ArrayLike = 0.0, pressure: ArrayLike = SEA_LEVEL
) -> Floats:
    """Moist air per volume, kg/m³, at °C, humidity ratio and Pa."""
    t, w = np.asarray(temperature, float) + _KELVIN, np.asarray(ratio, float)
    volume = _GAS_CONSTANT * t * (1.0 + w / _MASS_RATIO) / np.asarray(pressure, float)
    return np.asarray((1.0 + w) / volume)


def dew_point(temperature: ArrayLike, relative_humidity: ArrayLike) -> Floats:
    """Temperature, °C, at which the vapour of air at °C and relative humidity saturates."""
    t, share = np.broadcast_arrays(
        np.asarray(temperature, float), np.asarray(relative_humidity, float)
    )
    vapour = share * saturation_pressure(t)
    low, high = np.full(t.shape, -99.0), np.asarray(t, float).copy()
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        below = saturation_pressure(middle) < vapour
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(0.5 * (low + high))


def wet_bulb(
    temperature: ArrayLike, relative_humidity: ArrayLike, pressure: ArrayLike = SEA_LEVEL
) -> Floats:
    """Thermodynamic wet-bulb temperature, °C, by bisection of ASHRAE's eqs. 33 and 35.

    Parameters
    ----------
    temperature : dry bulb, °C
    relative_humidity : 0 to 1
    pressure : Pa
    """
    t, share, p = np.broadcast_arrays(
        np.asarray(temperature, float), np.asarray(relative_humidity, float),
        np.asarray(pressure, float),
    )  # fmt: skip
    ratio = humidity_ratio(t, share, p)
    low, high = np.minimum(t - 60.0, -60.0), np.asarray(t, float).copy()
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        below = _ratio_of_wet_bulb(t, middle, p) < ratio
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(0.5 * (low + high))


def _ratio_of_wet_bulb(t: Floats, wet: Floats, pressure: Floats) -> Floats:
    """Humidity ratio of air at ``t`` whose wet bulb is ``wet``, °C; over water or ice."""
    saturated = humidity_ratio(wet, 1.0, pressure)
    water = ((2501.0 - 2.326 * wet) * saturated - 1.006 * (t - wet)) / (
        2501.0 + 1.86 * t - 4.186 * wet
    )
    ice = ((2830.0 - 0.24 * wet) * saturated - 1.006 * (t - wet)) / (2830.0 + 1.86 * t - 2.1 * wet)
    return np.asarray(np.where(wet > 0.0, water, ice))
