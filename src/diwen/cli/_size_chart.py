"""The picture of a sized field: fluid temperatures by year against their limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from diwen.language import Language, Text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from diwen.design.site_sizing import SiteSizing
    from diwen.reports.chart import Chart

_TITLE = Text("Fluid temperatures by year of operation", "各运行年的流体温度")
_YEAR = Text("year of operation", "运行年")
_TEMPERATURE = Text("temperature", "温度")
_PLANNED_LOW = Text("lowest, planned {length} m", "最低，规划 {length} m")
_PLANNED_HIGH = Text("highest, planned {length} m", "最高，规划 {length} m")
_SIZED_LOW = Text("lowest, needed {length} m", "最低，所需 {length} m")
_SIZED_HIGH = Text("highest, needed {length} m", "最高，所需 {length} m")
_WALL = Text("mean borehole wall, planned", "孔壁年平均，规划")
_LIMIT = {
    "minimum": Text("lowest allowed", "最低限值"),
    "maximum": Text("highest allowed", "最高限值"),
}
_NOTE = Text("Computed, not measured.", "计算值，非实测。")


def size_figure(found: SiteSizing, path: Path, language: Language) -> None:
    """Write the picture, as PNG or SVG."""
    from diwen.cli._figure_file import write_figure
    from diwen.reports import drawing_shapes

    chart = size_chart(found)

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.075, 0.13, 0.90, 0.66))
        drawing_shapes.curves(axes, chart, language)
        axes.legend(
            loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, fontsize=7.5,
            handlelength=1.4, columnspacing=1.2, borderaxespad=0.3,
        )  # fmt: skip
        axes.set_xlabel(chart.x.title.to(language), fontsize=7.5)
        figure.text(0.01, 0.95, chart.title.to(language), fontsize=10)
        figure.text(0.99, 0.015, _NOTE.to(language), fontsize=6.5, ha="right", color="#5b6875")

    write_figure(path, (7.5, 4.2), draw)


def size_chart(found: SiteSizing) -> Chart:
    """Lowest and highest fluid temperature and mean wall temperature of every year."""
    from diwen.reports.chart import COLOURS, Axis, Chart, Mark, Trace

    limits, sized = found.given.limits, found.sizing
    planned = f"{found.planned:.0f}"
    rows = [(_WALL, found.wall, COLOURS["outdoor"])]
    if limits.minimum is not None:
        rows.append((_PLANNED_LOW.format(length=planned), found.minimum, COLOURS["source"]))
    if limits.maximum is not None:
        rows.append((_PLANNED_HIGH.format(length=planned), found.maximum, COLOURS["load"]))
    if sized.length is not None:
        needed = f"{sized.length:.0f}"
        if limits.minimum is not None:
            text = _SIZED_LOW.format(length=needed)
            rows.append((text, sized.minimum, COLOURS["source_pale"]))
        if limits.maximum is not None:
            text = _SIZED_HIGH.format(length=needed)
            rows.append((text, sized.maximum, COLOURS["load_pale"]))
    years = tuple(float(year) for year in range(1, len(found.wall) + 1))
    traces = tuple(
        Trace(name, "line", years, tuple(map(float, row)), colour=colour, origin=("simulated",))
        for name, row, colour in rows
    )
    marks = tuple(
        Mark(float(value), text)
        for key, text in _LIMIT.items()
        if (value := getattr(limits, key)) is not None
    )
    return Chart(
        id="size",
        title=_TITLE,
        x=Axis(_YEAR, decimals=0),
        y=(Axis(_TEMPERATURE, "°C"),),
        traces=traces,
        marks=marks,
        note=_NOTE,
    )
