"""Whether the units can do what the loads ask for: capacity, and supply temperature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isclose

from diwen.language import Text
from diwen.problems import Problem
from diwen.site.loop_supply import SupplyPlan
from diwen.site.missing_values import SITE_FILE
from diwen.site.model import SiteFile
from diwen.site.station_loops import USES, PlannedLoop
from diwen.site.station_units import PlannedUnit

_NOBODY = Text(
    "{use}: no unit, boiler or heater serves loop {loop}; it is short by {short}",
    "{use}：回路 {loop} 没有机组、锅炉或加热器供应，缺口 {short}",
)
_ALL_OF_IT = Text("all of its load", "全部负荷")
_ADD_UNIT = Text(
    "add a unit that {does}, or name the loop in serves of one, or take the load out",
    "请增加能{does}的机组，或在某机组的 serves 中写入该回路，或删除该负荷",
)
_DOES = {"heat": Text("heats", "制热"), "cold": Text("cools", "制冷")}
_SHORT = Text(
    "{use}: the units of loop {loop} give {capacity} kW by their ratings, the design load is "
    "{load} kW: short by {short} kW",
    "{use}：回路 {loop} 的机组额定能力 {capacity} kW，设计负荷 {load} kW，缺口 {short} kW",
)
_AT_ONCE = Text(
    "loops {loops} at once ask for {load} kW, all units and back-ups give {capacity} kW by their "
    "ratings: short by {short} kW where the peaks meet",
    "回路 {loops} 设计负荷合计 {load} kW，机组与辅助热源额定能力合计 {capacity} kW："
    "峰值重合时缺口 {short} kW",
)
_TOO_WARM = Text(
    "{use}: loop {loop} needs {need} °C, the unit gives at most {limit} °C",
    "{use}：回路 {loop} 需要 {need} °C，机组最高供水温度为 {limit} °C",
)
_TOO_COLD = Text(
    "{use}: loop {loop} needs {need} °C, the unit gives at least {limit} °C",
    "{use}：回路 {loop} 需要 {need} °C，机组最低供水温度为 {limit} °C",
)
_LIMIT_CURE = Text(
    "lower the supply temperature (larger terminals), or serve the loop by another unit",
    "请降低供水温度（加大末端），或改由其他机组供应该回路",
)
_AT_TIMES = Text(
    "{name} gives at most {limit} °C; loop {loop} needs up to {need} °C and is left to others or "
    "stays short in those hours",
    "{name} 最高供水 {limit} °C；回路 {loop} 最高需要 {need} °C，超出时段由其他设备承担或供热不足",
)


def capacity_problems(
    site: SiteFile,
    loops: Sequence[PlannedLoop],
    units: Sequence[PlannedUnit],
    backups: Mapping[str, tuple[str, float]],
    notes: list[Text],
) -> Iterator[Problem]:
    """Loops that nothing serves are problems; loops that are served too little are notes.

    Parameters
    ----------
    backups : by id: the loop that it serves and its heat, W
    """
    for loop in loops:
        serving = [unit for unit in units if loop.name in unit.serves]
        helping = [heat for at, heat in backups.values() if at == loop.name]
        asked, use = design_load(site, loop), USES[loop.use]
        if not serving and not helping:
            if loop.loads:
                short = _ALL_OF_IT if asked is None else f"{asked / 1e3:.4g} kW"
                message = _NOBODY.format(use=use, loop=loop.name, short=short)
                cure = _ADD_UNIT.format(does=_DOES[loop.side])
                yield Problem(SITE_FILE, f"loads.{loop.loads[0]}", message, cure)
            continue
        rated = [rated_capacity(site, unit, loop.side) for unit in serving]
        if asked is None or None in rated:
            continue
        capacity = sum(value or 0.0 for value in rated) + sum(helping)
        if capacity < asked and not isclose(capacity, asked):
            kilowatts = {"capacity": capacity, "load": asked, "short": asked - capacity}
            shown = {key: f"{value / 1e3:.4g}" for key, value in kilowatts.items()}
            notes.append(_SHORT.format(use=use, loop=loop.name, **shown))


def shared_notes(
    site: SiteFile,
    loops: Sequence[PlannedLoop],
    units: Sequence[PlannedUnit],
    backups: Mapping[str, tuple[str, float]],
) -> Iterator[Text]:
    """Loops that share units and could not all have their design load at once."""
    for side in ("heat", "cold"):
        own = [loop for loop in loops if loop.side == side and loop.loads]
        asked = [value for value in (design_load(site, loop) for loop in own) if value is not None]
        names = {loop.name for loop in own}
        serving = [unit for unit in units if names & set(unit.serves)]
        rated = [rated_capacity(site, unit, side) for unit in serving]
        if len(asked) < 2 or not rated or None in rated:
            continue
        capacity = sum(value or 0.0 for value in rated)
        capacity += sum(heat for at, heat in backups.values() if at in names)
        if capacity < sum(asked):
            kilowatts = {"capacity": capacity, "load": sum(asked), "short": sum(asked) - capacity}
            shown = {key: f"{value / 1e3:.4g}" for key, value in kilowatts.items()}
            yield _AT_ONCE.format(loops=", ".join(loop.name for loop in own), **shown)


def design_load(site: SiteFile, loop: PlannedLoop) -> float | None:
    """Sum of the design loads on a loop, W; None where one of them does not say it."""
    key = "cooling_design_load" if loop.side == "cold" else "heating_design_load"
    found = [getattr(site.loads[name], key) for name in loop.loads]
    return None if not found or None in found else sum(found)


def rated_capacity(site: SiteFile, unit: PlannedUnit, side: str) -> float | None:
    """Rated heat or cold of all identical units, W; None where only a table says it."""
    key = "rated_heating_capacity" if side == "heat" else "rated_cooling_capacity"
    item = getattr(site, unit.table)[unit.name]
    value = getattr(item, key, None)
    if value is None:
        mode = "heating" if side == "heat" else "cooling"
        tested = [point.capacity for point in getattr(item, "rating_points", ())
                  if point.mode == mode]  # fmt: skip
        value = max(tested, default=None)
    return None if value is None else value * unit.count


def limit_problems(
    site: SiteFile,
    loops: Sequence[PlannedLoop],
    units: Sequence[PlannedUnit],
    supplies: Mapping[str, SupplyPlan],
    notes: list[Text],
) -> Iterator[Problem]:
    """Units that can never supply what a loop of theirs needs; notes where they sometimes can."""
    known = {loop.name: loop for loop in loops}
    for unit in units:
        if unit.table != "heat_pumps":
            continue
        item = site.heat_pumps[unit.name]
        for name in unit.serves:
            loop, plan = known[name], supplies[name]
            hot = loop.side == "heat"
            limit = item.maximum_supply_temperature if hot else item.minimum_chilled_temperature
            if limit is None:
                continue
            sign = 1.0 if hot else -1.0
            needs = [value + sign * plan.exchanger_difference for value in plan.supply]
            least, most = min(sign * need for need in needs), max(sign * need for need in needs)
            shown = {"need": f"{sign * most:g}", "limit": f"{limit:g}", "loop": name}
            key = "maximum_supply_temperature" if hot else "minimum_chilled_temperature"
            if least > sign * limit + 1e-9:
                message = (_TOO_WARM if hot else _TOO_COLD).format(use=USES[loop.use], **shown)
                where = f"heat_pumps.{unit.name}.{key}"
                yield Problem(SITE_FILE, where, message, _LIMIT_CURE, f"{limit:g} °C")
            elif most > sign * limit + 1e-9 and hot:
                notes.append(_AT_TIMES.format(name=unit.name, **shown))
