"""The rule rows an evaluation used, for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from diwen.language import Language, Text

if TYPE_CHECKING:
    from diwen.evaluation import Evaluation
    from diwen.rules import Row

_FROM = Text("from {day}", "{day} 起")
_TO = Text("to {day}", "至 {day}")
_ALWAYS = Text("no dates given", "未注明日期")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One row of the table."""

    id: str
    text: str
    value: str
    standard: str
    region: str
    valid: str
    verified: bool
    standing: str
    source: str


def rule_lines(evaluation: Evaluation, region: str, language: Language) -> list[RuleLine]:
    """The rows as they held at the end of the period in the region of the site."""
    from diwen.rules import RuleMissingError, load

    last = (evaluation.period.end - timedelta(microseconds=1)).astimezone(evaluation.period.zone)
    book = load()
    here = book.on(last.date(), region or None)
    lines = []
    for id in evaluation.rule_rows:
        try:
            row = here.row(id)
        except RuleMissingError:
            # A row that was used although it holds elsewhere (a factor of another year).
            try:
                row = book.row(id)
            except RuleMissingError:
                continue
        place = book.regions.by_key.get(row.region)
        lines.append(_line(row, place.text.to(language) if place else row.region, language))
    return lines


def _line(row: Row, region: str, language: Language) -> RuleLine:
    from diwen import quantities

    unit = "" if row.unit == "1" else quantities.printed(row.unit, language)
    bounds = []
    if row.valid_from is not None:
        bounds.append(_FROM.format(day=row.valid_from).to(language))
    if row.valid_to is not None:
        bounds.append(_TO.format(day=row.valid_to).to(language))
    return RuleLine(
        row.id,
        row.text.to(language),
        f"{row.printed()} {unit}".strip() or "–",
        row.name.to(language),
        region,
        " ".join(bounds) or _ALWAYS.to(language),
        row.verified,
        row.standing.to(language),
        row.source_text.to(language),
    )
