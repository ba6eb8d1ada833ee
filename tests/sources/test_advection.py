"""g-functions with groundwater against direct quadrature and against the ground at rest."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.borefield.advection import g_function_with_groundwater
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_functions import g_function
from diwen.sources.borefield.groundwater_flow import GroundwaterFlow
from diwen.sources.borefield.layouts import rectangle
from diwen.sources.ground.moving_line_source import (
    moving_finite_line_source,
    moving_finite_line_source_wall,
)

A = 1e-6
RATE = "uniform heat rate"
WALL = "uniform wall temperature"
TIMES = np.array([1e5, 1e7, 3e8, 1e9, 1e10, math.inf])
FIELD = Boreholes.at(rectangle(3, 2, 6), 100, 4, 0.075)


def flow(velocity, angle=0.3, top=0.0, bottom=math.inf):
    """Heat moves at ``velocity``: the ground has half the heat capacity of water."""
    return GroundwaterFlow.of(np.asarray(velocity) / 2, angle, 4.19e6 / 2, top, bottom)


@pytest.mark.parametrize("velocity", [1e-8, 1e-6, 1e-5])
def test_single_borehole_against_quadrature(velocity):
    hole = FIELD.take([0])
    g = g_function_with_groundwater(hole, A, TIMES, flow(velocity), boundary=RATE)
    direct = moving_finite_line_source_wall(0.075, TIMES, A, velocity, 100, 4)
    assert g.values == pytest.approx(direct, rel=1e-8)


@pytest.mark.parametrize("velocity", [1e-8, 1e-7, 1e-6, 1e-5])
def test_field_against_superposed_quadrature(velocity):
    angle, total = 0.3, 0.0
    unequal = Boreholes.of(FIELD.x, FIELD.y, [100, 60, 100, 100, 60, 100], 4, 0.075)
    for i in range(unequal.count):
        total = total + unequal.length[i] * moving_finite_line_source_wall(
            0.075, TIMES, A, velocity, unequal.length[i], 4
        )
        for j in set(range(unequal.count)) - {i}:
            dx, dy = unequal.x[i] - unequal.x[j], unequal.y[i] - unequal.y[j]
            along = dx * math.cos(angle) + dy * math.sin(angle)
            across = dy * math.cos(angle) - dx * math.sin(angle)
            total = total + unequal.length[i] * moving_finite_line_source(
                along, across, TIMES, A, velocity, unequal.length[j], 4, unequal.length[i], 4
            )
    g = g_function_with_groundwater(unequal, A, TIMES, flow(velocity, angle), boundary=RATE)
    assert g.values == pytest.approx(total / unequal.total_length, rel=1e-7)


@pytest.mark.parametrize("boundary", [RATE, WALL])
def test_without_flow_it_is_the_other_engine(boundary):
    moving = g_function_with_groundwater(FIELD, A, TIMES, flow(0.0), boundary=boundary)
    still = g_function(FIELD, A, TIMES, boundary=boundary, mode="accurate")
    assert moving.values == pytest.approx(still.values, rel=2e-5)


@pytest.mark.parametrize("velocity", [1e-7, 1e-6, 1e-5])
def test_one_segment_per_borehole_and_equal_walls(velocity):
    """The wall temperatures found by the linear system really are equal: one borehole has one."""
    hole = FIELD.take([0])
    moving = flow(velocity)
    one = g_function_with_groundwater(hole, A, TIMES, moving, boundary=WALL, segments=1)
    rate = g_function_with_groundwater(hole, A, TIMES, moving, boundary=RATE)
    assert one.values == pytest.approx(rate.values, rel=1e-6)


@pytest.mark.parametrize("velocity", [1e-8, 1e-6])
def test_equal_walls_against_a_matrix_by_quadrature(velocity):
    """Steady state with one segment per borehole: the matrix of responses, solved."""
    angle, matrix = 0.3, np.empty((6, 6))
    for i, j in np.ndindex(6, 6):
        dx, dy = FIELD.x[i] - FIELD.x[j], FIELD.y[i] - FIELD.y[j]
        along = dx * math.cos(angle) + dy * math.sin(angle)
        across = dy * math.cos(angle) - dx * math.sin(angle)
        if i == j:
            h = moving_finite_line_source_wall(0.075, math.inf, A, velocity, 100, 4)
        else:
            h = moving_finite_line_source(along, across, math.inf, A, velocity, 100, 4)
        matrix[i, j] = h
    expected = 6 / np.linalg.inv(matrix).sum()
    g = g_function_with_groundwater(FIELD, A, [1e9, math.inf], flow(velocity, angle), segments=1)
    assert g.values[-1] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("velocity", [1e-8, 1e-7, 1e-6, 1e-5])
def test_steady_state_is_reached_and_the_error_holds(velocity):
    g = g_function_with_groundwater(FIELD, A, [1e5, 1e8, 1e13, math.inf], flow(velocity))
    assert g.values[2] == pytest.approx(g.values[3], rel=1e-4 + g.error)
    assert g.error < 3e-3
    rate = g_function_with_groundwater(FIELD, A, [math.inf], flow(velocity), boundary=RATE)
    assert g.values[3] <= 1.05 * rate.values[0]


@pytest.mark.parametrize("boundary", [RATE, WALL])
def test_field_and_flow_turned_together(boundary):
    turn = 1.1
    whole = g_function_with_groundwater(FIELD, A, TIMES, flow(3e-7), boundary=boundary)
    turned = g_function_with_groundwater(
        FIELD.moved(5, -3, turn), A, TIMES, flow(3e-7).turned(turn), boundary=boundary
    )
    assert turned.values == pytest.approx(whole.values, rel=1e-6)
    assert flow(3e-7).turned(turn).velocity == pytest.approx(flow(3e-7, 0.3 + turn).velocity)


def test_mirrored_flow_leaves_a_symmetric_field_alone():
    """0.3 and -0.3 are mirror images of each other in a rectangle."""
    one = g_function_with_groundwater(FIELD, A, TIMES, flow(3e-7, 0.3))
    other = g_function_with_groundwater(FIELD, A, TIMES, flow(3e-7, -0.3))
    assert one.values == pytest.approx(other.values, rel=1e-6)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 40), st.floats(0, 40)), min_size=2, max_size=5),
    st.floats(0, 1e-6),
    st.floats(-3, 3),
)
def test_reversed_flow_exchanges_emitters_and_receivers(places, velocity, angle):
    plan = np.array([(x + 50 * i, y) for i, (x, y) in enumerate(places)])
    field = Boreholes.at(plan, 80, 2, 0.07)
    layers = {"top": [0, 30], "bottom": [10, 60]}
    forth = flow([velocity, velocity / 3], angle, **layers)
    back = flow([velocity, velocity / 3], angle + math.pi, **layers)
    one = g_function_with_groundwater(field, A, [1e7, 1e9], forth, boundary=RATE)
    other = g_function_with_groundwater(field, A, [1e7, 1e9], back, boundary=RATE)
    assert one.values == pytest.approx(other.values, rel=1e-7)


@pytest.mark.parametrize("boundary", [RATE, WALL])
def test_layers_of_one_velocity_are_one_layer(boundary):
    """Layers with the same flow change nothing but the mesh."""
    whole = g_function_with_groundwater(FIELD, A, TIMES, flow(3e-7), boundary=boundary, segments=12)
    cut = flow([3e-7, 3e-7], 0.3, [0, 50], [50, 400])
    parts = g_function_with_groundwater(FIELD, A, TIMES, cut, boundary=boundary, segments=12)
    # With equal walls a finer mesh by itself moves g a little.
    assert parts.values == pytest.approx(whole.values, rel=1e-7 if boundary == RATE else 5e-3)


def test_an_aquifer_lies_between_no_flow_and_flow_everywhere():
    aquifer = flow(1e-6, 0.3, 40, 60)
    for boundary in (RATE, WALL):
        values = [
            g_function_with_groundwater(FIELD, A, TIMES, f, boundary=boundary).values[2:]
            for f in (flow(1e-6), aquifer, flow(0.0))
        ]
        assert (values[0] < values[1]).all()
        assert (values[1] < values[2]).all()


def test_thick_layers_add_up_by_their_lengths():
    """Where most of a borehole is far from the border, each part has the g of its own ground."""
    hole = Boreholes.of(0, 0, 200, 0, 0.075)
    times = [1e6, 1e7]
    half = flow(1e-5, 0, 100, 400)
    both = g_function_with_groundwater(hole, A, times, half, boundary=RATE).values
    moving = moving_finite_line_source_wall(0.075, times, A, 1e-5, 100, 300)
    still = moving_finite_line_source_wall(0.075, times, A, 0.0, 100, 0)
    assert both == pytest.approx((moving + still) / 2, rel=0.02)


def test_few_patterns_stand_for_every_borehole(monkeypatch):
    """Boreholes that share the heat in patterns, against every borehole solved on its own."""
    field = Boreholes.at(rectangle(5, 3, 6), 100, 4, 0.075)
    few = g_function_with_groundwater(field, A, TIMES, flow(1e-6))
    monkeypatch.setattr("diwen.sources.borefield.moving_field._EACH", 100)
    each = g_function_with_groundwater(field, A, TIMES, flow(1e-6))
    change = np.abs(few.values / each.values - 1).max()
    assert 0 < change < 1e-5
    assert change < few.error


def test_at_other_times_agrees():
    g = g_function_with_groundwater(FIELD, A, [1e5, 1e9], flow(3e-7))
    again = g_function_with_groundwater(FIELD, A, [1e7], flow(3e-7))
    assert g.at([1e7]) == pytest.approx(again.values, rel=1e-4)


def test_bad_input_is_told_at_once():
    with pytest.raises(InputError) as caught:
        GroundwaterFlow.of([-1e-6, 1e-6], 0.0, [2e6, -1], [0, 20], [30, 10])
    assert len(caught.value.problems) == 3
    with pytest.raises(InputError, match="overlap"):
        GroundwaterFlow.of(1e-6, 0.0, 2e6, [0, 20], [30, 40])
    with pytest.raises(InputError, match="different lengths"):
        GroundwaterFlow.of([1e-6, 1e-6], 0.0, 2e6, [0, 20, 30], [30, 40, 50])
    leaning = Boreholes.of(0, 0, 100, 4, 0.075, tilt=0.2)
    with pytest.raises(InputError) as caught:
        g_function_with_groundwater(leaning, -1, [0.0], flow(1e-6), boundary="equal inlet")  # type: ignore[arg-type]
    assert len(caught.value.problems) == 4


def test_the_steady_state_alone_is_that_beside_other_times():
    pair = Boreholes.of([0.0, 6.0], 0.0, 100.0, 1.0, 0.075)
    flow = GroundwaterFlow.of(1e-6, 0.0, 2.4e6)
    both = g_function_with_groundwater(pair, 1e-6, [1e9, np.inf], flow)
    alone = g_function_with_groundwater(pair, 1e-6, [np.inf], flow)
    assert alone.values[0] == pytest.approx(both.values[1], rel=1e-9)
