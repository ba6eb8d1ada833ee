"""Travel times of heat through the rings, and the breakthrough they make."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.aquifer.column import GroundColumn
from diwen.sources.aquifer.well import CirculationWell, Screen, ScreenPair
from diwen.sources.circulation_well.breakthrough import Breakthrough
from diwen.sources.circulation_well.flow_field import FlowField, flow_field
from diwen.sources.circulation_well.grid import well_grid
from diwen.sources.circulation_well.travel_times import travel_times

HOUR = 3600.0
FLOW = 30.0 / HOUR
PAIR = (ScreenPair(Screen(12, 30), Screen(40, 58)),)
BASE = GroundColumn.of([0, 10, 70, 100], [1e-9, 1e-4, 1e-9])


def base(fineness: float = 1.0, **well) -> FlowField:
    """Aquifer 10 to 70 m, screens of 18 m, bore of 0.3 m, 30 m³/h."""
    shape = CirculationWell.of(0.15, PAIR, depth=60.0, **well)
    return flow_field(BASE, shape, well_grid(BASE, shape, fineness=fineness))


@pytest.fixture(scope="module")
def paths():
    return travel_times(base())


def test_first_heat_of_the_base_case(paths):
    """81 h at 30 m³/h, from an earlier tracing of the same case on a grid of its own."""
    assert paths.times(FLOW)[paths.arrived].min() / HOUR == pytest.approx(81.0, rel=0.02)


def test_breakthrough_is_that_of_the_transport_model_but_for_its_spreading(paths):
    """Against F of MODFLOW 6 GWE (TVD, with dispersion): 0.0233, 0.1051, 0.1964, 0.3089."""
    share = Breakthrough.from_travel_times(paths)
    found = share.after(HOUR * np.array([24, 100, 240, 480, 1000, 2000]), FLOW)
    np.testing.assert_allclose(found, [0.0, 0.028, 0.106, 0.196, 0.308, 0.423], atol=0.015)
    np.testing.assert_allclose(found[1:5], [0.0233, 0.1051, 0.1964, 0.3089], atol=0.01)
    assert found[0] == 0.0


def test_small_screens_in_endless_ground_are_a_dipole():
    """First arrival between two points in space: 0.746 A L³ / Q, here 338.7 h.

    The potential of a source and a sink, integrated along the line between them:
    ∫ 4 π A dz / (Q (1/z² + 1/(L − z)²)) = (π/4) (2π − 16/3) A L³ / Q.
    """
    well = CirculationWell.of(0.05, (ScreenPair(Screen(85.5, 86.5), Screen(113.5, 114.5)),))
    ground = GroundColumn.of([0, 200], 1e-4)
    field = flow_field(ground, well, well_grid(ground, well, outer_radius=300.0, bottom=200.0,
                                               fineness=2.0))  # fmt: skip
    first = travel_times(field).times(FLOW).min()
    point = np.pi / 4 * (2 * np.pi - 16 / 3) * 2.6e6 / 4.19e6 * 28.0**3 / FLOW
    assert point / HOUR == pytest.approx(338.73, rel=1e-4)
    assert first == pytest.approx(point, rel=0.03)


def test_the_mean_path_sweeps_the_whole_cell():
    """In a closed cell the mean volume to pass is the heat content over that of the water."""
    ground = GroundColumn.of([0, 60], 1e-4)
    well = CirculationWell.of(0.15, PAIR, depth=60.0)
    grid = well_grid(ground, well, outer_radius=20.0, bottom=60.0, fineness=0.6)
    found = travel_times(flow_field(ground, well, grid, outer="closed"), paths=20000)
    content = grid.volume.sum() * 2.6e6 / 4.19e6
    assert found.arrived_share == pytest.approx(1.0, abs=1e-3)
    assert found.share @ found.volume == pytest.approx(content, rel=0.02)


def test_heat_stored_by_grains_slows_all_paths_alike(paths):
    heavy = GroundColumn.of([0, 10, 70, 100], [1e-9, 1e-4, 1e-9], heat_capacity=1.3e6)
    well = CirculationWell.of(0.15, PAIR, depth=60.0)
    light = travel_times(flow_field(heavy, well, well_grid(heavy, well)))
    np.testing.assert_allclose(light.volume, 0.5 * paths.volume, rtol=1e-9)
    np.testing.assert_allclose(light.length, paths.length, rtol=1e-9)


def test_paths_are_at_least_as_long_as_the_seal_and_end_at_the_pump(paths):
    assert paths.length[paths.arrived].min() > 10.0
    assert paths.share.sum() == pytest.approx(1.0)
    assert paths.arrived_share > 0.99
    assert paths.thermal_radius(0.5) < paths.thermal_radius(0.95)


def test_bleed_lets_water_of_the_far_field_take_part():
    found = travel_times(base(0.5, bleed=0.3))
    share = Breakthrough.from_travel_times(found)
    assert found.returned == pytest.approx(0.7)
    assert share.final == pytest.approx(0.7 * found.arrived_share)
    assert share.final < 0.71


def test_water_pushed_into_another_aquifer_leaves():
    """Return into an upper aquifer, pump in a lower one: not a circulation."""
    ground = GroundColumn.of([0, 10, 35, 38, 70, 100], [1e-9, 1e-4, 1e-10, 1e-4, 1e-9])
    well = CirculationWell.of(0.15, PAIR, depth=60.0)
    found = travel_times(flow_field(ground, well, well_grid(ground, well, fineness=0.5)))
    assert found.left_share > 0.95
    assert Breakthrough.from_travel_times(found).final < 0.05


rising = st.lists(st.floats(0.01, 10.0), min_size=1, max_size=30)


@given(rising, st.data())
@settings(max_examples=60)
def test_a_breakthrough_rises_between_nothing_and_all(steps, data):
    shares = data.draw(
        st.lists(st.floats(0.0, 1.0), min_size=len(steps), max_size=len(steps)).map(sorted)
    )
    curve = Breakthrough.of(np.cumsum(steps), shares)
    at = curve.at(np.linspace(0.0, 1.5 * sum(steps), 200))
    assert (np.diff(at) >= 0.0).all()
    assert at[0] == 0.0
    assert at.min() >= 0.0
    assert at.max() <= 1.0
    assert at[-1] == curve.final
    half = 0.5 * curve.final
    if half > 0.0:
        assert curve.at(curve.volume_of(half)) == pytest.approx(half, abs=1e-9)
    assert curve.volume_of(min(1.1, curve.final + 0.05)) == np.inf


def test_time_of_breakthrough_falls_with_the_flow(paths):
    curve = Breakthrough.from_travel_times(paths)
    once, twice = (curve.breakthrough_time(flow) for flow in (FLOW, 2 * FLOW))
    assert once == pytest.approx(2.0 * twice)
    assert once > paths.first_volume / FLOW


def test_what_cannot_be_a_breakthrough_is_refused_whole():
    with pytest.raises(InputError) as told:
        Breakthrough.of([2.0, 1.0], [0.5, 1.4])
    assert {problem.where for problem in told.value.problems} == {"volume", "share"}
    with pytest.raises(InputError, match="falls"):
        Breakthrough.of([1.0, 2.0], [0.5, 0.4])
    with pytest.raises(InputError, match="finite"):
        Breakthrough.of([1.0, np.nan], [0.1, 0.2])
    with pytest.raises(InputError, match="volume"):
        Breakthrough.of([1.0, 2.0], [0.1])
