"""The reports of a site: the list, the files, and building one that is asked for."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from diwen.language import Language
from diwen.problems import InputError
from diwen.web import downloads, periods
from diwen.web.catalogue import Entry
from diwen.web.presentation import page
from diwen.web.security import PAGE_POLICY, PDF_POLICY, REPORT_POLICY, from_own_page
from diwen.web.site_pages import framed, offered, opened
from diwen.web.view import FAILURE, View, view_of

router = APIRouter(include_in_schema=False, prefix="/{language}/sites/{site_id}/reports")
_POLICIES = {".html": REPORT_POLICY, ".pdf": PDF_POLICY, ".json": PAGE_POLICY, ".csv": PAGE_POLICY}
_LOG = logging.getLogger("diwen.web")


@dataclass(frozen=True, slots=True)
class BuildLine:
    """How far a report is that was asked for."""

    name: str
    running: bool
    said: str
    seconds: int
    failure: tuple[str, ...] = ()


@router.get("")
def listing(
    request: Request, language: Language, site_id: str, building: str | None = None
) -> Response:
    """The report files there are, what is being built, and a form to ask for one."""
    view = view_of(request)
    entry, site, store = opened(request, site_id)
    groups, chosen = offered(site, store, None, language)
    lines = [
        line
        for label in dict.fromkeys([*view.builds.running(entry), *([building] if building else [])])
        if (line := _line(view, entry, label, language)) is not None
    ]
    running = any(line.running for line in lines)
    address = request.url.path + (f"?building={quote(building)}" if building else "")
    context = {
        **framed(entry, site, store, language, "reports"),
        "periods": groups,
        "period": building or chosen,
        "files": downloads.downloads(entry),
        "builds": lines,
        "building": running,
        "address": address,
        "may_build": view.build,
    }
    if request.headers.get("x-fragment"):
        answer = page(request, "reports_piece.html", 202 if running else 200, **context)
    else:
        answer = page(request, "reports.html", **context)
    answer.headers["vary"] = "X-Fragment, Cookie"
    return answer


@router.post("")
def build(
    request: Request, language: Language, site_id: str, period: Annotated[str, Form()]
) -> Response:
    """Start building the report of a period (the only thing here that writes)."""
    view = view_of(request)
    if not view.build or not from_own_page(request):
        raise HTTPException(403)
    entry, site, store = opened(request, site_id)
    periods.find(site, store, period)
    view.builds.start(entry, period)
    return RedirectResponse(f"{quote(request.url.path)}?building={quote(period)}", 303)


@router.get("/{name:path}")
def file(
    request: Request, language: Language, site_id: str, name: str, download: bool = False
) -> Response:
    """One report file: shown in a sandbox, or handed over as a download."""
    found = downloads.download(view_of(request).entry(site_id), name)
    if found is None:
        raise HTTPException(404)
    return FileResponse(
        found.path,
        media_type=found.media_type,
        filename=found.path.name,
        content_disposition_type="attachment" if download else "inline",
        headers={"content-security-policy": _POLICIES[found.path.suffix.lower()]},
    )


def _line(view: View, entry: Entry, label: str, language: Language) -> BuildLine | None:
    found = view.builds.find(entry, label)
    if found is None:
        return None
    job, progress = found
    if not job.ready():
        return BuildLine(label, True, progress.said.to(language), round(job.seconds()))
    error = job.future.exception()
    if error is None:
        return BuildLine(label, False, "", 0)
    if isinstance(error, InputError):
        lines = tuple(problem.to(language) for problem in error.problems)
    else:
        _LOG.error("building the report %s of %s failed", label, entry.folder, exc_info=error)
        reason = f"{type(error).__name__}: {error}"
        lines = (FAILURE.format(reason=reason).to(language),)
    return BuildLine(label, False, "", 0, lines)
