"""Units at their limit: what they could deliver against what their maps say.

Hours in which rooms or supply fall short while every unit runs are hours at full load. The ratio
of the heat that was measured to that of the maps at the measured temperatures is the factor of
capacity (reference: unmet hours with units saturated). Where the units stand still then because
their source is at its temperature limit, the source is too small and not the units.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Case, Estimate, Evidence, Floats, Judgement, NotJudged
from diwen.diagnosis.inference.bayes_factor import log_bayes_factor
from diwen.diagnosis.operation.days import Mask
from diwen.diagnosis.operation.design_loads import (
    CircuitLoad,
    backup_is_metered,
    circuit_loads,
    design_hours,
    machine_of,
    record_days,
)
from diwen.diagnosis.operation.energy_signature import KINDS, Kind
from diwen.diagnosis.operation.supply_targets import loops_of, one_curve, supply_target
from diwen.language import Text
from diwen.plant.station import AIR, Unit
from diwen.site.usual_values import usual_value

_KIND = {"heat": Text("heat", "供热"), "cold": Text("cold", "供冷")}
_SHORT = Text(
    "{hours} h in which rooms or supply of {kind} fell short with every unit running: the units "
    "gave {share} % of their maps at the measured temperatures",
    "{hours} 小时{kind}室温或供水温度不达标且机组全开：实测出力为样本值的 {share} %",
)
_LIMIT = Text(
    "{hours} h in which {kind} fell short while the water entered the units at its limit of "
    "{limit} °C",
    "{hours} 小时{kind}不足，且进机组水温达到限值 {limit} °C",
)
_NEVER = Text(
    "the units were never at their limit for whole hours; their capacity suffices, how large it "
    "is shows in a test at full load or in powers every 15 min",
    "机组从未整小时满负荷运行；容量足够，其大小需满负荷试验或 15 min 功率记录判断",
)
_NO_POINTS = Text("heat and water temperatures of the units are not measured",
                  "缺少机组供热量与进出水温度")  # fmt: skip


def at_limit(case: Case, kind: Kind) -> Mask:
    """Hours in which rooms or supply fell short with every unit that serves the kind on, (n,)."""
    key = f"operation.limit.{kind}"
    if key not in case.memory:
        case.memory[key] = short_hours(case, kind) & _all_on(case, kind)
    return case.memory[key]  # type: ignore[return-value]


def short_hours(case: Case, kind: Kind) -> Mask:
    """Hours in which rooms, or the supply where there is no room sensor, fell short, (n,)."""
    n = len(case.record)
    asked = np.zeros(n, bool)
    for load in circuit_loads(case):
        if load.kind == kind:
            asked |= load.season[design_hours(case) // 24] > 0.0
    off = np.zeros(n, bool)
    for one in _rooms(case, kind):
        off |= one
    for load in circuit_loads(case):
        if load.kind == kind:
            off |= _supply_short(case, load.circuit, kind)
    return off & asked


def _rooms(case: Case, kind: Kind) -> list[Mask]:
    """Rooms that are off their setpoint the wrong way, hour by hour."""
    assert case.inputs is not None
    margin = usual_value("diagnosis.capacity.room_margin")
    found = []
    for loop in case.inputs.station.load_loops:
        if loop.kind != kind or loop.room is None:
            continue
        for channel in case.record.rooms.values():
            if not _belongs(case, channel.points, loop.name, loop.loads):
                continue
            value = np.nan_to_num(channel.value, nan=loop.room.setpoint)
            sign = 1.0 if kind == "heat" else -1.0
            usual = float(np.median(sign * value))
            least = min(sign * loop.room.setpoint, usual) - margin
            found.append(sign * value < least)
    return found


def _belongs(case: Case, points: tuple[str, ...], loop: str, loads: tuple[str, ...]) -> bool:
    """Whether a room sensor stands in the rooms of a loop: by its detail, or its load."""
    for id in points:
        point = case.record.points.get(id)
        if point is not None and (point.detail == loop or set(point.equipment) & set(loads)):
            return True
    return False


def _supply_short(case: Case, circuit: str, kind: Kind) -> Mask:
    """Supply below (cold: above) what it usually reaches against the curve."""
    nothing = np.zeros(len(case.record), bool)
    loops = loops_of(case, circuit, kind)
    record = case.record.circuits.get(circuit)
    if record is None or record.supply is None or not one_curve(loops):
        return nothing
    target = supply_target(case, loops[0])
    if target is None:
        return nothing
    sign = 1.0 if kind == "heat" else -1.0
    load = next(one for one in circuit_loads(case)
                if one.circuit == circuit and one.kind == kind)  # fmt: skip
    off = np.where(load.measured > 0.0, sign * (record.supply.value - target), np.nan)
    known = np.isfinite(off)
    if known.sum() < 48:
        return nothing
    usual = min(float(np.nanpercentile(off, 90.0)), 0.0)
    return np.where(known, off, usual) < usual - usual_value("diagnosis.capacity.supply_margin")


def backup_unseen(case: Case, load: CircuitLoad) -> Mask:
    """Hours in which a back-up may have helped a load that no meter of heat, fuel or power counts.

    Below the outdoor temperature at which it may help, else where the units are near the most that
    they give. Shape (n,).
    """
    unseen = np.zeros(len(case.record), bool)
    if load.kind == "cold" or case.inputs is None:
        return unseen
    for one in case.inputs.station.backups:
        if one.serves not in load.loops or backup_is_metered(case, one.name):
            continue
        if case.record.outdoor is not None and np.isfinite(one.parallel_below):
            unseen |= ~(case.record.outdoor.value > one.parallel_below)
            continue
        share = full_load_share(case, load.kind)
        if share is not None:
            unseen |= ~(share < usual_value("diagnosis.capacity.near_full"))
    return unseen


def full_load_share(case: Case, kind: Kind) -> Floats | None:
    """Heat of the units over the most that they give, by their maps or as was seen, (n,)."""
    mapped = _mapped(case, kind)
    measured = [own.metered for own in circuit_loads(case) if own.kind == kind]
    if mapped is None or not measured:
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.sum(measured, axis=0) / mapped
    known = share[np.isfinite(share)]
    if not len(known):
        return None
    return share / max(min(1.0, float(np.quantile(known, 0.98))), 1e-6)


def _serving(case: Case, kind: Kind) -> list[Unit]:
    assert case.inputs is not None
    loops = {loop.name for loop in case.inputs.station.load_loops if loop.kind == kind}
    return [unit for unit in case.inputs.station.units
            if set(unit.serves) & loops
            and (unit.heating if kind == "heat" else unit.cooling) is not None]  # fmt: skip


def _all_on(case: Case, kind: Kind) -> Mask:
    """Hours in which every unit runs through, as far as their states are known, (n,)."""
    on = np.ones(len(case.record), bool)
    for unit in _serving(case, kind):
        machine = machine_of(case, unit.name)
        if machine is not None and machine.running is not None:
            on &= np.nan_to_num(machine.running.value, nan=1.0) >= 0.95
    return on


def _mapped(case: Case, kind: Kind) -> Floats | None:
    """Heat or cold at full load of all units at the measured temperatures, W, (n,), or None."""
    total = np.zeros(len(case.record))
    for unit in _serving(case, kind):
        table = unit.heating if kind == "heat" else unit.cooling
        machine = machine_of(case, unit.name)
        entering = None if machine is None else machine.source_entering
        leaving = None if machine is None else machine.load_leaving
        if entering is None:
            if unit.draws_on == AIR:
                entering = case.record.outdoor
            elif unit.draws_on in case.record.sources:
                entering = case.record.sources[unit.draws_on].supply
        if leaving is None:
            circuit = "cooling" if kind == "cold" and "cooling" in case.record.circuits else "load"
            record = case.record.circuits.get(circuit)
            leaving = None if record is None else record.supply
        if entering is None or leaving is None or table is None:
            return None
        total = total + unit.count * table.at(entering.value, leaving.value)[0]
    return total


def judge_capacity(case: Case) -> Judgement:
    """Capacity of the units and size of the source, from hours at the limit."""
    estimates, unjudged = [], []
    ratios, weights = [], []
    evidence: list[Evidence] = []
    for kind in KINDS:
        loads = [one for one in circuit_loads(case) if one.kind == kind]
        if not loads:
            continue
        measured = np.sum([one.metered for one in loads], axis=0)
        source = _source_limit(case, kind, measured)
        if source is not None:
            estimates.append(source)
        mapped = _mapped(case, kind)
        if mapped is None:
            continue
        found = _ratio(case, kind, measured, mapped)
        if found is not None:
            ratios.append(found[0])
            weights.append(found[1])
            evidence.append(found[2])
    if ratios:
        estimates.append(_capacity(ratios, weights, evidence, case))
    elif circuit_loads(case):
        lacking = all(_mapped(case, kind) is None for kind in KINDS)
        unjudged.append(
            NotJudged("unit_capacity", _NO_POINTS, ("TS1", "TU1", "FU"))
            if lacking else NotJudged("unit_capacity", _NEVER, ("EH 15 min",))
        )  # fmt: skip
    return Judgement(tuple(estimates), tuple(unjudged))


def _ratio(
    case: Case, kind: Kind, measured: Floats, mapped: Floats
) -> tuple[float, float, Evidence] | None:
    """Measured over mapped heat in hours at the limit, hours, and the fact; None: too few."""
    which = at_limit(case, kind) & np.isfinite(measured) & np.isfinite(mapped) & (measured > 0.0)
    if which.sum() < usual_value("diagnosis.capacity.least_hours"):
        return None
    ratio = float(np.median(measured[which] / mapped[which]))
    hours = int(which.sum())
    text = _SHORT.format(hours=str(hours), kind=_KIND[kind], share=f"{100.0 * ratio:.0f}")
    points = tuple(dict.fromkeys(p for one in circuit_loads(case) if one.kind == kind
                                 for p in one.points))  # fmt: skip
    return ratio, float(hours), Evidence(text, 0.0, points)


def _capacity(
    ratios: list[float], weights: list[float], evidence: list[Evidence], case: Case
) -> Estimate:
    factor = float(np.average(ratios, weights=weights))
    meter = max((one.relative for one in circuit_loads(case)), default=0.0)
    deviation = math.hypot(usual_value("diagnosis.capacity.map_uncertainty"), meter)
    ratio = log_bayes_factor(
        factor - 1.0, deviation, usual_value("diagnosis.capacity.tolerance"),
        usual_value("diagnosis.capacity.spread"),
    )  # fmt: skip
    shape = "constant" if ratio > 0.0 else "none"
    return Estimate("unit_capacity", factor, deviation, shape, None, ratio, tuple(evidence))  # type: ignore[arg-type]


def _source_limit(case: Case, kind: Kind, measured: Floats) -> Estimate | None:
    """The source is too small: rooms fall short while the water is at the limit of the units."""
    assert case.inputs is not None
    hours, limit, share = 0, 0.0, 1.0
    for loop in case.inputs.station.source_loops:
        record = case.record.sources.get(loop.name)
        if record is None or record.supply is None:
            continue
        bound = loop.minimum_entering if kind == "heat" else loop.maximum_entering
        for unit in _serving(case, kind):
            if unit.draws_on == loop.name:
                bound = (max(bound, unit.minimum_source) if kind == "heat"
                         else min(bound, unit.maximum_source))  # fmt: skip
        if not np.isfinite(bound):
            continue
        near = _held(record.supply.value)
        margin = usual_value("diagnosis.capacity.limit_margin")
        close = near <= bound + margin if kind == "heat" else near >= bound - margin
        which = close & short_hours(case, kind)
        if which.sum() > hours:
            hours, limit = int(which.sum()), float(bound)
            share = _delivered_share(case, kind, which)
    if hours < usual_value("diagnosis.capacity.least_hours"):
        return None
    deviation = usual_value("diagnosis.capacity.field_uncertainty")
    text = _LIMIT.format(hours=str(hours), kind=_KIND[kind], limit=f"{limit:g}")
    ratio = log_bayes_factor(share - 1.0, deviation, usual_value("diagnosis.capacity.tolerance"),
                             usual_value("diagnosis.capacity.spread"))  # fmt: skip
    cap = math.log(usual_value("diagnosis.load.ratio_cap"))
    return Estimate(
        "field_size", min(share, 1.0), deviation, "constant", None, min(ratio, cap),
        (Evidence(text, 0.5 * cap, ("TS1",)),),
        ("effective_length", "ground_conductivity", "borehole_resistance"),
    )  # fmt: skip


def _held(value: Floats) -> Floats:
    """The last known value, where water stands still."""
    place = np.arange(len(value))
    last = np.maximum.accumulate(np.where(np.isfinite(value), place, -1))
    return np.where(last >= 0, value[np.maximum(last, 0)], np.nan)


def _delivered_share(case: Case, kind: Kind, which: NDArray[np.bool_]) -> float:
    """Delivered over asked on the days with such hours."""
    from diwen.diagnosis.operation.design_loads import expected_load

    days = record_days(case)
    with_some = days.count(which) > 0.0
    measured = asked = 0.0
    for load in circuit_loads(case):
        if load.kind == kind:
            way = expected_load(case, load).value
            use = np.isfinite(load.measured) & np.isfinite(way) & with_some[days.of_hour]
            measured, asked = measured + load.measured[use].sum(), asked + way[use].sum()
    return float(measured / asked) if asked > 0.0 else 1.0
