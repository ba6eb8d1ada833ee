"""A plant that also recharges the ground: the extra heat joins what the heat pumps give and take.

The efficiency of the heat pumps then follows the temperatures that the recharge brings about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.design.building_load import HourlyBuildingLoad, MonthlyBuildingLoad
from diwen.design.calendar_months import DAYS, MONTH, MONTHS_PER_YEAR, hours_in_months
from diwen.design.efficiency import PlantEfficiency
from diwen.design.input_checks import refuse
from diwen.language import Text, same
from diwen.problems import Problem

Floats = NDArray[np.float64]

_MONTHS = Text("recharge needs months of the year", "补热须指明月份")
_NAME_MONTHS = Text("name at least one month, 1 to 12", "请至少给出一个月份（1 至 12）")


@dataclass(frozen=True, eq=False)
class RechargedPlant(PlantEfficiency):
    """Heat pumps, and a recharge of the ground beside them.

    Attributes
    ----------
    extra : heat into the ground at every step of a year of operation, W, shape (8760,) for an
        hourly model, (12,) for a monthly one; negative: heat taken out besides
    """

    extra: Floats = field(default_factory=lambda: np.zeros(1))

    @property
    def is_constant(self) -> bool:
        """Never: the recharge has to be asked for step by step."""
        return False

    def extraction(self, heating: ArrayLike, hot_water: ArrayLike, temperature: Floats) -> Floats:
        """Heat out of the ground, W, with what the recharge takes out where it is negative."""
        out = super().extraction(heating, hot_water, temperature)
        return out + np.resize(np.maximum(-self.extra, 0.0), np.shape(heating))

    def injection(self, cooling: ArrayLike, temperature: Floats) -> Floats:
        """Heat into the ground, W, with the recharge."""
        into = super().injection(cooling, temperature)
        return into + np.resize(np.maximum(self.extra, 0.0), np.shape(cooling))


def recharged_plant(
    plant: PlantEfficiency,
    load: HourlyBuildingLoad | MonthlyBuildingLoad,
    energy: float,
    months: Sequence[int],
    *,
    monthly: bool = False,
) -> PlantEfficiency:
    """The plant of a building with a yearly recharge in J at constant power in calendar months.

    Parameters
    ----------
    monthly : the plant serves a model by months (L3), not by hours (L4)
    """
    share = month_shares(months)
    if isinstance(load, MonthlyBuildingLoad) or monthly:
        extra = np.roll(energy * share / MONTH, 1 - load.start_month)
    else:
        extra = np.roll(hours_in_months(energy * share / (DAYS * 86400.0)), -load.first_hour)
    return RechargedPlant(plant.heating, plant.cooling, plant.hot_water, plant.passive_below, extra)


def month_shares(months: Sequence[int]) -> Floats:
    """Share of the yearly recharge that falls on each calendar month, shape (12,).

    Raises
    ------
    diwen.problems.InputError : no month, or none of the calendar
    """
    chosen = np.array(sorted(set(months)), dtype=int)
    if not len(chosen) or chosen.min() < 1 or chosen.max() > MONTHS_PER_YEAR:
        shown = ", ".join(map(str, months))
        refuse([Problem("recharge", "months", _MONTHS, _NAME_MONTHS, shown, same("1 … 12"))])
    share = np.zeros(MONTHS_PER_YEAR)
    share[chosen - 1] = DAYS[chosen - 1] / DAYS[chosen - 1].sum()
    return share
