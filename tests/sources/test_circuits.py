"""The axial model of a borehole against analytic solutions and pygfunction."""

import numpy as np
import pygfunction as gt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.borehole.circuits import circuit_model, fluid_temperatures
from diwen.sources.borehole.multipole import resistance_matrix
from diwen.sources.borehole.scattering import scattering

SINGLE = ((0, 1),)
PARALLEL, SERIES = ((0, 2), (1, 3)), ((0, 2, 1, 3),)
CP = 3977.0
FOUR = [(-0.05, 0.0), (0.0, -0.05), (0.05, 0.0), (0.0, 0.05)]


def conductances(positions, order=3):
    fluid = [0.12] * len(positions)
    return np.linalg.inv(resistance_matrix(positions, 0.02, 0.075, fluid, 1.0, 2.0, order))


def pygfunction_pipes(positions, config, length=150.0):
    borehole = gt.boreholes.Borehole(length, 4.0, 0.075, 0.0, 0.0)
    if len(positions) == 2:
        return gt.pipes.SingleUTube(positions, 0.015, 0.02, borehole, 2.0, 1.0, 0.12, J=3)
    return gt.pipes.MultipleUTube(
        positions, 0.015, 0.02, borehole, 2.0, 1.0, 0.12, nPipes=2, config=config, J=3
    )


CASES = [
    (FOUR[::2], SINGLE, "parallel"),
    (FOUR, PARALLEL, "parallel"),
    (FOUR, SERIES, "series"),
]


@pytest.mark.parametrize(("positions", "circuits", "config"), CASES)
@pytest.mark.parametrize("flow", [0.05, 0.4])
def test_coefficients_as_pygfunction(positions, circuits, config, flow):
    """1e-7 of the largest coefficient: the other program's exponentials limit the agreement."""
    shares = [1 / len(circuits)] * len(circuits)
    model = circuit_model(conductances(positions), flow * CP, np.full(8, 150 / 8), circuits, shares)
    peer = pygfunction_pipes(positions, config)
    a_in, a_b = peer.coefficients_borehole_heat_extraction_rate(flow, CP, 8)
    c_in, c_b = peer.coefficients_outlet_temperature(flow, CP, 8)
    assert model.heat_of_inlet == pytest.approx(a_in.ravel(), abs=1e-7 * np.abs(a_in).max())
    assert model.heat_of_wall == pytest.approx(a_b, abs=1e-7 * np.abs(a_b).max())
    assert model.outlet_of_inlet == pytest.approx(c_in.item(), abs=1e-7)
    assert model.outlet_of_wall == pytest.approx(c_b.ravel(), abs=1e-7)


@pytest.mark.parametrize(("positions", "circuits", "config"), CASES)
def test_temperature_along_the_depth_as_pygfunction(positions, circuits, config):
    shares = [1 / len(circuits)] * len(circuits)
    wall, depths = 10.0 + np.arange(8.0) / 2, np.linspace(0.0, 150.0, 13)
    peer = pygfunction_pipes(positions, config)
    got = fluid_temperatures(
        conductances(positions), 0.05 * CP, np.full(8, 150 / 8), circuits, shares,
        wall=wall, depths=depths, inlet=5.0,
    )  # fmt: skip
    assert got == pytest.approx(peer.get_temperature(depths, 5.0, wall, 0.05, CP), abs=1e-7)


@pytest.mark.parametrize("flow", [0.01, 0.1, 1.0])
def test_symmetric_single_u_after_hellstrom(flow):
    """R_b* = R_b eta coth(eta), eta = H/(m c sqrt(R_a R_b)): Hellström 1991, R_a total internal."""
    matrix, height = conductances(FOUR[::2]), 120.0
    local = 1.0 / matrix.sum()
    resistance = np.linalg.inv(matrix)
    internal = 2.0 * (resistance[0, 0] - resistance[0, 1])
    eta = height / (flow * CP * np.sqrt(internal * local))
    model = circuit_model(matrix, flow * CP, height, SINGLE)
    mean_fluid = 0.5 * (1.0 + model.outlet(1.0, 0.0))
    effective = -mean_fluid * height / model.heat(1.0, 0.0).sum()
    assert effective == pytest.approx(local * eta / np.tanh(eta), rel=1e-10)


def test_one_way_pipe_decays_exponentially():
    """Far from its neighbour (no coupling) a leg follows exp(-K z/(m c))."""
    matrix = np.diag([5.0, 3.0])
    got = fluid_temperatures(
        matrix, 400.0, 100.0, SINGLE, (1.0,), wall=0.0, depths=[0.0, 40.0, 100.0], inlet=1.0
    )
    assert got[:, 0] == pytest.approx(np.exp(-5.0 * np.array([0.0, 40.0, 100.0]) / 400.0))
    assert got[0, 1] == pytest.approx(np.exp(-800.0 / 400.0))


