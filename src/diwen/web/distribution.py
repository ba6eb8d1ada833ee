"""How one indicator spreads over the systems of a portfolio, as a histogram."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING

from diwen.language import Language, Text
from diwen.reports.numbers import number

if TYPE_CHECKING:
    from diwen.evaluation import Result

# Fewer values make no distribution.
_FEWEST = 10
_LEFT, _RIGHT, _TOP, _BOTTOM = 20.0, 740.0, 26.0, 222.0
_SUMMARY = Text(
    "{count} systems: median {median}, middle half {low} to {high}, from {least} to {most}",
    "共 {count} 个系统：中位数 {median}，中间一半为 {low} 至 {high}，全部在 {least} 至 {most} 之间",
)
_BAR = Text("{low} to {high}: {count}", "{low} 至 {high}：{count} 个")
_TITLE = Text("{name}: distribution", "{name}：分布")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in the coordinates of the picture."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    count: int
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on the axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Distribution:
    """A histogram ready to be drawn, with its summary in words."""

    title: str
    summary: str
    axis: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


def distribution(results: Sequence[Result], language: Language) -> Distribution | None:
    """The spread of the factor most systems have; None if the results tell of hardly any system.

    Parameters
    ----------
    results : results with a value; those of a portfolio hold the ``factors`` of its systems
    """
    told = [result for result in results if len(result.detail.get("factors", ())) >= _FEWEST]
    if not told:
        return None
    widest = max(told, key=lambda result: len(result.detail["factors"]))
    values = sorted(float(value) for value in widest.detail["factors"])
    low, median, high = quantiles(values, n=4, method="inclusive")
    summary = _SUMMARY.format(
        count=len(values),
        **{
            name: number(value, 2)
            for name, value in (
                ("median", median), ("low", low), ("high", high),
                ("least", values[0]), ("most", values[-1]),
            )
        },
    )  # fmt: skip
    bars, ticks = _histogram(values, language)
    axis = widest.symbol or widest.name.to(language)
    if widest.unit:
        axis = f"{axis} / {widest.unit}"
    title = _TITLE.format(name=widest.name).to(language)
    return Distribution(title, summary.to(language), axis, bars, ticks)


def _histogram(
    values: Sequence[float], language: Language
) -> tuple[tuple[Bar, ...], tuple[Tick, ...]]:
    step = _step(values)
    first = math.floor(values[0] / step)
    last = math.floor(values[-1] / step)
    counts = Counter(math.floor(value / step) for value in values)
    width = (_RIGHT - _LEFT) / (last - first + 1)
    unit = (_BOTTOM - _TOP) / max(counts.values())
    decimals = max(0, -math.floor(math.log10(step)))
    bars = []
    for place in range(first, last + 1):
        count = counts[place]
        x = _LEFT + (place - first) * width
        edges = [number(edge * step, decimals) for edge in (place, place + 1)]
        title = _BAR.format(low=edges[0], high=edges[1], count=count).to(language)
        bars.append(
            Bar(
                round(x + 1, 1), round(_BOTTOM - count * unit, 1), round(max(width - 2, 1), 1),
                round(count * unit, 1), round(x + width / 2, 1), count, title,
            )
        )  # fmt: skip
    every = max(1, math.ceil((last - first + 1) / 14))
    ticks = tuple(
        Tick(round(_LEFT + (place - first) * width, 1), number(place * step, decimals))
        for place in range(first, last + 2, every)
    )
    return tuple(bars), ticks


def _step(values: Sequence[float]) -> float:
    """A round bin width: 1, 2 or 5 times a power of ten, about the square root of n bins."""
    wanted = max(values[-1] - values[0], 1e-9) / math.ceil(math.sqrt(len(values)))
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(power * f for f in (1.0, 2.0, 5.0, 10.0) if power * f >= wanted * 0.999)
