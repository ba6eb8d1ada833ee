"""How one value is judged by one rule.

A number that was read in public material, a limit of physics and an own requirement of the site can
be broken (``fails``), and so can an engineering default of our own, which says that it is none of a
standard. A rule from memory and advice ("should preferably") only warn. What is missing makes a
rule ``unknown``, and says which datum.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from diwen.design.station_design.design_result import ComplianceRow, Status
from diwen.language import Text
from diwen.rules.row import Row

_MISSING = Text("missing: {keys}", "缺少：{keys}")
_GIVE = Text("add {keys}", "请补充 {keys}")
_UNVERIFIED = Text(" (rule {standing})", "（条文{standing}）")
_ROUNDING = 1e-9


def judged(
    id: str,
    group: str,
    name: Text,
    value: float | None,
    rule: Row | None,
    why: Text,
    *,
    cure: Text | None = None,
    missing: Iterable[str] = (),
    advice: bool = False,
) -> ComplianceRow | None:
    """A value against a rule row with a number; None where no such row holds here.

    Parameters
    ----------
    value : in the unit of the row; None: not known
    cure : kept only where the rule is not kept
    missing : what is not known, where the value is None
    advice : whether the rule only advises
    """
    if rule is None or rule.value is None:
        return None
    upper = rule.upper if rule.op == "range" else None
    if value is None or not math.isfinite(value):
        return _unknown(id, group, name, rule.unit, rule, why, missing, rule.value, upper, rule.op)
    kept = _kept(rule, value)
    status: Status = "ok" if kept else broken(rule, advice)
    return ComplianceRow(
        id, group, name, value, rule.unit, rule.value, _margin(rule, value), status, rule,
        with_standing(why, rule), None if kept else cure, (), rule.op, upper,
    )  # fmt: skip


def within(
    id: str,
    group: str,
    name: Text,
    value: float,
    unit: str,
    limit: float,
    sense: str,
    why: Text,
    *,
    cure: Text | None = None,
) -> ComplianceRow:
    """A value against an own limit of the site or of physics."""
    margin = limit - value if sense == "<=" else value - limit
    kept = margin >= -1e-2 * (unit == "°C") - _ROUNDING
    return ComplianceRow(
        id, group, name, value, unit, limit, margin, "ok" if kept else "fails", None, why,
        None if kept else cure, (), sense,
    )  # fmt: skip


def in_words(
    id: str,
    group: str,
    name: Text,
    rule: Row | None,
    status: Status,
    why: Text,
    *,
    value: float | None = None,
    unit: str = "1",
    cure: Text | None = None,
    missing: Iterable[str] = (),
) -> ComplianceRow | None:
    """A rule in words; None where no such row holds here."""
    if rule is None:
        return None
    keys = tuple(missing)
    if status == "unknown":
        return _unknown(id, group, name, unit, rule, why, keys, None, None, "", cure)
    return ComplianceRow(
        id, group, name, value, unit, None, None, status, rule, with_standing(why, rule),
        None if status == "ok" else cure, keys,
    )  # fmt: skip


def not_judged(id: str, group: str, name: Text, why: Text) -> ComplianceRow:
    """What no model here computes."""
    return ComplianceRow(id, group, name, None, "1", None, None, "not_judged", None, why)


def broken(rule: Row, advice: bool = False) -> Status:
    """What breaking a row means: one from memory warns, one that was read or is our own fails."""
    return "fails" if not advice and (rule.verified or rule.evidence == "E") else "warns"


def with_standing(why: Text, rule: Row) -> Text:
    """The reason, with how far the rule can be trusted where nobody verified it."""
    if rule.verified:
        return why
    said = _UNVERIFIED.format(standing=rule.standing)
    return Text(why.en + said.en, why.zh + said.zh)


def _unknown(
    id: str, group: str, name: Text, unit: str, rule: Row | None, why: Text,
    missing: Iterable[str], limit: float | None, upper: float | None, sense: str,
    cure: Text | None = None,
) -> ComplianceRow:  # fmt: skip
    keys = tuple(missing)
    shown = Text(", ".join(keys), "、".join(keys))
    said = _MISSING.format(keys=shown)
    reason = Text(f"{said.en}; {why.en}", f"{said.zh}；{why.zh}") if keys else why
    if cure is None and keys:
        cure = _GIVE.format(keys=shown)
    return ComplianceRow(
        id, group, name, None, unit, limit, None, "unknown", rule, reason, cure, keys, sense, upper
    )


def _kept(rule: Row, value: float) -> bool:
    """Whether a rule is kept; rounding alone breaks none."""
    assert rule.value is not None
    if math.isclose(value, rule.value, rel_tol=_ROUNDING) and rule.op in ("<=", ">=", "range"):
        return True
    return rule.holds(value)


def _margin(rule: Row, value: float) -> float:
    assert rule.value is not None
    if rule.op == "range":
        upper = math.inf if rule.upper is None else rule.upper
        return min(value - rule.value, upper - value)
    return rule.value - value if rule.op in ("<", "<=") else value - rule.value
