"""What ``diwen check --wells`` prints for people: a table a source, then reasons and cures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from diwen.cli._wide_table import print_table
from diwen.cli.check import ILLUSTRATIVE
from diwen.language import Language, Text

if TYPE_CHECKING:
    from rich.table import Table

    from diwen.design.well_check_result import Verdict, WellCheck, WellChecks
    from diwen.site import Site

_HEAD = Text("{site}: can all the water go back?", "{site}：100 % 回灌可行性")
_SOURCE = Text(
    "{name}: {ok} met, {warning}, {fail} not met, {unknown} cannot be judged",
    "{name}：{ok} 项满足，{warning}，{fail} 项不满足，{unknown} 项无法判断",
)
_COLUMNS = (
    Text("", ""), Text("check", "校核项"), Text("value", "计算值"), Text("limit", "限值"),
    Text("margin", "裕度"), Text("unit", "单位"), Text("rule", "依据"),
)  # fmt: skip
_RIGHT = frozenset({2, 3, 4})
_SIGNS: dict[Verdict, str] = {"ok": "●", "warning": "▲", "fail": "■", "unknown": "◆"}
_LEGEND = Text(
    "● met   ▲ warning: an estimate or an unverified limit   ■ not met   ◆ cannot be judged\n"
    "(?) not checked against the official text",
    "● 满足   ▲ 提示：估算值或未经核实的限值   ■ 不满足   ◆ 无法判断\n(?) 尚未与正式文本核对",
)
_OWN = Text("limit of the site", "项目自身限值")
_OWN_LIMITS = frozenset({
    "wellhead_pressure", "pump_submergence", "freezing_at_design", "freezing_in_season",
    "warm_return", "warm_in_season", "coldest_of_years", "warmest_of_years",
})  # fmt: skip
_WELL = Text("{name} (well {well})", "{name}（{well}）")
_OTHER_SEASON = Text("{well}, roles exchanged", "{well}，抽灌互换后")
_SECTIONS: dict[Verdict, Text] = {
    "fail": Text("Why it cannot work, and what would change it:", "不满足的原因与改法："),
    "warning": Text("Warnings:", "提示："),
    "unknown": Text("Cannot be judged:", "无法判断："),
}
_REASON = Text("{name}: {why}.", "{name}：{why}。")
_CURE = Text("Needs: {cure}.", "改法：{cure}。")
_REFUSED = Text(
    "{name}: refused. As described, this design cannot work: {reasons}.",
    "{name}：不予通过。按现有资料，该方案不可行：{reasons}。",
)
_OPEN = Text(
    "{name}: no check refuses the design, but data are missing for {count}; {warnings}.",
    "{name}：未发现不可行之处，但 {count} 项缺少资料；{warnings}。",
)
_SOUND = Text(
    "{name}: no check refuses the design; {warnings}.",
    "{name}：未发现不可行之处；{warnings}。",
)
_COMMA = Text(", ", "、")


def show(site: Site, found: Sequence[WellChecks], language: Language) -> None:
    """Print all sources, refusal last."""
    for checks in found:
        for note in checks.notes:
            typer.echo(note.to(language), err=True)
    typer.echo(_HEAD.format(site=site.name).to(language))
    if site.illustrative:
        typer.echo(ILLUSTRATIVE.to(language))
    for checks in found:
        _show_source(_name(site, checks), checks, language)
    typer.echo(_LEGEND.to(language))
    typer.echo()
    for checks in found:
        typer.echo(_conclusion(_name(site, checks), checks).to(language))


def _name(site: Site, checks: WellChecks) -> str:
    return site.sources[checks.source].name or checks.source


def _show_source(name: str, checks: WellChecks, language: Language) -> None:
    counts: dict[str, object] = {
        verdict: sum(check.verdict == verdict for check in checks.checks) for verdict in _SIGNS
    }
    counts["warning"] = _warnings(checks)
    typer.echo("\n" + _SOURCE.format(name=name, **counts).to(language))
    print_table(_table(checks, language))
    for verdict, title in _SECTIONS.items():
        chosen = [check for check in checks.checks if check.verdict == verdict]
        if not chosen:
            continue
        typer.echo(title.to(language))
        for check in chosen:
            typer.echo(f"  {_SIGNS[verdict]} " + _reason(check).to(language))
            if check.what_to_change is not None:
                typer.echo("    " + _CURE.format(cure=check.what_to_change).to(language))
        typer.echo()


def _reason(check: WellCheck) -> Text:
    return _REASON.format(name=_named(check), why=check.why)


def _named(check: WellCheck) -> Text:
    """The check, with the worst well where every well was judged."""
    if not check.well:
        return check.name
    well = Text(check.well, check.well)
    if check.well.endswith("*"):
        well = _OTHER_SEASON.format(well=check.well[:-1])
    return _WELL.format(name=check.name, well=well)


def _conclusion(name: str, checks: WellChecks) -> Text:
    if checks.refused:
        names = [check.name for check in checks.failures]
        reasons = Text(
            _COMMA.en.join(text.en for text in names), _COMMA.zh.join(text.zh for text in names)
        )
        return _REFUSED.format(name=name, reasons=reasons)
    count = sum(check.verdict == "unknown" for check in checks.checks)
    return (_OPEN if count else _SOUND).format(name=name, count=count, warnings=_warnings(checks))


def _warnings(checks: WellChecks) -> Text:
    """How many checks warn, in words: one warning, two warnings."""
    count = sum(check.verdict == "warning" for check in checks.checks)
    return Text("1 warning" if count == 1 else f"{count} warnings", f"{count} 项提示")


def _table(checks: WellChecks, language: Language) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for number, column in enumerate(_COLUMNS):
        justify = "right" if number in _RIGHT else "left"
        table.add_column(column.to(language), justify=justify, overflow="fold", no_wrap=number != 6)  # type: ignore[arg-type]
    for check in checks.checks:
        unit = "" if check.unit == "1" else check.unit
        table.add_row(
            _SIGNS[check.verdict], _named(check).to(language), _number(check.value),
            _limit(check), _number(check.margin), unit, _rule(check).to(language),
        )  # fmt: skip
    return table


def _limit(check: WellCheck) -> str:
    if check.limit is None:
        return "–"
    sign = {"<=": "≤ ", ">=": "≥ ", "": ""}[check.sense]
    return f"{sign}{_number(check.limit)}"


def _rule(check: WellCheck) -> Text:
    if check.rule is None:
        return _OWN if check.id in _OWN_LIMITS else Text("–", "–")
    sure = "" if check.rule.settled else " (?)"
    return Text(check.rule.name.en + sure, check.rule.name.zh + sure)


def _number(value: float | None) -> str:
    """Three figures; a dash for what is not there."""
    if value is None or not math.isfinite(value):
        return "–"
    if value == 0.0:
        return "0"
    if abs(value) >= 100.0:
        return f"{value:.0f}"
    return f"{value:.3g}"
