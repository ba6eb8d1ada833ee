"""Temperature of the water taken and returned, and thermal breakthrough (K-24).

``ΔT_w`` is the mean of abstracted minus injected temperature, weighted by the flow, over the
hours in which water ran. Breakthrough is looked for in everything stored up to the end of the
period: the first of three days in a row on which the abstracted water departs from its natural
temperature by more than 1 K (engineering default, rule ``default.thermal_breakthrough``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.amount import COVERAGE_FACTOR
from diwen.evaluation.daily import Days, daily
from diwen.evaluation.result import Grade, Result, refused
from diwen.evaluation.uncertainty import pair_standard, standard
from diwen.evaluation.well_hydraulics import RUNNING_SHARE
from diwen.evaluation.well_points import hourly_flow, hours_of, meters, on_hours, well_of
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site import Point

Floats = NDArray[np.float64]

# Engineering defaults of Diwen, not from a standard.
DAYS_IN_A_ROW = 3
FIRST_DAYS = 7

_DIFFERENCE = Text("abstraction/injection temperature difference", "抽灌水温差")
_DEPARTURE = Text("departure of the abstracted temperature", "抽水温度偏离")
_NOT_TOGETHER = Text(
    "Abstracted and injected temperature were never measured in the same running hour.",
    "抽水与回灌水温没有同一运行小时的共同数据。",
)
_UNWEIGHTED = Text(
    "Without a flow point all hours count, also those of standstill.",
    "无流量测点，全部小时（含停机）均计入。",
)
_FROM_FIRST = Text(
    "The natural temperature is not given; the median of the first {days} days stands for it. The "
    "yearly wave of shallow groundwater is not separated.",
    "未给出天然水温，以最初 {days} 天的中位数代替；未分离浅层地下水的年周期变化。",
)
_FROM_SITE = Text(
    "Natural temperature {t} °C from site.toml; the yearly wave of shallow groundwater is not "
    "separated.",
    "天然水温 {t} °C 取自 site.toml；未分离浅层地下水的年周期变化。",
)
_BREAK = Text("thermal breakthrough", "热突破")
_BREAK_TEXT = Text(
    "thermal breakthrough: more than {limit} K for {row} days in a row from {date} on "
    "(day {number} of the records)",
    "热突破：自 {date}（记录第 {number} 天）起连续 {row} 天偏离超过 {limit} K",
)
_NO_BREAK = Text("no thermal breakthrough", "未见热突破")
_NO_BREAK_TEXT = Text(
    "no thermal breakthrough: largest daily departure {most} K in {days} days",
    "未见热突破：{days} 天内日均最大偏离 {most} K",
)
_NO_RECORDS = Text("No usable record.", "无可用记录。")


def breakthrough_day(days: Days, natural: float, limit: float) -> int | None:
    """Position of the first of three days in a row beyond the limit; None without.

    Parameters
    ----------
    days : unbroken daily means of the abstracted water, °C; a day without value breaks a row
    natural : natural temperature, °C
    limit : K
    """
    with np.errstate(invalid="ignore"):
        beyond = np.abs(days.mean - natural) > limit
    row = 0
    for i, one in enumerate(beyond):
        row = row + 1 if one else 0
        if row == DAYS_IN_A_ROW:
            return i - DAYS_IN_A_ROW + 1
    return None


def results(context: Context) -> list[Result]:
    """Difference per source, and the departure of every abstraction well."""
    found = []
    for source, model in context.site.sources.items():
        inside = {source, *getattr(model, "wells", {})}
        taken, returned = (
            [p for p in context.points("temperature", side) if inside & set(p.equipment)]
            for side in ("well_abstraction", "well_injection")
        )
        if taken and returned:
            found.append(_difference(context, source, taken[0], returned[0]))
        found += [_departure(context, point) for point in taken]
    return found


def _difference(context: Context, source: str, warm: Point, cold: Point) -> Result:
    common: dict[str, Any] = {
        "of": source, "symbol": "ΔT_w", "inputs": (warm.id, cold.id),
        "origin": tuple(sorted({warm.origin, cold.origin})),
    }  # fmt: skip
    one, other = hours_of(context, warm), hours_of(context, cold)
    difference = one.mean - on_hours(other, one.hour)
    weight = np.ones(len(difference))
    reason: Text | None = _UNWEIGHTED
    meter = next(iter(meters(context, source, "well_abstraction")), None)
    flow = None if meter is None else hourly_flow(
        context, well_of(context, meter), "well_abstraction"
    )  # fmt: skip
    if flow is not None and np.isfinite(flow.flow).any():
        whole = np.full(len(one.hour), np.nan)
        place = one.hour - flow.hour[0]
        inside = (place >= 0) & (place < len(flow.hour))
        whole[inside] = flow.flow[place[inside]]
        full = float(np.nanpercentile(flow.flow, 95))
        weight = np.where(whole > RUNNING_SHARE * full, whole, np.nan)
        reason = None
    used = np.isfinite(difference) & np.isfinite(weight)
    if not used.any():
        return refused("well_temperature_difference", "K-24", _DIFFERENCE, _NOT_TOGETHER, **common)
    value = float(np.average(difference[used], weights=weight[used]))
    return Result(
        "well_temperature_difference", "K-24", _DIFFERENCE, value=value, unit="K", decimals=2,
        status="ok" if reason is None else "indicative", reason=reason,
        uncertainty=_pair(context, warm, cold, float(np.nanmean(one.mean))),
        coverage=min(1.0, float(np.isfinite(difference).sum()) * 3600 / context.period.seconds),
        detail={"hours": int(used.sum()), "lowest": float(difference[used].min()),
                "highest": float(difference[used].max())},
        **common,
    )  # fmt: skip


def _pair(context: Context, one: Point, other: Point, typical: float) -> float | None:
    """Expanded uncertainty of a difference of two sensors, K; None when one is unknown."""
    first, second = one.limits_of_error, other.limits_of_error
    if first is None or second is None:
        return None
    matched = pair_standard(first, second)
    if matched is not None:
        return COVERAGE_FACTOR * matched
    at = np.array([typical])
    return COVERAGE_FACTOR * float(
        np.hypot(standard(first, at, context.rules)[0], standard(second, at, context.rules)[0])
    )


def _natural(context: Context, days: Days) -> tuple[float, Text]:
    """Natural temperature of the water: of the aquifer, of the ground, or the first days."""
    ground = context.site.ground
    known = [aquifer.water_temperature for aquifer in ground.aquifers]
    given = next((t for t in [*known, ground.undisturbed_temperature] if t is not None), None)
    if given is not None:
        return given, _FROM_SITE.format(t=f"{given:g}")
    first = days.mean[np.isfinite(days.mean)][:FIRST_DAYS]
    return float(np.median(first)), _FROM_FIRST.format(days=FIRST_DAYS)


def _departure(context: Context, point: Point) -> Result:
    row = "default.thermal_breakthrough"
    common: dict[str, Any] = {
        "of": well_of(context, point), "symbol": "t_b", "inputs": (point.id,), "rules": (row,),
        "origin": (point.origin,),
    }  # fmt: skip
    series = context.store.series(point.id, None, context.period.end).usable()
    days = daily(series.time, series.value, context.period.time_zone, interval=point.interval)
    if not np.isfinite(days.mean).any():
        return refused("thermal_breakthrough", "K-24", _DEPARTURE, _NO_RECORDS, **common)
    natural, said = _natural(context, days)
    limit = context.rules.value(row)
    away = days.mean - natural
    most = float(away[np.nanargmax(np.abs(away))])
    found = breakthrough_day(days, natural, limit)
    expanded = None
    if point.limits_of_error is not None:
        expanded = COVERAGE_FACTOR * float(
            standard(point.limits_of_error, np.array([natural]), context.rules)[0]
        )
    if found is None:
        text = _NO_BREAK_TEXT.format(most=f"{most:+.2f}", days=int(np.isfinite(away).sum()))
        label = _NO_BREAK
    else:
        date = str(np.datetime64(int(days.day[found]), "D"))
        text = _BREAK_TEXT.format(
            limit=f"{limit:g}", row=DAYS_IN_A_ROW, date=date, number=found + 1
        )
        label = _BREAK
    grade = None
    if expanded is not None:
        certain = abs(abs(most) - limit) > expanded
        grade = Grade(label, certain, text, found is None if certain else None)
    return Result(
        "thermal_breakthrough", "K-24", _DEPARTURE, value=most, unit="K", decimals=2,
        uncertainty=expanded, grade=grade,
        notes=(said,),
        detail={"natural": natural, "breakthrough_day": None if found is None else found + 1,
                "days": int(np.isfinite(away).sum()), "text": text},
        **common,
    )  # fmt: skip
