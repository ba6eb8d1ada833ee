"""Every heat pump of a site as performance maps, however the site knows it.

In order of trust: the maker's table (``performance_map``), else its thermodynamic cycle
(``cycle``), else rated points (``rating_points`` and the rated values) completed by a Carnot
fraction with the usual values of its kind, else the row of the equipment catalogue that its
``model`` names. What had to be assumed is told in ``notices``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.heat_pump_kind import (
    Mode,
    chilled_difference,
    completion,
    cycling_of,
    frost,
    ranges,
    usual_part_load,
)
from diwen.site.heat_pumps import HeatPump
from diwen.site.missing_values import SITE_FILE, assumed
from diwen.site.performance_table import TablePoint
from diwen.site.rated_points import operating_points, part_load_points, rated_points
from diwen.site.table_map import table_map, table_of
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.plant.carnot_fit import OperatingPoints
    from diwen.plant.performance_map import PartLoad, PerformanceMap
    from diwen.site.fluids import Fluid
    from diwen.site.model import Site

_UNKNOWN = Text("no heat pump of that id", "没有该标识的热泵机组")
_KNOWN = Text("use one of: {ids}", "可用标识：{ids}")
_NOTHING = Text("neither a performance table nor rated points nor rated capacity and power",
                "既无性能表，也无测试工况点或额定制热（冷）量与功率")  # fmt: skip
_GIVE = Text(
    "add rated_heating_capacity and rated_heating_power (cooling alike), or rating_points, or "
    "performance_map; or name a row of the equipment catalogue as model",
    "请补充 rated_heating_capacity 与 rated_heating_power（制冷同理），或 rating_points，或 "
    "performance_map；也可在 model 中写设备目录的标识",
)
_CATALOGUE = Text("taken from row {id} of the equipment catalogue", "取自设备目录 {id}")
_COMPLETED_ONE = Text(
    "{mode}: one rated point completed by a Carnot fraction; all other temperatures are "
    "extrapolated",
    "{mode}：由 1 个额定工况点按卡诺完善度补全，其余温度均为外推",
)
_COMPLETED = Text(
    "{mode}: {count} rated point(s) completed by a Carnot fraction (met within {off} %); all other "
    "temperatures are extrapolated",
    "{mode}：由 {count} 个额定工况点按卡诺完善度补全（拟合偏差不超过 {off} %），其余温度均为外推",
)
_TABLE_CURE = Text(
    "give the maker's table as performance_map", "请以 performance_map 给出厂家性能表"
)
_COMPRESSOR = Text("how its capacity is set is unknown: taken as one speed, on or off",
                   "容量调节方式未知：按定速启停计算")  # fmt: skip
_COMPRESSOR_CURE = Text("add compressor = fixed, staged or inverter",
                        "请补充 compressor = fixed、staged 或 inverter")  # fmt: skip
_NO_SIMULTANEOUS = Text("heats and cools at once, but no heating point is known",
                        "标明可热冷同供，但没有制热工况点")  # fmt: skip
_HEATING_POINT = Text("add a rating point of the mode heating", "请补充制热工况点")
_MODES = {"heating": Text("heating", "制热"), "cooling": Text("cooling", "制冷")}


@dataclass(frozen=True, eq=False)
class UnitMaps:
    """What one unit does; of ``count`` identical ones, each.

    Attributes
    ----------
    heating, cooling : at full load; None: it cannot, or nothing is known of it
    simultaneous : heating and cooling at once (source: chilled water leaving, load: hot water
        leaving); None: it cannot
    part_load : below full load
    notices : what had to be assumed
    minimum_source, maximum_supply : °C, what its cycle reaches; infinite where none says it
    """

    heating: PerformanceMap | None
    cooling: PerformanceMap | None
    simultaneous: PerformanceMap | None
    part_load: PartLoad
    notices: tuple[Problem, ...]
    minimum_source: float = -math.inf
    maximum_supply: float = math.inf


def unit_maps(site: Site, heat_pump_id: str) -> UnitMaps:
    """The maps of a heat pump of a site.

    Parameters
    ----------
    site : read and checked
    heat_pump_id : key of ``[heat_pumps.ID]``

    Raises
    ------
    InputError : unknown id, nothing known of the unit, or a table that cannot be used
    """
    if heat_pump_id not in site.heat_pumps:
        cure = _KNOWN.format(ids=", ".join(site.heat_pumps) or "-")
        raise InputError([Problem(SITE_FILE, "heat_pumps", _UNKNOWN, cure, heat_pump_id)])
    unit, where = site.heat_pumps[heat_pump_id], f"heat_pumps.{heat_pump_id}"
    notices: list[Problem] = []
    table = table_of(site, unit)
    reach = [-math.inf, math.inf]
    heating = _one_mode(site, heat_pump_id, "heating", table, notices, reach)
    cooling = _one_mode(site, heat_pump_id, "cooling", table, notices, reach)
    if heating is None and cooling is None:
        return _of_catalogue(site, heat_pump_id)
    simultaneous = None
    if unit.simultaneous and heating is not None:
        simultaneous = simultaneous_map(heating, chilled_difference())
    elif unit.simultaneous:
        notices.append(assumed(f"{where}.simultaneous", _NO_SIMULTANEOUS, _HEATING_POINT))
    part_load = _part_load(unit, where, table, heating, cooling, notices)
    return UnitMaps(heating, cooling, simultaneous, part_load, tuple(notices), *reach)


def _of_catalogue(site: Site, id: str) -> UnitMaps:
    """The maps of a unit of which the site says no more than its model."""
    from diwen.site.equipment_catalogue import catalogue
    from diwen.site.equipment_maps import catalogue_maps

    where, model = f"heat_pumps.{id}", site.heat_pumps[id].model
    found = catalogue(site).of_model(model) if model else None
    if found is None:
        raise InputError([Problem(SITE_FILE, where, _NOTHING, _GIVE, model)])
    maps = catalogue_maps(found)
    unit = site.heat_pumps[id]
    simultaneous = None
    if unit.simultaneous and maps.heating is not None:
        simultaneous = simultaneous_map(maps.heating, chilled_difference())
    taken = assumed(f"{where}.model", _CATALOGUE.format(id=found.id), _TABLE_CURE, model)
    part_load = usual_part_load(unit) if unit.compressor else maps.part_load
    return UnitMaps(maps.heating, maps.cooling, simultaneous, part_load, (taken, *maps.notices))


def simultaneous_map(heating: PerformanceMap, chilled_difference: float) -> PerformanceMap:
    """Heating map over the chilled water that leaves, instead of the fluid that enters.

    Parameters
    ----------
    heating : over the entering temperature of the source side
    chilled_difference : entering − leaving at that side, K
    """
    low, high = heating.tested_source
    return replace(
        heating,
        source=heating.source - chilled_difference,
        tested_source=(low - chilled_difference, high - chilled_difference),
    )


def _one_mode(
    site: Site,
    id: str,
    mode: Mode,
    table: tuple[TablePoint, ...],
    notices: list[Problem],
    reach: list[float],
) -> PerformanceMap | None:
    """From the maker's table where it has this mode, else from its cycle or rated points.

    The limits of a cycle that heats are written into ``reach``.
    """
    unit = site.heat_pumps[id]
    tabulated = table_map(unit.type, mode, table, unit.performance_map, notices)
    if tabulated is not None:
        return _with_source_fluid(unit, tabulated.map)
    if unit.cycle is not None:
        return _of_cycle(site, id, mode, notices, reach)
    rated = rated_points(site, id, mode, notices)
    if not rated:
        return None
    from diwen.plant.map_from_ratings import map_from_ratings

    points = operating_points(mode, rated)
    _refuse_impossible(points, f"heat_pumps.{id}")
    made = map_from_ratings(
        points, completion(unit.type, mode), *ranges(unit.type, mode), frost(unit.type, mode),
        f"{len(rated)} rated point(s), Carnot fraction",
    )  # fmt: skip
    notices.append(_completed(id, mode, points, made))
    return _with_source_fluid(unit, made)


def _of_cycle(
    site: Site, id: str, mode: Mode, notices: list[Problem], reach: list[float]
) -> PerformanceMap | None:
    from diwen.site.cycle_maps import cycle_of_unit

    found = cycle_of_unit(site, id, mode, notices)
    if found is None:
        return None
    if mode == "heating":
        reach[:] = found.minimum_source, found.maximum_supply
    return found.map.performance


def _refuse_impossible(points: OperatingPoints, where: str) -> None:
    """Points above Carnot: the site says so at reading only between rated leaving temperatures."""
    from diwen.plant.map_checks import map_findings

    errors = [one for one in map_findings(points) if one.severity == "error"]
    if errors:
        raise InputError([Problem(SITE_FILE, where, one.message, one.cure) for one in errors])


def _completed(id: str, mode: Mode, points: OperatingPoints, made: PerformanceMap) -> Problem:
    """That a map was completed, and how far the machine is from its rated points."""
    capacity, power = made.at(points.source, points.load)
    off = max(
        float(abs(capacity / points.capacity - 1.0).max()),
        float(abs(power / points.power - 1).max()),
    )
    shown = {"mode": _MODES[mode], "count": points.source.size, "off": f"{100 * off:.1f}"}
    # A single point is met by construction: saying how well would be no information.
    text = _COMPLETED_ONE if points.source.size == 1 else _COMPLETED
    return assumed(f"heat_pumps.{id}", text.format(**shown), _TABLE_CURE)


def _with_source_fluid(unit: HeatPump, made: PerformanceMap) -> PerformanceMap:
    """A water-rated unit with antifreeze in its source loop does what it does with colder water."""
    if unit.type not in ("water_water", "water_air") or unit.source_fluid.name in ("water", "air"):
        return made
    from diwen.fluids import fluid
    from diwen.plant.antifreeze import SourceExchanger, with_antifreeze

    head = "default.heat_pump.antifreeze"
    exchanger = SourceExchanger(
        usual_value(f"{head}.source_difference"),
        usual_value(f"{head}.pinch"),
        usual_value(f"{head}.fluid_share"),
    )
    actual = fluid(_spelled(unit.source_fluid))
    return with_antifreeze(made, fluid("water"), actual, exchanger)


def _spelled(given: Fluid) -> str:
    return f"{given.name} {given.concentration * 100:g} %"


def _part_load(
    unit: HeatPump,
    where: str,
    table: tuple[TablePoint, ...],
    heating: PerformanceMap | None,
    cooling: PerformanceMap | None,
    notices: list[Problem],
) -> PartLoad:
    """From tested part-load points where there are any, else by the kind of compressor."""
    tested = _tested_part_load(unit, table, heating, cooling)
    if tested is not None:
        return tested
    if not unit.compressor and not unit.minimum_part_load:
        notices.append(assumed(f"{where}.compressor", _COMPRESSOR, _COMPRESSOR_CURE))
    return usual_part_load(unit)


def _tested_part_load(
    unit: HeatPump,
    table: tuple[TablePoint, ...],
    heating: PerformanceMap | None,
    cooling: PerformanceMap | None,
) -> PartLoad | None:
    """Efficiency of each part-load point over that of the map at the same temperatures."""
    from diwen.plant.part_load_curves import from_points

    given = [
        (p.mode, p.part_load, p.source, p.load, p.capacity / p.power)
        for p in table
        if p.part_load < 1.0
    ] + [
        (p.mode, p.part_load, p.source_entering, p.load_leaving, p.capacity / p.power)
        for p in part_load_points(unit)
    ]
    by_share: dict[float, list[float]] = {}
    for mode, share, source, load, efficiency in given:
        full = heating if mode == "heating" else cooling
        if full is not None:
            capacity, power = full.at(source, load)
            relative = efficiency / float(capacity / power)
            by_share.setdefault(round(share, 4), []).append(relative)
    if not by_share:
        return None
    shares = sorted(by_share)
    mean = [sum(by_share[share]) / len(by_share[share]) for share in shares]
    return from_points(shares, mean, cycling_of(unit))
