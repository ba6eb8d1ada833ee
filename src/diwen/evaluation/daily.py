"""Records of any density brought to hours and local calendar days, every hour with equal weight.

Hand readings, hourly loggers and five-minute loggers follow one another in one series; counting
records would let the densest years rule. Here an hour counts once however many records it has,
and a day once however many hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_HOUR_US = 3_600_000_000
_DAY_HOURS = 24


@dataclass(frozen=True, slots=True)
class Hours:
    """Hourly means on an unbroken grid of local hours.

    Attributes
    ----------
    hour : (n,) hours since 1970-01-01 00:00, local wall clock
    mean : (n,) mean of the records of the hour; NaN where there is none
    bridged : (n,) True where the value was interpolated across a short hole
    """

    hour: Ints
    mean: Floats
    bridged: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Days:
    """Daily means on an unbroken grid of local days.

    Attributes
    ----------
    day : (n,) days since 1970-01-01, local calendar
    mean : (n,) mean of the hours of the day; NaN where there is none
    measured : (n,) share of the expected hours that have a record, 0..1
    filled : (n,) share after short holes were interpolated, 0..1
    """

    day: Ints
    mean: Floats
    measured: Floats
    filled: Floats

    @property
    def year(self) -> Ints:
        """Calendar year of each day, (n,)."""
        return self.day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970

    @property
    def month(self) -> Ints:
        """Calendar month 1..12 of each day, (n,)."""
        return self.day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1


def local_clock(time: Ints, time_zone: str) -> Ints:
    """Local wall-clock time of each record, microseconds since 1970-01-01 00:00 local.

    Parameters
    ----------
    time : (n,) microseconds UTC
    time_zone : IANA name
    """
    import polars as pl

    stamps = pl.Series(time, dtype=pl.Int64).cast(pl.Datetime("us", "UTC"))
    local = stamps.dt.convert_time_zone(time_zone).dt.replace_time_zone(None)
    return np.asarray(local.to_physical().to_numpy(), dtype=np.int64)


def hourly(time: Ints, value: Floats, time_zone: str, bridge: int = 0) -> Hours:
    """Mean of every local hour.

    Parameters
    ----------
    time : (n,) microseconds UTC
    value : (n,) values; NaN counts as no record
    time_zone : IANA name
    bridge : longest hole, in hours, that is filled by linear interpolation
    """
    used = np.isfinite(value)
    if not used.any():
        empty = np.empty(0)
        return Hours(np.empty(0, np.int64), empty, empty.astype(bool))
    index = local_clock(time[used], time_zone) // _HOUR_US
    first = int(index.min())
    hours = np.arange(first, int(index.max()) + 1, dtype=np.int64)
    count = np.bincount(index - first, minlength=len(hours))
    total = np.bincount(index - first, weights=value[used], minlength=len(hours))
    mean = np.full(len(hours), np.nan)
    mean[count > 0] = total[count > 0] / count[count > 0]
    bridged = _short_holes(count == 0, bridge)
    if bridged.any():
        known = count > 0
        mean[bridged] = np.interp(hours[bridged], hours[known], mean[known])
    return Hours(hours, mean, bridged)


def daily(
    time: Ints,
    value: Floats,
    time_zone: str,
    *,
    interval: float | None = None,
    bridge: int = 0,
) -> Days:
    """Mean of every local day, each hour of it with equal weight.

    Parameters
    ----------
    time, value, time_zone, bridge : as in :func:`hourly`
    interval : seconds between records where they are farther apart than an hour, so that a point
        read once a day by hand is complete with one record
    """
    hours = hourly(time, value, time_zone, bridge)
    if not len(hours.hour):
        empty = np.empty(0)
        return Days(np.empty(0, np.int64), empty, empty, empty)
    day_of = hours.hour // _DAY_HOURS
    first = int(day_of[0])
    days = np.arange(first, int(day_of[-1]) + 1, dtype=np.int64)
    known = np.isfinite(hours.mean)
    place = day_of - first
    count = np.bincount(place[known], minlength=len(days))
    direct = np.bincount(place[known & ~hours.bridged], minlength=len(days))
    total = np.bincount(place[known], weights=hours.mean[known], minlength=len(days))
    mean = np.full(len(days), np.nan)
    mean[count > 0] = total[count > 0] / count[count > 0]
    step_hours = 1.0 if interval is None else max(1.0, interval / 3600.0)
    expected = max(1.0, _DAY_HOURS / step_hours)
    return Days(days, mean, np.minimum(1.0, direct / expected), np.minimum(1.0, count / expected))


def within(days: Days, first: int, last: int) -> Days:
    """The days from first to last (both included, days since 1970), padded with empty ones."""
    grid = np.arange(first, last + 1, dtype=np.int64)
    mean = np.full(len(grid), np.nan)
    measured, filled = np.zeros(len(grid)), np.zeros(len(grid))
    inside = (days.day >= first) & (days.day <= last)
    place = days.day[inside] - first
    mean[place] = days.mean[inside]
    measured[place], filled[place] = days.measured[inside], days.filled[inside]
    return Days(grid, mean, measured, filled)


def _short_holes(empty: NDArray[np.bool_], longest: int) -> NDArray[np.bool_]:
    """Where an hour is empty and its run of empty hours is no longer than ``longest``."""
    if longest <= 0 or not empty.any():
        return np.zeros(len(empty), dtype=bool)
    edge = np.flatnonzero(np.diff(np.concatenate(([0], empty.view(np.int8), [0]))))
    start, stop = edge[::2], edge[1::2]
    short = stop - start <= longest
    marks = np.zeros(len(empty) + 1, dtype=np.int64)
    np.add.at(marks, start[short], 1)
    np.add.at(marks, stop[short], -1)
    return np.cumsum(marks[:-1]) > 0
