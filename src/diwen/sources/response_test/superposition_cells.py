"""A test averaged over cells of time, and the ground's answer to its heat rate in them.

Two grids: one cell per record with the exact sum over the steps of power, when that is short
(constant power, few interruptions); else cells of equal width that keep the energy, with the
superposition by fast Fourier transform. In the second the mean of the response over each cell is
compared with the mean of the records in it, so that nothing is lost by averaging.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.sources.response.convolution import convolve
from diwen.sources.response_test.heat_steps import (
    GAP,
    GapTreatment,
    HeatSteps,
    gap_limit,
    heat_steps,
)
from diwen.sources.response_test.record import Floats, TestSeries

_EXACT_SUM = 200_000  # products records × steps up to which the sum is done exactly
_JUMP = 0.2  # change of the hourly mean power, of the median, after which the borehole settles
_JUMP_TIME = 1800.0  # s over which a change counts as a jump


@dataclass(frozen=True)
class StepResponse:
    """Temperature rise per W/m switched on at time 0 and held.

    Attributes
    ----------
    value : K per W/m at times in s, 0 for t <= 0
    integral : from 0 to t, K·s per W/m, 0 for t <= 0
    """

    value: Callable[[Floats], Floats]
    integral: Callable[[Floats], Floats]


@dataclass(frozen=True, eq=False)
class AveragedCells:
    """The test in cells.

    Attributes
    ----------
    time : middle of the cell (or time of the record), s, shape (n,)
    temperature : mean fluid temperature, °C, NaN without a record, shape (n,)
    heat_rate : W/m, shape (n,)
    level_share : share of each flow level among the records, shape (n, n_levels)
    level_flow : mean flow per level, kg/s, shape (n_levels,)
    jumps : times at which power or flow jumped or a gap ended, s
    steps : the heat rate as steps, W/m (gaps that are fitted: 0)
    fitted : start and end of the gaps that are fitted, s
    width : of the cells, s; 0 for one cell per record
    """

    time: Floats
    temperature: Floats
    heat_rate: Floats
    level_share: Floats
    level_flow: Floats
    jumps: Floats
    steps: HeatSteps
    fitted: list[tuple[float, float]]
    width: float

    @property
    def gap_count(self) -> int:
        """Number of gaps whose heat rate is unknown."""
        return len(self.fitted)

    def respond(self, response: StepResponse) -> tuple[Floats, Floats]:
        """Rise from the known heat, K, shape (n,), and per W/m in each gap, shape (n, n_gaps)."""
        gaps = np.zeros((len(self.time), self.gap_count))
        for column, (start, end) in enumerate(self.fitted):
            gaps[:, column] = self._at(response, start) - self._at(response, end)
        if self.width:
            edges = np.arange(len(self.time) + 1.0) * self.width
            means = np.diff(response.integral(edges)) / self.width
            return convolve(self.heat_rate, means, self.width), gaps
        change = np.diff(self.steps.power, prepend=0.0)
        later = self.time[:, None] - self.steps.edges[:-1][None, :]
        return response.value(later) @ change, gaps

    def _at(self, response: StepResponse, start: float) -> Floats:
        """Answer to 1 W/m from a start on."""
        if not self.width:
            return response.value(self.time - start)
        half = 0.5 * self.width
        later = self.time - start
        return (response.integral(later + half) - response.integral(later - half)) / self.width


def averaged_cells(
    series: TestSeries,
    length: float,
    *,
    gap: GapTreatment | Literal["fitted"] = "fitted",
    before: float | None = None,
    levels: NDArray[np.intp] | None = None,
    cells: int = 3000,
    longest_filled: float = 1800.0,
) -> AveragedCells:
    """Average a test over cells.

    Parameters
    ----------
    series : the test
    length : of the borehole, m
    gap, before : see :func:`diwen.sources.response_test.superposition_fit.fit_superposition`
    levels : flow level of each record, shape (n,)
    cells : number of cells of equal width
    longest_filled : gaps up to this length are never fitted but bridged by the mean, s
    """
    steps = heat_steps(series, gap="mean" if gap == "fitted" else gap, before=before)
    fitted = [g for g in steps.gaps if gap == "fitted" and g[1] - g[0] > longest_filled]
    power = steps.power.copy()
    for start, _ in fitted:
        power[np.searchsorted(steps.edges, start)] = 0.0
    steps = HeatSteps(steps.edges, power / length, steps.origin)
    merged = steps.merged()
    level = np.zeros(series.count, int) if levels is None else np.asarray(levels)
    jumps = _jumps(series, level, steps)
    flow = _level_flow(series, level)
    if series.count * len(merged.power) <= _EXACT_SUM:
        share = np.eye(int(level.max()) + 1)[level]
        rate = steps.power[np.searchsorted(steps.edges, series.time).clip(1) - 1]
        temperature = series.fluid_temperature
        return AveragedCells(
            series.time, temperature, rate, share, flow, jumps, merged, fitted, 0.0
        )
    return _even_cells(series, level, steps, flow, jumps, fitted, cells)


def _even_cells(
    series: TestSeries,
    level: NDArray[np.intp],
    steps: HeatSteps,
    flow: Floats,
    jumps: Floats,
    fitted: list[tuple[float, float]],
    cells: int,
) -> AveragedCells:
    usual = float(np.median(np.diff(series.time)))
    count = int(min(cells, max(series.end / usual, 1.0)))
    edges = np.linspace(0.0, series.end, count + 1)
    width = edges[1]
    # A record belongs to the cell that ends with it at the latest.
    cell = np.clip(np.ceil(series.time / width - 1e-9).astype(int) - 1, 0, count - 1)
    number = np.bincount(cell, minlength=count)
    with np.errstate(divide="ignore", invalid="ignore"):
        temperature = np.bincount(cell, series.fluid_temperature, count) / number
        share = np.stack(
            [np.bincount(cell, level == k, count) / number for k in range(int(level.max()) + 1)], 1
        )
    rate = np.diff(steps.energy_at(edges)) / width
    middle = 0.5 * (edges[1:] + edges[:-1])
    return AveragedCells(middle, temperature, rate, share, flow, jumps, steps, fitted, float(width))


def settled_cells(
    cells: AveragedCells, settling: float, start: float, end: float
) -> NDArray[np.bool_]:
    """Cells fit for comparison: measured, inside the window, one flow level, settled."""
    one_level = cells.level_share.max(axis=1) > 0.999
    keep = np.isfinite(cells.temperature) & one_level
    keep &= (cells.time >= max(start, settling)) & (cells.time <= end)
    for jump in cells.jumps:
        keep &= (cells.time < jump - cells.width) | (cells.time >= jump + settling)
    return keep


def _level_flow(series: TestSeries, level: NDArray[np.intp]) -> Floats:
    if series.flow is None:
        return np.full(int(level.max()) + 1, np.nan)
    return np.bincount(level, series.flow) / np.maximum(np.bincount(level), 1)


def _jumps(series: TestSeries, level: NDArray[np.intp], steps: HeatSteps) -> Floats:
    """Times of jumps of power, changes of flow level, ends of long gaps, s."""
    flow = series.time[1:][np.diff(level) != 0]
    limit = max(gap_limit(series.time), _JUMP_TIME)
    silent = np.flatnonzero((steps.origin == GAP) & (np.diff(steps.edges) > limit))
    # Means over half an hour on both sides: noise of single records is no jump.
    end = steps.edges[-1]
    centre = np.arange(0.25 * _JUMP_TIME, end, 0.25 * _JUMP_TIME)
    edges = np.concatenate([centre - _JUMP_TIME, centre, centre + _JUMP_TIME]).clip(0, end)
    low, mid, high = np.split(steps.energy_at(edges), 3)
    left, _, right = np.split(edges, 3)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = (high - mid) / (right - centre) - (mid - low) / (centre - left)
    usual = float(np.median(np.abs(steps.power))) or 1.0
    power = centre[np.abs(change) > _JUMP * usual]
    return np.sort(np.concatenate([flow, steps.edges[silent + 1], power]))
