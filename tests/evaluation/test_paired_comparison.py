"""Paired differences, equivalence, and what could have been detected."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.evaluation.comparison import paired_difference
from diwen.evaluation.statistics import TooFewError
from diwen.evaluation.water_impact import holm

# Hollander and Wolfe (1973), p. 29: depression scale before and after a tranquilliser.
BEFORE = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
AFTER = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]


def test_hollander_wolfe():
    """Published: two-sided p 0.0391, estimate -0.46, 95 % interval (-0.786, -0.010)."""
    found = paired_difference(BEFORE, AFTER)
    assert found.n == 9
    assert found.p == pytest.approx(0.0390625)
    assert found.median == pytest.approx(-0.46)
    assert (found.low, found.high) == pytest.approx((-0.786, -0.010))
    assert found.significant


def test_finding_nothing_is_not_equality():
    rng = np.random.default_rng(1)
    a = rng.normal(10, 3, 8)
    found = paired_difference(a, a + rng.normal(0, 3, 8))
    assert not found.significant
    assert not found.equivalent(1.0)
    assert found.detectable > 1.0


def test_equality_can_be_shown_with_enough_pairs():
    rng = np.random.default_rng(1)
    a = rng.normal(10, 3, 40)
    found = paired_difference(a, a + rng.normal(0, 0.5, 40))
    assert found.equivalent(1.0)
    assert found.detectable < 0.5


def test_detectable_difference_is_found_four_times_in_five():
    rng = np.random.default_rng(5)
    sample = rng.normal(0, 1, 12)
    found = paired_difference(np.zeros(12), sample)
    shift = found.detectable / found.deviation
    # Noncentral t: 12 pairs, power 0.8, 5 % two-sided, in standard deviations.
    assert shift == pytest.approx(0.886, abs=0.005)
    hits = sum(
        paired_difference(np.zeros(12), rng.normal(shift, 1, 12)).significant for _ in range(200)
    )
    assert 140 <= hits <= 180


def test_five_pairs_are_refused():
    with pytest.raises(TooFewError, match="at least 6"):
        paired_difference([1, 2, 3, 4, 5, np.nan], [1, 2, 3, 4, 5, 6])


@given(st.lists(st.integers(-400, 400), min_size=6, max_size=30), st.integers(-100, 100))
@settings(max_examples=25, deadline=None)
def test_swap_and_shift(values, shift):
    a, b = np.zeros(len(values)), np.array(values, dtype=float)
    ahead, back = paired_difference(a, b), paired_difference(b, a)
    assert back.median == pytest.approx(-ahead.median)
    assert back.p == pytest.approx(ahead.p)
    assert ahead.low <= ahead.median <= ahead.high
    moved = paired_difference(a, b + shift)
    assert moved.median == pytest.approx(ahead.median + shift)


def test_holm():
    """Holm (1979) by hand: 4 x 0.01, 3 x 0.02, 2 x 0.03 raised to 0.06, 0.06."""
    assert holm([0.03, 0.01, 0.02, 0.04]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([]) == []
