"""What wells have to take and give in a year, day by day: heat, highest hours, hours of pumping.

Water in the ground moves slowly: a day is short beside it, but the water that goes back feels the
highest hour of the day. Both are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.design.ground_load import whole_years
from diwen.design.input_checks import column, finite, refuse
from diwen.language import Text
from diwen.problems import Problem
from diwen.sources.response.time_units import DAY

Floats = NDArray[np.float64]

DAYS_PER_YEAR = 365

_HOURS = Text("8760 hours", "8760 小时")
_NOTHING = Text("no heat is taken in any hour", "所有小时均无取热")
_HEAT = Text("give the heat taken from the wells, extraction positive", "请给出取热量（取热为正）")


@dataclass(frozen=True, eq=False)
class WellDuty:
    """Heat of all wells together over one or more years that repeat; build with :meth:`of`.

    Attributes
    ----------
    extraction, injection : mean of each day, taken and given, 0 or more, W, shape (nd,)
    peak_extraction, peak_injection : highest hour of each day, W, shape (nd,)
    running : share of each day in which the pumps run, shape (nd,)
    """

    extraction: Floats
    injection: Floats
    peak_extraction: Floats
    peak_injection: Floats
    running: Floats

    @classmethod
    def of(cls, power: ArrayLike) -> WellDuty:
        """From hours; the pumps run at full flow in every hour with a load.

        Parameters
        ----------
        power : heat taken from the water, extraction positive, W, shape (8760 years,)

        Raises
        ------
        diwen.problems.InputError : not finite, not whole years, nothing to do; all at once
        """
        values = column(power)
        problems = [
            *finite("well duty", "power", values),
            *whole_years("well duty", "power", values, 8760, _HOURS),
        ]
        if not problems and not values.any():
            problems.append(Problem("well duty", "power", _NOTHING, _HEAT))
        refuse(problems)
        days = values.reshape(-1, 24)
        out, into = np.maximum(days, 0.0), np.maximum(-days, 0.0)
        return cls(
            out.mean(axis=1), into.mean(axis=1), out.max(axis=1), into.max(axis=1),
            (days != 0.0).mean(axis=1),
        )  # fmt: skip

    @property
    def days(self) -> int:
        """nd."""
        return len(self.extraction)

    @property
    def years(self) -> int:
        """Given."""
        return self.days // DAYS_PER_YEAR

    @property
    def largest_extraction(self) -> float:
        """Highest hour, W."""
        return float(self.peak_extraction.max())

    @property
    def largest_injection(self) -> float:
        """Highest hour, W."""
        return float(self.peak_injection.max())

    @property
    def yearly_extraction(self) -> float:
        """Of a mean year, J."""
        return float(self.extraction.sum()) * DAY / self.years

    @property
    def yearly_injection(self) -> float:
        """Of a mean year, J."""
        return float(self.injection.sum()) * DAY / self.years

    @property
    def pumping_time(self) -> float:
        """Of a mean year, s."""
        return float(self.running.sum()) * DAY / self.years

    def scaled(self, extraction: float = 1.0, injection: float = 1.0) -> WellDuty:
        """With heat taken and given multiplied; the pumps run as before."""
        return replace(
            self,
            extraction=self.extraction * extraction, injection=self.injection * injection,
            peak_extraction=self.peak_extraction * extraction,
            peak_injection=self.peak_injection * injection,
        )  # fmt: skip

    def with_return(self) -> WellDuty:
        """The same with heat given back wherever none is taken, as much as is taken in a year.

        Left as it is where heat is given back already.
        """
        if self.injection.any():
            return self
        free = self.extraction == 0.0
        if not free.any():
            return self
        even = np.where(free, float(self.extraction.sum()) / float(free.sum()), 0.0)
        running = np.where(free, 1.0, self.running)
        return replace(self, injection=even, peak_injection=even.copy(), running=running)


def season_course(days: ArrayLike) -> Floats:
    """A usual course of a load over a season, share of its highest hour, shape (24 n,).

    Half a sine over the season, a swing over the day and one of nine days: stands in where only a
    design load is known.

    Parameters
    ----------
    days : numbers of the season's days from its first one, shape (n,)
    """
    given = np.asarray(days, float)
    hours = (given[:, None] * 24.0 + np.arange(24) + 0.5).ravel()
    whole = 24.0 * len(given)
    shape = 0.15 + 0.6 * np.sin(np.pi * hours / whole)
    shape += 0.12 * np.cos(2.0 * np.pi * hours / 24.0)
    shape += 0.13 * np.sin(2.0 * np.pi * hours / (24.0 * 9.3))
    shape = np.clip(shape, 0.05, 1.0)
    return np.asarray(shape / shape.max())
