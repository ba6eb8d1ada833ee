"""Which pattern every faulty instrument would leave in the balances of a plant.

Equations, each a daily residual ``y`` that is zero with perfect instruments:

- first law of the units of a plant: load heat - electricity - source heat, W;
- two readings of one heat: by flow and temperatures, and by a meter, W;
- readings of two temperatures that must agree (circulation without a unit, pipes at rest), K.

An error of one instrument enters them linearly: with ``true = read (1 - c)`` for a factor and
``true heat = read heat - rho c V b`` for an offset ``b`` of a temperature. So the residual is
``y = sum c_j X_j + sum b_j X_j + noise`` with known patterns ``X_j``: an offset follows the flow
and not the temperature difference, a factor follows what the instrument reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from diwen.diagnosis.gate.channel_access import (
    Key,
    by_day,
    heat_capacity_of_flow,
)
from diwen.diagnosis.gate.limits_of_gate import GateLimits
from diwen.diagnosis.gate.pump_warmth import MEAN_SHARE, SPREAD_OF_SHARE, warmth_of_pumps
from diwen.diagnosis.record.operating_record import (
    Channel,
    CircuitRecord,
    Floats,
    OperatingRecord,
)

PatternKind = Literal["scale", "offset", "boundary"]
Label = tuple[PatternKind, Key]


ALL_HEAT: Label = ("scale", ("all", "heat", ""))
ALL_POWER: Label = ("scale", ("all", "power", ""))


@dataclass(frozen=True, eq=False)
class Equation:
    """A daily residual and what instruments do to it.

    Attributes
    ----------
    name : for evidence
    value : daily residual, nan where there is none, shape (d,)
    patterns : instrument -> change of the residual per unit of its error, shape (d,) each
    spread : standard deviation of one day's value that has causes other than instruments, (d,)
    memory : days over which what is left hangs together
    free : what else may move the value in a healthy plant: patterns times their standard
        deviations, shape (d,) each
    """

    name: str
    value: Floats
    patterns: dict[Label, Floats]
    spread: Floats
    memory: float = 3.0
    free: tuple[Floats, ...] = ()


@dataclass
class _Balance:
    """Load, electricity and source heat that belong together, hour by hour, while they are read."""

    total: Floats
    size: Floats
    hours: np.ndarray
    load: Floats = field(default_factory=lambda: np.zeros(1))
    patterns: dict[Label, Floats] = field(default_factory=dict)
    free: list[Floats] = field(default_factory=list)

    def add_share(self, values: Floats) -> None:
        """Something of which an unknown share, none to all, makes the sum larger."""
        self.total = self.total - MEAN_SHARE * values
        self.free.append(SPREAD_OF_SHARE * values)

    def add(self, label: Label | None, values: Floats, sign: float) -> None:
        """A reading that enters with a sign; its factor has the pattern of the reading."""
        self.total = self.total + sign * values
        self.size = self.size + np.abs(np.nan_to_num(values))
        if label is not None:
            self.patterns[label] = self.patterns.get(label, 0.0) + sign * values

    def add_offsets(self, circuit: tuple[str, str], flow: Floats, sign: float) -> None:
        """What a kelvin on each sensor of a circuit does to a heat that enters with a sign."""
        for quantity, side in (("supply", 1.0), ("back", -1.0)):
            self.patterns[("offset", (*circuit, quantity))] = sign * side * flow


def equations(record: OperatingRecord, limits: GateLimits) -> tuple[Equation, ...]:
    """All residuals that the meters of a record allow."""
    found: list[Equation | None] = [*_first_law(record, limits)]
    for group in ("circuits", "sources"):
        for name in getattr(record, group):
            found += _two_readings(record, (group, name), limits)
            found.append(_circulation(record, (group, name), limits))
            found.append(_at_rest(record, (group, name), limits))
    return tuple(one for one in found if one is not None)


def uncovered_units(record: OperatingRecord) -> tuple[str, ...]:
    """Units whose source heat nobody meters (air, or a loop without meters)."""
    covered = {unit for one in record.sources.values() if one.heat is not None
               for unit in one.units}  # fmt: skip
    return tuple(unit for unit in record.units if unit not in covered)


def hidden_machines(record: OperatingRecord) -> tuple[str, ...]:
    """Boilers, heaters and chillers of the site of which nothing tells when they run.

    What they deliver may be in the one reading of a circuit and not in the other.
    """
    site = record.site
    known = {name for group in (record.backups, record.auxiliaries) for name, one in group.items()
             if any((one.running, one.power, one.fuel))}  # fmt: skip
    return tuple(name for name in (*site.boilers, *site.heaters, *site.chillers)
                 if name not in known)  # fmt: skip


def _sign(circuit: str) -> float:
    return -1.0 if circuit == "cooling" else 1.0


def _first_law(record: OperatingRecord, limits: GateLimits) -> tuple[Equation, ...]:
    """Load heat less electricity less source heat, in hours in which all of it is metered."""
    metered = {name: one for name, one in record.sources.items() if one.units}
    if not metered or not record.circuits or not record.units:
        return ()
    if any(one.heat is None for one in (*metered.values(), *record.circuits.values())):
        return ()
    if any(one.power is None for one in record.units.values()):
        return ()
    if hidden_machines(record):
        # What a boiler gives that nobody meters may be in the heat of the load.
        return ()
    n = len(record)
    balance = _Balance(np.zeros(n), np.zeros(n), np.ones(n, dtype=bool))
    for name in record.circuits:
        _add_heat(balance, record, ("circuits", name), _sign(name), limits)
    balance.load = balance.total
    for name in metered:
        _add_heat(balance, record, ("sources", name), -1.0, limits)
    for name, machine in record.units.items():
        assert machine.power is not None
        balance.add(("scale", ("units", name, "power")), machine.power.value, -1.0)
    balance.hours &= _only_covered_units(record)
    _boundaries(balance, record)
    _all_together(balance, record)
    for warmth in warmth_of_pumps(record, limits):
        balance.add_share(warmth)
    return _daily(record, balance, "first_law", limits)


def _add_heat(
    balance: _Balance, record: OperatingRecord, circuit: tuple[str, str], sign: float,
    limits: GateLimits,
) -> None:  # fmt: skip
    """Heat of a circuit by its meter, else by flow and temperatures."""
    one = getattr(record, circuit[0])[circuit[1]]
    if one.heat_by_meter is not None:
        if one.heat_by_flow is not None:
            # A register counts both ways: its sign is known where that of flow and pair is.
            balance.hours &= one.heat_by_flow.value * one.heat_by_meter.value >= 0.0
        # A meter's own sensors are not known: its error is a factor, and what its pair may err.
        balance.free += _own_pair(one, limits)
        balance.add(("scale", (*circuit, "heat_by_meter")), one.heat_by_meter.value, sign)
        return
    balance.add(("scale", (*circuit, "flow")), one.heat_by_flow.value, sign)
    capacity = heat_capacity_of_flow(one)
    if np.isfinite(capacity):
        balance.add_offsets(
            circuit, capacity * _value(one.flow, len(record)), sign * _sign(circuit[1])
        )


def _own_pair(one: CircuitRecord, limits: GateLimits) -> list[Floats]:
    """What the own pair of a heat meter may err within its class: as much as kelvins of its flow.

    EN 1434-1 lets a pair err by three smallest differences over the difference, in per cent: so
    many kelvins whatever the difference is, and much of the heat where the difference is small.
    """
    capacity = heat_capacity_of_flow(one)
    if one.flow is None or not np.isfinite(capacity):
        return []
    return [limits["meter_pair_class"] * capacity * one.flow.value]


def _value(one: Channel | None, n: int) -> Floats:
    return np.zeros(n) if one is None else one.value


def _only_covered_units(record: OperatingRecord) -> np.ndarray:
    """Hours of one kind in which no unit without source meters runs, and no back-up."""
    quiet = hours_of_one_kind(record)
    for unit in uncovered_units(record):
        quiet &= ~_runs(record, ("units", unit))
    for backup in record.backups:
        quiet &= ~_runs(record, ("backups", backup))
    return quiet


def hours_of_one_kind(record: OperatingRecord) -> np.ndarray:
    """Hours in which a circuit did not hold warm and cold water, one after the other.

    Means of such an hour, and of the hours beside it, are of two kinds of water.
    """
    change = np.zeros(len(record), dtype=bool)
    if "cooling" in record.circuits:
        return ~change
    signals = [] if record.mode is None else [record.mode.value]
    signals += [np.sign(one.heat_by_flow.value) for one in record.circuits.values()
                if one.heat_by_flow is not None]  # fmt: skip
    for signal in signals:
        # From one kind to another: not from or to standstill.
        change[1:] |= (signal[1:] != signal[:-1]) & (np.abs(signal[1:] * signal[:-1]) > 0.0)
    before_and_after = np.roll(change, 1) | np.roll(change, -1)
    return np.asarray(~(change | before_and_after))


def _runs(record: OperatingRecord, machine: tuple[str, str]) -> np.ndarray:
    """Whether a machine may have run in each hour; where nothing is known it may."""
    one = getattr(record, machine[0])[machine[1]]
    signal = next((part for part in (one.running, one.power, one.fuel) if part is not None), None)
    if signal is None:
        return np.zeros(len(record), dtype=bool)
    largest = float(np.nanmax(np.abs(signal.value), initial=0.0))
    return ~(np.abs(signal.value) <= 0.02 * max(largest, 1e-9))


def _boundaries(balance: _Balance, record: OperatingRecord) -> None:
    """Pumps that the unit's electricity meter may cover too."""
    for name, pump in record.pumps.items():
        if pump.power is not None:
            balance.patterns[("boundary", ("pumps", name, "power"))] = -pump.power.value


