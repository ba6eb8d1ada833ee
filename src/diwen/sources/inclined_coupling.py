"""The coupling of the segments of inclined boreholes through the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.sources.borehole_groups import indicator
from diwen.sources.boreholes import Boreholes
from diwen.sources.inclined import inclined_step_kernel, split
from diwen.sources.line_source_kernel import KernelNodes, kernel_nodes

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

# Nodes of the kernel that are worked out together.
_TOGETHER = 4


@dataclass(frozen=True, eq=False)
class InclinedCoupling:
    """Segments of boreholes that lean, every one an unknown of its own.

    A :class:`diwen.sources.segment_system.GroundCoupling`. The kernel does not split into a
    distance and a depth, so time and memory grow with the square of the number of segments.

    Attributes
    ----------
    segments : one entry per segment, borehole by borehole from the top
    borehole : number of the borehole of each segment, shape (size,)
    nodes : nodes of the kernel
    """

    segments: Boreholes
    borehole: Indices
    nodes: KernelNodes

    @property
    def lengths(self) -> Floats:
        """Lengths of the segments, m, shape (size,)."""
        return self.segments.length

    def zone_lengths(self, zone: Indices) -> Floats:
        """The same by zones, m, shape (size, nz); zone of every borehole, shape (n,)."""
        return indicator(zone)[self.borehole] * self.lengths[:, None]

    def matrices(self, s: Floats) -> Floats:
        """S(s), m, shape (ns, size, size); s in 1/s, shape (ns,)."""
        damping = self.nodes.damping(s)
        size = len(self.borehole)
        matrices = np.zeros((len(damping), size * size))
        for first in range(0, len(self.nodes.sigma), _TOGETHER):
            part = slice(first, first + _TOGETHER)
            sigma = self.nodes.sigma[part]
            kernel = inclined_step_kernel(self.segments, self.borehole, sigma)
            matrices += (damping[:, part] * (0.5 * sigma)) @ kernel.reshape(len(sigma), -1)
        return matrices.reshape(-1, size, size)


def inclined_coupling(
    boreholes: Boreholes, diffusivity: float, slowest: float, ratios: Floats, step: float
) -> InclinedCoupling:
    """Couple the segments of boreholes of any inclination; parameters as of ``segment_system``."""
    segments, borehole = split(boreholes, ratios)
    across = boreholes.length * np.abs(np.sin(boreholes.tilt))
    width = float(np.hypot(np.ptp(boreholes.x), np.ptp(boreholes.y)) + 2.0 * across.max())
    bottom = float((boreholes.buried_depth + boreholes.length).max())
    radius = float(boreholes.radius.min())
    nodes = kernel_nodes(diffusivity, radius, max(width, bottom), slowest, step)
    return InclinedCoupling(segments, borehole.astype(np.intp), nodes)
