"""Heat that a site asks of its wells: at design, in a year, hour by hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.calendar_months import HOUR, HOURS_PER_YEAR
from diwen.design.site_efficiency import efficiency_of_site
from diwen.design.site_load import load_of_site
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.missing_values import SITE_FILE, assumed
from diwen.site.waters import SourceTable

Floats = NDArray[np.float64]

_HOURS = Text(
    "hours at design flow are reckoned from the load as if the flow followed it: {hours} h a year",
    "按流量随负荷变化由负荷推算当量满流量时数：每年 {hours} h",
)
_GIVE_HOURS = Text("add full_load_hours if the pumps run otherwise",
                   "如水泵运行方式不同，请补充 full_load_hours")  # fmt: skip
_WHOLE = Text(
    "heat at design is the peak of the hourly load at undisturbed temperature, {power} kW",
    "设计取热量按初始地温下逐时负荷峰值 {power} kW",
)
_GIVE_DESIGN = Text("add design_extraction, or the rated heat of a well",
                    "请补充 design_extraction 或单井额定取热量")  # fmt: skip
_SHARED = Text(
    "the site has several sources: which part of the load is that of the wells is not known",
    "项目有多个热源：井群所承担的负荷份额未知",
)
_GIVE_YEAR = Text(
    "add yearly_extraction, yearly_injection and full_load_hours",
    "请补充 yearly_extraction、yearly_injection 与 full_load_hours",
)


@dataclass(frozen=True, eq=False)
class SiteDuty:
    """What the wells of a source have to give; of all wells together.

    Attributes
    ----------
    extraction, injection : at design, W; None where not known
    needed : that the plant takes at design, W: as said, or the peak of the load, or as rated
    season_extraction, season_injection : in a year, J
    full_load_time : at design flow a year, s
    hourly : heat rate of the ground, extraction positive, W, one mean year, shape (8760,)
    """

    extraction: float | None
    injection: float | None
    needed: float | None
    season_extraction: float | None
    season_injection: float | None
    full_load_time: float | None
    hourly: Floats | None


def duty_of_site(
    site: Site, source: str, temperature: float, notes: list[Problem], rated: float | None = None
) -> SiteDuty:
    """Heat asked of a source; what is missing stays None.

    Parameters
    ----------
    site : the site
    source : id of the source
    temperature : of the undisturbed water, °C, at which COP and EER are taken
    notes : what was assumed is added
    rated : heat of all wells as rated, W, where the design says nothing
    """
    given: SourceTable = site.sources[source]
    hourly = _hourly(site, source, temperature, notes)
    taken, back = _sums(hourly)
    extraction = given.design_extraction or rated or _peak(hourly, 1.0)
    injection = given.design_injection or _peak(hourly, -1.0)
    if extraction is not None and not (given.design_extraction or rated):
        message = _WHOLE.format(power=f"{extraction / 1e3:.0f}")
        where = f"sources.{source}.design_extraction"
        notes.append(assumed(where, message, _GIVE_DESIGN))
    return SiteDuty(
        extraction, injection, given.design_extraction or _peak(hourly, 1.0) or rated,
        taken if given.yearly_extraction is None else given.yearly_extraction,
        back if given.yearly_injection is None else given.yearly_injection,
        given.full_load_hours or _full_load_time(hourly, source, notes), hourly,
    )  # fmt: skip


def from_the_start_of_heating(hourly: Floats) -> Floats:
    """The same year, turned so that it begins when the ground has been given most.

    A year from January would cut the heating season in two.
    """
    start = int(np.argmin(np.cumsum(hourly))) + 1
    return np.roll(hourly, -start)


def _hourly(site: Site, source: str, temperature: float, notes: list[Problem]) -> Floats | None:
    """Mean year of the heat rate of the ground, W; None where no load tells it."""
    found: list[Problem] = []
    load = load_of_site(site, found)
    if load is None:
        notes += [problem for problem in found if problem.file != SITE_FILE]
        return None
    if len(site.sources) > 1:
        notes.append(assumed(f"sources.{source}", _SHARED, _GIVE_YEAR))
        return None
    said = tuple(found)
    if isinstance(load, HourlyBuildingLoad):
        plant = efficiency_of_site(site, source, load, found)
        if plant is None:
            return None
        try:
            load = load.ground(plant, temperature)
        except InputError:
            return None
    notes += [problem for problem in said if problem.where.startswith("loads")]
    return load.power.reshape(-1, HOURS_PER_YEAR).mean(axis=0)


def _sums(hourly: Floats | None) -> tuple[float | None, float | None]:
    if hourly is None:
        return None, None
    power = hourly * HOUR
    return float(np.maximum(power, 0.0).sum()), float(np.maximum(-power, 0.0).sum())


def _peak(hourly: Floats | None, sign: float) -> float | None:
    return None if hourly is None else max(0.0, float((sign * hourly).max()))


def _full_load_time(hourly: Floats | None, source: str, notes: list[Problem]) -> float | None:
    """Heat over its peak, of both directions, s."""
    if hourly is None:
        return None
    total = 0.0
    for energy, peak in zip(_sums(hourly), (_peak(hourly, 1.0), _peak(hourly, -1.0)), strict=True):
        if energy and peak:
            total += energy / peak
    message = _HOURS.format(hours=f"{total / HOUR:.0f}")
    notes.append(assumed(f"sources.{source}.full_load_hours", message, _GIVE_HOURS))
    return total
