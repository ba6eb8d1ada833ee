"""From the series of points to the operating record: one way for store and simulation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from diwen.diagnosis.record.circuit_channels import Circuit, load_liquid, source_liquid
from diwen.diagnosis.record.circuit_points import loop_points, source_units, unit_points
from diwen.diagnosis.record.circumstances import (
    begin_of_operation,
    circumstances,
    occupancy,
    year_of_units,
)
from diwen.diagnosis.record.hourly_grid import HourlyGrid, grid_over
from diwen.diagnosis.record.machine_channels import joint_meters, machines
from diwen.diagnosis.record.operating_record import CircuitRecord, OperatingRecord
from diwen.diagnosis.record.readings import Readings
from diwen.diagnosis.record.side_by_side import completed
from diwen.diagnosis.record.steps import Reading, native_interval
from diwen.diagnosis.record.successors import successors_of
from diwen.diagnosis.record.surroundings import by_position, mode, outdoor, setpoints, wells
from diwen.language import Text
from diwen.twin.site_simulation import standard_offset

if TYPE_CHECKING:
    from diwen.site import Point, Site

LOAD_CIRCUITS = ("load", "hot_water", "cooling")
_EMPTY = Text("no usable records", "无可用记录")


def record_of_series(
    site: Site,
    points: Iterable[Point],
    series: Mapping[str, Reading],
    *,
    span: tuple[int | None, int | None] = (None, None),
    begun: date | None = None,
    loops: Mapping[str, tuple[str, ...]] | None = None,
) -> OperatingRecord:
    """Condense series to whole hours.

    Parameters
    ----------
    site : whose
    points : their definitions
    series : usable records in the unit of the quantity, by id of the point
    span : first and last instant of the record, microseconds UTC; None: of the records
    begun : local day on which operation began; None: as site or ledger say, else the first record
    loops : source loops with their units; None: as the site says
    """
    points = tuple(points)
    readings = _readings(site, points, series, span)
    sources = dict(loops if loops is not None else source_units(site))
    day = readings.grid.day
    first = day[0].astype(object) if len(day) else date(1970, 1, 1)
    said = circumstances(site)
    begun = begun or begin_of_operation(site) or year_of_units(site, first)
    auxiliaries = (*site.cooling_towers, *site.controls, *site.chillers, *site.solar_collectors,
                   *site.terminals)  # fmt: skip
    return OperatingRecord(
        site, readings.grid.time, day, readings.grid.hour, begun or first, begun is not None,
        sources=_sources(readings, sources),
        circuits=_circuits(readings),
        units=machines(readings, site.heat_pumps, sources),
        pumps=machines(readings, site.pumps),
        backups=machines(readings, (*site.boilers, *site.heaters)),
        auxiliaries=machines(readings, auxiliaries) | joint_meters(readings),
        wells=wells(readings),
        outdoor=outdoor(readings),
        rooms=by_position(readings, "room"),
        ground=by_position(readings, "ground"),
        setpoints=setpoints(readings),
        mode=mode(readings),
        occupancy=occupancy(site, said, day),
        circumstances=said,
        points={point.id: point for point in points},
        step=_finest(readings),
        rejected=readings.rejected,
    )  # fmt: skip


def _readings(
    site: Site,
    points: tuple[Point, ...],
    series: Mapping[str, Reading],
    span: tuple[int | None, int | None],
) -> Readings:
    """The series on their common grid; points without records are rejected."""
    held = {point.id: point for point in points if len(series.get(point.id, ()))}
    timed = [id for id in held if series[id].origin != "manual"] or list(held)
    offset = standard_offset(site)
    grid = HourlyGrid(np.empty(0, np.int64), offset)
    if timed:
        first = min(int(series[id].time[0]) for id in timed)
        last = max(_end(held[id], series[id]) for id in timed)
        first = first if span[0] is None else max(first, span[0])
        last = last if span[1] is None else min(last, span[1])
        grid = grid_over(first, last, offset) if last > first else grid
    rejected = {point.id: _EMPTY for point in points if point.id not in held}
    chains = successors_of(held, series)
    later = {point.id for chain in chains.values() for point in chain}
    first_ones = {id: point for id, point in held.items() if id not in later}
    return Readings(site, grid, first_ones, dict(series), rejected, chains)


def _end(point: Point, reading: Reading) -> int:
    """The end of what the last record of a point stands for, microseconds UTC."""
    if point.kind == "counter":
        return int(reading.time[-1])
    native = min(native_interval(point, reading.time), 3.0 * 3600.0)
    return int(reading.time[-1]) + int(1e6 * native)


def _sources(readings: Readings, loops: Mapping[str, tuple[str, ...]]) -> dict[str, CircuitRecord]:
    found = {
        name: _circuit(readings, "source", name, units, len(loops) == 1)
        for name, units in loops.items()
    }
    return {name: one for name, one in found.items() if one is not None}


def _circuits(readings: Readings) -> dict[str, CircuitRecord]:
    units = tuple(readings.site.heat_pumps)
    found = {kind: _circuit(readings, kind, kind, units, True) for kind in LOAD_CIRCUITS}
    return {kind: one for kind, one in found.items() if one is not None}


def _circuit(
    readings: Readings, kind: str, name: str, units: tuple[str, ...], alone: bool
) -> CircuitRecord | None:
    """The record of a circuit by its own meters, else by those of its units; None: no point."""
    points = loop_points(readings, kind, name, units, alone)
    singles = [unit_points(readings, kind, name, unit) for unit in units]
    own = singles if len(units) > 1 and any(one.any for one in singles) else []
    if not points.any and not own:
        return None
    site = readings.site
    liquid = source_liquid(site, name, units) if kind == "source" else load_liquid(site, units)
    whole = Circuit(readings, points, liquid).record()
    if whole.supply and whole.back and whole.flow:
        return whole
    parts = [Circuit(readings, replace(one, pumps=(), pump_states=()), liquid).record()
             for one in own]  # fmt: skip
    return completed(whole, parts)


def _finest(readings: Readings) -> float:
    """Shortest interval of what tells running, s; an hour where nothing does."""
    telling = ("status", "electric_power", "frequency")
    found = [
        native_interval(point, readings.readings[id].time)
        for id, point in readings.points.items()
        if point.quantity in telling and readings.readings[id].origin != "manual"
    ]
    return min([one for one in found if one > 0.0], default=3600.0)
