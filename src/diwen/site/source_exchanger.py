"""The exchanger between the water of a source and the circuit of the heat pumps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.borehole_section import USUAL_TEMPERATURE
from diwen.site.missing_values import SITE_FILE, SOURCE, missing
from diwen.site.model import Site
from diwen.site.source_notes import with_notes

if TYPE_CHECKING:
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
    problems : what is missing is appended
    fouling : share of the transmission that is lost
    """
    from diwen.sources.open_water.open_water_source import Circuit

    name = getattr(site.sources[source], "exchanger", "")
    if not name:
        return None
    capacity = _heat_capacity(site, name, problems)
    flow = _circuit_flow(site, source)
    if capacity is None:
        return None
    if flow is None:
        flow = water_rate / capacity
    exchanger = _exchanger(site, name, flow * capacity, water_rate, problems)
    if exchanger is None:
        return None
    return Circuit(exchanger.fouled(fouling) if fouling else exchanger, flow, capacity)


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


def _heat_capacity(site: Site, name: str, problems: list[Problem]) -> float | None:
    """Volumetric, of the circuit's fluid, J/(m³·K)."""
    from diwen.fluids import FluidError, fluid

    given = site.exchangers[name].fluid
    named = str(given.name)
    if given.concentration:
        named = f"{given.name} {100.0 * given.concentration:g} %"
    try:
        return float(fluid(named).heat_capacity(USUAL_TEMPERATURE))
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
    if problems:
        raise InputError(problems)
    noted = with_notes(model, site.sources[source].type, notes)
    return noted if circuit is None else behind_exchanger(noted, circuit)


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
