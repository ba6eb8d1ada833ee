"""Pictures of a well field's report: breakthrough, the water of a year and of all years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.design.calendar_months import HOURS_PER_YEAR
from diwen.language import Text, same
from diwen.reports.chart import COLOURS, Axis, Chart, Mark, Trace, rounded

if TYPE_CHECKING:
    from diwen.reports.well_field_tables import AnyStudy

Floats = NDArray[np.float64]

# Of a breakthrough: shown until a few times the moment at which nearly all has arrived.
_NEARLY, _TAIL, _POINTS = 0.95, 3.0, 300

_SIMULATED = ("simulated",)
_WATER = Axis(Text("temperature of the water", "水温"), "°C")
_YEAR = Text("year of operation", "运行年")
_DAYS = Axis(Text("day of the year", "年内日序"), decimals=0)
_PUMPED = Text("pumped", "取水")
_RETURNED = Text("returned", "回水")
_UNDISTURBED = Text("undisturbed {value:.1f} °C", "初始水温 {value:.1f} °C")
_LOWEST = Text("lowest return {value:g} °C", "最低回水 {value:g} °C")
_HIGHEST = Text("highest return {value:g} °C", "最高回水 {value:g} °C")
_DAILY = Text(
    "Line: mean of the running hours of a day; band: lowest and highest hour.",
    "线为每日运行小时均值，带为最低与最高小时值。",
)
_YEARLY = Text(
    "Lowest and highest hour with a load in each year of operation.",
    "各运行年有负荷小时的最低与最高水温。",
)
_SHARE = Text(
    "Share of a lasting change of the returned water that the pump sees, while it runs all the "
    "time at design flow.",
    "回水温度持续变化后，取水温度变化所占份额；按设计流量连续抽水。",
)


def breakthrough_chart(study: AnyStudy) -> Chart:
    """The share of a step of the returned temperature in the pumped water over time."""
    hours, share = study.breakthrough
    steep = hours <= _TAIL * np.interp(_NEARLY * share[-1], share, hours)
    hours, share = hours[steep], share[steep]
    kept = np.unique(np.linspace(0, len(hours) - 1, _POINTS).astype(int))
    return Chart(
        "wells_breakthrough",
        Text("Breakthrough at the planned flow", "设计流量下的热突破曲线"),
        Axis(Text("days since the step", "阶跃后天数"), "d"),
        (Axis(Text("share arrived", "到达份额"), decimals=3, from_zero=True),),
        (_line(Text("pumped water", "取水"), hours[kept] / 24.0, share[kept], COLOURS["source"]),),
        (),
        _SHARE,
    )


def year_chart(study: AnyStudy, year: int) -> Chart:
    """Pumped and returned water through one year, day by day; ``year`` counts from 1."""
    part = slice((year - 1) * HOURS_PER_YEAR, year * HOURS_PER_YEAR)
    running = study.load[part] != 0.0
    traces = tuple(
        _daily(name, getattr(study, side)[part], running, colour)
        for name, side, colour in (
            (_PUMPED, "pumped", COLOURS["source"]), (_RETURNED, "returned", COLOURS["load"]),
        )
    )  # fmt: skip
    name = Text(f"Water in year {year}", f"第 {year} 年水温")
    return Chart(f"wells_year_{year}", name, _DAYS, (_WATER,), traces, _marks(study), _DAILY)


def years_chart(study: AnyStudy) -> Chart:
    """Lowest and highest water of every year."""
    names = tuple(same(f"{year}") for year in range(1, study.years + 1))
    year = np.arange(study.years, dtype=float)
    lines = (
        (Text("pumped, lowest", "取水最低"), study.lowest("pumped"), COLOURS["source"]),
        (Text("pumped, highest", "取水最高"), study.highest("pumped"), COLOURS["load"]),
        (Text("returned, lowest", "回水最低"), study.lowest("returned"), COLOURS["water"]),
        (Text("returned, highest", "回水最高"), study.highest("returned"), COLOURS["electricity"]),
    )
    return Chart(
        "wells_years",
        Text("Lowest and highest water of the years", "历年最低与最高水温"),
        Axis(_YEAR, kind="category", categories=names),
        (_WATER,),
        tuple(_line(name, year, values, colour) for name, values, colour in lines),
        _marks(study),
        _YEARLY,
    )


def _marks(study: AnyStudy) -> tuple[Mark, ...]:
    rest, limits = study.built.undisturbed_temperature, study.limits
    found = [Mark(rest, _UNDISTURBED.format(value=rest))]
    if limits.lowest_return is not None:
        found.append(Mark(limits.lowest_return, _LOWEST.format(value=limits.lowest_return)))
    if limits.highest_return is not None:
        found.append(Mark(limits.highest_return, _HIGHEST.format(value=limits.highest_return)))
    return tuple(found)


def _line(name: Text, x: Floats, y: Floats, colour: str) -> Trace:
    return Trace(name, "line", tuple(x.tolist()), _shown(y), colour=colour, origin=_SIMULATED)


def _daily(name: Text, values: Floats, running: NDArray[np.bool_], colour: str) -> Trace:
    """Mean, lowest and highest of the running hours of each day; days at rest are holes."""
    seen = np.where(running, values, np.nan).reshape(-1, 24)
    some = running.reshape(-1, 24).any(axis=1)
    mean, low, high = (np.full(len(seen), np.nan) for _ in range(3))
    mean[some] = np.nanmean(seen[some], axis=1)
    low[some], high[some] = np.nanmin(seen[some], axis=1), np.nanmax(seen[some], axis=1)
    days = tuple(float(day) for day in range(1, len(seen) + 1))
    return Trace(name, "line", days, _shown(mean), _shown(low), _shown(high), colour=colour,
                 origin=_SIMULATED)  # fmt: skip


def _shown(values: Floats) -> tuple[float | None, ...]:
    return tuple(rounded(value) for value in values.tolist())
