"""Pictures of a design's operation: months, part load, the hours of extreme days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text, same
from diwen.reports.chart import COLOURS, CYCLE, MODE_COLOURS, Axis, Chart, Trace, rounded
from diwen.reports.design_words import DUTIES, MEGAWATT_HOUR, MONTHS, hour_of_year

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import (
        ExtremeStretch,
        PartLoadHours,
        StationDesign,
    )

Floats = NDArray[np.float64]
_SIMULATED = ("simulated",)
_KW, _TEMPERATURE = Axis(Text("power", "功率"), "kW"), Axis(Text("temperature", "温度"), "°C")
_MONTHLY = (
    ("heat", Text("heat", "供热"), MODE_COLOURS["heating"]),
    ("hot_water", Text("hot water", "生活热水"), MODE_COLOURS["hot_water"]),
    ("cold", Text("cold", "供冷"), MODE_COLOURS["cooling"]),
    ("electricity", Text("electricity", "用电"), COLOURS["electricity"]),
)


def _shown(values: Floats, scale: float = 1.0) -> tuple[float | None, ...]:
    return tuple(rounded(value / scale) for value in values.tolist())


def months_chart(design: StationDesign) -> Chart:
    """Heat, cold and electricity of the first year by month."""
    monthly = design.run.years[0].summary.monthly
    traces = tuple(
        Trace(name, "bar", tuple(range(12)), _shown(np.asarray(monthly[key]), MEGAWATT_HOUR),
              colour=colour, origin=_SIMULATED)
        for key, name, colour in _MONTHLY if key in monthly and np.any(monthly[key])
    )  # fmt: skip
    return Chart(
        "design_months",
        Text("Heat, cold and electricity of year 1", "第 1 年逐月供热、供冷与用电"),
        Axis(Text("month", "月份"), kind="category", categories=MONTHS),
        (Axis(Text("energy", "能量"), "MWh", from_zero=True),),
        traces,
    )


def part_load_chart(one: PartLoadHours) -> Chart:
    """Hours in each class of load, and the efficiency of the units there."""
    names = tuple(same(f"{100 * low:.0f}–{100 * high:.0f} %")
                  for low, high in zip(one.edges[:-1], one.edges[1:], strict=True))  # fmt: skip
    places = tuple(float(place) for place in range(len(names)))
    traces = [Trace(Text("hours", "小时数"), "bar", places, _shown(one.hours),
                    colour=MODE_COLOURS[one.duty], origin=_SIMULATED)]  # fmt: skip
    axes = [Axis(Text("hours of the year", "年小时数"), "h", from_zero=True)]
    if np.isfinite(one.mean_efficiency).any():
        name = Text("COP of the units", "机组 COP")
        if one.duty == "cooling":
            name = Text("EER of the units", "机组 EER")
        traces.append(Trace(name, "line", places, _shown(one.mean_efficiency),
                            colour=COLOURS["electricity"], axis=1, origin=_SIMULATED))  # fmt: skip
        axes.append(Axis(Text("heat or cold over power", "能效比"), decimals=2, from_zero=True))
    duty = DUTIES[one.duty]
    return Chart(
        f"design_part_load_{one.duty}",
        Text(f"Part load, {duty.en}", f"部分负荷：{duty.zh}"),
        Axis(Text("share of the capacity", "负荷率"), kind="category", categories=names),
        tuple(axes), tuple(traces),
    )  # fmt: skip


def extreme_chart(design: StationDesign, one: ExtremeStretch) -> Chart:
    """Load, delivery, electricity and temperatures of hours on end."""
    hours = tuple(float(hour) for hour in range(len(one.load)))
    traces = [
        Trace(Text("load", "负荷"), "area", hours, _shown(one.load, 1e3),
              colour=MODE_COLOURS[one.duty], origin=_SIMULATED),
        Trace(Text("delivered", "供出"), "line", hours, _shown(one.delivered, 1e3),
              colour=COLOURS["good"], origin=_SIMULATED),
        Trace(Text("electricity", "用电"), "line", hours, _shown(one.power, 1e3),
              colour=COLOURS["electricity"], origin=_SIMULATED),
    ]  # fmt: skip
    if one.outdoor is not None:
        traces.append(Trace(Text("outdoor", "室外"), "line", hours, _shown(one.outdoor),
                            colour=COLOURS["outdoor"], axis=1, origin=_SIMULATED))  # fmt: skip
    own = {name: one.entering[name] for name in one.entering if name in design.site.sources}
    for place, (name, values) in enumerate(own.items()):
        if place < 2 and np.isfinite(values).any():
            traces.append(Trace(Text(f"{name}, entering", f"{name} 进水"), "line", hours,
                                _shown(values), colour=CYCLE[4 + 2 * place], axis=1,
                                origin=_SIMULATED))  # fmt: skip
    start = hour_of_year(one.start)
    axes = (_KW, _TEMPERATURE) if any(trace.axis for trace in traces) else (_KW,)
    title = Text(f"{one.name.en[:1].upper()}{one.name.en[1:]}, from {start.en}",
                 f"{one.name.zh}（自 {start.zh} 起）")  # fmt: skip
    return Chart(
        f"design_extreme_{one.id}", title, Axis(Text("hour", "小时"), "h", decimals=0), axes,
        tuple(traces),
    )  # fmt: skip
