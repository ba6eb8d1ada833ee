"""Performance maps of the units of the equipment catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import Problem
from diwen.site.equipment_unit import CataloguePoint, CatalogueUnit
from diwen.site.heat_pump_kind import (
    Mode,
    completion,
    draws_on_air,
    frost,
    part_load_by_compressor,
    ranges,
)
from diwen.site.heat_pump_maps import UnitMaps
from diwen.site.rated_points import Rated, operating_points
from diwen.site.table_map import table_map
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.plant.performance_map import PerformanceMap

_ASSUMED = Text("{mode} rating: {what} not stated, taken as {value}",
                "{mode}额定工况：未给出{what}，取 {value}")  # fmt: skip
_CURE = Text("ask the maker, and complete the row", "请向厂家索取并补全该行")
_SOURCE = Text("the source temperature", "热源侧温度")
_SUPPLY = Text("the supply temperature", "供水温度")
_POWER = Text("the power", "输入功率")
_OWN = Text("{what}: assumed by the catalogue", "{what}：目录假定值")
_MODES = {"heating": Text("heating", "制热"), "cooling": Text("cooling", "制冷")}


def catalogue_maps(unit: CatalogueUnit) -> UnitMaps:
    """The maps of a unit of the catalogue, with what had to be assumed.

    Raises
    ------
    InputError : a table that no machine can have
    """
    notices = [_notice(unit, _OWN.format(what=name)) for name in unit.assumed]
    heating = _mode_map(unit, "heating", notices)
    cooling = _mode_map(unit, "cooling", notices)
    part_load = part_load_by_compressor(unit.compressor, unit.stages, unit.minimum_part_load, None)
    return UnitMaps(heating, cooling, None, part_load, tuple(notices))


def _mode_map(unit: CatalogueUnit, mode: Mode, notices: list[Problem]) -> PerformanceMap | None:
    tabulated = table_map(unit.type, mode, unit.table, unit.file, notices)
    if tabulated is not None:
        return tabulated.map
    if unit.certified is not None:
        return _certified(unit) if mode == "heating" else None
    rated = [_rated(unit, point, notices) for point in unit.points if point.mode == mode]
    if not rated:
        return None
    from diwen.plant.map_from_ratings import map_from_ratings

    return map_from_ratings(
        operating_points(mode, rated), completion(unit.type, mode), *ranges(unit.type, mode),
        frost(unit.type, mode), f"{unit.id}: {len(rated)} rated point(s), Carnot fraction",
    )  # fmt: skip


def _certified(unit: CatalogueUnit) -> PerformanceMap:
    from diwen.plant.certified_parameters import map_from_certified

    assert unit.certified is not None
    usual = completion(unit.type, "heating")
    tested = (5.0, 15.0) if unit.type == "water_water" else (-5.0, 10.0)
    made = map_from_certified(unit.certified, usual, *ranges(unit.type, "heating"), tested)
    return made.map


def _rated(unit: CatalogueUnit, point: CataloguePoint, notices: list[Problem]) -> Rated:
    """A point with what it does not state filled in, and told."""
    mode = _MODES[point.mode]

    def told(what: Text, value: str) -> None:
        notices.append(_notice(unit, _ASSUMED.format(mode=mode, what=what, value=value)))

    source, load, power = point.source, point.load, point.power
    if source is None:
        source = _usual_source(unit, point.mode)
        told(_SOURCE, f"{source:g} °C")
    if load is None:
        load = usual_value(f"gbt19409.{point.mode}.load_leaving")
        told(_SUPPLY, f"{load:g} °C")
    if power is None:
        power = point.capacity / _usual_efficiency(unit, point.mode, source, load)
        told(_POWER, f"{power / 1000.0:.3g} kW")
    return Rated(source, load, point.capacity, power)


def _usual_source(unit: CatalogueUnit, mode: Mode) -> float:
    if draws_on_air(unit.type):
        return usual_value(f"default.heat_pump.rating.air.{mode}")
    kind = "groundwater" if unit.well_product else "ground_loop"
    return usual_value(f"gbt19409.{mode}.source_entering.{kind}")


def _usual_efficiency(unit: CatalogueUnit, mode: Mode, source: float, load: float) -> float:
    """COP or EER of the usual Carnot fraction, with its frost for air units."""
    from diwen.plant.carnot_unit import CarnotUnit

    usual = completion(unit.type, mode)
    # The usual fraction is meant at a lift of 50 K between the refrigerant temperatures.
    machine = CarnotUnit(
        mode, usual.carnot_fraction, usual.source_approach, usual.load_approach, 1.0, 0.0, 50.0,
        usual.per_evaporation, usual.per_condensation, usual.per_lift, usual.least_lift,
    )  # fmt: skip
    icy = frost(unit.type, mode)
    efficiency = float(machine.efficiency(source, load))
    if icy is None:
        return efficiency
    capacity, power = icy.factors(source)
    return efficiency * float(capacity / power)


def _notice(unit: CatalogueUnit, message: Text) -> Problem:
    return Problem(unit.file, f"line {unit.line}", message, _CURE, unit.id, severity="warning")
