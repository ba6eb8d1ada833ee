"""How steady a test was: power, flow, outages, gaps, air and daily cycle, as numbers.

No limits here: what a rule allows is compared with these numbers elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response.time_units import DAY
from diwen.sources.response_test.flow_levels import FlowLevels, flow_levels
from diwen.sources.response_test.heat_steps import GAP, HeatSteps, heat_steps
from diwen.sources.response_test.line_source_fit import heating_end
from diwen.sources.response_test.record import Floats, TestSeries

_FEW = Text("too few records while heating", "加热期间记录太少")
_MORE = Text("give the whole series of the test", "请给出完整的试验记录")
_COLD = Text("no heat goes into the ground", "没有向岩土注入热量")
_CHECK = Text("check the column of the power and its unit", "请检查功率列及其单位")


@dataclass(frozen=True)
class Stretch:
    """A stretch of the test.

    Attributes
    ----------
    start, end : s since the start of heating
    lowest, highest : power in it, W; NaN in a gap
    """

    start: float
    end: float
    lowest: float = math.nan
    highest: float = math.nan

    @property
    def duration(self) -> float:
        """Length of the stretch, s."""
        return self.end - self.start


@dataclass(frozen=True, eq=False)
class Steadiness:
    """Numbers on the steadiness of a test, over the stretch looked at.

    Attributes
    ----------
    start, end : stretch looked at, s since the start of heating
    heating_end : last record with heat, s
    first_record : time of the first record, s
    log_interval : median interval between records, s; longest_interval : s
    gaps : stretches without records, from the start of the test to the end looked at
    power_mean : W, weighted by time; power_median : W
    power_deviation : standard deviation of the records over the mean
    power_deviation_averaged : the same of means over ten minutes (without the sensor's noise)
    power_peak : largest departure of a mean over ten minutes from the mean, relative
    power_trend : change over the stretch by linear regression, relative to the mean
    outages : stretches below half the median power
    disturbances : stretches whose ten-minute means depart from the median by more than a tenth
    cold_start : time until power first reached nine tenths of its median, s; NaN if the records
        begin later than the first hour
    flow_mean : kg/s; flow_deviation : standard deviation over the mean; NaN without a flow
    flow_trend : as power_trend
    levels : steps of flow
    temperature_difference : median of inlet minus outlet, K; NaN without both
    ambient_range : highest minus lowest air temperature, K; NaN without an air temperature
    ambient_correlation : of the fluid temperature, freed of its course with ln t, with the air
    power_ambient_correlation : of the power with the air
    daily_amplitude : of a 24-hour cycle in the freed fluid temperature, K
    daily_share : of its variance that the cycle explains
    power_daily_amplitude : of a 24-hour cycle in the power, relative to the mean
    """

    start: float
    end: float
    heating_end: float
    first_record: float
    log_interval: float
    longest_interval: float
    gaps: tuple[Stretch, ...]
    power_mean: float
    power_median: float
    power_deviation: float
    power_deviation_averaged: float
    power_peak: float
    power_trend: float
    outages: tuple[Stretch, ...]
    disturbances: tuple[Stretch, ...]
    cold_start: float
    flow_mean: float
    flow_deviation: float
    flow_trend: float
    levels: FlowLevels
    temperature_difference: float
    ambient_range: float
    ambient_correlation: float
    power_ambient_correlation: float
    daily_amplitude: float
    daily_share: float
    power_daily_amplitude: float

    @property
    def duration(self) -> float:
        """From the start of heating to its end, s."""
        return self.heating_end


def steadiness(
    series: TestSeries,
    *,
    start: float = 0.0,
    end: float | None = None,
    averaging: float = 600.0,
    outage_share: float = 0.5,
    disturbance_share: float = 0.1,
    smallest_flow_change: float = 0.07,
) -> Steadiness:
    """Numbers on a test.

    Parameters
    ----------
    series : the test
    start, end : stretch looked at for power, flow and air, s; by default all the heating
    averaging : of the power before outages, disturbances and peaks are looked for, s
    outage_share : of the median power, below which the heater counts as out
    disturbance_share : departure from the median power that counts as a disturbance
    smallest_flow_change : see :func:`diwen.sources.response_test.flow_levels.flow_levels`
    """
    last = heating_end(series)
    stop = last if end is None else end
    part = series.inside(start, stop)
    _require_heat(part)
    steps = heat_steps(part)
    time, power = _averaged_power(part, steps, averaging)
    median = float(np.median(part.power))
    mean = float(power.mean())
    if not mean:
        raise InputError([Problem("response test", "power", _COLD, _CHECK)])
    freed = _freed(part)
    amplitude, share = _daily(part.time, freed)
    power_amplitude, _ = _daily(time, power - mean - _trend(time, power) * _course(time) * mean)
    flow = np.full(part.count, np.nan) if part.flow is None else part.flow
    air = np.full(part.count, np.nan) if part.ambient is None else part.ambient
    return Steadiness(
        start=float(part.time[0]),
        end=float(part.time[-1]),
        heating_end=last,
        first_record=float(series.time[0]),
        log_interval=float(np.median(np.diff(series.time))),
        longest_interval=float(np.diff(series.time).max()),
        gaps=tuple(Stretch(*gap) for gap in heat_steps(series).gaps if gap[0] < stop),
        power_mean=mean,
        power_median=median,
        power_deviation=float(part.power.std()) / abs(mean),
        power_deviation_averaged=float(power.std()) / abs(mean),
        power_peak=float(np.abs(power / mean - 1.0).max()),
        power_trend=_trend(time, power),
        outages=_stretches(time, power, power / median < outage_share, averaging),
        disturbances=_stretches(
            time, power, np.abs(power / median - 1) > disturbance_share, averaging
        ),
        cold_start=_cold_start(series, median),
        flow_mean=float(flow.mean()),
        flow_deviation=float(flow.std() / flow.mean()) if flow.mean() > 0 else math.nan,
        flow_trend=_trend(part.time, flow),
        levels=flow_levels(part, smallest_change=smallest_flow_change),
        temperature_difference=float(np.median(part.inlet - part.outlet))
        if part.inlet is not None and part.outlet is not None
        else math.nan,
        ambient_range=float(np.nanmax(air) - np.nanmin(air))
        if np.isfinite(air).any()
        else math.nan,
        ambient_correlation=_correlation(freed, air),
        power_ambient_correlation=_correlation(part.power, air),
        daily_amplitude=amplitude,
        daily_share=share,
        power_daily_amplitude=power_amplitude / abs(mean),
    )


def _require_heat(part: TestSeries) -> None:
    """Refuse a stretch of which nothing can be said."""
    if part.count < 3:
        raise InputError([Problem("response test", "time", _FEW, _MORE, str(part.count))])
    if not part.power.mean() or not np.median(part.power):
        raise InputError([Problem("response test", "power", _COLD, _CHECK)])


def _averaged_power(part: TestSeries, steps: HeatSteps, width: float) -> tuple[Floats, Floats]:
    """Means of the recorded power over cells, at their middles; cells in gaps are left out.

    A cell counts with a tenth of its width recorded. Where gaps leave less everywhere, the
    best recorded cells are the measure.
    """
    begin = float(part.time[0]) if part.time[0] > width else 0.0
    count = max(int((part.time[-1] - begin) / width), 1)
    edges = np.linspace(begin, part.time[-1], count + 1)
    recorded = HeatSteps(steps.edges, np.where(steps.origin == GAP, 0.0, steps.power), steps.origin)
    covered = HeatSteps(steps.edges, np.where(steps.origin == GAP, 0.0, 1.0), steps.origin)
    energy, seconds = np.diff(recorded.energy_at(edges)), np.diff(covered.energy_at(edges))
    keep = seconds > 0.1 * min(float(edges[1] - edges[0]), float(seconds.max()))
    return (0.5 * (edges[1:] + edges[:-1]))[keep], energy[keep] / seconds[keep]


def _stretches(
    time: Floats, power: Floats, marked: np.ndarray, width: float
) -> tuple[Stretch, ...]:
    """Runs of marked cells; a gap between two marked cells belongs to the run."""
    padded = np.concatenate([[False], marked, [False]]).astype(int)
    first, last = np.flatnonzero(np.diff(padded) == 1), np.flatnonzero(np.diff(padded) == -1)
    half = 0.5 * width
    return tuple(
        Stretch(
            float(max(time[i] - half, 0.0)),
            float(time[j - 1] + half),
            float(power[i:j].min()),
            float(power[i:j].max()),
        )
        for i, j in zip(first, last, strict=True)
    )


def _cold_start(series: TestSeries, median: float) -> float:
    if series.time[0] > 3600.0:
        return math.nan
    heated = np.flatnonzero(series.power / median >= 0.9)
    return float(series.time[heated[0]]) if len(heated) else math.nan


def _course(time: Floats) -> Floats:
    """Time from −½ to ½, with mean 0 for even spacing."""
    if time[-1] <= time[0]:
        return np.zeros_like(time)
    return (time - time.mean()) / (time[-1] - time[0])


def _trend(time: Floats, values: Floats) -> float:
    """Change over the stretch by linear regression, relative to the mean."""
    course = _course(time)
    mean = float(values.mean())
    if not np.isfinite(values).all() or len(time) < 3 or mean == 0.0:
        return math.nan
    return float(course @ values / (course @ course)) / mean


def _freed(part: TestSeries) -> Floats:
    """Fluid temperature without its straight course over ln t and with power."""
    x = np.log(np.maximum(part.time, 1.0))
    columns = [np.ones_like(x), x, x**2]
    if np.ptp(part.power) > 1e-6 * abs(float(part.power.mean())):
        columns.append(part.power)
    matrix = np.stack(columns, axis=1)
    scaled = matrix / np.linalg.norm(matrix, axis=0)
    fit = np.linalg.lstsq(scaled, part.fluid_temperature, rcond=None)[0]
    return part.fluid_temperature - scaled @ fit


def _daily(time: Floats, values: Floats) -> tuple[float, float]:
    """Amplitude of a 24-hour cycle, and the share of the variance it explains."""
    if time[-1] - time[0] < DAY or not np.ptp(values) > 0:
        return math.nan, math.nan
    phase = 2.0 * math.pi * time / DAY
    matrix = np.stack([np.ones_like(phase), np.cos(phase), np.sin(phase)], axis=1)
    fit = np.linalg.lstsq(matrix, values, rcond=None)[0]
    left = values - matrix @ fit
    return float(np.hypot(fit[1], fit[2])), float(1.0 - left.var() / values.var())


def _correlation(values: Floats, air: Floats) -> float:
    both = np.isfinite(values) & np.isfinite(air)
    if both.sum() < 10 or not np.ptp(values[both]) > 0 or not np.ptp(air[both]) > 0:
        return math.nan
    return float(np.corrcoef(values[both], air[both])[0, 1])
