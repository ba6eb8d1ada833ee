"""Circulation wells of a site through the years: temperatures of the water and of the ground.

One well stands for all: it carries its share of the load, in the ground it owns where the wells
stand close enough to share. The pump runs at its flow in every hour with a load and rests in the
others. The heat pumps feel the water and the water feels the heat pumps; both are settled by going
round until the water no longer changes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.calendar_months import HOUR, HOURS_PER_YEAR
from diwen.design.site_efficiency import efficiency_of_site
from diwen.design.site_load import load_of_site
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.circulation_source import SiteCirculationWell, circulation_well

if TYPE_CHECKING:
    from diwen.design.efficiency import PlantEfficiency
    from diwen.sources.circulation_well.flow_field import FlowField
    from diwen.sources.circulation_well.model_choice import WellModel
    from diwen.sources.circulation_well.water_paths import WaterPaths

Floats = NDArray[np.float64]
Progress = Callable[[float], None]

_SETTLED = 0.005  # K
_ROUNDS = 8
_CELL_SPANS = 1.5  # wells further apart than this many screen spans do not share their ground

_CELL = Text(
    "each well owns the ground within {radius} m; no heat passes to its neighbours",
    "每口井独占半径 {radius} m 的地层，与邻井之间无热交换",
)
_ALONE = Text("the wells are computed each by itself: no spacing is given",
              "未给出井距：各井按单井独立计算")  # fmt: skip
_PUMPING = Text(
    "the pump runs at {flow} m³/h in every hour with a load and rests in the others",
    "有负荷的小时水泵按 {flow} m³/h 运行，其余时间停泵",
)
_REGIONAL = Text(
    "groundwater passes the wells; the rings around a well leave it out",
    "存在区域地下水流动，轴对称模型未计入",
)


@dataclass(frozen=True)
class OperatingPoint:
    """Heat, flow and temperature difference that belong together; never mixed with another.

    Attributes
    ----------
    name : what it is
    heat : of all wells, W
    flow : of all wells, m³/s
    drop : of the water, K
    """

    name: Text
    heat: float
    flow: float
    drop: float


@dataclass(frozen=True, eq=False)
class WellStudy:
    """What a site's circulation wells do over the years; every series is simulated.

    Attributes
    ----------
    site : the site
    built : the wells
    flow_field : around one well
    paths : where the returned water goes
    model : of the heat, with its error
    breakthrough : hours, and share of a step of the returned temperature that arrived, (2, nt)
    load : heat taken from one well, extraction positive, W, shape (years · 8760,)
    pumped, returned : water of one well, °C, shape (years · 8760,)
    fields : temperature of the rings, °C, shape (nz, nr), by moment: ``cold_1``: end of the
        heating season of year 1, ``warm_1``, ``cold_last``, ``warm_last``
    moments : hour of each field, from the beginning
    rounds : how often load and water were gone round; 0 where the load is that of the ground
    settled : largest change of the water in the last round, K
    notes : what was assumed and left out
    """

    site: Site
    built: SiteCirculationWell
    flow_field: FlowField
    paths: WaterPaths
    model: WellModel
    breakthrough: Floats
    load: Floats
    pumped: Floats
    returned: Floats
    fields: dict[str, Floats] = field(repr=False)
    moments: dict[str, int]
    rounds: int
    settled: float
    notes: tuple[Problem, ...]

    @property
    def years(self) -> int:
        """Simulated."""
        return len(self.load) // HOURS_PER_YEAR

    def by_year(self, series: Floats) -> Floats:
        """Shape (years, 8760)."""
        return series.reshape(self.years, HOURS_PER_YEAR)

    def lowest(self, side: Literal["pumped", "returned"]) -> Floats:
        """Lowest temperature of each year in hours with a load, °C, shape (years,)."""
        return np.asarray(np.nanmin(self._running(side), axis=1))

    def highest(self, side: Literal["pumped", "returned"]) -> Floats:
        """Highest temperature of each year in hours with a load, °C, shape (years,)."""
        return np.asarray(np.nanmax(self._running(side), axis=1))

    def _running(self, side: Literal["pumped", "returned"]) -> Floats:
        series: Floats = getattr(self, side)
        return self.by_year(np.where(self.load == 0.0, np.nan, series))

    @property
    def extraction(self) -> Floats:
        """Heat taken by all wells in each year, J, shape (years,)."""
        return self.built.count * HOUR * self.by_year(np.maximum(self.load, 0.0)).sum(axis=1)

    @property
    def injection(self) -> Floats:
        """Heat given by all wells in each year, J, shape (years,)."""
        return self.built.count * HOUR * self.by_year(np.maximum(-self.load, 0.0)).sum(axis=1)

    @property
    def injection_head(self) -> float:
        """Largest rise in a return screen at the flow, m."""
        return float(self.flow_field.injection_head.max()) * self.built.flow

    @property
    def drawdown(self) -> float:
        """Largest drawdown in an extraction screen at the flow, m."""
        return float(self.flow_field.extraction_head.max()) * self.built.flow

    def operating_points(self) -> tuple[OperatingPoint, ...]:
        """The ratings of the file and the highest simulated load, each with its own difference."""
        from diwen.sources.circulation_well.heat_operator import WATER_HEAT_CAPACITY

        given: Any = self.built.given
        flow = self.built.total_flow
        rated = getattr(given, "rated_capacity", None)
        points = [
            (_RATED_HEAT, None if rated is None else rated * self.built.count),
            (_RATED_COLD, _scaled(getattr(given, "rated_injection", None), self.built.count)),
            (_PEAK_HEAT, float(max(self.load.max(), 0.0)) * self.built.count),
            (_PEAK_COLD, float(max(-self.load.min(), 0.0)) * self.built.count),
        ]
        carried = WATER_HEAT_CAPACITY * flow
        return tuple(
            OperatingPoint(name, heat, flow, heat / carried) for name, heat in points if heat
        )


_RATED_HEAT = Text("rated heat extraction", "额定取热")
_RATED_COLD = Text("rated heat injection", "额定放热")
_PEAK_HEAT = Text("highest simulated heat extraction", "模拟最大取热")
_PEAK_COLD = Text("highest simulated heat injection", "模拟最大放热")


def _scaled(value: float | None, count: int) -> float | None:
    return None if value is None else value * count


def study_wells(
    site: Site,
    source: str = "",
    *,
    years: int | None = None,
    progress: Progress | None = None,
) -> WellStudy:
    """The circulation wells of a site with its loads, hour by hour through the planned years.

    Parameters
    ----------
    site : the site
    source : id of the wells; may be left out where there is only one such source
    years : of operation; as planned if not given
    progress : told the share that is done

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    from diwen.sources.circulation_well.flow_field import flow_field
    from diwen.sources.circulation_well.grid import well_grid
    from diwen.sources.circulation_well.model_choice import choose_model
    from diwen.sources.circulation_well.water_paths import water_paths

    built = circulation_well(site, source)
    problems = list(built.notes)
    load = load_of_site(site, problems)
    building = isinstance(load, HourlyBuildingLoad)
    plant = efficiency_of_site(site, built.source, load, problems) if building else None
    if load is None or any(problem.severity == "error" for problem in problems):
        raise InputError(problems)
    radius = shared_cell(built)
    tell = progress or (lambda share: None)
    grid = well_grid(built.column, built.well, outer_radius=radius)
    around = flow_field(
        built.column, built.well, grid, outer="open" if radius is None else "closed"
    )
    span = math.ceil(site.operation.planned_years) if years is None else years
    natural = np.full(grid.rows, built.undisturbed_temperature)
    tell(0.05)
    model = choose_model("years", around, built.flow, natural_temperature=natural)
    tell(0.3)
    found = _marched(model, built, load, plant, span, lambda share: tell(0.3 + 0.6 * share))
    problems += _notes(built, radius)
    moments = _moments(found.load)
    return WellStudy(
        site, built, around, water_paths(around), model, _breakthrough(model, built.flow),
        found.load, found.pumped, found.returned, _fields(model, found, built.flow, moments),
        moments, found.rounds, found.settled, tuple(problems),
    )  # fmt: skip


