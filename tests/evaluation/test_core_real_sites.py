"""The real measurements: the laboratory (bundled) and the Swedish house (only where present)."""

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from diwen import site, telemetry
from diwen.cli import build
from diwen.evaluation import evaluate
from diwen.problems import InputError

EXAMPLES = Path(__file__).parents[2] / "examples"
HOUSE_DATA = os.environ.get("DIWEN_GSHP_HOUSE_DATA", "")

# brine in, supply, power W, COP: quasi-steady windows of the data set's own description.
PLATEAUS = [
    (10.2, 48.5, 2177, 3.42),
    (10.2, 43.9, 1980, 3.95),
    (10.2, 39.2, 1815, 4.45),
    (10.1, 34.7, 1662, 5.09),
]
# Month, running %, supply, brine in (running), Carnot bound: table of the data set's description.
MONTHS = {
    "2018-04": (75, 36.4, 3.9, 9.5),
    "2018-05": (18, 34.0, 5.2, 11.0),
    "2018-06": (10, 29.7, 8.2, 14.4),
    "2018-07": (8, 29.0, 9.5, 15.8),
    "2018-08": (8, 28.8, 8.4, 14.8),
    "2018-09": (28, 30.4, 7.2, 13.1),
    "2018-10": (68, 33.8, 5.5, 10.9),
    "2018-11": (91, 37.2, 4.2, 9.5),
    "2018-12": (95, 40.9, 3.0, 8.2),
    "2019-01": (91, 43.7, 2.3, 7.6),
}


@pytest.fixture(scope="module")
def lab_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab") / "rwth-lab"
    shutil.copytree(EXAMPLES / "rwth-lab", folder, ignore=shutil.ignore_patterns("telemetry"))
    plant = site.read(folder)
    files = [*sorted((folder / "measurements").iterdir()), folder / "readings.csv"]
    for file in files:
        telemetry.import_files(plant, [file])
    return folder


@pytest.fixture(scope="module")
def lab(lab_folder):
    return evaluate(site.read(lab_folder), "all")


def test_laboratory_plateaus(lab):
    found = lab.select("cop_steady")
    assert len(found) == len(PLATEAUS)
    for result, (brine, supply, power, cop) in zip(found, PLATEAUS, strict=True):
        row = result.detail
        assert row["source_entering"] == pytest.approx(brine, abs=0.35)
        assert row["load_leaving"] == pytest.approx(supply, abs=0.15)
        assert row["power"] == pytest.approx(power, rel=0.005)
        assert result.value == pytest.approx(cop, abs=0.04)
        assert 0.05 < result.uncertainty / result.value < 0.12
        assert "manual" in result.origin


def test_laboratory_energy_balance_is_no_fault(lab):
    """Without a brine flow the closure is the implied capacity flow, and one flow fits all."""
    closure = lab.find("energy_balance", of="hp1")
    assert closure.status == "refused"
    assert "no flow meter in the source circuit" in closure.reason.en
    flow = lab.find("implied_source_flow", of="hp1")
    assert flow.detail["one_flow_fits"] is True
    assert "no fault" in flow.notes[-1].en
    for row in flow.detail["rows"]:
        assert 1880 < row["capacity_flow"] < 2410
        assert row["capacity_flow_uncertainty"] > 200


def test_laboratory_has_no_source_heat_and_no_season_grade(lab):
    assert lab.find("heat_extraction").status == "refused"
    assert lab.find("heat_balance_ratio").status == "refused"
    assert not [r for r in lab.results if r.grade is not None and r.family == "performance"]


def test_laboratory_heat_stands_still_with_its_pump(lab):
    """Before the heating pump starts there is a difference of 3 K on standing water: no heat."""
    assert lab.find("heat", mode="heating").value == pytest.approx(6.9, abs=0.1)


def test_evaluation_is_plain_data_in_both_languages(lab):
    told = json.loads(json.dumps(lab.as_dict(), ensure_ascii=False))
    assert len(told["results"]) == len(lab.results)
    assert all(result["name"]["zh"] and result["name"]["en"] for result in told["results"])
    assert told["data"]["records"] == lab.data.records > 29_000


