"""The seven families, and each deviation that was found with what a person can check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.reports.design_blocks import Cells, absent, lit, pairs, table
from diwen.reports.diagnosis_blocks import facts
from diwen.reports.diagnosis_charts import evidence_charts, family_chart
from diwen.reports.diagnosis_words import (
    KWH,
    STATE_LIGHTS,
    alternatives_text,
    amount_of,
    families_of,
    family_name,
    interval_text,
    kwh,
    light_of,
    name_of,
    neutral_text,
    points_text,
    sentence,
    shape_name,
    since_text,
    state_name,
    value_text,
    value_with_interval,
)
from diwen.reports.document import Block, Cell, Light, Note, Table
from diwen.reports.numbers import NONE, number, percent
from diwen.site.usual_values import usual_value
from diwen.twin.deviations import FAMILIES, PARAMETERS

if TYPE_CHECKING:
    from diwen.diagnosis.attribution.attribution import Counterfactual
    from diwen.diagnosis.attribution.future_years import FutureYear
    from diwen.diagnosis.diagnosis_result import Diagnosis
    from diwen.diagnosis.finding import Evidence, Finding
    from diwen.reports.design_blocks import Numbering
    from diwen.reports.diagnosis_account import DiagnosisAccount

FAMILIES_TITLE = Text("The seven kinds of deviation", "七类偏差")
TITLE = Text("Deviations that were found", "已发现的偏差")
_NONE_FOUND = Text(
    "No deviation is probable enough to be suspected ({count} parameters judged).",
    "没有达到“疑似”概率的偏差（共判断 {count} 项参数）。",
)
_NOTHING_JUDGED = Text(
    "No deviation could be judged; what is missing stands under “What could not be judged”.",
    "各项偏差均无法判断；缺少的内容见“未能判断的偏差”。",
)
_MOST_FIGURES = 3
_SIMULATED = Text("simulated", "模拟")
_COST = Text("What it costs in a year", "年度影响")
_COST_NOTE = Text(
    "The twin as found less the twin with this one put right, over the last year of the record; "
    "± half of the 90 % interval by the interval of the value.",
    "按诊断现状的数字孪生减去该偏差整改后的数字孪生，取记录的最后一年；"
    "± 为由取值区间得到的 90 % 区间半宽。",
)
_NOT_PRICED = Text("What it costs was not computed: {reason}.", "未计算其影响：{reason}。")
_NO_TWIN = Text("the site cannot be simulated", "项目无法模拟")
_NOT_CARRIED = Text("it is not probable enough, or has ended", "概率不足，或偏差已结束")
_COUNTED = Text("in the value", "已计入取值")
_YEARS = Text("Ground and entering water in the years to come", "今后地温与进机组水温")


def families_section(account: DiagnosisAccount, numbering: Numbering) -> list[Block]:
    """Probability of each family, with its most probable parameter."""
    diagnosis = account.diagnosis
    chart = family_chart(diagnosis)
    blocks: list[Block] = []
    if chart is None:
        blocks.append(absent(_NOTHING_JUDGED))
    else:
        blocks.append(numbering.figure(chart))
    return [*blocks, family_table(diagnosis)]


def family_table(diagnosis: Diagnosis) -> Table:
    """One line for each of the seven."""
    shares, missing = diagnosis.family_probabilities(), diagnosis.missing()
    columns = (
        (Text("family", "类别"), "l", 1.7), (Text("probability", "概率"), "r", 0.8),
        (Text("most probable in it", "其中最可能的偏差"), "l", 3.0),
        (Text("missing for the rest", "其余所缺测点或参数"), "l", 1.8),
    )  # fmt: skip
    rows: list[Cells] = []
    for family in FAMILIES:
        leading = _leading(diagnosis, family)
        said = same(NONE) if leading is None else name_of(leading)
        detail = None if leading is None else value_with_interval(leading)
        share = shares.get(family)
        rows.append((
            lit(family_name(family), _family_light(share)), percent(share, 0),
            Cell(said, None, detail), points_text(missing.get(family, ())),
        ))  # fmt: skip
    return table(Text("The seven families", "七类偏差的判断"), columns, rows)


def _leading(diagnosis: Diagnosis, family: str) -> Finding | None:
    """The most probable finding of a family that matters at all."""
    least = 0.5 * usual_value("diagnosis.inference.suspected")
    for one in diagnosis.findings:
        if family in (one.family, *one.also) and one.probability >= least:
            return one
    return None


def _family_light(share: float | None) -> Light:
    if share is None:
        return "refused"
    if share >= usual_value("diagnosis.inference.confirmed"):
        return STATE_LIGHTS["confirmed"]
    suspected = share >= usual_value("diagnosis.inference.suspected")
    return STATE_LIGHTS["suspected" if suspected else "open"]


def section(account: DiagnosisAccount, numbering: Numbering) -> list[Block]:
    """Each deviation that was found."""
    diagnosis = account.diagnosis
    if not diagnosis.found:
        said = _NONE_FOUND.format(count=len(diagnosis.findings))
        return [absent(said if diagnosis.findings else _NOTHING_JUDGED)]
    blocks: list[Block] = [found_table(diagnosis.found)]
    for place, one in enumerate(diagnosis.found, 1):
        blocks += _finding(account, one, place, numbering)
    return blocks


def found_table(found: tuple[Finding, ...]) -> Table:
    """The deviations in short, the most probable first."""
    columns = (
        (Text("deviation", "偏差"), "l", 3.0), (Text("probability", "概率"), "r", 0.8),
        (Text("value (90 % interval)", "取值（90 % 区间）"), "l", 1.8),
        (Text("since", "起始"), "l", 1.4), (Text("course", "时间特征"), "l", 1.4),
    )  # fmt: skip
    rows = [
        (Cell(name_of(one), light_of(one), families_of(one)), percent(one.probability, 0),
         value_with_interval(one), since_text(one), shape_name(one))
        for one in found
    ]  # fmt: skip
    return table(Text("What was found", "偏差一览"), columns, rows)


def _finding(
    account: DiagnosisAccount, one: Finding, place: int, numbering: Numbering
) -> list[Block]:
    diagnosis = account.diagnosis
    blocks: list[Block] = [_facts(one, place)]
    if one.evidence:
        blocks.append(_evidence(one.evidence))
    origins = diagnosis.record.origins
    charts = evidence_charts(one, f"evidence_{place}", origins, _MOST_FIGURES)
    blocks += [numbering.figure(chart) for chart in charts]
    costs = diagnosis.attribution
    found = None if costs is None else _cost_of(costs.counterfactuals, one)
    if found is None:
        reason = _NOT_CARRIED
        if costs is None or costs.refused is not None:
            reason = _NO_TWIN if costs is None or costs.refused is None else costs.refused
        return [*blocks, Note(_NOT_PRICED.format(reason=reason))]
    return [*blocks, cost_table(found), *_years(found)]


def _cost_of(costs: tuple[Counterfactual, ...], one: Finding) -> Counterfactual | None:
    return next((cost for cost in costs if cost.finding is one), None)


def _facts(one: Finding, place: int) -> Table:
    name = name_of(one)
    rows: list[tuple[Text, Text | str, Text]] = [
        (Text("probability", "概率"), percent(one.probability, 0), state_name(one)),
        (Text("value", "取值"), value_text(one),
         Text(f"without deviation {neutral_text(one.parameter).en}",
              f"无偏差时为 {neutral_text(one.parameter).zh}")),
        (Text("90 % interval", "90 % 区间"), interval_text(one), same("")),
        (Text("since", "起始"), since_text(one), shape_name(one)),
        (Text("family", "类别"), families_of(one), same("")),
        (Text("cannot be told from", "无法与之区分"), alternatives_text(one), same("")),
    ]  # fmt: skip
    return facts(Text(f"{place}. {name.en}", f"{place}. {name.zh}"), rows)


def _evidence(evidence: tuple[Evidence, ...]) -> Table:
    columns = (
        (Text("fact", "依据"), "l", 4.4), (Text("for or against", "支持或反对"), "l", 1.2),
        (Text("points", "测点"), "l", 1.8),
    )  # fmt: skip
    rows = [(sentence(one.text), _weight(one), points_text(one.points)) for one in evidence]
    note = Text(
        "Weight: natural logarithm of the likelihood ratio; what is already in the estimate of the "
        "value is not counted twice.",
        "权重为似然比的自然对数；已计入取值估计的依据不重复计权。",
    )
    return table(Text("Evidence", "证据"), columns, rows, note)


def _weight(one: Evidence) -> Text:
    size = number(one.log_ratio, 1)
    if one.log_ratio > 0.05:
        return Text(f"for (+{size})", f"支持（+{size}）")
    if one.log_ratio < -0.05:
        return Text(f"against ({size})", f"反对（{size}）")
    return _COUNTED


def cost_table(found: Counterfactual) -> Table:
    """What one deviation costs in a year."""
    rows: list[tuple[Text, Text | str, Text]] = [
        (Text("electricity, kWh", "用电量，kWh"),
         kwh(found.electricity, found.electricity_deviation), _SIMULATED)
    ]  # fmt: skip
    if abs(found.fuel) > 0.5 * KWH:
        rows.append((Text("fuel, kWh", "燃料，kWh"), kwh(found.fuel), _SIMULATED))
    rows += [
        (Text("cost, CNY", "费用，元"), amount_of(found.cost, found.cost_deviation), _SIMULATED),
        (Text("carbon dioxide, kg", "二氧化碳，kg"), amount_of(found.emission), _SIMULATED),
        (Text("load not met, kWh", "未满足负荷，kWh"), kwh(found.unmet), _SIMULATED),
        (Text("uncomfortable hours", "不舒适小时数，h"), amount_of(found.uncomfortable),
         _SIMULATED),
        (Text("electricity weighted by the probability, kWh", "按概率加权的用电量，kWh"),
         kwh(found.expected, found.expected_deviation), _SIMULATED),
    ]  # fmt: skip
    return pairs(_COST, rows, _COST_NOTE)


def _years(found: Counterfactual) -> list[Block]:
    """Entering water and ground in the years to come, as found beside put right."""
    rows: list[Cells] = []
    for before, after in zip(found.as_found, found.without, strict=True):
        rows += [
            (f"{before.number}", source, _ends(before, source), _ends(after, source),
             _fluid(before, source), _fluid(after, source))
            for source in before.entering
        ]  # fmt: skip
    if not rows:
        return []
    columns = (
        (Text("year", "第几年"), "l", 0.6), (Text("source", "热源"), "l", 1.0),
        (Text("entering, as found, °C", "进水，现状，°C"), "r", 1.4),
        (Text("entering, put right, °C", "进水，整改后，°C"), "r", 1.4),
        (Text("mean fluid, as found, °C", "流体年均，现状，°C"), "r", 1.2),
        (Text("mean fluid, put right, °C", "流体年均，整改后，°C"), "r", 1.2),
    )  # fmt: skip
    return [table(_YEARS, columns, rows)]


def _ends(year: FutureYear, source: str) -> Text:
    low, high = year.entering[source]
    return Text(f"{number(low, 1)} to {number(high, 1)}", f"{number(low, 1)}～{number(high, 1)}")


def _fluid(year: FutureYear, source: str) -> str:
    return number(year.fluid.get(source), 1)


def judged_table(diagnosis: Diagnosis) -> Table:
    """Every parameter that was judged and not found."""
    columns = (
        (Text("parameter", "参数"), "l", 3.4), (Text("probability", "概率"), "r", 0.8),
        (Text("value (90 % interval)", "取值（90 % 区间）"), "l", 1.8),
        (Text("without deviation", "无偏差时"), "r", 0.9),
    )  # fmt: skip
    found = {id(one) for one in diagnosis.found}
    rows = [
        (Cell(name_of(one), "good", families_of(one)), percent(one.probability, 1),
         value_with_interval(one), neutral_text(one.parameter))
        for one in diagnosis.findings if id(one) not in found and one.parameter in PARAMETERS
    ]  # fmt: skip
    return table(Text("Judged, and not found", "已判断且未发现的偏差"), columns, rows)
