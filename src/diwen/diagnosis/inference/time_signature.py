"""The shape of a deviation in time: none, constant, a step, growth, a saw-tooth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Floats, Shape
from diwen.diagnosis.inference.day_blocks import Blocks, blocks_of, healthy_covariance
from diwen.diagnosis.inference.shape_candidates import (
    Candidates,
    growth_candidates,
    level_candidates,
    sawtooth_candidates,
)
from diwen.site.usual_values import usual_value

_LEAST = 1e-9  # noise of a day, so that no division by nought can happen
_FEWEST = 2  # blocks below which nothing is said


@dataclass(frozen=True, eq=False)
class ShapeFit:
    """What a daily index says in time.

    Attributes
    ----------
    shape : the most probable, ``none`` where the Bayes factor speaks against a deviation
    value : constant, step: size above neutral; growth, saw-tooth: per year of 365 days
    deviation : standard uncertainty (k = 1) of the value, systematic part included
    now : above neutral at the end of the record
    since, since_low, since_high : local day it began and its 90 % interval; None: the first day
    log_ratio : natural logarithm of the Bayes factor of all shapes together against none
    weights : probability of each shape given that there is a deviation
    until : local day on which a constant one or a step ended, None: it still holds
    log_evidence : natural logarithm of the marginal likelihood of all shapes together over that of
        nothing at all; fits of the same index by other shapes are compared by it, since what is
        tolerable differs with the shape
    """

    shape: Shape
    value: float
    deviation: float
    now: float
    since: date | None
    since_low: date | None
    since_high: date | None
    log_ratio: float
    weights: Mapping[Shape, float]
    until: date | None = None
    log_evidence: float = 0.0


def fit_shape(
    day: NDArray[np.datetime64],
    value: Floats,
    *,
    noise: float,
    systematic: float,
    tolerance: float,
    spread: float,
    growth_spread: float,
    begun: date,
    shapes: Sequence[Shape] = ("constant", "step", "growth", "sawtooth"),
    services: Sequence[date] = (),
    correlation: float = 3.0,
    cap: float = 7.0,
    sign: int = 0,
) -> ShapeFit:
    """Compare shapes by their marginal likelihoods (systematic errors marginalised).

    Healthy is an index whose constant, step or growth is as small as the tolerance; deviating is
    one whose amplitude is as wide as the spread. All dates, amplitudes, systematic errors and the
    slow wander of a healthy index are integrated out (:mod:`shape_candidates`), so that a shape
    with more freedom has to earn it. Amplitudes are shrunk towards 0 by their spread, as a
    posterior mean is.

    Parameters
    ----------
    day : datetime64[D], ascending, shape (n,)
    value : index less its neutral value, nan where unknown, shape (n,)
    noise : standard deviation of one day
    systematic : standard uncertainty common to all days
    tolerance : standard deviation of what is as designed
    spread : of a constant or step that deviates
    growth_spread : of growth per year that deviates
    begun : first day of operation: growth starts there or later
    shapes : that are possible
    services : days on which something was cleaned or put right (ledger); a saw-tooth may find more
    correlation : days over which residuals hang together
    cap : largest absolute value of ``log_ratio``
    sign : 1 or -1: a deviation can only be above or below neutral; 0: both
    """
    blocks = blocks_of(day, value, max(noise, _LEAST), correlation, begun)
    if len(blocks) < _FEWEST:
        return ShapeFit("none", 0.0, spread, 0.0, None, None, None, 0.0, {})
    covariance = healthy_covariance(blocks, systematic, tolerance)
    precision = np.asarray(np.linalg.inv(covariance), dtype=np.float64)
    found = [
        one
        for one in (
            _candidates(name, blocks, precision, tolerance, spread, growth_spread, begun, services)
            for name in shapes
        )
        if one is not None
    ]
    prior = np.array([usual_value(f"diagnosis.inference.shape.{one.shape}") for one in found])
    log_prior = np.log(prior / prior.sum())
    scores = [one.log_prior + one.log_ratio(one.spread, sign) for one in found]
    each = np.array([np.logaddexp.reduce(one) for one in scores]) + log_prior
    within = np.logaddexp.reduce(
        [np.logaddexp.reduce(one.log_prior + one.log_ratio(one.tolerance)) for one in found]
        + log_prior
    )
    # a healthy index is half the time exactly as the wander says, half within its tolerance
    healthy = np.logaddexp(0.0, within) - np.log(2.0)
    deviating = np.logaddexp.reduce(each)
    weights = np.exp(each - deviating)
    log_ratio = float(np.clip(deviating - healthy, -cap, cap))
    best = int(np.argmax(weights))
    return _fit(
        found[best],
        np.asarray(np.exp(scores[best] - np.logaddexp.reduce(scores[best])), dtype=np.float64),
        log_ratio,
        {one.shape: float(weight) for one, weight in zip(found, weights, strict=True)},
        begun,
        float(deviating),
    )


def _candidates(
    shape: Shape,
    blocks: Blocks,
    precision: Floats,
    tolerance: float,
    spread: float,
    growth_spread: float,
    begun: date,
    services: Sequence[date],
) -> Candidates | None:
    """Courses of one shape; None: the record is too short for it."""
    if shape == "growth":
        return growth_candidates(blocks, precision, growth_spread, tolerance)
    if shape == "sawtooth":
        days = [float((one - begun).days) for one in services]
        return sawtooth_candidates(blocks, precision, growth_spread, tolerance, days)
    return level_candidates(blocks, precision, shape, spread, tolerance)


def _fit(
    found: Candidates,
    weight: Floats,
    log_ratio: float,
    weights: Mapping[Shape, float],
    begun: date,
    log_evidence: float,
) -> ShapeFit:
    """What the posterior over the courses of the most probable shape says.

    Parameters
    ----------
    found : courses of that shape
    weight : posterior probability of each, given the shape, shape (k,)
    log_ratio, weights, begun : as of :func:`fit_shape`
    log_evidence : of all shapes
    """
    mean, variance = found.mean(), found.variance()
    value = float(weight @ mean)
    deviation = float(np.sqrt(weight @ (variance + (mean - value) ** 2)))
    shape: Shape = found.shape if log_ratio > 0.0 else "none"
    since, low, high = (None, None, None) if shape == "none" else _dates(found, weight)
    ended = shape != "none" and weight[np.isfinite(found.end)].sum() > 0.5
    until = found.end[np.argmax(np.where(np.isfinite(found.end), weight, -1.0))] if ended else None
    return ShapeFit(
        shape=shape,
        value=value,
        deviation=deviation,
        now=float(weight @ (mean * found.at_end)),
        since=_date(begun, since),
        since_low=_date(begun, low),
        since_high=_date(begun, high),
        log_ratio=log_ratio,
        weights=weights,
        until=_date(begun, until),
        log_evidence=log_evidence,
    )


def _dates(found: Candidates, weight: Floats) -> tuple[float | None, float | None, float | None]:
    """Most probable day of the beginning and its 90 % interval; None: the first day."""
    dated = np.isfinite(found.begin)
    if weight[dated].sum() <= 0.5:
        return None, None, None
    order = np.argsort(found.begin[dated], kind="stable")
    begin = found.begin[dated][order]
    days, where = np.unique(begin, return_inverse=True)
    chance = np.bincount(where, weight[dated][order])
    share = np.cumsum(chance) / chance.sum()
    first = np.searchsorted(begin, days)
    low = found.begin_low[dated][order][first]
    high = found.begin_high[dated][order][first]
    last = len(days) - 1
    return (
        float(days[np.argmax(chance)]),
        float(low[min(last, int(np.searchsorted(share, 0.05)))]),
        float(high[min(last, int(np.searchsorted(share, 0.95)))]),
    )


def _date(begun: date, days: float | None) -> date | None:
    return None if days is None else begun + timedelta(days=float(days))
