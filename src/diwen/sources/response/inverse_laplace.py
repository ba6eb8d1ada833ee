"""Nodes and weights that bring a function of the Laplace variable back to time.

Two rules, both f(t) ≈ Σ w_k F(s_k/t), with different needs. Gaver and Stehfest ask for F at real s
only and are good to about 1e-5; the contour asks for complex s and is good to about 1e-12.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

_NODES = 14  # of the contour in the upper half plane: errors near 1e-12


@lru_cache(maxsize=16)
def stehfest_weights(order: int) -> tuple[float, ...]:
    """Weights V_k/k of s f̂(s) at s = k ln 2/t, k = 1 … order (even), summed exactly.

    Source: H. Stehfest (1970), Numerical inversion of Laplace transforms, Comm. ACM 13(1), 47-49.
    """
    half = order // 2
    fact = math.factorial
    weights = []
    for k in range(1, order + 1):
        total = Fraction(0)
        for j in range((k + 1) // 2, min(k, half) + 1):
            below = fact(half - j) * fact(j) * fact(j - 1) * fact(k - j) * fact(2 * j - k)
            total += Fraction(j**half * fact(2 * j), below)
        weights.append(float((-1) ** (half + k) * total / k))
    return tuple(weights)


@lru_cache(maxsize=1)
def parabola() -> tuple[Any, Any]:
    """Nodes s·t and weights of t f(t), for f̂ at the nodes, on a parabola; shapes (14,).

    Weideman & Trefethen (2007), Math. Comp. 76: s t = μ (1 + iu)², u at half-odd multiples of
    h = 3/N, μ = πN/12, error 8.12^-N. Only the upper half is kept; the lower one is its
    conjugate: take the real part of the sum.
    """
    h, mu = 3.0 / _NODES, math.pi * _NODES / 12.0
    u = (np.arange(_NODES) + 0.5) * h
    nodes = mu * (1.0 + 1j * u) ** 2
    slope = 2j * mu * (1.0 + 1j * u)
    weights = h / (1j * np.pi) * np.exp(nodes) * slope
    nodes.setflags(write=False)
    weights.setflags(write=False)
    return nodes, weights
