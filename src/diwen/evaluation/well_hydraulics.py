"""Specific capacity and injectivity of wells, and whether they decline (K-22, K-23).

``q_s = V / s`` with the drawdown s below, ``II = V / h`` with the head h above the level at rest,
both in m³/(h·m) and in steady hours only: the flow of the hour and of the two before it within
5 %. The level at rest is read after six hours of standstill and interpolated between standstills.
Injectivity is brought to water of 10 °C, ``II_10 = II mu(T) / mu(10 °C)``, because cold water is
thicker: between 4 and 15 °C by a third. Without that, winter looks like clogging.

References
----------
[1] J. Kestin, M. Sokolov, W. A. Wakeham (1978) J. Phys. Chem. Ref. Data 7, 941 (viscosity).
[2] G. Houben, C. Treskatis (2007) Water Well Rehabilitation and Reconstruction (10 % rule).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.evaluation.statistics import TooFewError, Trend, trend
from diwen.language import Text

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Engineering defaults of Diwen, not from a standard.
STEADY_HOURS = 3
STEADY_WITHIN = 0.05
REST_HOURS = 6
RUNNING_SHARE = 0.2
RESTING_SHARE = 0.02
SIMILAR_FLOW = 0.2
LEAST_HEAD = 0.1
FEWEST_DAYS = 10
LEAST_SPAN_DAYS = 30
REFERENCE_TEMPERATURE = 10.0

_NO_REST = Text(
    "The well never stood still for {hours} h in the period, so its level at rest is unknown.",
    "本周期内该井从未连续停机 {hours} 小时，静水位未知。",
)
_NO_STEADY = Text(
    "No hour with steady flow (within {within} % over {hours} h) and a head of at least {head} m.",
    "没有流量稳定（{hours} 小时内变化不超过 {within} %）且水头不小于 {head} m 的时段。",
)
_SHORT = Text(
    "A trend needs {days} days with steady flow over at least {span} days; there are {n} over "
    "{have}.",
    "求趋势需至少 {span} 天内有 {days} 天稳定数据，现有 {have} 天内 {n} 天。",
)


def viscosity(temperature: ArrayLike) -> Floats:
    """Dynamic viscosity of water, Pa·s, 0 to 150 °C at low pressure [1], eq. 15."""
    t = np.asarray(temperature, dtype=float)
    d = 20.0 - t
    exponent = d / (t + 96.0) * (1.2364 - 1.37e-3 * d + 5.7e-6 * d**2)
    return np.asarray(1.002e-3 * 10.0**exponent)


def at_ten_degrees(specific: ArrayLike, temperature: ArrayLike) -> Floats:
    """A specific capacity or injectivity brought to water of 10 °C."""
    factor = viscosity(temperature) / float(viscosity(REFERENCE_TEMPERATURE))
    return np.asarray(np.asarray(specific, dtype=float) * factor)


@dataclass(frozen=True, slots=True)
class Specific:
    """Specific capacity or injectivity day by day.

    Attributes
    ----------
    day : (n,) days since 1970-01-01 local
    value : (n,) daily median, m³/(h·m)
    flow, head : (n,) daily medians of the same hours, m³/h and m
    hours : steady hours behind all of it
    temperature : (n,) daily median of the water in the same hours, °C; None if not measured
    volume : (n,) water that passed the well until the end of each day, m³; hours without a
        reading of the flow count nothing
    """

    day: Ints
    value: Floats
    flow: Floats
    head: Floats
    hours: int
    temperature: Floats | None = None
    volume: Floats | None = None

    @property
    def years(self) -> Floats:
        """Days as decimal years, (n,)."""
        return 1970.0 + self.day / 365.25

    def trend(self) -> Trend:
        """Theil-Sen trend of the days, m³/(h·m) per year.

        Raises
        ------
        TooFewError : under ten days, or under thirty days from first to last
        """
        span = int(np.ptp(self.day)) + 1 if len(self.day) else 0
        if len(self.day) < FEWEST_DAYS or span < LEAST_SPAN_DAYS:
            raise TooFewError(
                _SHORT.format(days=FEWEST_DAYS, span=LEAST_SPAN_DAYS, n=len(self.day), have=span)
            )
        try:
            return trend(self.years, self.value, correction="first-order")
        except TooFewError:
            raise
        except ValueError:  # days are missing here and there: the correction has no lags
            return trend(self.years, self.value)


def change_over(found: Trend, specific: Specific) -> tuple[float, float, float]:
    """Change from first to last day in per cent of the first, with the ends of its interval."""
    years = specific.years
    first = found.intercept + found.slope * float(years[0])
    span = float(years[-1] - years[0])
    return tuple(100 * slope * span / first for slope in (found.slope, found.low, found.high))  # type: ignore[return-value]


def steady(flow: Floats) -> NDArray[np.bool_]:
    """Hours in which the flow is running and steady over the last three hours.

    Parameters
    ----------
    flow : (n,) m³/h on an unbroken grid of hours; NaN where not measured
    """
    chosen = np.zeros(len(flow), dtype=bool)
    if len(flow) < STEADY_HOURS or not np.isfinite(flow).any():
        return chosen
    window = np.lib.stride_tricks.sliding_window_view(flow, STEADY_HOURS)
    mean = window.mean(axis=1)
    full = float(np.nanpercentile(flow, 95))
    with np.errstate(invalid="ignore"):
        calm = np.ptp(window, axis=1) <= STEADY_WITHIN * mean
        chosen[STEADY_HOURS - 1 :] = calm & (mean > RUNNING_SHARE * full)
    return chosen


def level_at_rest(flow: Floats, level: Floats) -> Floats | None:
    """Level at rest at every hour, interpolated between standstills; None without any.

    Parameters
    ----------
    flow : (n,) m³/h, unbroken hours
    level : (n,) m (or head as pressure), NaN where not measured
    """
    full = float(np.nanpercentile(flow, 95)) if np.isfinite(flow).any() else 0.0
    still = np.isfinite(flow) & (np.abs(flow) <= RESTING_SHARE * full)
    length = np.zeros(len(flow), dtype=int)
    for i, rests in enumerate(still):
        length[i] = length[i - 1] + 1 if rests and i else int(rests)
    rested = (length >= REST_HOURS) & np.isfinite(level)
    if not rested.any():
        return None
    hours = np.arange(len(flow))
    return np.asarray(np.interp(hours, hours[rested], level[rested]))


def specific(
    hour: Ints, flow: Floats, level: Floats, sign: float, temperature: Floats | None = None
) -> Specific | Text:
    """Specific capacity (sign -1: the level falls) or injectivity (+1: it rises).

    Parameters
    ----------
    hour : (n,) unbroken local hours since 1970
    flow : (n,) m³/h
    level : (n,) m
    sign : direction in which the level moves when the well runs
    temperature : (n,) °C of the water; with it the result is for 10 °C

    Returns
    -------
    Specific, or the reason why there is none
    """
    rest = level_at_rest(flow, level)
    if rest is None:
        return _NO_REST.format(hours=REST_HOURS)
    head = sign * (level - rest)
    with np.errstate(invalid="ignore", divide="ignore"):
        used = steady(flow) & np.isfinite(head) & (head >= LEAST_HEAD)
        value = flow / head
    if temperature is not None:
        value = at_ten_degrees(value, temperature)
    used &= np.isfinite(value)
    if not used.any():
        return _NO_STEADY.format(
            within=f"{100 * STEADY_WITHIN:g}", hours=STEADY_HOURS, head=f"{LEAST_HEAD:g}"
        )
    # Well losses grow with the flow: only hours of about the same flow are compared.
    usual = float(np.median(flow[used]))
    used &= np.abs(flow - usual) <= SIMILAR_FLOW * usual
    day_of = hour // 24
    days = np.unique(day_of[used])

    def medians(values: Floats) -> Floats:
        return np.array([np.median(values[used & (day_of == day)]) for day in days])

    passed = np.cumsum(np.maximum(np.nan_to_num(flow), 0.0))
    ends = np.searchsorted(day_of, days, side="right") - 1
    return Specific(
        days, medians(value), medians(flow), medians(head), int(used.sum()),
        None if temperature is None else medians(temperature), passed[ends],
    )  # fmt: skip
