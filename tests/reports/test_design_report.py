"""The report of a design: both languages, every rule, the design's own numbers, the same bytes."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import diwen.site
from diwen.design.economics.cost_uncertainty import UncertainInput
from diwen.design.station_design import DesignOptions, StationDesign, design_of_site
from diwen.design.station_design.design_result import (
    ComplianceRow,
    Cure,
    RechargeNeed,
    Shortfall,
    UnitFailure,
)
from diwen.design.station_design.optimisation_result import (
    Candidate,
    Constraint,
    DesignVariable,
    Evaluation,
    Optimisation,
)
from diwen.design.station_design.uncertainty_result import (
    DesignUncertainty,
    LimitChance,
    outcome_of,
)
from diwen.language import LANGUAGES, Text, same
from diwen.problems import InputError
from diwen.reports import html
from diwen.reports.building import rendered
from diwen.reports.design_report import build, document_of
from diwen.reports.design_words import hour_of_year, mwh, payback, significant
from diwen.reports.document import Cell, Document, Figure, Note, Picture, Table

EXAMPLE = Path(__file__).parents[2] / "examples" / "sizing-office"
DAY = date(2026, 3, 2)
_NUMBER = re.compile(r"[−-]?\d+(?:,\d{3})*(?:\.\d+)?")
# Four English words in a row are a sentence; names, ids and units are not.
_ENGLISH = re.compile(r"(?<![\w.])[a-z]{2,}(?: [a-z]{2,}){3,}")
_SHORT = Text("field: short by 700 m in all", "field：合计缺 700 m")
_LONGER = Text("boreholes of 122.5 m each", "孔深加大至每孔 122.5 m")


@pytest.fixture(scope="module")
def design() -> StationDesign:
    options = DesignOptions(day=DAY, horizons=(2, 3), samples=0)
    return design_of_site(diwen.site.read(EXAMPLE), options)


def uncertainty() -> DesignUncertainty:
    """Numbers made by hand: 100 draws of two inputs."""
    rng = np.random.default_rng(4)
    draws = {"conductivity": rng.normal(1.0, 0.1, 100), "load": rng.normal(1.0, 0.05, 100)}
    labels = {"conductivity": Text("conductivity", "导热系数"), "load": Text("load", "负荷")}
    values = 60.0 * 3.6e9 * draws["load"]
    paid = np.where(draws["load"] > 1.06, np.inf, 8.0 * draws["conductivity"])
    outcomes = {
        "electricity": outcome_of("electricity", Text("electricity", "耗电量"), "J", 60 * 3.6e9,
                                  values, draws, labels),
        "payback.gas": outcome_of("payback.gas", Text("payback against gas", "较燃气的回收期"), "a",
                                  8.0, paid, draws, labels),
    }  # fmt: skip
    inputs = tuple(
        UncertainInput(key, labels[key], 0.8, 1.0, 1.2, "normal") for key in draws
    )  # fmt: skip
    limits = (LimitChance("unmet", Text("load not met", "负荷未满足"), "electricity", 7e10 * 3,
                          "<=", 0.25, 0.04, "default.unmet"),)  # fmt: skip
    return DesignUncertainty(
        inputs, ("load",), draws, outcomes, limits, 3, 100, 1, float("nan"), {}, ()
    )


def optimisation() -> Optimisation:
    """Three candidates made by hand, one of them refused."""
    variable = DesignVariable("field.length", Text("length", "孔深"), "m", (90.0, 100.0), 90.0)
    limit = Constraint("cold", Text("lowest water", "最低水温"), "°C", 4.0, ">=")
    best = Candidate(
        {"field.length": 100.0}, Evaluation({"cost": 2.5e6, "carbon": 8e5}, {"cold": 5.0}), 0.0
    )
    planned = Candidate(
        {"field.length": 90.0}, Evaluation({"cost": 2.4e6, "carbon": 8.2e5}, {"cold": 3.0}), 1.0
    )
    return Optimisation(
        "cost", (variable,), (limit,), best, planned, (best,), (planned, best), (), (), "all",
        True, Text("CNY", "元"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def broken(design) -> StationDesign:
    """The same design, with what may go wrong set by hand."""
    lack = Shortfall("source.field", _SHORT, 700.0, "m", (
        Cure("metres", _LONGER, 122.5, "m"),
        Cure("boreholes", Text("7 more boreholes", "增加 7 个钻孔"), 7.0, "boreholes", False),
    ))  # fmt: skip
    fails = ComplianceRow(
        "own.limit", "temperature", Text("made to fail", "设定为不满足"), 3.0, "°C", 4.0, -1.0,
        "fails", None, Text("found 3 °C", "结果为 3 °C"), Text("a longer field", "加长孔深"),
        (), ">=",
    )  # fmt: skip
    need = RechargeNeed(
        "field", "closed", 3, 1.0, "recharge", None, 0.0, (6, 7), 0.9, 0.8, None, None,
        Text("no recharge closes it", "任何补热均不能平衡"),
    )  # fmt: skip
    failure = UnitFailure("hp", 1, 3.6e10, 0.0, 55.0, 2e4, 0.1)
    return replace(
        design, shortfalls=(lack,), compliance=(*design.compliance, fails),
        recharge=(need, *design.recharge), failures=(failure,), uncertainty=uncertainty(),
        optimisation=optimisation(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def documents(design, broken) -> dict[str, Document]:
    return {"kept": document_of(design), "broken": document_of(broken)}


def blocks(document: Document, kind: type) -> list:
    parts = (*document.sections, *document.appendices)
    return [block for part in parts for block in part.blocks if isinstance(block, kind)]


def table(document: Document, title: str) -> Table:
    return next(one for one in blocks(document, Table) if one.title.en == title)


def texts(document: Document) -> list[Text]:
    """Everything that is written, but the free words of the site file."""
    found = [document.title, document.verdict.sentence, *document.verdict.points]
    for finding in document.verdict.findings:
        found += [finding.name, finding.value, finding.origin, finding.judgement]
    for part in (*document.sections, *document.appendices):
        found.append(part.title)
        for block in part.blocks:
            found += block_texts(block)
    return found


def block_texts(block) -> list[Text]:
    if isinstance(block, Note):
        return [block.text]
    if isinstance(block, Picture):
        return [block.title, block.note]
    if isinstance(block, Figure):
        chart = block.chart
        names = [name for axis in (chart.x, *chart.y) for name in axis.categories]
        shown = [chart.title, *(axis.title for axis in (chart.x, *chart.y)), *names]
        shown += [trace.name for trace in chart.traces] + [mark.text for mark in chart.marks]
        return [*shown, *([chart.note] if chart.note else [])]
    cells = [cell for row in block.rows for cell in row]
    found = [block.title, *(column.title for column in block.columns)]
    found += [cell.text for cell in cells] + [cell.detail for cell in cells if cell.detail]
    return [*found, *([block.note] if block.note else [])]


def test_both_languages_say_the_same_numbers(documents):
    seen = 0
    for document in documents.values():
        for one in blocks(document, Table):
            for line in one.rows:
                for cell, column in zip(line, one.columns, strict=True):
                    if column.align == "right":
                        written = (cell.text.en.replace("× 10⁴ ", ""), cell.text.zh)
                        en, zh = (sorted(_NUMBER.findall(text)) for text in written)
                        assert en == zh, (one.title.en, cell.text)
                        seen += bool(en)
    assert seen > 500


def test_nothing_is_left_in_english(documents):
    for document in documents.values():
        for text in texts(document):
            assert not _ENGLISH.search(text.zh), text.zh
            assert not re.search(r"[\u4e00-\u9fff]", text.en), text.en


def test_no_hole_of_the_arithmetic_is_printed(documents):
    for document in documents.values():
        for text in texts(document):
            for language in LANGUAGES:
                assert not re.search(r"\b(nan|inf|None)\b", text.to(language)), text


def test_every_rule_stands_in_the_report(broken, documents):
    document = documents["broken"]
    section = next(one for one in document.sections if one.number == "7")
    written = {text.en for block in section.blocks for text in block_texts(block)}
    joined = " ".join(sorted(written))
    for row in broken.compliance:
        assert row.name.en[:1].upper() + row.name.en[1:] in written
        assert row.why.en in written
        assert row.rule_id in joined
        if row.cure is not None:
            assert row.cure.en in written
    unsure = [row for row in broken.compliance if row.rule is not None and not row.verified]
    marks = [text for text in written if "not verified: check against" in text]
    assert unsure
    assert len(marks) == len({row.rule_id for row in unsure})
    rows = table(document, "Rule rows").rows
    ids = {row[0].detail.en for row in rows}
    assert {row.rule_id for row in broken.compliance if row.rule is not None} <= ids


def test_numbers_are_those_of_the_design(design, documents):
    document = documents["kept"]
    years = table(document, "Source field as designed, simulated").rows
    assert [row[0].text.en for row in years] == ["1", "2", "3"]
    own = design.run.years[2].sources["field"]
    assert years[2][1].text.en == mwh(own.extraction)
    assert years[2][6].text.en == f"{own.entering[0]:.1f}"
    ratios = {row[0].text.en: row[1].text.en for row in table(document, "Efficiency").rows}
    assert ratios["COPsys"] == f"{design.typical.ratios['cop_system']:.2f}"
    months = table(document, "Months of year 1, simulated").rows
    whole = sum(float(row[1].text.en.replace(",", "")) for row in months[:12])
    assert whole == pytest.approx(design.typical.heat / 3.6e9, abs=0.6)
    assert months[12][1].text.en == mwh(design.typical.heat)
    planned = table(document, "Planned and needed").rows[0]
    assert planned[4].text.en.startswith(f"{design.sources[0].needed:.1f}")


def test_money_is_that_of_the_economics(design, documents):
    comparison = design.economics.comparison
    document = documents["kept"]
    items = table(document, "Investment").rows
    capital = comparison.design.plant.cost.capital
    assert items[-1][3].text.en == f"{capital.investment / 1e4:,.2f}"
    assert len(items) == len(capital.items) + 1
    for row, item in zip(items, capital.items, strict=False):
        assert ("assumed" in row[5].text.en) == (not item.own)
    saved = table(document, "The design against what it could replace").rows
    for row, saving in zip(saved, comparison.savings.values(), strict=True):
        assert row[5].text == payback(saving.static_payback)
        assert row[2].text.en == f"{saving.yearly / 1e4:,.2f}".replace("-", "−")
    bill = table(document, "Electricity by tariff, and support").rows
    named = len(set(comparison.design.plant.bill.names))
    energy = sum(float(row[1].text.en.replace(",", "")) for row in bill[:named])
    assert energy * 3.6e9 == pytest.approx(comparison.design.plant.year.electric_energy, rel=0.01)
    carbon = table(document, "Carbon dioxide equivalent").rows[0]
    first = comparison.design.carbon.first_year / 1e3
    assert float(carbon[1].text.en.replace(",", "")) == pytest.approx(first, abs=0.051)


def test_what_is_short_stands_first_with_its_cures(broken, documents):
    document = documents["broken"]
    assert document.verdict.light == "bad"
    assert "short by 700 m" in document.verdict.sentence.en
    assert "合计缺 700 m" in document.verdict.sentence.zh
    said = " ".join(point.en for point in document.verdict.points)
    assert _LONGER.en in said
    assert "Made to fail: found 3 °C" in said
    rows = table(document, "What is short, and what cures it").rows
    assert [row[2].text.en for row in rows] == ["Boreholes of 122.5 m each", "7 more boreholes"]
    assert rows[1][2].detail is not None
    assert not broken.feasible
    need = table(document, "What would close the balance").rows[0]
    assert "not reachable" in [cell.text.en for cell in need]


def test_uncertainty_and_optimisation_are_told(documents):
    document = documents["broken"]
    rows = table(document, "Main results with their intervals").rows
    assert rows[0][1].text.en == "60 MWh"
    assert "load (100 %)" in rows[0][4].text.en or "load (99 %)" in rows[0][4].text.en
    assert "never" in rows[1][3].text.en
    assert "不回收" in rows[1][3].text.zh
    chance = table(document, "Chance of passing a limit").rows[0]
    assert chance[2].text.en == "25.0 %"
    compared = table(document, "Designs compared").rows
    assert [(row[0].text.en, row[0].light) for row in compared] == [
        ("planned", "bad"), ("best", "good"),
    ]  # fmt: skip
    assert compared[1][2].text.en == "250"
    plain = " ".join(text.en for text in texts(documents["kept"]))
    assert "uncertainty of the results was not computed" in plain


def test_the_cover_can_be_signed(documents, design):
    document = documents["kept"]
    cover = {label.en: value for label, value in document.cover}
    assert cover["Project"] == design.site.name
    assert cover["Place"].zh == "北京"
    assert "simulated" in cover["Origin of the results"].en
    assert "2026-03-02" in cover["Rules"].zh
    assert len(cover["Data (SHA-256)"].en) == 64
    assert [name.zh for name in document.signatures] == ["设计", "校核", "审核", "审定"]
    for language, role in (("en", "Designed by"), ("zh", "审定")):
        page = html.render(document, language)
        assert role in page[page.index('class="signing"') :]


def test_the_data_hash_follows_the_data(design, tmp_path):
    from diwen.reports.design_provenance import data_hash

    before = data_hash(design)
    folder = tmp_path / "office"
    shutil.copytree(design.site.folder, folder)
    moved = replace(design, site=replace_folder(design, folder))
    assert data_hash(moved) == before
    (folder / "reports").mkdir()
    (folder / "reports" / "old.csv").write_text("x")
    assert data_hash(moved) == before
    (folder / "load.csv").write_text("other")
    assert data_hash(moved) != before


def replace_folder(design: StationDesign, folder: Path):
    return diwen.site.read(folder)


def test_numbers_of_figures_follow_each_other(documents):
    for document in documents.values():
        parts = [block for part in document.sections for block in part.blocks]
        numbers = [one.number for one in parts if isinstance(one, Figure | Picture)]
        assert numbers == list(range(1, len(numbers) + 1))
        ids = [one.chart.id for one in blocks(document, Figure)]
        assert len(ids) == len(set(ids))


def test_a_page_needs_no_other_file_and_says_what_it_is(documents):
    for language, marks in (("en", ("illustrative", "simulated")), ("zh", ("示例", "模拟"))):
        page = html.render(documents["kept"], language)
        body = re.sub(r"<script\b.*?</script>", " ", page, flags=re.S)
        assert not re.findall(r"\b(?:src|href)=[\"']?(?!data:|#)([^\"' >]+)", body)
        for mark in marks:
            assert mark in body.casefold()


def test_the_pdf_embeds_its_font_and_its_bytes_are_the_same(documents, broken):
    pypdf = pytest.importorskip("pypdf")
    content = rendered(documents["broken"], "zh", "pdf")
    reader = pypdf.PdfReader(io.BytesIO(content))
    used = {
        str(font.get_object()["/BaseFont"]): font.get_object()
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert used
    for name, font in used.items():
        assert "NotoSansCJKsc" in name
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
    text = "".join(page.extract_text() for page in reader.pages).replace("\u200b", "")
    for part in ("地源热泵系统设计报告", "目录", "审定", "规范符合性", "数据溯源"):
        assert part in text
    again = document_of(broken)
    assert rendered(again, "en", "html") == rendered(documents["broken"], "en", "html")
    assert rendered(again, "zh", "pdf") == content


def test_a_first_page_that_is_far_too_long_runs_on(documents):
    pypdf = pytest.importorskip("pypdf")
    document = documents["kept"]
    many = tuple(same(f"point {number}: " + "long " * 30) for number in range(90))
    long = replace(
        document, verdict=replace(document.verdict, points=many), sections=(), appendices=(),
        cover=(), header=((same("label"), same("content")),),
    )  # fmt: skip
    reader = pypdf.PdfReader(io.BytesIO(rendered(long, "en", "pdf")))
    assert len(reader.pages) >= 3
    text = "".join(page.extract_text() for page in reader.pages)
    assert "point 89" in text
    assert "content" in text


def test_files_and_a_folder_that_cannot_be(design, tmp_path):
    files = build(design, tmp_path / "out", ["en"], ["html"])
    assert [path.name for path in files] == [f"design_{design.site.id}_en.html"]
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(InputError, match="another folder"):
        build(design, blocked / "inside", ["zh"], ["html"])


def test_targets_of_recharge_are_told_apart_and_printed_without_excess(design):
    from diwen.reports.design_balance_section import _value, aim_of, target_of

    need = next(one for one in design.recharge if one.target == "band")
    assert aim_of(design, need) == "0.8–1.25"
    limit = replace(need, target="leaving", kind="recharge", aim=4.0, before=1.52851)
    assert target_of(limit).en.startswith("lowest")
    assert target_of(limit).zh.startswith("最低")
    assert target_of(replace(limit, kind="rejection")).zh.startswith("最高")
    assert _value(limit, limit.before) == "1.53"


def test_numbers_in_words():
    assert hour_of_year(0) == Text("1 January, 00:00", "1 月 1 日 00:00")
    assert hour_of_year(8759) == Text("31 December, 23:00", "12 月 31 日 23:00")
    assert hour_of_year(31 * 24) == Text("1 February, 00:00", "2 月 1 日 00:00")
    assert significant(1234.6) == "1,235"
    assert significant(0.012345) == "0.0123"
    assert significant(-4.0) == "−4"
    assert significant(100.0) == "100"
    assert significant(float("nan")) == "–"
    assert payback(float("inf")).zh == "分析期内不回收"


def test_cells_are_cells(documents):
    for one in blocks(documents["broken"], Table):
        assert all(isinstance(cell, Cell) for row in one.rows for cell in row)
