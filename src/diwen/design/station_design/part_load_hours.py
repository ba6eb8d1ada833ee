"""How often the plant runs at which share of its capacity in a year of the twin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.design.station_design.design_hours import load_of, units_of
from diwen.design.station_design.design_result import DesignHour, Duty, PartLoadHours
from diwen.plant.station import Station
from diwen.site.usual_values import usual_value
from diwen.twin.course import TwinCourse, UnitCourse

Floats = NDArray[np.float64]
_HOUR = 3600.0


def part_load_of(course: TwinCourse, station: Station, hour: DesignHour) -> PartLoadHours | None:
    """Hours by share of the capacity of the design hour; None where no unit serves the duty.

    Parameters
    ----------
    course : a year of steps
    station : the plant behind it
    hour : design hour of the duty
    """
    if hour.capacity <= 0.0:
        return None
    duty, step = hour.duty, course.step
    load = load_of(course, station, duty)
    edges = _edges(float(load.max()) / hour.capacity)
    on = load > 0.0
    place = np.clip(np.searchsorted(edges, load / hour.capacity, side="left") - 1, 0, None)
    place = np.minimum(place, len(edges) - 2)
    names = [unit.name for unit in units_of(station, duty)]
    made, used = _made(course, names, duty)
    return PartLoadHours(
        duty, edges,
        np.asarray(np.bincount(place[on], minlength=len(edges) - 1) * step / _HOUR, float),
        np.asarray(np.bincount(place[on], load[on], len(edges) - 1) * step, np.float64),
        float((on & (load < hour.smallest_unit)).sum()) * step / _HOUR,
        {name: float(course.units[name].starts[_in(course.units[name], duty)].sum())
         for name in names},
        {name: float(course.units[name].running[_in(course.units[name], duty)].sum())
         * step / _HOUR for name in names},
        _ratios(place, on, made, used, len(edges) - 1),
    )  # fmt: skip


def _edges(most: float) -> Floats:
    """Classes of equal width from 0 to 1, or further where the load exceeds the capacity."""
    width = usual_value("default.design.part_load_class")
    count = max(round(1.0 / width), int(np.ceil(most / width - 1e-9)))
    return np.asarray(np.arange(count + 1) * width, np.float64)


def _in(unit: UnitCourse, duty: Duty) -> NDArray[np.bool_]:
    """Steps in which a unit does a duty."""
    return np.asarray((unit.heat if duty == "heating" else unit.cold) > 0.0)


def _made(course: TwinCourse, names: list[str], duty: Duty) -> tuple[Floats, Floats]:
    """Heat or cold of the units and the power that belongs to it, W."""
    made, used = np.zeros(len(course.mode)), np.zeros(len(course.mode))
    for name in names:
        unit = course.units[name]
        own, other = (unit.heat, unit.cold) if duty == "heating" else (unit.cold, unit.heat)
        # Electricity of a step that makes both is divided by what is delivered.
        both = own + other
        share = np.divide(own, both, out=np.zeros(len(own)), where=both > 0.0)
        made += own
        used += unit.power * share
    return made, used


def _ratios(
    place: NDArray[np.int64], on: NDArray[np.bool_], made: Floats, used: Floats, count: int
) -> Floats:
    useful = np.bincount(place[on], made[on], count)
    power = np.bincount(place[on], used[on], count)
    found = np.where(power > 0.0, useful / np.where(power > 0.0, power, 1.0), np.nan)
    return np.asarray(found, np.float64)
