"""One well that takes water and returns it to the same ground: heads, breakthrough, heat."""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR: dict[str, str] = {
    "Breakthrough": "breakthrough",
    "CheckCourse": "model_reduction",
    "Factors": "finite_volume",
    "FlowField": "flow_field",
    "HeatOperator": "heat_operator",
    "ReducedWell": "reduced_well",
    "TravelTimes": "travel_times",
    "VolumeClock": "volume_clock",
    "WaterPaths": "water_paths",
    "WellCourse": "well_course",
    "WellGrid": "grid",
    "WellModel": "model_choice",
    "WellStepResponse": "well_course",
    "choose_model": "model_choice",
    "open_hole_conductivity": "standing_column",
    "reduce_well": "model_reduction",
    "simulate_finite_volume": "finite_volume",
    "standing_column_well": "standing_column",
    "step_response": "finite_volume",
    "well_grid": "grid",
    "well_source_model": "well_response",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
