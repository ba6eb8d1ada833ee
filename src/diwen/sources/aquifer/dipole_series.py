"""Potential of line sources on the axis between two tight planes, away from the axis: Fourier.

Per unit of Q/(4 π Kr), as in ``dipole_images``, for strengths s_j that sum to zero::

    Σ_{n>=1} 4/(n π) K₀(n π ρ/B) cos(n π z/B) C_n,
    C_n = Σ_j s_j [sin(n π b_j/B) − sin(n π a_j/B)]/(b_j − a_j)

with ρ = k r. Source: M. S. Hantush, Hydraulics of wells, Adv. Hydrosci. 1 (1964), for partially
penetrating wells; without the logarithmic term, for the net flow is zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import k0, k1

Floats = NDArray[np.float64]

# exp(−34) is the rounding of one.
_EXPONENT = 34.0


@dataclass(frozen=True, eq=False)
class CosineSeries:
    """Line sources between roof and floor.

    Attributes
    ----------
    top, bottom : of the lines, m below the roof, shape (m,)
    strength : of each, shape (m,), summing to zero
    thickness : B, m
    """

    top: Floats
    bottom: Floats
    strength: Floats
    thickness: float

    def potential(self, rho: Floats, z: Floats) -> Floats:
        """At ρ > 0 and z in m, shape (n,)."""
        wave, factor = self._waves(rho)
        angle, radial = wave * z[:, None], k0(wave * rho[:, None])
        return np.asarray((radial * np.cos(angle)) @ factor)

    def gradient(self, rho: Floats, z: Floats) -> tuple[Floats, Floats]:
        """Derivatives along ρ and along z, 1/m, shape (n,) each."""
        wave, factor = self._waves(rho)
        angle, distance = wave * z[:, None], wave * rho[:, None]
        along_rho = -(k1(distance) * np.cos(angle)) @ (factor * wave)
        along_z = -(k0(distance) * np.sin(angle)) @ (factor * wave)
        return np.asarray(along_rho), np.asarray(along_z)

    def _waves(self, rho: Floats) -> tuple[Floats, Floats]:
        """Wave numbers n π/B, 1/m, and factors of the terms, shape (nt,) both."""
        step = math.pi / self.thickness
        terms = 1 + math.ceil(_EXPONENT / (step * float(rho.min(initial=np.inf))))
        count = np.arange(1, terms + 1)
        wave = np.asarray(step * count, float)
        sines = np.sin(np.outer(wave, self.bottom)) - np.sin(np.outer(wave, self.top))
        share = sines @ (self.strength / (self.bottom - self.top))
        return wave, np.asarray(4.0 / (count * math.pi) * share, float)
