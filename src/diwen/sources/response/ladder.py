"""Modes as a chain of heat capacities, from the heat source outwards.

The impedance Σ r_m/(1 + s τ_m) with positive residues is that of a chain of capacities, each tied
to the next by a resistance, the last to the undisturbed surroundings (W. Cauer 1926; thermal
networks: V. Székely, Microelectronics Journal 28 (1997) 277-292).
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Polynomial = list[Decimal]

_DIGITS = 300  # every step loses some; thirty modes over ten decades lose less than 100


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


def chain(time_constants: Floats, residues: Floats, direct: float) -> Ladder:
    """Capacities and resistances by continued fractions, in long decimals.

    With Z = N/D: 1/Z = s C + 1/Z', Z' = R + Z'', and so on with Z''. In floating point this loses
    all digits for modes over many decades.

    Parameters
    ----------
    time_constants : s, shape (m,)
    residues : positive, shape (m,)
    direct : resistance before the chain
    """
    with localcontext(prec=_DIGITS):
        lags = [Decimal(float(constant)) for constant in time_constants]
        impedance = _impedance(lags, [Decimal(float(r)) for r in residues])
        capacities, resistances = _divided(*impedance)
    return Ladder(direct, np.array(capacities), np.array(resistances))


def _divided(numerator: Polynomial, denominator: Polynomial) -> tuple[list[float], list[float]]:
    """Capacities and resistances of the chain with impedance numerator/denominator."""
    capacities, resistances = [], []
    for _ in numerator.copy():
        capacity = denominator[-1] / numerator[-1]
        shifted = [Decimal(0), *numerator]
        rest = [d - capacity * n for d, n in zip(denominator, shifted, strict=True)][:-1]
        resistance = numerator[-1] / rest[-1]
        capacities.append(float(capacity))
        resistances.append(float(resistance))
        numerator = [n - resistance * d for n, d in zip(numerator, rest, strict=True)][:-1]
        denominator = rest
    return capacities, resistances


def _impedance(lags: Polynomial, residues: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Numerator and denominator of Σ r/(1 + s τ) as coefficients of rising powers of s."""
    numerator, denominator = [residues[0]], [Decimal(1), lags[0]]
    for lag, residue in zip(lags[1:], residues[1:], strict=True):
        grown = _times_lag(numerator, lag)
        numerator = [n + residue * d for n, d in zip(grown, denominator, strict=True)]
        denominator = _times_lag(denominator, lag)
    return numerator, denominator


def _times_lag(polynomial: Polynomial, lag: Decimal) -> Polynomial:
    """The polynomial times (1 + s τ)."""
    shifted = [lag * coefficient for coefficient in polynomial]
    zero = Decimal(0)
    return [a + b for a, b in zip([*polynomial, zero], [zero, *shifted], strict=True)]
