"""What a picture says, before anybody draws it.

A :class:`Chart` is plain data: named traces over one horizontal and one or two vertical axes,
limit lines, a title, the source points. ``echarts`` turns it into the interactive picture of a
page, ``drawing`` into the SVG of the printed report; both therefore show the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from diwen.language import Language, Text
from diwen.site.points import ORIGIN_NAMES

Shape = Literal["line", "area", "bar", "points", "interval", "cells"]
Values = tuple[float | None, ...]

# One colour per meaning, the same in every picture; told apart by people with colour-vision
# deficiency too (blue/orange first, then lightness).
COLOURS = {
    "source": "#1f6fb2",
    "source_pale": "#7fb3dd",
    "load": "#c8501e",
    "load_pale": "#eca374",
    "electricity": "#6b4c9a",
    "outdoor": "#6f7c85",
    "good": "#2e8b57",
    "limit": "#b3261e",
    "water": "#0f8b8d",
    "room": "#b7791f",
}
# What belongs to a mode of operation: heating warm, cooling cold.
MODE_COLOURS = {
    "heating": COLOURS["load"],
    "cooling": COLOURS["source"],
    "hot_water": COLOURS["room"],
    "simultaneous": COLOURS["water"],
    "all": COLOURS["outdoor"],
}
CYCLE = ("#1f6fb2", "#c8501e", "#2e8b57", "#6b4c9a", "#b7791f", "#0f8b8d", "#a0456e", "#6f7c85")


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis.

    Attributes
    ----------
    title : what is laid off on it
    unit : unit as printed; empty for a ratio or for time
    kind : ``time`` (milliseconds, local clock), ``value``, ``category``
    categories : names along a category axis, in order
    decimals : decimals shown when a single value is read off
    from_zero : the axis must show zero (amounts drawn as bars)
    least : where it begins, None: where the data do (only charts that lie)
    most : where it ends, None: beyond the data (only charts that lie)
    """

    title: Text
    unit: str = ""
    kind: Literal["time", "value", "category"] = "value"
    categories: tuple[Text, ...] = ()
    decimals: int = 1
    from_zero: bool = False
    least: float | None = None
    most: float | None = None

    def label(self, language: Language) -> str:
        """Title with unit, as written beside the axis."""
        title = self.title.to(language)
        return f"{title} ({self.unit})" if self.unit else title


