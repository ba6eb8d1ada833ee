"""Reading the file of a pumping, injection, recovery or step test into flow and drawdowns.

Drawdown is positive when the level falls, flow positive when water is pumped; an injection has
negative flow and negative drawdown (a rise). What is derived (level at rest, start of the pump,
direction of a level) is told in the notices.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.sources.aquifer.flow_steps import FlowSteps
from diwen.survey.response_test_text import TestText
from diwen.survey.well_test_columns import NAMES, OF_WELL, WellColumn, recognised, said, with_unit
from diwen.survey.well_test_flow import FlowCourse, read_course, recovery_course, said_course
from diwen.survey.well_test_table import read_table
from diwen.telemetry import numbers, times

Floats = NDArray[np.float64]

# So much of one column's faults is told one by one.
_TOLD = 5
# What no well test reads, in inside units: damaged cells or a wrong unit.
_LIMITS = {
    "drawdown": (-1000.0, 2000.0, "m"), "rise": (-1000.0, 2000.0, "m"),
    "depth": (-500.0, 5000.0, "m"), "level": (-5000.0, 9000.0, "m"),
    "flow": (-10.0, 10.0, "m³/s"), "injection": (-10.0, 10.0, "m³/s"),
    "temperature": (-5.0, 120.0, "°C"), "return_temperature": (-5.0, 120.0, "°C"),
}  # fmt: skip
_HEAD_OF_PASCAL = 1.0 / 9806.65

_NO_TIME = Text("no column of the time", "没有时间列")
_NO_LEVEL = Text("no drawdown and no water level", "既无降深也无水位")
_NO_FLOW = Text("the flow is not known", "流量未知")
_ZERO_FLOW = Text("the flow is zero or empty throughout", "流量始终为零或为空")
_MAP = Text(
    'say what the columns are: --column "{role}=#2 | {unit}"',
    '请说明各列含义：--column "{role}=#2 | {unit}"',
)
_GIVE_FLOW = Text('give --flow "30 m3/h", or a column of the flow',
                  '请给出 --flow "30 m3/h"，或提供流量列')  # fmt: skip
_TIME = Text("the time is not understood: {reason}", "时间无法识别：{reason}")
_TIME_CURE = Text(
    'write it as 2024-05-01 10:30:00, or as a number with its unit: --column "time=#1 | min"',
    '请写作 2024-05-01 10:30:00，或给出带单位的数字：--column "time=#1 | min"',
)
_NO_NUMBER = Text("not a number", "不是数值")
_CORRECT = Text("correct the cell, or leave it empty", "请更正该单元格或留空")
_MORE_BAD = Text("{count} more cells of this column are no numbers",
                 "该列另有 {count} 个单元格不是数值")  # fmt: skip
_NO_SUCH = Text("impossible as {what}", "不可能的{what}数值")
_CELL_OR_UNIT = Text("check the cell, and the unit of the column", "请检查该单元格及该列单位")
_BACKWARDS = Text("the time runs backwards", "时间倒退")
_SORT = Text("put the records in order; a test of its own goes into a file of its own",
             "请按时间排序；不同试验请分别存放")  # fmt: skip
_DOUBLE = Text("{count} records repeat the time before them and are left out",
               "{count} 条记录与前一条时间相同，已略去")  # fmt: skip
_REMOVE = Text("remove the duplicates", "请删除重复记录")
_FEW = Text("only {count} records with a time", "仅 {count} 条记录有时间")
_WHOLE = Text("give the whole series of the test", "请给出完整的试验记录")
_NO_REST = Text("the level at rest is not known: no reading before the pump started",
                "静水位未知：开泵前没有读数")  # fmt: skip
_GIVE_REST = Text('give --static-level "12.3 m"', '请给出 --static-level "12.3 m"')
_REST = Text("{name}: level at rest taken from {count} readings before the pump started: {level}",
             "{name}：静水位取开泵前 {count} 次读数：{level}")  # fmt: skip
_SAY_REST = Text(
    "give --static-level if it is known better", "如有更准确的静水位请用 --static-level"
)
_IS_DEPTH = Text(
    "{name}: the level is read as a depth below the rim, for it grows while water is pumped",
    "{name}：抽水时数值增大，故按水位埋深理解",
)
_SAY_DEPTH = Text('say so: --column "depth=NAME | m" or "level=NAME | m"',
                  '请明确：--column "depth=列名 | m" 或 "level=列名 | m"')  # fmt: skip
_UPWARDS = Text(
    "{name}: the drawdown is negative while water is pumped: its sign is turned (heads, not "
    "drawdowns)",
    "{name}：抽水时降深为负，已改变符号（原为水头变化）",
)
_CHECK_SIGN = Text("check the sign of the column", "请检查该列符号")
_NO_DISTANCE = Text("the distance of the observation well is not known", "观测井距离未知")
_GIVE_DISTANCE = Text('give --distance "{name}=25 m"', '请给出 --distance "{name}=25 m"')
_NO_SUCH_WELL = Text("no observation well of this name", "没有这个名称的观测井")
_NAME_WELL = Text("name a well of the file", "请填写文件中的井名")
_DOUBTFUL = Text(
    "the flow changed between {before:.1f} and {after:.1f} min; {at:.1f} min is taken",
    "流量在 {before:.1f}～{after:.1f} min 之间改变，按 {at:.1f} min 计",
)
_READ_SWITCH = Text("read level and flow at the moment of the switch", "请在切换时刻读取水位与流量")
_CUT = Text("the last line is cut off and left out", "最后一行不完整，已略去")
_AGAIN = Text("copy the file again from the logger", "请从记录仪重新拷贝文件")


@dataclass(frozen=True)
class WellTestReading:
    """How a file is to be read.

    Attributes
    ----------
    columns : by hand, role (or ``WELL.role``) to specification; empty: from the header
    flow : constant flow where the file has none, m³/s; injection negative
    static_level : level at rest, m, as the file counts it (depth or height)
    distances : of observation wells by name, m; the name ``""`` stands for the only one
    start : when the pump started, s: on a clock of numbers, or after the first record of dates;
        None: found out
    duration : how long the pump ran where the flow is said, s; None: to the end of the file
    recovery_only : the file holds the recovery alone, its times count from the stop of the pump
    sheet : of a workbook
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    flow: float | None = None
    static_level: float | None = None
    distances: Mapping[str, float] = field(default_factory=dict)
    start: float | None = None
    duration: float | None = None
    recovery_only: bool = False
    sheet: str = ""


