"""A :class:`~diwen.plant.station.Station` out of a site folder: what the twin runs.

As little as a simple plant says is enough: units draw on the only source and serve every load they
can, loops come from the loads. What is assumed on the way stands in the notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from diwen.language import Text
from diwen.plant.station import LoadLoop, PumpGroup, SourceLoop, Station, SupplyCurve
from diwen.problems import InputError, Problem
from diwen.site.loop_supply import SupplyPlan, supply_of
from diwen.site.model import Site
from diwen.site.station_backups import backups_of_site, recharges_of_site
from diwen.site.station_capacity import capacity_problems, limit_problems
from diwen.site.station_equipment import dead_band, pump_groups, tank_of_loop, units_of_plan
from diwen.site.station_loops import PlannedLoop, planned_loops
from diwen.site.station_pumps import PumpPlan, planned_pumps
from diwen.site.station_units import PlannedUnit, planned_units

if TYPE_CHECKING:
    from diwen.loads.weather import Weather


@dataclass(frozen=True, eq=False)
class SiteStation:
    """The plant of a site and how it came about.

    Attributes
    ----------
    station : what the twin runs
    loops, units, pumps : the plan behind it, as plain data
    notes : what was assumed, and what is not counted
    """

    station: Station
    loops: tuple[PlannedLoop, ...]
    units: tuple[PlannedUnit, ...]
    pumps: PumpPlan
    notes: tuple[Text, ...] = ()


def station_of_site(site: Site, weather: Weather | None = None) -> Station:
    """The plant of a site; see :func:`site_station` for the notes.

    Raises
    ------
    diwen.problems.InputError : with everything that is missing or impossible, at once
    """
    return site_station(site, weather).station


def site_station(site: Site, weather: Weather | None = None) -> SiteStation:
    """The plant of a site, with what was assumed.

    Parameters
    ----------
    site : the site
    weather : needed only where something recharges a source (sun, air)

    Raises
    ------
    diwen.problems.InputError : with everything that is missing or impossible, at once
    """
    problems: list[Problem] = []
    notes: list[Text] = []
    loops = planned_loops(site)
    planned = planned_units(site, loops, problems)
    pumps = planned_pumps(site, loops, planned)
    supplies = {loop.name: supply_of(site, loop) for loop in loops}
    notes += pumps.notes
    notes += [note for plan in supplies.values() for note in plan.notes]
    backups = backups_of_site(site, loops, problems, notes)
    heat = {backup.name: (backup.serves, backup.capacity) for backup in backups}
    problems += capacity_problems(site, loops, planned, heat, notes)
    problems += limit_problems(site, loops, planned, supplies, notes)
    groups = pump_groups(site, pumps, problems, notes)
    units = units_of_plan(site, planned, loops, problems, notes)
    recharges = recharges_of_site(site, weather, problems, notes)
    load_loops = tuple(
        _load_loop(
            site, loop, supplies[loop.name], _named(groups, pumps.loops[loop.name]), problems, notes
        )
        for loop in loops
    )
    if problems:
        raise InputError(problems)
    station = Station(
        source_loops=tuple(
            _source_loop(site, name, _named(groups, names)) for name, names in pumps.sources.items()
        ),
        load_loops=load_loops,
        units=units,
        backups=backups,
        recharges=recharges,
        staging=_staging(site),
        permitted_units=_permitted(site),
        fixed_power=sum((item.rated_power or 0.0) * item.count for item in site.controls.values()),
    )
    return SiteStation(station, loops, planned, pumps, tuple(dict.fromkeys(notes)))


def _named(groups: dict[str, PumpGroup], names: Sequence[str]) -> tuple[PumpGroup, ...]:
    return tuple(groups[name] for name in names if name in groups)


def _source_loop(site: Site, name: str, pumps: tuple[PumpGroup, ...]) -> SourceLoop:
    """The loop of a source; an exchanger before the units is part of its SourceModel already."""
    item = site.sources[name]
    held = site.staging.source_temperature_difference
    if held is None:
        said = [control.source_temperature_difference for control in site.controls.values()]
        held = next((value for value in said if value is not None), None)
    low = getattr(item, "minimum_entering_temperature", None)
    high = getattr(item, "maximum_leaving_temperature", None)
    return SourceLoop(
        name=name,
        pumps=pumps,
        temperature_difference=held,
        minimum_entering=-np.inf if low is None else low,
        maximum_entering=np.inf if high is None else high,
    )


def _load_loop(
    site: Site,
    loop: PlannedLoop,
    plan: SupplyPlan,
    pumps: tuple[PumpGroup, ...],
    problems: list[Problem],
    notes: list[Text],
) -> LoadLoop:
    return LoadLoop(
        name=loop.name,
        kind=loop.side,
        loads=loop.loads,
        supply=SupplyCurve(np.array(plan.outdoor, float), np.array(plan.supply, float)),
        temperature_difference=plan.difference,
        exchanger_difference=plan.exchanger_difference,
        pumps=pumps,
        tank=tank_of_loop(site, loop, problems, notes),
        dead_band=dead_band(site, loop),
        hot_water=loop.hot_water,
    )


def _staging(site: Site) -> Literal["sequence", "equal_hours", "efficiency"]:
    """Rule of staging: its own table, else the controls, else in sequence."""
    if site.staging.rule:
        return site.staging.rule
    return next((control.staging for control in site.controls.values()), "sequence")


def _permitted(site: Site) -> tuple[np.ndarray, np.ndarray] | None:
    if not site.staging.permitted_outdoor:
        return None
    outdoor = np.array(site.staging.permitted_outdoor, float)
    return outdoor, np.array(site.staging.permitted_units, float)
