"""The complete design of one site: source, units, decades of the twin, compliance, costs.

:func:`design_of_site` is the door. The result is plain frozen data that a report prints; what no
engine could compute stands in it as refused, with the problems that say what is missing. The door
is opened on demand, so that reading a site file does not load the numerics.
"""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR = {
    "DesignOptions": "design_result",
    "StationDesign": "design_result",
    "design_of_site": "run_design",
    "optimise": "optimisation",
    "optimise_site": "optimisation_of_site",
    "propagate": "uncertainty",
    "uncertainty_of_site": "uncertainty",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
