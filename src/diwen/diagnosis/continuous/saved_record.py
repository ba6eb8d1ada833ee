"""An operating record in a file, without what the site's own files say already.

One compressed NumPy archive: all channels as rows of two arrays, what they are as JSON. Nothing in
it is executed when it is read.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from diwen.diagnosis.record.operating_record import (
    Channel,
    CircuitRecord,
    Circumstance,
    MachineRecord,
    OperatingRecord,
    WellRecord,
)
from diwen.language import Text
from diwen.site import Entry

if TYPE_CHECKING:
    from diwen.site import Site

_KINDS: dict[str, type[CircuitRecord] | type[MachineRecord] | type[WellRecord]] = {
    "sources": CircuitRecord,
    "circuits": CircuitRecord,
    "units": MachineRecord,
    "pumps": MachineRecord,
    "backups": MachineRecord,
    "auxiliaries": MachineRecord,
    "wells": WellRecord,
}
_NAMES = ("name", "id", "units")
_PLAIN = ("rooms", "ground", "setpoints")
_ALONE = ("outdoor", "mode")
_OF_CHANNEL = ("systematic", "relative", "random", "known", "origin")


def save_record(record: OperatingRecord, path: Path, key: str) -> None:
    """Write a record in one step that cannot be half done.

    Parameters
    ----------
    record : to keep
    path : of the archive
    key : of what it was made from; it is read again only under the same key
    """
    channels: list[Channel] = []

    def number(channel: Channel | None) -> int | None:
        if channel is None:
            return None
        channels.append(channel)
        return len(channels) - 1

    groups: dict[str, Any] = {
        name: {
            id: {
                one.name: number(value)
                if isinstance(value := getattr(item, one.name), Channel)
                else value
                for one in fields(item)
            }
            for id, item in getattr(record, name).items()
        }
        for name in _KINDS
    }
    groups |= {
        name: {id: number(one) for id, one in getattr(record, name).items()} for name in _PLAIN
    }
    groups |= {name: number(getattr(record, name)) for name in _ALONE}
    told = {
        "key": key,
        "begun": record.begun.isoformat(),
        "begun_known": record.begun_known,
        "step": record.step,
        "groups": groups,
        "channels": [
            {"points": one.points, **{name: getattr(one, name) for name in _OF_CHANNEL}}
            for one in channels
        ],
        "circumstances": [asdict(one) for one in record.circumstances],
        "rejected": {id: [why.en, why.zh] for id, why in record.rejected.items()},
        "points": list(record.points),
    }
    n = len(record)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as sink:
            np.savez_compressed(
                sink,
                told=np.frombuffer(json.dumps(told, default=str).encode(), np.uint8),
                time=record.time,
                day=record.day.astype("datetime64[D]").astype(np.int64),
                hour=record.hour,
                occupancy=record.occupancy,
                value=np.array([one.value for one in channels]).reshape(len(channels), n),
                cover=np.array([one.cover for one in channels], np.float32).reshape(
                    len(channels), n
                ),
            )
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def saved_record(site: Site, path: Path, key: str) -> OperatingRecord | None:
    """A record as it was kept; None: there is none, it is damaged, or was made from other data.

    Parameters
    ----------
    site : whose it is
    path : of the archive
    key : as it was saved with
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            told = json.loads(archive["told"].tobytes())
            if told["key"] != key:
                return None
            arrays = {name: archive[name] for name in archive.files if name != "told"}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError):
        return None
    return _record(site, told, arrays)


def _record(site: Site, told: Mapping[str, Any], arrays: Mapping[str, Any]) -> OperatingRecord:
    """The record from its parts."""
    cover = arrays["cover"].astype(np.float64)

    def channel(number: int | None) -> Channel | None:
        if number is None:
            return None
        rest = dict(told["channels"][number])
        points = tuple(rest.pop("points"))
        return Channel(points, arrays["value"][number], cover[number], **rest)

    def item(kind: Any, held: Mapping[str, Any]) -> Any:
        given: dict[str, Any] = {}
        for one in fields(kind):
            value = held[one.name]
            if one.name == "units":
                value = tuple(value)
            given[one.name] = value if one.name in _NAMES else channel(value)
        return kind(**given)

    groups: dict[str, Any] = {
        name: {id: item(kind, held) for id, held in told["groups"][name].items()}
        for name, kind in _KINDS.items()
    }
    for name in _PLAIN:
        groups[name] = {id: channel(one) for id, one in told["groups"][name].items()}
    for name in _ALONE:
        groups[name] = channel(told["groups"][name])
    points = {point.id: point for point in site.points}
    return OperatingRecord(
        site, arrays["time"], arrays["day"].astype("datetime64[D]"), arrays["hour"],
        date.fromisoformat(told["begun"]), told["begun_known"], **groups,
        occupancy=arrays["occupancy"],
        circumstances=tuple(_circumstance(one) for one in told["circumstances"]),
        points={id: points[id] for id in told["points"] if id in points},
        step=float(told["step"]),
        rejected={id: Text(*why) for id, why in told["rejected"].items()},
    )  # fmt: skip


def _circumstance(told: dict[str, Any]) -> Circumstance:
    entry = dict(told["entry"])
    entry["date"] = date.fromisoformat(entry["date"])
    until = told["until"]
    return Circumstance(
        told["kind"], told["object"], date.fromisoformat(told["since"]),
        None if until is None else date.fromisoformat(until), float(told["value"]),
        Entry(**entry),
    )  # fmt: skip
