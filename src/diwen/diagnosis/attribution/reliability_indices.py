"""The indices behind the reliability score: each a number from 0 to 100 with what it was read from.

An index about deviations falls with their probability and gravity (what they add to the
electricity); what no line of reasoning judged does not count as healthy: only a parameter with a
finding, be it that it is in order, is judged, and an index without one has no score.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from diwen.language import Text, same
from diwen.site.usual_values import usual_value
from diwen.twin.deviations import PARAMETERS

if TYPE_CHECKING:
    from diwen.diagnosis.attribution.attribution import Attribution
    from diwen.diagnosis.attribution.forecast import Forecast
    from diwen.diagnosis.finding import Case, Finding, NotJudged

_ROW = "diagnosis.reliability."
_NOT_JUDGED = Text("none of its parameters could be judged", "所含参数均未能判断")
_NO_FORECAST = Text("there is no forecast", "没有预测")
_NO_LIMIT = Text("the site gives no limit of the source", "项目未给出热源温度限值")
_NO_MEASURED = Text("no measured performance", "没有实测能效")
_NO_BALANCE = Text(
    "source heat, load heat and power are not all metered", "源侧热量、负荷侧热量与功率未同时计量"
)
_NO_TWIN = Text("the site cannot be simulated", "项目无法模拟")
_NO_PRICE = Text("no tariff", "无电价")
_NO_DATA = Text("no record", "无运行数据")
_NAMED = Text("{parameter}: probability {p:.2f}, adds {share:.1f} % of the electricity",
              "{parameter}：概率 {p:.2f}，增加用电 {share:.1f} %")  # fmt: skip
_HEALTHY = Text(
    "no deviation found; {n} of {all} parameters that apply judged",
    "未发现偏差；适用的 {all} 项参数中判断了 {n} 项",
)


@dataclass(frozen=True)
class Index:
    """One index.

    Attributes
    ----------
    name : stable, in the rules ``diagnosis.reliability.weight.<dimension>.<name>``
    text : in words
    score : 0 to 100; None where it cannot be judged
    value : the number behind it, nan where there is none
    weight : in its dimension
    evidence : in words
    rows : ids of the rule rows behind scale and weight
    reason : why it has no score
    """

    name: str
    text: Text
    score: float | None
    value: float
    weight: float
    evidence: tuple[Text, ...]
    rows: tuple[str, ...]
    reason: Text | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "name": self.name, "text": _both(self.text), "score": self.score,
            "value": self.value if math.isfinite(self.value) else None, "weight": self.weight,
            "evidence": [_both(one) for one in self.evidence], "rules": list(self.rows),
            "reason": None if self.reason is None else _both(self.reason),
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class Basis:
    """What indices are read from."""

    case: Case
    findings: tuple[Finding, ...]
    not_judged: tuple[NotJudged, ...]
    attribution: Attribution
    forecast: Forecast

    def judged(self, parameters: tuple[str, ...]) -> tuple[str, ...]:
        """Those of some parameters that a line of reasoning judged: each has a finding."""
        found = {one.parameter for one in self.findings}
        return tuple(one for one in parameters if one in found)

    def applying(self, parameters: tuple[str, ...]) -> tuple[str, ...]:
        """Those of them that were judged or could not be; of the others the plant has no object."""
        told = {one.parameter for one in self.findings}
        told |= {one.parameter for one in self.not_judged}
        return tuple(one for one in parameters if one in told)


def _index(
    dimension: str,
    name: str,
    text: Text,
    score: float | None,
    value: float = float("nan"),
    evidence: tuple[Text, ...] = (),
    rows: tuple[str, ...] = (),
    reason: Text | None = None,
) -> Index:
    weight = f"{_ROW}weight.{dimension}.{name}"
    bounded = None if score is None else float(min(max(score, 0.0), 100.0))
    return Index(name, text, bounded, value, usual_value(weight), evidence,
                 (*(_ROW + row for row in rows), weight), reason)  # fmt: skip


def _deviations(
    basis: Basis, dimension: str, name: str, text: Text, parameters: tuple[str, ...]
) -> Index:
    """Score of a set of parameters by what was found of them."""
    judged, applying = basis.judged(parameters), basis.applying(parameters)
    found = [one for one in basis.findings if one.parameter in parameters]
    rows = ("full_effect", "least_severity")
    if not judged:
        return _index(dimension, name, text, None, rows=rows, reason=_NOT_JUDGED)
    score, evidence = 1.0, []
    for one in found:
        share = _added_share(basis.attribution, one.parameter)
        gravity = min(max(abs(share) / usual_value(_ROW + "full_effect"),
                          usual_value(_ROW + "least_severity")), 1.0)  # fmt: skip
        score *= 1.0 - one.probability * gravity
        if one.probability >= usual_value("diagnosis.attribution.threshold"):
            evidence.append(_NAMED.format(parameter=PARAMETERS[one.parameter].text,
                                          p=one.probability, share=100.0 * share))  # fmt: skip
    if not evidence:
        evidence.append(_HEALTHY.format(n=len(judged), all=len(applying)))
    return _index(dimension, name, text, 100.0 * score, score, tuple(evidence), rows)


def _added_share(attribution: Attribution, parameter: str) -> float:
    """Electricity that a deviation adds, share of that without deviations; 0 if not priced."""
    part = attribution.of(parameter)
    if part is None or attribution.reference is None:
        return 0.0
    whole = attribution.reference.electricity
    return part.electricity / whole if whole > 0.0 else 0.0


def of_families(families: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the parameters of some of the seven families."""
    return tuple(name for name, one in PARAMETERS.items() if one.family in families)


