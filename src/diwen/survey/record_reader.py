"""From the cells of a test's file to numbers; what is wrong is collected and told at once.

The readers of response tests and of well tests build on this one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.survey.response_test_text import TestText
from diwen.telemetry import numbers, times

Floats = NDArray[np.float64]
#: Place, message, cure; then value and what is allowed.
Tell = Callable[..., None]

#: Metres of water per pascal.
HEAD_OF_PASCAL = 1.0 / 9806.65
# So much of one column's faults is told one by one.
_TOLD = 5
# A clock in Chinese: 8时30分.
_SPOKEN = re.compile(r"\d\s*时\s*\d")

NO_TIME = Text("no column of the time", "没有时间列")
TIME = Text("the time is not understood: {reason}", "时间无法识别：{reason}")
CUT = Text("the last line is cut off and left out", "最后一行不完整，已略去")
COPY_AGAIN = Text("copy the file again from the logger", "请从记录仪重新拷贝文件")
NO_SUCH = Text("impossible as {what}", "不可能的{what}数值")
CELL_OR_UNIT = Text("check the cell, and the unit of the column", "请检查该单元格及该列单位")
_NO_NUMBER = Text("not a number", "不是数值")
_CORRECT = Text("correct the cell, or leave it empty", "请更正该单元格或留空")
_MORE_BAD = Text(
    "{count} more cells of this column are no numbers", "该列另有 {count} 个单元格不是数值"
)
_BACKWARDS = Text("the time runs backwards", "时间倒退")
_DOUBLE = Text("{count} records repeat the time before them and are left out",
               "{count} 条记录与前一条时间相同，已略去")  # fmt: skip
_REMOVE = Text("remove the duplicates", "请删除重复记录")


class RecordReader:
    """One file being read.

    Parameters
    ----------
    text : the file, taken apart
    """

    def __init__(self, text: TestText) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.notices: list[Problem] = []

    # ---- cells ----

    def cells(self, index: int) -> pl.Series:
        """One column as text; None where a row is too short."""
        rows = self.text.rows
        return pl.Series(
            [row[index] if index < len(row) else None for row in rows], dtype=pl.String
        )

    def numbers(self, index: int, name: str, unit: str = "") -> Floats:
        """Numbers of a column as written, NaN where a cell is empty; other cells are told.

        Parameters
        ----------
        index, name : of the column
        unit : may stand behind each number
        """
        cells = self.cells(index)
        if unit and unit != "1":
            cells = cells.str.strip_suffix(unit).str.strip_chars()
        read = numbers.parse(cells, self.text.decimal)
        self.tell_bad(name, cells, read.bad)
        return np.asarray(read.value, float)

    def dates(self, indices: Sequence[int], name: str, cure: Text) -> Floats:
        """Seconds since 1970 of a column of dates (or of a date and a clock), NaN where empty."""
        columns = [self.cells(index) for index in indices]
        try:
            stamps = times.read(columns)
        except times.TimeError as error:
            shown = str(columns[0][0] or "")
            self.wrong(f"column {name}", TIME.format(reason=error.reason), cure, shown)
            return np.zeros(len(self.text.rows))
        filled = (columns[0].is_not_null() & (columns[0] != "")).to_numpy()
        self.tell_bad(name, columns[0], filled & ~stamps.good)
        return np.where(stamps.good, stamps.time / 1e6, np.nan)

    def sample(self, index: int) -> list[str]:
        """Cells of a column from some fifty rows, spread over the file."""
        rows = self.text.rows[:: max(1, len(self.text.rows) // 50)]
        return [row[index] for row in rows if len(row) > index]

    def holds_dates(self, index: int) -> bool:
        """Whether a column holds dates: most of a sample of its cells are no numbers."""
        cells = self.sample(index)
        return sum(map(_looks_dated, cells)) > len(cells) / 2

    # ---- what is told ----

    def tell_bad(self, name: str, cells: pl.Series, bad: NDArray[np.bool_]) -> None:
        """Cells that are no numbers or no times; a last line that was cut off is left out."""
        rows = np.flatnonzero(bad)
        if len(rows) == 1 and rows[0] == len(cells) - 1 and self.text.unfinished:
            self.notice(f"line {self.text.lines[-1]}", CUT, COPY_AGAIN)
            return
        for row in rows[:_TOLD]:
            place = f"line {self.text.lines[int(row)]}, column {name}"
            self.wrong(place, _NO_NUMBER, _CORRECT, str(cells[int(row)]))
        if len(rows) > _TOLD:
            message = _MORE_BAD.format(count=len(rows) - _TOLD)
            self.wrong(f"column {name}", message, _CORRECT)

    def tell_impossible(
        self,
        name: str,
        value: Floats,
        lines: Sequence[int],
        limits: tuple[float, float, str],
        message: Text,
        cure: Text,
    ) -> None:
        """The first value of a column that lies outside of what can be.

        Parameters
        ----------
        name, value, lines : the column, in inside units, and the line of each value
        limits : lowest, highest, unit
        message, cure : what to say
        """
        low, high, unit = limits
        with np.errstate(invalid="ignore"):
            rows = np.flatnonzero((value < low) | (value > high) | np.isinf(value))
        if not len(rows):
            return
        allowed = Text(f"{low:g} to {high:g} {unit}".strip(), f"{low:g} 至 {high:g} {unit}".strip())
        shown = f"{value[rows[0]]:g} {unit}".strip()
        place = f"line {lines[int(rows[0])]}, column {name}"
        self.wrong(place, message, cure, shown, allowed)

    def repeated(
        self, clock: Floats, lines: NDArray[np.int64], name: str, index: int, cure: Text
    ) -> NDArray[np.bool_]:
        """Records whose time stands in the record before, shape (n,); refused if it runs back.

        Parameters
        ----------
        clock, lines : s and line of each record, shape (n,)
        name, index : of the time column
        cure : how to put the records in order
        """
        step = np.diff(clock)
        for row in np.flatnonzero(step < 0)[:_TOLD] + 1:
            shown = self.text.rows[self.text.lines.index(int(lines[row]))][index]
            self.wrong(f"line {lines[row]}, column {name}", _BACKWARDS, cure, shown)
        self.refuse()
        double = np.concatenate([[False], step == 0])
        if double.any():
            message = _DOUBLE.format(count=int(double.sum()))
            self.notice(f"line {int(lines[np.argmax(double)])}", message, _REMOVE)
        return double

    def wrong(
        self, where: str, message: Text, cure: Text, value: str = "", allowed: Text | None = None
    ) -> None:
        """Put down a problem."""
        self.problems.append(Problem(self.text.name, where, message, cure, value, allowed))

    def notice(self, where: str, message: Text, cure: Text) -> None:
        """Put down a warning, once."""
        told = Problem(self.text.name, where, message, cure, severity="warning")
        if told not in self.notices:
            self.notices.append(told)

    def refuse(self) -> None:
        """Raise what was put down so far."""
        if self.problems:
            raise InputError(self.problems)


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as a clock time without a zone."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).replace(tzinfo=None)


def _looks_dated(cell: str) -> bool:
    """Whether a cell is a date or a clock, no number."""
    written = any(sign in cell.strip("-+−") for sign in ":/-年T") or cell.count(".") > 1
    return written or _SPOKEN.search(cell) is not None
