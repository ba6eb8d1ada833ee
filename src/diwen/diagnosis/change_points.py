"""Early warning: control charts on the daily residuals of a diagnosis.

Two charts look at means over blocks of days, so long that neighbours are nearly independent. The
tabular CUSUM (Page 1954; Montgomery, Introduction to Statistical Quality Control) finds lasting
small shifts soonest, the exponentially weighted moving average (Roberts 1959; Lucas and Saccucci
1990) slow growth. Limits are chosen by the average run length: with k = 0.5 and h = 8 a healthy
residual alarms once in about 9 600 weeks (both sides), one that is shifted by one standard
deviation after about 16; the approximation of Siegmund 1985 is :func:`cusum_run_length`. What is
normal is learnt from the first blocks of a residual: charts find changes, not constant offsets.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from diwen.diagnosis.finding import Floats, Residual
from diwen.language import Text
from diwen.site.usual_values import usual_value

_ROW = "diagnosis.inference."
_SAYS = Text(
    "{what}: since about {began} it has shifted by {shift} (alarm of {day})",
    "{what}：约自 {began} 起偏移 {shift}（{day} 报警）",
)


@dataclass(frozen=True)
class Alarm:
    """A residual that has changed.

    Attributes
    ----------
    residual : its name
    text : what has changed, for people
    method : chart that found it
    day : last local day of the block that raised it
    began : local day of the most probable change, :func:`change_of_mean`
    shift : estimated change of the mean since then, in the unit of the residual
    parameters : of the twin that move the residual
    """

    residual: str
    text: Text
    method: Literal["cusum", "ewma"]
    day: date
    began: date
    shift: float
    parameters: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ResidualBlocks:
    """Means of a residual over blocks of days.

    Attributes
    ----------
    first, last : local days, shape (n,)
    mean : shape (n,)
    deviation : standard deviation of each in a healthy plant, shape (n,)
    """

    first: Sequence[date]
    last: Sequence[date]
    mean: Floats
    deviation: Floats


def cusum(z: Floats, reference: float) -> tuple[Floats, Floats]:
    """Tabular CUSUM of standardised values, upper and lower, shape (n,).

    C⁺ = max(0, C⁺ + z − k), C⁻ = max(0, C⁻ − z − k)

    Parameters
    ----------
    z : standardised, shape (n,)
    reference : k, half the shift that is to be found soonest
    """
    upper, lower = np.zeros(len(z)), np.zeros(len(z))
    high = low = 0.0
    for i, value in enumerate(z):
        high = max(0.0, high + float(value) - reference)
        low = max(0.0, low - float(value) - reference)
        upper[i], lower[i] = high, low
    return upper, lower


def ewma(z: Floats, weight: float) -> tuple[Floats, Floats]:
    """Exponentially weighted moving average and its standard deviation, shape (n,).

    Parameters
    ----------
    z : standardised, shape (n,)
    weight : λ of the newest value, 0 to 1
    """
    average = np.zeros(len(z))
    level = 0.0
    for i, value in enumerate(z):
        level = weight * float(value) + (1.0 - weight) * level
        average[i] = level
    age = np.arange(1, len(z) + 1)
    return average, np.sqrt(weight / (2.0 - weight) * (1.0 - (1.0 - weight) ** (2 * age)))


def change_of_mean(z: Floats) -> int:
    """First value after the most probable change of the mean, 1 to n − 1.

    Both means are unknown: the likelihood is largest where the two parts differ most,
    (z̄₂ − z̄₁)² n₁ n₂ / n (Hinkley 1970, Inference about the change-point, Biometrika 57).

    Parameters
    ----------
    z : in units of its standard deviation, at least two, shape (n,)
    """
    n = len(z)
    before = np.arange(1, n)
    total = np.cumsum(z)
    apart = (total[-1] - total[:-1]) / (n - before) - total[:-1] / before
    return 1 + int(np.argmax(apart**2 * before * (n - before)))


def cusum_run_length(shift: float, reference: float, limit: float) -> float:
    """Average run length of a two-sided tabular CUSUM (Siegmund 1985, Sequential Analysis).

    One side: (exp(−2Δb) + 2Δb − 1)/(2Δ²) with b = h + 1.166 and Δ = ±δ − k (b² at Δ = 0); the two
    sides together: 1/ARL = 1/ARL⁺ + 1/ARL⁻.

    Parameters
    ----------
    shift : δ of the mean, in standard deviations
    reference, limit : k and h
    """
    b = limit + 1.166

    def side(drift: float) -> float:
        if abs(drift) < 1e-9:
            return b * b
        return (math.exp(-2.0 * drift * b) + 2.0 * drift * b - 1.0) / (2.0 * drift * drift)

    return 1.0 / (1.0 / side(shift - reference) + 1.0 / side(-shift - reference))


def residual_blocks(residual: Residual) -> ResidualBlocks:
    """A residual drawn together; blocks without a valid day are left out."""
    valid = np.isfinite(residual.value)
    day = residual.day[valid].astype("datetime64[D]").astype(np.int64)
    if not len(day):
        return ResidualBlocks((), (), np.zeros(0), np.zeros(0))
    length = int(usual_value(_ROW + "alarm_block"))
    # blocks stand on whole weeks of the calendar: a new month moves none of the old ones
    block = day // length
    starts = np.flatnonzero(np.diff(block, prepend=np.int64(-1)))
    count = np.diff(np.append(starts, len(day)))
    ends = np.append(starts[1:], len(day)) - 1
    mean = np.add.reduceat(residual.value[valid], starts) / count
    hang = usual_value(_ROW + "residual_correlation")
    # the mean of days that all hang together is no better known than one of them
    deviation = residual.noise * np.sqrt(np.minimum(1.0, hang / np.maximum(count, 1)))
    return ResidualBlocks(
        [_date(one) for one in day[starts]], [_date(one) for one in day[ends]], mean, deviation
    )


def alarms_of(residual: Residual) -> tuple[Alarm, ...]:
    """Every change of a residual that one of the charts finds, in order of time.

    After an alarm the charts begin anew and learn what is normal from the blocks that follow, so
    that a lasting shift is told once.

    Parameters
    ----------
    residual : daily
    """
    blocks = residual_blocks(residual)
    learnt = int(usual_value(_ROW + "alarm_learning"))
    found: list[Alarm] = []
    begin = 0
    while begin + learnt < len(blocks.mean):
        normal = slice(begin, begin + learnt)
        alarm = _next_alarm(residual, blocks, normal)
        if alarm is None:
            break
        place, one = alarm
        found.append(one)
        begin = place + 1
    return tuple(found)


def _next_alarm(
    residual: Residual, blocks: ResidualBlocks, normal: slice
) -> tuple[int, Alarm] | None:
    """The first alarm after the blocks from which is learnt, and the block that raised it."""
    known = blocks.mean[normal]
    centre = float(np.mean(known))
    # where a healthy residual scatters by more than it should, it is judged by its own scatter
    own = float(np.std(known, ddof=1)) if len(known) > 1 else 0.0
    rest = slice(normal.stop, None)
    z = (blocks.mean[rest] - centre) / np.maximum(blocks.deviation[rest], own)
    # a centre learnt from n blocks is off by 1/sqrt(n), for ever: such a shift is no alarm
    unsure = 1.0 / math.sqrt(len(known))
    upper, lower = cusum(z, usual_value(_ROW + "cusum_reference") + unsure)
    over = np.flatnonzero(np.maximum(upper, lower) > usual_value(_ROW + "cusum_limit"))
    average, width = ewma(z, usual_value(_ROW + "ewma_weight"))
    beyond = np.flatnonzero(np.abs(average) > usual_value(_ROW + "ewma_limit") * width + unsure)
    firsts = [
        (int(each[0]), name) for each, name in ((over, "cusum"), (beyond, "ewma")) if len(each)
    ]
    if not firsts:
        return None
    place, method = min(firsts)
    last = normal.stop + place
    run = slice(normal.start, last + 1)
    first = normal.start + change_of_mean(blocks.mean[run] / blocks.deviation[run])
    shift = float(np.mean(blocks.mean[first : last + 1]) - np.mean(blocks.mean[run.start : first]))
    unit = f" {residual.unit}" if residual.unit else ""
    text = _SAYS.format(
        what=residual.text, began=blocks.first[first], shift=f"{shift:+.3g}{unit}",
        day=blocks.last[last],
    )  # fmt: skip
    chart: Literal["cusum", "ewma"] = "cusum" if method == "cusum" else "ewma"
    return last, Alarm(
        residual.name, text, chart, blocks.last[last], blocks.first[first], shift,
        residual.parameters,
    )  # fmt: skip


def _date(day: np.int64) -> date:
    return date(1970, 1, 1) + timedelta(days=int(day))
