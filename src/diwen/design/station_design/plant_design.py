"""Units at the design hours, pumps by stated pressure drops, storage by the run of the smallest
unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from diwen.design.station_design.balance_years import outdoor_of_year
from diwen.design.station_design.design_hours import (
    WATER_HEAT,
    HourOfPlant,
    design_hour,
    loops_of,
    peak_hour,
    units_at,
)
from diwen.design.station_design.design_result import (
    DesignHour,
    Duty,
    PlantDesign,
    PumpDesign,
    SourceDesign,
    StorageDesign,
    UnitAtDesign,
    YearsRun,
)
from diwen.design.station_design.unit_choice import selections
from diwen.language import Text
from diwen.plant.station import AIR, LoadLoop, PumpGroup, Station
from diwen.site import Site
from diwen.site.plant_exchangers import belongs_to_source
from diwen.site.station_loops import loop_of, planned_loops
from diwen.site.usual_values import usual_value
from diwen.twin.site_simulation_inputs import SiteInputs

if TYPE_CHECKING:
    from diwen.twin.course import TwinCourse

Floats = NDArray[np.float64]
DUTIES: tuple[Duty, ...] = ("heating", "cooling")
_GRAVITY, _DENSITY = 9.80665, 1000.0
_RUN, _SWING = "default.design.buffer_run_time", "default.design.buffer_swing"

_BOREHOLES = Text("boreholes of a branch (computed)", "支路钻孔（计算值）")
_HEADERS = Text("headers and fittings (as stated)", "干管与管件（给定值）")
_EXCHANGER = Text("exchanger {name} (as stated)", "换热器 {name}（给定值）")
_UNIT = Text("exchanger of the unit (usual value)", "机组换热器（常用值）")
_NO_HEADERS = Text("sources.{name}.header_head: drop of headers and fittings",
                   "sources.{name}.header_head：干管与管件压降")  # fmt: skip
_NO_BOREHOLES = Text("what the drop of the boreholes needs: {keys}", "计算钻孔压降所缺：{keys}")
_NO_LIFT = Text("lift from the water of the well and drop of its pipes: pumps.*.rated_head",
                "井中提升高度与管路压降：pumps.*.rated_head")  # fmt: skip
_NO_NETWORK = Text("drop of the distribution to the loads: pumps.*.rated_head",
                   "用户侧管网压降：pumps.*.rated_head")  # fmt: skip


def plant_of_design(
    site: Site,
    given: SiteInputs,
    run: YearsRun,
    sources: tuple[SourceDesign, ...],
    origin: Literal["site", "catalogue"],
) -> PlantDesign:
    """Units, pumps and storage.

    Parameters
    ----------
    run : with the courses of the first year and of the horizons
    sources : sized, for the pressure drop of the boreholes
    origin : of the units
    """
    station, course = run.station, run.courses[1]
    units, hours = _design_hours(site, given, run, 1)
    later = [
        hour for year in sorted(run.courses) if year > 1
        for hour in _design_hours(site, given, run, year)[1]
    ]  # fmt: skip
    duties: dict[str, tuple[float, float, float]] = {
        one.duty: (one.load, one.source_entering, one.load_leaving) for one in hours
    }
    return PlantDesign(
        origin, tuple(units), tuple(hours), selections(site, duties),
        (*_source_pumps(site, station, units, sources), *_load_pumps(site, station, course)),
        _storages(station, units, hours), later_hours=tuple(later),
    )  # fmt: skip


def _design_hours(
    site: Site, given: SiteInputs, run: YearsRun, year: int
) -> tuple[list[UnitAtDesign], list[DesignHour]]:
    """Units and plant in the hour of the highest load of each duty of a year that was kept."""
    station, course = run.station, run.courses[year]
    units: list[UnitAtDesign] = []
    hours: list[DesignHour] = []
    for duty in DUTIES:
        hour = peak_hour(course, station, duty)
        if hour is None:
            continue
        air = outdoor_of_year(given.inputs.outdoor, year) if given.weather_known else None
        sources = dict(given.inputs.sources)
        plant = HourOfPlant(site, station, sources, course, air, duty, hour)
        rows = units_at(plant)
        units += rows
        hours.append(design_hour(plant, rows, year))
    return units, hours


# ---- pumps


def _source_pumps(
    site: Site, station: Station, units: list[UnitAtDesign], sources: tuple[SourceDesign, ...]
) -> list[PumpDesign]:
    draws = {unit.name: unit.draws_on for unit in station.units}
    known = {one.name: one for one in sources}
    found = []
    for loop in station.source_loops:
        if loop.name == AIR:
            continue
        flows: dict[Duty, float] = dict.fromkeys(DUTIES, 0.0)
        assumed = False
        for unit in units:
            if draws[unit.name] == loop.name and unit.source_flow is not None:
                flows[unit.duty] += unit.source_flow
                assumed = assumed or unit.flow_assumed
        parts, missing = _source_drops(site, loop.name, known.get(loop.name))
        found.append(_pump(loop.name, "source", max(flows.values()) or None, assumed, loop.pumps,
                           parts, missing))  # fmt: skip
    return found


def _source_drops(
    site: Site, name: str, design: SourceDesign | None
) -> tuple[list[tuple[Text, float]], list[Text]]:
    """What is known of the pressure drop of a source loop, and what is not."""
    from diwen.design.site_sizing import SiteSizing

    parts: list[tuple[Text, float]] = [(_UNIT, _unit_drop())]
    missing: list[Text] = []
    parts += _exchanger_drops(site, exchangers_of_source(site, name))
    if site.sources[name].type != "borefield":
        return parts, [_NO_LIFT]
    if not isinstance(getattr(design, "sizing", None), SiteSizing):
        return parts, [_NO_BOREHOLES.format(keys="-"), _NO_HEADERS.format(name=name)]
    assert design is not None
    assert isinstance(design.sizing, SiteSizing)
    water = design.sizing.hydraulics
    if water.states:
        coldest = water.states[-1]
        parts.append((_BOREHOLES, coldest.borehole_drop))
        if coldest.header_drop is None:
            missing.append(_NO_HEADERS.format(name=name))
        else:
            parts.append((_HEADERS, coldest.header_drop))
    else:
        missing.append(_NO_BOREHOLES.format(keys=", ".join(water.lacking)))
    return parts, missing


def _load_pumps(site: Site, station: Station, course: TwinCourse) -> list[PumpDesign]:
    found = []
    for loop in station.load_loops:
        if not loop.loads:
            continue
        peak = float(course.loops[loop.name].load.max())
        flow = peak / WATER_HEAT / loop.temperature_difference
        parts: list[tuple[Text, float]] = [(_UNIT, _unit_drop())]
        parts += _exchanger_drops(site, exchangers_of_load_loop(site, loop.name))
        found.append(_pump(loop.name, "load", flow or None, False, loop.pumps, parts,
                           [_NO_NETWORK]))  # fmt: skip
    return found


def exchangers_of_source(site: Site, name: str) -> tuple[str, ...]:
    """Ids of the exchangers in the loop between a source and its units.

    Those that the source or its loop names; one that nothing names only where there is no other
    source it could belong to.
    """
    named = {getattr(site.sources[name], "exchanger", "")}
    named |= {loop.exchanger for id, loop in site.loops.items()
              if loop.kind == "source" and (loop.source or id) == name}  # fmt: skip
    return _of_circuit(site, "source", named, len(site.sources) == 1)


def exchangers_of_load_loop(site: Site, name: str) -> tuple[str, ...]:
    """Ids of the exchangers of a load loop and the tertiary loops behind it, found alike."""
    loops = planned_loops(site)
    plan = loop_of(loops, name)
    given = () if plan is None else (plan.given, *plan.tertiary.values())
    named = {loop.exchanger for loop in given if loop is not None}
    return _of_circuit(site, "load", named, len(loops) == 1)


def _of_circuit(site: Site, circuit: str, named: set[str], alone: bool) -> tuple[str, ...]:
    claimed = {loop.exchanger for loop in site.loops.values()}
    return tuple(
        id for id, item in site.exchangers.items()
        if id in named
        or (alone and item.secondary == circuit and id not in claimed
            and not belongs_to_source(site, id))
    )  # fmt: skip


def _exchanger_drops(site: Site, ids: tuple[str, ...]) -> list[tuple[Text, float]]:
    drops = ((id, site.exchangers[id].pressure_drop) for id in ids)
    return [(_EXCHANGER.format(name=id), drop) for id, drop in drops if drop is not None]


def _pump(
    loop: str, side: Literal["source", "load"], flow: float | None, assumed: bool,
    pumps: tuple[PumpGroup, ...], parts: list[tuple[Text, float]], missing: list[Text],
) -> PumpDesign:  # fmt: skip
    head = None if missing else sum(drop for _, drop in parts) / (_DENSITY * _GRAVITY)
    power = None
    if head is not None and flow is not None:
        power = head * _DENSITY * _GRAVITY * flow / usual_value("default.pump_efficiency")
    return PumpDesign(
        loop, side, flow, assumed,
        sum(one.design_flow for one in pumps) if pumps else None,
        float(sum(one.power[-1] for one in pumps)) if pumps else None,
        tuple(parts), tuple(missing), head, power,
    )  # fmt: skip


def _unit_drop() -> float:
    return usual_value("default.design.unit_pressure_drop") * 1000.0


# ---- storage


def _storages(
    station: Station, units: list[UnitAtDesign], hours: list[DesignHour]
) -> tuple[StorageDesign, ...]:
    serves = {unit.name: unit.serves for unit in station.units}
    found = []
    for hour in hours:
        for loop in loops_of(station, hour.duty):
            own = [
                one for one in units
                if one.duty == hour.duty and loop.name in serves[one.name] and one.capacity > 0.0
            ]  # fmt: skip
            if own:
                found.append(_storage(loop, own, hour))
    return tuple(found)


def _storage(loop: LoadLoop, units: list[UnitAtDesign], hour: DesignHour) -> StorageDesign:
    """Volume that takes the surplus of the smallest unit over its shortest run."""

    def least(one: UnitAtDesign) -> float:
        return one.minimum or one.capacity / one.count

    smallest = min(units, key=least)
    run, swing = usual_value(_RUN) * 60.0, usual_value(_SWING)
    surplus = max(least(smallest) - hour.smallest_load, 0.0)
    return StorageDesign(
        loop.name, hour.duty, smallest.name, least(smallest), hour.smallest_load, run, swing,
        surplus * run / (WATER_HEAT * swing), None if loop.tank is None else loop.tank.volume,
        (_RUN, _SWING, "default.design.smallest_load_share"),
    )  # fmt: skip
