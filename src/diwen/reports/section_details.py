"""Contents that results carry in their ``detail``: days, plateaus, ground heat, water classes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from diwen.evaluation.words import mode_name, thing_name
from diwen.language import Text
from diwen.reports import charts_days
from diwen.reports.chart import COLOURS, Axis, Chart, Trace
from diwen.reports.charts import coverage_edges
from diwen.reports.document import Cell, Column, Table, row
from diwen.reports.material import Material
from diwen.reports.numbers import number, with_uncertainty

if TYPE_CHECKING:
    from diwen.evaluation.operation import Way
    from diwen.evaluation.result import Result

Content = list[Chart | Table]
_MODES: tuple[Way, ...] = ("heating", "cooling")


def performance_by_day(material: Material) -> Content:
    """Coefficient of performance by day, per mode."""
    least = coverage_edges()[0] / 100
    found = (
        charts_days.performance(days, mode, least)
        for mode in _MODES
        if (days := material.by_day(mode)) is not None
    )
    return [chart for chart in found if chart is not None]


def energy_by_day(material: Material) -> Content:
    """Heat or cold and electricity by day, per mode."""
    found = (
        charts_days.energies(days, mode)
        for mode in _MODES
        if (days := material.by_day(mode)) is not None
    )
    return [chart for chart in found if chart is not None]


def signature(material: Material) -> Content:
    """Load against outdoor temperature, with the fit where there is one."""
    from diwen.evaluation.degree_days import outdoor_days

    outdoor = outdoor_days(material.context)
    if outdoor is None:
        return []
    point, means = outdoor
    epoch = date(1970, 1, 1)
    by_date = {
        epoch + timedelta(days=int(day)): float(mean)
        for day, mean in zip(means.day, means.mean, strict=True)
        if mean == mean
    }
    found = []
    for mode in _MODES:
        days = material.by_day(mode)
        fits = [r for r in material.results(("K-36",)) if r.mode == mode and r.value is not None]
        if days is not None:
            fit = fits[0].detail if fits else None
            found.append(charts_days.signature(days, mode, by_date, point.id, fit))
    return [chart for chart in found if chart is not None]


def ground_heat(material: Material) -> Content:
    """Injected less extracted heat, summed up day by day."""
    found: Content = []
    for result in material.results(("K-16",)):
        days, curve = result.detail.get("days", ()), result.detail.get("kwh", ())
        if result.status == "refused" or len(days) < 2:
            continue
        found.append(
            Chart(
                id="ground_heat",
                title=Text(
                    "Cumulative heat of the ground: injection less extraction",
                    "累计取放热偏差（排热减取热）",
                ),
                x=Axis(Text("Day", "日期"), kind="time"),
                y=(Axis(Text("Heat", "热量"), "kWh", decimals=0, from_zero=True),),
                traces=(
                    Trace(
                        name=result.name,
                        shape="area",
                        x=tuple(map(_midnight, days)),
                        y=tuple(curve),
                        colour=COLOURS["water"],
                        origin=result.origin,
                        points=result.inputs,
                    ),
                ),
            )
        )
    return found


def _midnight(day: date | str) -> float:
    """Milliseconds of the local midnight with which a day begins, as a time axis counts them."""
    return (date.fromisoformat(str(day)) - date(1970, 1, 1)) / timedelta(milliseconds=1)


def steady_operation(material: Material) -> Content:
    """The steady plateaus of each unit as a table."""
    return [
        _plateaus(result, result.detail["rows"])
        for result in material.evaluation.results
        if result.id == "plateaus" and result.detail.get("rows")
    ]


def _plateaus(result: Result, rows: list[dict[str, Any]]) -> Table:
    return Table(
        Text(f"Steady operation of {result.of}", f"{result.of} 稳态工况"),
        (
            Column(Text("Duration, min", "时长（min）"), "right"),
            Column(Text("Source entering, °C", "地源侧进水（°C）"), "right"),
            Column(Text("Source difference, K", "地源侧温差（K）"), "right"),
            Column(Text("Supply, °C", "供水温度（°C）"), "right"),
            Column(Text("Load difference, K", "用户侧温差（K）"), "right"),
            Column(Text("Power, kW", "电功率（kW）"), "right"),
            Column(Text("Heat, kW", "供热功率（kW）"), "right"),
            Column(Text("COP (k = 2)", "COP（k = 2）"), "right", 1.3),
        ),
        tuple(
            row(
                number(one.get("minutes"), 1),
                number(one.get("source_entering"), 1),
                number(one.get("source_difference"), 2),
                number(one.get("load_leaving"), 1),
                number(one.get("load_difference"), 2),
                number(_kilo(one.get("power")), 3),
                number(_kilo(one.get("heat_power")), 2),
                with_uncertainty(one.get("cop"), one.get("cop_uncertainty"), "", 2),
            )
            for one in rows
        ),
        Text(
            "Means over stretches in which temperatures and power hold still.",
            "为温度与功率保持稳定时段内的平均值。",
        ),
    )


def _kilo(value: float | None) -> float | None:
    return None if value is None else value / 1000


def water_classes(material: Material) -> Content:
    """The class of every indicator of every sample."""
    return [
        _sample(result)
        for result in material.evaluation.results
        if result.id == "water_class" and result.detail.get("indicators")
    ]


def _sample(result: Result) -> Table:
    deciding = {_text(text).en for text in result.detail.get("deciding", ())}
    beyond = bool(result.detail.get("beyond_limit"))
    sample = thing_name(result)
    return Table(
        Text(f"Groundwater sample {sample.en}", f"地下水样品 {sample.zh}"),
        (
            Column(Text("Indicator", "指标"), share=2.0),
            Column(Text("Result", "检测值"), "right", 1.2),
            Column(Text("Class", "类别"), share=0.8),
            Column(Text("Edition", "标准版本"), share=0.8),
            Column(Text("Laboratory, method", "检测单位、方法"), share=2.0),
        ),
        tuple(
            row(
                Cell(
                    _text(one["name"]),
                    ("attention" if beyond else "plain")
                    if _text(one["name"]).en in deciding
                    else None,
                ),
                _found(one),
                _text(one["class"]),
                str(one["edition"]),
                " · ".join(part for part in (one["laboratory"], one["method"]) if part) or "–",
            )
            for one in result.detail["indicators"]
        ),
        Text(
            "The mark stands at the indicators that decide the class of the sample. Origin: "
            "manual entry.",
            "有标记的为决定样品类别的指标。数据来源：人工录入。",
        ),
    )


def _found(one: dict[str, Any]) -> str:
    """A laboratory result as it was delivered, with its sign and unit."""
    if one["word"] or one["value"] is None:
        return str(one["word"]) or "–"
    unit = "" if one["unit"] in ("", "1", "unit") else f" {one['unit']}"
    return f"{one['sign']}{one['value']:g}{unit}"


def printed_records(material: Material) -> Content:
    """What tables printed, what comes out when it is computed again, and why they differ."""
    return [
        _printed(result.detail["table"])
        for result in material.evaluation.results
        if result.id == "record_errors" and result.detail.get("table")
    ]


def _printed(lines: list[dict[str, Any]]) -> Table:
    return Table(
        Text("Printed and recomputed values", "原表值与复算值对照"),
        (
            Column(Text("Record, item", "记录、项目"), share=2.6),
            Column(Text("Printed", "原表值"), "right", 1.0),
            Column(Text("Recomputed", "复算值"), "right", 1.1),
            Column(Text("Finding", "核查结论"), share=4.2),
            Column(Text("Source", "出处"), share=2.0),
        ),
        tuple(
            row(
                Cell(_item(one), "good" if one["agrees"] else "bad"),
                f"{one['printed']} {one['unit']}".strip(),
                with_uncertainty(one["recomputed"], None, one["unit"], one["decimals"]),
                _text(one["finding"]),
                one["source"],
            )
            for one in lines
        ),
        Text("Origin: manual entry.", "数据来源：人工录入。"),
    )


def _item(one: dict[str, Any]) -> Text:
    of = f" {one['of']}" if one["of"] else ""
    record = mode_name(one["record"])
    name = _text(one["name"])
    return Text(f"{record.en}: {name.en}{of}", f"{record.zh}：{name.zh}{of}")


def _text(said: Text | dict[str, str]) -> Text:
    """A text of a result's detail, where it may already be plain data."""
    return said if isinstance(said, Text) else Text(said["en"], said["zh"])
