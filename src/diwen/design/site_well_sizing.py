"""Sizing of a site's circulation wells: what is planned against what the ground can do.

:func:`size_wells_of_site` is the door of ``diwen size`` for wells.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.design.site_well_checks import well_design_of_site
from diwen.design.site_well_sizing_duty import duty_of_wells
from diwen.design.well_candidates import SearchSpace
from diwen.design.well_check_rules import WellRules
from diwen.design.well_design import WellDesign
from diwen.design.well_sizing import Progress, judged, planned_unit, search_wells
from diwen.design.well_sizing_choice import WellSearch
from diwen.design.well_sizing_course import (
    SEARCH_FINENESS,
    STANDARD_FINENESS,
    UnitCourse,
    holding_share,
    reduced_well_of,
    unit_course,
)
from diwen.design.well_sizing_duty import DAYS_PER_YEAR, WellDuty
from diwen.design.well_sizing_result import SizedWells, WellCandidate, finite
from diwen.language import Text
from diwen.problems import Problem
from diwen.site import Site
from diwen.site.missing_values import SITE_FILE
from diwen.site.named_source import named_source
from diwen.site.sources import ONE_WELL_KINDS

Floats = NDArray[np.float64]
Say = Callable[[Text], None]

_PLANNED = Text("the planned wells, {years} years …", "正在校核规划井群（{years} 年）……")
_SEARCH = Text("searching wells …", "正在搜索井群方案……")
_LOAD_POINT = Text("load of the site", "本项目负荷")
_RATED_POINT = Text("as rated", "额定工况")
_CELL = Text(
    "every well owns a closed cell of ground; no heat passes to its neighbours or out of the field "
    "at the sides",
    "每口井独占封闭地层单元，侧向与邻井及井群以外无热交换",
)
_CELL_CURE = Text("conservative for few wells; give each more ground by a wider spacing",
                  "井数少时偏于保守；可加大井距以增加单井占地")  # fmt: skip
_SURFACE = Text(
    "the surface keeps the undisturbed temperature, heat passes through it; none passes the bottom "
    "of the model",
    "地表保持初始地温，热量可经地表散失或补入；模型底部绝热",
)
_SURFACE_CURE = Text("as in `diwen wells`; what a year leaves in the ground drifts off slowly",
                     "与 `diwen wells` 相同；全年不平衡的热量仅能缓慢散失")  # fmt: skip
_YEAR = Text("year 1 begins with the heating season", "第 1 年自供暖季开始时起算")
_YEAR_CURE = Text("`diwen wells` counts calendar years from 1 January: single years differ",
                  "`diwen wells` 按日历年自 1 月 1 日起算，逐年结果因季节先后而不同")  # fmt: skip
_PUMPS = Text(
    "the pumps run at full flow in every hour with a load and rest in the others",
    "有负荷的小时水泵按设计流量运行，其余时间停泵",
)
_PUMPS_CURE = Text("with a flow that follows the load the differences are larger at part load",
                   "变流量运行时，部分负荷下的取回水温差更大")  # fmt: skip
_BLEED = Text("wells with bleed are computed each by itself", "有排放的井按单井独立计算")
_BLEED_CURE = Text("keep wells so far apart that they do not share their ground",
                   "井距应足够大，使各井互不影响")  # fmt: skip
_REGIONAL = Text(
    "groundwater passes by itself; the model of one well leaves it out",
    "存在区域地下水流动，单井模型未计入",
)
_REGIONAL_CURE = Text("see the check of regional flow: it mostly helps, and carries a plume away",
                      "参见区域流校核项：区域流通常有利，但会形成下游热羽")  # fmt: skip


@dataclass(frozen=True, eq=False)
class JudgedPoint:
    """The planned wells at one operating point; never mixed with another.

    Attributes
    ----------
    name : what it is
    wells : with heat, flow and temperature difference that belong together
    """

    name: Text
    wells: SizedWells

    def as_dict(self) -> dict[str, Any]:
        """Plain data, both languages."""
        return {"name": {"en": self.name.en, "zh": self.name.zh}, **self.wells.as_dict()}


@dataclass(frozen=True)
class HeatReturn:
    """Heat taken from the ground and given back over the years, of all wells together.

    Attributes
    ----------
    extraction, injection : in a year, J
    share : given over taken; None where none is taken
    holding : share at which the lowest pumped water of the last year is that of the second; None
        where none was found up to twice the heat taken
    drift : mean of the water in the last year less that of the first, K
    least_radius : of the ground that a well needs for its net heat of a year, m; None where not
        judged
    radius : that it has, m; None for a well alone
    """

    extraction: float
    injection: float
    share: float | None
    holding: float | None
    drift: float
    least_radius: float | None
    radius: float | None

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "extraction": self.extraction, "injection": self.injection, "share": self.share,
            "holding_share": self.holding, "drift": self.drift,
            "least_cell_radius": finite(self.least_radius), "cell_radius": self.radius,
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class SiteWellSizing:
    """What sizing says of a site's wells.

    Attributes
    ----------
    source, kind : id and type of the source
    years : of operation
    points : the planned wells, first under the load of the site, then as rated where that is given
    search : what could be built instead
    heat_return : of the planned wells under the load
    heat_return_recommended : of the recommended ones; None where there are none
    model_error : of the water of the planned wells against the finite volumes over a check course,
        K; None where not measured
    notes : what was assumed
    """

    source: str
    kind: str
    years: int
    points: tuple[JudgedPoint, ...]
    search: WellSearch[Any]
    heat_return: HeatReturn
    heat_return_recommended: HeatReturn | None
    model_error: float | None
    notes: tuple[Problem, ...]

    @property
    def planned(self) -> SizedWells:
        """Under the load of the site."""
        return self.points[0].wells

    @property
    def suffices(self) -> bool:
        """Whether the planned wells do the load of the site in every year."""
        return self.planned.suffices

    def as_dict(self) -> dict[str, Any]:
        """Plain data for ``--json``, both languages: m, m³/s, W, J, °C."""
        back = self.heat_return_recommended
        return {
            "source": self.source,
            "kind": self.kind,
            "years": self.years,
            "suffices": self.suffices,
            "planned": [point.as_dict() for point in self.points],
            "checks": self.planned.checks.as_dict()["checks"],
            "heat_return": self.heat_return.as_dict(),
            "search": self.search.as_dict(),
            "heat_return_recommended": None if back is None else back.as_dict(),
            "model_error": finite(self.model_error),
            "notes": [note.as_dict() for note in self.notes],
        }


def size_wells_of_site(
    site: Site, source: str = "", *, years: int | None = None, day: date | None = None,
    space: SearchSpace | None = None, fineness: float = SEARCH_FINENESS,
    final_fineness: float = STANDARD_FINENESS, checked: bool = True,
    say: Say | None = None, progress: Progress | None = None,
) -> SiteWellSizing:  # fmt: skip
    """Judge the planned circulation wells of a site, and search for others.

    Parameters
    ----------
    site : the site
    source : id of the wells; may be left out where there is only one such source
    years : of operation; as planned if not given
    day : on which the rules are asked; today if not given
    space : what is searched; around the planned wells if not given
    fineness, final_fineness : of the rings in the search and of what is shown
    checked : measure the error of the model of the planned wells
    say : told what is being done
    progress : told how many combinations are done, of how many

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    tell = say or (lambda text: None)
    span = math.ceil(site.operation.planned_years) if years is None else years
    design, duty, notes = sizing_input_of_wells(site, source, span)
    rules = WellRules.on(day, site.place.region or None)
    tell(_PLANNED.format(years=span))
    unit, error = _planned_unit(design, duty, span, final_fineness, checked)
    points = _points(site, source, design, unit, rules)
    tell(_SEARCH)
    found = search_wells(
        design, duty, span, rules, space=space, fineness=fineness, final_fineness=final_fineness,
        reserve=site.ground.undisturbed_temperature_uncertainty or 0.0, progress=progress,
    )  # fmt: skip
    best = found.recommended
    own = None if best is None else heat_return(best, span, best.design.cell_radius)
    first = points[0].wells
    radius = design.cell_radius if design.count > 1 else None
    return SiteWellSizing(
        _name(site, source), design.kind, span, points, found, heat_return(first, span, radius),
        own, error, notes,
    )  # fmt: skip


