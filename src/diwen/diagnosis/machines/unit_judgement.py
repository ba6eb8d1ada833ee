"""Units against their maps: efficiency and its loss, capacity, load ratio (steps 3 and 8)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from diwen.diagnosis.finding import (
    SHAPE_NAMES,
    Case,
    Estimate,
    Evidence,
    Floats,
    Judgement,
    NotJudged,
    Residual,
)
from diwen.diagnosis.inference.time_signature import ShapeFit, fit_shape
from diwen.diagnosis.machines.capacity_judgement import judge_capacity
from diwen.diagnosis.machines.daily_index import (
    DailyIndex,
    daily_index,
    figure_of,
    points_of,
    relative_error,
)
from diwen.diagnosis.machines.flow_effect import flow_effect
from diwen.diagnosis.machines.ledger_evidence import service_evidence, services
from diwen.diagnosis.machines.meter_closure import best_heat, closure_evidence
from diwen.diagnosis.machines.told_apart import CAP, refined
from diwen.diagnosis.machines.units_at_work import (
    GroupAtWork,
    UnitsAtWork,
    power_of,
    units_at_work,
)
from diwen.language import Text
from diwen.site.usual_values import usual_value

_LOSS = "efficiency_loss"
# Logarithm of the Bayes factor from which a capacity is taken for what it was found to be.
_SURE = 2.0
_INDEX = Text(
    "COP measured over COP of the map at the same temperatures, heat and load ratio: {first} in "
    "the first quarter of {days} days, {last} in the last; {shape}",
    "实测 COP 与同温度、同负荷率下样本 COP 之比：{days} 天中前四分之一为 {first}，"
    "后四分之一为 {last}；{shape}",
)
_POWER = Text("electric power of {unit}, measured and expected by its map",
              "{unit} 电功率：实测与按样本计算")  # fmt: skip
_RESIDUAL = Text(
    "power of {unit} over that of its map, less 1", "{unit} 实测功率与样本功率之比减 1"
)
_FEW = Text("only {days} day(s) with enough hours of running", "有足够运行小时的天数仅 {days} 天")
_FROM_DAY_0 = Text(
    "the units are less efficient than their map from the first day: as delivered or commissioned, "
    "a map with a wrong factor, or a meter; the share given is constant, not a growth per year",
    "机组自首日起低于样本能效：可能为出厂或调试问题、样本数据系数有误或计量误差；"
    "所给比例为恒定值，并非年衰减率",
)
_ALL = Text("all units", "全部机组")


def judge_units(case: Case) -> Judgement:
    """Efficiency and capacity of the units against their maps at what was measured."""
    work = units_at_work(case)
    if not work.groups:
        return Judgement(not_judged=(*work.without, *_capacity_unknown(work)))
    capacity = judge_capacity(case, work)
    estimates, not_judged, notes = _efficiency(*_with_capacity(case, work, capacity))
    return Judgement(
        (*estimates, *capacity.estimates),
        (*work.without, *not_judged, *capacity.not_judged),
        (*_residuals(case, work), *capacity.residuals),
        (*notes, *capacity.notes),
    )


def _with_capacity(case: Case, work: UnitsAtWork, capacity: Judgement) -> tuple[Case, UnitsAtWork]:
    """The case with units of the capacity that they were seen to have.

    Units that are smaller than designed run at another load ratio: that is no loss of efficiency.
    """
    sure = [one for one in capacity.estimates if one.log_ratio > _SURE]
    if not sure or case.inputs is None:
        return case, work
    from diwen.twin.deviations_plant import unit_capacity

    inputs = unit_capacity(case.inputs, sure[0].value)
    other = replace(case, inputs=inputs, memory={})
    return other, units_at_work(other)


def _capacity_unknown(work: UnitsAtWork) -> tuple[NotJudged, ...]:
    return tuple(replace(one, parameter="unit_capacity") for one in work.without[:1])


def _efficiency(
    case: Case, work: UnitsAtWork
) -> tuple[list[Estimate], list[NotJudged], list[Text]]:
    """One estimate for the plant, or one of each group where they differ."""
    least = usual_value("diagnosis.machines.least_days")
    total, error = best_heat(case, work)
    factor = total * _between_meters(case, work) * flow_effect(case, work)
    everything = cop_index(case, factor * work.expected, work.power)
    if everything.known < least:
        reason = _FEW.format(days=f"{everything.known}")
        return [], [NotJudged(_LOSS, reason)], []
    single = {
        id: index for id, group in work.groups.items()
        if (index := _alone(case, group, factor)).known >= least
    } if len(work.groups) > 1 else {}  # fmt: skip
    fits = {id: _fit(case, index, work, (id,), error) for id, index in single.items()}
    if len(fits) == len(work.groups) and _differ(fits):
        chosen = [(id, single[id], fits[id]) for id in work.groups]
    else:
        fit = _fit(case, everything, work, tuple(work.groups), error)
        chosen = [("", everything, fit)]
    estimates = [_estimate(case, work, id, index, fit, error) for id, index, fit in chosen]
    notes = [
        _FROM_DAY_0 for one in estimates
        if one.shape in ("constant", "step") and one.log_ratio > 0.0 and one.value > 0.0
    ]  # fmt: skip
    return estimates, [], notes[:1]


def _between_meters(case: Case, work: UnitsAtWork) -> Floats:
    """Factor that brings all heat meters to the one that counts most, shape (n,).

    Meters differ by their errors; without this every spring, when another circuit carries the
    heat, would look like a step.
    """
    same = np.ones(len(case.record))
    if len(work.meters) < 2:
        return same
    sizes = np.array([np.nan_to_num(np.abs(one.value)) for one in work.meters])
    total = sizes.sum(axis=0)
    share = np.divide(sizes, total, out=np.zeros(sizes.shape), where=total > 0.0)
    index = work.expected / work.power
    known = np.isfinite(index)
    usual = [float(np.median(index[known & (own > 0.8)])) if (known & (own > 0.8)).sum() >= 100
             else np.nan for own in share]  # fmt: skip
    first = int(np.argmax(sizes.sum(axis=1)))
    if not np.isfinite(usual[first]):
        return same
    apart = 3.0 * max(relative_error(one) for one in work.meters)
    factors = [
        float(np.clip(usual[first] / one, 1.0 - apart, 1.0 + apart)) if np.isfinite(one) else 1.0
        for one in usual
    ]
    found = np.asarray(np.array(factors) @ share)
    return np.where(total > 0.0, found, 1.0)


def cop_index(case: Case, expected: Floats, power: Floats) -> DailyIndex:
    """Days of COP measured over COP expected: expected over measured power, for the same heat."""
    return daily_index(
        case.record.day, expected, power, usual_value("diagnosis.machines.unit_noise")
    )


def _alone(case: Case, group: GroupAtWork, factor: Floats) -> DailyIndex:
    return cop_index(case, np.where(group.alone, factor * group.expected, np.nan), group.power)


def _fit(
    case: Case, index: DailyIndex, work: UnitsAtWork, units: tuple[str, ...], heat: float
) -> ShapeFit:
    found = fit_shape(
        index.day, index.ratio - 1.0, noise=index.noise,
        systematic=_error(case, work, units, heat),
        tolerance=usual_value("diagnosis.machines.unit_tolerance"),
        spread=usual_value("diagnosis.machines.unit_spread"),
        growth_spread=usual_value("diagnosis.machines.unit_growth_spread"),
        begun=case.record.begun, services=services(case.record, units), cap=CAP, sign=-1,
    )  # fmt: skip
    wander = usual_value("diagnosis.machines.level_wander")
    return refined(found, index.day, index.ratio, index.noise, wander)


def _error(case: Case, work: UnitsAtWork, units: tuple[str, ...], heat: float) -> float:
    """Relative systematic standard uncertainty of the COP index; ``heat``: that of the heat."""
    per_kelvin = usual_value("diagnosis.machines.unit_map_per_kelvin")
    power = [power_of(case, id) for id in units]
    # Meters of several units are several instruments: the error of their sum is smaller.
    own = float(np.sqrt(sum(relative_error(one) ** 2 for one in power))) / max(len(power), 1)
    kelvin = max(
        float(np.hypot(work.groups[id].source.systematic, work.groups[id].supply.systematic))
        for id in units
    )
    return float(np.sqrt(heat**2 + own**2 + (per_kelvin * kelvin) ** 2))


def _differ(fits: dict[str, ShapeFit]) -> bool:
    """Whether some groups are worse than others by more than their uncertainty and tolerance."""
    now = np.array([fit.now for fit in fits.values()])
    apart = 2.0 * usual_value("diagnosis.machines.unit_tolerance")
    return bool(np.ptp(now) > apart and max(fit.log_ratio for fit in fits.values()) > 0.0)


def _estimate(
    case: Case, work: UnitsAtWork, unit: str, index: DailyIndex, fit: ShapeFit, error: float
) -> Estimate:
    units = (unit,) if unit else tuple(work.groups)
    first, last = ends(index.ratio)
    text = _INDEX.format(
        first=f"{first:.3f}", last=f"{last:.3f}", days=f"{index.known}",
        shape=SHAPE_NAMES[fit.shape],
    )  # fmt: skip
    channels = (*work.meters, *(power_of(case, id) for id in units))
    title = _POWER.format(unit=unit or _ALL)
    swapped = replace(index, measured=index.expected, expected=index.measured)
    figure = figure_of(swapped, title, "kW", 1e-3, _error(case, work, units, error))
    facts = [Evidence(text, 0.0, points_of(channels), figure)]
    facts += service_evidence(case.record, fit, units)
    closure = closure_evidence(case, work, index, fit)
    facts += closure.evidence
    # A gain in efficiency is no loss: what speaks for it speaks for a meter or a map.
    log_ratio = fit.log_ratio if fit.value < 0.0 else min(fit.log_ratio, -1.0)
    return Estimate(
        _LOSS, max(-fit.value, 0.0), fit.deviation, fit.shape, fit.since, log_ratio,
        tuple(facts), closure.alternatives, unit, since_low=fit.since_low,
        since_high=fit.since_high, until=fit.until,
    )  # fmt: skip


def ends(values: Floats) -> tuple[float, float]:
    """Medians of the first and the last quarter of the known days."""
    known = values[np.isfinite(values)]
    if not known.size:
        return float("nan"), float("nan")
    quarter = max(known.size // 4, 1)
    return float(np.median(known[:quarter])), float(np.median(known[-quarter:]))


def _residuals(case: Case, work: UnitsAtWork) -> list[Residual]:
    found = []
    for id, group in work.groups.items():
        index = daily_index(
            case.record.day, group.power, group.expected,
            usual_value("diagnosis.machines.unit_noise"),
        )  # fmt: skip
        found.append(Residual(
            f"unit.{id}.power", _RESIDUAL.format(unit=id), "", index.day, index.ratio - 1.0,
            index.noise, (_LOSS, "unit_capacity"),
        ))  # fmt: skip
    return found
