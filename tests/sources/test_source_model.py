"""One shape for every source: the same code on a bore field, a well and a river."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erfc, exp1

from diwen.problems import InputError
from diwen.sources.open_water import Intake, open_water_source_model
from diwen.sources.response import (
    Efficiency,
    Response,
    SourceLimits,
    SourceModel,
    fit_response,
    simulate_hourly,
)

HOUR, DAY, YEAR = 3600.0, 86400.0, 8760 * 3600.0
RATE = 4.19e6 * 0.005
STEPS = 8760
WAVE = 10.0 + 6.0 * np.cos(2 * np.pi * np.arange(STEPS) / STEPS)
COP, EER = Efficiency.linear(4.0, 0.1), Efficiency.linear(8.0, -0.1)


def borefield() -> SourceModel:
    wall = fit_response(
        [HOUR, 3 * YEAR], lambda t: exp1(0.075**2 / (4e-6 * t)) / (4 * np.pi * 2000.0)
    )
    return SourceModel("borefield", wall.with_resistance(1e-4), 12.0, RATE, 0.005)


def well() -> SourceModel:
    """A front that arrives after days and spreads, and the mean of pumped and returned water."""

    def step_response(times):
        arrived = 0.6 * erfc(np.sqrt(8 * DAY / times))
        return (arrived + 0.5) / RATE

    response = fit_response([HOUR, YEAR], step_response, direct=0.5 / RATE)
    return SourceModel("circulation_well", response, 11.0, RATE, 0.005)


def river() -> SourceModel:
    return open_water_source_model("surface_water", WAVE, Intake(0.005, 4.19e6))


KINDS = {"borefield": borefield(), "circulation_well": well(), "surface_water": river()}


@pytest.fixture(params=list(KINDS))
def source(request) -> SourceModel:
    return KINDS[request.param]


def limited(source: SourceModel, **limits) -> SourceModel:
    given = vars(source) | {"limits": SourceLimits(**limits)}
    return SourceModel(**given)


def season(seed=0, scale=4e4):
    rng = np.random.default_rng(seed)
    hours = np.arange(STEPS)
    return scale * (np.cos(2 * np.pi * hours / STEPS) + 0.3 * rng.normal(size=STEPS))


def test_whoever_calls_cannot_tell_the_kinds_apart(source):
    load = season()
    course = source.course(load)
    assert course.taken.shape == course.entering.shape == course.leaving.shape == (STEPS,)
    np.testing.assert_array_equal(course.asked, load)
    np.testing.assert_array_equal(course.unmet, 0.0)
    # The heat rate is that of the fluid: rho c Q (entering − leaving).
    heat = (course.entering - course.leaving) * source.heat_capacity_rate
    np.testing.assert_allclose(heat, load, rtol=0, atol=1e-9 * np.abs(load).max())
    drops, _ = source.response.simulate(load, HOUR)
    exact = np.broadcast_to(source.undisturbed_temperature, STEPS) - drops
    np.testing.assert_allclose(course.fluid, exact, rtol=0, atol=1e-9)
    result = source.simulate(
        np.maximum(load, 0), np.maximum(-load, 0), heating_efficiency=COP, cooling_efficiency=EER
    )
    again = source.course(result.ground_load)
    np.testing.assert_allclose(again.entering, result.entering, rtol=0, atol=1e-9)


def test_no_load_no_change(source):
    course = source.course(np.zeros(STEPS))
    at_rest = np.broadcast_to(source.undisturbed_temperature, STEPS)
    np.testing.assert_array_equal(course.entering, at_rest)
    np.testing.assert_array_equal(course.leaving, at_rest)


@given(scale=st.floats(-3.0, 3.0), seed=st.integers(0, 99))
@settings(max_examples=15, deadline=None)
@pytest.mark.parametrize("kind", list(KINDS))
def test_linear_and_reversible_without_limits(kind, scale, seed):
    source, load = KINDS[kind], season(seed)
    at_rest = source.undisturbed_temperature
    once, scaled = source.course(load), source.course(scale * load)
    np.testing.assert_allclose(
        scaled.entering - at_rest, scale * (once.entering - at_rest), rtol=0, atol=1e-8
    )


def test_a_limit_is_held_and_what_it_costs_is_said(source):
    load = season(1, scale=1e5)
    asked = source.course(load)
    low = float(np.quantile(asked.leaving, 0.1))
    high = float(np.quantile(asked.leaving, 0.95))
    held = limited(source, lowest_return=low, highest_return=high, largest_injection=6e4)
    course = held.course(load)
    assert course.leaving[course.taken > 0.0].min() >= low - 1e-9
    assert course.leaving[course.taken < 0.0].max() <= high + 1e-9
    assert course.taken.min() >= -6e4
    np.testing.assert_allclose(course.taken + course.unmet, load, rtol=0, atol=1e-9 * 1e5)
    # Nothing is given up without need: each curtailed step stands on one of its limits.
    cut = course.limited
    assert cut.any()
    back, at_rest = course.leaving, course.taken == 0.0
    too_cold = np.where(at_rest, back <= low, np.abs(back - low) < 1e-7)
    too_warm = np.where(at_rest, back >= high, np.abs(back - high) < 1e-7)
    too_much = np.abs(course.taken + 6e4) < 1e-6
    assert np.where(load > 0.0, too_cold, too_warm | too_much)[cut].all()
    # The source remembers what was really taken.
    again = source.course(course.taken)
    np.testing.assert_allclose(again.entering, course.entering, rtol=0, atol=1e-8)
    total = course.unmet_extraction - course.unmet_injection
    np.testing.assert_allclose(total, (load - course.taken).sum() * HOUR, rtol=1e-9)


def test_heat_pumps_at_a_limit_deliver_what_is_left(source):
    load = season(2, scale=6e4)
    heat, cold = np.maximum(load, 0), np.maximum(-load, 0) + 2e3
    free = source.simulate(heat, cold, heating_efficiency=COP, cooling_efficiency=EER)
    np.testing.assert_array_equal(free.unmet_heating, 0.0)
    held = limited(source, largest_extraction=1.5e4, largest_injection=2e4)
    result = held.simulate(heat, cold, heating_efficiency=COP, cooling_efficiency=EER)
    given_heat, given_cold = heat - result.unmet_heating, cold - result.unmet_cooling
    assert given_heat.min() >= 0.0
    assert given_cold.min() >= -1e-9
    assert (result.unmet_heating > 0).any()
    assert (result.unmet_cooling > 0).any()
    assert result.ground_load.max() <= 1.5e4 + 1e-6
    assert result.ground_load.min() >= -2e4 - 1e-6
    # First law, and the efficiencies of the temperatures that came out.
    given = result.ground_load + result.power
    np.testing.assert_allclose(given_heat - given_cold, given, rtol=0, atol=1e-6)
    work = given_heat / COP.at(result.entering) + given_cold / EER.at(result.entering)
    np.testing.assert_allclose(work, result.power, rtol=0, atol=0.1)
    shortage = result.unmet_heating > 0
    np.testing.assert_allclose(result.ground_load[shortage], 1.5e4, rtol=0, atol=0.1)


def test_limits_that_never_bind_change_nothing(source):
    load = season(3)
    heat, cold = np.maximum(load, 0), np.maximum(-load, 0)
    plant = {"heating_efficiency": COP, "cooling_efficiency": EER, "years": 2}
    free = source.simulate(heat, cold, **plant)
    wide = limited(source, lowest_return=-99.0, highest_return=99.0, largest_extraction=1e9)
    held = wide.simulate(heat, cold, **plant)
    np.testing.assert_allclose(held.fluid, free.fluid, rtol=0, atol=1e-9)
    np.testing.assert_allclose(held.power, free.power, rtol=0, atol=1e-6)
    np.testing.assert_allclose(held.state, free.state, rtol=0, atol=1e-6)
    assert held.unsettled == free.unsettled == 0


def test_a_course_goes_on_where_it_ended(source):
    load = season(4)
    whole = source.course(load, years=2)
    first = source.course(load)
    second = source.course(load, initial_state=first.state)
    np.testing.assert_allclose(second.fluid, whole.fluid[STEPS:], rtol=0, atol=1e-9)


def test_a_changing_temperature_is_added_to_the_answer_of_the_ground():
    source = borefield()
    moving = SourceModel(**(vars(source) | {"undisturbed_temperature": WAVE}))
    load = season(5)
    difference = moving.course(load, years=2).fluid - source.course(load, years=2).fluid
    np.testing.assert_allclose(difference, np.tile(WAVE - 12.0, 2), rtol=0, atol=1e-9)


def test_zones_may_have_their_own_courses_of_temperature():
    one = borefield().response
    residues = np.zeros((2, 2, one.modes))
    residues[0, 0] = residues[1, 1] = one.resistances[0, 0]
    both = Response(one.time_constants, residues, np.zeros((2, 2)), np.ones(2))
    heat = np.abs(season(6))[:, None] * [1.0, 0.5]
    courses = np.stack([WAVE, WAVE[::-1]], axis=1)
    plant = {"heat_capacity_rate": RATE, "heating_efficiency": COP}
    result = simulate_hourly(both, heat, undisturbed_temperature=courses, **plant)
    for k in range(2):
        alone = simulate_hourly(
            Response(one.time_constants, one.resistances, np.zeros((1, 1)), np.ones(1)),
            heat[:, k], undisturbed_temperature=courses[:, k], **plant,
        )  # fmt: skip
        np.testing.assert_allclose(result.fluid[:, k], alone.fluid, rtol=0, atol=1e-5)
    # One value each stays one value each, also where there are as many steps as zones.
    short = simulate_hourly(both, heat[:2], undisturbed_temperature=[12.0, 9.0], **plant)
    np.testing.assert_allclose(short.fluid[0] > 9.5, [True, False])


@given(
    direct=st.floats(1e-5, 1e-3),
    rate=st.floats(1e3, 1e5),
    load=st.lists(st.floats(-1e5, 1e5), min_size=1, max_size=6),
    low=st.floats(0.0, 12.0),
)
@settings(max_examples=60, deadline=None)
def test_without_memory_a_course_is_plain_arithmetic(direct, rate, load, low):
    response = Response(np.empty(0), np.empty((1, 1, 0)), np.full((1, 1), direct), np.ones(1))
    source = SourceModel("x", response, 12.0, rate, 0.01, SourceLimits(lowest_return=low))
    course = source.course(load)
    possible = (12.0 - low) / (direct + 0.5 / rate)
    taken = np.minimum(load, possible)
    np.testing.assert_allclose(course.taken, taken, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(course.fluid, 12.0 - direct * taken, rtol=0, atol=1e-9)


def test_a_resistance_may_grow_and_stays_at_another_flow():
    source, load = borefield(), season(7)
    growing = np.linspace(0.0, 2e-4, STEPS)
    fouled = source.with_resistance(growing)
    difference = source.course(load).fluid - fouled.course(load).fluid
    np.testing.assert_allclose(difference, growing * load, rtol=0, atol=1e-9)
    added = river().with_resistance(1e-4).with_flow(0.004)
    np.testing.assert_allclose(added.response.steady, 0.5 / (4.19e6 * 0.004) + 1e-4)
    slow = river().with_resistance(growing).with_flow(0.004)
    np.testing.assert_array_equal(slow.resistance, growing)
    assert source.course(load, flow=0.005).fluid[0] == source.course(load).fluid[0]
    with pytest.raises(InputError, match="one flow only"):
        source.course(load, flow=0.004)


def test_less_flow_in_some_steps_widens_the_difference_there():
    shares = np.where(np.arange(STEPS) < 100, 0.5, 1.0)
    source = SourceModel(**(vars(borefield()) | {"flow_shares": shares}))
    course = source.course(np.full(STEPS, 1e4), years=2)
    expected = np.tile(1e4 / (RATE * shares), 2)
    np.testing.assert_allclose(course.entering - course.leaving, expected, rtol=1e-9)


def test_what_cannot_be_is_refused():
    source, load = borefield(), np.ones(24)
    for changed, said in (
        ({"undisturbed_temperature": WAVE}, "fit neither the steps"),
        ({"undisturbed_temperature": np.where(load > 0, np.nan, 1.0)}, "missing"),
        ({"limits": SourceLimits(largest_extraction=np.ones(3))}, "fit neither the steps"),
    ):
        with pytest.raises(InputError, match=said):
            SourceModel(**(vars(source) | changed)).course(load)
    with pytest.raises(InputError) as caught:
        SourceModel("x", source.response, 12.0, -1.0, 0.0, SourceLimits(9.0, 4.0, -1.0),
                    flow_shares=np.array([0.0]))  # fmt: skip
    assert len(caught.value.problems) == 5
    with pytest.raises(InputError, match="below zero or no number"):
        source.course([1.0, np.nan])
