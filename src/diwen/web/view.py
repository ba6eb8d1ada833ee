"""What every route works with, and pieces of a page that arrive when they are computed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from starlette.exceptions import HTTPException

from diwen.language import Text
from diwen.problems import InputError
from diwen.web.catalogue import Catalogue, Entry
from diwen.web.downloads import Builds
from diwen.web.plotting import Curves
from diwen.web.presentation import page
from diwen.web.visitor import language_of
from diwen.web.work import Job, Workshop

if TYPE_CHECKING:
    from fastapi import Request, Response

_LOG = logging.getLogger("diwen.web")
# How long a page waits for a piece before it shows that it is being computed, s.
_PATIENCE = 0.15
FAILURE = Text(
    "an unexpected error: {reason}. Details stand in the log of this program.",
    "意外错误：{reason}。详情见本程序的日志。",
)


@dataclass(frozen=True)
class View:
    """What every route works with.

    Attributes
    ----------
    catalogue : the sites
    build : whether reports may be built on demand
    workshop, curves, builds : computations and what they remember
    """

    catalogue: Catalogue
    build: bool
    workshop: Workshop = field(default_factory=Workshop)
    curves: Curves = field(default_factory=Curves)
    builds: Builds = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "builds", Builds(self.workshop))

    def entry(self, site_id: str) -> Entry:
        """The site of an id; the page "not found" if there is none."""
        entry = self.catalogue.entry(site_id)
        if entry is None:
            raise HTTPException(404)
        return entry


def view_of(request: Request) -> View:
    """The view behind a request."""
    return cast(View, request.app.state.view)


@dataclass(frozen=True)
class Piece:
    """A part of a page that rests on a computation.

    Attributes
    ----------
    template : how it looks once computed
    job : the computation
    show : from the outcome to what the template needs
    note : what is being computed, for the reader who waits
    """

    template: str
    job: Job[Any]
    show: Callable[[Any], dict[str, Any]]
    note: Text


def page_with(request: Request, template: str, piece: Piece, **context: Any) -> Response:
    """A page whose piece is there if it was quick, and arrives later if it was not.

    The script of the page asks the same address again with ``X-Fragment`` and gets the piece
    alone: 202 while it is computed, 200 when it is complete.
    """
    language = language_of(request)
    inner, values = _state(request, piece)
    status = 202 if inner == "waiting.html" else 200
    address = f"{request.url.path}{'?' + request.url.query if request.url.query else ''}"
    known = {"address": address, "note": piece.note.to(language), **values, **context}
    if request.headers.get("x-fragment"):
        answer = page(request, inner, status, **known)
    else:
        answer = page(request, template, piece_template=inner, **known)
    answer.headers["vary"] = "X-Fragment, Cookie"
    return answer


def _state(request: Request, piece: Piece) -> tuple[str, dict[str, Any]]:
    """Which template stands for the piece now, and what it needs."""
    if not piece.job.ready(_PATIENCE):
        return "waiting.html", {}
    language = language_of(request)
    try:
        return piece.template, piece.show(piece.job.future.result())
    except InputError as error:
        return "failed.html", {"failure": [problem.to(language) for problem in error.problems]}
    except Exception as error:
        # Whatever goes wrong with one site's data must leave the rest of the page readable.
        _LOG.exception("%s failed", request.url.path)
        reason = f"{type(error).__name__}: {error}"
        return "failed.html", {"failure": [FAILURE.format(reason=reason).to(language)]}
