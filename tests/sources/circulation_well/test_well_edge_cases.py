"""Wells that are legal but unusual: what must hold at any number still holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pytest

from diwen.problems import InputError
from diwen.sources.aquifer.column import GroundColumn
from diwen.sources.aquifer.well import CirculationWell, GravelAnnulus, Screen, ScreenPair
from diwen.sources.circulation_well.finite_volume import simulate_finite_volume, step_response
from diwen.sources.circulation_well.flow_field import FlowField, flow_field
from diwen.sources.circulation_well.grid import well_grid
from diwen.sources.circulation_well.heat_operator import heat_operator
from diwen.sources.circulation_well.model_choice import Purpose, choose_model
from diwen.sources.circulation_well.model_reduction import reduce_well
from diwen.sources.circulation_well.standing_column import standing_column_well
from diwen.sources.circulation_well.travel_times import travel_times
from diwen.sources.circulation_well.water_paths import water_paths
from diwen.sources.circulation_well.well_response import well_source_model

HOUR, YEAR = 3600.0, 365.0 * 86400.0
WATER = 4.19e6
PAIR = ScreenPair(Screen(12.0, 30.0), Screen(40.0, 58.0))
BASE = CirculationWell.of(0.15, (PAIR,))
DRIVEN = CirculationWell.of(
    0.3,
    (
        ScreenPair(Screen(12.0, 20.0), Screen(24.0, 34.0), 0.01),
        ScreenPair(Screen(40.0, 48.0), Screen(54.0, 62.0), 0.99),
    ),
    annulus=GravelAnnulus(0.1, 0.01),
)


def ground(conductivity: float = 1e-4, ratio: float = 1.0, **other: float) -> GroundColumn:
    layers = np.array([1e-9, conductivity, 1e-9])
    return GroundColumn.of(
        [0.0, 10.0, 70.0, 100.0], layers, vertical_conductivity=ratio * layers, **other
    )


@dataclass(frozen=True, eq=False)
class Case:
    well: CirculationWell = BASE
    column: GroundColumn = ground()  # noqa: RUF009
    flow: float = 30.0 / HOUR
    radius: float | None = None
    outer: Literal["open", "closed"] = "open"

    def field(self) -> FlowField:
        grid = well_grid(self.column, self.well, outer_radius=self.radius, fineness=0.4)
        return flow_field(self.column, self.well, grid, outer=self.outer)


CASES = {
    "nearly tight": Case(column=ground(1e-7)),
    "coarse gravel": Case(column=ground(1e-2)),
    "layered 1:100": Case(column=ground(ratio=0.01)),
    "no dispersion": Case(
        column=ground(longitudinal_dispersivity=0.0, transverse_dispersivity=0.0)
    ),
    "dispersion of 100 m": Case(
        column=ground(longitudinal_dispersivity=100.0, transverse_dispersivity=50.0)
    ),
    "screens of 1 m without a seal": Case(
        CirculationWell.of(0.15, (ScreenPair(Screen(20.0, 21.0), Screen(21.0, 22.0)),))
    ),
    "a drop of water": Case(flow=1e-6),
    "a river of water": Case(flow=1.0),
    "gravel 10 000 times the ground": Case(
        CirculationWell.of(0.3, (PAIR,), annulus=GravelAnnulus(0.1, 0.1)), ground(1e-5)
    ),
    "nine tenths inside the well": Case(replace(BASE, bypass=0.9)),
    "half bled": Case(replace(BASE, bleed=0.5)),
    "all bled": Case(replace(BASE, bleed=1.0)),
    "one pair drives another": Case(DRIVEN),
    "a cell of 3 m": Case(radius=3.0, outer="closed"),
    "upside down": Case(replace(BASE, pairs=(ScreenPair(PAIR.extraction, PAIR.injection),))),
}


@pytest.mark.parametrize("name", CASES)
def test_water_and_heat_are_kept(name: str) -> None:
    """Water in every cell, heat in every run; the answer rises from 0 to 1 and never turns.

    A season, a single watt, and twenty years of rest in steps of a year.
    """
    case = CASES[name]
    field = case.field()
    assert field.mass_closure < 1e-12
    operator = heat_operator(field)
    drop = step_response(operator, case.flow, stretches=((HOUR, 48), (10 * 24 * HOUR, 30))).drop
    assert drop.min() >= 0.0
    assert drop.max() <= 1.0 + 1e-12
    assert np.diff(drop).min() >= -1e-12
    carried = WATER * case.flow
    hours = np.arange(600)
    load = np.where(hours < 500, 2.0 * carried * np.sin(hours / 40.0), 0.0)
    course = simulate_finite_volume(
        operator, np.where(load != 0.0, case.flow, 0.0), load=load, natural_temperature=11.0
    )
    assert course.energy_closure < 1e-9
    one = simulate_finite_volume(operator, case.flow, load=np.ones(200), natural_temperature=11.0)
    assert one.energy_closure < 1e-9
    rest = simulate_finite_volume(
        operator, np.zeros(20), load=0.0, natural_temperature=11.0, start=course.temperature,
        step=YEAR,
    )  # fmt: skip
    assert rest.energy_closure < 1e-9
    assert np.ptp(rest.temperature) <= np.ptp(course.temperature)


@pytest.mark.parametrize("name", CASES)
def test_returned_water_arrives_or_leaves(name: str) -> None:
    """Tracer on the rings (upwind) and traced paths, which smear nothing, agree within 0.5 %."""
    field = CASES[name].field()
    fate = water_paths(field)
    if field.injected.sum() == 0.0:
        assert (fate.returned == 0.0).all()
        assert travel_times(field).share.size == 0
        return
    np.testing.assert_allclose(fate.returned + fate.left, 1.0, atol=1e-6)
    back = float(fate.returned @ field.injected / field.injected.sum())
    assert travel_times(field).arrived_share == pytest.approx(back, abs=5e-3)


@pytest.mark.parametrize("name", CASES)
def test_modes_hold_their_error(name: str) -> None:
    case = CASES[name]
    reduced = reduce_well(heat_operator(case.field()), case.flow, natural_temperature=11.0)
    assert reduced.error is not None
    assert reduced.error.largest <= max(0.02, 0.005 * reduced.error.drop)
    carried = WATER * case.flow
    half = np.where(np.arange(8760) < 4380, carried, -carried)
    course = reduced.simulate(np.tile(half, 10), case.flow)
    assert np.isfinite(course.pumped).all()
    assert course.energy_closure < 1e-7
    source = well_source_model(reduced, case.flow)
    assert source.response.direct[0, 0] >= 0.5 / carried * (1.0 - 1e-12)


@pytest.mark.parametrize(
    "well",
    [
        replace(BASE, bleed=1.0),
        replace(BASE, bleed=1.0, bypass=0.5),
        standing_column_well(
            0.08, 68.0, Screen(12.0, 14.0), Screen(60.0, 62.0), riser_radius=0.04, bleed=1.0
        ),
    ],
)
def test_a_well_that_returns_nothing_gives_native_water_for_ever(well: CirculationWell) -> None:
    case = Case(well)
    field, load = case.field(), np.full(100, 2.0 * WATER * case.flow)
    assert (field.exchange_share, field.gravel_share) == (0.0, 0.0)
    for purpose in get_args(Purpose):
        model = choose_model(purpose, field, case.flow, natural_temperature=11.0)
        course = model.simulate(load, case.flow)
        np.testing.assert_allclose(course.pumped, 11.0, atol=1e-9)
        np.testing.assert_allclose(course.returned, 9.0, atol=1e-9)


def test_water_that_ends_beside_no_screen_has_not_arrived() -> None:
    field = Case().field()
    assert travel_times(field).arrived_share > 0.9
    # the inner edge lets water through nowhere but at screens; were it to, it is not the pump
    extraction = field.grid.screen == 1
    without = replace(field.grid, screen=np.where(extraction, -1, field.grid.screen))
    assert travel_times(replace(field, grid=without)).arrived_share == 0.0


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(InputError, match="flow"):
        standing_column_well(
            0.08, 200.0, Screen(10.0, 11.0), Screen(198.0, 199.0), riser_radius=0.05, flow=value
        )
    with pytest.raises(InputError, match="viscosity_ratio"):
        flow_field(ground(), BASE, viscosity_ratio=value)
