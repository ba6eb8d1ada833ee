"""Where returned water goes, and how long its heat travels: what particles bring home.

One object for plane wells and circulation wells. Every particle carries an equal share of the
water of its injection well (or screen); it reaches a pumped well, leaves with the regional flow,
or is still on its way at the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LEFT, REMAINING = -1, -2
"""Destinations of particles that reach no pumped well."""

AHEAD = 1e-6
"""Relative time before the first particle of a pair, until which nothing has arrived."""


@dataclass(frozen=True, eq=False)
class Arrivals:
    """Travel times of the heat of returned water, for one distribution of flows.

    Without regional flow the paths depend on the volume alone: ``times`` times ``flow`` is the
    volume that the whole field has moved when the particle arrives, whatever the flow. With
    regional flow they hold for the flow they were computed at.

    Attributes
    ----------
    injected : flow of each return well or screen, m³/s, shape (ni,)
    pumped : flow of each pumped well or screen, m³/s, shape (nj,)
    source : return well of each particle, shape (n,)
    destination : pumped well, :data:`LEFT` or :data:`REMAINING`, shape (n,)
    times : travel time of heat to the pumped well, or to where the particle left, s; inf for
        those that remain, 0 for what leaks inside the well, shape (n,)
    weight : share of the water of its return well, summing to 1 for each, shape (n,)
    horizon : after which no particle was followed, s
    """

    injected: Floats
    pumped: Floats
    source: Integers
    destination: Integers
    times: Floats
    weight: Floats
    horizon: float

    @property
    def flow(self) -> float:
        """Returned by all wells, m³/s."""
        return float(self.injected.sum())

    @cached_property
    def final(self) -> Floats:
        """Share of the water of return well i that pumped well j ever takes, shape (nj, ni)."""
        shape = len(self.pumped), len(self.injected)
        found = np.zeros(shape)
        home = self.destination >= 0
        np.add.at(found, (self.destination[home], self.source[home]), self.weight[home])
        return found

    @property
    def left(self) -> Floats:
        """Share of the water of each return well that leaves for good, shape (ni,)."""
        return self._share(LEFT)

    @property
    def remaining(self) -> Floats:
        """Share that was still on its way at the horizon, shape (ni,)."""
        return self._share(REMAINING)

    @cached_property
    def breakthrough(self) -> Floats:
        """First arrival at pumped well j of heat from return well i through the ground, s.

        Shape (nj, ni); inf where none arrives. What leaks past a packer does not count.
        """
        first = np.full((len(self.pumped), len(self.injected)), np.inf)
        home = (self.destination >= 0) & (self.times > 0.0)
        np.minimum.at(first, (self.destination[home], self.source[home]), self.times[home])
        return first

    def arrived(self, times: ArrayLike) -> Floats:
        """F: share of the water of return well i whose heat has reached pumped well j.

        Parameters
        ----------
        times : s, shape (nt,)

        Returns
        -------
        Floats : from 0 to :attr:`final`, never falling, shape (nj, ni, nt)
        """
        when = np.atleast_1d(np.asarray(times, float))
        found = np.zeros((len(self.pumped), len(self.injected), len(when)))
        for j, i in zip(*np.nonzero(self.final), strict=True):
            found[j, i] = _cumulated(when, *self._pair(int(j), int(i)))
        return found

    def departed(self, times: ArrayLike) -> Floats:
        """Share of the water of each return well whose heat has left for good, (ni, nt)."""
        when = np.atleast_1d(np.asarray(times, float))
        found = np.zeros((len(self.injected), len(when)))
        for i in np.nonzero(self.left)[0]:
            found[i] = _cumulated(when, *self._pair(LEFT, int(i)))
        return found

    def recirculated(self, times: ArrayLike) -> Floats:
        """Share of all pumped water at a time that was returned before; inf: finally; (nt,)."""
        when = np.atleast_1d(np.asarray(times, float))
        share = self.arrived(np.minimum(when, np.finfo(float).max))
        return np.asarray(np.einsum("jit,i->t", share, self.injected) / self.pumped.sum())

    def native(self, times: ArrayLike) -> Floats:
        """Share of the water of each pumped well that was never returned, shape (nj, nt)."""
        share = np.einsum("jit,i->jt", self.arrived(times), self.injected)
        return np.asarray(1.0 - share / self.pumped[:, None])

    def _share(self, destination: int) -> Floats:
        chosen = self.destination == destination
        found = np.zeros(len(self.injected))
        np.add.at(found, self.source[chosen], self.weight[chosen])
        return found

    def _pair(self, destination: int, source: int) -> tuple[Floats, Floats]:
        """Rising travel times and weights of the particles of one pair."""
        chosen = (self.destination == destination) & (self.source == source)
        order = np.argsort(self.times[chosen], kind="stable")
        return self.times[chosen][order], self.weight[chosen][order]


def _cumulated(when: Floats, times: Floats, weight: Floats) -> Floats:
    """Cumulated weight; each particle stands in the middle of the water it carries."""
    late = times > 0.0
    at_once = float(weight[~late].sum())
    if not late.any():
        return np.full(len(when), at_once)
    times, weight = times[late], weight[late]
    total = np.cumsum(weight)
    knots = np.concatenate([[times[0] * (1.0 - AHEAD)], times, [times[-1] * (1.0 + AHEAD)]])
    values = np.concatenate([[0.0], total - 0.5 * weight, [total[-1]]])
    return at_once + np.interp(when, knots, values)
