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
from diwen.problems import InputError, Problem
from diwen.sources.boreholes import Boreholes
from diwen.sources.laplace import DEFAULT_ORDER, inversion_matrix, sample_points
from diwen.sources.segment_system import SegmentSystem, segment_system
from diwen.sources.segments import DEFAULT_END_LENGTH_RATIO, DEFAULT_SEGMENTS, segment_ratios

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
    samples: tuple[Floats, Floats]
    steady: Floats | None

    def at(self, times: ArrayLike) -> Floats:
        """Responses at other times within the range of the given ones, shape (nz, nz, nt)."""
        return np.moveaxis(_responses(*self.samples, self.steady, times), 0, -1)


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
    samples: tuple[Floats, Floats]
    steady: float | None

    def at(self, times: ArrayLike) -> Floats:
        """g at other times within the range of the given ones, s, shape (nt,); costs nothing."""
        return _responses(*self.samples, self.steady, times)


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
        :func:`diwen.sources.segments.segment_ratios`
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
    _refuse(boreholes, diffusivity, times, boundary, mode)
    ratios = segment_ratios(segments, end_length_ratio)
    zone = np.zeros(boreholes.count, np.intp)
    solved = _solve(boreholes, zone, diffusivity, times, boundary, mode, ratios)
    values, by_time = solved.field(times)
    return GFunction(
        times=times,
        values=values,
        error=float(by_time.max()),
        error_by_time=by_time,
        characteristic_time=boreholes.characteristic_time(diffusivity),
        boundary=boundary,
        mode=mode,
        segments=segments,
        groups=solved.groups,
        samples=(solved.s, solved.transfer[:, 0, 0]),
        steady=None if solved.steady is None else float(solved.steady[0, 0]),
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
    _refuse(boreholes, diffusivity, times, boundary, mode, zone)
    zone = zone.astype(np.intp)
    ratios = segment_ratios(segments, end_length_ratio)
    solved = _solve(boreholes, zone, diffusivity, times, boundary, mode, ratios)
    values, by_time = solved.responses(times)
    return ResponseMatrix(
        times=times,
        values=np.moveaxis(values, 0, -1),
        lengths=np.bincount(zone, boreholes.length),
        error=float(by_time.max()),
        error_by_time=by_time,
        samples=(solved.s, solved.transfer),
        steady=solved.steady,
    )


@dataclass(frozen=True, eq=False)
class _Solved:
    """Transfer functions between zones at the samples, shape (ns, nz, nz), and in steady state."""

    s: Floats
    transfer: Floats
    steady: Floats | None
    groups: int
    error: float

    def responses(self, times: Floats) -> tuple[Floats, Floats]:
        """Responses, shape (nt, nz, nz), and their relative error by time, shape (nt,)."""
        values = _responses(self.s, self.transfer, self.steady, times)
        lower = _responses(self.s, self.transfer, self.steady, times, DEFAULT_ORDER - 2)
        axes = (1, 2)
        scale = np.maximum(np.abs(values).max(axis=axes), _SMALL)
        return values, np.abs(values - lower).max(axis=axes) / scale + self.error

    def field(self, times: Floats) -> tuple[Floats, Floats]:
        """As :meth:`responses` of the only zone, shape (nt,) both."""
        values, by_time = self.responses(times)
        return values[:, 0, 0], by_time


# Below this the error is told relative to it: nothing depends on a smaller g.
_SMALL = 0.1


def _responses(
    s: Floats, transfer: Floats, steady: Any, times: ArrayLike, order: int = DEFAULT_ORDER
) -> Floats:
    """Invert; what noise is left far below the first arrival of heat is cut at zero."""
    times = np.atleast_1d(np.asarray(times, float))
    finite = np.isfinite(times)
    values = np.empty((len(times), *transfer.shape[1:]))
    if finite.any():
        matrix = inversion_matrix(s, times[finite], order)
        values[finite] = np.tensordot(matrix, transfer, axes=(1, 0))
    if not finite.all():
        values[~finite] = steady
    rising = np.argsort(times, kind="stable")
    values[rising] = np.maximum.accumulate(np.maximum(values[rising], 0.0), axis=0)
    return values


def _solve(
    boreholes: Boreholes,
    zone: Indices,
    diffusivity: float,
    times: Floats,
    boundary: Boundary,
    mode: Mode,
    ratios: Floats,
) -> _Solved:
    finite = times[np.isfinite(times)]
    s = sample_points(finite.min(), finite.max()) if finite.size else np.empty(0)
    slowest = 0.0 if finite.size < times.size else float(s.min())
    asked = np.append(s, 0.0) if slowest == 0.0 else s
    system = segment_system(boreholes, diffusivity, slowest, ratios, label=zone)
    transfer = _transfer(system, system.zone_lengths(zone), asked, boundary)
    steady = transfer[-1] if slowest == 0.0 else None
    groups = system.patterns.columns.shape[1]
    return _Solved(s, transfer[: len(s)], steady, groups, system.nodes.error)


def _transfer(system: SegmentSystem, lengths: Floats, s: Floats, boundary: Boundary) -> Floats:
    """Responses of zones at the samples, shape (ns, nz, nz); lengths by zone, m, (size, nz)."""
    total = lengths.sum(axis=0)
    matrices = system.matrices(s)
    if boundary == "uniform heat rate":
        uniform = (lengths != 0.0).astype(float)
        return uniform.T @ matrices @ uniform / total[:, None]
    conductance = lengths.T @ np.linalg.solve(matrices, lengths)
    return np.linalg.inv(conductance) * total


_DIFFUSIVITY = Text("the diffusivity of the ground is not above zero", "地层导温系数不大于零")
_DIFFUSIVITY_CURE = Text(
    "give it in m2/s; rock and soil have 3e-7 to 2e-6", "单位 m2/s，岩土一般为 3e-7～2e-6"
)
_TIMES = Text("times must be above zero", "时间必须大于零")
_TIMES_CURE = Text("give times in seconds after the load began", "请给出加载开始后的秒数")
_NO_TIME = Text("there is no time", "没有给出时间")
_COINCIDE = Text("two boreholes stand closer than their radii", "两孔间距小于两孔半径之和")
_COINCIDE_CURE = Text("correct or remove one of them", "请更正或删除其中一孔")
_CHOICE = Text("there is no such choice", "没有这个选项")
_CHOICE_CURE = Text("take one of the allowed", "请从允许值中选择")
_ZONES = Text("zones are not numbered from 0 without a gap", "分区编号须从 0 起连续")
_ZONES_CURE = Text("give one whole number per borehole", "每孔给一个整数编号")
_BOUNDARIES = ("uniform heat rate", "uniform wall temperature", "equal inlet temperature")
_MODES = ("fast", "accurate")


def _refuse(
    boreholes: Boreholes,
    diffusivity: float,
    times: Floats,
    boundary: str,
    mode: str,
    zone: NDArray[Any] | None = None,
) -> None:
    """Raise all that is wrong with the input."""
    problems = []
    if not (np.isfinite(diffusivity) and diffusivity > 0.0):
        problems.append(_problem("diffusivity", _DIFFUSIVITY, _DIFFUSIVITY_CURE, diffusivity))
    if not times.size:
        problems.append(_problem("times", _NO_TIME, _TIMES_CURE, ""))
    elif not (times > 0.0).all():
        first = int(np.flatnonzero(~(times > 0.0))[0])
        problems.append(_problem(f"times[{first}]", _TIMES, _TIMES_CURE, times[first]))
    for name, value, allowed in (("boundary", boundary, _BOUNDARIES), ("mode", mode, _MODES)):
        if value not in allowed:
            problem = _problem(name, _CHOICE, _CHOICE_CURE, value, same(", ".join(allowed)))
            problems.append(problem)
    if zone is not None and not _zones_complete(zone, boreholes.count):
        problems.append(_problem("zone", _ZONES, _ZONES_CURE, str(np.unique(zone).tolist())))
    pair = closest_overlap(boreholes)
    if pair is not None:
        problems.append(
            _problem(f"boreholes {pair[0]}, {pair[1]}", _COINCIDE, _COINCIDE_CURE, f"{pair[2]:g} m")
        )
    if problems:
        raise InputError(problems)


def _problem(
    where: str, message: Text, cure: Text, value: object, allowed: Text | None = None
) -> Problem:
    return Problem("g_function", where, message, cure, f"{value}", allowed or same("> 0"))


def _zones_complete(zone: NDArray[Any], count: int) -> bool:
    return (
        zone.shape == (count,)
        and np.issubdtype(zone.dtype, np.integer)
        and np.array_equal(np.unique(zone), np.arange(zone.max() + 1))
    )


def closest_overlap(boreholes: Boreholes) -> tuple[int, int, float] | None:
    """First pair of boreholes whose upper ends overlap in plan, and their distance in m."""
    if boreholes.count < 2:
        return None
    from scipy.spatial import cKDTree

    plan = np.stack([boreholes.x, boreholes.y], axis=1)
    distance, neighbour = cKDTree(plan).query(plan, k=2)
    reach = boreholes.radius + boreholes.radius[neighbour[:, 1]]
    close = np.flatnonzero(distance[:, 1] <= reach)
    if not close.size:
        return None
    i = int(close[0])
    other = [int(j) for j in neighbour[i] if j != i][0]
    return i, other, float(distance[i, 1])
