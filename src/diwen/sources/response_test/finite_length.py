"""What the ends of a short borehole take away from the line source's response.

Finite line source of uniform heat rate below an isothermal surface, mean over its length, less the
infinite one. Source: J. Claesson, S. Javed, ASHRAE Trans. 117-2 (2011).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.special import erf, exp1

from diwen.sources.response_test.record import Floats, TestedBorehole
from diwen.sources.response_test.superposition_cells import StepResponse
from diwen.sources.response_test.tabulated_response import tabulated_from


def end_effect(
    times: Floats, conductivity: float, borehole: TestedBorehole, buried_depth: float = 0.0
) -> Floats:
    """Finite minus infinite line source per W/m, K (negative), at increasing times > 0, s."""
    length, radius = borehole.length, borehole.radius
    lowest = 1.0 / math.sqrt(4.0 * conductivity / borehole.heat_capacity * float(times[-1]))
    s = np.geomspace(lowest, max(10.0 / radius, 10.0 * lowest), 4000)
    shape = (
        2.0 * _ierf(length * s)
        + 2.0 * _ierf((length + 2.0 * buried_depth) * s)
        - _ierf(2.0 * (length + buried_depth) * s)
        - _ierf(2.0 * buried_depth * s)
    )
    density = np.exp(-((radius * s) ** 2)) * (shape / (length * s) - 2.0)
    steps = 0.5 * (density[1:] + density[:-1]) * np.diff(np.log(s))
    above = np.concatenate([np.cumsum(steps[::-1])[::-1], [0.0]])
    at = 1.0 / np.sqrt(4.0 * conductivity / borehole.heat_capacity * times)
    return np.interp(np.log(at), np.log(s), above) / (4.0 * math.pi * conductivity)


def finite_line_source_response(
    borehole: TestedBorehole, longest: float, buried_depth: float = 0.0, shortest: float = 30.0
) -> Callable[[float], StepResponse]:
    """Response at the wall of a short borehole, mean over its length, by conductivity."""
    times = np.geomspace(shortest, longest, 120)

    def of(conductivity: float) -> StepResponse:
        a = borehole.radius**2 * borehole.heat_capacity / (4.0 * conductivity)
        factor = 1.0 / (4.0 * math.pi * conductivity)
        ends = end_effect(times, conductivity, borehole, buried_depth)
        values = factor * exp1(a / times) + ends
        whole = factor * ((times + a) * exp1(a / times) - times * np.exp(-a / times))
        pieces = 0.5 * (ends[1:] + ends[:-1]) * np.diff(times)
        lost = np.concatenate([[0.0], np.cumsum(pieces)])
        return tabulated_from(times, values, whole + lost)

    return of


def _ierf(x: Floats) -> Floats:
    return x * erf(x) - (1.0 - np.exp(-(x**2))) / math.sqrt(math.pi)
