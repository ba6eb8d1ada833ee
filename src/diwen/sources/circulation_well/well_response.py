"""A circulation well at one flow as every other source: a step response in modes.

Under a constant load Φ the water of the formation drops by ``S_f(t)``; the mean of pumped and
returned water by ``S_f + (1/2 + s / (1 - s)) / (ρc Q)``, with the share s that short-circuits in
the well. What the well answers comes late (the breakthrough): its modes are real, with residues of
both signs, which :func:`diwen.sources.response.modes.fit_response` allows to the fastest two only.
So they are fitted here, by least squares on a logarithmic grid of time constants; a mode with a
negative residue delays another one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.circulation_well.reduced_well import ReducedWell
from diwen.sources.response.modes import Response
from diwen.sources.response.source_model import SourceLimits, SourceModel
from diwen.sources.response.step_response import log_grid
from diwen.sources.response.time_units import HOUR, YEAR
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_FINITE, NOT_POSITIVE

Floats = NDArray[np.float64]

_COUNTS = (8, 10, 12, 14, 16, 18, 20, 24, 28, 34, 40)
_FASTEST = (2.0, 5.0, 0.5, 10.0)  # of the shortest time
_SLOWEST = 2.0  # of the horizon
_SINGULAR = 1e-10  # singular values of the fit, relative, that are noise
_STILL = 1e-8  # time over time constant below which a mode only grows
_POINTS_PER_DECADE = 40
_CHECKS_PER_DECADE = 113

_ALWAYS_FLOWING = Text(
    "the response holds for this flow at all hours; a pump that rests is better followed by the "
    "reduced well",
    "该响应按此流量持续抽水计算；停泵时段请改用降阶井模型",
)
_DRIFT_LEFT_OUT = Text(
    "the ground is not equally warm over depth; what the circulation alone does to the water "
    "temperature is left out",
    "地温随深度变化；未计入循环本身引起的水温漂移",
)
_APART = Text(
    "the wells do not feel each other's heat unless their cells are closed",
    "除非采用封闭单元，各井之间的热影响未计入",
)


def step_response_at(well: ReducedWell, flow: float, times: Floats) -> Floats:
    """Drop of the water taken from the ground under constant unit load, K/W, shape (nt,).

    Exact for the modes, without time steps.

    Parameters
    ----------
    well : modes
    flow : m³/s
    times : since the load began, s, shape (nt,)
    """
    tied = well.matrix(flow) + flow * np.outer(well.injection, well.extraction)
    rates, vectors = np.linalg.eig(tied)
    drop = 1.0 / (well.water_heat_capacity * flow * (1.0 - well.short_circuit))
    source = np.linalg.solve(vectors, (flow * drop * well.injection).astype(complex))
    weights = (well.extraction @ vectors) * source
    # A closed cell keeps the heat of the load: one of its modes does not decay but grows with time.
    faded = np.outer(times, rates)
    still = np.abs(faded) < _STILL
    apart = np.where(still, 1.0, faded)
    grown = times[:, None] * np.where(still, 1.0 + 0.5 * faded, np.expm1(apart) / apart)
    return np.asarray((grown @ weights).real)


def well_response(
    well: ReducedWell,
    flow: float,
    *,
    count: int = 1,
    horizon: float = 25.0 * YEAR,
    shortest: float = HOUR,
    tolerance: float = 1e-3,
) -> Response:
    """Drop of the mean of pumped and returned water per W of the whole load, as real modes.

    Parameters
    ----------
    well : modes of one well
    flow : of one well, m³/s
    count : equal wells that share the load
    horizon, shortest : range of times that matters, s
    tolerance : largest relative error wanted; the response says what was reached

    Raises
    ------
    diwen.problems.InputError : a flow, a count or times that cannot be; all at once
    """
    problems = list(_problems(flow, count, shortest, horizon))
    if problems:
        raise InputError(problems)
    rate = well.water_heat_capacity * flow
    inside = well.short_circuit
    direct = (0.5 + inside / (1.0 - inside)) / rate
    points = log_grid(shortest, horizon, _POINTS_PER_DECADE)
    checks = log_grid(shortest, horizon, _CHECKS_PER_DECADE)
    wanted, exact = (step_response_at(well, flow, times) for times in (points, checks))
    best: tuple[float, float, Floats, Floats] | None = None
    for constants in _grids(shortest, horizon):
        residues = _residues(points, wanted, direct, constants)
        off = np.abs(-np.expm1(-checks[:, None] / constants) @ residues - exact)
        error = float((off / (exact + direct)).max())
        if best is None or error < best[0]:
            best = error, float(off.max()), constants, residues
        if error <= tolerance:
            break
    assert best is not None
    error, absolute, constants, residues = best
    return Response(
        constants, residues[None, None, :] / count, np.array([[direct / count]]), np.ones(1),
        error, absolute / count, shortest, horizon,
    )  # fmt: skip


def well_source_model(
    well: ReducedWell,
    flow: float,
    *,
    count: int = 1,
    limits: SourceLimits | None = None,
    horizon: float = 25.0 * YEAR,
    tolerance: float = 1e-3,
) -> SourceModel:
    """Circulation wells at one flow as a source for twin, sizing and diagnosis.

    Parameters
    ----------
    well : modes of one well, with the natural temperature of its ground
    flow : of one well, m³/s
    count : equal wells in parallel
    limits : what may be asked of all wells together
    horizon, tolerance : as in :func:`well_response`

    Returns
    -------
    SourceModel : at the flow of all wells; ``error`` adds the measured error of the modes and that
        of the fit
    """
    response = well_response(well, flow, count=count, horizon=horizon, tolerance=tolerance)
    measured = np.nan if well.error is None else well.error.relative

    def at_flow(whole: float) -> SourceModel:
        return well_source_model(
            well, whole / count, count=count, limits=limits, horizon=horizon, tolerance=tolerance
        )

    return SourceModel(
        "circulation_well", response, well.reference_temperature,
        well.water_heat_capacity * flow * count, flow * count, limits or SourceLimits(),
        float(measured + response.error), at_flow, _notes(well, count),
    )  # fmt: skip


def _notes(well: ReducedWell, count: int) -> tuple[Text, ...]:
    found = [_ALWAYS_FLOWING]
    if well.drift.any():
        found.append(_DRIFT_LEFT_OUT)
    if count > 1:
        found.append(_APART)
    return tuple(found)


def _problems(flow: float, count: int, shortest: float, horizon: float) -> Iterator[Problem]:
    where = "well_response"
    for name, value in (("flow", flow), ("count", count), ("shortest", shortest)):
        if not math.isfinite(value):
            yield Problem(where, name, NOT_FINITE, CORRECT, f"{value:g}")
        elif not value > 0:
            yield Problem(where, name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)
    if not math.isfinite(horizon):
        yield Problem(where, "horizon", NOT_FINITE, CORRECT, f"{horizon:g} s")
    elif not horizon > 10.0 * shortest:
        allowed = Text(f"more than {10.0 * shortest:g} s", f"大于 {10.0 * shortest:g} s")
        yield Problem(where, "horizon", NOT_POSITIVE, CORRECT, f"{horizon:g} s", allowed)


def _grids(shortest: float, horizon: float) -> Iterator[Floats]:
    """Time constants to try, fewest first."""
    for count in _COUNTS:
        for fast in _FASTEST:
            yield np.geomspace(fast * shortest, _SLOWEST * horizon, count)


def _residues(times: Floats, wanted: Floats, direct: float, constants: Floats) -> Floats:
    """Least squares of the error relative to the whole answer; the smallest that fit."""
    scale = wanted + direct
    columns = -np.expm1(-times[:, None] / constants) / scale[:, None]
    return np.asarray(np.linalg.lstsq(columns, wanted / scale, rcond=_SINGULAR)[0])
