"""Heat through concentric layers around an axis, exact in the Laplace domain.

One ring hands on what lies outside it: its admittance at the inner radius follows from that at
the outer one, so that layers are worked through from the endless ground inwards. Source: H. S.
Carslaw, J. C. Jaeger (1959), Conduction of heat in solids, chapter 13; S. Javed, J. Claesson
(2011), ASHRAE Trans. 117(1).

The Laplace variable s may be real (for the inversion of Gaver and Stehfest) or complex (for a
contour), of any shape; all is per metre of the axis.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def ground_admittance(s: Any, conductivity: float, heat_capacity: float, radius: float) -> Any:
    """Admittance of the endless ground at a wall, W/(m·K), shape of s.

    Parameters
    ----------
    s : Laplace variable, 1/s
    conductivity, heat_capacity : of the ground, W/(m·K), J/(m³·K)
    radius : of the wall, m
    """
    argument = np.sqrt(s * heat_capacity / conductivity) * radius
    # The exponential scalings of K1 and K0 cancel.
    return 2.0 * np.pi * conductivity * argument * _k(1, argument) / _k(0, argument)


def ring_admittance(
    s: Any, outside: Any, inner: float, outer: float, resistance: float, heat_capacity: float
) -> Any:
    """Admittance at the inner radius of a ring, from that at its outer radius, W/(m·K).

    The ring conducts as its resistance says; θ = A I0(wr) + B K0(wr) inside it.

    Parameters
    ----------
    s : Laplace variable, 1/s
    outside : admittance of all that lies outside the ring, W/(m·K), shape of s
    inner, outer : radii, m
    resistance : of the ring, m·K/W
    heat_capacity : of the ring, J/(m³·K)
    """
    conductivity = math.log(outer / inner) / (2.0 * math.pi * resistance)
    wave = np.sqrt(s * heat_capacity / conductivity)
    near, away = wave * inner, wave * outer
    flow = 2.0 * np.pi * conductivity
    # A/B, without the factor exp(-2 w r_outer) that the scaled functions leave out
    mixed = (flow * away * _k(1, away) - outside * _k(0, away)) / (
        flow * away * _i(1, away) + outside * _i(0, away)
    )
    mixed = mixed * np.exp(-2.0 * (away - near))
    return flow * near * (_k(1, near) - mixed * _i(1, near)) / (_k(0, near) + mixed * _i(0, near))


def core_admittance(s: Any, conductivity: float, heat_capacity: float, radius: float) -> Any:
    """Admittance of a full cylinder that only stores heat, at its surface, W/(m·K).

    Parameters
    ----------
    s : Laplace variable, 1/s
    conductivity, heat_capacity : of the cylinder, W/(m·K), J/(m³·K)
    radius : m
    """
    argument = np.sqrt(s * heat_capacity / conductivity) * radius
    return 2.0 * np.pi * conductivity * argument * _i(1, argument) / _i(0, argument)


def step_transform(s: Any, fluid_capacity: float, admittance: Any) -> Any:
    """Transform of the fluid temperature after 1 W/m is switched on, K·s per W/m, shape of s.

    Parameters
    ----------
    s : Laplace variable, 1/s
    fluid_capacity : J/(m·K), at one temperature
    admittance : of what the fluid gives heat to, W/(m·K), shape of s
    """
    return 1.0 / (s * (s * fluid_capacity + admittance))


def _k(order: int, z: Any) -> Any:
    """K(z) exp(z)."""
    from scipy.special import k0e, k1e, kve

    if np.iscomplexobj(z):
        return kve(order, z)
    return k1e(z) if order else k0e(z)


def _i(order: int, z: Any) -> Any:
    """I(z) exp(−z): of a complex z scipy scales by the real part only."""
    from scipy.special import i0e, i1e, ive

    if np.iscomplexobj(z):
        return ive(order, z) * np.exp(-1j * np.imag(z))
    return i1e(z) if order else i0e(z)
