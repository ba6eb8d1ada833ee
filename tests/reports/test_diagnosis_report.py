"""The report of a diagnosis: what it says, that its pictures hold the numbers, what it refuses."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import diagnosis_accounts as made
import pytest
from report_sites import write_site

from diwen.diagnosis.change_points import alarms_of
from diwen.language import Text
from diwen.problems import InputError
from diwen.reports import html, write_diagnosis_report
from diwen.reports.diagnosis_charts import (
    evidence_chart,
    family_chart,
    forecast_charts,
    waterfall_chart,
)
from diwen.reports.diagnosis_control_charts import control_charts, control_course
from diwen.reports.diagnosis_report import PARTS, document_of
from diwen.reports.document import Figure, Note, Table
from diwen.reports.drawing import svg
from diwen.reports.echarts import option
from diwen.site import read

KWH = made.KWH


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return read(write_site(tmp_path_factory.mktemp("diagnosed") / "plant"))


@pytest.fixture(scope="module")
def account(site):
    return made.account(site)


@pytest.fixture(scope="module")
def document(account):
    return document_of(account)


def part(document, title):
    return next(one for one in document.sections if one.title.en == title)


def words(blocks, language="en"):
    told = []
    for block in blocks:
        if isinstance(block, Note):
            told.append(block.text.to(language))
        elif isinstance(block, Table):
            cells = [cell for row in block.rows for cell in row]
            told += [cell.text.to(language) for cell in cells]
            told += [cell.detail.to(language) for cell in cells if cell.detail is not None]
    return " | ".join(told)


def test_the_first_page_names_the_most_probable_deviation(document):
    verdict = document.verdict
    assert verdict.light == "bad"
    assert "flow of the source water" in verdict.sentence.en
    assert "0.7 (0.66 to 0.74)" in verdict.sentence.en
    assert "0.7（0.66～0.74）" in verdict.sentence.zh
    (line,) = verdict.findings
    assert "12,000" in line.judgement.en
    assert dict(verdict.counts) == {"bad": 1, "good": 1, "refused": 1}
    assert any("TS1" in point.en for point in verdict.points)


@pytest.mark.parametrize(
    ("probability", "light"), [(0.95, "bad"), (0.6, "attention"), (0.1, "good")]
)
def test_the_light_follows_from_the_probability(site, probability, light):
    one = made.finding(probability=probability, alternatives={})
    told = document_of(made.account(site, made.diagnosis((one,)))).verdict
    assert told.light == light


def test_nothing_judged_is_no_clean_bill(site):
    told = document_of(made.account(site, made.diagnosis(())))
    assert told.verdict.light == "unresolved"
    assert "TU1.unit" in words(part(told, "What could not be judged").blocks)


def test_every_section_is_there_with_contents(document):
    assert [one.title for one in document.sections] == [title for title, _ in PARTS]
    for one in (*document.sections, *document.appendices):
        assert one.blocks
        for block in one.blocks:
            if isinstance(block, Note):
                assert block.text.en.endswith(".")
                assert block.text.zh.endswith("。")


def test_a_finding_is_told_with_interval_day_evidence_and_cost(document):
    blocks = part(document, "Deviations that were found").blocks
    said = words(blocks)
    for fact in ("95 %", "0.66 to 0.74", "2023-03-02 (2023-03-01 to 2023-03-05)", "for (+1.2)",
                 "instrument FS (4 %)", "12,000 ± 1,645", "9,600", "6,000", "3,000"):  # fmt: skip
        assert fact in said
    assert sum(isinstance(block, Figure) for block in blocks) == 1


def test_forecast_and_score_that_were_not_computed_are_said_to_be_missing(document):
    assert part(document, "Forecast of 25 years").empty
    assert "not computed" in words(part(document, "Reliability on four dimensions").blocks)


def test_the_forecast_is_drawn_for_both_plants_with_bands_and_limit(account):
    foreseen = replace(account, forecast=made.forecast())
    site_limits = {"field": {"entering_low": 4.0}}
    low, high = forecast_charts(foreseen.forecast, site_limits)
    assert [trace.name.en for trace in low.traces] == ["as found", "all put right"]
    assert low.traces[0].y[-1] == pytest.approx(3.0)
    assert (low.traces[0].low[-1], low.traces[0].high[-1]) == (2.0, 4.0)
    assert [mark.value for mark in low.marks] == [4.0]
    assert high.marks == ()
    said = words(part(document_of(foreseen), "Forecast of 25 years").blocks)
    assert "3.0 (2.0 to 4.0)" in said
    assert "40 %" in said


def test_a_source_that_stands_still_is_not_drawn(account):
    assert forecast_charts(made.forecast(known=False), {}) == []


def test_the_ledger_tells_its_closed_loop(document):
    (table,) = part(document, "Ledger of deviations").blocks
    assert "1 of 2 deviations are closed" in table.note.en
    assert "suspected 2023-06-01 → corrected 2023-07-01 → verified 2023-10-01" in words([table])


def test_a_broken_ledger_costs_only_its_section(account):
    broken = Text("deviations.csv cannot be read: x", "deviations.csv 无法读取：x")
    told = document_of(replace(account, ledger=(), broken_ledger=broken))
    assert "cannot be read" in words(part(told, "Ledger of deviations").blocks)


def test_a_broken_ledger_is_read_as_broken(tmp_path):
    folder = write_site(tmp_path / "plant")
    (folder / "deviations.csv").write_text("date,parameter\nnever,flow\n", encoding="utf-8")
    told = made.account_of(made.diagnosis(()), read(folder), today=made.DAY)
    assert told.ledger == ()
    assert "deviations.csv" in told.broken_ledger.en


def test_simulated_records_are_said_to_be_simulated_everywhere(site):
    one = made.finding()
    found = made.diagnosis((one,), origins=("simulated",), costs=made.attribution(one))
    told = document_of(made.account(site, found))
    assert "Simulated" in told.illustrative.en
    assert "模拟" in told.illustrative.zh
    for figure in told.figures():
        assert "measured" not in figure.chart.origins


def test_the_steps_of_the_waterfall_lead_to_what_was_measured():
    found = made.attribution(made.finding()).electricity
    chart = waterfall_chart(found, ("measured",))
    steps = [trace for trace, bar in zip(chart.traces, found.bars, strict=True) if not bar.stands]
    level = chart.traces[0].y[0]
    for trace in steps:
        assert trace.base[0] == pytest.approx(level, rel=1e-6)
        level = trace.y[0]
    assert level == pytest.approx(200.0, rel=1e-6)
    assert chart.traces[-1].y[0] == pytest.approx(200.0)
    assert chart.y[0].least == pytest.approx(170.0)
    assert chart.x.categories[2].en == "flow of the source water: +12.0"


def test_whiskers_of_the_waterfall_are_ninety_percent():
    chart = waterfall_chart(made.attribution(made.finding()).electricity, ("measured",))
    step = chart.traces[2]
    assert step.high[0] - step.low[0] == pytest.approx(2 * 1.6448536, rel=1e-4)
    assert chart.traces[0].low == ()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_step_is_drawn_from_where_it_begins(language):
    chart = waterfall_chart(made.attribution(made.finding()).electricity, ("measured",))
    shown = option(chart, language)
    source = shown["dataset"][2]["source"]
    assert source["base"] == [186.0]
    assert source["span"] == [12.0]
    series = [one for one in shown["series"] if one["datasetIndex"] == 2]
    assert [one["encode"]["x"] for one in series[:2]] == ["base", "span"]
    assert series[0]["itemStyle"]["color"] == "transparent"
    assert shown["xAxis"]["min"] == 170.0
    assert svg(chart, language).startswith("<?xml") or "<svg" in svg(chart, language)


def test_evidence_keeps_holes_band_and_points():
    figure = made.figure()
    chart = evidence_chart(figure, "e", Text("flow", "流量"), ("FS",), ("measured",))
    expected, measured = chart.traces
    assert measured.y[85] is None
    assert measured.points == ("FS",)
    assert expected.low[0] == 38.0
    assert chart.x.kind == "time"
    assert measured.x[1] - measured.x[0] == 86_400_000


def test_evidence_over_numbers_runs_from_left_to_right():
    figure = made.figure()
    turned = replace(figure, x=figure.x[::-1].astype(float))
    chart = evidence_chart(turned, "e", Text("flow", "流量"), (), ("measured",))
    assert chart.x.kind == "value"
    assert list(chart.traces[0].x) == sorted(chart.traces[0].x)
    assert chart.traces[1].y[-1] == 40.0  # the first value went to the right end


def test_families_carry_their_probability(site):
    found = made.diagnosis((made.finding(), made.healthy()))
    chart = family_chart(found)
    assert chart.traces[0].name.en == "hydraulic deviation"
    assert chart.traces[0].y == (95.0,)
    assert family_chart(made.diagnosis(())) is None


def test_control_charts_cross_their_limit_where_the_alarm_is():
    residual = made.residual()
    alarms = alarms_of(residual)
    assert alarms
    course = control_course(residual, alarms)
    at = list(course.day).index(alarms[0].day)
    crossed = max(course.upper[at], abs(course.average[at]))
    assert crossed > 1.0
    before = [i for i in range(at) if course.upper[i] == course.upper[i]]
    assert max(course.upper[i] for i in before) <= 1.0
    assert max(abs(course.average[i]) for i in before) <= 1.0
    curve, charts = control_charts(residual, alarms)
    assert curve.traces[1].name.en == "alarm"
    assert {mark.value for mark in charts.marks} == {1.0, -1.0}


def test_a_calm_residual_has_no_alarm_section(site):
    found = replace(made.account(site), alarms=())
    said = words(part(document_of(found), "Early warning: control charts").blocks)
    assert "none has raised an alarm" in said


def test_both_languages_carry_the_same_numbers(document):
    for one in document.sections:
        for block in one.blocks:
            if isinstance(block, Table):
                for line in block.rows:
                    for cell in line:
                        digits = [re.findall(r"\d[\d,.]*\d|\d", text)
                                  for text in (cell.text.en, cell.text.zh)]  # fmt: skip
                        assert sorted(digits[0]) == sorted(digits[1]), cell.text.en


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_whole_and_escapes_what_it_is_told(account, tmp_path, language):
    (path,) = write_diagnosis_report(account, tmp_path / "deep" / "d.html", language)
    text = path.read_text(encoding="utf-8")
    assert "<b>fell</b>" not in text
    assert "<b>下降</b>" not in text
    assert ("fell" if language == "en" else "下降") in text
    assert ("confirmed</span>" if language == "en" else "确认</span>") in text
    charts = re.search(r'id="charts">(.*?)</script>', text, re.S).group(1)
    assert {"diagnosis_families", "diagnosis_waterfall_j"} <= set(json.loads(charts))


def test_the_pdf_is_set(account, tmp_path):
    (path,) = write_diagnosis_report(account, tmp_path / "d.pdf", "zh")
    assert path.read_bytes().startswith(b"%PDF")


def test_a_diagnosis_alone_needs_its_site(site, tmp_path):
    found = made.diagnosis((made.finding(),))
    with pytest.raises(InputError) as caught:
        write_diagnosis_report(found, [tmp_path / "a.docx", tmp_path / "b.html"])
    assert len(caught.value.problems) == 2
    assert not list(tmp_path.iterdir())
    files = write_diagnosis_report(found, [tmp_path / "b.html"], site=site)
    assert files[0].exists()


def test_the_same_account_gives_the_same_bytes(account):
    first, second = (html.render(document_of(account), "en") for _ in range(2))
    assert first == second


def test_rule_rows_behind_the_numbers_are_listed(document, account):
    rows = words(document.appendices[3].blocks)
    assert "diagnosis.inference.confirmed" in rows
    for one in account.proposals:
        if not one.test.id.startswith("point."):
            assert f"diagnosis.test.{one.test.id}" in rows


def test_what_is_assumed_of_the_beginning_is_said(document):
    said = words(part(document, "Data and instruments").blocks)
    assert "2023-01-01 (assumed: the first record)" in said
    assert "corrected" in said
    assert str(date(2023, 6, 1)) in said


def test_a_plant_with_nothing_to_put_right_has_one_future(site):
    costs = replace(made.attribution(made.finding()), counterfactuals=())
    found = made.diagnosis((made.healthy(),), costs=costs)
    told = document_of(replace(made.account(site, found), forecast=made.forecast()))
    said = words(part(told, "Forecast of 25 years").blocks)
    assert "as found" in said
    assert "all put right" not in said


def test_whiskers_are_not_cut_off():
    wide = made.attribution(made.finding()).electricity
    bars = tuple(replace(bar, deviation=10e3 * KWH) for bar in wide.bars)
    chart = waterfall_chart(replace(wide, bars=bars), ("measured",))
    assert chart.y[0].least <= 180.0 - 1.6448536 * 10.0
