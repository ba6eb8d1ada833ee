"""Particles among circulation wells: closed forms, the finite volume model, what cannot change."""

import math
from dataclasses import replace

import numpy as np
import pytest

from diwen.problems import InputError
from diwen.sources.aquifer.column import Aquifer, GroundColumn
from diwen.sources.aquifer.dipole_heads import DipoleHeads
from diwen.sources.aquifer.thermal_front import point_dipole_arrival
from diwen.sources.aquifer.well import CirculationWell, Screen, ScreenPair
from diwen.sources.well_field.circulation_field import CirculationField, trace_circulation
from diwen.sources.well_field.layered_table import layered_stream_table
from diwen.sources.well_field.potential_flow import YEAR
from diwen.sources.well_field.stream_table import StreamTable, screen_flows

HOUR = 3600.0
FLOW = 30.0 / HOUR
AQUIFER = Aquifer(10.0, 70.0, 1e-4, 1e-4)
WELL = CirculationWell.of(0.15, (ScreenPair(Screen(12.0, 30.0), Screen(40.0, 58.0)),))
ALONE = CirculationField.of([[0.0, 0.0]], FLOW, WELL, AQUIFER)


def crooked_field() -> CirculationField:
    shift = np.random.default_rng(7).uniform(-8.0, 8.0, (18, 2))
    positions = np.array([(k % 6, k // 6) for k in range(18)]) * 45.0 + shift
    return CirculationField.of(
        positions, FLOW, WELL, AQUIFER, regional_flux=2e-7, regional_direction=0.4
    )


def test_two_points_in_endless_ground():
    """Screens of 0.4 m, 28 m apart, in 400 m of aquifer: 338.73 h."""
    well = CirculationWell.of(0.1, (ScreenPair(Screen(185.8, 186.2), Screen(213.8, 214.2)),))
    field = CirculationField.of([[0.0, 0.0]], FLOW, well, Aquifer(0.0, 400.0, 1e-4, 1e-4))
    exact = float(point_dipole_arrival(28.0, FLOW, field.retardation))
    assert exact / HOUR == pytest.approx(338.73, abs=0.01)
    found = trace_circulation(field).breakthrough[0, 0]
    assert found == pytest.approx(exact, rel=0.01)


def test_step_of_the_base_well_against_published_reference_numbers():
    """With conduction and dispersion 0.028 0.106 0.196 0.308 0.423 (MODFLOW 6 agrees to 0.001)."""
    hours = np.array([24.0, 100.0, 240.0, 480.0, 1000.0, 2000.0])
    found = trace_circulation(ALONE).arrived(hours * HOUR)[0, 0]
    assert found[0] == 0.0
    np.testing.assert_allclose(found[1:], [0.028, 0.106, 0.196, 0.308, 0.423], atol=0.02)
    # A fine grid without dispersion: .0214 .1103 .2010 .3129 .4275.
    np.testing.assert_allclose(found[1:], [0.0214, 0.1103, 0.2010, 0.3129, 0.4275], atol=0.01)


def test_what_leaving_out_conduction_costs_in_five_years():
    """Against the finite volume model: 0.015 in the first year, 0.03 in five."""
    from diwen.sources.circulation_well.finite_volume import step_response
    from diwen.sources.circulation_well.flow_field import flow_field
    from diwen.sources.circulation_well.grid import well_grid
    from diwen.sources.circulation_well.heat_operator import heat_operator

    column = GroundColumn.of([0.0, 10.0, 70.0, 100.0], [1e-9, 1e-4, 1e-9])
    grid = well_grid(column, WELL, bottom=140.0, outer_radius=300.0, fineness=0.8)
    operator = heat_operator(flow_field(column, WELL, grid))
    reference = step_response(operator, FLOW, stretches=((HOUR, 300), (24.0 * HOUR, 1825)))
    times = np.array([20.0, 90.0, 182.0, 365.0, 1825.0]) * 24.0 * HOUR
    with_conduction = np.interp(times, reference.time, reference.drop)
    off = trace_circulation(ALONE).arrived(times)[0, 0] - with_conduction
    assert np.abs(off[:4]).max() < 0.02
    assert 0.0 < off[4] < 0.035


def test_velocities_of_the_table_against_the_analytic_dipole():
    table = StreamTable.of([WELL], AQUIFER)
    heads = DipoleHeads.of(AQUIFER, WELL.pairs[0], WELL.radius)
    for radius in (3.0, 10.0, 30.0, 60.0):
        for depth in (15.0, 25.0, 35.0, 45.0, 62.0):
            exact = np.array([float(np.squeeze(q)) for q in heads.darcy_flux(radius, depth)])
            found = np.array(table.velocity(0, radius, depth - AQUIFER.top))
            assert np.linalg.norm(found - exact) < 0.06 * np.linalg.norm(exact)


def test_screens_give_off_what_is_pumped_and_most_at_their_ends():
    returning, extracting = screen_flows(WELL, AQUIFER)
    assert returning.flow.sum() == pytest.approx(1.0)
    assert extracting.flow.sum() == pytest.approx(-1.0)
    density = returning.flow / np.diff(returning.edges)
    assert (density > 0.0).all()
    assert density[[0, -1]].min() > 2.0 * density[5:-5].max()


def test_flat_ground_stretches_the_paths():
    """Radii grow by sqrt(Kr/Kz), times with their square; the well itself has no width here."""
    thin = replace(WELL, radius=0.06)
    wide = replace(WELL, radius=0.06 * math.sqrt(10.0))
    flat = CirculationField.of([[0, 0]], FLOW, wide, Aquifer(10.0, 70.0, 1e-4, 1e-5))
    even = CirculationField.of([[0, 0]], FLOW, thin, AQUIFER)
    hours = np.array([200.0, 500.0, 1000.0, 2000.0]) * HOUR
    np.testing.assert_allclose(
        trace_circulation(flat).arrived(10.0 * hours),
        trace_circulation(even).arrived(hours),
        atol=0.005,
    )


def test_far_wells_do_not_feel_each_other():
    pair = CirculationField.of([[0.0, 0.0], [2000.0, 0.0]], FLOW, WELL, AQUIFER)
    hours = np.array([100.0, 240.0, 480.0, 1000.0, 2000.0]) * HOUR
    found = trace_circulation(pair, horizon=YEAR).arrived(hours)
    np.testing.assert_allclose(found[0, 1], 0.0)
    alone = trace_circulation(ALONE).arrived(hours)[0, 0]
    np.testing.assert_allclose(found[0, 0], alone, atol=0.005)
    np.testing.assert_allclose(found[1, 1], alone, atol=0.005)


def test_field_in_regional_flow_loses_water_down_gradient_and_keeps_account():
    field = crooked_field()
    found = trace_circulation(field, particles=192, horizon=25.0 * YEAR)
    np.testing.assert_allclose(found.final.sum(axis=0) + found.left + found.remaining, 1.0)
    along = field.positions @ [math.cos(0.4), math.sin(0.4)]
    down, up = along.argsort()[-4:], along.argsort()[:4]
    assert found.left[down].mean() > found.left[up].mean()
    assert (np.diff(found.arrived(np.geomspace(1e4, 5e8, 60)), axis=-1) >= 0.0).all()
    assert (found.native([20.0 * YEAR]) > -0.03).all()


def test_strong_regional_flow_carries_all_away():
    gone = trace_circulation(replace(ALONE, regional_flux=1e-4))
    still = trace_circulation(replace(ALONE, regional_flux=1e-6))
    assert gone.left[0] > 0.5
    assert gone.left[0] > still.left[0]


def test_turned_flow_around_one_well_changes_nothing():
    times = np.array([100.0, 480.0, 2000.0, 8000.0]) * HOUR
    shares = [
        trace_circulation(replace(ALONE, regional_flux=1e-6, regional_direction=angle))
        .arrived(times)[0, 0]
        for angle in (0.0, math.pi, 1.3)
    ]  # fmt: skip
    np.testing.assert_allclose(shares[1], shares[0], atol=0.01)
    np.testing.assert_allclose(shares[2], shares[0], atol=0.01)


def test_other_names_of_the_wells_change_only_the_names():
    field = replace(crooked_field())
    few = CirculationField.of(
        field.positions[:5], FLOW, WELL, AQUIFER, regional_flux=2e-7, regional_direction=0.4
    )
    order = np.array([3, 0, 4, 1, 2])
    renamed = replace(few, positions=few.positions[order])
    hours = np.array([100.0, 500.0, 2000.0, 20_000.0]) * HOUR
    one = trace_circulation(few, horizon=5.0 * YEAR).arrived(hours)
    other = trace_circulation(renamed, horizon=5.0 * YEAR).arrived(hours)
    np.testing.assert_allclose(other, one[np.ix_(order, order)], atol=1e-3)


def test_leak_past_the_packer_arrives_at_once():
    leaking = CirculationField.of([[0, 0]], FLOW, replace(WELL, bypass=0.1), AQUIFER)
    found = trace_circulation(leaking).arrived([1.0, 1000.0 * HOUR])[0, 0]
    rest = trace_circulation(ALONE).arrived([0.9 * 1000.0 * HOUR])[0, 0]
    assert found[0] == pytest.approx(0.1)
    assert found[1] == pytest.approx(0.1 + 0.9 * rest[0], abs=1e-3)


def test_two_pairs_in_one_aquifer_share_the_flow():
    pairs = (
        ScreenPair(Screen(12.0, 20.0), Screen(26.0, 34.0), 0.5),
        ScreenPair(Screen(44.0, 52.0), Screen(58.0, 66.0), 0.5),
    )
    well = CirculationWell.of(0.15, pairs)
    found = trace_circulation(CirculationField.of([[0, 0]], FLOW, well, AQUIFER))
    assert found.arrived([100.0 * YEAR])[0, 0, 0] > 0.95
    hours = np.array([480.0]) * HOUR
    assert found.arrived(hours)[0, 0, 0] > trace_circulation(ALONE).arrived(hours)[0, 0, 0]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"positions": [[0, 0], [0, 0]]}, "positions[1]"),
        ({"positions": [[0, 0], [0.4, 0]]}, "positions[1]"),
        ({"flows": [0.0, 0.01]}, "flows[0]"),
        ({"flows": [0.01, 0.01, 0.01]}, "wells"),
        ({"wells": replace(WELL, bleed=0.1)}, "wells[0].bleed"),
        ({"aquifer": Aquifer(20.0, 70.0, 1e-4, 1e-4)}, "wells[0].pairs"),
        ({"aquifer": Aquifer(70.0, 70.0, 1e-4, 1e-4)}, "aquifer.thickness"),
        ({"aquifer": Aquifer(10.0, 70.0, -1e-4, 1e-4)}, "aquifer.radial_conductivity"),
        ({"regional_flux": math.nan}, "regional_flux"),
        ({"regional_direction": math.nan}, "regional_direction"),
    ],
)
def test_fields_that_cannot_be(change, where):
    given = {
        "positions": [[0, 0], [50, 0]], "flows": FLOW, "wells": WELL, "aquifer": AQUIFER,
    } | change  # fmt: skip
    with pytest.raises(InputError) as caught:
        CirculationField.of(**given)
    assert where in [problem.where for problem in caught.value.problems]


