"""The finite line source, split into a part of the distance and a part of the depths.

A vertical segment v of length H_v that gives a steady q' from time 0 makes a segment u at the
horizontal distance d colder, in the mean over u, by q'/(2πk) h_uv with

    H_u h_uv(d, t) = ∫_{1/√(4at)}^∞ exp(-d²σ²) I_uv(σ)/(2σ²) dσ

(Claesson & Javed 2011, "An analytical method to calculate borehole fluid temperatures for
time-scales from minutes to decades", ASHRAE Trans. 117(2):279-288; Cimmino & Bernier 2014,
Int. J. Heat Mass Transfer 70:641-650). I_uv holds integrals of the error function of the depths of
the four ends, a mirror source above the isothermal surface included; it knows no distance. A
step that begins at t_σ = 1/(4aσ²) has the transfer function exp(-s t_σ), so that

    H_u F_uv(d, s) = ∫ exp(-s/(4aσ²)) exp(-d²σ²) I_uv(σ)/(2σ) d ln σ .

The integrand is smooth and falls off at both ends faster than exponentially: equal steps in ln σ
converge like exp(-π²/(2 step)), and the same nodes serve all distances, depths and s.

The line source stands on the axis and its temperature is taken at the borehole's radius. For
times below about 5 r_b²/a this is an approximation of the real, wide borehole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ACCURATE_STEP = 0.20
FAST_STEP = 0.24
# exp(-_TAIL²) is what is left of the integrand where the nodes end.
_TAIL = 5.0
# Nodes of the steady state end where all boreholes together are small beside 1/σ: the integrand
# has fallen like the third power of that ratio by then.
_STEADY = 2e-3


@dataclass(frozen=True, eq=False)
class KernelNodes:
    """Nodes of the integral over ln σ.

    Attributes
    ----------
    sigma : rising, 1/m, shape (nk,)
    step : distance of the nodes in ln σ, the weight of each
    diffusivity : of the ground, m²/s
    """

    sigma: Floats
    step: float
    diffusivity: float

    def damping(self, s: Floats) -> Floats:
        """Weights step · exp(-s/(4aσ²)), shape (ns, nk), for s in 1/s, shape (ns,)."""
        s = np.atleast_1d(np.asarray(s, float))
        exponent = np.multiply.outer(s, 1.0 / (4.0 * self.diffusivity * self.sigma**2))
        return self.step * np.exp(-exponent)

    @property
    def error(self) -> float:
        """Relative error of the sum over the nodes, an upper estimate.

        The leading term of the aliasing series of equal steps for an integrand analytic in a
        strip of half-width π/4 about the real axis of ln σ.
        """
        return 10.0 * math.exp(-(math.pi**2) / (2.0 * self.step))


def step_for(step: float, radius: float, diffusivity: float, fastest: float) -> float:
    """The step, or a smaller one where s is so large that the wall sees next to nothing.

    The integrand of the own wall is exp(-x cosh(2u)) about its peak, x = r √(s/a); relative to
    K0(x) its aliasing error is exp(-(π/step)²/(2x)), which is held below exp(-14).

    Parameters
    ----------
    step : distance of the nodes in ln σ that serves otherwise
    radius : smallest of the boreholes, m
    diffusivity : m²/s
    fastest : largest Laplace variable, 1/s
    """
    argument = radius * math.sqrt(fastest / diffusivity)
    return min(step, math.pi / math.sqrt(28.0 * max(argument, 1e-3)))


def kernel_nodes(
    diffusivity: float, smallest_radius: float, extent: float, slowest: float, step: float
) -> KernelNodes:
    """Nodes that serve all s from ``slowest`` on.

    Parameters
    ----------
    diffusivity : m²/s
    smallest_radius : smallest distance of a wall from a line source, m
    extent : largest of the field's width and its depth, m
    slowest : smallest Laplace variable wanted, 1/s; 0 for the steady state
    step : distance of the nodes in ln σ
    """
    low = _STEADY / extent
    if slowest > 0.0:
        low = max(low, math.sqrt(slowest / (4.0 * diffusivity)) / _TAIL)
    high = _TAIL / smallest_radius
    count = max(math.ceil((math.log(high) - math.log(low)) / step), 1) + 1
    return KernelNodes(high * np.exp(-step * np.arange(count)[::-1]), step, diffusivity)
