"""Sun that walls and roof take up, less what they radiate to the sky (ISO 13790:2008, 11.3.4 to 5).

Both reach the room by the share of the outer surface resistance in the whole: a wall of
transmittance U passes on U · R_se of what its surface takes up. They count as solar gains.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
ROOF, WALL = 1.0, 0.5
"""Form factors between sky and a flat roof or a wall (11.4.6)."""


def opaque_gains(
    transfer: float,
    irradiance: ArrayLike,
    absorptance: float,
    form_factor: float,
    *,
    surface_resistance: float,
    radiation: float,
    sky_difference: float,
) -> Floats:
    """What reaches the room of sun and sky on an opaque part, W; negative in clear nights.

    Parameters
    ----------
    transfer : of the part, U·A, W/K
    irradiance : on it, W/m², shape (n,)
    absorptance : of the surface for the sun, 0 to 1
    form_factor : :data:`ROOF` or :data:`WALL`
    surface_resistance : of the outer surface, m²·K/W
    radiation : radiative heat transfer coefficient of the outer surface, W/(m²·K)
    sky_difference : air temperature over that of the sky, K

    Returns
    -------
    array : shape (n,)
    """
    sun = absorptance * np.asarray(irradiance, float)
    sky = form_factor * radiation * sky_difference
    return np.asarray(surface_resistance * transfer * (sun - sky), np.float64)
