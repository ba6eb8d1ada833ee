"""What a report contains: sections, absences, appendices, first page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_sites import evaluation, material_of, results, write_site

from diwen.evaluation.result import Grade
from diwen.language import Text
from diwen.reports import judgement
from diwen.reports.compose import compose
from diwen.reports.document import Note, Table
from diwen.reports.section_plan import PLANS, kind_of
from diwen.reports.summary import Gaps, verdict


def section(document, title):
    return next(one for one in document.sections if one.title.en == title)


def texts(block) -> str:
    if isinstance(block, Note):
        return block.text.en
    return " | ".join(cell.text.en for line in block.rows for cell in line)


@pytest.mark.parametrize(
    ("label", "title"),
    [
        ("2018-12", "Monthly operation report"),
        ("2018-Q4", "Quarterly performance report"),
        ("2018-heating", "Seasonal performance report"),
        ("2018", "Annual evaluation report"),
        ("2018-12-01..2018-12-15", "Operation report of a chosen period"),
    ],
)
def test_the_period_decides_the_kind(tmp_path, label, title):
    document = compose(material_of(write_site(tmp_path / "plant"), label))
    assert document.title.en == title


@pytest.mark.parametrize(
    ("kind", "days", "report"),
    [
        ("all", 1, "monthly"), ("days", 45, "monthly"), ("days", 46, "seasonal"),
        ("all", 251, "annual"), ("month", 31, "monthly"), ("cooling", 120, "seasonal"),
    ],
)  # fmt: skip
def test_a_free_span_gets_the_report_of_its_length(kind, days, report):
    assert kind_of(kind, days) == report


def test_every_section_has_contents_or_says_why_not(document):
    assert len(document.sections) == len(PLANS["monthly"])
    for one in document.sections:
        assert one.blocks
        for block in one.blocks:
            if isinstance(block, Note):
                assert block.text.en.endswith(".")
                assert block.text.zh.endswith("。")


def test_an_empty_section_names_the_points_that_lack(document):
    wells = section(document, "Wells and groundwater")
    assert wells.empty
    assert "VA (abstraction from the well)" in wells.blocks[0].text.en
    assert "VI" in wells.blocks[0].text.zh


def test_no_result_is_lost(material):
    extra = replace(results()[0], catalogue="", id="quite_new", name=Text("Quite new", "全新"))
    found = replace(material.evaluation, results=(*results(), extra))
    document = compose(replace(material, evaluation=found))
    others = document.sections[-1]
    assert others.title.en == "Further indicators"
    assert "Quite new" in texts(others.blocks[0])


def test_the_ledger_of_the_period_is_listed(document):
    block = section(document, "Work done and due").blocks[0]
    assert "strainer cleaned" in texts(block)
    assert "outside the period" not in texts(block)


def test_the_same_reason_is_told_once(material):
    one = results()[-1]
    twin = replace(one, id="imbalance", catalogue="K-15", name=Text("imbalance", "不平衡率"))
    (table,) = judgement.tables([one, twin], material)
    assert len(table.rows) == 1
    assert "Heat balance ratio β" in table.rows[0][0].text.en
    assert "Imbalance" in table.rows[0][0].text.en


def test_one_indicator_of_several_things_is_named_once(material):
    one = results()[-1]
    found = judgement.names_of([replace(one, of="a"), replace(one, of="b")])
    assert found == Text("Heat balance ratio β · a, b", "冷热平衡比 β · a、b")


def test_rules_used_are_listed_with_their_standing(document, material):
    (table,) = [b for b in document.appendices[0].blocks if isinstance(b, Table)]
    assert len(table.rows) == len(material.evaluation.rule_rows)
    assert "GB/T 50801-2013" in texts(table)
    assert "≥ 3.5" in texts(table)


def test_rules_not_verified_carry_a_mark(material):
    unverified = next(
        row.id for row in material.rules.all if not row.verified and row.evidence == "M"
    )
    default = next(row.id for row in material.rules.all if row.evidence == "E" and not row.empty)
    found = replace(results()[0], rules=(unverified,))
    assert "(?)" in judgement.judgement(found, material).en
    assert "(?)" in judgement.judgement(found, material).zh
    assert "(E)" in judgement.judgement(replace(found, rules=(default,)), material).en
    used = replace(material.evaluation, results=(found,), rule_rows=(unverified, default))
    document = compose(replace(material, evaluation=used))
    table = texts(document.appendices[0].blocks[0])
    assert "(?)" in table
    assert "(E)" in table
    assert any("not verified" in point.en for point in document.verdict.points)


def test_an_unknown_rule_is_not_verified(material):
    assert material.standing("no.such.rule") == "unverified"


def test_points_are_listed_with_accuracy_and_calibration(document):
    table = document.appendices[1].blocks[0]
    rows = {line[0].text.en: [cell.text.en for cell in line] for line in table.rows}
    assert len(rows) == 9
    assert rows["ts1"][3] == "IEC 60751 A"
    assert rows["ts1"][4] == "2018-06-30"
    assert rows["room_507"][3] == "not stated"
    assert rows["fu"][5] == "manual entry"


def test_gaps_are_listed_as_runs_of_days(document):
    table = document.appendices[2].blocks[0]
    runs = {line[0].text.en: [cell.text.en for cell in line[1:4]] for line in table.rows}
    assert runs["room_507"] == ["2018-12-11", "2018-12-13", "3"]
    assert runs["ts1"][2] == "31"  # its calibration has run out before the period


def test_formulas_of_the_indicators_are_listed(document):
    table = document.appendices[3].blocks[0]
    assert [line[0].text.en for line in table.rows] == ["K-01", "K-03", "K-14", "K-26"]


def test_the_header_names_what_an_inspector_asks_for(document):
    header = {label.en: content.en for label, content in document.header}
    assert header["Data set (SHA-256)"] == "0123456789abcdef" * 4
    assert header["Calibration"] == "valid 1, expired 1, no date recorded 7"
    assert "measured 8, manual entry 1" in header["Origin of the points"]
    assert "k = 2" in header["Uncertainty"]
    assert "GB/T 50801" in header["Boundary scheme"]
    assert "Diwen 0.1.0, evaluated 2019-01-03 08:30 UTC" in header["Made by"]
    assert len(document.signatures) == 4


def test_without_records_the_report_says_so(tmp_path):
    material = material_of(write_site(tmp_path / "plant"), with_records=False, empty=True)
    document = compose(material)
    assert document.verdict.light == "refused"
    assert "no usable record" in document.verdict.sentence.en
    assert "没有可用的存储记录" in document.verdict.sentence.zh
    assert not list(document.figures())
    header = {label.en: content.en for label, content in document.header}
    assert header["Data coverage and gaps"] == "no record is stored for this period"


def graded(met: bool | None, resolved: bool = True):
    grade = Grade(Text("grade", "等级"), resolved, Text("Said.", "说明。"), met)
    return replace(results()[0], grade=grade)


@pytest.mark.parametrize(
    ("result", "light"),
    [
        (graded(True), "good"),
        (graded(False), "bad"),
        (graded(None), "plain"),
        (graded(True, resolved=False), "unresolved"),
        (graded(False, resolved=False), "unresolved"),
        (replace(graded(None), detail={"beyond_limit": True}), "attention"),
        (replace(graded(True), status="indicative"), "indicative"),
        (results()[-1], "refused"),
    ],
)
def test_lights(result, light):
    assert judgement.light(result) == light


@pytest.mark.parametrize(
    ("found", "light", "words"),
    [
        ([graded(True), graded(False)], "bad", "Not met by 1 of 2"),
        ([graded(True), graded(True, False)], "unresolved", "All 1 graded"),
        ([graded(True)], "good", "All 1 graded"),
        ([results()[2]], "plain", "no grade"),
        ([results()[-1]], "refused", "No indicator can be computed"),
    ],
)
def test_the_whole_judgement(material, found, light, words):
    judged = replace(material, evaluation=evaluation(material.site, found=tuple(found)))
    whole = verdict(judged, Gaps(0.99, 9, 0))
    assert whole.light == light
    assert words in whole.sentence.en
    assert whole.sentence.zh.endswith("。")


def test_zero_is_shown_as_a_value(material):
    zero = replace(results()[3], value=0.0, uncertainty=0.0)
    assert judgement.value(zero).en == "0 kWh"


def test_boundaries_that_are_equal_share_a_line(material):
    inner = replace(results()[1], of="H1", boundary="SPF H1", notes=(Text("Said.", "说明。"),))
    outer = replace(inner, of="H2", boundary="SPF H2", detail={"equals": "H1"})
    other = replace(inner, of="H3", boundary="SPF H3")
    (table,) = judgement.tables([inner, outer, other], material)
    assert [line[0].text.en.split("· ")[1] for line in table.rows] == ["H1 = H2", "H3"]
    assert [line[-1].detail.en for line in table.rows] == ["Note 1", "Note 1"]
    assert table.note.en == "Notes. 1: Said."
    assert table.note.zh == "注：1：说明。"


def test_points_without_accuracy_are_named(material):
    room = replace(results()[4], status="ok", reason=None, rules=())
    said = judgement.judgement(room, material)
    assert said.en == "No uncertainty: points.csv states no accuracy for room_507."
    assert said.zh == "无不确定度：points.csv 未填写 room_507 的准确度。"
    assert judgement.judgement(replace(room, catalogue="K-45"), material).en == ""
    known = judgement.judgement(replace(room, inputs=("tu1",)), material)
    assert known.en == ""


def test_printed_and_recomputed_values_stand_side_by_side(material):
    line = {
        "record": "heating", "item": "cop_system", "of": "", "table": "2", "printed": "4.04",
        "name": {"en": "system COP", "zh": "系统制热性能系数"}, "unit": "", "recomputed": 3.546,
        "decimals": 2, "agrees": False, "source": "Table 2",
        "finding": Text("the pumps were left out", "漏计水泵"),
    }  # fmt: skip
    found = replace(results()[0], id="record_errors", family="records", detail={"table": [line]})
    document = compose(replace(material, evaluation=evaluation(material.site, found=(found,))))
    block = section(document, "Manual records, recomputed").blocks[1]
    assert "4.04" in texts(block)
    assert "3.55" in texts(block)
    assert "the pumps were left out" in texts(block)
    assert block.rows[0][0].light == "bad"
    performance = section(document, "Performance and grades")
    assert all(
        "K-03" not in texts(block) for block in performance.blocks if isinstance(block, Table)
    )


def test_water_classes_are_listed_by_indicator(material):
    line = {
        "indicator": "iron", "name": Text("Iron", "铁"), "value": 0.25, "sign": "<", "word": "",
        "unit": "mg/L", "edition": "2017", "class": Text("III", "Ⅲ类"), "laboratory": "",
        "method": "",
    }  # fmt: skip
    detail = {"indicators": [line], "deciding": [Text("Iron", "铁")], "beyond_limit": False}
    found = replace(
        results()[0], id="water_class", catalogue="K-25", family="water_quality", detail=detail,
        of="abstraction 2015-01-01",
    )  # fmt: skip
    document = compose(replace(material, evaluation=evaluation(material.site, found=(found,))))
    block = section(document, "Groundwater quality").blocks[1]
    assert [cell.text.en for cell in block.rows[0]] == ["Iron", "<0.25 mg/L", "III", "2017", "–"]
    assert block.rows[0][0].light == "plain"
