"""Heat, flow and temperatures of the circuits of a plant, as its meters would see them.

The course of a run knows units and loops; meters stand in circuits. A unit that serves several
circuits (rooms and hot water) divides its heat among them by what each needs in the step.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.fluids import Fluid, fluid
from diwen.plant.station import Station, Unit
from diwen.site import Site
from diwen.sources.response.source_model import SourceModel
from diwen.twin.course import TwinCourse
from diwen.twin.standard_points_circuits import Circuits, useful_loops

Floats = NDArray[np.float64]
# Below this difference a flow cannot be told from heat and difference, K.
_SMALLEST = 0.05


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
    total = plant.zeros()
    for unit in plant.units(units):
        heat = plant.course.units[unit.name].heat - _recharging(plant, unit)
        heat = heat - _between_stages(plant, unit)
        total += np.maximum(heat, 0.0) * _share(plant, unit, circuit)
    for unit in plant.units(units):  # what an upper stage draws from the circuit is not delivered
        if plant.circuits.of(unit.draws_on) == circuit:
            total -= plant.course.units[unit.name].source_heat
    return np.maximum(total, 0.0)


def circuit_cold(plant: SimulatedPlant, circuit: str, units: Collection[str]) -> Floats:
    """Cold that some units deliver into a circuit, W, shape (n,)."""
    total = plant.zeros()
    loops = set(plant.circuits.loops.get(circuit, ()))
    for unit in plant.units(units):
        if loops & set(_served(plant, unit, "cold")):
            total += plant.course.units[unit.name].cold
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


def _share(plant: SimulatedPlant, unit: Unit, circuit: str) -> Floats:
    """Share of a unit's heat that goes into a circuit, shape (n,)."""
    served = _served(plant, unit, "heat")
    own = [plant.circuits.of(name) == circuit for name in served]
    if not any(own):
        return plant.zeros()
    if all(own):
        return plant.zeros() + 1.0
    needs = np.array([_need(plant, name) for name in served])
    total = needs.sum(axis=0)
    # Where nothing is asked for (a tank is charged), the first loop is the one that is served.
    first = np.full(plant.n, float(own[0]))
    return np.divide(needs[np.array(own)].sum(axis=0), total, out=first, where=total > 0.0)


def _need(plant: SimulatedPlant, loop: str) -> Floats:
    """What the units had to give to a heat loop, as far as its delivery tells, W."""
    course = plant.course.loops[loop]
    helped = sum(
        (plant.course.backups[one.name][0] for one in plant.station.backups
         if one.serves == loop and one.name in plant.course.backups),
        start=plant.zeros(),
    )  # fmt: skip
    lost = 0.0 if course.tank_loss is None else course.tank_loss
    return np.asarray(np.maximum(course.delivered + lost - helped, 0.0))


def circuit_state(plant: SimulatedPlant, circuit: str) -> tuple[Floats, Floats, Floats]:
    """Flow, m³/s, supply and return, °C, of a load circuit, shape (n,) each; nan at standstill.

    Loops side by side mix: temperatures are weighted by their flows.
    """
    liquid = load_fluid(plant.site)
    flow, hot, cold = plant.zeros(), plant.zeros(), plant.zeros()
    for name in plant.circuits.loops[circuit]:
        loop = plant.course.loops[name]
        span = np.abs(loop.supply - loop.return_)
        mean = 0.5 * (loop.supply + loop.return_)
        own = _flow(loop.delivered, span, liquid.heat_capacity(np.nan_to_num(mean)))
        design = sum(
            pump.design_flow for one in plant.station.load_loops if one.name == name
            for pump in one.pumps[:1]
        )  # fmt: skip
        own = np.where(np.isfinite(own), own, design * loop.flow_share)
        own = np.where(np.isfinite(span), own, 0.0)
        flow += own
        hot += own * np.nan_to_num(loop.supply)
        cold += own * np.nan_to_num(loop.return_)
    running = flow > 0.0
    nothing = np.full(plant.n, np.nan)
    return (
        flow,
        np.divide(hot, flow, out=nothing.copy(), where=running),
        np.divide(cold, flow, out=nothing.copy(), where=running),
    )


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


