"""Units, pumps and tanks of a station out of the tables of a site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from diwen.language import Text
from diwen.plant.station import AIR, PumpGroup, TankModel, Unit
from diwen.problems import InputError, Problem
from diwen.site.fluids import Fluid
from diwen.site.heat_pumps import HeatPump
from diwen.site.missing_values import SITE_FILE
from diwen.site.model import Site
from diwen.site.station_loops import PlannedLoop
from diwen.site.station_pumps import PumpPlan
from diwen.site.station_units import PlannedUnit
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.plant.performance_map import PerformanceMap
    from diwen.site.heat_pump_maps import UnitMaps

_FLUID = Text("a fluid or a concentration that no table holds", "该流体或浓度无物性数据")
_OTHER_FLUID = Text("correct the fluid or its concentration", "请更正流体或浓度")
_TOLD = Text("{where}: {message}", "{where}：{message}")
_RECOVERY = Text(
    "partial heat recovery of {name}: {share} of the condenser heat assumed",
    "{name} 部分热回收：假定回收冷凝热的 {share}",
)
# Where the properties of a circuit's fluid are taken, °C.
_SOURCE_TEMPERATURE, _LOAD_TEMPERATURE = 10.0, 40.0


def units_of_plan(
    site: Site,
    planned: Sequence[PlannedUnit],
    loops: Sequence[PlannedLoop],
    problems: list[Problem],
    notes: list[Text],
) -> tuple[Unit, ...]:
    """Heat pumps and chillers with their maps, in the order of staging."""
    from diwen.site.heat_pump_maps import unit_maps

    sides = {loop.name: loop.side for loop in loops}
    found: list[Unit] = []
    for plan in planned:
        try:
            if plan.table == "chillers":
                from diwen.site.station_chillers import chiller_unit

                found.append(chiller_unit(site, plan, notes))
                continue
            maps = unit_maps(site, plan.name)
        except InputError as error:
            problems += error.problems
            continue
        notes += [told(notice) for notice in maps.notices]
        found.append(_unit(site, plan, maps, sides, problems, notes))
    return tuple(found)


def _unit(
    site: Site,
    plan: PlannedUnit,
    maps: UnitMaps,
    sides: Mapping[str, str],
    problems: list[Problem],
    notes: list[Text],
) -> Unit:
    """A heat pump with its limits; a mode that no loop of its asks for is left out."""
    item = site.heat_pumps[plan.name]
    served = {sides[name] for name in plan.serves}
    heats = "heat" in served or bool(plan.recharges)
    both = _simultaneous(site, plan.name) and served == {"heat", "cold"}
    return Unit(
        name=plan.name,
        count=plan.count,
        draws_on=plan.draws_on,
        serves=(*plan.serves, *plan.recharges),
        heating=maps.heating if heats else None,
        cooling=maps.cooling if "cold" in served else None,
        part_load=maps.part_load,
        simultaneous=_at_once(maps) if both else None,
        recovery_share=_recovery(site, plan.name, notes),
        minimum_source=_or(item.minimum_source_temperature, maps.minimum_source),
        maximum_source=_or(item.maximum_source_temperature, np.inf),
        maximum_supply=_or(item.maximum_supply_temperature, maps.maximum_supply),
        minimum_chilled=_or(item.minimum_chilled_temperature, -np.inf),
        minimum_run=item.minimum_run_time or 0.0,
        minimum_stop=item.minimum_stop_time or 0.0,
        starts_per_hour=_or(item.starts_per_hour, np.inf),
        standby_power=item.standby_power or 0.0,
        source_flow=_source_rate(plan, item, problems),
        load_flow=_rate(item.load_flow, item.load_fluid, _LOAD_TEMPERATURE,
                        f"heat_pumps.{plan.name}.load_fluid", problems),
        lowest_outdoor=_or(item.lowest_outdoor_temperature, -np.inf),
        degradation=item.yearly_degradation or 0.0,
        passive_below=item.passive_cooling_below,
    )  # fmt: skip


def told(notice: Problem) -> Text:
    """A warning as a note: where, and what."""
    return _TOLD.format(where=notice.where, message=notice.message)


def _at_once(maps: UnitMaps) -> PerformanceMap | None:
    """Heating and cooling at once: its own map, or that of heating over the chilled water."""
    if maps.simultaneous is not None or maps.heating is None:
        return maps.simultaneous
    from diwen.site.heat_pump_kind import chilled_difference
    from diwen.site.heat_pump_maps import simultaneous_map

    return simultaneous_map(maps.heating, chilled_difference())


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _simultaneous(site: Site, name: str) -> bool:
    """Whether a unit may heat and cool at once: it can, and no table of modes leaves it out."""
    item = site.heat_pumps[name]
    if not (item.simultaneous or item.heat_recovery == "full"):
        return False
    duties = {mode.units.get(name, "off") for mode in site.modes.values()}
    return not site.modes or "simultaneous" in duties


def _recovery(site: Site, name: str, notes: list[Text]) -> float:
    """Share of the condenser heat that a desuperheater gives while cooling."""
    item = site.heat_pumps[name]
    if item.heat_recovery != "partial":
        return 0.0
    if item.recovery_share is not None:
        return item.recovery_share
    share = usual_value("default.recovery_share")
    notes.append(_RECOVERY.format(name=name, share=f"{share:.1%}"))
    return share


def _source_rate(plan: PlannedUnit, item: HeatPump, problems: list[Problem]) -> float:
    if plan.draws_on == AIR:
        return np.inf
    where = f"heat_pumps.{plan.name}.source_fluid"
    return _rate(item.source_flow, item.source_fluid, _SOURCE_TEMPERATURE, where, problems)


def _rate(
    flow: float | None, given: Fluid, temperature: float, where: str, problems: list[Problem]
) -> float:
    """Heat capacity rate of a flow, W/K; infinity where the flow is not given."""
    if flow is None:
        return np.inf
    from diwen.fluids import FluidError, fluid

    named = str(given.name)
    if given.concentration:
        named = f"{given.name} {100.0 * given.concentration:g} %"
    try:
        return float(flow * fluid(named).heat_capacity(temperature))
    except FluidError:
        problems.append(Problem(SITE_FILE, where, _FLUID, _OTHER_FLUID, named))
        return np.inf


def pump_groups(
    site: Site, plan: PumpPlan, problems: list[Problem], notes: list[Text]
) -> dict[str, PumpGroup]:
    """Every pump that stands in a loop, by id."""
    from diwen.site.plant_pumps import pump_group_of

    used = dict.fromkeys(
        name for names in (*plan.sources.values(), *plan.loops.values()) for name in names
    )
    found: dict[str, PumpGroup] = {}
    for name in used:
        try:
            found[name] = pump_group_of(site, name, notes)
        except InputError as error:
            problems += error.problems
    return found


def tank_of_loop(
    site: Site, loop: PlannedLoop, problems: list[Problem], notes: list[Text]
) -> TankModel | None:
    """The tank of a loop: named by it, or the only one of its circuit."""
    name = tank_name(site, loop)
    if name is None:
        return None
    from diwen.site.plant_tanks import tank_of

    try:
        return tank_of(site, name, notes)
    except InputError as error:
        problems += error.problems
        return None


def tank_name(site: Site, loop: PlannedLoop) -> str | None:
    """Id of the tank of a loop; a buffer of the load circuit stands in the heating loop."""
    parts = [part for part in (loop.given, *loop.tertiary.values()) if part is not None]
    for part in parts:
        if part.tank:
            return part.tank
    named = {item.tank for item in site.loops.values()}
    circuits = {"hot_water": ("hot_water",), "heating": ("load", "distribution"),
                "cooling": ("cooling",)}.get(loop.use, ())  # fmt: skip
    free = (name for name, tank in site.tanks.items()
            if tank.circuit in circuits and name not in named)  # fmt: skip
    return next(free, None)


def dead_band(site: Site, loop: PlannedLoop) -> float:
    """Dead band around the setpoint of a loop, K."""
    said = [
        loop.given.dead_band if loop.given is not None else None,
        site.staging.dead_band,
        *(control.dead_band for control in site.controls.values()),
    ]
    return next((value for value in said if value is not None), 2.0)
