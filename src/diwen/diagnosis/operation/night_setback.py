"""Is the setback of the night kept that the design counts on?

The ratio of the mean load of the night (22 to 6 h) to that of the day is compared with the course
of the design on the same days: 0 where the night is as designed, 1 where it is loaded as the day
is. The ratio does not change when all loads are off by one factor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from diwen.diagnosis.finding import (
    Case,
    Estimate,
    Evidence,
    Figure,
    Floats,
    Judgement,
    NotJudged,
    Residual,
)
from diwen.diagnosis.inference.time_signature import ShapeFit, fit_shape
from diwen.diagnosis.operation.days import scatter
from diwen.diagnosis.operation.design_loads import (
    YEAR,
    CircuitLoad,
    circuit_loads,
    expected_load,
    record_days,
)
from diwen.diagnosis.operation.load_judgement import lasting, not_the_load
from diwen.language import Text
from diwen.site.usual_values import usual_value

_KIND = {"heat": Text("heat", "供热"), "cold": Text("cold", "供冷")}
_NO_SETBACK = Text("the design has no setback of the night that could be ignored",
                   "设计中没有可被忽略的夜间降温")  # fmt: skip
_FEW_DAYS = Text("too few days with load to compare night and day", "可比较日夜负荷的天数过少")
_NO_LOAD = Text("the load of night and day is not measured hour by hour",
                "缺少逐时的日夜负荷记录")  # fmt: skip
_FACT = Text(
    "mean {kind} of the night (22 to 6 h) is {ratio} of that of the day, by the design {design} "
    "({days} days)",
    "夜间（22–6 时）平均{kind}为日间的 {ratio}，设计为 {design}（{days} 天）",
)
_PROFILE = Text("mean course of the {kind} over the day, day hours = 1",
                "{kind}日变化曲线（日间平均为 1）")  # fmt: skip
_HOUR = Text("hour of the day", "时刻")
_RESIDUAL = Text(
    "load of the night: 0 as designed, 1 as by day", "夜间负荷指数：0 为按设计，1 为与日间相同"
)
_SHARES = np.linspace(0.0, 1.5, 61)


@dataclass(frozen=True, eq=False)
class NightIndex:
    """Night against day of one circuit and kind.

    Attributes
    ----------
    load : whose
    index : of the days, 0 as designed, 1 no setback, nan where not to be said, shape (m,)
    ratio, design : mean ratio of night to day, measured and designed
    curve : ratio over :data:`_SHARES` of the night raised to that share of the day
    """

    load: CircuitLoad
    index: Floats
    ratio: float
    design: float
    curve: Floats


def judge_night(case: Case) -> Judgement:
    """Whether the setback of the night is ignored."""
    loads = [one for one in circuit_loads(case) if one.circuit != "hot_water"]
    if not loads:
        missing = ("TU1", "TU2", "FU")
        return Judgement(not_judged=(NotJudged("night_setback_ignored", _NO_LOAD, missing),))
    indices = [one for one in (_night_index(case, load) for load in loads) if one is not None]
    least = usual_value("diagnosis.load.least_days")
    enough = [one for one in indices if np.isfinite(one.index).sum() >= least]
    if not enough:
        reason = _FEW_DAYS if indices else _NO_SETBACK
        return Judgement(not_judged=(NotJudged("night_setback_ignored", reason),))
    fits = [_fit(case, one) for one in enough]
    # Heat and cold see the same schedule with setbacks of other depths: the clearer one is asked.
    most = max(fit.log_ratio for fit in fits)
    close = [place for place, fit in enumerate(fits) if fit.log_ratio >= most - 1.0]
    best = min(close, key=lambda place: enough[place].design)
    clearest = enough[best]
    residual = Residual("plant.night", _RESIDUAL, "", record_days(case).day, clearest.index,
                        _noise(clearest), ("night_setback_ignored",))  # fmt: skip
    return Judgement((_estimate(case, fits[best], clearest, enough),), (), (residual,))


def _noise(one: NightIndex) -> float:
    noise = scatter(one.index)
    return 0.1 if not math.isfinite(noise) else max(noise, 0.02)


def _fit(case: Case, one: NightIndex) -> ShapeFit:
    return fit_shape(
        record_days(case).day, one.index, noise=_noise(one),
        systematic=usual_value("diagnosis.night.systematic"),
        tolerance=usual_value("diagnosis.night.tolerance"),
        spread=usual_value("diagnosis.night.spread"),
        growth_spread=usual_value("diagnosis.night.spread"),
        begun=case.record.begun, shapes=("constant", "step"), sign=1,
        correlation=usual_value("diagnosis.load.correlation"),
    )  # fmt: skip


def _night_index(case: Case, load: CircuitLoad) -> NightIndex | None:
    """Index of the days; None: the design has no setback in this load."""
    curve = _curve(load)
    one = float(np.interp(1.0, _SHARES, curve))
    designed = float(curve[0])
    if one - designed < usual_value("diagnosis.night.designed"):
        return None
    days = record_days(case)
    way = expected_load(case, load)
    usual = load.design.reshape(YEAR, 24)[load.season > 0.0].mean()
    known = np.isfinite(load.measured) & np.isfinite(way.value) & ~not_the_load(case, load)
    parts = []
    for hours in (known & days.night, known & ~days.night):
        parts.append((days.mean(load.measured, hours, 5), days.mean(way.value, hours, 5)))
    (night, night_design), (day, day_design) = parts
    if not np.isfinite(day).any():
        return None
    least = usual_value("diagnosis.load.least_share")
    with np.errstate(invalid="ignore", divide="ignore"):
        good = (day > 0.3 * np.nanmedian(day)) & (day_design > least * usual)
        ratio = np.where(good, night / day, np.nan)
        design = np.where(good, night_design / day_design, np.nan)
        room = np.maximum(1.0 - design, 0.5 * (one - designed))
        index = (ratio - design) / room
    if not np.isfinite(index).any():
        return None
    return NightIndex(load, index, float(np.nanmean(ratio)), float(np.nanmean(design)), curve)


def _curve(load: CircuitLoad) -> Floats:
    """Mean ratio of night to day over the share of the day to which the night is raised, (61,)."""
    days = load.design.reshape(YEAR, 24)
    busy = days[days.mean(axis=1) > 0.35 * days[load.season > 0.0].mean()]
    hour = np.arange(24)
    night = (hour >= 22) | (hour < 6)
    mean = busy[:, ~night].mean(axis=1, keepdims=True)
    lows = busy[:, night] / np.maximum(mean, 1e-300)
    return np.array([np.maximum(lows, share).mean() for share in _SHARES])


def _estimate(
    case: Case, fit: ShapeFit, clearest: NightIndex, indices: list[NightIndex]
) -> Estimate:
    """The share of the day to which the night is raised, from the load that tells it best."""
    curve = clearest.curve
    rise = float(np.interp(1.0, _SHARES, curve)) - curve[0]
    rising = np.maximum.accumulate(curve + 1e-9 * np.arange(len(curve)))
    value, above, below = (
        float(np.interp(curve[0] + rise * x, rising, _SHARES))
        for x in (fit.value, fit.value + fit.deviation, fit.value - fit.deviation)
    )
    evidence = tuple(_evidence(case, one) for one in indices)
    return Estimate(
        "night_setback_ignored", value, max(0.5 * (above - below), 0.01), fit.shape, fit.since,
        lasting(case, fit), evidence, since_low=fit.since_low, since_high=fit.since_high,
        until=fit.until,
    )  # fmt: skip


def _evidence(case: Case, one: NightIndex) -> Evidence:
    """Ratio of night to day, and the course over the day."""
    days = record_days(case)
    judged = np.isfinite(one.index)[days.of_hour] & np.isfinite(one.load.measured)
    way = expected_load(case, one.load).value
    judged &= np.isfinite(way)
    hour = case.record.hour
    count = np.maximum(np.bincount(hour[judged], minlength=24), 1)
    courses = []
    for value in (one.load.measured, way):
        course = np.bincount(hour[judged], value[judged], 24) / count
        courses.append(course / max(float(course[6:22].mean()), 1e-300))
    kind = _KIND[one.load.kind]
    figure = Figure(_PROFILE.format(kind=kind), "", _HOUR, np.arange(24), *courses)
    text = _FACT.format(kind=kind, ratio=f"{one.ratio:.2f}", design=f"{one.design:.2f}",
                        days=str(int(np.isfinite(one.index).sum())))  # fmt: skip
    return Evidence(text, 0.0, one.load.points, figure)
