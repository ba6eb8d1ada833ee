"""Useful energy and electricity of the plant by mode, on which the economic indicators rest.

The boundary is that of GB/T 50801 (all units and all pumps, terminal fans excluded), because its
factors are meant for it. One computation serves all families of this kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from diwen.evaluation.amount import Refusal
from diwen.evaluation.context import Context, rule_date
from diwen.evaluation.performance import modes as modes_of_period
from diwen.evaluation.performance import performance
from diwen.evaluation.period import microseconds
from diwen.evaluation.plant import Group, equipment
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.operation import Way
    from diwen.evaluation.period import Period
    from diwen.evaluation.ratios import Quotient
    from diwen.rules import Row

_SYSTEM: tuple[Group, ...] = ("heat_pumps", "source_pumps", "load_pumps", "distribution_pumps")
_NOT_VERIFIED = Text(
    "{rule} = {value} {unit} ({name}): {standing}", "{rule} = {value} {unit}（{name}）：{standing}"
)


def system_energy(context: Context, mode: Way) -> Quotient:
    """Useful heat (or cold) and the electricity that belongs to it, over common time.

    Raises
    ------
    Refusal : something is not measured, or the site names no heat pump
    """

    def compute() -> Quotient | Refusal:
        try:
            units = equipment(context, ["heat_pumps"])
            everything = equipment(context, _SYSTEM)
            return performance(context, mode, units, everything)
        except Refusal as refusal:
            return refusal

    found = context.once(("system energy", mode), compute)
    if isinstance(found, Refusal):
        raise found
    return found


def serves(context: Context) -> bool:
    """Whether the site's heat pumps serve somebody: a test bench replaces and costs nothing."""
    return bool(context.site.heat_pumps) and context.site.kind in ("plant", "house")


def modes(context: Context) -> tuple[Way, ...]:
    """The modes of the period in which the site serves; none for a bench or without heat pump."""
    return modes_of_period(context) if serves(context) else ()


def by_year(context: Context) -> Iterator[Context]:
    """The context narrowed to each local calendar year, under the rules of that year."""
    zone = context.period.zone
    starts = context.period.start.astimezone(zone).year
    last = rule_date(context.period).year
    if starts == last:
        yield context
        return
    for year in range(starts, last + 1):
        part = _within(context.period, year)
        if part is None:
            continue
        rules = replace(context.rules, day=rule_date(part))
        yield replace(context, period=part, rules=rules, _memory={})


def _within(period: Period, year: int) -> Period | None:
    """The part of a period in one local calendar year; None where there is none."""
    from datetime import UTC, datetime

    first = datetime(year, 1, 1, tzinfo=period.zone).astimezone(UTC)
    after = datetime(year + 1, 1, 1, tzinfo=period.zone).astimezone(UTC)
    start, end = max(first, period.start), min(after, period.end)
    if microseconds(end) <= microseconds(start):
        return None
    return replace(period, label=f"{year}", kind="days", start=start, end=end)


def unverified(rows: tuple[Row, ...]) -> tuple[Text, ...]:
    """A note for every rule row that nobody could verify."""
    return tuple(
        _NOT_VERIFIED.format(
            rule=row.text,
            value=f"{row.value:g}" if row.value is not None else "-",
            unit="" if row.unit == "1" else row.unit,
            name=row.id,
            standing=row.standing,
        )
        for row in rows
        if not row.verified
    )
