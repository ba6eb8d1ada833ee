"""COP_sys(h+c), K-05: heating and cooling from one plant at the same time.

Only what is useful at the same time counts: intervals in which the plant is set to do both and
both heat and cold are delivered. Cold that goes into the ground, or heat that a tower throws
away, is no use. The first law must close on those intervals within the limit of the rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from diwen.evaluation.amount import Refusal, ratio
from diwen.evaluation.heat_meters import measured_circuits
from diwen.evaluation.increments import Spans, intersection, joined, length
from diwen.evaluation.making import KWH, made, not_made, trust
from diwen.evaluation.operation import mode_spans
from diwen.evaluation.plant import (
    SYSTEM,
    Term,
    electricity,
    equipment,
    unit_heat,
    unit_source_heat,
)
from diwen.evaluation.ratios import over_common_time
from diwen.evaluation.words import SYSTEM_BOUNDARY
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.result import Result

_NOT_BOTH = Text(
    "heat and cold were never delivered at the same time in this period",
    "本周期内没有同时供热与供冷的时段",
)
_NO_CIRCUIT = Text(
    "the cold is not metered apart from the heat (FC, TC1, TC2)",
    "供冷侧未与供热侧分开计量（FC、TC1、TC2）",
)
_FIRST_LAW = Text(
    "first law not closed: {gap:.1f} % of the heat, above {limit:g} %; COP_sys(h+c) is not claimed",
    "热力学第一定律不闭合：偏差为供热量的 {gap:.1f} %，超过 {limit:g} %，"
    "不得采用热冷同供系统性能系数",
)
_UNCHECKED = Text(
    "the first law could not be checked: {reason}", "无法核对热力学第一定律：{reason}"
)


def results(context: Context) -> list[Result]:
    """K-05 where the site may heat and cool together; else nothing."""
    site = context.site
    together = site.operation.simultaneous or any(
        pump.simultaneous or pump.heat_recovery != "none" for pump in site.heat_pumps.values()
    )
    if not together or not site.heat_pumps:
        return []
    more: dict[str, Any] = {
        "mode": "simultaneous",
        "boundary": SYSTEM_BOUNDARY,
        "rules": ("quality.first_law_simultaneous",),
    }
    try:
        return [_simultaneous(context, more)]
    except Refusal as refusal:
        return [not_made("cop_simultaneous", "K-05", refusal, **more)]


def _simultaneous(context: Context, more: dict[str, Any]) -> Result:
    units = equipment(context, ["heat_pumps"])
    if "cooling" not in measured_circuits(context):
        raise Refusal(_NO_CIRCUIT, ["FC heat_energy cooling " + "+".join(sorted(units))])
    warm = unit_heat(context, units, frozenset())
    cold = unit_heat(context, units, frozenset(), cooling=True)
    power = electricity(context, equipment(context, SYSTEM))
    spans = _both(context, warm, cold)
    useful, work = over_common_time([*warm, *cold], power, spans)
    value = ratio(useful, work)
    gap, reason = first_law(context, units, warm, cold, spans)
    limit = context.rules.value("quality.first_law_simultaneous")
    if gap is not None and gap > limit:
        raise Refusal(_FIRST_LAW.format(gap=gap, limit=limit))
    trusted = trust(context, value.coverage, useful, work)
    if gap is None and reason is not None:
        trusted |= {"status": "indicative", "reason": _UNCHECKED.format(reason=reason)}
    trusted["detail"] |= {
        "useful_kwh": useful.value / KWH,
        "electricity_kwh": work.value / KWH,
        "hours": length(spans) / 3600.0,
        "first_law_gap": gap,
    }
    return made("cop_simultaneous", "K-05", value, **trusted, **more)


def _both(context: Context, warm: list[Term], cold: list[Term]) -> Spans:
    """The time in which heat and cold were both delivered."""
    spans = mode_spans(context, "simultaneous")
    for terms in (warm, cold):
        delivered = np.empty((0, 2), dtype=np.int64)
        for part, sign in terms:
            on = sign * part.value > 0.0
            new = joined(part.start[on], part.end[on])
            delivered = new if not len(delivered) else _union(delivered, new)
        spans = intersection(spans, delivered)
    if length(spans) == 0.0:
        raise Refusal(_NOT_BOTH)
    return spans


def _union(one: Spans, other: Spans) -> Spans:
    """Time that lies in either, (m, 2)."""
    both = np.concatenate([one, other])
    both = both[np.argsort(both[:, 0], kind="stable")]
    ends = np.maximum.accumulate(both[:, 1])
    fresh = np.append(True, both[1:, 0] > ends[:-1])
    last = np.append(np.flatnonzero(fresh)[1:] - 1, len(both) - 1)
    return np.column_stack([both[fresh, 0], ends[last]])


def first_law(
    context: Context, units: frozenset[str], warm: list[Term], cold: list[Term], spans: Spans
) -> tuple[float | None, Text | None]:
    """``|Q_h - Q_c - Q_source - N| / Q_h`` in per cent, or why it cannot be said.

    N is the electricity of the units alone. Without a source-side meter the source is taken to
    exchange nothing, which holds for a plant that only moves heat from the cold to the warm side.
    """
    try:
        work = electricity(context, units)
        source = unit_source_heat(context, units) if "source" in measured_circuits(context) else []
        taken = [(part, -sign) for part, sign in (*cold, *source, *work)]
        heat, gap = over_common_time(warm, [*warm, *taken], spans)
    except Refusal as refusal:
        return None, refusal.reason
    if heat.value <= 0.0:
        return None, _NOT_BOTH
    return 100.0 * abs(gap.value) / heat.value, None
