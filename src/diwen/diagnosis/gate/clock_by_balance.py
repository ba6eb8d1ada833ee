"""A clock that is wrong, by the hourly balances: they close only when all readings are of one hour.

Every reading is moved against the others by whole hours; a balance whose ups and downs get clearly
smaller says that its clock is wrong. Works for temperatures and flows too, which enter through the
heat that follows from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from diwen.diagnosis.gate.channel_access import Key, channel, heat_capacity_of_flow
from diwen.diagnosis.gate.clock_shift import ClockShift
from diwen.diagnosis.gate.instrument_patterns import (
    hidden_machines,
    hours_of_one_kind,
    uncovered_units,
)
from diwen.diagnosis.record.operating_record import CircuitRecord, Floats, OperatingRecord

# Hours in which a reading must change so that its clock is judged.
_FEWEST = 48
_MOST_OF_TEMPERATURES = 3
# Shifts of summer time and time zones beside; others need this many times the gain.
_USUAL, _OF_MANY = 2, 3.0
# Times the median of what a balance leaves that one hour counts at most.
_LONE = 5.0


@dataclass(frozen=True, eq=False)
class HourlyBalance:
    """A sum of terms that is small in every hour.

    Attributes
    ----------
    terms : W, with their signs, shape (n,) each
    moved : channel -> the term it enters and that term with the channel moved by hours
    """

    terms: dict[str, Floats]
    moved: dict[Key, tuple[str, Callable[[int], Floats]]]


def balance_shift(record: OperatingRecord, most: int, gain: float) -> ClockShift | None:
    """The point whose clock is most clearly wrong, if any.

    Parameters
    ----------
    most : largest shift that is looked for, hours
    gain : share by which the ups and downs of a balance must get smaller
    """
    best: tuple[float, ClockShift] | None = None
    for balance in _balances(record):
        for key in balance.moved:
            found = _of_channel(record, balance, key, most)
            if found is None:
                continue
            # The day repeats itself: a shift of many hours must explain more.
            needed = gain if abs(found[1].hours) <= _USUAL else _OF_MANY * gain
            if found[0] < 1.0 - needed and (best is None or found[0] < best[0]):
                best = found
    return None if best is None else best[1]


def _of_channel(
    record: OperatingRecord, balance: HourlyBalance, key: Key, most: int
) -> tuple[float, ClockShift] | None:
    """Ups and downs of a balance with a channel moved, against those as recorded."""
    held = channel(record, key)
    if held is None or len(held.points) != 1:
        return None
    term, moving = balance.moved[key]
    rest = np.sum([part for name, part in balance.terms.items() if name != term], axis=0)
    rest = np.diff(rest)
    as_read = np.diff(moving(0))
    # Hours in which nothing happens tell nothing.
    mixed = ~hours_of_one_kind(record)
    active = np.isfinite(rest + as_read) & ~(mixed[1:] | mixed[:-1])
    active &= np.abs(as_read) > 0.05 * np.nanmax(np.abs(as_read), initial=0.0)
    least = max(_FEWEST, 0.3 * np.count_nonzero(active))
    if key[2] in ("supply", "back"):
        # Records at standstill come between: what is left of many hours is chance.
        most = min(most, _MOST_OF_TEMPERATURES)
    best, found = 1.0, 0
    for lag in (one for one in range(-most, most + 1) if one):
        moved = np.diff(moving(lag))
        # Each shift beside the readings as they are, in the hours that both know.
        both = active & np.isfinite(moved)
        if np.count_nonzero(both) >= least:
            cap = _LONE * _usual(rest[both], as_read[both])
            ratio = (_left(rest[both], moved[both], cap)
                     / _left(rest[both], as_read[both], cap))  # fmt: skip
            best, found = (ratio, lag) if ratio < best else (best, found)
    if found == 0:
        return None
    return best, ClockShift(held.points[0], found, 1.0 - best, 0.0)


def _unexplained(rest: Floats, term: Floats) -> Floats:
    """Changes of a balance with a wrong factor of the term set right first, absolute, (n,)."""
    # The median: one hour that is wrong by far must not make the factor.
    large = np.abs(term) > 0.5 * float(np.median(np.abs(term)))
    factor = float(np.median(-rest[large] / term[large])) if large.any() else 1.0
    return np.asarray(np.abs(rest + np.clip(factor, 0.3, 3.0) * term))


def _usual(rest: Floats, term: Floats) -> float:
    return float(np.median(_unexplained(rest, term)))


def _left(rest: Floats, term: Floats, cap: float) -> float:
    """What is left of the changes of a balance; an hour that stands alone counts no more than cap.

    A value that was held over an outage makes one hour wrong by more than all others together.
    """
    return max(float(np.sum(np.minimum(_unexplained(rest, term), cap))), 1e-9)


def has_balance(record: OperatingRecord) -> bool:
    """Whether clocks can be judged by a balance."""
    return next(_balances(record), None) is not None


def _balances(record: OperatingRecord) -> Iterator[HourlyBalance]:
    first = _first_law(record)
    if first is not None:
        yield first
    for group in ("sources", "circuits"):
        for name in getattr(record, group):
            two = _two_readings(record, (group, name))
            if two is not None:
                yield two


def _first_law(record: OperatingRecord) -> HourlyBalance | None:
    metered = {name: one for name, one in record.sources.items() if one.units}
    circuits = (*metered.values(), *record.circuits.values())
    if not metered or not record.circuits or not record.units or uncovered_units(record):
        return None
    if any(one.heat is None for one in circuits) or hidden_machines(record) or record.backups:
        return None
    if any(one.power is None for one in record.units.values()):
        return None
    balance = HourlyBalance({}, {})
    for name in record.circuits:
        _add_heat(balance, record, ("circuits", name), -1.0 if name == "cooling" else 1.0)
    for name in metered:
        _add_heat(balance, record, ("sources", name), -1.0)
    for name, unit in record.units.items():
        assert unit.power is not None
        _add(balance, ("units", name, "power"), unit.power.value, -1.0)
    return balance


def _two_readings(record: OperatingRecord, pair: tuple[str, str]) -> HourlyBalance | None:
    circuit: CircuitRecord = getattr(record, pair[0])[pair[1]]
    if circuit.heat_by_flow is None or circuit.heat_by_meter is None or hidden_machines(record):
        return None
    balance = HourlyBalance({}, {})
    _add(balance, (*pair, "heat_by_meter"), circuit.heat_by_meter.value, 1.0)
    _add_by_flow(balance, circuit, pair, -1.0)
    return balance


def _add(balance: HourlyBalance, key: Key, value: Floats, sign: float) -> None:
    name = "/".join(key)
    balance.terms[name] = sign * value
    balance.moved[key] = (name, lambda lag: sign * _earlier(value, lag))


def _add_heat(
    balance: HourlyBalance, record: OperatingRecord, pair: tuple[str, str], sign: float
) -> None:
    circuit: CircuitRecord = getattr(record, pair[0])[pair[1]]
    if circuit.heat_by_meter is not None:
        _add(balance, (*pair, "heat_by_meter"), circuit.heat_by_meter.value, sign)
    else:
        _add_by_flow(balance, circuit, pair, sign)


def _add_by_flow(
    balance: HourlyBalance, circuit: CircuitRecord, pair: tuple[str, str], sign: float
) -> None:
    assert circuit.heat_by_flow is not None
    name = "/".join((*pair, "heat_by_flow"))
    balance.terms[name] = sign * circuit.heat_by_flow.value
    capacity = heat_capacity_of_flow(circuit)
    parts = (circuit.flow, circuit.supply, circuit.back)
    if any(part is None for part in parts) or not np.isfinite(capacity):
        return
    flow, supply, back = (part.value for part in parts if part is not None)
    capacity *= -sign if pair[1] == "cooling" else sign

    def heat(volume: Floats, first: Floats, second: Floats) -> Floats:
        return np.where(volume == 0.0, 0.0, capacity * volume * (first - second))

    balance.moved[(*pair, "flow")] = (name, lambda lag: heat(_earlier(flow, lag), supply, back))
    balance.moved[(*pair, "supply")] = (name, lambda lag: heat(flow, _earlier(supply, lag), back))
    balance.moved[(*pair, "back")] = (name, lambda lag: heat(flow, supply, _earlier(back, lag)))


def _earlier(value: Floats, hours: int) -> Floats:
    """Values as they were recorded some hours later, shape (n,)."""
    found = np.roll(value, -hours)
    if hours > 0:
        found[-hours:] = np.nan
    elif hours < 0:
        found[:-hours] = np.nan
    return found
