"""The first minutes of a borehole: limits, another solution of the same layers, a real sandbox."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import eigh_tridiagonal
from scipy.sparse import coo_matrix, diags
from scipy.sparse.linalg import splu
from scipy.special import exp1

from diwen.problems import InputError
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_functions import g_function
from diwen.sources.borehole.short_time import (
    BoreholeCore,
    fluid_step_response,
    joined_step_response,
)
from diwen.sources.ground.line_sources import finite_line_source
from diwen.sources.response.convolution import convolve
from diwen.sources.response.modes import fit_response

EXAMPLES = Path(__file__).parents[2] / "examples"
CONDUCTIVITY, HEAT_CAPACITY = 2.0, 2.4e6
DIFFUSIVITY = CONDUCTIVITY / HEAT_CAPACITY


def double_u(**changes) -> BoreholeCore:
    given = {
        "radius": 0.075,
        "resistance": 0.12,
        "pipes": 4,
        "pipe_inner_radius": 0.013,
        "pipe_outer_radius": 0.016,
        "pipe_conductivity": 0.4,
    }
    return BoreholeCore.of_pipes(**(given | changes))


def pile(radius, **changes) -> BoreholeCore:
    return double_u(
        radius=radius, resistance=0.07, pipes=8, pipe_inner_radius=0.0102, pipe_outer_radius=0.0125,
        **changes,
    )  # fmt: skip


def rings(inner, outer, conductivity, capacity, cells):
    """Capacities, and resistances between centres and both edges, of rings on a log grid."""
    edges = np.geomspace(inner, outer, cells + 1)
    centres = np.sqrt(edges[1:] * edges[:-1])
    half_in = np.log(centres / edges[:-1]) / (2 * np.pi * conductivity)
    half_out = np.log(edges[1:] / centres) / (2 * np.pi * conductivity)
    return np.pi * (edges[1:] ** 2 - edges[:-1] ** 2) * capacity, half_in, half_out


def finite_volumes(core, times):
    """Fluid temperature from a fine grid of rings, exact in time by its eigenvectors."""
    ratio = core.pipe_outer_radius / core.pipe_inner_radius
    wall = np.log(ratio) / (2 * np.pi * core.pipe_resistance)
    grout = np.log(core.radius / core.pipe_outer_radius) / (2 * np.pi * core.grout_resistance)
    layers = [
        rings(core.pipe_inner_radius, core.pipe_outer_radius, wall, core.pipe_heat_capacity, 60),
        rings(core.pipe_outer_radius, core.radius, grout, core.grout_heat_capacity, 150),
        rings(core.radius, 200.0, CONDUCTIVITY, HEAT_CAPACITY, 700),
    ]
    capacity = np.concatenate([[core.fluid_capacity], *(layer[0] for layer in layers)])
    inward = np.concatenate([layer[1] for layer in layers])
    outward = np.concatenate([[core.film_resistance], *(layer[2] for layer in layers)])
    links = 1.0 / (outward[:-1] + inward)
    diagonal = np.append(links, 0.0) + np.append(0.0, links)
    root = np.sqrt(capacity)
    values, vectors = eigh_tridiagonal(diagonal / capacity, -links / (root[:-1] * root[1:]))
    values = np.maximum(values, 1e-14)
    weights = vectors[0] ** 2 / capacity[0] / values
    return -np.expm1(-times[:, None] * values) @ weights


@pytest.mark.parametrize("core", [double_u(), double_u(pipes=2, resistance=0.2), pile(0.5)])
def test_layers_agree_with_fine_finite_volumes(core):
    times = np.geomspace(60.0, 3e7, 40)
    ours = fluid_step_response(core, CONDUCTIVITY, HEAT_CAPACITY, times)
    np.testing.assert_allclose(ours, finite_volumes(core, times), rtol=1e-3)


@given(
    radius=st.floats(0.06, 0.75),
    resistance=st.floats(0.06, 0.3),
    conductivity=st.floats(0.5, 5.0),
    capacity=st.floats(1e6, 4e6),
    inner=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_limits_and_rise_for_all_boreholes(radius, resistance, conductivity, capacity, inner):
    circle = 0.8 * radius if inner else None
    core = double_u(radius=radius, resistance=resistance, pipe_circle_radius=circle)
    times = np.geomspace(1.0, 1e9, 150)
    drop = fluid_step_response(core, conductivity, capacity, times)
    assert (drop > 0).all()
    assert (np.diff(drop) > 0).all()
    # at first the fluid alone takes the heat
    soon = fluid_step_response(core, conductivity, capacity, 1e-4)
    assert soon == pytest.approx(1e-4 / core.fluid_capacity, rel=1e-3)
    # at last the borehole is only a resistance (a cylinder forgets its radius as 1/t)
    late = 1e11
    line = exp1(radius**2 * capacity / (4 * conductivity * late)) / (4 * np.pi * conductivity)
    assert fluid_step_response(core, conductivity, capacity, late) == pytest.approx(
        resistance + line, abs=1e-4
    )


def test_a_mode_fit_of_the_fluid_is_passive_and_begins_with_the_fluid():
    core = double_u()
    response = fit_response(
        [60.0, 3e8], lambda t: fluid_step_response(core, CONDUCTIVITY, HEAT_CAPACITY, t)
    )
    assert response.passive
    assert response.error < 1e-3
    assert response.ladder().capacities[0] == pytest.approx(core.fluid_capacity, rel=0.1)


def finite(times, radius=0.075):
    return finite_line_source(radius, times, DIFFUSIVITY, 100.0, 2.0)


def test_joined_response_ends_at_g_plus_resistance_and_begins_radially():
    core = double_u()
    joined = joined_step_response(core, CONDUCTIVITY, HEAT_CAPACITY, finite)
    late = np.array([1e8, 1e9, 1e10])
    wanted = finite(late) / (2 * np.pi * CONDUCTIVITY) + core.resistance
    np.testing.assert_allclose(joined(late), wanted, atol=2e-5)
    early = np.geomspace(60, 7200, 20)
    radial = fluid_step_response(core, CONDUCTIVITY, HEAT_CAPACITY, early)
    np.testing.assert_allclose(joined(early), radial, rtol=2e-3)


def test_joined_response_of_values_is_that_of_the_function():
    core = double_u()
    times = np.geomspace(3600.0, 3e9, 40)
    exact = joined_step_response(core, CONDUCTIVITY, HEAT_CAPACITY, finite)
    sampled = joined_step_response(core, CONDUCTIVITY, HEAT_CAPACITY, finite(times), times)
    when = np.geomspace(60.0, 3e9, 60)
    np.testing.assert_allclose(sampled(when), exact(when), rtol=1e-3)


def test_joined_response_of_a_field():
    field = Boreholes.at([(0, 0), (5, 0), (0, 5), (5, 5)], 100.0, 2.0, 0.075)
    times = np.geomspace(3600.0, 3e9, 30)
    g = g_function(field, DIFFUSIVITY, times)
    joined = joined_step_response(double_u(), CONDUCTIVITY, HEAT_CAPACITY, g.at, times[[0, -1]])
    when = np.geomspace(60.0, 1e11, 300)
    drop = joined(when)
    assert (np.diff(drop) > -1e-9).all()
    at_end = g.values[-1] / (2 * np.pi * CONDUCTIVITY) + 0.12
    assert joined(times[-1:])[0] == pytest.approx(at_end, abs=1e-4)
    response = fit_response([60.0, 3e9], joined)
    assert response.error < 1e-3
    assert response.passive


@pytest.mark.parametrize("radius", [0.3, 0.5, 0.75])
@pytest.mark.parametrize("cage", [None, 0.85])
def test_energy_piles_stay_positive_and_rising_from_the_first_minute(radius, cage):
    core = pile(radius, pipe_circle_radius=cage and cage * radius)
    joined = joined_step_response(
        core,
        CONDUCTIVITY,
        HEAT_CAPACITY,
        lambda t: finite_line_source(radius, t, DIFFUSIVITY, 20.0, 1.0),
    )
    times = np.geomspace(60.0, 3e9, 120)
    drop = joined(times)
    assert (drop > 0).all()
    assert (np.diff(drop) > -1e-7).all()
    response = fit_response([60.0, 3e9], joined)
    assert response.error < 2e-3
    hours = response.simulate(np.ones(48), 3600.0)[0]
    assert (np.diff(hours) > 0).all()


def test_the_core_inside_a_cage_takes_heat():
    """With the filling inside the cage, a pile warms more slowly in the first hours."""
    outside = pile(0.5, pipe_circle_radius=0.42)
    empty = replace(outside, filling_conductivity=1e-6)
    day = 86400.0
    with_core = fluid_step_response(outside, CONDUCTIVITY, HEAT_CAPACITY, day)
    without = fluid_step_response(empty, CONDUCTIVITY, HEAT_CAPACITY, day)
    assert with_core < without


def test_sandbox_from_ten_minutes_on():
    """Beier, Smith & Spitler 2011, Geothermics 40:79-85: borehole, grout and sand as measured
    there, nothing fitted; heat rate of each minute; mean of inlet and outlet."""
    file = EXAMPLES / "response-test-sandbox" / "Beier_Smith_Spitler_2011_SandBox.txt"
    rows = np.loadtxt(file, skiprows=2)[1:]
    times, measured = rows[:, 0], rows[:, 1:3].mean(axis=1)
    rate = 1056.0 * rows[:, 3] / 18.3
    core = BoreholeCore.of_pipes(
        radius=0.063, resistance=0.165, pipes=2, pipe_inner_radius=0.01367,
        pipe_outer_radius=0.0167, pipe_conductivity=0.39, film_coefficient=1500.0,
        grout_heat_capacity=3.8e6,
    )  # fmt: skip
    drop = convolve(rate, fluid_step_response(core, 2.88, 3.2e6, times), 60.0)
    off = np.abs(22.1 + drop - measured)
    rise = measured - 22.1
    line = rate.mean() * (0.165 + exp1(0.063**2 * 3.2e6 / (4 * 2.88 * times)) / (4 * np.pi * 2.88))
    first = (times >= 600) & (times <= 4 * 3600)
    later = times > 4 * 3600
    assert (off[first] / rise[first]).max() < 0.13
    assert off[later].max() < 0.35
    assert np.sqrt(np.mean(off[later] ** 2)) < 0.1
    # without the capacities the first hours are out of reach
    assert np.abs(line - rise)[first].mean() > 4 * off[first].mean()


def test_cores_that_cannot_be_are_refused():
    with pytest.raises(InputError) as caught:
        double_u(radius=-0.1, resistance=float("nan"))
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError, match="do not fit into the borehole"):
        double_u(radius=0.03)
    with pytest.raises(InputError, match="below that of film and pipe wall"):
        double_u(resistance=0.01)
    with pytest.raises(InputError, match="inner radius is not below"):
        double_u(pipe_inner_radius=0.02)
    with pytest.raises(InputError, match="times do not fit"):
        joined_step_response(double_u(), 2.0, 2e6, [1.0, 2.0, 3.0], [1.0, 2.0])


class Section:
    """A quarter of a borehole's cross-section on a square grid: pipes where they are.

    One fluid temperature for all pipes; film and pipe wall are resistances at the pipe surfaces.
    """

    def __init__(self, core_values, centres, grout, cell=0.002, size=0.36):
        given = core_values
        self.core_values, self.cell = given, cell
        x = (np.arange(int(size / cell)) + 0.5) * cell
        across, along = np.meshgrid(x, x, indexing="ij")
        radius = np.hypot(across, along)
        inside = radius < given["radius"]
        pipe = np.zeros(inside.shape, bool)
        for a, b in centres:
            pipe |= np.hypot(across - a, along - b) < given["pipe_outer_radius"]
        conductivity = np.where(inside, grout, CONDUCTIVITY)
        volumetric = np.where(inside, given["grout_heat_capacity"], HEAT_CAPACITY)
        index = np.full(inside.shape, -1)
        index[~pipe] = np.arange((~pipe).sum())
        self.fluid = int((~pipe).sum())
        self.wall = index[~pipe & (np.abs(radius - given["radius"]) < cell)]
        share = given["pipes"] / 4.0
        self.links = list(self._ground_links(index, conductivity))
        self._pipe_links(index, grout, share)
        inner, outer = given["pipe_inner_radius"], given["pipe_outer_radius"]
        fluid = share * np.pi * inner**2 * 4.18e6
        # the staircase of cells takes too much or too little grout away
        lost = pipe.sum() * cell**2 - share * np.pi * outer**2
        self.capacity = np.append(
            volumetric[~pipe] * cell**2, fluid + lost * given["grout_heat_capacity"]
        )

    def _ground_links(self, index, conductivity):
        for k in (0, 1):
            here, there = np.moveaxis(index, k, 0)[:-1], np.moveaxis(index, k, 0)[1:]
            a, b = np.moveaxis(conductivity, k, 0)[:-1], np.moveaxis(conductivity, k, 0)[1:]
            both = (here >= 0) & (there >= 0)
            yield here[both], there[both], (2 * a * b / (a + b))[both]

    def _pipe_links(self, index, grout, share):
        given = self.core_values
        faces = []
        for k in (0, 1):
            here, there = np.moveaxis(index, k, 0)[:-1], np.moveaxis(index, k, 0)[1:]
            faces += [here[(here >= 0) & (there < 0)], there[(there >= 0) & (here < 0)]]
        face = np.concatenate(faces)
        surface = 2 * np.pi * given["pipe_outer_radius"] * share
        ratio = given["pipe_outer_radius"] / given["pipe_inner_radius"]
        wall = np.log(ratio) / (2 * np.pi * given["pipe_conductivity"])
        wall += 1 / (2 * np.pi * given["pipe_inner_radius"] * 1000.0)
        resistance = wall / share * len(face)
        resistance += 0.5 * self.cell * len(face) / (grout * surface)
        self.links.append(
            (face, np.full(len(face), self.fluid), np.full(len(face), 1 / resistance))
        )

    def answer(self, spans):
        """Times, fluid and wall temperatures for 1 W/m; spans: (step, count) of implicit steps."""
        a = np.concatenate([link[0] for link in self.links])
        b = np.concatenate([link[1] for link in self.links])
        g = np.concatenate([link[2] for link in self.links])
        rows, columns = np.concatenate([a, b, a, b]), np.concatenate([b, a, a, b])
        matrix = coo_matrix((np.concatenate([-g, -g, g, g]), (rows, columns))).tocsc()
        temperature = np.zeros(len(self.capacity))
        time, found = 0.0, []
        for step, count in spans:
            solve = splu((diags(self.capacity / step) + matrix).tocsc()).solve
            for _ in range(count):
                supplied = self.capacity / step * temperature
                supplied[self.fluid] += 0.25
                temperature = solve(supplied)
                time += step
                found.append((time, temperature[self.fluid], temperature[self.wall].mean()))
        return np.array(found).T


@pytest.mark.parametrize(
    ("pipes", "centres", "circle", "within"),
    [(2, [(0.04, 0.0)], None, 0.05), (4, [(0.045, 0.0), (0.0, 0.045)], 0.045, 0.04)],
)
def test_one_tube_stands_for_pipes_where_they_are(pipes, centres, circle, within):
    """From 15 minutes to 8 hours, at the borehole resistance that the section itself shows."""
    grout = 1.5
    values = {
        "radius": 0.075, "pipes": pipes, "pipe_inner_radius": 0.013, "pipe_outer_radius": 0.016,
        "pipe_conductivity": 0.4, "grout_heat_capacity": 3e6, "pipe_heat_capacity": 1.0,
    }  # fmt: skip
    times, fluid, wall = Section(values, centres, grout).answer([(10, 60), (60, 50), (240, 105)])
    core = double_u(
        **values, resistance=fluid[-1] - wall[-1], pipe_circle_radius=circle,
        filling_conductivity=grout,
    )  # fmt: skip
    ours = fluid_step_response(core, CONDUCTIVITY, HEAT_CAPACITY, times)
    late = times >= 900
    np.testing.assert_allclose(ours[late], fluid[late], rtol=within)
