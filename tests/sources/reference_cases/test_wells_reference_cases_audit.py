"""Wells and thermal response tests against equations written out here once more, from the sources.

Nothing of the package stands on the side of the expected values: series are summed term by term,
paths are stepped in small pieces, steady states solved directly, short courses worked by hand.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.sparse.linalg import splu
from scipy.special import erfc, exp1, k0

from diwen.sources.aquifer import Aquifer, DipoleHeads, leaky_drawdown
from diwen.sources.aquifer.column import GroundColumn
from diwen.sources.aquifer.well import CirculationWell, Screen, ScreenPair
from diwen.sources.circulation_well.breakthrough import Breakthrough
from diwen.sources.circulation_well.finite_volume import simulate_finite_volume
from diwen.sources.circulation_well.flow_field import flow_field
from diwen.sources.circulation_well.grid import well_grid
from diwen.sources.circulation_well.heat_operator import heat_operator
from diwen.sources.circulation_well.model_reduction import reduce_well
from diwen.sources.circulation_well.travel_times import travel_times
from diwen.sources.circulation_well.volume_clock import VolumeClock
from diwen.sources.circulation_well.well_response import step_response_at
from diwen.sources.response_test import TestedBorehole, TestSeries
from diwen.sources.response_test.line_source_fit import fit_line_source
from diwen.sources.response_test.superposition_fit import fit_superposition
from diwen.sources.well_field.circulation_field import CirculationField, trace_circulation
from diwen.sources.well_field.doublet import Doublet
from diwen.sources.well_field.potential_flow import PlaneWells, trace_arrivals

Floats = NDArray[np.float64]

HOUR, DAY, YEAR = 3600.0, 86400.0, 365.0 * 86400.0
FLOW = 30.0 / HOUR
WATER, GROUND = 4.19e6, 2.6e6
EXAMPLES = Path(__file__).parents[3] / "examples"


# Heads -----------------------------------------------------------------------------------------

GEOMETRIES = [  # roof, floor, return screen, extraction screen, bore, Kr, Kz
    (10.0, 70.0, (12.0, 30.0), (40.0, 58.0), 0.15, 1e-4, 1e-4),
    (5.0, 45.0, (30.0, 43.0), (6.0, 13.0), 0.20, 3e-5, 6e-6),
    (0.0, 120.0, (20.0, 21.5), (90.0, 118.0), 0.10, 7e-4, 1e-4),
    (22.0, 36.5, (22.0, 26.0), (31.0, 36.5), 0.30, 2e-4, 1e-5),
    (40.0, 95.0, (60.0, 70.0), (71.0, 79.0), 0.25, 1e-5, 2e-5),
]


@pytest.mark.parametrize(("roof", "floor", "into", "out", "bore", "kr", "kz"), GEOMETRIES)
def test_heads_are_the_series_summed_term_by_term(roof, floor, into, out, bore, kr, kz):
    """``h = Q/(2 pi Kr) sum 2/(n pi l) (sin n pi b/B - sin n pi a/B) cos(n pi z/B) K0(n pi k r/B)``
    for each screen from a to b of length l, B the thickness, k² = Kz/Kr (Hantush 1964)."""
    draw = np.random.default_rng(11)
    pair = ScreenPair(Screen(*into), Screen(*out))
    field = DipoleHeads.of(Aquifer(roof, floor, kr, kz), pair, bore, even_head=False)
    thick, n = floor - roof, np.arange(1, 20001)
    for radius, z in zip(np.geomspace(0.5, 60.0, 12), thick * draw.random(12), strict=True):
        total = 0.0
        for (a, b), sign in ((into, 1.0), (out, -1.0)):
            sines = np.sin(n * np.pi * (b - roof) / thick) - np.sin(n * np.pi * (a - roof) / thick)
            terms = 2.0 / (n * np.pi * (b - a)) * sines * np.cos(n * np.pi * z / thick)
            total += sign * float(terms @ k0(n * np.pi * math.sqrt(kz / kr) * radius / thick))
        expected = FLOW / (2.0 * np.pi * kr) * total
        assert field.head(radius, roof + z, FLOW) == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_an_even_head_is_even_from_part_to_part():
    """The mean head at the wall of the bore along every part, by quadrature here, is that of its
    screen; under an even flux the ends of a screen stand lower than its middle."""
    pair = ScreenPair(Screen(12.0, 30.0), Screen(40.0, 58.0))
    aquifer = Aquifer(10.0, 70.0, 1e-4, 3e-5)
    nodes, weights = np.polynomial.legendre.leggauss(80)

    def along(field: DipoleHeads, top: float, bottom: float) -> float:
        depth = 10.0 + 0.5 * (top + bottom) + 0.5 * (bottom - top) * nodes
        return float(field.head(0.15, depth, FLOW) @ weights) / 2.0

    even = DipoleHeads.of(aquifer, pair, 0.15)
    means = even.screen_means(FLOW)
    for top, bottom, share in zip(even.top, even.bottom, even.strength, strict=True):
        expected = means.injection if top < 25.0 else means.extraction
        assert share * expected > 0.0
        assert along(even, top, bottom) == pytest.approx(expected, rel=2e-3)
    plain = DipoleHeads.of(aquifer, pair, 0.15, even_head=False)
    assert along(plain, 2.0, 3.0) < 0.9 * along(plain, 10.0, 11.0)


def test_leaky_drawdown_is_its_integral():
    """``Q/(4 pi T) integral_u^inf exp(-y - r²/(4 T c y)) dy/y`` with u = r² S/(4 T t)."""
    draw = np.random.default_rng(2)
    for _ in range(8):
        t, s = 10.0 ** draw.uniform(-4, -2), 10.0 ** draw.uniform(-5, -2)
        c, r, time = 10.0 ** draw.uniform(6, 9), draw.uniform(5, 300), 10.0 ** draw.uniform(3, 7)
        u = r * r * s / (4.0 * t * time)

        def inside(x, leak=r * r / (4.0 * t * c)):
            return math.exp(-math.exp(x) - leak * math.exp(-x))

        start, end = math.log(u), max(math.log(u) + 1.0, 6.0)
        whole = sum(
            quad(inside, a, b, epsabs=1e-14)[0]
            for a, b in zip(*(np.linspace(start, end, 25)[k:][:24] for k in (0, 1)), strict=True)
        )
        expected = FLOW / (4.0 * math.pi * t) * whole
        assert leaky_drawdown(FLOW, t, s, c, r, time) == pytest.approx(expected, rel=1e-7, abs=1e-9)


# Doublet in regional flow ----------------------------------------------------------------------


def stepped_paths(ratio: float, particles: int = 600) -> tuple[float, float]:
    """Share that returns and first time, over A b L²/Q, of paths stepped by Runge-Kutta.

    Lengths in L, pumped well at 0, return well at 1 straight down-gradient; velocities in
    Q/(2 pi b L): sources ±1/r, regional flow 1/ratio along x (beta = Q/(2 pi b U L) = ratio).
    """

    def velocity(x, y):
        a, b = x * x + y * y, (x - 1.0) ** 2 + y * y
        return (x - 1.0) / b - x / a + 1.0 / ratio, y / b - y / a

    angle = 2.0 * np.pi * (np.arange(particles) + 0.5) / particles
    x, y = 1.0 + 1e-3 * np.cos(angle), 1e-3 * np.sin(angle)
    time, going = np.zeros(particles), np.ones(particles, bool)
    home = np.zeros(particles, bool)
    for _ in range(6000):
        p, q = x[going], y[going]
        length = 0.02 * np.minimum(np.hypot(p, q), np.hypot(p - 1.0, q))
        u, v = velocity(p, q)
        step = length / np.hypot(u, v)
        u2, v2 = velocity(p + 0.5 * step * u, q + 0.5 * step * v)
        u3, v3 = velocity(p + 0.5 * step * u2, q + 0.5 * step * v2)
        u4, v4 = velocity(p + step * u3, q + step * v3)
        x[going] = p + step / 6.0 * (u + 2.0 * u2 + 2.0 * u3 + u4)
        y[going] = q + step / 6.0 * (v + 2.0 * v2 + 2.0 * v3 + v4)
        time[going] += step
        home |= going & (np.hypot(x, y) < 1e-3)
        going &= ~home & (np.hypot(x, y) < 60.0)
        if not going.any():
            break
    # a unit of time is L / (Q/(2 pi b L)) = 2 pi b L²/Q for the water, A of it for the heat
    return float(home.mean()), 2.0 * np.pi * float(time[home].min())


@pytest.mark.parametrize("ratio", [0.4, 0.5, 1.0, 3.0])
def test_doublet_in_regional_flow_by_paths_stepped_here(ratio):
    """Lippmann & Tsang 1980: 1 % of the time, half a hundredth of the share."""
    base = Doublet.of(100.0, 20.0, FLOW)
    flux = FLOW / (2.0 * np.pi * 20.0 * 100.0 * ratio)
    share, first = stepped_paths(ratio)
    unit = GROUND / WATER * 20.0 * 100.0**2 / FLOW
    assert base.breakthrough_down_gradient(flux) == pytest.approx(first * unit, rel=0.01)
    assert base.recirculated_down_gradient(flux) == pytest.approx(share, abs=0.005)
    wells = PlaneWells.of(
        [[0.0, 0.0], [100.0, 0.0]], [-FLOW, FLOW], 20.0, regional_flux=flux, regional_direction=0.0
    )
    arrivals = trace_arrivals(wells, particles=400)
    assert arrivals.final[0, 0] == pytest.approx(share, abs=0.005)
    assert arrivals.breakthrough[0, 0] == pytest.approx(first * unit, rel=0.01)


# The clock of the volume -----------------------------------------------------------------------

BY_HAND = [  # bypass, bleed, returned and pumped, K, worked out on paper
    (0.0, 0.0, [-1.25, -1.71875, -2.05078125], [-0.25, -0.71875, -1.05078125]),
    (0.25, 0.0, [-5 / 3, -2.2916666666667, -2.734375], [-2 / 3, -1.2916666666667, -1.734375]),
    # a share 0.5 (1 - 0.5) = 0.25 of the pumped water came inside the well, as above
    (0.5, 0.5, [-5 / 3, -2.2916666666667, -2.734375], [-2 / 3, -1.2916666666667, -1.734375]),
]


@pytest.mark.parametrize(("bypass", "bleed", "returned", "pumped"), BY_HAND)
def test_three_steps_by_hand(bypass, bleed, returned, pumped):
    """Shares 0.2, 0.5 and 0.6 after 100, 200 and 300 m³, 100 m³ a step, the load takes 1 K.

    Without bypass: T1 = 0.2 T1 - 1; T2 = 0.3 T1 + 0.2 T2 - 1; T3 = 0.1 T1 + 0.3 T2 + 0.2 T3 - 1.
    A share of a quarter from inside the well: the formation gives 4/3 K more than is returned.
    """
    curve = Breakthrough.of([100.0, 200.0, 300.0], [0.2, 0.5, 0.6])
    load = np.full(3, WATER * 100.0 / HOUR)
    found = VolumeClock(curve, bypass, bleed, widest_bin=0.0).simulate(load, 100.0 / HOUR)
    np.testing.assert_allclose(found.returned, returned, rtol=1e-12)
    np.testing.assert_allclose(found.pumped, pumped, rtol=1e-12)


# Finite volumes and modes ----------------------------------------------------------------------


def test_a_narrow_column_is_one_dimension():
    """Water through 80 m of ground 4 m wide: one dimension but for the entry at the screens.

    Heat given with the water, none conducted back through the inlet (Lindstrom, Haque, Freed &
    Boersma 1967): with a = (z - v t)/(2 √(D t)), b = (z + v t)/(2 √(D t)),
    ``T = ½ erfc a + √(v² t/(pi D)) exp(-a²) - ½ (1 + v z/D + v² t/D) exp(v z/D) erfc b``;
    v = rho_w c_w q/(rho c), D = lambda/(rho c) + v (aL + dz/2 + v dt/2), the last two of upwind
    weights and backward Euler. The entry spreads over the radius of the column.
    """
    column = GroundColumn.of([0.0, 80.0], 1e-4, longitudinal_dispersivity=2.0)
    well = CirculationWell.of(0.15, (ScreenPair(Screen(0.0, 1.0), Screen(79.0, 80.0)),))
    grid = well_grid(column, well, outer_radius=2.0, bottom=80.0, fineness=1.5)
    field = flow_field(column, well, grid, outer="closed")
    flow, step, steps = 2e-5, 6 * HOUR, 400
    course = simulate_finite_volume(
        heat_operator(field), np.full(steps, flow), return_temperature=1.0,
        natural_temperature=0.0, step=step,
    )  # fmt: skip
    found = np.average(course.temperature, axis=1, weights=grid.area)
    speed = WATER / GROUND * flow / (np.pi * (2.0**2 - 0.15**2))
    time = steps * step
    rows = (grid.depth > 5.0) & (grid.depth < 75.0)
    cell = float(grid.thickness[rows].mean())
    spread = 2.2 / GROUND + speed * (2.0 + 0.5 * cell + 0.5 * speed * step)
    z = grid.depth  # the screen reaches to the top: what is given fills the ground from there
    ahead, behind = ((z + sign * speed * time) / (2.0 * np.sqrt(spread * time)) for sign in (-1, 1))
    grown = speed**2 * time / spread
    late = (1.0 + speed * z / spread + grown) * np.exp(speed * z / spread) * erfc(behind)
    expected = 0.5 * erfc(ahead) + np.sqrt(grown / np.pi) * np.exp(-(ahead**2)) - 0.5 * late
    assert 20.0 < speed * time < 50.0
    np.testing.assert_allclose(found[rows], expected[rows], atol=0.02)


def small_well(bypass: float = 0.0):
    """A short well in a small open domain, which is steady after some years."""
    column = GroundColumn.of([0.0, 5.0, 25.0, 30.0], [1e-9, 1e-4, 1e-9])
    well = CirculationWell.of(
        0.15, (ScreenPair(Screen(6.0, 11.0), Screen(18.0, 24.0)),), bypass=bypass
    )
    grid = well_grid(column, well, outer_radius=25.0, bottom=40.0, fineness=0.5)
    return heat_operator(flow_field(column, well, grid))


@pytest.mark.parametrize("bypass", [0.0, 0.15])
def test_modes_end_where_the_cells_are_steady(bypass):
    """``0 = (K + Q A) T + Q b T_return`` with the tie of the load, solved once for all cells."""
    operator, flow = small_well(bypass), 10.0 / HOUR
    inside = bypass
    drop = 1.0 / (operator.water_heat_capacity * flow * (1.0 - inside))
    answer = splu(operator.matrix(flow)).solve(-flow * operator.injection)
    whole = float(operator.extraction @ answer)  # of all returned water in the end
    # formation f = whole r, pumped p = s r + (1 - s) f, p - r = 1/(rho c Q)  =>  f - r = drop
    returned = -drop / (1.0 - whole)
    steady = whole * returned
    assert 0.3 < whole < 1.0
    modes = reduce_well(operator, flow)
    late = float(step_response_at(modes, flow, np.array([300.0 * YEAR]))[0])
    assert late == pytest.approx(-steady, rel=0.01)
    # and the cells themselves, marched with long steps
    course = simulate_finite_volume(
        operator, np.full(400, flow), load=1e4, natural_temperature=0.0, step=YEAR / 4
    )
    assert course.formation[-1] == pytest.approx(1e4 * steady, rel=1e-3)
    assert course.energy_closure < 1e-9


# Laws ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bypass", [0.0, 0.15])
def test_no_model_makes_heat_of_circulation(bypass):
    """Even ground, any course of the flow, no load: cells, modes and the clock of the volume."""
    operator = small_well(bypass)
    flow = np.random.default_rng(4).choice([0.0, 2.0, 7.0, 10.0], 300) / HOUR
    modes = reduce_well(operator, 10.0 / HOUR, natural_temperature=11.0, checked=False)
    for course in (
        simulate_finite_volume(operator, flow, load=np.zeros(300), natural_temperature=11.0),
        modes.simulate(np.zeros(300), flow),
    ):
        np.testing.assert_allclose(course.pumped, 11.0, atol=1e-9)
        np.testing.assert_allclose(course.temperature, 11.0, atol=1e-9)
        # a thousandth of a joule per kelvin and cubic metre of ground
        assert abs(course.stored_heat_change) < 1e-3 * operator.capacity.sum() / GROUND
    curve = Breakthrough.of([100.0, 200.0, 300.0], [0.2, 0.5, 0.6])
    assert not VolumeClock(curve, bypass).simulate(np.zeros(300), flow).pumped.any()


def test_flat_ground_is_round_ground_stretched():
    """With Kz = Kr/4 all lengths across are twice those of even ground with half the bore: the
    same paths, four times the ground on them, so that all heat arrives after four times the
    volume; on the same rings to rounding, and for particles in a field within 1 %."""
    pair = ScreenPair(Screen(12.0, 30.0), Screen(40.0, 58.0))
    found, fields = [], []
    for vertical, bore, reach in ((1e-4, 0.15, 120.0), (0.25e-4, 0.30, 240.0)):
        column = GroundColumn.of(
            [0.0, 10.0, 70.0, 80.0], [1e-9, 1e-4, 1e-9],
            vertical_conductivity=[1e-9 * vertical / 1e-4, vertical, 1e-9 * vertical / 1e-4],
        )  # fmt: skip
        well = CirculationWell.of(bore, (pair,))
        grid = well_grid(column, well, outer_radius=reach, bottom=80.0, fineness=0.6)
        found.append(travel_times(flow_field(column, well, grid), paths=300))
        aquifer = Aquifer(10.0, 70.0, 1e-4, vertical)
        fields.append(CirculationField.of([[0.0, 0.0]], FLOW, well, aquifer))
    even, flat = found
    np.testing.assert_allclose(flat.volume, 4.0 * even.volume, rtol=1e-6)
    np.testing.assert_allclose(flat.radius, 2.0 * even.radius, rtol=1e-6)
    hours = np.array([150.0, 300.0, 1000.0, 3000.0]) * HOUR
    one, other = (
        trace_circulation(field).arrived(scale * hours)[0, 0]
        for field, scale in zip(fields, (1.0, 4.0), strict=True)
    )
    assert 0.04 < one[0] < one[-1] < 0.6
    np.testing.assert_allclose(other, one, atol=0.01)


@settings(max_examples=12, deadline=None)
@given(gap=st.floats(4.0, 14.0), more=st.floats(3.0, 12.0))
def test_screens_farther_apart_never_answer_earlier(gap, more):
    """The first heat, and the time until a tenth and a third of the water are returned water."""

    def arrives(seal: float) -> list[float]:
        column = GroundColumn.of([0.0, 60.0], 1e-4)
        pair = ScreenPair(
            Screen(30.0 - seal / 2 - 8, 30.0 - seal / 2),
            Screen(30.0 + seal / 2, 30.0 + seal / 2 + 8),
        )
        well = CirculationWell.of(0.15, (pair,))
        grid = well_grid(column, well, bottom=60.0, fineness=0.6)
        paths = travel_times(flow_field(column, well, grid), paths=400)
        curve = Breakthrough.from_travel_times(paths)
        return [paths.first_volume, curve.volume_of(0.1), curve.volume_of(0.33)]

    near, far = arrives(gap), arrives(gap + more)
    assert all(later > first for first, later in zip(near, far, strict=True))


# Thermal response tests ------------------------------------------------------------------------


def synthetic() -> tuple[TestSeries, TestedBorehole]:
    """Infinite line source: 2.3 W/(m·K), 0.1 m·K/W, 50 W/m, a reading a minute for 72 h."""
    time = np.arange(60.0, 72 * HOUR + 1.0, 60.0)
    borehole = TestedBorehole(100.0, 0.065, 2.3e6, 12.0)
    ground = exp1(0.065**2 * 2.3e6 / (4.0 * 2.3 * time)) / (4.0 * math.pi * 2.3)
    return TestSeries.of(time, 5000.0, 12.0 + 50.0 * (ground + 0.1)), borehole


def test_synthetic_test_by_both_methods():
    """Superposition gives back what made the data; the logarithm from 5 r²/a on is 1.3 % off."""
    series, borehole = synthetic()
    exact = fit_superposition(series, borehole)
    assert exact.conductivity == pytest.approx(2.3, rel=1e-3)
    assert exact.resistance == pytest.approx(0.1, rel=1e-3)
    line = fit_line_source(series, borehole, start=5.0 * 0.065**2 * 2.3e6 / 2.3)
    assert line.conductivity == pytest.approx(2.331, rel=1e-3)
    assert line.resistance == pytest.approx(0.1018, rel=1e-3)


def test_linz_by_the_straight_line():
    """150 m, T0 11.7 °C, 2.3 MJ/(m³·K): 2.2145 W/(m·K) and 0.1104 m·K/W, half a per cent."""
    lines = (EXAMPLES / "response-test-linz" / "Linz.csv").read_text(encoding="utf-8-sig")
    rows = [line.replace(",", ".").split(";") for line in lines.splitlines()[1:] if line.strip()]
    time, temperature, power = np.array(rows, float).T
    borehole = TestedBorehole(150.0, 0.0665, 2.3e6, 11.7)
    found = fit_line_source(TestSeries.of(time, power, temperature), borehole)
    assert found.conductivity == pytest.approx(2.2145, rel=5e-3)
    assert found.resistance == pytest.approx(0.1104, rel=5e-3)


def test_sandbox_from_ten_hours_on():
    """Beier, Smith & Spitler 2011: 2.82 to 2.88 W/(m·K) by probes; 2.92 (3 %) and 0.159 m·K/W
    (0.01) by the line from 10 h on, with 2.55 MJ/(m³·K) and 22.0 °C."""
    path = EXAMPLES / "response-test-sandbox" / "Beier_Smith_Spitler_2011_SandBox.txt"
    time, inlet, outlet, share = np.loadtxt(path, skiprows=2).T
    on = time > 0
    series = TestSeries.of(time[on], 1056.0 * share[on], inlet=inlet[on], outlet=outlet[on])
    borehole = TestedBorehole(18.3, 0.063, 2.55e6, 22.0)
    for start, expected in ((5.0, 2.72), (10.0, 2.92), (15.0, 3.00), (20.0, 2.98)):
        found = fit_line_source(series, borehole, start=start * HOUR)
        assert found.conductivity == pytest.approx(expected, rel=0.01)
        if start == 10.0:
            assert found.conductivity == pytest.approx(2.85, rel=0.07)
            assert found.resistance == pytest.approx(0.159, abs=0.01)
