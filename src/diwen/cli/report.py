"""``diwen report``: the report of a month, a season or a year, as HTML and PDF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from diwen.language import LANGUAGES, Language, Text, preferred
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diwen.reports import Format, Report
    from diwen.site import Site

_Choice = TypeVar("_Choice", bound=str)

_DONE = Text("Report written:", "报告已生成：")
_CHOICE = Text("not one of the choices", "不在可选范围内")
_CHOICE_CURE = Text("write one or more of them, with commas between", "可填一项或多项，以逗号分隔")


_EPILOG = (
    "Examples 示例:"
    "\n\ndiwen report my-plant --period 2024-12"
    "\n\ndiwen report my-plant --period 2024-heating --language zh --format pdf -o out"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report", epilog=_EPILOG)(report)


def report(
    site: Path = typer.Argument(..., help="Site folder. 项目文件夹。"),
    period: str = typer.Option(
        ...,
        "--period",
        "-p",
        help="2018-12 (month), 2018-Q4, 2018-heating or 2018-cooling (season), 2018 (year), "
        "2018-12-01..2018-12-15, all. 评价周期。",
    ),
    language: str = typer.Option("both", "--language", help="en, zh or both. 报告语言。"),
    formats: str = typer.Option("html,pdf", "--format", help="html, pdf or both. 文件格式。"),
    output: Path | None = typer.Option(
        None, "--output", "-o", help="Folder to write to. Default: SITE/reports. 输出文件夹。"
    ),
    as_json: bool = typer.Option(
        False, "--json", help="Print paths and the evaluation as JSON. 以 JSON 输出。"
    ),
) -> None:
    """Write the report of a month, a season or a year. 生成月度、季度或年度报告。"""
    languages = _languages(language)
    wanted = _formats(formats)
    import diwen

    built = _build(diwen.read(site), period, languages, wanted, output, quiet=as_json)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "files": [str(path) for path in built.files],
                    "evaluation": built.evaluation.as_dict(),
                },
                ensure_ascii=False,
                indent=2,
            )
        )
        return
    typer.echo(_DONE.to(preferred()))
    for path in built.files:
        typer.echo(f"  {path}")


def _build(
    site: Site,
    period: str,
    languages: Sequence[Language],
    formats: Sequence[Format],
    output: Path | None,
    quiet: bool,
) -> Report:
    """Build with a moving line on the terminal that says what is being done."""
    from rich.console import Console

    from diwen import reports

    console = Console(stderr=True, quiet=quiet)
    with console.status("") as status:
        return reports.build(
            site,
            period,
            languages,
            formats,
            output,
            lambda step: status.update(step.to(preferred())),
        )


def _languages(asked: str) -> tuple[Language, ...]:
    if asked.strip().lower() == "both":
        return LANGUAGES
    return tuple(_chosen("--language", asked, LANGUAGES, Text("en, zh, both", "en、zh、both")))


def _formats(asked: str) -> tuple[Format, ...]:
    from diwen.reports import FORMATS

    if asked.strip().lower() == "both":
        return FORMATS
    return tuple(_chosen("--format", asked, FORMATS, Text("html, pdf", "html、pdf")))


def _chosen(option: str, asked: str, choices: tuple[_Choice, ...], allowed: Text) -> list[_Choice]:
    """The choices named in a text with commas, in their own order.

    Raises
    ------
    InputError : a word is none of them, or there is no word at all
    """
    words = [word.strip().lower() for word in asked.split(",") if word.strip()]
    wrong = [word for word in words if word not in choices]
    if wrong or not words:
        found = ", ".join(wrong) or asked
        raise InputError([Problem("diwen report", option, _CHOICE, _CHOICE_CURE, found, allowed)])
    return [choice for choice in choices if choice in words]
