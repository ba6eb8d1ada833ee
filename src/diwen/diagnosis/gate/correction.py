"""A record put right: what an error of an instrument did is taken back, with its uncertainty.

New objects only; the raw record stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.gate.channel_access import (
    Key,
    channel,
    channels,
    heat_capacity_of_flow,
    masked,
    with_channels,
)
from diwen.diagnosis.record.operating_record import (
    Channel,
    CircuitRecord,
    Floats,
    OperatingRecord,
)


def without_factor(
    record: OperatingRecord, key: Key, error: Floats, deviation: float
) -> OperatingRecord:
    """A channel without a wrong factor: ``true = read (1 - error)``.

    Parameters
    ----------
    key : of a flow (its heat goes with it), a heat meter, or a power
    error : share of the reading, shape (n,)
    deviation : standard uncertainty of it
    """
    keys = [key, (*key[:2], "heat_by_flow")] if key[2] == "flow" else [key]
    changed: dict[Key, Channel] = {}
    for one in keys:
        held = channel(record, one)
        if held is not None:
            changed[one] = replace(
                held, value=held.value * (1.0 - error),
                relative=float(np.hypot(held.relative, deviation)),
            )  # fmt: skip
    return with_channels(record, changed)


def without_common_factor(
    record: OperatingRecord, what: str, error: Floats, deviation: float
) -> OperatingRecord:
    """All heat, or all electricity of the units, without one wrong factor.

    Parameters
    ----------
    what : ``heat`` or ``power``
    """
    if what == "power":
        keys: list[Key] = [("units", name, "power") for name in record.units]
    else:
        keys = [(group, name, quantity) for group in ("sources", "circuits")
                for name in getattr(record, group)
                for quantity in ("heat_by_meter", "flow")]  # fmt: skip
    for key in keys:
        record = without_factor(record, key, error, deviation)
    return record


def without_offset(
    record: OperatingRecord, pair: tuple[str, str], errors: dict[str, Floats],
    deviation: float, difference_deviation: float,
) -> OperatingRecord:  # fmt: skip
    """Temperatures of a circuit without offsets, and the heat that follows from them.

    Parameters
    ----------
    pair : group and name of the circuit
    errors : of ``supply`` and ``back``, K, shape (n,) each
    deviation : standard uncertainty of each, K
    difference_deviation : of their difference, K
    """
    circuit: CircuitRecord = getattr(record, pair[0])[pair[1]]
    changed: dict[Key, Channel] = {}
    for quantity, error in errors.items():
        for name in (quantity, f"standstill_{quantity}"):
            held = getattr(circuit, name)
            if held is not None:
                changed[(*pair, name)] = _moved(held, -error, deviation)
    difference = errors.get("supply", 0.0) - errors.get("back", np.zeros(len(record)))
    if circuit.isothermal_difference is not None:
        changed[(*pair, "isothermal_difference")] = _moved(
            circuit.isothermal_difference, -difference, difference_deviation
        )
    capacity = heat_capacity_of_flow(circuit)
    if circuit.heat_by_flow is not None and circuit.flow is not None and np.isfinite(capacity):
        sign = -1.0 if pair[1] == "cooling" else 1.0
        flow = capacity * circuit.flow.value
        typical = float(np.nanmean(np.where(flow > 0.0, flow, np.nan))) if (flow > 0).any() else 0.0
        held = circuit.heat_by_flow
        changed[(*pair, "heat_by_flow")] = _moved(
            held, -sign * flow * difference, typical * difference_deviation
        )
    return with_channels(record, changed)


def _moved(held: Channel, change: Floats, deviation: float) -> Channel:
    return replace(held, value=held.value + change,
                   systematic=float(np.hypot(held.systematic, deviation)))  # fmt: skip


def swapped_back(record: OperatingRecord, pair: tuple[str, str], hours: NDArray[np.bool_]) -> (
    OperatingRecord
):  # fmt: skip
    """A circuit whose supply and return stand in each other's place, put right in some hours."""
    circuit: CircuitRecord = getattr(record, pair[0])[pair[1]]
    changed: dict[Key, Channel] = {}
    for first, second in (("supply", "back"), ("standstill_supply", "standstill_back")):
        one, other = getattr(circuit, first), getattr(circuit, second)
        if one is not None and other is not None:
            changed[(*pair, first)] = replace(one, value=np.where(hours, other.value, one.value))
            changed[(*pair, second)] = replace(other, value=np.where(hours, one.value, other.value))
    for name in ("heat_by_flow", "isothermal_difference"):
        held = getattr(circuit, name)
        if held is not None:
            changed[(*pair, name)] = replace(held, value=np.where(hours, -held.value, held.value))
    return with_channels(record, changed)


