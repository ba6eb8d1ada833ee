"""The complete design of a bore field, against the twin, the sizing engine and closed forms."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from diwen.design import size_site
from diwen.design.station_design import DesignOptions, design_of_site
from diwen.design.station_design.balance_years import run_years, source_years
from diwen.design.station_design.design_hours import load_of
from diwen.design.station_design.recharge_need import RechargeStudy, ratio_of
from diwen.site import read
from diwen.twin.site_simulation import simulate_site

OFFICE = Path(__file__).parents[2] / "examples" / "sizing-office"


@pytest.fixture(scope="module")
def site():
    """The office without its pumps: their heat in the water would blur every balance here."""
    return read(OFFICE).model_copy(update={"pumps": {}})


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def design(site, told):
    options = DesignOptions(samples=20)
    return design_of_site(site, options, progress=lambda text, share: told.append((text.en, share)))


def test_progress_rises_to_one_and_speaks_both_languages(design, told):
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_years_are_those_of_a_simulation_of_the_site(site, design):
    other = simulate_site(site, years=25, keep="none")
    for number in (1, 25):
        mine, twin = design.run.year(number).summary, other.years[number - 1]
        for name in ("heat", "cold", "extracted", "injected", "power", "starts"):
            assert getattr(mine, name) == pytest.approx(getattr(twin, name), rel=1e-9)
        assert mine.entering_of["field"] == pytest.approx(twin.entering_of["field"], abs=1e-9)
        for name, value in twin.ratios.items():
            assert mine.ratios[name] == pytest.approx(value, rel=1e-9, nan_ok=True)


def test_heat_of_the_ground_closes_with_heat_cold_and_electricity(design):
    # No pump warms the water here, so that what the ground gives is heat less work, and takes
    # cold and work (first law over the units).
    for one in design.run.years:
        source, year = one.sources["field"], one.summary
        net = source.extraction - source.injection
        assert net == pytest.approx(year.heat - year.cold - year.power, rel=1e-6)


def test_needed_length_is_that_of_the_sizing_engine(site, design):
    alone = size_site(site, samples=20)
    (source,) = design.sources
    assert source.needed == pytest.approx(alone.sizing.length, rel=1e-9)
    assert source.margin == pytest.approx(105.0 / alone.sizing.length - 1.0, rel=1e-9)
    assert source.suffices is True


def test_twin_and_sizing_engine_agree_on_the_temperatures(design):
    # Two engines, each with heat pumps of its own: efficiencies at rated points against maps with
    # part load, whose cycling sends more heat into the ground.
    (source,) = design.sources
    highest = design.run.extremes("field", 25)[1]
    assert highest == pytest.approx(float(source.sizing.maximum.max()), abs=1.5)


def test_closed_balance_is_closed_by_a_run_of_its_own(site, design):
    need = next(one for one in design.recharge if one.target == "closed")
    assert need.kind == "rejection"
    study = RechargeStudy(site, design.inputs, design.run, "field", None)
    ran = study.years(need.power, need.kind, need.months, need.years)
    assert ratio_of(ran) == pytest.approx(1.0, abs=1e-3)
    assert sum(one.rejection for one in ran) / 25 == pytest.approx(need.energy, rel=1e-9)
    # A colder ground cools with less work: less is rejected than the plant without it leaves over.
    over = [one.sources["field"].injection - one.sources["field"].extraction
            for one in design.run.years[:25]]  # fmt: skip
    assert need.energy < np.mean(over)
    assert need.energy == pytest.approx(np.mean(over), rel=0.05)


def test_ratio_with_the_rejection_of_the_band_ends_inside_it(design):
    need = next(one for one in design.recharge if one.target == "band")
    assert need.before > 1.25
    assert need.reached == pytest.approx(1.25, abs=1e-3)
    assert need.reached <= 1.25 + 1e-9
    assert need.run.mean_ratio("field", 25) == pytest.approx(need.reached, rel=1e-9)


def test_limit_of_year_fifty_is_kept_with_its_rejection_and_not_without(design):
    need = next(one for one in design.recharge if one.target == "entering" and one.years == 50)
    assert need.before > need.aim
    assert need.reached <= need.aim + 1e-9
    assert need.run.extremes("field", 50)[1] == pytest.approx(need.reached, abs=1e-9)


def test_light_and_full_runs_say_the_same(site, design):
    light = source_years(design.inputs, 3, "field")
    full = run_years(site, design.inputs, 3)
    for one, other in zip(light, full.years, strict=True):
        assert one == other.sources["field"]


def test_one_unit_less_at_the_design_hour(design):
    hour = design.plant.hour("cooling")
    unit = design.run.station.units[0]
    one, _ = unit.cooling.at(hour.source_entering, hour.load_leaving)
    assert hour.capacity == pytest.approx(2 * float(one), rel=1e-9)
    assert hour.without_largest == pytest.approx(float(one), rel=1e-9)
    assert hour.load == pytest.approx(370_574.0, abs=1.0)
    assert not hour.redundant
    assert hour.share_without_largest == pytest.approx(float(one) / hour.load, rel=1e-9)


def test_a_unit_out_leaves_more_unmet_and_never_less(design):
    (failure,) = design.failures
    assert failure.left == 1
    assert failure.unmet_cold > 0.0
    assert failure.unmet_heat >= 0.0
    # With one of two units the hour of the highest load lacks about half of it.
    assert 0.4 < failure.worst_share < 0.6


def test_part_load_counts_every_hour_and_all_energy(design):
    course, station = design.run.courses[1], design.run.station
    for one in design.part_load:
        load = load_of(course, station, one.duty)
        assert one.hours.sum() == (load > 0.0).sum()
        assert one.energy.sum() == pytest.approx(load.sum() * 3600.0, rel=1e-9)
        assert one.below_minimum <= one.hours.sum()
    starts = {name: sum(one.starts[name] for one in design.part_load) for name in ("hp",)}
    assert starts["hp"] == pytest.approx(design.typical.starts, rel=0.02)


def test_extreme_weeks_hold_the_hardest_hours(design):
    found = {one.id: one for one in design.extremes}
    course, station = design.run.courses[1], design.run.station
    for id, duty in (("coldest_week", "heating"), ("hottest_week", "cooling")):
        load = load_of(course, station, duty)
        days = load.reshape(-1, 24).sum(axis=1)
        best = max(days[k : k + 7].sum() for k in range(359))
        assert found[id].load.sum() == pytest.approx(best, rel=1e-12)
        assert found[id].chosen_by == "load"
    day = found["winter_design_day"].load.mean()
    means = load_of(course, station, "heating").reshape(-1, 24).mean(axis=1)
    assert (means > day).sum() == 5


def test_margins_have_the_sign_of_their_status(design):
    for row in design.compliance:
        if row.margin is None:
            continue
        if row.status == "ok":
            assert row.margin >= -1e-9, row.id
        elif row.status in ("warns", "fails"):
            assert row.margin <= 1e-9, row.id


def test_only_verified_rules_our_own_defaults_and_own_limits_fail_a_design(design):
    for row in design.compliance:
        if row.status == "fails" and row.rule is not None:
            assert row.rule.verified or row.rule.evidence == "E"
        if row.rule is not None and not row.rule.verified and row.status == "warns":
            assert row.rule.standing.en in row.why.en, row.id


def test_unknown_rules_name_the_datum(design):
    unknown = [row for row in design.compliance if row.status == "unknown"]
    assert unknown
    named = [row for row in unknown if row.missing]
    assert {"place.heated_area"} <= {key for row in named for key in row.missing}
    grade = next(row for row in unknown if row.id == "system.cop_system.year1")
    assert "pumps (field)" in grade.missing


def test_pump_without_its_drops_is_refused_by_name(design):
    field = next(one for one in design.plant.pumps if one.side == "source")
    assert field.head is None
    assert any("header_head" in text.en for text in field.missing)
    boreholes = design.sources[0].sizing.hydraulics.states[-1].borehole_drop
    assert boreholes in [drop for _, drop in field.parts]


def test_buffer_takes_the_surplus_of_the_smallest_unit(design):
    for one in design.plant.storage:
        surplus = one.minimum_power - one.smallest_load
        heated = one.needed * 4.186e6 * one.swing
        assert heated == pytest.approx(surplus * one.run_time, rel=1e-9)


def test_money_counts_the_electricity_of_the_years(design):
    money = design.economics
    assert money is not None
    year = money.comparison.design.plant.year
    assert year.electric_energy == pytest.approx(design.typical.power, rel=1e-9)
    assert year.cold_energy == pytest.approx(design.typical.cold, rel=1e-6)


def test_plain_data_is_json_and_says_that_it_is_simulated(design):
    rows = json.loads(json.dumps(design.as_dict()))
    assert rows["simulated"] is True
    assert rows["years"]["chosen"]["25"]["sources"]["field"]["extraction"] > 0.0
    assert sum(rows["compliance"]["counts"].values()) == len(design.compliance)


def test_every_text_is_in_both_languages(design):
    def walk(value):
        if isinstance(value, dict):
            if set(value) == {"en", "zh"}:
                assert bool(value["en"]) == bool(value["zh"])
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    walk(design.as_dict())
