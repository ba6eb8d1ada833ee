"""Sources of a site whose wells stand in the same aquifer: each is computed alone, it is said."""

from __future__ import annotations

from diwen.language import Text
from diwen.problems import Problem
from diwen.site.circulation_wells import CirculationWell, StandingColumnWell
from diwen.site.ground import Aquifer
from diwen.site.groundwater_wells import GroundwaterWells, WellDoublet
from diwen.site.missing_values import assumed
from diwen.site.model import Site
from diwen.site.waters import SourceTable
from diwen.site.well_ground import wet_top

_SHARED = Text(
    "the wells of {others} stand in the same aquifer: how they influence each other, in head and "
    "in temperature, is left out",
    "{others} 的井位于同一含水层：未计彼此之间的水位与温度影响",
)
_TOGETHER = Text(
    "where they stand near each other, describe wells of one kind as one source",
    "相距较近时，请将同类井合并为一个热源描述",
)


def say_shared_aquifer(site: Site, source: str, problems: list[Problem]) -> None:
    """A note where other sources have wells in an aquifer of this one.

    Parameters
    ----------
    site : the site
    source : id of a source with wells
    problems : the note is appended
    """
    own = _aquifers_of(site, site.sources[source])
    others = [
        name
        for name, given in site.sources.items()
        if name != source and own & _aquifers_of(site, given)
    ]
    if others:
        message = _SHARED.format(others=", ".join(others))
        problems.append(assumed(f"sources.{source}", message, _TOGETHER))


def _aquifers_of(site: Site, given: SourceTable) -> set[int]:
    """Which aquifers the wells of a source are open to, by their number in the file."""
    return {
        number
        for number, aquifer in enumerate(site.ground.aquifers)
        if any(_meet(aquifer, top, bottom) for top, bottom in _open_spans(given))
    }


def _meet(aquifer: Aquifer, top: float, bottom: float) -> bool:
    return top < aquifer.bottom - 1e-6 and bottom > wet_top(aquifer) + 1e-6


def _open_spans(given: SourceTable) -> list[tuple[float, float]]:
    """Depths over which wells are open: their screens, else the whole of the well, m."""
    if isinstance(given, GroundwaterWells | WellDoublet):
        wells = [well for well in given.wells.values() if well.role != "observation"]
        spans = [(screen.top, screen.bottom) for well in wells for screen in well.screens]
        return spans + [(0.0, well.depth) for well in wells if not well.screens]
    if isinstance(given, CirculationWell):
        zones = [zone for one in given.stages for zone in (one.return_zone, one.extraction_zone)]
        return [(zone.top, zone.bottom) for zone in zones]
    if isinstance(given, StandingColumnWell):
        return [(given.casing_depth or 0.0, given.depth)]
    return []
