"""Water of the wells of a site through the first year of hours, for the check of its coldest."""

from __future__ import annotations

import numpy as np

from diwen.design.site_well_duty import SiteDuty, from_the_start_of_heating
from diwen.design.well_duty import SeasonCourse
from diwen.language import Text
from diwen.site.circulation_model import flow_field_in_cell
from diwen.site.circulation_source import SiteCirculationWell
from diwen.site.groundwater_source import SiteGroundwaterWells, plane_wells

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


def season_of_one(
    built: SiteCirculationWell, duty: SiteDuty, cell: float | None
) -> SeasonCourse | None:
    """The first year of one well, its neighbours a closed cell; None without an hourly load."""
    if duty.hourly is None:
        return None
    from diwen.sources.circulation_well.model_choice import choose_model

    shut = cell is not None and built.count > 1 and built.well.bleed == 0.0
    field = flow_field_in_cell(built, cell if shut else None)
    model = choose_model(
        "design", field, built.flow, natural_temperature=built.undisturbed_temperature,
        measured=False,
    )  # fmt: skip
    load = from_the_start_of_heating(duty.hourly) / built.count
    course = model.simulate(load, np.where(load != 0.0, built.flow, 0.0))
    around = _CELL.format(radius=f"{cell:.3g}") if shut else _NO_CELL
    named = _FIRST_YEAR.format(model=_REDUCED, cell=around)
    return SeasonCourse(float(course.returned.min()), float(course.returned.max()), named)


def season_of_group(built: SiteGroundwaterWells, duty: SiteDuty) -> SeasonCourse | None:
    """The first year of wells that return all their water; None without an hourly load."""
    if duty.hourly is None or not built.reinjects:
        return None
    from diwen.sources.well_field.coupled_wells import ArrivalKernel, march_wells
    from diwen.sources.well_field.potential_flow import trace_arrivals

    kernel = ArrivalKernel.of(trace_arrivals(plane_wells(built))).merged()
    load = from_the_start_of_heating(duty.hourly)
    course = march_wells(kernel, load, np.where(load != 0.0, built.flow, 0.0))
    running = course.returned[load != 0.0]
    at_rest = built.undisturbed_temperature
    named = _FIRST_YEAR.format(model=_PARTICLES, cell=_NO_CELL)
    return SeasonCourse(at_rest - float(running.max()), at_rest - float(running.min()), named)
