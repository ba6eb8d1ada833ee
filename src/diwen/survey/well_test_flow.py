"""When the pump of a well test started, and its flow in steps.

Two ways of writing occur. Where the first line with a new flow already shows that the level
answered, that flow has run since the line before it; where the level stands as before, the flow
runs from its own line on. Each switch of the pump is looked at by itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.sources.aquifer.flow_steps import FlowSteps
from diwen.sources.pumping_test.record import flow_in_steps
from diwen.survey.well_test_columns import WellColumn, tells_recovery

Floats = NDArray[np.float64]

# A flow below this share of the largest is none, a change by more than this share is a switch; a
# level that moved by less than this share of what it moves by the next record has not moved yet.
_STILL, _SWITCHED, _UNMOVED = 0.02, 0.05, 0.2
# A level that moved by less than this share of its largest departure stands still.
_STANDS = 0.02
# A level that ends below this share of its largest departure from rest has recovered.
_RECOVERED = 0.5
# So many readings of the flow are looked at one by one.
_READINGS = 2000
# A hole so many times as wide leaves the moment of a switch in doubt.
_WIDE = 3.0


@dataclass(frozen=True, eq=False)
class FlowCourse:
    """Start of the pump and what it moved.

    Attributes
    ----------
    start : on the clock of the file, s
    steps : since the start, m³/s, injection negative
    doubtful : switches in a long hole of the readings: from, to, taken at, s since the start
    """

    start: float
    steps: FlowSteps
    doubtful: tuple[tuple[float, float, float], ...] = ()


def said_course(
    clock: Floats, flow: float, dated: bool, start: float | None, duration: float | None
) -> FlowCourse:
    """A constant flow that the user says, until ``duration`` (s) where that is said too.

    Times that are numbers count from the start of the pump; dates from the first record, or from
    ``start`` seconds after it.
    """
    begin = (float(clock[0]) if dated else 0.0) + (start or 0.0)
    if duration is None:
        return FlowCourse(begin, FlowSteps.of(0.0, flow))
    return FlowCourse(begin, FlowSteps.of([0.0, duration], [flow, 0.0]))


def recovery_course(flow: float, duration: float) -> FlowCourse:
    """A file of the recovery alone, whose times count from the stop of the pump."""
    return FlowCourse(-duration, FlowSteps.of([0.0, duration], [flow, 0.0]))


def stop_seen(moved: Floats, first: int) -> int | None:
    """Row after which the level recovers for good; None where it does not.

    Parameters
    ----------
    moved : departure of the level from its rest, m, NaN where not read, shape (n,)
    first : row from which on nothing is known of the flow
    """
    rows = np.flatnonzero(np.isfinite(moved))
    rows = rows[rows >= first]
    if len(rows) < 4:
        return None
    peak = int(np.argmax(moved[rows]))
    after = moved[rows[peak + 1 :]]
    if len(after) < 3 or float(np.median(after[-3:])) > _RECOVERED * float(moved[rows[peak]]):
        return None
    return int(rows[peak])


def with_stop(flow: Floats, moved: Floats | None) -> tuple[Floats, int | None]:
    """A flow whose column is empty from the stop of the pump on, with zeros there.

    Returns
    -------
    flow, m³/s, shape (n,), and the row after which the level recovers; None where nothing was done
    """
    last = int(np.flatnonzero(np.isfinite(flow))[-1])
    if moved is None or last == len(flow) - 1 or flow[last] == 0.0:
        return flow, None
    row = stop_seen(moved, last)
    if row is None:
        return flow, None
    stopped = flow.copy()
    stopped[row + 1 :] = 0.0
    return stopped, row


def only_recovery(columns: Sequence[WellColumn], clock: Floats, level: Floats) -> bool:
    """Whether the header tells of a recovery and the drawdowns only fall from the first line on."""
    known = level[np.isfinite(level) & (clock >= 0)]
    told = any(tells_recovery(column) for column in columns)
    return told and len(known) > 1 and abs(known[-1]) < abs(known[0])


def read_course(
    clock: Floats, flow: Floats, level: Floats | None, dated: bool, start: float | None
) -> FlowCourse:
    """The flow that the file holds.

    Parameters
    ----------
    clock : of the records, s, rising, shape (n,)
    flow : m³/s, NaN where not read, shape (n,); what is not read goes on as before, and is zero
        while the level stands still before the first reading
    level : drawdown or level of one well, shape (n,), to see when it first moved; None
    dated : the clock counts dates, so that its zero means nothing
    start : of the pump, said by the user, s on the clock (after the first record of dates)
    """
    flow = _filled(_before_start(clock, flow, level, dated))
    largest = float(np.abs(flow).max())
    edges = clock.copy()
    doubtful: list[tuple[float, float, float]] = []
    if not dated and clock[0] > 0.0:
        edges[0] = 0.0
    for row in np.flatnonzero(np.abs(np.diff(flow)) > _SWITCHED * largest) + 1:
        if _moved(level, int(row)):
            edges[row] = _switch(clock, int(row))
            if clock[row] - clock[row - 1] > _WIDE * (clock[row] - edges[row]):
                doubtful.append((float(clock[row - 1]), float(clock[row]), float(edges[row])))
    # A line whose flow ran for no time at all tells none.
    kept = np.append(np.diff(edges) > 0.0, True)
    edges, flow = edges[kept], flow[kept]
    running = np.abs(flow) > _STILL * largest
    begin = float(edges[int(np.argmax(running))])
    if start is not None:
        begin = start + (float(clock[0]) if dated else 0.0)
        # What runs in the first record has run since the start that is said.
        edges[0] = min(float(edges[0]), begin)
    edges, flow = _condensed(edges, np.where(edges < begin, 0.0, flow))
    steps = flow_in_steps(edges - begin, flow)
    told = tuple((a - begin, b - begin, at - begin) for a, b, at in doubtful)
    return FlowCourse(begin, _from_start(steps), told)


def _switch(clock: Floats, row: int) -> float:
    """When a flow began that its first record already shows in the level, s.

    Loggers read evenly: since the record before. People read more densely after a switch: as long
    before its first reading as that reading is before the next.
    """
    if row + 1 >= len(clock):
        return float(clock[row - 1])
    return max(float(clock[row - 1]), float(2.0 * clock[row] - clock[row + 1]))


def _from_start(steps: FlowSteps) -> FlowSteps:
    """Without the rest before time 0."""
    kept = steps.start > -1e-9
    if kept.all() or not kept.any():
        return steps
    return FlowSteps.of(steps.start[kept], steps.flow[kept])


def _condensed(edges: Floats, flow: Floats) -> tuple[Floats, Floats]:
    """Some thousand means in place of many readings; switches stay where they are.

    A logger that writes every second tells the same flow over and over, and its scatter is noise.
    """
    count = len(flow)
    if count <= _READINGS:
        return edges, flow
    largest = float(np.abs(flow).max())
    switches = np.flatnonzero(np.abs(np.diff(flow)) > _SWITCHED * largest) + 1
    even = np.arange(0, count, math.ceil(count / _READINGS))
    # Noise as large as switches is cut evenly too.
    cuts = np.union1d(even, switches) if len(switches) < _READINGS else even
    # The last reading ends what runs before it and stands by itself.
    cuts = np.union1d(cuts, [count - 1])
    width = np.diff(edges, append=2 * edges[-1] - edges[-2])
    volume = np.add.reduceat(flow * width, cuts)
    return edges[cuts], volume / np.add.reduceat(width, cuts)


def _before_start(clock: Floats, flow: Floats, level: Floats | None, dated: bool) -> Floats:
    """Zeros in place of an empty flow before the pump started.

    Elapsed times count from the start, so nothing runs at negative ones. Elsewhere the level
    tells: where it stands still until the flow is read for the first time, nothing ran.
    """
    first = int(np.argmax(np.isfinite(flow)))
    still = np.zeros(len(flow), bool)
    if not dated:
        still[:first] = clock[:first] < 0.0
    # A single line at time zero is the start itself.
    if level is not None and first >= (1 if dated else 3):
        moved = np.abs(level - level[np.argmax(np.isfinite(level))])
        early = moved[:first][np.isfinite(moved[:first])]
        if len(early) and early.max() < _STANDS * np.nanmax(moved):
            still[:first] = True
    return np.where(still, 0.0, flow)


def _filled(flow: Floats) -> Floats:
    """What is not read goes on as before; what comes before the first reading is as that."""
    known = np.isfinite(flow)
    place = np.maximum.accumulate(np.where(known, np.arange(len(flow)), -1))
    first = int(np.argmax(known))
    return np.asarray(flow[np.where(place < 0, first, place)])


def _moved(level: Floats | None, row: int) -> bool:
    """Whether the level had answered to a new flow by its first record."""
    if level is None:
        return False
    known = np.flatnonzero(np.isfinite(level))
    before, after = known[known < row], known[known > row]
    if not np.isfinite(level[row]) or not len(before) or not len(after):
        return True
    here = abs(float(level[row] - level[before[-1]]))
    later = abs(float(level[after[0]] - level[before[-1]]))
    return here > _UNMOVED * later and here > 1e-9
