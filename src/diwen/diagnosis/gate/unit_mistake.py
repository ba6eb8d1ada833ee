"""Readings in another unit than points.csv says: off by a thousand, by 3600, by 277.8 …

A reading that is far from what the machines of the site can do is suspected; which unit it is in is
told by the balance with the readings that are believable, else by the design magnitude itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diwen.diagnosis.finding import Evidence, SensorFinding
from diwen.diagnosis.gate import gate_words as words
from diwen.diagnosis.gate.channel_access import Key, channel
from diwen.diagnosis.gate.correction import without_factor, without_points
from diwen.diagnosis.gate.limits_of_gate import GateLimits
from diwen.diagnosis.record.operating_record import CircuitRecord, Floats, OperatingRecord
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.twin.deviations_plant import TwinInputs

# Conversions of units that are taken for each other, larger over smaller.
_FACTORS: Mapping[float, Text] = {
    1000.0: words.UNIT_THOUSAND,
    1e6: words.UNIT_MILLION,
    3600.0: words.UNIT_SECONDS,
    60.0: words.UNIT_MINUTES,
    1000.0 / 3.6: words.UNIT_JOULES,
    1000.0 / 60.0: words.UNIT_LITRES,
}
_WATER = 4.18e6  # J/(m³ K)
_USUAL_DIFFERENCE = 5.0  # K; only to see that a flow is absurd
_SEEN = 0.98  # quantile of a reading beside the rating
_FEWEST = 48


@dataclass(frozen=True, eq=False)
class _Reading:
    """A reading beside what the design makes of it.

    Attributes
    ----------
    key : channel
    heat : the channel that enters the balance with it
    size : large reading over the design magnitude
    exact : whether the design magnitude is that of this very reading
    """

    key: Key
    heat: Key
    size: float
    exact: bool


def unit_mistakes(
    record: OperatingRecord, inputs: TwinInputs | None, limits: GateLimits
) -> tuple[OperatingRecord, list[SensorFinding]]:
    """Look for readings in a wrong unit, and put them right where the first law decides.

    Parameters
    ----------
    record : as it was read
    inputs : of the design twin, or None: ratings of the site only

    Returns
    -------
    the record (the same object where nothing is found) and a finding for each reading
    """
    far = limits["largest_factor"]
    absurd = [one for one in _readings(record, inputs) if not 1.0 / far <= one.size <= far]
    if not absurd:
        return record, []
    wrong = {key for one in absurd for key in (one.key, one.heat)}
    found = []
    for one in absurd:
        by_balance = _nearest(_by_balance(record, one, wrong), limits)
        factor = by_balance
        if factor is None and not _balanced(record, one, wrong, limits) and one.exact:
            factor = _nearest(one.size, limits)
        if factor is not None:
            found.append((one, factor, by_balance is not None))
    return _treated(record, found, limits)


def _treated(
    record: OperatingRecord, found: list[tuple[_Reading, float, bool]], limits: GateLimits
) -> tuple[OperatingRecord, list[SensorFinding]]:
    """Put right where the balance says the factor, or closes with all of them put right."""
    right = record
    for one, factor, _ in found:
        error = np.full(len(record), 1.0 - 1.0 / factor)
        right = without_factor(right, one.key, error, 0.0)
    closes = _closes(right, limits)
    findings = []
    for one, factor, by_balance in found:
        held = channel(record, one.key)
        assert held is not None
        sure = by_balance or (closes and one.key[0] != "pumps")
        if not sure:
            right = without_points(right, held.points, np.ones(len(record), dtype=bool))
        text = words.UNIT_MISTAKE.format(
            points=", ".join(held.points), factor=f"{factor:.4g}", unit=_unit(factor)
        )
        fact = Evidence(text, 5.0, held.points)
        findings.append(SensorFinding(
            "scale", held.points, factor, 0.0, None, None, limits["impossible_probability"],
            (fact,), "corrected" if sure else "masked", text,
        ))  # fmt: skip
    return right, findings


def _unit(factor: float) -> Text:
    return next(text for known, text in _FACTORS.items()
                if np.isclose(max(factor, 1.0 / factor), known))  # fmt: skip


def _nearest(ratio: float, limits: GateLimits) -> float | None:
    """The usual factor that a ratio is near to, None: none."""
    if not (np.isfinite(ratio) and ratio > 0.0):
        return None
    known = np.array([*_FACTORS, *(1.0 / one for one in _FACTORS)])
    away = np.abs(np.log(known / ratio))
    best = int(np.argmin(away))
    within = float(np.log1p(limits["unit_mistake_within"]))
    return float(known[best]) if away[best] <= within else None


def _readings(record: OperatingRecord, inputs: TwinInputs | None) -> list[_Reading]:
    """All powers, heats and flows whose magnitude the design tells."""
    found: list[_Reading | None] = []
    capacity = 0.0
    for name in record.units:
        power, most = _ratings(record, name)
        capacity += most
        key: Key = ("units", name, "power")
        found.append(_reading(record, key, key, power, True))
    flows, pumps = _design_flows(inputs), _pump_powers(inputs)
    for name in record.pumps:
        key = ("pumps", name, "power")
        found.append(_reading(record, key, key, pumps.get(name, 0.0), True))
    for group in ("sources", "circuits"):
        for name in getattr(record, group):
            meter: Key = (group, name, "heat_by_meter")
            found.append(_reading(record, meter, meter, capacity, False))
            key, heat = (group, name, "flow"), (group, name, "heat_by_flow")
            flow = flows.get(name, 0.0) if group == "sources" else 0.0
            usual = capacity / (_WATER * _USUAL_DIFFERENCE)
            found.append(_reading(record, key, heat, flow or usual, flow > 0.0))
    return [one for one in found if one is not None]


def _reading(
    record: OperatingRecord, key: Key, heat: Key, design: float, exact: bool
) -> _Reading | None:
    held = channel(record, key)
    if held is None or design <= 0.0:
        return None
    size = np.abs(held.value[held.valid])
    some = size[size > 0.02 * float(np.quantile(size, _SEEN))] if size.size else size
    if some.size < _FEWEST:
        return None
    return _Reading(key, heat, float(np.quantile(some, _SEEN)) / design, exact)


def _ratings(record: OperatingRecord, name: str) -> tuple[float, float]:
    """Largest power and capacity of a unit, W; 0 where not known."""
    unit = record.site.heat_pumps.get(name)
    if unit is None:
        return 0.0, 0.0
    power = max(unit.rated_heating_power or 0.0, unit.rated_cooling_power or 0.0)
    most = max(unit.rated_heating_capacity or 0.0, unit.rated_cooling_capacity or 0.0)
    return power * unit.count, most * unit.count


def _design_flows(inputs: TwinInputs | None) -> dict[str, float]:
    """Design flow of each source loop, m³/s."""
    loops = () if inputs is None else inputs.station.source_loops
    return {loop.name: max((one.design_flow for one in loop.pumps), default=0.0)
            for loop in loops}  # fmt: skip


def _pump_powers(inputs: TwinInputs | None) -> dict[str, float]:
    """Largest electric power of each group of pumps, W."""
    if inputs is None:
        return {}
    groups = [one for loop in inputs.station.source_loops for one in loop.pumps]
    groups += [one for loop in inputs.station.load_loops for one in loop.pumps]
    return {one.name: float(np.max(one.power)) for one in groups}


def _heat(record: OperatingRecord, group: str, name: str, wrong: set[Key]) -> Floats | None:
    """Heat of a circuit by a reading that is believable, W, heat of the load positive."""
    circuit: CircuitRecord = getattr(record, group)[name]
    sign = -1.0 if name == "cooling" and group == "circuits" else 1.0
    for quantity in ("heat_by_meter", "heat_by_flow"):
        held = getattr(circuit, quantity)
        if held is not None and (group, name, quantity) not in wrong:
            return np.asarray(sign * held.value)
    return None


def _by_balance(record: OperatingRecord, one: _Reading, wrong: set[Key]) -> float:
    """A reading over what the believable ones make of it; nan: they do not say."""
    group, name, _ = one.key
    held = channel(record, one.heat)
    if held is None or group == "pumps":
        return float("nan")
    if group == "units":
        alike = [key for key in wrong if key[0] == "units"]
        value = np.sum([part.value for key in alike
                        if (part := channel(record, key)) is not None], axis=0)  # fmt: skip
        return _ratio(value, _implied(record, "units", "", wrong))
    other = _heat(record, group, name, wrong)
    if other is not None:
        return _ratio(np.abs(held.value), np.abs(other))
    implied = _implied(record, group, name, wrong)
    return _ratio(np.abs(held.value), None if implied is None else np.abs(implied))


def _implied(record: OperatingRecord, group: str, name: str, wrong: set[Key]) -> Floats | None:
    """What the first law makes of one term (of ``units``: those that are wrong), W."""
    total = np.zeros(len(record))
    for side, sign in (("circuits", 1.0), ("sources", -1.0)):
        for other in getattr(record, side):
            if (side, other) == (group, name):
                continue
            heat = _heat(record, side, other, wrong)
            if heat is None:
                return None
            total = total + sign * heat
    for id, machine in record.units.items():
        if ("units", id, "power") in wrong and group == "units":
            continue
        if machine.power is None or ("units", id, "power") in wrong:
            return None
        total = total - machine.power.value
    return total if group in ("sources", "units") else -total


def _ratio(value: Floats, implied: Floats | None) -> float:
    """Sum over sum in the hours in which both are known."""
    if implied is None:
        return float("nan")
    both = np.isfinite(value) & np.isfinite(implied)
    total = float(implied[both].sum())
    if np.count_nonzero(both) < _FEWEST or total <= 0.0:
        return float("nan")
    return float(value[both].sum()) / total


def _balanced(record: OperatingRecord, one: _Reading, wrong: set[Key], limits: GateLimits) -> bool:
    """Whether believable readings say that it is right though it is far from the design."""
    ratio, far = _by_balance(record, one, wrong), limits["largest_factor"]
    return bool(np.isfinite(ratio) and 1.0 / far <= ratio <= far)


def _closes(record: OperatingRecord, limits: GateLimits) -> bool:
    """Whether the first law closes with all readings."""
    for name, circuit in record.circuits.items():
        if circuit.heat is None:
            continue
        implied = _implied(record, "circuits", name, set())
        within = limits["unit_mistake_within"]
        if implied is not None:
            ratio = _ratio(np.abs(circuit.heat.value), np.abs(implied))
            return bool(abs(ratio - 1.0) <= within)
    return False
