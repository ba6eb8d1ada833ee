"""Motor and frequency converter of a pump below their rating.

The motor: ``η/η_rated = (1 − e^(−k x)) / (1 − e^(−k))`` over the share x of its rated shaft power;
the converter: a cubic over the share of full speed. Both shapes after M. A. Bernier & B. Bourret,
Pumping energy and variable frequency drives, ASHRAE Journal 41 (1999) 12, 37-40. The coefficients
are arguments: numbers for them are engineering defaults, not part of the physics.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_LEAST = 0.02


@dataclass(frozen=True)
class PumpDrive:
    """What lies between the meter and the shaft.

    Attributes
    ----------
    motor_efficiency : at rated shaft power, 0 to 1
    motor_steepness : k above; infinity: the efficiency of the rating at every load
    converter : coefficients over the share of full speed, lowest power first; (1,): no converter
    """

    motor_efficiency: float = 1.0
    motor_steepness: float = np.inf
    converter: tuple[float, ...] = (1.0,)

    def motor(self, share: ArrayLike) -> Floats:
        """Efficiency of the motor at a share of its rated shaft power."""
        x = np.maximum(np.asarray(share, float), 0.0)
        if not np.isfinite(self.motor_steepness):
            return np.asarray(np.full_like(x, self.motor_efficiency))
        shape = np.expm1(-self.motor_steepness * x) / np.expm1(-self.motor_steepness)
        return np.asarray(np.clip(self.motor_efficiency * shape, _LEAST, 1.0))

    def frequency_converter(self, speed: ArrayLike) -> Floats:
        """Efficiency of the converter at a share of full speed."""
        s = np.asarray(speed, float)
        value = np.polynomial.polynomial.polyval(s, np.asarray(self.converter))
        return np.asarray(np.clip(value, _LEAST, 1.0))

    def efficiency(self, share: ArrayLike, speed: ArrayLike) -> Floats:
        """Of motor and converter together."""
        return np.asarray(self.motor(share) * self.frequency_converter(speed))
