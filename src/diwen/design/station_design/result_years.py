"""Decades of the twin, and what closes the balance. See :mod:`.design_result` for the units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from diwen.language import Text

if TYPE_CHECKING:
    from diwen.plant.station import Station
    from diwen.twin.course import TwinCourse
    from diwen.twin.summary import YearSummary


@dataclass(frozen=True)
class SourceYear:
    """One source in one year of operation.

    Attributes
    ----------
    entering : lowest and highest water entering the units while it flows, °C
    leaving : lowest and highest water leaving the units, that is, entering the source, °C
    extraction, injection : by the units, J
    recharge, rejection : given to the source and taken from it by something else, J
    """

    entering: tuple[float, float]
    leaving: tuple[float, float]
    extraction: float
    injection: float
    recharge: float
    rejection: float

    @property
    def ratio(self) -> float:
        """Heat into the source over heat out of it; nan where nothing is taken out."""
        out = self.extraction + self.rejection
        return (self.injection + self.recharge) / out if out > 0.0 else float("nan")


@dataclass(frozen=True, eq=False)
class DesignYear:
    """One year of operation.

    Attributes
    ----------
    year : from 1
    summary : energies, ratios (COPsys, EERsys, SPF H1 to H4), starts, unmet and extrapolated hours
    sources : by name
    """

    year: int
    summary: YearSummary
    sources: dict[str, SourceYear]


@dataclass(frozen=True, eq=False)
class YearsRun:
    """A plant through decades of the twin.

    Attributes
    ----------
    station : that ran
    years : one after another, from 1
    courses : step by step, by year, of the years that were kept: the first and every horizon
    closure : largest first-law residual over the largest heat rate of its node
    unsettled : steps whose heat rates did not settle
    """

    station: Station
    years: tuple[DesignYear, ...]
    courses: dict[int, TwinCourse]
    closure: float
    unsettled: int

    def year(self, number: int) -> DesignYear:
        """A year of operation, from 1."""
        return self.years[number - 1]

    def mean_ratio(self, source: str, years: int) -> float:
        """Heat into a source over heat out of it, all of the first years together."""
        ran = [one.sources[source] for one in self.years[:years]]
        out = sum(one.extraction + one.rejection for one in ran)
        into = sum(one.injection + one.recharge for one in ran)
        return into / out if out > 0.0 else float("nan")

    def extremes(self, source: str, years: int) -> tuple[float, float, float, float]:
        """Lowest and highest entering, lowest and highest leaving of the first years, °C."""
        ran = [one.sources[source] for one in self.years[:years]]
        ends = np.array([[*one.entering, *one.leaving] for one in ran])
        if np.isnan(ends).all():
            return (np.nan, np.nan, np.nan, np.nan)
        low, high = np.nanmin(ends, axis=0), np.nanmax(ends, axis=0)
        return float(low[0]), float(high[1]), float(low[2]), float(high[3])


@dataclass(frozen=True, eq=False)
class RechargeNeed:
    """Heat that a source needs besides, or has to be freed of, to reach one target.

    Attributes
    ----------
    source : id
    target : ``band`` (the nearer end of the allowed ratio), ``closed`` (ratio 1), ``entering``
        (limit of the water entering the units), ``leaving`` (limit of the water that leaves them),
        ``supply`` (share of heat or cold that may stay unmet; only where more does)
    years : of operation over which it is judged
    aim : ratio, °C, or share
    kind : ``recharge`` gives heat, ``rejection`` takes it (a tower or dry cooler)
    energy : a year, J; 0: none is needed; None: not reachable
    power : at constant rate in ``months``, W
    months : calendar months in which it runs
    reached : ratio, temperature or share with it
    before : ratio, temperature or share without it
    collector_area : of solar collectors that would give as much in these months, m²; None where
        the weather says no irradiance, or heat is to be taken
    run : the years with it; None where none is needed or reachable
    why : in words
    rules : ids of the rule rows behind ``aim``
    """

    source: str
    target: Literal["band", "closed", "entering", "leaving", "supply"]
    years: int
    aim: float
    kind: Literal["recharge", "rejection"]
    energy: float | None
    power: float
    months: tuple[int, ...]
    reached: float
    before: float
    collector_area: float | None
    run: YearsRun | None
    why: Text
    rules: tuple[str, ...] = ()
