"""Rules as dated data: limits, grades, factors, tariffs, and "what holds here on this day"."""

from __future__ import annotations

from datetime import date

from diwen.rules.row import Row
from diwen.rules.rulebook import RuleMissingError, Rules, RulesOn, load

__all__ = ["Row", "RuleMissingError", "Rules", "RulesOn", "load", "on"]


def on(day: date, region: str | None = None) -> RulesOn:
    """The shipped rules as they hold on a day in a region (see :meth:`Rules.on`)."""
    return load().on(day, region)
