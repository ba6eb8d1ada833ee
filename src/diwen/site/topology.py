"""The plant as nodes and edges, from which a schematic is drawn.

Everything hangs on the plan that the station is built from as well
(:func:`~diwen.site.station_loops.planned_loops` and its neighbours), so that the drawing shows what
is computed. Levels run from the source to the rooms: 0 source, 1 primary, 2 units, 3 secondary,
4 tertiary, 5 load.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from diwen.language import Text

if TYPE_CHECKING:
    from diwen.site.model import Site

NodeKind = Literal[
    "source", "zone", "pump", "exchanger", "unit", "chiller", "backup", "tank", "loop", "load",
    "recharge", "valve", "meter",
]  # fmt: skip
Role = Literal["supply", "return", "both", "signal"]
Fluid = Literal["source", "heat", "cold", "hot_water", "air", "fuel", "signal"]

SOURCE_LEVEL, PRIMARY_LEVEL, UNIT_LEVEL, SECONDARY_LEVEL, TERTIARY_LEVEL, LOAD_LEVEL = range(6)


@dataclass(frozen=True)
class Node:
    """A thing of the plant.

    Attributes
    ----------
    id : of the thing; for loops that the loads made their name, for a meter the id of its point
    kind : what it is
    name : for people
    level : 0 source … 5 load, column of the schematic
    count : identical ones
    assumed : not in the file: made out of the loads, or said to be assumed
    detail : rating in words, such as ``190 kW × 2``; empty where not given
    """

    id: str
    kind: NodeKind
    name: Text
    level: int
    count: int = 1
    assumed: bool = False
    detail: str = ""


@dataclass(frozen=True)
class Edge:
    """A pipe between two things, in the direction in which the supply flows.

    Attributes
    ----------
    from_id, to_id : ids of nodes
    fluid : what flows in it
    level : of the loop it belongs to: 1 primary, 2 secondary, 3 tertiary
    role : supply, return, both in one line, or a signal (a meter at its place)
    valve : id of the valve in it, or empty
    port : side of the unit: ``evaporator``, ``condenser``, ``desuperheater`` or empty
    """

    from_id: str
    to_id: str
    fluid: Fluid
    level: int
    role: Role = "both"
    valve: str = ""
    port: str = ""


@dataclass(frozen=True)
class ModeRow:
    """A row of the valve table.

    Attributes
    ----------
    id, name : of the mode
    open, closed : ids of valves
    duties : duty by id of unit
    loops : ids of the loops it serves
    assumed : its states are assumed, not documented
    """

    id: str
    name: Text
    open: tuple[str, ...]
    closed: tuple[str, ...]
    duties: dict[str, str]
    loops: tuple[str, ...]
    assumed: bool = False


@dataclass(frozen=True)
class Topology:
    """The plant of a site as a graph.

    Attributes
    ----------
    nodes, edges : of the graph; every edge joins two of the nodes
    modes : the valve table
    notes : what was assumed
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    modes: tuple[ModeRow, ...] = ()
    notes: tuple[Text, ...] = ()

    def node(self, name: str) -> Node:
        """The node of an id.

        Raises
        ------
        KeyError : no such node
        """
        for node in self.nodes:
            if node.id == name:
                return node
        raise KeyError(name)

    def as_dict(self) -> dict[str, Any]:
        """The graph as plain data, for JSON; texts in both languages."""
        return asdict(self)


def topology(site: Site) -> Topology:
    """The plant of a site as nodes and edges, with its valve table.

    Parameters
    ----------
    site : read and checked; what cannot be planned is left out, not refused
    """
    from diwen.site.topology_builder import topology_of_site

    return topology_of_site(site)
