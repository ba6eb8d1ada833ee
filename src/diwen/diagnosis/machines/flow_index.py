"""Measured flow over the flow that pumps should move, day by day; by a heat balance without meter.

Where pumps that were designed to follow the load or the units take one power all the time, the
design flow is what they should move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Case, Floats
from diwen.diagnosis.machines.daily_index import (
    DailyIndex,
    daily_index,
    points_of,
    relative_error,
)
from diwen.diagnosis.machines.expected_flow import ExpectedShare, load_share, source_share
from diwen.diagnosis.machines.units_at_work import power_of, units_at_work
from diwen.diagnosis.record.operating_record import Channel, CircuitRecord
from diwen.fluids import Fluid
from diwen.plant.station import LoadLoop, PumpGroup, SourceLoop
from diwen.site.usual_values import usual_value

Mask = NDArray[np.bool_]
_SMALLEST_DIFFERENCE = 0.5
_LEAST_FLOW = 0.02
_LEAST_SPREAD = 0.15


@dataclass(frozen=True, eq=False)
class FlowIndex:
    """The flow of a loop against what it should be.

    Attributes
    ----------
    index : of days
    systematic : relative standard uncertainty common to all days
    points : it was read from
    proxy : whether the flow was inferred from a heat balance
    basis : what the expected flow follows
    fixed_speed : pumps that should follow move one flow all the time
    difference : median difference of temperature while water flows, K
    meter : ids of the flow meter, empty for a proxy
    """

    index: DailyIndex
    systematic: float
    points: tuple[str, ...]
    proxy: bool
    basis: str
    fixed_speed: bool
    difference: float
    meter: tuple[str, ...] = ()


def source_flow_index(case: Case, loop: SourceLoop) -> FlowIndex | None:
    """Flow of a source loop against the design flow at its expected share; None: not known."""
    from diwen.twin.simulated_telemetry_heat import source_fluid

    circuit = case.record.sources.get(loop.name)
    if circuit is None or case.inputs is None or loop.name not in case.inputs.sources:
        return None
    design = case.inputs.sources[loop.name].flow
    share = source_share(case, loop)
    if share is None or not design > 0.0:
        return None
    liquid = source_fluid(case.site, loop.name, circuit.units)
    balance = _ground_heat(case, loop.name)
    share = _at_one_speed(case, share, loop.pumps)
    return _index(case, circuit, share, design, liquid, balance)


def load_flow_index(
    case: Case, circuit: CircuitRecord, loops: Sequence[LoadLoop]
) -> FlowIndex | None:
    """Flow of a load circuit against the design flow at its expected share; None: not known."""
    from diwen.twin.simulated_telemetry_heat import load_fluid

    pumps = {pump.name: pump for loop in loops for pump in loop.pumps}
    if not pumps or case.inputs is None:
        return None
    if len({tuple(pump.name for pump in loop.pumps) for loop in loops}) != 1:
        return None  # loops with pumps of their own behind one meter: their flows add up
    design = max(pump.design_flow for pump in pumps.values())
    heat, work = circuit.heat, units_at_work(case)
    size = np.full(len(case.record), np.nan) if heat is None else np.abs(heat.value)
    share = load_share(case, loops, size, work.cooling)
    if share is None or not design > 0.0:
        return None
    share = _at_one_speed(case, share, tuple(pumps.values()))
    balance = None if heat is None else (size, relative_error(heat), heat.points)
    return _index(case, circuit, share, design, load_fluid(case.site), balance)


def _ground_heat(case: Case, source: str) -> tuple[Floats, float, tuple[str, ...]] | None:
    """Size of the heat that all units exchange with a source, W, by heat and power."""
    work = units_at_work(case)
    if not work.groups or any(one.unit.draws_on != source for one in work.groups.values()):
        return None
    heat = np.where(work.cooling, work.heat + work.power, work.heat - work.power)
    power = [power_of(case, id) for id in work.groups]
    return np.abs(heat), 1.3 * relative_error(*work.meters), points_of((*work.meters, *power))


def _index(
    case: Case,
    circuit: CircuitRecord,
    share: ExpectedShare,
    design: float,
    liquid: Fluid,
    balance: tuple[Floats, float, tuple[str, ...]] | None,
) -> FlowIndex | None:
    """From the flow meter, else from the balance of heat."""
    difference = _difference(circuit)
    usual = float(np.nanmedian(np.abs(difference))) if np.isfinite(difference).any() else np.nan
    if circuit.flow is not None and circuit.flow.valid.any():
        flow, systematic = circuit.flow.value, relative_error(circuit.flow)
        points, meter, proxy = circuit.flow.points, circuit.flow.points, False
    else:
        found = _by_balance(circuit, difference, liquid, balance)
        if found is None:
            return None
        flow, systematic, points = found
        meter, proxy = (), True
    flow = np.where(flow > _LEAST_FLOW * design, flow, np.nan)
    expected = np.where(np.isfinite(flow), design * share.share, np.nan)
    index = daily_index(
        case.record.day, flow, expected, usual_value("diagnosis.machines.flow_noise")
    )
    return FlowIndex(
        index,
        systematic,
        (*points, *share.points),
        proxy,
        share.basis,
        share.basis == "fixed",
        usual,
        meter,
    )


def _at_one_speed(case: Case, share: ExpectedShare, pumps: Sequence[PumpGroup]) -> ExpectedShare:
    """The design flow where the power of the pumps says that they do not follow."""
    if share.basis in ("constant", "frequency"):
        return share
    variable = [pump for pump in pumps if pump.variable]
    for pump in variable:
        machine = case.record.pumps.get(pump.name)
        if machine is None or machine.power is None:
            return share
        if not at_one_speed(case, pump, machine.power.value, share.share):
            return share
    points = tuple(id for pump in variable for id in _power_points(case, pump))
    return ExpectedShare(np.ones(len(share.share)), "fixed", points) if variable else share


def _power_points(case: Case, pump: PumpGroup) -> tuple[str, ...]:
    machine = case.record.pumps.get(pump.name)
    return () if machine is None or machine.power is None else machine.power.points


def at_one_speed(case: Case, pump: PumpGroup, power: Floats, share: Floats) -> bool:
    """Whether a pump that was designed to follow takes one power while it runs."""
    groups = units_at_work(case).groups
    if not pump.units or any(name not in groups for name in pump.units):
        return flat(power, share)
    # Those bound to units run with them: as many pumps at one speed, or slower together.
    running = np.asarray(sum(groups[name].running for name in pump.units))
    part = running / sum(groups[name].unit.count for name in pump.units)
    on = np.isfinite(part) & (part > 0.0) & (power > 0.0)
    return flat(np.divide(power, part, out=np.full(len(power), np.nan), where=on), part)


def flat(power: Floats, share: Floats) -> bool:
    """Whether a pump takes one power though the share of its flow should change."""
    on = np.isfinite(power) & np.isfinite(share) & (power > 0.0)
    if on.sum() < 48:
        return False
    wanted, taken = np.log(np.maximum(share[on], 1e-3)), np.log(power[on])
    if np.std(wanted) < _LEAST_SPREAD:
        return False
    low, high = np.quantile(taken, [0.05, 0.95])
    return bool(np.std(np.clip(taken, low, high)) < 0.15 * np.std(wanted))


def _difference(circuit: CircuitRecord) -> Floats:
    if circuit.supply is None or circuit.back is None:
        return np.full(0, np.nan)
    return np.asarray(circuit.supply.value - circuit.back.value)


def _by_balance(
    circuit: CircuitRecord,
    difference: Floats,
    liquid: Fluid,
    balance: tuple[Floats, float, tuple[str, ...]] | None,
) -> tuple[Floats, float, tuple[str, ...]] | None:
    """Flow that carries the heat over the difference of temperature, m³/s."""
    if balance is None or circuit.supply is None or circuit.back is None:
        return None
    heat, error, points = balance
    span = np.abs(difference)
    usable = np.isfinite(heat) & (span > _SMALLEST_DIFFERENCE) & (heat > 0.0)
    if not usable.any():
        return None
    mean = 0.5 * (circuit.supply.value + circuit.back.value)
    capacity = liquid.heat_capacity(np.where(np.isfinite(mean), mean, 20.0))
    flow = np.divide(heat, capacity * span, out=np.full(len(heat), np.nan), where=usable)
    least = usual_value("diagnosis.machines.proxy_difference")
    kelvin = max(_pair_error(circuit.supply, circuit.back), least)
    systematic = float(np.sqrt(
        error**2 + (kelvin / float(np.median(span[usable]))) ** 2
        + usual_value("diagnosis.machines.proxy_systematic") ** 2
    ))  # fmt: skip
    return flow, systematic, (*points, *circuit.supply.points, *circuit.back.points)


def _pair_error(one: Channel, other: Channel) -> float:
    return float(np.hypot(one.systematic, other.systematic))
