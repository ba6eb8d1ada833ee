"""Does the conductivity rise with the length of the test? A hint of moving groundwater.

Groundwater carries heat away, so that the temperature levels off and a straight line through
ever more of the test gives an ever larger λ. Mann–Kendall's rank test on conductivities of
windows that do not overlap tells a trend from noise (a sequence of growing windows would not do:
its members share their records). Sources: H. Witte, Geothermal response tests with heat extraction
and heat injection (2001); H. B. Mann, Econometrica 13 (1945) 245; M. G. Kendall (1975).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from diwen.language import Text
from diwen.sources.response_test.convergence import WindowSequence, growing_end, line_source_windows
from diwen.sources.response_test.line_source_fit import fit_line_source
from diwen.sources.response_test.record import Floats, TestedBorehole, TestSeries

_HINT = Text(
    "the conductivity rises steadily with the length of the test, by {rise:.1%} over its second "
    "half (rank test: p = {p:.3f}). This is a hint of moving groundwater, not a proof: air "
    "temperature, drifting power, a changing borehole resistance or its heat capacity do the same",
    "导热系数随试验时长持续上升，后半程上升 {rise:.1%}（秩检验 p = {p:.3f}）。"
    "这只是地下水流动的迹象，并非证明：气温、功率漂移、热阻变化或钻孔自身热容也会造成同样现象",
)
_WEAK = Text(
    "the conductivity changes by {rise:.1%} over the second half of the test (rank test: "
    "p = {p:.3f}); no clear hint of moving groundwater, which does not rule it out",
    "试验后半程导热系数变化 {rise:.1%}（秩检验 p = {p:.3f}）；"
    "没有明显的地下水流动迹象，但也不能排除",
)


@dataclass(frozen=True, eq=False)
class GroundwaterHint:
    """The indicator.

    Attributes
    ----------
    hint : whether λ rises by more than the threshold and the trend is significant
    rise : of the growing-end λ from half of the test (in ln t) to its end, relative
    statistic : Kendall's S of the separate windows; tau : S over its largest value
    p_value : one-sided, of no rising trend
    windows : the separate windows
    growing : the growing-end sequence
    words : the finding, carefully
    """

    hint: bool
    rise: float
    statistic: int
    tau: float
    p_value: float
    windows: WindowSequence
    growing: WindowSequence
    words: Text


def groundwater_hint(
    series: TestSeries,
    borehole: TestedBorehole,
    *,
    start: float | None = None,
    end: float | None = None,
    windows: int = 8,
    threshold: float = 0.02,
    significance: float = 0.05,
) -> GroundwaterHint:
    """Look for λ rising with the length of the test.

    Parameters
    ----------
    series, borehole : a steady test
    start, end : s; by default from twice the time at which the line source holds (before, the
        borehole's own heat capacity makes λ rise too) to the end of heating
    windows : number of separate windows, of equal width in ln t
    threshold : rise of λ over the second half that is worth speaking of, relative
    significance : largest p of the rank test
    """
    fit = fit_line_source(series, borehole, start, end)
    if start is None and 2.0 * fit.valid_from < 0.5 * fit.end:
        fit = fit_line_source(series, borehole, max(fit.start, 2.0 * fit.valid_from), fit.end)
    edges = np.geomspace(fit.start, fit.end, windows + 1)
    separate = line_source_windows(series, borehole, edges[:-1], edges[1:])
    middle = math.sqrt(fit.start * fit.end)
    growing = growing_end(
        series, borehole, start=fit.start, latest=fit.end, shortest=middle - fit.start
    )
    rise = float(growing.conductivity[-1] / growing.conductivity[0] - 1.0)
    # A slope that is not positive stands for a λ beyond all others: the temperature levels off.
    ranks = np.where(np.isfinite(separate.conductivity), separate.conductivity, np.inf)
    statistic, tau, p_value = mann_kendall(ranks)
    found = rise > threshold and p_value < significance
    words = (_HINT if found else _WEAK).format(rise=rise, p=p_value)
    return GroundwaterHint(found, rise, statistic, tau, p_value, separate, growing, words)


def mann_kendall(values: Floats) -> tuple[int, float, float]:
    """Kendall's S, tau and the one-sided p of no rising trend; exact for up to 30 values."""
    count = len(values)
    statistic = sum(
        int(np.sign(values[j] - values[i])) if values[j] != values[i] else 0
        for i in range(count)
        for j in range(i + 1, count)
    )
    pairs = count * (count - 1) // 2
    if count > 30:
        spread = math.sqrt(count * (count - 1) * (2 * count + 5) / 18.0)
        score = (statistic - np.sign(statistic)) / spread
        return statistic, statistic / pairs, 0.5 * math.erfc(score / math.sqrt(2.0))
    # Number of orders with a given number of inversions, one element after the other.
    orders = np.ones(1)
    for size in range(2, count + 1):
        orders = np.convolve(orders, np.ones(size))
    rising = np.arange(pairs + 1) * 2 - pairs
    chance = orders / orders.sum()
    return statistic, statistic / pairs, float(chance[rising >= statistic].sum())
