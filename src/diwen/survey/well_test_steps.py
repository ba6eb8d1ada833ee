"""Steps of the flow of a well test: how many there are, and readings averaged within each."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from diwen.sources.pumping_test import PumpingTest

# Flows of a step test differ by more than this, and each lasts this share of the pumping at least.
_STEP_APART, _STEP_SHARE = 0.1, 0.05


def step_count(test: PumpingTest) -> int:
    """Flows that differ and last long enough to be steps of a test."""
    until = min(test.stop, test.end)
    starts = np.clip(test.steps.start, test.start, until)
    lasting = np.diff(starts, append=until)
    kept = (np.abs(test.steps.flow) > 0) & (lasting > _STEP_SHARE * (until - test.start))
    flows: list[float] = []
    for flow in test.steps.flow[kept]:
        if not flows or abs(flow - flows[-1]) > _STEP_APART * abs(flows[-1]):
            flows.append(float(flow))
    return len(flows)


def thinned_by_step(test: PumpingTest) -> PumpingTest:
    """Means over even parts of the logarithm of time since each switch of the pump.

    The aquifer answers anew to every switch: counted from the start of the pump alone, a mean late
    in the test would mix the readings before and after a switch.
    """
    starts = [test.start]
    for start, flow, before in zip(
        test.steps.start[1:], test.steps.flow[1:], test.steps.flow, strict=False
    ):
        if test.start < start < test.end and abs(flow - before) > _STEP_APART * _largest(test):
            starts.append(float(start))
    ends = [*starts[1:], math.inf]
    wells = []
    for well in test.observations:
        parts = [
            well.inside(start, end).thinned(start) for start, end in zip(starts, ends, strict=True)
        ]
        wells.append(replace(
            well, time=np.concatenate([part.time for part in parts]),
            drawdown=np.concatenate([part.drawdown for part in parts]),
        ))  # fmt: skip
    return replace(test, observations=tuple(wells))


def _largest(test: PumpingTest) -> float:
    return float(np.abs(test.steps.flow).max())
