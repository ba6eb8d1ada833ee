"""What a new diagnosis means for the ledger of deviations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from diwen.diagnosis.continuous.deviation_ledger import DeviationEntry, states
from diwen.diagnosis.continuous.deviation_states import PROGRAM
from diwen.diagnosis.inference.findings import state_of
from diwen.language import Text
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.diagnosis.diagnosis_result import Diagnosis
    from diwen.diagnosis.finding import Finding

_ROW = "diagnosis.inference."
_SETTLED = ("corrected", "verified", "dismissed")
_AGAIN = Text("back after {state} of {day}", "{day} {state}后再次出现")
_GONE = Text("no longer seen in {days} days since {day}", "自 {day} 起 {days} 天内未再出现")


def ledger_lines(
    diagnosis: Diagnosis,
    entries: Sequence[DeviationEntry],
    day: date,
    since: Callable[[date], Diagnosis] | None = None,
) -> tuple[DeviationEntry, ...]:
    """Lines that the program adds: found, confirmed, back again, verified.

    What was corrected, verified or dismissed is judged only by records since then: the old ones
    still show what it was.

    Parameters
    ----------
    diagnosis : of the whole record
    entries : of the ledger as it stands
    day : of the new lines
    since : diagnosis of the record from a day on; None: nothing settled is looked at again
    """
    last = states(entries)
    found = []
    for one in diagnosis.found:
        before = last.get((one.parameter, one.object))
        state = state_of(one)
        if before is None or (before.state == "suspected" and state == "confirmed"):
            found.append(_line(one, state, day))
    enough = usual_value(_ROW + "verify_days")
    for before in last.values():
        days = 0 if diagnosis.record.until is None else (diagnosis.record.until - before.date).days
        if before.state in _SETTLED and since is not None and days >= enough:
            found += _settled(before, since(before.date), day, days)
    return tuple(found)


def _settled(
    before: DeviationEntry, later: Diagnosis, day: date, days: int
) -> list[DeviationEntry]:
    """What records since a correction say: verified, back again, or nothing yet."""
    one = later.finding(before.parameter, before.object)
    if one is None:
        return []
    state = state_of(one)
    if state != "open":
        note = _both(_AGAIN.format(state=before.state, day=before.date))
        return [_line(one, state, day, note)]
    if before.state == "corrected" and one.probability <= usual_value(_ROW + "verified"):
        note = _both(_GONE.format(days=days, day=before.date))
        return [_line(one, "verified", day, note)]
    return []


def _line(one: Finding, state: str, day: date, note: str = "") -> DeviationEntry:
    return DeviationEntry(
        day, one.parameter, one.object, state, one.value, one.low, one.high,
        round(one.probability, 4), PROGRAM, note,
    )  # fmt: skip


def _both(text: Text) -> str:
    """Both languages in one cell."""
    return f"{text.en} | {text.zh}"
