"""Which units of the catalogue carry a duty, with what margin, and why the others do not."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.equipment_maps import catalogue_maps
from diwen.site.equipment_unit import CatalogueUnit
from diwen.site.heat_pump_kind import Mode

_CANNOT = Text("no {mode} point is known", "没有{mode}工况数据")
_TYPE = Text("a unit of another type ({type})", "机组类型不符（{type}）")
_PHASED_OUT = Text("its refrigerant {refrigerant} is being phased out",
                   "制冷剂 {refrigerant} 属淘汰之列")  # fmt: skip
_SOURCE_LOW = Text("its source must not be below {limit:g} °C", "热源温度不得低于 {limit:g} °C")
_SOURCE_HIGH = Text("its source must not be above {limit:g} °C", "热源温度不得高于 {limit:g} °C")
_SUPPLY = Text("it supplies {limit:g} °C at most", "最高供水温度为 {limit:g} °C")
_CHILLED = Text("it chills to {limit:g} °C at the lowest", "最低冷冻水温度为 {limit:g} °C")
_EXTRAPOLATED = Text("outside its tested temperatures", "超出其测试温度范围")
_TOO_MANY = Text("{count} units of {each:.3g} kW would be needed, at most {most} are wanted",
                 "每台 {each:.3g} kW，需 {count} 台，超过上限 {most} 台")  # fmt: skip
_TOO_LARGE = Text("its {each:.3g} kW exceed the duty by {margin:.0f} %",
                  "单台 {each:.3g} kW，超出需求 {margin:.0f} %")  # fmt: skip
_UNUSABLE = Text("its data cannot be used", "数据不可用")
_MODES = {"heating": Text("heating", "制热"), "cooling": Text("cooling", "制冷")}


@dataclass(frozen=True, eq=False)
class Fitting:
    """A number of identical units that carries the duty.

    Attributes
    ----------
    unit : of the catalogue
    count : units
    capacity : of all together at the duty's temperatures, W
    power : of all together at full load, W
    margin : capacity over duty − 1
    efficiency : COP or EER there
    extrapolated : whether the temperatures lie outside what was tested
    notices : what was assumed about the unit
    """

    unit: CatalogueUnit
    count: int
    capacity: float
    power: float
    margin: float
    efficiency: float
    extrapolated: bool
    notices: tuple[Problem, ...]


@dataclass(frozen=True, eq=False)
class Selection:
    """What fits, best first, and why each other unit does not.

    Attributes
    ----------
    fits : tested ones first, then by efficiency
    refused : (unit, reason)
    """

    fits: tuple[Fitting, ...]
    refused: tuple[tuple[CatalogueUnit, Text], ...]


def selection(
    units: Iterable[CatalogueUnit],
    duty: float,
    source_temperature: float,
    supply_temperature: float,
    mode: Mode = "heating",
    types: Collection[str] | None = None,
    least_margin: float = 0.0,
    largest_margin: float = 1.0,
    largest_count: int = 12,
    phased_out: bool = False,
    tested_only: bool = False,
) -> Selection:
    """Units that carry a duty.

    Parameters
    ----------
    units : to choose from
    duty : heat or cold of the design hour, W
    source_temperature : entering from the source in that hour, °C
    supply_temperature : leaving towards the load, °C
    mode : heating or cooling
    types : kinds of heat pump that come into question (``water_water`` ...); None: all
    least_margin, largest_margin : of the capacity over the duty, share
    largest_count : of identical units
    phased_out : whether units with a phased-out refrigerant may be chosen
    tested_only : whether the temperatures must lie within what was tested
    """
    fits: list[Fitting] = []
    refused: list[tuple[CatalogueUnit, Text]] = []
    for unit in units:
        reason = _unsuited(unit, source_temperature, supply_temperature, mode, types, phased_out)
        if reason is not None:
            refused.append((unit, reason))
            continue
        found = _fitting(
            unit, duty, source_temperature, supply_temperature, mode, least_margin, tested_only
        )
        if isinstance(found, Fitting):
            over = _over(found, largest_count, largest_margin)
            if over is None:
                fits.append(found)
                continue
            found = over
        refused.append((unit, found))
    fits.sort(key=lambda one: (one.extrapolated, -one.efficiency, one.unit.id))
    return Selection(tuple(fits), tuple(refused))


def _unsuited(
    unit: CatalogueUnit,
    source: float,
    supply: float,
    mode: Mode,
    types: Collection[str] | None,
    phased_out: bool,
) -> Text | None:
    """Why a unit is out of question whatever its size; None if it is not."""
    if mode not in unit.modes():
        return _CANNOT.format(mode=_MODES[mode])
    if types is not None and unit.type not in types:
        return _TYPE.format(type=unit.type)
    if unit.phased_out and not phased_out:
        return _PHASED_OUT.format(refrigerant=unit.refrigerant)
    if unit.minimum_source is not None and source < unit.minimum_source:
        return _SOURCE_LOW.format(limit=unit.minimum_source)
    if unit.maximum_source is not None and source > unit.maximum_source:
        return _SOURCE_HIGH.format(limit=unit.maximum_source)
    if mode == "heating" and unit.maximum_supply is not None and supply > unit.maximum_supply:
        return _SUPPLY.format(limit=unit.maximum_supply)
    if mode == "cooling" and unit.minimum_chilled is not None and supply < unit.minimum_chilled:
        return _CHILLED.format(limit=unit.minimum_chilled)
    return None


def _fitting(
    unit: CatalogueUnit,
    duty: float,
    source: float,
    supply: float,
    mode: Mode,
    least_margin: float,
    tested_only: bool,
) -> Fitting | Text:
    """As many units as carry the duty, or why it cannot be said."""
    try:
        maps = catalogue_maps(unit)
    except InputError:
        return _UNUSABLE
    made = maps.heating if mode == "heating" else maps.cooling
    if made is None:
        return _CANNOT.format(mode=_MODES[mode])
    extrapolated = bool(made.extrapolated(source, supply))
    if tested_only and extrapolated:
        return _EXTRAPOLATED
    capacity, power = (float(value) for value in made.at(source, supply))
    # A duty that is met to the last digit needs no further unit.
    count = max(math.ceil(duty * (1.0 + least_margin) / capacity - 1e-9), 1)
    return Fitting(
        unit, count, count * capacity, count * power, count * capacity / duty - 1.0,
        capacity / power, extrapolated, maps.notices,
    )  # fmt: skip


def _over(found: Fitting, largest_count: int, largest_margin: float) -> Text | None:
    each = found.capacity / found.count / 1000.0
    if found.count > largest_count:
        return _TOO_MANY.format(count=found.count, each=each, most=largest_count)
    if found.margin > largest_margin:
        return _TOO_LARGE.format(each=each, margin=100.0 * found.margin)
    return None
