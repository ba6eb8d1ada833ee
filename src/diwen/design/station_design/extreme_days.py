"""The coldest and hottest week and the design days of a year of the twin, hour by hour.

A design day is the day that as many days of a year are harder than as need not be kept: five for
heating by the Chinese convention (GB 50736 section 4.1, from memory, clause not verified), counted
by the daily mean of the outdoor air, or of the load where no weather is known. For cooling the same
count of days is taken, as the hourly convention names no day.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.design.station_design.design_hours import KINDS, load_of
from diwen.design.station_design.design_result import Duty, ExtremeStretch
from diwen.language import Text
from diwen.loads.design_days import DAYS_NOT_KEPT
from diwen.plant.station import Station
from diwen.twin.course import TwinCourse

Floats = NDArray[np.float64]
_DAY, _WEEK = 24, 7 * 24
_NAMES = {
    "coldest_week": Text("coldest week", "最冷周"),
    "hottest_week": Text("hottest week", "最热周"),
    "winter_design_day": Text("winter design day (5 days a year are colder)",
                              "冬季设计日（年均不保证 5 天）"),
    "summer_design_day": Text("summer design day (5 days a year are hotter)",
                              "夏季设计日（年均不保证 5 天）"),
}  # fmt: skip
_BY_LOAD = Text(" by the load", "（按负荷）")
DUTIES: tuple[Duty, ...] = ("heating", "cooling")


def extremes_of(
    course: TwinCourse, station: Station, outdoor: Floats | None
) -> tuple[ExtremeStretch, ...]:
    """Weeks and design days of every duty that has a load.

    Parameters
    ----------
    course : a year of hours
    station : the plant behind it
    outdoor : of that year, °C, shape (8760,); None: no weather
    """
    found = []
    for duty in DUTIES:
        load = load_of(course, station, duty)
        if not load.any():
            continue
        hardness = load if outdoor is None else outdoor * (-1.0 if duty == "heating" else 1.0)
        week, day = ("coldest_week", "winter_design_day") if duty == "heating" else (
            "hottest_week", "summer_design_day")  # fmt: skip
        start = hardest_stretch(hardness, _WEEK)
        found.append(_stretch(course, station, outdoor, duty, week, start, _WEEK))
        start = design_day(hardness) * _DAY
        found.append(_stretch(course, station, outdoor, duty, day, start, _DAY))
    return tuple(found)


def hardest_stretch(hardness: Floats, length: int) -> int:
    """First hour of the whole days with the highest mean, of ``length`` hours within the year."""
    total = np.concatenate(([0.0], np.cumsum(hardness)))
    starts = np.arange(0, len(hardness) - length + 1, _DAY)
    return int(starts[np.argmax(total[starts + length] - total[starts])])


def design_day(hardness: Floats, not_kept: int = DAYS_NOT_KEPT) -> int:
    """Day of the year, from 0, that ``not_kept`` days are harder than, by the daily mean."""
    means = hardness.reshape(-1, _DAY).mean(axis=1)
    return int(np.argsort(-means, kind="stable")[min(not_kept, len(means) - 1)])


def _stretch(
    course: TwinCourse, station: Station, outdoor: Floats | None, duty: Duty, id: str, start: int,
    length: int,
) -> ExtremeStretch:  # fmt: skip
    part = slice(start, start + length)
    loops = [loop.name for loop in station.load_loops if loop.kind == KINDS[duty] and loop.loads]
    name = _NAMES[id]
    if outdoor is None:
        name = Text(name.en + _BY_LOAD.en, name.zh + _BY_LOAD.zh)
    return ExtremeStretch(
        id, name, duty, "load" if outdoor is None else "outdoor", start,
        None if outdoor is None else outdoor[part],
        load_of(course, station, duty)[part],
        np.asarray(np.sum([course.loops[loop].delivered[part] for loop in loops], axis=0)),
        np.asarray(np.sum([course.loops[loop].unmet[part] for loop in loops], axis=0)),
        plant_power(course, station)[part],
        np.asarray(np.sum([one.running[part] for one in course.units.values()], axis=0)),
        {name: one.entering[part] for name, one in course.sources.items()},
        {name: one.leaving[part] for name, one in course.sources.items()},
        {loop: course.loops[loop].supply[part] for loop in loops},
    )  # fmt: skip


def plant_power(course: TwinCourse, station: Station) -> Floats:
    """Everything electric of the plant, W, shape (n,)."""
    electric = {one.name for one in station.backups if one.fuel == "electricity"}
    total = np.full(len(course.mode), course.fixed_power)
    for unit in course.units.values():
        total = total + unit.power
    for power in course.pumps.values():
        total = total + power
    for _, power in course.recharges.values():
        total = total + power
    for name, (_, power) in course.backups.items():
        total = total + (power if name in electric else 0.0)
    return np.asarray(total)
