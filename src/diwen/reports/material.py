"""What a report is made from: one evaluation and where it came from, with questions to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from diwen.language import Text, same
from diwen.reports.document import joined
from diwen.reports.section_plan import APART

if TYPE_CHECKING:
    from diwen.evaluation import Evaluation, Result
    from diwen.evaluation.by_day import ByDay
    from diwen.evaluation.context import Context
    from diwen.evaluation.operation import Way
    from diwen.reports.diagnosis_account import DiagnosisAccount
    from diwen.rules import Row, Rules
    from diwen.site import Point, Site
    from diwen.telemetry import Store

#: ``verified`` read in public material; ``default`` an engineering default of Diwen itself.
Standing = Literal["verified", "default", "unverified"]
# Availability and the uncertainty itself are counts of the data, not measurements.
_EXACT = frozenset({"K-45", "K-47"})
#: Told what is being done, in words, before it begins.
Progress = Callable[[Text], None]


@dataclass(frozen=True)
class Material:
    """Everything a section may look at; it is only read.

    Attributes
    ----------
    site, store : the site folder and its records
    evaluation : the results of the period
    rules : the whole rule book, of every date
    """

    site: Site
    store: Store
    evaluation: Evaluation
    rules: Rules

    def results(
        self, catalogue: Iterable[str], ids: Iterable[str] = (), families: Iterable[str] = ()
    ) -> list[Result]:
        """Results by catalogue number, beginning of the id, or family.

        Families that stand apart (manual records, portfolio) are found by their family only.
        """
        numbers, prefixes, wanted = set(catalogue), tuple(ids), set(families)
        return [
            result
            for result in self.evaluation.results
            if result.family in wanted
            or (
                result.family not in APART
                and (result.catalogue in numbers or (prefixes and result.id.startswith(prefixes)))
            )
        ]

    def points(self, locations: Iterable[str], quantities: Iterable[str] = ()) -> list[Point]:
        """Points at any of the locations, narrowed by quantity if any is named."""
        places, wanted = set(locations), set(quantities)
        return [
            point
            for point in self.site.points
            if point.location in places and (not wanted or point.quantity in wanted)
        ]

    def standing(self, rule: str) -> Standing:
        """How far a rule can be trusted; a rule nobody knows is unverified."""
        from diwen.rules import RuleMissingError

        try:
            rows = self.rules.versions(rule)
        except RuleMissingError:
            return "unverified"
        if all(row.verified for row in rows):
            return "verified"
        return (
            "default" if all(row.verified or row.evidence == "E" for row in rows) else "unverified"
        )

    def without_accuracy(self, result: Result) -> tuple[str, ...]:
        """Points without a stated accuracy that leave a result without uncertainty."""
        if result.uncertainty is not None or result.catalogue in _EXACT:
            return ()
        used = set(result.inputs)
        return tuple(
            point.id
            for point in self.site.points
            if point.id in used and not point.accuracy and point.kind != "state"
        )

    @cached_property
    def context(self) -> Context:
        """The evaluation's working context, for what results do not carry (days)."""
        from diwen.evaluation.run import prepare

        return prepare(self.site, self.evaluation.period, self.store)

    def by_day(self, mode: Way) -> ByDay | None:
        """Heat and electricity by day in a mode; None where they are not measured."""
        from diwen.evaluation.amount import Refusal
        from diwen.evaluation.by_day import by_day

        try:
            return self.context.once(("by day", mode), lambda: by_day(self.context, mode))
        except Refusal:
            return None

    @cached_property
    def diagnosed(self) -> dict[bool, DiagnosisAccount | Text]:
        """Diagnoses by whether their costs are told, or why there is none; filled when asked."""
        return {}

    @cached_property
    def rows_used(self) -> tuple[Row, ...]:
        """The rule rows behind the results, as they held at the end of the period."""
        from diwen.rules import RuleMissingError

        rows = []
        for rule in self.evaluation.rule_rows:
            try:
                versions = self.rules.versions(rule)
            except RuleMissingError:
                continue
            day = self.evaluation.period.end.date()
            holding = [row for row in versions if row.valid_on(day)]
            rows.append((holding or list(versions))[0])
        return tuple(rows)


def lacking(material: Material, locations: tuple[str, ...]) -> Text:
    """Why nothing can be shown that needs points at these locations, said with point codes."""
    from diwen.site.locations import LOCATIONS

    period = material.evaluation.period
    if not locations:
        return Text("No record is stored for this period.", "本周期没有存储记录。")
    defined = material.points(locations)
    silent = [
        point
        for point in defined
        if material.store.series(point.id, period.start, period.end).usable().time.size == 0
    ]
    if defined and silent == defined:
        ids = joined(same(point.id) for point in defined)
        return Text(
            f"No usable record in this period at: {ids.en}.",
            f"以下测点在本周期内没有可用记录：{ids.zh}。",
        )
    present = {point.location for point in defined}
    places = [LOCATIONS[name] for name in locations if name not in present]
    if not places:
        return Text(
            "The points are recorded, but no indicator of this section applies to this site and "
            "period.",
            "测点有记录，但本节指标不适用于该项目或本周期。",
        )
    named = joined(
        Text(f"{place.code} ({place.text.en})", f"{place.code}（{place.text.zh}）")
        for place in places
    )
    return Text(
        f"points.csv defines no point at {named.en}.",
        f"points.csv 中未定义以下位置的测点：{named.zh}。",
    )
