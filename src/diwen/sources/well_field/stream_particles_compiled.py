"""Particles in plane potential flow of wells: steps along the path, compiled.

Positions are complex numbers x + iy. The conjugate velocity of the water is analytic,
``W(z) = U* + Σ m_j / (z - z_j)`` with m = Q/(2πb), so that |W/W'| is the length over which it
changes: near a well the distance to the well, near a stagnation point the distance to that point.
Steps of a fixed fraction of this length need no error control.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from diwen.compiled import compiled

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]
Integers = NDArray[np.int64]

FRACTION = 0.12
"""Step length over the length in which the velocity changes."""
MOST_STEPS = 20_000
_NEAR = 0.35  # largest step over the distance to the nearest well
_LEAST = 1e-9  # smallest step over the capture radius


@compiled()
def velocity(z: complex, wells: Complexes, strengths: Floats, uniform: complex) -> complex:
    """Darcy flux as q_x - i q_y, m/s."""
    total = uniform
    for j in range(wells.size):
        total += strengths[j] / (z - wells[j])
    return total


@compiled()
def stride(
    z: complex, wells: Complexes, strengths: Floats, uniform: complex, shortest: float
) -> float:
    """Length of the next step, m."""
    total = uniform
    change = 0j
    nearest = 1e300
    for j in range(wells.size):
        apart = z - wells[j]
        nearest = min(nearest, abs(apart))
        part = strengths[j] / apart
        total += part
        change -= part / apart
    length = _NEAR * nearest
    steep = abs(change)
    if steep * length > FRACTION * abs(total):
        length = FRACTION * abs(total) / steep
    return max(length, shortest)


@compiled()
def advance(
    z: complex, length: float, wells: Complexes, strengths: Floats, uniform: complex
) -> tuple[complex, float]:
    """Position after a step along the path, and the time the water takes (Runge-Kutta 4)."""
    w1 = velocity(z, wells, strengths, uniform)
    s1 = abs(w1)
    if s1 == 0.0:
        return z, math.inf
    d1 = w1.conjugate() / s1
    w2 = velocity(z + 0.5 * length * d1, wells, strengths, uniform)
    s2 = max(abs(w2), 1e-300)
    d2 = w2.conjugate() / s2
    w3 = velocity(z + 0.5 * length * d2, wells, strengths, uniform)
    s3 = max(abs(w3), 1e-300)
    d3 = w3.conjugate() / s3
    w4 = velocity(z + length * d3, wells, strengths, uniform)
    s4 = max(abs(w4), 1e-300)
    d4 = w4.conjugate() / s4
    moved = z + length / 6.0 * (d1 + 2.0 * d2 + 2.0 * d3 + d4)
    return moved, length / 6.0 * (1.0 / s1 + 2.0 / s2 + 2.0 / s3 + 1.0 / s4)


@compiled()
def _home(z: complex, wells: Complexes, strengths: Floats, real: int, capture: float) -> int:
    """The pumped well whose ring the particle has entered, -1: none; images take nothing."""
    for j in range(real):
        if strengths[j] < 0.0 and abs(z - wells[j]) <= capture:
            return j
    return -1


@compiled()
def follow(
    start: complex, wells: Complexes, strengths: Floats, uniform: complex, real: int,
    capture: float, retardation: float, horizon: float, centre: complex, reach: float,
    boundary: complex, inward: complex, path: Complexes,
) -> tuple[int, float, int]:  # fmt: skip
    """One particle to its end.

    Parameters
    ----------
    real : how many of the wells are no images
    capture : radius of the ring around a pumped well, m
    centre, reach : circle that nobody leaves to come back
    boundary, inward : a point of a straight boundary and the direction from it to the wells;
        ``inward`` 0 where there is none
    path : receives the positions, as many as it has room for; shape (0,) for none

    Returns
    -------
    tuple : well or -1 left, -2 remaining; time in s; positions written
    """
    z, time, written = start, 0.0, 0
    if path.size:
        path[0] = z
        written = 1
    for _ in range(MOST_STEPS):
        length = stride(z, wells, strengths, uniform, _LEAST * capture)
        moved, taken = advance(z, length, wells, strengths, uniform)
        time += taken * retardation
        if not time < horizon:
            return -2, time, written
        if inward != 0j and ((moved - boundary) * inward.conjugate()).real <= 0.0:
            return -1, time, written
        z = moved
        if written < path.size:
            path[written] = z
            written += 1
        j = _home(z, wells, strengths, real, capture)
        if j >= 0:
            rest = abs(z - wells[j]) ** 2 / (2.0 * abs(strengths[j]))
            return j, time + rest * retardation, written
        if abs(z - centre) > reach:
            return (-1 if uniform != 0j else -2), time, written
    return -2, time, written


@compiled()
def follow_all(
    starts: Complexes, wells: Complexes, strengths: Floats, uniform: complex, real: int,
    capture: float, retardation: float, horizon: float, centre: complex, reach: float,
    boundary: complex, inward: complex, home: Integers, times: Floats,
) -> None:  # fmt: skip
    """:func:`follow` for many particles; destinations and times are written, shape (n,)."""
    nothing = np.empty(0, np.complex128)
    for k in range(starts.size):
        home[k], times[k], _ = follow(
            starts[k], wells, strengths, uniform, real, capture, retardation, horizon,
            centre, reach, boundary, inward, nothing,
        )  # fmt: skip
