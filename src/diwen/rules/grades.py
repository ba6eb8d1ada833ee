"""Grades: which of the ordered grade rows a value reaches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diwen.language import Text
from diwen.rules.conditions import applies
from diwen.rules.row import Row
from diwen.rules.rulebook import RuleMissingError, RulesOn

_NONE = Text(
    "no grade table for {quantity} holds on {day} in {region} for this case",
    "{quantity} 于 {day} 在 {region} 没有适用的等级表",
)
_SEVERAL = Text(
    "more than one grade table for {quantity} fits; say which standard, source and capacity",
    "{quantity} 有多个等级表适用；请指明标准、热源形式和容量",
)


def grades(
    rules: RulesOn, quantity: str, standard: str | None = None, **facts: float | str
) -> tuple[Row, ...]:
    """The grade rows of a quantity, best grade first.

    Parameters
    ----------
    rules : the rules of a day and region
    quantity : such as ``cop_sys``, ``eer_sys``, ``acop``
    standard : to choose between standards
    facts : the case, see :func:`diwen.rules.conditions.applies`

    Raises
    ------
    RuleMissingError : there is no grade table, or more than one fits
    """
    found = [
        row
        for row in rules.rows(quantity=quantity, standard=standard)
        if "grade" in row.applies and applies(row, **facts)
    ]
    found.sort(key=lambda row: int(row.applies["grade"]))
    if not found:
        fields = {"quantity": quantity, "day": rules.day.isoformat(), "region": rules.region}
        raise RuleMissingError(_NONE.format(**fields))
    if len({row.applies["grade"] for row in found}) < len(found):
        raise RuleMissingError(_SEVERAL.format(quantity=quantity))
    return tuple(found)


def grade_of(value: float, rows: Iterable[Row]) -> Row | None:
    """The best grade row that a value fulfils; None when it fails them all."""
    return next((row for row in rows if row.holds(value)), None)


def resolved(low: float, high: float, rows: Sequence[Row]) -> bool:
    """Whether a value known to lie between ``low`` and ``high`` has one grade throughout."""
    return grade_of(low, rows) is grade_of(high, rows)
