"""A compressor by its efficiencies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from diwen.language import Text, same
from diwen.plant.cycles.cycle import Component
from diwen.plant.cycles.limits import Limits, refuse_discharge
from diwen.plant.cycles.refrigerant import Refrigerant, State
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT

_SHARE = Text("not an efficiency", "不是效率值")
_FILLED = Text(
    "the clearance leaves no volume to suck: the pressure ratio is too large",
    "余隙使吸气量为零：压比过大",
)
_WET = Text("drops form at the end of {part}", "{part} 压缩终了带液")
_DRY = Text("raise the superheat or use an internal exchanger", "请增大过热度或采用回热器")
_STAGES = Text("use two stages or a cascade", "请采用双级或复叠循环")


@dataclass(frozen=True, slots=True)
class Compressor:
    """Efficiencies of a compressor and its motor.

    Attributes
    ----------
    isentropic_efficiency : 0 to 1, or a function of the pressure ratio that gives it
    motor_efficiency : shaft work per electricity; its losses go to the room, not to the fluid
    clearance : dead volume per swept volume; the gas in it expands back before suction
    """

    isentropic_efficiency: float | Callable[[float], float] = 0.70
    motor_efficiency: float = 0.95
    clearance: float = 0.0

    def efficiency(self, ratio: float) -> float:
        """Isentropic, at a pressure ratio.

        Raises
        ------
        diwen.problems.InputError : it is not between 0 and 1
        """
        given = self.isentropic_efficiency
        value = given(ratio) if callable(given) else given
        parts = {"isentropic_efficiency": value, "motor_efficiency": self.motor_efficiency}
        wrong = [
            Problem("compressor", name, _SHARE, CORRECT, f"{share}", same("0 < η <= 1"))
            for name, share in parts.items()
            if not 0.0 < share <= 1.0
        ]
        if wrong:
            raise InputError(wrong)
        return value

    def sweeps(self, suction: State, discharge: State) -> float:
        """Volume swept per mass compressed, m³/kg.

        Raises
        ------
        diwen.problems.InputError : the clearance holds all that could be sucked
        """
        share = 1.0 - self.clearance * (discharge.density / suction.density - 1.0)
        if share <= 0.0:
            ratio = f"{discharge.pressure / suction.pressure:.1f}"
            raise InputError([Problem("compressor", "clearance", _FILLED, _STAGES, ratio)])
        return 1.0 / (suction.density * share)


def compressed(
    fluid: Refrigerant, suction: State, pressure: float, compressor: Compressor
) -> State:
    """The state after compression to a pressure, Pa."""
    ideal = fluid.at_entropy(pressure, suction.entropy).enthalpy - suction.enthalpy
    work = ideal / compressor.efficiency(pressure / suction.pressure)
    return fluid.at_enthalpy(pressure, suction.enthalpy + work)


def compression(name: str, flow: float, suction: State, discharge: State) -> Component:
    """The compressor as a component: adiabatic, its shaft work all in the gas."""
    work = flow * (discharge.enthalpy - suction.enthalpy)
    return Component(name, ((flow, suction), (-flow, discharge)), 0.0, work)


def bearable(name: str, fluid: Refrigerant, discharge: State, limits: Limits) -> State:
    """The state itself, unless it is too hot for the machine or drops have formed.

    Raises
    ------
    diwen.problems.InputError : above the discharge limit, or wet
    """
    refuse_discharge(name, discharge.temperature, limits)
    if discharge.pressure < fluid.critical_pressure:
        dry = fluid.vapour_at_pressure(discharge.pressure)
        if discharge.enthalpy < dry.enthalpy:
            message = _WET.format(part=name)
            shown = f"{discharge.temperature:.1f} °C"
            raise InputError([Problem("compressor", "superheat", message, _DRY, shown)])
    return discharge
