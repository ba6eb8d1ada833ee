"""Heat around a circulation well against numbers and solutions that are not ours.

The base case: aquifer 10 to 70 m, screens 12 to 30 and 40 to 58 m, bore 0.3 m wide, K 1e-4 m/s,
saturated ground 2.6 MJ/(m³·K) and 2.2 W/(m·K), 30 m³/h, ground at 11 °C.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import erfc, jv, yv

from diwen.sources.aquifer.column import GroundColumn
from diwen.sources.aquifer.well import CirculationWell, Screen, ScreenPair
from diwen.sources.circulation_well.finite_volume import simulate_finite_volume, step_response
from diwen.sources.circulation_well.flow_field import FlowField, flow_field
from diwen.sources.circulation_well.grid import well_grid
from diwen.sources.circulation_well.heat_operator import HeatOperator, heat_operator
from diwen.sources.circulation_well.standing_column import standing_column_well

Floats = NDArray[np.float64]

FLOW = 30.0 / 3600.0
WATER = 4.19e6
HOUR = 3600.0
COLUMN = GroundColumn.of([0.0, 10.0, 70.0, 100.0], [1e-9, 1e-4, 1e-9])
WELL = CirculationWell.of(0.15, (ScreenPair(Screen(12.0, 30.0), Screen(40.0, 58.0)),))


@pytest.fixture(scope="module")
def base() -> HeatOperator:
    return heat_operator(flow_field(COLUMN, WELL))


@pytest.fixture(scope="module")
def drop(base: HeatOperator) -> Floats:
    """Of the base case, hourly, 2000 h."""
    return step_response(base, FLOW).drop


def test_answer_to_colder_return_water_is_that_of_modflow(drop: Floats) -> None:
    """MODFLOW 6 GWE (EST, CND, ADV upwind, SSM), run on the same rings as a wedge of 5°."""
    hours = np.array([24, 48, 100, 240, 480, 1000])
    modflow = [0.0002, 0.0036, 0.0278, 0.1060, 0.1957, 0.3079]
    np.testing.assert_allclose(drop[hours - 1], modflow, atol=5e-4)


def test_answer_to_colder_return_water_is_near_that_of_modflow_without_smearing(
    drop: Floats,
) -> None:
    """MODFLOW 6 GWE with its TVD scheme: what the upwind weights cost."""
    hours = np.array([24, 48, 100, 240, 480, 1000])
    sharp = [0.0000, 0.0013, 0.0233, 0.1051, 0.1964, 0.3089]
    np.testing.assert_allclose(drop[hours - 1], sharp, atol=5e-3)


def test_answer_reaches_the_published_course(drop: Floats) -> None:
    hours = np.array([100, 240, 480, 1000, 2000])
    np.testing.assert_allclose(drop[hours - 1], [0.028, 0.106, 0.196, 0.308, 0.423], atol=0.01)
    assert drop[23] < 0.002


def test_constant_load_cools_the_pumped_water_as_it_should(base: HeatOperator) -> None:
    course = simulate_finite_volume(base, FLOW, load=np.full(3600, 2e5), natural_temperature=11.0)
    days = np.array([1, 10, 50, 150])
    np.testing.assert_allclose(course.pumped[24 * days - 1], [11.00, 10.37, 8.50, 5.98], atol=0.15)
    assert course.stored_heat_change == pytest.approx(-2.592e12, rel=1e-6)
    assert course.energy_closure < 1e-9
    np.testing.assert_allclose(course.pumped - course.returned, 2e5 / (WATER * FLOW), rtol=1e-9)


def test_finer_rings_change_little(drop: Floats) -> None:
    fine = heat_operator(flow_field(COLUMN, WELL, well_grid(COLUMN, WELL, fineness=2.0)))
    finer = step_response(fine, FLOW, stretches=((HOUR, 240),)).drop
    coarse = heat_operator(flow_field(COLUMN, WELL, well_grid(COLUMN, WELL, fineness=0.5)))
    coarser = step_response(coarse, FLOW, stretches=((HOUR, 240),)).drop
    late = slice(99, 240)
    assert np.abs(finer[late] - drop[late]).max() < 0.005
    assert np.abs(finer[late] - drop[late]).max() < np.abs(coarser[late] - drop[late]).max()


def test_shorter_steps_change_little(base: HeatOperator, drop: Floats) -> None:
    quarter = step_response(base, FLOW, stretches=((900.0, 960),)).drop[3::4]
    half = step_response(base, FLOW, stretches=((1800.0, 480),)).drop[1::2]
    assert np.abs(quarter - drop[:240]).max() < 5e-4
    assert np.abs(quarter - half).max() < 0.6 * np.abs(quarter - drop[:240]).max()


def radial_injection(rock: float) -> tuple[FlowField, HeatOperator]:
    """All water goes outwards through 20 m of aquifer, none comes back; rock around at will."""
    column = GroundColumn.of(
        [0.0, 40.0, 60.0, 100.0], [1e-12, 1e-4, 1e-12],
        thermal_conductivity=[rock, 0.1, rock], heat_capacity=[2.2e6, 2.6e6, 2.2e6],
        longitudinal_dispersivity=0.0, transverse_dispersivity=0.0,
    )  # fmt: skip
    well = CirculationWell.of(0.15, (ScreenPair(Screen(40.0, 59.0), Screen(59.0, 60.0)),))
    field = flow_field(column, well, well_grid(column, well, bottom=100.0, fineness=1.5))
    rows = (field.grid.depth > 40.0) & (field.grid.depth < 60.0)
    outwards = np.zeros_like(field.radial_flow)
    outwards[rows] = (field.grid.thickness[rows] / 20.0)[:, None]
    all_in = np.where(rows, 0, -1)
    grid = replace(field.grid, screen=all_in)
    field = replace(field, grid=grid, radial_flow=outwards,
                    vertical_flow=np.zeros_like(field.vertical_flow))  # fmt: skip
    return field, heat_operator(field)


def marched(operator: HeatOperator, days: float) -> Floats:
    """Temperatures after water 1 K above the ground was given to it, K, shape (nz, nr)."""
    course = simulate_finite_volume(
        operator, np.full(round(days * 24.0), FLOW), return_temperature=1.0, natural_temperature=0.0
    )
    return course.temperature


def test_front_of_returned_water_stands_where_its_heat_reaches() -> None:
    """``r = sqrt(rho_w c_w Q t / (pi (rho c) b))``: 40.77 m after 90 days, tolerance 5 %."""
    field, operator = radial_injection(0.1)
    temperature = marched(operator, 90.0)
    middle = temperature[np.abs(field.grid.depth - 50.0).argmin()]
    front = np.exp(np.interp(-0.5, -middle, np.log(field.grid.radius)))
    expected = np.sqrt(WATER * FLOW * 90 * 86400.0 / (np.pi * 2.6e6 * 20.0))
    assert expected == pytest.approx(40.77, abs=0.01)
    assert front == pytest.approx(expected, rel=0.05)


def test_rock_above_and_below_cools_the_water_as_lauwerier_says() -> None:
    """``erfc(sqrt(lambda C) pi r² / (rho_w c_w Q sqrt(t - t_r)))`` (Lauwerier 1955, radial form).

    It has no conduction along the layers and no smearing of the front, so it is compared well
    behind the front.
    """
    field, operator = radial_injection(2.0)
    temperature = marched(operator, 90.0)
    rows = (field.grid.depth > 40.0) & (field.grid.depth < 60.0)
    mean = np.average(temperature[rows], axis=0, weights=field.grid.thickness[rows])
    for radius in (5.0, 11.0, 20.0):
        arrival = np.pi * radius**2 * 20.0 * 2.6e6 / (WATER * FLOW)
        loss = np.sqrt(2.0 * 2.2e6) * np.pi * radius**2 / (WATER * FLOW)
        expected = erfc(loss / np.sqrt(90.0 * 86400.0 - arrival))
        found = np.interp(np.log(radius), np.log(field.grid.radius), mean)
        assert found == pytest.approx(expected, abs=0.02)


def test_a_pulse_moves_and_spreads_as_it_should() -> None:
    """Even flow downwards: the mean moves with ``rho_w c_w q / (rho c)``, the variance grows by
    ``2 t ((lambda + rho_w c_w aL q) / (rho c) + v dz / 2 + v² dt / 2)``, the last two terms those
    of upwind weights and backward Euler (Hirt 1968)."""
    column = GroundColumn.of([0.0, 200.0], 1e-4, longitudinal_dispersivity=1.5)
    well = CirculationWell.of(0.15, (ScreenPair(Screen(1.0, 3.0), Screen(6.0, 8.0)),))
    grid = well_grid(column, well, outer_radius=20.0, bottom=200.0, fineness=2.0)
    plain = flow_field(column, well, grid, outer="closed")
    downwards = np.zeros_like(plain.vertical_flow)
    downwards[1:-1] = grid.area / grid.area.sum()
    field = replace(plain, radial_flow=np.zeros_like(plain.radial_flow), vertical_flow=downwards)
    start = np.exp(-0.5 * ((grid.depth - 60.0) / 8.0) ** 2)[:, None] * np.ones(grid.columns)
    flux, steps, step = 2e-6, 600, 4 * HOUR
    course = simulate_finite_volume(
        heat_operator(field), np.full(steps, flux * grid.area.sum()), return_temperature=0.0,
        natural_temperature=0.0, start=start, step=step,
    )  # fmt: skip

    def moments(temperature: Floats) -> tuple[float, float]:
        weight = temperature[:, 0] * grid.thickness
        mean = np.average(grid.depth, weights=weight)
        return float(mean), float(np.average((grid.depth - mean) ** 2, weights=weight))

    time, speed = steps * step, WATER * flux / 2.6e6
    (begun, narrow), (ended, wide) = moments(start), moments(course.temperature)
    assert ended - begun == pytest.approx(speed * time, rel=1e-3)
    rows = float(grid.thickness[grid.depth > 20.0].mean())
    spread = (2.2 + WATER * 1.5 * flux) / 2.6e6 + speed * rows / 2.0 + speed**2 * step / 2.0
    assert wide - narrow == pytest.approx(2.0 * time * spread, rel=0.01)


def test_ground_at_rest_only_conducts() -> None:
    """A mode of the ring between two insulated cylinders dies as ``exp(-a (k² + m²) t)``.

    Radial factor ``J0(kr) Y1(k r1) - Y0(kr) J1(k r1)`` with no slope at both ends, vertical factor
    ``cos(m z)`` with none at top and bottom.
    """
    column = GroundColumn.of([0.0, 50.0], 1e-4)
    well = CirculationWell.of(0.15, (ScreenPair(Screen(2.0, 20.0), Screen(32.0, 48.0)),))
    grid = well_grid(column, well, outer_radius=10.0, bottom=50.0)
    operator = heat_operator(flow_field(column, well, grid, outer="closed"))

    def slope(k: float) -> float:
        return float(jv(1, 10.0 * k) * yv(1, 0.15 * k) - yv(1, 10.0 * k) * jv(1, 0.15 * k))

    k, m = brentq(slope, 0.3, 0.5), np.pi / 50.0
    radial = jv(0, k * grid.radius) * yv(1, k * 0.15) - yv(0, k * grid.radius) * jv(1, k * 0.15)
    mode = np.outer(np.cos(m * grid.depth), radial)
    course = simulate_finite_volume(
        operator, np.zeros(500), load=0.0, natural_temperature=0.0, start=mode, step=86400.0 / 4.0
    )
    decay = np.exp(-(2.2 / 2.6e6) * (k**2 + m**2) * 500 * 86400.0 / 4.0)
    assert decay < 0.4
    # the share of the mode that is left, by projection; the step costs a dt k² / 2 of its exponent
    weight = grid.volume * mode
    left = (weight * course.temperature).sum() / (weight * mode).sum()
    assert left == pytest.approx(decay, rel=0.01)
    assert np.abs(course.temperature - decay * mode).max() < 0.01 * np.abs(mode).max()


def test_standing_column_in_tight_rock_is_a_line_source() -> None:
    """Mean water temperature of a 215 m hole under 24 kW, infinite line source (Ingersoll 1954).

    In tight rock the water stays in the hole; that and the mixing across the hole leave the line
    source. The mean of pumped and returned water is not that of the hole, and the ends of the hole
    and its own heat capacity are left out by the formula: 5 % of the rise.
    """
    column = GroundColumn.of(
        [0.0, 215.0, 260.0], 1e-9, thermal_conductivity=2.6, heat_capacity=2.3e6
    )
    flow = 1.68e-3
    well = standing_column_well(
        0.0825, 215.0, Screen(1.0, 3.0), Screen(212.0, 214.0), riser_radius=0.045, flow=flow
    )
    course = simulate_finite_volume(
        heat_operator(flow_field(column, well)), flow, load=np.full(240, -24e3),
        natural_temperature=11.7,
    )  # fmt: skip
    seconds = np.array([72, 168, 240]) * HOUR
    diffusivity = 2.6 / 2.3e6
    line = np.log(4.0 * diffusivity * seconds / 0.0825**2) - np.euler_gamma
    expected = 24e3 / 215.0 / (4.0 * np.pi * 2.6) * line
    mean = 0.5 * (course.pumped + course.returned)[[71, 167, 239]] - 11.7
    np.testing.assert_allclose(mean, expected, rtol=0.05)
