"""How sure a design is: intervals of its main results, chances of passing limits, drivers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.reports import design_words as words
from diwen.reports.chart import CYCLE, Axis, Chart, Trace, rounded
from diwen.reports.design_blocks import Cells, Numbering, absent, notes, table
from diwen.reports.design_optimisation_tables import optimisation_blocks
from diwen.reports.document import Block, Cell, Note, Table
from diwen.reports.numbers import number, percent

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import StationDesign
    from diwen.design.station_design.uncertainty_result import (
        DesignUncertainty,
        LimitChance,
        UncertainOutcome,
    )

TITLE = Text("Uncertainty and alternatives", "不确定度与方案优化")
_NOT_COMPUTED = Text(
    "The uncertainty of the results was not computed (no samples were asked for).",
    "未计算结果的不确定度（未要求抽样）。",
)
_HOW = Text(
    "{samples} draws of {inputs} uncertain inputs (Latin hypercube, seed {seed}), each run through "
    "{years} years of the twin. The interval holds 90 % of the draws; it is as good as the "
    "intervals of the inputs.",
    "对 {inputs} 个不确定输入进行 {samples} 次抽样（拉丁超立方，种子 {seed}），"
    "每次均运行 {years} 年"
    "模拟。区间包含 90 % 的样本；其可信程度取决于输入区间。",
)
_SCALES = {"J": ("MWh", 3.6e9), "CNY": ("CNY", 1e4), "kg": ("t", 1e3), "W": ("kW", 1e3)}
_NEVER = Text("never", "不回收")
_ASSUMED = Text("assumed (engineering default)", "假定（工程默认值）")
_OWN = Text("given for this site", "本项目给出")
_SHAPES = {
    "uniform": Text("uniform", "均匀"),
    "triangular": Text("triangular", "三角"),
    "normal": Text("normal", "正态"),
}
_STRONGEST = 5
_DRIVER_CHARTS = ("electricity", "cop_system", "combined")
_DRIVERS = Text(
    "Share of the variance (of ranks) that each input explains; all inputs together {explained} %.",
    "各输入对（秩）方差的贡献份额；全部输入合计解释 {explained} %。",
)


def section(design: StationDesign, numbering: Numbering) -> list[Block]:
    """Intervals, chances, drivers; then the optimisation where it was asked for."""
    found: DesignUncertainty | None = design.uncertainty
    blocks: list[Block] = []
    if found is None:
        blocks.append(absent(_NOT_COMPUTED))
    else:
        how = _HOW.format(samples=found.samples, inputs=len(found.inputs), seed=found.seed,
                          years=found.years)  # fmt: skip
        blocks += [Note(how), _outcomes(found)]
        if found.limits:
            blocks.append(_chances(found.limits, found))
        for key in _charted(found):
            blocks.append(numbering.figure(_drivers_chart(found.outcomes[key])))
        blocks.append(_inputs(found))
        blocks += notes(found.notes)
    return [*blocks, *optimisation_blocks(design)]


def interval_text(outcome: UncertainOutcome) -> Text:
    """The 90 % interval in the unit that the report prints."""
    low, high = outcome.interval
    unit, scale = _SCALES.get(outcome.unit, (outcome.unit, 1.0))
    if unit == "CNY":
        ends = (words.money(low), words.money(high))
        return Text(f"{ends[0]} to {ends[1]} × 10⁴ CNY", f"{ends[0]}～{ends[1]} 万元")
    if unit in ("", "1"):
        return Text(f"{_plain(low)} to {_plain(high)}", f"{_plain(low)}～{_plain(high)}")
    shown = (_scaled(low, scale), _scaled(high, scale))
    zh = words.amount(shown[1].zh, unit)
    return Text(f"{shown[0].en} to {shown[1].en} {unit}", f"{shown[0].zh}～{zh.zh}")


def _plain(value: float) -> str:
    return words.significant(value)


def _scaled(value: float, scale: float) -> Text:
    if math.isinf(value):
        return _NEVER
    return same(words.significant(value / scale, 4))


def _printed(value: float, unit: str) -> Text:
    name, scale = _SCALES.get(unit, (unit, 1.0))
    shown = _scaled(value, scale)
    if name in ("", "1") or math.isinf(value):
        return shown
    if name == "CNY":
        return Text(f"{shown.en} × 10⁴ CNY", f"{shown.zh} 万元")
    return words.amount(shown.en, name)


def _outcomes(found: DesignUncertainty) -> Table:
    rows: list[Cells] = []
    for one in found.outcomes.values():
        first = one.drivers.ranked[:1]
        driver: Text = words.DASH
        if first:
            part = words.share(first[0].share, 0)
            label = first[0].label
            driver = Text(f"{label.en} ({part} %)", f"{label.zh}（{part} %）")
        rows.append((words.upper_first(one.label), _printed(one.best, one.unit),
                     _printed(one.median, one.unit), interval_text(one), driver))  # fmt: skip
    columns = (
        (Text("result", "结果"), "l", 2.4), (Text("best estimate", "最佳估计"), "r", 1.2),
        (Text("median", "中位数"), "r", 1.2), (Text("90 % interval", "90 % 区间"), "r", 1.7),
        (Text("strongest driver", "首要影响因素"), "l", 1.8),
    )  # fmt: skip
    return table(Text("Main results with their intervals", "主要结果及其区间"), columns, rows)


def _chances(limits: tuple[LimitChance, ...], found: DesignUncertainty) -> Table:
    rows: list[Cells] = []
    for one in limits:
        unit = found.outcomes[one.outcome].unit if one.outcome in found.outcomes else ""
        limit = _printed(one.limit, unit)
        sign = {"<=": "≤ ", ">=": "≥ "}.get(one.sense, "")
        light = "good" if one.probability < 0.05 else "attention"
        if one.probability > 0.5:
            light = "bad"
        rows.append((
            Cell(words.upper_first(one.label), light),  # type: ignore[arg-type]
            Text(sign + limit.en, sign + limit.zh), f"{percent(one.probability)}",
            f"± {words.share(one.error)} %", same(one.rule or "–"),
        ))  # fmt: skip
    columns = (
        (Text("event", "事件"), "l", 2.8), (Text("limit", "限值"), "r", 1.0),
        (Text("probability", "概率"), "r", 0.9),
        (Text("sampling error", "抽样误差"), "r", 1.0), (Text("rule row", "规则条目"), "l", 1.8),
    )  # fmt: skip
    return table(Text("Chance of passing a limit", "超限概率"), columns, rows)


def _charted(found: DesignUncertainty) -> list[str]:
    """Keys of the outcomes whose drivers are drawn: an energy, the coldest water, a cost."""
    wanted = [key for key in _DRIVER_CHARTS if key in found.outcomes][:1]
    for start in ("lowest", "coldest", "cost", "life_cycle", "payback"):
        wanted += [key for key in found.outcomes if key.startswith(start)][:1]
    return list(dict.fromkeys(wanted))[:3]


def _drivers_chart(one: UncertainOutcome) -> Chart:
    ranked = one.drivers.ranked[:_STRONGEST]
    names = tuple(driver.label for driver in ranked)
    places = tuple(float(place) for place in range(len(ranked)))
    trace = Trace(Text("share", "份额"), "bar", places,
                  tuple(rounded(100.0 * driver.share) for driver in ranked),
                  colour=CYCLE[0], origin=("calculated",))  # fmt: skip
    title = Text(f"Drivers: {one.label.en}", f"影响因素：{one.label.zh}")
    return Chart(
        f"design_drivers_{one.key}", title,
        Axis(Text("input", "输入"), kind="category", categories=names),
        (Axis(Text("share of the variance", "方差份额"), "%", from_zero=True),), (trace,), (),
        _DRIVERS.format(explained=words.share(one.drivers.explained, 0)), lying=True,
    )  # fmt: skip


def _inputs(found: DesignUncertainty) -> Table:
    rows: list[Cells] = [
        (
            words.upper_first(one.label), number(one.low, 3), number(one.best, 3),
            number(one.high, 3), _SHAPES.get(one.shape, same(one.shape)),
            _OWN if one.key in found.own else _ASSUMED,
        )
        for one in found.inputs
    ]  # fmt: skip
    columns = (
        (Text("input", "输入"), "l", 2.2), (Text("low", "下限"), "r", 0.8),
        (Text("best", "最佳"), "r", 0.8), (Text("high", "上限"), "r", 0.8),
        (Text("shape", "分布"), "l", 0.9), (Text("origin", "来源"), "l", 1.7),
    )  # fmt: skip
    note = Text(
        "Factors on the best estimate; temperatures are shifts in K; weather runs from −1 (warm) "
        "to 1 (cold); rates stand as they are.",
        "为最佳估计的倍率；温度为偏移量（K）；气象自 −1（暖）至 1（冷）；各比率为其本身数值。",
    )
    return table(Text("Uncertain inputs", "不确定输入"), columns, rows, note)
