"""A closed loop as modes: against its parts, its zones, and conservation of the load."""

import numpy as np
import pytest

from diwen.problems import InputError
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.closed_loop import YEAR, ClosedLoop
from diwen.sources.borefield.g_functions import g_function
from diwen.sources.borefield.layouts import rectangle
from diwen.sources.borehole.short_time import BoreholeCore

CONDUCTIVITY, CAPACITY, RESISTANCE = 2.0, 2.2e6, 0.1
CORE = BoreholeCore.of_pipes(
    radius=0.075, resistance=RESISTANCE, pipes=4, pipe_inner_radius=0.013,
    pipe_outer_radius=0.016, pipe_conductivity=0.42,
)  # fmt: skip


def field(columns=4, rows=3, spacing=5.0):
    return Boreholes.at(rectangle(columns, rows, spacing), 100.0, 1.5, 0.075)


def loop(zone=(), boreholes=None):
    boreholes = field() if boreholes is None else boreholes
    return ClosedLoop(boreholes, CONDUCTIVITY, CAPACITY, CORE, np.array(zone, int))


def test_after_a_month_the_fluid_is_the_wall_and_the_borehole_resistance():
    whole = loop()
    times = np.geomspace(30 * 86400.0, 50 * YEAR, 20)
    g = g_function(whole.boreholes, whole.diffusivity, times).values
    expected = (g / (2 * np.pi * CONDUCTIVITY) + RESISTANCE) / whole.boreholes.total_length
    assert whole.response().at(times) == pytest.approx(expected, rel=2e-3)


def test_the_first_minutes_only_warm_the_fluid():
    whole = loop()
    rise = whole.response(shortest=30.0).at(np.array([60.0, 600.0, 3600.0]))
    adiabatic = 60.0 / CORE.fluid_capacity / whole.boreholes.total_length
    assert 0.0 < rise[0] <= adiabatic
    assert (np.diff(rise) > 0.0).all()


def test_zones_loaded_alike_answer_as_the_field():
    # Halves that mirror each other share one wall temperature when loaded alike.
    halves = loop(zone=[0, 0, 1, 1] * 3)
    times = np.array([3600.0, 86400.0, 30 * 86400.0, YEAR, 25 * YEAR])
    matrix = halves.step_response()(times)
    together = 0.5 * matrix[0].sum(axis=0)
    assert together == pytest.approx(loop().step_response()(times)[0, 0], rel=2e-3)


def test_what_a_neighbour_takes_is_missed_here_as_much_as_there():
    boreholes = Boreholes.joined([field(3, 2), field(2, 2).moved(x=30.0)])
    two = loop([0] * 6 + [1] * 4, boreholes)
    matrix = two.response().at(np.array([86400.0, YEAR, 25 * YEAR]))
    assert matrix[0, 1] == pytest.approx(matrix[1, 0], rel=1e-6, abs=1e-9)
    assert matrix[0, 1, 0] < 1e-3 * matrix[0, 0, 0]
    assert matrix[0, 1, 2] > 0.05 * matrix[0, 0, 2]


def test_turning_the_work_between_zones_spares_the_ground():
    """The same heat, one zone all year or each zone half of it: the peak drop is smaller."""
    halves = loop(zone=[0, 0, 1, 1] * 3)
    response = halves.response()
    days = 10 * 365
    steady = np.zeros((days, 2))
    steady[:, 0] = 10e3
    turned = np.zeros((days, 2))
    turned[np.arange(days), (np.arange(days) // 30) % 2] = 10e3
    one, _ = response.simulate(steady, 86400.0)
    both, _ = response.simulate(turned, 86400.0)
    assert both.max() < 0.9 * one.max()


def test_impossible_loops_are_refused_with_all_reasons():
    with pytest.raises(InputError) as refused:
        ClosedLoop(field(), -1.0, 0.0, CORE, np.zeros(5, int))
    where = {problem.where for problem in refused.value.problems}
    assert where == {"conductivity", "heat_capacity", "zone"}
