"""Boreholes of a site that cross or stand nearer to each other than their diameter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diwen.language import Text
from diwen.site.borehole import BoreholePosition
from diwen.site.fields import Finding

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
    if len(positions) < 2:
        return []
    # The arrays are loaded only where there is something to compare: reading a site stays light.
    import numpy as np

    from diwen.sources.borefield import crossing

    ends = np.array([position.ends() for position in positions], dtype=float)
    radius = np.array([position.radius for position in positions], dtype=float)
    return crossing.crossing_pairs(ends, radius)
