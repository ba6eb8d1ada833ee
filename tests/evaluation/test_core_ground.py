"""Operation, heat balance of the ground, limits, energy balance, on plants with known answers."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from core_plant import (
    HEAD,
    HEATING,
    PUMPS,
    SEASONS,
    constant,
    context,
    plant,
    times,
)

from diwen.evaluation import energy_balance, ground_balance, limits, temperatures
from diwen.evaluation.amount import Refusal
from diwen.evaluation.increments import length
from diwen.evaluation.operation import known_spans, mode_spans, running_basis, running_spans

YEAR = datetime(2018, 12, 31, 16, tzinfo=UTC)
SOURCE = "s,heat_power,kW,hp1,source,± 3 %,1 h,\n"
HOURS = 10.0


def year(tmp_path, winter, summer, region="Beijing", days=365):
    """Extraction in the first and last 60 days, injection in the 60 days around July."""
    of = plant(tmp_path / "year", HEAD.replace("Beijing", region) + SEASONS, SOURCE)
    time = times(days * 24, 3600.0, YEAR)
    day = (time - time[0]) / 8.64e10
    cold, warm = (day < 60) | (day >= 305), (day >= 150) & (day < 210)
    value = np.where(cold, winter, 0.0) - np.where(warm, summer, 0.0)
    found = ground_balance.results(context(of, {"s": (time, value)}, days * 24, YEAR))
    return {result.id: result for result in found}


def test_balance_of_a_year(tmp_path):
    found = year(tmp_path, 100.0, 150.0)
    assert found["heat_extraction"].value == pytest.approx(100 * 120 * 24, rel=2e-3)
    assert found["heat_injection"].value == pytest.approx(150 * 60 * 24, rel=2e-3)
    assert found["heat_balance_ratio"].value == pytest.approx(0.75, rel=2e-3)
    assert found["imbalance"].value == pytest.approx(-25.0, abs=0.2)
    assert found["cumulative_ground_heat"].value == pytest.approx(-72_000, rel=5e-3)
    assert found["heat_balance_ratio"].grade.label.en == "more extraction than injection"
    assert found["heat_balance_ratio"].grade.met is False
    curve = found["cumulative_ground_heat"].detail["kwh"]
    assert len(curve) == 365
    assert curve[-1] == pytest.approx(found["cumulative_ground_heat"].value)


def test_one_meter_for_both_directions_is_nearly_free_of_its_own_error(tmp_path):
    """The same meter error is in numerator and denominator of the ratio and cancels."""
    found = year(tmp_path, 100.0, 150.0)
    extraction = found["heat_extraction"]
    assert extraction.uncertainty / extraction.value == pytest.approx(0.0346, rel=0.02)
    assert found["heat_balance_ratio"].uncertainty / found["heat_balance_ratio"].value < 0.002


def test_balanced_year(tmp_path):
    grade = year(tmp_path, 100.0, 200.0)["heat_balance_ratio"].grade
    assert grade.resolved
    assert grade.label.zh == "平衡"


def test_no_range_outside_china(tmp_path):
    assert year(tmp_path, 100.0, 150.0, region="Sweden")["heat_balance_ratio"].grade is None


def test_half_a_year_is_no_balance(tmp_path):
    found = year(tmp_path, 100.0, 150.0, days=180)
    assert found["heat_balance_ratio"].status == "refused"
    assert "12 months" in found["heat_balance_ratio"].reason.en
    assert found["heat_extraction"].status == "ok"


def test_season_calendar_wraps_over_new_year(tmp_path):
    of = plant(tmp_path / "modes", HEAD + SEASONS, SOURCE)
    at = context(of, {"s": constant(1.0, 24.0)}, 365 * 24, YEAR)
    assert length(mode_spans(at, "heating")) == (74 + 47) * 86400
    assert length(mode_spans(at, "cooling")) == 124 * 86400
    assert length(mode_spans(at, "simultaneous")) == 0.0


def test_modes_by_point(tmp_path):
    toml = HEAD + '[operation]\nmode = "point"\n'
    of = plant(tmp_path / "point", toml, "m,mode,1,hp1,unit,,,\n")
    time = times(HOURS, 3600.0)[[0, 2, 5, 8]]
    at = context(of, {"m": (time, np.array([1.0, 3.0, 2.0, 0.0]))}, HOURS)
    assert length(mode_spans(at, "heating")) == 5 * 3600
    assert length(mode_spans(at, "cooling")) == 6 * 3600
    assert length(mode_spans(at, "simultaneous")) == 3 * 3600


def test_a_mode_point_without_records_is_refused(tmp_path):
    toml = HEAD + '[operation]\nmode = "point"\n'
    of = plant(tmp_path / "none", toml, "m,mode,1,hp1,unit,,,\n")
    with pytest.raises(Refusal, match="mode"):
        mode_spans(context(of, {}, HOURS), "heating")


FOUR = (
    "ts1,temperature,degC,hp1,source_entering,IEC 60751 A,5 min,\n"
    "ts2,temperature,degC,hp1,source_leaving,IEC 60751 A,5 min,\n"
    "tu1,temperature,degC,hp1,load_leaving,IEC 60751 A,5 min,\n"
    "tu2,temperature,degC,hp1,load_entering,IEC 60751 A,5 min,\n"
)


def four(on, source=(5.0, 2.0), load=(40.0, 35.0), still=(12.0, 13.5)):
    """Temperatures that run while ``on`` and drift to the cellar at standstill."""
    time = times(HOURS, 300.0)
    return {
        "ts1": (time, np.where(on(time), source[0], still[0])),
        "ts2": (time, np.where(on(time), source[1], still[1])),
        "tu1": (time, np.where(on(time), load[0], 20.0)),
        "tu2": (time, np.where(on(time), load[1], 20.0)),
    }


def first_half(time):
    return time < time[time.size // 2]


def test_running_from_temperatures_masks_standstill(tmp_path):
    of = plant(tmp_path / "four", HEAD + HEATING, FOUR)
    at = context(of, four(first_half), HOURS)
    assert running_basis(at, "hp1")[0] == "temperatures"
    assert length(running_spans(at, "hp1")) == 5 * 3600
    assert length(known_spans(at, "hp1")) == 10 * 3600
    found = {result.id: result for result in temperatures.results(at)}
    assert found["running_share"].value == pytest.approx(50.0)
    assert any("masked" in note.en for note in found["running_share"].notes)
    assert found["temperature_source_entering"].value == 5.0
    carnot = found["carnot_bound"]
    assert carnot.value == pytest.approx(313.15 / (40.0 - 3.5))
    assert "not a measured COP" in carnot.name.en
    assert carnot.uncertainty > 0.0


def test_status_before_power_before_temperatures(tmp_path):
    points = FOUR + "p,electric_power,kW,hp1,supply,,5 min,\ns,status,1,hp1,unit,,5 min,\n"
    of = plant(tmp_path / "order", HEAD + HEATING, points)
    time = times(HOURS, 300.0)
    records = four(first_half) | {
        "p": (time, np.where(time < time[24], 20.0, 0.1)),
        "s": (time, np.where(time < time[12], 1.0, 0.0)),
    }
    assert length(running_spans(context(of, records, HOURS), "hp1")) == 3600
    del records["s"]
    assert length(running_spans(context(of, records, HOURS), "hp1")) == 2 * 3600
    del records["p"]
    assert length(running_spans(context(of, records, HOURS), "hp1")) == 5 * 3600


def test_status_on_change_holds_and_polled_status_does_not(tmp_path):
    on_change = plant(tmp_path / "change", HEAD + HEATING, "s,status,1,hp1,unit,,,\n")
    polled = plant(tmp_path / "polled", HEAD + HEATING, "s,status,1,hp1,unit,,1 min,\n")
    records = {"s": (times(HOURS, 300.0)[:3], np.ones(3))}
    assert length(running_spans(context(on_change, records, HOURS), "hp1")) == HOURS * 3600
    assert length(running_spans(context(polled, records, HOURS), "hp1")) == 15 * 60


BOREFIELD = HEAD.replace(
    '[sources.field]\ntype = "other"',
    '[sources.field]\ntype = "borefield"\n[sources.field.borehole]\nlength = "100 m"\n'
    'buried_depth = "1 m"\ndiameter = "150 mm"\n'
    '[sources.field.layout]\npattern = "rectangle"\nrows = 2\ncolumns = 5\n'
    'spacing = "5 m"\n',
)


@pytest.fixture
def borefield(tmp_path):
    def build(toml, points):
        from diwen.problems import InputError

        try:
            return plant(tmp_path / "field", toml, points)
        except InputError as error:
            pytest.fail(str(error))

    return build


def test_margin_to_the_limits_of_gb50366(borefield):
    of = borefield(BOREFIELD + HEATING, FOUR)
    found = limits.results(context(of, four(first_half, source=(8.0, 5.2)), HOURS))
    margin = next(r for r in found if r.id == "source_margin" and r.mode == "heating")
    assert margin.value == pytest.approx(1.2)
    assert margin.uncertainty == pytest.approx(2 * (0.15 + 0.002 * 5.2) / np.sqrt(3))
    assert margin.rules == ("gb50366.source_inlet_minimum_winter",)
    assert margin.grade.resolved
    assert margin.grade.met


def test_broken_limit_is_said(borefield):
    of = borefield(BOREFIELD + HEATING, FOUR)
    found = limits.results(context(of, four(first_half, source=(5.0, 2.0)), HOURS))
    margin = next(r for r in found if r.id == "source_margin" and r.mode == "heating")
    assert margin.value == pytest.approx(-2.0)
    assert "100.0 %" in margin.grade.text.en
    assert margin.grade.resolved
    assert margin.grade.met is False


def test_a_limit_inside_the_uncertainty_is_not_resolved(borefield):
    of = borefield(BOREFIELD + HEATING, FOUR)
    found = limits.results(context(of, four(first_half, source=(7.0, 4.1)), HOURS))
    margin = next(r for r in found if r.id == "source_margin" and r.mode == "heating")
    assert 0.0 < margin.value < margin.uncertainty
    assert not margin.grade.resolved
    assert margin.grade.met is None


def test_with_antifreeze_the_margin_is_to_the_freezing_point(borefield):
    brine = BOREFIELD.replace(
        'source = "field"',
        'source = "field"\nsource_fluid = { name = "ethylene_glycol", concentration = "25 %" }',
    )
    of = borefield(brine + HEATING, FOUR)
    found = limits.results(context(of, four(first_half), HOURS))
    margin = next(r for r in found if r.id == "source_margin" and r.mode == "heating")
    assert margin.value == pytest.approx(2.0 + 10.97, abs=0.02)
    assert any("water only" in note.en for note in margin.notes)
    assert margin.grade is None


def test_zero_degrees_is_a_value(borefield):
    of = borefield(BOREFIELD + HEATING, FOUR)
    found = limits.results(context(of, four(first_half, source=(3.0, 0.0)), HOURS))
    margin = next(r for r in found if r.id == "source_margin" and r.mode == "heating")
    assert margin.value == pytest.approx(-4.0)


def test_heat_per_borehole_length(borefield):
    of = borefield(BOREFIELD + HEATING, SOURCE.replace("1 h", "15 min"))
    found = ground_balance.results(context(of, {"s": constant(40.0, HOURS)}, HOURS))
    per_metre = next(r for r in found if r.id == "heat_per_length")
    assert per_metre.value == pytest.approx(40_000 / 1000)


BALANCE = (
    "q,heat_power,kW,hp1,load,± 3 %,15 min,\n"
    "s,heat_power,kW,hp1,source,± 3 %,15 min,\n"
    "n,electric_power,kW,hp1,supply,± 1 %,15 min,\n"
)


@pytest.mark.parametrize(
    ("load", "explained"), [(104.0, True), (100.0, True), (112.0, False), (90.0, False)]
)
def test_closure_within_its_uncertainty_is_no_fault(tmp_path, load, explained):
    """Source 75 kW and unit 25 kW; 3 % on both heat meters makes about ±4.4 % (k = 2)."""
    of = plant(tmp_path / "closure", HEAD + PUMPS + HEATING, BALANCE)
    records = {"q": constant(load, HOURS), "s": constant(75.0, HOURS), "n": constant(25.0, HOURS)}
    found = {r.id: r for r in energy_balance.results(context(of, records, HOURS)) if r.of == "hp1"}
    closure = found["energy_balance"]
    assert closure.value == pytest.approx(100 * (load - 100) / load)
    assert closure.detail["explained"] is explained
    assert ("no fault" in closure.notes[-1].en) is explained


def test_running_needs_some_point(tmp_path):
    of = plant(tmp_path / "blind", HEAD + HEATING, SOURCE)
    with pytest.raises(Refusal, match="hp1"):
        running_spans(context(of, {"s": constant(1.0, HOURS)}, HOURS), "hp1")


def test_period_after_the_records_has_nothing(tmp_path):
    of = plant(tmp_path / "later", HEAD + HEATING, BALANCE)
    records = {name: constant(10.0, HOURS) for name in ("q", "s", "n")}
    at = context(of, records, HOURS, YEAR + timedelta(days=4000))
    assert all(r.status == "refused" for r in energy_balance.results(at))
