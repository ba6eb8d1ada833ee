"""How far wells stand from each other, in the plan."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def distances(positions: ArrayLike) -> Floats:
    """From every well to every other, m, shape (n, n), zero to itself, for x and y (n, 2), m."""
    x, y = np.asarray(positions, float).T
    return np.asarray(np.hypot(x[:, None] - x, y[:, None] - y))


def nearest_distances(positions: ArrayLike) -> Floats:
    """From every well to its nearest neighbour, m, shape (n,); infinite for a single well."""
    apart = distances(positions)
    np.fill_diagonal(apart, np.inf)
    return np.asarray(apart.min(axis=1))
