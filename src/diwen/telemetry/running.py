"""When equipment ran, as far as its records tell; the ground on which some rules judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.telemetry.records import Records
from diwen.telemetry.thresholds import Thresholds

if TYPE_CHECKING:
    from diwen.site import Point

_SECOND = 1_000_000


@dataclass(frozen=True)
class Running:
    """Spans in which equipment ran.

    Attributes
    ----------
    start, end : microseconds UTC of each span, (k,), sorted, not overlapping
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def seconds_until(self, time: NDArray[np.int64]) -> NDArray[np.float64]:
        """Running time from the beginning of the record up to each instant, s."""
        if not len(self.start):
            return np.zeros(len(time))
        edges = np.column_stack((self.start, self.end)).ravel()
        length = self.end - self.start
        total = np.column_stack((np.cumsum(length) - length, np.cumsum(length))).ravel()
        base = edges[0]  # keeps the floats small and exact
        return np.interp(time - base, edges - base, total / _SECOND)

    def runs(self, time: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether it ran at each instant."""
        if not len(self.start):
            return np.zeros(len(time), bool)
        place = np.searchsorted(self.start, time, side="right") - 1
        return (place >= 0) & (time < self.end[np.maximum(place, 0)])

    def settled(self, time: NDArray[np.int64], after: float) -> NDArray[np.bool_]:
        """Whether the last switching (on or off) is more than ``after`` seconds ago."""
        if not len(self.start):
            return np.ones(len(time), bool)
        edges = np.column_stack((self.start, self.end)).ravel()
        place = np.searchsorted(edges, time, side="right") - 1
        since = time - edges[np.maximum(place, 0)]
        return (place < 0) | (since > after * _SECOND)


def tells_running(point: Point) -> bool:
    """Whether a point can tell when its equipment ran: a status, or electric power."""
    return point.quantity == "electric_power" or (
        point.quantity == "status" and point.location == "unit"
    )


def running(
    equipment: str,
    points: Mapping[str, Point],
    window: Mapping[str, Records],
    thresholds: Thresholds,
) -> Running | None:
    """When a piece of equipment ran in a window of records.

    A status point of the equipment decides; else an electric power point of it alone, which runs
    above a share of its usual high power. None if there is neither.
    """
    own = [
        point for point in points.values() if point.equipment == (equipment,) and point.id in window
    ]
    for point in own:
        if point.quantity == "status" and point.location == "unit" and len(window[point.id]):
            records = window[point.id]
            factor, offset = point.factor_offset()
            return _spans(records.time, records.value * factor + offset >= 0.5, None)
    for point in own:
        if point.quantity == "electric_power" and len(window[point.id]):
            records = window[point.id]
            factor, offset = point.factor_offset()
            power = records.value * factor + offset
            limit = thresholds.power_on_share * max(float(np.percentile(power, 99)), 0.0)
            on = power > limit if limit > 0 else np.zeros(len(power), bool)
            return _spans(records.time, on, thresholds.bridge(point.interval))
    return None


def _spans(time: NDArray[np.int64], on: NDArray[np.bool_], hold: float | None) -> Running:
    """Spans from samples: each sample holds until the next one, at most ``hold`` seconds."""
    end = np.append(time[1:], time[-1:] + _SECOND)
    if hold is not None:
        end = np.minimum(end, time + int(hold * _SECOND))
    start, end = time[on], end[on]
    if not len(start):
        return Running(start, end)
    fresh = np.append(True, start[1:] > end[:-1])
    first = np.flatnonzero(fresh)
    return Running(start[first], end[np.append(first[1:] - 1, len(end) - 1)])


def together(parts: list[Running]) -> Running | None:
    """When any of several ran; None if nothing is known of any."""
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]
    start = np.concatenate([part.start for part in parts])
    end = np.concatenate([part.end for part in parts])
    order = np.argsort(start, kind="stable")
    start, end = start[order], np.maximum.accumulate(end[order]) if len(end) else end
    if not len(start):
        return Running(start, end)
    first = np.flatnonzero(np.append(True, start[1:] > end[:-1]))
    return Running(start[first], end[np.append(first[1:] - 1, len(end) - 1)])
