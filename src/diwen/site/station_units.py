"""Which unit draws on what and serves which loops: the plant's connections as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diwen.language import Text
from diwen.problems import Problem
from diwen.site.missing_values import SITE_FILE
from diwen.site.model import SiteFile
from diwen.site.spelling import cure_for, listed
from diwen.site.station_loops import PlannedLoop, loop_of, unit_can

AIR = "air"
"""Name of the outdoor air where a unit draws on it."""

_WHICH = Text("the site has several sources; the unit does not say which it draws on",
              "项目有多个热源，机组未写明所用热源")  # fmt: skip
_SAY_SOURCE = Text("add source = ID", "请补充 source = 标识")
_NO_SOURCE = Text(
    "the unit draws on nothing: the site has no source", "机组无热源可用：项目没有热源"
)
_ADD_SOURCE = Text(
    'add [sources.ID], or draws_on = "air"', '请增加 [sources.ID]，或写 draws_on = "air"'
)
_UNKNOWN = Text("no source and no loop of that id", "没有该标识的热源或回路")
_NOT_OF_AIR = Text(
    "a unit of type {type} does not draw on air: defrost and the heat of the air would not count",
    "{type} 型机组不从空气取热：除霜等不会计入",
)
_NAME_AIR = Text('write type = "air_water" (or "air_air"), or name its source',
                 '请写 type = "air_water"（或 "air_air"），或指定其热源')  # fmt: skip
_NOT_ITSELF = Text("the unit serves the loop that it draws on", "机组所供回路与其取热回路相同")
_TAKE_OUT = Text("take the loop out of serves, or correct draws_on",
                 "请从 serves 中删除该回路，或更正 draws_on")  # fmt: skip
_CYCLE = Text("units draw on each other in a circle: {circle}", "机组之间循环取热：{circle}")
_OPEN_CYCLE = Text("let the lowest stage draw on a source", "请让最低一级从热源取热")
_CANNOT = Text("the unit cannot serve loop {loop}: nothing says that it {does}",
               "机组不能供回路 {loop}：未给出其{does}能力")  # fmt: skip
_DOES = {"heat": Text("heats", "制热"), "cold": Text("cools", "制冷")}
_ADD_RATING = Text("add rated_{duty}_capacity and rated_{duty}_power, or correct serves",
                   "请补充 rated_{duty}_capacity 与 rated_{duty}_power，或更正 serves")  # fmt: skip


@dataclass(frozen=True)
class PlannedUnit:
    """A heat pump or chiller and its place in the plant.

    Attributes
    ----------
    name : id in the file
    table : ``heat_pumps`` or ``chillers``
    count : identical units; those of all homes in a household system
    draws_on : id of a source, of a load loop, or :data:`AIR`
    serves : names of planned load loops, the first first
    recharges : ids of sources that it heats
    """

    name: str
    table: str
    count: int
    draws_on: str
    serves: tuple[str, ...]
    recharges: tuple[str, ...] = ()


def planned_units(
    site: SiteFile, loops: Sequence[PlannedLoop], problems: list[Problem]
) -> tuple[PlannedUnit, ...]:
    """Every unit in the order of staging; what cannot be is added to the problems."""
    found = list(_heat_pumps(site, loops, problems))
    for name, chiller in site.chillers.items():
        cold = tuple(loop.name for loop in loops if loop.side == "cold")
        found.append(PlannedUnit(name, "chillers", chiller.count, AIR, cold))
    _refuse_cycles(found, problems)
    order = {name: place for place, name in enumerate(site.staging.order)}
    return tuple(sorted(found, key=lambda unit: order.get(unit.name, len(order))))


def _heat_pumps(
    site: SiteFile, loops: Sequence[PlannedLoop], problems: list[Problem]
) -> Iterator[PlannedUnit]:
    homes = {part.heat_pump: part.homes * part.each
             for part in (site.households.sets if site.households else ())}  # fmt: skip
    for name, unit in site.heat_pumps.items():
        draws_on = _draws_on(site, name, problems)
        if unit.serves:
            serves, recharges = _said(site, name, loops, problems)
        else:
            serves, recharges = _fitting(site, name, loops, draws_on), ()
        if draws_on in serves:
            where = f"heat_pumps.{name}.serves"
            problems.append(Problem(SITE_FILE, where, _NOT_ITSELF, _TAKE_OUT, draws_on))
            serves = tuple(loop for loop in serves if loop != draws_on)
        count = homes.get(name, unit.count)
        yield PlannedUnit(name, "heat_pumps", count, draws_on, serves, recharges)


def _draws_on(site: SiteFile, name: str, problems: list[Problem]) -> str:
    """What a heat pump draws on: said, or the only source there is, or the air."""
    unit, where = site.heat_pumps[name], f"heat_pumps.{name}"
    said = unit.draws_on or unit.source
    if not said:
        if unit.type.startswith("air_"):
            return AIR
        if len(site.sources) == 1:
            said = next(iter(site.sources))
        else:
            message, cure = (_WHICH, _SAY_SOURCE) if site.sources else (_NO_SOURCE, _ADD_SOURCE)
            problems.append(Problem(SITE_FILE, f"{where}.source", message, cure))
            return AIR
    if said == AIR or (said in site.sources and site.sources[said].type == "air"):
        if unit.type.startswith(("water_", "brine_")):
            message = _NOT_OF_AIR.format(type=unit.type)
            problems.append(Problem(SITE_FILE, f"{where}.type", message, _NAME_AIR, unit.type))
        return AIR
    loop = site.loops.get(said)
    if loop is not None and loop.kind == "source":
        return loop.source or said
    if said in site.sources or loop is not None:
        return loop_name(site, said)
    names = [*site.sources, *site.loops, AIR]
    key = "draws_on" if unit.draws_on else "source"
    cure = cure_for(said, names)
    problems.append(Problem(SITE_FILE, f"{where}.{key}", _UNKNOWN, cure, said, listed(names)))
    return AIR


def loop_name(site: SiteFile, name: str) -> str:
    """The loop that units feed behind a loop's id; a source stays what it is."""
    seen: set[str] = set()
    while name in site.loops and site.loops[name].behind and name not in seen:
        seen.add(name)
        name = site.loops[name].behind
    return name


