"""The report of a thermal response test: figures and tables an engineer expects, both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from diwen.problems import InputError
from diwen.reports import drawing, font, html
from diwen.reports.building import rendered
from diwen.reports.response_test import build, document_of, write_pictures
from diwen.reports.response_test_charts import charts
from diwen.site import read
from diwen.survey.evaluate_test import evaluate_test

EXAMPLES = Path(__file__).parents[2] / "examples"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def result_of(name: str, file: str, method: str = "auto"):
    site = read(EXAMPLES / f"response-test-{name}")
    return evaluate_test(site.folder / file, site, method=method), site


@pytest.fixture(scope="module")
def linz():
    return result_of("linz", "Linz.csv")


@pytest.fixture(scope="module")
def multi_flow():
    return result_of("multi-flow", "MFRTRT_Low_Flow_Loads.csv.gz")


@pytest.fixture(scope="module")
def refused():
    return result_of("multi-flow", "MFRTRT_Low_Flow_Loads.csv.gz", "line-source")


def texts(result, site, language):
    page = html.render(document_of(result, site), language)
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_figures_of_a_steady_test(linz):
    names = [chart.id.removeprefix("trt_") for chart in charts(linz[0])]
    assert names == [
        "course", "heat", "line", "convergence_conductivity", "convergence_resistance", "residuals",
        "uncertainty_conductivity", "uncertainty_resistance",
    ]  # fmt: skip


def test_figures_of_an_unsteady_test(multi_flow):
    names = [chart.id.removeprefix("trt_") for chart in charts(multi_flow[0])]
    assert "line" not in names
    assert {"course", "heat", "model", "residuals", "flow"} <= set(names)
    heat = next(chart for chart in charts(multi_flow[0]) if chart.id == "trt_heat")
    assert [axis.unit for axis in heat.y] == ["kW", "kg/s"]
    # The gap of three hours stays a gap, and the outage is not averaged away.
    power = heat.traces[0]
    assert None in power.y
    assert min(low for low in power.low if low is not None) < 0.1


def test_the_line_runs_through_the_points_it_was_fitted_to(linz):
    chart = next(chart for chart in charts(linz[0]) if chart.id == "trt_line")
    points, line = chart.traces
    slope = (line.y[1] - line.y[0]) / (line.x[1] - line.x[0])
    worst = max(
        abs(y - line.y[0] - slope * (x - line.x[0]))
        for x, y in zip(points.x, points.y, strict=True)
    )
    assert worst < 0.15
    # λ = q'/(4 π k) from the drawn line itself, q' = 7191 W / 150 m.
    assert 7191.4 / 150 / (4 * 3.14159265 * slope) == pytest.approx(2.2145, rel=1e-3)


def test_sections_are_numbered_and_figures_follow_each_other(linz, multi_flow):
    for result, site in (linz, multi_flow):
        document = document_of(result, site)
        assert [section.number for section in document.sections] == list("12345")
        numbers = [figure.number for figure in document.figures()]
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["2.21 ± 0.13 W/(m·K)", "must not be used for sizing", "gb50366.response_test",
                "(?)", "cannot be judged", "Linz.csv", "BSD 3-clause"]),
        ("zh", ["2.21 ± 0.13 W/(m·K)", "不得用于设计计算", "gb50366.response_test",
                "(?)", "无法判定", "Linz.csv"]),
    ],
)  # fmt: skip
def test_page_holds_what_it_must(linz, language, words):
    page = texts(*linz, language)
    for word in words:
        assert word in page
    assert linz[0].file.sha256 in page


def test_english_page_holds_no_chinese_but_names(linz):
    page = texts(*linz, "en").replace("林茨", "")
    assert not _CHINESE.findall(page)


def test_refusals_stand_on_the_first_page(multi_flow):
    document = document_of(*multi_flow)
    assert document.verdict.light == "attention"
    points = " ".join(point.en for point in document.verdict.points)
    assert "2014-03-04" in points
    assert "6 levels" in points
    assert "must not be used for sizing" in points


def test_a_test_without_a_value_still_has_its_report(refused):
    document = document_of(*refused)
    assert document.verdict.light == "refused"
    assert [section.title.en for section in document.sections][-1] != "Uncertainty"
    page = texts(*refused, "zh")
    assert "不能给出数值" in page
    assert "试验质量检查" in page


def test_both_languages_have_the_same_numbers(multi_flow):
    # Outside statements that order their numbers by grammar: the tables' number cells.
    document = document_of(*multi_flow)
    for section in (*document.sections, *document.appendices):
        for block in section.blocks:
            for line in getattr(block, "rows", ()):
                for cell in line:
                    found = re.findall(r"\d+\.\d+", cell.text.en)
                    assert sorted(found) == sorted(re.findall(r"\d+\.\d+", cell.text.zh))


def test_pdf_in_chinese(linz):
    content = rendered(document_of(*linz), "zh", "pdf")
    assert content.startswith(b"%PDF")
    assert content == rendered(document_of(*linz), "zh", "pdf")


def test_files_and_pictures(linz, tmp_path):
    [path] = build(*linz, tmp_path / "out", ["en"], ["html"])
    assert path.name == "response_test_Linz_en.html"
    files = write_pictures(linz[0], tmp_path / "svg", "zh")
    assert len(files) == len(charts(linz[0]))
    assert "拟合直线" in (tmp_path / "svg" / "Linz_line.svg").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_made(linz, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError):
        build(*linz, tmp_path / "file" / "out", ["en"], ["html"])


def test_axes_hold_all_their_data(linz):
    from diwen.reports.echarts import option

    for chart in charts(linz[0]):
        if chart.across or not chart.marks:
            continue
        axis = option(chart, "en")["yAxis"][0]
        values = [
            v for trace in chart.traces if trace.axis == 0
            for v in (*trace.y, *trace.low, *trace.high) if v is not None
        ]  # fmt: skip
        assert axis.get("min", min(values)) <= min(values)
        assert axis["max"] >= max(values)


def test_drawings_are_made_for_every_chart(multi_flow):
    for chart in charts(multi_flow[0]):
        assert drawing.svg(chart, "zh").startswith("<?xml")


def test_every_sign_of_the_report_is_in_the_font_of_the_pdf(linz, multi_flow):
    """A sign that the font lacks is printed as a question mark."""
    for result, site in (linz, multi_flow):
        for language in ("en", "zh"):
            words = texts(result, site, language)
            assert font.printable(words).count("?") == words.count("?")


def test_the_reference_value_per_metre_and_the_conditions_are_stated(multi_flow):
    english, chinese = (texts(*multi_flow, language) for language in ("en", "zh"))
    for page in (english, chinese):
        assert "46.3 W/m" in page
        assert "27.11 K" in page
    assert "测试条件下钻孔每延米换热量（参考值） 46.3 W/m" in chinese
    assert "length 76.2 m, diameter 114 mm" in english


def test_pictures_of_the_evaluation_are_calculated_not_simulated(linz):
    for chart in charts(linz[0]):
        caption = chart.caption("zh")
        assert "模拟" not in caption
        assert ("计算" in caption) == (chart.id not in ("trt_course", "trt_heat", "trt_residuals"))


def test_many_reasons_are_told_under_one_head(multi_flow):
    points = [point.en for point in document_of(*multi_flow).verdict.points]
    assert points[0].endswith("for 7 reasons:")
    assert sum("straight line" in point for point in points) == 1
