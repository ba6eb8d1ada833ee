"""``deviations.csv`` in the folder of a site: what was found and what became of it, append-only.

One line per change of state. A line is never altered: who corrects a mistake writes another one.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from diwen.diagnosis.continuous.deviation_states import (
    PROGRAM,
    STATES,
    follows,
    may_say,
    next_states,
)
from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.site.cell_problems import (
    FILL,
    NOT_A_CHOICE,
    NOT_A_NUMBER,
)
from diwen.site.dated_rows import cell_problem, dated_row_problems
from diwen.site.spelling import cure_for, listed
from diwen.site.textfile import check_header, read_csv, read_text
from diwen.twin.deviations import PARAMETERS

if TYPE_CHECKING:
    from diwen.site import Site

FILE = "deviations.csv"
COLUMNS = (
    "date", "parameter", "object", "state", "value", "low", "high", "probability", "by", "note",
)  # fmt: skip
_NEEDED = ("date", "parameter", "state", "by")
_NUMBERS = ("value", "low", "high", "probability")
_FUTURE = Text("the day lies in the future", "日期在未来")
_NOT_LATER = Text("write the day on which it was done, {today} at the latest",
                  "请填写实际日期，不晚于 {today}")  # fmt: skip
_BACKWARDS = Text("the day lies before that of the line above about the same deviation, {day}",
                  "日期早于同一偏差上一行的日期 {day}")  # fmt: skip
_IN_ORDER = Text("write lines in the order of time", "请按时间顺序填写")
_NOT_AFTER = Text("{after} does not follow {before}", "{before} 之后不能为 {after}")
_NOTHING = Text("nothing", "无记录")
_CHOOSE = Text("choose one of these", "请从中选择")
_NOT_BY = Text("{by} does not say {state}", "{by} 不能设定“{state}”")
_WHO = Text(
    "corrected and dismissed are said by a person (write the name), verified by the program",
    "“已整改”和“已排除”由人员填写（请写姓名），“整改已验证”由程序判定",
)
_NO_SHARE = Text("not between 0 and 1", "不在 0 与 1 之间")
_PERCENT = Text("write 0.8 for 80 %", "80 % 请写成 0.8")
_TURNED = Text("low is above high", "下限大于上限")
_EXCHANGE = Text("exchange the two", "请对调两者")


@dataclass(frozen=True)
class DeviationEntry:
    """One line.

    Attributes
    ----------
    date : local day on which the state was reached
    parameter, object : which deviation; object empty: the plant
    state : reached
    value, low, high : of the parameter, nan where not said
    probability : 0 to 1, nan where not said
    by : :data:`~diwen.diagnosis.continuous.deviation_states.PROGRAM` or a person
    note : remark
    line : in the file; 0: not written yet
    """

    date: date
    parameter: str
    object: str
    state: str
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    probability: float = math.nan
    by: str = PROGRAM
    note: str = ""
    line: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """Which deviation it is about."""
        return self.parameter, self.object


def read_deviations(site: Site, today: date | None = None) -> tuple[DeviationEntry, ...]:
    """All lines in the order of writing; a site without the file has none.

    Parameters
    ----------
    site : whose folder
    today : days after it are refused; None: this day

    Raises
    ------
    diwen.problems.InputError : with every line and column that is wrong
    """
    path = Path(site.folder) / FILE
    if not path.exists():
        return ()
    text, _ = read_text(path)
    sheet = read_csv(text)
    problems = check_header(FILE, sheet, _NEEDED, tuple(c for c in COLUMNS if c not in _NEEDED))
    entries = []
    if not problems:
        for row in sheet.rows:
            wrong = _cell_problems(row.line, row.cells, row.surplus)
            problems += wrong
            if not wrong:
                entries.append(_entry(row.line, row.cells))
        problems += course_problems(entries, today or date.today())
    if problems:
        raise InputError(problems)
    return tuple(entries)


def add_deviations(
    site: Site, entries: Sequence[DeviationEntry], today: date | None = None
) -> tuple[DeviationEntry, ...]:
    """Append lines in one step that cannot be half done; all of them or none.

    Parameters
    ----------
    site : whose folder
    entries : in the order of time
    today : as of :func:`read_deviations`

    Returns
    -------
    all lines of the file

    Raises
    ------
    diwen.problems.InputError : a state that does not follow, a day that runs backwards
    """
    from diwen.telemetry import lock, parts

    folder = Path(site.folder)
    with lock.writing(folder / "telemetry"):
        held = read_deviations(site, today)
        problems = [one for each in entries for one in _value_problems(each)]
        problems += course_problems([*held, *entries], today or date.today())
        if problems:
            raise InputError(problems)
        path = folder / FILE
        before = read_text(path)[0] if path.exists() else ",".join(COLUMNS) + "\n"
        if not before.endswith("\n"):
            before += "\n"
        parts.write_text(path, before + _lines(entries, _header(before)))
    return read_deviations(site, today)


def states(entries: Sequence[DeviationEntry]) -> dict[tuple[str, str], DeviationEntry]:
    """The last line about each deviation, by parameter and object."""
    return {one.key: one for one in entries}


def course_problems(entries: Sequence[DeviationEntry], today: date) -> list[Problem]:
    """Days that run backwards or lie ahead, states that do not follow, and who may not say them."""
    found: list[Problem] = []
    last: dict[tuple[str, str], DeviationEntry] = {}

    def problem(
        one: DeviationEntry, column: str, message: Text, cure: Text, value: str,
        allowed: Text | None = None,
    ) -> None:  # fmt: skip
        where = f"line {one.line}, column {column}" if one.line else column
        found.append(Problem(FILE, where, message, cure, value, allowed))

    for one in entries:
        before = last.get(one.key)
        if one.date > today:
            problem(one, "date", _FUTURE, _NOT_LATER.format(today=today), str(one.date))
        if before is not None and one.date < before.date:
            problem(one, "date", _BACKWARDS.format(day=before.date), _IN_ORDER, str(one.date))
        state = before.state if before is not None else ""
        if not follows(state, one.state):
            words = _NOT_AFTER.format(after=one.state, before=state or _NOTHING)
            problem(one, "state", words, _CHOOSE, one.state, listed(next_states(state)))
        if not may_say(one.by, one.state):
            problem(one, "by", _NOT_BY.format(by=one.by, state=one.state), _WHO, one.by)
        last[one.key] = one
    return found


def _cell_problems(line: int, cells: dict[str, str], surplus: tuple[str, ...]) -> list[Problem]:
    """What is wrong with the cells of a line by themselves."""

    def problem(column: str, message: Text, cure: Text, allowed: Text | None = None) -> Problem:
        return cell_problem(FILE, line, column, cells, (message, cure), allowed)

    found = dated_row_problems(FILE, line, cells, surplus, _NEEDED)
    for column, allowed in (("parameter", tuple(PARAMETERS)), ("state", STATES)):
        if cells[column] and cells[column] not in allowed:
            cure = cure_for(cells[column], allowed)
            found.append(problem(column, NOT_A_CHOICE, cure, listed(allowed)))
    bad = [column for column in _NUMBERS if math.isinf(_number(cells.get(column, "")))]
    found += [problem(column, NOT_A_NUMBER, FILL) for column in bad]
    if not found:
        found += _value_problems(_entry(line, cells))
    return found


def _value_problems(one: DeviationEntry) -> list[Problem]:
    """What is wrong with the numbers of a line."""
    place = f"line {one.line}, column " if one.line else ""
    found = []
    if one.parameter not in PARAMETERS:
        cure = cure_for(one.parameter, PARAMETERS)
        found.append(
            Problem(FILE, f"{place}parameter", NOT_A_CHOICE, cure, one.parameter,
                    listed(PARAMETERS))
        )  # fmt: skip
    if not (math.isnan(one.probability) or 0.0 <= one.probability <= 1.0):
        found.append(
            Problem(FILE, f"{place}probability", _NO_SHARE, _PERCENT, f"{one.probability:g}",
                    same("0 … 1"))
        )  # fmt: skip
    if one.low > one.high:
        found.append(
            Problem(FILE, f"{place}low", _TURNED, _EXCHANGE, f"{one.low:g} > {one.high:g}")
        )
    return found


def _number(text: str) -> float:
    """Number of a cell; nan: empty, infinite: none."""
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        return math.inf
    return value if math.isfinite(value) else math.inf


def _entry(line: int, cells: dict[str, str]) -> DeviationEntry:
    numbers = {name: _number(cells.get(name, "")) for name in _NUMBERS}
    return DeviationEntry(
        date.fromisoformat(cells["date"]), cells["parameter"], cells.get("object", ""),
        cells["state"], **numbers, by=cells["by"], note=cells.get("note", ""), line=line,
    )  # fmt: skip


def _header(text: str) -> tuple[tuple[str, ...], str]:
    """Columns of the file as it stands, and their separator."""
    first = next(line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    separator = max((",", ";", "\t"), key=first.count)
    return tuple(cell.strip() for cell in next(csv.reader([first], delimiter=separator))), separator


def _lines(entries: Sequence[DeviationEntry], header: tuple[tuple[str, ...], str]) -> str:
    columns, separator = header
    sink = io.StringIO()
    writer = csv.writer(sink, delimiter=separator, lineterminator="\n")
    for one in entries:
        cells = {
            "date": one.date.isoformat(), "parameter": one.parameter, "object": one.object,
            "state": one.state, "by": one.by, "note": " ".join(one.note.split()),
        }  # fmt: skip
        for name in _NUMBERS:
            value = getattr(one, name)
            cells[name] = "" if math.isnan(value) else f"{value:.6g}"
        writer.writerow([cells.get(column, "") for column in columns])
    return sink.getvalue()
