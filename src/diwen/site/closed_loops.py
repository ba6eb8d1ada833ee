"""A bore field of a site as physical objects: ground, groundwater, boreholes, loop.

:func:`closed_loop` is the door. What the file leaves open is assumed and said; what nothing can
stand in for is refused, all of it at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError, Problem, any_error
from diwen.site.aquifer_flow import Groundwater, groundwater_of_site
from diwen.site.borefield import Borefield
from diwen.site.borehole_section import (
    USUAL_TEMPERATURE,
    core_of_site,
    fluid_of_site,
    lacking_for_section,
    section_of_site,
)
from diwen.site.ground_at_rest import depth_range, ground_of_site, layers_of_site
from diwen.site.loop_network import (
    borefield_of_site,
    boreholes_of_site,
    branches,
    flow_of_site,
    network_of_site,
    zones_of_site,
)
from diwen.site.missing_values import SITE_FILE, missing
from diwen.site.model import Site

if TYPE_CHECKING:
    from diwen.fluids import Fluid
    from diwen.sources.borefield.boreholes import Boreholes
    from diwen.sources.borefield.closed_loop import ClosedLoop
    from diwen.sources.borefield.networks import Network
    from diwen.sources.borehole.pipes import Section
    from diwen.sources.borehole.resistances import BoreholeResistance
    from diwen.sources.borehole.short_time import BoreholeCore
    from diwen.sources.ground.layers import Ground

_AT_REST = Text(
    "groundwater flows, but the response of the closed loop is that of ground at rest",
    "存在地下水渗流，但地埋管响应按无渗流地层计算",
)
_SAFE = Text("take it as the careful side for a one-sided load", "对单向负荷而言，结果偏于安全")
_NO_NETWORK = Text(
    "without the design flow, pipes and grout there is no hydraulic network ({what})",
    "缺少设计流量、管道或回填资料，无法建立管网（{what}）",
)
_COMPLETE = Text("add them where they are known", "如已知请补充")


@dataclass(frozen=True, eq=False)
class SiteClosedLoop:
    """A bore field of a site, built.

    Attributes
    ----------
    source : id of the bore field
    loop : its boreholes in their ground, seen from the fluid
    ground : layers and undisturbed temperature
    groundwater : what flows past the boreholes; None where nothing does or it is not known
    zones : names of the zones, in the order of ``loop.zone``
    resistance : effective, at the planned length, m·K/W
    measured : whether that is the measured one of the file
    fluid : in the loop
    flow : design flow of the whole field, m³/s; None where not known
    section, network : pipes of a borehole and of the field; None where not known
    notes : what was assumed, as warnings
    """

    source: str
    loop: ClosedLoop
    ground: Ground
    groundwater: Groundwater | None
    zones: tuple[str, ...]
    resistance: float
    measured: bool
    fluid: Fluid
    flow: float | None
    section: Section | None
    network: Network | None
    notes: tuple[Problem, ...] = ()

    @property
    def undisturbed_temperature(self) -> float:
        """Mean along the boreholes, °C."""
        return self.ground.mean_temperature(*depth_range(self.loop.boreholes))


def closed_loop(site: Site, source: str = "") -> SiteClosedLoop:
    """A bore field of a site with the ground around it.

    Parameters
    ----------
    site : the site
    source : id of the bore field; may be left out where there is only one

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    from diwen.sources.borefield.closed_loop import ClosedLoop

    name, given = borefield_of_site(site, source)
    problems: list[Problem] = []
    boreholes = boreholes_of_site(site, name)
    layers = layers_of_site(site, boreholes, problems)
    ground = ground_of_site(site, boreholes, layers, problems)
    groundwater = groundwater_of_site(site, boreholes, layers, problems)
    fluid, flow = fluid_of_site(given, name, problems), flow_of_site(site, name, given)
    problems += _lacking(given, name, flow)
    if layers is None or ground is None or fluid is None or any_error(problems):
        raise InputError(problems)
    depths = depth_range(boreholes)
    conductivity = layers.mean_conductivity(*depths)
    section, solved = _bore(given, boreholes, conductivity, fluid, flow)
    resistance = given.borehole.thermal_resistance
    core, effective = _core(given, boreholes, fluid, resistance, solved)
    network = None
    if section is not None and flow is not None:
        network = network_of_site(
            given, name, boreholes, section, fluid, flow, USUAL_TEMPERATURE, problems
        )
    else:
        what = ", ".join([*lacking_for_section(given), *([] if flow else ["design_flow"])])
        problems.append(_warning(name, _NO_NETWORK.format(what=what), _COMPLETE))
    if groundwater is not None:
        problems.append(_warning(name, _AT_REST, _SAFE))
    zones, zone = zones_of_site(given, name, boreholes.count, problems)
    capacity = layers.mean_heat_capacity(*depths)
    loop = ClosedLoop(boreholes, conductivity, capacity, core, zone)
    return SiteClosedLoop(
        name, loop, ground, groundwater, zones, effective, resistance is not None,
        fluid, flow, section, network, tuple(problems),
    )  # fmt: skip


def _lacking(given: Borefield, source: str, flow: float | None) -> list[Problem]:
    """What a closed loop cannot be without: what the boreholes hold, and their resistance."""
    where = f"sources.{source}"
    found: list[Problem] = []
    measured = given.borehole.thermal_resistance is not None
    keys = list(lacking_for_section(given))
    if measured:
        keys = [key for key in keys if key in ("pipes", "grout")]
    found += [missing(f"{where}.{key}", key) for key in keys]
    if given.grout is not None and given.grout.heat_capacity is None:
        found.append(missing(f"{where}.grout.heat_capacity", "heat_capacity"))
    if flow is None and not measured:
        what = "design_flow, heat_pumps.*.source_flow, borehole.thermal_resistance"
        found.append(missing(f"{where}.design_flow", what))
    return found


def _bore(
    given: Borefield, boreholes: Boreholes, conductivity: float, fluid: Fluid, flow: float | None
) -> tuple[Section | None, BoreholeResistance | None]:
    """Section of a borehole and its resistances at design flow, where they can be known."""
    from diwen.sources.borehole.resistances import borehole_resistance

    if lacking_for_section(given):
        return None, None
    section = section_of_site(given, float(boreholes.radius.mean()), conductivity)
    if flow is None:
        return section, None
    mass = flow * float(fluid.density(USUAL_TEMPERATURE)) / branches(given, boreholes.count)
    return section, borehole_resistance(
        section, boreholes.mean_length, mass, fluid, USUAL_TEMPERATURE
    )


def _core(
    given: Borefield, boreholes: Boreholes, fluid: Fluid, measured: float | None,
    solved: BoreholeResistance | None,
) -> tuple[BoreholeCore, float]:  # fmt: skip
    """What each borehole holds, with the measured resistance, else the computed one."""
    resistance = measured
    if resistance is None:
        assert solved is not None
        resistance = float(solved.effective)
    core = core_of_site(given, float(boreholes.radius.mean()), fluid, resistance, solved)
    assert core is not None
    return core, resistance


def _warning(source: str, message: Text, cure: Text) -> Problem:
    return Problem(SITE_FILE, f"sources.{source}", message, cure, severity="warning")
