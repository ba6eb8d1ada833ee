"""Reading ``samples.csv``: what a laboratory found in the groundwater, one indicator per line.

Columns: ``date, place, indicator, value, unit`` and, if known, ``edition, laboratory, method,
note``. A sample is everything of one date and place. Values below the limit of detection stay
what they are: ``<0.01``, ``0.01L`` (the laboratory's way of writing the same), ``ND`` or 未检出.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.cell_problems import DATE_CURE, EMPTY, FILL, NOT_A_DATE, QUOTE, SURPLUS
from diwen.site.sample_values import CellError, Sign, Word, in_unit, read_value
from diwen.site.spelling import IDENTIFIER, IDENTIFIER_RULE, cure_for, listed, nearest
from diwen.site.textfile import Row, check_header, read_csv, read_text

FILE = "samples.csv"
REQUIRED = ("date", "place", "indicator", "value", "unit")
OPTIONAL = ("edition", "laboratory", "method", "note")
PLACES: dict[str, Text] = {
    "abstraction": Text("abstraction", "抽水"),
    "injection": Text("injection", "回灌"),
    "upgradient": Text("up-gradient", "上游"),
    "downgradient": Text("down-gradient", "下游"),
}
_PLACE_WORDS = {
    "抽水": "abstraction", "抽水井": "abstraction", "抽水侧": "abstraction",
    "回灌": "injection", "回灌井": "injection", "回灌侧": "injection",
    "上游": "upgradient", "上游井": "upgradient", "up-gradient": "upgradient",
    "下游": "downgradient", "下游井": "downgradient", "down-gradient": "downgradient",
}  # fmt: skip
_EDITIONS = ("1993", "2017")
_EDITION = re.compile(r"(?:GB\s*/?\s*T\s*14848\s*[-—–]\s*)?(1993|93|2017)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")

_FUTURE = Text("the date lies in the future", "日期在今天之后")
_UNKNOWN_INDICATOR = Text("unknown indicator", "未知的水质指标")
_INDICATOR_CURE = Text(
    "use its key, its English or its Chinese name as in the standard",
    "请使用指标键名，或标准中的中文或英文名称",
)
_BAD_PLACE = Text("not a place of sampling", "不是取样位置")
_PLACE_ALLOWED = Text(
    "abstraction, injection, upgradient, downgradient, or the id of a well",
    "abstraction（抽水）、injection（回灌）、upgradient（上游）、downgradient（下游）或井编号",
)
_BAD_EDITION = Text("unknown edition of GB/T 14848", "未知的 GB/T 14848 版本")
_EDITION_CURE = Text(
    "write the edition the laboratory judged by, or leave the cell empty",
    "请写检测报告采用的版本，或留空",
)
_TWICE = Text(
    "the same indicator of the same sample stands in line {line} already",
    "同一样品的同一指标已出现在第 {line} 行",
)
_TWICE_CURE = Text(
    "remove one of the two, or name the two laboratories or methods",
    "请删除其一，或分别注明检测单位或方法",
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A water-quality indicator as the rules know it.

    Attributes
    ----------
    key : name in code and files
    text : name in both languages
    unit : unit of its limits; empty for a pure number
    """

    key: str
    text: Text
    unit: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One indicator of one water sample.

    Attributes
    ----------
    date : day of sampling
    place : key of :data:`PLACES`, or the id of a well
    indicator : key of the indicator
    value : number in ``unit``; the limit when ``sign`` is set; None for a word or a bare ND
    sign : ``<`` below a limit, ``>`` above one, empty for a plain number
    word : ``ND`` (not detected, limit unknown) or ``none`` (no odour, nothing visible), else empty
    unit : unit of the indicator's limits in the rules
    edition : ``1993`` or ``2017`` as written; empty where the file does not say
    laboratory, method, note : as written
    line : line in the file
    """

    date: datetime.date
    place: str
    indicator: str
    value: float | None
    sign: Sign
    word: Word
    unit: str
    edition: str
    laboratory: str
    method: str
    note: str
    line: int


def read_samples(folder: Path) -> tuple[Sample, ...]:
    """Read ``samples.csv`` of a site folder; a site without one has no samples.

    Raises
    ------
    InputError : with every problem of the file
    """
    samples, problems = check_samples(folder)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise InputError(errors)
    return samples


def check_samples(folder: Path) -> tuple[tuple[Sample, ...], list[Problem]]:
    """The sound rows of ``samples.csv`` and every error and warning found in it."""
    path = Path(folder) / FILE
    if not path.exists():
        return (), []
    try:
        text, problems = read_text(path)
    except InputError as error:
        return (), list(error.problems)
    sheet = read_csv(text)
    header = check_header(FILE, sheet, REQUIRED, OPTIONAL)
    problems = [*problems, *header]
    if header:
        return (), problems
    known = indicators()
    samples: list[Sample] = []
    seen: dict[tuple[object, ...], int] = {}
    for row in sheet.rows:
        sample, found = _read_row(row, known)
        problems.extend(found)
        if sample is None:
            continue
        key = (sample.date, sample.place, sample.indicator, sample.laboratory, sample.method)
        if key in seen:
            message = _TWICE.format(line=seen[key])
            problems.append(_problem(row, "indicator", message, _TWICE_CURE))
            continue
        seen[key] = row.line
        samples.append(sample)
    return tuple(samples), problems


def indicators() -> dict[str, Indicator]:
    """Every indicator of the rules by each of its names, in lower case without spaces.

    Names are the key, the English and the Chinese name, and the further names in the rules.
    """
    from diwen import rules

    found: dict[str, Indicator] = {}
    rows = rules.load().rows(quantity="groundwater_class")
    # The newest edition names the unit; older ones add indicators that it no longer has.
    for row in sorted(rows, key=lambda row: row.edition, reverse=True):
        applies = row.applies
        indicator = Indicator(
            applies["indicator"], Text(applies["name_en"], applies["name_zh"]), row.unit
        )
        further = re.split(r"[;|；]", applies.get("names", ""))
        for name in (applies["indicator"], applies["name_en"], applies["name_zh"], *further):
            if plain := _plain(name):
                found.setdefault(plain, indicator)
    return found


def _plain(name: str) -> str:
    """A name without case, spaces and the difference of full- and half-width brackets."""
    return re.sub(r"\s+", "", name.replace("（", "(").replace("）", ")")).casefold()


def _read_row(row: Row, known: Mapping[str, Indicator]) -> tuple[Sample | None, list[Problem]]:
    cells, found = row.cells, []
    if row.surplus:
        found.append(Problem(FILE, f"line {row.line}", SURPLUS, QUOTE, " | ".join(row.surplus)))
    for column in REQUIRED[:-1]:
        if not cells[column]:
            found.append(_problem(row, column, EMPTY, FILL))
    if found:
        return None, found
    day = _date(row, found)
    place = _place(row, found)
    edition = _edition(row, found)
    indicator = known.get(_plain(cells["indicator"]))
    if indicator is None:
        near = nearest(cells["indicator"], known)
        cure = cure_for(cells["indicator"], known) if near else _INDICATOR_CURE
        found.append(_problem(row, "indicator", _UNKNOWN_INDICATOR, cure))
    value: float | None = None
    sign: Sign = ""
    word: Word = ""
    try:
        value, sign, word = read_value(cells["value"])
        if indicator is not None and value is not None:
            value = in_unit(value, cells["unit"], indicator.unit)
    except CellError as error:
        allowed = listed([indicator.unit]) if error.column == "unit" and indicator else None
        found.append(_problem(row, error.column, error.text, error.cure, allowed))
    if found or day is None or indicator is None:
        return None, found
    return Sample(
        day, place, indicator.key, value, sign, word, indicator.unit, edition,
        cells.get("laboratory", ""), cells.get("method", ""), cells.get("note", ""), row.line,
    ), found  # fmt: skip


def _date(row: Row, found: list[Problem]) -> datetime.date | None:
    match = _DATE.fullmatch(row.cells["date"])
    try:
        day = datetime.date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        day = None
    if day is None:
        found.append(_problem(row, "date", NOT_A_DATE, DATE_CURE))
    elif day > datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1):
        found.append(_problem(row, "date", _FUTURE, DATE_CURE))
        return None
    return day


def _place(row: Row, found: list[Problem]) -> str:
    written = row.cells["place"]
    plain = written.casefold()
    place = _PLACE_WORDS.get(plain, plain if plain in PLACES else written)
    if place not in PLACES:
        near = nearest(place, PLACES)
        # A word this close to the vocabulary is a slip, not a well called "injektion".
        if near is not None or IDENTIFIER.fullmatch(place) is None:
            cure = cure_for(place, PLACES) if near else IDENTIFIER_RULE
            found.append(_problem(row, "place", _BAD_PLACE, cure, _PLACE_ALLOWED))
    return place


def _edition(row: Row, found: list[Problem]) -> str:
    written = row.cells.get("edition", "")
    if not written:
        return ""
    match = _EDITION.fullmatch(written)
    if match is None:
        found.append(_problem(row, "edition", _BAD_EDITION, _EDITION_CURE, listed(_EDITIONS)))
        return ""
    return {"93": "1993"}.get(match[1], match[1])


def _problem(
    row: Row, column: str, message: Text, cure: Text, allowed: Text | None = None
) -> Problem:
    where = f"line {row.line}, column {column}"
    return Problem(FILE, where, message, cure, row.cells.get(column, ""), allowed)
