"""Particles among circulation wells with regional flow, in space: steps along the path, compiled.

Each well adds the flow of its own table (:mod:`.stream_table`), turned about its axis; the
regional flow is uniform over the aquifer. Steps are a share of the distance to the nearest screen,
over which the flow changes, and are halved where the direction turns much within one.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from diwen.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

FRACTION = 0.1
"""Step length over the distance to the nearest screen."""
MOST_STEPS = 5_000
_HALVINGS = 8
_STRAIGHT = 0.95  # cosine between the directions at both ends of a good step


@compiled()
def _row(depth: float, nodes: Floats, index: Integers) -> int:
    """The cell of a depth; ``index`` holds the cell of the top of each of many even bins."""
    bins = index.size
    k = index[min(max(int(depth / nodes[-1] * bins), 0), bins - 1)]
    while k < nodes.size - 2 and nodes[k + 1] <= depth:
        k += 1
    return int(k)


@compiled()
def _flux(
    x: float, y: float, z: float, position: Floats, shape: Integers, flow: Floats,
    squares: Floats, scale: float, nodes: Floats, index: Integers, table: Floats,
    drift_x: float, drift_y: float, regional: Floats,
) -> tuple[float, float, float]:  # fmt: skip
    """Darcy flux, m/s: three numbers."""
    k = _row(z, nodes, index)
    qx, qy, qz = drift_x * regional[k], drift_y * regional[k], 0.0
    dz = nodes[k + 1] - nodes[k]
    height = min(max((z - nodes[k]) / dz, 0.0), 1.0)
    farthest, first = squares[-1], squares[1]
    for w in range(shape.size):
        dx, dy = x - position[w, 0], y - position[w, 1]
        r2 = dx * dx + dy * dy
        if r2 >= farthest:
            continue
        i = 0
        if r2 > first:
            i = min(1 + int(scale * math.log(r2 / first)), squares.size - 2)
        s = shape[w]
        a, b = table[s, i, k], table[s, i, k + 1]
        c, d = table[s, i + 1, k], table[s, i + 1, k + 1]
        ring = squares[i + 1] - squares[i]
        share = (r2 - squares[i]) / ring
        outwards = flow[w] * ((b - a) * (1.0 - share) + (d - c) * share) / (2.0 * math.pi * dz)
        outwards /= max(r2, 1e-12)
        qx += outwards * dx
        qy += outwards * dy
        qz -= flow[w] * ((c - a) * (1.0 - height) + (d - b) * height) / (math.pi * ring)
    return qx, qy, qz


@compiled()
def _nearest(
    x: float, y: float, z: float, position: Floats, screen_well: Integers, screens: Floats,
    flatten: float,
) -> float:  # fmt: skip
    """Distance to the nearest screen, the horizontal part shrunk by ``flatten``."""
    least = 1e300
    for s in range(screen_well.size):
        w = screen_well[s]
        dx, dy = x - position[w, 0], y - position[w, 1]
        away = max(screens[s, 0] - z, z - screens[s, 1], 0.0)
        least = min(least, flatten * (dx * dx + dy * dy) + away * away)
    return math.sqrt(least)


@compiled()
def follow_all(
    starts: Floats, position: Floats, shape: Integers, flow: Floats, radius: Floats,
    squares: Floats, nodes: Floats, index: Integers, table: Floats, flatten: float,
    screen_well: Integers, screens: Floats, pumped: Floats, drift_x: float, drift_y: float,
    regional: Floats, retardation: float, horizon: float, home: Integers, times: Floats,
) -> None:  # fmt: skip
    """Many particles to their ends.

    Parameters
    ----------
    starts : x, y, depth below the top of the aquifer, m, shape (n, 3)
    position, shape, flow, radius : of the wells: m, table, m³/s, m, (nw, 2) and (nw,)
    squares : of the radii of the table, m², shape (nr,)
    nodes, index : depths of the table, and a guess of the cell for even bins of depth
    table : Φ, shape (n_shapes, nr, nz)
    flatten : k² of the aquifer, at most 1
    screen_well, screens : all screens: well, top and bottom, shape (ns,), (ns, 2)
    pumped : 1 for screens that take water, else 0, shape (ns,)
    drift_x, drift_y : regional Darcy flux in the aquifer, m/s
    regional : its share in each cell of depth, shape (nz - 1,)
    home, times : written: well, -1 left or -2 remaining; s, shape (n,)
    """
    scale = 1.0 / math.log(squares[2] / squares[1])
    bottom = nodes[-1]
    far = math.sqrt(squares[-1])
    drift = math.hypot(drift_x, drift_y)
    along, across_low, across_high = -1e300, 1e300, -1e300
    for w in range(shape.size):
        if drift > 0.0:
            at = (position[w, 0] * drift_x + position[w, 1] * drift_y) / drift
            aside = (position[w, 1] * drift_x - position[w, 0] * drift_y) / drift
            along = max(along, at + far)
            across_low, across_high = min(across_low, aside - far), max(across_high, aside + far)
    for p in range(starts.shape[0]):
        x, y, z = starts[p, 0], starts[p, 1], starts[p, 2]
        time, found = 0.0, -2
        a, b, c = _flux(x, y, z, position, shape, flow, squares, scale, nodes, index, table,
                        drift_x, drift_y, regional)  # fmt: skip
        for _ in range(MOST_STEPS):
            s1 = math.sqrt(a * a + b * b + c * c)
            if s1 == 0.0:
                break
            length = FRACTION * _nearest(x, y, z, position, screen_well, screens, flatten)
            nx, ny, nz, taken = x, y, z, 0.0
            e, f, g = a, b, c
            for _halving in range(_HALVINGS):
                # The midpoint rule: the table is not smoother than that.
                half = 0.5 * length / s1
                hx, hy, hz = x + half * a, y + half * b, min(max(z + half * c, 0.0), bottom)
                u, v, w2 = _flux(hx, hy, hz, position, shape, flow, squares, scale, nodes, index,
                                 table, drift_x, drift_y, regional)  # fmt: skip
                s2 = max(math.sqrt(u * u + v * v + w2 * w2), 1e-300)
                step = length / s2
                nx, ny = x + step * u, y + step * v
                nz = min(max(z + step * w2, 0.0), bottom)
                e, f, g = _flux(nx, ny, nz, position, shape, flow, squares, scale, nodes, index,
                                table, drift_x, drift_y, regional)  # fmt: skip
                s3 = max(math.sqrt(e * e + f * f + g * g), 1e-300)
                # Time by Simpson's rule over 1/speed.
                taken = length / 6.0 * (1.0 / s1 + 4.0 / s2 + 1.0 / s3)
                if a * e + b * f + c * g >= _STRAIGHT * s1 * s3:
                    break
                length *= 0.5
            x, y, z = nx, ny, nz
            a, b, c = e, f, g
            time += taken * retardation
            if not time < horizon:
                break
            for s in range(screen_well.size):
                w = screen_well[s]
                dx, dy = x - position[w, 0], y - position[w, 1]
                inside = dx * dx + dy * dy <= radius[w] * radius[w]
                if inside and pumped[s] > 0.0 and screens[s, 0] <= z <= screens[s, 1]:
                    found = w
            if found >= 0:
                break
            if drift > 0.0:
                aside = (y * drift_x - x * drift_y) / drift
                gone = (x * drift_x + y * drift_y) / drift > along
                if gone or aside < across_low or aside > across_high:
                    found = -1
                    break
        home[p], times[p] = found, time
