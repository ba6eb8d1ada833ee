"""What every cycle is in the end: components with flows, heat and work, and their sum.

A component closes the first law and destroys no entropy; both can be asked of each, so that no
cycle can be wrong unnoticed (Bejan, Tsatsaronis, Moran 1996, Thermal Design and Optimization).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from diwen.plant.cycles.refrigerant import ZERO_CELSIUS, State


@dataclass(frozen=True, eq=False)
class Component:
    """A part of a machine.

    Attributes
    ----------
    name : what it is
    flows : mass flow, kg/s, positive into the component and negative out of it, with its state
    heat : W, received from outside
    work : W, shaft work received
    boundary : temperature at which the heat crosses, °C: of the refrigerant where it is warmest
        (evaporator) or coldest (condenser), so that losses in the water are not counted here
    """

    name: str
    flows: tuple[tuple[float, State], ...]
    heat: float = 0.0
    work: float = 0.0
    boundary: float = 0.0

    @property
    def imbalance(self) -> float:
        """What the first law leaves over, W: zero but for rounding."""
        return sum(flow * state.enthalpy for flow, state in self.flows) + self.heat + self.work

    @property
    def entropy_generated(self) -> float:
        """W/K, never below zero."""
        carried = sum(flow * state.entropy for flow, state in self.flows)
        return -carried - self.heat / (self.boundary + ZERO_CELSIUS)


@dataclass(frozen=True, eq=False)
class Cycle:
    """A machine at one operating point.

    Attributes
    ----------
    kind : of machine, for people
    heat : delivered, W
    source_heat : taken up, W
    electric : W, of all compressors, motor losses included; auxiliaries are not
    components : all of them
    states : by name
    discharge : temperature at the end of each compression, °C, by component
    displacement : volume that the lowest compressor sweeps, m³/s
    intermediate : temperature between stages, °C, where there is one
    """

    kind: str
    heat: float
    source_heat: float
    electric: float
    components: tuple[Component, ...]
    states: Mapping[str, State]
    discharge: Mapping[str, float]
    displacement: float
    intermediate: float | None = None

    @property
    def cop(self) -> float:
        """Heat delivered per electricity."""
        return self.heat / self.electric

    @property
    def cooling_ratio(self) -> float:
        """Cold delivered per electricity, EER as a ratio."""
        return self.source_heat / self.electric

    @property
    def work(self) -> float:
        """Shaft work of all compressors, W."""
        return sum(component.work for component in self.components)

    @property
    def discharge_temperature(self) -> float:
        """Highest of all compressors, °C."""
        return max(self.discharge.values())

    @property
    def high_pressure(self) -> float:
        """Highest of all states, Pa."""
        return max(state.pressure for state in self.states.values())

    def scaled(self, factor: float) -> Cycle:
        """The same cycle with all flows multiplied."""
        return replace(
            self,
            heat=self.heat * factor,
            source_heat=self.source_heat * factor,
            electric=self.electric * factor,
            components=tuple(_scaled(part, factor) for part in self.components),
            displacement=self.displacement * factor,
        )


def _scaled(part: Component, factor: float) -> Component:
    flows = tuple((flow * factor, state) for flow, state in part.flows)
    return replace(part, flows=flows, heat=part.heat * factor, work=part.work * factor)


def valve(name: str, flow: float, before: State, after: State) -> Component:
    """A throttle: enthalpy stays."""
    return Component(name, ((flow, before), (-flow, after)))


def evaporator(name: str, flow: float, before: State, after: State) -> Component:
    """Takes heat up; at the temperature of its outlet, the warmest it has."""
    heat = flow * (after.enthalpy - before.enthalpy)
    warmest = max(before.temperature, after.temperature)
    return Component(name, ((flow, before), (-flow, after)), heat, 0.0, warmest)


def condenser(name: str, flow: float, before: State, after: State) -> Component:
    """Gives heat off; at the temperature of its outlet, the coldest it has."""
    heat = flow * (after.enthalpy - before.enthalpy)
    return Component(name, ((flow, before), (-flow, after)), heat, 0.0, after.temperature)
