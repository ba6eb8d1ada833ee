"""Reading the file of a pumping, injection, recovery or step test into flow and drawdowns.

Drawdown is positive when the level falls, flow positive when water is pumped; an injection has
negative flow and negative drawdown (a rise). What is derived (level at rest, start of the pump,
direction of a level) is told in the notices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text, same
from diwen.problems import Problem
from diwen.sources.aquifer.flow_steps import FlowSteps
from diwen.survey.record_reader import (
    CELL_OR_UNIT,
    HEAD_OF_PASCAL,
    NO_SUCH,
    NO_TIME,
    RecordReader,
    moment,
)
from diwen.survey.well_test_clock import FileClock, read_clock, time_column
from diwen.survey.well_test_columns import (
    NAMES,
    OF_WELL,
    REST,
    WellColumn,
    recognised,
    said,
    unused_levels,
    with_unit,
)
from diwen.survey.well_test_flow import (
    FlowCourse,
    only_recovery,
    read_course,
    recovery_course,
    said_course,
    stop_seen,
    with_stop,
)
from diwen.survey.well_test_levels import drawdown_of, without_mistakes
from diwen.survey.well_test_record import WellReadings, WellTestFile, WellTestReading
from diwen.survey.well_test_table import read_table

Floats = NDArray[np.float64]

# What no well test reads, in inside units: damaged cells or a wrong unit.
_LIMITS = {
    "drawdown": (-1000.0, 2000.0, "m"), "rise": (-1000.0, 2000.0, "m"),
    "depth": (-500.0, 5000.0, "m"), "level": (-5000.0, 9000.0, "m"),
    "flow": (-10.0, 10.0, "m³/s"), "injection": (-10.0, 10.0, "m³/s"),
    "temperature": (-5.0, 120.0, "°C"), "return_temperature": (-5.0, 120.0, "°C"),
}  # fmt: skip
# A first drawdown above this share of the largest comes from a pump that runs.
_MOVED = 0.02

_NO_LEVEL = Text("no drawdown and no water level", "既无降深也无水位")
_NO_FLOW = Text("the flow is not known", "流量未知")
_ZERO_FLOW = Text("the flow is zero or empty throughout", "流量始终为零或为空")
_MAP = Text(
    'say what the columns are: --column "{role}=#2 | {unit}"',
    '请说明各列含义：--column "{role}=#2 | {unit}"',
)
_GIVE_FLOW = Text('give --flow "30 m3/h", or a column of the flow',
                  '请给出 --flow "30 m3/h"，或提供流量列')  # fmt: skip
_SORT = Text("put the records in order; a test of its own goes into a file of its own",
             "请按时间排序；不同试验请分别存放")  # fmt: skip
_FEW = Text("only {count} records with a time", "仅 {count} 条记录有时间")
_WHOLE = Text("give the whole series of the test", "请给出完整的试验记录")
_NO_DISTANCE = Text("the distance of the observation well is not known", "观测井距离未知")
_GIVE_DISTANCE = Text('give --distance "{name}=25 m"', '请给出 --distance "{name}=25 m"')
_NO_SUCH_WELL = Text("no observation well of this name", "没有这个名称的观测井")
_NAME_WELL = Text("name a well of the file", "请填写文件中的井名")
_DOUBTFUL = Text(
    "the flow changed between {before:.1f} and {after:.1f} min; {at:.1f} min is taken",
    "流量在 {before:.1f}～{after:.1f} min 之间改变，按 {at:.1f} min 计",
)
_READ_SWITCH = Text("read level and flow at the moment of the switch", "请在切换时刻读取水位与流量")
_NAMED_ONLY = Text(
    "{name}: a well, but not whether drawdown or depth to water: the column is not used",
    "{name}：有井名而未注明降深或水位埋深，该列未使用",
)
_SECOND = Text(
    "{name}: one more column of the same kind: it is not used", "{name}：同类列重复，该列未使用"
)
_SAY_WHAT = Text(
    'write it into the header, or say --column "{well}.drawdown=#{position} | m"',
    '请在表头注明，或用 --column "{well}.drawdown=#{position} | m" 指定',
)
_STOPPED = Text(
    "the level recovers from {at:.1f} min on, with no flow in the file: the stop of the pump is "
    "taken there",
    "{at:.1f} min 起水位回升而无流量记录：按此时停泵处理",
)
_SAY_STOP = Text(
    "write a flow of 0 into the lines after the stop, or give --pumped-for",
    "请在停泵后各行流量填 0，或给出 --pumped-for",
)
_RAN_ALREADY = Text(
    "the pump ran already at the first record: that is taken as its start",
    "首条记录时水泵已在运行：按首条记录为开泵时刻",
)
_SAY_START = Text(
    'give --start "-30 s" if it started 30 s before the first record',
    '如水泵在首条记录前 30 s 已启动，请给出 --start "-30 s"',
)
_FROM_STOP = Text(
    "the columns tell of a recovery: their times count from the stop of the pump",
    "表头表明为恢复试验：时间自停泵起算",
)
_SAY_RECOVERY = Text("say so: --kind recovery", "请明确：--kind recovery")


def read_well_test(path: str | Path, reading: WellTestReading | None = None) -> WellTestFile:
    """Read a well test.

    Raises
    ------
    InputError : every fault found, with line, column, value and cure
    """
    return _Reader(Path(path), reading or WellTestReading()).file()


class _Reader(RecordReader):
    """Reads one file; collects problems on the way and refuses with all of one stage at once."""

    def __init__(self, path: Path, reading: WellTestReading) -> None:
        by_hand = {key: spec for key, spec in reading.columns.items() if spec}
        super().__init__(read_table(path, by_hand, reading.sheet))
        self.path, self.reading, self.by_hand = path, reading, by_hand
        self.only = ""
        self.rests: dict[str, float] = {}

    def file(self) -> WellTestFile:
        """The whole file."""
        columns = self._columns()
        by_role = {column.role: column for column in columns if not column.well}
        wells = {column.well for column in columns if column.role in OF_WELL}
        self.only = wells.pop() if len(wells) == 1 else ""
        told = self._clock(by_role["time"])
        values = {
            (column.role, column.well): self._values(column)
            for column in columns
            if column.role != "time"
        }
        self.refuse()
        clock, lines, values = self._ordered(told.seconds, values, by_role["time"])
        flow = self._flow(values, len(clock))
        self.rests = {
            well: float(np.nanmedian(value))
            for (role, well), value in values.items()
            if role == REST and np.isfinite(value).any()
        }
        names = {(c.role, c.well): c.name for c in columns if c.role in OF_WELL}
        values = without_mistakes(names, values, flow, lines, self.notice)
        course = self._course(clock, flow, values, told.dated, columns)
        for before, after, at in course.doubtful:
            message = _DOUBTFUL.format(before=before / 60, after=after / 60, at=at / 60)
            self.notice("", message, _READ_SWITCH)
        if told.dated and self.reading.start is None and course.start >= clock[0]:
            self._tell_start(clock, values, course)
        start, time = course.start, clock - course.start
        read = self._wells(time, course.steps, values, columns)
        self.refuse()
        return WellTestFile(
            path=self.path, label=self.text.name, sha256=self.text.sha256,
            records=len(self.text.rows), time=time,
            start=moment(start) if told.days_known else None, steps=course.steps, flow=flow,
            wells=read,
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
        for column in self._one_clock(found):
            done: WellColumn | Problem = column
            if isinstance(column, WellColumn):
                done = with_unit(column, column.role == "time" and self._is_date(column), name)
            if isinstance(done, Problem):
                self.problems.append(done)
            else:
                columns.append(done)
        self.refuse()
        self._demand(columns)
        return columns

    def _one_clock(self, found: list[WellColumn | Problem]) -> list[WellColumn | Problem]:
        """The columns with one of those of the time."""
        clocks = [c for c in found if isinstance(c, WellColumn) and c.role == "time"]
        others = [c for c in found if isinstance(c, Problem) or c.role != "time"]
        taken = time_column(self, clocks)
        return others if taken is None else [taken, *others]

    def _demand(self, columns: Sequence[WellColumn]) -> None:
        """Refuse a file without time, level or flow."""
        roles = {column.role for column in columns}
        shown = ", ".join(self.text.header)[:120]
        if "time" not in roles:
            self.wrong("", NO_TIME, _MAP.format(role="time", unit="min"), shown)
        no_level = not roles & set(OF_WELL) and "return_temperature" not in roles
        used = {column.index for column in columns}
        unused = () if self.by_hand else unused_levels(self.text.header, self.text.units, used)
        for index, cell, well, second in unused:
            tell = self.wrong if no_level else self.notice
            cure = _SAY_WHAT.format(well=well or "OW1", position=index + 1)
            tell(f"column {cell}", (_SECOND if second else _NAMED_ONLY).format(name=cell), cure)
        if no_level and not unused:
            self.wrong("", _NO_LEVEL, _MAP.format(role="drawdown", unit="m"), shown)
        if not roles & {"flow", "injection"} and self.reading.flow is None:
            self.wrong("", _NO_FLOW, _GIVE_FLOW, shown)
        self.refuse()

    def _is_date(self, column: WellColumn) -> bool:
        """Whether the time column holds dates."""
        return column.clock is not None or self.holds_dates(column.index)

    # ---- cells ----

    def _values(self, column: WellColumn) -> Floats:
        """A column in inside units, NaN where a cell is empty; other cells are told."""
        value = self.numbers(column.index, column.name, column.unit)
        value = np.asarray(value * column.factor + column.offset, float)
        if column.head_per_pressure:
            value = value * HEAD_OF_PASCAL
        if column.role in _LIMITS:
            message = NO_SUCH.format(what=NAMES[column.role])
            self.tell_impossible(
                column.name, value, self.text.lines, _LIMITS[column.role], message, CELL_OR_UNIT
            )
        return value

    def _clock(self, column: WellColumn) -> FileClock:
        """Times of every record."""
        if column.unit:
            return FileClock(self._values(column), False, False)
        return read_clock(self, column)

    # ---- records ----

    def _ordered(
        self, clock: Floats, values: dict[tuple[str, str], Floats], column: WellColumn
    ) -> tuple[Floats, NDArray[np.int64], dict[tuple[str, str], Floats]]:
        """Records with a time, in order, each time once; and the line of each."""
        lines = np.array(self.text.lines)
        kept = np.isfinite(clock)
        clock, lines = clock[kept], lines[kept]
        values = {key: value[kept] for key, value in values.items()}
        if len(clock) < 3:
            self.wrong("", _FEW.format(count=len(clock)), _WHOLE)
            self.refuse()
        double = self.repeated(clock, lines, column.name, column.index, _SORT)
        values = {key: value[~double] for key, value in values.items()}
        return clock[~double], lines[~double], values

    def _flow(self, values: Mapping[tuple[str, str], Floats], count: int) -> Floats | None:
        """Flow, injection negative; None where the file has none."""
        pumped, injected = values.get(("flow", "")), values.get(("injection", ""))
        if pumped is None and injected is None:
            return None
        flow = np.full(count, np.nan) if pumped is None else pumped
        if injected is not None:
            flow = np.where(np.isfinite(injected), np.nan_to_num(flow) - np.abs(injected), flow)
        if not np.isfinite(flow).any() or not np.nan_to_num(flow).any():
            self.wrong("", _ZERO_FLOW, _GIVE_FLOW)
            self.refuse()
        return np.asarray(flow)

    def _course(
        self,
        clock: Floats,
        flow: Floats | None,
        values: Mapping[tuple[str, str], Floats],
        dated: bool,
        columns: Sequence[WellColumn],
    ) -> FlowCourse:
        """Start of the pump and its flow in steps."""
        reading = self.reading
        said_flow, duration = reading.flow, reading.duration
        seen = next((c for c in columns if c.role in OF_WELL), None)
        level = None if seen is None else values[seen.role, seen.well]
        if said_flow is not None and duration is not None:
            if reading.recovery_only:
                return recovery_course(said_flow, duration)
            if not dated and level is not None and only_recovery(columns, clock, level):
                self.notice("", _FROM_STOP, _SAY_RECOVERY)
                return recovery_course(said_flow, duration)
        moved = None if level is None else self._moved(seen, level)
        if said_flow is not None or flow is None:
            assert said_flow is not None
            if duration is None and moved is not None and (row := stop_seen(moved, 0)) is not None:
                begin = said_course(clock, said_flow, dated, reading.start, None).start
                duration = float(clock[row]) - begin
                self._tell_stop(duration)
            return said_course(clock, said_flow, dated, reading.start, duration)
        flow, row = with_stop(flow, moved)
        course = read_course(clock, flow, level, dated, reading.start)
        if row is not None:
            self._tell_stop(float(clock[row]) - course.start)
        return course

    def _moved(self, column: WellColumn | None, level: Floats) -> Floats:
        """How far the level stands from its rest, m, shape (n,); about so, to see a stop."""
        known = level[np.isfinite(level)]
        if column is None or column.role in ("drawdown", "rise") or not len(known):
            return np.abs(level)
        rest = self._said_rest(column)
        return np.abs(level - (float(known[0]) if rest is None else rest))

    def _tell_start(
        self, clock: Floats, values: Mapping[tuple[str, str], Floats], course: FlowCourse
    ) -> None:
        """On a clock of dates the pump may have run before the first record."""
        falls = [np.abs(v) for (role, _), v in values.items() if role in ("drawdown", "rise")]
        moved = any(v[0] > _MOVED * np.nanmax(v) for v in falls if np.isfinite(v).any())
        if moved and course.start == clock[0]:
            self.notice("", _RAN_ALREADY, _SAY_START)

    def _tell_stop(self, at: float) -> None:
        self.notice("", _STOPPED.format(at=at / 60), _SAY_STOP)

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
        levels = [column for column in columns if column.role in OF_WELL]
        for column in sorted(levels, key=lambda column: OF_WELL.index(column.role)):
            by_well.setdefault(column.well, column)
        observed = [name for name in by_well if name]
        for option, said_of in (
            ("--distance", self.reading.distances), ("--static-level", self.reading.static_levels),
        ):  # fmt: skip
            for name in said_of:
                if name and name not in observed:
                    allowed = same(", ".join(observed) or "–")
                    self.wrong(option, _NO_SUCH_WELL, _NAME_WELL, name, allowed)
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
        rest = self._said_rest(column)
        levels = drawdown_of(column, time, steps, value, rest, self.wrong, self.notice)
        distance = None
        only = len(observed) == 1 or (not observed and "" in self.reading.distances)
        if name or only:
            distance = self.reading.distances.get(name, column.distance)
            if distance is None and only:
                distance = self.reading.distances.get("")
        if name and distance is None:
            self.wrong(f"column {column.name}", _NO_DISTANCE, _GIVE_DISTANCE.format(name=name))
        label = name or (f"{distance:g} m" if distance is not None else "")
        return WellReadings(label, levels.drawdown, distance, levels.rest, levels.before)

    def _said_rest(self, column: WellColumn) -> float | None:
        """Level at rest of a well, said by the user or in a column of its own.

        One without a name is of the pumped well, or of the only one.
        """
        given = self.reading.static_levels
        if column.well in given:
            return given[column.well]
        if column.well == self.only and "" in given:
            return given[""]
        return self.rests.get(column.well)
