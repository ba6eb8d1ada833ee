"""Heat of a circuit as increments with uncertainty.

Signs: heating > 0 on ``load`` and ``hot_water``; extraction > 0 on ``source``; cold > 0 on
``cooling``. From flow: ``q = rho c V (T_plus - T_minus)`` (GB/T 50801-2013; EN 1434-1), density
and heat capacity at the mean of both temperatures.

Systematic effects are kept by cause. Two single temperature sensors are two causes; a matched
pair is one, acting on the difference. The error of a difference is evaluated at every record, so
that small differences weigh as they should in the sum over a period.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from diwen.evaluation.alignment import sampled
from diwen.evaluation.circuit_fluids import circuit_fluid, counted_note
from diwen.evaluation.energy import bridge, empty, integrated, register_steps, resolution
from diwen.evaluation.heat_from_flow import below_minimum, from_flow, from_volume
from diwen.evaluation.heat_meters import HeatMeter, estranged
from diwen.evaluation.increments import Floats, Increments, Times
from diwen.evaluation.uncertainty import SQRT3, heat_meter_class, standard
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context

# Below this the relative error of a difference says nothing any more, K (engineering default).
_SMALLEST_DIFFERENCE = 0.1

_UNKNOWN = Text(
    "no accuracy is given for {points}: the uncertainty is unknown",
    "{points} 未给出准确度，不确定度未知",
)
_NO_PAIR = Text(
    "{meter}: no temperatures beside the heat meter; its error is taken at the smallest approved "
    "difference",
    "{meter}：热量表旁无温度测点，其误差按最小温差计",
)
_ESTRANGED = Text(
    "cure: if {points} sit in the same pipe as {meter} ({equipment}), give them the same equipment "
    "in points.csv; the error is then taken at the measured difference",
    "处理办法：若 {points} 与 {meter}（{equipment}）在同一管路上，请在 points.csv 中将 equipment "
    "改为一致，误差即按实测温差计算",
)


def heat(context: Context, meter: HeatMeter) -> Increments:
    """Signed heat of one meter within the period, J.

    Raises
    ------
    Refusal : no usable records, or no fluid properties
    """
    return context.once(("heat", meter), lambda: _heat(context, meter))


def _heat(context: Context, meter: HeatMeter) -> Increments:
    make = {
        "register": _register,
        "power": _power,
        "flow": from_flow,
        "volume": from_volume,
    }[meter.method]
    made = make(context, meter)
    whole = np.array([[context.period.start_us, context.period.end_us]], dtype=np.int64)
    clipped = made.clipped(whole)
    if clipped.start.size == 0:
        raise empty(meter.meter)
    notes = (meter.text, *clipped.notes)
    if meter.method in ("register", "power"):
        notes += counted_note(context, meter)
    if clipped.effects is None:
        unknown = [point.id for point in meter.points if point.limits_of_error is None]
        notes += (_UNKNOWN.format(points=", ".join(unknown)),)
    return replace(clipped, notes=notes)


def difference(context: Context, meter: HeatMeter, at: Times) -> Floats | None:
    """Temperature difference of the circuit at given times, K; None when not measured."""
    pair = [point for point in meter.pair if len(context.padded_series(point.id))]
    if len(pair) != len(meter.pair) or not pair:
        return None
    values = [sampled(context, point, at) for point in pair]
    return values[0] if len(values) == 1 else values[0] - values[1]


def _register(context: Context, meter: HeatMeter) -> Increments:
    series = context.padded_series(meter.meter.id)
    step, known, resets = register_steps(series, meter.meter)
    start, end = series.time[:-1], series.time[1:]
    effects, notes = _meter_effects(context, meter, step, (end - start) / 1e6, (start + end) // 2)
    return Increments(
        start,
        end,
        step,
        effects,
        resolution=resolution(series.value, meter.meter),
        origins=tuple(series.origin.split("+")),
        inputs=(meter.meter.id,),
        notes=(*notes, *resets),
    ).kept(known)


def _power(context: Context, meter: HeatMeter) -> Increments:
    series = context.padded_series(meter.meter.id)
    effects, notes = _meter_effects(context, meter, series.value, np.ones(len(series)), series.time)
    return integrated(
        series.time,
        series.value,
        effects,
        bridge(meter.meter),
        origins=tuple(series.origin.split("+")),
        inputs=(meter.meter.id,),
        notes=notes,
    )


def _meter_effects(
    context: Context, meter: HeatMeter, amount: Floats, seconds: Floats, at: Times
) -> tuple[dict[str, Floats] | None, tuple[Text, ...]]:
    """Effects on amounts (J per ``seconds``, or W with ``seconds`` 1) of a whole heat meter."""
    accuracy = meter.meter.limits_of_error
    if accuracy is None:
        return None, ()
    name = meter.meter.id
    if accuracy.kind != "heat_meter":
        rate = standard(accuracy, amount / seconds, context.rules) * seconds
        return {name: np.sign(amount) * rate}, ()
    grade = heat_meter_class(context.rules, accuracy.grade)
    minimum = accuracy.difference_minimum
    if minimum is None:
        minimum = context.rules.value("en1434.delta_t_minimum")
    span = difference(context, meter, at)
    notes: tuple[Text, ...] = ()
    if span is None:
        span, load = np.full(amount.size, minimum), np.zeros(amount.size)
        notes = (_NO_PAIR.format(meter=name), *_estranged_note(context, meter))
    else:
        notes = below_minimum(name, amount, np.abs(span), minimum)
        span = np.where(np.isfinite(span), np.abs(span), minimum)
        span = np.maximum(span, _SMALLEST_DIFFERENCE)
        load = np.zeros(amount.size)
        if accuracy.flow_permanent is not None:
            liquid = circuit_fluid(context, meter)
            capacity = liquid.heat_capacity(_mean_temperature(context, meter, at))
            load = np.abs(amount) / (seconds * capacity * span * accuracy.flow_permanent)
    return {
        f"{name}:flow": amount * grade.flow_limit(load) / SQRT3,
        f"{name}:pair": amount * grade.pair_limit(span, minimum) / span / SQRT3,
        f"{name}:calculator": amount * grade.calculator_limit(span, minimum) / span / SQRT3,
    }, notes


def _estranged_note(context: Context, meter: HeatMeter) -> tuple[Text, ...]:
    """Which sensors of the circuit would serve, were their equipment that of the meter."""
    points = estranged(context, meter.circuit, meter.meter)
    if not points:
        return ()
    named = ", ".join(f"{point.id} ({'+'.join(point.equipment)})" for point in points)
    return (
        _ESTRANGED.format(
            points=named, meter=meter.meter.id, equipment="+".join(meter.meter.equipment)
        ),
    )


def _mean_temperature(context: Context, meter: HeatMeter, at: Times) -> Floats:
    """Mean of both pipes, °C; 20 °C in a circuit whose temperatures are not measured singly.

    It only enters the load of a flow sensor, to which a few per mille of heat capacity is nothing.
    """
    if meter.plus is None or meter.minus is None:
        return np.full(at.size, 20.0)
    mean = 0.5 * (sampled(context, meter.plus, at) + sampled(context, meter.minus, at))
    return np.where(np.isfinite(mean), mean, 20.0)
