"""Energy balance of each heat pump (K-46) and the uncertainty of what it rests on (K-47).

With both sides metered: ``r_E = (Q_load - Q_source - W) / Q_load``. A closure within its own
combined uncertainty is explained by the instruments and is no fault.

Where the source flow is not measured, the first law still says which capacity flow the source
circuit must have had on each steady plateau. If one constant flow fits all of them within their
uncertainties, nothing speaks against the measurements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diwen.evaluation.amount import Amount, Refusal, ratio, total
from diwen.evaluation.making import made, not_made
from diwen.evaluation.operation import whole
from diwen.evaluation.plant import Term, electricity, unit_heat, unit_source_heat
from diwen.evaluation.plateaus import plateaus
from diwen.evaluation.ratios import over_common_time, signed_total
from diwen.evaluation.steady import row
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.result import Result

_EXPLAINED = Text(
    "closure {value:+.1f} % lies within its uncertainty of ±{uncertainty:.1f} %: explained by the "
    "instruments, no fault",
    "闭合差 {value:+.1f} % 在其不确定度 ±{uncertainty:.1f} % 以内，可由仪表误差解释，不判为故障",
)
_UNEXPLAINED = Text(
    "closure {value:+.1f} % exceeds its uncertainty of ±{uncertainty:.1f} %: a meter or sensor is "
    "wrong, or heat flows that is not metered",
    "闭合差 {value:+.1f} % 超出其不确定度 ±{uncertainty:.1f} %，仪表有误或存在未计量的热流",
)
_UNKNOWN = Text(
    "an accuracy is not given: whether the closure is explained cannot be said",
    "有测点未给出准确度，无法判断闭合差是否可由仪表误差解释",
)
_FLOW_NAME = Text("Implied capacity flow of the source circuit", "由能量平衡推得的地源侧热容流量")
_FITS = Text(
    "one constant source flow fits all plateaus within their uncertainties: the scatter of "
    "±{scatter:.0f} % is explained by the temperature sensors, no fault",
    "各稳态工况在不确定度内与同一恒定地源侧流量相符，±{scatter:.0f} % 的离散可由温度测量误差解释，"
    "不判为故障",
)
_DOES_NOT_FIT = Text(
    "no constant source flow fits all plateaus: the flow changed, or a measurement is wrong",
    "没有恒定的地源侧流量能同时符合各稳态工况，流量有变化或测量有误",
)
_NO_DIFFERENCE = Text(
    "the source temperatures of steady stretches are not measured on both pipes",
    "稳态工况的地源侧供回水温度未同时测量",
)
_UNCERTAINTY_NAMES = {
    "heat": Text("Relative uncertainty of the heat", "热量的相对扩展不确定度"),
    "electricity": Text("Relative uncertainty of the electricity", "电量的相对扩展不确定度"),
}


def results(context: Context) -> list[Result]:
    """All results of this family."""
    found: list[Result] = []
    for unit in context.site.heat_pumps:
        found.append(_closure(context, unit))
        if found[-1].status == "refused":
            found += _implied_flow(context, unit)
    return found + _uncertainties(context)


def _closure(context: Context, unit: str) -> Result:
    """K-46 of one unit over the period."""
    more: dict[str, Any] = {"of": unit, "rules": ("quality.energy_balance",)}
    one = frozenset([unit])
    try:
        load = unit_heat(context, one, frozenset())
        source = unit_source_heat(context, one)
        work = electricity(context, one)
        rest: list[Term] = [*load, *((p, -s) for p, s in source), *((p, -s) for p, s in work)]
        heat, gap = over_common_time(load, rest, whole(context))
        closure = ratio(gap, heat)
    except Refusal as refusal:
        return not_made("energy_balance", "K-46", refusal, **more)
    value, uncertainty = 100.0 * closure.value, closure.scaled(100.0).expanded
    if uncertainty is None:
        status, note, explained = "indicative", _UNKNOWN, None
    else:
        explained = abs(value) <= uncertainty
        status, note = "ok", (_EXPLAINED if explained else _UNEXPLAINED)
        note = note.format(value=value, uncertainty=uncertainty)
    return made(
        "energy_balance", "K-46", closure, scale=100.0, decimals=1, status=status,
        reason=note if status == "indicative" else None, notes=(*closure.notes, note),
        detail={"explained": explained}, **more,
    )  # fmt: skip


def _implied_flow(context: Context, unit: str) -> list[Result]:
    """The capacity flow that closes the balance on each plateau, and whether one flow fits all."""
    more: dict[str, Any] = {"name": _FLOW_NAME, "of": unit, "symbol": "(ṁc)_source"}
    try:
        steady = [one for one in plateaus(context, unit) if one.capacity_flow is not None]
        if not steady:
            raise Refusal(_NO_DIFFERENCE)
    except Refusal as refusal:
        return [not_made("implied_source_flow", "", refusal, **more)]
    flows = [one.capacity_flow for one in steady if one.capacity_flow is not None]
    mean = total(flows).scaled(1.0 / len(flows))
    note, fits = _verdict(flows)
    return [
        made(
            "implied_source_flow", "", mean, unit="W/K", decimals=0, notes=(*mean.notes, note),
            status="ok" if mean.effects is not None else "indicative",
            reason=None if mean.effects is not None else _UNKNOWN,
            detail={"rows": [row(one) for one in steady], "one_flow_fits": fits}, **more,
        )
    ]  # fmt: skip


def _verdict(flows: list[Amount]) -> tuple[Text, bool | None]:
    """Whether one constant flow lies in the interval of every plateau."""
    known = [(flow.value, flow.expanded) for flow in flows if flow.expanded is not None]
    if len(known) < len(flows):
        return _UNKNOWN, None
    values = [value for value, _ in known]
    lowest = max(value - width for value, width in known)
    highest = min(value + width for value, width in known)
    scatter = 100.0 * (max(values) - min(values)) / (max(values) + min(values))
    if lowest <= highest:
        return _FITS.format(scatter=scatter), True
    return _DOES_NOT_FIT, False


def _uncertainties(context: Context) -> list[Result]:
    """K-47: relative expanded uncertainty of heat and electricity of all units."""
    units = frozenset(context.site.heat_pumps)
    if not units:
        return []
    found = []
    for kind, name in _UNCERTAINTY_NAMES.items():
        try:
            terms = (
                unit_heat(context, units, frozenset())
                if kind == "heat"
                else electricity(context, units)
            )
            amount = signed_total(terms, context.period.seconds)
            if amount.expanded is None or amount.value == 0.0:
                raise Refusal(_UNKNOWN)
        except Refusal as refusal:
            found.append(not_made("uncertainty", "K-47", refusal, name=name, of=kind))
            continue
        share = Amount(
            amount.expanded / abs(amount.value), {}, 0.0, amount.coverage, amount.origins,
            amount.inputs, amount.notes,
        )  # fmt: skip
        parts = {
            "systematic": 200.0 * (amount.u_systematic or 0.0),
            "random": 200.0 * (amount.u_random or 0.0),
            "by_cause": {
                cause: 200.0 * effect / amount.value
                for cause, effect in (amount.effects or {}).items()
            },
        }
        found.append(
            made("uncertainty", "K-47", share, name=name, of=kind, scale=100.0, decimals=1,
                 uncertainty=None, detail=parts)
        )  # fmt: skip
    return found
