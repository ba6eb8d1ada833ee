"""Borehole resistances against GLHEPro, EED, closed forms and a direct integration."""

import numpy as np
import pygfunction as gt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_bvp

from diwen.fluids import FluidState, fluid
from diwen.problems import InputError
from diwen.sources.borehole.pipes import BoreholeSection, CoaxialSection, Pipe
from diwen.sources.borehole.resistances import borehole_resistance

PIPE = Pipe(inner_radius=0.0108, outer_radius=0.013335, conductivity=0.4)
APART = 0.0323 + 0.02667
WATER = fluid("water")
FLOWS = np.array([0.3, 0.2, 0.18, 0.15, 0.12, 0.1, 0.08, 0.07, 0.06, 0.05])


def mass(litres):
    return np.asarray(litres) / 1000 * WATER.density(20.0)


def single(**changes):
    given = {
        "radius": 0.075, "pipe": PIPE, "centre_distance": APART, "grout_conductivity": 1.0,
        "ground_conductivity": 2.0,
    }  # fmt: skip
    return BoreholeSection.single_u(**(given | changes))


def double(**how):
    return BoreholeSection.double_u(0.075, PIPE, APART, 1.0, 2.0, **how)


def coaxial(inlet="annulus"):
    return CoaxialSection(
        0.075, Pipe(0.0221, 0.025, 0.4), Pipe(0.0487, 0.055, 0.4), 1.0, 2.0, inlet
    )


def test_single_u_as_glhepro():
    """GLHEPro v5.1 (in the tests of GHEDesigner), Re 17 621 to 2937: 1 %."""
    theirs = [0.2021, 0.2073, 0.2094, 0.2140, 0.2223, 0.2320, 0.2491, 0.2629, 0.2833, 0.3199]
    got = borehole_resistance(single(), 100.0, mass(FLOWS), WATER, 20.0)
    assert got.effective == pytest.approx(theirs, rel=0.01)
    assert got.reynolds[0, 0] == pytest.approx(17621, rel=0.005)
    assert got.reynolds[-1, 0] == pytest.approx(2937, rel=0.005)


def test_double_u_in_parallel_as_glhepro():
    """GLHEPro v5.1: 5 %, and 1 % where the flow is turbulent."""
    theirs = [0.1502, 0.1597, 0.1635, 0.1720, 0.1868, 0.2037, 0.2329, 0.2615, 0.2879, 0.3287]
    got = borehole_resistance(double(), 100.0, mass(FLOWS), WATER, 20.0)
    assert got.effective == pytest.approx(theirs, rel=0.05)
    assert got.effective[:4] == pytest.approx(theirs[:4], rel=0.01)


@pytest.mark.parametrize("inlet", ["annulus", "inner"])
def test_coaxial_as_glhepro(inlet):
    """GLHEPro v5.1: 2 %, down to the transition of the annulus at 0.3 L/s (Re 2582)."""
    theirs = [0.1052, 0.1064, 0.1086, 0.1128, 0.1211, 0.1350, 0.1515, 0.1673]
    flows = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]
    got = borehole_resistance(coaxial(inlet), 100.0, mass(flows), WATER, 20.0)
    assert got.effective == pytest.approx(theirs, rel=0.02)


def test_double_u_as_eed():
    """EED's listing (validation of GHEtool): 1 % in turbulent flow; pipe wall to its digits."""
    theirs = [0.0915, 0.08522, 0.08165, 0.07941, 0.0779, 0.07683, 0.07603]
    section = BoreholeSection.double_u(0.075, Pipe(0.015, 0.020, 0.4), 0.1, 1.0, 3.0)
    water = FluidState(density=998.0, specific_heat=4180.0, conductivity=0.568, viscosity=1e-3)
    got = borehole_resistance(section, 100.0, np.arange(4, 11) * 0.05, water)
    assert got.effective == pytest.approx(theirs, rel=0.01)
    assert got.at_uniform_heat == pytest.approx(theirs, rel=0.01)
    assert got.pipe_resistance == pytest.approx(0.1145, abs=5e-5)


@pytest.mark.parametrize("flow", [0.05, 0.2, 1.0])
def test_hellstrom_closed_forms_of_a_symmetric_u(flow):
    """Uniform wall: R_b eta coth eta; uniform heat: R_b + (H/(m c))²/(3 R_a); both exact."""
    got = borehole_resistance(single(), 180.0, flow, WATER, 10.0)
    eta = 180.0 / (got.capacity_rate * np.sqrt(got.local * got.internal))
    assert got.at_uniform_wall == pytest.approx(got.local * eta / np.tanh(eta), rel=1e-9)
    uniform = got.local + (180.0 / got.capacity_rate) ** 2 / (3 * got.internal)
    assert got.at_uniform_heat == pytest.approx(uniform, rel=1e-9)


