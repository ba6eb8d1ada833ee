"""Thermal resistance of a borehole: from the fluid to the wall, at a place and along the depth.

Three resistances are told apart. The *local* one, R_b, holds at a depth where all pipes are
equally warm. The *internal* one, R_a, stands between the pipes flowing down and those flowing up.
The *effective* one, R_b*, is that of the whole length, from the mean of inlet and outlet
temperature to the mean wall temperature; it exceeds R_b because the fluid short-circuits part of
its heat on the way, all the more the longer the bore and the smaller the flow (Hellström 1991,
Ground Heat Storage, Lund). It depends on what the wall does: one temperature along the depth, or
the same heat from each metre. Real bores lie between.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.fluids import Fluid, FluidState, freezing_warning
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.borehole.circuits import (
    CircuitModel,
    circuit_model,
    resistance_at_uniform_heat,
    resistance_at_uniform_wall,
)
from diwen.sources.borehole.multipole import DEFAULT_ORDER, resistance_matrix
from diwen.sources.borehole.pipe_flow import (
    ANNULUS_TURBULENT_ABOVE,
    TURBULENT_ABOVE,
    film_in_annulus,
    film_in_pipe,
    regime,
    regime_warning,
)
from diwen.sources.borehole.pipes import (
    BoreholeSection,
    Circuits,
    CoaxialSection,
    Pipe,
    Section,
    directions_and_shares,
)

Floats = NDArray[np.float64]

_NO_FLOW = Text("there is no flow", "没有流量")
_GIVE_FLOW = Text(
    "give the mass flow of the borehole above 0 kg/s; at rest the pipes have no film coefficient",
    "请给出大于 0 kg/s 的单孔质量流量；停泵时不存在对流换热系数",
)
_NO_LENGTH = Text("the borehole has no length", "钻孔长度不大于零")
_GIVE_LENGTH = Text("give the active length in m", "请给出有效长度（m）")
_NO_TEMPERATURE = Text("the fluid has no temperature", "未给出流体温度")
_GIVE_TEMPERATURE = Text("give the mean fluid temperature in °C", "请给出流体平均温度（°C）")
_FREEZES = Text("the fluid is colder than its freezing point", "流体温度低于其冰点")
_MORE_ANTIFREEZE = Text(
    "raise the temperature or take more antifreeze", "请提高温度或增加防冻液浓度"
)
_FROM_FREEZING = Text("{freezing:.1f} °C or more", "不低于 {freezing:.1f} °C")
_NO_FILM = Text("the film coefficient is not above zero", "对流换热系数不大于零")
_GIVE_FILM = Text("give it in W/(m²·K), or leave it out", "请以 W/(m²·K) 给出，或不填")
_MORE_THAN_ZERO = Text("more than 0", "大于 0")


@dataclass(frozen=True, eq=False)
class BoreholeResistance:
    """Thermal resistances of a borehole at one flow or at many (leading axes ``...``).

    Attributes
    ----------
    reynolds : Reynolds number in each pipe, shape (..., p)
    regime : flow regime in each pipe, 0 laminar, 1 transition, 2 turbulent; shape (..., p)
    film : film coefficient at each wetted surface, W/(m²·K), shape (..., s). In a section with
        U-pipes s = p; in a coaxial one the three surfaces are the inside of the inner pipe, its
        outside, and the inside of the outer pipe
    film_resistance : m·K/W, of each wetted surface, shape (..., s)
    pipe_resistance : m·K/W, wall of each pipe, shape (p,)
    grout_resistance : what remains of the local resistance without film and pipe, m·K/W, (...)
    local : R_b, m·K/W, shape (...)
    internal : R_a, m·K/W, shape (...)
    at_uniform_wall : R_b* at one wall temperature along the depth, m·K/W, shape (...)
    at_uniform_heat : R_b* at the same heat from each metre, m·K/W, shape (...)
    conductances : K between the fluids and the wall, W/(m·K), shape (..., p, p)
    capacity_rate : mass flow times specific heat of the borehole, W/K, shape (...)
    circuits, shares : connection of the pipes
    warnings : what a designer should look at
    """

    reynolds: Floats
    regime: NDArray[np.int64]
    film: Floats
    film_resistance: Floats
    pipe_resistance: Floats
    grout_resistance: Floats
    local: Floats
    internal: Floats
    at_uniform_wall: Floats
    at_uniform_heat: Floats
    conductances: Floats
    capacity_rate: Floats
    circuits: Circuits
    shares: tuple[float, ...]
    warnings: tuple[Text, ...]

    @property
    def effective(self) -> Floats:
        """R_b* at one wall temperature along the depth, m·K/W, shape (...).

        It belongs to g-functions of that boundary condition, the usual ones.
        """
        return self.at_uniform_wall

    def circuit(self, lengths: ArrayLike) -> CircuitModel:
        """The axial model of this borehole cut into segments of given lengths, m, shape (n,)."""
        return circuit_model(
            self.conductances, self.capacity_rate, lengths, self.circuits, self.shares
        )


def borehole_resistance(
    section: Section,
    length: float,
    mass_flow: ArrayLike,
    fluid: Fluid | FluidState,
    temperature: ArrayLike | None = None,
    *,
    film: float | None = None,
    lowest_temperature: float | None = None,
    freezing_margin: float = 0.0,
    order: int = DEFAULT_ORDER,
) -> BoreholeResistance:
    """Resistances of a borehole.

    Parameters
    ----------
    section : pipes, grout and ground
    length : active length of the borehole, m
    mass_flow : of the whole borehole, kg/s, shape (...)
    fluid : a fluid, with its mean `temperature` in °C; or its properties as they are
    temperature : mean fluid temperature, °C, shape (...) or scalar
    film : film coefficient at every wetted surface, W/(m²·K), instead of a computed one
    lowest_temperature : lowest temperature of the fluid, °C, for the freezing warning
    freezing_margin : least distance of it from the freezing point, K
    order : order of the multipoles

    Raises
    ------
    diwen.problems.InputError : no flow, no length, no temperature, a frozen fluid;
        all at once
    """
    flow = np.asarray(mass_flow, float)
    state = _checked(length, flow, fluid, temperature, film)
    reynolds, films = _films(section, flow, state)
    if film is not None:
        films = np.full_like(films, film)
    film_resistance = 1.0 / (2.0 * math.pi * _wetted_radii(section) * films)
    conductances = _conductances(section, film_resistance, order)
    rate = flow * np.asarray(state.specific_heat, float)
    axial = (conductances, rate, float(length), section.circuits, section.shares)
    local = 1.0 / conductances.sum(axis=(-2, -1))
    turbulent = _turbulent_above(section)
    weak, frozen = regime_warning(reynolds, turbulent), None
    if lowest_temperature is not None and isinstance(fluid, Fluid):
        frozen = freezing_warning(fluid, lowest_temperature, freezing_margin)
    return BoreholeResistance(
        reynolds=reynolds,
        regime=regime(reynolds, turbulent),
        film=films,
        film_resistance=film_resistance,
        pipe_resistance=np.array([pipe.wall_resistance for pipe in _pipes(section)]),
        grout_resistance=_grout_resistance(section, film_resistance, local),
        local=local,
        internal=internal_resistance(conductances, section.circuits, section.shares),
        at_uniform_wall=resistance_at_uniform_wall(*axial),
        at_uniform_heat=resistance_at_uniform_heat(*axial),
        conductances=conductances,
        capacity_rate=rate,
        circuits=section.circuits,
        shares=section.shares,
        warnings=tuple(text for text in (weak, frozen) if text is not None),
    )


def internal_resistance(
    conductances: ArrayLike, circuits: Circuits, shares: Sequence[float]
) -> Floats:
    """R_a between all pipes flowing down and all flowing up, m·K/W, shape (...).

    The resistance against heat that leaves the ones and enters the others, nothing passing to the
    ground: R_11 + R_22 - 2 R_12 of the two groups.

    Parameters
    ----------
    conductances : K between the fluids and the wall, W/(m·K), shape (..., p, p)
    circuits, shares : connection of the pipes
    """
    down, _ = directions_and_shares(circuits, shares)
    group = np.stack([down, ~down]).astype(float)
    grouped = np.linalg.inv(group @ np.asarray(conductances, float) @ group.T)
    return np.asarray(grouped[..., 0, 0] + grouped[..., 1, 1] - 2.0 * grouped[..., 0, 1])


def _checked(
    length: float,
    flow: Floats,
    fluid: Fluid | FluidState,
    temperature: ArrayLike | None,
    film: float | None,
) -> FluidState:
    """The properties of the fluid, once nothing is wrong."""
    place, problems = "borehole", []
    if not (np.isfinite(flow) & (flow > 0)).all():
        value = f"{flow.min():g} kg/s"
        problems.append(Problem(place, "mass_flow", _NO_FLOW, _GIVE_FLOW, value, _MORE_THAN_ZERO))
    if not (math.isfinite(length) and length > 0):
        value = f"{length:g} m"
        problems.append(Problem(place, "length", _NO_LENGTH, _GIVE_LENGTH, value, _MORE_THAN_ZERO))
    if film is not None and not film > 0:
        problems.append(Problem(place, "film", _NO_FILM, _GIVE_FILM, f"{film:g}", _MORE_THAN_ZERO))
    if isinstance(fluid, Fluid):
        problems.extend(_temperature_problems(fluid, temperature))
    if problems:
        raise InputError(problems)
    if isinstance(fluid, FluidState):
        return fluid
    return fluid.state(0.0 if temperature is None else temperature)


def _temperature_problems(fluid: Fluid, temperature: ArrayLike | None) -> Iterator[Problem]:
    place, value = "borehole", np.asarray(np.nan if temperature is None else temperature, float)
    if not np.isfinite(value).all():
        yield Problem(place, "temperature", _NO_TEMPERATURE, _GIVE_TEMPERATURE)
    elif value.min() < fluid.freezing:
        allowed = _FROM_FREEZING.format(freezing=fluid.freezing)
        found = f"{value.min():g} °C, {fluid.name}"
        yield Problem(place, "temperature", _FREEZES, _MORE_ANTIFREEZE, found, allowed)


def _films(section: Section, flow: Floats, state: FluidState) -> tuple[Floats, Floats]:
    """Reynolds numbers of the pipes, (..., p), and films of the wetted surfaces, (..., s)."""
    fluid = (state.viscosity, state.conductivity, state.prandtl)
    if isinstance(section, CoaxialSection):
        inner, outer = section.inner, section.outer
        core = film_in_pipe(flow, inner.inner_radius, inner.roughness, *fluid)
        inside, outside = film_in_annulus(flow, inner.outer_radius, outer.inner_radius, *fluid)
        return (
            np.stack([core.reynolds, outside.reynolds], axis=-1),
            np.stack([core.film, inside.film, outside.film], axis=-1),
        )
    _, share = directions_and_shares(section.circuits, section.shares)
    films = [
        film_in_pipe(flow * part, pipe.inner_radius, pipe.roughness, *fluid)
        for pipe, part in zip(section.pipes, share, strict=True)
    ]
    return (
        np.stack([film.reynolds for film in films], axis=-1),
        np.stack([film.film for film in films], axis=-1),
    )


def _pipes(section: Section) -> tuple[Pipe, ...]:
    if isinstance(section, CoaxialSection):
        return (section.inner, section.outer)
    return section.pipes


def _turbulent_above(section: Section) -> Floats:
    """Reynolds number from which the flow of each pipe is turbulent, shape (p,)."""
    if isinstance(section, CoaxialSection):
        return np.array([TURBULENT_ABOVE, ANNULUS_TURBULENT_ABOVE])
    return np.full(len(section.pipes), TURBULENT_ABOVE)


def _wetted_radii(section: Section) -> Floats:
    if isinstance(section, CoaxialSection):
        inner, outer = section.inner, section.outer
        return np.array([inner.inner_radius, inner.outer_radius, outer.inner_radius])
    return np.array([pipe.inner_radius for pipe in section.pipes])


def _conductances(section: Section, film_resistance: Floats, order: int) -> Floats:
    """K between the fluids and the wall, W/(m·K), shape (..., p, p)."""
    if isinstance(section, BoreholeSection):
        walls = np.array([pipe.wall_resistance for pipe in section.pipes])
        resistances = resistance_matrix(
            np.column_stack([section.x, section.y]),
            [pipe.outer_radius for pipe in section.pipes],
            section.radius,
            film_resistance + walls,
            section.grout_conductivity,
            section.ground_conductivity,
            order,
        )
        return np.asarray(np.linalg.inv(resistances), np.float64)
    between = film_resistance[..., 0] + section.inner.wall_resistance + film_resistance[..., 1]
    outward = film_resistance[..., 2] + section.outer.wall_resistance + _ring_of_grout(section)
    a, b = 1.0 / between, 1.0 / outward
    return np.stack([np.stack([a, -a], axis=-1), np.stack([-a, a + b], axis=-1)], axis=-2)


def _ring_of_grout(section: CoaxialSection) -> float:
    ratio = section.radius / section.outer.outer_radius
    return math.log(ratio) / (2.0 * math.pi * section.grout_conductivity)


def _grout_resistance(section: Section, film_resistance: Floats, local: Floats) -> Floats:
    if isinstance(section, CoaxialSection):
        return np.full_like(local, _ring_of_grout(section))
    walls = np.array([pipe.wall_resistance for pipe in section.pipes])
    return local - 1.0 / (1.0 / (film_resistance + walls)).sum(axis=-1)
