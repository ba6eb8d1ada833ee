"""Symbols of a schematic, drawn with lines into the box that each is given.

After the usual signs of plant drawings: a circle with a triangle for a pump, a plate exchanger
crossed by a line, a compressor between evaporator and condenser, two triangles for a valve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diwen.reports.schematic_scene import Box, SymbolMark

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, IDLE, WHITE = "#24323f", "#a9b3bc", "#ffffff"
EARTH, WATER, STEEL = "#efe4d2", "#dcecf6", "#eef2f5"
_BRIGHT = {"flame": "#e07a00", "sun": "#e0a100", "warm": "#c62828", "cool": "#0277a8"}
_ZORDER = 5.0


@dataclass
class Pen:
    """Draws into a box; places are shares of it, 0..1, downwards."""

    axes: Axes
    box: Box
    scale: float
    colour: str
    idle: bool = False

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Shares as coordinates."""
        return self.box.x + x * self.box.wide, self.box.y + y * self.box.high

    def line(self, *points: tuple[float, float], colour: str = "", width: float = 0.9) -> None:
        """Straight from point to point."""
        x, y = zip(*(self.at(*point) for point in points), strict=True)
        self.axes.plot(x, y, color=self._tone(colour), linewidth=width * self.scale,
                       zorder=_ZORDER + 0.35, solid_capstyle="round",
                       solid_joinstyle="round")  # fmt: skip

    def area(
        self, *points: tuple[float, float], fill: str = WHITE, colour: str = "", width: float = 0.9
    ) -> None:
        """A polygon with an outline."""
        from matplotlib.patches import Polygon

        self.axes.add_patch(Polygon(
            [self.at(*point) for point in points], closed=True, facecolor=self._fill(fill),
            edgecolor=self._tone(colour), linewidth=width * self.scale, zorder=_ZORDER,
            joinstyle="miter",
        ))  # fmt: skip

    def frame(self, fill: str = WHITE, left: float = 0.0, top: float = 0.0, right: float = 1.0,
              bottom: float = 1.0) -> None:  # fmt: skip
        """A rectangle."""
        self.area((left, top), (right, top), (right, bottom), (left, bottom), fill=fill)

    def circle(self, x: float, y: float, radius: float, fill: str = WHITE, colour: str = "",
               solid: bool = False) -> None:  # fmt: skip
        """A circle; the radius in points."""
        from matplotlib.patches import Circle

        tone = self._tone(colour)
        self.axes.add_patch(Circle(
            self.at(x, y), radius, facecolor=tone if solid else self._fill(fill), edgecolor=tone,
            linewidth=0.9 * self.scale, zorder=_ZORDER + 0.3,
        ))  # fmt: skip

    def solid(self, *points: tuple[float, float], colour: str = "") -> None:
        """A filled polygon, above all else."""
        from matplotlib.patches import Polygon

        self.axes.add_patch(Polygon(
            [self.at(*point) for point in points], closed=True, facecolor=self._tone(colour),
            edgecolor="none", zorder=_ZORDER + 0.4,
        ))  # fmt: skip

    def waves(self, top: float, bottom: float, rows: int, colour: str = "cool") -> None:
        """Lines of waves."""
        x = np.linspace(0.1, 0.9, 33)
        for y in np.linspace(top, bottom, rows):
            curve = y + 0.035 * np.sin(x * 8.0 * np.pi)
            self.line(*zip(x.tolist(), curve.tolist(), strict=True), colour=colour, width=0.8)

    def _tone(self, colour: str) -> str:
        return IDLE if self.idle else _BRIGHT.get(colour, colour) or self.colour

    def _fill(self, fill: str) -> str:
        return "#f7f8f9" if self.idle and fill != WHITE else fill


