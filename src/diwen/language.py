"""A piece of text in the two languages that Diwen speaks.

Whatever a user reads is a :class:`Text`; which of the two is shown is decided at the very edge
(command line, report, page) and nowhere else.
"""

from __future__ import annotations

import locale
import os
from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Text:
    """The same statement in English and in Chinese."""

    en: str
    zh: str

    def to(self, language: Language) -> str:
        """The text in one language."""
        return self.zh if language == "zh" else self.en

    def format(self, **values: object) -> Text:
        """Fill ``{name}`` fields; a value that is itself a Text is filled language by language."""

        def pick(language: Language) -> dict[str, object]:
            return {k: v.to(language) if isinstance(v, Text) else v for k, v in values.items()}

        return Text(self.en.format(**pick("en")), self.zh.format(**pick("zh")))

    def __str__(self) -> str:
        return self.en


def same(text: str) -> Text:
    """A text that reads the same in both languages (a name, a number, a symbol)."""
    return Text(text, text)


def preferred() -> Language:
    """The user's language: ``DIWEN_LANGUAGE`` if set, else the locale, else English."""
    asked = os.environ.get("DIWEN_LANGUAGE", "").strip().lower()
    if asked:
        return "zh" if asked.startswith("zh") else "en"
    try:
        name = locale.getlocale()[0] or ""
    except ValueError:
        name = ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"
