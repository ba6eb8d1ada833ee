"""Point check-lists: which quantities a standard wants monitored, and which of them are there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from diwen.language import Text
from diwen.problems import Problem
from diwen.rules.conditions import SOURCE_WORDS
from diwen.rules.row import VERIFIABLE
from diwen.rules.rulebook import DATA
from diwen.rules.tables import lines, refuse

Status = Literal["present", "missing", "unverified"]

_COLUMNS = (
    "id", "text_zh", "text_en", "quantities", "locations", "equipment", "sources", "clause",
    "evidence", "verified", "source", "note_zh", "note_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing a standard wants monitored.

    Attributes
    ----------
    id, text, clause : what, and where it stands
    quantities, locations : any of these quantities at any of these locations fulfils it
    equipment : kind of equipment an electricity meter must cover (``heat_pumps``, ``pumps``)
    sources : kinds of source it is meant for, in the words of the standards; empty: all
    evidence, verified, source, note : see :mod:`diwen.rules.row`
    """

    id: str
    text: Text
    clause: str
    quantities: tuple[str, ...]
    locations: tuple[str, ...]
    equipment: str
    sources: tuple[str, ...]
    evidence: str
    verified: bool
    source: str
    note: Text


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether one wanted thing is there; ``unverified``: what is wanted is not known for sure."""

    wanted: Wanted
    status: Status


@cache
def checklist(name: str = "nbt10278") -> tuple[Wanted, ...]:
    """The items of a check-list.

    Raises
    ------
    InputError : there is no such list, or its table holds faults
    """
    problems: list[Problem] = []
    items = []
    for line in lines(DATA / "checklists" / f"{name}.csv", _COLUMNS, problems):
        items.append(
            Wanted(
                id=line["id"],
                text=Text(line["text_en"], line["text_zh"]),
                clause=line["clause"],
                quantities=_list(line["quantities"]),
                locations=_list(line["locations"]),
                equipment=line["equipment"],
                sources=_list(line["sources"]),
                evidence=line["evidence"],
                verified=line["verified"] == "true" and line["evidence"] in VERIFIABLE,
                source=line["source"],
                note=Text(line["note_en"], line["note_zh"]),
            )
        )
    refuse(problems)
    return tuple(items)


def compare(
    available: Iterable[tuple[str, ...]], sources: Iterable[str] = (), name: str = "nbt10278"
) -> tuple[Answer, ...]:
    """Compare what is measured with what a check-list wants.

    Parameters
    ----------
    available : (quantity, location), or (quantity, location, kind of equipment) where an
        electricity meter is to be told apart; a location may carry ``@...``
    sources : kinds of source of the site (``borefield``...); items meant for other kinds are left
        out; none given: every item is compared
    name : the check-list

    Returns
    -------
    one answer per item; an item whose content nobody could verify is never called missing
    """
    points = [(*(part.partition("@")[0] for part in point), "", "")[:3] for point in available]
    kinds = {SOURCE_WORDS.get(source, source) for source in sources}
    answers = []
    for wanted in checklist(name):
        if wanted.sources and kinds and not kinds.intersection(wanted.sources):
            continue
        there = any(_fulfils(point, wanted) for point in points)
        known = wanted.verified or wanted.evidence == "E"
        status: Status = "present" if there else "missing" if known else "unverified"
        answers.append(Answer(wanted, status))
    return tuple(answers)


def _fulfils(point: tuple[str, ...], wanted: Wanted) -> bool:
    quantity, location, equipment = point
    return (
        quantity in wanted.quantities
        and location in wanted.locations
        and (not wanted.equipment or equipment in ("", wanted.equipment))
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
