"""When a well reaches the loss at which it must be rehabilitated (K-22, K-23).

The specific capacity or injectivity at 10 °C is followed over the water that has passed the well:
a cake that thickens (the head per flow grows by so much per m³) and an exponential decline, both by
Theil-Sen (see :mod:`diwen.sources.pumping_test.clogging_trend`). A time is given only where the
decline is proven beyond its interval; else it is refused. The day on which a decline sets in is
looked for by a cumulative sum.

References
----------
[1] E. S. Page (1954) Biometrika 41, 100 (cumulative sum).
[2] G. Houben, C. Treskatis (2007) Water Well Rehabilitation and Reconstruction.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.result import Result, refused
from diwen.evaluation.statistics import TooFewError
from diwen.evaluation.well_hydraulics import REFERENCE_TEMPERATURE, Specific
from diwen.language import Text
from diwen.problems import InputError

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.sources.pumping_test import Alarm, CloggingTrend

Floats = NDArray[np.float64]

# Cumulative sum, in robust standard deviations: slack and decision level of [1].
_SLACK, _DECISION = 0.5, 8.0
# Longer than this nobody extrapolates, days.
_FARTHEST = 20 * 365.25
_SECONDS = 3600.0
_LEAST = "well_test.clogging.least_loss"

_CAPACITY_LIMIT = Text(
    "days until the specific capacity has fallen to its limit", "单位降深涌水量降至限值的天数"
)
_INJECTIVITY_LIMIT = Text(
    "days until the injectivity has fallen to its limit", "单位回灌量降至限值的天数"
)
_NOT_PROVEN = Text(
    "No decline is proven: the interval of the loss over the period, {low} to {high} %, holds "
    "zero. No time to a limit is given.",
    "未证实衰减：本周期损失的置信区间 {low}～{high} % 包含零，不给出到达限值的时间。",
)
_SMALL = Text(
    "The loss so far, {loss} %, is less than the {least} % that meters and the correction for "
    "viscosity can drift. No time to a limit is given.",
    "至今损失 {loss} %，小于仪表与黏度换算可能漂移的 {least} %，不给出到达限值的时间。",
)
_FAR = Text(
    "At the present rate the limit lies more than twenty years ahead.",
    "按目前速率，二十年内不会达到限值。",
)
_REACHED = Text("The limit of {loss} % has been reached.", "已达到 {loss} % 的限值。")
_SAID = Text(
    "Limit {loss} % below the first value; loss so far {now} % ({low} to {high} %) over {volume} "
    "m³; {law}; earliest {earliest} d.",
    "限值为较初值下降 {loss} %；至今损失 {now} %（{low}～{high} %），累计水量 {volume} m³；{law}；"
    "最早 {earliest} 天。",
)
_LAWS = {
    "cake": Text(
        "the head per flow grows in proportion to the water", "单位流量水头随累计水量线性增长"
    ),
    "exponential": Text("the value falls exponentially with the water", "随累计水量指数衰减"),
}
_COLD = Text(
    "The water temperature is not measured: a winter may look like clogging.",
    "水温未测：冬季可能被误认为堵塞。",
)


def time_to_limit(
    context: Context, found: Specific, abstraction: bool, common: dict[str, Any]
) -> Result:
    """Days from the last day until the alarm value, with the ends of the interval.

    Parameters
    ----------
    context : for the rules ``alarm.a08.*`` and ``alarm.a09.*``
    found : specific capacity or injectivity day by day
    abstraction : a pumped well, else one that is injected
    common : fields of the result that its siblings share
    """
    from diwen.sources.pumping_test import follow_clogging

    id = "specific_capacity_limit" if abstraction else "injectivity_limit"
    catalogue = "K-22" if abstraction else "K-23"
    name = _CAPACITY_LIMIT if abstraction else _INJECTIVITY_LIMIT
    rows = _rows(abstraction)
    common = common | {"rules": (*rows, _LEAST), "symbol": "t_lim"}
    losses = sorted({abs(context.rules.value(row)) / 100.0 for row in rows})
    try:
        found.trend()
        trend = follow_clogging(
            found.day, found.flow / _SECONDS, found.head, found.temperature, volume=found.volume,
            reference=REFERENCE_TEMPERATURE, alarms=losses,
        )  # fmt: skip
    except TooFewError as error:
        return refused(id, catalogue, name, error.text, **common)
    except InputError as error:
        return refused(id, catalogue, name, error.problems[0].message, **common)
    detail = _detail(trend, found)
    if not trend.proven:
        reason = _NOT_PROVEN.format(low=_percent(trend.loss.low), high=_percent(trend.loss.high))
        return refused(id, catalogue, name, reason, detail=detail, **common)
    least = context.rules.value(_LEAST)
    if 100 * trend.loss.value < least:
        reason = _SMALL.format(loss=_percent(trend.loss.value), least=f"{least:g}")
        return refused(id, catalogue, name, reason, detail=detail, **common)
    alarm = next((one for one in trend.alarms if not one.reached), trend.alarms[-1])
    if not alarm.reached and alarm.days_left > _FARTHEST:
        return refused(id, catalogue, name, _FAR, detail=detail, **common)
    half = 0.5 * (min(alarm.latest, 2 * _FARTHEST) - alarm.earliest)
    cold = found.temperature is None
    return Result(
        id, catalogue, name, value=alarm.days_left, unit="d", decimals=0,
        uncertainty=half if math.isfinite(alarm.latest) and alarm.latest < _FARTHEST else None,
        status="indicative" if cold else "ok", reason=_COLD if cold else None,
        notes=(_words(trend, alarm),), detail=detail, **common,
    )  # fmt: skip


def setting_in(value: Floats) -> int | None:
    """Position at which a lasting fall sets in, by a cumulative sum [1]; None without one.

    Parameters
    ----------
    value : daily values in order, > 0, shape (n,). The first quarter (at least seven days) is
        what they are compared with.
    """
    count = max(7, len(value) // 4)
    if len(value) < 2 * count:
        return None
    logarithm = np.log(value)
    usual = float(np.median(logarithm[:count]))
    step = np.diff(logarithm)
    # Noise from day to day: a slow fall does not widen it.
    scale = 1.4826 * float(np.median(np.abs(step - np.median(step)))) / math.sqrt(2.0)
    if scale <= 0.0:
        return None
    total, begin = 0.0, 0
    for i, one in enumerate((usual - logarithm) / scale):
        total = max(0.0, total + one - _SLACK)
        if total == 0.0:
            begin = i + 1
        elif total > _DECISION:
            return begin
    return None


def _rows(abstraction: bool) -> tuple[str, ...]:
    if abstraction:
        return ("alarm.a09.specific_capacity",)
    return ("alarm.a08.injectivity_warning", "alarm.a08.injectivity_alarm")


def _words(trend: CloggingTrend, alarm: Alarm) -> Text:
    if alarm.reached:
        return _REACHED.format(loss=_percent(alarm.loss))
    return _SAID.format(
        loss=_percent(alarm.loss), now=_percent(trend.loss.value), low=_percent(trend.loss.low),
        high=_percent(trend.loss.high), volume=f"{trend.volume[-1]:,.0f}",
        law=_LAWS[trend.laws[0].name], earliest=f"{alarm.earliest:.0f}",
    )  # fmt: skip


def _detail(trend: CloggingTrend, found: Specific) -> dict[str, Any]:
    """Laws, alarms and the day on which the decline sets in, as plain data."""
    begin = setting_in(found.value)
    return {
        "loss_percent": [100 * v for v in (trend.loss.value, trend.loss.low, trend.loss.high)],
        "proven": bool(trend.proven),
        "volume_m3": float(trend.volume[-1]),
        "volume_per_day_m3": trend.volume_per_day,
        "laws": [
            {"law": law.name, "first_m2_h": law.first * _SECONDS, "rate": law.rate.value,
             "rate_low": law.rate.low, "rate_high": law.rate.high, "scatter": law.scatter}
            for law in trend.laws
        ],
        "alarms": [
            {"loss_percent": 100 * one.loss, "reached": bool(one.reached),
             "days_left": _finite(one.days_left), "earliest": _finite(one.earliest),
             "latest": _finite(one.latest)}
            for one in trend.alarms
        ],
        "sets_in": None if begin is None else str(np.datetime64(int(found.day[begin]), "D")),
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _percent(share: float) -> str:
    return f"{100 * share:.1f}".removesuffix(".0")
