"""Sizing of wells: laws that any sizing must keep, arithmetic, fronts, heat return, pairs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import diwen.site
from diwen.design.site_well_checks import well_design_of_site
from diwen.design.well_candidates import SearchSpace, search_space
from diwen.design.well_check_rules import WellRules
from diwen.design.well_design import WellDesign
from diwen.design.well_front import non_dominated, spread_out
from diwen.design.well_group_design import AbstractionDesign, GroupWell
from diwen.design.well_pairs import PairTemplate, judged_pairs, search_pairs, unit_of_wells
from diwen.design.well_product_result import products_on
from diwen.design.well_sizing import judged, planned_unit, search_wells
from diwen.design.well_sizing_choice import recommended_of
from diwen.design.well_sizing_course import holding_share, reduced_well_of, unit_course
from diwen.design.well_sizing_duty import WellDuty, season_course
from diwen.design.well_study import study_wells
from diwen.problems import InputError
from diwen.sources.aquifer.column import Aquifer, GroundColumn
from diwen.sources.aquifer.well import CirculationWell, Screen, ScreenPair
from diwen.sources.circulation_well.model_reduction import TOLERANCE_KELVIN

HOUR = 3600.0
COARSE = 0.4
RULES = WellRules.on()


def ground(conductivity: float = 1e-4, anisotropy: float = 1.0) -> GroundColumn:
    """An aquifer between 10 and 70 m, tight above and below."""
    radial = np.array([1e-9, conductivity, 1e-9])
    return GroundColumn.of(
        [0.0, 10.0, 70.0, 100.0], radial,
        vertical_conductivity=radial * np.array([1.0, anisotropy, 1.0]),
    )  # fmt: skip


def well(gap: float = 10.0, screen: float = 18.0, top: float = 12.0) -> CirculationWell:
    """Return screen above, extraction screen below, a seal between."""
    low = top + screen + gap
    pair = ScreenPair(Screen(top, top + screen), Screen(low, low + screen))
    return CirculationWell.of(0.15, (pair,))


def design(
    shape: CirculationWell | None = None, column: GroundColumn | None = None, *,
    flow: float = 30.0, count: int = 4, spacing: float = 50.0, **known: object,
) -> WellDesign:  # fmt: skip
    """Wells at rest at 11 °C; flow in m³/h."""
    built = shape or well()
    defaults: dict[str, object] = {
        "undisturbed_temperature": 11.0, "static_level": 8.0,
        "pump_depth": built.pairs[0].extraction.top + 2.0,
        "lowest_return": 3.0, "highest_return": 30.0, "screen_diameter": 0.3, "open_area": 0.2,
        "seal_material": "grouted", "membrane_filter_index": 2e6,
    }  # fmt: skip
    return WellDesign.of(
        built, column or ground(), flow / HOUR, count=count, spacing=spacing,
        cell_radius=spacing / np.sqrt(np.pi), **(defaults | known),
    )  # fmt: skip


@pytest.fixture(scope="module")
def duty() -> WellDuty:
    """150 days of heating, 400 kW at most; 90 days of heat return, 250 kW at most."""
    power = np.zeros(8760)
    power[: 150 * 24] = 400e3 * season_course(np.arange(150))
    power[200 * 24 : 290 * 24] = -250e3 * season_course(np.arange(90))
    return WellDuty.of(power)


def candidate(made: WellDesign, duty: WellDuty, years: int = 3):
    return judged(made, planned_unit(made, duty, years, fineness=COARSE), RULES)


# ---- arithmetic of published cases -------------------------------------------------------------


def test_drops_of_products_are_their_arithmetic() -> None:
    """200 kW at 30 m³/h: 5.728 K, 300 kW: 8.592 K, 80 kW at 16 m³/h: 4.296 K, 500 at 100: 4.296."""
    products = {product.id: product for product in products_on(RULES)}
    assert products["product.well_200"].drop == pytest.approx(5.728, rel=1e-3)
    assert products["product.well_200"].rise == pytest.approx(8.592, rel=1e-3)
    assert products["product.well_80"].drop == pytest.approx(4.296, rel=1e-3)
    assert products["product.well_500"].drop == pytest.approx(4.296, rel=1e-3)
    assert all(not row.verified for product in products.values() for row in product.rows)


def test_two_operating_points_of_one_plant_are_two() -> None:
    """540 m³/h over 18 wells: 1382.7 kW at 2.2 K, 3600 kW at 5.73 K."""
    power = np.zeros(8760)
    power[:24] = 1382.7e3
    unit = planned_unit(
        design(count=18), WellDuty.of(power), 1, fineness=COARSE
    )  # fmt: skip
    measured = judged(design(count=18), unit, RULES)
    rated = judged(design(count=18), unit, RULES, extraction=3600.0 / 1382.7)
    assert measured.water.drop == pytest.approx(2.2, rel=1e-3)
    assert measured.water.duty.largest_extraction == pytest.approx(76.8e3, rel=1e-3)
    assert rated.water.drop == pytest.approx(5.728, rel=1e-3)
    assert rated.water.duty.largest_extraction == pytest.approx(200e3, rel=1e-9)


# ---- laws --------------------------------------------------------------------------------------


def test_longer_seal_is_warmer_and_needs_more_head(duty: WellDuty) -> None:
    """One well in open ground, the same ends of the screens: what the seal gains, they lose."""
    quarter = duty.scaled(0.25, 0.25)
    shapes = [well(gap, 0.5 * (46.0 - gap)) for gap in (6.0, 14.0, 26.0)]
    found = [candidate(design(shape, count=1), quarter, 1) for shape in shapes]
    assert np.all(np.diff([one.coldest for one in found]) > 0.0)
    assert np.all(np.diff([one.injection_head for one in found]) > 0.0)


def test_layered_ground_is_warmer_and_needs_more_head(duty: WellDuty) -> None:
    """One well in open ground; in a narrow cell the water that spreads comes back from its edge."""
    quarter = duty.scaled(0.25, 0.25)
    grounds = [ground(1e-4, ratio) for ratio in (1.0, 0.3, 0.1)]
    found = [candidate(design(column=layers, count=1), quarter, 1) for layers in grounds]
    assert np.all(np.diff([one.coldest for one in found]) > 0.0)
    assert np.all(np.diff([one.injection_head for one in found]) > 0.0)


def test_more_wells_share_the_flow_warmer_with_less_head(duty: WellDuty) -> None:
    """All together 120 m³/h."""
    found = [candidate(design(flow=120.0 / n, count=n), duty) for n in (3, 4, 6)]
    assert np.all(np.diff([one.coldest for one in found]) > 0.0)
    assert np.all(np.diff([one.injection_head for one in found]) < 0.0)


def test_more_flow_has_smaller_drop_and_more_head(duty: WellDuty) -> None:
    found = [candidate(design(flow=flow), duty) for flow in (15.0, 30.0, 45.0)]
    assert np.all(np.diff([one.water.drop for one in found]) < 0.0)
    assert np.all(np.diff([one.injection_head for one in found]) > 0.0)


def test_wider_spacing_drifts_less(duty: WellDuty) -> None:
    heating = duty.scaled(injection=0.0)
    found = [candidate(design(spacing=apart), heating) for apart in (30.0, 45.0, 70.0)]
    assert np.all(np.diff([one.water.drift for one in found]) > 0.0)


@settings(max_examples=15)
@given(st.integers(1, 30), st.floats(0.1, 3.0), st.floats(0.0, 3.0))
def test_two_answers_stand_for_every_load(count: int, taken: float, given_back: float) -> None:
    """Against the reduced well under the load itself."""
    unit, reduced, base = _answers()
    found = unit.years_of(count, taken, given_back)
    load = (taken * base.extraction - given_back * base.injection) / count
    course = reduced.simulate(np.tile(load, 2), unit.flow * np.tile(base.running, 2), 86400.0)
    change = course.formation - reduced.reference_temperature
    assert np.allclose(found.formation - unit.undisturbed, change, atol=1e-9 * np.ptp(change))


def _answers():
    if not _KEPT:
        power = np.zeros(8760)
        power[:3000], power[5000:6000] = 60e3, -50e3
        base = WellDuty.of(power)
        reduced = reduced_well_of(ground(), well(), 25.0, [0.008], fineness=0.3, years=2)
        _KEPT.extend([unit_course(reduced, 0.008, base, 2, 11.0), reduced, base])
    return _KEPT


_KEPT: list = []


def test_highest_hours_agree_with_hours(duty: WellDuty) -> None:
    """Days with their highest hour against the same model hour by hour, 0.05 K."""
    power = np.zeros(8760)
    power[: 150 * 24] = 400e3 * season_course(np.arange(150))
    power[200 * 24 : 290 * 24] = -250e3 * season_course(np.arange(90))
    made = design()
    reduced = reduced_well_of(
        made.column, made.well, made.cell_radius, [made.flow], fineness=COARSE, years=2
    )
    water = unit_course(reduced, made.flow, duty, 2, 11.0).years_of(made.count)
    load = np.tile(power / made.count, 2)
    course = reduced.simulate(load, np.where(load != 0.0, made.flow, 0.0))
    back = (course.returned - reduced.reference_temperature + 11.0).reshape(2, -1)
    busy = (load != 0.0).reshape(2, -1)
    assert water.lowest_return == pytest.approx(np.where(busy, back, 99.0).min(axis=1), abs=0.05)
    assert water.highest_return == pytest.approx(np.where(busy, back, -9.0).max(axis=1), abs=0.05)


def test_largest_share_meets_the_limit_exactly(duty: WellDuty) -> None:
    unit = planned_unit(design(), duty, 3, fineness=COARSE)
    share = unit.largest_share(3.0, 30.0, 4)
    water = unit.years_of(4, share, share)
    gaps = [water.lowest_return.min() - 3.0, 30.0 - water.highest_return.max()]
    assert min(gaps) == pytest.approx(0.0, abs=1e-9)
    assert max(gaps) >= 0.0


def test_shortfall_says_how_many_wells_would_do(duty: WellDuty) -> None:
    short = candidate(design(count=1, spacing=50.0), duty)
    lack = short.shortfall
    assert lack is not None
    assert lack.side == "extraction"
    assert lack.wells is not None
    unit = short.unit
    assert unit.years_of(lack.wells).lowest_return.min() >= 3.0 - 1e-9
    assert unit.years_of(lack.wells - 1).lowest_return.min() < 3.0
    assert lack.metres == pytest.approx((lack.wells - 1) * short.depth)
    # The same linear law, the other way: this power, and no more, is too much.
    left = duty.largest_extraction - lack.power
    assert unit.years_of(duty.largest_extraction / left).lowest_return.min() == pytest.approx(3.0)


# ---- heat return -------------------------------------------------------------------------------


def test_holding_share_holds(duty: WellDuty) -> None:
    """With it the last year is as cold as the second; a closed cell needs nearly all back."""
    unit = planned_unit(design(), duty, 6, fineness=COARSE)
    share = holding_share(unit)
    assert share is not None
    factor = share * duty.yearly_extraction / duty.yearly_injection
    lowest = unit.years_of(4, 1.0, factor).lowest_pumped
    assert lowest[-1] == pytest.approx(lowest[1], abs=1e-4)
    assert 0.9 < share < 1.1


def test_a_well_alone_needs_less_heat_back(duty: WellDuty) -> None:
    """Ground around it gives what a closed cell cannot."""
    lone = planned_unit(design(count=1), duty.scaled(0.25, 0.25), 6, fineness=COARSE)
    shut = planned_unit(design(), duty, 6, fineness=COARSE)
    alone, among = holding_share(lone), holding_share(shut)
    assert alone is not None
    assert among is not None
    assert alone < among


def test_summer_return_is_assumed_where_the_load_has_none() -> None:
    power = np.zeros(8760)
    power[: 150 * 24] = 100e3
    only = WellDuty.of(power)
    both = only.with_return()
    assert both.yearly_injection == pytest.approx(only.yearly_extraction)
    assert not (both.injection * both.extraction).any()
    assert both.with_return() is both


# ---- fronts ------------------------------------------------------------------------------------


@given(arrays(float, st.tuples(st.integers(1, 25), st.just(3)),
              elements=st.integers(0, 4).map(float)))  # fmt: skip
def test_front_is_what_nothing_beats(costs: np.ndarray) -> None:
    kept = non_dominated(costs)
    for i, row in enumerate(costs):
        beaten = any((other <= row).all() and (other < row).any() for other in costs)
        assert kept[i] == (not beaten)
    chosen = spread_out(costs[kept], 5, [0])
    assert 0 in chosen
    assert len(chosen) == len(set(chosen)) <= max(5, 4)


@pytest.fixture(scope="module")
def searched(duty: WellDuty):
    made = design(count=5)
    space = search_space(made)
    few = SearchSpace(space.shapes[:10:3], space.flows[::2], (40.0, 50.0, None), space.land)
    return search_wells(made, duty, 3, RULES, space=few, fineness=0.3, final_fineness=COARSE)


def test_front_of_wells_is_not_dominated(searched) -> None:
    assert len(searched.front) >= 3
    assert non_dominated([one.costs for one in searched.front]).all()
    assert all(one.suffices for one in searched.front)
    assert all(one.coldest >= 3.0 - 0.01 for one in searched.front)


def test_recommended_keeps_everything_on_the_land(searched) -> None:
    best = searched.recommended
    assert best is not None
    assert best.suffices
    assert searched.within_land
    assert best.land is None or best.land <= 5 * 50.0**2 * 1.000001
    assert best.metres <= 2.0 * min(one.metres for one in (*searched.front, best)) * 1.1


def test_reserve_is_kept_where_it_can_be(searched) -> None:
    pool = list(searched.front)
    assert recommended_of(pool, 1.0).margin >= 1.0
    assert recommended_of(pool, 99.0) is recommended_of(pool)


def test_screens_of_all_candidates_stand_in_the_aquifer() -> None:
    for shape in search_space(design()).shapes:
        for pair in shape.pairs:
            for screen in (pair.injection, pair.extraction):
                assert 10.0 <= screen.top < screen.bottom <= 70.0
            assert pair.seal.length > 0.0


def test_tight_ground_is_refused_with_reasons(duty: WellDuty) -> None:
    """K = 1e-5 m/s and 30 m³/h: the ground would be lifted, the pump would run dry."""
    made = design(column=ground(1e-5), count=8)
    alone = SearchSpace(search_space(made).shapes[:2], (made.flow,), (50.0,), None)
    found = search_wells(made, duty, 2, RULES, space=alone, fineness=0.3, final_fineness=0.3)
    assert found.recommended is None
    assert found.front == ()
    assert found.refused
    assert {"effective_stress", "covered_screen", "pump_submergence"} & set(found.refused)
    assert all(name.en and name.zh for name, _ in found.refused.values())


def test_too_little_land_is_said(duty: WellDuty) -> None:
    made = design(count=1, spacing=20.0)
    tight = SearchSpace((made.well,), (made.flow,), (50.0,), 400.0)
    found = search_wells(made, duty, 2, RULES, space=tight, fineness=0.3, final_fineness=0.3)
    assert not found.within_land
    assert found.least_land is not None
    assert found.least_land > 400.0


# ---- pairs of groundwater wells ----------------------------------------------------------------

SAND = Aquifer(20.0, 40.0, 5e-4, 5e-4)


def pair_template(spacing: float = 60.0, **known: object) -> PairTemplate:
    pumped = GroupWell("p", -20.0 / HOUR, 0.2, x=0.0, y=0.0, static_level=8.0, pump_depth=35.0)
    returned = GroupWell("r", 20.0 / HOUR, 0.2, x=spacing, y=0.0, static_level=8.0)
    defaults: dict[str, object] = {"undisturbed_temperature": 13.0, "lowest_return": 4.0}
    planned = AbstractionDesign.of([pumped, returned], SAND, **(defaults | known))
    return PairTemplate(planned, pumped, returned, 84.0, 1, spacing)


def one_pair(template: PairTemplate, duty: WellDuty, spacing: float, flow: float, pairs: int = 1):
    made = template.design(pairs, spacing, flow / HOUR)
    unit = unit_of_wells(made, pairs, duty, 3, spacing)
    return judged_pairs(made, unit, pairs, 84.0, spacing, RULES)


@pytest.fixture(scope="module")
def heating(duty: WellDuty) -> WellDuty:
    return duty.scaled(0.25, 0.0)


def test_pairs_farther_apart_stay_warmer(heating: WellDuty) -> None:
    found = [one_pair(pair_template(), heating, apart, 20.0) for apart in (30.0, 60.0, 120.0)]
    assert np.all(np.diff([one.coldest for one in found]) > 0.0)
    assert np.all(np.diff([one.injection_head for one in found]) > 0.0)
    times = [one.breakthrough for one in found]
    # With the square of the distance (Gringarten and Sauty).
    assert times[1] / times[0] == pytest.approx(4.0, rel=0.02)


def test_more_flow_through_a_pair(heating: WellDuty) -> None:
    found = [one_pair(pair_template(), heating, 60.0, flow) for flow in (15.0, 30.0)]
    assert found[1].water.drop < found[0].water.drop
    assert found[1].injection_head > found[0].injection_head


def test_return_down_gradient_is_warmer(heating: WellDuty) -> None:
    still = one_pair(pair_template(), heating, 60.0, 20.0)
    moved = pair_template(regional_flux=2e-6, regional_direction=0.0)
    assert one_pair(moved, heating, 60.0, 20.0).coldest > still.coldest


def test_exchanged_pair_cools_with_the_cold_of_winter(duty: WellDuty) -> None:
    """What winter stored at the well pumped in summer makes that water colder."""
    both = duty.scaled(0.25, 0.25)
    fixed = one_pair(pair_template(), both, 120.0, 20.0)
    turned = one_pair(pair_template(exchanges=True), both, 120.0, 20.0)
    assert np.all(turned.water.highest_pumped < fixed.water.highest_pumped)


def test_pairs_are_searched(heating: WellDuty) -> None:
    found = search_pairs(pair_template(), heating, 2, RULES)
    assert found.tried == 25
    assert found.recommended is not None
    assert found.recommended.suffices
    assert non_dominated([one.costs for one in found.front]).all()


# ---- the winner against the reference ----------------------------------------------------------


EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("name", ["hospital-18-wells", "forest-office-4-wells"])
def test_sizing_and_the_years_of_wells_agree(name: str) -> None:
    """The same load by days in sizing, by hours in the study: 0.05 K and what both models are off.

    The study settles load and water; sizing is given the load that it settled on.
    """
    years = 25
    site = diwen.site.read(EXAMPLES / name)
    study = study_wells(site, years=years, measured=False)
    made, _ = well_design_of_site(site, study.built.source, season=False)
    duty = WellDuty.of(study.load * study.count)
    water = planned_unit(made, duty, years).years_of(study.count)
    taken, given_back = study.load.reshape(years, -1) > 0.0, study.load.reshape(years, -1) < 0.0
    pumped, returned = study.pumped.reshape(years, -1), study.returned.reshape(years, -1)
    for year in (0, 9, 24):
        cold, warm = taken[year], given_back[year]
        found = (
            water.lowest_pumped[year], water.lowest_return[year],
            water.highest_pumped[year], water.highest_return[year],
        )  # fmt: skip
        by_hours = (
            pumped[year, cold].min(), returned[year, cold].min(),
            pumped[year, warm].max(), returned[year, warm].max(),
        )  # fmt: skip
        assert found == pytest.approx(by_hours, abs=0.05 + 2.0 * TOLERANCE_KELVIN)


@pytest.mark.verify
def test_winner_holds_in_finite_volumes(duty: WellDuty) -> None:
    """One year hour by hour by finite volumes on the standard rings; 0.1 K."""
    from diwen.sources.circulation_well.finite_volume import simulate_finite_volume
    from diwen.sources.circulation_well.flow_field import flow_field
    from diwen.sources.circulation_well.grid import well_grid
    from diwen.sources.circulation_well.heat_operator import heat_operator

    made = design(count=5)
    space = SearchSpace(search_space(made).shapes[:4], (made.flow,), (50.0,), None)
    best = search_wells(made, duty, 1, RULES, space=space).recommended
    assert best is not None
    one = best.design
    grid = well_grid(one.column, one.well, outer_radius=one.cell_radius)
    around = flow_field(one.column, one.well, grid, outer="closed")
    operator = heat_operator(around, surface="fixed")
    power = np.zeros(8760)
    power[: 150 * 24] = 400e3 * season_course(np.arange(150))
    power[200 * 24 : 290 * 24] = -250e3 * season_course(np.arange(90))
    load = power / best.count
    course = simulate_finite_volume(
        operator, np.where(load != 0.0, one.flow, 0.0), load=load, natural_temperature=11.0
    )
    busy = load != 0.0
    assert best.water.lowest_return[0] == pytest.approx(course.returned[busy].min(), abs=0.1)
    assert best.water.highest_return[0] == pytest.approx(course.returned[busy].max(), abs=0.1)


# ---- wrong input -------------------------------------------------------------------------------


def test_duty_refuses_nothing_and_part_of_a_year() -> None:
    with pytest.raises(InputError):
        WellDuty.of(np.zeros(8760))
    with pytest.raises(InputError):
        WellDuty.of(np.ones(100))
    with pytest.raises(InputError):
        WellDuty.of(np.full(8760, np.nan))


def test_limits_that_the_ground_at_rest_breaks_are_said(duty: WellDuty) -> None:
    made = replace(design(), lowest_return=12.0)
    alone = SearchSpace((made.well,), (made.flow,), (50.0,), None)
    found = search_wells(made, duty, 1, RULES, space=alone, fineness=0.3, final_fineness=0.3)
    assert set(found.refused) == {"temperature"}
