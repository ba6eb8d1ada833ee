"""Many homes with units of their own on shared wells: sizes, and who uses the common energy.

Each home meters its own unit. The wells and the ring to the homes run for all: their electricity is
the common energy, shared by floor area. The journal China Geothermal Energy states 5 to 10 kWh per
m² and winter for it; what a simulation brings is held against that.
"""

from __future__ import annotations

from dataclasses import dataclass

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.missing_values import SITE_FILE, missing
from diwen.site.model import Site
from diwen.site.station_capacity import design_load
from diwen.site.station_loops import planned_loops
from diwen.site.station_pumps import planned_pumps
from diwen.site.station_units import planned_units

_NOT_HOUSEHOLDS = Text("the site has no household system", "项目没有户用系统")
_ADD = Text("add [households] with sets", "请增加 [households] 并写明 sets")
_AREA = Text("the common energy is shared by floor area", "公共能耗按建筑面积分摊")
_RING = Text(
    "two loops: the homes hang on the wells' own water, yet pumps {names} stand in a ring",
    "两环路系统无独立户外管网，但给出了管网循环泵 {names}",
)
_SUM = Text(
    "no simultaneity given: all homes are taken to peak at once",
    "未给出同时使用系数，按各户同时达到峰值计",
)
_BELOW = Text(
    "common energy of {value} kWh/m² is below the {low} to {high} kWh/m² of a winter that are "
    "reported: check that all well and ring pumps are counted",
    "公共能耗 {value} kWh/m² 低于文献所述每个供暖季 {low}～{high} kWh/m²："
    "请核对井泵与管网泵是否全部计入",
)
_ABOVE = Text(
    "common energy of {value} kWh/m² is above the {low} to {high} kWh/m² of a winter that are "
    "reported: pumps too large, or running at part load without speed control",
    "公共能耗 {value} kWh/m² 高于文献所述每个供暖季 {low}～{high} kWh/m²："
    "水泵偏大或部分负荷时未调速",
)
_WITHIN = Text(
    "common energy of {value} kWh/m² lies within the {low} to {high} kWh/m² of a winter that are "
    "reported",
    "公共能耗 {value} kWh/m² 在文献所述每个供暖季 {low}～{high} kWh/m² 范围内",
)
_KILOWATT_HOUR = 3.6e6


@dataclass(frozen=True)
class HouseholdSystem:
    """What many homes on one source come to.

    Attributes
    ----------
    homes, units : numbers
    floor_area : of all homes, m²; None where not given
    installed : rated heat of all units, W, of the site or of the catalogue row that it names; None
        where not rated
    peak : design load of all homes at once, W: the given sum times the simultaneity
    common_pumps : ids of the pumps whose electricity all share
    loops : 3 with a ring between wells and homes, 2 without
    notes : what was assumed
    """

    homes: int
    units: int
    floor_area: float | None
    installed: float | None
    peak: float | None
    common_pumps: tuple[str, ...]
    loops: int
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class CommonEnergy:
    """The common energy of a winter.

    Attributes
    ----------
    per_area : J/m² of floor area
    per_home : J
    low, high : what is reported, J/m²
    within : whether it lies between
    verdict : in words
    """

    per_area: float
    per_home: float
    low: float
    high: float
    within: bool
    verdict: Text


def household_system(site: Site) -> HouseholdSystem:
    """Sizes of the household system of a site.

    Raises
    ------
    diwen.problems.InputError : the site has none
    """
    given = site.households
    if given is None:
        raise InputError([Problem(SITE_FILE, "households", _NOT_HOUSEHOLDS, _ADD)])
    notes: list[Text] = []
    problems: list[Problem] = []
    loops = planned_loops(site)
    plan = planned_pumps(site, loops, planned_units(site, loops, problems))
    common = tuple(dict.fromkeys(name for names in plan.sources.values() for name in names))
    ring = [name for name in common if site.pumps[name].circuit == "source"]
    if given.loops == 2 and ring:
        notes.append(_RING.format(names=", ".join(ring)))
    counts = {part.heat_pump: part.homes * part.each for part in given.sets}
    rated = [_rated_heat(site, name) for name in counts]
    known = [heat * count for heat, count in zip(rated, counts.values(), strict=True)
             if heat is not None]  # fmt: skip
    heat_loads = [design_load(site, loop) for loop in loops if loop.use == "heating"]
    asked = [value for value in heat_loads if value is not None]
    peak = sum(asked) if asked else None
    if peak is not None and given.simultaneity is not None:
        peak *= given.simultaneity
    elif peak is not None:
        notes.append(_SUM)
    return HouseholdSystem(
        homes=given.homes,
        units=sum(counts.values()),
        floor_area=None if given.area is None else given.area * given.homes,
        installed=sum(known) if len(known) == len(rated) else None,
        peak=peak,
        common_pumps=common,
        loops=given.loops,
        notes=tuple(notes),
    )


def _rated_heat(site: Site, name: str) -> float | None:
    """Rated heat of one unit, W: of the site, else of the row of the catalogue that it names."""
    unit = site.heat_pumps[name]
    if unit.rated_heating_capacity is not None or not unit.model:
        return unit.rated_heating_capacity
    from diwen.site.equipment_catalogue import catalogue

    row = catalogue(site).of_model(unit.model)
    points = () if row is None else row.points
    return next((one.capacity for one in points if one.mode == "heating"), None)


def common_energy(site: Site, electricity: float) -> CommonEnergy:
    """Common energy of a winter per floor area and home, held against what is reported.

    Parameters
    ----------
    electricity : of the common pumps in a heating season, J

    Raises
    ------
    diwen.problems.InputError : no household system, or no floor area of a home
    """
    from datetime import date

    from diwen import rules

    system = household_system(site)
    if system.floor_area is None:
        raise InputError([missing("households.area", "area", _AREA)])
    row = rules.on(date.today()).row("household.common_energy")
    low, high = row.value or 0.0, row.upper or 0.0
    value = electricity / system.floor_area / _KILOWATT_HOUR
    verdict = _BELOW if value < low else _ABOVE if value > high else _WITHIN
    shown = {"value": f"{value:.3g}", "low": f"{low:g}", "high": f"{high:g}"}
    return CommonEnergy(
        per_area=electricity / system.floor_area,
        per_home=electricity / system.homes,
        low=low * _KILOWATT_HOUR,
        high=high * _KILOWATT_HOUR,
        within=low <= value <= high,
        verdict=verdict.format(**shown),
    )
