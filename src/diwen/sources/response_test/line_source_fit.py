"""Plain evaluation: straight line of fluid temperature over the logarithm of time.

Infinite line source with constant heat rate, late times::

    T_f(t) = k ln t + m,   k = q'/(4 π λ),
    R_b = (m − T_0)/q' − [ln(4 λ/(C r_b²)) − γ]/(4 π λ)

q' W/m into the ground, λ conductivity, C volumetric heat capacity, γ Euler's constant. Valid for
t >= 5 r_b² C/λ. Sources: H. S. Carslaw, J. C. Jaeger, Conduction of heat in solids (1959), 10.4;
P. Mogensen (1983); S. Gehlin, Thermal response test, thesis, Luleå 2002.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response_test.autocorrelation import effective_sample_size
from diwen.sources.response_test.record import Floats, TestedBorehole, TestSeries

EULER = float(np.euler_gamma)
VALIDITY_FACTOR = 5.0

_FALLING = Text(
    "the fluid temperature does not go with the heat in the window; no conductivity follows",
    "所选时段内流体平均温度变化与排热（或取热）方向不符，无法得出导热系数",
)
_EMPTY = Text("too few records in the window", "所选时段内记录太少")
_COLD = Text("no heat in the window", "所选时段内没有换热")
_WINDOW = Text(
    "choose another window, or evaluate by superposition", "请另选时段，或改用变功率叠加法"
)
_REASON = Text(
    "from {start:.1f} h, when the line source holds (5 r_b² C/λ = {valid:.1f} h"
    "{late}), to the end of heating at {end:.1f} h",
    "起点 {start:.1f} h：线热源自此适用（5 r_b² C/λ = {valid:.1f} h{late}）；"
    "终点 {end:.1f} h：加热结束",
)
_LATE = Text(", first record later", "，首条记录更晚")
_ON_TIME = Text("", "")


@dataclass(frozen=True, eq=False)
class LineSourceFit:
    """Result of the straight-line fit in one window.

    Attributes
    ----------
    start, end : of the window, s since the start of heating
    count : records in the window
    heat_rate : mean in the window, W/m into the ground
    slope : k, K; intercept : m, °C (at t = 1 s)
    conductivity : λ, W/(m·K)
    resistance : R_b, m·K/W
    residuals : of the regression, K, shape (count,)
    rms : root mean square of the residuals, K
    effective_count : independent records the residuals are worth
    coefficient_covariance : of (slope, intercept), with the effective count, shape (2, 2)
    conductivity_error, resistance_error : standard error from the regression alone
    valid_from : 5 r_b² C/λ, s
    reason : why this window
    """

    start: float
    end: float
    count: int
    heat_rate: float
    slope: float
    intercept: float
    conductivity: float
    resistance: float
    residuals: Floats
    rms: float
    effective_count: float
    coefficient_covariance: Floats
    conductivity_error: float
    resistance_error: float
    valid_from: float
    reason: Text | None = None

    @property
    def valid(self) -> bool:
        """Whether the window starts when the line source holds (within one per cent)."""
        return self.start >= 0.99 * self.valid_from

    def temperature(self, times: ArrayLike) -> Floats:
        """Fluid temperature of the fitted line, °C, at times in s."""
        return self.intercept + self.slope * np.log(np.asarray(times, float))


def conductivity_of(slope: ArrayLike, heat_rate: ArrayLike) -> Floats:
    """λ = q'/(4 π k), W/(m·K); slope in K per unit of ln t, heat rate in W/m."""
    return np.asarray(heat_rate, float) / (4.0 * math.pi * np.asarray(slope, float))


def resistance_of(
    slope: ArrayLike,
    intercept: ArrayLike,
    heat_rate: ArrayLike,
    radius: float,
    heat_capacity: ArrayLike,
    undisturbed_temperature: ArrayLike,
) -> Floats:
    """R_b of the line T = k ln t + m, m·K/W; arguments broadcast (see the module)."""
    rate = np.asarray(heat_rate, float)
    lam = conductivity_of(slope, rate)
    rise = (np.asarray(intercept, float) - np.asarray(undisturbed_temperature, float)) / rate
    ground = np.log(4.0 * lam / (np.asarray(heat_capacity, float) * radius**2)) - EULER
    return rise - ground / (4.0 * math.pi * lam)


def validity_start(borehole: TestedBorehole, conductivity: float) -> float:
    """Time from which the logarithm replaces the exponential integral, 5 r_b² C/λ, s."""
    return VALIDITY_FACTOR * borehole.radius**2 * borehole.heat_capacity / conductivity


