"""Heat of the circuits of a plant, as its meters would see it.

The course of a run knows units and loops; meters stand in circuits. A unit that serves several
circuits (rooms and hot water) divides its heat among them by what each needs in the step. Where
the meters stand is said in :mod:`diwen.twin.simulated_telemetry_water`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.fluids import Fluid, fluid
from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.plant.station import Station, Unit
from diwen.site import Site
from diwen.sources.response.source_model import SourceModel
from diwen.twin.course import TwinCourse
from diwen.twin.standard_points_circuits import Circuits, useful_loops

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SimulatedPlant:
    """A stretch of a run with all that its meters need to be read.

    Attributes
    ----------
    site, station : the plant
    sources : models of the source loops, by name
    course : of the run
    outdoor : temperature of the air, °C, of the steps of the course, shape (n,)
    circuits : what is metered where on the load side
    drawdown_factor, injection_factor : heads of wells by a factor of those of the design
    """

    site: Site
    station: Station
    sources: Mapping[str, SourceModel]
    course: TwinCourse
    outdoor: Floats
    circuits: Circuits
    drawdown_factor: float = 1.0
    injection_factor: float = 1.0

    @property
    def n(self) -> int:
        """Number of steps."""
        return len(self.course.mode)

    def zeros(self) -> Floats:
        """Nothing, step by step."""
        return np.zeros(self.n)

    def units(self, names: Collection[str]) -> list[Unit]:
        """Units of the station among some names, in the order of staging."""
        return [unit for unit in self.station.units if unit.name in names]


def circuit_heat(plant: SimulatedPlant, circuit: str, units: Collection[str]) -> Floats:
    """Heat that some units deliver into a circuit, W, shape (n,); never below zero."""
    return loop_heat(plant, plant.circuits.loops.get(circuit, ()), units)


def loop_heat(plant: SimulatedPlant, loops: Collection[str], units: Collection[str]) -> Floats:
    """Heat that some units deliver into some load loops, W, shape (n,); never below zero."""
    total = plant.zeros()
    for unit in plant.units(units):
        heat = plant.course.units[unit.name].heat - _recharging(plant, unit)
        heat = heat - _between_stages(plant, unit)
        total += np.maximum(heat, 0.0) * _share(plant, unit, loops, "heat")
    for unit in plant.units(units):  # what an upper stage draws from a loop is not delivered
        if unit.draws_on in loops:
            total -= plant.course.units[unit.name].source_heat
    return np.maximum(total, 0.0)


def circuit_cold(plant: SimulatedPlant, circuit: str, units: Collection[str]) -> Floats:
    """Cold that some units deliver into a circuit, W, shape (n,)."""
    return loop_cold(plant, plant.circuits.loops.get(circuit, ()), units)


def loop_cold(plant: SimulatedPlant, loops: Collection[str], units: Collection[str]) -> Floats:
    """Cold that some units deliver into some load loops, W, shape (n,)."""
    total = plant.zeros()
    for unit in plant.units(units):
        total += plant.course.units[unit.name].cold * _share(plant, unit, loops, "cold")
    return total


def _served(plant: SimulatedPlant, unit: Unit, kind: str) -> list[str]:
    """Useful load loops of one kind that a unit serves."""
    useful = {loop.name for loop in useful_loops(plant.station) if loop.kind == kind}
    return [name for name in unit.serves if name in useful]


def _recharging(plant: SimulatedPlant, unit: Unit) -> Floats:
    """Heat that a unit gives to the source loops it serves, W."""
    given = plant.zeros()
    for name in unit.serves:
        if name in plant.course.sources:
            others = sum(
                (plant.course.recharges[one.name][0] for one in plant.station.recharges
                 if one.source == name and one.name in plant.course.recharges),
                start=plant.zeros(),
            )  # fmt: skip
            given += np.maximum(plant.course.sources[name].recharge - others, 0.0)
    return given


def _between_stages(plant: SimulatedPlant, unit: Unit) -> Floats:
    """Heat that a unit gives to loops between the stages of a cascade, W, shape (n,).

    Only a unit that serves a load as well is asked: the others deliver nothing into a circuit. What
    upper units draw comes first from lower units that do nothing else, the rest from those that
    serve both, after their heat.
    """
    given = plant.zeros()
    if not _served(plant, unit, "heat"):
        return given
    for loop in unit.serves:
        if loop in plant.course.sources or plant.circuits.of(loop) is not None:
            continue
        feeding = [one for one in plant.station.units if loop in one.serves]
        both = [one for one in feeding if _served(plant, one, "heat")]
        drawn = sum(
            (plant.course.units[one.name].source_heat for one in plant.station.units
             if one.draws_on == loop),
            start=plant.zeros(),
        )  # fmt: skip
        alone = sum(
            (plant.course.units[one.name].heat for one in feeding if one not in both),
            start=plant.zeros(),
        )
        heat = sum((plant.course.units[one.name].heat for one in both), start=plant.zeros())
        share = np.divide(plant.course.units[unit.name].heat, heat, out=plant.zeros(),
                          where=heat > 0.0)  # fmt: skip
        given += np.maximum(drawn - alone, 0.0) * share
    return given


def _share(plant: SimulatedPlant, unit: Unit, loops: Collection[str], kind: str) -> Floats:
    """Share of a unit's heat (or cold) that goes into some loops, shape (n,)."""
    served = _served(plant, unit, kind)
    own = [name in loops for name in served]
    if not any(own):
        return plant.zeros()
    if all(own):
        return plant.zeros() + 1.0
    needs = np.array([_left_to_others(plant, name, kind) for name in served])
    total = needs.sum(axis=0)
    # Where nothing is asked for (a tank is charged), the first loop is the one that is served.
    first = np.full(plant.n, float(own[0]))
    return np.divide(needs[np.array(own)].sum(axis=0), total, out=first, where=total > 0.0)