def shared_cell(built: SiteCirculationWell) -> float | None:
    """Radius of the ground that one well owns, m; None where it stands alone."""
    if built.count == 1 or built.well.bleed > 0.0:
        return None
    return built.cell_radius


@dataclass(frozen=True, eq=False)
class _Marched:
    load: Floats
    pumped: Floats
    returned: Floats
    rounds: int
    settled: float


def _marched(
    model: WellModel, built: SiteCirculationWell, load: Any, plant: PlantEfficiency | None,
    years: int, tell: Progress,
) -> _Marched:  # fmt: skip
    """Load and water, settled with each other."""
    hours = years * HOURS_PER_YEAR
    water = np.full(hours, built.undisturbed_temperature)
    change, rounds = math.inf, 0
    while True:
        heat = _heat(load, plant, water, years) / built.count
        course = model.simulate(heat, np.where(heat == 0.0, 0.0, built.flow))
        change = float(np.abs(course.pumped - water).max())
        water = course.pumped
        tell((rounds + 1) / _ROUNDS)
        if plant is None or plant.is_constant:
            return _Marched(heat, water, course.returned, 0, 0.0)
        rounds += 1
        if change < _SETTLED or rounds == _ROUNDS:
            return _Marched(heat, water, course.returned, rounds, change)


