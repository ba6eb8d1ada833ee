"""Values that stand still while the plant runs, and stretches without records."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.gate.channel_access import Key, channel, channels
from diwen.diagnosis.record.operating_record import Floats, OperatingRecord

Stretch = tuple[int, int]
"""First hour and the hour after the last one."""
_PARTNERS = {"supply": "back", "back": "supply", "source_entering": "source_leaving",
             "source_leaving": "source_entering", "load_leaving": "load_entering",
             "load_entering": "load_leaving", "abstraction_temperature": "injection_temperature",
             "injection_temperature": "abstraction_temperature", "flow": "supply"}  # fmt: skip


def stuck_stretches(value: Floats, hours: int) -> list[Stretch]:
    """Stretches of at least some known hours of one and the same value, not zero.

    Unknown hours in between do not end a stretch (a plant at standstill).

    Parameters
    ----------
    value : hourly, nan where unknown, shape (n,)
    hours : fewest hours with a value
    """
    known = np.flatnonzero(np.isfinite(value))
    if known.size < hours:
        return []
    some = value[known]
    same = np.abs(np.diff(some)) <= 1e-9 * np.maximum(np.abs(some[1:]), 1e-6)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], same.astype(np.int8), [0]])))
    found = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first + 1 >= hours and abs(some[first]) > 1e-9:
            found.append((int(known[first]), int(known[last]) + 1))
    return found


def stuck(record: OperatingRecord, hours: int, partner_change: float) -> dict[Key, list[Stretch]]:
    """Channels of one point that stand still while what belongs to them goes on.

    Parameters
    ----------
    hours : fewest hours with a value
    partner_change : K that the partner moves in the stretch, so that "still" means stuck
    """
    found: dict[Key, list[Stretch]] = {}
    for one in channels(record):
        group, name, quantity = one.key
        other = _PARTNERS.get(quantity)
        if len(one.channel.points) != 1 or (other is None and group != "outdoor"):
            continue
        partner = None if other is None else channel(record, (group, name, other))
        stretches = [
            stretch for stretch in stuck_stretches(one.channel.value, hours)
            if group == "outdoor"
            or (partner is not None and _moves(partner.value, stretch) > partner_change)
        ]  # fmt: skip
        # A flow may be held by a controller: it is not called stuck on this alone.
        if stretches and quantity != "flow":
            found[one.key] = stretches
    return found


def _moves(value: Floats, stretch: Stretch) -> float:
    inside = value[slice(*stretch)]
    inside = inside[np.isfinite(inside)]
    return float(np.quantile(inside, 0.95) - np.quantile(inside, 0.05)) if inside.size else 0.0


def outages(record: OperatingRecord, hours: int) -> dict[Key, list[Stretch]]:
    """Stretches without records of channels that have some, while others have theirs.

    Only channels that have a value in every hour when all is well (powers, flows, outdoor).
    """
    always = [one for one in channels(record) if one.key[2] in ("power", "flow", "heat_by_meter")
              or one.key[0] == "outdoor"]  # fmt: skip
    if len(always) < 2:
        return {}
    known = [one.channel.valid for one in always]
    any_known = np.any(known, axis=0)
    found: dict[Key, list[Stretch]] = {}
    for place, one in enumerate(always):
        stretches = [
            stretch for stretch in true_stretches(np.logical_not(known[place]))
            if np.count_nonzero(any_known[slice(*stretch)]) >= hours
        ]  # fmt: skip
        if stretches and known[place].any():
            found[one.key] = stretches
    return found


def true_stretches(mask: NDArray[np.bool_]) -> list[Stretch]:
    """Runs of true, shape (n,)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
