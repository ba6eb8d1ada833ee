"""Did the plant change the groundwater? Abstraction against injection, up- against down-gradient.

Samples of the two places within a week are pairs. Two questions are asked of each indicator, and
both are needed, because finding nothing proves nothing:

* is there a difference? Wilcoxon signed-rank test, p adjusted for the number of indicators (Holm);
* is there shown to be none? The 90 % interval of the difference lies inside a margin set
  beforehand: a tenth of the class III limit, 0.2 for pH (engineering defaults of Diwen).

"No measurable impact" is said only when every indicator passes the second. Otherwise the answer
is "impact found" or "not shown", with the difference that this number of pairs could have found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from diwen.evaluation.comparison import FEWEST_PAIRS, PairedDifference, paired_difference
from diwen.evaluation.result import Grade, Result, refused
from diwen.evaluation.statistics import TooFewError
from diwen.evaluation.water_class import edition_of, limits
from diwen.evaluation.water_quality import (
    SUBSTITUTED_UP_TO,
    known_indicators,
    preferred_edition,
    samples_until,
)
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.rules import Rules
    from diwen.site.samples import Indicator, Sample

# Engineering defaults of Diwen, not from a standard.
PAIR_WITHIN_DAYS = 7
MARGIN_SHARE = 0.10
MARGIN_PH = 0.2
_SIGNIFICANT = 0.05

_PAIRS = {
    "reinjection": ("abstraction", "injection",
                    Text("injected against abstracted water", "回灌水与抽出水对比")),
    "gradient": ("upgradient", "downgradient",
                 Text("down-gradient against up-gradient", "下游与上游对比")),
}  # fmt: skip
_NAME = Text("water quality impact: {comparison}", "水质影响：{comparison}")
_DIFFERENCE = Text("difference of {indicator}", "{indicator}差值")
_NONE_SHOWN = Text("no measurable impact", "无可测影响")
_FOUND = Text("impact found", "发现影响")
_NOT_SHOWN = Text("not shown", "尚不能证明")
_MET = {"no measurable impact": True, "impact found": False, "not shown": None}
_NONE_TEXT = Text(
    "No measurable impact: for all {n} indicators the 90 % interval of the difference lies inside "
    "the margin.",
    "无可测影响：全部 {n} 项指标差值的 90 % 置信区间均在允许范围内。",
)
_FOUND_TEXT = Text(
    "Impact found: a difference beyond chance (Holm-adjusted p < 0.05) in: {names}.",
    "发现影响：下列指标存在显著差异（Holm 校正 p < 0.05）：{names}。",
)
_NOT_TEXT = Text(
    "Not shown: {passed} of {n} indicators are shown to be equal within the margin; open for: "
    "{names}.",
    "尚不能证明：{n} 项指标中有 {passed} 项证明在允许范围内相等；其余未证明：{names}。",
)
_FEW = Text(
    "No indicator has {least} pairs of samples taken within {days} days of each other "
    "(the most there are is {most}). Equal classes of single samples do not show that there is "
    "no impact.",
    "没有任何指标具备 {least} 对相隔不超过 {days} 天的样品（最多 {most} 对）。"
    "单次样品类别相同不能证明没有影响。",
)
_CENSORED = Text(
    "too many results below detection ({share} %) with a limit above the margin",
    "低于检出限的结果过多（{share} %），且检出限高于允许范围",
)
_SAID = Text(
    "n = {n} pairs; p = {p} (Holm-adjusted); detectable with 80 % power: {detectable} {unit}; "
    "margin ± {margin} {unit}; pairs are taken as independent{lag}.",
    "n = {n} 对，p = {p}（Holm 校正）；80 % 功效下可检出差值 {detectable} {unit}；"
    "允许范围 ± {margin} {unit}；各对按独立样品处理{lag}。",
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One indicator compared.

    Attributes
    ----------
    indicator : what
    difference : second minus first place
    margin : difference that would not matter, unit of the indicator
    p : Holm-adjusted p of no difference
    """

    indicator: Indicator
    difference: PairedDifference
    margin: float
    p: float

    @property
    def equal(self) -> bool:
        """Whether it is shown that there is no difference that matters."""
        return self.difference.equivalent(self.margin)


def pairs(
    samples: tuple[Sample, ...], indicator: str, first: str, second: str
) -> list[tuple[Sample, Sample]]:
    """Numeric results of two places within a week of each other, each used once, nearest first."""
    usable = [
        s for s in samples if s.indicator == indicator and s.value is not None and s.sign != ">"
    ]
    ones = [s for s in usable if s.place == first]
    others = [s for s in usable if s.place == second]
    near = sorted(
        (abs((b.date - a.date).days), i, j)
        for i, a in enumerate(ones)
        for j, b in enumerate(others)
        if abs((b.date - a.date).days) <= PAIR_WITHIN_DAYS
    )
    taken_one: set[int] = set()
    taken_other: set[int] = set()
    found = []
    for _, i, j in near:
        if i not in taken_one and j not in taken_other:
            taken_one.add(i)
            taken_other.add(j)
            found.append((ones[i], others[j]))
    return sorted(found, key=lambda pair: pair[0].date)


def margin(indicator: Indicator, rules: Rules, edition: str) -> float | None:
    """Difference that would not matter: 0.2 for pH, else a tenth of the class III limit."""
    if indicator.key == "ph":
        return MARGIN_PH
    rows = limits(rules, indicator.key, edition)
    if not rows or rows[2].value is None or rows[2].op == "range" or rows[2].value <= 0:
        return None
    return MARGIN_SHARE * rows[2].value


