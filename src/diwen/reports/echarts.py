"""Charts as option dictionaries of Apache ECharts 6: plain JSON, no function inside.

The page's script (``assets/charts.js``) adds what JSON cannot carry: the tooltip text and the
light or dark theme.
"""

from __future__ import annotations

import math
from typing import Any

from diwen.language import Language
from diwen.reports.chart import UNVERIFIED_MARK, Axis, Chart, Mark, Trace, cell_classes, rounded

# Series that only carry a band are named so; the script and the legend leave them out.
BAND = "\u200bband"
# How instants read along a time axis; the same in both languages.
_DATES = {
    "year": "{yyyy}-{MM}",
    "month": "{yyyy}-{MM}",
    "day": "{MM}-{dd}",
    "hour": "{HH}:{mm}",
    "minute": "{HH}:{mm}",
    "second": "{HH}:{mm}:{ss}",
    "millisecond": "{HH}:{mm}:{ss}",
    "none": "{yyyy}-{MM}-{dd}",
}


def option(chart: Chart, language: Language) -> dict[str, Any]:
    """The option dictionary of a chart.

    Parameters
    ----------
    chart : what to show
    language : language of every text in it

    Returns
    -------
    dict : JSON-able option for ``echarts.init(element).setOption(option)``; the key ``diwen``
        holds units and decimals of the vertical axes for the tooltip
    """
    if any(trace.shape == "cells" for trace in chart.traces):
        return _map(chart, language)
    across = chart.across
    series: list[dict[str, Any]] = []
    datasets: list[dict[str, Any]] = []
    for number, trace in enumerate(chart.traces):
        series += _series(trace, number, len(datasets), language, across)
        datasets.append({"source": _columns(trace)})
    if series and chart.marks:
        series[-1]["markLine"] = _marks(chart.marks, language, "start" if across else "end")
    value_axes = [_axis(axis, language, side, across) for side, axis in enumerate(chart.y)]
    if chart.marks:
        value_axes[0] |= _reach(chart, "x" if across else "y")
    x_axis = _axis(chart.x, language, 0)
    if chart.x.kind == "value":
        # Along the bottom the title stands below the middle, and the axis at the lower edge.
        x_axis |= {**_name_place(0, True), "position": "bottom", "axisLine": {"onZero": False}}
    legend = [] if across else [trace.name.to(language) for trace in chart.traces]
    zoom = chart.x.kind == "time" or len(chart.x.categories) > 14
    return {
        "aria": {"enabled": True, "label": {"description": chart.title.to(language)}},
        "animation": False,
        "useUTC": True,
        "dataset": datasets,
        "legend": {"type": "scroll", "top": 0, "data": legend, "show": len(legend) > 1},
        "grid": {
            "left": 12,
            "right": 60 if across else 24,
            "top": 60 if len(legend) > 1 else 36,
            "bottom": 56 if zoom else 44 if chart.x.kind == "value" and not across else 30,
            "containLabel": True,
        },
        "tooltip": {"trigger": "axis" if not across else "item", "confine": True},
        "xAxis": value_axes[0] if across else x_axis,
        "yAxis": {**x_axis, "inverse": True} if across else value_axes,
        "dataZoom": _zoom() if zoom and not across else [],
        "series": series,
        "diwen": {
            "units": [axis.unit for axis in chart.y],
            "decimals": [axis.decimals for axis in chart.y],
            "x": {"kind": chart.x.kind, "unit": chart.x.unit, "decimals": chart.x.decimals},
        },
    }


def _columns(trace: Trace) -> dict[str, list[float | None]]:
    columns: dict[str, list[float | None]] = {
        # Whole numbers without a decimal point: instants are the longest part of a page.
        "x": [int(value) if value == int(value) else value for value in trace.x],
        "y": [rounded(value) for value in trace.y],
    }
    if trace.low:
        low, high = [rounded(v) for v in trace.low], [rounded(v) for v in trace.high]
        columns["low"], columns["high"] = low, high
        columns["width"] = [
            None if a is None or b is None else rounded(b - a)
            for a, b in zip(low, high, strict=True)
        ]
    if trace.base:
        ends = list(zip(trace.base, trace.y, strict=True))
        columns["base"] = [None if None in pair else rounded(min(pair)) for pair in ends]  # type: ignore[type-var]
        columns["span"] = [None if a is None or b is None else rounded(abs(b - a)) for a, b in ends]
    return columns


