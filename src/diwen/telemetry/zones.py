"""Local clock times to UTC, through the changes of the clocks.

When clocks go back, an hour comes twice: which of the two a record belongs to is told by the
order of the rows. When they go forward, an hour is missing: a record in it is wrong and listed.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

_HOUR = 3_600_000_000
_TYPE = pl.Datetime("us")


def to_utc(
    local: NDArray[np.int64], zone: str, series: NDArray | None = None
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Clock times as instants.

    Parameters
    ----------
    local : microseconds of the local clock, in the order of the rows, (n,)
    zone : IANA name
    series : number of the series that each row belongs to (long files); None: one series

    Returns
    -------
    time : microseconds UTC, (n,)
    missing : rows whose clock time does not exist, (n,)
    """
    if zone in ("UTC", "Etc/UTC") or not len(local):
        return local, np.zeros(len(local), bool)
    clock = pl.Series(local).cast(_TYPE)
    early = clock.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    late = clock.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    missing = early.is_null().to_numpy()
    time = early.to_physical().fill_null(0).to_numpy().copy()
    second = late.to_physical().fill_null(0).to_numpy()
    doubled = np.flatnonzero(time != second)
    if len(doubled):
        later = _second_pass(local, doubled, series)
        time[doubled[later]] = second[doubled[later]]
    return time, missing


def _second_pass(
    local: NDArray[np.int64], doubled: NDArray[np.intp], series: NDArray | None
) -> NDArray[np.bool_]:
    """Which of the doubtful rows belong to the second pass of the doubled hour."""
    later = np.zeros(len(doubled), bool)
    owner = np.zeros(len(local), np.int64) if series is None else series
    day = local[doubled] // (24 * _HOUR)
    keys = np.stack((owner[doubled], day), axis=1)
    for key in np.unique(keys, axis=0):
        group = np.flatnonzero((keys == key).all(axis=1))
        rows = np.flatnonzero(owner == key[0])
        falling = len(rows) > 1 and np.median(np.sign(np.diff(local[rows]))) < 0
        if falling:  # newest first: read from the end
            group, rows = group[::-1], rows[::-1]
        stamps = local[doubled[group]]
        back = np.flatnonzero(np.diff(stamps) <= 0)
        if len(back):
            later[group[back[0] + 1 :]] = True
            continue
        # It came only once. It is the first pass if the clock ran up to it, else the second.
        position = int(np.flatnonzero(rows == doubled[group[0]])[0])
        ran_up = position > 0 and 0 < stamps[0] - local[rows[position - 1]] <= 2 * _HOUR
        follows = position + len(group) < len(rows)
        later[group] = not ran_up and follows
    return later
