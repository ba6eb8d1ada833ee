"""The portfolio and the page about this view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from diwen.language import Language, Text
from diwen.problems import InputError
from diwen.web import evaluations, periods
from diwen.web.arrangement import mean_coverage
from diwen.web.catalogue import Entry, site_of
from diwen.web.headline import headline, kind_name, place_name
from diwen.web.presentation import page
from diwen.web.view import View, view_of

if TYPE_CHECKING:
    from diwen.evaluation import Evaluation, Result

router = APIRouter(include_in_schema=False)

# How long the list waits for each site's key figure before it shows "computing".
_PATIENCE = 0.05
_FAILED = Text("cannot be evaluated", "无法评价")


@dataclass(frozen=True, slots=True)
class Row:
    """One site in the list."""

    id: str
    name: str
    kind: str = ""
    kind_key: str = ""
    place: str = ""
    illustrative: bool = False
    problems: int = 0
    span: str = ""
    span_key: str = ""
    pending: bool = False
    coverage: float | None = None
    figure: Result | None = None
    period: str = ""
    remark: str = ""
    damaged: bool = False

    @property
    def words(self) -> str:
        """What the search looks through."""
        return f"{self.id} {self.name} {self.kind} {self.place}".lower()

    @property
    def judgement_key(self) -> str:
        """What the judgement column is sorted by."""
        if self.figure is None:
            return ""
        return self.figure.grade.label.en if self.figure.grade else self.figure.status


@router.get("/{language}")
@router.get("/{language}/")
def portfolio(request: Request, language: Language) -> Response:
    """All sites with their key figures."""
    view = view_of(request)
    rows = [row(view, entry, language, 0.0) for entry in view.catalogue.entries()]
    broken = sum(1 for item in rows if item.problems)
    return page(request, "portfolio.html", rows=rows, broken=broken, place="portfolio")


@router.get("/{language}/sites/{site_id}/row")
def portfolio_row(request: Request, language: Language, site_id: str) -> Response:
    """One row of the list, complete once its evaluation is done (202 until then)."""
    view = view_of(request)
    item = row(view, view.entry(site_id), language, _PATIENCE)
    return page(request, "portfolio_row.html", 202 if item.pending else 200, row=item)


@router.get("/{language}/about")
def about(request: Request, language: Language) -> Response:
    """What this view is and how to read it."""
    return page(request, "about.html", place="about", build=view_of(request).build)


def row(view: View, entry: Entry, language: Language, patience: float) -> Row:
    """What the list says of a site now."""
    from diwen.telemetry import open_store

    try:
        site = site_of(entry)
    except InputError as error:
        return Row(entry.id, entry.id, problems=len(error.problems))
    store = open_store(site)
    span = periods.span_of(site, store)
    known = Row(
        entry.id,
        site.site.name.to(language),
        kind_name(site.kind).to(language),
        site.kind,
        place_name(site, language),
        site.site.illustrative,
    )
    groups = periods.with_data(site, store)
    if not groups:
        return known
    if span is None:
        known = _with(known, span=periods.UNDATED.to(language))
    else:
        first, last = (time.astimezone(site.place.zone).date() for time in span)
        known = _with(known, span_key=str(last),
                      span=f"{first} – {last}" if first != last else f"{first}")  # fmt: skip
    label = periods.preferred(groups, site.kind)
    job = evaluations.job(view.workshop, entry, label or "all")
    if not job.ready(patience):
        return _with(known, pending=True)
    try:
        evaluation = job.future.result()
    except Exception:
        # Any failure of one site's evaluation; its own page shows what went wrong.
        return _with(known, remark=_FAILED.to(language))
    return _judged(known, evaluation, language)


def _judged(known: Row, evaluation: Evaluation, language: Language) -> Row:
    period = "" if evaluation.period.kind == "all" else evaluation.period.label
    return _with(
        known,
        coverage=mean_coverage(evaluation),
        figure=headline(evaluation, known.kind_key),
        period=period,
    )


def _with(known: Row, **more: object) -> Row:
    from dataclasses import replace

    return replace(known, **more)  # type: ignore[arg-type]
