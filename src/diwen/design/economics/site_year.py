"""One year of a design out of a run of the twin, and how its electricity moves over the years."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.design.economics.plant_year import YEAR, PlantYear
from diwen.language import Text
from diwen.plant.station import Station
from diwen.problems import InputError, Problem
from diwen.twin.course import TwinCourse

Floats = NDArray[np.float64]

_FUELS = {"natural_gas": "gas", "lpg": "gas", "coal": "coal", "electricity": "electricity"}
_WHOLE = Text(
    "the run is {years:.3f} years long: costs need whole years of 365 days from 1 January",
    "运行时长为 {years:.3f} 年：费用计算需要自 1 月 1 日起的整年（365 天）",
)
_RUN_YEARS = Text("simulate whole years from the beginning", "请从年初起按整年模拟")
_NO_FUEL = Text("no price and factor for this fuel", "没有该燃料的价格与排放因子")
_OTHER_FUEL = Text(
    "use natural_gas, lpg, coal or electricity", "可用 natural_gas、lpg、coal 或 electricity"
)
_MEAN = Text(
    "the mean of {years} simulated years stands for the year", "以 {years} 个模拟年的平均代表一年"
)


def years_of_course(course: TwinCourse, station: Station) -> tuple[PlantYear, Floats]:
    """The mean year of a simulated course, and the electricity of each year over it.

    Parameters
    ----------
    course : whole years from 1 January
    station : the plant behind it, which knows loops and fuels

    Returns
    -------
    PlantYear : means of the years, hour by hour
    array : electricity of each year over the mean, shape (years,)

    Raises
    ------
    InputError : no whole years, a fuel without price
    """
    steps = len(course.mode)
    years = steps * course.step / YEAR
    problems = []
    if round(years) < 1 or abs(years - round(years)) > 1e-6 or course.start:
        message = _WHOLE.format(years=years)
        problems.append(Problem("economics", "course", message, _RUN_YEARS))
    fuels = {backup.name: backup.fuel for backup in station.backups}
    for name, fuel in fuels.items():
        if fuel not in _FUELS:
            problems.append(Problem("economics", f"backups.{name}", _NO_FUEL, _OTHER_FUEL, fuel))
    if problems:
        raise InputError(problems)
    count = round(years)
    kinds = {loop.name: loop.kind for loop in station.load_loops}
    delivered = {"heat": np.zeros(steps), "cold": np.zeros(steps)}
    for name, loop in course.loops.items():
        delivered[kinds[name]] += np.maximum(loop.delivered, 0.0)
    electricity = _electricity(course, fuels)
    burnt = _fuel(course, fuels, count)
    notes = (_MEAN.format(years=count),) if count > 1 else ()
    by_year = electricity.reshape(count, -1)
    mean = by_year.mean(axis=0)
    year = PlantYear(
        delivered["heat"].reshape(count, -1).mean(axis=0),
        delivered["cold"].reshape(count, -1).mean(axis=0),
        mean,
        course.step,
        burnt,
        (),
        notes,
    )
    total = float(mean.sum())
    return year, by_year.sum(axis=1) / total if total > 0.0 else np.ones(count)


def over_study(by_year: Floats, years: int) -> Floats:
    """Factors of the simulated years over those of a study; the last one holds on."""
    return np.concatenate((by_year[:years], np.full(max(0, years - len(by_year)), by_year[-1])))


def _electricity(course: TwinCourse, fuels: dict[str, str]) -> Floats:
    """Everything electric of the plant, W."""
    parts = [unit.power for unit in course.units.values()]
    parts += list(course.pumps.values())
    parts += [power for _, power in course.recharges.values()]
    parts += [power for name, (_, power) in course.backups.items() if fuels[name] == "electricity"]
    return np.maximum(sum(parts, np.full(len(course.mode), course.fixed_power)), 0.0)


def _fuel(course: TwinCourse, fuels: dict[str, str], years: int) -> dict[str, float]:
    """Fuel of the mean year by carrier, J."""
    found: dict[str, float] = {}
    for name, (_, power) in course.backups.items():
        carrier = _FUELS[fuels[name]]
        if carrier != "electricity":
            energy = float(power.sum() * course.step) / years
            found[carrier] = found.get(carrier, 0.0) + energy
    return found
