"""Compiled inner loop of the finite line source: the factors that depend on depth only."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from diwen.compiled import compiled

Floats = NDArray[np.float64]


@compiled()
def _ierf(x: float) -> float:
    """Integral of the error function from 0 to x >= 0; compiled code calls compiled code only."""
    if x > 6.0:
        return x - 0.5641895835477563
    return x * math.erf(x) - (1.0 - math.exp(-x * x)) * 0.5641895835477563


@compiled()
def depth_factors(receiver: Floats, emitter: Floats, sigma: Floats) -> Floats:
    """I(σ)/(2σ) of all pairs of segments.

    Parameters
    ----------
    receiver, emitter : depths of segment edges, m, shapes (nr + 1,), (ne + 1,)
    sigma : 1/m, shape (nk,)

    Returns
    -------
    factors : m, shape (nk, nr, ne)
    """
    nk, nr, ne = len(sigma), len(receiver) - 1, len(emitter) - 1
    corner = np.empty((nr + 1, ne + 1))
    factors = np.empty((nk, nr, ne))
    for k in range(nk):
        for i in range(nr + 1):
            for j in range(ne + 1):
                corner[i, j] = _ierf(abs(receiver[i] - emitter[j]) * sigma[k]) + _ierf(
                    (receiver[i] + emitter[j]) * sigma[k]
                )
        scale = 0.5 / sigma[k]
        for i in range(nr):
            for j in range(ne):
                factors[k, i, j] = scale * (
                    corner[i + 1, j] + corner[i, j + 1] - corner[i + 1, j + 1] - corner[i, j]
                )
    return factors
