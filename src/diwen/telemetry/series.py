"""One point's records as arrays in the inside unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

USABLE = (0, 4, 7)


@dataclass(frozen=True)
class Series:
    """Records of a point, sorted by time.

    Attributes
    ----------
    point : id
    time : microseconds since 1970 UTC, (n,)
    value : in the unit of the point's quantity, (n,)
    quality : quality flags, (n,)
    origin : measured, manual or simulated; several are joined by ``+``
    """

    point: str
    time: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.int8]
    origin: str

    def __len__(self) -> int:
        return len(self.time)

    def usable(self) -> Series:
        """The records whose value may be used: good, first after a gap, estimated."""
        keep = np.isin(self.quality, USABLE)
        return Series(
            self.point, self.time[keep], self.value[keep], self.quality[keep], self.origin
        )

    def held(self, time: NDArray[np.int64]) -> NDArray[np.float64]:
        """The last value at or before each of the given times; NaN before the first record.

        So a reading by hand holds until the next one.
        """
        if not len(self.time):
            return np.full(len(time), np.nan)
        place = np.searchsorted(self.time, time, side="right") - 1
        return np.where(place >= 0, self.value[np.maximum(place, 0)], np.nan)
