"""How an injection or pumping well loses its capacity, and when it reaches its limit.

Specific injectivity (or capacity) SI = Q/Δh is brought to water of 10 °C, then two laws of decline
are followed over the water V that has passed the well::

    cake:         Δh_10/Q = R₀ + a V          the resistance grows by so much per m³
    exponential:  SI_10 = SI₀ exp(−k V)

with slopes by Theil-Sen, which a few bad days do not move. Alarms are shares of the first value
and arguments: a loss of 10 % is the recommended point of rehabilitation in G. Houben,
C. Treskatis, Water Well Rehabilitation and Reconstruction (2007).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import theilslopes

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.aquifer.viscosity import viscosity_ratio
from diwen.sources.pumping_test.correlated_residuals import lag_one
from diwen.sources.pumping_test.estimate import Estimate
from diwen.value_problems import CORRECT

Floats = NDArray[np.float64]
LawName = Literal["cake", "exponential"]

_FEWEST = 10
# Two-sided confidence that belongs to k = 2.
_CONFIDENCE = 0.9545
_FEW = Text("too few days with flow and head", "有流量和水头的天数过少")
_SIZES = Text("the series differ in number", "各序列长度不一致")
_MORE = Text("give at least {n} readings over some weeks", "请给出数周内至少 {n} 个读数")
_STEADY = Text(
    "no decline is proven (the interval of the slope holds zero)",
    "未证实衰减（斜率置信区间包含零）",
)
_DECLINES = Text(
    "the capacity fell by {percent:.0f} % over {days:.0f} days",
    "{days:.0f} 天内单位出（灌）水量下降 {percent:.0f} %",
)
_UNCORRECTED = Text(
    "not corrected for viscosity: no temperature was given; winter looks like clogging",
    "缺少水温，未作黏度校正：冬季数据可能被误判为堵塞",
)


@dataclass(frozen=True, eq=False)
class DeclineLaw:
    """One law fitted by Theil-Sen over the volume.

    Attributes
    ----------
    name : which
    first : capacity at the start, m²/s
    rate : a in s/m⁵ (cake) or k in 1/m³ (exponential), with its interval (k = 2)
    scatter : median absolute departure of ln SI from the law
    """

    name: LawName
    first: float
    rate: Estimate
    scatter: float

    def capacity(self, volume: ArrayLike, rate: float | None = None) -> Floats:
        """SI_10 after so many m³, m²/s; at another rate where given."""
        slope = self.rate.value if rate is None else rate
        passed = np.asarray(volume, float)
        if self.name == "exponential":
            return np.asarray(self.first * np.exp(-slope * passed))
        with np.errstate(divide="ignore"):
            return np.asarray(1.0 / np.maximum(1.0 / self.first + slope * passed, 0.0))

    def volume_until(self, capacity: float, rate: float | None = None) -> float:
        """Volume at which the capacity has fallen to a value, m³; infinite if it never does."""
        slope = self.rate.value if rate is None else rate
        if capacity >= self.first:
            return 0.0
        if slope <= 0.0:
            return math.inf
        if self.name == "exponential":
            return math.log(self.first / capacity) / slope
        return (1.0 / capacity - 1.0 / self.first) / slope


@dataclass(frozen=True)
class Alarm:
    """A loss that calls for something.

    Attributes
    ----------
    loss : share of the first capacity; reached : whether it is
    days_left : from the last reading, with the ends of the interval; infinite where never
    """

    loss: float
    reached: bool
    days_left: float
    earliest: float
    latest: float


@dataclass(frozen=True, eq=False)
class CloggingTrend:
    """Result.

    Attributes
    ----------
    day, volume, capacity : days, m³ since the first and SI_10 in m²/s, shape (n,)
    laws : both, the better first
    loss : by now by the better law, share of the first value, k = 2
    proven : whether its rate is above zero beyond its interval
    volume_per_day : mean over the record, m³/d
    alarms : for each loss asked for, rising
    limit : for the head asked for, or None
    warnings : what to mind
    """

    day: Floats
    volume: Floats
    capacity: Floats
    laws: tuple[DeclineLaw, DeclineLaw]
    loss: Estimate
    proven: bool
    volume_per_day: float
    alarms: tuple[Alarm, ...]
    limit: Alarm | None
    warnings: tuple[Text, ...]


def follow_clogging(
    day: ArrayLike,
    flow: ArrayLike,
    head: ArrayLike,
    temperature: ArrayLike | None = None,
    *,
    volume: ArrayLike | None = None,
    reference: float = 10.0,
    alarms: Sequence[float] = (),
    head_limit: float | None = None,
    flow_wanted: float | None = None,
    coldest: float | None = None,
) -> CloggingTrend:
    """Decline of a well from steady values of its flow and head.

    Parameters
    ----------
    day : days, rising, shape (n,); flow : m³/s; head : rise (or drawdown) from rest, m; positive
    temperature : of the water through the well, °C, shape (n,); reference : °C
    volume : passed until each day, m³; from the flow, as if it ran all day, if not given
    alarms : losses of capacity as shares of the first value
    head_limit : m, with flow_wanted in m³/s (the largest of the record if not given) and the
        ``coldest`` water in °C (reference if not given): when is the head there?

    Raises
    ------
    diwen.problems.InputError : too few readings, lengths that differ
    """
    t, rate, rise, warmth, passed = _checked(day, flow, head, temperature, volume)
    ratio = np.ones(len(t)) if warmth is None else viscosity_ratio(warmth, reference)
    capacity = rate / rise * ratio
    fits = (_law("exponential", passed, capacity), _law("cake", passed, capacity))
    best, other = sorted(fits, key=lambda law: law.scatter)
    per_day = float(passed[-1] / (t[-1] - t[0]))
    now = float(passed[-1])
    lost = [1.0 - float(best.capacity(now, r)) / best.first for r in _ends(best)]
    loss = Estimate(lost[1], lost[0], lost[2])
    proven = best.rate.low > 0.0
    hints = [
        _DECLINES.format(percent=100.0 * lost[1], days=float(t[-1] - t[0])) if proven else _STEADY
    ]
    if warmth is None:
        hints.append(_UNCORRECTED)
    limit = None
    if head_limit is not None:
        wanted = float(rate.max()) if flow_wanted is None else flow_wanted
        thick = 1.0 if coldest is None else float(viscosity_ratio(coldest, reference))
        limit = _alarm(best, 1.0 - wanted * thick / head_limit / best.first, now, per_day)
    return CloggingTrend(
        day=t,
        volume=passed,
        capacity=capacity,
        laws=(best, other),
        loss=loss,
        proven=proven,
        volume_per_day=per_day,
        alarms=tuple(_alarm(best, share, now, per_day) for share in sorted(alarms)),
        limit=limit,
        warnings=tuple(hints),
    )


def _checked(
    day: ArrayLike,
    flow: ArrayLike,
    head: ArrayLike,
    temperature: ArrayLike | None,
    volume: ArrayLike | None,
) -> tuple[Floats, Floats, Floats, Floats | None, Floats]:
    given = [day, flow, head]
    given += [values for values in (temperature, volume) if values is not None]
    series = [np.array(values, float).ravel() for values in given]
    if len({values.size for values in series}) > 1:
        shown = " / ".join(str(values.size) for values in series)
        raise InputError([Problem("clogging trend", "day", _SIZES, CORRECT, shown)])
    kept = np.all(np.isfinite(series), axis=0) & (series[1] > 0.0) & (series[2] > 0.0)
    if int(kept.sum()) < _FEWEST:
        cure, shown = _MORE.format(n=_FEWEST), str(int(kept.sum()))
        raise InputError([Problem("clogging trend", "day", _FEW, cure, shown)])
    whole, running = series[0], np.where(np.isfinite(series[1]), series[1], 0.0)
    if volume is None:
        # Trapezoids of the flow over the days, also over those without a usable head.
        between = 0.5 * (running[1:] + running[:-1]) * np.diff(whole) * 86400.0
        series.append(np.concatenate([[0.0], np.cumsum(between)]))
    t, rate, rise = (values[kept] for values in series[:3])
    warmth = series[3][kept] if temperature is not None else None
    passed = series[-1][kept]
    return t, rate, rise, warmth, passed - passed[0]


def _law(name: LawName, volume: Floats, capacity: Floats) -> DeclineLaw:
    """Theil-Sen line through ln SI or 1/SI over the volume."""
    y = -np.log(capacity) if name == "exponential" else 1.0 / capacity
    slope, start, low, high = (float(v) for v in theilslopes(y, volume, _CONFIDENCE))
    # Neighbouring days are alike: the interval for independent ones is widened.
    rho = lag_one(y - start - slope * volume)
    wider = math.sqrt((1.0 + rho) / (1.0 - rho))
    rate = Estimate(slope, slope - wider * (slope - low), slope + wider * (high - slope))
    first = math.exp(-start) if name == "exponential" else 1.0 / start
    law = DeclineLaw(name, first, rate, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        departure = np.abs(np.log(capacity / law.capacity(volume)))
    return DeclineLaw(name, first, rate, float(np.median(departure)))


def _ends(law: DeclineLaw) -> tuple[float, float, float]:
    return law.rate.low, law.rate.value, law.rate.high


def _alarm(law: DeclineLaw, loss: float, now: float, per_day: float) -> Alarm:
    """When the capacity falls by a share, in days from the last reading."""
    target = (1.0 - loss) * law.first
    latest, middle, earliest = (
        max((law.volume_until(target, rate) - now) / per_day, 0.0) for rate in _ends(law)
    )
    return Alarm(loss, middle <= 0.0, middle, earliest, latest)
