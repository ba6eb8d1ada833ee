"""From the material to the document: fills the planned sections and numbers what is in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.reports import appendices, charts, judgement
from diwen.reports.chart import Chart
from diwen.reports.document import Block, Document, Figure, Note, Section
from diwen.reports.header import ILLUSTRATIVE, SIGNATURES, footer, header
from diwen.reports.material import Material, lacking
from diwen.reports.section_content import EXTRA, Content
from diwen.reports.section_plan import FOLLOWING, PLANS, TABLES, Kind, Plan, kind_of, title_of
from diwen.reports.summary import Gaps, verdict

if TYPE_CHECKING:
    from diwen.evaluation import Result

_REST = Plan(Text("Further indicators", "其他指标"))
_APPENDICES = (
    Text("Rules used", "采用的规则条目"),
    Text("Points", "测点清单"),
    Text("Gaps", "缺测清单"),
    Text("Formulas", "计算公式"),
)


def compose(material: Material) -> Document:
    """The whole report of the evaluated period; its kind follows from the period."""
    evaluation = material.evaluation
    kind = kind_of(evaluation.period.kind, evaluation.period.days)
    period = evaluation.period
    frame = material.store.coverage(period.start, period.end)
    shares = appendices.day_shares(frame)
    coverage = appendices.point_shares(shares)
    found = _gaps(coverage)
    numbered = _Numbering()
    return Document(
        title=title_of(evaluation.period.kind, kind),
        site=evaluation.site_name,
        period=period.text,
        header=header(material, found),
        illustrative=ILLUSTRATIVE if evaluation.illustrative else None,
        verdict=verdict(material, found),
        sections=_sections(material, kind, numbered),
        appendices=tuple(
            Section(letter, title, tuple(blocks))
            for letter, title, blocks in zip(
                "ABCD",
                _APPENDICES,
                (
                    appendices.rules(material),
                    appendices.points(material, coverage),
                    appendices.gaps(shares, charts.coverage_edges()[-1] / 100),
                    appendices.formulas(material),
                ),
                strict=True,
            )
        ),
        signatures=SIGNATURES,
        footer=footer(material),
        generated=evaluation.generated,
        version=evaluation.version,
    )


def _gaps(coverage: dict[str, float | None]) -> Gaps:
    """The mean coverage of the points: each counts once, however often it is read."""
    known = [share for share in coverage.values() if share is not None]
    if not known or not any(known):
        return Gaps(None, 0, 0)
    second_class = charts.coverage_edges()[1] / 100
    return Gaps(
        share=sum(known) / len(known),
        points=len(known),
        thin=sum(share < second_class for share in known),
    )


class _Numbering:
    """Counts the figures of one report."""

    def __init__(self) -> None:
        self.last = 0

    def figure(self, chart: Chart) -> Figure:
        """The chart with the next number."""
        self.last += 1
        return Figure(self.last, chart)


def _sections(material: Material, kind: Kind, numbering: _Numbering) -> tuple[Section, ...]:
    """The planned sections, then those that have something to show, then what is left.

    The report of a plant says of every planned section why it is empty, if it is.

    A result stands in the first section that asks for it, and no result is left out.
    """
    planned = PLANS[kind]
    complete = bool(material.site.points and material.site.heat_pumps)
    if not complete:
        # No plant: what a plant's report would lack is of no interest, tables come first.
        planned = TABLES + planned
    following = tuple(plan for plan in FOLLOWING if plan not in planned)
    shares = _shared_out(material, planned + following)
    sections: list[Section] = []
    for plan in planned:
        blocks = tuple(_filled(material, plan, shares[plan], numbering))
        section = Section(str(len(sections) + 1), plan.title, blocks)
        if complete or not section.empty:
            sections.append(section)
    left: list[Result] = list(shares[_REST])
    for plan in following:
        if any(result.status != "refused" for result in shares[plan]):
            blocks = tuple(_filled(material, plan, shares[plan], numbering))
            sections.append(Section(str(len(sections) + 1), plan.title, blocks))
        else:
            left += shares[plan]
    if left:
        tables = judgement.tables(left, material)
        sections.append(Section(str(len(sections) + 1), _REST.title, tuple(tables)))
    return tuple(sections)


def _shared_out(material: Material, plans: tuple[Plan, ...]) -> dict[Plan, list[Result]]:
    """Each result given to one section: by number or id first, by family second."""
    given: dict[Plan, list[Result]] = {plan: [] for plan in (*plans, _REST)}
    taken: set[int] = set()
    for plan in plans:
        for result in material.results(plan.catalogue, plan.ids):
            if id(result) not in taken:
                taken.add(id(result))
                given[plan].append(result)
    for plan in plans:
        for result in material.results((), (), plan.families):
            if id(result) not in taken:
                taken.add(id(result))
                given[plan].append(result)
    given[_REST] = [result for result in material.evaluation.results if id(result) not in taken]
    return given


def _filled(
    material: Material, plan: Plan, results: list[Result], numbering: _Numbering
) -> Iterable[Block]:
    blocks: list[Block] = [*judgement.tables(results, material)]
    for content in (*_recorded(material, plan), *_extra(material, plan)):
        blocks.append(numbering.figure(content) if isinstance(content, Chart) else content)
    if not blocks:
        reason = plan.absent
        if reason is None:
            reason = lacking(material, plan.locations)
        blocks.append(Note(reason, "absent"))
    return blocks


def _recorded(material: Material, plan: Plan) -> Content:
    period = material.evaluation.period
    found: list[Chart] = []
    for name in plan.subjects:
        chart = charts.recorded(
            material.site, material.store, period.start, period.end, charts.subject(name),
            buckets=charts.steps(period.end - period.start),
        )  # fmt: skip
        if chart is not None:
            found.append(chart)
    return found


def _extra(material: Material, plan: Plan) -> Content:
    return [content for name in plan.extra for content in EXTRA[name](material)]
