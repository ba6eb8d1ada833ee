"""From survey and load to the complete design of one site."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from diwen.design.station_design.balance_years import outdoor_of_year, run_years
from diwen.design.station_design.compliance import compliance_of
from diwen.design.station_design.design_basis import basis_of_site, by_duty
from diwen.design.station_design.design_result import (
    DesignOptions,
    StationDesign,
)
from diwen.design.station_design.extreme_days import extremes_of
from diwen.design.station_design.part_load_hours import part_load_of
from diwen.design.station_design.plant_design import plant_of_design
from diwen.design.station_design.recharge_need import recharge_needs
from diwen.design.station_design.seasonal_figures import economics_of_design
from diwen.design.station_design.shortfall import shortfalls_of
from diwen.design.station_design.source_sizing import sources_of_design
from diwen.design.station_design.unit_choice import site_with_units, today_or
from diwen.design.station_design.unit_failures import failures_of
from diwen.language import Text
from diwen.problems import InputError
from diwen.site import Site
from diwen.twin.site_simulation_inputs import SiteInputs, inputs_of_site

if TYPE_CHECKING:
    from diwen.loads.weather import Weather

Floats = NDArray[np.float64]
Progress = Callable[[Text, float], None]

_BASIS = Text("loads, weather, ground …", "正在读取负荷、气象与地层……")
_SOURCE = Text("size of the source …", "正在计算热源规格……")
_TWIN = Text("{years} years of the twin …", "正在模拟 {years} 年运行……")
_PLANT = Text("units, pumps, storage …", "正在校核机组、水泵与水箱……")
_RECHARGE = Text("recharge that closes the balance …", "正在求解平衡所需的补热（散热）……")
_BEHAVIOUR = Text("part load, extreme days, one unit out …", "正在分析部分负荷、极端日与单机故障……")
_MONEY = Text("costs and carbon …", "正在计算费用与碳排放……")
_RULES = Text("compliance …", "正在逐条核对规范……")
_DONE = Text("done", "完成")


@dataclass
class _Stages:
    """Tells progress and keeps the processor time of each stage."""

    progress: Progress | None
    seconds: dict[str, float] = field(default_factory=dict)
    _name: str = ""
    _begin: float = 0.0

    def begin(self, name: str, text: Text, share: float) -> None:
        """A stage begins; the one before ends."""
        now = time.process_time()
        if self._name:
            self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._begin
        self._name, self._begin = name, now
        if self.progress is not None:
            self.progress(text, share)


def design_of_site(
    site: Site, options: DesignOptions | None = None, *, progress: Progress | None = None
) -> StationDesign:
    """The complete design of one site.

    Parameters
    ----------
    site : the site; it is not changed
    options : what is computed, and how far
    progress : told what is being done, and the share that is done

    Raises
    ------
    diwen.problems.InputError : with everything that is missing for a run of the twin, at once
    """
    wanted = options or DesignOptions()
    day = today_or(wanted.day)
    stages = _Stages(progress)
    stages.begin("basis", _BASIS, 0.0)
    site, given, weather, origin, notes = _inputs(site, wanted)
    basis = basis_of_site(site, given, weather)
    names = tuple(loop.name for loop in given.inputs.station.source_loops)
    stages.begin("source", _SOURCE, 0.05)
    sources = sources_of_design(
        site, names, day=day, samples=wanted.samples, sized=wanted.size_source,
        say=None if progress is None else lambda text: progress(text, 0.05),
    )  # fmt: skip
    last = max(wanted.horizons)
    stages.begin("twin", _TWIN.format(years=last), 0.35)
    run = run_years(site, given, last, keep=(1, *wanted.horizons))
    stages.begin("plant", _PLANT, 0.55)
    outdoor = None if weather is None else outdoor_of_year(given.inputs.outdoor, 1)
    plant = plant_of_design(site, given, run, sources, origin)
    design = StationDesign(
        site, wanted, day, given, basis, sources, plant, run, (), (), (), (), (), None, (), (),
        notes,
    )  # fmt: skip
    design = _with_recharge(design, weather, stages)
    design = _with_behaviour(design, outdoor, stages)
    design = _with_economics(design, outdoor, stages)
    stages.begin("rules", _RULES, 0.95)
    design = replace(design, shortfalls=shortfalls_of(design))
    design = replace(design, compliance=compliance_of(design))
    stages.begin("", _DONE, 1.0)
    return replace(design, seconds=dict(stages.seconds))


def _with_recharge(
    design: StationDesign, weather: Weather | None, stages: _Stages
) -> StationDesign:
    """What would close the balance."""
    if not design.options.recharge:
        return design
    stages.begin("recharge", _RECHARGE, 0.6)
    needs = recharge_needs(
        design.site, design.inputs, design.run, design.basis, weather, design.options.horizons,
        design.day,
    )  # fmt: skip
    return replace(design, recharge=needs)


def _with_behaviour(
    design: StationDesign, outdoor: Floats | None, stages: _Stages
) -> StationDesign:
    """Part load, extreme days, one unit out."""
    stages.begin("behaviour", _BEHAVIOUR, 0.8)
    course, station = design.run.courses[1], design.run.station
    parts = [part_load_of(course, station, hour) for hour in design.plant.hours]
    return replace(
        design,
        part_load=tuple(one for one in parts if one is not None),
        extremes=extremes_of(course, station, outdoor),
        failures=failures_of(design.site, design.inputs, design.run)
        if design.options.redundancy
        else (),
    )


def _with_economics(
    design: StationDesign, outdoor: Floats | None, stages: _Stages
) -> StationDesign:
    """Costs, carbon and primary energy; refused with what is missing."""
    if not design.options.economics:
        return design
    stages.begin("economics", _MONEY, 0.85)
    try:
        found = economics_of_design(design, outdoor)
    except InputError as error:
        return replace(design, economics_refused=tuple(error.problems))
    return replace(design, economics=found)


def _inputs(
    site: Site, options: DesignOptions
) -> tuple[Site, SiteInputs, Weather | None, Literal["site", "catalogue"], tuple[Text, ...]]:
    """What the twin runs with; units from the catalogue where the site has none."""
    from diwen.site.weather_of_site import weather_of_site

    scenario: Any = options.scenario
    weather = weather_of_site(site, scenario)
    origin: Literal["site", "catalogue"] = "site"
    notes: tuple[Text, ...] = ()
    if not site.heat_pumps and not site.chillers:
        site, said = site_with_units(site, _peaks(site, weather))
        origin, notes = "catalogue", (said,)
    return site, inputs_of_site(site, 3600.0, scenario), weather, origin, notes


def _peaks(site: Site, weather: Weather | None) -> dict[str, float]:
    """Highest heat and cold of all loads together, W."""
    from diwen.site.load_series import loads_of_site

    heat, cold = by_duty(loads_of_site(site, weather))
    return {"heating": float(heat.max()), "cooling": float(cold.max())}
