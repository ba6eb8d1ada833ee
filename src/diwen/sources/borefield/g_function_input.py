"""What a g-function can be asked for, and what is wrong with what was asked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.crossing import check_apart

Floats = NDArray[np.float64]

_DIFFUSIVITY = Text("the diffusivity of the ground is not above zero", "岩土热扩散率不大于零")
_DIFFUSIVITY_CURE = Text(
    "give it in m2/s; rock and soil have 3e-7 to 2e-6", "单位 m2/s，岩土一般为 3e-7～2e-6"
)
_TIMES = Text("times must be above zero", "时间必须大于零")
_TIMES_CURE = Text("give times in seconds after the load began", "请给出加载开始后的秒数")
_NO_TIME = Text("there is no time", "没有给出时间")
_CHOICE = Text("there is no such choice", "没有这个选项")
_CHOICE_CURE = Text("choose one of the allowed values", "请从允许值中选择")
_ZONES = Text("zones are not numbered from 0 without a gap", "分区编号须从 0 起连续")
_ZONES_CURE = Text("give one whole number per borehole", "每孔给一个整数编号")
_BOUNDARIES = ("uniform heat rate", "uniform wall temperature", "equal inlet temperature")
_MODES = ("fast", "accurate")


def refuse(
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
        problems.append(problem_at("diffusivity", _DIFFUSIVITY, _DIFFUSIVITY_CURE, diffusivity))
    if not times.size:
        problems.append(problem_at("times", _NO_TIME, _TIMES_CURE, ""))
    elif not (times > 0.0).all():
        first = int(np.flatnonzero(~(times > 0.0))[0])
        problems.append(problem_at(f"times[{first}]", _TIMES, _TIMES_CURE, times[first]))
    for name, value, allowed in (("boundary", boundary, _BOUNDARIES), ("mode", mode, _MODES)):
        if value not in allowed:
            problem = problem_at(name, _CHOICE, _CHOICE_CURE, value, same(", ".join(allowed)))
            problems.append(problem)
    if zone is not None and not _zones_complete(zone, boreholes.count):
        problems.append(problem_at("zone", _ZONES, _ZONES_CURE, str(np.unique(zone).tolist())))
    if problems:
        raise InputError(problems)
    refuse_crossing(boreholes)


def refuse_crossing(boreholes: Boreholes) -> None:
    """Refuse boreholes that cross; vertical ones at some distance need no search of pairs."""
    if not boreholes.vertical or closest_overlap(boreholes) is not None:
        check_apart(boreholes)


def closest_overlap(boreholes: Boreholes) -> tuple[int, int, float] | None:
    """First pair of boreholes whose upper ends overlap in plan, and their distance in m."""
    if boreholes.count < 2:
        return None
    from scipy.spatial import cKDTree

    plan = np.stack([boreholes.x, boreholes.y], axis=1)
    distance, neighbour = cKDTree(plan).query(plan, k=2)
    close = np.flatnonzero(distance[:, 1] < 2.0 * boreholes.radius.max())
    for i in close:
        j = next(int(k) for k in neighbour[i] if k != i)
        if distance[i, 1] < boreholes.radius[i] + boreholes.radius[j]:
            return int(i), j, float(distance[i, 1])
    return None


def problem_at(
    where: str, message: Text, cure: Text, value: object, allowed: Text | None = None
) -> Problem:
    """A problem with an argument of the g-function; allowed is above zero if not said."""
    return Problem("g_function", where, message, cure, f"{value}", allowed or same("> 0"))


def _zones_complete(zone: NDArray[Any], count: int) -> bool:
    return (
        zone.shape == (count,)
        and np.issubdtype(zone.dtype, np.integer)
        and np.array_equal(np.unique(zone), np.arange(zone.max() + 1))
    )
