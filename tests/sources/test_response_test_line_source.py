"""The straight line: exact data, scaling laws, windows, independent readings, wrong input."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import exp1

from diwen.problems import InputError
from diwen.sources.response_test import TestedBorehole, TestSeries
from diwen.sources.response_test.autocorrelation import effective_sample_size
from diwen.sources.response_test.convergence import (
    growing_end,
    line_source_windows,
    rolling_start,
    window_scan,
)
from diwen.sources.response_test.line_source_fit import fit_line_source, validity_start

BOREHOLE = TestedBorehole(100.0, 0.075, 2.3e6, 12.0)
TIME = np.arange(120.0, 72 * 3600.0, 120.0)


def logarithmic(lam=2.1, resistance=0.11, power=6000.0, borehole=BOREHOLE, time=TIME):
    """A test that follows the logarithm exactly."""
    rate = power / borehole.length
    ground = np.log(4 * lam * time / (borehole.heat_capacity * borehole.radius**2)) - np.euler_gamma
    rise = rate * (ground / (4 * math.pi * lam) + resistance)
    return TestSeries.of(time, power, borehole.undisturbed_temperature + rise)


def exact(lam=2.1, resistance=0.11, power=6000.0, borehole=BOREHOLE, time=TIME):
    """A test that follows the infinite line source exactly."""
    rate = power / borehole.length
    ground = exp1(borehole.radius**2 * borehole.heat_capacity / (4 * lam * time))
    rise = rate * (ground / (4 * math.pi * lam) + resistance)
    return TestSeries.of(time, power, borehole.undisturbed_temperature + rise)


@given(st.floats(0.5, 6.0), st.floats(0.02, 0.4))
def test_logarithmic_data_give_back_what_made_them(lam, resistance):
    fit = fit_line_source(logarithmic(lam, resistance), BOREHOLE)
    assert fit.conductivity == pytest.approx(lam, rel=1e-9)
    assert fit.resistance == pytest.approx(resistance, rel=1e-8)


def test_the_chosen_start_keeps_the_error_of_the_logarithm_below_two_hundredths():
    """E1(x) = −γ − ln x + x ...: after 5 r²C/λ the slope is short of ln t by x <= 5 %, falling."""
    fit = fit_line_source(exact(), BOREHOLE)
    assert fit.start == pytest.approx(validity_start(BOREHOLE, fit.conductivity), rel=0.02)
    assert fit.valid
    assert fit.conductivity == pytest.approx(2.1, rel=0.02)
    later = fit_line_source(exact(), BOREHOLE, start=48 * 3600.0)
    assert abs(later.conductivity - 2.1) < abs(fit.conductivity - 2.1)


@given(st.floats(0.1, 10.0), st.floats(-30.0, 30.0))
def test_scaling_of_heat_and_shift_of_temperature(factor, shift):
    base = exact()
    scaled = TestSeries.of(
        TIME, base.power * factor, 12.0 + shift + factor * (base.fluid_temperature - 12.0)
    )
    moved = TestedBorehole(100.0, 0.075, 2.3e6, 12.0 + shift)
    a, b = fit_line_source(base, BOREHOLE), fit_line_source(scaled, moved)
    assert b.conductivity == pytest.approx(a.conductivity, rel=1e-8)
    assert b.resistance == pytest.approx(a.resistance, rel=1e-7)


def test_a_test_by_extraction_is_the_mirror_of_one_by_injection():
    base = exact()
    mirrored = TestSeries.of(TIME, -base.power, 24.0 - base.fluid_temperature)
    a, b = fit_line_source(base, BOREHOLE), fit_line_source(mirrored, BOREHOLE)
    assert b.conductivity == pytest.approx(a.conductivity, rel=1e-12)
    assert b.resistance == pytest.approx(a.resistance, rel=1e-12)


def test_wrong_power_shifts_the_conductivity_in_proportion():
    fit = fit_line_source(logarithmic(), BOREHOLE, start=36000.0)
    more = fit_line_source(logarithmic().scaled(1.02), BOREHOLE, start=36000.0)
    assert more.conductivity == pytest.approx(1.02 * fit.conductivity, rel=1e-12)


def test_windows_by_running_sums_equal_single_fits():
    random = np.random.default_rng(5)
    series = exact()
    noisy = TestSeries.of(
        TIME,
        series.power + random.normal(0, 50, len(TIME)),
        series.fluid_temperature + random.normal(0, 0.02, len(TIME)),
    )
    starts, ends = np.array([8, 12, 30]) * 3600.0, np.array([40, 60, 71]) * 3600.0
    many = line_source_windows(noisy, BOREHOLE, starts, ends)
    for start, end, lam, rb in zip(starts, ends, many.conductivity, many.resistance, strict=True):
        one = fit_line_source(noisy, BOREHOLE, start, end)
        assert lam == pytest.approx(one.conductivity, rel=1e-8)
        assert rb == pytest.approx(one.resistance, rel=1e-8)


def test_convergence_sequences_of_exact_data_approach_the_truth():
    forward = rolling_start(exact(), BOREHOLE)
    assert np.all(np.diff(np.abs(forward.conductivity - 2.1)) < 0)
    backward = growing_end(exact(), BOREHOLE, start=20 * 3600.0)
    assert np.all(np.diff(np.abs(backward.conductivity - 2.1)) < 0)
    assert forward.end[0] == backward.end[-1] == TIME[-1]
    assert window_scan(logarithmic(), BOREHOLE, 36000.0, TIME[-1]).spread < 1e-9


def test_recovery_after_the_heating_is_left_out():
    heated = exact()
    off = TIME > 60 * 3600.0
    series = TestSeries.of(
        TIME, np.where(off, 0.0, 6000.0), np.where(off, 15.0, heated.fluid_temperature)
    )
    fit = fit_line_source(series, BOREHOLE)
    assert fit.end == 60 * 3600.0
    assert fit.conductivity == pytest.approx(2.1, rel=0.02)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_effective_sample_size_of_a_first_order_process(rho):
    """Theory: n (1 − ρ)/(1 + ρ)."""
    random = np.random.default_rng(11)
    found = []
    for _ in range(40):
        noise = random.normal(size=4000)
        values = np.empty(4000)
        values[0] = noise[0]
        for i in range(1, 4000):
            values[i] = rho * values[i - 1] + noise[i]
        found.append(effective_sample_size(values))
    assert np.mean(found) == pytest.approx(4000 * (1 - rho) / (1 + rho), rel=0.12)


def test_the_series_names_all_its_faults_at_once():
    time = np.array([-10.0, 60.0, 60.0, 120.0])
    with pytest.raises(InputError) as caught:
        TestSeries.of(time, [1.0, math.nan, 1.0, 1.0], np.ones(4))
    assert [p.where for p in caught.value.problems] == ["power[1]", "time[2]", "time[0]"]
    with pytest.raises(InputError) as caught:
        TestSeries.of(TIME, 100.0, inlet=np.ones(len(TIME)))
    assert caught.value.problems[0].where == "outlet"
    with pytest.raises(InputError) as caught:
        TestedBorehole(-1.0, 0.0, math.nan, 10.0)
    assert len(caught.value.problems) == 3


def test_a_line_that_cannot_be_drawn_is_refused():
    falling = TestSeries.of(TIME, 6000.0, 30.0 - 1e-5 * TIME)
    with pytest.raises(InputError, match="does not go with the heat"):
        fit_line_source(falling, BOREHOLE)
    with pytest.raises(InputError, match="too few records"):
        fit_line_source(exact(), BOREHOLE, start=100 * 3600.0, end=101 * 3600.0)
    with pytest.raises(InputError, match="no heat"):
        fit_line_source(exact().scaled(0.0), BOREHOLE, start=36000.0)
