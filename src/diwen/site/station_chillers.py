"""Chillers beside the heat pumps: units that cool and give their heat to the outdoor air.

A chiller is known by one rating. Where the site has a cooling tower that serves no source, the
chillers are cooled by it: the water of the tower is told from the dry bulb by a usual wet-bulb
depression and the tower's approach, and its fans count with the chiller.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from diwen.language import Text
from diwen.plant.performance_map import PerformanceMap
from diwen.plant.station import AIR, Unit
from diwen.problems import InputError
from diwen.site.auxiliaries import Chiller
from diwen.site.heat_pumps import HeatPumpType
from diwen.site.missing_values import missing
from diwen.site.model import Site
from diwen.site.station_devices import chiller_tower
from diwen.site.station_units import PlannedUnit
from diwen.site.usual_values import usual_value

_NO_RATING = Text("the chiller cannot be computed without it", "冷水机组计算需要此项")
_AIR_COOLED = Text(
    "chiller {name}: rating taken at {air} °C outdoors and {chilled} °C chilled water; all other "
    "temperatures are extrapolated",
    "冷水机组 {name}：额定工况按室外 {air} °C、冷冻水 {chilled} °C 计，其余温度均为外推",
)
_TOWER_COOLED = Text(
    "chiller {name}: rating taken at {water} °C cooling water and {chilled} °C chilled water; the "
    "water of tower {tower} is {gap} K below the dry bulb",
    "冷水机组 {name}：额定工况按冷却水 {water} °C、冷冻水 {chilled} °C 计；冷却塔 {tower} 出水比"
    "干球温度低 {gap} K",
)


def chiller_unit(site: Site, plan: PlannedUnit, notes: list[Text]) -> Unit:
    """``[chillers.ID]`` as a unit on the outdoor air.

    Raises
    ------
    diwen.problems.InputError : no capacity or no power
    """
    table = site.chillers[plan.name]
    where = f"chillers.{plan.name}"
    lacking = [key for key in ("rated_cooling_capacity", "rated_power")
               if getattr(table, key) is None]  # fmt: skip
    if lacking:
        raise InputError([missing(f"{where}.{key}", key, _NO_RATING) for key in lacking])
    tower = chiller_tower(site)
    chilled = usual_value("default.chiller_rating_chilled")
    if tower:
        made = _tower_cooled(site, table, tower, chilled, plan, notes)
    else:
        air = usual_value("default.chiller_rating_air")
        made = _map(table, "air_water", air, chilled)
        shown = {"name": plan.name, "air": f"{air:g}", "chilled": f"{chilled:g}"}
        notes.append(_AIR_COOLED.format(**shown))
    return Unit(plan.name, plan.count, AIR, plan.serves, cooling=made)


def _tower_cooled(
    site: Site, table: Chiller, tower: str, chilled: float, plan: PlannedUnit, notes: list[Text]
) -> PerformanceMap:
    """The map over the dry bulb, shifted by what the tower's water is below it."""
    item = site.cooling_towers[tower]
    water = usual_value("default.chiller_rating_water")
    approach = usual_value("default.tower_approach") if item.approach is None else item.approach
    gap = usual_value("default.tower_wet_bulb_depression") - approach
    made = _map(table, "water_water", water, chilled)
    # The fans run with every chiller: their power is shared among the chillers of the site.
    units = sum(chiller.count for chiller in site.chillers.values())
    fans = (item.fan_power or 0.0) * item.count / units
    shown = {"name": plan.name, "water": f"{water:g}", "chilled": f"{chilled:g}",
             "tower": tower, "gap": f"{gap:g}"}  # fmt: skip
    notes.append(_TOWER_COOLED.format(**shown))
    low, high = made.tested_source
    return replace(
        made,
        source=made.source + gap,
        power=made.power + fans,
        tested_source=(low + gap, high + gap),
    )


def _map(table: Chiller, kind: HeatPumpType, source: float, chilled: float) -> PerformanceMap:
    """The rating completed as that of a heat pump of the kind."""
    from diwen.plant.carnot_fit import OperatingPoints
    from diwen.plant.map_from_ratings import map_from_ratings
    from diwen.site.heat_pump_kind import completion, ranges

    capacity, power = table.rated_cooling_capacity, table.rated_power
    assert capacity is not None
    assert power is not None
    points = OperatingPoints(
        "cooling",
        np.array([source]),
        np.array([chilled]),
        np.array([capacity]),
        np.array([power]),
    )
    usual = completion(kind, "cooling")
    return map_from_ratings(points, usual, *ranges(kind, "cooling"), None, "one rating")
