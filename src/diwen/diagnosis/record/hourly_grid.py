"""Whole hours of local standard time, and means over them of whatever stands in irregular steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from diwen.diagnosis.record.steps import Steps

Floats = NDArray[np.float64]
Times = NDArray[np.int64]
HOUR_US = 3_600_000_000


@dataclass(frozen=True, eq=False)
class HourlyGrid:
    """Hours one after another, none left out.

    Attributes
    ----------
    time : microseconds UTC at which each hour begins, shape (n,)
    offset : of the local standard time from UTC, s
    """

    time: Times
    offset: float

    def __len__(self) -> int:
        return len(self.time)

    @property
    def edges(self) -> Times:
        """Begins of the hours and the end of the last one, microseconds UTC, shape (n + 1,)."""
        return np.append(self.time, self.time[-1:] + HOUR_US)

    @property
    def local(self) -> NDArray[np.datetime64]:
        """Local standard time at which each hour begins, datetime64[us], shape (n,)."""
        return (self.time + round(self.offset * 1e6)).astype("datetime64[us]")

    @property
    def day(self) -> NDArray[np.datetime64]:
        """Local date of each hour, datetime64[D], shape (n,)."""
        return self.local.astype("datetime64[D]")

    @property
    def hour(self) -> NDArray[np.int64]:
        """Hour of the local day, 0 to 23, shape (n,)."""
        return np.asarray(self.local.astype("datetime64[h]").astype(np.int64) % 24)

    def integrals(self, steps: Steps) -> tuple[Floats, Floats]:
        """Integral over each hour and the time that is known, s, shape (n,) each.

        A step whose value is nan is not known; one that reaches over an edge counts by time.
        """
        known = np.isfinite(steps.value)
        start, end, value = steps.start[known], steps.end[known], steps.value[known]
        if start.size == 0 or len(self) == 0:
            return np.zeros(len(self)), np.zeros(len(self))
        # Numbers from the first hour on stay exact as floats.
        base = int(self.time[0])
        places = np.column_stack([start - base, end - base]).ravel().astype(float)
        seconds = (end - start) / 1e6
        edges = (self.edges - base).astype(float)
        return (
            np.diff(np.interp(edges, places, _running(value * seconds))),
            np.diff(np.interp(edges, places, _running(seconds))),
        )

    def means(self, steps: Steps, least: float) -> tuple[Floats, Floats]:
        """Mean over the known time of each hour, and the share of the hour that is known, (n,).

        Parameters
        ----------
        steps : of one quantity
        least : share of the hour below which there is no mean (nan)
        """
        total, seconds = self.integrals(steps)
        cover = np.clip(seconds / 3600.0, 0.0, 1.0)
        # A share as exact as the sums it comes from.
        cover = np.where(cover > 1.0 - 1e-6, 1.0, np.where(cover < 1e-6, 0.0, cover))
        enough = (cover > 0.0) & (cover >= least)
        mean = np.divide(total, seconds, out=np.full(len(self), np.nan), where=enough)
        return mean, cover

    def counts(self, time: Times) -> Floats:
        """How many of some instants fall into each hour, shape (n,)."""
        if len(self) == 0:
            return np.zeros(0)
        place = (time - self.time[0]) // HOUR_US
        inside = (place >= 0) & (place < len(self))
        return np.bincount(place[inside], minlength=len(self)).astype(float)


def grid_over(first: int, last: int, offset: float) -> HourlyGrid:
    """The whole local hours that hold all of a stretch of time.

    Parameters
    ----------
    first, last : its begin and end, microseconds UTC
    offset : of the local standard time from UTC, s
    """
    shift = round(offset * 1e6)
    begin = (first + shift) // HOUR_US
    end = max(-(-(last + shift) // HOUR_US), begin + 1)
    return HourlyGrid(np.arange(begin, end, dtype=np.int64) * HOUR_US - shift, offset)


def _running(amount: Floats) -> Floats:
    """Sum before and after each step, in turn, shape (2 n,)."""
    after = np.cumsum(amount)
    return np.column_stack([after - amount, after]).ravel()
