"""How much of the installed capacity was used (K-33, K-34).

Load factor: heat over rated capacity times running hours, and the share of running hours by load.
Use of capacity: heat over rated capacity times the hours of the mode. The rated capacity is that
of the nameplate; the capacity at the temperatures met is not known here, and the notes say so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.amount import Amount, Refusal, ratio
from diwen.evaluation.increments import Spans, intersection, joined, length
from diwen.evaluation.making import made, not_made
from diwen.evaluation.operation import Way, running_spans
from diwen.evaluation.performance import modes
from diwen.evaluation.plant import Term, each
from diwen.evaluation.ratios import Delivered, delivered, signed_total
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.result import Result

Floats = NDArray[np.float64]

# Edges of the load classes of the table, shares of the rated capacity.
EDGES = (0.0, 0.3, 0.5, 0.7, 0.9, np.inf)
_HOUR_US = 3_600_000_000

_NAMEPLATE = Text(
    "The capacity is that of the nameplate, not corrected for the temperatures met.",
    "容量取铭牌值，未按实际温度修正。",
)
_NO_RATING = Text(
    "The rated capacity of {units} is not given (heat_pumps.ID.rated_{mode}_capacity).",
    "未给出 {units} 的额定容量（heat_pumps.ID.rated_{mode}_capacity）。",
)
_NEVER_RAN = Text("No unit ran in this mode in the period.", "本周期内该工况下没有机组运行。")


def results(context: Context) -> list[Result]:
    """Load factor and use of capacity of the plant, and of each unit that is metered alone."""
    units = list(context.site.heat_pumps)
    if not units:
        return []
    groups = [frozenset(units)]
    if len(units) > 1:
        groups += [frozenset([unit]) for unit in units]
    found: list[Result] = []
    for mode in _modes(context):
        for group in groups:
            found += _group(context, mode, group, "" if len(group) == len(units) else min(group))
    return found


def _modes(context: Context) -> list[Way]:
    """The modes of the period in which a unit of this site is rated."""
    cools = any(
        unit.rated_cooling_capacity is not None for unit in context.site.heat_pumps.values()
    )
    always = context.site.operation.mode == "cooling"
    return [mode for mode in modes(context) if mode == "heating" or cools or always]


def _group(context: Context, mode: Way, units: frozenset[str], of: str) -> list[Result]:
    fields: dict[str, Any] = {"of": of, "mode": mode}
    try:
        rated = _rated(context, mode, units)
        heat = delivered(context, mode, units)
        spans = _running(context, units, heat.spans)
    except Refusal as refusal:
        # A unit that is not metered alone is no shortcoming of the plant.
        return [] if of else [
            not_made("load_factor", "K-33", refusal, **fields),
            not_made("capacity_use", "K-34", refusal, **fields),
        ]  # fmt: skip
    return [
        _load_factor(heat, rated, spans, fields),
        _capacity_use(heat, rated, fields),
    ]


def _rated(context: Context, mode: Way, units: frozenset[str]) -> float:
    """Rated capacity of the units together, W."""
    key = f"rated_{mode}_capacity"
    rated = {unit: getattr(context.site.heat_pumps[unit], key) for unit in sorted(units)}
    lacking = [unit for unit, capacity in rated.items() if not capacity]
    if lacking:
        raise Refusal(_NO_RATING.format(units=", ".join(lacking), mode=mode))
    return float(sum(rated.values()))


def _running(context: Context, units: frozenset[str], mode: Spans) -> Spans:
    """Time in the mode in which at least one of the units ran."""
    ran = np.concatenate([running_spans(context, unit) for unit in sorted(units)])
    ran = ran[np.argsort(ran[:, 0], kind="stable")]
    # Overlapping runs of several units: an end may not lie before an earlier one.
    ran[:, 1] = np.maximum.accumulate(ran[:, 1]) if len(ran) else ran[:, 1]
    spans = intersection(joined(ran[:, 0], ran[:, 1]), mode)
    if length(spans) == 0.0:
        raise Refusal(_NEVER_RAN)
    return spans


def _load_factor(heat: Delivered, rated: float, spans: Spans, fields: dict[str, Any]) -> Result:
    inside = each(heat.terms, lambda part: part.clipped(spans))
    hours = hourly_load(inside, spans, rated)
    seconds = length(spans)
    amount = signed_total(inside, seconds)
    if amount.coverage == 0.0:
        return not_made("load_factor", "K-33", Refusal(_NEVER_RAN), **fields)
    # Only running time with a known heat counts below the line as above it.
    factor = ratio(amount, Amount(rated * seconds * amount.coverage))
    detail = {
        "rated_kw": rated / 1e3,
        "running_hours": seconds / 3600,
        "classes": _classes(hours),
        "highest": float(hours.max()) if len(hours) else None,
    }
    return made("load_factor", "K-33", noted(factor), decimals=2, detail=detail, **fields)


def noted(amount: Amount) -> Amount:
    """The amount with the note that the capacity is that of the nameplate."""
    return replace(amount, notes=(*amount.notes, _NAMEPLATE))


def hourly_load(terms: list[Term], spans: Spans, rated: float) -> Floats:
    """Load of each clock hour (UTC) that ran at least half of it, as a share of the capacity.

    Parameters
    ----------
    terms : heat, J, already clipped to the running time
    spans : running time, µs UTC
    rated : W
    """
    parts = [(part, sign) for part, sign in terms if len(part.start)]
    if not parts or not len(spans):
        return np.empty(0)
    first = min(int(part.start[0]) for part, _ in parts) // _HOUR_US
    last = max(int(part.end[-1]) for part, _ in parts) // _HOUR_US + 1
    energy, seconds = np.zeros(last - first), np.zeros(last - first)
    for part, sign in parts:
        short = (part.end - part.start) <= _HOUR_US
        place = part.start[short] // _HOUR_US - first
        np.add.at(energy, place, sign * part.value[short])
    # The running time of the first meter that was read often enough.
    part = parts[0][0]
    short = (part.end - part.start) <= _HOUR_US
    np.add.at(seconds, part.start[short] // _HOUR_US - first, part.seconds[short])
    ran = seconds >= 1800.0
    return np.asarray(energy[ran] / seconds[ran] / rated)


def _classes(hours: Floats) -> list[dict[str, float | None]]:
    """Share of the running hours by load."""
    counts = np.histogram(hours, EDGES)[0] if len(hours) else np.zeros(len(EDGES) - 1)
    return [
        {"from": low, "to": None if np.isinf(high) else high,
         "share": float(count / len(hours)) if len(hours) else None}
        for low, high, count in zip(EDGES[:-1], EDGES[1:], counts, strict=True)
    ]  # fmt: skip


def _capacity_use(heat: Delivered, rated: float, fields: dict[str, Any]) -> Result:
    seconds = length(heat.spans)
    amount = signed_total(each(heat.terms, lambda part: part.clipped(heat.spans)), seconds)
    if amount.coverage == 0.0:
        return not_made("capacity_use", "K-34", Refusal(_NEVER_RAN), **fields)
    use = ratio(amount, Amount(rated * seconds * amount.coverage)).scaled(100.0)
    return made(
        "capacity_use", "K-34", noted(use), unit="%", decimals=1, **fields,
        detail={"rated_kw": rated / 1e3, "hours": seconds / 3600,
                "full_load_hours": amount.value / rated / 3600},
    )  # fmt: skip
