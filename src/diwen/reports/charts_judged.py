"""Charts of evaluation results: performance against grade edges, shares, days, water classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from diwen.evaluation.words import boundary_name, mode_name
from diwen.language import Text
from diwen.reports.chart import COLOURS, CYCLE, Axis, Chart, Mark, Trace, unique
from diwen.reports.judgement import name

if TYPE_CHECKING:
    from diwen.evaluation import Result
    from diwen.rules import Row

_PERFORMANCE = tuple(f"K-{number:02d}" for number in (1, 2, 3, 4, 5, 8, 9))
_SOURCE_CIRCULATION = "Annex 52-0"
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
        _interval_trace(result, number, CYCLE[0] if mode != "cooling" else CYCLE[5])
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
    if result.boundary and result.boundary not in text.en:
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
    """Energies of the period side by side, one bar per result, with their uncertainty.

    Takes every result in kWh that has a value; None if there is none.
    """
    shown = [r for r in results if r.status != "refused" and r.unit == "kWh"]
    if not shown:
        return None
    heights = tuple(result.value for result in shown)
    spreads = [result.uncertainty or 0.0 for result in shown]
    return Chart(
        id=chart_id,
        title=title,
        x=Axis(Text("Part", "分项"), kind="category", categories=tuple(map(_label, shown))),
        y=(Axis(Text("Energy", "能量"), "kWh", decimals=0, from_zero=True),),
        traces=(
            Trace(
                name=Text("Energy in the period", "周期内能量"),
                shape="bar",
                x=tuple(float(number) for number in range(len(shown))),
                y=heights,
                low=tuple(
                    None if h is None else h - s for h, s in zip(heights, spreads, strict=True)
                )
                if any(spreads)
                else (),
                high=tuple(
                    None if h is None else h + s for h, s in zip(heights, spreads, strict=True)
                )
                if any(spreads)
                else (),
                colour=COLOURS["source"],
                origin=unique(origin for result in shown for origin in result.origin),
                points=unique(point for result in shown for point in result.inputs),
            ),
        ),
        note=Text(
            "Bars: value; the interval is the expanded uncertainty (k = 2).",
            "柱为数值，区间为扩展不确定度（k = 2）。",
        )
        if any(spreads)
        else None,
    )
