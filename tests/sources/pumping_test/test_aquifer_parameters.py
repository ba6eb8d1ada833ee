"""Theis, leaky and barrier fits, straight line, recovery: a published test and known truths."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.aquifer import (
    FlowSteps,
    cooper_jacob_drawdown,
    recovery_drawdown,
    theis_drawdown,
    theis_drawdown_of_steps,
    thiem_difference,
)
from diwen.sources.pumping_test import (
    MeasurementErrors,
    Observation,
    PumpingTest,
    choose_aquifer,
    diagnose,
    fit_curve,
    fit_recovery_line,
    fit_straight_line,
    flow_in_steps,
    level_trend,
    log_derivative,
    model_drawdown,
    storage_end,
    thickness_hint,
    trend_hint,
)
from diwen.sources.pumping_test.correlated_residuals import first_order_deviance, lag_one

DAY = 86400.0
T, S, R, Q = 5e-3, 2e-4, 25.0, 30.0 / 3600.0
TIME = np.geomspace(60.0, DAY, 60)
EXACT = MeasurementErrors(0.0, 0.0, 0.0, 0.0)

# Pumping test Oude Korendijk, 788 m³/d, minutes and metres: G. P. Kruseman, N. A. de Ridder,
# Analysis and Evaluation of Pumping Test Data, 2nd ed. (1990), tables 3.1 and 3.2.
AT_30 = """0.1 .040 0.25 .080 0.50 .130 0.70 .180 1.0 .230 1.40 .280 1.90 .330 2.33 .360 2.80 .390
3.36 .420 4.00 .450 5.35 .500 6.80 .540 8.3 .570 8.7 .580 10.0 .600 13.1 .640 18 .680 27 .742
33 .753 41 .779 48 .793 59 .819 80 .855 95 .873 139 .915 181 .935 245 .966 300 .990 360 1.007
480 1.050 600 1.053 728 1.072 830 1.088"""
AT_90 = """1.5 .015 2.0 .021 2.16 .023 2.66 .044 3 .054 3.5 .075 4 .090 4.33 .104 5.5 .133 6 .153
7.5 .178 9 .206 13 .250 15 .275 18 .305 25 .348 30 .364 40 .404 53 .429 60 .444 75 .467 90 .494
105 .507 120 .528 150 .550 180 .569 248 .593 301 .614 363 .636 422 .657 542 .679 602 .688
680 .701 785 .718 845 .716"""


def published(text, distance):
    minutes, drawdown = np.array(text.split(), float).reshape(-1, 2).T
    return Observation.of(minutes * 60.0, drawdown, distance, name=f"H{distance:g}")


KORENDIJK = [published(AT_30, 30.0), published(AT_90, 90.0)]
KORENDIJK_FLOW = FlowSteps.of(0.0, 788.0 / DAY)


@pytest.mark.parametrize(
    ("wells", "daily", "storage"),
    [
        # Least squares over both wells by AQTESOLV, and over each by TTim, as compared in the
        # documentation of TTim: 66.086, 68.64 and 71.58 m/d over 7 m of aquifer.
        (KORENDIJK, 66.086 * 7, 2.541e-5 * 7),
        (KORENDIJK[:1], 68.64 * 7, None),
        (KORENDIJK[1:], 71.58 * 7, None),
    ],
)
def test_a_published_test_by_least_squares(wells, daily, storage):
    fit = fit_curve(PumpingTest.of(KORENDIJK_FLOW, wells))
    assert fit.transmissivity.value * DAY == pytest.approx(daily, rel=0.002)
    if storage is not None:
        assert fit.storativity.value == pytest.approx(storage, rel=0.005)
    # By hand with type curves 392 m²/d and 1.7e-4, from the steady state 370 m²/d.
    assert fit.transmissivity.low * DAY < 392.0 < fit.transmissivity.high * DAY
    assert fit.storativity.holds(1.7e-4)


def test_the_published_test_by_its_steady_state():
    assert thiem_difference(788.0, 370.38, 30.0, 90.0) == pytest.approx(1.088 - 0.716, rel=1e-4)


def test_all_models_are_tried_on_the_published_test():
    choice = choose_aquifer(PumpingTest.of(KORENDIJK_FLOW, KORENDIJK))
    assert [fit.model.key for fit in choice.fits] == ["theis", "leaky", "barrier"]
    assert choice.chosen.rms <= choice.fits[0].rms
    assert choice.chosen.transmissivity.value * DAY == pytest.approx(392.0, rel=0.06)
    assert choice.reason.zh
    assert choice.warnings[0].zh


def noisy(random, drawdown, sd=0.01, rho=0.0):
    noise = random.normal(0.0, sd, len(drawdown))
    for i in range(1, len(noise)):
        noise[i] = rho * noise[i - 1] + math.sqrt(1 - rho**2) * noise[i]
    return drawdown + noise


@pytest.mark.parametrize("rho", [0.0, 0.7])
def test_intervals_hold_the_truth_as_often_as_they_say(rho):
    """k = 2 with errors of flow, distance, level and correlated noise: 90 of 100 at least."""
    hits, runs = np.zeros(5), 100
    for seed in range(runs):
        random = np.random.default_rng(seed)
        flow = Q * (1 + 0.02 * random.normal())
        apart, offset = R * (1 + 0.01 * random.normal()), 0.01 * random.normal()
        fall = noisy(random, theis_drawdown(Q, T, S, R, TIME), rho=rho) + offset
        test = PumpingTest.of(FlowSteps.of(0.0, flow), Observation.of(TIME, fall, apart))
        curve = fit_curve(test, windows=False)
        line = fit_straight_line(test)
        after = DAY + TIME
        whole = np.concatenate([TIME, after])
        residual = noisy(random, recovery_drawdown(Q, T, S, R, whole, DAY), rho=rho) + offset
        back = PumpingTest.of(
            FlowSteps.of([0.0, DAY], [flow, 0.0]), Observation.of(whole, residual, apart)
        )
        recovery = fit_recovery_line(back, storativity=S)
        hits += [
            curve.transmissivity.holds(T),
            curve.storativity.holds(S),
            line.transmissivity.holds(T),
            line.storativity.holds(S),
            recovery.transmissivity.holds(T),
        ]
    assert (hits >= 0.9 * runs).all()


@settings(max_examples=15, deadline=None)
@given(
    t=st.floats(1e-5, 0.1),
    s=st.floats(1e-5, 0.2),
    flows=st.lists(st.floats(0.002, 0.02), min_size=1, max_size=4),
    sign=st.sampled_from([1.0, -1.0]),
)
def test_exact_data_give_back_their_parameters(t, s, flows, sign):
    starts = 6000.0 * np.arange(len(flows))
    steps = FlowSteps.of(starts, sign * np.array(flows))
    apart = math.sqrt(4.0 * t * 20000.0 / s) / 5.0
    time = np.geomspace(300.0, 40000.0, 40)
    fall = theis_drawdown_of_steps(steps, t, s, apart, time)
    fit = fit_curve(PumpingTest.of(steps, Observation.of(time, fall, apart)), errors=EXACT)
    assert fit.transmissivity.value == pytest.approx(t, rel=1e-4)
    assert fit.storativity.value == pytest.approx(s, rel=1e-4)


@pytest.mark.parametrize(("key", "third"), [("leaky", 2e7), ("barrier", 400.0)])
def test_the_right_aquifer_is_chosen(key, third):
    steps = FlowSteps.of([0.0, 2 * DAY], [0.01, 0.006])
    time = np.geomspace(30.0, 5 * DAY, 60)
    blank = PumpingTest.of(steps, Observation.of(time, np.ones(60), R))
    fall = model_drawdown(key, np.log([T, S, third]), blank)
    random = np.random.default_rng(7)
    choice = choose_aquifer(
        PumpingTest.of(steps, Observation.of(time, noisy(random, fall, 0.005), R))
    )
    assert choice.chosen.model.key == key
    assert choice.chosen.third is not None
    assert choice.chosen.third.holds(third)
    assert choice.chosen.transmissivity.holds(T)


def test_noise_alone_makes_no_leak():
    for seed in range(4):
        random = np.random.default_rng(seed)
        fall = noisy(random, theis_drawdown(Q, T, S, R, TIME), rho=0.5)
        choice = choose_aquifer(PumpingTest.of(FlowSteps.of(0.0, Q), Observation.of(TIME, fall, R)))
        assert choice.chosen.model.key == "theis"


def test_an_unknown_parameter_is_unknown():
    """A barrier that no reading shows has no distance, whatever the fit returns."""
    test = PumpingTest.of(KORENDIJK_FLOW, KORENDIJK)
    theis, barrier = fit_curve(test), fit_curve(test, "barrier")
    assert barrier.third is not None
    assert barrier.third.high > 100.0 * barrier.third.value
    assert barrier.transmissivity.value == pytest.approx(theis.transmissivity.value, rel=1e-3)


def test_the_straight_line_of_its_own_law_is_exact():
    time = np.geomspace(600.0, DAY, 30)
    fall = cooper_jacob_drawdown(Q, T, S, R, time)
    test = PumpingTest.of(FlowSteps.of(0.0, Q), Observation.of(time, fall, R))
    line = fit_straight_line(test, errors=EXACT, start=600.0)
    assert line.transmissivity.value == pytest.approx(T, rel=1e-9)
    assert line.storativity.value == pytest.approx(S, rel=1e-7)
    assert line.drawdown_per_decade == pytest.approx(math.log(10) * Q / (4 * math.pi * T))


@pytest.mark.parametrize("limit", [0.05, 0.01])
def test_the_window_keeps_to_its_criterion(limit):
    test = PumpingTest.of(
        FlowSteps.of(0.0, Q), Observation.of(TIME, theis_drawdown(Q, T, S, R, TIME), R)
    )
    line = fit_straight_line(test, errors=EXACT, argument_limit=limit)
    assert R**2 * S / (4 * T * line.start) <= limit * 1.02
    # What the form costs is in the interval.
    assert line.transmissivity.holds(T)
    assert line.transmissivity.value == pytest.approx(T, rel=0.4 * limit)


def test_a_line_that_is_too_early_is_said():
    apart = 400.0
    time = np.geomspace(600.0, 2 * 3600.0, 40)
    test = PumpingTest.of(
        FlowSteps.of(0.0, Q), Observation.of(time, theis_drawdown(Q, T, S, apart, time), apart)
    )
    said = " ".join(text.en for text in fit_straight_line(test).warnings)
    assert "u is never below 0.05" in said


def test_the_pumped_well_leaves_out_its_storage():
    radius = 0.3
    time = np.geomspace(10.0, DAY, 80)
    fall = theis_drawdown(Q, T, S, radius, time) + 1.5
    test = PumpingTest.of(FlowSteps.of(0.0, Q), Observation.of(time, fall, radius, pumped=True))
    line = fit_straight_line(test, casing_radius=radius)
    assert storage_end(radius, T) == pytest.approx(450.0)
    assert line.start >= 0.9 * 450.0
    assert line.transmissivity.value == pytest.approx(T, rel=0.01)
    assert any("pumped well" in text.en for text in line.warnings)
    assert any("storage of the well" in text.en for text in fit_curve(test).warnings)


def test_recovery_with_steps_and_its_warnings():
    steps = FlowSteps.of([0.0, 3 * 3600.0, 10 * 3600.0], [0.006, 0.009, 0.0])
    time = np.linspace(60.0, 20 * 3600.0, 600)
    fall = theis_drawdown_of_steps(steps, T, S, R, time)
    fit = fit_recovery_line(PumpingTest.of(steps, Observation.of(time, fall, R)), start=3600.0)
    assert fit.transmissivity.value == pytest.approx(T, rel=0.03)
    assert any("not constant" in text.en for text in fit.warnings)
    sunk = Observation.of(time, fall + 0.15, R)
    low = fit_recovery_line(PumpingTest.of(steps, sunk), start=3600.0)
    assert low.intercept_ratio < 1.0
    assert any("does not fully return" in text.en for text in low.warnings)


def test_residual_drawdown_per_decade_is_that_of_theis():
    """``2.303 Q/(4 pi T)`` of residual drawdown for each factor ten of t/t', late."""
    steps = FlowSteps.of([0.0, 100 * 3600.0], [0.009, 0.0])
    time = np.concatenate([[3600.0], 100 * 3600.0 + np.geomspace(3600.0, 50 * 3600.0, 200)])
    fall = theis_drawdown_of_steps(steps, T, S, R, time)
    fit = fit_recovery_line(PumpingTest.of(steps, Observation.of(time, fall, R)), start=3600.0)
    assert fit.residual_per_decade == pytest.approx(
        np.log(10.0) * 0.009 / (4.0 * np.pi * T), rel=0.02
    )


