"""Hours with heat pumps: the feedback is solved, the past is exact, zones act on each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import exp1

from diwen.problems import InputError
from diwen.sources.response.convolution import convolve
from diwen.sources.response.hourly import Efficiency, simulate_hourly
from diwen.sources.response.modes import Response, fit_response

HOUR, YEAR = 3600.0, 8760 * 3600.0
LENGTH = 1000.0
COP, EER = Efficiency.linear(4.0, 0.1), Efficiency.linear(8.0, -0.1)
PLANT = {
    "undisturbed_temperature": 12.0,
    "heat_capacity_rate": 8000.0,
    "heating_efficiency": COP,
    "cooling_efficiency": EER,
    "resistance": 0.1 / LENGTH,
}


def wall(times):
    return exp1(0.075**2 / (4e-6 * times)) / (4 * np.pi * 2.0 * LENGTH)


@pytest.fixture(scope="module")
def ground() -> Response:
    return fit_response([HOUR, 3 * YEAR], wall, tolerance=3e-4)


def seasons(seed=0, scale=3e4):
    rng = np.random.default_rng(seed)
    hours = np.arange(8760)
    mixed = np.cos(2 * np.pi * hours / 8760) + 0.4 * rng.normal(size=8760)
    return np.maximum(mixed - 0.2, 0) * scale, np.maximum(-mixed - 0.3, 0) * scale


def taken(result, heat, cold, cop=COP, eer=EER):
    """Heat rate of the ground that the entering temperatures of a result ask for."""
    n = len(result.power) // len(heat)
    heat, cold = np.tile(heat, n), np.tile(cold, n)
    return heat * (1 - 1 / cop.at(result.entering)) - cold * (1 + 1 / eer.at(result.entering))


def test_years_against_exact_convolution(ground):
    heat, cold = seasons()
    result = simulate_hourly(ground, heat, cold, **PLANT, years=3)
    assert result.unsettled == 0
    np.testing.assert_allclose(taken(result, heat, cold), result.ground_load, rtol=0, atol=1e-6)
    wall_drop = convolve(result.ground_load, wall, HOUR)
    exact = 12.0 - wall_drop - PLANT["resistance"] * result.ground_load
    assert np.abs(result.fluid - exact).max() < 0.02
    np.testing.assert_allclose(result.entering - result.leaving, result.ground_load / 8000.0)
    balance = np.tile(heat - cold, 3) - result.ground_load
    np.testing.assert_allclose(balance, result.power * np.sign(balance), atol=1e-6)


@given(
    base=st.floats(-5, 30),
    values=st.lists(st.floats(1.5, 9.0), min_size=1, max_size=6),
    size=st.floats(1e2, 2e5),
    both=st.booleans(),
    cooling=st.booleans(),
)
@settings(max_examples=120, deadline=None)
def test_any_table_is_met(ground, base, values, size, both, cooling):
    table = Efficiency.table(5.0 * np.arange(len(values)) - 5.0, values)
    load = np.full(5, size)
    heat = load * (both or not cooling)
    cold = 0.7 * load * (both or cooling)
    plant = PLANT | {"undisturbed_temperature": base, "heating_efficiency": table}
    result = simulate_hourly(ground, heat, cold, **(plant | {"cooling_efficiency": table}))
    asked = taken(result, heat, cold, table, table)
    if result.unsettled == 0:
        np.testing.assert_allclose(result.ground_load, asked, rtol=0, atol=1e-5 * size)
    assert np.isfinite(result.fluid).all()


def test_ground_loads_pass_unchanged_where_no_work_is_done(ground):
    load = np.array([10.0, 0.0, 25.0]) * 1e3
    plant = PLANT | {"heating_efficiency": Efficiency.constant(np.inf)}
    result = simulate_hourly(ground, load, **plant)
    np.testing.assert_array_equal(result.ground_load, load)
    np.testing.assert_array_equal(result.power, 0.0)
    drops, _ = ground.simulate(load, HOUR)
    np.testing.assert_allclose(12.0 - 1e-4 * load - drops, result.fluid, rtol=0, atol=1e-10)


def test_free_cooling_takes_no_work(ground):
    plant = PLANT | {"cooling_efficiency": None}
    result = simulate_hourly(ground, np.zeros(3), np.full(3, 1e4), **plant)
    np.testing.assert_array_equal(result.ground_load, -1e4)
    np.testing.assert_array_equal(result.power, 0.0)


def test_a_state_goes_on_where_it_ended(ground):
    heat, cold = seasons(1)
    whole = simulate_hourly(ground, heat, cold, **PLANT, years=2)
    first = simulate_hourly(ground, heat, cold, **PLANT)
    second = simulate_hourly(ground, heat, cold, **PLANT, initial_state=first.state)
    np.testing.assert_allclose(second.fluid, whole.fluid[8760:], rtol=0, atol=1e-9)
    np.testing.assert_allclose(second.state, whole.state, rtol=0, atol=1e-6)


def test_years_are_summed_up(ground):
    heat, cold = seasons(2)
    result = simulate_hourly(ground, heat, cold, **PLANT, years=3)
    assert result.yearly_lowest.shape == (3,)
    assert result.yearly_lowest[1] == result.entering[8760:17520].min()
    assert result.yearly_highest[2] == result.entering[17520:].max()
    net = result.yearly_extraction - result.yearly_injection
    np.testing.assert_allclose(net, result.by_year(result.ground_load).sum(axis=1) * HOUR)
    delivered = (heat + cold).sum() * HOUR
    moved = result.yearly_extraction + result.yearly_injection
    work = result.yearly_electricity
    assert (work < delivered / 3).all()
    heating_work = result.by_year(result.power)[:, heat > 0].sum(axis=1) * HOUR
    np.testing.assert_allclose(moved, delivered - heating_work + (work - heating_work))


def test_a_colder_ground_costs_electricity(ground):
    heat, _ = seasons(3)
    warm = simulate_hourly(ground, heat, **PLANT)
    cool = simulate_hourly(ground, heat, **(PLANT | {"undisturbed_temperature": 9.0}))
    assert cool.yearly_electricity[0] > warm.yearly_electricity[0]
    assert cool.yearly_extraction[0] < warm.yearly_extraction[0]


def two_zones(coupling):
    """Two equal zones; each feels a share of the other's response, later modes only."""
    one = fit_response([HOUR, 3 * YEAR], wall, tolerance=3e-4)
    late = np.where(one.time_constants > 30 * 86400.0, coupling, 0.0)
    single = one.resistances[0, 0]
    both = np.array([[single, late * single], [late * single, single]])
    return Response(one.time_constants, both, np.zeros((2, 2)), np.ones(2))


