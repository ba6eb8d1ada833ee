"""Tanks of a site as the twin sees them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.site.model import SiteFile
from diwen.site.plant_assumptions import Assumptions
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.plant.station import TankModel

_LOSS = Text("the heat loss", "散热系数")
_HIGHEST = Text("the highest temperature", "最高温度")
# Circuits whose tank stands for hydraulic separation: water is mixed in it.
_MIXED = ("source", "well", "cooling", "tower", "distribution")


def tank_of(site: SiteFile, id: str, notes: list[Text] | None = None) -> TankModel:
    """``[tanks.ID]`` as the twin sees it; identical tanks in one.

    A tank for hot water, or one of the load side whose height is known, is stacked in layers if it
    is as tall as wide or taller. Any other is mixed, which is the careful side: a buffer that is
    stirred by large flows must be kept at the supply temperature as a whole.

    Parameters
    ----------
    site, id : the site, id of the tank
    notes : what was assumed is appended
    """
    from diwen.plant.station import TankModel

    table = site.tanks[id]
    said = Assumptions(f"tanks.{id}", notes if notes is not None else [])
    ratio = usual_value("default.tank_height_ratio")
    height = table.height or (4.0 * table.volume * ratio**2 / math.pi) ** (1.0 / 3.0)
    diameter = math.sqrt(4.0 * table.volume / (math.pi * height))
    loss = table.heat_loss
    if loss is None:
        surface = math.pi * diameter * height + 0.5 * math.pi * diameter**2
        loss = usual_value("default.tank_loss") * surface
        said.say(_LOSS, f"{loss:.3g} W/K")
    known = table.height is not None or table.circuit == "hot_water"
    stacked = known and table.circuit not in _MIXED and height >= diameter
    highest = said.or_usual(table.maximum_temperature, "tank_maximum_temperature", _HIGHEST, "°C")
    return TankModel(
        id, table.volume * table.count,
        layers=round(usual_value("default.tank_layers")) if stacked else 1,
        heat_loss=loss * table.count, ambient=usual_value("default.tank_ambient"),
        maximum_temperature=highest,
    )  # fmt: skip
