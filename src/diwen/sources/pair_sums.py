"""Sums over pairs of boreholes of a function of their distance, for all nodes at once.

The ground couples boreholes only through P_k = Φᵀ E_k Φ with E_k[i, j] = exp(-d_ij² σ_k²): Φ are
the patterns in which the boreholes share the heat. The wall of a borehole stands at its radius
from its own source: d_ii = r_b.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PairFunction = Callable[[Floats, Floats, Floats], Floats]


def still_ground(dx: Floats, dy: Floats, sigma: Floats) -> Floats:
    """exp(-(dx² + dy²) σ²), shape (nk, *dx.shape); distances in m, σ in 1/m, shape (nk,)."""
    distance = dx * dx + dy * dy
    return np.exp(-np.multiply.outer(sigma * sigma, distance))


def direct_pair_sums(
    x: Floats,
    y: Floats,
    radius: Floats,
    patterns: Floats | None,
    sigma: Floats,
    pair: PairFunction = still_ground,
) -> Floats:
    """Φᵀ E_k Φ by evaluating every pair.

    Parameters
    ----------
    x, y, radius : positions and radii, m, shape (n,)
    patterns : Φ, shape (n, m); None for every borehole on its own
    sigma : 1/m, shape (nk,)
    pair : function of dx = x_i - x_j (receiver minus emitter), dy and σ; the wall of a borehole is
        taken as the ring of radius r_b: its own term is the mean of the function at (r_b, 0),
        (-r_b, 0), (0, r_b), (0, -r_b)

    Returns
    -------
    sums : shape (nk, m, m), first the receiver, then the emitter
    """
    n = len(x)
    m = n if patterns is None else patterns.shape[1]
    zero = np.zeros_like(radius)
    around = [(radius, zero), (-radius, zero), (zero, radius), (zero, -radius)]
    sums = np.empty((len(sigma), m, m))
    dx, dy = x[:, None] - x, y[:, None] - y
    own = np.arange(n)
    chunk = max(1, 4_000_000 // (n * n))
    for first in range(0, len(sigma), chunk):
        part = slice(first, first + chunk)
        values = pair(dx, dy, sigma[part])
        values[:, own, own] = sum(pair(a, b, sigma[part]) for a, b in around) / 4.0
        sums[part] = values if patterns is None else patterns.T @ (values @ patterns)
    return sums
