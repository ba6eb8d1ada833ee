"""Which points stand in which circuit: those of a whole loop, and those of a single unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwen.diagnosis.record.instrument_error import is_setpoint
from diwen.diagnosis.record.readings import Readings, named
from diwen.site.points import SITE_WIDE

if TYPE_CHECKING:
    from diwen.site import Point, Site

#: Circuit -> place of the water that enters the units (source) or leaves them (load), other pipe.
PIPES: dict[str, tuple[str, str]] = {
    "source": ("source_entering", "source_leaving"),
    "load": ("load_leaving", "load_entering"),
    "hot_water": ("hot_water_leaving", "hot_water_entering"),
    "cooling": ("cooling_leaving", "cooling_entering"),
}
FLOWS = ("volume_flow", "mass_flow", "volume")
HEATS = ("heat_energy", "heat_power")
#: Circuits of pumps that move the water of a circuit.
_PUMPS: dict[str, tuple[str, ...]] = {
    "source": ("source", "tower"),
    "load": ("load",),
    "hot_water": ("hot_water", "load"),
    "cooling": ("cooling", "load"),
}
_BUILT_IN = {"source": ("source_pump", "brine_pump"), "load": ("load_pump",)}


@dataclass(frozen=True)
class CircuitPoints:
    """Points of one pair of pipes.

    Attributes
    ----------
    kind : key of :data:`PIPES`
    name : of the source in the site, else the kind
    units : whose water it is
    supply, back : temperatures, the one to use first
    difference : of temperatures
    flow : parallel branches, to be added
    heat : the one to use first
    pumps : ids that move the water
    pump_states : status points of pumps that are built into units
    """

    kind: str
    name: str
    units: tuple[str, ...]
    supply: tuple[Point, ...]
    back: tuple[Point, ...]
    difference: tuple[Point, ...]
    flow: tuple[Point, ...]
    heat: tuple[Point, ...]
    pumps: tuple[str, ...]
    pump_states: tuple[Point, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is any point at all."""
        return bool(self.supply or self.back or self.difference or self.flow or self.heat)


def source_units(site: Site) -> dict[str, tuple[str, ...]]:
    """Source loops by the id of the source, with the heat pumps that draw on each.

    The upper stages of a cascade, which draw on a loop of the plant, and what draws on air are not
    among them: no water is metered there.
    """
    found: dict[str, tuple[str, ...]] = {}
    single = next(iter(site.sources)) if len(site.sources) == 1 else "source"
    for id, unit in site.heat_pumps.items():
        name = unit.draws_on or unit.source or single
        if name not in site.loops and name != "air":
            found[name] = (*found.get(name, ()), id)
    return found


def loop_points(
    readings: Readings, kind: str, name: str, units: tuple[str, ...], alone: bool
) -> CircuitPoints:
    """Points of a whole circuit.

    Parameters
    ----------
    kind : key of :data:`PIPES`
    name : of the source, or the kind
    units : whose water it is
    alone : whether it is the only circuit of its kind, so that points of the site belong to it
    """

    def whole(point: Point) -> bool:
        if SITE_WIDE in point.equipment:
            return alone
        return name in point.equipment or (bool(units) and set(units) <= named(point))

    return _points(readings, kind, name, units, whole)


def unit_points(readings: Readings, kind: str, name: str, unit: str) -> CircuitPoints:
    """Points of one unit in a circuit."""
    return _points(readings, kind, name, (unit,), lambda point: named(point) == {unit})


def _points(
    readings: Readings,
    kind: str,
    name: str,
    units: tuple[str, ...],
    belongs: Callable[[Point], bool],
) -> CircuitPoints:
    """Points that belong to a circuit, those of the fewest machines and without detail first."""

    def at(place: str, *quantities: str) -> tuple[Point, ...]:
        found = [one for one in readings.at(place, quantities)
                 if belongs(one) and not is_setpoint(one)]  # fmt: skip
        return tuple(sorted(found, key=lambda one: (len(named(one)), bool(one.detail))))

    supply, back = PIPES[kind]
    flows = at(kind, *FLOWS)
    return CircuitPoints(
        kind, name, units, at(supply, "temperature"), at(back, "temperature"),
        at(kind, "temperature_difference"), _branches(flows), at(kind, *HEATS),
        pumps_of(readings.site, kind, name, units), _built_in(readings, kind, units),
    )  # fmt: skip


def _branches(flows: tuple[Point, ...]) -> tuple[Point, ...]:
    """One meter of the whole, else one of every branch (``@`` detail)."""
    order = sorted(flows, key=lambda one: FLOWS.index(one.quantity))
    whole = [one for one in order if not one.detail]
    if whole:
        return (whole[0],)
    branches: dict[str, Point] = {}
    for one in order:
        branches.setdefault(one.detail, one)
    return tuple(branches.values())


def pumps_of(site: Site, kind: str, name: str, units: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of the pumps that move the water of a circuit, as the site says."""
    served: Mapping[str, object] = dict.fromkeys((*units, name))
    for circuits in ([one] for one in _PUMPS[kind]):
        found = tuple(
            id
            for id, pump in site.pumps.items()
            if pump.circuit in circuits and (not pump.serves or set(pump.serves) & set(served))
        )
        if found:
            return found
    return ()


def _built_in(readings: Readings, kind: str, units: tuple[str, ...]) -> tuple[Point, ...]:
    words = _BUILT_IN.get(kind, (f"{kind}_pump",))
    return tuple(
        point
        for point in readings.at("unit", ("status",))
        if point.detail in words and named(point) & set(units)
    )
