"""An evaluation laid out for a page: sections of cards, tables of repeated indicators, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from diwen.language import Language
from diwen.web.distribution import Distribution, distribution

if TYPE_CHECKING:
    from diwen.evaluation import Evaluation, Result
    from diwen.language import Text

# From this many results of one indicator on (rooms, wells, systems) a table reads better.
_REPEATED = 5


@dataclass(frozen=True, slots=True)
class Repeated:
    """One indicator of many things."""

    name: Text
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Indicators of one subject."""

    name: str
    cards: tuple[Result, ...] = ()
    tables: tuple[Repeated, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything the results part of a page shows.

    Attributes
    ----------
    label, period : the period for the machine and for people
    start, end : its first and last instant, UTC, for links to the plots
    sections, refused : results that have a value, and those that have none
    coverage : mean coverage of the points, 0..1, None without data
    distribution : the spread over the systems of a portfolio
    generated, hash : when it was computed, from which data set
    """

    label: str
    period: str
    start: str
    end: str
    sections: tuple[Section, ...]
    refused: tuple[Result, ...]
    coverage: float | None
    generated: str
    hash: str
    distribution: Distribution | None = field(default=None)


def layout(evaluation: Evaluation, language: Language) -> Layout:
    """The evaluation as the page shows it."""
    shown = [result for result in evaluation.results if result.status != "refused"]
    period = evaluation.period
    return Layout(
        label=period.label,
        period=period.text.to(language),
        start=period.start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        end=period.end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        sections=tuple(_sections(shown, language)),
        refused=tuple(r for r in evaluation.results if r.status == "refused"),
        coverage=mean_coverage(evaluation),
        generated=evaluation.generated.astimezone(period.zone).strftime("%Y-%m-%d %H:%M"),
        hash=str(evaluation.data.hash)[:12],
        distribution=distribution(shown, language),
    )


def mean_coverage(evaluation: Evaluation) -> float | None:
    """Mean coverage of all points of the period, 0..1; None if there is no point with data."""
    shares = [share for share in evaluation.data.coverage.values() if share is not None]
    return sum(shares) / len(shares) if shares else None


def _sections(results: Sequence[Result], language: Language) -> Iterable[Section]:
    """One section per family of indicators, in the order of the families."""
    from diwen.evaluation.families import FAMILIES

    for family, heading in FAMILIES:
        members = [result for result in results if result.family == family]
        if members:
            cards, tables = _split(members)
            yield Section(heading.to(language), tuple(cards), tuple(tables))


def _split(results: list[Result]) -> tuple[list[Result], list[Repeated]]:
    """Cards for single indicators, a table for each that is repeated for many things."""
    by_id: dict[str, list[Result]] = {}
    for result in results:
        by_id.setdefault(result.id, []).append(result)
    cards: list[Result] = []
    tables = []
    for same in by_id.values():
        whole = [result for result in same if not result.of]
        parts = [result for result in same if result.of]
        cards.extend(whole)
        if len(parts) >= _REPEATED:
            tables.append(Repeated(parts[0].name, tuple(parts)))
        else:
            cards.extend(parts)
    return cards, tables
