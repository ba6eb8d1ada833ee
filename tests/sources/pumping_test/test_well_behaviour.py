"""Step, injection and flow-step tests and the trend of clogging: known truths within intervals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.aquifer import (
    FlowSteps,
    WellLoss,
    theis_drawdown,
    theis_drawdown_of_steps,
    viscosity_ratio,
)
from diwen.sources.pumping_test import (
    MeasurementErrors,
    Observation,
    PumpingTest,
    evaluate_injection,
    find_bypass,
    fit_step_test,
    follow_clogging,
    hantush_bierschenk,
)

T, S, RADIUS, C = 5e-3, 2e-4, 0.2, 8e3
STEPS = FlowSteps.of([0, 7200, 14400, 21600], np.array([15, 25, 35, 45]) / 3600)
STEP_TIME = np.concatenate([a + np.geomspace(30, 7190, 40) for a in STEPS.start])
EXACT = MeasurementErrors(0.0, 0.0, 0.0, 0.0)


def step_drawdown(steps=STEPS, exponent=2.0, loss=C):
    flow = steps.at(STEP_TIME)
    lost = loss * np.abs(flow) ** exponent * np.sign(flow)
    return theis_drawdown_of_steps(steps, T, S, RADIUS, STEP_TIME) + lost


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_step_test_gives_back_its_well(sign):
    steps = FlowSteps.of(STEPS.start, sign * STEPS.flow)
    well = Observation.of(STEP_TIME, sign * step_drawdown(), RADIUS, pumped=True)
    found = fit_step_test(steps, well, EXACT)
    at_end = float(theis_drawdown(1.0, T, S, RADIUS, found.duration))
    assert found.duration == pytest.approx(7200.0, rel=0.01)
    assert found.linear.value == pytest.approx(at_end, rel=1e-3)
    assert found.quadratic.value == pytest.approx(C, rel=1e-3)
    assert found.transmissivity is not None
    assert found.transmissivity.value == pytest.approx(T, rel=1e-3)
    assert found.exponent == pytest.approx(2.0, abs=0.02)
    assert not found.warnings
    assert found.head(0.01).value == pytest.approx(float(found.loss.head(0.01)))


def test_intervals_of_a_step_test():
    hits, runs = np.zeros(3), 60
    for seed in range(runs):
        random = np.random.default_rng(seed)
        fall = step_drawdown() + random.normal(0, 0.01, len(STEP_TIME))
        read = FlowSteps.of(STEPS.start, STEPS.flow * (1 + 0.02 * random.normal()))
        found = fit_step_test(read, Observation.of(STEP_TIME, fall, RADIUS, pumped=True))
        truth = float(theis_drawdown(1.0, T, S, RADIUS, found.duration))
        assert found.transmissivity is not None
        hits += [
            found.linear.holds(truth), found.quadratic.holds(C), found.transmissivity.holds(T),
        ]  # fmt: skip
    assert (hits >= 0.9 * runs).all()


def test_another_exponent_is_seen():
    fall = step_drawdown(exponent=3.2, loss=4e6)
    found = fit_step_test(STEPS, Observation.of(STEP_TIME, fall, RADIUS, pumped=True))
    assert found.exponent == pytest.approx(3.2, abs=0.1)
    assert any("Rorabaugh" in text.en for text in found.warnings)


def test_the_line_of_hantush_and_bierschenk():
    flow = np.array([0.004, 0.008, 0.012, 0.016])
    linear, quadratic = hantush_bierschenk(flow, WellLoss(250.0, 8e3).head(flow))
    assert linear.value == pytest.approx(250.0)
    assert quadratic.value == pytest.approx(8e3)
    with pytest.raises(InputError):
        hantush_bierschenk([0.01, 0.02], [1.0, 2.0])


def test_two_steps_are_too_few():
    with pytest.raises(InputError):
        fit_step_test(
            FlowSteps.of([0, 7200], [0.01, 0.02]),
            Observation.of(STEP_TIME, step_drawdown(), RADIUS),
        )


def injection(temperature=10.0, hours=24.0):
    """An injection test whose heads grow with the viscosity of the water."""
    time = np.linspace(60.0, hours * 3600.0, 300)
    steps = FlowSteps.of(0.0, -0.008)
    fall = theis_drawdown(-0.008, T, S, RADIUS, time) * viscosity_ratio(temperature, 10.0)
    return PumpingTest.of(steps, Observation.of(time, fall, RADIUS, pumped=True))


def test_injectivity_is_that_of_the_water_at_ten_degrees():
    warm, cold = (evaluate_injection(injection(t), temperature=t) for t in (10.0, 4.0))
    assert cold.specific_injectivity.value < 0.87 * warm.specific_injectivity.value
    assert warm.at_reference is not None
    assert cold.at_reference is not None
    assert cold.at_reference.value == pytest.approx(warm.at_reference.value, rel=1e-9)
    expected = 0.008 / float(theis_drawdown(0.008, T, S, RADIUS, 0.95 * 86400))
    assert warm.at_reference.value == pytest.approx(expected, rel=1e-3)


def test_what_an_injection_test_says():
    capacity = evaluate_injection(injection(), temperature=10.0).specific_injectivity.value
    worse = evaluate_injection(injection(), temperature=10.0, specific_capacity=2.0 * capacity)
    assert any("50 %" in text.en for text in worse.warnings)
    silent = evaluate_injection(injection())
    assert any("not known" in text.en for text in silent.warnings)
    assert silent.at_reference is None
    short = evaluate_injection(injection(hours=0.4), temperature=10.0)
    assert any("still rises" in text.en for text in short.warnings)


def test_pumping_is_no_injection():
    time = np.linspace(60.0, 3600.0, 50)
    with pytest.raises(InputError):
        evaluate_injection(
            PumpingTest.of(FlowSteps.of(0.0, 0.01), Observation.of(time, np.ones(50), 0.2))
        )
    with pytest.raises(InputError):
        evaluate_injection(
            PumpingTest.of(FlowSteps.of(0.0, -0.01), Observation.of(time, np.ones(50), 0.2))
        )


def circulation(share, seed, volume=1.2):
    """Two hours of a well with a bypass: a step of load, a step of flow, a slow formation."""
    random = np.random.default_rng(seed)
    time = np.arange(0.0, 7200.0, 20.0)
    flow = np.where(time < 3600, 8e-3, 6e-3)
    power = np.where(time < 1800, 100e3, 180e3)
    passed = np.cumsum(flow * 20.0)
    ground = 11.0 - 0.1 * (time / 7200) - 0.05 * (time / 7200) ** 2
    pumped, returned = np.zeros(len(time)), np.zeros(len(time))
    for i in range(len(time)):
        seen = passed[i] > volume
        old = np.interp(passed[i] - volume, passed[:i], returned[:i]) if seen and i else 8.0
        pumped[i] = share * old + (1 - share) * ground[i]
        returned[i] = pumped[i] - power[i] / 4.19e6 / flow[i]
    noise = random.normal(0, 0.02, (2, len(time)))
    return time, pumped + noise[0], returned + noise[1], flow


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2])
def test_a_bypass_within_its_interval(share):
    found = [find_bypass(*circulation(share, seed)) for seed in range(30)]
    assert sum(each.share.holds(share) for each in found) >= 26
    assert sum(each.seen for each in found) >= 26 or share == 0.0
    if share == 0.0:
        assert sum(each.seen for each in found) <= 3
    else:
        assert np.median([each.delay_volume for each in found]) == pytest.approx(1.2, abs=0.3)
        assert "inside the well" in found[0].warnings[0].en


def test_a_bypass_needs_a_step():
    time, pumped, returned, flow = circulation(0.1, 0)
    with pytest.raises(InputError) as caught:
        find_bypass(time, pumped, np.full_like(returned, 8.0), flow)
    assert "jumps by 1 K" in caught.value.problems[0].cure.en
    with pytest.raises(InputError):
        find_bypass(time[:5], pumped[:5], returned[:5], flow[:5])
    with pytest.raises(InputError):
        find_bypass(time, pumped[:-1], returned, flow)


DAYS = np.arange(0.0, 300.0, 3.0)


def clogged(law, rate, seed, noise=0.03):
    """Flow, head, temperature of 300 days, and the true loss at their end."""
    random = np.random.default_rng(seed)
    flow = 0.008 * (1 + 0.1 * random.normal(size=100))
    warmth = 8.0 + 4.0 * np.sin(DAYS / 40.0)
    between = 0.5 * (flow[1:] + flow[:-1]) * np.diff(DAYS) * 86400.0
    volume = np.concatenate([[0.0], np.cumsum(between)])
    first = 2.5e-3
    capacity = (
        first * np.exp(-rate * volume) if law == "exponential" else 1 / (1 / first + rate * volume)
    )
    head = flow / capacity * viscosity_ratio(warmth, 10.0)
    head = head * np.exp(noise * random.normal(size=100))
    return flow, head, warmth, 1 - capacity[-1] / first


@pytest.mark.parametrize(("law", "rate"), [("exponential", 1.5e-6), ("cake", 4e-4), ("cake", 0.0)])
def test_the_loss_within_its_interval(law, rate):
    held = proven = 0
    for seed in range(25):
        flow, head, warmth, loss = clogged(law, rate, seed)
        trend = follow_clogging(DAYS, flow, head, warmth)
        held += trend.loss.holds(loss)
        proven += trend.proven
    assert held >= 22
    assert proven == 25 if rate else proven <= 3


@settings(max_examples=15, deadline=None)
@given(rate=st.floats(1e-7, 3e-6))
def test_exact_decline_and_time_to_its_limit(rate):
    warmth = clogged("exponential", rate, 1)[2]
    flow = np.full(100, 0.008)
    volume = 0.008 * 86400.0 * DAYS
    head = flow / (2.5e-3 * np.exp(-rate * volume)) * viscosity_ratio(warmth, 10.0)
    trend = follow_clogging(
        DAYS, flow, head, warmth, alarms=(0.5, 0.1), head_limit=12.0, coldest=4.0
    )
    assert trend.laws[0].name == "exponential"
    assert trend.laws[0].rate.value == pytest.approx(rate, rel=1e-6)
    assert [alarm.loss for alarm in trend.alarms] == [0.1, 0.5]
    half = np.log(2.0) / rate / (0.008 * 86400.0) - DAYS[-1]
    assert trend.alarms[1].days_left == pytest.approx(max(half, 0.0), rel=1e-6, abs=1e-6)
    assert trend.limit is not None
    # On the day of the limit the coldest water needs the whole head.
    passed = (DAYS[-1] + trend.limit.days_left) * 0.008 * 86400.0
    if trend.limit.days_left > 0.0:
        needed = 0.008 / (2.5e-3 * np.exp(-rate * passed)) * viscosity_ratio(4.0, 10.0)
        assert needed == pytest.approx(12.0, rel=1e-6)


def test_winter_is_not_clogging():
    """Steady well, water cooling from 12 to 4 °C: no decline with temperature, one without."""
    warmth = np.linspace(12.0, 4.0, 100)
    head = 0.008 / 2.5e-3 * viscosity_ratio(warmth, 10.0)
    told = follow_clogging(DAYS, np.full(100, 0.008), head, warmth)
    assert not told.proven
    untold = follow_clogging(DAYS, np.full(100, 0.008), head)
    assert untold.proven
    assert any("winter looks like clogging" in text.en for text in untold.warnings)


def test_alarms_have_their_order():
    flow, head, warmth, _ = clogged("exponential", 1.5e-6, 3)
    trend = follow_clogging(DAYS, flow, head, warmth, alarms=(0.1, 0.3, 0.5))
    left = [alarm.days_left for alarm in trend.alarms]
    assert left == sorted(left)
    assert trend.alarms[0].reached
    assert not trend.alarms[2].reached
    assert trend.alarms[1].earliest <= trend.alarms[1].days_left <= trend.alarms[1].latest


def test_volumes_may_be_measured():
    flow, head, warmth, _ = clogged("cake", 4e-4, 3)
    volume = 5000.0 + 100.0 * DAYS
    trend = follow_clogging(DAYS, flow, head, warmth, volume=volume)
    assert trend.volume_per_day == pytest.approx(100.0)
    assert trend.volume[0] == 0.0


def test_too_few_days_are_said():
    with pytest.raises(InputError):
        follow_clogging(DAYS[:5], np.ones(5), np.ones(5))
    with pytest.raises(InputError):
        follow_clogging(DAYS, np.ones(99), np.ones(100))
