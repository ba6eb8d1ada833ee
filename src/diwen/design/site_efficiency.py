"""COP and EER of a site's heat pumps over the entering source temperature."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np

from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.efficiency import Efficiency, PlantEfficiency
from diwen.design.ground_load import HourlyGroundLoad
from diwen.language import Text
from diwen.problems import Problem
from diwen.site import Site
from diwen.site.heat_pumps import HeatPump

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
    nearest to the rated one; otherwise the rated point holds for all temperatures.
    """
    assert isinstance(load, HourlyBuildingLoad)
    pumps = [pump for pump in site.heat_pumps.values() if pump.source in ("", source)]
    needed = {
        "heating": bool((load.heating + load.hot_water).any()),
        "cooling": bool(load.cooling.any()),
    }
    found: dict[str, Efficiency] = {}
    lacking = False
    modes: tuple[Mode, Mode] = ("heating", "cooling")
    for mode in modes:
        efficiency = _over_pumps(pumps, mode)
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


def _over_pumps(pumps: Iterable[HeatPump], mode: Mode) -> Efficiency | None:
    """Efficiency of several heat pumps, weighted by their number and capacity."""
    parts = [
        (rated, curve)
        for pump in pumps
        if (rated := _capacity(pump, mode)) and (curve := _curve(pump, mode))
    ]
    if not parts:
        return None
    temperatures = np.unique(np.concatenate([curve.temperatures for _, curve in parts]))
    weights = np.array([rated for rated, _ in parts])
    # Power adds up, so it is the inverse of the efficiency that is averaged.
    power = np.stack([1.0 / curve.at(temperatures) for _, curve in parts])
    return Efficiency.table(temperatures, weights.sum() / (weights @ power))


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
