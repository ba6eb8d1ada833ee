"""What ``diwen diagnose`` prints of costs: the waterfall, years to come, measures, the score."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from diwen.cli._diagnose_words import KWH, Speaker, energy, money, percent
from diwen.language import Text, same
from diwen.reports.numbers import number

if TYPE_CHECKING:
    from diwen.cli._diagnose_answer import DiagnosisAnswer
    from diwen.diagnosis.advice.measures import Measure
    from diwen.diagnosis.attribution.attribution import Attribution
    from diwen.diagnosis.attribution.forecast import ForecastCourse
    from diwen.diagnosis.attribution.future_years import FutureYear
    from diwen.diagnosis.attribution.reliability import Reliability
    from diwen.diagnosis.attribution.waterfall import Bar, Waterfall

_WIDTH = 28
_LEAST_SPAN = 0.05
_SHOWN_YEARS = (10, 25)
_MEASURES_SHOWN = 6
_FROM_TO = Text(
    "From promised to measured, kWh of electricity in the diagnosed year:",
    "从承诺值到实测值（诊断年用电量，kWh）：",
)
_UP_TO = Text("No measured bar: {reason}", "无实测值：{reason}")
_AXIS = Text("(bars begin at {low} kWh)", "（柱形起点 {low} kWh）")
_RATIO = Text(
    "Heat and cold over electricity: promised {promised}, measured {measured}.",
    "系统能效（供热供冷量/用电量）：承诺 {promised}，实测 {measured}。",
)
_AHEAD = Text("Years to come, calibrated twin:", "未来年份（校准后的数字孪生）：")
_COURSE = Text(
    "{plant}, year {year}: water from {source} {low} to {high} °C",
    "{plant}，第 {year} 年：{source} 进机组水温 {low}～{high} °C",
)
_RATIO_OF = Text("; ratio {ratio}; not met {unmet} %", "；能效 {ratio}；未满足负荷 {unmet} %")
_BEYOND = Text("; beyond its limit with {share}", "；超出限值的概率 {share}")
_AS_FOUND, _RIGHT = Text("as it is", "现状"), Text("put right", "全部整改")
_BANDS = Text(
    "(low and high of the year, with 90 % bands)", "（全年最低与最高，括号内为 90 % 区间）"
)
_MEASURES = Text("Measures that fit:", "适用的整改措施：")
_MEASURE = Text("{name}: saves {gain} kWh{money} a year; costs {cost}; {payback}",
                "{name}：每年节电 {gain} kWh{money}；费用{cost}；{payback}")  # fmt: skip
_YUAN = Text(" = {money} yuan", "，合 {money} 元")
_COST = Text("{low} to {high} yuan", " {low}～{high} 元")
_NO_COST = Text("not known", "未知")
_PAYBACK = Text("pays back in {low} to {high} years", "回收期 {low}～{high} 年")
_NO_PAYBACK = Text("no pay-back can be told", "无法给出回收期")
_ASSUMED = Text("(costs are engineering defaults, to be replaced by quotes)",
                "（费用为工程默认值，请以报价为准）")  # fmt: skip
_SCORE = Text("Reliability: {score} of 100 ({parts}).", "可靠性评分：{score}/100（{parts}）。")
_PART = Text("{name} {score}", "{name} {score}")


def show_costs(answer: DiagnosisAnswer, say: Speaker) -> None:
    """The waterfall, the years to come and the score, as far as they are there."""
    costs = answer.diagnosis.attribution
    if costs is None:
        return
    if costs.electricity is not None:
        _waterfall(costs, costs.electricity, say)
    _years(answer, costs, say)
    # where nothing was judged, a score would only say that nothing is known
    if answer.account.reliability is not None and answer.diagnosis.findings:
        _score(answer.account.reliability, say)


def show_measures(answer: DiagnosisAnswer, say: Speaker) -> None:
    """What fits, with gain, cost and pay-back."""
    if not answer.account.measures:
        return
    say.heading(_MEASURES)
    say.bullets((_measure(one) for one in answer.account.measures), _MEASURES_SHOWN)
    if not all(one.verified for one in answer.account.measures):
        say(_ASSUMED)


def _waterfall(costs: Attribution, fall: Waterfall, say: Speaker) -> None:
    """Bars of text, one below the other."""
    say.heading(_FROM_TO)
    names = [bar.name.to(say.language) for bar in fall.bars]
    wide = min(max(_columns(name) for name in names), 34)
    levels, level = [], 0.0
    for bar in fall.bars:
        begin = 0.0 if bar.stands else level
        level = bar.value if bar.stands else level + bar.value
        levels.append((begin / KWH, level / KWH))
    ends = [end for _, end in levels]
    low = axis_low(ends)
    step = (max(ends) - low) / _WIDTH or 1.0
    for bar, name, (begin, end) in zip(fall.bars, names, levels, strict=True):
        say(same(f"{_cut(name, wide)} {bar_of(begin, end, low, step)} {_number(bar)}"))
    if low > 0.0:
        say(_AXIS.format(low=number(low, 0)))
    if fall.reason is not None:
        say(_UP_TO.format(reason=fall.reason))
    ratios = [costs.performance.get(name, math.nan) for name in ("promised", "measured")]
    if all(math.isfinite(ratio) for ratio in ratios):
        say(_RATIO.format(promised=f"{ratios[0]:.2f}", measured=f"{ratios[1]:.2f}"))


def axis_low(ends: list[float]) -> float:
    """Where bars begin: at zero, or higher where the steps would be too short to be seen.

    Levels that hardly differ keep a scale on which they look alike.
    """
    low, high = min(ends), max(ends)
    span = max(high - low, _LEAST_SPAN * high)
    if low <= 0.0 or span >= 0.2 * high:
        return min(low, 0.0)
    step = 10.0 ** math.floor(math.log10(span))
    return min(low, max(0.0, math.floor((high - 2.0 * span) / step) * step))


def bar_of(begin: float, end: float, low: float, step: float) -> str:
    """A bar of text from one level to another: empty up to its lower end."""
    first = max(round((min(begin, end) - low) / step), 0)
    last = max(round((max(begin, end) - low) / step), 0)
    mark = "█" if begin <= end else "▒"
    drawn = mark * (last - first) or ("|" if begin != end else "")
    return (" " * first + drawn).ljust(_WIDTH + 1)


def _number(bar: Bar) -> str:
    shown = energy(bar.value, bar.deviation)
    return shown if bar.stands or bar.value < 0.0 else f"+{shown}"


def _columns(text: str) -> int:
    """Width on a terminal, where a Chinese character takes two columns."""
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)


def _cut(text: str, wide: int) -> str:
    """A text in a column of its own: cut, or filled with blanks."""
    if _columns(text) > wide:
        while _columns(text) > wide - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (wide - _columns(text))


def _years(answer: DiagnosisAnswer, costs: Attribution, say: Speaker) -> None:
    """Water of the sources in ten and 25 years."""
    ahead = answer.account.forecast
    rows: list[Text] = []
    if ahead is not None and ahead.as_found is not None:
        rows = _banded(ahead.as_found, _AS_FOUND)
        if answer.diagnosis.found and ahead.all_right is not None:
            rows += _banded(ahead.all_right, _RIGHT)
    else:
        for year in costs.as_found:
            rows += _plain(year, _AS_FOUND)
        if answer.diagnosis.found:
            for year in costs.all_right:
                rows += _plain(year, _RIGHT)
    if not rows:
        return
    say.heading(_AHEAD)
    for row in rows:
        say(Text(f"- {row.en}", f"- {row.zh}"))
    if ahead is not None:
        say(_BANDS)


def _banded(course: ForecastCourse, plant: Text) -> list[Text]:
    rows = []
    for year in _SHOWN_YEARS:
        place = year - 1
        last = _RATIO_OF.format(ratio=f"{course.performance.middle[place]:.2f}",
                                unmet=number(100.0 * course.unmet.middle[place], 1))  # fmt: skip
        for source, band in course.entering_low.items():
            ends = [
                f"{one.middle[place]:.1f} ({one.low[place]:.1f} … {one.high[place]:.1f})"
                for one in (band, course.entering_high[source])
            ]
            line = _COURSE.format(plant=plant, year=year, source=source, low=ends[0],
                                  high=ends[1])  # fmt: skip
            beyond = course.beyond.get(source)
            risk = same("") if beyond is None or beyond[place] < 0.005 else _BEYOND.format(
                share=percent(float(beyond[place])))  # fmt: skip
            rows.append(Text(line.en + last.en + risk.en, line.zh + last.zh + risk.zh))
    return rows


def _plain(year: FutureYear, plant: Text) -> list[Text]:
    if year.number not in _SHOWN_YEARS:
        return []
    return [
        _COURSE.format(plant=plant, year=year.number, source=source, low=f"{low:.1f}",
                       high=f"{high:.1f}")
        for source, (low, high) in year.entering.items()
    ]  # fmt: skip


def _measure(one: Measure) -> Text:
    paid = same("") if one.money is None else _YUAN.format(money=money(one.money))
    cost = _NO_COST
    if one.cost is not None:
        cost = _COST.format(low=number(one.cost[0], 0), high=number(one.cost[1], 0))
    payback = one.notes[0] if one.notes else _NO_PAYBACK
    if one.payback is not None:
        low, high = (number(years, 1) if math.isfinite(years) else "∞" for years in one.payback)
        payback = _PAYBACK.format(low=low, high=high)
    return _MEASURE.format(name=one.name, gain=energy(one.gain), money=paid, cost=cost,
                           payback=payback)  # fmt: skip


def _score(found: Reliability, say: Speaker) -> None:
    """Four dimensions in one line; why one has none below."""
    parts = [_PART.format(name=one.text, score=number(one.score, 0)) for one in found.dimensions]
    joined = Text(", ".join(one.en for one in parts), "、".join(one.zh for one in parts))
    say(same(""))
    say(_SCORE.format(score=number(found.score, 0), parts=joined))
    for one in found.dimensions:
        if one.refused is not None:
            say(Text(f"- {one.text.en}: {one.refused.en}", f"- {one.text.zh}：{one.refused.zh}"))
