"""Segments of a bore field in moving ground, and how they act on each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.sources.borefield.borehole_groups import kinds_of
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.groundwater_flow import GroundwaterFlow
from diwen.sources.borefield.segments import segment_edges
from diwen.sources.ground.step_table import StepTable, horizontal_factor, table_nodes, wall_factor

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_CHUNK = 4_000_000
# Every so many nodes of the table serve the sum of equal steps, which converges much faster.
_COARSER = 4
# Kinds of so many boreholes are solved borehole by borehole.
_EACH = 12
# Laplace variables at which the heat is shared out to find the patterns.
_PROBES = 9
# Patterns that add less than this to the others are left out.
_ADDS = 1e-7


@dataclass(frozen=True, eq=False)
class MovingField:
    """Segments of a field in moving ground.

    Attributes
    ----------
    boreholes : vertical
    diffusivity : m²/s
    kind : of every borehole (same length, depth, radius), shape (n,)
    edges : depths of the segments of each kind, m, shapes (nq + 1,)
    velocity : of the segments of each kind, m/s, shapes (nq, 2)
    log_sigma : nodes, shape (nk,)
    """

    boreholes: Boreholes
    diffusivity: float
    kind: Indices
    edges: list[Floats]
    velocity: list[Floats]
    log_sigma: Floats

    @classmethod
    def of(
        cls, boreholes: Boreholes, diffusivity: float, flow: GroundwaterFlow, ratios: Floats
    ) -> MovingField:
        """Cut the boreholes into segments, at the borders of layers too."""
        first, kind = kinds_of(boreholes)
        kinds = boreholes.take(first)
        whole = segment_edges(kinds.length, kinds.buried_depth, ratios)
        edges = [flow.split(e) for e in whole]
        velocity = [flow.at(0.5 * (e[1:] + e[:-1])) for e in edges]
        width = float(np.hypot(np.ptp(boreholes.x), np.ptp(boreholes.y)))
        bottom = float((boreholes.buried_depth + boreholes.length).max())
        nearest = float(boreholes.radius.min())
        nodes = table_nodes(diffusivity, nearest, max(bottom, width), flow.fastest, width)
        return cls(boreholes, diffusivity, kind, edges, velocity, nodes)

    def uniform_rate_table(self) -> StepTable:
        """Mean response of all walls to the same heat from every metre."""
        sigma = np.exp(self.log_sigma)
        total = np.zeros(len(sigma))
        members = [np.flatnonzero(self.kind == p) for p in range(len(self.edges))]
        for part, c, pairs in self._pairs(sigma):
            for p, q, depth, alike in self._depths(sigma[part], c):
                together = pairs[:, members[p]][:, :, members[q]].sum(axis=(1, 2))
                total[part] += depth[:, alike].sum(axis=1) * together
        return StepTable(self.log_sigma, total / self.boreholes.total_length, self.diffusivity)

    def pair_factors(self, sigma: Floats, velocity: Floats) -> Floats:
        """Horizontal factors between all boreholes, shape (nk, n, n), receiver first."""
        holes = self.boreholes
        dx, dy = holes.x[:, None] - holes.x, holes.y[:, None] - holes.y
        factors = horizontal_factor(dx, dy, sigma, velocity, self.diffusivity)
        own = np.arange(holes.count)
        factors[:, own, own] = wall_factor(holes.radius, sigma, velocity, self.diffusivity)
        return factors

    def transfer(self, table: StepTable, s: Floats) -> tuple[Floats, Floats, float]:
        """F of the uniform wall temperature and of the uniform heat rate, each of shape (ns,).

        The boreholes of a kind share the heat in a few patterns: those in which whole boreholes of
        one temperature would share it at several s, and those of the flow turned round (the adjoint
        problem), projected on both (Galerkin), each with segments of its own.

        Parameters
        ----------
        table : of the uniform heat rate
        s : falling, 1/s, the last one 0 for the steady state, shape (ns,)

        Returns
        -------
        equal, uniform : shape (ns,)
        error : relative, of the patterns: what the second half of them changed
        """
        damping = self._damping(s)
        uniform = damping @ table.integrand[::_COARSER]
        probes = np.unique(np.linspace(0, len(s) - 1, _PROBES).astype(int))
        columns = self._patterns(damping[probes])
        matrices, lengths = self._projected(damping, columns)
        total = self.boreholes.total_length
        equal = _equal_temperature(matrices, lengths, total)
        if all(len(c) == c.shape[1] for c in columns):
            return equal, uniform, 0.0
        first = self._first_half(columns)
        rougher = _equal_temperature(matrices[:, first][:, :, first], lengths[first], total)
        return equal, uniform, float(np.abs(rougher / equal - 1.0).max())

    def _damping(self, s: Floats) -> Floats:
        sigma = np.exp(self.log_sigma[::_COARSER])
        step = _COARSER * (self.log_sigma[1] - self.log_sigma[0])
        return step * np.exp(-np.multiply.outer(s, 0.25 / self.diffusivity / sigma**2))

    def _patterns(self, damping: Floats) -> list[Floats]:
        """Orthonormal patterns of each kind, most important first, shapes (n_kind, m)."""
        members = [np.flatnonzero(self.kind == p) for p in range(len(self.edges))]
        if all(len(own) <= _EACH for own in members):
            return [np.eye(len(own)) for own in members]
        shares = []
        for matrix in self._whole_boreholes(damping):
            for way in (matrix, matrix.T):
                shares.append(np.linalg.solve(way, self.boreholes.length))
        every = np.array(shares).T
        return [_independent(every[own]) for own in members]

    def _whole_boreholes(self, damping: Floats) -> Floats:
        """H_i F_ij between boreholes that give the same along their length, m, (ns, n, n)."""
        sigma = np.exp(self.log_sigma[::_COARSER])
        n = self.boreholes.count
        matrices = np.zeros((len(damping), n * n))
        for part, c, pairs in self._pairs(sigma):
            for p, q, depth, alike in self._depths(sigma[part], c):
                both = np.multiply.outer(self.kind == p, self.kind == q)
                weight = damping[:, part] * depth[:, alike].sum(axis=1)
                matrices += weight @ (pairs * both).reshape(len(pairs), -1)
        return matrices.reshape(-1, n, n)

    def _projected(self, damping: Floats, columns: list[Floats]) -> tuple[Floats, Floats]:
        """Projected matrices, m, shape (ns, size, size), and lengths, m, shape (size,)."""
        sigma = np.exp(self.log_sigma[::_COARSER])
        members = [np.flatnonzero(self.kind == p) for p in range(len(self.edges))]
        sizes = [c.shape[1] * (len(e) - 1) for c, e in zip(columns, self.edges, strict=True)]
        start = np.concatenate([[0], np.cumsum(sizes)])
        matrices = np.zeros((len(damping), start[-1], start[-1]))
        for part, c, pairs in self._pairs(sigma):
            for p, q, depth, alike in self._depths(sigma[part], c):
                block = pairs[:, members[p]][:, :, members[q]]
                small = (columns[p].T @ (block @ columns[q])).reshape(len(pairs), -1)
                m, k = columns[p].shape[1], columns[q].shape[1]
                rows, across = len(self.edges[p]) - 1, len(self.edges[q]) - 1
                target = matrices[:, start[p] : start[p + 1], start[q] : start[q + 1]]
                for u, v in np.argwhere(alike):
                    found = (damping[:, part] * depth[:, u, v]) @ small
                    target[:, u::rows, v::across] += found.reshape(-1, m, k)
        lengths = [
            np.outer(c.sum(axis=0), np.diff(e)).ravel()
            for c, e in zip(columns, self.edges, strict=True)
        ]
        return matrices, np.concatenate(lengths)

    def _first_half(self, columns: list[Floats]) -> Indices:
        """Unknowns of the more important half of the patterns."""
        chosen, start = [], 0
        for patterns, edges in zip(columns, self.edges, strict=True):
            count, segments = patterns.shape[1], len(edges) - 1
            chosen.append(start + np.arange((count + 1) // 2 * segments))
            start += count * segments
        return np.concatenate(chosen)

    def _pairs(self, sigma: Floats) -> Iterator[tuple[slice, int, Floats]]:
        """Part of the nodes, class of velocities, factors between all boreholes."""
        classes = _VelocityClasses.of(self.velocity)
        for part in self._chunks(len(sigma)):
            for c, velocity in enumerate(classes.velocity):
                yield part, c, self.pair_factors(sigma[part], velocity)

    def _depths(
        self, sigma: Floats, velocity_class: int
    ) -> Iterator[tuple[int, int, Floats, NDArray[np.bool_]]]:
        """Kinds p and q, depth factors (nk, nq_p, nq_q), and which segments are of the class."""
        from diwen.sources.borefield.line_source_compiled import depth_factors

        classes = _VelocityClasses.of(self.velocity)
        for p, q in np.ndindex(len(self.edges), len(self.edges)):
            alike = classes.of_pair[p, q] == velocity_class
            if alike.any():
                yield p, q, depth_factors(self.edges[p], self.edges[q], sigma), alike

    def _chunks(self, count: int) -> list[slice]:
        chunk = max(1, _CHUNK // self.boreholes.count**2)
        return [slice(k, min(k + chunk, count)) for k in range(0, count, chunk)]


@dataclass(frozen=True, eq=False)
class _VelocityClasses:
    """Pairs of segments sorted by the velocity between them.

    ``velocity`` of each class, m/s, shape (nc, 2); ``of_pair[p, q]`` the class of segment u of
    kind p and v of kind q, shape (nq_p, nq_q).
    """

    velocity: Floats
    of_pair: dict[tuple[int, int], Indices]

    @classmethod
    def of(cls, velocity: list[Floats]) -> _VelocityClasses:
        means = {
            (p, q): 0.5 * (one[:, None] + other)
            for p, one in enumerate(velocity)
            for q, other in enumerate(velocity)
        }
        every = np.concatenate([m.reshape(-1, 2) for m in means.values()])
        classes, index = np.unique(every, axis=0, return_inverse=True)
        index = index.reshape(-1)
        of_pair, start = {}, 0
        for pair, mean in means.items():
            count = mean.shape[0] * mean.shape[1]
            of_pair[pair] = index[start : start + count].reshape(mean.shape[:2])
            start += count
        return cls(classes, of_pair)


def _independent(shares: Floats) -> Floats:
    """Orthonormal columns that span the shares, the uniform one first, shape (n, m)."""
    n = len(shares)
    if n <= _EACH:
        return np.eye(n)
    uniform = np.full((n, 1), 1.0 / np.sqrt(n))
    scaled = shares / np.linalg.norm(shares, axis=0)
    others, sizes, _ = np.linalg.svd(scaled - uniform @ (uniform.T @ scaled), full_matrices=False)
    return np.hstack([uniform, others[:, sizes > _ADDS]])


def _equal_temperature(matrices: Floats, lengths: Floats, total: float) -> Floats:
    """F of the common wall temperature, shape (ns,)."""
    return np.array([total / (lengths @ np.linalg.solve(m, lengths)) for m in matrices])
