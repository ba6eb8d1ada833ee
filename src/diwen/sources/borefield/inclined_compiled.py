"""Compiled loops over pairs of inclined segments; see :mod:`diwen.sources.borefield.inclined`."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from diwen.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Below exp(-40) a pair says nothing at this node.
_SILENT = 40.0
# The product of node and length below which differences of repeated integrals cancel.
_CANCELS = 0.05
# Two directions whose cosine is nearer to one than this are parallel.
_PARALLEL = 1e-13


@compiled()
def pair_integrals(
    receiver: tuple[Floats, Floats, Floats, Floats, Ints],
    emitter: tuple[Floats, Floats, Floats, Floats, Ints],
    column: Ints,
    columns: int,
    mirror: bool,
    sigma: Floats,
    nodes: Floats,
    weights: Floats,
    first: Ints,
) -> Floats:
    """Double integrals of the Gaussian over pairs of segments, with mirror image.

    Parameters
    ----------
    receiver, emitter : segments, r and e of them: upper ends (x, y, depth) in m, (n, 3); unit
        vectors down the segments, (n, 3); lengths and radii in m, (n,); numbers of the boreholes
        they belong to, (n,)
    column : of the answer to which each emitter is added, shape (e,)
    columns : how many there are
    mirror : receivers and emitters are the same, each with a column of its own: do half the pairs
    sigma : nodes of the inverse length, 1/m, shape (k,)
    nodes, weights : Gauss-Legendre rules on (0, 1) one after the other
    first : where the rules of 4, 8, 16... nodes begin; one entry more than rules

    Returns
    -------
    m2, shape (k, r, columns)
    """
    start, direction, length, radius, borehole = receiver
    source, towards, long, _, owner = emitter
    answer = np.zeros((len(sigma), len(length), columns))
    up = np.array([1.0, 1.0, -1.0])
    for i in range(len(length)):
        for j in range(i + 1 if mirror else len(long)):
            offset = radius[i] ** 2 if borehole[i] == owner[j] else 0.0
            # The numerical integral runs over the shorter one, the closed form over the other.
            if length[i] <= long[j]:
                real = _line(
                    start[i], direction[i], length[i], source[j], towards[j], long[j],
                    offset, sigma, nodes, weights, first,
                )  # fmt: skip
                image = _line(
                    start[i] * up, direction[i] * up, length[i], source[j], towards[j], long[j],
                    offset, sigma, nodes, weights, first,
                )  # fmt: skip
            else:
                real = _line(
                    source[j], towards[j], long[j], start[i], direction[i], length[i],
                    offset, sigma, nodes, weights, first,
                )  # fmt: skip
                image = _line(
                    source[j] * up, towards[j] * up, long[j], start[i], direction[i], length[i],
                    offset, sigma, nodes, weights, first,
                )  # fmt: skip
            for k in range(len(sigma)):
                value = real[k] - image[k]
                answer[k, i, column[j]] += value
                if mirror and i != j:
                    answer[k, j, column[i]] += value
    return answer


@compiled()
def _line(
    start: Floats,
    along: Floats,
    length: float,
    other: Floats,
    beside: Floats,
    other_length: float,
    offset: float,
    sigma: Floats,
    nodes: Floats,
    weights: Floats,
    first: Ints,
) -> Floats:
    """One pair of segments at all nodes: 2/sqrt(pi) times the double integral of exp(-r2 s2)."""
    answer = np.zeros(len(sigma))
    between = other + 0.5 * other_length * beside - start - 0.5 * length * along
    gap = math.sqrt(np.sum(between * between)) - 0.5 * (length + other_length)
    nearest = offset + max(gap, 0.0) ** 2
    cosine = np.sum(along * beside)
    parallel = 1.0 - abs(cosine) < _PARALLEL
    for k in range(len(sigma)):
        s = sigma[k]
        if nearest * s * s > _SILENT:
            continue
        if parallel and (length + other_length) * s > _CANCELS:
            answer[k] = _parallel(
                start, along, length, other, beside, other_length, offset, cosine, s
            )
            continue
        rule = 0
        while rule < len(first) - 2 and (4 << rule) < 4.0 + 1.3 * length * s:
            rule += 1
        total = 0.0
        for n in range(first[rule], first[rule + 1]):
            u = nodes[n] * length
            x = start[0] + u * along[0] - other[0]
            y = start[1] + u * along[1] - other[1]
            z = start[2] + u * along[2] - other[2]
            c = x * beside[0] + y * beside[1] + z * beside[2]
            away = max(x * x + y * y + z * z - c * c, 0.0) + offset
            exponent = away * s * s
            if exponent < _SILENT:
                total += (
                    weights[n]
                    * math.exp(-exponent)
                    * (math.erf(s * (other_length - c)) + math.erf(s * c))
                )
        answer[k] = total * length / s
    return answer


@compiled()
def _parallel(
    start: Floats,
    along: Floats,
    length: float,
    other: Floats,
    beside: Floats,
    other_length: float,
    offset: float,
    cosine: float,
    s: float,
) -> float:
    """Parallel segments in closed form, by the repeated integral of the error function."""
    begin = start if cosine > 0 else start + length * along
    between = other - begin
    shift = np.sum(between * beside)
    away = max(np.sum(between * between) - shift * shift, 0.0) + offset
    exponent = away * s * s
    if exponent > _SILENT:
        return 0.0
    total = (
        _repeated((shift + other_length) * s)
        - _repeated(shift * s)
        - _repeated((shift + other_length - length) * s)
        + _repeated((shift - length) * s)
    )
    return math.exp(-exponent) * total / (s * s)


@compiled()
def _repeated(x: float) -> float:
    """Integral of the error function from 0 to x."""
    return x * math.erf(x) - (1.0 - math.exp(-x * x)) / math.sqrt(math.pi)
