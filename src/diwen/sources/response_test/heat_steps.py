"""The heat rate of a test as steps: what was recorded, what came before, what a gap hides.

A record's power is the mean since the record before, as loggers write it. Two stretches have no
record of their own: the time from the start of heating to the first record, and gaps. Both are
marked here and given a heat rate on purpose, never by accident.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.sources.response_test.record import Floats, TestSeries

GapTreatment = Literal["mean", "carried", "off"]

RECORDED, BEFORE, GAP = 0, 1, 2
_FIRST_HOUR = 3600.0


@dataclass(frozen=True, eq=False)
class HeatSteps:
    """Heat rate into the ground, constant between the edges.

    Attributes
    ----------
    edges : s, the first is 0, shape (n + 1,)
    power : W, shape (n,)
    origin : RECORDED, BEFORE (the first record) or GAP, shape (n,)
    """

    edges: Floats
    power: Floats
    origin: NDArray[np.int8]

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """Start and end of every gap, s."""
        where = np.flatnonzero(self.origin == GAP)
        return [(float(self.edges[i]), float(self.edges[i + 1])) for i in where]

    def energy_at(self, times: Floats) -> Floats:
        """Heat delivered from time 0 on, J, same shape as times (s); none after the last edge."""
        delivered = np.concatenate([[0.0], np.cumsum(self.power * np.diff(self.edges))])
        return np.interp(times, self.edges, delivered)

    def merged(self) -> HeatSteps:
        """The same heat rate with neighbouring steps of one power joined."""
        power, origin = self.power, self.origin
        new = np.flatnonzero((np.diff(power) != 0) | (np.diff(origin) != 0)) + 1
        first = np.concatenate([[0], new]).astype(int)
        edges = np.append(self.edges[first], self.edges[-1])
        return HeatSteps(edges, power[first], origin[first])


def gap_limit(time: Floats, factor: float = 20.0) -> float:
    """Interval above which the logger is held to have been silent, s.

    Twenty times the usual interval, seen over the records near by in number: a logger that
    changes from 15 s to 5 s makes no gap, a missing record or two neither.
    """
    return factor * float(np.median(np.diff(time))) if len(time) > 1 else np.inf


def heat_steps(
    series: TestSeries,
    *,
    gap: GapTreatment = "mean",
    longest_interval: float | None = None,
    before: float | None = None,
) -> HeatSteps:
    """The heat rate of a test from the start of heating on.

    Parameters
    ----------
    series : the test
    gap : heat rate in a gap: the mean of the records on both sides, the last one carried on, or
        heater off
    longest_interval : interval above which there is a gap, s; by default :func:`gap_limit`
    before : heat rate from time 0 to the first record, W; by default the first record's, or the
        mean of the first hour recorded when that stretch is as long as a gap

    Returns
    -------
    HeatSteps with one step per record (and one before the first, if it is later than time 0)
    """
    limit = gap_limit(series.time) if longest_interval is None else longest_interval
    edges, power = series.time, series.power[1:].copy()
    origin = np.where(np.diff(edges) > limit, GAP, RECORDED).astype(np.int8)
    silent = np.flatnonzero(origin == GAP)
    left, right = series.power[silent], series.power[silent + 1]
    power[silent] = {"mean": 0.5 * (left + right), "carried": left, "off": 0.0 * left}[gap]
    if series.time[0] > 0:
        late = series.time[0] > limit
        if before is None:
            hour = series.time <= series.time[0] + _FIRST_HOUR
            before = float(series.power[hour].mean()) if late else float(series.power[0])
        edges = np.concatenate([[0.0], edges])
        power = np.concatenate([[before], power])
        origin = np.concatenate([[BEFORE if late else RECORDED], origin]).astype(np.int8)
    return HeatSteps(edges, power, origin)
