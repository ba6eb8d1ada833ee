"""What must hold of the heat around any circulation well, whatever its numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.aquifer.column import GroundColumn
from diwen.sources.aquifer.well import CirculationWell, GravelAnnulus, Screen, ScreenPair
from diwen.sources.circulation_well.finite_volume import (
    Factors,
    simulate_finite_volume,
    step_response,
)
from diwen.sources.circulation_well.flow_field import flow_field
from diwen.sources.circulation_well.grid import well_grid
from diwen.sources.circulation_well.heat_operator import HeatOperator, heat_operator

FLOW = 30.0 / 3600.0
WATER = 4.19e6
COLUMN = GroundColumn.of([0.0, 10.0, 70.0, 100.0], [1e-9, 1e-4, 1e-9])
WELL = CirculationWell.of(0.15, (ScreenPair(Screen(12.0, 30.0), Screen(40.0, 58.0)),))
STACK = CirculationWell.of(0.15, (
    ScreenPair(Screen(12.0, 20.0), Screen(28.0, 36.0), 0.5),
    ScreenPair(Screen(60.0, 68.0), Screen(44.0, 52.0), 0.5),
))  # fmt: skip


def coarse(
    well: CirculationWell = WELL, column: GroundColumn = COLUMN, *, closed: bool = False
) -> HeatOperator:
    """Some 500 cells: what must hold holds on any grid."""
    radius = 40.0 if closed else None
    grid = well_grid(column, well, fineness=0.3, outer_radius=radius)
    return heat_operator(flow_field(column, well, grid, outer="closed" if closed else "open"))


WELLS = {
    "plain": WELL,
    "leaking inside": replace(WELL, bypass=0.15),
    "bleeding": replace(WELL, bleed=0.25),
    "both": replace(WELL, bypass=0.15, bleed=0.25),
    "all bled": replace(WELL, bleed=1.0),
    "gravel": replace(WELL, radius=0.3, annulus=GravelAnnulus(0.1, 0.05)),
    "stacked": STACK,
}


@pytest.mark.parametrize("name", WELLS)
@pytest.mark.parametrize("profile", [False, True])
def test_energy_closes_under_changing_flow_and_load(name: str, profile: bool) -> None:
    operator = coarse(WELLS[name])
    rng = np.random.default_rng(7)
    flow = FLOW * rng.choice([0.0, 0.3, 0.7, 1.0], 300)
    load = np.where(flow > 0.0, rng.uniform(-1.0, 1.0, 300) * 2e5, 0.0)
    natural = 9.0 + 0.03 * operator.grid.depth if profile else 11.0
    course = simulate_finite_volume(operator, flow, load=load, natural_temperature=natural)
    assert course.energy_closure < 1e-9
    running = flow > 0.0
    np.testing.assert_allclose(
        (WATER * flow * (course.pumped - course.returned))[running], load[running], atol=1e-4
    )
    np.testing.assert_array_equal(course.pumped[~running], course.returned[~running])
    assert abs(course.extracted[-1] - load.sum() * 3600.0) < 1.0


@pytest.mark.parametrize("name", ["plain", "leaking inside", "gravel", "stacked"])
def test_closed_cell_keeps_all_heat_that_the_load_leaves(name: str) -> None:
    operator = coarse(WELLS[name], closed=True)
    course = simulate_finite_volume(
        operator, FLOW, load=np.full(200, -5e4), natural_temperature=11.0
    )
    assert course.boundary_heat == 0.0
    assert course.stored_heat_change == pytest.approx(5e4 * 3600 * 200, rel=1e-9)


@pytest.mark.parametrize("name", WELLS)
def test_even_ground_stays_even_without_load(name: str) -> None:
    course = simulate_finite_volume(
        coarse(WELLS[name]), np.full(200, FLOW), load=0.0, natural_temperature=11.0
    )
    np.testing.assert_allclose(course.temperature, 11.0, atol=1e-10)
    np.testing.assert_allclose(course.pumped, 11.0, atol=1e-10)


def test_even_ground_is_a_steady_state_of_the_operator() -> None:
    for well in WELLS.values():
        operator = coarse(well)
        even = operator.advection @ np.ones(operator.cells)
        scale = operator.water_heat_capacity
        error = even + operator.injection + operator.outer_inflow
        assert np.abs(error).max() < 1e-11 * scale
        assert operator.extraction.sum() == pytest.approx(1.0, rel=1e-12)
        conduction = operator.conduction @ np.ones(operator.cells) + operator.outer_conduction
        assert np.abs(conduction).max() < 1e-9 * np.abs(operator.conduction.diagonal()).max()


def test_layered_temperatures_mix_and_no_heat_is_made() -> None:
    """Circulation alone brings shallow and deep water together; the sum of heat stands."""
    operator = coarse(closed=True)
    natural = 8.0 + 0.06 * operator.grid.depth
    course = simulate_finite_volume(
        operator, np.full(500, FLOW), load=0.0, natural_temperature=natural
    )
    assert course.energy_closure < 1e-9
    assert abs(course.stored_heat_change) < 1e-9 * course.displaced
    assert course.displaced > 1e9
    # conduction acts on the change alone, so the bounds hold but for what the profile would conduct
    assert natural.min() - 1e-3 <= course.temperature.min()
    assert course.temperature.max() <= natural.max() + 1e-3


def test_layered_ground_at_rest_stays_as_it_is() -> None:
    operator = coarse()
    natural = 8.0 + 0.06 * operator.grid.depth + np.exp(-operator.grid.depth / 5.0)
    course = simulate_finite_volume(operator, np.zeros(500), load=0.0, natural_temperature=natural)
    np.testing.assert_allclose(
        course.temperature, natural[:, None] * np.ones(operator.grid.columns)
    )


@settings(max_examples=20)
@given(
    scale=st.floats(-3.0, 3.0), bypass=st.floats(0.0, 0.4), bleed=st.floats(0.0, 0.5),
    seed=st.integers(0, 1000),
)  # fmt: skip
def test_at_fixed_flow_the_answer_is_linear_and_turns_with_the_sign(
    scale: float, bypass: float, bleed: float, seed: int
) -> None:
    operator = coarse(replace(WELL, bypass=bypass, bleed=bleed))
    rng = np.random.default_rng(seed)
    one, other = rng.uniform(-1e5, 1e5, (2, 40))
    factors = Factors(operator)

    def drop(load: np.ndarray) -> np.ndarray:
        course = simulate_finite_volume(
            operator, FLOW, load=load, natural_temperature=0.0, factors=factors
        )
        return course.pumped

    np.testing.assert_allclose(
        drop(one + scale * other), drop(one) + scale * drop(other), atol=1e-9
    )
    np.testing.assert_allclose(drop(-one), -drop(one), atol=1e-12)


@settings(max_examples=20)
@given(
    flow=st.floats(1e-4, 3e-2), anisotropy=st.floats(0.02, 1.0), gap=st.floats(2.0, 20.0),
    length=st.floats(3.0, 18.0), dispersivity=st.floats(0.0, 2.0), closed=st.booleans(),
    bypass=st.floats(0.0, 0.5), gravel=st.sampled_from([None, 1e-3, 0.1]),
)  # fmt: skip
def test_answer_to_colder_water_rises_from_nothing_to_at_most_one(
    flow: float, anisotropy: float, gap: float, length: float, dispersivity: float, closed: bool,
    bypass: float, gravel: float | None,
) -> None:  # fmt: skip
    column = replace(
        COLUMN, vertical_conductivity=anisotropy * COLUMN.vertical_conductivity,
        longitudinal_dispersivity=dispersivity * np.ones(3),
    )  # fmt: skip
    pair = ScreenPair(
        Screen(12.0, 12.0 + length), Screen(12.0 + length + gap, 12 + gap + 2 * length)
    )
    annulus = None if gravel is None else GravelAnnulus(0.08, gravel)
    operator = coarse(CirculationWell.of(0.15, (pair,), bypass=bypass, annulus=annulus), column,
                      closed=closed)  # fmt: skip
    answer = step_response(operator, flow, stretches=((3600.0, 24), (86400.0, 60), (2.6e6, 24)))
    assert (answer.drop >= -1e-12).all()
    assert (answer.drop <= 1.0 + 1e-9).all()
    assert (np.diff(answer.drop) >= -1e-12).all()
    np.testing.assert_allclose(answer.pumped_drop, bypass + (1.0 - bypass) * answer.drop)


def season_end(operator: HeatOperator) -> float:
    """Pumped water after 60 days of 150 kW, °C."""
    course = simulate_finite_volume(
        operator, FLOW, load=np.full(360, 1.5e5), natural_temperature=11.0, step=4 * 3600.0
    )
    return float(course.pumped[-1])


def test_answer_does_not_depend_on_the_conductivity() -> None:
    tight = replace(COLUMN, radial_conductivity=COLUMN.radial_conductivity / 30.0,
                    vertical_conductivity=COLUMN.vertical_conductivity / 30.0)  # fmt: skip
    assert season_end(coarse(WELL, tight)) == pytest.approx(season_end(coarse()), abs=1e-9)


def test_layering_a_longer_gap_and_wider_cells_keep_the_water_warmer() -> None:
    layered = replace(COLUMN, vertical_conductivity=0.1 * COLUMN.vertical_conductivity)
    near = CirculationWell.of(0.15, (ScreenPair(Screen(12.0, 26.0), Screen(30.0, 44.0)),))
    apart = CirculationWell.of(0.15, (ScreenPair(Screen(12.0, 26.0), Screen(50.0, 64.0)),))
    base = season_end(coarse())
    assert season_end(coarse(WELL, layered)) > base + 0.1
    assert season_end(coarse(apart)) > season_end(coarse(near)) + 0.1
    narrow = well_grid(COLUMN, WELL, fineness=0.3, outer_radius=12.0)
    crowded = heat_operator(flow_field(COLUMN, WELL, narrow, outer="closed"))
    assert season_end(crowded) < base - 0.1


def test_leaks_and_gravel_bring_returned_water_to_the_pump_early() -> None:
    plain = step_response(coarse(), FLOW, stretches=((3600.0, 100),))
    leaking = step_response(coarse(WELLS["leaking inside"]), FLOW, stretches=((3600.0, 100),))
    assert leaking.pumped_drop[0] > 0.15
    assert plain.pumped_drop[0] < 1e-3
    tops = []
    for conductivity in (1e-3, 1e-2, 1e-1):
        well = replace(WELL, radius=0.3, annulus=GravelAnnulus(0.1, conductivity))
        tops.append(step_response(coarse(well), FLOW, stretches=((3600.0, 24),)).drop[-1])
    assert tops[0] < tops[1] < tops[2]
    # most of the water passes the gravel by then (see the flow), and so does the cold
    assert tops[2] > 0.4


def test_bleed_brings_water_from_outside_and_evens_the_temperature() -> None:
    assert season_end(coarse(WELLS["bleeding"])) > season_end(coarse()) + 0.1


def test_given_return_temperatures_are_the_load_turned_round() -> None:
    operator = coarse(WELLS["both"])
    flow = np.where(np.arange(120) % 24 < 16, FLOW, 0.0)
    load = np.where(flow > 0.0, 1e5, 0.0)
    by_load = simulate_finite_volume(operator, flow, load=load, natural_temperature=11.0)
    by_return = simulate_finite_volume(
        operator, flow, return_temperature=by_load.returned, natural_temperature=11.0
    )
    np.testing.assert_allclose(by_return.pumped, by_load.pumped, atol=1e-9)
    np.testing.assert_allclose(by_return.load, load, atol=1e-3)
    assert by_return.energy_closure < 1e-9


def test_a_run_goes_on_where_another_ended() -> None:
    operator = coarse()
    load = np.linspace(0.0, 2e5, 100)
    told: list[float] = []
    whole = simulate_finite_volume(
        operator, FLOW, load=load, natural_temperature=11.0, keep=(39,), progress=told.append
    )
    first = simulate_finite_volume(operator, FLOW, load=load[:40], natural_temperature=11.0)
    np.testing.assert_array_equal(whole.kept[39], first.temperature)
    second = simulate_finite_volume(
        operator, FLOW, load=load[40:], natural_temperature=11.0, start=first.temperature
    )
    np.testing.assert_allclose(second.pumped, whole.pumped[40:], atol=1e-10)
    total = first.stored_heat_change + second.stored_heat_change
    assert total == pytest.approx(whole.stored_heat_change, rel=1e-9)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_flow_goes_to_its_levels() -> None:
    operator = coarse()
    flow = np.array([0.0, 1e-6, 2e-3, 4.4e-3, 8e-3, 9.9e-3])
    course = simulate_finite_volume(
        operator, flow, load=0.0, natural_temperature=11.0, levels=[0.0, 4e-3, 8e-3]
    )
    np.testing.assert_array_equal(course.flow, [0.0, 4e-3, 4e-3, 4e-3, 8e-3, 8e-3])


def test_what_cannot_be_run_is_refused_with_its_reason() -> None:
    operator = coarse()
    with pytest.raises(InputError, match="does not pump") as idle:
        simulate_finite_volume(
            operator, [FLOW, 0.0, 0.0], load=[1.0, 2.0, 0.0], natural_temperature=11.0
        )
    assert len(idle.value.problems) == 1
    with pytest.raises(InputError, match="more distinct flows"):
        simulate_finite_volume(
            operator, np.linspace(1e-3, 9e-3, 200), load=0.0, natural_temperature=11.0
        )
    with pytest.raises(InputError) as several:
        simulate_finite_volume(
            operator, [FLOW, np.nan], load=np.zeros(5), return_temperature=3.0,
            natural_temperature=11.0, step=0.0,
        )  # fmt: skip
    assert len(several.value.problems) == 4
    with pytest.raises(InputError, match="below zero"):
        simulate_finite_volume(operator, -FLOW, load=0.0, natural_temperature=11.0)
    with pytest.raises(InputError, match="one for each row") as shapes:
        simulate_finite_volume(
            operator, FLOW, load=0.0, natural_temperature=[11.0, 12.0], start=[1.0, 2.0]
        )
    assert len(shapes.value.problems) == 2
    with pytest.raises(InputError, match="not above zero"):
        step_response(operator, 0.0)
    with pytest.raises(InputError, match="water_heat_capacity"):
        heat_operator(flow_field(COLUMN, WELL), water_heat_capacity=0.0)
