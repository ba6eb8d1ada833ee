"""The coupling of all segments of a field through the ground, at any Laplace variable.

This is the hook for models that close the heat rates with something else than a wall temperature
(fluid in a network of pipes): the ground says S(s) c = τ, where

* c[a, u] are the heat rates per metre of segment u in pattern a, over 2πk; borehole i gives
  q_iu/(2πk) = Σ_a Φ[i, a] c[a, u];
* τ[a, u] are the drops of the wall temperature in the mean over the pattern,
  τ[a, u] = Σ_i Φ[i, a] H_iu T_iu; where all T are equal, τ = b T with b = ``lengths``;
* all transforms are multiplied by s, so that a steady unit load has the transform 1.

With every borehole a pattern of its own (``grouped=False``), T_iu = (S c)[i, u]/H_iu is each
segment's wall. Sample S at :func:`.laplace.sample_points`, close and solve, and give
the answer to :func:`diwen.sources.borefield.laplace.invert`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from diwen.sources.borefield.borehole_groups import Patterns, alike_by_symmetry, indicator, kinds_of
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.line_source_kernel import ACCURATE_STEP, KernelNodes, kernel_nodes
from diwen.sources.borefield.pair_sums import DirectPairs, PairSums, pair_sums_of
from diwen.sources.borefield.segments import segment_edges

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


class GroundCoupling(Protocol):
    """What solvers need of the ground; see the module's text for the meaning."""

    @property
    def lengths(self) -> Floats:
        """b, m, shape (size,)."""

    def zone_lengths(self, zone: Indices) -> Floats:
        """b split by zones, m, shape (size, nz); zone of every borehole, shape (n,)."""

    def matrices(self, s: Floats) -> Floats:
        """S(s), m, shape (ns, size, size); s in 1/s, shape (ns,)."""


@dataclass(frozen=True, eq=False)
class SegmentSystem:
    """Segments of patterns of vertical boreholes, coupled by the ground.

    Attributes
    ----------
    patterns : which boreholes share the heat alike
    nodes : nodes of the kernel, nk of them
    pair_sums : Φᵀ E_k Φ, shape (nk, m, m)
    depth_factors : I(σ)/(2σ) between kinds of boreholes, m, shape (nkinds, nkinds, nk, nq, nq)
    segment_length : of each kind, m, shape (nkinds, nq)
    radius : of each kind, m, shape (nkinds,)
    """

    patterns: Patterns
    nodes: KernelNodes
    pair_sums: Floats
    depth_factors: Floats
    segment_length: Floats
    radius: Floats

    @property
    def size(self) -> int:
        """Number of unknowns: patterns times segments."""
        return self.patterns.columns.shape[1] * self.segment_length.shape[1]

    @property
    def lengths(self) -> Floats:
        """b[a, u] = Σ_i Φ[i, a] H_iu, m, flat, shape (size,): the total heat rate is b · c."""
        total = self.patterns.weight @ self.patterns.columns
        return (total[:, None] * self.segment_length[self.patterns.kind]).reshape(-1)

    def zone_lengths(self, zone: Indices) -> Floats:
        """b split by zones, m, shape (size, nz); zone of every borehole, shape (n,)."""
        zones = np.empty(len(self.patterns.weight), np.intp)
        zones[self.patterns.which] = zone
        share = (self.patterns.columns * self.patterns.weight[:, None]).T @ indicator(zones)
        lengths = self.segment_length[self.patterns.kind]
        return (lengths[:, :, None] * share[:, None, :]).reshape(self.size, -1)

    def heat_rates(self, c: Floats) -> Floats:
        """q/(2πk) of every segment, shape (..., n, nq), from unknowns of shape (..., size)."""
        nq = self.segment_length.shape[1]
        by_pattern = c.reshape(*c.shape[:-1], -1, nq)
        return (self.patterns.columns @ by_pattern)[..., self.patterns.which, :]

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
            factors = self.depth_factors[kind[a], kind[a:]].reshape(m - a, nk, nq * nq)
            product = self.pair_sums[:, a, a:].T[:, :, None] * factors
            # One small product per pattern: large ones would wake further cores for little.
            row = (damping @ product).reshape(m - a, -1, nq, nq)
            matrices[:, a, :, a:, :] = row.transpose(1, 2, 0, 3)
            if a < m - 1:
                matrices[:, a + 1 :, :, a, :] = row[1:].transpose(1, 0, 3, 2)
        return matrices.reshape(len(damping), m * nq, m * nq)


@dataclass(frozen=True, eq=False)
class FieldKernel:
    """What of a field of vertical boreholes does not depend on the patterns.

    Attributes
    ----------
    pairs : sums over pairs of boreholes
    kind : of the representatives, shape (n',)
    nodes, depth_factors, segment_length, radius : as of :class:`SegmentSystem`
    """

    pairs: PairSums
    kind: Indices
    nodes: KernelNodes
    depth_factors: Floats
    segment_length: Floats
    radius: Floats

    def system(self, columns: Floats, kind: Indices, exact: bool) -> tuple[SegmentSystem, Floats]:
        """The system of patterns, and E_k Φ, shape (nk, n', m)."""
        pairs = self.pairs
        products = pairs.products(columns, self.nodes.sigma)
        sums = (columns * pairs.weight[:, None]).T @ products
        patterns = Patterns(columns, kind, pairs.weight, pairs.which, exact)
        ground = (self.depth_factors, self.segment_length, self.radius)
        return SegmentSystem(patterns, self.nodes, sums, *ground), products


def kernel_depth_factors(edges: Floats, sigma: Floats) -> Floats:
    """I(σ)/(2σ) between all kinds, m, shape (nkinds, nkinds, nk, nq, nq).

    Edges of the segments of each kind, m, shape (nkinds, nq + 1); sigma in 1/m, shape (nk,).
    """
    from diwen.sources.borefield.line_source_compiled import depth_factors

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


def field_kernel(
    boreholes: Boreholes, pairs: PairSums, kinds: Boreholes, nodes: KernelNodes, ratios: Floats
) -> FieldKernel:
    """Kernel of a field; ``kinds`` are one borehole of each kind as :func:`kinds_of` finds them."""
    edges = segment_edges(kinds.length, kinds.buried_depth, ratios)
    factors = kernel_depth_factors(edges, nodes.sigma)
    kind = kinds_of(boreholes)[1][pairs.representative]
    lengths = kinds.length[:, None] * ratios
    return FieldKernel(pairs, kind, nodes, factors, lengths, kinds.radius)


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
    ratios : shares of the segments, shape (nq,), from :func:`.segments.segment_ratios`
    label : what else tells boreholes apart (zone, circuit), shape (n,)
    grouped : join boreholes that symmetry makes alike; otherwise every borehole is a pattern of
        its own, in the order of the field
    step : distance of the kernel's nodes in ln σ
    """
    first, kind = kinds_of(boreholes)
    nodes = field_nodes(boreholes, diffusivity, slowest, step)
    kinds = boreholes.take(first)
    if not grouped:
        kernel = field_kernel(boreholes, DirectPairs.of(boreholes), kinds, nodes, ratios)
        return kernel.system(np.eye(boreholes.count), kind, True)[0]
    apart = kind if label is None else kind + len(first) * label
    pairs = pair_sums_of(boreholes, apart)
    group = alike_by_symmetry(boreholes, apart)[pairs.representative]
    columns = indicator(group)
    kernel = field_kernel(boreholes, pairs, kinds, nodes, ratios)
    return kernel.system(columns, kernel.kind[columns.argmax(axis=0)], True)[0]
