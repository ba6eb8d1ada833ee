"""``diwen diagnose`` on a simulated plant that lost efficiency, and on a measured laboratory."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import diwen
from diwen.cli import build
from diwen.diagnosis.diagnose_site import diagnose
from diwen.problems import InputError
from diwen.site import Site
from diwen.site.usability import usable_for
from diwen.twin.deviations import Deviation
from diwen.twin.sensor_faults import SensorFault
from diwen.twin.simulated_folder import write_simulated_site
from diwen.twin.site_simulation import simulate_site

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
LOSS = 0.15


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year of the bundled plant, its units losing 15 % a year, its meters as good as their class.

    The weather is not that of the design, so that the twin does not only find itself again.
    """
    folder = tmp_path_factory.mktemp("diagnosed") / "plant"
    found = simulate_site(
        diwen.read(EXAMPLES / "plant-template"), since=date(2024, 1, 1), scenario="cold", seed=3,
        deviations=[Deviation("efficiency_loss", LOSS)],
        sensors=[SensorFault("class_error"), SensorFault("noise")], keep="all",
    )  # fmt: skip
    write_simulated_site(found, folder)
    return folder


def said(*arguments: object) -> Any:
    return CliRunner().invoke(build(), ["diagnose", *map(str, arguments)])


def test_what_was_put_in_comes_first_with_cost_and_cure(plant: Path) -> None:
    told = said(plant, "--language", "en")
    assert told.exit_code == 1, told.output
    lines = told.output.splitlines()
    assert lines[1].startswith("Most probably: efficiency that the units lose")
    assert "confirmed" in lines[1]
    assert "kWh a year" in lines[2]
    order = [told.output.index(words) for words in (
        "Instruments, before anything", "Deviations found", "Why efficiency", "From promised",
        "Years to come", "Reliability:", "What to measure next:", "Measures that fit:",
        "Could not be judged:", "Early warnings:", "To be known:",
    )]  # fmt: skip
    assert order == sorted(order)
    assert "the records are simulated, not measured" in told.output
    assert "year 25: water from field" in told.output


def test_the_answer_for_programs_holds_the_same(plant: Path) -> None:
    told = said(plant, "--no-cost", "--json")
    assert told.exit_code == 1
    data = json.loads(told.output)
    assert data["found"][0] == {"parameter": "efficiency_loss", "object": ""}
    first = data["findings"][0]
    assert first["low"] <= LOSS <= first["high"]
    assert data["next_measurements"]
    # nothing was asked for that needs the twin, nothing was saved
    assert data["measures"] == []
    assert all(data[name] is None for name in ("attribution", "forecast", "reliability", "saved"))
    assert not (plant / "deviations.csv").exists()


@pytest.mark.verify
def test_costs_and_years_for_programs(plant: Path) -> None:
    data = json.loads(said(plant, "--json").output)
    cost = data["attribution"]["counterfactuals"][0]
    assert cost["parameter"] == "efficiency_loss"
    assert cost["electricity_kwh"] > 0.0
    assert data["measures"][0]["parameter"] == "efficiency_loss"
    assert len(data["forecast"]["as_found"]["performance"]["middle"]) == 25
    assert 0.0 <= data["reliability"]["score"] <= 100.0


def test_a_life_in_the_ledger(plant: Path, tmp_path: Path) -> None:
    """Found, said to be corrected, looked at before and after; months are condensed once."""
    folder = tmp_path / "plant"
    shutil.copytree(plant, folder)
    assert "has no line yet" in said(folder, "--ledger", "--language", "en").output
    first = json.loads(said(folder, "--save", "--no-cost", "--json").output)["saved"]
    again = json.loads(said(folder, "--save", "--no-cost", "--json").output)["saved"]
    assert {f"2024-{month:02}" for month in range(1, 13)} <= set(first["condensed"])
    assert not again["condensed"]
    assert first["added"][0]["parameter"] == "efficiency_loss"
    assert not again["added"]
    name = "efficiency_loss"
    done = said(folder, "--mark", f"{name}=corrected", "--by", "Li", "--note", "cleaned [twice]")
    assert done.exit_code == 0, done.output
    told = said(folder, "--ledger", "--language", "zh").output
    assert "已整改" in told
    assert "cleaned [twice]" in told
    refused = said(folder, "--mark", f"{name}=verified", "--by", "Li")
    assert isinstance(refused.exception, InputError)
    # nothing was cleaned in July: the plant went on losing
    checked = said(folder, "--verify", name, "--on", "2024-07-01", "--promised", "0.05", "--json")
    assert checked.exit_code == 1
    answer = json.loads(checked.output)
    assert answer["state"] in ("not_verified", "refused")
    assert not answer["saved"]
    # corrected today: no day after it is recorded
    assert "refused" in said(folder, "--verify", name, "--json").output


