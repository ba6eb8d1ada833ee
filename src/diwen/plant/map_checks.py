"""Is a table of a heat pump plausible? Checks that find typing, unit and copy errors.

Each check knows one law that a machine keeps: below Carnot; heat delivered at least the work; the
COP falls as the two temperatures move apart; the capacity grows with the source; no two supply
temperatures have one and the same column of capacities; first law where the heat taken from the
source is given too; and no point stands far from a smooth machine fitted to all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.plant.carnot_fit import OperatingPoints, fit_carnot
from diwen.plant.carnot_unit import carnot_limit
from diwen.plant.completion import Completion

Floats = NDArray[np.float64]

# Engineering defaults: rounding of printed tables, first law, distance from a smooth machine.
_ROUNDING = 0.01
_CAPACITY_STEP = 0.02
_BALANCE = 0.03
_STANDS_OUT = 0.12
_FEWEST_TO_JUDGE = 6
_FEWEST_EQUAL = 3
_SHOWN = 4

_NOT_POSITIVE = Text("capacity and power must be above 0: {points}",
                     "制热（冷）量与功率须大于 0：{points}")  # fmt: skip
_ABOVE_CARNOT = Text("efficiency at or above the Carnot limit: {points}",
                     "能效达到或超过卡诺极限：{points}")  # fmt: skip
_BELOW_WORK = Text("delivers less heat than it takes electricity: {points}",
                   "制热量小于输入功率：{points}")  # fmt: skip
_COP_RISES = Text("the efficiency rises although the temperatures move apart: {points}",
                  "温差增大而能效反而升高：{points}")  # fmt: skip
_CAPACITY_FALLS = Text("the capacity falls although the lift becomes smaller: {points}",
                       "温升减小而制热（冷）量反而下降：{points}")  # fmt: skip
_EQUAL = Text(
    "the same capacities at {loads} °C at the load for all {count} source temperatures",
    "用户侧 {loads} °C 各列的 {count} 个制热（冷）量完全相同",
)
_UNBALANCED = Text("heat, heat from the source and power do not close within 3 %: {points}",
                   "制热量、取热量与功率的不平衡超过 3 %：{points}")  # fmt: skip
_OUTLIER = Text("far from a smooth machine through all points: {points}",
                "明显偏离由全部工况拟合的光滑特性：{points}")  # fmt: skip
_COMPARE = Text("compare these points with the maker's sheet (kW or W? rows exchanged?)",
                "请与厂家资料核对这些工况（kW 还是 W？行列是否颠倒？）")  # fmt: skip
_COPY_CURE = Text(
    "compare with the maker's sheet: a copied column; an inverter unit that holds its capacity may "
    "do this",
    "请与厂家资料核对是否误复制；若变频机组恒定出力，可忽略",
)


@dataclass(frozen=True)
class MapFinding:
    """Something about a table that a machine does not do.

    Attributes
    ----------
    check : ``positive``, ``carnot``, ``first_law``, ``lift``, ``capacity``, ``equal``,
        ``balance`` or ``smooth``
    severity : an ``error`` cannot be a machine, a ``warning`` may be one
    message, cure : for people
    points : indices of the points concerned
    """

    check: str
    severity: Literal["error", "warning"]
    message: Text
    cure: Text
    points: tuple[int, ...]


def map_findings(
    points: OperatingPoints, usual: Completion | None = None, source_heat: Floats | None = None
) -> list[MapFinding]:
    """Everything implausible about points of one unit in one mode.

    Parameters
    ----------
    points : gridded or scattered
    usual : for the check against a smooth machine; None: left out
    source_heat : taken from the source (cooling: given to it), W, shape (n,); nan where unknown
    """
    positive = (points.capacity > 0.0) & (points.power > 0.0)
    if not positive.all():
        return list(_told(points, "positive", "error", _NOT_POSITIVE, ~positive))
    found = [*_limits(points), *_lift(points), *_equal(points)]
    if source_heat is not None:
        found += _balance(points, source_heat)
    if usual is not None and not any(one.severity == "error" for one in found):
        found += _smooth(points, usual)
    return found


def _limits(points: OperatingPoints) -> Iterator[MapFinding]:
    efficiency = points.capacity / points.power
    above = efficiency >= carnot_limit(points.mode, points.source, points.load)
    yield from _told(points, "carnot", "error", _ABOVE_CARNOT, above)
    if points.mode == "heating":
        yield from _told(points, "first_law", "error", _BELOW_WORK, efficiency < 1.0)


def _lift(points: OperatingPoints) -> Iterator[MapFinding]:
    """Efficiency and capacity along lines of one source or one load temperature."""
    efficiency = points.capacity / points.power
    rises = np.zeros(points.source.size, bool)
    falls = np.zeros(points.source.size, bool)
    sign = 1.0 if points.mode == "heating" else -1.0
    lines = ((points.source, sign * points.load), (points.load, -sign * points.source))
    for same, apart in lines:
        for value in np.unique(same):
            line = np.flatnonzero(same == value)
            line = line[np.argsort(apart[line])]
            step = np.diff(np.log(efficiency[line])) > _ROUNDING
            rises[line[1:][step]] = True
            more = np.diff(np.log(points.capacity[line])) > _CAPACITY_STEP
            falls[line[:-1][more]] = True
    yield from _told(points, "lift", "warning", _COP_RISES, rises)
    yield from _told(points, "capacity", "warning", _CAPACITY_FALLS, falls)


def _equal(points: OperatingPoints) -> Iterator[MapFinding]:
    """Load temperatures that share all their capacities, number by number."""
    columns: dict[tuple[tuple[float, float], ...], list[float]] = {}
    for load in np.unique(points.load):
        at = points.load == load
        order = np.argsort(points.source[at])
        pairs = zip(points.source[at][order], points.capacity[at][order], strict=True)
        columns.setdefault(tuple((float(s), float(q)) for s, q in pairs), []).append(float(load))
    for column, loads in columns.items():
        if len(loads) < 2 or len(column) < _FEWEST_EQUAL:
            continue
        shown = ", ".join(f"{load:g}" for load in loads)
        message = _EQUAL.format(loads=shown, count=len(column))
        where = np.flatnonzero(np.isin(points.load, loads))
        yield MapFinding("equal", "warning", message, _COPY_CURE, tuple(int(i) for i in where))


def _balance(points: OperatingPoints, source_heat: Floats) -> Iterator[MapFinding]:
    sign = 1.0 if points.mode == "heating" else -1.0
    larger = points.capacity if points.mode == "heating" else source_heat
    with np.errstate(invalid="ignore"):
        open_by = np.abs(points.capacity - sign * points.power - source_heat) / np.abs(larger)
        wrong = open_by > _BALANCE
    yield from _told(points, "balance", "warning", _UNBALANCED, wrong)


def _smooth(points: OperatingPoints, usual: Completion) -> Iterator[MapFinding]:
    """Points that a Carnot unit fitted to all others misses by far."""
    if points.source.size < _FEWEST_TO_JUDGE:
        return
    fit = fit_carnot(points, usual)
    off = np.maximum(np.abs(fit.capacity_residual), np.abs(fit.power_residual))
    # One wrong point drags the fit along: refit without those that stand out, and judge again.
    kept = off <= max(_STANDS_OUT, 2.0 * float(np.median(off)))
    if not kept.all() and kept.sum() >= _FEWEST_TO_JUDGE:
        unit = fit_carnot(_chosen(points, kept), usual).unit
        capacity, power = unit.performance(points.source, points.load)
        off = np.maximum(np.abs(capacity / points.capacity - 1), np.abs(power / points.power - 1))
    yield from _told(points, "smooth", "warning", _OUTLIER, off > _STANDS_OUT)


def _chosen(points: OperatingPoints, kept: NDArray[np.bool_]) -> OperatingPoints:
    return replace(
        points,
        source=points.source[kept],
        load=points.load[kept],
        capacity=points.capacity[kept],
        power=points.power[kept],
    )


def _told(
    points: OperatingPoints,
    check: str,
    severity: Literal["error", "warning"],
    message: Text,
    wrong: NDArray[np.bool_],
) -> Iterator[MapFinding]:
    """One finding that lists the wrong points, if there are any."""
    where = np.flatnonzero(wrong)
    if not where.size:
        return
    shown = [f"{points.source[i]:g}/{points.load[i]:g} °C" for i in where[:_SHOWN]]
    more = f" … ({where.size})" if where.size > _SHOWN else ""
    text = message.format(points=", ".join(shown) + more)
    yield MapFinding(check, severity, text, _COMPARE, tuple(int(i) for i in where))
