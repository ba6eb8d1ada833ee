"""The rated points of a heat pump of a site: its rating, and further tested points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import Problem
from diwen.site.heat_pump_kind import Mode, draws_on_air
from diwen.site.heat_pumps import HeatPump, RatingPoint
from diwen.site.missing_values import assumed
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.plant.carnot_fit import OperatingPoints
    from diwen.site.model import Site

_NO_TEMPERATURE = Text(
    "the {mode} rating says no temperatures; taken at {source:g} °C entering and {load:g} °C "
    "leaving",
    "{mode}额定值未注明工况温度；按地源侧进口 {source:g} °C、供水 {load:g} °C 计算",
)
_GIVE = Text(
    "add rated_{mode}_source_temperature and rated_{mode}_supply_temperature from the nameplate",
    "请按铭牌补充 rated_{mode}_source_temperature 与 rated_{mode}_supply_temperature",
)
_MODES = {"heating": Text("heating", "制热"), "cooling": Text("cooling", "制冷")}
_GROUNDWATER = ("groundwater_wells", "well_doublet", "circulation_well", "standing_column_well")


@dataclass(frozen=True)
class Rated:
    """One rated point at full load.

    Attributes
    ----------
    source : entering from the source, °C
    load : leaving towards the load, °C
    capacity, power : W
    """

    source: float
    load: float
    capacity: float
    power: float


def rated_points(site: Site, id: str, mode: Mode, notices: list[Problem]) -> list[Rated]:
    """Full-load points of one mode; assumed rating temperatures are told.

    A rating without temperatures is used only where no other point is given.
    """
    unit = site.heat_pumps[id]
    found = [
        Rated(point.source_entering, point.load_leaving, point.capacity, point.power)
        for point in unit.rating_points
        if point.mode == mode and point.part_load >= 1.0
    ]
    capacity = getattr(unit, f"rated_{mode}_capacity")
    power = getattr(unit, f"rated_{mode}_power")
    if capacity is None or power is None:
        return found
    source = getattr(unit, f"rated_{mode}_source_temperature")
    supply = getattr(unit, f"rated_{mode}_supply_temperature")
    if source is not None and supply is not None:
        same = any(point.source == source and point.load == supply for point in found)
        return found if same else [Rated(source, supply, capacity, power), *found]
    if found:
        return found
    source = usual_rating_source(site, unit, mode) if source is None else source
    supply = usual_value(f"gbt19409.{mode}.load_leaving") if supply is None else supply
    message = _NO_TEMPERATURE.format(mode=_MODES[mode], source=source, load=supply)
    notices.append(assumed(f"heat_pumps.{id}", message, _GIVE.format(mode=mode)))
    return [Rated(source, supply, capacity, power)]


def usual_rating_source(site: Site, unit: HeatPump, mode: Mode) -> float:
    """Source temperature of the rating of that kind of unit, °C (GB/T 19409; air units: usual)."""
    if draws_on_air(unit.type):
        return usual_value(f"default.heat_pump.rating.air.{mode}")
    source = site.sources.get(unit.source)
    kind = "groundwater" if getattr(source, "type", "") in _GROUNDWATER else "ground_loop"
    return usual_value(f"gbt19409.{mode}.source_entering.{kind}")


def part_load_points(unit: HeatPump) -> list[RatingPoint]:
    """Rated points below full load."""
    return [point for point in unit.rating_points if point.part_load < 1.0]


def operating_points(mode: Mode, points: Sequence[Rated]) -> OperatingPoints:
    """Rated points as arrays."""
    import numpy as np

    from diwen.plant.carnot_fit import OperatingPoints

    table = np.array([(p.source, p.load, p.capacity, p.power) for p in points])
    return OperatingPoints(mode, *table.T)
