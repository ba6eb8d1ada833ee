"""Records of one point as steps of time with a value each: the common form of gauge and register.

A gauge stands from its record to the next one (an hourly value is the mean over the hour that
begins at its time); a register gives the mean rate between two readings; a state holds. What is
not known simply is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.site.usual_values import usual_value
from diwen.telemetry import counters

if TYPE_CHECKING:
    from diwen.site import Point

Floats = NDArray[np.float64]
Times = NDArray[np.int64]
_RULE = "default.diagnosis.record."
# A silent state is believed this long (as in evaluations), microseconds.
_STATE_HOLDS = 31 * 86_400_000_000


@dataclass(frozen=True, eq=False)
class Reading:
    """Usable records of one point.

    Attributes
    ----------
    time : microseconds UTC, ascending, shape (n,)
    value : in the unit of the quantity, shape (n,)
    origin : ``measured``, ``simulated`` or ``manual``
    """

    time: Times
    value: Floats
    origin: str = "measured"

    def __len__(self) -> int:
        return len(self.time)


@dataclass(frozen=True, eq=False)
class Steps:
    """Steps of time with a value each, in order, not overlapping.

    Attributes
    ----------
    start, end : microseconds UTC, shape (n,)
    value : nan where not known, shape (n,)
    """

    start: Times
    end: Times
    value: Floats

    def __len__(self) -> int:
        return len(self.start)

    def with_value(self, value: Floats) -> Steps:
        """The same steps with other values, shape (n,)."""
        return Steps(self.start, self.end, value)

    def of(self, base: Steps) -> Floats:
        """Values of these steps in the middle of other steps; nan where not known, (m,)."""
        if len(self) == len(base) and np.array_equal(self.start, base.start):
            return self.value
        if len(self) == 0:
            return np.full(len(base), np.nan)
        middle = base.start + (base.end - base.start) // 2
        place = np.searchsorted(self.start, middle, side="right") - 1
        inside = (place >= 0) & (middle < self.end[np.maximum(place, 0)])
        return np.where(inside, self.value[np.maximum(place, 0)], np.nan)


NO_STEPS = Steps(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


def in_turn(parts: Sequence[Steps]) -> Steps:
    """Steps one after another; what would reach into the next ones is cut."""
    held = [one for one in parts if len(one)]
    if len(held) < 2:
        return held[0] if held else NO_STEPS
    cut = [
        Steps(one.start, np.minimum(one.end, later.start[0]), one.value)
        for one, later in pairwise(held)
    ]
    cut.append(held[-1])
    return Steps(
        np.concatenate([one.start for one in cut]), np.concatenate([one.end for one in cut]),
        np.concatenate([one.value for one in cut]),
    )  # fmt: skip


def native_interval(point: Point, time: Times) -> float:
    """Usual time between records, s: the median of what is there, else what the point says."""
    if time.size > 1:
        return float(np.median(np.diff(time))) / 1e6
    return point.interval or 0.0


def steps_of(point: Point, reading: Reading) -> Steps:
    """Records of a point as steps.

    Of a register: mean rates per second. Of a point that is read by hand or a state: held.
    """
    if len(reading) == 0:
        return NO_STEPS
    if point.kind == "counter":
        return _of_register(point, reading)
    return _held(point, reading)


def _held(point: Point, reading: Reading) -> Steps:
    time = reading.time
    native = native_interval(point, time)
    if point.origin == "manual" or reading.origin == "manual":
        # Until the next one, the last one for as long as anything is asked.
        end = np.append(time[1:], np.iinfo(np.int64).max // 4)
        return Steps(time, end, reading.value)
    last = int(max(native, 1.0) * 1e6)
    longest = longest_held(native)
    if point.kind == "state" and point.interval is None and not _regular(time):
        longest = last = _STATE_HOLDS
    gap = np.append(np.diff(time), last)
    return Steps(time, time + np.where(gap <= longest, gap, min(last, longest)), reading.value)


def longest_held(native: float) -> int:
    """The longest time that a record stands for, microseconds.

    Parameters
    ----------
    native : usual time between records, s
    """
    shortest = 60.0 * usual_value(_RULE + "shortest_gap")
    return int(1e6 * max(usual_value(_RULE + "gap_intervals") * native, shortest))


def _regular(time: Times) -> bool:
    """Whether most records come at one interval (not on change)."""
    if time.size < 3:
        return False
    interval = np.diff(time)
    return bool(np.mean(np.abs(interval - np.median(interval)) <= 1_000_000) > 0.9)


def _of_register(point: Point, reading: Reading) -> Steps:
    """Mean rates between readings; what was counted over a reset or a long gap is left out."""
    factor, offset = point.factor_offset()
    counted = counters.steps((reading.value - offset) / factor)
    start, end = reading.time[:-1], reading.time[1:]
    seconds = np.maximum((end - start) / 1e6, 1e-6)
    native = native_interval(point, reading.time)
    longest = 1e6 * max(3600.0, 1.5 * native)
    known = counted.known & (end - start <= longest)
    if native > 3600.0 * usual_value(_RULE + "longest_register"):
        known = np.zeros(start.size, dtype=bool)
    return Steps(start, end, np.where(known, counted.increment * factor / seconds, np.nan))
