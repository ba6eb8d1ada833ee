"""Errors of instruments, put on simulated series: what diagnosis has to see through.

Noise, errors within the class of the instrument, bias, drift, a wrong factor, a value that is
stuck, outages, two sensors that are swapped, a wrong clock, a register that starts again. All are
off until they are asked for; the same seed gives the same errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.site.spelling import cure_for, listed
from diwen.twin.sensor_faults_class import limit_of_error
from diwen.twin.simulated_telemetry import SimulatedSeries

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
FaultKind = Literal[
    "noise", "class_error", "bias", "drift", "scale", "stuck", "outage", "swap", "clock", "reset"
]
KINDS: tuple[FaultKind, ...] = get_args(FaultKind)
FAULT_NAMES: dict[FaultKind, Text] = {
    "noise": Text("noise, in standard uncertainties of the instrument",
                  "随机噪声（以仪表标准不确定度为单位）"),
    "class_error": Text("error drawn within the class of the instrument (1: the whole class)",
                        "在仪表准确度等级内抽取的系统误差（1 为整个等级）"),
    "bias": Text("constant error, in the unit inside (K, m³/s, W)",
                 "恒定偏差（内部单位：K、m³/s、W）"),
    "drift": Text("error that grows, per year (of a counter: share)",
                  "逐年漂移（累计量为相对值）"),
    "scale": Text("wrong factor", "系数错误"),
    "stuck": Text("the value stands still", "数值卡死"),
    "outage": Text("share of the time without records", "缺测时间比例"),
    "swap": Text("two sensors are swapped", "两个传感器接反"),
    "clock": Text("clock that is wrong, s (positive: records carry a later time)",
                  "时钟偏差，s（正值：记录时刻偏晚）"),
    "reset": Text("the register starts again at 0", "累计值清零"),
}  # fmt: skip
_YEAR = 365.0 * 86400.0
_FUNCTION = "SensorFault"
_NO_KIND = Text("no such fault", "没有此种传感器故障")
_NO_POINT = Text("there is no simulated series of this point", "没有该测点的模拟序列")
_NOT_COUNTER = Text("a counter has no such error", "累计量没有此种误差")
_ONLY_COUNTER = Text("only a counter starts again", "只有累计量会清零")
_CHOOSE = Text("choose scale or drift for a counter", "累计量请用 scale 或 drift")
_TAKE_COUNTER = Text("name a counter", "请指定累计量测点")
_PAIR = Text("exactly two points of one quantity are swapped", "须恰好为同一物理量的两个测点")
_NAME_TWO = Text("name two points, joined by +", "请用 + 连接两个测点")
_VALUE = Text("not a value that this fault can have", "该故障不能取此值")
_ORDER = Text("since is not before until", "开始时刻不早于结束时刻")
_CORRECT = Text("correct the value", "请更正该值")


@dataclass(frozen=True)
class SensorFault:
    """One error of one instrument (or of several alike).

    Attributes
    ----------
    kind : see :data:`FAULT_NAMES`
    points : ids; empty: all that can have it
    value : size, in the quantity's own unit or as :data:`FAULT_NAMES` says
    since, until : UTC (a datetime without zone is UTC); None: from the first, to the last record
    duration : of one outage, mean, s
    """

    kind: FaultKind
    points: tuple[str, ...] = ()
    value: float = 1.0
    since: datetime | None = None
    until: datetime | None = None
    duration: float = 6.0 * 3600.0


def with_sensor_faults(
    series: Sequence[SimulatedSeries], faults: Sequence[SensorFault], seed: int = 0
) -> tuple[SimulatedSeries, ...]:
    """The series as faulty instruments would have recorded them.

    Parameters
    ----------
    series : of ideal instruments
    faults : one after the other
    seed : the same seed draws the same noise, errors and outages

    Raises
    ------
    diwen.problems.InputError : with everything that is wrong with the faults, at once
    """
    known = {one.point.id: one for one in series}
    problems = [problem for fault in faults for problem in _problems(fault, known)]
    if problems:
        raise InputError(problems)
    for number, fault in enumerate(faults):
        draw = np.random.default_rng([seed, number])
        if fault.kind == "swap":
            known |= _swapped(known, fault)
            continue
        for id in fault.points or known:
            if _can_have(fault, known[id]):
                known[id] = _CHANGES[fault.kind](known[id], fault, draw)
    return tuple(known[one.point.id] for one in series)


def fault_problems(fault: SensorFault) -> list[Problem]:
    """What is wrong with a fault whatever points there are: its kind and its value."""
    if fault.kind not in KINDS:
        cure = cure_for(fault.kind, KINDS)
        return [Problem(_FUNCTION, "kind", _NO_KIND, cure, fault.kind, listed(KINDS))]
    return _value_problems(fault)


def _problems(fault: SensorFault, known: dict[str, SimulatedSeries]) -> list[Problem]:
    found = []
    if fault.kind not in KINDS:
        cure = cure_for(fault.kind, KINDS)
        return [Problem(_FUNCTION, "kind", _NO_KIND, cure, fault.kind, listed(KINDS))]
    for id in fault.points:
        if id not in known:
            cure = cure_for(id, known)
            found.append(Problem(_FUNCTION, "points", _NO_POINT, cure, id, listed(known)))
        elif not _can_have(fault, known[id]):
            reset = fault.kind == "reset"
            message, cure = (_ONLY_COUNTER, _TAKE_COUNTER) if reset else (_NOT_COUNTER, _CHOOSE)
            found.append(Problem(_FUNCTION, f"{fault.kind} {id}", message, cure))
    if not found and fault.kind == "swap":
        kinds = {(known[id].point.quantity, known[id].point.kind) for id in fault.points}
        if len(fault.points) != 2 or len(kinds) != 1:
            shown = "+".join(fault.points)
            found.append(Problem(_FUNCTION, "swap", _PAIR, _NAME_TWO, shown))
    found += _value_problems(fault)
    if fault.since and fault.until and _microseconds(fault.since) >= _microseconds(fault.until):
        shown = f"{fault.since} … {fault.until}"
        found.append(Problem(_FUNCTION, "since", _ORDER, _CORRECT, shown))
    return found


_ALLOWED: dict[str, tuple[float, float, str]] = {
    "noise": (0.0, 100.0, "0 … 100"), "class_error": (0.0, 100.0, "0 … 100"),
    "scale": (1e-6, 1e6, "1e-6 … 1e6"), "outage": (0.0, 0.99, "0 … 0.99"),
    "clock": (-86400.0 * 366.0, 86400.0 * 366.0, "±366 d"),
}  # fmt: skip


def _value_problems(fault: SensorFault) -> list[Problem]:
    low, high, shown = _ALLOWED.get(fault.kind, (-1e12, 1e12, "±1e12"))
    wrong = []
    if not low <= fault.value <= high:
        wrong.append(Problem(_FUNCTION, f"{fault.kind} value", _VALUE, _CORRECT,
                             f"{fault.value:g}", same(shown)))  # fmt: skip
    if not fault.duration > 0.0:
        wrong.append(Problem(_FUNCTION, "duration", _VALUE, _CORRECT, f"{fault.duration:g}"))
    return wrong


def _can_have(fault: SensorFault, series: SimulatedSeries) -> bool:
    kind = series.point.kind
    if fault.kind in ("bias", "stuck"):
        return kind == "gauge" or (kind == "state" and fault.kind == "stuck")
    if fault.kind == "reset":
        return kind == "counter"
    return kind != "state" or fault.kind in ("outage", "swap", "clock")


def _microseconds(moment: datetime) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1e6)


def _during(series: SimulatedSeries, fault: SensorFault) -> Mask:
    since = -np.inf if fault.since is None else _microseconds(fault.since)
    until = np.inf if fault.until is None else _microseconds(fault.until)
    return (series.time >= since) & (series.time < until)


def _raw(series: SimulatedSeries, change: NDArray[np.floating]) -> Floats:
    """A change in the quantity's own unit as a change of the raw number."""
    return np.asarray(change / series.point.factor_offset()[0], np.float64)