@dataclass(frozen=True, slots=True)
class Trace:
    """One series of values in a chart.

    Attributes
    ----------
    name : name in the legend
    shape : how it is drawn; ``interval`` is a range with a dot at the value, ``cells`` a map
    x, y : (n,) positions and values; None is a hole and stays one. For ``cells`` x and y are the
        indices of column and row.
    low, high : (n,) lower and upper bound (smallest and largest value in a plotting bucket, or
        value minus and plus its uncertainty); empty when there is none
    cells : (n,) value of each cell, only for ``cells``
    base : (n,) where a bar begins, empty: at zero; only for bars that lie
    colour : CSS colour
    axis : index of the vertical axis
    stack : traces with the same non-empty name are stacked
    origin : measured, simulated, manual, calculated
    points : ids of the points that the trace comes from
    """

    name: Text
    shape: Shape
    x: tuple[float, ...]
    y: Values
    low: Values = ()
    high: Values = ()
    cells: Values = ()
    base: Values = ()
    colour: str = CYCLE[0]
    axis: int = 0
    stack: str = ""
    origin: tuple[str, ...] = ("measured",)
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A limit drawn as a line: a grade edge, a permitted temperature."""

    value: float
    text: Text
    verified: bool = True
    axis: Literal["x", "y"] = "y"


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture.

    Attributes
    ----------
    id : stable name, unique in a report
    title : what the picture shows
    x, y : the axes
    traces : what is drawn
    marks : limit lines
    note : how to read it (what the band means, what is left out)
    edges : edges of the classes in which cells are coloured, ascending, in the unit of the cells
    lying : bars lie one under the other, so that their long names have a line each
    """

    id: str
    title: Text
    x: Axis
    y: tuple[Axis, ...]
    traces: tuple[Trace, ...]
    marks: tuple[Mark, ...] = ()
    note: Text | None = None
    edges: tuple[float, ...] = ()
    lying: bool = False

    @property
    def across(self) -> bool:
        """Whether the categories stand one under the other and values run to the right."""
        return self.lying or any(trace.shape == "interval" for trace in self.traces)

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins of everything drawn, without repetition."""
        return unique(origin for trace in self.traces for origin in trace.origin)

    @property
    def points(self) -> tuple[str, ...]:
        """Ids of every point drawn, without repetition."""
        return unique(point for trace in self.traces for point in trace.points)

    def caption(self, language: Language) -> str:
        """Origin, source points and reading note, as printed under the picture."""
        parts = [_ORIGIN.format(origin=origin_text(self.origins)).to(language)]
        if self.points:
            names = (", " if language == "en" else "、").join(self.points)
            parts.append(_POINTS.format(points=names).to(language))
        if self.note is not None:
            parts.append(self.note.to(language))
        if any(not mark.verified for mark in self.marks):
            parts.append(_UNVERIFIED.to(language))
        return " ".join(parts) if language == "en" else "".join(parts)


_ORIGIN = Text("Origin: {origin}.", "数据来源：{origin}。")
_POINTS = Text("Points: {points}.", "测点：{points}。")
_UNVERIFIED = Text(
    "Lines marked (?) are not yet checked against the official text.",
    "标有“(?)”的限值尚未与标准正式文本核对。",
)
UNVERIFIED_MARK = "(?)"
# Beside the origins of points: what a picture shows of the evaluation itself.
_ORIGIN_TEXTS = {**ORIGIN_NAMES, "calculated": Text("calculated", "计算")}


def cell_classes(edges: tuple[float, ...]) -> list[tuple[float | None, float | None, str, str]]:
    """The classes in which cells of a map are coloured.

    Returns
    -------
    list of (from, below, colour, label), worst first. The first class is exactly nothing, the
    last one has no upper end.
    """
    colours = _CELL_COLOURS[-len(edges) - 1 :]
    out: list[tuple[float | None, float | None, str, str]] = [(None, None, _EMPTY_CELL, "0 %")]
    lower = (0.0, *edges)
    for number, colour in enumerate(colours):
        low = lower[number]
        high = edges[number] if number < len(edges) else None
        if high is None:
            label = f"≥ {low:g} %"
        else:
            label = f"< {high:g} %" if number == 0 else f"{low:g}–{high:g} %"
        out.append((low, high, colour, label))
    return out


_EMPTY_CELL = "#d9d9d9"
_CELL_COLOURS = ("#e07b53", "#f0c05a", "#b9d58b", "#3f9b6b")


def unique(items: Iterable[str]) -> tuple[str, ...]:
    """The items in order of first appearance, each once."""
    return tuple(dict.fromkeys(items))


def origin_text(origins: Sequence[str]) -> Text:
    """Origins in words (``measured, manual entry``); an origin not known is named as it is."""
    if not origins:
        return Text("no data", "无数据")
    known = [origin for origin in _ORIGIN_TEXTS if origin in origins]
    others = [origin for origin in origins if origin not in _ORIGIN_TEXTS]
    texts = [_ORIGIN_TEXTS.get(origin, Text(origin, origin)) for origin in (*known, *others)]
    return Text(", ".join(text.en for text in texts), "、".join(text.zh for text in texts))


def rounded(value: float | None, digits: int = 5) -> float | None:
    """A value with the significant digits a picture can show; None for a hole or not finite."""
    if value is None or value != value or value in (float("inf"), float("-inf")):
        return None
    return float(f"{value:.{digits}g}")
