"""The conditions under which a row is meant: capacity, kind of source, terminal, fuel..."""

from __future__ import annotations

import re

from diwen.rules.row import Row

# The kinds of source of a site file, in the words of the standards.
SOURCE_WORDS = {
    "borefield": "ground_loop",
    "circulation_well": "groundwater",
    "well_doublet": "groundwater",
    "groundwater_wells": "groundwater",
}

_BOUND = re.compile(r"(<=|>=|<|>)\s*([-+0-9.eE]+)(?:\s.*)?")
_SPAN = re.compile(r"([-+0-9.eE]+?)\.\.([-+0-9.eE]+)(?:\s.*)?")


def applies(row: Row, **facts: float | str) -> bool:
    """Whether a row is meant for a case.

    Only conditions that the row names and the case tells are judged; what is not told does not
    exclude a row.

    Parameters
    ----------
    row : the rule
    facts : such as ``capacity=300.0`` (a number in the unit the condition is written in),
        ``source="borefield"`` (a kind of source of the site file, or a word of the standard)
    """
    return all(
        _fits(condition, facts[name]) for name, condition in row.applies.items() if name in facts
    )


def _fits(condition: str, fact: float | str) -> bool:
    if isinstance(fact, str):
        wanted = SOURCE_WORDS.get(fact, fact)
        return wanted in re.split(r"\s+or\s+|\s*,\s*", condition)
    if bound := _BOUND.fullmatch(condition):
        limit = float(bound[2])
        return {
            "<=": fact <= limit,
            ">=": fact >= limit,
            "<": fact < limit,
            ">": fact > limit,
        }[bound[1]]
    if span := _SPAN.fullmatch(condition):
        return float(span[1]) <= fact <= float(span[2])
    try:
        return float(condition.split()[0]) == fact
    except (ValueError, IndexError):
        return False
