import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.evaluation.energy import integrated, scatter
from diwen.evaluation.increments import (
    Increments,
    common,
    intersection,
    joined,
    length,
    without,
)

MINUTE = 60_000_000
HOUR = 60 * MINUTE


@st.composite
def spans(draw):
    edges = sorted(draw(st.sets(st.integers(0, 300), max_size=16)))
    edges = edges[: len(edges) // 2 * 2]
    return np.array(edges, dtype=np.int64).reshape(-1, 2) * MINUTE


@st.composite
def increments(draw):
    cut = draw(spans())
    values = draw(
        st.lists(st.floats(-1e3, 1e3), min_size=len(cut), max_size=len(cut)).map(np.array)
    )
    return Increments(
        cut[:, 0], cut[:, 1], np.asarray(values, dtype=float), {"meter": values * 0.01}
    )


def covered(cut, minutes=300):
    on = np.zeros(minutes, dtype=bool)
    for start, end in cut // MINUTE:
        on[start:end] = True
    return on


@given(spans(), spans())
def test_intersection_is_that_of_the_sets(one, other):
    assert (covered(intersection(one, other)) == (covered(one) & covered(other))).all()


@given(spans(), spans())
def test_without_is_the_difference_of_the_sets(one, other):
    left = without(one, other, 0, 300 * MINUTE)
    assert (covered(left) == (covered(one) & ~covered(other))).all()


@given(increments(), st.integers(0, 300))
def test_the_sum_over_a_period_is_the_sum_over_its_parts(whole, cut):
    short = Increments(*_short(whole))
    edge = cut * MINUTE
    parts = [
        short.clipped(np.array([[a, b]], dtype=np.int64))
        for a, b in ((0, edge), (edge, 300 * MINUTE))
        if b > a
    ]
    total = short.amount(3600.0).value
    assert sum(part.amount(3600.0).value for part in parts) == pytest.approx(total, abs=1e-6)
    assert sum(part.seconds.sum() for part in parts) == pytest.approx(short.seconds.sum())


def _short(whole):
    """The same with every interval cut to at most an hour, so that all of it is divisible."""
    end = np.minimum(whole.end, whole.start + HOUR)
    return whole.start, end, whole.value


def test_a_long_interval_is_never_shared_out():
    day = Increments(np.array([0]), np.array([24 * HOUR]), np.array([240.0]))
    half = np.array([[0, 12 * HOUR]])
    assert day.clipped(half).start.size == 0
    assert day.clipped(np.array([[0, 24 * HOUR]])).value.sum() == 240.0
    hour = Increments(np.array([0]), np.array([HOUR]), np.array([10.0]))
    assert hour.clipped(np.array([[0, HOUR // 4]])).value.sum() == 2.5


@given(increments(), increments())
def test_common_time_is_the_same_for_all_parts(one, other):
    a, b = common([one, other])
    assert (covered(a.spans()) == covered(b.spans())).all()
    assert (covered(a.spans()) <= (covered(one.spans()) & covered(other.spans()))).all()


def test_a_long_interval_that_is_half_covered_leaves_both_meters():
    day = Increments(np.array([0]), np.array([24 * HOUR]), np.array([240.0]))
    hours = np.arange(23) * HOUR
    fine = Increments(hours, hours + HOUR, np.ones(23))
    a, b = common([day, fine])
    assert a.start.size == 0
    assert b.start.size == 0


@given(st.lists(st.floats(0, 1e4), min_size=3, max_size=40), st.data())
def test_a_gap_never_raises_coverage(power, data):
    time = np.arange(len(power), dtype=np.int64) * 10 * MINUTE
    full = integrated(time, np.array(power), {}, HOUR)
    first = data.draw(st.integers(1, len(power) - 1))
    last = data.draw(st.integers(first, len(power)))
    keep = np.ones(len(power), dtype=bool)
    keep[first:last] = False
    holed = integrated(time[keep], np.array(power)[keep], {}, HOUR)
    seconds = 1e4
    assert holed.amount(seconds).coverage <= full.amount(seconds).coverage


def test_trapezoid_and_gap():
    time = np.array([0, HOUR, 3 * HOUR, 4 * HOUR], dtype=np.int64)
    made = integrated(time, np.array([0.0, 2.0, 2.0, 4.0]), {"m": np.full(4, 0.5)}, HOUR)
    amount = made.amount(4 * 3600.0)
    assert amount.value == (1.0 + 3.0) * 3600.0
    assert amount.coverage == 0.5
    assert amount.effects == {"m": 0.5 * 7200.0}


def test_noise_is_found_and_a_slope_is_not():
    time = np.linspace(0.0, 1.0, 20_000)
    assert scatter(1e3 * time) == pytest.approx(0.0, abs=1e-12)
    noise = np.random.default_rng(1).normal(0.0, 3.0, time.size)
    assert scatter(1e3 * time + noise) == pytest.approx(9.0, rel=0.05)


def test_resolution_counts_once_per_unbroken_span():
    hours = np.arange(100) * HOUR
    register = Increments(hours, hours + HOUR, np.ones(100), resolution=1.0)
    assert register.amount(1.0).random == pytest.approx(np.sqrt(2 / 12))
    holed = register.kept(np.arange(100) != 50)
    assert holed.amount(1.0).random == pytest.approx(np.sqrt(4 / 12))


def test_joined_and_length():
    cut = joined(np.array([0, 10, 30]), np.array([10, 20, 40]))
    assert cut.tolist() == [[0, 20], [30, 40]]
    assert length(cut) == pytest.approx(30e-6)
