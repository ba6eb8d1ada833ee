"""What the heat meters of a plant would read in the twin: the heat of its units, by circuit.

Between the units and the load stand pumps that warm the water, tanks that lose heat, and back-ups;
a meter of the heat pumps sees none of them. The same functions write simulated telemetry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diwen.twin.simulated_telemetry_heat import SimulatedPlant, circuit_cold, circuit_heat
from diwen.twin.standard_points_circuits import circuits_of

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Floats
    from diwen.plant.station import Station
    from diwen.site import Site
    from diwen.twin.course import TwinCourse


def metered_heat(site: Site, station: Station, course: TwinCourse) -> dict[str, Floats]:
    """Heat, hot water and cold of all heat pumps of a stretch, W, shape (n,) each."""
    nothing = np.zeros(len(course.mode))
    circuits = circuits_of(site, station, separate=True)
    plant = SimulatedPlant(site, station, {}, course, nothing, circuits)
    units = tuple(unit.name for unit in station.units)
    found = {group: nothing.copy() for group in ("heating", "hot_water", "cooling")}
    for circuit in circuits.loops:
        group = "hot_water" if circuit == "hot_water" else "heating"
        found[group] = found[group] + circuit_heat(plant, circuit, units)
        found["cooling"] = found["cooling"] + circuit_cold(plant, circuit, units)
    return found
