"""The fluid of a circuit, and the fluid its heat meter is set for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.evaluation.amount import Refusal
from diwen.evaluation.heat_meters import CIRCUIT_NAMES, HeatMeter
from diwen.fluids import Fluid, FluidError, fluid
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site.fluids import Fluid as Written

# Temperatures at which the meter's fluid and the real one are compared, °C.
_TYPICAL = {"source": 8.0, "load": 40.0, "hot_water": 50.0, "cooling": 10.0}

_MIXED = Text("the heat pumps of the {circuit} have different fluids", "{circuit}各机组的流体不同")
_NO_PROPERTIES = Text(
    "no property data for the fluid {fluid} of the {circuit}", "{circuit}流体 {fluid} 无物性数据"
)
_COUNTED = Text(
    "{meter} is taken to count {counted} (metering.{side}_fluid), but the circuit holds {real}: "
    "its heat is {share:+.1f} % off; set the meter, or the key, right",
    "{meter} 按 {counted} 计量（metering.{side}_fluid），而回路实际为 {real}：热量偏差 "
    "{share:+.1f} %，请更正仪表设定或该键值",
)


def circuit_fluid(context: Context, meter: HeatMeter) -> Fluid:
    """The fluid that flows in the circuit of a meter.

    On the source side that of the heat pump where it is given, else that of its source.

    Raises
    ------
    Refusal : several fluids, or one without property data
    """
    fluids = _written(context, meter)
    circuit = CIRCUIT_NAMES[meter.circuit]
    if len(fluids) > 1:
        raise Refusal(_MIXED.format(circuit=circuit))
    written = _text(fluids.pop())
    try:
        return fluid(written)
    except FluidError as error:
        raise Refusal(_NO_PROPERTIES.format(fluid=written, circuit=circuit)) from error


def _written(context: Context, meter: HeatMeter) -> set[Written]:
    """The fluids that the site file names for the units of a meter."""
    site = context.site
    units = [site.heat_pumps[id] for id in meter.equipment if id in site.heat_pumps]
    units = units or list(site.heat_pumps.values())
    if meter.circuit != "source":
        return {unit.load_fluid for unit in units} or {site.metering.load_fluid}
    found = set()
    for unit in units:
        source = site.sources.get(unit.source)
        own = "source_fluid" in unit.model_fields_set
        found.add(unit.source_fluid if own else getattr(source, "fluid", unit.source_fluid))
    return found or {site.metering.source_fluid}


def counted_note(context: Context, meter: HeatMeter) -> tuple[Text, ...]:
    """A note where a heat meter is set for another fluid than the circuit holds."""
    side = "source" if meter.circuit == "source" else "load"
    counted = getattr(context.site.metering, f"{side}_fluid")
    try:
        assumed, real = fluid(_text(counted)), circuit_fluid(context, meter)
    except (FluidError, Refusal):
        return ()
    if assumed.name == real.name:
        return ()
    at = _TYPICAL[meter.circuit]
    share = 100.0 * (float(assumed.heat_capacity(at) / real.heat_capacity(at)) - 1.0)
    return (
        _COUNTED.format(
            meter=meter.meter.id, counted=assumed.name, real=real.name, side=side, share=share
        ),
    )


def _text(written: Written) -> str:
    """A fluid of the site file in the spelling of :mod:`diwen.fluids`."""
    if written.concentration == 0.0:
        return written.name
    return f"{written.name} {100 * written.concentration:g} %"
