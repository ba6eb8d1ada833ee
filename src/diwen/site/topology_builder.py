"""Nodes and edges of the plant of a site, out of the plan that the station is built from."""

from __future__ import annotations

from collections.abc import Iterator

from diwen.language import Text, same
from diwen.problems import Problem
from diwen.site.loop_supply import supply_of
from diwen.site.loops import Loop
from diwen.site.model import Site, SiteFile
from diwen.site.station_devices import backup_loop, chiller_tower, recharge_devices
from diwen.site.station_equipment import tank_name
from diwen.site.station_loops import USES, PlannedLoop, planned_loops
from diwen.site.station_pumps import PumpPlan, planned_pumps
from diwen.site.station_units import AIR, PlannedUnit, planned_units
from diwen.site.topology import (
    LOAD_LEVEL,
    PRIMARY_LEVEL,
    SECONDARY_LEVEL,
    SOURCE_LEVEL,
    TERTIARY_LEVEL,
    UNIT_LEVEL,
    Edge,
    Fluid,
    ModeRow,
    Node,
    NodeKind,
    Topology,
)

# The node of the outdoor air where something of the site bears its name; no id has a space.
_AIR_BESIDE = "outdoor air"
_OUTDOOR_AIR = Text("outdoor air", "室外空气")
_LOOP = Text("{use} loop", "{use}回路")


def topology_of_site(site: Site) -> Topology:
    """The plant of a site as a graph; what cannot be planned is left out, not refused."""
    builder = _Builder(site)
    builder.build()
    return Topology(
        tuple(builder.nodes.values()), tuple(builder.edges), _modes(site), builder.pumps.notes
    )


def _modes(site: SiteFile) -> tuple[ModeRow, ...]:
    return tuple(
        ModeRow(name, same(mode.name or name), mode.open, mode.closed, dict(mode.units),
                mode.loops, mode.assumed)
        for name, mode in site.modes.items()
    )  # fmt: skip


