"""Uncertainty, groundwater hint, steadiness, and the choice of the method."""

import math
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import exp1
from scipy.stats import kendalltau

from diwen.problems import InputError
from diwen.sources.response_test import (
    InputUncertainty,
    PlainFitConditions,
    TestedBorehole,
    TestSeries,
    evaluate,
)
from diwen.sources.response_test.flow_levels import flow_levels
from diwen.sources.response_test.groundwater_hint import groundwater_hint, mann_kendall
from diwen.sources.response_test.line_source_fit import fit_line_source
from diwen.sources.response_test.plain_fit_conditions import unsteady_reasons
from diwen.sources.response_test.steadiness import steadiness
from diwen.sources.response_test.uncertainty import (
    line_source_covariance,
    monte_carlo,
    monte_carlo_line_source,
    uncertainty_budget,
)

BOREHOLE = TestedBorehole(100.0, 0.075, 2.3e6, 12.0)
INPUTS = InputUncertainty(0.015, 0.005, 0.1, 0.2, 0.005)
TIME = np.arange(300.0, 72 * 3600.0, 300.0)
LAM, RB = 2.1, 0.11


def log_test(power=6000.0, noise=0.0, seed=0, flow=None, resistance=RB, **more):
    ground = np.log(4 * LAM * TIME / (2.3e6 * 0.075**2)) - np.euler_gamma
    rise = np.asarray(power) / 100.0 * (ground / (4 * math.pi * LAM) + resistance)
    jitter = np.random.default_rng(seed).normal(0, noise, len(TIME)) if noise else 0.0
    return TestSeries.of(TIME, power, 12.0 + rise + jitter, flow=flow, **more)


def straight(series, borehole):
    fit = fit_line_source(series, borehole, 36000.0)
    return fit.conductivity, fit.resistance


def test_sensitivities_equal_the_derivatives():
    """dλ/λ = dP/P = −dH/H; dR_b = −(dC/C)/(4πλ)·(−1) ... ; dR_b = −dT_0/q'."""
    series = log_test()
    fit = fit_line_source(series, BOREHOLE, 36000.0)
    budget = uncertainty_budget(straight, series, BOREHOLE, INPUTS, np.zeros((2, 2)))
    power, ambient, length, capacity, undisturbed, regression = budget.contributions
    assert power.conductivity == pytest.approx(0.015 * LAM, rel=1e-6)
    assert ambient.conductivity == pytest.approx(0.005 * LAM, rel=1e-6)
    assert length.conductivity == pytest.approx(0.005 * LAM, rel=1e-4)
    assert capacity.conductivity == pytest.approx(0.0, abs=1e-12)
    assert capacity.resistance == pytest.approx(0.1 / (4 * math.pi * LAM), rel=0.01)
    assert undisturbed.resistance == pytest.approx(0.2 / 60.0, rel=1e-6)
    assert regression.conductivity == 0.0
    total = sum(line.conductivity**2 for line in budget.contributions)
    assert budget.conductivity == pytest.approx(math.sqrt(total))
    assert budget.conductivity_expanded == 2 * budget.conductivity
    assert -1.0 <= budget.correlation <= 1.0
    assert fit.conductivity == pytest.approx(LAM)


def test_monte_carlo_agrees_with_the_budget():
    series = log_test(noise=0.05)
    fit = fit_line_source(series, BOREHOLE, 36000.0)
    regression = line_source_covariance(fit, BOREHOLE)
    budget = uncertainty_budget(straight, series, BOREHOLE, INPUTS, regression)
    drawn = monte_carlo_line_source(fit, BOREHOLE, INPUTS, seed=4)
    assert drawn.covariance == pytest.approx(budget.covariance, rel=0.1)
    few = monte_carlo(straight, series, BOREHOLE, INPUTS, regression=regression, draws=300, seed=4)
    assert np.sqrt(np.diag(few.covariance)) == pytest.approx(
        [budget.conductivity, budget.resistance], rel=0.15
    )
    again = monte_carlo_line_source(fit, BOREHOLE, INPUTS, seed=4)
    assert np.array_equal(again.conductivity, drawn.conductivity)
    low, high = drawn.conductivity_interval
    assert high - low == pytest.approx(2 * 1.96 * budget.conductivity, rel=0.05)


