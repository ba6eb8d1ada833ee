"""Loads besides buildings: hot water, pools, snow melting, processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.loads.calendar import HOUR, HOURS_PER_YEAR, hour_of_day
from diwen.loads.load_series import LoadKind, LoadSeries
from diwen.problems import Problem
from diwen.site.building_load import GIVE_WEATHER, SHARE
from diwen.site.demand import Load
from diwen.site.envelope import Pool
from diwen.site.load_rules import demand_value, usual_profile
from diwen.site.missing_values import SITE_FILE
from diwen.site.model import Site
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.loads.weather import Weather

Floats = NDArray[np.float64]

_NOTHING = Text("nothing says how much is asked for", "未说明需求量")
_GIVE_WATER = Text(
    "add daily_volume, or persons, or area with building_type, or heating_demand, or hourly_file",
    "请补充 daily_volume、persons、area 与 building_type、heating_demand 或 hourly_file",
)
_GIVE_POOL = Text(
    "add water_surface, heating_demand, heating_design_load or hourly_file",
    "请补充 water_surface、heating_demand、heating_design_load 或 hourly_file",
)
_GIVE_OTHER = Text(
    "add heating_demand, heating_design_load, base_load or hourly_file",
    "请补充 heating_demand、heating_design_load、base_load 或 hourly_file",
)
_OUTSIDE = Text("this load follows the weather, and the site has none",
                "该负荷随天气变化，但项目未给出气象")  # fmt: skip
_WATER = Text("hot water: {volume} m³ a day at {hot} °C", "生活热水：每日 {volume} m³，{hot} °C")
_BY_PERSONS = Text("{persons} persons times {litres} L a day (not verified)",
                   "{persons} 人乘以每日 {litres} L（未核实）")  # fmt: skip
_BY_AREA = Text("one person per {area} m² (not verified)", "按每人 {area} m² 计（未核实）")
_COLD_MAINS = Text(
    "cold water by the correlation of Burch and Christensen (2007) from the air temperature, "
    "{low} to {high} °C",
    "冷水温度由气温按 Burch–Christensen（2007）关联式估算，{low}～{high} °C",
)
_COLD_USUAL = Text("cold water assumed at {value} °C", "冷水温度假定为 {value} °C")
_DRAWN = Text("course of the day assumed", "日用水曲线为假定")
_FLAT = Text(
    "no hour above the design load of {limit} kW: a store evens the draw out",
    "设有蓄热水箱，各小时不超过设计负荷 {limit} kW",
)
_ABOVE = Text("the mean of some days is above the design load of {limit} kW",
              "部分日平均值超过设计负荷 {limit} kW")  # fmt: skip
_SCALED = Text("scaled to the yearly demand", "按全年需求量缩放")
_CONSTANT = Text("{value} kW in every hour of its profile: an upper bound of the energy",
                 "按曲线始终取 {value} kW：能量为上限")  # fmt: skip
_SNOW = Text("snow melting below {value} °C, in proportion to the cold; snow itself is not known",
             "室外低于 {value} °C 时按低温程度融雪，未计实际降雪")  # fmt: skip
_POOL = Text("pool of {surface} m² at {temperature} °C; {evaporated} m³ evaporate in a year",
             "泳池 {surface} m²、{temperature} °C，全年蒸发 {evaporated} m³")  # fmt: skip
NO_SUN = Text("the weather has no sun: none is counted", "气象无太阳辐射，未计太阳得热")
_STILL = Text("the weather has no wind: 1 m/s is taken", "气象无风速，按 1 m/s 计")
_HUMID = Text("the weather has no humidity: 60 % is taken", "气象无湿度，按 60 % 计")


def hot_water_series(
    site: Site, name: str, weather: Weather | None, problems: list[Problem]
) -> tuple[LoadSeries, ...]:
    """A hot-water load; problems are appended."""
    from diwen.loads.hot_water import Draws, flattened, hot_water_power

    item = site.loads[name]
    notes: list[Text] = []
    hot = item.supply_temperature or usual_value("demand.hot_water_temperature")
    volume = _volume(item, hot, notes)
    if volume is None and not item.heating_demand:
        problems.append(Problem(SITE_FILE, f"loads.{name}", _NOTHING, _GIVE_WATER))
        return ()
    profile = np.array(item.day_profile or usual_profile("hot_water", item.building_type))
    weekend = demand_value("weekend_ratio.hot_water", item.building_type)
    draws = Draws(volume or 1.0, hot, profile, profile, weekend)
    count = HOURS_PER_YEAR if weather is None else len(weather.dry_bulb)
    first = None if weather is None else weather.first_year
    power = hot_water_power(draws, _cold(item, weather, notes), count, first)
    if not item.day_profile:
        notes.append(_DRAWN)
    if item.heating_demand:
        power = _of_energy(power, item.heating_demand)
        notes.append(_SCALED)
    limit = item.heating_design_load
    if limit and power.max() > limit:
        power = flattened(power, limit)
        text = _ABOVE if power.max() > 1.000001 * limit else _FLAT
        notes.append(text.format(limit=f"{limit / 1e3:g}"))
    index = not item.daily_volume and not item.heating_demand
    return (_series(name, "hot_water", item, power, notes, index=index),)


def pool_series(
    site: Site, name: str, weather: Weather | None, problems: list[Problem]
) -> tuple[LoadSeries, ...]:
    """A pool; problems are appended."""
    item = site.loads[name]
    where = f"loads.{name}"
    count = HOURS_PER_YEAR if weather is None else len(weather.dry_bulb)
    if not item.water_surface:
        return _constant(site, name, "pool", count, _GIVE_POOL, problems)
    pool = item.pool or Pool()
    if weather is None and not pool.indoor:
        problems.append(Problem(SITE_FILE, where, _OUTSIDE, GIVE_WEATHER))
        return ()
    notes: list[Text] = []
    power = _pool_power(item, pool, weather, count, notes)
    if item.heating_demand:
        power = _of_energy(power, item.heating_demand)
        notes.append(_SCALED)
    if item.heating_design_load:
        power = np.minimum(power, item.heating_design_load)
    return (_series(name, "pool", item, power, notes),)


def other_series(
    site: Site, name: str, weather: Weather | None, problems: list[Problem]
) -> tuple[LoadSeries, ...]:
    """Snow melting, a process or another consumer; problems are appended."""
    item = site.loads[name]
    count = HOURS_PER_YEAR if weather is None else len(weather.dry_bulb)
    if item.kind != "snow_melting":
        return _constant(site, name, "process", count, _GIVE_OTHER, problems)
    if weather is None:
        problems.append(Problem(SITE_FILE, f"loads.{name}", _OUTSIDE, GIVE_WEATHER))
        return ()
    if not item.heating_design_load and not item.heating_demand:
        problems.append(Problem(SITE_FILE, f"loads.{name}", _NOTHING, _GIVE_OTHER))
        return ()
    begins = item.balance_temperature
    begins = usual_value("demand.snow_melting_begins") if begins is None else begins
    shape = np.maximum(0.0, begins - weather.dry_bulb)
    shape /= max(float(shape.max()), 1e-9)
    notes = [_SNOW.format(value=f"{begins:g}")]
    if item.heating_demand:
        power = _of_energy(shape, item.heating_demand)
    else:
        power = (item.heating_design_load or 0.0) * shape
    return (_series(name, "process", item, power, notes),)


def _constant(
    site: Site, name: str, kind: LoadKind, count: int, cure: Text, problems: list[Problem]
) -> tuple[LoadSeries, ...]:
    """A load that knows no weather, of heat and of cold, after its profile of the day."""
    item = site.loads[name]
    day = np.array(item.day_profile or (1.0,) * 24)
    hours = hour_of_day(count)
    found = []
    heat = item.base_load or item.heating_design_load
    if item.heating_demand:
        power = _of_energy(day[hours], item.heating_demand)
        found.append(_series(name, kind, item, power, [_SCALED]))
    elif heat:
        told = _CONSTANT.format(value=f"{heat / 1e3:g}")
        found.append(_series(name, kind, item, heat * (day / day.max())[hours], [told]))
    if item.cooling_demand:
        power = _of_energy(day[hours], item.cooling_demand)
        found.append(_series(name, "cooling", item, power, [_SCALED]))
    elif item.cooling_design_load:
        told = _CONSTANT.format(value=f"{item.cooling_design_load / 1e3:g}")
        power = item.cooling_design_load * (day / day.max())[hours]
        found.append(_series(name, "cooling", item, power, [told]))
    if not found:
        problems.append(Problem(SITE_FILE, f"loads.{name}", _NOTHING, cure))
    return tuple(found)


def _volume(item: Load, hot: float, notes: list[Text]) -> float | None:
    """Hot water of a day, m³, at the hot temperature."""
    if item.daily_volume:
        notes.append(_WATER.format(volume=f"{item.daily_volume:g}", hot=f"{hot:g}"))
        return item.daily_volume
    persons = item.persons
    if persons is None and item.area:
        area = demand_value("area_per_person", item.building_type)
        persons = item.area / area
        notes.append(_BY_AREA.format(area=f"{area:g}"))
    if not persons:
        return None
    litres = demand_value("hot_water_volume", item.building_type)
    notes.append(_BY_PERSONS.format(persons=f"{persons:.0f}", litres=f"{litres:g}"))
    return persons * litres / 1000.0


def _cold(item: Load, weather: Weather | None, notes: list[Text]) -> Floats:
    from diwen.loads.hot_water import mains_temperature

    if item.cold_water_temperature is not None:
        return np.array(item.cold_water_temperature)
    if weather is None:
        usual = usual_value("demand.hot_water_usual_cold")
        notes.append(_COLD_USUAL.format(value=f"{usual:g}"))
        return np.array(usual)
    cold = mains_temperature(weather.dry_bulb)
    notes.append(_COLD_MAINS.format(low=f"{cold.min():.0f}", high=f"{cold.max():.0f}"))
    return cold


def _pool_power(
    item: Load, pool: Pool, weather: Weather | None, count: int, notes: list[Text]
) -> Floats:
    from diwen.loads.pool import PoolWater, pool_heat

    assert item.water_surface is not None
    water = PoolWater(item.water_surface, pool.water_temperature, pool.activity, pool.cover,
                      pool.daily_make_up or 0.0)  # fmt: skip
    minutes = np.zeros(1440, bool)
    minutes[list(pool.open_hours.minutes())] = True
    used = (minutes.reshape(24, 60).mean(axis=1) >= 0.5)[hour_of_day(count)]
    cold = _cold(item, weather, notes)
    if pool.indoor or weather is None:
        heat = pool_heat(water, np.full(count, pool.hall_temperature), pool.hall_humidity, 0.1,
                         used, cold)  # fmt: skip
    else:
        sun, wind, humid = weather.global_horizontal, weather.wind_speed, weather.relative_humidity
        for values, text in ((sun, NO_SUN), (wind, _STILL), (humid, _HUMID)):
            notes.extend([text] if values is None else [])
        heat = pool_heat(
            water, weather.dry_bulb, 0.6 if humid is None else humid, 1.0 if wind is None else wind,
            used, cold, sun=0.0 if sun is None else sun, indoor=False,
        )  # fmt: skip
    evaporated = float(heat.evaporated.mean()) * HOUR * HOURS_PER_YEAR / 1000.0
    notes.append(_POOL.format(surface=f"{water.surface:g}", temperature=f"{water.temperature:g}",
                              evaporated=f"{evaporated:.0f}"))  # fmt: skip
    return heat.need


def _of_energy(shape: Floats, energy: float) -> Floats:
    """The shape brought to a yearly energy in J, W."""
    mean = float(shape.mean())
    return shape * (energy / (HOUR * HOURS_PER_YEAR) / mean) if mean > 0.0 else shape


def _series(
    name: str, kind: LoadKind, item: Load, power: Floats, notes: list[Text], *, index: bool = False
) -> LoadSeries:
    if item.served_share != 1.0:
        notes.append(SHARE.format(share=f"{item.served_share:g}"))
    origin = "index" if index else "simulated"
    return LoadSeries(name, kind, item.served_share * power, origin=origin, notes=tuple(notes))  # type: ignore[arg-type]
