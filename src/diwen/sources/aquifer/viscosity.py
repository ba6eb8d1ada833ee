"""Cold water is thicker: conductivities and specific capacities at another temperature.

K = k ρ g/μ, so K changes with the kinematic viscosity, by a third between 4 and 15 °C.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.fluids import fluid

Floats = NDArray[np.float64]


def viscosity_ratio(temperature: ArrayLike, reference: ArrayLike) -> Floats:
    """Kinematic viscosity of water at ``temperature`` over that at ``reference``, °C both.

    1.23 at 3 °C for a reference of 10 °C. Heads at one flow grow by it.
    """
    water = fluid("water")
    here, there = np.asarray(temperature, float), np.asarray(reference, float)
    ratio = water.viscosity(here) / water.viscosity(there)
    return np.asarray(ratio * water.density(there) / water.density(here))


def conductivity_at(
    conductivity: ArrayLike, temperature: ArrayLike, measured_at: ArrayLike
) -> Floats:
    """Hydraulic conductivity of water at ``temperature`` from one ``measured_at``, °C; m/s."""
    return np.asarray(np.asarray(conductivity, float) / viscosity_ratio(temperature, measured_at))


def at_reference_temperature(
    specific: ArrayLike, temperature: ArrayLike, reference: float = 10.0
) -> Floats:
    """Specific capacity or injectivity brought to water of ``reference`` °C, in its own unit.

    ``temperature`` is that of the water that passes the wall of the bore, °C. The laminar part
    only: where C Q² matters, separate it first.
    """
    return np.asarray(np.asarray(specific, float) * viscosity_ratio(temperature, reference))
