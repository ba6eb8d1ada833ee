"""Transcritical CO₂: the gas cooler's pinch against the water, and the best high pressure.

Above the critical point pressure and temperature are free of each other; there is a pressure at
which the work saved on one side just pays for the other (Lorentzen and Pettersen 1993, Int. J.
Refrigeration 16, 4-12; Nekså 1998, Int. J. Refrigeration 21, 172-179: water heated from cold gives
the best result, a warm return spoils it).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from threading import get_ident

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text, same
from diwen.plant.cycles.compressor import Compressor, bearable, compressed, compression
from diwen.plant.cycles.cycle import Component, Cycle, condenser, evaporator, valve
from diwen.plant.cycles.exchanger_cycle import exchanged
from diwen.plant.cycles.limits import (
    ATMOSPHERE,
    Limits,
    pressure_problems,
    refuse_empty_evaporator,
    refuse_evaporation,
    refuse_numbers,
)
from diwen.plant.cycles.refrigerant import Refrigerant, State, refrigerant_of
from diwen.problems import InputError, Problem

Floats = NDArray[np.float64]
CO2_LIMITS = Limits(math.inf, ATMOSPHERE, 140e5)
"""Usual design pressure of CO₂ machines (engineering practice, unverified); any discharge."""
_STANDARD = Compressor(isentropic_efficiency=0.68)
_PRESSURE_STEP = 0.5e5
_STEPS = (24, 12, 6, 3, 1)
_STEP = 1.5
_HOTTEST = 220.0
_NOT_HOT = Text(
    "no pressure up to {limit} bar heats water from {cold} to {warm} °C",
    "在 {limit} bar 以内，没有任何压力可将水从 {cold} °C 加热到 {warm} °C",
)
_CURE_HOT = Text(
    "lower the supply temperature, allow a higher pressure or a hotter discharge",
    "请降低供水温度，或允许更高的压力或排气温度",
)
_ORDER = Text("the supply is not warmer than the return", "供水温度不高于回水温度")
_RISE = Text("let the supply be warmer than the return", "供水温度应高于回水温度")
_SUBCRITICAL = Text(
    "the pressure is below the critical pressure of {fluid}", "压力低于 {fluid} 的临界压力"
)
_USE_SIMPLE = Text("raise it, or use a subcritical cycle", "请提高压力，或采用亚临界循环")


@dataclass(frozen=True, slots=True)
class _Machine:
    """What stays the same at every pressure."""

    medium: Refrigerant
    leaving: State
    effectiveness: float
    compressor: Compressor

    def suction(self, cooled: State) -> tuple[State, State]:
        """Suction gas and liquid in front of the valve, by the gas leaving the cooler."""
        return exchanged(self.medium, self.leaving, cooled, self.effectiveness)


def gas_cooler_cycle(
    evaporation: float,
    outlet: float,
    high_pressure: float,
    *,
    fluid: str = "R744",
    effectiveness: float = 0.0,
    compressor: Compressor = _STANDARD,
    superheat: float = 5.0,
    limits: Limits = CO2_LIMITS,
    heat: float = 1.0,
) -> Cycle:
    """A transcritical cycle by the temperature at which the gas leaves its cooler.

    Parameters
    ----------
    evaporation : saturation temperature, °C
    outlet : of the gas cooler, °C
    high_pressure : Pa, above critical
    effectiveness : of the internal exchanger, 0 to 1
    superheat : in the evaporator, K
    heat : delivered, W

    Raises
    ------
    diwen.problems.InputError : temperatures, pressure or discharge out of reach
    """
    machine = _machine(fluid, evaporation, effectiveness, compressor, superheat, limits)
    _refuse_pressure(machine.medium, high_pressure, limits)
    cooled = machine.medium.at_temperature(high_pressure, outlet)
    return _of_outlet(machine, cooled, limits, heat)


def optimum_gas_cooler_cycle(
    evaporation: float,
    return_temperature: float,
    supply_temperature: float,
    *,
    high_pressure: float | None = None,
    pinch: float = 4.0,
    fluid: str = "R744",
    effectiveness: float = 0.3,
    compressor: Compressor = _STANDARD,
    superheat: float = 5.0,
    limits: Limits = CO2_LIMITS,
    heat: float = 1.0,
) -> Cycle:
    """A transcritical water heater in counterflow; the water's heat capacity is constant.

    Parameters
    ----------
    evaporation : saturation temperature, °C
    return_temperature, supply_temperature : of the water, °C
    high_pressure : Pa; None: the one with the highest COP within the limits
    pinch : smallest difference between gas and water anywhere in the gas cooler, K
    effectiveness : of the internal exchanger, 0 to 1
    superheat : in the evaporator, K
    heat : delivered, W

    Raises
    ------
    diwen.problems.InputError : temperatures, pressure or discharge out of reach
    """
    machine = _machine(fluid, evaporation, effectiveness, compressor, superheat, limits)
    if supply_temperature <= return_temperature:
        shown = f"{return_temperature:.1f} → {supply_temperature:.1f} °C"
        raise InputError([Problem("cycle", "supply", _ORDER, _RISE, shown)])
    refuse_numbers(pinch=(pinch, 0.0, 50.0))
    water = (return_temperature, supply_temperature, pinch)
    if high_pressure is not None:
        _refuse_pressure(machine.medium, high_pressure, limits)
        found = _pinched(machine, water, high_pressure, math.inf)
    else:
        found = _best(machine, water, limits)
    if found is None:
        top = limits.highest_pressure if high_pressure is None else high_pressure
        message = _NOT_HOT.format(
            limit=f"{top / 1e5:.0f}", cold=f"{return_temperature:.0f}",
            warm=f"{supply_temperature:.0f}",
        )  # fmt: skip
        shown = f"{supply_temperature:.1f} °C"
        raise InputError([Problem("cycle", "high_pressure", message, _CURE_HOT, shown)])
    cooled = machine.medium.at_enthalpy(found.pressure, found.outlet)
    return _of_outlet(machine, cooled, limits, heat)


def _machine(
    fluid: str,
    evaporation: float,
    effectiveness: float,
    compressor: Compressor,
    superheat: float,
    limits: Limits,
) -> _Machine:
    medium = refrigerant_of(fluid)
    refuse_numbers(effectiveness=(effectiveness, 0.0, 1.0), superheat=(superheat, 0.0, 100.0))
    refuse_evaporation(medium, evaporation, limits)
    return _Machine(medium, medium.suction(evaporation, superheat), effectiveness, compressor)


def _refuse_pressure(medium: Refrigerant, pressure: float, limits: Limits) -> None:
    problems = [*pressure_problems(pressure, limits)]
    if not pressure > medium.critical_pressure:
        message = _SUBCRITICAL.format(fluid=medium.name)
        allowed = same(f"> {medium.critical_pressure / 1e5:.1f} bar")
        shown = f"{pressure / 1e5:.1f} bar"
        problems.append(Problem("cycle", "high_pressure", message, _USE_SIMPLE, shown, allowed))
    if problems:
        raise InputError(problems)


@lru_cache(maxsize=512)
def _isobar(fluid: str, pressure: float, _thread: int) -> tuple[Floats, Floats]:
    """Temperatures, °C, and enthalpies, J/kg, along a pressure, Pa."""
    medium = refrigerant_of(fluid)
    hottest = min(_HOTTEST, medium.highest_temperature)
    temperature = np.arange(0.0, hottest, _STEP)
    enthalpy = [medium.at_temperature(pressure, t).enthalpy for t in temperature]
    return temperature, np.array(enthalpy)


@dataclass(frozen=True, slots=True)
class _Trial:
    """What a high pressure, Pa, gives: enthalpy of the gas leaving its cooler, J/kg, and COP."""

    pressure: float
    outlet: float
    cop: float


def _warmed(machine: _Machine, pressure: float, enthalpy: float, temperature: float) -> State:
    """Suction gas for gas leaving the cooler: :func:`exchanged` without its liquid side."""
    medium, leaving = machine.medium, machine.leaving
    if machine.effectiveness <= 0.0 or temperature <= leaving.temperature:
        return leaving
    warmest = medium.at_temperature(leaving.pressure, temperature).enthalpy - leaving.enthalpy
    coldest = enthalpy - medium.at_temperature(pressure, leaving.temperature).enthalpy
    heat = machine.effectiveness * min(warmest, coldest)
    return medium.at_enthalpy(leaving.pressure, leaving.enthalpy + heat)


def _pinched(
    machine: _Machine, water: tuple[float, float, float], pressure: float, hottest: float
) -> _Trial | None:
    """The gas leaving the cooler, so that no point of it is closer to the water than the pinch.

    Along the cooler the water's share of its rise is that of the heat; at a gas enthalpy h and
    temperature T the bound on the outlet enthalpy is linear, so the largest bound is the answer.
    """
    cold, warm, pinch = water
    medium = machine.medium
    temperature, enthalpy = _isobar(medium.name, pressure, get_ident())
    share = (temperature - pinch - cold) / (warm - cold)
    inside = (share >= 0.0) & (share < 1.0)
    nearest = medium.at_temperature(pressure, cold + pinch).enthalpy
    outlet, hot, gas = nearest, math.nan, machine.leaving
    for _ in range(8):
        gas = _warmed(machine, pressure, outlet, float(np.interp(outlet, enthalpy, temperature)))
        ideal = medium.at_entropy(pressure, gas.entropy).enthalpy - gas.enthalpy
        hot = gas.enthalpy + ideal / machine.compressor.efficiency(pressure / gas.pressure)
        if not warm + pinch <= float(np.interp(hot, enthalpy, temperature)) <= hottest:
            return None
        bound = (enthalpy - share * hot)[inside] / (1.0 - share[inside])
        before, outlet = outlet, max(nearest, float(bound.max(initial=-math.inf)))
        if outlet >= hot:
            return None
        if abs(outlet - before) < 50.0:
            break
    return _Trial(pressure, outlet, (hot - outlet) / (hot - gas.enthalpy))


def _best(machine: _Machine, water: tuple[float, float, float], limits: Limits) -> _Trial | None:
    """The pressure of the highest COP, to half a bar: ever smaller steps around the best so far.

    Pressures of one grid, so that points of a map share their isobars.
    """
    lowest = math.ceil(1.02 * machine.medium.critical_pressure / _PRESSURE_STEP)
    highest = math.floor(
        min(limits.highest_pressure, 3.0 * machine.medium.critical_pressure) / _PRESSURE_STEP
    )
    tried: dict[int, _Trial] = {}

    def cop(place: int) -> float:
        if not lowest <= place <= highest:
            return -math.inf
        if place not in tried:
            pressure = place * _PRESSURE_STEP
            trial = _pinched(machine, water, pressure, limits.discharge)
            tried[place] = trial or _Trial(pressure, math.nan, -math.inf)
        return tried[place].cop

    best = max((*range(lowest + _STEPS[0], highest, _STEPS[0]), highest), key=cop, default=lowest)
    for step in _STEPS[1:]:
        while (nearer := max(best - step, best + step, key=cop)) and cop(nearer) > cop(best):
            best = nearer
    return tried[best] if math.isfinite(cop(best)) else None


def _of_outlet(machine: _Machine, cooled: State, limits: Limits, heat: float) -> Cycle:
    medium, leaving = machine.medium, machine.leaving
    gas, liquid = machine.suction(cooled)
    hot = compressed(medium, gas, cooled.pressure, machine.compressor)
    bearable("compressor", medium, hot, limits)
    throttled = medium.at_enthalpy(leaving.pressure, liquid.enthalpy)
    parts = [
        evaporator("evaporator", 1.0, throttled, leaving),
        compression("compressor", 1.0, gas, hot),
        condenser("gas cooler", 1.0, hot, cooled),
        valve("valve", 1.0, liquid, throttled),
    ]
    if machine.effectiveness > 0.0:
        through = ((1.0, leaving), (-1.0, gas), (1.0, cooled), (-1.0, liquid))
        parts.append(Component("internal exchanger", through))
    states = {"evaporator outlet": leaving, "suction": gas, "discharge": hot,
              "gas cooler outlet": cooled, "before valve": liquid,
              "evaporator inlet": throttled}  # fmt: skip
    refuse_empty_evaporator(parts[0].heat)
    made = Cycle(
        f"transcritical {medium.name}", -parts[2].heat, parts[0].heat,
        parts[1].work / machine.compressor.motor_efficiency, tuple(parts), states,
        {"compressor": hot.temperature}, machine.compressor.sweeps(gas, hot),
    )  # fmt: skip
    return made.scaled(heat / made.heat)
