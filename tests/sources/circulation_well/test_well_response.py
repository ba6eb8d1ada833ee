"""A circulation well at one flow as a step response in modes, and as a source like any other."""

from __future__ import annotations

import numpy as np
import pytest

from diwen.problems import InputError
from diwen.sources.aquifer.column import GroundColumn
from diwen.sources.aquifer.well import CirculationWell, Screen, ScreenPair
from diwen.sources.circulation_well.finite_volume import simulate_finite_volume
from diwen.sources.circulation_well.flow_field import flow_field
from diwen.sources.circulation_well.grid import well_grid
from diwen.sources.circulation_well.heat_operator import HeatOperator, heat_operator
from diwen.sources.circulation_well.model_reduction import reduce_well
from diwen.sources.circulation_well.well_response import (
    step_response_at,
    well_response,
    well_source_model,
)
from diwen.sources.response.hourly import Efficiency
from diwen.sources.response.source_model import SourceLimits

HOUR, DAY, YEAR = 3600.0, 86400.0, 8760 * 3600.0
FLOW = 30.0 / HOUR
WATER = 4.19e6
ALL_FROM_GROUND = Efficiency.constant(np.inf)


def operator_of(outer="open", outer_radius=None, fineness=0.4, **well) -> HeatOperator:
    """Base case, coarse: aquifer 10 to 70 m, screens of 18 m, bore of 0.3 m."""
    ground = GroundColumn.of([0, 10, 70, 100], [1e-9, 1e-4, 1e-9])
    pair = ScreenPair(Screen(12, 30), Screen(40, 58))
    shape = CirculationWell.of(0.15, (pair,), depth=60.0, **well)
    grid = well_grid(ground, shape, fineness=fineness, outer_radius=outer_radius)
    return heat_operator(flow_field(ground, shape, grid, outer=outer))


WELLS = {
    "base": {},
    "leaking": {"bypass": 0.15},
    "bleeding": {"bleed": 0.2},
    "closed cell": {"outer": "closed", "outer_radius": 25.0},
}


def season(hours: int = 3600) -> np.ndarray:
    """Heating season of the base case."""
    n = np.arange(hours)
    daily = 0.12 * np.cos(2 * np.pi * n / 24) + 0.13 * np.sin(2 * np.pi * n / (24 * 9.3))
    return 2e5 * np.clip(0.15 + 0.6 * np.sin(np.pi * (n + 0.5) / 3600) + daily, 0.05, 1.0)


@pytest.fixture(scope="module", params=WELLS)
def pair(request):
    cells = operator_of(**WELLS[request.param])
    return cells, reduce_well(cells, FLOW, natural_temperature=11.0)


def test_the_response_is_that_of_the_cells_under_a_constant_load(pair):
    """Mean of pumped and returned water, at times from hours to years."""
    cells, well = pair
    response = well_response(well, FLOW)
    load = 1e5
    for step, count in ((0.25 * HOUR, 400), (10.0 * HOUR, 3000)):
        exact = simulate_finite_volume(
            cells, FLOW, load=np.full(count, load), natural_temperature=0.0, step=step
        )
        mean = -0.5 * (exact.pumped + exact.returned)
        times = step * np.arange(1, count + 1)
        kept = times > 20.0 * step
        np.testing.assert_allclose(response.at(times)[kept] * load, mean[kept], rtol=0.01)


def test_the_stated_error_is_the_largest_one(pair):
    _, well = pair
    response = well_response(well, FLOW)
    assert response.error <= 1e-3
    times = np.geomspace(HOUR, 25 * YEAR, 4001)
    exact = step_response_at(well, FLOW, times) + response.direct[0, 0]
    off = np.abs(response.at(times) - exact)
    assert (off / exact).max() == pytest.approx(response.error, rel=0.05)
    assert off.max() == pytest.approx(response.absolute_error, rel=0.1)


def test_at_once_only_the_water_itself_answers(pair):
    """Half the drop between pumped and returned water, and what short-circuits in the well."""
    cells, well = pair
    inside = cells.short_circuit
    whole = 1.0 / (WATER * FLOW)
    response = well_response(well, FLOW)
    assert response.direct[0, 0] == pytest.approx(whole * (0.5 + inside / (1.0 - inside)))
    assert response.at([12 * HOUR])[0] == pytest.approx(response.direct[0, 0], rel=0.01)
    assert (np.diff(response.at(np.geomspace(HOUR, 25 * YEAR, 200))) > -1e-3 * whole).all()