def test_uniform_heat_in_series_against_direct_integration():
    """Four legs in series, asymmetric pipes: collocation of the same equations to 1e-6."""
    section = BoreholeSection.of(
        0.075, [(0.03, 0.01), (-0.01, 0.04), (-0.045, 0.0), (0.0, -0.04)], PIPE, 1.2, 2.2,
        [(0, 2, 1, 3)],
    )  # fmt: skip
    length = 150.0
    got = borehole_resistance(section, length, 0.15, WATER, 10.0)
    matrix, rate = got.conductances, float(got.capacity_rate)
    direction = np.array([1.0, 1.0, -1.0, -1.0])
    row, total = matrix.sum(axis=1), matrix.sum()

    def slope(_, state):
        wall = (row @ state[:4] - 1.0) / total
        return np.vstack([-(matrix @ (state[:4] - wall)) / (rate * direction)[:, None], wall])

    def ends(head, foot):
        return np.array([head[0], foot[0] - foot[2], head[2] - head[1], foot[1] - foot[3], head[4]])

    found = solve_bvp(slope, ends, np.linspace(0, length, 60), np.zeros((5, 60)), tol=1e-9)
    resistance = 0.5 * found.y[3, 0] - found.y[4, -1] / length
    assert got.at_uniform_heat == pytest.approx(resistance, rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(
    flow=st.floats(0.02, 2.0),
    length=st.floats(20.0, 400.0),
    section=st.sampled_from(
        [single(), double(), double(arrangement="adjacent"), double(connection="series"), coaxial()]
    ),
)
def test_effective_exceeds_local(flow, length, section):
    got = borehole_resistance(section, length, flow, WATER, 15.0)
    assert got.at_uniform_wall >= got.local * (1 - 1e-9)
    assert got.at_uniform_heat >= got.local * (1 - 1e-9)
    assert got.conductances == pytest.approx(got.conductances.T)
    assert got.local == pytest.approx(got.grout_resistance + _fluid_part(section, got), rel=1e-9)


def _fluid_part(section, got):
    """Film and pipe walls of all pipes together, or of the outer wall of an annulus."""
    if isinstance(section, CoaxialSection):
        return got.film_resistance[2] + got.pipe_resistance[1]
    return 1.0 / (1.0 / (got.film_resistance + got.pipe_resistance)).sum()


@pytest.mark.parametrize("section", [single(), double(), coaxial()])
def test_falls_with_flow(section):
    flows = np.geomspace(0.02, 4.0, 60)
    got = borehole_resistance(section, 120.0, flows, WATER, 15.0)
    assert (np.diff(got.local) <= 1e-15).all()
    assert (np.diff(got.at_uniform_wall[flows > 1.0]) < 0).all()


def test_turning_the_section_changes_nothing():
    angle = np.deg2rad(33.0) + np.arange(4) * np.pi / 2
    turned = BoreholeSection.of(
        0.075, list(zip(APART / 2 * np.cos(angle), APART / 2 * np.sin(angle), strict=True)), PIPE,
        1.0, 2.0, [(0, 2), (1, 3)],
    )  # fmt: skip
    a = borehole_resistance(double(), 100.0, 0.3, WATER, 15.0)
    b = borehole_resistance(turned, 100.0, 0.3, WATER, 15.0)
    assert b.at_uniform_wall == pytest.approx(a.at_uniform_wall, rel=1e-12)


def test_neighbouring_legs_of_one_u_short_circuit_more():
    """Zeng, Diao & Fang 2003: down-flowing legs side by side are the better arrangement."""
    side = borehole_resistance(double(), 100.0, 0.1, WATER, 15.0)
    alternate = borehole_resistance(double(arrangement="adjacent"), 100.0, 0.1, WATER, 15.0)
    assert alternate.at_uniform_wall > 1.02 * side.at_uniform_wall
    assert alternate.local == pytest.approx(side.local, rel=1e-12)


def test_circuit_of_the_result_gives_the_same_resistance():
    got = borehole_resistance(double(connection="series"), 140.0, 0.2, WATER, 8.0)
    model = got.circuit(np.full(7, 20.0))
    heat = model.heat(2.0, 10.0).sum()
    mean = 0.5 * (2.0 + model.outlet(2.0, 10.0))
    assert (10.0 - mean) * 140.0 / heat == pytest.approx(got.effective, rel=1e-10)


def test_imposed_film_and_flow_series():
    flows = np.linspace(0.1, 0.5, 7)
    got = borehole_resistance(single(), 100.0, flows, WATER, np.linspace(2, 20, 7), film=1000.0)
    assert got.film == pytest.approx(1000.0)
    assert got.effective.shape == (7,)
    assert got.film_resistance[0, 0] == pytest.approx(1 / (2 * np.pi * 0.0108 * 1000.0))


def test_warnings_name_flow_and_frost():
    brine = fluid("propylene glycol 25 %")
    got = borehole_resistance(
        single(), 100.0, 0.1, brine, 0.0, lowest_temperature=-9.0, freezing_margin=3.0
    )
    assert len(got.warnings) == 2
    assert "laminar" in got.warnings[0].en
    assert "冰点" in got.warnings[1].zh
    assert borehole_resistance(single(), 100.0, 0.5, WATER, 20.0).warnings == ()


def test_all_wrong_inputs_are_named_at_once():
    with pytest.raises(InputError) as refused:
        borehole_resistance(single(), 0.0, [0.1, 0.0], WATER, -3.0, film=0.0)
    where = [problem.where for problem in refused.value.problems]
    assert where == ["mass_flow", "length", "film", "temperature"]
    with pytest.raises(InputError, match="temperature"):
        borehole_resistance(single(), 100.0, 0.1, WATER)


def test_sections_that_cannot_be_are_refused():
    with pytest.raises(InputError) as refused:
        BoreholeSection.of(
            0.05, [(0.0, 0.0), (0.01, 0.0), (0.045, 0.0)], PIPE, -1.0, 2.0, [(0, 1)], [0.5]
        )
    where = {problem.where for problem in refused.value.problems}
    assert where == {"grout_conductivity", "positions[1]", "positions[2]", "circuits", "shares"}
    with pytest.raises(InputError, match="no wall"):
        Pipe(0.02, 0.02, 0.4)
    with pytest.raises(InputError, match="odd"):
        BoreholeSection.of(0.1, [(0, 0.05), (0, 0), (0, -0.05)], PIPE, 1.0, 2.0, [(0, 1, 2)])
    with pytest.raises(InputError) as refused:
        CoaxialSection(0.05, Pipe(0.03, 0.05, 0.4), Pipe(0.048, 0.055, 0.4), 1.0, 2.0)
    assert len(refused.value.problems) == 2


@pytest.mark.parametrize("inlet", ["annulus", "inner"])
@pytest.mark.parametrize("flow", [0.05, 0.5])
def test_coaxial_circuit_as_pygfunction(inlet, flow):
    """Same films and walls given to the other program: R_b* to 1e-8."""
    got = borehole_resistance(coaxial(inlet), 150.0, flow, WATER, 12.0)
    films, walls = got.film_resistance, got.pipe_resistance
    between, outward = films[0] + walls[0] + films[1], films[2] + walls[1]
    inner, outer = [0.0221, 0.0487], [0.025, 0.055]
    order = slice(None) if inlet == "inner" else slice(None, None, -1)
    peer = gt.pipes.Coaxial(
        (0.0, 0.0), np.array(inner[order]), np.array(outer[order]),
        gt.boreholes.Borehole(150.0, 4.0, 0.075, 0.0, 0.0), 2.0, 1.0, between, outward, J=3,
    )  # fmt: skip
    theirs = peer.effective_borehole_thermal_resistance(flow, float(WATER.specific_heat(12.0)))
    assert got.at_uniform_wall == pytest.approx(theirs, rel=1e-8)


@pytest.mark.parametrize("connection", ["parallel", "series"])
def test_double_u_as_pygfunction(connection):
    """R_b* of the whole chain, film to effective, at one flow: 1e-6."""
    section, flow = double(connection=connection), 0.4
    got = borehole_resistance(section, 150.0, flow, WATER, 12.0, order=3)
    peer = gt.pipes.MultipleUTube(
        list(zip(section.x, section.y, strict=True)), PIPE.inner_radius, PIPE.outer_radius,
        gt.boreholes.Borehole(150.0, 4.0, 0.075, 0.0, 0.0), 2.0, 1.0,
        got.film_resistance[0] + got.pipe_resistance[0], nPipes=2, config=connection, J=3,
    )  # fmt: skip
    theirs = peer.effective_borehole_thermal_resistance(flow, float(WATER.specific_heat(12.0)))
    assert got.at_uniform_wall == pytest.approx(theirs, rel=1e-6)
