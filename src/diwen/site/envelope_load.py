"""Heating and cooling of a building by its hourly model, from the few numbers a site gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.loads.calendar import hour_of_day, weekday
from diwen.loads.load_series import LoadSeries
from diwen.site.demand import Load
from diwen.site.envelope import Envelope
from diwen.site.hours import parse_hours
from diwen.site.load_hours import season_hours
from diwen.site.load_rules import demand_row, demand_value
from diwen.site.model import Site
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.loads.building import Building, BuildingCourse, Use
    from diwen.loads.weather import Weather

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Side = Literal["heating", "cooling"]

# A set point that is never reached: outside the season nothing is heated or cooled.
_NEVER = 1e6
_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])

_MODEL = Text(
    "{model} model of {area} m²: {transfer} kW/K through the envelope, {air} kW/K through air "
    "while occupied",
    "{model} 模型，{area} m²：围护结构 {transfer} kW/K，使用时段通风 {air} kW/K",
)
_AGE = Text("heat transfer coefficients of the age class {age} (not verified)",
            "传热系数按建筑年代 {age} 取值（未核实）")  # fmt: skip
_USE = Text("hours of use and gains assumed for {type}", "使用时段与内部得热按{type}假定")
NO_SUN = Text(
    "the weather has no sun: heating is too high and cooling too low",
    "气象无太阳辐射：供暖偏高、供冷偏低",
)
_ON_GROUND = Text("lowest floor on ground of {low} to {high} °C", "地面下温度取 {low}～{high} °C")
_SUNLIT = Text(
    "sun and sky on walls and roof counted (ISO 13790; resistances not verified)",
    "已计外墙与屋面的日照与天空辐射（ISO 13790；换热参数未核实）",
)
_DRY = Text("sensible heat only: no drying of the air", "仅显热，未计除湿")
_LIMIT = Text("no hour above the design load of {limit} kW", "各小时不超过设计负荷 {limit} kW")
_CUT = Text("start-up peaks above {limit} kW are cut; the room then warms or cools more slowly",
            "启动尖峰按 {limit} kW 截平，室温相应延后达到设定值")  # fmt: skip
_SHARE = Text("{share} of the area is served now", "目前实际服务面积比例 {share}")


@dataclass(frozen=True, eq=False)
class _Geometry:
    """Areas of a box, m², and its volume, m³."""

    walls: float
    windows: float
    roof: float
    volume: float


def envelope_series(
    site: Site, name: str, weather: Weather, sides: Sequence[Side]
) -> tuple[LoadSeries, ...]:
    """Heating and cooling of a building with an envelope and an area.

    Parameters
    ----------
    site : the site
    name : id of the load
    weather : hourly
    sides : which are asked for
    """
    from diwen.loads.building import building_course

    item = site.loads[name]
    envelope = item.envelope
    assert envelope is not None
    assert item.area is not None
    notes: list[Text] = []
    box = _geometry(item.area, envelope)
    of = _building(item.area, envelope, box, notes)
    busy = _occupied(site, item, weather)
    use = _use(site, item, envelope, box, weather, busy, sides, notes)
    use = _sunlit(use, envelope, box, weather, notes)
    below = _below(envelope, weather, notes)

    def run(limit: dict[Side, float]) -> BuildingCourse:
        return building_course(
            of, use, weather.dry_bulb, model=envelope.model, step=weather.step,
            heating_limit=limit["heating"], cooling_limit=limit["cooling"], ground=below,
        )  # fmt: skip

    limits = {side: getattr(item, f"{side}_design_load") or np.inf for side in _sides()}
    course = run(limits)
    if np.inf in limits.values():
        # A first hour of a season or a Monday asks for what no plant is built for.
        limits = {side: _limit(getattr(course, side), limits[side]) for side in _sides()}
        course = run(limits)
    air = float(np.max(use.ventilation))
    transfer = float(of.opaque[0] + of.windows[0])
    told = _MODEL.format(
        model=envelope.model, area=f"{item.area:g}", transfer=f"{transfer / 1e3:.3g}",
        air=f"{air / 1e3:.3g}",
    )  # fmt: skip
    notes.insert(0, told)
    if item.served_share != 1.0:
        notes.append(_SHARE.format(share=f"{item.served_share:g}"))
    return tuple(_of_side(name, side, item, getattr(course, side)[:, 0], notes) for side in sides)


def _sides() -> tuple[Side, Side]:
    return "heating", "cooling"


def _limit(power: Floats, given: float) -> float:
    """Highest power of the plant: the given one, or the load without its start-up peaks, W."""
    asked = power[power > 0.0]
    if np.isfinite(given) or not len(asked):
        return given
    return float(np.quantile(asked, 1.0 - usual_value("demand.start_up_share")))


def _of_side(name: str, side: Side, item: Load, power: Floats, notes: list[Text]) -> LoadSeries:
    told = list(notes)
    limit = getattr(item, f"{side}_design_load")
    text = _LIMIT if limit else _CUT
    told.append(text.format(limit=f"{(limit or power.max()) / 1e3:.4g}"))
    if side == "cooling":
        told.append(_DRY)
    return LoadSeries(name, side, item.served_share * power, origin="simulated", notes=tuple(told))


def _geometry(area: float, envelope: Envelope) -> _Geometry:
    """A box of the usual aspect with equal storeys."""
    aspect = usual_value("demand.envelope.aspect")
    foot = area / envelope.storeys
    around = 2.0 * (1.0 + aspect) * (foot / aspect) ** 0.5
    facade = around * envelope.storey_height * envelope.storeys
    windows = envelope.window_share * facade
    return _Geometry(facade - windows, windows, foot, area * envelope.storey_height)


def _building(area: float, envelope: Envelope, box: _Geometry, notes: list[Text]) -> Building:
    from diwen.loads.building import building

    value = _transmittances(envelope)
    if any(getattr(envelope, f"{part}_u") is None for part in value):
        notes.append(_AGE.format(age=envelope.age))
    known = bool(envelope.ground_temperatures)
    floor = value["floor"] * box.roof
    floor *= 1.0 if known else usual_value("demand.envelope.floor_reduction")
    opaque = value["wall"] * box.walls + value["roof"] * box.roof + floor
    return building(
        area, opaque, value["window"] * box.windows, envelope.mass,
        ground=floor if known else None,
    )  # fmt: skip


def _transmittances(envelope: Envelope) -> dict[str, float]:
    """U-value of every part, given or of the age class, W/(m²·K)."""
    value: dict[str, float] = {}
    for part in ("wall", "roof", "floor", "window"):
        own = getattr(envelope, f"{part}_u")
        row = f"demand.envelope.{envelope.age}.{part}"
        value[part] = usual_value(row) if own is None else own
    return value


def _below(envelope: Envelope, weather: Weather, notes: list[Text]) -> Floats | None:
    """Temperature under the floor by step, °C, shape (n,); None: not given."""
    given = np.array(envelope.ground_temperatures, float)
    if not given.size:
        return None
    notes.append(_ON_GROUND.format(low=f"{given.min():g}", high=f"{given.max():g}"))
    month = np.repeat(np.arange(12), _DAYS)[_hours_of_year(len(weather.dry_bulb), weather) // 24]
    return np.asarray(np.broadcast_to(given, 12)[month], np.float64)


def _hours_of_year(count: int, weather: Weather) -> NDArray[np.int64]:
    """Hour of the year of 365 days in which each step begins, shape (n,)."""
    return (np.arange(count) * weather.step / 3600.0).astype(np.int64) % 8760


def _sunlit(use: Use, envelope: Envelope, box: _Geometry, weather: Weather, notes: list[Text]
            ) -> Use:  # fmt: skip
    """With what walls and roof take up of the sun and give to the sky, where that is asked for."""
    from diwen.loads.opaque_gains import ROOF, WALL, opaque_gains
    from diwen.loads.sun import on_all_sides, on_roof

    if envelope.solar_absorptance is None:
        return use
    wall, roof = on_all_sides(weather), on_roof(weather)
    if wall is None or roof is None:
        return use
    value = _transmittances(envelope)
    rows = {name: usual_value(f"demand.envelope.{row}") for name, row in (
        ("surface_resistance", "surface_resistance"), ("radiation", "surface_radiation"),
        ("sky_difference", "sky_difference"))}  # fmt: skip
    share = envelope.solar_absorptance
    more = opaque_gains(value["wall"] * box.walls, wall, share, WALL, **rows)
    more = more + opaque_gains(value["roof"] * box.roof, roof, share, ROOF, **rows)
    notes.append(_SUNLIT)
    return replace(use, solar=use.solar + more)


def _occupied(site: Site, item: Load, weather: Weather) -> Bools:
    """Hours of use, shape (n,)."""
    count = len(weather.dry_bulb)
    words = site.comfort.occupied or demand_row("occupied", item.building_type).words
    minutes = np.zeros(1440, bool)
    minutes[list(parse_hours(words).minutes())] = True
    busy = (minutes.reshape(24, 60).mean(axis=1) >= 0.5)[hour_of_day(count)]
    if not demand_value("weekend_use", item.building_type):
        busy &= weekday(count, weather.first_year) < 5
    return busy


def _use(
    site: Site,
    item: Load,
    envelope: Envelope,
    box: _Geometry,
    weather: Weather,
    busy: Bools,
    sides: Sequence[Side],
    notes: list[Text],
) -> Use:
    from diwen.loads.building import Use
    from diwen.loads.sun import on_all_sides

    assert item.area is not None
    gains = envelope.internal_gains
    if gains is None:
        gains = demand_value("internal_gains", item.building_type)
        kind = item.building_type or "other"
        notes.append(_USE.format(type=kind))
    internal = item.area * gains * np.where(busy, 1.0, usual_value("demand.empty_gains_share"))
    empty = envelope.air_changes if envelope.air_changes_empty is None else (
        envelope.air_changes_empty
    )  # fmt: skip
    changes = np.where(busy, envelope.air_changes, empty)
    per_change = usual_value("demand.air_heat_capacity") * box.volume / 3600.0
    ventilation = (1.0 - envelope.heat_recovery) * per_change * changes
    shine = on_all_sides(weather)
    if shine is None:
        notes.append(NO_SUN)
        shine = np.zeros(len(busy))
    return Use(
        ventilation,
        internal,
        envelope.solar_factor * box.windows * shine,
        _setpoint(site, envelope, "heating", busy, sides),
        _setpoint(site, envelope, "cooling", busy, sides),
    )


def _setpoint(
    site: Site, envelope: Envelope, side: Side, busy: Bools, sides: Sequence[Side]
) -> Floats:
    """Set point by hour, °C; out of reach where that side is not asked for."""
    day = getattr(envelope, f"{side}_setpoint")
    night = getattr(envelope, f"{side}_setback")
    value = np.where(busy, day, day if night is None else night)
    never = -_NEVER if side == "heating" else _NEVER
    asked = season_hours(site, side, len(busy)) if side in sides else np.zeros(len(busy), bool)
    return np.where(asked, value, never)
