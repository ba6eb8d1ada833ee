"""Basis of a design: ground and tests, weather, loads with where each comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.reports import design_words as words
from diwen.reports.design_basis_charts import duration_chart, monthly_chart
from diwen.reports.design_blocks import Cells, Numbering, absent, notes, pairs, table
from diwen.reports.document import Block, Table
from diwen.reports.numbers import number, with_uncertainty

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import StationDesign

TITLE = Text("Basis of the design", "设计依据")
_NO_WEATHER = Text(
    "The site names no weather: nothing of this design follows the outdoor temperature.",
    "项目未指定气象数据：本设计各项均不随室外温度变化。",
)
_NOT_SAID = Text("not said in the site file", "项目文件未说明")
_SITE_FILE = Text("site file", "项目文件")
_TEST_LIMITS = Text(
    "Uncertainties are expanded (k = 2, about 95 %).", "不确定度为扩展不确定度（k = 2，约 95 %）。"
)
_NO_TEST = Text(
    "The site has no response test: conductivity and temperature of the ground are not measured "
    "here. A test before construction is the surest way to a smaller margin.",
    "项目没有岩土热响应试验：岩土导热系数与初始温度均非本场地实测值。施工前开展试验是减小设计裕量的"
    "最可靠途径。",
)
_INDEX = Text(
    "A load from an area index serves first studies only; it is no basis for construction.",
    "按面积指标估算的负荷仅供初步研究，不得作为施工图依据。",
)


def section(design: StationDesign, numbering: Numbering) -> list[Block]:
    """Ground, weather, loads."""
    basis = design.basis
    blocks: list[Block] = [_ground(design)]
    if basis.ground.tests:
        blocks.append(_tests(design))
    elif any(one.kind == "borefield" for one in design.sources):
        blocks.append(absent(_NO_TEST))
    blocks.append(absent(_NO_WEATHER) if basis.weather is None else _weather(design))
    blocks.append(_loads(design))
    if any(one.origin == "index" for one in basis.loads):
        blocks += notes([_INDEX])
    blocks.append(_monthly(design))
    blocks.append(numbering.figure(monthly_chart(design)))
    blocks.append(numbering.figure(duration_chart(design)))
    return blocks


def _ground(design: StationDesign) -> Table:
    ground = design.basis.ground
    origin = words.origin_said(ground.origin) if ground.origin else _NOT_SAID
    relative, value = ground.conductivity_uncertainty, ground.conductivity
    spread = None if relative is None or value is None else relative * value
    capacity = None if ground.heat_capacity is None else ground.heat_capacity / 1e6
    return pairs(
        Text("Ground", "地层"),
        [
            (Text("undisturbed temperature", "岩土初始温度"),
             with_uncertainty(ground.undisturbed_temperature,
                              ground.undisturbed_temperature_uncertainty, "°C", 1), origin),
            (Text("thermal conductivity (weighted by thickness)", "导热系数（按厚度加权）"),
             with_uncertainty(value, spread, "W/(m·K)", 2), origin),
            (Text("volumetric heat capacity", "容积比热容"),
             with_uncertainty(capacity, None, "MJ/(m³·K)", 2), origin),
            (Text("layers described", "已描述的岩土层数"), f"{ground.layers}", _SITE_FILE),
            (Text("aquifers described", "已描述的含水层数"), f"{ground.aquifers}", _SITE_FILE),
        ],
        _TEST_LIMITS,
    )  # fmt: skip


def _tests(design: StationDesign) -> Table:
    rows: list[Cells] = [
        (
            same(test.name or "–"), same(test.by or "–"), same(str(test.day or "–")),
            with_uncertainty(test.conductivity, test.conductivity_uncertainty, "", 2).strip(),
            with_uncertainty(test.resistance, test.resistance_uncertainty, "", 3).strip(),
        )
        for test in design.basis.ground.tests
    ]  # fmt: skip
    columns = (
        (Text("test", "试验"), "l", 1.4), (Text("made by", "试验单位"), "l", 1.6),
        (Text("day", "日期"), "l", 1.0),
        (Text("conductivity, W/(m·K)", "导热系数，W/(m·K)"), "r", 1.4),
        (Text("borehole resistance, m·K/W", "钻孔热阻，m·K/W"), "r", 1.5),
    )  # fmt: skip
    return table(Text("Response tests", "岩土热响应试验"), columns, rows, _TEST_LIMITS)


def _weather(design: StationDesign) -> Table:
    weather = design.basis.weather
    assert weather is not None
    series = Text(f"{weather.years} year(s) of hours", f"逐时数据 {weather.years} 年")
    convention = Text(
        "daily mean not kept on 5 days a year", "历年平均不保证 5 d 的日平均温度"
    )  # fmt: skip
    hot = Text("hour exceeded 50 h a year", "历年平均不保证 50 h 的干球温度")
    return pairs(
        Text("Weather", "气象"),
        [
            (Text("series", "气象数据"), series, words.origin_said(weather.origin)),
            (Text("outdoor design temperature, heating", "供暖室外计算温度"),
             f"{words.celsius(weather.heating)} °C", convention),
            (Text("outdoor design temperature, cooling", "供冷室外计算干球温度"),
             f"{words.celsius(weather.cooling)} °C", hot),
            (Text("mean of the hours", "年平均气温"), f"{words.celsius(weather.mean)} °C",
             words.CALCULATED),
            (Text("lowest and highest hour", "最低与最高逐时气温"),
             Text(f"{words.celsius(weather.lowest)} to {words.celsius(weather.highest)} °C",
                  f"{words.celsius(weather.lowest)}～{words.celsius(weather.highest)} °C"),
             words.CALCULATED),
        ],
    )  # fmt: skip


def _loads(design: StationDesign) -> Table:
    rows: list[Cells] = [
        (
            same(load.name), words.LOAD_KINDS.get(load.kind, same(load.kind)),
            words.ORIGINS.get(load.origin, same(load.origin)), words.kw(load.peak),
            words.hour_of_year(load.peak_hour), words.mwh(load.energy),
            number(load.full_load_hours, 0),
        )
        for load in design.basis.loads
    ]  # fmt: skip
    columns = (
        (Text("load", "负荷"), "l", 1.1), (Text("kind", "类型"), "l", 1.0),
        (Text("origin", "来源"), "l", 1.4), (Text("peak, kW", "峰值，kW"), "r", 1.0),
        (Text("peak hour", "峰值时刻"), "l", 1.3), (Text("a year, MWh", "年量，MWh"), "r", 1.0),
        (Text("full-load hours, h", "满负荷小时数，h"), "r", 1.1),
    )  # fmt: skip
    return table(Text("Loads", "负荷"), columns, rows)


def _monthly(design: StationDesign) -> Table:
    basis = design.basis
    heat, cold = basis.monthly("heating"), basis.monthly("cooling")
    rows: list[Cells] = [
        (month, words.mwh(warm), words.mwh(chilled))
        for month, warm, chilled in zip(words.MONTHS, heat, cold, strict=True)
    ]
    rows.append((Text("year", "全年"), words.mwh(float(heat.sum())), words.mwh(float(cold.sum()))))
    columns = (
        (Text("month", "月份"), "l", 1.0), (Text("heat, MWh", "热负荷，MWh"), "r", 1.0),
        (Text("cold, MWh", "冷负荷，MWh"), "r", 1.0),
    )  # fmt: skip
    return table(Text("Loads by month", "逐月负荷"), columns, rows)
