"""What one point reads in every step of a run, or why the twin cannot say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from diwen.language import Text
from diwen.site.points import SITE_WIDE, Point
from diwen.site.usual_values import usual_value
from diwen.twin.simulated_telemetry_electricity import electric_power, fuel_power, no_power
from diwen.twin.simulated_telemetry_heat import (
    Floats,
    SimulatedPlant,
    circuit_cold,
    circuit_heat,
    circuit_setpoint,
    load_fluid,
    source_fluid,
)
from diwen.twin.simulated_telemetry_water import (
    State,
    circuit_state,
    source_state,
    unit_state,
    units_source_heat,
    well_state,
)
from diwen.twin.simulated_well_heads import well_heads
from diwen.twin.standard_points import drawing
from diwen.twin.standard_points_circuits import LOAD_SIDES
from diwen.twin.standard_points_full import SETPOINT

Reading = Floats | Text
"""Values in the quantity's own unit, of a counter per second; or the reason why there are none."""

_NOT_SIMULATED = Text("{quantity} at {location} is not simulated", "未模拟{location}的{quantity}")
_WATER = Text("the chemistry of water is not simulated", "未模拟水质")
_GROUND = Text(
    "ground temperatures at depths are not simulated; the twin knows the fluid of the source",
    "未模拟各深度地温；数字孪生仅计算热源侧流体温度",
)
_LEVELS = Text(
    "water levels are not simulated here; `diwen wells` computes them",
    "此处不模拟井水位；可用 `diwen wells` 计算",
)
_NO_LOOP = Text(
    "{equipment} names no unit or source of one source loop of the plant",
    "{equipment} 不对应系统中唯一的地源侧回路",
)
_NO_CIRCUIT = Text("the plant has no such circuit", "系统没有该回路")
_NO_UNIT = Text("{equipment} is not simulated", "{equipment} 未参与模拟")
_SEVERAL = Text("a state of several pieces of equipment", "一个状态点对应多台设备")
_NO_ROOM = Text(
    "the rooms are not simulated (the load has no heat capacity)", "未模拟室温（负荷未给出热容）"
)
_NO_WELL = Text("{equipment} is no simulated source of wells", "{equipment} 不是参与模拟的水井热源")
_GAUGE = Text("an amount that is not a running total", "该量不是累计值")
_NO_GAS = Text("the calorific value of the gas is not given", "未给出燃气热值")
_AMOUNTS = ("heat_energy", "electric_energy", "volume", "gas_volume")
_NO_HEADS = Text(
    "neither the specific capacity of the wells nor an aquifer is given",
    "未给出单位涌水量或含水层参数",
)
_LOAD_PLACES = {place: name for name, pair in LOAD_SIDES.items() for place in pair}


def reading(plant: SimulatedPlant, point: Point) -> Reading:
    """What a point reads, shape (n,), in the quantity's own unit; of a counter the rate per second.

    Temperatures and flows of pipes without flow are nan and 0.
    """
    if point.quantity in _AMOUNTS and point.kind != "counter":
        return _GAUGE
    found = _PLACES.get(point.location)
    if found is None and point.location in _LOAD_PLACES:
        found = _load_temperature
    if found is None:
        return _unknown(point)
    return found(plant, point)


def _unknown(point: Point) -> Text:
    from diwen.quantities import quantity

    if point.quantity in ("concentration", "turbidity"):
        return _WATER
    if point.location == "ground":
        return _GROUND
    if point.quantity == "water_level":
        return _LEVELS
    return _NOT_SIMULATED.format(quantity=quantity(point.quantity).text, location=point.place.text)


def _supply(plant: SimulatedPlant, point: Point) -> Reading:
    """Electricity and gas."""
    if point.quantity in ("electric_power", "electric_energy"):
        lacking = no_power(plant, point.equipment)
        if lacking:
            return _NO_UNIT.format(equipment=", ".join(lacking))
        return electric_power(plant, point.equipment)
    if point.quantity == "gas_volume":
        total = plant.zeros()
        for id in point.equipment:
            boiler = plant.site.boilers.get(id)
            if boiler is None or id not in plant.course.backups:
                return _NO_UNIT.format(equipment=id)
            if not boiler.calorific_value:
                return _NO_GAS
            total += fuel_power(plant, id) / boiler.calorific_value
        return total
    return _unknown(point)


