"""Values that stand in where a site file gives none: rows of the rules, not literals."""

from __future__ import annotations

from datetime import date


def usual_value(id: str) -> float:
    """Number of a row of the engineering defaults, in the unit of the row.

    Parameters
    ----------
    id : of the row, such as ``default.well_bore_diameter``
    """
    from diwen import rules

    return rules.on(date.today()).value(id)
