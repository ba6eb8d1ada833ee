"""The twin: one site through time, from minutes to decades, on the ground, the plant and the load.

It joins what the site built (source models, a station, loads, weather), closes the first law in
every step, and writes the points that meters would write, marked as simulated.
"""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR: dict[str, str] = {
    "DeviatingPlant": "deviating_plant",
    "Deviation": "deviations",
    "inputs_with": "deviating_plant",
    "LoopCourse": "course",
    "minimum_points": "standard_points",
    "PARAMETERS": "deviations",
    "Scenario": "scenarios",
    "ScenarioSums": "scenarios",
    "SensorFault": "sensor_faults",
    "simulate": "run",
    "simulate_many": "scenarios",
    "simulate_site": "site_simulation",
    "SiteSimulation": "site_simulation",
    "SourceCourse": "course",
    "TwinCourse": "course",
    "TwinRun": "run",
    "TwinState": "run",
    "UnitCourse": "course",
    "write_simulated_site": "simulated_folder",
}
__all__ = list(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
