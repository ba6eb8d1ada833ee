"""Water in the ground around a well: layers, heads, limits of screens and well walls."""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR: dict[str, str] = {
    "Aquifer": "column",
    "CirculationWell": "well",
    "GravelAnnulus": "well",
    "GroundColumn": "column",
    "Screen": "well",
    "ScreenPair": "well",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
