"""Supply temperature and temperature difference of a load loop, and who says them.

The first that says something counts: the loop itself, the controls, its loads and their terminals
(:func:`~diwen.site.plant_supply.supply_curve_of`), the rating of the units, an engineering default.
A heat loop takes the warmest of what its loads need, a cold loop the coldest.
"""

from __future__ import annotations

from dataclasses import dataclass

from diwen.language import Text
from diwen.site.loops import Loop
from diwen.site.model import SiteFile
from diwen.site.plant_supply import supply_curve_of, terminals_of
from diwen.site.station_loops import USES, PlannedLoop
from diwen.site.usual_values import usual_value

_BY_RATING = Text(
    "{use}: loop {loop} is supplied at {value} °C, the rating of the units",
    "{use}：回路 {loop} 的供水温度取机组额定工况 {value} °C",
)
_BY_EXCHANGER = Text(
    "the approach of exchanger {name} is not given; {value} K assumed",
    "换热器 {name} 的端差未给出，假定为 {value} K",
)


@dataclass(frozen=True)
class SupplyPlan:
    """What a loop is supplied with.

    Attributes
    ----------
    outdoor, supply : points of the curve, °C; one point: a constant
    difference : supply − return at design, K, above 0
    exchanger_difference : K by which the units must supply more (cold: less)
    notes : what was assumed
    """

    outdoor: tuple[float, ...]
    supply: tuple[float, ...]
    difference: float
    exchanger_difference: float = 0.0
    notes: tuple[Text, ...] = ()


def supply_of(site: SiteFile, loop: PlannedLoop) -> SupplyPlan:
    """Supply temperature of a load loop, as the units must give it."""
    notes: list[Text] = []
    outdoor, supply = _curve(site, loop, notes)
    above = _exchangers(site, loop, notes)
    return SupplyPlan(outdoor, supply, _difference(site, loop), above, tuple(notes))


def _curve(
    site: SiteFile, loop: PlannedLoop, notes: list[Text]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    parts = [part for part in (loop.given, *loop.tertiary.values()) if part is not None]
    curves = [part for part in parts if part.curve_outdoor]
    if curves:
        return curves[0].curve_outdoor, curves[0].curve_supply
    own = [part.supply_temperature for part in parts if part.supply_temperature is not None]
    if own:
        return (0.0,), (max(own) if loop.side == "heat" else min(own),)
    rated = None if _said(site, loop) else _rated(site, loop)
    if rated is not None:
        shown = {"use": USES[loop.use], "loop": loop.name, "value": f"{rated:g}"}
        notes.append(_BY_RATING.format(**shown))
        return (0.0,), (rated,)
    curve = supply_curve_of(site, loop.loads, loop.side, notes)
    return tuple(curve.outdoor.tolist()), tuple(curve.supply.tolist())


def _said(site: SiteFile, loop: PlannedLoop) -> bool:
    """Whether loads, terminals or controls say the supply temperature."""
    duty = "heating" if loop.side == "heat" else "cooling"
    loads = [site.loads[name] for name in loop.loads]
    controlled = any(
        getattr(control, f"{duty}_supply_setpoint") is not None
        or (duty == "heating" and control.heating_curve_outdoor)
        for control in site.controls.values()
    )
    named = loop.side == "heat" and any(load.supply_temperature is not None for load in loads)
    return controlled or named or any(load.terminals for load in loads)


def _rated(site: SiteFile, loop: PlannedLoop) -> float | None:
    """Supply temperature of the rating of the units, of space heating and of cooling."""
    if loop.use not in ("heating", "cooling"):
        return None
    key = f"rated_{loop.use}_supply_temperature"
    rated = [getattr(unit, key) for unit in site.heat_pumps.values()]
    found = [value for value in rated if value is not None]
    if not found:
        found = [point.load_leaving for unit in site.heat_pumps.values()
                 for point in unit.rating_points if point.mode == loop.use]  # fmt: skip
    pick = max if loop.side == "heat" else min
    return pick(found) if found else None


def _difference(site: SiteFile, loop: PlannedLoop) -> float:
    parts = [part for part in (loop.given, *loop.tertiary.values()) if part is not None]
    own = [part.temperature_difference for part in parts if part.temperature_difference is not None]
    if own:
        return own[0]
    loads = [site.loads[name] for name in loop.loads]
    if loop.side == "heat":
        ends = [(load.supply_temperature, load.return_temperature) for load in loads]
        gaps = [one - other for one, other in ends if one is not None and other is not None]
        if gaps and min(gaps) > 0.0:
            return min(gaps)
    spreads = [abs(terminal.supply - terminal.returned)
               for terminal in terminals_of(site, loop.loads, loop.side, [])]  # fmt: skip
    return min(spreads) if spreads else usual_value("default.loop_temperature_difference")


def _exchangers(site: SiteFile, loop: PlannedLoop, notes: list[Text]) -> float:
    """K lost over the exchangers before the loads: the largest of all ways."""
    own = _approach(site, loop.given, notes)
    return own + max((_approach(site, part, notes) for part in loop.tertiary.values()), default=0.0)


def _approach(site: SiteFile, loop: Loop | None, notes: list[Text]) -> float:
    if loop is None or not loop.exchanger or loop.exchanger not in site.exchangers:
        return 0.0
    given = site.exchangers[loop.exchanger].approach
    if given is not None:
        return given
    value = usual_value("default.loop_exchanger_approach")
    notes.append(_BY_EXCHANGER.format(name=loop.exchanger, value=f"{value:g}"))
    return value
