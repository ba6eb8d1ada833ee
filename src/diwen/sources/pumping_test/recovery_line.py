"""The recovery after the pump stops: T free of the well losses and of the pump's unevenness.

    s' = Q/(4 π T) [ln(t/t') + ln(S'/S)]

with t since the start and t' since the stop. Where the flow varied, t is the volume pumped over the
last flow plus t'. Source: C. V. Theis (1935), as in G. P. Kruseman, N. A. de Ridder (1990), 13.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.pumping_test.estimate import (
    FLOW,
    RESIDUALS,
    Contribution,
    Estimate,
    MeasurementErrors,
    combined,
)
from diwen.sources.pumping_test.line_fit import Line, fit_line
from diwen.sources.pumping_test.quality import NOT_COMPLETE, UNEVEN_FLOW, flow_variation
from diwen.sources.pumping_test.record import FEWEST_READINGS, Observation, PumpingTest
from diwen.value_problems import CORRECT

Floats = NDArray[np.float64]

# Share of the recovery that is left out where nothing says when the line begins.
_EARLY = 0.03
_ROUNDS = 20

_NO_RECOVERY = Text("the record holds no recovery", "记录中没有水位恢复阶段")
_MEASURE = Text("go on reading levels after the pump has stopped", "停泵后请继续测量水位")
_NOT_FALLING = Text("the level does not return after the stop", "停泵后水位未恢复")
_INCOMPLETE = Text(
    "the line meets zero at t/t' = {ratio:.2f}, not 1: {cause}",
    "直线与零降深交于 t/t' = {ratio:.2f}（应为 1）：{cause}",
)
_BARRIER = Text(
    "the level does not fully return (tight boundary, small aquifer or a falling trend)",
    "水位未完全恢复（隔水边界、含水层有限或水位下降趋势）",
)
_RECHARGE = Text(
    "the level returns too far (leakage, recharge or a rising trend)",
    "水位恢复过快（越流、补给或水位上升趋势）",
)
_OWN_WELL = Text(
    "transmissivity from the recovery of the pumped well: free of its turbulent losses",
    "由抽水井恢复曲线求得导水系数，不受紊流井损影响",
)


@dataclass(frozen=True, eq=False)
class RecoveryLine:
    """Result.

    Attributes
    ----------
    transmissivity : m²/s, k = 2
    start, end : of the window, s after the stop; count : readings
    residual_per_decade : slope, m per factor ten of t/t'
    intercept_ratio : t/t' at which the line meets zero; 1 in the ideal aquifer
    ratio, drawdown, line : t/t', m, m, shape (count,)
    contributions : covariances of (ln T,), shape (1, 1) each
    warnings : what to mind
    """

    transmissivity: Estimate
    start: float
    end: float
    count: int
    residual_per_decade: float
    intercept_ratio: float
    ratio: Floats
    drawdown: Floats
    line: Floats
    contributions: tuple[Contribution, ...]
    warnings: tuple[Text, ...]


def fit_recovery_line(
    test: PumpingTest,
    well: Observation | None = None,
    errors: MeasurementErrors | None = None,
    *,
    storativity: float | None = None,
    argument_limit: float = 0.05,
    start: float | None = None,
    end: float = math.inf,
) -> RecoveryLine:
    """Recovery line of one well.

    Parameters
    ----------
    test : with its recovery; well : of its observations, the first by default
    errors : of the measurements
    storativity : if known, readings with u' = r² S/(4 T t') above the limit are left out
    argument_limit : of u'
    start, end : window, s after the stop; without a storativity by default from 3 % of the
        recovery on

    Raises
    ------
    diwen.problems.InputError : no recovery in the record, or none in the level
    """
    chosen, given = test.observations[0] if well is None else well, errors or MeasurementErrors()
    after = _since_stop(test, chosen)
    # The last flow before the stop rules the recovery; the volume says for how long it ran.
    flow = float(test.steps.at(np.nextafter(test.stop, -math.inf)))
    length = float(test.steps.volume(test.stop)) / flow
    begin = start
    if begin is None:
        begin = 0.0 if storativity is not None else _EARLY * float(after.max())
    # T times the earliest time at which u' is small enough, m²; it moves the window if not given.
    free = storativity is not None and start is None and not chosen.pumped
    reach = chosen.distance**2 * (storativity or 0.0) / (4.0 * argument_limit) if free else 0.0
    line, used = _windowed(after, chosen.drawdown, flow, length, (begin, end), reach)
    t, s = after[used], chosen.drawdown[used]
    transmissivity = flow / (4.0 * math.pi * line.slope)
    # A wrong level at rest moves the intercept only, not the slope.
    lines = (
        Contribution(RESIDUALS, np.array([[line.covariance[1, 1] / line.slope**2]])),
        Contribution(FLOW, np.array([[given.flow**2]])),
    )
    ratio = (length + t) / t
    zero = math.exp(float(np.clip(-line.intercept / line.slope, -50.0, 50.0)))
    return RecoveryLine(
        transmissivity=Estimate.positive(transmissivity, math.sqrt(combined(lines)[0, 0])),
        start=float(t[0]),
        end=float(t[-1]),
        count=len(t),
        residual_per_decade=line.slope * math.log(10.0),
        intercept_ratio=zero,
        ratio=ratio,
        drawdown=s,
        line=line.intercept + line.slope * np.log(ratio),
        contributions=lines,
        warnings=_warnings(test, chosen, zero, line.covariance[0, 0], line.intercept, given),
    )


def _since_stop(test: PumpingTest, well: Observation) -> Floats:
    """Time of the readings after the stop, s, shape (n,); readings before it are negative."""
    after = well.time - test.stop if math.isfinite(test.stop) else np.full(1, -1.0)
    count = int((after > 0.0).sum())
    if count < FEWEST_READINGS:
        raise InputError([Problem("pumping test", "recovery", _NO_RECOVERY, _MEASURE, str(count))])
    return after


def _windowed(
    after: Floats,
    drawdown: Floats,
    flow: float,
    length: float,
    window: tuple[float, float],
    reach: float,
) -> tuple[Line, NDArray[np.bool_]]:
    """Line over ln(t/t') and the readings it was drawn through, shape (n,).

    Parameters
    ----------
    after : s since the stop; drawdown : m, shape (n,)
    flow, length : m³/s before the stop, and for how long it ran, s
    window : s after the stop; its start moves on as long as ``reach / T`` lies later
    reach : m², zero where the start is fixed
    """
    begin, end = window
    for _ in range(_ROUNDS):
        used = (after >= begin) & (after > 0.0) & (after <= end)
        if int(used.sum()) < FEWEST_READINGS:
            used = np.isin(np.arange(len(after)), np.flatnonzero(after <= end)[-FEWEST_READINGS:])
        t = after[used]
        line = fit_line(np.log((length + t) / t), drawdown[used])
        if line.slope * flow <= 0.0:
            shown = f"{line.slope:.3g} m"
            raise InputError([Problem("pumping test", "recovery", _NOT_FALLING, CORRECT, shown)])
        wanted = reach / (flow / (4.0 * math.pi * line.slope))
        if wanted <= begin:
            break
        begin = wanted
    return line, used


def _warnings(
    test: PumpingTest,
    well: Observation,
    zero: float,
    variance: float,
    intercept: float,
    errors: MeasurementErrors,
) -> tuple[Text, ...]:
    hints = []
    if abs(intercept) > 2.0 * math.sqrt(variance + errors.level**2):
        cause = _BARRIER if zero < 1.0 else _RECHARGE
        hints.append(_INCOMPLETE.format(ratio=zero, cause=cause))
    varies = flow_variation(test)
    if varies > 0.05:
        hints.append(UNEVEN_FLOW.format(percent=100.0 * varies))
    if well.pumped:
        hints.append(_OWN_WELL)
    hints.append(NOT_COMPLETE)
    return tuple(hints)
