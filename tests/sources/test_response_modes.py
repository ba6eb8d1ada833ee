"""Responses as modes: the fit and its stated error, steps of any length, heat that is not lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import dblquad
from scipy.linalg import expm
from scipy.special import erfc, exp1

from diwen.problems import InputError
from diwen.sources.response.convolution import convolve
from diwen.sources.response.heat_release import surface_release
from diwen.sources.response.modes import Response, fit_response, simulate_parameter_sets

HOUR, DAY, YEAR = 3600.0, 86400.0, 8760 * 3600.0
CONDUCTIVITY, DIFFUSIVITY, RADIUS = 2.0, 1e-6, 0.075


def line_source(times, radius=RADIUS):
    """Infinite line source, K per W/m."""
    return exp1(radius**2 / (4 * DIFFUSIVITY * times)) / (4 * np.pi * CONDUCTIVITY)


def slab(times):
    """Surface of a slab of 1 m, held at zero behind: K per W/m² (Carslaw & Jaeger, 3.8)."""
    n = 2 * np.arange(2000) + 1
    decay = np.exp(-(n**2) * np.pi**2 * DIFFUSIVITY * times[:, None] / 4)
    return (1 - 8 / np.pi**2 * (decay / n**2).sum(axis=1)) / CONDUCTIVITY


@pytest.fixture(scope="module")
def wall() -> Response:
    return fit_response([HOUR, 20 * YEAR], line_source, tolerance=3e-4)


@pytest.fixture(scope="module")
def body() -> Response:
    return fit_response([1e3, 1e7], slab, tolerance=1e-4)


def test_the_stated_error_is_the_largest_one(wall):
    times = np.geomspace(wall.shortest, wall.horizon, 7001)
    off = np.abs(wall.at(times) - line_source(times))
    assert wall.error <= 3e-4
    assert (off / line_source(times)).max() == pytest.approx(wall.error, rel=0.05)
    assert off.max() == pytest.approx(wall.absolute_error, rel=0.05)


@pytest.mark.parametrize("tolerance", [3e-3, 1e-3, 3e-4, 1e-4])
def test_more_modes_buy_a_closer_fit(tolerance):
    response = fit_response([HOUR, 50 * YEAR], line_source, tolerance=tolerance)
    assert response.error <= 1.2 * tolerance
    assert response.modes <= 24


def test_values_serve_as_well_as_a_function(wall):
    times = np.geomspace(HOUR, 20 * YEAR, 30)
    response = fit_response(times, line_source(times), tolerance=1e-3)
    check = np.geomspace(HOUR, 20 * YEAR, 999)
    np.testing.assert_allclose(response.at(check), line_source(check), rtol=3e-3)


def test_where_heat_enters_all_modes_are_positive(body):
    assert body.passive
    assert body.error <= 1e-4


def test_a_delayed_start_is_fitted_and_named(wall):
    """The wall of a line source does not answer at once; positive modes alone miss by percents."""
    assert not wall.passive
    assert wall.resistances[0, 0, 0] < 0
    with pytest.raises(InputError, match="ladder"):
        wall.ladder()


def test_step_response_never_falls(wall, body):
    for response in (wall, body):
        times = np.geomspace(response.shortest, 10 * response.horizon, 4000)
        assert (np.diff(response.at(times)) > -1e-15).all()


@pytest.mark.parametrize("step", [HOUR, DAY, 30 * DAY])
def test_constant_load_gives_the_step_response_at_every_time(wall, step):
    count = int(20 * YEAR / step)
    times = step * np.arange(1, count + 1)
    drops, _ = wall.simulate(np.full(count, 40.0), step)
    np.testing.assert_allclose(drops, 40.0 * line_source(times), rtol=wall.error * 1.05)


@given(
    loads=st.lists(st.floats(-100, 100), min_size=1, max_size=12),
    parts=st.integers(2, 60),
    step=st.floats(60.0, 1e7),
)
@settings(max_examples=40, deadline=None)
def test_steps_of_any_length_agree(wall, loads, parts, step):
    coarse, at_end = wall.simulate(loads, step)
    fine, at_fine_end = wall.simulate(np.repeat(loads, parts), step / parts)
    np.testing.assert_allclose(fine[parts - 1 :: parts], coarse, rtol=0, atol=1e-10)
    np.testing.assert_allclose(at_fine_end, at_end, rtol=0, atol=1e-9)


def test_twenty_four_hours_are_a_day(wall):
    hours, state = wall.simulate(np.full(24, 30.0), HOUR)
    day, same = wall.simulate([30.0], DAY)
    assert hours[-1] == pytest.approx(day[0], rel=1e-12)
    np.testing.assert_allclose(state, same, rtol=1e-12)


@given(seed=st.integers(0, 2**32 - 1), first=st.floats(-5, 5), second=st.floats(-5, 5))
@settings(max_examples=25, deadline=None)
def test_superposition(wall, seed, first, second):
    a, b = np.random.default_rng(seed).normal(size=(2, 300)) * 50
    together = wall.simulate(first * a + second * b, HOUR)[0]
    apart = first * wall.simulate(a, HOUR)[0] + second * wall.simulate(b, HOUR)[0]
    np.testing.assert_allclose(together, apart, rtol=0, atol=1e-11)


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_simulation_is_convolution_within_the_stated_error(wall, seed):
    load = np.random.default_rng(seed).normal(10, 30, size=2000)
    error = wall.error_against_convolution(load, HOUR, line_source)
    assert error <= wall.error_bound(load)
    assert error < 0.005
    own = convolve(load, wall.at, HOUR)
    np.testing.assert_allclose(wall.simulate(load, HOUR)[0], own, rtol=0, atol=1e-10)


def test_interrupted_simulation_goes_on(wall):
    load = np.random.default_rng(3).normal(size=500)
    whole, end = wall.simulate(load, HOUR)
    before, state = wall.simulate(load[:200], HOUR)
    after, same_end = wall.simulate(load[200:], HOUR, state)
    np.testing.assert_allclose(np.concatenate([before, after]), whole, rtol=0, atol=1e-13)
    np.testing.assert_allclose(same_end, end, rtol=0, atol=1e-13)


def test_scenarios_at_once_are_scenarios_one_by_one(wall):
    loads = np.random.default_rng(4).normal(size=(3, 2, 100))
    together, states = wall.simulate(loads, HOUR)
    assert together.shape == loads.shape
    assert states.shape == (3, 2, 1, wall.modes)
    for i in range(3):
        for j in range(2):
            alone, state = wall.simulate(loads[i, j], HOUR)
            np.testing.assert_array_equal(together[i, j], alone)
            np.testing.assert_array_equal(states[i, j], state)


def test_parameter_sets_at_once_are_sets_one_by_one(wall):
    load = np.random.default_rng(5).normal(size=100)
    other = fit_response([HOUR, YEAR], line_source)
    for sets in ([wall, wall.scaled(0.8), wall.with_resistance(0.1)], [wall, other]):
        together = simulate_parameter_sets(sets, load, HOUR)
        alone = [one.simulate(load, HOUR)[0] for one in sets]
        np.testing.assert_allclose(together, alone, rtol=0, atol=1e-13)


def test_a_mode_that_answers_nothing_does_no_harm(wall):
    residues = wall.resistances.copy()
    residues[..., 3] = 0.0
    silent = replace(wall, resistances=residues)
    load = np.random.default_rng(6).normal(size=50)
    drops, state = silent.simulate(load, HOUR)
    np.testing.assert_allclose(drops, convolve(load, silent.at, HOUR), rtol=0, atol=1e-13)
    assert np.isfinite(state).all()


def test_resistance_and_scale(wall):
    changed = wall.scaled(2.0).with_resistance(0.1)
    np.testing.assert_allclose(changed.at(1e5), 2.0 * wall.at(1e5) + 0.1, rtol=1e-12)
    assert changed.steady[0, 0] == pytest.approx(2.0 * wall.steady[0, 0] + 0.1)


@pytest.fixture(scope="module")
def released(wall) -> Response:
    return wall.with_release(surface_release(4.0, 100.0, DIFFUSIVITY))


@given(seed=st.integers(0, 2**32 - 1), step=st.floats(60.0, 1e6), mean=st.floats(-50, 50))
@settings(max_examples=40, deadline=None)
def test_energy_in_is_energy_stored_and_released(wall, released, seed, step, mean):
    load = np.random.default_rng(seed).normal(mean, 30, size=1500)
    for response in (wall, released):
        heat = response.heat_balance(load, step)
        moved = np.abs(load).sum() * step
        assert np.abs(heat.supplied - heat.stored - heat.released).max() <= 1e-9 * moved


def test_the_release_is_the_flux_through_the_surface(released):
    """Against the flux of mirrored point sources, integrated over depth and time."""
    depth, length, years = 4.0, 100.0, 20.0

    def passed(time, z):
        return erfc(z / np.sqrt(4 * DIFFUSIVITY * time)) / length

    share, _ = dblquad(passed, depth, depth + length, 0.0, years * YEAR, epsabs=1.0)
    heat = released.heat_balance(np.full(int(years * 365), 50.0), DAY)
    assert released.release.error < 2e-4
    assert heat.released[-1] / heat.supplied[-1] == pytest.approx(share / (years * YEAR), abs=3e-4)
    assert 0.1 < share / (years * YEAR) < 0.3


def test_without_a_release_the_ground_keeps_all(wall):
    heat = wall.heat_balance([1.0, -3.0], HOUR)
    np.testing.assert_array_equal(heat.stored, heat.supplied)
    assert heat.stored[-1] == -2.0 * HOUR


def test_the_extents_make_heat_of_the_inputs(released):
    per_metre = replace(released, extents=np.array([100.0]))
    loads = np.array([3.0, -1.0, 2.0])
    ours, one = per_metre.heat_balance(loads, DAY), released.heat_balance(loads, DAY)
    np.testing.assert_allclose(ours.released, 100.0 * one.released, rtol=1e-9)


def test_ladder_is_the_same_response(body):
    ladder = body.ladder()
    assert (ladder.capacities > 0).all()
    assert (ladder.resistances > 0).all()
    assert ladder.resistances.sum() == pytest.approx(body.steady[0, 0], rel=1e-9)
    count = body.modes
    links = 1.0 / ladder.resistances
    conductance = np.diag(links) - np.diag(links[:-1], 1) - np.diag(links[:-1], -1)
    conductance[1:, 1:] += np.diag(links[:-1])
    generator = np.zeros((count + 1, count + 1))
    generator[:count, :count] = -conductance / ladder.capacities[:, None]
    generator[0, count] = 1.0 / ladder.capacities[0]
    start = np.append(np.zeros(count), 1.0)
    for time in (3e3, 1e5, 3e6):
        nodes = expm(generator * time) @ start
        assert nodes[0] == pytest.approx(body.at(time), rel=1e-7)


def test_the_modes_of_a_slab_make_the_slab():
    """Nodes from the exact modes alone: capacity and steady profile of a slab of 1 m."""
    n = 2 * np.arange(30) + 1
    constants = 4 / (n**2 * np.pi**2 * DIFFUSIVITY)
    residues = 8 / np.pi**2 / n**2 / CONDUCTIVITY
    slab_modes = Response(constants[::-1], residues[::-1][None, None], np.zeros((1, 1)), np.ones(1))
    ladder = slab_modes.ladder()
    assert ladder.resistances.sum() == pytest.approx(1 / CONDUCTIVITY, rel=0.01)
    to_ground = ladder.resistances[::-1].cumsum()[::-1]
    assert ladder.capacities @ to_ground == pytest.approx(0.5 / DIFFUSIVITY, rel=0.01)


def test_times_that_cannot_be_are_refused():
    with pytest.raises(InputError) as caught:
        fit_response([3.0, 2.0, 1.0], [1.0, np.nan, 2.0])
    said = str(caught.value)
    assert "ascending" in said
    assert "too few" in said
    assert "no numbers" in said
    with pytest.raises(InputError, match="horizon"):
        fit_response([HOUR, YEAR], line_source, horizon=2 * YEAR)
    with pytest.raises(InputError, match="does not fit the times"):
        fit_response(np.geomspace(1, 10, 9), np.ones(8))
