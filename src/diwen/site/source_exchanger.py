"""The exchanger between the water of a source and the circuit of the heat pumps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError, Problem, any_error
from diwen.site.borehole_section import USUAL_TEMPERATURE
from diwen.site.missing_values import SITE_FILE, SOURCE, assumed, missing
from diwen.site.model import Site
from diwen.site.source_notes import with_notes
from diwen.sources.response.time_units import HOUR

if TYPE_CHECKING:
    from diwen.fluids import Fluid
    from diwen.sources.open_water.exchanger import Exchanger
    from diwen.sources.open_water.open_water_source import Circuit
    from diwen.sources.response.source_model import SourceModel

_FLUID = Text("the properties of this fluid are not known", "没有该流体的物性数据")
_OTHER_FLUID = Text("name water or a known antifreeze", "请填写水或已知的防冻液")
_CAREFUL = Text(
    "the limit of the returned water is held by the circuit behind the exchanger, whose fluid "
    "returns still colder or warmer: the careful side",
    "换热器后回路的回水温度更低（或更高），按其控制退水温度限值，结果偏于安全",
)
_FREEZING = Text(
    "the fluid of the circuit behind the exchanger ({fluid}) may return at {limit} °C at the "
    "lowest: there it freezes",
    "换热器后回路介质（{fluid}）最低回水温度为其冰点 {limit} °C",
)
_OTHER_BRINE = Text("name the fluid of the exchanger if it is another",
                    "如为其他介质，请写明换热器的 fluid")  # fmt: skip
_SAME_RATE = Text(
    "flow of the circuit behind the exchanger not given: it carries as much heat per kelvin as the "
    "water, {flow} m³/h",
    "未给出换热器后回路流量：按与水侧热容流量相等取 {flow} m³/h",
)
_GIVE_FLOW = Text(
    "add source_flow to every heat pump, or rated_flow to the pumps of the circuit",
    "请为各机组补充 source_flow，或为该回路水泵补充 rated_flow",
)
_ICE = Text(
    "no lowest temperature of the returned water given: only freezing limits it (0 °C); give "
    "minimum_return_temperature",
    "未给出最低回水温度：仅以冰点（0 °C）为限；请补充 minimum_return_temperature",
)
_WATER_FREEZES = 0.0


def circuit_of_source(
    site: Site, source: str, water_rate: float, problems: list[Problem], fouling: float = 0.0
) -> Circuit | None:
    """Exchanger and circuit of a source that names an exchanger; None where it has none.

    The circuit's flow is that of the heat pumps on the source, else of the pumps of the circuit,
    else that of the water.

    Parameters
    ----------
    site, source : the site, id of a source with the key ``exchanger``
    water_rate : heat capacity rate of the water, W/K
    problems : what is missing and what was assumed is appended
    fouling : share of the transmission that is lost

    Returns
    -------
    Circuit
        its fluid does not return below its freezing point
    """
    from diwen.sources.open_water.open_water_source import Circuit

    name = getattr(site.sources[source], "exchanger", "")
    if not name:
        return None
    brine = _fluid(site, name, problems)
    flow = _circuit_flow(site, source)
    if brine is None:
        return None
    capacity = float(brine.heat_capacity(USUAL_TEMPERATURE))
    if flow is None:
        flow = water_rate / capacity
        message = _SAME_RATE.format(flow=f"{flow * HOUR:.4g}")
        problems.append(assumed(f"exchangers.{name}", message, _GIVE_FLOW))
    exchanger = _exchanger(site, name, flow * capacity, water_rate, problems)
    if exchanger is None:
        return None
    message = _FREEZING.format(fluid=brine.name, limit=f"{brine.freezing:.3g}")
    problems.append(assumed(f"exchangers.{name}.fluid", message, _OTHER_BRINE))
    used = exchanger.fouled(fouling) if fouling else exchanger
    return Circuit(used, flow, capacity, lowest_return=brine.freezing)


def _exchanger(
    site: Site, name: str, plant_rate: float, water_rate: float, problems: list[Problem]
) -> Exchanger | None:
    """From its transmission, else from approach and rated capacity."""
    from diwen.sources.open_water.exchanger import Exchanger

    table = site.exchangers[name]
    if table.heat_transmission is not None:
        return Exchanger.of(table.heat_transmission * table.count, area=table.area)
    if table.approach is None or table.rated_capacity is None:
        what = "heat_transmission / approach + rated_capacity"
        problems.append(missing(f"exchangers.{name}.heat_transmission", what, SOURCE))
        return None
    heat = table.rated_capacity * table.count
    return Exchanger.of_approach(heat, table.approach, plant_rate, water_rate)


def _fluid(site: Site, name: str, problems: list[Problem]) -> Fluid | None:
    """Of the circuit behind the exchanger."""
    from diwen.fluids import FluidError, fluid

    given = site.exchangers[name].fluid
    named = str(given.name)
    if given.concentration:
        named = f"{given.name} {100.0 * given.concentration:g} %"
    try:
        return fluid(named)
    except FluidError:
        where = f"exchangers.{name}.fluid"
        problems.append(Problem(SITE_FILE, where, _FLUID, _OTHER_FLUID, named))
        return None


def _circuit_flow(site: Site, source: str) -> float | None:
    alone = len(site.sources) == 1
    units = [unit for unit in site.heat_pumps.values()
             if unit.source == source or (not unit.source and alone)]  # fmt: skip
    flows = [unit.source_flow * unit.count for unit in units if unit.source_flow is not None]
    if flows and len(flows) == len(units):
        return sum(flows)
    pumped = [
        pump.rated_flow * pump.count
        for pump in site.pumps.values()
        if pump.circuit == "source"
        and pump.rated_flow is not None
        and (source in pump.serves or (not pump.serves and alone))
    ]
    return sum(pumped) if pumped else None


def seen_from_plant(
    site: Site, source: str, model: SourceModel, notes: Sequence[Text]
) -> SourceModel:
    """A well source with its notes, as the plant sees it: behind its exchanger where it has one.

    Parameters
    ----------
    site, source : the site, id of the source
    model : seen from the water
    notes : what was assumed on the way from the file

    Raises
    ------
    diwen.problems.InputError : what the exchanger lacks
    """
    problems: list[Problem] = []
    circuit = circuit_of_source(site, source, model.heat_capacity_rate, problems)
    if any_error(problems):
        raise InputError(problems)
    said = [*notes, *(problem.message for problem in problems)]
    if model.limits.lowest_return is None:
        model = _above_freezing(model)
        said.append(_ICE)
    noted = with_notes(model, site.sources[source].type, said)
    return noted if circuit is None else behind_exchanger(noted, circuit)


def _above_freezing(model: SourceModel) -> SourceModel:
    """A well source without a limit of its own: its water stays water, at every flow."""
    before = model.at_flow
    at_flow = None if before is None else (lambda flow: _above_freezing(before(flow)))
    limits = replace(model.limits, lowest_return=_WATER_FREEZES)
    return replace(model, limits=limits, at_flow=at_flow)


def behind_exchanger(model: SourceModel, circuit: Circuit) -> SourceModel:
    """A well source as the circuit behind its exchanger sees it.

    The drop of the water that comes, plus that across the exchanger to the mean of the circuit;
    ``model`` counts to the mean of its own water, half a spread further, which is taken off.

    Parameters
    ----------
    model : seen from the water
    circuit : exchanger and flow behind it
    """
    water_rate = model.heat_capacity_rate
    across = float(circuit.exchanger.resistance(circuit.rate, water_rate))
    response = model.response.with_resistance(across - 0.5 / water_rate)
    before = model.at_flow
    changed = None
    if before is not None:
        earlier = before

        def changed(flow: float) -> SourceModel:
            """At another flow of the water, in proportion to that of the circuit."""
            water = model.flow * flow / circuit.flow
            return behind_exchanger(earlier(water), replace(circuit, flow=flow))

    limited = model.limits.lowest_return is not None or model.limits.highest_return is not None
    notes = (*model.notes, _CAREFUL) if limited else model.notes
    return replace(
        model, response=response, heat_capacity_rate=circuit.rate, flow=circuit.flow,
        at_flow=changed, notes=notes,
    )  # fmt: skip
