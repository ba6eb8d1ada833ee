"""Flow, load and return temperature of a run, checked and brought to one length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_FINITE, NOT_POSITIVE

Floats = NDArray[np.float64]

MOST_LEVELS = 48
"""Distinct flows that are factored without asking; each takes some megabytes."""

_RUN = "simulate_finite_volume"
_LENGTHS = Text("the series differ in length", "各序列长度不一致")
_SAME_LENGTH = Text("give series of one length, or single numbers", "请给出等长序列或单个数值")
_ONE = Text(
    "give either the load or the return temperature, and not both", "负荷与回水温度须且只能给出一项"
)
_NEGATIVE = Text("a flow below zero", "流量小于零")
_NO_FLOW = Text(
    "heat is asked of a well that does not pump", "水泵停止（流量为 0）时仍有取热或排热负荷"
)
_PUMP = Text(
    "let the well pump in these hours, or set the load there to 0",
    "请在这些时段给出流量，或将其负荷设为 0",
)
_MANY = Text(
    "more distinct flows than can be factored one by one", "不同流量的数目过多，无法逐一分解"
)
_GIVE_LEVELS = Text("give the levels of the flow that are to be used", "请给出要采用的流量档位")
_EMPTY = Text("no steps", "序列为空")


@dataclass(frozen=True, eq=False)
class CourseInput:
    """Series of a run, one value per step, shape (nt,) each; build with :func:`course_input`.

    Attributes
    ----------
    flow : m³/s, on its levels
    load : W, extraction positive; None where the return temperature is given
    return_temperature : °C; None where the load is given
    """

    flow: Floats
    load: Floats | None
    return_temperature: Floats | None

    @property
    def steps(self) -> int:
        """nt."""
        return len(self.flow)


def course_input(
    flow: ArrayLike,
    load: ArrayLike | None,
    return_temperature: ArrayLike | None,
    levels: ArrayLike | None,
    step: float,
) -> CourseInput:
    """Series of one length, the flow on its levels.

    Raises
    ------
    diwen.problems.InputError : everything that is wrong, at once
    """
    given = {
        name: np.atleast_1d(np.asarray(value, float))
        for name, value in (
            ("flow", flow), ("load", load), ("return_temperature", return_temperature),
        )
        if value is not None
    }  # fmt: skip
    problems = [
        Problem(_RUN, name, NOT_FINITE, CORRECT)
        for name, series in given.items()
        if not np.isfinite(series).all()
    ]
    if (load is None) == (return_temperature is None):
        problems.append(Problem(_RUN, "load", _ONE, _ONE))
    if not step > 0.0:
        problems.append(Problem(_RUN, "step", NOT_POSITIVE, CORRECT, f"{step:g} s", MORE_THAN_ZERO))
    lengths = {series.size for series in given.values()} - {1}
    if len(lengths) > 1 or any(series.ndim > 1 for series in given.values()):
        shown = ", ".join(f"{name} {series.size}" for name, series in given.items())
        problems.append(Problem(_RUN, "flow", _LENGTHS, _SAME_LENGTH, shown))
    if 0 in lengths:
        problems.append(Problem(_RUN, "flow", _EMPTY, _SAME_LENGTH))
    if problems:
        raise InputError(problems)
    length = max(series.size for series in given.values())
    full = {name: np.broadcast_to(series, length) for name, series in given.items()}
    problems = list(_series_problems(full["flow"], full.get("load"), levels))
    if problems:
        raise InputError(problems)
    return CourseInput(
        on_levels(full["flow"], levels), full.get("load"), full.get("return_temperature")
    )


def on_levels(flow: Floats, levels: ArrayLike | None) -> Floats:
    """Each flow at the nearest of the levels, rest at rest; unchanged if none are given.

    Parameters
    ----------
    flow, levels : m³/s; a flow above zero never becomes rest
    """
    if levels is None:
        return np.array(flow)
    kept = np.unique(np.asarray(levels, float))
    kept = kept[kept > 0.0]
    nearest = np.abs(flow[:, None] - kept).argmin(axis=1)
    return np.where(flow > 0.0, kept[nearest], 0.0)


def _series_problems(
    flow: Floats, load: Floats | None, levels: ArrayLike | None
) -> Iterator[Problem]:
    if (flow < 0.0).any():
        yield Problem(_RUN, "flow", _NEGATIVE, CORRECT, f"{flow.min():g} m³/s")
    if load is not None:
        idle = np.flatnonzero((flow == 0.0) & (load != 0.0))
        if idle.size:
            shown = f"{idle.size} × ; [{idle[0]}]: {load[idle[0]]:g} W"
            yield Problem(_RUN, "flow", _NO_FLOW, _PUMP, shown)
    if levels is not None:
        given = np.atleast_1d(np.asarray(levels, float))
        if not (np.isfinite(given).all() and (given >= 0.0).all() and (given > 0.0).any()):
            yield Problem(_RUN, "levels", NOT_POSITIVE, CORRECT, "", MORE_THAN_ZERO)
    elif (distinct := np.unique(flow).size) > MOST_LEVELS:
        allowed = Text(f"at most {MOST_LEVELS}", f"不超过 {MOST_LEVELS}")
        yield Problem(_RUN, "flow", _MANY, _GIVE_LEVELS, f"{distinct}", allowed)
