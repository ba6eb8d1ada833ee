"""The channels of machines: power, fuel, running, starts, and sensors at a unit of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from diwen.diagnosis.record.circuit_channels import Circuit, load_liquid, source_liquid
from diwen.diagnosis.record.circuit_points import CircuitPoints, unit_points
from diwen.diagnosis.record.instrument_error import error_of, register_noise
from diwen.diagnosis.record.operating_record import Channel, MachineRecord
from diwen.diagnosis.record.readings import Readings, sum_of
from diwen.diagnosis.record.running_state import running, usual_high
from diwen.diagnosis.record.steps import Steps
from diwen.evaluation.cover import exact_cover
from diwen.site.points import SITE_WIDE
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.site import Point

_RULE = "default.diagnosis.record."
_ELECTRICITY = ("electric_energy", "electric_power")


def machines(
    readings: Readings, ids: Iterable[str], loops: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, MachineRecord]:
    """Records of machines, those without any channel left out.

    Parameters
    ----------
    ids : of machines in the site
    loops : of units: the source loops with their units; None: no units
    """
    meters = electricity_meters(readings)
    found = {}
    for id in ids:
        machine = replace(
            _own(readings, id), power=_power(readings, id, meters), fuel=_fuel(readings, id)
        )
        if loops is not None:
            machine = _with_sensors(readings, machine, loops)
        if any(value is not None for name, value in vars(machine).items() if name != "id"):
            found[id] = machine
    return found


def joint_meters(readings: Readings) -> dict[str, MachineRecord]:
    """Electricity of several machines together, and of the whole site, by ``+`` joined ids."""
    found = {}
    for covered, point in electricity_meters(readings).items():
        if len(covered) > 1 or SITE_WIDE in covered:
            name = "+".join(point.equipment)
            found[name] = MachineRecord(name, power=_electric(readings, point))
    return found


def electricity_meters(readings: Readings) -> dict[frozenset[str], Point]:
    """The meter of each coverage: the register, or the power where the register is coarse."""
    chosen: dict[frozenset[str], Point] = {}
    for point in readings.at("supply", _ELECTRICITY):
        covered = frozenset(point.equipment)
        if point.detail or (covered in chosen and not _coarse(readings, chosen[covered])):
            continue
        if len(readings.steps(point)):
            chosen[covered] = point
    return chosen


def _coarse(readings: Readings, point: Point) -> bool:
    """Whether a register shows an hour of running with too few digits, or seldom at all."""
    steps = readings.steps(point)
    if point.kind != "counter":
        return False
    if not np.isfinite(steps.value).any():
        return True
    rounding = register_noise(point, readings.readings[point.id].value, steps)
    return rounding > usual_value(_RULE + "coarse_register") * usual_high(steps.value)


def _electric(readings: Readings, point: Point) -> Channel:
    return readings.plain(point)


def _power(readings: Readings, id: str, meters: Mapping[frozenset[str], Point]) -> Channel | None:
    """Electric power of one machine: of its meter, else of a sum or difference of meters."""
    if frozenset([id]) in meters:
        return _electric(readings, meters[frozenset([id])])
    named = {point: covered for covered, point in meters.items() if SITE_WIDE not in covered}
    cover = exact_cover(frozenset([id]), named) if named else None
    if not cover:
        return None
    channels = [(_electric(readings, point), sign) for point, sign in cover]
    whole = sum_of([one for one, _ in channels])
    value = np.sum([sign * one.value for one, sign in channels], axis=0)
    return replace(whole, value=value)


def _fuel(readings: Readings, id: str) -> Channel | None:
    """Fuel of a boiler, W of the lower heating value."""
    if id not in readings.site.boilers:
        return None
    from diwen.site.plant_backups import calorific_value_of

    value = calorific_value_of(readings.site, id)
    own = [one for one in readings.at("supply", ("gas_volume",)) if one.equipment == (id,)]
    return readings.first(own, value) if value else None


def _own(readings: Readings, id: str) -> MachineRecord:
    """Running, starts and frequency."""
    steps = running(readings, id)
    if steps is None:
        return MachineRecord(id)
    points = _running_points(readings, id)
    share = readings.channel(points, steps, error_of(points[0], np.zeros(0)))
    share = replace(share, systematic=0.0, relative=0.0, random=0.0, known=True)
    starts = replace(share, value=np.where(share.valid, _starts(readings, steps), np.nan))
    return MachineRecord(id, running=share, starts=starts, frequency=_frequency(readings, id))


def _running_points(readings: Readings, id: str) -> list[Point]:
    """The points from which running is told."""
    own = [one for one in readings.points.values() if one.equipment == (id,)]
    for quantity in ("status", "frequency", "electric_power", "electric_energy"):
        found = [one for one in own if one.quantity == quantity and not one.detail]
        if found:
            return found[:1]
    return own[:1]


def _starts(readings: Readings, steps: Steps) -> np.ndarray:
    """How often it began to run in each hour, shape (n,)."""
    known = np.isfinite(steps.value)
    state, begin = steps.value[known] >= 0.5, steps.start[known]
    rising = np.flatnonzero(state[1:] & ~state[:-1]) + 1
    return readings.grid.counts(begin[rising])


def _frequency(readings: Readings, id: str) -> Channel | None:
    """Mean frequency while it runs."""
    for point in readings.at("unit", ("frequency",)):
        if point.equipment == (id,):
            steps = readings.steps(point)
            total = readings.grid.integrals(
                steps.with_value(np.where(steps.value > 1.0, steps.value, np.nan)))  # fmt: skip
            channel = readings.plain(point)
            value = np.divide(*total, out=np.full(total[0].size, np.nan), where=total[1] > 0.5)
            return replace(channel, value=np.where(channel.valid, value, np.nan))
    return None


def _with_sensors(
    readings: Readings, machine: MachineRecord, loops: Mapping[str, tuple[str, ...]]
) -> MachineRecord:
    """Temperatures and heat at the unit itself, where it shares its circuits with others."""
    id = machine.id
    loop = next((name for name, units in loops.items() if id in units), "source")
    if len(readings.site.heat_pumps) < 2:
        return machine
    found = machine
    if len(loops.get(loop, ())) != 1:
        source = _at_unit(readings, "source", loop, id)
        found = replace(found, source_entering=source[0], source_leaving=source[1])
    leaving, entering, heats = None, None, []
    for kind in ("load", "hot_water", "cooling"):
        supply, back, heat = _at_unit(readings, kind, kind, id)
        leaving, entering = _filled(leaving, supply), _filled(entering, back)
        if heat is not None:
            heats.append(_signed(heat, kind))
    heat = sum_of(heats) if heats else None
    return replace(found, load_leaving=leaving, load_entering=entering, heat=heat)


def _filled(first: Channel | None, second: Channel | None) -> Channel | None:
    """A channel, and another one in the hours in which the first has no value."""
    if first is None or second is None:
        return first or second
    return replace(
        first,
        points=tuple(dict.fromkeys((*first.points, *second.points))),
        value=np.where(first.valid, first.value, second.value),
        cover=np.where(first.valid, first.cover, np.maximum(first.cover, second.cover)),
    )


def _signed(heat: Channel, kind: str) -> Channel:
    """Cold of a chilled-water circuit is negative at the unit."""
    return replace(heat, value=-heat.value) if kind == "cooling" else heat


def _at_unit(
    readings: Readings, kind: str, name: str, id: str
) -> tuple[Channel | None, Channel | None, Channel | None]:
    """Supply, return and heat of one unit in one circuit."""
    points: CircuitPoints = unit_points(readings, kind, name, id)
    if not points.any:
        return None, None, None
    site = readings.site
    liquid = source_liquid(site, name, (id,)) if kind == "source" else load_liquid(site, (id,))
    # The pumps of the whole circuit also run for others: the unit's own running decides.
    own = replace(points, pumps=(), pump_states=())
    record = Circuit(readings, own, liquid).record()
    return record.supply, record.back, record.heat
