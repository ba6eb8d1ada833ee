"""Can the heat be had: power, freezing, what gravel conducts, what neighbours leave."""

from __future__ import annotations

import math

from diwen.design.well_check_cure import cure, figures, rounded
from diwen.design.well_check_heads import WellHeads
from diwen.design.well_check_result import WellCheck, at_least, at_most, unknown
from diwen.design.well_check_rules import WellRules
from diwen.design.well_design import WellDesign
from diwen.design.well_duty import WaterDuty
from diwen.language import Text
from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.sources.aquifer.annulus import conduction_to_ground
from diwen.sources.aquifer.heat_arithmetic import (
    flow_needed,
    heat_taken,
    temperature_drop,
)
from diwen.sources.response.time_units import DAY, HOUR

_FREEZING = Text("return water at design, untouched ground", "设计工况回水温度（初始地温）")
_COLDEST = Text("lowest return water of the season", "全季最低回水温度")
_WARMEST = Text("return water at design cooling", "设计供冷工况回水温度")
_HOTTEST = Text("highest return water of the season", "全年最高回水温度")
_POWER = Text("declared heat over what the water carries", "设计取热量与水流可供热量之比")
_CONDUCTION = Text("declared heat over exchange with the ground",
                   "设计取热量与颗粒、地层换热能力之比")  # fmt: skip
_YIELD = Text("wells needed over wells there", "所需井数与现有井数之比")

_PUMPED_YIELD = Text("pumped wells needed over pumped wells there", "所需抽水井数与现有之比")

_DROP = Text(
    "{power} kW from {flow} m³/h cool the water by {drop} K, from {start} °C",
    "{flow} m³/h 取热 {power} kW，水温降低 {drop} K（初始 {start} °C）",
)
_RISE = Text(
    "{power} kW to {flow} m³/h warm the water by {drop} K, from {start} °C",
    "{flow} m³/h 放热 {power} kW，水温升高 {drop} K（初始 {start} °C）",
)
_BY_MODEL = Text("found by: {model}", "计算方法：{model}")
_CARRIES = Text(
    "{flow} m³/h carry {most} kW between {start} and {low} °C; {power} kW are declared",
    "{flow} m³/h 在 {start}～{low} °C 之间可供 {most} kW，设计取热 {power} kW",
)
_GRAVEL_GIVES = Text(
    "conduction from the gravel gives {conducted} kW ({conductance} W/K); {share} % of the water "
    "is exchanged with the ground and carries {carried} kW; {power} kW are declared",
    "颗粒向地层导热仅 {conducted} kW（{conductance} W/K）；{share} % 的水与地层交换，可供 "
    "{carried} kW；设计取热 {power} kW",
)
_MORE_EXCHANGE = Text(
    "tighter gravel, or a seal in it, so that the water passes through the ground",
    "减小颗粒渗透性或在环隙设密封段，使水流经地层",
)
_NO_ROOM = Text(
    "water at rest has {start} °C, the return may not be colder than {low} °C: no flow carries any "
    "heat between them",
    "天然水温 {start} °C，允许最低回水温度 {low} °C：两者之间无温差可用，任何流量均不能供热",
)
_NEVER = Text(
    "{heat} kW cannot be had: the water leaves no temperature difference above the lowest return",
    "无法取得 {heat} kW：天然水温不高于允许最低回水温度，没有可用温差",
)
_NO_WATER = Text("{heat} kW cannot be had: no flow passes the other checks",
                 "无法取得 {heat} kW：其他校核不允许任何流量")  # fmt: skip
_LOOP = Text("an intermediate loop with antifreeze", "采用加防冻剂的中间循环")
_NEEDED = Text(
    "{heat} kW need {total} m³/h at {drop} K; one well may pass {each} m³/h: {wells} needed, "
    "{count} there",
    "{heat} kW 在 {drop} K 温差下需 {total} m³/h，单井允许 {each} m³/h：需 {wells} 口井，现有 "
    "{count} 口",
)


