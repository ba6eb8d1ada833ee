"""Meters and powers of one point as increments with uncertainty.

Counters give the difference of neighbouring readings, over a roll-over of the display too. What
was counted across a reset or an exchange of the meter is unknown: that interval is left out and
lowers the coverage.

Gauges (power, flow) are integrated by the trapezoid rule on valid records. An interval longer
than an hour is not bridged (engineering rule of Diwen), unless the point by its own definition
reports more rarely: then one and a half of its intervals. A reading by hand holds until the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.amount import Refusal
from diwen.evaluation.increments import Floats, Increments, Times
from diwen.evaluation.uncertainty import standard
from diwen.language import Text
from diwen.telemetry import counters

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site import Point
    from diwen.telemetry import Series

LONGEST_BRIDGE = 3600.0
_HOUR_US = 3_600_000_000

_EMPTY = Text(
    "point {point} has no usable records in this period", "测点 {point} 在本周期内无可用记录"
)
_RESET = Text(
    "{point}: the register was reset {count} time(s); what was counted across a reset is unknown "
    "and left out",
    "{point}：计数器复位 {count} 次，复位期间的计数未知，未计入",
)


def bridge(point: Point) -> int:
    """The longest interval between two records of a point that is bridged, µs."""
    return int(1e6 * max(LONGEST_BRIDGE, 1.5 * (point.interval or 0.0)))


def empty(point: Point) -> Refusal:
    """The refusal for a point without records."""
    return Refusal(_EMPTY.format(point=point.id), [role(point)])


def role(point: Point) -> str:
    """A point as ``code quantity location equipment``, the form of ``Result.missing``."""
    return f"{point.place.code} {point.quantity} {point.position} {'+'.join(point.equipment)}"


def measured(context: Context, point: Point) -> Increments:
    """The increments of a counter, or the integral of a gauge, within the period.

    Parameters
    ----------
    point : electricity, heat, gas or water, as counter or as power/flow

    Returns
    -------
    Increments in J or m³ (of a mass flow: kg)

    Raises
    ------
    Refusal : no usable records
    """
    return context.once(("measured", point.id), lambda: _measured(context, point))


def _measured(context: Context, point: Point) -> Increments:
    series = context.padded_series(point.id)
    whole = np.array([[context.period.start_us, context.period.end_us]], dtype=np.int64)
    made = _from_counter if point.kind == "counter" else _from_gauge
    increments = made(context, point, series).clipped(whole)
    if increments.start.size == 0:
        raise empty(point)
    return increments


def _from_counter(context: Context, point: Point, series: Series) -> Increments:
    step, known, notes = register_steps(series, point)
    return Increments(
        series.time[:-1],
        series.time[1:],
        step,
        effects_of(context, point, step, np.diff(series.time) / 1e6),
        resolution=resolution(series.value, point),
        origins=tuple(series.origin.split("+")),
        inputs=(point.id,),
        notes=notes,
    ).kept(known)


def register_steps(
    series: Series, point: Point
) -> tuple[Floats, NDArray[np.bool_], tuple[Text, ...]]:
    """What a register counted between readings.

    Returns
    -------
    step : increments in the inside unit, (n - 1,)
    known : False across a reset, (n - 1,)
    notes : on resets, if any
    """
    factor, offset = point.factor_offset()
    counted = counters.steps((series.value - offset) / factor)
    resets = int((~counted.known).sum())
    notes = (_RESET.format(point=point.id, count=resets),) if resets else ()
    return counted.increment * factor, counted.known, notes


def resolution(reading: Floats, point: Point) -> float:
    """The last decimal that a register shows, in the inside unit; 0 where it cannot be seen."""
    factor, offset = point.factor_offset()
    raw = (reading - offset) / factor
    for decimals in range(5):
        shown = raw * 10.0**decimals
        if np.allclose(shown, np.round(shown), rtol=0.0, atol=1e-4):
            return abs(factor) * 10.0**-decimals
    return 0.0


def _from_gauge(context: Context, point: Point, series: Series) -> Increments:
    time, value = series.time, series.value
    if point.origin == "manual":
        time, value = held_to(time, value, context.period.end_us)
        longest = context.period.end_us
    else:
        longest = bridge(point)
    accuracy = point.limits_of_error
    spread = None if accuracy is None else {point.id: standard(accuracy, value, context.rules)}
    return integrated(
        time,
        value,
        spread,
        longest,
        origins=tuple(series.origin.split("+")),
        inputs=(point.id,),
        stepwise=point.origin == "manual",
    )


def held_to(time: Times, value: Floats, end: int) -> tuple[Times, Floats]:
    """Readings by hand, the last one held to ``end``."""
    if time.size == 0 or time[-1] >= end:
        return time, value
    return np.append(time, end), np.append(value, value[-1])


def integrated(
    time: Times,
    power: Floats,
    effects: Mapping[str, Floats] | None,
    longest: int,
    *,
    origins: tuple[str, ...] = (),
    inputs: tuple[str, ...] = (),
    notes: tuple[Text, ...] = (),
    stepwise: bool = False,
) -> Increments:
    """The integral of a power over each step, by the trapezoid rule.

    Parameters
    ----------
    time : µs, (n,), ascending
    power : W (or m³/s), (n,); NaN is not measured
    effects : standard systematic effect on the power by cause, same unit, (n,) each
    longest : the longest step that is bridged, µs
    stepwise : each value holds until the next (readings by hand) instead of going straight to it

    Returns
    -------
    Increments; the random uncertainty comes from the scatter of neighbouring records
    """
    if time.size < 2:
        none = np.empty(0, dtype=np.int64)
        return Increments(none, none, np.empty(0), origins=origins, inputs=inputs, notes=notes)
    duration = np.diff(time)
    valid = np.isfinite(power[:-1]) & np.isfinite(power[1:]) & (duration <= longest)
    seconds = duration[valid] / 1e6

    def over_steps(values: Floats) -> Floats:
        mean = values[:-1] if stepwise else 0.5 * (values[:-1] + values[1:])
        return mean[valid] * seconds

    return Increments(
        time[:-1][valid],
        time[1:][valid],
        over_steps(power),
        None if effects is None else {k: over_steps(v) for k, v in effects.items()},
        None if stepwise else scatter(power) * seconds**2,
        origins=origins,
        inputs=inputs,
        notes=notes,
    )


def scatter(power: Floats) -> float:
    """Variance of the noise of a series from its second differences (von Neumann).

    A straight slope has none; noise, and change that is faster than the sampling, show. Both are
    random errors of an integral over the samples.
    """
    bend = np.diff(power, 2)
    bend = bend[np.isfinite(bend)]
    return float(np.mean(bend**2) / 6.0) if bend.size else 0.0


def effects_of(
    context: Context, point: Point, step: Floats, seconds: Floats
) -> dict[str, Floats] | None:
    """Systematic effect of a counter's accuracy on its increments; None when unknown.

    The accuracy is evaluated at the mean rate of each increment, because the error of a flow
    sensor depends on the flow. An absolute limit of a register's reading cancels between two
    readings and is left out.
    """
    accuracy = point.limits_of_error
    if accuracy is None:
        return None
    rate = step / seconds
    zero = standard(accuracy, np.zeros(1), context.rules)[0]
    return {point.id: np.sign(step) * (standard(accuracy, rate, context.rules) - zero) * seconds}
