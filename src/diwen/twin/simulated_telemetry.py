"""The course of a run as series of points: what meters would have written.

A gauge is the mean over the step that begins at its time; a counter is read at the beginning of
every step and at the end of the last one; a state is that of the step. Values are raw numbers in
the unit of ``points.csv``. Twin years have 365 days: on 29 February nothing is written.

Two things are added so that the record reads like that of instruments, both rows of the rules:
pipes at standstill drift to the temperature of the plant room, and the last digit of temperatures
and flows flickers, so that a value that is held is told from a sensor that is stuck.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.site.points import Point
from diwen.site.usual_values import usual_value
from diwen.twin.simulated_telemetry_heat import Floats, SimulatedPlant
from diwen.twin.simulated_telemetry_readings import Reading, reading
from diwen.twin.standard_points_full import SETPOINT

Times = NDArray[np.int64]
_DAY = 86_400_000_000
_PIPES = (
    "source_entering", "source_leaving", "load_leaving", "load_entering", "hot_water_leaving",
    "hot_water_entering", "cooling_leaving", "cooling_entering", "well_abstraction",
    "well_injection",
)  # fmt: skip
_FLOWS = ("volume_flow", "mass_flow")
# A register shows thousandths, a gauge six digits.
_REGISTER_DECIMALS, _DIGITS = 3, 6


@dataclass(frozen=True, eq=False)
class SimulatedSeries:
    """One point's record.

    Attributes
    ----------
    point : whose
    time : microseconds UTC, ascending, shape (n,)
    value : raw numbers in the unit of the point, shape (n,), finite
    """

    point: Point
    time: Times
    value: Floats


@dataclass(frozen=True, eq=False)
class SimulatedRecord:
    """All points that could be read, and those that could not.

    Attributes
    ----------
    series : in the order of the points
    missing : id of a point -> why there is no series
    """

    series: tuple[SimulatedSeries, ...]
    missing: dict[str, Text]


def telemetry_of_course(
    plants: Sequence[SimulatedPlant], points: Sequence[Point], start: Times
) -> SimulatedRecord:
    """Series of points from the course of a run.

    Parameters
    ----------
    plants : stretches of the run, one after another, with site and station of each
    points : what is metered
    start : microseconds UTC at which each step begins, shape (n,) (see `step_times`)
    """
    series, missing = [], {}
    step = plants[0].course.step
    for point in points:
        values = _reading(plants, point)
        if isinstance(values, Text):
            missing[point.id] = values
        elif point.kind == "counter":
            series.append(_counter(point, values, start, step))
        else:
            series.append(_gauge(point, values, start, step))
    return SimulatedRecord(tuple(series), missing)


def _reading(plants: Sequence[SimulatedPlant], point: Point) -> Reading:
    """What a point reads through all stretches, shape (n,)."""
    found = []
    for plant in plants:
        values = reading(plant, point)
        if isinstance(values, Text):
            return values
        found.append(values)
    return found[0] if len(found) == 1 else np.concatenate(found)


def step_times(
    since: np.datetime64, years: int, per_year: int, step: float, offset: float
) -> Times:
    """When the steps of some repeating years begin, microseconds UTC, shape (years · per_year,).

    Parameters
    ----------
    since : local day on which the first year begins (not a 29 February)
    years : number of years, each beginning on that day
    per_year : steps in a year of 365 days
    step : s
    offset : of the local standard time from UTC, s
    """
    first = since.astype("datetime64[D]")
    month, day = first.astype("datetime64[M]"), first
    inside = (day - month.astype("datetime64[D]")).astype(int)
    within = np.arange(per_year) * round(step * 1e6)
    found = []
    for year in range(years):
        begin = (month + 12 * year).astype("datetime64[D]") + inside
        time = begin.astype("datetime64[us]").astype(np.int64) + within
        leap = _leap_day(begin)
        if leap is not None:
            time = np.where(time >= leap, time + _DAY, time)
        found.append(time)
    return np.concatenate(found) - round(offset * 1e6)


def _leap_day(begin: np.datetime64) -> int | None:
    """The 29 February within a year from a day on, microseconds local; None: there is none."""
    end = begin + np.timedelta64(366, "D")
    days = np.arange(begin, end)
    month = days.astype("datetime64[M]")
    feb = (month.astype(int) % 12 == 1) & ((days - month.astype("datetime64[D]")).astype(int) == 28)
    return int(days[feb][0].astype("datetime64[us]").astype(np.int64)) if feb.any() else None


def _counter(point: Point, rate: Floats, start: Times, step: float) -> SimulatedSeries:
    """A running total, read at all beginnings and ends of steps."""
    end = start + round(step * 1e6)
    total = np.concatenate([[0.0], np.cumsum(np.nan_to_num(rate) * step)])
    time = np.union1d(start, end)
    value = total[np.searchsorted(end, time, side="right")]
    factor, _ = point.factor_offset()
    return SimulatedSeries(point, time, np.round(value / factor, _REGISTER_DECIMALS))


def _gauge(point: Point, values: Floats, start: Times, step: float) -> SimulatedSeries:
    if point.location in _PIPES and point.quantity == "temperature":
        values = at_standstill(values, step)
    known = np.isfinite(values)
    time, value = start[known], values[known]
    if point.kind == "gauge" and point.detail != SETPOINT:
        value = _flickering(point, value)
    factor, offset = point.factor_offset()
    raw = (value - offset) / factor
    if point.kind == "state":
        return SimulatedSeries(point, time, np.round(raw))
    largest = float(np.max(np.abs(raw), initial=1e-300))
    decimals = 4 if point.quantity == "temperature" else _DIGITS - int(np.ceil(np.log10(largest)))
    return SimulatedSeries(point, time, np.round(raw, min(max(decimals, 0), 15)))


def at_standstill(values: Floats, step: float) -> Floats:
    """Temperatures with those of pipes without flow (nan) drifting to the plant room.

    Parameters
    ----------
    values : °C, nan without flow, shape (n,)
    step : s
    """
    still = ~np.isfinite(values)
    if not still.any():
        return values
    room = usual_value("default.simulated.plant_room")
    constant = 3600.0 * usual_value("default.simulated.standstill_time")
    place = np.arange(values.size)
    last = np.maximum.accumulate(np.where(still, -1, place))
    before = np.where(last >= 0, values[np.maximum(last, 0)], room)
    drift = room + (before - room) * np.exp(-(place - last) * step / constant)
    return np.where(still, drift, values)


def _flickering(point: Point, value: Floats) -> Floats:
    """The last digit of a temperature or flow as a transmitter shows it; the same every time."""
    draw = np.random.default_rng(zlib.crc32(point.id.encode()))
    if point.quantity == "temperature":
        size = usual_value("default.simulated.last_digit")
        return value + draw.uniform(-size, size, value.size)
    if point.quantity in _FLOWS:
        size = usual_value("default.simulated.flow_flicker") * float(np.max(value, initial=0.0))
        return np.maximum(value + draw.uniform(-size, size, value.size), 0.0)
    return value
