"""An evaluation laid out for a page: sections of cards, tables of repeated indicators, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from diwen.evaluation.condensed import condensed
from diwen.language import Language
from diwen.web.distribution import Distribution, distribution
from diwen.web.headline import headline
from diwen.web.periods import UNDATED, name_of

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
class Refused:
    """Indicators that cannot be computed for one and the same reason."""

    reason: Text
    missing: tuple[str, ...]
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything the results part of a page shows.

    Attributes
    ----------
    label, period : the period for the machine and for people
    start, end : its first and last instant, UTC, for links to the plots
    key : the most telling result, if there is one
    counts : how many indicators carry a value, are only indicative, are refused
    sections : results that have a value
    refusals : results that have none, put together by what they lack
    coverage : mean coverage of the points, 0..1, None without data
    distribution : the spread over the systems of a portfolio
    reservation : what is to be known of the data before reading on, empty if nothing
    generated, hash : when it was computed, from which data set
    """

    label: str
    period: str
    start: str
    end: str
    key: Result | None
    counts: tuple[int, int, int]
    sections: tuple[Section, ...]
    refusals: tuple[Refused, ...]
    coverage: float | None
    generated: str
    hash: str
    distribution: Distribution | None = field(default=None)
    reservation: str = ""


def layout(evaluation: Evaluation, kind: str, language: Language) -> Layout:
    """The evaluation as the page shows it."""
    shown = [result for result in condensed(evaluation.results) if result.status != "refused"]
    period = evaluation.period
    stale = evaluation.data.stale_text
    dated = evaluation.data.records > 0 or kind == "portfolio"
    return Layout(
        label=period.label,
        period=(name_of(period) if dated else UNDATED).to(language),
        start=period.start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        end=period.end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        key=headline(evaluation, kind),
        counts=(
            sum(result.status == "ok" for result in shown),
            sum(result.status == "indicative" for result in shown),
            len(evaluation.results) - len(shown),
        ),
        sections=tuple(_sections(shown, language)),
        refusals=tuple(_refusals(evaluation.results)),
        coverage=mean_coverage(evaluation),
        generated=evaluation.generated.astimezone(period.zone).strftime("%Y-%m-%d %H:%M"),
        hash=evaluation.data.hash[:12] if evaluation.data.records else "",
        distribution=distribution(shown, language),
        reservation="" if stale is None else stale.to(language),
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


def _refusals(results: Iterable[Result]) -> list[Refused]:
    """Refused results by reason and lacking points; what would help most indicators first."""
    by_reason: dict[tuple[Text, tuple[str, ...]], list[Result]] = {}
    for result in results:
        if result.status == "refused" and result.reason is not None:
            by_reason.setdefault((result.reason, result.missing), []).append(result)
    grouped = [Refused(*reason, tuple(members)) for reason, members in by_reason.items()]
    return sorted(grouped, key=lambda group: -len(group.results))