def freezing_check(duty: WaterDuty, rules: WellRules) -> WellCheck:
    """Return water at design, from ground at rest: the best that can be hoped for."""
    row, back = rules.row("well.return_temperature"), duty.return_temperature
    own, start = duty.lowest_return, duty.undisturbed_temperature
    if back is None or start is None or duty.extraction is None:
        return unknown("freezing_at_design", _FREEZING, "°C", row, _missing(duty))
    low = own if own is not None else row.upper
    assert low is not None
    why = _DROP.format(power=_kilowatts(duty.extraction), flow=_per_hour(duty.flow),
                       drop=f"{start - back:.2f}", start=f"{start:g}")  # fmt: skip
    needs = _thermal_needs(duty, start - low)
    return at_least(
        "freezing_at_design", _FREEZING, back, "°C", row if own is None else None, why, limit=own,
        cure=cure(needs, _LOOP), needs=needs,
    )  # fmt: skip


def coldest_hour_check(duty: WaterDuty, rules: WellRules) -> WellCheck:
    """Lowest return water over a season of hours, by the model that found it."""
    row, own = rules.row("well.return_temperature"), duty.lowest_return
    if duty.season is None:
        return unknown("freezing_in_season", _COLDEST, "°C", row, ["loads.*.hourly_file"])
    why = _BY_MODEL.format(model=duty.season.model)
    return at_least(
        "freezing_in_season", _COLDEST, duty.season.lowest_return, "°C",
        row if own is None else None, why, limit=own,
        cure=cure({}, _LONGER_WAY, _LESS_HEAT, _LOOP),
    )  # fmt: skip


_LONGER_WAY = Text("more distance between the screens, more flow or more wells",
                   "加大两区间距、流量或井数")  # fmt: skip
_LESS_HEAT = Text("heat returned in summer", "夏季回补热量")
_LESS_COLD = Text("less heat given to the ground (a cooling tower)", "减少向地层放热（设冷却塔）")


def warm_return_check(duty: WaterDuty) -> WellCheck | None:
    """Return water at design cooling against the own limit; None where none is set."""
    start, heat, high = duty.undisturbed_temperature, duty.injection, duty.highest_return
    if high is None or not heat or start is None:
        return None
    rise = float(temperature_drop(heat, duty.flow)) / (1.0 - duty.bypass)
    why = _RISE.format(
        power=_kilowatts(heat), flow=_per_hour(duty.flow), drop=f"{rise:.2f}", start=f"{start:g}"
    )
    room = high - start
    needs = {}
    if room > 0.0:
        needs = {"more_flow": duty.flow * HOUR * rise / room, "power": heat / 1e3 * room / rise}
    return at_most("warm_return", _WARMEST, start + rise, "°C", None, why, limit=high,
                   cure=cure(needs), needs=needs)  # fmt: skip


def warmest_hour_check(duty: WaterDuty) -> WellCheck | None:
    """Highest return water of the first year against the own limit; None without one of them."""
    if duty.season is None or duty.highest_return is None:
        return None
    why = _BY_MODEL.format(model=duty.season.model)
    return at_most(
        "warm_in_season", _HOTTEST, duty.season.highest_return, "°C", None, why,
        limit=duty.highest_return, cure=cure({}, _LONGER_WAY, _LESS_COLD),
    )  # fmt: skip


def power_check(duty: WaterDuty, rules: WellRules) -> WellCheck:
    """Declared heat against flow times the drop from ground at rest to the lowest return."""
    row, start, room = rules.row("well.power_share"), duty.undisturbed_temperature, duty.room(rules)
    if start is None or room is None or duty.extraction is None:
        return unknown("power", _POWER, "1", row, _missing(duty))
    most = max(float(heat_taken(duty.flow, room)), 0.0)
    why = _CARRIES.format(
        flow=_per_hour(duty.flow), most=_kilowatts(most), start=f"{start:g}",
        low=f"{duty.lowest(rules):g}", power=_kilowatts(duty.extraction),
    )  # fmt: skip
    if room <= 0.0:
        shown = {"start": f"{start:g}", "low": f"{duty.lowest(rules):g}"}
        why = _NO_ROOM.format(**shown)
    needs = _thermal_needs(duty, start - duty.lowest(rules))
    share = 0.0
    if duty.extraction > 0.0:
        share = duty.extraction / most if most > 0.0 else math.inf
    change = cure(needs) if needs else _LOOP
    return at_most("power", _POWER, share, "1", row, why, cure=change, needs=needs)