def draw_symbol(axes: Axes, mark: SymbolMark, scale: float) -> None:
    """Draw a symbol; where there are several alike, an outline behind it says so."""
    pen = Pen(axes, mark.box, scale, INK, mark.state == "idle")
    if mark.count > 1 and mark.kind in ("unit", "chiller", "backup", "tank", "exchanger"):
        behind = Box(mark.box.x + 2.6, mark.box.y - 2.6, mark.box.wide, mark.box.high)
        Pen(axes, behind, scale, INK, pen.idle).frame(WHITE)
    if mark.kind == "loop":  # its header is drawn as a pipe
        return
    if mark.kind in ("unit", "chiller"):
        _machine(pen, mark)
        return
    if mark.kind == "pump":
        _pump(pen, mark)
        return
    _SYMBOLS.get(mark.symbol, _SYMBOLS.get(mark.kind, _box))(pen)


def _machine(pen: Pen, mark: SymbolMark) -> None:
    """Condenser above, evaporator below, the compressor between them in the middle."""
    split = (mark.split - mark.box.y) / mark.box.high
    pen.frame(WHITE)
    edge = 4.0 / mark.box.high
    pen.frame("#fbe3e0", 0.06, edge, 0.94, split - 0.6 * edge)
    pen.frame("#dff0f7", 0.06, split + 0.6 * edge, 0.94, 1.0 - edge)
    across = 0.5
    radius = 7.6
    high = radius / mark.box.high
    wide = radius / mark.box.wide
    pen.circle(across, split, radius)
    # Tapering towards the condenser, where the pressure is high.
    pen.line(
        (across - 0.80 * wide, split + 0.55 * high), (across - 0.42 * wide, split - 0.9 * high)
    )
    pen.line(
        (across + 0.80 * wide, split + 0.55 * high), (across + 0.42 * wide, split - 0.9 * high)
    )


def _pump(pen: Pen, mark: SymbolMark) -> None:
    """A circle with a triangle that points the way of the water."""
    radius = 0.5 * mark.box.wide - 0.8
    tall = mark.box.high > mark.box.wide + 1.0
    if tall:
        pen.frame(WHITE)
    middle = 0.5 if tall else 0.5 - 4.0 / mark.box.high
    high = radius / mark.box.high
    pen.circle(0.5, middle, radius)
    wide = radius / mark.box.wide
    pen.solid((0.5 - 0.45 * wide, middle - 0.78 * high), (0.5 + 0.95 * wide, middle),
              (0.5 - 0.45 * wide, middle + 0.78 * high))  # fmt: skip


def _borefield(pen: Pen) -> None:
    pen.frame(EARTH)
    pen.line((0.0, 0.16), (1.0, 0.16), width=1.4)
    for x in (0.14, 0.39, 0.64):
        pen.line((x, 0.16), (x, 0.84), (x + 0.03, 0.9), (x + 0.10, 0.9), (x + 0.13, 0.84),
                 (x + 0.13, 0.16), colour="#2e7d32", width=1.0)  # fmt: skip


def _zone(pen: Pen) -> None:
    pen.frame(EARTH)
    pen.line((0.0, 0.2), (1.0, 0.2), width=1.2)
    pen.line((0.38, 0.2), (0.38, 0.8), (0.45, 0.88), (0.55, 0.88), (0.62, 0.8), (0.62, 0.2),
             colour="#2e7d32")  # fmt: skip


def _well(pen: Pen) -> None:
    """One well that takes its water below and returns it above."""
    pen.frame(EARTH)
    pen.line((0.0, 0.14), (1.0, 0.14), width=1.4)
    pen.frame(WATER, 0.38, 0.06, 0.62, 0.94)
    pen.line((0.0, 0.36), (0.38, 0.36), colour="cool", width=0.7)
    pen.line((0.62, 0.36), (1.0, 0.36), colour="cool", width=0.7)
    for y in (0.44, 0.50, 0.56, 0.76, 0.82, 0.88):
        pen.line((0.40, y), (0.60, y), colour="cool", width=0.7)
    pen.area((0.38, 0.62), (0.62, 0.62), (0.62, 0.69), (0.38, 0.69), fill="#b9a688")
    _arrow(pen, 0.30, 0.82, 0.36, 0.82)
    _arrow(pen, 0.36, 0.5, 0.24, 0.5)


