"""Flow and temperatures of the water of a plant, as the sensors of its meters would see them.

A heat meter counts its own flow times its own difference of temperatures. All readings here obey
that: flow · ρc(mean temperature) · difference is the heat that the register counts, in every step.

Source loop. Flow: design flow of the source (of the deviating plant, if it deviates) times the
share that runs. The entering sensor stands before the units, the leaving sensor behind them, with
nothing but the units between: the register counts the heat of the units (their heat delivered less
their electricity, standby aside). Warmth of the source pumps and recharges enters behind the
leaving sensor, before the ground: ``SourceCourse.heat`` = heat at the meter − warmth of the pumps
− ``recharge`` put in; where only they run, the water passes units at rest and both sensors read
the same. Meters in the well water see the whole heat of the aquifer instead.

Load circuit. Flow: design flow of the pumps of each loop times the share that runs. The return
sensor stands behind the pumps (their warmth is in the return) and behind a tank, which lies in the
return; the supply sensor stands behind the units, and behind those back-ups that the meter is said
to cover. So the register counts the heat of the units (and of these back-ups), neither the warmth
of the pumps nor what a tank stores or loses: Q of the meter + warmth of the pumps + other back-ups
= delivered + stored + lost. In steps in which units give heat without a load (a tank or the rooms
are charged) the water runs at the flow that carries it.

A unit's own meters: its part of the flow of the circuit. On the source side units side by side
share the flow by their own design flows times the number that runs; on the load side by the heat
they give.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from diwen.fluids import Fluid
from diwen.plant.station import LoadLoop
from diwen.twin.simulated_telemetry_heat import (
    Floats,
    SimulatedPlant,
    circuit_cold,
    circuit_heat,
    load_fluid,
    loop_cold,
    loop_heat,
    source_fluid,
)

State = tuple[Floats, Floats, Floats]
"""Flow, m³/s, and two temperatures, °C, nan at standstill; shape (n,) each."""


def circuit_state(
    plant: SimulatedPlant,
    circuit: str,
    units: Collection[str] | None = None,
    backups: Collection[str] = (),
) -> State:
    """Flow, supply and return of a load circuit, or of the branches of some of its units.

    Parameters
    ----------
    units : that the meter covers; None: all
    backups : that stand between its sensors
    """
    everything = [unit.name for unit in plant.station.units]
    flow, supply = _circuit_water(plant, circuit, everything)
    heat = circuit_heat(plant, circuit, everything)
    cold = circuit_cold(plant, circuit, everything)
    whole = heat - cold
    if units is not None:
        part = circuit_heat(plant, circuit, units) + circuit_cold(plant, circuit, units)
        total = heat + cold
        branch = np.divide(part, total, out=plant.zeros(), where=total > 0.0)
        if np.any((total > 0.0) & (branch < 1.0 - 1e-9)):
            flow = flow * branch
            whole = whole * branch
    for name in backups:
        whole = whole + plant.course.backups[name][0]
    return flow, supply, _behind(load_fluid(plant.site), flow, supply, whole)


def _circuit_water(
    plant: SimulatedPlant, circuit: str, units: Collection[str]
) -> tuple[Floats, Floats]:
    """Flow, m³/s, and supply temperature of a circuit, °C; loops side by side mix."""
    flow, warmth = plant.zeros(), plant.zeros()
    for loop in plant.station.load_loops:
        if loop.name not in plant.circuits.loops[circuit]:
            continue
        given = loop_heat(plant, (loop.name,), units) + loop_cold(plant, (loop.name,), units)
        own = _loop_flow(plant, loop, given)
        supply = plant.course.loops[loop.name].supply
        supply = np.where(np.isfinite(supply), supply, _made(plant, loop))
        own = np.where(np.isfinite(supply), own, 0.0)
        flow = flow + own
        warmth = warmth + own * np.nan_to_num(supply)
    nothing = np.full(plant.n, np.nan)
    return flow, np.divide(warmth, flow, out=nothing, where=flow > 0.0)


def _loop_flow(plant: SimulatedPlant, loop: LoadLoop, given: Floats) -> Floats:
    """Flow through the units of a load loop, m³/s, shape (n,).

    Parameters
    ----------
    given : heat or cold of its units, W, shape (n,)
    """
    share = plant.course.loops[loop.name].flow_share
    full = load_fluid(plant.site).heat_capacity(loop.supply.at(plant.outdoor))
    full = full * loop.temperature_difference
    design = max((pump.design_flow for pump in loop.pumps), default=0.0)
    if design <= 0.0:  # pumps that nobody described move what carries the heat
        asked = np.maximum(given, plant.course.loops[loop.name].delivered)
        return np.asarray(asked / full)
    # What keeps a tank warm takes minutes of a step: the mean flow is below that of the pumps.
    charging = np.clip(given / (full * design), 0.0, 1.0)
    alone = (given > 0.0) & ((share <= 0.0) | (loop.tank is not None))
    return np.asarray(design * np.where(alone, np.maximum(share, charging), share))


def _made(plant: SimulatedPlant, loop: LoadLoop) -> Floats:
    """Temperature at which the units make the heat (or cold) of a loop, °C; nan: none runs."""
    total, weight = plant.zeros(), plant.zeros()
    for unit in plant.station.units:
        if loop.name not in unit.serves:
            continue
        course = plant.course.units[unit.name]
        given = np.where(np.isfinite(course.load_leaving),
                         course.heat if loop.kind == "heat" else course.cold, 0.0)  # fmt: skip
        total += given * np.nan_to_num(course.load_leaving)
        weight += given
    nothing = np.full(plant.n, np.nan)
    return np.divide(total, weight, out=nothing, where=weight > 0.0)


def unit_state(plant: SimulatedPlant, circuit: str, unit: str) -> State:
    """Flow, leaving and entering water of one unit on a load circuit.

    Its water changes by the difference that all units of the circuit make; in steps in which it
    gives to another circuit as well it leaves at the supply temperature of the circuit. Nan while
    the unit gives nothing to the circuit.
    """
    given = circuit_heat(plant, circuit, (unit,)) + circuit_cold(plant, circuit, (unit,))
    flow, supply, back = circuit_state(plant, circuit, (unit,))
    course = plant.course.units[unit]
    running = (given > 0.0) & (course.running > 0.0) & (flow > 0.0) & np.isfinite(supply - back)
    alone = given > 0.999 * (np.maximum(course.heat, 0.0) + course.cold)
    leaving = np.where(running, np.where(alone, course.load_leaving, supply), np.nan)
    heat = circuit_heat(plant, circuit, (unit,)) - circuit_cold(plant, circuit, (unit,))
    flow = np.where(running, flow, 0.0)
    return flow, leaving, _behind(load_fluid(plant.site), flow, leaving, heat)


def source_state(plant: SimulatedPlant, source: str, units: Collection[str]) -> State:
    """Flow, entering and leaving temperature of units on a source loop."""
    loop = plant.course.sources[source]
    flow = _source_flow(plant, source) * _running_share(plant, source, units)
    liquid = source_fluid(plant.site, source, units)
    leaving = _behind(liquid, flow, loop.entering, units_source_heat(plant, source, units))
    return flow, loop.entering, np.where(flow > 0.0, leaving, loop.leaving)


def units_source_heat(plant: SimulatedPlant, source: str, units: Collection[str]) -> Floats:
    """Heat that some units take from a source loop, W, injection negative, shape (n,)."""
    return sum(
        (plant.course.units[unit.name].source_heat for unit in plant.units(units)
         if unit.draws_on == source),
        start=plant.zeros(),
    )  # fmt: skip


def _source_flow(plant: SimulatedPlant, source: str) -> Floats:
    """Flow of a source loop, m³/s, shape (n,)."""
    model = plant.sources.get(source)
    if model is None:
        return plant.zeros()
    flow = model.flow * plant.course.sources[source].flow_share
    if model.flow_shares is None:
        return flow
    shares = np.asarray(model.flow_shares, float)
    step = (plant.course.start + np.arange(plant.n)) % shares.size
    return flow * shares[step]


def _running_share(plant: SimulatedPlant, source: str, units: Collection[str]) -> Floats:
    """Share of the flow of a source loop that runs through some of its units; 0 where none runs."""
    drawing = [unit for unit in plant.station.units if unit.draws_on == source]
    if all(unit.name in units for unit in drawing):
        return plant.zeros() + 1.0
    known = all(np.isfinite(unit.source_flow) for unit in drawing)
    running = {one.name: plant.course.units[one.name].running * (one.source_flow if known else 1.0)
               for one in drawing}  # fmt: skip
    total = sum(running.values(), start=plant.zeros())
    own = sum((one for name, one in running.items() if name in units), start=plant.zeros())
    return np.divide(own, total, out=plant.zeros(), where=total > 0.0)


def well_state(plant: SimulatedPlant, source: str) -> State:
    """Flow, temperature taken out and given back of the water of wells."""
    loop, model = plant.course.sources[source], plant.sources[source]
    rate = model.heat_capacity_rate * loop.flow_share
    half = np.divide(0.5 * loop.heat, rate, out=plant.zeros(), where=rate > 0.0)
    fluid_ = np.where(loop.flow_share > 0.0, loop.fluid, np.nan)
    return model.flow * loop.flow_share, fluid_ + half, fluid_ - half


def _behind(liquid: Fluid, flow: Floats, from_: Floats, heat: Floats) -> Floats:
    """Temperature of water that differs from another by a heat rate, °C; nan without flow.

    Parameters
    ----------
    flow : m³/s, shape (n,)
    from_ : °C, shape (n,)
    heat : W, above 0 where the other water is the warmer, shape (n,)
    """
    found = np.asarray(from_, float)
    for _ in range(3):  # ρc of the mean of both temperatures
        capacity = liquid.heat_capacity(np.nan_to_num(0.5 * (from_ + found)))
        span = np.divide(heat, flow * capacity, out=np.zeros(flow.shape), where=flow > 0.0)
        found = from_ - span
    return np.where(flow > 0.0, found, np.nan)
