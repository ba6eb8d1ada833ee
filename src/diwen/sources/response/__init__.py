"""Answers of a source to heat over time: modes, convolution, years of hours with heat pumps."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_DOOR = {
    "Efficiency": "hourly",
    "Response": "modes",
    "convolve": "convolution",
    "convolve_years": "convolution",
    "fit_response": "modes",
    "simulate_hourly": "hourly",
    "simulate_parameter_sets": "modes",
    "superpose": "convolution",
    "surface_release": "heat_release",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    if name not in _DOOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_DOOR[name]}"), name)
