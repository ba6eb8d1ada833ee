"""Any cycle as a performance map: what the twin, the reports and the design read.

A compressor sweeps a constant volume, so its capacity follows the density it sucks: the capacity
stated at one rated point gives the volume, the cycle gives the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.plant.cycles.cascade_cycle import Stage
from diwen.plant.cycles.cycle import Cycle
from diwen.plant.performance_map import PerformanceMap
from diwen.problems import InputError, Problem
from diwen.value_problems import MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]
Machine = Callable[[float, float], Cycle]
"""A cycle over the temperatures of the fluids: source entering, load leaving, °C."""
_AXIS = Text("the temperatures do not rise", "温度没有递增")
_SORT = Text("give finite temperatures in rising order", "请按递增顺序给出有限的温度值")
_GIVE = Text("give the capacity at the rated point", "请给出额定点的制热（冷）量")
_NOWHERE = Text("the cycle runs at no point of the map", "该循环在所有工况点均不可行")
_SEE = Text("see the reason for its first point: {reason}", "首个工况点的原因：{reason}")


@dataclass(frozen=True, eq=False)
class CycleMap:
    """A map from a cycle, and where the cycle cannot go.

    Attributes
    ----------
    performance : for the twin; its tested part is the largest rectangle within reach, what lies
        outside is filled from the nearest point within reach
    cop : heat (cold) per electricity, auxiliaries included, NaN out of reach, shape (ns, nl)
    discharge : hottest compression, °C, NaN out of reach, shape (ns, nl)
    in_reach : whether the cycle runs, shape (ns, nl)
    refusals : why not, by (source, load) index
    """

    performance: PerformanceMap
    cop: Floats
    discharge: Floats
    in_reach: NDArray[np.bool_]
    refusals: dict[tuple[int, int], InputError]

    @property
    def highest_load(self) -> Floats:
        """Highest load temperature within reach at each source temperature, °C, shape (ns,)."""
        reached = np.where(self.in_reach, self.performance.load, -np.inf).max(axis=1)
        return np.where(np.isfinite(reached), reached, np.nan)

    @property
    def lowest_source(self) -> Floats:
        """Lowest source temperature within reach at each load temperature, °C, shape (nl,)."""
        reached = np.where(self.in_reach, self.performance.source[:, None], np.inf).min(axis=0)
        return np.where(np.isfinite(reached), reached, np.nan)


def between_waters(
    cycle: Stage,
    *,
    mode: Literal["heating", "cooling"] = "heating",
    source_change: float = 5.0,
    source_difference: float = 5.0,
    load_difference: float = 5.0,
) -> Machine:
    """A cycle between saturation temperatures, told the temperatures of the fluids instead.

    Parameters
    ----------
    cycle : over evaporation and condensation, °C
    mode : which side the load is on
    source_change : of the source's fluid in the machine, K (heating: cooled, cooling: warmed)
    source_difference : of the leaving source fluid to saturation, K (air: 8 to 10 K to the air)
    load_difference : of the leaving load fluid to saturation, K
    """
    change = source_change + source_difference

    def machine(source: float, load: float) -> Cycle:
        if mode == "cooling":
            return cycle(load - load_difference, source + change)
        return cycle(source - change, load + load_difference)

    return machine


def map_of_cycle(
    machine: Machine,
    source: ArrayLike,
    load: ArrayLike,
    *,
    rated: tuple[float, float],
    capacity: float,
    mode: Literal["heating", "cooling"] = "heating",
    auxiliary_power: float = 0.0,
    origin: str = "",
) -> CycleMap:
    """A machine of one compressor size over all its operating points.

    Parameters
    ----------
    machine : over source entering and load leaving temperature, °C; see :func:`between_waters`
    source, load : °C, ascending, shapes (ns,), (nl,)
    rated : source and load temperature, °C, at which ``capacity``, W, is stated
    mode : ``heating`` or ``cooling``
    auxiliary_power : fans, controls: added to the power at every point, W
    origin : for people; the kind of cycle if empty

    Raises
    ------
    diwen.problems.InputError : axes, capacity, the rated point, or no point within reach
    """
    sources = np.atleast_1d(np.asarray(source, float))
    loads = np.atleast_1d(np.asarray(load, float))
    _refuse(sources, loads, capacity)
    first = machine(*rated)
    volume = first.displacement * capacity / _given(first, mode)
    shape = (len(sources), len(loads))
    given, power, hot = (np.full(shape, np.nan) for _ in range(3))
    refusals: dict[tuple[int, int], InputError] = {}
    for i, j in product(range(shape[0]), range(shape[1])):
        try:
            made = machine(float(sources[i]), float(loads[j]))
        except InputError as error:
            refusals[i, j] = error
            continue
        made = made.scaled(volume / made.displacement)
        given[i, j] = _given(made, mode)
        power[i, j] = made.electric + auxiliary_power
        hot[i, j] = made.discharge_temperature
    reached = np.isfinite(given)
    _refuse_empty(reached, refusals)
    rows, columns = _largest_rectangle(reached)
    performance = PerformanceMap(
        mode, sources, loads, _filled(given), _filled(power),
        (float(sources[rows.start]), float(sources[rows.stop - 1])),
        (float(loads[columns.start]), float(loads[columns.stop - 1])),
        origin or f"calculated: {first.kind}",
    )  # fmt: skip
    return CycleMap(performance, given / power, hot, reached, refusals)


def _given(cycle: Cycle, mode: str) -> float:
    return cycle.source_heat if mode == "cooling" else cycle.heat


def _refuse(source: Floats, load: Floats, capacity: float) -> None:
    problems = [
        Problem("map_of_cycle", name, _AXIS, _SORT, f"{axis.tolist()}")
        for name, axis in (("source", source), ("load", load))
        if not (len(axis) and np.all(np.isfinite(axis)) and np.all(np.diff(axis) > 0.0))
    ]
    if not capacity > 0.0:
        problems.append(
            Problem("map_of_cycle", "capacity", NOT_POSITIVE, _GIVE, f"{capacity}", MORE_THAN_ZERO)
        )
    if problems:
        raise InputError(problems)


def _refuse_empty(reached: NDArray[np.bool_], refusals: dict[tuple[int, int], InputError]) -> None:
    if not reached.any():
        reason = next(iter(refusals.values())).problems[0]
        cure = _SEE.format(reason=reason.message)
        raise InputError([Problem("map_of_cycle", "cycle", _NOWHERE, cure, reason.value)])


def _largest_rectangle(reached: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Rows and columns of the largest part of a table that is all true."""
    best, found = 0, (slice(0, 1), slice(0, 1))
    rows, columns = reached.shape
    for top in range(rows):
        whole = np.ones(columns, bool)
        for bottom in range(top, rows):
            whole &= reached[bottom]
            start = 0
            for end in range(columns + 1):
                if end < columns and whole[end]:
                    continue
                if (end - start) * (bottom - top + 1) > best:
                    best = (end - start) * (bottom - top + 1)
                    found = (slice(top, bottom + 1), slice(start, end))
                start = end + 1
    return found


def _filled(table: Floats) -> Floats:
    """Gaps take the nearest value, counted in cells."""
    known = np.argwhere(np.isfinite(table))
    whole = table.copy()
    for i, j in np.argwhere(~np.isfinite(table)):
        nearest = known[np.argmin(np.abs(known - (i, j)).sum(axis=1))]
        whole[i, j] = table[tuple(nearest)]
    return whole
