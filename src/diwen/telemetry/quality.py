"""The quality flags: one per record, computed beside the raw numbers by documented rules.

A flag depends on the stored raw numbers of the point and of the points around it within a week,
never on the order in which files came in; so it can be computed again at any time and is the
same. Where several rules strike, the flag that stands first in ``PRIORITY`` is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.telemetry import counters
from diwen.telemetry.records import ORIGINS, Records
from diwen.telemetry.running import Running
from diwen.telemetry.thresholds import Limits, Thresholds, limits

if TYPE_CHECKING:
    from diwen.site import Point

OK, RANGE, RATE, STUCK, GAP, SPIKE, CROSS_CHECK, ESTIMATED, CALIBRATION = range(9)
# An estimate does not come from the sensor, so neither its calibration nor its gaps matter.
PRIORITY = (RANGE, SPIKE, RATE, STUCK, CROSS_CHECK, ESTIMATED, CALIBRATION, GAP)
_SECOND = 1_000_000
_MANUAL = ORIGINS.index("manual")


@dataclass(frozen=True, slots=True)
class Rule:
    """One quality rule as people read it."""

    flag: int
    name: Text
    meaning: Text
    usable: bool


RULES = (
    Rule(OK, Text("good", "正常"), Text("No rule objects.", "未触发任何规则。"), True),
    Rule(
        RANGE,
        Text("out of range", "超量程"),
        Text(
            "The value lies outside low..high of the point, or else of the rule for its place, "
            "or else of its quantity.",
            "数值超出测点的上下限；未设定时取该位置的规则值，再次取该物理量的合理范围。",
        ),
        False,
    ),
    Rule(
        RATE,
        Text("too fast", "变化过快"),
        Text(
            "The value changed faster than its quantity plausibly can, and the equipment did not "
            "switch in the ten minutes before. Steps shorter than a minute count as a minute.",
            "数值变化速度超过该物理量的合理速率，且此前 10 分钟内设备未启停；"
            "不足 1 分钟的步长按 1 分钟计。",
        ),
        False,
    ),
    Rule(
        STUCK,
        Text("stuck", "数值卡死"),
        Text(
            "The value did not change at all while the equipment ran for longer than the stuck "
            "time of the quantity (6 h for temperatures). Running is told by a status or power "
            "point of the equipment; without one the rule is not judged.",
            "设备累计运行时间超过该物理量的卡死判定时间（温度为 6 h）而数值毫无变化。"
            "运行状态取自该设备的状态或功率测点；没有此类测点时不作判断。",
        ),
        False,
    ),
    Rule(
        GAP,
        Text("first after a gap", "缺测后首个记录"),
        Text(
            "The record before is further away than three intervals (and than a minute). The "
            "value itself is good; integrals do not bridge a gap longer than an hour.",
            "与前一记录的间隔超过 3 个采样周期（且超过 1 分钟）。数值本身有效；"
            "超过 1 h 的缺测在积分时不作插补。",
        ),
        True,
    ),
    Rule(
        SPIKE,
        Text("spike", "尖峰"),
        Text(
            "A single value left its neighbours and came back at once; of a counter: a reading "
            "that left the count and came back within a day.",
            "单个数值偏离前后记录后立即恢复；对累计量：读数脱离累计值并在一天内恢复。",
        ),
        False,
    ),
    Rule(
        CROSS_CHECK,
        Text("contradicts other points", "与其他测点矛盾"),
        Text(
            "Physics between points is violated: a running heat pump that heats or cools both "
            "sides at once, a COP above the ideal (Lorenz) process, a power that does not make "
            "the energy of its own counter.",
            "测点之间违反物理规律：机组运行时两侧同时被加热或冷却、COP 高于理想（洛伦兹）循环、"
            "功率积分与其电能表不符。",
        ),
        False,
    ),
    Rule(
        ESTIMATED,
        Text("estimated", "估计值"),
        Text(
            "A value that a person estimated (note begins with 'estimated').",
            "由人工估计的数值（备注以“estimated”或“估计”开头）。",
        ),
        True,
    ),
    Rule(
        CALIBRATION,
        Text("calibration expired", "校准过期"),
        Text(
            "Recorded after the day on which the sensor's calibration was due.",
            "记录时间晚于传感器的校准到期日。",
        ),
        False,
    ),
)


def interval(point: Point, time: NDArray[np.int64]) -> float | None:
    """Seconds between records: as ``points.csv`` says, else the usual (median) step."""
    if point.interval:
        return point.interval
    if point.kind == "state" or len(time) < 3:
        return None
    return float(np.median(np.diff(time))) / _SECOND


def judge(
    point: Point,
    records: Records,
    *,
    has_earlier: bool,
    running: Running | None,
    contradicted: NDArray[np.bool_] | None,
    zone: ZoneInfo,
    thresholds: Thresholds,
) -> NDArray[np.int8]:
    """The flags of a window of records of one point.

    Parameters
    ----------
    records : the window, sorted by time, (n,)
    has_earlier : whether the store holds records of the point before the window
    running : when the point's equipment ran; None: unknown
    contradicted : records that a cross-check objects to, (n,)
    zone : local time zone, for the calibration day

    Returns
    -------
    flags, int8 (n,)
    """
    if not len(records):
        return np.zeros(0, np.int8)
    factor, offset = point.factor_offset()
    value = records.value * factor + offset
    found = {flag: np.zeros(0, bool) for flag in PRIORITY}
    own = limits(point)
    found[RANGE] = outside = _outside(own, value)
    manual = records.origin == _MANUAL
    if not manual.all():
        step = interval(point, records.time)
        good = np.flatnonzero(~outside & ~manual)
        found[GAP] = _after_gap(point, records.time, step, has_earlier, thresholds) & ~manual
        found[SPIKE], found[RATE] = _jumps(point, own, records, value, good, running, thresholds)
        found[STUCK] = _stuck(point, own, records.time, value, step, running, thresholds)
    if contradicted is not None:
        found[CROSS_CHECK] = contradicted
    found[ESTIMATED] = records.quality == ESTIMATED
    found[CALIBRATION] = _expired(point, records.time, zone)
    flags = np.zeros(len(value), np.int8)
    for flag in reversed(PRIORITY):
        if found[flag].any():
            flags[found[flag]] = flag
    return flags


def _outside(own: Limits, value: NDArray[np.float64]) -> NDArray[np.bool_]:
    low, high = own.low, own.high
    # A value on the limit is inside, whatever the last digit of the conversion does.
    slack = 1e-9 * max(abs(low), abs(high), 1e-300) if np.isfinite([low, high]).all() else 0.0
    return ~((value >= low - slack) & (value <= high + slack))


def _after_gap(
    point: Point,
    time: NDArray[np.int64],
    step: float | None,
    has_earlier: bool,
    thresholds: Thresholds,
) -> NDArray[np.bool_]:
    after = np.zeros(len(time), bool)
    if point.kind == "state":
        return after  # written on change: silence is no gap
    after[0] = has_earlier
    after[1:] = np.diff(time) > thresholds.gap(step) * _SECOND
    return after


def _jumps(
    point: Point,
    own: Limits,
    records: Records,
    value: NDArray[np.float64],
    good: NDArray[np.intp],
    running: Running | None,
    thresholds: Thresholds,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Spikes and changes that are too fast, (n,) each."""
    spike, fast = np.zeros(len(value), bool), np.zeros(len(value), bool)
    if point.kind == "counter":
        if len(good) > 1:
            out = counters.dropouts(
                records.time[good], records.value[good], thresholds.counter_return
            )
            spike[good[out]] = True
        return spike, fast
    rate = own.rate
    if rate is None or point.kind == "state" or len(good) < 2:
        return spike, fast
    over = _over(records.time[good], value[good], rate, thresholds)
    if not over.any():
        return spike, fast
    spike[good[_spikes(value[good], over, thresholds.spike_return)]] = True
    calm = good[~spike[good]]
    over = _over(records.time[calm], value[calm], rate, thresholds)
    fast[calm[1:][over]] = True
    if running is not None:
        for flags in (spike, fast):
            struck = np.flatnonzero(flags)
            flags[struck] = running.settled(records.time[struck], thresholds.settling)
    return spike, fast