def test_as_a_source_it_follows_the_cells_within_its_stated_error(pair):
    cells, well = pair
    source = well_source_model(well, FLOW)
    assert source.heat_capacity_rate == pytest.approx(WATER * FLOW)
    assert source.undisturbed_temperature == pytest.approx(11.0)
    assert 0.0 < source.error < 0.01
    exact = simulate_finite_volume(cells, FLOW, load=season(), natural_temperature=11.0)
    found = source.simulate(season(), heating_efficiency=ALL_FROM_GROUND)
    drop = (11.0 - exact.pumped).max()
    assert np.abs(found.entering - exact.pumped).max() < source.error * drop
    assert np.abs(found.leaving - exact.returned).max() < source.error * drop


def test_heat_taken_is_water_cooled(pair):
    """Load = ρ c Q (entering − leaving), and without a load nothing changes."""
    _, well = pair
    source = well_source_model(well, FLOW)
    found = source.simulate(season(400), heating_efficiency=ALL_FROM_GROUND)
    carried = source.heat_capacity_rate * (found.entering - found.leaving)
    np.testing.assert_allclose(carried, season(400), rtol=1e-9)
    still = source.simulate(np.zeros(100), heating_efficiency=ALL_FROM_GROUND)
    np.testing.assert_allclose(still.entering, 11.0, rtol=0, atol=1e-12)


def test_the_constant_load_of_the_base_case():
    """11.00, 10.37, 8.50, 5.98 °C after 1, 10, 50, 150 days of 200 kW, by an earlier program."""
    cells = operator_of(fineness=1.0)
    well = reduce_well(cells, FLOW, natural_temperature=11.0, checked=False)
    source = well_source_model(well, FLOW)
    found = source.simulate(np.full(3600, 2e5), heating_efficiency=ALL_FROM_GROUND)
    at = found.entering[[23, 239, 1199, 3599]]
    np.testing.assert_allclose(at, [11.00, 10.37, 8.50, 5.98], atol=0.15)


def test_several_wells_share_load_and_flow(pair):
    _, well = pair
    one, four = well_source_model(well, FLOW), well_source_model(well, FLOW, count=4)
    assert four.flow == pytest.approx(4 * FLOW)
    a = one.simulate(season(500), heating_efficiency=ALL_FROM_GROUND)
    b = four.simulate(4 * season(500), heating_efficiency=ALL_FROM_GROUND)
    np.testing.assert_allclose(a.entering, b.entering, atol=1e-9)
    assert len(four.notes) > len(one.notes)


def test_another_flow_is_another_response(pair):
    _, well = pair
    limits = SourceLimits(lowest_return=4.0)
    source = well_source_model(well, FLOW, count=2, limits=limits)
    half = source.with_flow(FLOW)
    assert half.flow == pytest.approx(FLOW)
    assert half.limits is limits
    direct = well_response(well, 0.5 * FLOW, count=2)
    times = np.array([DAY, 30 * DAY, YEAR])
    np.testing.assert_allclose(half.response.at(times), direct.at(times), rtol=1e-12)
    assert (half.response.at(times) > source.response.at(times)).all()


def test_unmeasured_modes_make_an_unknown_error():
    well = reduce_well(operator_of(), FLOW, checked=False)
    assert np.isnan(well_source_model(well, FLOW).error)


def test_a_profile_over_depth_is_noted():
    cells = operator_of()
    well = reduce_well(
        cells, FLOW, natural_temperature=10.0 + 0.03 * cells.grid.depth, checked=False
    )
    plain = reduce_well(cells, FLOW, natural_temperature=11.0, checked=False)
    assert len(well_source_model(well, FLOW).notes) > len(well_source_model(plain, FLOW).notes)


def test_what_cannot_be_is_refused_whole():
    well = reduce_well(operator_of(), FLOW, checked=False)
    with pytest.raises(InputError) as told:
        well_response(well, -1.0, count=0, horizon=HOUR)
    assert {problem.where for problem in told.value.problems} == {"flow", "count", "horizon"}
    with pytest.raises(InputError) as told:
        well_response(well, np.inf, horizon=np.nan)
    assert {problem.where for problem in told.value.problems} == {"flow", "horizon"}