def test_chinese_and_a_report(
    plant: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """The report is asked for the same account, in the same language, where it was asked for."""
    asked: list[Any] = []
    monkeypatch.setattr(
        "diwen.reports.diagnosis_report.write_diagnosis_report", lambda *given: asked.append(given)
    )
    report = tmp_path / "diagnosis.pdf"
    told = said(plant, "--no-cost", "--language", "zh", "--report", report)
    assert told.exit_code == 1
    assert "最可能：机组能效衰减" in told.output
    assert "数据检验" in told.output
    assert "Could not" not in told.output
    ((account, path, language),) = asked
    assert account.diagnosis.first.parameter == "efficiency_loss"
    assert (path, language) == (report, "zh")


def test_a_laboratory_without_design_is_neither_blamed_nor_praised(tmp_path: Path) -> None:
    folder = tmp_path / "rwth-lab"
    shutil.copytree(EXAMPLES / "rwth-lab", folder, ignore=shutil.ignore_patterns("telemetry"))
    for file in (next((folder / "measurements").glob("*.csv.gz")), folder / "readings.csv"):
        CliRunner().invoke(build(), ["import", str(folder), str(file)])
    told = said(folder, "--language", "en")
    assert told.exit_code == 0, told.output
    assert "Nothing could be judged of this plant" in told.output
    assert "Deviations found" not in told.output
    assert "Reliability:" not in told.output


def test_all_that_is_wrong_is_said_at_once(plant: Path) -> None:
    told = said(
        plant, "--since", "1", "--on", "2124-01-01", "--mark", "strainr=corrected", "--verify",
        "strainer", "--report", "x.doc", "--promised", "12",
    )  # fmt: skip
    assert isinstance(told.exception, InputError)
    where = {one.where for one in told.exception.problems}
    assert {"--since", "--on", "--mark", "--by", "--report", "--promised"} <= where
    assert any("--mark" in one and "--verify" in one for one in where)


@pytest.mark.parametrize(
    "options",
    [("--since", "2031-01-01"), ("--since", "2024-06-01", "--save"), ("--verify", "strainer")],
)
def test_what_cannot_be_asked_of_this_site(plant: Path, options: tuple[str, ...]) -> None:
    """Nothing recorded, a ledger of part of the record, a correction that nobody wrote down."""
    assert isinstance(said(plant, *options).exception, InputError)


FAMILIES = {
    "design": ("load_factor",),
    "operation": ("efficiency_loss",),
    "balance": ("yearly_imbalance",),
    "construction": ("borehole_resistance",),
    "resource": ("ground_conductivity",),
    "hydraulic": ("source_flow", "load_flow"),
    "commissioning": ("setpoint_shift",),
}


@pytest.mark.parametrize(
    ("without", "families"),
    [
        (("source_entering",), {"operation", "balance", "construction", "resource"}),
        pytest.param(
            ("source", "load"),
            {"balance", "construction", "resource", "hydraulic"},
            marks=pytest.mark.verify,
        ),
        pytest.param(
            ("load", "load_entering", "load_leaving"),
            {"design", "operation", "commissioning"},
            marks=pytest.mark.verify,
        ),
    ],
)
def test_check_and_diagnosis_agree_on_what_lacks(
    plant: Path, without: tuple[str, ...], families: set[str]
) -> None:
    """Points away: what ``diwen check`` no longer promises, diagnosis does not judge."""
    whole = diwen.read(plant)
    site = _less(whole, without)
    promised = {one: _can(site, one) for one in FAMILIES}
    assert all(_can(whole, one) for one in FAMILIES)
    assert {one for one, can in promised.items() if not can} >= families
    found = diagnose(site, attribution=False)
    judged = {one.parameter for one in found.findings}
    for family in families:
        assert judged.isdisjoint(FAMILIES[family])


def _less(site: Site, locations: tuple[str, ...]) -> Site:
    kept = tuple(point for point in site.points if point.location not in locations)
    return site.model_copy(update={"points": kept})


def _can(site: Site, family: str) -> bool:
    verdicts = {one.ability.id: one for one in usable_for(site).verdicts["diagnose"]}
    return verdicts[f"deviation_{family}"].possible
