"""Where everything of a schematic stands: symbols in columns, pipes in lanes between them.

Lengths are points of an unscaled drawing, y downwards. Supply and return run side by side; a
symbol never shares its column with a lane, nor a text with a pipe, so that nothing overlaps.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from diwen.language import Language
from diwen.reports.schematic_graph import THROUGH, Graph, Item, Link
from diwen.reports.schematic_scene import Box, Label, Scene, SymbolMark, TagMark
from diwen.reports.schematic_words import ems, numbers_of, shown_names, symbol_of, wrapped

if TYPE_CHECKING:
    from diwen.site.model import Site

NAME, NUMBERS, TAG = 6.6, 5.8, 4.6  # letter heights
APART, VALVED_APART = 4.0, 6.5  # half the distance of supply and return
PITCH, VALVED_PITCH = 17.0, 27.0  # between pairs of one symbol
_LINE = 1.22  # of the letter height
_BELOW, _TAG_STEP = 9.0, 8.4
_WIDEST = {"unit": 15.0, "chiller": 15.0, "backup": 13.0, "load": 11.0, "loop": 10.0}
_SIZES = {
    "source": (46.0, 40.0), "zone": (30.0, 26.0), "pump": (17.0, 17.0), "exchanger": (22.0, 30.0),
    "unit": (62.0, 44.0), "chiller": (62.0, 44.0), "backup": (34.0, 34.0), "tank": (22.0, 38.0),
    "load": (42.0, 34.0), "recharge": (36.0, 30.0), "loop": (0.0, 10.0), THROUGH: (0.0, 10.0),
}  # fmt: skip
_SIDE = {"desuperheater": 0, "condenser": 1, "evaporator": 2, "": 3}
_TIES = 6


@dataclass
class Slot:
    """Where a pair of pipes meets a symbol; ``offset`` from its middle, downwards."""

    key: tuple[str, ...]
    valved: bool = False
    offset: float = 0.0

    @property
    def apart(self) -> float:
        """Half the distance of supply and return."""
        return VALVED_APART if self.valved else APART

    @property
    def pitch(self) -> float:
        """Height it takes."""
        return VALVED_PITCH if self.valved else PITCH


@dataclass
class Cell:
    """An item with its size, texts and slots.

    Attributes
    ----------
    wide, high : of the symbol
    above, below : from its middle to the ends of what it takes
    names, numbers : lines of text
    left, right : slots by key
    meters : numbers of the measuring points at it
    x, y : its middle
    """

    item: Item
    symbol: str
    wide: float
    high: float
    names: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    left: dict[tuple[str, ...], Slot] = field(default_factory=dict)
    right: dict[tuple[str, ...], Slot] = field(default_factory=dict)
    meters: list[int] = field(default_factory=list)
    above: float = 0.0
    below: float = 0.0
    x: float = 0.0
    y: float = 0.0
    split: float = 0.0  # of a machine: where the condenser ends and the evaporator begins

    @property
    def room(self) -> float:
        """Width it takes in its column."""
        texts = [ems(t) * NAME for t in self.names] + [ems(t) * NUMBERS for t in self.numbers]
        tags = min(len(self.meters), _TIES) * _TAG_STEP
        return max(self.wide + 2.0 * (self.item.kind != THROUGH), tags, *texts, 0.0)


def right_key(link: Link, machine: bool) -> tuple[str, ...]:
    """Slot at which a link leaves: a machine has one per port and loop."""
    return (link.port, link.water, link.other) if machine else ("", link.water)


def left_key(link: Link, machine: bool) -> tuple[str, ...]:
    """Slot at which a link arrives."""
    return (link.port, link.water) if machine else ("", link.water)


def cells_of(graph: Graph, site: Site, language: Language) -> dict[str, Cell]:
    """Every item with its texts and slots, not placed yet."""
    things = [item for item in graph.items.values() if item.nodes]
    names = shown_names(things, site)
    cells = {}
    for name, item in graph.items.items():
        wide, high = _SIZES[item.kind]
        cell = Cell(item, symbol_of(item, site) if item.nodes else THROUGH, wide, high)
        widest = _WIDEST.get(item.kind, 10.5)
        if item.nodes:
            cell.names = wrapped(names[name].to(language), widest, 3)
            cell.numbers = [part for text in numbers_of(item, site)
                            for part in wrapped(text.to(language), widest * 1.3, 2)]  # fmt: skip
        cells[name] = cell
    for number, places in enumerate(graph.meters.values(), 1):
        for place in places:
            if place in cells:
                cells[place].meters.append(number)
    _slots(cells, graph)
    for cell in cells.values():
        _sized(cell)
    return cells


def _slots(cells: dict[str, Cell], graph: Graph) -> None:
    """Slots of every item, in the order of what they lead to."""
    place = {name: k for column in graph.columns for k, name in enumerate(column)}
    near: dict[tuple[str, str, tuple[str, ...]], list[int]] = defaultdict(list)
    for link in [*graph.links, *graph.returns]:
        one, other = cells[link.one], cells[link.other]
        valved = bool(link.supply_valves or link.return_valves)
        keys = right_key(link, one.item.machine), left_key(link, other.item.machine)
        out = one.right.setdefault(keys[0], Slot(keys[0]))
        into = other.left.setdefault(keys[1], Slot(keys[1]))
        out.valved |= valved and one.item.machine
        into.valved |= valved and other.item.machine
        last = 1000 * (link in graph.returns)
        near[link.one, "right", keys[0]].append(place[link.other] + last)
        near[link.other, "left", keys[1]].append(place[link.one] + last)
    for name, cell in cells.items():
        for side in ("left", "right"):
            slots = getattr(cell, side)
            order = sorted(slots, key=lambda key: (
                _SIDE.get(key[0], 3) if cell.item.machine else 0,
                sum(near[name, side, key]) / len(near[name, side, key]),
            ))  # fmt: skip
            setattr(cell, side, {key: slots[key] for key in order})


def _sized(cell: Cell) -> None:
    """Height of the symbol, offsets of its slots, and what it takes above and below."""
    if cell.item.machine and cell.item.kind != "backup":
        sides = [list(cell.left.values()), list(cell.right.values())]
        halves = []
        for upper in (True, False):
            parts = [[s for s in side if (s.key[0] in ("condenser", "desuperheater")) is upper]
                     for side in sides]  # fmt: skip
            high = max(20.0, *(sum(s.pitch for s in part) for part in parts))
            halves.append((parts, high))
        cell.high = sum(high for _, high in halves) + 8.0
        top = -0.5 * cell.high + 4.0
        cell.split = top + halves[0][1]
        for parts, high in halves:
            for part in parts:
                _spread(part, top + 0.5 * high)
            top += high
    else:
        for side in (cell.left, cell.right):
            _spread(list(side.values()), 0.0)
        tallest = max(sum(s.pitch for s in side.values()) for side in (cell.left, cell.right))
        if cell.item.kind == "pump" and max(len(cell.left), len(cell.right)) > 1:
            cell.high = max(cell.high, tallest)
        elif cell.item.kind == "load":
            cell.high = max(cell.high, tallest + 14.0)  # its roof takes no pipe
        elif cell.item.kind not in ("loop", THROUGH, "pump"):
            cell.high = max(cell.high, tallest - 4.0)
        elif cell.item.kind != "pump":
            cell.high = max(cell.high, tallest - PITCH + 10.0)
    text = NAME * _LINE * len(cell.names) + NUMBERS * _LINE * len(cell.numbers)
    tags = -(-len(cell.meters) // _TIES) * _TAG_STEP
    if cell.item.kind == "loop":
        cell.above, cell.below = 0.5 * cell.high + text + 4.0 + tags, 0.5 * cell.high + 5.0
    elif cell.item.kind == THROUGH:
        cell.above = cell.below = 0.5 * cell.high + 4.0
    else:
        cell.above = 0.5 * cell.high + 5.0
        cell.below = 0.5 * cell.high + 3.0 + text + tags + _BELOW
        if cell.item.kind == "pump":
            cell.above = max(cell.above, 0.5 * cell.high + APART)


def _spread(slots: list[Slot], middle: float) -> None:
    top = middle - 0.5 * sum(slot.pitch for slot in slots)
    for slot in slots:
        slot.offset = top + 0.5 * slot.pitch
        top += slot.pitch


def stack(columns: list[list[str]], cells: dict[str, Cell], links: list[Link]) -> None:
    """Heights of all items: as straight to their neighbours as their neighbours above allow."""
    ties: dict[str, list[tuple[str, float, float, bool]]] = defaultdict(list)
    for link in links:
        one, other = cells[link.one], cells[link.other]
        out = one.right[right_key(link, one.item.machine)].offset
        into = other.left[left_key(link, other.item.machine)].offset
        # A header lets a loop stand anywhere.
        weight = 0.15 if other.item.kind == "loop" else 1.0
        ties[link.other].append((link.one, out - into, weight, True))
        ties[link.one].append((link.other, into - out, weight, False))
    for column in columns:
        y = 0.0
        for name in column:
            cells[name].y = y + cells[name].above
            y += cells[name].above + cells[name].below
        for name in column:
            cells[name].y -= 0.5 * y
    last = len(columns) - 1
    sweeps: list[tuple[range, bool | None]] = []
    for _ in range(6):
        sweeps += [(range(last + 1), None), (range(last, -1, -1), None)]
    sweeps += [(range(last, -1, -1), False), (range(last + 1), True)]
    for ranks, side in sweeps:
        for rank in ranks:
            _settle(columns[rank], cells, ties, side)
    top = min((cell.y - cell.above for cell in cells.values()), default=0.0)
    for cell in cells.values():
        cell.y -= top


def _settle(
    column: list[str],
    cells: dict[str, Cell],
    ties: dict[str, list[tuple[str, float, float, bool]]],
    side: bool | None,
) -> None:
    """Place a column where its ties pull it, in order and without overlap.

    Least squares under separations: pooled adjacent violators (Barlow et al., Statistical
    Inference under Order Restrictions, 1972).
    """
    offset, before, blocks = 0.0, None, []
    offsets = []
    for name in column:
        cell = cells[name]
        offset += 0.0 if before is None else before.below + cell.above
        before = cell
        offsets.append(offset)
        pulls = [(cells[o].y + d, w) for o, d, w, left in ties[name] if side in (None, left)]
        weight = sum(w for _, w in pulls)
        wish = sum(y * w for y, w in pulls) / weight if weight else cell.y
        blocks.append([(wish - offset) * max(weight, 0.05), max(weight, 0.05), 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            end = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], end, strict=True)]
    k = 0
    for total, weight, size in blocks:
        for _ in range(int(size)):
            cells[column[k]].y = total / weight + offsets[k]
            k += 1


def marks_of(cells: dict[str, Cell], columns: list[list[str]], scene: Scene) -> None:
    """Symbols, texts and tags of the placed cells, into the scene."""
    for column in columns:
        for cell in (cells[name] for name in column):
            if cell.item.kind == THROUGH:
                continue
            box = Box(cell.x - 0.5 * cell.wide, cell.y - 0.5 * cell.high, cell.wide, cell.high)
            ids = tuple(node.id for node in cell.item.nodes)
            count = sum(node.count for node in cell.item.nodes)
            scene.symbols.append(SymbolMark(ids, cell.item.kind, cell.symbol, box, count,
                                            cell.split + cell.y))  # fmt: skip
            _texts(cell, scene)


def _texts(cell: Cell, scene: Scene) -> None:
    """Names and numbers below the symbol, of a loop above its pipe; tags of meters behind."""
    text = NAME * _LINE * len(cell.names) + NUMBERS * _LINE * len(cell.numbers)
    rows = -(-len(cell.meters) // _TIES)
    y = cell.y + 0.5 * cell.high + 3.0
    if cell.item.kind == "loop":
        y = cell.y - 0.5 * cell.high - 3.0 - text - rows * _TAG_STEP
    for lines, size, strong in ((cell.names, NAME, True), (cell.numbers, NUMBERS, False)):
        for line in lines:
            wide = ems(line) * size
            box = Box(cell.x - 0.5 * wide, y, wide, size * _LINE)
            scene.labels.append(Label(line, box, size, strong, cell.item.nodes[0].id))
            y += size * _LINE
    for k, number in enumerate(cell.meters):
        row, place = divmod(k, _TIES)
        here = min(len(cell.meters) - row * _TIES, _TIES)
        x = cell.x + (place - 0.5 * (here - 1)) * _TAG_STEP
        scene.tags.append(TagMark(number, cell.item.nodes[0].id, x, y + (row + 0.55) * _TAG_STEP))
