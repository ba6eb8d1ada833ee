"""Compiled distance to the edges of a polygon; see :mod:`diwen.sources.borefield.polygon`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from diwen.compiled import compiled

Floats = NDArray[np.float64]


@compiled()
def depths(points: Floats, corners: Floats) -> Floats:
    """Distance to the nearest edge, m, positive inside, negative outside.

    Parameters
    ----------
    points : m, shape (n, 2)
    corners : in the order of the outline, m, shape (c, 2)
    """
    count = len(corners)
    answer = np.empty(len(points))
    for n in range(len(points)):
        x, y = points[n, 0], points[n, 1]
        nearest, inside = np.inf, False
        x0, y0 = corners[count - 1, 0], corners[count - 1, 1]
        for c in range(count):
            x1, y1 = corners[c, 0], corners[c, 1]
            dx, dy = x1 - x0, y1 - y0
            along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)
            along = min(max(along, 0.0), 1.0)
            nearest = min(nearest, (x - x0 - along * dx) ** 2 + (y - y0 - along * dy) ** 2)
            # A ray towards growing x meets this edge.
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * dx / dy:
                inside = not inside
            x0, y0 = x1, y1
        answer[n] = math.sqrt(nearest) if inside else -math.sqrt(nearest)
    return answer