def _left_to_others(plant: SimulatedPlant, loop: str, kind: str) -> Floats:
    """What a loop needs beyond the units that serve no other useful loop, W, shape (n,)."""
    left = _need(plant, loop)
    for unit in plant.station.units:
        if _served(plant, unit, kind) == [loop]:
            course = plant.course.units[unit.name]
            left = left - (course.heat if kind == "heat" else course.cold)
    return np.asarray(np.maximum(left, 0.0))


def _need(plant: SimulatedPlant, loop: str) -> Floats:
    """What the units had to give to a load loop, as far as its delivery tells, W."""
    course = plant.course.loops[loop]
    helped = sum(
        (plant.course.backups[one.name][0] for one in plant.station.backups
         if one.serves == loop and one.name in plant.course.backups),
        start=plant.zeros(),
    )  # fmt: skip
    lost = 0.0 if course.tank_loss is None else course.tank_loss
    sign = next((1.0 if one.kind == "heat" else -1.0
                 for one in plant.station.load_loops if one.name == loop), 1.0)  # fmt: skip
    warmth = sign * pump_warmth(plant, loop)
    return np.asarray(
        np.maximum(course.delivered + lost + _stored(plant, loop) - helped - warmth, 0.0)
    )


def _stored(plant: SimulatedPlant, loop: str) -> Floats:
    """Heat (of a cold loop: cold) that the tank of a load loop takes up, W; near enough."""
    course = plant.course.loops[loop]
    table = next((one for one in plant.station.load_loops if one.name == loop), None)
    if course.tank is None or table is None or table.tank is None or plant.n < 3:
        return plant.zeros()
    sign = 1.0 if table.kind == "heat" else -1.0
    rise = sign * np.gradient(course.tank) / plant.course.step
    return np.nan_to_num(rise) * table.tank.volume * WATER_HEAT_CAPACITY


def pump_warmth(plant: SimulatedPlant, loop: str) -> Floats:
    """Warmth that the pumps give to the water of a load loop, W, shape (n,).

    A group that stands in several load loops warms them by their flows.
    """
    total = plant.zeros()
    loops = plant.station.load_loops
    for pump in next((one.pumps for one in loops if one.name == loop), ()):
        if pump.name not in plant.course.pumps:
            continue
        beside = [one.name for one in loops if any(own.name == pump.name for own in one.pumps)]
        flows = {name: plant.course.loops[name].flow_share for name in beside}
        together = sum(flows.values(), start=plant.zeros())
        equal = np.full(plant.n, 1.0 / len(beside))
        part = np.divide(flows[loop], together, out=equal, where=together > 0.0)
        total += part * pump.heat_to_water * plant.course.pumps[pump.name]
    return total


def circuit_setpoint(plant: SimulatedPlant, circuit: str) -> Floats:
    """Supply temperature that the controls of a load circuit ask for, °C, shape (n,).

    Of several loops the hottest heat, the coldest cold; where one pair of pipes carries both, that
    of cold while there is more load of cold.
    """
    loops = [one for one in plant.station.load_loops
             if one.name in plant.circuits.loops[circuit]]  # fmt: skip
    asked = {one.name: np.asarray(one.supply.at(plant.outdoor)) for one in loops}
    warm = [asked[one.name] for one in loops if one.kind == "heat"]
    cool = [asked[one.name] for one in loops if one.kind == "cold"]
    if not warm or not cool:
        return np.max(warm, axis=0) if warm else np.min(cool, axis=0)
    heat, cold = (
        sum((plant.course.loops[one.name].load for one in loops if one.kind == kind),
            start=plant.zeros())
        for kind in ("heat", "cold")
    )  # fmt: skip
    return np.where(cold > heat, np.min(cool, axis=0), np.max(warm, axis=0))


def load_fluid(site: Site) -> Fluid:
    """Fluid of the load side: of the heat pumps, else as metered."""
    units = list(site.heat_pumps.values())
    return _named(units[0].load_fluid if units else site.metering.load_fluid)


def source_fluid(site: Site, source: str, units: Collection[str]) -> Fluid:
    """Fluid that flows through units on a source loop: theirs where given, else of the source."""
    for name in units:
        pump = site.heat_pumps.get(name)
        if pump is not None:
            own = "source_fluid" in pump.model_fields_set
            of_source = getattr(site.sources.get(source), "fluid", pump.source_fluid)
            return _named(pump.source_fluid if own else of_source)
    return _named(site.metering.source_fluid)


def _named(written: object) -> Fluid:
    share = float(getattr(written, "concentration", 0.0))
    name = str(getattr(written, "name", "water"))
    return fluid(name if share == 0.0 else f"{name} {100.0 * share:g} %")
