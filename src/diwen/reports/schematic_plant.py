"""The topology of a site as it can be drawn: names told apart, pumps put before what they feed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.site.topology import SOURCE_LEVEL, UNIT_LEVEL, Edge, Fluid, Node, Topology, topology

if TYPE_CHECKING:
    from diwen.site.model import Site

_AIR = "air"
_OUTDOOR = "outdoor air"
_OUTDOOR_AIR = Text("outdoor air", "室外空气")
_MACHINES = ("unit", "chiller", "backup")


def drawable_plant(site: Site) -> Topology:
    """The plant of a site, ready to be drawn."""
    return with_fed_machines(with_air_apart(topology(site), site))


def with_air_apart(plant: Topology, site: Site) -> Topology:
    """The outdoor air and a heat pump of the name ``air`` as two things."""
    item = site.heat_pumps.get(_AIR)
    if item is None or not any(edge.from_id == edge.to_id == _AIR for edge in plant.edges):
        return plant
    rated = [f"{value / 1e3:.4g}" for value in (item.rated_heating_capacity,
             item.rated_cooling_capacity) if value is not None]  # fmt: skip
    name = Text(item.name or _AIR, item.name or _AIR)
    detail = f"{' / '.join(rated)} kW" if rated else ""
    unit = Node(_AIR, "unit", name, UNIT_LEVEL, item.count, detail=detail)
    air = Node(_OUTDOOR, "source", _OUTDOOR_AIR, SOURCE_LEVEL)
    nodes = [node for node in plant.nodes if node.id != _AIR]
    edges = tuple(replace(edge, from_id=_OUTDOOR)
                  if edge.from_id == _AIR and edge.fluid == "air" else edge
                  for edge in plant.edges)  # fmt: skip
    return replace(plant, nodes=(air, *nodes, unit), edges=edges)


def with_fed_machines(plant: Topology) -> Topology:
    """Where units draw on a loop whose pumps feed nothing else, the pumps feed the units."""
    kinds = {node.id: node.kind for node in plant.nodes}
    flows = [edge for edge in plant.edges if edge.role != "signal"]
    feeding = {edge.from_id for edge in flows}
    idle: dict[str, list[str]] = {}
    fluids: dict[str, Fluid] = {}
    for edge in flows:
        pumped = kinds[edge.from_id] == "loop" and kinds[edge.to_id] == "pump"
        if pumped and edge.to_id not in feeding:
            idle.setdefault(edge.from_id, []).append(edge.to_id)
            fluids[edge.to_id] = edge.fluid
    edges: list[Edge] = []
    for edge in plant.edges:
        pumps = idle.get(edge.from_id, [])
        if pumps and kinds[edge.to_id] in _MACHINES:
            edges += [replace(edge, from_id=pump, fluid=fluids[pump]) for pump in pumps]
        else:
            edges.append(edge)
    return replace(plant, edges=tuple(edges))
