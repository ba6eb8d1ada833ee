"""The points of a fully metered plant: the minimum list, and what tells its parts apart.

Beside the loop meters every unit of a plant with several has temperatures, flow and heat of its
own; every load circuit records the supply temperature that its controls ask for; wells have a
level and an injection pressure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from diwen.site.points import Point
from diwen.twin.simulated_well_heads import well_heads
from diwen.twin.standard_points import (
    NOTE,
    PAIR,
    WELLS,
    circuit_flow,
    heat_meter,
    minimum_points,
    new_point,
    source_flow,
)
from diwen.twin.standard_points_circuits import LOAD_SIDES, Circuits, circuits_of

if TYPE_CHECKING:
    from diwen.plant.station import Station, Unit
    from diwen.site import Site

SETPOINT = "setpoint"
"""Detail of a point that records what is asked for, not what is measured."""
_LEVEL_SENSOR, _PRESSURE_SENSOR = "± 0.05 m", "± 0.5 kPa"


def full_points(
    site: Site, station: Station, *, separate: bool | None = None, interval: float | None = None
) -> tuple[Point, ...]:
    """The minimum list and the points of full metering, of origin ``simulated``.

    Parameters
    ----------
    site, station : the plant
    separate : whether cold has pipes of its own; None: as the site says (`circuits_of`)
    interval : seconds between records, None: not said
    """
    circuits = circuits_of(site, station, separate)
    more = (
        *_unit_points(site, station, circuits),
        *_setpoints(site, circuits),
        *_heads(site, station),
    )
    return (
        *minimum_points(site, station, separate=separate, interval=interval),
        *(replace(one, origin="simulated", note=NOTE, interval=interval) for one in more),
    )


def metered_units(site: Site, station: Station) -> tuple[Unit, ...]:
    """Units with meters of their own: all, where there are several; one alone has the loop's."""
    own = tuple(unit for unit in station.units if unit.name in site.heat_pumps)
    return own if len(own) > 1 else ()


def _unit_points(site: Site, station: Station, circuits: Circuits) -> Iterator[Point]:
    sources = {loop.name: loop for loop in station.source_loops if loop.name in site.sources}
    for unit in metered_units(site, station):
        if unit.draws_on in sources and site.sources[unit.draws_on].type != "air":
            whole = source_flow(site, sources[unit.draws_on])
            yield from _unit_source(unit, _design_flow(unit.source_flow, unit.count) or whole)
        own = dict.fromkeys(circuits.of(name) for name in unit.serves)
        for circuit in (one for one in own if one is not None):
            whole = circuit_flow(site, station, circuits, circuit)
            own_flow = _design_flow(unit.load_flow, unit.count) or whole
            yield from _unit_circuit(unit, circuit, own_flow)


def _unit_source(unit: Unit, flow: float) -> Iterator[Point]:
    meter = heat_meter(flow)
    for end, code, name in (("entering", "TS1", "source supply 地源侧供水温度"),
                            ("leaving", "TS2", "source return 地源侧回水温度")):  # fmt: skip
        yield new_point(f"{unit.name}_source_{end}", "temperature", "degC", (unit.name,),
                        f"source_{end}", f"{code}.{unit.name} {name}", PAIR)  # fmt: skip
    yield new_point(f"{unit.name}_source_flow", "volume_flow", "m3/h", (unit.name,), "source",
                    f"FS.{unit.name} source flow 地源侧流量", meter)  # fmt: skip


def _unit_circuit(unit: Unit, circuit: str, flow: float) -> Iterator[Point]:
    supply, back = LOAD_SIDES[circuit]
    meter = heat_meter(flow)
    for place, name in ((supply, "supply 供水温度"), (back, "return 回水温度")):
        yield new_point(f"{unit.name}_{place}", "temperature", "degC", (unit.name,), place,
                        f"{unit.name} {name}", PAIR)  # fmt: skip
    yield new_point(f"{unit.name}_{circuit}_flow", "volume_flow", "m3/h", (unit.name,), circuit,
                    f"{unit.name} flow 流量", meter)  # fmt: skip
    yield new_point(f"{unit.name}_{circuit}_heat", "heat_energy", "kWh", (unit.name,), circuit,
                    f"{unit.name} heat meter 热量表", meter)  # fmt: skip


def _design_flow(rate: float, count: int) -> float:
    """m³/s of all units of a heat capacity rate each, W/K; 0 where it is not known."""
    return rate * count / 4.18e6 if rate < 1e9 else 0.0


def _setpoints(site: Site, circuits: Circuits) -> Iterator[Point]:
    units = tuple(site.heat_pumps)
    for circuit in circuits.loops if units else ():
        yield new_point(f"{circuit}_setpoint", "temperature", "degC", units,
                        LOAD_SIDES[circuit][0], f"{circuit} supply setpoint 供水温度设定值",
                        detail=SETPOINT)  # fmt: skip


def _heads(site: Site, station: Station) -> Iterator[Point]:
    for loop in station.source_loops:
        source = site.sources.get(loop.name)
        if source is None or source.type not in WELLS or well_heads(site, loop.name) is None:
            continue
        yield new_point(f"{loop.name}_level", "water_level", "m", (loop.name,), "water_level",
                        "WL level in the pumped wells, above ground 抽水井水位（相对地面）",
                        _LEVEL_SENSOR)  # fmt: skip
        yield new_point(f"{loop.name}_injection_pressure", "pressure", "kPa", (loop.name,),
                        "wellhead", "PI injection pressure above rest 回灌压力（相对静水位）",
                        _PRESSURE_SENSOR)  # fmt: skip
