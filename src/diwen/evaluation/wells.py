"""The family of the wells: reinjection, specific capacity, injectivity, temperatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation import reinjection, well_temperatures
from diwen.evaluation.amount import COVERAGE_FACTOR
from diwen.evaluation.result import Grade, Result, refused
from diwen.evaluation.statistics import TooFewError, Trend
from diwen.evaluation.uncertainty import standard
from diwen.evaluation.well_clogging import time_to_limit
from diwen.evaluation.well_hydraulics import Specific, change_over, specific
from diwen.evaluation.well_points import (
    HourlyFlow,
    Side,
    at_well,
    hourly_flow,
    hours_of,
    on_hours,
    wells,
)
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site import Point

Floats = NDArray[np.float64]

# Fresh water of 10 °C; enough to turn a wellhead pressure into metres of water.
_PASCAL_PER_METRE = 999.7 * 9.80665
_UNIT = "m³/(h·m)"

_CAPACITY = Text("specific capacity", "单位降深涌水量")
_INJECTIVITY = Text("injectivity", "单位回灌量")
_CAPACITY_CHANGE = Text("change of specific capacity", "单位降深涌水量变化")
_INJECTIVITY_CHANGE = Text("change of injectivity", "单位回灌量变化")
_NO_FLOW = Text(
    "The flow of this well is not measured (or its register is read too rarely).",
    "该井流量未测量（或水表读数间隔过长）。",
)
_NO_LEVEL = Text(
    "Neither the water level nor the wellhead pressure of this well is measured.",
    "该井既无水位也无井口压力测点。",
)
_NOT_CORRECTED = Text(
    "The water temperature is not measured, so the value is not brought to 10 °C; winter may look "
    "like clogging.",
    "水温未测，未折算至 10 °C，冬季水温低时可能被误认为堵塞。",
)
_TREND_SAID = Text(
    "n = {n} days; p = {p}; {correction}; 95 % interval {low} to {high} %.",
    "n = {n} 天，p = {p}；{correction}；95 % 置信区间 {low}～{high} %。",
)
_CORRECTED = Text("corrected for serial correlation", "已作自相关修正")
_UNCORRECTED = Text(
    "days are missing, so serial correlation is not corrected and p is too small",
    "日期不连续，未作自相关修正，p 偏小",
)
_LOST = Text("declined beyond {limit} %", "下降超过 {limit} %")
_HELD = Text("no decline beyond {limit} %", "下降未超过 {limit} %")
_OPEN = Text("not resolved", "无法判定")
_INTERVAL = Text("{label} (95 %: {low} to {high} %)", "{label}（95 %：{low}～{high} %）")


def results(context: Context) -> list[Result]:
    """Everything about wells that the points allow."""
    found = reinjection.results(context)
    for side, location in (("abstraction", "well_abstraction"), ("injection", "well_injection")):
        for well in wells(context, location):
            if _has_head(context, well):
                found += _well(context, well, location, side)  # type: ignore[arg-type]
    return [*found, *well_temperatures.results(context)]


def _has_head(context: Context, well: str) -> bool:
    """Whether anything at all is known of the head in a well (a mere meter needs no refusal)."""
    return _head_point(context, well) is not None


def _head_point(context: Context, well: str) -> Point | None:
    return at_well(context, well, "water_level", "water_level") or at_well(
        context, well, "pressure", "wellhead"
    )


def _well(context: Context, well: str, location: Side, side: str) -> list[Result]:
    abstraction = side == "abstraction"
    id, catalogue = ("specific_capacity", "K-22") if abstraction else ("injectivity", "K-23")
    name = _CAPACITY if abstraction else _INJECTIVITY
    common: dict[str, Any] = {"of": well, "symbol": "q_s" if abstraction else "II"}
    flow, head = hourly_flow(context, well, location), _head_point(context, well)
    if flow is None:
        missing = f"{'VA' if abstraction else 'VI'} volume_flow {location} {well}"
        return [refused(id, catalogue, name, _NO_FLOW, [missing], **common)]
    if head is None or not len(context.series(head.id)):
        missing = f"WL water_level water_level {well}"
        return [refused(id, catalogue, name, _NO_LEVEL, [missing], **common)]
    level = on_hours(hours_of(context, head), flow.hour)
    if head.quantity == "pressure":
        level = level / _PASCAL_PER_METRE
    water = at_well(context, well, "temperature", location)
    temperature = None if water is None else on_hours(hours_of(context, water), flow.hour)
    inputs = [flow.point, head, *([water] if water is not None else [])]
    common |= {
        "inputs": tuple(point.id for point in inputs),
        "origin": tuple(sorted({point.origin for point in inputs})),
        "coverage": _coverage(context, flow, level),
    }
    found = specific(flow.hour, flow.flow, level, -1.0 if abstraction else 1.0, temperature)
    if isinstance(found, Text):
        return [refused(id, catalogue, name, found, **common)]
    reason = _NOT_CORRECTED if temperature is None else None
    value = Result(
        id, catalogue, name, value=float(np.median(found.value)), unit=_UNIT,
        uncertainty=_uncertainty(context, flow.point, head, found),
        status="ok" if reason is None else "indicative", reason=reason,
        detail={
            "steady_hours": found.hours, "days": len(found.day),
            "flow": float(np.median(found.flow)), "head": float(np.median(found.head)),
            "at_temperature": 10.0 if temperature is not None else None,
            "daily": [
                {"day": str(np.datetime64(int(day), "D")), "value": float(one)}
                for day, one in zip(found.day, found.value, strict=True)
            ],
        },
        **common,
    )  # fmt: skip
    change = _change(context, found, abstraction, common)
    return [value, change, time_to_limit(context, found, abstraction, common)]


def _coverage(context: Context, flow: HourlyFlow, level: Floats) -> float:
    both = np.isfinite(flow.flow) & np.isfinite(level)
    return min(1.0, float(both.sum()) * 3600.0 / context.period.seconds)


def _uncertainty(context: Context, meter: Point, head: Point, found: Specific) -> float | None:
    """Expanded uncertainty from the flow meter and two readings of the level sensor."""
    flow_error, head_error = meter.limits_of_error, head.limits_of_error
    if flow_error is None or head_error is None:
        return None
    flow, drop = float(np.median(found.flow)), float(np.median(found.head))
    inside = np.array([flow / 3600.0])
    u_flow = float(standard(flow_error, inside, context.rules)[0]) / inside[0]
    reading = np.array([drop * (_PASCAL_PER_METRE if head.quantity == "pressure" else 1.0)])
    u_head = float(standard(head_error, reading, context.rules)[0]) / reading[0]
    # The head is a difference of two readings of one sensor at different times.
    relative = float(np.hypot(u_flow, np.sqrt(2.0) * u_head))
    return COVERAGE_FACTOR * relative * float(np.median(found.value))


def _change(context: Context, found: Specific, abstraction: bool, common: dict[str, Any]) -> Result:
    id = "specific_capacity_change" if abstraction else "injectivity_change"
    catalogue = "K-22" if abstraction else "K-23"
    name = _CAPACITY_CHANGE if abstraction else _INJECTIVITY_CHANGE
    row = "alarm.a09.specific_capacity" if abstraction else "alarm.a08.injectivity_warning"
    common = common | {"rules": (row,)}
    try:
        trend = found.trend()
    except TooFewError as error:
        return refused(id, catalogue, name, error.text, **common)
    change, low, high = change_over(trend, found)
    limit = context.rules.value(row)
    half = max(high - change, change - low)
    return Result(
        id, catalogue, name, value=change, unit="%", decimals=1, notes=(_said(trend, low, high),),
        uncertainty=half if np.isfinite(half) else None, grade=_grade(low, high, limit),
        detail={"trend": trend.as_dict(), "limit": limit, "unit": f"{_UNIT}/a"}, **common,
    )  # fmt: skip


def _said(trend: Trend, low: float, high: float) -> Text:
    correction = _UNCORRECTED if trend.correction == "none" else _CORRECTED
    return _TREND_SAID.format(
        n=trend.n, p=f"{trend.p:.2g}", correction=correction, low=f"{low:.1f}", high=f"{high:.1f}"
    )


def _grade(low: float, high: float, limit: float) -> Grade:
    """Whether the decline is beyond the limit (a negative number of per cent) for certain."""
    if high <= limit:
        label, resolved, met = _LOST, True, False
    elif low > limit:
        label, resolved, met = _HELD, True, True
    else:
        label, resolved, met = _OPEN, False, None
    label = label.format(limit=f"{-limit:g}")
    return Grade(
        label, resolved, _INTERVAL.format(label=label, low=f"{low:.1f}", high=f"{high:.1f}"), met
    )
