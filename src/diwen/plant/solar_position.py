"""Where the sun stands, and what falls on a tilted plane.

Declination and equation of time: J. W. Spencer, Search 2 (1971) 172. Angles and the sky: J. A.
Duffie & W. A. Beckman, Solar Engineering of Thermal Processes, 4th ed., Wiley 2013, chapters 1 and
2 (equation numbers below). Azimuths: south 0, west positive. Angles in radians, times in hours.
Good to about 0.1° against ephemerides, refraction not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Sky = Literal["isotropic", "hay_davies", "hdkr"]

SOLAR_CONSTANT = 1361.0
"""Irradiance outside the atmosphere at the mean distance, W/m² (Kopp & Lean 2011)."""

_DAYS = 365.0
_LOWEST_COSINE = 0.01745  # sun 1° above the horizon
_SHORTEST_BEAM = 0.087  # beam ratio is not followed below 5° of altitude


def day_angle(day: ArrayLike) -> Floats:
    """Angle of the year, from the day of the year, 1 to 365 (eq. 1.4.2)."""
    return np.asarray(2.0 * np.pi * (np.asarray(day, float) - 1.0) / _DAYS)


def declination(day: ArrayLike) -> Floats:
    """Of the sun (eq. 1.6.1b, Spencer)."""
    b = day_angle(day)
    return np.asarray(
        0.006918 - 0.399912 * np.cos(b) + 0.070257 * np.sin(b) - 0.006758 * np.cos(2 * b)
        + 0.000907 * np.sin(2 * b) - 0.002697 * np.cos(3 * b) + 0.00148 * np.sin(3 * b)
    )  # fmt: skip


def equation_of_time(day: ArrayLike) -> Floats:
    """Solar time minus mean time, hours (eq. 1.5.3)."""
    b = day_angle(day)
    minutes = 229.2 * (
        0.000075 + 0.001868 * np.cos(b) - 0.032077 * np.sin(b)
        - 0.014615 * np.cos(2 * b) - 0.04089 * np.sin(2 * b)
    )  # fmt: skip
    return np.asarray(minutes / 60.0)


def extraterrestrial(day: ArrayLike) -> Floats:
    """Normal irradiance outside the atmosphere, W/m² (eq. 1.4.1b)."""
    b = day_angle(day)
    distance = (
        1.000110 + 0.034221 * np.cos(b) + 0.001280 * np.sin(b) + 0.000719 * np.cos(2 * b)
        + 0.000077 * np.sin(2 * b)
    )  # fmt: skip
    return np.asarray(SOLAR_CONSTANT * distance)


@dataclass(frozen=True, eq=False)
class SunCourse:
    """The sun over a number of instants.

    Attributes
    ----------
    day : of the year, shape (n,)
    cosine_zenith : shape (n,); negative below the horizon
    declination : radians, shape (n,)
    hour_angle : radians, afternoon positive, shape (n,)
    latitude : radians
    """

    day: Floats
    cosine_zenith: Floats
    declination: Floats
    hour_angle: Floats
    latitude: float

    @property
    def azimuth(self) -> Floats:
        """Of the sun, south 0, west positive, radians (eq. 1.6.6)."""
        zenith = np.arccos(np.clip(self.cosine_zenith, -1.0, 1.0))
        above = self.cosine_zenith * np.sin(self.latitude) - np.sin(self.declination)
        below = np.sin(zenith) * np.cos(self.latitude)
        cosine = np.clip(above / np.where(np.abs(below) > 1e-12, below, 1e-12), -1.0, 1.0)
        return np.asarray(np.sign(self.hour_angle) * np.arccos(cosine))

    def incidence(self, tilt: float, azimuth: float) -> Floats:
        """Cosine of the angle between sun and normal of a plane (eq. 1.6.2), angles in radians."""
        d, w, f = self.declination, self.hour_angle, self.latitude
        return np.asarray(
            np.sin(d) * (np.sin(f) * np.cos(tilt) - np.cos(f) * np.sin(tilt) * np.cos(azimuth))
            + np.cos(d) * np.cos(w)
            * (np.cos(f) * np.cos(tilt) + np.sin(f) * np.sin(tilt) * np.cos(azimuth))
            + np.cos(d) * np.sin(tilt) * np.sin(azimuth) * np.sin(w)
        )  # fmt: skip


def sun_at_solar_time(day: ArrayLike, hour: ArrayLike, latitude: float) -> SunCourse:
    """The sun at solar times.

    Parameters
    ----------
    day : of the year, 1 to 365
    hour : solar time, 0 to 24
    latitude : radians, north positive
    """
    n, h = np.broadcast_arrays(np.asarray(day, float), np.asarray(hour, float))
    angle, tilt = np.radians(15.0 * (h - 12.0)), declination(n)
    high = np.cos(latitude) * np.cos(tilt) * np.cos(angle) + np.sin(latitude) * np.sin(tilt)
    return SunCourse(n, np.asarray(high), tilt, np.asarray(angle), latitude)


def sun_course(
    steps: int, step: float, latitude: float, longitude: float, utc_offset: float,
    part: float = 0.5,
) -> SunCourse:  # fmt: skip
    """The sun over equal steps from 1 January 00:00 local standard time; years of 365 days.

    Parameters
    ----------
    steps, step : number of steps, length of each, s
    latitude, longitude : degrees, north and east positive
    utc_offset : of the standard time, h
    part : of each step at which the sun is taken; 0.5: its middle
    """
    hours = (np.arange(steps) + part) * step / 3600.0
    day = 1.0 + np.floor(hours / 24.0) % _DAYS
    solar = hours % 24.0 + equation_of_time(day) + (longitude - 15.0 * utc_offset) / 15.0
    return sun_at_solar_time(day, solar, float(np.radians(latitude)))


def diffuse_share(clearness: ArrayLike) -> Floats:
    """Diffuse over global irradiance from the clearness index (Erbs et al. 1982, eq. 2.10.1)."""
    k = np.clip(np.asarray(clearness, float), 0.0, 1.0)
    middle = 0.9511 - 0.1604 * k + 4.388 * k**2 - 16.638 * k**3 + 12.336 * k**4
    return np.asarray(np.where(k <= 0.22, 1.0 - 0.09 * k, np.where(k <= 0.80, middle, 0.165)))


def split_global(sun: SunCourse, global_horizontal: ArrayLike) -> tuple[Floats, Floats]:
    """Beam and diffuse irradiance on the horizontal, W/m², where only the global one was measured.

    An estimate (correlation of Erbs et al.): single hours may be far off, sums of days are good.
    """
    total = np.maximum(np.asarray(global_horizontal, float), 0.0)
    outside = extraterrestrial(sun.day) * np.maximum(sun.cosine_zenith, _LOWEST_COSINE)
    diffuse = total * diffuse_share(total / outside)
    diffuse = np.where(sun.cosine_zenith > 0.0, diffuse, total)
    return np.asarray(total - diffuse), np.asarray(diffuse)


@dataclass(frozen=True, eq=False)
class TiltedIrradiance:
    """On a tilted plane, W/m²: beam (with the part of the sky around the sun), rest of the sky,
    ground; and the cosine of incidence of the beam, all shape (n,)."""

    beam: Floats
    sky: Floats
    ground: Floats
    cosine: Floats

    @property
    def total(self) -> Floats:
        """All together, W/m²."""
        return np.asarray(self.beam + self.sky + self.ground)


def tilted_irradiance(
    sun: SunCourse,
    beam_horizontal: ArrayLike,
    diffuse_horizontal: ArrayLike,
    tilt: float,
    azimuth: float,
    *,
    reflectance: float = 0.2,
    sky: Sky = "hdkr",
) -> TiltedIrradiance:
    """Irradiance on a plane (isotropic eq. 2.15.1; Hay & Davies; HDKR eq. 2.16.7).

    Parameters
    ----------
    sun : over the steps
    beam_horizontal, diffuse_horizontal : W/m², shape (n,)
    tilt, azimuth : of the plane, radians
    reflectance : of the ground, 0 to 1
    sky : how diffuse light is spread over the sky
    """
    beam = np.maximum(np.asarray(beam_horizontal, float), 0.0)
    diffuse = np.maximum(np.asarray(diffuse_horizontal, float), 0.0)
    cosine = sun.incidence(tilt, azimuth)
    high = np.maximum(sun.cosine_zenith, _SHORTEST_BEAM)
    ratio = np.where(sun.cosine_zenith > 0.0, np.maximum(cosine, 0.0) / high, 0.0)
    index = np.zeros_like(beam)
    if sky != "isotropic":
        index = np.clip(beam / (extraterrestrial(sun.day) * high), 0.0, 1.0)
    spread = 0.5 * (1.0 + np.cos(tilt))
    bright = np.ones_like(beam)
    if sky == "hdkr":
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(beam + diffuse > 0.0, beam / (beam + diffuse), 0.0)
        bright = 1.0 + np.sqrt(share) * np.sin(0.5 * tilt) ** 3
    total = beam + diffuse
    return TiltedIrradiance(
        np.asarray((beam + diffuse * index) * ratio),
        np.asarray(diffuse * (1.0 - index) * spread * bright),
        np.asarray(total * reflectance * 0.5 * (1.0 - np.cos(tilt))),
        np.asarray(cosine),
    )
