"""Groundwater wells and doublets of a site as physical objects.

:func:`groundwater_wells_of_site` builds them; :mod:`.groundwater_model` makes a heat source of
them. What the file leaves open is assumed and said; what nothing can stand in for is refused, all
of it at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from diwen.language import Text
from diwen.problems import InputError, Problem, any_error
from diwen.site import ground
from diwen.site import groundwater_wells as tables
from diwen.site.groundwater_flows import flows_of_wells
from diwen.site.missing_values import SITE_FILE, WELLS, assumed, missing
from diwen.site.model import Site
from diwen.site.named_source import named_source
from diwen.site.shared_aquifer import say_shared_aquifer
from diwen.site.source_flow import source_flow
from diwen.site.sources import GROUP_KINDS
from diwen.site.usual_values import usual_value
from diwen.site.well_ground import (
    RegionalFlow,
    analytic_aquifer,
    aquifer_around,
    ground_column,
    regional_flow,
    water_temperature,
    wet_top,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from diwen.sources.aquifer.column import Aquifer, GroundColumn
    from diwen.sources.response.source_model import SourceLimits
    from diwen.sources.well_field.potential_flow import PlaneWells

_BORE_ASSUMED = Text(
    "diameter of the bore not given ({names}): {diameter} mm is assumed",
    "未给出钻孔直径（{names}）：取 {diameter} mm",
)
_GIVE_BORE = Text("add bore_diameter", "请补充 bore_diameter")
_SEVERAL = Text(
    "the wells stand in several aquifers ({names}): wells of one source share one",
    "该热源各井位于不同含水层（{names}）：同一热源的井应位于同一含水层",
)
_SPLIT = Text("describe them as sources of their own", "请分列为不同热源")
_FULL = Text(
    "wells without screens are taken to be open over the whole aquifer ({names})",
    "未给出滤水管的井按含水层全厚度进水（{names}）",
)
_GIVE_SCREENS = Text("add screens", "请补充 screens")


@dataclass(frozen=True, eq=False)
class SiteGroundwaterWells:
    """Wells that abstract and reinject groundwater, built; observation wells left out.

    Attributes
    ----------
    source : id of the source
    kind : its type in the file
    given : its table, with what only checks ask for
    names : ids of the wells, shape (n,)
    positions : m, shape (n, 2)
    rates : at design flow in the heating season, m³/s, returned positive, pumped negative,
        shape (n,); their sum is zero where all water is reinjected, negative where less is
    radius : of the bores, m, shape (n,)
    screens : (top, bottom) of every screen of every well, m; the whole aquifer where not given
    static_level : depth of the water at rest, m, shape (n,); nan where not given
    aquifer : in which they stand, as one even layer
    column : the ground around
    flow : abstracted by all wells, m³/s
    reinjects : whether the water goes back
    exchanges : whether the wells exchange their roles by season
    undisturbed_temperature : of the water, °C
    regional : groundwater that passes by itself; None where none is given
    limits : of the water that returns
    notes : what was assumed, as warnings
    """

    source: str
    kind: Literal["groundwater_wells", "well_doublet"]
    given: tables.GroundwaterWells | tables.WellDoublet
    names: tuple[str, ...]
    positions: NDArray[np.float64]
    rates: NDArray[np.float64]
    radius: NDArray[np.float64]
    screens: tuple[tuple[tuple[float, float], ...], ...]
    static_level: NDArray[np.float64]
    aquifer: Aquifer
    column: GroundColumn
    flow: float
    reinjects: bool
    exchanges: bool
    undisturbed_temperature: float
    regional: RegionalFlow | None
    limits: SourceLimits
    notes: tuple[Problem, ...] = ()


def groundwater_wells_of_site(site: Site, source: str = "") -> SiteGroundwaterWells:
    """The groundwater wells, or doublets, of one source of a site.

    Parameters
    ----------
    site : the site
    source : id of the source; may be left out where there is only one of these kinds

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    import numpy as np

    from diwen.sources.response.source_model import SourceLimits

    name = named_source(site, source, GROUP_KINDS)
    given = site.sources[name]
    assert isinstance(given, tables.GroundwaterWells | tables.WellDoublet)
    problems: list[Problem] = []
    wells = {key: well for key, well in given.wells.items() if well.role != "observation"}
    column = ground_column(site, problems, max(well.depth for well in wells.values()))
    around = _aquifer(site, wells, name, problems)
    flow = source_flow(site, name, problems)
    reinjects = getattr(given, "reinjection", True)
    for key, well in wells.items():
        if well.x is None or well.y is None:
            lacking = "y" if well.x is not None else "x"
            problems.append(missing(f"sources.{name}.wells.{key}.{lacking}", "x, y", WELLS))
    middle = 0.0 if around is None else 0.5 * (around.top + around.bottom)
    temperature = None
    if around is not None:
        temperature = water_temperature(site, around, middle, problems)
    if (
        column is None
        or around is None
        or flow is None
        or temperature is None
        or any_error(problems)
    ):
        raise InputError(problems)
    say_shared_aquifer(site, name, problems)
    rates = flows_of_wells(wells, flow, name, reinjects, problems)
    kept = [key for key in wells if rates[key] != 0.0]
    levels = [wells[key].static_level for key in kept]
    levels = [around.static_level if level is None else level for level in levels]
    return SiteGroundwaterWells(
        name, given.type, given, tuple(kept),
        np.array([[wells[key].x, wells[key].y] for key in kept], float),
        np.array([rates[key] for key in kept]),
        _radii(wells, kept, name, problems), _screens(wells, kept, around, name, problems),
        np.array([np.nan if level is None else level for level in levels], float),
        analytic_aquifer(column, around), column, flow, reinjects, given.seasonal_exchange,
        temperature, regional_flow(around),
        SourceLimits(given.minimum_return_temperature, given.maximum_return_temperature),
        tuple(problems),
    )  # fmt: skip


