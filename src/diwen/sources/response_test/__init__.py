"""Thermal response tests: conductivity and borehole resistance from a heated borehole.

Heat *into* the ground is positive here, as the heater delivers it.
"""

from __future__ import annotations

from typing import Any

from diwen.doors import through

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
    return through(__name__, _DOOR, name)
