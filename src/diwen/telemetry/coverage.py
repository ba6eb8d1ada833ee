"""How much of what was expected has come in: per point and local day.

Expected are the local day's seconds (23, 24 or 25 h) inside the asked span, over the interval of
the point. A point written on change, and a value read by hand, hold until the next record: their
share is the share of the day for which a value is known.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from diwen.telemetry.quality import interval
from diwen.telemetry.series import Series

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
}


def coverage(store: Store, start: Time = None, end: Time = None) -> pl.DataFrame:
    """Expected and valid records per point and local day.

    Parameters
    ----------
    start, end : instants; None: from the first, to the last record of the whole store

    Returns
    -------
    DataFrame ``point, day, expected, valid, share``: records expected and usable, and their
    share 0..1; for points that hold, seconds in place of records; sorted by point as in
    ``points.csv``, then day
    """
    from diwen.telemetry.store import instant, microseconds

    span = store.span()
    if span is None:
        return pl.DataFrame(schema=SCHEMA)
    first = microseconds(start if start is not None else span[0])
    last = microseconds(end if end is not None else span[1] + timedelta(microseconds=1))
    assert first is not None
    assert last is not None
    zone = ZoneInfo(store.site.place.time_zone)
    days, edges = local_days(instant(first), instant(last), zone)
    if not days:
        return pl.DataFrame(schema=SCHEMA)
    edges = np.clip(edges, first, last)
    frames = []
    for id in store.points():
        point = store.point(id)
        if holds(point):
            series = store.series(id, None, last).usable()
            expected = np.diff(edges) / _SECOND
            valid = _held_seconds(series, edges)
        else:
            series = store.series(id, first, last)
            step = interval(point, series.time)
            if step is None:
                continue
            good = series.usable()
            expected = np.diff(edges) / _SECOND / step
            valid = np.diff(np.searchsorted(good.time, edges)).astype(float)
        frames.append(_rows(id, days, expected, valid))
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


def _held_seconds(series: Series, edges: NDArray[np.int64]) -> NDArray[np.float64]:
    if not len(series):
        return np.zeros(len(edges) - 1)
    known_from = np.maximum(edges[:-1], series.time[0])
    return np.maximum(edges[1:] - known_from, 0) / _SECOND


def _rows(
    id: str, days: list[date], expected: NDArray[np.float64], valid: NDArray[np.float64]
) -> pl.DataFrame:
    share = np.minimum(np.divide(valid, expected, where=expected > 0, out=np.zeros_like(valid)), 1)
    return pl.DataFrame(
        {
            "point": [id] * len(days),
            "day": days,
            "expected": expected,
            "valid": valid,
            "share": share,
        },
        schema=SCHEMA,
    )
