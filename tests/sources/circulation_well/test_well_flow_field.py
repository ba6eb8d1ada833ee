"""Water around a circulation well: against closed forms, against TimML, and where it goes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.aquifer.column import Aquifer, GroundColumn
from diwen.sources.aquifer.dipole_heads import DipoleHeads
from diwen.sources.aquifer.well import CirculationWell, GravelAnnulus, Screen, ScreenPair
from diwen.sources.circulation_well.flow_field import FlowField, flow_field
from diwen.sources.circulation_well.grid import well_grid
from diwen.sources.circulation_well.standing_column import (
    open_hole_conductivity,
    standing_column_well,
)
from diwen.sources.circulation_well.water_paths import water_paths

FLOW = 30.0 / 3600.0
CONFINED = GroundColumn.of([0.0, 50.0], 1e-4)
SHORT_PAIR = ScreenPair(Screen(2.0, 20.0), Screen(32.0, 48.0))
BASE = GroundColumn.of([0.0, 10.0, 70.0, 100.0], [1e-9, 1e-4, 1e-9])
BASE_PAIR = ScreenPair(Screen(12.0, 30.0), Screen(40.0, 58.0))
BASE_WELL = CirculationWell.of(0.15, (BASE_PAIR,))
LAYERED = GroundColumn.of([0.0, 10.0, 35.0, 38.0, 70.0, 100.0], [1e-9, 1e-4, 1e-9, 1e-4, 1e-9])

# Radius, depth below the roof and head of an even flux along the screens, Q 30 m³/h, m.
POINTS = [
    (5.0, 10.0, 0.90124), (5.0, 25.0, 0.04089), (5.0, 35.0, -0.73344), (20.0, 5.0, 0.21899),
    (40.0, 5.0, 0.04641),
]  # fmt: skip


def at(field: FlowField, radius: float, depth: float) -> float:
    """Head between the nodes for 1 m³/s: linear in depth and in the logarithm of the radius."""
    along = [np.interp(depth, field.grid.depth, column) for column in field.head.T]
    return float(np.interp(np.log(radius), np.log(field.grid.radius), along))


def metre_by_metre() -> CirculationWell:
    """The two screens cut into 18 parts each with an equal share: an even flux along them."""
    upper = np.linspace(SHORT_PAIR.injection.top, SHORT_PAIR.injection.bottom, 19)
    lower = np.linspace(SHORT_PAIR.extraction.top, SHORT_PAIR.extraction.bottom, 19)
    pairs = tuple(
        ScreenPair(Screen(a, b), Screen(c, d), 1.0 / 18.0)
        for a, b, c, d in zip(upper[:-1], upper[1:], lower[:-1], lower[1:], strict=True)
    )
    return CirculationWell.of(0.15, pairs)


def test_heads_of_an_even_flux_are_those_of_the_fourier_series() -> None:
    well = metre_by_metre()
    field = flow_field(CONFINED, well, well_grid(CONFINED, well, bottom=50.0))
    for radius, depth, expected in POINTS:
        # between the screens the heads of both nearly cancel: 3 % of one of them there
        scale = 0.9 if depth == 25.0 else abs(expected)
        assert FLOW * at(field, radius, depth) == pytest.approx(expected, abs=0.03 * scale)
    analytic = DipoleHeads.of(Aquifer(0.0, 50.0, 1e-4, 1e-4), SHORT_PAIR, 0.15, even_head=False)
    means = analytic.screen_means(FLOW)
    assert means.injection == pytest.approx(3.2181, rel=1e-3)
    assert FLOW * field.injection_head.mean() == pytest.approx(3.2181, rel=0.02)
    assert FLOW * field.extraction_head.mean() == pytest.approx(3.5644, rel=0.02)


@pytest.mark.parametrize("ratio", [1.0, 0.1])
def test_heads_of_even_screens_are_those_of_the_closed_form(ratio: float) -> None:
    column = GroundColumn.of([0.0, 50.0], 1e-4, vertical_conductivity=1e-4 * ratio)
    well = CirculationWell.of(0.15, (SHORT_PAIR,))
    field = flow_field(column, well, well_grid(column, well, bottom=50.0))
    aquifer = Aquifer(0.0, 50.0, 1e-4, 1e-4 * ratio)
    analytic = DipoleHeads.of(aquifer, SHORT_PAIR, 0.15)
    means = analytic.screen_means()
    assert field.injection_head[0] == pytest.approx(means.injection, rel=0.02)
    assert field.extraction_head[0] == pytest.approx(-means.extraction, rel=0.02)
    for radius, depth, _ in POINTS:
        expected = float(analytic.head(radius, depth))
        assert at(field, radius, depth) == pytest.approx(expected, abs=0.03 * abs(
            float(analytic.head(radius, 10.0))
        ))  # fmt: skip


def test_heads_agree_with_timml() -> None:
    timml = pytest.importorskip("timml")
    well = metre_by_metre()
    field = flow_field(CONFINED, well, well_grid(CONFINED, well, bottom=50.0))
    model = timml.Model3D(
        kaq=8.64, z=-np.arange(0.0, 51.0), kzoverkh=1.0, topboundary="conf"
    )  # 1 m layers, m/d
    for layer in range(2, 20):
        timml.Well(model, 0.0, 0.0, Qw=-720.0 / 18.0, rw=0.15, layers=layer)
    for layer in range(32, 48):
        timml.Well(model, 0.0, 0.0, Qw=720.0 / 16.0, rw=0.15, layers=layer)
    model.solve(silent=True)
    for radius, layer in [(5.0, 10), (5.0, 35), (20.0, 5), (20.0, 45)]:
        ours = FLOW * at(field, radius, layer + 0.5)
        assert ours == pytest.approx(float(model.head(radius, 0.0)[layer]), rel=0.03)
    wall = model.head(0.15, 0.0)
    assert FLOW * field.injection_head.mean() == pytest.approx(wall[2:20].mean(), rel=0.03)
    assert FLOW * field.extraction_head.mean() == pytest.approx(-wall[32:48].mean(), rel=0.03)


def test_head_beside_the_screen_is_that_of_modflow_on_the_same_rings() -> None:
    """MODFLOW 6 GWF, run on the same rings as a wedge: 3.1822 m in the first cell at 30 m³/h."""
    field = flow_field(BASE, BASE_WELL)
    assert FLOW * field.head[12, 0] == pytest.approx(3.1822, rel=0.005)
    assert FLOW * field.seal_gradient[0] == pytest.approx(0.63, abs=0.01)
    mean_speed = 1.0 / (2.0 * np.pi * 0.15 * 18.0)
    assert mean_speed < field.wall_velocity.max()


@pytest.mark.parametrize(
    ("well", "outer"),
    [
        (BASE_WELL, "open"), (BASE_WELL, "closed"), (replace(BASE_WELL, bypass=0.2), "open"),
        (replace(BASE_WELL, bleed=0.1, bypass=0.1), "open"),
        (replace(BASE_WELL, annulus=GravelAnnulus(0.08, 0.1)), "open"),
    ],
)  # fmt: skip
def test_water_is_neither_made_nor_lost(well: CirculationWell, outer: str) -> None:
    field = flow_field(BASE, well, outer=outer)  # type: ignore[arg-type]
    assert field.mass_closure < 1e-13
    through = field.radial_flow[:, 0]
    assert through[12:30].sum() == pytest.approx((1 - well.bleed) * (1 - well.bypass), abs=1e-12)
    assert -through[40:58].sum() == pytest.approx(1 - well.bypass * (1 - well.bleed), abs=1e-12)
    assert field.inflow - field.outflow == pytest.approx(well.bleed, abs=1e-12)
    if outer == "closed":
        assert field.outflow == 0.0
        assert field.inflow == 0.0


def test_bleed_adds_the_radial_inflow_of_thiem() -> None:
    """Far from the well only the net flow is left: ``s = Q b ln(R/r) / (2 pi T)`` (Thiem 1906)."""
    well = CirculationWell.of(0.15, (SHORT_PAIR,), bleed=0.3)
    field = flow_field(CONFINED, well, well_grid(CONFINED, well, bottom=50.0))
    expected = -0.3 * np.log(150.0 / 100.0) / (2.0 * np.pi * 1e-4 * 50.0)
    assert at(field, 100.0, 25.0) == pytest.approx(expected, rel=0.01)


def test_heads_go_with_viscosity_and_inversely_with_conductivity() -> None:
    field = flow_field(BASE, BASE_WELL)
    tight = flow_field(replace(BASE, radial_conductivity=BASE.radial_conductivity / 10.0,
                               vertical_conductivity=BASE.vertical_conductivity / 10.0),
                       BASE_WELL)  # fmt: skip
    np.testing.assert_allclose(tight.head, 10.0 * field.head, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(tight.radial_flow, field.radial_flow, atol=1e-12)
    viscous = flow_field(BASE, BASE_WELL, viscosity_ratio=1.35)
    np.testing.assert_allclose(viscous.injection_head, 1.35 * field.injection_head)
    np.testing.assert_allclose(field.with_viscosity(1.35).head, viscous.head)
    np.testing.assert_allclose(viscous.radial_flow, field.radial_flow)


def test_less_vertical_conductivity_and_a_longer_gap_cost_head() -> None:
    anisotropic = replace(BASE, vertical_conductivity=0.1 * BASE.vertical_conductivity)
    apart = CirculationWell.of(0.15, (ScreenPair(Screen(12.0, 26.0), Screen(50.0, 64.0)),))
    closer = CirculationWell.of(0.15, (ScreenPair(Screen(12.0, 26.0), Screen(30.0, 44.0)),))
    base = flow_field(BASE, BASE_WELL).injection_head[0]
    assert flow_field(anisotropic, BASE_WELL).injection_head[0] > 1.1 * base
    assert flow_field(BASE, apart).injection_head[0] > flow_field(BASE, closer).injection_head[0]


def test_gravel_takes_over_as_it_grows_more_permeable() -> None:
    shares = []
    for ratio in (10.0, 100.0, 1000.0, 5000.0):
        well = CirculationWell.of(0.3, (BASE_PAIR,), annulus=GravelAnnulus(0.1, ratio * 1e-4))
        field = flow_field(BASE, well)
        assert field.exchange_share == pytest.approx(1.0 - field.gravel_share, abs=0.02)
        shares.append(field.gravel_share)
    assert shares == sorted(shares)
    assert shares[0] < 0.02
    assert shares[2] > 0.5
    assert shares[3] > 0.8


@pytest.mark.parametrize("ratio", [30.0, 1000.0])
def test_gravel_is_the_same_short_circuit_both_ways_round(ratio: float) -> None:
    """Water returned below goes up in the gravel: the same share, and not below zero."""
    gravel = GravelAnnulus(0.1, ratio * 1e-4)
    turned = ScreenPair(BASE_PAIR.extraction, BASE_PAIR.injection)
    down, up = (
        flow_field(BASE, CirculationWell.of(0.3, (pair,), annulus=gravel)).gravel_share
        for pair in (BASE_PAIR, turned)
    )
    assert up == pytest.approx(down, rel=1e-6)
    assert up > 0.0


def test_velocity_at_the_wall_of_an_even_flux_is_flow_over_surface() -> None:
    """``Q / (2 pi r l)`` where every metre of the screen has its share; more at the ends of one
    that has one head, from which still no less than the mean comes."""
    well = metre_by_metre()
    field = flow_field(CONFINED, well, well_grid(CONFINED, well, bottom=50.0))
    expected = [1.0 / (2.0 * np.pi * 0.15 * 18.0), 1.0 / (2.0 * np.pi * 0.15 * 16.0)]
    np.testing.assert_allclose(field.wall_velocity.mean(axis=0), expected, rtol=0.01)
    uneven = flow_field(CONFINED, CirculationWell.of(0.15, (SHORT_PAIR,))).wall_velocity[0]
    assert (uneven > expected).all()


def test_water_of_one_aquifer_comes_back_and_water_across_an_aquitard_does_not() -> None:
    same = water_paths(flow_field(BASE, BASE_WELL))
    assert same.closed_share > 0.99
    np.testing.assert_allclose(same.aquifer, [[10.0, 70.0]])
    across = CirculationWell.of(0.15, (ScreenPair(Screen(12.0, 30.0), Screen(42.0, 60.0)),))
    field = flow_field(LAYERED, across)
    lost = water_paths(field)
    assert lost.closed_share == 0.0
    assert lost.left[0] > 0.95
    assert lost.returned[0] < 0.05
    assert lost.left[0] == pytest.approx(field.outflow, rel=1e-6)
    assert lost.left[0] + lost.returned[0] == pytest.approx(1.0, abs=1e-6)


def test_what_is_pumped_across_an_aquitard_has_crossed_it_up_or_down() -> None:
    """Water that comes back to a pump in another aquifer left its own, whichever lies below."""
    across = ScreenPair(Screen(12.0, 30.0), Screen(42.0, 58.0))
    for pair in (across, ScreenPair(across.extraction, across.injection)):
        paths = water_paths(flow_field(LAYERED, CirculationWell.of(0.15, (pair,))))
        assert paths.returned[0] > 0.0
        assert paths.crossing[0] >= paths.returned[0] * (1.0 - 1e-6)


def test_stacked_pairs_each_keep_to_their_aquifer() -> None:
    stack = CirculationWell.of(0.15, (
        ScreenPair(Screen(12.0, 18.0), Screen(27.0, 33.0), 0.4),
        ScreenPair(Screen(40.0, 48.0), Screen(58.0, 66.0), 0.6),
    ))  # fmt: skip
    field = flow_field(LAYERED, stack)
    paths = water_paths(field)
    assert (paths.same_layer > 0.99).all()
    assert (paths.same_layer <= paths.returned + 1e-12).all()
    np.testing.assert_allclose(paths.aquifer, [[10.0, 35.0], [38.0, 70.0]])
    for pair, share in enumerate((0.4, 0.6)):
        given = field.radial_flow[field.grid.rows_of(pair, injection=True), 0].sum()
        assert given == pytest.approx(share, abs=1e-12)


def test_flow_converges_with_the_grid() -> None:
    heads = [
        flow_field(BASE, BASE_WELL, well_grid(BASE, BASE_WELL, fineness=f)).injection_head[0]
        for f in (0.5, 1.0, 2.0)
    ]
    assert abs(heads[1] - heads[2]) < 0.01 * heads[2]
    assert abs(heads[1] - heads[2]) < abs(heads[0] - heads[2])


@settings(max_examples=15)
@given(
    gap=st.floats(2.0, 15.0), length=st.floats(3.0, 15.0), anisotropy=st.floats(0.02, 1.0),
    bypass=st.floats(0.0, 0.5), bleed=st.floats(0.0, 0.5), upside_down=st.booleans(),
)  # fmt: skip
def test_any_well_balances_and_drives_water_from_return_to_pump(
    gap: float, length: float, anisotropy: float, bypass: float, bleed: float, upside_down: bool
) -> None:
    first, second = (
        Screen(12.0, 12.0 + length),
        Screen(12.0 + length + gap, 12.0 + 2 * length + gap),
    )
    pair = ScreenPair(second, first) if upside_down else ScreenPair(first, second)
    well = CirculationWell.of(0.2, (pair,), bypass=bypass, bleed=bleed)
    column = replace(BASE, vertical_conductivity=anisotropy * BASE.vertical_conductivity)
    field = flow_field(column, well, well_grid(column, well, fineness=0.3))
    assert field.mass_closure < 1e-12
    assert field.injection_head[0] + field.extraction_head[0] > 0.0
    paths = water_paths(field)
    assert 0.0 <= paths.same_layer[0] <= paths.returned[0] + 1e-9 <= 1.0 + 2e-9
    assert paths.left[0] + paths.returned[0] == pytest.approx(1.0, abs=1e-6)


def test_an_open_hole_hardly_resists() -> None:
    """Hagen-Poiseuille without a riser: ``g d² / (32 nu)``; with one, less."""
    poiseuille = 9.80665 * 0.165**2 / (32.0 * 1.3e-6)
    assert open_hole_conductivity(0.0825, 0.0) == pytest.approx(poiseuille, rel=1e-12)
    assert open_hole_conductivity(0.0825, 1e-9) == pytest.approx(poiseuille, rel=0.06)
    assert open_hole_conductivity(0.0825, 0.04) < 0.5 * poiseuille
    # a narrow ring is a slit of width w: g w² / (12 nu)
    slit = 9.80665 * 0.001**2 / (12.0 * 1.3e-6)
    assert open_hole_conductivity(0.1, 0.099) == pytest.approx(slit, rel=1e-3)
    assert open_hole_conductivity(0.0825, 0.04, velocity=0.5) < 100.0


@pytest.mark.parametrize("velocity", [0.3, 1.5])
def test_a_turbulent_hole_resists_as_darcy_and_weisbach_say(velocity: float) -> None:
    """Head lost per metre ``f u² / (2 g d_h)``, ring from 45 to 82.5 mm: d_h 75 mm."""
    lost = velocity / open_hole_conductivity(0.0825, 0.045, velocity=velocity, friction_factor=0.04)
    assert lost == pytest.approx(0.04 * velocity**2 / (2.0 * 9.80665 * 0.075), rel=1e-9)


def test_rock_of_a_standing_column_well_takes_more_of_the_water_the_more_permeable_it_is() -> None:
    shares = []
    for conductivity in (1e-7, 1e-5, 1e-3):
        column = GroundColumn.of([0.0, 10.0, 150.0, 200.0], [1e-9, conductivity, 1e-9])
        well = standing_column_well(
            0.0825, 150.0, Screen(12.0, 14.0), Screen(146.0, 148.0), riser_radius=0.045, flow=1.7e-3
        )
        field = flow_field(column, well)
        assert field.mass_closure < 1e-13
        shares.append(field.exchange_share)
    assert shares[0] < 1e-3 < shares[1] < 0.3 < shares[2]


def test_what_cannot_be_is_refused_with_its_reason() -> None:
    deep = CirculationWell.of(0.15, (ScreenPair(Screen(12.0, 30.0), Screen(90.0, 120.0)),))
    with pytest.raises(InputError, match="outside the column"):
        well_grid(BASE, deep)
    in_rock = CirculationWell.of(0.15, (ScreenPair(Screen(12.0, 30.0), Screen(75.0, 85.0)),))
    with pytest.raises(InputError, match="no aquifer at the screen"):
        well_grid(BASE, in_rock)
    with pytest.raises(InputError) as both:
        well_grid(BASE, BASE_WELL, outer_radius=0.2, bottom=30.0, fineness=100.0)
    assert len(both.value.problems) == 3
    for endless in ({"outer_radius": np.inf}, {"bottom": np.inf}, {"bottom": np.nan}):
        with pytest.raises(InputError, match=next(iter(endless))):
            well_grid(BASE, BASE_WELL, **endless)
    for depth in (np.nan, np.inf, 57.0):
        with pytest.raises(InputError, match="depth"):
            CirculationWell.of(0.15, (BASE_PAIR,), depth=depth)
    with pytest.raises(InputError, match="top is not above"):
        CirculationWell.of(0.15, (ScreenPair(Screen(1.0, 5.0), Screen(9.0, np.inf)),))
    with pytest.raises(InputError, match="cannot bleed"):
        flow_field(BASE, replace(BASE_WELL, bleed=0.1), outer="closed")
    with pytest.raises(InputError, match="viscosity_ratio"):
        flow_field(BASE, BASE_WELL, viscosity_ratio=0.0)
    with pytest.raises(InputError, match="radial_conductivity"):
        GroundColumn.of([0.0, 50.0], -1e-4)
    with pytest.raises(InputError, match="riser"):
        standing_column_well(0.08, 100.0, Screen(5.0, 6.0), Screen(90.0, 91.0), riser_radius=0.1)