def resource_parameters(basis: Basis) -> Index:
    """Ground, boreholes and wells."""
    return _deviations(
        basis, "resource", "parameters", Text("ground, boreholes and wells", "岩土、钻孔与水井"),
        of_families(("resource", "construction")),
    )  # fmt: skip


def resource_margin(basis: Basis) -> Index:
    """How far the entering water stays from its limits in the next year."""
    text = Text("margin to the limits of the source", "热源温度限值裕量")
    rows = ("margin",)
    if not basis.attribution.as_found:
        return _index("resource", "margin", text, None, rows=rows, reason=_NO_TWIN)
    margins, evidence = [], []
    for name, (low, high) in basis.attribution.as_found[0].entering.items():
        source = basis.case.site.sources.get(name)
        least = getattr(source, "minimum_entering_temperature", None)
        most = getattr(source, "maximum_leaving_temperature", None)
        if least is not None:
            margins.append(low - least)
            evidence.append(same(f"{name}: {low:.1f} °C ≥ {least:g} °C"))
        if most is not None:
            margins.append(most - high)
            evidence.append(same(f"{name}: {high:.1f} °C ≤ {most:g} °C"))
    if not margins:
        return _index("resource", "margin", text, None, rows=rows, reason=_NO_LIMIT)
    worst = min(margins)
    score = 100.0 * worst / usual_value(_ROW + "margin")
    return _index("resource", "margin", text, score, worst, tuple(evidence), rows)


def system_performance(basis: Basis) -> Index:
    """Measured over promised performance."""
    text = Text("measured over promised performance", "实测与设计能效之比")
    ratios = basis.attribution.performance
    rows = ("performance_floor",)
    measured, promised = ratios.get("measured", math.nan), ratios.get("promised", math.nan)
    if not (math.isfinite(measured) and promised > 0.0):
        return _index("system", "performance", text, None, rows=rows, reason=_NO_MEASURED)
    floor = usual_value(_ROW + "performance_floor")
    share = measured / promised
    evidence = (same(f"{measured:.2f} / {promised:.2f}"),)
    score = 100.0 * (share - floor) / (1.0 - floor)
    return _index("system", "performance", text, score, share, evidence, rows)


