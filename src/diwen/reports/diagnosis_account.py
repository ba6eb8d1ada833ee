"""All that a report or page tells of a diagnosis: costs, forecast, reliability, what next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError

if TYPE_CHECKING:
    from diwen.diagnosis.advice.measures import Measure
    from diwen.diagnosis.advice.next_measurement import Proposal
    from diwen.diagnosis.attribution.forecast import Forecast
    from diwen.diagnosis.attribution.reliability import Reliability
    from diwen.diagnosis.change_points import Alarm
    from diwen.diagnosis.continuous.deviation_ledger import DeviationEntry
    from diwen.diagnosis.diagnosis_result import Diagnosis
    from diwen.diagnosis.finding import Case
    from diwen.diagnosis.record.operating_record import OperatingRecord
    from diwen.site import Site

_BROKEN = Text("deviations.csv cannot be read: {reason}", "deviations.csv 无法读取：{reason}")
_DIAGNOSED = 0.6


@dataclass(frozen=True, eq=False)
class DiagnosisAccount:
    """A diagnosis and what follows from it.

    Attributes
    ----------
    site : as described
    diagnosis : of a period
    forecast : of 25 years, or None: not computed
    reliability : the score, or None: not computed
    measures : against what was found
    proposals : measurements that would decide what is open
    alarms : of the daily residuals, in order of time
    ledger : lines of ``deviations.csv``
    broken_ledger : why there are none, though the file is there
    day : of the account
    """

    site: Site
    diagnosis: Diagnosis
    forecast: Forecast | None
    reliability: Reliability | None
    measures: tuple[Measure, ...]
    proposals: tuple[Proposal, ...]
    alarms: tuple[Alarm, ...]
    ledger: tuple[DeviationEntry, ...]
    broken_ledger: Text | None
    day: date

    @property
    def simulated(self) -> bool:
        """Whether any record behind it is simulated."""
        return "simulated" in self.diagnosis.record.origins


def account_of_site(
    site: Site,
    *,
    since: date | None = None,
    until: date | None = None,
    today: date | None = None,
    foresee: bool = True,
    progress: Callable[[float], None] | None = None,
) -> DiagnosisAccount:
    """Diagnose a site from its telemetry, with all that follows.

    Parameters
    ----------
    site : with telemetry in its folder
    since, until : first local day, and the day before which the period ends; None: all
    today : day of the account; None: this day
    foresee : whether the forecast and the score that rests on it are computed
    progress : told the share that is done, 0 to 1

    Raises
    ------
    diwen.problems.InputError : nothing is recorded, or the points contradict each other
    """
    from diwen.diagnosis.record.from_store import record_of_site

    record = record_of_site(site, since, until)
    return account_of_record(site, record, today=today, foresee=foresee, progress=progress)


def account_of_record(
    site: Site,
    record: OperatingRecord,
    *,
    today: date | None = None,
    foresee: bool = True,
    progress: Callable[[float], None] | None = None,
) -> DiagnosisAccount:
    """The same of a record that is already condensed."""
    from diwen.diagnosis.case_of_site import case_of
    from diwen.diagnosis.diagnose_site import diagnose_record

    told = progress if progress is not None else _silent
    case = case_of(site, record)
    diagnosis = diagnose_record(
        site, record, like=case, progress=lambda share: told(_DIAGNOSED * share)
    )
    account = account_of(diagnosis, site, case=case if foresee else None, today=today)
    told(1.0)
    return account


def account_of(
    diagnosis: Diagnosis, site: Site, *, case: Case | None = None, today: date | None = None
) -> DiagnosisAccount:
    """What follows from a diagnosis that is there already.

    Parameters
    ----------
    diagnosis : of the site
    site : as described
    case : of the same diagnosis; None: neither forecast nor score
    today : day of the account; None: this day
    """
    from diwen.diagnosis.advice.measures import measures_for
    from diwen.diagnosis.advice.next_measurement import next_measurements
    from diwen.diagnosis.continuous.monthly_update import alarms_of_all

    day = today or date.today()
    costs = diagnosis.attribution
    forecast, score = (None, None) if case is None else _foreseen(diagnosis, case)
    points = {point.id: point for point in site.points}
    lines, broken = _ledger(site, day)
    return DiagnosisAccount(
        site=site,
        diagnosis=diagnosis,
        forecast=forecast,
        reliability=score,
        measures=() if costs is None else measures_for(site, diagnosis.findings, costs),
        proposals=next_measurements(diagnosis.findings, diagnosis.not_judged, points),
        alarms=alarms_of_all(diagnosis),
        ledger=lines,
        broken_ledger=broken,
        day=day,
    )


def _foreseen(diagnosis: Diagnosis, case: Case) -> tuple[Forecast | None, Reliability | None]:
    from diwen.diagnosis.attribution.forecast import forecast
    from diwen.diagnosis.attribution.reliability import reliability

    costs = diagnosis.attribution
    if costs is None:
        return None, None
    foreseen = forecast(case, diagnosis.findings, attribution=costs)
    score = reliability(case, diagnosis.findings, diagnosis.not_judged, costs, foreseen)
    return foreseen, score


def _ledger(site: Site, day: date) -> tuple[tuple[DeviationEntry, ...], Text | None]:
    """Lines of the ledger; a broken one costs its own section, not the report."""
    from diwen.diagnosis.continuous.deviation_ledger import read_deviations

    try:
        return read_deviations(site, day), None
    except InputError as error:
        return (), _BROKEN.format(reason=error.problems[0].message)


def _silent(share: float) -> None:
    """Progress that nobody wants to hear of."""
