"""The plant with and without deviations, through the years before and the year that is explained.

A source is built anew only where a deviation changes the ground or its construction; what was built
stays in the memory of the case. Time is in years since operation began.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from diwen.diagnosis.attribution.diagnosed_year import HOURS
from diwen.diagnosis.attribution.metered_heat import metered_heat
from diwen.diagnosis.attribution.plant_year import PlantYear, plant_year
from diwen.diagnosis.attribution.remembered_flows import with_memory
from diwen.site.usual_values import usual_value
from diwen.twin.deviations import PARAMETERS, Deviation, deviating_inputs, deviating_site
from diwen.twin.phased_run import handed_over
from diwen.twin.site_simulation_state import at_place

if TYPE_CHECKING:
    from diwen.diagnosis.attribution.weather_and_use import WeatherAndUse
    from diwen.diagnosis.finding import Case, Floats
    from diwen.plant.station import Station
    from diwen.twin.course import TwinCourse
    from diwen.twin.deviations_plant import TwinInputs
    from diwen.twin.run import TwinRun, TwinState

_INSTANT = 1e-6
_LONGEST_HISTORY = 40.0


@dataclass(frozen=True, eq=False)
class Stretch:
    """A stretch of time in which nothing changes, in whole hours since operation began."""

    first: int
    end: int

    @property
    def begin(self) -> float:
        """Years since operation began."""
        return self.first / HOURS

    @property
    def years(self) -> float:
        """Its length."""
        return (self.end - self.first) / HOURS


class PlantScenarios:
    """Runs of one plant with this or that deviation.

    Parameters
    ----------
    case : with inputs of the design twin
    begin : of the diagnosed year, years since operation began
    place : hour of the year of 365 days at which the diagnosed year begins
    """

    def __init__(self, case: Case, begin: float, place: int) -> None:
        if case.inputs is None:
            raise ValueError("a case without a twin has no scenarios")
        if "attribution.design" not in case.memory:
            case.memory["attribution.design"] = with_memory(case.inputs)
        design: Any = case.memory["attribution.design"]
        self._case, self._design = case, design
        self.first = round(min(begin, _LONGEST_HISTORY) * HOURS)
        self._shift = begin - self.first / HOURS
        self._place = place

    @property
    def now(self) -> float:
        """End of the diagnosed year, years since operation began."""
        return self.first / HOURS + self._shift + 1.0

    def metered(self, deviations: Sequence[Deviation]) -> tuple[PlantYear, dict[str, Floats]]:
        """The diagnosed year with the design's loads, and what meters of heat would read in it.

        Returns
        -------
        the year, and W by group (``heating``, ``hot_water``, ``cooling``), shape (n,) each
        """
        pieces, year = self._marched(deviations, None)
        found = [metered_heat(self._case.site, *piece) for piece in pieces]
        return year, {group: np.concatenate([one[group] for one in found]) for group in found[0]}

    def year(self, deviations: Sequence[Deviation], use: WeatherAndUse | None) -> PlantYear:
        """The diagnosed year after the years before it.

        Parameters
        ----------
        deviations : that are there, with their times
        use : loads and weather as measured; None: as designed
        """
        return self._marched(deviations, use)[1]

    def _marched(
        self, deviations: Sequence[Deviation], use: WeatherAndUse | None
    ) -> tuple[list[tuple[Station, TwinCourse]], PlantYear]:
        state, before = self._history(deviations, use)
        pieces: list[tuple[Station, TwinCourse]] = []
        for stretch in self._stretches(self.first, self.first + HOURS, deviations):
            inputs = self.inputs(deviations, use, stretch.begin + self._shift, stretch.years)
            run = self._march(inputs, stretch, state, before, keep="all")
            state, before = run.state, inputs
            pieces.append((inputs.station, run.course))
        assert state is not None
        place = (self._place + np.arange(HOURS)) % HOURS
        return pieces, plant_year(pieces, place, state)

    def check(self, deviations: Sequence[Deviation]) -> None:
        """Refuse deviations with which the twin cannot run.

        Raises
        ------
        diwen.problems.InputError : it cannot
        """
        _run(self.inputs(deviations, None, self.now - _INSTANT), steps=0, keep="none")

    def inputs(
        self,
        deviations: Sequence[Deviation],
        use: WeatherAndUse | None,
        begin: float,
        years: float = _INSTANT,
    ) -> TwinInputs:
        """The twin's inputs in a stretch of time, deviations included.

        Parameters
        ----------
        begin, years : of the stretch, years since operation began
        """
        base = self._base(deviations, begin, years)
        base = base if use is None else use.on(base)
        return deviating_inputs(base, deviations, begin, years)

    def _base(self, deviations: Sequence[Deviation], begin: float, years: float) -> TwinInputs:
        """Inputs with the deviations that change the site, before all others."""
        of_site = [one for one in deviations if PARAMETERS[one.parameter].of_site is not None]
        levels = tuple(sorted(
            (one.parameter, level) for one in of_site
            if (level := one.level(begin, years)) is not None
            and level != PARAMETERS[one.parameter].neutral
        ))  # fmt: skip
        if not levels:
            return self._design
        key = f"attribution.inputs {levels}"
        if key not in self._case.memory:
            constant = [Deviation(name, level) for name, level in levels]
            self._case.memory[key] = with_memory(self._built(constant))
        found: Any = self._case.memory[key]
        return replace(self._design, station=found.station, sources=found.sources)

    def _built(self, deviations: Sequence[Deviation]) -> TwinInputs:
        """Plant and sources of the deviating site; loads and weather stay those of the design."""
        from diwen.site.source_builders import source_model
        from diwen.site.station_builder import site_station
        from diwen.site.weather_of_site import weather_of_site
        from diwen.twin.site_simulation_inputs import with_steps

        site = deviating_site(self._case.site, deviations)
        memory = self._case.memory
        if "attribution.weather" not in memory:
            named = weather_of_site(self._case.site, None)
            memory["attribution.weather"] = named or self._case.recorded_weather
        weather: Any = memory["attribution.weather"]
        station = site_station(site, weather).station
        years = len(self._design.outdoor) // HOURS
        sources = {
            loop.name: with_steps(source_model(site, loop.name), years, 1)
            for loop in station.source_loops
        }
        return replace(self._design, station=station, sources=sources)

    def _history(
        self, deviations: Sequence[Deviation], use: WeatherAndUse | None
    ) -> tuple[TwinState | None, TwinInputs | None]:
        """State at the beginning of the diagnosed year."""
        state: TwinState | None = None
        before: TwinInputs | None = None
        for stretch in self._stretches(0, self.first, deviations):
            inputs = self.inputs(deviations, use, stretch.begin + self._shift, stretch.years)
            run = self._march(inputs, stretch, state, before, keep="none")
            state, before = run.state, inputs
        return state, before

    def _march(
        self,
        inputs: TwinInputs,
        stretch: Stretch,
        state: TwinState | None,
        before: TwinInputs | None,
        keep: Any,
    ) -> TwinRun:
        period = len(inputs.outdoor)
        place = (self._place + stretch.first - self.first) % period
        if state is None and place:
            state = _run(inputs, steps=0, keep="none").state
        elif state is not None and before is not None:
            state = handed_over(state, before, inputs)
        if state is not None:
            state = at_place(state, place)
        return _run(inputs, steps=stretch.end - stretch.first, keep=keep, initial=state)

    def _stretches(
        self, first: int, end: int, deviations: Sequence[Deviation]
    ) -> tuple[Stretch, ...]:
        """Cut where a deviation begins, ends or is serviced, and where one grows."""
        if end <= first:
            return ()
        cuts = {first, end}
        shift = round(self._shift * HOURS)
        for one in deviations:
            times = [one.since, *one.resets, *(() if one.until is None else (one.until,))]
            cuts |= {round(time * HOURS) - shift for time in times}
            if one.grows or PARAMETERS[one.parameter].over_years is not None:
                # The years before need less detail than the one that is explained.
                step = usual_value("diagnosis.attribution.growth_step") * 24.0
                parts = HOURS / step if first >= self.first else 1.0
                cuts |= set(np.arange(end, first, -round(HOURS / max(parts, 1.0))).tolist())
        ordered = sorted(cut for cut in cuts if first <= cut <= end)
        return tuple(Stretch(int(a), int(b)) for a, b in pairwise(ordered))


def _run(inputs: TwinInputs, **more: Any) -> TwinRun:
    from diwen.twin.run import simulate

    return simulate(
        inputs.station, inputs.sources, inputs.loads, inputs.outdoor, step=inputs.step, **more
    )
