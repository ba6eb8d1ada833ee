"""Temperature of a water through the year, and where each value of it comes from.

A series knows for every step whether it was measured, interpolated, modelled or is missing, so
that what was computed is never taken for what was measured. The models here are short ones for
planning; all of them are marked as modelled:

- a yearly wave of mean, swing and warmest day (rivers, lakes, sea, reclaimed water);
- the same wave at a depth, damped and late (still water; Carslaw & Jaeger 1959, 2.6);
- a stream from the air temperature, straight (Stefan & Preud'homme, Water Resources Bulletin
  29(1), 1993) or S-shaped (Mohseni, Stefan & Erickson, Water Resources Research 34(10), 1998),
  behind a lag.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response.time_units import DAY, HOUR, YEAR
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]


_MODELLED = Text("water temperature modelled: {model}", "水温为模拟值：{model}")
_WAVE = Text("yearly wave", "年波动正弦")
_AT_DEPTH = Text("yearly wave, damped at a depth of {depth:g} m", "{depth:g} m 深处衰减的年波动")
_STRAIGHT = Text("linear in the air temperature", "与气温线性相关")
_S_SHAPED = Text("S-shaped over the air temperature", "与气温呈 S 形（逻辑）关系")
_ORIGINS = Text(
    "water temperature: {measured:.1%} of the steps measured, {interpolated:.1%} interpolated, "
    "{modelled:.1%} modelled, {missing:.1%} missing",
    "水温：实测 {measured:.1%}，内插 {interpolated:.1%}，模拟 {modelled:.1%}，缺失 {missing:.1%}",
)
_OTHER_LENGTH = Text("the two series have not the same steps", "两个序列的时间步不一致")
_SAME_STEPS = Text("give both for the same steps", "请按相同时间步给出")
_GAPS = Text("the air temperature has gaps", "气温序列有缺失")
_WITHOUT_GAPS = Text("give an air temperature without gaps", "请给出无缺失的气温序列")
_ORDER = Text("the lowest temperature is not below the highest", "下限温度不低于上限温度")


class Origin(IntEnum):
    """Where the temperature of a step comes from."""

    MEASURED = 0
    INTERPOLATED = 1
    MODELLED = 2
    MISSING = 3


@dataclass(frozen=True, eq=False)
class WaterTemperature:
    """Temperatures of a water, one per step, with their origin.

    Attributes
    ----------
    values : °C, nan where missing, shape (n,)
    origins : :class:`Origin` of each, shape (n,)
    step : s
    note : what a report says of them
    """

    values: Floats
    origins: NDArray[np.int8]
    step: float
    note: Text

    def share(self, origin: Origin) -> float:
        """Share of the steps of an origin, 0 to 1."""
        return float((self.origins == origin).mean()) if len(self.origins) else 0.0

    @property
    def complete(self) -> bool:
        """Whether no step is missing."""
        return not bool((self.origins == Origin.MISSING).any())

    def filled(self, model: WaterTemperature) -> WaterTemperature:
        """With the gaps taken from another series, whose origins they then carry.

        Raises
        ------
        diwen.problems.InputError : the other has other steps
        """
        if len(model.values) != len(self.values) or model.step != self.step:
            found = f"{len(self.values)} × {self.step:g} s, {len(model.values)} × {model.step:g} s"
            raise InputError(
                [Problem("WaterTemperature", "filled", _OTHER_LENGTH, _SAME_STEPS, found)]
            )
        gaps = self.origins == Origin.MISSING
        return with_origins(
            np.where(gaps, model.values, self.values),
            np.where(gaps, model.origins, self.origins),
            self.step,
        )


def with_origins(values: ArrayLike, origins: ArrayLike, step: float) -> WaterTemperature:
    """A series whose note counts its origins; shapes (n,), °C, step in s."""
    kinds = np.asarray(origins, np.int8)
    count = max(len(kinds), 1)
    shares = {one.name.lower(): float((kinds == one).sum()) / count for one in Origin}
    return WaterTemperature(
        np.asarray(values, float), kinds, float(step), _ORIGINS.format(**shares)
    )


def yearly_wave(
    mean: float, amplitude: float, warmest_day: float, *, steps: int = 8760, step: float = HOUR
) -> WaterTemperature:
    """mean + amplitude cos(2π (t − warmest)/year) in the middle of each step.

    Parameters
    ----------
    mean : yearly mean, °C
    amplitude : half the yearly swing, K
    warmest_day : day of the year, 1 to 366; its noon is the warmest
    steps : how many, from the beginning of the year
    step : s
    """
    return _modelled(mean + amplitude * np.cos(_phase(warmest_day, steps, step)), step, _WAVE)


def still_water_at_depth(
    mean: float,
    amplitude: float,
    warmest_day: float,
    *,
    depth: float,
    diffusivity: float,
    steps: int = 8760,
    step: float = HOUR,
) -> WaterTemperature:
    """The yearly wave of a lake's surface at a depth: damped by e and late by 1 rad per √(2a/ω).

    Parameters
    ----------
    mean, amplitude, warmest_day : of the surface, as of :func:`yearly_wave`
    depth : of the intake, m
    diffusivity : a, of heat in the water with its turbulence, m²/s. It is constant here: neither
        the turnover of spring and autumn nor ice nor a thermocline is modelled.
    """
    if not (diffusivity > 0.0 and depth >= 0.0):
        found = f"{depth:g} m, {diffusivity:g} m²/s"
        raise InputError(
            [Problem("still_water_at_depth", "diffusivity", NOT_POSITIVE, CORRECT, found,
                     MORE_THAN_ZERO)]
        )  # fmt: skip
    lean = depth * math.sqrt(math.pi / (diffusivity * YEAR))
    wave = amplitude * math.exp(-lean) * np.cos(_phase(warmest_day, steps, step) - lean)
    return _modelled(mean + wave, step, _AT_DEPTH.format(depth=depth))


def stream_linear(
    air_temperature: ArrayLike,
    *,
    intercept: float,
    slope: float,
    lag: float = 0.0,
    lowest: float = 0.0,
    step: float = HOUR,
) -> WaterTemperature:
    """A stream: intercept + slope · lagged air temperature, not below ``lowest``.

    Stefan & Preud'homme 1993 found 5 °C and 0.75 for daily means of eleven streams in the
    Mississippi basin, with a standard deviation of 2.7 K; other rivers need their own numbers.

    Parameters
    ----------
    air_temperature : °C, of one repeating year, shape (n,)
    intercept : °C
    slope : K per K
    lag : time constant of a first-order lag, s
    lowest : °C; water does not follow the air below freezing
    step : s
    """
    lagged = lagged_air(air_temperature, lag, step)
    return _modelled(np.maximum(intercept + slope * lagged, lowest), step, _STRAIGHT)


def stream_logistic(
    air_temperature: ArrayLike,
    *,
    lowest: float,
    highest: float,
    steepest_at: float,
    slope: float,
    lag: float = 0.0,
    step: float = HOUR,
) -> WaterTemperature:
    """A stream: lowest + (highest − lowest)/(1 + exp(γ (β − air))), S-shaped over the lagged air.

    γ = 4 slope/(highest − lowest). Mohseni, Stefan & Erickson 1998 fitted it to weekly means, site
    by site (evaporation bends the curve at the top, groundwater and ice at the bottom); with
    hourly air a lag of several days stands for their averaging.

    Parameters
    ----------
    air_temperature : °C, of one repeating year, shape (n,)
    lowest, highest : bounds of the water temperature (μ, α), °C
    steepest_at : air temperature of the steepest rise (β), °C
    slope : there, K of water per K of air
    lag : time constant of a first-order lag, s
    step : s
    """
    if not lowest < highest:
        found = f"{lowest:g} / {highest:g} °C"
        raise InputError([Problem("stream_logistic", "highest", _ORDER, CORRECT, found)])
    from scipy.special import expit

    lagged = lagged_air(air_temperature, lag, step)
    steepness = 4.0 * slope / (highest - lowest)
    values = lowest + (highest - lowest) * expit(steepness * (lagged - steepest_at))
    return _modelled(values, step, _S_SHAPED)


def lagged_air(air_temperature: ArrayLike, lag: float, step: float) -> Floats:
    """First-order lag of a series that repeats, so that its beginning follows its end, shape (n,).

    The exact answer of ``lag dT/dt = air − T`` at the end of each step for air constant within it.

    Parameters
    ----------
    air_temperature : °C, shape (n,)
    lag, step : s

    Raises
    ------
    diwen.problems.InputError : gaps in the series
    """
    air = np.asarray(air_temperature, float)
    missing = int((~np.isfinite(air)).sum())
    if missing:
        found = f"{missing} / {len(air)}"
        raise InputError([Problem("lagged_air", "air_temperature", _GAPS, _WITHOUT_GAPS, found)])
    if lag <= 0.0 or not len(air):
        return air
    from scipy.signal import lfilter

    kept = math.exp(-step / lag)
    from_rest = lfilter([1.0 - kept], [1.0, -kept], air)
    # What the periodic state at the beginning adds, decaying through the period.
    start = from_rest[-1] / -math.expm1(-step / lag * len(air))
    return np.asarray(from_rest + start * kept ** np.arange(1.0, len(air) + 1.0))


def _phase(warmest_day: float, steps: int, step: float) -> Floats:
    middle = (np.arange(steps) + 0.5) * step
    return np.asarray(2.0 * math.pi * (middle - (warmest_day - 0.5) * DAY) / YEAR, float)


def _modelled(values: Floats, step: float, model: Text) -> WaterTemperature:
    origins = np.full(len(values), Origin.MODELLED, np.int8)
    return WaterTemperature(
        np.asarray(values, float), origins, float(step), _MODELLED.format(model=model)
    )
