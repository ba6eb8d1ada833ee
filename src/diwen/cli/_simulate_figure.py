"""The picture of a simulation: temperatures above, energies below; months of one year, or years."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from diwen.cli._balance_figure import MONTHS, MWH
from diwen.language import Language, Text, same

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from diwen.reports.chart import Axis, Chart, Trace
    from diwen.twin.site_simulation import SiteSimulation

_TEMPERATURES = Text("{name}: water from the source", "{name}：地源侧供水温度")
_ENERGIES = Text("Energies", "能量")
_OUTDOOR = Text("outdoor air", "室外空气")
_ENTERING = Text("entering the units", "进机组")
_LOWEST = Text("lowest entering", "进机组最低")
_HIGHEST = Text("highest entering", "进机组最高")
_HEAT = Text("heat", "供热")
_WATER = Text("hot water", "生活热水")
_COLD = Text("cold", "供冷")
_POWER = Text("electricity", "用电")
_OUT = Text("out of the source", "取热")
_INTO = Text("into the source", "排热")
_TEMPERATURE = Text("temperature", "温度")
_ENERGY = Text("energy", "能量")
_DAY = Text("day of the year of operation", "运行天数")
_YEAR = Text("year of operation", "运行年")
_NOTE = Text("Computed, not measured.", "计算值，非实测。")


def simulation_figure(found: SiteSimulation, path: Path, language: Language) -> None:
    """Write the picture."""
    from diwen.cli._figure_file import write_figure
    from diwen.reports import drawing_shapes

    several = len(found.years) > 1
    charts = [
        years_temperatures(found) if several else days_temperatures(found),
        years_energies(found) if several else months_energies(found),
    ]

    def draw(figure: Figure) -> None:
        places = ((0.085, 0.56, 0.89, 0.32), (0.085, 0.085, 0.89, 0.32))
        for chart, place in zip(charts, places, strict=True):
            axes = figure.add_axes(place)
            drawing_shapes.curves(axes, chart, language)
            axes.annotate(
                chart.title.to(language), (0.0, 1.0), xytext=(-34, 25), fontsize=10,
                xycoords="axes fraction", textcoords="offset points",
            )  # fmt: skip
            axes.legend(
                loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=len(chart.traces),
                fontsize=7.5, handlelength=1.4, columnspacing=1.2, borderaxespad=0.3,
            )  # fmt: skip
            axes.set_xlabel(chart.x.title.to(language), fontsize=7.5)
        figure.text(0.99, 0.008, _NOTE.to(language), fontsize=6.5, ha="right", color="#5b6875")

    write_figure(path, (7.5, 6.4), draw)


def days_temperatures(found: SiteSimulation) -> Chart:
    """Daily means of the last year: water entering the units while it flows, outdoor air."""
    import numpy as np

    from diwen.reports.chart import COLOURS, CYCLE, Chart

    plant = found.plants()[-1]
    per_day = found.per_year // 365
    days = tuple(float(day) for day in range(1, 366))
    traces = []
    if found.weather_known:
        air = plant.outdoor.reshape(365, per_day).mean(axis=1)
        traces.append(_trace(_OUTDOOR, days, air.tolist(), "#b4bcc2"))
    for place, (name, loop) in enumerate(plant.course.sources.items()):
        flows = (loop.flow_share > 0.0) & np.isfinite(loop.entering)
        weight = flows.reshape(365, per_day).sum(axis=1)
        total = np.where(flows, loop.entering, 0.0).reshape(365, per_day).sum(axis=1)
        mean = np.divide(total, weight, out=np.full(365, np.nan), where=weight > 0)
        label = _ENTERING if len(plant.course.sources) == 1 else same(name)
        colour = COLOURS["source"] if place == 0 else CYCLE[(place + 1) % len(CYCLE)]
        traces.append(_trace(label, days, mean.tolist(), colour))
    title = _TEMPERATURES.format(name=found.site.name)
    return Chart("simulation-days", title, _axis(_DAY), (_celsius(),), tuple(traces))


def years_temperatures(found: SiteSimulation) -> Chart:
    """Lowest and highest water entering the units, by year."""
    from diwen.reports.chart import COLOURS, Chart

    years = tuple(float(year) for year in range(1, len(found.years) + 1))
    traces = (
        _trace(_LOWEST, years, [y.entering[0] for y in found.years], COLOURS["source"]),
        _trace(_HIGHEST, years, [y.entering[1] for y in found.years], COLOURS["load"]),
    )
    title = _TEMPERATURES.format(name=found.site.name)
    return Chart("simulation-years", title, _axis(_YEAR), (_celsius(),), traces)


def months_energies(found: SiteSimulation) -> Chart:
    """Heat, cold and electricity of each month."""
    from diwen.reports.chart import COLOURS, Axis, Chart, Trace

    monthly = found.years[-1].monthly
    rows = (
        (_HEAT, "heat", COLOURS["load"], "heat"), (_WATER, "hot_water", COLOURS["room"], "heat"),
        (_COLD, "cold", COLOURS["source"], "cold"),
        (_POWER, "electricity", COLOURS["electricity"], "power"),
    )  # fmt: skip
    places = tuple(float(month) for month in range(12))
    traces = tuple(
        Trace(name, "bar", places, tuple((monthly[key] / MWH).tolist()), colour=colour,
              stack=stack, origin=("simulated",))
        for name, key, colour, stack in rows if monthly[key].any()
    )  # fmt: skip
    return Chart("simulation-months", _ENERGIES,
                 Axis(same(""), kind="category", categories=MONTHS),
                 (Axis(_ENERGY, "MWh", from_zero=True),), traces)  # fmt: skip


def years_energies(found: SiteSimulation) -> Chart:
    """Electricity and heat out of and into the source, by year."""
    from diwen.reports.chart import COLOURS, Axis, Chart

    years = tuple(float(year) for year in range(1, len(found.years) + 1))
    rows = (
        (_OUT, [y.extracted for y in found.years], COLOURS["load"]),
        (_INTO, [y.injected for y in found.years], COLOURS["source"]),
        (_POWER, [y.power for y in found.years], COLOURS["electricity"]),
    )
    traces = tuple(_trace(name, years, [v / MWH for v in row], colour)
                   for name, row, colour in rows)  # fmt: skip
    return Chart("simulation-years-energy", _ENERGIES, _axis(_YEAR),
                 (Axis(_ENERGY, "MWh", from_zero=True),), traces)  # fmt: skip


def _trace(name: Text, x: tuple[float, ...], values: list[float], colour: str) -> Trace:
    from diwen.reports.chart import Trace

    whole = tuple(value if math.isfinite(value) else None for value in values)
    return Trace(name, "line", x, whole, colour=colour, origin=("simulated",))


def _axis(title: Text) -> Axis:
    from diwen.reports.chart import Axis

    return Axis(title, decimals=0)


def _celsius() -> Axis:
    from diwen.reports.chart import Axis

    return Axis(_TEMPERATURE, "°C")
