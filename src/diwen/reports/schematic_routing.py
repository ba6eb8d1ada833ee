"""Pipes of a schematic: one lane per water between two columns, supply left and return right.

The order of the lanes is the one with the fewest crossings, and none in which two waters would
lie on one another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations

from diwen.reports.schematic_graph import THROUGH, Graph, Link
from diwen.reports.schematic_layout import APART, Cell, left_key, right_key
from diwen.reports.schematic_scene import Box, Label, PipeMark, Role, Scene, ValveMark
from diwen.reports.schematic_words import ems, wrapped

LANE, MARGIN, COLUMN_GAP = 17.0, 10.0, 6.0
VALVE_LETTER = 4.8
_VALVE_STEP, _TRACK = 16.0, 16.0
_SAME, _TOUCHING = 0.5, 2.0 * APART + 2.0
_TRIED, _OVERLAP, _STEP = 6, 1000, 3.5
_SHIFTS = (0.0, *(sign * step for step in range(3, 40, 3) for sign in (1.0, -1.0)))
_ROLES: tuple[Role, Role] = ("supply", "return")

Slot = tuple[str, bool, tuple[str, ...]]  # item, whether its right side, key


@dataclass
class Net:
    """One water between two columns.

    Attributes
    ----------
    links : that run in it
    left, right : heights at which pipes come from the left and from the right
    header : a loop's: drawn as a header
    down : height of the track at the bottom to which it goes; None: it stays here
    lane : number from the left; None: straight
    x : of its middle
    """

    links: list[Link]
    left: list[float] = field(default_factory=list)
    right: list[float] = field(default_factory=list)
    header: bool = False
    down: float | None = None
    lane: int | None = None
    x: float = 0.0

    @property
    def span(self) -> tuple[float, float]:
        """Upper and lower end."""
        ends = [*self.left, *self.right, *([] if self.down is None else [self.down])]
        return min(ends) - APART - 5.0, max(ends) + APART + 5.0


@dataclass
class Gap:
    """Between two columns: nets and the room its valves need on either side."""

    nets: list[Net] = field(default_factory=list)
    left_room: float = 0.0
    right_room: float = 0.0
    lanes: int = 0

    @property
    def wide(self) -> float:
        """Width, points."""
        lanes = self.lanes * LANE + (2.0 * MARGIN if self.lanes else COLUMN_GAP * 2.0)
        return lanes + self.left_room + self.right_room


def slot_y(cell: Cell, right: bool, key: tuple[str, ...]) -> float:
    """Height of a slot."""
    return cell.y + (cell.right if right else cell.left)[key].offset


def routed(graph: Graph, cells: dict[str, Cell], scene: Scene) -> None:
    """Lanes, columns' places and every pipe, into the scene; sizes of the drawing too."""
    _eased(graph, cells)
    gaps = _gaps(graph, cells)
    bottom = max((cell.y + cell.below for cell in cells.values()), default=0.0)
    tracks = _returning(graph, cells, gaps, bottom)
    for gap in gaps:
        _lanes(gap)
    _columns(graph, cells, gaps, scene)
    scene.high = bottom + _TRACK * len(tracks)
    drawn = _Drawn(scene, cells)
    for gap in gaps:
        for net in gap.nets:
            drawn.net(net)
    for link, out, into, track in tracks:
        drawn.track(link, out.x, into.x, track)
    drawn.pumps(graph)
    drawn.crossings()


def _eased(graph: Graph, cells: dict[str, Cell]) -> None:
    """Shift what stands right of the headers, where pipes would lie on one another there."""
    for rank, column in enumerate(graph.columns):
        if not any(cells[name].item.kind == "loop" for name in column):
            continue
        right = [name for names in graph.columns[rank:] for name in names]
        start = {name: cells[name].y for name in right}
        costs = {}
        for shift in _SHIFTS:
            for name in right:
                cells[name].y = start[name] + shift
            nets = _gaps(graph, cells)[rank].nets
            costs[shift] = _cost(_best(nets)) // _OVERLAP
            if not costs[shift]:
                break
        best = min(costs, key=lambda shift: costs[shift])
        for name in right:
            cells[name].y = start[name] + best
    for link in graph.links:
        one, other = cells[link.one], cells[link.other]
        if other.item.kind == THROUGH:
            y = slot_y(one, True, right_key(link, one.item.machine))
            # A passing pipe has that much room on either side: no step for a hair's breadth.
            if abs(y - other.y) < _STEP:
                other.y = y
    top = min((cell.y - cell.above for cell in cells.values()), default=0.0)
    for cell in cells.values():
        cell.y -= top


