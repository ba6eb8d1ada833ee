"""Theil-Sen, Mann-Kendall and the seasonal test against published and foreign numbers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from diwen.evaluation.seasonal import seasonal_trend
from diwen.evaluation.statistics import (
    TooFewError,
    kendall_s,
    pairwise_slopes,
    slope_interval,
    trend,
)

series = st.lists(
    st.integers(-1000, 1000).map(lambda n: n / 8), min_size=4, max_size=40
)  # fmt: skip


def autocorrelated():
    """Sixty values of a first-order process with a trend, and a table of years and seasons."""
    rng = np.random.default_rng(3)
    shock, value = rng.normal(size=60), np.zeros(60)
    for i in range(1, 60):
        value[i] = 0.7 * value[i - 1] + shock[i]
    value = np.round(value + 0.03 * np.arange(60), 2)
    table = rng.normal(size=(12, 12)) + np.linspace(0, 1.5, 12)[:, None] + np.sin(np.arange(12))
    return value, np.round(table, 1)


def test_sen_1968_example():
    """P. K. Sen (1968), the example with seven pairs: slope 4, interval (26/7, 35/8) at 93 %."""
    found = trend(
        [1, 2, 3, 4, 10, 12, 18], [9, 15, 19, 20, 45, 55, 78], confidence=0.93
    )  # fmt: skip
    assert found.slope == 4.0
    assert found.low == pytest.approx(26 / 7)
    assert found.high == pytest.approx(35 / 8)
    assert found.p == pytest.approx(2 / math.factorial(7))


def test_against_pymannkendall():
    """pymannkendall 1.4.3, an independent program: the original test."""
    value, _ = autocorrelated()
    plain = trend(np.arange(60), value)
    assert plain.s == 586
    assert plain.z == pytest.approx(3.7312396865668402)
    assert plain.p == pytest.approx(0.0001905398301988992)
    assert plain.slope == pytest.approx(0.04286363636363636)


def test_seasonal_against_pymannkendall():
    """pymannkendall 1.4.3, correlated seasonal test (which has no continuity correction)."""
    _, table = autocorrelated()
    year, season = np.meshgrid(np.arange(12), np.arange(12), indexing="ij")
    found = seasonal_trend(year.ravel(), season.ravel(), table.ravel())
    assert found.s == 317
    assert found.tau == pytest.approx(0.40025252525252525)
    assert found.slope == pytest.approx(0.1732142857142857)
    variance = 10213.666666666666
    assert found.z == pytest.approx(316 / math.sqrt(variance))
    assert found.correction == "covariance between seasons"


def test_few_years_are_not_corrected_and_say_so():
    _, table = autocorrelated()
    year, season = np.meshgrid(np.arange(5), np.arange(12), indexing="ij")
    found = seasonal_trend(year.ravel(), season.ravel(), table[:5].ravel())
    assert found.correction == "none"
    assert found.variance_ratio == 1.0


@given(series)
@settings(max_examples=60, deadline=None)
def test_same_as_scipy(values):
    x, y = np.arange(len(values), dtype=float), np.array(values)
    _, variance, _ = kendall_s(x, y)
    slopes = pairwise_slopes(x, y)
    theirs = stats.theilslopes(y, x, alpha=0.95)
    assert np.median(slopes) == pytest.approx(theirs.slope, abs=1e-12)
    low, high = slope_interval(slopes, variance, 0.95)
    if np.isfinite([low, high]).all():
        assert low == pytest.approx(theirs.low_slope, abs=1e-12)
        assert high == pytest.approx(theirs.high_slope, abs=1e-12)
    if len(set(values)) > 1:
        assert trend(x, y).tau == pytest.approx(stats.kendalltau(x, y).statistic, abs=1e-12)


@given(series, st.integers(1, 16), st.integers(-16, 16), st.integers(-50, 50))
@settings(max_examples=60, deadline=None)
def test_equivariance(values, scale, tilt, shift):
    """Scaling, shifting and tilting y scales, leaves and tilts the slope."""
    x, y = np.arange(len(values), dtype=float), np.array(values)
    before, after = trend(x, y), trend(x, scale * y + tilt * x + shift)
    assert after.slope == pytest.approx(scale * before.slope + tilt, abs=1e-9)
    same = trend(x, scale * y + shift)
    assert (same.s, same.p) == (before.s, before.p)


@given(series)
@settings(max_examples=60, deadline=None)
def test_reversal_turns_the_sign(values):
    x, y = np.arange(len(values), dtype=float), np.array(values)
    ahead, back = trend(x, y), trend(x, y[::-1])
    assert back.s == -ahead.s
    assert back.z == -ahead.z
    assert back.p == pytest.approx(ahead.p)
    assert back.slope == pytest.approx(-ahead.slope)


@given(series)
@settings(max_examples=40, deadline=None)
def test_interval_holds_the_slope_and_p_is_a_probability(values):
    found = trend(np.arange(len(values)), values)
    assert found.low <= found.slope <= found.high
    assert 0.0 <= found.p <= 1.0


def test_correction_never_narrows():
    """Alternating values: negative correlation must not make a trend more certain."""
    y = np.arange(40) * 0.1 + np.tile([1.0, -1.0], 20)
    plain, corrected = trend(np.arange(40), y), trend(np.arange(40), y, correction="first-order")
    assert corrected.variance_ratio == 1.0
    assert corrected.p == plain.p


def test_false_alarms_of_correlated_noise():
    """The corrected test nearly keeps its level where the plain one does not (first order, 0.6)."""
    rng = np.random.default_rng(11)
    plain = corrected = 0
    for _ in range(200):
        y = np.zeros(60)
        for i in range(1, 60):
            y[i] = 0.6 * y[i - 1] + rng.normal()
        plain += trend(np.arange(60), y).significant
        corrected += trend(np.arange(60), y, correction="first-order").significant
    assert plain > 40
    assert corrected <= 20


def test_a_real_trend_is_still_found_in_correlated_noise():
    rng = np.random.default_rng(12)
    found = 0
    for _ in range(50):
        y = np.zeros(60)
        for i in range(1, 60):
            y[i] = 0.6 * y[i - 1] + rng.normal()
        found += trend(
            np.arange(60), y + 0.08 * np.arange(60), correction="first-order"
        ).significant
    assert found > 40


def test_correction_formula():
    """n / n* by hand: residual ranks 1 2 3 4 5 5 ... of a slow wave, n = 20."""
    x = np.arange(20)
    y = np.sin(2 * np.pi * x / 20)
    found = trend(x, y, correction="first-order")
    rank = stats.rankdata(y - found.slope * x) - 10.5
    r = float(np.sum(rank[1:] * rank[:-1]) / np.sum(rank**2))
    r = min(0.95, r + (1 + 4 * r) / 20)
    expected = 1 + 2 / (20 * 19 * 18) * sum(
        (20 - i) * (19 - i) * (18 - i) * r**i for i in range(1, 18)
    )
    assert found.variance_ratio == pytest.approx(expected)


def test_too_few_and_too_many():
    with pytest.raises(TooFewError, match="at least 4"):
        trend([1, 2, 3], [1, 2, 3])
    with pytest.raises(TooFewError, match="too many"):
        trend(np.arange(5000), np.arange(5000))
    with pytest.raises(TooFewError, match="two years"):
        seasonal_trend([2020] * 12, np.arange(12), np.arange(12))
    with pytest.raises(ValueError, match="regular"):
        trend([0, 1, 1.3, 9, 9.1], [1, 2, 3, 4, 5], correction="first-order")


def test_four_rising_values_are_not_significant():
    assert not trend([1, 2, 3, 4], [1, 2, 3, 4]).significant
    assert trend([1, 2, 3, 4], [1, 2, 3, 4]).p == pytest.approx(2 / 24)


def test_zero_is_a_value_and_nan_is_not():
    found = trend([0, 1, 2, 3, 4], [0.0, 0.0, 0.0, np.nan, 0.0])
    assert found.n == 4
    assert found.slope == 0.0
    assert found.p == 1.0


@given(st.lists(st.booleans(), min_size=96, max_size=96))
@settings(max_examples=30, deadline=None)
def test_seasonal_cycle_is_no_trend(holes):
    """A pure yearly wave with any holes has slope 0 and no evidence of a trend."""
    month = np.arange(96)
    wave = np.where(holes, np.nan, np.sin(2 * np.pi * (month % 12) / 12))
    try:
        found = seasonal_trend(month // 12, month % 12, wave)
    except TooFewError:
        return
    assert found.slope == 0.0
    assert found.s == 0.0
