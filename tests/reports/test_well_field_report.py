"""The report of wells: both languages with the same numbers, alone in its file, the same bytes."""

from __future__ import annotations

import io
import re
import warnings
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from diwen.design.site_well_checks import well_checks_of_site
from diwen.design.well_group_study import study_well_group
from diwen.design.well_study import study_wells
from diwen.language import LANGUAGES
from diwen.problems import InputError
from diwen.reports import html
from diwen.reports.building import rendered
from diwen.reports.document import Picture, Table
from diwen.reports.drawing_marks import spread
from diwen.reports.well_field import build, document_of, holds
from diwen.reports.well_field_charts import years_chart
from diwen.reports.well_field_sections import moments_shown, section_scene
from diwen.reports.well_plan import PlanScene, plan_svg
from diwen.reports.well_section import section_svg
from well_sites import COLUMN, DOUBLET, WELL, cooling, heating, write

DAY = date(2026, 3, 2)
GRAVEL = (
    'casing_diameter = "200 mm"\n[sources.w.particles]\n'
    'hydraulic_conductivity = "100 m/d"\nporosity = 0.35\n'
)
_NUMBER = re.compile(r"[−-]?\d+(?:,\d{3})*(?:\.\d+)?")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")

quick = partial(study_wells, measured=False)


@pytest.fixture(scope="module")
def four(tmp_path_factory):
    wells = "".join(
        f'[sources.w.wells.n{i}]\nx = "{40 * (i % 2)} m"\ny = "{40 * (i // 2)} m"\n'
        for i in range(4)
    )
    text = WELL.replace("[[sources.w.stages]]", 'spacing = "40 m"\n[[sources.w.stages]]') + wells
    site = write(tmp_path_factory.mktemp("four"), text, heating(600.0), cooling(300.0))
    return quick(site, years=2), well_checks_of_site(site)[0]


@pytest.fixture(scope="module")
def doublet(tmp_path_factory):
    site = write(tmp_path_factory.mktemp("doublet"), DOUBLET.format(extra=""), heating())
    return study_well_group(site, years=2), well_checks_of_site(site)[0]


@pytest.fixture(scope="module")
def documents(four, doublet):
    return {"four": document_of(*four, DAY), "doublet": document_of(*doublet, DAY)}


def blocks(document, kind):
    parts = (*document.sections, *document.appendices)
    return [block for part in parts for block in part.blocks if isinstance(block, kind)]


def words(page: str) -> str:
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_both_languages_say_the_same_numbers(documents):
    for document in documents.values():
        for table in blocks(document, Table):
            for line in table.rows:
                for cell in line:
                    en, zh = (sorted(_NUMBER.findall(t)) for t in (cell.text.en, cell.text.zh))
                    assert en == zh, (table.title.en, cell.text)
        findings = document.verdict.findings
        assert [_NUMBER.findall(one.value.en) for one in findings] == [
            _NUMBER.findall(one.value.zh) for one in findings
        ]


def test_numbers_are_those_of_the_study(four, documents):
    study, checks = four
    tables = {table.title.en: table for table in blocks(documents["four"], Table)}
    first = [cell.text.en for cell in tables["Years, simulated"].rows[0]]
    assert first[0] == "1"
    assert first[1] == f"{study.extraction[0] / 3.6e9:,.1f}"
    assert first[3] == f"{study.lowest('pumped')[0]:.1f}"
    assert len(tables["Checks of full reinjection"].rows) == len(checks.checks)
    points = tables["Operating points"].rows
    for point, row in zip(study.operating_points(), points, strict=True):
        heat, flow, drop = (row[i].text.en.replace(",", "") for i in (1, 3, 4))
        # Heat, flow and difference of one row belong together: P = ρc Q ΔT, to the digits shown.
        assert float(heat) * 1e3 == pytest.approx(
            4.19e6 * float(flow) / 3600.0 * float(drop), rel=0.01
        )
        assert point.name == row[0].text


def test_a_page_needs_no_other_file_and_says_what_it_is(documents):
    for name, document in documents.items():
        for language in LANGUAGES:
            page = html.render(document, language)
            body = re.sub(r"<script\b.*?</script>", " ", page, flags=re.S)
            outside = re.findall(r"\b(?:src|href)=[\"']?(?!data:|#)([^\"' >]+)", body)
            assert not outside, name
            assert "default-src 'none'" in page
            text = words(page)
            marks = ("illustrative", "simulated") if language == "en" else ("示例", "模拟")
            for mark in marks:
                assert mark.casefold() in text.casefold()
            assert bool(_CHINESE.search(text)) or language == "en"


