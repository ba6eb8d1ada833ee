"""One stage with an internal exchanger: warm liquid superheats the gas before it is compressed."""

from __future__ import annotations

import math

from diwen.plant.cycles.compressor import Compressor, bearable, compressed, compression
from diwen.plant.cycles.cycle import Component, Cycle, condenser, evaporator, valve
from diwen.plant.cycles.limits import (
    Limits,
    refuse_empty_evaporator,
    refuse_numbers,
    refuse_temperatures,
)
from diwen.plant.cycles.refrigerant import Refrigerant, State, refrigerant_of

_STANDARD = Compressor()
_LIMITS = Limits()


def exchanged(
    fluid: Refrigerant, gas: State, liquid: State, effectiveness: float, liquid_share: float = 1.0
) -> tuple[State, State]:
    """Gas and liquid behind an internal exchanger in counterflow.

    Parameters
    ----------
    gas, liquid : states in front of it
    effectiveness : heat over the most that the weaker of the two streams could exchange, 0 to 1
    liquid_share : mass flow of the liquid over that of the gas
    """
    if effectiveness <= 0.0 or liquid.temperature <= gas.temperature:
        return gas, liquid
    warmest = fluid.at_temperature(gas.pressure, liquid.temperature)
    coldest = fluid.at_temperature(liquid.pressure, gas.temperature)
    of_gas = warmest.enthalpy - gas.enthalpy
    of_liquid = liquid_share * (liquid.enthalpy - coldest.enthalpy)
    heat = effectiveness * min(of_gas, of_liquid)
    warmed = fluid.at_enthalpy(gas.pressure, gas.enthalpy + heat)
    return warmed, fluid.at_enthalpy(liquid.pressure, liquid.enthalpy - heat / liquid_share)


def single_stage_with_exchanger(
    fluid: str,
    evaporation: float,
    condensation: float,
    *,
    effectiveness: float = 0.3,
    compressor: Compressor = _STANDARD,
    superheat: float = 5.0,
    subcooling: float = 0.0,
    limits: Limits = _LIMITS,
    heat: float = 1.0,
) -> Cycle:
    """A cycle of one stage with an internal exchanger, without pressure losses.

    Parameters
    ----------
    fluid : as CoolProp names it
    evaporation, condensation : saturation temperatures (of the vapour, if the fluid glides), °C
    effectiveness : of the internal exchanger, 0 to 1
    superheat : in the evaporator, K
    subcooling : in the condenser, K
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
        heat=(heat, 0.0, math.inf),
    )
    refuse_temperatures(medium, evaporation, condensation, limits)
    leaving = medium.suction(evaporation, superheat)
    liquid = medium.condensate(condensation, subcooling)
    gas, cooled = exchanged(medium, leaving, liquid, effectiveness)
    hot = bearable(
        "compressor", medium, compressed(medium, gas, liquid.pressure, compressor), limits
    )
    throttled = medium.at_enthalpy(leaving.pressure, cooled.enthalpy)
    parts = [
        evaporator("evaporator", 1.0, throttled, leaving),
        compression("compressor", 1.0, gas, hot),
        condenser("condenser", 1.0, hot, liquid),
        valve("valve", 1.0, cooled, throttled),
    ]
    if effectiveness > 0.0:
        through = ((1.0, leaving), (-1.0, gas), (1.0, liquid), (-1.0, cooled))
        parts.append(Component("internal exchanger", through))
    states = {"evaporator outlet": leaving, "suction": gas, "discharge": hot, "liquid": liquid,
              "before valve": cooled, "evaporator inlet": throttled}  # fmt: skip
    refuse_empty_evaporator(parts[0].heat)
    made = Cycle(
        f"single stage {fluid}", -parts[2].heat, parts[0].heat,
        parts[1].work / compressor.motor_efficiency, tuple(parts), states,
        {"compressor": hot.temperature}, compressor.sweeps(gas, hot),
    )  # fmt: skip
    return made.scaled(heat / made.heat)
