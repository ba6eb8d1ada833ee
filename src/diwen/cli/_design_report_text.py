"""What ``diwen design-report`` says on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from diwen.language import Language, Text

if TYPE_CHECKING:
    from diwen.design.station_design import StationDesign

_HEAD = Text("{name}: design, {years} years simulated", "{name}：设计方案，模拟运行 {years} 年")
_ILLUSTRATIVE = Text("illustrative example, no real plant", "示例数据，并非真实项目")
_ROW = Text("  {name}: {value} ({said})", "  {name}：{value}（{said}）")
_PLAIN = Text("  {name}: {value}", "  {name}：{value}")
_COUNTS = Text("Rules: {parts}", "规范校核：{parts}")
_FAILS = Text("  not kept: {name}: {value}, limit {limit} ({rule})",
              "  不满足：{name}：{value}，限值 {limit}（{rule}）")  # fmt: skip
_CURE = Text("    cure: {text}", "    改进：{text}")
_SHORT = Text("SHORT: {text}", "不足：{text}")
_ANY = Text("  would do: {text}", "  可行措施：{text}")
_LOADS = Text(
    "  Highest load, {duty}: {load} kW; units give {capacity} kW then ({margin} %)",
    "  最大{duty}负荷 {load} kW；该时刻机组能力 {capacity} kW（裕量 {margin} %）",
)
_OWN_LIMIT = Text("own limit of the site", "项目自身限值")
_NO_COSTS = Text("Costs not counted: {reason} ({cure})", "未计算费用：{reason}（{cure}）")
_NOT_VERIFIED = Text("{text}, not verified", "{text}，未核实")
_DONE = Text("Report written:", "报告已生成：")


def show(design: StationDesign, files: tuple[Path, ...], language: Language) -> None:
    """The whole answer."""
    from diwen.reports import design_verdict

    for text in _lines(design, design_verdict.judgement(design)[1]):
        typer.echo(text.to(language))
    typer.echo(_DONE.to(language))
    for path in files:
        typer.echo(f"  {path}")


def _lines(design: StationDesign, sentence: Text) -> Iterator[Text]:
    from diwen.reports.design_verdict import findings, later_decline

    yield _HEAD.format(name=design.site.name, years=len(design.run.years))
    if design.site.illustrative:
        yield _ILLUSTRATIVE
    yield sentence
    if (later := later_decline(design)) is not None:
        yield later
    yield from _loads(design)
    for one in findings(design):
        if one.judgement.en:
            yield _ROW.format(name=one.name, value=one.value, said=one.judgement)
        else:
            yield _PLAIN.format(name=one.name, value=one.value)
    for problem in design.economics_refused:
        yield _NO_COSTS.format(reason=problem.message, cure=problem.cure)
    for lack in design.shortfalls:
        yield _SHORT.format(text=lack.text)
        for cure in lack.cures:
            yield _ANY.format(text=cure.text)
    yield from _rules(design)


def _loads(design: StationDesign) -> Iterator[Text]:
    from diwen.reports import design_words as words

    for hour in design.plant.hours:
        yield _LOADS.format(
            duty=words.DUTIES[hour.duty], load=words.kw(hour.load),
            capacity=words.kw(hour.capacity + hour.backup), margin=words.share(hour.margin),
        )  # fmt: skip


def _rules(design: StationDesign) -> Iterator[Text]:
    from diwen.design.station_design.design_result import STATUSES
    from diwen.reports.design_compliance_section import limit_of
    from diwen.reports.design_words import with_unit

    counted = [(STATUSES[name], count) for name, count in design.statuses().items() if count]
    parts = Text(
        ", ".join(f"{name.en} {count}" for name, count in counted),
        "，".join(f"{name.zh} {count}" for name, count in counted),
    )
    yield _COUNTS.format(parts=parts)
    for row in design.compliance:
        if row.status != "fails":
            continue
        rule = _OWN_LIMIT if row.rule is None else row.rule.name
        if row.rule is not None and not row.verified:
            rule = _NOT_VERIFIED.format(text=rule)
        value = with_unit(row.value, row.unit)
        yield _FAILS.format(name=row.name, value=value, limit=limit_of(row), rule=rule)
        if row.cure is not None:
            yield _CURE.format(text=row.cure)
