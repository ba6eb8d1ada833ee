"""A site through time: its plant on its ground under its loads, year after year.

The years are marched one after another with the state carried on, so that memory stays flat, every
year has its sums and ratios, and deviations may grow or begin later. What is kept step by step can
be written as telemetry (:mod:`.simulated_folder`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text, same
from diwen.plant.station import Station
from diwen.problems import InputError, Problem
from diwen.site import Point, Site
from diwen.site.usual_values import usual_value
from diwen.sources.response.source_model import SourceModel
from diwen.twin.course import TwinCourse
from diwen.twin.deviation_notes import idle_deviations
from diwen.twin.deviations import Deviation, check_deviations
from diwen.twin.deviations_plant import TwinInputs
from diwen.twin.phased_run import PhaseBegin, YearlyInputs, phases_begun, with_same_names
from diwen.twin.sensor_faults import SensorFault, with_sensor_faults
from diwen.twin.simulated_telemetry import (
    SimulatedRecord,
    step_times,
    telemetry_of_course,
)
from diwen.twin.simulated_telemetry_heat import SimulatedPlant
from diwen.twin.site_simulation_inputs import HOURS
from diwen.twin.site_simulation_state import course_part
from diwen.twin.site_simulation_year import (
    PlantOfPiece,
    PlantThroughYears,
    as_in,
    months_of,
    outdoor_of_year,
)
from diwen.twin.standard_points import minimum_points
from diwen.twin.standard_points_circuits import Circuits, circuits_of
from diwen.twin.standard_points_full import full_points
from diwen.twin.summary import YearSummary, summarise_year
from diwen.twin.summary_modes import modes_of

if TYPE_CHECKING:
    from diwen.site.weather_of_site import Scenario
    from diwen.twin.run import TwinState

Floats = NDArray[np.float64]
Times = NDArray[np.int64]
Keep = Literal["all", "last", "none"]
PointList = Literal["site", "standard", "full"]
_FUNCTION = "simulate_site"
_YEARS = Text("not a number of years that can be simulated", "模拟年数无效")
_CORRECT = Text("correct the value", "请更正该值")
_LEAP = Text("a twin year has 365 days and cannot begin on 29 February",
             "数字孪生年为 365 天，不能从 2 月 29 日开始")  # fmt: skip
_OTHER_DAY = Text("begin a day earlier or later", "请改为前一天或后一天开始")
_FAR = Text("the run lies outside the calendar that telemetry keeps",
            "模拟时段超出测点数据可用的日历范围")  # fmt: skip
_FIRST_YEAR, _LAST_YEAR = 1900, 2500
_IMPOSSIBLE = Text(
    "{name}: water would enter the units at {value} °C, which cannot be: the source (its size or "
    "its flow) is far too small for the load, and what this run says of it means nothing",
    "{name}：进机组水温将达 {value} °C，实际不可能：热源（规模或流量）远小于负荷所需，"
    "本次结果无意义",
)
_POSSIBLE = (-60.0, 200.0)
_TOO_LARGE = Text(
    "{count} million values would be kept step by step, more than {most} million",
    "逐步保存的数值达 {count} 百万个，超过 {most} 百万个",
)
_LESS = Text(
    "take fewer years or longer steps, or keep the last year only",
    "请减少年数、加大步长，或仅保存最后一年",
)
_MOST_VALUES = 300e6
_COLUMNS = 60
_MONTH_ENDS = np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_TOLERANCE = 0.05
_TOO_COLD = Text(
    "{name}: water enters the units at {value} °C, below the limit of {limit} °C",
    "{name}：进机组水温最低 {value} °C，低于限值 {limit} °C",
)
_TOO_WARM = Text(
    "{name}: water enters the units at {value} °C, above the limit of {limit} °C",
    "{name}：进机组水温最高 {value} °C，高于限值 {limit} °C",
)
_UNSETTLED = Text(
    "{count} steps whose heat rates did not settle: their temperatures are uncertain",
    "{count} 个时间步热流未收敛，其温度不确定",
)


@dataclass(frozen=True, eq=False)
class SiteSimulation:
    """A site through time.

    Attributes
    ----------
    site : as it was designed
    station, sources : of the last year, deviations included
    loads, outdoor : of the loops, W, and °C, of one repeating period from 1 January, shape (n,)
    circuits : how the load side is metered
    step : s
    since : local day of the first step
    years : one summary per year
    courses : those years that were kept, the last ones
    points : that telemetry is written for
    weather_known : whether the outdoor temperature is one
    deviations, sensors : that were put in; ``seed`` of what is random in them
    scenario : of the weather; None: that of the site
    state : at the end
    closure : largest first-law residual of any node over its largest heat rate, of all years
    notes : what was assumed
    phases : of a station that is built in stages, those that begin within the run, in order
    parts : of each kept year, its plant piece by piece between which a deviation changes it
    """

    site: Site
    station: Station
    sources: dict[str, SourceModel]
    loads: dict[str, Floats]
    outdoor: Floats
    circuits: Circuits
    step: float
    since: date
    years: tuple[YearSummary, ...]
    courses: tuple[TwinCourse, ...]
    points: tuple[Point, ...]
    weather_known: bool
    deviations: tuple[Deviation, ...]
    sensors: tuple[SensorFault, ...]
    seed: int
    scenario: Scenario | None
    state: TwinState
    closure: float
    notes: tuple[Text, ...]
    phases: tuple[PhaseBegin, ...] = ()
    parts: tuple[tuple[PlantOfPiece, ...], ...] = ()

    @property
    def per_year(self) -> int:
        """Steps of a year."""
        return round(HOURS * 3600.0 / self.step)

    @property
    def unmet_share(self) -> float:
        """Largest share of the load of a year that was not met."""
        return max(year.unmet_share for year in self.years)

    @property
    def met(self) -> bool:
        """Whether the loads of every year are met within the tolerance of the rules."""
        return self.unmet_share <= usual_value("default.simulated.unmet") / 100.0

    @property
    def passed(self) -> tuple[Text, ...]:
        """Limits of the sources in the site that the water entering the units passes."""
        return tuple(text for text, _ in self._passed())

    def passed_as_dict(self) -> list[dict[str, Any]]:
        """The limits that are passed, as plain data."""
        return [values for _, values in self._passed()]

    def _passed(self) -> list[tuple[Text, dict[str, Any]]]:
        found = []
        for name in self.sources:
            source = self.site.sources.get(name)
            ends = [year.entering_of[name] for year in self.years if name in year.entering_of]
            low = np.nanmin([pair[0] for pair in ends] + [np.inf])
            high = np.nanmax([pair[1] for pair in ends] + [-np.inf])
            for value in (low, high):
                if np.isfinite(value) and not _POSSIBLE[0] <= value <= _POSSIBLE[1]:
                    text = _IMPOSSIBLE.format(name=name, value=f"{value:.0f}")
                    limit = _POSSIBLE[0] if value < _POSSIBLE[0] else _POSSIBLE[1]
                    found.append((text, {"source": name, "limit": limit, "found": float(value),
                                         "impossible": True}))  # fmt: skip
            least = getattr(source, "minimum_entering_temperature", None)
            if least is not None and low < least - _TOLERANCE:
                text = _TOO_COLD.format(value=f"{low:.1f}", limit=f"{least:g}", name=name)
                found.append((text, {"source": name, "limit": least, "found": float(low)}))
            most = getattr(source, "maximum_leaving_temperature", None)
            if most is not None and high > most + _TOLERANCE:
                text = _TOO_WARM.format(value=f"{high:.1f}", limit=f"{most:g}", name=name)
                found.append((text, {"source": name, "limit": most, "found": float(high)}))
        return found

    def phase_of(self, year: int) -> str:
        """Name of what was built last before or in a year of the run, the first is 1."""
        begun = [one for one in self.phases if one.year <= year]
        return " + ".join(one.name for one in begun if one.year == begun[-1].year)

    def start_times(self) -> Times:
        """When the kept steps begin, microseconds UTC, shape (years kept · steps,)."""
        first = len(self.years) - len(self.courses)
        begin = self.since.replace(year=self.since.year + first)
        return step_times(
            np.datetime64(begin, "D"), len(self.courses), self.per_year, self.step,
            standard_offset(self.site),
        )  # fmt: skip

    def plants(self) -> tuple[SimulatedPlant, ...]:
        """The kept years, ready for reading points."""
        first = len(self.years) - len(self.courses)
        return tuple(
            SimulatedPlant(self.site, self.station, self.sources, course,
                           outdoor_of_year(self.outdoor, self.since, first + place, self.per_year),
                           self.circuits)
            for place, course in enumerate(with_same_names(self.courses))
        )  # fmt: skip

    def stretches(self) -> tuple[SimulatedPlant, ...]:
        """The kept steps in order, cut where a deviation changes the plant."""
        found = []
        for plant, parts in zip(self.plants(), self.parts, strict=True):
            for part in parts:
                whole = (part.first, part.end) == (0, plant.n)
                found.append(replace(
                    plant, station=as_in(plant.station, part.station),
                    sources={**plant.sources, **part.sources},
                    course=plant.course if whole
                    else course_part(plant.course, part.first, part.end),
                    outdoor=plant.outdoor[part.first : part.end],
                    drawdown_factor=part.drawdown_factor, injection_factor=part.injection_factor,
                ))  # fmt: skip
        return tuple(found)

    def record(self) -> SimulatedRecord:
        """The kept years as series of the points, with the faults of sensors.

        Raises
        ------
        diwen.problems.InputError : sensor faults that cannot be
        """
        found = telemetry_of_course(self.stretches(), self.points, self.start_times())
        missing = dict(found.missing)
        series = found.series
        if not self.weather_known:
            series = tuple(one for one in series if one.point.location != "outdoor")
        return SimulatedRecord(with_sensor_faults(series, self.sensors, self.seed), missing)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "simulated": True,
            "since": self.since.isoformat(),
            "step": self.step,
            "scenario": self.scenario,
            "deviations": [
                {"parameter": one.parameter, "kind": one.kind, "value": one.value,
                 "since": one.since, "until": one.until, "resets": list(one.resets)}
                for one in self.deviations
            ],
            "sensors": [one.kind for one in self.sensors],
            "phases": [
                {"year": one.year, "id": one.id, "name": one.name} for one in self.phases
            ],
            "years": [year.as_dict() for year in self.years],
            "unmet_share": self.unmet_share,
            "met": self.met,
            "closure": self.closure,
            "notes": [{"en": note.en, "zh": note.zh} for note in self.notes],
        }  # fmt: skip


def simulate_site(
    site: Site,
    *,
    years: int = 1,
    step: float = 3600.0,
    since: date | None = None,
    scenario: Scenario | None = None,
    deviations: Sequence[Deviation] = (),
    sensors: Sequence[SensorFault] = (),
    keep: Keep = "all",
    seed: int = 0,
    points: PointList = "site",
    progress: Callable[[float], None] | None = None,
) -> SiteSimulation:
    """A site through years of steps.

    Parameters
    ----------
    site : the site; it is not changed
    years : of operation
    step : s, that fills an hour: 3600, 900, 60
    since : local day on which operation begins; None: 1 January of this year
    scenario : of the weather (``typical``, ``cold``, ``warm``, ``hot``, ``future``)
    deviations : of the plant from its design
    sensors : faults of instruments, for telemetry
    keep : years kept step by step: all, the last, none (summaries are always kept)
    seed : of the noise and errors of sensors
    points : ``site``: those of ``points.csv`` where the site has any; ``standard``: the minimum
        list for what the plant has; ``full``: with meters of every unit, setpoints, heads of wells
    progress : called with the share that is done

    Raises
    ------
    diwen.problems.InputError : with everything that is missing or impossible, at once
    """
    begin = since or date(date.today().year, 1, 1)
    _check(years, step, begin, keep)
    check_deviations(deviations, years)
    base = YearlyInputs(site, step, scenario, deviations, years)
    base.check()
    per_year = round(HOURS * 3600.0 / step)
    final = base.of(base.pieces(years - 1, per_year)[-1].stretch)
    last = final.inputs
    circuits = _circuits(site, last, points)
    plant_runs = PlantThroughYears(base, begin, step)
    summaries, courses, parts, closure, unsettled = [], [], [], 0.0, 0
    for year in range(years):
        run = plant_runs.year(year)
        plant = SimulatedPlant(
            run.site, run.station, run.sources, run.course,
            outdoor_of_year(run.outdoor, begin, year, per_year), circuits,
        )  # fmt: skip
        summaries.append(
            summarise_year(plant, modes_of(site, run.course, run.days), months_of(run.days))
        )
        closure, unsettled = max(closure, run.closure), unsettled + run.unsettled
        if keep == "all" or (keep == "last" and year == years - 1):
            courses.append(run.course)
            parts.append(run.parts)
        if progress is not None:
            progress((year + 1) / years)
    assert plant_runs.state is not None
    zones = plant_runs.zones
    notes = [
        *idle_deviations(site, last, deviations), *zones.without_rest(base.notes()), *zones.notes()
    ]  # fmt: skip
    if unsettled:
        notes.append(_UNSETTLED.format(count=unsettled))
    return SiteSimulation(
        site, last.station, dict(last.sources), dict(last.loads), last.outdoor, circuits, step,
        begin, tuple(summaries), tuple(courses),
        _points(site, last.station, circuits, points, step), final.weather_known,
        tuple(deviations), tuple(sensors), seed, scenario, plant_runs.state, closure,
        tuple(dict.fromkeys((*notes, *(note for one in courses for note in one.notes)))),
        phases_begun(site, years), tuple(parts),
    )  # fmt: skip


def _circuits(site: Site, inputs: TwinInputs, points: str) -> Circuits:
    """How the load side is metered: as the points of the site say, else as it must be."""
    if points == "site" and site.points:
        return circuits_of(site, inputs.station, any(
            point.location in ("cooling", "cooling_leaving", "cooling_entering")
            for point in site.points))  # fmt: skip
    kinds = {loop.name: loop.kind for loop in inputs.station.load_loops}
    warm = sum(load for name, load in inputs.loads.items() if kinds.get(name) == "heat")
    cold = sum(load for name, load in inputs.loads.items() if kinds.get(name) == "cold")
    both = bool(np.any((np.asarray(warm) > 0.0) & (np.asarray(cold) > 0.0)))
    return circuits_of(site, inputs.station, True if both else None)


def _points(
    site: Site, station: Station, circuits: Circuits, points: str, step: float
) -> tuple[Point, ...]:
    if points == "site" and site.points:
        return tuple(
            replace(point, origin="simulated", time_zone=None, calibration_due=None,
                    interval=None if point.kind == "state" else step)
            for point in site.points
        )  # fmt: skip
    listed = full_points if points == "full" else minimum_points
    return listed(site, station, separate=circuits.separate, interval=step)


def standard_offset(site: Site) -> float:
    """Local standard time from UTC, s."""
    moment = datetime(2021, 1, 1, tzinfo=site.place.zone)
    offset = moment.utcoffset() or timedelta(0)
    return (offset - (moment.dst() or timedelta(0))).total_seconds()


def _check(years: int, step: float, begin: date, keep: Keep) -> None:
    problems = []
    if not 1 <= years <= 200:
        problems.append(Problem(_FUNCTION, "years", _YEARS, _CORRECT, f"{years}", same("1 … 200")))
    if (begin.month, begin.day) == (2, 29):
        problems.append(Problem(_FUNCTION, "since", _LEAP, _OTHER_DAY, begin.isoformat()))
    if begin.year < _FIRST_YEAR or begin.year + years > _LAST_YEAR:
        allowed = same(f"{_FIRST_YEAR} … {_LAST_YEAR}")
        shown = f"{begin.isoformat()} + {years} a"
        problems.append(Problem(_FUNCTION, "since", _FAR, _CORRECT, shown, allowed))
    values = years * HOURS * 3600.0 / max(step, 1.0) * _COLUMNS
    if keep == "all" and values > _MOST_VALUES:
        message = _TOO_LARGE.format(count=f"{values / 1e6:.0f}", most=f"{_MOST_VALUES / 1e6:.0f}")
        problems.append(Problem(_FUNCTION, "keep", message, _LESS))
    if problems:
        raise InputError(problems)