def sizing_input_of_wells(
    site: Site, source: str, years: int
) -> tuple[WellDesign, WellDuty, tuple[Problem, ...]]:
    """One of the planned wells, the heat of all of them, and what was assumed.

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    assumptions: list[Problem] = []
    design, told = well_design_of_site(site, source, season=False)
    # What bears on the design heat of the file does not matter: the duty takes its place.
    assumptions += [note for note in told if not note.where.endswith(_NOT_USED)]
    assert design.undisturbed_temperature is not None
    coarse = reduced_well_of(
        design.column, design.well, design.cell_radius if design.count > 1 else None,
        [design.flow], years=years,
    )  # fmt: skip

    def answer(duty: WellDuty) -> Floats:
        assert design.undisturbed_temperature is not None
        found = unit_course(coarse, design.flow, duty, years, design.undisturbed_temperature)
        water = found.years_of(design.count).formation
        return np.asarray(water.reshape(-1, DAYS_PER_YEAR).mean(axis=0))

    given: Any = site.sources[_name(site, source)]
    rated = (
        _times(given.rated_capacity, design.count),
        _times(given.rated_injection, design.count),
    )
    duty = duty_of_wells(
        site, _name(site, source), design.undisturbed_temperature, answer, assumptions, rated
    )
    assumptions += _model_notes(site, source, design)
    return design, duty, tuple(assumptions)


_NOT_USED = (".design_extraction", ".full_load_hours")


def heat_return(wells: SizedWells, years: int, radius: float | None) -> HeatReturn:
    """Season's heat, drift, and the share of heat given back that holds the ground."""
    unit, duty = wells.unit, wells.unit.duty
    taken, given = duty.yearly_extraction, duty.yearly_injection
    scaled = replace(
        unit, duty=duty.scaled(1.0 / wells.count, 1.0 / wells.count),
        cold=unit.cold / wells.count, warm=unit.warm / wells.count,
    )  # fmt: skip
    holding = holding_share(_with_return(wells, scaled, years))
    least = next((c.limit for c in wells.checks.checks if c.id == "thermal_radius"), None)
    return HeatReturn(
        taken, given, given / taken if taken else None, holding, wells.water.drift, least, radius
    )


