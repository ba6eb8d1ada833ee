"""How each deviation changes the twin: functions of its inputs and a value, nothing else.

A change of the ground or the boreholes is made in the site, before its models are built; all
others are made in the inputs of a run (:class:`TwinInputs`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diwen.plant.performance_map import PerformanceMap
from diwen.plant.station import LoadLoop, PumpGroup, Station, SupplyCurve, Unit
from diwen.site import Site
from diwen.site.borefield import Borefield
from diwen.sources.response.source_model import SourceModel

Floats = NDArray[np.float64]
# Hours of the day in which a setback is usual.
_NIGHT = (22, 6)
_YEAR = 365.0 * 86400.0


@dataclass(frozen=True, eq=False)
class TwinInputs:
    """What a run of the twin is given.

    Attributes
    ----------
    station : the plant
    sources : models of its source loops, by name
    loads : W of each load loop, one repeating year, by name, shape (n,) each
    outdoor : °C, shape (n,)
    step : s
    drawdown_factor, injection_factor : heads of wells by a factor of those of the design, for one
        flow: of what the water falls by and of what it is injected with
    """

    station: Station
    sources: Mapping[str, SourceModel]
    loads: Mapping[str, Floats]
    outdoor: Floats
    step: float
    drawdown_factor: float = 1.0
    injection_factor: float = 1.0


# ---- of the site


def conductivity(site: Site, factor: float) -> Site:
    """All layers conduct heat by a factor better than surveyed."""
    layers = tuple(
        layer if layer.conductivity is None
        else layer.model_copy(update={"conductivity": layer.conductivity * factor})
        for layer in site.ground.layers
    )  # fmt: skip
    return site.model_copy(update={"ground": site.ground.model_copy(update={"layers": layers})})


def borehole_resistance(site: Site, factor: float) -> Site:
    """The effective resistance of all boreholes by a factor higher than designed."""
    return borehole_resistances(site, lambda _: factor)


def borehole_resistances(site: Site, factor: Callable[[str], float]) -> Site:
    """The effective resistance of the boreholes of each field, by its id, by a factor higher."""
    from diwen.site.closed_loops import closed_loop

    sources = dict(site.sources)
    for name, source in site.sources.items():
        if isinstance(source, Borefield):
            resistance = closed_loop(site, name).resistance * factor(name)
            bore = source.borehole.model_copy(update={"thermal_resistance": resistance})
            sources[name] = source.model_copy(update={"borehole": bore})
    return site.model_copy(update={"sources": sources})


# ---- of the inputs


def load_factor(inputs: TwinInputs, factor: float) -> TwinInputs:
    """All loads by a factor."""
    return replace(inputs, loads={name: load * factor for name, load in inputs.loads.items()})


def cooling_factor(inputs: TwinInputs, factor: float) -> TwinInputs:
    """Cold by a factor, heat as it is: the balance of the ground shifts."""
    cold = {loop.name for loop in inputs.station.load_loops if loop.kind == "cold"}
    loads = {name: load * factor if name in cold else load for name, load in inputs.loads.items()}
    return replace(inputs, loads=loads)


def unit_capacity(inputs: TwinInputs, factor: float) -> TwinInputs:
    """Units by a factor larger, with their standby and flows."""

    def changed(unit: Unit) -> Unit:
        return replace(
            _with_maps(unit, lambda table: _scaled(table, factor, factor)),
            standby_power=unit.standby_power * factor,
            source_flow=unit.source_flow * factor, load_flow=unit.load_flow * factor,
        )  # fmt: skip

    return _with_units(inputs, changed)


def undisturbed_shift(inputs: TwinInputs, shift: float) -> TwinInputs:
    """Sources without load by some kelvins warmer than surveyed."""
    sources = {name: _shifted(model, shift) for name, model in inputs.sources.items()}
    return replace(inputs, sources=sources)


def _shifted(model: SourceModel, shift: float) -> SourceModel:
    return replace(
        model, undisturbed_temperature=model.undisturbed_temperature + shift,
        at_flow=_then_shifted(model.at_flow, shift),
    )  # fmt: skip


def _then_shifted(
    at_flow: Callable[[float], SourceModel] | None, shift: float
) -> Callable[[float], SourceModel] | None:
    if at_flow is None:
        return None

    return lambda flow: _shifted(at_flow(flow), shift)


def unseen_loss(inputs: TwinInputs, share: float, elapsed: float) -> TwinInputs:
    """Every source steadily loses (below 0: gains) a share of the mean heat load, unseen.

    A neighbouring field, groundwater that carries heat off: no meter counts it and no pump moves
    it. The ground answers by its own response; the drop at mid-year holds for the year.

    Parameters
    ----------
    elapsed : years since the loss began, at the middle of the year
    """
    heat = {loop.name for loop in inputs.station.load_loops if loop.kind == "heat"}
    mean = sum(float(np.mean(load)) for name, load in inputs.loads.items() if name in heat)
    rate = share * mean / max(len(inputs.sources), 1)
    sources = {}
    for name, model in inputs.sources.items():
        response = model.response
        lagged = -np.expm1(-elapsed * _YEAR / response.time_constants)
        drop = rate * float((response.resistances[0, 0] * lagged).sum())
        sources[name] = _shifted(model, -drop)
    return replace(inputs, sources=sources)


def recharge_factor(inputs: TwinInputs, factor: float) -> TwinInputs:
    """Recharge and rejection by a factor of what was designed; 0: out of order.

    A unit that does nothing but recharge a source gives and draws this much less or more; of one
    that serves loads as well the hours in which it may recharge are a share (at most all of them),
    evenly spread.
    """
    recharges = tuple(
        replace(one, at_zero=one.at_zero * factor, per_kelvin=one.per_kelvin * factor,
                capacity=one.capacity * factor, power=one.power * factor)
        for one in inputs.station.recharges
    ) if factor > 0.0 else ()  # fmt: skip
    changed = _with_station(inputs, recharges=recharges)
    sources = {loop.name for loop in inputs.station.source_loops}
    return _with_units(
        changed, lambda unit: _recharging(unit, sources, factor, len(inputs.outdoor))
    )


def _recharging(unit: Unit, sources: set[str], factor: float, steps: int) -> Unit:
    """A unit that recharges by a factor of the design; others as they are."""
    if sources.isdisjoint(unit.serves):
        return unit
    if unit.heating is not None and factor > 0.0 and sources.issuperset(unit.serves):
        return replace(unit, heating=_scaled(unit.heating, factor, factor))
    place = np.arange(steps)
    share = min(factor, 1.0)
    there = np.floor((place + 1) * share) > np.floor(place * share)
    if unit.recharge_allowed is not None:
        there = there & unit.recharge_allowed
    return replace(unit, recharge_allowed=there)


def source_flow(inputs: TwinInputs, factor: float) -> TwinInputs:
    """Source water by a factor of the design, the pumps at their power (throttled)."""
    sources = {
        name: model.with_flow(model.flow * factor) if model.at_flow is not None else model
        for name, model in inputs.sources.items()
    }
    loops = tuple(
        replace(loop, pumps=tuple(replace(p, design_flow=p.design_flow * factor)
                                  for p in loop.pumps))
        for loop in inputs.station.source_loops
    )  # fmt: skip
    changed = _with_station(replace(inputs, sources=sources), source_loops=loops)
    return _with_units(changed, lambda u: replace(u, source_flow=u.source_flow * factor))


def load_flow(inputs: TwinInputs, factor: float) -> TwinInputs:
    """Water of the load side by a factor of the design: its difference of temperature changes."""

    def changed(loop: LoadLoop) -> LoadLoop:
        pumps = tuple(replace(p, design_flow=p.design_flow * factor) for p in loop.pumps)
        difference = loop.temperature_difference / factor
        return replace(loop, temperature_difference=difference, pumps=pumps)

    units = _with_units(inputs, lambda u: replace(u, load_flow=u.load_flow * factor))
    return _with_load_loops(units, changed)


def load_bypass(inputs: TwinInputs, share: float) -> TwinInputs:
    """A share of the water flows past the load: units must supply more than the load gets."""

    def changed(loop: LoadLoop) -> LoadLoop:
        more = share / (1.0 - share) * loop.temperature_difference
        return replace(loop, exchanger_difference=loop.exchanger_difference + more)

    return _with_load_loops(inputs, changed)


def pump_oversize(inputs: TwinInputs, factor: float) -> TwinInputs:
    """All pumps by a factor too large, at constant speed."""
    return _with_pumps(
        inputs, lambda p: replace(p, power=p.power * factor, variable=False, minimum_share=1.0)
    )


def strainer(inputs: TwinInputs, lost: float) -> TwinInputs:
    """Strainers let a share of the source water less through than when they were clean."""
    return source_flow(inputs, 1.0 - lost)


def setpoint_shift(inputs: TwinInputs, shift: float) -> TwinInputs:
    """Heat is supplied by some kelvins warmer, cold by as many colder than designed."""

    def changed(loop: LoadLoop) -> LoadLoop:
        more = shift if loop.kind == "heat" else -shift
        return replace(loop, supply=SupplyCurve(loop.supply.outdoor, loop.supply.supply + more))

    return _with_load_loops(inputs, changed)


def outdoor_sensor(inputs: TwinInputs, error: float) -> TwinInputs:
    """The outdoor sensor in a wrong place reads some kelvins more: curves follow what it reads."""
    return _with_load_loops(
        inputs,
        lambda loop: replace(
            loop, supply=SupplyCurve(loop.supply.outdoor - error, loop.supply.supply)
        ),
    )


def wrong_sequence(inputs: TwinInputs, on: float) -> TwinInputs:
    """Units are staged in the reverse order, one after another, whatever was designed."""
    if not on:
        return inputs
    units = inputs.station.units[::-1]
    return _with_station(inputs, units=units, staging="sequence")


def dead_band(inputs: TwinInputs, factor: float) -> TwinInputs:
    """Dead bands by a factor of the design: below 1 the units hunt."""
    return _with_load_loops(inputs, lambda p: replace(p, dead_band=p.dead_band * factor))


def pumps_always_on(inputs: TwinInputs, on: float) -> TwinInputs:
    """Pumps run in every step of their season at full flow."""
    if not on:
        return inputs
    return _with_pumps(inputs, lambda pump: replace(pump, always_on=True))


def setback_ignored(inputs: TwinInputs, share: float) -> TwinInputs:
    """Loads of the night rise to a share of the mean of their day, where they were below it."""
    per_hour = 3600.0 / inputs.step
    per_day = round(24 * per_hour)
    hour = (np.arange(per_day) / per_hour).astype(int)
    night = (hour >= _NIGHT[0]) | (hour < _NIGHT[1])

    def changed(load: Floats) -> Floats:
        days = load[: len(load) // per_day * per_day].reshape(-1, per_day)
        mean = days[:, ~night].mean(axis=1, keepdims=True)
        raised = np.where(night, np.maximum(days, share * mean), days)
        return np.concatenate([raised.ravel(), load[raised.size :]])

    return replace(inputs, loads={name: changed(load) for name, load in inputs.loads.items()})


def efficiency_lost(inputs: TwinInputs, lost: float) -> TwinInputs:
    """Units need more power for the same heat: fouling, refrigerant."""
    power = 1.0 / (1.0 - lost)
    return _with_units(inputs, lambda u: _with_maps(u, lambda table: _scaled(table, 1.0, power)))


# ---- how a station is changed


def _scaled(table: PerformanceMap, capacity: float, power: float) -> PerformanceMap:
    return replace(table, capacity=table.capacity * capacity, power=table.power * power)


def _with_maps(unit: Unit, change: Callable[[PerformanceMap], PerformanceMap]) -> Unit:
    def of(table: PerformanceMap | None) -> PerformanceMap | None:
        return None if table is None else change(table)

    return replace(unit, heating=of(unit.heating), cooling=of(unit.cooling),
                   simultaneous=of(unit.simultaneous))  # fmt: skip


def _with_station(inputs: TwinInputs, **more: object) -> TwinInputs:
    return replace(inputs, station=replace(inputs.station, **more))  # type: ignore[arg-type]


def _with_units(inputs: TwinInputs, change: Callable[[Unit], Unit]) -> TwinInputs:
    return _with_station(inputs, units=tuple(map(change, inputs.station.units)))


def _with_load_loops(inputs: TwinInputs, change: Callable[[LoadLoop], LoadLoop]) -> TwinInputs:
    return _with_station(inputs, load_loops=tuple(map(change, inputs.station.load_loops)))


def _with_pumps(inputs: TwinInputs, change: Callable[[PumpGroup], PumpGroup]) -> TwinInputs:
    sources = tuple(
        replace(loop, pumps=tuple(map(change, loop.pumps))) for loop in inputs.station.source_loops
    )
    changed = _with_station(inputs, source_loops=sources)
    return _with_load_loops(
        changed, lambda loop: replace(loop, pumps=tuple(map(change, loop.pumps)))
    )
