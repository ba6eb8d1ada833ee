"""The yearly wave of the air temperature, as models of the ground and of waters want it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.loads.degree_days import daily_means
from diwen.loads.weather import Weather

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class YearlyWave:
    """A sine through the daily means of the year.

    Attributes
    ----------
    mean : °C
    amplitude : K, half of the swing
    coldest_day : day of the year of the lowest point, 0 is 1 January
    """

    mean: float
    amplitude: float
    coldest_day: float

    def at(self, day: Floats) -> Floats:
        """Temperature on days of the year, °C, same shape."""
        angle = 2.0 * np.pi * (day - self.coldest_day) / 365.0
        return self.mean - self.amplitude * np.cos(angle)


def yearly_wave(weather: Weather) -> YearlyWave:
    """First harmonic of the daily means over all years (least squares, exact for whole years).

    The surface of open ground follows it in temperate climates within about 2 K, under snow, shade
    or paving it does not: take it for the ground only where nothing better is known.
    """
    year = daily_means(weather).mean(axis=0)
    angle = 2.0 * np.pi * np.arange(365) / 365.0
    cosine, sine = 2.0 * float(np.mean(year * np.cos(angle))), 2.0 * float(
        np.mean(year * np.sin(angle))
    )  # fmt: skip
    lowest = (np.arctan2(sine, cosine) + np.pi) % (2.0 * np.pi)
    coldest = float(lowest) * 365.0 / (2.0 * np.pi)
    return YearlyWave(float(year.mean()), float(np.hypot(cosine, sine)), coldest % 365.0)
