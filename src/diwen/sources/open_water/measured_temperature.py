"""Measured temperatures of a water on the steps of a simulation, gaps kept as gaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.open_water.water_temperature import Origin, WaterTemperature, with_origins
from diwen.sources.response.time_units import HOUR

Floats = NDArray[np.float64]

_LENGTHS = Text("times and values differ in number", "时间与数值个数不一致")
_EACH = Text("give one time for each value", "请为每个数值给出一个时间")
_BACKWARDS = Text("the times do not rise", "时间不是递增的")
_SORT = Text("sort the records and drop repeated times", "请按时间排序并去除重复时间")


def measured_on_steps(
    times: ArrayLike,
    values: ArrayLike,
    *,
    steps: int = 8760,
    step: float = HOUR,
    longest_gap: float = HOUR,
) -> WaterTemperature:
    """Means of the records in each step; a step without record is interpolated or missing.

    Interpolated (and marked so) is only what lies between two records that are not further apart
    than ``longest_gap``: give the interval of the records when they are sparser than the steps.
    Nothing is bridged beyond that, nor before the first or after the last record.

    Parameters
    ----------
    times : of the records after the beginning of the first step, s, rising, shape (nr,)
    values : °C, nan where a record holds no value, shape (nr,)
    steps, step : how many steps, and their length in s
    longest_gap : between two records that may be bridged, s

    Raises
    ------
    diwen.problems.InputError : times that do not fit the values or do not rise
    """
    when, what = np.asarray(times, float).ravel(), np.asarray(values, float).ravel()
    _check(when, what)
    valid = np.isfinite(what)
    when, what = when[valid], what[valid]
    place = np.floor(when / step).astype(int)
    inside = (place >= 0) & (place < steps)
    counts = np.bincount(place[inside], minlength=steps)
    sums = np.bincount(place[inside], weights=what[inside], minlength=steps)
    origins = np.where(counts > 0, Origin.MEASURED, Origin.MISSING)
    means = np.divide(sums, counts, out=np.full(steps, np.nan), where=counts > 0)
    middle = np.asarray((np.arange(steps) + 0.5) * step, float)
    bridged = (counts == 0) & _between_near_records(middle, when, longest_gap)
    if bridged.any():
        means[bridged] = np.interp(middle[bridged], when, what)
        origins[bridged] = Origin.INTERPOLATED
    return with_origins(means, origins, step)


def _between_near_records(middle: Floats, when: Floats, longest_gap: float) -> NDArray[np.bool_]:
    if len(when) < 2:
        return np.zeros(len(middle), bool)
    after = np.searchsorted(when, middle)
    between = (after > 0) & (after < len(when))
    later = np.clip(after, 1, len(when) - 1)
    return np.asarray(between & (when[later] - when[later - 1] <= longest_gap))


def _check(when: Floats, what: Floats) -> None:
    found = []
    if len(when) != len(what):
        shown = f"{len(when)} / {len(what)}"
        found.append(Problem("measured_on_steps", "values", _LENGTHS, _EACH, shown))
    falling = ~(np.diff(when) > 0.0)
    if falling.any():
        first = int(np.flatnonzero(falling)[0])
        shown = f"{when[first]:g} s, {when[first + 1]:g} s ({int(falling.sum())})"
        found.append(Problem("measured_on_steps", "times", _BACKWARDS, _SORT, shown))
    if found:
        raise InputError(found)
