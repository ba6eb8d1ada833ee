"""The valve table of a site, checked: what its modes say about the water is possible or not."""

from __future__ import annotations

from collections.abc import Iterator

from diwen.language import Text
from diwen.plant.operating_modes import OperatingMode, Port, ValvePlant, ValveSpec, side
from diwen.plant.valve_table import FaultKind, ModeFault, mode_faults
from diwen.problems import Problem
from diwen.site.fields import Finding
from diwen.site.model import SiteFile
from diwen.site.station_devices import backup_loop
from diwen.site.station_loops import PlannedLoop, loop_of, planned_loops
from diwen.site.station_units import AIR, PlannedUnit, planned_units
from diwen.site.valves import PORTS

_PIPES = {"supply": Text("supply", "供水"), "return": Text("return", "回水"), "": Text("", "")}
_KINDS = {
    "source": Text("a source", "热源"),
    "heat": Text("a heat loop", "供热回路"),
    "cold": Text("a chilled-water loop", "冷冻水回路"),
}
_SIDES = {
    "evaporator": Text("evaporator", "蒸发器"),
    "condenser": Text("condenser", "冷凝器"),
    "desuperheater": Text("desuperheater", "热回收器"),
}
_TOLD: dict[FaultKind, tuple[Text, Text]] = {
    "valve_not_said": (
        Text("the mode does not say whether {names} are open or closed",
             "该模式未写明 {names} 开启还是关闭"),
        Text("name each in open or in closed", "请逐一列入 open 或 closed"),
    ),
    "short_circuit": (
        Text("the {pipe} of {first} and {second} is one water through the open valves {rest}: a "
             "short circuit",
             "开启的阀门 {rest} 使 {first} 与 {second} 的{pipe}连通：短路"),
        Text("close one of them", "请关闭其中之一"),
    ),
    "one_water": (
        Text("evaporator and condenser of {first} share the {pipe} through the open valves {rest}",
             "开启的阀门 {rest} 使 {first} 的蒸发器与冷凝器{pipe}连通"),
        Text("close one of them", "请关闭其中之一"),
    ),
    "no_path": (
        Text("the {port} of {first} reaches {wanted} not by supply and return both",
             "{first} 的{port}不能经供水和回水管同时连通{wanted}"),
        Text("open the valves between them, or correct the duty of the unit",
             "请开启两者之间的阀门，或更正机组工况"),
    ),
    "loop_without_unit": (
        Text("no running unit reaches the loops {names} that the mode serves",
             "该模式所供回路 {names} 没有运行机组连通"),
        Text("open the valves to them, or take them out of loops",
             "请开启相应阀门，或从 loops 中删除"),
    ),
    "loop_not_served": (
        Text("loop {names} carries a load and is served in no mode",
             "回路 {names} 有负荷，但没有任何模式供应"),
        Text("name it in loops of a mode", "请在某一模式的 loops 中写入"),
    ),
    "same_valves": (
        Text("the same valves are open as in mode {first}: nothing tells them apart",
             "与模式 {first} 的阀门状态相同，无法区分"),
        Text("join the two modes, or open different valves", "请合并两个模式，或区分阀门状态"),
    ),
    "seasons_alike": (
        Text("the same valves are open as in mode {first} of another season ({rest}): the list "
             "cannot tell the two apart",
             "与另一季节的模式 {first} 开启相同阀门（{rest}）：该阀门表无法区分两种运行"),
        Text("say by the evaporator's valves what the unit draws on in each",
             "请用蒸发器侧阀门状态区分各自的取热来源"),
    ),
}  # fmt: skip


def mode_findings(site: SiteFile) -> Iterator[Finding]:
    """What is impossible in the modes of a site; paths from the root of the file."""
    if not site.modes:
        return
    loops = planned_loops(site)
    plant, own = valve_plant(site, loops)
    for fault in mode_faults(plant, operating_modes(site, loops, plant, own)):
        message, cure = _TOLD[fault.kind]
        where = f"modes.{fault.mode}" if fault.mode else "modes"
        yield Finding(where, message.format(**_shown(fault)), cure, ", ".join(fault.names))


