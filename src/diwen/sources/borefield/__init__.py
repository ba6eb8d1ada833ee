"""Fields of boreholes: where they stand, and how their walls answer heat (g-functions, zones)."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_DOOR = {
    "Boreholes": "boreholes",
    "ClosedLoop": "closed_loop",
    "GFunction": "g_functions",
    "GroundwaterFlow": "groundwater_flow",
    "Network": "networks",
    "Polygon": "polygon",
    "ResponseMatrix": "g_functions",
    "check_apart": "crossing",
    "equal_inlet": "mixed_inlet",
    "fill_polygon": "polygon",
    "g_function": "g_functions",
    "g_function_with_groundwater": "advection",
    "network_of_sections": "networks",
    "response_matrix": "g_functions",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    if name not in _DOOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_DOOR[name]}"), name)
