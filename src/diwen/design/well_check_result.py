"""What a check of a well says: value, limit, margin, verdict, rule, reason and cure.

A check compares one number with one limit. What the verdict may be:

``ok``
    the limit is kept;
``warning``
    it is not, but the limit is a rule that nobody verified (evidence M or M+ of its row), or the
    lower end of a range: such a limit warns and never refuses alone;
``fail``
    a verified rule, a limit of physics or an own requirement of the site is broken: the design
    cannot work as it stands;
``unknown``
    a datum is missing; which one is named, and nothing is guessed in its place.

Numbers stand in the unit that the check names, as people write it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from diwen.language import Text
from diwen.problems import Problem
from diwen.rules.row import Row

Verdict = Literal["ok", "warning", "fail", "unknown"]
VERDICTS: dict[Verdict, Text] = {
    "ok": Text("ok", "满足"),
    "warning": Text("warning", "提示"),
    "fail": Text("fail", "不满足"),
    "unknown": Text("unknown", "无法判断"),
}
Sense = Literal["<=", ">=", ""]
_ORDER: tuple[Verdict, ...] = ("ok", "unknown", "warning", "fail")
_UNSURE = frozenset({"M", "M+"})
# A limit that is missed by rounding only is kept.
_ROUNDING = 1e-9

_MISSING = Text("missing: {what}", "缺少：{what}")
_GIVE = Text("add {what}", "请补充 {what}")


@dataclass(frozen=True)
class WellCheck:
    """One check of a well.

    Attributes
    ----------
    id : stable name of the check
    name : what is checked
    value, limit : in ``unit``; None where unknown, where the check is in words, and where nothing
        bounds the value (no flow can carry the heat): ``why`` says which
    unit : of both, ``1`` for a pure number
    margin : what is left to the limit, in ``unit``, negative where it is broken
    verdict : see the head of this module
    rule : the row that the limit comes from; None for an own requirement of the site
    why : what was found, and by which model
    what_to_change : the cure; None where nothing has to change
    missing : keys of the data that are not known
    needs : numbers of the cure: ``flow`` (at most, m³/h a well), ``conductivity`` (at least, m/s),
        ``screen_length``, ``seal_length``, ``pump_depth``, ``cell_radius`` (at least, m),
        ``power`` (at most, kW a well), ``wells``, ``pumped_wells`` (at least), ``drop`` (at most,
        K), ``screen_top`` (at least, m), ``spacing`` (at least, m)...
    well : id of the worst well, where every well is judged by itself
    sense : whether the limit is a highest (``<=``) or a lowest (``>=``) value; empty: no limit
    """

    id: str
    name: Text
    value: float | None
    unit: str
    limit: float | None
    margin: float | None
    verdict: Verdict
    rule: Row | None
    why: Text
    what_to_change: Text | None = None
    missing: tuple[str, ...] = ()
    needs: Mapping[str, float] = field(default_factory=dict, hash=False)
    well: str = ""
    sense: Sense = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain data, both languages, for ``--json`` and reports."""
        return {
            "id": self.id,
            "name": _both(self.name),
            "value": _finite(self.value),
            "limit": _finite(self.limit),
            "margin": _finite(self.margin),
            "sense": self.sense,
            "unit": self.unit,
            "verdict": self.verdict,
            "rule": self.rule.as_dict() if self.rule is not None else None,
            "why": _both(self.why),
            "what_to_change": None if self.what_to_change is None else _both(self.what_to_change),
            "missing": list(self.missing),
            "well": self.well,
            "needs": {key: _finite(value) for key, value in self.needs.items()},
        }


