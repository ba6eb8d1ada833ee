"""The step response of a field in moving groundwater, for a table over the length."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.design.field_response import FieldResponse, Solve
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.groundwater_flow import GroundwaterFlow

Floats = NDArray[np.float64]

MOST_BOREHOLES = 400
"""Beyond it a sizing would take many minutes: the work grows with the square of the number."""

# Aquifers that a longer borehole newly reaches bend the response over the length; an error of this
# size is far below what is known of any groundwater.
_TOLERANCE = 2e-3


def groundwater_response(
    boreholes: Boreholes, flow: GroundwaterFlow, diffusivity: float
) -> FieldResponse:
    """A table of g-functions with groundwater, uniform wall temperature.

    Parameters
    ----------
    boreholes : vertical
    flow : layers with groundwater
    diffusivity : of the ground, m²/s, to which the velocity belongs

    Notes
    -----
    g depends on diffusivity × time and on velocity / diffusivity. The table holds the latter, so
    that a conductivity that is varied around this one (uncertainty) varies the velocity in
    proportion.
    """
    return FieldResponse(boreholes, _TOLERANCE, _solver(flow, diffusivity))


def _solver(flow: GroundwaterFlow, diffusivity: float) -> Solve:
    from diwen.sources.borefield.advection import g_function_with_groundwater

    def solve(boreholes: Boreholes, standard: float, times: Floats) -> tuple[Floats, Floats]:
        scaled = GroundwaterFlow(flow.top, flow.bottom, flow.velocity * (standard / diffusivity))
        found = g_function_with_groundwater(boreholes, standard, times, scaled)
        return found.values, found.error_by_time

    return solve