def compare(paired: list[tuple[Sample, Sample]], allowed: float) -> PairedDifference | Text:
    """The paired difference, or why it cannot be computed.

    Half the limit of detection stands for results below it where they are few, or where the limit
    is so low that it cannot matter.

    Raises
    ------
    TooFewError : fewer than six pairs
    """
    members = [sample for pair in paired for sample in pair]
    censored = [sample for sample in members if sample.sign == "<"]
    share = len(censored) / len(members) if members else 0.0
    highest = max((sample.value or 0.0 for sample in censored), default=0.0)
    if share > SUBSTITUTED_UP_TO and highest > allowed:
        return _CENSORED.format(share=f"{100 * share:.0f}")

    def number(sample: Sample) -> float:
        value = sample.value or 0.0
        return value / 2 if sample.sign == "<" else value

    return paired_difference([number(a) for a, _ in paired], [number(b) for _, b in paired])


def holm(p: list[float]) -> list[float]:
    """Holm's step-down adjustment of p values for the number of tests (Holm 1979)."""
    order = np.argsort(p, kind="stable")
    adjusted, running = np.empty(len(p)), 0.0
    for rank, place in enumerate(order):
        running = max(running, min(1.0, (len(p) - rank) * p[place]))
        adjusted[place] = running
    return [float(one) for one in adjusted]


def results(context: Context) -> list[Result]:
    """The two comparisons, where samples of both places exist."""
    samples = samples_until(context)
    places = {sample.place for sample in samples}
    return [
        result
        for key, (first, second, text) in _PAIRS.items()
        if {first, second} <= places
        for result in _comparison(context, samples, key, first, second, text)
    ]


def _comparison(
    context: Context, samples: tuple[Sample, ...], key: str, first: str, second: str, text: Text
) -> list[Result]:
    name = _NAME.format(comparison=text)
    latest = max(samples, key=lambda sample: sample.date)
    edition = edition_of(latest, preferred_edition(context))
    made: dict[str, tuple[PairedDifference, float]] = {}
    left_out: dict[str, Text] = {}
    most = 0
    indicators = known_indicators()
    for one in sorted({sample.indicator for sample in samples}):
        paired = pairs(samples, one, first, second)
        allowed = margin(indicators[one], context.rules.rules, edition)
        if not paired or allowed is None:
            continue
        most = max(most, len(paired))
        try:
            found = compare(paired, allowed)
        except TooFewError as error:
            left_out[one] = error.text
            continue
        if isinstance(found, Text):
            left_out[one] = found
        else:
            made[one] = (found, allowed)
    common: dict[str, Any] = {"of": key, "origin": ("manual",)}
    if not made:
        reason = _FEW.format(least=FEWEST_PAIRS, days=PAIR_WITHIN_DAYS, most=most)
        return [refused("water_impact", "K-25", name, reason, detail={"pairs": most}, **common)]
    adjusted = holm([difference.p for difference, _ in made.values()])
    compared = [
        Comparison(indicators[one], difference, allowed, p)
        for (one, (difference, allowed)), p in zip(made.items(), adjusted, strict=True)
    ]
    return [_impact(compared, left_out, name, common), *(_difference(one, key) for one in compared)]


def _impact(
    compared: list[Comparison], left_out: Mapping[str, Text], name: Text, common: dict[str, Any]
) -> Result:
    total = len(compared) + len(left_out)
    passed = [one for one in compared if one.equal]
    # A difference inside the margin may be beyond chance without mattering.
    changed = [one for one in compared if one.p < _SIGNIFICANT and not one.equal]
    indicators = known_indicators()
    if changed:
        label, text = _FOUND, _FOUND_TEXT.format(names=_listed([c.indicator for c in changed]))
    elif len(passed) == total:
        label, text = _NONE_SHOWN, _NONE_TEXT.format(n=total)
    else:
        open_ones = [one.indicator for one in compared if not one.equal]
        names = _listed([*open_ones, *(indicators[one] for one in left_out)])
        label, text = _NOT_SHOWN, _NOT_TEXT.format(passed=len(passed), n=total, names=names)
    return Result(
        "water_impact", "K-25", name, value=100 * len(passed) / total, unit="%", decimals=0,
        grade=Grade(label, label is not _NOT_SHOWN, text, met=_MET[label.en]),
        detail={
            "verdict": label, "indicators": total, "equal": len(passed), "changed": len(changed),
            "not_compared": dict(left_out),
            "margin": f"{MARGIN_SHARE:g} of the class III limit; pH {MARGIN_PH:g}",
        },
        **common,
    )  # fmt: skip


def _listed(indicators: list[Indicator]) -> Text:
    return Text(
        ", ".join(one.text.en for one in indicators), "、".join(one.text.zh for one in indicators)
    )


def _difference(one: Comparison, key: str) -> Result:
    found = one.difference
    unit = "" if one.indicator.unit in ("1", "unit") else one.indicator.unit
    half = max(found.high - found.median, found.median - found.low)
    lag = Text("", "")
    if found.lag1 is not None and found.lag1 > 2 / np.sqrt(found.n):
        lag = Text(
            f", yet neighbouring ones are correlated (r = {found.lag1:.2f})",
            f"，但相邻各对相关（r = {found.lag1:.2f}）",
        )
    return Result(
        "water_difference", "K-25", _DIFFERENCE.format(indicator=one.indicator.text),
        of=f"{key} {one.indicator.key}", value=found.median, unit=unit,
        uncertainty=half if np.isfinite(half) else None, decimals=4, origin=("manual",),
        notes=(_SAID.format(
            n=found.n, p=f"{one.p:.2g}", detectable=f"{found.detectable:.3g}", unit=unit,
            margin=f"{one.margin:.3g}", lag=lag,
        ),),
        detail=found.as_dict() | {
            "indicator": one.indicator.key, "margin": one.margin, "p_adjusted": one.p,
            "equal": one.equal,
        },
    )  # fmt: skip
