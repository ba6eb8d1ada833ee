"""The share of the design flow that a loop should move: by frequency, else by units or load.

The twin moves the water of a source in proportion to the units that run on it (or holds its
difference of temperature), that of a load in proportion to the load; pumps that do not follow
anything move the design flow. A measured frequency says more than either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Case, Floats
from diwen.diagnosis.machines.units_at_work import units_at_work
from diwen.plant.station import LoadLoop, PumpGroup, SourceLoop
from diwen.site.usual_values import usual_value

Mask = NDArray[np.bool_]
Basis = Literal["constant", "frequency", "difference", "units", "load", "fixed"]


@dataclass(frozen=True, eq=False)
class ExpectedShare:
    """Share of the design flow, hour by hour.

    Attributes
    ----------
    share : 0 to 1, nan where unknown, shape (n,)
    basis : what it follows from
    points : behind it
    """

    share: Floats
    basis: Basis
    points: tuple[str, ...] = ()


def source_share(case: Case, loop: SourceLoop) -> ExpectedShare | None:
    """Share of its design flow that a source loop should move; None: unknown."""
    n = len(case.record)
    variable = [pump for pump in loop.pumps if pump.variable]
    if not variable and loop.temperature_difference is None:
        return ExpectedShare(np.ones(n), "constant")
    by_frequency = frequency_share(case, variable)
    if by_frequency is not None:
        return by_frequency
    least = _least_share(loop.pumps, 1e-3)
    if loop.temperature_difference is not None:
        circuit = case.record.sources.get(loop.name)
        if circuit is None or circuit.heat is None or case.inputs is None:
            return None
        full = case.inputs.sources[loop.name].heat_capacity_rate * loop.temperature_difference
        share = np.clip(np.abs(circuit.heat.value) / full, least, 1.0)
        return ExpectedShare(np.asarray(share), "difference", circuit.heat.points)
    return _by_units(case, loop.name, least)


def _by_units(case: Case, source: str, least: float) -> ExpectedShare | None:
    """By the mean number of units that run on a source, as their maps expect it."""
    assert case.inputs is not None
    drawing = [unit for unit in case.inputs.station.units if unit.draws_on == source]
    groups = units_at_work(case).groups
    if not drawing or any(unit.name not in groups for unit in drawing):
        return None
    running = np.asarray(sum(groups[unit.name].running for unit in drawing))
    share = np.clip(running / sum(unit.count for unit in drawing), least, 1.0)
    return ExpectedShare(np.where(running > 0.0, share, np.nan), "units")


def load_share(
    case: Case, loops: Sequence[LoadLoop], heat: Floats, cooling: Mask
) -> ExpectedShare | None:
    """Share of its design flow that a load circuit should move; None: unknown.

    Parameters
    ----------
    loops : behind the circuit
    heat : that it carries, W, 0 or more, shape (n,)
    cooling : hours in which that is cold, shape (n,)
    """
    pumps = [pump for loop in loops for pump in loop.pumps]
    variable = [pump for pump in pumps if pump.variable]
    if not variable:
        return ExpectedShare(np.ones(len(case.record)), "constant")
    by_frequency = frequency_share(case, variable)
    if by_frequency is not None:
        return by_frequency
    flow = max(pump.design_flow for pump in pumps)
    difference = _difference(loops, cooling)
    if flow <= 0.0 or difference is None:
        return None
    from diwen.physical_constants import WATER_HEAT_CAPACITY

    full = flow * WATER_HEAT_CAPACITY * difference
    share = np.clip(heat / full, _least_share(pumps, 1.0), 1.0)
    return ExpectedShare(np.where(heat > 0.0, share, np.nan), "load")


def _difference(loops: Sequence[LoadLoop], cooling: Mask) -> Floats | None:
    """Design difference of temperature, K, of the loops that carry heat or cold, shape (n,)."""
    warm = {loop.temperature_difference for loop in loops if loop.kind == "heat"}
    cold = {loop.temperature_difference for loop in loops if loop.kind == "cold"}
    if len(warm) > 1 or len(cold) > 1:
        return None
    either = (warm or cold).pop()
    return np.where(cooling, cold.pop() if cold else either, either)


def frequency_share(case: Case, pumps: Sequence[PumpGroup]) -> ExpectedShare | None:
    """Share by the frequency of the first of some pumps that has one; None: no one has."""
    for pump in pumps:
        machine = case.record.pumps.get(pump.name)
        channel = None if machine is None else machine.frequency
        if channel is not None and (np.nan_to_num(channel.value) > 0.0).any():
            share = channel.value / usual_value("diagnosis.machines.mains_frequency")
            return ExpectedShare(np.where(share > 0.02, share, np.nan), "frequency", channel.points)
    return None


def _least_share(pumps: Sequence[PumpGroup], otherwise: float) -> float:
    return max([pump.minimum_share for pump in pumps if pump.variable], default=otherwise)