def test_pictures_carry_their_marks_and_both_languages(documents):
    pictures = blocks(documents["four"], Picture) + blocks(documents["doublet"], Picture)
    assert len(pictures) == 6  # a plan each, the coldest and warmest ground of two years
    for picture in pictures:
        assert "illustrative data" in picture.drawn["en"]
        assert "示例数据" in picture.drawn["zh"]
        assert "Noto Sans CJK" in picture.drawn["zh"]
    numbers = [picture.number for picture in blocks(documents["four"], Picture)]
    assert numbers == sorted(set(numbers))


def test_the_pdf_embeds_its_font_and_the_bytes_are_the_same(documents, four):
    pypdf = pytest.importorskip("pypdf")
    content = rendered(documents["four"], "zh", "pdf")
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert len(reader.pages) >= 3
    text = "".join(page.extract_text() for page in reader.pages).replace("\u200b", "")
    assert "采集井群报告" in text
    assert "■" in text or "▲" in text or "●" in text
    assert b"NotoSansCJK" in content
    assert rendered(document_of(*four, DAY), "zh", "html") == rendered(
        documents["four"], "zh", "html"
    )


def test_files_and_a_folder_that_cannot_be(doublet, tmp_path: Path):
    files = build(*doublet, tmp_path / "out", ["zh"], ["html"], day=DAY)
    assert [path.name for path in files] == ["well_field_w_zh.html"]
    assert files[0].stat().st_size > 10_000
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(InputError) as raised:
        build(*doublet, blocked / "inside", ["zh"], ["html"], day=DAY)
    assert "another folder" in str(raised.value)


def test_a_refused_design_says_so_first(tmp_path: Path):
    site = write(tmp_path, WELL, heating(900.0))
    study, checks = quick(site, years=1), well_checks_of_site(site)[0]
    document = document_of(study, checks, DAY)
    assert checks.refused
    assert not holds(study, checks)
    assert document.verdict.light == "bad"
    said = " ".join(point.en for point in document.verdict.points)
    assert "what would happen" in said
    for check in checks.failures:
        assert check.why.en in said


def test_groundwater_wells_say_what_is_not_computed(documents):
    page = words(html.render(documents["doublet"], "en"))
    assert "Not computed for groundwater wells" in page
    assert "Returned water in the pumped water" in page
    assert "Plume of 1 K after 2 years" in page


def test_sections_of_every_structure_are_drawn(four, tmp_path: Path):
    """Plain, with gravel, in two aquifers, an open hole; nothing is said on the error channel."""
    study, _ = four
    gravel = WELL.replace("one_aquifer", "particles").replace(
        "[[sources.w.stages]]", GRAVEL + "[[sources.w.stages]]"
    )
    others = (
        quick(write(tmp_path / "a", gravel, heating()), years=1),
        quick(write(tmp_path / "b", COLUMN, heating(12.0)), years=1),
    )
    wanted = (("seal", "return"), ("heat-exchange particles", "seal"), ("open hole", "intake"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for one, names in zip((study, *others), wanted, strict=True):
            drawn = section_svg(section_scene(one, moments_shown(one)[0]), "en")
            for name in (*names, "water at rest 8.0 m", "head above rest"):
                assert name in drawn
    assert "seal" not in section_svg(section_scene(others[1], "cold_1"), "en")


def test_a_plan_keeps_its_scale(capsys):
    wide = PlanScene(np.array([[0.0, 0.0], [400.0, 10.0]]), ("a", "b"), ("both", "both"), 20.0)
    drawn = plan_svg(wide, "zh")
    assert "同井抽灌" in drawn
    assert capsys.readouterr().err == ""


def test_an_error_that_was_not_measured_is_not_a_number(documents):
    said = [block.text.en for block in documents["four"].appendices[0].blocks]
    assert any("was not measured" in text for text in said)
    assert not any(re.search(r"\bnan\b", text) for text in said)


def test_years_are_whole_numbers_along_the_axis(four):
    chart = years_chart(four[0])
    assert [name.en for name in chart.x.categories] == ["1", "2"]
    assert chart.origins == ("simulated",)


def test_texts_are_spread_apart_in_order():
    places = [5.0, 5.1, 5.2, 30.0]
    found = spread(places, 2.0)
    assert (np.diff(found) > 2.0 - 1e-5).all()
    assert found[3] == 30.0
    assert np.mean(found[:3]) == pytest.approx(np.mean(places[:3]))
    assert spread([7.0, 3.0], 1.0) == [7.0, 3.0]
