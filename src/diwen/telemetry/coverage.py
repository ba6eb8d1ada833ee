"""How much of what was expected has come in: per point and local day.

Expected are the local day's seconds (23, 24 or 25 h) inside the asked span, over the interval of
the point. A point written on change, and a value read by hand, hold until the next record: their
share is the share of the day for which a value is known. A counter or gauge whose interval is not
given in ``points.csv`` is measured by its own usual (median) step.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from diwen.telemetry.quality import interval
from diwen.telemetry.tally import Tally, tally

if TYPE_CHECKING:
    from diwen.site import Point
    from diwen.telemetry.store import Store, Time

_SECOND = 1_000_000
SCHEMA: dict[str, type[pl.DataType]] = {
    "point": pl.String,
    "day": pl.Date,
    "expected": pl.Float64,
    "valid": pl.Float64,
    "share": pl.Float64,
    "flag": pl.Int8,
}


def coverage(store: Store, start: Time = None, end: Time = None) -> pl.DataFrame:
    """Expected and valid records per point and local day.

    Parameters
    ----------
    start, end : instants; None: from the first to the last record of the whole store

    Returns
    -------
    DataFrame ``point, day, expected, valid, share, flag``: records expected and usable, their
    share 0..1 and the most frequent unusable flag of the day (0: none); for points that hold,
    seconds in place of records; sorted by point as in ``points.csv``, then day
    """
    days, edges = days_of(store, start, end)
    if not days:
        return pl.DataFrame(schema=SCHEMA)
    steps = steps_of(store)
    return table(store, days, edges, steps, tally(store, edges, steps))


def days_of(
    store: Store, start: Time = None, end: Time = None
) -> tuple[list[date], NDArray[np.int64]]:
    """The local days of a span of the store and their edges (microseconds UTC), cut to the span."""
    from diwen.telemetry.store import instant, microseconds

    span = store.span()
    if span is None:
        return [], np.empty(0, np.int64)
    first = microseconds(start if start is not None else span[0])
    last = microseconds(end if end is not None else span[1] + _usual_step(store))
    assert first is not None
    assert last is not None
    zone = ZoneInfo(store.site.place.time_zone)
    days, edges = local_days(instant(first), instant(last), zone)
    return days, np.clip(edges, first, last)


def _usual_step(store: Store) -> timedelta:
    """How long the last record of the store stands for: the shortest interval there is."""
    steps = [step for id in store.points() if (step := store.point(id).interval)]
    return timedelta(seconds=min(steps)) if steps else timedelta(microseconds=1)


def steps_of(store: Store) -> dict[str, float | None]:
    """Seconds that a record of each point stands for; None for points that hold."""
    return {id: None if holds(store.point(id)) else _step(store, id) for id in store.points()}


def table(
    store: Store,
    days: list[date],
    edges: NDArray[np.int64],
    steps: Mapping[str, float | None],
    found: Mapping[str, Tally],
) -> pl.DataFrame:
    """The coverage as a table, from a tally of these days."""
    seconds = np.diff(edges) / _SECOND
    frames = []
    for id, own in found.items():
        if holds(store.point(id)):
            expected, valid = seconds, _held_seconds(_first(store, id), edges)
        else:
            step = steps[id]
            if step is None:
                continue
            expected, valid = seconds / step, own.valid
        frames.append(_rows(id, days, expected, valid, own.worst))
    return pl.concat(frames) if frames else pl.DataFrame(schema=SCHEMA)


def holds(point: Point) -> bool:
    """Whether a record of the point holds until the next one (states, readings by hand)."""
    return point.kind == "state" or (point.kind == "gauge" and point.origin == "manual")


def local_days(
    start: datetime, end: datetime, zone: ZoneInfo
) -> tuple[list[date], NDArray[np.int64]]:
    """Local days touched by ``start <= t < end`` and their edges (microseconds UTC, one more)."""
    if end <= start:
        return [], np.empty(0, np.int64)
    day = start.astimezone(zone).date()
    days: list[date] = []
    edges: list[int] = []
    while True:
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        edges.append(int(midnight.timestamp()) * _SECOND)
        if midnight >= end:
            return days, np.array(edges, np.int64)
        days.append(day)
        day += timedelta(days=1)


def _step(store: Store, id: str) -> float | None:
    point = store.point(id)
    if point.interval:
        return point.interval
    return interval(point, store.series(id).time)


def _first(store: Store, id: str) -> int | None:
    return min(
        (part.points[id].first for part in store.manifest.parts.values() if id in part.points),
        default=None,
    )


def _held_seconds(first: int | None, edges: NDArray[np.int64]) -> NDArray[np.float64]:
    if first is None:
        return np.zeros(len(edges) - 1)
    return np.maximum(edges[1:] - np.maximum(edges[:-1], first), 0) / _SECOND


def _rows(
    id: str,
    days: list[date],
    expected: NDArray[np.float64],
    valid: NDArray[np.float64],
    worst: NDArray[np.int8],
) -> pl.DataFrame:
    share = np.divide(valid, expected, where=expected > 0, out=np.zeros_like(valid))
    return pl.DataFrame(
        {
            "point": [id] * len(days),
            "day": days,
            "expected": expected,
            "valid": np.minimum(valid, expected),
            "share": np.minimum(share, 1.0),
            "flag": worst,
        },
        schema=SCHEMA,
    )
