"""Water quality from ``samples.csv``: class of every sample and trend of every indicator (K-25).

Classes are given for the samples taken in the period; trends rest on everything up to its end,
because a season alone holds too few samples. Results below a limit of detection are not replaced
by a guess: for the test they are ties at the highest limit (Helsel 2012, ch. 3), and a slope is
given only where they are few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.result import Grade, Result, refused
from diwen.evaluation.statistics import TooFewError, Trend, trend
from diwen.evaluation.water_class import SampleClass, class_text, classify_samples
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.site.samples import Indicator, Sample

Floats = NDArray[np.float64]

# Engineering defaults of Diwen, not from a standard.
FEWEST_FOR_TREND = 8
# Up to this share of results below detection, half the limit may stand for them (US EPA QA/G-9).
SUBSTITUTED_UP_TO = 0.15

_CLASS = Text("groundwater class", "地下水质量类别")
_TREND = Text("trend of {indicator}", "{indicator}变化趋势")
_TRENDS = Text("trend of the water quality", "水质变化趋势")
_NO_SAMPLE = Text("No water sample was taken in the period.", "本周期内没有水样。")
_DECIDED = Text(
    "{label} by GB/T 14848 ({editions}), decided by: {indicators}",
    "按 GB/T 14848（{editions}）为 {label}，决定指标：{indicators}",
)
_NOT_RESOLVED = Text(
    "{label} by GB/T 14848 ({editions}): {indicators} cannot be told more closely",
    "按 GB/T 14848（{editions}）为 {label}：{indicators}无法进一步判定",
)
_FEW = Text(
    "A trend needs {least} samples of an indicator at one place; the most there are is {most}.",
    "求趋势需要同一位置同一指标 {least} 个样品，现最多 {most} 个。",
)
_CENSORED = Text(
    "{share} % of the results lie below detection; a slope would be an artefact of the limits. "
    "Mann-Kendall with ties: p = {p}, n = {n}.",
    "{share} % 的结果低于检出限，斜率没有意义。含结的 Mann-Kendall 检验：p = {p}，n = {n}。",
)
_TREND_SAID = Text(
    "n = {n}; p = {p}; irregular sampling, so serial correlation is not corrected{note}.",
    "n = {n}，p = {p}；取样不等间隔，未作自相关修正{note}。",
)


@dataclass(frozen=True, slots=True)
class Results:
    """The results of one indicator at one place, in time.

    Attributes
    ----------
    years : (n,) decimal years
    value : (n,) in the unit of the indicator; the limit where censored
    censored : (n,) True below detection
    """

    years: Floats
    value: Floats
    censored: NDArray[np.bool_]

    @property
    def censored_share(self) -> float:
        """Share below detection, 0..1."""
        return float(np.mean(self.censored)) if len(self.value) else 0.0

    def with_ties(self) -> Floats:
        """Values for a rank test: everything below the highest limit is one tie."""
        if not self.censored.any():
            return self.value
        highest = float(self.value[self.censored].max())
        low = self.censored | (self.value < highest)
        return np.where(low, highest / 2, self.value)

    def substituted(self) -> Floats:
        """Half the limit where below detection."""
        return np.where(self.censored, self.value / 2, self.value)


def series_of(samples: tuple[Sample, ...], indicator: str, place: str) -> Results:
    """The numeric results of one indicator at one place; words and ``>`` are left out."""
    chosen = sorted(
        (
            sample for sample in samples
            if sample.indicator == indicator and sample.place == place
            and sample.value is not None and sample.sign != ">"
        ),
        key=lambda sample: sample.date,
    )  # fmt: skip
    return Results(
        np.array([decimal_year(sample) for sample in chosen]),
        np.array([sample.value for sample in chosen], dtype=float),
        np.array([sample.sign == "<" for sample in chosen], dtype=bool),
    )


def decimal_year(sample: Sample) -> float:
    """Day of sampling as a decimal year of 365.25 days."""
    return 1970.0 + (np.datetime64(sample.date, "D") - np.datetime64("1970-01-01", "D")).astype(
        int
    ) / 365.25  # fmt: skip


def results(context: Context) -> list[Result]:
    """Class of each sample of the period, and the trend of each indicator with enough samples."""
    samples = samples_until(context)
    if not samples:
        return []
    first = context.period.start.astimezone(context.period.zone).date()
    preferred = preferred_edition(context)
    current = tuple(sample for sample in samples if sample.date >= first)
    classes = classify_samples(current, context.rules.rules, preferred)
    found = [_class_result(context, one) for one in classes]
    if not found:
        found = [refused("water_class", "K-25", _CLASS, _NO_SAMPLE, symbol="C_w")]
    return [*found, *_trends(samples)]


def samples_until(context: Context) -> tuple[Sample, ...]:
    """All laboratory results up to the end of the period."""
    last = context.period.end.astimezone(context.period.zone).date()
    return tuple(sample for sample in context.site.samples if sample.date < last)


def preferred_edition(context: Context) -> str:
    """The edition that ``site.toml`` asks for; empty where it leaves that to the sample's day."""
    evaluation = context.site.evaluation
    given = "water_quality_edition" in evaluation.model_fields_set
    return evaluation.water_quality_edition if given else ""


