"""Physics between points: records that contradict each other.

Three checks, each only where its points exist:

- *both sides*: while a heat pump runs, one side gives heat and the other takes it. If both fluids
  leave warmer (or both colder) than they enter, sensors are swapped or wrong; the four
  temperatures are flagged. Machines with a third circuit are not judged.
- *ideal process*: heat or cold over electricity cannot exceed the Lorenz efficiency between the
  mean temperatures of the two fluids; heat flow and power are flagged.
  (H. Lorenz, 1894: the reversible process between fluids of gliding temperature.)
- *counter and power*: over a whole day the increment of an electricity counter is the integral of
  the power of the same meter; if they differ by more than the threshold the power of the day is
  flagged, because the counter is the instrument that is verified.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.telemetry import counters
from diwen.telemetry.records import Records
from diwen.telemetry.running import Running
from diwen.telemetry.thresholds import Thresholds

if TYPE_CHECKING:
    from diwen.site import Point

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_KELVIN = 273.15
_SIDES = ("load_leaving", "load_entering", "source_entering", "source_leaving")
_THIRD = ("hot_water_leaving", "hot_water_entering", "cooling_leaving", "cooling_entering")
Role = tuple[str, str]
_TEMPERATURES: frozenset[Role] = frozenset(("temperature", side) for side in _SIDES)
_OTHER_CIRCUITS: frozenset[Role] = frozenset(("temperature", place) for place in _THIRD)
_HEAT: Role = ("heat_power", "load")
_POWER: Role = ("electric_power", "supply")
_ENERGY: Role = ("electric_energy", "supply")
# Of each check: what must be there, whose records it can object to, what else it looks at.
_CHECKS: tuple[tuple[frozenset[Role], frozenset[Role], frozenset[Role]], ...] = (
    (_TEMPERATURES, _TEMPERATURES, _OTHER_CIRCUITS),
    (_TEMPERATURES | {_HEAT, _POWER}, frozenset({_HEAT, _POWER}), frozenset()),
    (frozenset({_POWER, _ENERGY}), frozenset({_POWER}), frozenset()),
)
Window = Mapping[str, Records]
Objections = dict[str, NDArray[np.bool_]]


def heard(role: Role, present: Set[Role]) -> frozenset[Role]:
    """What the checks of a piece of equipment look at to judge one of its points.

    Parameters
    ----------
    role : quantity and location of the point
    present : those of all points of the equipment alone

    Returns
    -------
    quantities and locations, the point's own included; empty if no check can object to it
    """
    found: frozenset[Role] = frozenset()
    for required, judged, besides in _CHECKS:
        if role in judged and required <= present:
            found |= required | besides
    return found


def contradictions(
    points: Mapping[str, Point],
    window: Window,
    running: Mapping[str, Running | None],
    thresholds: Thresholds,
) -> Objections:
    """Records that a cross-check objects to.

    Parameters
    ----------
    points : the site's points by id
    window : records by point id, each sorted by time
    running : when each piece of equipment ran

    Returns
    -------
    mask per point id, only for points with an objection
    """
    objections: Objections = {}
    for equipment, ran in running.items():
        own = {
            (point.quantity, point.location): point
            for point in points.values()
            if point.equipment == (equipment,) and len(window.get(point.id, ()))
        }
        if ran is not None and own.keys() >= _TEMPERATURES:
            sides = [own["temperature", side] for side in _SIDES]
            _heat_pump(sides, own, window, ran, thresholds, objections)
        power = own.get(_POWER)
        counter = own.get(_ENERGY)
        if power is not None and counter is not None:
            _counter_and_power(power, counter, window, thresholds, objections)
    return objections


def _heat_pump(
    sides: list[Point],
    own: Mapping[tuple[str, str], Point],
    window: Window,
    ran: Running,
    thresholds: Thresholds,
    objections: Objections,
) -> None:
    base = window[sides[0].id].time
    judged = np.flatnonzero(ran.runs(base) & ran.settled(base, thresholds.settling))
    time = base[judged]
    taken = [_latest(point, window, time, thresholds.cross_age) for point in sides]
    fresh = np.logical_and.reduce([place >= 0 for place, _ in taken])
    supply, back, entering, leaving = (value for _, value in taken)
    load, source = supply - back, entering - leaving
    margin = thresholds.cross_margin
    if own.keys().isdisjoint(_OTHER_CIRCUITS):
        wrong = fresh & (np.abs(load) > margin) & (np.abs(source) > margin)
        wrong &= np.sign(load) != np.sign(source)
        for point, (place, _) in zip(sides, taken, strict=True):
            _object(objections, window, point.id, place[wrong])
    heat, power = own.get(_HEAT), own.get(_POWER)
    if heat is None or power is None:
        return
    at_heat, q = _latest(heat, window, time, thresholds.cross_age)
    at_power, p = _latest(power, window, time, thresholds.cross_age)
    ceiling = _lorenz((supply + back) / 2, (entering + leaving) / 2)
    enough = p > thresholds.power_on_share * max(float(p.max(initial=0.0)), 0.0)
    above = fresh & (at_heat >= 0) & (at_power >= 0) & enough & (np.abs(q) > ceiling * p)
    _object(objections, window, heat.id, at_heat[above])
    _object(objections, window, power.id, at_power[above])


def _lorenz(load: NDArray[np.float64], source: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ceiling of useful heat or cold over work between two mean fluid temperatures (°C).

    Heating yields ``T_load / (T_load - T_source)``, cooling ``T_load / (T_source - T_load)``;
    without a lift there is no ceiling.
    """
    with np.errstate(divide="ignore"):
        return np.where(load == source, np.inf, (load + _KELVIN) / np.abs(load - source))


