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
_STATIC = Text("water at rest", "静水位")
_RISEN = Text("return level", "回水水位")
_DRAWN = Text("pumped level", "动水位")
_PUMP = Text("pump", "水泵")
_COOL, _WARM, _INK, _STEEL, _CLAY = "#2b6ca3", "#b5482f", "#24323f", "#7d8a96", "#8a6f4d"
_HEIGHT = 5.4  # inch
_WELL = 0.035  # half the drawn width of the well, share of the width of one side
_STREAMS = 12


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
    """

    field: FlowField
    flow: float
    layers: tuple[tuple[float, float, Text, bool], ...] = ()
    static_level: float | None = None
    pump_depth: float | None = None
    temperature: Floats | None = None
    undisturbed_temperature: float = 0.0


def section_svg(scene: SectionScene, language: Language) -> str:
    """The section as SVG in one language, in the style of the reports."""
    return drawn(lambda figure: _draw(figure, scene, language), _HEIGHT)


def _draw(figure: Figure, scene: SectionScene, language: Language) -> None:
    axes = figure.add_axes((0.085, 0.2, 0.885, 0.76))
    axes.grid(False)
    reach = _reach(scene)
    bottom = 1.12 * scene.field.well.depth
    _layers(axes, scene, reach, language)
    heads = _heads(axes, scene, reach, bottom)
    heat = _heat(axes, scene, reach, bottom)
    _streams(axes, scene, reach, bottom)
    _well(axes, scene, reach, language)
    _levels(axes, scene, reach, language)
    gap = _WELL * reach
    ticks = _even(0.0, reach, 4)
    ticks = ticks[(ticks > 0.0) & (ticks <= reach)]
    axes.set_xticks([*(-gap - ticks[::-1]), *(gap + ticks)])
    axes.set_xticklabels([f"{tick:g}" for tick in (*ticks[::-1], *ticks)])
    axes.set_xlim(-reach - gap, reach + gap)
    axes.set_ylim(bottom, -0.06 * bottom)
    axes.set_ylabel(_DEPTH.to(language))
    axes.set_xlabel(_RADIUS.to(language))
    _bar(figure, heads, (0.1, 0.075, 0.36, 0.02), _HEAD.to(language))
    if heat is not None:
        _bar(figure, heat, (0.6, 0.075, 0.36, 0.02), _TEMPERATURE.to(language))


def _even(low: float, high: float, most: int) -> Floats:
    """Round values that reach over a range."""
    from matplotlib.ticker import MaxNLocator

    return np.asarray(MaxNLocator(most).tick_values(low, high), float)


def _bar(figure: Figure, shown: Any, place: tuple[float, float, float, float], name: str) -> None:
    from matplotlib.ticker import MaxNLocator

    bar = figure.colorbar(shown, cax=figure.add_axes(place), orientation="horizontal")
    bar.ax.tick_params(labelsize=7)
    bar.locator = MaxNLocator(6)
    bar.update_ticks()
    bar.set_label(name, fontsize=7.5)


def _reach(scene: SectionScene) -> float:
    """Radius worth looking at, m: a span of the screens, or as far as the heat has come."""
    well = scene.field.well
    ends = [depth for pair in well.pairs for depth in (pair.injection.top, pair.extraction.top,
            pair.injection.bottom, pair.extraction.bottom)]  # fmt: skip
    reach = 0.8 * (max(ends) - min(ends))
    if scene.temperature is not None:
        change = np.abs(scene.temperature - scene.undisturbed_temperature)
        felt = (change > 0.1 * change.max()).any(axis=0)
        reach = max(reach, 1.15 * float(scene.field.grid.radius[felt].max()) if felt.any() else 0)
    return float(min(reach, scene.field.grid.radius_edges[-1]))


def _layers(axes: Axes, scene: SectionScene, reach: float, language: Language) -> None:
    for top, bottom, name, wet in scene.layers:
        if top >= 1.12 * scene.field.well.depth:
            continue
        axes.axhspan(top, bottom, color="#e8f1f7" if wet else "#efe9df", zorder=0, lw=0)
        axes.axhline(top, color="#b9c3cc", lw=0.6, zorder=3)
        # Names of aquifers stand left, those of layers right, since both may begin at one depth.
        place, side = (0.01, "left") if wet else (0.99, "right")
        axes.annotate(name.to(language), (place, top), (0, -3), textcoords="offset points",
                      xycoords=("axes fraction", "data"), ha=side, va="top", fontsize=7,
                      color=_COOL if wet else _INK, zorder=6)  # fmt: skip


def _mesh(scene: SectionScene, reach: float, side: float) -> tuple[Floats, Floats]:
    grid = scene.field.grid
    return side * (grid.radius + _WELL * reach), grid.depth


def _heads(axes: Axes, scene: SectionScene, reach: float, bottom: float) -> Any:
    radius, depth = _mesh(scene, reach, -1.0)
    head = scene.field.head * scene.flow
    scale = float(np.abs(head[:, scene.field.grid.radius < reach]).max()) or 1.0
    levels = _even(-scale, scale, 18)
    return axes.contourf(radius, depth, head, levels, cmap="PuOr_r", alpha=0.85, zorder=1)


def _heat(axes: Axes, scene: SectionScene, reach: float, bottom: float) -> Any | None:
    if scene.temperature is None:
        return None
    radius, depth = _mesh(scene, reach, 1.0)
    change = float(np.abs(scene.temperature - scene.undisturbed_temperature).max())
    span = max(change, 0.1)
    levels = _even(scene.undisturbed_temperature - span, scene.undisturbed_temperature + span, 20)
    return axes.contourf(radius, depth, scene.temperature, levels, cmap="RdBu_r", extend="both",
                         alpha=0.9, zorder=1)  # fmt: skip


def _streams(axes: Axes, scene: SectionScene, reach: float, bottom: float) -> None:
    """Lines between which equal shares of the water flow, from the stream function."""
    field = scene.field
    stream = np.vstack([np.zeros(field.radial_flow.shape[1]), field.radial_flow]).cumsum(axis=0)
    radius = field.grid.radius_edges + _WELL * reach
    levels = np.linspace(stream.min(), stream.max(), _STREAMS + 1)[1:-1]
    if levels[0] >= levels[-1]:
        return
    for side in (-1.0, 1.0):
        axes.contour(side * radius, field.grid.depth_edges, stream, levels, colors=_INK,
                     linewidths=0.5, alpha=0.55, zorder=2)  # fmt: skip


def _well(axes: Axes, scene: SectionScene, reach: float, language: Language) -> None:
    from matplotlib.patches import Rectangle

    well, half = scene.field.well, _WELL * reach

    def box(top: float, bottom: float, colour: str, hatch: str = "") -> None:
        axes.add_patch(Rectangle((-half, top), 2 * half, bottom - top, facecolor=colour,
                                 edgecolor=_INK, lw=0.6, hatch=hatch, zorder=4))  # fmt: skip

    def name(text: Text, depth: float, colour: str) -> None:
        axes.annotate(text.to(language), (half, depth), (4, 0), textcoords="offset points",
                      va="center", fontsize=7, color=colour, zorder=7,
                      bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none",
                            "alpha": 0.75})  # fmt: skip

    box(0.0, well.depth, "#d8c7a8" if well.annulus is not None else "#ffffff")
    for pair in well.pairs:
        box(pair.seal.top, pair.seal.bottom, _CLAY, "xxx")
        box(pair.injection.top, pair.injection.bottom, "#f3c9bd", "---")
        box(pair.extraction.top, pair.extraction.bottom, "#bcd7ee", "---")
        name(_RETURN, pair.injection.centre, _WARM)
        name(_SEAL, pair.seal.centre, _CLAY)
        name(_EXTRACTION, pair.extraction.centre, _COOL)
    if scene.pump_depth is not None:
        axes.plot([0.0], [scene.pump_depth], marker="s", ms=5, color=_INK, zorder=8)
        axes.annotate(_PUMP.to(language), (-half, scene.pump_depth), (-4, 0), ha="right",
                      textcoords="offset points", va="center", fontsize=7, zorder=8)  # fmt: skip


def _levels(axes: Axes, scene: SectionScene, reach: float, language: Language) -> None:
    """Water at rest, risen in the return zone, drawn down in the extraction zone."""
    if scene.static_level is None:
        return
    field = scene.field
    marks = (
        (scene.static_level, _STATIC, _STEEL),
        (scene.static_level - field.injection_head.max() * scene.flow, _RISEN, _WARM),
        (scene.static_level + field.extraction_head.max() * scene.flow, _DRAWN, _COOL),
    )
    half = _WELL * reach
    for depth, text, colour in marks:
        axes.plot([-6.0 * half, -half], [depth, depth], color=colour, lw=1.2, zorder=7)
        said = f"{text.to(language)} {depth:.1f} m"
        axes.annotate(said, (-6.0 * half, depth), (-3, 0), textcoords="offset points",
                      ha="right", va="center", fontsize=7, color=colour, zorder=7,
                      bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none",
                            "alpha": 0.75})  # fmt: skip