def _inside(series: SimulatedSeries) -> Floats:
    factor, offset = series.point.factor_offset()
    return series.value * factor + offset


def _with(series: SimulatedSeries, change: NDArray[np.floating]) -> SimulatedSeries:
    return replace(series, value=series.value + _raw(series, change))


def _counted(series: SimulatedSeries, share: NDArray[np.floating]) -> SimulatedSeries:
    """A counter whose increments are wrong by shares, (n - 1,); it never counts backwards."""
    steps = np.diff(series.value) * np.maximum(1.0 + share, 0.0)
    return replace(series, value=series.value[0] + np.concatenate([[0.0], np.cumsum(steps)]))


def _rates(series: SimulatedSeries) -> Floats:
    """Rate of a counter between its readings, in the quantity's own unit per second."""
    return np.diff(_inside(series)) / np.maximum(np.diff(series.time) / 1e6, 1e-6)


def _noise(
    series: SimulatedSeries, fault: SensorFault, draw: np.random.Generator
) -> SimulatedSeries:
    """Independent from record to record: the limit of error as three standard deviations."""
    return _erring(series, fault, lambda n: draw.standard_normal(n) / 3.0)


def _class_error(
    series: SimulatedSeries, fault: SensorFault, draw: np.random.Generator
) -> SimulatedSeries:
    """One draw for the whole record, uniform within the limits of error."""
    place = draw.uniform(-1.0, 1.0)
    return _erring(series, fault, lambda n: np.full(n, place))


