"""The shape in time against brute-force integration, known courses, and its own coverage."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.diagnosis.inference.bayes_factor import log_bayes_factor
from diwen.diagnosis.inference.day_blocks import blocks_of, draw_in, healthy_covariance
from diwen.diagnosis.inference.shape_candidates import (
    YEAR,
    growth_candidates,
    level_candidates,
    sawtooth_candidates,
)
from diwen.diagnosis.inference.time_signature import ShapeFit, fit_shape

BEGUN = date(2023, 1, 1)
USUAL = {
    "noise": 0.05, "systematic": 0.03, "tolerance": 0.04, "spread": 0.3, "growth_spread": 0.15,
}  # fmt: skip


def days(n: int) -> np.ndarray:
    return np.datetime64(BEGUN, "D") + np.arange(n)


def noise(rng: np.random.Generator, n: int, size: float = 0.05, hang: float = 0.5) -> np.ndarray:
    """First-order autoregressive; its effective number of days is n (1 - hang)/(1 + hang)."""
    found = np.zeros(n)
    shock = rng.normal(size=n) * size * np.sqrt(1.0 - hang**2)
    for i in range(n):
        found[i] = hang * (found[i - 1] if i else 0.0) + shock[i]
    return found


def fit(value: np.ndarray, **other: object) -> ShapeFit:
    return fit_shape(days(len(value)), value, begun=BEGUN, **{**USUAL, **other})  # type: ignore[arg-type]


def density(value: np.ndarray, covariance: np.ndarray) -> float:
    """ln of the normal density, written without anything of the code under test."""
    sign, log_determinant = np.linalg.slogdet(covariance)
    assert sign > 0
    chi = value @ np.linalg.solve(covariance, value)
    return float(-0.5 * (chi + log_determinant + len(value) * np.log(2.0 * np.pi)))


@pytest.fixture(scope="module")
def short() -> tuple[object, np.ndarray, np.ndarray]:
    """Forty days with a step: blocks, healthy covariance, its inverse."""
    rng = np.random.default_rng(3)
    value = noise(rng, 40) - 0.15 * (np.arange(40) >= 22)
    blocks = blocks_of(days(40), value, 0.05, 3.0, BEGUN)
    covariance = healthy_covariance(blocks, 0.03, 0.04)
    return blocks, covariance, np.linalg.inv(covariance)


@pytest.mark.parametrize("shape", ["constant", "step"])
def test_level_candidates_match_integration_over_the_amplitude(short, shape) -> None:
    blocks, covariance, precision = short
    found = level_candidates(blocks, precision, shape, 0.3, 0.04)
    closed = found.log_ratio(np.full(len(found.p), 0.3))
    none = density(blocks.value, covariance)
    amplitude = np.linspace(-2.4, 2.4, 1601)  # 8 sigma either side
    weight = np.exp(-0.5 * (amplitude / 0.3) ** 2) / (0.3 * np.sqrt(2.0 * np.pi))
    inverse = np.linalg.inv(covariance)
    pairs = [
        (begin, end)
        for begin in range(40)
        for end in range(begin + 1, 41)
        if (begin == 0) == (shape == "constant") and (end - begin >= 14 or end == 40)
    ]
    assert len(pairs) == len(closed)
    for index in range(0, len(pairs), 7):
        begin, end = pairs[index]
        course = np.zeros(40)
        course[begin:end] = 1.0
        apart = blocks.value[None, :] - amplitude[:, None] * course[None, :]
        chi = np.einsum("ai,ij,aj->a", apart, inverse, apart)
        plain = blocks.value @ inverse @ blocks.value
        integral = np.trapezoid(weight * np.exp(-0.5 * (chi - plain)), amplitude)
        # tolerance of the quadrature, decided beforehand
        assert closed[index] == pytest.approx(np.log(integral), abs=1e-6)
        dense = density(blocks.value, covariance + 0.09 * np.outer(course, course))
        assert closed[index] == pytest.approx(dense - none, abs=1e-8)
    assert np.exp(found.log_prior).sum() == pytest.approx(1.0)


def test_growth_candidates_match_the_dense_evidence(short) -> None:
    blocks, covariance, precision = short
    found = growth_candidates(blocks, precision, 0.15, 0.04)
    none = density(blocks.value, covariance)
    for onset in (0, 5, 20):
        course = np.maximum(np.arange(40.0) - onset, 0.0) / YEAR
        dense = density(blocks.value, covariance + 0.15**2 * np.outer(course, course)) - none
        place = 0 if onset == 0 else int(np.flatnonzero(found.begin == onset)[0])
        assert found.log_ratio(found.spread)[place] == pytest.approx(dense, abs=1e-8)
    assert np.exp(found.log_prior).sum() == pytest.approx(1.0)


def test_known_services_make_the_tooth(short) -> None:
    blocks, covariance, precision = short
    found = sawtooth_candidates(blocks, precision, 0.15, 0.04, [10.0, 30.0])
    day = np.arange(40.0)
    course = (day - np.where(day >= 30, 30, np.where(day >= 10, 10, 0))) / YEAR
    dense = density(blocks.value, covariance + 0.15**2 * np.outer(course, course))
    assert found.log_ratio(found.spread)[0] == pytest.approx(
        dense - density(blocks.value, covariance), abs=1e-8
    )


def test_a_constant_alone_is_the_plain_bayes_factor() -> None:
    """Without slow wander in the data, one shape, many days: the two agree within 0.6 (the wander
    and the tolerance of that one shape are the difference)."""
    for size in (0.0, 0.1, 0.2, 0.3):
        found = fit(np.full(700, size), shapes=("constant",), cap=50.0)
        mean = 0.05 * np.sqrt(3.0 / 700.0)
        plain = log_bayes_factor(size, float(np.hypot(mean, 0.03)), 0.04, 0.3, cap=50.0)
        assert found.log_ratio == pytest.approx(plain, abs=0.6)


def _sawtooth(n: int) -> np.ndarray:
    return (np.arange(n) % 365) / YEAR


COURSES = {
    "constant": lambda t: -0.25 * np.ones(len(t)),
    "step": lambda t: -0.25 * (t >= 500),
    "growth": lambda t: -0.12 * t / YEAR,
    "sawtooth": lambda t: -0.25 * (t % 365) / YEAR,
}


@pytest.mark.parametrize("shape", COURSES)
@pytest.mark.parametrize("seed", range(3))
def test_known_courses_are_told(shape: str, seed: int) -> None:
    t = np.arange(1095)
    found = fit(noise(np.random.default_rng(seed), 1095) + COURSES[shape](t))
    assert found.shape == shape
    assert found.log_ratio > 3.0
    assert found.weights[shape] > 0.8
    size = {"constant": -0.25, "step": -0.25, "growth": -0.12, "sawtooth": -0.25}[shape]
    assert abs(found.value - size) < 3.0 * found.deviation + 0.02


def test_a_step_that_ended_has_both_dates() -> None:
    t = np.arange(1095)
    found = fit(noise(np.random.default_rng(0), 1095) - 0.25 * ((t >= 400) & (t < 640)))
    assert found.shape == "step"
    assert found.since_low <= BEGUN + timedelta(days=400) <= found.since_high
    assert abs((found.until - (BEGUN + timedelta(days=640))).days) <= 10
    assert abs(found.now) < 0.02


def test_a_step_in_a_gap_may_lie_anywhere_in_it() -> None:
    t = np.arange(1095)
    value = noise(np.random.default_rng(0), 1095) - 0.25 * (t >= 500)
    value[420:600] = np.nan
    found = fit(value)
    assert found.shape == "step"
    assert found.since_low <= BEGUN + timedelta(days=430)
    assert found.since_high >= BEGUN + timedelta(days=595)


def test_outliers_make_no_deviation() -> None:
    value = noise(np.random.default_rng(1), 730)
    value[::40] += 5.0
    assert fit(value).shape == "none"
    drawn, _ = draw_in(value, 0.05)
    assert np.max(np.abs(drawn)) < 0.5


def test_systematic_errors_cannot_make_a_step() -> None:
    """A poor instrument hides a constant of its own size and hides no step."""
    t = np.arange(730)
    rng = np.random.default_rng(5)
    constant = fit(noise(rng, 730) + 0.2, systematic=0.2)
    step = fit(noise(rng, 730) + 0.2 * (t >= 365), systematic=0.2)
    assert constant.log_ratio < 1.0
    assert step.log_ratio > 4.0
    assert step.shape == "step"


def test_too_little_says_nothing() -> None:
    empty = fit(np.full(30, np.nan))
    assert (empty.shape, empty.log_ratio, empty.since) == ("none", 0.0, None)
    one = np.full(30, np.nan)
    one[3] = 0.5
    assert fit(one).log_ratio == 0.0


def test_one_sided_deviations() -> None:
    value = noise(np.random.default_rng(2), 400) + 0.2
    both, right, wrong = (fit(value, sign=sign, cap=50.0) for sign in (0, 1, -1))
    assert right.log_ratio == pytest.approx(both.log_ratio + np.log(2.0), abs=0.1)
    assert wrong.log_ratio < 0.0


def test_a_healthy_index_is_seldom_suspected() -> None:
    """Two years with hanging noise, a class error and a seasonal wander: a Bayes factor above 20
    comes in at most 2 of 60 (expected below 1/20 of them by Markov's inequality)."""
    rng = np.random.default_rng(11)
    t = np.arange(730)
    high = 0
    for _ in range(60):
        season = 0.02 * rng.normal() * np.cos(2.0 * np.pi * t / YEAR + rng.uniform(0.0, 6.28))
        value = noise(rng, 730) + 0.03 * rng.normal() + 0.02 * rng.normal() + season
        high += fit(value).log_ratio > np.log(20.0)
    assert high <= 2


def test_intervals_cover() -> None:
    """90 % intervals of a step's size and day over 60 seeds: 83 to 100 % and at least 83 %."""
    rng = np.random.default_rng(7)
    t = np.arange(365)
    sizes = dates = 0
    for _ in range(60):
        size, begin = rng.choice([-1.0, 1.0]) * rng.uniform(0.15, 0.4), int(rng.integers(60, 300))
        value = noise(rng, 365) + 0.03 * rng.normal() + size * (t >= begin)
        found = fit(value, shapes=("constant", "step"))
        assert found.shape == "step"
        sizes += abs(found.value - size) <= 1.645 * found.deviation
        dates += found.since_low <= BEGUN + timedelta(days=begin) <= found.since_high
    assert sizes >= 50
    assert dates >= 50


@settings(max_examples=25, deadline=None)
@given(
    st.floats(-0.5, 0.5), st.integers(0, 300), st.sampled_from(["constant", "step", "growth"]),
    st.integers(0, 5),
)  # fmt: skip
def test_mirror_image(size: float, begin: int, shape: str, seed: int) -> None:
    """The mirror image of a record says the mirror image."""
    t = np.arange(300)
    course = {"constant": t >= 0, "step": t >= begin, "growth": np.maximum(t - begin, 0) / YEAR}
    value = noise(np.random.default_rng(seed), 300) + size * course[shape]
    one, other = fit(value), fit(-value)
    assert one.log_ratio == pytest.approx(other.log_ratio, abs=1e-6)
    assert one.value == pytest.approx(-other.value, abs=1e-9)
    assert one.shape == other.shape


def test_more_days_never_widen_a_constant() -> None:
    value = np.full(900, 0.2)
    widths = [fit(value[:n], shapes=("constant",)).deviation for n in (60, 180, 400, 900)]
    assert widths == sorted(widths, reverse=True)
