"""The tables that stand beside the points: design-hour records and the systems of a portfolio."""

from __future__ import annotations

from pathlib import Path

from diwen.problems import InputError, Problem
from diwen.site.portfolio import Portfolio
from diwen.site.portfolio_file import read_systems
from diwen.site.records import FILE, Record, read_records


def records_of(folder: Path, problems: list[Problem]) -> tuple[Record, ...]:
    """The design-hour records of a site; none without the file. Faults are appended."""
    path = folder / FILE
    if not path.exists():
        return ()
    try:
        return read_records(path)
    except InputError as error:
        problems.extend(error.problems)
        return ()


def check_portfolio(folder: Path, portfolio: Portfolio | None, problems: list[Problem]) -> None:
    """Append what is wrong with the systems of a portfolio, where the site is one."""
    if portfolio is None:
        return
    try:
        read_systems(folder, portfolio)
    except InputError as error:
        problems.extend(error.problems)
