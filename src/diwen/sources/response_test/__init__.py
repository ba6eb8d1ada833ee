"""Thermal response tests: conductivity and borehole resistance from a heated borehole.

Heat *into* the ground is positive here, as the heater delivers it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_DOOR = {
    "BoreholeInside": "composite_cylinder",
    "Evaluation": "evaluation",
    "InputUncertainty": "uncertainty",
    "PlainFitConditions": "plain_fit_conditions",
    "TestSeries": "record",
    "TestedBorehole": "record",
    "evaluate": "evaluation",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    if name not in _DOOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_DOOR[name]}"), name)
