"""The wells of a site as inputs of the checks, and the checks of a site.

:func:`well_checks_of_site` is the door of ``diwen check SITE --wells``.
"""

from __future__ import annotations

import math
from datetime import date

from diwen.design.site_well_duty import duty_of_site
from diwen.design.site_well_season import courses_of_group, courses_of_one
from diwen.design.well_check_result import WellChecks
from diwen.design.well_check_rules import WellRules
from diwen.design.well_checks import check_well
from diwen.design.well_design import WellDesign
from diwen.design.well_group_checks import check_well_group
from diwen.design.well_group_design import AbstractionDesign, GroupWell
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.circulation_model import well_cell_radius
from diwen.site.circulation_source import SiteCirculationWell, circulation_well
from diwen.site.groundwater_source import SiteGroundwaterWells, groundwater_wells_of_site
from diwen.site.loose_ground import loose_ground
from diwen.site.named_source import named_source
from diwen.site.sources import GROUP_KINDS, ONE_WELL_KINDS
from diwen.sources.aquifer.well import Screen
from diwen.sources.aquifer.well_spacing import nearest_distances

__all__ = [
    "GROUP_KINDS",
    "KINDS",
    "ONE_WELL_KINDS",
    "abstraction_design_of_site",
    "well_checks_of_site",
    "well_design_of_site",
]

KINDS = ONE_WELL_KINDS + GROUP_KINDS


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
    season : compute the temperatures of the first year and of the planned years, where the load
        is known

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
    # The same cell as that of the model of the source.
    cell = well_cell_radius(built) or built.cell_radius
    first, years = courses_of_one(site, built, duty) if season else (None, None)
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
        seal_material=getattr(given, "seal_material", None),
        bypass_known="bypass" in given.model_fields_set, count=built.count, spacing=spacing,
        cell_radius=cell if built.count > 1 else None,
        regional_flux=None if built.regional is None else built.regional.darcy_velocity,
        lowest_return=built.limits.lowest_return, highest_return=built.limits.highest_return,
        largest_wellhead_pressure=getattr(given, "maximum_wellhead_pressure", None),
        loose_ground=loose_ground(site, built.well.pairs[0].extraction.centre),
        needed_heat=duty.needed,
        season=first, years=years, planned_years=site.operation.planned_years,
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
    first, years = courses_of_group(site, built, duty) if season else (None, None)
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
        loose_ground=loose_ground(site, 0.5 * (built.aquifer.top + built.aquifer.bottom)),
        season=first, years=years, planned_years=site.operation.planned_years,
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


def _part(value: float | None, share: float) -> float | None:
    return None if value is None else value * share
