"""The picture of sized wells: coldest water against injection head, and the water by years."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from diwen.language import Language, Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TITLE = Text("Wells that no other beats, and their water by years", "非劣井群方案与历年水温")
_HEAD = Text("injection head (m)", "回灌水头（m）")
_COLDEST = Text("coldest return water of all years (°C)", "历年最低回水温度（°C）")
_YEAR = Text("year of operation", "运行年")
_WATER = Text("water (°C)", "水温（°C）")
_WELLS = Text("wells", "井数")
_PAIRS = Text("pairs", "对数")
_PLANNED = Text("planned", "规划")
_BEST = Text("recommended", "推荐")
_CANDIDATE = Text("front", "非劣方案")
_LOWEST = Text("lowest return, {which}", "最低回水，{which}")
_HIGHEST = Text("highest return, {which}", "最高回水，{which}")
_LIMIT = Text("limit", "限值")
_NOTE = Text("Computed, not measured.", "计算值，非实测。")


def wells_figure(found: Any, path: Path, language: Language) -> None:
    """Write the picture, as PNG or SVG."""
    from diwen.cli._figure_file import write_figure

    def draw(figure: Figure) -> None:
        _front(figure, found, language)
        _years(figure.add_axes((0.60, 0.13, 0.38, 0.68)), found, language)
        figure.text(0.01, 0.95, _TITLE.to(language), fontsize=10)
        figure.text(0.99, 0.015, _NOTE.to(language), fontsize=6.5, ha="right", color="#5b6875")

    write_figure(path, (9.0, 4.2), draw)


def _front(figure: Figure, found: Any, language: Language) -> None:
    """Colour tells the number of wells."""
    from diwen.reports.chart import COLOURS

    axes = figure.add_axes((0.07, 0.13, 0.38, 0.68))
    front, best, planned = found.search.front, found.search.recommended, found.planned
    if front:
        points = axes.scatter(
            [one.injection_head for one in front], [one.coldest for one in front],
            c=[one.count for one in front], cmap="viridis", s=30, zorder=3,
            label=_CANDIDATE.to(language),
        )  # fmt: skip
        bar = figure.colorbar(points, cax=figure.add_axes((0.46, 0.13, 0.012, 0.68)))
        one_well = "screens" in planned.shape()
        bar.ax.set_title((_WELLS if one_well else _PAIRS).to(language), fontsize=7.0)
        bar.ax.tick_params(labelsize=7.0)
    if best is not None:
        axes.scatter(
            [best.injection_head], [best.coldest], s=110, facecolors="none", zorder=4,
            edgecolors=COLOURS["good"], linewidths=1.4, label=_BEST.to(language),
        )  # fmt: skip
    axes.scatter(
        [planned.injection_head], [planned.coldest], marker="D", s=34, zorder=4,
        color=COLOURS["load"], label=_PLANNED.to(language),
    )  # fmt: skip
    if planned.low is not None:
        axes.axhline(planned.low, color=COLOURS["limit"], linewidth=0.9, linestyle="--")
    axes.set_xlabel(_HEAD.to(language), fontsize=7.5)
    axes.set_ylabel(_COLDEST.to(language), fontsize=7.5)
    axes.tick_params(labelsize=7.0)
    _legend(axes)


def _years(axes: Axes, found: Any, language: Language) -> None:
    from diwen.reports.chart import COLOURS

    planned, best = found.planned, found.search.recommended
    shown = [(_PLANNED, planned, ("source", "load"))]
    if best is not None:
        shown.append((_BEST, best, ("source_pale", "load_pale")))
    years = range(1, found.years + 1)
    for which, one, colours in shown:
        low = _LOWEST.format(which=which).to(language)
        high = _HIGHEST.format(which=which).to(language)
        axes.plot(years, one.water.lowest_return, color=COLOURS[colours[0]], label=low)
        axes.plot(years, one.water.highest_return, color=COLOURS[colours[1]], label=high)
    for number, limit in enumerate(
        value for value in (planned.low, planned.high) if value is not None
    ):
        label = _LIMIT.to(language) if number == 0 else None
        axes.axhline(limit, color=COLOURS["limit"], linewidth=0.9, linestyle="--", label=label)
    axes.set_xlabel(_YEAR.to(language), fontsize=7.5)
    axes.set_ylabel(_WATER.to(language), fontsize=7.5)
    axes.tick_params(labelsize=7.0)
    _legend(axes)


def _legend(axes: Axes) -> None:
    axes.legend(
        loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, fontsize=6.5, handlelength=1.3,
        columnspacing=1.0, borderaxespad=0.2,
    )  # fmt: skip
