"""Steady flow to a well inside a known radius, and the falling thickness under a free surface.

Sources: G. Thiem, Hydrologische Methoden (1906); C. E. Jacob (1944) correction of drawdown in
unconfined aquifers, as in G. P. Kruseman, N. A. de Ridder, Analysis and Evaluation of Pumping Test
Data, 2nd ed. (1990), 5.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def thiem_difference(
    flow: ArrayLike, transmissivity: ArrayLike, near: ArrayLike, far: ArrayLike
) -> Floats:
    """Drawdown at ``near`` less that at ``far``, Q/(2 π T) ln(far/near), m; broadcast.

    Parameters
    ----------
    flow : m³/s, pumping positive; transmissivity : m²/s; near, far : distances, m
    """
    ratio = np.asarray(far, float) / np.asarray(near, float)
    factor = np.asarray(flow, float) / (2.0 * math.pi * np.asarray(transmissivity, float))
    return np.asarray(factor * np.log(ratio))


def confined_equivalent(drawdown: ArrayLike, thickness: float) -> Floats:
    """s' = s − s²/(2 b): the drawdown a confined aquifer of thickness b (m) would show, m.

    For observed drawdowns below a free surface; holds where gravity drainage is complete.
    """
    seen = np.asarray(drawdown, float)
    return np.asarray(seen - seen**2 / (2.0 * thickness))


def unconfined_drawdown(equivalent: ArrayLike, thickness: float) -> Floats:
    """The drawdown below a free surface from its confined equivalent, m; NaN if it would run dry.

    The inverse of :func:`confined_equivalent`; a rise (negative) is smaller than its equivalent.
    """
    confined = np.asarray(equivalent, float)
    under = 1.0 - 2.0 * confined / thickness
    with np.errstate(invalid="ignore"):
        return np.asarray(thickness * (1.0 - np.sqrt(np.where(under >= 0.0, under, np.nan))))
