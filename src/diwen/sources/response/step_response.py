"""A step response as it is given, values or a function: checked, and made a function of time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem

Floats = NDArray[np.float64]
StepResponse = ArrayLike | Callable[[Floats], ArrayLike]

_ASCENDING = Text("the times are not positive and ascending", "时间须为正且递增")
_SORT = Text("give times in s, ascending, above 0", "请按升序给出大于 0 的时间（s）")
_FEW = Text("too few times for a fit", "时间点太少，无法拟合")
_MORE = Text(
    "give at least 8 times, or a function of time", "至少给出 8 个时间点，或给出时间的函数"
)
_SHAPES = Text("the step response does not fit the times", "阶跃响应与时间点数不一致")
_LAST_AXIS = Text(
    "give one value per time, time on the last axis", "每个时间一个值，时间在最后一维"
)
_NOT_FINITE = Text("the step response holds values that are no numbers", "阶跃响应含非数值")
_REPAIR = Text("correct the step response", "请更正阶跃响应")
_BEYOND = Text("outside the times of the step response", "超出阶跃响应的时间范围")
_WITHIN = Text("choose a horizon within the times", "请选择时间范围以内的期限")


def error_scale(values: Floats) -> Floats:
    """What the errors of a matrix of step responses are relative to, same shape."""
    if values.shape[0] != values.shape[1]:
        return np.broadcast_to(np.abs(values).max(axis=(0, 1)), values.shape)
    diagonal = np.sqrt(np.abs(np.einsum("iit->it", values)))
    return np.asarray(diagonal[:, None] * diagonal[None, :])


def log_grid(first: float, last: float, per_decade: int) -> Floats:
    """Times on a logarithmic scale, both ends included, s."""
    count = int(np.ceil(np.log10(last / first) * per_decade)) + 1
    grid = np.geomspace(first, last, count)
    grid[0], grid[-1] = first, last
    return np.asarray(grid)


def as_function(
    times: Floats, step_response: StepResponse, horizon: float | None
) -> tuple[Callable[[Floats], Floats], float, float]:
    """The step response as a function (nt,) → (n_out, n_in, nt), its first and last time."""
    values = None if callable(step_response) else np.asarray(step_response, float)
    problems = list(_problems(times, values, horizon))
    if problems:
        raise InputError(problems)
    first, last = float(times[0]), float(times[-1] if horizon is None else horizon)
    if callable(step_response):
        given = step_response
        return lambda when: _three_axes(np.asarray(given(when), float)), first, last
    from scipy.interpolate import CubicSpline

    spline = CubicSpline(np.log(times), _three_axes(np.asarray(values)), axis=-1)
    return lambda when: np.asarray(spline(np.log(when))), first, last


def _three_axes(values: Floats) -> Floats:
    return values if values.ndim == 3 else values[None, None, :]


def _problems(times: Floats, values: Floats | None, horizon: float | None) -> list[Problem]:
    where = "fit_response"
    found = []
    ascending = times.ndim == 1 and len(times) > 1 and times[0] > 0.0 and (np.diff(times) > 0).all()
    if not ascending:
        found.append(Problem(where, "times", _ASCENDING, _SORT))
    if values is not None:
        if times.size < 8:
            found.append(Problem(where, "times", _FEW, _MORE, str(times.size)))
        if values.ndim not in (1, 3) or values.shape[-1] != times.size:
            shape = f"{values.shape}, {times.size}"
            found.append(Problem(where, "step_response", _SHAPES, _LAST_AXIS, shape))
        if not np.isfinite(values).all():
            found.append(Problem(where, "step_response", _NOT_FINITE, _REPAIR))
    if horizon is not None and ascending and not times[0] < horizon <= times[-1]:
        found.append(Problem(where, "horizon", _BEYOND, _WITHIN, f"{horizon:g} s"))
    return found