def _class_result(context: Context, one: SampleClass) -> Result:
    names = _names()
    label = class_text(one.best, one.worst)
    deciding = one.deciding if one.resolved else [x for x in one.deciding if not x.resolved]
    text = (_DECIDED if one.resolved else _NOT_RESOLVED).format(
        label=label,
        editions=", ".join(sorted({item.edition for item in one.indicators})),
        indicators=Text(
            ", ".join(names[item.sample.indicator].en for item in deciding),
            "、".join(names[item.sample.indicator].zh for item in deciding),
        ),
    )
    limit = context.rules.row("alarm.a10.class_limit")
    return Result(
        "water_class", "K-25", _CLASS, "C_w", of=f"{one.place} {one.date.isoformat()}",
        value=float(one.worst), decimals=0, origin=("manual",), coverage=1.0,
        rules=tuple(row for item in one.deciding for row in item.rows),
        grade=Grade(label, one.resolved, text),
        detail={
            "date": one.date.isoformat(), "place": one.place, "best": one.best,
            "worst": one.worst, "label": label,
            "editions": sorted({item.edition for item in one.indicators}),
            "deciding": [names[item.sample.indicator] for item in one.deciding],
            "beyond_limit": limit.value is not None and one.worst > limit.value,
            "indicators": [
                {
                    "indicator": item.sample.indicator, "name": names[item.sample.indicator],
                    "value": item.sample.value, "sign": item.sample.sign,
                    "word": item.sample.word, "unit": item.sample.unit, "edition": item.edition,
                    "class": class_text(item.best, item.worst), "remark": item.remark,
                    "laboratory": item.sample.laboratory, "method": item.sample.method,
                }
                for item in one.indicators
            ],
            "unjudged": [
                {"indicator": sample.indicator, "name": names[sample.indicator], "reason": reason}
                for sample, reason in one.unjudged
            ],
        },
    )  # fmt: skip


def _names() -> dict[str, Text]:
    """Name of every indicator by its key."""
    return {key: indicator.text for key, indicator in known_indicators().items()}


def known_indicators() -> dict[str, Indicator]:
    """Every indicator by its key."""
    from diwen.site.samples import indicators

    return {indicator.key: indicator for indicator in indicators().values()}


def _trends(samples: tuple[Sample, ...]) -> list[Result]:
    pairs = sorted({(sample.indicator, sample.place) for sample in samples})
    series = {pair: series_of(samples, *pair) for pair in pairs}
    most = max((len(one.value) for one in series.values()), default=0)
    if most < FEWEST_FOR_TREND:
        reason = _FEW.format(least=FEWEST_FOR_TREND, most=most)
        return [refused("water_trend", "K-25", _TRENDS, reason, detail={"most": most})]
    indicators = known_indicators()
    return [
        _trend_result(indicators[indicator], place, one)
        for (indicator, place), one in series.items()
        if len(one.value) >= FEWEST_FOR_TREND
    ]


def _trend_result(indicator: Indicator, place: str, one: Results) -> Result:
    name = _TREND.format(indicator=indicator.text)
    common: dict[str, Any] = {"of": f"{indicator.key} {place}", "origin": ("manual",)}
    try:
        ranked = trend(one.years, one.with_ties())
    except TooFewError as error:
        common["detail"] = {"place": place, "indicator": indicator.key}
        return refused("water_trend", "K-25", name, error.text, **common)
    detail = {"place": place, "indicator": indicator.key, "censored": one.censored_share,
              "test": ranked.as_dict()}  # fmt: skip
    if one.censored_share > SUBSTITUTED_UP_TO:
        reason = _CENSORED.format(
            share=f"{100 * one.censored_share:.0f}", p=f"{ranked.p:.2g}", n=ranked.n
        )
        return refused("water_trend", "K-25", name, reason, detail=detail, **common)
    slope = trend(one.years, one.substituted())
    half = max(slope.high - slope.slope, slope.slope - slope.low)
    return Result(
        "water_trend", "K-25", name, value=slope.slope,
        unit=f"{indicator.unit}/a" if indicator.unit not in ("", "1", "unit") else "1/a",
        uncertainty=half if np.isfinite(half) else None, decimals=4,
        notes=(_said(ranked, one),), detail=detail | {"slope": slope.as_dict()}, **common,
    )  # fmt: skip


def _said(found: Trend, one: Results) -> Text:
    note = Text("", "")
    if one.censored.any():
        note = Text(
            "; half the limit of detection stands for the results below it",
            "；低于检出限者以检出限之半代入",
        )
    return _TREND_SAID.format(n=found.n, p=f"{found.p:.2g}", note=note)
