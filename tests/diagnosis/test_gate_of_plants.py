"""The data gate on simulated plants with faulty instruments, and on a laboratory heat pump."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from diwen import site as sites
from diwen import telemetry
from diwen.diagnosis.finding import Case
from diwen.diagnosis.gate.channel_access import channels, with_channels
from diwen.diagnosis.gate.data_gate import data_gate
from diwen.diagnosis.gate.portfolio_gate import portfolio_findings
from diwen.diagnosis.record.from_simulation import record_of_simulation
from diwen.diagnosis.record.from_store import record_of_site
from diwen.twin.sensor_faults import SensorFault
from diwen.twin.site_simulation import simulate_site

EXAMPLES = Path(__file__).parents[2] / "examples"
ALWAYS = (SensorFault("class_error"), SensorFault("noise"))


@pytest.fixture(scope="module")
def plant():
    return simulate_site(
        sites.read(EXAMPLES / "plant-template"), since=date(2023, 1, 1), points="standard"
    )


@pytest.fixture(scope="module")
def gated(plant):
    def of(*faults, seed=0):
        record = record_of_simulation(replace(plant, sensors=(*ALWAYS, *faults), seed=seed))
        return record, data_gate(Case(plant.site, record, None))

    return of


@pytest.fixture(scope="module")
def healthy(gated):
    return gated()


def test_a_healthy_record_is_the_same_object(healthy):
    record, (case, findings, not_judged) = healthy
    assert case.record is record
    assert findings == ()
    assert not_judged == ()


@pytest.mark.parametrize("seed", range(1, 5))
def test_no_fault_within_the_classes(gated, seed):
    assert gated(SensorFault("outage", value=0.02), seed=seed)[1][1] == ()


FAULTS = {
    "return jumps": (SensorFault("bias", ("source_leaving",), 0.5, since=datetime(2023, 2, 1)),
                     "offset", "source_leaving"),
    "load return jumps": (SensorFault("bias", ("load_entering",), 0.5,
                                      since=datetime(2023, 2, 1)), "offset", "load_entering"),
    "return off": (SensorFault("bias", ("source_leaving",), 0.5), "offset", "source_leaving"),
    "supply drifts": (SensorFault("drift", ("source_entering",), 0.4), "drift", "source_entering"),
    "heat meter": (SensorFault("scale", ("load_heat",), 1.15), "scale", "load_heat"),
    "source flow": (SensorFault("scale", ("source_flow",), 0.8), "scale", "source_flow"),
    "current transformer": (SensorFault("scale", ("hp1_electricity",), 2.0), "scale",
                            "hp1_electricity"),
    "source swapped": (SensorFault("swap", ("source_entering", "source_leaving")), "swapped",
                       "source_entering"),
    "load swapped": (SensorFault("swap", ("load_leaving", "load_entering")), "swapped",
                     "load_leaving"),
    "clock of the meter": (SensorFault("clock", ("load_heat",), 3600.0), "clock", "load_heat"),
    "clock of a flow": (SensorFault("clock", ("source_flow",), 3600.0), "clock", "source_flow"),
    "clock of electricity": (SensorFault("clock", ("hp1_electricity",), 3600.0), "clock",
                             "hp1_electricity"),
    "stuck": (SensorFault("stuck", ("source_entering",), since=datetime(2023, 1, 10),
                          until=datetime(2023, 2, 10)), "stuck", "source_entering"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_the_instrument_is_found_and_nothing_else(gated, name):
    fault, kind, point = FAULTS[name]
    _, (_, findings, _) = gated(fault)
    assert [one.kind for one in findings] == [kind]
    assert point in findings[0].points
    assert findings[0].probability > 0.5
    assert findings[0].text.en
    assert findings[0].text.zh


def closure(record):
    """Mean first-law residual as share of the mean load heat."""
    load, source = record.circuits["load"].heat_by_meter, record.sources["field"].heat_by_flow
    power = sum(one.power.value for one in record.units.values())
    left = load.value - power - source.value
    return float(np.nanmean(np.abs(left)) / np.nanmean(np.abs(load.value)))


@pytest.mark.parametrize(
    "name", ["return jumps", "return off", "supply drifts", "source flow", "current transformer",
             "source swapped", "load swapped", "clock of a flow"]
)  # fmt: skip
def test_the_corrected_record_looks_like_a_healthy_one(gated, healthy, name):
    record, (case, _, _) = gated(FAULTS[name][0])
    # Decided before: at most 1.5 % of the load more than the record of healthy meters.
    assert closure(case.record) < closure(healthy[0]) + 0.015
    assert closure(record) > closure(healthy[0]) + 0.01


def test_the_raw_record_stays_and_the_uncertainty_is_carried(gated):
    record, (case, _, _) = gated(FAULTS["return jumps"][0])
    before, after = record.sources["field"], case.record.sources["field"]
    assert before.back is not after.back
    assert after.back.systematic > before.back.systematic
    assert after.flow is before.flow


def test_supply_and_return_that_only_differ_are_one_finding(gated):
    (found,) = gated(FAULTS["return off"][0])[1][1]
    assert set(found.points) == {"source_entering", "source_leaving"}
    assert abs(found.value) == pytest.approx(0.5, abs=0.12)
    assert found.since is None


def test_the_day_of_a_step(gated):
    (found,) = gated(FAULTS["return jumps"][0])[1][1]
    assert abs((found.since - date(2023, 2, 1)).days) <= 7


def test_a_reset_register_is_no_fault_of_the_plant(gated):
    reset = SensorFault("reset", ("hp1_electricity",), since=datetime(2023, 6, 1))
    assert gated(reset)[1][1] == ()


@pytest.fixture(scope="module")
def drifting():
    def of(points):
        run = simulate_site(
            sites.read(EXAMPLES / "plant-template"), years=3, since=date(2023, 1, 1),
            points=points, seed=1,
            sensors=(*ALWAYS, SensorFault("drift", ("source_entering", "source_leaving"), 0.3)),
        )  # fmt: skip
        record = record_of_simulation(run)
        return data_gate(Case(run.site, record, None))

    return of


def test_a_pair_that_drifts_is_accused_by_sensors_in_the_same_water(drifting):
    _, findings, _ = drifting("full")
    (found,) = [one for one in findings if one.probability >= 0.5]
    assert found.kind == "drift"
    assert {"source_entering", "source_leaving"} <= set(found.points)
    assert abs(found.value) == pytest.approx(0.3, abs=0.15)


def test_the_performance_of_units_alone_accuses_no_pair(drifting):
    _, findings, _ = drifting("standard")
    assert all(one.probability < 0.5 and one.treatment == "noted" for one in findings)


def test_a_plant_without_source_meters_says_what_lacks():
    run = simulate_site(
        sites.read(EXAMPLES / "gas-hybrid-home"), since=date(2023, 1, 1), points="standard",
        sensors=ALWAYS,
    )  # fmt: skip
    _, findings, not_judged = data_gate(Case(run.site, record_of_simulation(run), None))
    assert findings == ()
    assert {"TS1", "TS2", "FS"} <= {code for one in not_judged for code in one.missing}


def test_a_record_of_nothing_does_not_fail(healthy):
    record, (case, _, _) = healthy
    empty = {one.key: replace(one.channel, value=np.full(len(record), np.nan),
                              cover=np.zeros(len(record))) for one in channels(record)}  # fmt: skip
    _, findings, not_judged = data_gate(replace(case, record=with_channels(record, empty)))
    assert findings == ()
    assert not_judged


def test_the_laboratory_scatter_is_no_fault(tmp_path):
    folder = tmp_path / "rwth-lab"
    shutil.copytree(EXAMPLES / "rwth-lab", folder, ignore=shutil.ignore_patterns("telemetry"))
    lab = sites.read(folder)
    for file in (*sorted((folder / "measurements").iterdir()), folder / "readings.csv"):
        telemetry.import_files(lab, [file])
    _, findings, _ = data_gate(Case(lab, record_of_site(lab), None))
    assert [one for one in findings if one.probability >= 0.5] == []


def test_the_readings_of_a_house_at_standstill_are_no_fault(tmp_path):
    data = os.environ.get("DIWEN_GSHP_HOUSE_DATA", "")
    if not data:
        pytest.skip("DIWEN_GSHP_HOUSE_DATA does not name the file: GPL-3.0, not shipped")
    folder = tmp_path / "gshp-house-sweden"
    shutil.copytree(EXAMPLES / folder.name, folder, ignore=shutil.ignore_patterns("telemetry"))
    house = sites.read(folder)
    telemetry.import_files(house, [Path(data)])
    _, findings, not_judged = data_gate(Case(house, record_of_site(house), None))
    assert [one for one in findings if one.kind != "outage"] == []
    assert not_judged


def test_single_readings_that_cannot_be_are_masked(healthy):
    record, (case, _, _) = healthy
    held = record.sources["field"].supply
    value = held.value.copy()
    running = np.flatnonzero(np.isfinite(value))[100:103]
    value[running] = 850.0
    broken = with_channels(record, {("sources", "field", "supply"): replace(held, value=value)})
    corrected, (found,), _ = data_gate(replace(case, record=broken))
    assert (found.kind, found.points, found.treatment) == ("range", held.points, "masked")
    assert np.isnan(corrected.record.sources["field"].supply.value[running]).all()


def test_yearly_totals_tell_of_meters_with_air():
    found = portfolio_findings(sites.read(EXAMPLES / "heatpumpmonitor"))
    assert {one.kind for one in found} == {"air", "range"}
    assert all(one.points and one.text.zh and one.treatment == "noted" for one in found)
    # Few hours of air are told, and are no fault.
    assert 0 < sum(one.probability >= 0.5 for one in found) < len(found)


def test_a_plant_is_no_portfolio(plant):
    assert portfolio_findings(plant.site) == ()
