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

from diwen.evaluation.alignment import aligned, holds, sampled
from diwen.evaluation.circuit_fluids import circuit_fluid, counted_note
from diwen.evaluation.energy import bridge, empty, integrated, register_steps, resolution
from diwen.evaluation.heat_meters import HeatMeter
from diwen.evaluation.increments import Floats, Increments, Times
from diwen.evaluation.uncertainty import SQRT3, heat_meter_class, pair_standard, standard
from diwen.fluids import Fluid
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site import Point

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
_BELOW = Text(
    "{meter}: {share:.0f} % of the heat at less than the meter's smallest difference of "
    "{minimum:g} K, where it is not type-approved",
    "{meter}：{share:.0f} % 的热量在低于最小温差 {minimum:g} K 时计得，超出型式批准范围",
)
_GATED = Text(
    "{meter}: reading by hand, counted while {pump} runs",
    "{meter}：人工读数，仅在 {pump} 运行时计入",
)


def heat(context: Context, meter: HeatMeter) -> Increments:
    """Signed heat of one meter within the period, J.

    Raises
    ------
    Refusal : no usable records, or no fluid properties
    """
    return context.once(("heat", meter), lambda: _heat(context, meter))


def _heat(context: Context, meter: HeatMeter) -> Increments:
    make = {"register": _register, "power": _power, "flow": _flow}[meter.method]
    made = make(context, meter)
    whole = np.array([[context.period.start_us, context.period.end_us]], dtype=np.int64)
    clipped = made.clipped(whole)
    if clipped.start.size == 0:
        raise empty(meter.meter)
    notes = (meter.text, *clipped.notes)
    if meter.method != "flow":
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
        notes = (_NO_PAIR.format(meter=name),)
    else:
        notes = _below(name, amount, np.abs(span), minimum)
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


def _mean_temperature(context: Context, meter: HeatMeter, at: Times) -> Floats:
    """Mean of both pipes, °C; 20 °C in a circuit whose temperatures are not measured singly.

    It only enters the load of a flow sensor, to which a few per mille of heat capacity is nothing.
    """
    if meter.plus is None or meter.minus is None:
        return np.full(at.size, 20.0)
    mean = 0.5 * (sampled(context, meter.plus, at) + sampled(context, meter.minus, at))
    return np.where(np.isfinite(mean), mean, 20.0)


def _below(name: str, amount: Floats, span: Floats, minimum: float) -> tuple[Text, ...]:
    """The note on heat that was metered below the smallest approved difference."""
    size = np.where(np.isfinite(span) & np.isfinite(amount), np.abs(amount), 0.0)
    total = size.sum()
    share = 100.0 * size[span < minimum].sum() / total if total > 0.0 else 0.0
    return (_BELOW.format(meter=name, share=share, minimum=minimum),) if share >= 0.5 else ()


def _flow(context: Context, meter: HeatMeter) -> Increments:
    points = meter.points
    time, (flow, *temperatures) = aligned(context, points)
    flow, notes = _running(context, meter, time, flow)
    mean = 0.5 * sum(temperatures) if len(temperatures) == 2 else np.full(time.size, 20.0)
    span = temperatures[0] - temperatures[1] if len(temperatures) == 2 else temperatures[0]
    liquid = circuit_fluid(context, meter)
    by_mass = meter.meter.quantity == "mass_flow"
    capacity = liquid.specific_heat(mean) if by_mass else liquid.heat_capacity(mean)
    power = capacity * flow * span
    accuracy = meter.meter.limits_of_error
    if accuracy is not None and accuracy.difference_minimum is not None:
        notes += _below(meter.meter.id, power, np.abs(span), accuracy.difference_minimum)
    origins = [context.padded_series(point.id).origin.split("+") for point in points]
    return integrated(
        time,
        power,
        _flow_effects(context, meter, liquid, capacity * flow, flow, temperatures, span),
        max((bridge(point) for point in points if not holds(point)), default=bridge(points[0])),
        origins=tuple(dict.fromkeys(origin for group in origins for origin in group)),
        inputs=tuple(point.id for point in points),
        notes=notes,
    )


def _flow_effects(
    context: Context,
    meter: HeatMeter,
    liquid: Fluid,
    stream: Floats,
    flow: Floats,
    temperatures: list[Floats],
    span: Floats,
) -> dict[str, Floats] | None:
    """Effects on the power by cause; None when an accuracy is unknown.

    Parameters
    ----------
    stream : capacity flow, W/K, (n,)
    flow : in its own unit, (n,)
    temperatures : the difference alone, or plus and minus, (n,) each
    span : temperature difference, K, (n,)
    """
    accuracies = [point.limits_of_error for point in meter.points]
    if any(accuracy is None for accuracy in accuracies):
        return None
    of_flow, *of_pair = (accuracy for accuracy in accuracies if accuracy is not None)
    rules = context.rules
    with np.errstate(divide="ignore", invalid="ignore"):
        per_flow = np.where(flow == 0.0, 0.0, stream / np.where(flow == 0.0, 1.0, flow))
    # qp of a class stands in m³/s; a mass flow is compared with it at the density of water.
    scale = 1e-3 if (meter.meter.quantity == "mass_flow" and of_flow.kind == "heat_meter") else 1.0
    effects = {
        meter.meter.id: per_flow * span * standard(of_flow, flow * scale, rules) / scale,
        f"fluid:{meter.circuit}": stream * span * liquid.uncertainty,
    }
    names = [point.id for point in meter.pair]
    if len(names) == 1:
        effects[names[0]] = stream * standard(of_pair[0], temperatures[0], rules)
        return effects
    matched = pair_standard(*of_pair)
    if matched is not None:
        effects[f"pair:{names[0]}:{names[1]}"] = stream * matched
        return effects
    effects[names[0]] = stream * standard(of_pair[0], temperatures[0], rules)
    effects[names[1]] = -stream * standard(of_pair[1], temperatures[1], rules)
    return effects


def _running(
    context: Context, meter: HeatMeter, time: Times, flow: Floats
) -> tuple[Floats, tuple[Text, ...]]:
    """A flow read by hand, set to zero while the circuit's pump is known to stand still."""
    if meter.meter.origin != "manual":
        return flow, ()
    states = _pump_states(context, meter)
    if not states:
        return flow, ()
    running = np.zeros(time.size, dtype=bool)
    for point in states:
        running |= sampled(context, point, time) >= 0.5
    note = _GATED.format(meter=meter.meter.id, pump=", ".join(point.id for point in states))
    return np.where(running, flow, 0.0), (note,)


def _pump_states(context: Context, meter: HeatMeter) -> list[Point]:
    """Status points of the pumps of a circuit.

    Either their equipment is a pump of that circuit, or, where the pump is part of a packaged
    heat pump, their detail names it (``unit@load_pump``).
    """
    pumps = {id for id, pump in context.site.pumps.items() if pump.circuit == meter.circuit}
    return [
        point
        for point in context.points("status", "unit")
        if len(context.padded_series(point.id))
        and (
            pumps & set(point.equipment)
            or (point.detail == f"{meter.circuit}_pump" and meter.equipment & set(point.equipment))
        )
    ]