def test_the_rule_rows_behind_the_uncertainties_are_listed(lab):
    assert {"iec60751.A.base", "iec60751.A.slope", "en62053.class1"} <= set(lab.rule_rows)
    assert not any(row.startswith("en1434") for row in lab.rule_rows)  # no heat meter there


def test_every_refusal_has_a_reason_in_both_languages(lab):
    for result in lab.results:
        if result.status == "refused":
            assert result.reason.en
            assert result.reason.zh
            assert result.value is None


def test_command_prints_a_table(lab_folder):
    run = CliRunner().invoke(build(), ["evaluate", str(lab_folder), "--language", "en"])
    assert run.exit_code == 0, run.output
    assert "Unit heating COP" in run.output
    assert "Not computable" in run.output


def test_command_in_chinese(lab_folder):
    run = CliRunner().invoke(build(), ["evaluate", str(lab_folder), "--language", "zh"])
    assert run.exit_code == 0
    assert "机组制热性能系数" in run.output


def test_command_json_of_one_indicator(lab_folder):
    run = CliRunner().invoke(build(), ["evaluate", str(lab_folder), "--only", "K-01", "--json"])
    told = json.loads(run.output)
    assert {result["catalogue"] for result in told["results"]} == {"K-01"}


def test_command_says_no_when_nothing_can_be_computed(lab_folder):
    asked = ["evaluate", str(lab_folder), "--only", "heat_extraction"]
    assert CliRunner().invoke(build(), asked).exit_code == 1


def test_command_refuses_an_unknown_indicator(lab_folder):
    run = CliRunner().invoke(build(), ["evaluate", str(lab_folder), "--only", "K-99"])
    assert isinstance(run.exception, InputError)  # which the command turns into exit code 2
    assert "K-99" in str(run.exception)


def test_command_refuses_a_bad_period(lab_folder, monkeypatch, capsys):
    from diwen import cli

    monkeypatch.setattr("sys.argv", ["diwen", "evaluate", str(lab_folder), "-p", "soon"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    assert "2018-Q4" in capsys.readouterr().err


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    if not HOUSE_DATA:
        pytest.skip("DIWEN_GSHP_HOUSE_DATA does not name the file: GPL-3.0, not shipped")
    folder = tmp_path_factory.mktemp("house") / "gshp-house-sweden"
    shutil.copytree(
        EXAMPLES / "gshp-house-sweden", folder, ignore=shutil.ignore_patterns("telemetry")
    )
    plant = site.read(folder)
    telemetry.import_files(plant, [Path(HOUSE_DATA)])
    return evaluate(site.read(folder), "all")


def test_house_without_flow_has_no_cop(house):
    for id, of in (("cop", "hp1"), ("cop_system", ""), ("heat", "")):
        refused = house.find(id, of=of, mode="heating")
        assert refused.status == "refused"
        assert "no flow meter in the load circuit" in refused.reason.en


def test_house_power_is_not_the_heat_pump(house):
    electricity = house.find("electricity", of="heat_pumps")
    assert electricity.status == "refused"
    assert electricity.missing == ("EH.hp1 electric_energy supply hp1",)


def test_house_months_are_those_of_the_description(house):
    running = {row["month"]: row for row in house.find("running_share", of="hp1").detail["months"]}
    supply = _months(house, "temperature_load_leaving")
    brine = _months(house, "temperature_source_entering")
    carnot = _months(house, "carnot_bound")
    for month, (share, up, source, bound) in MONTHS.items():
        row = running[month]
        assert 100 * row["running_hours"] / row["known_hours"] == pytest.approx(share, abs=1.0)
        assert supply[month] == pytest.approx(up, abs=0.15)
        assert brine[month] == pytest.approx(source, abs=0.15)
        assert carnot[month] == pytest.approx(bound, abs=0.1)


def _months(evaluated, id):
    rows = evaluated.find(id, of="hp1").detail["months"]
    return {row["month"]: row["mean"] for row in rows}


def test_house_standstill_is_masked_and_the_bound_is_called_a_bound(house):
    share = house.find("running_share", of="hp1")
    assert any("masked" in note.en for note in share.notes)
    assert "upper bound, not a measured COP" in house.find("carnot_bound", of="hp1").name.en
