"""Everything that ``diwen diagnose`` says about a site, worked out in one go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from diwen.diagnosis.case_of_site import case_of
from diwen.diagnosis.diagnose_site import diagnose_record, gated
from diwen.diagnosis.plain_data import plain
from diwen.diagnosis.record.from_store import record_of_site
from diwen.reports.diagnosis_account import DiagnosisAccount, account_of

if TYPE_CHECKING:
    from diwen.diagnosis.change_points import Alarm
    from diwen.diagnosis.continuous.monthly_update import MonthlyUpdate
    from diwen.diagnosis.diagnosis_result import Diagnosis
    from diwen.diagnosis.finding import Case
    from diwen.site import Site

Progress = Callable[[float], None]
_NEW_DAYS = 92


@dataclass(frozen=True, eq=False)
class DiagnosisAnswer:
    """A diagnosis, what follows from it, and what was saved.

    Attributes
    ----------
    account : the diagnosis and what follows
    update : what was saved, None: nothing was
    """

    account: DiagnosisAccount
    update: MonthlyUpdate | None

    @property
    def diagnosis(self) -> Diagnosis:
        """What was found."""
        return self.account.diagnosis

    @property
    def warnings(self) -> tuple[Alarm, ...]:
        """Alarms in the months that are new; nothing saved: in the last quarter of the record."""
        if self.update is not None:
            return self.update.warnings
        end = self.diagnosis.record.until
        after = date.min if end is None else end - timedelta(days=_NEW_DAYS)
        return tuple(one for one in self.account.alarms if one.day > after)

    @property
    def earlier(self) -> tuple[Alarm, ...]:
        """Alarms before."""
        new = {(one.residual, one.day) for one in self.warnings}
        return tuple(one for one in self.account.alarms if (one.residual, one.day) not in new)

    def as_dict(self) -> dict[str, Any]:
        """Plain data: the diagnosis, and beside it what follows."""
        account, update = self.account, self.update
        saved = None if update is None else {
            "added": plain(update.added), "condensed": list(update.condensed),
            "kept": list(update.kept),
        }  # fmt: skip
        forecast, score = account.forecast, account.reliability
        return {
            **self.diagnosis.as_dict(),
            "found": [
                {"parameter": one.parameter, "object": one.object} for one in self.diagnosis.found
            ],
            "early_warnings": plain(self.warnings),
            "earlier_alarms": plain(self.earlier),
            "next_measurements": [one.as_dict() for one in account.proposals],
            "measures": [one.as_dict() for one in account.measures],
            "forecast": None if forecast is None else forecast.as_dict(),
            "reliability": None if score is None else score.as_dict(),
            "ledger": plain(account.ledger),
            "saved": saved,
        }


def whole_answer(
    site: Site,
    since: date | None,
    until: date | None,
    *,
    cost: bool = True,
    ahead: bool = True,
    save: bool = False,
    progress: Progress | None = None,
) -> DiagnosisAnswer:
    """Diagnose a site and work out what follows.

    Parameters
    ----------
    site : with telemetry
    since, until : first local day, and the day after the last one; None: all
    cost : whether the twin says what each deviation costs
    ahead : whether it says how the plant goes on, with bands, and the score is computed
    save : whether condensed months and the ledger of deviations are kept in the folder; then the
        whole record up to ``until`` is judged
    progress : told the share that is done

    Raises
    ------
    diwen.problems.InputError : nothing recorded, a broken ledger
    """
    told = progress if progress is not None else _silent
    last = 0.55 if cost and ahead else 0.95
    update: MonthlyUpdate | None = None
    if save:
        update, case = _updated(site, until, cost, lambda share: told(last * share))
        diagnosis = update.diagnosis
    else:
        case = case_of(site, record_of_site(site, since, until))
        told(0.1 * last)
        diagnosis = diagnose_record(
            site, case.record, attribution=cost, like=case,
            progress=lambda share: told(last * (0.1 + 0.9 * share)),
        )  # fmt: skip
    foreseen = gated(case)[0] if cost and ahead else None
    account = account_of(diagnosis, site, case=foreseen)
    told(1.0)
    return DiagnosisAnswer(account, update)


def _silent(share: float) -> None:
    """Progress that nobody looks at."""


def _updated(
    site: Site, until: date | None, cost: bool, progress: Progress
) -> tuple[MonthlyUpdate, Case]:
    """The site brought up to date, and its case."""
    from diwen.diagnosis.continuous.condensed_months import condensed_record
    from diwen.diagnosis.continuous.monthly_update import update_diagnosis

    update = update_diagnosis(site, until=until, attribution=cost, progress=progress)
    # the months are kept by now: this reads what the update has written
    return update, case_of(site, condensed_record(site, until=until).record)
