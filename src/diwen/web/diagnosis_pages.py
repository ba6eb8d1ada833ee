"""The diagnosis of a site: headline, waterfall, evidence, forecast, ledger, what next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from diwen.language import Language, Text
from diwen.web.diagnosis_arrangement import arranged
from diwen.web.security import PDF_POLICY, REPORT_POLICY
from diwen.web.site_pages import framed, opened
from diwen.web.view import Piece, page_with, view_of

if TYPE_CHECKING:
    from diwen.reports.diagnosis_account import DiagnosisAccount
    from diwen.site import Site
    from diwen.web.catalogue import Entry
    from diwen.web.work import Job, Workshop

router = APIRouter(include_in_schema=False, prefix="/{language}/sites/{site_id}/diagnosis")
_DIAGNOSING = Text(
    "Diagnosing the plant from all its records, and running its twin 25 years ahead…",
    "正在根据全部记录诊断系统，并用数字孪生推演 25 年…",
)
_POLICIES = {"html": REPORT_POLICY, "pdf": PDF_POLICY}
_TYPES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


def job(workshop: Workshop, entry: Entry, site: Site) -> Job[DiagnosisAccount]:
    """The diagnosis of a site with all that follows: running, done, or started now.

    Nothing is written into the site: neither condensed months nor the ledger of deviations.
    """
    from diwen import rules

    key = ("diagnosis", entry.folder, entry.signature(), rules.load().digest)

    def compute() -> DiagnosisAccount:
        from diwen.reports.diagnosis_account import account_of_site

        return account_of_site(site)

    return workshop.job(key, compute)


@router.get("")
def diagnosis(request: Request, language: Language, site_id: str) -> Response:
    """What deviates, how sure, what it costs, what to do."""
    entry, site, store = opened(request, site_id)
    context: dict[str, Any] = framed(entry, site, store, language, "diagnosis")
    if store.span() is None:
        from diwen.web.presentation import page

        return page(request, "diagnosis.html", recorded=False, **context)
    piece = Piece(
        "diagnosis_piece.html",
        job(view_of(request).workshop, entry, site),
        lambda account: {"shown": arranged(account, language)},
        _DIAGNOSING,
    )
    return page_with(request, "diagnosis.html", piece, recorded=True, **context)


@router.get("/report.{kind}")
def report(
    request: Request, language: Language, site_id: str, kind: Literal["html", "pdf"]
) -> Response:
    """The same as a report; the page while it is not computed yet."""
    entry, site, _ = opened(request, site_id)
    found = job(view_of(request).workshop, entry, site)
    if not found.ready() or found.future.exception() is not None:
        return RedirectResponse(quote(request.url.path.rpartition("/")[0]), 303)
    from diwen.reports import rendered
    from diwen.reports.diagnosis_report import document_of

    content = rendered(document_of(found.future.result()), language, kind)
    name = quote(f"{entry.id}_diagnosis_{language}.{kind}")
    return Response(
        content,
        media_type=_TYPES[kind],
        headers={
            "content-security-policy": _POLICIES[kind],
            "content-disposition": f"inline; filename*=UTF-8''{name}",
        },
    )
