"""The first hours of a borehole: heat capacity of fluid, pipes and grout, joined to the g-function.

The pipes are gathered into one tube with the surface of all of them; the heat capacities of
fluid, pipe and grout are kept, and the grout around it conducts just so well that the whole has
the borehole thermal resistance: the idea of Xu & Spitler (2006), "Modeling of vertical ground loop
heat exchangers with variable convective resistance and thermal mass of the fluid", 10th Int. Conf.
on Thermal Energy Storage, who keep the cross-section instead of the surface (which answers too
hot in the sandbox test of Beier et al. 2011). Instead of a grid, the concentric
layers are solved exactly in the Laplace domain (Javed & Claesson 2011, "New analytical and
numerical solutions for the short-term analysis of vertical ground heat exchangers", ASHRAE Trans.
117(1)) and brought back to time by a contour integral (Weideman & Trefethen 2007, Math. Comp. 76).

Joining: write the long-time answer of the wall as that of an infinite line source at the borehole
radius plus what ends and neighbours add, ``g(t) = ½E₁(r_b²/4at) + Δ(t)``. Near the borehole the
capacities change the temperatures, far away they do not: Δ, which begins where heat has
travelled a spacing or a length, sees the heat rate at r_b only, delayed by the time the capacities
take to fill, which is long past. Hence ``F(t) = F_radial(t) + Δ(t)/(2πk)``: no point of junction,
F_radial at short times, ``g/(2πk) + R_b`` at long times.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.borehole.radial_layers import (
    core_admittance,
    ground_admittance,
    ring_admittance,
    step_transform,
)
from diwen.sources.response.inverse_laplace import parabola
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]

_WIDEST = 0.8  # of the borehole radius: the equivalent tube leaves room for the filling

_TOO_WIDE = Text("the pipes together do not fit into the borehole", "全部管子的截面超过钻孔截面")
_SMALLER = Text("use fewer or thinner pipes, or a wider borehole", "请减少或减小管子，或加大孔径")
_THIN_WALL = Text("the inner radius is not below the outer", "管内半径不小于外半径")
_TOO_LOW = Text(
    "the borehole resistance is below that of film and pipe wall",
    "钻孔热阻小于管内对流与管壁热阻之和",
)
_RAISE = Text(
    "give the borehole resistance with film and pipe wall in it", "钻孔热阻应包含对流与管壁热阻"
)
_ONE_EACH = Text("the g-function and its times do not fit", "g 函数与其时间点数不一致")
_GIVE = Text("give ascending times and one value each", "请给出递增的时间，每个时间一个值")


@dataclass(frozen=True)
class BoreholeCore:
    """What is inside a borehole wall, per metre of borehole; build with :meth:`of_pipes`.

    Attributes
    ----------
    radius : of the borehole wall, m
    resistance : borehole thermal resistance fluid to wall, m·K/W, film and pipe included
    fluid_capacity : heat capacity of the fluid per metre of borehole, J/(m·K)
    film_resistance : fluid to inner pipe wall, all pipes together, m·K/W
    pipe_inner_radius, pipe_outer_radius : of the one equivalent tube, m
    pipe_resistance : of the walls of all pipes together, m·K/W
    pipe_heat_capacity : of the wall of the equivalent tube, J/(m³·K)
    grout_heat_capacity : of the ring between that tube and the borehole wall, J/(m³·K)
    pipe_circle_radius : radius at which the heat enters the filling, m; the filling inside is a
        core that only stores (double U, energy piles). None: at the equivalent tube
    filling_conductivity : of the filling inside and around that circle, W/(m·K)
    """

    radius: float
    resistance: float
    fluid_capacity: float
    film_resistance: float
    pipe_inner_radius: float
    pipe_outer_radius: float
    pipe_resistance: float
    pipe_heat_capacity: float
    grout_heat_capacity: float
    pipe_circle_radius: float | None = None
    filling_conductivity: float = 1.5

    @classmethod
    def of_pipes(
        cls,
        *,
        radius: float,
        resistance: float,
        pipes: int,
        pipe_inner_radius: float,
        pipe_outer_radius: float,
        pipe_conductivity: float,
        film_coefficient: float = 1000.0,
        fluid_heat_capacity: float = 4.18e6,
        pipe_heat_capacity: float = 1.9e6,
        grout_heat_capacity: float = 3.0e6,
        pipe_circle_radius: float | None = None,
        filling_conductivity: float = 1.5,
    ) -> BoreholeCore:
        """The core of ``pipes`` equal pipes (2 for a single, 4 for a double U).

        Parameters
        ----------
        radius : of the borehole, m
        resistance : borehole thermal resistance R_b (or the effective R_b*), m·K/W
        pipes : legs in the borehole
        pipe_inner_radius, pipe_outer_radius : of one pipe, m
        pipe_conductivity : W/(m·K)
        film_coefficient : inside the pipes, W/(m²·K)
        fluid_heat_capacity, pipe_heat_capacity, grout_heat_capacity : J/(m³·K)
        pipe_circle_radius : m, where the heat enters the filling: the radius of the pipe centres
            for double U (from 15 minutes on within 3 % of a plane model of the section, without
            it 9 %) and for piles with pipes at the cage; leave out for single U (within 5 %)
        filling_conductivity : of the filling, used with that circle only, W/(m·K)

        Raises
        ------
        diwen.problems.InputError : values that cannot be; all at once
        """
        given: dict[str, Any] = dict(locals())
        problems = _core_problems(given)
        if problems:
            raise InputError(problems)
        ratio = pipe_outer_radius / pipe_inner_radius
        area = math.sqrt(pipes) * pipe_outer_radius
        outer = max(area, min(pipes * pipe_outer_radius, _WIDEST * radius))
        filling = (radius**2 - area**2) / (radius**2 - outer**2)
        return cls(
            radius=radius,
            resistance=resistance,
            fluid_capacity=pipes * math.pi * pipe_inner_radius**2 * fluid_heat_capacity,
            film_resistance=1.0 / (pipes * 2 * math.pi * pipe_inner_radius * film_coefficient),
            pipe_inner_radius=outer / ratio,
            pipe_outer_radius=outer,
            pipe_resistance=math.log(ratio) / (2 * math.pi * pipe_conductivity * pipes),
            pipe_heat_capacity=pipe_heat_capacity * (area / outer) ** 2,
            grout_heat_capacity=grout_heat_capacity * filling,
            pipe_circle_radius=pipe_circle_radius,
            filling_conductivity=filling_conductivity,
        )

    @property
    def grout_resistance(self) -> float:
        """What is left of the borehole resistance for the filling, m·K/W."""
        return self.resistance - self.film_resistance - self.pipe_resistance


def fluid_step_response(
    core: BoreholeCore, conductivity: float, heat_capacity: float, times: ArrayLike
) -> Floats:
    """Mean fluid temperature for a unit heat rate per metre in an endless ground, m·K/W.

    Parameters
    ----------
    core : what the borehole holds
    conductivity : of the ground, W/(m·K)
    heat_capacity : of the ground, J/(m³·K)
    times : s, above 0, any shape

    Returns
    -------
    Floats : temperature drop of the fluid per W/m of extraction, shape of times
    """
    when = np.asarray(times, float)
    nodes, weights = parabola()
    s = nodes[None, :] / when.reshape(-1, 1)
    transform = _fluid_transform(core, conductivity, heat_capacity, s)
    values = (transform * weights / when.reshape(-1, 1)).sum(axis=1).real
    return np.asarray(values.reshape(when.shape))


def joined_step_response(
    core: BoreholeCore,
    conductivity: float,
    heat_capacity: float,
    g: Callable[[Floats], ArrayLike] | ArrayLike,
    g_times: ArrayLike | None = None,
) -> Callable[[Floats], Floats]:
    """Mean fluid temperature for a unit heat rate per metre, from the first minute to steady state.

    Parameters
    ----------
    core : what each borehole holds; its resistance the effective one where g is of wall
        temperatures averaged along the length
    conductivity, heat_capacity : of the ground, W/(m·K), J/(m³·K)
    g : g-function of wall temperatures: function of times, shape (nt,), or values at ``g_times``
    g_times : s, ascending, shape (nt,): of the values, or between which the function may be asked
        (any time, if not given). Before the first time what ends and neighbours add fades as √t,
        after the last one g stays

    Returns
    -------
    function : times in s → m·K/W, drop per W/m of extraction
    """
    from scipy.special import exp1

    diffusivity = conductivity / heat_capacity

    def line_source(when: Floats) -> Floats:
        return np.asarray(0.5 * exp1(core.radius**2 / (4.0 * diffusivity * when)))

    far = _beyond_the_radial(g, g_times, line_source)

    def joined(times: Floats) -> Floats:
        when = np.asarray(times, float)
        near = fluid_step_response(core, conductivity, heat_capacity, when)
        return near + far(when) / (2.0 * np.pi * conductivity)

    return joined


def _beyond_the_radial(
    g: Callable[[Floats], ArrayLike] | ArrayLike,
    g_times: ArrayLike | None,
    line_source: Callable[[Floats], Floats],
) -> Callable[[Floats], Floats]:
    """What ends and neighbours add to an endless line source, at any time."""
    times = np.array([0.0, np.inf]) if g_times is None else np.asarray(g_times, float)
    added = _less_line_source(g, times, line_source)
    first, last = float(times.min()), float(times.max())

    def far(when: Floats) -> Floats:
        inside = np.clip(when, first, last)
        # Before the first time the addition falls off as the square root of time, as the ends
        # of a line source do; after the last one g stays at the steady state it is near to.
        early = np.sqrt(np.minimum(when / first, 1.0)) if first > 0.0 else 1.0
        late = np.where(when > last, line_source(inside) - line_source(when), 0.0)
        return np.asarray(added(inside.ravel()).reshape(when.shape) * early + late)

    return far


def _less_line_source(
    g: Callable[[Floats], ArrayLike] | ArrayLike,
    times: Floats,
    line_source: Callable[[Floats], Floats],
) -> Callable[[Floats], Floats]:
    """g less the endless line source, inside its times; values are interpolated."""
    from scipy.interpolate import PchipInterpolator

    if callable(g):
        return lambda when: np.asarray(g(when), float) - line_source(when)
    values = np.asarray(g, float)
    if times.ndim != 1 or times.shape != values.shape or not (np.diff(times) > 0.0).all():
        shapes = f"{times.shape}, {values.shape}"
        raise InputError([Problem("joined_step_response", "g_times", _ONE_EACH, _GIVE, shapes)])
    spline = PchipInterpolator(np.log(times), values - line_source(times))
    return lambda when: np.asarray(spline(np.log(when)))


def _fluid_transform(core: BoreholeCore, conductivity: float, heat_capacity: float, s: Any) -> Any:
    """Laplace transform of the fluid temperature for a unit step of heat, any shape of s."""
    ground = ground_admittance(s, conductivity, heat_capacity, core.radius)
    admittance = ring_admittance(
        s,
        _through_grout(core, s, ground),
        core.pipe_inner_radius,
        core.pipe_outer_radius,
        core.pipe_resistance,
        core.pipe_heat_capacity,
    )
    return step_transform(s, core.fluid_capacity, 1.0 / (core.film_resistance + 1.0 / admittance))


def _through_grout(core: BoreholeCore, s: Any, ground: Any) -> Any:
    """Admittance seen by the pipes: grout outside and, for piles, the core inside."""
    circle = core.pipe_circle_radius
    if circle is None:
        return ring_admittance(
            s,
            ground,
            core.pipe_outer_radius,
            core.radius,
            core.grout_resistance,
            core.grout_heat_capacity,
        )
    # The pipes take room from the filling: its capacity is spread over the whole section.
    share = 1.0 - (core.pipe_outer_radius / core.radius) ** 2
    capacity = core.grout_heat_capacity * share
    ring = math.log(core.radius / circle) / (2.0 * math.pi * core.filling_conductivity)
    ring = min(ring, core.grout_resistance)
    outside = ring_admittance(s, ground, circle, core.radius, ring, capacity)
    stored = core_admittance(s, core.filling_conductivity, capacity, circle)
    # What the ring does not explain is the crowding of the heat around each pipe.
    return 1.0 / (core.grout_resistance - ring + 1.0 / (outside + stored))


def _core_problems(given: dict[str, Any]) -> list[Problem]:
    where = "BoreholeCore.of_pipes"
    names = [
        name
        for name, value in given.items()
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    ]
    wrong = [name for name in names if not (math.isfinite(given[name]) and given[name] > 0.0)]
    problems = [
        Problem(where, name, NOT_POSITIVE, CORRECT, f"{given[name]:g}", MORE_THAN_ZERO)
        for name in wrong
    ]
    if wrong:
        return problems
    inside, outside = given["pipe_inner_radius"], given["pipe_outer_radius"]
    if inside >= outside:
        problems.append(
            Problem(where, "pipe_inner_radius", _THIN_WALL, CORRECT, f"{inside:g}, {outside:g} m")
        )
        return problems
    pipes = given["pipes"]
    if math.sqrt(pipes) * outside >= given["radius"]:
        problems.append(Problem(where, "pipes", _TOO_WIDE, _SMALLER, f"{pipes} × {outside:g} m"))
    before = 1.0 / (pipes * 2 * math.pi * inside * given["film_coefficient"])
    before += math.log(outside / inside) / (2 * math.pi * given["pipe_conductivity"] * pipes)
    if given["resistance"] <= before:
        value = f"{given['resistance']:g} <= {before:.4g} m·K/W"
        problems.append(Problem(where, "resistance", _TOO_LOW, _RAISE, value))
    circle = given["pipe_circle_radius"]
    if circle is not None and circle >= given["radius"]:
        problems.append(Problem(where, "pipe_circle_radius", _TOO_WIDE, _SMALLER, f"{circle:g} m"))
    return problems
