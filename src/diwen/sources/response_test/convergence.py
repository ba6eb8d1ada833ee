"""Convergence of the straight-line fit: rolling start, growing end, and the spread of windows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.sources.response_test.line_source_fit import (
    conductivity_of,
    heating_end,
    resistance_of,
)
from diwen.sources.response_test.record import Floats, TestedBorehole, TestSeries


@dataclass(frozen=True, eq=False)
class WindowSequence:
    """Line-source results over many windows.

    Attributes
    ----------
    start, end : of the windows, s, shape (n,)
    conductivity : W/(m·K), resistance : m·K/W, shape (n,); NaN where no line can be drawn
    """

    start: Floats
    end: Floats
    conductivity: Floats
    resistance: Floats

    @property
    def spread(self) -> float:
        """(largest − smallest) / mean of the conductivity."""
        lam = self.conductivity[np.isfinite(self.conductivity)]
        return float(np.ptp(lam) / lam.mean()) if len(lam) else float("nan")


def line_source_windows(
    series: TestSeries, borehole: TestedBorehole, start: ArrayLike, end: ArrayLike
) -> WindowSequence:
    """Straight-line fits in many windows at once, by running sums.

    Parameters
    ----------
    start, end : of the windows, s, broadcast together, shape (n,)
    """
    begin, stop = (np.array(v) for v in np.broadcast_arrays(*map(_floats, (start, end))))
    usable = series.time > 0
    time, power = series.time[usable], series.power[usable]
    x = np.log(time)
    y = series.fluid_temperature[usable]
    x0, y0 = float(x.mean()), float(y.mean())
    sums = _running(x - x0, y - y0, power)
    first, last = np.searchsorted(time, begin), np.searchsorted(time, stop, side="right")
    n, sx, sy, sxx, sxy, sp = _between(sums, first, last)
    with np.errstate(divide="ignore", invalid="ignore"):
        scatter = sxx - sx**2 / n
        slope = (sxy - sx * sy / n) / scatter
        slope = np.where((n >= 3) & (scatter > 0) & (slope * sp > 0), slope, np.nan)
        rate = sp / n / borehole.length
        intercept = y0 + sy / n - slope * (x0 + sx / n)
        resistance = resistance_of(
            slope,
            intercept,
            rate,
            borehole.radius,
            borehole.heat_capacity,
            borehole.undisturbed_temperature,
        )
        return WindowSequence(begin, stop, conductivity_of(slope, rate), resistance)


def rolling_start(
    series: TestSeries,
    borehole: TestedBorehole,
    *,
    earliest: float | None = None,
    end: float | None = None,
    shortest: float = 12 * 3600.0,
    count: int = 100,
) -> WindowSequence:
    """Forward sequence: the start moves on, the end stays (convergence plot).

    Parameters
    ----------
    earliest : first start, s; by default the first record
    end : s; by default the end of heating
    shortest : shortest window, s
    count : number of windows
    """
    stop = heating_end(series) if end is None else end
    begin = max(float(series.time[0]), 1.0) if earliest is None else earliest
    last = max(stop - shortest, begin)
    return line_source_windows(series, borehole, np.linspace(begin, last, count), stop)


def growing_end(
    series: TestSeries,
    borehole: TestedBorehole,
    *,
    start: float | None = None,
    latest: float | None = None,
    shortest: float = 12 * 3600.0,
    count: int = 100,
) -> WindowSequence:
    """Backward sequence: the start stays, the end grows (was the test long enough?).

    Parameters
    ----------
    start : s; by default the first record
    latest : last end, s; by default the end of heating
    shortest : shortest window, s
    count : number of windows
    """
    begin = max(float(series.time[0]), 1.0) if start is None else start
    stop = heating_end(series) if latest is None else latest
    first = min(begin + shortest, stop)
    return line_source_windows(series, borehole, begin, np.linspace(first, stop, count))


def window_scan(
    series: TestSeries,
    borehole: TestedBorehole,
    start: float,
    end: float,
    *,
    count: int = 8,
    latest_start: float = 0.5,
    earliest_end: float = 0.75,
) -> WindowSequence:
    """Fits over a grid of starts and ends around a window: what another hand would have got.

    Parameters
    ----------
    start, end : the window in use, s
    count : starts and ends tried, each
    latest_start, earliest_end : as shares of the window
    """
    starts = np.linspace(start, start + latest_start * (end - start), count)
    ends = np.linspace(start + earliest_end * (end - start), end, count)
    pairs = np.stack(np.meshgrid(starts, ends, indexing="ij")).reshape(2, -1)
    return line_source_windows(series, borehole, pairs[0], pairs[1])


def _floats(values: ArrayLike) -> Floats:
    return np.atleast_1d(np.asarray(values, float))


def _running(x: Floats, y: Floats, power: Floats) -> Floats:
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, power])
    return np.concatenate([np.zeros((6, 1)), np.cumsum(terms, axis=1)], axis=1)


def _between(sums: Floats, first: NDArray[np.intp], last: NDArray[np.intp]) -> Floats:
    return sums[:, np.maximum(last, first)] - sums[:, first]
