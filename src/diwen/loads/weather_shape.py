"""Hourly courses of a load that is known only by its peak, its yearly energy, or its line.

All of them follow one picture: below a balance temperature T_b the heat grows with the distance
of the outdoor temperature from it (above it, the cold), times a profile of the day whose mean
is 1; in hours outside the season there is none. This is the energy signature drawn hour by hour;
it knows neither sun nor the heat stored in walls, so hours are less certain than days.

A signature is fitted to days, and heavy buildings follow days: a course may therefore follow the
mean of the 24 hours around each hour. Drawn over the hours themselves, the same line gives more
heat on mild days, because it is bent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.loads.calendar import HOUR, HOURS_PER_YEAR, hour_of_day

Floats = NDArray[np.float64]
Side = Literal["heating", "cooling"]

_WIDEST = 60.0
_STEPS = 60


@dataclass(frozen=True, eq=False)
class Course:
    """When a load is there and how it lies in the day.

    Attributes
    ----------
    outdoor : temperature that the load follows, by hour, °C, shape (n,)
    side : heating or cooling
    profile : relative load of the 24 hours of the day, mean 1, shape (24,)
    season : hours in which the load may be there, shape (n,)
    """

    outdoor: Floats
    side: Side
    profile: Floats
    season: NDArray[np.bool_]

    def distance(self, balance: float) -> Floats:
        """Kelvins beyond the balance temperature, weighted by the profile, shape (n,)."""
        sign = 1.0 if self.side == "heating" else -1.0
        beyond = np.maximum(0.0, sign * (balance - self.outdoor))
        return beyond * self.profile[hour_of_day(len(self.outdoor))] * self.season


def course(
    outdoor: ArrayLike,
    side: Side,
    profile: ArrayLike | None = None,
    season: ArrayLike | None = None,
    *,
    by_day: bool = False,
) -> Course:
    """A course with the profile brought to mean 1; without profile or season: always alike.

    Parameters
    ----------
    outdoor : air temperature by hour, °C, whole years, shape (n,)
    by_day : follow the mean of the 24 hours around each hour instead of the hour
    """
    temperature = np.asarray(outdoor, float)
    if by_day:
        temperature = _around(temperature)
    day = np.ones(24) if profile is None else np.asarray(profile, float)
    allowed = np.ones(len(temperature), bool) if season is None else np.asarray(season, bool)
    return Course(temperature, side, day / day.mean(), allowed)


def load_of_line(of: Course, slope: float, balance: float, base: float = 0.0) -> Floats:
    """The load of an energy signature, W, shape (n,).

    Parameters
    ----------
    of : when and how the load lies
    slope : W/K
    balance : temperature at which it begins, °C
    base : W, in every hour of the season
    """
    return slope * of.distance(balance) + base * of.season


def load_of_peak(of: Course, peak: float, balance: float, design: float) -> Floats:
    """The load of a line through a design load, W, shape (n,).

    The line runs from zero at the balance temperature to the design load at the design
    temperature; colder hours ask for no more, because the plant was designed for no more. A
    year that never gets so cold does not reach the design load.

    Parameters
    ----------
    peak : design load, W
    balance, design : balance and outdoor design temperature, °C
    """
    width = max(abs(balance - design), 1e-9)
    return peak * np.minimum(1.0, of.distance(balance) / width)


def slope_of_energy(of: Course, energy: float, balance: float) -> float:
    """Slope at which a line brings a yearly energy, W/K; 0 where there is no hour for it.

    Parameters
    ----------
    energy : J in a year (mean over the years of the course)
    balance : temperature at which it begins, °C
    """
    per_year = float(of.distance(balance).mean()) * HOUR * HOURS_PER_YEAR
    return energy / per_year if per_year > 0.0 else 0.0


def balance_of_peak_and_energy(
    of: Course, peak: float, energy: float, design: float
) -> float | None:
    """Balance temperature at which a design load and a yearly energy fit together, °C.

    None where no balance temperature within 60 K of the design temperature does.

    Parameters
    ----------
    peak : W
    energy : J in a year
    design : outdoor design temperature, °C
    """
    sign = 1.0 if of.side == "heating" else -1.0

    def excess(width: float) -> float:
        power = load_of_peak(of, peak, design + sign * width, design)
        return float(power.mean()) * HOUR * HOURS_PER_YEAR - energy

    low, high = 0.5, _WIDEST
    if excess(low) > 0.0 or excess(high) < 0.0:
        return None
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if excess(middle) > 0.0 else (middle, high)
    return design + sign * 0.5 * (low + high)


def _around(hourly: Floats) -> Floats:
    """Mean of the 24 hours around each hour; the last year goes on into the first."""
    wrapped = np.concatenate((hourly[-12:], hourly, hourly[:12]))
    total = np.concatenate(([0.0], np.cumsum(wrapped)))
    mean: Floats = (total[24:-1] - total[:-25]) / 24.0
    return mean