@settings(max_examples=40, deadline=None)
@given(
    flow=st.floats(1e-5, 5.0),
    lengths=st.lists(st.floats(0.5, 400.0), min_size=1, max_size=6),
    circuits=st.sampled_from([PARALLEL, SERIES, ((3, 0), (1, 2))]),
    inlet=st.floats(-10.0, 40.0),
)
def test_energy_balance_and_no_reference_temperature(flow, lengths, circuits, inlet):
    """Whatever the flow and length: heat of the segments = heat of the fluid; rows sum up."""
    shares = (1.0,) if len(circuits) == 1 else (0.3, 0.7)
    model = circuit_model(conductances(FOUR), flow * CP, lengths, circuits, shares)
    wall = 10.0 + np.arange(len(lengths))
    total = model.heat(inlet, wall).sum()
    scale = flow * CP * 60.0
    assert total == pytest.approx(flow * CP * (model.outlet(inlet, wall) - inlet), abs=1e-9 * scale)
    assert model.heat_of_inlet + model.heat_of_wall.sum(-1) == pytest.approx(0.0, abs=1e-9 * scale)
    assert model.outlet_of_inlet + model.outlet_of_wall.sum() == pytest.approx(1.0, abs=1e-9)
    back = model.inlet_for_heat(total, wall)
    if np.abs(model.heat_of_inlet.sum()) > 1e-6 * flow * CP:
        assert back == pytest.approx(inlet, abs=1e-4)


def test_cutting_into_segments_changes_nothing():
    whole = circuit_model(conductances(FOUR), 300.0, 140.0, SERIES)
    parts = circuit_model(conductances(FOUR), 300.0, [10.0, 60.0, 3.0, 67.0], SERIES)
    assert parts.outlet_of_inlet == pytest.approx(whole.outlet_of_inlet, abs=1e-12)
    assert parts.heat_of_inlet.sum() == pytest.approx(whole.heat_of_inlet.sum(), rel=1e-12)


def test_flows_and_layers_are_computed_together():
    flows = np.array([0.02, 0.1, 0.5])
    matrix = np.stack([conductances(FOUR), 1.4 * conductances(FOUR)])
    together = circuit_model(matrix, flows * CP, [50.0, 80.0], SERIES, layered=True)
    for i, flow in enumerate(flows):
        alone = circuit_model(matrix, flow * CP, [50.0, 80.0], SERIES, layered=True)
        assert together.heat_of_wall[i] == pytest.approx(alone.heat_of_wall, rel=1e-9)
    assert together.heat(5.0, 10.0).shape == (3, 2)
    # the better layer gives more heat per metre when both see the same fluid (high flow)
    rich = circuit_model(matrix, 5e4, [65.0, 65.0], SERIES, layered=True).heat(5.0, 10.0)
    assert rich[1] / rich[0] == pytest.approx(1.4, rel=0.02)


def test_nearly_standing_water_leaves_at_wall_temperature():
    """Pipes that do not feel each other: after 300 m at 1e-6 kg/s nothing of the inlet is left."""
    model = circuit_model(np.diag([5.0, 5.0]), 1e-6 * CP, [100.0, 200.0], SINGLE)
    assert model.outlet(50.0, [8.0, 12.0]) == pytest.approx(8.0)
    assert np.isfinite(model.heat_of_wall).all()


def test_given_heat_finds_the_inlet():
    matrix, lengths = conductances(FOUR[::2]), [50.0, 50.0]
    profile = fluid_temperatures(
        matrix, 800.0, lengths, SINGLE, (1.0,), wall=[9.0, 11.0], depths=[0.0, 100.0], heat=3000.0
    )
    assert 800.0 * (profile[0, 1] - profile[0, 0]) == pytest.approx(3000.0)
    assert profile[1, 0] == pytest.approx(profile[1, 1])


def test_constant_source_in_a_slab():
    """dT/dz = s without exchange: what leaves is what enters plus or minus s L."""
    generator = np.array([[0.0, 0.0, 0.02], [0.0, 0.0, 0.05]])
    matrix, source = scattering(generator, np.array([True, False]), 30.0)
    assert matrix == pytest.approx(np.eye(2))
    assert source == pytest.approx([0.6, -1.5])


def test_no_flow_and_no_length_are_refused_together():
    with pytest.raises(InputError) as refused:
        circuit_model(np.eye(2), 0.0, [10.0, 0.0], SINGLE)
    assert {problem.where for problem in refused.value.problems} == {"capacity_rate", "lengths"}


def test_a_nearly_standing_neighbour_costs_no_digits():
    """Flows eight orders of magnitude apart in one call: each as exact as alone."""
    flows = np.array([1e-8, 1.0])
    together = circuit_model(conductances(FOUR), flows * CP, [60.0, 60.0], SERIES)
    alone = circuit_model(conductances(FOUR), 1.0 * CP, [60.0, 60.0], SERIES)
    assert together.heat_of_inlet[1] == pytest.approx(alone.heat_of_inlet, rel=1e-12)
    assert np.isfinite(together.heat_of_wall).all()