def test_no_recovery_is_an_error():
    fall = theis_drawdown(Q, T, S, R, TIME)
    with pytest.raises(InputError):
        fit_recovery_line(PumpingTest.of(FlowSteps.of(0.0, Q), Observation.of(TIME, fall, R)))


def test_wrong_sign_is_an_error():
    fall = -theis_drawdown(Q, T, S, R, TIME)
    test = PumpingTest.of(FlowSteps.of(0.0, Q), Observation.of(TIME, fall, R))
    with pytest.raises(InputError):
        fit_curve(test)
    with pytest.raises(InputError):
        fit_straight_line(test)


def test_thin_data_carry_the_same_parameters():
    time = np.arange(10.0, DAY, 10.0)
    fall = noisy(np.random.default_rng(5), theis_drawdown(Q, T, S, R, time))
    thin = PumpingTest.of(FlowSteps.of(0.0, Q), Observation.of(time, fall, R)).thinned(15)
    assert len(thin.observations[0].time) < 70
    fit = fit_curve(thin)
    assert fit.transmissivity.holds(T)
    assert fit.storativity.holds(S)


def test_derivative_of_known_laws():
    flat = diagnose(TIME, 0.3 * np.log(TIME) + 1.0)
    np.testing.assert_allclose(flat.derivative[np.isfinite(flat.derivative)], 0.3, rtol=1e-9)
    assert flat.level == pytest.approx(0.3)
    power = log_derivative(TIME, TIME**0.5, 0.05)
    inside = np.isfinite(power)
    np.testing.assert_allclose(power[inside], 0.5 * TIME[inside] ** 0.5, rtol=0.01)
    storage = diagnose(TIME, 1e-4 * TIME)
    assert any("empties itself" in text.en for text in storage.hints)