def _gaps(graph: Graph, cells: dict[str, Cell]) -> list[Gap]:
    """Nets between all columns, also left of the first and right of the last."""
    gaps = [Gap() for _ in range(len(graph.columns) + 1)]
    by_gap: dict[int, list[Link]] = defaultdict(list)
    for link in graph.links:
        by_gap[cells[link.other].item.rank].append(link)
        room = _valve_room(link)
        gap = gaps[cells[link.other].item.rank]
        if cells[link.one].item.machine:
            gap.left_room = max(gap.left_room, room)
        elif cells[link.other].item.machine:
            gap.right_room = max(gap.right_room, room)
    for rank, links in by_gap.items():
        for members in _together(links, cells):
            left = [slot_y(cells[x.one], True, right_key(x, cells[x.one].item.machine))
                    for x in members]  # fmt: skip
            right = [slot_y(cells[x.other], False, left_key(x, cells[x.other].item.machine))
                     for x in members]  # fmt: skip
            header = any(cells[x.other].item.kind == "loop" for x in members)
            gaps[rank].nets.append(Net(members, left, right, header))
    return gaps


def _valve_room(link: Link) -> float:
    """Width that the valves of a link need beside the machine."""
    most = max(len(link.supply_valves), len(link.return_valves))
    if not most:
        return 0.0
    names = [*link.supply_valves, *link.return_valves]
    return max(most * _VALVE_STEP + 12.0, *(min(ems(n) * VALVE_LETTER, 40.0) + 14.0 for n in names))


def _together(links: list[Link], cells: dict[str, Cell]) -> list[list[Link]]:
    """Links that share a slot, each group one water."""
    groups: list[tuple[set[Slot], list[Link]]] = []
    for link in links:
        slots = {
            (link.one, True, right_key(link, cells[link.one].item.machine)),
            (link.other, False, left_key(link, cells[link.other].item.machine)),
        }
        members = [link]
        for group in [group for group in groups if group[0] & slots]:
            groups.remove(group)
            slots |= group[0]
            members = group[1] + members
        groups.append((slots, members))
    return [members for _, members in groups]


def _returning(
    graph: Graph, cells: dict[str, Cell], gaps: list[Gap], bottom: float
) -> list[tuple[Link, Net, Net, float]]:
    """Pipes against the direction of the columns: down, along the bottom, and up again."""
    tracks = []
    for k, link in enumerate(graph.returns):
        one, other = cells[link.one], cells[link.other]
        y = bottom + (k + 0.5) * _TRACK
        out = Net([link], [slot_y(one, True, right_key(link, one.item.machine))], down=y)
        into = Net([link], [], [slot_y(other, False, left_key(link, other.item.machine))], down=y)
        gaps[one.item.rank + 1].nets.append(out)
        gaps[other.item.rank].nets.append(into)
        tracks.append((link, out, into, y))
    return tracks


def _lanes(gap: Gap) -> None:
    """A lane for every net that needs one; nets far from each other share one."""
    upright = []
    for net in gap.nets:
        ends = [*net.left, *net.right]
        straight = max(ends) - min(ends) < _SAME and not net.header and net.down is None
        if not (straight and len(net.links) == 1 and not _valve_room(net.links[0])):
            upright.append(net)
    upright = _best(upright)
    for k, net in enumerate(upright):
        near = [u.lane for u in upright[:k] if u.lane is not None
                and u.span[0] < net.span[1] and net.span[0] < u.span[1]]  # fmt: skip
        net.lane = max(near, default=-1) + 1
    gap.lanes = max((net.lane + 1 for net in upright if net.lane is not None), default=0)


def _best(nets: list[Net]) -> list[Net]:
    """The order of lanes that costs least."""
    if len(nets) <= _TRIED:
        return min((list(order) for order in permutations(nets)), key=_cost)
    order = sorted(nets, key=lambda net: sum(net.span))
    improved = True
    while improved:
        improved = False
        for k in range(len(order) - 1):
            other = [*order[:k], order[k + 1], order[k], *order[k + 2 :]]
            if _cost(other) < _cost(order):
                order, improved = other, True
    return order


