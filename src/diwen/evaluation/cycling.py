"""Starts and run lengths of a unit from its status or its power (K-31, K-32).

A start is a change from standing to running that was seen; one inside a gap is not counted, and the
gap does not count as time observed. Runs that are cut by the period or by a gap are no run
lengths: their beginning or end was not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.amount import Refusal
from diwen.evaluation.increments import Spans, length
from diwen.evaluation.operation import known_spans, running_basis, running_spans
from diwen.evaluation.result import Result, refused
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site import Point

Floats = NDArray[np.float64]

# Engineering defaults of Diwen, not from a standard.
COARSEST = 300.0
SHORTEST_SIGHT = 86400.0
_FEWEST_RUNS = 10
_QUANTILE = 0.1

_STARTS = Text("starts per running hour", "启停频率（每运行小时）")
_RUN_LENGTH = Text("run length, 10th percentile", "单次运行时间（10 % 分位）")
_NO_POINT = Text(
    "Starts need the status or the electric power of the unit; temperatures follow too slowly.",
    "统计启停需要机组运行状态或电功率测点，温度响应过慢。",
)
_COARSE = Text(
    "The records are {interval} s apart; short runs fall between them. Runs can be counted from "
    "records of at most {limit} s, or from a status reported on change.",
    "记录间隔 {interval} s，短时运行会漏记；需间隔不大于 {limit} s，或变化即报的运行状态。",
)
_SHORT = Text(
    "Only {hours} h were observed; below 24 h a frequency of starts is accidental.",
    "仅观测 {hours} h，不足 24 h 的启停频率带有偶然性。",
)
_NEVER_RAN = Text("The unit did not run in this period.", "本周期内机组未运行。")
_FEW_RUNS = Text(
    "Only {n} whole runs were seen; a percentile needs {least}.",
    "仅观测到 {n} 次完整运行，求分位数至少需要 {least} 次。",
)


@dataclass(frozen=True, slots=True)
class Cycling:
    """How a unit switched.

    Attributes
    ----------
    starts : changes from standing to running that were seen
    running : time seen running, s
    observed : time seen at all, s
    runs : (n,) lengths of runs whose start and end were seen, s
    """

    starts: int
    running: float
    observed: float
    runs: Floats


def cycling(running: Spans, known: Spans) -> Cycling:
    """Starts, running time and whole runs.

    Parameters
    ----------
    running : (m, 2) time in which the unit ran, µs UTC, sorted, inside ``known``
    known : (k, 2) time in which it is known whether it ran
    """
    # A span that begins (ends) with the known time was running before (after) it.
    began = ~np.isin(running[:, 0], known[:, 0])
    ended = ~np.isin(running[:, 1], known[:, 1])
    seconds = (running[:, 1] - running[:, 0]) / 1e6
    return Cycling(int(began.sum()), float(seconds.sum()), length(known), seconds[began & ended])


def results(context: Context) -> list[Result]:
    """Starts and run lengths of every heat pump."""
    return [result for unit in context.site.heat_pumps for result in _unit(context, unit)]


def _unit(context: Context, unit: str) -> list[Result]:
    try:
        basis, points = running_basis(context, unit)
        found = cycling(running_spans(context, unit), known_spans(context, unit))
    except Refusal as error:
        return _refusals(error.reason, error.missing, {"of": unit})
    common: dict[str, Any] = {
        "of": unit, "inputs": tuple(point.id for point in points),
        "origin": tuple(sorted({point.origin for point in points})),
        "coverage": min(1.0, found.observed / context.period.seconds),
    }  # fmt: skip
    interval = _interval(context, points[0])
    if basis == "temperatures":
        missing = (f"ST status unit {unit}", f"EH electric_power supply {unit}")
        return _refusals(_NO_POINT, missing, common)
    if interval > COARSEST:
        reason = _COARSE.format(interval=f"{interval:.0f}", limit=f"{COARSEST:.0f}")
        return _refusals(reason, (), common)
    common["detail"] = {"basis": basis}
    return [_start_result(context, found, common), _run_result(context, found, common)]


def _refusals(reason: Text, missing: tuple[str, ...], common: dict[str, Any]) -> list[Result]:
    return [
        refused("start_frequency", "K-31", _STARTS, reason, missing, symbol="n_s", **common),
        refused("run_length", "K-32", _RUN_LENGTH, reason, missing, symbol="t_on,p10", **common),
    ]


def _interval(context: Context, point: Point) -> float:
    """Usual time between records, s; 0 for a status that is reported on change."""
    time = context.padded_series(point.id).time
    if len(time) < 2 or (point.quantity == "status" and point.interval is None):
        return 0.0
    return float(np.median(np.diff(time))) / 1e6


def _start_result(context: Context, found: Cycling, common: dict[str, Any]) -> Result:
    if found.running <= 0:
        return refused("start_frequency", "K-31", _STARTS, _NEVER_RAN, symbol="n_s", **common)
    hours = found.running / 3600
    rows = ("default.start_frequency.warning", "default.start_frequency.alarm")
    warning, alarm = (context.rules.value(row) for row in rows)
    detail = {
        "starts": found.starts,
        "running_hours": hours,
        "observed_hours": found.observed / 3600,
        "starts_per_day": found.starts / (found.observed / 86400),
        "running_share": found.running / found.observed,
        "warning": warning,
        "alarm": alarm,
    }
    short = found.observed < SHORTEST_SIGHT
    reason = _SHORT.format(hours=f"{found.observed / 3600:.1f}") if short else None
    return Result(
        "start_frequency", "K-31", _STARTS, "n_s", value=found.starts / hours, unit="1/h",
        decimals=2, rules=rows, status="indicative" if short else "ok", reason=reason,
        **_with(common, detail),
    )  # fmt: skip


def _run_result(context: Context, found: Cycling, common: dict[str, Any]) -> Result:
    n = len(found.runs)
    if n < _FEWEST_RUNS:
        reason = _FEW_RUNS.format(n=n, least=_FEWEST_RUNS)
        return refused(
            "run_length", "K-32", _RUN_LENGTH, reason, symbol="t_on,p10",
            **_with(common, {"runs": n}),
        )  # fmt: skip
    minutes = found.runs / 60
    row = "default.run_length.warning"
    detail = {
        "runs": n,
        "median": float(np.median(minutes)),
        "shortest": float(minutes.min()),
        "warning": context.rules.value(row),
    }
    return Result(
        "run_length", "K-32", _RUN_LENGTH, "t_on,p10", unit="min", decimals=1, rules=(row,),
        value=float(np.quantile(minutes, _QUANTILE)), **_with(common, detail),
    )  # fmt: skip


def _with(common: dict[str, Any], detail: dict[str, Any]) -> dict[str, Any]:
    """The common fields with more detail."""
    return common | {"detail": common["detail"] | detail}
