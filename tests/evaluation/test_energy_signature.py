"""The change-point regression recovers what was put in, and refuses what it cannot know."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.evaluation.signature import energy_signature
from diwen.evaluation.statistics import TooFewError


def test_exact_change_point():
    t = np.linspace(-10, 28, 200)
    found = energy_signature(t, 12 + 2.5 * np.maximum(0, 16 - t))
    assert found.model == "change point"
    assert found.slope == pytest.approx(2.5, rel=0.002)
    assert found.balance == pytest.approx(16, abs=0.05)
    assert found.base == pytest.approx(12, abs=0.1)
    assert found.r_squared > 0.9999
    assert found.power([0.0, 30.0]) == pytest.approx([52, 12], abs=0.1)


def test_heating_season_only_gives_a_line():
    rng = np.random.default_rng(2)
    t = rng.uniform(-12, 8, 120)
    found = energy_signature(t, 3 * (17 - t) + rng.normal(0, 3, 120))
    assert found.model == "line"
    assert found.slope_low < 3 < found.slope_high
    assert found.balance_low < 17 < found.balance_high


def test_cooling():
    t = np.linspace(5, 35, 150)
    found = energy_signature(t, 4 * np.maximum(0, t - 22), "cooling")
    assert found.slope == pytest.approx(4, rel=0.005)
    assert found.balance == pytest.approx(22, abs=0.05)


def test_intervals_hold_what_they_promise():
    """Of 100 simulated winters the 95 % interval holds the true slope in nearly all."""
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(100):
        t = rng.uniform(-10, 25, 150)
        found = energy_signature(t, 5 + 2 * np.maximum(0, 15 - t) + rng.normal(0, 3, 150))
        held += found.slope_low <= 2 <= found.slope_high
    assert 88 <= held <= 100


def test_correlated_residuals_widen_the_interval():
    rng = np.random.default_rng(6)
    t = rng.uniform(-10, 25, 200)
    noise = np.zeros(200)
    for i in range(1, 200):
        noise[i] = 0.7 * noise[i - 1] + rng.normal(0, 2)
    clean = 5 + 2 * np.maximum(0, 15 - t)
    correlated, shuffled = (
        energy_signature(t, clean + one) for one in (noise, rng.permutation(noise))
    )
    assert correlated.n_effective < 100 < shuffled.n_effective
    assert (correlated.slope_high - correlated.slope) > 1.5 * (shuffled.slope_high - shuffled.slope)


def test_refusals():
    t = np.linspace(-5, 15, 19)
    with pytest.raises(TooFewError, match="there are 19"):
        energy_signature(t, 20 - t)
    t = np.linspace(0, 5, 60)
    with pytest.raises(TooFewError, match=r"spans only 5\.0 K"):
        energy_signature(t, 20 - t)
    t = np.linspace(-10, 20, 60)
    with pytest.raises(TooFewError, match="no heat"):
        energy_signature(t, np.zeros(60))
    with pytest.raises(TooFewError):
        energy_signature(np.full(60, np.nan), np.ones(60))


@given(st.floats(0.5, 20), st.floats(-3, 3))
@settings(max_examples=20, deadline=None)
def test_units_scale_through(factor, offset):
    """Kilowatts or watts, °C shifted: the same building."""
    rng = np.random.default_rng(8)
    t = rng.uniform(-10, 25, 80)
    p = 4 + 2 * np.maximum(0, 15 - t) + rng.normal(0, 1, 80)
    one, other = energy_signature(t, p), energy_signature(t + offset, factor * p)
    assert other.slope == pytest.approx(factor * one.slope, rel=0.01)
    assert other.balance == pytest.approx(one.balance + offset, abs=0.11)
    assert other.cv_rmse == pytest.approx(one.cv_rmse, rel=0.01)
