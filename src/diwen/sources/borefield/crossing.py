"""Boreholes that cross, coincide or stand nearer to each other than their diameter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.borefield.boreholes import Boreholes

Floats = NDArray[np.float64]

_CROSS = Text(
    "boreholes {one} and {other} come within {distance} m of each other, less than their diameter",
    "{one} 号与 {other} 号钻孔最近处相距 {distance} m，小于孔径",
)
_SAME = Text("boreholes {one} and {other} coincide", "{one} 号与 {other} 号钻孔重合")
_MORE = Text("{count} more pairs of boreholes cross", "另有 {count} 对钻孔相交")
_APART = Text("set them further apart, or correct length, tilt and orientation",
              "请加大孔距，或更正孔深、倾角与方位")  # fmt: skip
_SHOWN = 5


def borehole_ends(boreholes: Boreholes) -> Floats:
    """Upper and lower end of the active lengths, (x, y, depth) in m, shape (n, 2, 3)."""
    upper = np.column_stack([boreholes.x, boreholes.y, boreholes.buried_depth])
    return np.stack([upper, upper + boreholes.length[:, None] * directions(boreholes)], axis=1)


def directions(boreholes: Boreholes) -> Floats:
    """Unit vectors down along the bores, (x, y, depth), shape (n, 3)."""
    across = np.sin(boreholes.tilt)
    return np.column_stack(
        [
            across * np.cos(boreholes.orientation),
            across * np.sin(boreholes.orientation),
            np.cos(boreholes.tilt),
        ]
    )


def check_apart(boreholes: Boreholes, file: str = "boreholes") -> None:
    """Refuse a field in which boreholes cross or coincide.

    Parameters
    ----------
    boreholes : the field
    file : what the problems are said of

    Raises
    ------
    diwen.problems.InputError : the nearest five pairs, boreholes counted from 1
    """
    ends = borehole_ends(boreholes)
    pairs = crossing_pairs(ends, boreholes.radius)
    problems = []
    for one, other, distance in pairs[:_SHOWN]:
        text = _SAME if np.allclose(ends[one], ends[other], atol=1e-6) else _CROSS
        distance = round(distance, 4)  # a tenth of a millimetre: no noise of the arithmetic
        message = text.format(one=one + 1, other=other + 1, distance=f"{distance:.3g}")
        allowed = f"≥ {boreholes.radius[one] + boreholes.radius[other]:.3g} m"
        problems.append(
            Problem(file, f"{one + 1}, {other + 1}", message, _APART,
                    f"{distance:.3g} m", Text(allowed, allowed))
        )  # fmt: skip
    if len(pairs) > _SHOWN:
        message = _MORE.format(count=len(pairs) - _SHOWN)
        problems.append(Problem(file, "", message, _APART))
    if problems:
        raise InputError(problems)


def crossing_pairs(ends: Floats, radius: Floats) -> list[tuple[int, int, float]]:
    """Pairs of boreholes whose axes come nearer than the sum of their radii.

    Parameters
    ----------
    ends : upper and lower ends, (x, y, depth) in m, shape (n, 2, 3)
    radius : radii of the bores, m, shape (n,)

    Returns
    -------
    list of (index, index, distance in m), nearest first
    """
    if len(ends) < 2:
        return []
    if np.array_equal(ends[:, 0, :2], ends[:, 1, :2]):
        # Vertical axes: only the plan counts, as far as the depths overlap.
        pairs = _near_pairs(ends[:, 0, :2], 2 * radius.max())
    else:
        reach = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1).max() + 2 * radius.max()
        pairs = _near_pairs(ends.mean(axis=1), reach)
    if not len(pairs):
        return []
    first, second = pairs[:, 0], pairs[:, 1]
    distance = segment_distance(ends[first], ends[second])
    near = distance < radius[first] + radius[second] - 1e-9
    order = np.argsort(distance[near], kind="stable")
    found = zip(first[near][order], second[near][order], distance[near][order], strict=True)
    return [(int(i), int(j), float(d)) for i, j, d in found]


def _near_pairs(centres: Floats, reach: float) -> NDArray[np.int64]:
    """Pairs of points no farther apart than ``reach``, (m, 2).

    A sweep over x: with borehole radii for a reach, only the few in the same row are compared. A
    search tree would be no faster for a field, and loading its library takes longer than reading
    a site.
    """
    order = np.argsort(centres[:, 0], kind="stable")
    along = centres[order, 0]
    last = np.searchsorted(along, along + reach, side="right")
    count = last - np.arange(len(along)) - 1
    first = np.repeat(np.arange(len(along)), count)
    begin = np.repeat(np.cumsum(count) - count, count)
    second = first + 1 + np.arange(len(first)) - begin
    apart = np.linalg.norm(centres[order[first]] - centres[order[second]], axis=1)
    near = apart <= reach
    return np.sort(np.column_stack([order[first[near]], order[second[near]]]), axis=1)


def segment_distance(one: Floats, other: Floats) -> Floats:
    """Smallest distance between pairs of segments, m.

    Clamped closest points after C. Ericson, Real-Time Collision Detection (2005), section 5.1.9.

    Parameters
    ----------
    one, other : ends of the segments of each pair, m, shape (n, 2 ends, 3)

    Returns
    -------
    shape (n,)
    """
    p, q = one[:, 0], other[:, 0]
    u, v, w = one[:, 1] - p, other[:, 1] - q, p - q
    a, e = (u * u).sum(1), (v * v).sum(1)
    b, c, f = (u * v).sum(1), (u * w).sum(1), (v * w).sum(1)
    denominator = a * e - b * b
    parallel = denominator <= 1e-12 * a * e
    s = np.where(parallel, 0.0, (b * f - c * e) / np.where(parallel, 1.0, denominator))
    s = np.clip(s, 0, 1)
    t = np.clip((b * s + f) / e, 0, 1)
    s = np.clip((b * t - c) / a, 0, 1)
    gap = w + s[:, None] * u - t[:, None] * v
    return np.linalg.norm(gap, axis=1)
