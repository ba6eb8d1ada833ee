"""Decades of the twin, year by year: temperatures, heat into and out of each source, efficiencies.

The march is that of :func:`diwen.twin.run.simulate`, hour by hour, one year after another with the
state carried on; ratios are those of :mod:`diwen.twin.summary`, so that a design, a simulated
record and an evaluation of it say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from diwen.design.station_design.calendar_sums import HOURS, MONTH_OF_HOUR
from diwen.design.station_design.design_result import DesignYear, SourceYear, YearsRun
from diwen.plant.station import Station
from diwen.site import Site
from diwen.twin.course import SourceCourse, TwinCourse
from diwen.twin.run import TwinRun, TwinState, simulate
from diwen.twin.simulated_telemetry_heat import SimulatedPlant
from diwen.twin.site_simulation_inputs import SiteInputs
from diwen.twin.standard_points_circuits import Circuits, circuits_of
from diwen.twin.summary import summarise_year
from diwen.twin.summary_modes import modes_of

Floats = NDArray[np.float64]
Progress = Callable[[float], None]
HOUR = 3600.0


def run_years(
    site: Site,
    given: SiteInputs,
    years: int,
    *,
    station: Station | None = None,
    keep: Collection[int] = (1,),
    since: date | None = None,
    progress: Progress | None = None,
) -> YearsRun:
    """A plant through years of hours.

    Parameters
    ----------
    site : whose ids and seasons count
    given : plant, sources, loads, weather
    years : of operation
    station : instead of the given one, with the same loops and sources
    keep : years whose courses are kept, from 1
    since : first day, a 1 January; this year's if not given
    progress : called with the share that is done
    """
    plant = station or given.inputs.station
    begin = since or date(date.today().year, 1, 1)
    circuits = circuits_of_design(site, given)
    inputs = given.inputs
    rows, courses, closure, unsettled = [], {}, 0.0, 0
    for year, ran in _marched(given, years, plant):
        course = ran.course
        outdoor = outdoor_of_year(inputs.outdoor, year)
        part = SimulatedPlant(site, plant, dict(inputs.sources), course, outdoor, circuits)
        rows.append(_year(year, part, begin))
        if year in keep:
            courses[year] = course
        closure, unsettled = max(closure, ran.closure), unsettled + ran.unsettled
        if progress is not None:
            progress(year / years)
    return YearsRun(plant, tuple(rows), courses, closure, unsettled)


def source_years(
    given: SiteInputs, years: int, source: str, station: Station | None = None
) -> tuple[SourceYear, ...]:
    """One source through years of a plant; what :func:`run_years` says of it, in less time."""
    plant = station or given.inputs.station
    return tuple(
        source_year(ran.course.sources[source], ran.course)
        for _, ran in _marched(given, years, plant)
    )


def unmet_share(given: SiteInputs, years: int, kind: str, station: Station | None = None) -> float:
    """Share of the heat (``heat``) or cold (``cold``) of a year not met, worst of the years."""
    plant = station or given.inputs.station
    names = [loop.name for loop in plant.load_loops if loop.kind == kind]
    worst = 0.0
    for _, ran in _marched(given, years, plant):
        asked = sum(float(ran.course.loops[name].load.sum()) for name in names)
        lost = sum(float(ran.course.loops[name].unmet.sum()) for name in names)
        worst = max(worst, lost / asked if asked > 0.0 else 0.0)
    return worst


def _marched(given: SiteInputs, years: int, plant: Station) -> Iterator[tuple[int, TwinRun]]:
    """The years one after another, the state carried on."""
    inputs = given.inputs
    state: TwinState | None = None
    for year in range(1, years + 1):
        ran = simulate(
            plant, inputs.sources, inputs.loads, inputs.outdoor, steps=HOURS, initial=state
        )
        state = ran.state
        yield year, ran


def circuits_of_design(site: Site, given: SiteInputs) -> Circuits:
    """How the load side is metered: as the points of the site say, else as it must be."""
    station, loads = given.inputs.station, given.inputs.loads
    if site.points:
        places = ("cooling", "cooling_leaving", "cooling_entering")
        return circuits_of(site, station, any(one.location in places for one in site.points))
    at_once = np.ones(len(given.inputs.outdoor), dtype=bool)
    for kind in ("heat", "cold"):
        power = np.zeros(len(at_once))
        for loop in station.load_loops:
            if loop.kind == kind and loop.name in loads:
                power = power + np.asarray(loads[loop.name])
        at_once = at_once & (power > 0.0)
    return circuits_of(site, station, True if at_once.any() else None)


def outdoor_of_year(outdoor: Floats, year: int) -> Floats:
    """Outdoor temperature of a year of operation (from 1) of a repeating period, shape (8760,)."""
    return np.take(outdoor, np.arange((year - 1) * HOURS, year * HOURS), mode="wrap")


def without_recharge(station: Station) -> Station:
    """The station with nothing that recharges a source or frees it of heat."""
    units = []
    sources = {loop.name for loop in station.source_loops}
    for unit in station.units:
        serves = tuple(name for name in unit.serves if name not in sources)
        if serves:
            units.append(replace(unit, serves=serves))
    return replace(station, recharges=(), units=tuple(units))


def _year(year: int, plant: SimulatedPlant, begin: date) -> DesignYear:
    days = np.datetime64(f"{begin.year + year - 1}-01-01", "D") + np.zeros(HOURS, int)
    days = days + _day_without_leap(begin.year + year - 1)
    summary = summarise_year(plant, modes_of(plant.site, plant.course, days), MONTH_OF_HOUR)
    sources = {name: source_year(one, plant.course) for name, one in plant.course.sources.items()}
    return DesignYear(year, summary, sources)


def _day_without_leap(year: int) -> NDArray[np.int64]:
    """Days after 1 January of each hour; 29 February is left out."""
    day = np.repeat(np.arange(365), 24)
    leap = date(year, 12, 31).timetuple().tm_yday == 366
    return day + (day >= 59) if leap else day


def source_year(one: SourceCourse, course: TwinCourse) -> SourceYear:
    """Temperatures and heat of one source in a year."""
    by_units = one.heat + one.recharge
    flows = one.flow_share > 0.0
    return SourceYear(
        _ends(one.entering, flows), _ends(one.leaving, flows),
        _energy(by_units, 1.0, course.step), _energy(by_units, -1.0, course.step),
        _energy(one.recharge, 1.0, course.step), _energy(one.recharge, -1.0, course.step),
    )  # fmt: skip


def _energy(power: Floats, sign: float, step: float) -> float:
    return float(np.maximum(sign * power, 0.0).sum() * step)


def _ends(values: Floats, flows: NDArray[np.bool_]) -> tuple[float, float]:
    kept = values[flows & np.isfinite(values)]
    return (float(kept.min()), float(kept.max())) if kept.size else (float("nan"), float("nan"))
