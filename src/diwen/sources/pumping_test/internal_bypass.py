"""The share of returned water that reaches the pump inside the well, from a flow-step test.

Water that leaks past the packer or down the annulus arrives within minutes, water through the
ground within hours to days. So in a test with a jump of the returned temperature::

    T_pump(t) = β T_ret(t − τ) + (1 − β) T_formation(t)

with a formation temperature that drifts slowly (a low polynomial of time) and a delay τ = V_i/Q of
the water in the well. β is linear in all but V_i, which is scanned. Only the prompt part counts:
keep the window shorter than the travel time through the ground.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.pumping_test.correlated_residuals import variance_ratio
from diwen.sources.pumping_test.estimate import COVERAGE, Estimate, MeasurementErrors
from diwen.value_problems import CORRECT

Floats = NDArray[np.float64]

_FEWEST = 12
_SIZES = Text("the series differ in number", "各序列长度不一致")
_FEW = Text("too few readings with water flowing", "有流量的读数过少")
_STILL = Text(
    "the returned temperature moves by {span:.2g} K only: too little to see a bypass",
    "回水温度变化仅 {span:.2g} K，不足以识别热贯通",
)
_MORE_STEP = Text(
    "change the load or the flow so that the returned temperature jumps by 1 K or more",
    "请改变负荷或流量，使回水温度突变 1 K 以上",
)
_NONE = Text(
    "no bypass is seen; it is below {limit:.1f} %", "未见井内短路；其份额低于 {limit:.1f} %"
)
_FOUND = Text(
    "{value:.1f} % of the returned water reaches the pump inside the well (packer, annulus)",
    "{value:.1f} % 的回水在井内直接进入泵（密封器或环隙渗漏）",
)
_LATE = Text(
    "the answer comes at the longest delay looked at: it may be the ground, not the well",
    "响应出现在所设最大滞后处：可能来自地层而非井内",
)


@dataclass(frozen=True, eq=False)
class InternalBypass:
    """Result.

    Attributes
    ----------
    share : β, k = 2; may come out a little below zero by noise
    seen : whether its interval excludes zero
    delay_volume : of the water between return and pump inside the well, m³
    delay : mean, s
    return_span : range of the returned temperature about its drift, K
    fitted, residuals : °C and K, shape (n,) of the readings used
    time : of these, s
    rms : K
    warnings : what to mind, and the result in words
    """

    share: Estimate
    seen: bool
    delay_volume: float
    delay: float
    return_span: float
    time: Floats
    fitted: Floats
    residuals: Floats
    rms: float
    warnings: tuple[Text, ...]


def find_bypass(
    time: ArrayLike,
    pumped: ArrayLike,
    returned: ArrayLike,
    flow: ArrayLike,
    errors: MeasurementErrors | None = None,
    *,
    longest_delay: float = 1800.0,
    drift_order: int = 2,
    least_span: float = 0.3,
) -> InternalBypass:
    """Bypass inside the well from series of temperature and flow.

    Parameters
    ----------
    time : s, rising, shape (n,); pumped, returned : °C, shape (n,); flow : m³/s, shape (n,)
    errors : of the measurements (temperature)
    longest_delay : of the way through the well at the mean flow, s
    drift_order : of the polynomial of the formation temperature, 0 to 3
    least_span : range of the returned temperature about its own drift that is asked for, K

    Raises
    ------
    diwen.problems.InputError : series of different length, too few readings, no step in T_ret
    """
    t, out, back, rate = _checked(time, pumped, returned, flow)
    width = np.diff(t, prepend=t[0])
    volume = np.cumsum(rate * width)
    mean_flow = float(volume[-1] / (t[-1] - t[0]))
    x = (t - t.mean()) / max(0.5 * float(np.ptp(t)), 1e-9)
    drift = np.vander(x, drift_order + 1)
    span = _span(drift, back, least_span)
    delays = np.linspace(0.0, longest_delay * mean_flow, 61)
    # The first readings have no past to be delayed from: left out for every delay alike.
    usable = volume >= min(delays[-1], 0.5 * volume[-1])
    fits = [_fit(drift, out, _delayed(volume, back, v), usable) for v in delays]
    losses = np.array([fit[2] for fit in fits])
    best = float(delays[int(np.argmin(losses))])
    known = _delayed(volume, back, best)
    share, standard, loss, fitted = fits[int(np.argmin(losses))]
    residuals = (out - fitted)[usable]
    variance = float(np.mean(residuals**2)) * variance_ratio([residuals])
    low, high = _over_delays(np.array([fit[0] for fit in fits]), losses, variance)
    varied = float(np.var(_without(drift[usable], known[usable])))
    # Noise of the sensor in the return draws β towards zero; its size is not known, so it widens.
    noise = (errors or MeasurementErrors()).temperature
    sensor = abs(share) * noise**2 / max(varied, 1e-12)
    moved = [
        _fit(np.vander(x, order + 1), out, known, usable)[0] - share
        for order in (max(drift_order - 1, 0), drift_order + 1)
    ]
    total = math.sqrt(standard**2 + sensor**2 + float(np.mean(np.square(moved))))
    estimate = Estimate(share, low - COVERAGE * total, high + COVERAGE * total)
    return InternalBypass(
        share=estimate,
        seen=estimate.low > 0.0,
        delay_volume=best,
        delay=best / mean_flow,
        return_span=span,
        time=t[usable],
        fitted=fitted[usable],
        residuals=residuals,
        rms=math.sqrt(loss / int(usable.sum())),
        warnings=_in_words(estimate, late=best >= delays[-2]),
    )


def _checked(
    time: ArrayLike, pumped: ArrayLike, returned: ArrayLike, flow: ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    series = [np.array(values, float).ravel() for values in (time, pumped, returned, flow)]
    if len({values.size for values in series}) > 1:
        shown = " / ".join(str(values.size) for values in series)
        raise InputError([Problem("flow-step test", "time", _SIZES, CORRECT, shown)])
    kept = np.all(np.isfinite(series), axis=0) & (series[3] > 0.0)
    kept[1:] &= np.diff(series[0]) > 0.0
    if int(kept.sum()) < _FEWEST:
        shown = str(int(kept.sum()))
        raise InputError([Problem("flow-step test", "time", _FEW, CORRECT, shown)])
    t, out, back, rate = (values[kept] for values in series)
    return t, out, back, rate


def _span(drift: Floats, back: Floats, least: float) -> float:
    """Range of the returned temperature about its drift, K; refused under ``least``."""
    span = float(np.ptp(_without(drift, back)))
    if span < least:
        message = _STILL.format(span=span)
        raise InputError([Problem("flow-step test", "returned", message, _MORE_STEP)])
    return span


def _in_words(share: Estimate, *, late: bool) -> tuple[Text, ...]:
    """The result, and whether it came at the end of the delays looked at."""
    if share.low <= 0.0:
        return (_NONE.format(limit=100.0 * max(share.high, 0.0)),)
    found = _FOUND.format(value=100.0 * share.value)
    return (found, _LATE) if late else (found,)


def _over_delays(share: Floats, loss: Floats, variance: float) -> tuple[float, float]:
    """Least and greatest share over the delays that fit about as well as the best (k = 2).

    Without a bypass no delay is better than another, and the best of many would mislead.

    Parameters
    ----------
    share, loss : of each delay, the second a sum of squares in K², shape (nd,)
    variance : of the residuals at the best delay with their autocorrelation, K²
    """
    near = loss <= loss.min() + COVERAGE**2 * variance
    return float(share[near].min()), float(share[near].max())


def _delayed(volume: Floats, back: Floats, delay: float) -> Floats:
    """Returned temperature by so many m³ earlier, °C, shape (n,)."""
    return np.interp(volume - delay, volume, back)


def _without(drift: Floats, values: Floats) -> Floats:
    """What a polynomial of time does not explain, shape (n,)."""
    found, *_ = np.linalg.lstsq(drift, values, rcond=None)
    return np.asarray(values - drift @ found)


def _fit(
    drift: Floats, out: Floats, back: Floats, usable: NDArray[np.bool_]
) -> tuple[float, float, float, Floats]:
    """β, its standard error, the sum of squares and the fitted temperature (n,)."""
    columns = np.column_stack([back - back[usable].mean(), drift])
    found, *_ = np.linalg.lstsq(columns[usable], out[usable], rcond=None)
    fitted = columns @ found
    residuals = (out - fitted)[usable]
    loss = float(residuals @ residuals)
    variance = loss / max(len(residuals) - columns.shape[1], 1) * variance_ratio([residuals])
    inverse = np.linalg.pinv(columns[usable].T @ columns[usable])
    return float(found[0]), math.sqrt(variance * inverse[0, 0]), loss, np.asarray(fitted)
