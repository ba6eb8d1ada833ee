"""Held or growing: two families of shapes that move the same index, told apart.

How strongly an index deviates at all is said by :func:`fit_shape`, which lets a healthy index
wander. Which of the two families it is shows in what each leaves over: with the scatter itself
unknown the likelihood goes as the residual to the power of minus the number of independent days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Floats
from diwen.diagnosis.inference.time_signature import ShapeFit

CAP = 7.0
"""Largest logarithm of a Bayes factor that one index may have."""
OPEN_CAP = 60.0
"""The same while candidates are compared with each other."""
_DAYS_PER_PIECE = 10.0
_MOST_PIECES = 40.0
_FLOOR = 0.004
_LEAST_JUMP = 6.0
_ABOUT = 4.0


def ratios_of(held: ShapeFit, growing: ShapeFit, odds: float) -> tuple[float, float]:
    """Logarithms of the Bayes factors of both, each against none and the other, capped.

    Parameters
    ----------
    odds : logarithm, growing over held, by what each leaves over
    """
    # The cap is on what the index says at all; which of the two it is shows without a cap.
    common = min(max(held.log_ratio, growing.log_ratio), CAP)
    if common <= 0.0:
        return _capped(held.log_ratio), _capped(growing.log_ratio)
    # What is off from the first day on is held: growth would have to begin at neutral.
    odds += growing.log_evidence - held.log_evidence
    return _capped(common - np.logaddexp(0.0, odds)), _capped(common - np.logaddexp(0.0, -odds))


def refined_teeth(
    fit: ShapeFit, day: NDArray[np.datetime64], ratio: Floats, noise: float,
    services: Sequence[date] = (),
) -> ShapeFit:  # fmt: skip
    """A saw-tooth with the slope of its teeth over the level to which service brings it back.

    Days about a set-back are left out: a block of days that holds one is of neither tooth, and
    its misfit would flatten all of them.

    Parameters
    ----------
    day : datetime64[D], shape (n,)
    ratio : the index, neutral 1, shape (n,)
    noise : standard deviation of one day
    services : days that may set it back
    """
    known = np.isfinite(ratio)
    if fit.shape != "sawtooth" or known.sum() < 6:
        return fit
    time, value = (day[known] - day[0]).astype(float), ratio[known]
    done = [float((np.datetime64(one, "D") - day[0]).astype(float)) for one in services]
    best: tuple[float, float] | None = None
    for resets in (_jumps(time, value, noise), [one for one in done if one > time[0]]):
        if not resets:
            continue
        away = np.min(np.abs(time[:, None] - np.asarray(resets)[None, :]), axis=1) > _ABOUT
        last = np.array([max((r for r in resets if r <= t), default=time[0]) for t in time])
        grown, kept = (time - last)[away], value[away]
        if len(kept) < 10 or np.ptp(grown) == 0.0:
            continue
        slope, level = np.polyfit(grown, kept, 1)
        left = float(np.mean((kept - slope * grown - level) ** 2))
        if slope < 0.0 < level and (best is None or left < best[0]):
            best = left, float(365.0 * slope / level)
    return fit if best is None else replace(fit, value=best[1])


def refined(
    fit: ShapeFit, day: NDArray[np.datetime64], ratio: Floats, noise: float, wander: float
) -> ShapeFit:
    """A step with its size as the level behind it over the level before it.

    The error that instruments have in common is in both and cancels.

    Parameters
    ----------
    day : datetime64[D], shape (n,)
    ratio : the index, neutral 1, shape (n,)
    noise : standard deviation of one day
    wander : relative standard uncertainty of the ratio of two levels
    """
    if fit.shape != "step" or fit.since is None:
        return fit
    low = np.datetime64(fit.since_low or fit.since, "D")
    high = np.datetime64(fit.since_high or fit.since, "D")
    known = np.isfinite(ratio)
    behind = known & (day > high)
    if fit.until is not None:
        behind &= day < np.datetime64(fit.until, "D")
    before, after = ratio[known & (day < low)], ratio[behind]
    if min(before.size, after.size) < 10:
        return fit
    value = float(np.median(after) / np.median(before))
    scatter = 1.57 * noise**2 * (1.0 / before.size + 1.0 / after.size)
    return replace(fit, value=value - 1.0, deviation=value * float(np.sqrt(wander**2 + scatter)))


def _capped(value: float) -> float:
    return float(max(-CAP, min(CAP, value)))


def growing_over_held(
    day: NDArray[np.datetime64], value: Floats, noise: float, services: Sequence[date] = ()
) -> float:
    """Logarithm of the odds that an index grows (or is a saw-tooth) over that it is held.

    Parameters
    ----------
    day : datetime64[D], ascending, shape (n,)
    value : index less its neutral value, nan where unknown, shape (n,)
    noise : standard deviation of one day
    services : days that may set it back
    """
    known = np.isfinite(value)
    if known.sum() < 6:
        return 0.0
    time = (day[known] - day[0]).astype(float)
    wanted = value[known]
    floor = np.hypot(noise, _FLOOR)
    held = np.hypot(_left_of_step(wanted), floor)
    done = [(np.datetime64(one, "D") - day[0]).astype(float) for one in services]
    growing = np.hypot(_left_of_growth(time, wanted, noise, [float(one) for one in done]), floor)
    pieces = min(known.sum() / _DAYS_PER_PIECE, _MOST_PIECES)
    return float(pieces * np.log(held / growing))


def _left_of_step(value: Floats) -> float:
    """What the best two levels leave over, root mean square."""
    n = len(value)
    total, square = np.cumsum(value), np.cumsum(value**2)
    count = np.arange(1, n + 1)
    before = square - total**2 / count
    rest = n - count
    after = square[-1] - square - np.divide((total[-1] - total) ** 2, rest,
                                            out=np.zeros(n), where=rest > 0)  # fmt: skip
    return float(np.sqrt(max(float((before + after).min()), 0.0) / n))


def _left_of_growth(time: Floats, value: Floats, noise: float, services: Sequence[float]) -> float:
    """What a straight line, a hinge or the best saw-tooth leaves over, root mean square."""
    found = [_line(np.maximum(time - begin, 0.0), value)
             for begin in np.linspace(time[0], time[0] + 0.7 * np.ptp(time), 12)]  # fmt: skip
    for resets in (_jumps(time, value, noise), list(services)):
        if resets:
            last = np.array([max((r for r in resets if r <= t), default=time[0]) for t in time])
            found.append(_line(time - last, value))
    return min(found)


def _line(grown: Floats, value: Floats) -> float:
    if np.ptp(grown) == 0.0:
        return float(np.std(value))
    slope, level = np.polyfit(grown, value, 1)
    return float(np.sqrt(np.mean((value - slope * grown - level) ** 2)))


def _jumps(time: Floats, value: Floats, noise: float) -> list[float]:
    """Times at which a falling index jumps up and stays there: five days beside five days."""
    width = 5
    if len(value) < 4 * width:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(value, width)
    middle = np.median(windows, axis=1)
    step = middle[width:] - middle[:-width]
    limit = max(_LEAST_JUMP * noise / np.sqrt(width), 4.0 * _FLOOR)
    found, at = [], 0
    while at < len(step):
        if step[at] > limit:
            reach = step[at : at + 2 * width]
            best = at + int(np.argmax(reach))
            found.append(float(time[best + width]))
            at = best + 2 * width
        else:
            at += 1
    return found