def _erring(
    series: SimulatedSeries, fault: SensorFault, place: Callable[[int], Floats]
) -> SimulatedSeries:
    """Wrong by places within the limits of error (±1: at the limit)."""
    accuracy = series.point.limits_of_error
    if accuracy is None or series.value.size < 2:
        return series
    on = _during(series, fault)
    if series.point.kind == "counter":
        rate = _rates(series)
        limit = limit_of_error(accuracy, rate, series.point.quantity)
        share = np.divide(limit, np.abs(rate), out=np.zeros(rate.size), where=rate != 0.0)
        return _counted(series, fault.value * place(rate.size) * share * on[1:])
    value = _inside(series)
    limit = limit_of_error(accuracy, value, series.point.quantity)
    return _with(series, fault.value * place(value.size) * limit * on)


def _bias(
    series: SimulatedSeries, fault: SensorFault, draw: np.random.Generator
) -> SimulatedSeries:
    return _with(series, fault.value * _during(series, fault))


def _drift(
    series: SimulatedSeries, fault: SensorFault, draw: np.random.Generator
) -> SimulatedSeries:
    if not series.value.size:
        return series
    begin = series.time[0] if fault.since is None else _microseconds(fault.since)
    years = np.maximum((series.time - begin) / 1e6 / _YEAR, 0.0) * _during(series, fault)
    if series.point.kind == "counter":
        return _counted(series, fault.value * years[1:])
    return _with(series, fault.value * years)


def _scale(
    series: SimulatedSeries, fault: SensorFault, draw: np.random.Generator
) -> SimulatedSeries:
    on = _during(series, fault)
    if series.point.kind == "counter":
        return _counted(series, (fault.value - 1.0) * on[1:])
    return replace(series, value=np.where(on, series.value * fault.value, series.value))


def _stuck(
    series: SimulatedSeries, fault: SensorFault, draw: np.random.Generator
) -> SimulatedSeries:
    on = _during(series, fault)
    if not on.any():
        return series
    return replace(series, value=np.where(on, series.value[np.argmax(on)], series.value))


def _outage(
    series: SimulatedSeries, fault: SensorFault, draw: np.random.Generator
) -> SimulatedSeries:
    """Outages of random length (exponential) at random times make up the share that is lost."""
    on = np.flatnonzero(_during(series, fault))
    if on.size < 2 or fault.value == 0.0:
        return series
    first, last = series.time[on[0]], series.time[on[-1]]
    mean_up = fault.duration * (1.0 - fault.value) / fault.value
    count = 16 + int(4.0 * (last - first) / 1e6 / (fault.duration + mean_up))
    pieces = draw.exponential([mean_up, fault.duration], size=(count, 2))
    edges = first + np.cumsum(pieces.ravel()) * 1e6
    lost = np.searchsorted(edges, series.time, side="right") % 2 == 1
    keep = ~(lost & _during(series, fault))
    return replace(series, time=series.time[keep], value=series.value[keep])


def _clock(
    series: SimulatedSeries, fault: SensorFault, draw: np.random.Generator
) -> SimulatedSeries:
    time = series.time + np.where(_during(series, fault), round(fault.value * 1e6), 0)
    time, first = np.unique(time, return_index=True)
    return replace(series, time=time, value=series.value[first])


def _reset(
    series: SimulatedSeries, fault: SensorFault, draw: np.random.Generator
) -> SimulatedSeries:
    on = _during(series, fault)
    if not on.any():
        return series
    return replace(series, value=np.where(on, series.value - series.value[np.argmax(on)],
                                          series.value))  # fmt: skip


def _swapped(known: dict[str, SimulatedSeries], fault: SensorFault) -> dict[str, SimulatedSeries]:
    """Each of two points with the values of the other, in its own unit."""
    one, other = (known[id] for id in fault.points)
    return {
        mine.point.id: _taking(mine, theirs, fault) for mine, theirs in ((one, other), (other, one))
    }


def _taking(mine: SimulatedSeries, theirs: SimulatedSeries, fault: SensorFault) -> SimulatedSeries:
    factor, offset = mine.point.factor_offset()
    strange = (_inside(theirs) - offset) / factor
    before, after = ~_during(mine, fault), _during(theirs, fault)
    time = np.concatenate([mine.time[before], theirs.time[after]])
    value = np.concatenate([mine.value[before], strange[after]])
    order = np.argsort(time, kind="stable")
    return replace(mine, time=time[order], value=value[order])


_CHANGES: dict[
    str, Callable[[SimulatedSeries, SensorFault, np.random.Generator], SimulatedSeries]
] = {
    "noise": _noise, "class_error": _class_error, "bias": _bias, "drift": _drift,
    "scale": _scale, "stuck": _stuck, "outage": _outage, "clock": _clock, "reset": _reset,
}  # fmt: skip
