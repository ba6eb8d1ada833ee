"""Every course in time that a deviation may take, each scored against none.

A candidate is a course x(t) times an unknown amplitude a ~ N(0, A). With the healthy covariance C,
p = x'C⁻¹y and q = x'C⁻¹x the amplitude is marginalised in closed form (matrix determinant lemma):
ln B = ½ A p²/(1 + A q) − ½ ln(1 + A q), with posterior mean A p/(1 + A q) and variance A/(1 + A q)
(linear Gaussian model; for instance Bishop 2006, Pattern Recognition and Machine Learning, 3.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diwen.diagnosis.finding import Floats, Shape
from diwen.diagnosis.inference.day_blocks import Blocks
from diwen.site.usual_values import usual_value

YEAR = 365.0
_ROW = "diagnosis.inference."
_LEAST = 1e-24  # variance of an amplitude, so that no division by nought can happen
_BEFORE = 13  # onsets that are tried between the beginning of operation and that of the record


@dataclass(frozen=True, eq=False)
class Candidates:
    """Courses of one shape.

    Attributes
    ----------
    shape : of all of them
    p, q : projections of the record and of the course on itself, shape (k,)
    log_prior : of each, given the shape; sums to 1 in all, shape (k,)
    spread : standard deviation of the amplitude of one that deviates, shape (k,)
    tolerance : standard deviation of the amplitude that is tolerable beside what the healthy
        covariance holds already, shape (k,)
    begin, begin_low, begin_high : days since operation began at which it begins, and the days
        between which that lies; nan: from the first day, shape (k,)
    end : day at which it has ended, nan: it still holds, shape (k,)
    at_end : course at the end of the record, shape (k,)
    """

    shape: Shape
    p: Floats
    q: Floats
    log_prior: Floats
    spread: Floats
    tolerance: Floats
    begin: Floats
    begin_low: Floats
    begin_high: Floats
    end: Floats
    at_end: Floats

    def log_ratio(self, amplitude: Floats, sign: int = 0) -> Floats:
        """ln of the marginal likelihood against none for amplitudes of a spread, shape (k,)."""
        width = amplitude**2
        grown = 1.0 + width * self.q
        ratio = 0.5 * width * self.p**2 / grown - 0.5 * np.log(grown)
        if sign:
            ratio = ratio + log_half(sign * self.mean() / np.sqrt(self.variance()))
        return ratio

    def mean(self) -> Floats:
        """Posterior mean of the amplitude, shape (k,)."""
        return self.spread**2 * self.p / (1.0 + self.spread**2 * self.q)

    def variance(self) -> Floats:
        """Posterior variance of the amplitude, shape (k,)."""
        return self.spread**2 / (1.0 + self.spread**2 * self.q)


def log_half(z: Floats) -> Floats:
    """ln 2Φ(z): what it changes that only one sign is possible, shape as z."""
    from scipy.special import log_ndtr

    return np.asarray(np.log(2.0) + log_ndtr(z))


def level_candidates(
    blocks: Blocks, precision: Floats, shape: Shape, spread: float, tolerance: float
) -> Candidates | None:
    """Constant from the first day, or a step; either may have ended.

    Every pair of a first and a last block is summed from one table of cumulative sums.

    Parameters
    ----------
    blocks, precision : record and inverse of its healthy covariance
    shape : ``constant`` or ``step``
    spread, tolerance : of the amplitude
    """
    n = len(blocks)
    table = np.zeros((n + 1, n + 1))
    table[1:, 1:] = np.cumsum(np.cumsum(precision, axis=0), axis=1)
    run = np.concatenate(([0.0], np.cumsum(precision @ blocks.value)))
    shortest = usual_value(_ROW + "shortest_step")
    begin, end = np.meshgrid(np.arange(n), np.arange(1, n + 1), indexing="ij")
    edge = np.append(blocks.first, blocks.last[-1] + 1.0)
    lasts = edge[end] - edge[begin]
    fits = (end > begin) & ((lasts >= shortest) | (end == n))
    fits &= (begin == 0) if shape == "constant" else (begin > 0)
    if not fits.any():
        return None
    begin, end = begin[fits], end[fits]
    gap = np.diff(blocks.middle, prepend=blocks.middle[0], append=blocks.middle[-1])
    weight = np.where(begin > 0, gap[begin], 1.0) * np.where(end < n, gap[end], 1.0)
    ended = end < n
    whole = (begin == 0) & ~ended  # a constant that is tolerable is in the healthy covariance
    share = usual_value(_ROW + ("constant_ended" if shape == "constant" else "step_ended"))
    log_prior = _split(weight, ended, share)
    return Candidates(
        shape=shape,
        p=run[end] - run[begin],
        q=table[end, end] - table[begin, end] - table[end, begin] + table[begin, begin],
        log_prior=log_prior,
        spread=np.where(whole, np.sqrt(max(spread**2 - tolerance**2, _LEAST)), spread),
        tolerance=np.where(whole, 0.0, tolerance),
        begin=np.where(begin == 0, np.nan, blocks.first[begin]),
        begin_low=np.where(begin == 0, np.nan, np.floor(blocks.middle[begin - 1]) + 1.0),
        begin_high=np.where(begin == 0, np.nan, np.ceil(blocks.middle[begin])),
        end=np.where(ended, edge[end], np.nan),
        at_end=np.where(ended, 0.0, 1.0),
    )


def growth_candidates(
    blocks: Blocks, precision: Floats, spread: float, tolerance: float
) -> Candidates:
    """Growth from the first day of operation or from a later one.

    Parameters
    ----------
    blocks, precision : record and inverse of its healthy covariance
    spread : of growth per year
    tolerance : that is tolerable at the end of the record
    """
    course, onset = _rising(blocks)
    later = np.arange(len(onset)) > 0
    log_prior = _split(np.diff(onset, prepend=-1.0), later, usual_value(_ROW + "growth_later"))
    p, q = _project(course, precision, blocks.value)
    at_end = np.maximum(blocks.last[-1] + 1.0 - onset, 0.0) / YEAR
    return Candidates(
        "growth", p, q, log_prior,
        spread=np.full(len(p), spread),
        tolerance=np.full(len(p), min(spread, tolerance / max(at_end[0], 1.0 / YEAR))),
        begin=np.where(later, onset, np.nan),
        begin_low=np.where(later, np.roll(onset, 1), np.nan),
        begin_high=np.where(later, np.append(onset[1:], onset[-1]), np.nan),
        end=np.full(len(onset), np.nan), at_end=at_end,
    )  # fmt: skip


def sawtooth_candidates(
    blocks: Blocks, precision: Floats, spread: float, tolerance: float, services: Sequence[float]
) -> Candidates | None:
    """Growth that is set back to nothing by services, known ones and others that are looked for.

    Set-backs are found one after another, each where the record wants it most, until another one
    gains less than the number of places at which it could stand costs.

    Parameters
    ----------
    blocks, precision : record and inverse of its healthy covariance
    spread : of growth per year
    tolerance : that is tolerable at the end of the longest tooth
    services : days since operation began
    """
    n = len(blocks)
    inside = [one for one in services if one <= blocks.last[-1]]
    last = np.zeros(n)
    parts: list[tuple[Floats, Floats]] = []
    if inside:
        steps = np.sort(np.asarray([0.0, *inside]))
        last = np.maximum(steps[np.searchsorted(steps, blocks.middle, side="right") - 1], 0.0)
        course = (blocks.middle - last)[None, :] / YEAR
        parts.append((course, np.zeros(1)))
    found = np.zeros(0)
    for _ in range(int(usual_value(_ROW + "most_resets"))):
        reset = np.where(
            blocks.middle[None, :] >= blocks.first[:, None],
            np.maximum(blocks.first[:, None], last[None, :]), last[None, :],
        )  # fmt: skip
        course = np.maximum(blocks.middle[None, :] - reset, 0.0) / YEAR
        p, q = _project(course, precision, blocks.value)
        grown = 1.0 + spread**2 * q
        score = 0.5 * spread**2 * p**2 / grown - 0.5 * np.log(grown)
        best = int(np.argmax(score))
        depth = len(found) + 1
        parts.append((course, np.full(n, -depth * np.log(n))))
        if depth > 1 and score[best] - found[-1] < np.log(n):
            break
        found = np.append(found, score[best])
        last = reset[best]
    return _joined(parts, blocks, precision, spread, tolerance)


def _joined(
    parts: list[tuple[Floats, Floats]],
    blocks: Blocks,
    precision: Floats,
    spread: float,
    tolerance: float,
) -> Candidates:
    """One set of candidates from saw-teeth with one, two, three set-backs."""
    course = np.concatenate([one[0] for one in parts])
    weight = np.concatenate([one[1] for one in parts])
    p, q = _project(course, precision, blocks.value)
    log_prior = weight - np.logaddexp.reduce(weight)
    longest = float(np.max(course))
    unknown = np.full(len(p), np.nan)
    return Candidates(
        "sawtooth", p, q, log_prior,
        spread=np.full(len(p), spread),
        tolerance=np.full(len(p), min(spread, tolerance / max(longest, 1.0 / YEAR))),
        begin=unknown, begin_low=unknown, begin_high=unknown, end=unknown,
        at_end=course[:, -1],
    )  # fmt: skip


def _rising(blocks: Blocks) -> tuple[Floats, Floats]:
    """Growth from day 0, from days before the record, and from each block; and those days."""
    before = np.linspace(0.0, blocks.first[0], _BEFORE)[1:] if blocks.first[0] > 0.0 else ()
    onset = np.concatenate(([0.0], before, blocks.first[1:-1]))
    return np.maximum(blocks.middle[None, :] - onset[:, None], 0.0) / YEAR, onset


def _project(course: Floats, precision: Floats, value: Floats) -> tuple[Floats, Floats]:
    """Projections p, q of courses of shape (k, n)."""
    weighed = course @ precision
    return weighed @ value, np.einsum("kn,kn->k", weighed, course)


def _split(weight: Floats, second: np.ndarray, share: float) -> Floats:
    """ln of prior weights that give a share in all to the second group, shape (k,)."""
    prior = np.where(second, share, 1.0 - share) * weight
    for group in (second, ~second):
        if group.any():
            prior[group] /= weight[group].sum()
    return np.asarray(np.log(prior / prior.sum()))
