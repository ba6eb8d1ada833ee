"""Is the supply as warm as the design curve asks at the outdoor temperature that was measured?

A setpoint that is off shifts the supply everywhere. An outdoor sensor that reads wrong shifts the
curve along the outdoor axis: much where it is steep, nothing where it is flat or held. From the
first day on either is a commissioning matter; what begins later somebody has changed (operation).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

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
from diwen.diagnosis.operation.capacity_judgement import at_limit
from diwen.diagnosis.operation.days import Mask, scatter
from diwen.diagnosis.operation.design_loads import circuit_loads, record_days
from diwen.diagnosis.operation.energy_signature import KINDS, Kind
from diwen.diagnosis.operation.load_judgement import lasting
from diwen.diagnosis.operation.supply_mixing import bypass_beside
from diwen.diagnosis.operation.supply_targets import (
    is_flat,
    loops_of,
    one_curve,
    slope_at,
    supply_target,
    target_at,
)
from diwen.diagnosis.record.circuit_words import circuit_word
from diwen.language import Text
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.plant.station import LoadLoop

_KIND = {"heat": Text("heating", "供热"), "cold": Text("cooling", "供冷")}
_NO_TWIN = Text("the site has no design to compare supply temperatures with",
                "项目没有可比较的设计供水温度")  # fmt: skip
_NO_SUPPLY = Text("no supply temperature of a circuit with one design curve is measured",
                  "没有单一设计曲线回路的供水温度")  # fmt: skip
_FLAT = Text("the designed supply does not follow the outdoor temperature",
             "设计供水温度不随室外温度变化")  # fmt: skip
_NO_AIR = Text("the outdoor temperature is not measured", "缺少室外温度测点")
_FACT = Text(
    "{kind} supply of {circuit} is {shift} K above its design curve at the measured outdoor "
    "temperature (median of {days} days, middle half {low} to {high} K)",
    "{circuit} {kind}供水温度比实测室外温度下的设计曲线高 {shift} K"
    "（{days} 天中位数，中间一半 {low}～{high} K）",
)
_SETPOINT_AGREES = Text("the recorded setpoint is off its design by {shift} K as well",
                        "记录的设定值同样偏离设计 {shift} K")  # fmt: skip
_SETPOINT_DENIES = Text(
    "the recorded setpoint is {shift} K off its design: what the supply is off is not the setpoint",
    "记录的设定值仅偏离设计 {shift} K：供水温度偏差不是设定值引起",
)
_ALONG = Text(
    "a shift of the curve by {error} K along the outdoor axis leaves {along} K of scatter, a shift "
    "of the supply by one value {across} K",
    "曲线沿室外温度轴平移 {error} K 后离散为 {along} K，供水温度整体平移后离散为 {across} K",
)
_FIGURE = Text(
    "supply temperature over outdoor temperature, {kind}", "{kind}供水温度随室外温度的变化"
)
_COURSE = Text("supply temperature, {kind}", "{kind}供水温度")
_OUTDOOR = Text("outdoor temperature, °C", "室外温度，°C")
_DAY = Text("day", "日期")
_RESIDUAL = Text("supply above (cold: below) its design curve at the measured outdoor temperature",
                 "供水温度高于（供冷低于）实测室外温度下的设计曲线")  # fmt: skip


@dataclass(frozen=True, eq=False)
class SupplyIndex:
    """Supply against its curve, of one circuit and kind.

    Attributes
    ----------
    circuit, kind, loop : whose
    points : of the supply
    hours : hours that count: heat or cold flows and no unit is at its limit, shape (n,)
    shift : of the days, K, heat warmer and cold colder positive, nan unknown, shape (m,)
    supply, target : of the days, °C, shape (m,)
    noise, systematic : K
    setpoint : median recorded setpoint less its design, K, same sign; nan: not recorded
    """

    circuit: str
    kind: Kind
    loop: LoadLoop
    points: tuple[str, ...]
    hours: Mask
    shift: Floats
    supply: Floats
    target: Floats
    noise: float
    systematic: float
    setpoint: float

    @property
    def sign(self) -> float:
        """1 for heat, -1 for cold."""
        return 1.0 if self.kind == "heat" else -1.0


def judge_supply(case: Case) -> Judgement:
    """Setpoint shift and outdoor sensor."""
    if case.inputs is None:
        return Judgement(not_judged=tuple(
            NotJudged(name, _NO_TWIN) for name in ("setpoint_shift", "outdoor_sensor")
        ))  # fmt: skip
    indices = supply_indices(case)
    if not indices:
        return Judgement(not_judged=(
            NotJudged("setpoint_shift", _NO_SUPPLY, ("TU1",)),
            NotJudged("outdoor_sensor", _NO_SUPPLY, ("TU1",)),
        ))  # fmt: skip
    setpoint, bypass = _setpoint(case, indices)
    outdoor, unjudged = _outdoor(case, indices)
    if outdoor is not None:
        before = setpoint.log_ratio
        setpoint, outdoor = _told_apart(case, setpoint, outdoor, indices)
        if bypass is not None:  # what speaks against one value for all days speaks against both
            shared = ("outdoor_sensor",) if "outdoor_sensor" in setpoint.alternatives else ()
            bypass = replace(
                bypass, log_ratio=bypass.log_ratio + min(setpoint.log_ratio - before, 0.0),
                alternatives=(*bypass.alternatives, *shared),
            )  # fmt: skip
    day = record_days(case).day
    residuals = tuple(
        Residual(f"circuit.{one.circuit}.supply.{one.kind}" if one.circuit != "load" or
                 _several(indices, one) else "circuit.load.supply", _RESIDUAL, "K", day,
                 one.shift, one.noise, ("setpoint_shift", "outdoor_sensor"))
        for one in indices
    )  # fmt: skip
    estimates = tuple(one for one in (setpoint, outdoor, bypass) if one is not None)
    return Judgement(estimates, unjudged, residuals)


def _several(indices: list[SupplyIndex], one: SupplyIndex) -> bool:
    return one.kind == "cold" and any(
        other.circuit == one.circuit and other.kind == "heat" for other in indices
    )


def supply_indices(case: Case) -> list[SupplyIndex]:
    """Every circuit and kind whose supply follows one curve."""
    found = []
    for load in circuit_loads(case):
        record = case.record.circuits[load.circuit]
        loops = loops_of(case, load.circuit, load.kind)
        if record.supply is None or not one_curve(loops):
            continue
        target = supply_target(case, loops[0])
        if target is None:
            continue
        busy = load.design[load.design > 0.0].mean()
        hours = np.isfinite(record.supply.value) & np.isfinite(target)
        hours &= np.nan_to_num(load.measured) > 0.02 * busy
        hours &= _nearest(case, load.circuit, load.kind)
        hours &= ~at_limit(case, load.kind)
        days = record_days(case)
        sign = 1.0 if load.kind == "heat" else -1.0
        off = np.where(hours, sign * (record.supply.value - target), np.nan)
        shift = days.mean(off, hours, 4)
        if np.isfinite(shift).sum() < usual_value("diagnosis.load.least_days"):
            continue
        noise = scatter(shift)
        noise = max(noise if math.isfinite(noise) else 0.0,
                    usual_value("diagnosis.supply.least_noise"))  # fmt: skip
        found.append(SupplyIndex(
            load.circuit, load.kind, loops[0], record.supply.points, hours, shift,
            days.mean(record.supply.value, hours, 4), days.mean(target, hours, 4), noise,
            record.supply.systematic, _recorded_setpoint(case, load.circuit, target, hours, sign),
        ))  # fmt: skip
    return found


def _nearest(case: Case, circuit: str, kind: Kind) -> Mask:
    """Hours in which the supply is nearer to what this kind asks than the other, shape (n,).

    At a small difference of temperature the sign of the heat says little in a circuit that is
    changed over.
    """
    every = np.ones(len(case.record), bool)
    loops = {one: loops_of(case, circuit, one) for one in KINDS}
    supply = case.record.circuits[circuit].supply
    if supply is None or not all(loops.values()):
        return every
    off = {}
    for one, own in loops.items():
        target = supply_target(case, own[0])
        if target is None:
            return every
        off[one] = np.abs(supply.value - target)
    return np.asarray(off[kind] <= np.min(list(off.values()), axis=0))


def _recorded_setpoint(case: Case, circuit: str, target: Floats, hours: Mask, sign: float) -> float:
    channel = case.record.setpoints.get(circuit)
    if channel is None:
        return float("nan")
    off = sign * (channel.value - target)[hours]
    return float(np.nanmedian(off)) if np.isfinite(off).any() else float("nan")


# ---- the setpoint


def _setpoint(case: Case, indices: list[SupplyIndex]) -> tuple[Estimate, Estimate | None]:
    """The shift that heat and cold share, else that of the one that is off; and a by-pass."""
    fits = [_fit_shift(case, one.shift, one.noise, one.systematic) for one in indices]
    best = int(np.argmax([fit.log_ratio for fit in fits]))
    main, fit = indices[best], fits[best]
    alike = [one for one, other in zip(indices, fits, strict=True)
             if abs(other.value - fit.value) <= 1.0]  # fmt: skip
    if len(alike) > 1:
        joined = np.full(len(main.shift), np.nan)
        for one in alike:
            joined = np.where(np.isfinite(joined), joined, one.shift)
        fit = _fit_shift(case, joined, max(one.noise for one in alike), main.systematic)
    evidence = [_evidence(case, one) for one in indices]
    shown = lasting(case, fit)
    log_ratio, more, alternatives = _by_setpoint(main, shown)
    setpoint = Estimate(
        "setpoint_shift", fit.value, fit.deviation, fit.shape, fit.since, log_ratio,
        (*more, *evidence), alternatives, family=_family(fit), since_low=fit.since_low,
        since_high=fit.since_high, until=fit.until,
    )  # fmt: skip
    if "load_bypass" not in alternatives:
        return setpoint, None
    return bypass_beside(case, setpoint, shown, main)


def _family(fit: ShapeFit) -> str:
    """From the first day: commissioning; later: somebody changed it."""
    return "commissioning" if fit.since is None and fit.shape != "growth" else "operation"


def _fit_shift(case: Case, shift: Floats, noise: float, systematic: float) -> ShapeFit:
    return fit_shape(
        record_days(case).day, shift, noise=noise, systematic=systematic,
        tolerance=usual_value("diagnosis.supply.tolerance"),
        spread=usual_value("diagnosis.supply.spread"),
        growth_spread=usual_value("diagnosis.supply.growth"),
        begun=case.record.begun, shapes=("constant", "step"),
    )  # fmt: skip


def _by_setpoint(
    one: SupplyIndex, log_ratio: float
) -> tuple[float, tuple[Evidence, ...], tuple[str, ...]]:
    """What the recorded setpoint says: it agrees, it denies, or nobody records it."""
    alternatives: tuple[str, ...] = tuple(f"sensor:{point}" for point in one.points[:1])
    level = float(np.nanmedian(one.shift))
    if not math.isfinite(one.setpoint):
        # More water past the load asks for a warmer supply just as well.
        return log_ratio, (), (*alternatives, "load_bypass") if level > 0.0 else alternatives
    near = usual_value("diagnosis.supply.setpoint_agrees")
    cap = math.log(usual_value("diagnosis.load.ratio_cap"))
    text = f"{one.setpoint:+.1f}"
    if abs(one.setpoint - level) <= near and abs(one.setpoint) > near:
        fact = Evidence(_SETPOINT_AGREES.format(shift=text), cap, one.points)
        return log_ratio, (fact,), ()
    if abs(one.setpoint) <= near < abs(level):
        fact = Evidence(_SETPOINT_DENIES.format(shift=text), -cap, one.points)
        return min(log_ratio, 0.0), (fact,), (*alternatives, "load_bypass")
    return log_ratio, (), alternatives


def _evidence(case: Case, one: SupplyIndex) -> Evidence:
    """The shift with its scatter, and the supply over outdoor temperature (else over days)."""
    known = one.shift[np.isfinite(one.shift)]
    low, high = one.sign * np.percentile(known, (25.0, 75.0))
    text = _FACT.format(
        kind=_KIND[one.kind], circuit=circuit_word(one.circuit),
        shift=f"{one.sign * np.median(known):+.1f}", days=str(len(known)),
        low=f"{min(low, high):+.1f}", high=f"{max(low, high):+.1f}",
    )  # fmt: skip
    days = record_days(case)
    outdoor = case.record.outdoor
    if outdoor is not None and not is_flat(one.loop):
        x = days.mean(outdoor.value, one.hours, 4)
        order = np.flatnonzero(np.isfinite(x) & np.isfinite(one.supply))
        order = order[np.argsort(x[order])]
        figure = Figure(_FIGURE.format(kind=_KIND[one.kind]), "°C", _OUTDOOR, x[order],
                        one.supply[order], one.target[order])  # fmt: skip
    else:
        figure = Figure(_COURSE.format(kind=_KIND[one.kind]), "°C", _DAY, days.day, one.supply,
                        one.target)  # fmt: skip
    return Evidence(text, 0.0, one.points, figure)


# ---- the outdoor sensor


def _outdoor(
    case: Case, indices: list[SupplyIndex]
) -> tuple[Estimate | None, tuple[NotJudged, ...]]:
    """Error of what the controller takes for the outdoor temperature."""
    steep = [one for one in indices if not is_flat(one.loop)]
    if not steep:
        return None, (NotJudged("outdoor_sensor", _FLAT),)
    if case.record.outdoor is None:
        return None, (NotJudged("outdoor_sensor", _NO_AIR, ("TO",)),)
    one = steep[0]
    days = record_days(case)
    slope = days.mean(slope_at(one.loop, case.record.outdoor.value), one.hours, 4)
    enough = np.abs(slope) >= usual_value("diagnosis.supply.least_slope")
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.where(enough, one.sign * one.shift / slope, np.nan)
    if np.isfinite(error).sum() < usual_value("diagnosis.load.least_days"):
        return None, (NotJudged("outdoor_sensor", _FLAT),)
    mean = float(np.nanmean(np.abs(slope[enough])))
    systematic = math.hypot(one.systematic / mean, case.record.outdoor.systematic)
    fit = fit_shape(
        days.day, error, noise=max(scatter(error), one.noise / mean), systematic=systematic,
        tolerance=usual_value("diagnosis.supply.outdoor_tolerance"),
        spread=usual_value("diagnosis.supply.outdoor_spread"),
        growth_spread=usual_value("diagnosis.supply.growth"),
        begun=case.record.begun, shapes=("constant", "step"),
    )  # fmt: skip
    return Estimate(
        "outdoor_sensor", fit.value, fit.deviation, fit.shape, fit.since, lasting(case, fit),
        (_evidence(case, one),), (f"sensor:{case.record.outdoor.points[0]}",),
        family=_family(fit), since_low=fit.since_low, since_high=fit.since_high, until=fit.until,
    ), ()  # fmt: skip


def _told_apart(
    case: Case, setpoint: Estimate, outdoor: Estimate, indices: list[SupplyIndex]
) -> tuple[Estimate, Estimate]:
    """Which of the two leaves less scatter: a shift of the curve, or along the outdoor axis."""
    assert case.record.outdoor is not None
    one = next(index for index in indices if not is_flat(index.loop))
    days, air = record_days(case), case.record.outdoor.value
    moved = days.mean(
        one.sign * (target_at(one.loop, air + outdoor.value) - target_at(one.loop, air)),
        one.hours, 4,
    )  # fmt: skip
    first = outdoor if outdoor.log_ratio > setpoint.log_ratio else setpoint
    held = np.ones(len(days.day), bool)
    if first.since is not None:
        held &= days.day >= np.datetime64(first.since, "D")
    if first.until is not None:
        held &= days.day <= np.datetime64(first.until, "D")
    moved = np.where(held, moved, np.nan)
    known = np.isfinite(moved) & np.isfinite(one.shift)
    # All that is supplied counts for the setpoint: cold, and heat by a flat curve.
    others = [(index.shift[held] - setpoint.value, index.shift[held])
              for index in indices if index is not one]  # fmt: skip
    across = np.concatenate([one.shift[known] - setpoint.value, *(pair[0] for pair in others)])
    along = np.concatenate([one.shift[known] - moved[known], *(pair[1] for pair in others)])
    across, along = across[np.isfinite(across)], along[np.isfinite(along)]
    if not len(along):
        return setpoint, outdoor
    rest = min(float(np.mean(across**2)), float(np.mean(along**2)))
    scale = max(one.noise**2 + one.systematic**2, rest)
    weight = len(along) / usual_value("diagnosis.load.correlation")
    better = 0.5 * weight * float(np.mean(across**2) - np.mean(along**2)) / scale
    text = _ALONG.format(error=f"{outdoor.value:+.1f}", along=f"{np.mean(along**2) ** 0.5:.2f}",
                         across=f"{np.mean(across**2) ** 0.5:.2f}")  # fmt: skip
    fact = Evidence(text, 0.0, one.points)
    decided = math.log(usual_value("diagnosis.load.ratio_cap"))
    setpoint = replace(setpoint, log_ratio=_less(setpoint.log_ratio, better),
                       evidence=(*setpoint.evidence, fact))  # fmt: skip
    outdoor = replace(outdoor, log_ratio=_less(outdoor.log_ratio, -better),
                      evidence=(*outdoor.evidence, fact))  # fmt: skip
    if abs(better) < decided:
        setpoint = replace(setpoint, alternatives=(*setpoint.alternatives, "outdoor_sensor"))
        outdoor = replace(outdoor, alternatives=(*outdoor.alternatives, "setpoint_shift"))
    return setpoint, outdoor


def _less(log_ratio: float, against: float) -> float:
    """A ratio less what speaks for the other, not below the cap."""
    return max(log_ratio - max(against, 0.0), min(log_ratio, -3.0))
