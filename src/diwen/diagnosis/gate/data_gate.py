"""The data gate: instruments are judged, and the record put right, before the plant is judged.

In this order, because each hides the next: readings in a wrong unit, readings that cannot be,
pairs that are swapped, values that stand still, clocks, and then the balances, in which every
faulty instrument leaves its own pattern; last, heat that cannot be.
The record that comes out is a new one; a record in which nothing is found comes out as it went in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from diwen.diagnosis.finding import Case, NotJudged, SensorFinding
from diwen.diagnosis.gate import gate_findings, gate_words
from diwen.diagnosis.gate.balance_faults import balance_faults
from diwen.diagnosis.gate.channel_access import channel, day_places
from diwen.diagnosis.gate.clock_by_balance import balance_shift, has_balance
from diwen.diagnosis.gate.clock_shift import clock_shifts, keys_of_point
from diwen.diagnosis.gate.correction import (
    shifted,
    signed_by_flow,
    swapped_back,
    without_points,
)
from diwen.diagnosis.gate.impossible_readings import impossible_hours
from diwen.diagnosis.gate.instrument_patterns import Equation
from diwen.diagnosis.gate.limits_of_gate import GateLimits
from diwen.diagnosis.gate.physical_bounds import days_above_carnot, impossible_heat_hours
from diwen.diagnosis.gate.repeated_values import outages, stuck
from diwen.diagnosis.gate.swapped_pair import swapped_pairs
from diwen.diagnosis.gate.unit_mistake import unit_mistakes
from diwen.diagnosis.record.operating_record import CircuitRecord, OperatingRecord
from diwen.language import Text

Found = tuple[OperatingRecord, list[SensorFinding]]
Rule = Callable[[OperatingRecord, GateLimits], Found]
_PARAMETER = "sensors"


def data_gate(case: Case) -> tuple[Case, tuple[SensorFinding, ...], tuple[NotJudged, ...]]:
    """Judge the instruments of a case.

    Parameters
    ----------
    case : with the record as it was read

    Returns
    -------
    the case with a record that is corrected and masked and with the findings in it; the findings;
    what could not be checked and which points are missing. A record in which nothing is to be put
    right is the same object.
    """
    limits = GateLimits()
    record, findings = case.record, []
    if len(record) == 0:
        return case, (), ()
    record, found = unit_mistakes(record, case.inputs, limits)
    findings += found
    for rule in _RULES:
        record, found = rule(record, limits)
        findings += found
    record, faults, equations = balance_faults(record, limits)
    findings += [gate_findings.of_balance(record, one, equations) for one in faults]
    for rule in _RULES_AFTER:
        record, found = rule(record, limits)
        findings += found
    corrected = case if record is case.record else replace(case, record=record)
    if findings:
        corrected = replace(corrected, sensors=(*case.sensors, *findings))
    return corrected, tuple(findings), _not_judged(case.record, equations)


def _swapped(record: OperatingRecord, limits: GateLimits) -> Found:
    found = []
    for group in ("circuits", "sources"):
        for one in swapped_pairs(record, group, limits["swap_wrong_rate"], limits["swap_days"],
                                 limits["swap_difference"]):  # fmt: skip
            found.append(gate_findings.of_swap(record, one))
            place = day_places(record)
            hours = (place >= one.first) & (place <= one.last)
            record = signed_by_flow(swapped_back(record, one.pair, hours), one.pair)
    return record, found


def _impossible(record: OperatingRecord, limits: GateLimits) -> Found:
    found = []
    for points, hours in impossible_hours(record, limits).items():
        place = np.flatnonzero(hours)
        stretch = int(place[0]), int(place[-1]) + 1
        form = gate_words.IMPOSSIBLE
        found.append(
            gate_findings.of_stretch(record, "range", points, stretch, place.size, form, "masked")
        )
        record = without_points(record, points, hours)
    return record, found


def _stuck(record: OperatingRecord, limits: GateLimits) -> Found:
    found, seen = [], set()
    hours = round(limits["stuck_hours"])
    for key, stretches in stuck(record, hours, limits["partner_change"]).items():
        held = channel(record, key)
        assert held is not None
        for stretch in stretches:
            if (held.points, stretch) in seen:
                continue
            seen.add((held.points, stretch))
            count = int(np.count_nonzero(held.valid[slice(*stretch)]))
            found.append(
                gate_findings.of_stretch(
                    record, "stuck", held.points, stretch, count, gate_words.STUCK, "masked"
                )
            )
            place = np.arange(len(record))
            inside = (place >= stretch[0]) & (place < stretch[1])
            record = without_points(record, held.points, inside)
    return record, found


def _outages(record: OperatingRecord, limits: GateLimits) -> Found:
    found, seen = [], set()
    for key, stretches in outages(record, round(limits["outage_hours"])).items():
        held = channel(record, key)
        assert held is not None
        for stretch in stretches:
            if (held.points, stretch) not in seen:
                seen.add((held.points, stretch))
                found.append(gate_findings.of_stretch(
                    record, "outage", held.points, stretch, stretch[1] - stretch[0],
                    gate_words.OUTAGE, "noted"))  # fmt: skip
    return record, found


def _clocks(record: OperatingRecord, limits: GateLimits) -> Found:
    found: list[SensorFinding] = []
    most = round(limits["clock_most"])
    for _ in range(round(limits["most_faults"])):
        one = balance_shift(record, most, limits["clock_gain"])
        if one is None or any(one.point in other.points for other in found):
            break
        found.append(gate_findings.of_clock(one))
        record = shifted(record, keys_of_point(record, one.point), one.hours)
    if has_balance(record):
        return record, found
    for one in clock_shifts(record, most, limits["clock_correlation"],
                            limits["clock_correlation_gain"], limits["clock_weakest"]):  # fmt: skip
        found.append(gate_findings.of_clock(one))
        record = shifted(record, keys_of_point(record, one.point), one.hours)
    return record, found


def _air(record: OperatingRecord, limits: GateLimits) -> Found:
    found = []
    for name, hours in impossible_heat_hours(record, limits["air_ratio"]).items():
        held = record.circuits[name].heat_by_meter
        if held is None or np.count_nonzero(hours) < limits["air_hours"]:
            continue
        # A meter that always reads little has a wrong factor: that is for the balances.
        running = np.isfinite(held.value) & (held.value != 0.0)
        if np.count_nonzero(hours) > 0.5 * np.count_nonzero(running):
            continue
        found.append(gate_findings.of_air(record, held.points, hours))
        record = without_points(record, held.points, hours)
    return record, found


def _carnot(record: OperatingRecord, limits: GateLimits) -> Found:
    both = days_above_carnot(record, limits["carnot_margin"])
    if both is None:
        return record, []
    performance, bound = both
    known = np.isfinite(performance) & np.isfinite(bound)
    above = performance > bound
    share = int(np.count_nonzero(above & known)) / max(int(np.count_nonzero(known)), 1)
    if np.count_nonzero(known) < limits["fewest_days"] or share < limits["carnot_share"]:
        return record, []
    load = record.circuits["load"]
    points = tuple(load.heat.points) if load.heat else ()
    for unit in record.units.values():
        points += unit.power.points if unit.power else ()
    everywhere = np.ones(len(record), dtype=bool)
    return without_points(record, points, everywhere), [gate_findings.of_carnot(points, share)]


_RULES_AFTER: tuple[Rule, ...] = (_air, _carnot)
# Outages before what is masked: what a stuck sensor loses is no outage.
_RULES: tuple[Rule, ...] = (_impossible, _swapped, _outages, _stuck, _clocks)


def _not_judged(record: OperatingRecord, equations: tuple[Equation, ...]) -> tuple[NotJudged, ...]:
    """What the first law of the units lacks."""
    if any(one.name == "first_law" for one in equations):
        return ()
    found = []
    lacking = _lacking_heat(record.sources, ("TS1", "TS2", "FS"))
    if lacking:
        found.append(_lacks(gate_words.SOURCE_HEAT, lacking))
    lacking = _lacking_heat(record.circuits, ("TU1", "TU2", "FU"))
    if lacking:
        found.append(_lacks(gate_words.LOAD_HEAT, lacking))
    without = tuple(f"EH.{name}" for name, one in record.units.items() if one.power is None)
    if without or not record.units:
        found.append(_lacks(gate_words.ELECTRICITY, without or ("EH",)))
    return tuple(found) or (NotJudged(_PARAMETER, gate_words.TOO_SHORT),)


def _lacking_heat(
    circuits: Mapping[str, CircuitRecord], names: tuple[str, str, str]
) -> tuple[str, ...]:
    """Codes of the points (supply, return, flow) that the heat of some circuits lacks."""
    if not circuits:
        return names
    codes: dict[str, None] = {}
    for one in circuits.values():
        if one.heat is not None:
            continue
        for code, part in zip(names, (one.supply, one.back, one.flow), strict=True):
            if part is None:
                codes[code] = None
    return tuple(codes)


def _lacks(what: Text, missing: tuple[str, ...]) -> NotJudged:
    return NotJudged(_PARAMETER, gate_words.NO_FIRST_LAW.format(what=what), missing)
