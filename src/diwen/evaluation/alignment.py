"""Several points brought to one time base.

The base is the times of the point with the most records. A gauge is interpolated linearly between
its neighbours when these are no farther apart than its bridge (see `energy.bridge`); a state and
a reading by hand hold until the next record. Where a value is not known there is NaN, never a
guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from diwen.evaluation.energy import bridge, empty
from diwen.evaluation.increments import Floats, Times

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site import Point


def aligned(context: Context, points: Sequence[Point]) -> tuple[Times, list[Floats]]:
    """Values of all points at the times of the densest one.

    Parameters
    ----------
    points : at least one

    Returns
    -------
    time : µs, (n,)
    values : one array (n,) per point, in the order asked for; NaN where not known

    Raises
    ------
    Refusal : one of the points has no usable records
    """
    series = [context.padded_series(point.id) for point in points]
    for point, one in zip(points, series, strict=True):
        if len(one) == 0:
            raise empty(point)
    steady = [holds(point) for point in points]
    gauges = [one for one, hold in zip(series, steady, strict=True) if not hold]
    base = max(gauges or series, key=len).time
    return base, [sampled(context, point, base) for point in points]


def holds(point: Point) -> bool:
    """Whether a record is true until the next one comes."""
    return point.kind == "state" or point.origin == "manual"


def sampled(context: Context, point: Point, time: Times) -> Floats:
    """Values of one point at given times, (n,); NaN where not known."""
    series = context.padded_series(point.id)
    if holds(point):
        return series.held(time)
    return between(series.time, series.value, time, bridge(point))


def between(time: Times, value: Floats, at: Times, longest: int) -> Floats:
    """Linear interpolation that does not cross a step longer than ``longest`` µs.

    Parameters
    ----------
    time, value : records, (n,)
    at : where values are wanted, (m,)

    Returns
    -------
    array (m,); NaN before the first, after the last record and inside long steps
    """
    if time.size == 0:
        return np.full(at.size, np.nan)
    result = np.interp(at, time, value, left=np.nan, right=np.nan)
    after = np.clip(np.searchsorted(time, at, side="left"), 1, max(time.size - 1, 1))
    if time.size > 1:
        exact = time[np.clip(np.searchsorted(time, at), 0, time.size - 1)] == at
        long = (time[after] - time[after - 1]) > longest
        result[long & ~exact] = np.nan
    return result
