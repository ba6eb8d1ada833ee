"""Pumps of a site as the twin sees them: electric power over the share of design flow.

Power, flow, head and efficiency complete each other: of the rating, three give the fourth. What is
still open is an engineering default and noted. A pump of which neither the rated power nor a head
(rated or of a curve) with a flow is known is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.plant.pump_control import PumpControl, PumpDuty, constant_pump, pump_group
from diwen.plant.pump_curve import PumpCurve, hydraulic_power
from diwen.plant.pump_drive import PumpDrive
from diwen.problems import InputError, Problem
from diwen.site.auxiliaries import Pump
from diwen.site.missing_values import SITE_FILE, missing
from diwen.site.model import SiteFile
from diwen.site.plant_assumptions import Assumptions
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.plant.station import PumpGroup

_HOUR = 3600.0
_SUBMERGED = ("well",)
_ALWAYS_ON = ("distribution",)
# Control of the file → control of the physics.
_CONTROLS: dict[str, PumpControl] = {
    "fixed": "fixed",
    "variable": "variable",
    "constant_pressure": "constant_pressure",
    "variable_pressure": "variable_pressure",
}

_UNKNOWN = Text(
    "neither the power of the pump nor flow and head are known", "水泵功率未知，流量与扬程也不全"
)
_WAYS = "rated_power / rated_flow + rated_head / curve_flow + curve_head"
_NO_FLOW = Text("the speed of a variable pump needs its flow", "变速水泵须给出额定流量")
_ABOVE_ONE = Text(
    "the rated power {power} kW is below the hydraulic power {hydraulic} kW of rated flow and head",
    "额定功率 {power} kW 小于额定流量与扬程对应的水力功率 {hydraulic} kW",
)
_CHECK = Text(
    "check power, flow and head: all three are of one pump",
    "请核对功率、流量与扬程：三者均指单台水泵",
)
_LIFT = Text("the head that does not fall with the flow", "不随流量变化的静扬程")
_EFFICIENCY = Text("the overall efficiency", "总效率")
_HEAD = Text("the head", "扬程")
_FLOW = Text("the flow", "流量")


def pump_group_of(
    site: SiteFile, id: str, notes: list[Text] | None = None, *, flow: float | None = None
) -> PumpGroup:
    """``[pumps.ID]`` as the twin sees it.

    Parameters
    ----------
    site, id : the site, id of the pump
    notes : what was assumed is appended
    flow : design flow of the whole group where the file gives none, m³/s; None: that of the heat
        pumps it serves, where it alone drives their circuit

    Raises
    ------
    diwen.problems.InputError : neither power nor flow and head, or numbers that contradict
    """
    table = site.pumps[id]
    said = Assumptions(f"pumps.{id}", notes if notes is not None else [])
    each = table.rated_flow
    if each is None:
        total = flow if flow is not None else _flow_of_units(site, table)
        each = None if total is None else total / table.count
    if not table.curve_flow and table.rated_head is None:
        return _of_power(id, table, each, said)
    return _of_head(id, table, each, said)


def _flow_of_units(site: SiteFile, table: Pump) -> float | None:
    """Design flow of the heat pumps that a pump serves, m³/s; None where any is not known."""
    key = {"source": "source_flow", "load": "load_flow"}.get(table.circuit)
    beside = [
        other
        for other in site.pumps.values()
        if other.circuit == table.circuit and set(other.serves) == set(table.serves)
    ]
    if key is None or len(beside) != 1:
        return None
    units = [
        unit
        for name, unit in site.heat_pumps.items()
        if not table.serves or name in table.serves or unit.source in table.serves
    ]
    flows = [getattr(unit, key) for unit in units]
    if not units or any(flow is None for flow in flows):
        return None
    return float(sum(flow * unit.count for flow, unit in zip(flows, units, strict=True)))


def _of_power(id: str, table: Pump, flow: float | None, said: Assumptions) -> PumpGroup:
    """A pump without a head: its power, and the usual head where its speed varies."""
    if table.rated_power is None:
        raise InputError([missing(f"{said.where}.rated_power", _WAYS, _UNKNOWN)])
    heat = _heat_to_water(table)
    if flow is None:
        head = usual_value("default.pump_head")
        efficiency = said.or_usual(table.efficiency, "pump_efficiency", _EFFICIENCY)
        flow = table.rated_power * efficiency / float(hydraulic_power(1.0, head))
        said.say(_FLOW, f"{flow * _HOUR:.3g} m³/h")
    if table.control == "fixed":
        return constant_pump(
            id, table.rated_power * table.count, flow * table.count,
            always_on=table.circuit in _ALWAYS_ON, heat_to_water=heat,
        )  # fmt: skip
    efficiency = said.or_usual(table.efficiency, "pump_efficiency", _EFFICIENCY)
    head = table.rated_power * efficiency / float(hydraulic_power(flow, 1.0))
    return _group(id, table, PumpCurve.of_rating(flow, head, 1.0), flow, head, efficiency, said)


def _of_head(id: str, table: Pump, flow: float | None, said: Assumptions) -> PumpGroup:
    """A pump with a curve, or with rated flow and head."""
    if table.curve_flow:
        curve = PumpCurve.through(table.curve_flow, table.curve_head, 1.0, flow)
        if flow is None:
            flow = curve.best_flow
            said.say(_FLOW, f"{flow * _HOUR:.3g} m³/h")
        head = table.rated_head or float(curve.head(flow))
    else:
        head = table.rated_head or usual_value("default.pump_head")
        if flow is None and table.rated_power is not None:
            efficiency = said.or_usual(table.efficiency, "pump_efficiency", _EFFICIENCY)
            flow = table.rated_power * efficiency / float(hydraulic_power(1.0, head))
            said.say(_FLOW, f"{flow * _HOUR:.3g} m³/h")
        if flow is None:
            raise InputError([missing(f"{said.where}.rated_flow", _WAYS, _UNKNOWN)])
        curve = PumpCurve.of_rating(flow, head, 1.0)
    return _group(id, table, curve, flow, head, _efficiency(table, flow, head, said), said)


def _efficiency(table: Pump, flow: float, head: float, said: Assumptions) -> float:
    """Overall efficiency at the rating: of the power, as given, or the engineering default."""
    hydraulic = float(hydraulic_power(flow, head))
    if table.rated_power is None:
        return said.or_usual(table.efficiency, "pump_efficiency", _EFFICIENCY)
    if table.rated_power < hydraulic:
        message = _ABOVE_ONE.format(
            power=f"{table.rated_power / 1e3:.3g}", hydraulic=f"{hydraulic / 1e3:.3g}"
        )
        where = f"{said.where}.rated_power"
        raise InputError([Problem(SITE_FILE, where, message, _CHECK, f"{hydraulic:g} W")])
    return hydraulic / table.rated_power


def _group(
    id: str, table: Pump, curve: PumpCurve, flow: float, head: float, efficiency: float,
    said: Assumptions,
) -> PumpGroup:  # fmt: skip
    """The table of powers: the shape from curve, control and drive, the size from the rating."""
    count = table.count
    static = 0.0
    if table.circuit in _SUBMERGED and table.control == "variable":
        static = usual_value("default.well_pump_static_share") * head
        said.say(_LIFT, f"{static:.3g} m")
    duty = PumpDuty(
        flow * count, head, _CONTROLS[table.control],
        static=static, held_share=usual_value("default.pump_held_share"),
        minimum_share=usual_value("default.pump_minimum_share"),
    )  # fmt: skip
    power = float(hydraulic_power(flow, head)) / efficiency * count
    return pump_group(
        id, curve, duty, count=count, drive=usual_drive(table.control != "fixed"),
        rated_power=power, always_on=table.circuit in _ALWAYS_ON,
        heat_to_water=_heat_to_water(table),
    )  # fmt: skip


def usual_drive(variable: bool) -> PumpDrive:
    """Motor, and frequency converter where the speed varies, of the engineering defaults."""
    converter = [usual_value(f"default.pump_converter_{term}")
                 for term in ("constant", "linear", "square", "cube")]  # fmt: skip
    return PumpDrive(
        usual_value("default.pump_motor_efficiency"),
        usual_value("default.pump_motor_steepness"),
        tuple(converter) if variable else (1.0,),
    )


def _heat_to_water(table: Pump) -> float:
    """Share of the power that warms the water: all of a submersible pump, else the shaft's."""
    return 1.0 if table.circuit in _SUBMERGED else usual_value("default.pump_motor_efficiency")
