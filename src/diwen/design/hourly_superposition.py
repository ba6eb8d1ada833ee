"""Superposition of hourly loads over many years, by years: exact for a year back, coarse beyond.

The answer in a year to the loads of the same and the previous year is an exact convolution of
hours (one short Fourier transform per distinct year of load). What lies further back changes so
slowly that bins of five days and straight lines between them suffice: on a step response that
grows as the logarithm of time the error is below 1e-5 of the drop. A load that repeats every year
costs one transform of two years, whatever the length of life.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from diwen.design.calendar_months import HOUR, HOURS_PER_YEAR
from diwen.sources.response.convolution import convolve

Floats = NDArray[np.float64]

BIN_HOURS = 120
BINS = HOURS_PER_YEAR // BIN_HOURS
_FINE = 2 * HOURS_PER_YEAR
_SIZE = fft.next_fast_len(_FINE + HOURS_PER_YEAR, real=True)


def response_times(years: int) -> Floats:
    """Times at which :class:`HourlySuperposition` wants the step response, s, shape (nt,)."""
    fine = np.arange(_FINE + 1) * HOUR
    coarse = np.arange(years * BINS + 1) * (BIN_HOURS * HOUR)
    return np.concatenate([fine, coarse])


class HourlySuperposition:
    """A load by hour, superposed on any step response.

    Parameters
    ----------
    power : W, shape (1, 8760) for a year that repeats, or (years, 8760)
    years : number of years
    """

    def __init__(self, power: Floats, years: int) -> None:
        self.years = years
        self._repeats = len(power) == 1
        self._spectrum = fft.rfft(power, _SIZE, axis=1)
        bins = power.reshape(len(power), BINS, BIN_HOURS).mean(axis=2)
        self._bins = bins
        self._all_bins = np.resize(bins, (years, BINS)).ravel()

    def drop(self, response: Floats) -> Floats:
        """Sum of load times response, at the end of every hour, shape (years, 8760).

        Parameters
        ----------
        response : step response at :func:`response_times`, K per W (or K·m per W)
        """
        fine, coarse = response[: _FINE + 1], response[_FINE + 1 :]
        blocks = fft.irfft(self._spectrum * fft.rfft(np.diff(fine), _SIZE), _SIZE, axis=1)
        total = np.empty((self.years, HOURS_PER_YEAR))
        total[:] = blocks[:, :HOURS_PER_YEAR]
        total[1:] += blocks[: 1 if self._repeats else -1, HOURS_PER_YEAR:_FINE]
        if self.years > 2:
            total[2:] += _between(self._earlier(coarse))
        return total

    def _earlier(self, coarse: Floats) -> Floats:
        """Drop by loads two and more years back, at the bin ends, shape (years − 2, bins + 1)."""
        steps = np.diff(coarse)
        drops = convolve(self._all_bins, coarse[1:] - coarse[0], BIN_HOURS * HOUR)
        everything = np.concatenate([[0.0], drops])
        ends = everything[np.arange(self.years)[:, None] * BINS + np.arange(BINS + 1)]
        recent = np.zeros((len(self._bins), 2 * BINS + 1))
        size = fft.next_fast_len(3 * BINS, real=True)
        blocks = fft.rfft(self._bins, size, axis=1) * fft.rfft(steps[: 2 * BINS], size)
        recent[:, 1:] = fft.irfft(blocks, size, axis=1)[:, : 2 * BINS]
        same, before = recent[:, : BINS + 1], recent[:, BINS:]
        if self._repeats:
            return ends[2:] - same - before
        return ends[2:] - same[2:] - before[1:-1]


def _between(ends: Floats) -> Floats:
    """Straight lines between bin ends, at the end of every hour; (years, bins + 1) to hours."""
    share = np.arange(1, BIN_HOURS + 1) / BIN_HOURS
    lines = ends[:, :-1, None] + (ends[:, 1:, None] - ends[:, :-1, None]) * share
    return lines.reshape(len(ends), HOURS_PER_YEAR)
