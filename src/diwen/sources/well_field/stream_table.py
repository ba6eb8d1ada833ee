"""The water around one circulation well as a table of its stream function.

The stream function Φ(r, z) is the flow that passes outwards through the cylinder of radius r
between the top of the aquifer and z. In a confined aquifer of thickness B, with k = √(Kz/Kr),
x_n = n π k r / B and short parts of screen [a, b] that each give off an even flow q (those of the
extraction screens a negative one),

    Φ(r, z) = Σ 2B/(nπ)² C_n x_n K₁(x_n) sin(nπz/B),
    C_n = Σ q [sin(nπb/B) - sin(nπa/B)] / (b - a),

the derivative of the head of partially penetrating wells (M. S. Hantush, "Hydraulics of wells",
Adv. Hydrosci. 1 (1964) 281-432) with the flows cancelling. The flows of the parts follow from
the head, which is the same all along a screen: the ends carry more. Between the nodes of the table
Φ is bilinear in r² and z: the velocities that follow keep the water exactly, cell by cell.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from diwen.sources.aquifer.column import Aquifer
from diwen.sources.aquifer.well import CirculationWell, Screen

Floats = NDArray[np.float64]

_TERMS = 25.0  # x_n beyond which K₁ is nothing
_MOST_TERMS = 20_000
_FAR = 2.5  # radius of the table over B/k: a share of about e^(-πr) of the flow is left out
_PER_DECADE = 56  # radii
_PARTS = 20  # of a screen, at most
_SHORTEST = 0.75  # part of a screen over the radius of the bore: shorter ones tell nothing
_ON_SCREEN = 12  # cells, at least
_GROWTH = 1.15  # of the heights of the cells away from a screen
_COARSEST = 60.0  # thickness of the aquifer over the highest cell


@dataclass(frozen=True, eq=False)
class ScreenFlow:
    """What the parts of one screen give off.

    Attributes
    ----------
    edges : of the parts, below the top of the aquifer, m, shape (np + 1,)
    flow : outwards positive, m³/s for 1 m³/s through the pump, shape (np,)
    """

    edges: Floats
    flow: Floats

    def depths(self, count: int) -> Floats:
        """Depths in the middles of ``count`` equal shares of the flow, m.

        Parts that run against the whole screen, driven by another pair, have no share.
        """
        own = np.maximum(self.flow * np.sign(self.flow.sum()), 0.0)
        passed = np.concatenate([[0.0], np.cumsum(own)]) / own.sum()
        return np.interp((np.arange(count) + 0.5) / count, passed, self.edges)


@dataclass(frozen=True, eq=False)
class StreamTable:
    """Stream functions of one or more shapes of well on one grid.

    Attributes
    ----------
    radius : nodes, from 0, then in equal ratios, m, shape (nr,)
    depth : nodes, below ``top``, rising, m, shape (nz,)
    top : depth of the first node below the surface, m
    flux : Φ for 1 m³/s through the pump, shape (n_shapes, nr, nz)
    screens : of each shape: return and extraction screen of the first pair, of the second...
    stretch : k, vertical over radial length of the same change of head
    regional : share of the regional flux in each cell of depth, 1 in the aquifer, shape (nz - 1,)
    """

    radius: Floats
    depth: Floats
    top: float
    flux: Floats
    screens: tuple[tuple[ScreenFlow, ...], ...]
    stretch: float
    regional: Floats

    @classmethod
    def of(cls, wells: Iterable[CirculationWell], aquifer: Aquifer) -> StreamTable:
        """Tables of wells that all stand in one aquifer."""
        shapes = list(wells)
        stretch = math.sqrt(aquifer.vertical_conductivity / aquifer.radial_conductivity)
        first = 0.5 * min(well.radius for well in shapes)
        last = _FAR * aquifer.thickness / stretch
        radius = radius_nodes(first, last)
        screens = tuple(screen_flows(well, aquifer) for well in shapes)
        depth = _depth_nodes([one for many in screens for one in many], aquifer)
        flux = np.stack([_stream(many, aquifer, radius, depth, stretch) for many in screens])
        regional = np.ones(len(depth) - 1)
        return cls(radius, depth, aquifer.top, flux, screens, stretch, regional)

    def velocity(self, shape: int, radius: float, depth: float) -> tuple[float, float]:
        """Darcy flux for 1 m³/s: outwards and downwards, 1/m², at one point."""
        i = int(np.clip(np.searchsorted(self.radius, radius) - 1, 0, len(self.radius) - 2))
        k = int(np.clip(np.searchsorted(self.depth, depth) - 1, 0, len(self.depth) - 2))
        r0, r1 = self.radius[i : i + 2] ** 2
        z0, z1 = self.depth[k : k + 2]
        corner = self.flux[shape, i : i + 2, k : k + 2]
        share = (radius**2 - r0) / (r1 - r0)
        height = (depth - z0) / (z1 - z0)
        through = np.diff(corner, axis=1)[:, 0] / (z1 - z0)
        down = -np.diff(corner, axis=0)[0] / (math.pi * (r1 - r0))
        outwards = (through[0] * (1.0 - share) + through[1] * share) / (2.0 * math.pi * radius)
        return float(outwards), float(down[0] * (1.0 - height) + down[1] * height)


def radius_nodes(first: float, last: float) -> Floats:
    """0, and radii in equal ratios from the first to the last, m."""
    count = max(8, math.ceil(math.log10(last / first) * _PER_DECADE))
    return np.concatenate([[0.0], np.geomspace(first, last, count)])


def screen_flows(well: CirculationWell, aquifer: Aquifer) -> tuple[ScreenFlow, ...]:
    """How the screens of a well share the flow along their length, the head being even on each.

    Parameters
    ----------
    well : all screens inside the aquifer; each pair carries its own share
    aquifer : confined

    Notes
    -----
    Mean heads at the wall of the bore from the series above, with K₀ in the place of x K₁, are
    made equal within each screen: one small linear system.
    """
    from scipy.special import k0

    stretch = math.sqrt(aquifer.vertical_conductivity / aquifer.radial_conductivity)
    pairs = [(p.injection, p.extraction, p.share) for p in well.pairs]
    total = np.array([sign * p[2] for p in pairs for sign in (1.0, -1.0)])
    edges = [_parts(s, aquifer, stretch * well.radius) for p in pairs for s in p[:2]]
    n = _wave_numbers(aquifer, stretch * well.radius)
    means = np.concatenate(
        [np.diff(np.sin(n[:, None] * one), axis=1) / np.diff(one) / n[:, None] for one in edges],
        axis=1,
    )
    heads = (means.T * k0(n * stretch * well.radius)) @ means
    ends = np.cumsum([len(one) - 1 for one in edges])
    belongs = np.searchsorted(ends, np.arange(ends[-1]), "right")
    member = np.where(np.arange(len(edges))[:, None] == belongs, 1.0, 0.0)
    scaled = heads / float(np.abs(heads).max())
    system = np.block([[scaled, -member.T], [member, np.zeros((len(edges),) * 2)]])
    found = np.linalg.solve(system, np.concatenate([np.zeros(ends[-1]), total]))
    flows = np.split(found[: ends[-1]], ends[:-1])
    return tuple(ScreenFlow(edge, flow) for edge, flow in zip(edges, flows, strict=True))


def _parts(screen: Screen, aquifer: Aquifer, radius: float) -> Floats:
    """Edges of the parts of a screen, shorter towards its ends, below the top of the aquifer."""
    share = min(1.0, 2.0 * _SHORTEST * radius / screen.length)
    count = int(np.clip(math.pi / math.acos(1.0 - share), 1, _PARTS))
    graded = 0.5 * (1.0 - np.cos(math.pi * np.arange(count + 1) / count))
    return np.asarray(screen.top - aquifer.top + screen.length * graded)


def _wave_numbers(aquifer: Aquifer, reach: float) -> Floats:
    """nπ/B as far as they matter at a radius times k, 1/m."""
    highest = math.ceil(_TERMS * aquifer.thickness / (math.pi * reach))
    count = np.arange(1.0, min(highest, _MOST_TERMS) + 1.0)
    return np.asarray(count * math.pi / aquifer.thickness)


def _stream(
    screens: tuple[ScreenFlow, ...],
    aquifer: Aquifer,
    radius: Floats,
    depth: Floats,
    stretch: float,
) -> Floats:
    """Φ for 1 m³/s, shape (nr, nz)."""
    from scipy.special import k1

    n = _wave_numbers(aquifer, stretch * radius[1])
    factor = np.zeros(len(n))
    for screen in screens:
        waves = np.diff(np.sin(n[:, None] * screen.edges), axis=1)
        factor += waves @ (screen.flow / np.diff(screen.edges))
    factor *= 2.0 / (aquifer.thickness * n**2)
    waves = np.sin(n[:, None] * depth)
    flux = np.empty((len(radius), len(depth)))
    flux[0] = _at_axis(screens, depth)
    for i in range(1, len(radius)):
        used = np.searchsorted(n, _TERMS / (stretch * radius[i])) + 1
        x = n[:used] * stretch * radius[i]
        flux[i] = (factor[:used] * x * k1(x)) @ waves[:used]
    return flux


def _at_axis(screens: tuple[ScreenFlow, ...], depth: Floats) -> Floats:
    """Φ at r = 0: what the screens have given off above a depth."""
    total = np.zeros(len(depth))
    for screen in screens:
        passed = np.concatenate([[0.0], np.cumsum(screen.flow)])
        total += np.interp(depth, screen.edges, passed)
    return total


def _depth_nodes(screens: list[ScreenFlow], aquifer: Aquifer) -> Floats:
    """Every edge of the parts of the screens is a node; between screens cells grow from both."""
    edges = np.concatenate([screen.edges for screen in screens])
    fixed = np.unique(np.round(np.concatenate([[0.0, aquifer.thickness], edges]), 9))
    finest = min(
        min(float(np.diff(screen.edges).min()), float(np.ptp(screen.edges)) / _ON_SCREEN)
        for screen in screens
    )
    coarsest = aquifer.thickness / _COARSEST
    nodes = [fixed[:1]]
    for top, bottom in pairwise(fixed):
        middle = 0.5 * (top + bottom)
        inside = [float(np.ptp(s.edges)) for s in screens if s.edges[0] < middle < s.edges[-1]]
        if inside:
            count = math.ceil((bottom - top) * _ON_SCREEN / min(inside) - 1e-9)
            between = np.linspace(top, bottom, count + 1)
        else:
            between = _graded(top, bottom, finest, coarsest)
        nodes.append(between[1:])
    return np.concatenate(nodes)


def _graded(top: float, bottom: float, finest: float, coarsest: float) -> Floats:
    """Nodes between two depths, the cells growing from both ends to the middle."""
    steps, step = [finest], finest
    while 2.0 * sum(steps) < bottom - top:
        step = min(step * _GROWTH, coarsest)
        steps.append(step)
    both = np.array(steps + steps[::-1])
    return top + (bottom - top) * np.concatenate([[0.0], np.cumsum(both)]) / both.sum()
