"""What a load does to the fluid over the years, and the length that a limit asks for.

At a frozen response the fluid temperature is

    T = T_0 − (W + R_b P) / L + s P / C

with the load's drop of the wall times total length W (K·m), the power P (W, extraction positive),
the total length L, the capacity rate C and s = ½ for the fluid that enters the heat pump, −½ for
that which leaves it, 0 for the mean. A limit at every moment is therefore solved for L without any
search: L ≥ (W + R_b P) / (T_0 + s P / C − T_limit). Only the slow change of W, R_b and T_0 with the
length is left to iterate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.design.bore_field import BoreField, Place

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Course:
    """Drops and powers at every moment that is checked, for one mean length.

    Attributes
    ----------
    length : mean borehole length, m
    total_length : m
    wall : drop of the wall temperature times total length, K·m, shape (years, moments); where the
        heat capacity of the boreholes counts, that of the fluid less R_b times the power
    power : extraction positive, W, shape (years, moments)
    temperature : undisturbed temperature, °C
    resistance : effective borehole thermal resistance, m·K/W
    residual : largest change of an entering temperature in the last pass of the heat-pump
        feedback, K; 0 where the load does not depend on the temperature
    """

    length: float
    total_length: float
    wall: Floats
    power: Floats
    temperature: float
    resistance: float
    residual: float = 0.0

    @classmethod
    def of(
        cls, field: BoreField, length: float, wall: Floats, power: Floats, residual: float = 0.0
    ) -> Course:
        """The course of a field at a mean length."""
        return cls(
            length,
            length * field.count,
            wall,
            power,
            field.temperature(length),
            field.borehole_resistance(length),
            residual,
        )

    def fluid(self, field: BoreField, place: Place) -> Floats:
        """Fluid temperature at a place, °C, shape (years, moments)."""
        drop = (self.wall + self.resistance * self.power) / self.total_length
        return self.temperature - drop + field.half_spread(place) * self.power

    def wall_temperature(self) -> Floats:
        """Mean wall temperature, °C, shape (years, moments)."""
        return self.temperature - self.wall / self.total_length

    def needed(self, field: BoreField, limit: float, place: Place, sign: int) -> Needed:
        """Mean length that a limit asks for at this response.

        Parameters
        ----------
        limit : °C
        place : where the limit holds
        sign : 1 for a lowest temperature, −1 for a highest
        """
        drop = sign * (self.wall + self.resistance * self.power)
        half = field.half_spread(place)
        room: Floats | float = sign * (self.temperature - limit)
        if half:
            room = room + (sign * half) * self.power
            blocked = (room <= 0.0) & (drop > 0.0)
            if blocked.any():
                at = int(np.argmax(np.where(blocked, drop, -np.inf)))
                return Needed(np.inf, *divmod(at, drop.shape[1]))
            with np.errstate(divide="ignore", invalid="ignore"):
                drop = np.where(drop > 0.0, drop / room, 0.0)
            room = 1.0
        at = int(np.argmax(drop))
        highest = max(float(drop.flat[at]), 0.0)
        total = np.inf if room <= 0.0 < highest else highest / float(room) if highest else 0.0
        return Needed(total / field.count, *divmod(at, drop.shape[1]))


@dataclass(frozen=True)
class Needed:
    """The length that a limit asks for, and when.

    Attributes
    ----------
    length : mean borehole length, m; 0 where the limit is never near, infinite where no length
        suffices
    year, moment : index of the moment that asks for it
    """

    length: float
    year: int
    moment: int