def _all_together(balance: _Balance, record: OperatingRecord) -> None:
    """All heat by one factor (one calculator, one unit of measure), all electricity by one.

    What the one leaves is what the other leaves, so they are compared with each other too.
    """
    power = np.sum([one.power.value for one in record.units.values() if one.power], axis=0)
    if len(record.circuits) == 1:
        # Several circuits have calculators of their own: the errors of their classes together
        # look like a common factor.
        balance.patterns[ALL_HEAT] = balance.total + power
    if len(record.units) > 1:
        balance.patterns[ALL_POWER] = -power


def _daily(
    record: OperatingRecord, balance: _Balance, name: str, limits: GateLimits
) -> tuple[Equation, ...]:
    """Daily means of the hours in which everything is known, W, in two halves.

    What readings scatter stands in the residual and in the readings that a factor multiplies: all
    heats by one factor smaller would make the residual smaller, and a long record would seem to
    prove it (errors in variables; Fuller 1987, Measurement Error Models). So the residual of the
    even hours stands beside the readings of the odd ones, and the other way round.
    """
    usable = balance.hours & np.isfinite(balance.total)
    for values in (*balance.patterns.values(), *balance.free):
        usable &= np.isfinite(values)
    # Hours in which nothing flows tell nothing.
    usable &= balance.size > limits["smallest_share"] * _largest(balance.size)
    halves = [usable & (record.hour % 2 == half) for half in (0, 1)]
    counts = [by_day(record, half.astype(float)) for half in halves]
    enough = (counts[0] + counts[1] >= limits["hours_of_day"]) & (np.minimum(*counts) >= 1.0)
    if np.count_nonzero(enough) < limits["fewest_days"]:
        return ()
    whole = counts[0] + counts[1]

    def mean(values: Floats, half: int) -> Floats:
        """As if the other half of the hours were like this one."""
        total = by_day(record, np.where(halves[half], values, 0.0))
        share = np.divide(whole, counts[half], out=np.full(whole.size, np.nan), where=enough)
        return np.asarray(total * share / 24.0)

    found = []
    for one, other in ((0, 1), (1, 0)):
        size, load = mean(balance.size, other), mean(balance.load, other)
        # Half of the hours scatter more: both halves together tell what a day tells.
        spread = np.sqrt(2.0) * limits["closure_scatter"] * size * 0.5
        spread = np.maximum(spread, 0.25 * float(np.nanmedian(spread)))
        patterns = {label: mean(values, other) for label, values in balance.patterns.items()}
        free = [mean(values, other) for values in balance.free]
        free += _discrepancy(0.5 * size, load, limits["closure_tolerance"])
        found.append(Equation(name, mean(balance.total, one), patterns, spread, limits["memory"],
                              tuple(free)))  # fmt: skip
    return tuple(found)