def system_closure(basis: Basis) -> Index:
    """First law over the record: heat of source and power of the units against heat delivered."""
    text = Text("energy balance of the meters", "能量平衡残差")
    rows = ("closure_full", "closure_none")
    residual = closure_of_record(basis.case)
    if residual is None:
        return _index("system", "closure", text, None, rows=rows, reason=_NO_BALANCE)
    full, none = (usual_value(_ROW + row) for row in rows)
    score = 100.0 * (none - abs(residual)) / (none - full)
    evidence = (same(f"{100.0 * residual:+.1f} %"),)
    return _index("system", "closure", text, score, residual, evidence, rows)


def closure_of_record(case: Case) -> float | None:
    """Heat delivered less source heat and power of the units, over the heat delivered.

    Over the hours in which all of it is known and heat (not cold) is delivered, so that auxiliary
    machines and cooling do not blur it; None where it is not metered.
    """
    record = case.record
    source = [one.heat for one in record.sources.values()]
    load = [one.heat for one in record.circuits.values()]
    power = [one.power for one in record.units.values()]
    groups = (source, load, power)
    if not all(groups) or any(one is None for group in groups for one in group):
        return None
    sums = [np.sum([one.value for one in group if one is not None], axis=0) for group in groups]
    taken, delivered, used = sums
    known = np.isfinite(taken) & np.isfinite(delivered) & np.isfinite(used) & (delivered > 0.0)
    known &= taken > 0.0
    total = float(delivered[known].sum())
    if total <= 0.0:
        return None
    return float((delivered - taken - used)[known].sum()) / total


def system_hydraulics(basis: Basis) -> Index:
    """Flows and pumps."""
    return _deviations(
        basis, "system", "hydraulics", Text("flows and pumps", "流量与水泵"),
        of_families(("hydraulic",)),
    )  # fmt: skip


def system_capacity(basis: Basis) -> Index:
    """Load that is not met."""
    text = Text("load that is not met", "未满足负荷占比")
    rows = ("unmet_none",)
    found = basis.attribution.found
    if found is None:
        return _index("system", "capacity", text, None, rows=rows, reason=_NO_TWIN)
    asked = found.useful + found.unmet_energy
    share = found.unmet_energy / asked if asked > 0.0 else 0.0
    score = 100.0 * (1.0 - share / usual_value(_ROW + "unmet_none"))
    evidence = (same(f"{100.0 * share:.2f} %"),)
    return _index("system", "capacity", text, score, share, evidence, rows)


def operation_operation(basis: Basis) -> Index:
    """Schedules, service, pumps."""
    return _deviations(
        basis, "operation", "operation", Text("operation and maintenance", "运行维护"),
        of_families(("operation",)),
    )  # fmt: skip


def operation_setting(basis: Basis) -> Index:
    """Set points and control."""
    return _deviations(
        basis, "operation", "setting", Text("set points and control", "设定与控制"),
        of_families(("commissioning",)),
    )  # fmt: skip


def operation_data(basis: Basis) -> Index:
    """Share of hours with usable records."""
    text = Text("completeness of the data", "数据齐全率")
    rows = ("trusted_points",)
    record = basis.case.record
    machines = (record.units, record.pumps, record.backups, record.auxiliaries)
    channels = [one.power for group in machines for one in group.values()]
    channels += [one.heat for one in (*record.sources.values(), *record.circuits.values())]
    channels += [record.outdoor]
    known = [float(one.valid.mean()) for one in channels if one is not None and len(one.value)]
    if not known:
        return _index("operation", "data", text, None, rows=rows, reason=_NO_DATA)
    share = float(np.mean(known))
    score = 100.0 * share / usual_value(_ROW + "trusted_points")
    return _index("operation", "data", text, score, share, (same(f"{100.0 * share:.1f} %"),), rows)