def _shown(fault: ModeFault) -> dict[str, object]:
    """What the sentence about a fault names."""
    names = (*fault.names, "", "", "")
    between = fault.names[2 if fault.kind == "short_circuit" else 1 :]
    return {
        "names": ", ".join(fault.names),
        "first": names[0],
        "second": names[1],
        "rest": ", ".join(between) or "-",
        "pipe": _PIPES[fault.pipe],
        "port": _SIDES.get(names[1], ""),
        "wanted": _KINDS.get(names[2], ""),
    }


def valve_plant(
    site: SiteFile, loops: tuple[PlannedLoop, ...]
) -> tuple[ValvePlant, dict[str, PlannedUnit]]:
    """Sources, loops and units as the valves see them, and the units that no valve names.

    A unit that no valve names turns its refrigerant circuit and not the water: it is piped to all
    that it draws on and serves, and is not walked.
    """
    ignored: list[Problem] = []
    planned = planned_units(site, loops, ignored)
    valves = tuple(ValveSpec(name, (valve.connects[0], valve.connects[1]), valve.pipe)
                   for name, valve in site.valves.items()
                   if len(valve.connects) == 2)  # fmt: skip
    ends = {end for valve in valves for end in valve.ends}
    switched = [unit for unit in planned if any(side(unit.name, port) in ends for port in _ports())]
    fixed = [pair for unit in switched for pair in _fixed(unit, loops, ends)]
    sources = [*site.sources, *([AIR] if any(unit.draws_on == AIR for unit in switched) else [])]
    plant = ValvePlant(
        sources=tuple(sources),
        heat_loops=_of_side(site, loops, "heat"),
        cold_loops=_of_side(site, loops, "cold"),
        units=tuple(unit.name for unit in switched),
        valves=valves,
        fixed=tuple(fixed),
        loaded=tuple(loop.name for loop in loops if loop.loads),
    )
    return plant, {unit.name: unit for unit in planned if unit not in switched}


def _ports() -> tuple[Port, ...]:
    return PORTS  # type: ignore[return-value]


def _of_side(site: SiteFile, loops: tuple[PlannedLoop, ...], wanted: str) -> tuple[str, ...]:
    """Names of the loops of one side, tertiary ones with them."""
    return tuple(name for loop in loops if loop.side == wanted
                 for name in (loop.name, *loop.tertiary))  # fmt: skip


def _fixed(
    unit: PlannedUnit, loops: tuple[PlannedLoop, ...], ends: set[str]
) -> Iterator[tuple[str, str]]:
    """Pipes of the sides of a unit that no valve names."""
    heat = [name for name in unit.serves if _find(loops, name).side == "heat"]
    warm = [name for name in heat if _find(loops, name).hot_water]
    ways = {"evaporator": unit.draws_on, "condenser": next(iter(heat), ""),
            "desuperheater": next(iter(warm), "")}  # fmt: skip
    for port in _ports():
        name = side(unit.name, port)
        if name not in ends and ways[port]:
            yield name, ways[port]


def _find(loops: tuple[PlannedLoop, ...], name: str) -> PlannedLoop:
    return next(loop for loop in loops if loop.name == name)


def operating_modes(
    site: SiteFile,
    loops: tuple[PlannedLoop, ...],
    plant: ValvePlant,
    own: dict[str, PlannedUnit],
) -> list[OperatingMode]:
    """The modes of a site, with the duties of the units that valves switch."""
    found = []
    for name, mode in site.modes.items():
        running = [unit for unit, duty in mode.units.items() if duty != "off"]
        fed = {loop for unit in running if unit in own for loop in own[unit].serves}
        fed |= {backup_loop(site, unit, loops) or "" for unit in running
                if unit in site.boilers or unit in site.heaters}  # fmt: skip
        duties = {unit: duty for unit, duty in mode.units.items() if unit in plant.units}
        named = tuple(_root(loops, loop) for loop in mode.loops)
        found.append(OperatingMode(name, frozenset(mode.open), frozenset(mode.closed), duties,
                                   named, mode.season, frozenset(fed)))  # fmt: skip
    return found


def _root(loops: tuple[PlannedLoop, ...], name: str) -> str:
    loop = loop_of(loops, name)
    return name if loop is None else loop.name
