"""The step response of a field over its length: solved at few lengths, interpolated between.

The g-function of a field with a uniform wall temperature depends on diffusivity × time and on the
geometry only, so one table serves every conductivity. Between solved lengths it is interpolated by
a polynomial in ln(length) through the nearest four; the difference to the polynomial without the
farthest of them bounds the error, and where it is too large the length is solved itself. A root
search therefore costs three to five solutions, a Monte-Carlo study hardly more.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline

from diwen.sources.borefield.boreholes import Boreholes

Floats = NDArray[np.float64]
Solve = Callable[[Boreholes, float, Floats], tuple[Floats, Floats]]

# Nodes of diffusivity × time, m²: an hour in loam to 150 years in wet gravel.
_NODES = np.geomspace(1e-3, 1.5e4, 84)
_LOG_NODES = np.log(_NODES)
_DIFFUSIVITY = 1e-6
_NEAREST = 4
# Interpolation may reach this far (in ln length) beyond the solved lengths.
_BEYOND = 0.05
# Where g is smaller than this it moves no temperature that matters, and its relative error is idle.
_SMALL = 0.3


def solve_g_function(
    boreholes: Boreholes, diffusivity: float, times: Floats
) -> tuple[Floats, Floats]:
    """The field's g-function at times in s and its own estimate of the relative error, (nt,)."""
    from diwen.sources.borefield.g_functions import g_function

    found = g_function(boreholes, diffusivity, times)
    return found.values, found.error_by_time


class FieldResponse:
    """A table of g-functions of one field over its mean length; grows when asked.

    Parameters
    ----------
    boreholes : the field; lengths are scaled in proportion
    tolerance : largest relative error of the interpolation over the length
    solve : gives g and its relative error, both by time, for (boreholes, diffusivity, times)
    """

    def __init__(
        self, boreholes: Boreholes, tolerance: float = 2e-4, solve: Solve = solve_g_function
    ) -> None:
        self.boreholes = boreholes
        self.tolerance = tolerance
        self.error = 0.0
        self._solve = solve
        self._share = boreholes.length / boreholes.mean_length
        self._lengths: list[float] = []
        self._values: list[Floats] = []
        self._splines: list[CubicSpline] = []

    @property
    def solved(self) -> int:
        """Number of g-functions solved so far."""
        return len(self._lengths)

    def at(self, length: float, scaled_times: ArrayLike) -> Floats:
        """Values of g for a mean length in m at diffusivity × time in m²; 0 at time 0."""
        return self.on(np.asarray(scaled_times, float)).at(length)

    def on(self, scaled_times: Floats) -> ResponseOnTimes:
        """The table read at fixed values of diffusivity × time, m², shape (nt,)."""
        return ResponseOnTimes(self, scaled_times)

    def weights(self, length: float) -> tuple[list[int], Floats]:
        """Solved lengths to mix and their weights; solves the length itself if need be."""
        place = math.log(length)
        near = self._nearest(place)
        if not near or (len(near) < _NEAREST - 1 and not self._is_node(near[0], place)):
            near = [self._add(length)]
        if self._is_node(near[0], place):
            return near[:1], np.ones(1)
        nodes = np.log([self._lengths[i] for i in near])
        weights = _lagrange(nodes, place)
        if self._doubt(near, nodes, weights, place) > self.tolerance:
            return [self._add(length)], np.ones(1)
        return near, weights

    def spline(self, node: int) -> CubicSpline:
        """g over ln(diffusivity × time) of a solved length."""
        return self._splines[node]

    def _nearest(self, place: float) -> list[int]:
        order = sorted(
            range(len(self._lengths)), key=lambda i: abs(math.log(self._lengths[i]) - place)
        )
        return order[:_NEAREST]

    def _is_node(self, node: int, place: float) -> bool:
        return abs(math.log(self._lengths[node]) - place) < 1e-6

    def _doubt(self, near: list[int], nodes: Floats, weights: Floats, place: float) -> float:
        """Relative difference to the mix without the farthest solved length."""
        if not nodes.min() - _BEYOND <= place <= nodes.max() + _BEYOND:
            return math.inf
        fewer = np.append(_lagrange(nodes[:-1], place), 0.0)
        values = np.stack([self._values[i] for i in near])
        full = weights @ values
        return float(np.max(np.abs((weights - fewer) @ values) / np.maximum(full, 1.0)))

    def _add(self, length: float) -> int:
        boreholes = self.boreholes.with_length(self._share * length)
        values, error = self._solve(boreholes, _DIFFUSIVITY, _NODES / _DIFFUSIVITY)
        self.error = max(self.error, float(np.max(error, where=values > _SMALL, initial=0.0)))
        self._lengths.append(length)
        self._values.append(values)
        self._splines.append(CubicSpline(_LOG_NODES, values))
        return len(self._lengths) - 1


class ResponseOnTimes:
    """A :class:`FieldResponse` at fixed times: each solved length is evaluated there once."""

    def __init__(self, response: FieldResponse, scaled_times: Floats) -> None:
        self._response = response
        self._positive = scaled_times > 0.0
        self._log = np.log(np.maximum(scaled_times[self._positive], _NODES[0]))
        self._rows: dict[int, Floats] = {}

    def at(self, length: float) -> Floats:
        """Values of g for a mean length in m, shape (nt,)."""
        nodes, weights = self._response.weights(length)
        mixed = np.zeros(len(self._positive))
        for node, weight in zip(nodes, weights, strict=True):
            mixed += weight * self._row(node)
        return mixed

    def _row(self, node: int) -> Floats:
        if node not in self._rows:
            row = np.zeros(len(self._positive))
            row[self._positive] = self._response.spline(node)(self._log)
            self._rows[node] = row
        return self._rows[node]


def _lagrange(nodes: Floats, place: float) -> Floats:
    """Weights of the polynomial through nodes at a place, shape (n,)."""
    weights = np.ones(len(nodes))
    for i, node in enumerate(nodes):
        others = np.delete(nodes, i)
        weights[i] = np.prod((place - others) / (node - others))
    return weights
