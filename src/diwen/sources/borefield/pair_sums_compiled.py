"""Compiled loops over all pairs of scattered boreholes.

A smooth function of the distance is known on equal steps of ln d and interpolated by cubic
polynomials; with the step below, exp(-d²σ²) is met to 5e-6 of its largest value.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from diwen.compiled import compiled

Floats = NDArray[np.float64]

LOG_STEP = 0.06


@compiled()
def distance_histogram(
    x: Floats, y: Floats, columns: Floats, low: float, bins: int, first: int, last: int
) -> Floats:
    """Columns summed over the other boreholes, spread on a table of ln d.

    Parameters
    ----------
    x, y : m, shape (n,)
    columns : shape (n, m)
    low : ln d of the first entry of the table
    bins : entries of the table, LOG_STEP apart
    first, last : receivers i, first <= i < last

    Returns
    -------
    histogram : [i, bin, a]: its product with a function at the entries is the function's sum over
        all j other than i, weighted by columns[j, a]; shape (last - first, bins, m)
    """
    n, m = columns.shape
    least = math.exp(2.0 * low)
    histogram = np.zeros((last - first, bins, m))
    for i in range(first, last):
        row = histogram[i - first]
        for j in range(n):
            if j == i:
                continue
            dx, dy = x[i] - x[j], y[i] - y[j]
            place = (0.5 * math.log(max(dx * dx + dy * dy, least)) - low) / LOG_STEP
            b = min(max(int(place), 1), bins - 3)
            p = place - b
            w0 = -p * (p - 1.0) * (p - 2.0) / 6.0
            w1 = (p + 1.0) * (p - 1.0) * (p - 2.0) / 2.0
            w2 = -(p + 1.0) * p * (p - 2.0) / 2.0
            w3 = (p + 1.0) * p * (p - 1.0) / 6.0
            for a in range(m):
                value = columns[j, a]
                row[b - 1, a] += w0 * value
                row[b, a] += w1 * value
                row[b + 1, a] += w2 * value
                row[b + 2, a] += w3 * value
    return histogram


@compiled()
def pair_matrix(
    x: Floats, y: Floats, kind: NDArray[np.intp], table: Floats, own: Floats, low: float
) -> NDArray[np.float32]:
    """Matrix of a function of the distance and of the kinds, in single precision.

    Parameters
    ----------
    table : by kind, kind and entry of ln d, shape (nkinds, nkinds, bins)
    own : diagonal by kind, shape (nkinds,)
    """
    n = len(x)
    least = math.exp(2.0 * low)
    matrix = np.empty((n, n), np.float32)
    bins = table.shape[2]
    for i in range(n):
        matrix[i, i] = own[kind[i]]
        for j in range(i):
            dx, dy = x[i] - x[j], y[i] - y[j]
            place = (0.5 * math.log(max(dx * dx + dy * dy, least)) - low) / LOG_STEP
            b = min(max(int(place), 0), bins - 2)
            p = place - b
            f = table[kind[i], kind[j]]
            value = (1.0 - p) * f[b] + p * f[b + 1]
            matrix[i, j] = value
            matrix[j, i] = value
    return matrix


@compiled(fastmath={"reassoc", "contract"})
def matrix_product(matrix: NDArray[np.float32], vector: NDArray[np.float32]) -> Floats:
    """Matrix times vector on one core; the sums of a row may be taken in any order."""
    n = len(vector)
    product = np.empty(n)
    for i in range(n):
        total = np.float32(0.0)
        for j in range(n):
            total += matrix[i, j] * vector[j]
        product[i] = total
    return product
