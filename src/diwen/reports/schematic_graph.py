"""The topology of a plant made ready to be laid out: columns, folded twins, waters, long pipes.

Columns run from the source to the loads. A pipe that passes a column gets a place in it, so that
nothing stands in its way; pipes of one water share that place. The method is the layered drawing
of Sugiyama, Tagawa and Toda (IEEE Trans. Systems, Man and Cybernetics 11 (1981), 109-125).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

from diwen.site.topology import Edge, Fluid, Node, Topology

THROUGH = "through"
_MACHINES = ("unit", "chiller", "backup")
_GROUND = ("source", "zone", "recharge")
_FOLD_ABOVE = 4
_SWEEPS = 12


@dataclass
class Item:
    """A place in a column: a thing of the plant, or a pipe that passes.

    Attributes
    ----------
    id : of the thing; of a passing pipe, made up
    kind : of the node, or ``through``
    nodes : the things drawn here: several where identical ones are folded
    rank : column
    """

    id: str
    kind: str
    nodes: tuple[Node, ...]
    rank: int = 0

    @property
    def machine(self) -> bool:
        """Whether it has water sides above and below: a unit, a chiller or a boiler."""
        return self.kind in _MACHINES


@dataclass(frozen=True)
class Link:
    """Supply and return between two items.

    Attributes
    ----------
    one, other : ids of items, in the direction of the supply
    fluid : what flows
    water : what hangs together without a machine between: id of the loop or of the source
    port : side of the machine
    edges : of the topology
    supply_valves, return_valves : ids of the valves in each pipe
    supply, back : whether there is a pipe of each
    """

    one: str
    other: str
    fluid: Fluid
    water: str
    port: str
    edges: tuple[Edge, ...]
    supply_valves: tuple[str, ...] = ()
    return_valves: tuple[str, ...] = ()
    supply: bool = True
    back: bool = True


@dataclass
class Graph:
    """Items in columns and what joins neighbours.

    Attributes
    ----------
    items : by id
    links : between neighbouring columns, from left to right
    returns : links against the direction of the columns: heat put back into a source
    columns : ids from top to bottom, per column
    meters : places of every measuring point
    """

    items: dict[str, Item]
    links: list[Link]
    returns: list[Link] = field(default_factory=list)
    columns: list[list[str]] = field(default_factory=list)
    meters: dict[str, tuple[str, ...]] = field(default_factory=dict)


def graph_of(plant: Topology) -> Graph:
    """Columns, order and links of a plant."""
    edges = [edge for edge in plant.edges if edge.role != "signal"]
    nodes = [node for node in plant.nodes if node.kind not in ("valve", "meter")]
    twins = _twins(nodes, edges)
    items: dict[str, Item] = {}
    for node in nodes:
        shown = twins[node.id]
        if shown in items:
            items[shown].nodes += (node,)
        else:
            items[shown] = Item(shown, node.kind, (node,))
    links, returns = _links(edges, items, twins)
    _rank(items, links)
    graph = Graph(items, _through(items, links), returns)
    graph.columns = _ordered(graph)
    places: dict[str, list[str]] = defaultdict(list)
    for edge in plant.edges:
        if edge.role == "signal":
            places[edge.to_id].append(twins.get(edge.from_id, edge.from_id))
    graph.meters = {name: tuple(dict.fromkeys(at)) for name, at in places.items()}
    return graph


def _twins(nodes: list[Node], edges: list[Edge]) -> dict[str, str]:
    """The thing that stands for each: many alike things with alike pipes are drawn as one."""
    before, after = defaultdict(set), defaultdict(set)
    for edge in edges:
        after[edge.from_id].add((edge.to_id, edge.fluid, edge.port, edge.valve))
        before[edge.to_id].add((edge.from_id, edge.fluid, edge.port, edge.valve))
    groups: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for node in nodes:
        if node.kind != "loop":
            alike = (node.kind, node.detail, node.count, frozenset(before[node.id]),
                     frozenset(after[node.id]))  # fmt: skip
            groups[alike].append(node.id)
    found = {node.id: node.id for node in nodes}
    for members in groups.values():
        if len(members) > _FOLD_ABOVE:
            found |= dict.fromkeys(members, members[0])
    return found


def _links(
    edges: list[Edge], items: dict[str, Item], twins: dict[str, str]
) -> tuple[list[Link], list[Link]]:
    """Edges joined to pairs of supply and return; those against the direction apart."""
    kinds = {name: items[shown].kind for name, shown in twins.items()}
    grouped: dict[tuple[str, ...], list[Edge]] = {}
    for edge in edges:
        key = (twins[edge.from_id], twins[edge.to_id], edge.fluid, edge.port)
        grouped.setdefault(key, []).append(edge)
    waters = _waters(edges, kinds)
    of_loops = {end: e.fluid for e in edges for end in (e.from_id, e.to_id)
                if kinds[end] == "loop" and e.fluid not in ("source", "air")}  # fmt: skip
    links: list[Link] = []
    returns: list[Link] = []
    for (one, other, _, port), members in grouped.items():
        back_to_source = items[other].kind in _GROUND and items[one].kind not in _GROUND
        valves = {role: tuple(dict.fromkeys(
            e.valve for e in members if e.valve and e.role in ("both", role)))
            for role in ("supply", "return")}  # fmt: skip
        roles = {edge.role for edge in members}
        # What an upper stage draws from a loop is the water of that loop.
        fluid = of_loops.get(one, members[0].fluid)
        water = f"{one}/{fluid}" if one in of_loops else waters[id(members[0])]
        link = Link(
            one, other, fluid, water, port, tuple(members),
            valves["supply"], valves["return"],
            bool(roles & {"both", "supply"}), bool(roles & {"both", "return"}),
        )  # fmt: skip
        circle = back_to_source or _reaches(links, other, one)
        (returns if circle else links).append(link)
    return links, returns


def _reaches(links: list[Link], start: str, end: str) -> bool:
    """Whether one is downstream of the other."""
    after = defaultdict(list)
    for link in links:
        after[link.one].append(link.other)
    seen, here = {start}, [start]
    while here:
        name = here.pop()
        if name == end:
            return True
        new = [other for other in after[name] if other not in seen]
        seen |= set(new)
        here += new
    return False


def _waters(edges: list[Edge], kinds: dict[str, str]) -> dict[int, str]:
    """The water of each edge: what it comes from through pumps and tanks; exchangers part it."""
    before = defaultdict(list)
    for edge in edges:
        before[edge.to_id].append(edge)

    def roots(edge: Edge, seen: frozenset[str]) -> frozenset[str]:
        name = edge.from_id
        if kinds[name] in _MACHINES:
            return frozenset([edge.to_id])
        above = [e for e in before[name] if e.fluid == edge.fluid
                 and kinds[e.from_id] not in _MACHINES]  # fmt: skip
        if kinds[name] in ("loop", "exchanger") or not above or name in seen:
            return frozenset([name])
        return frozenset().union(*(roots(e, seen | {name}) for e in above))

    return {id(edge): "+".join(sorted(roots(edge, frozenset()))) + f"/{edge.fluid}"
            for edge in edges}  # fmt: skip


def _rank(items: dict[str, Item], links: list[Link]) -> None:
    """Columns: the longest way from the left; machines, loops and loads each in one column."""
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for link in links:
        before[link.other].append(link.one)
        after[link.one].append(link.other)
    floor = dict.fromkeys(items, 0)
    sources = [name for name, item in items.items() if item.kind == "source"]
    if any(before[name] for name in sources):
        floor |= dict.fromkeys(sources, 1)
    upper = {name for name in items if _after_loop(name, before, items)}
    machines = [name for name, item in items.items() if item.machine and name not in upper]
    loops = [name for name, item in items.items() if item.kind == "loop" and name not in upper]
    for group in (machines, loops):
        top = max((_longest(name, before, floor) for name in group), default=0)
        if group is loops and machines:
            top = max(top, floor[machines[0]] + 1)
        floor |= dict.fromkeys(group, top)
    for name, item in items.items():
        item.rank = _longest(name, before, floor)
    last = max((item.rank for item in items.values()), default=0)
    for name, item in items.items():
        if item.kind == "load":
            item.rank = last
        loose = not before[name] and item.kind not in ("source", "loop")
        if after[name] and (loose or item.kind == "recharge"):
            item.rank = max(item.rank, min(items[other].rank for other in after[name]) - 1)


def _after_loop(name: str, before: dict[str, list[str]], items: dict[str, Item]) -> bool:
    """Whether a loop of the load side stands before it: the upper stage of a cascade."""
    return any(items[one].kind == "loop" or _after_loop(one, before, items)
               for one in before[name])  # fmt: skip


def _longest(name: str, before: dict[str, list[str]], floor: dict[str, int]) -> int:
    return max([floor[name], *(_longest(one, before, floor) + 1 for one in before[name])])


def _through(items: dict[str, Item], links: list[Link]) -> list[Link]:
    """Links between neighbouring columns only; one place per water where a pipe passes."""
    short: dict[tuple[str, ...], Link] = {}

    def add(link: Link) -> None:
        key = (link.one, link.other, link.water, link.port)
        old = short.get(key)
        if old is not None:
            link = replace(link, edges=tuple(dict.fromkeys(old.edges + link.edges)))
        short[key] = link

    for link in links:
        here = link.one
        # A machine has one pipe per loop: its pipes are not gathered.
        own = f"{link.one}>{link.other}>{link.port}" if items[here].machine else link.one
        for rank in range(items[here].rank + 1, items[link.other].rank):
            name = f"{own}|{link.water}|{rank}"
            items.setdefault(name, Item(name, THROUGH, (), rank))
            valved = here == link.one and items[here].machine
            add(replace(
                link, one=here, other=name, port=link.port if here == link.one else "",
                supply_valves=link.supply_valves if valved else (),
                return_valves=link.return_valves if valved else (),
            ))  # fmt: skip
            here = name
        valved = here == link.one or not items[link.one].machine
        add(replace(
            link, one=here, supply_valves=link.supply_valves if valved else (),
            return_valves=link.return_valves if valved else (),
        ))  # fmt: skip
    return list(short.values())


def _ordered(graph: Graph) -> list[list[str]]:
    """Top to bottom, with few crossings: swept to and fro by the means of the neighbours."""
    last = max((item.rank for item in graph.items.values()), default=-1)
    columns: list[list[str]] = [[] for _ in range(last + 1)]
    for name, item in graph.items.items():
        columns[item.rank].append(name)
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for link in graph.links:
        before[link.other].append(link.one)
        after[link.one].append(link.other)
    best, fewest = [list(column) for column in columns], crossings(columns, graph.links)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        ranks = range(1, len(columns)) if forward else range(len(columns) - 2, -1, -1)
        for rank in ranks:
            place = {name: k / max(len(column), 1) for column in columns
                     for k, name in enumerate(column)}  # fmt: skip
            near = before if forward else after

            def mean(name: str, near: dict[str, list[str]] = near,
                     place: dict[str, float] = place) -> float:  # fmt: skip
                others = near[name]
                return sum(place[o] for o in others) / len(others) if others else place[name]

            columns[rank].sort(key=mean)
        here = crossings(columns, graph.links)
        if here < fewest:
            best, fewest = [list(column) for column in columns], here
    return best


def crossings(columns: list[list[str]], links: list[Link]) -> int:
    """Pairs of links that cross between neighbouring columns."""
    place = {name: k for column in columns for k, name in enumerate(column)}
    rank = {name: r for r, column in enumerate(columns) for name in column}
    by_gap: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for link in links:
        by_gap[rank[link.one]].append((place[link.one], place[link.other]))
    return sum(
        (a - c) * (b - d) < 0
        for ends in by_gap.values()
        for k, (a, b) in enumerate(ends)
        for c, d in ends[:k]
    )
