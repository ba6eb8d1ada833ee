"""Evaluation of a response test: the method the test allows, with everything to judge it by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response_test.attempted_methods import AttemptedMethods, Method
from diwen.sources.response_test.capacity_fit import CapacityFit
from diwen.sources.response_test.composite_cylinder import BoreholeInside
from diwen.sources.response_test.convergence import WindowSequence, growing_end, rolling_start
from diwen.sources.response_test.groundwater_hint import GroundwaterHint
from diwen.sources.response_test.line_source_fit import LineSourceFit
from diwen.sources.response_test.plain_fit_conditions import PlainFitConditions, unsteady_reasons
from diwen.sources.response_test.record import Floats, TestedBorehole, TestSeries
from diwen.sources.response_test.recovery import RecoveryFit
from diwen.sources.response_test.steadiness import Steadiness, steadiness
from diwen.sources.response_test.superposition_fit import (
    POSSIBLE_CONDUCTIVITY,
    SuperpositionFit,
)
from diwen.sources.response_test.uncertainty import Budget, InputUncertainty, uncertainty_budget

_STEADY = Text(
    "power and flow are steady (standard deviation of the power {deviation:.1%}): straight line "
    "over the logarithm of time",
    "功率和流量稳定（功率标准差 {deviation:.1%}），采用线热源对数直线拟合",
)
_UNSTEADY = Text(
    "the test is not steady ({count} reasons): superposition of the recorded heat rate instead "
    "of a straight line",
    "试验不稳定（{count} 条理由），不做直线拟合，改用变功率叠加法",
)
_SHORT = Text(
    "only {hours:.1f} h of heating lie after the line source holds: parameter estimation with the "
    "borehole's heat capacity, which uses the early hours too",
    "线热源适用后仅有 {hours:.1f} h 加热数据，采用计入钻孔热容的参数估计，早期数据也参与计算",
)
_NO_LINE = Text(
    "no straight line can be drawn: superposition of the recorded heat rate",
    "无法做直线拟合，改用变功率叠加法",
)
_IMPOSSIBLE = Text(
    "{value} cannot be right: check the units of power, length, radius and undisturbed temperature",
    "{value} 不合理：请检查功率、深度、半径的单位和初始地温",
)
_ASKED = Text("as asked for", "按用户指定")
_SHORT_LATE = Text(
    "only {hours:.1f} h of heating lie after the line source holds, and the early hours are not "
    "recorded: straight line, with little to support it",
    "线热源适用后仅有 {hours:.1f} h 加热数据，且缺早期记录：仍用直线拟合，但依据不足",
)
_REFUSED = Text("no straight-line fit on this test: {reason}", "本试验不得做直线拟合：{reason}")
_SUPERPOSE = Text("evaluate by superposition", "请改用变功率叠加法")
_UNKNOWN = Text("no such method", "没有这种方法")


@dataclass(frozen=True, eq=False)
class Evaluation:
    """All that was found.

    Attributes
    ----------
    method : the one chosen; why : the reason
    conductivity : λ, W/(m·K), of the method chosen
    resistance : R_b, m·K/W, of the method chosen; with the mean of inlet and outlet as fluid
        temperature it is the effective resistance R_b* over the length, at the flow of the test
    covariance : of (λ, R_b), with the whole budget if there is one, else the regression alone
    regression_covariance : of (λ, R_b), from the regression alone
    refusals : why the straight line was refused, empty if it was not
    line_source, superposition, capacity, recovery : results, None where not possible or refused
    rolling_start, growing_end : convergence of the straight line, None if refused
    windows : results over other windows, by the method chosen
    groundwater : None if the straight line is refused
    budget : None without the uncertainties of the inputs
    steadiness : numbers on the test
    notes : methods that could not be used, and why; results that cannot be
    """

    method: Method
    why: Text
    conductivity: float
    resistance: float
    covariance: Floats
    regression_covariance: Floats
    refusals: tuple[Text, ...]
    line_source: LineSourceFit | None
    superposition: SuperpositionFit | None
    capacity: CapacityFit | None
    recovery: RecoveryFit | None
    rolling_start: WindowSequence | None
    growing_end: WindowSequence | None
    windows: WindowSequence
    groundwater: GroundwaterHint | None
    budget: Budget | None
    steadiness: Steadiness
    notes: tuple[Text, ...]


def evaluate(
    series: TestSeries,
    borehole: TestedBorehole,
    method: Literal["auto"] | Method = "auto",
    *,
    start: float | None = None,
    end: float | None = None,
    inputs: InputUncertainty | None = None,
    conditions: PlainFitConditions | None = None,
    inside: BoreholeInside | None = None,
) -> Evaluation:
    """Evaluate a response test by every method it allows, and choose one.

    Parameters
    ----------
    series, borehole : the test
    method : ``auto`` chooses: straight line when steady, superposition when not, estimation with
        heat capacity when short
    start, end : window, s since the start of heating; by default chosen by the method
    inputs : standard uncertainties of power, length ...; without them there is no budget
    conditions : what the straight line needs; by default :class:`PlainFitConditions`
    inside : what stores heat in the borehole, for the estimation with heat capacity

    Raises
    ------
    diwen.problems.InputError : the method asked for is refused or fails (all reasons at once)
    """
    if method not in ("auto", "line source", "superposition", "capacity"):
        allowed = Text("auto, line source, superposition, capacity", "auto 或上述三种方法")
        raise InputError([Problem("evaluate", "method", _UNKNOWN, allowed, str(method))])
    limits = conditions or PlainFitConditions()
    numbers = steadiness(series)
    warm = min(limits.start_up, 0.1 * numbers.heating_end)
    # What happens after the window cannot spoil it; what happened before can.
    settled = steadiness(series, start=max(warm, float(series.time[0])), end=end)
    refusals = unsteady_reasons(series, settled, limits)
    if method == "line source" and refusals:
        raise InputError(
            Problem("response test", "", _REFUSED.format(reason=reason), _SUPERPOSE)
            for reason in refusals
        )
    found = AttemptedMethods(series, borehole, settled, refusals, start, end, inside)
    chosen, why = _choose(method, found, limits, numbers)
    estimate, regression, windows = found.judged(chosen)
    lam, resistance = found.pair(chosen)
    budget = None
    if inputs is not None:
        budget = uncertainty_budget(estimate, series, borehole, inputs, regression, windows)
    line = found.line_source
    return Evaluation(
        method=chosen,
        why=why,
        conductivity=lam,
        resistance=resistance,
        covariance=regression if budget is None else budget.covariance,
        regression_covariance=regression,
        refusals=refusals,
        line_source=line,
        superposition=found.superposition,
        capacity=found.capacity,
        recovery=found.recovery,
        rolling_start=None if line is None else rolling_start(series, borehole, end=line.end),
        growing_end=None
        if line is None
        else growing_end(series, borehole, start=line.start, latest=line.end),
        windows=windows,
        groundwater=found.groundwater(),
        budget=budget,
        steadiness=numbers,
        notes=(*found.notes, *_doubts(lam, resistance)),
    )


def _doubts(conductivity: float, resistance: float) -> Iterable[Text]:
    """What no ground and no borehole can be."""
    low, high = POSSIBLE_CONDUCTIVITY
    if not low < conductivity < high:
        yield _IMPOSSIBLE.format(value=f"λ = {conductivity:.3g} W/(m·K)")
    if resistance <= 0:
        yield _IMPOSSIBLE.format(value=f"R_b = {resistance:.3g} m·K/W")


def _choose(
    method: str, found: AttemptedMethods, limits: PlainFitConditions, numbers: Steadiness
) -> tuple[Method, Text]:
    if method != "auto":
        return method, _ASKED  # type: ignore[return-value]
    if found.refusals:
        return "superposition", _UNSTEADY.format(count=len(found.refusals))
    line = found.line_source
    if line is None:
        return "superposition", _NO_LINE
    hours = max(line.end - line.valid_from, 0.0) / 3600
    if hours * 3600 >= limits.shortest_window:
        return "line source", _STEADY.format(deviation=numbers.power_deviation_averaged)
    if found.capacity is not None:
        return "capacity", _SHORT.format(hours=hours)
    return "line source", _SHORT_LATE.format(hours=hours)
