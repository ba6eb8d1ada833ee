"""Groundwater levels: the trend that is left after season and reference well are taken away.

A falling level is no proof of over-abstraction: a dry decade lowers every well. So the level is
compared with a reference well that shares the climate but not the pumping, month by month:
``s = h_reference - h`` (m), whose rise is a growing drawdown. Every month counts once, whether
it holds two hand readings or nine thousand logger records; each is the median of daily means, so
that single outliers carry no weight. They are listed, never removed: a low reading in a hot July
may well be true. Where the abstraction is metered, the drawdown is also set against it (see
:mod:`diwen.evaluation.groundwater_pumping`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation import groundwater_pumping
from diwen.evaluation.daily import Days, daily
from diwen.evaluation.result import Grade, Result, refused
from diwen.evaluation.seasonal import seasonal_trend
from diwen.evaluation.statistics import TooFewError, Trend, trend
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site import Point

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Engineering defaults of Diwen, not from a standard.
LONG_GAP_DAYS = 45.0
FEWEST_MONTHS = 12
SEASONAL_FROM_MONTHS = 24
OUTLIER_NEIGHBOURS = 7
OUTLIER_SCALES = 5.0
OUTLIER_LEAST = 0.3
_LISTED = 30
_DAY_US = 86_400_000_000

_NAME = Text("drawdown trend", "水位降深趋势")
_ROW = "alarm.a11.level_trend"
_FALLS = Text("drawdown grows by more than {limit} m/a", "降深增速超过 {limit} m/a")
_HOLDS = Text("drawdown grows by no more than {limit} m/a", "降深增速不超过 {limit} m/a")
_OPEN = Text("not resolved", "无法判定")
_INTERVAL = Text("{label} (95 %: {low} to {high} m/a)", "{label}（95 %：{low}～{high} m/a）")
_FEW = Text(
    "A trend needs {least} months with readings in both wells; there are {n}.",
    "求趋势需要两井同时有读数的 {least} 个月数据，现有 {n} 个月。",
)
_FEW_ALONE = Text(
    "Without a reference well a trend needs {least} months with readings; there are {n}.",
    "无参考井时，求趋势需要 {least} 个月数据，现有 {n} 个月。",
)
_UNCORRECTED = Text(
    "n = {n}; p = {p}; the serial correlation is not corrected (under ten years), so p is too "
    "small if it is positive.",
    "n = {n}，p = {p}；未作自相关修正（不足十年），若存在正自相关则 p 偏小。",
)
_CORRECTED = Text(
    "n = {n}; p = {p}, corrected for serial correlation (variance × {ratio}).",
    "n = {n}，p = {p}，已作自相关修正（方差 × {ratio}）。",
)
_ALONE = Text(
    "Without a reference well the climate is still in the trend.",
    "没有参考井，趋势中仍含气候影响。",
)
_LEVEL_NAME = Text("water level trend (climate not removed)", "水位趋势（未扣除气候影响）")
# Densities of sampling: the longest interval in days of each, and its name.
_DENSITIES = (
    (0.5 / 24, Text("logger, minutes", "自动记录（分钟级）")),
    (0.5, Text("logger, hours", "自动记录（小时级）")),
    (2.0, Text("daily readings", "每日读数")),
    (float("inf"), Text("hand readings", "人工读数")),
)


@dataclass(frozen=True, slots=True)
class Months:
    """One value per calendar month that has one.

    Attributes
    ----------
    month : (n,) months since year 0 (``12 * year + month - 1``)
    value : (n,) median of the daily means
    days : (n,) days behind each
    """

    month: Ints
    value: Floats
    days: Ints

    @property
    def years(self) -> Floats:
        """Middle of each month in years, (n,)."""
        return (self.month + 0.5) / 12


def monthly(days: Days) -> Months:
    """Monthly medians of daily means; every day of a month has the same weight."""
    known = np.isfinite(days.mean)
    month = (days.year * 12 + days.month - 1)[known]
    value = days.mean[known]
    each = np.unique(month)
    return Months(
        each,
        np.array([np.median(value[month == one]) for one in each]),
        np.array([int((month == one).sum()) for one in each], dtype=np.int64),
    )


def monthly_means(days: Days) -> Months:
    """Monthly means of daily means, for amounts such as an abstraction."""
    known = np.isfinite(days.mean)
    month = (days.year * 12 + days.month - 1)[known]
    value = days.mean[known]
    each, place, count = np.unique(month, return_inverse=True, return_counts=True)
    return Months(each, np.bincount(place, value, len(each)) / np.maximum(count, 1), count)


def level_trend(level: Months, reference: Months | None = None) -> Trend:
    """Trend of the drawdown against a reference well, or of the level itself, m/a.

    With two years and more the months are kept apart (seasonal Mann-Kendall); with one to two
    years only a reference well can take the season away.

    Parameters
    ----------
    level, reference : monthly levels, m, upwards positive

    Returns
    -------
    Trend : of ``h_reference - h`` (rising = growing drawdown), or of h where there is no
        reference (rising = rising level)

    Raises
    ------
    TooFewError : less than a year of common months, or less than two years without reference
    """
    if reference is None:
        month, value = level.month, level.value
    else:
        month, here, there = np.intersect1d(level.month, reference.month, return_indices=True)
        value = reference.value[there] - level.value[here]
    least = FEWEST_MONTHS if reference is not None else SEASONAL_FROM_MONTHS
    if len(month) < least:
        raise TooFewError(
            (_FEW_ALONE if reference is None else _FEW).format(n=len(month), least=least)
        )
    if len(month) >= SEASONAL_FROM_MONTHS and np.ptp(month) >= SEASONAL_FROM_MONTHS - 1:
        return seasonal_trend(month // 12, month % 12, value)
    return trend((month + 0.5) / 12, value, correction=_correction(month))


def outliers(days: Days) -> Ints:
    """Positions of daily means far off their neighbours (Hampel identifier).

    A value is listed when it lies more than five scaled median absolute deviations, and more
    than 0.3 m, from the median of the seven known days on either side.
    """
    known = np.flatnonzero(np.isfinite(days.mean))
    value = days.mean[known]
    found = []
    for i in range(len(value)):
        window = value[max(0, i - OUTLIER_NEIGHBOURS) : i + OUTLIER_NEIGHBOURS + 1]
        middle = np.median(window)
        scale = 1.4826 * np.median(np.abs(window - middle))
        if abs(value[i] - middle) > max(OUTLIER_LEAST, OUTLIER_SCALES * scale):
            found.append(known[i])
    return np.array(found, dtype=np.int64)


def gaps(time: Ints) -> list[tuple[int, int, float]]:
    """Holes longer than 45 days: last record before, first after (both µs UTC), length in days."""
    step = np.diff(time)
    wide = np.flatnonzero(step > LONG_GAP_DAYS * _DAY_US)
    return [(int(time[i]), int(time[i + 1]), float(step[i] / _DAY_US)) for i in wide]


def sampling(time: Ints) -> list[dict[str, Any]]:
    """How densely the well was read through the years: stretches of one density.

    Returns
    -------
    list of ``{"density", "from", "to", "interval_days", "records"}`` by calendar year (UTC)
    """
    if len(time) < 2:
        return []
    year = (time // 1_000_000).astype("datetime64[s]").astype("datetime64[Y]").astype(int) + 1970
    step = np.diff(time) / _DAY_US
    stretches: list[dict[str, Any]] = []
    for one in np.unique(year):
        inside = year[:-1] == one
        if not inside.any():
            continue
        middle = float(np.median(step[inside]))
        density = next(text for limit, text in _DENSITIES if middle <= limit)
        count = int((year == one).sum())
        if stretches and stretches[-1]["density"] == density:
            stretches[-1]["to"] = int(one)
            stretches[-1]["records"] += count
        else:
            stretches.append(
                {"density": density, "from": int(one), "to": int(one),
                 "interval_days": middle, "records": count}
            )  # fmt: skip
    return stretches


def results(context: Context) -> list[Result]:
    """The level trend of every well with a level point."""
    reference = next(iter(context.points("water_level", "reference_level")), None)
    found = []
    for point in context.points("water_level", "water_level"):
        found.append(_result(context, point, reference))
        answer = _pumping(context, point, reference)
        if answer is not None:
            found.append(answer)
    return found


def _pumping(context: Context, point: Point, reference: Point | None) -> Result | None:
    """The answer of the level to the abstraction, where both are measured."""
    level = monthly(_days(context, point))
    if not len(level.month):
        return None
    compared = None if reference is None else monthly(_days(context, reference))
    return groundwater_pumping.result(context, point, reference, (level, compared))


def _days(context: Context, point: Point) -> Days:
    def read() -> Days:
        series = context.series(point.id)
        return daily(series.time, series.value, context.period.time_zone, interval=point.interval)

    return context.once(("level days", point.id), read)


def _result(context: Context, point: Point, reference: Point | None) -> Result:
    name = _LEVEL_NAME if reference is None else _NAME
    of = point.detail or point.id
    days = _days(context, point)
    months = monthly(days)
    compared = None if reference is None else monthly(_days(context, reference))
    inputs = (point.id,) if reference is None else (point.id, reference.id)
    common: dict[str, Any] = {
        "of": of, "symbol": "ds/dt" if reference is not None else "dh/dt", "inputs": inputs,
        "origin": (point.origin,), "coverage": _coverage(context, months),
        "detail": _findings(context, point, days),
    }  # fmt: skip
    if not len(months.month):
        common["coverage"] = 0.0
        reason = Text("There is no level reading in the period.", "本周期内没有水位读数。")
        return refused("water_level_trend", "K-21", name, reason, **common)
    try:
        found = level_trend(months, compared)
    except TooFewError as error:
        return refused("water_level_trend", "K-21", name, error.text, **common)
    how = _caution(found)
    common["detail"] |= {"trend": found.as_dict(), "months": len(months.month),
                         "monthly": _table(months, compared)}  # fmt: skip
    half = max(found.high - found.slope, found.slope - found.low)
    return Result(
        "water_level_trend", "K-21", name, status="ok" if reference is not None else "indicative",
        value=found.slope, unit="m/a", uncertainty=half if np.isfinite(half) else None,
        decimals=3, reason=_ALONE if reference is None else None,
        notes=(how,), grade=None if reference is None else _grade(context, found),
        rules=() if reference is None else (_ROW,), **common,
    )  # fmt: skip


def _coverage(context: Context, months: Months) -> float:
    asked = sum(1 for _ in context.period.months())
    return min(1.0, len(months.month) / asked) if asked else 0.0


def _findings(context: Context, point: Point, days: Days) -> dict[str, Any]:
    """What a reader must know about the series: holes, changes of density, doubtful days."""
    time = context.series(point.id).time
    doubtful = outliers(days)
    stretches = sampling(time)
    return {
        "gaps": [{"from": _day(a), "to": _day(b), "days": round(d, 1)} for a, b, d in gaps(time)],
        "longest_gap_days": float(np.diff(time).max() / _DAY_US) if len(time) > 1 else None,
        "sampling": stretches,
        "sampling_changes": max(0, len(stretches) - 1),
        "outliers": [
            {"day": str(np.datetime64(int(days.day[i]), "D")), "level": float(days.mean[i])}
            for i in doubtful[:_LISTED]
        ],
        "outlier_count": len(doubtful),
    }


def _day(time: int) -> str:
    return str(np.datetime64(time, "us").astype("datetime64[D]"))


def _table(months: Months, reference: Months | None) -> list[dict[str, Any]]:
    other = {} if reference is None else dict(zip(reference.month, reference.value, strict=True))
    return [
        {
            "month": f"{month // 12:04d}-{month % 12 + 1:02d}", "level": float(value),
            "reference": None if month not in other else float(other[month]), "days": int(count),
        }
        for month, value, count in zip(months.month, months.value, months.days, strict=True)
    ]  # fmt: skip


def _caution(found: Trend) -> Text:
    """How sure the trend is and what was assumed about serial correlation, in words."""
    text = _UNCORRECTED if found.correction == "none" else _CORRECTED
    return text.format(n=found.n, p=f"{found.p:.2g}", ratio=f"{found.variance_ratio:.1f}")


def _grade(context: Context, found: Trend) -> Grade:
    """Whether the drawdown grows faster than the alarm value for certain."""
    limit = context.rules.value(_ROW)
    if found.low > limit:
        label, resolved, met = _FALLS, True, False
    elif found.high <= limit:
        label, resolved, met = _HOLDS, True, True
    else:
        label, resolved, met = _OPEN, False, None
    label = label.format(limit=f"{limit:g}")
    text = _INTERVAL.format(label=label, low=f"{found.low:.3f}", high=f"{found.high:.3f}")
    return Grade(label, resolved, text, met)


def _correction(month: Ints) -> Any:
    """Serial correlation can be corrected where the months follow one another."""
    return "first-order" if np.all(np.diff(month) == 1) else "none"
