"""Borehole resistance and flow of a site's field, from its pipes, grout and fluid."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.polynomial import Chebyshev
from numpy.typing import NDArray

from diwen.fluids import Fluid, freezing_warning
from diwen.language import Text
from diwen.problems import Problem
from diwen.site import Site
from diwen.site.borefield import Borefield
from diwen.site.borehole_section import (
    USUAL_TEMPERATURE,
    fluid_of_site,
    lacking_for_section,
    section_of_site,
)
from diwen.site.loop_network import branches, flow_of_site
from diwen.site.missing_values import SITE_FILE
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borehole.pipes import Section
from diwen.sources.borehole.resistances import BoreholeResistance, borehole_resistance

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
    "add design_flow to the source, source_flow to the heat pumps, or rated_flow to the pumps",
    "请补充热源的 design_flow、热泵的 source_flow 或地源侧水泵的 rated_flow",
)
_LOOK = Text("check fluid, flow and pipes", "请核对流体、流量与管道")


@dataclass(frozen=True, eq=False)
class SiteBore:
    """A borehole of a site's field: its pipes, its flow, its resistances.

    Attributes
    ----------
    fluid : in the loop; None, with a problem, where its properties are not known
    flow : design flow of the whole field, m³/s; None where not known
    mass_flow : through each branch, kg/s; None where the flow is not known
    branches : in parallel
    in_series : boreholes of a branch
    section : None where pipes, grout or spacing are not given
    solved : resistances at the planned length and design flow; None where something lacks
    measured : effective resistance of the file, m·K/W; it counts before the computed one
    lacking : keys that the computation of the resistance needs and the file does not give
    header_head : head loss of headers and fittings at design flow, m, as the file gives it
    """

    fluid: Fluid | None
    flow: float | None
    mass_flow: float | None
    branches: int
    in_series: int
    section: Section | None
    solved: BoreholeResistance | None
    measured: float | None
    lacking: tuple[str, ...]
    header_head: float | None

    @property
    def capacity_rate(self) -> float | None:
        """Mass flow times specific heat of the whole field, W/K."""
        if self.flow is None or self.fluid is None:
            return None
        return self.flow * float(self.fluid.heat_capacity(USUAL_TEMPERATURE))

    @property
    def effective(self) -> float | Callable[[float], float] | None:
        """The resistance that sizing uses, m·K/W: a number, or a function of the length in m."""
        if self.measured is not None:
            return self.measured
        if self.solved is None or self.section is None or self.fluid is None:
            return None
        assert self.mass_flow is not None
        return resistance_over_length(self.section, self.mass_flow, self.fluid)


def bore_of_site(
    site: Site,
    source: str,
    given: Borefield,
    boreholes: Boreholes,
    conductivity: float | None,
    lowest: float | None,
    problems: list[Problem],
) -> SiteBore:
    """The borehole of a site's field.

    A warning says what follows where no flow is known. Warnings are also given for a weak flow,
    and for a fluid that freezes above the lowest temperature allowed (°C).
    """
    fluid, flow = fluid_of_site(given, source, problems), flow_of_site(site, source, given)
    parallel = branches(given, boreholes.count)
    if flow is None:
        problems.append(Problem(SITE_FILE, "heat_pumps", _NO_FLOW, _GIVE_FLOW, severity="warning"))
    if fluid is not None and lowest is not None:
        _warn(freezing_warning(fluid, lowest, 0.0), f"sources.{source}.fluid", problems)
    lacking = (*lacking_for_section(given), *(() if flow is not None else ("design_flow",)))
    measured = given.borehole.thermal_resistance
    if measured is None and lacking:
        where = f"sources.{source}.borehole.thermal_resistance"
        cure = _GIVE.format(what=", ".join(lacking))
        problems.append(Problem(SITE_FILE, where, _NO_RESISTANCE, cure))
    section = solved = mass = None
    if not lacking_for_section(given) and conductivity is not None:
        section = section_of_site(given, float(boreholes.radius.mean()), conductivity)
    if flow is not None and fluid is not None:
        mass = flow * float(fluid.density(USUAL_TEMPERATURE)) / parallel
    if section is not None and mass is not None and fluid is not None:
        solved = borehole_resistance(section, boreholes.mean_length, mass, fluid, USUAL_TEMPERATURE)
        for text in solved.warnings:
            _warn(text, f"sources.{source}.pipes", problems)
    return SiteBore(
        fluid, flow, mass, parallel, given.boreholes_in_series, section, solved, measured,
        lacking, given.header_head,
    )  # fmt: skip


def resistance_over_length(
    section: Section, mass_flow: float, fluid: Fluid, temperature: float = USUAL_TEMPERATURE
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


def _warn(text: Text | None, where: str, problems: list[Problem]) -> None:
    """What the physics warns of, as a note on the site file."""
    if text is not None:
        problems.append(Problem(SITE_FILE, where, text, _LOOK, severity="warning"))