class _Builder:
    """Gathers nodes and edges, from the source to the loads."""

    def __init__(self, site: Site) -> None:
        problems: list[Problem] = []
        self.site = site
        self.loops = planned_loops(site)
        self.units = planned_units(site, self.loops, problems)
        self.pumps: PumpPlan = planned_pumps(site, self.loops, self.units)
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.outlet: dict[str, list[str]] = {}
        self.behind: dict[str, list[str]] = {}
        taken = AIR in site.equipment() and AIR not in site.sources
        self.air = _AIR_BESIDE if taken else AIR

    def build(self) -> None:
        """Everything, in the order of the water."""
        self._sources()
        for loop in self.loops:
            self._loop(loop)
        for unit in self.units:
            self._unit(unit)
        self._backups()
        self._recharges()
        self._meters()

    def _node(self, name: str, kind: NodeKind, level: int, text: Text | str = "", **more: object
              ) -> None:  # fmt: skip
        shown = text if isinstance(text, Text) else same(text or name)
        if name not in self.nodes:
            self.nodes[name] = Node(name, kind, shown, level, **more)  # type: ignore[arg-type]

    def _pipe(self, one: str, other: str, fluid: Fluid, level: int, **more: str) -> None:
        self.edges.append(Edge(one, other, fluid, level, **more))  # type: ignore[arg-type]

    def _sources(self) -> None:
        """Every source with its zones, exchanger and pumps in a row: primary, then secondary."""
        for name, item in self.site.sources.items():
            self._node(name, "source", SOURCE_LEVEL, item.name)
            for zone, part in getattr(item, "zones", {}).items():
                self._node(zone, "zone", SOURCE_LEVEL, part.name)
                self._pipe(zone, name, "source", 1)
            self.outlet[name] = self._row(name, _source_row(self.site, name, self.pumps), 1)
        if any(unit.draws_on == AIR for unit in self.units):
            self._node(self.air, "source", SOURCE_LEVEL, _OUTDOOR_AIR)
            self.outlet[AIR] = [self.air]

    def _row(self, start: str, row: list[list[tuple[str, NodeKind]]], level: int) -> list[str]:
        """Stages one behind the other, things of a stage side by side; the last stage."""
        here = [start]
        for stage in row:
            for name, kind in stage:
                table = self.site.pumps if kind == "pump" else self.site.exchangers
                self._node(name, kind, PRIMARY_LEVEL, table[name].name, count=table[name].count)
                for before in here:
                    self._pipe(before, name, "source", level)
            here = [name for name, _ in stage]
            level += any(kind == "exchanger" for _, kind in stage)
        return here

    def _loop(self, loop: PlannedLoop) -> None:
        """A load loop: tank, header, exchanger, pumps, tertiary loops, loads."""
        fluid = _fluid(loop)
        given = loop.given
        name = same(given.name) if given and given.name else _LOOP.format(use=USES[loop.use])
        self._node(loop.name, "loop", SECONDARY_LEVEL, name, assumed=given is None,
                   detail=_temperatures(self.site, loop))  # fmt: skip
        here = [loop.name]
        tank = tank_name(self.site, loop)
        if tank is not None and tank in self.site.tanks:
            item = self.site.tanks[tank]
            self._node(tank, "tank", SECONDARY_LEVEL, item.name, count=item.count,
                       detail=f"{item.volume:g} m³")  # fmt: skip
            self._pipe(loop.name, tank, fluid, 2)
            here = [tank]
        here = self._after(here, given, self.pumps.loops[loop.name], fluid, 2)
        self.behind[loop.name] = here
        carried: set[str] = set()
        for name_of, part in loop.tertiary.items():
            self._node(name_of, "loop", TERTIARY_LEVEL, part.name or name_of)
            for before in self._after(here, part, part.pumps, fluid, 3):
                self._pipe(before, name_of, fluid, 3)
            self._loads([name_of], part.loads, fluid, 3)
            carried |= set(part.loads)
        self._loads(here, tuple(x for x in loop.loads if x not in carried), fluid, 2)

    def _after(
        self, here: list[str], loop: Loop | None, pumps: tuple[str, ...], fluid: Fluid, level: int
    ) -> list[str]:
        """Exchanger and pumps of a loop behind what stands before it; pumps side by side."""
        column = SECONDARY_LEVEL if level == 2 else TERTIARY_LEVEL
        own = tuple(loop.pumps) if loop is not None else ()
        tertiary = {pump for part in self.site.loops.values() if part.behind for pump in part.pumps}
        named = [name for name in pumps if name in own or name not in tertiary]
        stages: list[list[tuple[str, NodeKind]]] = []
        if loop is not None and loop.exchanger in self.site.exchangers:
            stages.append([(loop.exchanger, "exchanger")])
        stages.append([(name, "pump") for name in named])
        for stage in filter(None, stages):
            for name, kind in stage:
                table = self.site.pumps if kind == "pump" else self.site.exchangers
                self._node(name, kind, column, table[name].name, count=table[name].count)
                for before in here:
                    self._pipe(before, name, fluid, level)
            here = [name for name, _ in stage]
        return here

    def _loads(self, here: list[str], loads: tuple[str, ...], fluid: Fluid, level: int) -> None:
        for name in loads:
            if name in self.site.loads:
                self._node(name, "load", LOAD_LEVEL, self.site.loads[name].name)
                for before in here:
                    self._pipe(before, name, fluid, level)

    def _unit(self, unit: PlannedUnit) -> None:
        """A unit between what it draws on and what it serves, over its valves where it has some."""
        item = getattr(self.site, unit.table)[unit.name]
        kind: NodeKind = "unit" if unit.table == "heat_pumps" else "chiller"
        self._node(unit.name, kind, UNIT_LEVEL, item.name, count=unit.count, detail=_rating(item))
        switched = list(self._valves_of(unit.name))
        if switched:
            self.edges += switched
            return
        drawn, fluid = self._drawn(unit)
        tower = chiller_tower(self.site) if kind == "chiller" else ""
        if tower:
            table = self.site.cooling_towers[tower]
            self._node(tower, "recharge", PRIMARY_LEVEL, table.name, count=table.count)
            for before in drawn:
                self._pipe(before, tower, "air", 1)
            drawn, fluid = [tower], "source"
        port = "condenser" if kind == "chiller" else "evaporator"
        for before in drawn:
            self._pipe(before, unit.name, fluid, 1, port=port)
        for name in unit.serves:
            loop = next(loop for loop in self.loops if loop.name == name)
            port = "condenser" if loop.side == "heat" else "evaporator"
            self._pipe(unit.name, name, _fluid(loop), 2, port=port)
        for name in unit.recharges:
            self._pipe(unit.name, name, "heat", 1, port="condenser")

    def _drawn(self, unit: PlannedUnit) -> tuple[list[str], Fluid]:
        """What a unit draws on as it stands before the unit, and what flows from there.

        An upper stage stands behind the pumps of the loop that the lower stage heats.
        """
        for loop in self.loops:
            if loop.name == unit.draws_on:
                return self.behind[loop.name], _fluid(loop)
        drawn = self.outlet.get(unit.draws_on, [unit.draws_on])
        return drawn, "air" if unit.draws_on == AIR else "source"

    def _valves_of(self, unit: str) -> Iterator[Edge]:
        """The valves at the sides of a unit, each with its pipe to the other end."""
        for name, valve in self.site.valves.items():
            ends = [end for end in valve.connects if end.partition(":")[0] == unit]
            if len(valve.connects) != 2 or not ends:
                continue
            other = next((end for end in valve.connects if end not in ends), ends[-1])
            place, port = other.partition(":")[0], ends[0].partition(":")[2]
            loop = next((x for x in self.loops if place == x.name or place in x.tertiary), None)
            fluid: Fluid = "source" if loop is None else _fluid(loop)
            self._node(name, "valve", UNIT_LEVEL, valve.name, assumed=valve.assumed)
            level = 1 if loop is None else 2
            for spot in self.outlet.get(place, [place]):
                one, two = (spot, unit) if loop is None else (unit, spot)
                yield Edge(one, two, fluid, level, valve.pipe, name, port)

    def _backups(self) -> None:
        for table in (self.site.boilers, self.site.heaters):
            for name, item in table.items():
                loop = backup_loop(self.site, name, self.loops)
                self._node(name, "backup", UNIT_LEVEL, item.name, count=item.count)
                if loop is not None:
                    found = next(x for x in self.loops if x.name == loop)
                    self._pipe(name, loop, _fluid(found), 2)

    def _recharges(self) -> None:
        for name, source in recharge_devices(self.site).items():
            item = self.site.solar_collectors.get(name) or self.site.cooling_towers.get(name)
            if item is not None and source in self.site.sources:
                self._node(name, "recharge", SOURCE_LEVEL, item.name, count=item.count)
                self._pipe(name, source, "source", 1)

    def _meters(self) -> None:
        """Points at a thing of the plant, as signals at it."""
        for point in self.site.points:
            places = [name for name in point.equipment if name in self.nodes]
            for place in places:
                level = self.nodes[place].level
                self._node(point.id, "meter", level, point.id, detail=point.quantity)
                self._pipe(place, point.id, "signal", level, role="signal")


