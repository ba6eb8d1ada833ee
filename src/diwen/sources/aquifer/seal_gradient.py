"""The head across the seal of a circulation well, and what sand stands.

Source of the critical gradient: K. Terzaghi, Erdbaumechanik (1925).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.physical_constants import WATER_DENSITY

Floats = NDArray[np.float64]


def gradient_of_seal(
    injection_rise: ArrayLike, extraction_rise: ArrayLike, seal_length: ArrayLike
) -> Floats:
    """Mean hydraulic gradient along the seal, dimensionless; broadcast.

    Parameters
    ----------
    injection_rise, extraction_rise : of head in the two zones, m, the second negative (drawdown)
    seal_length : m
    """
    difference = np.asarray(injection_rise, float) - np.asarray(extraction_rise, float)
    return np.asarray(difference / np.asarray(seal_length, float))


def critical_gradient(
    porosity: ArrayLike, grain_density: float = 2650.0, water_density: float = WATER_DENSITY
) -> Floats:
    """i_c = (1 − n) (ρ_s/ρ_w − 1), at which sand without cohesion is lifted; about 1."""
    light = grain_density / water_density - 1.0
    return np.asarray((1.0 - np.asarray(porosity, float)) * light)
