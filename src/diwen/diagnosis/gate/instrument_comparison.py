"""Which instrument is faulty, if any: marginal likelihoods of all that could be.

All errors enter the residuals linearly (:mod:`.instrument_patterns`), so that with normal priors
every marginal likelihood has a closed form. The healthy hypothesis lets every instrument be wrong
within its class. A faulty one has an additional error, spread widely, in one of three shapes:
constant, from a day on, growing. All days of begin are compared through running sums, so that a
record costs the same whatever the number of hypotheses. A fault must be larger than what is
tolerable: the healthy record may have errors of every shape too, spread by the tolerance ("spike
and slab"). (Kass & Raftery 1995, J. Am. Stat. Assoc. 90, 773-795, on Bayes factors.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.ndimage import median_filter

from diwen.diagnosis.gate.instrument_patterns import Equation, Label
from diwen.diagnosis.record.operating_record import Floats

ErrorShape = Literal["constant", "step", "drift"]
# Standard deviation of a normal variable over the median of its size.
_NORMAL = 1.4826
# Days around one that tell whether it stands alone, and by how many standard deviations it must.
_NEIGHBOURS, _SPIKE = 15, 6.0
SHAPES: tuple[ErrorShape, ...] = ("constant", "step", "drift")


@dataclass(frozen=True)
class ErrorPrior:
    """What is believed about one instrument before looking.

    Attributes
    ----------
    class_deviation : standard uncertainty of its class, in the unit of the error
    tolerance : standard deviation of an error that is still no fault
    spread : standard deviation of a fault: constant or step
    growth : of a fault that grows, per year
    growth_tolerance : growth that is still no fault, per year
    probability : that it is faulty within a record, all shapes together
    shapes : that its error can have
    mean : of a fault (a boundary that is wrong counts the whole of what it should not)
    """

    class_deviation: float
    tolerance: float
    spread: float
    growth: float
    growth_tolerance: float
    probability: float
    shapes: tuple[ErrorShape, ...] = SHAPES
    mean: float = 0.0


@dataclass(frozen=True, eq=False)
class Suspect:
    """One instrument with one shape of error.

    Attributes
    ----------
    label : the instrument and kind of error
    shape : in time
    begin, begin_low, begin_high : place of the day from which it holds and its 90 % interval
    value, deviation : of the error (per year where it grows) and its standard uncertainty
    log_ratio : natural logarithm of the Bayes factor against healthy, over all days of begin
    probability : posterior among all suspects and "none"
    """

    label: Label
    shape: ErrorShape
    begin: int
    begin_low: int
    begin_high: int
    value: float
    deviation: float
    log_ratio: float
    probability: float


@dataclass(frozen=True, eq=False)
class _Stack:
    """All equations as weighted rows: days × equations × columns."""

    labels: tuple[Label, ...]
    columns: Floats  # (e, d, p): instruments, then what is free in equations
    value: Floats  # (e, d)
    weight: Floats  # (e, d)
    precision: Floats  # (p,): of the priors of all columns
    memory: Floats  # (e,): days over which residuals hang together

    @property
    def days(self) -> int:
        """Days of the record."""
        return int(self.value.shape[1])


def suspects(
    found: Sequence[Equation],
    priors: Mapping[Label, ErrorPrior],
    accepted: Sequence[tuple[Label, ErrorShape, int]] = (),
) -> tuple[Suspect, ...]:
    """All instruments and shapes, the most probable first; what is left is the healthy record.

    Parameters
    ----------
    found : equations
    priors : of the instruments that are compared; others are taken as perfect
    accepted : errors that are already known (instrument, shape, place of the first day)
    """
    if not found or not priors:
        return ()
    stack = _calibrated(_without_spikes(_stacked(found, priors, accepted)))
    first = _compared(stack, priors)
    # The noise is what the best hypothesis leaves: a pattern that no instrument makes is noise.
    return _compared(_calibrated_with(stack, first[0]), priors)


def _compared(stack: _Stack, priors: Mapping[Label, ErrorPrior]) -> tuple[Suspect, ...]:
    sums = _Sums(stack)
    both = [pair for shape in SHAPES for pair in _of_shape(stack, sums, priors, shape)]
    # What is tolerable may have any of the shapes too: one healthy hypothesis for all faults.
    healthy = _log_mean(np.array([0.0] + [narrow for _, narrow in both]))
    return _with_probabilities([one for one, _ in both], healthy, priors)


def _log_mean(logarithms: Floats) -> float:
    top = float(np.max(logarithms))
    return top + float(np.log(np.mean(np.exp(logarithms - top))))


def explained(found: Sequence[Equation], one: Suspect) -> float:
    """Share of the weighted squares of all residuals that a suspect explains, 0 to 1."""
    before = after = 0.0
    for equation in found:
        known = np.isfinite(equation.value)
        pattern = equation.patterns.get(one.label)
        error = np.zeros(equation.value.size) if pattern is None else np.nan_to_num(pattern)
        error = error * one.value * in_time(one.shape, one.begin, error.size)
        before += float(np.sum((equation.value[known] / equation.spread[known]) ** 2))
        left = equation.value[known] - error[known]
        after += float(np.sum((left / equation.spread[known]) ** 2))
    return 1.0 - after / before if before > 0.0 else 0.0


def in_time(shape: ErrorShape, begin: int, days: int) -> Floats:
    """Course of an error of size one: 1 from a day on, or years since it, shape (days,)."""
    since = np.arange(days) - begin
    if shape == "drift":
        return np.asarray(np.maximum(since, 0) / 365.0)
    return np.asarray(since >= 0, dtype=float)


def _stacked(
    found: Sequence[Equation],
    priors: Mapping[Label, ErrorPrior],
    accepted: Sequence[tuple[Label, ErrorShape, int]],
) -> _Stack:
    labels = tuple(priors)
    free = [(place, pattern) for place, one in enumerate(found) for pattern in one.free]
    d = found[0].value.size
    columns = np.zeros((len(found), d, len(labels) + len(accepted) + len(free)))
    value = np.zeros((len(found), d))
    weight = np.zeros((len(found), d))
    for place, one in enumerate(found):
        known = np.isfinite(one.value) & (one.spread > 0.0)
        value[place, known] = one.value[known]
        weight[place, known] = 1.0 / one.spread[known] ** 2
        for column, label in enumerate(labels):
            if label in one.patterns:
                columns[place, known, column] = one.patterns[label][known]
        for column, (label, shape, begin) in enumerate(accepted, len(labels)):
            if label in one.patterns:
                course = one.patterns[label] * in_time(shape, begin, d)
                columns[place, known, column] = course[known]
    for column, (place, pattern) in enumerate(free, len(labels) + len(accepted)):
        on = weight[place] > 0.0
        columns[place, on, column] = pattern[on]
    deviations = [priors[label].class_deviation for label in labels]
    deviations += [priors[label].growth if shape == "drift" else priors[label].spread
                   for label, shape, _ in accepted]  # fmt: skip
    deviations += [1.0] * len(free)
    memory = np.array([one.memory for one in found])
    return _Stack(labels, columns, value, weight / memory[:, None],
                  1.0 / np.array(deviations) ** 2, memory)  # fmt: skip


def _without_spikes(stack: _Stack) -> _Stack:
    """Without single days that stand far off their neighbours: no error of an instrument does."""
    weight = stack.weight.copy()
    for place in range(weight.shape[0]):
        on = np.flatnonzero(weight[place] > 0.0)
        if on.size < _NEIGHBOURS:
            continue
        scaled = stack.value[place, on] * np.sqrt(weight[place, on] * stack.memory[place])
        off = np.abs(scaled - median_filter(scaled, _NEIGHBOURS, mode="nearest"))
        size = max(_NORMAL * float(np.median(off)), 1.0)
        weight[place, on[off > _SPIKE * size]] = 0.0
    return replace(stack, weight=weight)


def _calibrated(stack: _Stack) -> _Stack:
    """Weights by the scatter from day to day that the equations really show.

    Successive differences do not see steps. Only upwards: what is assumed to scatter is never
    believed to be better than assumed.
    """
    left = stack.value - stack.columns @ _fit(stack)
    weight = stack.weight.copy()
    for place in range(stack.value.shape[0]):
        on = np.flatnonzero(stack.weight[place] > 0.0)
        if on.size < 5:
            continue
        # The weight holds the memory of the residuals; the scatter is that of one day.
        one_day = np.sqrt(stack.weight[place, on] * stack.memory[place])
        scaled = np.diff(left[place, on] * one_day)
        size = _NORMAL * float(np.median(np.abs(scaled))) / np.sqrt(2.0)
        weight[place] /= max(1.0, size) ** 2
    return replace(stack, weight=weight)


def _calibrated_with(stack: _Stack, best: Suspect) -> _Stack:
    """Weights by the scatter that is left beside the best hypothesis (only upwards)."""
    column = stack.columns[:, :, stack.labels.index(best.label)]
    extra = column * in_time(best.shape, best.begin, stack.days) * best.value
    free = replace(stack, value=stack.value - extra)
    left = free.value - free.columns @ _fit(free)
    weight = stack.weight.copy()
    for place in range(weight.shape[0]):
        on = stack.weight[place] > 0.0
        if np.count_nonzero(on) >= 5:
            one_day = np.sqrt(stack.weight[place, on] * stack.memory[place])
            size = _NORMAL * float(np.median(np.abs(left[place, on] * one_day)))
            weight[place] /= max(1.0, size) ** 2
    return replace(stack, weight=weight)


def _fit(stack: _Stack) -> Floats:
    normal = np.einsum("edp,ed,edq->pq", stack.columns, stack.weight, stack.columns)
    right = np.einsum("edp,ed,ed->p", stack.columns, stack.weight, stack.value)
    return np.asarray(np.linalg.solve(normal + np.diag(stack.precision), right))


class _Sums:
    """Sums over all days from each day on, of what the hypotheses need."""

    def __init__(self, stack: _Stack) -> None:
        columns, weight, value = stack.columns, stack.weight, stack.value
        weighted = columns * weight[:, :, None]
        p = len(stack.labels)
        self.normal = np.einsum("edp,edq->pq", weighted, columns) + np.diag(stack.precision)
        self.inverse = np.linalg.inv(self.normal)
        self.right = np.einsum("edp,ed->p", weighted, value)
        # Of each day, summed over the equations: instrument × every column, itself, the value.
        self.cross = np.einsum("edp,edq->dpq", weighted[:, :, :p], columns)
        self.own = np.einsum("edp,edp->dp", weighted[:, :, :p], columns[:, :, :p])
        self.with_value = np.einsum("edp,ed->dp", weighted[:, :, :p], value)


def _from_each_day(daily: Floats) -> Floats:
    return np.cumsum(daily[::-1], axis=0)[::-1]


def _of_shape(
    stack: _Stack, sums: _Sums, priors: Mapping[Label, ErrorPrior], shape: ErrorShape
) -> list[tuple[Suspect, float]]:
    """The best day of begin of every instrument for one shape, with all days in its evidence.

    Beside it the evidence of an error of that shape within what is tolerable.
    """
    days = stack.days
    begins = _begins(shape, days)
    if begins.size == 0:
        return []
    if shape == "drift":
        cross, own, right = _growing(sums, begins)
    else:
        cross = _from_each_day(sums.cross)[begins]
        own = _from_each_day(sums.own)[begins]
        right = _from_each_day(sums.with_value)[begins]
    # What is left of the new column and of the value once the healthy columns are fitted.
    projected = cross @ sums.inverse
    g = own - np.einsum("bpq,bpq->bp", projected, cross)
    q = right - np.einsum("bpq,q->bp", projected, sums.right)
    found = []
    for place, label in enumerate(stack.labels):
        prior = priors[label]
        if shape not in prior.shapes:
            continue
        grows = shape == "drift"
        wide = prior.growth if grows else prior.spread
        narrow = prior.growth_tolerance if grows else prior.tolerance
        # Without a step nothing tells the day on which a slow drift began: it is the first.
        on = slice(0, 1) if prior.shapes == ("drift",) else slice(None)
        mean = 0.0 if grows else prior.mean
        ratio = _evidence(g[on, place], q[on, place], wide, mean)
        tolerable = _log_mean(_evidence(g[on, place], q[on, place], narrow))
        one = _suspect(label, shape, begins[on], ratio, g[on, place], q[on, place], wide,
                       mean)  # fmt: skip
        found.append((one, tolerable))
    return found


def _begins(shape: ErrorShape, days: int) -> np.ndarray:
    """Places of the days on which an error may begin."""
    if shape == "constant":
        return np.zeros(1, dtype=int)
    if shape == "step":
        return np.arange(min(5, days), max(days - 4, 0))
    return np.arange(0, max(days - 90, 1), 30)


def _growing(sums: _Sums, begins: np.ndarray) -> tuple[Floats, Floats, Floats]:
    """Sums for columns that grow from each day on."""
    since = np.maximum(np.arange(sums.own.shape[0])[None, :] - begins[:, None], 0) / 365.0
    cross = np.einsum("bd,dpq->bpq", since, sums.cross)
    return cross, since**2 @ sums.own, since @ sums.with_value


def _evidence(g: Floats, q: Floats, spread: float, mean: float = 0.0) -> Floats:
    """Logarithm of the gain in likelihood by a column with a normal prior."""
    g = np.maximum(g, 0.0)
    gain = 0.5 * (q + mean * spread**-2) ** 2 / (g + spread**-2)
    return np.asarray(gain - 0.5 * (mean / spread) ** 2 - 0.5 * np.log1p(g * spread**2))


def _suspect(
    label: Label, shape: ErrorShape, begins: np.ndarray, ratio: Floats, g: Floats, q: Floats,
    spread: float, mean: float,
) -> Suspect:  # fmt: skip
    best = int(np.argmax(ratio))
    weight = np.exp(ratio - ratio[best])
    total = _log_mean(ratio)
    share = np.cumsum(weight) / np.sum(weight)
    low, high = (int(np.searchsorted(share, at)) for at in (0.05, 0.95))
    precision = max(float(g[best]), 0.0) + spread**-2
    return Suspect(label, shape, int(begins[best]), int(begins[min(low, begins.size - 1)]),
                   int(begins[min(high, begins.size - 1)]),
                   float((q[best] + mean * spread**-2) / precision),
                   precision**-0.5, total, 0.0)  # fmt: skip


def _with_probabilities(
    raw: Sequence[Suspect], none: float, priors: Mapping[Label, ErrorPrior]
) -> tuple[Suspect, ...]:
    """Posterior of each suspect; what is left to 1 is the healthy record.

    Parameters
    ----------
    none : logarithm of the evidence of the healthy record
    """
    healthy = max(1.0 - sum(one.probability for one in priors.values()), 0.5)
    odds = np.array([priors[one.label].probability / len(priors[one.label].shapes) for one in raw])
    ratio = np.array([one.log_ratio for one in raw]) - none
    log = np.log(odds / healthy) + ratio
    top = max(float(np.max(log, initial=0.0)), 0.0)
    weight = np.exp(log - top)
    share = weight / (float(np.sum(weight)) + np.exp(-top))
    found = [replace(one, log_ratio=float(own), probability=float(part))
             for one, own, part in zip(raw, ratio, share, strict=True)]  # fmt: skip
    return tuple(sorted(found, key=lambda one: -one.probability))
