"""Single readings that no water, air or machine has: broken wires, short circuits, error codes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.gate.channel_access import ChannelAt, channels
from diwen.diagnosis.gate.limits_of_gate import GateLimits
from diwen.diagnosis.record.operating_record import OperatingRecord

_WATER = (
    "supply", "back", "standstill_supply", "standstill_back", "source_entering", "source_leaving",
    "load_leaving", "load_entering", "abstraction_temperature", "injection_temperature",
)  # fmt: skip
_NEVER_NEGATIVE = ("power", "fuel", "flow", "abstraction", "injection")


def impossible_hours(
    record: OperatingRecord, limits: GateLimits
) -> dict[tuple[str, ...], NDArray[np.bool_]]:
    """Hours whose value cannot be, by the points of the channel, shape (n,) each."""
    found: dict[tuple[str, ...], NDArray[np.bool_]] = {}
    for one in channels(record):
        hours = _outside(one, limits)
        if hours is not None and hours.any():
            points = one.channel.points
            found[points] = found.get(points, np.zeros(len(record), dtype=bool)) | hours
    return found


def _outside(one: ChannelAt, limits: GateLimits) -> NDArray[np.bool_] | None:
    group, _, quantity = one.key
    value = np.nan_to_num(one.channel.value)
    if quantity in _WATER:
        outside = (value < limits["coldest_water"]) | (value > limits["hottest_water"])
    elif group == "outdoor":
        outside = np.abs(value) > limits["extreme_air"]
    elif quantity in _NEVER_NEGATIVE:
        largest = float(np.quantile(np.abs(value), 0.99))
        outside = value < -limits["negative_share"] * max(largest, 1e-12)
    else:
        return None
    return np.asarray(outside)
