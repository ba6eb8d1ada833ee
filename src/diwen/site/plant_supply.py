"""Supply temperatures that the terminals of a site need, constant or with the weather.

First the controls (curve, setpoint), then what the terminals or the loads say, last the usual
values of the kind of terminal. With ``compensated`` the curve follows the outdoor temperature as
the terminals need it; without, the design temperature is held, which is the careful side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from diwen.language import Text
from diwen.plant.terminal import Terminal
from diwen.plant.weather_compensation import heating_curve
from diwen.site.model import SiteFile
from diwen.site.plant_assumptions import Assumptions
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.plant.station import SupplyCurve
    from diwen.site.auxiliaries import Terminal as TerminalTable

Kind = Literal["heat", "cold"]

_SUPPLY = Text("the supply temperature", "供水温度")
_RETURN = Text("the return temperature", "回水温度")
_NO_DESIGN = Text(
    "{where}: no outdoor design temperature: the supply temperature is held at design",
    "{where}：未给出室外计算温度，供水温度保持设计值",
)
_OTHER = "other"


def supply_curve_of(
    site: SiteFile,
    loads: Sequence[str],
    kind: Kind = "heat",
    notes: list[Text] | None = None,
    *,
    compensated: bool = False,
) -> SupplyCurve:
    """Supply temperature of a loop that carries some loads.

    Parameters
    ----------
    site, loads : the site, ids of the loads
    kind : heat or cold
    notes : what was assumed is appended
    compensated : whether it follows the outdoor temperature where the controls do not say

    Raises
    ------
    diwen.problems.InputError : design temperatures of a terminal that cannot be
    """
    from diwen.plant.station import SupplyCurve

    said = notes if notes is not None else []
    controlled = _of_controls(site, kind) if _conditions_rooms(site, loads) else None
    if controlled is not None:
        return controlled
    own = [site.loads[name].supply_temperature for name in loads]
    needed = [value for value in own if value is not None] if kind == "heat" else []
    terminals = terminals_of(site, loads, kind, said)
    if not terminals and not needed:
        return SupplyCurve.constant(_usual_supply(site, loads, kind, said))
    if not terminals or not compensated:
        needed += [terminal.supply for terminal in terminals]
        return SupplyCurve.constant(max(needed) if kind == "heat" else min(needed))
    return _compensated(site, loads, kind, terminals, said)


def terminals_of(
    site: SiteFile, loads: Sequence[str], kind: Kind, notes: list[Text]
) -> tuple[Terminal, ...]:
    """The terminals of some loads at their design point; what is open is the usual of the kind."""
    names = dict.fromkeys(name for load in loads for name in site.loads[load].terminals)
    found = []
    for name in names:
        if name in site.terminals:
            said = Assumptions(f"terminals.{name}", notes)
            found.append(_terminal(site, site.terminals[name], kind, said))
    return tuple(found)


def _terminal(site: SiteFile, table: TerminalTable, kind: Kind, said: Assumptions) -> Terminal:
    duty = "heating" if kind == "heat" else "cooling"
    supply = getattr(table, f"{duty}_supply_temperature")
    back = getattr(table, f"{duty}_return_temperature")
    usual = usual_value(f"default.{duty}_supply.{table.kind}")
    spread = usual - usual_value(f"default.{duty}_return.{table.kind}")
    if supply is None:
        supply = back + spread if back is not None else usual
        said.say(_SUPPLY, f"{supply:g} °C")
    if back is None:
        back = supply - spread
        said.say(_RETURN, f"{back:g} °C")
    exponent = usual_value(f"default.terminal_exponent.{table.kind}")
    return Terminal.of(supply, back, _room(site, kind), exponent)


def _room(site: SiteFile, kind: Kind) -> float:
    given = (
        site.comfort.room_temperature_minimum
        if kind == "heat"
        else site.comfort.room_temperature_maximum
    )
    row = "default.room_heating" if kind == "heat" else "default.room_cooling"
    return given if given is not None else usual_value(row)


def _conditions_rooms(site: SiteFile, loads: Sequence[str]) -> bool:
    """Whether the controls' setpoints of heating and cooling speak of these loads."""
    kinds = {site.loads[name].kind for name in loads}
    return not kinds or not kinds <= {"hot_water", "pool", "process", "snow_melting"}


def _of_controls(site: SiteFile, kind: Kind) -> SupplyCurve | None:
    from diwen.plant.station import SupplyCurve

    for control in site.controls.values():
        if kind == "heat" and control.heating_curve_outdoor:
            return SupplyCurve(
                np.array(control.heating_curve_outdoor), np.array(control.heating_curve_supply)
            )
        setpoint = (
            control.heating_supply_setpoint if kind == "heat" else control.cooling_supply_setpoint
        )
        if setpoint is not None:
            return SupplyCurve.constant(setpoint)
    return None


def _usual_supply(site: SiteFile, loads: Sequence[str], kind: Kind, notes: list[Text]) -> float:
    kinds = {site.loads[name].kind for name in loads}
    said = Assumptions(f"loads.{', '.join(loads)}", notes)
    row = f"{'heating' if kind == 'heat' else 'cooling'}_supply.{_OTHER}"
    if kind == "heat" and kinds == {"hot_water"}:
        row = "hot_water_supply"
    elif kind == "heat" and kinds == {"pool"}:
        row = "pool_supply"
    return said.or_usual(None, row, _SUPPLY, "°C")


def _compensated(
    site: SiteFile, loads: Sequence[str], kind: Kind, terminals: Sequence[Terminal],
    notes: list[Text],
) -> SupplyCurve:  # fmt: skip
    """The highest (cold: lowest) of what the terminals need at every outdoor temperature."""
    from diwen.plant.station import SupplyCurve

    design = (
        site.place.outdoor_heating_design_temperature
        if kind == "heat"
        else site.place.outdoor_cooling_design_temperature
    )
    pick = max if kind == "heat" else min
    if design is None:
        notes.append(_NO_DESIGN.format(where="place"))
        return SupplyCurve.constant(pick(terminal.supply for terminal in terminals))
    ends = [site.loads[name].balance_temperature for name in loads] if kind == "heat" else []
    known = [end for end in ends if end is not None]
    row = "default.no_load_heating" if kind == "heat" else "default.no_load_cooling"
    no_load = max(known) if known else usual_value(row)
    curves = [heating_curve(terminal, design, no_load) for terminal in terminals]
    outdoor = curves[0].outdoor
    supply = np.array([curve.at(outdoor) for curve in curves])
    joined = supply.max(axis=0) if kind == "heat" else supply.min(axis=0)
    return SupplyCurve(outdoor, joined)
