"""Appendices of a diagnosis report: what was judged, coverage, notes, rule rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.reports.design_blocks import absent, notes, table
from diwen.reports.diagnosis_data_section import coverage_table
from diwen.reports.diagnosis_findings_section import judged_table
from diwen.reports.diagnosis_words import sentence
from diwen.reports.document import Block, Cell, Section, Table

if TYPE_CHECKING:
    from diwen.reports.diagnosis_account import DiagnosisAccount
    from diwen.rules import Row

_TITLES = (
    Text("Parameters judged", "已判断的参数"),
    Text("Coverage of the channels", "各通道齐全率"),
    Text("Notes and assumptions", "说明与假定"),
    Text("Rule rows", "采用的规则条目"),
)
_NOTHING = Text("No parameter could be judged.", "没有可判断的参数。")
_NO_NOTES = Text("Nothing was assumed beyond the rule rows.", "除规则条目外无其他假定。")
_VERIFIED = Text("read in public material", "见于公开资料")
# Rows behind every diagnosis; those of measures, tests and the score are added as they are used.
_ALWAYS = ("diagnosis.inference.*",)


def appendices(account: DiagnosisAccount) -> tuple[Section, ...]:
    """All of them, lettered."""
    diagnosis = account.diagnosis
    said = [*diagnosis.warnings, *diagnosis.notes]
    contents: tuple[list[Block], ...] = (
        [judged_table(diagnosis)] if diagnosis.findings else [absent(_NOTHING)],
        [coverage_table(diagnosis)],
        notes(sentence(one) for one in said) if said else [absent(_NO_NOTES)],
        [_rows(account)],
    )
    return tuple(
        Section(letter, title, tuple(blocks))
        for letter, title, blocks in zip("ABCD", _TITLES, contents, strict=True)
    )


def rows_used(account: DiagnosisAccount) -> tuple[Row, ...]:
    """Rule rows behind the numbers of the report, each once."""
    from diwen import rules

    book = rules.on(account.day)
    ids = list(_ALWAYS)
    ids += [f"diagnosis.measure.{one.id}" for one in account.measures]
    ids += [f"diagnosis.test.{one.test.id}" for one in account.proposals]
    if account.reliability is not None:
        indices = [index for one in account.reliability.dimensions for index in one.indices]
        ids += [row for index in indices for row in index.rows]
    if account.forecast is not None:
        ids.append("diagnosis.forecast.*")
    found = [row for id in dict.fromkeys(ids) for row in book.rows(id=id)]
    return tuple({row.id: row for row in found}.values())


def _rows(account: DiagnosisAccount) -> Table:
    columns = (
        (Text("rule and its id", "规则与标识"), "l", 3.4), (Text("number", "数值"), "r", 1.2),
        (Text("standing", "可信程度"), "l", 1.4), (Text("seen in", "出处"), "l", 2.0),
    )  # fmt: skip
    rows = [
        (Cell(row.text, None, same(row.id)), Cell(_number(row)),
         Cell(_VERIFIED if row.verified else row.standing,
              "good" if row.verified else "indicative"),
         Cell(row.source_text))
        for row in rows_used(account)
    ]  # fmt: skip
    return table(_TITLES[3], columns, rows)


def _number(row: Row) -> Text:
    unit = "" if row.unit == "1" else f" {row.unit}"
    if row.op == "range":
        low, high = f"{row.value:.10g}", f"{row.upper:.10g}{unit}"
        return Text(f"{low} to {high}", f"{low}～{high}")
    return Text(row.printed("en") + unit, row.printed("zh") + unit)