def plane_wells(built: SiteGroundwaterWells) -> PlaneWells:
    """The wells in an aquifer of even thickness, over which they are open.

    Flows balance: where the injection wells take too little, they are given all of the water.
    """
    import numpy as np

    from diwen.sources.well_field.potential_flow import PlaneWells

    flux, direction = 0.0, 0.0
    if built.regional is not None:
        flux, given = built.regional.darcy_velocity, built.regional.angle
        direction = _from_return_to_pumped(built) if given is None else given
    back, taken = np.maximum(built.rates, 0.0), np.maximum(-built.rates, 0.0)
    factor = taken.sum() / back.sum()
    return PlaneWells.of(
        built.positions, back * factor - taken, built.aquifer.thickness, regional_flux=flux,
        regional_direction=direction, ground_heat_capacity=built.aquifer.heat_capacity,
    )  # fmt: skip


def _from_return_to_pumped(built: SiteGroundwaterWells) -> float:
    """Direction from the middle of the return wells to that of the pumped ones, rad."""
    import numpy as np

    given, taken = np.maximum(built.rates, 0.0), np.maximum(-built.rates, 0.0)
    way = taken @ built.positions / taken.sum() - given @ built.positions / given.sum()
    return float(np.arctan2(way[1], way[0]))


def _aquifer(
    site: Site, wells: dict[str, tables.Well], source: str, problems: list[Problem]
) -> ground.Aquifer | None:
    """The one aquifer of all screens; the only one there is where no well has a screen."""
    screens = [screen for well in wells.values() for screen in well.screens]
    found: list[ground.Aquifer] = []
    for screen in screens:
        aquifer = aquifer_around(site, screen.top, screen.bottom)
        if aquifer is not None and aquifer not in found:
            found.append(aquifer)
    if not screens and len(site.ground.aquifers) == 1:
        found = list(site.ground.aquifers)
    if len(found) == 1:
        return found[0]
    where = f"sources.{source}.wells"
    if found:
        names = ", ".join(item.name or f"{item.top:g}…{item.bottom:g} m" for item in found)
        problems.append(Problem(SITE_FILE, where, _SEVERAL.format(names=names), _SPLIT))
    elif site.ground.aquifers:
        problems.append(missing(f"{where}.*.screens", "screens", WELLS))
    return None


def _radii(
    wells: dict[str, tables.Well], keys: list[str], source: str, problems: list[Problem]
) -> NDArray[np.float64]:
    import numpy as np

    given = {key: wells[key].bore_diameter or wells[key].screen_diameter for key in keys}
    lacking = [key for key, value in given.items() if value is None]
    usual = usual_value("default.well_bore_diameter")
    if lacking:
        message = _BORE_ASSUMED.format(names=", ".join(lacking), diameter=f"{usual * 1e3:g}")
        problems.append(assumed(f"sources.{source}.wells.*.bore_diameter", message, _GIVE_BORE))
    return np.array([0.5 * (value or usual) for value in given.values()], float)


def _screens(
    wells: dict[str, tables.Well], keys: list[str], aquifer: ground.Aquifer, source: str,
    problems: list[Problem],
) -> tuple[tuple[tuple[float, float], ...], ...]:  # fmt: skip
    lacking = [key for key in keys if not wells[key].screens]
    if lacking:
        message = _FULL.format(names=", ".join(lacking))
        problems.append(assumed(f"sources.{source}.wells.*.screens", message, _GIVE_SCREENS))
    whole = ((wet_top(aquifer), aquifer.bottom),)
    return tuple(
        tuple((screen.top, screen.bottom) for screen in wells[key].screens) or whole for key in keys
    )
