"""Temperature of the fluid in a borehole that has a heat capacity: fluid, grout, ground.

Radial, one-dimensional, exact in the Laplace domain: the fluid of capacity C_f (J/K per metre) has
one temperature and wets a grout ring from an equivalent inner radius to the wall; the ring's
conductivity follows from R_b; the ground is infinite. The transform of the fluid temperature after
1 W/m is switched on is 1/(s (C_f s + 1/Z)), with Z the impedance of ring and ground in Bessel
functions. Source of the method: H. S. Carslaw, J. C. Jaeger (1959), chapter 13; S. Javed,
J. Claesson, ASHRAE Trans. 117-2 (2011).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import i0e, i1e, k0e, k1e

from diwen.sources.response_test.record import Floats, TestedBorehole
from diwen.sources.response_test.superposition_cells import StepResponse
from diwen.sources.response_test.tabulated_response import tabulated_inverse


@dataclass(frozen=True)
class BoreholeInside:
    """What of the borehole's inside stores heat.

    Attributes
    ----------
    fluid_capacity : of fluid (and pipes) in the borehole and above ground, J/(m·K) of borehole
    grout_heat_capacity : volumetric, J/(m³·K)
    inner_radius : equivalent radius of the pipes, m; √2 or 2 times the pipe's outer radius for a
        single or double U
    """

    fluid_capacity: float
    grout_heat_capacity: float
    inner_radius: float


def fluid_transform(
    s: Floats,
    conductivity: float,
    resistance: float,
    borehole: TestedBorehole,
    inside: BoreholeInside,
) -> Floats:
    """Laplace transform of the fluid's rise per W/m switched on, K·s per W/m; s in 1/s, real."""
    rb, ri = borehole.radius, inside.inner_radius
    grout = math.log(rb / ri) / (2.0 * math.pi * resistance)
    x = rb * (s * borehole.heat_capacity / conductivity) ** 0.5
    ground = k0e(x) / (2.0 * math.pi * conductivity * x * k1e(x))
    beta = (s * inside.grout_heat_capacity / grout) ** 0.5
    a, b = beta * ri, beta * rb
    ga, gb = 2.0 * math.pi * grout * a, 2.0 * math.pi * grout * b
    mirrored = (ground * gb * k1e(b) - k0e(b)) / (i0e(b) + ground * gb * i1e(b))
    mirrored = mirrored * np.exp(2.0 * (a - b))
    impedance = (mirrored * i0e(a) + k0e(a)) / (ga * (k1e(a) - mirrored * i1e(a)))
    return np.asarray(1.0 / (s * (inside.fluid_capacity * s + 1.0 / impedance)))


def fluid_response(
    conductivity: float,
    resistance: float,
    borehole: TestedBorehole,
    inside: BoreholeInside,
    longest: float,
    *,
    shortest: float = 30.0,
) -> StepResponse:
    """Rise of the fluid per W/m switched on, R_b included.

    Parameters
    ----------
    conductivity : of the ground, W/(m·K); resistance : R_b, m·K/W
    longest, shortest : times needed, s
    """

    def transform(s: Floats) -> Floats:
        return fluid_transform(s, conductivity, resistance, borehole, inside)

    return tabulated_inverse(transform, shortest, longest)
