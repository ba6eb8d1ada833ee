"""Reading the file of a thermal response test into a series that counts from the start of heating.

What is measured is taken as it is; what follows from it (heat from flow and temperatures, the
start of heating) is derived openly and told in the notices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.problems import Problem
from diwen.sources.response_test.record import TestSeries
from diwen.survey.open_well_record import OpenWellRecord
from diwen.survey.record_reader import (
    CELL_OR_UNIT,
    COPY_AGAIN,
    CUT,
    HEAD_OF_PASCAL,
    NO_SUCH,
    NO_TIME,
    RecordReader,
    moment,
)
from diwen.survey.response_test_columns import (
    NAMES,
    OPEN_WELL_ROLES,
    QUANTITIES,
    SIDE_ROLES,
    Column,
    column_of,
    recognised,
)
from diwen.survey.response_test_heat import (
    TIME_CURE,
    Reading,
    circulating,
    heating_start,
    put_heat_rate,
)
from diwen.survey.response_test_text import read_text

Floats = NDArray[np.float64]

# Temperatures that no fluid in a borehole has under test, °C; heat rates of no heater, W, shares
# of a nominal heat rate and flows, kg/s or m³/s, of no pump: damaged cells, or a wrong unit.
_COLDEST, _HOTTEST = -40.0, 120.0
_TEMPERATURE = (_COLDEST, _HOTTEST, "°C")
_LIMITS = {
    "fluid_temperature": _TEMPERATURE, "inlet": _TEMPERATURE, "outlet": _TEMPERATURE,
    "ambient": _TEMPERATURE, "power": (-1e6, 1e6, "W"), "relative_power": (-100.0, 100.0, ""),
    "flow": (-1e3, 1e3, ""), "bleed": (-1e3, 1e3, ""),
}  # fmt: skip

_NO_TEMPERATURE = Text(
    "neither a mean fluid temperature nor inlet and outlet", "既无流体平均温度，也无进出口温度"
)
_NO_POWER = Text(
    "no heat rate, and none can be computed from flow, inlet and outlet",
    "没有加热功率，也无法由流量与进出口温度算出",
)
_MAP = Text(
    'say what the columns are in [response_tests.columns] or by --column {role}="#2 | {unit}"',
    '请在 [response_tests.columns] 中或用 --column {role}="#2 | {unit}" 说明各列含义',
)
_RELATIVE = Text("a relative heat rate without the nominal one", "有相对热流率而无名义功率")
_NOMINAL = Text(
    'give nominal_power in site.toml or --nominal-power "6 kW"',
    '请在 site.toml 给出 nominal_power 或用 --nominal-power "6 kW"',
)
_LEFT_OUT = Text(
    "{count} of {all} records lack a needed value and are left out",
    "{all} 条记录中有 {count} 条缺少所需数值，已略去",
)
_COMPLETE = Text("look whether the logger lost them", "请检查记录仪是否丢数")
_TOO_FEW = Text("only {count} complete records", "仅 {count} 条完整记录")
_SORT = Text(
    "put the records in order; a clock set back in autumn must be corrected by hand",
    "请按时间排序；夏令时回拨须人工更正",
)
_IMPOSSIBLE = Text("impossible as a fluid or air temperature", "不可能是流体或空气温度")
_UNIT = Text(
    'check the unit of the column: {role} = "{name} | K" for kelvin',
    '请检查该列单位：开尔文写作 {role} = "{name} | K"',
)


@dataclass(frozen=True, eq=False)
class TestFile:
    """A response test as read from its file.

    Attributes
    ----------
    path : the file
    sha256 : of the file as it lies on the disk
    records : records in the file
    series : those from the start of heating on
    start : when heating began, where the file tells dates; local clock
    columns : the columns used, by role
    power_origin : ``measured``, ``relative``, ``flow and temperatures``, ``nominal``
    before_temperature : mean fluid temperature while circulating before heating, °C; None if the
        file shows no such phase
    before_duration : length of that phase, s
    notices : what was left out, taken or derived
    open_well : the whole record, from before heating on, of a standing column well; else None
    """

    __test__ = False

    path: Path
    sha256: str
    records: int
    series: TestSeries
    start: datetime | None
    columns: dict[str, Column]
    power_origin: str
    before_temperature: float | None
    before_duration: float
    notices: tuple[Problem, ...]
    open_well: OpenWellRecord | None = None


def read_test_file(path: str | Path, reading: Reading | None = None) -> TestFile:
    """Read a response test.

    Parameters
    ----------
    path : text with columns, plain or gzip
    reading : what the file does not say itself

    Raises
    ------
    InputError : every fault found in the file, with line, column, value and cure
    """
    return _Reader(Path(path), reading or Reading()).file()


class _Reader(RecordReader):
    """Reads one file; collects problems on the way and refuses with all of one stage at once."""

    def __init__(self, path: Path, reading: Reading) -> None:
        said = {role: spec for role, spec in reading.columns.items() if spec}
        super().__init__(read_text(path, said))
        self.path, self.reading, self.said = path, reading, said

    def file(self) -> TestFile:
        """The whole file."""
        columns = self._columns()
        values = {role: self._values(column) for role, column in columns.items() if role != "time"}
        clock, dated = self._clock(columns["time"])
        self.refuse()
        values["time"] = clock
        values = self._sound(values, columns)
        origin = put_heat_rate(values, columns, self.reading, self.wrong, self.notice)
        self.refuse()
        start = heating_start(values, dated, self.reading, self.wrong, self.notice)
        self.refuse()
        time = values["time"] - start
        before = time < 0
        temperature = values.get("fluid_temperature")
        if temperature is None:
            temperature = 0.5 * (values["inlet"] + values["outlet"])
        pumping = before & circulating(values)
        duration = _lasting(time[pumping]) if pumping.any() else 0.0
        kept = {name: column[~before] for name, column in values.items()}
        if len(kept["time"]) < 3:
            self.wrong("", _TOO_FEW.format(count=len(kept["time"])), _COMPLETE)
            self.refuse()
        series = TestSeries.of(
            time[~before], kept["power"], temperature[~before], inlet=kept.get("inlet"),
            outlet=kept.get("outlet"), flow=kept.get("flow"), ambient=kept.get("ambient"),
            started=moment(start) if dated else None,
        )  # fmt: skip
        return TestFile(
            path=self.path,
            sha256=self.text.sha256,
            records=len(self.text.rows),
            series=series,
            start=moment(start) if dated else None,
            columns=columns,
            power_origin=origin,
            before_temperature=float(temperature[pumping].mean()) if duration >= 600 else None,
            before_duration=duration,
            notices=tuple(self.notices),
            open_well=self._open_well(time, values, temperature, columns),
        )

    def _open_well(
        self,
        time: Floats,
        values: dict[str, Floats],
        temperature: Floats,
        columns: Mapping[str, Column],
    ) -> OpenWellRecord | None:
        """The whole record where the file shows that it is one of a standing column well."""
        if not any(role in values for role in OPEN_WELL_ROLES):
            return None
        levels: dict[str, Floats] = {
            role: values[role] * (1.0 if columns[role].quantity == "length" else HEAD_OF_PASCAL)
            for role in ("well_level", "other_level") if role in values
        }  # fmt: skip
        return OpenWellRecord(
            time=time, power=values["power"], temperature=temperature,
            outlet=values.get("outlet"), flow=values.get("flow"), bleed=values.get("bleed"),
            levels=levels,
            logger_temperatures={
                role: values[role] for role in ("well_temperature", "other_temperature")
                if role in values
            },
        )  # fmt: skip

    # ---- columns ----

    def _columns(self) -> dict[str, Column]:
        """The columns that are there, said by the user or told by the header."""
        text = self.text
        told = {} if self.said else recognised(text.header, text.units)
        specs = self.said or {role: f"#{index + 1}" for role, index in told.items()}
        found: dict[str, Column] = {}
        for role in QUANTITIES:
            if role not in specs:
                continue
            spec, date = specs[role], role == "time" and self._is_date(specs[role])
            column = column_of(role, spec, text.header, text.units, text.width, date, text.name)
            if isinstance(column, Problem):
                self.problems.append(column)
            else:
                found[role] = column
        self.refuse()
        self._demand(found)
        return found

    def _demand(self, found: Mapping[str, Column]) -> None:
        """Refuse a file without time, temperature or heat."""
        both = "inlet" in found and "outlet" in found
        shown = ", ".join(self.text.header)[:120]
        if "time" not in found:
            self.wrong("", NO_TIME, _MAP.format(role="time", unit="s"), shown)
        if "fluid_temperature" not in found and not both:
            self.wrong("", _NO_TEMPERATURE, _MAP.format(role="inlet", unit="°C"), shown)
        known = "power" in found or (both and "flow" in found)
        if "relative_power" in found and "power" not in found:
            if self.reading.nominal_power is None:
                self.wrong("columns.relative_power", _RELATIVE, _NOMINAL)
        elif not known and self.reading.nominal_power is None:
            self.wrong("", _NO_POWER, _MAP.format(role="power", unit="W"), shown)
        self.refuse()

    def _is_date(self, spec: str) -> bool:
        """Whether the time column holds dates: most of a sample of its cells are no numbers."""
        names = [name.strip() for name in spec.partition("|")[0].split(" + ")]
        if len(names) > 1:
            return True
        column = column_of("time", spec, self.text.header, self.text.units, self.text.width, True,
                           self.text.name)  # fmt: skip
        if isinstance(column, Problem):
            return False
        return self.holds_dates(column.index[0])

    # ---- cells ----

    def _values(self, column: Column) -> Floats:
        """A column in inside units, NaN where a cell is empty; other cells are told."""
        value = self.numbers(column.index[0], column.name, column.unit)
        return np.asarray(value * column.factor + column.offset, float)

    def _clock(self, column: Column) -> tuple[Floats, bool]:
        """Seconds of every record, NaN where empty; whether they are dates (since 1970)."""
        if column.unit:
            return self._values(column), False
        return self.dates(column.index, column.name, TIME_CURE), True

    # ---- records ----

    def _sound(self, values: dict[str, Floats], columns: Mapping[str, Column]) -> dict[str, Floats]:
        """The records that are complete and in order."""
        lines = np.array(self.text.lines)
        # Dips of an air sensor or of a logger do not take the record with them.
        needed = [name for name in values if name not in SIDE_ROLES]
        complete = np.logical_and.reduce([np.isfinite(values[name]) for name in needed])
        missing = int(np.count_nonzero(~complete))
        cut = missing == 1 and not complete[-1] and self.text.unfinished
        if cut:
            self.notice(f"line {lines[-1]}", CUT, COPY_AGAIN)
        elif missing:
            first = int(lines[np.flatnonzero(~complete)[0]])
            message = _LEFT_OUT.format(count=missing, all=len(lines))
            self.notice(f"line {first}", message, _COMPLETE)
        values = {name: column[complete] for name, column in values.items()}
        lines = lines[complete]
        if len(lines) < 3:
            self.wrong("", _TOO_FEW.format(count=len(lines)), _COMPLETE)
            self.refuse()
        self._impossible(values, columns, lines)
        column = columns["time"]
        double = self.repeated(values["time"], lines, column.name, column.index[0], _SORT)
        return {name: cells[~double] for name, cells in values.items()}

    def _impossible(
        self, values: Mapping[str, Floats], columns: Mapping[str, Column], lines: NDArray[np.int64]
    ) -> None:
        for role, (low, high, unit) in _LIMITS.items():
            if role not in values:
                continue
            message, cure = NO_SUCH.format(what=NAMES[role]), CELL_OR_UNIT
            name = columns[role].name
            if unit == "°C":
                message, cure = _IMPOSSIBLE, _UNIT.format(role=role, name=name)
            limits = (low, high, unit)
            self.tell_impossible(name, values[role], lines.tolist(), limits, message, cure)
        self.refuse()


def _lasting(time: Floats) -> float:
    """Time over which records stand, s, without the holes between them."""
    step = np.diff(time)
    usual = float(np.median(step)) if len(step) else 0.0
    return float(step[step <= 20 * usual].sum()) + usual