def operation_judged(basis: Basis) -> Index:
    """Share of the parameters that apply to the plant that could be judged."""
    text = Text("deviations that can be judged", "可判断的偏差占比")
    judged, applying = basis.judged(tuple(PARAMETERS)), basis.applying(tuple(PARAMETERS))
    if not judged:
        return _index("operation", "judged", text, None, reason=_NOT_JUDGED)
    share = len(judged) / len(applying)
    evidence = (same(f"{len(judged)} / {len(applying)}"),)
    return _index("operation", "judged", text, 100.0 * share, share, evidence)


def life_balance(basis: Basis) -> Index:
    """Balance of the ground."""
    return _deviations(
        basis, "life_cycle", "balance", Text("heat balance of the ground", "地下热平衡"),
        of_families(("balance",)),
    )  # fmt: skip


def _limits(basis: Basis, year: int) -> Index:
    text = Text(f"limits of the source in {year} years", f"{year} 年内不越限概率")
    name = f"limits_{year}"
    course = basis.forecast.as_found
    if course is None:
        return _index("life_cycle", name, text, None, reason=_NO_FORECAST)
    if not course.beyond or len(basis.forecast.years) < year:
        return _index("life_cycle", name, text, None, reason=_NO_LIMIT)
    worst = max(float(values[year - 1]) for values in course.beyond.values())
    evidence = tuple(
        same(f"{one}: {100.0 * float(values[year - 1]):.0f} %")
        for one, values in course.beyond.items()
    )
    return _index("life_cycle", name, text, 100.0 * (1.0 - worst), worst, evidence)


def life_limits_10(basis: Basis) -> Index:
    """Probability that the limits hold in year 10."""
    return _limits(basis, 10)


def life_limits_25(basis: Basis) -> Index:
    """Probability that the limits hold in year 25."""
    return _limits(basis, 25)


def life_decline(basis: Basis) -> Index:
    """Decline of the performance over the years to come."""
    text = Text("decline of the performance in 25 years", "25 年能效下降")
    rows = ("decline_none",)
    course = basis.forecast.as_found
    if course is None:
        return _index("life_cycle", "decline", text, None, rows=rows, reason=_NO_FORECAST)
    first, last = course.performance.middle[0], course.performance.middle[-1]
    if not (np.isfinite(first) and np.isfinite(last) and first > 0.0):
        return _index("life_cycle", "decline", text, None, rows=rows, reason=_NO_FORECAST)
    share = float(1.0 - last / first)
    score = 100.0 * (1.0 - max(share, 0.0) / usual_value(_ROW + "decline_none"))
    evidence = (same(f"{first:.2f} → {last:.2f}"),)
    return _index("life_cycle", "decline", text, score, share, evidence, rows)


def life_cost(basis: Basis) -> Index:
    """Cost of the deviations over the cost of energy."""
    text = Text("cost of the deviations over the energy cost", "偏差费用占能源费比例")
    rows = ("cost_none",)
    years = basis.attribution.as_found, basis.attribution.all_right
    if not all(years):
        return _index("life_cycle", "cost", text, None, rows=rows, reason=_NO_TWIN)
    found, right = years[0][0].cost, years[1][0].cost
    if found is None or right is None or found <= 0.0:
        return _index("life_cycle", "cost", text, None, rows=rows, reason=_NO_PRICE)
    share = (found - right) / found
    score = 100.0 * (1.0 - max(share, 0.0) / usual_value(_ROW + "cost_none"))
    evidence = (same(f"{found - right:,.0f} / {found:,.0f} CNY"),)
    return _index("life_cycle", "cost", text, score, share, evidence, rows)


INDICES: Mapping[str, tuple[Callable[[Basis], Index], ...]] = {
    "resource": (resource_parameters, resource_margin),
    "system": (system_performance, system_closure, system_hydraulics, system_capacity),
    "operation": (operation_operation, operation_setting, operation_data, operation_judged),
    "life_cycle": (life_balance, life_limits_10, life_limits_25, life_decline, life_cost),
}


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
