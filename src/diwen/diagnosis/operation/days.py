"""Hours gathered to local days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Floats
from diwen.diagnosis.record.operating_record import OperatingRecord

Mask = NDArray[np.bool_]
NIGHT = (22, 6)
"""First hour of the night and first hour of the day: those in which a setback is usual."""


@dataclass(frozen=True, eq=False)
class Days:
    """The local days of a record.

    Attributes
    ----------
    day : datetime64[D], ascending, shape (m,)
    of_hour : place in ``day`` of every hour, shape (n,)
    night : whether an hour belongs to the night, shape (n,)
    """

    day: NDArray[np.datetime64]
    of_hour: NDArray[np.intp]
    night: Mask

    def count(self, which: Mask) -> Floats:
        """Hours of each day among some, shape (m,)."""
        return np.bincount(self.of_hour[which], minlength=len(self.day)).astype(float)

    def total(self, value: Floats, which: Mask) -> Floats:
        """Sum over some hours of each day, shape (m,); ``value`` must be finite there."""
        found = np.bincount(self.of_hour[which], value[which], len(self.day))
        return np.asarray(found, float)

    def mean(self, value: Floats, which: Mask, least: int = 1) -> Floats:
        """Mean over some hours of each day; nan where fewer than ``least`` have a value, (m,)."""
        known = which & np.isfinite(value)
        count = self.count(known)
        enough = count >= max(least, 1)
        nothing = np.full(len(self.day), np.nan)
        return np.divide(self.total(value, known), count, out=nothing, where=enough)


def days_of(record: OperatingRecord) -> Days:
    """The days of a record."""
    day, of_hour = np.unique(record.day, return_inverse=True)
    night = (record.hour >= NIGHT[0]) | (record.hour < NIGHT[1])
    return Days(day, of_hour.reshape(-1), night)


def scatter(value: Floats, window: int = 31) -> float:
    """Standard deviation of days about their running median, without the outer tenths; nan of
    fewer than 8 days.

    Parameters
    ----------
    value : of days, nan where unknown, shape (m,)
    window : days of the running median
    """
    from scipy.ndimage import median_filter

    known = value[np.isfinite(value)]
    if len(known) < 8:
        return float("nan")
    rest = known - median_filter(known, size=min(window, len(known)), mode="nearest")
    low, high = np.percentile(rest, (10.0, 90.0))
    return float((high - low) / 2.563)
