"""Line segments along a borehole: relative lengths and edges."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from diwen.language import Text, same
from diwen.problems import InputError, Problem

Floats = NDArray[np.float64]

DEFAULT_SEGMENTS = 8
DEFAULT_END_LENGTH_RATIO = 0.02

_COUNT = Text("a borehole needs at least one segment", "每个钻孔至少需要一个分段")
_COUNT_CURE = Text("give a whole number; 8 is the usual choice", "请给出整数分段数，常用 8 段")
_RATIO = Text("the end segment cannot have this share", "端部分段长度比不成立")
_RATIO_CURE = Text("0.02 is the usual choice", "常用 0.02")


def segment_ratios(
    segments: int = DEFAULT_SEGMENTS, end_length_ratio: float = DEFAULT_END_LENGTH_RATIO
) -> Floats:
    """Shares of a borehole's length, from top to bottom, growing from both ends to the middle.

    Neighbouring segments differ by a constant factor, chosen so that the end segments have the
    share ``end_length_ratio`` (the geometric mesh of Eskilson 1987, "Thermal analysis of heat
    extraction boreholes", with a free factor). The heat rate is singular at the ends of a
    borehole of uniform wall temperature, so the mesh belongs to the result: comparisons between
    programs must use the same one.

    Parameters
    ----------
    segments : number of segments, 1 or more
    end_length_ratio : share of an end segment, above 0 and at most 1/segments (unused below 3
        segments); 1/segments gives equal segments

    Returns
    -------
    ratios : shares, sum 1, shape (segments,)

    Raises
    ------
    diwen.problems.InputError : no segment, or a share that leaves none for the middle
    """
    _refuse_impossible(segments, end_length_ratio)
    if segments <= 2 or abs(segments * end_length_ratio - 1.0) < 1e-9:
        return np.full(segments, 1.0 / segments)
    steps = np.minimum(np.arange(segments), np.arange(segments)[::-1])

    def excess(log_factor: float) -> float:
        return float(end_length_ratio * np.exp(steps * log_factor).sum() - 1.0)

    largest = -math.log(end_length_ratio)
    ratios = end_length_ratio * np.exp(steps * brentq(excess, -1e-9, largest, xtol=1e-14))
    return ratios / ratios.sum()


def _refuse_impossible(segments: int, end_length_ratio: float) -> None:
    problems = []
    if segments < 1 or segments != int(segments):
        problems.append(
            Problem("g_function", "segments", _COUNT, _COUNT_CURE, f"{segments}", same(">= 1"))
        )
    elif segments > 2 and not 0.0 < end_length_ratio <= (1.0 + 1e-9) / segments:
        allowed = same(f"0 < ... <= 1/{segments}")
        shown = "NaN" if math.isnan(end_length_ratio) else f"{end_length_ratio:g}"
        problems.append(
            Problem("g_function", "end_length_ratio", _RATIO, _RATIO_CURE, shown, allowed)
        )
    if problems:
        raise InputError(problems)


def segment_edges(length: Floats, buried_depth: Floats, ratios: Floats) -> Floats:
    """Depths of the segment edges of vertical boreholes.

    Parameters
    ----------
    length, buried_depth : active length and depth of its upper end, m, shape (m,)
    ratios : shares of the segments, shape (nq,)

    Returns
    -------
    edges : depths from top to bottom, m, shape (m, nq + 1)
    """
    shares = np.concatenate([[0.0], np.cumsum(ratios)])
    shares[-1] = 1.0
    return buried_depth[:, None] + length[:, None] * shares
