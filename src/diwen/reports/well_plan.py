"""The plan of a well field: where wells stand, the ground each owns, how far its heat comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.language import Language, Text
from diwen.reports.drawing import drawn
from diwen.reports.drawing_marks import mark_origin, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

_EAST = Text("x, m", "x，m")
_NORTH = Text("y, m", "y，m")
_ABSTRACTION = Text("takes water", "抽水")
_INJECTION = Text("returns water", "回灌")
_BOTH = Text("takes and returns", "同井抽灌")
_OWNED = Text("ground of one well", "单井控制范围")
_HEAT = Text("reach of its heat", "热影响半径")
_FLOW = Text("groundwater flow", "地下水流向")
_INK, _COOL, _WARM, _SOFT = "#24323f", "#2b6ca3", "#b5482f", "#7d8a96"
_AROUND = 0.45  # shown of the paths beyond the wells, over the size of the field
_WIDEST, _TALLEST, _MOST_NAMES = 7.0, 4.2, 60


@dataclass(frozen=True, eq=False)
class PlanScene:
    """What a plan shows.

    Attributes
    ----------
    positions : m, shape (n, 2)
    names : of the wells, shape (n,)
    roles : ``abstraction``, ``injection`` or ``both``, shape (n,)
    cell_radius : of the ground one well owns, m; None where wells own none
    thermal_radius : how far the heat of one well comes, m; None where not computed
    flow_angle : direction the groundwater flows to, from x counter-clockwise, rad; None: at rest
    paths : lines that water follows, m, each shape (k, 2)
    illustrative : the data are assumed, which is marked
    """

    positions: Floats
    names: tuple[str, ...]
    roles: tuple[str, ...]
    cell_radius: float | None = None
    thermal_radius: float | None = None
    flow_angle: float | None = None
    paths: tuple[Floats, ...] = ()
    illustrative: bool = False


def plan_svg(scene: PlanScene, language: Language) -> str:
    """The plan as SVG in one language, in the style of the reports."""
    return drawn(lambda figure: draw_plan(figure, scene, language), plan_size(scene)[1])


def plan_size(scene: PlanScene) -> tuple[float, float]:
    """Width and height of the picture, inch."""
    low, high = _extent(scene)
    width, height = high - low
    tall = float(np.clip(_WIDEST * height / max(width, 1e-9) + 0.9, 2.4, _TALLEST))
    return _WIDEST, tall


def _extent(scene: PlanScene) -> tuple[Floats, Floats]:
    around = max(scene.cell_radius or 0.0, scene.thermal_radius or 0.0)
    span = float(np.ptp(scene.positions, axis=0).max())
    margin = max(1.05 * around, (_AROUND if scene.paths else 0.12) * span, 5.0)
    return scene.positions.min(axis=0) - margin, scene.positions.max(axis=0) + margin


def draw_plan(
    figure: Figure, scene: PlanScene, language: Language, title: Text | None = None
) -> None:
    """Draw on an empty matplotlib figure; a picture that stands alone has a title."""
    frame = (0.09, 0.14, 0.88, 0.74)
    axes = figure.add_axes(frame)
    axes.grid(False)
    low, high = _framed(figure, scene, frame)
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    for path in scene.paths:
        axes.plot(path[:, 0], path[:, 1], color=_SOFT, lw=0.5, alpha=0.7, zorder=1)
    _circles(axes, scene.positions, scene.thermal_radius, _COOL, True, _HEAT.to(language))
    _circles(axes, scene.positions, scene.cell_radius, _SOFT, False, _OWNED.to(language))
    _wells(axes, scene, language)
    _flow(axes, scene, language)
    axes.set_xlabel(_EAST.to(language), labelpad=2)
    axes.set_ylabel(_NORTH.to(language))
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=6, fontsize=7.5)
    heat = scene.thermal_radius is not None
    mark_origin(figure, language, simulated=heat, illustrative=scene.illustrative, title=title)


def _framed(
    figure: Figure, scene: PlanScene, frame: tuple[float, float, float, float]
) -> tuple[Floats, Floats]:  # fmt: skip
    """The extent, widened on one side so that a metre is as long both ways."""
    low, high = _extent(scene)
    middle, size = 0.5 * (low + high), high - low
    box = np.array(figure.get_size_inches()) * frame[2:]
    scale = float((size / box).max())
    return middle - 0.5 * scale * box, middle + 0.5 * scale * box


def _circles(
    axes: Axes, at: Floats, radius: float | None, colour: str, filled: bool, name: str
) -> None:
    from matplotlib.patches import Circle

    if radius is None:
        return
    for number, (x, y) in enumerate(at):
        axes.add_patch(
            Circle((x, y), radius, fill=filled, facecolor=colour if filled else "none",
                   edgecolor="none" if filled else colour, alpha=0.16 if filled else 0.9,
                   lw=0.8, ls="--", zorder=0 if filled else 2,
                   label=name if number == 0 else None)
        )  # fmt: skip


def _wells(axes: Axes, scene: PlanScene, language: Language) -> None:
    kinds = (
        ("abstraction", _ABSTRACTION, _COOL, "v"),
        ("injection", _INJECTION, _WARM, "^"),
        ("both", _BOTH, _INK, "o"),
    )
    for role, text, colour, marker in kinds:
        chosen = np.array([each == role for each in scene.roles])
        if chosen.any():
            x, y = scene.positions[chosen].T
            axes.scatter(x, y, marker=marker, s=26, color=colour, zorder=4, label=text.to(language))
    if len(scene.names) <= _MOST_NAMES:
        for name, (x, y) in zip(scene.names, scene.positions, strict=True):
            axes.annotate(
                plain(name), (x, y), (4, 4), textcoords="offset points", fontsize=6.5, zorder=5
            )


def _flow(axes: Axes, scene: PlanScene, language: Language) -> None:
    if scene.flow_angle is None:
        return
    along = np.array([np.cos(scene.flow_angle), np.sin(scene.flow_angle)])
    start = np.array([0.9, 0.88]) - 0.04 * along
    end = start + 0.1 * along
    axes.annotate(
        "", (end[0], end[1]), (start[0], start[1]), xycoords="axes fraction",
        textcoords="axes fraction",
        arrowprops={"arrowstyle": "-|>", "color": _COOL, "lw": 1.4},
    )  # fmt: skip
    axes.annotate(_FLOW.to(language), (0.99, 0.98), xycoords="axes fraction", ha="right", va="top",
                  fontsize=7, color=_COOL)  # fmt: skip
