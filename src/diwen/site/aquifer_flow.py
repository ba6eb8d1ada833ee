"""The aquifers of a site as moving groundwater."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import Problem
from diwen.site.ground import Aquifer
from diwen.site.missing_values import SITE_FILE
from diwen.site.model import Site

if TYPE_CHECKING:
    from diwen.sources.borefield.boreholes import Boreholes
    from diwen.sources.borefield.groundwater_flow import GroundwaterFlow
    from diwen.sources.ground.layers import Layers

_NO_GRADIENT = Text(
    "the hydraulic gradient is not given ({names}): groundwater flow is not considered there",
    "未给出水力坡度（{names}）：不考虑该含水层的地下水渗流",
)
_GIVE_GRADIENT = Text(
    "add gradient and flow_direction, if the flow is known",
    "如已知渗流情况，请补充 gradient 与 flow_direction",
)
_INCLINED = Text(
    "boreholes lean: with groundwater flow only vertical ones can be computed, so the flow is left "
    "out",
    "钻孔倾斜：考虑地下水渗流时仅支持竖直钻孔，故不考虑渗流",
)
_NOTHING = Text("nothing needs to be done; the length is that of ground at rest",
                "无需处理；所得孔深按无渗流地层计算")  # fmt: skip
_NO_DIRECTION = Text(
    "the direction of the groundwater flow is not given: taken along the field's longer side, "
    "where it helps least",
    "未给出地下水流向：按沿孔群长边（最不利方向）计算",
)
_GIVE_DIRECTION = Text(
    'add flow_direction, from north (y) clockwise, such as "120°"',
    '请补充 flow_direction（自北即 y 轴顺时针），例如 "120°"',
)


@dataclass(frozen=True, eq=False)
class Groundwater:
    """Groundwater that flows through a bore field.

    Attributes
    ----------
    flow : the layers that move, for :func:`g_function_with_groundwater`
    names : of the aquifers, from the top
    top, bottom : depths between which water flows, m
    darcy_velocity : flow per area of ground, hydraulic conductivity times gradient, m/s
    transport_velocity : of heat, m/s
    """

    flow: GroundwaterFlow
    names: tuple[str, ...]
    top: tuple[float, ...]
    bottom: tuple[float, ...]
    darcy_velocity: tuple[float, ...]
    transport_velocity: tuple[float, ...]


def groundwater_of_site(
    site: Site, boreholes: Boreholes, layers: Layers | None, problems: list[Problem]
) -> Groundwater | None:
    """What flows past vertical boreholes; None where nothing does, or it is not known (a note).

    An unconfined aquifer carries water below its static level only. North is the y axis of the
    field's plan.
    """
    named = {item.name or f"aquifers[{i}]": item for i, item in enumerate(site.ground.aquifers)}
    open_ones = [name for name, item in named.items() if item.gradient is None]
    if open_ones:
        message = _NO_GRADIENT.format(names=", ".join(open_ones))
        _note("ground.aquifers", message, _GIVE_GRADIENT, problems)
    moving = {name: item for name, item in named.items() if item.gradient}
    if not moving or layers is None:
        return None
    if not boreholes.vertical:
        _note("ground.aquifers", _INCLINED, _NOTHING, problems)
        return None
    if boreholes.count > 1 and any(item.flow_direction is None for item in moving.values()):
        _note("ground.aquifers.flow_direction", _NO_DIRECTION, _GIVE_DIRECTION, problems)
    return _moving(moving, boreholes, layers)


def _moving(moving: dict[str, Aquifer], boreholes: Boreholes, layers: Layers) -> Groundwater:
    from diwen.sources.borefield.groundwater_flow import GroundwaterFlow
    from diwen.sources.ground.moving_line_source import flow_angle, heat_transport_velocity

    items = list(moving.values())
    tops = tuple(_wet_top(item) for item in items)
    bottoms = tuple(item.bottom for item in items)
    darcy = tuple(item.hydraulic_conductivity * (item.gradient or 0.0) for item in items)
    capacity = [layers.mean_heat_capacity(*ends) for ends in zip(tops, bottoms, strict=True)]
    along = _long_side(boreholes)
    angles = [
        along if item.flow_direction is None else flow_angle(item.flow_direction) for item in items
    ]
    return Groundwater(
        GroundwaterFlow.of(darcy, angles, capacity, tops, bottoms),
        tuple(moving), tops, bottoms, darcy,
        tuple(heat_transport_velocity(darcy, capacity).tolist()),
    )  # fmt: skip


def _wet_top(item: Aquifer) -> float:
    """Depth below which an aquifer carries water, m."""
    level = item.static_level if item.kind == "unconfined" else None
    return item.top if level is None else max(item.top, level)


def _long_side(boreholes: Boreholes) -> float:
    """Direction in which a field reaches farthest, from x counter-clockwise, rad."""
    import numpy as np

    x, y = boreholes.x - boreholes.x.mean(), boreholes.y - boreholes.y.mean()
    return 0.5 * math.atan2(2.0 * float(np.sum(x * y)), float(np.sum(x * x - y * y)))


def _note(where: str, message: Text, cure: Text, problems: list[Problem]) -> None:
    problems.append(Problem(SITE_FILE, where, message, cure, severity="warning"))
