"""Water of the wells of a site, hour by hour: through the first heating season and the years."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.design.site_well_duty import SiteDuty, from_the_start_of_heating
from diwen.design.well_duty import SeasonCourse, YearsCourse
from diwen.design.well_group_study import can_exchange, march_of_group
from diwen.design.well_load import settle, well_load, years_of_operation
from diwen.design.well_study import march_of_wells, model_of_years
from diwen.design.well_years import highest_of_years, lowest_of_years
from diwen.language import Text
from diwen.problems import Problem
from diwen.site import Site
from diwen.site.circulation_model import flow_field_of_well, well_cell_radius
from diwen.site.circulation_source import SiteCirculationWell
from diwen.site.groundwater_source import SiteGroundwaterWells, plane_wells

Floats = NDArray[np.float64]
March = Callable[[Floats], tuple[Floats, Floats]]
Courses = tuple[SeasonCourse | None, YearsCourse | None]

_FIRST_YEAR = Text(
    "{model}; first year from untouched ground, hour by hour{cell}",
    "{model}；从初始地温起第一年逐时{cell}",
)
_YEARS = Text(
    "{model}; hour by hour from untouched ground{cell}", "{model}；从初始地温起逐时{cell}"
)
_CELL = Text(
    ", neighbours as a closed cell of {radius} m", "，相邻井按半径 {radius} m 封闭单元考虑"
)
_NO_CELL = Text("", "")
_REDUCED = Text("reduced finite volumes", "有限体积降阶模型")
_PARTICLES = Text("particles between the wells, without conduction", "井间流线质点法，未计导热")


def courses_of_one(site: Site, built: SiteCirculationWell, duty: SiteDuty) -> Courses:
    """The first season and the planned years of one well, its neighbours a closed cell.

    None each without an hourly load.
    """
    if duty.hourly is None or not duty.hourly.any():
        return None, None
    from diwen.sources.circulation_well.heat_operator import WATER_HEAT_CAPACITY

    span, radius = years_of_operation(site, None, []), well_cell_radius(built)
    model = model_of_years(flow_field_of_well(built), built, span, False)
    march = march_of_wells(model, built)
    around = _NO_CELL if radius is None else _CELL.format(radius=f"{radius:.3g}")
    lonely = built.count > 1 and radius is None and built.well.bleed == 0.0
    rate = WATER_HEAT_CAPACITY * built.total_flow
    heat, returned = _settled(
        site, built.source, rate, span, built.undisturbed_temperature, march, duty.hourly
    )
    return (
        _season(march, duty.hourly, _FIRST_YEAR.format(model=_REDUCED, cell=around)),
        _years(heat, returned, _YEARS.format(model=_REDUCED, cell=around),
               ("spacing",) if lonely else ()),
    )  # fmt: skip


def courses_of_group(site: Site, built: SiteGroundwaterWells, duty: SiteDuty) -> Courses:
    """The first season and the planned years of wells that return all their water.

    None each without an hourly load. The season is that of the roles in heating.
    """
    if duty.hourly is None or not duty.hourly.any() or not built.reinjects:
        return None, None
    from diwen.sources.aquifer.heat_arithmetic import WATER_HEAT_CAPACITY
    from diwen.sources.well_field.potential_flow import trace_arrivals

    arrivals, span = trace_arrivals(plane_wells(built)), years_of_operation(site, None, [])
    march = march_of_group(built, arrivals, can_exchange(built))
    heat, returned = _settled(
        site, built.source, WATER_HEAT_CAPACITY * built.flow, span,
        built.undisturbed_temperature, march, duty.hourly,
    )  # fmt: skip
    one_way = march_of_group(built, arrivals, False)
    return (
        _season(one_way, duty.hourly, _FIRST_YEAR.format(model=_PARTICLES, cell=_NO_CELL)),
        _years(heat, returned, _YEARS.format(model=_PARTICLES, cell=_NO_CELL)),
    )


def _season(march: March, hourly: Floats, model: Text) -> SeasonCourse:
    """Ends of the first year, begun with the heating, in hours with a load."""
    load = from_the_start_of_heating(hourly)
    running = march(load)[1][load != 0.0]
    return SeasonCourse(float(running.min()), float(running.max()), model)


def _years(
    heat: Floats, returned: Floats, model: Text, missing: tuple[str, ...] = ()
) -> YearsCourse:
    """Of each year in hours of heating, and in hours of cooling."""
    return YearsCourse(
        tuple(lowest_of_years(returned, np.maximum(heat, 0.0)).tolist()),
        tuple(highest_of_years(returned, np.minimum(heat, 0.0)).tolist()), model, missing,
    )  # fmt: skip


def _settled(
    site: Site, source: str, rate: float, years: int, temperature: float, march: Any,
    hourly: Floats,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Heat and returned water through the years, as the study of the wells finds them.

    Where the plant is not known well enough for it, the mean year is repeated.
    """
    problems: list[Problem] = []
    load = well_load(site, source, rate, problems)
    if load is None:
        heat = np.resize(hourly, years * len(hourly))
        return heat, march(heat)[1]
    found = settle(load, years, temperature, march)
    return found.heat, found.returned