def test_the_expanded_interval_covers_the_truth_in_about_nineteen_of_twenty():
    """200 tests, each with its own errors of meter, length, C, T_0 and correlated noise."""
    random = np.random.default_rng(77)
    inside = np.zeros(2)
    for _ in range(200):
        power, length, capacity, ambient, shift = random.standard_normal(5)
        shocks = random.normal(0, 0.03, len(TIME))
        noise = np.convolve(shocks, 0.8 ** np.arange(40))[: len(TIME)]
        true = log_test()
        seen = TestSeries.of(
            TIME,
            true.power / ((1 + 0.015 * power) * (1 + 0.005 * ambient)),
            true.fluid_temperature + noise,
        )
        known = TestedBorehole(
            100.0 / (1 + 0.005 * length),
            0.075,
            2.3e6 * math.exp(-0.1 * capacity),
            12.0 - 0.2 * shift,
        )
        fit = fit_line_source(seen, known, 36000.0)
        regression = line_source_covariance(fit, known)
        budget = uncertainty_budget(straight, seen, known, INPUTS, regression)
        inside += [
            abs(fit.conductivity - LAM) < budget.conductivity_expanded,
            abs(fit.resistance - RB) < budget.resistance_expanded,
        ]
    assert np.all((inside >= 182) & (inside <= 199)), inside


@pytest.mark.parametrize("seed", range(5))
def test_rank_test_against_scipy(seed):
    values = np.random.default_rng(seed).normal(size=9)
    judge = kendalltau(np.arange(9), values, alternative="greater", method="exact")
    _, tau, p_value = mann_kendall(values)
    assert tau == pytest.approx(judge.statistic)
    assert p_value == pytest.approx(judge.pvalue)


def advected(velocity):
    """Infinite line source in ground water that moves; velocity of the heat, m/s."""
    a = LAM / 2.3e6
    answer = np.array(
        [
            quad(
                lambda u, t=t: math.exp(
                    -(0.075**2) / (4 * a * math.exp(u)) - velocity**2 * math.exp(u) / (4 * a)
                ),
                math.log(1.0),
                math.log(t),
            )[0]
            for t in TIME
        ]
    )
    noise = np.random.default_rng(2).normal(0, 0.005, len(TIME))
    return TestSeries.of(TIME, 6000.0, 12.0 + 60.0 * (answer / (4 * math.pi * LAM) + RB) + noise)


def test_moving_groundwater_is_hinted_at_and_still_ground_is_not():
    still = groundwater_hint(advected(0.0), BOREHOLE)
    assert not still.hint
    assert "does not rule it out" in still.words.en
    moving = groundwater_hint(advected(2e-6), BOREHOLE)
    assert moving.hint
    assert moving.rise > 0.05
    assert "not a proof" in moving.words.en
    assert "并非证明" in moving.words.zh


def test_steadiness_counts_what_was_put_in():
    power = np.full(len(TIME), 6000.0)
    power[(TIME > 30 * 3600.0) & (TIME <= 32 * 3600.0)] = 0.0
    keep = (TIME < 50 * 3600.0) | (TIME > 53 * 3600.0)
    flow = np.where(TIME <= 40 * 3600.0, 0.3, 0.4)
    air = 10 + 5 * np.cos(2 * np.pi * TIME / 86400.0)
    series = TestSeries.of(
        TIME[keep],
        power[keep],
        (20 + np.log(TIME) + 0.02 * air)[keep],
        flow=flow[keep],
        ambient=air[keep],
    )
    found = steadiness(series)
    (outage,) = found.outages
    assert (outage.start, outage.end) == pytest.approx((30 * 3600, 32 * 3600), abs=700)
    assert outage.lowest == pytest.approx(0.0, abs=1.0)
    (gap,) = found.gaps
    assert gap.duration == pytest.approx(3 * 3600.0, abs=600)
    assert found.levels.count == 2
    assert found.levels.start[1] == pytest.approx(40 * 3600, abs=900)
    assert found.levels.flow == pytest.approx([0.3, 0.4])
    assert found.log_interval == 300.0
    assert found.ambient_range == pytest.approx(10.0, abs=0.1)
    assert found.daily_amplitude == pytest.approx(0.1, abs=0.03)
    assert found.ambient_correlation > 0.8
    assert found.power_mean < found.power_median == 6000.0


