"""The coupling of the segments of inclined boreholes, for the solvers of vertical ones.

Same equations as :mod:`.segment_system`, S(s) c = τ, but here every pair of segments
has an integral of its own: the distance does not split off from the depths. Boreholes that a turn
or a reflection of the field makes alike are joined, so that a ring or a fan of n boreholes costs
n pairs in the place of n². A field without any symmetry costs all pairs: two seconds for 24
boreholes of 8 segments, and 8·(8n)² bytes for each of about 60 nodes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.sources.borefield.borehole_groups import Patterns, indicator
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.crossing import borehole_ends
from diwen.sources.borefield.inclined import integrals, split
from diwen.sources.borefield.line_source_kernel import ACCURATE_STEP, KernelNodes, kernel_nodes

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class InclinedSystem:
    """Segments of groups of inclined boreholes, coupled by the ground.

    Attributes
    ----------
    patterns : the groups, as columns of ones
    nodes : nodes of the kernel, nk of them
    kernel : σF/2 of receivers and emitters summed over groups, m, shape (nk, size, size)
    segment_length : of each group's boreholes, m, shape (m, nq)
    """

    patterns: Patterns
    nodes: KernelNodes
    kernel: Floats
    segment_length: Floats

    @property
    def size(self) -> int:
        """Number of unknowns: groups times segments."""
        return self.segment_length.size

    @property
    def lengths(self) -> Floats:
        """b, m, shape (size,): the total heat rate is b · c."""
        total = self.patterns.columns.sum(axis=0)
        return (total[:, None] * self.segment_length).reshape(-1)

    def zone_lengths(self, zone: Indices) -> Floats:
        """b split by zones, m, shape (size, nz); zone of every borehole, shape (n,)."""
        share = self.patterns.columns.T @ indicator(zone)
        return (self.segment_length[:, :, None] * share[:, None, :]).reshape(self.size, -1)

    def heat_rates(self, c: Floats) -> Floats:
        """q/(2πk) of every segment, shape (..., n, nq), from unknowns of shape (..., size)."""
        by_group = c.reshape(*c.shape[:-1], -1, self.segment_length.shape[1])
        return np.asarray(self.patterns.columns @ by_group)

    def matrices(self, s: Floats) -> Floats:
        """S(s), m, symmetric, shape (ns, size, size); s in 1/s, shape (ns,)."""
        damping = self.nodes.damping(s)
        flat = damping @ self.kernel.reshape(len(self.kernel), -1)
        return flat.reshape(-1, self.size, self.size)


def inclined_system(
    boreholes: Boreholes,
    diffusivity: float,
    slowest: float,
    ratios: Floats,
    *,
    label: Indices | None = None,
    grouped: bool = True,
    step: float = ACCURATE_STEP,
) -> InclinedSystem:
    """Couple the segments of a field in which boreholes may lean.

    Parameters
    ----------
    boreholes : n of them, any tilt
    diffusivity : m²/s
    slowest : smallest Laplace variable that will be asked for, 1/s; 0 for the steady state
    ratios : shares of the segments, shape (nq,)
    label : what else tells boreholes apart (zone, group in a network), shape (n,)
    grouped : join boreholes that symmetry makes alike
    step : distance of the kernel's nodes in ln σ
    """
    extra = np.zeros(boreholes.count, np.intp) if label is None else label
    group = alike_inclined(boreholes, extra) if grouped else np.arange(boreholes.count)
    return system_of_groups(boreholes, diffusivity, slowest, ratios, group, step)


def system_of_groups(
    boreholes: Boreholes,
    diffusivity: float,
    slowest: float,
    ratios: Floats,
    group: Indices,
    step: float = ACCURATE_STEP,
) -> InclinedSystem:
    """The system of groups whose boreholes are known to be alike, shape (n,), from 0."""
    columns = indicator(group)
    members = columns.sum(axis=0)
    first = columns.argmax(axis=0)
    nq, count = len(ratios), len(first)
    parts, owner = split(boreholes, ratios)
    nodes = _nodes(boreholes, diffusivity, slowest, step)
    level = np.tile(np.arange(nq), boreholes.count)
    receivers = (first[:, None] * nq + np.arange(nq)).reshape(-1)
    alone = count == boreholes.count and bool((group == np.arange(count)).all())
    column = group[owner] * nq + level
    kernel = integrals(parts, owner, receivers, column, count * nq, nodes.sigma, alone)
    kernel *= 0.5 * nodes.sigma[:, None, None] * np.repeat(members, nq)[None, :, None]
    kernel = 0.5 * (kernel + kernel.transpose(0, 2, 1))
    every = np.arange(boreholes.count)
    patterns = Patterns(columns, np.arange(count), np.ones(boreholes.count), every, True)
    return InclinedSystem(patterns, nodes, kernel, boreholes.length[first][:, None] * ratios)


def _nodes(boreholes: Boreholes, diffusivity: float, slowest: float, step: float) -> KernelNodes:
    ends = borehole_ends(boreholes).reshape(-1, 3)
    extent = max(float(ends[:, 2].max()), float(np.hypot(*np.ptp(ends[:, :2], axis=0))))
    return kernel_nodes(diffusivity, float(boreholes.radius.min()), extent, slowest, step)


def alike_inclined(boreholes: Boreholes, label: Indices) -> Indices:
    """Groups of boreholes that no load shared by all of them can tell apart.

    As :func:`.borehole_groups.alike_by_symmetry`, with the four distances in plan
    between heads and feet in the place of the one between vertical boreholes: depths being the
    same for a group, they fix how two boreholes lie to each other, up to a reflection.

    Parameters
    ----------
    label : what tells boreholes apart at the outset, shape (n,)

    Returns
    -------
    group : shape (n,), numbered from 0
    """
    own = np.stack([boreholes.length, boreholes.buried_depth, boreholes.radius,
                    np.abs(boreholes.tilt), label.astype(float)], axis=1)  # fmt: skip
    group = np.unique(own.round(9), axis=0, return_inverse=True)[1].reshape(-1).astype(np.intp)
    plan = borehole_ends(boreholes)[:, :, :2]
    gap = plan[:, None, :, None] - plan[None, :, None, :]
    distance = np.linalg.norm(gap, axis=-1).reshape(boreholes.count, boreholes.count, 4)
    distance /= max(float(distance.max()), 1e-9)
    # Two smooth functions of all four distances, of which equal sums are no accident.
    smooth = [
        1.0 / (0.05 + distance @ np.array([0.31, 0.23, 0.27, 0.19])),
        np.cos(distance @ np.array([3.1, 4.3, 2.3, 5.9])),
    ]
    random = np.random.default_rng(20261121)
    count = int(group.max()) + 1
    while True:
        weight = random.uniform(0.5, 1.5, count)[group]
        sums = [(f @ weight) / boreholes.count for f in smooth]
        seen = np.stack([group.astype(float), *sums], axis=1)
        group = np.unique(seen.round(9), axis=0, return_inverse=True)[1].reshape(-1)
        group = group.astype(np.intp)
        if group.max() + 1 == count:
            return group
        count = int(group.max()) + 1
