"""Was the test good enough? Each requirement of a rule against what the test shows.

Limits are rows of the rules, each with its standing; what the file does not show is said to be
missing and never counts as passed.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diwen import rules
from diwen.language import Text, same
from diwen.sources.response_test.steadiness import Steadiness, Stretch
from diwen.survey.rule_check import Check, Quality, judged

if TYPE_CHECKING:
    from diwen.sources.response_test.record import TestedBorehole, TestSeries

# What each check looks at: its words, and the rows that rule on it.
CHECKS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "duration": (
        Text("heating without interruption", "连续加热时间"),
        ("gb50366.response_test.duration", "ashrae.response_test.duration",
         "vdi4640.response_test.duration"),
    ),
    "wait": (
        Text("wait after grouting", "回填后等待时间"),
        ("gb50366.response_test.wait", "ashrae.response_test.wait", "vdi4640.response_test.wait"),
    ),
    "outage": (Text("longest outage of the heater", "最长加热中断"), ("response_test.outage",)),
    "gap": (Text("longest gap in the records", "最长记录缺口"), ("response_test.gap",)),
    "interval": (
        Text("logging interval", "记录间隔"),
        ("gb50366.response_test.interval", "ashrae.response_test.interval",
         "vdi4640.response_test.interval"),
    ),
    "heat_rate": (
        Text("heat rate per metre", "单位孔深加热功率"),
        ("ashrae.response_test.heat_rate", "vdi4640.response_test.heat_rate"),
    ),
    "power_deviation": (
        Text("standard deviation of power", "功率标准差"),
        ("ashrae.response_test.power_deviation",),
    ),
    "power_peak": (
        Text("largest departure of power", "功率最大偏差"), ("ashrae.response_test.power_peak",)
    ),
    "flow_deviation": (
        Text("standard deviation of flow", "流量标准差"), ("response_test.flow_deviation",)
    ),
    "flow_levels": (Text("number of flow rates", "流量档数"), ("response_test.flow_levels",)),
    "velocity": (Text("velocity in the pipes", "管内流速"), ("gb50366.response_test.velocity",)),
    "temperature_difference": (
        Text("inlet minus outlet", "进出口温差"),
        ("ashrae.response_test.temperature_difference",),
    ),
    "stable_rise": (
        Text("rise of the outlet over the undisturbed ground", "出口温度高出初始地温"),
        ("gb50366.response_test.stable_rise",),
    ),
    "stable_duration": (
        Text("time with that rise", "达到该温升的持续时间"),
        ("gb50366.response_test.stable_duration",),
    ),
    "daily_amplitude": (
        Text("daily cycle in the fluid temperature", "流体温度的日周期振幅"),
        ("response_test.daily_amplitude",),
    ),
    "power_accuracy": (
        Text("accuracy of the power", "功率测量误差"), ("gb50366.response_test.power_accuracy",)
    ),
    "flow_accuracy": (
        Text("accuracy of the flow", "流量测量误差"), ("gb50366.response_test.flow_accuracy",)
    ),
    "temperature_accuracy": (
        Text("accuracy of the thermometers", "温度测量误差"),
        ("gb50366.response_test.temperature_accuracy",),
    ),
}  # fmt: skip
#: Checks that make no sense on a well without grout and without pipes in it.
CLOSED_ONLY = ("wait", "velocity")
_NO_FLOW = Text("flow", "流量")
_NO_OUTLET = Text("outlet temperature", "出口温度")
_NO_BOTH = Text("inlet and outlet temperature", "进出口温度")
_NO_PIPES = Text(
    "flow, or pipes of the bore field in site.toml", "流量，或 site.toml 中的换热管尺寸"
)
_NO_DATES = Text("grouted and date in [[response_tests]]", "[[response_tests]] 的 grouted 与 date")
_NO_ACCURACY = Text("{key} in [[response_tests]]", "[[response_tests]] 的 {key}")
_SHORT = Text("at least a day of heating", "至少一天的加热记录")
_NO_POWER = Text("measured power", "实测功率")
_MEAN_ABOVE = Text(
    "the mean fluid temperature stands {rise:.1f} K above it", "流体平均温度高出 {rise:.1f} K"
)
_FIRST_RECORD = Text("records begin {hours:.1f} h after heating", "记录始于加热 {hours:.1f} h 之后")
_AVERAGED = Text("of ten-minute means", "按 10 min 平均值")
_AT = Text("{start:.1f} to {end:.1f} h", "第 {start:.1f}～{end:.1f} h")
_LEVELS = Text("{flows} kg/s", "{flows} kg/s")


@dataclass(frozen=True)
class Circumstances:
    """What is known of the test besides its series.

    Attributes
    ----------
    pipe_area : flow area of all parallel legs, m²; None if not known
    fluid_density : kg/m³
    date, grouted : days; None if not known
    power_accuracy, flow_accuracy : limits of error, relative; temperature_accuracy : K; None if
        not known
    power_measured : False when the nominal power stands in for it
    """

    pipe_area: float | None = None
    fluid_density: float = 998.0
    date: datetime.date | None = None
    grouted: datetime.date | None = None
    power_accuracy: float | None = None
    flow_accuracy: float | None = None
    temperature_accuracy: float | None = None
    power_measured: bool = True


@dataclass(frozen=True)
class _Reading:
    """A number for a check, or why there is none."""

    value: float | None
    missing: Text | None = None
    detail: Text | None = None


def check_quality(
    series: TestSeries,
    borehole: TestedBorehole,
    steady: Steadiness,
    circumstances: Circumstances,
    book: rules.RulesOn,
) -> Quality:
    """Every requirement that the rules hold on the day of the test.

    Parameters
    ----------
    series, borehole : the test
    steady : its numbers
    circumstances : what else is known
    book : rules on the day and in the region; rows that do not hold there are left out
    """
    longest_gap = book.value("response_test.gap") * 60.0
    readings = dict(_readings(series, borehole, steady, circumstances, longest_gap))
    checks = []
    for name, (_, ids) in CHECKS.items():
        for row in _rows(book, ids):
            checks.append(_check(name, row, readings[name]))
    return Quality(tuple(checks), book.digest)


def _rows(book: rules.RulesOn, ids: tuple[str, ...]) -> Iterator[rules.Row]:
    for id in ids:
        try:
            row = book.row(id)
        except rules.RuleMissingError:
            continue
        if row.value is not None:
            yield row


def _check(name: str, row: rules.Row, reading: _Reading) -> Check:
    if reading.value is None:
        return judged(name, CHECKS[name][0], row, reading.missing or Text("", ""), reading.detail)
    # Every reading comes in the unit of the usual row; days and hours differ between rules.
    value = reading.value / 24.0 if row.unit == "d" else reading.value
    return judged(name, CHECKS[name][0], row, value, reading.detail)


def _readings(
    series: TestSeries,
    borehole: TestedBorehole,
    steady: Steadiness,
    known: Circumstances,
    longest_gap: float,
) -> Iterator[tuple[str, _Reading]]:
    """The number of each check, in h, min, %, K, m/s, W/m."""
    gaps = tuple(gap for gap in steady.gaps if gap.duration > longest_gap)
    start, end = _longest_stretch(steady, gaps)
    late = None
    if steady.first_record > 3600.0:
        late = _FIRST_RECORD.format(hours=steady.first_record / 3600)
    shown = late if not (steady.outages or gaps) else _span(start, end)
    yield "duration", _Reading((end - start) / 3600, None, shown)
    yield "wait", _wait(known)
    yield "outage", _longest(steady.outages)
    yield "gap", _longest(steady.gaps)
    yield "interval", _Reading(steady.log_interval / 60)
    yield "heat_rate", _Reading(steady.power_mean / borehole.length)
    constant = None if known.power_measured else _NO_POWER
    yield "power_deviation", _shown(100 * steady.power_deviation_averaged, constant, _AVERAGED)
    yield "power_peak", _shown(100 * steady.power_peak, constant, _AVERAGED)
    yield "flow_deviation", _shown(100 * steady.flow_deviation, _NO_FLOW)
    yield "flow_levels", _flow_levels(steady)
    yield "velocity", _velocity(steady, known)
    yield "temperature_difference", _shown(steady.temperature_difference, _NO_BOTH)
    yield from _rise(series, borehole, steady)
    yield "daily_amplitude", _shown(steady.daily_amplitude, _SHORT)
    for key, factor in (
        ("power_accuracy", 100.0), ("flow_accuracy", 100.0), ("temperature_accuracy", 1.0),
    ):  # fmt: skip
        given = getattr(known, key)
        missing = _NO_ACCURACY.format(key=key)
        yield key, _Reading(None, missing) if given is None else _Reading(given * factor)


def _shown(value: float, missing: Text | None, detail: Text | None = None) -> _Reading:
    """A number that is NaN where it could not be had."""
    if not math.isfinite(value) or (detail is not None and missing is not None):
        return _Reading(None, missing)
    return _Reading(value, None, detail)


def _longest_stretch(steady: Steadiness, gaps: tuple[Stretch, ...]) -> tuple[float, float]:
    """The longest stretch of heating without an outage or a long gap, s."""
    begin, best = 0.0, (0.0, 0.0)
    breaks = sorted((part.start, part.end) for part in (*steady.outages, *gaps))
    for start, end in [*breaks, (steady.heating_end, steady.heating_end)]:
        if start - begin > best[1] - best[0]:
            best = (begin, start)
        begin = max(begin, end)
    return best


def _span(start: float, end: float) -> Text:
    return _AT.format(start=start / 3600, end=end / 3600)


def _longest(stretches: tuple[Stretch, ...]) -> _Reading:
    if not stretches:
        return _Reading(0.0)
    longest = max(stretches, key=lambda part: part.duration)
    return _Reading(longest.duration / 60, None, _span(longest.start, longest.end))


def _wait(known: Circumstances) -> _Reading:
    """Hours between grouting and heating."""
    if known.date is None or known.grouted is None:
        return _Reading(None, _NO_DATES)
    return _Reading((known.date - known.grouted).days * 24.0)


def _flow_levels(steady: Steadiness) -> _Reading:
    if not math.isfinite(steady.flow_mean):
        return _Reading(None, _NO_FLOW)
    flows = ", ".join(f"{flow:.4f}" for flow in steady.levels.flow)
    return _Reading(float(steady.levels.count), None, _LEVELS.format(flows=same(flows)))


def _velocity(steady: Steadiness, known: Circumstances) -> _Reading:
    if known.pipe_area is None or not math.isfinite(steady.flow_mean):
        return _Reading(None, _NO_PIPES)
    lowest = float(np.min(steady.levels.flow))
    return _Reading(lowest / known.fluid_density / known.pipe_area)


def _rise(
    series: TestSeries, borehole: TestedBorehole, steady: Steadiness
) -> Iterator[tuple[str, _Reading]]:
    """Rise of the outlet at the end of heating, and for how long it was at least five kelvin."""
    heated = series.time <= steady.heating_end
    last = heated & (series.time >= steady.heating_end - 3600)
    if series.outlet is None:
        mean = float(np.median(series.fluid_temperature[last]))
        detail = _MEAN_ABOVE.format(rise=mean - borehole.undisturbed_temperature)
        yield "stable_rise", _Reading(None, _NO_OUTLET, detail)
        yield "stable_duration", _Reading(None, _NO_OUTLET, detail)
        return
    rise = series.outlet - borehole.undisturbed_temperature
    yield "stable_rise", _Reading(float(np.median(rise[last])))
    step = np.diff(series.time, prepend=series.time[0])
    above = heated & (rise >= rules.load().value("gb50366.response_test.stable_rise"))
    yield "stable_duration", _Reading(float(step[above].sum()) / 3600)