@pytest.mark.parametrize("records", [[5.0, 10.0, 15.0], [10.0, 11.0, 12.0, 13.0]])
def test_steadiness_where_nearly_all_the_heating_is_a_gap(records):
    """A few seconds recorded in the first minute, then one record a day later."""
    time = np.array([*records, 86400.0])
    series = TestSeries.of(time, 6000.0, 12.0 + np.log(time))
    found = steadiness(series)
    assert [(gap.start, gap.end) for gap in found.gaps] == [(records[-1], 86400.0)]
    assert found.power_mean == pytest.approx(6000.0)
    assert found.power_peak == pytest.approx(0.0, abs=1e-12)
    assert found.outages == ()


def test_heat_that_comes_and_goes_in_equal_parts_says_nothing():
    power = [6000.0, 6000.0, 6000.0, -6000.0, -6000.0]
    series = TestSeries.of([600.0, 1200.0, 1800.0, 2400.0, 3600.0], power, np.full(5, 12.0))
    with pytest.raises(InputError, match="no heat"):
        steadiness(series)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(1.0, 5000.0), min_size=3, max_size=12),
    st.lists(st.floats(1e3, 9e3), min_size=12, max_size=12),
)
def test_steadiness_of_any_spacing_is_within_the_records(steps, power):
    time = np.cumsum(steps)
    heat = np.array(power[: len(time)])
    found = steadiness(TestSeries.of(time, heat, 12.0 + np.log1p(time)))
    tolerance = 1e-9 * heat.max()
    assert heat.min() - tolerance <= found.power_mean <= heat.max() + tolerance


def test_slow_wander_of_the_pump_is_no_flow_level():
    random = np.random.default_rng(1)
    flow = 0.3 * (1 + 0.02 * np.sin(TIME / 20000.0)) + random.normal(0, 0.01, len(TIME))
    assert flow_levels(log_test(flow=flow)).count == 1


def test_a_steady_test_gets_the_straight_line():
    found = evaluate(log_test(noise=0.01), BOREHOLE, inputs=INPUTS)
    assert found.method == "line source"
    assert found.refusals == ()
    assert found.conductivity == pytest.approx(LAM, rel=5e-3)
    assert found.budget is not None
    assert np.array_equal(found.covariance, found.budget.covariance)
    names = [line.name.en for line in found.budget.contributions]
    assert names[-1] == "choice of the window"
    assert found.rolling_start is not None
    assert found.superposition is not None


def test_an_unsteady_test_is_refused_with_dates_and_superposed():
    power = np.full(len(TIME), 6000.0)
    power[(TIME > 30 * 3600.0) & (TIME <= 32 * 3600.0)] = 0.0
    series = log_test(power=power, started=datetime(2024, 5, 1, 8))
    found = evaluate(series, BOREHOLE)
    assert found.method == "superposition"
    assert found.line_source is None
    assert "2024-05-02 14:0" in found.refusals[0].en
    assert "below half" in found.refusals[0].en
    with pytest.raises(InputError, match="no straight-line fit") as caught:
        evaluate(series, BOREHOLE, "line source")
    assert len(caught.value.problems) == len(found.refusals)
    loose = PlainFitConditions(power_deviation=1.0, power_peak=2.0)
    assert len(evaluate(series, BOREHOLE, conditions=loose).refusals) < len(found.refusals)


