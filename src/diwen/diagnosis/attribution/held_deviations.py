"""Findings as deviations of the twin: which are carried, at which value, since when.

Time is counted in years of 365 days since the plant began to run, as the twin counts it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from diwen.language import Text
from diwen.site.usual_values import usual_value
from diwen.twin.deviations import PARAMETERS, Deviation

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Finding
    from diwen.diagnosis.record.operating_record import Circumstance, OperatingRecord

YEAR_DAYS = 365.0
_SERVICES = ("service", "cleaning")
_UNKNOWN = Text(
    "{name}: the twin has no such parameter; it is not priced", "{name}：数字孪生无此参数，未计费用"
)
_TWICE = Text(
    "{name} was found twice: the twin carries it once, as at {object}",
    "{name} 出现多处：数字孪生按 {object} 计一次",
)
_CLIPPED = Text(
    "{name}: {value:g} lies outside the range of the twin, {used:g} is taken",
    "{name}：{value:g} 超出数字孪生取值范围，按 {used:g} 计",
)
_PLANT = Text("the plant", "整个系统")


@dataclass(frozen=True, eq=False)
class Held:
    """A finding as the twin carries it.

    Attributes
    ----------
    finding : it was
    deviation : with times in years since operation began
    uncertainty : standard uncertainty (k = 1) of its value
    """

    finding: Finding
    deviation: Deviation
    uncertainty: float

    @property
    def parameter(self) -> str:
        """Name of the parameter of the twin."""
        return self.deviation.parameter

    def at(self, value: float) -> Deviation:
        """The same deviation at another value, within the range of the twin."""
        return replace(self.deviation, value=_within(self.parameter, value))

    def level(self, begin: float, years: float) -> float:
        """Value in a stretch of the run, neutral where it does not hold."""
        found = self.deviation.level(begin, years)
        return PARAMETERS[self.parameter].neutral if found is None else found


def held_findings(
    record: OperatingRecord, findings: Sequence[Finding]
) -> tuple[tuple[Held, ...], tuple[Text, ...]]:
    """The findings that count, the most probable first, and what could not be carried.

    Parameters
    ----------
    record : that they come from
    findings : all; those below the threshold of the rules are left out
    """
    threshold = usual_value("diagnosis.attribution.threshold")
    notes: list[Text] = []
    found: dict[str, Held] = {}
    for one in sorted(findings, key=lambda item: -item.probability):
        if one.probability < threshold:
            continue
        if one.parameter not in PARAMETERS:
            notes.append(_UNKNOWN.format(name=one.parameter))
        elif one.parameter in found:
            kept = found[one.parameter].finding.object
            notes.append(_TWICE.format(name=PARAMETERS[one.parameter].text, object=kept or _PLANT))
        else:
            found[one.parameter] = _held(record, one, notes)
    return tuple(found.values()), tuple(notes)


def years_until(record: OperatingRecord, day: date | None) -> float:
    """Years since operation began at the beginning of a local day; 0 for None."""
    if day is None:
        return 0.0
    gone = (np.datetime64(day, "D") - np.datetime64(record.begun, "D")).astype(float)
    return max(float(gone) / YEAR_DAYS, 0.0)


def _held(record: OperatingRecord, one: Finding, notes: list[Text]) -> Held:
    value = _within(one.parameter, one.value)
    if value != one.value:
        name = PARAMETERS[one.parameter].text
        notes.append(_CLIPPED.format(name=name, value=one.value, used=value))
    since = years_until(record, one.since)
    until = None if one.until is None else max(years_until(record, one.until), since + 1e-6)
    services: tuple[float, ...] = ()
    if one.shape == "sawtooth" and PARAMETERS[one.parameter].grows:
        services = _services(record, one, since)
    return Held(one, Deviation(one.parameter, value, since, until, services), one.deviation)


def _services(record: OperatingRecord, one: Finding, since: float) -> tuple[float, ...]:
    """When service set it back, as the ledger says; of its object where it has one."""

    def concerns(what: Circumstance) -> bool:
        return what.kind in _SERVICES and (not one.object or what.object in (one.object, "site"))

    times = {years_until(record, what.since) for what in record.circumstances if concerns(what)}
    return tuple(sorted(time for time in times if time > since))


def _within(parameter: str, value: float) -> float:
    known = PARAMETERS[parameter]
    return float(min(max(value, known.low), known.high))
