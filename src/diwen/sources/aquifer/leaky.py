"""Drawdown in an aquifer fed through its roof: Hantush-Jacob, steady and in time.

    s = Q / (4 π T) W(u, r/B),   B = √(T c),   steady: s = Q / (2 π T) K₀(r/B)

with the resistance c of the aquitard (thickness over vertical conductivity, s). The level above
the aquitard stays, the aquitard stores nothing. Drawdown positive for pumping.

Source: M. S. Hantush, C. E. Jacob, Trans. Am. Geophys. Union 36 (1955) 95.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expn, k0

from diwen.sources.aquifer.flow_steps import FlowSteps, superposed
from diwen.sources.aquifer.theis import theis_argument

Floats = NDArray[np.float64]

# Above this ratio the alternating series would lose digits and the integrand is short and smooth.
_SERIES_UNTIL = 5.0
_TERMS = 40
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)


def leakage_factor(transmissivity: float, resistance: float) -> float:
    """B = √(T c), m, for m²/s and s."""
    return math.sqrt(transmissivity * resistance)


def steady_leaky_drawdown(
    flow: ArrayLike, transmissivity: ArrayLike, resistance: ArrayLike, distance: ArrayLike
) -> Floats:
    """Final drawdown, m, for m³/s, m²/s, s and m, broadcast."""
    conducted = np.asarray(transmissivity, float)
    factor = np.sqrt(conducted * np.asarray(resistance, float))
    reach = np.asarray(distance, float) / factor
    return np.asarray(np.asarray(flow, float) / (2.0 * math.pi * conducted) * k0(reach))


def leaky_well_function(u: ArrayLike, ratio: ArrayLike) -> Floats:
    """W(u, r/B) = ∫ from u to ∞ of exp(−y − (r/B)²/(4y)) / y dy.

    By the symmetry W(u, β) + W(β²/4u, β) = 2 K₀(β) only u >= β/2 is summed: there the second
    exponential is expanded into exponential integrals, or integrated where it is not small.
    Against adaptive quadrature the relative error stays below 1e-10 for W above 1e-12.

    Parameters
    ----------
    u : > 0, may be infinite; ratio : r/B >= 0; broadcast
    """
    first, beta = np.broadcast_arrays(np.asarray(u, float), np.asarray(ratio, float))
    result = np.zeros(first.shape)
    finite = np.isfinite(first)
    first, beta = first[finite], beta[finite]
    turned = first < 0.5 * beta
    with np.errstate(divide="ignore", invalid="ignore"):
        other = np.where(first > 0.0, beta**2 / (4.0 * first), np.inf)
    upper = _upper_part(np.where(turned, other, first), np.where(turned, first, other))
    whole = 2.0 * k0(np.where(turned, beta, 1.0))
    result[finite] = np.where(turned, whole - upper, upper)
    return result


def leaky_drawdown(
    flow: ArrayLike,
    transmissivity: ArrayLike,
    storativity: ArrayLike,
    resistance: ArrayLike,
    distance: ArrayLike,
    time: ArrayLike,
) -> Floats:
    """Drawdown since the start of a constant flow, m; zero at times <= 0. All broadcast.

    Parameters
    ----------
    flow : m³/s; transmissivity : m²/s; storativity : share; resistance : of the aquitard, s
    distance : m; time : s
    """
    conducted = np.asarray(transmissivity, float)
    reach = np.asarray(distance, float) / np.sqrt(conducted * np.asarray(resistance, float))
    u = theis_argument(conducted, storativity, distance, time)
    factor = np.asarray(flow, float) / (4.0 * math.pi * conducted)
    return np.asarray(factor * leaky_well_function(u, reach))


def leaky_drawdown_of_steps(
    steps: FlowSteps,
    transmissivity: float,
    storativity: float,
    resistance: float,
    distance: ArrayLike,
    time: ArrayLike,
) -> Floats:
    """Drawdown under a flow that changes in steps, m; time in s and distance in m broadcast."""

    def unit(after: Floats) -> Floats:
        return leaky_drawdown(1.0, transmissivity, storativity, resistance, distance, after)

    moments, _ = np.broadcast_arrays(np.asarray(time, float), np.asarray(distance, float))
    return superposed(unit, steps, moments)


def _upper_part(u: Floats, leak: Floats) -> Floats:
    """∫ from u of exp(−y − u x / y) / y dy for x = β²/(4u) <= u, shape (n,)."""
    result = np.zeros(u.shape)
    # exp(−700) is the end of the numbers.
    near = (u < 700.0) & (leak <= _SERIES_UNTIL)
    term, total = np.ones(int(near.sum())), np.zeros(int(near.sum()))
    for n in range(_TERMS):
        total += term * expn(n + 1, u[near])
        term = -term * leak[near] / (n + 1)
    result[near] = total
    far = (u < 700.0) & (leak > _SERIES_UNTIL)
    if far.any():
        start, x = u[far][:, None], leak[far][:, None]
        end = np.log1p(40.0 / start)
        s = 0.5 * end * (_NODES + 1.0)
        inside = np.exp(-start * np.exp(s) - x * np.exp(-s))
        result[far] = 0.5 * end[:, 0] * (inside @ _WEIGHTS)
    return result
