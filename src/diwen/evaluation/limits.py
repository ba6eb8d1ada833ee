"""Margins of the source temperatures against GB 50366 (K-18).

GB 50366 speaks of ground heat exchangers: highest outlet in summer, lowest inlet in winter
without antifreeze. The outlet of the ground is what enters the heat pump. Standstill is masked.
With antifreeze the 4 °C limit does not apply; the margin is then taken to the freezing point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from diwen.evaluation.amount import Amount, Refusal
from diwen.evaluation.circuit_fluids import circuit_fluid
from diwen.evaluation.heat_meters import HeatMeter
from diwen.evaluation.increments import intersection
from diwen.evaluation.judging import grade_of_limit
from diwen.evaluation.making import made, not_made
from diwen.evaluation.operation import Way, mode_spans, running_spans
from diwen.evaluation.temperatures import inside, sensor
from diwen.evaluation.uncertainty import standard
from diwen.language import Text
from diwen.rules import RuleMissingError

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.result import Result

# mode -> rule, location that is watched, +1 when the limit is a highest value
_LIMITS: dict[Way, tuple[str, str, int]] = {
    "heating": ("gb50366.source_inlet_minimum_winter", "source_leaving", -1),
    "cooling": ("gb50366.source_outlet_maximum_summer", "source_entering", 1),
}
_NOT_HELD = Text("the limit {rule} holds in China only", "限值 {rule} 仅适用于中国境内")
_NEVER = Text("{unit} did not run in this mode", "{unit} 在该模式下未运行")
_ANTIFREEZE = Text(
    "the fluid is {fluid}: the limit of {limit:g} °C holds for water only; margin to its freezing "
    "point of {freezing:.1f} °C",
    "载热流体为 {fluid}，{limit:g} °C 的限值仅对水适用；此处为相对其冰点 {freezing:.1f} °C 的裕度",
)
_KEPT = Text("kept throughout: {value:.1f} K margin", "全程满足，裕度 {value:.1f} K")
_BROKEN = Text(
    "broken in {share:.1f} % of the running records, by up to {depth:.1f} K",
    "{share:.1f} % 的运行记录超限，最大超出 {depth:.1f} K",
)


def results(context: Context) -> list[Result]:
    """All results of this family."""
    found = []
    for unit, pump in context.site.heat_pumps.items():
        source = context.site.sources.get(pump.source)
        if source is None or source.type != "borefield":
            continue
        found += [_margin(context, unit, mode) for mode in _LIMITS]
    return [result for result in found if result.status != "refused" or result.missing]


def _margin(context: Context, unit: str, mode: Way) -> Result:
    """K-18 of one unit in one mode."""
    rule, location, direction = _LIMITS[mode]
    more: dict[str, Any] = {"of": unit, "mode": mode, "rules": (rule,)}
    try:
        if not len(mode_spans(context, mode)):
            raise Refusal(_NEVER.format(unit=context.name_of(unit)))
        limit, note = _limit(context, unit, mode)
        point = sensor(context, unit, location)
        series = context.series(point.id)
        spans = intersection(running_spans(context, unit), mode_spans(context, mode))
        on = inside(series.time, spans)
        if not on.any():
            raise Refusal(_NEVER.format(unit=context.name_of(unit)))
    except Refusal as refusal:
        return not_made("source_margin", "K-18", refusal, **more)
    room = direction * (limit - series.value[on])
    at = int(np.argmin(room))
    accuracy = point.limits_of_error
    effects = None
    if accuracy is not None:
        extreme = series.value[on][at : at + 1]
        effects = {point.id: float(standard(accuracy, extreme, context.rules)[0])}
    amount = Amount(
        float(room[at]), effects, origins=tuple(series.origin.split("+")), inputs=(point.id,)
    )
    broken = 100.0 * float(np.mean(room < 0.0))
    verdict = (
        _KEPT.format(value=amount.value)
        if broken == 0.0
        else _BROKEN.format(share=broken, depth=-amount.value)
    )
    expanded = amount.expanded
    grade = None
    if note is None and expanded is not None:  # with antifreeze the limit of the rule does not hold
        grade = grade_of_limit(amount.value, expanded, verdict, verdict)
    return made(
        "source_margin", "K-18", amount, decimals=1, coverage=None, grade=grade,
        notes=tuple(text for text in (verdict if grade is None else None, note) if text),
        detail={"limit": limit, "location": location, "share_broken": broken}, **more,
    )  # fmt: skip


def _limit(context: Context, unit: str, mode: Way) -> tuple[float, Text | None]:
    """The limit in °C, and a note where it is not the one of the standard."""
    rule = _LIMITS[mode][0]
    try:
        row = context.rules.row(rule)
        limit = context.rules.value(rule)
    except RuleMissingError as error:
        raise Refusal(_NOT_HELD.format(rule=rule)) from error
    if mode == "cooling":
        return limit, None
    anywhere = context.points("temperature", "source_leaving")
    if not anywhere:
        return limit, None
    liquid = circuit_fluid(context, HeatMeter("source", frozenset([unit]), "flow", anywhere[0]))
    if liquid.name == "water":
        return limit, None
    return liquid.freezing, _ANTIFREEZE.format(
        fluid=liquid.name, limit=row.value, freezing=liquid.freezing
    )