def _wells(pen: Pen) -> None:
    """One well that gives and one that takes."""
    pen.frame(EARTH)
    pen.line((0.0, 0.14), (1.0, 0.14), width=1.4)
    pen.line((0.0, 0.42), (1.0, 0.42), colour="cool", width=0.7)
    for x, start, end in ((0.26, 0.72, 0.3), (0.74, 0.3, 0.72)):
        pen.frame(WATER, x - 0.1, 0.06, x + 0.1, 0.92)
        _arrow(pen, x, start, x, end)


def _arrow(pen: Pen, x1: float, y1: float, x2: float, y2: float) -> None:
    """A small arrow along an axis."""
    pen.line((x1, y1), (x2, y2), colour="cool", width=0.9)
    wide, high = 2.2 / pen.box.wide, 2.2 / pen.box.high
    if abs(x1 - x2) > abs(y1 - y2):
        way = wide if x2 > x1 else -wide
        pen.solid((x2 - way, y2 - high), (x2 + way, y2), (x2 - way, y2 + high), colour="cool")
    else:
        way = high if y2 > y1 else -high
        pen.solid((x2 - wide, y2 - way), (x2, y2 + way), (x2 + wide, y2 - way), colour="cool")


def _basin(pen: Pen) -> None:
    pen.frame(WATER, 0.0, 0.12, 1.0, 1.0)
    pen.waves(0.36, 0.8, 3)


def _waste(pen: Pen) -> None:
    roof = ((0.0, 0.45), (0.3, 0.3), (0.3, 0.45), (0.6, 0.3), (0.6, 0.45), (0.72, 0.4))
    chimney = ((0.72, 0.05), (0.88, 0.05), (0.88, 0.45))
    pen.area((0.0, 1.0), *roof, *chimney, (1.0, 0.45), (1.0, 1.0), fill=STEEL)
    for x in (0.2, 0.5, 0.8):
        pen.line((x, 0.85), (x, 0.62), colour="warm", width=1.1)


def _air(pen: Pen) -> None:
    pen.frame(STEEL)
    pen.circle(0.5, 0.5, 0.36 * min(pen.box.wide, pen.box.high))
    high, wide = 9.0 / pen.box.high, 9.0 / pen.box.wide
    for k in range(3):
        angle = 2.0 * np.pi * k / 3.0 - np.pi / 2.0
        turn = angle + 0.75
        pen.solid((0.5, 0.5), (0.5 + wide * np.cos(angle), 0.5 + high * np.sin(angle)),
                  (0.5 + wide * np.cos(turn), 0.5 + high * np.sin(turn)))  # fmt: skip


def _source(pen: Pen) -> None:
    pen.frame(EARTH)
    pen.waves(0.35, 0.7, 2, "warm")


def _exchanger(pen: Pen) -> None:
    pen.frame(STEEL)
    for x in (0.25, 0.5, 0.75):
        pen.line((x, 0.0), (x, 1.0), width=0.5)
    pen.line((0.0, 1.0), (1.0, 0.0), width=1.1)


def _tank(pen: Pen) -> None:
    pen.area((0.0, 0.12), (0.12, 0.03), (0.5, 0.0), (0.88, 0.03), (1.0, 0.12), (1.0, 0.88),
             (0.88, 0.97), (0.5, 1.0), (0.12, 0.97), (0.0, 0.88), fill=WATER)  # fmt: skip
    pen.line((0.0, 0.12), (1.0, 0.12), width=0.5)
    pen.line((0.0, 0.88), (1.0, 0.88), width=0.5)


def _boiler(pen: Pen) -> None:
    pen.frame(STEEL)
    pen.area((0.5, 0.18), (0.66, 0.42), (0.70, 0.62), (0.62, 0.80), (0.5, 0.86), (0.38, 0.80),
             (0.30, 0.62), (0.36, 0.48), (0.43, 0.54), fill="#ffd9a0", colour="flame")  # fmt: skip


def _heater(pen: Pen) -> None:
    pen.frame(STEEL)
    steps = [(0.2 + 0.1 * k, 0.5 + (0.22 if k % 2 else -0.22) * (0 < k < 6)) for k in range(7)]
    pen.line(*steps, colour="warm", width=1.2)