def test_layers_from_the_flow_on_rings():
    """One even layer: the same arrivals as from the closed form; a tight layer holds them back."""
    from diwen.sources.circulation_well.flow_field import flow_field
    from diwen.sources.circulation_well.grid import well_grid

    hours = np.array([100.0, 240.0, 480.0, 1000.0, 2000.0]) * HOUR
    even = GroundColumn.of([0.0, 10.0, 70.0, 100.0], [1e-9, 1e-4, 1e-9])
    tight = GroundColumn.of(
        [0.0, 10.0, 33.0, 37.0, 70.0, 100.0], [1e-9, 1e-4, 1e-6, 1e-4, 1e-9],
        vertical_conductivity=[1e-9, 1e-4, 2e-6, 1e-4, 1e-9],
    )  # fmt: skip
    found = []
    for column in (even, tight):
        table = layered_stream_table([flow_field(column, WELL, well_grid(column, WELL))])
        assert table.regional.min() < 1e-4
        found.append(trace_circulation(ALONE, table=table).arrived(hours)[0, 0])
    closed = trace_circulation(ALONE).arrived(hours)[0, 0]
    np.testing.assert_allclose(found[0], closed, atol=0.012)
    assert (found[1][:3] < found[0][:3]).all()


def test_tight_layers_carry_little_of_the_regional_flow():
    """The flux is that of the most conductive layer: a well below it, in ground of a hundredth of
    its conductivity, loses what it would lose in that ground alone in a hundredth of the flow."""
    from diwen.sources.circulation_well.flow_field import flow_field
    from diwen.sources.circulation_well.grid import well_grid

    column = GroundColumn.of([0.0, 10.0, 30.0, 50.0, 90.0, 100.0], [1e-9, 1e-4, 1e-8, 1e-6, 1e-9])
    well = CirculationWell.of(0.15, (ScreenPair(Screen(61.0, 65.0), Screen(72.0, 78.0)),))
    table = layered_stream_table([flow_field(column, well, well_grid(column, well))])
    rows = np.searchsorted(table.depth, [20.0, 40.0, 70.0]) - 1
    np.testing.assert_allclose(table.regional[rows], [1.0, 1e-4, 1e-2])
    layered = CirculationField.of(
        [[0.0, 0.0]], 2e-3, well, Aquifer(10.0, 90.0, 1e-4, 1e-4), regional_flux=2e-5
    )
    alone = CirculationField.of(
        [[0.0, 0.0]], 2e-3, well, Aquifer(50.0, 90.0, 1e-6, 1e-6), regional_flux=2e-7
    )
    expected = float(trace_circulation(alone).left[0])
    assert 0.05 < expected < 0.5
    assert float(trace_circulation(layered, table=table).left[0]) == pytest.approx(
        expected, abs=0.03
    )
    whole = float(trace_circulation(replace(alone, regional_flux=2e-5)).left[0])
    assert whole > expected + 0.3


