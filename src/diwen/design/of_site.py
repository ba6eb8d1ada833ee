"""A site file as the input of sizing: what is there, what is missing, what was assumed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from diwen.design.bore_field import BoreField, TemperatureLimits
from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.efficiency import PlantEfficiency
from diwen.design.field_response import FieldResponse
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.groundwater_response import MOST_BOREHOLES, groundwater_response
from diwen.design.length_uncertainty import InputSpread
from diwen.design.site_efficiency import efficiency_of_site
from diwen.design.site_limits import limits_of_site
from diwen.design.site_load import load_of_site
from diwen.design.site_resistance import SiteBore, bore_of_site
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.aquifer_flow import Groundwater, groundwater_of_site
from diwen.site.borefield import Borefield
from diwen.site.borehole_section import core_of_site
from diwen.site.ground_at_rest import depth_range, ground_of_site, layers_of_site
from diwen.site.loop_network import (
    borefield_of_site,
    boreholes_of_site,
    check_series,
    zones_of_site,
)
from diwen.site.missing_values import SITE_FILE
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.ground.layers import Ground, Layers

_ALL_ALIKE = Text(
    "the field has {count} zones: sizing loads all boreholes alike, not zone by zone",
    "孔群有 {count} 个分区：孔深计算按各孔负荷相同考虑，不区分分区",
)
_ZONE_CURE = Text(
    "let the zones share the load evenly over the years, or size them apart",
    "请使各分区长期负荷均衡，或分区分别计算",
)
_MANY = Text(
    "groundwater flow is left out: with {count} boreholes it would take too long (at most {most})",
    "不考虑地下水渗流：{count} 个钻孔的计算耗时过长（上限 {most}）",
)
_PART = Text("size a part of the field of that number to see its effect",
             "可取不超过该数量的部分孔群计算，以了解渗流影响")  # fmt: skip


@dataclass(frozen=True, eq=False)
class SizingInput:
    """Everything that sizing a field of a site needs.

    Attributes
    ----------
    source : id of the bore field
    field : the field; its mean length is the planned one
    load : of the ground, or of the building
    efficiency : of the heat pumps; None for a load of the ground
    limits : of the fluid
    limit_sources : where each limit comes from
    years : planned life
    spread : standard uncertainties given in the site file
    spread_missing : inputs whose uncertainty the site file does not give
    notes : what was assumed, as warnings
    bore : pipes, flow and resistances of a borehole
    groundwater : what flows past the boreholes; None where nothing does or it is not known
    zones : their names; sizing loads them alike
    """

    source: str
    field: BoreField
    load: HourlyGroundLoad | HourlyBuildingLoad
    efficiency: PlantEfficiency | None
    limits: TemperatureLimits
    limit_sources: tuple[Text, ...]
    years: int
    spread: InputSpread
    spread_missing: tuple[str, ...]
    notes: tuple[Problem, ...]
    bore: SiteBore
    groundwater: Groundwater | None = None
    zones: tuple[str, ...] = ()

    def response(self, *, groundwater: bool = True) -> FieldResponse:
        """A new table of g-functions of the field, with the groundwater of the site or without."""
        if self.groundwater is None or not groundwater:
            return FieldResponse(self.field.boreholes)
        return groundwater_response(
            self.field.boreholes, self.groundwater.flow, self.field.diffusivity
        )


def sizing_input(site: Site, source: str = "", *, day: date | None = None) -> SizingInput:
    """What a site gives for sizing one of its bore fields.

    Parameters
    ----------
    site : the site
    source : id of the bore field; may be left out where there is only one
    day : on which the rules are asked; today if not given

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    name, given = borefield_of_site(site, source)
    problems: list[Problem] = []
    boreholes = boreholes_of_site(site, name)
    layers = layers_of_site(site, boreholes, problems)
    ground = ground_of_site(site, boreholes, layers, problems)
    groundwater = _groundwater(site, boreholes, layers, problems)
    load = load_of_site(site, problems)
    building = isinstance(load, HourlyBuildingLoad)
    plant = efficiency_of_site(site, name, load, problems) if building else None
    limits, limit_sources = limits_of_site(site, name, given, load, day or date.today(), problems)
    check_series(given, name, boreholes.count, problems)
    depths = depth_range(boreholes)
    conductivity = None if layers is None else layers.mean_conductivity(*depths)
    lowest = limits.minimum if limits is not None else None
    bore = bore_of_site(site, name, given, boreholes, conductivity, lowest, problems)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors or load is None or limits is None or ground is None or conductivity is None:
        raise InputError(problems)
    if bore.capacity_rate is None:
        limits = TemperatureLimits(limits.minimum, limits.maximum, "mean", "mean")
    zones, _ = zones_of_site(given, name, boreholes.count, problems)
    if len(zones) > 1:
        message = _ALL_ALIKE.format(count=len(zones))
        where = f"sources.{name}.zones"
        problems.append(Problem(SITE_FILE, where, message, _ZONE_CURE, severity="warning"))
    spread, unknown = _spread(site, given)
    return SizingInput(
        name,
        _field(given, boreholes, ground, bore),
        load,
        plant,
        limits,
        limit_sources,
        math.ceil(site.operation.planned_years),
        spread,
        unknown,
        tuple(problems),
        bore,
        groundwater,
        zones,
    )


