"""Parameter estimation with the borehole's own heat capacity, for short or disturbed tests.

The fluid temperature of the composite cylinder (fluid, grout, ground) under the recorded heat rate
is fitted to the whole record, also its first hours, by least squares on λ, R_b and, when asked,
the capacity of the fluid. GB 50366-2005 (2009) appendix C names the same principle: inverse
calculation of two or three parameters with the least sum of squared differences of the mean fluid
temperature.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import least_squares

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response_test.autocorrelation import effective_sample_size
from diwen.sources.response_test.composite_cylinder import BoreholeInside, fluid_response
from diwen.sources.response_test.heat_steps import GapTreatment
from diwen.sources.response_test.record import Floats, TestedBorehole, TestSeries
from diwen.sources.response_test.superposition_cells import averaged_cells

_WATER = 4.19e6  # J/(m3 K), about 20 °C: only a first guess of the fluid's capacity
_STEP = 1e-3  # of the logarithms of the parameters
_WET_GROUT = 3.5e6  # J/(m3 K): bentonite or cement suspensions, mostly water
# λ in W/(m K), R_b in m K/W, capacity of the fluid in J/(m K): wider than any borehole has.
_LOWEST, _HIGHEST = np.log([0.1, 0.005, 1.0]), np.log([20.0, 2.0, 1e6])

_FEW = Text("too few records for {unknowns} unknowns", "记录太少，无法求解 {unknowns} 个未知量")
_MORE = Text("give the whole series of the test", "请给出完整的试验记录")


@dataclass(frozen=True, eq=False)
class CapacityFit:
    """Result of the parameter estimation.

    Attributes
    ----------
    start, end : of the records compared, s; count : of cells
    conductivity : λ, W/(m·K); resistance : R_b, m·K/W
    inside : the borehole's inside, with the fluid capacity found when it was fitted
    time, measured, modelled : s, °C, °C, shape (count,)
    rms : K; effective_count : independent readings the residuals are worth
    covariance : of (λ, R_b), from the regression alone, shape (2, 2)
    parameters : number of unknowns
    """

    start: float
    end: float
    count: int
    conductivity: float
    resistance: float
    inside: BoreholeInside
    time: Floats
    measured: Floats
    modelled: Floats
    rms: float
    effective_count: float
    covariance: Floats
    parameters: int

    @property
    def conductivity_error(self) -> float:
        """Standard error of λ, W/(m·K)."""
        return math.sqrt(max(float(self.covariance[0, 0]), 0.0))

    @property
    def resistance_error(self) -> float:
        """Standard error of R_b, m·K/W."""
        return math.sqrt(max(float(self.covariance[1, 1]), 0.0))


def usual_inside(borehole: TestedBorehole) -> BoreholeInside:
    """A first guess where the pipes are not known: wet mineral grout, water in a tenth of it.

    The pipes count as one of four tenths of the bore's radius (√2 times the outer radius of a
    usual single U). Give the real ones where they are known: λ from a short test depends on them.
    """
    area = math.pi * borehole.radius**2
    return BoreholeInside(0.1 * area * _WATER, _WET_GROUT, 0.4 * borehole.radius)


def fit_with_capacity(
    series: TestSeries,
    borehole: TestedBorehole,
    inside: BoreholeInside | None = None,
    *,
    start: float = 600.0,
    end: float = math.inf,
    fit_fluid_capacity: bool = True,
    gap: GapTreatment = "mean",
    before: float | None = None,
    cells: int = 1500,
    guess: tuple[float, float] | None = None,
) -> CapacityFit:
    """Least squares for λ, R_b and, when asked, the fluid's capacity.

    Parameters
    ----------
    series, borehole : the test
    inside : what stores heat in the borehole; by default :func:`usual_inside`
    start, end : records compared, s since the start of heating; the first minutes, in which the
        fluid has not yet gone round once, are best left out
    fit_fluid_capacity : three unknowns instead of two; needs records from the first hours
    gap, before : see :func:`diwen.sources.response_test.heat_steps.heat_steps`
    cells : number of cells the test is averaged over
    guess : of λ and R_b, to save time
    """
    known = usual_inside(borehole) if inside is None else inside
    averaged = averaged_cells(series, borehole.length, gap=gap, before=before, cells=cells)
    used = np.isfinite(averaged.temperature)
    used &= (averaged.time >= start) & (averaged.time <= end)
    measured = averaged.temperature[used]
    unknowns = 3 if fit_fluid_capacity else 2
    if len(measured) <= unknowns:
        message = _FEW.format(unknowns=unknowns)
        raise InputError([Problem("response test", "time", message, _MORE, str(len(measured)))])
    longest = float(series.end) * 1.001

    def model(parameters: Floats) -> Floats:
        lam, resistance = math.exp(parameters[0]), math.exp(parameters[1])
        now = _with_capacity(known, parameters)
        response = fluid_response(lam, resistance, borehole, now, longest)
        rise = averaged.respond(response)[0][used]
        return np.asarray(borehole.undisturbed_temperature + rise)

    first = np.log([*(guess or (2.0, 0.12)), known.fluid_capacity])[:unknowns]
    low, high = _LOWEST[:unknowns], _HIGHEST[:unknowns]
    found = least_squares(
        lambda p: model(p) - measured,
        np.clip(first, low + _STEP, high - _STEP),
        jac=lambda p: _derivatives(model, p),
        bounds=(low, high),
        x_scale=0.1,
        xtol=1e-7,
        ftol=1e-10,
        max_nfev=40,
    )
    return _result(found.x, found.jac, model(found.x), averaged.time[used], measured, known)


def _derivatives(model: Callable[[Floats], Floats], parameters: Floats) -> Floats:
    """Central differences, wide enough to stand above the rounding of the inverse transform."""
    columns = []
    for shift in _STEP * np.eye(len(parameters)):
        columns.append((model(parameters + shift) - model(parameters - shift)) / (2.0 * _STEP))
    return np.stack(columns, axis=1)


def _with_capacity(inside: BoreholeInside, parameters: Floats) -> BoreholeInside:
    if len(parameters) < 3:
        return inside
    return replace(inside, fluid_capacity=math.exp(parameters[2]))


def _result(
    parameters: Floats,
    jacobian: Floats,
    modelled: Floats,
    time: Floats,
    measured: Floats,
    inside: BoreholeInside,
) -> CapacityFit:
    residuals = measured - modelled
    count, effective = len(residuals), effective_sample_size(residuals)
    variance = float((residuals**2).sum()) / max(count - len(parameters), 1) * count / effective
    lam, resistance = math.exp(parameters[0]), math.exp(parameters[1])
    logarithmic = variance * np.linalg.pinv(jacobian.T @ jacobian)[:2, :2]
    scale = np.array([lam, resistance])
    return CapacityFit(
        start=float(time[0]),
        end=float(time[-1]),
        count=count,
        conductivity=lam,
        resistance=resistance,
        inside=_with_capacity(inside, parameters),
        time=time,
        measured=measured,
        modelled=modelled,
        rms=math.sqrt(float((residuals**2).mean())),
        effective_count=effective,
        covariance=np.asarray(logarithmic * np.outer(scale, scale)),
        parameters=len(parameters),
    )
