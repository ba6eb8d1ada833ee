"""The plant between the ground and the rooms, as physics on plain arrays: no files, no site.

Heat pumps, pumps, exchangers, tanks, boilers, coolers, collectors, terminals, and
:mod:`.station`, the one description of a plant that the twin runs through time. Every heat pump,
however it is known (a maker's table, a few rated points, a thermodynamic cycle), becomes one
:class:`~diwen.plant.performance_map.PerformanceMap`; every pump becomes one table of power over the
share of its design flow. Units: W, W/K, K, °C, m³, m³/s, kg/s, Pa, s; heat and cold delivered are
positive numbers both. The door opens on demand.
"""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR = {
    "Backup": "station",
    "Boiler": "boiler",
    "CarnotFit": "carnot_fit",
    "CarnotUnit": "carnot_unit",
    "Completion": "completion",
    "DryCooler": "dry_cooler",
    "FoulingGrowth": "fouling",
    "Frost": "defrost",
    "HeatExchanger": "exchanger",
    "HydraulicLink": "hydraulic_network",
    "LoadLoop": "station",
    "OperatingPoints": "carnot_fit",
    "PartLoad": "performance_map",
    "PerformanceMap": "performance_map",
    "PumpCurve": "pump_curve",
    "PumpDrive": "pump_drive",
    "PumpDuty": "pump_control",
    "PumpGroup": "station",
    "Recharge": "station",
    "Room": "station",
    "SolarCollector": "solar_collector",
    "SourceLoop": "station",
    "Station": "station",
    "StratifiedTank": "stratified_tank",
    "Stream": "stratified_tank",
    "SunCourse": "solar_position",
    "SupplyCurve": "station",
    "SystemCurve": "pump_curve",
    "TankModel": "station",
    "Terminal": "terminal",
    "Unit": "station",
    "WetTower": "wet_tower",
    "fit_carnot": "carnot_fit",
    "heating_curve": "weather_compensation",
    "network_flow": "hydraulic_network",
    "pump_group": "pump_control",
    "sun_course": "solar_position",
    "tilted_irradiance": "solar_position",
}
__all__ = list(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
