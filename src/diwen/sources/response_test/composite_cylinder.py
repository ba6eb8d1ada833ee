"""Temperature of the fluid in a borehole that has a heat capacity: fluid, grout, ground.

The fluid of capacity C_f (J/K per metre) has one temperature and wets a grout ring from an
equivalent inner radius to the wall; the ring's conductivity follows from R_b; the ground is
infinite. The layers are those of :mod:`diwen.sources.borehole.radial_layers`, as in the design
model :mod:`diwen.sources.borehole.short_time`. That one tells film, pipe wall and grout apart,
from the data of the pipes; here R_b and C_f are what the test is to tell, so that they stay one
number each, and the inverse transform is the quick one, to about 1e-5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diwen.sources.borehole.radial_layers import (
    ground_admittance,
    ring_admittance,
    step_transform,
)
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
    ground = ground_admittance(s, conductivity, borehole.heat_capacity, borehole.radius)
    grout = ring_admittance(
        s, ground, inside.inner_radius, borehole.radius, resistance, inside.grout_heat_capacity
    )
    return np.asarray(step_transform(s, inside.fluid_capacity, grout))


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
