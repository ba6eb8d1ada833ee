"""Pictures of the decades of a design: water at the units, heat out and in, cumulated balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text, same
from diwen.reports.chart import COLOURS, CYCLE, Axis, Chart, Mark, Trace, rounded
from diwen.reports.design_words import MEGAWATT_HOUR

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import StationDesign, YearsRun

Floats = NDArray[np.float64]
_SIMULATED = ("simulated",)
_YEARS = Axis(Text("year of operation", "运行年"), decimals=0)
_YEAR = Text("year of operation", "运行年")
_WATER = Axis(Text("temperature of the water", "水温"), "°C")
_AS_DESIGNED = Text("as designed", "设计方案")
_WITH = Text("with {kind} for: {target}", "{kind}后（{target}）")
_KINDS = {"recharge": Text("recharge", "补热"), "rejection": Text("rejection", "散热")}
_TARGETS = {
    "band": Text("allowed ratio", "允许比值"), "closed": Text("ratio 1", "比值 1"),
    "entering": Text("water entering", "进水限值"), "leaving": Text("water leaving", "出水限值"),
    "supply": Text("loads met", "满足负荷"),
}  # fmt: skip
_HOURS = Text("Lowest and highest hour of each year while water flows.",
              "各年有流量时的最低与最高逐时水温。")  # fmt: skip
_BY_YEAR = Text("By year of operation.", "横轴为运行年。")
_CUMULATED = Text(
    "Heat put into the source less heat taken out, since the first day.",
    "自投运起累计：排入热量减取出热量。",
)


# Which recharge stands first beside the plant as designed.
_ORDER = ("closed", "band", "entering", "leaving", "supply")


def _runs(design: StationDesign, name: str) -> list[tuple[Text, YearsRun]]:
    """As designed, and with each recharge that was simulated for this source, each once."""
    found: list[tuple[Text, YearsRun]] = [(_AS_DESIGNED, design.run)]
    for need in sorted(design.recharge, key=lambda one: _ORDER.index(one.target)):
        if need.source == name and need.run is not None:
            kind, target = _KINDS[need.kind], _TARGETS[need.target]
            found.append((_WITH.format(kind=kind, target=target), need.run))
    return found[:3]


def _years(run: YearsRun) -> tuple[Axis, tuple[float, ...]]:
    count = len(run.years)
    names = tuple(same(f"{year}") for year in range(1, count + 1))
    axis = Axis(_YEAR, kind="category", categories=names)
    return axis, tuple(float(place) for place in range(count))


def _course(run: YearsRun) -> tuple[float, ...]:
    return tuple(float(year.year) for year in run.years)


def _values(values: list[float]) -> tuple[float | None, ...]:
    return tuple(rounded(value) for value in values)


def water_chart(design: StationDesign, name: str) -> Chart:
    """Water entering the units, year by year, with and without recharge."""
    traces = []
    ends = ((0, Text("lowest", "最低"), "source", "source_pale"),
            (1, Text("highest", "最高"), "load", "load_pale"))  # fmt: skip
    for place, (said, run) in enumerate(_runs(design, name)[:2]):
        for end, which, strong, pale in ends:
            values = [year.sources[name].entering[end] for year in run.years]
            colour = COLOURS[pale if place else strong]
            label = Text(f"{which.en}, {said.en}", f"{which.zh}（{said.zh}）") if place else which
            traces.append(Trace(label, "line", _course(run), _values(values),
                                colour=colour, origin=_SIMULATED))  # fmt: skip
    return Chart(
        f"design_water_{name}",
        Text(f"Water entering the units, source {name}", f"进机组水温：热源 {name}"),
        _YEARS, (_WATER,), tuple(traces), _limit_marks(design, name), _HOURS,
    )  # fmt: skip


def _limit_marks(design: StationDesign, name: str) -> tuple[Mark, ...]:
    """Limits of the entering water among the rules that were judged."""
    marks: dict[float, Mark] = {}
    for row in design.compliance:
        if row.group == "temperature" and row.unit == "°C" and row.sense in ("<=", ">=", "range"):
            other = any(one in row.id for one in design.site.sources if one != name)
            if "entering" not in row.id or (other and name not in row.id):
                continue
            for value in (row.limit, row.upper):
                if value is not None and np.isfinite(value):
                    said = Text(f"limit {value:g} °C", f"限值 {value:g} °C")
                    marks[value] = Mark(value, said, row.rule is None or row.verified)
    return tuple(marks.values())


def energy_chart(design: StationDesign, name: str) -> Chart:
    """Heat out of and into a source, year by year."""
    axis, years = _years(design.run)
    ran = [year.sources[name] for year in design.run.years]
    series = (
        (Text("taken out by the units", "机组取热"), [one.extraction for one in ran], "load"),
        (Text("put in by the units", "机组排热"), [one.injection for one in ran], "source"),
        (Text("recharged", "补热"), [one.recharge for one in ran], "good"),
        (Text("rejected besides", "另行散热"), [one.rejection for one in ran], "water"),
    )
    traces = tuple(
        Trace(said, "bar", years, _values([value / MEGAWATT_HOUR for value in values]),
              colour=COLOURS[colour], origin=_SIMULATED)
        for said, values, colour in series if max(values) > 0.0
    )  # fmt: skip
    return Chart(
        f"design_energy_{name}",
        Text(f"Heat out of and into source {name}", f"热源 {name} 逐年取热与排热"),
        axis,
        (Axis(Text("heat of a year", "年热量"), "MWh", from_zero=True),),
        traces,
        (),
        _BY_YEAR,
    )


def balance_chart(design: StationDesign, name: str) -> Chart:
    """Cumulated balance of a source, with and without recharge."""
    traces = []
    for place, (said, run) in enumerate(_runs(design, name)):
        ran = [year.sources[name] for year in run.years]
        net = [one.injection + one.recharge - one.extraction - one.rejection for one in ran]
        total = np.cumsum(np.asarray(net)) / MEGAWATT_HOUR
        traces.append(Trace(said, "line", _course(run), _values(total.tolist()),
                            colour=CYCLE[place], origin=_SIMULATED))  # fmt: skip
    return Chart(
        f"design_balance_{name}",
        Text(f"Cumulated heat balance of source {name}", f"热源 {name} 累计热平衡"),
        _YEARS, (Axis(Text("balance", "累计差额"), "MWh", from_zero=True),), tuple(traces), (),
        _CUMULATED,
    )  # fmt: skip
