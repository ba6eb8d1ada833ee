"""What stands in the boreholes of a site: pipes, grout, fluid, and the heat they hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import Problem
from diwen.site.borefield import Borefield
from diwen.site.borehole import Pipes
from diwen.site.missing_values import SITE_FILE

if TYPE_CHECKING:
    from diwen.fluids import Fluid
    from diwen.sources.borehole.pipes import Pipe, Section
    from diwen.sources.borehole.resistances import BoreholeResistance
    from diwen.sources.borehole.short_time import BoreholeCore

USUAL_TEMPERATURE = 10.0
"""Of the fluid for its properties, °C: between winter and summer of a field."""

_ROUGHNESS = 1e-6
# Film coefficient where no flow is known, W/(m²·K): turbulent; the first hours hardly feel it.
_FILM = 1000.0
# Heat capacity of polyethylene, J/(m³·K).
_PIPE_CAPACITY = 1.9e6

_FLUID = Text("the properties of this fluid are not known", "没有该流体的物性数据")
_OTHER_FLUID = Text("name water or a known antifreeze", "请填写水或已知的防冻液")


def fluid_of_site(given: Borefield, source: str, problems: list[Problem]) -> Fluid | None:
    """The fluid in the loop with its properties; None, with a problem, where it is not known."""
    from diwen.fluids import FluidError, fluid

    table = given.fluid
    name: str = table.name
    if table.concentration:
        name = f"{table.name} {100.0 * table.concentration:g} %"
    try:
        return fluid(name)
    except FluidError:
        where = f"sources.{source}.fluid"
        problems.append(Problem(SITE_FILE, where, _FLUID, _OTHER_FLUID, name))
        return None


def lacking_for_section(given: Borefield) -> tuple[str, ...]:
    """Keys that the section of a borehole needs and the file does not give."""
    lacking = [name for name in ("pipes", "grout") if getattr(given, name) is None]
    if given.pipes is not None and given.pipes.kind != "coaxial":
        lacking += [] if given.pipes.shank_spacing is not None else ["pipes.shank_spacing"]
    return tuple(lacking)


def section_of_site(given: Borefield, radius: float, conductivity: float) -> Section:
    """The borehole's section; a smooth pipe if the file does not say.

    Parameters
    ----------
    given : the bore field, of which :func:`lacking_for_section` finds nothing to lack
    radius : of the boreholes, m
    conductivity : of the ground, W/(m·K)
    """
    from diwen.sources.borehole.pipes import BoreholeSection, CoaxialSection

    pipes, grout = given.pipes, given.grout
    assert pipes is not None
    assert grout is not None
    outer = _pipe(pipes.outer_diameter, pipes.wall_thickness, pipes.conductivity, pipes)
    if pipes.kind == "coaxial":
        inner = _inner_pipe(pipes)
        return CoaxialSection(radius, inner, outer, grout.conductivity, conductivity, pipes.inlet)
    assert pipes.shank_spacing is not None
    values = (radius, outer, pipes.shank_spacing, grout.conductivity, conductivity)
    if pipes.kind == "single_u":
        return BoreholeSection.single_u(*values)
    return BoreholeSection.double_u(*values, connection=pipes.connection)


def core_of_site(
    given: Borefield, radius: float, fluid: Fluid, resistance: float,
    solved: BoreholeResistance | None = None,
) -> BoreholeCore | None:  # fmt: skip
    """What a borehole holds, where pipes and the heat capacity of the grout are given.

    Parameters
    ----------
    given : the bore field
    radius : of the boreholes, m
    fluid : in the pipes
    resistance : effective, of the borehole, m·K/W
    solved : the resistances at design flow, for the film; None where no flow is known

    Returns
    -------
    core : None where something lacks
    """
    from diwen.sources.borehole.short_time import BoreholeCore

    pipes, grout = given.pipes, given.grout
    if pipes is None or grout is None or grout.heat_capacity is None:
        return None
    capacity = float(fluid.heat_capacity(USUAL_TEMPERATURE))
    if pipes.kind == "coaxial":
        film = _FILM if solved is None else float(solved.film[..., -1])
        return _coaxial_core(pipes, radius, resistance, film, capacity, grout.heat_capacity)
    outer = pipes.outer_diameter / 2.0
    double = pipes.kind == "double_u" and pipes.shank_spacing is not None
    return BoreholeCore.of_pipes(
        radius=radius,
        resistance=resistance,
        pipes=2 if pipes.kind == "single_u" else 4,
        pipe_inner_radius=outer - pipes.wall_thickness,
        pipe_outer_radius=outer,
        pipe_conductivity=pipes.conductivity,
        film_coefficient=_FILM if solved is None else float(solved.film.mean()),
        fluid_heat_capacity=capacity,
        grout_heat_capacity=grout.heat_capacity,
        pipe_circle_radius=0.5 * (pipes.shank_spacing or 0.0) if double else None,
        filling_conductivity=grout.conductivity,
    )


def _coaxial_core(
    pipes: Pipes, radius: float, resistance: float, film: float, fluid: float, grout: float
) -> BoreholeCore:
    """The outer pipe as the one tube; both ways of the fluid store heat, the inner pipe too."""
    from diwen.sources.borehole.short_time import BoreholeCore

    outer, inner = pipes.outer_diameter / 2.0, _inner_pipe(pipes)
    inside = outer - pipes.wall_thickness
    wall = inner.outer_radius**2 - inner.inner_radius**2
    held = math.pi * ((inside**2 - wall) * fluid + wall * _PIPE_CAPACITY)
    return BoreholeCore(
        radius=radius,
        resistance=resistance,
        fluid_capacity=held,
        film_resistance=1.0 / (2.0 * math.pi * inside * film),
        pipe_inner_radius=inside,
        pipe_outer_radius=outer,
        pipe_resistance=math.log(outer / inside) / (2.0 * math.pi * pipes.conductivity),
        pipe_heat_capacity=_PIPE_CAPACITY,
        grout_heat_capacity=grout,
    )


def _inner_pipe(pipes: Pipes) -> Pipe:
    assert pipes.inner_outer_diameter is not None
    assert pipes.inner_wall_thickness is not None
    assert pipes.inner_conductivity is not None
    return _pipe(
        pipes.inner_outer_diameter, pipes.inner_wall_thickness, pipes.inner_conductivity, pipes
    )


def _pipe(diameter: float, wall: float, conductivity: float, pipes: Pipes) -> Pipe:
    from diwen.sources.borehole.pipes import Pipe

    outer = diameter / 2.0
    roughness = _ROUGHNESS if pipes.roughness is None else pipes.roughness
    return Pipe(outer - wall, outer, conductivity, roughness)
