"""Warmth of pumps in the water between the sensors: energy that belongs into the first law.

What a pump takes from the mains becomes warmth of the water (friction in the pump and in the pipes
it drives), and of the room as far as its motor is cooled by air. Where a pump stands between the
two sensors of a circuit, the heat that is read holds its warmth: a load that is heated is read too
large by it, one that is cooled too small, a source that gives heat too small, one that takes heat
too large. In every case the load less electricity less source heat is larger by the same share of
the pump's power, between none and all of it. Nobody writes down where the sensors stand, so the
share is marginalised (uniform between 0 and 1).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from diwen.diagnosis.gate.channel_access import heat_capacity_of_flow
from diwen.diagnosis.gate.limits_of_gate import GateLimits
from diwen.diagnosis.record.operating_record import CircuitRecord, Floats, OperatingRecord

# Mean and standard deviation of a share that is anything between 0 and 1.
MEAN_SHARE, SPREAD_OF_SHARE = 0.5, float(1.0 / np.sqrt(12.0))


def warmth_of_pumps(record: OperatingRecord, limits: GateLimits) -> tuple[Floats, ...]:
    """What each pump can give to the water, hour by hour, W, shape (n,) each.

    Of a side without metered pumps: the flow times a usual warming.
    """
    found = [one.power.value for one in record.pumps.values() if one.power is not None]
    sides = {_side(record, name) for name, one in record.pumps.items() if one.power is not None}
    if "both" in sides:
        return tuple(found)
    if "source" not in sides:
        found += _usual_warmth(record.sources.values(), limits)
    if "load" not in sides:
        found += _usual_warmth(record.circuits.values(), limits)
    return tuple(found)


def _side(record: OperatingRecord, name: str) -> str:
    pump = record.site.pumps.get(name)
    circuit = getattr(pump, "circuit", "") or "both"
    return circuit if circuit in ("source", "load") else "both"


def _usual_warmth(circuits: Iterable[CircuitRecord], limits: GateLimits) -> list[Floats]:
    found = []
    for one in circuits:
        capacity = heat_capacity_of_flow(one)
        if one.flow is not None and np.isfinite(capacity):
            found.append(2.0 * limits["pump_warming"] * capacity * one.flow.value)
    return found
