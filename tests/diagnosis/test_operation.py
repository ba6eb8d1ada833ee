"""Loads, settings and schedules against the design: known answers, injected twins, healthy plants.

Tolerances were set beforehand: a load factor within 0.12 (heat meters of class 2 err by some 5 %),
setpoints within 0.5 K, an outdoor sensor within 1 K, shares within 0.15.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

import diwen
from diwen.diagnosis.finding import Case, Estimate, Judgement
from diwen.diagnosis.operation.commissioning_judgement import judge_commissioning
from diwen.diagnosis.operation.days import scatter
from diwen.diagnosis.operation.design_loads import in_season
from diwen.diagnosis.operation.energy_signature import fit_signature
from diwen.diagnosis.operation.load_judgement import judge_loads
from diwen.diagnosis.operation.schedule_judgement import judge_schedules
from diwen.diagnosis.record.from_simulation import record_of_simulation
from diwen.diagnosis.record.stretch import part_of
from diwen.site import Site
from diwen.site.ledger import Entry
from diwen.twin.deviations import Deviation
from diwen.twin.sensor_faults import SensorFault
from diwen.twin.site_simulation import simulate_site
from diwen.twin.site_simulation_inputs import SiteInputs, inputs_of_site

EXAMPLES = Path(diwen.__file__).parents[2] / "examples"
BEGIN = date(2023, 1, 1)
JUDGES = (judge_commissioning, judge_loads, judge_schedules)


@lru_cache
def _inputs(name: str) -> SiteInputs:
    return inputs_of_site(diwen.read(EXAMPLES / name), 3600.0)


def _case(name: str, *deviations: Deviation, site: Site | None = None, **more: object) -> Case:
    site = site or diwen.read(EXAMPLES / name)
    run = simulate_site(
        site, since=BEGIN, deviations=deviations, points="standard", seed=5,
        sensors=(SensorFault("class_error"), SensorFault("noise"),
                 SensorFault("outage", value=0.01)), **more,
    )  # fmt: skip
    known = _inputs(name)
    return Case(site, record_of_simulation(run), known.inputs, (), known.weather_known)


def _of(judgement: Judgement, parameter: str) -> Estimate:
    return next(one for one in judgement.estimates if one.parameter == parameter)


def _positive(case: Case) -> set[str]:
    return {one.parameter for judge in JUDGES for one in judge(case).estimates
            if one.log_ratio > 0.0}  # fmt: skip


# ---- known answers


@pytest.mark.parametrize("kind", ["heat", "cold"])
def test_a_signature_gives_back_its_line(kind: str) -> None:
    outdoor = 15.0 - 15.0 * np.cos(np.arange(365) / 365.0 * 2.0 * np.pi)
    degrees = 12.0 - outdoor if kind == "heat" else outdoor - 18.0
    load = 5e3 + 2e3 * np.maximum(degrees, 0.0)
    found = fit_signature(load, outdoor, np.ones(365), kind)  # type: ignore[arg-type]
    assert found is not None
    assert found.slope == pytest.approx(2e3, rel=0.05)
    assert found.balance == pytest.approx(12.0 if kind == "heat" else 18.0, abs=1.0)
    assert found.explained > 0.99


def test_what_does_not_follow_the_air_has_no_signature() -> None:
    assert fit_signature(np.full(365, 1e3), np.full(365, 10.0), np.ones(365), "heat") is None


def test_scatter_ignores_the_level_and_a_step() -> None:
    draw = np.random.default_rng(1).normal(0.0, 0.1, 365)
    step = np.where(np.arange(365) < 180, 0.0, 5.0)
    assert scatter(draw + step) == pytest.approx(0.1, rel=0.25)


def test_a_season_bridges_a_weekend_and_not_a_summer() -> None:
    daily = np.zeros(365)
    daily[:70] = 1.0
    daily[20:22] = 0.0
    season = in_season(daily)
    assert season[:70].all()
    assert not season[71:360].any()


# ---- healthy plants find nothing


@pytest.mark.parametrize(
    ("name", "scenario"),
    [("plant-template", "cold"), ("beijing-office", "warm"), ("gas-hybrid-home", "cold"),
     ("household-sets", "warm"), ("sports-centre", None), ("forest-office-4-wells", None)],
)  # fmt: skip
def test_healthy_plants_in_other_weather_find_nothing(name: str, scenario: str | None) -> None:
    case = _case(name, scenario=scenario)
    assert _positive(case) == set()


# ---- one deviation becomes itself and nothing else


WELLS = pytest.param("forest-office-4-wells", marks=pytest.mark.verify)


@pytest.mark.parametrize("name", ["plant-template", "household-sets", WELLS])
def test_half_the_load_is_design_and_not_operation(name: str) -> None:
    case = _case(name, Deviation("load_factor", 0.5))
    found = _of(judge_loads(case), "load_factor")
    assert found.value == pytest.approx(0.5, abs=0.12)
    assert found.log_ratio > 3.5
    assert found.since is None
    assert _positive(case) == {"load_factor"}


@pytest.mark.parametrize("name", ["plant-template", WELLS])
def test_a_setback_that_is_ignored_is_operation_and_not_design(name: str) -> None:
    case = _case(name, Deviation("night_setback_ignored", 1.0))
    found = _of(judge_schedules(case), "night_setback_ignored")
    assert found.value == pytest.approx(1.0, abs=0.15)
    assert _positive(case) == {"night_setback_ignored"}


def test_half_occupied_by_the_ledger_is_nothing() -> None:
    site = diwen.read(EXAMPLES / "plant-template")
    entry = Entry(BEGIN, "operation", "site", "occupancy", "50", "%", "operator", "", "", 2)
    site = site.model_copy(update={"ledger": (entry,)})
    case = _case("plant-template", Deviation("load_factor", 0.5), site=site)
    assert _positive(case) == set()


def test_small_units_are_capacity_and_not_a_small_load() -> None:
    case = _case("beijing-office", Deviation("unit_capacity", 0.6))
    found = _of(judge_loads(case), "unit_capacity")
    assert found.value == pytest.approx(0.6, abs=0.1)
    assert _positive(case) == {"unit_capacity"}


def test_cold_alone_is_left_to_the_balance() -> None:
    case = _case("beijing-office", Deviation("cooling_factor", 0.5))
    assert _of(judge_loads(case), "load_factor").log_ratio < 0.0


@pytest.mark.parametrize(("since", "family"), [(0.0, "commissioning"), (0.5, "operation")])
def test_a_setpoint_is_commissioning_and_later_operation(since: float, family: str) -> None:
    case = _case("plant-template", Deviation("setpoint_shift", 5.0, since))
    found = _of(judge_commissioning(case), "setpoint_shift")
    assert found.value == pytest.approx(5.0, abs=0.6)
    assert found.family == family
    # a by-pass would explain the same supply; it shares the probability and is the less likely
    assert _positive(case) - {"load_bypass"} == {"setpoint_shift"}
    rivals = [one for one in judge_commissioning(case).estimates if one.parameter == "load_bypass"]
    assert all(one.log_ratio < found.log_ratio - 1.0 for one in rivals)
    assert all("setpoint_shift" in one.alternatives for one in rivals)


def test_a_shift_along_the_outdoor_axis_is_the_outdoor_sensor() -> None:
    case = _case("gas-hybrid-home", Deviation("outdoor_sensor", 4.0))
    found = _of(judge_commissioning(case), "outdoor_sensor")
    assert found.value == pytest.approx(4.0, abs=1.0)
    assert _positive(case) == {"outdoor_sensor"}


def test_the_reverse_order_of_units_is_seen_by_who_runs_alone() -> None:
    case = _case("plant-template", Deviation("wrong_sequence", 1.0))
    found = _of(judge_commissioning(case), "wrong_sequence")
    assert found.value > 0.85
    assert found.family == "commissioning"
    assert _positive(case) == {"wrong_sequence"}


def test_a_boiler_that_leaks_is_hydraulic_and_operation() -> None:
    site = diwen.read(EXAMPLES / "sports-centre")
    boilers = {id: one.model_copy(update={"calorific_value": 35.6e6})
               for id, one in site.boilers.items()}  # fmt: skip
    site = site.model_copy(update={"boilers": boilers})
    case = _case("sports-centre", Deviation("backup_leak", 0.1), site=site)
    found = _of(judge_schedules(case), "backup_leak")
    assert found.value == pytest.approx(0.1, abs=0.03)
    assert {found.family, *found.also} == {"hydraulic", "operation"}
    assert _positive(case) == {"backup_leak"}


@pytest.mark.verify
def test_hunting_from_the_first_day_is_commissioning() -> None:
    case = _case("plant-template", Deviation("dead_band", 0.25), step=300.0)
    found = _of(judge_commissioning(case), "dead_band")
    assert found.value == pytest.approx(0.25, abs=0.15)
    assert found.family == "commissioning"


# ---- degrading and properties


def test_what_cannot_be_judged_names_the_point() -> None:
    case = _case("plant-template")
    record = case.record
    from dataclasses import replace

    bare = replace(record, circuits={}, units={}, rooms={}, outdoor=None, mode=None)
    blind = Case(case.site, bare, case.inputs, (), True)
    judged = [judge(blind) for judge in JUDGES]
    assert not any(one.estimates for one in judged)
    missing = {point for one in judged for each in one.not_judged for point in each.missing}
    assert {"TU1", "TU2", "FU"} <= missing
    without = Case(case.site, record, None)
    assert all(not judge(without).estimates for judge in JUDGES)


def test_a_longer_record_never_widens_the_factor() -> None:
    case = _case("household-sets", Deviation("load_factor", 0.6), years=2)
    short = Case(case.site, part_of(case.record, BEGIN, date(2024, 1, 1)), case.inputs, (), True)
    first, both = (_of(judge_loads(one), "load_factor") for one in (short, case))
    assert both.deviation <= first.deviation * 1.02


def test_hourly_states_do_not_pretend_to_show_hunting() -> None:
    judged = judge_commissioning(_case("household-sets"))
    reason = next(one for one in judged.not_judged if one.parameter == "dead_band")
    assert "5 min" in str(reason.missing)
