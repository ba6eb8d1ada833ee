"""Pictures of a diagnosis: families, waterfall, evidence, forecast."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from diwen.language import Text, same
from diwen.reports.chart import COLOURS, Axis, Chart, Mark, Trace, Values, rounded
from diwen.reports.diagnosis_words import KWH, NINETY, family_name, name_of
from diwen.reports.numbers import number
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from diwen.diagnosis.attribution.forecast import Band, Forecast
    from diwen.diagnosis.attribution.waterfall import Bar, Waterfall
    from diwen.diagnosis.diagnosis_result import Diagnosis
    from diwen.diagnosis.finding import Figure, Finding

_DAY = 86_400_000
_CALCULATED = ("calculated",)
_PROBABILITY = Text("Probability that a family deviates", "七类偏差的概率")
_EDGES = (("suspected", Text("suspected", "疑似")), ("confirmed", Text("confirmed", "确认")))
_FAMILIES_NOTE = Text(
    "1 − Π(1 − p) over all parameters of the family that could be judged.",
    "按该类全部可判断参数计算：1 − Π(1 − p)。",
)
_MEASURED, _EXPECTED = Text("measured", "实测"), Text("expected", "期望")
_BAND = Text(
    "Band: what is expected without the deviation, k = 2.", "色带为无该偏差时的期望范围（k = 2）。"
)
_SHORT_AXIS = Text(" The axis does not begin at zero.", "坐标轴不从零开始。")
_STEPS = Text(
    "Whiskers: 90 % interval. Steps to the right add, steps to the left save.",
    "横线为 90 % 区间；向右为增加，向左为减少。",
)
_WATERFALL = {
    "J": Text("From the promised to the measured electricity", "用电量：由设计承诺值到实测值"),
    "CNY": Text("From the promised to the measured cost", "电费：由设计承诺值到实测值"),
}
_COLOURS = {
    "promised": COLOURS["outdoor"], "as_found": COLOURS["electricity"],
    "measured": COLOURS["electricity"], "use": COLOURS["source"],
    "interaction": COLOURS["source_pale"], "unexplained": COLOURS["room"],
}  # fmt: skip
_SIDES = (
    ("entering_low", Text("lowest", "最低")),
    ("entering_high", Text("highest", "最高")),
)
_FOUND, _RIGHT = Text("as found", "按诊断现状"), Text("all put right", "全部整改后")
_FORECAST = Text(
    "Water entering the units from {source}, {side} of each year",
    "热源 {source} 进机组水温：各年{side}值",
)
_FORECAST_NOTE = Text(
    "Forecast of the calibrated twin; band: 90 %.", "标定后数字孪生的预测；色带为 90 % 区间。"
)
_LIMIT = Text("limit of the site", "项目限值")


def family_chart(diagnosis: Diagnosis) -> Chart | None:
    """Probability of each family as a bar; None where nothing was judged."""
    shares = diagnosis.family_probabilities()
    if not shares:
        return None
    shown = sorted(shares.items(), key=lambda one: -one[1])
    edges = {name: 100.0 * usual_value(f"diagnosis.inference.{name}") for name, _ in _EDGES}
    traces = tuple(
        Trace(
            family_name(family), "bar", (float(place),), (rounded(100.0 * chance),),
            colour=_family_colour(100.0 * chance, edges), origin=_CALCULATED,
        )
        for place, (family, chance) in enumerate(shown)
    )  # fmt: skip
    return Chart(
        "diagnosis_families", _PROBABILITY,
        Axis(Text("family", "类别"), kind="category",
             categories=tuple(family_name(family) for family, _ in shown)),
        (Axis(Text("probability", "概率"), "%", decimals=0, from_zero=True, most=100.0),),
        traces, tuple(Mark(edges[name], text, axis="x") for name, text in _EDGES),
        _FAMILIES_NOTE, lying=True,
    )  # fmt: skip


def _family_colour(percent: float, edges: dict[str, float]) -> str:
    if percent >= edges["confirmed"]:
        return COLOURS["limit"]
    return COLOURS["room"] if percent >= edges["suspected"] else COLOURS["good"]


def waterfall_chart(found: Waterfall, origins: tuple[str, ...]) -> Chart:
    """The bars from promised to measured, one under the other.

    Parameters
    ----------
    found : electricity or money
    origins : of the records behind the measured bar
    """
    scale, unit, decimals = _scale(found)
    spans = _spans(found.bars, scale)
    whiskers = [
        end - NINETY * bar.deviation / scale
        for bar, (_, end) in zip(found.bars, spans, strict=True)
    ]
    least = _least([*(end for ends in spans for end in ends), *whiskers])
    names = tuple(_bar_name(bar, scale, decimals) for bar in found.bars)
    note = _STEPS
    if least is not None:
        note = Text(note.en + _SHORT_AXIS.en, note.zh + _SHORT_AXIS.zh)
    if found.reason is not None:
        note = Text(f"{note.en} No measured bar: {found.reason.en}.",
                    f"{note.zh}无实测值：{found.reason.zh}。")  # fmt: skip
    traces = tuple(
        _step(bar, ends, scale, Trace(
            names[place], "bar", (float(place),), (),
            base=(rounded(ends[0] if least is None else max(ends[0], least), 7),),
            origin=origins if bar.kind == "measured" else ("simulated",),
        ))
        for place, (bar, ends) in enumerate(zip(found.bars, spans, strict=True))
    )  # fmt: skip
    title = Text("Electricity", "用电量") if found.unit == "J" else Text("Cost", "费用")
    return Chart(
        f"diagnosis_waterfall_{found.unit.lower()}", _WATERFALL[found.unit],
        Axis(Text("part", "分项"), kind="category", categories=names),
        (Axis(title, unit, decimals=decimals, from_zero=least is None, least=least),),
        traces, (), note, lying=True,
    )  # fmt: skip


def _scale(found: Waterfall) -> tuple[float, str, int]:
    """Divisor, unit and decimals in which a waterfall reads well."""
    largest = max(abs(bar.value) for bar in found.bars)
    if found.unit == "J":
        return (1e3 * KWH, "MWh", 1) if largest >= 2e4 * KWH else (KWH, "kWh", 0)
    return 1.0, "CNY", 0


def _spans(bars: Sequence[Bar], scale: float) -> list[tuple[float, float]]:
    """Where each bar begins and ends."""
    found, level = [], 0.0
    for bar in bars:
        value = bar.value / scale
        found.append((0.0, value) if bar.stands else (level, level + value))
        level = found[-1][1]
    return found


def _least(ends: Sequence[float]) -> float | None:
    """Where the axis begins so that small steps are seen; None: at zero."""
    heights = [end for end in ends if end > 0.0]
    if not heights or min(ends) < 0.0:
        return None
    low, high = min(heights), max(heights)
    if low < 0.6 * high:
        return None
    begin = low - 0.5 * max(high - low, 0.02 * high)
    place = 0.5 * 10.0 ** math.floor(math.log10(max(high - begin, 1e-9)))
    return max(math.floor(begin / place) * place, 0.0)


def _bar_name(bar: Bar, scale: float, decimals: int) -> Text:
    """The name of a bar with its number, so that print needs no tooltip."""
    shown = number(bar.value / scale, decimals)
    if not bar.stands and bar.value > 0.0 and shown.strip("0.") != "":
        shown = f"+{shown}"
    return Text(f"{bar.name.en}: {shown}", f"{bar.name.zh}：{shown}")


def _step(bar: Bar, ends: tuple[float, float], scale: float, trace: Trace) -> Trace:
    """The trace of a bar with its end, whisker and colour."""
    half, end = NINETY * bar.deviation / scale, ends[1]
    colour = _COLOURS.get(bar.kind, COLOURS["load"] if bar.value >= 0.0 else COLOURS["good"])
    low, high = ((rounded(end + sign * half, 7),) if half > 0.0 else () for sign in (-1.0, 1.0))
    return replace(trace, y=(rounded(end, 7),), low=low, high=high, colour=colour)


def evidence_charts(
    finding: Finding, name: str, origins: tuple[str, ...], most: int
) -> list[Chart]:
    """Measured beside expected, for the strongest facts of a finding.

    Parameters
    ----------
    finding : with its evidence, the strongest first
    name : begins the ids of the charts
    origins : of the records
    most : at most so many
    """
    shown = [one for one in finding.evidence if one.figure is not None]
    return [
        evidence_chart(one.figure, f"{name}_{place}", name_of(finding), one.points, origins)
        for place, one in enumerate(shown[:most])
        if one.figure is not None
    ]


def evidence_chart(
    figure: Figure, id: str, of: Text, points: tuple[str, ...], origins: tuple[str, ...]
) -> Chart:
    """One figure of evidence as a chart."""
    timed = np.issubdtype(figure.x.dtype, np.datetime64)
    x = _positions(figure.x)
    order = np.argsort(x, kind="stable")
    band = figure.low is not None and figure.high is not None
    low = _values(figure.low[order]) if figure.low is not None and band else ()
    high = _values(figure.high[order]) if figure.high is not None and band else ()
    along = tuple(x[order].tolist())
    title = Text(f"{figure.title.en}: {of.en}", f"{figure.title.zh}：{of.zh}")
    return Chart(
        id, title,
        Axis(figure.horizontal, kind="time" if timed else "value"),
        (Axis(Text("value", "数值"), figure.unit, decimals=2),),
        (
            Trace(_EXPECTED, "line", along, _values(figure.expected[order]), low, high,
                  colour=COLOURS["source"], origin=_CALCULATED),
            Trace(_MEASURED, "points", along, _values(figure.measured[order]),
                  colour=COLOURS["load"], origin=origins, points=points),
        ),
        (), _BAND if band else None,
    )  # fmt: skip


def _positions(x: NDArray[np.generic]) -> NDArray[np.float64]:
    if np.issubdtype(x.dtype, np.datetime64):
        return x.astype("datetime64[D]").astype(np.int64).astype(float) * _DAY
    return x.astype(np.float64)


def _values(values: NDArray[np.float64]) -> Values:
    return tuple(rounded(float(value)) for value in values)


def forecast_charts(found: Forecast, limits: dict[str, dict[str, float]]) -> list[Chart]:
    """Lowest and highest entering temperature of 25 years, as found beside all put right.

    Parameters
    ----------
    found : the forecast
    limits : by source, ``entering_low`` and ``entering_high`` where the site gives them, °C
    """
    if found.as_found is None:
        return []
    years = tuple(float(year) for year in found.years)
    charts = []
    for source in found.as_found.entering_low:
        for side, word in _SIDES:
            traces = [
                _band(course_name, years, getattr(course, side)[source], colour)
                for course_name, course, colour in (
                    (_FOUND, found.as_found, COLOURS["load"]),
                    (_RIGHT, found.all_right, COLOURS["good"]),
                )
                if course is not None and np.isfinite(getattr(course, side)[source].middle).any()
            ]
            if not traces:
                continue
            limit = limits.get(source, {}).get(side)
            charts.append(Chart(
                f"diagnosis_forecast_{source}_{side}",
                _FORECAST.format(source=source, side=word),
                Axis(Text("years from now", "今后年数"), decimals=0),
                (Axis(Text("temperature", "温度"), "°C"),), tuple(traces),
                () if limit is None else (Mark(limit, _LIMIT),), _FORECAST_NOTE,
            ))  # fmt: skip
    return charts


def _band(name: Text, years: tuple[float, ...], band: Band, colour: str) -> Trace:
    return Trace(
        name, "line", years, _values(band.middle), _values(band.low), _values(band.high),
        colour=colour, origin=("simulated",),
    )  # fmt: skip


def performance_name(key: str) -> Text:
    """Words of the four performances of an attribution."""
    return _PERFORMANCE.get(key, same(key))


_PERFORMANCE = {
    "promised": Text("promised by the design", "设计承诺值"),
    "reference": Text("design under weather and use as they were", "设计工况按实际气象与使用"),
    "as_found": Text("twin as found", "按诊断结果的数字孪生"),
    "measured": Text("measured", "实测"),
}