def test_zones_without_coupling_are_alone(ground):
    heat, cold = seasons(4)
    loads = np.stack([heat, 0.5 * heat], axis=1), np.stack([cold, cold], axis=1)
    result = simulate_hourly(two_zones(0.0), *loads, **PLANT)
    for k in range(2):
        alone = simulate_hourly(ground, loads[0][:, k], loads[1][:, k], **PLANT)
        np.testing.assert_allclose(result.fluid[:, k], alone.fluid, rtol=0, atol=1e-5)
        np.testing.assert_allclose(result.power[:, k], alone.power, rtol=0, atol=0.1)
    assert result.yearly_lowest.shape == (1, 2)


def test_a_neighbour_takes_heat_away():
    heat, _ = seasons(5)
    idle = np.stack([heat, np.zeros_like(heat)], axis=1)
    busy = np.stack([heat, heat], axis=1)
    response = two_zones(0.5)
    alone, both = simulate_hourly(response, idle, **PLANT), simulate_hourly(response, busy, **PLANT)
    assert both.fluid[-1, 0] < alone.fluid[-1, 0]
    assert alone.fluid[-1, 1] < 12.0
    drops, _ = response.simulate(both.ground_load, HOUR)
    exact = 12.0 - drops - 1e-4 * both.ground_load
    np.testing.assert_allclose(both.fluid, exact, rtol=0, atol=1e-9)
    asked = busy * (1 - 1 / COP.at(both.entering))
    np.testing.assert_allclose(both.ground_load, asked, rtol=0, atol=0.1)


def test_zones_may_have_their_own_machines():
    heat = np.full((5, 2), 1e4)
    machines = [Efficiency.constant(4.0), Efficiency.table([0, 5, 20], [3.0, 3.0, 3.0])]
    plant = PLANT | {"heating_efficiency": machines}
    result = simulate_hourly(two_zones(0.2), heat, **plant)
    np.testing.assert_allclose(result.power, [[2500.0, 1e4 / 3]] * 5)


def test_wrong_input_is_refused_all_at_once(ground):
    with pytest.raises(InputError) as caught:
        simulate_hourly(ground, [1.0, -2.0], [np.nan, 0.0], **(PLANT | {"heat_capacity_rate": 0.0}))
    said = str(caught.value)
    assert len(caught.value.problems) == 3
    assert "-2 W" in said
    assert "heat_capacity_rate" in said
    with pytest.raises(InputError, match="do not fit each other or the zones"):
        simulate_hourly(ground, np.ones((3, 2)), **PLANT)
    with pytest.raises(InputError, match="rising temperatures"):
        Efficiency.table([0.0, 0.0], [3.0, 4.0])
    with pytest.raises(InputError, match="rising temperatures"):
        Efficiency.constant(0.0)
