"""The length of a site's boreholes by appendix B of GB 50366, beside the sizing.

Its inputs come from the same site: design loads of the building (or the peaks of its profile),
the running share from the month with the most heat, the running time from the season (or the days
with load). It knows neither neighbours nor years.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from diwen import rules
from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.calendar_months import DAYS, HOUR, HOURS_PER_YEAR
from diwen.design.ground_load import month_sums
from diwen.design.of_site import SizingInput
from diwen.language import Text
from diwen.site import Site
from diwen.sources.borehole.pipes import BoreholeSection
from diwen.sources.borehole.standard_method import (
    StandardLength,
    StandardResistances,
    length_for_cooling,
    length_for_heating,
    standard_resistances,
)
from diwen.sources.response.time_units import DAY

Floats = NDArray[np.float64]
Mode = Literal["heating", "cooling"]

_PULSE = "gb50366.appendix_b.pulse"
_PASSES = 20

_NO_BUILDING = Text("the loads are those of the ground, not of the building",
                    "负荷为地源侧负荷，而非建筑负荷")  # fmt: skip
_NO_PIPES = Text("it needs U-pipes, grout and flow: {what}", "需要 U 形管、回填材料与流量：{what}")
_COAXIAL = Text("coaxial pipes are not covered by it", "该方法不适用于套管式换热管")
_NO_ROOM = Text("the limit leaves no temperature difference to the ground",
                "限值与初始地温之间没有温差")  # fmt: skip


@dataclass(frozen=True)
class StandardSide:
    """Length for one mode, with what it rests on.

    Attributes
    ----------
    mode : heating or cooling
    load : of the building, W
    from_profile : whether that is the profile's peak and not a design load of the file
    efficiency : COP or EER at the limit
    fluid_temperature : design mean temperature of the fluid, °C
    ground_temperature : undisturbed, °C
    running_share : F, full-load hours over all hours of the month with the most heat
    month : that month, 1 to 12
    running_time : τ, s
    from_season : whether that is the season of the file and not the days with load
    resistances : of the standard
    found : total length and what belongs to it
    each : length per borehole, m
    """

    mode: Mode
    load: float
    from_profile: bool
    efficiency: float
    fluid_temperature: float
    ground_temperature: float
    running_share: float
    month: int
    running_time: float
    from_season: bool
    resistances: StandardResistances
    found: StandardLength
    each: float

    def as_dict(self) -> dict[str, Any]:
        """Plain data: W, °C, s, m·K/W, m."""
        names = ("mode", "load", "from_profile", "efficiency", "fluid_temperature",
                 "ground_temperature", "running_share", "month", "running_time",
                 "from_season")  # fmt: skip
        parts = ("film", "pipe", "grout", "ground", "pulse")
        return {
            **{name: getattr(self, name) for name in names},
            "resistances": {name: getattr(self.resistances, name) for name in parts},
            "resistance": self.found.resistance,
            "heat_per_metre": self.found.heat_per_metre,
            "length": self.each,
            "total_length": self.found.length,
        }


@dataclass(frozen=True)
class StandardMethod:
    """What appendix B says of a site.

    Attributes
    ----------
    sides : heating and cooling, as far as there is a load and a limit
    pulse_time : τ_p, s
    lacking : why a side, or all, is not there
    """

    sides: tuple[StandardSide, ...]
    pulse_time: float
    lacking: tuple[Text, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "sides": [side.as_dict() for side in self.sides],
            "pulse_time": self.pulse_time,
            "lacking": [{"en": text.en, "zh": text.zh} for text in self.lacking],
        }


def asks_for_it(site: Site, day: date) -> bool:
    """Whether the site stands where GB 50366 holds."""
    chain = rules.on(day, site.place.region).chain if site.place.region else ()
    return "China" in (chain or ())


def standard_method(site: Site, given: SizingInput, day: date) -> StandardMethod:
    """Lengths by appendix B for the loads and limits of a sizing.

    Parameters
    ----------
    site : for design loads and seasons
    given : the input of its sizing
    day : on which the rules are asked
    """
    pulse = rules.on(day, "China").value(_PULSE) * HOUR
    bore, load = given.bore, given.load
    if not isinstance(load, HourlyBuildingLoad):
        return StandardMethod((), pulse, (_NO_BUILDING,))
    if bore.section is None or bore.solved is None:
        return StandardMethod((), pulse, (_NO_PIPES.format(what=", ".join(bore.lacking)),))
    if not isinstance(bore.section, BoreholeSection):
        return StandardMethod((), pulse, (_COAXIAL,))
    sides: list[StandardSide] = []
    lacking: list[Text] = []
    profiles: dict[Mode, Floats] = {
        "heating": load.heating + load.hot_water, "cooling": load.cooling
    }  # fmt: skip
    for mode, profile in profiles.items():
        limit = given.limits.minimum if mode == "heating" else given.limits.maximum
        if limit is None or not profile.any():
            continue
        side = _side(site, given, mode, profile, limit, pulse)
        if side is None:
            lacking.append(_NO_ROOM)
        else:
            sides.append(side)
    return StandardMethod(tuple(sides), pulse, tuple(lacking))


def _side(
    site: Site, given: SizingInput, mode: Mode, profile: Floats, limit: float, pulse: float
) -> StandardSide | None:
    design = [getattr(item, f"{mode}_design_load") for item in site.loads.values()]
    known = sum(value for value in design if value is not None)
    load = float(known or profile.max())
    share, month = running_share(profile, load)
    time, from_season = _running_time(site, mode, profile)
    efficiency, fluid = _at_the_limit(given, mode, load, limit)
    field = given.field
    ground = field.temperature(field.boreholes.mean_length)
    if (ground - fluid if mode == "heating" else fluid - ground) <= 0.0:
        return None
    resistances = _resistances(given, time, pulse)
    length = length_for_heating if mode == "heating" else length_for_cooling
    found = length(resistances, load, fluid, ground, efficiency, share)
    return StandardSide(
        mode, load, not known, efficiency, fluid, ground, share, month, time, from_season,
        resistances, found, found.length / field.count,
    )  # fmt: skip


def _resistances(given: SizingInput, running_time: float, pulse: float) -> StandardResistances:
    section, solved, field = given.bore.section, given.bore.solved, given.field
    assert isinstance(section, BoreholeSection)
    assert solved is not None
    return standard_resistances(
        section.pipes[0],
        len(section.pipes),
        section.radius,
        float(solved.film.mean()),
        section.grout_conductivity,
        field.conductivity,
        field.diffusivity,
        running_time,
        pulse,
    )


def running_share(profile: Floats, load: float) -> tuple[float, int]:
    """Full-load hours over all hours of the month with the most heat, 0 to 1, and that month.

    Parameters
    ----------
    profile : W, by hour from 1 January, shape (8760 years,)
    load : at which the plant runs, W
    """
    months = month_sums(profile)
    worst = int(months.argmax())
    hours = months[worst] / HOUR / load
    month = worst % len(DAYS)
    return min(1.0, float(hours / (24.0 * DAYS[month]))), month + 1


def _running_time(site: Site, mode: Mode, profile: Floats) -> tuple[float, bool]:
    """Length of the season, s; of the days with load in the mean year where there is none."""
    season = getattr(site.operation, f"{mode}_season")
    if season is not None:
        first, last = season.span(2021)
        return ((last - first).days + 1) * DAY, True
    days = profile.reshape(-1, 24).max(axis=1) > 0.0
    return float(days.sum()) / (len(profile) / HOURS_PER_YEAR) * DAY, False


def _at_the_limit(given: SizingInput, mode: Mode, load: float, limit: float) -> tuple[float, float]:
    """COP or EER, and the mean fluid temperature in °C, while the limit is met at a load in W."""
    assert given.efficiency is not None
    heating = mode == "heating"
    place = given.limits.minimum_at if heating else given.limits.maximum_at
    curve = given.efficiency.heating if heating else given.efficiency.cooling
    exchanged: Callable[[float], float] = (
        (lambda cop: load * (1.0 - 1.0 / cop))
        if heating
        else (lambda eer: -load * (1.0 + 1.0 / eer))
    )
    efficiency, mean = float(curve.at(limit)), limit
    # The limit holds at one end of the loop; the heat pump sees the other, which depends on it.
    for _ in range(_PASSES):
        power = exchanged(efficiency)
        mean = limit - given.field.half_spread(place) * power
        efficiency = float(curve.at(mean + given.field.half_spread("entering") * power))
    return efficiency, mean
