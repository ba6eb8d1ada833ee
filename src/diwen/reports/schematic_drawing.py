"""A placed schematic on a matplotlib figure: pipes first, then symbols, then texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from diwen.reports.drawing_marks import plain
from diwen.reports.schematic_scene import LegendMark, PipeMark, Scene, SymbolMark
from diwen.reports.schematic_symbols import IDLE, INK, WHITE, draw_symbol, draw_valve
from diwen.site.topology import Fluid

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAGE = 504.0  # pt, the text width of the page
_TALLEST = 690.0  # pt, the text height of the page
_LARGEST = 1.0  # letters of a small plant do not grow
_COLOURS: dict[Fluid, tuple[str, str]] = {
    "source": ("#2e7d32", "#6aa56d"),
    "heat": ("#c62828", "#2456a6"),
    "hot_water": ("#d9650a", "#a97c50"),
    "cold": ("#0277a8", "#5fb3d6"),
    "air": ("#7d8a96", "#a9b3bc"),
}
_SOFT, _QUIET = "#5b6875", "#c8d0d7"
_WIDTHS = {"plain": 1.1, "active": 1.7, "idle": 0.8}
_HEADER = 2.4  # times a pipe
_DASHES = (0, (4.0, 1.6))


def colour_of(fluid: Fluid, role: str, state: str = "plain") -> str:
    """Colour of a pipe."""
    if state == "idle":
        return _QUIET
    return _COLOURS.get(fluid, (_SOFT, _SOFT))[role == "return"]


def page_size(scene: Scene) -> tuple[float, float]:
    """Width and height in points on a page: shrunk where it is too large, never blown up."""
    scale = min(_LARGEST, PAGE / scene.wide, _TALLEST / scene.high)
    return PAGE, scene.high * scale


def draw_scene(figure: Figure, scene: Scene) -> None:
    """Draw a scene on an empty figure of any size, as large as it fits, in the middle."""
    wide, high = (72.0 * float(side) for side in figure.get_size_inches())
    scale = min(wide / scene.wide, high / scene.high)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.axis("off")
    spare = wide / scale - scene.wide
    axes.set_xlim(-0.5 * spare, scene.wide + 0.5 * spare)
    axes.set_ylim(high / scale, 0.0)
    _pipes(axes, scene, scale)
    for mark in scene.symbols:
        draw_symbol(axes, mark, scale)
    for valve in scene.valves:
        colour = colour_of(valve.fluid, valve.role)
        draw_valve(axes, valve.x, valve.y, valve.state, colour, scale)
    for legend in scene.legend:
        _sample(axes, legend, scale)
    _texts(axes, scene, scale)


def _segments(
    pipe: PipeMark, upright: bool
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Upright or level runs of a pipe."""
    for one, other in zip(pipe.points, pipe.points[1:], strict=False):
        if (abs(one[0] - other[0]) < 1e-6 and abs(one[1] - other[1]) > 1e-6) is upright:
            yield one, other


def _runs(
    pipes: list[PipeMark], upright: bool
) -> Iterator[tuple[PipeMark, float, float, float, bool]]:
    """Runs that lie on one another joined to one: a pipe, its line, both ends, whether a header.

    A dashed line laid over another one of other length would look full.
    """
    found: dict[tuple[object, ...], list[tuple[float, float]]] = {}
    samples: dict[tuple[object, ...], tuple[PipeMark, float, bool]] = {}
    across, along = (0, 1) if upright else (1, 0)
    for pipe in pipes:
        for one, other in _segments(pipe, upright):
            header = pipe.header and upright
            line = round(one[across], 2)
            place = (line, pipe.fluid, pipe.role, pipe.state, header)
            ends = sorted((one[along], other[along]))
            found.setdefault(place, []).append((ends[0], ends[1]))
            samples[place] = (pipe, line, header)
    for key, spans in found.items():
        pipe, line, header = samples[key]
        joined: list[list[float]] = []
        for low, high in sorted(spans):
            if joined and low <= joined[-1][1] + 0.1:
                joined[-1][1] = max(joined[-1][1], high)
            else:
                joined.append([low, high])
        for low, high in joined:
            yield pipe, line, low, high, header


