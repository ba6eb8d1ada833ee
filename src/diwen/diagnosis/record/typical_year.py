"""The place of each hour of a record in a year of 365 days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from diwen.diagnosis.record.operating_record import OperatingRecord


def place_in_year(record: OperatingRecord) -> NDArray[np.int64]:
    """Hour of a year of 365 days from 1 January, 0 to 8759, shape (n,).

    29 February is taken as 28 February, so that each day keeps its date.
    """
    day = record.day
    month = day.astype("datetime64[M]")
    number = month.astype(np.int64) % 12
    begin = np.array([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])[number]
    inside = (day - month.astype("datetime64[D]")).astype(np.int64)
    inside = np.where((number == 1) & (inside == 28), 27, inside)
    return np.asarray((begin + inside) * 24 + record.hour)
