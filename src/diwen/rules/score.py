"""Weighted score of a plant by an evaluation profile.

Each index value becomes a score from 0 to 100 by straight lines between the pairs of its table;
the total is the weighted mean of the indices that are there. Honesty about what is not known:
the interval of the total lets every uncertain index move to its worst and best end at once, and
every missing index to 0 and to 100; a grade is given only where the whole interval has it, and no
total at all where more weight is missing than the profile allows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from diwen.language import Text
from diwen.rules.profiles import Index, Profile
from diwen.rules.refusal import RefusedError

_NOT_FILLED = Text(
    "profile not filled: obtain the official text of {standard}",
    "评价方案尚未填写：请取得 {standard} 正式文本",
)
_TOO_LITTLE = Text(
    "indices with {missing:.0f} % of the weight are missing, more than the {allowed:.0f} % allowed",
    "缺失指标的权重占 {missing:.0f} %，超过允许的 {allowed:.0f} %",
)
_UNKNOWN = Text("profile {profile} has no index {keys}", "评价方案 {profile} 没有指标 {keys}")


@dataclass(frozen=True, slots=True)
class IndexScore:
    """Score of one index.

    Attributes
    ----------
    index : the index
    value, uncertainty : what was measured (expanded uncertainty, k = 2); value None when missing
    score, low, high : score and its interval, 0 to 100; score None when missing
    """

    index: Index
    value: float | None
    uncertainty: float
    score: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Score:
    """Score of a plant.

    Attributes
    ----------
    profile : the profile
    indices : every index with its score
    total : weighted mean over the indices that are there; None when refused
    low, high : interval of the total
    grade : name of the grade; None when refused or not resolved
    resolved : whether the whole interval has one grade
    missing : keys of the indices without a value
    reason : why there is no total
    """

    profile: Profile
    indices: tuple[IndexScore, ...]
    total: float | None
    low: float
    high: float
    grade: Text | None
    resolved: bool
    missing: tuple[str, ...]
    reason: Text | None


def evaluate(profile: Profile, values: Mapping[str, tuple[float, float] | float | None]) -> Score:
    """Score the values of a plant.

    Parameters
    ----------
    profile : the profile
    values : by index key: the value, or (value, expanded uncertainty), or None when it is missing;
        an index that is not named is missing

    Raises
    ------
    RefusedError : the profile is not filled, or a key is not an index of it
    """
    if not profile.filled:
        raise RefusedError(_NOT_FILLED.format(standard=profile.standard))
    unknown = sorted(values.keys() - {index.key for index in profile.indices})
    if unknown:
        raise RefusedError(_UNKNOWN.format(profile=profile.id, keys=", ".join(unknown)))
    scored = tuple(_score_index(index, values.get(index.key)) for index in profile.indices)
    weight = math.fsum(item.index.weight for item in scored)
    low = math.fsum(item.index.weight * item.low for item in scored) / weight
    high = math.fsum(item.index.weight * item.high for item in scored) / weight
    missing = tuple(item.index.key for item in scored if item.score is None)
    there = [(item.index.weight, item.score) for item in scored if item.score is not None]
    present = math.fsum(share for share, _ in there)
    lacking = 1.0 - present / weight
    if not there or lacking > profile.missing_share + 1e-12:
        reason = _TOO_LITTLE.format(missing=100 * lacking, allowed=100 * profile.missing_share)
        return Score(profile, scored, None, low, high, None, False, missing, reason)
    total = math.fsum(share * score for share, score in there) / present
    grade = grade_of(profile, total)
    resolved = grade_of(profile, low) == grade == grade_of(profile, high)
    return Score(
        profile, scored, total, low, high, grade if resolved else None, resolved, missing, None
    )


def interpolate(table: tuple[tuple[float, float], ...], value: float) -> float:
    """Score of a value: straight lines between the pairs, constant outside them."""
    if value <= table[0][0]:
        return table[0][1]
    for (x0, y0), (x1, y1) in pairwise(table):
        if value <= x1:
            return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
    return table[-1][1]


def grade_of(profile: Profile, total: float) -> Text | None:
    """Name of the grade of a total; None below the lowest grade."""
    # A weighted mean of scores may fall a rounding error short of the edge it stands on.
    return next((name for minimum, name in profile.grades if total >= minimum - 1e-9), None)


def _score_index(index: Index, given: tuple[float, float] | float | None) -> IndexScore:
    value, uncertainty = given if isinstance(given, tuple) else (given, 0.0)
    if value is None or math.isnan(value):
        return IndexScore(index, None, 0.0, None, 0.0, 100.0)
    reach = 0.0 if math.isnan(uncertainty) else abs(uncertainty)
    ends = (value - reach, value + reach)
    # Over the interval the score is highest or lowest at an end or at a knot of the table.
    inside = [score for knot, score in index.table if ends[0] < knot < ends[1]]
    scores = [*(interpolate(index.table, end) for end in ends), *inside]
    here = interpolate(index.table, value)
    return IndexScore(index, value, reach, here, min(scores), max(scores))
