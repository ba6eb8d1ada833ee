"""One year of a site: its plant through the pieces between which a deviation changes it.

A year without change is one march. Where something changes within it, the march goes on from the
state of the piece before, and the pieces are joined into one course, as if nothing had happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diwen.twin.course import TwinCourse
from diwen.twin.deviation_times import Piece, Stretch
from diwen.twin.phased_run import YearlyInputs, with_same_names
from diwen.twin.simulated_telemetry import step_times
from diwen.twin.site_simulation_inputs import HOURS
from diwen.twin.site_simulation_state import at_place, joined_courses
from diwen.twin.zone_rotation_run import RotatingZones, YearPlace

if TYPE_CHECKING:
    from diwen.plant.station import Station
    from diwen.site import Site
    from diwen.sources.response.source_model import SourceModel
    from diwen.twin.deviations_plant import TwinInputs
    from diwen.twin.run import TwinRun, TwinState

Floats = NDArray[np.float64]


class PlantOfPiece(NamedTuple):
    """The plant of some steps of a year, deviations included.

    Attributes
    ----------
    first, end : steps of the year, the end is not part of it
    station, sources : the plant
    drawdown_factor, injection_factor : heads of wells by a factor of those of the design
    """

    first: int
    end: int
    station: Station
    sources: dict[str, SourceModel]
    drawdown_factor: float = 1.0
    injection_factor: float = 1.0


@dataclass(frozen=True, eq=False)
class MarchedYear:
    """One year of a run.

    Attributes
    ----------
    site : with what is in service and the deviations at its end
    station, sources : of its end; recharges of the whole year
    course : of all its steps
    parts : plant of each piece, in order
    outdoor : °C, of one repeating period, shape (period,)
    days : local date of each step, ``datetime64[D]``, shape (n,)
    closure, unsettled : see :class:`diwen.twin.run.TwinRun`
    """

    site: Site
    station: Station
    sources: dict[str, SourceModel]
    course: TwinCourse
    parts: tuple[PlantOfPiece, ...]
    outdoor: Floats
    days: NDArray[np.datetime64]
    closure: float
    unsettled: int


class PlantThroughYears:
    """A plant that is marched year after year.

    Parameters
    ----------
    base : inputs of every stretch of the run
    begin : local day of the first step
    step : s
    """

    def __init__(self, base: YearlyInputs, begin: date, step: float) -> None:
        self._base, self._begin, self._step = base, begin, step
        self._per_year = round(HOURS * 3600.0 / step)
        self._before: Stretch | None = None
        self.zones = RotatingZones(begin)
        self.state: TwinState | None = None

    def year(self, year: int) -> MarchedYear:
        """The next year of the run, from 0."""
        days = days_of_year(self._begin, year, self._per_year, self._step)
        parts, runs = [], []
        for piece in self._base.pieces(year, self._per_year):
            inputs = self._base.of(piece.stretch).inputs
            runs.append(self._run(inputs, year, piece, days[piece.first : piece.end]))
            own = dict(inputs.sources)
            parts.append(PlantOfPiece(
                piece.first, piece.end, inputs.station, own,
                inputs.drawdown_factor, inputs.injection_factor,
            ))  # fmt: skip
            self._before, self.state = piece.stretch, runs[-1].state
        last = parts[-1]
        return MarchedYear(
            self._base.site_of(self._before or Stretch(year)),
            with_all_recharges(last.station, [part.station for part in parts]), last.sources,
            _joined(runs), tuple(parts), inputs.outdoor, days,
            max(run.closure for run in runs), sum(run.unsettled for run in runs),
        )  # fmt: skip

    def _run(
        self, inputs: TwinInputs, year: int, piece: Piece, days: NDArray[np.datetime64]
    ) -> TwinRun:
        period = len(inputs.outdoor)
        first = place_of(self._begin, self._per_year) + year * self._per_year + piece.first
        site = self._base.site_of(piece.stretch)
        self.zones.enter(site, inputs.sources, self._base.site_key(piece.stretch))
        state = self.state
        if state is not None and self._before is not None:
            state = self._base.entered(state, self._before, piece.stretch)
        return _march(inputs, state, YearPlace(days, first % period, period, self._step),
                      self.zones)  # fmt: skip


def _march(
    inputs: TwinInputs, state: TwinState | None, at: YearPlace, zones: RotatingZones
) -> TwinRun:
    """Some steps; the first ones begin on the day of operation."""
    from diwen.twin.run import simulate

    def run(sources: Mapping[str, SourceModel], **more: Any) -> TwinRun:
        return simulate(
            inputs.station, sources, inputs.loads, inputs.outdoor, step=inputs.step, **more
        )

    if state is None and at.place:
        state = run(inputs.sources, steps=0, keep="none").state
    if state is not None:
        state = at_place(state, at.place)
    return zones.year(
        lambda sources: run(sources, steps=len(at.days), initial=state, keep="all"),
        inputs.sources, at,
    )  # fmt: skip


def _joined(runs: Sequence[TwinRun]) -> TwinCourse:
    """Pieces as one course, with the notes of all of them together."""
    from diwen.twin.run import run_notes

    if len(runs) == 1:
        return runs[0].course
    energies: dict[str, float] = {}
    limited: dict[str, Floats] = {}
    for run in runs:
        total = run.monthly.sum(axis=(0, 1))
        for name, value in zip(run.energies, total, strict=True):
            energies[name] = energies.get(name, 0.0) + float(value)
        for name, steps in run.limited.items():
            limited[name] = limited.get(name, np.zeros(3)) + steps
    course = joined_courses(with_same_names([run.course for run in runs]))
    return replace(course, notes=run_notes(energies, limited))


def with_all_recharges(station: Station, others: Sequence[Station]) -> Station:
    """A station with the recharges of all its pieces: one may be out of order in the last."""
    found = {one.name: one for each in (*others, station) for one in each.recharges}
    if len(found) == len(station.recharges):
        return station
    return replace(station, recharges=tuple(found.values()))


def as_in(station: Station, part: Station) -> Station:
    """A station with the loops, and their pumps, as they stand in a piece."""
    sources = {loop.name: loop for loop in part.source_loops}
    loads = {loop.name: loop for loop in part.load_loops}
    return replace(
        station,
        source_loops=tuple(sources.get(loop.name, loop) for loop in station.source_loops),
        load_loops=tuple(loads.get(loop.name, loop) for loop in station.load_loops),
    )


def place_of(begin: date, per_year: int) -> int:
    """Step of the year of 365 days at which a day begins."""
    day = date(2023, begin.month, begin.day).timetuple().tm_yday - 1
    return day * per_year // 365


def outdoor_of_year(outdoor: Floats, begin: date, year: int, per_year: int) -> Floats:
    """Outdoor temperature of the steps of one year of the run."""
    first = place_of(begin, per_year) + year * per_year
    return np.take(outdoor, np.arange(first, first + per_year), mode="wrap")


def days_of_year(begin: date, year: int, per_year: int, step: float) -> NDArray[np.datetime64]:
    """Local date of each step of a year of the run (standard time, no 29 February)."""
    start = np.datetime64(begin.replace(year=begin.year + year), "D")
    time = step_times(start, 1, per_year, step, 0.0)
    return time.astype("datetime64[us]").astype("datetime64[D]")


def months_of(day: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Month, 0 to 11, of each day."""
    return (day.astype("datetime64[M]").astype(np.int64) % 12).astype(np.int64)
