"""Pictures of the loads of a design: by month, and as load duration curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diwen.language import Text
from diwen.reports.chart import MODE_COLOURS, Axis, Chart, Trace, rounded
from diwen.reports.design_words import MEGAWATT_HOUR, MONTHS

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import Duty, StationDesign

_NAMES: tuple[tuple[Duty, Text], ...] = (
    ("heating", Text("heat", "热负荷")), ("cooling", Text("cold", "冷负荷")),
)  # fmt: skip
_POINTS = 240
_SORTED = Text(
    "Hours of the mean year, the highest load first.", "多年平均年的逐时负荷，自大到小排列。"
)


def load_origins(design: StationDesign) -> tuple[str, ...]:
    """Origins of the loads as a picture names them."""
    known = {"measured": "measured", "simulated": "simulated"}
    return tuple(dict.fromkeys(known.get(one.origin, "calculated") for one in design.basis.loads))


def monthly_chart(design: StationDesign) -> Chart:
    """Heat and cold by month."""
    origin = load_origins(design)
    traces = tuple(
        Trace(name, "bar", tuple(range(12)),
              tuple(rounded(v / MEGAWATT_HOUR) for v in design.basis.monthly(duty).tolist()),
              colour=MODE_COLOURS[duty], origin=origin)
        for duty, name in _NAMES if design.basis.duration(duty)[0] > 0.0
    )  # fmt: skip
    return Chart(
        "design_loads_monthly",
        Text("Loads by month", "逐月负荷"),
        Axis(Text("month", "月份"), kind="category", categories=MONTHS),
        (Axis(Text("energy", "能量"), "MWh", from_zero=True),),
        traces,
    )


def duration_chart(design: StationDesign) -> Chart:
    """Load duration curves."""
    origin = load_origins(design)
    places = np.unique(np.round(np.geomspace(1, 8760, _POINTS)).astype(int)) - 1
    places = np.unique(np.concatenate((places, np.arange(0, 8760, 60), [8759])))
    traces = tuple(
        Trace(name, "line", tuple((places + 1.0).tolist()),
              tuple(rounded(v / 1e3) for v in design.basis.duration(duty)[places].tolist()),
              colour=MODE_COLOURS[duty], origin=origin)
        for duty, name in _NAMES if design.basis.duration(duty)[0] > 0.0
    )  # fmt: skip
    return Chart(
        "design_loads_duration",
        Text("Load duration curves", "负荷延续时间曲线"),
        Axis(Text("hours of the year", "年累计小时数"), "h", decimals=0),
        (Axis(Text("load", "负荷"), "kW", from_zero=True),),
        traces, (), _SORTED,
    )  # fmt: skip
