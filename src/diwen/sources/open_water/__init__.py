"""Rivers, sewage, reclaimed and mine water, waste heat, air: sources without memory."""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR: dict[str, str] = {
    "Circuit": "open_water_source",
    "Exchanger": "exchanger",
    "Intake": "open_water_source",
    "Origin": "water_temperature",
    "WaterLimits": "available_heat",
    "WaterTemperature": "water_temperature",
    "air_source_model": "air",
    "effectiveness": "exchanger",
    "frost_forms": "air",
    "largest_extraction": "available_heat",
    "largest_injection": "available_heat",
    "measured_on_steps": "measured_temperature",
    "mixed_change": "available_heat",
    "open_water_source_model": "open_water_source",
    "returned_temperature": "available_heat",
    "still_water_at_depth": "water_temperature",
    "stream_linear": "water_temperature",
    "stream_logistic": "water_temperature",
    "wet_bulb": "air",
    "yearly_wave": "water_temperature",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