def _latest(
    point: Point, window: Window, time: NDArray[np.int64], age: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Position and value of the last record at each time; -1 where it is too old or absent."""
    records = window[point.id]
    place = np.searchsorted(records.time, time, side="right") - 1
    at = np.maximum(place, 0)
    place = np.where((place >= 0) & (time - records.time[at] <= age * _SECOND), place, -1)
    factor, offset = point.factor_offset()
    return place, records.value[at] * factor + offset


def _object(objections: Objections, window: Window, id: str, places: NDArray[np.intp]) -> None:
    if len(places):
        mask = objections.setdefault(id, np.zeros(len(window[id]), bool))
        mask[places] = True


def _counter_and_power(
    power: Point,
    counter: Point,
    window: Window,
    thresholds: Thresholds,
    objections: Objections,
) -> None:
    counted, covered_c, step = _counted_days(counter, window[counter.id], thresholds)
    made, covered_p = _integrated_days(power, window[power.id], thresholds)
    for day in counted.keys() & made.keys():
        # Only whole days are compared: 23 of 24 hours on both instruments.
        if min(covered_c[day], covered_p[day]) < 23 * 3600:
            continue
        allowed = thresholds.counter_mismatch * counted[day] + 2 * step
        if abs(counted[day] - made[day]) > allowed:
            time = window[power.id].time
            inside = np.flatnonzero((time >= day * _DAY) & (time < (day + 1) * _DAY))
            _object(objections, window, power.id, inside)


def _counted_days(
    point: Point, records: Records, thresholds: Thresholds
) -> tuple[dict[int, float], dict[int, float], float]:
    out = counters.dropouts(records.time, records.value, thresholds.counter_return)
    time, raw = records.time[~out], records.value[~out]
    change = counters.steps(raw)
    increment = change.increment * point.factor_offset()[0]
    seconds = np.diff(time) / _SECOND
    known = change.known & (seconds <= thresholds.bridge(point.interval))
    positive = increment[increment > 0]
    step = float(positive.min()) if len(positive) else 0.0
    day = time[1:] // _DAY
    return _sums(day, increment, known), _sums(day, seconds, known), step


def _integrated_days(
    point: Point, records: Records, thresholds: Thresholds
) -> tuple[dict[int, float], dict[int, float]]:
    factor, offset = point.factor_offset()
    value = records.value * factor + offset
    seconds = np.diff(records.time) / _SECOND
    energy = (value[1:] + value[:-1]) / 2 * seconds
    known = seconds <= thresholds.bridge(point.interval)
    day = records.time[1:] // _DAY
    return _sums(day, energy, known), _sums(day, seconds, known)


def _sums(
    day: NDArray[np.int64], amount: NDArray[np.float64], known: NDArray[np.bool_]
) -> dict[int, float]:
    days, place = np.unique(day[known], return_inverse=True)
    sums = np.bincount(place, weights=amount[known], minlength=len(days))
    return dict(zip(days.tolist(), sums.tolist(), strict=True))
