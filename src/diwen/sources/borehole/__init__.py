"""Inside a borehole: pipes, flow, resistances, circuits, pressure drop, the first hours."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_DOOR = {
    "BoreholeCore": "short_time",
    "BoreholeSection": "pipes",
    "CoaxialSection": "pipes",
    "Pipe": "pipes",
    "borehole_resistance": "borehole_resistance",
    "circuit_model": "circuits",
    "joined_step_response": "short_time",
    "loop_hydraulics": "hydraulics",
    "standard_resistances": "standard_method",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    if name not in _DOOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_DOOR[name]}"), name)
