"""Whether a circulation well can return all its water, as a list of checks.

The door of item by item judgement before anything is simulated: each check is one small function
of plain inputs (:class:`.well_design.WellDesign`), heads and rules, in the modules
``well_check_*``. A design of which one check fails cannot work as it stands and is refused, with
the reasons and the numbers that would cure it.
"""

from __future__ import annotations

from diwen.design.well_check_closure import (
    bearing_check,
    bypass_check,
    gravel_check,
    same_layer_check,
    water_balance_check,
)
from diwen.design.well_check_field import (
    buoyancy_check,
    head_spacing_check,
    regional_flow_check,
    season_volume_check,
    thermal_radius_check,
)
from diwen.design.well_check_heads import WellHeads, heads_of
from diwen.design.well_check_heat import (
    coldest_hour_check,
    conduction_check,
    freezing_check,
    power_check,
    warm_return_check,
    warmest_hour_check,
    yield_check,
)
from diwen.design.well_check_injection import (
    effective_stress_check,
    lifting_check,
    seal_gradient_check,
    wellhead_pressure_check,
)
from diwen.design.well_check_pump import covered_screen_check, pump_submergence_check
from diwen.design.well_check_result import WellCheck, WellChecks
from diwen.design.well_check_rules import WellRules
from diwen.design.well_check_velocity import (
    ScreenDuty,
    clogging_check,
    extraction_velocity_check,
    slot_velocity_check,
    wall_velocity_check,
)
from diwen.design.well_check_years import YearlyHeat, coldest_years_check, warmest_years_check
from diwen.design.well_design import WellDesign
from diwen.design.well_point import WellPoint, extraction_point, injection_point
from diwen.sources.response.time_units import HOUR


def check_well(
    design: WellDesign, rules: WellRules | None = None, *, heads: WellHeads | None = None,
    quick: bool = False, source: str = "",
) -> WellChecks:  # fmt: skip
    """All checks of a circulation or standing column well.

    Parameters
    ----------
    design : the well and its duty
    rules : the rows that hold; those of today in any place if not given
    heads : as found before; computed if not given
    quick : take the closed form of the heads where it holds (see :func:`.heads_of`)
    source : id to put on the result

    Raises
    ------
    diwen.problems.InputError : screens outside the ground described
    """
    rules = rules or WellRules.on()
    heads = heads or heads_of(design, quick=quick)
    into, out = injection_point(design, heads), extraction_point(design, heads)
    coldest, heat = coldest_hour_check(design.duty, rules), YearlyHeat.of(design)
    made = [
        water_balance_check(1.0 - design.well.bleed, rules, bled=True),
        same_layer_check(design, heads, rules),
        *_returns(design, into, rules),
        pump_submergence_check(out, rules),
        covered_screen_check(out, rules),
        seal_gradient_check(design, heads, rules),
        bearing_check(design, rules),
        *_velocities(design, rules),
        bypass_check(design, rules),
        gravel_check(design, heads, rules),
        power_check(design.duty, rules),
        conduction_check(design, heads, rules),
        freezing_check(design.duty, rules),
        coldest,
        coldest_years_check(design.duty, heat, rules),
        warm_return_check(design.duty),
        warmest_hour_check(design.duty),
        warmest_years_check(design.duty, heat),
        thermal_radius_check(design, rules),
        season_volume_check(design, heads, rules, judged=coldest),
        head_spacing_check(design, heads, rules),
        regional_flow_check(design, rules),
        buoyancy_check(design, heads, rules),
    ]
    checks = [check for check in made if check is not None]
    checks.append(_yield(design, checks, rules))
    return WellChecks(source, tuple(checks))


def _returns(design: WellDesign, into: WellPoint, rules: WellRules) -> list[WellCheck]:
    """Of the water that goes back; where all of it is bled off there is none."""
    if design.well.bleed >= 1.0:
        return []
    return [
        wellhead_pressure_check(into, rules),
        lifting_check(into, rules),
        effective_stress_check(into, rules),
    ]


def largest_flow(design: WellDesign, checks: list[WellCheck]) -> float:
    """Through one well by the checks that refuse it, m³/s; the design flow where none does."""
    flows = [check.needs["flow"] / HOUR for check in checks
             if check.verdict == "fail" and "flow" in check.needs]  # fmt: skip
    return min([design.flow, *flows])


def _velocities(design: WellDesign, rules: WellRules) -> list[WellCheck | None]:
    """Of slots and walls; an open hole in rock has neither."""
    if design.standing_column:
        return []
    duties = [
        ScreenDuty(flow, screen.length, 2.0 * design.well.radius,
                   design.conductivity_along(screen), number % 2 == 0,
                   0.5 * design.swept_thickness)
        for number, (screen, flow) in enumerate(
            zip(design.screens, design.screen_flows, strict=True)
        )
    ]  # fmt: skip
    return [
        slot_velocity_check(duties, design.flow, design.screen_diameter, design.open_area,
                            design.aggressive, rules),
        wall_velocity_check(duties, design.flow, design.loose_ground, rules),
        clogging_check(duties, design.flow, design.membrane_filter_index, design.full_load_time,
                       rules),
        extraction_velocity_check(duties, design.flow, rules),
    ]  # fmt: skip


def _yield(design: WellDesign, checks: list[WellCheck], rules: WellRules) -> WellCheck:
    heat = design.needed_heat
    if heat is None and design.extraction is not None:
        heat = design.extraction * design.count
    largest, room = largest_flow(design, checks), design.duty.room(rules)
    return yield_check(heat, design.count, largest, room, rules)
