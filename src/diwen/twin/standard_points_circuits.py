"""Which water circuits of a station are metered as what: space heat, hot water, chilled water."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diwen.plant.station import LoadLoop, Station
    from diwen.site import Site

#: Circuit -> (location of the supply, location of the return) on the load side.
LOAD_SIDES: dict[str, tuple[str, str]] = {
    "load": ("load_leaving", "load_entering"),
    "hot_water": ("hot_water_leaving", "hot_water_entering"),
    "cooling": ("cooling_leaving", "cooling_entering"),
}


@dataclass(frozen=True)
class Circuits:
    """Load loops of a station by the circuit in which their heat is metered.

    Attributes
    ----------
    loops : circuit of :data:`LOAD_SIDES` -> names of load loops
    separate : whether cold has a circuit of its own; else one pair of pipes carries heat in winter
        and cold in summer, and one meter counts both
    """

    loops: dict[str, tuple[str, ...]]
    separate: bool

    def of(self, loop: str) -> str | None:
        """The circuit in which a load loop is metered; None: between the stages of a cascade."""
        return next((name for name, loops in self.loops.items() if loop in loops), None)


def circuits_of(site: Site, station: Station, separate: bool | None = None) -> Circuits:
    """How the load side of a station is metered.

    Parameters
    ----------
    separate : whether cold has pipes of its own; None: where the site says that it heats and
        cools at once, or names a pump of the chilled-water circuit
    """
    useful = useful_loops(station)
    if separate is None:
        separate = _two_pairs(site, station)
    heat = tuple(loop.name for loop in useful if loop.kind == "heat" and not loop.hot_water)
    water = tuple(loop.name for loop in useful if loop.kind == "heat" and loop.hot_water)
    cold = tuple(loop.name for loop in useful if loop.kind == "cold")
    if not heat:  # hot water is all the heat there is: it is the load
        heat, water = water, ()
    loops = {"load": heat if separate else heat + cold}
    if water:
        loops["hot_water"] = water
    if separate and cold:
        loops["cooling"] = cold
    return Circuits({name: own for name, own in loops.items() if own}, separate)


def useful_loops(station: Station) -> tuple[LoadLoop, ...]:
    """Load loops that deliver to loads, not to the upper stage of a cascade alone."""
    drawn = {unit.draws_on for unit in station.units}
    return tuple(loop for loop in station.load_loops if loop.loads or loop.name not in drawn)


def _two_pairs(site: Site, station: Station) -> bool:
    return (
        site.operation.simultaneous
        or any(pump.circuit == "cooling" for pump in site.pumps.values())
        or any(unit.simultaneous is not None for unit in station.units)
    )
