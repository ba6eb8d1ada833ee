"""Temperatures anywhere in the ground against direct quadrature and against balances."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_functions import g_function, response_matrix
from diwen.sources.borefield.ground_temperature import ground_response, neighbour_response
from diwen.sources.borefield.groundwater_flow import GroundwaterFlow
from diwen.sources.borefield.layouts import rectangle
from diwen.sources.borefield.places import Places
from diwen.sources.ground.layers import DAY, Ground, Layers, SurfaceWave
from diwen.sources.ground.line_sources import finite_line_source, finite_line_source_point
from diwen.sources.ground.moving_line_source import (
    moving_finite_line_source,
    moving_finite_line_source_point,
)

A = 1e-6
TIMES = np.array([1e5, 1e7, 1e9, math.inf])
ONE = Boreholes.of(0, 0, 100, 4, 0.075)
FIELD = Boreholes.of([0, 6, 0], [0, 0, 7], [100, 80, 60], [4, 2, 4], 0.075)


def flow(velocity, angle=0.3, top=0.0, bottom=math.inf):
    return GroundwaterFlow.of(np.asarray(velocity) / 2, angle, 4.19e6 / 2, top, bottom)


@pytest.mark.parametrize("depth", [0.5, 4.0, 50.0, 104.0, 130.0])
@pytest.mark.parametrize("distance", [0.075, 2.0, 40.0])
def test_points_against_quadrature(depth, distance):
    response = ground_response(Places.of(0.6 * distance, 0.8 * distance, depth), ONE, A)
    direct = finite_line_source_point(distance, depth, TIMES, A, 100, 4)
    assert response.at(TIMES)[0, 0] == pytest.approx(direct, abs=2e-7, rel=1e-6)


@pytest.mark.parametrize("velocity", [1e-8, 1e-6, 1e-5])
def test_points_in_moving_ground_against_quadrature(velocity):
    places = Places.of([3.0, -5.0, 30.0], [1.0, 2.0, 9.0], [20.0, 3.0, 120.0])
    got = ground_response(places, ONE, A, flow=flow(velocity, 0.0)).at(TIMES)[:, 0]
    for p in range(3):
        x, y, z = places.x[p], places.y[p], places.top[p]
        direct = moving_finite_line_source_point(x, y, z, TIMES, A, velocity, 100, 4)
        assert got[p] == pytest.approx(direct, abs=2e-7, rel=1e-6)


def test_intervals_and_many_boreholes():
    places = Places.of([3, 20], 1, [10, 50], [60, 150])
    own = ground_response(places, FIELD, A, group=range(3))
    moving = ground_response(places, FIELD, A, group=range(3), flow=flow(3e-7, 0.0))
    for p in range(2):
        for j in range(3):
            dx, dy = places.x[p] - FIELD.x[j], places.y[p] - FIELD.y[j]
            ends = (places.bottom[p] - places.top[p], places.top[p])
            source = (FIELD.length[j], FIELD.buried_depth[j])
            direct = finite_line_source(math.hypot(dx, dy), TIMES, A, *source, *ends)
            assert own.at(TIMES)[p, j] == pytest.approx(direct, abs=2e-7)
            direct = moving_finite_line_source(dx, dy, TIMES, A, 3e-7, *source, *ends)
            assert moving.at(TIMES)[p, j] == pytest.approx(direct, abs=2e-7)
    assert (own.error(TIMES) < 1e-5).all()
    together = ground_response(places, FIELD, A).at(TIMES)[:, 0]
    assert together == pytest.approx(own.at(TIMES).sum(axis=1), rel=1e-12)


def test_wall_is_the_g_function():
    """The mean over the walls of a field that gives the same everywhere is its g."""
    field = Boreholes.at(rectangle(3, 2, 6), 100, 4, 0.075)
    walls = Places.of(field.x, field.y, 4, 104)
    g = g_function(field, A, TIMES, boundary="uniform heat rate", mode="accurate")
    mean = ground_response(walls, field, A).at(TIMES)[:, 0].mean(axis=0)
    assert mean == pytest.approx(g.values, rel=2e-5)


def test_surface_and_far_field_are_undisturbed():
    places = Places.of([1, 3000], 0, [0, 50])
    response = ground_response(places, ONE, A)
    assert response.at(TIMES)[0, 0] == pytest.approx(np.zeros(4), abs=1e-12)
    assert response.at([3e9])[1, 0] == pytest.approx(0, abs=1e-12)


def test_heat_lost_equals_heat_extracted():
    """Before the heat reaches the surface: 2π ∫ ρc ΔT r dr over all depths is q' H t."""
    time, node, weight = 3e6, *np.polynomial.legendre.leggauss(120)
    r = np.exp(0.5 * (math.log(40) + math.log(0.075)) + 0.5 * math.log(40 / 0.075) * node)
    wr = 0.5 * math.log(40 / 0.075) * weight * r
    deep = Boreholes.of(0, 0, 40, 60, 0.075)
    places = Places.of(r, 0, 0.0, 200.0)
    drop = ground_response(places, deep, A).at([time])[:, 0, 0]
    # ΔT = q'/(2πk) h, so 2π ρc ∫ h r dr · 200 m/(2πk) = 40 m · t. Inside the wall
    # the line source itself goes on as ln(r_b/r), ½ in the mean, along 40 of the 200 m.
    lost = 200 * np.sum(wr * r * drop) / A
    inside = 200 * 0.5 * 0.075**2 * (drop[0] + 0.5 * 40 / 200) / A
    assert lost + inside == pytest.approx(40 * time, rel=1e-5)