def _discrepancy(size: Floats, load: Floats, tolerance: float) -> list[Floats]:
    """What meters within their classes leave that no factor nor offset describes.

    Errors depend on flow and difference, and the same load leaves the same error every year: a long
    record does not average it out. Of heating and of cooling days each: a constant, and one that
    follows the load.
    """
    usual = float(np.nanmedian(size))
    found = []
    for mode in (load >= 0.0, load < 0.0):
        if np.count_nonzero(mode) > 1:
            found.append(np.where(mode, tolerance * usual, 0.0))
            found.append(np.where(mode, tolerance * (size - np.nanmedian(size[mode])), 0.0))
    return found


def _largest(size: Floats) -> float:
    some = size[size > 0.0]
    return float(np.quantile(some, 0.95)) if some.size else 0.0


def _two_readings(
    record: OperatingRecord, circuit: tuple[str, str], limits: GateLimits
) -> tuple[Equation, ...]:
    """Heat by flow and temperatures less heat by the meter."""
    one = getattr(record, circuit[0])[circuit[1]]
    if one.heat_by_flow is None or one.heat_by_meter is None:
        return ()
    capacity = heat_capacity_of_flow(one)
    if not np.isfinite(capacity) or (circuit[0] == "circuits" and hidden_machines(record)):
        return ()
    n = len(record)
    balance = _Balance(np.zeros(n), np.zeros(n), _only_covered_units(record))
    balance.load = one.heat_by_flow.value
    balance.add(("scale", (*circuit, "flow")), one.heat_by_flow.value, 1.0)
    balance.add_offsets(circuit, capacity * _value(one.flow, n), _sign(circuit[1]))
    balance.hours &= one.heat_by_flow.value * one.heat_by_meter.value >= 0.0
    balance.add(("scale", (*circuit, "heat_by_meter")), one.heat_by_meter.value, -1.0)
    balance.free += _own_pair(one, limits)
    return _daily(record, balance, f"two_readings {circuit[1]}", limits)


