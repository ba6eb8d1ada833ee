"""Which supply temperature the design asks for at the outdoor temperature that was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diwen.diagnosis.finding import Case, Floats
from diwen.diagnosis.operation.energy_signature import Kind

if TYPE_CHECKING:
    from diwen.plant.station import LoadLoop

# Loops of one circuit whose targets differ by more cannot be told apart by one sensor, K.
_ONE_TARGET = 0.5


def loops_of(case: Case, circuit: str, kind: Kind) -> tuple[LoadLoop, ...]:
    """Load loops of one kind that are metered in a circuit."""
    from diwen.twin.standard_points_circuits import circuits_of

    if case.inputs is None:
        return ()
    parts = circuits_of(case.site, case.inputs.station, "cooling" in case.record.circuits)
    names = parts.loops.get(circuit, ())
    return tuple(loop for loop in case.inputs.station.load_loops
                 if loop.name in names and loop.kind == kind)  # fmt: skip


def one_curve(loops: tuple[LoadLoop, ...]) -> bool:
    """Whether all loops ask for the same supply temperature: else one sensor sees a mixture."""
    if not loops:
        return False
    air = np.linspace(-40.0, 45.0, 86)
    targets = np.array([target_at(loop, air) for loop in loops])
    return bool(np.ptp(targets, axis=0).max() <= _ONE_TARGET)


def target_at(loop: LoadLoop, outdoor: Floats) -> Floats:
    """Supply temperature that units must hold, °C, at outdoor temperatures, °C."""
    more = loop.exchanger_difference if loop.kind == "heat" else -loop.exchanger_difference
    return loop.supply.at(outdoor) + more


def is_flat(loop: LoadLoop) -> bool:
    """Whether the supply temperature does not follow the outdoor temperature."""
    return bool(np.ptp(loop.supply.supply) < 0.1)


def slope_at(loop: LoadLoop, outdoor: Floats) -> Floats:
    """Change of the supply temperature with the outdoor temperature, K/K; 0 where it is held."""
    return (target_at(loop, outdoor + 0.5) - target_at(loop, outdoor - 0.5)) / 1.0


def supply_target(case: Case, loop: LoadLoop) -> Floats | None:
    """Design supply temperature of the hours, °C, shape (n,); None: nobody measured outdoors."""
    n = len(case.record)
    if is_flat(loop):
        return np.full(n, float(target_at(loop, np.zeros(1))[0]))
    if case.record.outdoor is None or not case.record.outdoor.valid.any():
        return None
    return target_at(loop, case.record.outdoor.value)