def _with_return(wells: SizedWells, unit: UnitCourse, years: int) -> UnitCourse:
    """The same wells with heat given back in summer, where the duty gives none."""
    if unit.duty.injection.any() or not isinstance(wells, WellCandidate):
        return unit
    design = wells.design
    return planned_unit(
        design, unit.duty.with_return(), years, radius=design.cell_radius, fineness=SEARCH_FINENESS
    )


def _planned_unit(
    design: WellDesign, duty: WellDuty, years: int, fineness: float, checked: bool
) -> tuple[UnitCourse, float | None]:
    owned = design.cell_radius if design.count > 1 else None
    reduced = reduced_well_of(
        design.column, design.well, owned, [design.flow], fineness=fineness, years=years,
        checked=checked,
    )  # fmt: skip
    assert design.undisturbed_temperature is not None
    unit = unit_course(reduced, design.flow, duty, years, design.undisturbed_temperature)
    return unit, None if reduced.error is None else reduced.error.largest


def _points(
    site: Site, source: str, design: WellDesign, unit: UnitCourse, rules: WellRules
) -> tuple[JudgedPoint, ...]:
    """Under the load, and as rated where that is another point."""
    points = [JudgedPoint(_LOAD_POINT, judged(design, unit, rules))]
    given: Any = site.sources[_name(site, source)]
    duty, count = unit.duty, design.count
    taken = _ratio(_times(given.rated_capacity, count), duty.largest_extraction)
    back = _ratio(_times(given.rated_injection, count), duty.largest_injection)
    if taken is not None or back is not None:
        # What is not rated keeps its proportion to what is.
        rated = judged(
            design, unit, rules, extraction=taken or back or 1.0, injection=back or taken or 1.0
        )
        points.append(JudgedPoint(_RATED_POINT, rated))
    return tuple(points)


def _model_notes(site: Site, source: str, design: WellDesign) -> list[Problem]:
    told = [(_PUMPS, _PUMPS_CURE), (_YEAR, _YEAR_CURE), (_SURFACE, _SURFACE_CURE)]
    if design.well.bleed > 0.0:
        told.append((_BLEED, _BLEED_CURE))
    elif design.count > 1:
        told.append((_CELL, _CELL_CURE))
    if design.regional_flux:
        told.append((_REGIONAL, _REGIONAL_CURE))
    where = f"sources.{_name(site, source)}"
    return [Problem(SITE_FILE, where, text, cure, severity="warning") for text, cure in told]


def _name(site: Site, source: str) -> str:
    return named_source(site, source, ONE_WELL_KINDS)


def _times(value: float | None, count: int) -> float | None:
    return None if value is None else value * count


def _ratio(value: float | None, other: float) -> float | None:
    return None if value is None or other <= 0.0 else value / other
