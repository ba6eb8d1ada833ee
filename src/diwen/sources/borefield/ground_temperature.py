"""Temperature of the ground at any place and time: monitoring holes, maps, neighbours.

A borehole is a line source whose heat rate is the same along its length; places see it through the
ground at rest or in moving water, and every place keeps a table of its step response for all times
(see :mod:`.step_table`), so that months, hours of decades or one map at one moment
come from the same object.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import BSpline, make_interp_spline

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.groundwater_flow import GroundwaterFlow
from diwen.sources.borefield.place_scene import PlaceScene
from diwen.sources.borefield.places import Places
from diwen.sources.ground.layers import Ground
from diwen.sources.ground.step_table import (
    StepTable,
    ages_to_log_sigma,
)
from diwen.sources.response.convolution import convolve

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_CORRECT = Text("correct the value", "请更正该值")
_VERTICAL = Text("a borehole leans", "钻孔倾斜")
_VERTICAL_CURE = Text(
    "the temperature of the ground is calculated for vertical boreholes only",
    "岩土温度计算仅支持竖直钻孔",
)
_SMALL = Text("not above zero", "不大于零")
_GROUPS = Text("there is not one load number 0, 1, … per borehole", "每孔须有从 0 起的负荷编号")
_LOADS = Text("the number of loads is not that of the groups", "负荷序列数与分组数不符")
_LOADS_CURE = Text("give one row per group, or one for all", "每组一行，或全部共用一行")
_EDGES = Text("edges do not rise, or are not one more than steps", "时间边界须递增且比步数多一个")
_EDGES_CURE = Text("give the beginning of each step and the end", "请给出每步起点及最后终点")


@dataclass(frozen=True, eq=False)
class GroundResponse:
    """Step responses of places to groups of boreholes.

    Attributes
    ----------
    places : where
    table : integrand of shape (nk, np, ng)
    """

    places: Places
    table: StepTable

    @property
    def groups(self) -> int:
        """Number of groups of boreholes with a load of their own."""
        return self.table.integrand.shape[2]

    def at(self, times: ArrayLike) -> Floats:
        """2πk times the drop per W/m in every borehole of a group alone, shape (np, ng, nt).

        Times in s since the load began, shape (nt,), ``inf`` for the steady state.
        """
        return np.moveaxis(self.table.at(times), 0, -1)

    def error(self, times: ArrayLike) -> Floats:
        """Estimate of the absolute error of :meth:`at`, shape (np, ng, nt)."""
        return np.moveaxis(self.table.error(times), 0, -1)

    def drops(self, load: ArrayLike, step: float, conductivity: float) -> Floats:
        """Drops below the undisturbed temperature at the end of every step, K, shape (np, nt).

        Parameters
        ----------
        load : heat extracted per metre of borehole in each step, W/m, shape (nt,) for all
            boreholes or (ng, nt)
        step : s
        conductivity : of the ground, W/(m·K)
        """
        heat = self._load(load)
        times = step * np.arange(1.0, heat.shape[1] + 1.0)
        drops = np.empty((self.places.count, heat.shape[1]))
        for p in range(self.places.count):
            own = StepTable(
                self.table.log_sigma, self.table.integrand[:, p], self.table.diffusivity
            )
            steps = own.at(times)
            drops[p] = sum(convolve(heat[g], steps[:, g], step) for g in range(self.groups))
        return drops / (2.0 * np.pi * conductivity)

    def drops_at(
        self, time: float, edges: ArrayLike, load: ArrayLike, conductivity: float
    ) -> Floats:
        """Drops at one moment, for a map: cost grows with places plus steps, not their product.

        Parameters
        ----------
        time : s
        edges : when the steps begin and the last one ends, rising, s, shape (nt + 1,)
        load : W/m in each step, shape (nt,) or (ng, nt); nothing before and after, and nothing
            after ``time`` counts
        conductivity : W/(m·K)

        Returns
        -------
        drops : K, shape (np,)
        """
        heat = self._load(load)
        borders = np.asarray(edges, float)
        if borders.shape != (heat.shape[1] + 1,) or not (np.diff(borders) > 0).all():
            shown = f"{borders.size}, load: {heat.shape[1]}"
            raise InputError([Problem("ground_temperature", "edges", _EDGES, _EDGES_CURE, shown)])
        spline = make_interp_spline(self.table.log_sigma, self.table.integrand, k=5, axis=0)
        whole = spline.antiderivative()
        ages = np.maximum(time - borders, 0.0)
        place = ages_to_log_sigma(ages, self.table.diffusivity)
        place = np.clip(place, self.table.log_sigma[0], self.table.log_sigma[-1])
        basis = BSpline.design_matrix(place, whole.t, whole.k)
        # Each step counts with the integral between the ages of its two edges.
        by_edge = np.diff(np.pad(heat, ((0, 0), (1, 1))), axis=1)
        weight = -(basis.T @ by_edge.T)[: whole.c.shape[0]]
        drops = np.einsum("mg,mpg->p", weight, whole.c[: weight.shape[0]])
        return np.asarray(drops / (2.0 * np.pi * conductivity))

    def temperatures(
        self, ground: Ground, load: ArrayLike, step: float, conductivity: float, start: float = 0.0
    ) -> Floats:
        """Temperatures at the end of every step, yearly wave included, °C, shape (np, nt).

        Parameters
        ----------
        ground : at rest
        load, step, conductivity : as of :meth:`drops`
        start : when the load begins, s after the beginning of a year
        """
        drops = self.drops(load, step, conductivity)
        times = start + step * np.arange(1.0, drops.shape[1] + 1.0)
        return undisturbed(self.places, ground, times) - drops

    def _load(self, load: ArrayLike) -> Floats:
        heat = np.atleast_2d(np.asarray(load, float))
        if heat.shape[0] != self.groups:
            if heat.shape[0] != 1:
                shown = f"{heat.shape[0]}"
                problem = Problem(
                    "ground_temperature", "load", _LOADS, _LOADS_CURE, shown, same(f"{self.groups}")
                )
                raise InputError([problem])
            heat = np.broadcast_to(heat, (self.groups, heat.shape[1]))
        return heat


def undisturbed(places: Places, ground: Ground, times: ArrayLike) -> Floats:
    """Temperature of places without any load, °C, shape (np, nt); times in s of the year."""
    moments = np.asarray(times, float)
    values = np.empty((places.count, len(moments)))
    for p, (top, bottom) in enumerate(zip(places.top, places.bottom, strict=True)):
        if bottom > top:
            values[p] = ground.mean_temperatures(float(top), float(bottom), moments)
        else:
            values[p] = ground.temperature(float(top), moments)
    return values


def ground_response(
    places: Places,
    boreholes: Boreholes,
    diffusivity: float,
    *,
    group: ArrayLike | None = None,
    flow: GroundwaterFlow | None = None,
) -> GroundResponse:
    """Step responses of places to boreholes.

    Parameters
    ----------
    places : points or vertical intervals; closer to an axis than the borehole's radius they have
        the temperature of its wall, in the mean around it
    boreholes : vertical, with the same heat rate along their length
    diffusivity : m²/s
    group : number of the load of every borehole, 0 … ng - 1, shape (n,); all share one if not
        given, ``range(n)`` gives each its own
    flow : layers with groundwater, treated as in :mod:`diwen.sources.borefield.advection`

    Raises
    ------
    diwen.problems.InputError : everything that is wrong, at once
    """
    member = np.zeros(boreholes.count, np.intp) if group is None else np.asarray(group, np.intp)
    _refuse(boreholes, diffusivity, member)
    still = GroundwaterFlow(np.zeros(1), np.full(1, np.inf), np.zeros((1, 2)))
    scene = PlaceScene.of(places, boreholes, diffusivity, member, flow or still)
    return GroundResponse(places, scene.table())


def neighbour_response(
    receivers: Boreholes,
    emitters: Boreholes,
    diffusivity: float,
    times: ArrayLike,
    *,
    flow: GroundwaterFlow | None = None,
) -> Floats:
    """What a neighbouring field does to the mean wall of a field, shape (nt,).

    2πk times the drop of the length-mean wall temperature of the receivers, per W/m from every
    emitter (uniform heat rate). Times the load of the neighbour it is the penalty of its presence;
    :func:`.g_functions.response_matrix` gives the same with uniform wall temperatures.
    """
    bottom = receivers.buried_depth + receivers.length
    walls = Places.of(receivers.x, receivers.y, receivers.buried_depth, bottom)
    response = ground_response(walls, emitters, diffusivity, flow=flow).at(times)[:, 0]
    return np.asarray(receivers.length @ response / receivers.total_length)


def _refuse(boreholes: Boreholes, diffusivity: float, group: Indices) -> None:
    problems = []
    if not (np.isfinite(diffusivity) and diffusivity > 0.0):
        shown = f"{diffusivity:g}"
        problems.append(
            Problem("ground_temperature", "diffusivity", _SMALL, _CORRECT, shown, same("> 0"))
        )
    if group.shape != (boreholes.count,) or group.min() < 0:
        shown = f"{group.size}"
        allowed = same(f"{boreholes.count}")
        problems.append(Problem("ground_temperature", "group", _GROUPS, _CORRECT, shown, allowed))
    if not boreholes.vertical:
        worst = int(np.abs(boreholes.tilt).argmax())
        shown = f"{boreholes.tilt[worst]:g} rad"
        where = f"tilt[{worst}]"
        problems.append(
            Problem("ground_temperature", where, _VERTICAL, _VERTICAL_CURE, shown, same("0"))
        )
    if problems:
        raise InputError(problems)
