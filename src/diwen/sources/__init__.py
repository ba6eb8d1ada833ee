"""The ground and its neighbours as heat sources: physics on plain arrays, no files, no site.

Sign convention of the whole room: heat *extraction* from the ground is positive, injection is
negative, and a temperature response is a drop below the undisturbed temperature. Units: m, s, W,
K, °C, kg/s, W/(m·K), J/(m³·K), m²/s; angles in rad.

The door is opened on demand, so that reading a site file does not load the numerics.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_DOOR = {
    "BoreholeCore": "short_time",
    "Efficiency": "hourly",
    "Response": "response",
    "convolve": "convolution",
    "convolve_years": "convolution",
    "fit_response": "response",
    "joined_step_response": "short_time",
    "simulate_hourly": "hourly",
    "surface_release": "heat_release",
    "Network": "networks",
    "Polygon": "polygon",
    "check_apart": "crossing",
    "equal_inlet": "mixed_inlet",
    "fill_polygon": "polygon",
    "network_of_sections": "networks",
    "Boreholes": "boreholes",
    "Pipe": "pipes",
    "CoaxialSection": "pipes",
    "BoreholeSection": "pipes",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    if name not in _DOOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_DOOR[name]}"), name)