def conduction_check(design: WellDesign, heads: WellHeads, rules: WellRules) -> WellCheck | None:
    """Whether a well with particles can give its heat at all; None without particles.

    What the water takes from the wall of the bore is conduction: a late-time line source after a
    season, little. What goes out into the ground and comes back from it brings the temperature of
    the ground. Both together, from ground at rest to the lowest return, bound the heat.
    """
    gravel, start = design.well.annulus, design.undisturbed_temperature
    if gravel is None or design.standing_column:
        return None
    row = rules.row("well.conduction_share")
    if start is None or design.extraction is None:
        missing = _missing(design.duty)
        return unknown("gravel_conduction", _CONDUCTION, "1", row, missing)
    room = max(start - design.duty.lowest(rules), 0.0)
    ends = [depth for screen in design.screens for depth in (screen.top, screen.bottom)]
    conductance = float(
        conduction_to_ground(
            design.thermal_conductivity, design.heat_capacity, max(ends) - min(ends),
            design.well.radius, rules.value("well.conduction_season") * DAY,
        )
    )  # fmt: skip
    exchanged = min(heads.exchange_share, 1.0)
    conducted = conductance * room
    carried = float(heat_taken(design.flow, room)) * exchanged
    why = _GRAVEL_GIVES.format(
        conducted=_kilowatts(conducted), conductance=f"{conductance:.0f}",
        share=f"{100.0 * exchanged:.3g}", carried=_kilowatts(carried),
        power=_kilowatts(design.extraction),
    )  # fmt: skip
    most = conducted + carried
    needs = {"power": most / 1e3}
    share = design.extraction / most if most > 0.0 else math.inf
    return at_most("gravel_conduction", _CONDUCTION, share, "1", row, why,
                   cure=cure(needs, _MORE_EXCHANGE), needs=needs)  # fmt: skip


def yield_check(
    needed_heat: float | None, count: int, largest_flow: float, drop: float | None,
    rules: WellRules, *, pumped: bool = False,
) -> WellCheck:  # fmt: skip
    """Wells needed for the heat of the plant over the wells there are.

    Parameters
    ----------
    needed_heat : of all wells together, W
    count : wells that take water
    largest_flow : through one well, by all other checks, m³/s
    drop : of the water from untouched ground to the lowest return, K
    pumped : there are other wells to give the water back to; these here are the pumped ones only
    """
    row, name = rules.find("well.yield_share"), _PUMPED_YIELD if pumped else _YIELD
    if needed_heat is None or drop is None:
        data = {_KEYS["extraction"]: needed_heat, _KEYS["undisturbed_temperature"]: drop}
        missing = [key for key, value in data.items() if value is None]
        return unknown("yield", name, "1", row, missing)
    heat = _kilowatts(needed_heat)
    if needed_heat > 0.0 and (drop <= 0.0 or largest_flow <= 0.0):
        why = (_NEVER if drop <= 0.0 else _NO_WATER).format(heat=heat)
        return at_most("yield", name, math.inf, "1", row, why, limit=1.0, cure=cure({}, _LOOP))
    total = float(flow_needed(needed_heat, drop)) if needed_heat > 0.0 else 0.0
    wells = math.ceil(total / largest_flow - 1e-9) if total > 0.0 else 0
    why = _NEEDED.format(
        heat=heat, total=_per_hour(total), drop=f"{drop:.3g}", wells=wells, count=count,
        each=rounded(largest_flow * HOUR, up=False),
    )  # fmt: skip
    needs = {"pumped_wells" if pumped else "wells": float(wells)}
    return at_most("yield", name, wells / count, "1", row, why, limit=1.0, cure=cure(needs),
                   needs=needs)  # fmt: skip


def _thermal_needs(duty: WaterDuty, room: float) -> dict[str, float]:
    """Flow and power at which the drop is ``room``, in K."""
    if not room > 0.0 or not duty.extraction:
        return {}
    most = WATER_HEAT_CAPACITY * duty.flow * room * (1.0 - duty.bypass)
    return {"more_flow": duty.flow * HOUR * duty.extraction / most, "power": most / 1e3}


# What the site file calls the data.
_KEYS = {
    "undisturbed_temperature": "ground.undisturbed_temperature",
    "extraction": "design_extraction / rated_capacity",
}


def _missing(duty: WaterDuty) -> list[str]:
    return [key for name, key in _KEYS.items() if getattr(duty, name) is None]


def _kilowatts(power: float) -> str:
    """W as kW, four figures."""
    return figures(power / 1e3, 4)


def _per_hour(flow: float) -> str:
    """m³/s as m³/h, three figures."""
    return figures(flow * HOUR)
