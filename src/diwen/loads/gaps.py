"""Gaps in an hourly series: filled by a stated rule, counted, never silently.

Short gaps are bridged by a straight line; longer ones take the mean of the same hour on the nearest
known days before and after, which keeps the course of the day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LONGEST_BRIDGE = 6
"""Hours that a straight line may bridge (engineering default of Diwen)."""


@dataclass(frozen=True, eq=False)
class Filled:
    """A series without gaps.

    Attributes
    ----------
    values : shape (n,)
    missing : which of them were not observed, shape (n,)
    longest : length of the longest gap, steps
    """

    values: Floats
    missing: NDArray[np.bool_]
    longest: int

    @property
    def count(self) -> int:
        """How many values were filled."""
        return int(self.missing.sum())

    @property
    def share(self) -> float:
        """Share of the values that were filled, 0 to 1."""
        return self.count / len(self.missing) if len(self.missing) else 0.0


def filled(values: Floats, *, bridge: int = LONGEST_BRIDGE, day: int = 24) -> Filled:
    """The series with every gap (nan) filled; all nan stays all nan.

    Parameters
    ----------
    values : equal steps, nan where nothing was observed, shape (n,)
    bridge : longest gap that a straight line fills, steps
    day : steps of a day
    """
    values = np.asarray(values, float)
    missing = ~np.isfinite(values)
    starts, ends = _runs(missing)
    longest = int((ends - starts).max(initial=0))
    if not missing.any() or missing.all():
        return Filled(values.copy(), missing, longest)
    known = np.flatnonzero(~missing)
    found = np.interp(np.arange(len(values)), known, values[known])
    for start, end in zip(starts, ends, strict=True):
        at_edge = start == 0 or end == len(values)
        if end - start > bridge or (at_edge and end - start > 1):
            _by_days(values, found, np.arange(start, end), day)
    return Filled(found, missing, longest)


def _by_days(values: Floats, found: Floats, hours: NDArray[np.int64], day: int) -> None:
    """The mean of the same hour of the nearest known days on either side, where there is one."""
    days = len(values) // day + 1
    for hour in hours:
        sides = []
        for way in (-1, 1):
            there = hour + way * day * np.arange(1, days)
            there = there[(there >= 0) & (there < len(values))]
            near = there[np.isfinite(values[there])][:1]
            sides += [float(values[near[0]])] if len(near) else []
        if sides:
            found[hour] = float(np.mean(sides))


def _runs(flags: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First index and end of every run of true."""
    edges = np.diff(np.concatenate(([0], flags.astype(np.int8), [0])))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