def test_the_well_down_gradient_gets_the_water_of_the_other():
    """Regional flow towards (cos 2.2, sin 2.2), two wells along it."""
    along = 60.0 * np.array([math.cos(2.2), math.sin(2.2)])
    field = CirculationField.of(
        [[0.0, 0.0], along], FLOW, WELL, AQUIFER, regional_flux=3e-6, regional_direction=2.2
    )
    final = trace_circulation(field, horizon=100.0 * YEAR).final
    assert final[1, 0] > final[0, 1] + 0.05


def test_a_leak_inside_the_well_does_not_thin_the_water_of_the_table():
    """The table is for 1 m³/s through the ground, however much passes the packer."""
    from diwen.sources.circulation_well.flow_field import flow_field
    from diwen.sources.circulation_well.grid import well_grid

    column = GroundColumn.of([0.0, 10.0, 70.0, 100.0], [1e-9, 1e-4, 1e-9])
    grid = well_grid(column, WELL, fineness=0.5)
    tight, leaking = (
        layered_stream_table([flow_field(column, replace(WELL, bypass=bypass), grid)])
        for bypass in (0.0, 0.2)
    )
    np.testing.assert_allclose(leaking.flux, tight.flux, atol=1e-9)
    assert leaking.screens[0][0].flow.sum() == pytest.approx(1.0)
    hours = np.array([240.0, 1000.0]) * HOUR
    field = CirculationField.of([[0.0, 0.0]], FLOW, replace(WELL, bypass=0.2), AQUIFER)
    found = trace_circulation(field, table=leaking).arrived(hours)[0, 0]
    # four fifths of the flow through the ground: as the tight well after four fifths of the time
    alone = trace_circulation(ALONE, table=tight).arrived(0.8 * hours)[0, 0]
    np.testing.assert_allclose(found, 0.2 + 0.8 * alone, atol=1e-3)
