"""The same data for programs: JSON, read-only, both languages inside."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse

from diwen.problems import InputError
from diwen.web import evaluations, periods
from diwen.web.catalogue import Entry, site_of
from diwen.web.plotting import FEWEST, MOST
from diwen.web.point_table import quality_counts
from diwen.web.site_pages import opened
from diwen.web.view import view_of

router = APIRouter(prefix="/api", tags=["sites"])

# An evaluation that takes longer is answered with 202 and can be asked for again.
_PATIENCE = 20.0

Instant = Annotated[
    str | None,
    Query(description="ISO 8601 (UTC unless it names a zone) or milliseconds since 1970 UTC"),
]


@router.get("/sites", summary="All sites with their files' state")
def sites(request: Request) -> list[dict[str, Any]]:
    """Every site: id, names, kind, place, span of data; or the problems of its files."""
    return [_summary(entry) for entry in view_of(request).catalogue.entries()]


@router.get("/sites/{site_id}", summary="One site with its points and periods")
def one_site(request: Request, site_id: str) -> dict[str, Any]:
    """One site: what :func:`sites` says, its points, and the periods that have data."""
    entry, site, store = opened(request, site_id)
    groups = periods.with_data(site, store)
    held = set(store.points())
    return {
        **_summary(entry),
        "points": [
            {
                "id": point.id,
                "quantity": point.quantity,
                "unit": point.unit,
                "equipment": list(point.equipment),
                "location": point.position,
                "accuracy": point.accuracy,
                "origin": point.origin,
                "records": point.id in held,
            }
            for point in site.points
        ],
        "periods": [choice.label for group in groups for choice in group.choices],
        "preferred_period": periods.preferred(groups, site.kind),
    }


@router.get("/sites/{site_id}/evaluation", summary="All indicators of a period")
def evaluation(request: Request, site_id: str, period: str | None = None) -> Response:
    """Every indicator with value, uncertainty, coverage, boundary, origin, rules and grade.

    202 while it is still being computed: ask again.
    """
    entry, site, store = opened(request, site_id)
    groups = periods.with_data(site, store)
    label = period or periods.preferred(groups, site.kind) or "all"
    periods.find(site, store, label)
    job = evaluations.job(view_of(request).workshop, entry, label)
    if not job.ready(_PATIENCE):
        return JSONResponse({"state": "computing"}, 202)
    return JSONResponse(job.future.result().as_dict())


@router.get("/sites/{site_id}/series", summary="Records of one point, bucketed for a picture")
def series(
    request: Request,
    site_id: str,
    point: str,
    start: Instant = None,
    end: Instant = None,
    n: Annotated[int, Query(ge=FEWEST, le=MOST, description="most places of time")] = 2000,
) -> dict[str, Any]:
    """Values in the display unit: raw while there are at most ``n``, else mean, min and max."""
    view = view_of(request)
    entry = view.entry(site_id)
    curve = view.curves.get(entry, point, _instant(start), _instant(end), n)
    return curve.as_dict()


@router.get("/sites/{site_id}/coverage", summary="Valid records per point and day")
def coverage(
    request: Request, site_id: str, start: Instant = None, end: Instant = None
) -> list[dict[str, Any]]:
    """Expected and valid records and their share, per point and local day."""
    _, _, store = opened(request, site_id)
    rows = store.coverage(_instant(start), _instant(end)).to_dicts()
    return [{**row, "day": row["day"].isoformat()} for row in rows]


@router.get("/sites/{site_id}/quality", summary="Records per point and quality flag")
def quality(request: Request, site_id: str) -> dict[str, dict[int, int]]:
    """How many records of each point carry each quality flag."""
    _, _, store = opened(request, site_id)
    return quality_counts(store)


def _summary(entry: Entry) -> dict[str, Any]:
    from diwen.telemetry import open_store

    try:
        site = site_of(entry)
    except InputError as error:
        return {"id": entry.id, "problems": [problem.as_dict() for problem in error.problems]}
    span = open_store(site).span()
    return {
        "id": entry.id,
        "name": {"en": site.name.en, "zh": site.name.zh},
        "kind": site.kind,
        "illustrative": site.illustrative,
        "region": site.place.region,
        "time_zone": site.place.time_zone,
        "span": None if span is None else [time.isoformat() for time in span],
        "problems": [],
    }


def _instant(text: str | None) -> datetime | None:
    """An instant a program wrote.

    Raises
    ------
    HTTPException : 422, it is none
    """
    if text is None:
        return None
    try:
        if text.lstrip("-").isdigit():
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        # In an address a plus sign reads as a blank.
        found = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except (ValueError, OverflowError, OSError) as error:
        raise HTTPException(422, f"not an instant: {text}") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