def _source_loop(plant: SimulatedPlant, point: Point) -> tuple[str, tuple[str, ...]] | None:
    """The source loop a point stands in, and the heat pumps that it covers there."""
    names = set(plant.course.sources)
    if SITE_WIDE in point.equipment:
        loops = {name for name in names if drawing(plant.site, plant.station, name)}
        units = tuple(plant.site.heat_pumps)
    else:
        units = tuple(id for id in point.equipment if id in plant.site.heat_pumps)
        loops = {one.draws_on for one in plant.station.units if one.name in units}
        loops |= set(point.equipment) & names
    if len(loops) != 1 or not loops <= names:
        return None
    loop = loops.pop()
    return loop, units or drawing(plant.site, plant.station, loop)


def _source(plant: SimulatedPlant, point: Point) -> Reading:
    found = _source_loop(plant, point)
    if found is None:
        return _NO_LOOP.format(equipment="+".join(point.equipment))
    loop, units = found
    flow, entering, leaving = source_state(plant, loop, units)
    if point.location in ("source_entering", "source_leaving"):
        if point.quantity != "temperature":
            return _unknown(point)
        return entering if point.location == "source_entering" else leaving
    if point.quantity in ("heat_power", "heat_energy"):
        taken = units_source_heat(plant, loop, units)
        # A register counts upwards whichever way the heat goes.
        return np.abs(taken) if point.quantity == "heat_energy" else taken
    if point.quantity == "temperature_difference":
        return np.asarray(entering - leaving)
    liquid = source_fluid(plant.site, loop, units)
    mean = np.nan_to_num(0.5 * (entering + leaving))
    return _as_flow(point, flow, liquid.density(mean))


def _as_flow(point: Point, flow: Floats, density: Floats) -> Reading:
    if point.quantity in ("volume_flow", "volume"):
        return flow
    return flow * density if point.quantity == "mass_flow" else _unknown(point)


def _load_temperature(plant: SimulatedPlant, point: Point) -> Reading:
    circuit = _LOAD_PLACES[point.location]
    if point.quantity != "temperature":
        return _unknown(point)
    if circuit not in plant.circuits.loops:
        return _NO_CIRCUIT
    if point.detail == SETPOINT:
        return circuit_setpoint(plant, circuit)
    _, supply, back = _load_state(plant, point, circuit)
    return supply if point.location == LOAD_SIDES[circuit][0] else back


def _unit_of_several(plant: SimulatedPlant, point: Point) -> str | None:
    """The unit that a point stands at, where the plant has several."""
    units = {unit.name for unit in plant.station.units}
    one = point.equipment[0]
    return one if len(point.equipment) == 1 and one in units and len(units) > 1 else None


def _load_state(plant: SimulatedPlant, point: Point, circuit: str) -> State:
    """Flow, supply and return at the place of a point of the load side."""
    unit = _unit_of_several(plant, point)
    if unit is not None:
        return unit_state(plant, circuit, unit)
    units = _covered_units(plant, point)
    whole = not plant.units(units)
    return circuit_state(plant, circuit, None if whole else units,
                         _covered_backups(plant, point, circuit))  # fmt: skip


def _covered_units(plant: SimulatedPlant, point: Point) -> tuple[str, ...]:
    """Heat pumps that a point covers."""
    return tuple(plant.site.heat_pumps) if SITE_WIDE in point.equipment else point.equipment


def _covered_backups(plant: SimulatedPlant, point: Point, circuit: str) -> tuple[str, ...]:
    """Back-ups of a circuit that a point covers."""
    return tuple(
        one.name for one in plant.station.backups
        if (SITE_WIDE in point.equipment or one.name in point.equipment)
        and plant.circuits.of(one.serves) == circuit
    )  # fmt: skip


def _load(plant: SimulatedPlant, point: Point) -> Reading:
    circuit = point.location
    if circuit not in plant.circuits.loops:
        return _NO_CIRCUIT
    if point.quantity in ("heat_power", "heat_energy"):
        return _metered_heat(plant, point, circuit)
    flow, supply, back = _load_state(plant, point, circuit)
    if point.quantity == "temperature_difference":
        return np.asarray(back - supply if circuit == "cooling" else supply - back)
    mean = np.nan_to_num(0.5 * (supply + back))
    return _as_flow(point, flow, load_fluid(plant.site).density(mean))


def _metered_heat(plant: SimulatedPlant, point: Point, circuit: str) -> Reading:
    """Heat and cold of the units (and back-ups) that a heat meter covers, W."""
    units, backups = _covered_units(plant, point), _covered_backups(plant, point, circuit)
    if not plant.units(units) and not backups:
        return _NO_UNIT.format(equipment="+".join(point.equipment))
    heat = circuit_heat(plant, circuit, units)
    for name in backups:
        heat = heat + plant.course.backups[name][0]
    cold = circuit_cold(plant, circuit, units)
    if circuit == "cooling":
        return cold
    return heat + cold if point.quantity == "heat_energy" else heat - cold


