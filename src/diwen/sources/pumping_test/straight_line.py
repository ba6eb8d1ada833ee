"""The straight line of Cooper and Jacob: T from its slope, S from where it meets zero.

    s = Q/(4 π T) [ln(2.246 T/(r² S)) + ln t],   for u = r² S/(4 T t) small

The window follows from the criterion on u and is found by repetition. For constant flow; a flow
that varies belongs to the curve fit.

Source: H. H. Cooper, C. E. Jacob, Trans. Am. Geophys. Union 27 (1946) 526.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.aquifer.theis import theis_drawdown
from diwen.sources.pumping_test.estimate import (
    DISTANCE,
    FLOW,
    FORM,
    LEVEL,
    RESIDUALS,
    Contribution,
    Estimate,
    MeasurementErrors,
    combined,
)
from diwen.sources.pumping_test.line_fit import Line, fit_line
from diwen.sources.pumping_test.quality import (
    NOT_COMPLETE,
    NOT_REACHED,
    PUMPED_WELL,
    flow_hints,
    storage_end,
)
from diwen.sources.pumping_test.record import FEWEST_READINGS, Observation, PumpingTest
from diwen.value_problems import CORRECT

Floats = NDArray[np.float64]

_ROUNDS = 30
_NO_SLOPE = Text("the drawdown does not grow with the logarithm of time", "降深未随时间对数增长")
_FEW = Text("too few readings for a straight line", "可用于直线法的读数过少")


@dataclass(frozen=True, eq=False)
class StraightLine:
    """Result.

    Attributes
    ----------
    transmissivity, storativity : m²/s, share, k = 2
    start, end : of the window, s since the start of the flow; count : readings in it
    argument_limit : u at the start of the window at most
    drawdown_per_decade : slope, m per factor ten of time
    time, drawdown, line : s since the start, m, m: what was fitted, shape (count,)
    contributions : covariances of (ln T, ln S); covariance : their sum
    warnings : what to mind
    """

    transmissivity: Estimate
    storativity: Estimate
    start: float
    end: float
    count: int
    argument_limit: float
    drawdown_per_decade: float
    time: Floats
    drawdown: Floats
    line: Floats
    contributions: tuple[Contribution, ...]
    covariance: Floats
    warnings: tuple[Text, ...]


def fit_straight_line(
    test: PumpingTest,
    well: Observation | None = None,
    errors: MeasurementErrors | None = None,
    *,
    argument_limit: float = 0.05,
    casing_radius: float | None = None,
    start: float | None = None,
    end: float = math.inf,
) -> StraightLine:
    """Straight line of one well while the pump runs.

    Parameters
    ----------
    test : at constant flow; well : of its observations, the first by default
    errors : of the measurements; engineering defaults if not given
    argument_limit : u that may not be exceeded, 0.05 or the stricter 0.01
    casing_radius : of the pumped well, m: readings before 25 r_c²/T are left out
    start, end : window, s since the start of the flow; the start follows from u if not given

    Raises
    ------
    diwen.problems.InputError : too few readings, or no slope with the sign of the flow
    """
    chosen = test.observations[0] if well is None else well
    flow = test.mean_flow
    since = chosen.time - test.start
    running = (since > 0.0) & (chosen.time <= test.stop) & (since <= end)
    t, s = since[running], chosen.drawdown[running]
    line, begin, reached = _windowed(t, s, flow, chosen, argument_limit, casing_radius, start)
    used = t >= begin
    t, s = t[used], s[used]
    transmissivity, storativity = _parameters(line, flow, chosen.distance)
    lines = _contributions(
        line, t, flow, chosen, (transmissivity, storativity), errors or MeasurementErrors()
    )
    total = combined(lines)
    hints = list(flow_hints(test))
    if not reached:
        hints.append(NOT_REACHED.format(limit=argument_limit))
    if chosen.pumped:
        hints.append(PUMPED_WELL)
    hints.append(NOT_COMPLETE)
    return StraightLine(
        transmissivity=Estimate.positive(transmissivity, math.sqrt(total[0, 0])),
        storativity=Estimate.positive(storativity, math.sqrt(total[1, 1])),
        start=float(t[0]),
        end=float(t[-1]),
        count=len(t),
        argument_limit=argument_limit,
        drawdown_per_decade=line.slope * math.log(10.0),
        time=t,
        drawdown=s,
        line=line.intercept + line.slope * np.log(t),
        contributions=lines,
        covariance=total,
        warnings=tuple(hints),
    )


def _windowed(
    t: Floats,
    s: Floats,
    flow: float,
    well: Observation,
    limit: float,
    casing_radius: float | None,
    start: float | None,
) -> tuple[Line, float, bool]:
    """Line, start of its window, and whether the criterion on u could be met."""
    begin, reached = 0.0 if start is None else start, True
    line = _checked_line(t, s, begin, flow)
    if start is not None:
        conducted, stored = _parameters(line, flow, well.distance)
        return (
            line,
            begin,
            well.pumped or well.distance**2 * stored / (4 * conducted * t[-1]) < limit,
        )
    for _ in range(_ROUNDS):
        conducted, stored = _parameters(line, flow, well.distance)
        # In the pumped well S is no storage; its own criterion is the emptying of the casing.
        wanted = 0.0 if well.pumped else well.distance**2 * stored / (4.0 * conducted * limit)
        if casing_radius is not None and well.pumped:
            wanted = max(wanted, storage_end(casing_radius, conducted))
        latest = float(t[-FEWEST_READINGS])
        reached, wanted = wanted <= latest, min(wanted, latest)
        # The window only shrinks, so the repetition ends.
        if wanted <= begin:
            break
        begin = wanted
        line = _checked_line(t, s, begin, flow)
    return line, begin, reached


def _checked_line(t: Floats, s: Floats, begin: float, flow: float) -> Line:
    used = t >= begin
    if int(used.sum()) < FEWEST_READINGS:
        shown = str(int(used.sum()))
        raise InputError([Problem("pumping test", "straight line", _FEW, CORRECT, shown)])
    line = fit_line(np.log(t[used]), s[used])
    if line.slope * flow <= 0.0:
        shown = f"{line.slope:.3g} m"
        raise InputError([Problem("pumping test", "straight line", _NO_SLOPE, CORRECT, shown)])
    return line


def _parameters(line: Line, flow: float, distance: float) -> tuple[float, float]:
    """T in m²/s and S from slope and intercept over ln t."""
    transmissivity = flow / (4.0 * math.pi * line.slope)
    exponent = float(np.clip(-line.intercept / line.slope, -300.0, 300.0))
    storativity = 4.0 * math.exp(-np.euler_gamma) * transmissivity / distance**2
    return transmissivity, storativity * math.exp(exponent)


def _contributions(
    line: Line,
    t: Floats,
    flow: float,
    well: Observation,
    values: tuple[float, float],
    errors: MeasurementErrors,
) -> tuple[Contribution, ...]:
    """Covariances of (ln T, ln S)."""
    # ln S = const + ln T − a/b, ln T = const − ln b.
    gradient = np.array(
        [
            [0.0, -1.0 / line.slope],
            [-1.0 / line.slope, (line.intercept / line.slope - 1) / line.slope],
        ]
    )
    by_level = gradient @ np.array([errors.level, 0.0])
    by_flow, by_distance = np.array([1.0, 1.0]), np.array([0.0, -2.0])
    # The line through the exact curve gives other values: that is the error of the form.
    exact = theis_drawdown(flow, *values, well.distance, t)
    bent = fit_line(np.log(t), exact)
    other = _parameters(bent, flow, well.distance) if bent.slope * flow > 0 else values
    by_form = np.log(np.array(other) / np.array(values))
    if well.pumped:
        by_form = np.zeros(2)
    return (
        Contribution(RESIDUALS, gradient @ line.covariance @ gradient.T),
        Contribution(FLOW, errors.flow**2 * np.outer(by_flow, by_flow)),
        Contribution(DISTANCE, errors.distance**2 * np.outer(by_distance, by_distance)),
        Contribution(LEVEL, np.outer(by_level, by_level)),
        Contribution(FORM, np.outer(by_form, by_form)),
    )
