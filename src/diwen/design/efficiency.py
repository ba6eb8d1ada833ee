"""Coefficients of performance over the temperature that enters the heat pump from the ground.

Heating and hot water take (1 − 1/COP) of their heat out of the ground; active cooling gives
(1 + 1/EER) of its cold to it. Passive (free) cooling, where the fluid is cold enough to cool
without a compressor, gives just the cold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.design.input_checks import column, finite, number, refuse
from diwen.language import Text
from diwen.problems import Problem

Floats = NDArray[np.float64]

_NOT_ABOVE_ONE = Text(
    "a coefficient of performance of 1 or less takes nothing out of the ground",
    "性能系数不大于 1，不从地下取热",
)
_CHECK = Text("check capacity and power", "请核对制热（冷）量与输入功率")
_ABOVE_ONE = Text("more than 1", "大于 1")
_ABOVE_ZERO = Text("more than 0", "大于 0")
_ORDER = Text("the temperatures do not rise", "温度未递增")
_SORT = Text("sort the table by temperature, each once", "请按温度升序排列且不重复")
_PAIRS = Text("temperatures and values differ in number", "温度与数值个数不一致")
_ONE_EACH = Text("give one value per temperature", "每个温度给一个值")


@dataclass(frozen=True, eq=False)
class Efficiency:
    """COP or EER over the entering source temperature, linear between points, level outside.

    Attributes
    ----------
    temperatures : entering source temperature, °C, rising, shape (n,)
    values : COP or EER, shape (n,)
    """

    temperatures: Floats
    values: Floats

    @classmethod
    def constant(cls, value: float) -> Efficiency:
        """One number for all temperatures (seasonal COP)."""
        return cls.table([0.0], [value])

    @classmethod
    def linear(
        cls, at_zero: float, slope: float, lowest: float = -10.0, highest: float = 40.0
    ) -> Efficiency:
        """``at_zero + slope T`` between two temperatures in °C, level outside; slope 1/K."""
        ends = [lowest, highest]
        return cls.table(ends, [at_zero + slope * end for end in ends])

    @classmethod
    def table(cls, temperatures: ArrayLike, values: ArrayLike) -> Efficiency:
        """A table of measured points.

        Raises
        ------
        diwen.problems.InputError : not rising, not above zero, not finite; all at once
        """
        where, points, numbers = "efficiency", column(temperatures), column(values)
        problems = [*finite(where, "temperatures", points), *finite(where, "values", numbers)]
        if len(points) != len(numbers) or not len(points):
            shown = f"{len(points)} / {len(numbers)}"
            problems.append(Problem(where, "values", _PAIRS, _ONE_EACH, shown))
        elif (np.diff(points) <= 0).any():
            problems.append(Problem(where, "temperatures", _ORDER, _SORT))
        if (numbers <= 0).any():
            shown = f"{numbers.min():g}"
            problems.append(Problem(where, "values", _NOT_ABOVE_ONE, _CHECK, shown, _ABOVE_ZERO))
        refuse(problems)
        return cls(points, numbers)

    @property
    def is_constant(self) -> bool:
        """Whether the temperature plays no part."""
        return bool(np.ptp(self.values) == 0.0)

    def at(self, temperature: ArrayLike) -> Floats:
        """COP or EER at entering source temperatures in °C."""
        return np.interp(np.asarray(temperature, float), self.temperatures, self.values)


@dataclass(frozen=True, eq=False)
class PlantEfficiency:
    """What the heat pumps make of the source.

    Attributes
    ----------
    heating : COP of space heating
    cooling : EER of active cooling
    hot_water : COP of hot water; None: that of heating
    passive_below : fluid temperature from the ground, °C, below which cooling is passive;
        None: cooling is always active
    """

    heating: Efficiency
    cooling: Efficiency
    hot_water: Efficiency | None = None
    passive_below: float | None = None

    def __post_init__(self) -> None:
        problems = list(number("efficiency", "passive_below", self.passive_below, positive=False))
        for name in ("heating", "hot_water"):
            problems += _above_one(name, getattr(self, name))
        refuse(problems)

    @property
    def is_constant(self) -> bool:
        """Whether the ground load does not depend on the temperature."""
        parts = (self.heating, self.cooling, self.hot_water or self.heating)
        return self.passive_below is None and all(part.is_constant for part in parts)

    def extraction(self, heating: ArrayLike, hot_water: ArrayLike, temperature: Floats) -> Floats:
        """Heat out of the ground for heating and hot water (same unit), at °C entering."""
        warm = np.asarray(heating, float) * (1.0 - 1.0 / self.heating.at(temperature))
        water = (self.hot_water or self.heating).at(temperature)
        return warm + np.asarray(hot_water, float) * (1.0 - 1.0 / water)

    def injection(self, cooling: ArrayLike, temperature: Floats) -> Floats:
        """Heat into the ground for cooling (same unit), positive, at °C entering."""
        extra = 1.0 / self.cooling.at(temperature)
        if self.passive_below is not None:
            extra = np.where(np.asarray(temperature) < self.passive_below, 0.0, extra)
        return np.asarray(cooling, float) * (1.0 + extra)


def _above_one(name: str, efficiency: Efficiency | None) -> Iterator[Problem]:
    if efficiency is not None and (efficiency.values <= 1.0).any():
        shown = f"{efficiency.values.min():g}"
        yield Problem("efficiency", name, _NOT_ABOVE_ONE, _CHECK, shown, _ABOVE_ONE)
