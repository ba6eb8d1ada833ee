"""Places and boreholes with the layers between them: the tables of their step responses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from diwen.sources.borefield.borehole_groups import kinds_of
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.groundwater_flow import GroundwaterFlow
from diwen.sources.borefield.places import Places
from diwen.sources.ground.step_table import (
    StepTable,
    horizontal_factor,
    table_nodes,
    wall_factor,
)

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_CHUNK = 4_000_000


@dataclass(frozen=True, eq=False)
class PlaceScene:
    """Places and boreholes cut at the borders of layers.

    ``piece_of`` the place of each piece of an interval, with its depths, share and velocity;
    ``edges``, ``velocity`` the segments of each kind of borehole.
    """

    places: Places
    boreholes: Boreholes
    diffusivity: float
    group: Indices
    kind: Indices
    edges: list[Floats]
    velocity: list[Floats]
    piece_of: Indices
    top: Floats
    bottom: Floats
    share: Floats
    piece_velocity: Floats
    log_sigma: Floats

    @classmethod
    def of(
        cls,
        places: Places,
        boreholes: Boreholes,
        diffusivity: float,
        group: Indices,
        flow: GroundwaterFlow,
    ) -> PlaceScene:
        """Cut places and boreholes at the borders of layers; group is the load of each borehole."""
        first, kind = kinds_of(boreholes)
        kinds = boreholes.take(first)
        ends = zip(kinds.buried_depth, kinds.buried_depth + kinds.length, strict=True)
        edges = [flow.split(np.array(pair)) for pair in ends]
        velocity = [flow.at(0.5 * (e[1:] + e[:-1])) for e in edges]
        pieces = [_pieces(i, a, b, flow) for i, (a, b) in enumerate(_depths(places))]
        of, top, bottom, share = np.concatenate(pieces).T
        middle = flow.at(0.5 * (top + bottom))
        return cls(
            places, boreholes, diffusivity, group, kind, edges, velocity, of.astype(np.intp), top,
            bottom, share, middle, _nodes(places, boreholes, diffusivity, flow),
        )  # fmt: skip

    def table(self) -> StepTable:
        """The step responses of all places to all loads, at any time."""
        sigma = np.exp(self.log_sigma)
        groups = int(self.group.max()) + 1
        total = np.zeros((self.places.count, len(sigma), groups))
        chunk = max(1, _CHUNK // (len(sigma) * self.boreholes.count))
        for start in range(0, len(self.piece_of), chunk):
            part = np.arange(start, min(start + chunk, len(self.piece_of)))
            for velocity in np.unique(self.piece_velocity[part], axis=0):
                alike = part[(self.piece_velocity[part] == velocity).all(axis=1)]
                values = self._responses(alike, velocity, sigma, groups)
                values *= self.share[alike, None]
                np.add.at(total, self.piece_of[alike], values.swapaxes(0, 1))
        return StepTable(self.log_sigma, total.swapaxes(0, 1), self.diffusivity)

    def _responses(self, part: Indices, own: Floats, sigma: Floats, groups: int) -> Floats:
        """Integrand of pieces whose ground moves alike, shape (nk, pieces, ng)."""
        values = np.zeros((len(sigma), len(part), groups))
        for p, (edges, velocities) in enumerate(zip(self.edges, self.velocity, strict=True)):
            holes = np.flatnonzero(self.kind == p)
            for velocity in np.unique(velocities, axis=0):
                segments = np.flatnonzero((velocities == velocity).all(axis=1))
                between = self._horizontal(part, holes, sigma, 0.5 * (own + velocity))
                by_group = np.zeros((len(sigma), len(part), groups))
                for g in range(groups):
                    by_group[:, :, g] = between[:, :, self.group[holes] == g].sum(axis=2)
                depth = sum(
                    _vertical(self.top[part], self.bottom[part], edges[v], edges[v + 1], sigma)
                    for v in segments
                )
                values += by_group * np.asarray(depth)[:, :, None]
        return values

    def _horizontal(self, part: Indices, holes: Indices, sigma: Floats, velocity: Floats) -> Floats:
        place = self.piece_of[part]
        dx = self.places.x[place, None] - self.boreholes.x[holes]
        dy = self.places.y[place, None] - self.boreholes.y[holes]
        factors = horizontal_factor(dx, dy, sigma, velocity, self.diffusivity)
        inside = np.hypot(dx, dy) <= self.boreholes.radius[holes] * (1.0 + 1e-9)
        if inside.any():
            radius = np.broadcast_to(self.boreholes.radius[holes], dx.shape)[inside]
            factors[:, inside] = wall_factor(radius, sigma, velocity, self.diffusivity)
        return factors


def _depths(places: Places) -> Iterator[tuple[float, float]]:
    return zip(places.top.tolist(), places.bottom.tolist(), strict=True)


def _pieces(place: int, top: float, bottom: float, flow: GroundwaterFlow) -> Floats:
    """Rows of place, top, bottom, share of an interval cut at the borders of layers."""
    if bottom <= top:
        return np.array([[place, top, bottom, 1.0]])
    edges = flow.split(np.array([top, bottom]))
    share = np.diff(edges) / (bottom - top)
    return np.stack([np.full(len(share), place), edges[:-1], edges[1:], share], axis=1)


def _nodes(
    places: Places, boreholes: Boreholes, diffusivity: float, flow: GroundwaterFlow
) -> Floats:
    nearest, farthest = np.inf, 0.0
    chunk = max(1, _CHUNK // boreholes.count)
    for start in range(0, places.count, chunk):
        dx = places.x[start : start + chunk, None] - boreholes.x
        dy = places.y[start : start + chunk, None] - boreholes.y
        apart = np.maximum(np.hypot(dx, dy), boreholes.radius)
        nearest = min(nearest, float(apart.min()))
        farthest = max(farthest, float(apart.max()))
    deepest = max(
        float(places.bottom.max()), float((boreholes.buried_depth + boreholes.length).max())
    )
    return table_nodes(diffusivity, nearest, max(deepest, farthest), flow.fastest, farthest)


def _vertical(top: Floats, bottom: Floats, upper: float, lower: float, sigma: Floats) -> Floats:
    """Share of a cloud of one age, from a segment and its mirror image, seen at pieces.

    ``top``, ``bottom`` of the pieces, m, shape (np,); ``upper``, ``lower`` ends of the segment, m;
    result of shape (nk, np).
    """
    values = np.empty((len(sigma), len(top)))
    # Many places of a map share their depths.
    depths, which = np.unique(np.stack([top, bottom]), axis=1, return_inverse=True)
    which = which.reshape(-1)
    found = np.empty((len(sigma), depths.shape[1]))
    for i, (a, b) in enumerate(depths.T):
        if b > a:
            found[:, i] = _mean_share(a, b, upper, lower, sigma)
        else:
            real = erf((a - upper) * sigma) + erf((lower - a) * sigma)
            found[:, i] = 0.5 * (real - erf((a + lower) * sigma) + erf((a + upper) * sigma))
    np.take(found, which, axis=1, out=values)
    return values


def _mean_share(a: float, b: float, upper: float, lower: float, sigma: Floats) -> Floats:
    apart = [(1, b - upper), (-1, a - upper), (1, a - lower), (-1, b - lower)]
    apart += [(1, b + upper), (-1, a + upper), (1, a + lower), (-1, b + lower)]
    total = np.zeros(len(sigma))
    for sign, z in apart:
        x = z * sigma
        total += sign * (x * erf(x) + np.expm1(-x * x) / np.sqrt(np.pi))
    return 0.5 * total / sigma / (b - a)
