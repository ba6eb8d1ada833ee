"""The ground between and below: layers, undisturbed temperature, single line sources, any place."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_DOOR = {
    "Ground": "layers",
    "Layers": "layers",
    "Places": "ground_temperature",
    "SurfaceWave": "layers",
    "finite_line_source": "finite_line_source",
    "flow_angle": "moving_line_source",
    "ground_response": "ground_temperature",
    "moving_finite_line_source": "moving_line_source",
    "neighbour_response": "ground_temperature",
    "undisturbed": "ground_temperature",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    if name not in _DOOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_DOOR[name]}"), name)
