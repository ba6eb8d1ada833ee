"""The ground itself: layers, undisturbed temperature, and single line sources in it."""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR = {
    "Ground": "layers",
    "Layers": "layers",
    "SurfaceWave": "layers",
    "finite_line_source": "line_sources",
    "flow_angle": "moving_line_source",
    "moving_finite_line_source": "moving_line_source",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
