"""Power of pumps against their design: at full flow, along their curve, and while no unit runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Case, Floats
from diwen.diagnosis.machines.daily_index import DailyIndex, daily_index, relative_error
from diwen.diagnosis.machines.expected_flow import frequency_share, load_share, source_share
from diwen.diagnosis.machines.flow_index import at_one_speed
from diwen.diagnosis.machines.units_at_work import UnitsAtWork, units_at_work
from diwen.diagnosis.record.operating_record import Channel
from diwen.plant.station import PumpGroup
from diwen.site.usual_values import usual_value

Mask = NDArray[np.bool_]
# Meters of heat and power agree within this.
_LIKE_WARMTH = 0.15


@dataclass(frozen=True, eq=False)
class PumpIndex:
    """Power of a pump group against its design.

    Attributes
    ----------
    pump : as designed
    index : of days: power while it runs over that of the design
    fixed_speed : designed to follow a flow, it takes one power all the time
    speed_share : median share of full speed while it runs, nan unknown
    systematic : relative standard uncertainty common to all days
    power : its channel
    points : it was read from
    """

    pump: PumpGroup
    index: DailyIndex
    fixed_speed: bool
    speed_share: float
    systematic: float
    power: Channel
    points: tuple[str, ...]


def pump_groups(case: Case) -> Mapping[str, tuple[PumpGroup, bool]]:
    """Pump groups of a station by id, and whether they move the water of a source."""
    assert case.inputs is not None
    station = case.inputs.station
    found = {pump.name: (pump, False) for one in station.load_loops for pump in one.pumps}
    found |= {pump.name: (pump, True) for one in station.source_loops for pump in one.pumps}
    return found


def pump_index(case: Case, pump: PumpGroup, on_source: bool) -> PumpIndex | None:
    """Power of a pump group against its design; None: it is not metered."""
    machine = case.record.pumps.get(pump.name)
    full = float(np.max(pump.power)) if len(pump.power) else 0.0
    if machine is None or machine.power is None or full <= 0.0:
        return None
    power = np.where(machine.power.value > _least(pump), machine.power.value, np.nan)
    if machine.running is not None:  # a part of an hour is no speed
        part = np.isfinite(machine.running.value) & (machine.running.value < 0.98)
        power = np.where(part, np.nan, power)
    share, points = _share(case, pump, on_source)
    one_speed = share is not None and at_one_speed(case, pump, power, share)
    expected, fixed, speed = _expected(pump, power, share, one_speed)
    if not np.isfinite(expected).any():
        return None
    index = daily_index(
        case.record.day, power, expected, usual_value("diagnosis.machines.pump_noise")
    )
    return PumpIndex(
        pump, index, fixed, speed, relative_error(machine.power), machine.power,
        (*machine.power.points, *points),
    )  # fmt: skip


def _least(pump: PumpGroup) -> float:
    """Power above which a pump runs, W."""
    lowest = float(np.interp(pump.minimum_share, pump.shares, pump.power))
    full = float(np.interp(1.0, pump.shares, pump.power))
    return min(usual_value("diagnosis.machines.pump_on_share") * full, 0.5 * max(lowest, 1e-9))


def _expected(
    pump: PumpGroup, power: Floats, share: Floats | None, one_speed: bool
) -> tuple[Floats, bool, float]:
    """Expected power, whether a pump that should follow does not, and its usual speed share.

    A pump at one speed is held against its design at full flow, others against their curve.
    """
    full = np.full(len(power), float(np.interp(1.0, pump.shares, pump.power)))
    if not pump.variable and not pump.units:
        return full, False, 1.0
    if share is None:
        return np.full(len(power), np.nan), False, float("nan")
    least = pump.minimum_share if pump.variable else 0.0
    if pump.variable:
        curve = np.interp(np.clip(share, least, 1.0), pump.shares, pump.power)
    else:
        curve = full * np.clip(share, 0.0, 1.0)
    curve = np.where(np.isfinite(share) & (curve > 0.0), curve, np.nan)
    known = np.isfinite(power) & np.isfinite(share)
    usual = float(np.median(share[known])) if known.any() else float("nan")
    if pump.variable and known.sum() >= 48:
        # It stands at full speed though it was designed to follow, or its power does not follow.
        at_full = float(np.quantile(share[known], 0.05)) > 0.98
        if at_full or one_speed:
            part = np.clip(share, 0.0, 1.0) if pump.units else 1.0
            return np.where(part > 0.0, full * part, np.nan), True, usual
    return curve, False, usual


def _share(case: Case, pump: PumpGroup, on_source: bool) -> tuple[Floats | None, tuple[str, ...]]:
    """Share of its design flow, hour by hour."""
    if pump.units:
        groups = units_at_work(case).groups
        if any(name not in groups for name in pump.units):
            return None, ()
        running = np.asarray(sum(groups[name].running for name in pump.units))
        return running / sum(groups[name].unit.count for name in pump.units), ()
    own = frequency_share(case, [pump])
    if own is not None:
        return own.share, own.points
    assert case.inputs is not None
    station, work = case.inputs.station, units_at_work(case)
    if on_source:
        loop = next(one for one in station.source_loops if pump in one.pumps)
        found = source_share(case, loop)
    else:
        loops = [one for one in station.load_loops if pump in one.pumps]
        found = load_share(case, loops, work.heat, work.cooling) if work.groups else None
    return (None, ()) if found is None else (found.share, found.points)


def idle_share(case: Case, pump: PumpGroup, on_source: bool) -> tuple[DailyIndex, int] | None:
    """Share of standstill in which a pump runs, day by day, and hours of standstill.

    Standstill is an hour without power of any unit and without heat in any circuit, on a day on
    which some unit runs; for pumps of the load also an hour in which the units cool nothing but
    the warmth of these pumps.
    """
    record = case.record
    machine = record.pumps.get(pump.name)
    channel = None if machine is None else (machine.power or machine.running)
    if machine is None or channel is None:
        return None
    still = standstill(case)
    if still is None:
        return None
    if not on_source:
        still = still | _only_their_warmth(case)
    least = 0.02 if channel is machine.running else _least(pump)
    on = np.where(np.isfinite(channel.value), (channel.value > least).astype(float), np.nan)
    on = np.where(still, on, np.nan)
    index = daily_index(
        record.day, on, np.ones(len(record)), usual_value("diagnosis.machines.idle_noise"), 1.0
    )
    return index, int(np.isfinite(on).sum())


def standstill(case: Case) -> Mask | None:
    """Hours in which nothing asks for water though the season does; None: not known."""
    key = "machines.standstill"
    if key not in case.memory:
        case.memory[key] = _standstill(case)
    found = case.memory[key]
    assert found is None or isinstance(found, np.ndarray)
    return found


def _standstill(case: Case) -> Mask | None:
    record = case.record
    off, any_on = np.ones(len(record), bool), np.zeros(len(record), bool)
    seen = False
    for id, machine in record.units.items():
        channel = machine.running or machine.power
        if channel is None:
            return None
        seen = True
        least = 0.0 if channel is machine.running else _standby(case, id)
        on = channel.value > least
        power = machine.power
        if power is not None and set(channel.points) <= set(power.points):
            # Told by its power, an hour in which it ran for minutes is below the usual share.
            on |= power.value > _standby(case, id)
        off &= np.isfinite(channel.value) & ~on
        any_on |= on
    for other in (*record.auxiliaries.values(), *record.backups.values()):
        for channel in (other.running, other.fuel, other.power):
            if channel is not None:  # controls take power always: they are no reason to pump
                usual = float(np.nanmax(channel.value)) if channel.valid.any() else 0.0
                least = float(np.nanmin(channel.value)) if channel.valid.any() else 0.0
                if least < 0.5 * usual:
                    off &= ~(channel.value > max(0.02 * usual, 1e-9))
                break
    pumped = np.zeros(len(record))
    for machine in record.pumps.values():
        if machine.power is not None:
            pumped += np.nan_to_num(machine.power.value)
    for circuit in (*record.circuits.values(), *record.sources.values()):
        heat = circuit.heat
        if heat is not None and heat.valid.any():  # the warmth of the pumps themselves asks nobody
            most = float(np.nanmax(np.abs(heat.value)))
            off &= ~(np.abs(heat.value) > 0.02 * most + 1.5 * pumped)
    if not seen:
        return None
    place = (record.day - record.day[0]).astype(int)
    season = np.bincount(place, any_on) > 0
    # An hour between two in which something runs may have been begun or ended by a pump.
    after = np.concatenate([[False], any_on[:-1]])
    before = np.concatenate([any_on[1:], [False]])
    return np.asarray(off & season[place] & ~after & ~before)


def _only_their_warmth(case: Case) -> Mask:
    """Hours in which all the cold that is made takes off the warmth of the load pumps."""
    work, warmth, full = units_at_work_or_none(case), np.zeros(len(case.record)), 0.0
    if work is None:
        return np.zeros(len(case.record), bool)
    for name, (pump, on_source) in pump_groups(case).items():
        machine = case.record.pumps.get(name)
        if not on_source and machine is not None and machine.power is not None:
            warmth += pump.heat_to_water * np.nan_to_num(machine.power.value)
            full += pump.heat_to_water * float(np.max(pump.power))
    # Pumps at full speed move so much warmth that a small load is as large by chance.
    slow = (warmth > 0.0) & (warmth < 0.5 * full)
    return np.asarray(work.cooling & slow & (np.abs(work.heat - warmth) < _LIKE_WARMTH * warmth))


def units_at_work_or_none(case: Case) -> UnitsAtWork | None:
    """Heat and cold of the units, where they are metered."""
    work = units_at_work(case)
    return work if work.groups else None


def _standby(case: Case, unit: str) -> float:
    found = [one for one in case.inputs.station.units if one.name == unit] if case.inputs else []
    if not found:
        return 0.0
    one = found[0]
    table = one.heating or one.cooling
    usual = float(np.median(table.power)) if table is not None else 0.0
    return one.standby_power * one.count + 0.02 * usual
