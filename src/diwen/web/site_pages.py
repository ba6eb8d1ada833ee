"""The pages of one site: overview, plots, data calendar, points, rules; the frame of them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from diwen.language import Language, Text
from diwen.web import evaluations, periods
from diwen.web.arrangement import layout
from diwen.web.calendar import calendar
from diwen.web.catalogue import Entry, site_of
from diwen.web.headline import kind_name, place_name
from diwen.web.point_table import listed, proposed, quality_counts, table
from diwen.web.presentation import page
from diwen.web.rule_table import rule_lines
from diwen.web.view import Piece, page_with, view_of

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.telemetry import Store

router = APIRouter(include_in_schema=False, prefix="/{language}/sites/{site_id}")

TABS = (
    ("", Text("Overview", "概览")),
    ("plots", Text("Plots", "曲线")),
    ("calendar", Text("Data calendar", "数据日历")),
    ("points", Text("Points", "测点")),
    ("diagnosis", Text("Diagnosis", "诊断")),
    ("rules", Text("Rules used", "所用规则")),
    ("reports", Text("Reports", "报告")),
)
_OF_POINTS = ("plots", "calendar", "points", "diagnosis")
_EVALUATING = Text("Computing the indicators from the records…", "正在根据记录计算指标…")
_COUNTING = Text("Counting the records…", "正在统计记录…")
_DATA = Text("data {first} to {last}", "数据 {first} 至 {last}")
_DAY = Text("data of {first}", "数据 {first}")
_NO_DATA = Text("no data yet", "尚无数据")
_AREA = Text("heated area {area} m²", "供暖面积 {area} m²")
_POINTS = Text("{count} points", "{count} 个测点")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above every page of a site."""

    id: str
    name: str
    illustrative: bool
    facts: tuple[str, ...]
    damaged: tuple[str, ...]


def framed(entry: Entry, site: Site, store: Store, language: Language, tab: str) -> dict[str, Any]:
    """What the frame of a site's page needs."""
    facts = [kind_name(site.kind).to(language)]
    if place := place_name(site, language):
        facts.append(place)
    span = periods.span_of(site, store)
    if span is None:
        undated = bool(periods.with_data(site, store))
        facts.append((periods.UNDATED if undated else _NO_DATA).to(language))
    else:
        first, last = (time.astimezone(site.place.zone).date() for time in span)
        facts.append((_DAY if first == last else _DATA).format(first=first, last=last).to(language))
    if site.points:
        facts.append(_POINTS.format(count=len(site.points)).to(language))
    if site.place.heated_area is not None:
        facts.append(_AREA.format(area=f"{site.place.heated_area:,.0f}").to(language))
    return {
        "head": Head(
            entry.id, site.name.to(language), site.illustrative, tuple(facts), damaged_parts(store)
        ),
        "tabs": [
            (key, label.to(language)) for key, label in TABS if site.points or key not in _OF_POINTS
        ],
        "tab": tab,
        "place": "portfolio",
    }


def damaged_parts(store: Store) -> tuple[str, ...]:
    """The parts of the store that cannot be read, with the reason."""
    return tuple(f"{path.name}: {reason}" for path, reason in store.manifest.damaged.items())


def opened(request: Request, site_id: str) -> tuple[Entry, Site, Store]:
    """The site of an address with its store.

    Raises
    ------
    BrokenSiteError : the folder has errors; shown as the page of its problems
    """
    from diwen.telemetry import open_store

    entry = view_of(request).entry(site_id)
    site = site_of(entry)
    return entry, site, open_store(site)


