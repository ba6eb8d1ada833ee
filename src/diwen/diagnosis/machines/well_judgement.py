"""Well hydraulics: clogging of injection, and permeability against the tests (step 5).

Injection that clogs is a matter of the resource and of its upkeep, never of how the plant was
built: its resistance grows, or is set back when the well is developed again. An aquifer that was
misjudged is off from the first day, on both sides.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from diwen.diagnosis.finding import (
    SHAPE_NAMES,
    Case,
    Estimate,
    Evidence,
    Figure,
    Floats,
    Judgement,
    NotJudged,
    Residual,
)
from diwen.diagnosis.inference.bayes_factor import log_bayes_factor
from diwen.diagnosis.inference.time_signature import ShapeFit, fit_shape
from diwen.diagnosis.machines.daily_index import DAY_WORD
from diwen.diagnosis.machines.ledger_evidence import service_evidence, services
from diwen.diagnosis.machines.told_apart import CAP
from diwen.diagnosis.machines.well_index import WellIndex, well_index
from diwen.language import Text
from diwen.site.usual_values import usual_value

_CLOGGING, _PERMEABILITY = "injection_clogging", "permeability"
_GROWS = Text(
    "injectivity of {well}{at}: {first} m³/(h·m) in the first quarter of {days} days, {last} in "
    "the last; the resistance per flow changed by {change} %; {shape}",
    "{well} 单位回灌量{at}：{days} 天中前四分之一为 {first} m³/(h·m)，后四分之一为 {last}；"
    "单位流量阻力变化 {change} %；{shape}",
)
_AT_TEN = Text(" at 10 °C", "（折算至 10 °C）")
_AS_READ = Text("", "")
_HELD = Text(
    "specific capacity of {well}: {first} to {last} m³/(h·m): the aquifer itself has not changed",
    "{well} 单位降深涌水量 {first}～{last} m³/(h·m)：含水层本身未变",
)
_TESTED = Text(
    "{side} of {well}: {measured} m³/(h·m) in the first 30 days, {ratio} of the {design} {basis}",
    "{well} {side}：最初 30 天 {measured} m³/(h·m)，为{basis} {design} 的 {ratio} 倍",
)
_TEST = Text("of its test", "试验值")
_AQUIFER = Text("that follows from its aquifer", "含水层参数推算值")
_SIDES = {
    "abstraction": Text("specific capacity", "单位降深涌水量"),
    "injection": Text("injectivity", "单位回灌量"),
}
_NO_TEST = Text(
    "the site names no specific capacity or injectivity of a test to compare with",
    "项目未给出试验所得单位降深涌水量或单位回灌量，无从比较",
)
_NO_WELL = Text("the levels and pressures of the wells are not recorded", "未记录井水位与井口压力")
_TITLE = Text("{side} of {well}", "{well} {side}")
_RESIDUAL = Text("{side} of {well} over that of its first month, less 1",
                 "{well} {side}与最初一月之比减 1")  # fmt: skip
_FIRST_DAYS = 30
_HOUR = 3600.0


def judge_wells(case: Case) -> Judgement:
    """Injection that clogs, and aquifers that are not as tested."""
    found: dict[str, dict[str, WellIndex]] = {}
    reasons: list[Text] = []
    for id, well in case.record.wells.items():
        for side in ("abstraction", "injection"):
            index = well_index(case, well, side)
            if isinstance(index, Text):
                reasons.append(index)
            else:
                found.setdefault(id, {})[side] = index
    if not found:
        return Judgement(not_judged=_missing(case, reasons))
    clogging = _clogging(case, found)
    permeability = _permeability(found)
    residuals = tuple(_residual(one) for sides in found.values() for one in sides.values())
    return Judgement(
        (*clogging.estimates, *permeability.estimates),
        (*clogging.not_judged, *permeability.not_judged), residuals,
    )  # fmt: skip


def _missing(case: Case, reasons: list[Text]) -> tuple[NotJudged, ...]:
    """Only of sites that have wells."""
    if not case.record.wells and not any(
        hasattr(source, "wells") or "well" in str(getattr(source, "type", ""))
        for source in case.site.sources.values()
    ):
        return ()
    reason = reasons[0] if reasons else _NO_WELL
    return (
        NotJudged(_CLOGGING, reason, ("VI", "PI")), NotJudged(_PERMEABILITY, reason, ("VA", "WL")),
    )  # fmt: skip


def _clogging(case: Case, found: dict[str, dict[str, WellIndex]]) -> Judgement:
    injecting = {id: sides["injection"] for id, sides in found.items() if "injection" in sides}
    if not injecting:
        return Judgement(not_judged=(NotJudged(_CLOGGING, _NO_WELL, ("VI", "PI")),))
    many = len(injecting) > 1
    return Judgement(tuple(
        _clogs(case, one, found[id].get("abstraction"), id if many else "")
        for id, one in injecting.items()
    ))  # fmt: skip


def _clogs(case: Case, index: WellIndex, abstraction: WellIndex | None, object: str) -> Estimate:
    """Resistance of injection above that of the first month, in time."""
    fit = _fit(case, index)
    facts = [Evidence(_text(index, fit), 0.0, index.points, _figure(index))]
    if abstraction is not None:
        first, last = _ends(abstraction.value)
        facts.append(Evidence(
            _HELD.format(well=abstraction.id, first=_shown(first), last=_shown(last)), 0.0,
            abstraction.points,
        ))  # fmt: skip
    facts += service_evidence(case.record, fit, (index.id, *_sources_of(case, index.id)))
    sensors = tuple(f"sensor:{id}" for id in index.points) if fit.shape == "step" else ()
    return Estimate(
        _CLOGGING, max(fit.value, 0.0), fit.deviation, fit.shape, fit.since, fit.log_ratio,
        tuple(facts), sensors, object, also=("operation",), since_low=fit.since_low,
        since_high=fit.since_high, until=fit.until,
    )  # fmt: skip


def _fit(case: Case, index: WellIndex) -> ShapeFit:
    day = np.arange(index.day[0], index.day[-1] + np.timedelta64(1, "D"))
    value = np.full(len(day), np.nan)
    value[(index.day - index.day[0]).astype(int)] = reference(index) / index.value - 1.0
    begun: date = max(case.record.begun, index.day[0].astype("datetime64[D]").item())
    return fit_shape(
        day, value, noise=index.noise, systematic=0.01,
        tolerance=usual_value("diagnosis.machines.injectivity_tolerance"),
        spread=usual_value("diagnosis.machines.injectivity_spread"),
        growth_spread=usual_value("diagnosis.machines.injectivity_growth_spread"),
        begun=begun, shapes=("step", "growth", "sawtooth"),
        services=services(case.record, (index.id, *_sources_of(case, index.id))), cap=CAP, sign=1,
    )  # fmt: skip


def reference(index: WellIndex) -> float:
    """Flow per head of the first month: of the first days where they tell of growth already."""
    days = (index.day - index.day[0]).astype(int)
    first = days < _FIRST_DAYS
    if first.sum() >= 10:
        line = np.polyfit(days[first], np.log(index.value[first]), 1)
        if abs(line[0]) * _FIRST_DAYS > 4.0 * index.noise:  # it grows within this month already
            return float(np.exp(line[1]))
    return float(np.median(index.value[first]))


def _sources_of(case: Case, well: str) -> tuple[str, ...]:
    return tuple(
        id
        for id, source in case.site.sources.items()
        if well in (getattr(source, "wells", {}) or {})
    )


def _text(index: WellIndex, fit: ShapeFit) -> Text:
    first, last = _ends(index.value)
    return _GROWS.format(
        well=index.id, at=_AT_TEN if index.corrected else _AS_READ, first=_shown(first),
        last=_shown(last), days=f"{len(index.day)}", change=f"{100 * (first / last - 1):+.0f}",
        shape=SHAPE_NAMES[fit.shape],
    )  # fmt: skip


def _ends(values: Floats) -> tuple[float, float]:
    quarter = max(len(values) // 4, 1)
    return float(np.median(values[:quarter])), float(np.median(values[-quarter:]))


def _shown(value: float) -> str:
    return f"{_HOUR * value:.3g}"


def _figure(index: WellIndex) -> Figure:
    expected = np.full(len(index.day), _HOUR * reference(index))
    half = 2.0 * index.noise * expected
    return Figure(
        _TITLE.format(side=_SIDES[index.side], well=index.id), "m³/(h·m)", DAY_WORD, index.day,
        _HOUR * index.value, expected, expected - half, expected + half,
    )  # fmt: skip


def _permeability(found: dict[str, dict[str, WellIndex]]) -> Judgement:
    """Flow per head of the first month against the tests, both sides together."""
    known = [one for sides in found.values() for one in sides.values() if np.isfinite(one.design)]
    if not known:
        missing = ("specific_capacity", "specific_injectivity")
        return Judgement(not_judged=(NotJudged(_PERMEABILITY, _NO_TEST, missing),))
    ratio = np.array([reference(one) / one.design for one in known])
    error = np.array([np.hypot(one.systematic, one.noise) for one in known])
    weight = 1.0 / np.maximum(error, 0.02) ** 2
    mean = float(weight @ ratio / weight.sum())
    uncertainty = float(np.hypot(1.0 / np.sqrt(weight.sum()), np.std(ratio) / np.sqrt(len(ratio))))
    row = "permeability_tolerance" if any(one.tested for one in known) else "permeability_assumed"
    strength = log_bayes_factor(
        float(np.log(max(mean, 0.05))), uncertainty / max(mean, 0.05),
        usual_value(f"diagnosis.machines.{row}"),
        usual_value("diagnosis.machines.permeability_spread"), CAP,
    )  # fmt: skip
    facts = tuple(
        Evidence(_TESTED.format(
            side=_SIDES[one.side], well=one.id, measured=_shown(reference(one)),
            ratio=f"{reference(one) / one.design:.2f}", design=_shown(one.design),
            basis=_TEST if one.tested else _AQUIFER),
            0.0, one.points, _figure(one))
        for one in known
    )  # fmt: skip
    only = {one.side for one in known} == {"injection"}
    alternatives = (_CLOGGING,) if only else ()
    return Judgement((
        Estimate(_PERMEABILITY, mean, uncertainty, "constant" if strength > 0 else "none", None,
                 strength, facts, alternatives),
    ))  # fmt: skip


def _residual(index: WellIndex) -> Residual:
    day = np.arange(index.day[0], index.day[-1] + np.timedelta64(1, "D"))
    value = np.full(len(day), np.nan)
    value[(index.day - index.day[0]).astype(int)] = index.value / reference(index) - 1.0
    name = "injectivity" if index.side == "injection" else "capacity"
    parameters = (_CLOGGING,) if index.side == "injection" else (_PERMEABILITY,)
    return Residual(
        f"well.{index.id}.{name}", _RESIDUAL.format(side=_SIDES[index.side], well=index.id), "",
        day, value, index.noise, parameters,
    )  # fmt: skip
