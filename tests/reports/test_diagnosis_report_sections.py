"""Deviations in the monthly, seasonal and annual report; a simulated plant from end to end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import diagnosis_accounts as made
import pytest
from report_sites import material_of, write_site

import diwen
from diwen.diagnosis.record.from_simulation import record_of_simulation
from diwen.language import Text
from diwen.problems import InputError
from diwen.reports import diagnosis_in_reports as sections
from diwen.reports.chart import Chart
from diwen.reports.compose import compose
from diwen.reports.diagnosis_account import account_of_record
from diwen.reports.diagnosis_report import document_of
from diwen.reports.document import Figure, Note, Table
from diwen.twin import SensorFault, simulate_site
from diwen.twin.deviations import Deviation


def texts(blocks, language="en"):
    notes = [block.text.to(language) for block in blocks if isinstance(block, Note)]
    tables = [block for block in blocks if isinstance(block, Table)]
    cells = [cell.text.to(language) for one in tables for row in one.rows for cell in row]
    return " | ".join([*notes, *cells])


@pytest.fixture
def material(tmp_path):
    return material_of(write_site(tmp_path / "plant"), "2018-12")


@pytest.fixture
def diagnosed(material):
    """The month with a diagnosis that was made by hand."""
    found = made.account(material.site)
    material.diagnosed.update({False: found, True: found})
    return material


def test_a_month_without_enough_points_says_which_are_missing(material):
    (section,) = [one for one in compose(material).sections if one.title.en == "Deviations"]
    said = texts(section.blocks)
    assert "Not judged: " in said
    assert "FS" in said
    assert "2018-12-01 to 2018-12-31" in said
    assert set(material.diagnosed) == {False}


def test_a_month_tells_deviations_with_evidence_and_no_costs(diagnosed):
    blocks = sections.deviations_of_month(diagnosed)
    assert sum(isinstance(block, Chart) for block in blocks) == 1
    said = texts(blocks)
    assert "95 %" in said
    assert "No early warning" in said
    assert "12,000" not in said


def test_only_alarms_of_the_month_are_told(diagnosed):
    found = diagnosed.diagnosed[False]
    inside = replace(found.alarms[0], day=date(2018, 12, 9))
    outside = replace(found.alarms[0], day=date(2019, 1, 1))
    diagnosed.diagnosed[False] = replace(found, alarms=(inside, outside))
    said = texts(sections.deviations_of_month(diagnosed))
    assert "2018-12-09" in said
    assert "2019-01-01" not in said
    assert "Early warnings raised in this period: 1." in said


def test_a_season_tells_what_the_deviations_cost(diagnosed):
    blocks = sections.deviations_of_season(diagnosed)
    ids = [block.id for block in blocks if isinstance(block, Chart)]
    assert "diagnosis_waterfall_j" in ids
    assert len(ids) == len(set(ids))
    assert "12,000" in texts(blocks)


def test_a_year_tells_families_ledger_and_plan(diagnosed):
    said = texts(sections.deviations_of_year(diagnosed))
    assert "hydraulic deviation" in said
    assert "suspected 2024-02-01" in said
    plan = texts(sections.next_year(diagnosed))
    assert "To be put right next year" in plan
    assert "To be measured next year:" in plan


def test_what_stops_the_diagnosis_is_said_in_its_section(material, monkeypatch):
    def broken(*_arguments, **_named):
        raise InputError([made_problem()])

    monkeypatch.setattr(sections, "_record", broken)
    (note,) = sections.deviations_of_month(material)
    assert note.kind == "absent"
    assert "points contradict" in note.text.en


def made_problem():
    from diwen.problems import Problem

    cure = Text("mend it", "请修正")
    return Problem("points.csv", "7", Text("points contradict", "测点矛盾"), cure)


def test_a_folder_that_is_only_read_is_diagnosed_too(material, monkeypatch):
    from diwen.diagnosis.continuous import condensed_months

    def refused(*_arguments, **_named):
        raise PermissionError(13, "read-only")

    monkeypatch.setattr(condensed_months, "save_record", refused)
    assert "Not judged" in texts(sections.deviations_of_month(material))


def test_a_folder_of_tables_has_no_such_section(material):
    bare = replace(material, site=material.site.model_copy(update={"heat_pumps": {}}))
    assert list(sections.deviations_of_month(bare)) == []


@pytest.fixture(scope="module")
def simulated():
    """A year of a plant whose source flow was throttled, told in full."""
    site = diwen.read("examples/plant-template")
    run = simulate_site(
        site, years=1, since=date(2023, 1, 1), deviations=[Deviation("source_flow", 0.7)],
        sensors=[SensorFault("class_error"), SensorFault("noise")], seed=5, points="standard",
    )  # fmt: skip
    return account_of_record(site, record_of_simulation(run), today=date(2024, 1, 1))


@pytest.mark.verify
def test_a_simulated_plant_is_told_in_full(simulated):
    found = simulated.diagnosis.finding("source_flow")
    assert found is not None
    document = document_of(simulated)
    titles = {one.title.en: one for one in document.sections}
    pictures = [b.chart.id for b in titles["Forecast of 25 years"].blocks if isinstance(b, Figure)]
    assert pictures == ["diagnosis_forecast_field_entering_low",
                        "diagnosis_forecast_field_entering_high"]  # fmt: skip
    assert not titles["From promised to measured"].empty
    assert "Simulated" in document.illustrative.en
    ids = [figure.chart.id for figure in document.figures()]
    assert len(ids) == len(set(ids))
    for figure in document.figures():
        assert "measured" not in figure.chart.origins


@pytest.mark.verify
def test_the_score_of_a_simulated_plant_stands_with_its_evidence(simulated):
    score = simulated.reliability
    assert score is not None
    for dimension in score.dimensions:
        for index in dimension.indices:
            assert index.evidence or index.reason is not None
