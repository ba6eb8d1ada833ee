"""From hours to days: measured over expected, and how much it scatters from day to day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Figure, Floats
from diwen.diagnosis.record.operating_record import Channel
from diwen.language import Text
from diwen.site.usual_values import usual_value

Days = NDArray[np.datetime64]
DAY_WORD = Text("day", "日期")


@dataclass(frozen=True, eq=False)
class DailyIndex:
    """Measured and expected amounts of days.

    Attributes
    ----------
    day : datetime64[D], every day from the first to the last, shape (n,)
    measured, expected : means of the hours in which both are known, nan on days with too few
    noise : standard deviation of a day of their ratio, from differences of neighbouring days
    hours : in which both are known, of all days
    """

    day: Days
    measured: Floats
    expected: Floats
    noise: float
    hours: int

    @property
    def ratio(self) -> Floats:
        """Measured over expected, shape (n,)."""
        return np.asarray(self.measured / self.expected)

    @property
    def known(self) -> int:
        """Number of days with a value."""
        return int(np.isfinite(self.measured).sum())


def daily_index(
    day: Days, measured: Floats, expected: Floats, least_noise: float, hours: float | None = None
) -> DailyIndex:
    """Days of two hourly series that are known together.

    Parameters
    ----------
    day : of each hour, datetime64[D], shape (n,)
    measured, expected : shape (n,), nan where unknown; expected above 0
    least_noise : floor of the noise
    hours : fewest of a day; None: as the rules say
    """
    least = usual_value("diagnosis.machines.least_hours") if hours is None else hours
    both = np.isfinite(measured) & np.isfinite(expected) & (expected > 0.0)
    first = day[0] if len(day) else np.datetime64("1970-01-01")
    place = (day - first).astype(int)
    count = int(place[-1]) + 1 if len(place) else 0
    number = np.bincount(place[both], minlength=count)
    above = np.bincount(place[both], measured[both], minlength=count)
    below = np.bincount(place[both], expected[both], minlength=count)
    enough = (number >= least) & (below > 0.0)
    if enough.any():  # a day with next to nothing says next to nothing
        enough &= below >= 0.05 * np.median(below[enough])
    share = np.divide(1.0, number, out=np.full(count, np.nan), where=enough)
    found = DailyIndex(
        first + np.arange(count), above * share, below * share, least_noise, int(both.sum())
    )
    return DailyIndex(
        found.day, found.measured, found.expected, max(noise_of(found.ratio), least_noise),
        found.hours,
    )  # fmt: skip


def noise_of(value: Floats) -> float:
    """Standard deviation of a day from the differences of neighbouring days, robust; 0: unknown."""
    known = value[np.isfinite(value)]
    if known.size < 5:
        return 0.0
    step = np.abs(np.diff(known))
    return float(1.4826 * np.median(step) / np.sqrt(2.0))


def figure_of(
    index: DailyIndex, title: Text, unit: str, factor: float, systematic: float
) -> Figure:
    """Measured beside expected day by day, with the band (k = 2) of a healthy plant.

    Parameters
    ----------
    factor : of the values for people
    systematic : relative standard uncertainty of instruments and model together
    """
    half = 2.0 * float(np.hypot(index.noise, systematic)) * index.expected * factor
    expected = index.expected * factor
    return Figure(
        title, unit, DAY_WORD, index.day, index.measured * factor, expected, expected - half,
        expected + half,
    )  # fmt: skip


def relative_error(*channels: Channel | None) -> float:
    """Relative systematic standard uncertainty of a product of channels, k = 1."""
    total = 0.0
    for one in channels:
        if one is None:
            continue
        known = one.value[np.isfinite(one.value) & (one.value != 0.0)]
        size = float(np.median(np.abs(known))) if known.size else 1.0
        total += one.relative**2 + (one.systematic / size if size else 0.0) ** 2
    return float(np.sqrt(total))


def points_of(channels: Sequence[Channel | None]) -> tuple[str, ...]:
    """Ids of the points behind channels, each once."""
    return tuple(dict.fromkeys(id for one in channels if one is not None for id in one.points))