def _field(given: Borefield, boreholes: Boreholes, ground: Ground, bore: SiteBore) -> BoreField:
    """Boreholes and ground as sizing sees them."""
    resistance, fluid, depths = bore.effective, bore.fluid, depth_range(boreholes)
    assert resistance is not None
    assert fluid is not None
    planned = boreholes.mean_length
    known = float(resistance(planned)) if callable(resistance) else resistance
    radius = float(boreholes.radius.mean())
    return BoreField(
        boreholes,
        ground.layers.mean_conductivity(*depths),
        ground.layers.mean_heat_capacity(*depths),
        _temperature(ground, boreholes),
        resistance,
        bore.capacity_rate,
        core_of_site(given, radius, fluid, known, bore.solved),
    )


def _temperature(ground: Ground, boreholes: Boreholes) -> float | Callable[[float], float]:
    """Mean undisturbed temperature along the boreholes, °C; over the length with a gradient."""
    if not ground.heat_flux:
        return ground.surface_temperature
    return lambda length: ground.mean_temperature(*depth_range(boreholes, length))


def _groundwater(
    site: Site, boreholes: Boreholes, layers: Layers | None, problems: list[Problem]
) -> Groundwater | None:
    """What flows past the boreholes, where it can be reckoned with."""
    found = groundwater_of_site(site, boreholes, layers, problems)
    if found is None or boreholes.count <= MOST_BOREHOLES:
        return found
    message = _MANY.format(count=boreholes.count, most=MOST_BOREHOLES)
    problems.append(Problem(SITE_FILE, "ground.aquifers", message, _PART, severity="warning"))
    return None


def _spread(site: Site, given: Borefield) -> tuple[InputSpread, tuple[str, ...]]:
    """Standard uncertainties (k = 1) that the file gives as expanded ones (k = 2)."""
    layers = [layer for layer in site.ground.layers if layer.conductivity_uncertainty is not None]
    thickness = np.array([layer.bottom - layer.top for layer in layers])
    parts = np.array([layer.conductivity_uncertainty for layer in layers], float)
    conductivity = 0.5 * float(thickness @ parts / thickness.sum()) if layers else 0.0
    bore = given.borehole
    resistance = 0.0
    if bore.thermal_resistance and bore.thermal_resistance_uncertainty:
        resistance = 0.5 * bore.thermal_resistance_uncertainty / bore.thermal_resistance
    temperature = 0.5 * (site.ground.undisturbed_temperature_uncertainty or 0.0)
    spread = InputSpread(conductivity, resistance, temperature, 0.0)
    names = ("conductivity", "resistance", "undisturbed_temperature", "load")
    return spread, tuple(name for name in names if not getattr(spread, name))
