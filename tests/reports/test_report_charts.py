"""Charts: what they are made of, and how the two renderers draw them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from diwen.evaluation.amount import Amount
from diwen.evaluation.by_day import ByDay, Step
from diwen.language import Text, same
from diwen.reports import charts, charts_days, charts_judged, drawing
from diwen.reports.chart import Axis, Chart, Mark, Trace, cell_classes
from diwen.reports.echarts import BAND, option

START, END = datetime(2018, 11, 30, 16, tzinfo=UTC), datetime(2018, 12, 31, 16, tzinfo=UTC)


def recorded(material, name):
    return charts.recorded(material.site, material.store, START, END, charts.subject(name))


def test_a_subject_without_points_has_no_chart(material):
    assert recorded(material, "well_temperatures") is None


def test_a_point_without_records_is_named(material):
    chart = recorded(material, "source_temperatures")
    assert chart.points == ("ts2",)
    assert "ts1" in chart.caption("en")
    assert "本周期内无可用记录：ts1" in chart.caption("zh")


def test_a_gap_stays_a_gap(material):
    rooms = {trace.points[0]: trace for trace in recorded(material, "room_temperatures").traces}
    assert None not in rooms["room_201"].y
    assert rooms["room_507"].y.count(None) == 1
    assert rooms["room_507"].low.count(None) == 1


def test_the_band_holds_every_record(material):
    (trace,) = recorded(material, "outdoor_temperature").traces
    series = material.store.series("outdoor", START, END).usable()
    assert max(trace.high) == pytest.approx(series.value.max())
    assert min(trace.low) == pytest.approx(series.value.min())


def test_the_clock_is_that_of_the_site(material):
    chart = recorded(material, "outdoor_temperature")
    assert "UTC+08:00" in chart.x.title.en
    assert chart.traces[0].x[0] == datetime(2018, 12, 1, tzinfo=UTC).timestamp() * 1000


def test_a_value_read_by_hand_is_held(material):
    (trace,) = recorded(material, "flow").traces
    assert trace.origin == ("manual",)
    assert trace.x[-1] == datetime(2019, 1, 1, tzinfo=UTC).timestamp() * 1000


def test_the_calendar_shows_each_point_and_day(material):
    chart = charts.coverage(material.site, material.store, START, END, charts.coverage_edges())
    assert len(chart.x.categories) == 31
    assert [category.en for category in chart.y[0].categories][:2] == ["ts1", "ts2"]
    by_cell = dict(
        zip(
            zip(chart.traces[0].x, chart.traces[0].y, strict=True),
            chart.traces[0].cells,
            strict=True,
        )
    )
    room = [c.en for c in chart.y[0].categories].index("room_507")
    assert by_cell[11.0, float(room)] == 0.0
    assert by_cell[0.0, float(room)] == 100.0


def test_cell_classes_leave_no_hole():
    classes = cell_classes((75.0, 90.0, 95.0))
    assert [label for *_, label in classes] == ["0 %", "< 75 %", "75–90 %", "90–95 %", "≥ 95 %"]
    assert [high for _, high, *_ in classes[1:-1]] == [low for low, *_ in classes[2:]]


def test_grade_edges_are_drawn_and_unverified_ones_marked(material):
    rows = [replace(row, verified=False, evidence="M") for row in material.rows_used]
    chart = charts_judged.performance(material.evaluation.results, rows, "heating")
    assert [mark.value for mark in chart.marks] == [2.6, 3.0, 3.5]
    made = option(chart, "en")
    lines = made["series"][-1]["markLine"]["data"]
    assert [line["xAxis"] for line in lines] == [2.6, 3.0, 3.5]
    assert all("(?)" in line["label"]["formatter"] for line in lines)
    assert all(line["lineStyle"]["type"] == "dashed" for line in lines)
    assert made["xAxis"]["min"] < 2.6
    assert "not yet checked" in chart.caption("en")


def test_refused_performance_is_not_drawn(material):
    assert charts_judged.performance(material.evaluation.results, (), "cooling") is None


def step(day, heat, power, coverage=1.0):
    top = Amount(heat * 3.6e6, {"flow": heat * 3.6e4}, origins=("measured",), inputs=("q",))
    bottom = Amount(power * 3.6e6, {}, origins=("measured",), inputs=("p",))
    value = Amount(heat / power, {"flow": 0.05}, coverage=coverage, inputs=("q", "p"))
    return Step(datetime(2018, 12, day, tzinfo=UTC).date(), 86400.0, top, bottom, value)


DAYS = ByDay(
    Text("all", "全部"),
    False,
    tuple(step(day, 100.0 + day, 30.0, 0.5 if day == 3 else 1.0) for day in range(1, 8)),
)


def test_a_thin_day_stays_empty():
    chart = charts_days.performance(DAYS, "heating", 0.75)
    (trace,) = chart.traces
    assert trace.y[2] is None
    assert trace.y[0] == pytest.approx(101 / 30)
    assert trace.high[0] - trace.low[0] == pytest.approx(0.2)
    assert "75 %" in chart.caption("en")


def test_energies_stand_side_by_side():
    chart = charts_days.energies(DAYS, "heating")
    assert [trace.y[0] for trace in chart.traces] == pytest.approx([101.0, 30.0])


def test_the_signature_line_bends_at_the_balance_point():
    outdoor = {step.first: float(place * 4) for place, step in enumerate(DAYS.steps)}
    fit = {"slope": 0.5, "balance": 15.0, "base": 1.0}
    cloud, line = charts_days.signature(DAYS, "heating", outdoor, "to", fit).traces
    assert len(cloud.x) == 7
    assert line.x == (0.0, 15.0, 24.0)
    assert line.y == pytest.approx((8.5, 1.0, 1.0))


SHAPES = ("line", "area", "bar", "points")


def chart_of(shape, low=(), marks=()):
    high = tuple(None if value is None else value + 1.0 for value in low)
    trace = Trace(same("a $x$ 温度"), shape, (0.0, 1.0, 2.0), (1.0, None, 0.0), low, high)
    axis = Axis(Text("Power", "功率"), "kW", from_zero=True)
    return Chart("c", Text("T", "题"), Axis(Text("x", "横轴")), (axis,), (trace, trace), marks)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_shape_is_drawn_in_both_languages(shape, language):
    chart = chart_of(shape, (0.5, None, -0.5), (Mark(0.8, Text("limit", "限值")),))
    svg = drawing.svg(chart, language)
    assert "功率" in svg if language == "zh" else "Power" in svg
    assert "a $x$ 温度" in svg
    assert set(re.findall(r"font-family: '([^']+)'", svg)) == {"Noto Sans CJK SC"}
    assert svg == drawing.svg(chart, language)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_hole_and_a_zero_stay_what_they_are(shape):
    made = option(chart_of(shape), "en")
    assert made["dataset"][0]["source"]["y"] == [1.0, None, 0.0]


def test_bands_are_not_in_the_legend():
    made = option(chart_of("line", (0.5, None, -0.5)), "en")
    assert [one["name"] for one in made["series"]].count(BAND) == 4
    assert BAND not in made["legend"]["data"]
    assert made["dataset"][0]["source"]["width"] == [1.0, None, 1.0]


def test_braces_in_a_limit_text_are_no_template():
    made = option(chart_of("line", marks=(Mark(0.5, same("{b}")),)), "en")
    label = made["series"][-1]["markLine"]["data"][0]["label"]["formatter"]
    assert "{" not in label
