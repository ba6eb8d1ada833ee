"""Borehole resistance and flow of a site's field, from its pipes, grout and fluid."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.polynomial import Chebyshev
from numpy.typing import NDArray

from diwen.fluids import Fluid, FluidError, freezing_warning
from diwen.fluids import fluid as named_fluid
from diwen.language import Text
from diwen.problems import Problem
from diwen.site import Site
from diwen.site.borefield import Borefield
from diwen.site.borehole import Pipes
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borehole.borehole_resistance import borehole_resistance
from diwen.sources.borehole.pipes import BoreholeSection, CoaxialSection, Pipe, Section
from diwen.sources.borehole.short_time import BoreholeCore

_FILE = "site.toml"
# Usual temperature for the properties of the fluid, °C: between winter and summer of a field.
_TEMPERATURE = 10.0
_ROUGHNESS = 1e-6
# Film coefficient where no flow is known, W/(m²·K): turbulent; the first hours hardly feel it.
_FILM = 1000.0
_LENGTHS = (4.0, 800.0)
_DEGREE = 15

_NO_RESISTANCE = Text(
    "the borehole resistance is neither given nor can it be computed", "钻孔热阻未给出，也无法计算"
)
_GIVE = Text(
    "add borehole.thermal_resistance, or what is missing: {what}",
    "请补充 borehole.thermal_resistance，或补充缺少的：{what}",
)
_NO_FLOW = Text(
    "the flow of the ground loop is not known: the limits are applied to the mean fluid "
    "temperature instead of that which enters or leaves the heat pump",
    "地源侧流量未知：温度限值按流体平均温度（而非进、出机组温度）校核",
)
_GIVE_FLOW = Text(
    "add source_flow to the heat pumps, or rated_flow to the source pumps",
    "请补充热泵的 source_flow，或地源侧水泵的 rated_flow",
)
_LOOK = Text("check fluid, flow and pipes", "请核对流体、流量与管道")
_FLUID = Text("the properties of this fluid are not known", "没有该流体的物性数据")
_OTHER_FLUID = Text("name water or a known antifreeze", "请填写水或已知的防冻液")


def resistance_of_site(
    site: Site,
    source: str,
    given: Borefield,
    boreholes: Boreholes,
    conductivity: float | None,
    lowest: float | None,
    problems: list[Problem],
) -> tuple[float | Callable[[float], float] | None, float | None]:
    """Effective borehole resistance, m·K/W (over the length in m), and capacity rate, W/K.

    A measured resistance counts before a computed one. The capacity rate is None where no flow is
    known; then a warning says what follows. Warnings are also given for a weak flow, and for a
    fluid that freezes above the lowest temperature allowed (°C).
    """
    fluid, volume = _fluid(given, source, problems), flow_of_site(site, source, given)
    rate = None
    if volume is None:
        problems.append(Problem(_FILE, "heat_pumps", _NO_FLOW, _GIVE_FLOW, severity="warning"))
    elif fluid is not None:
        rate = volume * float(fluid.heat_capacity(_TEMPERATURE))
    if fluid is not None and lowest is not None:
        _warn(freezing_warning(fluid, lowest, 0.0), f"sources.{source}.fluid", problems)
    bore = given.borehole
    if bore.thermal_resistance is not None:
        return bore.thermal_resistance, rate
    lacking = [name for name in ("pipes", "grout") if getattr(given, name) is None]
    if volume is None:
        lacking.append("source_flow")
    if given.pipes is not None and given.pipes.kind != "coaxial":
        lacking += [] if given.pipes.shank_spacing is not None else ["pipes.shank_spacing"]
    if lacking or fluid is None:
        where = f"sources.{source}.borehole.thermal_resistance"
        cure = _GIVE.format(what=", ".join(lacking) or "fluid")
        problems.append(Problem(_FILE, where, _NO_RESISTANCE, cure))
        return None, rate
    if conductivity is None:
        return None, rate
    section = section_of_site(given, float(boreholes.radius.mean()), conductivity)
    assert volume is not None
    each = volume * float(fluid.density(_TEMPERATURE)) / _branches(given, boreholes)

    solved = borehole_resistance(section, boreholes.mean_length, each, fluid, _TEMPERATURE)
    for text in solved.warnings:
        _warn(text, f"sources.{source}.pipes", problems)
    return resistance_over_length(section, each, fluid), rate


def resistance_over_length(
    section: Section, mass_flow: float, fluid: Fluid, temperature: float = _TEMPERATURE
) -> Callable[[float], float]:
    """Effective resistance R_b*, m·K/W, as a function of the length in m, by interpolation.

    Polynomial in the logarithm of the length through sixteen Chebyshev nodes from 4 m to 800 m,
    solved at the first call. The resistance at uniform wall temperature is smooth in the length.

    Parameters
    ----------
    section : pipes, grout and ground
    mass_flow : per borehole, kg/s
    fluid, temperature : °C of its properties
    """

    @cache
    def fitted() -> Chebyshev:
        def solved(places: NDArray[np.float64]) -> NDArray[np.float64]:
            lengths = np.exp(places)
            return np.log(
                [
                    float(borehole_resistance(section, h, mass_flow, fluid, temperature).effective)
                    for h in lengths
                ]
            )

        return Chebyshev.interpolate(solved, _DEGREE, domain=np.log(_LENGTHS))

    def resistance(length: float) -> float:
        return math.exp(float(fitted()(math.log(min(max(length, _LENGTHS[0]), _LENGTHS[1])))))

    return resistance


def core_of_site(
    site: Site, source: str, given: Borefield, boreholes: Boreholes, conductivity: float
) -> BoreholeCore | None:
    """What the boreholes hold, where pipes and the heat capacity of the grout are given.

    None for coaxial pipes and where something lacks: the first hours are then on the safe side.
    """
    pipes, grout = given.pipes, given.grout
    lacking: list[Problem] = []
    fluid = _fluid(given, source, lacking)
    if pipes is None or grout is None or grout.heat_capacity is None or fluid is None:
        return None
    if pipes.kind == "coaxial" or pipes.shank_spacing is None:
        return None
    radius, volume = float(boreholes.radius.mean()), flow_of_site(site, source, given)
    film, length = _FILM, boreholes.mean_length
    resistance = given.borehole.thermal_resistance
    if volume is not None:
        each = volume * float(fluid.density(_TEMPERATURE)) / _branches(given, boreholes)
        section = section_of_site(given, radius, conductivity)
        solved = borehole_resistance(section, length, each, fluid, _TEMPERATURE)
        film = float(solved.film.mean())
        resistance = resistance or float(solved.effective)
    if resistance is None:
        return None
    outer = pipes.outer_diameter / 2.0
    return BoreholeCore.of_pipes(
        radius=radius,
        resistance=resistance,
        pipes=2 if pipes.kind == "single_u" else 4,
        pipe_inner_radius=outer - pipes.wall_thickness,
        pipe_outer_radius=outer,
        pipe_conductivity=pipes.conductivity,
        film_coefficient=film,
        fluid_heat_capacity=float(fluid.heat_capacity(_TEMPERATURE)),
        grout_heat_capacity=grout.heat_capacity,
    )


def _warn(text: Text | None, where: str, problems: list[Problem]) -> None:
    """What the physics warns of, as a note on the site file."""
    if text is not None:
        problems.append(Problem(_FILE, where, text, _LOOK, severity="warning"))


def _branches(given: Borefield, boreholes: Boreholes) -> int:
    """Number of parallel branches of the field."""
    return max(1, boreholes.count // given.boreholes_in_series)


def section_of_site(given: Borefield, radius: float, conductivity: float) -> Section:
    """The borehole's section; a fluid at its usual temperature, a smooth pipe if not said."""
    pipes, grout = given.pipes, given.grout
    assert pipes is not None
    assert grout is not None
    outer = _pipe(pipes.outer_diameter, pipes.wall_thickness, pipes.conductivity, pipes)
    if pipes.kind == "coaxial":
        assert pipes.inner_outer_diameter is not None
        assert pipes.inner_wall_thickness is not None
        assert pipes.inner_conductivity is not None
        inner = _pipe(
            pipes.inner_outer_diameter, pipes.inner_wall_thickness, pipes.inner_conductivity, pipes
        )
        return CoaxialSection(radius, inner, outer, grout.conductivity, conductivity, pipes.inlet)
    assert pipes.shank_spacing is not None
    values = (radius, outer, pipes.shank_spacing, grout.conductivity, conductivity)
    if pipes.kind == "single_u":
        return BoreholeSection.single_u(*values)
    return BoreholeSection.double_u(*values, connection=pipes.connection)