def _cost(order: Sequence[Net]) -> int:
    """Crossings of an order of lanes; pipes that would lie on one another count a thousand."""
    cost = 0
    for k, one in enumerate(order):
        for other in order[k + 1 :]:
            # What reaches the right-hand lane from the left passes the left-hand one, and so on.
            cost += sum(one.span[0] < y < one.span[1] for y in set(other.left))
            cost += sum(other.span[0] < y < other.span[1] for y in set(one.right))
            cost += _OVERLAP * sum(abs(a - b) < _TOUCHING for a in set(other.left)
                                   for b in set(one.right))  # fmt: skip
    return cost


def _columns(graph: Graph, cells: dict[str, Cell], gaps: list[Gap], scene: Scene) -> None:
    """Places of columns and lanes from left to right."""
    x = 0.0
    for rank, gap in enumerate(gaps):
        start = x + gap.left_room + MARGIN
        for net in gap.nets:
            if net.lane is not None:
                net.x = start + (net.lane + 0.5) * LANE
        x += gap.wide if 0 < rank < len(graph.columns) or gap.lanes else 0.0
        if rank < len(graph.columns):
            wide = max((cells[name].room for name in graph.columns[rank]), default=0.0)
            for name in graph.columns[rank]:
                cells[name].x = x + 0.5 * wide
            x += wide
    scene.wide = x


