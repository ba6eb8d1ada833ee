"""Reading ``records.csv``: design-hour and nameplate tables that people copied from paper.

Every row is one number of such a table. ``input`` numbers are taken as given; ``printed`` numbers
are what the table says comes out, and evaluation recomputes them. One number may be printed
several times, in different tables. A record never carries a time series, so it can never give a
season's grade.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from diwen import quantities
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.cell_problems import EMPTY, FILL, NOT_A_UNIT, QUOTE, RENAME, SURPLUS, UNIT_CURE
from diwen.site.record_items import ITEMS
from diwen.site.spelling import IDENTIFIER, IDENTIFIER_RULE, cure_for, listed
from diwen.site.textfile import Row, check_header, read_csv, read_text

FILE = "records.csv"
REQUIRED = ("record", "item", "value", "unit", "status")
OPTIONAL = ("table", "source", "note")
Status = Literal["input", "printed"]


_NUMBER = re.compile(r"[-+−]?(\d+)(?:\.(\d+))?")
_BAD_NAME = Text("not usable as the name of a record", "不能用作记录名称")
_UNKNOWN_ITEM = Text("unknown item", "未知的记录项目")
_BAD_STATUS = Text("neither input nor printed", "既不是 input（输入）也不是 printed（原表值）")
_DERIVED = Text("{item} is derived and cannot be an input", "{item}为导出值，不能作为输入")
_PRINTED = Text("give it the status printed", "请将 status 改为 printed")
_BAD_NUMBER = Text("not a plain number", "不是普通数值")
_NUMBER_CURE = Text(
    "write the digits as printed, with a decimal point: 442.7", "按原表数字填写，小数点为“.”：442.7"
)
_NEGATIVE = Text("{item} cannot be negative or zero", "{item}不能为负或零")
_CORRECT = Text("correct the value", "请更正数值")
_NO_DETAIL = Text("{item} takes nothing after @", "{item}在 @ 之后不应有内容")
_DETAIL_GONE = Text("remove the part from @ on", "请删除 @ 及其后的部分")
_OTHER_RECORD = Text("the record compared with is not in the file", "所比较的记录不在文件中")
_NAME_RECORD = Text(
    "name the record after @, such as gain_over@heating", "在 @ 后写记录名，例如 gain_over@heating"
)
_TWICE = Text(
    "the same number appears twice (first in line {line})", "同一数值重复（首见第 {line} 行）"
)
_REMOVE = Text("keep one of the two rows", "请只保留其中一行")
_NO_DURATION = Text(
    "an energy stands here, but the record has no duration", "此处为能量，但该记录没有时长"
)
_ADD_DURATION = Text(
    "add a row with the item duration (for one design hour: 1 h)",
    "增加 duration 一行（一个设计小时写 1 h）",
)
_NO_ROWS = Text("the file holds no record", "文件中没有任何记录")
_ADD_ROWS = Text("add rows, or delete the file", "请补充记录，或删除该文件")


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of a record.

    Attributes
    ----------
    line : line in the file
    record, table : the record (operating condition), and the table it was printed in
    item, detail : key of :data:`ITEMS` and the text after ``@``
    value : in the item's own unit (W, s, 1)
    resolution : half of the last printed digit, in the same unit
    written, unit : digits and unit as they stand in the file
    printed : a printed result; otherwise an input
    energy : written as an energy over the duration of the record
    source, note : where it was printed, and a remark
    """

    line: int
    record: str
    table: str
    item: str
    detail: str
    value: float
    resolution: float
    written: str
    unit: str
    printed: bool
    energy: bool
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Record:
    """All numbers of one operating condition, in the order of the file."""

    id: str
    entries: tuple[Entry, ...]

    def given(self, item: str) -> tuple[Entry, ...]:
        """The inputs of that item."""
        return tuple(e for e in self.entries if e.item == item and not e.printed)

    def printed(self, item: str) -> tuple[Entry, ...]:
        """The printed numbers of that item."""
        return tuple(e for e in self.entries if e.item == item and e.printed)


def read_records(path: Path) -> tuple[Record, ...]:
    """Read ``records.csv``.

    Parameters
    ----------
    path : the file

    Returns
    -------
    tuple of Record : in the order in which they first appear

    Raises
    ------
    InputError : anything in the file is wrong; all of it is named at once
    """
    text, _ = read_text(path)
    sheet = read_csv(text)
    problems = list(check_header(FILE, sheet, REQUIRED, OPTIONAL))
    if problems:
        raise InputError(problems)
    if not sheet.rows:
        raise InputError([Problem(FILE, "", _NO_ROWS, _ADD_ROWS)])
    # Durations come first: without them a printed energy is not a power.
    durations: dict[str, float] = {}
    ordered = sorted(sheet.rows, key=lambda row: row.cells["item"] != "duration")
    entries = []
    for row in ordered:
        reader = _RowReader(row, durations)
        entry = reader.entry()
        problems.extend(reader.problems)
        if entry is not None:
            entries.append(entry)
            if entry.item == "duration":
                durations.setdefault(entry.record, entry.value)
    entries.sort(key=lambda entry: entry.line)
    problems.extend(_among(entries, {row.cells["record"] for row in sheet.rows}))
    if problems:
        raise InputError(sorted(problems, key=lambda problem: _line(problem)))
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.record, []).append(entry)
    return tuple(Record(id, tuple(group)) for id, group in groups.items())


