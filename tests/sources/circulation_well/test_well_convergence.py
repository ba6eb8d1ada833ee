"""Finer rings and shorter steps lead to one answer, and the fast models stay with it (long)."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from diwen.sources.aquifer.column import GroundColumn
from diwen.sources.aquifer.well import CirculationWell, Screen, ScreenPair
from diwen.sources.circulation_well.finite_volume import simulate_finite_volume, step_response
from diwen.sources.circulation_well.flow_field import flow_field
from diwen.sources.circulation_well.grid import well_grid
from diwen.sources.circulation_well.heat_operator import HeatOperator, heat_operator
from diwen.sources.circulation_well.model_choice import choose_model
from diwen.sources.circulation_well.model_reduction import reduce_well

Floats = NDArray[np.float64]

HOUR = 3600.0
FLOW = 30.0 / HOUR
COLUMN = GroundColumn.of([0.0, 10.0, 70.0, 100.0], [1e-9, 1e-4, 1e-9])
WELL = CirculationWell.of(0.15, (ScreenPair(Screen(12.0, 30.0), Screen(40.0, 58.0)),))
AT = np.array([24, 48, 100, 240, 480, 1000, 2000])
# Rings of 60 x 100 cells and upwind weights, also by MODFLOW 6 GWE; the same with four times the
# rings in depth and twice as many in radius.
PUBLISHED = np.array([0.0002, 0.0033, 0.0277, 0.1061, 0.1959, 0.3081, 0.4229])
PUBLISHED_FINE = np.array([0.0000, 0.0017, 0.0256, 0.1080, 0.1988, 0.3112, 0.4262])


@cache
def operator_of(fineness: float) -> HeatOperator:
    return heat_operator(flow_field(COLUMN, WELL, well_grid(COLUMN, WELL, fineness=fineness)))


@cache
def answer(fineness: float, step: float = HOUR) -> Floats:
    """Of the pumped water to returned water 1 K colder, at the hours ``AT``."""
    count = round(AT[-1] * HOUR / step)
    drop = step_response(operator_of(fineness), FLOW, stretches=((step, count),)).drop
    return drop[(AT * HOUR / step).round().astype(int) - 1]


def season() -> Floats:
    """Heating season of 384 MWh, W, shape (3600,)."""
    n = np.arange(3600)
    swing = 0.12 * np.cos(2 * np.pi * n / 24) + 0.13 * np.sin(2 * np.pi * n / (24 * 9.3))
    return 2e5 * np.clip(0.15 + 0.6 * np.sin(np.pi * (n + 0.5) / 3600) + swing, 0.05, 1.0)


@pytest.mark.verify
def test_finer_rings_converge_with_the_first_order_of_upwind_weights() -> None:
    """Rings 1, 2 and 3 times as fine: what changes from 2 to 3 is a third of what changes from 1
    to 2; carried on to endless fineness the answer is the published one within 0.01."""
    one, two, three = (answer(fineness) for fineness in (1.0, 2.0, 3.0))
    np.testing.assert_allclose(one, PUBLISHED, atol=2e-4)
    np.testing.assert_allclose(two, PUBLISHED_FINE, atol=2e-3)
    late = AT >= 240
    ratio = (three - two)[late] / (two - one)[late]
    np.testing.assert_allclose(ratio, 1.0 / 3.0, atol=0.1)
    endless = three + 2.0 * (three - two)
    np.testing.assert_allclose(endless, PUBLISHED_FINE, atol=0.01)
    # what 6000 cells cost: half a hundredth late, a thousandth of the returned water early
    assert np.abs(one - endless).max() < 0.01


@pytest.mark.verify
def test_shorter_steps_converge_with_the_first_order_of_backward_euler() -> None:
    """Steps of 15 min, 1 h and 3 h: the error is that of the step, 11 to 3 over 15 min.

    Smeared in time, the answer is too high where it bends upwards and too low where it bends
    downwards; in between, at about 100 h, there is no error to compare.
    """
    quarter, whole, three = (answer(1.0, step) for step in (900.0, HOUR, 3.0 * HOUR))
    np.testing.assert_allclose(whole, quarter, atol=3e-4)
    np.testing.assert_allclose(three, quarter, atol=1e-3)
    moving = (AT == 48) | (AT == 240)
    np.testing.assert_allclose(
        (three - quarter)[moving] / (whole - quarter)[moving], 11.0 / 3.0, rtol=0.15
    )


@pytest.mark.verify
def test_the_season_is_one_and_the_same_on_finer_rings_and_shorter_steps() -> None:
    """Pumped water of the base season, °C: 0.06 K for the rings, 0.02 K for steps of 3 h."""

    def pumped(fineness: float, parts: float) -> Floats:
        each = round(parts)
        load = np.repeat(season(), each) if each else season().reshape(-1, 3).mean(axis=1)
        course = simulate_finite_volume(
            operator_of(fineness), FLOW, load=load, natural_temperature=11.0, step=HOUR / parts
        )
        assert course.energy_closure < 1e-9
        return course.pumped

    base = pumped(1.0, 1.0)
    assert np.abs(pumped(2.0, 1.0) - base).max() < 0.06
    assert np.abs(pumped(1.0, 4.0)[3::4] - base).max() < 0.005
    assert np.abs(pumped(1.0, 1.0 / 3.0) - base[2::3]).max() < 0.02


@pytest.mark.verify
def test_constant_load_on_fine_rings() -> None:
    """Published with 6000 cells: 11.00, 10.37, 8.50, 5.98 °C after 1, 10, 50, 150 days."""
    course = simulate_finite_volume(
        operator_of(2.0), FLOW, load=np.full(3600, 2e5), natural_temperature=11.0
    )
    days = np.array([1, 10, 50, 150])
    np.testing.assert_allclose(course.pumped[24 * days - 1], [11.00, 10.37, 8.50, 5.98], atol=0.15)


@pytest.mark.verify
def test_the_fast_model_of_a_season_keeps_its_word() -> None:
    """Traced paths on the volume clock against the cells: within the error it states."""
    operator = operator_of(1.0)
    field = flow_field(COLUMN, WELL)
    model = choose_model("feasibility", field, FLOW, natural_temperature=11.0)
    exact = simulate_finite_volume(operator, FLOW, load=season(), natural_temperature=11.0)
    off = np.abs(model.simulate(season(), FLOW).pumped - exact.pumped).max()
    assert 0.0 < off <= model.error
    assert off <= model.relative_error * np.abs(exact.pumped - 11.0).max() * 2.0


@pytest.mark.verify
@pytest.mark.parametrize("balance", [0.8, 0.0])
def test_modes_over_four_years_in_a_closed_cell_under_a_fixed_surface(balance: float) -> None:
    """Heat that leaves through the surface, years with rests, with and without heat return.

    The modes promise 0.02 K or half a percent over their check course; over years that cool the
    cell far more, half a percent of the largest drop.
    """
    grid = well_grid(COLUMN, WELL, outer_radius=25.0)
    field = flow_field(COLUMN, WELL, grid, outer="closed")
    operator = heat_operator(field, surface="fixed")
    summer = season()[:3000]
    back = -balance * season().sum() / summer.sum() * summer
    year = np.concatenate([season(), np.zeros(1000), back, np.zeros(1160)])
    load = np.tile(year, 4)
    flow = np.where(load != 0.0, FLOW, 0.0)
    reduced = reduce_well(operator, FLOW, natural_temperature=11.0)
    exact = simulate_finite_volume(operator, flow, load=load, natural_temperature=11.0)
    found = reduced.simulate(load, flow)
    drop = np.abs(exact.pumped - 11.0).max()
    assert np.abs(found.pumped - exact.pumped).max() < max(0.02, 0.005 * drop)
    assert exact.energy_closure < 1e-9
    assert found.energy_closure < 1e-8
    # The surface gives heat to ground that was cooled; half a percent of what a season takes.
    assert exact.boundary_heat > 0.0
    taken = 0.005 * HOUR * season().sum()
    assert found.boundary_heat == pytest.approx(exact.boundary_heat, abs=taken)
