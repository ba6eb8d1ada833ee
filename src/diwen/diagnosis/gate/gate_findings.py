"""Sensor findings out of what the rules of the gate found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

import numpy as np

from diwen.diagnosis.finding import Evidence, Figure, SensorFinding, SensorKind
from diwen.diagnosis.gate import gate_words as words
from diwen.diagnosis.gate.balance_faults import BalanceFault, points_of_label
from diwen.diagnosis.gate.channel_access import days
from diwen.diagnosis.gate.clock_shift import ClockShift
from diwen.diagnosis.gate.instrument_comparison import Suspect, in_time
from diwen.diagnosis.gate.instrument_patterns import Equation
from diwen.diagnosis.gate.swapped_pair import SwappedPair
from diwen.diagnosis.record.operating_record import Floats, OperatingRecord
from diwen.language import Text

Treatment = Literal["corrected", "masked", "noted"]
_NAN = float("nan")
# A rule that sees a physical impossibility is not quite sure of the instrument either.
_SURE = 0.95


def of_balance(
    record: OperatingRecord, fault: BalanceFault, equations: Sequence[Equation]
) -> SensorFinding:
    """A finding out of the comparison of all instruments."""
    best = fault.suspects[0]
    kind, _ = best.label
    points = _points_of_suspects(record, fault.suspects)
    since = _day(record, best.begin) if best.shape != "constant" else None
    grown: SensorKind = "drift" if best.shape == "drift" else kind
    value = best.value if kind != "scale" or best.shape == "drift" else 1.0 / (1.0 - best.value)
    text = _sentence(record, fault, value, since)
    treatment: Treatment = fault.treatment  # type: ignore[assignment]
    return SensorFinding(
        grown, points, float(value), float(best.deviation), since, None, fault.probability,
        (_evidence(record, best, equations, points),), treatment, text,
    )  # fmt: skip


def _points_of_suspects(record: OperatingRecord, found: Iterable[Suspect]) -> tuple[str, ...]:
    points: dict[str, None] = {}
    for one in found:
        for id in points_of_label(record, one):
            points[id] = None
    return tuple(points)


def _sentence(
    record: OperatingRecord, fault: BalanceFault, value: float, since: date | None
) -> Text:
    best = fault.suspects[0]
    pair = [one for one in fault.suspects if one.label[1][:2] == best.label[1][:2]
            and one.label[0] == best.label[0] == "offset"]  # fmt: skip
    rest = [one for one in fault.suspects if one not in pair and one is not best]
    told = {"when": _when(since, None), "deviation": best.deviation, "value": value,
            "factor": value}  # fmt: skip
    drifts = best.shape == "drift"
    if best.label[1][2] == "pair":
        sure = fault.probability >= 0.5
        form = words.COMMON_DRIFT if sure else words.COMMON_DRIFT_OPEN
        text = form.format(points=_names(record, [best]), **told)
    elif best.label[0] == "boundary":
        text = words.BOUNDARY.format(points=_names(record, [best]), value=best.value)
    elif best.label[0] == "scale":
        form = words.SCALE_DRIFT if drifts else words.SCALE
        text = form.format(points=_names(record, [best]), **told)
    elif len(pair) > 1:
        told["value"] = value if best.label[1][2] == "supply" else -value
        form = words.DRIFT_OF_PAIR if drifts else words.OFFSET_OF_PAIR
        text = form.format(points=_names(record, sorted(pair, key=_supply_first)), **told)
    else:
        form = words.DRIFT if drifts else words.OFFSET
        text = form.format(points=_names(record, [best]), **told)
    if rest:
        text = words.NOT_TOLD_APART.format(text=text, others=_names(record, rest))
    return text


def _supply_first(one: Suspect) -> bool:
    return one.label[1][2] != "supply"


def _names(record: OperatingRecord, found: Iterable[Suspect]) -> str:
    return ", ".join(_points_of_suspects(record, found))


def _when(since: date | None, until: date | None) -> Text:
    if since is None:
        return words.ALWAYS
    if until is None:
        return words.SINCE.format(since=since.isoformat())
    return words.BETWEEN.format(since=since.isoformat(), until=until.isoformat())


def _day(record: OperatingRecord, place: int) -> date:
    found: date = days(record)[place].astype(object)
    return found


def _evidence(
    record: OperatingRecord, best: Suspect, equations: Sequence[Equation], points: tuple[str, ...]
) -> Evidence:
    touched = [one for one in equations if best.label in one.patterns]
    names = ", ".join(dict.fromkeys(one.name for one in touched))
    figure = _figure(record, best, touched[0]) if touched else None
    text = words.EXPLAINED.format(names=names, ratio=best.log_ratio)
    return Evidence(text, best.log_ratio, points, figure)


def _figure(record: OperatingRecord, best: Suspect, one: Equation) -> Figure:
    """The daily residual beside what the faulty instrument makes of it."""
    course: Floats = one.patterns[best.label] * best.value
    course = course * in_time(best.shape, best.begin, course.size)
    return Figure(words.BALANCE_FIGURE, "K" if one.name.startswith(("at", "circ")) else "W",
                  words.DAY, days(record), one.value, course,
                  course - 2.0 * one.spread, course + 2.0 * one.spread)  # fmt: skip


def of_swap(record: OperatingRecord, one: SwappedPair) -> SensorFinding:
    """A finding out of wrong signs."""
    circuit = getattr(record, one.pair[0])[one.pair[1]]
    points = (*circuit.supply.points, *circuit.back.points)
    whole = one.first <= 7
    since = None if whole else _day(record, one.first)
    last = _day(record, one.last)
    until = None if last >= _day(record, -1) or len(days(record)) - one.last < 7 else last
    text = words.SWAPPED.format(points=", ".join(points), when=_when(since, until), share=one.share)
    fact = Evidence(text, min(one.log_ratio, 7.0), points)
    return SensorFinding("swapped", points, _NAN, _NAN, since, until, _SURE, (fact,),
                         "corrected", text)  # fmt: skip


def of_clock(one: ClockShift) -> SensorFinding:
    """A finding out of a clock that is wrong."""
    text = words.CLOCK.format(
        points=one.point, hours=one.hours, gain=(one.correlation - one.before) / (1.0 - one.before)
    )
    return SensorFinding("clock", (one.point,), one.hours * 3600.0, 1800.0, None, None, _SURE,
                         (Evidence(text, 5.0, (one.point,)),), "corrected", text)  # fmt: skip


def of_stretch(
    record: OperatingRecord, kind: SensorKind, points: tuple[str, ...], stretch: tuple[int, int],
    hours: int, form: Text, treatment: Treatment,
) -> SensorFinding:  # fmt: skip
    """A finding about some hours in a row."""
    since: date = record.day[stretch[0]].astype(object)
    until: date = record.day[stretch[1] - 1].astype(object)
    text = form.format(points=", ".join(points), hours=hours, when=_when(since, until))
    return SensorFinding(kind, points, _NAN, _NAN, since, until, _SURE,
                         (Evidence(text, 5.0, points),), treatment, text)  # fmt: skip


def of_air(record: OperatingRecord, points: tuple[str, ...], hours: np.ndarray) -> SensorFinding:
    """A finding about heat that cannot be so small."""
    place = np.flatnonzero(hours)
    since: date = record.day[place[0]].astype(object)
    until: date = record.day[place[-1]].astype(object)
    text = words.AIR.format(points=", ".join(points), hours=place.size)
    return SensorFinding("air", points, _NAN, _NAN, since, until, _SURE,
                         (Evidence(text, 5.0, points),), "masked", text)  # fmt: skip


def of_carnot(points: tuple[str, ...], share: float) -> SensorFinding:
    """A finding about heat that the second law forbids."""
    text = words.CARNOT.format(points=", ".join(points), share=share)
    return SensorFinding("range", points, _NAN, _NAN, None, None, _SURE,
                         (Evidence(text, 5.0, points),), "masked", text)  # fmt: skip
