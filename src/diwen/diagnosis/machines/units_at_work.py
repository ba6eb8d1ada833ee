"""What units did hour by hour beside what their maps expect at the temperatures that were measured.

The map is asked at the measured water that enters from the source and the measured water that
leaves to the load, for the measured heat: ground that drifts or supply that is set too high never
becomes efficiency. Units on one heat meter share its heat in proportion to their power times the
efficiency that is expected of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Case, Floats, NotJudged
from diwen.diagnosis.machines.part_load_power import power_at
from diwen.diagnosis.record.operating_record import (
    Channel,
    CircuitRecord,
    MachineRecord,
    OperatingRecord,
)
from diwen.language import Text
from diwen.plant.station import AIR, LoadLoop, Unit

Mask = NDArray[np.bool_]
_MEMORY = "machines.units_at_work"
_ROUNDS = 4
_LEAST_LOAD = 0.05
_PARAMETER = "efficiency_loss"
_NO_TWIN = Text("no design model of the plant can be made", "无法建立系统设计模型")
_NO_HEAT = Text("the heat of the load side is not metered", "用户侧热量未计量")
_NO_POWER = Text("the power of {units} is not metered", "{units} 的电功率未计量")
_NO_SOURCE = Text(
    "the temperature that enters {units} from the source is not measured",
    "{units} 的地源侧进口温度未测",
)
_NO_SUPPLY = Text("the supply temperature of the load side is not measured", "用户侧供水温度未测")
_NO_UNIT = Text("no unit stands on a metered load circuit", "没有机组位于已计量的用户侧回路")


@dataclass(frozen=True, eq=False)
class GroupAtWork:
    """Identical units, hour by hour, shape (n,) each; nan where it cannot be told.

    Attributes
    ----------
    unit : as designed
    power : measured, W
    heat : its part of the metered heat or cold, W, 0 or more
    expected : power that the map expects for it, standby included, W
    running : mean number of units that run, as the map expects
    load_ratio : heat over the capacity of all units
    alone : hours in which no other group shares the meter
    source, supply : channels of the temperatures, for their uncertainty
    """

    unit: Unit
    power: Floats
    heat: Floats
    expected: Floats
    running: Floats
    load_ratio: Floats
    alone: Mask
    source: Channel
    supply: Channel


@dataclass(frozen=True, eq=False)
class UnitsAtWork:
    """All units on metered circuits.

    Attributes
    ----------
    groups : by id of the unit
    heat : of all meters, W, 0 or more, shape (n,)
    cooling : hours of cooling, shape (n,)
    meters : channels of the heat
    without : units that are not judged, and why
    """

    groups: Mapping[str, GroupAtWork]
    heat: Floats
    cooling: Mask
    meters: tuple[Channel, ...]
    without: tuple[NotJudged, ...]

    @property
    def power(self) -> Floats:
        """Measured power of all groups, W, shape (n,)."""
        return np.asarray(sum(one.power for one in self.groups.values()))

    @property
    def expected(self) -> Floats:
        """Expected power of all groups, W, shape (n,)."""
        return np.asarray(sum(one.expected for one in self.groups.values()))


def units_at_work(case: Case) -> UnitsAtWork:
    """What the units of a case did; kept in its memory."""
    if _MEMORY not in case.memory:
        case.memory[_MEMORY] = _units_at_work(case)
    found = case.memory[_MEMORY]
    assert isinstance(found, UnitsAtWork)
    return found


def machine_of(record: OperatingRecord, id: str) -> MachineRecord | None:
    """A heat pump or chiller by its id: a chiller stands among what helps the heat pumps."""
    return record.units.get(id) or record.auxiliaries.get(id) or record.backups.get(id)


def power_of(case: Case, id: str) -> Channel | None:
    """Measured power of a heat pump or chiller."""
    machine = machine_of(case.record, id)
    return None if machine is None else machine.power


@dataclass(frozen=True, eq=False)
class _Circuit:
    """A metered circuit: heat and cold, W, 0 or more, and the loops behind it."""

    name: str
    record: CircuitRecord
    heat: Floats
    cold: Floats
    loops: tuple[LoadLoop, ...]


def _units_at_work(case: Case) -> UnitsAtWork:
    record = case.record
    if case.inputs is None:
        reason = case.without_twin[0] if case.without_twin else _NO_TWIN
        return _nothing(record, NotJudged(_PARAMETER, reason))
    circuits = _circuits(case)
    if not circuits:
        return _nothing(record, NotJudged(_PARAMETER, _NO_HEAT, ("load_heat",)))
    units, without = _judged_units(case, circuits)
    if not units:
        lacking = without or [NotJudged(_PARAMETER, _NO_UNIT)]
        return _nothing(record, *lacking)
    heat = np.asarray(sum(one.heat for one in circuits))
    cold = np.asarray(sum(one.cold for one in circuits))
    groups = _shared(case, circuits, units, heat, cold)
    meters = tuple(one.record.heat for one in circuits if one.record.heat is not None)
    return UnitsAtWork(groups, heat + cold, cold > heat, meters, tuple(without))


def _nothing(record: OperatingRecord, *without: NotJudged) -> UnitsAtWork:
    nothing = np.full(len(record), np.nan)
    return UnitsAtWork({}, nothing, np.zeros(len(record), bool), (), without)


def _circuits(case: Case) -> list[_Circuit]:
    """Metered load circuits with their heat and cold told apart."""
    from diwen.twin.standard_points_circuits import circuits_of

    assert case.inputs is not None
    record, station = case.record, case.inputs.station
    separate = "cooling" in record.circuits
    loops = circuits_of(case.site, station, separate or None).loops
    found = []
    for name, circuit in record.circuits.items():
        channel = circuit.heat
        if channel is None or not channel.valid.any():
            continue
        own = tuple(loop for loop in station.load_loops if loop.name in loops.get(name, ()))
        cools = _cools(record, name, channel.value)
        size = np.abs(channel.value)
        heat, cold = np.where(cools, 0.0, size), np.where(cools, size, 0.0)
        lost = ~np.isfinite(size)
        heat[lost], cold[lost] = np.nan, np.nan
        found.append(_Circuit(name, circuit, heat, cold, own))
    return found


def _cools(record: OperatingRecord, circuit: str, heat: Floats) -> Mask:
    """Hours in which a circuit carries cold: by its sign, the mode, the source."""
    if circuit == "cooling":
        return np.ones(len(record), bool)
    with np.errstate(invalid="ignore"):
        if circuit == "load" and not (heat < 0.0).any() and record.mode is not None:
            return np.asarray(np.round(record.mode.value) == 2.0)
        return np.asarray(heat < 0.0)


def _judged_units(case: Case, circuits: list[_Circuit]) -> tuple[list[Unit], list[NotJudged]]:
    """Units on metered circuits with all that is needed, and what the others lack."""
    assert case.inputs is not None
    served = {loop.name for one in circuits for loop in one.loops}
    units = [unit for unit in case.inputs.station.units if served & set(unit.serves)]
    lacking = []
    for unit in units:
        machine = machine_of(case.record, unit.name)
        if machine is None or machine.power is None or not machine.power.valid.any():
            reason = _NO_POWER.format(units=unit.name)
            lacking.append(NotJudged(_PARAMETER, reason, (f"{unit.name}_power",)))
        elif _entering(case, unit) is None:
            reason = _NO_SOURCE.format(units=unit.name)
            lacking.append(NotJudged(_PARAMETER, reason, ("TS1",)))
        elif not any(_supply(case, unit, one) for one in circuits):
            lacking.append(NotJudged(_PARAMETER, _NO_SUPPLY, ("TU1",)))
    # One meter for all: what one of them lacks, all lack.
    return ([] if lacking else units), lacking


def _entering(case: Case, unit: Unit) -> Channel | None:
    machine = machine_of(case.record, unit.name)
    if machine is not None and machine.source_entering is not None:
        return machine.source_entering
    if unit.draws_on == AIR:
        return case.record.outdoor
    loop = case.record.sources.get(unit.draws_on)
    return None if loop is None else loop.supply


def _supply(case: Case, unit: Unit, circuit: _Circuit) -> Channel | None:
    machine = machine_of(case.record, unit.name)
    if machine is not None and machine.load_leaving is not None:
        return machine.load_leaving
    return circuit.record.supply


def _shared(
    case: Case, circuits: list[_Circuit], units: list[Unit], heat: Floats, cold: Floats
) -> dict[str, GroupAtWork]:
    """The heat of all meters shared among the groups, and what the maps expect for it."""
    record, cooling = case.record, cold > heat
    total = heat + cold
    both = (heat > 0.0) & (cold > 0.0)
    best = _best_shares(case)
    power = {one.name: _power(case, one) for one in units}
    maps = {one.name: _full_load(case, one, circuits, cooling) for one in units}
    valid = np.isfinite(total) & ~both
    for one in units:
        valid &= np.isfinite(power[one.name])
    wanted = np.where(valid, total, 0.0)
    on = {one.name: np.nan_to_num(power[one.name]) > _threshold(one, maps[one.name][1])
          for one in units}  # fmt: skip
    able = {one.name: on[one.name] & np.isfinite(maps[one.name][0]) for one in units}
    known = valid & (wanted > 0.0)
    for one in units:  # a group that runs at an unknown temperature makes the hour unknown
        known &= ~on[one.name] | able[one.name]
    cop = {name: np.nan_to_num(capacity / full) for name, (capacity, full) in maps.items()}
    parts: dict[str, tuple[Floats, Floats, Floats]] = {}
    for _ in range(_ROUNDS if len(units) > 1 else 1):
        weight = {one.name: np.where(able[one.name], power[one.name] * cop[one.name], 0.0)
                  for one in units}  # fmt: skip
        everything = np.asarray(sum(weight.values()))
        for one in units:
            capacity, full = maps[one.name]
            share = np.divide(
                weight[one.name], everything, out=np.zeros(len(record)), where=everything > 0.0
            )
            own = share * wanted
            safe = np.where(able[one.name], capacity, 1.0)
            expected, running = power_at(
                own, one.count, best[one.name], safe, np.where(able[one.name], full, 1.0),
                one.part_load,
            )  # fmt: skip
            parts[one.name] = own, expected, running
            cop[one.name] = np.divide(own, expected, out=cop[one.name], where=expected > 0.0)
    known &= np.asarray(sum(weight.values())) > 0.0
    largest = np.asarray(
        sum(np.where(able[one.name], one.count * maps[one.name][0], 0.0) for one in units)
    )
    known &= wanted > _LEAST_LOAD * largest
    return {
        one.name: _group(case, one, circuits, parts[one.name], maps[one.name][0], power[one.name],
                         known, [on[other.name] for other in units if other is not one])
        for one in units
    }  # fmt: skip


def _group(
    case: Case,
    unit: Unit,
    circuits: list[_Circuit],
    part: tuple[Floats, Floats, Floats],
    capacity: Floats,
    power: Floats,
    known: Mask,
    others: list[Mask],
) -> GroupAtWork:
    own, expected, running = part
    running = np.minimum(running, unit.count)
    expected = expected + unit.standby_power * (unit.count - running)
    alone = known.copy()
    for other in others:
        alone &= ~other
    ratio = np.divide(own, unit.count * capacity, out=np.zeros(len(own)), where=capacity > 0.0)
    source = _entering(case, unit)
    supply = next(found for one in circuits if (found := _supply(case, unit, one)) is not None)
    assert source is not None

    def told(values: Floats) -> Floats:
        return np.where(known, values, np.nan)

    return GroupAtWork(
        unit, told(power), told(own), told(expected), told(running), told(ratio), alone, source,
        supply,
    )  # fmt: skip


def _power(case: Case, unit: Unit) -> Floats:
    machine = machine_of(case.record, unit.name)
    assert machine is not None
    assert machine.power is not None
    return machine.power.value


def _threshold(unit: Unit, full: Floats) -> float:
    """Power above which a unit is not at standby, W."""
    usual = float(np.nanmedian(full)) if np.isfinite(full).any() else 0.0
    return unit.standby_power * unit.count + _LEAST_LOAD * usual


def _best_shares(case: Case) -> dict[str, float]:
    """Share of full load of the best efficiency of each unit group, as the twin has it."""
    from diwen.twin.packed_columns import U_BEST
    from diwen.twin.packing import packed

    inputs = case.inputs
    assert inputs is not None
    day = round(86400.0 / inputs.step)
    loads = {name: load[:day] for name, load in inputs.loads.items()}
    try:
        tables = packed(inputs.station, inputs.sources, loads, inputs.outdoor[:day], inputs.step)
    except ValueError:  # something of a station has values for the whole year
        tables = packed(inputs.station, inputs.sources, inputs.loads, inputs.outdoor, inputs.step)
    return {name: float(tables.unit[u, U_BEST]) for u, name in enumerate(tables.unit_names)}


def _full_load(
    case: Case, unit: Unit, circuits: list[_Circuit], cooling: Mask
) -> tuple[Floats, Floats]:
    """Capacity and power of one unit at full load at the measured temperatures, W, (n,) each.

    Where it serves several circuits in an hour their heat weights what each asks of it.
    """
    source = _entering(case, unit)
    assert source is not None
    worn = 1.0 + unit.degradation * np.maximum(np.floor(case.record.years), 0.0)
    each, weights = [], []
    for circuit in circuits:
        kinds = {loop.kind for loop in circuit.loops if loop.name in unit.serves}
        supply = _supply(case, unit, circuit)
        if supply is None or not kinds:
            continue
        for kind, table, amount in (
            ("heat", unit.heating, circuit.heat), ("cold", unit.cooling, circuit.cold),
        ):  # fmt: skip
            if kind in kinds and table is not None:
                # What a sensor does not say at a circuit that carries nothing does not matter.
                carries = np.nan_to_num(amount) > 0.0
                capacity, power = table.at(source.value, np.where(carries, supply.value, 0.0))
                each.append((np.where(carries, capacity, 1.0), np.where(carries, power, 0.0)))
                weights.append(np.nan_to_num(amount))
    together = np.asarray(sum(weights, start=np.zeros(len(worn))))
    per_capacity, per_power = np.zeros(len(worn)), np.zeros(len(worn))
    for (capacity, power), weight in zip(each, weights, strict=True):
        per_capacity += weight / capacity
        per_power += weight * power / capacity
    nothing = np.full(len(worn), np.nan)
    capacity = np.divide(together, per_capacity, out=nothing.copy(), where=together > 0.0)
    power = np.divide(per_power, per_capacity, out=nothing.copy(), where=together > 0.0)
    return capacity, power * worn
