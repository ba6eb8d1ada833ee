"""A requirement of a rule against what a test shows, and all of them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from diwen.language import Text
from diwen.rules import Row

Outcome = Literal["passed", "failed", "unknown"]

OUTCOMES: dict[Outcome, Text] = {
    "passed": Text("met", "满足"),
    "failed": Text("not met", "不满足"),
    "unknown": Text("cannot be judged", "无法判定"),
}


@dataclass(frozen=True)
class Check:
    """One requirement of one rule against the test.

    Attributes
    ----------
    id : of the check; text : what is looked at
    row : the rule
    value : what the test shows, in the row's unit; None when it cannot be judged
    outcome : whether the requirement is met
    missing : the datum that is missing, when it cannot be judged
    detail : where, or how it was taken
    """

    id: str
    text: Text
    row: Row
    value: float | None
    outcome: Outcome
    missing: Text | None = None
    detail: Text | None = None

    @property
    def told(self) -> bool:
        """Whether the rule was read in its text, or is a rule of Diwen itself."""
        return self.row.verified or self.row.evidence == "E"

    def as_dict(self) -> dict[str, Any]:
        """Plain data for ``--json``."""
        return {
            "check": self.id,
            "text": _both(self.text),
            "value": self.value,
            "unit": self.row.unit,
            "limit": self.row.printed("en"),
            "rule": self.row.id,
            "standard": _both(self.row.name),
            "verified": self.row.verified,
            "evidence": self.row.evidence,
            "outcome": self.outcome,
            "missing": _both(self.missing),
            "detail": _both(self.detail),
        }


@dataclass(frozen=True)
class Quality:
    """All checks of a test.

    Attributes
    ----------
    checks : in order
    digest : SHA-256 of the rule data
    """

    checks: tuple[Check, ...]
    digest: str

    def with_outcome(self, outcome: Outcome) -> tuple[Check, ...]:
        """The checks that came out so."""
        return tuple(check for check in self.checks if check.outcome == outcome)


def judged(id: str, text: Text, row: Row, value: float | Text, detail: Text | None = None) -> Check:
    """The check of a number, or of what is missing for it."""
    if isinstance(value, Text):
        return Check(id, text, row, None, "unknown", value, detail)
    outcome: Outcome = "passed" if row.holds(value) else "failed"
    return Check(id, text, row, value, outcome, None, detail)


def _both(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"en": text.en, "zh": text.zh}
