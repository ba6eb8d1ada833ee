"""A part of a record, and records one after another, so that new months cost only themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

import numpy as np

from diwen.diagnosis.record.hourly_grid import HOUR_US
from diwen.diagnosis.record.operating_record import Channel, OperatingRecord

_GROUPS = ("sources", "circuits", "units", "pumps", "backups", "auxiliaries", "wells")
_PLAIN = ("rooms", "ground", "setpoints")
_ALONE = ("outdoor", "mode")


def part_of(
    record: OperatingRecord, since: date | None = None, until: date | None = None
) -> OperatingRecord:
    """The hours of some local days.

    Parameters
    ----------
    record : whole
    since : first local day; None: from the first hour
    until : local day after the last one; None: to the last hour
    """
    first = 0 if since is None else int(np.searchsorted(record.day, np.datetime64(since, "D")))
    last = (
        len(record)
        if until is None
        else int(np.searchsorted(record.day, np.datetime64(until, "D")))
    )
    cut = slice(first, max(first, last))

    def shorter(channel: Channel) -> Channel:
        return replace(channel, value=channel.value[cut], cover=channel.cover[cut])

    changed = _each(record, lambda path, channel: shorter(channel))
    return replace(
        record, time=record.time[cut], day=record.day[cut], hour=record.hour[cut],
        occupancy=record.occupancy[cut], **changed,
    )  # fmt: skip


def joined(records: Sequence[OperatingRecord]) -> OperatingRecord:
    """Records of one site one after another; hours that lack in between are not known.

    Where two overlap, what the later one in the sequence knows is kept. Uncertainties are those
    of the record that knows most of the channel.

    Parameters
    ----------
    records : at least one, of one site
    """
    held = [one for one in records if len(one)] or list(records[:1])
    if len(held) == 1:
        return held[0]
    first = min(int(one.time[0]) for one in held)
    last = max(int(one.time[-1]) for one in held)
    time = np.arange(first, last + HOUR_US, HOUR_US, dtype=np.int64)
    places = [(one.time - first) // HOUR_US for one in held]
    found: dict[tuple[str, ...], list[tuple[int, Channel]]] = {}
    for number, one in enumerate(held):
        _each(one, _collector(found, number))
    whole = {
        path: _together(parts, places, len(time)) for path, parts in found.items()
    }  # fmt: skip
    newest, oldest = held[-1], min(held, key=lambda one: int(one.time[0]))
    local = newest.day[0].astype("datetime64[us]").astype(np.int64)
    shift = int(local) + int(newest.hour[0]) * HOUR_US - int(newest.time[0])
    clock = (time + shift).astype("datetime64[us]")
    occupancy = np.ones(len(time))
    for one, place in zip(held, places, strict=True):
        occupancy[place] = one.occupancy
    begun = oldest if not any(one.begun_known for one in held) else next(
        one for one in held if one.begun_known)  # fmt: skip
    return replace(
        newest, time=time, day=clock.astype("datetime64[D]"),
        hour=clock.astype("datetime64[h]").astype(np.int64) % 24, occupancy=occupancy,
        begun=begun.begun, begun_known=begun.begun_known,
        circumstances=tuple({(c.kind, c.object, c.entry): c for one in held
                             for c in one.circumstances}.values()),
        step=min(one.step for one in held),
        rejected={id: why for one in held for id, why in one.rejected.items()},
        points={id: point for one in held for id, point in one.points.items()},
        **_built(held, whole),
    )  # fmt: skip


def _collector(
    found: dict[tuple[str, ...], list[tuple[int, Channel]]], number: int
) -> Callable[[tuple[str, ...], Channel], Channel]:
    def collect(path: tuple[str, ...], channel: Channel) -> Channel:
        found.setdefault(path, []).append((number, channel))
        return channel

    return collect


def _together(parts: list[tuple[int, Channel]], places: Sequence[np.ndarray], n: int) -> Channel:
    """One channel out of several stretches of it."""
    value, cover = np.full(n, np.nan), np.zeros(n)
    for number, channel in parts:
        place, known = places[number], channel.valid
        value[place[known]] = channel.value[known]
        cover[place] = np.maximum(cover[place], channel.cover)
    best = max((channel for _, channel in parts), key=lambda one: int(one.valid.sum()))
    points = tuple(dict.fromkeys(id for _, one in parts for id in one.points))
    return replace(best, points=points, value=value, cover=cover)


def _each(
    record: OperatingRecord, change: Callable[[tuple[str, ...], Channel], Channel]
) -> dict[str, Any]:
    """All fields with channels, each channel changed; the path names where it stands."""
    found: dict[str, Any] = {}
    for name in _GROUPS:
        group: Mapping[str, Any] = getattr(record, name)
        found[name] = {id: _changed(one, (name, id), change) for id, one in group.items()}
    for name in _PLAIN:
        found[name] = {id: change((name, id), one) for id, one in getattr(record, name).items()}
    for name in _ALONE:
        channel = getattr(record, name)
        found[name] = None if channel is None else change((name,), channel)
    return found


def _changed(
    item: Any, path: tuple[str, ...], change: Callable[[tuple[str, ...], Channel], Channel]
) -> Any:
    new = {
        field.name: change((*path, field.name), value)
        for field in fields(item)
        if isinstance(value := getattr(item, field.name), Channel)
    }
    return replace(item, **new)


def _built(
    records: Sequence[OperatingRecord], channels: Mapping[tuple[str, ...], Channel]
) -> dict[str, Any]:
    """The fields of the whole record from all its channels."""
    found: dict[str, Any] = {}
    for name in _GROUPS:
        items = {id: one for record in records for id, one in getattr(record, name).items()}
        found[name] = {
            id: replace(one, **{path[2]: channel for path, channel in channels.items()
                                if path[:2] == (name, id)})
            for id, one in items.items()
        }  # fmt: skip
    for name in _PLAIN:
        found[name] = {path[1]: one for path, one in channels.items() if path[0] == name}
    for name in _ALONE:
        found[name] = channels.get((name,))
    return found
