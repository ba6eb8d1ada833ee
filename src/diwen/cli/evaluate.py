"""``diwen evaluate``: indicators of a site over a period, with uncertainty, coverage and grade."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from diwen.language import Language, Text, preferred, same
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from rich.console import Console

    from diwen.evaluation import Evaluation, Result

_COLUMNS = (
    Text("Indicator", "指标"),
    Text("Of", "对象"),
    Text("Value", "数值"),
    Text("Boundary, mode", "边界、工况"),
    Text("Coverage", "数据完整率"),
    Text("Judgement", "判定"),
)
_RECORD_COLUMNS = (
    Text("Record", "记录"),
    Text("Printed", "原表值"),
    Text("Recomputed", "复算值"),
    Text("Finding", "核查结果"),
)
# Width of the tables where there is no terminal that says its own.
_PIPED_WIDTH = 120
_INDICATIVE = Text("indicative", "仅供参考")
_NOT_RESOLVED = Text("grade not resolved", "等级无法判定")
_NO_GRADE = Text("no grade", "不定级")
_REFUSED = Text("Not computable from this data", "依现有数据不予计算")
_REASON = Text("Reason", "原因")
_MISSING = Text("missing: {points}", "缺少：{points}")
_NOTHING = Text("Nothing could be computed for {period}.", "{period} 内没有可计算的指标。")
_NO_SUCH = Text("there is no such result", "没有这项指标")
_NO_SUCH_CURE = Text("write one of them, or a catalogue number", "请填其中之一，或指标编号")
_EPILOG = (
    "Examples 示例:"
    "\n\ndiwen evaluate my-plant --period 2024-heating"
    "\n\ndiwen evaluate my-plant --period 2024-12-01..2024-12-15 --only spf --notes"
    "\n\ndiwen evaluate my-plant --period 2024 --json > 2024.json"
)
_RECORDS = Text(
    "{records:,} records, {points} points with data; rules of {day}, {region}",
    "{records:,} 条记录，{points} 个测点有数据；按 {day} 的规则（{region}）",
)
_ILLUSTRATIVE = Text("illustrative example, no real plant", "示例数据，并非真实项目")
_INTERVAL = Text(
    "± is the expanded uncertainty, k = 2; without ± an accuracy is unknown.",
    "± 为扩展不确定度（k = 2）；未注 ± 表示有测点准确度未知或不适用。",
)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("evaluate", epilog=_EPILOG)(evaluate_command)


def evaluate_command(
    site: Path = typer.Argument(..., help="Site folder. 项目文件夹。"),
    period: str = typer.Option(
        "all", "--period", "-p", help="2018-12, 2018-Q4, 2018, 2018-heating, FROM..TO, all 评价周期"
    ),
    only: str = typer.Option("", "--only", help="One result id or catalogue number. 仅看一项。"),
    notes: bool = typer.Option(
        False, "--notes", help="Say how each value was found. 显示计算说明。"
    ),
    json_output: bool = typer.Option(False, "--json", help="Machine-readable. 输出 JSON。"),
    language: str = typer.Option("", "--language", help="en or zh"),
) -> None:
    """Evaluate a site over a period. 评价一个项目。"""
    import diwen.site
    from diwen import evaluation

    tongue: Language = language if language in ("en", "zh") else preferred()  # type: ignore[assignment]
    evaluated = evaluation.evaluate(diwen.site.read(site), period)
    chosen = [result for result in evaluated.results if _wanted(result, only)]
    if only and not chosen:
        known = ", ".join(sorted({result.id for result in evaluated.results}))
        raise InputError(
            [Problem("diwen evaluate", "--only", _NO_SUCH, _NO_SUCH_CURE, only, same(known))]
        )
    if json_output:
        import json

        answer = evaluated.as_dict()
        answer["results"] = [result.as_dict() for result in chosen]
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        from diwen.evaluation.condensed import condensed

        _show(evaluated, list(condensed(chosen)), tongue, notes)
    if all(result.status == "refused" for result in chosen):
        if not json_output:
            text = _NOTHING.format(period=evaluated.period.text)
            typer.echo(text.to(tongue), err=True)
        raise typer.Exit(1)


def _wanted(result: Result, only: str) -> bool:
    return not only or only in (result.id, result.catalogue)


def _show(evaluated: Evaluation, chosen: list[Result], language: Language, notes: bool) -> None:
    """Tables by subject, their footnotes, then what was refused."""
    from rich.console import Console

    from diwen.evaluation.families import FAMILIES

    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console = Console(width=_PIPED_WIDTH, markup=False, highlight=False)
    _heading(console, evaluated, language)
    footnotes: dict[str, int] = {}
    for family, heading in FAMILIES:
        rows = [r for r in chosen if r.family == family and r.status != "refused"]
        if rows:
            console.print(f"\n{heading.to(language)}", style="bold")
            _table(console, rows, language, notes, footnotes)
        for result in rows:
            if result.id == "record_errors":
                _printed(console, result, language)
    if footnotes:
        console.print()
    for text, number in footnotes.items():
        console.print(f"({number}) {text}")
    lacking = [result for result in chosen if result.status == "refused"]
    if lacking:
        console.print(f"\n{_REFUSED.to(language)}", style="bold")
        _refusals(console, lacking, language)
    if len(lacking) < len(chosen):
        console.print(f"\n{_INTERVAL.to(language)}", style="dim")


def _heading(console: Console, evaluated: Evaluation, language: Language) -> None:
    data = evaluated.data
    console.print(
        f"{evaluated.site_name.to(language)}  {evaluated.period.text.to(language)}",
        style="bold",
        highlight=False,
    )
    with_data = sum(share is not None for share in data.coverage.values())
    line = _RECORDS.format(
        records=data.records,
        points=with_data,
        day=evaluated.rules_day.isoformat(),
        region=evaluated.rules_region,
    )
    console.print(line.to(language))
    if data.stale_text is not None:
        console.print(data.stale_text.to(language), style="yellow", highlight=False, markup=False)
    if evaluated.illustrative:
        console.print(_ILLUSTRATIVE.to(language), style="yellow")


def _table(
    console: Console,
    rows: Iterable[Result],
    language: Language,
    notes: bool,
    footnotes: dict[str, int],
) -> None:
    from rich.table import Table

    from diwen.evaluation.words import boundary_name, thing_name

    table = Table(box=None, pad_edge=False, header_style="dim")
    for index, column in enumerate(_COLUMNS):
        table.add_column(
            column.to(language),
            justify="right" if index in (2, 4) else "left",
            no_wrap=index == 2,
        )
    comma = "，" if language == "zh" else ", "
    for result in rows:
        inside = boundary_name(result.boundary).to(language)
        table.add_row(
            result.title.to(language),
            thing_name(result).to(language),
            shown(result, language),
            comma.join(filter(None, (inside, _mode(result.mode, language)))),
            "" if result.coverage is None else f"{100.0 * result.coverage:.1f} %",
            _judgement(result, language, footnotes),
        )
        if notes:
            for note in result.notes:
                table.add_row(f"  {note.to(language)}", style="dim")
    console.print(table)


def _printed(console: Console, result: Result, language: Language) -> None:
    """Printed numbers of manual records that do not follow from their inputs."""
    from rich.table import Table

    from diwen.evaluation.words import mode_name

    wrong = [line for line in result.detail["table"] if line["agrees"] is False]
    if not wrong:
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for index, column in enumerate(_RECORD_COLUMNS):
        table.add_column(
            column.to(language), justify="right" if index in (1, 2) else "left", overflow="fold"
        )
    for line in wrong:
        right = line["recomputed"]
        record = mode_name(line["record"]).to(language)
        table.add_row(
            f"{record}: {line['name'][language]} {line['of']}".strip(),
            f"{line['printed']} {line['unit']}".strip(),
            "" if right is None else f"{right:.{line['decimals']}f} {line['unit']}".strip(),
            line["finding"][language],
        )
    console.print(table)


def shown(result: Result, language: Language) -> str:
    """Value with uncertainty and unit, in the characters that reports and pages print."""
    from diwen.quantities import printed
    from diwen.reports.numbers import with_uncertainty

    if result.value is None:
        return ""
    unit = printed(result.unit, language)
    return with_uncertainty(result.value, result.uncertainty, unit, result.decimals, result.bounds)


def _mode(mode: str, language: Language) -> str:
    """A mode in words; nothing for all modes together."""
    from diwen.evaluation.words import mode_name

    return "" if mode == "all" else mode_name(mode).to(language)


def _judgement(result: Result, language: Language, footnotes: dict[str, int]) -> str:
    """Grade or "indicative", with the number of the footnote that says why."""
    word: str = ""
    why: Text | None = None
    if result.grade is not None:
        label = result.grade.label if result.grade.resolved else _NOT_RESOLVED
        word, why = label.to(language), result.grade.text
    elif result.status == "indicative":
        word, why = _INDICATIVE.to(language), result.reason
    else:
        withheld = result.detail.get("grade_withheld")
        if isinstance(withheld, Text):
            word, why = _NO_GRADE.to(language), withheld
    if why is None:
        return word
    number = footnotes.setdefault(why.to(language), len(footnotes) + 1)
    return f"{word} ({number})"


def _refusals(console: Console, rows: Iterable[Result], language: Language) -> None:
    """Results that share reason and missing points stand in one row."""
    from rich.table import Table

    from diwen.evaluation.words import point_role, thing_name

    grouped: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    bracketed = "（{}）" if language == "zh" else " ({})"
    for result in rows:
        reason = "" if result.reason is None else result.reason.to(language)
        what = f"{result.name.to(language)} {thing_name(result).to(language)}".strip()
        if result.of and result.boundary.endswith(result.of):
            what = result.boundary
        mode = _mode(result.mode, language)
        named = f"{what}{bracketed.format(mode)}" if mode else what
        grouped.setdefault((reason, result.missing), []).append(named)
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(_COLUMNS[0].to(language), ratio=2, overflow="fold")
    table.add_column(_REASON.to(language), ratio=3, overflow="fold")
    for (reason, missing), names in grouped.items():
        text = reason
        if missing:
            lacking = ("; " if language == "en" else "；").join(
                point_role(point).to(language) for point in missing
            )
            text += "\n" + _MISSING.format(points=lacking).to(language)
        comma = ", " if language == "en" else "、"
        table.add_row(comma.join(dict.fromkeys(names)), text)
    console.print(table)
