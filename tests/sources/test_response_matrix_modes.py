"""Zones with loads of their own: shared time constants, reciprocity, passivity, recombination."""

from __future__ import annotations

import numpy as np
import pytest

from diwen.problems import InputError
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_functions import g_function, response_matrix
from diwen.sources.response.convolution import convolve
from diwen.sources.response.modes import Response, fit_response, simulate_parameter_sets

HOUR, YEAR = 3600.0, 8760 * 3600.0
CONDUCTIVITY, DIFFUSIVITY = 2.0, 1e-6
TIMES = np.geomspace(HOUR, 20 * YEAR, 48)
FIELD = Boreholes.at([(6.0 * i, 6.0 * j) for i in range(5) for j in range(2)], 100.0, 2.0, 0.075)
ZONE = np.array([0] * 4 + [1] * 6)


@pytest.fixture(scope="module")
def physics():
    return response_matrix(FIELD, ZONE, DIFFUSIVITY, TIMES)


@pytest.fixture(scope="module")
def zones(physics) -> Response:
    per_metre = physics.values / (2 * np.pi * CONDUCTIVITY)
    return fit_response(TIMES, per_metre, tolerance=1e-3, extents=physics.lengths)


def test_the_fit_keeps_reciprocity(zones):
    weighted = zones.resistances / zones.extents[None, :, None]
    largest = np.abs(weighted).max()
    np.testing.assert_allclose(weighted, weighted.transpose(1, 0, 2), rtol=0, atol=1e-9 * largest)
    assert zones.error < 1e-3
    assert zones.modes <= 28


def test_all_but_the_delay_modes_are_passive(zones):
    weighted = np.moveaxis(zones.resistances / zones.extents[None, :, None], -1, 0)
    lowest = np.linalg.eigvalsh(weighted)[:, 0]
    assert (lowest[2:] >= -1e-12 * np.abs(weighted).max()).all()


def test_step_responses_are_those_of_the_physics(zones, physics):
    times = np.geomspace(HOUR, 20 * YEAR, 200)
    exact = physics.at(times) / (2 * np.pi * CONDUCTIVITY)
    diagonal = np.sqrt(np.einsum("iit->it", exact))
    relative = np.abs(zones.at(times) - exact) / (diagonal[:, None] * diagonal[None])
    assert relative.max() < 2e-3


def test_simulation_is_the_sum_of_convolutions(zones, physics):
    load = np.random.default_rng(1).normal(10, 20, size=(2000, 2))
    drops, _ = zones.simulate(load, HOUR)

    def entry(i, j):
        return lambda t: physics.at(t)[i, j] / (2 * np.pi * CONDUCTIVITY)

    for i in range(2):
        exact = sum(convolve(load[:, j], entry(i, j), HOUR) for j in range(2))
        assert np.abs(drops[:, i] - exact).max() < 0.01
        assert np.abs(drops[:, i] - exact).max() <= zones.error_bound(load)


def test_zones_under_one_wall_temperature_make_the_field(zones):
    """The heat rates that keep both walls equal add up to the g-function of the whole field."""
    whole = g_function(FIELD, DIFFUSIVITY, TIMES[[0, -1]]).values[-1] / (2 * np.pi * CONDUCTIVITY)
    # at late times the split is steady, and steps of growing length find it
    rates = np.linalg.solve(zones.at([20 * YEAR])[:, :, 0], np.ones(2))
    mean = rates @ zones.extents / zones.extents.sum()
    assert 1.0 / mean == pytest.approx(whole, rel=0.01)


def test_scenarios_states_and_parameter_sets(zones):
    load = np.random.default_rng(2).normal(size=(3, 60, 2))
    together, states = zones.simulate(load, HOUR)
    assert together.shape == (3, 60, 2)
    for k in range(3):
        alone, state = zones.simulate(load[k], HOUR)
        np.testing.assert_allclose(together[k], alone, rtol=0, atol=1e-14)
        np.testing.assert_allclose(states[k], state, rtol=0, atol=1e-14)
    before, state = zones.simulate(load[0, :30], HOUR)
    after, _ = zones.simulate(load[0, 30:], HOUR, state)
    np.testing.assert_allclose(np.vstack([before, after]), together[0], rtol=0, atol=1e-13)
    sets = simulate_parameter_sets([zones, zones.scaled(2.0)], load[0], HOUR)
    np.testing.assert_allclose(sets[1], 2.0 * sets[0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(sets[0], together[0], rtol=0, atol=1e-14)


def test_heat_of_zones_counts_their_lengths(zones):
    load = np.array([[10.0, 0.0], [0.0, -5.0]])
    heat = zones.heat_balance(load, HOUR)
    np.testing.assert_allclose(heat.supplied, [10 * 400 * HOUR, (10 * 400 - 5 * 600) * HOUR])


def test_places_without_heat_have_rows_of_their_own(physics):
    """One observed place beside two inputs: no symmetry is asked for."""
    rows = physics.values[:1] / (2 * np.pi * CONDUCTIVITY)
    response = fit_response(TIMES, rows, extents=physics.lengths)
    assert response.resistances.shape[:2] == (1, 2)
    assert response.error < 2e-3
    drops, _ = response.simulate(np.ones((24, 2)), HOUR)
    np.testing.assert_allclose(
        drops[-1, 0], rows[0].sum(axis=0)[np.searchsorted(TIMES, 24 * HOUR)], rtol=0.1
    )


def test_a_load_of_another_number_of_zones_is_refused(zones):
    with pytest.raises(InputError, match="does not fit the inputs"):
        zones.simulate(np.ones((10, 3)), HOUR)
