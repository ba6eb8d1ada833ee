"""Tables of a test's evaluation as printed for people, and the table of its checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from diwen.cli._wide_table import print_table
from diwen.language import Language, Text

if TYPE_CHECKING:
    from rich.table import Table

    from diwen.survey.rule_check import Check, Quality

_QUALITY = Text(
    "Quality of the test: {passed} requirements met, {failed} not met, {unknown} cannot be judged",
    "试验质量：{passed} 项满足，{failed} 项不满足，{unknown} 项无法判定",
)
_COLUMNS = {
    "check": Text("check", "检查项"),
    "value": Text("test", "试验"),
    "limit": Text("limit", "限值"),
    "rule": Text("rule", "依据"),
    "outcome": Text("outcome", "结论"),
}
_SIGNS = {"passed": "●", "failed": "■", "unknown": "◆"}
_MISSING = Text("missing: {what}", "缺少：{what}")
_UNVERIFIED = Text("(?) not checked against the official text", "(?) 尚未与正式文本核对")


def say_checks(quality: Quality, language: Language) -> None:
    """The checks against the rules, failures first."""
    counts = {name: len(quality.with_outcome(name)) for name in _SIGNS}  # type: ignore[arg-type]
    typer.echo(_QUALITY.format(**counts).to(language))
    table = simple_table(_COLUMNS, language, right=("limit",), unbroken=("limit", "outcome"))
    for group in _grouped(quality.checks):
        for cells in _group_rows(group, language):
            table.add_row(*cells)
    print_table(table)
    if any(not check.told for check in quality.checks):
        typer.echo(_UNVERIFIED.to(language))


def _grouped(checks: Sequence[Check]) -> list[list[Check]]:
    """Checks of one thing that came out alike stand in one line; what is not met comes first."""
    groups: dict[tuple[str, str], list[Check]] = {}
    for outcome in ("failed", "unknown", "passed"):
        for check in checks:
            if check.outcome == outcome:
                groups.setdefault((outcome, check.id), []).append(check)
    return list(groups.values())


def _group_rows(group: list[Check], language: Language) -> Iterator[tuple[str, ...]]:
    """A line per rule; what is the same for all stands in the first."""
    from rich.markup import escape

    from diwen.survey.rule_check import OUTCOMES

    for number, check in enumerate(group):
        limit = f"{check.row.printed(language)} {_unit(check, language)}".strip()
        rule = escape(check.row.name.to(language)) + ("" if check.told else " (?)")
        if number:
            yield "", "", limit, rule, ""
            continue
        detail = ""
        if check.detail is not None:
            detail = f"\n[dim]{escape(check.detail.to(language))}[/dim]"
        outcome = f"{_SIGNS[check.outcome]} {OUTCOMES[check.outcome].to(language)}"
        value = escape(_value(check, language)) + detail
        yield escape(check.text.to(language)), value, limit, rule, outcome


def _value(check: Check, language: Language) -> str:
    if check.missing is not None:
        return _MISSING.format(what=check.missing).to(language)
    if check.value is None:
        return "–"
    return f"{check.value:.3g} {_unit(check, language)}".strip()


def _unit(check: Check, language: Language) -> str:
    from diwen.quantities import printed

    return "" if check.row.unit == "1" else printed(check.row.unit, language)


def simple_table(
    columns: Mapping[str, Text],
    language: Language,
    right: Sequence[str] = (),
    unbroken: Sequence[str] = (),
) -> Table:
    """A table with a line below its header.

    Parameters
    ----------
    columns : header of each column by key
    right, unbroken : keys of the columns set to the right, and of those that never break
    """
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for key, text in columns.items():
        table.add_column(
            text.to(language), justify="right" if key in right else "left", overflow="fold",
            no_wrap=key in unbroken,
        )  # fmt: skip
    return table
