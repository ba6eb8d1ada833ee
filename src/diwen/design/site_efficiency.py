"""COP and EER of a site's heat pumps over the entering source temperature."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np

from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.efficiency import Efficiency, PlantEfficiency
from diwen.design.ground_load import HourlyGroundLoad
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.heat_pump_maps import unit_maps
from diwen.site.heat_pumps import HeatPump
from diwen.site.loop_supply import supply_of
from diwen.site.station_loops import planned_loops

_NO_RATING = Text(
    "the loads are those of the building, but no heat pump has a rating for {mode}",
    "负荷为建筑侧负荷，但没有热泵给出{mode}工况额定值",
)
_GIVE_RATING = Text(
    "add rated_{mode}_capacity and rated_{mode}_power, or rating points",
    "请补充 rated_{mode}_capacity 与 rated_{mode}_power，或工况点",
)
_MODES = {"heating": Text("heating", "制热"), "cooling": Text("cooling", "制冷")}

Mode = Literal["heating", "cooling"]


def efficiency_of_site(
    site: Site,
    source: str,
    load: HourlyGroundLoad | HourlyBuildingLoad | None,
    problems: list[Problem],
) -> PlantEfficiency | None:
    """Efficiency of the heat pumps on a source; what a load does not need may be missing.

    Rating points at two or more entering temperatures give a table, at the supply temperature
    nearest to the rated one; otherwise the rated point holds for all temperatures. A unit without
    rating, known by its maker's table, its cycle or its model in the equipment catalogue, does
    what its map says at the supply temperature of the loop.
    """
    assert isinstance(load, HourlyBuildingLoad)
    pumps = [id for id, pump in site.heat_pumps.items() if pump.source in ("", source)]
    needed = {
        "heating": bool((load.heating + load.hot_water).any()),
        "cooling": bool(load.cooling.any()),
    }
    found: dict[str, Efficiency] = {}
    lacking = False
    modes: tuple[Mode, Mode] = ("heating", "cooling")
    for mode in modes:
        efficiency = _over_pumps(site, pumps, mode)
        if efficiency is None and needed[mode]:
            message = _NO_RATING.format(mode=_MODES[mode])
            cure = _GIVE_RATING.format(mode=mode)
            problems.append(Problem("site.toml", "heat_pumps", message, cure))
            lacking = True
        # A mode without load: any number serves.
        found[mode] = efficiency or Efficiency.constant(4.0)
    if lacking:
        return None
    return PlantEfficiency(found["heating"], found["cooling"])


def _over_pumps(site: Site, pumps: Iterable[str], mode: Mode) -> Efficiency | None:
    """Efficiency of several heat pumps, weighted by their number and capacity."""
    found = (_rated(site.heat_pumps[id], mode) or _mapped(site, id, mode) for id in pumps)
    parts = [part for part in found if part is not None]
    if not parts:
        return None
    temperatures = np.unique(np.concatenate([curve.temperatures for _, curve in parts]))
    weights = np.array([rated for rated, _ in parts])
    # Power adds up, so it is the inverse of the efficiency that is averaged.
    power = np.stack([1.0 / curve.at(temperatures) for _, curve in parts])
    return Efficiency.table(temperatures, weights.sum() / (weights @ power))


def _rated(pump: HeatPump, mode: Mode) -> tuple[float, Efficiency] | None:
    """Capacity of all identical units, W, and efficiency by their ratings; None without any."""
    capacity, curve = _capacity(pump, mode), _curve(pump, mode)
    return (capacity, curve) if capacity and curve is not None else None


def _mapped(site: Site, id: str, mode: Mode) -> tuple[float, Efficiency] | None:
    """The same by the map of a unit that has no rating; None where nothing is known of it."""
    pump = site.heat_pumps[id]
    if not (pump.performance_map or pump.cycle is not None or pump.model):
        return None
    try:
        maps = unit_maps(site, id)
    except InputError:
        # That a rating lacks is told by the caller, where the mode is needed.
        return None
    made = maps.heating if mode == "heating" else maps.cooling
    if made is None:
        return None
    supply = _supply(site, mode)
    if supply is None:
        supply = float(np.mean(made.tested_load))
    capacity, power = made.at(made.source, supply)
    # At the edge of a wide map a unit may draw all that it gives: no such point of operation.
    usable = capacity > power
    if not usable.any():
        return None
    middle, _ = made.at(float(np.mean(made.tested_source)), supply)
    curve = Efficiency.table(made.source[usable], (capacity / power)[usable])
    return pump.count * float(middle), curve


def _supply(site: Site, mode: Mode) -> float | None:
    """Hardest supply temperature of the loops of a mode, °C; None without such a loop."""
    loops = [loop for loop in planned_loops(site) if loop.use == mode]
    values = [value for loop in loops for value in supply_of(site, loop).supply]
    if not values:
        return None
    return float(max(values) if mode == "heating" else min(values))


def _capacity(pump: HeatPump, mode: Mode) -> float:
    """Capacity of all identical units, W."""
    rated = getattr(pump, f"rated_{mode}_capacity")
    points = [point.capacity for point in pump.rating_points if point.mode == mode]
    return pump.count * float(rated or (max(points) if points else 0.0))


def _curve(pump: HeatPump, mode: Mode) -> Efficiency | None:
    points = [p for p in pump.rating_points if p.mode == mode and p.part_load > 0.95]
    if len({point.source_entering for point in points}) >= 2:
        supply = getattr(pump, f"rated_{mode}_supply_temperature")
        if supply is None:
            supply = points[0].load_leaving
        nearest = min(abs(p.load_leaving - supply) for p in points)
        chosen = {
            p.source_entering: p.capacity / p.power
            for p in points
            if abs(p.load_leaving - supply) <= nearest + 0.5
        }
        if len(chosen) >= 2:
            temperatures = sorted(chosen)
            return Efficiency.table(temperatures, [chosen[t] for t in temperatures])
    capacity, power = getattr(pump, f"rated_{mode}_capacity"), getattr(pump, f"rated_{mode}_power")
    if capacity and power:
        return Efficiency.constant(capacity / power)
    if points:
        return Efficiency.constant(points[0].capacity / points[0].power)
    return None
