"""March of wells that feel each other's returned water, on the clock of the moved volume; compiled.

A straight piece of the kernel between two volumes hands over the mean of what was returned within
a window of the past. With C the cumulated returned drop over the volume, that mean is a difference
of C; averaged over a step it is a difference of integrals of C, which are exact for returns that
are constant within steps. So no heat is lost or made.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@compiled()
def _mean_cumulated(
    low: float, high: float, clock: Floats, cumulated: Floats, known: int, pointer: int,
    out: Floats,
) -> int:  # fmt: skip
    """Integral of C over the volumes low to high, for all return wells; the new pointer.

    ``known`` entries of ``clock`` are past; before them C is 0, after them it stays.
    """
    out[:] = 0.0
    if high <= 0.0:
        return pointer
    at = max(low, 0.0)
    while pointer < known - 2 and clock[pointer + 1] <= at:
        pointer += 1
    seen = pointer
    while at < high:
        if at >= clock[known - 1]:
            for i in range(out.size):
                out[i] += cumulated[known - 1, i] * (high - at)
            break
        while seen < known - 2 and clock[seen + 1] <= at:
            seen += 1
        end = min(high, clock[seen + 1])
        width = clock[seen + 1] - clock[seen]
        middle = (0.5 * (at + end) - clock[seen]) / width if width > 0.0 else 0.0
        for i in range(out.size):
            value = cumulated[seen, i] * (1.0 - middle) + cumulated[seen + 1, i] * middle
            out[i] += value * (end - at)
        if end <= at:
            break
        at = end
    return pointer


@compiled()
def march(
    clock: Floats, knots: Floats, weights: Floats, at_once: Floats, sends: Floats, added: Floats,
    pumped: Floats, returned: Floats,
) -> None:  # fmt: skip
    """Drops of pumped and returned water, mean of each step; written.

    Parameters
    ----------
    clock : moved volume at the ends of the steps, from 0, m³, shape (nt + 1,)
    knots : volumes of the kernel, m³, shape (nk,)
    weights : changes of slope of the kernel at the knots times the share of the return well in
        the pumped water, 1/m³, shape (nk, nj, ni)
    at_once : what arrives without delay, shape (nj, ni)
    sends : share of pumped well j in the water that return well i receives, shape (ni, nj)
    added : drop that the plant adds to the water of each return well, K, shape (nt, ni)
    pumped, returned : K, shapes (nt, nj), (nt, ni)
    """
    steps, ni = added.shape
    nj = at_once.shape[0]
    nk = knots.size
    cumulated = np.zeros((steps + 1, ni))
    pointer = np.zeros(nk, np.int64)
    part = np.empty(ni)
    known = np.zeros(nj)
    answer = np.empty((nj, ni))
    for n in range(steps):
        moved = clock[n + 1] - clock[n]
        if moved <= 0.0:
            pumped[n] = pumped[max(n - 1, 0)] if n > 0 else np.zeros(nj)
            returned[n] = sends @ pumped[n]
            cumulated[n + 1] = cumulated[n]
            continue
        known[:] = 0.0
        answer[:] = at_once
        for k in range(nk):
            if knots[k] >= clock[n + 1]:
                break
            pointer[k] = _mean_cumulated(
                clock[n] - knots[k], clock[n + 1] - knots[k], clock, cumulated, n + 1, pointer[k],
                part,
            )  # fmt: skip
            own = 0.5 * max(moved - knots[k], 0.0) ** 2 / moved
            for j in range(nj):
                for i in range(ni):
                    known[j] += weights[k, j, i] * part[i] / moved
                    answer[j, i] += weights[k, j, i] * own
        right = known + answer @ added[n]
        pumped[n] = np.linalg.solve(np.eye(nj) - answer @ sends, right)
        returned[n] = sends @ pumped[n] + added[n]
        cumulated[n + 1] = cumulated[n] + returned[n] * moved