class _Drawn:
    """Puts pipes, valves, dots and gaps into a scene."""

    def __init__(self, scene: Scene, cells: dict[str, Cell]) -> None:
        self.scene, self.cells = scene, cells
        self.valves: set[tuple[str, Role]] = set()

    def net(self, net: Net) -> None:
        """All links of a net, and the dots where they join."""
        if net.down is not None:
            return
        for link in net.links:
            for role in _ROLES:
                if link.supply if role == "supply" else link.back:
                    self._pipe(net, link, role)
            self._valves(link)
        if net.lane is not None:
            for role in _ROLES:
                self._dots(net, role)

    def _ends(self, link: Link, role: Role) -> tuple[float, float, float, float]:
        """Right edge of one and left edge of the other with the heights of the pipe."""
        one, other = self.cells[link.one], self.cells[link.other]
        sign = -1.0 if role == "supply" else 1.0
        out = right_key(link, one.item.machine)
        into = left_key(link, other.item.machine)
        return (
            one.x + 0.5 * one.wide, slot_y(one, True, out) + sign * one.right[out].apart,
            other.x - 0.5 * other.wide, slot_y(other, False, into) + sign * other.left[into].apart,
        )  # fmt: skip

    def _pipe(self, net: Net, link: Link, role: Role) -> None:
        x1, y1, x2, y2 = self._ends(link, role)
        points = ((x1, y1), (x2, y2))
        if net.lane is not None:
            x = net.x + (-APART if role == "supply" else APART)
            points = ((x1, y1), (x, y1), (x, y2), (x2, y2))  # type: ignore[assignment]
        arrows = tuple(self._arrows(link, role, x1, y1, x2, y2))
        edges = tuple(edge for edge in link.edges if edge.role in ("both", role))
        self.scene.pipes.append(PipeMark(points, link.fluid, role, edges, net.header, arrows))

    def _arrows(
        self, link: Link, role: Role, x1: float, y1: float, x2: float, y2: float
    ) -> Iterator[tuple[float, float, int]]:
        """Arrows into what the water flows to."""
        one, other = self.cells[link.one], self.cells[link.other]
        room = _valve_room(link)
        left = x1 + (room - 2.0 if room and one.item.machine else 6.0)
        right = x2 - (room - 2.0 if room and other.item.machine else 6.0)
        places = []
        if role == "supply" and other.item.kind not in ("loop", THROUGH):
            places.append((right, y2, 1))
        elif role == "supply" and one.item.kind not in ("loop", THROUGH):
            places.append((left, y1, 1))
        if role == "return" and one.item.kind not in ("loop", THROUGH):
            places.append((left, y1, -1))
        yield from places

    def _valves(self, link: Link) -> None:
        one = self.cells[link.one]
        at_one = one.item.machine
        for role in _ROLES:
            x1, y1, x2, y2 = self._ends(link, role)
            names = link.supply_valves if role == "supply" else link.return_valves
            for k, name in enumerate(names):
                if (name, role) in self.valves:
                    continue
                self.valves.add((name, role))
                x = x1 + 12.0 + k * _VALVE_STEP if at_one else x2 - 12.0 - k * _VALVE_STEP
                y = y1 if at_one else y2
                self.scene.valves.append(ValveMark(name, x, y, link.fluid, role))
                if role == "supply" or name not in link.supply_valves:
                    self._valve_name(name, x, y, at_one)

    def _valve_name(self, name: str, x: float, y: float, at_one: bool) -> None:
        shown = wrapped(name, 40.0 / VALVE_LETTER, 1)[0]
        wide = ems(shown) * VALVE_LETTER
        left = max(x - 0.5 * wide, x - 10.0) if at_one else min(x - 0.5 * wide, x + 10.0 - wide)
        box = Box(left, y - 3.4 - VALVE_LETTER * 1.1, wide, VALVE_LETTER * 1.1)
        self.scene.labels.append(Label(shown, box, VALVE_LETTER, of=name))

    def _dots(self, net: Net, role: Role) -> None:
        """A dot where a pipe joins a lane between its ends, or from both sides."""
        meets: dict[float, set[str]] = defaultdict(set)
        edges: dict[float, list[Link]] = defaultdict(list)
        for link in net.links:
            if not (link.supply if role == "supply" else link.back):
                continue
            _, y1, _, y2 = self._ends(link, role)
            meets[round(y1, 3)].add("left")
            meets[round(y2, 3)].add("right")
            for y in (y1, y2):
                edges[round(y, 3)].append(link)
        if net.header or not meets:
            return
        x = net.x + (-APART if role == "supply" else APART)
        ends = min(meets), max(meets)
        for y, sides in meets.items():
            if y not in ends or (len(sides) > 1 and ends[0] != ends[1]):
                joined = tuple(e for link in edges[y] for e in link.edges)
                self.scene.dots.append(PipeMark(((x, y),), edges[y][0].fluid, role, joined))

    def track(self, link: Link, x_out: float, x_into: float, y: float) -> None:
        """A pipe back to a source, along the bottom."""
        for role, sign in zip(_ROLES, (-1.0, 1.0), strict=True):
            x1, y1, x2, y2 = self._ends(link, role)
            points = (
                (x1, y1), (x_out - sign * APART, y1), (x_out - sign * APART, y + sign * APART),
                (x_into + sign * APART, y + sign * APART), (x_into + sign * APART, y2), (x2, y2),
            )  # fmt: skip
            arrows = ((x2 - 6.0, y2, 1),) if role == "supply" else ((x1 + 6.0, y1, -1),)
            self.scene.pipes.append(
                PipeMark(points, link.fluid, role, link.edges, arrows=arrows)
            )  # fmt: skip

    def pumps(self, graph: Graph) -> None:
        """The return passes below a pump, which stands in the supply."""
        for name, cell in self.cells.items():
            if cell.item.kind != "pump" or (len(cell.left), len(cell.right)) != (1, 1):
                continue
            links = [link for link in graph.links if name in (link.one, link.other)]
            backs = [link for link in links if link.back]
            if not backs:
                continue
            y = cell.y + APART
            edges = tuple(e for link in backs for e in link.edges if e.role != "supply")
            ends = ((cell.x - 0.5 * cell.wide, y), (cell.x + 0.5 * cell.wide, y))
            self.scene.pipes.append(PipeMark(ends, backs[0].fluid, "return", edges))

    def crossings(self) -> None:
        """Places where a level pipe passes an upright one of another water."""
        upright, level = [], []
        for k, pipe in enumerate(self.scene.pipes):
            for (x1, y1), (x2, y2) in zip(pipe.points, pipe.points[1:], strict=False):
                if abs(x1 - x2) < 1e-6:
                    upright.append((x1, min(y1, y2), max(y1, y2), k))
                else:
                    level.append((y1, min(x1, x2), max(x1, x2), k))
        found = {
            (round(x, 3), round(y, 3))
            for x, low, high, _ in upright
            for y, left, right, _ in level
            if left + 0.1 < x < right - 0.1 and low + 0.1 < y < high - 0.1
        }
        joined = {(round(dot.points[0][0], 3), round(dot.points[0][1], 3))
                  for dot in self.scene.dots}  # fmt: skip
        ends = {(round(x, 3), round(y, 3)) for pipe in self.scene.pipes for x, y in pipe.points}
        self.scene.gaps = sorted(found - joined - ends)
