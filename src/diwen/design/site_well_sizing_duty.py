"""The heat that a site asks of its wells, day by day, for sizing.

From the hourly loads, with COP and EER at the water of the planned wells; else from design loads
and seasons with a usual course; else from what the wells are rated for.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.calendar_months import HOURS_PER_YEAR
from diwen.design.efficiency import PlantEfficiency
from diwen.design.site_efficiency import efficiency_of_site
from diwen.design.site_load import load_of_site
from diwen.design.well_sizing_duty import DAYS_PER_YEAR, WellDuty, season_course
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.missing_values import SITE_FILE, assumed
from diwen.site.seasons import Season

Floats = NDArray[np.float64]
Answer = Callable[[WellDuty], Floats]
"""Mean pumped temperature of each day of a year, °C, (365,), under a duty."""

_SHARED = Text(
    "the site has several sources: the whole load is put on these wells",
    "项目有多个热源：全部负荷按由本井群承担计算",
)
_SPLIT = Text("size each source with its own part of the load", "请按各热源分担的负荷分别计算")
_COURSE = Text(
    "no hourly load: a usual course over the season is taken for the design load of {power} kW",
    "无逐时负荷：按设计负荷 {power} kW 与常用的季节变化曲线计算",
)
_RATED = Text(
    "neither hourly nor design load: the wells are taken to do what they are rated for, {power} kW",
    "无逐时负荷与设计负荷：按井群额定取热量 {power} kW 计算",
)
_GIVE_HOURLY = Text('add hourly_file = "load.csv"', '请补充 hourly_file = "load.csv"')
_NO_SEASON = Text(
    "a design load is given, but neither hourly values nor the season",
    "仅有设计负荷，没有逐时值，也没有供暖（供冷）季",
)
_GIVE_SEASON = Text(
    'add operation.heating_season = "11-15..03-15" or hourly_file',
    '请补充 operation.heating_season = "11-15..03-15"，或 hourly_file',
)
_NOTHING = Text(
    "no load is known: no hourly file, no design load, no rated heat of the wells",
    "负荷未知：没有逐时负荷、设计负荷或单井额定取热量",
)


def duty_of_wells(
    site: Site, source: str, temperature: float, answer: Answer | None, problems: list[Problem],
    rated: tuple[float | None, float | None] = (None, None),
) -> WellDuty:  # fmt: skip
    """Heat of all wells of a source, the year turned so that it begins with the heating season.

    Parameters
    ----------
    site : the site
    source : id of the wells
    temperature : of the undisturbed water, °C
    answer : of the planned wells, for COP and EER; None: at the undisturbed water
    problems : what was assumed is added
    rated : heat that all wells are rated to take and give, W

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    if len(site.sources) > 1:
        problems.append(assumed(f"sources.{source}", _SHARED, _SPLIT))
    found: list[Problem] = []
    load: Any = load_of_site(site, found)
    if load is None and not any(item.hourly_file for item in site.loads.values()):
        found = []  # without weather there are still the seasons, or what the wells are rated for
        load = _of_design(site, rated, found)
    plant = None
    if isinstance(load, HourlyBuildingLoad):
        plant = efficiency_of_site(site, source, load, found)
    problems += found
    if load is None or any(problem.severity == "error" for problem in found):
        raise InputError(problems)
    if plant is None:
        return WellDuty.of(_turned(load.power))
    first = _turned_duty(load, plant, np.full(HOURS_PER_YEAR, temperature))
    if answer is None or plant.is_constant:
        return first[0]
    # Once round: a second one moves the heat by less than a hundredth.
    hours = np.roll(np.repeat(answer(first[0]), 24), first[1])
    return _turned_duty(load, plant, hours, first[1])[0]


def _turned_duty(
    load: HourlyBuildingLoad, plant: PlantEfficiency, water: Floats, start: int | None = None
) -> tuple[WellDuty, int]:
    power = load.ground(plant, np.tile(water, load.years)).power
    begin = _beginning(power) if start is None else start
    return WellDuty.of(np.roll(power, -begin)), begin


def _turned(power: Floats) -> Floats:
    return np.roll(power, -_beginning(power))


def _beginning(power: Floats) -> int:
    """First hour of the day at which the ground has been given most: where heating begins."""
    year = power[:HOURS_PER_YEAR].reshape(DAYS_PER_YEAR, 24).sum(axis=1)
    taken = np.cumsum(year - year.mean())
    return 24 * ((int(np.argmin(taken)) + 1) % DAYS_PER_YEAR)


def _of_design(
    site: Site, rated: tuple[float | None, float | None], problems: list[Problem]
) -> Any:
    """Loads of the building from design loads and seasons, else of the ground as rated."""
    heating = sum(item.heating_design_load or 0.0 for item in site.loads.values())
    cooling = sum(item.cooling_design_load or 0.0 for item in site.loads.values())
    known = heating or cooling
    warm, cold = (heating, cooling) if known else (rated[0] or 0.0, rated[1] or 0.0)
    if not warm and not cold:
        problems.append(Problem(SITE_FILE, "loads", _NOTHING, _GIVE_HOURLY))
        return None
    seasons = (site.operation.heating_season, site.operation.cooling_season)
    rows = []
    for load, season in ((warm, seasons[0]), (cold, seasons[1])):
        if load and season is None:
            problems.append(Problem(SITE_FILE, "operation", _NO_SEASON, _GIVE_SEASON))
            return None
        rows.append(np.zeros(HOURS_PER_YEAR) if season is None else load * _course(season))
    text = _COURSE if known else _RATED
    message = text.format(power=f"{(warm or cold) / 1e3:.0f}")
    problems.append(assumed("loads", message, _GIVE_HOURLY))
    if known:
        return HourlyBuildingLoad.of(rows[0], rows[1])
    from diwen.design.ground_load import HourlyGroundLoad

    return HourlyGroundLoad.of(rows[0] - rows[1])


def _course(season: Season) -> Floats:
    """Share of the design load in every hour of a year, shape (8760,)."""
    first, last = season.span(2025)
    count = min((last - first).days + 1, DAYS_PER_YEAR)
    start = (first - datetime.date(2025, 1, 1)).days
    hours = np.zeros(HOURS_PER_YEAR)
    days = (start + np.arange(count)) % DAYS_PER_YEAR
    hours.reshape(DAYS_PER_YEAR, 24)[days] = season_course(np.arange(count)).reshape(count, 24)
    return hours
