"""What a thermal response test measured, as arrays."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_FINITE, NOT_POSITIVE

Floats = NDArray[np.float64]

_SHAPE = Text("the columns of the test have different lengths", "试验记录各列长度不一致")
_FEW = Text("too few records for an evaluation", "记录太少，无法计算")
_ORDER = Text("the time does not increase", "时间没有递增")
_BEFORE = Text("a time before the start of heating", "时间早于加热开始")
_SAME_LENGTH = Text("give one value per record in each column", "每列每条记录给一个值")
_MORE = Text("give the whole series of the test", "请给出完整的试验记录")
_SORT = Text("sort the records and remove duplicates", "请按时间排序并删除重复记录")
_FROM_START = Text(
    "count the time from the start of heating and leave earlier records out",
    "时间应从加热开始计，并去掉之前的记录",
)


@dataclass(frozen=True, eq=False)
class TestedBorehole:
    """The borehole under test and what was known of its ground before.

    Attributes
    ----------
    length : active length, m
    radius : radius of the bore, m
    heat_capacity : volumetric heat capacity of the ground, J/(m³·K)
    undisturbed_temperature : mean over the length, °C
    """

    __test__ = False

    length: float
    radius: float
    heat_capacity: float
    undisturbed_temperature: float

    def __post_init__(self) -> None:
        """Refuse values that cannot be, all at once."""
        problems = []
        for field in fields(self):
            value = getattr(self, field.name)
            if not math.isfinite(value):
                problems.append(_problem("tested borehole", field.name, NOT_FINITE, value))
            elif value <= 0 and field.name != "undisturbed_temperature":
                problems.append(
                    _problem("tested borehole", field.name, NOT_POSITIVE, value, MORE_THAN_ZERO)
                )
        if problems:
            raise InputError(problems)


@dataclass(frozen=True, eq=False)
class TestSeries:
    """The series of a test. Heat is positive *into* the ground, as the heater delivers it.

    Attributes
    ----------
    time : since the start of heating, s, strictly increasing, shape (n,)
    power : heat into the ground, W, shape (n,); the mean since the record before
    fluid_temperature : mean of inlet and outlet, °C, shape (n,)
    inlet, outlet : into and out of the borehole, °C, shape (n,); None if not measured
    flow : mass flow, kg/s, shape (n,); None if not measured
    ambient : air temperature, °C, shape (n,); None if not measured
    started : moment of time 0, so that reasons can name dates; None if not known

    Before the first record the heat rate is taken as that of the first record from time 0 on,
    unless a record at time 0 exists; when the records begin late, as that of the first hour
    recorded (see :mod:`diwen.sources.response_test.heat_steps`).
    """

    __test__ = False

    time: Floats
    power: Floats
    fluid_temperature: Floats
    inlet: Floats | None = None
    outlet: Floats | None = None
    flow: Floats | None = None
    ambient: Floats | None = None
    started: datetime | None = None

    @classmethod
    def of(
        cls,
        time: ArrayLike,
        power: ArrayLike,
        fluid_temperature: ArrayLike | None = None,
        *,
        inlet: ArrayLike | None = None,
        outlet: ArrayLike | None = None,
        flow: ArrayLike | None = None,
        ambient: ArrayLike | None = None,
        started: datetime | None = None,
    ) -> TestSeries:
        """A checked series; a single power holds for all records.

        Parameters
        ----------
        time, power, fluid_temperature, inlet, outlet, flow, ambient, started : as the
            attributes; without a fluid temperature the mean of inlet and outlet is taken

        Raises
        ------
        diwen.problems.InputError : columns that do not fit, values that cannot be; all at once
        """
        columns: dict[str, Floats] = {"time": np.atleast_1d(np.asarray(time, float))}
        columns["power"] = np.asarray(power, float) * (
            np.ones_like(columns["time"]) if np.ndim(power) == 0 else 1.0
        )
        given = {"inlet": inlet, "outlet": outlet, "flow": flow, "ambient": ambient}
        columns.update({k: np.asarray(v, float) for k, v in given.items() if v is not None})
        if fluid_temperature is not None:
            columns["fluid_temperature"] = np.asarray(fluid_temperature, float)
        problems = list(_shape_problems(columns))
        if not problems and fluid_temperature is None:
            columns["fluid_temperature"] = 0.5 * (columns["inlet"] + columns["outlet"])
        problems = problems or list(_value_problems(columns))
        if problems:
            raise InputError(problems)
        return cls(**columns, started=started)

    @property
    def count(self) -> int:
        """Number of records."""
        return len(self.time)

    @property
    def end(self) -> float:
        """Time of the last record since the start of heating, s."""
        return float(self.time[-1])

    def inside(self, start: float, end: float = math.inf) -> TestSeries:
        """The records with start <= time <= end, s; the time still counts from the start."""
        keep = (self.time >= start) & (self.time <= end)
        columns = {f.name: getattr(self, f.name) for f in fields(self)}
        arrays: dict[str, Any] = {
            k: v[keep] for k, v in columns.items() if isinstance(v, np.ndarray)
        }
        return replace(self, **arrays)

    def moment(self, time: float) -> str:
        """A time in words: hours since the start, and the date where it is known."""
        hours = f"{time / 3600:.1f} h"
        if self.started is None:
            return hours
        return f"{self.started + timedelta(seconds=time):%Y-%m-%d %H:%M} ({hours})"

    def scaled(self, factor: float) -> TestSeries:
        """The same test with another reading of the power meter."""
        return replace(self, power=self.power * factor)


def _shape_problems(columns: dict[str, Floats]) -> Iterable[Problem]:
    if "fluid_temperature" not in columns:
        for name in ("inlet", "outlet"):
            if name not in columns:
                missing = Text("missing", "缺少")
                yield Problem("response test", name, missing, _SAME_LENGTH)
    sizes = {name: column.shape for name, column in columns.items()}
    if len(set(sizes.values())) > 1 or columns["time"].ndim != 1:
        listed = ", ".join(f"{name}: {shape}" for name, shape in sizes.items())
        yield Problem("response test", "", _SHAPE, _SAME_LENGTH, listed)
    elif len(columns["time"]) < 3:
        count = str(len(columns["time"]))
        yield Problem("response test", "time", _FEW, _MORE, count, same(">= 3"))


def _value_problems(columns: dict[str, Floats]) -> Iterable[Problem]:
    for name, column in columns.items():
        bad = ~np.isfinite(column)
        if bad.any() and name != "ambient":
            first = int(np.flatnonzero(bad)[0])
            yield _problem("response test", f"{name}[{first}]", NOT_FINITE, column[first])
    time = columns["time"]
    if not np.isfinite(time).all():
        return
    if (np.diff(time) <= 0).any():
        first = int(np.flatnonzero(np.diff(time) <= 0)[0]) + 1
        yield Problem("response test", f"time[{first}]", _ORDER, _SORT, f"{time[first]:g}")
    if time[0] < 0:
        yield Problem("response test", "time[0]", _BEFORE, _FROM_START, f"{time[0]:g}")


def _problem(
    file: str, where: str, message: Text, value: float, allowed: Text | None = None
) -> Problem:
    return Problem(file, where, message, CORRECT, f"{value:g}", allowed)
