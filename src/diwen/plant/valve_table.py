"""What is impossible in a valve table, found by following the water through the open valves.

For every mode the supply pipes and the return pipes are walked, each for itself: what hangs
together without going through a unit is one water. Source water and load water must not be one,
nor heating and chilled water, nor the two sides of a unit; and each side of a running unit must
reach what its duty needs, through the supply and back through the return.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from diwen.plant.operating_modes import (
    PIPES,
    Duty,
    OperatingMode,
    Port,
    ValvePlant,
    side,
)

FaultKind = Literal[
    "valve_not_said",
    "short_circuit",
    "one_water",
    "no_path",
    "loop_not_served",
    "loop_without_unit",
    "same_valves",
    "seasons_alike",
]
Kind = Literal["source", "heat", "cold"]

# What each side of a unit must reach for a duty.
_NEEDS: dict[Duty, tuple[tuple[Port, tuple[Kind, ...]], ...]] = {
    "off": (),
    "heating": (("evaporator", ("source",)), ("condenser", ("heat",))),
    "cooling": (("evaporator", ("cold",)), ("condenser", ("source",))),
    "simultaneous": (("evaporator", ("cold",)), ("condenser", ("heat",))),
    "recovery": (
        ("evaporator", ("cold",)), ("condenser", ("source",)), ("desuperheater", ("heat",)),
    ),
    "passive": (),
}  # fmt: skip


@dataclass(frozen=True)
class ModeFault:
    """One thing that cannot be.

    Attributes
    ----------
    kind : what is wrong
    mode : name of the mode; empty where no mode does something
    names : what it concerns: valves, loops, units, another mode
    pipe : ``supply``, ``return`` or empty
    """

    kind: FaultKind
    mode: str
    names: tuple[str, ...]
    pipe: str = ""


def mode_faults(plant: ValvePlant, modes: Sequence[OperatingMode]) -> list[ModeFault]:
    """Everything that is impossible in the modes of a plant."""
    found = [fault for mode in modes for fault in _of_mode(plant, mode)]
    found += _alike(plant, modes)
    if modes:
        served = {loop for mode in modes for loop in mode.loops}
        found += [ModeFault("loop_not_served", "", (loop,))
                  for loop in plant.loaded if loop not in served]  # fmt: skip
    return found


def waters(plant: ValvePlant, mode: OperatingMode, pipe: str) -> list[set[str]]:
    """What hangs together in one kind of pipe in a mode: sets of ends that share one water."""
    edges = [valve.ends for valve in plant.valves
             if valve.name in mode.open and valve.pipe in ("both", pipe)]  # fmt: skip
    groups: list[set[str]] = []
    for one, other in [*edges, *plant.fixed]:
        joined = [group for group in groups if one in group or other in group]
        groups = [group for group in groups if group not in joined]
        groups.append({one, other}.union(*joined))
    return groups


def reached(plant: ValvePlant, mode: OperatingMode, unit: str, port: Port) -> set[str]:
    """Sources and loops that a side of a unit reaches by supply and by return."""
    both: set[str] | None = None
    name = side(unit, port)
    for pipe in PIPES:
        here = next((group for group in waters(plant, mode, pipe) if name in group), set())
        both = here if both is None else both & here
    return {end for end in both or set() if ":" not in end}


def _of_mode(plant: ValvePlant, mode: OperatingMode) -> Iterator[ModeFault]:
    unsaid = [v.name for v in plant.valves if v.name not in mode.open | mode.closed]
    if unsaid:
        yield ModeFault("valve_not_said", mode.name, tuple(unsaid))
    told: set[tuple[str, tuple[str, ...]]] = set()
    for pipe in PIPES:
        for group in waters(plant, mode, pipe):
            for fault in _one_water(plant, mode, pipe, group):
                key = (fault.kind, fault.names)
                if key not in told:
                    told.add(key)
                    yield fault
    yield from _paths(plant, mode)


def _one_water(
    plant: ValvePlant, mode: OperatingMode, pipe: str, group: set[str]
) -> Iterator[ModeFault]:
    """Waters that must stay apart and do not."""
    kinds = {"source": plant.sources, "heat": plant.heat_loops, "cold": plant.cold_loops}
    here = {kind: [name for name in names if name in group] for kind, names in kinds.items()}
    passive = "passive" in mode.duties.values()
    for one, other in combinations(here, 2):
        # Cooling without compressor is just this: the source's water in the cold loop.
        if passive and {one, other} == {"source", "cold"}:
            continue
        if here[one] and here[other]:
            ends = (here[one][0], here[other][0])
            yield ModeFault(
                "short_circuit", mode.name, (*ends, *_between(plant, mode, group)), pipe
            )
    for unit in plant.units:
        if side(unit, "evaporator") in group and side(unit, "condenser") in group:
            names = (unit, *_between(plant, mode, group))
            yield ModeFault("one_water", mode.name, names, pipe)


def _between(plant: ValvePlant, mode: OperatingMode, group: set[str]) -> tuple[str, ...]:
    """The open valves within one water."""
    return tuple(valve.name for valve in plant.valves
                 if valve.name in mode.open and set(valve.ends) <= group)  # fmt: skip


def _paths(plant: ValvePlant, mode: OperatingMode) -> Iterator[ModeFault]:
    """Units whose sides do not reach what their duty needs, loops that no unit reaches."""
    kinds: dict[Kind, tuple[str, ...]] = {
        "source": plant.sources, "heat": plant.heat_loops, "cold": plant.cold_loops,
    }  # fmt: skip
    fed = set(mode.fed_otherwise)
    for unit, duty in mode.duties.items():
        for port, wanted in _NEEDS[duty]:
            found = reached(plant, mode, unit, port)
            fed |= found
            # An upper stage draws on a heat loop that a lower stage feeds.
            names = [name for kind in wanted for name in kinds[kind]]
            if port == "evaporator" and duty == "heating":
                names += [name for name in plant.heat_loops if name not in mode.loops]
            if port == "condenser" and duty == "heating":
                names += list(plant.sources)
            if not found & set(names):
                yield ModeFault("no_path", mode.name, (unit, port, wanted[0]))
    if "passive" in mode.duties.values():
        fed |= {name for pipe in PIPES for group in waters(plant, mode, pipe)
                if group & set(plant.sources) for name in group}  # fmt: skip
    lacking = [loop for loop in mode.loops if loop not in fed]
    if mode.duties and lacking:
        yield ModeFault("loop_without_unit", mode.name, tuple(lacking))


def _alike(plant: ValvePlant, modes: Sequence[OperatingMode]) -> Iterator[ModeFault]:
    """Modes that no valve tells apart."""
    if not plant.valves:
        return
    for one, other in combinations(modes, 2):
        if one.open != other.open:
            continue
        seasonal = one.season != other.season and "any" not in (one.season, other.season)
        kind: FaultKind = "seasons_alike" if seasonal else "same_valves"
        yield ModeFault(kind, other.name, (one.name, *sorted(one.open)))
