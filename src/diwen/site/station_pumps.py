"""Which pump stands in which loop, as the file says it or as its circuit says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from diwen.language import Text
from diwen.site.model import SiteFile
from diwen.site.station_loops import PlannedLoop
from diwen.site.station_units import PlannedUnit

_NO_SOURCE_PUMP = Text(
    "no pump is named for source {name}: its pumping counts no electricity",
    "热源 {name} 未给出水泵：地源侧水泵电耗未计入",
)
_NO_LOAD_PUMP = Text(
    "no pump is named for loop {name}: its pumping counts no electricity",
    "回路 {name} 未给出水泵：用户侧水泵电耗未计入",
)
_BUILT_IN = Text(
    "the pumps of {name} are built in and counted with the unit",
    "{name} 的循环泵内置，电耗计入机组",
)
_NOWHERE = Text(
    "pump {name} (circuit {circuit}) stands in no loop and is not counted",
    "水泵 {name}（回路 {circuit}）不属于任何回路，未计入",
)


@dataclass(frozen=True)
class PumpPlan:
    """Ids of the pumps, by source and by load loop.

    Attributes
    ----------
    sources : pumps of every source that a unit draws on
    loops : pumps of every load loop
    notes : loops without pumps, pumps without loop
    """

    sources: dict[str, tuple[str, ...]]
    loops: dict[str, tuple[str, ...]]
    notes: tuple[Text, ...] = field(default=())


def planned_pumps(
    site: SiteFile, loops: Sequence[PlannedLoop], units: Sequence[PlannedUnit]
) -> PumpPlan:
    """Pumps of every loop: named by the loop, by what they serve, or by their circuit."""
    drawn = dict.fromkeys(unit.draws_on for unit in units if unit.draws_on in site.sources)
    drawn |= dict.fromkeys(name for unit in units for name in unit.recharges)
    sources = {name: tuple(_of_source(site, name, units)) for name in drawn}
    of_loops = {loop.name: tuple(_of_loop(site, loop, units)) for loop in loops}
    used = {pump for group in (*sources.values(), *of_loops.values()) for pump in group}
    notes = [_NO_SOURCE_PUMP.format(name=name) for name, pumps in sources.items() if not pumps]
    built_in = [name for name, unit in site.heat_pumps.items() if unit.built_in_pumps]
    if built_in:
        notes = [_BUILT_IN.format(name=", ".join(built_in))]
    else:
        notes += [_NO_LOAD_PUMP.format(name=name) for name, pumps in of_loops.items() if not pumps]
    notes += [_NOWHERE.format(name=name, circuit=pump.circuit)
              for name, pump in site.pumps.items() if name not in used]  # fmt: skip
    return PumpPlan(sources, of_loops, tuple(notes))


def _named(site: SiteFile) -> set[str]:
    """Pumps that some loop of the file names."""
    return {pump for loop in site.loops.values() for pump in loop.pumps}


def _of_source(site: SiteFile, source: str, units: Sequence[PlannedUnit]) -> list[str]:
    own = [pump for loop_name, loop in site.loops.items()
           if loop.kind == "source" and (loop.source or loop_name) == source
           for pump in loop.pumps]  # fmt: skip
    item = site.sources[source]
    parts = {source, *getattr(item, "wells", {}), *getattr(item, "zones", {})}
    parts |= {unit.name for unit in units if unit.draws_on == source}
    named = _named(site)
    for name, pump in site.pumps.items():
        if pump.circuit not in ("source", "well") or name in named:
            continue
        if (parts & set(pump.serves)) or (not pump.serves and _first(site, units) == source):
            own.append(name)
    return list(dict.fromkeys(own))


def _first(site: SiteFile, units: Sequence[PlannedUnit]) -> str:
    """The source that pumps belong to that say nothing: the first that a unit draws on."""
    return next((unit.draws_on for unit in units if unit.draws_on in site.sources), "")


def _of_loop(site: SiteFile, loop: PlannedLoop, units: Sequence[PlannedUnit]) -> list[str]:
    parts = [part for part in (loop.given, *loop.tertiary.values()) if part is not None]
    own = [pump for part in parts for pump in part.pumps]
    feeding = {unit.name for unit in units if loop.name in unit.serves}
    named = _named(site)
    for circuits in _circuits(loop):
        fitting = [name for name, pump in site.pumps.items()
                   if pump.circuit in circuits and name not in named
                   and (not pump.serves or feeding & set(pump.serves))]  # fmt: skip
        if fitting:
            own += fitting
            break
    return list(dict.fromkeys(own))


def _circuits(loop: PlannedLoop) -> tuple[tuple[str, ...], ...]:
    """Circuits whose pumps may stand in a loop; the second only where the first has none.

    A plant of two pipes has one circuit for both seasons, one of four pipes a cooling circuit.
    """
    if loop.hot_water:
        return (("hot_water",),)
    shared = ("load", "distribution")
    return (("cooling",), shared) if loop.side == "cold" else (shared,)
