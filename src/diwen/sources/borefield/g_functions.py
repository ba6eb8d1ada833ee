"""g-functions of bore fields, and the matrix of responses between zones of boreholes.

g is the drop of the mean wall temperature of the boreholes below the undisturbed ground, times
2πk and divided by the mean heat rate per metre, at the time t after a steady heat rate began
(Eskilson 1987, "Thermal analysis of heat extraction boreholes", Lund). Solved in the Laplace
domain, where a field of segments needs one small linear solution per sample and no time steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text, same
from diwen.problems import InputError
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_function_input import problem_at, refuse
from diwen.sources.borefield.laplace import (
    DEFAULT_ORDER,
    DEFAULT_SPACING,
    FAST_SPACING,
    Reference,
    fastest_of_note,
    interpolation_errors,
    inversion_matrix,
    line_source_reference,
    sample_points,
)
from diwen.sources.borefield.segments import (
    DEFAULT_END_LENGTH_RATIO,
    DEFAULT_SEGMENTS,
    segment_ratios,
)
from diwen.sources.borefield.zone_response import (
    ZoneTransfer,
    uniform_rate_transfer,
    uniform_temperature_transfer,
)

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Boundary = Literal["uniform heat rate", "uniform wall temperature", "equal inlet temperature"]
Mode = Literal["fast", "accurate"]


@dataclass(frozen=True, eq=False)
class ResponseMatrix:
    """Responses of the walls of zones to the heat rates of zones.

    Attributes
    ----------
    times : s, shape (nt,)
    values : 2πk times the drop of the length-mean wall temperature of zone i per W/m of steady
        heat extraction in zone j alone (per metre of zone j's boreholes), shape (nz, nz, nt)
    lengths : total length of each zone, m, shape (nz,); lengths[i] values[i, j] is symmetric
    error : own estimate of the relative numerical error, largest over times
    error_by_time : the same by time, shape (nt,)
    """

    times: Floats
    values: Floats
    lengths: Floats
    error: float
    error_by_time: Floats
    response: StepResponse

    def at(self, times: ArrayLike) -> Floats:
        """Responses at other times within the range of the given ones, shape (nz, nz, nt)."""
        times = np.atleast_1d(np.asarray(times, float))
        return np.moveaxis(self.response.responses(times), 0, -1)


@dataclass(frozen=True, eq=False)
class GFunction:
    """The g-function of a field.

    Attributes
    ----------
    times : s, shape (nt,); an infinite time is the steady state
    values : g, shape (nt,)
    error : own estimate of the relative numerical error, largest over times; relative to g, or to
        0.1 where g is smaller
    error_by_time : the same by time, shape (nt,)
    characteristic_time : H²/(9a) of the mean length, s
    boundary, mode, segments : as asked for
    groups : number of patterns in which the boreholes shared the heat
    """

    times: Floats
    values: Floats
    error: float
    error_by_time: Floats
    characteristic_time: float
    boundary: Boundary
    mode: Mode
    segments: int
    groups: int
    response: StepResponse

    def at(self, times: ArrayLike) -> Floats:
        """g at other times within the range of the given ones, s, shape (nt,); costs nothing."""
        return self.response.responses(np.atleast_1d(np.asarray(times, float)))[:, 0, 0]


def g_function(
    boreholes: Boreholes,
    diffusivity: float,
    times: ArrayLike,
    *,
    boundary: Boundary = "uniform wall temperature",
    mode: Mode = "fast",
    segments: int = DEFAULT_SEGMENTS,
    end_length_ratio: float = DEFAULT_END_LENGTH_RATIO,
    conductivity: float | None = None,
    network: Any = None,
) -> GFunction:
    """g-function of a field of boreholes.

    Parameters
    ----------
    boreholes : the field
    diffusivity : of the ground, m²/s
    times : s, above zero, in any order, shape (nt,) or scalar; ``inf`` asks for the steady state
    boundary : "uniform heat rate" (every metre gives the same), "uniform wall temperature" (all
        segments of all boreholes share one wall temperature), or "equal inlet temperature"
        (fluid through a network of pipes; needs ``conductivity`` and ``network``)
    mode : "fast" groups boreholes that share the heat alike; "accurate" only where symmetry or a
        convergence check says that nothing is lost
    segments, end_length_ratio : mesh along a borehole, see
        :func:`diwen.sources.borefield.segments.segment_ratios`
    conductivity : of the ground, W/(m·K); only for "equal inlet temperature"
    network : pipes and circuits; only for "equal inlet temperature"

    Notes
    -----
    Below about 5 r_b²/a the line source on the axis only approximates a real borehole: g stays
    positive and rising there, but the heat capacity inside the wall is another model's task.

    Raises
    ------
    diwen.problems.InputError : everything that is wrong with the input, at once
    """
    times = np.atleast_1d(np.asarray(times, float))
    refuse(boreholes, diffusivity, times, boundary, mode)
    ratios = segment_ratios(segments, end_length_ratio)
    if boundary == "equal inlet temperature":
        piped = (boreholes, network, diffusivity, conductivity, times, mode)
        solved = _through_network(*piped, segments, end_length_ratio)
    else:
        zone = np.zeros(boreholes.count, np.intp)
        solved = _solve(boreholes, zone, diffusivity, times, boundary, mode, ratios)
    values = solved.responses(times)
    by_time = solved.errors(times, values)
    return GFunction(
        times=times,
        values=values[:, 0, 0],
        error=float(by_time.max()),
        error_by_time=by_time,
        characteristic_time=boreholes.characteristic_time(diffusivity),
        boundary=boundary,
        mode=mode,
        segments=segments,
        groups=solved.transfer.patterns,
        response=solved,
    )


def response_matrix(
    boreholes: Boreholes,
    zone: ArrayLike,
    diffusivity: float,
    times: ArrayLike,
    *,
    boundary: Boundary = "uniform wall temperature",
    mode: Mode = "fast",
    segments: int = DEFAULT_SEGMENTS,
    end_length_ratio: float = DEFAULT_END_LENGTH_RATIO,
) -> ResponseMatrix:
    """Responses between zones of boreholes (or neighbouring fields) with loads of their own.

    Inside a zone all segments share one wall temperature (or give the same heat per metre).

    Parameters
    ----------
    zone : number of the zone of every borehole, 0 … nz - 1, none empty, shape (n,)
    boreholes, diffusivity, times, boundary, mode, segments, end_length_ratio : as in
        :func:`g_function`; no "equal inlet temperature"
    """
    times = np.atleast_1d(np.asarray(times, float))
    zone = np.asarray(zone)
    refuse(boreholes, diffusivity, times, boundary, mode, zone)
    zone = zone.astype(np.intp)
    ratios = segment_ratios(segments, end_length_ratio)
    solved = _solve(boreholes, zone, diffusivity, times, boundary, mode, ratios)
    values = solved.responses(times)
    by_time = solved.errors(times, values)
    return ResponseMatrix(
        times=times,
        values=np.moveaxis(values, 0, -1),
        lengths=np.bincount(zone, boreholes.length).astype(float),
        error=float(by_time.max()),
        error_by_time=by_time,
        response=solved,
    )


# Below this the error is told relative to it: nothing depends on a smaller g.
_SMALL = 0.1


@dataclass(frozen=True, eq=False)
class StepResponse:
    """Responses between zones as transfer functions, to be inverted at any times of a range.

    Attributes
    ----------
    s : 1/s, shape (ns,)
    transfer : transfer functions there
    steady : the same at s = 0, shape (nz, nz), where an infinite time was asked for
    reference : what the transfer functions are divided by before they are interpolated
    first, last : earliest and latest finite time, s
    """

    s: Floats
    transfer: ZoneTransfer
    steady: Floats | None
    reference: Reference
    first: float
    last: float

    def responses(self, times: Floats, order: int = DEFAULT_ORDER) -> Floats:
        """Responses, never below zero, shape (nt, nz, nz)."""
        finite = np.isfinite(times)
        self._refuse_outside(times, finite)
        values = np.empty((len(times), *self.transfer.values.shape[1:]))
        if finite.any():
            matrix = inversion_matrix(self.s, times[finite], order, self.reference)
            samples = self.transfer.values[: len(self.s)]
            values[finite] = np.tensordot(matrix, samples, axes=(1, 0))
        if self.steady is not None:
            values[~finite] = self.steady
        # Far below the first arrival of heat the inversion leaves noise where nothing should be.
        rising = np.argsort(times, kind="stable")
        values[rising] = np.maximum.accumulate(np.maximum(values[rising], 0.0), axis=0)
        return values

    def errors(self, times: Floats, values: Floats) -> Floats:
        """Relative error of the largest response by time, shape (nt,)."""
        change = np.abs(values - self.responses(times, DEFAULT_ORDER - 2)).max(axis=(1, 2))
        finite = np.isfinite(times)
        if finite.any():
            samples = self.transfer.values[: len(self.s)]
            missed = interpolation_errors(
                self.s, samples, times[finite], DEFAULT_ORDER, self.reference
            )
            change[finite] += missed.max(axis=(1, 2))
        largest = np.maximum(np.abs(values).max(axis=(1, 2)), _SMALL)
        patterns = self.transfer.pattern_error(times)
        return change / largest + patterns + self.transfer.kernel_error

    def _refuse_outside(self, times: Floats, finite: NDArray[np.bool_]) -> None:
        inside = (times >= 0.999 * self.first) & (times <= 1.001 * self.last)
        wrong = np.where(finite, ~inside, self.steady is None)
        if wrong.any():
            first = int(np.flatnonzero(wrong)[0])
            allowed = same(f"{self.first:g} … {self.last:g} s")
            problem = problem_at(f"times[{first}]", _OUTSIDE, _OUTSIDE_CURE, times[first], allowed)
            raise InputError([problem])


def _solve(
    boreholes: Boreholes,
    zone: Indices,
    diffusivity: float,
    times: Floats,
    boundary: Boundary,
    mode: Mode,
    ratios: Floats,
) -> StepResponse:
    """Sample the transfer functions so that the times can be had."""
    finite = times[np.isfinite(times)]
    first, last = (finite.min(), finite.max()) if finite.size else (np.inf, 0.0)
    # Samples of uniform heat rates need no solution and cost next to nothing.
    fast = mode == "fast" and boundary != "uniform heat rate"
    spacing = FAST_SPACING if fast else DEFAULT_SPACING
    radius = float(boreholes.radius.min())
    fastest = fastest_of_note(radius, diffusivity)
    s = sample_points(first, last, spacing=spacing, fastest=fastest) if finite.size else np.empty(0)
    asked = s if finite.size == times.size else np.append(s, 0.0)
    if boundary == "uniform heat rate":
        transfer = uniform_rate_transfer(boreholes, zone, diffusivity, asked)
    else:
        transfer = uniform_temperature_transfer(boreholes, zone, diffusivity, asked, ratios, mode)
    steady = None if finite.size == times.size else transfer.values[-1]
    reference = line_source_reference(radius, diffusivity)
    return StepResponse(s, transfer, steady, reference, first, last)


def _through_network(
    boreholes: Boreholes,
    network: Any,
    diffusivity: float,
    conductivity: float | None,
    times: Floats,
    mode: Mode,
    segments: int,
    end_length_ratio: float,
) -> StepResponse:
    """The g-function of a field whose boreholes are piped."""
    if network is None or conductivity is None:
        missing = "network" if network is None else "conductivity"
        raise InputError([problem_at(missing, _MISSING, _MISSING_CURE, "", _NEEDED)])
    from diwen.sources.borefield.mixed_inlet import equal_inlet

    piped = equal_inlet(
        boreholes,
        network,
        diffusivity,
        conductivity,
        times,
        mode=mode,
        segments=segments,
        end_length_ratio=end_length_ratio,
    )
    s = piped.s
    finite = times[np.isfinite(times)]
    first, last = (finite.min(), finite.max()) if finite.size else (np.inf, 0.0)
    steady = piped.transfer.values[-1] if s[-1] == 0.0 else None
    reference = line_source_reference(float(boreholes.radius.min()), diffusivity)
    return StepResponse(s[s > 0.0], piped.transfer, steady, reference, first, last)


_MISSING = Text(
    "an equal inlet temperature needs pipes and the conductivity of the ground",
    "进口温度一致的边界条件需要管网与岩土导热系数",
)
_MISSING_CURE = Text("give both, or choose another boundary", "请两者都给出，或选用其他边界条件")
_NEEDED = Text("both", "两者都需要")
_OUTSIDE = Text("this time lies outside the range of the result", "该时间超出结果的时间范围")
_OUTSIDE_CURE = Text("ask for it when the response is computed", "请在计算响应时一并给出该时间")
