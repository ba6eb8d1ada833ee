"""Fields of boreholes: where they stand, and how their walls answer heat (g-functions, zones)."""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR = {
    "Boreholes": "boreholes",
    "ClosedLoop": "closed_loop",
    "GFunction": "g_functions",
    "GroundwaterFlow": "groundwater_flow",
    "Network": "networks",
    "Places": "places",
    "Polygon": "polygon",
    "ResponseMatrix": "g_functions",
    "check_apart": "crossing",
    "equal_inlet": "mixed_inlet",
    "fill_polygon": "polygon",
    "g_function": "g_functions",
    "g_function_with_groundwater": "advection",
    "ground_response": "ground_temperature",
    "neighbour_response": "ground_temperature",
    "network_of_sections": "networks",
    "response_matrix": "g_functions",
    "undisturbed": "ground_temperature",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
