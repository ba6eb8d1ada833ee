"""What ``diwen wells`` prints for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from diwen.design.well_group_study import SHARE_YEARS
from diwen.design.well_study import WellStudy
from diwen.language import Language, Text
from diwen.reports.document import LIGHTS
from diwen.reports.well_field import WHAT_IF, judgement
from diwen.reports.well_field_sections import model_notes
from diwen.reports.well_field_tables import BREAKTHROUGH_SHARES, days, tenths
from diwen.reports.well_group_tables import PLUME_MODELS

if TYPE_CHECKING:
    from diwen.design.well_check_result import WellChecks
    from diwen.design.well_group_study import WellGroupStudy

    AnyStudy = WellStudy | WellGroupStudy

_HEAD = Text(
    "{name}: {wells} wells, {flow} m³/h, {years} years, simulated",
    "{name}：{wells} 口井，{flow} m³/h，{years} 年，模拟",
)
_HEAD_ONE = Text(
    "{name}: one well, {flow} m³/h, {years} years, simulated",
    "{name}：1 口井，{flow} m³/h，{years} 年，模拟",
)
_ILLUSTRATIVE = Text("illustrative example, no real plant", "示例数据，并非真实项目")
_FAILED = Text("  ■ {name}: {why}", "  ■ {name}：{why}")
_NEEDS = Text("    would need: {cure}", "    改法：{cure}")
_BROKEN = Text("  ■ {what}", "  ■ {what}")
_ALL_CHECKS = Text(
    "All checks with their rules: diwen check SITE --wells",
    "全部校核项及依据：diwen check 项目文件夹 --wells",
)
_LEVELS = Text(
    "Water levels at design flow: at rest {rest} m deep, return {up} m (head {head} m), pumped "
    "{down} m (drawdown {draw} m); of the ground alone, with water at its natural temperature "
    "(the checks add cold water and well losses).",
    "设计流量下水位埋深：静水位 {rest} m，回水水位 {up} m（回灌水头 {head} m），"
    "动水位 {down} m（降深 {draw} m）；仅计地层阻力，按天然水温（校核另计低温水黏度与井损）。",
)
_HEADS = Text(
    "Heads at design flow: return {head} m, drawdown {draw} m; of the ground alone, with water at "
    "its natural temperature (the checks add cold water and well losses).",
    "设计流量下回灌水头 {head} m，降深 {draw} m；仅计地层阻力，按天然水温"
    "（校核另计低温水黏度与井损）。",
)
_LAYER = Text("Returned water that stays in its layer: {share} %.", "同层回灌份额：{share} %。")
_GROUP_HEADS = Text("Heads of the wells at design flow: {heads}.", "设计流量下各井水头：{heads}。")
_BREAKTHROUGH = Text("Breakthrough, days of pumping: {parts}.", "热突破（抽水天数）：{parts}。")
_NO_BREAKTHROUGH = Text("No returned water reaches the pumped wells.", "回灌水不会到达抽水井。")
_RETURNING = Text(
    "Returned water in the pumped water, as run: {parts}.", "取水中回灌水份额（按运行）：{parts}。"
)
_AFTER = Text("{share} % after {years} a", "{years} 年后 {share} %")
_PLUME = Text("Plume of 1 K after {years} years: {parts}.", "{years} 年后 1 K 热影响羽：{parts}。")
_SIZE = Text("{model} {length} × {width} m", "{model} {length} × {width} m")
_POINTS = Text(
    "Operating points (each row is one point; never mix rows):",
    "工况点（每行为一个独立工况，不可混用）：",
)
_POINT_COLUMNS = (
    Text("point", "工况"), Text("heat, kW", "热量，kW"), Text("flow, m³/h", "流量，m³/h"),
    Text("difference, K", "温差，K"),
)  # fmt: skip
_YEARS = Text(
    "Years, simulated; water in hours with a load, °C:", "历年结果（模拟），有负荷小时水温，°C："
)
_YEAR_COLUMNS = (
    Text("year", "年"), Text("taken, MWh", "取热，MWh"), Text("given, MWh", "放热，MWh"),
    Text("pumped low", "取水最低"), Text("pumped high", "取水最高"),
    Text("returned low", "回水最低"), Text("returned high", "回水最高"),
)  # fmt: skip
_SHOWN_YEARS = (1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 75)
_SETTLED = Text(
    "Water and heat pumps settled in {rounds} rounds to {change} K.",
    "水温与机组能效经 {rounds} 轮迭代，收敛至 {change} K。",
)
_WRITTEN = Text("Written:", "已写入：")


def show(
    study: AnyStudy, checks: WellChecks, files: Sequence[Path], language: Language
) -> None:  # fmt: skip
    """Print judgement, levels, breakthrough, operating points, years, model and files."""
    for problem in dict.fromkeys((*study.warnings, *checks.notes)):
        typer.echo(problem.to(language), err=True)
    _say(_head(study, checks), language)
    if isinstance(study, WellStudy):
        _say(_circulation(study), language)
    else:
        _say(_group(study), language)
    typer.echo()
    _say([_POINTS], language)
    _table(_POINT_COLUMNS, _point_rows(study, language), language)
    _say([_YEARS], language)
    _table(_YEAR_COLUMNS, _year_rows(study), language)
    if isinstance(study, WellStudy):
        _say(model_notes(study)[1:], language)
    if study.rounds:
        _say([_SETTLED.format(rounds=study.rounds, change=f"{study.settled:.4f}")], language)
    for note in study.notes:
        typer.echo(f"  {note.to(language)}", err=True)
    if files:
        _say([_WRITTEN], language)
        for path in files:
            typer.echo(f"  {path}")


def _say(lines: Iterable[Text], language: Language) -> None:
    for line in lines:
        typer.echo(line.to(language))


def _head(study: AnyStudy, checks: WellChecks) -> list[Text]:
    """What it is, and the judgement with reasons and cures."""
    light, sentence = judgement(study, checks)
    sign = LIGHTS[light][0]
    count = study.count if isinstance(study, WellStudy) else len(study.built.names)
    flow = study.built.total_flow if isinstance(study, WellStudy) else study.built.flow
    lines = [
        (_HEAD if count > 1 else _HEAD_ONE).format(
            name=study.site.name, wells=count, flow=f"{3600.0 * flow:.3g}", years=study.years
        )
    ]
    if study.site.illustrative:
        lines.append(_ILLUSTRATIVE)
    lines.append(Text(f"{sign} {sentence.en}", f"{sign} {sentence.zh}"))
    for check in checks.failures:
        lines.append(_FAILED.format(name=check.name, why=check.why))
        if check.what_to_change is not None:
            lines.append(_NEEDS.format(cure=check.what_to_change))
    lines += [_BROKEN.format(what=text) for text in study.broken_limits]
    if checks.refused:
        lines.append(WHAT_IF)
    return [*lines, _ALL_CHECKS, Text("", "")]


def _circulation(study: WellStudy) -> list[Text]:
    rest, head, draw = study.built.static_level, study.injection_head, study.drawdown
    if rest is None:
        levels = _HEADS.format(head=f"{head:.1f}", draw=f"{draw:.1f}")
    else:
        levels = _LEVELS.format(
            rest=f"{rest:.1f}", up=f"{rest - head:.1f}", head=f"{head:.1f}",
            down=f"{rest + draw:.1f}", draw=f"{draw:.1f}",
        )  # fmt: skip
    layer = _LAYER.format(share=f"{100.0 * study.paths.closed_share:.1f}")
    return [levels, layer, _breakthrough(study)]


def _group(study: WellGroupStudy) -> list[Text]:
    lines = []
    if study.heads:
        heads = ", ".join(f"{name} {head:.1f} m" for name, head in study.heads.items())
        lines.append(_GROUP_HEADS.format(heads=heads))
    if study.arrivals is None:
        return lines
    if study.first_arrival is None:
        lines.append(_NO_BREAKTHROUGH)
    else:
        lines.append(_breakthrough(study))
        parts = [
            _AFTER.format(share=f"{100.0 * study.recirculated(years):.0f}", years=years)
            for years in SHARE_YEARS
        ]
        lines.append(_RETURNING.format(parts=_joined(parts)))
    sizes = [
        _SIZE.format(
            model=PLUME_MODELS[size.model], length=f"{size.length:.0f}", width=f"{size.width:.0f}"
        )
        for size in study.plumes
    ]
    return [*lines, _PLUME.format(years=study.years, parts=_joined(sizes))] if sizes else lines


def _breakthrough(study: AnyStudy) -> Text:
    parts = [
        Text(f"{100.0 * share:.0f} % {days(study.days_to(share)).en}",
             f"{100.0 * share:.0f} % 为 {days(study.days_to(share)).zh}")
        for share in BREAKTHROUGH_SHARES
    ]  # fmt: skip
    return _BREAKTHROUGH.format(parts=_joined(parts))


def _joined(parts: Sequence[Text]) -> Text:
    return Text(", ".join(part.en for part in parts), "，".join(part.zh for part in parts))


def _point_rows(study: AnyStudy, language: Language) -> list[list[str]]:
    return [
        [point.name.to(language), f"{point.heat / 1e3:,.0f}", f"{point.flow * 3600.0:,.0f}",
         f"{point.drop:.2f}"]
        for point in study.operating_points()
    ]  # fmt: skip


def _year_rows(study: AnyStudy) -> list[list[str]]:
    series = (
        study.extraction / 3.6e9, study.injection / 3.6e9, study.lowest("pumped"),
        study.highest("pumped"), study.lowest("returned"), study.highest("returned"),
    )  # fmt: skip
    last = study.years
    shown = sorted({*(year for year in _SHOWN_YEARS if year < last), last})
    return [[f"{year}", *(tenths(values[year - 1]) for values in series)] for year in shown]


def _table(
    columns: Sequence[Text], rows: Iterable[Sequence[str]], language: Language
) -> None:  # fmt: skip
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column.to(language), justify="right" if number else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console = Console(markup=False, highlight=False, width=120)
    console.print(table)
    typer.echo()
