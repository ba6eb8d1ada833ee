"""What every dated line of a site's ledgers must have, whatever else it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from diwen.language import Text
from diwen.problems import Problem
from diwen.site.cell_problems import DATE_CURE, EMPTY, FILL, NOT_A_DATE, QUOTE, SURPLUS


def cell_problem(
    file: str,
    line: int,
    column: str,
    cells: Mapping[str, str],
    words: tuple[Text, Text],
    allowed: Text | None = None,
) -> Problem:
    """One cell that is wrong: ``words`` are what is wrong and its cure."""
    where = f"line {line}, column {column}"
    return Problem(file, where, *words, cells.get(column, ""), allowed)


def dated_row_problems(
    file: str, line: int, cells: Mapping[str, str], surplus: Sequence[str], needed: Sequence[str]
) -> list[Problem]:
    """Cells beyond the header, empty cells that are needed, a date that is none.

    Parameters
    ----------
    file, line : where it stands
    cells : by column, ``date`` among them
    surplus : cells beyond the header
    needed : columns that must not be empty
    """
    found = []
    if surplus:
        found.append(Problem(file, f"line {line}", SURPLUS, QUOTE, " | ".join(surplus)))
    found += [
        cell_problem(file, line, column, cells, (EMPTY, FILL))
        for column in needed
        if not cells[column]
    ]
    if cells["date"]:
        try:
            date.fromisoformat(cells["date"])
        except ValueError:
            found.append(cell_problem(file, line, "date", cells, (NOT_A_DATE, DATE_CURE)))
    return found
