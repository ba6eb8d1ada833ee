"""Ratios of sums over common time: heat per electricity in one mode.

An interval enters numerator and denominator or neither. Where two modes share the plant, the
electricity is split by the energy that each delivers in the hour, not by duration.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from diwen.evaluation.amount import Amount, Refusal, ratio, total
from diwen.evaluation.heat_meters import heat_meters, measured_circuits
from diwen.evaluation.increments import (
    Floats,
    Increments,
    Spans,
    Times,
    common,
    intersection,
    length,
    overlaps,
)
from diwen.evaluation.operation import Way, mode_spans, whole
from diwen.evaluation.plant import Term, each, unit_heat
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context

_HOUR = 3_600_000_000
_NOT_IN_MODE = Text("the plant is not set to {mode} in this period", "本周期内系统不处于{mode}工况")
_NO_COMMON = Text(
    "heat and electricity have no common valid time in this period",
    "本周期内热量与电量没有共同的有效时段",
)
_MODE_NAMES = {
    "heating": Text("heating", "供热"),
    "cooling": Text("cooling", "供冷"),
    "simultaneous": Text("simultaneous heating and cooling", "热冷同供"),
}


@dataclass(frozen=True)
class Quotient:
    """Heat and electricity over their common time, and the quotient."""

    heat: Amount
    electricity: Amount
    value: Amount


def signed_total(terms: Sequence[Term], seconds: float) -> Amount:
    """The signed sum of contributions."""
    return total(part.amount(seconds).scaled(sign) for part, sign in terms)


def over_common_time(
    numerator: Sequence[Term], denominator: Sequence[Term], spans: Spans
) -> tuple[Amount, Amount]:
    """Both sums over the time inside the spans in which every contribution was measured.

    Raises
    ------
    Refusal : there is no such time
    """
    seconds = length(spans)
    terms = [*numerator, *denominator]
    shared = common([part.clipped(spans) for part, _ in terms])
    if not shared or shared[0].start.size == 0:
        raise Refusal(_NO_COMMON)
    pairs = [(part, sign) for part, (_, sign) in zip(shared, terms, strict=True)]
    return (
        signed_total(pairs[: len(numerator)], seconds),
        signed_total(pairs[len(numerator) :], seconds),
    )


def quotient(numerator: Sequence[Term], denominator: Sequence[Term], spans: Spans) -> Quotient:
    """Ratio of two sums over common time.

    Raises
    ------
    Refusal : no common time, or nothing in the denominator
    """
    top, bottom = over_common_time(numerator, denominator, spans)
    return Quotient(top, bottom, ratio(top, bottom))


@dataclass(frozen=True)
class Delivered:
    """Useful energy of one mode.

    Attributes
    ----------
    whole : contributions over the whole period, positive when useful, zero outside the mode
    spans : the time that belongs to the mode
    others : what the same plant delivers usefully in the other mode
    by_sign : the mode is not known but taken from the sign of the heat
    """

    whole: list[Term]
    spans: Spans
    others: list[Term]
    by_sign: bool = False

    @property
    def terms(self) -> list[Term]:
        """The contributions in the mode's time only."""
        return each(self.whole, lambda part: part.clipped(self.spans))

    @property
    def amount(self) -> Amount:
        """The sum, with the measured share of the mode's time as coverage."""
        measured = self.spans
        for part, _ in self.whole:
            measured = intersection(measured, part.spans())
        return _covering(signed_total(self.whole, 1.0), measured, self.spans)


def delivered(
    context: Context,
    mode: Way,
    units: frozenset[str],
    heaters: frozenset[str] = frozenset(),
    hot_water: bool = True,
) -> Delivered:
    """Useful heat or cold of some heat pumps in their mode.

    The mode comes from the site; where the site does not say, the sign of the heat on the load
    side decides. Hot water counts as heat, unless it is to be left out where it is metered apart.

    Raises
    ------
    Refusal : not metered, or the plant is never in that mode in this period
    """
    return context.once(
        ("delivered", mode, units, heaters, hot_water),
        lambda: _delivered(context, mode, units, heaters, hot_water),
    )


def _delivered(
    context: Context, mode: Way, units: frozenset[str], heaters: frozenset[str], hot_water: bool
) -> Delivered:
    cooling = mode == "cooling"
    terms = unit_heat(context, units, heaters, cooling, hot_water)
    try:
        spans = mode_spans(context, mode)
    except Refusal:
        return _by_sign(context, terms, cooling)
    if length(spans) == 0.0:
        raise Refusal(_NOT_IN_MODE.format(mode=_MODE_NAMES[mode]))
    inside = each(terms, lambda part: part.masked(spans))
    if cooling:
        inside = _upright(inside)
    return Delivered(inside, spans, _others(context, units, heaters, cooling, terms))


