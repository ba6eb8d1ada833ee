"""A layout drawn to scale: plot, obstacles, boreholes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from diwen.language import Language, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from diwen.design.layout_search import Candidate, Plot
    from diwen.sources.borefield.polygon import Polygon

_TITLE = Text("{count} boreholes of {length} m, {spacing} m apart, {pattern}",
              "{count} 个钻孔，孔深 {length} m，孔距 {spacing} m，{pattern}")  # fmt: skip
_BELOW = Text("Plot {area} m², {total} m of borehole; to scale, coordinates in m.",
              "场地 {area} m²，总延米 {total} m；按比例绘制，坐标单位 m。")  # fmt: skip
_INK, _SOFT, _HOLE = "#1d2733", "#5b6875", "#1f6fb2"
_GROUND, _OBSTACLE = "#f3f1ea", "#d5d9dc"
_WIDTH, _TALLEST, _SHORTEST = 7.0, 9.0, 2.2
_BAND, _SIDE = 1.25, 0.85  # inch, around the plot


def layout_figure(
    one: Candidate,
    plot: Plot,
    obstacles: Mapping[str, Polygon],
    pattern: Text,
    path: Path,
    language: Language,
) -> None:
    """Write the picture of a layout that can be built."""
    from diwen.cli._figure_file import write_figure

    low, high = plot.outline.corners.min(axis=0), plot.outline.corners.max(axis=0)
    wide, tall = (high - low) * 1.06
    inner = _WIDTH - _SIDE
    height = min(max(inner * tall / wide, _SHORTEST), _TALLEST)
    size = (_WIDTH, height + _BAND)

    def draw(figure: Figure) -> None:
        place = (0.6 / _WIDTH, 0.75 / size[1], inner / _WIDTH, height / size[1])
        axes = figure.add_axes(place)
        axes.set_aspect("equal", adjustable="box")
        axes.grid(False)
        axes.set_xlim(low[0] - 0.03 * wide, high[0] + 0.03 * wide)
        axes.set_ylim(low[1] - 0.03 * tall, high[1] + 0.03 * tall)
        axes.fill(*plot.outline.corners.T, facecolor=_GROUND, edgecolor=_INK, linewidth=1.2)
        for name, obstacle in obstacles.items():
            _obstacle(axes, name, obstacle)
        _boreholes(axes, one, wide / inner)
        _scale(axes, float(high[0] - low[0]))
        axes.set_xlabel("x (m)", fontsize=7.5)
        axes.set_ylabel("y (m)", fontsize=7.5)
        title = _TITLE.format(
            count=one.count, length=f"{one.length:.1f}", spacing=f"{one.spacing:g}", pattern=pattern
        )
        figure.text(0.012, 1 - 0.24 / size[1], title.to(language), fontsize=10)
        below = _BELOW.format(area=f"{plot.outline.area:.0f}", total=f"{one.total_length:.0f}")
        figure.text(0.012, 0.1 / size[1], below.to(language), fontsize=7, color=_SOFT)

    write_figure(path, size, draw)


def _obstacle(axes: Axes, name: str, obstacle: Polygon) -> None:
    from diwen.reports.font import printable

    axes.fill(
        *obstacle.corners.T, facecolor=_OBSTACLE, edgecolor=_SOFT, hatch="////", linewidth=0.8
    )
    middle = 0.5 * (obstacle.corners.min(axis=0) + obstacle.corners.max(axis=0))
    wide, tall = obstacle.corners.max(axis=0) - obstacle.corners.min(axis=0)
    axes.text(
        float(middle[0]), float(middle[1]), printable(name), fontsize=7, ha="center", va="center",
        color=_INK, rotation=90 if tall > 2 * wide else 0, clip_on=True,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.0},
    )  # fmt: skip


def _boreholes(axes: Axes, one: Candidate, metres_per_inch: float) -> None:
    """Dots of an eighth of the spacing, but never too small or large to be seen."""
    inch = one.spacing / metres_per_inch
    points = min(max(0.22 * inch * 72.0, 1.5), 9.0)
    axes.plot(*one.coordinates.T, "o", markersize=points, color=_HOLE, markeredgewidth=0)


def _scale(axes: Axes, wide: float) -> None:
    """A bar of a round length below the lower right corner of the axes."""
    bar = 10.0 ** math.floor(math.log10(max(wide / 3.0, 1e-3)))
    bar *= next(factor for factor in (5.0, 2.0, 1.0) if factor * bar <= wide / 3.0 or factor == 1.0)
    left, right = axes.get_xlim()
    share = bar / (right - left)
    ends = (1.0 - share, 1.0)
    axes.plot(ends, (1.03, 1.03), transform=axes.transAxes, color=_INK, linewidth=2, clip_on=False)
    axes.text(
        1.0 - share / 2, 1.045, f"{bar:g} m", transform=axes.transAxes, fontsize=7, ha="center",
        va="bottom",
    )  # fmt: skip
