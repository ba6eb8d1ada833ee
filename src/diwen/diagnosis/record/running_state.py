"""Whether water flows and machines run, as far as status, flow, frequency or power tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.record.readings import Readings
from diwen.diagnosis.record.steps import Steps
from diwen.evaluation.operation import LOAD_DIFFERENCE, SOURCE_DIFFERENCE
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.site import Point

Floats = NDArray[np.float64]
_SIDES = ("source_entering", "source_leaving", "load_leaving", "load_entering")
_RULE = "default.diagnosis.record."


def running(readings: Readings, machine: str) -> Steps | None:
    """1 while a machine runs, 0 while it stands, nan where not known; None: nothing tells.

    Its status decides, else its frequency, else its electric power above a share of the usual
    high power, else the temperature differences of both its sides.
    """
    own = [one for one in readings.points.values() if one.equipment == (machine,)]
    for point in own:
        if (point.quantity, point.location, point.detail) == ("status", "unit", ""):
            return _above(readings.steps(point), 0.5)
    for point in own:
        if (point.quantity, point.location) == ("frequency", "unit"):
            return _above(readings.steps(point), 1.0)
    for quantity in ("electric_power", "electric_energy"):
        for point in own:
            if point.quantity == quantity and point.location == "supply":
                steps = readings.steps(point)
                limit = usual_value(_RULE + "power_on_share") * usual_high(steps.value)
                return _above(steps, max(limit, 1e-9))
    return _by_temperatures(readings, machine)


def _by_temperatures(readings: Readings, machine: str) -> Steps | None:
    """Running of the only unit of a site, as the evaluation infers it; None: nothing tells.

    At standstill the sensors of both pipes drift to the temperature of the room they are in: the
    difference of the source vanishes or turns round.
    """
    site = readings.site
    if tuple(site.heat_pumps) != (machine,):
        return None
    found = [readings.at(place, ("temperature",), detail=False) for place in _SIDES]
    if not all(found):
        return None
    pipes = [readings.steps(points[0]) for points in found]
    base = max(pipes, key=len)
    entering, leaving, supply, back = (one.of(base) for one in pipes)
    source, load = entering - leaving, supply - back
    with np.errstate(invalid="ignore"):
        on = (source > SOURCE_DIFFERENCE) & (load > LOAD_DIFFERENCE)
        if site.operation.mode != "heating":
            on |= (source < -SOURCE_DIFFERENCE) & (load < -LOAD_DIFFERENCE)
    return base.with_value(np.where(np.isfinite(source + load), on * 1.0, np.nan))


def usual_high(value: Floats) -> float:
    """99th percentile of the size, 0 where there is nothing."""
    some = np.abs(value[np.isfinite(value)])
    return float(np.percentile(some, 99.0)) if some.size else 0.0


def any_runs(readings: Readings, machines: Iterable[str], base: Steps) -> Floats:
    """1 where any of some machines runs, 0 where all that are known stand, nan: not known, (n,)."""
    found = [running(readings, machine) for machine in machines]
    return any_of([one.of(base) for one in found if one is not None], len(base))


def any_of(states: Sequence[Floats], n: int) -> Floats:
    """1 where any is 1, 0 where those that are known are 0, nan where none is known, (n,)."""
    total = np.full(n, np.nan)
    for state in states:
        total = np.fmax(total, state)
    return total


def flow_state(readings: Readings, flows: Sequence[Point], base: Steps) -> Floats:
    """1 where a flow meter shows flow, 0 where none does, nan where not known, (n,)."""
    share = usual_value(_RULE + "flow_on_share")
    states = []
    for point in flows:
        steps = readings.steps(point)
        states.append(_above(steps, max(share * usual_high(steps.value), 1e-12)).of(base))
    return any_of(states, len(base))


def _above(steps: Steps, limit: float) -> Steps:
    value = np.where(np.isfinite(steps.value), (np.abs(steps.value) >= limit) * 1.0, np.nan)
    return steps.with_value(value)
