"""Boilers and electric heaters of a site as back-ups of a heat loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diwen.language import Text
from diwen.problems import InputError
from diwen.site.missing_values import missing
from diwen.site.model import SiteFile
from diwen.site.plant_assumptions import Assumptions
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.plant.boiler import Boiler
    from diwen.plant.station import Backup

_NO_SIZE = Text("the size of the back-up is not known", "未给出辅助热源的容量")
_EFFICIENCY = Text("the efficiency", "热效率")
_VALUE = Text("the calorific value", "燃料热值")


def backup_of(
    site: SiteFile,
    id: str,
    notes: list[Text] | None = None,
    *,
    serves: str = "",
    parallel_below: float = np.inf,
    alone_below: float = -np.inf,
) -> Backup:
    """``[boilers.ID]`` or ``[heaters.ID]`` as a back-up.

    Parameters
    ----------
    site, id : the site, id of the boiler or heater
    notes : what was assumed is appended
    serves : name of the heat loop; empty: the circuit that the file names
    parallel_below, alone_below : outdoor temperatures of bivalence, °C

    Raises
    ------
    diwen.problems.InputError : no capacity
    """
    from diwen.plant.station import Backup

    boiler = id in site.boilers
    where = f"{'boilers' if boiler else 'heaters'}.{id}"
    said = Assumptions(where, notes if notes is not None else [])
    if boiler:
        table = site.boilers[id]
        size, fuel, given, circuit = (
            table.rated_heating_capacity, table.fuel, table.efficiency, table.circuit,
        )  # fmt: skip
        key = "rated_heating_capacity"
    else:
        heater = site.heaters[id]
        size, fuel, given, circuit = heater.rated_power, "electricity", None, heater.circuit
        key = "rated_power"
    if size is None:
        raise InputError([missing(f"{where}.{key}", key, _NO_SIZE)])
    count = site.boilers[id].count if boiler else site.heaters[id].count
    efficiency = said.or_usual(given, f"boiler_efficiency.{fuel}", _EFFICIENCY)
    heat = size * count * (1.0 if boiler else efficiency)
    return Backup(id, serves or circuit, heat, efficiency, fuel, parallel_below, alone_below)


def calorific_value_of(site: SiteFile, id: str, notes: list[Text] | None = None) -> float | None:
    """Lower heating value of the gas of a boiler, J/m³; None for a fuel not counted in volume."""
    table = site.boilers[id]
    if table.calorific_value is not None:
        return table.calorific_value
    if table.fuel != "natural_gas":
        return None
    said = Assumptions(f"boilers.{id}", notes if notes is not None else [])
    value = usual_value("default.calorific_value.natural_gas")
    said.say(_VALUE, f"{value:g} MJ/m³")
    return value * 1e6


def boiler_of(site: SiteFile, id: str, notes: list[Text] | None = None) -> Boiler:
    """``[boilers.ID]`` with its efficiency over load and return; identical ones as one.

    An efficiency above 1 on the lower heating value is that of a condensing boiler.

    Raises
    ------
    diwen.problems.InputError : no capacity
    """
    from diwen.plant.boiler import Boiler

    known = backup_of(site, id, notes)
    standing = usual_value("default.boiler_standing_loss")
    if site.boilers[id].fuel == "electricity":
        standing = 0.0
    if known.efficiency <= 1.0:
        return Boiler.of(known.capacity, known.efficiency, standing_loss=standing)
    back = usual_value("default.condensing_rated_return")
    return Boiler.of(
        known.capacity,
        known.efficiency,
        condensing=True,
        rated_return=back,
        standing_loss=standing,
    )
