"""Loads of the building: heating, cooling and hot water, all positive, by hour or by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.design.calendar_months import FIRST_HOUR, HOUR, HOURS_PER_YEAR, MONTH, MONTHS_PER_YEAR
from diwen.design.efficiency import PlantEfficiency
from diwen.design.ground_load import (
    SAME_LENGTH,
    UNEQUAL,
    HourlyGroundLoad,
    MonthlyGroundLoad,
    durations,
    month_peaks,
    month_sums,
    start,
    whole_years,
)
from diwen.design.input_checks import amounts, column, refuse
from diwen.language import Text, same
from diwen.problems import Problem

Floats = NDArray[np.float64]

_HOURS = Text("8760 hours", "8760 小时")
_MONTHS = Text("12 months", "12 个月")


@dataclass(frozen=True, eq=False)
class HourlyBuildingLoad:
    """Loads of the building by hour; build with :meth:`of`.

    Attributes
    ----------
    heating, cooling, hot_water : W, zero or more, shape (8760 years,), from 1 January
    start_month : month in which operation begins, 1 to 12
    """

    heating: Floats
    cooling: Floats
    hot_water: Floats
    start_month: int

    @classmethod
    def of(
        cls,
        heating: ArrayLike,
        cooling: ArrayLike,
        hot_water: ArrayLike | None = None,
        *,
        start_month: int = 1,
    ) -> HourlyBuildingLoad:
        """An hourly load of a building; a year has 8760 hours.

        Raises
        ------
        diwen.problems.InputError : a negative load, not whole years; all at once
        """
        warm = column(heating)
        named = {"heating": warm, "cooling": column(cooling)}
        named["hot_water"] = np.zeros_like(warm) if hot_water is None else column(hot_water)
        problems = _column_problems("building load", named, HOURS_PER_YEAR, _HOURS)
        refuse([*problems, *start("building load", start_month)])
        return cls(**named, start_month=start_month)

    @property
    def years(self) -> int:
        """Number of years given."""
        return len(self.heating) // HOURS_PER_YEAR

    @property
    def first_hour(self) -> int:
        """Hour of the year at which operation begins."""
        return int(FIRST_HOUR[self.start_month - 1])

    def ground(self, efficiency: PlantEfficiency, temperature: ArrayLike) -> HourlyGroundLoad:
        """The ground load while the fluid enters at temperatures in °C, scalar or per hour."""
        entering = np.asarray(temperature, float)
        out = efficiency.extraction(self.heating, self.hot_water, entering)
        power = out - efficiency.injection(self.cooling, entering)
        return HourlyGroundLoad.of(power, start_month=self.start_month)

    def monthly(self, peak_duration: float | tuple[float, float] = 6 * HOUR) -> MonthlyBuildingLoad:
        """The same load by month: energies kept, peaks the highest hour of each month."""
        return MonthlyBuildingLoad.of(
            month_sums(self.heating),
            month_sums(self.cooling),
            month_peaks(self.heating + self.hot_water),
            month_peaks(self.cooling),
            month_sums(self.hot_water),
            peak_duration=peak_duration,
            start_month=self.start_month,
        )


@dataclass(frozen=True, eq=False)
class MonthlyBuildingLoad:
    """Loads of the building by month; build with :meth:`of`.

    Attributes
    ----------
    heating, cooling, hot_water : J, zero or more, shape (12 years,)
    peak_heating : highest power of heating and hot water together, W, shape (12 years,)
    peak_cooling : highest power of cooling, W, shape (12 years,)
    peak_duration : s, (heating, cooling)
    start_month : month in which operation begins, 1 to 12
    """

    heating: Floats
    cooling: Floats
    hot_water: Floats
    peak_heating: Floats
    peak_cooling: Floats
    peak_duration: tuple[float, float]
    start_month: int

    @classmethod
    def of(
        cls,
        heating: ArrayLike,
        cooling: ArrayLike,
        peak_heating: ArrayLike | None = None,
        peak_cooling: ArrayLike | None = None,
        hot_water: ArrayLike | None = None,
        *,
        peak_duration: float | tuple[float, float] = 6 * HOUR,
        start_month: int = 1,
    ) -> MonthlyBuildingLoad:
        """A monthly load of a building; peaks that are not given are the month's mean power.

        Raises
        ------
        diwen.problems.InputError : a negative load, months missing; all at once
        """
        warm, cold = column(heating), column(cooling)
        water = np.zeros_like(warm) if hot_water is None else column(hot_water)
        named = {"heating": warm, "cooling": cold, "hot_water": water}
        for name, given in (("peak_heating", peak_heating), ("peak_cooling", peak_cooling)):
            if given is not None:
                named[name] = column(given)
        long = peak_duration if isinstance(peak_duration, tuple) else (peak_duration,) * 2
        problems = _column_problems("building load", named, MONTHS_PER_YEAR, _MONTHS)
        problems += [*durations("building load", *long), *start("building load", start_month)]
        refuse(problems)
        means = {"peak_heating": (warm + water) / MONTH, "peak_cooling": cold / MONTH}
        named |= {name: np.maximum(named.get(name, 0.0), mean) for name, mean in means.items()}
        return cls(**named, peak_duration=long, start_month=start_month)

    @property
    def years(self) -> int:
        """Number of years given."""
        return len(self.heating) // MONTHS_PER_YEAR

    def ground(
        self,
        efficiency: PlantEfficiency,
        temperature: ArrayLike,
        peak_heating_temperature: ArrayLike | None = None,
        peak_cooling_temperature: ArrayLike | None = None,
    ) -> MonthlyGroundLoad:
        """The ground load while the fluid enters at temperatures in °C, scalar or per month.

        Parameters
        ----------
        temperature : entering temperature of the month's mean
        peak_heating_temperature, peak_cooling_temperature : during the peaks; None: as the mean
        """
        mean = np.asarray(temperature, float)
        warm = mean if peak_heating_temperature is None else np.asarray(peak_heating_temperature)
        cold = mean if peak_cooling_temperature is None else np.asarray(peak_cooling_temperature)
        return MonthlyGroundLoad.of(
            efficiency.extraction(self.heating, self.hot_water, mean),
            efficiency.injection(self.cooling, mean),
            efficiency.extraction(self.peak_heating, 0.0, warm),
            efficiency.injection(self.peak_cooling, cold),
            peak_duration=self.peak_duration,
            start_month=self.start_month,
        )


def _column_problems(where: str, named: dict[str, Floats], count: int, step: Text) -> list[Problem]:
    size = len(named["heating"])
    problems: list[Problem] = []
    for name, values in named.items():
        problems += amounts(where, name, values)
        problems += whole_years(where, name, values, count, step)
        if len(values) != size and not len(values) % count:
            shown = f"{len(values)}"
            problems.append(Problem(where, name, UNEQUAL, SAME_LENGTH, shown, same(f"{size}")))
    return problems