def unit_state(plant: SimulatedPlant, circuit: str, unit: str) -> tuple[Floats, Floats, Floats]:
    """Flow, m³/s, leaving and entering water, °C, of one unit on a load circuit, (n,) each.

    Its water is taken to change by the difference of the circuit; in steps in which it gives to
    another circuit as well it leaves at the supply temperature of the circuit. Nan while the unit
    gives nothing to the circuit.
    """
    heat, cold = circuit_heat(plant, circuit, (unit,)), circuit_cold(plant, circuit, (unit,))
    given = heat + cold
    _, supply, back = circuit_state(plant, circuit)
    running = (given > 0.0) & (plant.course.units[unit].running > 0.0) & np.isfinite(supply - back)
    course = plant.course.units[unit]
    alone = given > 0.999 * (np.maximum(course.heat, 0.0) + course.cold)
    leaving = np.where(running, np.where(alone, course.load_leaving, supply), np.nan)
    entering = leaving - (supply - back)
    liquid = load_fluid(plant.site)
    capacity = liquid.heat_capacity(np.nan_to_num(0.5 * (leaving + entering)))
    flow = _flow(given, np.abs(np.nan_to_num(leaving - entering)), capacity)
    return np.nan_to_num(flow), leaving, entering


def source_state(
    plant: SimulatedPlant, source: str, units: Collection[str]
) -> tuple[Floats, Floats, Floats]:
    """Flow, m³/s, entering and leaving temperature, °C, of units on a source loop, (n,) each."""
    loop = plant.course.sources[source]
    taken = sum(
        (plant.course.units[unit.name].source_heat for unit in plant.units(units)
         if unit.draws_on == source),
        start=plant.zeros(),
    )  # fmt: skip
    span = loop.entering - loop.leaving
    mean = 0.5 * (loop.entering + loop.leaving)
    liquid = source_fluid(plant.site, source, units)
    flow = _flow(np.abs(taken), np.abs(span), liquid.heat_capacity(np.nan_to_num(mean)))
    design = plant.sources[source].flow if source in plant.sources else 0.0
    own = _running_share(plant, source, units)
    flow = np.where(np.isfinite(flow), flow, design * loop.flow_share * own)
    return np.nan_to_num(flow), loop.entering, loop.leaving


def _running_share(plant: SimulatedPlant, source: str, units: Collection[str]) -> Floats:
    """Share of the running units of a source loop that some of them are; 1 where none runs."""
    drawing = [unit for unit in plant.station.units if unit.draws_on == source]
    if all(unit.name in units for unit in drawing):
        return plant.zeros() + 1.0
    running = {unit.name: plant.course.units[unit.name].running for unit in drawing}
    total = sum(running.values(), start=plant.zeros())
    own = sum((one for name, one in running.items() if name in units), start=plant.zeros())
    return np.divide(own, total, out=plant.zeros() + 1.0, where=total > 0.0)


def well_state(plant: SimulatedPlant, source: str) -> tuple[Floats, Floats, Floats]:
    """Flow, m³/s, temperature taken out and given back, °C, of the water of wells, (n,) each."""
    loop, model = plant.course.sources[source], plant.sources[source]
    rate = model.heat_capacity_rate * loop.flow_share
    half = np.divide(0.5 * loop.heat, rate, out=plant.zeros(), where=rate > 0.0)
    fluid_ = np.where(loop.flow_share > 0.0, loop.fluid, np.nan)
    return model.flow * loop.flow_share, fluid_ + half, fluid_ - half


def _flow(heat: Floats, span: Floats, capacity: Floats) -> Floats:
    """Flow that carries a heat rate over a difference; nan where the difference is too small."""
    return np.divide(heat, capacity * span, out=np.full(heat.shape, np.nan), where=span > _SMALLEST)


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
