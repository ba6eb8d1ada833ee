"""Can the heat be had: power, freezing, what gravel conducts, what neighbours leave."""

from __future__ import annotations

import math

from diwen.design.well_check_cure import cure
from diwen.design.well_check_heads import WellHeads, return_temperature
from diwen.design.well_check_result import WellCheck, at_least, at_most, unknown
from diwen.design.well_check_rules import WellRules
from diwen.design.well_design import WellDesign
from diwen.language import Text
from diwen.sources.aquifer.annulus import conduction_to_ground
from diwen.sources.aquifer.heat_arithmetic import (
    WATER_HEAT_CAPACITY,
    flow_needed,
    heat_taken,
    temperature_drop,
)

_HOUR = 3600.0
# After which conduction is reckoned, s: a heating season of 150 days.
_SEASON = 150.0 * 86400.0

_FREEZING = Text("return water at design, untouched ground", "设计工况回水温度（初始地温）")
_COLDEST = Text("lowest return water of the season", "全季最低回水温度")
_WARMEST = Text("return water at design cooling", "设计供冷工况回水温度")
_POWER = Text("declared heat over what the water carries", "设计取热量与水流可供热量之比")
_CONDUCTION = Text("declared heat over what gravel and ground exchange",
                   "设计取热量与颗粒—地层换热能力之比")  # fmt: skip
_YIELD = Text("wells needed over wells there", "所需井数与现有井数之比")

