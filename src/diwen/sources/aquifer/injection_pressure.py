"""Can the water go back: heads, pressure at the wellhead, lifting of the ground.

Rises of head are positive here, above the level at rest. The level at rest stands
``depth_to_water`` below the surface (negative for an artesian well).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.physical_constants import GRAVITY, WATER_DENSITY

Floats = NDArray[np.float64]


def injection_head(
    flow: ArrayLike,
    conductivity: ArrayLike,
    shape_factor: ArrayLike,
    *,
    viscosity_ratio: ArrayLike = 1.0,
    quadratic_loss: ArrayLike = 0.0,
    clogging: ArrayLike = 0.0,
) -> Floats:
    """Rise in the well Δh = G Q/K ν/ν₀ + C Q² + clogging, m; broadcast.

    Parameters
    ----------
    flow : m³/s; conductivity : radial, m/s; shape_factor : G, 1/m, see ``DipoleHeads``
    viscosity_ratio : of the returned water against the water for which K holds
    quadratic_loss : C, s²/m⁵; clogging : m
    """
    rate = np.asarray(flow, float)
    laminar = np.asarray(shape_factor, float) * rate / np.asarray(conductivity, float)
    laminar = laminar * np.asarray(viscosity_ratio, float)
    return np.asarray(laminar + np.asarray(quadratic_loss) * rate**2 + np.asarray(clogging))


def smallest_conductivity(
    flow: ArrayLike, shape_factor: ArrayLike, allowed_rise: ArrayLike
) -> Floats:
    """K_min = G Q/Δh_allowed, m/s, for m³/s, 1/m and m; broadcast."""
    return np.asarray(
        np.asarray(shape_factor, float) * np.asarray(flow, float) / np.asarray(allowed_rise, float)
    )


def wellhead_pressure(
    rise: ArrayLike,
    depth_to_water: ArrayLike,
    *,
    losses: ArrayLike = 0.0,
    height: ArrayLike = 0.0,
    density: float = WATER_DENSITY,
) -> Floats:
    """Gauge pressure ρ g (Δh − depth to water + losses − height), Pa; broadcast.

    Positive: the sealed wellhead must hold this; negative: the water returns by gravity and the
    level stays ``-p/(ρ g)`` below the wellhead.

    Parameters
    ----------
    rise : of head in the well, m; depth_to_water : m below the surface
    losses : of the return pipe below the wellhead, m; height : of the wellhead above ground, m
    """
    head = np.asarray(rise, float) - np.asarray(depth_to_water, float)
    head = head + np.asarray(losses, float) - np.asarray(height, float)
    return np.asarray(density * GRAVITY * head)


def lifting_limit(screen_top: ArrayLike, rise_per_depth: float) -> Floats:
    """Highest rise of head, m, by a rule of so many m per m depth of the top of the screen (m)."""
    return np.asarray(rise_per_depth * np.asarray(screen_top, float))


def vertical_effective_stress(
    depth: ArrayLike,
    depth_to_water: ArrayLike,
    *,
    wet_density: float,
    dry_density: float,
    density: float = WATER_DENSITY,
) -> Floats:
    """σ'_v at rest at depths in m, Pa (K. Terzaghi, Erdbaumechanik, 1925).

    Parameters
    ----------
    depth, depth_to_water : m below the surface, broadcast
    wet_density, dry_density : of the ground with its water, below and above the level, kg/m³
    density : of the water, kg/m³
    """
    deep, level = np.asarray(depth, float), np.asarray(depth_to_water, float)
    above = np.clip(level, 0.0, deep)
    total = dry_density * above + wet_density * (deep - above)
    # An artesian level stands above the surface and still presses from below.
    water = density * np.maximum(deep - level, 0.0)
    return np.asarray(GRAVITY * (total - water))


def uplift_ratio(
    rise: ArrayLike, effective_stress: ArrayLike, density: float = WATER_DENSITY
) -> Floats:
    """Added water pressure ρ g Δh over σ'_v (Pa): at 1 the ground above is lifted; broadcast."""
    added = density * GRAVITY * np.asarray(rise, float)
    return np.asarray(added / np.asarray(effective_stress, float))


def submergence(depth_to_water: ArrayLike, drawdown: ArrayLike, pump_depth: ArrayLike) -> Floats:
    """Water above the inlet of the pump while it runs, m; depths in m, drawdown positive."""
    level = np.asarray(depth_to_water, float) + np.asarray(drawdown, float)
    return np.asarray(np.asarray(pump_depth, float) - level)
