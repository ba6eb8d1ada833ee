"""What an injection test says: specific injectivity, at 10 °C, against the pumping of the well.

The aquifer is evaluated as in a pumping test with the sign turned (flow and drawdown negative).
Cold water is thicker, so injectivities are compared at one temperature of the water.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.aquifer.viscosity import viscosity_ratio
from diwen.sources.pumping_test.estimate import Estimate, MeasurementErrors
from diwen.sources.pumping_test.record import FEWEST_READINGS, Observation, PumpingTest
from diwen.value_problems import CORRECT

_NOT_INJECTED = Text("the test injects no water", "试验未回灌")
_SIGN = Text("give injected flows as negative numbers", "回灌流量请以负值给出")
_FALLS = Text("the level does not rise while water is injected", "回灌时水位未上升")
_STILL_RISING = Text(
    "the head still rises by {rate:.2g} m in an hour at the end: the injectivity is an upper bound",
    "试验末期水头仍以 {rate:.2g} m/h 上升：所得单位回灌量为上限",
)
_NO_TEMPERATURE = Text(
    "the temperature of the injected water is not known: the injectivity is not brought to 10 °C",
    "回灌水温未知：单位回灌量未换算至 10 °C",
)
_NOT_EQUAL = Text(
    "injection gives {percent:.0f} % of the pumping at one head: the difference is the well's "
    "(clogging, air, losses), not the aquifer's",
    "相同水头下回灌量为抽水量的 {percent:.0f} %：差异来自井本身（堵塞、气泡、井损），而非含水层",
)


@dataclass(frozen=True, eq=False)
class InjectionTest:
    """Result.

    Attributes
    ----------
    flow : mean while injecting, m³/s, positive; rise : at the end, m
    specific_injectivity : flow over rise at the end, m²/s, k = 2
    at_reference : the same for water of the reference temperature; None where unknown
    rise_rate : of the head at the end, m/s
    warnings : what to mind
    """

    flow: float
    rise: float
    specific_injectivity: Estimate
    at_reference: Estimate | None
    rise_rate: float
    warnings: tuple[Text, ...]


def evaluate_injection(
    test: PumpingTest,
    well: Observation | None = None,
    errors: MeasurementErrors | None = None,
    *,
    temperature: float | None = None,
    reference: float = 10.0,
    specific_capacity: float | None = None,
    last: float = 0.1,
) -> InjectionTest:
    """Injectivity at the end of an injection test.

    Parameters
    ----------
    test : flows negative; well : the injection well, the first observation by default
    errors : of the measurements
    temperature : of the injected water at the wall of the bore, °C; reference : °C
    specific_capacity : of the same well when pumped, at the reference temperature, m²/s
    last : share of the test at its end over which the head is averaged

    Raises
    ------
    diwen.problems.InputError : nothing injected, or the level falls
    """
    chosen, given = test.observations[0] if well is None else well, errors or MeasurementErrors()
    if test.mean_flow >= 0.0:
        shown = f"{test.mean_flow:g} m³/s"
        raise InputError([Problem("injection test", "flow", _NOT_INJECTED, _SIGN, shown)])
    part = _at_the_end(test, chosen, last)
    rise = -part.drawdown
    mean = float(rise.mean())
    if mean <= 0.0:
        raise InputError([Problem("injection test", "drawdown", _FALLS, CORRECT, f"{mean:.3g} m")])
    flow = -float(np.mean(test.steps.at(part.time - 1e-9)))
    centred = part.time - part.time.mean()
    slope = float(centred @ rise) / float(centred @ centred)
    left = rise - mean - slope * centred
    noise = float(np.sqrt(np.mean(left**2) / len(rise)))
    relative = math.sqrt(given.flow**2 + (given.level**2 + noise**2) / mean**2)
    value = flow / mean
    at_reference = None
    hints = []
    if slope * 3600.0 > max(0.02 * mean, 2.0 * given.level):
        hints.append(_STILL_RISING.format(rate=slope * 3600.0))
    if temperature is None:
        hints.append(_NO_TEMPERATURE)
    else:
        factor = float(viscosity_ratio(temperature, reference))
        at_reference = Estimate.positive(value * factor, relative)
    if specific_capacity is not None and at_reference is not None:
        share = at_reference.value / specific_capacity
        if abs(math.log(share)) > 2.0 * math.hypot(relative, given.flow):
            hints.append(_NOT_EQUAL.format(percent=100.0 * share))
    return InjectionTest(
        flow, mean, Estimate.positive(value, relative), at_reference, slope, tuple(hints)
    )


def _at_the_end(test: PumpingTest, well: Observation, share: float) -> Observation:
    """Readings of the last share of the injection, the last few at least."""
    end = min(test.stop, float(well.time[-1]))
    part = well.inside(end - share * (end - test.start), end)
    if len(part.time) >= FEWEST_READINGS:
        return part
    kept = np.flatnonzero(well.time <= end)[-FEWEST_READINGS:]
    return Observation(well.time[kept], well.drawdown[kept], well.distance)
