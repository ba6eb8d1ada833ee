"""Which ratios of a simulated plant would leave out pumps that it must have.

A heat pump that draws on a liquid has pumps on that side, and one that heats or cools water has
pumps behind it. Where the site names none, their electricity is not counted; a system figure
without them would look better than any plant can be. It is refused, as the evaluation of records
refuses it (:mod:`diwen.evaluation.known_pumps`), for every boundary by itself: a plant whose pumps
at the source are known has an SPF H2.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from diwen.language import Text

if TYPE_CHECKING:
    from diwen.plant.station import Station
    from diwen.site import Site

_LIQUIDS = ("water", "brine")
_SOURCES = Text("source {names}", "热源 {names}")
_LOOPS = Text("loop {names}", "回路 {names}")
_BOTH = Text("{one} and of {other}", "{one}、{other}")
_REASON = Text(
    "no pump of {places} is named: add [pumps.ID], or say heat_pumps.ID.built_in_pumps = true; "
    "without it their electricity would be left out",
    "未登记{places}的水泵：请增加 [pumps.ID]，或写明 heat_pumps.ID.built_in_pumps = true；"
    "否则会漏计水泵用电",
)
# What the boundary of each ratio holds besides the units: sources, loops of heat, loops of cold.
_BOUNDARIES = {
    "cop_system": (True, ("heat",)),
    "eer_system": (True, ("cold",)),
    "spf_h2": (True, ()),
    "spf_h3": (True, ()),
    "spf_h4": (True, ("heat",)),
    "combined": (True, ("heat", "cold")),
}  # fmt: skip


def refused_ratios(site: Site, station: Station) -> dict[str, Text]:
    """Ratios of :class:`~diwen.twin.summary.YearSummary` that cannot be told, and why.

    Parameters
    ----------
    site : says which heat pumps have their pumps built in, and what they draw on and heat
    station : the plant, with the pumps of every loop
    """
    sources = sources_without_pumps(site, station)
    found = {}
    for ratio, (at_source, kinds) in _BOUNDARIES.items():
        loops = loops_without_pumps(site, station, kinds)
        if (at_source and sources) or loops:
            found[ratio] = _REASON.format(places=_places(sources if at_source else (), loops))
    return found


def sources_without_pumps(site: Site, station: Station) -> tuple[str, ...]:
    """Sources that a heat pump draws a liquid from, of which no pump is named."""
    drawn = {
        unit.draws_on for unit in station.units if unit.name in _with_pumps_outside(site, "source")
    }
    return tuple(one.name for one in station.source_loops if one.name in drawn and not one.pumps)


def loops_without_pumps(
    site: Site, station: Station, kinds: Collection[str] = ("heat", "cold")
) -> tuple[str, ...]:
    """Loops behind a heat pump that have something to carry, of which no pump is named."""
    served = {
        name
        for unit in station.units
        if unit.name in _with_pumps_outside(site, "load")
        for name in unit.serves
    }
    drawn = {unit.draws_on for unit in station.units}
    return tuple(
        loop.name
        for loop in station.load_loops
        if loop.kind in kinds and loop.name in served and not loop.pumps
        and (loop.loads or loop.name in drawn)
    )  # fmt: skip


def _with_pumps_outside(site: Site, side: str) -> Iterator[str]:
    """Heat pumps with a liquid on a side whose pumps are not inside them."""
    for name, item in site.heat_pumps.items():
        source, _, load = item.type.partition("_")
        if not item.built_in_pumps and (source if side == "source" else load) in _LIQUIDS:
            yield name


def _places(sources: Collection[str], loops: Collection[str]) -> Text:
    parts = [text.format(names=", ".join(names))
             for text, names in ((_SOURCES, sources), (_LOOPS, loops)) if names]  # fmt: skip
    return parts[0] if len(parts) == 1 else _BOTH.format(one=parts[0], other=parts[1])
