"""Heat from a flow (or a volume register), a temperature difference and the fluid's properties.

``q = rho c V (T_plus - T_minus)`` (GB/T 50801-2013; EN 1434-1), density and heat capacity at the
mean of both temperatures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diwen.evaluation.alignment import aligned, holds, sampled
from diwen.evaluation.circuit_fluids import circuit_fluid
from diwen.evaluation.energy import bridge, integrated, register_steps
from diwen.evaluation.heat_meters import HeatMeter
from diwen.evaluation.increments import Floats, Increments, Times
from diwen.evaluation.uncertainty import pair_standard, standard
from diwen.fluids import Fluid
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site import Point

_BELOW = Text(
    "{meter}: {share:.0f} % of the heat at less than the meter's smallest difference of "
    "{minimum:g} K, where it is not type-approved",
    "{meter}：{share:.0f} % 的热量在低于最小温差 {minimum:g} K 时计得，超出型式批准范围",
)
_GATED = Text(
    "{meter}: reading by hand, counted while {pump} runs",
    "{meter}：人工读数，仅在 {pump} 运行时计入",
)


def from_flow(context: Context, meter: HeatMeter) -> Increments:
    """Heat from a flow and the temperatures, by the trapezoid rule over their common records."""
    points = meter.points
    time, (flow, *temperatures) = aligned(context, points)
    flow, notes = _running(context, meter, time, flow)
    mean, span = mean_and_span(temperatures)
    liquid = circuit_fluid(context, meter)
    by_mass = meter.meter.quantity == "mass_flow"
    capacity = liquid.specific_heat(mean) if by_mass else liquid.heat_capacity(mean)
    power = capacity * flow * span
    accuracy = meter.meter.limits_of_error
    if accuracy is not None and accuracy.difference_minimum is not None:
        notes += below_minimum(meter.meter.id, power, np.abs(span), accuracy.difference_minimum)
    return integrated(
        time,
        power,
        flow_effects(context, meter, liquid, capacity * flow, flow, temperatures, span),
        max((bridge(point) for point in points if not holds(point)), default=bridge(points[0])),
        origins=_origins(context, meter),
        inputs=tuple(point.id for point in points),
        notes=notes,
    )


def from_volume(context: Context, meter: HeatMeter) -> Increments:
    """Heat from a volume register and the temperatures at the middle of each of its steps.

    A step longer than the bridge is left out: nobody knows at which difference the water flowed.
    """
    series = context.padded_series(meter.meter.id)
    step, known, notes = register_steps(series, meter.meter)
    start, end = series.time[:-1], series.time[1:]
    seconds, middle = (end - start) / 1e6, (start + end) // 2
    temperatures = [sampled(context, point, middle) for point in meter.pair]
    mean, span = mean_and_span(temperatures)
    liquid = circuit_fluid(context, meter)
    capacity, flow = liquid.heat_capacity(mean), step / seconds
    effects = flow_effects(context, meter, liquid, capacity * flow, flow, temperatures, span)
    return Increments(
        start,
        end,
        capacity * step * span,
        None if effects is None else {cause: v * seconds for cause, v in effects.items()},
        origins=_origins(context, meter),
        inputs=tuple(point.id for point in meter.points),
        notes=notes,
    ).kept(known & np.isfinite(span) & (end - start <= bridge(meter.meter)))


def mean_and_span(temperatures: list[Floats]) -> tuple[Floats, Floats]:
    """Mean of both pipes, °C, and their difference, K, (n,) each.

    Where only the difference is measured, the mean is taken as 20 °C: it enters density and heat
    capacity alone, which change by less than 1 % between 5 and 50 °C.
    """
    if len(temperatures) == 1:
        return np.full(temperatures[0].size, 20.0), temperatures[0]
    plus, minus = temperatures
    return 0.5 * (plus + minus), plus - minus


def _origins(context: Context, meter: HeatMeter) -> tuple[str, ...]:
    found = [context.padded_series(point.id).origin.split("+") for point in meter.points]
    return tuple(dict.fromkeys(origin for group in found for origin in group))


def flow_effects(
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


def below_minimum(name: str, amount: Floats, span: Floats, minimum: float) -> tuple[Text, ...]:
    """The note on heat that was metered below the smallest approved difference."""
    size = np.where(np.isfinite(span) & np.isfinite(amount), np.abs(amount), 0.0)
    total = size.sum()
    share = 100.0 * size[span < minimum].sum() / total if total > 0.0 else 0.0
    return (_BELOW.format(meter=name, share=share, minimum=minimum),) if share >= 0.5 else ()
