"""Pressure drop of a closed ground loop and the work of its pump.

Darcy-Weisbach for straight pipes (Colebrook-White, :mod:`.pipe_flow`) and loss
coefficients zeta for bends, tees, valves, manifolds and U-bends; the coefficients are the
designer's, from the makers of the fittings. In a closed loop heights cancel, so the head of the
pump is that of friction alone.

A loop is a list of :class:`Stage`: what the fluid passes one after the other on its way from the
pump and back, each with the share of the total flow that goes this way. Of n equal branches in
parallel one is a stage with the share 1/n; headers of decreasing size are one stage per size.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.fluids import FluidState
from diwen.language import Text, same
from diwen.physical_constants import GRAVITY
from diwen.problems import InputError, Problem
from diwen.sources.borehole.pipe_flow import friction_factor
from diwen.sources.borehole.pipes import CoaxialSection, Section, directions_and_shares
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]

_NEGATIVE_FLOW = Text("a flow is negative or not a number", "流量为负或不是数值")
_GIVE_AMOUNT = Text(
    "give the amount of the flow; the direction does not matter here",
    "请给出流量大小；此处与流向无关",
)
_NEGATIVE = Text("below zero", "小于零")
_ZERO_OR_MORE = Text("0 or more", "不小于 0")
_NOT_A_SHARE = Text("not a share of the flow", "不是流量份额")
_ONE_OF_N = Text(
    "give 1 for the whole flow, 1/n for one of n branches", "全流量取 1，n 个并联支路取 1/n"
)
_NOT_AN_EFFICIENCY = Text("not an efficiency", "不是效率")
_EFFICIENCY = Text(
    "give the efficiency of pump and motor together, such as 0.5",
    "请给出水泵与电机的综合效率，如 0.5",
)
_NO_ROOM = Text("the inner pipe fills the outer one", "内管占满外管")
_NO_STAGES = Text("the loop has no parts", "环路没有任何部件")
_ADD_STAGES = Text("list the headers and the boreholes of the loop", "请列出环路的集管与钻孔")


@dataclass(frozen=True)
class Duct:
    """A round pipe, or an annulus, with its fittings.

    Attributes
    ----------
    radius : inner radius, m
    length : m
    roughness : m
    zeta : sum of the loss coefficients of the fittings, on the velocity in this duct
    core_radius : outer radius of a pipe inside (annulus), m; 0 for a round pipe
    """

    radius: float
    length: float
    roughness: float = 1e-6
    zeta: float = 0.0
    core_radius: float = 0.0

    def __post_init__(self) -> None:
        problems = list(_duct_problems(self))
        if problems:
            raise InputError(problems)

    @property
    def area(self) -> float:
        """Cross-section of the flow, m²."""
        return math.pi * (self.radius**2 - self.core_radius**2)

    @property
    def hydraulic_diameter(self) -> float:
        """Four times the area over the wetted perimeter, m."""
        return 2.0 * (self.radius - self.core_radius)


@dataclass(frozen=True, eq=False)
class BoreholeLoop:
    """The pipes of one borehole.

    Attributes
    ----------
    section : pipes and circuits
    length : active length of the borehole, m; the pipes go down and up
    zeta : loss coefficient at each turn (U-bend at the foot, bend to the next U at the head)
    """

    section: Section
    length: float
    zeta: float = 0.0


@dataclass(frozen=True)
class Stage:
    """One part of a loop and the share of the total flow through it.

    Attributes
    ----------
    name : what it is
    part : a duct with its fittings, or the pipes of a borehole
    share : share of the total flow, above 0 to 1
    """

    name: Text
    part: Duct | BoreholeLoop
    share: float = 1.0


@dataclass(frozen=True, eq=False)
class LoopHydraulics:
    """Pressure drop of a loop for flows of any shape (...).

    Attributes
    ----------
    names : of the n stages
    pressure_drop : of each stage, Pa, shape (..., n)
    velocity : highest velocity in each stage, m/s, shape (..., n)
    reynolds : lowest Reynolds number in each stage, shape (..., n)
    mass_flow : total flow, kg/s, shape (...)
    density : kg/m³, shape () or (...)
    """

    names: tuple[Text, ...]
    pressure_drop: Floats
    velocity: Floats
    reynolds: Floats
    mass_flow: Floats
    density: Floats = field(repr=False)

    @property
    def total(self) -> Floats:
        """Pressure drop of the loop, Pa, shape (...)."""
        return np.asarray(self.pressure_drop.sum(axis=-1))

    @property
    def head(self) -> Floats:
        """Head of the pump, m of the fluid, shape (...)."""
        return np.asarray(self.total / (self.density * GRAVITY))

    def pump_power(self, efficiency: float) -> Floats:
        """Electric power of the pump, W, shape (...).

        Parameters
        ----------
        efficiency : of pump and motor together, above 0 to 1
        """
        return pump_power(self.total, self.mass_flow, self.density, efficiency)


def loop_hydraulics(
    stages: Sequence[Stage], mass_flow: ArrayLike, fluid: FluidState
) -> LoopHydraulics:
    """Pressure drop of a loop.

    Parameters
    ----------
    stages : the parts that the fluid passes one after the other
    mass_flow : total flow of the loop, kg/s, shape (...); 0 gives no pressure drop
    fluid : density and viscosity at the temperature of the loop

    Raises
    ------
    diwen.problems.InputError : everything that cannot be, all at once
    """
    flow = np.asarray(mass_flow, float)
    problems = list(_loop_problems(stages, flow))
    if problems:
        raise InputError(problems)
    parts = [_stage(stage.part, flow * stage.share, fluid) for stage in stages]
    drop, velocity, reynolds = (np.stack(column, axis=-1) for column in zip(*parts, strict=True))
    density = np.asarray(fluid.density, float)
    names = tuple(stage.name for stage in stages)
    return LoopHydraulics(names, drop, velocity, reynolds, flow, density)


def duct_pressure_drop(duct: Duct, mass_flow: ArrayLike, fluid: FluidState) -> Floats:
    """Pressure drop of a duct with its fittings, Pa, shape of `mass_flow` (kg/s, not negative)."""
    return _duct(duct, np.asarray(mass_flow, float), fluid)[0]


def borehole_pressure_drop(
    section: Section, length: float, mass_flow: ArrayLike, fluid: FluidState, zeta: float = 0.0
) -> Floats:
    """Pressure drop of the pipes of one borehole, Pa, shape of `mass_flow`.

    Parameters
    ----------
    section, length, zeta : as the attributes of :class:`BoreholeLoop`
    mass_flow : of the whole borehole, kg/s
    fluid : density and viscosity
    """
    loop = BoreholeLoop(section, length, zeta)
    return _stage(loop, np.asarray(mass_flow, float), fluid)[0]


def pump_power(
    pressure_drop: ArrayLike, mass_flow: ArrayLike, density: ArrayLike, efficiency: float
) -> Floats:
    """Electric power of a pump, V Δp / η, W.

    Parameters
    ----------
    pressure_drop : Pa
    mass_flow : kg/s
    density : kg/m³
    efficiency : of pump and motor together, above 0 to 1
    """
    if not 0.0 < efficiency <= 1.0:
        allowed, value = same("0 ... 1"), f"{efficiency:g}"
        raise InputError(
            [Problem("pump", "efficiency", _NOT_AN_EFFICIENCY, _EFFICIENCY, value, allowed)]
        )
    volume_flow = np.asarray(mass_flow, float) / np.asarray(density, float)
    return np.asarray(volume_flow * np.asarray(pressure_drop, float) / efficiency)


def _stage(
    part: Duct | BoreholeLoop, flow: Floats, fluid: FluidState
) -> tuple[Floats, Floats, Floats]:
    """Pressure drop, highest velocity and lowest Reynolds number of a part."""
    if isinstance(part, Duct):
        return _duct(part, flow, fluid)
    circuits = []
    for ducts, share in _borehole_ducts(part):
        drop, velocity, reynolds = zip(
            *(_duct(duct, flow * share, fluid) for duct in ducts), strict=True
        )
        circuits.append((sum(drop), np.max(velocity, axis=0), np.min(reynolds, axis=0)))
    drops, velocities, numbers = zip(*circuits, strict=True)
    # Circuits in parallel: the one that resists most rules, the others are throttled to it.
    return np.max(drops, axis=0), np.max(velocities, axis=0), np.min(numbers, axis=0)


def _borehole_ducts(loop: BoreholeLoop) -> Iterator[tuple[list[Duct], float]]:
    """The ducts of each circuit with its share of the flow; a turn belongs to the leg before."""
    section = loop.section
    if isinstance(section, CoaxialSection):
        inner, outer = section.inner, section.outer
        core = Duct(inner.inner_radius, loop.length, inner.roughness, loop.zeta)
        ring = Duct(
            outer.inner_radius, loop.length, outer.roughness, core_radius=inner.outer_radius
        )
        yield [core, ring], 1.0
        return
    _, share = directions_and_shares(section.circuits, section.shares)
    for chain in section.circuits:
        legs = []
        for place, index in enumerate(chain):
            pipe, last = section.pipes[index], place == len(chain) - 1
            zeta = 0.0 if last else loop.zeta
            legs.append(Duct(pipe.inner_radius, loop.length, pipe.roughness, zeta))
        yield legs, float(share[chain[0]])


def _duct(duct: Duct, flow: Floats, fluid: FluidState) -> tuple[Floats, Floats, Floats]:
    """Pressure drop (Pa), velocity (m/s), Reynolds number."""
    density, viscosity = np.asarray(fluid.density, float), np.asarray(fluid.viscosity, float)
    velocity = flow / (density * duct.area)
    diameter = duct.hydraulic_diameter
    reynolds = np.asarray(density * velocity * diameter / viscosity)
    # With this Reynolds number 64/Re is exact for laminar flow in an annulus, and Colebrook-White
    # good for turbulent flow (Jones & Leung 1981, J. Fluids Eng. 103: 615-623).
    effective = reynolds * _annulus_shape(duct.core_radius / duct.radius)
    flowing = effective > 0
    friction = friction_factor(np.where(flowing, effective, 1.0), duct.roughness / diameter)
    dynamic = 0.5 * density * velocity**2
    drop = dynamic * (np.where(flowing, friction, 0.0) * duct.length / diameter + duct.zeta)
    return np.asarray(drop), np.asarray(velocity), reynolds


def _annulus_shape(ratio: float) -> float:
    """Factor on the Reynolds number of an annulus; 1 for a pipe (ratio 0), 2/3 for a thin gap."""
    if ratio == 0.0:
        return 1.0
    log = math.log(ratio)
    return ((1.0 + ratio**2) * log + 1.0 - ratio**2) / ((1.0 - ratio) ** 2 * log)


def _duct_problems(duct: Duct) -> Iterator[Problem]:
    for name in ("radius", "length"):
        value = getattr(duct, name)
        if not (math.isfinite(value) and value > 0):
            yield Problem("duct", name, NOT_POSITIVE, CORRECT, f"{value:g} m", MORE_THAN_ZERO)
    for name in ("roughness", "zeta", "core_radius"):
        value = getattr(duct, name)
        if not (math.isfinite(value) and value >= 0):
            yield Problem("duct", name, _NEGATIVE, CORRECT, f"{value:g}", _ZERO_OR_MORE)
    if 0 < duct.radius <= duct.core_radius:
        value, allowed = f"{duct.core_radius:g} m", same(f"< {duct.radius:g} m")
        yield Problem("duct", "core_radius", _NO_ROOM, CORRECT, value, allowed)


def _loop_problems(stages: Sequence[Stage], flow: Floats) -> Iterator[Problem]:
    if not stages:
        yield Problem("loop", "stages", _NO_STAGES, _ADD_STAGES)
    if not (np.isfinite(flow) & (flow >= 0)).all():
        value = f"{flow.min():g} kg/s"
        yield Problem("loop", "mass_flow", _NEGATIVE_FLOW, _GIVE_AMOUNT, value, _ZERO_OR_MORE)
    for i, stage in enumerate(stages):
        if not 0.0 < stage.share <= 1.0:
            where, value = f"stages[{i}].share", f"{stage.share:g}"
            yield Problem("loop", where, _NOT_A_SHARE, _ONE_OF_N, value, same("0 ... 1"))
