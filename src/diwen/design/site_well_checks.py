"""The wells of a site as inputs of the checks, and the checks of a site.

:func:`well_checks_of_site` is the door of ``diwen check SITE --wells``.
"""

from __future__ import annotations

import math
from datetime import date

import numpy as np

from diwen.design.site_well_duty import (
    SiteDuty,
    duty_of_site,
    from_the_start_of_heating,
)
from diwen.design.well_check_result import WellChecks
from diwen.design.well_check_rules import WellRules
from diwen.design.well_checks import check_well
from diwen.design.well_design import WellDesign
from diwen.design.well_duty import SeasonCourse
from diwen.design.well_group_checks import check_well_group
from diwen.design.well_group_design import AbstractionDesign, GroupWell
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.circulation_source import SiteCirculationWell, circulation_well
from diwen.site.groundwater_source import SiteGroundwaterWells, groundwater_wells_of_site
from diwen.site.named_source import named_source
from diwen.sources.aquifer.well import Screen
from diwen.sources.aquifer.well_spacing import nearest_distances

ONE_WELL_KINDS = ("circulation_well", "standing_column_well")
GROUP_KINDS = ("groundwater_wells", "well_doublet")
KINDS = ONE_WELL_KINDS + GROUP_KINDS

_FIRST_YEAR = Text(
    "{model}; first year from untouched ground, hour by hour{cell}",
    "{model}；从初始地温起第一年逐时{cell}",
)
_CELL = Text(
    ", neighbours as a closed cell of {radius} m", "，相邻井按半径 {radius} m 封闭单元考虑"
)
_NO_CELL = Text("", "")
_REDUCED = Text("reduced finite volumes", "有限体积降阶模型")
_PARTICLES = Text("particles between the wells, without conduction", "井间流线质点法，未计导热")
# Words of a lithology that mean rock, and loose ground; rock first, for sandstone is rock.
_ROCK = ("rock", "stone", "granit", "basalt", "gneiss", "schist", "shale", "marble", "岩")
_LOOSE = ("sand", "gravel", "silt", "alluvi", "clay", "砂", "砾", "卵石", "粉土", "黏土", "粘土")


def well_checks_of_site(
    site: Site, source: str = "", *, day: date | None = None
) -> tuple[WellChecks, ...]:
    """The checks of one source of wells, or of all of them.

    Parameters
    ----------
    site : the site
    source : id; all sources of wells if empty
    day : on which the rules are asked; today if not given

    Raises
    ------
    diwen.problems.InputError : no such source, or with everything that is missing, at once
    """
    if source or not any(item.type in KINDS for item in site.sources.values()):
        names = [named_source(site, source, KINDS)]
    else:
        names = [name for name, item in site.sources.items() if item.type in KINDS]
    rules = WellRules.on(day, site.place.region or None)
    found: list[WellChecks] = []
    problems: list[Problem] = []
    for name in names:
        try:
            found.append(_checks(site, name, rules))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(found)


def well_design_of_site(
    site: Site, source: str = "", *, season: bool = True
) -> tuple[WellDesign, tuple[Problem, ...]]:
    """Circulation or standing column wells of a site as a design, and what was assumed.

    Parameters
    ----------
    season : compute the temperatures of a year, where the load is known

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    built = circulation_well(site, source)
    notes = list(built.notes)
    given = built.given
    rated = None if given.rated_capacity is None else given.rated_capacity * built.count
    duty = duty_of_site(site, built.source, built.undisturbed_temperature, notes, rated)
    each = 1.0 / built.count
    spacing = _spacing(built)
    cell = built.cell_radius
    if cell is None and spacing is not None:
        cell = spacing / math.sqrt(math.pi)
    injection = given.rated_injection
    design = WellDesign.of(
        built.well, built.column, built.flow, kind=built.kind,
        undisturbed_temperature=built.undisturbed_temperature,
        extraction=given.rated_capacity if given.rated_capacity is not None
        else _part(duty.extraction, each),
        injection=injection if injection is not None else _part(duty.injection, each),
        season_extraction=_part(duty.season_extraction, each),
        season_injection=_part(duty.season_injection, each),
        full_load_time=duty.full_load_time, static_level=built.static_level,
        pump_depth=given.pump_depth, pump_submergence=given.pump_submergence,
        skin=given.skin or 0.0, well_loss=given.well_loss or 0.0,
        specific_capacity=given.specific_capacity,
        specific_injectivity=given.specific_injectivity,
        screen_diameter=given.screen_diameter or given.casing_diameter,
        open_area=given.open_area, aggressive=given.water.aggressive,
        membrane_filter_index=given.water.membrane_filter_index,
        seal_material=getattr(given, "seal_material", None), count=built.count, spacing=spacing,
        cell_radius=cell if built.count > 1 else None,
        regional_flux=None if built.regional is None else built.regional.darcy_velocity,
        lowest_return=built.limits.lowest_return, highest_return=built.limits.highest_return,
        largest_wellhead_pressure=getattr(given, "maximum_wellhead_pressure", None),
        loose_ground=_loose(site, built.well.pairs[0].extraction.centre),
        needed_heat=duty.needed,
        season=_season_of_one(built, duty, cell) if season else None,
    )  # fmt: skip
    return design, tuple(notes)


def abstraction_design_of_site(
    site: Site, source: str = "", *, season: bool = True
) -> tuple[AbstractionDesign, tuple[Problem, ...]]:
    """Groundwater wells or doublets of a site as a design, and what was assumed.

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    built = groundwater_wells_of_site(site, source)
    notes = list(built.notes)
    duty = duty_of_site(site, built.source, built.undisturbed_temperature, notes)
    wells = [_group_well(built, number) for number in range(len(built.names))]
    water = built.given.water
    design = AbstractionDesign.of(
        wells, built.aquifer, exchanges=built.exchanges,
        undisturbed_temperature=built.undisturbed_temperature,
        extraction=duty.extraction, injection=duty.injection,
        season_extraction=duty.season_extraction, season_injection=duty.season_injection,
        full_load_time=duty.full_load_time, aggressive=water.aggressive,
        membrane_filter_index=water.membrane_filter_index,
        regional_flux=None if built.regional is None else built.regional.darcy_velocity,
        regional_direction=None if built.regional is None else built.regional.angle,
        lowest_return=built.limits.lowest_return, highest_return=built.limits.highest_return,
        largest_wellhead_pressure=built.given.maximum_injection_pressure,
        loose_ground=_loose(site, 0.5 * (built.aquifer.top + built.aquifer.bottom)),
        season=_season_of_group(built, duty) if season else None,
    )  # fmt: skip
    return design, tuple(notes)


