"""Step responses that are an integral over σ from 1/√(4at) on, tabulated once for all times.

What a steady load has done to the ground after the time t is the sum of all that it released at
ages up to t; an age is a σ = 1/√(4a age). So one table of the integrand over ln σ holds the whole
history: its integral from the right gives the response at any time, the steady state included.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import BSpline, make_interp_spline

Floats = NDArray[np.float64]

_STEP = 0.05
# Nodes per width of a cloud that passes at a large Péclet number.
_CLOUD_STEP = 0.18
_TAIL = 6.0
_STEADY = 5e-4
_DEGREE = 5


@dataclass(frozen=True, eq=False)
class StepTable:
    """Integrands W over ln σ and their integrals.

    Attributes
    ----------
    log_sigma : equally spaced, rising, σ in 1/m, shape (nk,)
    integrand : W, shape (nk, ...)
    diffusivity : m²/s
    """

    log_sigma: Floats
    integrand: Floats
    diffusivity: float

    def at(self, times: ArrayLike) -> Floats:
        """Responses, shape (nt, ...); times in s, any above or equal zero, ``inf`` included."""
        return self._integrals(self.log_sigma, self.integrand, times)

    def error(self, times: ArrayLike) -> Floats:
        """Estimate of the absolute error of :meth:`at`, from every second node, shape (nt, ...)."""
        # The last node must stay, so that both integrals have one upper end.
        first = (len(self.log_sigma) - 1) % 2
        coarse = self._integrals(self.log_sigma[first::2], self.integrand[first::2], times)
        # Halving the step of a spline of degree 5 divides its error by 64.
        return np.abs(self.at(times) - coarse) / 16.0

    def _integrals(self, log_sigma: Floats, integrand: Floats, times: ArrayLike) -> Floats:
        below = _from_left(log_sigma, integrand)
        place = ages_to_log_sigma(np.atleast_1d(np.asarray(times, float)), self.diffusivity)
        place = np.clip(place, log_sigma[0], log_sigma[-1])
        return np.maximum(below(log_sigma[-1]) - below(place), 0.0)


def _from_left(log_sigma: Floats, integrand: Floats) -> BSpline:
    return make_interp_spline(log_sigma, integrand, k=_DEGREE, axis=0).antiderivative()


def ages_to_log_sigma(ages: Floats, diffusivity: float) -> Floats:
    """ln 1/√(4a age); an age of 0 is infinitely high up, ``inf`` infinitely low."""
    with np.errstate(divide="ignore"):
        return -0.5 * np.log(4.0 * diffusivity * ages)


def table_nodes(
    diffusivity: float, nearest: float, extent: float, fastest: float = 0.0, farthest: float = 0.0
) -> Floats:
    """Nodes ln σ that serve all times.

    Parameters
    ----------
    diffusivity : m²/s
    nearest : smallest distance of a receiver from a source, m
    extent : largest depth or width of the problem, m
    fastest : largest velocity of heat transport, m/s
    farthest : largest distance between a source and a receiver, m
    """
    cloud = fastest * max(farthest, nearest) / diffusivity
    step = min(_STEP, _CLOUD_STEP / math.sqrt(cloud)) if cloud else _STEP
    # The passing cloud of an own wall holds together a little above pure diffusion.
    near = 0.25 * fastest * nearest / diffusivity
    high = math.log((_TAIL + math.sqrt(near + _TAIL**2)) / nearest)
    low = math.log(_STEADY / extent)
    count = max(math.ceil((high - low) / step) + 1, 2 * _DEGREE + 4)
    return np.linspace(low, high, count)


def horizontal_factor(
    dx: Floats, dy: Floats, sigma: Floats, velocity: Floats, diffusivity: float
) -> Floats:
    """exp(-|d σ - U/(4aσ)|²), the moving cloud of one age.

    Parameters
    ----------
    dx, dy : receiver minus emitter, m, any one shape
    sigma : 1/m, shape (nk,)
    velocity : of heat transport along x and y, m/s, shape (2,)
    diffusivity : m²/s

    Returns
    -------
    shape (nk, *dx.shape)
    """
    drift = 0.25 / diffusivity / sigma
    along = np.multiply.outer(sigma, dx)
    along -= (drift * velocity[0]).reshape(-1, *(1,) * dx.ndim)
    across = np.multiply.outer(sigma, dy)
    across -= (drift * velocity[1]).reshape(-1, *(1,) * dx.ndim)
    along *= along
    across *= across
    along += across
    return np.exp(-along)


def wall_factor(radius: Floats, sigma: Floats, velocity: Floats, diffusivity: float) -> Floats:
    """The mean of :func:`horizontal_factor` around a circle about the source.

    exp(-r²σ² - U²/(4aσ)²) I₀(U r/2a); radius in m, shape (n,); result of shape (nk, n).
    """
    from scipy.special import i0e

    drift = 0.25 * math.hypot(*velocity) / diffusivity
    apart = np.multiply.outer(sigma, radius) - (drift / sigma)[:, None]
    return np.exp(-apart * apart) * i0e(2.0 * drift * radius)
