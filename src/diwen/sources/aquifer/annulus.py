"""A gravel annulus beside the seal: how much it short-circuits, how little it conducts.

Water returned above may sink through the gravel straight to the extraction zone. That share is a
bypass; the ground around warms it by conduction only, which is little.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.physical_constants import WATER_HEAT_CAPACITY

Floats = NDArray[np.float64]


def annulus_bypass(
    conductivity: ArrayLike,
    bore_radius: ArrayLike,
    inner_radius: ArrayLike,
    seal_length: ArrayLike,
    flow: ArrayLike,
    head_difference: ArrayLike,
) -> Floats:
    """Share C_a/(C_a + C_f) of the flow that stays in the gravel; broadcast.

    C_a = K_g π (r_b² − r_c²)/L_seal, C_f = Q/Δh of the well without gravel. An estimate: the two
    paths are taken as parallel, the exchange between them along the seal is not seen.

    Parameters
    ----------
    conductivity : of the gravel, m/s; bore_radius, inner_radius, seal_length : m
    flow : m³/s; head_difference : between the zones at that flow, without the gravel, m
    """
    ring = np.square(np.asarray(bore_radius, float)) - np.square(np.asarray(inner_radius, float))
    gravel = np.asarray(conductivity, float) * math.pi * ring / np.asarray(seal_length, float)
    formation = np.asarray(flow, float) / np.asarray(head_difference, float)
    return np.asarray(gravel / (gravel + formation))


def conduction_to_ground(
    conductivity: ArrayLike,
    heat_capacity: ArrayLike,
    length: ArrayLike,
    radius: ArrayLike,
    time: ArrayLike,
) -> Floats:
    """UA = 4 π λ L/(ln(4 a t/r²) − γ), W/K, of a bore after a time of constant heat; broadcast.

    Late-time line source; holds for 5 r²/a < t (J. C. Jaeger, 1956).

    Parameters
    ----------
    conductivity : thermal, W/(m·K); heat_capacity : J/(m³·K); length, radius : m; time : s
    """
    lam = np.asarray(conductivity, float)
    spread = 4.0 * lam / np.asarray(heat_capacity, float) * np.asarray(time, float)
    late = np.log(spread / np.square(np.asarray(radius, float))) - np.euler_gamma
    return np.asarray(4.0 * math.pi * lam * np.asarray(length, float) / late)


def transfer_units(
    conductance: ArrayLike, flow: ArrayLike, heat_capacity: float = WATER_HEAT_CAPACITY
) -> Floats:
    """NTU = UA/(ρc Q) for W/K and m³/s: by 1 − exp(−NTU) the water nears the ground."""
    return np.asarray(np.asarray(conductance, float) / (heat_capacity * np.asarray(flow, float)))
