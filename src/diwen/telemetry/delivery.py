"""A delivered file as records of the site's points, with the list of what cannot be taken."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.quantities import UnitError, conversion
from diwen.telemetry import mapping as columns
from diwen.telemetry import numbers, refusals, times, zones
from diwen.telemetry.grid import Grid, grids
from diwen.telemetry.mapping import Mapping
from diwen.telemetry.options import Options
from diwen.telemetry.quality import ESTIMATED, OK
from diwen.telemetry.records import Records, fresh, joined
from diwen.telemetry.refusals import Refusals

if TYPE_CHECKING:
    from diwen.site import Point

_TIME = Text("the time column cannot be understood: {reason}", "时间列无法识别：{reason}")
_TIME_CURE = Text(
    "say how it is written in [telemetry] time_format (and time_start) of site.toml.",
    "请在 site.toml 的 [telemetry] time_format（及 time_start）中说明其写法。",
)
_FORM = Text(
    "{encoding}, header in line {header}, time {time} in {zone}",
    "{encoding}，表头在第 {header} 行，时间格式 {time}，时区 {zone}",
)
_SIGNS = Text("separator {separator}, decimal {decimal}", "分隔符 {separator}，小数符号 {decimal}")
_UNITS = Text("units below the header: {cells}", "表头下为单位行：{cells}")

_ORDER = Text(
    "day and month cannot be told apart in this file; read as {form}",
    "本文件中的日与月无法区分，已按 {form} 读取",
)
_ORDER_CURE = Text(
    "say it in [telemetry] time_format of site.toml or by --time-format.",
    "请在 site.toml 的 [telemetry] time_format 或用 --time-format 指明。",
)
_TWICE = Text("several columns have this name; the first one is taken", "有多列同名，已取第一列")
_TWICE_CURE = Text("rename one of them.", "请为其中一列改名。")
_UNIT = Text(
    "the file names the unit {named}, points.csv says {unit} for {point}",
    "文件标注单位为 {named}，而 points.csv 中 {point} 的单位为 {unit}",
)
_UNIT_CURE = Text(
    "correct the unit in points.csv if the file is right; stored values mend themselves.",
    "若文件无误，请更正 points.csv 中的单位；已存数据会随之更正。",
)


def _add(form: Text, more: Text) -> Text:
    return Text(f"{form.en}, {more.en}", f"{form.zh}，{more.zh}")


@dataclass
class Delivery:
    """What a file holds for the site.

    Attributes
    ----------
    file : as the user named it
    sha256 : of the file's bytes
    records : by point id
    refusals : cells and rows that cannot be taken
    rows : data rows
    empty, sentinel : cells without a value, cells with a number that means "no value"
    mapping : column name by point id
    unused : columns that belong to no point
    form : how the file is written, for people
    notices : doubts that do not stop the import
    """

    file: str
    sha256: str
    records: dict[str, Records] = field(default_factory=dict)
    refusals: Refusals = field(default_factory=Refusals)
    rows: int = 0
    empty: int = 0
    sentinel: int = 0
    mapping: dict[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    form: Text = field(default_factory=lambda: Text("", ""))
    notices: list[Problem] = field(default_factory=list)

    @property
    def values(self) -> int:
        """Number of values that can be taken."""
        return sum(len(own) for own in self.records.values())


def read(path: Path, points: Sequence[Point], options: Options) -> Delivery:
    """Read a delivered file; see `diwen.telemetry.grid` for the formats.

    Raises
    ------
    InputError : the file cannot be read, has no time column or no column of any point
    """
    wanted = columns.wanted(points, options)
    found: list[Mapping] = []

    def choose(file: str, names: tuple[str, ...]) -> tuple[list[int], list[int]]:
        mapped = columns.map_columns(file, names, points, options)
        found.append(mapped)
        if options.layout == "long":
            texts = [at for at in (mapped.point, mapped.note) if at >= 0]
            return [*mapped.time, *texts], [mapped.value]
        return list(mapped.time), list(mapped.values.values())

    delivery = Delivery(path.name, "")
    pieces: dict[str, list[Records]] = {}
    for grid in grids(path, options, wanted, choose, delivery.notices):
        reader = _Reader(delivery, grid, found[-1], options)
        own = reader.long(points) if options.layout == "long" else reader.wide(points)
        for id, records in own.items():
            pieces.setdefault(id, []).append(records)
    delivery.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    delivery.records = {id: _together(delivery, id, own) for id, own in pieces.items()}
    return delivery


def _together(delivery: Delivery, id: str, pieces: list[Records]) -> Records:
    """Records of several members of an archive; of a doubled time the first counts."""
    if len(pieces) == 1:
        return pieces[0]
    own = joined(pieces)
    _, first, which = np.unique(own.time, return_index=True, return_inverse=True)
    other = np.flatnonzero(own.value != own.value[first[which]])
    delivery.refusals.add(
        refusals.TWICE, delivery.mapping[id], None, own.value[other], own.time[other]
    )
    return own.take(first)


class _Reader:
    """Turns one grid into records."""

    def __init__(self, delivery: Delivery, grid: Grid, mapping: Mapping, options: Options) -> None:
        self.delivery, self.grid, self.mapping, self.options = delivery, grid, mapping, options
        self.stamps = self._stamps()
        self.delivery.rows += grid.frame.height
        self.delivery.form = self._form()
        self._clock: dict[str, tuple[NDArray[np.int64], NDArray[np.bool_]]] = {}

    def _form(self) -> Text:
        found = self.grid.dialect
        form = _FORM.format(
            encoding=found.encoding,
            header=found.header + 1,
            time=self.stamps.form,
            zone="UTC" if self.stamps.utc else self.options.time_zone,
        )
        if found.separator:
            form = _add(form, _SIGNS.format(separator=repr(found.separator), decimal=found.decimal))
        if found.units:
            form = _add(
                form, _UNITS.format(cells=" ".join(cell for cell in found.unit_cells if cell))
            )
        return form

    def _cells(self, position: int) -> pl.Series:
        return self.grid.frame[f"c{position}"]

    def _stamps(self) -> times.Stamps:
        cells = [self._cells(position) for position in self.mapping.time]
        if not self.grid.frame.height:
            none = np.empty(0, np.int64)
            return times.Stamps(none, none.astype(bool), True, "-")
        try:
            stamps = times.read(cells, self.options.time_format, self.options.time_start)
        except times.TimeError as error:
            name = " + ".join(self.grid.names[at] for at in self.mapping.time)
            text = _TIME.format(reason=error.reason)
            first = str(cells[0].drop_nulls().first())[:60]
            raise InputError([Problem(self.grid.file, name, text, _TIME_CURE, first)]) from error
        self._refuse_rows(~stamps.good, refusals.BAD_TIME, ignore_empty=True)
        if stamps.doubt:
            self._doubt(" + ".join(self.grid.names[at] for at in self.mapping.time), _ORDER.format(
                form=stamps.form), _ORDER_CURE)  # fmt: skip
        return stamps

    def _doubt(self, column: str, message: Text, cure: Text) -> None:
        problem = Problem(self.grid.file, f"column {column}", message, cure, severity="warning")
        self.delivery.notices.append(problem)

    def _refuse_rows(self, bad: NDArray[np.bool_], reason: Text, ignore_empty: bool) -> None:
        rows = np.flatnonzero(bad)
        if not len(rows):
            return
        cells = pl.select(
            pl.concat_str(
                [self._cells(at)[rows].cast(pl.String).fill_null("") for at in self.mapping.time],
                separator=" ",
            )
        ).to_series()
        if ignore_empty:  # a row without time and without any value is no loss
            other = [name for name in self.grid.frame.columns
                     if name not in {f"c{at}" for at in self.mapping.time}]  # fmt: skip
            held = self.grid.frame[rows].select(
                pl.any_horizontal(pl.col(other).is_not_null()).alias("held")
            )["held"]
            keep = (held | (cells.str.strip_chars() != "")).to_numpy()
            rows, cells = rows[keep], cells.filter(keep)
        name = " + ".join(self.grid.names[at] for at in self.mapping.time)
        self.delivery.refusals.add(reason, name, self.grid.lines(rows), cells)

    def _times(
        self, zone: str, owner: NDArray | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Instants of the rows and which of them are good."""
        if self.stamps.utc:
            return self.stamps.time, self.stamps.good
        if zone not in self._clock:
            time = self.stamps.time
            good = self.stamps.good
            rows = np.flatnonzero(good)
            owners = None if owner is None else owner[rows]
            instants, missing = zones.to_utc(time[rows], zone, owners)
            whole, valid = np.zeros(len(time), np.int64), np.zeros(len(time), bool)
            whole[rows], valid[rows] = instants, ~missing
            lost = np.zeros(len(time), bool)
            lost[rows[missing]] = True
            self._refuse_rows(lost, refusals.MISSING_HOUR, ignore_empty=False)
            self._clock[zone] = whole, valid
        return self._clock[zone]

    def wide(self, points: Sequence[Point]) -> dict[str, Records]:
        """A column per point."""
        own = {}
        used = {*self.mapping.time, *self.mapping.values.values()}
        for point in points:
            if point.id not in self.mapping.values:
                continue
            at = self.mapping.values[point.id]
            name = self.grid.names[at]
            self.delivery.mapping[point.id] = name
            self._compare_unit(point, at)
            if [columns.normal(other) for other in self.grid.names].count(columns.normal(name)) > 1:
                self._doubt(name, _TWICE, _TWICE_CURE)
            everything = np.arange(self.grid.frame.height)
            time, good = self._times(point.time_zone or self.options.time_zone)
            own[point.id] = self._point(point, name, self._cells(at), everything, time, good)
        self.delivery.unused = tuple(
            name for at, name in enumerate(self.grid.names) if at not in used and name
        )
        return own

    def _compare_unit(self, point: Point, at: int) -> None:
        """Doubt the unit of points.csv if the file names another under its header."""
        cells = self.grid.dialect.unit_cells
        named = cells[at].strip("[]() ") if at < len(cells) else ""
        if not named:
            return
        try:
            same = conversion(named, point.quantity) == conversion(point.unit, point.quantity)
        except UnitError:
            return  # a description, not a unit
        if not same:
            text = _UNIT.format(named=named, unit=point.unit, point=point.id)
            where = f"line {self.grid.dialect.header + 2}, column {self.grid.names[at]}"
            self.delivery.notices.append(
                Problem(self.grid.file, where, text, _UNIT_CURE, severity="warning")
            )

    def long(self, points: Sequence[Point]) -> dict[str, Records]:
        """A row per value, the point named in a column."""
        names = self._cells(self.mapping.point).cast(pl.String).str.strip_chars().fill_null("")
        codes = names.rank("dense").to_numpy().astype(np.int64)
        values = self._cells(self.mapping.value)
        own = {}
        known = np.zeros(len(names), bool)
        for point in points:
            rows = np.flatnonzero((names == columns.source(point)).to_numpy())
            if not len(rows):
                continue
            known[rows] = True
            self.delivery.mapping[point.id] = columns.source(point)
            time, good = self._times(point.time_zone or self.options.time_zone, codes)
            own[point.id] = self._point(
                point, columns.source(point), values[rows], rows, time[rows], good[rows]
            )
            own[point.id] = self._estimated(own[point.id], rows, time)
        strange = names.filter(~known).unique().sort().to_list()
        self.delivery.unused = tuple(name for name in strange if name)
        return own

    def _estimated(
        self, records: Records, rows: NDArray[np.intp], time: NDArray[np.int64]
    ) -> Records:
        """Mark the values that a person noted as estimated."""
        if self.mapping.note < 0:
            return records
        notes = self._cells(self.mapping.note)[rows].cast(pl.String).str.to_lowercase()
        marked = notes.str.contains(r"^\s*(estimate|估计|估算)").fill_null(False).to_numpy()
        flags = np.where(np.isin(records.time, time[rows][marked]), ESTIMATED, OK)
        return records.with_quality(flags.astype(np.int8))

    def _point(
        self,
        point: Point,
        name: str,
        cells: pl.Series,
        rows: NDArray[np.intp],
        time: NDArray[np.int64],
        good: NDArray[np.bool_],
    ) -> Records:
        """The records of one point from its cells; what cannot be taken is listed."""
        decimal = point.decimal or self.grid.dialect.decimal
        read = numbers.parse(cells, decimal, state=point.kind == "state")
        value = read.value
        listed = self.delivery.refusals
        if read.bad.any():
            bad = np.flatnonzero(read.bad)
            listed.add(refusals.NOT_A_NUMBER, name, self.grid.lines(rows[bad]), cells[bad])
        endless = np.isinf(value)
        if endless.any():
            bad = np.flatnonzero(endless)
            listed.add(refusals.NOT_FINITE, name, self.grid.lines(rows[bad]), cells[bad])
        empty = np.isnan(value)
        self.delivery.empty += int(np.count_nonzero(empty & ~read.bad))
        keep = good & ~empty & ~endless
        sentinels = (*self.options.sentinel, *point.sentinel)
        if sentinels:
            none = np.isin(value, sentinels) & keep
            self.delivery.sentinel += int(np.count_nonzero(none))
            keep &= ~none
        if keep.all():
            return self._sorted(point, name, rows, time, value + 0.0)
        chosen = np.flatnonzero(keep)
        return self._sorted(point, name, rows[chosen], time[chosen], value[chosen] + 0.0)

    def _sorted(
        self,
        point: Point,
        name: str,
        rows: NDArray[np.intp],
        time: NDArray[np.int64],
        value: NDArray[np.float64],
    ) -> Records:
        step = np.diff(time)
        if (step <= 0).any():
            order = np.argsort(time, kind="stable")
            rows, time, value = rows[order], time[order], value[order]
            again = np.append(False, np.diff(time) == 0)
            if again.any():
                first = np.maximum.accumulate(np.where(again, 0, np.arange(len(time))))
                other = np.flatnonzero(again & (value != value[first]))
                lines = self.grid.lines(rows[other])
                self.delivery.refusals.add(refusals.TWICE, name, lines, value[other])
                rows, time, value = rows[~again], time[~again], value[~again]
        return fresh(time, value, point.origin)
