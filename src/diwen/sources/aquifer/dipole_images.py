"""Potential of line sources on the axis between two tight planes, near the axis: images.

In the stretched coordinate ρ = k r, k = √(Kz/Kr), every screen of even flux is a line source and
the roof and floor of the aquifer (0 and B) are mirrors. The potential is that of the sources and
of their images between −M and M periods in closed form (inverse hyperbolic sines), plus the rest
of the images as a harmonic polynomial that is even in z and whose coefficients are Hurwitz zeta
functions. Sources must sum to zero, or the images would not converge.

Potentials are per unit of Q/(4 π Kr): head = Q/(4 π Kr) × potential.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, zeta

Floats = NDArray[np.float64]

_PERIODS = 3
_DEGREES = (0, 2, 4, 6, 8)
# Exact for the polynomial of the distant images over a screen.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)


@dataclass(frozen=True, eq=False)
class LineImages:
    """Line sources with their images.

    Attributes
    ----------
    ends : z of both ends of every line and image, m, shape (ni,)
    weights : density of each source, + at its upper end, − at its lower, 1/m, shape (ni,)
    distant : coefficients of the even harmonic polynomial, shape (5,)
    """

    ends: Floats
    weights: Floats
    distant: Floats

    @classmethod
    def of(cls, top: Floats, bottom: Floats, strength: Floats, thickness: float) -> LineImages:
        """From lines top..bottom (m below the roof, (m,)) of strengths that sum to zero."""
        density = strength / (bottom - top)
        period = 2.0 * thickness * np.arange(-_PERIODS, _PERIODS + 1)[:, None]
        uppers = np.concatenate([period + top, period - bottom])
        lowers = np.concatenate([period + bottom, period - top])
        signed = np.broadcast_to(density, uppers.shape)
        ends = np.concatenate([uppers.ravel(), lowers.ravel()])
        weights = np.concatenate([signed.ravel(), -signed.ravel()])
        distant = distant_coefficients(bottom, thickness) - distant_coefficients(top, thickness)
        return cls(ends, weights, distant @ density)

    def potential(self, rho: Floats, z: Floats) -> Floats:
        """At ρ > 0 and z in m, shape (n,)."""
        u = z[:, None] - self.ends
        near = np.arcsinh(u / rho[:, None]) @ self.weights
        return np.asarray(near + _polynomial(rho, z) @ self.distant)

    def gradient(self, rho: Floats, z: Floats) -> tuple[Floats, Floats]:
        """Derivatives along ρ and along z, 1/m, shape (n,) each."""
        u = z[:, None] - self.ends
        inverse = 1.0 / np.hypot(u, rho[:, None])
        along_rho = -((u * inverse) @ self.weights) / rho
        along_z = inverse @ self.weights
        by_rho, by_z = _polynomial_gradient(rho, z)
        return along_rho + by_rho @ self.distant, along_z + by_z @ self.distant


def mean_potentials(top: Floats, bottom: Floats, rho: float, thickness: float) -> Floats:
    """Mean over element i of the potential of a unit source along element j, shape (m, m).

    Every column lacks one and the same infinite constant, which falls out where the strengths
    sum to zero.

    Parameters
    ----------
    top, bottom : of the elements, m below the roof, shape (m,)
    rho : stretched radius at which the mean is taken, m
    thickness : m
    """
    length = bottom - top
    total = np.zeros((len(top), len(top)))
    for period in range(-_PERIODS, _PERIODS + 1):
        shift = 2.0 * thickness * period
        for upper, lower in ((shift + top, shift + bottom), (shift - bottom, shift - top)):
            total += _summed(bottom, upper, rho) - _summed(top, upper, rho)
            total -= _summed(bottom, lower, rho) - _summed(top, lower, rho)
    centre, half = 0.5 * (top + bottom), 0.5 * length
    z = centre[:, None] + half[:, None] * _NODES
    terms = _polynomial(np.full(z.size, rho), z.ravel()).reshape(*z.shape, len(_DEGREES))
    mean = 0.5 * np.einsum("ikd,k->id", terms, _WEIGHTS)
    distant = distant_coefficients(bottom, thickness) - distant_coefficients(top, thickness)
    return total / length[:, None] / length + mean @ distant / length


def distant_coefficients(z: Floats, thickness: float) -> Floats:
    """Antiderivative over the source of the coefficients of the images beyond M periods.

    A point source at ζ and its images give, on the axis, Σ_{m>M} Σ_± Σ_± 1/(2 m B ± ζ ± z); the
    coefficient of z^l for even l is 2 Σ_m Σ_± (2 m B ± ζ)^−(l+1).

    Returns
    -------
    shape (5, m) for ``z`` of shape (m,)
    """
    x, start = z / (2.0 * thickness), _PERIODS + 1.0
    rows = [2.0 * (gammaln(start - x) - gammaln(start + x))]
    for degree in _DEGREES[1:]:
        sums = zeta(degree, start - x) - zeta(degree, start + x)
        rows.append(2.0 * sums / degree / (2.0 * thickness) ** degree)
    return np.array(rows)


def _summed(z: Floats, end: Floats, rho: float) -> Floats:
    """Antiderivative over z of arcsinh((z − end)/ρ), m, shape (m, m): rows z, columns end."""
    u = z[:, None] - end
    return np.asarray(u * np.arcsinh(u / rho) - np.hypot(u, rho))


def _polynomial(rho: Floats, z: Floats) -> Floats:
    """R^l P_l(cos θ) for l = 0, 2, 4, 6, 8, shape (n, 5)."""
    square = rho**2 + z**2
    solid = [np.ones_like(z), z]
    for degree in range(1, _DEGREES[-1]):
        upper = (2 * degree + 1) * z * solid[degree] - degree * square * solid[degree - 1]
        solid.append(upper / (degree + 1))
    return np.stack([solid[degree] for degree in _DEGREES], axis=1)


def _polynomial_gradient(rho: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Derivatives along ρ and z of :func:`_polynomial`, shape (n, 5) each.

    With H_l = Σ_j c_j z^(l−2j) ρ^(2j), c_0 = 1 and c_(j+1) = −c_j (l−2j)(l−2j−1)/(2j+2)², which
    is Laplace's equation term by term.
    """
    by_rho, by_z = np.zeros((len(z), len(_DEGREES))), np.zeros((len(z), len(_DEGREES)))
    for column, degree in enumerate(_DEGREES):
        factor = 1.0
        for j in range(degree // 2 + 1):
            power = degree - 2 * j
            if power:
                by_z[:, column] += factor * power * z ** (power - 1) * rho ** (2 * j)
            if j:
                by_rho[:, column] += factor * 2 * j * z**power * rho ** (2 * j - 1)
            factor *= -power * (power - 1) / (2 * j + 2) ** 2
    return by_rho, by_z


def neutral(strength: Floats) -> bool:
    """Whether the sources sum to zero."""
    return math.isclose(float(strength.sum()), 0.0, abs_tol=1e-9 * float(np.abs(strength).sum()))
