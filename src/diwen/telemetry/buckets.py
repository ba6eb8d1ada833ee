"""A long series as few buckets, for plots: what the eye would see of it."""

from __future__ import annotations

import numpy as np
import polars as pl

from diwen.telemetry.series import Series


def buckets(series: Series, n: int) -> pl.DataFrame:
    """At most ``n`` buckets of equal duration with min, max, mean, first, last and count.

    A bucket without records is left out. Raises ValueError if ``n`` is below 1.
    """
    if n < 1:
        raise ValueError("at least one bucket")
    time, value = series.time, series.value
    if not len(time):
        starts = np.empty(0, np.int64)
        edges = starts
        width = 1
    else:
        width = max(1, -(-int(time[-1] - time[0] + 1) // n))
        number = (time - time[0]) // width
        edges = np.flatnonzero(np.diff(number, prepend=-1))
        starts = time[0] + number[edges] * width
    if not len(edges):
        low = high = mean = first = last = np.empty(0)
        count = np.empty(0, np.int64)
    else:
        count = np.diff(np.append(edges, len(time)))
        low = np.minimum.reduceat(value, edges)
        high = np.maximum.reduceat(value, edges)
        mean = np.add.reduceat(value, edges) / count
        first, last = value[edges], value[edges + count - 1]
    return pl.DataFrame(
        {
            "time": pl.Series(starts).cast(pl.Datetime("us", "UTC")),
            "min": low,
            "max": high,
            "mean": mean,
            "first": first,
            "last": last,
            "count": count,
        }
    )
