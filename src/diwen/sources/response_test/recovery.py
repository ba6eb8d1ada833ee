"""The recovery after heating: conductivity from the cooling, free of the borehole resistance.

After the heater stops at t_h the fluid follows, for constant heat rate before (T. R. Horner 1951)::

    T_f − T_0 = q'/(4 π λ) ln(t/(t − t_h))

so that the slope over the Horner time gives λ and the intercept T_0. With a varying heat rate the
superposition of all steps takes the place of the logarithm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response_test.autocorrelation import effective_sample_size
from diwen.sources.response_test.heat_steps import heat_steps
from diwen.sources.response_test.line_source_fit import heating_end, validity_start
from diwen.sources.response_test.record import Floats, TestedBorehole, TestSeries
from diwen.sources.response_test.superposition_fit import SuperpositionFit, fit_superposition

_NONE = Text("the record holds no recovery after heating", "记录中没有停止加热后的恢复阶段")
_MEASURE = Text(
    "go on measuring with the pump running after the heater is switched off",
    "停止加热后请保持循环并继续测量",
)
_RISING = Text("the fluid does not cool in the recovery window", "恢复时段内流体温度没有下降")
_CHECK = Text("choose another window", "请另选时段")


@dataclass(frozen=True, eq=False)
class RecoveryFit:
    """Result of the recovery.

    Attributes
    ----------
    heating_end : s; start, end : of the window, s; count : records
    heat_rate : mean while heating, W/m
    conductivity : by the Horner line, W/(m·K); conductivity_error : standard error
    undisturbed_temperature : the line at infinite time, °C
    horner_time : ln(t/(t − t_h)), shape (count,); temperature, line : °C, shape (count,)
    superposition : the same window under the whole history of power (no R_b)
    """

    heating_end: float
    start: float
    end: float
    count: int
    heat_rate: float
    conductivity: float
    conductivity_error: float
    undisturbed_temperature: float
    horner_time: Floats
    temperature: Floats
    line: Floats
    superposition: SuperpositionFit


def has_recovery(series: TestSeries, shortest: float = 3 * 3600.0) -> bool:
    """Whether the record goes on long enough after the heater stopped; shortest in s."""
    return series.end - heating_end(series) >= shortest


def evaluate_recovery(
    series: TestSeries,
    borehole: TestedBorehole,
    *,
    wait: float | None = None,
    end: float = math.inf,
    conductivity: float = 2.0,
) -> RecoveryFit:
    """Horner line and superposition over the recovery.

    Parameters
    ----------
    series, borehole : the test with its recovery
    wait : after the heater stopped, s; by default 5 r_b² C/λ
    end : of the window, s
    conductivity : first guess for the default of ``wait``, W/(m·K)

    Raises
    ------
    diwen.problems.InputError : no recovery in the record, or no cooling in it
    """
    stop = heating_end(series)
    begin = stop + (validity_start(borehole, conductivity) if wait is None else wait)
    part = series.inside(begin, end)
    if part.count < 5:
        raise InputError([Problem("response test", "recovery", _NONE, _MEASURE, str(part.count))])
    steps = heat_steps(series)
    rate = float(steps.energy_at(np.array([stop]))[0]) / stop / borehole.length
    x, y = np.log(part.time / (part.time - stop)), part.fluid_temperature
    centred = x - x.mean()
    scatter = float(centred @ centred)
    slope = float(centred @ y) / scatter
    if slope <= 0:
        raise InputError([Problem("response test", "recovery", _RISING, _CHECK, f"{slope:.4g} K")])
    line = float(y.mean()) + slope * centred
    residuals = y - line
    effective = effective_sample_size(residuals)
    variance = float(residuals @ residuals) / (part.count - 2) * part.count / effective
    lam = rate / (4.0 * math.pi * slope)
    return RecoveryFit(
        heating_end=stop,
        start=float(part.time[0]),
        end=float(part.time[-1]),
        count=part.count,
        heat_rate=rate,
        conductivity=lam,
        conductivity_error=lam / slope * math.sqrt(variance / scatter),
        undisturbed_temperature=float(y.mean()) - slope * float(x.mean()),
        horner_time=x,
        temperature=y,
        line=line,
        superposition=fit_superposition(
            series, borehole, start=begin, end=end, settling=0.0, fit_resistance=False
        ),
    )
