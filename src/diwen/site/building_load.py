"""Heating and cooling of a building by the best that the site says of it.

In this order: the energy signature (heat loss and balance temperature), the hourly model of the
building, the yearly demand (with the design load if there is one), the design load, and last the
floor area times an index, which is for first studies only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.loads.calendar import HOURS_PER_YEAR
from diwen.loads.load_series import LoadSeries
from diwen.loads.weather import Weather
from diwen.problems import Problem
from diwen.site.demand import Load
from diwen.site.load_hours import season_hours
from diwen.site.load_rules import OutdoorDesign, demand_value, outdoor_design, usual_profile
from diwen.site.missing_values import SITE_FILE
from diwen.site.model import Site

if TYPE_CHECKING:
    from diwen.loads.weather_shape import Course

Floats = NDArray[np.float64]
Side = Literal["heating", "cooling"]
Origin = Literal["measured", "given", "simulated", "index"]

_NEEDS_WEATHER = Text("the load follows the weather, and the site has none",
                      "该负荷随天气变化，但项目未给出气象")  # fmt: skip
GIVE_WEATHER = Text(
    'add [weather] with file = "weather.epw", or station = "beijing-weather"; or an hourly_file',
    '请补充 [weather]：file = "weather.epw" 或 station = "beijing-weather"；或给出 hourly_file',
)
_NO_FIT = Text(
    "no balance temperature fits both the design load and the yearly demand "
    "({hours} full-load hours)",
    "没有平衡点温度能同时满足设计负荷与全年需求量（满负荷 {hours} 小时）",
)
_ONE_OF_BOTH = Text(
    "correct one of them, or leave the design load out", "请更正其一，或去掉设计负荷"
)
_NO_HOUR = Text("there is no hour with a load: season, weather and balance temperature exclude it",
                "供暖（冷）季、气象与平衡点温度之下没有任何负荷时刻")  # fmt: skip
_LOOK = Text("look at season and balance temperature", "请检查季节与平衡点温度")

_LINE = Text(
    "{side}: energy signature, {slope} kW/K beyond {balance} °C",
    "{side}：能耗特征线，{balance} °C 起 {slope} kW/K",
)
_ENERGY = Text(
    "{side}: yearly demand spread by weather beyond {balance} °C; highest hour {peak} kW",
    "{side}：全年需求量按天气分配，平衡点 {balance} °C；最大小时 {peak} kW",
)
_BOTH = Text(
    "{side}: design load and yearly demand together give the balance temperature {balance} °C",
    "{side}：由设计负荷与全年需求量反推平衡点温度 {balance} °C",
)
_PEAK = Text(
    "{side}: design load at {design} °C ({origin}), by weather down to zero at {balance} °C; "
    "{hours} full-load hours follow",
    "{side}：设计负荷对应室外 {design} °C（{origin}），按天气线性减至 {balance} °C 为零；"
    "满负荷小时数 {hours}",
)
_INDEX = Text(
    "{side}: {area} m² times an index of {index} W/m² (not verified): first studies only",
    "{side}：面积 {area} m² 乘以指标 {index} W/m²（未核实），仅用于初步研究",
)
_ASSUMED_BALANCE = Text("{side}: balance temperature assumed", "{side}：平衡点温度为假定值")
_PROFILE = Text("{side}: course of the day assumed", "{side}：日负荷曲线为假定")
_SHORT = Text("{side}: this weather does not reach the design load; highest hour {peak} kW",
              "{side}：该气象未达到设计负荷，最大小时 {peak} kW")  # fmt: skip
SHARE = Text("{share} of the area is served now", "目前实际服务面积比例 {share}")
_SIDES = {"heating": Text("heating", "供暖"), "cooling": Text("cooling", "供冷")}


@dataclass(frozen=True, eq=False)
class _Case:
    """One side of a building: what is said of it, and how its load lies in time.

    Attributes
    ----------
    course, usual : in the weather that is computed, and in that which demands refer to
    """

    item: Load
    side: Side
    area: float | None
    design: OutdoorDesign
    course: Course
    usual: Course


@dataclass(frozen=True, eq=False)
class _Found:
    """A load of one side with its origin and what was assumed."""

    power: Floats
    origin: Origin
    notes: list[Text]


def building_series(
    site: Site, name: str, weather: Weather | None, problems: list[Problem]
) -> tuple[LoadSeries, ...]:
    """Heating and cooling of a building load without an hourly file; problems are appended."""
    item = site.loads[name]
    sides = [side for side in _sides() if _is_asked(site, item, side)]
    if weather is None:
        if sides:
            problems.append(Problem(SITE_FILE, f"loads.{name}", _NEEDS_WEATHER, GIVE_WEATHER))
        return ()
    if _by_envelope(item):
        from diwen.site.envelope_load import envelope_series

        modelled = [side for side in sides if not _has_line(item, side)]
        series = envelope_series(site, name, weather, modelled) if modelled else ()
        sides = [side for side in sides if _has_line(item, side)]
    else:
        series = ()
    found = [_series(site, name, side, weather, problems) for side in sides]
    return (*(one for one in found if one is not None), *series)


def _sides() -> tuple[Side, Side]:
    return "heating", "cooling"


def _by_envelope(item: Load) -> bool:
    return item.envelope is not None and item.area is not None


def _has_line(item: Load, side: Side) -> bool:
    return (item.heat_loss if side == "heating" else item.cooling_gain) is not None


def _is_asked(site: Site, item: Load, side: Side) -> bool:
    """Whether the building asks for this: it says so, or its area is all that is known of it."""
    design, demand = getattr(item, f"{side}_design_load"), getattr(item, f"{side}_demand")
    if design is not None or demand is not None or _has_line(item, side):
        return any((design, demand, item.heat_loss if side == "heating" else item.cooling_gain))
    if side == "heating" and item.base_load:
        return True
    other: Side = "cooling" if side == "heating" else "heating"
    said = [getattr(item, f"{other}_design_load"), getattr(item, f"{other}_demand")]
    if _by_envelope(item):
        return side == "heating" or cools(site)
    if any(one is not None for one in said) or _has_line(item, other):
        return False
    return _area(site, item, side) is not None and (side == "heating" or cools(site))


def cools(site: Site) -> bool:
    """Whether the site cools at all."""
    return site.operation.cooling_season is not None or site.place.cooled_area is not None


def _area(site: Site, item: Load, side: Side) -> float | None:
    """Floor area of the load; of a single building the area that the place says."""
    if item.area is not None:
        return item.area
    buildings = [one for one in site.loads.values() if one.kind == "building"]
    place = site.place.heated_area if side == "heating" else site.place.cooled_area
    return place if len(buildings) == 1 else None


def _series(
    site: Site, name: str, side: Side, weather: Weather, problems: list[Problem]
) -> LoadSeries | None:
    item = site.loads[name]
    usual = weather.reference or weather
    design = outdoor_design(site, side, usual)
    assert design is not None  # the weather gives one
    case = _Case(
        item, side, _area(site, item, side), design, course_of(site, item, side, weather),
        course_of(site, item, side, usual),
    )  # fmt: skip
    where = f"loads.{name}.{side}_design_load"
    found = _best(case, where, problems)
    if found is None:
        return None
    if not found.power.any():
        problems.append(Problem(SITE_FILE, where, _NO_HOUR, _LOOK))
        return None
    if not item.day_profile:
        found.notes.append(_PROFILE.format(side=_SIDES[side]))
    if item.served_share != 1.0:
        found.notes.append(SHARE.format(share=f"{item.served_share:g}"))
    power = item.served_share * found.power
    return LoadSeries(name, side, power, origin=found.origin, notes=tuple(found.notes))


def course_of(site: Site, item: Load, side: Side, weather: Weather) -> Course:
    """When and how a load of the site lies: season and course of the day."""
    from diwen.loads.weather_shape import course

    profile = item.day_profile or usual_profile(side, item.building_type)
    hours = season_hours(site, side, len(weather.dry_bulb))
    # Lines are fitted to days, and a heating design temperature is that of a day.
    by_day = side == "heating" or _has_line(item, side)
    return course(weather.dry_bulb, side, profile, hours, by_day=by_day)


def _best(of: _Case, where: str, problems: list[Problem]) -> _Found | None:
    """The load by the best of what is known; None with problems."""
    item, side = of.item, of.side
    peak, demand = getattr(item, f"{side}_design_load"), getattr(item, f"{side}_demand")
    slope = item.heat_loss if side == "heating" else item.cooling_gain
    if slope:
        return _of_line(of, slope)
    if peak and demand:
        return _of_both(of, peak, demand, where, problems)
    if demand:
        return _of_energy(of, demand)
    if peak:
        return _of_peak(of, peak, "simulated")
    if side == "heating" and item.base_load:
        return _of_line(of, 0.0)
    index = demand_value(f"{side}_index", item.building_type)
    if of.area is None or not index:
        return None
    found = _of_peak(of, of.area * index, "index")
    told = _INDEX.format(side=_SIDES[side], area=f"{of.area:g}", index=f"{index:g}")
    found.notes.insert(0, told)
    return found


def _balance(of: _Case) -> tuple[float, list[Text]]:
    item, side = of.item, of.side
    own = item.balance_temperature if side == "heating" else item.cooling_balance_temperature
    if own is not None:
        return own, []
    usual = demand_value(f"{side}_balance", item.building_type)
    return usual, [_ASSUMED_BALANCE.format(side=_SIDES[side])]


def _of_line(of: _Case, slope: float) -> _Found:
    from diwen.loads.weather_shape import load_of_line

    balance, notes = _balance(of)
    base = (of.item.base_load or 0.0) if of.side == "heating" else 0.0
    told = _LINE.format(side=_SIDES[of.side], slope=f"{slope / 1e3:.4g}", balance=f"{balance:.1f}")
    return _Found(load_of_line(of.course, slope, balance, base), "simulated", [told, *notes])


def _of_both(
    of: _Case, peak: float, demand: float, where: str, problems: list[Problem]
) -> _Found | None:
    from diwen.loads.weather_shape import balance_of_peak_and_energy, load_of_peak

    design = of.design.temperature
    balance = balance_of_peak_and_energy(of.usual, peak, demand, design)
    if balance is None:
        message = _NO_FIT.format(hours=f"{demand / peak / 3600.0:.0f}")
        problems.append(Problem(SITE_FILE, where, message, _ONE_OF_BOTH, f"{peak / 1e3:g} kW"))
        return None
    told = _BOTH.format(side=_SIDES[of.side], balance=f"{balance:.1f}")
    return _Found(load_of_peak(of.course, peak, balance, design), "simulated", [told])


def _of_energy(of: _Case, demand: float) -> _Found:
    from diwen.loads.weather_shape import load_of_line, slope_of_energy

    balance, notes = _balance(of)
    power = load_of_line(of.course, slope_of_energy(of.usual, demand, balance), balance)
    peak = f"{power.max() / 1e3:.0f}"
    told = _ENERGY.format(side=_SIDES[of.side], balance=f"{balance:.1f}", peak=peak)
    return _Found(power, "simulated", [told, *notes])


def _of_peak(of: _Case, peak: float, origin: Origin) -> _Found:
    from diwen.loads.weather_shape import load_of_peak

    balance, notes = _balance(of)
    power = load_of_peak(of.course, peak, balance, of.design.temperature)
    hours = float(power.mean()) * HOURS_PER_YEAR / peak
    told = _PEAK.format(
        side=_SIDES[of.side], design=f"{of.design.temperature:.1f}", origin=of.design.origin,
        balance=f"{balance:.1f}", hours=f"{hours:.0f}",
    )  # fmt: skip
    short = [_SHORT.format(side=_SIDES[of.side], peak=f"{power.max() / 1e3:.0f}")]
    return _Found(power, origin, [*notes, told, *(short if power.max() < 0.99 * peak else [])])
