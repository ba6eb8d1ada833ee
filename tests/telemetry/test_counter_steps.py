"""Counters: resets, roll-overs, dropouts; never a negative increment."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.telemetry.counters import NONE, RESET, ROLLOVER, dropouts, steps

MINUTE = 60_000_000


def wrong(values: list[float]) -> list[int]:
    raw = np.array(values, float)
    time = np.arange(len(raw)) * MINUTE
    return np.flatnonzero(dropouts(time, raw, 86400.0)).tolist()


@pytest.mark.parametrize(
    ("raw", "increment", "event"),
    [
        ([1.0, 1.0, 3.5], [0.0, 2.5], [NONE, NONE]),
        ([120.0, 0.4, 1.0], [0.0, 0.6], [RESET, NONE]),
        ([99999.5, 0.7], [1.2], [ROLLOVER]),
        ([999.0, 3.0], [4.0], [ROLLOVER]),
        ([5000.0, 4000.0], [0.0], [RESET]),
        ([9.9, 0.1], [0.0], [RESET]),
        ([7.0], [], []),
    ],
)
def test_steps(raw: list[float], increment: list[float], event: list[int]) -> None:
    found = steps(np.array(raw))
    assert found.increment.tolist() == pytest.approx(increment)
    assert found.event.tolist() == event
    assert found.known.tolist() == [one != RESET for one in event]


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=50))
def test_an_increment_is_never_negative(raw: list[float]) -> None:
    assert (steps(np.array(raw)).increment >= 0).all()


@given(st.lists(st.floats(0, 100), min_size=2, max_size=40), st.integers(1, 38))
def test_a_reset_loses_only_its_own_interval(growth: list[float], at: int) -> None:
    count = np.cumsum(growth)
    at = min(at, len(count) - 1)
    reset = np.where(np.arange(len(count)) >= at, count - count[at], count)
    found = steps(reset)
    if count[at - 1] > 0 and not (found.event == ROLLOVER).any():
        assert found.increment.sum() == pytest.approx(count[-1] - count[0] - growth[at], abs=1e-6)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3, 4], []),
        ([100, 0, 100.1, 100.2], [1]),
        ([100, 0, 0, 0, 100.2], [1, 2, 3]),
        ([100, 99.9, 100.0], [1]),
        ([100, 100.1, 99999, 100.2, 100.3], [2]),
        ([100, 0, 0.1, 0.2, 0.3], []),
        ([1.0, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2], []),
        ([99999, 1, 2, 3], []),
    ],
)
def test_dropouts(values: list[float], expected: list[int]) -> None:
    assert wrong(values) == expected


def test_a_drop_that_comes_back_after_more_than_a_day_is_a_reset() -> None:
    raw = np.array([100.0, 0.0, 100.0])
    time = np.array([0, MINUTE, 2 * 86400 * 1_000_000])
    assert not dropouts(time, raw, 86400.0).any()
