"""The operating record of a simulated site, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.diagnosis.record.from_series import record_of_series
from diwen.diagnosis.record.operating_record import OperatingRecord
from diwen.diagnosis.record.steps import Reading
from diwen.twin.standard_points import drawing

if TYPE_CHECKING:
    from diwen.twin.site_simulation import SiteSimulation


def record_of_simulation(simulation: SiteSimulation) -> OperatingRecord:
    """What the instruments of a simulated site would have recorded, on whole hours.

    Parameters
    ----------
    simulation : with its years kept (``keep="all"``), with faults of sensors or without
    """
    series = {}
    for one in simulation.record().series:
        factor, offset = one.point.factor_offset()
        series[one.point.id] = Reading(one.time, one.value * factor + offset, "simulated")
    loops = {
        loop.name: units
        for loop in simulation.station.source_loops
        if (units := drawing(simulation.site, simulation.station, loop.name))
    }
    return record_of_series(
        simulation.site, simulation.points, series, begun=simulation.since, loops=loops
    )
