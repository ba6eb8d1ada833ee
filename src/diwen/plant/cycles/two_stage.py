"""Two stages with vapour injection from an economiser: cooler gas, more heat at large lifts."""

from __future__ import annotations

import math

from diwen.plant.cycles.compressor import Compressor, bearable, compressed, compression
from diwen.plant.cycles.cycle import Component, Cycle, condenser, evaporator, valve
from diwen.plant.cycles.exchanger_cycle import exchanged
from diwen.plant.cycles.limits import (
    Limits,
    refuse_empty_evaporator,
    refuse_numbers,
    refuse_temperatures,
)
from diwen.plant.cycles.refrigerant import State, refrigerant_of

_STANDARD = Compressor()
_LIMITS = Limits()


def economiser_cycle(
    fluid: str,
    evaporation: float,
    condensation: float,
    *,
    intermediate: float | None = None,
    economiser_difference: float | None = None,
    injection_quality: float = 1.0,
    effectiveness: float = 0.0,
    compressor: Compressor = _STANDARD,
    superheat: float = 5.0,
    subcooling: float = 0.0,
    limits: Limits = _LIMITS,
    heat: float = 1.0,
) -> Cycle:
    """Two stages; saturated vapour of the economiser is injected between them.

    Parameters
    ----------
    fluid : as CoolProp names it
    evaporation, condensation : saturation temperatures, °C
    intermediate : saturation temperature of injection, °C; None: equal pressure ratios
    economiser_difference : by how much the liquid leaves a closed economiser warmer than the
        injection evaporates, K; None: a flash tank, its liquid saturated
    injection_quality : vapour share of what is injected; below 1 its liquid cools the gas
    effectiveness : of an internal exchanger between that liquid and the suction gas, 0 to 1
    superheat, subcooling : in evaporator and condenser, K
    heat : delivered, W

    Raises
    ------
    diwen.problems.InputError : temperatures or discharge out of reach
    """
    medium = refrigerant_of(fluid)
    refuse_numbers(
        effectiveness=(effectiveness, 0.0, 1.0),
        superheat=(superheat, 0.0, 100.0),
        subcooling=(subcooling, 0.0, 100.0),
        injection_quality=(injection_quality, 0.05, 1.0),
        economiser_difference=(economiser_difference or 0.0, 0.0, 100.0),
        heat=(heat, 0.0, math.inf),
    )
    refuse_temperatures(medium, evaporation, condensation, limits)
    if intermediate is not None:
        refuse_numbers(intermediate=(intermediate, evaporation, condensation))
    leaving = medium.suction(evaporation, superheat)
    liquid = medium.condensate(condensation, subcooling)
    middle = (
        math.sqrt(leaving.pressure * liquid.pressure)
        if intermediate is None
        else medium.vapour(intermediate).pressure
    )
    injected = medium.vapour_at_pressure(middle)
    boiling = medium.liquid_at_pressure(middle).enthalpy
    if injection_quality < 1.0:
        wet = boiling + injection_quality * (injected.enthalpy - boiling)
        injected = medium.at_enthalpy(middle, wet)
    chilled = medium.liquid_at_pressure(middle)
    if economiser_difference is not None:
        warmer = min(chilled.temperature + economiser_difference, liquid.temperature)
        chilled = medium.at_temperature(liquid.pressure, warmer)
    main = 1.0 - max(
        0.0, (liquid.enthalpy - chilled.enthalpy) / (injected.enthalpy - chilled.enthalpy)
    )
    gas, cooled = exchanged(medium, leaving, chilled, effectiveness)
    lower = bearable(
        "lower compressor", medium, compressed(medium, gas, middle, compressor), limits
    )
    mixed = medium.at_enthalpy(middle, main * lower.enthalpy + (1.0 - main) * injected.enthalpy)
    upper = compressed(medium, mixed, liquid.pressure, compressor)
    bearable("upper compressor", medium, upper, limits)
    throttled = medium.at_enthalpy(leaving.pressure, cooled.enthalpy)
    states = {"evaporator outlet": leaving, "suction": gas, "lower discharge": lower,
              "injection": injected, "upper suction": mixed, "discharge": upper, "liquid": liquid,
              "economised liquid": chilled, "before valve": cooled,
              "evaporator inlet": throttled}  # fmt: skip
    parts = _parts(states, main, effectiveness)
    refuse_empty_evaporator(parts[0].heat)
    made = Cycle(
        f"two stages {fluid}", -parts[3].heat, parts[0].heat,
        (parts[1].work + parts[2].work) / compressor.motor_efficiency, parts, states,
        {"lower compressor": lower.temperature, "upper compressor": upper.temperature},
        main * compressor.sweeps(gas, lower), injected.temperature,
    )  # fmt: skip
    return made.scaled(heat / made.heat)


def _parts(states: dict[str, State], main: float, effectiveness: float) -> tuple[Component, ...]:
    """Per mass through the condenser; the economiser is taken with its valve."""
    at = states.__getitem__
    liquid, chilled, injected = at("liquid"), at("economised liquid"), at("injection")
    parts = [
        evaporator("evaporator", main, at("evaporator inlet"), at("evaporator outlet")),
        compression("lower compressor", main, at("suction"), at("lower discharge")),
        compression("upper compressor", 1.0, at("upper suction"), at("discharge")),
        condenser("condenser", 1.0, at("discharge"), liquid),
        Component("economiser", ((1.0, liquid), (-main, chilled), (main - 1.0, injected))),
        Component(
            "mixing",
            ((main, at("lower discharge")), (1.0 - main, injected), (-1.0, at("upper suction"))),
        ),
        valve("valve", main, at("before valve"), at("evaporator inlet")),
    ]
    if effectiveness > 0.0:
        gas = ((main, at("evaporator outlet")), (-main, at("suction")))
        liquids = ((main, chilled), (-main, at("before valve")))
        parts.append(Component("internal exchanger", (*gas, *liquids)))
    return tuple(parts)
