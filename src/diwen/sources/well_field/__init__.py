"""Several wells that feel each other: doublets, polygons, irregular fields, regional flow."""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR: dict[str, str] = {}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
