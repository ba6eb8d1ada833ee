"""Steps of flow in a test: where the flow rate was changed, and each record's level."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from diwen.sources.response_test.record import Floats, TestSeries


@dataclass(frozen=True, eq=False)
class FlowLevels:
    """Stretches of one flow rate.

    Attributes
    ----------
    start, end : s since the start of heating, shape (n_levels,)
    flow : median mass flow, kg/s, shape (n_levels,)
    level : of each record, shape (n,)
    """

    start: Floats
    end: Floats
    flow: Floats
    level: NDArray[np.intp]

    @property
    def count(self) -> int:
        """Number of levels."""
        return len(self.flow)


def flow_levels(
    series: TestSeries,
    *,
    smallest_change: float = 0.07,
    side: float = 3600.0,
    step: float = 300.0,
) -> FlowLevels:
    """Find the moments at which the flow was changed on purpose.

    The medians of the flow over an hour before and after a moment are compared; where they
    differ most, and by more than a share, lies a change. Medians pass over single bad readings
    and the wander of a pump.

    Parameters
    ----------
    series : the test; without a flow there is one level
    smallest_change : relative to the flow before
    side : length of the compared stretches, s
    step : resolution of the moment, s
    """
    if series.flow is None:
        changes = np.zeros(0)
    else:
        changes = _changes(series.time, series.flow, smallest_change, side, step)
    level = np.searchsorted(changes, series.time, side="right")
    count = len(changes) + 1
    flow = np.full(count, np.nan)
    if series.flow is not None:
        flow = np.array([np.median(series.flow[level == k]) for k in range(count)])
    bounds = np.concatenate([[series.time[0]], changes, [series.end]])
    return FlowLevels(bounds[:-1], bounds[1:], flow, level)


def _changes(time: Floats, flow: Floats, smallest: float, side: float, step: float) -> Floats:
    bins = np.arange(time[0], time[-1] + step, step)
    first = np.searchsorted(time, bins)
    middle = np.array([np.median(flow[i:j]) if j > i else np.nan for i, j in pairwise(first)])
    bins, middle = bins[:-1][np.isfinite(middle)], middle[np.isfinite(middle)]
    width = max(int(side / step), 1)
    if len(middle) < 2 * width:
        return np.zeros(0)
    windows = np.median(np.lib.stride_tricks.sliding_window_view(middle, width), axis=1)
    before, after = windows[:-width], windows[width:]
    scale = np.maximum(np.abs(before), 1e-9 * max(float(np.abs(flow).max()), 1e-12))
    jump = np.abs(after - before) / scale
    found = []
    rest = jump.copy()
    while rest.size and rest.max() > smallest:
        # The middle of the equal best: medians make a plateau around the change.
        best = np.flatnonzero(rest >= rest.max() - 0.02 * rest.max())
        peak = int(np.argmax(rest))
        near = best[np.abs(best - peak) < width]
        where = int(near.mean().round())
        found.append(bins[where + width])
        rest[max(peak - width, 0) : peak + width + 1] = 0.0
    return np.sort(np.array(found))