def flow_of_site(site: Site, source: str, given: Borefield) -> float | None:
    """Design flow of the whole field, m³/s: of the heat pumps, of its pumps, or of its zones."""
    pumps = [pump for pump in site.heat_pumps.values() if pump.source in ("", source)]
    flows = [pump.source_flow * pump.count for pump in pumps if pump.source_flow is not None]
    if flows and len(flows) == len(pumps):
        return sum(flows)
    circulating = [
        pump.rated_flow * pump.count
        for pump in site.pumps.values()
        if pump.circuit == "source"
        and pump.rated_flow is not None
        and (not pump.serves or source in pump.serves)
    ]
    if circulating:
        return sum(circulating)
    zones = [zone.design_flow for zone in given.zones.values() if zone.design_flow is not None]
    return sum(zones) if zones and len(zones) == len(given.zones) else None


def _pipe(diameter: float, wall: float, conductivity: float, pipes: Pipes) -> Pipe:
    outer = diameter / 2.0
    roughness = _ROUGHNESS if pipes.roughness is None else pipes.roughness
    return Pipe(outer - wall, outer, conductivity, roughness)


def _fluid(given: Borefield, source: str, problems: list[Problem]) -> Fluid | None:
    fluid = given.fluid
    name: str = fluid.name
    if fluid.concentration:
        name = f"{fluid.name} {100.0 * fluid.concentration:g} %"
    try:
        return named_fluid(name)
    except FluidError:
        where = f"sources.{source}.fluid"
        problems.append(Problem(_FILE, where, _FLUID, _OTHER_FLUID, name))
        return None
