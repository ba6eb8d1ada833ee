"""Circulation and standing column wells of a site as physical objects.

:func:`circulation_well` is the door. What the file leaves open is assumed and said; what nothing
can stand in for is refused, all of it at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from diwen.problems import InputError, Problem, any_error
from diwen.site import circulation_wells as tables
from diwen.site import ground
from diwen.site.missing_values import SITE_FILE
from diwen.site.model import Site
from diwen.site.named_source import named_source
from diwen.site.shared_aquifer import say_shared_aquifer
from diwen.site.source_flow import source_flow
from diwen.site.sources import ONE_WELL_KINDS
from diwen.site.well_geometry import (
    cell_radius,
    circulation_geometry,
    standing_column_geometry,
    well_count,
    well_positions,
)
from diwen.site.well_ground import (
    RegionalFlow,
    analytic_aquifer,
    aquifer_around,
    ground_column,
    regional_flow,
    water_temperature,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from diwen.sources.aquifer.column import Aquifer, GroundColumn
    from diwen.sources.aquifer.well import CirculationWell
    from diwen.sources.response.source_model import SourceLimits


@dataclass(frozen=True, eq=False)
class SiteCirculationWell:
    """Equal circulation wells (or standing column wells) of a site, built.

    Attributes
    ----------
    source : id of the source
    kind : its type in the file
    given : its table, with what only checks ask for (open area, seal, water quality, ratings)
    well : screens, seal, gravel, bypass, bleed of one well
    column : the ground around it
    aquifer : the one aquifer in which all its screens stand, as one even layer; None where they
        stand in several
    count : number of equal wells
    names : ids of the wells; the id of the source where they have none of their own
    positions : m, shape (count, 2); None where neither positions nor spacing are given
    cell_radius : radius of the ground one well of a regular field owns, m; None without a spacing
    flow : circulated by one well, m³/s
    static_level : depth of the water at rest, m, negative: artesian; None where not given
    undisturbed_temperature : of the water, °C
    regional : groundwater that passes by itself; None where none is given
    limits : of the water that returns
    notes : what was assumed, as warnings
    """

    source: str
    kind: Literal["circulation_well", "standing_column_well"]
    given: tables.CirculationWell | tables.StandingColumnWell
    well: CirculationWell
    column: GroundColumn
    aquifer: Aquifer | None
    count: int
    names: tuple[str, ...]
    positions: NDArray[np.float64] | None
    cell_radius: float | None
    flow: float
    static_level: float | None
    undisturbed_temperature: float
    regional: RegionalFlow | None
    limits: SourceLimits
    notes: tuple[Problem, ...] = ()

    @property
    def total_flow(self) -> float:
        """Circulated by all wells together, m³/s."""
        return self.flow * self.count


def circulation_well(site: Site, source: str = "") -> SiteCirculationWell:
    """The circulation wells, or standing column wells, of one source of a site.

    Parameters
    ----------
    site : the site
    source : id of the source; may be left out where there is only one of these kinds

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    from diwen.sources.response.source_model import SourceLimits

    name = named_source(site, source, ONE_WELL_KINDS)
    given = site.sources[name]
    assert isinstance(given, tables.CirculationWell | tables.StandingColumnWell)
    problems: list[Problem] = []
    column = ground_column(site, problems, given.depth)
    well = _geometry(given, name, problems)
    flow = source_flow(site, name, problems)
    around = _aquifers(site, well)
    depth = given.depth if well is None else well.pairs[0].extraction.centre
    temperature = water_temperature(site, around[0] if around else None, depth, problems)
    positions = well_positions(given, name, problems)
    if column is None or well is None or flow is None or temperature is None or any_error(problems):
        raise InputError(problems)
    say_shared_aquifer(site, name, problems)
    count = well_count(given)
    first = around[0] if around else None
    single = first if first is not None and all(item is first for item in around) else None
    level = given.static_level
    if level is None and first is not None:
        level = first.static_level
    return SiteCirculationWell(
        name, given.type, given, well, column,
        None if single is None else analytic_aquifer(column, single),
        count, tuple(given.wells) or (name,), positions, cell_radius(given), flow / count,
        level, temperature, None if first is None else regional_flow(first),
        SourceLimits(given.minimum_return_temperature, given.maximum_return_temperature),
        tuple(problems),
    )  # fmt: skip


def _geometry(
    given: tables.CirculationWell | tables.StandingColumnWell, name: str, problems: list[Problem]
) -> CirculationWell | None:
    """The well's shape; what it refuses is said of the source in the site file."""
    try:
        if isinstance(given, tables.CirculationWell):
            return circulation_geometry(given, name, problems)
        return standing_column_geometry(given, name, problems)
    except InputError as error:
        problems += [
            Problem(
                SITE_FILE, f"sources.{name}.{_key(problem.where)}", problem.message, problem.cure,
                problem.value, problem.allowed,
            )
            for problem in error.problems
        ]  # fmt: skip
        return None


def _key(where: str) -> str:
    """What the site file calls a part of the well's shape."""
    return where.replace("annulus.", "particles.", 1)


def _aquifers(site: Site, well: CirculationWell | None) -> list[ground.Aquifer | None]:
    """The aquifer of every screen, extraction first; None where it stands in no single one."""
    if well is None:
        return []
    screens = [pair.extraction for pair in well.pairs] + [pair.injection for pair in well.pairs]
    return [aquifer_around(site, screen.top, screen.bottom) for screen in screens]
