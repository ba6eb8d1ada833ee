"""A daily index drawn together into blocks of days, with the covariance that a healthy one has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Floats
from diwen.site.usual_values import usual_value

_NORMAL_MAD = 1.4826  # standard deviation of a normal law over its median absolute deviation
_NEIGHBOURS = 15  # days of the running median; an outlier is one against its neighbours


@dataclass(frozen=True, eq=False)
class Blocks:
    """Means over blocks of days that have values.

    Attributes
    ----------
    first, middle, last : days since operation began, shape (n,)
    value : mean of the block, shape (n,)
    variance : of that mean, days hang together, shape (n,)
    """

    first: Floats
    middle: Floats
    last: Floats
    value: Floats
    variance: Floats

    def __len__(self) -> int:
        return len(self.value)


def draw_in(value: Floats, noise: float) -> tuple[Floats, float]:
    """Outliers drawn in to their neighbours, and the noise of a day as the days show it.

    Each value is compared with the running median of its neighbours, which a step does not blur.
    The noise is the stated one, or the scatter about the median where that is larger.

    Parameters
    ----------
    value : valid days in order, shape (n,)
    noise : stated standard deviation of one day
    """
    half = min(_NEIGHBOURS, len(value)) // 2
    if half < 2:
        return value, noise
    padded = np.pad(value, half, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    centre = np.median(windows, axis=1)
    apart = value - centre
    shown = _NORMAL_MAD * float(np.median(np.abs(apart)))
    noise = max(noise, shown)
    limit = usual_value("diagnosis.inference.outlier") * noise
    return centre + np.clip(apart, -limit, limit), noise


def blocks_of(
    day: NDArray[np.datetime64], value: Floats, noise: float, correlation: float, begun: date
) -> Blocks:
    """Blocks so few that shapes can be compared exactly.

    Parameters
    ----------
    day, value : of a daily index, nan where unknown, shape (n,)
    noise : standard deviation of one day, above 0
    correlation : days over which residuals hang together
    begun : first day of operation
    """
    valid = np.isfinite(value)
    since = (day[valid].astype("datetime64[D]") - np.datetime64(begun, "D")).astype(float)
    kept, noise = draw_in(value[valid], noise)
    if len(kept) == 0:
        none = np.zeros(0)
        return Blocks(none, none, none, none, none)
    most = usual_value("diagnosis.inference.most_blocks")
    width = max(1.0, np.ceil((since[-1] - since[0] + 1.0) / most))
    block = np.floor((since - since[0]) / width).astype(np.int64)
    starts = np.flatnonzero(np.diff(block, prepend=-1))
    count = np.diff(np.append(starts, len(kept))).astype(float)
    ends = np.append(starts[1:], len(kept)) - 1
    return Blocks(
        first=since[starts],
        middle=np.add.reduceat(since, starts) / count,
        last=since[ends],
        value=np.add.reduceat(kept, starts) / count,
        # n days that hang together over c count as n/c independent ones; written per day, so that
        # the width of a block changes nothing
        variance=noise**2 * max(1.0, correlation) / count,
    )


def healthy_covariance(blocks: Blocks, systematic: float, tolerance: float) -> Floats:
    """Covariance of the blocks of an index that is as designed, shape (n, n).

    Independent noise, the systematic error and the tolerable offset common to all days, and a slow
    wander (exponential in time, Ornstein-Uhlenbeck) by which models and weather differ through the
    year. None of the common parts can make a step.

    Parameters
    ----------
    blocks : of the index
    systematic : standard uncertainty common to all days
    tolerance : standard deviation of what is as designed
    """
    wander = usual_value("diagnosis.inference.wander_share") * tolerance
    length = usual_value("diagnosis.inference.wander_days")
    apart = np.abs(blocks.middle[:, None] - blocks.middle[None, :])
    covariance = wander**2 * np.exp(-apart / length) + (systematic**2 + tolerance**2)
    covariance[np.diag_indices(len(blocks))] += blocks.variance
    return np.asarray(covariance)