def _by_sign(context: Context, terms: list[Term], cooling: bool) -> Delivered:
    """The positive part of the load heat is heating, the negative part is cooling."""
    sign = -1.0 if cooling else 1.0
    mine = each(terms, lambda part: part.weighted(np.where(sign * part.value > 0, sign, 0.0)))
    others = each(terms, lambda part: part.weighted(np.where(sign * part.value < 0, -sign, 0.0)))
    return Delivered(mine, whole(context), others, by_sign=True)


def _others(
    context: Context,
    units: frozenset[str],
    heaters: frozenset[str],
    cooling: bool,
    mine: list[Term],
) -> list[Term]:
    """Useful energy of the other kind, from meters of its own.

    Cold counts only while the plant is set to cool; hot water is useful all year round.
    """
    try:
        terms = unit_heat(context, units, heaters, not cooling)
        spans = mode_spans(context, "heating" if cooling else "cooling")
    except Refusal:
        return []
    own = {part.inputs for part, _ in mine}
    metered = "hot_water" in measured_circuits(context)
    water = {
        tuple(point.id for point in meter.points)
        for meter in (heat_meters(context, "hot_water") if metered else [])
    }
    return [
        (part if part.inputs in water else part.masked(spans), sign)
        for part, sign in terms
        if part.inputs not in own
    ]


def _upright(terms: list[Term]) -> list[Term]:
    """Cold as a positive number: a signed meter of the load side counts it below zero."""
    if sum(sign * float(part.value.sum()) for part, sign in terms) >= 0.0:
        return terms
    return [(part, -sign) for part, sign in terms]


def mode_quotient(useful: Delivered, electricity: Sequence[Term]) -> Quotient:
    """Useful energy of a mode per the electricity that belongs to it.

    Raises
    ------
    Refusal : heat and electricity have no common time in the mode
    """
    terms = [*useful.whole, *split_by_energy(electricity, useful)]
    shared = common([part for part, _ in terms])
    measured = intersection(shared[0].spans(), useful.spans) if shared else useful.spans[:0]
    if length(measured) == 0.0:
        raise Refusal(_NO_COMMON)
    pairs = [(part, sign) for part, (_, sign) in zip(shared, terms, strict=True)]
    split = len(useful.whole)
    top, bottom = (
        _covering(signed_total(group, 1.0), measured, useful.spans)
        for group in (pairs[:split], pairs[split:])
    )
    return Quotient(top, bottom, ratio(top, bottom))


def _covering(amount: Amount, measured: Spans, spans: Spans) -> Amount:
    return replace(amount, coverage=length(measured) / length(spans))


def split_by_energy(electricity: Iterable[Term], useful: Delivered) -> list[Term]:
    """The share of the electricity that belongs to a mode.

    The share is ``Q_mine / (Q_mine + Q_others)`` of the clock hour (or of the interval, when it
    is longer). Where nothing was delivered it is the share of the mode's time; when modes are
    known by the sign of the heat only, standby follows the last mode that delivered.
    """
    return each(electricity, lambda part: part.weighted(_share(part, useful)))


def _share(part: Increments, useful: Delivered) -> Floats:
    which, start, end = overlaps(part.start, part.end, useful.spans)
    in_mode = np.bincount(which, end - start, part.start.size) / (part.end - part.start)
    if not useful.others:
        return in_mode
    begin = part.start - part.start % _HOUR
    finish = np.maximum(part.end, begin + _HOUR)
    own = np.maximum(_between(useful.whole, begin, finish), 0.0)
    other = np.maximum(_between(useful.others, begin, finish), 0.0)
    both = own + other
    if not useful.by_sign:
        # Where nothing else was delivered, time decides, to the minute; an hour that only made
        # something else (hot water on a summer night) is not of this mode.
        return np.divide(own, both, out=in_mode, where=other > 0.0)
    share = np.divide(own, both, out=np.full(both.size, np.nan), where=both > 0.0)
    known = np.flatnonzero(np.isfinite(share))
    if known.size == 0:
        return np.ones(share.size)
    last = np.maximum(np.searchsorted(known, np.arange(share.size), side="right") - 1, 0)
    return share[known[last]]


def _between(terms: Sequence[Term], begin: Times, finish: Times) -> Floats:
    """Signed sum of contributions between pairs of instants, (n,)."""
    result = np.zeros(begin.size)
    for part, sign in terms:
        if part.start.size == 0:
            continue
        edges = np.column_stack([part.start, part.end]).ravel()
        after = np.cumsum(part.value)
        level = np.column_stack([after - part.value, after]).ravel()
        origin = edges[0]
        sums = [np.interp(at - origin, edges - origin, level) for at in (begin, finish)]
        result += sign * (sums[1] - sums[0])
    return result
