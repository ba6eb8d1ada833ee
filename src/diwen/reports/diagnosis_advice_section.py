"""What follows from a diagnosis: reliability, what to measure next, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.diagnosis.advice.measures import KIND_NAMES
from diwen.language import Text, same
from diwen.reports.design_blocks import Cells, absent, notes, table
from diwen.reports.diagnosis_words import KWH, parameter_name, sentence, span
from diwen.reports.document import Block, Cell, Table, joined
from diwen.reports.numbers import NONE, number, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diwen.diagnosis.advice.measures import Measure
    from diwen.diagnosis.advice.next_measurement import Proposal
    from diwen.diagnosis.attribution.reliability import Dimension, Reliability
    from diwen.diagnosis.attribution.reliability_indices import Index
    from diwen.reports.design_blocks import Numbering
    from diwen.reports.diagnosis_account import DiagnosisAccount

RELIABILITY_TITLE = Text("Reliability on four dimensions", "四维可靠性评分")
NEXT_TITLE = Text("What to measure next", "下一步测量建议")
MEASURES_TITLE = Text("Corrective measures", "整改措施")
_NO_SCORE = Text("The score was not computed.", "未计算评分。")
_TOTAL = Text("Reliability score: {score} of 100.", "可靠性评分：{score}（满分 100）。")
_NO_TOTAL = Text(
    "No total: a dimension without score is not guessed.", "不给总分：无法评分的维度不作臆测。"
)
_NOTHING_OPEN = Text(
    "No measurement of the catalogue would tell enough to be worth it.",
    "目录中没有值得追加的测量。",
)
_BITS = Text(
    "Information: mutual information of the answer and what is open, in bits; the order is that of "
    "bits per cost. Costs, sensitivities and days are engineering defaults, not verified.",
    "信息量为测试结果与待判问题的互信息（比特），按单位费用信息量排序；"
    "费用、灵敏度与工期为工程默认值，未经核实。",
)
_MOST_PROPOSALS = 10
_NO_MEASURES = Text(
    "No measure is proposed: nothing was found whose cost the twin can tell.",
    "不提出措施：没有数字孪生可计量其影响的偏差。",
)
_ASSUMED = Text(
    "Gains are simulated: the twin as found less the twin with the measure; in brackets the 90 % "
    "interval by that of the value. Costs marked (E) are engineering defaults, not verified. "
    "Measures against one deviation are alternatives: their gains do not add.",
    "收益由数字孪生模拟（现状减去采取措施后），括号内为取值区间对应的 90 % 区间；"
    "标有 (E) 的费用为工程默认值，未经核实。同一偏差的各项措施互为替代，收益不可相加。",
)


def reliability_section(account: DiagnosisAccount, numbering: Numbering) -> list[Block]:
    """The four dimensions with the evidence behind them."""
    found = account.reliability
    if found is None:
        return [absent(_NO_SCORE)]
    score = found.score
    total = _NO_TOTAL if score is None else _TOTAL.format(score=number(score, 0))
    blocks: list[Block] = [dimension_table(found)]
    blocks += [_indices(one) for one in found.dimensions]
    return [*blocks, *notes([total, *(sentence(one) for one in found.notes)])]


def dimension_table(found: Reliability) -> Table:
    """One line for each dimension."""
    columns = (
        (Text("dimension", "维度"), "l", 1.2), (Text("score", "评分"), "r", 0.8),
        (Text("why there is none", "无法评分的原因"), "l", 3.0),
    )  # fmt: skip
    rows = [
        (Cell(one.text, "refused" if one.score is None else "plain"), number(one.score, 0),
         same("") if one.refused is None else one.refused)
        for one in found.dimensions
    ]  # fmt: skip
    return table(Text("Dimensions", "各维度评分"), columns, rows)


def _indices(one: Dimension) -> Table:
    columns = (
        (Text("index", "指标"), "l", 2.0), (Text("score", "评分"), "r", 0.7),
        (Text("weight", "权重"), "r", 0.7), (Text("evidence", "依据"), "l", 4.0),
    )  # fmt: skip
    rows = [(index.text, number(index.score, 0), number(index.weight, 2), _why(index))
            for index in one.indices]  # fmt: skip
    return table(Text(f"Indices of: {one.text.en}", f"{one.text.zh}维度的指标"), columns, rows)


def _why(index: Index) -> Text:
    if index.reason is not None:
        return index.reason
    return joined(index.evidence, "; ", "；") if index.evidence else same(NONE)


def next_section(account: DiagnosisAccount, numbering: Numbering) -> list[Block]:
    """Measurements that would decide what is open."""
    return next_blocks(account.proposals, _MOST_PROPOSALS)


def next_blocks(proposals: Sequence[Proposal], most: int) -> list[Block]:
    """The most worthwhile measurements as a table."""
    if not proposals:
        return [absent(_NOTHING_OPEN)]
    columns = (
        (Text("measurement or test", "测量或试验"), "l", 3.2),
        (Text("decides about", "可判别的问题"), "l", 2.4),
        (Text("information, bit", "信息量，bit"), "r", 0.9),
        (Text("cost, CNY", "费用，元"), "r", 1.2), (Text("days", "天数"), "r", 0.7),
    )  # fmt: skip
    rows: list[Cells] = []
    for one in proposals[:most]:
        about = sorted(one.by_group.items(), key=lambda pair: -pair[1])[:3]
        named = joined([parameter_name(name) for name, _ in about], "; ", "；")
        rows.append((
            Cell(one.test.name, None, one.test.how), named, number(one.bits, 2),
            span(*one.test.cost), number(one.test.days, 1 if one.test.days % 1 else 0),
        ))  # fmt: skip
    title = Text("The most information for its cost first", "按单位费用信息量排序")
    return [table(title, columns, rows, _BITS)]


def measures_section(account: DiagnosisAccount, numbering: Numbering) -> list[Block]:
    """What to do."""
    return measures_blocks(account.measures)


def measures_blocks(measures: Sequence[Measure]) -> list[Block]:
    """Measures with gain, cost and pay-back."""
    if not measures:
        return [absent(_NO_MEASURES)]
    columns = (
        (Text("measure", "措施"), "l", 3.4), (Text("gain, kWh a year", "年节电，kWh"), "r", 1.5),
        (Text("gain, CNY a year", "年收益，元"), "r", 1.5),
        (Text("cost, CNY", "费用，元"), "r", 1.3),
        (Text("pay-back, years", "回收期，年"), "r", 1.1),
    )  # fmt: skip
    rows = [_measure(one) for one in measures]
    blocks: list[Block] = [
        table(Text("Measures, the shortest pay-back first", "措施清单（按回收期）"), columns, rows,
              _ASSUMED)
    ]  # fmt: skip
    said = [sentence(Text(f"{one.name.en}: {note.en}", f"{one.name.zh}：{note.zh}"))
            for one in measures for note in one.notes]  # fmt: skip
    return [*blocks, *notes(said)]


def _measure(one: Measure) -> Cells:
    about = parameter_name(one.parameter)
    kind, chance = KIND_NAMES[one.kind], percent(one.weight, 0)
    detail = Text(
        f"against: {about.en} (probability {chance}) · {kind.en} · afterwards: {one.verify.en}",
        f"针对：{about.zh}（概率 {chance}）· {kind.zh} · 整改后核查：{one.verify.zh}",
    )
    mark = "" if one.verified else f" ({one.evidence})"
    cost = same(NONE) if one.cost is None else span(*one.cost)
    return (
        Cell(one.name, None, detail),
        _gain(one.gain / KWH, one.gain_low / KWH, one.gain_high / KWH),
        _gain(one.money, one.money_low, one.money_high),
        Text(cost.en + mark, cost.zh + mark),
        _payback(one.payback),
    )


def _gain(value: float | None, low: float | None, high: float | None) -> Text:
    if value is None or low is None or high is None:
        return same(NONE)
    said, ends = number(value, 0), span(low, high)
    return Text(f"{said} ({ends.en})", f"{said}（{ends.zh}）")


def _payback(years: tuple[float, float] | None) -> Text:
    if years is None:
        return same(NONE)
    low, high = years
    if high == float("inf"):
        return Text(f"from {number(low, 1)}", f"≥ {number(low, 1)}")
    return span(low, high, 1)
