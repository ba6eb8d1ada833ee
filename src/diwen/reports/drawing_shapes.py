"""The shapes of printed charts on matplotlib axes: curves, bars, intervals, calendars, limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.language import Language
from diwen.reports.chart import UNVERIFIED_MARK, Axis, Chart, Trace, Values, cell_classes
from diwen.reports.font import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, SOFT = "#1d2733", "#5b6875"
_LEGEND_COLUMNS = 4
_NAMES_WIDE = 110  # letters that fit side by side under the axes


def legend_rows(chart: Chart) -> int:
    """Lines of the legend above the axes, beyond the one beside the axis title."""
    return max(0, -(-len(chart.traces) // _LEGEND_COLUMNS) - 1)


def curves(axes: Axes, chart: Chart, language: Language) -> None:
    """Lines, points and bars over time, categories or numbers."""
    sides = [axes, *([axes.twinx()] if len(chart.y) > 1 else [])]
    for place, (side, axis) in enumerate(zip(sides, chart.y, strict=True)):
        # The title stands level above its axis, where it is read first.
        side.annotate(
            _plain(axis.label(language)), (float(place), 1.0), xytext=(-34 + 68 * place, 7),
            xycoords="axes fraction", textcoords="offset points", color=SOFT,
            ha="right" if place else "left", va="bottom", fontsize=7.5,
        )  # fmt: skip
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
        handles = [handle for side in sides for handle in side.get_legend_handles_labels()[0]]
        # Between two axis titles the legend stands in the middle.
        two = len(sides) > 1
        axes.legend(
            handles=handles, loc="lower center" if two else "lower right",
            bbox_to_anchor=(0.5 if two else 1.0, 1.0), borderaxespad=0.3,
            ncols=min(_LEGEND_COLUMNS, len(chart.traces)), fontsize=7.5, handlelength=1.4,
            columnspacing=1.2,
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
    # A bar of no height would hold the axis down to its foot, which is another bar's head.
    drawn = [place for place, height in enumerate(heights) if height] or range(len(heights))
    side.bar(
        [positions[place] for place in drawn], [heights[place] for place in drawn], width * 0.94,
        bottom=[base[place] for place in drawn], color=trace.colour,
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
            fmt="none", ecolor=INK, elinewidth=0.7, capsize=2,
        )  # fmt: skip


def _marks(axes: Axes, chart: Chart, language: Language) -> None:
    for mark in chart.marks:
        dash = "-" if mark.verified else "--"
        text = _plain(mark.text.to(language) + ("" if mark.verified else f" {UNVERIFIED_MARK}"))
        if mark.axis == "x":
            axes.axvline(mark.value, color="#b3261e", linewidth=0.7, linestyle=dash)
            # At the foot and towards the middle: the legend stands above, the edge is near.
            left = mark.value < sum(axes.get_xlim()) / 2
            axes.annotate(
                text, (mark.value, 0.0), xycoords=("data", "axes fraction"), fontsize=6.5,
                xytext=(3 if left else -3, 3), textcoords="offset points",
                color="#b3261e", ha="left" if left else "right", va="bottom",
            )  # fmt: skip
        else:
            axes.axhline(mark.value, color="#b3261e", linewidth=0.7, linestyle=dash)
            axes.annotate(
                text, (1.0, mark.value), xycoords=("axes fraction", "data"), fontsize=6.5,
                color="#b3261e", ha="right", va="bottom",
            )  # fmt: skip


def intervals(axes: Axes, chart: Chart, language: Language) -> None:
    """Values with their intervals lying one under the other, and upright limit lines."""
    axes.spines["right"].set_visible(False)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    for trace in chart.traces:
        y = _holes(trace.y)
        if trace.shape == "bar":
            _lying(axes, trace, y)
            continue
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
    if chart.y[0].least is not None:
        axes.set_xlim(left=chart.y[0].least)
    if chart.y[0].most is not None:
        axes.set_xlim(right=chart.y[0].most)
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


def _lying(axes: Axes, trace: Trace, lengths: list[float]) -> None:
    """Bars to the right, each with its interval."""
    begin = _holes(trace.base) if trace.base else [0.0] * len(lengths)
    spans = [end - start for start, end in zip(begin, lengths, strict=True)]
    axes.barh(trace.x, spans, 0.62, left=begin, color=trace.colour, linewidth=0)
    if trace.low:
        low, high = _holes(trace.low), _holes(trace.high)
        axes.hlines(trace.x, low, high, color=INK, linewidth=0.8)


def calendar(axes: Axes, chart: Chart, language: Language) -> None:
    """A map of cells: one line per point, one column per day."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Patch, Rectangle

    trace = next(trace for trace in chart.traces if trace.shape == "cells")
    classes = cell_classes(chart.edges)
    boxes: dict[str, list[Rectangle]] = {colour: [] for _, _, colour, _ in classes}
    for line, first, last, colour in _bands(trace, classes):
        boxes[colour].append(Rectangle((first - 0.5, line - 0.42), last - first + 1, 0.84))
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
    axes.legend(
        handles=[Patch(color=colour, label=label) for _, _, colour, label in classes],
        loc="upper right", bbox_to_anchor=(1.0, 0.0), borderaxespad=2.6, ncols=5, fontsize=7,
        handlelength=1.0, columnspacing=1.2,
    )  # fmt: skip


def _bands(
    trace: Trace, classes: list[tuple[float | None, float | None, str, str]]
) -> Iterator[tuple[float, float, float, str]]:
    """Line, first and last day and colour of each run of days of one class.

    One band in place of a box per day: a year of many points has tens of thousands of days, and
    hairlines between boxes come out uneven in print.
    """
    cells = sorted(
        (line, column, _colour(cell, classes))
        for column, line, cell in zip(trace.x, trace.y, trace.cells, strict=True)
        if line is not None and cell is not None
    )
    begin = 0
    for here in range(1, len(cells) + 1):
        line, column, colour = cells[here - 1]
        if here == len(cells) or cells[here] != (line, column + 1, colour):
            yield line, cells[begin][1], column, colour
            begin = here


def _colour(cell: float, classes: list[tuple[float | None, float | None, str, str]]) -> str:
    if cell <= 0.0:
        return classes[0][2]
    return next(colour for _, high, colour, _ in classes[1:] if high is None or cell < high)


def _horizontal(axes: Axes, axis: Axis, language: Language) -> None:
    if axis.kind == "category":
        names = [_plain(category.to(language)) for category in axis.categories]
        # As many names as stand beside each other with a space between.
        widest = max((len(name) for name in names), default=1)
        step = max(1, -(-len(names) // max(1, _NAMES_WIDE // (widest + 3))))
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
                show_offset=False,
                formats=["%Y", "%Y-%m", "%m-%d", "%H:%M", "%H:%M", "%S.%f"],
                zero_formats=["", "%Y-%m", "%Y-%m", "%m-%d", "%H:%M", "%H:%M"],
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
    return printable(text).replace("$", r"\$")
