"""Pumps: too large at constant speed, and left on while nothing needs water."""

from __future__ import annotations

import math

import numpy as np

from diwen.diagnosis.finding import (
    SHAPE_NAMES,
    Case,
    Estimate,
    Evidence,
    Figure,
    Judgement,
    NotJudged,
    Residual,
)
from diwen.diagnosis.inference.time_signature import ShapeFit, fit_shape
from diwen.diagnosis.machines.daily_index import DailyIndex, figure_of
from diwen.diagnosis.machines.pump_index import PumpIndex, idle_share, pump_groups, pump_index
from diwen.diagnosis.machines.told_apart import CAP
from diwen.language import Text
from diwen.site.usual_values import usual_value

_OVERSIZE, _ALWAYS = "pump_oversize", "pumps_always_on"
_INDEX = Text(
    "{pump}: {measured} kW while it runs, {ratio} times what the design takes at this speed; "
    "{shape}",
    "{pump}：运行功率 {measured} kW，为设计同转速功率的 {ratio} 倍；{shape}",
)
_FIXED = Text(
    "{pump} was designed to follow the load and runs at one speed (share of full speed {speed})",
    "{pump} 设计为变流量，实际定速运行（转速比 {speed}）",
)
_AGREE = Text(
    "{count} pumps on {count} meters show it alike ({low} to {high}): no single meter explains it",
    "{count} 台水泵（各有电表）表现一致（{low}～{high}），非单一电表误差所致",
)
_TITLE = Text("power of {pump}, measured and by design", "{pump} 功率：实测与设计")
_NO_POWER = Text("the power of no pump is metered", "水泵电功率未计量")
_NO_TWIN = Text("no design model of the plant can be made", "无法建立系统设计模型")
_NO_DESIGN = Text("no pump of the site has a design power and flow",
                  "项目未给出水泵的设计功率与流量")  # fmt: skip
_IDLE = Text(
    "pumps run in {share} % of {hours} h in which no unit runs and no heat flows",
    "在机组停机且无热量输送的 {hours} h 中，水泵运行占 {share} %",
)
_NO_IDLE = Text(
    "the units stood still for {hours} h only while the season asked for them",
    "供能季内机组停机仅 {hours} h",
)
_NO_STATE = Text("neither power nor status of the pumps is recorded", "水泵功率与启停状态均未记录")
_IDLE_TITLE = Text("share of standstill in which pumps run", "机组停机时水泵运行比例")
_RESIDUAL = Text("power of {pump} over its design, less 1", "{pump} 实测功率与设计功率之比减 1")


def judge_pumps(case: Case) -> Judgement:
    """Power of the pumps against their design, and pumps that are left on."""
    if case.inputs is None:
        reason = case.without_twin[0] if case.without_twin else _NO_TWIN
        return Judgement(not_judged=(NotJudged(_OVERSIZE, reason), NotJudged(_ALWAYS, reason)))
    if not pump_groups(case):
        without = tuple(NotJudged(name, _NO_DESIGN, ("pumps",)) for name in (_OVERSIZE, _ALWAYS))
        return Judgement(not_judged=without)
    size, left = _size(case), _left_on(case)
    return Judgement(
        (*size.estimates, *left.estimates), (*size.not_judged, *left.not_judged),
        (*size.residuals, *left.residuals),
    )  # fmt: skip


def _size(case: Case) -> Judgement:
    least = usual_value("diagnosis.machines.least_days")
    found = {
        name: index for name, (pump, on_source) in pump_groups(case).items()
        if (index := pump_index(case, pump, on_source)) is not None and index.index.known >= least
    }  # fmt: skip
    if not found:
        return Judgement(not_judged=(NotJudged(_OVERSIZE, _NO_POWER, ("EP",)),))
    fits = {name: _fit(case, one) for name, one in found.items()}
    residuals = tuple(_residual(name, one) for name, one in found.items())
    if _alike(fits):
        return Judgement((_of_all(found, fits),), residuals=residuals)
    estimates = tuple(_of_one(name, found[name], fits[name]) for name in found)
    return Judgement(estimates, residuals=residuals)


def _fit(case: Case, one: PumpIndex) -> ShapeFit:
    return fit_shape(
        one.index.day, one.index.ratio - 1.0, noise=one.index.noise, systematic=one.systematic,
        tolerance=usual_value("diagnosis.machines.pump_tolerance"),
        spread=usual_value("diagnosis.machines.pump_spread"),
        growth_spread=usual_value("diagnosis.machines.pump_growth_spread"),
        begun=case.record.begun, shapes=("constant", "step", "growth"), cap=CAP,
    )  # fmt: skip


def _alike(fits: dict[str, ShapeFit]) -> bool:
    """Whether all pumps are off by about the same factor."""
    now = np.array([fit.now for fit in fits.values()])
    tolerance = usual_value("diagnosis.machines.pump_tolerance")
    return bool(np.ptp(now) <= 4.0 * tolerance)


