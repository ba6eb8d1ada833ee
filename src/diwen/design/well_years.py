"""Years of water of wells: lowest and highest, heat of the years, limits, operating points."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from diwen.design.calendar_months import HOUR, HOURS_PER_YEAR
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.site.circulation_source import SiteCirculationWell
    from diwen.site.groundwater_source import SiteGroundwaterWells
    from diwen.sources.response.limited import SourceLimits

Floats = NDArray[np.float64]
Side = Literal["pumped", "returned"]

_FREEZING = 0.0  # °C, of water

_RATED_HEAT = Text("rated heat extraction", "额定取热")
_RATED_COLD = Text("rated heat injection", "额定放热")
_DESIGN_HEAT = Text("design heat extraction", "设计取热")
_DESIGN_COLD = Text("design heat injection", "设计放热")
_PEAK_HEAT = Text("highest simulated heat extraction", "模拟最大取热")
_PEAK_COLD = Text("highest simulated heat injection", "模拟最大放热")
_FREEZES = Text(
    "the returned water would fall below 0 °C in {hours} hours: these hours cannot be run",
    "有 {hours} 个小时回水低于 0 °C：这些小时实际无法运行",
)
_TOO_COLD = Text(
    "the returned water falls below {limit} °C in {hours} hours, first in year {year}",
    "回水低于 {limit} °C 共 {hours} h，首次出现在第 {year} 年",
)
_TOO_WARM = Text(
    "the returned water rises above {limit} °C in {hours} hours, first in year {year}",
    "回水高于 {limit} °C 共 {hours} h，首次出现在第 {year} 年",
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


class WellYears(ABC):
    """What every study of wells tells of its years; to be inherited.

    Attributes
    ----------
    built : the wells
    breakthrough : hours of pumping, and share of a step of the returned temperature that arrived,
        shape (2, nt)
    load : heat taken from one of ``count`` equal parts of the field, W, shape (years · 8760,)
    pumped, returned : water, °C, shape (years · 8760,)
    """

    built: SiteCirculationWell | SiteGroundwaterWells
    breakthrough: Floats
    load: Floats
    pumped: Floats
    returned: Floats

    @property
    @abstractmethod
    def count(self) -> int:
        """Equal parts that share the load."""

    @property
    def limits(self) -> SourceLimits:
        """Of the returned water."""
        return self.built.limits

    def days_to(self, share: float) -> float | None:
        """Days of pumping until a share of a change of the returned water arrives; None: later."""
        hours, arrived = self.breakthrough
        if not len(arrived) or arrived[-1] < share:
            return None
        rising = np.maximum.accumulate(arrived)
        return float(np.interp(share, np.append(0.0, rising), np.append(0.0, hours))) / 24.0

    @property
    def years(self) -> int:
        """Simulated."""
        return len(self.load) // HOURS_PER_YEAR

    def by_year(self, series: Floats) -> Floats:
        """Shape (years, 8760)."""
        return series.reshape(self.years, HOURS_PER_YEAR)

    def lowest(self, side: Side) -> Floats:
        """Lowest temperature of each year in hours with a load, °C, shape (years,)."""
        return lowest_of_years(getattr(self, side), self.load)

    def highest(self, side: Side) -> Floats:
        """Highest temperature of each year in hours with a load, °C, shape (years,)."""
        return highest_of_years(getattr(self, side), self.load)

    @property
    def extraction(self) -> Floats:
        """Heat taken by all wells in each year, J, shape (years,)."""
        return self.count * HOUR * self.by_year(np.maximum(self.load, 0.0)).sum(axis=1)

    @property
    def injection(self) -> Floats:
        """Heat given by all wells in each year, J, shape (years,)."""
        return self.count * HOUR * self.by_year(np.maximum(-self.load, 0.0)).sum(axis=1)

    @property
    def broken_limits(self) -> tuple[Text, ...]:
        """Limits of the returned water that the years break; freezing first."""
        return broken_limits(self.returned, self.load, self.limits)


def points_of_operation(
    study: WellYears, flow: float, heat: float | None, cold: float | None, *, rated: bool
) -> tuple[OperatingPoint, ...]:
    """What the file says and simulated peaks of all wells at their flow, W and m³/s.

    Parameters
    ----------
    heat, cold : taken and given as said in the file; None where it says nothing
    rated : said of the wells as their rating, not of the design
    """
    from diwen.sources.aquifer.heat_arithmetic import WATER_HEAT_CAPACITY

    points = (
        (_RATED_HEAT if rated else _DESIGN_HEAT, heat),
        (_RATED_COLD if rated else _DESIGN_COLD, cold),
        (_PEAK_HEAT, float(max(study.load.max(), 0.0)) * study.count),
        (_PEAK_COLD, float(max(-study.load.min(), 0.0)) * study.count),
    )
    carried = WATER_HEAT_CAPACITY * flow
    return tuple(OperatingPoint(name, heat, flow, heat / carried) for name, heat in points if heat)


def lowest_of_years(series: Floats, load: Floats) -> Floats:
    """Lowest value of each year in hours with a load, shape (years,); nan in a year without."""
    running = np.where(load == 0.0, np.inf, series).reshape(-1, HOURS_PER_YEAR).min(axis=1)
    return np.asarray(np.where(np.isinf(running), np.nan, running))


def highest_of_years(series: Floats, load: Floats) -> Floats:
    """Highest value of each year in hours with a load, shape (years,); nan in a year without."""
    return -lowest_of_years(-series, load)


def broken_limits(returned: Floats, load: Floats, limits: SourceLimits) -> tuple[Text, ...]:
    """What the returned water breaks in hours with a load, in words; freezing first."""
    running = load != 0.0
    found = []
    frozen = int(((returned < _FREEZING) & running).sum())
    if frozen:
        found.append(_FREEZES.format(hours=frozen))
    ends = (
        (limits.lowest_return, _TOO_COLD, 1.0), (limits.highest_return, _TOO_WARM, -1.0),
    )  # fmt: skip
    for limit, text, sign in ends:
        if limit is None:
            continue
        # Rounding is no breach.
        beyond = running & (sign * (limit - returned) > 1e-6)
        if beyond.any():
            year = int(beyond.argmax()) // HOURS_PER_YEAR + 1
            found.append(text.format(limit=f"{limit:g}", hours=int(beyond.sum()), year=year))
    return tuple(found)
