"""A station and its sources as the tables of the compiled march, names as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.plant.performance_map import PartLoad, PerformanceMap
from diwen.plant.station import AIR, Backup, LoadLoop, PumpGroup, SourceLoop, Station, Unit
from diwen.sources.response.source_model import SourceModel
from diwen.twin import packed_columns as at

Floats = NDArray[np.float64]
_STAGING = {"sequence": at.SEQUENCE, "equal_hours": at.EQUAL_HOURS, "efficiency": at.BEST_COP}
_SECONDS_PER_DAY = 86400.0
FINE = 300.0
"""Steps up to this, s, switch units on and off on the water that stores for them."""
LOOP_WATER = 2.0
"""In the column of tanks: not a tank, but the water of the loop."""


@dataclass(frozen=True, eq=False)
class Packed:
    """Tables of the march and the names behind their rows.

    Attributes
    ----------
    inputs : one row per step of the repeating period
    source, loop, unit, pair, backup, recharge, pump, place : see :mod:`.packed_columns`
    meant : whether a pump group is bound to a unit, shape (pumps, units)
    decay, gain : of the modes, shape (sources, modes)
    residues : of the modes, K/W, shape (sources, modes)
    segments : first pair of each group that is dispatched together, and the end
    curves : maps, part loads and pumps
    source_names ... pump_names : of the rows
    """

    inputs: Floats
    source: Floats
    loop: Floats
    unit: Floats
    pair: Floats
    backup: Floats
    recharge: Floats
    pump: Floats
    place: Floats
    meant: NDArray[np.bool_]
    decay: Floats
    gain: Floats
    residues: Floats
    segments: NDArray[np.int64]
    curves: Floats
    source_names: tuple[str, ...]
    loop_names: tuple[str, ...]
    unit_names: tuple[str, ...]
    backup_names: tuple[str, ...]
    recharge_names: tuple[str, ...]
    pump_names: tuple[str, ...]
    staging: int


class _Curves:
    """Flat store of all tables; the same object is stored once."""

    def __init__(self) -> None:
        self.parts: list[Floats] = []
        self.length = 0
        self.places: dict[int, int] = {}

    def add(self, owner: object, *arrays: Floats) -> int:
        if id(owner) not in self.places:
            self.places[id(owner)] = self.length
            for array in arrays:
                self.parts.append(np.asarray(array, float).ravel())
                self.length += self.parts[-1].size
        return self.places[id(owner)]

    def map(self, of: PerformanceMap) -> int:
        return self.add(of, of.source, of.load, of.capacity, of.power)

    def part_load(self, of: PartLoad) -> int:
        return self.add(of, of.ratios, of.power_shares)

    def pump(self, of: PumpGroup) -> int:
        return self.add(of, of.shares, of.power)

    def flat(self) -> Floats:
        return np.concatenate([*self.parts, np.zeros(1)])


def packed(
    station: Station,
    sources: Mapping[str, SourceModel],
    loads: Mapping[str, Floats],
    outdoor: Floats,
    step: float,
) -> Packed:
    """Everything as tables; the station has been checked before.

    Parameters
    ----------
    loads : of each load loop, W per step of the repeating period, shape (n,)
    outdoor : °C, shape (n,)
    step : s
    """
    store = _Curves()
    source_loops = _source_loops(station)
    names = tuple(one.name for one in source_loops)
    loop_names = tuple(one.name for one in station.load_loops)
    setpoints, targets = _setpoints(station, outdoor, step)
    unit = _unit_table(station, names, loop_names, sources, outdoor, store)
    pair, segments, leaving = _pairs(station, names, store, setpoints, targets, outdoor)
    decay, gain, residues = _modes(source_loops, sources, step)
    source = _source_table(station, source_loops, sources, gain)
    pump, place, meant, pump_names = _pump_tables(station, source_loops, store)
    asked = np.stack([loads[name] for name in loop_names], axis=1)
    inputs = np.column_stack([
        outdoor, _permitted(station, outdoor),
        *_source_inputs(station, source_loops, sources, asked, outdoor, step),
        *_loop_inputs(asked, setpoints, targets, step),
        *leaving,
        *(_backup_capacity(one, outdoor) for one in station.backups),
        *_recharge_inputs(station, len(outdoor)),
    ])  # fmt: skip
    backup = np.array(
        [[loop_names.index(one.serves), one.efficiency] for one in station.backups]
    ).reshape(-1, at.BACKUP_COLUMNS)
    return Packed(
        np.ascontiguousarray(inputs), source, _loop_table(station, asked, step <= FINE), unit, pair,
        backup,
        _recharge_table(station, names), pump, place, meant, decay, gain, residues, segments,
        store.flat(),
        names, loop_names, tuple(one.name for one in station.units),
        tuple(one.name for one in station.backups),
        tuple(one.name for one in station.recharges), pump_names, _STAGING[station.staging],
    )  # fmt: skip


def _source_loops(station: Station) -> tuple[SourceLoop, ...]:
    """The loops of the station, and the air where a unit draws on it."""
    loops = station.source_loops
    if any(one.draws_on == AIR for one in station.units) and all(s.name != AIR for s in loops):
        loops = (*loops, SourceLoop(AIR))
    return loops


def _modes(
    loops: tuple[SourceLoop, ...], sources: Mapping[str, SourceModel], step: float
) -> tuple[Floats, Floats, Floats]:
    most = max([sources[one.name].response.modes for one in loops if one.name != AIR], default=0)
    decay, gain, residues = (np.zeros((len(loops), max(most, 1))) for _ in range(3))
    for s, one in enumerate(loops):
        if one.name == AIR:
            continue
        response = sources[one.name].response
        recursion = response.discretise(step)
        decay[s, : response.modes] = recursion.decay
        gain[s, : response.modes] = recursion.gain[0, 0]
        residues[s, : response.modes] = response.resistances[0, 0]
    return decay, gain, residues


_CLOSED = ("borefield",)
"""Sources whose fluid circulates in pipes; from all others water is taken at its own temperature,
whatever share of the design flow it is."""


def _source_table(
    station: Station,
    loops: tuple[SourceLoop, ...],
    sources: Mapping[str, SourceModel],
    gain: Floats,
) -> Floats:
    table = np.zeros((len(loops), at.SOURCE_COLUMNS))
    for s, one in enumerate(loops):
        row = table[s]
        hold = one.temperature_difference
        variable = hold is not None or any(pump.variable for pump in one.pumps)
        row[at.S_RESISTANCE] = one.resistance
        row[at.S_HOLD] = np.nan if hold is None else hold
        row[at.S_MIN_SHARE] = _least_share(one.pumps, 1e-3)
        if not variable:
            row[at.S_MIN_SHARE] = 1.0
        row[at.S_MIN_ENTERING], row[at.S_MAX_ENTERING] = one.minimum_entering, one.maximum_entering
        row[at.S_LOWEST_RETURN], row[at.S_HIGHEST_RETURN] = -np.inf, np.inf
        row[at.S_VARIABLE] = variable
        row[at.S_UNITS] = sum(unit.count for unit in station.units if unit.draws_on == one.name)
        if one.name == AIR:
            continue
        model = sources[one.name]
        row[at.S_DIRECT] = model.response.direct[0, 0]
        row[at.S_MODES] = model.response.modes
        row[at.S_PUMPED] = model.kind not in _CLOSED
        row[at.S_LAGGED] = gain[s].sum()
        if model.limits.lowest_return is not None:
            row[at.S_LOWEST_RETURN] = model.limits.lowest_return
        if model.limits.highest_return is not None:
            row[at.S_HIGHEST_RETURN] = model.limits.highest_return
    return table


def _source_inputs(
    station: Station,
    loops: tuple[SourceLoop, ...],
    sources: Mapping[str, SourceModel],
    asked: Floats,
    outdoor: Floats,
    step: float,
) -> list[Floats]:
    columns: list[Floats] = []
    n = len(outdoor)
    for one in loops:
        served = [
            station.load_loops.index(loop)
            for loop in station.load_loops
            if any(unit.draws_on == one.name and loop.name in unit.serves for unit in station.units)
        ]
        season = _season(asked[:, served].sum(axis=1), step)
        if one.name == AIR:
            fixed: tuple[Any, ...] = (outdoor, 0.0, np.inf, np.inf, -np.inf, season)
        else:
            model = sources[one.name]
            shares = 1.0 if model.flow_shares is None else model.flow_shares
            most, least = model.limits.largest_extraction, model.limits.largest_injection
            fixed = (
                model.undisturbed_temperature, model.resistance,
                model.heat_capacity_rate * shares, np.inf if most is None else most,
                -np.inf if least is None else -np.asarray(least), season,
            )  # fmt: skip
        columns += [np.broadcast_to(np.asarray(value, float), (n,)) for value in fixed]
    return columns


def _season(load: Floats, step: float) -> Floats:
    """1 on days with any load, else 0."""
    per_day = max(round(_SECONDS_PER_DAY / step), 1)
    days = np.arange(len(load)) // per_day
    return np.asarray((np.bincount(days, np.abs(load)) > 0.0)[days], float)


def _setpoints(station: Station, outdoor: Floats, step: float) -> tuple[list[Floats], list[Floats]]:
    """What the units must supply to each loop, and to what its tank is brought, °C."""
    hour = (np.arange(len(outdoor)) * step / 3600.0).astype(int) % 24
    setpoints, targets = [], []
    for loop in station.load_loops:
        sign = 1.0 if loop.kind == "heat" else -1.0
        setpoint = loop.supply.at(outdoor) + sign * loop.exchanger_difference
        target = setpoint
        tank = loop.tank
        if tank is not None and tank.charging is not None:
            raised = setpoint + sign * tank.charge_above_setpoint
            raised = _within_reach(station, loop, raised)
            target = np.where(np.asarray(tank.charging)[hour], raised, setpoint)
            if sign > 0.0:
                target = np.maximum(np.minimum(target, tank.maximum_temperature), setpoint)
            else:
                target = np.minimum(target, setpoint)
        setpoints.append(setpoint)
        targets.append(target)
    return setpoints, targets


def _within_reach(station: Station, loop: LoadLoop, raised: Floats) -> Floats:
    """A tank is charged no further than the units can."""
    serving = [unit for unit in station.units if loop.name in unit.serves]
    if loop.kind == "heat":
        return np.minimum(raised, max([unit.maximum_supply for unit in serving], default=np.inf))
    return np.maximum(raised, min([unit.minimum_chilled for unit in serving], default=-np.inf))


def _loop_inputs(
    asked: Floats, setpoints: list[Floats], targets: list[Floats], step: float
) -> list[Floats]:
    columns: list[Floats] = []
    for number, (setpoint, target) in enumerate(zip(setpoints, targets, strict=True)):
        load = asked[:, number]
        columns += [load, setpoint, target, _season(load, step)]
    return columns


def _loop_table(station: Station, asked: Floats, fine: bool) -> Floats:
    table = np.zeros((len(station.load_loops), at.LOOP_COLUMNS))
    for number, loop in enumerate(station.load_loops):
        row = table[number]
        row[at.L_SIGN] = 1.0 if loop.kind == "heat" else -1.0
        flow = max([pump.design_flow for pump in loop.pumps], default=0.0)
        row[at.L_RATE] = flow * WATER_HEAT_CAPACITY
        if flow == 0.0:
            row[at.L_RATE] = max(asked[:, number].max(), 1.0) / loop.temperature_difference
        row[at.L_DIFFERENCE] = loop.temperature_difference
        row[at.L_VARIABLE] = any(pump.variable for pump in loop.pumps)
        row[at.L_MIN_SHARE] = _least_share(loop.pumps, 1.0)
        row[at.L_DEAD_BAND] = loop.dead_band
        tank, room = loop.tank, loop.room
        if tank is not None:
            row[at.L_TANK] = 1.0
            row[at.L_LAYERS] = tank.layers
            row[at.L_CAPACITY] = tank.volume * WATER_HEAT_CAPACITY
            row[at.L_TANK_LOSS], row[at.L_AMBIENT] = tank.heat_loss, tank.ambient
        elif fine and loop.water_heat_capacity > 0.0:
            row[at.L_TANK], row[at.L_LAYERS] = LOOP_WATER, 1
            row[at.L_CAPACITY] = loop.water_heat_capacity
        both = any(unit.simultaneous and loop.name in unit.serves for unit in station.units)
        row[at.L_SWITCHED] = fine and row[at.L_TANK] > 0.0 and not both
        if room is not None:
            row[at.L_ROOM_SETPOINT], row[at.L_ROOM_CAPACITY] = room.setpoint, room.heat_capacity
            row[at.L_ROOM_LOSS] = room.heat_loss
    return table


def _unit_table(
    station: Station,
    source_names: tuple[str, ...],
    loop_names: tuple[str, ...],
    sources: Mapping[str, SourceModel],
    outdoor: Floats,
    store: _Curves,
) -> Floats:
    table = np.zeros((len(station.units), at.UNIT_COLUMNS))
    hot = {loop.name for loop in station.load_loops if loop.hot_water and loop.kind == "heat"}
    for u, unit in enumerate(station.units):
        row = table[u]
        of_source = unit.draws_on in source_names
        row[at.U_COUNT] = unit.count
        row[at.U_SOURCE] = source_names.index(unit.draws_on) if of_source else -1
        row[at.U_DRAW_LOOP] = -1 if of_source else loop_names.index(unit.draws_on)
        row[at.U_MIN_SOURCE], row[at.U_MAX_SOURCE] = unit.minimum_source, unit.maximum_source
        row[at.U_MINIMUM], row[at.U_CYCLING] = unit.part_load.minimum, unit.part_load.cycling
        row[at.U_STANDBY], row[at.U_DEGRADATION] = unit.standby_power, unit.degradation
        row[at.U_PASSIVE] = np.nan if unit.passive_below is None else unit.passive_below
        warmed = [name for name in unit.serves if name in hot] if unit.recovery_share else []
        row[at.U_RECOVERY] = unit.recovery_share
        row[at.U_HOT_WATER] = loop_names.index(warmed[0]) if warmed else -1
        row[at.U_MIN_RUN], row[at.U_MIN_STOP] = unit.minimum_run, unit.minimum_stop
        row[at.U_STARTS] = unit.starts_per_hour / 3600.0
        row[at.U_RATIOS_AT] = store.part_load(unit.part_load)
        row[at.U_RATIOS] = len(unit.part_load.ratios)
        row[at.U_RECHARGE_BELOW] = _recharge_below(unit, sources)
        row[at.U_BEST] = _best_share(unit)
    return table


def _best_share(unit: Unit) -> float:
    """Share of full load at which power per load is least: at a corner of the curve; 0: no choice.

    For a power a + b q + c q² it is √(a/c), and the total of n units at load Q/n is convex in n,
    so that the best number of units is one of the two beside Q over this share.
    """
    part = unit.part_load
    said = unit.sharing or ("equal" if part.minimum < 1.0 else "sequential")
    if said == "sequential" or unit.count < 2 or part.minimum >= 1.0:
        return 0.0
    ratios = np.unique([part.minimum, *part.ratios, 1.0])
    ratios = ratios[(ratios >= part.minimum) & (ratios > 1e-6)]
    per_load = np.interp(ratios, part.ratios, part.power_shares) / ratios
    # Among equals the highest: fewest machines.
    return float(ratios[per_load <= per_load.min() * (1.0 + 1e-9)][-1])


def _recharge_below(unit: Unit, sources: Mapping[str, SourceModel]) -> float:
    """A recharging unit brings its source back to what it was, no further, if nothing is said."""
    if unit.recharge_below is not None:
        return unit.recharge_below
    at_rest = [
        float(np.mean(sources[name].undisturbed_temperature))
        for name in unit.serves
        if name in sources
    ]
    return at_rest[0] if at_rest else np.inf


def _pairs(
    station: Station,
    source_names: tuple[str, ...],
    store: _Curves,
    setpoints: list[Floats],
    targets: list[Floats],
    outdoor: Floats,
) -> tuple[Floats, NDArray[np.int64], list[Floats]]:
    """Who may serve whom, in the order of dispatch, with the leaving temperature of each step."""
    loops = station.load_loops
    number = {loop.name: place for place, loop in enumerate(loops)}
    rows: list[Floats] = []
    leaving: list[Floats] = []
    segments = [0]

    def add(unit: Unit, of: PerformanceMap | None, kind: int, serves: int, cold: int) -> None:
        assert of is not None
        rows.append(np.array([
            station.units.index(unit), serves, cold, kind, store.map(of), len(of.source),
            len(of.load), *of.tested_source, *of.tested_load,
        ], float))  # fmt: skip
        if kind == at.RECHARGING:
            there = np.zeros(len(outdoor))
            if unit.recharge_allowed is not None:
                there = np.where(unit.recharge_allowed, 0.0, np.nan)
        else:
            there = _leaving(unit, kind, setpoints[serves], targets[serves])
            there = _unless_alone(station, loops[serves], outdoor, there)
        leaving.append(np.where(outdoor < unit.lowest_outdoor, np.nan, there))

    for unit in station.units:
        served = [number[name] for name in unit.serves if name in number]
        if unit.simultaneous is None:
            continue
        for hot in (one for one in served if loops[one].kind == "heat"):
            for cold in (one for one in served if loops[one].kind == "cold"):
                add(unit, unit.simultaneous, at.SIMULTANEOUS, hot, cold)
    segments.append(len(rows))
    for place in _loop_order(station):
        heat = loops[place].kind == "heat"
        for unit in station.units:
            of = unit.heating if heat else unit.cooling
            if loops[place].name in unit.serves and of is not None:
                add(unit, of, at.HEATING if heat else at.COOLING, place, -1)
        segments.append(len(rows))
    for unit in station.units:
        for name in unit.serves:
            if name in source_names and name not in number:
                add(unit, unit.heating, at.RECHARGING, source_names.index(name), -1)
    segments.append(len(rows))
    table = np.array(rows).reshape(-1, at.PAIR_COLUMNS)
    return table, np.array(segments, np.int64), leaving


def _leaving(unit: Unit, kind: int, setpoint: Floats, target: Floats) -> Floats:
    if kind == at.COOLING:
        there = np.maximum(target, unit.minimum_chilled)
        return np.where(setpoint < unit.minimum_chilled, np.nan, there)
    there = np.minimum(target, unit.maximum_supply)
    return np.where(setpoint > unit.maximum_supply, np.nan, there)


def _unless_alone(station: Station, loop: LoadLoop, outdoor: Floats, there: Floats) -> Floats:
    for backup in station.backups:
        if backup.serves == loop.name:
            there = np.where(outdoor < backup.alone_below, np.nan, there)
    return there


def _loop_order(station: Station) -> list[int]:
    """Upper stages of cascades first; cold that warms hot water before the hot water."""
    loops = station.load_loops
    depth = {loop.name: 0 for loop in loops}
    for _ in loops:
        for unit in station.units:
            if unit.draws_on in depth:
                above = [depth[name] for name in unit.serves if name in depth]
                depth[unit.draws_on] = max([depth[unit.draws_on], *(one + 1 for one in above)])

    def key(place: int) -> tuple[float, ...]:
        name = loops[place].name
        serving = [unit for unit in station.units if name in unit.serves]
        recovers = loops[place].kind == "cold" and any(unit.recovery_share for unit in serving)
        rank = [unit.serves.index(name) for unit in serving]
        return depth[name], not recovers, float(np.mean(rank)) if rank else 0.0, place

    return sorted(range(len(loops)), key=key)


def _permitted(station: Station, outdoor: Floats) -> Floats:
    if station.permitted_units is None:
        return np.full(len(outdoor), np.inf)
    steps, units = (np.asarray(values, float) for values in station.permitted_units)
    place = np.clip(np.searchsorted(steps, outdoor, side="right") - 1, 0, len(steps) - 1)
    return units[place]


def _backup_capacity(backup: Backup, outdoor: Floats) -> Floats:
    below = max(backup.parallel_below, backup.alone_below)
    return np.where(outdoor < below, backup.capacity, 0.0)


def _recharge_inputs(station: Station, n: int) -> list[Floats]:
    columns: list[Floats] = []
    for one in station.recharges:
        allowed = np.ones(n, bool) if one.allowed is None else np.asarray(one.allowed, bool)
        there = np.broadcast_to(np.asarray(one.at_zero, float), (n,))
        columns += [there, np.where(allowed, one.capacity, 0.0)]
    return columns


def _recharge_table(station: Station, source_names: tuple[str, ...]) -> Floats:
    rows = []
    for one in station.recharges:
        per_heat = one.power / one.capacity if np.isfinite(one.capacity) else 0.0
        start = np.nan if one.start_temperature is None else one.start_temperature
        rows.append(
            [source_names.index(one.source), one.per_kelvin, one.direction, per_heat, start]
        )
    return np.array(rows, float).reshape(-1, at.RECHARGE_COLUMNS)


def _least_share(pumps: tuple[PumpGroup, ...], otherwise: float) -> float:
    """Least share of the flow of a loop: what pumps of one speed beside them do not raise."""
    shares = [pump.minimum_share for pump in pumps if pump.variable]
    return max(shares or [pump.minimum_share for pump in pumps], default=otherwise)


def _pump_tables(
    station: Station, source_loops: tuple[SourceLoop, ...], store: _Curves
) -> tuple[Floats, Floats, NDArray[np.bool_], tuple[str, ...]]:
    """Pump groups, each once, with all the loops that they stand in, and the units they need."""
    groups: dict[str, PumpGroup] = {}
    stands: dict[str, list[tuple[int, float]]] = {}
    sides: tuple[tuple[float, tuple[SourceLoop | LoadLoop, ...]], ...] = (
        (1.0, source_loops), (0.0, station.load_loops),
    )  # fmt: skip
    for on_source, loops in sides:
        for number, loop in enumerate(loops):
            for pump in loop.pumps:
                groups.setdefault(pump.name, pump)
                stands.setdefault(pump.name, []).append((number, on_source))
    rows, first = [], 0
    for name, pump in groups.items():
        end = first + len(stands[name])
        rows.append([
            store.pump(pump), len(pump.shares), pump.minimum_share, pump.variable, pump.always_on,
            pump.heat_to_water, first, end, bool(pump.units),
        ])  # fmt: skip
        first = end
    meant = [[unit.name in pump.units for unit in station.units] for pump in groups.values()]
    return (
        np.array(rows, float).reshape(-1, at.PUMP_COLUMNS),
        np.array([one for name in groups for one in stands[name]]).reshape(-1, at.PLACE_COLUMNS),
        np.array(meant, bool).reshape(len(groups), len(station.units)),
        tuple(groups),
    )
