"""A :class:`~diwen.plant.station.Station` out of a site folder: what the twin runs.

As little as a simple plant says is enough: units draw on the only source and serve every load they
can, loops come from the loads. What is assumed on the way stands in the notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from diwen.language import Text
from diwen.plant.station import LoadLoop, PumpGroup, SourceLoop, Station, SupplyCurve
from diwen.problems import InputError, Problem
from diwen.site.loop_supply import SupplyPlan, supply_of
from diwen.site.model import Site
from diwen.site.station_backups import backups_of_site, recharges_of_site, recharging_units
from diwen.site.station_capacity import capacity_problems, limit_problems, shared_notes
from diwen.site.station_equipment import dead_band, pump_groups, tank_of_loop, units_of_plan
from diwen.site.station_loops import PlannedLoop, planned_loops
from diwen.site.station_pumps import PumpPlan, planned_pumps
from diwen.site.station_rooms import room_of_loop
from diwen.site.station_units import PlannedUnit, planned_units

if TYPE_CHECKING:
    from diwen.loads.weather import Weather

_ROTATION = Text(
    "the zones of {name} take turns; the run takes the field as one, so the rest between turns is "
    "not seen",
    "{name} 各分区轮换投用；计算按整个孔群进行，未计分区间歇恢复",
)
_WATER_TEMPERATURE = 20.0


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


def rotation_note(source: str) -> Text:
    """What is said of a run that takes a bore field as one although its zones take turns."""
    return _ROTATION.format(name=source)


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
    notes += shared_notes(site, loops, planned, heat)
    problems += limit_problems(site, loops, planned, supplies, notes)
    groups = _bound(site, pumps, pump_groups(site, pumps, problems, notes), planned)
    units = units_of_plan(site, planned, loops, problems, notes)
    recharges = recharges_of_site(site, weather, problems, notes)
    load_loops = tuple(
        _load_loop(
            site, loop, supplies[loop.name], _named(groups, pumps.loops[loop.name]), problems, notes
        )
        for loop in loops
    )
    source_loops = tuple(
        _source_loop(site, name, _named(groups, names), problems, notes)
        for name, names in pumps.sources.items()
    )
    if problems:
        raise InputError(problems)
    station = Station(
        source_loops=source_loops,
        load_loops=load_loops,
        units=recharging_units(site, units, weather),
        backups=backups,
        recharges=recharges,
        staging=_staging(site),
        permitted_units=_permitted(site),
        fixed_power=sum((item.rated_power or 0.0) * item.count for item in site.controls.values()),
    )
    return SiteStation(station, loops, planned, pumps, tuple(dict.fromkeys(notes)))


def _named(groups: dict[str, PumpGroup], names: Sequence[str]) -> tuple[PumpGroup, ...]:
    return tuple(groups[name] for name in names if name in groups)


def _bound(
    site: Site,
    pumps: PumpPlan,
    groups: dict[str, PumpGroup],
    planned: Sequence[PlannedUnit],
) -> dict[str, PumpGroup]:
    """Pumps that serve some units of their loops, and not all, belong to these."""
    found = {}
    for name, group in groups.items():
        sources = {loop for loop, names in pumps.sources.items() if name in names}
        loops = {loop for loop, names in pumps.loops.items() if name in names}
        beside = {unit.name for unit in planned
                  if unit.draws_on in sources or loops & set(unit.serves)}  # fmt: skip
        served = site.pumps[name].serves
        own = bool(served) and set(served) < beside
        found[name] = replace(group, units=tuple(served)) if own else group
    return found


def _source_loop(
    site: Site,
    name: str,
    pumps: tuple[PumpGroup, ...],
    problems: list[Problem],
    notes: list[Text],
) -> SourceLoop:
    """The loop of a source.

    An exchanger that the source itself names is part of its SourceModel already; one that the loop
    names lies between the two. Limits of a bore field are limits of its design, which a run must
    be able to break and show; units stop by their own limits.
    """
    held = site.staging.source_temperature_difference
    if held is None:
        said = [control.source_temperature_difference for control in site.controls.values()]
        held = next((value for value in said if value is not None), None)
    loop = next((item for key, item in site.loops.items()
                 if item.kind == "source" and (item.source or key) == name), None)  # fmt: skip
    if loop is not None and loop.rotation != "none":
        notes.append(rotation_note(name))
    resistance = 0.0
    between = "" if loop is None else loop.exchanger
    if between and between != getattr(site.sources[name], "exchanger", ""):
        resistance = _resistance(site, name, between, problems)
    return SourceLoop(name, pumps, held, resistance)


def _resistance(site: Site, source: str, exchanger: str, problems: list[Problem]) -> float:
    """Of the exchanger between a source and its units, K/W, at design flows."""
    from diwen.fluids import fluid
    from diwen.site.plant_exchangers import exchanger_resistance_of
    from diwen.site.source_flow import source_flow

    flow = source_flow(site, source, problems)
    if flow is None:
        return 0.0
    units = [unit for unit in site.heat_pumps.values() if unit.source in (source, "")]
    flows = [unit.source_flow * unit.count for unit in units if unit.source_flow is not None]
    water = float(fluid("water").heat_capacity(_WATER_TEMPERATURE))
    try:
        return exchanger_resistance_of(site, exchanger, flow * water, sum(flows or [flow]) * water)
    except InputError as error:
        problems += error.problems
        return 0.0


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
        room=room_of_loop(site, loop, notes),
        hot_water=loop.hot_water,
        water_heat_capacity=_water(loop),
    )


def _water(loop: PlannedLoop) -> float:
    """Heat capacity of the water in a loop and behind it, J/K; 0 where nothing says it."""
    parts = [part for part in (loop.given, *loop.tertiary.values()) if part is not None]
    volume = sum(part.water_volume or 0.0 for part in parts)
    if volume == 0.0:
        return 0.0
    from diwen.fluids import fluid

    return volume * float(fluid("water").heat_capacity(_WATER_TEMPERATURE))


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
