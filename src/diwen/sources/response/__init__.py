"""Answers of a source to heat over time: modes, convolution, years of hours with heat pumps."""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR = {
    "Efficiency": "hourly",
    "Response": "modes",
    "SourceCourse": "limited",
    "SourceLimits": "limited",
    "SourceModel": "source_model",
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
    return through(__name__, _DOOR, name)
