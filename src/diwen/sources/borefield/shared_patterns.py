"""Load patterns that boreholes of many lengths share.

With few kinds of boreholes every kind has patterns of its own. Where nearly every borehole has
another length that would be as many unknowns as boreholes, so that the patterns are shared: each,
and its products with the length, gives all boreholes the same heat rates per metre at the same
share of their length.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.segment_system import FieldKernel, SegmentSystem

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class SharedPatterns:
    """A :class:`diwen.sources.borefield.segment_system.GroundCoupling` of patterns over all kinds.

    Attributes
    ----------
    split : the system of every pattern on every kind alone, kind by kind
    coupling : of the patterns at the nodes, m, shape (nk, size, size)
    count : number of patterns
    """

    split: SegmentSystem
    coupling: Floats
    count: int

    @property
    def lengths(self) -> Floats:
        """b, m, shape (size,): the total heat rate is b · c."""
        return self._joined(self.split.lengths[:, None])[:, 0]

    def zone_lengths(self, zone: Indices) -> Floats:
        """b split by zones, m, shape (size, nz); zone of every borehole, shape (n,)."""
        return self._joined(self.split.zone_lengths(zone))

    def matrices(self, s: Floats) -> Floats:
        """S(s), m, symmetric, shape (ns, size, size); s in 1/s, shape (ns,)."""
        damping = self.split.nodes.damping(s)
        flat = damping @ self.coupling.reshape(len(self.coupling), -1)
        return flat.reshape(-1, *self.coupling.shape[1:])

    def on_every_kind(self, rates: Floats) -> Floats:
        """Unknowns of ``split`` from those of the patterns, shape (..., size, nz)."""
        kinds = len(self.split.segment_length)
        return np.concatenate([rates] * kinds, axis=-2)

    def _joined(self, values: Floats) -> Floats:
        kinds = len(self.split.segment_length)
        return values.reshape(kinds, -1, values.shape[1]).sum(axis=0)


def with_moments(columns: Floats, boreholes: Boreholes) -> Floats:
    """Columns, their products with length and length squared, and the buried depth.

    Parameters
    ----------
    columns : shape (n', m)
    boreholes : the representatives
    """
    moments = [columns]
    if np.ptp(boreholes.length) > 0.0:
        away = (boreholes.length - boreholes.mean_length) / np.ptp(boreholes.length)
        moments += [columns * away[:, None], columns * away[:, None] ** 2]
    for other in (boreholes.buried_depth, np.log(boreholes.radius)):
        if np.ptp(other) > 0.0:
            moments.append(columns * ((other - other.mean()) / np.ptp(other))[:, None])
    return np.hstack(moments)


def shared_patterns(kernel: FieldKernel, columns: Floats) -> tuple[SharedPatterns, Floats]:
    """The system of columns that span all kinds, and E_k Φ of every column on every kind.

    ``columns`` of shape (n', m); the products have the shape (nk, n', nkinds · m).
    """
    kinds, count = len(kernel.segment_length), columns.shape[1]
    on = (kernel.kind[:, None] == np.arange(kinds)).astype(float)
    every = (on[:, :, None] * columns[:, None, :]).reshape(len(columns), -1)
    split, products = kernel.system(every, np.repeat(np.arange(kinds), count), False)
    nk, nq = len(kernel.nodes.sigma), kernel.segment_length.shape[1]
    sums = split.pair_sums.reshape(nk, kinds, count, kinds, count).transpose(0, 2, 4, 1, 3)
    factors = kernel.depth_factors.transpose(2, 0, 1, 3, 4).reshape(nk, kinds**2, nq**2)
    joined = sums.reshape(nk, count**2, kinds**2) @ factors
    coupling = joined.reshape(nk, count, count, nq, nq).transpose(0, 1, 3, 2, 4)
    size = count * nq
    return SharedPatterns(split, coupling.reshape(nk, size, size), count), products