def _of_all(found: dict[str, PumpIndex], fits: dict[str, ShapeFit]) -> Estimate:
    """One factor for all pumps, weighted by their power."""
    weight = np.array([float(np.nanmean(one.index.expected)) for one in found.values()])
    weight = weight / weight.sum()
    value = np.array([fit.value for fit in fits.values()])
    deviation = np.array([fit.deviation for fit in fits.values()])
    strongest = max(fits, key=lambda name: (abs(fits[name].now), name))
    shape = fits[strongest]
    mean = float(weight @ value)
    own = [fact for name, one in found.items() for fact in _facts(name, one, fits[name])]
    many = len(found) > 1
    if many and shape.log_ratio > 0.0:
        low, high = (f"{1.0 + float(v):.2f}" for v in (value.min(), value.max()))
        own.append(Evidence(_AGREE.format(count=f"{len(found)}", low=low, high=high), 0.0))
    alternatives = () if many else _meters(found)
    ratio = max(fit.log_ratio for fit in fits.values()) if len(fits) == 1 else min(
        CAP, float(np.average([fit.log_ratio for fit in fits.values()], weights=weight))
    )  # fmt: skip
    spread = float(np.sqrt((weight**2) @ deviation**2 + 0.01**2))
    return Estimate(
        _OVERSIZE, 1.0 + mean, spread, shape.shape, shape.since, _bounded(ratio, mean), tuple(own),
        alternatives, also=("design",), since_low=shape.since_low, since_high=shape.since_high,
        until=shape.until,
    )  # fmt: skip


def _of_one(name: str, one: PumpIndex, fit: ShapeFit) -> Estimate:
    return Estimate(
        _OVERSIZE, 1.0 + fit.value, fit.deviation, fit.shape, fit.since,
        _bounded(fit.log_ratio, fit.value), tuple(_facts(name, one, fit)), _meters({name: one}),
        name, also=("design",), since_low=fit.since_low, since_high=fit.since_high,
        until=fit.until,
    )  # fmt: skip


def _bounded(ratio: float, value: float) -> float:
    """Pumps that take less than by design are not too large: a meter, or less resistance."""
    return ratio if value >= 0.0 else min(ratio, -1.0)


def _meters(found: dict[str, PumpIndex]) -> tuple[str, ...]:
    return tuple(f"sensor:{id}" for one in found.values() for id in one.power.points)


def _facts(name: str, one: PumpIndex, fit: ShapeFit) -> list[Evidence]:
    ratio = float(np.nanmedian(one.index.ratio))
    text = _INDEX.format(
        pump=name, measured=f"{np.nanmedian(one.index.measured) / 1e3:.2f}", ratio=f"{ratio:.2f}",
        shape=SHAPE_NAMES[fit.shape],
    )  # fmt: skip
    figure = figure_of(one.index, _TITLE.format(pump=name), "kW", 1e-3, one.systematic)
    facts = [Evidence(text, 0.0, one.points, figure)]
    if one.fixed_speed:
        strength = math.log(usual_value("diagnosis.machines.constant_speed_ratio"))
        speed = f"{one.speed_share:.2f}" if math.isfinite(one.speed_share) else "–"
        # At the design's own power one speed is a waste, not a pump that is too large.
        told = strength if fit.log_ratio > 0.0 else 0.0
        facts.append(Evidence(_FIXED.format(pump=name, speed=speed), told, one.points))
    return facts


def _residual(name: str, one: PumpIndex) -> Residual:
    return Residual(
        f"pump.{name}.power", _RESIDUAL.format(pump=name), "", one.index.day,
        one.index.ratio - 1.0, one.index.noise, (_OVERSIZE, "strainer", "source_flow"),
    )  # fmt: skip


def _left_on(case: Case) -> Judgement:
    """Pumps of the source, else of the load, in hours in which nothing needs their water."""
    groups = pump_groups(case)
    sides = {True: [n for n, (_, s) in groups.items() if s],
             False: [n for n, (_, s) in groups.items() if not s]}  # fmt: skip
    fewest = usual_value("diagnosis.machines.idle_hours")
    most = 0
    seen = False
    for names in (sides[True], sides[False]):
        found = {name: idle_share(case, *groups[name]) for name in names}
        known = {name: one for name, one in found.items() if one is not None}
        seen = seen or bool(known)
        most = max([most, *(hours for _, hours in known.values())])
        known = {name: one for name, one in known.items() if one[1] >= fewest}
        if known:
            return _idle_estimate(case, {name: one[0] for name, one in known.items()},
                                  max(one[1] for one in known.values()))  # fmt: skip
    if not seen:
        return Judgement(not_judged=(NotJudged(_ALWAYS, _NO_STATE, ("EP", "ST")),))
    reason = _NO_IDLE.format(hours=f"{most}")
    return Judgement(not_judged=(NotJudged(_ALWAYS, reason),))


def _idle_estimate(case: Case, found: dict[str, DailyIndex], hours: int) -> Judgement:
    name = max(found, key=lambda one: (_mean(found[one]), one))
    index = found[name]
    fit = fit_shape(
        index.day, index.ratio, noise=index.noise, systematic=0.0,
        tolerance=usual_value("diagnosis.machines.idle_tolerance"),
        spread=usual_value("diagnosis.machines.idle_spread"), growth_spread=0.5,
        begun=case.record.begun, shapes=("constant", "step"), cap=CAP, sign=1,
    )  # fmt: skip
    share = _mean(index)
    points = next((machine.power.points for id, machine in case.record.pumps.items()
                   if id == name and machine.power is not None), ())  # fmt: skip
    text = _IDLE.format(share=f"{100 * share:.0f}", hours=f"{hours}")
    zero = np.where(np.isfinite(index.measured), 0.0, np.nan)
    figure = Figure(_IDLE_TITLE, "", Text("day", "日期"), index.day, index.measured, zero)
    return Judgement((
        Estimate(
            _ALWAYS, min(max(fit.value, 0.0), 1.0), max(fit.deviation, 0.05), fit.shape, fit.since,
            fit.log_ratio, (Evidence(text, 0.0, points, figure),), (), since_low=fit.since_low,
            since_high=fit.since_high, until=fit.until,
        ),
    ))  # fmt: skip


def _mean(index: DailyIndex) -> float:
    return float(np.nanmean(index.measured)) if index.known else 0.0
