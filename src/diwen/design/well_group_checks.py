"""Whether groundwater wells can take and return all their water, as a list of checks.

The same checks as for circulation wells, well by well, the worst well shown; what differs is how
heads are found and that breakthrough goes from well to well.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from diwen.design.well_check_closure import water_balance_check
from diwen.design.well_check_cure import cure
from diwen.design.well_check_heat import (
    coldest_hour_check,
    freezing_check,
    power_check,
    warm_return_check,
    warmest_hour_check,
    yield_check,
)
from diwen.design.well_check_injection import (
    effective_stress_check,
    lifting_check,
    wellhead_pressure_check,
)
from diwen.design.well_check_pump import covered_screen_check, pump_submergence_check
from diwen.design.well_check_result import WellCheck, WellChecks, at_most, unknown, worst_of
from diwen.design.well_check_rules import WellRules
from diwen.design.well_check_velocity import (
    ScreenDuty,
    clogging_check,
    extraction_velocity_check,
    slot_velocity_check,
    wall_velocity_check,
)
from diwen.design.well_check_years import YearlyHeat, coldest_years_check, warmest_years_check
from diwen.design.well_duty import WaterDuty
from diwen.design.well_group_design import AbstractionDesign, GroupWell
from diwen.design.well_group_heads import group_points
from diwen.design.well_point import WellPoint
from diwen.language import Text
from diwen.sources.response.time_units import DAY, HOUR

_YEARS = (1, 10, 25)

_VOLUME = Text("water of a season over breakthrough", "全季循环水量与热突破水量之比")
_BREAKS = Text(
    "heat of the returned water reaches a pump after {days} d of design flow; returned water in "
    "the pumped after 1, 10, 25 years: {shares} %",
    "按设计流量 {days} d 后热突破；第 1、10、25 年抽水中回灌水份额 {shares} %",
)
_NEVER = Text("no returned water reaches a pump", "回灌水不会到达抽水井")
_NO_STEADY = Text("without full reinjection the level has no steady state: ask a pumping test",
                  "不全部回灌则水位无稳定状态，须由抽水试验确定")  # fmt: skip
_PUMPING_TEST = Text(
    "a pumping test, and from it the level after the planned years of pumping",
    "进行抽水试验，并据此推算规划年限内的水位",
)
_TEMPERATURE = Text("compute the water temperature over the years",
                    "请计算多年水温")  # fmt: skip
_HEADS: dict[str, tuple[Text, str, str, bool]] = {
    "wellhead_pressure": (
        Text("pressure at the wellhead", "井口回灌压力"), "kPa", "well.wellhead_pressure", True
    ),
    "lifting": (
        Text("injection head per depth of the screen", "回灌水头与滤水管顶深之比"), "m/m",
        "well.lifting_head_per_depth", True,
    ),
    "effective_stress": (
        Text("overpressure over effective stress", "回灌超压与有效应力之比"), "1",
        "well.effective_stress_share", True,
    ),
    "pump_submergence": (
        Text("water above the pump", "水泵淹没深度"), "m", "well.pump_submergence", False
    ),
    "covered_screen": (
        Text("water above the extraction screen", "取水区滤水管顶以上水深"), "m",
        "well.extraction_zone_covered", False,
    ),
}  # fmt: skip
_CHECKS: dict[str, Callable[[WellPoint, WellRules], WellCheck]] = {
    "wellhead_pressure": wellhead_pressure_check,
    "lifting": lifting_check,
    "effective_stress": effective_stress_check,
    "pump_submergence": pump_submergence_check,
    "covered_screen": covered_screen_check,
}


def check_well_group(
    design: AbstractionDesign, rules: WellRules | None = None, *, source: str = ""
) -> WellChecks:
    """All checks of groundwater wells or doublets.

    Parameters
    ----------
    design : the wells and their duty
    rules : the rows that hold; those of today in any place if not given
    source : id to put on the result
    """
    rules = rules or WellRules.on()
    duty = duty_of(design)
    made: list[WellCheck | None] = [
        water_balance_check(1.0 if design.closed else min(design.reinjected_share, 1.0), rules),
        *_head_checks(design, duty, rules),
        *_velocities(design, rules),
        power_check(duty, rules),
        freezing_check(duty, rules),
        *_courses(design, duty, rules),
        breakthrough_check(design, rules),
    ]
    checks = [check for check in made if check is not None]
    checks.append(_yield(design, duty, checks, rules))
    return WellChecks(source, tuple(checks))


def _courses(
    design: AbstractionDesign, duty: WaterDuty, rules: WellRules
) -> list[WellCheck | None]:
    """Water of the first year and of all; without return it always comes at rest temperature."""
    if design.returned == 0.0:
        return [warm_return_check(duty)]
    heat = YearlyHeat()
    return [
        coldest_hour_check(duty, rules),
        coldest_years_check(duty, heat, rules),
        warm_return_check(duty),
        warmest_hour_check(duty),
        warmest_years_check(duty, heat),
    ]


def duty_of(design: AbstractionDesign) -> WaterDuty:
    """Heat and water of all wells together."""
    return WaterDuty(
        design.flow, design.undisturbed_temperature, design.extraction, design.injection, 0.0,
        design.lowest_return, design.highest_return, design.season, design.years,
    )  # fmt: skip


def breakthrough_check(design: AbstractionDesign, rules: WellRules) -> WellCheck | None:
    """Season against breakthrough from well to well; None where nothing is returned.

    Particles in the steady flow of all wells and, where its direction is known, of the region.
    """
    row = rules.row("well.season_volume_share")
    if design.returned == 0.0:
        return None
    missing = []
    if not design.placed:
        missing.append("wells.*.x, y")
    if not design.full_load_time:
        missing.append("full_load_hours")
    if missing or not design.full_load_time or not design.closed:
        why = None if design.closed else _NO_STEADY
        return unknown("season_volume", _VOLUME, "1", row, missing or ["reinjection"], why=why)
    from diwen.sources.well_field.potential_flow import PlaneWells, trace_arrivals

    known = design.regional_flux if design.regional_direction is not None else None
    field = PlaneWells.of(
        design.positions, design.rates, design.aquifer.thickness, regional_flux=known or 0.0,
        regional_direction=design.regional_direction or 0.0,
        ground_heat_capacity=design.aquifer.heat_capacity,
    )  # fmt: skip
    arrivals = trace_arrivals(field)
    first = float(np.min(arrivals.breakthrough, initial=math.inf))
    if not math.isfinite(first):
        return at_most("season_volume", _VOLUME, 0.0, "1", row, _NEVER)
    times = np.array(_YEARS, float) * design.full_load_time
    shares = ", ".join(f"{100.0 * share:.0f}" for share in arrivals.recirculated(times))
    why = _BREAKS.format(days=f"{first / DAY:.3g}", shares=shares)
    ratio = design.full_load_time / first
    # Breakthrough goes with the square of all distances.
    needs = {"spacing": _nearest(design) * math.sqrt(ratio)}
    return at_most("season_volume", _VOLUME, ratio, "1", row, why,
                   cure=cure(needs, _TEMPERATURE), needs=needs, soft=True)  # fmt: skip


def _nearest(design: AbstractionDesign) -> float:
    """Least distance between a pumped and a return well, m."""
    places, rates = design.positions, design.rates
    apart = places[rates > 0.0][:, None, :] - places[rates < 0.0][None, :, :]
    return float(np.hypot(apart[..., 0], apart[..., 1]).min())


def _head_checks(
    design: AbstractionDesign, duty: WaterDuty, rules: WellRules
) -> list[WellCheck | None]:
    """Of every well that gives or takes, the worst of each kind."""
    points = group_points(design, duty.viscosity_ratio)
    if not points:
        missing = ["wells.*.x, y"] if design.closed else ["pumping_test"]
        why, wanted = (None, None) if design.closed else (_NO_STEADY, _PUMPING_TEST)
        return [
            unknown(id, name, unit, rules.row(row), missing, why=why, cure=wanted)
            for id, (name, unit, row, injects) in _HEADS.items()
            if design.returned > 0.0 or not injects
        ]
    gives = _names(design, injects=True)
    takes = _names(design, injects=False)
    return [
        worst_of({
            name: _CHECKS[id](point, rules)
            for name, point in points.items()
            if name in (gives if injects else takes)
        })
        for id, (_, _, _, injects) in _HEADS.items()
    ]  # fmt: skip


def _names(design: AbstractionDesign, *, injects: bool) -> set[str]:
    """Of the points at which water goes in, or comes out; the star marks the other season."""
    found = {well.name for well in design.wells if well.injects is injects}
    if design.exchanges:
        found |= {f"{well.name}*" for well in design.wells if well.injects is not injects}
    return found


def _velocities(design: AbstractionDesign, rules: WellRules) -> list[WellCheck | None]:
    duties = {well.name: _duty(design, well) for well in design.wells}
    flows = {well.name: abs(well.rate) for well in design.wells}

    def of_all(make: Callable[[GroupWell, ScreenDuty], WellCheck | None]) -> WellCheck | None:
        made: Mapping[str, WellCheck | None] = {
            well.name: make(well, duties[well.name]) for well in design.wells
        }
        return worst_of({name: check for name, check in made.items() if check is not None})

    return [
        of_all(lambda well, duty: slot_velocity_check(
            [duty], flows[well.name], well.screen_diameter, well.open_area, design.aggressive,
            rules)),
        of_all(lambda well, duty: wall_velocity_check(
            [duty], flows[well.name], design.loose_ground, rules)),
        of_all(lambda well, duty: clogging_check(
            [duty], flows[well.name], design.membrane_filter_index, design.full_load_time, rules)),
        of_all(lambda well, duty: extraction_velocity_check([duty], flows[well.name], rules)),
    ]  # fmt: skip


def _duty(design: AbstractionDesign, well: GroupWell) -> ScreenDuty:
    return ScreenDuty(
        abs(well.rate), design.screen_length(well), 2.0 * well.radius,
        design.aquifer.radial_conductivity, well.injects, design.aquifer.thickness,
    )  # fmt: skip


def _yield(
    design: AbstractionDesign, duty: WaterDuty, checks: list[WellCheck], rules: WellRules
) -> WellCheck:
    """Wells that take water, by the share of the flow that the other checks leave to the worst."""
    taking = sum(not well.injects for well in design.wells)
    present = {well.name: abs(well.rate) * HOUR for well in design.wells}
    shares = [
        check.needs["flow"] / present[check.well.rstrip("*")]
        for check in checks
        if check.verdict == "fail" and check.well and "flow" in check.needs
    ]
    largest = min([1.0, *shares]) * design.flow / taking
    return yield_check(design.extraction, taking, largest, duty.room(rules), rules, pumped=True)
