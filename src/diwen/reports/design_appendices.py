"""Appendices of a design report: rule rows, months, data sheets, where every number comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.reports import design_words as words
from diwen.reports.design_blocks import absent, table
from diwen.reports.design_operation_section import monthly_table
from diwen.reports.design_provenance import provenance_tables
from diwen.reports.document import Block, Cell, Section, Table
from diwen.reports.numbers import number, percent

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import StationDesign
    from diwen.rules import Row
    from diwen.site.heat_pumps import HeatPump

_TITLES = (
    Text("Rule rows", "采用的规则条目"),
    Text("Monthly tables", "逐月数据表"),
    Text("Equipment data sheets", "设备数据表"),
    Text("Provenance of the numbers", "数据溯源"),
)
_VERIFIED = Text("read in public material", "见于公开资料")
_NO_UNITS = Text("The site describes no units.", "项目未描述机组。")
_POINTS_NOTE = Text(
    "Points given by the site file or the maker; everything between and beyond is the model's.",
    "工况点取自项目文件或厂家资料；其余工况由模型计算。",
)


def appendices(design: StationDesign) -> tuple[Section, ...]:
    """All of them, lettered."""
    contents: tuple[list[Block], ...] = (
        [_rows(design)],
        [monthly_table(design.run.year(number_)) for number_ in _years(design)],
        _sheets(design),
        list(provenance_tables(design)),
    )
    return tuple(
        Section(letter, title, tuple(blocks))
        for letter, title, blocks in zip("ABCD", _TITLES, contents, strict=True)
    )


def rows_used(design: StationDesign) -> tuple[Row, ...]:
    """Every rule row behind a number of the report, each once, in the order of the sections."""
    rows = [row.rule for row in design.compliance if row.rule is not None]
    if design.economics is not None:
        rows += design.economics.comparison.rows
        rows += design.economics.support.rows
    return tuple(dict.fromkeys(rows))


def _years(design: StationDesign) -> list[int]:
    last = len(design.run.years)
    return sorted({1, min(25, last)})


def _rows(design: StationDesign) -> Table:
    rows = []
    for row in rows_used(design):
        unit = "" if row.unit == "1" else f" {row.unit}"
        printed = Text(row.printed("en") + unit, row.printed("zh") + unit)
        if row.op == "range":
            low, high = f"{row.value:.10g}", f"{row.upper:.10g}{unit}"
            printed = Text(f"{low} to {high}", f"{low}～{high}")
        rows.append((
            Cell(row.text, None, same(row.id)), Cell(row.name),
            Cell(printed if row.value is not None else Text(row.printed("en"), row.printed("zh"))),
            Cell(_VERIFIED if row.verified else row.standing,
                 "good" if row.verified else "attention"),
            Cell(row.source_text),
        ))  # fmt: skip
    columns = (
        (Text("rule and its id", "规则与标识"), "l", 2.6), (Text("standard", "标准"), "l", 1.5),
        (Text("number", "数值"), "l", 1.5), (Text("standing", "可信程度"), "l", 1.3),
        (Text("seen in", "出处"), "l", 1.8),
    )  # fmt: skip
    return table(_TITLES[0], columns, rows)


def _sheets(design: StationDesign) -> list[Block]:
    pumps = design.site.heat_pumps
    if not pumps:
        return [absent(_NO_UNITS)]
    found: list[Block] = []
    for name, unit in pumps.items():
        found.append(_sheet(name, unit))
        if unit.rating_points:
            found.append(_points(name, unit))
    return found


_RATED = (
    (Text("rated heating capacity, kW", "额定制热量，kW"), "rated_heating_capacity", 1e3),
    (Text("rated heating power, kW", "额定制热功率，kW"), "rated_heating_power", 1e3),
    (Text("rated cooling capacity, kW", "额定制冷量，kW"), "rated_cooling_capacity", 1e3),
    (Text("rated cooling power, kW", "额定制冷功率，kW"), "rated_cooling_power", 1e3),
    (Text("source flow, m³/h", "热源侧流量，m³/h"), "source_flow", 1.0 / 3600.0),
    (Text("load flow, m³/h", "用户侧流量，m³/h"), "load_flow", 1.0 / 3600.0),
    (
        Text("lowest source temperature, °C", "热源侧最低温度，°C"),
        "minimum_source_temperature",
        1.0,
    ),
    (
        Text("highest source temperature, °C", "热源侧最高温度，°C"),
        "maximum_source_temperature",
        1.0,
    ),
    (Text("highest supply, °C", "最高供水温度，°C"), "maximum_supply_temperature", 1.0),
    (Text("refrigerant charge, kg", "制冷剂充注量，kg"), "refrigerant_charge", 1.0),
)


def _sheet(name: str, unit: HeatPump) -> Table:
    rows: list[tuple[Text, Text]] = [
        (Text("kind", "类型"), words.UNIT_TYPES.get(unit.type, same(unit.type))),
        (Text("maker and model", "厂家与型号"), same(unit.model or "–")),
        (Text("number of identical units", "相同机组台数"), same(f"{unit.count}")),
        (Text("refrigerant", "制冷剂"), same(unit.refrigerant or "–")),
    ]
    for said, key, scale in _RATED:
        value = getattr(unit, key)
        if value is not None:
            rows.append((said, same(words.significant(value / scale, 4))))
    if unit.minimum_part_load is not None:
        rows.append((Text("smallest share of full load", "最低负荷率"),
                     same(percent(unit.minimum_part_load))))  # fmt: skip
    columns = ((Text("property", "参数"), "l", 2.0), (Text("value", "数值"), "r", 1.0))
    return table(Text(f"Unit {name}", f"机组 {name}"), columns, rows)


def _points(name: str, unit: HeatPump) -> Table:
    rows = []
    for one in unit.rating_points:
        power, capacity = one.power, one.capacity
        efficiency = capacity / power if power and capacity else None
        rows.append((
            words.DUTIES.get(one.mode, same(one.mode)), words.celsius(one.source_entering),
            words.celsius(one.load_leaving), words.kw(capacity), words.kw(power),
            number(efficiency, 2),
        ))  # fmt: skip
    columns = (
        (Text("duty", "工况"), "l", 1.0), (Text("source in, °C", "热源侧进口，°C"), "r", 1.0),
        (Text("supply, °C", "供水，°C"), "r", 1.0), (Text("capacity, kW", "能力，kW"), "r", 1.0),
        (Text("power, kW", "功率，kW"), "r", 1.0), (Text("COP, EER", "COP、EER"), "r", 1.0),
    )  # fmt: skip
    title = Text(f"Tested points of {name}", f"{name} 测试工况点")
    return table(title, columns, rows, _POINTS_NOTE)
