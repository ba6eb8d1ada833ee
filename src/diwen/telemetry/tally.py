"""Counting what the store holds: records per point, flag and origin, and usable ones per day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.telemetry import parts
from diwen.telemetry.records import ORIGINS, Records
from diwen.telemetry.series import USABLE

if TYPE_CHECKING:
    from diwen.telemetry.store import Store

_FLAGS = 9


@dataclass
class Tally:
    """What is held of one point within some days.

    Attributes
    ----------
    valid : usable records per day, (days,); a record that stands for an interval across
        midnight counts in part for either day
    flagged : records per day and flag that makes them unusable, (days, 9)
    counts : records per flag and origin, (9, 3)
    """

    valid: NDArray[np.float64]
    flagged: NDArray[np.int64]
    counts: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros((_FLAGS, len(ORIGINS)), np.int64)
    )

    @property
    def worst(self) -> NDArray[np.int8]:
        """The most frequent unusable flag of each day, 0 where there is none."""
        flag = np.argmax(self.flagged, axis=1)
        return np.where(self.flagged.any(axis=1), flag, 0).astype(np.int8)

    def origins(self) -> list[str]:
        """The origins of the records."""
        return [name for name, count in zip(ORIGINS, self.counts.sum(axis=0), strict=True) if count]

    def flags(self) -> dict[int, int]:
        """Records per flag, only flags that occur."""
        return {flag: int(count) for flag, count in enumerate(self.counts.sum(axis=1)) if count}


def tally(
    store: Store, edges: NDArray[np.int64], steps: Mapping[str, float | None]
) -> dict[str, Tally]:
    """Count the records of all points between the edges of some days.

    Parameters
    ----------
    edges : microseconds UTC, (days + 1,)
    steps : seconds that a record of each point stands for; None: only its instant
    """
    points = store.points()
    days = len(edges) - 1
    found = {id: Tally(np.zeros(days), np.zeros((days, _FLAGS), np.int64)) for id in points}
    for path in store.files(points, int(edges[0]), int(edges[-1])):
        for id, records in parts.read(path).items():
            if id in found:
                own = records.between(int(edges[0]), int(edges[-1]))
                _add(found[id], own, edges, steps.get(id))
    return found


def _add(own: Tally, records: Records, edges: NDArray[np.int64], step: float | None) -> None:
    if not len(records):
        return
    pairs = records.quality.astype(np.int64) * len(ORIGINS) + records.origin
    own.counts += np.bincount(pairs, minlength=own.counts.size).reshape(own.counts.shape)
    usable = np.isin(records.quality, USABLE)
    good = records.time if usable.all() else records.time[usable]
    first = int(np.searchsorted(edges, records.time[0], side="right")) - 1
    last = int(np.searchsorted(edges, records.time[-1], side="right"))
    places = np.searchsorted(good, edges[first : last + 1])
    own.valid[first:last] += np.diff(places)
    if step and len(good):
        # What the last record before midnight stands for beyond it belongs to the next day.
        before = edges[first + 1 : last + 1] - good[np.maximum(places[1:] - 1, 0)]
        share = np.clip(1 - before / (step * 1e6), 0, 1) * (places[1:] > places[:-1])
        own.valid[first:last] -= share
        own.valid[first + 1 : last + 1] += share[: len(own.valid) - first - 1]
    bad = np.flatnonzero(~usable)
    if len(bad):
        day = np.searchsorted(edges, records.time[bad], side="right") - 1
        np.add.at(own.flagged, (day, records.quality[bad]), 1)
