"""Charts as SVG for the printed report, drawn by matplotlib from the same neutral description.

Text stays text: the SVG names the font, and the PDF sets it with the embedded one, so that
Chinese is right wherever the report is printed.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from diwen.language import Language
from diwen.reports import drawing_shapes as shapes
from diwen.reports.chart import Chart
from diwen.reports.font import FAMILY, font_file

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH = 7.0  # inch, the text width of the page
_ONE_AT_A_TIME = Lock()
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "diwen",
    "font.size": 8.0,
    "text.color": shapes.INK,
    "axes.edgecolor": shapes.SOFT,
    "axes.labelcolor": shapes.SOFT,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": "#d9e0e6",
    "grid.linewidth": 0.5,
    "xtick.color": shapes.SOFT,
    "ytick.color": shapes.SOFT,
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
    return drawn(lambda figure: _chart(figure, chart, language), _height(chart))


def drawn(draw: Callable[[Figure], None], height: float) -> str:
    """Whatever ``draw`` puts on an empty page-wide figure, as SVG in the style of the reports.

    Parameters
    ----------
    draw : draws on the matplotlib figure it is given
    height : of the figure, inch

    Returns
    -------
    str : SVG, the same bytes for the same drawing
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    out = io.StringIO()
    # matplotlib's style is global to the process; a server draws in several threads.
    with _ONE_AT_A_TIME, rc_context({**_STYLE, "font.family": [_registered()]}):
        figure = Figure(figsize=(_WIDTH, height))
        canvas = FigureCanvasSVG(figure)
        draw(figure)
        canvas.print_svg(out, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _chart(figure: Figure, chart: Chart, language: Language) -> None:
    axes = figure.add_axes(_frame(chart, language))
    across = chart.across
    if any(trace.shape == "cells" for trace in chart.traces):
        shapes.calendar(axes, chart, language)
    elif across:
        shapes.intervals(axes, chart, language)
    else:
        shapes.curves(axes, chart, language)
    if across or chart.y[0].categories:
        axes.tick_params(axis="y", labelsize=_label_size(chart, language))


@cache
def _registered() -> str:
    """Make the report's font known to matplotlib, so that it measures texts rightly."""
    from matplotlib.font_manager import fontManager

    fontManager.addfont(str(font_file()))
    return FAMILY


def _height(chart: Chart) -> float:
    """Height of the picture in inch."""
    rows = max((len(axis.categories) for axis in chart.y), default=0)
    if chart.across:
        return 0.85 + (0.22 if chart.lying else 0.3) * len(chart.x.categories)
    return 0.75 + 0.19 * rows if rows else 2.5 + shapes.legend_rows(chart) * 0.16


def _frame(chart: Chart, language: Language) -> tuple[float, float, float, float]:
    """Left, bottom, width and height of the axes as shares of the picture.

    Margins are set from what stands in them, which is several times faster than to let
    matplotlib measure and draw twice.
    """
    high = _height(chart)
    left, right, top, bottom = 0.55, 0.25, 0.26 + 0.16 * shapes.legend_rows(chart), 0.42
    across = chart.across
    lines = chart.x.categories if across else chart.y[0].categories
    if lines:
        left = 0.2 + _widest(chart, language) * _label_size(chart, language) / 72
        top, bottom = (0.4 if chart.marks else 0.1, 0.42) if across else (0.1, 0.55)
    elif len(chart.y) > 1:
        right = 0.6
    return left / _WIDTH, bottom / high, 1 - (left + right) / _WIDTH, 1 - (top + bottom) / high


def _label_size(chart: Chart, language: Language) -> float:
    """Size in points at which the names of the lines leave half of the width to the picture."""
    return min(8.0, 0.5 * _WIDTH * 72 / _widest(chart, language))


def _widest(chart: Chart, language: Language) -> float:
    lines = chart.x.categories or chart.y[0].categories
    if any(axis.categories for axis in chart.y):
        lines = chart.y[0].categories
    return max((_ems(line.to(language)) for line in lines), default=1.0)


def _ems(text: str) -> float:
    """Width of a text in heights of its letters; a Chinese letter is square."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.56 for letter in text)


def svgs(charts: Iterable[Chart], language: Language) -> dict[str, str]:
    """The SVG of each chart by its id."""
    return {chart.id: svg(chart, language) for chart in charts}
