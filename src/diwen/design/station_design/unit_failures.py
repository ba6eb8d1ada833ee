"""A year of the twin with one single unit out: what is then not met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from diwen.design.station_design.balance_years import run_years
from diwen.design.station_design.design_result import UnitFailure, YearsRun
from diwen.plant.station import Station
from diwen.problems import InputError
from diwen.site import Site
from diwen.twin.course import TwinCourse
from diwen.twin.site_simulation_inputs import SiteInputs


def failures_of(site: Site, given: SiteInputs, run: YearsRun) -> tuple[UnitFailure, ...]:
    """The first year with one unit of each group out, one group after the other.

    Parameters
    ----------
    run : with all units, its first year kept
    """
    whole = run.years[0].summary
    found = []
    for unit in run.station.units:
        station = without_one(run.station, unit.name)
        try:
            ran = run_years(site, given, 1, station=station)
        except InputError:
            # A plant with no unit left on a loop is none that the twin runs.
            continue
        year = ran.years[0].summary
        worst, share = _worst(ran.courses[1])
        found.append(UnitFailure(
            unit.name, unit.count - 1, year.unmet_heat - whole.unmet_heat,
            year.unmet_cold - whole.unmet_cold, year.unmet_hours, worst, share,
        ))  # fmt: skip
    return tuple(found)


def without_one(station: Station, name: str) -> Station:
    """The station with one single unit of a group less; no group of none."""
    units = []
    for unit in station.units:
        if unit.name != name:
            units.append(unit)
        elif unit.count > 1:
            units.append(replace(unit, count=unit.count - 1))
    return replace(station, units=tuple(units))


def _worst(course: TwinCourse) -> tuple[float, float]:
    """Largest unmet power, W, and its share of the load of that hour."""
    unmet = np.sum([one.unmet for one in course.loops.values()], axis=0)
    load = np.sum([one.load for one in course.loops.values()], axis=0)
    place = int(np.argmax(unmet))
    most = float(unmet[place])
    return most, most / float(load[place]) if load[place] > 0.0 else 0.0
