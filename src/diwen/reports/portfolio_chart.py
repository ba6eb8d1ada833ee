"""The picture of a portfolio: how the seasonal performance factors are spread."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from diwen.language import Text, same
from diwen.reports.chart import COLOURS, CYCLE, Axis, Chart, Trace

#: Width of a class of factors in the picture.
STEP = 0.25
_TITLE = Text("Seasonal performance factors of {n} systems", "{n} 个系统的季节性能系数分布")
_FACTOR = Text("seasonal performance factor, class", "季节性能系数（分档）")
_COUNT = Text("systems", "系统数")
_NOTE = Text(
    "Each bar counts the systems from its number up to {step:g} above.",
    "每根柱为自该数起 {step:g} 之内的系统数。",
)
_COLOURS = {"ground": COLOURS["source"], "air": COLOURS["outdoor"]}


def spread_chart(factors: Mapping[str, Sequence[float]], names: Mapping[str, Text]) -> Chart:
    """A histogram of factors, stacked by group.

    Parameters
    ----------
    factors : the factors of each group, at least one altogether
    names : name of each group
    """
    every = [factor for group in factors.values() for factor in group]
    first, last = math.floor(min(every) / STEP), math.floor(max(every) / STEP)
    classes = range(first, last + 1)
    traces = []
    for number, (key, group) in enumerate(factors.items()):
        counts = [sum(math.floor(factor / STEP) == k for factor in group) for k in classes]
        traces.append(
            Trace(
                Text(f"{names[key].en} ({len(group)})", f"{names[key].zh}（{len(group)}）"),
                "bar",
                tuple(float(index) for index in range(len(counts))),
                tuple(float(count) for count in counts),
                colour=_COLOURS.get(key, CYCLE[number % len(CYCLE)]),
                stack="systems",
            )
        )
    labels = tuple(same(f"{k * STEP:.2f}") for k in classes)
    return Chart(
        id="portfolio_spread",
        title=_TITLE.format(n=len(every)),
        x=Axis(_FACTOR, kind="category", categories=labels),
        y=(Axis(_COUNT, decimals=0, from_zero=True),),
        traces=tuple(traces),
        note=_NOTE.format(step=STEP),
    )
