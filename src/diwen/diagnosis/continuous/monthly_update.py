"""A new month: only its records are read, then warnings, findings and the ledger are brought up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from diwen.diagnosis.case_of_site import case_of
from diwen.diagnosis.change_points import Alarm, alarms_of
from diwen.diagnosis.continuous.condensed_months import condensed_record
from diwen.diagnosis.continuous.deviation_ledger import (
    DeviationEntry,
    add_deviations,
    read_deviations,
)
from diwen.diagnosis.continuous.ledger_update import ledger_lines
from diwen.diagnosis.diagnose_site import diagnose_record
from diwen.diagnosis.diagnosis_result import Diagnosis
from diwen.diagnosis.plain_data import plain
from diwen.diagnosis.record.stretch import part_of

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Case
    from diwen.site import Site


@dataclass(frozen=True, eq=False)
class MonthlyUpdate:
    """What a new month has brought.

    Attributes
    ----------
    diagnosis : of the record with it
    warnings : early ones, raised in the months that are new
    earlier : alarms of the time before
    added : lines that were added to the ledger
    ledger : all of it
    condensed, kept : months read from telemetry, and taken as they had been kept
    """

    diagnosis: Diagnosis
    warnings: tuple[Alarm, ...]
    earlier: tuple[Alarm, ...]
    added: tuple[DeviationEntry, ...]
    ledger: tuple[DeviationEntry, ...]
    condensed: tuple[str, ...]
    kept: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, both languages."""
        return {
            "diagnosis": self.diagnosis.as_dict(),
            "warnings": plain(self.warnings),
            "earlier": plain(self.earlier),
            "added": plain(self.added),
            "ledger": plain(self.ledger),
            "condensed": list(self.condensed),
            "kept": list(self.kept),
        }


def update_diagnosis(
    site: Site,
    *,
    until: date | None = None,
    today: date | None = None,
    attribution: bool = False,
    write: bool = True,
    progress: Callable[[float], None] | None = None,
) -> MonthlyUpdate:
    """Diagnose a site again after new records came in.

    Months that did not change are not read again. Early warnings are changes of daily residuals;
    findings rest on the whole record, because balance and growth show over years.

    Parameters
    ----------
    site : with telemetry in its folder
    until : local day after the last one that is looked at; None: all
    today : day of the lines in the ledger; None: this day
    attribution : whether the twin says what each finding costs
    write : whether new lines are written into the ledger of deviations
    progress : told the share that is done, 0 to 1

    Raises
    ------
    diwen.problems.InputError : a broken ledger, nothing recorded
    """
    day = today or date.today()
    entries = read_deviations(site, day)
    condensed = condensed_record(site, until=until)
    case = case_of(site, condensed.record)
    diagnosis = diagnose_record(
        site, condensed.record, attribution=attribution, progress=progress, like=case
    )
    alarms = alarms_of_all(diagnosis)
    added = ledger_lines(diagnosis, entries, day, _later(case))
    new = [one for one in alarms if f"{one.day:%Y-%m}" in condensed.condensed]
    return MonthlyUpdate(
        diagnosis=diagnosis,
        warnings=tuple(new),
        earlier=tuple(one for one in alarms if one not in new),
        added=added,
        ledger=add_deviations(site, added, day) if write and added else (*entries, *added),
        condensed=condensed.condensed,
        kept=condensed.kept,
    )


def alarms_of_all(diagnosis: Diagnosis) -> tuple[Alarm, ...]:
    """Changes of all residuals of a diagnosis, in order of time."""
    found: Sequence[Alarm] = [one for each in diagnosis.residuals for one in alarms_of(each)]
    return tuple(sorted(found, key=lambda one: (one.day, one.residual)))


def _later(case: Case) -> Callable[[date], Diagnosis]:
    """Diagnosis of the record from a day on, each day once."""
    known: dict[date, Diagnosis] = {}

    def later(since: date) -> Diagnosis:
        if since not in known:
            part = part_of(case.record, since)
            known[since] = diagnose_record(case.site, part, attribution=False, like=case)
        return known[since]

    return later
