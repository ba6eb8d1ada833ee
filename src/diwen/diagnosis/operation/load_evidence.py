"""Facts about the load that a person can check: factor, signature, peak, part load."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Case, Evidence, Figure
from diwen.diagnosis.operation.design_loads import (
    CircuitLoad,
    ExpectedLoad,
    circuit_loads,
    record_days,
)
from diwen.diagnosis.record.circuit_words import circuit_word
from diwen.language import Text
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.diagnosis.operation.load_judgement import KindIndex

_OF = {"heat": Text("heat", "供热"), "cold": Text("cold", "供冷")}
_FACTOR = Text(
    "{kind} of the day is {factor} times that of the design ({by}), median of {days} days, "
    "middle half {low} to {high}",
    "{days} 天日间{kind}量与设计值（{by}）之比的中位数为 {factor}，中间一半为 {low}～{high}",
)
_BY = {
    "calendar": Text("same day of the year", "同日"),
    "weather": Text("at the measured outdoor temperature", "按实测室外温度"),
    "corrected": Text("same day, corrected for the outdoor temperature", "同日并按室外温度修正"),
}
_FIGURE = Text("daily {kind} over outdoor temperature", "日{kind}量随室外温度的变化")
_COURSE = Text("daily {kind}", "日{kind}量")
_OUTDOOR = Text("outdoor temperature, °C", "室外温度，°C")
_DAY = Text("day", "日期")
_SIGNATURE = Text(
    "energy signature of the {kind} of {circuit}: measured beside the design at equal days",
    "{circuit} {kind}能耗特征：实测与设计逐日对比",
)
_PEAK = Text(
    "peak hour (99.6 %): {peak} kW of {kind}, {share} % of the {capacity} kW installed",
    "峰值小时（99.6 % 分位）{kind} {peak} kW，占装机容量 {capacity} kW 的 {share} %",
)
_PART_LOAD = Text(
    "{share} % of the hours with {kind} are below {limit} of the installed capacity (by the "
    "design {expected} %)",
    "有{kind}的小时中有 {share} % 低于装机容量的 {limit}（设计为 {expected} %）",
)


def factor_evidence(one: KindIndex, day: NDArray[np.datetime64]) -> Evidence:
    """The factor with its scatter, and its course."""
    known = one.index[np.isfinite(one.index)]
    low, high = np.percentile(known, (25.0, 75.0))
    text = _FACTOR.format(
        kind=_OF[one.kind], factor=f"{np.median(known):.2f}", by=_BY[one.parts[0][1].by],
        days=str(len(known)), low=f"{low:.2f}", high=f"{high:.2f}",
    )  # fmt: skip
    band = 2.0 * np.hypot(one.noise, one.systematic)
    expected = np.where(np.isfinite(one.index), 1.0, np.nan)
    figure = Figure(_COURSE.format(kind=_OF[one.kind]), "", _DAY, day, one.index, expected,
                    expected - band, expected + band)  # fmt: skip
    points = tuple(dict.fromkeys(p for load, _ in one.parts for p in load.points))
    return Evidence(text, 0.0, points, figure)


def signature_figure(case: Case, load: CircuitLoad, way: ExpectedLoad) -> Evidence | None:
    """Daily load over outdoor temperature, measured and designed; None: no thermometer."""
    outdoor = case.record.outdoor
    if outdoor is None:
        return None
    days = record_days(case)
    both = np.isfinite(load.measured) & np.isfinite(way.value) & np.isfinite(outdoor.value)
    temperature = days.mean(outdoor.value, both, 12)
    measured = days.mean(load.measured, both, 12)
    expected = days.mean(way.value, both, 12)
    known = np.isfinite(temperature) & ((expected > 0.0) | (measured > 0.0))
    if known.sum() < 8:
        return None
    order = np.flatnonzero(known)[np.argsort(temperature[known])]
    figure = Figure(_FIGURE.format(kind=_OF[load.kind]), "W", _OUTDOOR, temperature[order],
                    measured[order], expected[order])  # fmt: skip
    text = _SIGNATURE.format(kind=_OF[load.kind], circuit=circuit_word(load.circuit))
    return Evidence(text, 0.0, (*load.points, *outdoor.points), figure)


def installed(case: Case, kind: str) -> float:
    """Capacity of the units that serve loads of one kind, W, in the middle of their tested maps."""
    assert case.inputs is not None
    loops = {loop.name for loop in case.inputs.station.load_loops if loop.kind == kind}
    total = 0.0
    for unit in case.inputs.station.units:
        table = unit.heating if kind == "heat" else unit.cooling
        if table is None or not loops & set(unit.serves):
            continue
        source = 0.5 * sum(table.tested_source)
        load = 0.5 * sum(table.tested_load)
        total += unit.count * float(table.at(source, load)[0])
    return total


def peak_evidence(case: Case) -> list[Evidence]:
    """Peak hour against installed capacity, of heat and cold."""
    found = []
    for kind in ("heat", "cold"):
        measured, _, points = _all(case, kind)
        capacity = installed(case, kind)
        busy = measured[np.isfinite(measured) & (measured > 0.0)]
        if len(busy) < 200 or capacity <= 0.0:
            continue
        peak = float(np.quantile(busy, usual_value("diagnosis.load.peak_hours")))
        text = _PEAK.format(kind=_OF[kind], peak=f"{peak / 1e3:.0f}",
                            share=f"{100.0 * peak / capacity:.0f}",
                            capacity=f"{capacity / 1e3:.0f}")  # fmt: skip
        found.append(Evidence(text, 0.0, points))
    return found


def part_load_evidence(case: Case) -> list[Evidence]:
    """Share of the hours at low part load, measured and by the design."""
    limit = usual_value("diagnosis.load.low_part_load")
    found = []
    for kind in ("heat", "cold"):
        measured, design, points = _all(case, kind)
        capacity = installed(case, kind)
        busy = measured[np.isfinite(measured) & (measured > 0.01 * capacity)]
        asked = design[design > 0.01 * capacity]
        if len(busy) < 200 or len(asked) < 200 or capacity <= 0.0:
            continue
        share, expected = (float((one < limit * capacity).mean()) for one in (busy, asked))
        text = _PART_LOAD.format(kind=_OF[kind], share=f"{100 * share:.0f}", limit=f"{limit:g}",
                                 expected=f"{100 * expected:.0f}")  # fmt: skip
        found.append(Evidence(text, 0.0, points))
    return found


def _all(case: Case, kind: str) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[str, ...]]:
    """Heat or cold of all circuits measured, W, (n,); designed, (8760,); points."""
    measured = np.zeros(len(case.record))
    design = np.zeros(8760)
    points: list[str] = []
    for load in circuit_loads(case):
        if load.kind == kind:
            measured = measured + load.measured
            design = design + load.design
            points += load.points
    return measured, design, tuple(dict.fromkeys(points))
