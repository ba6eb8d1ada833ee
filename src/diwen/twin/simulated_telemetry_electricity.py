"""Electricity and fuel of the equipment of a plant, by its ids in the site."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from diwen.site.points import SITE_WIDE
from diwen.twin.deviations_sources import leak_of

if TYPE_CHECKING:
    from diwen.plant.station import Station
    from diwen.twin.simulated_telemetry_heat import Floats, SimulatedPlant


def electric_power(plant: SimulatedPlant, equipment: Collection[str]) -> Floats:
    """Electric power of equipment, W, shape (n,); of all of it where ``site`` is named."""
    names = all_electric(plant) if SITE_WIDE in equipment else dict.fromkeys(equipment)
    total = plant.zeros()
    for name in names:
        total += _of(plant, name)
    return total


def no_power(plant: SimulatedPlant, equipment: Collection[str]) -> list[str]:
    """Those of some equipment whose electricity is not simulated."""
    if SITE_WIDE in equipment:
        return []
    known = all_electric(plant)
    return [name for name in equipment if name not in known]


def all_electric(plant: SimulatedPlant) -> dict[str, None]:
    """Names of everything whose electricity is simulated, each once."""
    course = plant.course
    backups = [name for name in course.backups if is_electric(plant.station, name)]
    controls = list(plant.site.controls) or (["controls"] if course.fixed_power else [])
    leaks = {leak_of(name) for name in course.backups}
    recharges = [name for name in course.recharges if name not in leaks]
    return dict.fromkeys((*course.units, *course.pumps, *backups, *recharges, *controls))


def is_electric(station: Station, backup: str) -> bool:
    """Whether a back-up runs on electricity."""
    return any(one.name == backup and one.fuel == "electricity" for one in station.backups)


def fuel_power(plant: SimulatedPlant, backup: str) -> Floats:
    """Fuel (or electricity) that a back-up uses, W, lower heating value; what leaks included."""
    return plant.course.backups[backup][1] + leaking_heat(plant, backup) / _efficiency(
        plant.station, backup
    )


def leaking_heat(plant: SimulatedPlant, backup: str) -> Floats:
    """Heat of a back-up that leaks into a source loop, W, shape (n,)."""
    found = plant.course.recharges.get(leak_of(backup))
    return plant.zeros() if found is None else found[0]


def _efficiency(station: Station, backup: str) -> float:
    return next((one.efficiency for one in station.backups if one.name == backup), 1.0)


def _of(plant: SimulatedPlant, name: str) -> Floats:
    course = plant.course
    if name in course.units:
        return course.units[name].power
    if name in course.pumps:
        return course.pumps[name]
    if name in course.backups:
        return fuel_power(plant, name)
    if name in course.recharges:
        return course.recharges[name][1]
    return plant.zeros() + course.fixed_power * _share_of_controls(plant, name)


def _share_of_controls(plant: SimulatedPlant, name: str) -> float:
    """Share of the fixed power that one cabinet has, by rated power."""
    controls = plant.site.controls
    if not controls:
        return 1.0
    rated = {id: (one.rated_power or 0.0) * one.count for id, one in controls.items()}
    total = sum(rated.values())
    return rated[name] / total if total else 1.0 / len(controls)
