"""Heating and cooling degree days from a measured outdoor temperature.

``HDD = sum over days of max(0, base - daily mean)`` and ``CDD = sum of max(0, daily mean - base)``,
in K·d, with the mean of the 24 local hours. Holes of a few hours are interpolated before the mean
is taken, so that a day whose night is missing does not look warm. Days that stay incomplete are
not counted as zero: they are estimated by the mean of the complete days of the same calendar
month, and the coverage says how many they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.daily import Days, daily, within
from diwen.evaluation.result import Result, refused
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.period import Period
    from diwen.site import Point

Floats = NDArray[np.float64]
Side = Literal["heating", "cooling"]

# Engineering defaults of Diwen, not from a standard.
LONGEST_BRIDGE_HOURS = 6
COMPLETE_SHARE = 20 / 24
JUDGED_FROM_COVERAGE = 0.9

_NAMES = {
    "heating": Text("heating degree days", "供暖度日数"),
    "cooling": Text("cooling degree days", "空调度日数"),
}
_BASE_ROWS = {"heating": "default.hdd_base", "cooling": "default.cdd_base"}


@dataclass(frozen=True, slots=True)
class DegreeDays:
    """Degree days of a span.

    Attributes
    ----------
    value : K·d, estimated days included
    counted : days of the sum that were measured (or bridged over a few hours)
    estimated : days estimated from the rest of their month
    unknown : days of months without a single complete day; they are not in the sum
    days : degree days of each day, (n,), NaN where it was not measured
    """

    value: float
    counted: int
    estimated: int
    unknown: int
    days: Floats

    @property
    def coverage(self) -> float:
        """Share of the days that were measured, 0..1."""
        all_days = self.counted + self.estimated + self.unknown
        return self.counted / all_days if all_days else 0.0


def degree_days(days: Days, base: float, side: Side) -> DegreeDays:
    """Degree days of an unbroken run of days.

    Parameters
    ----------
    days : daily mean outdoor temperature, °C
    base : base temperature, °C
    side : ``heating`` counts below the base, ``cooling`` above it
    """
    complete = np.isfinite(days.mean) & (days.filled >= COMPLETE_SHARE)
    distance = base - days.mean if side == "heating" else days.mean - base
    each = np.where(complete, np.maximum(0.0, distance), np.nan)
    month = days.year * 12 + days.month
    value, estimated, unknown = float(np.nansum(each)), 0, 0
    for one in np.unique(month[~complete]):
        known = each[(month == one) & complete]
        lacking = int(((month == one) & ~complete).sum())
        if len(known):
            value += float(known.mean()) * lacking
            estimated += lacking
        else:
            unknown += lacking
    return DegreeDays(value, int(complete.sum()), estimated, unknown, each)


def outdoor_days(context: Context) -> tuple[Point, Days] | None:
    """The outdoor temperature point and its local days of the period; None without such a point.

    Where several points measure it, one without ``@`` detail is preferred (a dew point is given as
    ``outdoor@dew point``), then the one with the most records in the period.
    """
    points = context.points("temperature", "outdoor")
    if not points:
        return None
    point = max(points, key=lambda one: (not one.detail, len(context.series(one.id).time)))
    first, last = day_numbers(context.period)

    def read() -> Days:
        series = context.padded_series(point.id)
        whole = daily(
            series.time, series.value, context.period.time_zone,
            interval=point.interval, bridge=LONGEST_BRIDGE_HOURS,
        )  # fmt: skip
        return within(whole, first, last)

    return point, context.once(("outdoor days", point.id), read)


def day_numbers(period: Period) -> tuple[int, int]:
    """First and last local day of a period, days since 1970-01-01."""
    epoch = np.datetime64("1970-01-01", "D")
    first = np.datetime64(period.start.astimezone(period.zone).date(), "D")
    days = [day for day, _, _ in period.local_days()]
    last = np.datetime64(days[-1], "D") if days else first
    return int((first - epoch).astype(int)), int((last - epoch).astype(int))


def results(context: Context) -> list[Result]:
    """Heating and cooling degree days of the period."""
    found = outdoor_days(context)
    if found is None:
        return []
    point, days = found
    return [_result(context, point, days, side) for side in ("heating", "cooling")]


def _result(context: Context, point: Point, days: Days, side: Side) -> Result:
    base, rows = _base(context, side)
    sum_ = degree_days(days, base, side)
    name, symbol = _NAMES[side], f"{'HDD' if side == 'heating' else 'CDD'}{base:g}"
    if sum_.unknown or not sum_.counted:
        return refused(
            f"{side}_degree_days", "", name,
            Text(
                f"{sum_.unknown} days lie in months without one complete day of outdoor "
                "temperature; they can be neither counted nor estimated.",
                f"有 {sum_.unknown} 天所在月份没有任何一天室外温度完整，既不能计入也不能估算。",
            ),
            symbol=symbol, coverage=sum_.coverage, inputs=(point.id,), origin=(point.origin,),
            rules=rows,
        )  # fmt: skip
    thin = sum_.coverage < JUDGED_FROM_COVERAGE
    return Result(
        f"{side}_degree_days", "", name, symbol,
        status="indicative" if thin else "ok",
        value=sum_.value, unit="K·d", coverage=sum_.coverage, origin=(point.origin,),
        rules=rows, inputs=(point.id,), decimals=0,
        reason=Text(
            f"{sum_.estimated} of {sum_.counted + sum_.estimated} days are estimated from the "
            "complete days of their month.",
            f"{sum_.counted + sum_.estimated} 天中有 {sum_.estimated} 天按当月完整日的平均值估算。",
        ) if sum_.estimated else None,
        detail={
            "base": base, "mean": float(np.nanmean(days.mean)), "days_counted": sum_.counted,
            "days_estimated": sum_.estimated, "monthly": _monthly(days, sum_),
        },
    )  # fmt: skip


def _base(context: Context, side: Side) -> tuple[float, tuple[str, ...]]:
    """Base temperature, and the rule row it comes from (none where the site says it)."""
    own = context.site.evaluation.indoor_temperature
    if side == "heating" and own is not None:
        return own, ()
    return context.rules.value(_BASE_ROWS[side]), (_BASE_ROWS[side],)


def _monthly(days: Days, sum_: DegreeDays) -> list[dict[str, object]]:
    """Degree days and mean temperature month by month (measured days only)."""
    month = days.year * 12 + days.month - 1
    table: list[dict[str, object]] = []
    for one in np.unique(month):
        inside = month == one
        known = np.isfinite(sum_.days[inside])
        table.append({
            "month": f"{one // 12:04d}-{one % 12 + 1:02d}",
            "degree_days": float(np.nansum(sum_.days[inside])),
            "mean": float(np.mean(days.mean[inside][known])) if known.any() else None,
            "days": int(known.sum()),
        })  # fmt: skip
    return table
