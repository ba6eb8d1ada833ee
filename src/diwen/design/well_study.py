"""Circulation wells of a site through the years: temperatures of the water and of the ground.

One well stands for all: it carries its share of the load, in the ground it owns where the wells
stand close enough to share. The pump runs at its flow in every hour with a load and rests in the
others. The heat pumps feel the water and the water feels the heat pumps; both are settled by going
round until the water no longer changes (:mod:`.well_load`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from diwen.design.calendar_months import HOUR, HOURS_PER_YEAR
from diwen.design.well_load import (
    MOST_YEARS,
    exchanger_note,
    settle,
    well_load,
    years_of_operation,
)
from diwen.design.well_years import OperatingPoint, WellYears, points_of_operation
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.circulation_model import flow_field_of_well, well_cell_radius
from diwen.site.circulation_source import SiteCirculationWell, circulation_well

if TYPE_CHECKING:
    from diwen.sources.circulation_well.flow_field import FlowField
    from diwen.sources.circulation_well.model_choice import WellModel
    from diwen.sources.circulation_well.water_paths import WaterPaths

__all__ = ["MOST_YEARS", "OperatingPoint", "WellStudy", "study_wells"]

Floats = NDArray[np.float64]
Progress = Callable[[float], None]
Side = Literal["pumped", "returned"]

_YEAR = HOURS_PER_YEAR * HOUR
_BREAKTHROUGH_YEARS = 2

_CELL = Text(
    "each well owns the ground within {radius} m; no heat passes to its neighbours or out of the "
    "field at the sides",
    "每口井独占半径 {radius} m 的地层，侧向与邻井及场外均无热交换",
)
_MEAN_CELL = Text(
    "no spacing is given: that radius is half the mean distance to the nearest well",
    "未给出井距：该半径取平均最近井距的一半",
)
_ALONE = Text(
    "neither spacing nor positions are given: each well is computed by itself in open ground; "
    "neighbours would make the water colder or warmer than this",
    "未给出井距与井位：各井按开放地层中的单井计算；若计入邻井影响，水温变化会更大",
)
_JANUARY = Text(
    "the years begin on 1 January, checks and sizing with the heating season: first years differ",
    "各年自 1 月 1 日起算，校核与选型自供暖季起算，故首年结果不同",
)
_PUMPING = Text(
    "the pump runs at {flow} m³/h in every hour with a load and rests in the others",
    "有负荷的小时水泵按 {flow} m³/h 运行，其余时间停泵",
)
_REGIONAL = Text(
    "groundwater passes the wells; the rings around a well leave it out",
    "存在区域地下水流动，轴对称模型未计入",
)
_SURFACE = Text(
    "the surface keeps the undisturbed temperature; no heat passes the bottom of the model at "
    "{depth} m",
    "地表保持初始地温；模型底部（{depth} m）绝热",
)
_EVEN = Text(
    "the ground is {temperature} °C at all depths before operation",
    "运行前各深度地温均为 {temperature} °C",
)
_BLEED = Text(
    "{share} % of the pumped water is bled and replaced by groundwater of the natural temperature",
    "抽水量的 {share} % 排放，由天然水温的地下水补给",
)


@dataclass(frozen=True, eq=False)
class WellStudy(WellYears):
    """What a site's circulation wells do over the years; every series is simulated.

    Attributes
    ----------
    site : the site
    built : the wells
    flow_field : around one well, in its cell
    paths : where the returned water goes, in open ground
    model : of the heat, with its error
    breakthrough : hours, and share of a step of the returned temperature that arrived, (2, nt)
    load : heat taken from one well, extraction positive, W, shape (years · 8760,)
    pumped, returned : water of one well, °C, shape (years · 8760,)
    approach : from the pumped water to what enters the heat pumps, K per W of all wells; 0 without
        an exchanger
    fields : temperature of the rings, °C, shape (nz, nr), by moment: ``cold_1``: end of the
        heating season of year 1, ``warm_1``, ``cold_last``, ``warm_last``
    moments : hour of each field, from the beginning
    rounds : how often load and water were gone round; 0 where the load is that of the ground
    settled : largest change of the water in the last round, K
    notes : what was assumed and left out
    warnings : about the input
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
    approach: float
    fields: dict[str, Floats] = field(repr=False)
    moments: dict[str, int]
    rounds: int
    settled: float
    notes: tuple[Text, ...]
    warnings: tuple[Problem, ...] = ()

    @property
    def injection_head(self) -> float:
        """Largest rise in a return screen at the flow, m."""
        return float(self.flow_field.injection_head.max()) * self.built.flow

    @property
    def drawdown(self) -> float:
        """Largest drawdown in an extraction screen at the flow, m."""
        return float(self.flow_field.extraction_head.max()) * self.built.flow

    @property
    def count(self) -> int:
        """Wells that share the load."""
        return self.built.count

    def operating_points(self) -> tuple[OperatingPoint, ...]:
        """The ratings of the file and the highest simulated load, each with its own difference."""
        given, count = self.built.given, self.built.count
        return points_of_operation(
            self, self.built.total_flow,
            _scaled(given.rated_capacity, count), _scaled(given.rated_injection, count), rated=True,
        )  # fmt: skip


