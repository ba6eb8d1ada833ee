"""In which language a visitor reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import LANGUAGES, Language, preferred

if TYPE_CHECKING:
    from starlette.requests import Request

COOKIE = "diwen_language"


def accepted(header: str) -> Language | None:
    """The better liked of our languages in an ``Accept-Language`` header, if it names one."""
    best: tuple[float, Language] | None = None
    for part in header.split(","):
        tag, _, weight = part.strip().partition(";q=")
        language = next((own for own in LANGUAGES if tag.lower().split("-")[0] == own), None)
        try:
            liking = float(weight) if weight else 1.0
        except ValueError:
            continue
        if language is not None and liking > 0 and (best is None or liking > best[0]):
            best = (liking, language)
    return best[1] if best else None


def language_of(request: Request) -> Language:
    """The visitor's language: path, then cookie, then browser setting, then this machine's."""
    first = request.url.path.lstrip("/").partition("/")[0]
    chosen = request.cookies.get(COOKIE)
    for own in LANGUAGES:
        if first == own:
            return own
    for own in LANGUAGES:
        if chosen == own:
            return own
    return accepted(request.headers.get("accept-language", "")) or preferred()
