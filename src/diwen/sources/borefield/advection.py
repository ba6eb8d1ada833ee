"""g-functions of bore fields in ground through which water flows.

The kernel is that of :mod:`diwen.sources.ground.moving_line_source`. With water the coupling of two
boreholes depends on their direction as well as their distance, and is not symmetric: the one
downstream feels the one upstream more than the other way round. There is a steady state at all
depths with flow.

**Layers.** Segments are cut at the borders of the layers. Two segments of one layer see each other
through ground that moves as that layer does. For two segments of different layers the cloud is
taken to move with the mean of both velocities, which keeps the reciprocity of the exact solution
(turning the flow round exchanges emitter and receiver). It is exact for a flow that is the same
everywhere and for layers far from each other; what it leaves out is the shear of a cloud that
crosses a border, which matters over a height of about √(a d/U), d the distance of the boreholes.
The segments of a layer all know their velocity exactly; conduction between layers is not lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_function_input import closest_overlap
from diwen.sources.borefield.g_functions import GFunction, StepResponse
from diwen.sources.borefield.groundwater_flow import GroundwaterFlow
from diwen.sources.borefield.laplace import (
    DEFAULT_ORDER,
    inversion_matrix,
    line_source_reference,
    sample_points,
)
from diwen.sources.borefield.moving_field import MovingField
from diwen.sources.borefield.segments import (
    DEFAULT_END_LENGTH_RATIO,
    DEFAULT_SEGMENTS,
    segment_ratios,
)
from diwen.sources.ground.step_table import StepTable
from diwen.value_problems import CORRECT, NOT_POSITIVE

Floats = NDArray[np.float64]
Boundary = Literal["uniform heat rate", "uniform wall temperature"]

# Distance of the samples in ln s: a cloud that arrives bends F more than diffusion does.
_SPACING = 0.25


def g_function_with_groundwater(
    boreholes: Boreholes,
    diffusivity: float,
    times: ArrayLike,
    flow: GroundwaterFlow,
    *,
    boundary: Boundary = "uniform wall temperature",
    segments: int = DEFAULT_SEGMENTS,
    end_length_ratio: float = DEFAULT_END_LENGTH_RATIO,
) -> GFunction:
    """g-function of a field of vertical boreholes in moving ground.

    Parameters
    ----------
    boreholes : vertical
    diffusivity : of the ground, m²/s
    times : s, above zero, shape (nt,) or scalar; ``inf`` asks for the steady state
    flow : layers with groundwater
    boundary : "uniform heat rate" or "uniform wall temperature"
    segments, end_length_ratio : mesh along a borehole, cut further at the borders of layers; see
        :func:`diwen.sources.borefield.segments.segment_ratios`

    Returns
    -------
    g-function; its error does not contain that of the treatment of layers (see the module)

    Raises
    ------
    diwen.problems.InputError : everything that is wrong with the input, at once
    """
    times = np.atleast_1d(np.asarray(times, float))
    _refuse(boreholes, diffusivity, times, boundary)
    uniform = boundary == "uniform heat rate"
    ratios = np.ones(1) if uniform else segment_ratios(segments, end_length_ratio)
    field = MovingField.of(boreholes, diffusivity, flow, ratios)
    table = field.uniform_rate_table()
    response = MovingResponse(table)
    if not uniform:
        response = _with_equal_walls(field, table, times)
    values = response.responses(times)
    errors = response.errors(times, values)
    return GFunction(
        times=times,
        values=values[:, 0, 0],
        error=float(errors.max()),
        error_by_time=errors,
        characteristic_time=boreholes.characteristic_time(diffusivity),
        boundary=boundary,
        mode="accurate",
        segments=segments,
        groups=boreholes.count,
        response=cast("StepResponse", response),
    )


@dataclass(frozen=True, eq=False)
class MovingResponse:
    """Response of a field in moving ground at any times.

    Uniform heat rate is an integral in time, without any inversion, so that the arrival of a cloud
    keeps its edge; what a uniform wall temperature changes of it is small and smooth, and comes
    from the Laplace domain.

    Attributes
    ----------
    table : of the uniform heat rate
    s, change : Laplace variables, 1/s, and F of the uniform wall temperature less that of the
        uniform heat rate there, shape (ns,); empty for the uniform heat rate itself
    steady_change : the same at s = 0
    radius : of the thinnest borehole, m
    pattern_error : relative, of the few patterns in which many boreholes share the heat
    """

    table: StepTable
    s: Floats | None = None
    change: Floats | None = None
    steady_change: float = 0.0
    radius: float = 0.0
    pattern_error: float = 0.0

    def responses(self, times: Floats, order: int = DEFAULT_ORDER) -> Floats:
        """g, never below zero, shape (nt, 1, 1)."""
        values = self.table.at(times)
        if self.s is not None and self.change is not None:
            finite = np.isfinite(times)
            if finite.any():
                reference = line_source_reference(self.radius, self.table.diffusivity)
                matrix = inversion_matrix(self.s, times[finite], order, reference)
                values[finite] += matrix @ self.change
            values[~finite] += self.steady_change
        return np.maximum(values, 0.0)[:, None, None]

    def errors(self, times: Floats, values: Floats) -> Floats:
        """Estimate of the relative error by time, shape (nt,)."""
        change = np.abs(values - self.responses(times, DEFAULT_ORDER - 2))[:, 0, 0]
        # Steady times know no order of inversion; their kernel is integrated to about 1e-7.
        return (change + self.table.error(times)) / np.maximum(values[:, 0, 0], 0.1) + (
            1e-7 + self.pattern_error
        )


def _with_equal_walls(field: MovingField, table: StepTable, times: Floats) -> MovingResponse:
    """The response of a uniform wall temperature at the times and any between them."""
    finite = times[np.isfinite(times)]
    s = np.empty(0)
    if finite.size:
        s = sample_points(finite.min(), finite.max(), spacing=_SPACING)
    equal, uniform, error = field.transfer(table, np.append(s, 0.0))
    change = equal - uniform
    radius = float(field.boreholes.radius.min())
    return MovingResponse(table, s, change[:-1], float(change[-1]), radius, error)


_VERTICAL = Text("a borehole leans", "钻孔倾斜")
_VERTICAL_CURE = Text(
    "with groundwater only vertical boreholes can be calculated", "考虑地下水渗流时仅支持竖直钻孔"
)
_CHOICE = Text("there is no such boundary condition with groundwater", "考虑渗流时无此边界条件")
_CHOICE_CURE = Text("choose one of the allowed values", "请从允许值中选择")
_COINCIDE = Text("two boreholes stand closer than their radii", "两孔间距小于两孔半径之和")
_COINCIDE_CURE = Text("correct or remove one of them", "请更正或删除其中一孔")


def _refuse(boreholes: Boreholes, diffusivity: float, times: Floats, boundary: str) -> None:
    problems = []
    if not (np.isfinite(diffusivity) and diffusivity > 0.0):
        problems.append(_problem("diffusivity", NOT_POSITIVE, CORRECT, diffusivity, "> 0"))
    if not times.size or not (times > 0.0).all():
        first = times[~(times > 0.0)][:1]
        problems.append(_problem("times", NOT_POSITIVE, CORRECT, first, "> 0"))
    if boundary not in (known := ("uniform heat rate", "uniform wall temperature")):
        problems.append(_problem("boundary", _CHOICE, _CHOICE_CURE, boundary, ", ".join(known)))
    if not boreholes.vertical:
        worst = int(np.abs(boreholes.tilt).argmax())
        shown = f"{boreholes.tilt[worst]:g} rad"
        problems.append(_problem(f"tilt[{worst}]", _VERTICAL, _VERTICAL_CURE, shown, "0"))
    if pair := closest_overlap(boreholes):
        where = f"boreholes {pair[0]}, {pair[1]}"
        problems.append(_problem(where, _COINCIDE, _COINCIDE_CURE, f"{pair[2]:g} m", "> 0"))
    if problems:
        raise InputError(problems)


def _problem(where: str, message: Text, cure: Text, value: object, allowed: str) -> Problem:
    return Problem("g_function", where, message, cure, f"{value}", same(allowed))