def _checks(site: Site, name: str, rules: WellRules) -> WellChecks:
    if site.sources[name].type in ONE_WELL_KINDS:
        design, notes = well_design_of_site(site, name)
        found = check_well(design, rules, source=name)
    else:
        group, notes = abstraction_design_of_site(site, name)
        found = check_well_group(group, rules, source=name)
    return WellChecks(name, found.checks, notes)


def _group_well(built: SiteGroundwaterWells, number: int) -> GroupWell:
    name = built.names[number]
    given = built.given.wells[name]
    level = float(built.static_level[number])
    return GroupWell(
        name, float(built.rates[number]), float(built.radius[number]),
        tuple(Screen(top, bottom) for top, bottom in built.screens[number]),
        float(built.positions[number, 0]), float(built.positions[number, 1]),
        None if math.isnan(level) else level, given.pump_depth, given.pump_submergence,
        given.screen_diameter, given.open_area, given.skin or 0.0, given.well_loss or 0.0,
        given.specific_capacity, given.specific_injectivity,
    )  # fmt: skip


def _spacing(built: SiteCirculationWell) -> float | None:
    """Said, else between the nearest two wells, m; None for one well or unknown places."""
    if built.given.spacing is not None or built.count == 1 or built.positions is None:
        return built.given.spacing if built.count > 1 else None
    return float(nearest_distances(built.positions).min())


def _season_of_one(
    built: SiteCirculationWell, duty: SiteDuty, cell: float | None
) -> SeasonCourse | None:
    """The first year of one well, its neighbours a closed cell; None without an hourly load."""
    if duty.hourly is None:
        return None
    from diwen.sources.circulation_well.flow_field import flow_field
    from diwen.sources.circulation_well.grid import well_grid
    from diwen.sources.circulation_well.model_choice import choose_model

    shut = cell is not None and built.count > 1 and built.well.bleed == 0.0
    grid = well_grid(built.column, built.well, outer_radius=cell if shut else None)
    field = flow_field(built.column, built.well, grid, outer="closed" if shut else "open")
    model = choose_model(
        "design", field, built.flow, natural_temperature=built.undisturbed_temperature,
        measured=False,
    )  # fmt: skip
    load = from_the_start_of_heating(duty.hourly) / built.count
    course = model.simulate(load, np.where(load != 0.0, built.flow, 0.0))
    around = _CELL.format(radius=f"{cell:.3g}") if shut else _NO_CELL
    named = _FIRST_YEAR.format(model=_REDUCED, cell=around)
    return SeasonCourse(float(course.returned.min()), float(course.returned.max()), named)


def _season_of_group(built: SiteGroundwaterWells, duty: SiteDuty) -> SeasonCourse | None:
    """The first year of wells that return all their water; None without an hourly load."""
    if duty.hourly is None or not built.reinjects:
        return None
    from diwen.site.groundwater_source import plane_wells
    from diwen.sources.well_field.coupled_wells import ArrivalKernel, march_wells
    from diwen.sources.well_field.potential_flow import trace_arrivals

    kernel = ArrivalKernel.of(trace_arrivals(plane_wells(built))).merged()
    load = from_the_start_of_heating(duty.hourly)
    course = march_wells(kernel, load, np.where(load != 0.0, built.flow, 0.0))
    running = course.returned[load != 0.0]
    at_rest = built.undisturbed_temperature
    named = _FIRST_YEAR.format(model=_PARTICLES, cell=_NO_CELL)
    return SeasonCourse(at_rest - float(running.max()), at_rest - float(running.min()), named)


def _loose(site: Site, depth: float) -> bool | None:
    """Whether the ground at a depth is loose, by the words of its layer; None where unclear."""
    for layer in site.ground.layers:
        if layer.top <= depth <= layer.bottom:
            words = f"{layer.lithology} {layer.name}".casefold()
            if any(word in words for word in _ROCK):
                return False
            return True if any(word in words for word in _LOOSE) else None
    return None


def _part(value: float | None, share: float) -> float | None:
    return None if value is None else value * share
