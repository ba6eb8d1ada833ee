"""How far a groundwater level answers to the abstraction around it, and how fast.

The drawdown against a reference well, ``s = h_reference - h`` (m), which shares the climate but not
the pumping, is regressed month by month on the abstraction Q::

    s_k = s_0 + G Σ_j w_j Q_(k-j),   w_j ~ exp(-j/τ), Σ w_j = 1

with the gain G (m per 1000 m³/d) and a time τ that is looked for between none and five years. The
response of a leaky aquifer to a well is close to an exponential at monthly steps (J. R. von Asmuth
et al., Water Resour. Res. 38 (2002) 1287). Residuals of neighbouring months are alike; their
correlation widens the interval, and so do shifts of the level between thirds of the record. A
regression shows what goes together, not what causes it: the value is no verdict. Where its interval
holds zero, or the level rises with the abstraction, nothing is claimed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.amount import COVERAGE_FACTOR
from diwen.evaluation.result import Result, refused
from diwen.evaluation.statistics import TooFewError
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.groundwater_levels import Months
    from diwen.site import Point

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Engineering defaults of Diwen, not from a standard.
FEWEST_MONTHS = 36
_TIMES = (0.0, *np.geomspace(0.25, 60.0, 40).tolist())
# Memory looked back over, in τ; months before the first abstraction take its first year's mean.
_MEMORY = 5.0
_LEAST_CHANGE = 0.02
_THIRDS = 3
_SECONDS_OF_DAY = 86400.0

_NAME = Text("drawdown for each 1000 m³/d abstracted", "每 1000 m³/d 抽水量对应的水位降深")
_FEW = Text(
    "A response to the abstraction needs {least} months with level, reference and abstraction; "
    "there are {n}.",
    "求水位对抽水的响应需要水位、参考井与抽水量同时有数据的 {least} 个月，现有 {n} 个月。",
)
_STEADY = Text(
    "The abstraction changed by less than {percent:.0f} % in the period: what it does cannot be "
    "told.",
    "本周期抽水量变化不足 {percent:.0f} %，无法判断其影响。",
)
_NOT_SHOWN = Text(
    "No response of the level to the abstraction is shown: {value} ± {u} m per 1000 m³/d.",
    "未显示水位对抽水的响应：{value} ± {u} m/(1000 m³/d)。",
)
_AGAINST = Text(
    "The level stands higher the more is abstracted ({value} ± {u} m per 1000 m³/d): no pumping "
    "does that, something else went along with it.",
    "抽水量越大水位反而越高（{value} ± {u} m/(1000 m³/d)）："
    "这不可能由抽水引起，系其他因素同步变化所致。",
)
_ALONE = Text(
    "Without a reference well the climate is in the level; it may look like pumping.",
    "没有参考井，水位中含气候影响，可能与抽水影响混淆。",
)
_SAID = Text(
    "n = {n} months; memory {tau} months; the abstraction explains {share:.0f} % of the variance "
    "(r = {r:.2f}); serial correlation of the residuals {rho:.2f} is in the interval. A regression "
    "shows what goes together, not what causes it.",
    "n = {n} 个月；响应时间 {tau} 个月；抽水量解释方差的 {share:.0f} %（r = {r:.2f}）；"
    "区间已计入残差自相关 {rho:.2f}。回归仅表明相关，不证明因果。",
)


@dataclass(frozen=True, slots=True)
class PumpingResponse:
    """Answer of a level to the abstraction.

    Attributes
    ----------
    gain : m per m³/d; standard : its standard uncertainty
    memory : τ, months
    share : of the variance that the abstraction explains
    correlation : of the drawdown with the abstraction as remembered
    serial : correlation of neighbouring residuals
    months : (n,) months compared; drawdown, modelled : (n,) m
    """

    gain: float
    standard: float
    memory: float
    share: float
    correlation: float
    serial: float
    months: Ints
    drawdown: Floats
    modelled: Floats


def pumping_response(drawdown: Months, abstraction: Months) -> PumpingResponse:
    """Gain and memory by least squares.

    Parameters
    ----------
    drawdown : monthly, m, growing when the level falls
    abstraction : monthly means, m³/d

    Raises
    ------
    TooFewError : too few common months, or an abstraction that did not change
    """
    if not len(abstraction.month):
        raise TooFewError(_FEW.format(least=FEWEST_MONTHS, n=0))
    months = np.arange(abstraction.month[0], abstraction.month[-1] + 1)
    flow: Floats = np.asarray(np.interp(months, abstraction.month, abstraction.value), float)
    known = np.isin(drawdown.month, abstraction.month)
    month, fall = drawdown.month[known], drawdown.value[known]
    if len(month) < FEWEST_MONTHS:
        raise TooFewError(_FEW.format(least=FEWEST_MONTHS, n=len(month)))
    place = month - months[0]
    mean = float(flow[place].mean())
    if float(np.std(flow[place])) < _LEAST_CHANGE * abs(mean) or mean == 0.0:
        raise TooFewError(_STEADY.format(percent=100 * _LEAST_CHANGE))
    losses = [_fit(fall, _remembered(flow, tau)[place])[1] for tau in _TIMES]
    best = _TIMES[int(np.argmin(losses))]
    remembered = _remembered(flow, best)[place]
    (level, gain), loss = _fit(fall, remembered)
    modelled = level + gain * remembered
    rest = fall - modelled
    serial = _serial(month, rest)
    standard = math.hypot(
        _standard(fall, flow, place, best, gain, loss, serial), _shifts(fall, remembered, gain)
    )
    return PumpingResponse(
        gain, standard, best,
        1.0 - loss / max(float(((fall - fall.mean()) ** 2).sum()), 1e-30),
        float(np.corrcoef(fall, remembered)[0, 1]), serial, month, fall, modelled,
    )  # fmt: skip


def _remembered(flow: Floats, tau: float) -> Floats:
    """Abstraction averaged over the past with an exponential memory of τ months, (n,)."""
    if tau <= 0.0:
        return flow
    reach = math.ceil(_MEMORY * tau)
    weight = np.exp(-np.arange(reach + 1) / tau)
    weight /= weight.sum()
    before = np.full(reach, flow[:12].mean())
    return np.asarray(
        np.convolve(np.concatenate([before, flow]), weight)[reach : reach + len(flow)]
    )


def _fit(fall: Floats, remembered: Floats) -> tuple[tuple[float, float], float]:
    """Level and gain of the line, and the sum of squares left over."""
    centred = remembered - remembered.mean()
    spread = float(centred @ centred)
    gain = float(centred @ fall) / spread if spread > 0.0 else 0.0
    level = float(fall.mean()) - gain * float(remembered.mean())
    rest = fall - level - gain * remembered
    return (level, gain), float(rest @ rest)


def _serial(month: Ints, rest: Floats) -> float:
    """Correlation of the residuals of months that follow one another, 0 to 0.95."""
    follows = np.flatnonzero(np.diff(month) == 1)
    if len(follows) < 10:
        return 0.0
    a, b = rest[follows], rest[follows + 1]
    norm = math.sqrt(float(a @ a) * float(b @ b))
    return min(max(float(a @ b) / norm if norm > 0.0 else 0.0, 0.0), 0.95)


def _standard(
    fall: Floats, flow: Floats, place: Ints, tau: float, gain: float, loss: float, serial: float
) -> float:
    """Standard uncertainty of the gain: correlated noise, and a memory not known exactly."""
    n = len(fall)
    effective = max(n * (1.0 - serial) / (1.0 + serial), 5.0)
    remembered = _remembered(flow, tau)[place]
    columns = [np.ones(n), remembered - remembered.mean()]
    if tau > 0.0:
        step = 0.05
        up, down = (_remembered(flow, tau * math.exp(s))[place] for s in (step, -step))
        columns.append(gain * (up - down) / (2 * step))
    design = np.stack(columns, axis=1)
    variance = loss / max(n - design.shape[1], 1) * n / effective
    covariance = variance * np.linalg.pinv(design.T @ design)
    return math.sqrt(max(float(covariance[1, 1]), 0.0))


def _shifts(fall: Floats, remembered: Floats, gain: float) -> float:
    """Standard uncertainty of the gain from slow shifts that have another cause.

    Over decades wells are moved, ditches dug, gauges levelled anew. With a level of its own for
    each third of the record the gain comes out otherwise; the difference is the half-width of a
    rectangular distribution (GUM, 4.3.7). Records too short to be cut tell nothing of it.
    """
    if len(fall) < _THIRDS * FEWEST_MONTHS:
        return 0.0
    third = np.arange(len(fall)) * _THIRDS // len(fall)
    cover = (third[:, None] == np.arange(_THIRDS)).astype(float)
    middle = cover / cover.sum(axis=0)
    inside = remembered - cover @ (middle.T @ remembered)
    spread = float(inside @ inside)
    if spread <= 0.0:
        return 0.0
    return abs(float(inside @ fall) / spread - gain) / math.sqrt(3.0)


def result(
    context: Context,
    point: Point,
    reference: Point | None,
    levels: tuple[Months, Months | None],
) -> Result | None:
    """The response of one well; None where the site meters no abstraction.

    Parameters
    ----------
    context, point, reference : the well and the one it is compared with
    levels : monthly levels of both, m
    """
    found = _abstraction(context)
    if found is None:
        return None
    abstraction, points = found
    level, compared = levels
    inputs = (point.id, *([reference.id] if reference is not None else []), *points)
    common: dict[str, Any] = {
        "of": point.detail or point.id, "symbol": "ds/dQ", "inputs": inputs,
        "origin": (point.origin,),
    }  # fmt: skip
    try:
        answer = pumping_response(_drawdown(level, compared), abstraction)
    except TooFewError as error:
        return refused("water_level_pumping", "K-21", _NAME, error.text, **common)
    gain, u = 1000 * answer.gain, 1000 * COVERAGE_FACTOR * answer.standard
    detail = {
        "months": len(answer.months), "memory_months": answer.memory, "share": answer.share,
        "correlation": answer.correlation, "serial_correlation": answer.serial,
        "monthly": [
            {"month": f"{m // 12:04d}-{m % 12 + 1:02d}", "drawdown": float(d), "modelled": float(s)}
            for m, d, s in zip(answer.months, answer.drawdown, answer.modelled, strict=True)
        ],
    }  # fmt: skip
    if gain <= u:
        words = _AGAINST if gain < -u else _NOT_SHOWN
        reason = words.format(value=f"{gain:.3f}", u=f"{u:.3f}")
        return refused("water_level_pumping", "K-21", _NAME, reason, detail=detail, **common)
    note = _SAID.format(
        n=len(answer.months), tau=f"{answer.memory:.1f}", share=100 * answer.share,
        r=answer.correlation, rho=answer.serial,
    )  # fmt: skip
    return Result(
        "water_level_pumping", "K-21", _NAME, value=gain, unit="m", uncertainty=u, decimals=3,
        status="ok" if reference is not None else "indicative",
        reason=None if reference is not None else _ALONE, notes=(note,), detail=detail, **common,
    )  # fmt: skip


def _drawdown(level: Months, reference: Months | None) -> Months:
    """Reference less level, or the level turned downwards, month by month."""
    from diwen.evaluation.groundwater_levels import Months

    if reference is None:
        return Months(level.month, -level.value, level.days)
    month, here, there = np.intersect1d(level.month, reference.month, return_indices=True)
    return Months(month, reference.value[there] - level.value[here], level.days[here])


def _abstraction(context: Context) -> tuple[Months, tuple[str, ...]] | None:
    """Monthly means of all metered abstraction, m³/d, and the points; None without any flow."""
    from diwen.evaluation.daily import daily
    from diwen.evaluation.groundwater_levels import Months, monthly_means

    total: Months | None = None
    used = []
    for point in context.points("volume_flow", "well_abstraction"):
        series = context.series(point.id)
        if not len(series):
            continue
        days = daily(series.time, series.value, context.period.time_zone, interval=point.interval)
        part = monthly_means(days)
        used.append(point.id)
        if total is None:
            total = part
            continue
        month, a, b = np.intersect1d(total.month, part.month, return_indices=True)
        total = Months(month, total.value[a] + part.value[b], total.days[a])
    if total is None or not len(total.month):
        return None
    return Months(total.month, _SECONDS_OF_DAY * total.value, total.days), tuple(used)