@dataclass(frozen=True, eq=False)
class WellReadings:
    """One well of the file.

    Attributes
    ----------
    name : of the observation well; empty for the pumped one
    drawdown : m, falling level positive, NaN where not read, shape (n,)
    distance : m; None for the pumped well
    rest : level at rest as the file counts it; NaN where drawdowns were given
    before : spread of the readings before the pump started, m; NaN without
    """

    name: str
    drawdown: Floats
    distance: float | None
    rest: float
    before: float


@dataclass(frozen=True, eq=False)
class WellTestFile:
    """A well test as read.

    Attributes
    ----------
    path : the file; label : with its sheet; sha256 : as it lies on the disk; records : rows
    time : since the pump started, s, rising, shape (n,)
    start : that moment, where the file tells dates; local clock
    steps : the flow since then, m³/s, injection negative
    flow : readings, m³/s, injection negative, NaN where not read, shape (n,); None where the flow
        was said
    wells : those that the file knows
    temperature, return_temperature : of the water, °C, shape (n,); None if not measured
    columns : those used
    notices : what was left out, taken or turned
    """

    path: Path
    label: str
    sha256: str
    records: int
    time: Floats
    start: datetime | None
    steps: FlowSteps
    flow: Floats | None
    wells: tuple[WellReadings, ...]
    temperature: Floats | None
    return_temperature: Floats | None
    columns: tuple[WellColumn, ...]
    notices: tuple[Problem, ...]


def read_well_test(path: str | Path, reading: WellTestReading | None = None) -> WellTestFile:
    """Read a well test.

    Raises
    ------
    InputError : every fault found, with line, column, value and cure
    """
    return _Reader(Path(path), reading or WellTestReading()).file()


