"""From survey and load to the complete design of one site."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.design.station_design.balance_years import run_years
from diwen.design.station_design.design_basis import basis_of_site, by_duty
from diwen.design.station_design.design_result import (
    DesignOptions,
    PlantDesign,
    SourceDesign,
    StationDesign,
    YearsRun,
)
from diwen.design.station_design.source_sizing import sources_of_design
from diwen.design.station_design.unit_choice import site_with_units, today_or
from diwen.language import Text
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
    parts = _Parts(site, wanted, given, weather, sources, run, stages)
    plant = PlantDesign(origin, (), (), {}, (), ())
    design = StationDesign(
        site, wanted, day, given, basis, sources, plant, run, (), (), (), (), (), None, (), (),
        notes,
    )  # fmt: skip
    design = _completed(design, parts)
    stages.begin("", _DONE, 1.0)
    return replace(design, seconds=dict(stages.seconds))


@dataclass(frozen=True, eq=False)
class _Parts:
    """What every further stage uses."""

    site: Site
    options: DesignOptions
    given: SiteInputs
    weather: Weather | None
    sources: tuple[SourceDesign, ...]
    run: YearsRun
    stages: _Stages


def _completed(design: StationDesign, parts: _Parts) -> StationDesign:
    """The design with everything that follows from its run."""
    return design


def _inputs(
    site: Site, options: DesignOptions
) -> tuple[Site, SiteInputs, Weather | None, Any, tuple[Text, ...]]:
    """What the twin runs with; units from the catalogue where the site has none."""
    from diwen.site.weather_of_site import weather_of_site

    scenario: Any = options.scenario
    weather = weather_of_site(site, scenario)
    origin: str = "site"
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
