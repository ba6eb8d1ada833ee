"""May a straight line be drawn through this test? If not, why, with numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from diwen.language import Text
from diwen.sources.response_test.record import TestSeries
from diwen.sources.response_test.steadiness import Steadiness, Stretch

_DISTURBED = Text(
    "power was {low:.0f} to {high:.0f} W instead of {median:.0f} W from {start} to {end}"
    "{below}{silent}",
    "{start} 至 {end} 功率为 {low:.0f}～{high:.0f} W，而正常值为 {median:.0f} W{below}{silent}",
)
_DISTURBED_ONCE = Text(
    "power was {low:.0f} W instead of {median:.0f} W from {start} to {end}{below}{silent}",
    "{start} 至 {end} 功率为 {low:.0f} W，而正常值为 {median:.0f} W{below}{silent}",
)
_MORE = Text(
    "power departed from its median by more than a tenth {count} more times",
    "另有 {count} 次功率偏离中位值超过十分之一",
)
_NAMED = 5  # disturbances told one by one
_BELOW = Text(
    "; for {hours:.1f} h of it below half, lowest at {moment}",
    "；其中 {hours:.1f} h 低于一半，最低值自 {moment} 起",
)
_SILENT = Text("; {hours:.1f} h of it without records", "；其中 {hours:.1f} h 没有记录")
_NOTHING = Text("", "")
_GAP = Text(
    "no records from {start} to {end} ({hours:.1f} h)", "{start} 至 {end} 没有记录（{hours:.1f} h）"
)
_LEVELS = Text(
    "the flow was changed during the test: {count} levels ({flows} kg/s); the borehole resistance "
    "depends on the flow",
    "试验中途改变了流量：共 {count} 档（{flows} kg/s）；钻孔热阻随流量变化",
)
_DEVIATION = Text(
    "the power (means over ten minutes) varies by {found:.1%} of its mean; {limit:.1%} allowed",
    "功率（10 min 平均）标准差为均值的 {found:.1%}，允许 {limit:.1%}",
)
_PEAK = Text(
    "the power (means over ten minutes) departs by up to {found:.0%} from its mean; "
    "{limit:.0%} allowed",
    "功率（10 min 平均）最大偏离均值 {found:.0%}，允许 {limit:.0%}",
)


@dataclass(frozen=True)
class PlainFitConditions:
    """What a test must keep for the straight line.

    Attributes
    ----------
    power_deviation : largest standard deviation of the power over its mean; power_peak : largest
        departure from the mean, relative (ASHRAE Handbook, HVAC Applications, geothermal energy)
    longest_gap : without records, s
    start_up : at the beginning, in which a heater may warm up, s
    shortest_window : from the time at which the line source holds to the end of heating, s; below,
        the early hours are needed too
    """

    power_deviation: float = 0.015
    power_peak: float = 0.10
    longest_gap: float = 3600.0
    start_up: float = 3600.0
    shortest_window: float = 24 * 3600.0


def unsteady_reasons(
    series: TestSeries, numbers: Steadiness, conditions: PlainFitConditions
) -> tuple[Text, ...]:
    """Why the straight line must not be drawn; empty when it may.

    Parameters
    ----------
    series : the test, for its dates
    numbers : its steadiness, counted from the end of the start-up
    conditions : limits
    """
    return tuple(_reasons(series, numbers, conditions))


def _reasons(
    series: TestSeries, numbers: Steadiness, conditions: PlainFitConditions
) -> Iterable[Text]:
    gaps = [g for g in numbers.gaps if g.duration > conditions.longest_gap]
    disturbances = [d for d in numbers.disturbances if d.end > conditions.start_up]
    longest = sorted(disturbances, key=lambda d: -d.duration)[:_NAMED]
    for stretch in disturbances:
        if stretch in longest:
            yield _disturbed(series, numbers, stretch, gaps)
    if len(disturbances) > len(longest):
        yield _MORE.format(count=len(disturbances) - len(longest))
    for gap in gaps:
        yield _GAP.format(
            start=series.moment(gap.start), end=series.moment(gap.end), hours=gap.duration / 3600
        )
    if numbers.levels.count > 1:
        flows = ", ".join(f"{flow:.4f}" for flow in numbers.levels.flow)
        yield _LEVELS.format(count=numbers.levels.count, flows=flows)
    if numbers.power_deviation_averaged > conditions.power_deviation:
        yield _DEVIATION.format(
            found=numbers.power_deviation_averaged, limit=conditions.power_deviation
        )
    if numbers.power_peak > conditions.power_peak:
        yield _PEAK.format(found=numbers.power_peak, limit=conditions.power_peak)


def _disturbed(
    series: TestSeries, numbers: Steadiness, stretch: Stretch, gaps: list[Stretch]
) -> Text:
    outages = [o for o in numbers.outages if o.start < stretch.end and o.end > stretch.start]
    below, silent = _NOTHING, _NOTHING
    if outages:
        hours = sum(o.duration for o in outages) / 3600
        lowest = min(outages, key=lambda o: o.lowest)
        below = _BELOW.format(hours=hours, moment=series.moment(lowest.start))
    hidden = sum(g.duration for g in gaps if g.start < stretch.end and g.end > stretch.start)
    if hidden:
        silent = _SILENT.format(hours=hidden / 3600)
    words = _DISTURBED if stretch.highest - stretch.lowest > 1.0 else _DISTURBED_ONCE
    return words.format(
        start=series.moment(stretch.start),
        end=series.moment(stretch.end),
        low=stretch.lowest,
        high=stretch.highest,
        median=numbers.power_median,
        below=below,
        silent=silent,
    )
