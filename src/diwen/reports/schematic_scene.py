"""What stands where in a schematic, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from diwen.site.topology import Edge, Fluid

State = Literal["plain", "active", "idle"]
ValveState = Literal["plain", "open", "closed"]
Role = Literal["supply", "return"]

_TOUCH = 1e-6  # pt: to touch is not to overlap


@dataclass(frozen=True)
class Box:
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    wide: float
    high: float

    def meets(self, other: Box) -> bool:
        """Whether two rectangles have a common area."""
        return (
            self.x < other.x + other.wide - _TOUCH and other.x < self.x + self.wide - _TOUCH
            and self.y < other.y + other.high - _TOUCH and other.y < self.y + self.high - _TOUCH
        )  # fmt: skip


@dataclass(frozen=True)
class SymbolMark:
    """A symbol: the ids it stands for, kind of node, which symbol, where, how many alike."""

    ids: tuple[str, ...]
    kind: str
    symbol: str
    box: Box
    count: int = 1
    split: float = 0.0
    state: State = "plain"


@dataclass(frozen=True)
class Label:
    """A line of text in its box; ``of`` is the id of what it belongs to; ``left``: not centred."""

    text: str
    box: Box
    size: float
    strong: bool = False
    of: str = ""
    left: bool = False


@dataclass(frozen=True)
class TagMark:
    """The number of a measuring point at its place."""

    number: int
    place: str
    x: float
    y: float


@dataclass(frozen=True)
class PipeMark:
    """A run of pipe: its corners, what flows, and the edges it belongs to.

    ``header`` says that the upright part is a header; ``arrows`` are the places and directions
    (+1 right, −1 left) of the arrows of flow.
    """

    points: tuple[tuple[float, float], ...]
    fluid: Fluid
    role: Role
    edges: tuple[Edge, ...]
    header: bool = False
    arrows: tuple[tuple[float, float, int], ...] = ()
    state: State = "plain"


@dataclass(frozen=True)
class ValveMark:
    """A valve in a pipe; a valve for both pipes is drawn in both and named once."""

    id: str
    x: float
    y: float
    fluid: Fluid
    role: Role
    state: ValveState = "plain"


@dataclass(frozen=True)
class LegendMark:
    """A sample in the legend: what, left end, middle, width."""

    kind: str
    x: float
    y: float
    wide: float


@dataclass
class Scene:
    """A schematic, placed.

    Attributes
    ----------
    wide, high : of the drawing, points
    dots : where pipes of one water join: x, y, fluid, role, edges
    gaps : where a pipe passes under another: x, y
    valves_assumed : the places of valves are assumed
    meters : ids and quantities of the measuring points, by number from 1
    """

    wide: float = 0.0
    high: float = 0.0
    symbols: list[SymbolMark] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    tags: list[TagMark] = field(default_factory=list)
    pipes: list[PipeMark] = field(default_factory=list)
    valves: list[ValveMark] = field(default_factory=list)
    dots: list[PipeMark] = field(default_factory=list)
    gaps: list[tuple[float, float]] = field(default_factory=list)
    valves_assumed: bool = False
    legend: list[LegendMark] = field(default_factory=list)
    meters: list[tuple[str, str]] = field(default_factory=list)
