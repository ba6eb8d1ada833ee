"""The section through a circulation well: layers, screens, seal, water levels, heads, heat.

Left of the well stand the heads and the paths of the water, right of it the temperature of the
ground. The well itself is drawn wider than it is, or nobody could see its screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.language import Language, Text
from diwen.reports.drawing import drawn
from diwen.reports.drawing_marks import mark_origin, plain, spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from diwen.sources.circulation_well.flow_field import FlowField

Floats = NDArray[np.float64]

_DEPTH = Text("depth, m", "深度，m")
_RADIUS = Text("distance from the well, m", "距井距离，m")
_HEAD = Text("head above rest, m", "水头升高，m")
_TEMPERATURE = Text("temperature, °C", "温度，°C")
_RETURN = Text("return", "回水区")
_SEAL = Text("seal", "密封区")
_EXTRACTION = Text("extraction", "取水区")
_COLUMN_RETURN = Text("return", "回水口")
_COLUMN_HOLE = Text("open hole", "裸孔段")
_COLUMN_EXTRACTION = Text("intake", "取水口")
_GRAVEL = Text("heat-exchange particles", "换热颗粒")
_CASING = Text("casing", "套管")
_STATIC = Text("water at rest {depth} m", "静水位 {depth} m")
_RISEN = Text("return level {depth} m", "回水水位 {depth} m")
_RISEN_ABOVE = Text("return level {depth} m above ground", "回水水位高出地面 {depth} m")
_DRAWN = Text("pumped level {depth} m", "动水位 {depth} m")
_PUMP = Text("pump", "水泵")
_COOL, _WARM, _INK, _STEEL, _CLAY = "#2b6ca3", "#b5482f", "#24323f", "#7d8a96", "#8a6f4d"
_SAND, _WATER = "#e3cfa6", "#d3e6f3"
SIZE = (7.0, 4.4)  # inch
_WELL = 0.035  # half the drawn width of the well, share of the width of one side
_PIPE = 0.5  # of that, the pipe inside the gravel or the open hole
_STREAMS = 12
_TICKS = 6
_NARROW = 0.05  # K, on either side of the undisturbed ground
_APART = 0.042  # between texts, share of the height
_BELOW = 1.12  # shown depth over that of the well

Half = tuple[float, str, str]  # depth, text, colour


@dataclass(frozen=True, eq=False)
class SectionScene:
    """What a section shows.

    Attributes
    ----------
    field : steady flow around the well
    flow : circulated, m³/s
    layers : top and bottom, m, name, and whether water flows in it
    static_level : depth of the water at rest, m; None where not known
    pump_depth : m; None where not known
    temperature : of each ring, °C, shape (nz, nr); None: no heat is shown
    undisturbed_temperature : °C
    ends : lowest and highest temperature on the scale, °C; those of ``temperature`` if None
    open_hole : a standing column well: no seal, a bare hole below its casing
    casing_depth : of an open hole, m
    illustrative : the data are assumed, which is marked
    """

    field: FlowField
    flow: float
    layers: tuple[tuple[float, float, Text, bool], ...] = ()
    static_level: float | None = None
    pump_depth: float | None = None
    temperature: Floats | None = None
    undisturbed_temperature: float = 0.0
    ends: tuple[float, float] | None = None
    open_hole: bool = False
    casing_depth: float | None = None
    illustrative: bool = False


def section_svg(scene: SectionScene, language: Language) -> str:
    """The section as SVG in one language, in the style of the reports."""
    return drawn(lambda figure: draw_section(figure, scene, language), SIZE[1])


def draw_section(
    figure: Figure, scene: SectionScene, language: Language, title: Text | None = None
) -> None:
    """Draw on an empty matplotlib figure; a picture that stands alone has a title."""
    axes = figure.add_axes((0.085, 0.235, 0.885, 0.72))
    axes.grid(False)
    reach, bottom = _reach(scene), _BELOW * scene.field.well.depth
    gap = _WELL * reach
    axes.set_xlim(-reach - gap, reach + gap)
    axes.set_ylim(bottom, -0.06 * bottom)
    _layers(axes, scene, bottom, language)
    heads = _heads(axes, scene, reach)
    heat = _heat(axes, scene, reach)
    _streams(axes, scene, reach)
    _well(axes, scene, gap)
    _zones(axes, scene, gap, bottom, language)
    _levels(axes, scene, gap, bottom, language)
    ticks = _even(0.0, reach, 4)
    ticks = ticks[(ticks > 0.0) & (ticks <= reach)]
    axes.set_xticks([*(-gap - ticks[::-1]), *(gap + ticks)])
    axes.set_xticklabels([f"{tick:g}" for tick in (*ticks[::-1], *ticks)])
    axes.set_ylabel(_DEPTH.to(language))
    axes.set_xlabel(_RADIUS.to(language), labelpad=2)
    _bar(figure, heads, (0.1, 0.085, 0.36, 0.022), _HEAD.to(language))
    if heat is not None:
        _bar(figure, heat, (0.6, 0.085, 0.36, 0.022), _TEMPERATURE.to(language))
    mark_origin(figure, language, simulated=heat is not None, illustrative=scene.illustrative,
                title=title)  # fmt: skip


def _even(low: float, high: float, most: int) -> Floats:
    """Round values that reach over a range."""
    from matplotlib.ticker import MaxNLocator

    return np.asarray(MaxNLocator(most).tick_values(low, high), float)


def _bar(figure: Figure, shown: Any, place: tuple[float, float, float, float], name: str) -> None:
    bar = figure.colorbar(shown, cax=figure.add_axes(place), orientation="horizontal")
    bar.ax.tick_params(labelsize=7)
    levels = shown.levels
    every = max(1, -(-(len(levels) - 1) // _TICKS))
    # From the middle outwards, so that both ends look alike.
    bar.set_ticks(levels[(len(levels) // 2) % every :: every])
    bar.set_label(name, fontsize=7.5, labelpad=1)


def _reach(scene: SectionScene) -> float:
    """Radius worth looking at, m: a span of the screens, or as far as the heat has come."""
    well, grid = scene.field.well, scene.field.grid
    ends = [depth for pair in well.pairs for depth in (pair.injection.top, pair.extraction.top,
            pair.injection.bottom, pair.extraction.bottom)]  # fmt: skip
    # Along an open hole the heat stays near, however deep it is.
    reach = (0.05 if scene.open_hole else 0.8 / len(well.pairs)) * (max(ends) - min(ends))
    if scene.temperature is not None:
        change = np.abs(scene.temperature - scene.undisturbed_temperature)
        felt = (change > 0.1 * change.max()).any(axis=0)
        reach = max(reach, 1.15 * float(grid.radius[felt].max()) if felt.any() else 0.0)
    return float(min(reach, grid.radius_edges[-1]))


def _layers(axes: Axes, scene: SectionScene, bottom: float, language: Language) -> None:
    """Names of aquifers stand left, those of layers right: both may begin at one depth."""
    for wet, place, side in ((True, 0.01, "left"), (False, 0.99, "right")):
        shown = [layer for layer in scene.layers if layer[3] is wet and layer[0] < bottom]
        for top, low, _, _ in shown:
            axes.axhspan(top, min(low, bottom), color="#e8f1f7" if wet else "#efe9df", zorder=0,
                         lw=0)  # fmt: skip
            axes.axhline(top, color="#b9c3cc", lw=0.6, zorder=3)
        depths = spread([top + 0.55 * _APART * bottom for top, *_ in shown], _APART * bottom)
        for depth, (_, _, name, _) in zip(depths, shown, strict=True):
            axes.annotate(plain(name.to(language)), (place, depth), ha=side, va="center",
                          xycoords=("axes fraction", "data"), fontsize=7,
                          color=_COOL if wet else _INK, zorder=6,
                          bbox=_backed(0.6))  # fmt: skip


def _backed(alpha: float) -> dict[str, Any]:
    return {"boxstyle": "round,pad=0.12", "fc": "white", "ec": "none", "alpha": alpha}


def _mesh(scene: SectionScene, reach: float, side: float, values: Floats) -> tuple[Floats, ...]:
    """Radius, depth and values, carried on to the edges of the outermost rings."""
    grid = scene.field.grid
    radius = np.append(grid.radius, grid.radius_edges[-1])
    depth = np.concatenate([grid.depth_edges[:1], grid.depth, grid.depth_edges[-1:]])
    whole = np.pad(values, ((1, 1), (0, 1)), mode="edge")
    return side * (radius + _WELL * reach), depth, whole


def _heads(axes: Axes, scene: SectionScene, reach: float) -> Any:
    head = scene.field.head * scene.flow
    scale = float(np.abs(head[:, scene.field.grid.radius < reach]).max()) or 1.0
    levels = _even(-scale, scale, 18)
    return axes.contourf(
        *_mesh(scene, reach, -1.0, head), levels, cmap="PuOr_r", alpha=0.85, zorder=1
    )


def _heat(axes: Axes, scene: SectionScene, reach: float) -> Any | None:
    if scene.temperature is None:
        return None
    field, rest = scene.temperature, scene.undisturbed_temperature
    low, high = scene.ends or (float(field.min()), float(field.max()))
    low, high = min(low, rest - _NARROW), max(high, rest + _NARROW)
    span = max(rest - low, high - rest)  # white is undisturbed, whatever the scale shows
    return axes.contourf(*_mesh(scene, reach, 1.0, field), _even(low, high, 20), cmap="RdBu_r",
                         vmin=rest - span, vmax=rest + span, alpha=0.9, zorder=1)  # fmt: skip


def _streams(axes: Axes, scene: SectionScene, reach: float) -> None:
    """Lines between which equal shares of the water flow, from the stream function."""
    field = scene.field
    stream = np.vstack([np.zeros(field.radial_flow.shape[1]), field.radial_flow]).cumsum(axis=0)
    radius = field.grid.radius_edges + _WELL * reach
    # Water that stays in gravel or open hole needs no lines: those of the ground count.
    wall = stream[:, int(np.searchsorted(field.grid.radius_edges, field.well.radius - 1e-9))]
    levels = np.linspace(wall.min(), wall.max(), _STREAMS + 1)[1:-1]
    if levels[0] >= levels[-1]:
        return
    for side in (-1.0, 1.0):
        axes.contour(side * radius, field.grid.depth_edges, stream, levels, colors=_INK,
                     linestyles="solid", linewidths=0.5, alpha=0.55, zorder=2)  # fmt: skip


def _well(axes: Axes, scene: SectionScene, half: float) -> None:
    """Bore, gravel or open hole, pipe, screens, seal and pump."""
    from matplotlib.patches import Rectangle

    well = scene.field.well

    def box(top: float, bottom: float, colour: str, hatch: str = "", wide: float = half) -> None:
        axes.add_patch(Rectangle((-wide, top), 2 * wide, bottom - top, facecolor=colour,
                                 edgecolor=_INK, lw=0.6, hatch=hatch, zorder=4))  # fmt: skip

    pipe = half
    if scene.open_hole:
        pipe = _PIPE * half
        box(0.0, well.depth, _WATER)
        if scene.casing_depth:
            for side in (-half, half):
                axes.plot([side, side], [0.0, scene.casing_depth], color=_INK, lw=2.4, zorder=5)
        lowest = max(pair.extraction.bottom for pair in well.pairs)
        box(0.0, lowest, "#ffffff", wide=pipe)
    elif well.annulus is not None:
        pipe = _PIPE * half
        box(0.0, well.depth, _SAND, "....")
        box(0.0, well.depth, "#ffffff", wide=pipe)
    else:
        box(0.0, well.depth, "#ffffff")
    for pair in well.pairs:
        if not scene.open_hole:
            box(pair.seal.top, pair.seal.bottom, _CLAY, "xxx", pipe)
        box(pair.injection.top, pair.injection.bottom, "#f3c9bd", "---", pipe)
        box(pair.extraction.top, pair.extraction.bottom, "#bcd7ee", "---", pipe)
    if scene.pump_depth is not None:
        axes.plot([0.0], [scene.pump_depth], marker="s", ms=5, color=_INK, zorder=8)


def _zones(
    axes: Axes, scene: SectionScene, half: float, bottom: float, language: Language
) -> None:  # fmt: skip
    """Names of the zones, right of the well."""
    well, named = scene.field.well, []
    for pair in well.pairs:
        if scene.open_hole:
            parts = ((_COLUMN_RETURN, pair.injection, _WARM), (_COLUMN_HOLE, pair.seal, _CLAY),
                     (_COLUMN_EXTRACTION, pair.extraction, _COOL))  # fmt: skip
        else:
            parts = ((_RETURN, pair.injection, _WARM), (_SEAL, pair.seal, _CLAY),
                     (_EXTRACTION, pair.extraction, _COOL))  # fmt: skip
        named += [(zone.centre, text.to(language), colour) for text, zone, colour in parts]
    if scene.open_hole and scene.casing_depth:
        named.append((0.5 * scene.casing_depth, _CASING.to(language), _INK))
    elif well.annulus is not None:
        first = min(pair.injection.top for pair in well.pairs)
        named.append((0.5 * first, _GRAVEL.to(language), _CLAY))
    _beside(axes, named, half, bottom, 1.0)


def _levels(
    axes: Axes, scene: SectionScene, half: float, bottom: float, language: Language
) -> None:  # fmt: skip
    """Water at rest, risen in the return zone, drawn down in the extraction zone; the pump."""
    named: list[Half] = []
    if scene.static_level is not None:
        field, rest = scene.field, scene.static_level
        risen = rest - float(field.injection_head.max()) * scene.flow
        drawn_down = rest + float(field.extraction_head.max()) * scene.flow
        above = _RISEN_ABOVE.format(depth=f"{-risen:.1f}")
        named = [
            (rest, _STATIC.format(depth=f"{rest:.1f}").to(language), _STEEL),
            (max(risen, -0.03 * bottom), (above if risen < 0.0 else
             _RISEN.format(depth=f"{risen:.1f}")).to(language), _WARM),
            (min(drawn_down, bottom), _DRAWN.format(depth=f"{drawn_down:.1f}").to(language), _COOL),
        ]  # fmt: skip
        for depth, _, colour in named:
            axes.plot([-3.0 * half, -half], [depth, depth], color=colour, lw=1.2, zorder=7)
    if scene.pump_depth is not None:
        named.append((scene.pump_depth, _PUMP.to(language), _INK))
    _beside(axes, named, 3.0 * half, bottom, -1.0)


def _beside(axes: Axes, named: list[Half], half: float, bottom: float, side: float) -> None:
    """Texts in a row down the well, apart from each other, each led to its depth."""
    places = spread([depth for depth, *_ in named], _APART * bottom)
    for place, (depth, text, colour) in zip(places, named, strict=True):
        axes.annotate(
            text, (side * half, depth), (side * half * 1.6, place), textcoords="data",
            ha="left" if side > 0 else "right", va="center", fontsize=7, color=colour, zorder=7,
            bbox=_backed(0.75), arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.5},
        )  # fmt: skip
