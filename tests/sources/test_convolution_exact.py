"""Exact convolution: transforms give the sum they stand for; years, single times, ramps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import exp1

from diwen.problems import InputError
from diwen.sources.response.convolution import (
    convolve,
    convolve_directly,
    convolve_years,
    superpose,
)

HOUR = 3600.0


def wall(times):
    return exp1(0.075**2 / (4e-6 * np.asarray(times))) / (8 * np.pi)


@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 700))
@settings(max_examples=40, deadline=None)
def test_transforms_are_the_direct_sum(seed, count):
    load = np.random.default_rng(seed).normal(0, 50, size=count)
    fast, slow = convolve(load, wall, HOUR), convolve_directly(load, wall, HOUR)
    np.testing.assert_allclose(fast, slow, rtol=0, atol=1e-11)


def test_scenarios_at_once():
    loads = np.random.default_rng(1).normal(size=(2, 3, 50))
    np.testing.assert_allclose(
        convolve(loads, wall, HOUR)[1, 2], convolve(loads[1, 2], wall, HOUR), rtol=0, atol=1e-13
    )


def test_a_reservoir_sums_its_load():
    """S = t/C is a heat capacity: its temperature is the integral of the load."""
    load = np.array([1.0, 2.0, -4.0, 0.0])
    np.testing.assert_allclose(convolve(load, lambda t: t / 10.0, 5.0), np.cumsum(load) * 0.5)


def test_a_constant_load_gives_the_step_response():
    times = HOUR * np.arange(1, 1001)
    np.testing.assert_allclose(
        convolve(np.full(1000, 3.0), wall, HOUR), 3 * wall(times), rtol=1e-12
    )


@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(2, 60),
    years=st.integers(1, 9),
    data=st.data(),
)
@settings(max_examples=40, deadline=None)
def test_repeated_years_are_one_long_load(seed, count, years, data):
    load = np.random.default_rng(seed).normal(size=count)
    long = convolve(np.tile(load, years), wall, HOUR).reshape(years, count)
    np.testing.assert_allclose(convolve_years(load, wall, HOUR, years), long, rtol=0, atol=1e-12)
    some = data.draw(st.lists(st.integers(0, years - 1), min_size=1, max_size=4))
    chosen = convolve_years(load, wall, HOUR, years, some)
    np.testing.assert_allclose(chosen, long[some], rtol=0, atol=1e-12)


def test_any_times_agree_with_equal_steps():
    load = np.random.default_rng(2).normal(size=80)
    starts = HOUR * np.arange(80)
    exact = superpose(starts, load, wall, starts + HOUR)
    np.testing.assert_allclose(exact, convolve(load, wall, HOUR), rtol=0, atol=1e-13)
    # between the steps: the same load in steps of a third
    thirds = convolve(np.repeat(load, 3), wall, HOUR / 3)
    between = superpose(starts, load, wall, HOUR / 3 * np.arange(1, 241))
    np.testing.assert_allclose(between, thirds, rtol=0, atol=1e-13)


def test_values_and_function_agree_and_short_values_are_refused():
    load = np.ones(10)
    values = wall(HOUR * np.arange(1, 11))
    np.testing.assert_array_equal(convolve(load, values, HOUR), convolve(load, wall, HOUR))
    with pytest.raises(InputError, match="shorter than the load"):
        convolve(load, values[:9], HOUR)
