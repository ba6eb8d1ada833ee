"""The ground around the wells of a site: aquifers and tight layers, for water and for heat.

Every depth at which a layer or an aquifer begins or ends is an edge. Inside an aquifer its own
conductivities hold, outside those of the layer. What the file leaves open is assumed and said; a
ground without any aquifer is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from diwen.language import Text
from diwen.problems import Problem
from diwen.site import ground
from diwen.site.missing_values import SOURCE, WELLS, assumed, missing
from diwen.site.model import Site
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.sources.aquifer.column import Aquifer, GroundColumn

# How far the column goes on below aquifer and well, m.
_BELOW = 30.0
# What stands in where the file says nothing: row of the rules, its unit in SI, how it is said.
_USUAL: dict[str, tuple[str, float, Text]] = {
    "conductivity": (
        "default.ground_thermal_conductivity", 1.0,
        Text("thermal conductivity {value} W/(m·K)", "导热系数 {value} W/(m·K)"),
    ),
    "heat_capacity": (
        "default.ground_heat_capacity", 1e6,
        Text("heat capacity {value} MJ/(m³·K)", "容积热容 {value} MJ/(m³·K)"),
    ),
    "porosity": (
        "default.aquifer_porosity", 1.0, Text("porosity {value}", "孔隙率 {value}"),
    ),
    "longitudinal_dispersivity": (
        "default.longitudinal_dispersivity", 1.0,
        Text("longitudinal dispersivity {value} m", "纵向弥散度 {value} m"),
    ),
    "transverse_dispersivity": (
        "default.transverse_dispersivity", 1.0,
        Text("transverse dispersivity {value} m", "横向弥散度 {value} m"),
    ),
}  # fmt: skip

_ASSUMED = Text("{value} is assumed at {depths} m", "{depths} m 处取{value}")
_TIGHT = Text(
    "no hydraulic conductivity outside the aquifers at {depths} m: taken as tight, {value} m/s",
    "含水层以外 {depths} m 处未给出渗透系数：按隔水层取 {value} m/s",
)
_GIVE = Text("add it to [[ground.layers]] or [[ground.aquifers]]",
             "请在 [[ground.layers]] 或 [[ground.aquifers]] 中补充")  # fmt: skip
_WATER_TABLE = Text(
    "the unconfined aquifer is computed as confined below its water table at {level} m; the mound "
    "around the wells builds up over months",
    "潜水含水层按静水位 {level} m 以下的承压含水层计算；井周水丘需数月才能形成",
)
_WATCH = Text("watch the water table in operation", "运行中请监测水位")
_NO_LEVEL = Text(
    "the water table of the unconfined aquifer is not given: it is taken as full",
    "未给出潜水含水层的静水位：按全层饱水计算",
)
_GIVE_LEVEL = Text("add static_level", "请补充 static_level")


@dataclass(frozen=True)
class RegionalFlow:
    """Groundwater that passes through an aquifer by itself.

    Attributes
    ----------
    darcy_velocity : flow per area, m/s
    angle : direction it flows to, from the x axis counter-clockwise, rad; None where not given
    """

    darcy_velocity: float
    angle: float | None


def ground_column(site: Site, problems: list[Problem], depth: float = 0.0) -> GroundColumn | None:
    """The layers around a well as arrays; None, with problems, where nothing can be built.

    Parameters
    ----------
    site : the site
    problems : what is missing and what was assumed is appended
    depth : of the well, m; the column reaches below it. Its lowest layer is never an aquifer
    """
    from diwen.sources.aquifer.column import GroundColumn

    if not site.ground.aquifers:
        problems.append(missing("ground.aquifers", "[[ground.aquifers]]", WELLS))
        return None
    edges = column_edges(site, depth)
    middles = [0.5 * (upper + lower) for upper, lower in pairwise(edges)]
    inside = [_aquifer_at(site, middle) for middle in middles]
    beside = [_layer_at(site, middle) for middle in middles]
    radial, vertical = _conductivities(edges, inside, beside, problems)
    heat = {name: _property(name, edges, inside, beside, problems) for name in _USUAL}
    for number, aquifer in enumerate(site.ground.aquifers):
        _say_water_table(number, aquifer, problems)
    return GroundColumn.of(
        edges, radial, vertical_conductivity=vertical, porosity=heat["porosity"],
        thermal_conductivity=heat["conductivity"], heat_capacity=heat["heat_capacity"],
        longitudinal_dispersivity=heat["longitudinal_dispersivity"],
        transverse_dispersivity=heat["transverse_dispersivity"],
    )  # fmt: skip


def column_edges(site: Site, depth: float = 0.0) -> list[float]:
    """Depths at which something changes, from the surface to below the wells, m."""
    found = {0.0}
    for layer in site.ground.layers:
        found |= {layer.top, layer.bottom}
    for aquifer in site.ground.aquifers:
        found |= {wet_top(aquifer), aquifer.bottom}
    lowest = max(found)
    wet = any(aquifer.bottom >= lowest - 1e-6 for aquifer in site.ground.aquifers)
    if wet or lowest < depth + _BELOW:
        found.add(max(lowest, depth) + _BELOW)
    ordered = sorted(found)
    return [ordered[0]] + [edge for above, edge in pairwise(ordered) if edge > above + 1e-6]


def wet_top(aquifer: ground.Aquifer) -> float:
    """Depth below which an aquifer is saturated, m."""
    level = aquifer.static_level if aquifer.kind == "unconfined" else None
    return aquifer.top if level is None else max(aquifer.top, level)


def analytic_aquifer(column: GroundColumn, given: ground.Aquifer) -> Aquifer:
    """One aquifer as a single layer of mean properties, for the analytic solutions.

    Conductivities: the radial one by thickness, the vertical one in series (exact for one layer).
    """
    import numpy as np

    from diwen.sources.aquifer.column import Aquifer

    top, bottom = wet_top(given), given.bottom
    middle = 0.5 * (column.edges[:-1] + column.edges[1:])
    chosen = (middle > top) & (middle < bottom)
    share = column.thickness[chosen] / column.thickness[chosen].sum()
    return Aquifer(
        top, bottom,
        float(share @ column.radial_conductivity[chosen]),
        float(1.0 / (share @ (1.0 / column.vertical_conductivity[chosen]))),
        float(share @ column.heat_capacity[chosen]),
        float(share @ column.thermal_conductivity[chosen]),
        float(np.average(column.porosity[chosen], weights=share)),
    )  # fmt: skip


def aquifer_around(site: Site, top: float, bottom: float) -> ground.Aquifer | None:
    """The aquifer that holds a screen whole; None where none does."""
    for aquifer in site.ground.aquifers:
        if aquifer.top - 1e-6 <= top and bottom <= aquifer.bottom + 1e-6:
            return aquifer
    return None


def regional_flow(aquifer: ground.Aquifer) -> RegionalFlow | None:
    """Flow of the groundwater by itself; None where the gradient is zero or not given."""
    from diwen.sources.ground.moving_line_source import flow_angle

    if not aquifer.gradient:
        return None
    angle = None if aquifer.flow_direction is None else flow_angle(aquifer.flow_direction)
    return RegionalFlow(aquifer.hydraulic_conductivity * aquifer.gradient, angle)


def water_temperature(
    site: Site, aquifer: ground.Aquifer | None, depth: float, problems: list[Problem]
) -> float | None:
    """Natural temperature of the water at a depth, °C; None, with a problem, where not known.

    That of the aquifer, else the undisturbed one of the ground, else surface and gradient.
    """
    given = site.ground
    if aquifer is not None and aquifer.water_temperature is not None:
        return aquifer.water_temperature
    if given.undisturbed_temperature is not None:
        return given.undisturbed_temperature
    if given.surface_temperature_mean is not None and given.gradient is not None:
        return given.surface_temperature_mean + given.gradient * depth
    what = "ground.aquifers[].water_temperature / ground.undisturbed_temperature"
    problems.append(missing("ground.undisturbed_temperature", what, SOURCE))
    return None


def _aquifer_at(site: Site, depth: float) -> ground.Aquifer | None:
    for aquifer in site.ground.aquifers:
        if wet_top(aquifer) <= depth <= aquifer.bottom:
            return aquifer
    return None


def _layer_at(site: Site, depth: float) -> ground.Layer | None:
    """The layer at a depth; the lowest goes on below."""
    for layer in site.ground.layers:
        if layer.top <= depth <= layer.bottom:
            return layer
    return site.ground.layers[-1] if site.ground.layers else None


def _conductivities(
    edges: Sequence[float], inside: Sequence[ground.Aquifer | None],
    beside: Sequence[ground.Layer | None], problems: list[Problem],
) -> tuple[list[float], list[float]]:  # fmt: skip
    """Radial and vertical hydraulic conductivity of each part, m/s."""
    aquitard = usual_value("default.aquitard_conductivity")
    radial, vertical, tight = [], [], []
    for number, (aquifer, layer) in enumerate(zip(inside, beside, strict=True)):
        stated: Any = aquifer if aquifer is not None else layer
        value = None if stated is None else stated.hydraulic_conductivity
        if value is None:
            tight.append(number)
        value = aquitard if value is None else value
        ratio = getattr(stated, "anisotropy", None)
        radial.append(value)
        vertical.append(value * (1.0 if ratio is None else ratio))
    if tight:
        message = _TIGHT.format(depths=_depths(edges, tight), value=f"{aquitard:g}")
        problems.append(assumed("ground.layers.hydraulic_conductivity", message, _GIVE))
    return radial, vertical


def _property(
    name: str, edges: Sequence[float], inside: Sequence[ground.Aquifer | None],
    beside: Sequence[ground.Layer | None], problems: list[Problem],
) -> list[float]:  # fmt: skip
    """A property of each part: of the aquifer, else of the layer, else the usual value."""
    row, unit, text = _USUAL[name]
    usual = usual_value(row)
    found, lacking = [], []
    for number, (aquifer, layer) in enumerate(zip(inside, beside, strict=True)):
        value = getattr(aquifer, name, None)
        value = getattr(layer, name, None) if value is None else value
        # Water hardly moves outside the aquifers: neither pores nor dispersion matter there.
        matters = aquifer is not None or name in ("conductivity", "heat_capacity")
        if value is None and matters:
            lacking.append(number)
        found.append(usual * unit if value is None else value)
    if lacking:
        where = "aquifers" if "dispersivity" in name or name == "porosity" else "layers"
        said = text.format(value=f"{usual:g}")
        message = _ASSUMED.format(value=said, depths=_depths(edges, lacking))
        problems.append(assumed(f"ground.{where}.{name}", message, _GIVE))
    return found


def _depths(edges: Sequence[float], numbers: Sequence[int]) -> Text:
    """Parts of the column as depths, neighbours joined: ``0 to 10, 70 to 100``."""
    spans: list[list[float]] = []
    for number in numbers:
        if spans and abs(spans[-1][1] - edges[number]) < 1e-6:
            spans[-1][1] = edges[number + 1]
        else:
            spans.append([edges[number], edges[number + 1]])
    return Text(
        ", ".join(f"{top:g} to {bottom:g}" for top, bottom in spans),
        "、".join(f"{top:g}～{bottom:g}" for top, bottom in spans),
    )


def _say_water_table(number: int, aquifer: ground.Aquifer, problems: list[Problem]) -> None:
    if aquifer.kind != "unconfined":
        return
    where = f"ground.aquifers[{number}].static_level"
    if aquifer.static_level is None:
        problems.append(assumed(where, _NO_LEVEL, _GIVE_LEVEL))
    else:
        message = _WATER_TABLE.format(level=f"{aquifer.static_level:g}")
        problems.append(assumed(where, message, _WATCH))
