"""Designs that lack something, have no units, or stand on wells: what is said, and whether the cure
cures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from diwen.design.station_design import DesignOptions, design_of_site
from diwen.design.station_design.balance_years import run_years
from diwen.design.station_design.design_result import RechargeNeed
from diwen.design.station_design.extreme_days import design_day, hardest_stretch
from diwen.design.station_design.shortfall import _of_field
from diwen.language import Text
from diwen.plant.station import Backup
from diwen.problems import InputError
from diwen.site import read

EXAMPLES = Path(__file__).parents[2] / "examples"
SHORT = DesignOptions(
    horizons=(5,), samples=0, size_source=False, economics=False, recharge=False, redundancy=False
)


@pytest.fixture(scope="module")
def office():
    return read(EXAMPLES / "sizing-office")


def _with_units(site, **changes):
    pump = site.heat_pumps["hp"].model_copy(update=changes)
    return site.model_copy(update={"heat_pumps": {"hp": pump}})


def test_too_few_units_are_short_by_the_map_and_the_count_cures_it(office):
    site = _with_units(office, count=1)
    found = design_of_site(site, SHORT)
    assert not found.feasible
    lack = next(one for one in found.shortfalls if one.id == "capacity.cooling")
    hour = found.plant.hardest("cooling", 5)
    assert lack.amount == pytest.approx(hour.load - hour.capacity, rel=1e-9)
    cure = next(one for one in lack.cures if one.id == "units" and "hp" in one.text.en)
    cured = design_of_site(_with_units(office, count=1 + int(cure.amount)), SHORT)
    assert not any(one.id == "capacity.cooling" for one in cured.shortfalls)


def _scaled(site, count, share):
    """Units of a share of their size, known by their rating points alone."""
    open_ratings = {f"rated_{duty}_{what}": None for duty in ("heating", "cooling")
                    for what in ("capacity", "power")}  # fmt: skip
    points = tuple(
        one.model_copy(update={"capacity": share * one.capacity, "power": share * one.power})
        for one in site.heat_pumps["hp"].rating_points
    )
    return _with_units(site, count=count, rating_points=points, **open_ratings)


def test_backup_of_the_unmet_power_meets_the_load(office):
    # One unit of four tenths of the size is short in winter; the heater that is named closes it.
    site = _scaled(office, 1, 0.4)
    found = design_of_site(site, SHORT)
    lack = next(one for one in found.shortfalls if one.id == "unmet.heating")
    assert lack.amount == max(one.summary.unmet_heat for one in found.run.years)
    row = next(row for row in found.compliance if row.id == "supply.unmet")
    assert row.status == "fails"
    assert row.margin < 0.0
    cure = next(one for one in lack.cures if one.id == "backup")
    loop = next(one.name for one in found.run.station.load_loops if one.kind == "heat")
    heater = Backup("heater", loop, cure.amount, 0.98, "electricity")
    station = replace(found.run.station, backups=(heater,))
    cured = run_years(found.site, found.inputs, 1, station=station).years[0].summary
    before = found.run.years[0].summary
    assert cured.unmet_heat < 0.005 * cured.demand_heat < before.unmet_heat


def test_supply_temperature_that_is_named_is_enough_and_the_next_is_not(office):
    # Short by a little at 45 °C: the units give more at a lower supply temperature.
    found = design_of_site(_scaled(office, 2, 0.54), SHORT)
    lack = next(one for one in found.shortfalls if one.id == "capacity.heating")
    cure = next(one for one in lack.cures if one.id == "supply_temperature")
    hour = found.plant.hour("heating")
    unit = found.run.station.units[0]
    assert 2.0 * float(unit.heating.at(hour.source_entering, cure.amount)[0]) >= hour.load
    assert 2.0 * float(unit.heating.at(hour.source_entering, cure.amount + 0.5)[0]) < hour.load


def test_short_boreholes_name_the_metres_that_the_sizing_engine_needs(office):
    field = office.sources["field"]
    bore = field.borehole.model_copy(update={"length": 60.0})
    short = office.model_copy(
        update={"sources": {"field": field.model_copy(update={"borehole": bore})}}
    )
    options = replace(SHORT, size_source=True, samples=20, horizons=(25,))
    found = design_of_site(short, options)
    (source,) = found.sources
    lack = next(one for one in found.shortfalls if one.id == "source.field")
    assert source.suffices is False
    assert source.margin < 0.0
    assert lack.amount == pytest.approx((source.needed - 60.0) * 40, rel=1e-9)
    # The length does not depend on the planned one, but for the temperature at its depth.
    assert source.needed == pytest.approx(96.8, rel=0.02)
    row = next(row for row in found.compliance if row.id == "layout.field.size")
    assert row.status == "fails"
    assert row.margin == pytest.approx(60.0 - source.needed, rel=1e-9)
    assert {cure.id for cure in lack.cures} == {"metres", "boreholes"}
    # Nothing else carries a part of the load here: the engines know the same.
    assert "twin" not in lack.text.en


def _need(energy, years, target="entering"):
    return RechargeNeed("field", target, years, 0.0, "recharge", energy, 1.0, (7,), 0.0, 0.0,
                        None, None, Text("", ""), ())  # fmt: skip


@pytest.mark.parametrize(("needs", "chillers", "judges"), [
    ((_need(0.0, 25), _need(5e10, 50)), {"chiller": None}, True),
    ((_need(5e10, 25),), {"chiller": None}, False),
    ((), {"chiller": None}, False),
    ((_need(0.0, 25),), {}, False),
])  # fmt: skip
def test_twin_judges_a_short_field_that_shares_its_load(office, needs, chillers, judges):
    """Its recharge behind the planned years is no cure of missing metres."""
    met = SimpleNamespace(unmet_heat=0.0, unmet_cold=0.0, demand_heat=1.0, demand_cold=1.0)
    design = SimpleNamespace(
        site=SimpleNamespace(boilers={}, chillers=chillers,
                             operation=SimpleNamespace(planned_years=25.0)),
        sources=(None,), recharge=needs,
        run=SimpleNamespace(years=(SimpleNamespace(summary=met),) * 50),
    )  # fmt: skip
    source = SimpleNamespace(name="field", planned=60.0, count=40)
    sizing = SimpleNamespace(sizing=SimpleNamespace(length=97.0, reasons=()))
    lack = _of_field(design, source, sizing)
    assert ("judges the plant as a whole" in lack.text.en) is judges
    assert ("以其为准" in lack.text.zh) is judges
    assert {cure.id for cure in lack.cures} == {"metres", "boreholes"}


def test_a_rule_on_tests_of_other_areas_is_not_judged(office):
    found = design_of_site(office, SHORT)
    rows = [row for row in found.compliance if "response_test" in row.id]
    assert rows
    for row in rows:
        if row.value is not None:
            assert row.limit > 0.0, row.id
        elif row.status == "not_judged":
            assert "does not apply" in row.why.en


def test_site_without_units_gets_them_from_the_catalogue(office):
    bare = office.model_copy(update={"heat_pumps": {}})
    found = design_of_site(bare, SHORT)
    assert found.plant.origin == "catalogue"
    assert "chosen from the equipment catalogue" in found.notes[0].en
    for hour in found.plant.hours:
        assert hour.capacity >= hour.load
    assert found.typical.unmet_share < 0.005


def test_loads_that_no_unit_carries_are_refused_with_reasons(office):
    loads = {"office": office.loads["office"].model_copy(update={
        "hourly_file": "", "heating_design_load": 90e6, "heating_demand": 90e6 * 3600 * 1000.0,
        "cooling_design_load": 90e6, "cooling_demand": 90e6 * 3600 * 500.0})}  # fmt: skip
    weather = read(EXAMPLES / "beijing-office").weather
    huge = office.model_copy(update={"heat_pumps": {}, "loads": loads, "weather": weather})
    with pytest.raises(InputError) as caught:
        design_of_site(huge, SHORT)
    assert any("catalogue" in one.message.en for one in caught.value.problems)
    assert all(one.cure.zh for one in caught.value.problems)


def test_wells_are_judged_by_their_checks_and_their_water_is_counted():
    site = read(EXAMPLES / "forest-office-4-wells")
    found = design_of_site(site, replace(SHORT, recharge=True))
    ids = {row.id for row in found.compliance}
    assert {"wells.wells.wellhead_pressure", "water.tax", "water.gb50366.reinjection"} <= ids
    tax = next(row for row in found.compliance if row.id == "water.tax")
    course = found.run.courses[1].sources["wells"]
    volume = float(course.flow_share.sum()) * 3600.0 * found.inputs.inputs.sources["wells"].flow
    assert tax.value == pytest.approx(0.8e-3 * volume, rel=1e-9)
    closed = next(one for one in found.recharge if one.target == "closed")
    # Pumps that run for a recharge warm the water: it may be closed a little beyond what is sought.
    assert closed.before < 1.0 <= closed.reached < 1.02
    for row in found.compliance:
        if row.rule is not None and row.rule.evidence in ("M", "M+"):
            assert row.status != "fails", row.id


def test_design_day_is_the_sixth_hardest_day_and_the_week_the_hardest():
    days = np.random.default_rng(5).permutation(365).astype(float)
    hours = np.repeat(days, 24)
    assert days[design_day(hours)] == 365 - 1 - 5
    start = hardest_stretch(hours, 7 * 24)
    sums = np.convolve(days, np.ones(7), "valid")
    assert start == 24 * int(sums.argmax())
