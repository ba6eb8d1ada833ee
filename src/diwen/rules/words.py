"""What is ruled: the quantities that rule rows speak about, with names and search words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from diwen.language import Text
from diwen.problems import Problem
from diwen.rules.tables import lines

_COLUMNS = ("key", "name_zh", "name_en", "search")


@dataclass(frozen=True, slots=True)
class Word:
    """One ruled quantity: its key, its name, and other words people look for it by."""

    key: str
    text: Text
    search: str


@dataclass(frozen=True, slots=True)
class Words:
    """All ruled quantities by key."""

    by_key: dict[str, Word]


def read_words(path: Path, problems: list[Problem]) -> Words:
    """Read the table of quantities; a key given twice is a problem."""
    known: dict[str, Word] = {}
    for line in lines(path, _COLUMNS, problems):
        if line["key"] in known:
            problems.append(
                line.problem(
                    "key", Text("the key is given twice", "该键重复出现"),
                    Text("remove one of the lines", "请删去其中一行"),
                )
            )  # fmt: skip
            continue
        text = Text(line["name_en"], line["name_zh"])
        known[line["key"]] = Word(line["key"], text, line["search"])
    return Words(known)
