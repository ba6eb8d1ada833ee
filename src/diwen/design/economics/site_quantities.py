"""What a site's design consists of, in the units in which it is bought."""

from __future__ import annotations

from collections import defaultdict

from diwen.design.economics.capital_cost import OwnCost
from diwen.site import Site
from diwen.site.borefield import Borefield
from diwen.site.circulation_wells import CirculationWell, StandingColumnWell
from diwen.site.economy import CostItem
from diwen.site.groundwater_wells import GroundwaterWells, WellDoublet

_KILO = 1000.0
_AIR = ("air_water", "air_air")
_BOILERS = {"natural_gas": "gas_boiler", "lpg": "gas_boiler", "coal": "coal_boiler",
            "electricity": "electric_boiler"}  # fmt: skip


def quantities_of_site(site: Site) -> dict[str, float]:
    """Quantities by item of :data:`diwen.design.economics.capital_cost.LIVES`.

    Only what the site file gives a size is counted: an item without capacity or power is left out.
    """
    found: defaultdict[str, float] = defaultdict(float)
    _add_sources(site, found)
    _add_heat_pumps(site, found)
    _add_auxiliaries(site, found)
    return {key: value for key, value in found.items() if value > 0.0}


def without_size(site: Site) -> tuple[str, ...]:
    """Ids of what the site names but gives no capacity or power: it is not in the quantities."""
    sizes = {
        "heat_pumps": ("rated_heating_capacity", "rated_cooling_capacity"),
        "pumps": ("rated_power",),
        "exchangers": ("rated_capacity",),
        "cooling_towers": ("rated_heat",),
        "boilers": ("rated_heating_capacity",),
        "heaters": ("rated_power",),
        "chillers": ("rated_cooling_capacity",),
    }
    return tuple(
        f"{table}.{name}"
        for table, keys in sizes.items()
        for name, unit in getattr(site, table).items()
        if all(getattr(unit, key) is None for key in keys)
    )


def own_costs(site: Site, plant: str) -> dict[str, OwnCost]:
    """What the user knows of the items of a plant (``[[costs.items]]``)."""
    items: tuple[CostItem, ...] = site.costs.items
    return {
        item.item: OwnCost(item.unit_cost, item.quantity, item.life)
        for item in items
        if item.plant == plant
    }


def _add_sources(site: Site, found: defaultdict[str, float]) -> None:
    for name, source in site.sources.items():
        if isinstance(source, Borefield):
            holes = site.boreholes(name)
            found["bore_metre"] += sum(hole.length + hole.buried_depth for hole in holes)
            found["bore_connection"] += len(holes)
        elif isinstance(source, CirculationWell | StandingColumnWell):
            count = len(source.wells) or source.count or 1
            found["well_metre"] += source.depth * count
        elif isinstance(source, GroundwaterWells | WellDoublet):
            found["well_metre"] += sum(well.depth for well in source.wells.values())


def _add_heat_pumps(site: Site, found: defaultdict[str, float]) -> None:
    for pump in site.heat_pumps.values():
        capacity = pump.rated_heating_capacity or pump.rated_cooling_capacity or 0.0
        key = "heat_pump_air" if pump.type in _AIR else "heat_pump_water"
        found[key] += capacity / _KILO * pump.count


def _add_auxiliaries(site: Site, found: defaultdict[str, float]) -> None:
    for pump in site.pumps.values():
        key = "well_pump" if pump.circuit == "well" else "pump"
        found[key] += (pump.rated_power or 0.0) / _KILO * pump.count
    for tank in site.tanks.values():
        found["tank"] += tank.volume * tank.count
    for exchanger in site.exchangers.values():
        found["exchanger"] += (exchanger.rated_capacity or 0.0) / _KILO * exchanger.count
    for tower in site.cooling_towers.values():
        key = "dry_cooler" if tower.kind == "dry" else "cooling_tower"
        found[key] += (tower.rated_heat or 0.0) / _KILO * tower.count
    for collector in site.solar_collectors.values():
        found["solar_collector"] += collector.area * collector.count
    for boiler in site.boilers.values():
        key = _BOILERS.get(boiler.fuel, "gas_boiler")
        found[key] += (boiler.rated_heating_capacity or 0.0) / _KILO * boiler.count
    for heater in site.heaters.values():
        found["electric_boiler"] += (heater.rated_power or 0.0) / _KILO * heater.count
    for chiller in site.chillers.values():
        found["chiller"] += (chiller.rated_cooling_capacity or 0.0) / _KILO * chiller.count
