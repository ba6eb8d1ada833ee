"""From what a column of levels holds to drawdowns: level at rest, direction, coarse mistakes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.sources.aquifer.flow_steps import FlowSteps
from diwen.survey.record_reader import Tell
from diwen.survey.well_test_columns import WellColumn

Floats = NDArray[np.float64]

# A reading is a mistake where it stands outside of its neighbours on both sides by more than so
# many times the usual scatter, and by more than this share of the usual drawdown.
_STANDS_OUT, _COARSE = 10.0, 0.25
_NEIGHBOURS = 2
# A flow that changes by more than this share beside a reading explains any jump.
_SWITCHED = 0.05

_NO_REST = Text("the level at rest is not known: no reading before the pump started",
                "静水位未知：开泵前没有读数")  # fmt: skip
_GIVE_REST = Text('give --static-level "{well}12.3 m"', '请给出 --static-level "{well}12.3 m"')
_REST = Text("level at rest taken from the readings before the pump started ({count}): {level}",
             "静水位取开泵前读数（{count} 次）：{level}")  # fmt: skip
_SAY_REST = Text(
    "give --static-level if it is known better", "如有更准确的静水位请用 --static-level"
)
_IS_DEPTH = Text(
    "the level is read as a depth below the rim, for it grows while water is pumped",
    "抽水时数值增大，故按水位埋深理解",
)
_SAY_DEPTH = Text('say so: --column "depth=NAME | m" or "level=NAME | m"',
                  '请明确：--column "depth=列名 | m" 或 "level=列名 | m"')  # fmt: skip
_UPWARDS = Text(
    "the drawdown is negative while water is pumped: its sign is turned (heads, not drawdowns)",
    "抽水时降深为负，已改变符号（原为水头变化）",
)
_CHECK_SIGN = Text("check the sign of the column", "请检查该列符号")
_AS_RISE = Text(
    "the flow is negative, so water was injected: the drawdown is read as a rise",
    "流量为负即为回灌，降深列按水位升幅理解",
)
_CHECK_FLOW = Text(
    "check the sign of the flow if water was pumped", "若实为抽水，请检查流量的正负号"
)
_MISTAKE = Text(
    "{value:.3f} m stands far out from the readings before and after it and is left out",
    "{value:.3f} m 明显偏离前后读数，已剔除",
)
_CHECK_CELL = Text("check the cell", "请检查该单元格")


@dataclass(frozen=True, eq=False)
class Levels:
    """Drawdown of one well as its column tells it.

    Attributes
    ----------
    drawdown : m, falling level positive, NaN where not read, shape (n,)
    rest : level at rest as the file counts it; NaN where drawdowns were given
    before : spread of the readings before the pump started, m; NaN without
    """

    drawdown: Floats
    rest: float
    before: float


def drawdown_of(
    column: WellColumn,
    time: Floats,
    steps: FlowSteps,
    value: Floats,
    rest: float | None,
    wrong: Tell,
    notice: Tell,
) -> Levels:
    """Drawdown of a well, its level at rest, and the spread of what was read before.

    Parameters
    ----------
    column, value : what was read, m, shape (n,)
    time : since the pump started, s, shape (n,)
    steps : of the flow, m³/s, injection negative
    rest : level at rest as the file counts it, where it is said
    wrong, notice : told what is missing, or was taken or turned
    """
    direction = float(np.sign(steps.flow.sum())) or 1.0
    known = np.isfinite(value)
    quiet = known & (time < 0) if (known & (time < 0)).any() else known & (time <= 0)
    before = float(np.std(value[quiet])) if quiet.sum() > 2 else math.nan
    where = f"column {column.name}"
    if column.role in ("drawdown", "rise"):
        fall = value if column.role == "drawdown" else -np.abs(value)
        return Levels(_signed(column, fall, time, direction, notice), math.nan, before)
    if rest is None and quiet.any():
        rest = float(np.median(value[quiet]))
        message = _REST.format(count=int(quiet.sum()), level=f"{rest:.3f} m")
        notice(where, message, _SAY_REST)
    if rest is None:
        wrong(where, _NO_REST, _GIVE_REST.format(well=f"{column.well}=" if column.well else ""))
        return Levels(np.full(len(value), np.nan), math.nan, before)
    fall = value - rest if column.role == "depth" else rest - value
    if column.role == "level" and not column.head_per_pressure:
        fall = _as_depth(column, fall, time, direction, notice)
    return Levels(fall, rest, before)


def _as_depth(
    column: WellColumn, fall: Floats, time: Floats, direction: float, notice: Tell
) -> Floats:
    """A column only called 水位 or level counts downwards if it moves so."""
    moved = fall[np.isfinite(fall) & (time > 0)]
    if len(moved) and "埋" not in column.name and np.median(moved) * direction < 0:
        notice(f"column {column.name}", _IS_DEPTH, _SAY_DEPTH)
        return -fall
    return fall


def _signed(
    column: WellColumn, fall: Floats, time: Floats, direction: float, notice: Tell
) -> Floats:
    """Drawdowns that were written as changes of the head, or rises without a sign."""
    moved = fall[np.isfinite(fall) & (time > 0)]
    if not len(moved) or np.median(moved) * direction >= 0:
        return fall
    where = f"column {column.name}"
    if direction > 0:
        notice(where, _UPWARDS, _CHECK_SIGN)
    else:
        notice(where, _AS_RISE, _CHECK_FLOW)
    return -fall


def without_mistakes(
    columns: Mapping[tuple[str, str], str],
    values: dict[tuple[str, str], Floats],
    flow: Floats | None,
    lines: NDArray[np.int64],
    notice: Tell,
) -> dict[tuple[str, str], Floats]:
    """Levels without single coarse mistakes; each is told with its line.

    Parameters
    ----------
    columns : name by role and well, of the columns of levels
    values : all columns, by role and well, shape (n,) each
    flow : m³/s, shape (n,); None where it is said
    lines : of the records, shape (n,)
    notice : told what is left out
    """
    found = dict(values)
    for key, name in columns.items():
        value = values[key].copy()
        for row in mistakes(value, flow):
            place = f"line {lines[row]}, column {name}"
            notice(place, _MISTAKE.format(value=float(value[row])), _CHECK_CELL)
            value[row] = np.nan
        found[key] = value
    return found


def mistakes(level: Floats, flow: Floats | None) -> NDArray[np.int_]:
    """Rows of single readings that stand far outside of those before and after them.

    Levels answer smoothly while the flow does not change, so a reading above or below all of its
    neighbours on both sides is noise, or, where it is far off, a slip of the pen. The first
    reading, the last, and those beside a change of the flow are never judged.
    """
    rows = np.flatnonzero(np.isfinite(level))
    if len(rows) < 8:
        return np.array([], int)
    value = level[rows]
    shifts = [k for k in range(-_NEIGHBOURS, _NEIGHBOURS + 1) if k]
    place = np.arange(len(value))
    around = np.stack([value[np.clip(place + k, 0, len(value) - 1)] for k in shifts])
    outside = np.maximum(value - around.max(axis=0), around.min(axis=0) - value)
    departure = np.abs(value - np.median(np.vstack([around, value]), axis=0))
    usual = float(np.quantile(np.abs(value - value[0]), 0.75))
    scatter = 1.4826 * float(np.median(departure))
    found = outside > max(_STANDS_OUT * scatter, _COARSE * usual, 1e-9)
    found[[0, -1]] = False
    if flow is not None:
        rate = np.nan_to_num(flow[rows])
        switched = np.abs(np.diff(rate)) > _SWITCHED * float(np.abs(rate).max())
        found[1:] &= ~switched
        found[:-1] &= ~switched
    return np.asarray(rows[found])
