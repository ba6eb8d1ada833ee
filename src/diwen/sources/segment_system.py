"""The coupling of all segments of a field through the ground, at any Laplace variable.

This is the hook for models that close the heat rates with something else than a wall temperature
(fluid in a network of pipes, see :func:`segment_system`): the ground says S(s) c = b T, where

* c[a, u] are the heat rates per metre of segment u in pattern a, W/m times 1/(2πk); borehole i
  gives q_iu = Σ_a Φ[i, a] c[a, u];
* T[a, u] are the drops of the wall temperature, weighted by the pattern:
  Σ_i Φ[i, a] H_iu T_iu = (S c)[a, u];
* all transforms are multiplied by s, so that a steady unit load has the transform 1.

With every borehole a pattern of its own, T_iu = (S c)[i, u]/H_iu is each segment's wall.
Sample S(s) at :func:`diwen.sources.laplace.sample_points`, solve, and give the answer to
:func:`diwen.sources.laplace.invert`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.sources.borehole_groups import (
    Patterns,
    alike_by_symmetry,
    as_patterns,
    each_alone,
    kinds_of,
)
from diwen.sources.boreholes import Boreholes
from diwen.sources.line_source_kernel import ACCURATE_STEP, KernelNodes, kernel_nodes
from diwen.sources.pair_sums import direct_pair_sums
from diwen.sources.segments import segment_edges

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class SegmentSystem:
    """Segments of patterns of boreholes, coupled by the ground.

    Attributes
    ----------
    patterns : which boreholes share the heat alike
    nodes : nodes of the kernel, nk of them
    pair_sums : Φᵀ E_k Φ, shape (nk, m, m)
    depth_factors : I(σ)/(2σ) between kinds of boreholes, m, shape (nkinds, nkinds, nk, nq, nq)
    segment_length : of each kind, m, shape (nkinds, nq)
    """

    patterns: Patterns
    nodes: KernelNodes
    pair_sums: Floats
    depth_factors: Floats
    segment_length: Floats

    @property
    def size(self) -> int:
        """Number of unknowns: patterns times segments."""
        return self.patterns.columns.shape[1] * self.segment_length.shape[1]

    @property
    def lengths(self) -> Floats:
        """b[a, u] = Σ_i Φ[i, a] H_iu, m, flat, shape (size,): the total heat rate is b · c."""
        total = self.patterns.columns.sum(axis=0)
        return (total[:, None] * self.segment_length[self.patterns.kind]).reshape(-1)

    def zone_lengths(self, zone: Indices) -> Floats:
        """b split by zones, m, shape (size, nz); zone of every borehole, shape (n,)."""
        zones = (zone[:, None] == np.arange(zone.max() + 1)).astype(float)
        share = self.patterns.columns.T @ zones
        lengths = self.segment_length[self.patterns.kind]
        return (lengths[:, :, None] * share[:, None, :]).reshape(self.size, -1)

    def matrices(self, s: Floats) -> Floats:
        """S(s), m, symmetric, shape (ns, size, size); s in 1/s, shape (ns,).

        Index order [.., a·nq + u, b·nq + v]: receiver pattern a, segment u, emitter b, v.
        """
        damping = self.nodes.damping(s)
        nk, m, _ = self.pair_sums.shape
        nq = self.segment_length.shape[1]
        kind = self.patterns.kind
        matrices = np.empty((len(damping), m, nq, m, nq))
        for a in range(m):
            factors = self.depth_factors[kind[a], kind[a:]]
            product = self.pair_sums[:, a, a:].T[:, :, None, None] * factors
            row = np.tensordot(damping, product, axes=(1, 1))
            matrices[:, a, :, a:, :] = row.transpose(0, 2, 1, 3)
            matrices[:, a:, :, a, :] = row.transpose(0, 1, 3, 2)
        return matrices.reshape(len(damping), m * nq, m * nq)


def kernel_depth_factors(edges: Floats, sigma: Floats) -> Floats:
    """I(σ)/(2σ) between all kinds, m, shape (nkinds, nkinds, nk, nq, nq); edges as rows, m."""
    from diwen.sources.line_source_compiled import depth_factors

    kinds, count = edges.shape
    factors = np.empty((kinds, kinds, len(sigma), count - 1, count - 1))
    for p in range(kinds):
        for q in range(p, kinds):
            factors[p, q] = depth_factors(edges[p], edges[q], sigma)
            factors[q, p] = factors[p, q].transpose(0, 2, 1)
    return factors


def field_nodes(
    boreholes: Boreholes, diffusivity: float, slowest: float, step: float
) -> KernelNodes:
    """Nodes that serve every pair of the field; see :func:`line_source_kernel.kernel_nodes`."""
    bottom = float((boreholes.buried_depth + boreholes.length).max())
    width = float(np.hypot(np.ptp(boreholes.x), np.ptp(boreholes.y)))
    extent = max(bottom, width)
    return kernel_nodes(diffusivity, float(boreholes.radius.min()), extent, slowest, step)


def segment_system(
    boreholes: Boreholes,
    diffusivity: float,
    slowest: float,
    ratios: Floats,
    *,
    label: Indices | None = None,
    grouped: bool = True,
    step: float = ACCURATE_STEP,
) -> SegmentSystem:
    """Couple the segments of a field of vertical boreholes, exactly.

    Parameters
    ----------
    boreholes : vertical
    diffusivity : m²/s
    slowest : smallest Laplace variable that will be asked for, 1/s; 0 for the steady state
    ratios : shares of the segments, shape (nq,), from :func:`diwen.sources.segments.segment_ratios`
    label : what else tells boreholes apart (zone, circuit), shape (n,)
    grouped : join boreholes that symmetry makes alike; otherwise every borehole is a pattern of
        its own, in the order of the field
    step : distance of the kernel's nodes in ln σ
    """
    first, kind = kinds_of(boreholes)
    if grouped:
        extra = np.zeros(boreholes.count, np.intp) if label is None else label
        group = alike_by_symmetry(boreholes, kind + len(first) * extra)
        patterns = as_patterns(group, kind)
    else:
        patterns = each_alone(kind)
    nodes = field_nodes(boreholes, diffusivity, slowest, step)
    columns = patterns.columns if grouped else None
    sums = direct_pair_sums(boreholes.x, boreholes.y, boreholes.radius, columns, nodes.sigma)
    return with_pair_sums(boreholes, first, patterns, nodes, sums, ratios)


def with_pair_sums(
    boreholes: Boreholes,
    first: Indices,
    patterns: Patterns,
    nodes: KernelNodes,
    sums: Floats,
    ratios: Floats,
) -> SegmentSystem:
    """The system of given patterns and pair sums; ``first`` names one borehole of each kind."""
    length = boreholes.length[first]
    edges = segment_edges(length, boreholes.buried_depth[first], ratios)
    factors = kernel_depth_factors(edges, nodes.sigma)
    return SegmentSystem(patterns, nodes, sums, factors, length[:, None] * ratios)
