"""Supply and return in each other's place: heat with the wrong sign."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.gate.channel_access import day_places, days
from diwen.diagnosis.record.operating_record import CircuitRecord, Floats, OperatingRecord


@dataclass(frozen=True, eq=False)
class SwappedPair:
    """A circuit whose two temperatures are swapped.

    Attributes
    ----------
    pair : group and name of the circuit
    first, last : places of the days of the stretch (the last one belongs to it)
    share : of the judged hours whose sign is wrong there
    log_ratio : natural logarithm of the likelihood ratio of the signs, swapped against not
    """

    pair: tuple[str, str]
    first: int
    last: int
    share: float
    log_ratio: float


def expected_signs(record: OperatingRecord, pair: tuple[str, str]) -> Floats:
    """Sign of the heat that each circuit must have by what else is known, 0 unknown, shape (n,).

    Source: by the load meters and the electricity (a unit that heats extracts), by the mode.
    Load: by the mode, by the source side.
    """
    n = len(record)
    sign = np.zeros(n)
    if record.mode is not None:
        mode = record.mode.value
        sign = np.where(mode == 1.0, 1.0, np.where(mode == 2.0, -1.0, 0.0))
    if pair[1] in ("hot_water", "cooling") and pair[0] == "circuits":
        # These circuits have one direction whatever the mode is.
        return np.ones(n)
    if pair[0] == "sources":
        loads = _net_load(record)
        electricity = _electricity(record)
        if loads is not None and electricity is not None:
            by_balance = np.sign(np.where(loads > 0.0, loads - electricity, loads))
            clear = np.abs(loads) > 2.0 * electricity
            sign = np.where(sign != 0.0, sign, np.where(clear, by_balance, 0.0))
    return sign


def _net_load(record: OperatingRecord) -> Floats | None:
    parts = []
    for name, one in record.circuits.items():
        if one.heat_by_meter is None:
            return None
        parts.append((-1.0 if name == "cooling" else 1.0) * one.heat_by_meter.value)
    return np.sum(parts, axis=0) if parts else None


def _electricity(record: OperatingRecord) -> Floats | None:
    if not record.units or any(one.power is None for one in record.units.values()):
        return None
    return np.sum([one.power.value for one in record.units.values() if one.power], axis=0)


def swapped_pairs(
    record: OperatingRecord, group: str, wrong_rate: float, least: float, smallest: float
) -> tuple[SwappedPair, ...]:
    """Circuits whose supply and return are swapped, at least on the days of one stretch.

    Parameters
    ----------
    group : ``circuits`` or ``sources``: the load side is judged first, because the direction of a
        source follows from it where the mode does not tell
    wrong_rate : of hours with a wrong sign in a healthy plant (change-over, part hours)
    least : days that such a stretch lasts
    smallest : K below which a difference has no sign
    """
    found = []
    for name, circuit in getattr(record, group).items():
        one = _judged(record, (group, name), circuit, wrong_rate, least, smallest)
        if one is not None:
            found.append(one)
    return tuple(found)


def _judged(
    record: OperatingRecord,
    pair: tuple[str, str],
    circuit: CircuitRecord,
    wrong_rate: float,
    least: float,
    smallest: float,
) -> SwappedPair | None:
    if circuit.supply is None or circuit.back is None:
        return None
    difference = circuit.supply.value - circuit.back.value
    if pair == ("circuits", "cooling"):
        difference = -difference
    sign = expected_signs(record, pair)
    usable = np.isfinite(difference) & (np.abs(difference) > smallest) & (sign != 0.0)
    usable &= _units_run(record)
    if pair[0] == "sources":
        usable &= ~_mixed(record)
    wrong = usable & (np.sign(difference) != sign)
    stretch = _worst_stretch(record, usable, wrong, wrong_rate)
    if stretch is None:
        return None
    first, last, ratio = stretch
    place = day_places(record)
    inside = (place >= first) & (place <= last)
    if np.unique(place[wrong & inside]).size < least:
        return None
    count = int(np.count_nonzero(usable & inside))
    share = int(np.count_nonzero(wrong & inside)) / max(count, 1)
    # A load circuit that heats in the one and cools in the other mode is judged in both.
    if share < 0.8:
        return None
    return SwappedPair(pair, first, last, float(share), ratio)


def _units_run(record: OperatingRecord) -> NDArray[np.bool_]:
    """Hours in which units run a good part of the time; all where nothing tells."""
    power = _electricity(record)
    if power is None or not np.any(power > 0.0):
        return np.ones(len(record), dtype=bool)
    return np.asarray(power > 0.2 * float(np.nanquantile(power[power > 0.0], 0.9)))


def _mixed(record: OperatingRecord) -> NDArray[np.bool_]:
    """Hours in which heat and cold are made at once: the source may go either way."""
    cold = record.circuits.get("cooling")
    if cold is None or cold.heat is None:
        return np.zeros(len(record), dtype=bool)
    return ~(np.nan_to_num(cold.heat.value) <= 0.0)


def _worst_stretch(
    record: OperatingRecord, usable: NDArray[np.bool_], wrong: NDArray[np.bool_], rate: float
) -> tuple[int, int, float] | None:
    """The days whose signs speak most for a swap (largest sum of log-likelihood ratios).

    One day counts as one statement: the hours of a day hang together.
    """
    place, count = day_places(record), len(days(record))
    judged = np.bincount(place[usable], minlength=count)
    bad = np.bincount(place[wrong], minlength=count)
    share = np.divide(bad, judged, out=np.full(count, np.nan), where=judged > 0)
    one = np.log((1.0 - rate) / rate)
    score = np.nan_to_num((2.0 * share - 1.0) * one)
    total = np.concatenate([[0.0], np.cumsum(score)])
    lowest = np.minimum.accumulate(total[:-1])
    gain = total[1:] - lowest
    last = int(np.argmax(gain))
    if gain[last] <= one * 2.0:
        return None
    first = int(np.argmin(total[: last + 1]))
    return first, last, float(gain[last])
