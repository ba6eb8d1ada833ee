"""How the page of a diagnosis is arranged: what the report tells, in the order of a visitor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from diwen.language import Language, Text
from diwen.reports.echarts import option
from diwen.reports.html import chart_height, embedded

if TYPE_CHECKING:
    from diwen.reports.diagnosis_account import DiagnosisAccount
    from diwen.reports.document import Block, Document, Light, Section

_USUAL_HEIGHT = 320
_TONES: dict[Light, str] = {
    "good": "good", "attention": "warn", "bad": "bad", "unresolved": "warn", "indicative": "warn",
    "refused": "quiet", "plain": "quiet",
}  # fmt: skip


@dataclass(frozen=True)
class Lamp:
    """A light: sign and word for the reader, tone for the style sheet."""

    tone: str
    sign: str
    word: str


@dataclass(frozen=True)
class Arranged:
    """What the template shows.

    Attributes
    ----------
    document : everything that the report tells
    sections : in the order of the page; appendices follow, folded
    score : of the reliability, empty where there is none
    options : of the charts, as JSON
    """

    document: Document
    language: Language
    sections: tuple[Section, ...]
    score: str
    options: Markup

    def lamp(self, light: Light) -> Lamp:
        """A light in words."""
        sign, word = self.document.lights[light]
        return Lamp(_TONES[light], sign, word.to(self.language))

    def kind(self, block: Block) -> str:
        """``Table``, ``Figure``, ``Picture`` or ``Note``."""
        return type(block).__name__

    def height(self, block: Block) -> int:
        """CSS pixels of a chart."""
        chart = getattr(block, "chart", None)
        return (chart_height(chart) if chart is not None else None) or _USUAL_HEIGHT


def arranged(account: DiagnosisAccount, language: Language) -> Arranged:
    """The page of a diagnosis in one language."""
    from diwen.reports.diagnosis_report import document_of
    from diwen.reports.numbers import number

    document = document_of(account)
    options = {figure.chart.id: option(figure.chart, language) for figure in document.figures()}
    known = {section.title: section for section in document.sections}
    score = account.reliability.score if account.reliability is not None else None
    return Arranged(
        document, language,
        tuple(known[title] for title in _order()),
        "" if score is None else number(score, 0),
        Markup(embedded(options)),
    )  # fmt: skip


def _order() -> tuple[Text, ...]:
    """Titles in the order of the page: what was found and costs first, what it rests on last."""
    from diwen.reports import diagnosis_advice_section as advice
    from diwen.reports import diagnosis_cost_section as cost
    from diwen.reports import diagnosis_data_section as data
    from diwen.reports import diagnosis_findings_section as findings
    from diwen.reports import diagnosis_watch_section as watch

    return (
        findings.FAMILIES_TITLE, cost.TITLE, findings.TITLE, cost.FORECAST_TITLE,
        watch.LEDGER_TITLE, advice.NEXT_TITLE, advice.MEASURES_TITLE, advice.RELIABILITY_TITLE,
        watch.ALARMS_TITLE, watch.LACKING_TITLE, data.TITLE,
    )  # fmt: skip