def _pipes(axes: Axes, scene: Scene, scale: float) -> None:
    """Upright runs, the gaps where others pass over them, level runs, arrows, dots."""
    for upright, level in ((True, 2.0), (False, 3.0)):
        for pipe, line, low, high, header in _runs(scene.pipes, upright):
            wide = _WIDTHS[pipe.state] * (_HEADER if header else 1.0)
            more = 4.0 if header else 0.0
            ends = (low - more, high + more)
            axes.plot(
                *(((line, line), ends) if upright else (ends, (line, line))),
                color=colour_of(pipe.fluid, pipe.role, pipe.state), linewidth=wide * scale,
                linestyle=_DASHES if pipe.role == "return" and not header else "-",
                solid_capstyle="round" if header else "projecting",
                zorder=level + 0.1 * (pipe.state == "active"),
            )  # fmt: skip
    for x, y in scene.gaps:
        axes.plot((x, x), (y - 1.9, y + 1.9), color=WHITE, linewidth=3.6 * scale, zorder=2.5,
                  solid_capstyle="butt")  # fmt: skip
    _arrows(axes, sorted(scene.pipes, key=lambda pipe: pipe.state == "active"))
    for dot in sorted(scene.dots, key=lambda dot: dot.state == "active"):
        axes.plot(*dot.points[0], "o", markersize=3.0 * scale, markeredgewidth=0,
                  color=colour_of(dot.fluid, dot.role, dot.state), zorder=3.5)  # fmt: skip


def _arrows(axes: Axes, pipes: list[PipeMark]) -> None:
    from matplotlib.patches import Polygon

    done: set[tuple[object, ...]] = set()
    for pipe in pipes:
        for x, y, way in pipe.arrows:
            if (x, y, way, pipe.state) in done:
                continue
            done.add((x, y, way, pipe.state))
            corners = ((x - 2.4 * way, y - 2.1), (x + 2.8 * way, y), (x - 2.4 * way, y + 2.1))
            colour = colour_of(pipe.fluid, pipe.role, pipe.state)
            axes.add_patch(
                Polygon(corners, closed=True, edgecolor="none", zorder=3.6, facecolor=colour)
            )


def _sample(axes: Axes, mark: LegendMark, scale: float) -> None:
    """One sample of the legend."""
    from diwen.reports.schematic_scene import Box

    x, y, right = mark.x, mark.y, mark.x + mark.wide
    middle = 0.5 * (x + right)
    if mark.kind in _COLOURS:
        supply, back = _COLOURS[mark.kind]
        axes.plot((x, right), (y - 1.8, y - 1.8), color=supply, linewidth=1.2 * scale)
        axes.plot((x, right), (y + 1.8, y + 1.8), color=back, linewidth=1.2 * scale,
                  linestyle=_DASHES)  # fmt: skip
    elif mark.kind == "header":
        for place, colour in ((middle - 2.5, 0), (middle + 2.5, 1)):
            axes.plot((place, place), (y - 3.0, y + 3.0), color=_COLOURS["heat"][colour],
                      linewidth=_HEADER * 1.1 * scale)  # fmt: skip
    elif mark.kind == "machine":
        box = Box(middle - 8.0, y - 5.0, 16.0, 10.0)
        _small_machine(axes, box, scale)
    elif mark.kind in ("plain", "open", "closed"):
        draw_valve(axes, middle, y, mark.kind, INK, scale)
    elif mark.kind == "idle":
        axes.plot((x, right), (y, y), color=_QUIET, linewidth=0.9 * scale)
    elif mark.kind == "meter":
        _tag(axes, middle, y, "n", scale)


def _small_machine(axes: Axes, box: object, scale: float) -> None:
    from matplotlib.patches import Rectangle

    from diwen.reports.schematic_scene import Box

    assert isinstance(box, Box)
    for top, fill in ((box.y, "#fbe3e0"), (box.y + 0.5 * box.high, "#dff0f7")):
        axes.add_patch(Rectangle((box.x, top), box.wide, 0.5 * box.high, facecolor=fill,
                                 edgecolor=INK, linewidth=0.7 * scale))  # fmt: skip


def _texts(axes: Axes, scene: Scene, scale: float) -> None:
    """Labels, numbers of the measuring points."""
    idle = {name for mark in scene.symbols for name in _quiet(mark)}
    for label in scene.labels:
        colour = _SOFT if label.of in idle or not label.strong else INK
        x = label.box.x + (0.0 if label.left else 0.5 * label.box.wide)
        axes.text(x, label.box.y + 0.5 * label.box.high, plain(label.text),
                  ha="left" if label.left else "center", va="center_baseline", color=colour,
                  fontsize=label.size * scale, zorder=7.0)  # fmt: skip
    for tag in scene.tags:
        _tag(axes, tag.x, tag.y, str(tag.number), scale)


def _quiet(mark: SymbolMark) -> tuple[str, ...]:
    return mark.ids if mark.state == "idle" else ()


def _tag(axes: Axes, x: float, y: float, text: str, scale: float) -> None:
    """A numbered circle: a measuring point."""
    from matplotlib.patches import Circle

    axes.add_patch(Circle((x, y), 3.7, facecolor=WHITE, edgecolor=IDLE, linewidth=0.6 * scale,
                          zorder=6.5))  # fmt: skip
    axes.text(x, y, text, ha="center", va="center_baseline", fontsize=4.2 * scale, color=INK,
              zorder=7.0)  # fmt: skip
