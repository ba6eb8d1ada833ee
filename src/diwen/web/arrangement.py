"""An evaluation laid out for a page: sections of cards, tables of repeated indicators, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from diwen.language import Language, Text
from diwen.web.distribution import Distribution, distribution

if TYPE_CHECKING:
    from diwen.evaluation import Evaluation, Result

# Headings by number in the KPI catalogue. What has no number is placed by the start of its id.
_SECTIONS: tuple[tuple[Text, tuple[tuple[int, int], ...], tuple[str, ...]], ...] = (
    (Text("Performance", "能效"), ((1, 10), (49, 49)), ("cop", "eer", "spf", "carnot", "steady")),
    (
        Text("Energy and load", "能耗与负荷"),
        ((11, 13), (33, 37), (50, 50)),
        ("heat_", "cold_", "electric", "energy_", "peak", "degree", "heating_", "cooling_"),
    ),
    (
        Text("Ground and source", "地下与热源"),
        ((14, 19), (51, 51)),
        ("ground", "source", "brine", "temperature"),
    ),
    (Text("Wells and groundwater", "热源井与地下水"), ((20, 25),), ("well", "water")),
    (Text("Rooms", "室内环境"), ((26, 28),), ("room",)),
    (Text("Running and hydraulics", "运行与水力"), ((29, 32),), ("start", "run", "standstill")),
    (
        Text("Cost, carbon, subsidy", "费用、减排与奖补"),
        ((38, 44),),
        ("cost", "carbon", "subsidy"),
    ),
    (Text("Quality of the data", "数据质量"), ((45, 48), (52, 54)), ("data", "availability")),
)
_OTHER = Text("Further indicators", "其他指标")
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
    placed: dict[int, list[Result]] = {}
    for result in results:
        placed.setdefault(_place(result), []).append(result)
    names = [name for name, _, _ in _SECTIONS] + [_OTHER]
    for place in sorted(placed):
        cards, tables = _split(placed[place])
        yield Section(names[place].to(language), tuple(cards), tuple(tables))


def _place(result: Result) -> int:
    """Which section a result belongs to."""
    number = int(result.catalogue[2:]) if result.catalogue[2:].isdigit() else None
    for place, (_, ranges, beginnings) in enumerate(_SECTIONS):
        if number is not None and any(low <= number <= high for low, high in ranges):
            return place
        if number is None and result.id.startswith(beginnings):
            return place
    return len(_SECTIONS)


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
