"""Modes of operation of a plant: which valve is open, which unit does what, which loop is served.

Plain data without physics. Water flows through open valves and through pipes without one; a unit
has a water side for its evaporator, one for its condenser, and one for its desuperheater where it
has that. What a mode can mean is checked in :mod:`.valve_table`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Duty = Literal["off", "heating", "cooling", "simultaneous", "recovery", "passive"]
"""``heating`` source → heat loop; ``cooling`` cold loop → source; ``simultaneous`` cold loop → heat
loop; ``recovery`` as cooling, with the desuperheater on a heat loop; ``passive`` source → cold loop
without compressor."""
Port = Literal["evaporator", "condenser", "desuperheater"]
Pipe = Literal["both", "supply", "return"]
PIPES: tuple[Literal["supply", "return"], ...] = ("supply", "return")


@dataclass(frozen=True)
class ValveSpec:
    """A valve between two ends, in the supply, in the return, or standing for one in each.

    Attributes
    ----------
    name : id
    ends : names of sources and loops, or ``unit:port``
    pipe : in which it stands
    """

    name: str
    ends: tuple[str, str]
    pipe: Pipe = "both"


@dataclass(frozen=True)
class OperatingMode:
    """One row of a valve table.

    Attributes
    ----------
    name : id
    open, closed : names of valves
    duties : duty by name of unit; those not named are off
    loops : names of the load loops that it serves
    season : ``winter``, ``summer``, ``between`` or ``any``
    fed_otherwise : loops that a boiler or a unit without valves feeds in this mode
    """

    name: str
    open: frozenset[str]
    closed: frozenset[str]
    duties: dict[str, Duty] = field(default_factory=dict)
    loops: tuple[str, ...] = ()
    season: str = "any"
    fed_otherwise: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ValvePlant:
    """What the valves of a plant stand between.

    Attributes
    ----------
    sources : names of source loops
    heat_loops, cold_loops : names of load loops
    units : names of units; ``fixed`` says where their sides are piped without a valve
    valves : all of them
    fixed : pipes without a valve: (one end, other end)
    loaded : load loops that carry a load, and so must be served by some mode
    """

    sources: tuple[str, ...]
    heat_loops: tuple[str, ...]
    cold_loops: tuple[str, ...]
    units: tuple[str, ...]
    valves: tuple[ValveSpec, ...]
    fixed: tuple[tuple[str, str], ...] = ()
    loaded: tuple[str, ...] = ()


def side(unit: str, port: Port) -> str:
    """Name of a water side of a unit, as valves name it: ``unit:condenser``."""
    return f"{unit}:{port}"
