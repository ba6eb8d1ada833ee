"""Circulation wells of a site in the one shape of all sources.

A regular field is one well in a closed cell of its own ground; wells at irregular places, or with
groundwater that passes by itself, are followed by particles; a single well stands in open ground.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError
from diwen.site.circulation_source import SiteCirculationWell, circulation_well
from diwen.site.missing_values import WELLS, missing
from diwen.site.model import Site
from diwen.site.source_exchanger import seen_from_plant
from diwen.site.usual_values import usual_value
from diwen.sources.response.time_units import YEAR

if TYPE_CHECKING:
    from diwen.sources.circulation_well.flow_field import FlowField
    from diwen.sources.circulation_well.reduced_well import ReducedWell
    from diwen.sources.response.source_model import SourceModel
    from diwen.sources.well_field.circulation_field import CirculationField

_LEAST_REGIONAL = "well.regional_heat_share"

_CELL = Text(
    "each well has a closed cell of {radius} m radius of its own: no heat and no water passes "
    "between the wells or to the ground outside the field, the careful side; heat leaves through "
    "the surface, which keeps its temperature",
    "每口井占有半径 {radius} m 的封闭单元：井间及与场外无热量与水量交换，结果偏于安全；"
    "地表保持天然温度，热量可经地表散失",
)
_MEAN_CELL = Text(
    "the wells stand in several aquifers, or have gravel or bleed: in place of their positions "
    "each gets a cell as wide as half the mean distance to the nearest well",
    "井跨多个含水层，或有换热颗粒、排放：不按井位计算，单元半径取平均最近井距的一半",
)
_REGIONAL_LEFT_OUT = Text(
    "the regional flow of the groundwater is left out; it would bring water at its natural "
    "temperature",
    "未计区域地下水流；其可带来天然水温的水",
)
_REGIONAL_SMALL = Text(
    "the regional flow that passes the wells is {share:.1%} of the circulated water: left out, as "
    "conduction counts for more",
    "流经井区的区域地下水流量为循环水量的 {share:.1%}：不计，导热影响更大",
)
_NO_DIRECTION = Text(
    "direction of the regional flow not given: taken along the x axis",
    "未给出区域地下水流向：按沿 x 轴计算",
)


def circulation_model(site: Site, source: str) -> SourceModel:
    """Circulation or standing column wells of a site as a heat source.

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    built = circulation_well(site, source)
    if built.count > 1 and built.positions is None:
        where = f"sources.{source}.spacing"
        raise InputError([missing(where, "spacing / wells.*.x, y", WELLS)])
    horizon = YEAR * site.operation.planned_years
    model = _by_particles(built, horizon) if _needs_particles(built) else _by_cells(built, horizon)
    notes = [problem.message for problem in built.notes]
    return seen_from_plant(site, source, model, [*_field_notes(built), *notes])


def well_cell_radius(built: SiteCirculationWell) -> float | None:
    """Radius of the closed cell of one well, m; None for a single well in open ground.

    From the spacing, else half the mean distance to the nearest well.
    """
    from diwen.sources.aquifer.well_spacing import nearest_distances

    if built.count == 1 or built.well.bleed > 0.0:
        return None
    if built.cell_radius is not None or built.positions is None:
        return built.cell_radius
    return float(0.5 * nearest_distances(built.positions).mean())


def flow_field_of_well(built: SiteCirculationWell) -> FlowField:
    """Steady flow around one of the wells, in its cell or in open ground."""
    return flow_field_in_cell(built, well_cell_radius(built))


def flow_field_in_cell(built: SiteCirculationWell, radius: float | None) -> FlowField:
    """Steady flow around one of the wells in a closed cell, m; in open ground where None."""
    from diwen.sources.circulation_well.flow_field import flow_field
    from diwen.sources.circulation_well.grid import well_grid

    grid = well_grid(built.column, built.well, outer_radius=radius)
    return flow_field(built.column, built.well, grid, outer="open" if radius is None else "closed")


