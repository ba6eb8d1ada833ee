"""Rules as dated data: limits, grades, factors, tariffs, and "what holds here on this day".

The look-up is :func:`load` (every row) and :func:`on` (what holds on a day in a region). What is
computed from rows stands in modules of their own, all pure functions:

``grades``      which grade a value reaches
``water``       groundwater classes by GB/T 14848
``emissions``   the electricity carbon factor of a place and year
``water_tax``   water resource tax
``subsidies``   public support
``profiles``    evaluation profiles, and ``score``, the weighted score by one of them
``checklist``   which points a monitoring standard wants
``search``      rows by the words people use
"""

from __future__ import annotations

from datetime import date

from diwen.rules.refusal import RefusedError
from diwen.rules.row import Row
from diwen.rules.rulebook import RuleMissingError, Rules, RulesOn, load

__all__ = ["RefusedError", "Row", "RuleMissingError", "Rules", "RulesOn", "load", "on"]


def on(day: date, region: str | None = None) -> RulesOn:
    """The shipped rules as they hold on a day in a region (see :meth:`Rules.on`)."""
    return load().on(day, region)
