"""The plant in the hour of its highest load: what the units can do there, and what without one.

Temperatures are those of the twin in that hour; capacities come from the full-load maps at them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.design.station_design.design_result import DesignHour, Duty, UnitAtDesign
from diwen.plant.performance_map import PerformanceMap
from diwen.plant.station import AIR, LoadLoop, Station, Unit
from diwen.site import Site
from diwen.site.usual_values import usual_value
from diwen.sources.response.source_model import SourceModel
from diwen.twin.course import TwinCourse

Floats = NDArray[np.float64]
KINDS: dict[Duty, str] = {"heating": "heat", "cooling": "cold"}
WATER_HEAT = 4.186e6
"""Heat capacity of water, J/(m³·K), near 10 °C."""


@dataclass(frozen=True, eq=False)
class HourOfPlant:
    """A plant and one hour of its course.

    Attributes
    ----------
    site, station : the plant
    sources : models, for the temperature without load
    course : the year
    outdoor : °C, shape (8760,); None: no weather
    duty : heating or cooling
    hour : from 0
    """

    site: Site
    station: Station
    sources: dict[str, SourceModel]
    course: TwinCourse
    outdoor: Floats | None
    duty: Duty
    hour: int

    @property
    def loops(self) -> tuple[LoadLoop, ...]:
        """Load loops of the duty that carry a load."""
        return loops_of(self.station, self.duty)

    @property
    def load(self) -> float:
        """Asked for in that hour, W."""
        return float(sum(self.course.loops[loop.name].load[self.hour] for loop in self.loops))

    @property
    def air(self) -> float:
        """Outdoor temperature, °C; nan where no weather is known."""
        return float("nan") if self.outdoor is None else float(self.outdoor[self.hour])

    def entering(self, unit: Unit) -> float:
        """Water or air entering a unit from its source, °C."""
        if unit.draws_on == AIR:
            return self.air
        at_unit = float(self.course.units[unit.name].source_entering[self.hour])
        if np.isfinite(at_unit):
            return at_unit
        loop = self.course.sources.get(unit.draws_on)
        if loop is not None and np.isfinite(loop.entering[self.hour]):
            return float(loop.entering[self.hour])
        model = self.sources.get(unit.draws_on)
        if model is None:
            return float(self.course.loops[unit.draws_on].supply[self.hour])
        rest = np.asarray(model.undisturbed_temperature, float)
        return float(np.resize(rest, self.hour + 1)[self.hour])

    def leaving(self, unit: Unit) -> float:
        """What the loops of the duty ask of a unit, °C: the hardest of them."""
        served = [loop for loop in self.loops if loop.name in unit.serves]
        sign = 1.0 if self.duty == "heating" else -1.0
        air = 0.0 if self.outdoor is None else self.air
        asked = [float(loop.supply.at(air)) + sign * loop.exchanger_difference for loop in served]
        return sign * max(sign * value for value in asked)


def loops_of(station: Station, duty: Duty) -> tuple[LoadLoop, ...]:
    """Load loops of a duty that carry a load."""
    return tuple(one for one in station.load_loops if one.kind == KINDS[duty] and one.loads)


def units_of(station: Station, duty: Duty) -> tuple[Unit, ...]:
    """Units that serve a load of that duty."""
    names = {loop.name for loop in loops_of(station, duty)}
    return tuple(
        unit for unit in station.units
        if names & set(unit.serves) and map_of(unit, duty) is not None
    )  # fmt: skip


def map_of(unit: Unit, duty: Duty) -> PerformanceMap | None:
    """Full-load map of a duty; None: the unit cannot."""
    return unit.heating if duty == "heating" else unit.cooling


def peak_hour(course: TwinCourse, station: Station, duty: Duty) -> int | None:
    """Hour of the highest load of a duty in a year, from 0; None where there is none."""
    total = load_of(course, station, duty)
    return int(total.argmax()) if total.any() else None


def load_of(course: TwinCourse, station: Station, duty: Duty) -> Floats:
    """Load of a duty over the course, W, shape (n,)."""
    parts = [course.loops[loop.name].load for loop in loops_of(station, duty)]
    return np.asarray(np.sum(parts, axis=0)) if parts else np.zeros(len(course.mode))


def full_load(unit: Unit, duty: Duty, source: float, leaving: float) -> tuple[float, float]:
    """Capacity and power of one unit at full load, W; nothing where it may not run."""
    table = map_of(unit, duty)
    assert table is not None
    hot = duty == "heating" and leaving > unit.maximum_supply + 1e-9
    cold = duty == "cooling" and leaving < unit.minimum_chilled - 1e-9
    outside = not unit.minimum_source - 1e-9 <= source <= unit.maximum_source + 1e-9
    if hot or cold or outside:
        return 0.0, 0.0
    capacity, power = table.at(source, leaving)
    return float(capacity), float(power)


def units_at(plant: HourOfPlant) -> tuple[UnitAtDesign, ...]:
    """Every group of units of the duty in the hour."""
    return tuple(_unit_at(plant, unit) for unit in units_of(plant.station, plant.duty))


def _unit_at(plant: HourOfPlant, unit: Unit) -> UnitAtDesign:
    source, leaving = plant.entering(unit), plant.leaving(unit)
    each, power = full_load(unit, plant.duty, source, leaving)
    table = map_of(unit, plant.duty)
    assert table is not None
    flows, assumed = _flows(plant, unit, each, power)
    item = plant.site.heat_pumps.get(unit.name)
    return UnitAtDesign(
        unit.name, "" if item is None else item.model, unit.count, plant.duty, source, leaving,
        each * unit.count, power * unit.count, each / power if power > 0.0 else float("nan"),
        bool(table.extrapolated(source, leaving)), each * (unit.part_load.minimum or 0.0),
        *flows, assumed,
    )  # fmt: skip


def _flows(
    plant: HourOfPlant, unit: Unit, capacity: float, power: float
) -> tuple[tuple[float | None, float], bool]:
    """Source and load flow of all units, m³/s, and whether one is assumed."""
    item = plant.site.heat_pumps.get(unit.name)
    usual = usual_value("default.loop_temperature_difference")
    at_source = capacity - power if plant.duty == "heating" else capacity + power
    said = getattr(item, "source_flow", None)
    source = None if unit.draws_on == AIR else said or at_source / WATER_HEAT / usual
    differences = [one.temperature_difference for one in plant.loops if one.name in unit.serves]
    load = getattr(item, "load_flow", None) or capacity / WATER_HEAT / max(differences)
    assumed = (source is not None and said is None) or getattr(item, "load_flow", None) is None
    count = unit.count
    return (None if source is None else source * count, load * count), assumed


def design_hour(plant: HourOfPlant, units: Iterable[UnitAtDesign], year: int = 1) -> DesignHour:
    """The design hour in numbers.

    Parameters
    ----------
    plant : and its hour
    units : of :func:`units_at`
    year : of operation that the course is of
    """
    rows = list(units)
    load = load_of(plant.course, plant.station, plant.duty)
    some = load[load > 0.0]
    share = usual_value("default.design.smallest_load_share")
    capacity = sum(row.capacity for row in rows)
    largest = max((row.capacity / row.count for row in rows), default=0.0)
    names = {loop.name for loop in plant.loops}
    helping = [one.capacity for one in plant.station.backups if one.serves in names]
    sign = 1.0 if plant.duty == "heating" else -1.0
    smallest = [row.minimum or row.capacity / row.count for row in rows if row.capacity > 0.0]
    return DesignHour(
        plant.duty, plant.hour, year, plant.load,
        None if plant.outdoor is None else plant.air,
        _mean([row.source_entering for row in rows], [row.capacity for row in rows]),
        sign * max((sign * row.load_leaving for row in rows), default=float("nan")),
        capacity, float(sum(helping)) if plant.duty == "heating" else 0.0, capacity - largest,
        sum(row.count for row in rows),
        float(np.quantile(some, share)) if some.size else 0.0, min(smallest, default=0.0),
    )  # fmt: skip


def _mean(values: list[float], weights: list[float]) -> float:
    """Mean weighted by capacity; plain where nothing has any."""
    if not values:
        return float("nan")
    return float(np.average(values, weights=weights if sum(weights) > 0.0 else None))