def _series(
    trace: Trace, number: int, dataset: int, language: Language, across: bool
) -> list[dict[str, Any]]:
    name = trace.name.to(language)
    common: dict[str, Any] = {
        "datasetIndex": dataset,
        "encode": {"x": "y", "y": "x"} if across else {"x": "x", "y": "y"},
    }
    if not across:
        common["yAxisIndex"] = trace.axis
    shown: dict[str, Any] = {**common, "name": name, "itemStyle": {"color": trace.colour}}
    if trace.shape in ("line", "area"):
        shown |= {
            "type": "line",
            "showSymbol": len(trace.x) < 3,
            "connectNulls": False,
            "lineStyle": {"width": 1.4, "color": trace.colour},
        }
        if trace.shape == "area":
            shown["areaStyle"] = {"color": trace.colour, "opacity": 0.25}
    elif trace.shape == "bar":
        shown |= {"type": "bar", "barMaxWidth": 26, "large": len(trace.x) > 400}
        if across:
            shown |= {"barWidth": 15, "barGap": "-100%"}
    else:
        size = 11 if trace.shape == "interval" else 5
        shown |= {"type": "scatter", "symbolSize": size}
    if trace.stack:
        shown["stack"] = trace.stack
    if trace.base and across:
        steps = _floating(shown, number)
        return [*steps, _whiskers(common, across)] if trace.low else steps
    if not trace.low:
        return [shown]
    if trace.shape == "bar":
        return [shown, _whiskers(common, across)]
    return [*_band(trace, number, common, across), shown]


def _floating(shown: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """A lying bar that begins where ``base`` says: an unseen one up to there, then the step."""
    stacked = {**shown, "stack": f"step {number}", "stackStrategy": "all"}
    unseen = {
        **stacked, "name": BAND, "silent": True, "itemStyle": {"color": "transparent"},
        "encode": {**shown["encode"], "x": "base"},
    }  # fmt: skip
    return [unseen, {**stacked, "encode": {**shown["encode"], "x": "span"}}]


def _whiskers(common: dict[str, Any], across: bool) -> dict[str, Any]:
    """Error bars on bars; the page's script draws them (``diwen``: ``whisker``)."""
    bounds = ["low", "high"]
    return {
        **common,
        "name": BAND,
        "type": "custom",
        "silent": True,
        "diwen": "whisker across" if across else "whisker",
        "encode": {"x": bounds, "y": "x"} if across else {"x": "x", "y": bounds},
        "z": 5,
    }


def _band(trace: Trace, number: int, common: dict[str, Any], across: bool) -> list[dict[str, Any]]:
    """Two stacked series: an unseen one up to the lower bound, a pale one up to the upper."""
    kind: dict[str, Any] = {
        "name": BAND,
        "silent": True,
        "stack": f"band {number}",
        "stackStrategy": "all",
    }
    if across:
        kind |= {"type": "bar", "barWidth": 14, "barGap": "-100%"}
    else:
        kind |= {"type": "line", "showSymbol": False, "lineStyle": {"width": 0}}
    value = "x" if across else "y"
    lower = {**common, **kind, "encode": {**common["encode"], value: "low"}}
    upper = {**common, **kind, "encode": {**common["encode"], value: "width"}}
    if across:
        lower["itemStyle"] = {"color": "transparent"}
        upper["itemStyle"] = {"color": trace.colour, "opacity": 0.3}
    else:
        lower["itemStyle"] = upper["itemStyle"] = {"color": trace.colour, "opacity": 0}
        upper["areaStyle"] = {"color": trace.colour, "opacity": 0.2}
    return [lower, upper]


def _axis(axis: Axis, language: Language, side: int, across: bool = False) -> dict[str, Any]:
    label = axis.label(language)
    if axis.kind == "category":
        return {
            "type": "category",
            "data": [category.to(language) for category in axis.categories],
            "axisTick": {"show": False},
            "axisLabel": {"hideOverlap": True},
        }
    if axis.kind == "time":
        return {
            "type": "time",
            "name": label,
            "nameLocation": "middle",
            "nameGap": 26,
            "axisLine": {"onZero": False},
            "axisLabel": {"hideOverlap": True, "formatter": _DATES},
        }
    return {
        "type": "value",
        "name": label,
        **_name_place(side, across),
        "scale": not axis.from_zero,
        **({} if axis.least is None else {"min": rounded(axis.least)}),
        **({} if axis.most is None else {"max": rounded(axis.most)}),
        "position": "bottom" if across else "left" if side == 0 else "right",
        "splitLine": {"show": side == 0, "lineStyle": {"opacity": 0.5}},
    }


def _name_place(side: int, across: bool) -> dict[str, Any]:
    if across:
        return {"nameLocation": "middle", "nameGap": 26}
    return {"nameLocation": "end", "nameTextStyle": {"align": "left" if side == 0 else "right"}}


def _marks(marks: tuple[Mark, ...], language: Language, top: str) -> dict[str, Any]:
    """Limit lines; ``top`` is the end of an upright line that lies at the upper edge."""
    data = []
    for number, mark in enumerate(marks):
        vertical = mark.axis == "x"
        text = mark.text.to(language) + ("" if mark.verified else f" {UNVERIFIED_MARK}")
        data.append(
            {
                "xAxis" if vertical else "yAxis": rounded(mark.value),
                "label": {
                    "formatter": text.replace("{", "(").replace("}", ")"),
                    "position": top if vertical else "insideEndTop",
                    # Neighbouring labels stand at two heights, not over each other.
                    "distance": 4 + 13 * (number % 2) if vertical else 2,
                },
                "lineStyle": {"type": "solid" if mark.verified else "dashed"},
            }
        )
    return {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": "#b3261e", "width": 1},
        "label": {"color": "#b3261e", "fontSize": 11},
        "data": data,
    }


def _reach(chart: Chart, along: str) -> dict[str, Any]:
    """Ends of the first value axis that leave room for every limit line, with a margin."""
    values = [mark.value for mark in chart.marks if mark.axis == along]
    for trace in (trace for trace in chart.traces if trace.axis == 0):
        values += [v for v in (*trace.y, *trace.low, *trace.high) if v is not None]
    if not values:
        return {}
    low, high = min(values), max(values)
    if chart.y[0].from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    # A level curve is drawn level, not as the rounding errors that it is made of.
    margin = 0.08 * (max(high - low, 1e-3 * abs(high)) or 1.0)
    # Outwards to a step as the axis is labelled, so that its ends are labels like the others;
    # rounding must not cut the data.
    place = _label_step(high - low + 2.0 * margin)
    ends = {
        "min": rounded(math.floor((low - margin) / place) * place),
        "max": rounded(math.ceil((high + margin) / place) * place),
    }
    return {"max": ends["max"]} if chart.y[0].from_zero and low == 0.0 else ends


def _label_step(span: float) -> float:
    """Distance of the labels of an axis, 1, 2 or 5 of a power of ten: about five of them."""
    power = 10.0 ** math.floor(math.log10(span / 5.0))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power >= 0.7 * span / 5.0)


