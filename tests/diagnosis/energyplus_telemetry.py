"""What meters of the plant that EnergyPlus runs would have written: the minimum list of points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from energyplus_plant import PlantHours
from energyplus_program import Floats

from diwen.site import Point, Site
from diwen.site.station_builder import station_of_site
from diwen.twin.sensor_faults import SensorFault, with_sensor_faults
from diwen.twin.simulated_telemetry import SimulatedSeries, step_times
from diwen.twin.site_simulation import standard_offset
from diwen.twin.standard_points import minimum_points

USUAL = (SensorFault("class_error"), SensorFault("noise"))
_HOUR = 3_600_000_000


def series_of_plant(
    site: Site, hours: PlantHours, sensors: Sequence[SensorFault] = USUAL, seed: int = 0,
    since: date = date(2023, 1, 1),
) -> tuple[SimulatedSeries, ...]:  # fmt: skip
    """Series of the minimum points with errors of instruments, in the units of the points."""
    points = minimum_points(site, station_of_site(site), separate=True, interval=3600.0)
    years = len(hours.heat) // 8760
    start = step_times(np.datetime64(since, "D"), years, 8760, 3600.0, standard_offset(site))
    values = _values(hours)
    series = [_series(point, values[point.id], start) for point in points if point.id in values]
    return with_sensor_faults(series, sensors, seed)


def _values(hours: PlantHours) -> dict[str, Floats]:
    heating, cooling = hours.heat > 0.0, hours.cold > 0.0
    machines = {
        "warm": hours.heating_power, "cold": hours.cooling_power,
        "source_pump": hours.source_pump, "warm_pump": hours.warm_pump,
        "cold_pump": hours.cold_pump,
    }  # fmt: skip
    found = {
        "source_entering": hours.source_entering, "source_leaving": hours.source_leaving,
        "source_flow": hours.source_flow,
        "load_leaving": hours.warm_supply, "load_entering": hours.warm_return,
        "load_flow": hours.warm_flow, "load_heat": hours.heat,
        "cooling_leaving": hours.cold_supply, "cooling_entering": hours.cold_return,
        "cooling_flow": hours.cold_flow, "cooling_heat": hours.cold,
        "mode": heating + 2.0 * cooling, "outdoor": hours.outdoor,
    }  # fmt: skip
    for name, power in machines.items():
        found |= {
            f"{name}_electricity": power,
            f"{name}_power": power,
            f"{name}_status": (power > 1.0).astype(float),
        }
    return found


def _series(point: Point, value: Floats, start: np.ndarray) -> SimulatedSeries:
    factor, offset = point.factor_offset()
    if point.kind == "counter":
        time = np.concatenate([start, start[-1:] + _HOUR])
        total = np.concatenate([[0.0], np.cumsum(value * 3600.0)])
        return SimulatedSeries(point, time, np.round(total / factor, 3))
    return SimulatedSeries(point, start, np.round((value - offset) / factor, 4))
