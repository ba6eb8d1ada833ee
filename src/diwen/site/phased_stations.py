"""A station that is built in phases, as one station after the other.

What no phase names is there from the first year. Each phase adds what it names; a load that a later
phase names again changes its served share from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.model import Site
from diwen.site.phases import Phase

if TYPE_CHECKING:
    from diwen.loads.weather import Weather
    from diwen.plant.station import Station

_UNITS = ("heat_pumps", "chillers", "boilers", "heaters")
_IN_PHASE = Text("from year {year}: {message}", "自第 {year} 年起：{message}")


@dataclass(frozen=True, eq=False)
class PhasedStation:
    """The plant of some years.

    Attributes
    ----------
    first_year : of the plant's life, the first is 1
    years : that it stays so
    station : the plant
    shares : share of each load that is served, by id; loads that are not there are left out
    notes : what was assumed
    """

    first_year: int
    years: int
    station: Station
    shares: dict[str, float]
    notes: tuple[Text, ...] = ()


def phased_stations(
    site: Site, weather: Weather | None = None, years: int | None = None
) -> tuple[PhasedStation, ...]:
    """The stations of a site over its life; one where it has no phases.

    Parameters
    ----------
    site : the site
    weather : as :func:`~diwen.site.station_builder.site_station` wants it
    years : life of the plant; None: ``operation.planned_years``

    Raises
    ------
    diwen.problems.InputError : with everything that is wrong in any phase, at once
    """
    from diwen.site.station_builder import site_station

    life = round(site.operation.planned_years) if years is None else years
    firsts = sorted({1, *(phase.year for phase in site.phases.values() if phase.year <= life)})
    ends = [*firsts[1:], life + 1]
    found: list[PhasedStation] = []
    problems: list[Problem] = []
    for first, end in zip(firsts, ends, strict=True):
        part = site_in_year(site, first)
        if not part.loads:
            continue
        try:
            built = site_station(part, weather)
        except InputError as error:
            problems += _of_year(error, first)
            continue
        shares = {name: load.served_share for name, load in part.loads.items()}
        found.append(PhasedStation(first, end - first, built.station, shares, built.notes))
    if problems:
        raise InputError(problems)
    return tuple(found)


def _of_year(error: InputError, year: int) -> Iterator[Problem]:
    for one in error.problems:
        message = _IN_PHASE.format(year=year, message=one.message)
        yield Problem(one.file, one.where, message, one.cure, one.value, one.allowed, one.severity)


def site_in_year(site: Site, year: int) -> Site:
    """The site with what is in service in a year of its life, the first is 1."""
    begun = sorted((p for p in site.phases.values() if p.year <= year), key=lambda p: p.year)
    later = [phase for phase in site.phases.values() if phase.year > year]
    there = {name for phase in begun for name in _named(phase)}
    absent = {name for phase in later for name in _named(phase)} - there
    if not begun and not absent:
        return site
    kept: dict[str, object] = {
        table: {name: item for name, item in getattr(site, table).items() if name not in absent}
        for table in (*_UNITS, "sources", "loads")
    }
    shares = {name: share for phase in begun for name, share in _shares(phase)}
    kept["loads"] = {
        name: load.model_copy(update={"served_share": shares[name]}) if name in shares else load
        for name, load in site.loads.items()
        if name not in absent
    }
    kept["loops"] = {
        name: loop.model_copy(update={"loads": tuple(x for x in loop.loads if x not in absent)})
        for name, loop in site.loops.items()
        if not loop.loads or any(x not in absent for x in loop.loads)
    }
    permitted = next((p.permitted_units for p in reversed(begun) if p.permitted_units), None)
    if permitted is not None:
        kept["staging"] = site.staging.model_copy(update={"permitted_units": permitted})
    if site.households is not None:
        sets = tuple(part for part in site.households.sets if part.heat_pump not in absent)
        kept["households"] = site.households.model_copy(update={"sets": sets})
    return site.model_copy(update=kept)


def _named(phase: Phase) -> tuple[str, ...]:
    return (*phase.units, *phase.sources, *phase.loads)


def _shares(phase: Phase) -> Iterator[tuple[str, float]]:
    if phase.served_shares:
        yield from zip(phase.loads, phase.served_shares, strict=True)
