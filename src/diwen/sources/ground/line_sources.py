"""Line and cylinder sources in a uniform ground, each by its own formula and adaptive quadrature.

These functions are the plain statement of the theory: one source, one receiver, one integral.
They are slow and independent of the fast engine of the g-functions, which is tested against them.

Every function returns the dimensionless response 2πk ΔT/q', where ΔT is the drop of temperature
below the undisturbed ground, K, q' the heat extracted per metre of source since time 0, W/m, and
k the conductivity, W/(m·K). The surface of the ground keeps its temperature (mirror source);
depths are positive downwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import quad
from scipy.special import erf, exp1, kve

Floats = NDArray[np.float64]

_TOLERANCE = 1e-12
_TALBOT_NODES = 32


def infinite_line_source(distance: ArrayLike, times: ArrayLike, diffusivity: float) -> Floats:
    """Infinite line source, ½ E₁(r²/4at).

    Parameters
    ----------
    distance : radial distance from the line, m; broadcasts with ``times``
    times : time since the load began, s
    diffusivity : thermal diffusivity of the ground, m²/s

    Source: Carslaw & Jaeger (1959), Conduction of heat in solids, § 10.4.
    """
    r, t = np.asarray(distance, float), np.asarray(times, float)
    return np.asarray(0.5 * exp1(r * r / (4.0 * diffusivity * t)), float)


def infinite_cylinder_source(
    distance: ArrayLike, times: ArrayLike, diffusivity: float, radius: float
) -> Floats:
    """Infinite cylinder of a given radius that takes heat evenly at its wall; nothing inside.

    The solution of Carslaw & Jaeger (1959), § 13.5, in the Laplace domain,
    K₀(qr)/(s q r_b K₁(q r_b)) with q = √(s/a), inverted on Talbot's contour (Abate & Valkó 2004,
    error below 1e-8). Ingersoll's G-factor is this value divided by 2π.

    Parameters
    ----------
    distance : distance from the axis, m, at least ``radius``; broadcasts with ``times``
    times : time since the load began, s
    diffusivity : m²/s
    radius : radius of the cylinder, m
    """
    r, t = np.broadcast_arrays(np.asarray(distance, float), np.asarray(times, float))
    angle = (np.arange(_TALBOT_NODES) + 0.5) * math.pi / _TALBOT_NODES
    cot = 1.0 / np.tan(angle)
    # Contour and its derivative, both times t (modified Talbot contour, symmetric half).
    node = 0.4 * _TALBOT_NODES * angle * (cot + 1j)
    slope = 0.4 * _TALBOT_NODES * (cot - angle / np.sin(angle) ** 2 + 1j)
    q = np.sqrt(node / (diffusivity * t[..., None]))
    outer, inner = q * r[..., None], q * radius
    image = kve(0, outer) * np.exp(inner - outer) / (inner * kve(1, inner)) / node
    total = np.sum(np.exp(node) * image * slope, axis=-1)
    return np.asarray(total.imag / _TALBOT_NODES, float)


def finite_line_source_point(
    distance: float,
    depth: float,
    times: ArrayLike,
    diffusivity: float,
    length: float,
    buried_depth: float,
    mirror: bool = True,
) -> Floats:
    """Response at one point to a vertical line source of finite length.

    Parameters
    ----------
    distance : horizontal distance from the line, m
    depth : depth of the point below the surface, m
    times : time since the load began, s, shape (nt,) or scalar; ``inf`` gives the steady state
    diffusivity : m²/s
    length, buried_depth : of the source, m
    mirror : whether the surface keeps its temperature (else: unbounded ground)

    Returns
    -------
    shape of ``times``

    Source: Eskilson (1987); integral over σ after Claesson & Javed (2011), before averaging.
    """
    top, bottom = buried_depth, buried_depth + length

    def integrand(sigma: float) -> float:
        real = erf((depth - top) * sigma) + erf((bottom - depth) * sigma)
        image = erf((depth + bottom) * sigma) - erf((depth + top) * sigma) if mirror else 0.0
        return 0.5 * math.exp(-((distance * sigma) ** 2)) * (real - image) / sigma

    def steady() -> float:
        real = math.asinh((depth - top) / distance) + math.asinh((bottom - depth) / distance)
        image = math.asinh((depth + bottom) / distance) - math.asinh((depth + top) / distance)
        return 0.5 * (real - image if mirror else real)

    return _over_times(integrand, steady, times, diffusivity, distance)


def finite_line_source(
    distance: float,
    times: ArrayLike,
    diffusivity: float,
    length: float,
    buried_depth: float,
    receiver_length: float | None = None,
    receiver_buried_depth: float | None = None,
    mirror: bool = True,
) -> Floats:
    """Response averaged over a vertical receiver, to a vertical line source.

    Parameters
    ----------
    distance : horizontal distance, m (radius of the borehole for its own wall)
    times : s, shape (nt,) or scalar; ``inf`` gives the steady state
    diffusivity : m²/s
    length, buried_depth : of the source, m
    receiver_length, receiver_buried_depth : of the receiver, m; as the source if not given
    mirror : whether the surface keeps its temperature (else: unbounded ground)

    Returns
    -------
    shape of ``times``

    Source: Claesson & Javed (2011), ASHRAE Transactions 117(2), 279-288; lengths that differ:
    Cimmino & Bernier (2014), Int. J. Heat Mass Transfer 70, 641-650.
    """
    own = length if receiver_length is None else receiver_length
    own_top = buried_depth if receiver_buried_depth is None else receiver_buried_depth
    apart = _distances(length, buried_depth, own, own_top, mirror)

    def integrand(sigma: float) -> float:
        total = sum(sign * error_function_integral(z * sigma) for sign, z in apart)
        return 0.5 / own * math.exp(-((distance * sigma) ** 2)) * total / sigma**2

    def steady() -> float:
        return 0.5 / own * sum(sign * _twice_integrated(z, distance) for sign, z in apart)

    return _over_times(integrand, steady, times, diffusivity, distance)


def _distances(
    length: float, top: float, own: float, own_top: float, mirror: bool
) -> list[tuple[int, float]]:
    """Signed vertical distances between the ends of source (and mirror source) and receiver."""
    real = own_top - top
    image = own_top + top
    apart = [(1, real + own), (-1, real), (1, real - length), (-1, real + own - length)]
    if mirror:
        apart += [(1, image + own), (-1, image), (1, image + length), (-1, image + own + length)]
    return apart


def error_function_integral(x: Any) -> Any:
    """Integral of the error function from 0 to x, shape of x."""
    return x * erf(x) + np.expm1(-x * x) / math.sqrt(math.pi)


def _twice_integrated(z: float, r: float) -> float:
    """1/√(z² + r²) integrated twice over z."""
    return z * math.asinh(z / r) - math.hypot(z, r)


def _over_times(
    integrand: Callable[[float], float],
    steady: Callable[[], float],
    times: ArrayLike,
    diffusivity: float,
    distance: float,
) -> Floats:
    """The integral over σ from 1/√(4at) upwards for each time, over ln σ piece by piece."""
    t = np.asarray(times, float)
    values = np.array([_one_time(integrand, steady, s, diffusivity, distance) for s in t.ravel()])
    return values.reshape(t.shape)


def _one_time(
    integrand: Callable[[float], float],
    steady: Callable[[], float],
    time: float,
    diffusivity: float,
    distance: float,
) -> float:
    if time <= 0.0:
        return 0.0
    if math.isinf(time):
        return steady()
    low = -0.5 * math.log(4.0 * diffusivity * time)
    high = math.log(6.5 / distance)  # e^(-6.5²) is 4e-19
    if low >= high:
        return 0.0
    ends = np.linspace(low, high, max(2, math.ceil((high - low) / 1.5) + 1))
    total = 0.0
    for a, b in pairwise(ends):
        part = quad(lambda u: integrand(math.exp(u)) * math.exp(u), a, b, epsabs=_TOLERANCE,
                    epsrel=_TOLERANCE, limit=200)  # fmt: skip
        total += part[0]
    return float(total)