def offered(
    site: Site, store: Store, asked: str | None, language: Language
) -> tuple[list[dict[str, Any]], str | None]:
    """The periods to choose from, in words, and the one chosen.

    Raises
    ------
    InputError : the visitor asked for something that is no period
    """
    groups = periods.with_data(site, store)
    chosen = asked or periods.preferred(groups, site.kind)
    if asked is not None and groups:
        periods.find(site, store, asked)
    shown: list[dict[str, Any]] = [
        {
            "name": group.name.to(language),
            "choices": [
                {"label": choice.label, "name": choice.name.to(language)}
                for choice in group.choices
            ],
        }
        for group in groups
    ]
    known = {choice["label"] for group in shown for choice in group["choices"]}
    if groups and chosen not in known:
        shown.insert(0, {"name": "", "choices": [{"label": chosen, "name": chosen}]})
    return shown, chosen if groups else None


@router.get("")
def overview(
    request: Request, language: Language, site_id: str, period: str | None = None
) -> Response:
    """The indicators of one period."""
    entry, site, store = opened(request, site_id)
    groups, chosen = offered(site, store, period, language)
    context = {
        **framed(entry, site, store, language, ""),
        "periods": groups,
        "period": chosen,
        "warnings": [problem.to(language) for problem in site.notices],
        "description": [p for p in site.site.description.to(language).split("\n") if p.strip()],
        "source": site.site.source,
        "licence": site.site.licence,
    }
    if chosen is None:
        return page(request, "site.html", **context)
    piece = Piece(
        "results.html",
        evaluations.job(view_of(request).workshop, entry, chosen),
        lambda evaluation: {"results": layout(evaluation, site.kind, language)},
        _EVALUATING,
    )
    return page_with(request, "site.html", piece, **context)


@router.get("/plots")
def plots(request: Request, language: Language, site_id: str) -> Response:
    """Curves of chosen points; the script of the page fetches them."""
    entry, site, store = opened(request, site_id)
    span = store.span()
    return page(
        request,
        "plots.html",
        **framed(entry, site, store, language, "plots"),
        groups=listed(site, store, language),
        proposed=proposed(site, store),
        span=None if span is None else [int(time.timestamp() * 1000) for time in span],
        time_zone=site.place.time_zone,
    )


@router.get("/calendar")
def data_calendar(
    request: Request, language: Language, site_id: str, year: int | None = None
) -> Response:
    """Which days of which points have data."""
    entry, site, store = opened(request, site_id)
    job = view_of(request).workshop.job(
        ("calendar", entry.folder, year, entry.signature()), lambda: calendar(site, store, year)
    )
    names = {point.id: point.name for point in site.points}
    piece = Piece(
        "calendar_piece.html", job, lambda shown: {"calendar": shown, "names": names}, _COUNTING
    )
    context = framed(entry, site, store, language, "calendar")
    return page_with(request, "calendar.html", piece, **context)


@router.get("/points")
def points(request: Request, language: Language, site_id: str) -> Response:
    """Every point with its place, accuracy, records and quality."""
    entry, site, store = opened(request, site_id)
    job = view_of(request).workshop.job(
        ("quality", entry.folder, entry.signature()), lambda: quality_counts(store)
    )
    piece = Piece(
        "points_piece.html",
        job,
        lambda counts: {"points": table(site, store, counts, language)},
        _COUNTING,
    )
    return page_with(
        request, "points.html", piece, **framed(entry, site, store, language, "points")
    )


@router.get("/rules")
def rules(
    request: Request, language: Language, site_id: str, period: str | None = None
) -> Response:
    """The rule rows behind the indicators of a period."""
    entry, site, store = opened(request, site_id)
    _, chosen = offered(site, store, period, language)
    context = {**framed(entry, site, store, language, "rules"), "period": chosen}
    if chosen is None:
        return page(request, "rules.html", **context)
    piece = Piece(
        "rules_piece.html",
        evaluations.job(view_of(request).workshop, entry, chosen),
        lambda evaluation: {
            "rules": rule_lines(evaluation, site.place.region, language),
            "period_name": periods.name_of(evaluation.period).to(language),
        },
        _EVALUATING,
    )
    return page_with(request, "rules.html", piece, **context)