def test_a_short_test_is_estimated_with_capacity():
    series = log_test(noise=0.01).inside(0.0, 20 * 3600.0)
    found = evaluate(series, BOREHOLE, inputs=INPUTS)
    assert found.method == "capacity"
    assert found.capacity is not None
    assert "early hours" in found.why.en


def test_an_unknown_method_is_named():
    with pytest.raises(InputError, match="no such method"):
        evaluate(log_test(), BOREHOLE, "magic")


def test_heating_and_recovery_are_both_evaluated():
    def wall(t):
        late = np.maximum(t, 1.0)
        return np.where(t > 0, exp1(0.075**2 * 2.3e6 / (4 * LAM * late)) / (4 * math.pi * LAM), 0)

    stop = 50 * 3600.0
    power = np.where(stop >= TIME, 6000.0, 0.0)
    rise = 60.0 * (wall(TIME) - wall(TIME - stop)) + power / 100.0 * RB
    found = evaluate(TestSeries.of(TIME, power, 12.0 + rise), BOREHOLE)
    assert found.method == "line source"
    assert found.line_source.end == stop
    assert found.recovery.heating_end == stop
    assert found.recovery.superposition.conductivity == pytest.approx(LAM, rel=1e-6)
    assert found.recovery.conductivity == pytest.approx(LAM, rel=0.05)


@pytest.mark.parametrize(
    ("power", "temperature", "words"),
    [
        (0.0, 20 + np.log(TIME), "no heat goes into the ground"),
        (6000.0, np.full(len(TIME), 20.0), "no conductivity between"),
        (6000.0, 30 - np.log(TIME), "no conductivity between"),
    ],
)
def test_tests_that_say_nothing_are_refused(power, temperature, words):
    with pytest.raises(InputError, match=words):
        evaluate(TestSeries.of(TIME, power, temperature), BOREHOLE)


def test_a_result_that_cannot_be_is_marked():
    found = evaluate(log_test().scaled(1e6), BOREHOLE)
    assert any("cannot be" in note.en for note in found.notes)
    assert evaluate(log_test(), BOREHOLE).notes == ()


def test_many_disturbances_are_summed_up():
    power = 6000.0 + np.random.default_rng(3).normal(0, 2000.0, len(TIME))
    series = TestSeries.of(TIME, power, log_test().fluid_temperature)
    reasons = unsteady_reasons(series, steadiness(series), PlainFitConditions())
    assert len([r for r in reasons if "instead of" in r.en]) == 5
    assert any("more times" in r.en for r in reasons)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.3, 3.0), st.floats(-10.0, 15.0))
def test_the_evaluation_scales_with_heat_and_shifts_with_temperature(factor, shift):
    power = 6000.0 + 1500.0 * (TIME > 36 * 3600.0)
    base = log_test(power=power)
    moved = TestSeries.of(TIME, factor * power, 12 + shift + factor * (base.fluid_temperature - 12))
    a = evaluate(base, BOREHOLE, "superposition")
    b = evaluate(moved, TestedBorehole(100.0, 0.075, 2.3e6, 12.0 + shift), "superposition")
    assert b.conductivity == pytest.approx(a.conductivity, rel=1e-6)
    assert b.resistance == pytest.approx(a.resistance, rel=1e-6)


def test_a_window_that_ends_before_the_outage_may_have_its_straight_line():
    power = np.full(len(TIME), 6000.0)
    power[(TIME > 60 * 3600.0) & (TIME <= 62 * 3600.0)] = 0.0
    series = log_test(power=power)
    assert evaluate(series, BOREHOLE).refusals
    before = evaluate(series, BOREHOLE, "line source", end=59 * 3600.0)
    assert before.conductivity == pytest.approx(LAM, rel=1e-6)
    assert before.growing_end.end[-1] <= 59 * 3600.0
    assert before.rolling_start.end.max() <= 59 * 3600.0