def shifted(record: OperatingRecord, keys: Collection[Key], hours: int) -> OperatingRecord:
    """Channels whose records carry a time that is later than true by whole hours, put back.

    Heat by flow of the circuits they stand in is computed again.
    """
    changed: dict[Key, Channel] = {}
    circuits = set()
    for key in keys:
        held = channel(record, key)
        if held is None:
            continue
        changed[key] = replace(
            held, value=_earlier(held.value, hours, np.nan), cover=_earlier(held.cover, hours, 0.0)
        )
        if key[0] in ("sources", "circuits") and key[2] in ("supply", "back", "flow"):
            circuits.add(key[:2])
    moved = with_channels(record, changed)
    for pair in circuits:
        moved = _with_heat_again(record, moved, pair)
    for key in changed:
        if key[0] in ("sources", "circuits") and key[2] == "heat_by_meter":
            moved = signed_by_flow(moved, (key[0], key[1]))
    return moved


def signed_by_flow(record: OperatingRecord, pair: tuple[str, str]) -> OperatingRecord:
    """A heat meter with the signs of the heat by flow and temperatures, where that has one.

    A register counts both ways; its sign was taken from readings that were wrong.
    """
    circuit: CircuitRecord = getattr(record, pair[0])[pair[1]]
    meter, heat = circuit.heat_by_meter, circuit.heat_by_flow
    if meter is None or heat is None or pair[1] in ("hot_water", "cooling"):
        return record
    sign = np.sign(np.nan_to_num(heat.value))
    value = np.where(sign != 0.0, np.abs(meter.value) * sign, meter.value)
    return with_channels(record, {(*pair, "heat_by_meter"): replace(meter, value=value)})


def _earlier(value: Floats, hours: int, empty: float) -> Floats:
    found = np.roll(value, -hours)
    if hours > 0:
        found[-hours:] = empty
    elif hours < 0:
        found[:-hours] = empty
    return found


def _with_heat_again(
    before: OperatingRecord, record: OperatingRecord, pair: tuple[str, str]
) -> OperatingRecord:
    capacity = heat_capacity_of_flow(getattr(before, pair[0])[pair[1]])
    circuit: CircuitRecord = getattr(record, pair[0])[pair[1]]
    parts = (circuit.flow, circuit.supply, circuit.back, circuit.heat_by_flow)
    if any(part is None for part in parts) or not np.isfinite(capacity):
        return record
    flow, supply, back, held = (part for part in parts if part is not None)
    sign = -1.0 if pair[1] == "cooling" else 1.0
    heat = sign * capacity * flow.value * (supply.value - back.value)
    heat = np.where(flow.value == 0.0, 0.0, heat)
    changed = {(*pair, "heat_by_flow"): replace(held, value=heat)}
    meter = circuit.heat_by_meter
    if meter is not None and _signed_by(meter.value, held.value):
        # A register counts both ways; its sign was that of heat by flow, which is known now.
        turned = np.where(heat != 0.0, np.abs(meter.value) * np.sign(heat), meter.value)
        changed[(*pair, "heat_by_meter")] = replace(meter, value=turned)
    return with_channels(record, changed)


def _signed_by(meter: Floats, heat: Floats) -> bool:
    """Whether a meter has the signs of another reading in all but a few hours."""
    known = np.isfinite(meter * heat) & (meter * heat != 0.0)
    return bool(known.any() and np.mean(np.sign(meter[known]) == np.sign(heat[known])) > 0.99)


def without_points(
    record: OperatingRecord, points: Collection[str], hours: NDArray[np.bool_]
) -> OperatingRecord:
    """A record in which nothing that was read from some points is used in some hours, (n,)."""
    named = set(points)
    return with_channels(record, {one.key: masked(one.channel, hours) for one in channels(record)
                                  if named & set(one.channel.points)})  # fmt: skip
