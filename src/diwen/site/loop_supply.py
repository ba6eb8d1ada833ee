"""Supply temperature and temperature difference of a load loop, and who says them.

The first that says something counts: the loop itself, the controls, its loads, their terminals,
the rating of the units, an engineering default. A heat loop takes the warmest of what its loads
need, a cold loop the coldest.
"""

from __future__ import annotations

from dataclasses import dataclass

from diwen.language import Text
from diwen.site.loops import Loop
from diwen.site.model import SiteFile
from diwen.site.station_loops import USES, PlannedLoop
from diwen.site.usual_values import usual_value

_ASSUMED = Text(
    "{use}: nothing says the supply temperature of loop {loop}; {value} °C assumed",
    "{use}：回路 {loop} 的供水温度未给出，假定为 {value} °C",
)
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
        return _one(loop, own)
    controlled = _by_controls(site, loop)
    if controlled is not None:
        return controlled
    needed = [*_of_loads(site, loop, "supply"), *_of_terminals(site, loop, "supply")]
    return _one(loop, needed) if needed else ((0.0,), (_by_units(site, loop, notes),))


def _one(loop: PlannedLoop, values: list[float]) -> tuple[tuple[float], tuple[float]]:
    return (0.0,), (max(values) if loop.side == "heat" else min(values),)


def _by_controls(
    site: SiteFile, loop: PlannedLoop
) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """Curve or setpoint of the controls; they speak of space heating and of cooling."""
    for control in site.controls.values():
        if loop.use == "heating" and control.heating_curve_outdoor:
            return control.heating_curve_outdoor, control.heating_curve_supply
        setpoint = getattr(control, f"{loop.use}_supply_setpoint", None)
        if setpoint is not None:
            return (0.0,), (setpoint,)
    return None


def _of_loads(site: SiteFile, loop: PlannedLoop, end: str) -> list[float]:
    """Supply or return temperatures that the loads name; a building names those of heating."""
    if loop.side == "cold":
        return []
    values = [getattr(site.loads[name], f"{end}_temperature") for name in loop.loads]
    return [value for value in values if value is not None]


def _of_terminals(site: SiteFile, loop: PlannedLoop, end: str) -> list[float]:
    duty = "cooling" if loop.side == "cold" else "heating"
    if loop.use not in ("heating", "cooling"):
        return []
    names = dict.fromkeys(name for load in loop.loads for name in site.loads[load].terminals)
    values = [getattr(site.terminals[name], f"{duty}_{end}_temperature")
              for name in names if name in site.terminals]  # fmt: skip
    return [value for value in values if value is not None]


def _by_units(site: SiteFile, loop: PlannedLoop, notes: list[Text]) -> float:
    """The rating of the units, for heating and cooling; else the engineering default."""
    use = USES[loop.use]
    if loop.use in ("heating", "cooling"):
        key = f"rated_{loop.use}_supply_temperature"
        rated = [getattr(unit, key) for unit in site.heat_pumps.values()]
        found = [value for value in rated if value is not None]
        if not found:
            found = [point.load_leaving for unit in site.heat_pumps.values()
                     for point in unit.rating_points if point.mode == loop.use]  # fmt: skip
        if found:
            value = max(found) if loop.side == "heat" else min(found)
            notes.append(_BY_RATING.format(use=use, loop=loop.name, value=f"{value:g}"))
            return value
    value = usual_value(f"default.supply_temperature.{_default(loop)}")
    notes.append(_ASSUMED.format(use=use, loop=loop.name, value=f"{value:g}"))
    return value


def _default(loop: PlannedLoop) -> str:
    """Whose default a loop takes; for process heat there is none but that of heating."""
    return "heating" if loop.use == "process" else loop.use


def _difference(site: SiteFile, loop: PlannedLoop) -> float:
    parts = [part for part in (loop.given, *loop.tertiary.values()) if part is not None]
    own = [part.temperature_difference for part in parts if part.temperature_difference is not None]
    if own:
        return own[0]
    for ends in (_of_loads, _of_terminals):
        supply, back = ends(site, loop, "supply"), ends(site, loop, "return")
        if supply and back:
            gap = max(supply) - max(back) if loop.side == "heat" else min(back) - min(supply)
            if gap > 0.0:
                return gap
    return usual_value("default.loop_temperature_difference")


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
