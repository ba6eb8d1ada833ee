"""The clock of a well test's file: elapsed time, dates, a date beside a clock, or a clock alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.survey.record_reader import RecordReader
from diwen.survey.well_test_columns import WellColumn

Floats = NDArray[np.float64]

_CLOCK = re.compile(
    r"\s*(\d{1,2})\s*[:：时]\s*(\d{1,2})(?:\s*[:：分]\s*(\d{1,2}(?:\.\d*)?))?\s*[秒分]?\s*"
)
_DAY = 86400.0
TIME_CURE = Text(
    'write it as 2024-05-01 10:30:00, or as a number with its unit: --column "time=#1 | min"',
    '请写作 2024-05-01 10:30:00，或给出带单位的数字：--column "time=#1 | min"',
)
_NO_DATE = Text(
    "{name}: a clock without a date; times count from the first record, a step back of more than "
    "half a day is midnight",
    "{name}：仅有时刻而无日期；自首条记录起计时，倒退超过半天视为跨越午夜",
)
_ADD_DATE = Text("add a column of the date", "请增加日期列")


@dataclass(frozen=True, eq=False)
class FileClock:
    """Times of the records.

    Attributes
    ----------
    seconds : of every record, NaN where empty, shape (n,)
    dated : the zero of the clock means nothing to the test (dates, times of the day)
    days_known : the seconds count from 1970
    """

    seconds: Floats
    dated: bool
    days_known: bool


def time_column(reader: RecordReader, columns: Sequence[WellColumn]) -> WellColumn | None:
    """The column to take, of several that may be one of the time.

    The first one, but a date joins the clock beside it, and where there is only one of the two a
    column of elapsed time goes before it.
    """
    kinds = [_kind(reader, column) for column in columns]
    if not columns:
        return None
    first = kinds[0]
    elapsed = next((c for c, kind in zip(columns, kinds, strict=True) if kind == "elapsed"), None)
    for wanted, other in (("date", "clock"), ("clock", "date")):
        if first == wanted and other in kinds:
            pair = (columns[0], columns[kinds.index(other)])
            date, clock = pair if wanted == "date" else pair[::-1]
            return replace(date, clock=clock.index)
    if first in ("date", "clock") and elapsed is not None:
        return elapsed
    return columns[0]


def _kind(reader: RecordReader, column: WellColumn) -> str:
    """``elapsed``, ``date``, ``clock``, or ``moment`` for a date with its clock."""
    if not reader.holds_dates(column.index):
        return "elapsed"
    cells = [cell for cell in reader.sample(column.index) if cell]
    if all(_CLOCK.fullmatch(cell) for cell in cells):
        return "clock"
    return "moment" if any(":" in cell or "时" in cell for cell in cells) else "date"


def is_clock(reader: RecordReader, column: WellColumn) -> bool:
    """Whether a column holds times of the day alone."""
    return column.clock is None and _kind(reader, column) == "clock"


def read_clock(reader: RecordReader, column: WellColumn) -> FileClock:
    """Times of a column of dates or clocks; what cannot be read is told to the reader."""
    if is_clock(reader, column):
        reader.notice(f"column {column.name}", _NO_DATE.format(name=column.name), _ADD_DATE)
        return FileClock(_times_of_day(reader, column), True, False)
    indices = [column.index] if column.clock is None else [column.index, column.clock]
    return FileClock(reader.dates(indices, column.name, TIME_CURE), True, True)


def _times_of_day(reader: RecordReader, column: WellColumn) -> Floats:
    """Seconds since the midnight before the first record, NaN where empty."""
    cells = reader.cells(column.index)
    seconds = np.full(len(cells), np.nan)
    bad = np.zeros(len(cells), bool)
    for row, cell in enumerate(cells):
        found = _CLOCK.fullmatch(cell or "")
        if found and int(found[1]) <= 24 and int(found[2]) < 60:
            seconds[row] = 3600 * int(found[1]) + 60 * int(found[2]) + float(found[3] or 0)
        elif cell:
            bad[row] = True
    reader.tell_bad(column.name, cells, bad)
    known = np.isfinite(seconds)
    midnights = np.cumsum(np.diff(seconds[known], prepend=seconds[known][:1]) < -_DAY / 2)
    seconds[known] += _DAY * midnights
    return seconds