def _line(problem: Problem) -> int:
    found = re.match(r"line (\d+)", problem.where)
    return int(found[1]) if found else 0


def _among(entries: Iterable[Entry], records: set[str]) -> list[Problem]:
    """What is wrong between rows: numbers that stand twice, comparisons with no record."""
    problems = []
    seen: dict[tuple[object, ...], int] = {}
    for entry in entries:
        # An input counts once per record; a printed number once per table.
        table = entry.table if entry.printed else ""
        key = (entry.record, table, entry.item, entry.detail, entry.printed)
        if key in seen:
            message = _TWICE.format(line=seen[key])
            problems.append(_problem(entry.line, "item", message, _REMOVE, entry.item))
        seen.setdefault(key, entry.line)
        if ITEMS[entry.item].detail == "record" and entry.detail not in records:
            cure = cure_for(entry.detail, records) if entry.detail else _NAME_RECORD
            allowed = listed(sorted(records))
            problems.append(
                _problem(entry.line, "item", _OTHER_RECORD, cure, entry.detail, allowed)
            )
    return problems


def _problem(
    line: int, column: str, message: Text, cure: Text, value: str = "", allowed: Text | None = None
) -> Problem:
    where = f"line {line}" + (f", column {column}" if column else "")
    return Problem(FILE, where, message, cure, value, allowed)


class _RowReader:
    """Reads the cells of one row and keeps what is wrong with them."""

    def __init__(self, row: Row, durations: Mapping[str, float]) -> None:
        self.row = row
        self.durations = durations
        self.problems: list[Problem] = []
        if row.surplus:
            self.refuse("", SURPLUS, QUOTE, value=" | ".join(row.surplus))

    def cell(self, column: str) -> str:
        return self.row.cells.get(column, "")

    def refuse(
        self, column: str, message: Text, cure: Text, allowed: Text | None = None, value: str = ""
    ) -> None:
        value = value or self.cell(column)
        self.problems.append(_problem(self.row.line, column, message, cure, value, allowed))

    def entry(self) -> Entry | None:
        """The number of this row; None when anything in it is wrong."""
        record = self._record()
        name, detail = self._item()
        printed = self._printed(name)
        number, resolution = self._number()
        factor, energy = self._unit(name, record) if name else (1.0, False)
        value = factor * number
        if name and printed is False and math.isfinite(number) and value <= 0:
            self.refuse("value", _NEGATIVE.format(item=ITEMS[name].text), _CORRECT)
        if self.problems:
            return None
        return Entry(
            self.row.line, record, self.cell("table"), name, detail, value, factor * resolution,
            self.cell("value"), self.cell("unit"), bool(printed), energy, self.cell("source"),
            self.cell("note"),
        )  # fmt: skip

    def _record(self) -> str:
        value = self.cell("record")
        if not value:
            self.refuse("record", EMPTY, FILL)
        elif not IDENTIFIER.fullmatch(value):
            self.refuse("record", _BAD_NAME, RENAME, IDENTIFIER_RULE)
        return value

    def _item(self) -> tuple[str, str]:
        """Item and detail; an empty item when it is not known."""
        name, _, detail = (part.strip() for part in self.cell("item").partition("@"))
        if not name:
            self.refuse("item", EMPTY, FILL, listed(ITEMS))
        elif name not in ITEMS:
            self.refuse("item", _UNKNOWN_ITEM, cure_for(name, ITEMS), listed(ITEMS))
            return "", detail
        elif detail and not ITEMS[name].detail:
            self.refuse("item", _NO_DETAIL.format(item=ITEMS[name].text), _DETAIL_GONE)
        return name, detail

    def _printed(self, name: str) -> bool | None:
        """Whether the number is a printed result; None when the status is not understood."""
        status = self.cell("status")
        if status not in get_args(Status):
            self.refuse("status", _BAD_STATUS, cure_for(status, get_args(Status)))
            return None
        if status == "input" and name and not ITEMS[name].given:
            self.refuse("status", _DERIVED.format(item=ITEMS[name].text), _PRINTED)
        return status == "printed"

    def _number(self) -> tuple[float, float]:
        """The number and half of its last printed digit, in the unit of the file."""
        match = _NUMBER.fullmatch(self.cell("value"))
        if match is None:
            self.refuse("value", _BAD_NUMBER, _NUMBER_CURE)
            return math.nan, math.nan
        return float(self.cell("value").replace("−", "-")), 0.5 * 10.0 ** -len(match[2] or "")

    def _unit(self, name: str, record: str) -> tuple[float, bool]:
        """Factor into the item's own unit, and whether the number is an energy."""
        quantity = quantities.quantity(ITEMS[name].quantity)
        unit = self.cell("unit")
        try:
            return quantities.conversion(unit, quantity.name)[0], False
        except (quantities.UnitError, OverflowError):
            pass
        if quantity.name == "heat_power":
            try:
                factor, _ = quantities.conversion(unit, "heat_energy")
            except (quantities.UnitError, OverflowError):
                pass
            else:
                if record not in self.durations:
                    self.refuse("unit", _NO_DURATION, _ADD_DURATION)
                    return 1.0, True
                return factor / self.durations[record], True
        cure = UNIT_CURE.format(unit=quantity.display_unit)
        self.refuse("unit", NOT_A_UNIT.format(quantity=quantity.text), cure)
        return 1.0, False
