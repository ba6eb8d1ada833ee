"""Counters: what was added between two readings, and where a reading cannot be believed.

A counter only counts up. A step backward is one of three things:

- *dropout*: the reading comes back, in one step, to at least where it was within a day (a bus
  that answers 0, a single wrong reading): the readings in between are flagged as spikes;
- *roll-over*: the display is full and starts again at 0: the true increment is known;
- *reset or meter exchange*: what was counted in between is unknown; the increment is 0, never
  negative, and the interval does not count as covered. Nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A display rolls over from its last twentieth into its first (engineering default).
ROLLOVER_EDGE = 0.05
NONE, ROLLOVER, RESET = 0, 1, 2


@dataclass(frozen=True)
class CounterSteps:
    """Increments between neighbouring readings.

    Attributes
    ----------
    increment : never negative, in the unit of the readings, (n-1,)
    event : 0 none, 1 roll-over, 2 reset or meter exchange, (n-1,)
    """

    increment: NDArray[np.float64]
    event: NDArray[np.int8]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether the increment is known (not a reset), (n-1,)."""
        return self.event != RESET


def steps(raw: NDArray[np.float64]) -> CounterSteps:
    """Increments of a counter from its raw readings (as displayed, before any scaling).

    Parameters
    ----------
    raw : usable readings in order of time, (n,)
    """
    if len(raw) < 2:
        return CounterSteps(np.empty(0), np.empty(0, np.int8))
    increment = np.diff(raw)
    event = np.zeros(len(increment), np.int8)
    back = np.flatnonzero(increment < 0)
    if len(back):
        before, after = raw[back], raw[back + 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            full = 10.0 ** np.ceil(np.log10(np.maximum(before, 0)))
        rolled = (
            (before >= 10)
            & (before >= (1 - ROLLOVER_EDGE) * full)
            & (after >= 0)
            & (after <= ROLLOVER_EDGE * full)
        )
        increment[back] = np.where(rolled, full - before + after, 0.0)
        event[back] = np.where(rolled, ROLLOVER, RESET)
    return CounterSteps(increment, event)


def dropouts(time: NDArray[np.int64], raw: NDArray[np.float64], within: float) -> NDArray[np.bool_]:
    """Readings that left the count and came back, up or down, (n,).

    Parameters
    ----------
    time : microseconds, (n,)
    raw : readings, (n,)
    within : s in which a dropped reading must come back to be a dropout
    """
    wrong = np.zeros(len(raw), bool)
    for position in np.flatnonzero(np.diff(raw) < 0) + 1:
        if wrong[position] or wrong[position - 1]:
            continue
        former = raw[position - 1]
        if position >= 2 and raw[position] >= raw[position - 2] and not wrong[position - 2]:
            # One reading jumped up and the next is back on the count.
            rise, fall = former - raw[position - 2], former - raw[position]
            if fall > 0.5 * rise:
                wrong[position - 1] = True
                continue
        last = int(np.searchsorted(time, time[position] + int(within * 1e6), side="right"))
        ahead = raw[position:last]
        back = np.flatnonzero(ahead >= former)
        if not len(back) or back[0] == 0:
            continue
        depth = former - ahead[: back[0]].min()
        if ahead[back[0]] - ahead[back[0] - 1] >= 0.5 * depth:
            wrong[position : position + back[0]] = True
    return wrong
