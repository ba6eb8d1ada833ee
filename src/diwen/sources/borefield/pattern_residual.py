"""What patterns of heat rates cannot show: the residual of the segment equations.

Put into the equations of every single segment, the heat rates c of the patterns leave the residual
r = S Φc − b T. The patterns' wall temperature is too high by rᵀ S⁻¹ r per unit of heat rate. The
residual changes sign from borehole to borehole, so that S may be replaced by its part within each
borehole; what neighbours add is left to a factor of safety.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.sources.borefield.segment_system import GroundCoupling, SegmentSystem

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_SAFETY = 2.0
# New patterns taken from the residuals at a time.
_ADDED = 6


@dataclass(frozen=True, eq=False)
class PatternResidual:
    """Residual of the segment equations at the probes.

    Attributes
    ----------
    relative : estimate of the relative error of the largest response, shape (np,)
    correction : heat rates within each borehole that answer the residual, by representative,
        shape (n', np · nz · nq)
    """

    relative: Floats
    correction: Floats


def probe_points(profile_points: Floats, slowest: float) -> Floats:
    """Laplace variables between and around those of the profiles, 1/s, falling."""
    between = np.sqrt(profile_points[1:] * profile_points[:-1])
    last = max(slowest, 0.02 * float(profile_points[-1]))
    ends = np.append(between, min(last, float(profile_points[-1])))
    return np.concatenate([[4.0 * profile_points[0]], ends])


def held_rates(coupling: GroundCoupling, lengths: Floats, s: Floats) -> tuple[Floats, Floats]:
    """Heat rates for a unit rate in each zone, and C(s)⁻¹, shapes (ns, size, nz), (ns, nz, nz).

    ``lengths`` of the unknowns by zone, m, shape (size, nz).
    """
    held = np.linalg.solve(coupling.matrices(s), lengths)
    responses = np.linalg.inv(lengths.T @ held)
    return held @ responses, responses


def pattern_errors(
    system: SegmentSystem,
    products: Floats,
    kind: Indices,
    zones: Indices,
    probes: Floats,
    rates: Floats,
    responses: Floats,
) -> PatternResidual:
    """Estimate the error of a system of patterns.

    Parameters
    ----------
    system : of the patterns, each on boreholes of one kind
    products : E_k Φ, shape (nk, n', m)
    kind, zones : of the representatives, shape (n',)
    probes : 1/s, shape (np,)
    rates, responses : as from :func:`held_rates` at the probes
    """
    relative = np.empty(len(probes))
    corrections = []
    for p, weights in enumerate(system.nodes.damping(probes)):
        residual = _residual(system, products, kind, zones, weights, rates[p], responses[p])
        answer = _within_boreholes(system, kind, weights, residual)
        energy = np.einsum("i,izu,izu->z", system.patterns.weight, residual, answer)
        relative[p] = _SAFETY * (energy / np.diag(responses[p])).max()
        corrections.append(answer.reshape(len(kind), -1))
    return PatternResidual(relative, np.hstack(corrections))


def _residual(
    system: SegmentSystem,
    products: Floats,
    kind: Indices,
    zones: Indices,
    weights: Floats,
    rates: Floats,
    responses: Floats,
) -> Floats:
    """S Φc − b T of every representative for a unit rate in each zone, shape (n', nz, nq)."""
    nz = rates.shape[1]
    nq = system.segment_length.shape[1]
    m = system.patterns.columns.shape[1]
    by_pattern = rates.reshape(m, nq, nz)
    residual = np.empty((len(kind), nz, nq))
    for p in range(len(system.segment_length)):
        factors = system.depth_factors[p][system.patterns.kind] * weights[None, :, None, None]
        level = (factors @ by_pattern[:, None]).transpose(1, 0, 3, 2).reshape(-1, m, nz * nq)
        mine = kind == p
        told = (products[:, mine] @ level).sum(axis=0).reshape(-1, nz, nq)
        wall = responses[zones[mine]][:, :, None] * system.segment_length[p]
        residual[mine] = told - wall
    return residual


def _within_boreholes(
    system: SegmentSystem, kind: Indices, weights: Floats, residual: Floats
) -> Floats:
    """Heat rates that answer the residual in each borehole alone, shape of the residual."""
    answer = np.empty_like(residual)
    sigma = system.nodes.sigma
    nz, nq = residual.shape[1:]
    for p in range(len(system.segment_length)):
        mine = kind == p
        wall = np.exp(-((sigma * system.radius[p]) ** 2))
        block = np.tensordot(weights * wall, system.depth_factors[p, p], axes=(0, 0))
        rows = residual[mine].reshape(-1, nq)
        answer[mine] = (rows @ np.linalg.inv(block)).reshape(-1, nz, nq)
    return answer


def missing_columns(residual: PatternResidual, weight: Floats) -> Floats:
    """The directions of the boreholes' space that the residuals want most, shape (n', added)."""
    root = np.sqrt(weight)[:, None]
    left, _, _ = np.linalg.svd(root * residual.correction, full_matrices=False)
    return left[:, :_ADDED] / root
