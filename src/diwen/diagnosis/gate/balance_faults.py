"""Faulty instruments by the balances of a plant, one after the other, and the record put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.gate.channel_access import (
    Key,
    by_day,
    channel,
    day_places,
    days,
    with_channels,
)
from diwen.diagnosis.gate.correction import (
    without_common_factor,
    without_factor,
    without_offset,
    without_points,
)
from diwen.diagnosis.gate.instrument_comparison import (
    ErrorShape,
    Suspect,
    in_time,
    suspects,
)
from diwen.diagnosis.gate.instrument_patterns import ALL_POWER, Equation, Label, equations
from diwen.diagnosis.gate.instrument_priors import priors_of
from diwen.diagnosis.gate.limits_of_gate import GateLimits
from diwen.diagnosis.gate.pair_drift_patterns import (
    pair_equations,
    performance_equations,
)
from diwen.diagnosis.gate.what_jumped import jump, log_ratio_of_pair
from diwen.diagnosis.record.operating_record import Channel, Floats, OperatingRecord


@dataclass(frozen=True, eq=False)
class BalanceFault:
    """A faulty instrument, or several that cannot be told apart.

    Attributes
    ----------
    suspects : the most probable first; each of another instrument
    weights : probability of each, given that one of them is faulty
    probability : that one of them is faulty
    treatment : what was done to the record
    """

    suspects: tuple[Suspect, ...]
    weights: tuple[float, ...]
    probability: float
    treatment: str


def balance_faults(
    record: OperatingRecord, limits: GateLimits
) -> tuple[OperatingRecord, tuple[BalanceFault, ...], tuple[Equation, ...]]:
    """Look for faulty instruments until none is probable.

    Returns
    -------
    the record put right, the faults, and the equations of the record as it was given
    """
    found: list[BalanceFault] = []
    as_read = record
    first = given = (*equations(record, limits), *pair_equations(record, limits))
    priors = priors_of(record, given, limits)
    accepted: list[tuple[Label, ErrorShape, int]] = []
    helping = performance_equations(record, limits)
    for _ in range(round(limits["most_faults"])):
        fault = _fault(record, suspects(given, priors, accepted), limits)
        if fault is not None and any(_is_pair(one) for one in fault.suspects) and helping:
            # A redundancy is broken: now the units may tell which of its sensors it is.
            fault = _fault(record, _ranked_with(record, given, helping, accepted, limits), limits)
        if fault is None:
            break
        if not _believable(fault.suspects[0], limits):
            # Something that no instrument makes: nothing that was found before is sure either.
            return _doubtful(as_read, found), _doubted(found), first
        record, treatment = _treated(record, fault, limits)
        found.append(BalanceFault(fault.suspects, fault.weights, fault.probability, treatment))
        best = fault.suspects[0]
        accepted.append((best.label, best.shape, best.begin))
    if helping and not any(_is_pair(suspect) for one in found for suspect in one.suspects):
        found += _open_questions(_ranked_with(record, given, helping, accepted, limits), limits)
    return record, tuple(found), first


def _is_pair(one: Suspect) -> bool:
    """Whether both sensors of a source are wrong by the same."""
    return one.label[1][2] == "pair"


def _ranked_with(
    record: OperatingRecord, given: Sequence[Equation], helping: Sequence[Equation],
    accepted: Sequence[tuple[Label, ErrorShape, int]], limits: GateLimits,
) -> tuple[Suspect, ...]:  # fmt: skip
    """Suspects by the redundancies and by what a plant can change too."""
    both = (*given, *helping)
    return suspects(both, priors_of(record, both, limits), accepted)


def _open_questions(ranked: Sequence[Suspect], limits: GateLimits) -> list[BalanceFault]:
    """Pairs that may drift together though the records do not decide it."""
    return [
        BalanceFault((one,), (1.0,), min(one.probability, 0.49), "noted") for one in ranked
        if _is_pair(one) and one.probability >= limits["open_question"]
    ]  # fmt: skip


def _believable(one: Suspect, limits: GateLimits) -> bool:
    """Whether an instrument can be wrong by so much."""
    if one.label[0] != "scale" or one.shape == "drift":
        return True
    most = limits["largest_factor"]
    return 1.0 - most <= one.value <= 1.0 - 1.0 / most


def _doubted(found: Sequence[BalanceFault]) -> tuple[BalanceFault, ...]:
    return tuple(replace(one, probability=0.5, treatment="masked") for one in found)


def _doubtful(record: OperatingRecord, found: Sequence[BalanceFault]) -> OperatingRecord:
    for one in found:
        record = _masked(record, one)
    return record


def _fault(
    record: OperatingRecord, ranked: Sequence[Suspect], limits: GateLimits
) -> BalanceFault | None:
    """The most probable fault and its rivals; None where the healthy record is more probable."""
    if not ranked:
        return None
    total = sum(one.probability for one in ranked)
    if total < limits["probability"]:
        return None
    own = _by_instrument(ranked)
    weight = {label: sum(one.probability for one in ranked if one.label == label) for label in own}
    _weigh_by_jump(record, own, weight, limits)
    _weigh_by_rating(record, own, weight, limits)
    order = sorted(own, key=lambda label: -weight[label])
    kept = [label for label in order if weight[label] > limits["rival"] * weight[order[0]]]
    share = sum(weight[label] for label in kept)
    return BalanceFault(
        tuple(own[label] for label in kept), tuple(weight[label] / share for label in kept),
        total, "noted",
    )  # fmt: skip


def _by_instrument(ranked: Sequence[Suspect]) -> dict[Label, Suspect]:
    """The most probable shape of each instrument."""
    found: dict[Label, Suspect] = {}
    for one in ranked:
        found.setdefault(one.label, one)
    return found


def _weigh_by_jump(
    record: OperatingRecord, own: dict[Label, Suspect], weight: dict[Label, float],
    limits: GateLimits,
) -> None:  # fmt: skip
    """Tell supply from return where one of them jumped on the day the balance broke."""
    for label, one in own.items():
        other: Label = ("offset", (*label[1][:2], "back"))
        if label[0] != "offset" or label[1][2] != "supply" or other not in own:
            continue
        if one.shape != "step" or weight[label] + weight[other] < limits["probability"]:
            continue
        ratio = _jump_ratio(record, label[1], one, limits)
        both = weight[label] + weight[other]
        odds = weight[label] / max(weight[other], 1e-12) * np.exp(ratio)
        weight[label] = both * odds / (1.0 + odds)
        weight[other] = both / (1.0 + odds)


def _jump_ratio(record: OperatingRecord, key: Key, one: Suspect, limits: GateLimits) -> float:
    pair = [_daily_mean(record, (*key[:2], quantity)) for quantity in ("supply", "back")]
    circuit = getattr(record, key[0])[key[1]]
    drivers = []
    for held in (circuit.heat_by_meter, *_other_heats(record, key[0])):
        if held is not None:
            drivers.append(by_day(record, held.value) / 24.0)
    matrix = np.column_stack(drivers) if drivers else np.zeros((pair[0].size, 0))
    window = round(limits["jump_window"])
    first, second = (jump(value, matrix, one.begin, window) for value in pair)
    return log_ratio_of_pair(first, second, one.value, limits["jump_floor"], limits["log_cap"])


def _weigh_by_rating(
    record: OperatingRecord, own: dict[Label, Suspect], weight: dict[Label, float],
    limits: GateLimits,
) -> None:  # fmt: skip
    """Electricity by a factor, or all heat by another: the rated power of the units tells.

    By the balance alone they cannot be told apart. A unit at full load takes about its rated
    power; the electricity that each hypothesis calls true is held against it.
    """
    for label, one in own.items():
        if weight[label] < 1e-6 or one.shape == "drift":
            continue
        for name in record.units:
            of_power = label in (ALL_POWER, ("scale", ("units", name, "power")))
            true = np.log(max(1.0 - one.value, 0.05)) if of_power else 0.0
            weight[label] *= float(np.exp(_rating_ratio(record, name, true, limits)))


def _rating_ratio(
    record: OperatingRecord, name: str, correction: float, limits: GateLimits
) -> float:
    """Log-likelihood of the power at full load of a unit beside its rating, capped below."""
    unit, held = record.site.heat_pumps.get(name), record.units[name].power
    if unit is None or held is None:
        return 0.0
    ratings = [value for value in (unit.rated_heating_power, unit.rated_cooling_power) if value]
    some = held.value[held.valid & (held.value > 0.0)]
    if not ratings or some.size < 48:
        return 0.0
    read = float(np.quantile(some, 0.98)) / (max(ratings) * unit.count)
    off = (np.log(max(read, 1e-3)) + correction) / limits["rated_scatter"]
    # A unit that never runs at full load takes less, so too little says little.
    off = off if off > 0.0 else 0.5 * off
    return float(max(-0.5 * off**2, -limits["log_cap"]))


def _other_heats(record: OperatingRecord, group: str) -> list[Channel | None]:
    """Heats of the other side and electricity: what moves the temperatures, read by others."""
    other = record.circuits if group == "sources" else record.sources
    return [one.heat for one in other.values()][:2]


def _daily_mean(record: OperatingRecord, key: Key) -> Floats:
    held = channel(record, key)
    if held is None:
        return np.full(len(days(record)), np.nan)
    count = by_day(record, held.valid.astype(float))
    return np.divide(by_day(record, held.value), count, out=np.full(count.size, np.nan),
                     where=count > 0.0)  # fmt: skip


def hourly(record: OperatingRecord, one: Suspect) -> Floats:
    """The error of a suspect in every hour, shape (n,)."""
    return one.value * in_time(one.shape, one.begin, len(days(record)))[day_places(record)]


def _treated(
    record: OperatingRecord, fault: BalanceFault, limits: GateLimits
) -> tuple[OperatingRecord, str]:
    best = fault.suspects[0]
    kinds = {one.label[0] for one in fault.suspects}
    circuits = {one.label[1][:2] for one in fault.suspects}
    if kinds == {"boundary"} and len(fault.suspects) == 1:
        return _without_pump(record, best), "corrected"
    if kinds == {"offset"} and best.label[1][2] == "pair":
        return _without_common_drift(record, fault, limits)
    if kinds == {"offset"} and len(circuits) == 1:
        return _without_offset(record, fault, limits)
    single = len(fault.suspects) == 1
    size = _size(record, best)
    if single and best.label[0] == "scale" and size <= limits["corrected_within"]:
        error, key = hourly(record, best), best.label[1]
        if key[0] == "all":
            return without_common_factor(record, key[1], error, size), "corrected"
        return without_factor(record, key, error, size), "corrected"
    return _masked(record, fault), "masked"


def _size(record: OperatingRecord, one: Suspect) -> float:
    """Standard uncertainty of an error at the end of the record."""
    years = (len(days(record)) - one.begin) / 365.0 if one.shape == "drift" else 1.0
    return one.deviation * years


def _without_offset(
    record: OperatingRecord, fault: BalanceFault, limits: GateLimits
) -> tuple[OperatingRecord, str]:
    """Each sensor of the pair is put right by its share of the probability.

    Their difference is then right whichever it was; what is unknown goes to the uncertainty of
    each temperature.
    """
    best = fault.suspects[0]
    pair = best.label[1][:2]
    difference = _size(record, best)
    if difference > limits["corrected_within_offset"]:
        return _masked(record, fault), "masked"
    share = {one.label[1][2]: part for one, part in zip(fault.suspects, fault.weights, strict=True)}
    course = hourly(record, best) * (1.0 if best.label[1][2] == "supply" else -1.0)
    first = share.get("supply", 0.0)
    size = float(np.max(np.abs(course)))
    own = float(np.hypot(difference, size * np.sqrt(first * (1.0 - first))))
    errors = {"supply": first * course, "back": -(1.0 - first) * course}
    return without_offset(record, pair, errors, own, difference), "corrected"


def _without_common_drift(
    record: OperatingRecord, fault: BalanceFault, limits: GateLimits
) -> tuple[OperatingRecord, str]:
    """Both temperatures put right by the same; the heat stays as it is."""
    best, size = fault.suspects[0], _size(record, fault.suspects[0])
    if len(fault.suspects) > 1 or size > limits["corrected_within_offset"]:
        return record, "noted"
    course = hourly(record, best)
    # How the performance follows the water is known for machines in general only.
    size = float(np.hypot(size, limits["slope_uncertainty"] * np.max(np.abs(course))))
    errors = {"supply": course, "back": course}
    return without_offset(record, best.label[1][:2], errors, size, 0.0), "corrected"


def _without_pump(record: OperatingRecord, one: Suspect) -> OperatingRecord:
    """Electricity of the units less the pump that their meter covers too."""
    pump = record.pumps[one.label[1][1]].power
    powers = {name: unit.power for name, unit in record.units.items() if unit.power is not None}
    total = np.sum([held.value for held in powers.values()], axis=0)
    changed = {}
    for name, held in powers.items():
        share = np.divide(held.value, total, out=np.zeros(total.size), where=total > 0.0)
        assert pump is not None
        less = held.value - share * pump.value * hourly(record, one)
        changed[("units", name, "power")] = replace(held, value=np.maximum(less, 0.0))
    return with_channels(record, changed)


def _masked(record: OperatingRecord, fault: BalanceFault) -> OperatingRecord:
    """What may be wrong is not used in the days in which it may be wrong."""
    for one in fault.suspects:
        if one.label[0] != "boundary":
            hours: NDArray[np.bool_] = day_places(record) >= one.begin_low
            record = without_points(record, points_of_label(record, one), hours)
    return record


def points_of_label(record: OperatingRecord, one: Suspect) -> tuple[str, ...]:
    """Points whose error a suspect is."""
    key = one.label[1]
    if key[2] == "pair":
        circuit = record.sources[key[1]]
        both = [part.points for part in (circuit.supply, circuit.back) if part is not None]
        return tuple(id for points in both for id in points)
    if key[0] != "all":
        found = channel(record, key)
        return () if found is None else found.points
    if key[1] == "power":
        held = [unit.power for unit in record.units.values()]
    else:
        circuits = (*record.sources.values(), *record.circuits.values())
        held = [part for one in circuits for part in (one.heat_by_meter, one.flow)]
    names = dict.fromkeys(id for part in held if part is not None for id in part.points)
    return tuple(names)