_DROP = Text(
    "{power} kW from {flow} m³/h cool the water by {drop} K, from {start} °C",
    "{flow} m³/h 取热 {power} kW，水温降低 {drop} K（初始 {start} °C）",
)
_RISE = Text(
    "{power} kW to {flow} m³/h warm the water by {drop} K, from {start} °C",
    "{flow} m³/h 排热 {power} kW，水温升高 {drop} K（初始 {start} °C）",
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
_LOOP = Text("an intermediate loop with antifreeze", "采用加防冻剂的中间循环")
_NEEDED = Text(
    "{heat} kW need {total} m³/h at {drop} K; one well may pass {each} m³/h",
    "{heat} kW 在 {drop} K 温差下需 {total} m³/h，单井允许 {each} m³/h",
)


def lowest_return(design: WellDesign, rules: WellRules) -> float:
    """Own limit of the site, else the lower end of the usual one, °C."""
    if design.lowest_return is not None:
        return design.lowest_return
    return rules.value("well.return_temperature")


def freezing_check(design: WellDesign, rules: WellRules) -> WellCheck:
    """Return water at design, from ground at rest: the best that can be hoped for."""
    row, back = rules.row("well.return_temperature"), return_temperature(design)
    own, start = design.lowest_return, design.undisturbed_temperature
    if back is None or start is None or design.extraction is None:
        missing = _missing(design, "undisturbed_temperature", "extraction")
        return unknown("freezing_at_design", _FREEZING, "°C", row, missing)
    low = own if own is not None else row.upper
    assert low is not None
    why = _DROP.format(power=_kw(design.extraction), flow=_cubic(design.flow),
                       drop=f"{start - back:.2f}", start=f"{start:g}")  # fmt: skip
    needs = _thermal_needs(design, start - low)
    return at_least(
        "freezing_at_design", _FREEZING, back, "°C", row if own is None else None, why, limit=own,
        cure=cure(needs, _LOOP), needs=needs,
    )  # fmt: skip


def coldest_hour_check(design: WellDesign, rules: WellRules) -> WellCheck:
    """Lowest return water over a season of hours, by the model that found it."""
    row, own = rules.row("well.return_temperature"), design.lowest_return
    if design.season is None:
        return unknown("freezing_in_season", _COLDEST, "°C", row, ["loads.*.hourly_file"])
    why = _BY_MODEL.format(model=design.season.model)
    return at_least(
        "freezing_in_season", _COLDEST, design.season.lowest_return, "°C",
        row if own is None else None, why, limit=own,
        cure=cure({}, _LONGER_WAY, _LESS_HEAT, _LOOP),
    )  # fmt: skip


_LONGER_WAY = Text("more distance between the screens, more flow or more wells",
                   "加大两区间距、流量或井数")  # fmt: skip
_LESS_HEAT = Text("heat returned in summer", "夏季回补热量")


def warm_return_check(design: WellDesign) -> WellCheck | None:
    """Return water at design cooling against the own limit; None where none is set."""
    start, heat, high = design.undisturbed_temperature, design.injection, design.highest_return
    if high is None or not heat or start is None:
        return None
    rise = float(temperature_drop(heat, design.flow)) / (1.0 - design.well.bypass)
    why = _RISE.format(
        power=_kw(heat), flow=_cubic(design.flow), drop=f"{rise:.2f}", start=f"{start:g}"
    )
    room = high - start
    needs = {"more_flow": design.flow * _HOUR * rise / room, "power": heat / 1e3 * room / rise}
    return at_most("warm_return", _WARMEST, start + rise, "°C", None, why, limit=high,
                   cure=cure(needs), needs=needs)  # fmt: skip


def power_check(design: WellDesign, rules: WellRules) -> WellCheck:
    """Declared heat against flow times the drop from ground at rest to the lowest return."""
    row, start = rules.row("well.power_share"), design.undisturbed_temperature
    if start is None or design.extraction is None:
        missing = _missing(design, "undisturbed_temperature", "extraction")
        return unknown("power", _POWER, "1", row, missing)
    low = lowest_return(design, rules)
    most = float(heat_taken(design.flow, start - low)) * (1.0 - design.well.bypass)
    why = _CARRIES.format(flow=_cubic(design.flow), most=_kw(max(most, 0.0)), start=f"{start:g}",
                          low=f"{low:g}", power=_kw(design.extraction))  # fmt: skip
    needs = _thermal_needs(design, start - low)
    share = design.extraction / most if most > 0.0 else math.inf
    if design.extraction == 0.0:
        share = 0.0
    return at_most("power", _POWER, share, "1", row, why, cure=cure(needs), needs=needs)


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
        missing = _missing(design, "undisturbed_temperature", "extraction")
        return unknown("gravel_conduction", _CONDUCTION, "1", row, missing)
    room = max(start - lowest_return(design, rules), 0.0)
    ends = [depth for screen in design.screens for depth in (screen.top, screen.bottom)]
    conductance = float(
        conduction_to_ground(
            design.thermal_conductivity, design.heat_capacity, max(ends) - min(ends),
            design.well.radius, _SEASON,
        )
    )  # fmt: skip
    exchanged = min(heads.exchange_share, 1.0)
    conducted = conductance * room
    carried = float(heat_taken(design.flow, room)) * exchanged
    why = _GRAVEL_GIVES.format(
        conducted=_kw(conducted), conductance=f"{conductance:.0f}",
        share=f"{100.0 * exchanged:.3g}", carried=_kw(carried), power=_kw(design.extraction),
    )  # fmt: skip
    most = conducted + carried
    needs = {"power": most / 1e3}
    share = design.extraction / most if most > 0.0 else math.inf
    return at_most("gravel_conduction", _CONDUCTION, share, "1", row, why,
                   cure=cure(needs, _MORE_EXCHANGE), needs=needs)  # fmt: skip


def yield_check(
    needed_heat: float | None, count: int, largest_flow: float, drop: float | None,
    rules: WellRules,
) -> WellCheck:  # fmt: skip
    """Wells needed for the heat of the plant over the wells there are.

    Parameters
    ----------
    needed_heat : of all wells together, W
    count : wells that take water
    largest_flow : through one well, by all other checks, m³/s
    drop : of the water from untouched ground to the lowest return, K
    """
    row = rules.find("well.yield_share")
    if needed_heat is None or drop is None:
        data = {_KEYS["extraction"]: needed_heat, _KEYS["undisturbed_temperature"]: drop}
        missing = [key for key, value in data.items() if value is None]
        return unknown("yield", _YIELD, "1", row, missing)
    possible = drop > 0.0 and largest_flow > 0.0
    total = float(flow_needed(needed_heat, drop)) if possible else math.inf
    wells = math.ceil(total / largest_flow - 1e-9) if possible else math.inf
    why = _NEEDED.format(heat=_kw(needed_heat), total=f"{total * _HOUR:.3g}", drop=f"{drop:.3g}",
                         each=_cubic(largest_flow))  # fmt: skip
    needs = {"wells": float(wells)}
    return at_most("yield", _YIELD, wells / count, "1", row, why, limit=1.0, cure=cure(needs),
                   needs=needs)  # fmt: skip


def _thermal_needs(design: WellDesign, room: float) -> dict[str, float]:
    """Flow and power at which the drop is ``room``, in K."""
    if not room > 0.0 or not design.extraction:
        return {}
    tight = 1.0 - design.well.bypass
    most = WATER_HEAT_CAPACITY * design.flow * room * tight
    return {
        "more_flow": design.flow * _HOUR * design.extraction / most, "power": most / 1e3,
    }  # fmt: skip


# What the site file calls the data.
_KEYS = {
    "undisturbed_temperature": "ground.undisturbed_temperature",
    "extraction": "design_extraction / rated_capacity",
}


def _missing(design: WellDesign, *names: str) -> list[str]:
    return [_KEYS[name] for name in names if getattr(design, name) is None]


def _kw(power: float) -> str:
    return f"{power / 1e3:.4g}"


def _cubic(flow: float) -> str:
    return f"{flow * _HOUR:.3g}"
