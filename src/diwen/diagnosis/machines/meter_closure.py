"""Whether the heat meter or the units explain a COP index: the first law over the units.

While heating, heat taken from the source and power make up the heat that is delivered; while
cooling, cold and power the heat that is rejected. A heat meter that is off opens this balance by
as much as the COP index is off; units that lost efficiency leave it closed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from diwen.diagnosis.finding import Case, Evidence, Floats
from diwen.diagnosis.inference.time_signature import ShapeFit
from diwen.diagnosis.machines.daily_index import (
    DailyIndex,
    daily_index,
    points_of,
    relative_error,
)
from diwen.diagnosis.machines.units_at_work import UnitsAtWork
from diwen.language import Text
from diwen.plant.station import AIR
from diwen.site.usual_values import usual_value

_CLOSED = Text(
    "source heat and power make up {closure} % of the metered heat (first law, {days} days): a "
    "meter that explained the COP index would make it {wrong} %",
    "热源取热与电功率之和为计量热量的 {closure} %（热力学第一定律，{days} 天）：若由热量表误差"
    "造成 COP 偏差，该值应为 {wrong} %",
)


@dataclass(frozen=True, eq=False)
class Closure:
    """What the balance says: evidence, and what stays as another explanation."""

    evidence: tuple[Evidence, ...]
    alternatives: tuple[str, ...]


def best_heat(case: Case, work: UnitsAtWork) -> tuple[float, float]:
    """Factor from the metered heat to the best guess of it, and its relative uncertainty.

    The heat meter and the sum of source heat and power are two measurements of the same heat: the
    mean weighted by their variances is surer than each.
    """
    own = relative_error(*work.meters)
    source = _source_heat(case, work)
    if source is None:
        return 1.0, own
    balance = np.where(work.cooling, source - work.power, source + work.power)
    days = daily_index(case.record.day, balance, work.heat, 0.005)
    if days.known < usual_value("diagnosis.machines.least_days"):
        return 1.0, own
    closure = float(np.nanmedian(days.ratio))
    loops = {group.unit.draws_on for group in work.groups.values()}
    heats = [case.record.sources[name].heat for name in loops]
    share = float(np.nanmedian(days.measured / days.expected))
    other = float(np.hypot(relative_error(*heats) * share, 0.01))
    if own <= 0.0:
        return 1.0, own
    weight = own**2 / (own**2 + other**2)
    if abs(closure - 1.0) > 3.0 * float(np.hypot(own, other)):
        return 1.0, own  # one of them is faulty, not just inexact: which, the gate says
    return 1.0 + weight * (closure - 1.0), float(1.0 / np.hypot(1.0 / own, 1.0 / other))


def closure_evidence(case: Case, work: UnitsAtWork, index: DailyIndex, fit: ShapeFit) -> Closure:
    """Heat meter against units, where the source heat is measured beside it."""
    meters = points_of(work.meters)
    sensors = tuple(f"sensor:{id}" for id in meters)
    source = _source_heat(case, work)
    if source is None:
        return Closure((), sensors)
    balance = np.where(work.cooling, source - work.power, source + work.power)
    days = daily_index(case.record.day, balance, work.heat, 0.005)
    both = np.isfinite(days.ratio) & np.isfinite(index.ratio)
    if both.sum() < usual_value("diagnosis.machines.least_days"):
        return Closure((), sensors)
    # In the last quarter, where what grows is largest.
    late = np.flatnonzero(both)[-max(int(both.sum()) // 4, 5) :]
    closure, now = float(np.median(days.ratio[late])), float(np.median(index.ratio[late]))
    if now <= 0.0:
        return Closure((), sensors)
    share = float(np.nanmedian(np.nan_to_num(source) / np.maximum(work.heat, 1.0)))
    wrong = 1.0 / now
    sigma = float(np.hypot(_error(case, work) * max(abs(share), 0.1), 0.02))
    ratio = 0.5 * ((closure - wrong) ** 2 - (closure - 1.0) ** 2) / sigma**2
    most = math.log(usual_value("diagnosis.machines.ledger_ratio"))
    ratio = max(-most, min(most, ratio))
    text = _CLOSED.format(
        closure=f"{100 * closure:.1f}", days=f"{days.known}", wrong=f"{100 * wrong:.1f}"
    )
    evidence = Evidence(text, ratio if fit.log_ratio > 0.0 else 0.0, meters)
    return Closure((evidence,), () if ratio > 0.9 * most else sensors)


def _source_heat(case: Case, work: UnitsAtWork) -> Floats | None:
    """Heat of all source loops of the judged units, W, its size; None where one is not known."""
    loops = {group.unit.draws_on for group in work.groups.values()}
    total = np.zeros(len(case.record))
    for name in loops:
        circuit = None if name == AIR else case.record.sources.get(name)
        if circuit is None or circuit.heat is None:
            return None
        total = total + circuit.heat.value
    return np.abs(total)


def _error(case: Case, work: UnitsAtWork) -> float:
    loops = {group.unit.draws_on for group in work.groups.values()}
    heats = [case.record.sources[name].heat for name in loops]
    return float(np.hypot(relative_error(*heats), relative_error(*work.meters)))