def _zoom() -> list[dict[str, Any]]:
    return [
        # The wheel belongs to the page; with Ctrl it zooms the picture.
        {"type": "inside", "zoomOnMouseWheel": "ctrl", "moveOnMouseWheel": False,
         "preventDefaultMouseMove": False, "filterMode": "none"},
        {"type": "slider", "height": 18, "bottom": 6, "filterMode": "none", "showDetail": False},
    ]  # fmt: skip


def _map(chart: Chart, language: Language) -> dict[str, Any]:
    """A calendar of cells, 0..100 %: one row per point, one column per day."""
    trace = next(trace for trace in chart.traces if trace.shape == "cells")
    data = [
        [column, row, rounded(cell, 3)]
        for column, row, cell in zip(trace.x, trace.y, trace.cells, strict=True)
        if cell is not None
    ]
    return {
        "aria": {"enabled": True, "label": {"description": chart.title.to(language)}},
        "animation": False,
        "grid": {"left": 12, "right": 16, "top": 10, "bottom": 52, "containLabel": True},
        "tooltip": {"trigger": "item", "confine": True},
        "xAxis": {**_axis(chart.x, language, 0), "splitArea": {"show": False}},
        "yAxis": {
            **_axis(chart.y[0], language, 0),
            "inverse": True,
            "axisLabel": {"interval": 0, "width": 130, "overflow": "truncate"},
        },
        "visualMap": {
            "type": "piecewise",
            "orient": "horizontal",
            "left": "center",
            "bottom": 4,
            "pieces": _pieces(chart.edges),
        },
        "series": [
            {
                "type": "heatmap",
                "name": trace.name.to(language),
                "data": data,
                "itemStyle": {
                    "borderColor": "#fff",
                    # Over a year a border would cover the narrow cells.
                    "borderWidth": 1 if len(chart.x.categories) <= 62 else 0,
                },
            }
        ],
        "diwen": {"units": ["%"], "decimals": [1], "x": {"kind": "category"}},
    }


def _pieces(edges: tuple[float, ...]) -> list[dict[str, Any]]:
    pieces: list[dict[str, Any]] = []
    for low, high, colour, label in cell_classes(edges):
        piece: dict[str, Any] = {"color": colour, "label": label}
        if low is None:
            piece["value"] = 0
        else:
            # An open end at zero is taken as closed by ECharts, so it is put just above.
            piece["gte"] = low or 1e-6
        if high is not None:
            piece["lt"] = high
        pieces.append(piece)
    return pieces