def test_load_by_transforms_is_the_sum_of_steps():
    rng = np.random.default_rng(5)
    load = rng.normal(10, 30, (3, 60))
    places = Places.of([2, 9], 1, 30)
    response = ground_response(places, FIELD, A, group=range(3))
    step, k = 30 * DAY, 2.0
    drops = response.drops(load, step, k)
    edges = step * np.arange(61)
    change = np.diff(load, prepend=0, axis=1)
    for n in (0, 20, 59):
        ages = edges[n + 1] - edges[: n + 1]
        direct = np.einsum("gt,pgt->p", change[:, : n + 1], response.at(ages)) / (2 * math.pi * k)
        assert drops[:, n] == pytest.approx(direct, abs=1e-9)
        at = response.drops_at(edges[n + 1], edges, load, k)
        assert at == pytest.approx(direct, abs=1e-9)
    # A moment inside a step and after the end of the load.
    late = response.drops_at(200 * step, edges, load, k)
    padded = response.drops(np.pad(load, ((0, 0), (0, 140))), step, k)[:, -1]
    assert late == pytest.approx(padded, abs=1e-9)


def test_hours_and_months_agree():
    places = Places.of(2, 1, 30)
    response = ground_response(places, ONE, A)
    months = np.array([30.0, 10.0, -20.0])
    hours = np.repeat(months, 720)
    fine = response.drops(hours, 3600.0, 2.0)[:, 719::720]
    assert fine == pytest.approx(response.drops(months, 720 * 3600.0, 2.0), abs=1e-9)


def test_temperature_with_the_seasons():
    ground = Ground(Layers.of(0, 2.0, 2e6), 11.0, 0.06, SurfaceWave.of_day(10.0, 20))
    places = Places.of(3, 0, [2.0, 50.0, 4.0], [2.0, 50.0, 104.0])
    response = ground_response(places, ONE, A)
    none = response.temperatures(ground, np.zeros(12), 30 * DAY, 2.0, start=5 * DAY)
    assert none[0] == pytest.approx(ground.temperature(2.0, (5 + 30 * np.arange(1, 13)) * DAY))
    assert none[1] == pytest.approx(np.full(12, 11 + 1.5), abs=1e-3)
    assert none[2, 3] == pytest.approx(ground.mean_temperature(4, 104, 125 * DAY))
    cold = response.temperatures(ground, np.full(12, 40.0), 30 * DAY, 2.0, start=5 * DAY)
    drop = 40 / (4 * math.pi) * float(finite_line_source_point(3, 50, 360 * DAY, A, 100, 4))
    assert none[1, -1] - cold[1, -1] == pytest.approx(drop, abs=1e-6)


def test_neighbour_is_the_matrix_of_zones():
    own = Boreholes.at(rectangle(2, 2, 6), 100, 4, 0.075)
    other = Boreholes.at(rectangle(3, 2, 6), 60, 4, 0.075).moved(x=25)
    both = Boreholes.joined([own, other])
    matrix = response_matrix(
        both, [0] * 4 + [1] * 6, A, TIMES[1:3], boundary="uniform heat rate", mode="accurate"
    )
    got = neighbour_response(own, other, A, TIMES[1:3])
    assert got == pytest.approx(matrix.values[0, 1], abs=2e-5)
    # Reciprocity: lengths times responses are the same both ways.
    back = neighbour_response(other, own, A, TIMES)
    forth = neighbour_response(own, other, A, TIMES)
    assert own.total_length * forth == pytest.approx(other.total_length * back, rel=1e-6)
    downstream = neighbour_response(other, own, A, TIMES, flow=flow(1e-7, 0.0))
    assert (downstream[2:] > 1.02 * back[2:]).all()


@settings(max_examples=15, deadline=None)
@given(st.floats(0.1, 60), st.floats(1.01, 3), st.floats(0, 150), st.floats(5, 9.5))
def test_nearer_and_later_is_colder(distance, factor, depth, decade):
    places = Places.of([distance, distance * factor], 0, depth)
    h = ground_response(places, ONE, A).at([10**decade, 3 * 10**decade])[:, 0]
    assert h[0, 0] >= h[1, 0] - 1e-7
    assert (h[:, 1] >= h[:, 0] - 1e-12).all()
    assert (h >= 0).all()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(-50, 50), min_size=3, max_size=8), st.integers(1, 5))
def test_a_later_load_acts_later(load, shift):
    response = ground_response(Places.of(2, 0, 40), ONE, A)
    drops = response.drops(load, 5 * DAY, 2.0)
    later = response.drops([0.0] * shift + load, 5 * DAY, 2.0)
    assert later[:, shift:] == pytest.approx(drops, abs=1e-9)
    assert response.drops(2 * np.array(load), 5 * DAY, 2.0) == pytest.approx(2 * drops, abs=1e-9)


def test_bad_input():
    with pytest.raises(InputError, match="above the surface"):
        Places.of(0, 0, -1)
    with pytest.raises(InputError) as caught:
        ground_response(
            Places.of(0, 0, 1), Boreholes.of(0, 0, 9, 1, 0.1, tilt=0.1), -1, group=[0, 1]
        )
    assert len(caught.value.problems) == 3
    response = ground_response(Places.of(1, 0, 1), FIELD, A, group=range(3))
    with pytest.raises(InputError, match="number of loads"):
        response.drops(np.zeros((2, 5)), 3600, 2)
    with pytest.raises(InputError, match="edges"):
        response.drops_at(1e6, [0, 1], [1, 2, 3], 2)
