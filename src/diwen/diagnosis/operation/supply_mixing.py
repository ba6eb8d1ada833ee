"""A supply that is warmer than its curve: a setpoint, or water that flows past the load?

Return that is mixed into the supply makes units supply s/(1 − s) times the difference of
temperature of the load more than the load gets (balance of heat at the mixing point). A setpoint
shifts the supply by the same at every difference. Where the difference varies from day to day, what
each leaves over tells them apart; where it is held, only how much water would have to be mixed.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from diwen.diagnosis.finding import Case, Estimate, Evidence, Floats
from diwen.diagnosis.operation.design_loads import record_days
from diwen.language import Text
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.diagnosis.operation.supply_judgement import SupplyIndex

_FACT = Text(
    "in proportion to the difference of temperature of the load ({low} to {high} K) the shift of "
    "the supply scatters by {along} K, as one value by {across} K",
    "供水温度偏移按供回水温差（{low}～{high} K）成比例时离散为 {along} K，按恒定值时为 {across} K",
)
_SHARE = Text(
    "return mixed into the supply would explain the shift of {shift} K with {share} % of the water",
    "若由回水混入供水引起，{shift} K 的偏移需混入 {share} % 的水量",
)


def bypass_beside(
    case: Case, setpoint: Estimate, log_ratio: float, one: SupplyIndex
) -> tuple[Estimate, Estimate | None]:
    """A shift of the setpoint and the by-pass that would explain it; None: it cannot.

    Parameters
    ----------
    setpoint : as estimated, with what the recorded setpoint says
    log_ratio : of the shift of the supply alone
    one : circuit and kind that show it
    """
    shift, difference = setpoint.value, one.loop.temperature_difference
    if shift <= 0.0 or log_ratio <= 0.0 or difference <= 0.0:
        return setpoint, None
    share = shift / (shift + difference)
    fact, better = _course(case, setpoint, one)
    told = Evidence(_SHARE.format(shift=f"{shift:.1f}", share=f"{100 * share:.0f}"), 0.0,
                    one.points)  # fmt: skip
    facts = (told,) if fact is None else (told, fact)
    bypass = Estimate(
        "load_bypass", share, setpoint.deviation * difference / (shift + difference) ** 2,
        setpoint.shape, setpoint.since, log_ratio + _prior(shift, difference) + min(better, 0.0),
        facts, ("setpoint_shift", *(a for a in setpoint.alternatives if a.startswith("sensor:"))),
        since_low=setpoint.since_low, since_high=setpoint.since_high, until=setpoint.until,
    )  # fmt: skip
    against = min(0.0, -better)
    return replace(
        setpoint, log_ratio=setpoint.log_ratio + against,
        evidence=setpoint.evidence if fact is None else (*setpoint.evidence, fact),
        alternatives=tuple(dict.fromkeys((*setpoint.alternatives, "load_bypass"))),
    ), bypass  # fmt: skip


def _prior(shift: float, difference: float) -> float:
    """Logarithm of how much likelier a shift is by a by-pass than by a setpoint, by their sizes."""
    mixed, set_off = usual_value("diagnosis.machines.bypass_spread"), usual_value(
        "diagnosis.supply.spread"
    )  # fmt: skip
    share = shift / (shift + difference)
    per_kelvin = difference / (shift + difference) ** 2
    # A share is never below 0, a setpoint may be off both ways.
    bypass = math.log(2.0 * per_kelvin / mixed) - 0.5 * (share / mixed) ** 2
    return bypass + math.log(set_off) + 0.5 * (shift / set_off) ** 2


def _course(case: Case, setpoint: Estimate, one: SupplyIndex) -> tuple[Evidence | None, float]:
    """What each leaves over, and the logarithm of by-pass over setpoint by that, capped."""
    circuit = case.record.circuits[one.circuit]
    if circuit.supply is None or circuit.back is None:
        return None, 0.0
    days = record_days(case)
    spread = days.mean(np.abs(circuit.supply.value - circuit.back.value), one.hours, 4)
    held = np.isfinite(spread) & np.isfinite(one.shift)
    if setpoint.since is not None:
        held &= days.day >= np.datetime64(setpoint.since, "D")
    if setpoint.until is not None:
        held &= days.day < np.datetime64(setpoint.until, "D")
    if held.sum() < usual_value("diagnosis.load.least_days"):
        return None, 0.0
    shift, difference = one.shift[held], spread[held]
    across, along = _left(shift, np.ones(len(shift))), _left(shift, difference)
    scale = max(one.noise**2, min(across, along))
    weight = len(shift) / usual_value("diagnosis.load.correlation")
    cap = math.log(usual_value("diagnosis.load.ratio_cap"))
    better = max(-cap, min(cap, 0.5 * weight * (across - along) / scale))
    low, high = np.percentile(difference, (10.0, 90.0))
    text = _FACT.format(low=f"{low:.1f}", high=f"{high:.1f}", along=f"{along**0.5:.2f}",
                        across=f"{across**0.5:.2f}")  # fmt: skip
    return Evidence(text, 0.0, one.points), better


def _left(value: Floats, course: Floats) -> float:
    """Mean square that is left of a value in proportion to a course; outer days drawn in."""
    rest = value - course * float(value @ course) / float(course @ course)
    low, high = np.percentile(rest, (2.5, 97.5))
    return float(np.mean(np.clip(rest, low, high) ** 2))
