"""Where in the ground water flows, how fast heat moves with it, and in which direction."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, NOT_FINITE

Floats = NDArray[np.float64]

_NEGATIVE = Text("the velocity is below zero", "流速小于零")
_TURN = Text("turn the direction by 180° instead", "请改为将流向旋转 180°")
_CAPACITY = Text("the heat capacity is not above zero", "热容不大于零")
_CAPACITY_CURE = Text(
    "give it in J/(m3 K); ground has 1e6 to 4e6", "单位 J/(m³·K)，岩土为 1e6～4e6"
)
_DEPTHS = Text("the layer is upside down or above the surface", "层顶深不小于层底深，或高于地表")
_DEPTHS_CURE = Text("depths count downwards: 0 <= top < bottom", "深度自地表向下计：0 ≤ 顶 < 底")
_OVERLAP = Text("two layers with groundwater overlap", "两个含水层重叠")
_SEPARATE = Text("correct top and bottom", "请更正顶深与底深")
_SIZES = Text("the columns of the layers have different lengths", "各层参数个数不一致")
_ONE_EACH = Text("give one value per layer, or one for all", "每层一个值，或全部共用一个值")


@dataclass(frozen=True, eq=False)
class GroundwaterFlow:
    """Layers through which water flows, from the top downwards; build with :meth:`of`.

    Attributes
    ----------
    top, bottom : depths, m, shape (nl,)
    velocity : of heat transport (not of the water), along x and y of the plan, m/s, shape (nl, 2)
    """

    top: Floats
    bottom: Floats
    velocity: Floats

    @classmethod
    def of(
        cls,
        darcy_velocity: ArrayLike,
        direction: ArrayLike,
        ground_heat_capacity: ArrayLike,
        top: ArrayLike = 0.0,
        bottom: ArrayLike = math.inf,
        water_heat_capacity: float | None = None,
    ) -> GroundwaterFlow:
        """Layers with flow; everything between them is at rest.

        Parameters
        ----------
        darcy_velocity : flow per area of ground, m/s, scalar or shape (nl,)
        direction : towards which the water flows, angle from x counter-clockwise, rad; see
            :func:`diwen.sources.ground.moving_line_source.flow_angle` for a compass direction
        ground_heat_capacity : of the ground with its water, J/(m³·K)
        top, bottom : depths of the layer, m; the whole depth if not given
        water_heat_capacity : J/(m³·K); of cool water if not given

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        from diwen.sources.ground.moving_line_source import (
            WATER_HEAT_CAPACITY,
            heat_transport_velocity,
        )

        given = (darcy_velocity, direction, ground_heat_capacity, top, bottom)
        names = ("darcy_velocity", "direction", "ground_heat_capacity", "top", "bottom")
        try:
            columns = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, float)) for v in given))
        except ValueError as error:
            sizes = ", ".join(f"{n}: {np.size(v)}" for n, v in zip(names, given, strict=True))
            problem = Problem("groundwater", "", _SIZES, _ONE_EACH, sizes)
            raise InputError([problem]) from error
        problems = list(_problems(dict(zip(names, columns, strict=True))))
        if problems:
            raise InputError(problems)
        darcy, angle, capacity, upper, lower = (c[np.argsort(columns[3])] for c in columns)
        water = WATER_HEAT_CAPACITY if water_heat_capacity is None else water_heat_capacity
        speed = heat_transport_velocity(darcy, capacity, water)
        plan = np.stack([speed * np.cos(angle), speed * np.sin(angle)], axis=1)
        return cls(upper.copy(), lower.copy(), plan)

    @property
    def fastest(self) -> float:
        """Largest velocity of heat transport, m/s."""
        return float(np.hypot(self.velocity[:, 0], self.velocity[:, 1]).max(initial=0.0))

    def at(self, depth: ArrayLike) -> Floats:
        """Velocity of heat transport at depths in m, shape (..., 2)."""
        z = np.asarray(depth, float)
        layer = np.searchsorted(self.top, z, side="right") - 1
        inside = (layer >= 0) & (z < self.bottom[layer])
        return np.where(inside[..., None], self.velocity[layer], 0.0)

    def split(self, edges: Floats, least: float = 1e-3) -> Floats:
        """Edges of segments, m, with the borders of the layers added.

        A border closer to an edge than ``least`` of the whole is not worth a segment.
        """
        borders = np.concatenate([self.top, self.bottom])
        whole = edges[-1] - edges[0]
        new = [b for b in np.unique(borders) if np.abs(edges - b).min() > least * whole]
        return np.array(sorted([*edges, *(b for b in new if edges[0] < b < edges[-1])]))

    def turned(self, angle: float) -> GroundwaterFlow:
        """The same flow turned in plan, counter-clockwise, rad."""
        cos, sin = math.cos(angle), math.sin(angle)
        turn = np.array([[cos, sin], [-sin, cos]])
        return GroundwaterFlow(self.top, self.bottom, self.velocity @ turn)


def _problems(named: dict[str, Floats]) -> Iterator[Problem]:
    for name, column in named.items():
        endless = name == "bottom"
        for i in np.flatnonzero(np.isnan(column) if endless else ~np.isfinite(column)):
            yield _problem(name, i, NOT_FINITE, CORRECT, column[i])
    for i in np.flatnonzero(named["darcy_velocity"] < 0):
        yield _problem("darcy_velocity", i, _NEGATIVE, _TURN, named["darcy_velocity"][i], ">= 0")
    capacity = named["ground_heat_capacity"]
    for i in np.flatnonzero(capacity <= 0):
        yield _problem("ground_heat_capacity", i, _CAPACITY, _CAPACITY_CURE, capacity[i], "> 0")
    top, bottom = named["top"], named["bottom"]
    wrong = (top < 0) | (bottom <= top)
    for i in np.flatnonzero(wrong):
        yield _problem("bottom", i, _DEPTHS, _DEPTHS_CURE, f"{top[i]:g} … {bottom[i]:g} m")
    order = np.argsort(top)
    for upper, lower in pairwise(order):
        if not wrong.any() and top[lower] < bottom[upper]:
            shown = f"{top[lower]:g} m < {bottom[upper]:g} m"
            yield _problem("top", lower, _OVERLAP, _SEPARATE, shown)


def _problem(
    name: str, i: Any, message: Text, cure: Text, value: object, allowed: str = ""
) -> Problem:
    limit = same(allowed) if allowed else None
    return Problem("groundwater", f"{name}[{i}]", message, cure, f"{value}", limit)
