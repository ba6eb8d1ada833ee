"""From a transfer function sampled at real Laplace variables to a response at any times.

The response to a steady unit load is g(t), its transform ĝ(s), and F(s) = s ĝ(s) the transfer
function. F of a diffusion problem is a smooth function of ln s, so a few dozen samples at
Chebyshev points are enough to interpolate it; the inversion of Gaver and Stehfest then needs only
real s: g(t) ≈ Σ_k V_k/k F(k ln 2 / t) (Stehfest 1970, "Numerical inversion of Laplace transforms",
Comm. ACM 13(1):47-49). Both steps are linear, so that sampling once serves any number of times.

What is interpolated is F over a known function of the same kind (``reference``), so that the small
F of early times keeps its digits beside the large F of late ones.

Use: ``s = sample_points(first, last)``, compute F at each s, then ``invert(s, F, times)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import k0

from diwen.sources.response.inverse_laplace import stehfest_weights

Floats = NDArray[np.float64]

DEFAULT_ORDER = 12
# The samples reach a little past both ends: an interpolation is worst at its ends.
_MARGIN = 0.5
# Spacing of the samples in ln s: with it the single borehole's g, known to 12 digits, comes out
# to 1e-5 of itself at all but the earliest times.
DEFAULT_SPACING = 0.36
FAST_SPACING = 0.5
# So many of the interpolation's last terms tell its error.
_LAST_TERMS = 3


def sample_points(
    first: float,
    last: float,
    *,
    order: int = DEFAULT_ORDER,
    spacing: float = DEFAULT_SPACING,
    fastest: float = math.inf,
) -> Floats:
    """Laplace variables at which to sample F so that times from first to last can be had.

    Parameters
    ----------
    first, last : earliest and latest time wanted, s, finite and above zero
    order : order of the inversion, even
    spacing : mean distance of the samples in ln s
    fastest : beyond this s, 1/s, F is to be taken as a constant times its reference

    Returns
    -------
    s : Chebyshev points in ln s, falling, 1/s, shape (ns,)
    """
    low = math.log(math.log(2.0) / last) - _MARGIN
    high = math.log(order * math.log(2.0) / first) + _MARGIN
    high = min(high, math.log(fastest))
    low = min(low, high - 2.0)
    count = math.ceil((high - low) / spacing) + 2
    angle = np.pi * (np.arange(count) + 0.5) / count
    return np.exp(0.5 * (low + high) + 0.5 * (high - low) * np.cos(angle))


Reference = Callable[[Floats], Floats]


def line_source_reference(radius: float, diffusivity: float) -> Reference:
    """Transfer function of an infinite line source at a radius in m, K0(r √(s/a)), as reference.

    Soft at its far end: it neither vanishes nor keeps growing.
    """

    def reference(s: Floats) -> Floats:
        return k0(np.minimum(radius * np.sqrt(s / diffusivity), 600.0))

    return reference


def fastest_of_note(radius: float, diffusivity: float) -> float:
    """Laplace variable, 1/s, beyond which no heat has come to a wall at that radius in m.

    K0(20) is less than 1e-9, which the weights of the inversion do not make large.
    """
    return diffusivity * (20.0 / radius) ** 2


def inversion_matrix(
    s: Floats, times: ArrayLike, order: int = DEFAULT_ORDER, reference: Reference | None = None
) -> Floats:
    """Matrix that turns samples of F at :func:`sample_points` into g at the times.

    Parameters
    ----------
    s : as from :func:`sample_points`, 1/s, shape (ns,)
    times : finite times within the range of the samples, s, shape (nt,)
    order : even, at most that of the samples
    reference : positive function of s that F is divided by before it is interpolated

    Returns
    -------
    matrix : shape (nt, ns)
    """
    rows = _series_rows(s, np.atleast_1d(np.asarray(times, float)), order, reference)
    matrix = rows @ _to_series(len(s))
    return matrix if reference is None else matrix / reference(s)


def interpolation_errors(
    s: Floats,
    values: Floats,
    times: ArrayLike,
    order: int = DEFAULT_ORDER,
    reference: Reference | None = None,
) -> Floats:
    """What the last terms of the interpolation add to the response, shape (nt, ...).

    The terms fall off geometrically, so this is an upper estimate of what is left out; parameters
    as of :func:`invert`.
    """
    rows = _series_rows(s, np.atleast_1d(np.asarray(times, float)), order, reference)
    divided = values.reshape(len(s), -1)
    if reference is not None:
        divided = divided / reference(s)[:, None]
    last = np.abs(_to_series(len(s))[-_LAST_TERMS:] @ divided)
    added = np.abs(rows[:, -_LAST_TERMS:]) @ last
    return added.reshape(-1, *values.shape[1:])


def _series_rows(s: Floats, times: Floats, order: int, reference: Reference | None) -> Floats:
    """Responses to the Chebyshev polynomials of ln s times the reference, shape (nt, ns)."""
    log_s = np.log(s)
    # The points of :func:`sample_points` are mapped back to -1 … 1 by their own ends.
    centre = 0.5 * (log_s[0] + log_s[-1])
    half = 0.5 * (log_s[0] - log_s[-1]) / math.cos(0.5 * math.pi / len(s))
    asked = np.arange(1, order + 1) * math.log(2.0) / times[:, None]
    weights = np.broadcast_to(np.array(stehfest_weights(order)), asked.shape)
    if reference is not None:
        weights = weights * reference(asked)
    angle = np.arccos(np.clip((np.log(asked) - centre) / half, -1.0, 1.0))
    terms = np.cos(angle[:, :, None] * np.arange(len(s)))
    return np.matmul(weights[:, None, :], terms)[:, 0]


@lru_cache(maxsize=64)
def _to_series(count: int) -> Floats:
    """Coefficients of the Chebyshev series from values at the points, shape (count, count)."""
    degrees = np.arange(count)
    scale = np.full(count, 2.0 / count)
    scale[0] = 1.0 / count
    return scale[:, None] * np.cos(np.pi / count * degrees[:, None] * (degrees + 0.5))


def invert(
    s: Floats,
    values: Floats,
    times: ArrayLike,
    order: int = DEFAULT_ORDER,
    reference: Reference | None = None,
) -> Floats:
    """Response to a steady unit load at any times within the sampled range.

    Parameters
    ----------
    s : as from :func:`sample_points`, 1/s, shape (ns,)
    values : transfer function F(s) = s times the transform of the response, shape (ns, ...)
    times : s, shape (nt,)
    order, reference : as of :func:`inversion_matrix`

    Returns
    -------
    response : shape (nt, ...)
    """
    matrix = inversion_matrix(s, times, order, reference)
    return np.tensordot(matrix, np.asarray(values, float), axes=(1, 0))