def _heat(load: Any, plant: PlantEfficiency | None, water: Floats, years: int) -> Floats:
    """Taken from all wells in every hour, W; the given years repeat."""
    if plant is None:
        return np.resize(load.power, years * HOURS_PER_YEAR)
    given = load.years * HOURS_PER_YEAR
    rows = []
    for start in range(0, len(water), given):
        part = water[start : start + given]
        full = np.resize(part, given)
        rows.append(np.asarray(load.ground(plant, full).power)[: len(part)])
    return np.concatenate(rows)


def _moments(load: Floats) -> dict[str, int]:
    """Hours at which the ground is coldest and warmest: where the heat taken so far turns."""
    hours = len(load)
    found = {}
    for name, year in (("1", 0), ("last", hours // HOURS_PER_YEAR - 1)):
        start = year * HOURS_PER_YEAR
        taken = np.cumsum(load[start : start + HOURS_PER_YEAR])
        found[f"cold_{name}"] = start + int(taken.argmax()) + 1
        found[f"warm_{name}"] = start + int(taken.argmin()) + 1
    return found


def _fields(
    model: WellModel, found: _Marched, flow: float, moments: dict[str, int]
) -> dict[str, Floats]:
    """Temperature of the rings at the moments; modes are marched from moment to moment."""
    well = model.reduced
    assert well is not None
    state, now, fields = well.initial_state(), 0, {}
    for name, hour in sorted(moments.items(), key=lambda item: item[1]):
        if hour > now:
            heat = found.load[now:hour]
            _, state = well.advance(heat, np.where(heat == 0.0, 0.0, flow), state)
            now = hour
        fields[name] = well.temperature(state)
    return fields


def _breakthrough(model: WellModel, flow: float) -> Floats:
    """Hours, and the share of a change of the returned water that the pump sees."""
    well = model.reduced
    assert well is not None
    hours = 2 * HOURS_PER_YEAR
    returned = np.full(hours, well.reference_temperature - 1.0)
    course, _ = well.answer_to_return(returned, flow)
    return np.array([course.hours, well.reference_temperature - course.pumped])


def _notes(built: SiteCirculationWell, radius: float | None) -> list[Problem]:
    told = [_PUMPING.format(flow=f"{built.flow * 3600.0:.3g}")]
    if radius is not None:
        told.append(_CELL.format(radius=f"{radius:.1f}"))
    elif built.count > 1:
        told.append(_ALONE)
    if built.regional is not None:
        told.append(_REGIONAL)
    where = f"sources.{built.source}"
    return [Problem("site.toml", where, text, Text("", ""), severity="warning") for text in told]