@dataclass(frozen=True)
class WellChecks:
    """All checks of one source.

    Attributes
    ----------
    source : id of the source; empty where there is no site
    checks : in the order in which they are shown
    notes : what was assumed on the way, as warnings
    """

    source: str
    checks: tuple[WellCheck, ...]
    notes: tuple[Problem, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of all."""
        return max((check.verdict for check in self.checks), key=_ORDER.index, default="unknown")

    @property
    def refused(self) -> bool:
        """Whether the design cannot work."""
        return bool(self.failures)

    @property
    def failures(self) -> tuple[WellCheck, ...]:
        """The checks that refuse the design."""
        return tuple(check for check in self.checks if check.verdict == "fail")

    def check(self, id: str) -> WellCheck:
        """The check of that name.

        Raises
        ------
        KeyError : it was not made
        """
        for check in self.checks:
            if check.id == id:
                return check
        raise KeyError(id)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, both languages."""
        return {
            "source": self.source,
            "verdict": self.verdict,
            "refused": self.refused,
            "checks": [check.as_dict() for check in self.checks],
            "notes": [problem.as_dict() for problem in self.notes],
        }


def at_most(
    id: str, name: Text, value: float, unit: str, rule: Row | None, why: Text, *,
    limit: float | None = None, cure: Text | None = None, needs: Mapping[str, float] | None = None,
    soft: bool = False,
) -> WellCheck:  # fmt: skip
    """A check of a value that may not be above a limit.

    Parameters
    ----------
    limit : in ``unit``; that of the row if not given. A ``range`` row warns above its lower end
        and refuses above its upper end
    cure, needs : kept only where the limit is broken
    soft : the limit only bounds an estimate: it warns, whatever its row
    """
    low, high = _ends(rule, limit)
    broken: Verdict = "ok"
    if value > high + _ROUNDING * max(1.0, abs(high)):
        broken = "warning" if soft else refusing(rule)
    elif value > low + _ROUNDING * max(1.0, abs(low)):
        broken = "warning"
    shown = high if broken == "fail" else low
    return _made("<=", id, name, value, unit, shown, broken, rule, why, cure, needs)


def at_least(
    id: str, name: Text, value: float, unit: str, rule: Row | None, why: Text, *,
    limit: float | None = None, cure: Text | None = None, needs: Mapping[str, float] | None = None,
    soft: bool = False,
) -> WellCheck:  # fmt: skip
    """A check of a value that may not be below a limit; a ``range`` refuses below its lower end."""
    low, high = _ends(rule, limit)
    broken: Verdict = "ok"
    if value < low - _ROUNDING * max(1.0, abs(low)):
        broken = "warning" if soft else refusing(rule)
    elif value < high - _ROUNDING * max(1.0, abs(high)):
        broken = "warning"
    shown = low if broken == "fail" else high
    return _made(">=", id, name, value, unit, shown, broken, rule, why, cure, needs)


def unknown(
    id: str, name: Text, unit: str, rule: Row | None, missing: Iterable[str], *,
    why: Text | None = None, value: float | None = None, limit: float | None = None,
    cure: Text | None = None,
) -> WellCheck:  # fmt: skip
    """A check that cannot be made, and what is missing for it.

    Parameters
    ----------
    cure : how to come by it, where it is no entry of the file
    """
    keys = tuple(missing)
    what = Text(", ".join(keys), "、".join(keys))
    lacking = _MISSING.format(what=what)
    reason = lacking if why is None else Text(f"{lacking.en}; {why.en}", f"{lacking.zh}；{why.zh}")
    return WellCheck(
        id, name, value, unit, limit, None, "unknown", rule, reason,
        cure or _GIVE.format(what=what), keys,
    )  # fmt: skip


def worst_of(checks: Mapping[str, WellCheck]) -> WellCheck | None:
    """The worst of one check over several wells, with its well; None where there is none.

    Of equal verdicts the one with the least room, as a share of its limit.
    """
    if not checks:
        return None

    def badness(item: tuple[str, WellCheck]) -> tuple[int, float]:
        check = item[1]
        room = math.inf
        if check.margin is not None:
            room = check.margin / abs(check.limit) if check.limit else check.margin
        elif check.verdict == "fail":
            room = -math.inf
        return _ORDER.index(check.verdict), -room

    well, worst = max(checks.items(), key=badness)
    return replace(worst, well=well)


def refusing(rule: Row | None) -> Verdict:
    """What breaking a row means: a row from memory warns, every other refuses."""
    return "warning" if rule is not None and rule.evidence in _UNSURE else "fail"


def worse(check: WellCheck, verdict: Verdict, why: Text | None = None) -> WellCheck:
    """The check with a verdict at least as bad as the one given."""
    worst = max(check.verdict, verdict, key=_ORDER.index)
    return replace(check, verdict=worst, why=check.why if why is None else why)


def _ends(rule: Row | None, limit: float | None) -> tuple[float, float]:
    if limit is not None:
        return limit, limit
    assert rule is not None
    assert rule.value is not None
    return rule.value, rule.value if rule.upper is None else rule.upper


def _made(
    sense: Sense, id: str, name: Text, value: float, unit: str, limit: float, verdict: Verdict,
    rule: Row | None, why: Text, cure: Text | None, needs: Mapping[str, float] | None,
) -> WellCheck:  # fmt: skip
    """A value without bound is no number to be shown: ``why`` has to say what it means."""
    margin = limit - value if sense == "<=" else value - limit
    if verdict == "ok":
        cure, needs = None, None
    kept = {key: number for key, number in (needs or {}).items() if math.isfinite(number)}
    return WellCheck(
        id, name, _finite(value), unit, limit, _finite(margin), verdict, rule, why, cure, (), kept,
        sense=sense,
    )  # fmt: skip


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
