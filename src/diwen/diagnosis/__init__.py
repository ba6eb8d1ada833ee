"""Diagnosis: which of the seven deviations, how sure, since when, what it costs, what to do.

    import diwen
    from diwen import diagnosis

    site = diwen.read("examples/plant-template")
    found = diagnosis.diagnose(site)

The rooms inside, in the order of reasoning: ``record`` (what was recorded, hour by hour),
``gate`` (instruments before machines), ``operation``, ``machines``, ``ground`` (lines of reasoning
about parameters of the twin), ``inference`` (all of them together), ``attribution`` (what each one
costs), and what follows from it. The door of the room; everything heavy is loaded when it is used.
"""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR: dict[str, str] = {
    "Diagnosis": "diagnosis_result",
    "Estimate": "finding",
    "Finding": "finding",
    "SensorFinding": "finding",
    "diagnose": "diagnose_site",
    "diagnose_record": "diagnose_site",
}

__all__ = list(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
