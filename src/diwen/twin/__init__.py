"""The twin: one site through time, from minutes to decades, on the ground, the plant and the load.

It joins what the site built (source models, a station, loads, weather), closes the first law in
every step, and writes the points that meters would write, marked as simulated.
"""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR: dict[str, str] = {
    "LoopCourse": "course",
    "Scenario": "scenarios",
    "ScenarioSums": "scenarios",
    "SourceCourse": "course",
    "TwinCourse": "course",
    "TwinRun": "run",
    "TwinState": "run",
    "UnitCourse": "course",
    "simulate": "run",
    "simulate_many": "scenarios",
}
__all__ = list(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
