"""Find rule rows by the words people use: a KPI, a standard, English or Chinese."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from diwen.rules.row import Row
from diwen.rules.words import Words

_TERM = re.compile(r"[\s;；,，、|:：]+")
_CHINESE = re.compile(r"[㐀-鿿]")


def find(rows: Iterable[Row], words: Words, query: Sequence[str]) -> list[Row]:
    """The rows that a query means.

    An exact rule id, quantity or beginning of an id (``gbt50801.heating``) gives just those rows;
    otherwise every word of the query must occur in the row (whole or as the beginning of a word;
    Chinese anywhere).

    Parameters
    ----------
    rows : where to look
    words : the ruled quantities with their search words
    query : the words, such as ``["water", "tax"]`` or ``["地下水"]``
    """
    rows = list(rows)
    joined = plain("_".join(query))
    if joined in {plain(key) for key in words.by_key}:
        return [row for row in rows if plain(row.quantity) == joined]
    named = [row for row in rows if _begins(row.id, "".join(query))]
    if named:
        return named
    tokens = [token for part in query for token in _TERM.split(part) if plain(token)]
    return [row for row in rows if _Index(row, words).holds(tokens)]


def nearest(words: Words, rows: Iterable[Row], query: Sequence[str]) -> list[str]:
    """Up to five quantities, names or rule ids that look like the query."""
    spoken = " ".join(query)
    candidates: dict[str, str] = {}
    for word in words.by_key.values():
        for name in (word.key, word.text.en, word.text.zh, *word.search.split()):
            candidates.setdefault(_fold(name), word.key)
    for row in rows:
        candidates.setdefault(_fold(row.id), row.id)
    close = get_close_matches(_fold(spoken), candidates, 8, 0.55)
    return list(dict.fromkeys(candidates[name] for name in close))[:5]


def plain(text: str) -> str:
    """A text without case, width, subscripts and punctuation: ``COP_sys`` becomes ``copsys``."""
    return re.sub(r"[\W_]+", "", _fold(text))


class _Index:
    """The searchable words of one row."""

    def __init__(self, row: Row, words: Words) -> None:
        word = words.by_key[row.quantity]
        fields = (
            row.id, row.quantity, row.standard, row.edition, row.clause, row.text.en, row.text.zh,
            word.text.en, word.text.zh, word.search, row.region, *row.applies.values(),
        )  # fmt: skip
        everything = _fold(" | ".join(fields))
        self.chinese = everything.replace(" ", "")
        self.terms: set[str] = set()
        for term in _TERM.split(everything):
            self.terms.add(plain(term))
            self.terms.update(re.split(r"[\W_]+", term))
        self.terms.add(plain(row.standard))

    def holds(self, tokens: Iterable[str]) -> bool:
        return all(
            _fold(token) in self.chinese
            if _CHINESE.search(token)
            else any(term.startswith(plain(token)) for term in self.terms)
            for token in tokens
        )


def _begins(id: str, query: str) -> bool:
    return id == query or (query != "" and id.startswith(query.rstrip(".*") + "."))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
