"""Where the sun stands, and what falls on windows.

Declination and equation of time: J. W. Spencer (1971), Search 2(5), 172. Diffuse share where
only the global irradiance is known: D. G. Erbs, S. A. Klein, J. A. Duffie (1982), Sol. Energy
28, 293. Sky and ground shine evenly on a wall (isotropic: B. Y. H. Liu, R. C. Jordan (1963), Sol.
Energy 7, 53). Nothing shades. Angles in radians inside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.loads.weather import Weather

Floats = NDArray[np.float64]

SOLAR_CONSTANT = 1361.0
"""W/m²"""
_GROUND = 0.2
# Below this height of the sun (2 degrees) a beam is not computed from the horizontal.
_LOW_SUN = 0.035


@dataclass(frozen=True, eq=False)
class SunCourse:
    """The sun by step, in the middle of each step; shape (n,).

    Attributes
    ----------
    height : sine of the height over the horizon; negative at night
    azimuth : from south, west positive, rad
    beyond_air : irradiance normal to the beam outside the air, W/m²
    """

    height: Floats
    azimuth: Floats
    beyond_air: Floats


def sun_course(
    count: int, latitude: float, longitude: float, utc_offset: float, step: float = 3600.0
) -> SunCourse:
    """The sun over steps from 1 January of a year of 365 days.

    Parameters
    ----------
    count : steps
    latitude, longitude : degrees, north and east positive
    utc_offset : hours of local standard time before UTC
    step : s
    """
    hours = (np.arange(count) + 0.5) * step / 3600.0
    day = np.floor(hours / 24.0) % 365
    x = 2.0 * np.pi * day / 365.0
    declination = (
        0.006918 - 0.399912 * np.cos(x) + 0.070257 * np.sin(x) - 0.006758 * np.cos(2 * x)
        + 0.000907 * np.sin(2 * x) - 0.002697 * np.cos(3 * x) + 0.00148 * np.sin(3 * x)
    )  # fmt: skip
    minutes = 229.18 * (
        0.000075 + 0.001868 * np.cos(x) - 0.032077 * np.sin(x) - 0.014615 * np.cos(2 * x)
        - 0.04089 * np.sin(2 * x)
    )  # fmt: skip
    solar = hours % 24.0 + minutes / 60.0 + longitude / 15.0 - utc_offset
    angle = np.radians(15.0 * (solar - 12.0))
    north = np.radians(latitude)
    height = np.sin(north) * np.sin(declination)
    height += np.cos(north) * np.cos(declination) * np.cos(angle)
    south = np.sin(north) * np.cos(declination) * np.cos(angle)
    south -= np.cos(north) * np.sin(declination)
    azimuth = np.arctan2(np.cos(declination) * np.sin(angle), south)
    beyond = SOLAR_CONSTANT * (1.0 + 0.033 * np.cos(2.0 * np.pi * (day + 1.0) / 365.0))
    return SunCourse(height, azimuth, beyond)


def beam_and_diffuse(weather: Weather, sun: SunCourse) -> tuple[Floats, Floats] | None:
    """Normal beam and horizontal diffuse irradiance, W/m²; None where the weather has no sun."""
    direct, diffuse, total = (
        weather.direct_normal, weather.diffuse_horizontal, weather.global_horizontal
    )  # fmt: skip
    if direct is not None and diffuse is not None:
        return direct, diffuse
    if total is None:
        return None
    if diffuse is None:
        diffuse = total * diffuse_share(total, sun)
    up = sun.height > _LOW_SUN
    beam = np.where(up, (total - diffuse) / np.where(up, sun.height, 1.0), 0.0)
    return np.clip(beam, 0.0, sun.beyond_air), diffuse


def diffuse_share(total: Floats, sun: SunCourse) -> Floats:
    """Diffuse share of the global irradiance from the clearness of the hour (Erbs), 0 to 1."""
    top = sun.beyond_air * np.maximum(sun.height, 0.0)
    clear = np.where(top > 1.0, total / np.where(top > 1.0, top, 1.0), 0.0)
    k = np.clip(clear, 0.0, 1.0)
    middle = 0.9511 - 0.1604 * k + 4.388 * k**2 - 16.638 * k**3 + 12.336 * k**4
    return np.where(k <= 0.22, 1.0 - 0.09 * k, np.where(k <= 0.80, middle, 0.165))


def on_wall(weather: Weather, azimuth: float) -> Floats | None:
    """Irradiance on a vertical wall, W/m², shape (n,); None without sun or place in the weather.

    Parameters
    ----------
    azimuth : of the wall's normal, degrees from south, west positive
    """
    if weather.latitude is None or weather.longitude is None:
        return None
    count = len(weather.dry_bulb)
    sun = sun_course(count, weather.latitude, weather.longitude, weather.utc_offset, weather.step)
    found = beam_and_diffuse(weather, sun)
    if found is None:
        return None
    beam, diffuse = found
    flat = np.sqrt(np.maximum(0.0, 1.0 - sun.height**2))
    incidence = np.where(sun.height > 0.0, flat * np.cos(sun.azimuth - np.radians(azimuth)), 0.0)
    level = beam * np.maximum(sun.height, 0.0) + diffuse
    wall: Floats = beam * np.maximum(incidence, 0.0) + 0.5 * diffuse + 0.5 * _GROUND * level
    return wall


def on_all_sides(weather: Weather) -> Floats | None:
    """Mean irradiance on walls to the four sides, W/m², shape (n,); None as in on_wall."""
    sides = [on_wall(weather, azimuth) for azimuth in (0.0, 90.0, 180.0, -90.0)]
    known = [side for side in sides if side is not None]
    return np.mean(known, axis=0) if len(known) == len(sides) else None


def on_roof(weather: Weather) -> Floats | None:
    """Irradiance on a flat roof, W/m², shape (n,); None as in on_wall."""
    if weather.global_horizontal is not None:
        return weather.global_horizontal
    if weather.latitude is None or weather.longitude is None:
        return None
    count = len(weather.dry_bulb)
    sun = sun_course(count, weather.latitude, weather.longitude, weather.utc_offset, weather.step)
    found = beam_and_diffuse(weather, sun)
    return None if found is None else found[0] * np.maximum(sun.height, 0.0) + found[1]