def _said(
    site: SiteFile, name: str, loops: Sequence[PlannedLoop], problems: list[Problem]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Loops and sources that ``serves`` names."""
    serves: list[str] = []
    recharges: list[str] = []
    unit = site.heat_pumps[name]
    for position, wanted in enumerate(unit.serves):
        where = f"heat_pumps.{name}.serves[{position}]"
        loop = loop_of(loops, wanted)
        if wanted in site.sources:
            recharges.append(wanted)
        elif loop is None:
            names = [*(part.name for part in loops), *site.sources]
            cure = cure_for(wanted, names)
            problems.append(Problem(SITE_FILE, where, _UNKNOWN, cure, wanted, listed(names)))
        else:
            duty = "heating" if loop.side == "heat" else "cooling"
            if not unit_can(unit, "heating" if loop.side == "heat" else "cooling", site):
                message = _CANNOT.format(loop=loop.name, does=_DOES[loop.side])
                cure = _ADD_RATING.format(duty=duty)
                problems.append(Problem(SITE_FILE, where, message, cure, wanted))
            serves.append(loop.name)
    return tuple(dict.fromkeys(serves)), tuple(dict.fromkeys(recharges))


def _fitting(
    site: SiteFile, name: str, loops: Sequence[PlannedLoop], draws_on: str
) -> tuple[str, ...]:
    """Loops of a unit that names none: those of its modes, else every one that it can serve."""
    in_modes = {loop_name(site, loop) for mode in site.modes.values()
                if mode.units.get(name, "off") != "off" for loop in mode.loops}  # fmt: skip
    unit, found = site.heat_pumps[name], []
    for loop in loops:
        able = unit_can(unit, "heating" if loop.side == "heat" else "cooling", site)
        # What stands between two stages of a cascade is served by who says so.
        between = not loop.loads
        meant = loop.name in in_modes if in_modes else not between
        if able and meant and loop.name != draws_on:
            found.append(loop.name)
    return tuple(found)


def _refuse_cycles(units: Sequence[PlannedUnit], problems: list[Problem]) -> None:
    """Units that draw on what they feed, over one or several others."""
    feeds: dict[str, set[str]] = {}
    for unit in units:
        feeds.setdefault(unit.draws_on, set()).update(unit.serves)
    for unit in units:
        circle = _way_back(feeds, unit.draws_on)
        if circle:
            message = _CYCLE.format(circle=" → ".join(circle))
            where = f"{unit.table}.{unit.name}.draws_on"
            problems.append(Problem(SITE_FILE, where, message, _OPEN_CYCLE, unit.draws_on))


def _way_back(feeds: dict[str, set[str]], start: str) -> list[str]:
    """Loops on a way that leads back to its start; none where there is no such way."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for loop in sorted(feeds.get(way[-1], ())):
            if loop == start:
                return [*way, loop]
            if loop not in seen:
                seen.add(loop)
                ways.append([*way, loop])
    return []
