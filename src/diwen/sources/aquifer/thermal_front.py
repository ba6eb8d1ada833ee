"""How far returned water carries its temperature, and how much heat a block of ground holds.

Local thermal equilibrium, no conduction: the front moves at 1/A of the Darcy flux, with
A = (ρc)_ground/(ρc)_water; the porosity cancels. First answers for feasibility, no simulation.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.physical_constants import WATER_HEAT_CAPACITY

Floats = NDArray[np.float64]


def thermal_retardation(
    heat_capacity: ArrayLike, water_heat_capacity: float = WATER_HEAT_CAPACITY
) -> Floats:
    """A = (ρc)_ground/(ρc)_water, Darcy flux over speed of the front; J/(m³·K)."""
    return np.asarray(np.asarray(heat_capacity, float) / water_heat_capacity)


def front_radius(volume: ArrayLike, thickness: ArrayLike, retardation: ArrayLike) -> Floats:
    """r = √(V/(π A b)), m, of the thermal front around one injection well; broadcast.

    Parameters
    ----------
    volume : injected, m³; thickness : of the aquifer, m; retardation : A, dimensionless
    """
    swept = math.pi * np.asarray(retardation, float) * np.asarray(thickness, float)
    return np.asarray(np.sqrt(np.asarray(volume, float) / swept))


def block_heat(radius: ArrayLike, height: ArrayLike, heat_capacity: ArrayLike) -> Floats:
    """π R² H (ρc), heat in a cylinder of ground per K, J/K; m and J/(m³·K), broadcast."""
    area = math.pi * np.square(np.asarray(radius, float))
    return np.asarray(area * np.asarray(height, float) * np.asarray(heat_capacity, float))


def smallest_cell_radius(
    net_energy: ArrayLike, height: ArrayLike, heat_capacity: ArrayLike, allowed_change: ArrayLike
) -> Floats:
    """R_min = √(E_net/(π H (ρc) ΔT)), m: the ground a well must own; broadcast.

    Parameters
    ----------
    net_energy : taken less returned in a year, J, its amount counts
    height : of the ground used, m; heat_capacity : J/(m³·K); allowed_change : mean, K
    """
    per_area = math.pi * np.asarray(height, float) * np.asarray(heat_capacity, float)
    per_area = per_area * np.asarray(allowed_change, float)
    return np.asarray(np.sqrt(np.abs(np.asarray(net_energy, float)) / per_area))


def regional_flow_share(
    darcy_flux: ArrayLike,
    radius: ArrayLike,
    height: ArrayLike,
    temperature_change: ArrayLike,
    mean_power: ArrayLike,
    water_heat_capacity: float = WATER_HEAT_CAPACITY,
) -> Floats:
    """Heat that regional flow carries past the swept ground over the mean heat taken; broadcast.

    Small: the axisymmetric model holds. Not small: native water replaces circulated water.

    Parameters
    ----------
    darcy_flux : regional, m/s; radius : swept, m; height : of the aquifer, m
    temperature_change : of the swept ground, K; mean_power : of the season, W
    """
    flow = np.asarray(darcy_flux, float) * 2.0 * np.asarray(radius, float)
    flow = flow * np.asarray(height, float)
    advected = water_heat_capacity * flow * np.asarray(temperature_change, float)
    return np.abs(advected / np.asarray(mean_power, float))


def point_dipole_arrival(distance: ArrayLike, flow: ArrayLike, retardation: ArrayLike) -> Floats:
    """Earliest arrival (π/4)(2π − 16/3) A L³/Q between two points in isotropic ground, s.

    Source and sink of one strength in a medium without end. Real screens are long and answer
    much earlier (a quarter of the time in usual wells): an upper bound only.

    Parameters
    ----------
    distance : of the points, m; flow : m³/s; retardation : A, dimensionless; broadcast
    """
    factor = 0.25 * math.pi * (2.0 * math.pi - 16.0 / 3.0)
    per_flow = np.asarray(distance, float) ** 3 / np.asarray(flow, float)
    return np.asarray(factor * np.asarray(retardation, float) * per_flow)
