"""A dry cooler: water against air, effectiveness from its design point, fans by the cube law.

``Q = K (T_in − T_air)`` with K = ε C_min of the design point (cross flow, air limiting: K barely
changes with the water); fans at a share s of their speed move s of the air for s³ of the power.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.plant.linear_recharge import conductance_to_mean
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DryCooler:
    """A dry cooler at its design; build with :meth:`of_design`.

    Attributes
    ----------
    conductance : heat per kelvin of water entering above air entering, W/K
    water_rate : heat capacity rate of the water, W/K
    fan_power : at full speed, W
    """

    conductance: float
    water_rate: float
    fan_power: float = 0.0

    @classmethod
    def of_design(
        cls, heat: float, approach: float, spread: float, fan_power: float = 0.0
    ) -> DryCooler:
        """From its design point.

        Parameters
        ----------
        heat : W
        approach : water leaving above air entering, K
        spread : of the water, K
        fan_power : W

        Raises
        ------
        diwen.problems.InputError : numbers that are not above 0
        """
        given = (("heat", heat), ("approach", approach), ("spread", spread))
        problems = [
            Problem("DryCooler", name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)
            for name, value in given
            if not value > 0.0
        ]
        if problems:
            raise InputError(problems)
        return cls(heat / (approach + spread), heat / spread, fan_power)

    def heat(self, water: ArrayLike, air: ArrayLike) -> Floats:
        """Heat taken from water entering at °C by air at °C, W; negative: given to it."""
        gap = np.asarray(water, float) - np.asarray(air, float)
        return np.asarray(self.conductance * gap)

    def line(self, air: ArrayLike) -> tuple[Floats, float]:
        """``at_zero``, W, and ``per_kelvin``, W/K, of a recharge in the mean of the water."""
        slope = conductance_to_mean(self.conductance, self.water_rate)
        return np.asarray(slope * np.asarray(air, float)), slope

    def fans(self, share: ArrayLike) -> Floats:
        """Electric power of the fans, W, at a share of the full heat (share of the air)."""
        return np.asarray(self.fan_power * np.clip(np.asarray(share, float), 0.0, 1.0) ** 3)