class _Reader:
    """Reads one file; collects problems on the way and refuses with all of one stage at once."""

    def __init__(self, path: Path, reading: WellTestReading) -> None:
        self.path, self.reading = path, reading
        by_hand = {key: spec for key, spec in reading.columns.items() if spec}
        self.text: TestText = read_table(path, by_hand, reading.sheet)
        self.by_hand = by_hand
        self.problems: list[Problem] = []
        self.notices: list[Problem] = []

    def file(self) -> WellTestFile:
        """The whole file."""
        columns = self._columns()
        by_role = {column.role: column for column in columns if not column.well}
        clock, dated = self._clock(by_role["time"])
        values = {
            (column.role, column.well): self._values(column)
            for column in columns
            if column.role != "time"
        }
        self._refuse()
        clock, values = self._ordered(clock, values, by_role["time"])
        flow = self._flow(values, len(clock))
        course = self._course(clock, flow, values, dated)
        for before, after, at in course.doubtful:
            message = _DOUBTFUL.format(before=before / 60, after=after / 60, at=at / 60)
            self._notice("", message, _READ_SWITCH)
        start, time = course.start, clock - course.start
        wells = self._wells(time, course.steps, values, columns)
        self._refuse()
        return WellTestFile(
            path=self.path, label=self.text.name, sha256=self.text.sha256,
            records=len(self.text.rows), time=time,
            start=_moment(start) if dated else None, steps=course.steps, flow=flow, wells=wells,
            temperature=values.get(("temperature", "")),
            return_temperature=values.get(("return_temperature", "")),
            columns=tuple(columns), notices=tuple(self.notices),
        )  # fmt: skip

    # ---- columns ----

    def _columns(self) -> list[WellColumn]:
        """The columns that are there, said by the user or told by the header."""
        text, name = self.text, self.text.name
        found: list[WellColumn | Problem] = list(recognised(text.header, text.units))
        if self.by_hand:
            found = said(self.by_hand, text.header, text.units, text.width, name)
        columns = []
        for column in found:
            done: WellColumn | Problem = column
            if isinstance(column, WellColumn):
                date = column.role == "time" and self._is_date(column)
                done = with_unit(column, date, name)
            if isinstance(done, Problem):
                self.problems.append(done)
            else:
                columns.append(done)
        self._refuse()
        self._demand(columns)
        return columns

    def _demand(self, columns: Sequence[WellColumn]) -> None:
        """Refuse a file without time, level or flow."""
        roles = {column.role for column in columns}
        shown = ", ".join(self.text.header)[:120]
        if "time" not in roles:
            self._wrong("", _NO_TIME, _MAP.format(role="time", unit="min"), shown)
        if not roles & set(OF_WELL) and "return_temperature" not in roles:
            self._wrong("", _NO_LEVEL, _MAP.format(role="drawdown", unit="m"), shown)
        if not roles & {"flow", "injection"} and self.reading.flow is None:
            self._wrong("", _NO_FLOW, _GIVE_FLOW, shown)
        self._refuse()

    def _is_date(self, column: WellColumn) -> bool:
        """Whether the time column holds dates: most of a sample of its cells are no numbers."""
        rows = self.text.rows[:: max(1, len(self.text.rows) // 50)]
        cells = [row[column.index] for row in rows if len(row) > column.index]
        dated = sum(any(sign in cell.strip("-+−") for sign in ":/-年T") for cell in cells)
        return dated > len(cells) / 2

    # ---- cells ----

    def _cells(self, index: int) -> pl.Series:
        rows = self.text.rows
        return pl.Series(
            [row[index] if index < len(row) else None for row in rows], dtype=pl.String
        )

    def _values(self, column: WellColumn) -> Floats:
        """A column in inside units, NaN where a cell is empty; other cells are told."""
        cells = self._cells(column.index)
        if column.unit:
            cells = cells.str.strip_suffix(column.unit).str.strip_chars()
        read = numbers.parse(cells, self.text.decimal)
        self._tell_bad(column, cells, read.bad)
        value = np.asarray(read.value * column.factor + column.offset, float)
        if column.head_per_pressure:
            value = value * _HEAD_OF_PASCAL
        self._tell_impossible(column, value)
        return value

    def _tell_bad(self, column: WellColumn, cells: pl.Series, bad: NDArray[np.bool_]) -> None:
        rows = np.flatnonzero(bad)
        if len(rows) == 1 and rows[0] == len(cells) - 1 and self.text.unfinished:
            self._notice(f"line {self.text.lines[-1]}", _CUT, _AGAIN)
            return
        for row in rows[:_TOLD]:
            place = f"line {self.text.lines[int(row)]}, column {column.name}"
            self._wrong(place, _NO_NUMBER, _CORRECT, str(cells[int(row)]))
        if len(rows) > _TOLD:
            message = _MORE_BAD.format(count=len(rows) - _TOLD)
            self._wrong(f"column {column.name}", message, _CORRECT)

    def _tell_impossible(self, column: WellColumn, value: Floats) -> None:
        if column.role not in _LIMITS:
            return
        low, high, unit = _LIMITS[column.role]
        with np.errstate(invalid="ignore"):
            rows = np.flatnonzero((value < low) | (value > high) | np.isinf(value))
        if len(rows):
            place = f"line {self.text.lines[int(rows[0])]}, column {column.name}"
            message = _NO_SUCH.format(what=NAMES[column.role])
            allowed = Text(f"{low:g} to {high:g} {unit}", f"{low:g} 至 {high:g} {unit}")
            self._wrong(place, message, _CELL_OR_UNIT, f"{value[rows[0]]:g} {unit}", allowed)

    def _clock(self, column: WellColumn) -> tuple[Floats, bool]:
        """Seconds of every record, NaN where empty; whether they are dates (since 1970)."""
        if column.unit:
            return self._values(column), False
        try:
            stamps = times.read([self._cells(column.index)])
        except times.TimeError as error:
            message = _TIME.format(reason=error.reason)
            shown = self.text.rows[0][column.index] if self.text.rows[0] else ""
            self._wrong(f"column {column.name}", message, _TIME_CURE, shown)
            return np.zeros(len(self.text.rows)), True
        cells = self._cells(column.index)
        filled = (cells.is_not_null() & (cells != "")).to_numpy()
        self._tell_bad(column, cells, filled & ~stamps.good)
        return np.where(stamps.good, stamps.time / 1e6, np.nan), True

    # ---- records ----

    def _ordered(
        self, clock: Floats, values: dict[tuple[str, str], Floats], column: WellColumn
    ) -> tuple[Floats, dict[tuple[str, str], Floats]]:
        """Records with a time, in order, each time once."""
        lines = np.array(self.text.lines)
        kept = np.isfinite(clock)
        clock, lines = clock[kept], lines[kept]
        values = {key: value[kept] for key, value in values.items()}
        if len(clock) < 3:
            self._wrong("", _FEW.format(count=len(clock)), _WHOLE)
            self._refuse()
        step = np.diff(clock)
        for row in np.flatnonzero(step < 0)[:_TOLD] + 1:
            shown = self.text.rows[self.text.lines.index(int(lines[row]))][column.index]
            self._wrong(f"line {lines[row]}, column {column.name}", _BACKWARDS, _SORT, shown)
        self._refuse()
        double = np.concatenate([[False], step == 0])
        if double.any():
            first = int(lines[np.flatnonzero(double)[0]])
            message = _DOUBLE.format(count=int(double.sum()))
            self._notice(f"line {first}", message, _REMOVE)
            clock = clock[~double]
            values = {key: value[~double] for key, value in values.items()}
        return clock, values

    def _flow(self, values: Mapping[tuple[str, str], Floats], count: int) -> Floats | None:
        """Flow, injection negative; None where the file has none."""
        pumped, injected = values.get(("flow", "")), values.get(("injection", ""))
        if pumped is None and injected is None:
            return None
        flow = np.full(count, np.nan) if pumped is None else pumped
        if injected is not None:
            flow = np.where(np.isfinite(injected), np.nan_to_num(flow) - np.abs(injected), flow)
        if not np.isfinite(flow).any() or not np.nan_to_num(flow).any():
            self._wrong("", _ZERO_FLOW, _GIVE_FLOW)
            self._refuse()
        return np.asarray(flow)

    def _course(
        self,
        clock: Floats,
        flow: Floats | None,
        values: Mapping[tuple[str, str], Floats],
        dated: bool,
    ) -> FlowCourse:
        """Start of the pump and its flow in steps."""
        reading = self.reading
        said_flow = reading.flow
        if said_flow is not None and reading.recovery_only and reading.duration is not None:
            return recovery_course(said_flow, reading.duration)
        if said_flow is not None or flow is None:
            assert said_flow is not None
            return said_course(clock, said_flow, dated, reading.start, reading.duration)
        levels = (value for (role, _), value in values.items() if role in OF_WELL)
        return read_course(clock, flow, next(levels, None), dated, reading.start)

    # ---- wells ----

    def _wells(
        self,
        time: Floats,
        steps: FlowSteps,
        values: Mapping[tuple[str, str], Floats],
        columns: Sequence[WellColumn],
    ) -> tuple[WellReadings, ...]:
        found = []
        by_well: dict[str, WellColumn] = {}
        for column in columns:
            if column.role in OF_WELL:
                by_well.setdefault(column.well, column)
        observed = [name for name in by_well if name]
        for name in self.reading.distances:
            if name and name not in observed:
                allowed = same(", ".join(observed) or "–")
                self._wrong("--distance", _NO_SUCH_WELL, _NAME_WELL, name, allowed)
        for name, column in by_well.items():
            value = values[column.role, name]
            reading = self._well(name, column, time, steps, value, observed)
            found.append(reading)
        return tuple(found)

    def _well(
        self,
        name: str,
        column: WellColumn,
        time: Floats,
        steps: FlowSteps,
        value: Floats,
        observed: Sequence[str],
    ) -> WellReadings:
        drawdown, rest, before = self._drawdown(column, time, steps, value)
        distance = None
        only = len(observed) == 1 or (not observed and "" in self.reading.distances)
        if name or only:
            distance = self.reading.distances.get(name, column.distance)
            if distance is None and only:
                distance = self.reading.distances.get("")
        if name and distance is None:
            self._wrong(f"column {column.name}", _NO_DISTANCE, _GIVE_DISTANCE.format(name=name))
        label = name or (f"{distance:g} m" if distance is not None else "")
        return WellReadings(label, drawdown, distance, rest, before)

    def _drawdown(
        self, column: WellColumn, time: Floats, steps: FlowSteps, value: Floats
    ) -> tuple[Floats, float, float]:
        """Drawdown of a well, its level at rest, and the spread of what was read before."""
        direction = float(np.sign(steps.flow.sum())) or 1.0
        known = np.isfinite(value)
        quiet = known & (time < 0) if (known & (time < 0)).any() else known & (time <= 0)
        before = float(np.std(value[quiet])) if quiet.sum() > 2 else math.nan
        if column.role in ("drawdown", "rise"):
            fall = value if column.role == "drawdown" else -np.abs(value)
            return self._signed(column, fall, time, direction), math.nan, before
        rest = self.reading.static_level if not column.well else None
        if rest is None and quiet.any():
            rest = float(np.median(value[quiet]))
            message = _REST.format(name=column.name, count=int(quiet.sum()), level=f"{rest:.3f} m")
            self._notice(f"column {column.name}", message, _SAY_REST)
        if rest is None:
            self._wrong(f"column {column.name}", _NO_REST, _GIVE_REST)
            return np.full(len(value), np.nan), math.nan, before
        fall = value - rest if column.role == "depth" else rest - value
        if column.role == "level" and not column.head_per_pressure:
            fall = self._as_depth(column, fall, time, direction)
        return fall, rest, before

    def _as_depth(self, column: WellColumn, fall: Floats, time: Floats, direction: float) -> Floats:
        """A column only called 水位 or level counts downwards if it moves so."""
        moved = fall[np.isfinite(fall) & (time > 0)]
        if len(moved) and "埋" not in column.name and np.median(moved) * direction < 0:
            self._notice(f"column {column.name}", _IS_DEPTH.format(name=column.name), _SAY_DEPTH)
            return -fall
        return fall

    def _signed(self, column: WellColumn, fall: Floats, time: Floats, direction: float) -> Floats:
        """Drawdowns that were written as changes of the head, or rises without a sign."""
        moved = fall[np.isfinite(fall) & (time > 0)]
        if not len(moved) or np.median(moved) * direction >= 0:
            return fall
        if direction > 0:
            self._notice(f"column {column.name}", _UPWARDS.format(name=column.name), _CHECK_SIGN)
        return -fall

    # ---- problems ----

    def _wrong(
        self, where: str, message: Text, cure: Text, value: str = "", allowed: Text | None = None
    ) -> None:
        self.problems.append(Problem(self.text.name, where, message, cure, value, allowed))

    def _notice(self, where: str, message: Text, cure: Text) -> None:
        self.notices.append(Problem(self.text.name, where, message, cure, severity="warning"))

    def _refuse(self) -> None:
        if self.problems:
            raise InputError(self.problems)


def _moment(seconds: float) -> datetime:
    """Seconds since 1970 as a clock time without a zone."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).replace(tzinfo=None)
