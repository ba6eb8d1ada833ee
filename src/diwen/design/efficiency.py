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

from diwen.design.input_checks import number, refuse
from diwen.language import Text
from diwen.problems import Problem
from diwen.sources.response.hourly import Efficiency

__all__ = ["Efficiency", "PlantEfficiency"]

Floats = NDArray[np.float64]

_NOT_ABOVE_ONE = Text(
    "a coefficient of performance of 1 or less takes nothing out of the ground",
    "性能系数不大于 1，不从地下取热",
)
_CHECK = Text("check capacity and power", "请核对制热（冷）量与输入功率")
_ABOVE_ONE = Text("more than 1", "大于 1")


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
        level = all(np.ptp(part.values) == 0.0 for part in parts)
        return self.passive_below is None and level

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
