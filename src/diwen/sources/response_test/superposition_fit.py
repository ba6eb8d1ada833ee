"""Evaluation of a test with variable power, interruptions, gaps and several flow rates.

Infinite line source by superposition of the heat-rate steps::

    T_f(t) = T_0 + Σ_i Δq'_i/(4 π λ) E1(r_b² C/(4 λ (t − t_i))) + q'(t) R_b

For a given λ the temperature is linear in everything else (R_b of each flow level, T_0, the mean
heat rate hidden in a gap), so that only λ is searched for and the rest follows by linear least
squares (variable projection). Source: H. S. Carslaw, J. C. Jaeger (1959), 10.4; G. Golub,
V. Pereyra, SIAM J. Numer. Anal. 10 (1973) 413.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import exp1

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response_test.autocorrelation import effective_sample_size
from diwen.sources.response_test.heat_steps import GapTreatment
from diwen.sources.response_test.line_source_fit import VALIDITY_FACTOR
from diwen.sources.response_test.record import Floats, TestedBorehole, TestSeries
from diwen.sources.response_test.superposition_cells import (
    AveragedCells,
    StepResponse,
    averaged_cells,
    settled_cells,
)

POSSIBLE_CONDUCTIVITY = (0.1, 20.0)  # W/(m K): wider than any ground
_ENOUGH = 50  # cells below which the settling time is shortened
_SHORTEST_WAIT = 600.0  # s
_WORST_CONDITION = 100.0  # of the columns q' and 1: power has to vary by some per cent

_FEW = Text(
    "too few settled records remain for {unknowns} unknowns",
    "稳定记录太少，不足以求解 {unknowns} 个未知数",
)
_SHORTEN = Text("give a shorter settling time or an earlier start", "请缩短稳定时间或提前起始时刻")
_EDGE = Text(
    "no conductivity between {low:g} and {high:g} W/(m·K) fits the test",
    "{low:g} 至 {high:g} W/(m·K) 之间没有导热系数能符合试验数据",
)
_ALIKE = Text(
    "at steady power the undisturbed temperature cannot be told from the borehole resistance",
    "功率稳定时，无法同时求解初始地温与钻孔热阻",
)
_GIVE = Text("give the undisturbed temperature as measured", "请给出实测初始地温")
_CHECK = Text(
    "check the sign of power and temperature, the radius and the length",
    "请检查功率与温度的符号、钻孔半径和长度",
)


@dataclass(frozen=True, eq=False)
class SuperpositionFit:
    """Result of the superposition fit.

    Attributes
    ----------
    start, end : first and last time used, s since the start of heating
    count : cells used
    conductivity : λ, W/(m·K)
    resistance : R_b, m·K/W; with several flow levels the mean weighted by time
    resistances : R_b per flow level, NaN where a level has no settled record, shape (n_levels,)
    level_flow : mean mass flow per level, kg/s, NaN without a flow, shape (n_levels,)
    undisturbed_temperature : °C, fitted or as given
    gap_heat_rates : mean heat rate found in each fitted gap, W/m, shape (n_gaps,)
    time, measured, modelled : of the cells used, s, °C, °C, shape (count,)
    rms : root mean square of the residuals, K
    effective_count : independent readings the residuals are worth
    covariance : of (λ, R_b), from the regression alone, shape (2, 2)
    conductivity_error, resistance_error : standard errors from the regression alone
    settling : time left out after the start and after each jump of power or flow, s
    """

    start: float
    end: float
    count: int
    conductivity: float
    resistance: float
    resistances: Floats
    level_flow: Floats
    undisturbed_temperature: float
    gap_heat_rates: Floats
    time: Floats
    measured: Floats
    modelled: Floats
    rms: float
    effective_count: float
    covariance: Floats
    settling: float

    @property
    def conductivity_error(self) -> float:
        """Standard error of λ, W/(m·K)."""
        return math.sqrt(max(float(self.covariance[0, 0]), 0.0))

    @property
    def resistance_error(self) -> float:
        """Standard error of R_b, m·K/W."""
        return math.sqrt(max(float(self.covariance[1, 1]), 0.0))

    @property
    def residuals(self) -> Floats:
        """Measured minus modelled, K, shape (count,)."""
        return self.measured - self.modelled


def line_source_response(borehole: TestedBorehole) -> Callable[[float], StepResponse]:
    """Response of the infinite line source at the borehole wall, by conductivity.

    The mean over a cell is exact: ∫ E1(a/s) ds = (s + a) E1(a/s) − s exp(−a/s).
    """

    def of(conductivity: float) -> StepResponse:
        a = borehole.radius**2 * borehole.heat_capacity / (4.0 * conductivity)
        factor = 1.0 / (4.0 * math.pi * conductivity)

        def value(t: Floats) -> Floats:
            safe = np.where(t > 0, t, 1.0)
            return np.where(t > 0, factor * exp1(a / safe), 0.0)

        def integral(t: Floats) -> Floats:
            safe = np.where(t > 0, t, 1.0)
            whole = (safe + a) * exp1(a / safe) - safe * np.exp(-a / safe)
            return np.where(t > 0, factor * whole, 0.0)

        return StepResponse(value, integral)

    return of


def fit_superposition(
    series: TestSeries,
    borehole: TestedBorehole,
    *,
    start: float = 0.0,
    end: float = math.inf,
    settling: float | None = None,
    levels: NDArray[np.intp] | None = None,
    gap: GapTreatment | Literal["fitted"] = "fitted",
    before: float | None = None,
    fit_undisturbed: bool = False,
    fit_resistance: bool = True,
    response: Callable[[float], StepResponse] | None = None,
    cells: int = 3000,
    guess: float | None = None,
) -> SuperpositionFit:
    """Least squares for λ, R_b (per flow level) and, when asked, T_0.

    Parameters
    ----------
    series, borehole : the test; the whole history of power is used, whatever the window
    start, end : records compared, s since the start of heating
    settling : time left out after the start and after each jump of power or flow, s; by default
        5 r_b² C/λ, found by iteration, and halved until enough records remain
    levels : flow level of each record, 0 .. n - 1, shape (n,); each has an R_b of its own
    gap : heat rate in long gaps: ``fitted`` makes it an unknown, the others as
        :func:`diwen.sources.response_test.heat_steps.heat_steps`
    before : heat rate before the first record, W (see there)
    fit_undisturbed : also find T_0
    fit_resistance : False when no heat flows in the window (recovery), R_b is then NaN
    response : step response of the ground per W/m, by conductivity; by default the infinite line
        source; with ``fit_resistance`` it must not contain R_b
    cells : number of cells the test is averaged over, when the exact sum would be long
    guess : conductivity known to be near, W/(m·K): saves the search over the whole range

    Raises
    ------
    diwen.problems.InputError : nothing left to fit, or no conductivity fits
    """
    build = line_source_response(borehole) if response is None else response
    averaged = averaged_cells(
        series, borehole.length, gap=gap, before=before, levels=levels, cells=cells
    )
    lam, wait = guess, settling
    for _ in range(1 if settling is not None else 4):
        if settling is None:
            wait = VALIDITY_FACTOR * borehole.radius**2 * borehole.heat_capacity / (lam or 2.0)
        used = settled_cells(averaged, wait or 0.0, start, end)
        while settling is None and wait and used.sum() < _ENOUGH and wait > _SHORTEST_WAIT:
            # Too unsteady to wait that long after every jump.
            wait = 0.5 * wait
            used = settled_cells(averaged, wait, start, end)
        problem = _Projection(averaged, used, borehole, build, fit_undisturbed, fit_resistance)
        before_this, lam = lam, problem.search(lam)
        if before_this is not None and abs(lam - before_this) < 1e-3 * lam:
            break
    return _result(problem, lam or math.nan, wait or 0.0)


@dataclass(frozen=True, eq=False)
class _Projection:
    """The linear part of the fit for a given conductivity."""

    cells: AveragedCells
    used: NDArray[np.bool_]
    borehole: TestedBorehole
    build: Callable[[float], StepResponse]
    fit_undisturbed: bool
    fit_resistance: bool

    def __post_init__(self) -> None:
        unknowns = 1 + self._fixed_columns().shape[1] + self.cells.gap_count
        if int(self.used.sum()) < unknowns + 2:
            found = str(int(self.used.sum()))
            message = _FEW.format(unknowns=unknowns)
            raise InputError([Problem("response test", "superposition", message, _SHORTEN, found)])
        fixed = self._fixed_columns()
        if self.fit_undisturbed and self.fit_resistance:
            scaled = fixed / np.linalg.norm(fixed, axis=0)
            if np.linalg.cond(scaled) > _WORST_CONDITION:
                raise InputError([Problem("response test", "superposition", _ALIKE, _GIVE)])

    def levels_present(self) -> NDArray[np.intp]:
        return np.flatnonzero((self.cells.level_share[self.used] > 0.5).any(axis=0))

    def _fixed_columns(self) -> Floats:
        """Columns that do not depend on λ: q' per flow level, and 1 for T_0."""
        columns = []
        if self.fit_resistance:
            share = self.cells.level_share[self.used][:, self.levels_present()]
            columns.append(self.cells.heat_rate[self.used][:, None] * share)
        if self.fit_undisturbed:
            columns.append(np.ones((int(self.used.sum()), 1)))
        return np.hstack(columns) if columns else np.zeros((int(self.used.sum()), 0))

    def solve(self, conductivity: float) -> tuple[Floats, Floats, Floats]:
        """Coefficients, columns and modelled temperature at one conductivity."""
        ground, gaps = self.cells.respond(self.build(conductivity))
        columns = np.hstack([self._fixed_columns(), gaps[self.used]])
        known = ground[self.used]
        if not self.fit_undisturbed:
            known = known + self.borehole.undisturbed_temperature
        target = self.cells.temperature[self.used] - known
        if not columns.shape[1]:
            return np.zeros(0), columns, known
        coefficients = self._bounded(columns, target)
        return coefficients, columns, known + columns @ coefficients

    def _bounded(self, columns: Floats, target: Floats) -> Floats:
        """Least squares; a gap hides neither cooling nor more heat than the heater ever gave."""
        coefficients = np.linalg.lstsq(columns, target, rcond=None)[0]
        first = columns.shape[1] - self.cells.gap_count
        rates = self.cells.heat_rate
        bounded = coefficients[first:].clip(min(rates.min(), 0.0), max(rates.max(), 0.0))
        if (bounded == coefficients[first:]).all():
            return np.asarray(coefficients)
        rest = target - columns[:, first:] @ bounded
        free = np.linalg.lstsq(columns[:, :first], rest, rcond=None)[0]
        return np.concatenate([free, bounded])

    def misfit(self, log_conductivity: float) -> float:
        """Sum of squares left over, K²."""
        model = self.solve(math.exp(log_conductivity))[2]
        return float(((self.cells.temperature[self.used] - model) ** 2).sum())

    def search(self, guess: float | None = None) -> float:
        """Conductivity of the least squares, W/(m·K)."""
        if guess is not None:
            found = self._refined(guess)
            if found is not None:
                return found
        trial = np.linspace(
            math.log(POSSIBLE_CONDUCTIVITY[0]), math.log(POSSIBLE_CONDUCTIVITY[1]), 14
        )
        errors = [self.misfit(v) for v in trial]
        best = int(np.argmin(errors))
        if best in (0, len(trial) - 1):
            message = _EDGE.format(low=POSSIBLE_CONDUCTIVITY[0], high=POSSIBLE_CONDUCTIVITY[1])
            raise InputError([Problem("response test", "superposition", message, _CHECK)])
        bracket = tuple(trial[best - 1 : best + 2])
        coarse = minimize_scalar(self.misfit, bracket=bracket, method="brent", tol=1e-4)
        lam = math.exp(float(coarse.x))
        refined = self._refined(lam)
        return lam if refined is None else refined

    def _refined(self, conductivity: float) -> float | None:
        """Gauss-Newton to full precision from a guess; None when it does not settle."""
        lam, largest = conductivity, 0.3
        for _ in range(12):
            jacobian, residuals = self.linearised(lam)
            step = float(np.linalg.lstsq(jacobian, residuals, rcond=None)[0][0])
            if not abs(step) < largest * lam:
                return None
            lam, largest = lam + step, 0.7 * max(abs(step) / lam, 1e-7)
            if abs(step) < 1e-9 * lam:
                break
        return lam

    def linearised(self, conductivity: float) -> tuple[Floats, Floats]:
        """Derivative of the modelled temperature to (λ, linear unknowns), and the residuals."""
        coefficients, columns, model = self.solve(conductivity)
        step = 1e-4 * conductivity
        up, down = (self._with(conductivity + s, coefficients) for s in (step, -step))
        jacobian = np.hstack([((up - down) / (2 * step))[:, None], columns])
        return jacobian, self.cells.temperature[self.used] - model

    def _with(self, conductivity: float, coefficients: Floats) -> Floats:
        ground, gaps = self.cells.respond(self.build(conductivity))
        columns = np.hstack([self._fixed_columns(), gaps[self.used]])
        return ground[self.used] + columns @ coefficients


