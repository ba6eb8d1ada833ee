"""Boreholes that cross or stand nearer to each other than their diameter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.site.borehole import BoreholePosition
from diwen.site.fields import Finding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CROSS = Text(
    "boreholes {one} and {other} come within {distance} m of each other, less than their diameter",
    "{one} 号与 {other} 号钻孔最近处相距 {distance} m，小于孔径",
)
_APART = Text("set them further apart, or correct length, tilt and orientation",
              "请加大孔距，或更正孔深、倾角与方位")  # fmt: skip
_SHOWN = 5


def crossing_findings(positions: Sequence[BoreholePosition], where: str) -> Iterator[Finding]:
    """Findings for the nearest offending pairs (at most five), borehole numbers from 1."""
    for one, other, distance in crossing_pairs(positions)[:_SHOWN]:
        message = _CROSS.format(one=one + 1, other=other + 1, distance=f"{distance:.3g}")
        yield Finding(where, message, _APART)


def crossing_pairs(positions: Sequence[BoreholePosition]) -> list[tuple[int, int, float]]:
    """Pairs of boreholes whose axes come nearer than the sum of their radii.

    Parameters
    ----------
    positions : the boreholes

    Returns
    -------
    list of (index, index, distance in m), nearest first
    """
    import numpy as np

    if len(positions) < 2:
        return []
    ends = np.array([position.ends() for position in positions], dtype=float)
    radius = np.array([position.radius for position in positions], dtype=float)
    if all(position.tilt == 0 for position in positions):
        # Vertical axes: only the plan counts, as far as the depths overlap.
        pairs = _near_pairs(ends[:, 0, :2], 2 * radius.max())
    else:
        reach = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1).max() + 2 * radius.max()
        pairs = _near_pairs(ends.mean(axis=1), reach)
    if not len(pairs):
        return []
    first, second = pairs[:, 0], pairs[:, 1]
    distance = _segment_distance(ends[first], ends[second])
    near = distance < radius[first] + radius[second] - 1e-9
    order = np.argsort(distance[near], kind="stable")
    found = zip(first[near][order], second[near][order], distance[near][order], strict=True)
    return [(int(i), int(j), float(d)) for i, j, d in found]


def _near_pairs(centres: NDArray[np.float64], reach: float) -> NDArray[np.int64]:
    """Pairs of points no farther apart than ``reach``, (m, 2).

    A sweep over x: with borehole radii for a reach, only the few in the same row are compared. A
    search tree would be no faster for a field, and loading its library takes longer than reading
    a site.
    """
    import numpy as np

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


def _segment_distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Smallest distance between pairs of segments, shape (n, 2 ends, 3) each; returns (n,).

    Clamped closest points after C. Ericson, Real-Time Collision Detection (2005), section 5.1.9.
    """
    import numpy as np

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
