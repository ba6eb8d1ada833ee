"""The heat a swimming pool needs: evaporation, convection, radiation, sun, and fresh water.

Evaporation: ASHRAE Handbook, HVAC Applications, natatoriums: ``m = F A (p_w - p_a) (0.089 + 0.0782
v) / h_fg`` in kg/s with pressures in kPa and the latent heat in kJ/kg; F is the activity factor
(about 0.5 for residential, 1.0 for public pools). Convection by the Bowen ratio (I. S. Bowen
(1926), Phys. Rev. 27, 779) with the psychrometric constant. Sky: P. Berdahl, M. Martin (1984),
Sol. Energy 32, 663, in its clear form without clouds, which asks for too much heat on cloudy
nights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.loads.humidity import STANDARD_PRESSURE, dew_point, latent_heat, vapour_pressure

Floats = NDArray[np.float64]

_STEFAN_BOLTZMANN = 5.670374419e-8
_EMISSIVITY = 0.95
_ABSORBED = 0.85
_ZERO_CELSIUS = 273.15
_BOWEN = 6.65e-4
_HEAT_CAPACITY = 4.18e6
_AT_REST = 0.5


@dataclass(frozen=True)
class PoolWater:
    """A pool.

    Attributes
    ----------
    surface : of the water, m²
    temperature : of the water, °C
    activity : factor F while it is used; at rest half of it counts
    cover : share of evaporation, convection, radiation that a cover prevents while closed, 0 to 1
    make_up : fresh water besides the evaporated, m³/d
    """

    surface: float
    temperature: float
    activity: float = 1.0
    cover: float = 0.0
    make_up: float = 0.0


@dataclass(frozen=True, eq=False)
class PoolHeat:
    """Heat that the pool loses (positive) by hour, W, shape (n,) each.

    Attributes
    ----------
    evaporation, convection, radiation : of the surface
    fresh_water : to warm what is filled up
    sun : gained, W, 0 or more
    evaporated : water, kg/s
    """

    evaporation: Floats
    convection: Floats
    radiation: Floats
    fresh_water: Floats
    sun: Floats
    evaporated: Floats

    @property
    def need(self) -> Floats:
        """Heat to be supplied, W, never below zero, shape (n,)."""
        lost = self.evaporation + self.convection + self.radiation + self.fresh_water
        return np.maximum(0.0, lost - self.sun)


def evaporation_rate(
    pool: PoolWater, air: ArrayLike, humidity: ArrayLike, speed: ArrayLike, factor: ArrayLike
) -> Floats:
    """Water that evaporates, kg/s; dew that would fall on the pool is not counted.

    Parameters
    ----------
    air, humidity : of the air at the water, °C and 0 to 1
    speed : of the air over the water, m/s
    factor : activity factor at each hour
    """
    water = float(vapour_pressure(pool.temperature, 1.0))
    difference = np.maximum(0.0, water - vapour_pressure(air, humidity)) / 1000.0
    latent = latent_heat(pool.temperature) / 1000.0
    flux = (0.089 + 0.0782 * np.asarray(speed, float)) * difference / latent
    return np.asarray(factor, float) * pool.surface * flux


def pool_heat(
    pool: PoolWater,
    air: ArrayLike,
    humidity: ArrayLike,
    speed: ArrayLike,
    used: ArrayLike,
    cold_water: ArrayLike,
    *,
    sun: ArrayLike = 0.0,
    indoor: bool = True,
    pressure: ArrayLike = STANDARD_PRESSURE,
) -> PoolHeat:
    """Heat of a pool by hour.

    Parameters
    ----------
    air, humidity, speed : of the air over the water: °C, 0 to 1, m/s
    used : whether it is open, shape (n,)
    cold_water : temperature of the fresh water, °C
    sun : irradiance on the water, W/m²
    indoor : the surroundings radiate at air temperature, not as a clear sky
    pressure : Pa
    """
    t, rh, v, p, cold, shine = np.broadcast_arrays(
        *(np.asarray(one, float) for one in (air, humidity, speed, pressure, cold_water, sun))
    )
    open_ = np.asarray(used, bool)
    factor = pool.activity * np.where(open_, 1.0, _AT_REST)
    bare = np.where(open_, 1.0, 1.0 - pool.cover)
    steam = bare * evaporation_rate(pool, t, rh, v, factor)
    # Bowen's ratio of sensible to latent heat, with both coefficients of the same wind.
    sensible = _BOWEN * p / 1000.0 * (pool.temperature - t)
    flux = factor * pool.surface * (0.089 + 0.0782 * v) * sensible
    sky = t if indoor else _sky(t, rh)
    kelvin, above = pool.temperature + _ZERO_CELSIUS, sky + _ZERO_CELSIUS
    radiation = bare * pool.surface * _EMISSIVITY * _STEFAN_BOLTZMANN * (kelvin**4 - above**4)
    filled = steam / 1000.0 + pool.make_up / 86400.0
    return PoolHeat(
        evaporation=steam * latent_heat(pool.temperature),
        convection=bare * flux * 1000.0,
        radiation=radiation,
        fresh_water=_HEAT_CAPACITY * filled * (pool.temperature - cold),
        sun=_ABSORBED * pool.surface * shine,
        evaporated=steam,
    )


def _sky(air: Floats, humidity: Floats) -> Floats:
    """Temperature of a clear sky, °C (Berdahl and Martin)."""
    dew = dew_point(air, np.maximum(humidity, 1e-3)) / 100.0
    emissivity = 0.711 + 0.56 * dew + 0.73 * dew**2
    return (air + _ZERO_CELSIUS) * emissivity**0.25 - _ZERO_CELSIUS
