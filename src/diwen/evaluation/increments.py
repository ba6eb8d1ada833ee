"""Records turned into increments over time intervals: the common form of meters and of powers.

A counter gives one increment between two readings; a power gives one per step by the trapezoid
rule. Both then are the same thing: so many joules in the interval from ``start`` to ``end``.
Sums over any part of the time, coverage, and the common coverage of several meters follow from
that alone, and a sum over a period equals the sum over its parts.

Intervals that were not measured (a gap, a reset of unknown height) simply are not there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.amount import Amount
from diwen.language import Text

Floats = NDArray[np.float64]
Times = NDArray[np.int64]
#: Time spans (m, 2) in microseconds UTC: sorted, not overlapping, end not included.
Spans = NDArray[np.int64]

#: A longer interval between two readings of a counter is one indivisible increment, µs.
DIVISIBLE = 3_600_000_000


@dataclass(frozen=True)
class Increments:
    """Increments of an amount over disjoint time intervals in ascending order.

    Attributes
    ----------
    start, end : interval ends, µs UTC, (n,)
    value : increment in the inside unit (J, m³), (n,)
    effects : standard (k = 1) systematic effect on each increment by cause, (n,) each;
        None when an accuracy is unknown
    variance : square of the standard random uncertainty of each increment, (n,); None: zero
    resolution : smallest step of the register; a sum over an unbroken span carries the rounding
        of its two end readings
    origins, inputs, notes : as in :class:`diwen.evaluation.amount.Amount`
    """

    start: Times
    end: Times
    value: Floats
    effects: Mapping[str, Floats] | None = field(default_factory=dict)
    variance: Floats | None = None
    resolution: float = 0.0
    origins: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def seconds(self) -> Floats:
        """Length of the intervals, s, (n,)."""
        return (self.end - self.start) / 1e6

    def spans(self) -> Spans:
        """The time that was measured, neighbouring intervals joined, (m, 2)."""
        return joined(self.start, self.end)

    def kept(self, mask: NDArray[np.bool_]) -> Increments:
        """The increments where the mask is true."""
        return replace(
            self,
            start=self.start[mask],
            end=self.end[mask],
            value=self.value[mask],
            effects=_each(self.effects, lambda effect: effect[mask]),
            variance=None if self.variance is None else self.variance[mask],
        )

    def clipped(self, spans: Spans) -> Increments:
        """The part inside the spans.

        An interval that is cut keeps its share by time when it is no longer than an hour;
        a longer one that is not wholly inside is left out, because nobody knows how its
        increment was spread.
        """
        which, begin, finish = overlaps(self.start, self.end, spans)
        length = (self.end - self.start)[which]
        share = (finish - begin) / length
        allowed = (share >= 1.0) | (length <= DIVISIBLE)
        which, share = which[allowed], share[allowed]
        return replace(
            self,
            start=begin[allowed],
            end=finish[allowed],
            value=self.value[which] * share,
            effects=_each(self.effects, lambda effect: effect[which] * share),
            variance=None if self.variance is None else self.variance[which] * share**2,
        )

    def masked(self, spans: Spans) -> Increments:
        """The same measured time, with what lies outside the spans counted as zero.

        An interval that is cut counts by time when it is no longer than an hour; a longer one is
        left out as unknown.
        """
        which, begin, finish = overlaps(self.start, self.end, spans)
        share = np.bincount(which, finish - begin, self.start.size) / (self.end - self.start)
        known = (share <= 0.0) | (share >= 1.0) | (self.end - self.start <= DIVISIBLE)
        return self.weighted(share).kept(known)

    def weighted(self, weight: Floats) -> Increments:
        """Every increment times a known number of its own, (n,)."""
        return replace(
            self,
            value=self.value * weight,
            effects=_each(self.effects, lambda effect: effect * weight),
            variance=None if self.variance is None else self.variance * weight**2,
        )

    def amount(self, seconds: float) -> Amount:
        """The sum, with coverage as the share of ``seconds`` that was measured."""
        covered = float(self.seconds.sum())
        variance = 0.0 if self.variance is None else float(self.variance.sum())
        if self.resolution:
            # Two rounded readings per span, each rectangular with the width of one step.
            variance += len(self.spans()) * 2.0 * self.resolution**2 / 12.0
        return Amount(
            float(self.value.sum()),
            None
            if self.effects is None
            else {cause: float(effect.sum()) for cause, effect in self.effects.items()},
            math.sqrt(variance),
            min(covered / seconds, 1.0) if seconds > 0 else 0.0,
            self.origins,
            self.inputs,
            self.notes,
        )


def joined(start: Times, end: Times) -> Spans:
    """Sorted disjoint intervals as spans, touching ones joined, (m, 2)."""
    if start.size == 0:
        return np.empty((0, 2), dtype=np.int64)
    gap = start[1:] > end[:-1]
    return np.column_stack([start[np.r_[True, gap]], end[np.r_[gap, True]]])


def overlaps(start: Times, end: Times, spans: Spans) -> tuple[NDArray[np.intp], Times, Times]:
    """Every non-empty overlap of sorted disjoint intervals with sorted disjoint spans.

    Returns
    -------
    which : index of the interval, (k,)
    begin, finish : the overlap, µs, (k,)
    """
    first = np.searchsorted(spans[:, 1], start, side="right")
    after = np.searchsorted(spans[:, 0], end, side="left")
    count = np.maximum(after - first, 0)
    which = np.repeat(np.arange(start.size), count)
    before = np.repeat(np.cumsum(count) - count, count)
    span = np.repeat(first, count) + np.arange(which.size) - before
    return (
        which,
        np.maximum(start[which], spans[span, 0]),
        np.minimum(end[which], spans[span, 1]),
    )


def intersection(one: Spans, other: Spans) -> Spans:
    """The time that lies in both, (m, 2)."""
    _, begin, finish = overlaps(one[:, 0], one[:, 1], other)
    return joined(begin, finish)


def without(spans: Spans, removed: Spans, start: int, end: int) -> Spans:
    """The time of ``spans`` (all inside start..end) that is not in ``removed``."""
    edges = np.concatenate([[start], removed.ravel(), [end]]).astype(np.int64).reshape(-1, 2)
    return intersection(spans, edges[edges[:, 1] > edges[:, 0]])


def length(spans: Spans) -> float:
    """Total time of spans, s."""
    return float((spans[:, 1] - spans[:, 0]).sum()) / 1e6


def common(parts: Sequence[Increments]) -> list[Increments]:
    """The parts over the time in which all of them were measured.

    A ratio of sums is only honest over common time: an hour that lacks in the heat meter must
    not stay in the electricity. A long interval (over an hour) that another part covers only in
    part is taken out of all of them.
    """
    if not parts:
        return []
    shared = parts[0].spans()
    for part in parts[1:]:
        shared = intersection(shared, part.spans())
    # Leaving out a long interval may cut another one; each round removes at least one interval.
    while True:
        before = length(shared)
        for part in parts:
            shared = intersection(shared, part.clipped(shared).spans())
        if length(shared) == before:
            return [part.clipped(shared) for part in parts]


def _each(
    effects: Mapping[str, Floats] | None, function: Callable[[Floats], Floats]
) -> dict[str, Floats] | None:
    """A function on the effect of every cause."""
    if effects is None:
        return None
    return {cause: function(effect) for cause, effect in effects.items()}
