"""What both sensors of a source pair would leave if they drifted together.

The difference stays right, so that no balance sees it. Two things do: another sensor in the same
water (of a unit, of a well), and the units: their performance follows the true temperature. Read
too warm, the source makes heating look worse and cooling look better, while a unit that loses
efficiency looks worse in both: so a plant that heats and cools tells them apart, and one that only
heats does not.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from diwen.diagnosis.gate.channel_access import by_day, day_places, days
from diwen.diagnosis.gate.instrument_patterns import Equation, Label
from diwen.diagnosis.gate.limits_of_gate import GateLimits
from diwen.diagnosis.record.operating_record import (
    Channel,
    CircuitRecord,
    Floats,
    OperatingRecord,
)


def pair_label(source: str) -> Label:
    """Both sensors of a source loop, wrong by the same."""
    return ("offset", ("sources", source, "pair"))


def pair_equations(record: OperatingRecord, limits: GateLimits) -> tuple[Equation, ...]:
    """A source pair beside other sensors in the same water: no fault of a plant moves this."""
    found: list[Equation | None] = []
    for name, circuit in record.sources.items():
        found += _beside_others(record, name, circuit, limits)
    return tuple(one for one in found if one is not None)


def performance_equations(record: OperatingRecord, limits: GateLimits) -> tuple[Equation, ...]:
    """The units' performance at the temperature that is read.

    A plant can change it too, so it accuses nobody: it tells sensors apart once a redundancy is
    broken, and raises questions.
    """
    found = [_performance(record, name, circuit, limits)
             for name, circuit in record.sources.items()]  # fmt: skip
    return tuple(one for one in found if one is not None)


def _beside_others(
    record: OperatingRecord, name: str, circuit: CircuitRecord, limits: GateLimits
) -> Iterator[Equation | None]:
    """The supply beside other sensors of the same water."""
    if circuit.supply is None:
        return
    others = [(("units", unit, "source_entering"), record.units[unit].source_entering)
              for unit in circuit.units if unit in record.units]  # fmt: skip
    well = record.wells.get(name)
    if well is not None:
        others.append((("wells", name, "abstraction_temperature"), well.abstraction_temperature))
    for key, other in others:
        if other is None or other.points == circuit.supply.points:
            continue
        patterns: dict[Label, float] = {
            pair_label(name): 1.0, ("offset", ("sources", name, "supply")): 1.0,
            ("offset", key): -1.0,
        }  # fmt: skip
        yield _difference(record, circuit.supply, other, patterns, f"beside {key[1]}", limits)


def _difference(
    record: OperatingRecord, one: Channel, other: Channel, signs: dict[Label, float], name: str,
    limits: GateLimits,
) -> Equation | None:  # fmt: skip
    hourly = one.value - other.value
    count = by_day(record, np.isfinite(hourly).astype(float))
    enough = count >= limits["hours_of_day"]
    if np.count_nonzero(enough) < limits["fewest_days"]:
        return None
    value = np.divide(by_day(record, hourly), count, out=np.full(count.size, np.nan), where=enough)
    patterns = {label: np.where(enough, sign, np.nan) for label, sign in signs.items()}
    spread = np.full(count.size, limits["redundant_scatter"])
    return Equation(name, value, patterns, spread, limits["redundant_memory"],
                    (np.full(count.size, limits["redundant_tolerance"]),))  # fmt: skip


def _performance(
    record: OperatingRecord, name: str, circuit: CircuitRecord, limits: GateLimits
) -> Equation | None:
    """Logarithm of heat (cold) over electricity of each day, beside the measured temperatures."""
    daily = _daily_means(record, circuit)
    if daily is None:
        return None
    heat, power, source, load = daily
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.log(np.abs(heat) / power)
    warm = heat > 0.0
    # An ideal machine with usual differences in its exchangers: d ln(COP)/dT = 1/(lift + them).
    lift = np.where(warm, load - source, source - load) + limits["pinch"]
    slope = np.where(warm, 1.0, -1.0) / np.maximum(lift, limits["pinch"])
    known = np.isfinite(value + slope)
    years = np.arange(value.size) / 365.0
    modes = [mode for mode in (warm & known, ~warm & known)
             if np.count_nonzero(mode) >= limits["fewest_days_of_mode"]]  # fmt: skip
    if len(modes) < 2 or years[-1] < limits["shortest_drift"]:
        return None
    value = np.where(modes[0] | modes[1], value, np.nan)
    free = [np.where(known, limits["performance_growth"] * years, 0.0)]
    for mode in modes:
        for driver, size in ((np.ones(value.size), 2.0), (source, 0.1), (load, 0.1),
                             (np.log(np.maximum(np.abs(heat), 1.0)), 1.0)):  # fmt: skip
            middle = np.mean(driver[mode]) if size < 2.0 else 0.0
            free.append(np.where(mode, size * (driver - middle), 0.0))
    spread = np.full(value.size, limits["performance_scatter"])
    pattern = np.where(known, -slope, np.nan)
    return Equation(f"performance {name}", value, {pair_label(name): pattern},
                    spread, limits["performance_memory"], tuple(free))  # fmt: skip


def _daily_means(
    record: OperatingRecord, circuit: CircuitRecord
) -> tuple[Floats, Floats, Floats, Floats] | None:
    """Heat, electricity, source and load temperature of each day, of a plant with one circuit."""
    load = record.circuits.get("load")
    if load is None or len(record.circuits) != 1 or len(record.sources) != 1 or load.heat is None:
        return None
    powers = [unit.power for unit in record.units.values()]
    if not powers or any(power is None for power in powers):
        return None
    if circuit.supply is None or load.supply is None:
        return None
    total = np.sum([power.value for power in powers if power is not None], axis=0)
    parts = (load.heat.value, total, circuit.supply.value, load.supply.value)
    usable = np.isfinite(np.sum(parts, axis=0)) & (total > 0.0)
    usable &= total > 0.1 * float(np.nanquantile(total[usable], 0.95)) if usable.any() else usable
    count = np.bincount(day_places(record)[usable], minlength=len(days(record))).astype(float)
    enough = count >= 4.0
    means = [
        np.divide(by_day(record, np.where(usable, part, 0.0)), count,
                  out=np.full(count.size, np.nan), where=enough)
        for part in parts
    ]  # fmt: skip
    return means[0], means[1], means[2], means[3]