def _circulation(
    record: OperatingRecord, circuit: tuple[str, str], limits: GateLimits
) -> Equation | None:
    """Difference of a pair while water circulates and no unit runs."""
    one = getattr(record, circuit[0])[circuit[1]].isothermal_difference
    if one is None:
        return None
    pairs = {("offset", (*circuit, "supply")): 1.0, ("offset", (*circuit, "back")): -1.0}
    return _compared(record, one.value, pairs, f"circulation {circuit[1]}", "circulation", limits)


def _at_rest(
    record: OperatingRecord, circuit: tuple[str, str], limits: GateLimits
) -> Equation | None:
    """Difference of a pair whose pipes have stood long enough to be at one temperature.

    Of one circuit only: pipes of a source rest at another temperature than those of the load.
    """
    one = getattr(record, circuit[0])[circuit[1]]
    if one.standstill_supply is None or one.standstill_back is None:
        return None
    hours = round(limits["rest_hours"])
    difference = _rested(one.standstill_supply.value - one.standstill_back.value, hours)
    pairs = {("offset", (*circuit, "supply")): 1.0, ("offset", (*circuit, "back")): -1.0}
    return _compared(record, difference, pairs, f"at_rest {circuit[1]}", "rest", limits)


def _rested(value: Floats, hours: int) -> Floats:
    """Values after at least some hours of rest without a break, nan elsewhere, shape (n,)."""
    known = np.isfinite(value)
    place = np.arange(value.size)
    last = np.maximum.accumulate(np.where(known, -1, place))
    return np.where(known & (place - last > hours), value, np.nan)


def _compared(
    record: OperatingRecord,
    hourly: Floats,
    pairs: Mapping[tuple[str, Key], float],
    name: str,
    rule: str,
    limits: GateLimits,
) -> Equation | None:
    """Daily means of a difference of two temperatures, K."""
    count = by_day(record, np.isfinite(hourly).astype(float))
    enough = count >= 1.0
    if np.count_nonzero(enough) < limits["fewest_days"]:
        return None
    value = np.divide(by_day(record, hourly), count, out=np.full(count.size, np.nan), where=enough)
    patterns: dict[Label, Floats] = {("offset", key): np.where(enough, sign, np.nan)
                                     for (_, key), sign in pairs.items()}  # fmt: skip
    spread = np.full(count.size, limits[f"{rule}_scatter"])
    return Equation(name, value, patterns, spread, memory=limits[f"{rule}_memory"],
                    free=(np.full(count.size, limits[f"{rule}_tolerance"]),))  # fmt: skip
