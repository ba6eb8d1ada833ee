"""Water of one well through the years, so that any load and any number of wells follows from it.

At given hours of pumping the answer of the ground is linear in the heat. So each geometry is
computed twice, once for the heat taken and once for the heat given, both as if one well did it all;
sums and shares of the two are all loads, all numbers of equal wells (in cells of one size), all
shares of heat return.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.design.well_sizing_duty import DAYS_PER_YEAR, WellDuty
from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.sources.response.time_units import DAY, YEAR

if TYPE_CHECKING:
    from diwen.sources.aquifer.column import GroundColumn
    from diwen.sources.aquifer.well import CirculationWell
    from diwen.sources.circulation_well.model_reduction import ReducedWell

Floats = NDArray[np.float64]

SEARCH_FINENESS = 0.5
"""Of the rings in the search; 1 is the standard grid, on which what is shown is computed."""
STANDARD_FINENESS = 1.0
_PEAK_HOURS = 12


@dataclass(frozen=True, eq=False)
class UnitCourse:
    """Answer of the ground around one well that does all the heat of a duty.

    Attributes
    ----------
    duty : what it does
    cold : drop of the water taken from the ground by the heat taken, K, shape (365 years,)
    warm : its rise by the heat given, K, shape (365 years,)
    flow : of the well while it pumps, m³/s
    short_circuit : share of the pumped water that comes inside the well
    undisturbed : temperature of the water, °C
    cells : of the grid it was computed on; 0 where there is none
    fast : drop of the water taken from the ground within half a day of 1 W, K/W: next to nothing
        between screens, much in gravel and open holes; what the peak of a day adds to its mean
    """

    duty: WellDuty
    cold: Floats
    warm: Floats
    flow: float
    short_circuit: float
    undisturbed: float
    cells: int = 0
    fast: float = 0.0

    @property
    def years(self) -> int:
        """Computed."""
        return len(self.cold) // DAYS_PER_YEAR

    def years_of(
        self, count: float = 1.0, extraction: float = 1.0, injection: float = 1.0
    ) -> WellYears:
        """Temperatures with so many wells, heat taken and given multiplied."""
        duty = self.duty.scaled(extraction / count, injection / count)
        formation = self.undisturbed - extraction / count * self.cold
        formation += injection / count * self.warm
        return WellYears(duty, formation, self.flow, self.short_circuit, self.fast)

    def largest_share(self, low: float | None, high: float | None, count: float = 1.0) -> float:
        """Largest share of the duty that keeps the returned water between two temperatures, °C.

        The ground at rest lies between them; infinite where no limit is ever met.
        """
        found = self.years_of(count)
        shares = [np.inf]
        if low is not None:
            change = self.undisturbed - float(found.lowest_return.min())
            shares.append((self.undisturbed - low) / change if change > 0.0 else np.inf)
        if high is not None:
            change = float(found.highest_return.max()) - self.undisturbed
            shares.append((high - self.undisturbed) / change if change > 0.0 else np.inf)
        return float(max(min(shares), 0.0))


@dataclass(frozen=True, eq=False)
class WellYears:
    """Water of one of the wells through the years.

    Attributes
    ----------
    duty : of this well
    formation : water taken from the ground, °C, shape (365 years,)
    flow : m³/s
    short_circuit : share
    fast : of :class:`UnitCourse`, K/W
    """

    duty: WellDuty
    formation: Floats
    flow: float
    short_circuit: float
    fast: float = 0.0

    @property
    def years(self) -> int:
        """Computed."""
        return len(self.formation) // DAYS_PER_YEAR

    @property
    def drop(self) -> float:
        """Pumped less returned water in the hour of the most heat taken, K."""
        return self.duty.largest_extraction / (WATER_HEAT_CAPACITY * self.flow)

    @property
    def rise(self) -> float:
        """Returned less pumped water in the hour of the most heat given, K."""
        return self.duty.largest_injection / (WATER_HEAT_CAPACITY * self.flow)

    @property
    def lowest_pumped(self) -> Floats:
        """Of each year while heat is taken, °C, shape (years,)."""
        return self._lowest(self.short_circuit / (1.0 - self.short_circuit))

    @property
    def lowest_return(self) -> Floats:
        """Of each year while heat is taken, °C, shape (years,)."""
        return self._lowest(1.0 / (1.0 - self.short_circuit))

    @property
    def highest_pumped(self) -> Floats:
        """Of each year while heat is given, °C, shape (years,)."""
        return self._highest(self.short_circuit / (1.0 - self.short_circuit))

    @property
    def highest_return(self) -> Floats:
        """Of each year while heat is given, °C, shape (years,)."""
        return self._highest(1.0 / (1.0 - self.short_circuit))

    @property
    def mean(self) -> Floats:
        """Of the water taken from the ground in each year, all days alike, °C, shape (years,)."""
        return np.asarray(self.formation.reshape(self.years, -1).mean(axis=1))

    @property
    def drift(self) -> float:
        """Mean of the last year less that of the first, K."""
        return float(self.mean[-1] - self.mean[0])

    def _lowest(self, share: float) -> Floats:
        """On days on which heat is taken; on all where none ever is."""
        duty = self.duty
        change = self._change(duty.peak_extraction, duty.extraction, share)
        return np.asarray(self._by_year(self.formation - change, duty.extraction, np.inf).min(1))

    def _highest(self, share: float) -> Floats:
        """On days on which heat is given; on all where none ever is."""
        duty = self.duty
        change = self._change(duty.peak_injection, duty.injection, share)
        return np.asarray(self._by_year(self.formation + change, duty.injection, -np.inf).max(1))

    def _change(self, peak: Floats, mean: Floats, share: float) -> Floats:
        """By the highest hour of each day, a share of what the heat does to the water, K."""
        by_water = share / (WATER_HEAT_CAPACITY * self.flow) * peak
        return np.resize(by_water + self.fast * (peak - mean), len(self.formation))

    def _by_year(self, series: Floats, heat: Floats, at_rest: float) -> Floats:
        busy = np.resize(heat if heat.any() else self.duty.running, len(series)) > 0.0
        return np.where(busy, series, at_rest).reshape(self.years, DAYS_PER_YEAR)


def reduced_well_of(
    column: GroundColumn, well: CirculationWell, radius: float | None, flows: list[float],
    *, fineness: float = SEARCH_FINENESS, years: int = 25, checked: bool = False,
) -> ReducedWell:  # fmt: skip
    """Modes of one well in its ground, for all the flows.

    The surface keeps its own temperature, as in all models of years: in a closed cell it is the
    only way out for heat.

    Parameters
    ----------
    column, well : ground and well
    radius : of the ground that the well owns, m; None: it stands alone. A well with bleed draws on
        water from outside, and is computed alone
    flows : m³/s
    fineness : of the rings
    years : that matter
    checked : measure the error against the finite volumes
    """
    from diwen.sources.circulation_well.flow_field import flow_field
    from diwen.sources.circulation_well.grid import well_grid
    from diwen.sources.circulation_well.heat_operator import heat_operator
    from diwen.sources.circulation_well.model_reduction import reduce_well

    alone = radius is None or well.bleed > 0.0
    grid = well_grid(column, well, outer_radius=None if alone else radius, fineness=fineness)
    field = flow_field(column, well, grid, outer="open" if alone else "closed")
    operator = heat_operator(field, surface="fixed")
    return reduce_well(operator, flows, horizon=max(years, 2) * YEAR, checked=checked)


def unit_course(
    reduced: ReducedWell, flow: float, duty: WellDuty, years: int, undisturbed: float
) -> UnitCourse:
    """Answer of a reduced well to a duty, year after year.

    Parameters
    ----------
    reduced : modes of the well
    flow : while it pumps, m³/s
    duty : of all wells; this one does it all
    years : to compute; the duty repeats
    undisturbed : temperature of the water, °C
    """
    days = DAYS_PER_YEAR * years
    moved = flow * np.resize(duty.running, days)
    answers = []
    for heat in (duty.extraction, duty.injection):
        if not heat.any():
            answers.append(np.zeros(days))
            continue
        course = reduced.simulate(np.resize(heat, days), moved, DAY)
        answers.append(reduced.reference_temperature - course.formation)
    return UnitCourse(
        duty, answers[0], answers[1], flow, reduced.short_circuit, undisturbed,
        reduced.grid.cells, _fast_answer(reduced, flow),
    )  # fmt: skip


def _fast_answer(reduced: ReducedWell, flow: float) -> float:
    """Drop of the water taken from the ground after half a day of 1 W, hour by hour, K/W."""
    course = reduced.simulate(np.ones(_PEAK_HOURS), flow)
    return float(reduced.reference_temperature - course.formation[-1])


def holding_share(unit: UnitCourse) -> float | None:
    """Heat given in a year over heat taken at which the wells do not grow colder.

    The lowest pumped water of the last year is then that of the second year. None where that
    cannot be told: fewer than three years, no heat taken, or none given.
    """
    from scipy.optimize import brentq

    duty = unit.duty
    if unit.years < 3 or not duty.extraction.any() or not duty.injection.any():
        return None

    def gain(factor: float) -> float:
        lowest = unit.years_of(injection=factor).lowest_pumped
        return float(lowest[-1] - lowest[1])

    ratio = duty.yearly_injection / duty.yearly_extraction
    most = 2.0 / ratio
    if gain(0.0) >= 0.0:
        return 0.0
    if gain(most) <= 0.0:
        return None
    return float(brentq(gain, 0.0, most, xtol=1e-6)) * ratio
