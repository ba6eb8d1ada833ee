"""The picture of a heat balance: temperatures over the years above, heat by month below."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from diwen.language import Language, Text, same

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from diwen.design.yearly_balance import GroundCourse, YearlyBalance
    from diwen.reports.chart import Chart, Trace

_YEARS = Text("Ground and fluid over {years} years, {count} boreholes of {length} m",
              "{years} 年地温与流体温度（{count} 个钻孔，孔深 {length} m）")  # fmt: skip
_MONTHS = Text("Heat out of and into the ground, mean year", "年平均逐月取热量与排热量")
_YEAR = Text("year of operation", "运行年")
_TEMPERATURE = Text("temperature", "温度")
_HEAT = Text("heat", "热量")
_WALL = Text("mean wall", "孔壁年平均")
_LOW = Text("lowest fluid", "流体最低")
_HIGH = Text("highest fluid", "流体最高")
_WITH = Text("{name}, {energy} MWh/a given", "{name}（补热 {energy} MWh/a）")
_TAKEN = Text("{name}, {energy} MWh/a taken out", "{name}（另取出 {energy} MWh/a）")
_MINIMUM = Text("lowest allowed {value} °C", "最低限值 {value} °C")
_MAXIMUM = Text("highest allowed {value} °C", "最高限值 {value} °C")
_OUT = Text("out of the ground", "取热")
_INTO = Text("into the ground", "排热")
_GIVEN = Text("recharge", "补热")
_MORE_OUT = Text("taken out besides", "另行取出")
_NOTE = Text("Computed, not measured.", "计算值，非实测。")
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS = tuple(Text(name, f"{number}月") for number, name in enumerate(_ENGLISH, 1))
MWH = 3.6e9


def balance_figure(found: YearlyBalance, path: Path, language: Language) -> None:
    """Write the picture."""
    from diwen.cli._figure_file import write_figure
    from diwen.reports import drawing_shapes

    charts = [years_chart(found), months_chart(found)]

    def draw(figure: Figure) -> None:
        places = ((0.075, 0.50, 0.90, 0.38), (0.075, 0.085, 0.90, 0.24))
        for chart, place in zip(charts, places, strict=True):
            axes = figure.add_axes(place)
            drawing_shapes.curves(axes, chart, language)
            above = 38 if len(chart.traces) > 3 else 25
            axes.annotate(
                chart.title.to(language), (0.0, 1.0), xytext=(-34, above), fontsize=10,
                xycoords="axes fraction", textcoords="offset points",
            )  # fmt: skip
            low, high = axes.get_ylim()
            axes.set_ylim(low, high + 0.06 * (high - low))
            # Without recharge above, with it below, each quantity in its column.
            columns = 3 if len(chart.traces) > 3 else len(chart.traces)
            axes.legend(
                loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=columns, fontsize=7.5,
                handlelength=1.4, columnspacing=1.2, borderaxespad=0.3,
            )  # fmt: skip
            axes.set_xlabel(chart.x.title.to(language), fontsize=7.5)
        figure.text(0.99, 0.008, _NOTE.to(language), fontsize=6.5, ha="right", color="#5b6875")

    write_figure(path, (7.5, 6.8), draw)


def years_chart(found: YearlyBalance) -> Chart:
    """Mean wall temperature and fluid extremes by year, without and with the recharge."""
    from diwen.reports.chart import Axis, Chart, Mark

    limits, plain = found.given.limits, found.plain.balance
    # A limit far from everything, of a side without load, would only press the curves together.
    sides = (
        (limits.minimum, _MINIMUM, plain.extraction), (limits.maximum, _MAXIMUM, plain.injection),
    )  # fmt: skip
    marks = [
        Mark(value, text.format(value=f"{value:g}"))
        for value, text, heat in sides
        if value is not None and heat > 0.0
    ]
    traces = _traces(found.plain, pale=found.recharged is not None)
    if found.recharged is not None:
        pairs = zip(traces, _traces(found.recharged, pale=False), strict=True)
        traces = [trace for pair in pairs for trace in pair]
    title = _YEARS.format(
        years=found.horizon, count=found.given.field.count, length=f"{found.length:g}"
    )
    return Chart("balance-years", title, Axis(_YEAR, decimals=0), (Axis(_TEMPERATURE, "°C"),),
                 tuple(traces), tuple(marks))  # fmt: skip


def _traces(course: GroundCourse, *, pale: bool) -> list[Trace]:
    from diwen.reports.chart import COLOURS, Trace

    ends = "_pale" if pale else ""
    grey = "#b4bcc2" if pale else COLOURS["outdoor"]
    rows = (
        (_WALL, course.trajectory.wall_mean, grey),
        (_LOW, course.minimum, COLOURS["source" + ends]),
        (_HIGH, course.maximum, COLOURS["load" + ends]),
    )
    years = tuple(float(year) for year in range(1, len(course.minimum) + 1))
    return [
        Trace(_named(name, course.recharge), "line", years, tuple(map(float, row)),
              colour=colour, origin=("simulated",))
        for name, row, colour in rows
    ]  # fmt: skip


def _named(name: Text, energy: float) -> Text:
    if not energy:
        return name
    return (_WITH if energy > 0 else _TAKEN).format(name=name, energy=f"{abs(energy) / MWH:g}")


def months_chart(found: YearlyBalance) -> Chart:
    """Heat out of the ground beside that into it, by calendar month of the mean year."""
    from diwen.design.recharged_plant import month_shares
    from diwen.reports.chart import COLOURS, Axis, Chart, Trace

    course = found.plain
    places = tuple(float(month) for month in range(12))
    rows = [
        (_OUT, course.extraction.mean(axis=0), COLOURS["load"], "out"),
        (_INTO, course.injection.mean(axis=0), COLOURS["source"], "into"),
    ]
    if found.recharged is not None and found.recharged.recharge:
        energy = found.recharged.recharge
        given = abs(energy) * month_shares(found.months)
        stack, name = ("into", _GIVEN) if energy > 0 else ("out", _MORE_OUT)
        rows.append((name, given, COLOURS["good"], stack))
    traces = tuple(
        Trace(name, "bar", places, tuple((row / MWH).tolist()), colour=colour, stack=stack,
              origin=("simulated",))
        for name, row, colour, stack in rows
    )  # fmt: skip
    return Chart("balance-months", _MONTHS, Axis(same(""), kind="category", categories=MONTHS),
                 (Axis(_HEAT, "MWh", from_zero=True),), traces)  # fmt: skip