def _tower(pen: Pen) -> None:
    pen.area((0.0, 0.3), (1.0, 0.3), (0.84, 1.0), (0.16, 1.0), fill=STEEL)
    pen.frame(WHITE, 0.3, 0.14, 0.7, 0.3)
    pen.line((0.26, 0.05), (0.74, 0.05), width=1.4)
    pen.line((0.5, 0.05), (0.5, 0.14))
    for x in (0.32, 0.5, 0.68):
        for y in (0.48, 0.68):
            pen.line((x, y), (x, y + 0.1), colour="cool", width=1.0)


def _collector(pen: Pen) -> None:
    pen.area((0.1, 0.95), (0.42, 0.35), (0.98, 0.35), (0.66, 0.95), fill=WATER)
    for k in (1, 2, 3):
        pen.line((0.1 + 0.14 * k, 0.95), (0.42 + 0.14 * k, 0.35), width=0.6)
    pen.circle(0.16, 0.2, 3.4, fill="#ffe9a8", colour="sun")


def _building(pen: Pen) -> None:
    eaves = 8.0 / pen.box.high
    pen.area((0.0, eaves), (0.5, -0.02), (1.0, eaves), (1.0, 1.0), (0.0, 1.0), fill=STEEL)
    _radiator(pen, 0.28, 0.4, 0.78, 0.8)


def _radiator(pen: Pen, left: float, top: float, right: float, bottom: float) -> None:
    pen.frame(WHITE, left, top, right, bottom)
    for k in range(1, 6):
        x = left + (right - left) * k / 6
        pen.line((x, top), (x, bottom), width=0.6)


def _shower(pen: Pen) -> None:
    pen.frame(STEEL)
    pen.line((0.28, 0.85), (0.28, 0.24), (0.62, 0.24), (0.62, 0.36), width=1.3)
    pen.line((0.48, 0.38), (0.76, 0.38), width=1.3)
    for x in (0.52, 0.62, 0.72):
        pen.line((x, 0.5), (x, 0.62), colour="cool", width=1.0)
        pen.line((x, 0.72), (x, 0.84), colour="cool", width=1.0)


def _pool(pen: Pen) -> None:
    pen.area((0.0, 0.2), (0.0, 1.0), (1.0, 1.0), (1.0, 0.2), fill=WATER)
    pen.waves(0.42, 0.76, 2)


def _load(pen: Pen) -> None:
    pen.frame(STEEL)
    _radiator(pen, 0.2, 0.24, 0.8, 0.76)


def _box(pen: Pen) -> None:
    pen.frame(STEEL)


_SYMBOLS: dict[str, Callable[[Pen], None]] = {
    "borefield": _borefield, "zone": _zone, "circulation_well": _well,
    "standing_column_well": _well, "groundwater_wells": _wells, "well_doublet": _wells,
    "surface_water": _basin, "sewage": _basin, "reclaimed_water": _basin, "mine_water": _basin,
    "waste_heat": _waste, "air": _air, "source": _source, "exchanger": _exchanger, "tank": _tank,
    "backup": _boiler, "heater": _heater, "tower": _tower, "collector": _collector,
    "building": _building, "hot_water": _shower, "pool": _pool, "load": _load, "recharge": _box,
}  # fmt: skip


def draw_valve(axes: Axes, x: float, y: float, state: str, colour: str, scale: float) -> None:
    """Two triangles tip to tip: filled where open, hollow where closed, half toned where unsaid."""
    from matplotlib.patches import Polygon

    wide, high = 4.6, 2.8
    fill = {"open": colour, "closed": WHITE, "plain": "#d5dbe1"}[state]
    tone = colour if state == "open" else INK
    for sign in (-1.0, 1.0):
        corners: Sequence[tuple[float, float]] = (
            (x, y), (x + sign * wide, y - high), (x + sign * wide, y + high),
        )  # fmt: skip
        axes.add_patch(Polygon(corners, closed=True, facecolor=fill, edgecolor=tone,
                               linewidth=0.8 * scale, zorder=6.0, joinstyle="miter"))  # fmt: skip
