"""Modes as a chain of heat capacities: where a response stores its heat, when it lets it go.

The impedance Σ r_m/(1 + s τ_m) with positive residues is that of a chain of capacities, each tied
to the next by a resistance, the last to the undisturbed surroundings (W. Cauer 1926; thermal
networks: V. Székely, Microelectronics Journal 28 (1997) 277-292).
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Polynomial = list[Fraction]


class Ladder(NamedTuple):
    """The response as a chain of heat capacities, the last one tied to the undisturbed ground.

    Attributes
    ----------
    direct : resistance before the first node, K/W (per unit of the input)
    capacities : of the nodes from the heat source outwards, J/K, shape (m,)
    resistances : from each node to the next one, the last to the ground, K/W, shape (m,)
    """

    direct: float
    capacities: Floats
    resistances: Floats


def release_shares(time_constants: Floats) -> Floats:
    """Weights of the modes in the heat that leaves through the last resistance; their sum is 1.

    A chain without branches passes heat as Π 1/(1 + s τ_m), whatever its residues; these are the
    partial fractions of that product, Π_{k≠m} 1/(1 − τ_k/τ_m).
    """
    ratio = 1.0 - time_constants[None, :] / time_constants[:, None]
    np.fill_diagonal(ratio, 1.0)
    return np.asarray(1.0 / ratio.prod(axis=1))


def chain(time_constants: Floats, residues: Floats, direct: float) -> Ladder:
    """Capacities and resistances by continued fractions, in rational numbers.

    With Z = N/D: 1/Z = s C + 1/Z', Z' = R + Z'', and so on with Z''. In floating point this loses
    all digits for modes over many decades; rational numbers lose none.

    Parameters
    ----------
    time_constants : s, shape (m,)
    residues : positive, shape (m,)
    direct : resistance before the chain
    """
    lags = [Fraction(float(constant)) for constant in time_constants]
    numerator, denominator = _impedance(lags, [Fraction(float(r)) for r in residues])
    capacities, resistances = [], []
    for _ in lags:
        capacity = denominator[-1] / numerator[-1]
        shifted = [Fraction(0), *numerator]
        rest = [d - capacity * n for d, n in zip(denominator, shifted, strict=True)][:-1]
        resistance = numerator[-1] / rest[-1]
        capacities.append(float(capacity))
        resistances.append(float(resistance))
        numerator = [n - resistance * d for n, d in zip(numerator, rest, strict=True)][:-1]
        denominator = rest
    return Ladder(direct, np.array(capacities), np.array(resistances))


def _impedance(lags: Polynomial, residues: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Numerator and denominator of Σ r/(1 + s τ) as coefficients of rising powers of s."""
    numerator, denominator = [residues[0]], [Fraction(1), lags[0]]
    for lag, residue in zip(lags[1:], residues[1:], strict=True):
        grown = _times_lag(numerator, lag)
        numerator = [n + residue * d for n, d in zip(grown, denominator, strict=True)]
        denominator = _times_lag(denominator, lag)
    return numerator, denominator


def _times_lag(polynomial: Polynomial, lag: Fraction) -> Polynomial:
    """The polynomial times (1 + s τ)."""
    shifted = [lag * coefficient for coefficient in polynomial]
    zero = Fraction(0)
    return [a + b for a, b in zip([*polynomial, zero], [zero, *shifted], strict=True)]
