"""Templates and the small functions they speak with: two languages, numbers, shades."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from diwen import __version__
from diwen.evaluation.words import boundary_name, mode_name, point_role, thing_name
from diwen.language import Language, Text
from diwen.quantities import printed
from diwen.reports.judgement import light
from diwen.reports.numbers import parts, percent
from diwen.site.points import ORIGIN_NAMES
from diwen.web.visitor import COOKIE, language_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from diwen.evaluation import Result

_YEAR = 365 * 86400
_TONES = {"good": "good", "bad": "bad", "unresolved": "warn", "indicative": "warn"}
# Shades of coverage, from the data-quality classes of the KPI catalogue (engineering choice).
_LEVELS = ((0.95, "good"), (0.90, "most"), (0.75, "some"), (0.0, "low"))


@dataclass(frozen=True, slots=True)
class Figure:
    """A value and its uncertainty with its sign (``± 0.18``), ready to print."""

    value: str
    uncertainty: str


def figure(result: Result) -> Figure:
    """The printed value of a result, with the characters that reports have."""
    return Figure(*parts(result.value, result.uncertainty, result.decimals, result.bounds))


def level(share: float | None) -> str:
    """The shade of a coverage: none, low, some, most, good."""
    if share is None or share <= 0:
        return "none"
    return next(name for edge, name in _LEVELS if share >= edge)


def tone(result: Result) -> str:
    """The colour of a judgement: only a resolved grade is green or red."""
    return _TONES.get(light(result), "quiet")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        version=__version__, percent=percent, level=level, tone=tone, figure=figure
    )
    return environment


def spoken(language: Language) -> dict[str, Any]:
    """What a template says in one language: texts, names of modes and origins."""
    return {
        "language": language,
        "say": lambda en, zh: _marked(zh if language == "zh" else en),
        "text": lambda text: text.to(language),
        "mode_name": lambda mode: mode_name(mode).to(language),
        "boundary_name": lambda word: boundary_name(word).to(language),
        "thing_name": lambda result: thing_name(result).to(language),
        "unit_name": lambda unit: printed(unit, language),
        "point_role": lambda missing: point_role(missing).to(language),
        "origin_name": lambda origin: ORIGIN_NAMES.get(origin, Text(origin, origin)).to(language),
    }


def _marked(text: str) -> Markup:
    """A text for a template: safe, with what stands between backticks set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A template as an answer in the visitor's language, which is remembered in a cookie."""
    language = language_of(request)
    values: Mapping[str, Any] = {
        "place": "",
        **spoken(language),
        "other_language_url": _other(request, language),
        **context,
    }
    html = _environment().get_template(template).render(values)
    answer = HTMLResponse(html, status_code=status)
    if request.cookies.get(COOKIE) != language and request.url.path.startswith(f"/{language}/"):
        answer.set_cookie(COOKIE, language, max_age=_YEAR, samesite="lax", httponly=True)
    return answer


def _other(request: Request, language: Language) -> str:
    """The address of the same page in the other language."""
    other = "en" if language == "zh" else "zh"
    path = request.scope.get("raw_path", b"").decode("ascii") or request.url.path
    path = path.partition("?")[0]
    prefix = f"/{language}"
    rest = path[len(prefix) :] if path == prefix or path.startswith(prefix + "/") else "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/{other}{rest or '/'}{query}"
