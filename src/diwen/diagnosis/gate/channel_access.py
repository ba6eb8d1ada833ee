"""The channels of a record one by one, and a record with some of them replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.record.operating_record import (
    Channel,
    CircuitRecord,
    Floats,
    OperatingRecord,
)

Key = tuple[str, str, str]
"""Group of the record, name inside it, quantity: ``("sources", "field", "supply")``; of a channel
without a name or quantity an empty word stands: ``("outdoor", "", "")``."""
_MACHINES = ("units", "pumps", "backups", "auxiliaries")
_NAMED = ("sources", "circuits", *_MACHINES, "wells")
_PLAIN = ("rooms", "ground", "setpoints")
_SINGLE = ("outdoor", "mode")


@dataclass(frozen=True, eq=False)
class ChannelAt:
    """A channel and where it stands."""

    key: Key
    channel: Channel


def channels(record: OperatingRecord) -> Iterator[ChannelAt]:
    """All channels of a record that there are."""
    for group in _NAMED:
        for name, holder in getattr(record, group).items():
            assert is_dataclass(holder)
            for one in fields(holder):
                value = getattr(holder, one.name)
                if isinstance(value, Channel):
                    yield ChannelAt((group, name, one.name), value)
    for group in _PLAIN:
        for name, value in getattr(record, group).items():
            yield ChannelAt((group, name, ""), value)
    for group in _SINGLE:
        value = getattr(record, group)
        if value is not None:
            yield ChannelAt((group, "", ""), value)


def channel(record: OperatingRecord, key: Key) -> Channel | None:
    """The channel at a place, None where there is none."""
    group, name, quantity = key
    if group == "all" or quantity == "pair":
        return None
    if group in _SINGLE:
        found = getattr(record, group)
    elif group in _PLAIN:
        found = getattr(record, group).get(name)
    else:
        holder = getattr(record, group).get(name)
        found = None if holder is None else getattr(holder, quantity, None)
    return found if isinstance(found, Channel) else None


def with_channels(record: OperatingRecord, changed: Mapping[Key, Channel]) -> OperatingRecord:
    """A record with some channels replaced; everything else is the same objects."""
    if not changed:
        return record
    groups: dict[str, object] = {}
    for (group, name, quantity), value in changed.items():
        if group in _SINGLE:
            groups[group] = value
            continue
        held = dict(groups.get(group, getattr(record, group)))  # type: ignore[call-overload]
        held[name] = replace(held[name], **{quantity: value}) if quantity else value
        groups[group] = held
    return replace(record, **groups)  # type: ignore[arg-type]


def masked(one: Channel, hours: NDArray[np.bool_]) -> Channel:
    """A channel without the values of some hours, shape (n,)."""
    return replace(
        one, value=np.where(hours, np.nan, one.value), cover=np.where(hours, 0.0, one.cover)
    )


def heat_capacity_of_flow(circuit: CircuitRecord) -> float:
    """Heat capacity of the fluid per volume, J/(m³ K), as the record itself uses it.

    Median of heat over flow and difference of the hours with a clear difference; nan: unknown.
    """
    parts = (circuit.heat_by_flow, circuit.flow, circuit.supply, circuit.back)
    if any(part is None for part in parts):
        return float("nan")
    heat, flow, supply, back = (part.value for part in parts if part is not None)
    carried = flow * (supply - back)
    clear = np.isfinite(heat + carried) & (np.abs(supply - back) > 0.2) & (flow > 0.0)
    if np.count_nonzero(clear) < 6:
        return float("nan")
    return float(np.median(np.abs(heat[clear] / carried[clear])))


def by_day(record: OperatingRecord, hourly: Floats) -> Floats:
    """Sums of hours by local day, shape (days,) in the order of :func:`days`; nan counts 0."""
    place = day_places(record)
    total = np.bincount(place, weights=np.nan_to_num(hourly), minlength=len(days(record)))
    return np.asarray(total, dtype=np.float64)


def days(record: OperatingRecord) -> NDArray[np.datetime64]:
    """Local days of the record, all from the first to the last, datetime64[D], shape (days,)."""
    return np.arange(record.day[0], record.day[-1] + np.timedelta64(1, "D"))


def day_places(record: OperatingRecord) -> NDArray[np.int64]:
    """Which of :func:`days` each hour belongs to, shape (n,)."""
    return np.asarray((record.day - record.day[0]).astype(np.int64))
