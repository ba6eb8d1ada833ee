"""From the promised to the measured performance, and the years to come."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from diwen.language import Text, same
from diwen.reports.design_blocks import Cells, absent, notes, table
from diwen.reports.diagnosis_charts import forecast_charts, performance_name, waterfall_chart
from diwen.reports.diagnosis_words import KWH, NINETY, sentence
from diwen.reports.document import Block, Cell, Table
from diwen.reports.numbers import NONE, number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diwen.diagnosis.attribution.attribution import Attribution
    from diwen.diagnosis.attribution.forecast import Band, Forecast, ForecastCourse
    from diwen.diagnosis.attribution.waterfall import Waterfall
    from diwen.reports.design_blocks import Numbering
    from diwen.reports.diagnosis_account import DiagnosisAccount

TITLE = Text("From promised to measured", "由承诺值到实测值")
FORECAST_TITLE = Text("Forecast of 25 years", "25 年预测")
_NOT_COMPUTED = Text("The cost was not computed.", "未计算费用归因。")
_NO_COST = Text("No attribution: {reason}.", "无法归因：{reason}。")
_NO_FORECAST = Text("No forecast: {reason}.", "无法预测：{reason}。")
_FORECAST_NOT = Text("The forecast was not computed.", "未计算预测。")
_WHETHER = Text(
    "The ± of a deviation holds both the interval of its value and whether it is there at all.",
    "偏差的 ± 同时包含取值区间与偏差是否存在的不确定性。",
)
_HORIZON = (1, 10, 25)
_PUT_RIGHT = Text("all put right", "全部整改后")
_AS_FOUND = Text("as found", "现状")
_UNCERTAIN = Text("The band holds the uncertainty of: {names}.", "区间包含以下不确定性：{names}。")


def section(account: DiagnosisAccount, numbering: Numbering) -> list[Block]:
    """Waterfalls and performance."""
    costs = account.diagnosis.attribution
    if costs is None:
        return [absent(_NOT_COMPUTED)]
    if costs.refused is not None:
        return [absent(_NO_COST.format(reason=costs.refused))]
    blocks: list[Block] = []
    origins = account.diagnosis.record.origins
    for found in (costs.electricity, costs.money):
        if found is not None:
            blocks.append(numbering.figure(waterfall_chart(found, origins)))
    if costs.electricity is not None:
        blocks.append(waterfall_table(costs.electricity, costs.money))
    return [*blocks, _performance(costs), *notes(sentence(one) for one in costs.notes)]


def waterfall_table(electricity: Waterfall, money: Waterfall | None) -> Table:
    """The bars in numbers."""
    columns = (
        (Text("part", "分项"), "l", 3.0), (Text("electricity, kWh", "用电量，kWh"), "r", 1.2),
        (Text("± (90 %)", "±（90 %）"), "r", 0.9), (Text("cost, CNY", "费用，元"), "r", 1.2),
        (Text("± (90 %)", "±（90 %）"), "r", 0.9),
    )  # fmt: skip
    paid = {} if money is None else {(bar.kind, bar.parameter, bar.name): bar for bar in money.bars}
    rows: list[Cells] = []
    for bar in electricity.bars:
        cost = paid.get((bar.kind, bar.parameter, bar.name))
        rows.append((
            bar.name, number(bar.value / KWH, 0), number(NINETY * bar.deviation / KWH, 0),
            number(None if cost is None else cost.value, 0),
            number(None if cost is None else NINETY * cost.deviation, 0),
        ))  # fmt: skip
    title = Text("Parts of the gap; they sum to it", "差距的各分项（合计等于差距）")
    return table(title, columns, rows, _WHETHER)


def _performance(costs: Attribution) -> Table:
    columns = (
        (Text("heat and cold over electricity", "供热（冷）量与用电量之比"), "l", 2.6),
        (Text("value", "数值"), "r", 1.0),
    )  # fmt: skip
    rows = [(performance_name(key), number(value, 2)) for key, value in costs.performance.items()]
    return table(Text("Performance", "系统性能系数"), columns, rows)


def forecast_section(account: DiagnosisAccount, numbering: Numbering) -> list[Block]:
    """Entering temperatures and performance of the years to come."""
    found = account.forecast
    if found is None:
        return [absent(_FORECAST_NOT)]
    if found.as_found is None:
        reason = found.refused
        return [absent(_FORECAST_NOT if reason is None else _NO_FORECAST.format(reason=reason))]
    costs = account.diagnosis.attribution
    if costs is not None and not costs.counterfactuals:
        # Nothing to be put right: both plants are one.
        found = replace(found, all_right=None)
    charts = forecast_charts(found, limits_of(account))
    blocks: list[Block] = [numbering.figure(chart) for chart in charts]
    blocks.append(forecast_table(found))
    return [*blocks, *notes(_forecast_notes(found))]


def _forecast_notes(found: Forecast) -> list[Text]:
    said = [sentence(one) for one in found.notes]
    if not found.uncertain:
        return said
    en = ", ".join(one.en for one in found.uncertain)
    zh = "、".join(one.zh for one in found.uncertain)
    return [Text(_UNCERTAIN.en.format(names=en), _UNCERTAIN.zh.format(names=zh)), *said]


def limits_of(account: DiagnosisAccount) -> dict[str, dict[str, float]]:
    """Limits of the entering water that the site gives, °C, by source.

    The highest temperature is a limit of the water leaving the units: it bounds the entering
    water too, but is no limit of it, and is not drawn.
    """
    found = {}
    for name, source in account.site.sources.items():
        least = getattr(source, "minimum_entering_temperature", None)
        if least is not None:
            found[name] = {"entering_low": least}
    return found


def forecast_table(found: Forecast) -> Table:
    """Years 1, 10 and 25 in numbers."""
    columns = (
        (Text("year", "第几年"), "l", 0.6), (Text("plant", "系统"), "l", 1.2),
        (Text("entering water, lowest, °C", "进水最低，°C"), "r", 1.7),
        (Text("entering water, highest, °C", "进水最高，°C"), "r", 1.7),
        (Text("performance", "性能系数"), "r", 1.4), (Text("not met", "未满足"), "r", 0.8),
        (Text("beyond a limit", "超限概率"), "r", 0.9),
    )  # fmt: skip
    rows: list[Cells] = []
    for year in _HORIZON:
        if year > len(found.years):
            continue
        for name, course in ((_AS_FOUND, found.as_found), (_PUT_RIGHT, found.all_right)):
            if course is not None:
                rows.append((f"{year}", name, *_of_year(course, year - 1)))
    note = Text("In brackets the 90 % interval.", "括号内为 90 % 区间。")
    return table(Text("Years to come", "今后年份"), columns, rows, note)


def _of_year(course: ForecastCourse, place: int) -> tuple[Cell, Cell, Cell, str, str]:
    beyond = [float(values[place]) for values in course.beyond.values()]
    return (
        Cell(_bands(course.entering_low, place)), Cell(_bands(course.entering_high, place)),
        Cell(_interval(course.performance, place, 2)),
        percent(float(course.unmet.middle[place])),
        percent(max(beyond), 0) if beyond else NONE,
    )  # fmt: skip


def _bands(bands: Mapping[str, Band], place: int) -> Text:
    """One interval for each source; several are named."""
    texts = [(name, _interval(band, place, 1)) for name, band in bands.items()]
    if len(texts) <= 1:
        return texts[0][1] if texts else same(NONE)
    return Text("; ".join(f"{name} {text.en}" for name, text in texts),
                "；".join(f"{name} {text.zh}" for name, text in texts))  # fmt: skip


def _interval(band: Band, place: int, decimals: int) -> Text:
    middle, low, high = (float(values[place]) for values in (band.middle, band.low, band.high))
    if not np.isfinite(middle):
        return same(NONE)
    said = number(middle, decimals)
    ends = number(low, decimals), number(high, decimals)
    return Text(f"{said} ({ends[0]} to {ends[1]})", f"{said}（{ends[0]}～{ends[1]}）")
