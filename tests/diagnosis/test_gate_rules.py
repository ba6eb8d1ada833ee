"""The rules of the data gate on hand-made series with known answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.diagnosis.gate.clock_shift import shifts
from diwen.diagnosis.gate.instrument_comparison import ErrorPrior, in_time, suspects
from diwen.diagnosis.gate.instrument_patterns import Equation
from diwen.diagnosis.gate.repeated_values import stuck_stretches, true_stretches
from diwen.diagnosis.gate.what_jumped import jump, log_ratio_of_pair

DAYS = 300
OFFSET = ("offset", ("sources", "field", "supply"))
SCALE = ("scale", ("sources", "field", "flow"))
PRIORS = {
    OFFSET: ErrorPrior(0.02, 0.06, 0.7, 0.3, 0.05, 0.01),
    SCALE: ErrorPrior(0.01, 0.02, 0.25, 0.08, 0.01, 0.01),
}


def balance(seed=0, offset=0.0, scale=0.0, course=1.0, lost=0.0, noise=1.0):
    """A residual in kW of a loop that carries 10 kW/K and up to 50 kW either way."""
    draw = np.random.default_rng(seed)
    flow = 10.0 * draw.uniform(0.3, 1.0, DAYS)
    heat = 40.0 * np.sin(2.0 * np.pi * np.arange(DAYS) / 365.0) + draw.normal(0.0, 5.0, DAYS)
    value = -offset * course * flow - scale * course * heat + noise * draw.normal(0.0, 0.5, DAYS)
    value[draw.uniform(size=DAYS) < lost] = np.nan
    return Equation("first_law", value, {OFFSET: -flow, SCALE: -heat}, np.full(DAYS, 0.5))


def step(begin):
    return in_time("step", begin, DAYS)


@pytest.mark.parametrize(
    ("made", "label", "shape", "size", "tolerance"),
    [
        (balance(offset=0.5), OFFSET, "constant", 0.5, 0.05),
        (balance(offset=-0.5), OFFSET, "constant", -0.5, 0.05),
        (balance(offset=0.5, course=step(120)), OFFSET, "step", 0.5, 0.05),
        (balance(offset=0.5, course=in_time("drift", 0, DAYS)), OFFSET, "drift", 0.5, 0.08),
        (balance(scale=-0.25), SCALE, "constant", -0.25, 0.03),
        (balance(scale=0.2, course=step(60)), SCALE, "step", 0.2, 0.03),
        (balance(offset=0.5, course=step(120), lost=0.5), OFFSET, "step", 0.5, 0.08),
        (balance(offset=0.5, course=step(120), noise=3.0), OFFSET, "step", 0.5, 0.15),
        (balance(scale=-0.25, lost=0.8), SCALE, "constant", -0.25, 0.05),
        (balance(offset=0.6, course=step(250)), OFFSET, "step", 0.6, 0.12),
    ],
)
def test_the_faulty_instrument_is_found_with_shape_and_size(made, label, shape, size, tolerance):
    best = suspects([made], PRIORS)[0]
    assert (best.label, best.shape) == (label, shape)
    assert best.value == pytest.approx(size, abs=tolerance)
    assert best.probability > 0.5


@pytest.mark.parametrize("begin", [40, 120, 200])
def test_the_day_of_a_step_is_found(begin):
    best = suspects([balance(offset=0.5, course=step(begin))], PRIORS)[0]
    assert best.begin_low - 3 <= begin <= best.begin_high + 3


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.5, 4.0), st.floats(-0.03, 0.03))
def test_noise_and_errors_within_the_class_are_no_fault(seed, noise, offset):
    found = suspects([balance(seed, noise=noise, offset=offset)], PRIORS)
    assert sum(one.probability for one in found) < 0.5


def test_what_is_known_is_not_found_again():
    made = balance(offset=0.5, course=step(120))
    found = suspects([made], PRIORS, [(OFFSET, "step", 120)])
    assert sum(one.probability for one in found) < 0.2


def test_nothing_to_compare():
    assert suspects([], PRIORS) == ()
    assert suspects([balance()], {}) == ()


def test_probabilities_are_probabilities():
    found = suspects([balance(offset=0.15)], PRIORS)
    assert all(0.0 <= one.probability <= 1.0 for one in found)
    assert sum(one.probability for one in found) <= 1.0 + 1e-12


def test_more_of_the_same_days_says_it_more_surely():
    made = balance(offset=0.3)
    short = Equation(made.name, np.where(np.arange(DAYS) < 60, made.value, np.nan),
                     made.patterns, made.spread)  # fmt: skip
    assert suspects([made], PRIORS)[0].deviation < suspects([short], PRIORS)[0].deviation


# ---- values that stand still


def varying(n=200):
    return 10.0 + np.random.default_rng(1).normal(0.0, 0.2, n)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda v: v, []),
        (lambda v: np.where((np.arange(200) >= 50) & (np.arange(200) < 80), 7.0, v), [(50, 80)]),
        (lambda v: np.where((np.arange(200) >= 50) & (np.arange(200) < 73), 7.0, v), []),
        (lambda v: np.where((np.arange(200) >= 50) & (np.arange(200) < 74), 7.0, v), [(50, 74)]),
        (lambda v: np.where(np.arange(200) < 40, 7.0, v), [(0, 40)]),
        (lambda v: np.where(np.arange(200) >= 170, 7.0, v), [(170, 200)]),
        (lambda v: np.full(200, 7.0), [(0, 200)]),
        (lambda v: np.zeros(200), []),
        (lambda v: np.full(200, np.nan), []),
        (lambda v: np.where(np.arange(200) % 2 == 0, np.nan, 7.0), [(1, 200)]),
        (lambda v: np.round(v, 1), []),
    ],
)
def test_stuck_stretches(change, found):
    assert stuck_stretches(change(varying()), 24) == found


def test_runs_of_true():
    assert true_stretches(np.array([1, 1, 0, 1], bool)) == [(0, 2), (3, 4)]
    assert true_stretches(np.zeros(3, bool)) == []


# ---- which sensor jumped


def temperatures(size, seed=0):
    draw = np.random.default_rng(seed)
    heat = draw.uniform(0.0, 50.0, 100)
    level = 12.0 - 0.02 * np.arange(100) - 0.03 * heat + draw.normal(0.0, 0.03, 100)
    return level + size * (np.arange(100) >= 50), heat[:, None]


@pytest.mark.parametrize("size", [-0.5, 0.0, 0.5])
def test_the_size_of_a_jump(size):
    value, heat = temperatures(size)
    found, uncertainty = jump(value, heat, 50, 21)
    assert found == pytest.approx(size, abs=3.0 * uncertainty)
    assert uncertainty < 0.1


def test_too_few_days_tell_no_jump():
    value, heat = temperatures(0.5)
    value[45:55] = np.nan
    value[55:] = np.nan
    assert not np.isfinite(jump(value, heat, 50, 21)[0])


def test_the_sensor_that_jumped_is_the_faulty_one():
    still, moved = (0.0, 0.05), (0.5, 0.05)
    assert log_ratio_of_pair(moved, still, 0.5, 0.1, 2.3) == pytest.approx(2.3)
    # The difference is 0.5 K too large too where the return jumped down.
    assert log_ratio_of_pair(still, (-0.5, 0.05), 0.5, 0.1, 2.3) == pytest.approx(-2.3)
    assert log_ratio_of_pair((np.nan, np.inf), still, 0.5, 0.1, 2.3) == 0.0


# ---- clocks by correlation


def courses(n=2000):
    draw = np.random.default_rng(3)
    on = (np.sin(np.arange(n) / 3.8) + 0.5 * draw.normal(size=n)) > 0.3
    load = on * draw.uniform(0.5, 1.0, n)
    return {name: load * size + 0.02 * draw.normal(size=n)
            for name, size in (("a", 1.0), ("b", 5.0), ("c", 20.0), ("d", 0.2))}  # fmt: skip


def test_clocks_that_agree():
    assert shifts(courses(), 12, 0.6, 0.25, 0.3) == ()


@pytest.mark.parametrize("hours", [-3, -1, 1, 2, 6])
def test_one_clock_is_wrong(hours):
    given_ = courses()
    given_["b"] = np.roll(given_["b"], hours)
    (found,) = shifts(given_, 12, 0.6, 0.25, 0.3)
    assert (found.point, found.hours) == ("b", hours)


def test_of_two_clocks_nobody_knows_which():
    given_ = courses()
    two = {"a": given_["a"], "b": np.roll(given_["b"], 1)}
    assert shifts(two, 12, 0.6, 0.25, 0.3) == ()


def test_a_point_that_follows_nothing_has_no_clock():
    given_ = courses()
    given_["b"] = np.random.default_rng(9).normal(size=2000)
    assert shifts(given_, 12, 0.6, 0.25, 0.3) == ()
