"""One well that takes water and returns it to the same ground: heads, breakthrough, heat."""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR: dict[str, str] = {
    "FlowField": "flow_field",
    "HeatOperator": "heat_operator",
    "WellGrid": "grid",
    "well_grid": "grid",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
