"""Drift of the ground temperature (K-17): is the ground warmed or cooled year by year?

Each monitoring depth is brought to half-month means, and only the same half-month of different
years is compared (seasonal Theil-Sen and Mann-Kendall), so that the yearly wave is no drift. A
judgement needs three years and a sensor whose expanded uncertainty is known: a drift smaller than
what the sensor itself may drift is not called one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.amount import COVERAGE_FACTOR, Refusal
from diwen.evaluation.daily import Days, daily
from diwen.evaluation.increments import length, without
from diwen.evaluation.operation import known_spans, running_spans
from diwen.evaluation.result import Grade, Result, refused
from diwen.evaluation.seasonal import seasonal_trend
from diwen.evaluation.statistics import TooFewError, Trend
from diwen.evaluation.uncertainty import standard
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site import Point

Floats = NDArray[np.float64]

_NAME = Text("ground temperature drift", "地温年漂移")
_SHORT = Text(
    "The records span {years} years; a drift is judged from {least} years of the same season.",
    "记录跨度 {years} 年；地温漂移判定需同一季节 {least} 年以上数据。",
)
_NO_RECORDS = Text("No usable record in the period.", "本周期内无可用记录。")
_SAID = Text(
    "n = {n} half-months in {years} years; p = {p}; {correction}; detectable drift ± {half} K/a.",
    "{years} 年共 {n} 个半月均值，p = {p}；{correction}；可检出漂移 ± {half} K/a。",
)
_CORRECTED = Text("corrected for serial correlation", "已作自相关修正")
_UNCORRECTED = Text(
    "not corrected for serial correlation (under ten years)", "未作自相关修正（不足十年）"
)
_SENSOR = Text(
    "The sensor itself (± {expanded} K) may account for {own} K/a.",
    "传感器本身（± {expanded} K）可解释 {own} K/a。",
)
_UNKNOWN = Text(
    "The accuracy of the sensor is not given; its drift cannot be told from that of the ground.",
    "传感器准确度未给出，无法区分传感器漂移与地温漂移。",
)
_DRIFTS = Text("drifting", "存在漂移")
_STABLE = Text("no drift beyond {limit} K/a", "漂移未超过 {limit} K/a")
_OPEN = Text("not resolved", "无法判定")
_INTERVAL = Text("{label} ({value} ± {half} K/a)", "{label}（{value} ± {half} K/a）")


def half_months(days: Days, chosen: NDArray[np.bool_] | None = None) -> tuple[Floats, ...]:
    """Means of half calendar months.

    Parameters
    ----------
    days : daily means
    chosen : (n,) days that may be used; None: all

    Returns
    -------
    year, season, mean : (m,) each; season is 0..23
    """
    used = np.isfinite(days.mean) if chosen is None else np.isfinite(days.mean) & chosen
    stamps = days.day.astype("datetime64[D]")
    day_of_month = (stamps - stamps.astype("datetime64[M]")).astype(int)
    season = (days.month - 1) * 2 + (day_of_month >= 15)
    key = (days.year * 24 + season)[used]
    each, place = np.unique(key, return_inverse=True)
    mean = np.bincount(place, weights=days.mean[used]) / np.bincount(place)
    return (each // 24).astype(float), (each % 24).astype(float), mean


def resting_days(context: Context, days: Days) -> NDArray[np.bool_] | None:
    """Days on which no heat pump ran at all; None where that is not known for every unit."""
    units = list(context.site.heat_pumps)
    if not units:
        return None
    try:
        running = [running_spans(context, unit) for unit in units]
        known = [known_spans(context, unit) for unit in units]
    except Refusal:
        return None
    begin_end = {
        int((np.datetime64(day, "D") - np.datetime64("1970-01-01", "D")).astype(int)): (a, b)
        for day, a, b in context.period.local_days()
    }
    rest = np.zeros(len(days.day), dtype=bool)
    for place, day in enumerate(days.day):
        if int(day) in begin_end:
            span = np.array([begin_end[int(day)]], dtype=np.int64)
            seconds = (span[0, 1] - span[0, 0]) / 1e6
            rest[place] = all(
                length(without(span, ran, *map(int, span[0]))) == seconds
                and length(without(span, seen, *map(int, span[0]))) == 0.0
                for ran, seen in zip(running, known, strict=True)
            )
    return rest


def results(context: Context) -> list[Result]:
    """The drift at every monitoring depth."""
    return [_result(context, point) for point in context.points("temperature", "ground")]


def _result(context: Context, point: Point) -> Result:
    least = context.rules.value("quality.drift_years")
    rows = ("quality.drift_years", "alarm.a13.drift")
    series = context.series(point.id)
    common: dict[str, Any] = {
        "of": point.detail or point.id, "symbol": "g_T", "inputs": (point.id,), "rules": rows,
        "origin": (point.origin,),
    }  # fmt: skip
    if not len(series):
        return refused("ground_drift", "K-17", _NAME, _NO_RECORDS, coverage=0.0, **common)
    days = daily(series.time, series.value, context.period.time_zone, interval=point.interval)
    common["coverage"] = min(1.0, float(np.isfinite(days.mean).sum()) / context.period.days)
    # The last comparison needs the same half-month again, so three years are three full turns.
    span = (len(days.day) - 1) / 365.25
    if span < least:
        reason = _SHORT.format(years=f"{span:.1f}", least=f"{least:g}")
        return refused("ground_drift", "K-17", _NAME, reason, **common)
    rest = resting_days(context, days)
    try:
        found, basis = _trend(days, rest, least)
    except TooFewError as error:
        return refused("ground_drift", "K-17", _NAME, error.text, **common)
    return _drift(context, point, days, found, basis, common)


def _trend(days: Days, rest: NDArray[np.bool_] | None, least: float) -> tuple[Trend, str]:
    """The trend over days of rest where they suffice, else over all days."""
    if rest is not None:
        year, season, mean = half_months(days, rest)
        if len(year) and np.ptp(year) >= least:
            return seasonal_trend(year, season, mean), "days of rest"
    return seasonal_trend(*half_months(days)), "all days"


def _drift(
    context: Context, point: Point, days: Days, found: Trend, basis: str, common: dict[str, Any]
) -> Result:
    limit = context.rules.value("alarm.a13.drift")
    half = max(found.high - found.slope, found.slope - found.low)
    years = (len(days.day) - 1) / 365.25
    correction = _UNCORRECTED if found.correction == "none" else _CORRECTED
    notes = [_SAID.format(
        n=found.n, years=f"{years:.1f}", p=f"{found.p:.2g}", correction=correction,
        half=f"{half:.3f}",
    )]  # fmt: skip
    own = None
    if point.limits_of_error is not None:
        typical = np.array([float(np.nanmean(days.mean))])
        expanded = COVERAGE_FACTOR * float(
            standard(point.limits_of_error, typical, context.rules)[0]
        )
        # At worst the whole uncertainty is a drift of the sensor over the span of the records.
        own = expanded / years
        said = _SENSOR.format(expanded=f"{expanded:.2f}", own=f"{own:.3f}")
        notes.append(said)
        half = float(np.hypot(half, own))
    return Result(
        "ground_drift", "K-17", _NAME, value=found.slope, unit="K/a", decimals=3,
        status="ok" if own is not None else "indicative",
        uncertainty=half if np.isfinite(half) and own is not None else None,
        grade=None if own is None else _grade(found.slope, half, limit), notes=tuple(notes),
        reason=_UNKNOWN if own is None else None,
        detail={"trend": found.as_dict(), "basis": basis, "years": years, "limit": limit,
                "sensor_drift": own},
        **common,
    )  # fmt: skip


def _grade(slope: float, half: float, limit: float) -> Grade:
    """Beyond the limit, within it, or not resolved."""
    if abs(slope) - half > limit:
        label, resolved, met = _DRIFTS, True, False
    elif abs(slope) + half <= limit:
        label, resolved, met = _STABLE, True, True
    else:
        label, resolved, met = _OPEN, False, None
    label = label.format(limit=f"{limit:g}")
    shown = {"value": f"{slope:+.3f}", "half": f"{half:.3f}"}
    return Grade(label, resolved, _INTERVAL.format(label=label, **shown), met)