def _over(
    time: NDArray[np.int64], value: NDArray[np.float64], rate: float, thresholds: Thresholds
) -> NDArray[np.bool_]:
    seconds = np.maximum(np.diff(time) / _SECOND, thresholds.rate_window)
    return np.abs(np.diff(value)) > rate / 60.0 * seconds * (1 + 1e-9)


def _spikes(value: NDArray[np.float64], over: NDArray[np.bool_], share: float) -> NDArray[np.bool_]:
    change = np.diff(value)
    up, down = change[:-1], change[1:]
    height = np.minimum(np.abs(up), np.abs(down))
    back = np.abs(value[2:] - value[:-2]) <= share * height
    spike = np.zeros(len(value), bool)
    spike[1:-1] = over[:-1] & over[1:] & (np.sign(up) != np.sign(down)) & back
    return spike


def _stuck(
    point: Point,
    own: Limits,
    time: NDArray[np.int64],
    value: NDArray[np.float64],
    step: float | None,
    running: Running | None,
    thresholds: Thresholds,
) -> NDArray[np.bool_]:
    stuck = np.zeros(len(value), bool)
    limit = own.stuck_after
    if limit is None or running is None or point.kind != "gauge" or len(value) < 2:
        return stuck
    gap = np.diff(time) > max(thresholds.gap(step), thresholds.bridge(step)) * _SECOND
    edges = np.flatnonzero((np.diff(value) != 0) | gap)
    first = np.append(0, edges + 1)
    last = np.append(edges, len(value) - 1)
    look = int(thresholds.stuck_look * _SECOND)
    long = time[last] - time[first] > limit * _SECOND
    for start, end in zip(first[long], last[long], strict=True):
        run = time[start : end + 1]
        left = np.maximum(run - look, run[0])
        right = np.minimum(run + look, run[-1])
        ran = running.seconds_until(right) - running.seconds_until(left)
        stuck[start : end + 1] = ran > limit
    return stuck


def _expired(point: Point, time: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.bool_]:
    if point.calibration_due is None:
        return np.zeros(len(time), bool)
    day = point.calibration_due + timedelta(days=1)
    end = datetime(day.year, day.month, day.day, tzinfo=zone)
    return time >= int(end.timestamp()) * _SECOND
