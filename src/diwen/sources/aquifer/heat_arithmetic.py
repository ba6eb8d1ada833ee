"""Heat, flow and temperature drop of water: Φ = ρc Q ΔT, one from the other two."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.physical_constants import WATER_HEAT_CAPACITY

Floats = NDArray[np.float64]


def temperature_drop(
    power: ArrayLike, flow: ArrayLike, heat_capacity: float = WATER_HEAT_CAPACITY
) -> Floats:
    """Pumped less returned temperature, K, for heat taken in W and flow in m³/s; broadcast."""
    return np.asarray(np.asarray(power, float) / (heat_capacity * np.asarray(flow, float)))


def heat_taken(
    flow: ArrayLike, drop: ArrayLike, heat_capacity: float = WATER_HEAT_CAPACITY
) -> Floats:
    """Heat taken from the water, W, for flow in m³/s and temperature drop in K; broadcast."""
    return np.asarray(heat_capacity * np.asarray(flow, float) * np.asarray(drop, float))


def flow_needed(
    power: ArrayLike, drop: ArrayLike, heat_capacity: float = WATER_HEAT_CAPACITY
) -> Floats:
    """Flow, m³/s, that carries heat in W at a temperature drop in K; broadcast."""
    return np.asarray(np.asarray(power, float) / (heat_capacity * np.asarray(drop, float)))
