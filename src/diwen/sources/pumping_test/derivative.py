"""The derivative of the drawdown by the logarithm of time: what kind of flow a test saw, and when.

Flat: radial flow, T = Q/(4 π s'). Rising late: a tight boundary (doubling at one). Falling late:
leakage or recharge. Equal to the drawdown early, both rising with slope one: storage of the well.

Source: D. Bourdet et al., SPE Formation Evaluation 4 (1989) 293 (difference over a window).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text

Floats = NDArray[np.float64]

_FLAT = 0.15
_LATE_SHARE = 0.3
# The search for flat stretches looks at no more readings, evenly over the logarithm of time.
_MANY = 150

RADIAL = Text("radial flow from {start:.0f} to {end:.0f} s", "{start:.0f}～{end:.0f} s 为径向流")
NO_RADIAL = Text("no stretch of radial flow is seen", "未见径向流阶段")
RISING = Text(
    "the derivative rises at the end: a tight boundary or a narrowing aquifer is near",
    "后期导数上升：附近存在隔水边界或含水层变窄",
)
FALLING = Text(
    "the derivative falls at the end: leakage, a recharge boundary or a returning level",
    "后期导数下降：存在越流、补给边界或水位回升",
)
WELL_STORAGE = Text(
    "drawdown grows in proportion to time at the start: the well empties itself first",
    "初期降深与时间成正比：受井筒储水控制",
)


@dataclass(frozen=True, eq=False)
class DerivativeDiagnosis:
    """What the derivative shows.

    Attributes
    ----------
    time : s since the start, shape (n,); derivative : ds/d ln t, m, shape (n,), NaN at the ends
    flat : start and end of the stretch of radial flow before any boundary, s; None without
    level : mean derivative there, m; NaN without
    hints : in words
    """

    time: Floats
    derivative: Floats
    flat: tuple[float, float] | None
    level: float
    hints: tuple[Text, ...]


def log_derivative(time: Floats, drawdown: Floats, width: float = 0.2) -> Floats:
    """ds/d ln t by differences over at least ``width`` decades either side, m, shape (n,).

    ``time`` since the start of the flow, s, > 0, rising; NaN where the window leaves the record.
    """
    x, reach = np.log(time), width * np.log(10.0)
    left = np.searchsorted(x, x - reach, side="right") - 1
    right = np.searchsorted(x, x + reach, side="left")
    found = np.full(len(x), np.nan)
    able = np.flatnonzero((left >= 0) & (right < len(x)))
    before, after = x[able] - x[left[able]], x[right[able]] - x[able]
    slope_before = (drawdown[able] - drawdown[left[able]]) / before
    slope_after = (drawdown[right[able]] - drawdown[able]) / after
    found[able] = (slope_before * after + slope_after * before) / (before + after)
    return found


def diagnose(time: Floats, drawdown: Floats, width: float = 0.2) -> DerivativeDiagnosis:
    """Derivative of a test at constant flow and what it shows.

    Parameters
    ----------
    time : s since the start, > 0, rising, shape (n,); drawdown : m, its amount counts, shape (n,)
    width : of the smoothing, decades either side
    """
    fall = np.abs(drawdown)
    derivative = log_derivative(time, fall, width)
    known = np.flatnonzero(np.isfinite(derivative))
    if len(known) < 5:
        return DerivativeDiagnosis(time, derivative, None, float("nan"), (NO_RADIAL,))
    if len(known) > _MANY:
        even = np.linspace(np.log(time[known[0]]), np.log(time[known[-1]]), _MANY)
        known = known[np.unique(np.searchsorted(np.log(time[known]), even).clip(0, len(known) - 1))]
    stretch = _radial_stretch(np.log(time[known]), derivative[known])
    hints: list[Text] = []
    flat, level = None, float("nan")
    if stretch is None:
        hints.append(NO_RADIAL)
    else:
        first, last = known[stretch[0]], known[stretch[1]]
        flat = (float(time[first]), float(time[last]))
        level = float(np.mean(derivative[first : last + 1]))
        hints.append(RADIAL.format(start=flat[0], end=flat[1]))
        late = derivative[known[-1]] / level
        if late > 1.0 + _LATE_SHARE:
            hints.append(RISING)
        elif late < 1.0 - _LATE_SHARE:
            hints.append(FALLING)
    early = known[: max(3, len(known) // 6)]
    if (np.abs(derivative[early] / np.maximum(fall[early], 1e-12) - 1.0) < 0.1).all():
        hints.append(WELL_STORAGE)
    return DerivativeDiagnosis(time, derivative, flat, level, tuple(hints))


def _radial_stretch(x: Floats, derivative: Floats) -> tuple[int, int] | None:
    """The flat stretch that tells of the aquifer itself: the longest, or one clearly lower before.

    Beyond a tight boundary the derivative is flat again, twice as high.
    """
    longest = _longest_flat(x, derivative)
    if longest is None or longest[0] < 4:
        return longest
    before = _longest_flat(x[: longest[0]], derivative[: longest[0]])
    if before is None:
        return longest
    level = float(derivative[longest[0] : longest[1] + 1].mean())
    lower = float(derivative[before[0] : before[1] + 1].mean())
    return before if lower * (1.0 + _LATE_SHARE) < level else longest


def _longest_flat(x: Floats, derivative: Floats) -> tuple[int, int] | None:
    """Longest stretch (in ln t, at least half a decade) within 15 % of its own mean."""
    best: tuple[int, int] | None = None
    longest = 0.5 * np.log(10.0)
    for first in range(len(x)):
        for last in range(len(x) - 1, first + 2, -1):
            if x[last] - x[first] < longest:
                break
            part = derivative[first : last + 1]
            mean = float(part.mean())
            if mean > 0.0 and float(np.abs(part - mean).max()) <= _FLAT * mean:
                best, longest = (first, last), x[last] - x[first]
                break
    return best