def _fluid(loop: PlannedLoop) -> Fluid:
    return "cold" if loop.side == "cold" else "hot_water" if loop.hot_water else "heat"


def _source_row(site: Site, source: str, plan: PumpPlan) -> list[list[tuple[str, NodeKind]]]:
    """Well pumps, exchanger, pumps of the circuit behind it."""
    pumps = plan.sources.get(source, ())
    said = getattr(site.sources[source], "exchanger", "")
    of_loops = [loop.exchanger for name, loop in site.loops.items()
                if loop.kind == "source" and (loop.source or name) == source]  # fmt: skip
    between = [name for name in (said, *of_loops) if name in site.exchangers]
    wells = [name for name in pumps if site.pumps[name].circuit == "well"]
    others = [name for name in pumps if site.pumps[name].circuit != "well"]
    row: list[list[tuple[str, NodeKind]]] = [[(name, "pump") for name in wells]]
    row += [[(name, "exchanger")] for name in dict.fromkeys(between)]
    row.append([(name, "pump") for name in others])
    return [stage for stage in row if stage]


def _temperatures(site: Site, loop: PlannedLoop) -> str:
    """Supply and return at design, such as ``45/40 °C``."""
    if not loop.loads:
        return ""
    plan = supply_of(site, loop)
    supply = max(plan.supply) if loop.side == "heat" else min(plan.supply)
    back = supply - plan.difference if loop.side == "heat" else supply + plan.difference
    return f"{supply:g}/{back:g} °C"


def _rating(item: object) -> str:
    """Rated capacity, heating and cooling, kW."""
    parts = [getattr(item, f"rated_{duty}_capacity", None) for duty in ("heating", "cooling")]
    known = [f"{value / 1e3:.4g}" for value in parts if value is not None]
    return f"{' / '.join(known)} kW" if known else ""
