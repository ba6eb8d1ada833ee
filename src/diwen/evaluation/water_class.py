"""Groundwater class of one result and of a whole sample (GB/T 14848).

The class of a sample is that of its worst indicator; class V is worse than class IV. Where the
limits of several classes are equal the best of them holds. A result below a limit of detection
has the classes between zero and that limit: if they differ, the class is not resolved, and both
ends are kept.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.rules import RuleMissingError, water
from diwen.site.sample_values import CellError, in_unit

if TYPE_CHECKING:
    from diwen.rules import Row, Rules
    from diwen.site.samples import Sample

_NO_LIMITS = Text(
    "GB/T 14848-{edition} has no limits for this indicator.",
    "GB/T 14848-{edition} 无该指标限值。",
)
_NOT_A_NUMBER = Text(
    "The standard asks for a number; the report gives a word without a limit of detection.",
    "标准要求数值，报告只有文字且未给出检出限。",
)
_DETECTION_LIMIT = Text(
    "The limit of detection is too high to tell the class.", "检出限偏高，无法确定类别。"
)
_BEYOND = Text(
    "The standard does not separate classes IV and V for this indicator by a number.",
    "标准未以数值区分该指标的 IV 类与 V 类。",
)


@dataclass(frozen=True, slots=True)
class IndicatorClass:
    """Class of one result.

    Attributes
    ----------
    sample : the result
    best, worst : 1..5; equal where the class is resolved
    edition : edition of GB/T 14848 it was judged by
    rows : ids of the limits used
    remark : why it is not resolved, if it is not
    """

    sample: Sample
    best: int
    worst: int
    edition: str
    rows: tuple[str, ...]
    remark: Text | None = None

    @property
    def resolved(self) -> bool:
        """Whether there is one class only."""
        return self.best == self.worst


@dataclass(frozen=True, slots=True)
class SampleClass:
    """Class of one sample: everything of one date and place.

    Attributes
    ----------
    date, place : of the sample
    best, worst : 1..5
    indicators : classes of its indicators
    unjudged : results for which the edition has no limits, with the reason
    """

    date: datetime.date
    place: str
    best: int
    worst: int
    indicators: tuple[IndicatorClass, ...]
    unjudged: tuple[tuple[Sample, Text], ...]

    @property
    def resolved(self) -> bool:
        """Whether the sample has one class only."""
        return self.best == self.worst

    @property
    def deciding(self) -> tuple[IndicatorClass, ...]:
        """The indicators that make the class what it is."""
        return tuple(one for one in self.indicators if one.worst == self.worst)


def class_text(best: int, worst: int) -> Text:
    """A class, or the range of classes, in words."""
    if best == worst:
        return Text(f"class {water.CLASSES[best - 1]}", f"{water.CLASSES[best - 1]} 类")
    return Text(
        f"class {water.CLASSES[best - 1]} to {water.CLASSES[worst - 1]}",
        f"{water.CLASSES[best - 1]}～{water.CLASSES[worst - 1]} 类",
    )


def edition_of(sample: Sample, preferred: str = "") -> str:
    """The edition a result is judged by: its own, the site's, or the one in force on its day."""
    if sample.edition or preferred:
        return sample.edition or preferred
    try:
        return water.edition_on(sample.date)
    except RuleMissingError:  # older than the first edition
        return water.EDITIONS[0]


def limits(rules: Rules, indicator: str, edition: str) -> tuple[Row, ...]:
    """The limits of classes I to IV of an indicator; empty where the edition has none."""
    try:
        return water.indicator(indicator, edition, rules).limits
    except RuleMissingError:
        return ()


def classify(sample: Sample, rules: Rules, edition: str) -> IndicatorClass | Text:
    """The class of one result, or the reason why it has none.

    Parameters
    ----------
    sample : the result
    rules : the rule book (all dates: an old sample keeps its old edition)
    edition : ``1993`` or ``2017``
    """
    try:
        found = water.indicator(sample.indicator, edition, rules)
        return _classified(sample, found)
    except RuleMissingError:
        return _NO_LIMITS.format(edition=edition)


def _classified(sample: Sample, found: water.Indicator) -> IndicatorClass | Text:
    rows = found.limits
    told_by_word = any(row.words for row in rows)
    if sample.word == "none" or (sample.word == "ND" and told_by_word):
        return _between(sample, found, "I", "I")
    if sample.value is None:
        return _NOT_A_NUMBER
    try:
        value = in_unit(sample.value, sample.unit, rows[-1].unit)
    except CellError as error:
        return error.text
    if sample.sign == "<":
        if rows[0].words == "ND":
            return _between(sample, found, "I", "I")
        best, worst = water.range_of(found, 0.0, value)
        return _between(sample, found, best, worst, _DETECTION_LIMIT)
    here = water.class_of(found, value)
    if here == "IV" and not found.separates_last:
        return _between(sample, found, "IV", "V", _BEYOND)
    return _between(sample, found, here, "V" if sample.sign == ">" else here)


def _between(
    sample: Sample,
    found: water.Indicator,
    best: water.WaterClass,
    worst: water.WaterClass,
    remark: Text | None = None,
) -> IndicatorClass:
    """The answer in numbers 1 to 5; the remark only where the two ends differ."""
    return IndicatorClass(
        sample,
        water.rank(best) + 1,
        water.rank(worst) + 1,
        found.edition,
        tuple(row.id for row in found.limits),
        remark if best != worst else None,
    )


def classify_samples(
    samples: tuple[Sample, ...], rules: Rules, preferred: str = ""
) -> list[SampleClass]:
    """The class of every sample, by date and place.

    Parameters
    ----------
    samples : results of any number of samples
    rules : the rule book
    preferred : edition for results that do not name their own; empty: by the day of sampling
    """
    groups: dict[tuple[datetime.date, str], list[Sample]] = {}
    for sample in samples:
        groups.setdefault((sample.date, sample.place), []).append(sample)
    classes = []
    for (day, place), members in sorted(groups.items()):
        judged: list[IndicatorClass] = []
        unjudged: list[tuple[Sample, Text]] = []
        for member in members:
            found = classify(member, rules, edition_of(member, preferred))
            if isinstance(found, IndicatorClass):
                judged.append(found)
            else:
                unjudged.append((member, found))
        if judged:
            best, worst = max(one.best for one in judged), max(one.worst for one in judged)
            classes.append(SampleClass(day, place, best, worst, tuple(judged), tuple(unjudged)))
    return classes
