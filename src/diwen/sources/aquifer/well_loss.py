"""What a well adds to the drawdown of its aquifer: s = B Q + C Q², skin, efficiency.

B Q is linear (aquifer, laminar part of the well), C Q² turbulent (gravel pack, slots, casing).
Heads positive: drawdown when pumping, rise when injecting, for flows taken positive.

Sources: C. E. Jacob, Trans. ASCE 112 (1947) 1047; skin: A. F. van Everdingen, Trans. AIME 198
(1953) 171.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WellLoss:
    """Coefficients of a well.

    Attributes
    ----------
    linear : B, s/m² (m per m³/s)
    quadratic : C, s²/m⁵
    """

    linear: float
    quadratic: float = 0.0

    def head(self, flow: ArrayLike) -> Floats:
        """Head difference at flows in m³/s, m; odd in the flow: a negative flow turns the sign."""
        rate = np.asarray(flow, float)
        return np.asarray(self.linear * rate + self.quadratic * rate * np.abs(rate))

    def efficiency(self, flow: ArrayLike) -> Floats:
        """Linear share B/(B + C |Q|), 0 to 1, the well efficiency of a step test."""
        turbulent = self.quadratic * np.abs(np.asarray(flow, float))
        return np.asarray(self.linear / (self.linear + turbulent))

    def specific_capacity(self, flow: ArrayLike) -> Floats:
        """Q/s = 1/(B + C |Q|), m²/s."""
        return np.asarray(1.0 / (self.linear + self.quadratic * np.abs(np.asarray(flow, float))))

    def flow(self, head: ArrayLike) -> Floats:
        """Flow that makes head differences in m, m³/s: the inverse of :meth:`head`."""
        wanted = np.asarray(head, float)
        # Free of cancellation, and of the division by C = 0.
        root = np.sqrt(self.linear**2 + 4.0 * self.quadratic * np.abs(wanted))
        return np.asarray(2.0 * wanted / (self.linear + root))


def skin_head(
    flow: ArrayLike, conductivity: ArrayLike, length: ArrayLike, skin: ArrayLike
) -> Floats:
    """Q σ/(2 π K l), the head lost in a skin of factor σ along a screen, m; broadcast.

    Parameters
    ----------
    flow : m³/s; conductivity : radial, m/s; length : of the screen, m; skin : dimensionless
    """
    along = 2.0 * math.pi * np.asarray(conductivity, float) * np.asarray(length, float)
    return np.asarray(np.asarray(flow, float) * np.asarray(skin, float) / along)


def skin_of_zone(
    conductivity: float, zone_conductivity: float, radius: float, reach: float
) -> float:
    """Skin of a clogged or cleaned zone from the radius of the bore to ``reach``, both m.

    σ = (K/K_zone − 1) ln(reach/radius), conductivities in m/s (M. F. Hawkins, Trans. AIME 207
    (1956) 356).
    """
    return (conductivity / zone_conductivity - 1.0) * math.log(reach / radius)
