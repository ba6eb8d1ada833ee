"""Measurements that exist: what diagnosis finds in them, and what it must not find."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from diwen import diagnosis, site, telemetry
from diwen.cli import build
from diwen.diagnosis.diagnosis_result import Diagnosis
from diwen.diagnosis.record.from_series import record_of_series
from diwen.diagnosis.record.from_store import record_of_site
from diwen.diagnosis.record.operating_record import OperatingRecord
from diwen.diagnosis.record.steps import Reading
from diwen.evaluation import evaluate
from diwen.problems import InputError
from diwen.site import Point

EXAMPLES = Path(__file__).parents[2] / "examples"
HOUSE_DATA = os.environ.get("DIWEN_GSHP_HOUSE_DATA", "")
#: Mean brine inlet while the unit runs, °C, by month: the data set's own description.
BRINE = {"2018-04": 3.9, "2018-07": 9.5, "2018-10": 5.5, "2018-12": 3.0, "2019-01": 2.3}

WATER = 4190.0
#: Water of the heating side as the laboratory notes it, W/K.
LOAD_FLOW = 0.404317 * WATER

Maker = Callable[[str], Path]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    def of(name: str) -> Path:
        folder = tmp_path_factory.mktemp("real") / name
        shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("telemetry"))
        return folder

    return of


def imported(folder: Path, *files: Path) -> site.Site:
    for file in files:
        telemetry.import_files(site.read(folder), [file])
    return site.read(folder)


def sound(found: Diagnosis) -> None:
    """Plain data, reasons in both languages, no number out of bounds."""
    json.dumps(found.as_dict(figures=True), allow_nan=False)
    for one in found.findings:
        assert 0.0 <= one.probability <= 1.0
        assert one.low <= one.value <= one.high
    for one in found.not_judged:
        assert one.reason.en
        assert one.reason.zh


# ---- the laboratory heat pump


@pytest.fixture(scope="module")
def laboratory(copied: Maker) -> Diagnosis:
    folder = copied("rwth-lab")
    plant = imported(folder, *sorted((folder / "measurements").iterdir()), folder / "readings.csv")
    return diagnosis.diagnose(plant)


def test_laboratory_has_no_fault(laboratory: Diagnosis) -> None:
    sound(laboratory)
    assert laboratory.found == ()
    assert laboratory.sensors == ()
    assert laboratory.record.hours == 1


def test_laboratory_says_what_it_lacks(laboratory: Diagnosis) -> None:
    """No brine flow: no first law; no map: nothing to compare the unit with."""
    assert "FS" in laboratory.missing()["sensors"]
    assert {"efficiency_loss", "source_flow", "load_factor"} <= {
        one.parameter for one in laboratory.not_judged
    }
    assert any("performance table" in one.en for one in laboratory.warnings)


@pytest.fixture(scope="module")
def slow_laboratory(copied: Maker) -> Diagnosis:
    """The same measurements, each second called ten minutes, so that the gate has its days.

    The brine flow was not measured. The plateaus imply 1880 to 2410 W/K, ±13 % around 2140 W/K: a
    constant flow of 2140 W/K stands in for it, so that the scatter of the balance is the
    laboratory's own.
    """
    plant = site.read(copied("rwth-lab"))
    packed = next((EXAMPLES / "rwth-lab" / "measurements").iterdir()).read_bytes()
    table = pl.read_csv(io.BytesIO(gzip.decompress(packed)))
    time = (table["time_in_s"].to_numpy() * 600e6).astype(np.int64) + 1_610_665_200_000_000
    points = [replace(one, interval=600.0) for one in plant.points if one.origin != "manual"]
    series = {}
    for point in points:
        kelvin = 273.15 if point.quantity == "temperature" else 0.0
        series[point.id] = Reading(time, table[point.source].to_numpy() - kelvin)
    for place, capacity_flow in (("load", LOAD_FLOW), ("source", 2140.0)):
        meter = Point(f"{place}_flow_noted", "mass_flow", "kg/s", ("hp1",), place, accuracy="± 3 %")
        points.append(replace(meter, interval=600.0))
        series[meter.id] = Reading(time, np.full(len(time), capacity_flow / WATER))
    return diagnosis.diagnose_record(plant, record_of_series(plant, points, series))


def test_scatter_of_the_laboratory_balance_is_no_fault(slow_laboratory: Diagnosis) -> None:
    sound(slow_laboratory)
    assert slow_laboratory.record.hours > 500
    assert slow_laboratory.found == ()
    # The first law was checked, and nothing of it was called an instrument's fault. A minute at
    # one temperature looks like hours here, and a lag of seconds like a clock that is hours late.
    assert "sensors" not in slow_laboratory.missing()
    assert {one.kind for one in slow_laboratory.sensors} <= {"stuck", "clock"}


def test_what_stands_still_is_said_once(slow_laboratory: Diagnosis) -> None:
    """The bench holds its air at −1 °C. What is masked for that is no outage beside it."""
    points = [one.points for one in slow_laboratory.sensors if one.kind != "clock"]
    assert ("outdoor",) in points
    assert len(points) == len(set(points))


# ---- the Swedish house


@pytest.fixture(scope="module")
def house(copied: Maker) -> site.Site:
    if not HOUSE_DATA:
        pytest.skip("DIWEN_GSHP_HOUSE_DATA does not name the file: GPL-3.0, not shipped")
    return imported(copied("gshp-house-sweden"), Path(HOUSE_DATA))


@pytest.fixture(scope="module")
def house_record(house: site.Site) -> OperatingRecord:
    return record_of_site(house)


def test_house_is_not_shouted_at(house: site.Site) -> None:
    found = diagnosis.diagnose(house)
    sound(found)
    assert found.found == ()
    assert found.sensors == ()
    # What is there is not asked for: four temperatures.
    assert set(found.missing()["sensors"]) == {"FS", "FU", "EH.hp1"}


def test_house_readings_at_standstill_are_no_brine(house_record: OperatingRecord) -> None:
    """At standstill the sensors drift to the cellar: they are kept apart from running."""
    (loop,) = house_record.sources.values()
    running, still = loop.supply, loop.standstill_supply
    assert running is not None
    assert still is not None
    summer = (house_record.day >= np.datetime64("2018-06-01")) & (
        house_record.day < np.datetime64("2018-09-01")
    )
    assert np.nanmean(still.value[summer]) > np.nanmean(running.value[summer]) + 3.0


def test_house_brine_follows_the_seasons(house_record: OperatingRecord) -> None:
    (loop,) = house_record.sources.values()
    assert loop.supply is not None
    month = house_record.day.astype("datetime64[M]").astype(str)
    for name, expected in BRINE.items():
        mean = np.nanmean(loop.supply.value[month == name])
        assert mean == pytest.approx(expected, abs=0.5), name


# ---- yearly totals of many systems


@pytest.fixture(scope="module")
def totals() -> dict[str, dict[str, str]]:
    """The published table itself, by system."""
    text = gzip.decompress((EXAMPLES / "heatpumpmonitor" / "systems.csv.gz").read_bytes())
    rows = csv.DictReader(io.StringIO(text.decode("utf-8-sig")))
    return {row["id"]: row for row in rows}


@pytest.fixture(scope="module")
def flagged() -> dict[str, set[str]]:
    """System -> codes of everything that the portfolio says of it, by severity and code."""
    found: dict[str, set[str]] = {}
    whole = evaluate(site.read(EXAMPLES / "heatpumpmonitor"), "all")
    for name in ("impossible", "doubtful"):
        detail = whole.find(f"portfolio_{name}").detail
        for line in [*detail["table"], *detail.get("notes", [])]:
            found.setdefault(line["system"], set()).add(line["code"])
    return found


def number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def pairs(row: dict[str, str]) -> Iterator[tuple[float, float]]:
    for name in ("space", "water", "combined"):
        yield number(row[f"{name}_heat_kwh"]), number(row[f"{name}_elec_kwh"])


def test_totals_that_cannot_be_are_found(
    totals: dict[str, dict[str, str]], flagged: dict[str, set[str]]
) -> None:
    """Less heat than electricity; a house that loses megawatts: counted in the table itself."""
    below = {id for id, row in totals.items()
             if any(0.0 < heat < electricity for heat, electricity in pairs(row))}  # fmt: skip
    watts = {id for id, row in totals.items() if number(row["heat_loss"]) > 1000.0}
    assert below
    assert watts
    assert below == {id for id, codes in flagged.items() if "below_one" in codes}
    assert watts == {id for id, codes in flagged.items() if "watts" in codes}


def test_air_in_heat_meters_is_found(
    totals: dict[str, dict[str, str]], flagged: dict[str, set[str]]
) -> None:
    air = {id for id, row in totals.items() if number(row["error_air"]) > 0.0}
    assert len(air) > 20
    assert {id for id, codes in flagged.items() if "air" in codes} == air


def test_totals_are_not_diagnosed_hour_by_hour() -> None:
    with pytest.raises(InputError, match="diwen portfolio"):
        diagnosis.diagnose(site.read(EXAMPLES / "heatpumpmonitor"))


# ---- tests of the ground


def answer(name: str) -> dict:
    run = CliRunner().invoke(build(), ["test-response", str(EXAMPLES / name), "--json"])
    assert run.exit_code in (0, 1), run.output
    return json.loads(run.stdout)


def test_the_outage_of_the_multi_flow_test_is_found() -> None:
    """The heater fails on 4 March; in the raw file the records stop for 2.9 h that day."""
    name = "MFRTRT_Low_Flow_Loads.csv.gz"
    packed = (EXAMPLES / "response-test-multi-flow" / name).read_bytes()
    table = pl.read_csv(io.BytesIO(gzip.decompress(packed)), infer_schema_length=0)
    stamp = table[table.columns[0]].str.to_datetime("%m/%d/%Y %I:%M:%S %p", strict=False)
    longest = stamp.drop_nulls().diff().max().total_seconds() / 60.0
    checks = answer("response-test-multi-flow")["quality"]["checks"]
    failed = {one["check"]: one["value"] for one in checks if one["outcome"] == "failed"}
    assert {"outage", "gap", "flow_levels"} <= failed.keys()
    assert failed["gap"] == pytest.approx(longest, abs=1.0)
    assert failed["outage"] >= 60.0


def test_loggers_in_air_at_varennes_are_rejected() -> None:
    """Above 10.5 m of water a logger that hangs metres deep cannot be in the well."""
    folder = EXAMPLES / "response-test-varennes"
    packed = (folder / "varennes_scw_heating_first_week.csv.gz").read_bytes()
    raw = csv.DictReader(io.StringIO(gzip.decompress(packed).decode("utf-8")))
    above = sum(number(row["PCP_pressure_cm"]) > 1050.0 for row in raw)
    well, other = answer("response-test-varennes")["standing_column"]["loggers"]
    assert above > 100
    assert well["in_air"] == above
    assert other["in_air"] == 0


# ---- other measured sites


@pytest.mark.parametrize("name", ["beijing-weather", "water-quality-illustrative", "planned-plant"])
def test_a_site_without_a_plant_is_answered(copied: Maker, name: str) -> None:
    """Weather alone is an answer without findings; no telemetry is a refusal with a cure."""
    folder = copied(name)
    files = sorted((folder / "measurements").iterdir()) if name == "beijing-weather" else ()
    plant = imported(folder, *files)
    if not files:
        with pytest.raises(InputError, match="diwen import"):
            diagnosis.diagnose(plant)
        return
    found = diagnosis.diagnose(plant)
    sound(found)
    assert found.found == ()
    assert found.findings == ()


@pytest.mark.verify
def test_groundwater_of_seppe_says_what_it_lacks(copied: Maker) -> None:
    """47 years of levels and abstraction, no plant: nothing found, and the reason is said."""
    folder = copied("groundwater-seppe")
    found = diagnosis.diagnose(imported(folder, *sorted((folder / "measurements").iterdir())))
    sound(found)
    assert found.found == ()
    assert found.record.hours > 40 * 8760
    said = {one.parameter: one.reason.en for one in found.not_judged}
    assert "stood still" in said["permeability"]
