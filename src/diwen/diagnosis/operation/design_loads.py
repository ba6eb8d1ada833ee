"""Measured loads beside those the plant was designed for, hour by hour, circuit by circuit.

What was designed stands in hours of a typical year. It is brought to the days of the record in
three ways, and the record itself says by which of them its load goes: by the calendar (a process),
by the outdoor temperature that was measured (the energy signature of the design), or by the
calendar corrected for the weather.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from diwen.diagnosis.finding import Case, Floats
from diwen.diagnosis.operation.days import Days, days_of, scatter
from diwen.diagnosis.operation.energy_signature import KINDS, Kind, Signature, fit_signature
from diwen.diagnosis.record.operating_record import Channel, MachineRecord
from diwen.site.usual_values import usual_value

YEAR = 365
_KEY = "operation.loads"


@dataclass(frozen=True, eq=False)
class CircuitLoad:
    """Heat or cold of one circuit, measured and designed.

    Attributes
    ----------
    circuit : ``load``, ``hot_water``, ``cooling``
    kind : heat or cold
    loops : load loops of the station behind it
    points : it was measured by
    metered : W, by the meter of the circuit, positive, nan where unknown, shape (n,)
    measured : with the heat of back-ups that this meter does not cover, shape (n,)
    relative : standard uncertainty of the meter, share
    design : W, of the hours of a typical year, shape (8760,)
    season : of the days of the typical year, 1 in season, shape (365,)
    signature : of the design over the outdoor temperature, or None
    """

    circuit: str
    kind: Kind
    loops: tuple[str, ...]
    points: tuple[str, ...]
    metered: Floats
    measured: Floats
    relative: float
    design: Floats
    season: Floats
    signature: Signature | None


@dataclass(frozen=True, eq=False)
class ExpectedLoad:
    """What the design lets expect in the hours of the record.

    Attributes
    ----------
    value : W, shape (n,), nan where it cannot be said
    by : ``calendar``, ``weather`` or ``corrected``
    noise : standard deviation of a day of measured over expected
    uncertainty : common to all days, of the way chosen, share
    """

    value: Floats
    by: str
    noise: float
    uncertainty: float


def circuit_loads(case: Case) -> tuple[CircuitLoad, ...]:
    """Every circuit and kind that is both designed and measured; empty without a design twin."""
    if _KEY not in case.memory:
        case.memory[_KEY] = metered = _circuit_loads(case)
        # When a back-up is needed is seen from the meters alone.
        case.memory[_KEY] = tuple(_with_backups(case, one) for one in metered)
    return case.memory[_KEY]  # type: ignore[return-value]


def _circuit_loads(case: Case) -> tuple[CircuitLoad, ...]:
    from diwen.twin.standard_points_circuits import circuits_of

    if case.inputs is None:
        return ()
    inputs, record = case.inputs, case.record
    parts = circuits_of(case.site, inputs.station, "cooling" in record.circuits)
    air = design_outdoor(case)
    found = []
    for circuit, names in parts.loops.items():
        channel = record.circuits[circuit].heat if circuit in record.circuits else None
        if channel is None or not channel.valid.any():
            continue
        for kind in KINDS:
            own = tuple(loop.name for loop in inputs.station.load_loops
                        if loop.name in names and loop.kind == kind)  # fmt: skip
            one = _one(case, circuit, kind, own, channel, air)
            if one is not None:
                found.append(one)
    return tuple(found)


def _one(
    case: Case, circuit: str, kind: Kind, loops: tuple[str, ...], channel: Channel,
    air: Floats | None,
) -> CircuitLoad | None:  # fmt: skip
    assert case.inputs is not None
    design = sum(
        (_typical(case.inputs.loads[name], case.inputs.step) for name in loops),
        start=np.zeros(YEAR * 24),
    )
    if not design.any():
        return None
    cold_is_positive = circuit == "cooling"
    sign = 1.0 if kind == "heat" or cold_is_positive else -1.0
    measured = np.maximum(sign * channel.value, 0.0)  # nan stays nan
    daily = design.reshape(YEAR, 24).mean(axis=1)
    season = in_season(daily)
    signature = None
    if air is not None:
        signature = fit_signature(daily, air.reshape(YEAR, 24).mean(axis=1), season, kind)
        least = usual_value("diagnosis.load.signature_explains")
        if signature is not None and signature.explained < least:
            signature = None
    return CircuitLoad(circuit, kind, loops, channel.points, measured, measured, channel.relative,
                       design, season, signature)  # fmt: skip


def _typical(load: Floats, step: float) -> Floats:
    """Hours of one year, the mean of all years, W, shape (8760,)."""
    hourly = load.reshape(-1, round(3600.0 / step)).mean(axis=1)
    return np.asarray(hourly.reshape(-1, YEAR * 24).mean(axis=0))


def design_outdoor(case: Case) -> Floats | None:
    """Outdoor temperature of the hours of the typical year, °C, shape (8760,), or None."""
    if case.inputs is None or not case.weather_known:
        return None
    return _typical(case.inputs.outdoor, case.inputs.step)


def in_season(daily: Floats) -> Floats:
    """1 on days of a year with load and in gaps of some days between them, shape (365,)."""
    gap = round(usual_value("diagnosis.load.season_gap"))
    season = (daily > 0.02 * daily.max()).astype(float)
    on = np.flatnonzero(season)
    for first, second in zip(on, np.append(on[1:], on[0] + len(daily)), strict=True):
        if second - first - 1 <= gap:
            season[np.arange(first, second) % len(daily)] = 1.0
    return season


def _with_backups(case: Case, load: CircuitLoad) -> CircuitLoad:
    """The heat of back-ups that the meter does not cover, added from fuel or power.

    Only where they are needed: what they burn otherwise does not reach the load
    (:mod:`.backup_judgement`).
    """
    from diwen.diagnosis.operation.backup_judgement import not_needed

    assert case.inputs is not None
    if load.kind == "cold":
        return load
    covered = {id for name in load.points if name in case.record.points
               for id in case.record.points[name].equipment}  # fmt: skip
    measured, points = load.measured, list(load.points)
    for one in case.inputs.station.backups:
        machine = case.record.backups.get(one.name)
        if one.serves not in load.loops or one.name in covered or machine is None:
            continue
        energy = energy_of(machine)
        if energy is not None:
            idle = not_needed(case, one)
            given = one.efficiency * energy.value
            leaks = float(np.nanmedian(given[idle])) if np.isfinite(given[idle]).any() else 0.0
            heat = np.where(idle, 0.0, np.maximum(given - leaks, 0.0))
            measured = measured + heat
            points += energy.points
    return replace(load, measured=measured, points=tuple(points))


def backup_is_metered(case: Case, name: str) -> bool:
    """Whether the heat of a back-up is known: its own fuel or power, or a heat meter covers it."""
    machine = case.record.backups.get(name)
    if machine is not None and energy_of(machine) is not None:
        return True
    for record in case.record.circuits.values():
        for id in record.heat.points if record.heat is not None else ():
            point = case.record.points.get(id)
            if point is not None and name in point.equipment:
                return True
    return False


def machine_of(case: Case, name: str) -> MachineRecord | None:
    """What is recorded of a unit of the station, a chiller beside the heat pumps included."""
    record = case.record
    for group in (record.units, record.auxiliaries, record.backups):
        if name in group:
            return group[name]
    return None


def energy_of(machine: MachineRecord) -> Channel | None:
    """Fuel, else electricity, of a back-up, W."""
    return machine.fuel if machine.fuel is not None else machine.power


# ---- the design on the days of the record


def design_hours(case: Case) -> np.ndarray:
    """Hour of the typical year of every hour of the record, shape (n,)."""
    if "operation.place" not in case.memory:
        from diwen.diagnosis.record.typical_year import place_in_year

        case.memory["operation.place"] = place_in_year(case.record)
    return case.memory["operation.place"]  # type: ignore[return-value]


def record_days(case: Case) -> Days:
    """The days of the record."""
    if "operation.days" not in case.memory:
        case.memory["operation.days"] = days_of(case.record)
    return case.memory["operation.days"]  # type: ignore[return-value]


def occupancy(case: Case) -> Floats:
    """Share of the designed use that is served, shape (n,)."""
    given = case.record.occupancy
    return given if len(given) == len(case.record) else np.ones(len(case.record))


def by_calendar(case: Case, load: CircuitLoad) -> Floats:
    """Design load of the same hour of the typical year, times the occupancy, W, shape (n,)."""
    return np.asarray(load.design[design_hours(case)] * occupancy(case))


def by_weather(case: Case, load: CircuitLoad, corrected: bool) -> Floats | None:
    """Design load at the measured outdoor temperature, W, shape (n,); None: it has no signature.

    Parameters
    ----------
    corrected : the calendar's load, moved by the difference of the temperatures of measured and
        designed day along the signature; else the signature alone
    """
    outdoor, air = case.record.outdoor, design_outdoor(case)
    if load.signature is None or outdoor is None or air is None:
        return None
    days, place = record_days(case), design_hours(case)
    measured = days.mean(outdoor.value, np.ones(len(place), bool), 18)
    if np.isfinite(measured).sum() < 20:
        return None
    now = np.maximum(load.signature.at(measured), 0.0)
    profile = hourly_profile(load)[case.record.hour]
    if corrected:
        day_of_year = np.zeros(len(days.day), int)
        day_of_year[days.of_hour] = place // 24
        daily = air.reshape(YEAR, 24).mean(axis=1)
        then = np.maximum(load.signature.at(daily), 0.0)[day_of_year]
        hours = load.design[place] + (now - then)[days.of_hour] * profile
    else:
        hours = now[days.of_hour] * profile
    inside = load.season[place // 24] > 0.0
    # What the consumer can take up is limited: a colder day than any of the design asks no more.
    hours = np.clip(hours, 0.0, load.design.max())
    return np.where(inside, hours, 0.0) * occupancy(case)


def hourly_profile(load: CircuitLoad) -> Floats:
    """Course of the design over the day, mean 1, shape (24,)."""
    days = load.design.reshape(YEAR, 24)
    busy = days[load.season > 0.0]
    return np.asarray(busy.mean(axis=0) / max(float(busy.mean()), 1e-300))


def expected_load(case: Case, load: CircuitLoad) -> ExpectedLoad:
    """The way from the design to the days of the record by which the measured load goes best.

    What is compared is the scatter of the days about their running median, not their level: a load
    of half the design goes by the weather as well as one that is as designed.
    """
    key = f"operation.expected.{load.circuit}.{load.kind}"
    if key not in case.memory:
        case.memory[key] = _expected_load(case, load)
    return case.memory[key]  # type: ignore[return-value]


def _expected_load(case: Case, load: CircuitLoad) -> ExpectedLoad:
    ways = {"calendar": by_calendar(case, load)}
    for name, corrected in (("corrected", True), ("weather", False)):
        hours = by_weather(case, load, corrected)
        if hours is not None:
            ways[name] = hours
    levels, scatters = {}, {}
    for name, hours in ways.items():
        index = day_index(case, load, hours)
        scatters[name] = scatter(index) / max(_level(index), 0.05)
        levels[name] = _level(index)
    known = [name for name in ways if np.isfinite(scatters[name])]
    best = min(known, key=lambda name: scatters[name]) if known else "calendar"
    floor = usual_value("diagnosis.load.least_noise")
    noise = max(scatters[best] if known else usual_value("diagnosis.load.noise"), floor)
    return ExpectedLoad(ways[best], best, noise, _between(case, load, best, levels, scatters))


def _level(index: Floats) -> float:
    return float(np.nanmedian(index)) if np.isfinite(index).any() else float("nan")


def _between(
    case: Case, load: CircuitLoad, best: str, levels: dict[str, float],
    scatters: dict[str, float],
) -> float:  # fmt: skip
    """Uncertainty of the way itself: of the others as far as they fit, of the thermometer."""
    if len(levels) == 1:
        return usual_value("diagnosis.load.without_weather")
    parts = []
    for name, level in levels.items():
        if name != best and np.isfinite(level) and levels[best] > 0.0 and level > 0.0:
            weight = min((scatters[best] + 1e-9) / (scatters[name] + 1e-9), 1.0) ** 2
            parts.append(weight * abs(np.log(level / levels[best])))
    uncertainty = max(parts, default=0.0)
    if best != "calendar" and load.signature is not None and case.record.outdoor is not None:
        mean = max(float(load.design[np.repeat(load.season, 24) > 0.0].mean()), 1e-300)
        kelvin = case.record.outdoor.systematic
        uncertainty = float(np.hypot(uncertainty, load.signature.slope / mean * kelvin))
    return float(uncertainty)


def day_index(
    case: Case, load: CircuitLoad, hours: Floats, aside: np.ndarray | None = None
) -> Floats:
    """Measured over expected heat of the hours from 6 to 22, per day, nan where not to be said.

    The night is judged apart: who heats through it has another schedule, not another load.

    Parameters
    ----------
    hours : expected, W, shape (n,)
    aside : hours that do not count (units at their limit), shape (n,)
    """
    days = record_days(case)
    which = ~days.night & np.isfinite(load.measured) & np.isfinite(hours)
    if aside is not None:
        which &= ~aside
    expected, measured = days.total(hours, which), days.total(load.measured, which)
    count = days.count(which)
    least = usual_value("diagnosis.load.least_share")
    usual = load.design.reshape(YEAR, 24)[load.season > 0.0].mean()
    share = days.total(occupancy(case), which) / np.maximum(count, 1.0)
    good = (count >= 10.0) & (expected > least * usual * share * count) & (measured > 0.0)
    nothing = np.full(len(days.day), np.nan)
    index = np.divide(measured, expected, out=nothing, where=good)
    # A day on which next to nothing was delivered says that the plant stood, not what it is asked.
    return np.where(index < usual_value("diagnosis.load.standing") * _level(index), np.nan, index)
