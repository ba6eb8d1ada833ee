"""``diwen rules``: what holds here on this day, with where it stands and how sure it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from diwen.cli._wide_table import print_table
from diwen.language import LANGUAGES, Language, Text, preferred
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from rich.table import Table

    from diwen.rules import Row, Rules, RulesOn

# Columns where the output is no terminal: 80 would break the ids.
_WIDTH = 140

_HEADING = Text("Rules in force on {day} in {region}", "{day} 在{region}适用的规则")
_HEADING_ALL = Text("Rules in force on {day}, all regions", "{day} 各地区适用的规则")
_EVERY = Text("Rules of every date and region", "全部日期和地区的规则")
_DIGEST = Text(
    "rule data sha256 {digest}, {count} rows shown", "规则数据 sha256 {digest}，共列出 {count} 条"
)
_NOTHING = Text("No rule found for: {query}", "没有找到规则：{query}")
_NEAREST = Text("Did you mean: {names}", "您是否要找：{names}")
_ELSEWHERE = Text(
    "{count} rows hold on other days or in other regions: add --all to see them.",
    "另有 {count} 条适用于其他日期或地区：加 --all 可查看。",
)
_HINT = Text(
    "Ask for a quantity, a standard or a word: diwen rules cop_sys; diwen rules 水资源税",
    "可按指标、标准或词语查询：diwen rules cop_sys；diwen rules 水资源税",
)
_READ = Text(
    "✓ means read there, not compared with the official text.",
    "✓ 表示见于该资料，未与正式文本核对。",
)
_FROM = Text("from {day}", "{day} 起")
_TO = Text("to {day}", "至 {day}")
_COLUMNS = {
    "rule": Text("rule", "规则"),
    "value": Text("value", "取值"),
    "standard": Text("standard", "标准"),
    "validity": Text("valid", "有效期"),
    "region": Text("region", "地区"),
    "evidence": Text("evidence", "依据类别"),
    "indicator": Text("indicator", "指标"),
    "unit": Text("unit", "单位"),
    "rows": Text("rows", "条数"),
    "verified": Text("verified", "已核实"),
    "empty": Text("empty", "空缺"),
}


_EPILOG = (
    "Examples 示例:\n\ndiwen rules cop_sys --on 2026-01-01 --region Beijing\n\ndiwen rules --json"
)


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(name="rules", epilog=_EPILOG)
    def rules_command(
        query: list[str] | None = typer.Argument(
            None, help="Words: a KPI, a standard, a rule id. 关键词：指标、标准或条目标识。"
        ),
        on: str = typer.Option(
            "", "--on", help="Day, such as 2026-01-01. Default: today. 日期，默认今天。"
        ),
        region: str = typer.Option("", "--region", help="Region, such as Beijing or 北京. 地区。"),
        standard: str = typer.Option("", "--standard", help="Only this standard. 仅该标准。"),
        own: Path | None = typer.Option(
            None, "--own", help="Folder with your own rule tables. 自有规则表文件夹。"
        ),
        every: bool = typer.Option(
            False, "--all", help="Rows of every date and region. 全部日期与地区。"
        ),
        as_json: bool = typer.Option(False, "--json", help="Machine-readable answer. 输出 JSON。"),
        language: str = typer.Option("", "--language", help="en or zh. 语言。"),
    ) -> None:
        """Rules that hold on a day in a region: limits, grades, factors, tariffs.

        某日某地适用的限值、等级、系数与补贴。
        """
        from diwen.rules import load, search

        spoken = _language(language)
        book = load(own)
        bound = book.on(_day(on), region or None)
        words = list(query or ())
        shown = book.rows(standard=standard or None) if every else bound.rows(standard=standard)
        rows = search.find(shown, book.words, words) if words else list(shown)
        if as_json:
            nearest = [] if rows else search.nearest(book.words, book.all, words)
            typer.echo(_as_json(book, bound, rows, nearest, every))
            raise typer.Exit(0 if rows else 1)
        if not rows:
            typer.echo(_NOTHING.format(query=" ".join(filter(None, [*words, standard]))).to(spoken))
        elif not words and not standard and not every:
            _print_summary(rows, spoken)
        else:
            _print_rows(book, bound, rows, every, spoken)
        everywhere = book.rows(standard=standard or None)
        found = search.find(everywhere, book.words, words) if words else list(everywhere)
        if len(found) > len(rows):
            typer.echo(_ELSEWHERE.format(count=len(found) - len(rows)).to(spoken))
        if not found:
            _say_nearest(book, words, spoken)
        if not rows:
            raise typer.Exit(1)


def _as_json(
    book: Rules, bound: RulesOn, rows: Sequence[Row], nearest: list[str], every: bool
) -> str:
    answer = {
        "on": None if every else bound.day.isoformat(),
        "region": None if every or bound.chain is None else bound.chain[0],
        "digest": book.digest,
        "rows": [row.as_dict() for row in rows],
        "nearest": nearest,
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _say_nearest(book: Rules, query: list[str], language: Language) -> None:
    from diwen.rules import search

    nearest = search.nearest(book.words, book.all, query)
    if nearest:
        typer.echo(_NEAREST.format(names=", ".join(nearest)).to(language))
    typer.echo(_HINT.to(language))


def _print_summary(rows: Iterable[Row], language: Language) -> None:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(replace(row, clause="").name.to(language), []).append(row)
    table = _table("standard", "rows", "verified", "empty", language=language)
    for standard in sorted(groups):
        members = groups[standard]
        verified = sum(row.verified for row in members)
        empty = sum(row.empty for row in members)
        table.add_row(standard, str(len(members)), str(verified), str(empty))
    print_table(table, _WIDTH)
    typer.echo(_HINT.to(language))


def _print_rows(
    book: Rules, bound: RulesOn, rows: Sequence[Row], every: bool, language: Language
) -> None:
    named = _HEADING_ALL if bound.chain is None else _HEADING
    heading = _EVERY if every else named.format(day=bound.day.isoformat(), region=bound.region)
    typer.echo(heading.to(language))
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.quantity, []).append(row)
    for quantity, members in groups.items():
        title = f"{book.words.by_key[quantity].text.to(language)}  [{quantity}]"
        if quantity == "groundwater_class":
            _print_classes(title, members, language)
        else:
            _print_group(title, members, book, language)
    _print_marks(rows, language)
    typer.echo(_DIGEST.format(digest=book.digest[:12], count=len(rows)).to(language))


def _print_marks(rows: Iterable[Row], language: Language) -> None:
    """What the marks that occur mean, once each."""
    from diwen.rules.row import EVIDENCE

    comma, stop = ("；", "。") if language == "zh" else ("; ", ".")
    marks = {_mark(row): EVIDENCE[row.evidence].to(language) for row in rows}
    typer.echo(comma.join(f"{mark}: {text}" for mark, text in sorted(marks.items())) + stop)
    if any(mark.startswith("✓") for mark in marks):
        typer.echo(_READ.to(language))


def _print_group(title: str, rows: Iterable[Row], book: Rules, language: Language) -> None:
    table = _table(
        "rule", "value", "standard", "validity", "region", "evidence",
        title=title, language=language,
    )  # fmt: skip
    for row in rows:
        text = f"{_plain(row.text.to(language))}\n[dim]{row.id}[/dim]"
        if note := row.note.to(language):
            text += f"\n[italic]{_plain(note)}[/italic]"
        region = book.regions.by_key[row.region].text.to(language) if row.region else ""
        table.add_row(
            text,
            _value(row, language),
            _plain(row.name.to(language)),
            _validity(row, language),
            region,
            _mark(row),
        )
    print_table(table, _WIDTH)


def _print_classes(title: str, rows: Iterable[Row], language: Language) -> None:
    """Water classes as the standard prints them: an indicator per line, a column per class."""
    table = _table("indicator", "unit", "standard", title=title, language=language)
    for label in ("I", "II", "III", "IV"):
        table.add_column(label, justify="right", no_wrap=True)
    table.add_column(_COLUMNS["evidence"].to(language), no_wrap=True)
    lines: dict[str, list[Row]] = {}
    for row in rows:
        lines.setdefault(row.id.rpartition(".")[0], []).append(row)
    for members in lines.values():
        first = members[0]
        limits = {row.applies["class"]: row.printed(language) for row in members}
        name = Text(first.applies["name_en"], first.applies["name_zh"]).to(language)
        cells = (limits.get(label, "") for label in ("I", "II", "III", "IV"))
        table.add_row(name, first.unit, first.name.to(language), *cells, _mark(first))
    print_table(table, _WIDTH)


def _table(*columns: str, language: Language, title: str | None = None) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title and _plain(title), title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        number = column in ("value", "rows", "verified", "empty")
        table.add_column(
            _COLUMNS[column].to(language),
            justify="right" if number else "left",
            overflow="fold",
            no_wrap=column in ("validity", "evidence", "rows", "verified", "empty"),
        )
    return table


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _value(row: Row, language: Language) -> str:
    from diwen.quantities import printed

    if row.empty:
        return f"[dim]{_COLUMNS['empty'].to(language)}[/dim]"
    unit = "" if row.value is None else printed(row.unit, language)
    return _plain(f"{row.printed(language)} {unit}".strip())


def _validity(row: Row, language: Language) -> str:
    ends = ((_FROM, row.valid_from), (_TO, row.valid_to))
    return "\n".join(text.format(day=day).to(language) for text, day in ends if day is not None)


def _mark(row: Row) -> str:
    if row.evidence == "NF":
        return f"– {row.evidence}"
    if row.evidence == "E":
        return f"○ {row.evidence}"
    return f"{'✓' if row.verified else '?'} {row.evidence}"


def _day(text: str) -> date:
    if not text:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = Text("not a day", "不是日期")
        cure = Text("write year-month-day, such as 2026-01-01", "请写作 年-月-日，如 2026-01-01")
        raise InputError([Problem("diwen rules", "--on", message, cure, text)]) from None


def _language(text: str) -> Language:
    if not text:
        return preferred()
    for language in LANGUAGES:
        if text.casefold() == language:
            return language
    message = Text("unknown language", "未知的语言")
    cure = Text("write en or zh", "请写 en 或 zh")
    raise InputError([Problem("diwen rules", "--language", message, cure, text)])
