"""The nearest right word for a wrong one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from diwen.language import Text, same

IDENTIFIER = re.compile(r"\w[\w.\-]{0,63}")
IDENTIFIER_RULE = Text(
    "letters, digits, `_`, `-`, `.`; at most 64 characters",
    "字母（含汉字）、数字、“_”、“-”、“.”，不超过 64 个字符",
)
_DID_YOU_MEAN = Text("did you mean {word}?", "是否应为 {word}？")
_REMOVE = Text("remove it or correct its spelling", "请删除或更正拼写")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like the given one; None when nothing is alike."""
    lower = {name.lower(): name for name in known}
    wanted = word.lower()[:80]
    found = difflib.get_close_matches(wanted, list(lower), n=1, cutoff=0.6)
    # A beginning (`plant` for `plant-template`) is too short to be alike, yet means one word.
    found = found or [name for name in lower if len(wanted) > 2 and name.startswith(wanted)]
    return lower[found[0]] if found else None


def cure_for(word: str, known: Iterable[str]) -> Text:
    """What to do about an unknown word: the nearest known one, or removing it."""
    found = nearest(word, known)
    return _DID_YOU_MEAN.format(word=found) if found else _REMOVE


def listed(words: Iterable[str]) -> Text:
    """Words as a list for the ``allowed`` part of a problem."""
    return same(", ".join(words))
