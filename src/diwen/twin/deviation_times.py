"""When deviations change: a year of a run in stretches through which each stands at one value.

A plain year is one stretch. A deviation that begins, is put right or is serviced within a year cuts
it there; one that grows is taken as a staircase whose step is a row of the rules, each tread at the
mean of what it stands for, so that the year has the same mean.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.twin.deviations import Deviation

_DAYS = 365.0


class Stretch(NamedTuple):
    """A stretch of a run, in years of the run from 0.

    Attributes
    ----------
    begin : year and part of a year at which it begins
    years : its length
    """

    begin: float
    years: float = 1.0

    @property
    def middle(self) -> float:
        """Its middle."""
        return self.begin + 0.5 * self.years

    @property
    def year(self) -> int:
        """Year of the run in which it stands, from 0."""
        return math.floor(self.middle)


class Piece(NamedTuple):
    """Steps of one year through which every deviation stands at one value.

    Attributes
    ----------
    first, end : steps of the year, the end is not part of it
    stretch : the same in years of the run
    """

    first: int
    end: int
    stretch: Stretch


def pieces(deviations: Sequence[Deviation], year: int, per_year: int) -> tuple[Piece, ...]:
    """A year of a run, from 0, in pieces; one piece where nothing changes.

    Parameters
    ----------
    deviations : of the run
    per_year : steps of a year
    """
    cuts = {0, per_year}
    for one in deviations:
        cuts |= {round((time - year) * per_year) for time in _changes(one, year)}
    steps = sorted(step for step in cuts if 0 <= step <= per_year)
    return tuple(
        Piece(first, end, _stretch(year, first, end, per_year)) for first, end in pairwise(steps)
    )


def _stretch(year: int, first: int, end: int, per_year: int) -> Stretch:
    if (first, end) == (0, per_year):
        return Stretch(float(year))
    return Stretch(year + first / per_year, (end - first) / per_year)


def _changes(one: Deviation, year: int) -> Iterator[float]:
    """Times within a year at which a deviation changes, years of the run."""
    until = math.inf if one.until is None else one.until
    inside = (one.since, until, *one.resets)
    yield from (time for time in inside if year < time < year + 1)
    if not one.grows or one.value == 0.0 or one.since >= year + 1 or until <= year:
        return
    parts = max(round(_DAYS / usual_value("default.simulated.growth_step")), 1)
    yield from (
        year + part / parts for part in range(1, parts) if one.since < year + part / parts < until
    )
