"""Units for a duty out of the equipment catalogue, and a site that is given such units."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.design.station_design.design_hours import WATER_HEAT
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.missing_values import SITE_FILE
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.site.equipment_selection import Fitting, Selection
    from diwen.site.equipment_unit import CatalogueUnit
    from diwen.site.heat_pumps import HeatPump

Floats = NDArray[np.float64]
WATER_TYPES = ("water_water", "brine_water")
CHOSEN = "chosen"
"""Id of the units that are chosen for a site that has none."""

_NO_UNIT = Text(
    "the site names no heat pump, and no unit of the catalogue carries its loads: {reasons}",
    "项目未给出热泵机组，设备目录中也没有能承担负荷的机组：{reasons}",
)
_ADD = Text(
    "add [heat_pumps.ID], or rows of your maker in heat_pump_catalogue.csv of the site folder",
    "请填写 [heat_pumps.ID]，或在项目文件夹的 heat_pump_catalogue.csv 中补充厂家机组",
)
_CHOSEN = Text(
    "no heat pump is named: {count} × {name} chosen from the equipment catalogue",
    "未给出热泵机组：从设备目录中选用 {count} 台 {name}",
)
_RESERVE = Text("the design counts one unit more than the load needs (n + 1)",
                "台数已在负荷需要之外增加一台备用（n+1）")  # fmt: skip


def selections(
    site: Site,
    duties: Mapping[str, tuple[float, float, float]],
    largest_margin: float | None = None,
) -> dict[str, Selection]:
    """What the catalogue offers for each duty.

    Parameters
    ----------
    duties : by ``heating`` or ``cooling``: load W, source entering °C, supply °C
    largest_margin : most capacity over the duty − 1; the usual one if not given
    """
    from diwen.site.equipment_catalogue import catalogue

    shelf = catalogue(site, (), False)
    most = int(usual_value("default.design.most_units"))
    if largest_margin is None:
        largest_margin = usual_value("default.design.selection_margin")
    return {
        duty: shelf.select(
            load, source, supply, "heating" if duty == "heating" else "cooling",
            types=WATER_TYPES, largest_count=most, largest_margin=largest_margin,
        )
        for duty, (load, source, supply) in duties.items()
        if load > 0.0 and math.isfinite(source) and math.isfinite(supply)
    }  # fmt: skip


def site_with_units(site: Site, loads: Mapping[str, float], reserve: int = 0) -> tuple[Site, Text]:
    """The site with units chosen from the catalogue, and what was chosen.

    Parameters
    ----------
    site : without heat pumps
    loads : highest load by ``heating`` and ``cooling``, W
    reserve : units more than the loads need

    Raises
    ------
    diwen.problems.InputError : no unit of the catalogue carries the loads
    """
    source = _source_temperature(site)
    supplies = {
        "heating": usual_value("gbt19409.heating.load_leaving"),
        "cooling": usual_value("gbt19409.cooling.load_leaving"),
    }
    duties = {duty: (load, source[duty], supplies[duty]) for duty, load in loads.items() if load}
    unit, count, offered = None, 0, {}
    for margin in ("selection_margin", "selection_margin_most"):
        offered = selections(site, duties, usual_value(f"default.design.{margin}"))
        unit, count = _best(offered)
        if unit is not None:
            break
    if unit is None:
        reasons = sorted({text.en for one in offered.values() for _, text in one.refused})
        zh = sorted({text.zh for one in offered.values() for _, text in one.refused})
        message = _NO_UNIT.format(reasons=Text("; ".join(reasons[:6]), "；".join(zh[:6])))
        raise InputError([Problem(SITE_FILE, "heat_pumps", message, _ADD)])
    table = heat_pump_of(unit, count + reserve, supplies, source)
    said = _CHOSEN.format(count=count + reserve, name=unit.name)
    if reserve:
        said = Text(f"{said.en}; {_RESERVE.en}", f"{said.zh}；{_RESERVE.zh}")
    return site.model_copy(update={"heat_pumps": {CHOSEN: table}}), said


def _best(offered: Mapping[str, Selection]) -> tuple[CatalogueUnit | None, int]:
    """The unit that does every duty with the best sum of efficiencies, and how many of it."""
    by_duty = [{one.unit.id: one for one in found.fits} for found in offered.values()]
    if not by_duty:
        return None, 0
    common = set.intersection(*(set(fits) for fits in by_duty))

    def rank(id: str) -> tuple[float, str]:
        fits: list[Fitting] = [found[id] for found in by_duty]
        # A unit of which many are needed is no better for a slightly higher efficiency.
        return -sum(one.efficiency - 0.05 * one.count for one in fits), id

    if not common:
        return None, 0
    best = min(common, key=rank)
    return by_duty[0][best].unit, max(found[best].count for found in by_duty)


def heat_pump_of(
    unit: CatalogueUnit, count: int, supplies: Mapping[str, float], source: Mapping[str, float]
) -> HeatPump:
    """A unit of the catalogue as a table of a site: rated, and at the temperatures around it."""
    from diwen.site.equipment_maps import catalogue_maps
    from diwen.site.heat_pumps import HeatPump, RatingPoint

    maps = catalogue_maps(unit)
    given: dict[str, Any] = {}
    points = []
    modes = ((maps.heating, "heating"), (maps.cooling, "cooling"))
    for table, mode in modes:
        if table is None:
            continue
        load = supplies[mode]
        for shift in (-5.0, 0.0, 5.0):
            at = source[mode] + shift
            capacity, power = (float(value) for value in table.at(at, load))
            points.append(RatingPoint.model_construct(
                mode=mode, source_entering=at, load_leaving=load, capacity=capacity, power=power,
            ))  # fmt: skip
            if shift == 0.0:
                given |= {
                    f"rated_{mode}_capacity": capacity, f"rated_{mode}_power": power,
                    f"rated_{mode}_source_temperature": at,
                    f"rated_{mode}_supply_temperature": load,
                }  # fmt: skip
    return HeatPump.model_construct(
        type=unit.type, model=unit.id, count=count, rating_points=tuple(points),
        compressor=unit.compressor, stages=unit.stages,
        minimum_part_load=unit.minimum_part_load, refrigerant=unit.refrigerant,
        maximum_supply_temperature=unit.maximum_supply,
        minimum_source_temperature=unit.minimum_source,
        source_flow=_flow(given), **given,
    )  # fmt: skip


def _flow(given: Mapping[str, float]) -> float:
    """Source flow of one unit at the usual temperature difference, m³/s."""
    heat = given.get("rated_heating_capacity", 0.0) - given.get("rated_heating_power", 0.0)
    cold = given.get("rated_cooling_capacity", 0.0) + given.get("rated_cooling_power", 0.0)
    usual = usual_value("default.loop_temperature_difference")
    return max(heat, cold) / (WATER_HEAT * usual)


def _source_temperature(site: Site) -> dict[str, float]:
    """Entering the units in the hardest hour: the limits of the site, else of the standard test."""
    low = [getattr(one, "minimum_entering_temperature", None) for one in site.sources.values()]
    high = [getattr(one, "maximum_leaving_temperature", None) for one in site.sources.values()]
    kind = "ground_loop" if any(one.type == "borefield" for one in site.sources.values()) else (
        "groundwater")  # fmt: skip
    cold = [value for value in low if value is not None]
    warm = [value for value in high if value is not None]
    return {
        "heating": max(cold) if cold
        else usual_value(f"gbt19409.heating.source_entering.{kind}"),
        "cooling": min(warm) if warm
        else usual_value(f"gbt19409.cooling.source_entering.{kind}"),
    }  # fmt: skip


def today_or(day: date | None) -> date:
    """The day of the rules."""
    return day or date.today()
