"""Which pipes and valves of a schematic are in use in a mode of operation, and the valve table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.reports.document import Cell, Column, Table
from diwen.reports.schematic_scene import PipeMark, Scene, State
from diwen.reports.schematic_words import halves
from diwen.site.topology import Edge, ModeRow, Topology, topology

if TYPE_CHECKING:
    from diwen.site.model import Site

_MACHINES = ("unit", "chiller", "backup")
_DRAWS = ("heating", "cooling", "recovery", "passive")
_GIVES = {
    "condenser": ("heating", "simultaneous", "recovery"),
    "desuperheater": ("recovery",),
    "evaporator": ("cooling", "simultaneous", "recovery", "passive"),
}
_NO_MODE = Text("the site has no mode of this name", "项目中没有该运行模式")
_NAME_MODE = Text("name one of its modes", "请填写已有的运行模式")
_NONE = Text("none: the site names no modes", "无：项目未定义运行模式")
_TITLE = Text("Valves by mode of operation", "各运行模式阀门状态表")
_MODE = Text("mode", "运行模式")
_VALVE = Text("valve", "阀门")
_UNITS = Text("units", "机组")
_LOOPS = Text("loops served", "供应回路")
_OPEN, _CLOSED = Text("● open", "● 开"), Text("○ closed", "○ 关")
_UNSAID = same("–")
_ASSUMED = Text(
    "* The valve states of this mode are assumed, not documented.",
    "* 该模式的阀门状态为假定，无文献依据。",
)
_NO_MODES = Text("The site names no modes of operation.", "项目未定义运行模式。")
_DUTIES = {
    "off": Text("off", "停机"),
    "heating": Text("heating", "制热"),
    "cooling": Text("cooling", "制冷"),
    "simultaneous": Text("heating and cooling", "热冷同供"),
    "recovery": Text("cooling with recovery", "制冷及热回收"),
    "passive": Text("passive cooling", "免费供冷"),
}
_MOST_COLUMNS = 14


def mode_of(plant: Topology, name: str) -> ModeRow:
    """The row of a mode.

    Raises
    ------
    InputError : no such mode
    """
    for row in plant.modes:
        if row.id == name:
            return row
    allowed = same(", ".join(row.id for row in plant.modes)) if plant.modes else _NONE
    raise InputError([Problem("site.toml", "modes", _NO_MODE, _NAME_MODE, name, allowed)])


def mode_name(row: ModeRow) -> Text:
    """Name of a mode, apart in each language."""
    return Text(halves(row.name.en).en, halves(row.name.zh).zh)


def active_edges(
    plant: Topology, mode: ModeRow, serves: Mapping[str, tuple[str, ...]] | None = None
) -> frozenset[Edge]:
    """Pipes through which water flows in a mode.

    Parameters
    ----------
    plant : the graph
    mode : a row of its valve table
    serves : units that a pump serves, by id of the pump; a pump not named serves all it reaches
    """
    kinds = {node.id: node.kind for node in plant.nodes}
    edges = [edge for edge in plant.edges if edge.role != "signal"]
    active = {edge for edge in edges if _at_machine(edge, mode, kinds, serves or {})}
    here = [edge for edge in active if kinds[edge.to_id] in _MACHINES]
    while here:  # what a machine draws comes from further up
        edge = here.pop()
        place = edge.from_id
        if kinds[place] == "loop":
            continue
        above = {e for e in edges if e.to_id == place
                 and kinds[e.from_id] not in (*_MACHINES, "recharge")
                 and (e.fluid == edge.fluid or kinds[place] == "recharge")}  # fmt: skip
        here += above - active
        active |= above
    return frozenset(active | _downstream(edges, mode, kinds))


def _at_machine(
    edge: Edge, mode: ModeRow, kinds: Mapping[str, str], serves: Mapping[str, tuple[str, ...]]
) -> bool:
    """Whether a pipe at a unit, chiller or boiler is in use."""
    into, out = kinds[edge.to_id] in _MACHINES, kinds[edge.from_id] in _MACHINES
    if not into and not out:
        return False
    machine = edge.to_id if into else edge.from_id
    duty = mode.duties.get(machine, "off")
    wanted = serves.get(edge.from_id, ())
    if into and wanted and machine not in wanted:
        return False
    if edge.valve:
        return edge.valve in mode.open and duty != "off"
    if into:
        return duty in _DRAWS
    return edge.to_id in mode.loops and (
        duty in _GIVES[edge.port] if edge.port and kinds[machine] == "unit" else duty != "off"
    )


def _downstream(edges: list[Edge], mode: ModeRow, kinds: Mapping[str, str]) -> set[Edge]:
    """Pipes from the loops that are served to their loads."""
    found: set[Edge] = set()
    here = [(loop, "") for loop in mode.loops]
    while here:
        name, fluid = here.pop()
        new = {e for e in edges if e.from_id == name and kinds[name] not in _MACHINES
               and kinds[e.to_id] not in _MACHINES and fluid in ("", e.fluid)}  # fmt: skip
        here += [(e.to_id, e.fluid) for e in new - found]
        found |= new
    return found


def with_mode(scene: Scene, plant: Topology, mode: ModeRow, site: Site) -> None:
    """Set the states of pipes, symbols and valves of a scene for a mode."""
    serves = {name: pump.serves for name, pump in site.pumps.items() if pump.serves}
    active = active_edges(plant, mode, serves)

    def state(edges: tuple[Edge, ...]) -> State:
        return "active" if active & set(edges) else "idle"

    def placed(marks: list[PipeMark]) -> list[PipeMark]:
        return [replace(mark, state=state(mark.edges)) for mark in marks]

    scene.pipes, scene.dots = placed(scene.pipes), placed(scene.dots)
    used = {end for edge in active for end in (edge.from_id, edge.to_id)}
    used |= {unit for unit, duty in mode.duties.items() if duty != "off"}
    scene.symbols = [
        replace(mark, state="active" if used & set(mark.ids) else "idle") for mark in scene.symbols
    ]
    scene.valves = [
        replace(mark, state="open" if mark.id in mode.open else "closed"
                if mark.id in mode.closed else "plain")
        for mark in scene.valves
    ]  # fmt: skip


def mode_table(site: Site) -> Table:
    """Valve table: which valve is open in which mode, what the units do, which loops are served.

    Few valves are columns of it, many are rows.
    """
    plant = topology(site)
    valves = [node for node in plant.nodes if node.kind == "valve"]
    if not plant.modes:
        return Table(_TITLE, (Column(_MODE),), (), _NO_MODES)
    note = _ASSUMED if any(row.assumed for row in plant.modes) else None
    names = {node.id: Text(halves(node.name.en).en, halves(node.name.zh).zh)
             for node in plant.nodes}  # fmt: skip
    modes = [(row, _starred(mode_name(row), row.assumed)) for row in plant.modes]
    if len(valves) <= _MOST_COLUMNS:
        columns = (
            Column(_MODE, share=1.9), *(Column(same(v.id), "center", 0.45) for v in valves),
            Column(_UNITS, share=2.2), Column(_LOOPS, share=1.4),
        )  # fmt: skip
        rows = tuple(
            (Cell(name), *(Cell(_sign(row, v.id)) for v in valves), Cell(_doing(row, names)),
             Cell(_served(row, names)))
            for row, name in modes
        )  # fmt: skip
        return Table(_TITLE, columns, rows, _with_legend(note))
    columns = (Column(_VALVE, share=2.0), *(Column(name, "center") for _, name in modes))
    rows = tuple(
        (Cell(Text(f"{v.id} {names[v.id].en}", f"{v.id} {names[v.id].zh}")),
         *(Cell(_sign(row, v.id)) for row, _ in modes))
        for v in valves
    )  # fmt: skip
    rows += ((Cell(_UNITS), *(Cell(_doing(row, names)) for row, _ in modes)),
             (Cell(_LOOPS), *(Cell(_served(row, names)) for row, _ in modes)))  # fmt: skip
    return Table(_TITLE, columns, rows, _with_legend(note))


def _with_legend(note: Text | None) -> Text:
    legend = Text(f"{_OPEN.en}, {_CLOSED.en}.", f"{_OPEN.zh}，{_CLOSED.zh}。")
    return legend if note is None else Text(f"{legend.en} {note.en}", f"{legend.zh}{note.zh}")


def _starred(name: Text, assumed: bool) -> Text:
    return Text(f"{name.en} *", f"{name.zh} *") if assumed else name


def _sign(row: ModeRow, valve: str) -> Text:
    return same("●") if valve in row.open else same("○") if valve in row.closed else _UNSAID


def _doing(row: ModeRow, names: Mapping[str, Text]) -> Text:
    parts = [(names.get(unit, same(unit)), _DUTIES.get(duty, same(duty)))
             for unit, duty in row.duties.items()]  # fmt: skip
    return Text("; ".join(f"{unit.en}: {duty.en}" for unit, duty in parts),
                "；".join(f"{unit.zh}：{duty.zh}" for unit, duty in parts))  # fmt: skip


def _served(row: ModeRow, names: Mapping[str, Text]) -> Text:
    parts = [names.get(loop, same(loop)) for loop in row.loops]
    return Text(", ".join(part.en for part in parts), "、".join(part.zh for part in parts))