@pytest.mark.parametrize(("sign", "word"), [(1.0, "rises"), (-1.0, "falls")])
def test_derivative_of_boundaries(sign, word):
    time = np.geomspace(60.0, 20 * DAY, 120)
    fall = theis_drawdown(Q, T, S, 5.0, time) + sign * theis_drawdown(Q, T, S, 900.0, time)
    assert any(f"derivative {word}" in text.en for text in diagnose(time, fall).hints)


def test_flow_steps_from_a_meter():
    random = np.random.default_rng(2)
    time = np.arange(0.0, 7200.0, 10.0)
    flow = np.where(time < 3600, 0.010, 0.014) * (time < 6000)
    flow = flow * (1 + 0.003 * random.normal(size=len(time)))
    flow[100] = np.nan
    steps = flow_in_steps(time, flow)
    np.testing.assert_allclose(steps.start, [0.0, 3600.0, 6000.0], atol=20.0)
    np.testing.assert_allclose(steps.flow, [0.010, 0.014, 0.0], rtol=0.002)
    assert steps.volume(7200.0) == pytest.approx(np.nansum(flow) * 10.0, rel=0.005)


def test_hints_on_trend_and_thickness():
    hours = np.arange(0.0, 48.0) * 3600.0
    slope, error = level_trend(hours, 5.0 + 2e-7 * hours)
    assert slope == pytest.approx(2e-7)
    assert error < 1e-12
    test = PumpingTest.of(
        FlowSteps.of(0.0, Q), Observation.of(TIME, theis_drawdown(Q, T, S, R, TIME), R)
    )
    assert not trend_hint(test, slope)
    assert trend_hint(test, 2e-6)
    assert thickness_hint(test, 5.0)
    assert not thickness_hint(test, 50.0)


def test_correlation_of_neighbours():
    random = np.random.default_rng(4)
    noise = noisy(random, np.zeros(3000), 1.0, 0.6)
    assert lag_one(noise) == pytest.approx(0.6, abs=0.05)
    assert lag_one(np.zeros(20)) == 0.0
    white = random.normal(size=3000)
    assert first_order_deviance([white]) == pytest.approx(3000 * math.log(white.var()), abs=6.0)


def test_all_that_is_wrong_with_a_record_is_said():
    with pytest.raises(InputError) as caught:
        Observation.of([3.0, 2.0, 1.0, 4.0, 5.0, 6.0], np.ones(6), -1.0)
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError):
        Observation.of([1.0, 2.0], [1.0], 5.0)
    well = Observation.of(-TIME[::-1], np.ones(60), 5.0)
    with pytest.raises(InputError) as caught:
        PumpingTest.of(FlowSteps.of(0.0, 0.0), well)
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError):
        PumpingTest.of(FlowSteps.of(0.0, 1.0), [])
