"""The records of one point as plain arrays, and how two sets of them are joined.

A record is a time, the raw number as it was delivered, a quality flag and an origin. Arrays are
sorted by time and hold each time once. An empty cell is no record: NaN is never stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ORIGINS = ("measured", "manual", "simulated")
_MONTH = np.dtype("datetime64[M]")

Times = NDArray[np.int64]
Values = NDArray[np.float64]
Flags = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Records:
    """Records of one point, sorted by time, each time once.

    Attributes
    ----------
    time : microseconds since 1970 UTC, (n,)
    value : raw numbers in the unit of ``points.csv``, (n,)
    quality : quality flags, (n,)
    origin : position in :data:`ORIGINS`, (n,)
    """

    time: Times
    value: Values
    quality: Flags
    origin: Flags

    def __len__(self) -> int:
        return len(self.time)

    def slice(self, start: int, stop: int) -> Records:
        """Records ``start`` to ``stop`` (positions) as views."""
        return Records(
            self.time[start:stop],
            self.value[start:stop],
            self.quality[start:stop],
            self.origin[start:stop],
        )

    def between(self, start: int, stop: int) -> Records:
        """Records with ``start <= time < stop`` (microseconds)."""
        first, last = np.searchsorted(self.time, (start, stop))
        return self.slice(int(first), int(last))

    def take(self, chosen: NDArray) -> Records:
        """The chosen records (mask or positions)."""
        return Records(
            self.time[chosen], self.value[chosen], self.quality[chosen], self.origin[chosen]
        )

    def with_quality(self, quality: Flags) -> Records:
        """The same records with other flags."""
        return Records(self.time, self.value, quality, self.origin)


def empty() -> Records:
    """No records."""
    return fresh(np.empty(0, np.int64), np.empty(0, np.float64), "measured")


def fresh(time: Times, value: Values, origin: str) -> Records:
    """Records that just came in: no flags yet, one origin; ``time`` sorted, each time once."""
    return Records(
        time,
        value,
        np.zeros(len(time), np.int8),
        np.full(len(time), ORIGINS.index(origin), np.int8),
    )


def joined(pieces: Iterable[Records]) -> Records:
    """Pieces that follow each other in time, as one."""
    pieces = [piece for piece in pieces if len(piece)]
    if not pieces:
        return empty()
    if len(pieces) == 1:
        return pieces[0]
    return Records(
        np.concatenate([piece.time for piece in pieces]),
        np.concatenate([piece.value for piece in pieces]),
        np.concatenate([piece.quality for piece in pieces]),
        np.concatenate([piece.origin for piece in pieces]),
    )


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of new records beside stored ones.

    Attributes
    ----------
    records : the stored and the accepted new ones
    added : number of new records taken in
    same : number that were stored already, number for number
    stored, offered : record by record, where the same time holds another number: what was
        stored and what came in
    """

    records: Records
    added: int
    same: int
    stored: Records
    offered: Records


def merge(stored: Records, new: Records, replace: bool = False) -> Merged:
    """Join new records with stored ones; a different number for a stored time is a conflict.

    Parameters
    ----------
    stored, new : each sorted by time, each time once
    replace : False: conflicting new records are refused; True: they take the place of the stored
    """
    if not len(stored):
        return Merged(new, len(new), 0, empty(), empty())
    if not len(new):
        return Merged(stored, 0, 0, empty(), empty())
    if new.time[0] > stored.time[-1]:
        return Merged(joined((stored, new)), len(new), 0, empty(), empty())
    place = np.searchsorted(stored.time, new.time)
    inside = np.minimum(place, len(stored) - 1)
    known = stored.time[inside] == new.time
    equal = known & (stored.value[inside] == new.value) & (stored.origin[inside] == new.origin)
    clash = known & ~equal
    offered, held = new.take(clash), stored.take(inside[clash])
    base = stored
    if replace and len(offered):
        value, origin = stored.value.copy(), stored.origin.copy()
        value[inside[clash]], origin[inside[clash]] = offered.value, offered.origin
        base = Records(stored.time, value, stored.quality, origin)
    unknown = ~known
    added = new.take(unknown)
    if len(added):
        at = place[unknown]
        base = Records(
            np.insert(base.time, at, added.time),
            np.insert(base.value, at, added.value),
            np.insert(base.quality, at, added.quality),
            np.insert(base.origin, at, added.origin),
        )
    return Merged(base, len(added), int(equal.sum()), held, offered)


def month_of(time: int) -> str:
    """``2018-12`` of an instant (microseconds UTC)."""
    return str(np.datetime64(int(time), "us").astype(_MONTH))


def month_start(month: str) -> int:
    """First microsecond of a month ``2018-12``, UTC."""
    return int(np.datetime64(month, "M").astype("datetime64[us]").astype(np.int64))


def month_end(month: str) -> int:
    """First microsecond after a month."""
    return month_start(next_month(month))


def next_month(month: str, by: int = 1) -> str:
    """The month that many months later (earlier if negative)."""
    return str(np.datetime64(month, "M") + by)


def by_month(records: Records) -> dict[str, Records]:
    """Records cut at the turns of the month (UTC)."""
    out: dict[str, Records] = {}
    position = 0
    while position < len(records):
        month = month_of(records.time[position])
        stop = int(np.searchsorted(records.time, month_end(month)))
        out[month] = records.slice(position, stop)
        position = stop
    return out