def fit_line_source(
    series: TestSeries,
    borehole: TestedBorehole,
    start: float | None = None,
    end: float | None = None,
) -> LineSourceFit:
    """Straight-line fit in a window; without a start the window is chosen.

    Parameters
    ----------
    series, borehole : the test
    start, end : of the window, s since the start of heating; by default from the time at which
        the line source holds (found by iteration) to the end of heating

    Raises
    ------
    diwen.problems.InputError : too few records, no heat, or a temperature that does not rise
    """
    stop = heating_end(series) if end is None else end
    if start is not None:
        return _fit(series, borehole, start, stop, None)
    begin = max(float(series.time[0]), 1.0)
    for _ in range(30):
        fit = _fit(series, borehole, begin, stop, None)
        valid = min(max(fit.valid_from, float(series.time[0])), begin + 0.5 * (stop - begin))
        if abs(valid - begin) <= 1e-3 * valid:
            break
        begin = valid
    late = _LATE if series.time[0] > 1.01 * fit.valid_from else _ON_TIME
    reason = _REASON.format(
        start=fit.start / 3600,
        valid=fit.valid_from / 3600,
        late=late,
        end=fit.end / 3600,
    )
    return _fit(series, borehole, begin, stop, reason)


def heating_end(series: TestSeries, share: float = 0.1) -> float:
    """Time of the last record with more than a share of the usual power, s."""
    size = np.abs(series.power)
    # A high quantile is a heated record even when the recovery is longer than the heating.
    high = float(np.quantile(size, 0.99))
    if high == 0.0:
        return series.end
    usual = float(np.median(size[size > 0.2 * high]))
    heated = np.flatnonzero(size > share * usual)
    return float(series.time[heated[-1]])


def _fit(
    series: TestSeries, borehole: TestedBorehole, start: float, end: float, reason: Text | None
) -> LineSourceFit:
    part = series.inside(max(start, 1e-9), end)
    rate = _mean_heat_rate(part, borehole, start, end)
    x, y = np.log(part.time), part.fluid_temperature
    centre = float(x.mean())
    scatter = float(((x - centre) ** 2).sum())
    slope = float(((x - centre) * (y - y.mean())).sum()) / scatter
    if slope * rate <= 0:
        raise InputError([_window_problem(start, end, _FALLING, f"{slope:.4g} K")])
    intercept = float(y.mean()) - slope * centre
    residuals = y - (intercept + slope * x)
    effective = effective_sample_size(residuals)
    variance = float((residuals**2).sum()) / (len(x) - 2) * (len(x) / effective)
    covariance = _line_covariance(variance, scatter, centre, len(x))
    lam = float(conductivity_of(slope, rate))
    resistance = float(
        resistance_of(
            slope,
            intercept,
            rate,
            borehole.radius,
            borehole.heat_capacity,
            borehole.undisturbed_temperature,
        )
    )
    gradient = resistance_gradient(slope, rate, borehole)
    return LineSourceFit(
        start=float(part.time[0]),
        end=float(part.time[-1]),
        count=part.count,
        heat_rate=rate,
        slope=slope,
        intercept=intercept,
        conductivity=lam,
        resistance=resistance,
        residuals=residuals,
        rms=math.sqrt(float((residuals**2).mean())),
        effective_count=effective,
        coefficient_covariance=covariance,
        conductivity_error=lam / slope * math.sqrt(covariance[0, 0]),
        resistance_error=math.sqrt(max(float(gradient @ covariance @ gradient), 0.0)),
        valid_from=validity_start(borehole, lam),
        reason=reason,
    )


def resistance_gradient(slope: float, heat_rate: float, borehole: TestedBorehole) -> Floats:
    """Derivative of R_b to slope and intercept, shape (2,)."""
    lam = float(conductivity_of(slope, heat_rate))
    ground = math.log(4.0 * lam / (borehole.heat_capacity * borehole.radius**2)) - EULER
    # R_b = (m − T0)/q' − (k/q') (ln(4 λ/(C r²)) − γ), and ln λ falls as ln k rises.
    return np.array([-(ground - 1.0) / heat_rate, 1.0 / heat_rate])


def _line_covariance(variance: float, scatter: float, centre: float, count: int) -> Floats:
    slope = variance / scatter
    return np.array(
        [[slope, -centre * slope], [-centre * slope, variance / count + centre**2 * slope]]
    )


def _mean_heat_rate(part: TestSeries, borehole: TestedBorehole, start: float, end: float) -> float:
    if part.count < 3:
        raise InputError([_window_problem(start, end, _EMPTY, str(part.count))])
    rate = float(part.power.mean()) / borehole.length
    if rate == 0:
        raise InputError([_window_problem(start, end, _COLD, f"{rate:.4g} W/m")])
    return rate


def _window_problem(start: float, end: float, message: Text, value: str) -> Problem:
    where = f"window {start / 3600:.1f} h .. {end / 3600:.1f} h"
    return Problem("response test", where, message, _WINDOW, value)