def reduced_well_of(built: SiteCirculationWell, horizon: float = 25.0 * YEAR) -> ReducedWell:
    """One of the wells as modes that hold at any flow, for years of changing flow.

    The surface keeps its own temperature: in a closed cell it is the only way out for heat.

    Parameters
    ----------
    built : the wells
    horizon : longest time that matters, s
    """
    from diwen.sources.circulation_well.heat_operator import heat_operator
    from diwen.sources.circulation_well.model_reduction import reduce_well

    return reduce_well(
        heat_operator(flow_field_of_well(built), surface="fixed"), built.flow,
        natural_temperature=built.undisturbed_temperature, horizon=horizon,
    )  # fmt: skip


def circulation_field_of(built: SiteCirculationWell) -> CirculationField:
    """All wells at their places with the regional flow; only for wells in one aquifer."""
    from diwen.sources.well_field.circulation_field import CirculationField

    assert built.aquifer is not None
    assert built.positions is not None
    regional = built.regional
    return CirculationField.of(
        built.positions, built.flow, built.well, built.aquifer,
        regional_flux=0.0 if regional is None else regional.darcy_velocity,
        regional_direction=0.0 if regional is None else regional.angle or 0.0,
    )  # fmt: skip


def _needs_particles(built: SiteCirculationWell) -> bool:
    """Irregular places or regional flow that matters, as far as the particles know such wells.

    Particles leave out conduction, which over decades counts for more than a small regional flow.
    """
    plain = built.aquifer is not None and built.well.annulus is None and built.well.bleed == 0.0
    irregular = built.count > 1 and built.cell_radius is None
    return plain and (irregular or _regional_share(built) > usual_value(_LEAST_REGIONAL))


def _regional_share(built: SiteCirculationWell) -> float:
    """Regional flow through the ground of one well over the water it circulates: ``U 2R H / Q``.

    R of its cell, else the span of its screens; H of the aquifer. It is the share of
    :func:`diwen.sources.aquifer.thermal_front.regional_flow_share` where the ground changes by as
    much as the water.
    """
    if built.regional is None or built.aquifer is None:
        return 0.0
    ends = [
        depth
        for pair in built.well.pairs
        for screen in (pair.injection, pair.extraction)
        for depth in (screen.top, screen.bottom)
    ]
    radius = built.cell_radius or max(ends) - min(ends)
    passing = built.regional.darcy_velocity * 2.0 * radius * built.aquifer.thickness
    return passing / built.flow


def _by_particles(built: SiteCirculationWell, horizon: float) -> SourceModel:
    from diwen.sources.well_field.field_source import well_field_source_model

    return well_field_source_model(
        circulation_field_of(built), undisturbed_temperature=built.undisturbed_temperature,
        horizon=horizon, limits=built.limits, kind=built.kind,
    )  # fmt: skip


def _by_cells(built: SiteCirculationWell, horizon: float) -> SourceModel:
    from diwen.sources.circulation_well.well_response import well_source_model

    return well_source_model(
        reduced_well_of(built, horizon), built.flow, count=built.count, limits=built.limits,
        horizon=horizon,
    )  # fmt: skip


def _field_notes(built: SiteCirculationWell) -> list[Text]:
    """What the chosen way makes of neighbours and of the regional flow."""
    if _needs_particles(built):
        unknown = built.regional is not None and built.regional.angle is None
        return [_NO_DIRECTION] if unknown else []
    notes: list[Text] = []
    radius = well_cell_radius(built)
    if radius is not None:
        notes.append(_CELL.format(radius=f"{radius:.1f}"))
        if built.cell_radius is None:
            notes.append(_MEAN_CELL)
    share = _regional_share(built)
    if share > usual_value(_LEAST_REGIONAL):
        notes.append(_REGIONAL_LEFT_OUT)
    elif built.regional is not None:
        small = _REGIONAL_SMALL.format(share=share) if share else _REGIONAL_LEFT_OUT
        notes.append(small)
    return notes
