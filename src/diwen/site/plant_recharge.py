"""Solar collectors, cooling towers and dry coolers of a site as recharge or rejection of a source.

What they give or take is a straight line in the temperature of the water, step by step from the
weather. What the file leaves open is an engineering default and noted; weather that is needed and
not there is refused, never guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from diwen.language import Text
from diwen.plant import moist_air
from diwen.plant.dry_cooler import DryCooler
from diwen.plant.linear_recharge import Floats
from diwen.plant.solar_collector import SolarCollector
from diwen.plant.solar_position import SunCourse, split_global, sun_course, tilted_irradiance
from diwen.plant.wet_tower import WATER_HEAT, TowerWater, WetTower, tower_water
from diwen.problems import InputError, Problem
from diwen.site.missing_values import SITE_FILE, missing
from diwen.site.model import SiteFile
from diwen.site.plant_assumptions import Assumptions
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.loads.weather import Weather
    from diwen.plant.station import Recharge

_NO_PLACE = Text("the sun's course needs the latitude", "计算太阳位置需要纬度")
_NO_SUN = Text("the weather holds no solar irradiance", "气象数据中没有太阳辐照度")
_GIVE_SUN = Text(
    "name a weather file with global horizontal irradiance (an EPW file has it)",
    "请使用含水平面总辐照度的气象文件（EPW 文件含此项）",
)
_NO_HUMIDITY = Text(
    "the weather holds no humidity, which a wet tower needs",
    "气象数据中没有湿度，湿式冷却塔需要此项",
)
_GIVE_HUMIDITY = Text(
    'name a weather file with humidity, or set kind = "dry"',
    '请使用含湿度的气象文件，或填写 kind = "dry"',
)
_NO_SIZE = Text("the size of the tower is not known", "未给出冷却塔的容量")
_WHICH = Text("it is not said which source it serves", "未说明其服务于哪个热源")
_NAME_IT = Text("name the source: {names}", "请指明热源：{names}")
_ESTIMATED = Text(
    "{where}: only global irradiance is known; its beam part is estimated (Erbs et al. 1982)",
    "{where}：仅有总辐照度，直射部分按 Erbs 等（1982）关系估算",
)
_STANDARD_PRESSURE = Text(
    "{where}: air pressure not known; standard pressure taken", "{where}：未知气压，按标准大气压计"
)
_LONGITUDE = Text(
    "{where}: longitude not known; that of the time zone taken",
    "{where}：未知经度，按时区中央经线计",
)
_OPTICAL = Text("the zero-loss efficiency", "零损失效率")
_TILT = Text("the tilt", "倾角")
_AZIMUTH = Text("the azimuth", "方位角")
_WET_BULB = Text("the design wet-bulb temperature", "设计湿球温度")
_APPROACH = Text("the approach", "趋近温差")
_FAN = Text("the fan power", "风机功率")


def recharge_of(
    site: SiteFile,
    id: str,
    weather: Weather,
    notes: list[Text] | None = None,
    *,
    source: str = "",
) -> Recharge:
    """``[solar_collectors.ID]`` or ``[cooling_towers.ID]`` as recharge or rejection of a source.

    Parameters
    ----------
    site, id : the site, id of the collectors or of the tower
    weather : of the place; its steps become those of ``at_zero``
    notes : what was assumed is appended
    source : id of the source; empty: the one the file names, or the only one

    Raises
    ------
    diwen.problems.InputError : no source, size or weather that it needs
    """
    said = notes if notes is not None else []
    if id in site.solar_collectors:
        return _solar(site, id, weather, said, source)
    return _tower(site, id, weather, said, source)


def _solar(site: SiteFile, id: str, weather: Weather, notes: list[Text], source: str) -> Recharge:
    from diwen.plant.station import Recharge

    table = site.solar_collectors[id]
    said = Assumptions(f"solar_collectors.{id}", notes)
    area = table.area * table.count
    collector = SolarCollector.of(
        area,
        said.or_usual(table.optical_efficiency, "collector_optical_efficiency", _OPTICAL),
        usual_value("default.collector_loss"),
        usual_value("default.collector_loss_square"),
        usual_value("default.collector_incidence"),
    )
    absorbed = collector_absorbed(site, id, collector, weather, notes)
    reference = usual_value("default.collector_temperature")
    at_zero, slope = collector.line(absorbed, weather.dry_bulb, reference, usual_gap=0.0)
    return Recharge(
        id, source or table.recharges or _only_source(site, said.where), at_zero, slope,
        power=usual_value("default.collector_pump_share") * area,
        capacity=float(max(absorbed.max(), 1.0)),
    )  # fmt: skip


def collector_absorbed(
    site: SiteFile,
    id: str,
    collector: SolarCollector,
    weather: Weather,
    notes: list[Text],
) -> Floats:
    """Heat of collectors at no difference to the air, W, one value per step of the weather."""
    table = site.solar_collectors[id]
    said = Assumptions(f"solar_collectors.{id}", notes)
    sun = _sun(site, weather, said)
    beam, diffuse = _horizontal(sun, weather, said)
    tilt, azimuth = table.tilt, table.azimuth
    if tilt is None:
        tilt = abs(sun.latitude)
        said.say(_TILT, f"{np.degrees(tilt):.0f}°")
    if azimuth is None:
        azimuth = 0.0 if sun.latitude >= 0.0 else float(np.pi)
        said.say(_AZIMUTH, f"{np.degrees(azimuth):.0f}°")
    light = tilted_irradiance(
        sun, beam, diffuse, tilt, azimuth, reflectance=usual_value("default.ground_reflectance")
    )
    return collector.absorbed(light)


def _sun(site: SiteFile, weather: Weather, said: Assumptions) -> SunCourse:
    latitude, longitude = weather.latitude, weather.longitude
    if latitude is None and site.place.latitude is not None:
        latitude = float(np.degrees(site.place.latitude))
        if site.place.longitude is not None:
            longitude = float(np.degrees(site.place.longitude))
    if latitude is None:
        raise InputError([missing("place.latitude", "latitude", _NO_PLACE)])
    if longitude is None:
        longitude = 15.0 * weather.utc_offset
        said.notes.append(_LONGITUDE.format(where=said.where))
    steps = len(weather.dry_bulb)
    return sun_course(steps, weather.step, latitude, longitude, weather.utc_offset)


def _horizontal(sun: SunCourse, weather: Weather, said: Assumptions) -> tuple[Floats, Floats]:
    """Beam and diffuse irradiance on the horizontal, W/m²."""
    total, diffuse = weather.global_horizontal, weather.diffuse_horizontal
    if diffuse is not None and total is not None:
        return np.maximum(total - diffuse, 0.0), diffuse
    if diffuse is not None and weather.direct_normal is not None:
        return weather.direct_normal * np.maximum(sun.cosine_zenith, 0.0), diffuse
    if total is None:
        raise InputError([Problem(SITE_FILE, said.where, _NO_SUN, _GIVE_SUN)])
    said.notes.append(_ESTIMATED.format(where=said.where))
    return split_global(sun, total)


def _tower(site: SiteFile, id: str, weather: Weather, notes: list[Text], source: str) -> Recharge:
    from diwen.plant.station import Recharge

    table = site.cooling_towers[id]
    said = Assumptions(f"cooling_towers.{id}", notes)
    if table.rated_heat is None:
        raise InputError([missing(f"{said.where}.rated_heat", "rated_heat", _NO_SIZE)])
    heat, dry = table.rated_heat * table.count, table.kind == "dry"
    fan = table.fan_power
    if fan is None:
        share = usual_value(f"default.{'dry_cooler' if dry else 'tower'}_fan_share")
        fan = share * table.rated_heat
        said.say(_FAN, f"{fan / 1e3:.3g} kW")
    at_zero, slope = (
        _dry_line(site, id, weather, said) if dry else _wet_line(site, id, weather, said)
    )
    return Recharge(
        id, source or _only_source(site, said.where), at_zero, slope, direction=-1,
        capacity=heat, power=fan * table.count,
    )  # fmt: skip


def _dry_line(site: SiteFile, id: str, weather: Weather, said: Assumptions) -> tuple[Floats, float]:
    table = site.cooling_towers[id]
    approach = said.or_usual(table.approach, "dry_cooler_approach", _APPROACH, "K")
    heat = (table.rated_heat or 0.0) * table.count
    cooler = DryCooler.of_design(heat, approach, usual_value("default.tower_range"))
    return cooler.line(weather.dry_bulb)


def _wet_line(site: SiteFile, id: str, weather: Weather, said: Assumptions) -> tuple[Floats, float]:
    table = site.cooling_towers[id]
    row = "closed_tower_approach" if table.kind == "closed_wet" else "tower_approach"
    approach = said.or_usual(table.approach, row, _APPROACH, "K")
    wet = said.or_usual(table.design_wet_bulb, "tower_design_wet_bulb", _WET_BULB, "°C")
    spread = usual_value("default.tower_range")
    heat = (table.rated_heat or 0.0) * table.count
    tower = WetTower.of_design(heat, wet, approach, spread)
    return tower.line(wet_bulb_of(weather, said), wet + approach + 0.5 * spread)


def tower_water_of(site: SiteFile, id: str, heat: ArrayLike) -> TowerWater:
    """Water that a wet tower of the site uses while it takes a heat, kg/s; none of a dry cooler.

    Parameters
    ----------
    site, id : the site, id of the tower
    heat : taken from the water, W
    """
    table = site.cooling_towers[id]
    wet = np.asarray(heat, float) * (0.0 if table.kind == "dry" else 1.0)
    largest = (table.rated_heat or float(np.max(wet, initial=0.0))) * table.count
    return tower_water(
        wet,
        largest / (WATER_HEAT * usual_value("default.tower_range")),
        drift_share=usual_value("default.tower_drift_share"),
        concentration=usual_value("default.tower_concentration"),
    )


def wet_bulb_of(weather: Weather, said: Assumptions) -> Floats:
    """Wet-bulb temperature of the weather, °C, shape (n,).

    Raises
    ------
    diwen.problems.InputError : no humidity
    """
    if weather.relative_humidity is None:
        raise InputError([Problem(SITE_FILE, said.where, _NO_HUMIDITY, _GIVE_HUMIDITY)])
    pressure = weather.pressure
    if pressure is None:
        said.notes.append(_STANDARD_PRESSURE.format(where=said.where))
    return moist_air.wet_bulb(
        weather.dry_bulb,
        weather.relative_humidity,
        moist_air.SEA_LEVEL if pressure is None else pressure,
    )


def _only_source(site: SiteFile, where: str) -> str:
    if len(site.sources) == 1:
        return next(iter(site.sources))
    cure = _NAME_IT.format(names=", ".join(site.sources))
    raise InputError([Problem(SITE_FILE, where, _WHICH, cure)])
