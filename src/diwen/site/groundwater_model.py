"""Groundwater wells and doublets of a site in the one shape of all sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.site.groundwater_source import (
    SiteGroundwaterWells,
    groundwater_wells_of_site,
    plane_wells,
)
from diwen.site.model import Site
from diwen.site.source_exchanger import seen_from_plant

if TYPE_CHECKING:
    from diwen.sources.response.source_model import SourceModel

_NO_DIRECTION = Text(
    "direction of the regional flow not given: taken from the return wells to the pumped ones, "
    "where it harms most",
    "未给出区域地下水流向：按由回灌井流向抽水井的最不利方向计算",
)
_NOT_RETURNED = Text(
    "the water is not reinjected: it always comes at its natural temperature; that the level may "
    "sink over the years is not modelled",
    "抽出的水不回灌：取水温度始终为天然水温；未计水位逐年下降",
)
_PARTLY_RETURNED = Text(
    "{rest} m³/h are not reinjected: the temperatures are computed as if all of the water went "
    "back through the injection wells, the careful side",
    "有 {rest} m³/h 未回灌：水温按全部由回灌井回灌计算，结果偏于安全",
)
_ONE_SEASON = Text(
    "wells that exchange their roles are computed with those of the heating season: the careful "
    "side, as the exchange brings back the heat of the other season",
    "抽灌互换的井按供暖季角色计算：未计互换后回收另一季储存的热量，结果偏于安全",
)


def groundwater_model(site: Site, source: str) -> SourceModel:
    """Groundwater wells or doublets of a site as a heat source.

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    from diwen.sources.well_field.field_source import well_field_source_model

    built = groundwater_wells_of_site(site, source)
    rest = -float(built.rates.sum()) if built.reinjects else 0.0
    if built.reinjects:
        model = well_field_source_model(
            plane_wells(built), undisturbed_temperature=built.undisturbed_temperature,
            limits=built.limits, kind=built.kind,
        )  # fmt: skip
    else:
        model = _without_return(built)
    notes = [problem.message for problem in built.notes]
    if rest > 1e-9 * built.flow:
        notes.append(_PARTLY_RETURNED.format(rest=f"{rest * 3600.0:.4g}"))
    if built.exchanges:
        notes.append(_ONE_SEASON)
    if built.reinjects and built.regional is not None and built.regional.angle is None:
        notes.append(_NO_DIRECTION)
    return seen_from_plant(site, source, model, notes)


def _without_return(built: SiteGroundwaterWells, flow: float | None = None) -> SourceModel:
    """Wells whose water does not come back: no memory."""
    import numpy as np

    from diwen.fluids import fluid
    from diwen.sources.response.modes import Response
    from diwen.sources.response.source_model import SourceModel

    used = built.flow if flow is None else flow
    rate = used * float(fluid("water").heat_capacity(built.undisturbed_temperature))
    response = Response(np.empty(0), np.empty((1, 1, 0)), np.full((1, 1), 0.5 / rate), np.ones(1))
    return SourceModel(
        built.kind, response, built.undisturbed_temperature, rate, used, built.limits, 0.0,
        lambda other: _without_return(built, other), (_NOT_RETURNED,),
    )  # fmt: skip
