"""Heat, electricity and their ratio day by day (month by month over long periods), for pictures.

Each day is a ratio of sums over the time in which heat and electricity were both measured, like
the ratio of the whole period; the days' sums add up to it, their ratios do not average to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from diwen.evaluation.amount import Amount, Refusal, ratio
from diwen.evaluation.increments import intersection
from diwen.evaluation.operation import Way
from diwen.evaluation.period import microseconds
from diwen.evaluation.plant import Group, Term, electricity, equipment
from diwen.evaluation.ratios import delivered, over_common_time, split_by_energy
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context

# Longer periods are shown by months: nobody reads 365 intervals.
MOST_DAYS = 100
_SYSTEM: tuple[Group, ...] = ("heat_pumps", "source_pumps", "load_pumps", "distribution_pumps")
_SCHEMES: tuple[tuple[Text, tuple[Group, ...]], ...] = (
    (Text("heat pumps and all pumps", "热泵机组及全部水泵"), _SYSTEM),
    (Text("heat pumps alone", "仅热泵机组"), ("heat_pumps",)),
)


@dataclass(frozen=True)
class Step:
    """One day or month.

    Attributes
    ----------
    first : first local day
    seconds : length of the part inside the period, s
    heat, electricity : over their common time, J
    performance : their ratio; None where no electricity was used
    """

    first: date
    seconds: float
    heat: Amount
    electricity: Amount
    performance: Amount | None


@dataclass(frozen=True)
class ByDay:
    """The steps of a period.

    Attributes
    ----------
    boundary : what is inside the electricity
    monthly : the steps are months, not days
    steps : days or months in which anything was measured, in order
    """

    boundary: Text
    monthly: bool
    steps: tuple[Step, ...]


def by_day(context: Context, mode: Way) -> ByDay:
    """Heat and electricity by local day, at the widest boundary that is metered.

    Parameters
    ----------
    mode : heating or cooling

    Raises
    ------
    Refusal : not even heat and electricity of the heat pumps alone are measured
    """
    refusal: Refusal | None = None
    for boundary, groups in _SCHEMES:
        try:
            return _steps(context, mode, boundary, groups)
        except Refusal as error:
            refusal = error
    assert refusal is not None
    raise refusal


def _steps(context: Context, mode: Way, boundary: Text, groups: tuple[Group, ...]) -> ByDay:
    useful = delivered(context, mode, equipment(context, ["heat_pumps"]))
    share = split_by_energy(electricity(context, equipment(context, groups)), useful)
    monthly = context.period.days > MOST_DAYS
    found = (
        _step(first, start, end, useful.whole, share)
        for first, start, end in (_months(context) if monthly else context.period.local_days())
        if len(intersection(useful.spans, np.array([[start, end]], dtype=np.int64)))
    )
    return ByDay(boundary, monthly, tuple(step for step in found if step is not None))


def _months(context: Context) -> list[tuple[date, int, int]]:
    return [
        (
            month.start.astimezone(month.zone).date(),
            microseconds(month.start),
            microseconds(month.end),
        )
        for month in context.period.months()
    ]


def _step(first: date, start: int, end: int, heat: list[Term], power: list[Term]) -> Step | None:
    try:
        top, bottom = over_common_time(heat, power, np.array([[start, end]], dtype=np.int64))
    except Refusal:
        return None
    quotient = ratio(top, bottom) if bottom.value > 0.0 and top.value > 0.0 else None
    return Step(first, (end - start) / 1e6, top, bottom, quotient)