def _result(problem: _Projection, lam: float, settling: float) -> SuperpositionFit:
    coefficients, _, model = problem.solve(lam)
    cells, used = problem.cells, problem.used
    jacobian, residuals = problem.linearised(lam)
    effective = effective_sample_size(residuals)
    freedom = max(len(residuals) - jacobian.shape[1], 1)
    variance = float((residuals**2).sum()) / freedom * len(residuals) / effective
    covariance = variance * np.linalg.pinv(jacobian.T @ jacobian)
    present = problem.levels_present() if problem.fit_resistance else np.zeros(0, int)
    resistances = np.full(cells.level_share.shape[1], np.nan)
    resistances[present] = coefficients[: len(present)]
    weight = cells.level_share[used][:, present].sum(axis=0)
    combine = np.zeros((2, jacobian.shape[1]))
    combine[0, 0] = 1.0
    if len(present):
        combine[1, 1 : 1 + len(present)] = weight / weight.sum()
    rest = len(present) + int(problem.fit_undisturbed)
    undisturbed = problem.borehole.undisturbed_temperature
    return SuperpositionFit(
        start=float(cells.time[used][0]),
        end=float(cells.time[used][-1]),
        count=int(used.sum()),
        conductivity=lam,
        resistance=float(combine[1, 1:] @ coefficients) if len(present) else math.nan,
        resistances=resistances,
        level_flow=cells.level_flow,
        undisturbed_temperature=float(coefficients[len(present)])
        if problem.fit_undisturbed
        else undisturbed,
        gap_heat_rates=coefficients[rest:],
        time=cells.time[used],
        measured=cells.temperature[used],
        modelled=model,
        rms=math.sqrt(float((residuals**2).mean())),
        effective_count=effective,
        covariance=combine @ covariance @ combine.T,
        settling=settling,
    )
