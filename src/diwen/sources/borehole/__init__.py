"""Inside a borehole: pipes, flow, resistances, circuits, pressure drop, the first hours."""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR = {
    "BoreholeCore": "short_time",
    "BoreholeSection": "pipes",
    "CoaxialSection": "pipes",
    "Pipe": "pipes",
    "borehole_resistance": "resistances",
    "circuit_model": "circuits",
    "joined_step_response": "short_time",
    "loop_hydraulics": "hydraulics",
    "standard_resistances": "standard_method",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
