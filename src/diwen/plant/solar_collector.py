"""Solar collectors: quadratic efficiency of the mean fluid, and its straight line for recharge.

Per area ``q = η₀ (K_b G_b + K_d (G_s + G_g)) − a₁ (T_m − T_a) − a₂ (T_m − T_a)²`` (ISO 9806:2017,
quasi-steady form without wind and sky terms). Incidence angle: ``K_b = 1 − b₀ (1/cos θ − 1)``;
light from sky and ground as a beam at 60° (Duffie & Beckman 2013, section 5.4 and eq. 6.17.10).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.plant.linear_recharge import line_through
from diwen.plant.solar_position import TiltedIrradiance
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT

Floats = NDArray[np.float64]

_DIFFUSE_COSINE = 0.5
_OUTSIDE = Text("outside its range", "超出范围")


@dataclass(frozen=True)
class SolarCollector:
    """Collectors of one kind; build with :meth:`of`.

    Attributes
    ----------
    area : to which the coefficients refer, m²
    optical_efficiency : η₀
    loss : a₁, W/(m²·K)
    loss_square : a₂, W/(m²·K²)
    incidence : b₀
    """

    area: float
    optical_efficiency: float
    loss: float
    loss_square: float = 0.0
    incidence: float = 0.0

    @classmethod
    def of(
        cls, area: float, optical_efficiency: float, loss: float, loss_square: float = 0.0,
        incidence: float = 0.0,
    ) -> SolarCollector:  # fmt: skip
        """Collectors, checked.

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        made = cls(area, optical_efficiency, loss, loss_square, incidence)
        limits = (
            ("area", 1e-6, 1e8), ("optical_efficiency", 0.01, 1.0), ("loss", 0.0, 100.0),
            ("loss_square", 0.0, 1.0), ("incidence", -1.0, 1.0),
        )  # fmt: skip
        problems = [
            Problem("SolarCollector", name, _OUTSIDE, CORRECT, f"{getattr(made, name):g}",
                    Text(f"{low:g} to {high:g}", f"{low:g}～{high:g}"))
            for name, low, high in limits
            if not low <= getattr(made, name) <= high
        ]  # fmt: skip
        if problems:
            raise InputError(problems)
        return made

    def incidence_factor(self, cosine: ArrayLike) -> Floats:
        """K of a beam with that cosine of incidence; 0 from behind."""
        c = np.asarray(cosine, float)
        value = 1.0 - self.incidence * (1.0 / np.maximum(c, 1e-3) - 1.0)
        return np.asarray(np.where(c > 0.0, np.clip(value, 0.0, 1.0), 0.0))

    def absorbed(self, light: TiltedIrradiance) -> Floats:
        """Heat at no difference to the air, W, shape (n,)."""
        other = float(self.incidence_factor(_DIFFUSE_COSINE))
        caught = self.incidence_factor(light.cosine) * light.beam
        return np.asarray(
            self.area * self.optical_efficiency * (caught + other * (light.sky + light.ground))
        )

    def heat(self, absorbed: ArrayLike, air: ArrayLike, fluid: ArrayLike) -> Floats:
        """Heat to the fluid (negative: lost), W.

        Parameters
        ----------
        absorbed : of :meth:`absorbed`, W
        air, fluid : temperature of the air, mean temperature of the fluid, °C
        """
        gap = np.asarray(fluid, float) - np.asarray(air, float)
        lost = self.loss * gap + self.loss_square * gap * np.abs(gap)
        return np.asarray(np.asarray(absorbed, float) - self.area * lost)

    def line(self, absorbed: ArrayLike, air: ArrayLike, reference: float,
             usual_gap: float = 20.0) -> tuple[Floats, float]:  # fmt: skip
        """``at_zero``, W, and ``per_kelvin``, W/K, of a recharge: exact at ``reference``.

        Parameters
        ----------
        absorbed, air : W and °C, shape (n,)
        reference : mean temperature of the fluid at which the line is exact in every step, °C
        usual_gap : fluid above air that sets the slope, K
        """
        slope = self.area * (self.loss + 2.0 * self.loss_square * abs(usual_gap))
        return line_through(self.heat(absorbed, air, reference), reference, slope), slope
