"""What the ends of a short borehole take away from the line source's response.

Finite line source of uniform heat rate below an isothermal surface, mean over its length, less the
infinite one. Source: J. Claesson, S. Javed, ASHRAE Trans. 117-2 (2011).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from diwen.sources.ground.line_sources import error_function_integral
from diwen.sources.ground.step_table import StepTable, table_nodes
from diwen.sources.response_test.record import Floats, TestedBorehole
from diwen.sources.response_test.superposition_cells import StepResponse
from diwen.sources.response_test.superposition_fit import line_source_response
from diwen.sources.response_test.tabulated_response import tabulated_from


def end_effect(
    times: Floats, conductivity: float, borehole: TestedBorehole, buried_depth: float = 0.0
) -> Floats:
    """Finite minus infinite line source per W/m, K (negative), at increasing times > 0, s."""
    length, radius = borehole.length, borehole.radius
    diffusivity = conductivity / borehole.heat_capacity
    nodes = table_nodes(diffusivity, radius, length + buried_depth)
    sigma = np.exp(nodes)
    shape = (
        2.0 * error_function_integral(length * sigma)
        + 2.0 * error_function_integral((length + 2.0 * buried_depth) * sigma)
        - error_function_integral(2.0 * (length + buried_depth) * sigma)
        - error_function_integral(2.0 * buried_depth * sigma)
    )
    lost = np.exp(-((radius * sigma) ** 2)) * (1.0 - 0.5 * shape / (length * sigma))
    drops = StepTable(nodes, lost, diffusivity).at(times)
    return np.asarray(-drops / (2.0 * math.pi * conductivity))


def finite_line_source_response(
    borehole: TestedBorehole, longest: float, buried_depth: float = 0.0, shortest: float = 30.0
) -> Callable[[float], StepResponse]:
    """Response at the wall of a short borehole, mean over its length, by conductivity."""
    times = np.geomspace(shortest, longest, 120)

    def of(conductivity: float) -> StepResponse:
        infinite = line_source_response(borehole)(conductivity)
        ends = end_effect(times, conductivity, borehole, buried_depth)
        pieces = 0.5 * (ends[1:] + ends[:-1]) * np.diff(times)
        lost = np.concatenate([[0.0], np.cumsum(pieces)])
        return tabulated_from(times, infinite.value(times) + ends, infinite.integral(times) + lost)

    return of
