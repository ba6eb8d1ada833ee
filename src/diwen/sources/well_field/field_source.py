"""A field of wells at one flow as the heat source that twin, sizing and diagnosis know.

The plant is a common header: all pumped water is mixed, all wells get the same water back. The
answer of the pumped water to a constant load starts with a delay, the breakthrough, which lagged
modes can only imitate with residues of both signs: the error of that is measured and stays with
the model. Where a sharp breakthrough decides, march with the kernel itself (:mod:`.coupled_wells`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response.modes import Response, fit_response
from diwen.sources.response.source_model import SourceLimits, SourceModel
from diwen.sources.response.time_units import DAY, HOUR, YEAR
from diwen.sources.well_field.arrivals import Arrivals
from diwen.sources.well_field.circulation_field import CirculationField, trace_circulation
from diwen.sources.well_field.coupled_wells import ArrivalKernel, march_wells
from diwen.sources.well_field.potential_flow import PlaneWells, trace_arrivals
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]
Field = PlaneWells | CirculationField

# Of the fits with residues of both signs: numbers of modes, range of time constants over
# breakthrough and horizon, damping, points in each of two sets, and where the second set lies.
_COUNTS = (10, 16, 22, 28)
_FASTEST, _SLOWEST = 0.03, 2.0
_DAMPING = 1e-6
_POINTS = 300
_AROUND = (0.3, 6.0)

_NO_CONDUCTION = Text(
    "Heat moves with the water only: conduction, dispersion and what cap and bed rock store are "
    "left out, so that breakthrough is sharp and rests change nothing.",
    "热量仅随水流运移：未计热传导、弥散及顶底板岩层蓄热，故热突破较陡，停运期温度不变。",
)
_HEADER = Text(
    "All pumped water is mixed and all wells receive the same return water.",
    "各井抽水混合后使用，所有回灌井回水温度相同。",
)
_REGIONAL = Text(
    "With regional flow the paths hold for the flow of the model; standstill moves no heat.",
    "有区域地下水流时，流线仅适用于模型流量；停运期不计热量迁移。",
)
_CONTINUOUS = Text(
    "The response is that of steady pumping at the flow of the model; hours without load count as "
    "hours with pumping.",
    "响应按模型流量连续运行得出；无负荷时段亦按有水流计。",
)


def arrivals_of(field: Field) -> Arrivals:
    """Particles of either kind of field."""
    if isinstance(field, PlaneWells):
        return trace_arrivals(field)
    return trace_circulation(field)


def closed_loop_step(arrivals: Arrivals, times: ArrayLike, water_heat_capacity: float) -> Floats:
    """Drop of the mixed pumped water for 1 W of constant extraction, K/W, at times in s.

    Parameters
    ----------
    arrivals : balanced: all pumped water is returned
    times : shape (nt,)
    water_heat_capacity : volumetric, J/(m³·K)
    """
    when = np.asarray(times, float)
    kernel = ArrivalKernel.of(arrivals).merged()
    step = _step(arrivals, float(when.max()))
    count = int(np.ceil(when.max() / step)) + 1
    course = march_wells(
        kernel, np.ones(count), arrivals.flow, step, water_heat_capacity=water_heat_capacity
    )
    middle = step * (np.arange(count) + 0.5)
    return np.interp(when, middle, course.pumped[:, 0])


def well_field_source_model(
    field: Field,
    *,
    undisturbed_temperature: float | Floats,
    horizon: float = 25.0 * YEAR,
    limits: SourceLimits | None = None,
    tolerance: float = 0.01,
    max_modes: int = 28,
    kind: str = "well_field",
) -> SourceModel:
    """A field of wells as a source: modes of the closed loop at the flow of the field.

    Parameters
    ----------
    field : wells with their flows; all pumped water is returned
    undisturbed_temperature : of the ground water, °C, scalar or one value per step of a year
    horizon : of the fit, s
    limits : of return temperature and heat rates
    tolerance, max_modes : of the fit
    kind : of the source, as in the site file

    Returns
    -------
    SourceModel : ``error`` is the largest difference between the modes and the delayed march
        over the horizon under a load that swings with the year about a mean, relative to the
        largest drop of the water between the wells there. ``at_flow`` follows the particles anew.
    """
    arrivals = arrivals_of(field)
    capacity = field.water_heat_capacity
    rate = capacity * arrivals.flow
    direct = 0.5 / rate
    step = _step(arrivals, horizon)
    grid = np.arange(0.5 * step, horizon + step, step)
    table = closed_loop_step(arrivals, grid, capacity)

    def response(when: Floats) -> Floats:
        return np.interp(when, grid, table) + direct

    first = min(HOUR, 0.5 * step)
    candidates = [
        fit_response(
            [first, horizon], response, tolerance=tolerance, direct=direct, max_modes=max_modes
        ),
        *_signed_fits(response, first, horizon, direct, _earliest(arrivals), max_modes),
    ]
    errors = [_fit_error(one, arrivals, horizon, capacity) for one in candidates]
    good = [k for k, error in enumerate(errors) if error <= tolerance]
    best = good[0] if good else int(np.argmin(errors))

    def at_flow(flow: float) -> SourceModel:
        if not flow > 0.0:
            shown = f"{flow:g} m³/s"
            raise InputError(
                [Problem("SourceModel", "flow", NOT_POSITIVE, CORRECT, shown, MORE_THAN_ZERO)]
            )
        return well_field_source_model(
            scaled_field(field, flow / arrivals.flow),
            undisturbed_temperature=undisturbed_temperature, horizon=horizon, limits=limits,
            tolerance=tolerance, max_modes=max_modes, kind=kind,
        )  # fmt: skip

    notes = (_NO_CONDUCTION, _HEADER, _CONTINUOUS)
    return SourceModel(
        kind=kind,
        response=candidates[best],
        undisturbed_temperature=undisturbed_temperature,
        heat_capacity_rate=rate,
        flow=arrivals.flow,
        limits=limits or SourceLimits(),
        error=errors[best],
        at_flow=at_flow,
        notes=(*notes, _REGIONAL) if field.regional_flux > 0.0 else notes,
    )


def scaled_field(field: Field, factor: float) -> Field:
    """The same wells with all flows multiplied."""
    if isinstance(field, PlaneWells):
        return replace(field, rates=field.rates * factor)
    return replace(field, flows=field.flows * factor)


def _step(arrivals: Arrivals, horizon: float) -> float:
    """Short beside the first breakthrough, s; no more than a few ten thousand steps."""
    first = _earliest(arrivals)
    return min(max(min(DAY, first / 20.0), horizon / 20_000.0), horizon / 50.0)


def _earliest(arrivals: Arrivals) -> float:
    """First arrival of returned water that travelled through the ground, s; inf: none."""
    return float(arrivals.breakthrough[arrivals.breakthrough > 0.0].min(initial=np.inf))


def _signed_fits(
    response: Callable[[Floats], Floats],
    first: float,
    horizon: float,
    direct: float,
    breakthrough: float,
    max_modes: int,
) -> list[Response]:
    """Fits with residues of both signs, by least squares damped against ever larger ones."""
    if not breakthrough < horizon:
        return []
    around = np.linspace(_AROUND[0], _AROUND[1], _POINTS) * breakthrough
    points = np.concatenate([np.geomspace(first, horizon, _POINTS), around])
    points = np.unique(points[points <= horizon])
    wanted = response(points)
    found = []
    for count in (n for n in _COUNTS if n <= max_modes):
        constants = np.geomspace(_FASTEST * breakthrough, _SLOWEST * horizon, count)
        lagged = -np.expm1(-points[:, None] / constants) * (direct / wanted)[:, None]
        damped = np.vstack([lagged, _DAMPING * np.eye(count)])
        right = np.concatenate([(wanted - direct) / wanted, np.zeros(count)])
        residues = np.linalg.lstsq(damped, right, rcond=None)[0] * direct
        fit = Response(
            constants, residues[None, None], np.array([[direct]]), np.ones(1),
            shortest=first, horizon=horizon,
        )  # fmt: skip
        off = np.abs(fit.at(points) - wanted)
        relative = float((off / wanted).max())
        found.append(replace(fit, error=relative, absolute_error=float(off.max())))
    return found


def _fit_error(found: Response, arrivals: Arrivals, horizon: float, capacity: float) -> float:
    """Of the modes against the march, over the largest drop of the mean water."""
    step = _step(arrivals, horizon)
    count = int(horizon / step)
    load = 0.5 + np.sin(2.0 * np.pi * (np.arange(count) + 0.5) * step / YEAR)
    kernel = ArrivalKernel.of(arrivals).merged()
    course = march_wells(kernel, load, arrivals.flow, step, water_heat_capacity=capacity)
    exact = 0.5 * (course.pumped[:, 0] + course.returned[:, 0])
    drops, _ = found.simulate(load, step)
    # The march gives means of steps, the modes their ends, at which the load is still the same.
    ends = 0.5 * (exact[1:] + exact[:-1]) - 0.25 * np.diff(load) / (capacity * arrivals.flow)
    return float(np.abs(drops[:-1] - ends).max() / np.abs(exact).max())
