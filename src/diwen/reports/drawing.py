"""Charts as SVG for the printed report, drawn by matplotlib from the same neutral description.

Text stays text: the SVG names the font, and the PDF sets it with the embedded one, so that
Chinese is right wherever the report is printed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.language import Language
from diwen.reports.chart import UNVERIFIED_MARK, Axis, Chart, Trace, Values, cell_classes
from diwen.reports.font import FAMILY, font_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH = 7.0  # inch, the text width of the page
_INK, _SOFT, _LINE = "#1d2733", "#5b6875", "#d9e0e6"
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "diwen",
    "font.size": 8.0,
    "text.color": _INK,
    "axes.edgecolor": _SOFT,
    "axes.labelcolor": _SOFT,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": _LINE,
    "grid.linewidth": 0.5,
    "xtick.color": _SOFT,
    "ytick.color": _SOFT,
    "legend.frameon": False,
}


def svg(chart: Chart, language: Language) -> str:
    """One chart as SVG.

    Parameters
    ----------
    chart : what to draw
    language : language of its texts

    Returns
    -------
    str : SVG, the same bytes for the same chart
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with rc_context({**_STYLE, "font.family": [_registered()]}):
        figure = Figure(figsize=(_WIDTH, _height(chart)), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        if any(trace.shape == "cells" for trace in chart.traces):
            _calendar(axes, chart, language)
        elif any(trace.shape == "interval" for trace in chart.traces):
            _intervals(axes, chart, language)
        else:
            _curves(axes, chart, language)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


@cache
def _registered() -> str:
    """Make the report's font known to matplotlib, so that it measures texts rightly."""
    from matplotlib.font_manager import fontManager

    fontManager.addfont(str(font_file()))
    return FAMILY


def _height(chart: Chart) -> float:
    rows = max((len(axis.categories) for axis in chart.y), default=0)
    if any(trace.shape == "interval" for trace in chart.traces):
        return 0.8 + 0.38 * len(chart.x.categories)
    return 0.9 + 0.19 * rows if rows else 2.7


def _curves(axes: Axes, chart: Chart, language: Language) -> None:
    sides = [axes, *([axes.twinx()] if len(chart.y) > 1 else [])]
    for side, axis in zip(sides, chart.y, strict=True):
        side.set_ylabel(_plain(axis.label(language)))
    if len(sides) > 1:
        sides[1].grid(False)
        sides[1].spines["right"].set_visible(True)
    else:
        axes.spines["right"].set_visible(False)
    bottoms: dict[str, list[float]] = {}
    bars = [trace for trace in chart.traces if trace.shape == "bar"]
    groups = list(dict.fromkeys(trace.stack or trace.name.en for trace in bars))
    for trace in chart.traces:
        side = sides[trace.axis]
        if trace.shape == "bar":
            place = groups.index(trace.stack or trace.name.en)
            _bars(side, trace, language, bottoms, place, len(groups))
        else:
            _line(side, trace, chart.x, language)
    _marks(axes, chart, language)
    _horizontal(axes, chart.x, language)
    for side, axis in zip(sides, chart.y, strict=True):
        side.yaxis.set_major_formatter(_tick)
        if axis.from_zero:
            side.set_ylim(*_with_zero(side.get_ylim()))
    if len(chart.traces) > 1:
        axes.figure.legend(
            loc="outside upper left", ncols=min(4, len(chart.traces)), fontsize=7.5,
            handlelength=1.4, borderaxespad=0.2,
        )  # fmt: skip


def _line(side: Axes, trace: Trace, axis: Axis, language: Language) -> None:
    x = _positions(trace.x, axis)
    y = _holes(trace.y)
    name = _plain(trace.name.to(language))
    if trace.low:
        side.fill_between(
            x, _holes(trace.low), _holes(trace.high), color=trace.colour, alpha=0.2, linewidth=0
        )
    if trace.shape == "points":
        side.scatter(x, y, s=7, color=trace.colour, label=name, linewidths=0)
        return
    lonely = {"marker": "o", "markersize": 2.5} if len(x) < 3 else {}
    side.plot(x, y, color=trace.colour, linewidth=0.9, label=name, **lonely)  # type: ignore[arg-type]
    if trace.shape == "area":
        side.fill_between(x, y, 0.0, color=trace.colour, alpha=0.25, linewidth=0)


def _bars(
    side: Axes,
    trace: Trace,
    language: Language,
    bottoms: dict[str, list[float]],
    place: int,
    groups: int,
) -> None:
    # Few bars stay slender.
    width = min(0.8, 0.11 * max(len(trace.x), 2)) / groups
    heights = [0.0 if value is None else value for value in trace.y]
    positions = [x + width * (place + 0.5 - groups / 2) for x in trace.x]
    stack = trace.stack or trace.name.en
    base = bottoms.get(stack, [0.0] * len(heights))
    side.bar(
        positions, heights, width * 0.94, bottom=base, color=trace.colour,
        label=_plain(trace.name.to(language)),
    )  # fmt: skip
    bottoms[stack] = [a + b for a, b in zip(base, heights, strict=True)]
    if trace.low:
        known = [
            (x, y, low, high)
            for x, y, low, high in zip(positions, trace.y, trace.low, trace.high, strict=True)
            if y is not None and low is not None and high is not None
        ]
        side.errorbar(
            [k[0] for k in known], [k[1] for k in known],
            yerr=[[k[1] - k[2] for k in known], [k[3] - k[1] for k in known]],
            fmt="none", ecolor=_INK, elinewidth=0.7, capsize=2,
        )  # fmt: skip


def _marks(axes: Axes, chart: Chart, language: Language) -> None:
    for mark in chart.marks:
        dash = "-" if mark.verified else "--"
        text = _plain(mark.text.to(language) + ("" if mark.verified else f" {UNVERIFIED_MARK}"))
        if mark.axis == "x":
            axes.axvline(mark.value, color="#b3261e", linewidth=0.7, linestyle=dash)
            axes.annotate(
                text, (mark.value, 1.0), xycoords=("data", "axes fraction"), fontsize=6.5,
                color="#b3261e", rotation=0, ha="center", va="bottom",
            )  # fmt: skip
        else:
            axes.axhline(mark.value, color="#b3261e", linewidth=0.7, linestyle=dash)
            axes.annotate(
                text, (1.0, mark.value), xycoords=("axes fraction", "data"), fontsize=6.5,
                color="#b3261e", ha="right", va="bottom",
            )  # fmt: skip


def _intervals(axes: Axes, chart: Chart, language: Language) -> None:
    axes.spines["right"].set_visible(False)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    for trace in chart.traces:
        y = _holes(trace.y)
        if trace.low:
            low, high = _holes(trace.low), _holes(trace.high)
            axes.barh(
                trace.x, [b - a for a, b in zip(low, high, strict=True)], 0.36, left=low,
                color=trace.colour, alpha=0.3, linewidth=0,
            )  # fmt: skip
        axes.scatter(y, trace.x, s=26, color=trace.colour, zorder=3)
    names = [_plain(category.to(language)) for category in chart.x.categories]
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlabel(_plain(chart.y[0].label(language)))
    axes.margins(x=0.08)
    for number, mark in enumerate(chart.marks):
        text = _plain(mark.text.to(language) + ("" if mark.verified else f" {UNVERIFIED_MARK}"))
        axes.axvline(
            mark.value, color="#b3261e", linewidth=0.7, linestyle="-" if mark.verified else "--"
        )
        # Neighbouring labels stand at two heights so that they do not run into each other.
        axes.annotate(
            text, (mark.value, 1.0), xycoords=("data", "axes fraction"), fontsize=6.5,
            xytext=(0, 1 + 8 * (number % 2)), textcoords="offset points",
            color="#b3261e", ha="center", va="bottom",
        )  # fmt: skip


def _calendar(axes: Axes, chart: Chart, language: Language) -> None:
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Patch, Rectangle

    trace = next(trace for trace in chart.traces if trace.shape == "cells")
    classes = cell_classes(chart.edges)
    boxes: dict[str, list[Rectangle]] = {colour: [] for _, _, colour, _ in classes}
    for column, line, cell in zip(trace.x, trace.y, trace.cells, strict=True):
        if line is not None and cell is not None:
            boxes[_colour(cell, classes)].append(
                Rectangle((column - 0.46, line - 0.42), 0.92, 0.84)
            )
    for colour, group in boxes.items():
        axes.add_collection(PatchCollection(group, facecolor=colour, linewidth=0))
    columns, lines = chart.x.categories, chart.y[0].categories
    axes.set_xlim(-0.6, max(len(columns), 8) - 0.4)
    axes.set_ylim(len(lines) - 0.4, -0.6)
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0)
    axes.set_yticks(range(len(lines)), [_plain(line.to(language)) for line in lines])
    step = max(1, -(-len(columns) // 10))
    axes.set_xticks(
        range(0, len(columns), step),
        [_plain(column.to(language)) for column in columns[::step]],
        fontsize=7,
    )
    axes.figure.legend(
        handles=[Patch(color=colour, label=label) for _, _, colour, label in classes],
        loc="outside lower center", ncols=5, fontsize=7, handlelength=1.0,
    )  # fmt: skip


def _colour(cell: float, classes: list[tuple[float | None, float | None, str, str]]) -> str:
    if cell <= 0.0:
        return classes[0][2]
    return next(colour for _, high, colour, _ in classes[1:] if high is None or cell < high)


def _horizontal(axes: Axes, axis: Axis, language: Language) -> None:
    if axis.kind == "category":
        names = [_plain(category.to(language)) for category in axis.categories]
        step = max(1, -(-len(names) // 12))
        axes.set_xticks(range(0, len(names), step), names[::step])
        axes.set_xlim(-0.6, len(names) - 0.4)
        return
    axes.set_xlabel(_plain(axis.label(language)))
    if axis.kind == "time":
        from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

        locator = AutoDateLocator(maxticks=8)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(
            ConciseDateFormatter(
                locator,
                formats=["%Y", "%Y-%m", "%m-%d", "%H:%M", "%H:%M", "%S.%f"],
                zero_formats=["", "%Y", "%Y-%m", "%m-%d", "%H:%M", "%H:%M"],
                offset_formats=["", "%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%d", "%Y-%m-%d %H:%M"],
            )
        )
        axes.margins(x=0.01)


def _tick(value: float, _place: float) -> str:
    """A number at an axis: thousands separated, no needless zeros, a true minus sign."""
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return text.replace("-", "−") if text != "-0" else "0"


def _positions(x: tuple[float, ...], axis: Axis) -> NDArray[Any]:
    if axis.kind != "time":
        return np.asarray(x, dtype=float)
    return (np.asarray(x) * 1000.0).round().astype("datetime64[us]")


def _holes(values: Values) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def _with_zero(limits: tuple[float, float]) -> tuple[float, float]:
    return min(limits[0], 0.0), max(limits[1], 0.0)


def _plain(text: str) -> str:
    """A text in which matplotlib finds no formula: a dollar sign is a dollar sign."""
    return text.replace("$", r"\$")


def svgs(charts: Iterable[Chart], language: Language) -> dict[str, str]:
    """The SVG of each chart by its id."""
    return {chart.id: svg(chart, language) for chart in charts}
