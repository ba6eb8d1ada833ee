"""Readings of a logger that was lifted out of the well, or moved in it: found, told, left out.

A logger in air reads the atmosphere. The rule therefore needs two signs at once: the reading lies
near the pressure of the atmosphere, and far from what the logger reads for most of the record. A
reading that is only far from its neighbours comes from a logger that was being moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from diwen.rules import RulesOn

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Readings on both sides that tell where a logger hangs.
_NEIGHBOURS = 60


@dataclass(frozen=True)
class OutOfWater:
    """One stretch in which a logger hung in air.

    Attributes
    ----------
    start, end : s since the start of heating
    readings : number of readings in it
    reading : their median, m of water
    hottest : highest temperature in it, °C; NaN where not measured
    """

    start: float
    end: float
    readings: int
    reading: float
    hottest: float


@dataclass(frozen=True, eq=False)
class LoggerCheck:
    """One logger over the whole record.

    Attributes
    ----------
    role : ``well_level`` or ``other_level``
    readings : readings it has
    in_air : hung in air, shape (n,)
    moved : being moved, in water, shape (n,)
    stretches : in air
    sound : readings that are left, m of water, NaN elsewhere, shape (n,)
    """

    role: str
    readings: int
    in_air: Flags
    moved: Flags
    stretches: tuple[OutOfWater, ...]
    sound: Floats

    @property
    def rejected(self) -> int:
        """Readings left out."""
        return int(self.in_air.sum() + self.moved.sum())


def check_logger(
    role: str, time: Floats, level: Floats, temperature: Floats | None, book: RulesOn
) -> LoggerCheck:
    """Tell readings in water from readings in air and readings of a logger on the move.

    Parameters
    ----------
    role : which logger
    time : s, shape (n,)
    level : reading, m of water, NaN where there is none, shape (n,)
    temperature : at the logger, °C, shape (n,); None without
    book : rules ``well_test.logger.atmosphere`` and ``well_test.logger.jump``
    """
    known = np.isfinite(level)
    atmosphere = book.row("well_test.logger.atmosphere")
    jump = book.value("well_test.logger.jump")
    in_air = np.zeros(len(level), bool)
    if known.any():
        usual = float(np.median(level[known]))
        like_air = np.array([atmosphere.holds(float(value)) for value in level])
        with np.errstate(invalid="ignore"):
            in_air = like_air & (np.abs(level - usual) > jump)
    wet = known & ~in_air
    moved = np.zeros(len(level), bool)
    moved[wet] = np.abs(level[wet] - _running_median(level[wet])) > jump
    return LoggerCheck(
        role,
        int(known.sum()),
        in_air,
        moved,
        tuple(_stretches(time, level, temperature, in_air)),
        np.where(wet & ~moved, level, np.nan),
    )


def _running_median(values: Floats) -> Floats:
    from scipy.ndimage import median_filter

    if not len(values):
        return values
    size = min(2 * _NEIGHBOURS + 1, 2 * (len(values) // 2) + 1)
    return np.asarray(median_filter(values, size=size, mode="nearest"))


def _stretches(
    time: Floats, level: Floats, temperature: Floats | None, in_air: Flags
) -> list[OutOfWater]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], in_air, [False]]).astype(int)))
    found = []
    for first, last in pairwise(edges):
        if not in_air[first]:
            continue
        part = slice(int(first), int(last))
        hottest = np.nan
        if temperature is not None and np.isfinite(temperature[part]).any():
            hottest = float(np.nanmax(temperature[part]))
        found.append(
            OutOfWater(
                float(time[first]),
                float(time[last - 1]),
                int(last - first),
                float(np.median(level[part])),
                hottest,
            )
        )
    return found
