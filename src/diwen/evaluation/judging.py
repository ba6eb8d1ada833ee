"""How far a number may be trusted, and the grade it earns.

Data quality classes (engineering defaults of Diwen, rows ``quality.coverage.*``): Q1 and Q2 ask
for a coverage and for instruments; Q3 is indicative and is never graded. Instruments count as a
class when the expanded uncertainty they reach over the period is no larger than that of the EN
1434 and IEC 62053 class which Q1 (heat meter class 2, electricity class 1) or Q2 (class 3, class
2) names, the heat meter taken at its smallest approved difference. So a good meter that works at
a tiny difference does not pass, and a calibrated set of sensors does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from diwen.evaluation.amount import COVERAGE_FACTOR, Amount
from diwen.evaluation.result import Grade
from diwen.evaluation.uncertainty import SQRT3, heat_meter_class
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.rules import Row, RulesOn

# Quality class -> heat meter class, electricity meter class.
_INSTRUMENTS = {"Q1": ("2", "1"), "Q2": ("3", "2")}

_THIN = Text(
    "coverage {coverage:.1f} %, below {limit:g} % (class Q2): indicative only, no grade",
    "数据完整率 {coverage:.1f} %，低于 Q2 级要求的 {limit:g} %，仅供参考，不定级",
)
_UNKNOWN = Text(
    "an accuracy is not given, so there is no uncertainty: indicative only, no grade",
    "有测点未给出准确度，无法评定不确定度，仅供参考，不定级",
)
_COARSE = Text(
    "uncertainty of {what} {have:.1f} % (k = 2), above {limit:.1f} % (class Q2): indicative only, "
    "no grade",
    "{what}的扩展不确定度 {have:.1f} %（k = 2），大于 Q2 级的 {limit:.1f} %，仅供参考，不定级",
)
HEAT = Text("the heat", "热量")
ELECTRICITY = Text("the electricity", "电量")
_GRADE = Text("grade {number}", "{number} 级")
_BELOW = Text("below the limit: not qualified", "低于限值：不合格")
_KEPT = Text("limit kept", "满足限值")
_BROKEN = Text("limit broken", "超出限值")
_LIMIT_UNCLEAR = Text(
    "not resolved: {text}, within the uncertainty of ± {uncertainty:.1f}",
    "无法判定：{text}，在不确定度 ± {uncertainty:.1f} 以内",
)
_CLEAR = Text("{label} by {rule} ({value:.2f} ± {uncertainty:.2f})",
              "按 {rule} 为{label}（{value:.2f} ± {uncertainty:.2f}）")  # fmt: skip
_UNCLEAR = Text(
    "grade not resolved: {value:.2f} ± {uncertainty:.2f} lies between {low} and {high} by {rule}",
    "等级无法判定：{value:.2f} ± {uncertainty:.2f} 跨越 {rule} 的{low}与{high}",
)


def quality_class(
    rules: RulesOn, coverage: float, heat: Amount | None, electricity: Amount | None
) -> tuple[str, Text | None]:
    """Data quality class and, for Q3 and worse, the reason.

    Parameters
    ----------
    coverage : 0..1
    heat, electricity : what the number rests on; None where it does not

    Returns
    -------
    ``Q1``, ``Q2``, ``Q3`` or ``below Q3``, and why it is not better than Q3
    """
    known = [amount for amount in (heat, electricity) if amount is not None]
    if any(amount.effects is None for amount in known):
        return "Q3", _UNKNOWN
    for name in ("Q1", "Q2"):
        limit = rules.value(f"quality.coverage.{name.lower()}")
        if 100.0 * coverage >= limit and _coarse(rules, name, heat, electricity) is None:
            return name, None
    limit = rules.value("quality.coverage.q2")
    if 100.0 * coverage < limit:
        lowest = rules.value("quality.coverage.q3")
        name = "Q3" if 100.0 * coverage >= lowest else "below Q3"
        return name, _THIN.format(coverage=100.0 * coverage, limit=limit)
    return "Q3", _coarse(rules, "Q2", heat, electricity)


def _coarse(
    rules: RulesOn, name: str, heat: Amount | None, electricity: Amount | None
) -> Text | None:
    """Which instrument is too coarse for a class; None when all pass."""
    heat_grade, electric_grade = _INSTRUMENTS[name]
    minimum = rules.value("en1434.delta_t_minimum")
    heat_limit = float(heat_meter_class(rules, heat_grade).limit(1.0, minimum, minimum))
    electric_limit = rules.value(f"en62053.class{electric_grade}") / 100.0
    for amount, limit, what in (
        (heat, heat_limit, HEAT),
        (electricity, electric_limit, ELECTRICITY),
    ):
        if amount is None or amount.value == 0.0:
            continue
        have = COVERAGE_FACTOR * (amount.u_systematic or 0.0)
        allowed = COVERAGE_FACTOR * limit / SQRT3
        if have > allowed * (1.0 + 1e-9):
            return _COARSE.format(what=what, have=100.0 * have, limit=100.0 * allowed)
    return None


def grade_of_limit(distance: float, uncertainty: float, kept: Text, broken: Text) -> Grade:
    """Whether a single limit is kept.

    Parameters
    ----------
    distance : how far the value lies inside the limit; negative outside
    uncertainty : expanded uncertainty of the value
    kept, broken : the sentences for both cases

    Returns
    -------
    Grade; not resolved when the limit lies inside the interval of the value
    """
    label, text = (_BROKEN, broken) if distance < 0.0 else (_KEPT, kept)
    if abs(distance) <= uncertainty:
        return Grade(label, False, _LIMIT_UNCLEAR.format(text=text, uncertainty=uncertainty))
    return Grade(label, True, text, distance > 0.0)


def grade_at_least(value: float, uncertainty: float, rows: Sequence[Row]) -> Grade:
    """The grade of a value that should be high.

    Parameters
    ----------
    value, uncertainty : the number and its expanded uncertainty
    rows : limits of grade 1, 2, 3 ... (``>=``), best first

    Returns
    -------
    Grade; not resolved when an edge lies inside ``value ± uncertainty``
    """
    rule = rows[0].name
    low, here, high = (_label(x, rows) for x in (value - uncertainty, value, value + uncertainty))
    shown = {"value": value, "uncertainty": uncertainty, "rule": rule}
    if low == high:
        return Grade(here, True, _CLEAR.format(label=here, **shown), here is not _BELOW)
    return Grade(here, False, _UNCLEAR.format(low=low, high=high, **shown))


def _label(value: float, rows: Sequence[Row]) -> Text:
    for number, row in enumerate(rows, start=1):
        if value >= (math.inf if row.value is None else row.value):
            return _GRADE.format(number=number)
    return _BELOW
