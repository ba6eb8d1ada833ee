"""Sources and balance judged on simulated records with errors of instruments and other weather.

Bounds were decided before: the deviation that was put in leads by a Bayes factor of at least e³, a
rival is below 1, its value lies within three standard uncertainties.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import diwen
from diwen.diagnosis.finding import Case, Estimate
from diwen.diagnosis.ground.balance_judgement import judge_balance, ratio_of
from diwen.diagnosis.ground.loop_series import filled_heat, runs, settled
from diwen.diagnosis.ground.source_judgement import judge_sources
from diwen.diagnosis.record.from_simulation import record_of_simulation
from diwen.diagnosis.record.operating_record import OperatingRecord
from diwen.site import Site
from diwen.twin.deviations import Deviation
from diwen.twin.sensor_faults import SensorFault
from diwen.twin.site_simulation import simulate_site
from diwen.twin.site_simulation_inputs import inputs_of_site

EXAMPLES = Path(__file__).parents[2] / "examples"
ERRORS = (SensorFault("class_error"), SensorFault("noise"))


@pytest.fixture(scope="module")
def office() -> Site:
    return diwen.read(EXAMPLES / "beijing-office")


def case_of(site: Site, *deviations: Deviation, years: int = 1, seed: int = 1) -> Case:
    simulation = simulate_site(
        site, years=years, since=date(2023, 1, 1), deviations=deviations, sensors=ERRORS,
        scenario="cold", seed=seed, points="standard",
    )  # fmt: skip
    return Case(site, record_of_simulation(simulation), inputs_of_site(site, 3600.0).inputs)


def judged(case: Case) -> dict[str, Estimate]:
    found = (*judge_sources(case).estimates, *judge_balance(case).estimates)
    return {one.parameter: one for one in found}


def test_healthy_field_finds_nothing(office):
    found = judged(case_of(office))
    assert all(one.log_ratio < 0.0 and one.shape == "none" for one in found.values())


def test_resistance_is_construction_never_resource(office):
    found = judged(case_of(office, Deviation("borehole_resistance", 1.5)))
    one = found["borehole_resistance"]
    assert one.log_ratio > 3.0
    assert abs(one.value - 1.5) < 3.0 * one.deviation
    assert found["ground_conductivity"].log_ratio < 0.0
    assert found["undisturbed_temperature"].log_ratio < 0.0


def test_ground_is_resource_never_construction(office):
    found = judged(
        case_of(
            office,
            Deviation("ground_conductivity", 0.7),
            Deviation("undisturbed_temperature", -1.5),
        )
    )
    for name, value in (("ground_conductivity", 0.7), ("undisturbed_temperature", -1.5)):
        assert found[name].log_ratio > 3.0
        assert abs(found[name].value - value) < 3.0 * found[name].deviation
    assert found["borehole_resistance"].log_ratio < 0.0
    assert found["effective_length"].log_ratio < 0.0


def test_less_cold_is_balance_and_no_ground(office):
    found = judged(case_of(office, Deviation("cooling_factor", 0.3)))
    assert found["cooling_factor"].log_ratio > 3.0
    assert abs(found["cooling_factor"].value - 0.3) < 3.0 * found["cooling_factor"].deviation
    assert all(one.log_ratio < 0.0 for name, one in found.items() if name != "cooling_factor")


def test_unseen_loss_is_told_after_years(office):
    case = case_of(office, Deviation("yearly_imbalance", 0.2), years=3)
    found = judged(case)
    one = found["yearly_imbalance"]
    assert one.log_ratio > 3.0
    assert abs(one.value - 0.2) < 3.0 * one.deviation
    assert all(other.log_ratio < 0.0 for name, other in found.items() if name != one.parameter)
    residual = judge_sources(case).residuals[0]
    assert residual.day.shape == residual.value.shape == (3 * 365 + 1,)  # with 29 February


def test_a_sudden_change_of_the_flow_is_no_deviation_of_the_ground(office):
    found = judged(case_of(office, Deviation("source_flow", 0.6, 1), years=2))
    assert "yearly_imbalance" in found
    assert all(one.log_ratio < 0.0 and one.shape == "none" for one in found.values())


def test_beside_a_sudden_change_of_the_flow_a_loss_is_told(office):
    deviations = (Deviation("source_flow", 0.6, 2), Deviation("yearly_imbalance", 0.4))
    one = judged(case_of(office, *deviations, years=4))["yearly_imbalance"]
    assert one.log_ratio > 3.0
    assert abs(one.value - 0.4) < 3.0 * one.deviation


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("packer_bypass", "breakthrough"),
        pytest.param("breakthrough", "packer_bypass", marks=pytest.mark.verify),
    ],
)
def test_packer_bypass_and_breakthrough_are_told_apart(name, other):
    found = judged(case_of(diwen.read(EXAMPLES / "forest-office-4-wells"), Deviation(name, 0.3)))
    assert found[name].log_ratio > 3.0
    assert abs(found[name].value - 0.3) < 3.0 * found[name].deviation
    assert found[other].log_ratio < 0.0


def test_nothing_recorded_is_not_judged(office):
    case = case_of(office)
    record = case.record
    empty: OperatingRecord = replace(record, sources={}, circuits={})
    bare = replace(case, record=empty, memory={})
    assert not judge_sources(bare).estimates
    told = {one.parameter: one.missing for one in judge_sources(bare).not_judged}
    assert told["borehole_resistance"] == ("TS1", "TS2", "FS")
    assert {"yearly_imbalance", "cooling_factor"} <= {
        one.parameter for one in judge_balance(bare).not_judged
    }


def test_river_and_air_are_said_to_have_no_ground():
    site = diwen.read(EXAMPLES / "hotel-minus-42")
    case = Case(site, case_of(diwen.read(EXAMPLES / "beijing-office")).record, None)
    found = judge_sources(case)
    assert not found.estimates


def test_holes_are_filled_and_let_settle():
    heat = np.sin(2.0 * np.pi * np.arange(24.0 * 60) / 24.0)
    holed = heat.copy()
    holed[100:103] = np.nan
    holed[600:640] = np.nan
    filled = filled_heat(holed)
    assert np.isfinite(filled).all()
    assert filled[600:640] == pytest.approx(heat[600:640], abs=1e-9)
    known = np.isfinite(holed)
    steady = settled(known)
    assert not steady[600:680].any()
    assert steady[680]
    assert runs(~known) == [(100, 103), (600, 640)]
    assert ratio_of(np.array([2.0, -1.0])) == 0.5
