"""Properties of a working fluid, from CoolProp, each fluid opened once.

The low-level interface is used: a state in 1 to 100 µs instead of ten times that. Its object
carries a state, so each thread has its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from threading import get_ident
from typing import Any

from diwen.language import Text, same
from diwen.problems import InputError, Problem

ZERO_CELSIUS = 273.15
"""K."""
_UNKNOWN = Text("no such working fluid", "没有该工质")
_NAME = Text(
    "name it as CoolProp does, e.g. R290, R32, R717, R744, R1233zd(E)",
    "请用 CoolProp 的名称，例如 R290、R32、R717、R744、R1233zd(E)",
)
_NO_STATE = Text(
    "the properties of {fluid} did not converge ({reason})", "{fluid} 的物性计算不收敛（{reason}）"
)
_MOVE = Text(
    "move away from the critical point and from the fluid's limits, or choose another fluid",
    "请远离临界点和该工质的适用界限，或更换工质",
)


@dataclass(frozen=True, slots=True)
class State:
    """One state of one fluid.

    Attributes
    ----------
    temperature : °C
    pressure : Pa
    enthalpy : J/kg, reference of the fluid
    entropy : J/(kg·K), reference of the fluid
    density : kg/m³
    """

    temperature: float
    pressure: float
    enthalpy: float
    entropy: float
    density: float


class Refrigerant:
    """A fluid and its states; get one by :func:`refrigerant_of`.

    Attributes
    ----------
    name : as asked
    critical_temperature, triple_temperature, highest_temperature : °C
    critical_pressure : Pa
    """

    def __init__(self, name: str) -> None:
        import CoolProp

        self.name = name
        self._properties: Any = CoolProp.AbstractState("HEOS", name)
        self._pt = CoolProp.PT_INPUTS
        self._ph = CoolProp.HmassP_INPUTS
        self._ps = CoolProp.PSmass_INPUTS
        self._pq = CoolProp.PQ_INPUTS
        self._tq = CoolProp.QT_INPUTS
        self._two_phase = CoolProp.iphase_twophase
        self._gas = CoolProp.iphase_gas
        self.critical_temperature = float(self._properties.T_critical() - ZERO_CELSIUS)
        self.critical_pressure = float(self._properties.p_critical())
        self.triple_temperature = float(self._properties.Ttriple() - ZERO_CELSIUS)
        self.highest_temperature = float(self._properties.Tmax() - ZERO_CELSIUS)

    def _at(self, pair: Any, first: float, second: float) -> State:
        properties = self._properties
        try:
            properties.update(pair, first, second)
        except ValueError as error:
            message = _NO_STATE.format(fluid=self.name, reason=same(str(error)[:120]))
            raise InputError([Problem("cycle", self.name, message, _MOVE)]) from error
        return State(
            properties.T() - ZERO_CELSIUS,
            properties.p(),
            properties.hmass(),
            properties.smass(),
            properties.rhomass(),
        )

    def vapour(self, temperature: float) -> State:
        """Saturated vapour, °C."""
        return self._at(self._tq, 1.0, temperature + ZERO_CELSIUS)

    def liquid(self, temperature: float) -> State:
        """Saturated liquid, °C."""
        return self._at(self._tq, 0.0, temperature + ZERO_CELSIUS)

    def vapour_at_pressure(self, pressure: float) -> State:
        """Saturated vapour, Pa."""
        return self._at(self._pq, pressure, 1.0)

    def liquid_at_pressure(self, pressure: float) -> State:
        """Saturated liquid, Pa."""
        return self._at(self._pq, pressure, 0.0)

    def at_temperature(self, pressure: float, temperature: float) -> State:
        """Of one phase, at Pa and °C."""
        return self._at(self._pt, pressure, temperature + ZERO_CELSIUS)

    def at_enthalpy(self, pressure: float, enthalpy: float) -> State:
        """At Pa and J/kg."""
        return self._at(self._ph, enthalpy, pressure)

    def at_entropy(self, pressure: float, entropy: float) -> State:
        """At Pa and J/(kg·K)."""
        return self._at(self._ps, pressure, entropy)

    def suction(self, evaporation: float, superheat: float) -> State:
        """Vapour leaving an evaporator at °C, superheated by K."""
        saturated = self.vapour(evaporation)
        if superheat <= 0.0:
            return saturated
        return self.at_temperature(saturated.pressure, evaporation + superheat)

    def condensate(self, condensation: float, subcooling: float) -> State:
        """Liquid leaving a condenser at °C, subcooled by K."""
        saturated = self.liquid(condensation)
        if subcooling <= 0.0:
            return saturated
        return self.at_temperature(saturated.pressure, condensation - subcooling)


def refrigerant_of(name: str) -> Refrigerant:
    """The fluid of that name, opened once in each thread.

    Parameters
    ----------
    name : as CoolProp knows it: ``R290``, ``R744``, ``R1233zd(E)``, ``Water``

    Raises
    ------
    diwen.problems.InputError : there is no such fluid
    """
    return _opened(name, get_ident())


@lru_cache(maxsize=64)
def _opened(name: str, _thread: int) -> Refrigerant:
    try:
        return Refrigerant(name)
    except ValueError as error:
        from CoolProp.CoolProp import FluidsList

        near = ", ".join(get_close_matches(name, FluidsList(), 4, 0.5)) or "R290, R32, R717"
        problem = Problem("cycle", "fluid", _UNKNOWN, _NAME, name, same(near))
        raise InputError([problem]) from error
