"""Which fluid temperatures a site's field must keep: its own, the machines', the standard's."""

from __future__ import annotations

from datetime import date

from diwen import rules
from diwen.design.bore_field import Place, TemperatureLimits
from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.ground_load import HourlyGroundLoad
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.borefield import Borefield

_OWN_LOW = Text("lowest entering temperature of the site file", "项目文件规定的最低进机组温度")
_OWN_HIGH = Text("highest leaving temperature of the site file", "项目文件规定的最高出地埋管温度")
_MACHINE_LOW = Text(
    "lowest source temperature of heat pump {name}", "机组 {name} 地源侧最低进口温度"
)
_MACHINE_HIGH = Text(
    "highest source temperature of heat pump {name}", "机组 {name} 地源侧最高进口温度"
)
_RULE = Text("{standard}: {text}", "{standard}：{text}")
_UNVERIFIED = Text("{standard} (not verified): {text}", "{standard}（未核实）：{text}")
_NONE = Text(
    "no limit of the fluid temperature is known for {mode}", "没有{mode}工况的流体温度限值"
)
_MODES = {"minimum": Text("heating", "制热"), "maximum": Text("cooling", "制冷")}
_KEYS = {
    "minimum": "minimum_entering_temperature",
    "maximum": "maximum_leaving_temperature",
}
_GIVE = Text(
    "add {key} to the source, or place.region, so that the limits of its standard are used",
    "请在热源中补充 {key}，或填写 place.region 以采用当地标准的限值",
)
_RULE_IDS = {
    "minimum": "gb50366.source_inlet_minimum_winter",
    "maximum": "gb50366.source_outlet_maximum_summer",
}


def limits_of_site(
    site: Site,
    source: str,
    given: Borefield,
    load: HourlyGroundLoad | HourlyBuildingLoad | None,
    day: date,
    problems: list[Problem],
) -> tuple[TemperatureLimits | None, tuple[Text, ...]]:
    """Limits and where they come from; a side without load needs none.

    In this order: the source's own, those of the heat pumps on it, the rule that holds in the
    region (the winter limit of GB 50366 holds without antifreeze only).
    """
    extracts, injects = _sides(load)
    values: dict[str, float | None] = {"minimum": None, "maximum": None}
    places: dict[str, Place] = {"minimum": "entering", "maximum": "entering"}
    origins: list[Text] = []
    for side, needed in (("minimum", extracts), ("maximum", injects)):
        found = _own(given, side) or _machine(site, source, side) or _rule(site, given, side, day)
        if found is not None:
            values[side], places[side], origin = found
            origins.append(origin)
        elif needed:
            cure = _GIVE.format(key=_KEYS[side])
            message = _NONE.format(mode=_MODES[side])
            where = f"sources.{source}.{_KEYS[side]}"
            problems.append(Problem("site.toml", where, message, cure))
    if values["minimum"] is None and values["maximum"] is None:
        return None, ()
    try:
        limits = TemperatureLimits(
            values["minimum"], values["maximum"], places["minimum"], places["maximum"]
        )
    except InputError as error:
        problems += error.problems
        return None, ()
    return limits, tuple(origins)


Found = tuple[float, Place, Text]


def _own(given: Borefield, side: str) -> Found | None:
    value = getattr(given, _KEYS[side])
    origin = _OWN_LOW if side == "minimum" else _OWN_HIGH
    # What leaves the ground is what enters the heat pump.
    return None if value is None else (value, "entering", origin)


def _machine(site: Site, source: str, side: str) -> Found | None:
    pumps = {
        name: value
        for name, pump in site.heat_pumps.items()
        if pump.source in ("", source)
        and (value := getattr(pump, f"{side}_source_temperature")) is not None
    }
    if not pumps:
        return None
    strictest = (max if side == "minimum" else min)(pumps, key=lambda name: pumps[name])
    origin = _MACHINE_LOW if side == "minimum" else _MACHINE_HIGH
    return pumps[strictest], "entering", origin.format(name=strictest)


def _rule(site: Site, given: Borefield, side: str, day: date) -> Found | None:
    antifreeze = given.fluid.name != "water"
    if not site.place.region or (side == "minimum" and antifreeze):
        return None
    try:
        row = rules.on(day, site.place.region).row(_RULE_IDS[side])
    except (rules.RuleMissingError, InputError):
        return None
    if row.value is None:
        return None
    origin = (_RULE if row.verified else _UNVERIFIED).format(standard=row.name, text=row.text)
    # The standard's winter limit is the inlet of the ground loop, which leaves the heat pump.
    return row.value, "leaving" if side == "minimum" else "entering", origin


def _sides(load: HourlyGroundLoad | HourlyBuildingLoad | None) -> tuple[bool, bool]:
    """Whether heat is extracted, and injected."""
    if isinstance(load, HourlyGroundLoad):
        return bool((load.power > 0.0).any()), bool((load.power < 0.0).any())
    if isinstance(load, HourlyBuildingLoad):
        return bool((load.heating + load.hot_water).any()), bool(load.cooling.any())
    return False, False
