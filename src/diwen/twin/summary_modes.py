"""When a simulated plant is set to heat and to cool, and whose the electricity of an hour is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.twin.course import TwinCourse

Floats = NDArray[np.float64]
Way = Literal["heating", "cooling"]
_HOUR = 3600.0


@dataclass(frozen=True, eq=False)
class Modes:
    """Which steps belong to heating and to cooling.

    Attributes
    ----------
    heating, cooling : 1 in steps of that mode, else 0, shape (n,)
    hour : number of the clock hour of each step, shape (n,)
    """

    heating: Floats
    cooling: Floats
    hour: NDArray[np.int64]

    def delivered(self, heat: dict[str, Floats], cold: dict[str, Floats]) -> tuple[Floats, Floats]:
        """Useful heat in the time of heating and cold in that of cooling, W, (n,) each.

        Where one pair of pipes carries both, its one meter is read in each season for what the
        season is; heat and cold are then told apart by season alone.
        """
        joint = "cooling" not in cold
        warm = sum(heat.values(), start=np.zeros(self.hour.size))
        if joint:
            both = heat.get("load", 0.0 * self.heating) + cold.get("load", 0.0 * self.heating)
            warm = warm - heat.get("load", 0.0 * warm) + both
            return warm * self.heating, both * self.cooling
        return warm * self.heating, cold["cooling"] * self.cooling

    def ratio(
        self,
        useful: Floats,
        power: Floats,
        way: Way,
        heat: dict[str, Floats],
        cold: dict[str, Floats],
        helped: Floats | None = None,
    ) -> float:
        """Useful energy of a mode over the electricity that belongs to it; nan: nothing to divide.

        Parameters
        ----------
        useful : of the mode, zero outside it, W
        power : of the boundary, W
        heat, cold : of the circuits, W
        helped : electricity of heaters that count as heat, W
        """
        other = self._others(way, heat, cold, helped)
        inside = self.heating if way == "heating" else self.cooling
        own_hour = np.bincount(self.hour, np.maximum(useful, 0.0))
        other_hour = np.bincount(self.hour, np.maximum(other, 0.0))
        both = (own_hour + other_hour)[self.hour]
        share = np.divide(own_hour[self.hour], both, out=inside.copy(),
                          where=other_hour[self.hour] > 0.0)  # fmt: skip
        used = float((power * share).sum())
        return float(useful.sum()) / used if used > 0.0 and useful.any() else float("nan")

    def _others(
        self, way: Way, heat: dict[str, Floats], cold: dict[str, Floats], helped: Floats | None
    ) -> Floats:
        """What the same plant delivers usefully in the other mode, from meters of its own."""
        nothing = np.zeros(self.hour.size)
        if way == "heating":
            return cold["cooling"] * self.cooling if "cooling" in cold else nothing
        found = heat.get("hot_water", nothing) + nothing
        if "cooling" in cold and "load" in heat:
            found = found + heat["load"] * self.heating
        if helped is not None:
            found = found + helped * self.heating
        return found


def modes_of(site: Site, course: TwinCourse, day: NDArray[np.datetime64]) -> Modes:
    """The modes of a stretch of a run, as the site says; else as the plant ran.

    Parameters
    ----------
    day : local date of each step, ``datetime64[D]``, shape (n,)
    """
    n = len(course.mode)
    operation = site.operation
    per_hour = max(round(_HOUR / course.step), 1)
    hour = np.arange(n) // per_hour
    if operation.mode in ("heating", "cooling"):
        on, off = np.ones(n), np.zeros(n)
        return Modes(on, off, hour) if operation.mode == "heating" else Modes(off, on, hour)
    if by_point(site):
        heats, cools = np.isin(course.mode, (1, 3)), np.isin(course.mode, (2, 3))
        return Modes(heats.astype(np.float64), cools.astype(np.float64), hour)
    return Modes(_season(site, "heating", day), _season(site, "cooling", day), hour)


def by_point(site: Site) -> bool:
    """Whether the mode of a simulated site is what its mode point says: no season is given."""
    operation = site.operation
    seasons = operation.heating_season or operation.cooling_season
    return operation.mode == "point" or (operation.mode == "seasonal" and seasons is None)


def _season(site: Site, way: Way, day: NDArray[np.datetime64]) -> Floats:
    season = getattr(site.operation, f"{way}_season")
    if season is None:
        return np.zeros(len(day))
    days, place = np.unique(day, return_inverse=True)
    inside = np.array([season.contains(one) for one in days.astype(object)], dtype=float)
    return inside[place]
