"""Step test: B and C of s = B Q + C Q² and the transmissivity, from all readings at once.

With Cooper-Jacob and superposition every reading is linear in three unknowns::

    s(t) = a Q(t) + b Σ ΔQ_i ln(t − t_i) + C Q(t) |Q(t)|

(R. N. Eden, C. P. Hazel, Civ. Eng. Trans. Inst. Eng. Australia 15 (1973) 5), so B = a + b ln Δt
at any duration Δt and T = 1/(4 π b). The line of Hantush (1964) and Bierschenk (1963) s_n/Q_n over
Q_n is given with it, and the exponent of M. I. Rorabaugh (Proc. ASCE 79 (1953) 362) as a check.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import least_squares

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.aquifer.flow_steps import FlowSteps
from diwen.sources.aquifer.well_loss import WellLoss
from diwen.sources.pumping_test.correlated_residuals import variance_ratio
from diwen.sources.pumping_test.estimate import Estimate, MeasurementErrors
from diwen.sources.pumping_test.line_fit import fit_line
from diwen.sources.pumping_test.record import Observation
from diwen.value_problems import CORRECT

Floats = NDArray[np.float64]

_FEWEST_STEPS = 3
_FEW_STEPS = Text("too few steps of the flow", "流量阶段过少")
_THREE = Text("pump at least three different flows", "请至少采用三种不同流量")
_FEW = Text("too few readings in the steps", "各阶段读数过少")
_NEGATIVE = Text(
    "C comes out below zero: the well develops during the test, or the steps are too short",
    "C 为负值：试验过程中井被冲洗，或各阶段时间过短",
)
_NO_SLOPE = Text(
    "the transmissivity cannot be read from the steps (no growth within them)",
    "各阶段内降深无增长，无法求得导水系数",
)
_EXPONENT = Text(
    "the exponent of the turbulent loss is {value:.2f}, not 2 (Rorabaugh): use B and C only within "
    "the flows of the test",
    "紊流损失指数为 {value:.2f}（罗拉博），偏离 2：B、C 仅适用于试验流量范围",
)


@dataclass(frozen=True, eq=False)
class StepTest:
    """Result.

    Attributes
    ----------
    linear : B at ``duration``, s/m², and quadratic : C, s²/m⁵, both k = 2
    covariance : of (B, C), standard, shape (2, 2)
    transmissivity : m²/s, k = 2; None where it cannot be read
    duration : s after a step to which B belongs
    flow, specific_drawdown : of the steps, m³/s and s_n/Q_n at ``duration``, s/m², shape (ns,)
    exponent : of Rorabaugh; NaN for under four steps
    time, measured, fitted : s, m, m, shape (n,)
    rms : of the residuals, m
    warnings : what to mind
    """

    linear: Estimate
    quadratic: Estimate
    covariance: Floats
    transmissivity: Estimate | None
    duration: float
    flow: Floats
    specific_drawdown: Floats
    exponent: float
    time: Floats
    measured: Floats
    fitted: Floats
    rms: float
    warnings: tuple[Text, ...]

    @property
    def loss(self) -> WellLoss:
        """B and C, C not below zero."""
        return WellLoss(self.linear.value, max(self.quadratic.value, 0.0))

    def head(self, flow: float) -> Estimate:
        """Drawdown (or rise) at a flow in m³/s after ``duration``, m, with its interval."""
        gradient = np.array([flow, flow * abs(flow)])
        value = float(gradient @ [self.linear.value, self.quadratic.value])
        return Estimate.plain(value, math.sqrt(float(gradient @ self.covariance @ gradient)))


def fit_step_test(
    steps: FlowSteps,
    well: Observation,
    errors: MeasurementErrors | None = None,
    *,
    settling: float = 60.0,
    duration: float | None = None,
) -> StepTest:
    """Evaluate a step test.

    Parameters
    ----------
    steps : flows of the test, m³/s, injection negative; well : drawdowns in the pumped well
    errors : of the measurements
    settling : readings so soon after a change of the flow are left out, s
    duration : of a step, s, to which B is referred; the shortest step if not given

    Raises
    ------
    diwen.problems.InputError : too few steps or readings
    """
    given = errors or MeasurementErrors()
    used = _usable(steps, well, settling)
    t, s = well.time[used], well.drawdown[used]
    flow = steps.at(t)
    running = _running_flows(flow)
    lasting = _shortest(steps, float(t[-1])) if duration is None else duration
    # Referring ln t to the duration makes the first unknown B itself.
    columns = np.stack([flow, _growth(steps, t, lasting), flow * np.abs(flow)], axis=1)
    values, covariance = _least_squares(columns, s)
    covariance += _measurement(values, given, columns)
    residuals = s - columns @ values
    linear, growth, quadratic = (float(v) for v in values)
    spread = np.sqrt(np.diag(covariance))
    conducts = None
    if growth > 0.0:
        conducts = Estimate.positive(1.0 / (4.0 * math.pi * growth), float(spread[1]) / growth)
    specific = linear + quadratic * np.abs(running)
    exponent = _exponent(t, s, flow, columns, values)
    return StepTest(
        linear=Estimate.plain(linear, float(spread[0])),
        quadratic=Estimate.plain(quadratic, float(spread[2])),
        covariance=covariance[np.ix_([0, 2], [0, 2])],
        transmissivity=conducts,
        duration=lasting,
        flow=running,
        specific_drawdown=specific,
        exponent=exponent,
        time=t,
        measured=s,
        fitted=s - residuals,
        rms=float(np.sqrt(np.mean(residuals**2))),
        warnings=_warnings(quadratic, growth, exponent),
    )


def _running_flows(flow: Floats) -> Floats:
    """The different flows other than zero among those of the readings, m³/s, shape (ns,).

    Raises
    ------
    diwen.problems.InputError : too few of them, or too few readings
    """
    running = np.unique(np.round(flow[flow != 0.0], 9))
    problems = []
    if len(running) < _FEWEST_STEPS:
        problems.append(Problem("step test", "flow", _FEW_STEPS, _THREE, str(len(running))))
    if len(flow) < 2 * _FEWEST_STEPS + 2:
        problems.append(Problem("step test", "time", _FEW, CORRECT, str(len(flow))))
    if problems:
        raise InputError(problems)
    return np.asarray(running)


def _least_squares(columns: Floats, drawdown: Floats) -> tuple[Floats, Floats]:
    """Unknowns (3,) and their covariance (3, 3) by the scatter, neighbours alike considered.

    Parameters
    ----------
    columns : of the unknowns, shape (n, 3); drawdown : m, shape (n,)
    """
    scale = np.abs(columns).max(axis=0)
    found, *_ = np.linalg.lstsq(columns / scale, drawdown, rcond=None)
    values = found / scale
    residuals = drawdown - columns @ values
    ratio = variance_ratio([residuals], 3)
    variance = float(residuals @ residuals) / max(len(drawdown) - 3, 1) * ratio
    covariance = np.linalg.pinv((columns / scale).T @ (columns / scale)) * variance
    return values, covariance / np.outer(scale, scale)


def hantush_bierschenk(
    flow: ArrayLike, drawdown: ArrayLike, errors: MeasurementErrors | None = None
) -> tuple[Estimate, Estimate]:
    """B and C from the drawdowns s_n at the ends of equal steps: the line s_n/Q_n = B + C Q_n.

    Parameters
    ----------
    flow : Q_n, m³/s, shape (ns >= 3,); drawdown : s_n, sums of the extrapolated increments, m
    errors : of the measurements: the common error of the flows

    Returns
    -------
    B in s/m² and C in s²/m⁵, k = 2
    """
    rate, fall = np.abs(np.asarray(flow, float)), np.abs(np.asarray(drawdown, float))
    if len(rate) < _FEWEST_STEPS or (rate == 0.0).any():
        raise InputError([Problem("step test", "flow", _FEW_STEPS, _THREE, str(len(rate)))])
    line = fit_line(rate, fall / rate)
    common = (errors or MeasurementErrors()).flow
    b = math.sqrt(line.covariance[0, 0] + (common * line.intercept) ** 2)
    c = math.sqrt(line.covariance[1, 1] + (2.0 * common * line.slope) ** 2)
    return Estimate.plain(line.intercept, b), Estimate.plain(line.slope, c)


def _usable(steps: FlowSteps, well: Observation, settling: float) -> NDArray[np.bool_]:
    """Readings long enough after the last change of the flow, shape (n,)."""
    last = np.searchsorted(steps.start, well.time, side="right") - 1
    since = well.time - steps.start[np.maximum(last, 0)]
    return (last >= 0) & (since >= max(settling, 1e-9)) & (steps.at(well.time) != 0.0)


def _shortest(steps: FlowSteps, end: float) -> float:
    """Of the steps with flow, s."""
    lengths = np.diff(steps.start, append=max(end, steps.start[-1] + 1.0))
    return float(lengths[steps.flow != 0.0].min())


def _growth(steps: FlowSteps, time: Floats, duration: float) -> Floats:
    """Σ ΔQ_i ln((t − t_i)/Δt) over the steps before, m³/s, shape (n,)."""
    since = time[:, None] - steps.start
    logarithm = np.where(since > 0.0, np.log(np.maximum(since, 1e-9) / duration), 0.0)
    return np.asarray(logarithm @ steps.change)


def _measurement(values: Floats, errors: MeasurementErrors, columns: Floats) -> Floats:
    """Covariance of (B, b, C) from a common error of the flows and of the level at rest."""
    by_flow = -errors.flow * values * np.array([1.0, 1.0, 2.0])
    solved, *_ = np.linalg.lstsq(
        columns / np.abs(columns).max(axis=0), np.full(len(columns), errors.level), rcond=None
    )
    by_level = solved / np.abs(columns).max(axis=0)
    return np.outer(by_flow, by_flow) + np.outer(by_level, by_level)


def _exponent(t: Floats, s: Floats, flow: Floats, columns: Floats, start: Floats) -> float:
    """Exponent p of the loss C Q^p by least squares; NaN where it is not determined."""
    if len(np.unique(np.round(flow, 9))) < _FEWEST_STEPS + 1 or start[2] <= 0.0:
        return math.nan
    largest = float(np.abs(flow).max())
    relative = np.abs(flow) / largest
    turbulent = float(start[2]) * largest**2
    scale = float(np.abs(s).max())

    def residuals(x: Floats) -> Floats:
        lost = x[2] * turbulent * relative ** x[3] * np.sign(flow)
        return (s - columns[:, 0] * x[0] * start[0] - columns[:, 1] * x[1] - lost) / scale

    run = least_squares(
        residuals,
        [1.0, float(start[1]), 1.0, 2.0],
        x_scale=[1.0, max(abs(float(start[1])), 1e-9), 1.0, 1.0],
    )
    covariance = np.linalg.pinv(run.jac.T @ run.jac) * float(2.0 * run.cost) / max(len(t) - 4, 1)
    # An exponent known to no better than one tells nothing.
    return float(run.x[3]) if math.sqrt(covariance[3, 3]) < 0.5 else math.nan


def _warnings(quadratic: float, growth: float, exponent: float) -> tuple[Text, ...]:
    hints = []
    if quadratic < 0.0:
        hints.append(_NEGATIVE)
    if growth <= 0.0:
        hints.append(_NO_SLOPE)
    if math.isfinite(exponent) and abs(exponent - 2.0) > 0.4:
        hints.append(_EXPONENT.format(value=exponent))
    return tuple(hints)