def _scaled(value: float | None, count: int) -> float | None:
    return None if value is None else value * count


def study_wells(
    site: Site,
    source: str = "",
    *,
    years: int | None = None,
    progress: Progress | None = None,
    measured: bool = True,
) -> WellStudy:
    """The circulation wells of a site with its loads, hour by hour through the planned years.

    Parameters
    ----------
    site : the site
    source : id of the wells; may be left out where there is only one such source
    years : of operation, 1 to 100; as planned if not given
    progress : told the share that is done
    measured : False leaves out how far the model is from the finite volumes, and half of the time

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    from diwen.sources.circulation_well.heat_operator import WATER_HEAT_CAPACITY

    problems: list[Problem] = []
    span = years_of_operation(site, years, problems)
    if problems:
        raise InputError(problems)
    built = circulation_well(site, source)
    problems += built.notes
    load = well_load(site, built.source, WATER_HEAT_CAPACITY * built.total_flow, problems)
    if load is None:
        raise InputError(problems)
    tell = progress or (lambda share: None)
    around = flow_field_of_well(built)
    tell(0.05)
    model = model_of_years(around, built, span, measured)
    tell(0.4)
    found = settle(load, span, built.undisturbed_temperature, march_of_wells(model, built),
                   lambda share: tell(0.4 + 0.5 * share))  # fmt: skip
    each = found.heat / built.count
    moments = _moments(each)
    notes = (*_notes(built, around), *load.notes, *exchanger_note(load, found.heat))
    fields = _fields(model, each, built.flow, moments)
    tell(1.0)
    return WellStudy(
        site, built, around, _open_paths(built, around), model, _breakthrough(model, built.flow),
        each, found.pumped, found.returned, load.approach, fields, moments, found.rounds,
        found.change, notes, tuple(problems),
    )  # fmt: skip


def model_of_years(
    around: FlowField, built: SiteCirculationWell, years: int, measured: bool
) -> WellModel:  # fmt: skip
    """Modes of one well; the surface keeps its temperature, or decades would only pile up heat."""
    from diwen.sources.circulation_well.heat_operator import heat_operator
    from diwen.sources.circulation_well.model_choice import choose_model

    return choose_model(
        "years", around, built.flow, horizon=max(years, 2) * _YEAR,
        natural_temperature=np.full(around.grid.rows, built.undisturbed_temperature),
        operator=heat_operator(around, surface="fixed"), measured=measured,
    )  # fmt: skip


def march_of_wells(model: WellModel, built: SiteCirculationWell) -> Callable[[Floats], Any]:
    """Heat of all wells to the water of one of them."""

    def march(heat: Floats) -> tuple[Floats, Floats]:
        each = heat / built.count
        course = model.simulate(each, np.where(each == 0.0, 0.0, built.flow))
        return course.pumped, course.returned

    return march


def _open_paths(built: SiteCirculationWell, around: FlowField) -> WaterPaths:
    """In open ground: the walls of a cell would send all water back."""
    from diwen.sources.circulation_well.flow_field import flow_field
    from diwen.sources.circulation_well.water_paths import water_paths

    if around.outer == "closed":
        around = flow_field(built.column, built.well)
    return water_paths(around)


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
    model: WellModel, load: Floats, flow: float, moments: dict[str, int]
) -> dict[str, Floats]:
    """Temperature of the rings at the moments; modes are marched from moment to moment."""
    well = model.reduced
    assert well is not None
    state, now, fields = well.initial_state(), 0, {}
    for name, hour in sorted(moments.items(), key=lambda item: item[1]):
        if hour > now:
            heat = load[now:hour]
            _, state = well.advance(heat, np.where(heat == 0.0, 0.0, flow), state)
            now = hour
        fields[name] = well.temperature(state)
    return fields


def _breakthrough(model: WellModel, flow: float) -> Floats:
    """Hours, and the share of a change of the returned water that the pump sees."""
    well = model.reduced
    assert well is not None
    hours = _BREAKTHROUGH_YEARS * HOURS_PER_YEAR
    returned = np.full(hours, well.reference_temperature - 1.0)
    course, _ = well.answer_to_return(returned, flow)
    return np.array([course.hours, well.reference_temperature - course.pumped])


def _notes(built: SiteCirculationWell, around: FlowField) -> tuple[Text, ...]:
    radius = well_cell_radius(built)
    told = [_PUMPING.format(flow=f"{built.flow * 3600.0:.3g}"), _JANUARY]
    if radius is not None:
        told.append(_CELL.format(radius=f"{radius:.1f}"))
        told += [] if built.cell_radius is not None else [_MEAN_CELL]
    elif built.count > 1 and built.well.bleed == 0.0:
        told.append(_ALONE)
    if built.well.bleed > 0.0:
        told.append(_BLEED.format(share=f"{100.0 * built.well.bleed:.3g}"))
    if built.regional is not None:
        told.append(_REGIONAL)
    depth = f"{around.grid.depth_edges[-1]:.0f}"
    told.append(_SURFACE.format(depth=depth))
    told.append(_EVEN.format(temperature=f"{built.undisturbed_temperature:g}"))
    return tuple(told)