def _outdoor(plant: SimulatedPlant, point: Point) -> Reading:
    return plant.outdoor if point.quantity == "temperature" else _unknown(point)


def _room(plant: SimulatedPlant, point: Point) -> Reading:
    if point.quantity != "temperature":
        return _unknown(point)
    loops = [loop for loop in plant.station.load_loops if loop.room is not None]
    own = [loop for loop in loops if loop.name == point.detail
           or set(loop.loads) & set(point.equipment)] or loops  # fmt: skip
    for loop in own:
        room = plant.course.loops[loop.name].room
        if room is not None:
            return room
    return _NO_ROOM


def _well(plant: SimulatedPlant, point: Point) -> Reading:
    found = _well_share(plant, point)
    if found is None:
        return _NO_WELL.format(equipment="+".join(point.equipment))
    source, share = found
    flow, out, back = well_state(plant, source)
    if point.quantity in ("volume", "volume_flow"):
        return flow * share
    if point.quantity == "temperature":
        return out if point.location == "well_abstraction" else back
    return _unknown(point)


def _well_share(plant: SimulatedPlant, point: Point) -> tuple[str, float] | None:
    """The source of wells that a point stands at, and its share of the water."""
    role = point.location.removeprefix("well_")
    for source in plant.course.sources:
        table = plant.site.sources.get(source)
        if table is None or source not in plant.sources:
            continue
        if source in point.equipment:
            return source, 1.0
        wells = getattr(table, "wells", {})
        named = [id for id in wells if id in point.equipment or id == point.detail]
        if named:
            able = {id: well for id, well in wells.items() if well.role in (role, "both")}
            flows = {id: well.design_flow or 0.0 for id, well in able.items()}
            if not set(named) <= set(able):
                return None
            if not all(flows.values()):
                flows = dict.fromkeys(able, 1.0)
            return source, sum(flows[id] for id in named) / sum(flows.values())
    return None


def _heads(plant: SimulatedPlant, point: Point) -> Reading:
    """Level of the pumped wells of a source, or pressure of the injected water above rest."""
    source = point.equipment[0]
    if len(point.equipment) != 1 or source not in plant.course.sources:
        return _unknown(point)
    heads = well_heads(plant.site, source) if source in plant.sources else None
    if heads is None:
        return _NO_HEADS
    flow = plant.sources[source].flow * plant.course.sources[source].flow_share
    if point.quantity == "water_level":
        return heads.level(flow, plant.drawdown_factor)
    if point.quantity == "pressure":
        return heads.injection_pressure(flow, plant.injection_factor)
    return _unknown(point)


def _unit(plant: SimulatedPlant, point: Point) -> Reading:
    """Status, mode and frequency."""
    if point.quantity == "mode":
        return plant.course.mode.astype(float)
    if point.quantity not in ("status", "frequency"):
        return _unknown(point)
    if len(point.equipment) != 1:
        return _SEVERAL
    id = point.equipment[0]
    if point.quantity == "status":
        if id in plant.course.units and not point.detail:
            return (plant.course.units[id].running > 0.0).astype(float)
        lacking = no_power(plant, (id,))
        if lacking or point.detail:
            return _NO_UNIT.format(equipment=id)
        return (electric_power(plant, (id,)) > 0.0).astype(float)
    share = _pump_share(plant, id)
    if share is None:
        return _NO_UNIT.format(equipment=id)
    return usual_value("default.simulated.mains_frequency") * share


def _pump_share(plant: SimulatedPlant, id: str) -> Floats | None:
    """Share of its design flow that a pump group moves."""
    for source in plant.station.source_loops:
        if any(pump.name == id for pump in source.pumps):
            return plant.course.sources[source.name].flow_share
    loads = [loop.name for loop in plant.station.load_loops
             if any(pump.name == id for pump in loop.pumps)]  # fmt: skip
    if not loads:
        return None
    return np.max([plant.course.loops[name].flow_share for name in loads], axis=0)


_PLACES: dict[str, Callable[[SimulatedPlant, Point], Reading]] = {
    "supply": _supply, "source_entering": _source, "source_leaving": _source, "source": _source,
    "load": _load, "hot_water": _load, "cooling": _load, "outdoor": _outdoor, "room": _room,
    "well_abstraction": _well, "well_injection": _well, "unit": _unit,
    "water_level": _heads, "wellhead": _heads,
}  # fmt: skip
