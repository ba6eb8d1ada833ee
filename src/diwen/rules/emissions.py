"""Electricity carbon factors: the nearest region's, of the year that holds."""

from __future__ import annotations

from diwen.language import Text
from diwen.rules.row import Row
from diwen.rules.rulebook import RuleMissingError, RulesOn

_NONE = Text(
    "no electricity carbon factor is known for {region} on {day}",
    "{region} 于 {day} 没有已知的电力排放因子",
)


def grid_factor(rules: RulesOn, kind: str = "average") -> Row:
    """The electricity carbon factor (kg/kWh) that holds on the day, of the nearest region.

    The factor of a year holds through that year; the latest announced one holds on until the next
    is entered. A province without its own factor takes that of its grid region, then the national.

    Parameters
    ----------
    rules : of the day and region
    kind : ``average``, ``residual`` (without market-traded non-fossil power) or ``fossil``

    Raises
    ------
    RuleMissingError : none is known here and then
    """
    for row in rules.rows(quantity="grid_emission_factor"):
        if row.applies.get("kind") == kind:
            return row
    raise RuleMissingError(_NONE.format(region=rules.region, day=rules.day.isoformat()))
