"""The minimum list of monitoring points for what a plant has.

TS1/TS2 and FS on the source side, TU1/TU2 and the heat meter on the load side, electricity of each
heat pump (EH), pump group (EP) and auxiliary (EA), gas (G), status and mode, rooms, outdoor air,
water of the wells (VA, VI): what NB/T 10278-2019 and the point lists of monitored plants ask for.
The accuracies are those of instruments usually installed (engineering defaults, not from a
standard); each point says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from diwen.site.points import SITE_WIDE, Point
from diwen.site.sources import GROUP_KINDS, ONE_WELL_KINDS
from diwen.twin.standard_points_circuits import LOAD_SIDES, Circuits, circuits_of

if TYPE_CHECKING:
    from diwen.plant.station import PumpGroup, SourceLoop, Station
    from diwen.site import Site

# Instruments that are usually installed (engineering defaults).
PAIR = "IEC 60751 A pair 0.05 K"
WELL_SENSOR = "± 0.1 K"
AIR_SENSOR = "± 0.3 K"
ELECTRICITY_METER = "EN 62053 class 1"
GAS_METER = "± 1.5 %"
WATER_METER = "± 2 %"
_HEAT_METER = "EN 1434 class 2, qp {flow:g} m3/h, dt_min 3 K"
NOTE = "simulated; accuracy of a usual instrument, assumed 模拟数据，准确度按常用仪表假定"
# Powers are read no more seldom than this beside their registers, s.
_POWER_INTERVAL = 900.0
WELLS = (*GROUP_KINDS, *ONE_WELL_KINDS)
_CODES = {"load": ("TU1", "TU2", "FU"), "hot_water": ("TH1", "TH2", "FH"),
          "cooling": ("TC1", "TC2", "FC")}  # fmt: skip
_CIRCUIT_NAMES = {
    "load": "load 用户侧", "hot_water": "hot water 生活热水", "cooling": "chilled water 冷冻水",
}  # fmt: skip


def minimum_points(
    site: Site, station: Station, *, separate: bool | None = None, interval: float | None = None
) -> tuple[Point, ...]:
    """The minimum list of points for what a plant has, of origin ``simulated``.

    Parameters
    ----------
    site, station : the plant
    separate : whether cold has pipes of its own; None: as the site says (`circuits_of`)
    interval : seconds between records, None: not said
    """
    circuits = circuits_of(site, station, separate)
    found = (
        *_source_points(site, station),
        *_load_points(site, station, circuits),
        *_electricity(site, station, interval),
        *_gas(site, station),
        *_states(site, station),
        *_wells(site, station),
        *_surroundings(station),
    )
    return tuple(
        replace(point, origin="simulated", note=NOTE,
                interval=None if point.kind == "state" else interval)
        for point in found
    )  # fmt: skip


def new_point(
    id: str,
    quantity: str,
    unit: str,
    equipment: tuple[str, ...],
    location: str,
    name: str,
    accuracy: str = "",
    **more: str,
) -> Point:
    """A point of the kind of its quantity."""
    from diwen.quantities import quantity as known

    kind = known(quantity).kind
    return Point(
        id, quantity, unit, equipment, location, kind=kind, name=name, accuracy=accuracy,
        detail=more.get("detail", ""),
    )  # fmt: skip


def _source_points(site: Site, station: Station) -> Iterator[Point]:
    """TS1, TS2, FS of every source loop, covering the heat pumps that draw on it."""
    drawn = [loop for loop in station.source_loops if drawing(site, station, loop.name)]
    for loop in drawn:
        units = drawing(site, station, loop.name)
        own = "" if len(drawn) == 1 else f"{loop.name}_"
        of = "" if len(drawn) == 1 else f" {loop.name}"
        meter = heat_meter(source_flow(site, loop))
        for end, code, name in (
            ("entering", "TS1", "source supply 地源侧供水温度"),
            ("leaving", "TS2", "source return 地源侧回水温度"),
        ):
            yield new_point(f"{own}source_{end}", "temperature", "degC", units, f"source_{end}",
                         f"{code}{of} {name}", PAIR)  # fmt: skip
        yield new_point(f"{own}source_flow", "volume_flow", "m3/h", units, "source",
                     f"FS{of} source flow 地源侧流量", meter)  # fmt: skip


def drawing(site: Site, station: Station, source: str) -> tuple[str, ...]:
    """Ids of the heat pumps that draw on a source loop, in the order of the site."""
    units = {unit.name for unit in station.units if unit.draws_on == source}
    return tuple(id for id in site.heat_pumps if id in units)


def _load_points(site: Site, station: Station, circuits: Circuits) -> Iterator[Point]:
    """Supply, return, flow and heat register of every circuit of the load side."""
    units = tuple(site.heat_pumps)
    for circuit in circuits.loops if units else ():
        supply, back = LOAD_SIDES[circuit]
        first, second, third = _CODES[circuit]
        name = _CIRCUIT_NAMES[circuit]
        meter = heat_meter(circuit_flow(site, station, circuits, circuit))
        yield new_point(supply, "temperature", "degC", units, supply,
                     f"{first} {name} supply 供水温度", PAIR)  # fmt: skip
        yield new_point(back, "temperature", "degC", units, back,
                     f"{second} {name} return 回水温度", PAIR)  # fmt: skip
        yield new_point(f"{circuit}_flow", "volume_flow", "m3/h", units, circuit,
                     f"{third} {name} flow 流量", meter)  # fmt: skip
        yield new_point(f"{circuit}_heat", "heat_energy", "kWh", units, circuit,
                     f"{name} heat meter 热量表", meter)  # fmt: skip


def _electricity(site: Site, station: Station, interval: float | None) -> Iterator[Point]:
    # Means of an hour, read as powers, would not add up to the register of a day.
    often = interval is None or interval <= _POWER_INTERVAL
    for unit in station.units:
        yield from _meter(unit.name, "EH", "unit 机组", power=often)
    for name in pump_names(station):
        yield from _meter(name, "EP", "pumps 水泵")
    for backup in station.backups:
        if backup.fuel == "electricity":
            yield from _meter(backup.name, "EA", "back-up 辅助电加热")
    for recharge in station.recharges:
        # The electricity of a tower belongs to the system, be it none.
        uses = recharge.power > 0.0 or recharge.name in site.cooling_towers
        if uses and recharge.name in site.equipment():
            yield from _meter(recharge.name, "EA", "auxiliary 辅助设备")
    if station.fixed_power > 0.0:
        for name in site.controls:
            yield from _meter(name, "EA", "controls 控制系统")


def _meter(id: str, code: str, name: str, power: bool = False) -> Iterator[Point]:
    yield new_point(f"{id}_electricity", "electric_energy", "kWh", (id,), "supply",
                 f"{code}.{id} electricity {name}电量", ELECTRICITY_METER)  # fmt: skip
    if power:
        yield new_point(f"{id}_power", "electric_power", "kW", (id,), "supply",
                     f"{code}.{id} power {name}功率", ELECTRICITY_METER)  # fmt: skip


def pump_names(station: Station) -> tuple[str, ...]:
    """Names of all pump groups of a station, each once, the source side first."""
    return tuple(dict.fromkeys(pump.name for pump in pump_groups(station)))


def pump_groups(station: Station) -> tuple[PumpGroup, ...]:
    """Pump groups of all loops, the source side first; one that drives two loops stands twice."""
    groups = [pump for loop in station.source_loops for pump in loop.pumps]
    return (*groups, *(pump for loop in station.load_loops for pump in loop.pumps))


def _gas(site: Site, station: Station) -> Iterator[Point]:
    for backup in station.backups:
        boiler = site.boilers.get(backup.name)
        if boiler is not None and boiler.calorific_value and boiler.fuel in ("natural_gas", "lpg"):
            yield new_point(f"{backup.name}_gas", "gas_volume", "m3", (backup.name,), "supply",
                         f"G.{backup.name} gas 燃气量", GAS_METER)  # fmt: skip


def _states(site: Site, station: Station) -> Iterator[Point]:
    for unit in station.units:
        yield new_point(f"{unit.name}_status", "status", "1", (unit.name,), "unit",
                     f"ST.{unit.name} runs 机组运行")  # fmt: skip
    variable = {pump.name for pump in pump_groups(station) if pump.variable}
    for name in pump_names(station):
        yield new_point(f"{name}_status", "status", "1", (name,), "unit",
                     f"ST.{name} runs 水泵运行")  # fmt: skip
        if name in variable:
            yield new_point(f"{name}_frequency", "frequency", "Hz", (name,), "unit",
                         f"VF.{name} frequency 频率")  # fmt: skip
    yield new_point("mode", "mode", "1", (SITE_WIDE,), "unit",
                 "MODE 0 off, 1 heating, 2 cooling, 3 both 运行模式")  # fmt: skip


def _wells(site: Site, station: Station) -> Iterator[Point]:
    """VA, VI and the water temperatures of sources that are wells."""
    for loop in station.source_loops:
        if loop.name not in site.sources or site.sources[loop.name].type not in WELLS:
            continue
        for side, code, name in (
            ("abstraction", "VA", "abstracted 抽水"), ("injection", "VI", "reinjected 回灌"),
        ):  # fmt: skip
            place = f"well_{side}"
            yield new_point(f"{loop.name}_{side}", "volume", "m3", (loop.name,), place,
                         f"{code} water {name}量", WATER_METER)  # fmt: skip
            yield new_point(f"{loop.name}_{side}_temperature", "temperature", "degC", (loop.name,),
                         place, f"TW water {name}温度", WELL_SENSOR)  # fmt: skip


def _surroundings(station: Station) -> Iterator[Point]:
    yield new_point("outdoor", "temperature", "degC", (SITE_WIDE,), "outdoor",
                 "TO outdoor 室外温度", AIR_SENSOR)  # fmt: skip
    for loop in station.load_loops:
        if loop.room is not None:
            yield new_point(f"room_{loop.name}", "temperature", "degC", (SITE_WIDE,), "room",
                         f"TR {loop.name} rooms 室内温度", AIR_SENSOR,
                         detail=loop.name)  # fmt: skip


def source_flow(site: Site, loop: SourceLoop) -> float:
    """Design flow of a source loop, m³/s: of its pumps, else of the source in the site."""
    pumps = sum(pump.design_flow for pump in loop.pumps)
    source = site.sources.get(loop.name)
    return (
        pumps or getattr(source, "design_flow", None) or site.evaluation.design_source_flow or 0.0
    )


def circuit_flow(site: Site, station: Station, circuits: Circuits, circuit: str) -> float:
    """Design flow of a load circuit, m³/s: of its pumps, else of the units in the site."""
    pumps = {
        pump.name: pump.design_flow
        for loop in station.load_loops
        if loop.name in circuits.loops[circuit]
        for pump in loop.pumps
    }
    units = sum((unit.load_flow or 0.0) * unit.count for unit in site.heat_pumps.values())
    return sum(pumps.values()) or site.evaluation.design_load_flow or units


def heat_meter(flow: float) -> str:
    """Accuracy of the heat meter for a design flow, m³/s."""
    return _HEAT_METER.format(flow=nominal_flow(flow))


def nominal_flow(flow: float) -> float:
    """Permanent flow qp, m³/h, of the meter for a design flow, m³/s: the next of a usual row."""
    wanted = max(flow * 3600.0, 0.6)
    step = 10.0 ** len(str(int(wanted))) / 10.0
    row = (0.6, 1.0, 1.5, 2.5, 4.0, 6.0, 10.0)
    return next(one * step for one in row if one * step >= wanted * (1.0 - 1e-9))
