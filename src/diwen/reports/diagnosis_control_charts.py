"""Control charts of the daily residuals: CUSUM and EWMA with their alarms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from diwen.diagnosis.change_points import cusum, ewma, residual_blocks
from diwen.language import Text
from diwen.reports.chart import COLOURS, Axis, Chart, Mark, Trace, rounded
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from diwen.diagnosis.change_points import Alarm
    from diwen.diagnosis.finding import Floats, Residual

_ROW = "diagnosis.inference."
_DAY = 86_400_000
_CALCULATED = ("calculated",)
_MEANS = Text("mean of a block of days", "分段均值")
_UPPER, _LOWER = Text("CUSUM upward", "CUSUM 上侧"), Text("CUSUM downward", "CUSUM 下侧")
_EWMA = Text("EWMA", "EWMA")
_LIMIT = Text("limit", "控制限")
_ALARM = Text("alarm", "报警")
_COURSE = Text("{what}: course and alarms", "{what}：变化过程与报警")
_CHART = Text("{what}: control charts", "{what}：控制图")
_NOTE = Text(
    "In units of the control limit (CUSUM h = {limit:g}, EWMA L = {width:g}). What is normal is "
    "learnt from the first {learnt} blocks, and anew after every alarm.",
    "以控制限为单位（CUSUM h = {limit:g}，EWMA L = {width:g}）。正常水平由前 {learnt} 段学习得到，"
    "每次报警后重新学习。",
)


@dataclass(frozen=True, eq=False)
class ControlCourse:
    """A residual as both charts see it, block by block; nan while they learn.

    Attributes
    ----------
    day : last local day of each block, shape (n,)
    mean : of the residual, shape (n,)
    upper, lower : CUSUM over its limit, shape (n,)
    average : EWMA over its limit, shape (n,)
    """

    day: Sequence[date]
    mean: Floats
    upper: Floats
    lower: Floats
    average: Floats


def control_course(residual: Residual, alarms: Iterable[Alarm]) -> ControlCourse:
    """The charts between the alarms of a residual."""
    blocks = residual_blocks(residual)
    size = len(blocks.mean)
    upper, lower, average = (np.full(size, np.nan) for _ in range(3))
    learnt = int(usual_value(_ROW + "alarm_learning"))
    days = list(blocks.last)
    ends = [days.index(one.day) + 1 for one in alarms if one.day in days]
    for begin, end in zip([0, *ends], [*ends, size], strict=True):
        normal, rest = slice(begin, begin + learnt), slice(begin + learnt, end)
        if begin + learnt >= end:
            continue
        known = blocks.mean[normal]
        own = float(np.std(known, ddof=1)) if len(known) > 1 else 0.0
        width = np.maximum(blocks.deviation[rest], own)
        z = (blocks.mean[rest] - float(np.mean(known))) / width
        unsure = 1.0 / math.sqrt(len(known))
        sums = cusum(z, usual_value(_ROW + "cusum_reference") + unsure)
        upper[rest], lower[rest] = (one / usual_value(_ROW + "cusum_limit") for one in sums)
        level, spread = ewma(z, usual_value(_ROW + "ewma_weight"))
        average[rest] = level / (usual_value(_ROW + "ewma_limit") * spread + unsure)
    return ControlCourse(days, blocks.mean, upper, -lower, average)


def control_charts(residual: Residual, alarms: Sequence[Alarm]) -> list[Chart]:
    """Course of a residual with its alarms, and its control charts.

    Parameters
    ----------
    residual : daily
    alarms : of this residual
    """
    found = control_course(residual, alarms)
    if not len(found.mean):
        return []
    along = tuple(_milliseconds(day) for day in found.day)
    place = {day: number for number, day in enumerate(found.day)}
    raised = [place[one.day] for one in alarms if one.day in place]
    limit = usual_value(_ROW + "cusum_limit")
    note = _NOTE.format(
        learnt=int(usual_value(_ROW + "alarm_learning")), limit=limit,
        width=usual_value(_ROW + "ewma_limit"),
    )  # fmt: skip
    time = Axis(Text("local day", "日期"), kind="time")
    course = Chart(
        f"diagnosis_residual_{residual.name}", _COURSE.format(what=residual.text), time,
        (Axis(Text("measured against expected", "实测与期望之差"), residual.unit, decimals=3),),
        _traces(along, raised, (_MEANS, found.mean, COLOURS["source"])),
    )  # fmt: skip
    charts = Chart(
        f"diagnosis_control_{residual.name}", _CHART.format(what=residual.text), time,
        (Axis(Text("over its limit", "与控制限之比"), decimals=2),),
        (
            *_traces(along, [], (_UPPER, found.upper, COLOURS["load"])),
            *_traces(along, [], (_LOWER, found.lower, COLOURS["source"])),
            *_traces(along, [], (_EWMA, found.average, COLOURS["electricity"])),
        ),
        (Mark(1.0, _LIMIT), Mark(-1.0, _LIMIT)), note,
    )  # fmt: skip
    return [course, charts]


def _traces(
    along: tuple[float, ...], raised: list[int], line: tuple[Text, Floats, str]
) -> tuple[Trace, ...]:
    name, values, colour = line
    shown = [Trace(name, "line", along, tuple(rounded(float(one)) for one in values),
                   colour=colour, origin=_CALCULATED)]  # fmt: skip
    if raised:
        shown.append(Trace(
            _ALARM, "points", tuple(along[one] for one in raised),
            tuple(rounded(float(values[one])) for one in raised),
            colour=COLOURS["limit"], origin=_CALCULATED,
        ))  # fmt: skip
    return tuple(shown)


def _milliseconds(day: date) -> float:
    return float((day - date(1970, 1, 1)).days * _DAY)
