"""Particles among plane wells: against closed formulas, mirror images and what cannot change."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.well_field.doublet import Doublet, polygon_breakthrough
from diwen.sources.well_field.potential_flow import (
    PlaneWells,
    StraightBoundary,
    darcy_flux,
    streamlines,
    trace_arrivals,
)

DAY = 86400.0
BASE = Doublet.of(100.0, 20.0, 30.0 / 3600.0)
PAIR = PlaneWells.of([[0, 0], [100, 0]], [-BASE.flow, BASE.flow], 20.0)
FOUR = PlaneWells.of(
    [[0, 0], [90, 10], [30, 80], [-60, 50]], [-0.01, 0.006, 0.006, -0.002], 25.0,
    regional_flux=3e-7, regional_direction=0.7,
)  # fmt: skip


def flux_for(beta: float) -> float:
    return BASE.flow / (2.0 * math.pi * BASE.thickness * BASE.spacing * beta)


def test_travel_times_of_the_stream_tubes():
    found = trace_arrivals(PAIR)
    angle = np.pi * (2.0 * np.arange(128) + 1.0) / 256.0
    exact = np.repeat(BASE.tube_time(angle), 2)
    home = np.isfinite(np.sort(found.times))
    np.testing.assert_allclose(np.sort(found.times)[home], exact[home], rtol=1e-3)
    assert home.sum() > 230


def test_doublet_arrives_as_its_formula():
    found = trace_arrivals(PAIR)
    times = np.array([1.05, 1.2876, 2.0, 3.0, 5.0, 11.907, 40.0]) * BASE.breakthrough
    assert found.breakthrough[0, 0] == pytest.approx(BASE.breakthrough, rel=1e-3)
    np.testing.assert_allclose(found.arrived(times)[0, 0], BASE.arrived(times), atol=0.005)


@pytest.mark.parametrize("beta", [0.5, 1.0, 0.25, 0.2])
def test_regional_flow_down_gradient(beta):
    found = trace_arrivals(replace(PAIR, regional_flux=flux_for(beta)))
    exact = BASE.breakthrough_down_gradient(flux_for(beta))
    assert found.breakthrough[0, 0] == pytest.approx(exact, rel=2e-3)
    share = BASE.recirculated_down_gradient(flux_for(beta))
    assert found.recirculated(np.inf)[0] == pytest.approx(share, abs=0.005)
    assert found.left[0] == pytest.approx(1.0 - share, abs=0.005)


@pytest.mark.parametrize("wells", [1, 2, 3, 4])
def test_polygon_of_return_wells(wells):
    angle = 2.0 * np.pi * np.arange(wells) / wells
    around = np.stack([80.0 * np.cos(angle), 80.0 * np.sin(angle)], axis=-1)
    flow = 60.0 / 3600.0
    rates = np.concatenate([[-flow], np.full(wells, flow / wells)])
    field = PlaneWells.of(np.vstack([[[0.0, 0.0]], around]), rates, 25.0)
    exact = polygon_breakthrough(80.0, 25.0, flow, wells, field.retardation)
    np.testing.assert_allclose(trace_arrivals(field).breakthrough, exact, rtol=1e-3)


def test_shares_rise_from_nothing_and_sum_to_one():
    found = trace_arrivals(FOUR)
    times = np.geomspace(DAY, 1e4 * DAY, 200)
    share = found.arrived(times)
    assert (share >= 0.0).all()
    assert (np.diff(share, axis=-1) >= 0.0).all()
    assert (share.sum(axis=0) <= 1.0 + 1e-12).all()
    np.testing.assert_allclose(found.final.sum(axis=0) + found.left + found.remaining, 1.0)
    np.testing.assert_allclose(found.remaining, 0.0, atol=1e-12)


def test_water_that_arrives_is_not_more_than_is_pumped():
    found = trace_arrivals(FOUR)
    assert (found.native([1e12]) >= -0.01).all()
    assert found.recirculated([1.0])[0] == 0.0


def test_other_names_of_the_wells_change_only_the_names():
    order = np.array([2, 0, 3, 1])
    renamed = replace(FOUR, positions=FOUR.positions[order], rates=FOUR.rates[order])
    times = np.geomspace(10.0, 1e4, 40) * DAY
    one, other = trace_arrivals(FOUR), trace_arrivals(renamed)
    pumping = [list(FOUR.pumping).index(order[k]) for k in renamed.pumping]
    returning = [list(FOUR.returning).index(order[k]) for k in renamed.returning]
    np.testing.assert_allclose(
        other.arrived(times), one.arrived(times)[np.ix_(pumping, returning)], atol=1e-6
    )


def test_what_is_not_native_was_returned():
    """Two pumped wells of 0.010 and 0.002 m³/s: their mixture is native but for the recirculated
    share, and the one that takes back what the others send it is less native."""
    found = trace_arrivals(FOUR)
    times = np.geomspace(30.0, 1e4, 30) * DAY
    native = found.native(times)
    mixed = found.pumped @ native / found.pumped.sum()
    np.testing.assert_allclose(mixed, 1.0 - found.recirculated(times), atol=1e-12)
    back = np.einsum("jit,i->jt", found.arrived(times), [0.006, 0.006])
    np.testing.assert_allclose(native, 1.0 - back / np.array([[0.010], [0.002]]), atol=1e-12)
    assert native.min() > -0.02
    assert native[:, -1].min() < 0.7


@pytest.mark.parametrize("direction", [0.7, 2.2, -1.1])
def test_far_away_only_the_regional_flow_is_left(direction):
    """From x counter-clockwise: (cos, sin)."""
    field = replace(FOUR, regional_direction=direction)
    far = darcy_flux(field, [[1e9, 2e9], [-3e9, 1e9]])
    expected = 3e-7 * np.array([math.cos(direction), math.sin(direction)])
    np.testing.assert_allclose(far, np.broadcast_to(expected, (2, 2)), atol=1e-12)


def test_mirrored_field_in_mirrored_flow():
    turned = replace(FOUR, positions=-FOUR.positions, regional_direction=0.7 + math.pi)
    times = np.geomspace(10.0, 1e4, 40) * DAY
    np.testing.assert_allclose(
        trace_arrivals(turned).arrived(times), trace_arrivals(FOUR).arrived(times), atol=0.005
    )


def test_paths_run_backwards_when_all_flows_are_reversed():
    """Without regional flow the way back takes as long: F of the reversed roles is the same."""
    wells = replace(FOUR, regional_flux=0.0)
    back = trace_arrivals(wells.reversed(), particles=512)
    there = trace_arrivals(wells, particles=512)
    times = np.geomspace(30.0, 3000.0, 20) * DAY
    mixed = np.einsum("jit,i->jit", there.arrived(times), there.injected)
    mixed_back = np.einsum("jit,i->ijt", back.arrived(times), back.injected)
    np.testing.assert_allclose(mixed_back, mixed, atol=0.01 * 0.006)


@settings(max_examples=20)
@given(
    st.floats(0.0, 2.0 * math.pi), st.floats(0.0, 2e-6), st.floats(1.05, 3.0),
)  # fmt: skip
def test_more_spacing_never_earlier_in_a_flow_of_any_direction(direction, flux, wider):
    near = replace(PAIR, regional_flux=flux, regional_direction=direction)
    far = replace(near, positions=PAIR.positions * wider)
    first = [trace_arrivals(field, particles=96).breakthrough[0, 0] for field in (near, far)]
    assert first[1] >= first[0] * (1.0 - 5e-3)


def test_no_water_crosses_a_tight_boundary():
    wall = StraightBoundary((0.0, -70.0), (1.0, 0.0), "no_flow")
    field = replace(FOUR, boundary=wall, regional_direction=0.0)
    points = np.stack([np.linspace(-300.0, 300.0, 50), np.full(50, -70.0)], axis=-1)
    flux = darcy_flux(field, points)
    assert np.abs(flux[:, 1]).max() < 1e-12 * np.abs(flux).max()
    found = trace_arrivals(field)
    np.testing.assert_allclose(found.final.sum(axis=0) + found.left, 1.0, atol=1e-12)


def test_water_meets_a_river_at_right_angles():
    river = StraightBoundary((0.0, -70.0), (2.0, 0.0), "recharge")
    field = replace(FOUR, boundary=river, regional_flux=0.0)
    points = np.stack([np.linspace(-300.0, 300.0, 50), np.full(50, -70.0)], axis=-1)
    flux = darcy_flux(field, points)
    assert np.abs(flux[:, 0]).max() < 1e-12 * np.abs(flux).max()
    assert trace_arrivals(field).left.sum() > 0.05


def test_river_feeds_the_well_that_stands_by_it():
    """A pumped well at a from a river, alone, takes 1/2 of its water within |x| < a of the bank."""
    river = StraightBoundary((0.0, 0.0), (0.0, 1.0), "recharge")
    # The return well stands so far away that it does not count.
    field = PlaneWells.of([[40.0, 0.0], [4e5, 0.0]], [-0.01, 0.01], 20.0, boundary=river)
    y = np.linspace(-40.0, 40.0, 4001)
    inflow = darcy_flux(field, np.stack([np.zeros(4001), y], axis=-1))[:, 0] * 20.0
    assert np.trapezoid(inflow, y) / 0.01 == pytest.approx(0.5, rel=1e-3)


def test_lines_for_a_drawing_end_at_the_pumped_well():
    lines = streamlines(PAIR, lines=8)
    assert len(lines) == 8
    for line in lines:
        np.testing.assert_allclose(np.hypot(*(line[0] - [100.0, 0.0])), 1e-3, rtol=1e-6)
    ends = [np.hypot(*line[-1]) for line in lines]
    assert sum(end <= 1e-3 + 1e-9 for end in ends) == 8


def test_particle_on_the_way_to_a_stagnation_point_ends():
    """Equal flow of well and regional flow at 100 m: one path leads straight to rest."""
    strength = 100.0 * 1e-6 * 2.0 * math.pi * 20.0
    field = PlaneWells.of(
        [[0.0, 0.0], [0.0, 5000.0]], [strength, -strength], 20.0, regional_flux=1e-6
    )
    found = trace_arrivals(field, particles=721)
    np.testing.assert_allclose(found.final.sum() + found.left + found.remaining, 1.0)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"positions": [[0, 0], [0, 0]]}, "positions[1]"),
        ({"thickness": 0.0}, "thickness"),
        ({"rates": [0.0, 0.01]}, "rates[0]"),
        ({"rates": [0.01, 0.01]}, "rates"),
        ({"rates": [0.01]}, "positions"),
        ({"regional_flux": -1.0}, "regional_flux"),
        ({"boundary": StraightBoundary((50.0, 0.0), (0.0, 1.0), "no_flow")}, "boundary"),
        ({"boundary": StraightBoundary((0.0, -9.0), (0.0, 0.0), "no_flow")}, "boundary.direction"),
        (
            {
                "boundary": StraightBoundary((0.0, -9.0), (1.0, 0.0), "recharge"),
                "regional_flux": 1e-6,
            },
            "regional_direction",
        ),
    ],
)
def test_wells_that_cannot_be(change, where):
    given = {"positions": [[0, 0], [100, 0]], "rates": [-0.01, 0.01], "thickness": 20.0} | change
    with pytest.raises(InputError) as caught:
        PlaneWells.of(**given)
    assert where in [problem.where for problem in caught.value.problems]
    assert all(problem.to("zh") != problem.to("en") for problem in caught.value.problems)
