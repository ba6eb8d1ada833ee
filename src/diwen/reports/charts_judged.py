"""Charts of evaluation results: performance against grade edges, shares, days, water classes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from diwen.evaluation.words import boundary_name, mode_name
from diwen.language import Text
from diwen.reports.chart import COLOURS, MODE_COLOURS, Axis, Chart, Mark, Trace
from diwen.reports.judgement import name

if TYPE_CHECKING:
    from diwen.evaluation import Result
    from diwen.rules import Row

_PERFORMANCE = tuple(f"K-{number:02d}" for number in (1, 2, 3, 4, 5, 8, 9))
_SOURCE_CIRCULATION = "Annex 52-0"
# Amounts that follow from others: the ground's difference, the renewable share of the heat.
_DERIVED = frozenset({"K-16", "K-41"})
_BARS = Text(
    "Bars: value; the line across the end is the expanded uncertainty interval (k = 2).",
    "柱为数值，柱端横线为扩展不确定度区间（k = 2）。",
)
_INTERVAL = Text(
    "Dot: value; bar: expanded uncertainty interval (k = 2).",
    "圆点为数值，色条为扩展不确定度区间（k = 2）。",
)


def performance(results: Sequence[Result], rows: Sequence[Row], mode: str) -> Chart | None:
    """Coefficients of performance of one mode as dots with their interval, and the grade edges.

    Parameters
    ----------
    results : any results; those of performance in that mode that have a value are taken
    rows : the rule rows used; those the results name and that compare with a pure number are drawn
    mode : ``heating``, ``cooling``, ``simultaneous``, ``hot_water`` or ``all``

    Returns
    -------
    Chart, or None if no performance in that mode has a value
    """
    shown = [
        result
        for result in results
        if result.catalogue in _PERFORMANCE
        and result.mode == mode
        and result.status != "refused"
        and result.unit == ""
        and not result.detail.get("equals")
        # A factor of the source circulation is of another size than those of heat pumps.
        and result.boundary != _SOURCE_CIRCULATION
    ]
    if not shown:
        return None
    named = {rule for result in shown for rule in result.rules}
    marks = tuple(
        Mark(row.value, _edge(row), row.verified or row.evidence == "E", "x")
        for row in sorted(rows, key=lambda row: row.value or 0.0)
        if row.id in named and row.value is not None and row.unit == "1" and "grade" in row.id
    )
    word = mode_name(mode)
    traces = tuple(
        _interval_trace(result, number, MODE_COLOURS.get(mode, COLOURS["outdoor"]))
        for number, result in enumerate(shown)
    )
    return Chart(
        id=f"performance_{mode}",
        title=_performance_title(word, bool(marks)),
        x=Axis(Text("Indicator", "指标"), kind="category", categories=tuple(map(_label, shown))),
        y=(Axis(Text("Coefficient of performance", "性能系数"), decimals=2),),
        traces=traces,
        marks=marks,
        note=_INTERVAL,
    )


def _edge(row: Row) -> Text:
    """The grade alone: the title says of what, and edges stand close together."""
    number = row.id.rsplit("grade", 1)[-1]
    return Text(f"grade {number}", f"{number} 级") if number.isdigit() else row.text


def _performance_title(mode: Text, edges: bool) -> Text:
    if edges:
        return Text(f"Performance and grade edges ({mode.en})", f"能效指标与等级界限（{mode.zh}）")
    return Text(f"Performance ({mode.en})", f"能效指标（{mode.zh}）")


def _label(result: Result) -> Text:
    text = name(result)
    said = set(re.split(r"[ -]", text.en))
    if result.boundary and not said.issuperset(re.split(r"[ -]", result.boundary)):
        inside = boundary_name(result.boundary)
        return Text(f"{text.en}, {inside.en}", f"{text.zh}，{inside.zh}")
    return text


def _interval_trace(result: Result, number: int, colour: str) -> Trace:
    value, spread = result.value, result.uncertainty
    bounds = spread is not None and value is not None
    return Trace(
        name=_label(result),
        shape="interval",
        x=(float(number),),
        y=(value,),
        low=(value - spread,) if bounds and value is not None and spread is not None else (),
        high=(value + spread,) if bounds and value is not None and spread is not None else (),
        colour=colour,
        origin=result.origin or ("measured",),
        points=result.inputs,
    )


def amounts(results: Sequence[Result], chart_id: str, title: Text) -> Chart | None:
    """Energies of the period one under the other, with their uncertainty.

    Takes every amount in kWh that has a value; None if there is none. What follows from others
    (a difference, a share that counts as renewable) is no part and is left out.
    """
    shown = [
        r
        for r in results
        if r.status != "refused" and r.unit == "kWh" and r.catalogue not in _DERIVED
    ]
    if not shown:
        return None
    bounded = any(result.uncertainty for result in shown)
    return Chart(
        id=chart_id,
        title=title,
        x=Axis(Text("Part", "分项"), kind="category", categories=tuple(map(_label, shown))),
        y=(Axis(Text("Energy", "能量"), "kWh", decimals=0, from_zero=True),),
        traces=tuple(_amount(result, place) for place, result in enumerate(shown)),
        note=_BARS if bounded else None,
        lying=True,
    )


def _amount(result: Result, place: int) -> Trace:
    value, spread = result.value, result.uncertainty
    bounds = value is not None and spread is not None
    return Trace(
        name=_label(result),
        shape="bar",
        x=(float(place),),
        y=(value,),
        low=(value - spread,) if bounds and value is not None and spread is not None else (),
        high=(value + spread,) if bounds and value is not None and spread is not None else (),
        colour=_colour(result),
        origin=result.origin or ("measured",),
        points=result.inputs,
    )


def _colour(result: Result) -> str:
    """Heat warm, cold cold; electricity and the ground have their own colours."""
    if result.id.startswith("electric"):
        return COLOURS["electricity"]
    if result.id in ("heat_extraction", "heat_injection"):
        return COLOURS["water"]
    return MODE_COLOURS.get(result.mode, COLOURS["outdoor"])
