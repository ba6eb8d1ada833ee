"""What a run of a site is given in each of its years: phases of building, and deviations.

A station that is built in stages (``[phases.ID]``) is one plant from one year to the next. Each
stretch of years with the same phases and deviations is built once; from one stretch to the next the
state of the ground is handed over, and that of tanks, rooms and units where they are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.phased_stations import site_in_year
from diwen.twin.deviation_times import Piece, Stretch, pieces
from diwen.twin.deviations import PARAMETERS, Deviation, deviating_inputs, deviating_site
from diwen.twin.site_simulation_inputs import SiteInputs, inputs_of_site
from diwen.twin.site_simulation_state import carried

if TYPE_CHECKING:
    from diwen.plant.station import Station
    from diwen.site.phases import Phase
    from diwen.site.weather_of_site import Scenario
    from diwen.twin.course import TwinCourse
    from diwen.twin.deviations_plant import TwinInputs
    from diwen.twin.run import TwinState

# Inputs of so many stretches are kept: those of a year of fortnights, and the next.
_KEPT = 32
_IN_PHASE = Text("from year {year}: {message}", "自第 {year} 年起：{message}")
_NOTHING_YET = Text("no load is served in year 1", "第 1 年没有任何负荷")
_BEGIN = Text("let the first phase with a load begin in year 1", "请令首个有负荷的一期自第 1 年起")
_TEMPERATURES = frozenset(
    ("entering", "leaving", "fluid", "supply", "return_", "tank", "room", "source_entering",
     "load_leaving")
)  # fmt: skip


@dataclass(frozen=True)
class PhaseBegin:
    """A phase of a station that begins within a run.

    Attributes
    ----------
    year : of the run, the first is 1
    id : in the site
    name : id where it has none
    """

    year: int
    id: str
    name: str


class YearlyInputs:
    """The inputs of every stretch of a run; built anew only where a phase or deviation changes.

    Parameters
    ----------
    site : the site, with all its phases; the run begins with the first year of its life
    step : s
    scenario : of the weather; None: that of the site
    deviations : from the design
    years : of the run
    """

    def __init__(
        self,
        site: Site,
        step: float,
        scenario: Scenario | None,
        deviations: Sequence[Deviation],
        years: int,
    ) -> None:
        self._site, self._step, self._scenario = site, step, scenario
        self._deviations = tuple(deviations)
        self._years = years
        self._sites: dict[object, Site] = {}
        self._of_site: dict[object, SiteInputs] = {}
        self._of_levels: dict[object, SiteInputs] = {}

    def check(self) -> None:
        """Build the plant of every phase.

        Raises
        ------
        diwen.problems.InputError : with everything that is wrong in any phase, at once
        """
        problems: list[Problem] = []
        if self._site.loads and not site_in_year(self._site, 1).loads:
            raise InputError([Problem("site.toml", "phases", _NOTHING_YET, _BEGIN)])
        for year in (first - 1 for first in first_years(self._site, self._years)):
            try:
                self.of(Stretch(year))
            except InputError as error:
                late = error.problems if year == 0 else [_late(one, year) for one in error.problems]
                problems += [one for one in late if one not in problems]
        if problems:
            raise InputError(problems)

    def pieces(self, year: int, per_year: int) -> tuple[Piece, ...]:
        """A year of the run, from 0, in pieces without change."""
        return pieces(self._deviations, year, per_year)

    def of(self, at: Stretch) -> SiteInputs:
        """Inputs of a stretch of the run."""
        levels = self._levels(at)
        if levels not in self._of_levels:
            found = self._changed(at)
            while len(self._of_levels) >= _KEPT:
                self._of_levels.pop(next(iter(self._of_levels)))
            self._of_levels[levels] = found
        return self._of_levels[levels]

    def site_of(self, at: Stretch) -> Site:
        """The site with what is in service in a stretch, and its deviations."""
        key = self.site_key(at)
        if key not in self._sites:
            part = _whole_files(self._site, site_in_year(self._site, at.year + 1))
            self._sites[key] = deviating_site(part, self._deviations, *at)
        return self._sites[key]

    def site_key(self, at: Stretch) -> object:
        """What stays the same while the site of a stretch does."""
        return (
            self._phase(at),
            *(one.level(*at) for one in self._deviations if _changes_site(one)),
        )

    def entered(self, state: TwinState, before: Stretch, at: Stretch) -> TwinState:
        """The state at the end of the stretch before as the plant of this stretch finds it."""
        if self._levels(at) == self._levels(before):
            return state
        return handed_over(state, self.of(before).inputs, self.of(at).inputs)

    def notes(self) -> tuple[Text, ...]:
        """What was assumed, of every phase; that of later phases says from which year."""
        found: dict[Text, None] = {}
        for first in first_years(self._site, self._years):
            for note in self._changed(Stretch(first - 1)).notes:
                if note not in found:
                    text = note if first == 1 else _IN_PHASE.format(year=first, message=note)
                    found[text] = None
        return tuple(found)

    def _phase(self, at: Stretch) -> int:
        firsts = first_years(self._site, self._years)
        return max(first for first in firsts if first <= at.year + 1)

    def _levels(self, at: Stretch) -> tuple[object, ...]:
        return (self._phase(at), *(one.steps(*at) for one in self._deviations))

    def _changed(self, at: Stretch) -> SiteInputs:
        key = self.site_key(at)
        if key not in self._of_site:
            self._of_site[key] = inputs_of_site(
                self.site_of(at), self._step, self._scenario, file_shares(self._site, at.year + 1)
            )
        base = self._of_site[key]
        return replace(base, inputs=deviating_inputs(base.inputs, self._deviations, *at))


def _changes_site(one: Deviation) -> bool:
    return PARAMETERS[one.parameter].of_site is not None


def _late(one: Problem, year: int) -> Problem:
    message = _IN_PHASE.format(year=year + 1, message=one.message)
    return replace(one, message=message)


def first_years(site: Site, years: int) -> tuple[int, ...]:
    """Years of a run, the first is 1, in which the plant is another one than before."""
    return tuple(sorted({1, *(one.year for one in site.phases.values() if one.year <= years)}))


def phases_begun(site: Site, years: int) -> tuple[PhaseBegin, ...]:
    """The phases that begin within a run, in order."""
    ordered: list[tuple[str, Phase]] = sorted(site.phases.items(), key=lambda pair: pair[1].year)
    return tuple(
        PhaseBegin(phase.year, id, phase.name or id) for id, phase in ordered if phase.year <= years
    )


def file_shares(site: Site, year: int) -> dict[str, float]:
    """Shares that phases give of loads whose values stand in a file, by id, below 1.

    Of other loads the share stands in the load of :func:`~diwen.site.phased_stations.site_in_year`;
    values of a file are the load itself, of which only a phase takes a share.
    """
    named = {
        name
        for phase in site.phases.values()
        if phase.year <= year and phase.served_shares
        for name in phase.loads
    }
    loads = site_in_year(site, year).loads
    return {
        name: loads[name].served_share
        for name in named
        if name in loads and loads[name].hourly_file and loads[name].served_share != 1.0
    }


def _whole_files(site: Site, part: Site) -> Site:
    """The site of a phase with the loads of files as they were given."""
    loads = {
        name: load.model_copy(update={"served_share": site.loads[name].served_share})
        if load.hourly_file else load
        for name, load in part.loads.items()
    }  # fmt: skip
    return part if part is site else part.model_copy(update={"loads": loads})


def handed_over(state: TwinState, before: TwinInputs, after: TwinInputs) -> TwinState:
    """The state of one plant as the next one on the same ground finds it.

    Sources keep their ground (a new one is undisturbed); tanks, rooms and units keep their state
    where they are the same, else they begin anew.
    """
    found = carried(state, dict(before.sources), dict(after.sources))
    sources = {
        loop.name: found.sources.get(loop.name, _undisturbed(after, loop.name))
        for loop in after.station.source_loops
    }
    sources |= {name: kept for name, kept in found.sources.items() if name not in after.sources}
    tanks, units = _same_tanks(before.station, after.station), _counts(after.station)
    rooms = {loop.name for loop in after.station.load_loops if loop.room is not None}
    return replace(
        found,
        sources=sources,
        tanks={name: layers for name, layers in found.tanks.items() if name in tanks},
        rooms={name: value for name, value in found.rooms.items() if name in rooms},
        machines={
            name: machines for name, machines in found.machines.items()
            if units.get(name) == len(machines)
        },
    )  # fmt: skip


def _undisturbed(inputs: TwinInputs, name: str) -> Any:
    model = inputs.sources.get(name)
    return np.zeros(0 if model is None else model.response.modes)


def _same_tanks(before: Station, after: Station) -> set[str]:
    """Loops whose tank is the same one."""
    old = {loop.name: loop.tank for loop in before.load_loops}

    def identity(tank: Any) -> tuple[object, ...]:
        return tank.name, tank.volume, tank.layers

    return {
        loop.name for loop in after.load_loops
        if loop.tank is not None and old.get(loop.name) is not None
        and identity(loop.tank) == identity(old[loop.name])
    }  # fmt: skip


def _counts(station: Station) -> dict[str, int]:
    return {unit.name: unit.count for unit in station.units}


def with_same_names(courses: Sequence[TwinCourse]) -> tuple[TwinCourse, ...]:
    """Courses of one site, all with everything that any of them has.

    What is not there yet stands still: it takes and gives nothing, and has no temperature.
    """
    tables = ("sources", "units", "loops", "backups", "pumps", "recharges")
    whole: dict[str, dict[str, Any]] = {table: {} for table in tables}
    for table in tables:
        for course in reversed(courses):
            for name, found in getattr(course, table).items():
                whole[table].setdefault(name, found)
    return tuple(_completed(course, whole) for course in courses)


def _completed(course: TwinCourse, whole: dict[str, dict[str, Any]]) -> TwinCourse:
    if all(len(getattr(course, table)) == len(all_) for table, all_ in whole.items()):
        return course
    tables: dict[str, Any] = {
        table: {
            name: getattr(course, table).get(name, _standing(like, len(course.mode)))
            for name, like in all_.items()
        }
        for table, all_ in whole.items()
    }
    return replace(course, **tables)


def _standing(like: Any, steps: int) -> Any:
    """A course of something that is not there yet."""
    if isinstance(like, np.ndarray):
        return np.zeros(steps)
    if isinstance(like, tuple):
        return tuple(np.zeros(steps) for _ in like)
    values = {}
    for one in fields(like):
        given = getattr(like, one.name)
        empty = np.full(steps, np.nan) if one.name in _TEMPERATURES else np.zeros(steps)
        values[one.name] = None if given is None else empty.astype(given.dtype)
    return type(like)(**values)
