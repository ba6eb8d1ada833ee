"""The life of a deviation: suspected, confirmed, corrected, verified, or dismissed.

The program suspects and confirms, and verifies from records what a person has corrected. Only a
person knows what was done at the plant: corrected and dismissed are said by people. A deviation
that was corrected, verified or dismissed may come back.
"""

from __future__ import annotations

from typing import Literal, get_args

from diwen.language import Text

DeviationState = Literal["suspected", "confirmed", "corrected", "verified", "dismissed"]
STATES: tuple[DeviationState, ...] = get_args(DeviationState)
STATE_TEXTS: dict[DeviationState, Text] = {
    "suspected": Text("suspected", "疑似"),
    "confirmed": Text("confirmed", "确认"),
    "corrected": Text("corrected", "已整改"),
    "verified": Text("verified", "整改已验证"),
    "dismissed": Text("dismissed", "已排除"),
}
PROGRAM = "diwen"
"""What stands in the column ``by`` of a line that the program wrote."""

_BY_PROGRAM = frozenset({"suspected", "confirmed", "verified"})
_BY_PERSON = frozenset({"suspected", "confirmed", "corrected", "dismissed"})
_AFTER: dict[str, frozenset[str]] = {
    "": frozenset({"suspected", "confirmed"}),
    "suspected": frozenset({"suspected", "confirmed", "corrected", "dismissed"}),
    "confirmed": frozenset({"confirmed", "corrected", "dismissed"}),
    "corrected": frozenset({"suspected", "confirmed", "corrected", "verified", "dismissed"}),
    "verified": frozenset({"suspected", "confirmed"}),
    "dismissed": frozenset({"suspected", "confirmed"}),
}


def follows(before: str, after: str) -> bool:
    """Whether a state may follow another one (``""``: none yet)."""
    return after in _AFTER.get(before, frozenset())


def next_states(before: str) -> tuple[DeviationState, ...]:
    """States that may follow one, in the order of a life."""
    return tuple(one for one in STATES if follows(before, one))


def may_say(by: str, state: str) -> bool:
    """Whether the program (:data:`PROGRAM`) or a person may set a state."""
    return state in (_BY_PROGRAM if by == PROGRAM else _BY_PERSON)


def is_open(state: str) -> bool:
    """Whether a deviation in this state still asks for something to be done."""
    return state in ("suspected", "confirmed", "corrected")
