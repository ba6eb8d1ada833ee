"""A circuit whose units are metered one by one: what the meter of the whole would have shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from diwen.diagnosis.record.operating_record import Channel, CircuitRecord
from diwen.diagnosis.record.readings import sum_of

_SUMS = ("flow", "heat_by_flow", "heat_by_meter")
_MEANS = ("supply", "back", "standstill_supply", "standstill_back")


def completed(whole: CircuitRecord, parts: Sequence[CircuitRecord]) -> CircuitRecord:
    """A circuit with what lacks taken from its units, side by side.

    Flow and heat are added where all units have them; temperatures are weighted by the flows of
    the units, where these are known, else alike.

    Parameters
    ----------
    whole : of the meters of the whole circuit
    parts : of each of its units alone, all of them
    """
    if len(parts) < 2:
        return whole
    found: dict[str, Any] = {}
    for name in _SUMS:
        own = [getattr(part, name) for part in parts]
        if getattr(whole, name) is None and all(one is not None for one in own):
            found[name] = sum_of(own)
    flows = [part.flow for part in parts]
    for name in _MEANS:
        own = [getattr(part, name) for part in parts]
        if getattr(whole, name) is None and any(one is not None for one in own):
            found[name] = _mixed(own, flows if name in ("supply", "back") else [None] * len(own))
    return replace(whole, **found)


def _mixed(channels: Sequence[Channel | None], flows: Sequence[Channel | None]) -> Channel:
    """Mean of temperatures, weighted by flows where all are known."""
    pairs = [(one, flow) for one, flow in zip(channels, flows, strict=True) if one is not None]
    weigh = all(flow is not None for _, flow in pairs)
    first = pairs[0][0]
    total, weight = np.zeros(first.value.size), np.zeros(first.value.size)
    for one, flow in pairs:
        share = np.maximum(np.nan_to_num(flow.value), 0.0) if weigh and flow is not None else 1.0
        share = np.where(one.valid, share, 0.0)
        total += share * np.nan_to_num(one.value)
        weight += share
    n = len(pairs)
    return Channel(
        tuple(dict.fromkeys(id for one, _ in pairs for id in one.points)),
        np.divide(total, weight, out=np.full(total.size, np.nan), where=weight > 0.0),
        np.max([one.cover for one, _ in pairs], axis=0),
        float(np.sqrt(sum(one.systematic**2 for one, _ in pairs)) / n),
        max(one.relative for one, _ in pairs),
        float(np.sqrt(sum(one.random**2 for one, _ in pairs)) / n),
        all(one.known for one, _ in pairs), first.origin,
    )  # fmt: skip
