"""Plant of a design: schematic, modes, units at the design hours, pumps, storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.design.station_design.shortfall import capacity_fails
from diwen.language import Text, same
from diwen.reports import design_words as words
from diwen.reports.design_blocks import Cells, Numbering, absent, lit, notes, table
from diwen.reports.document import Block, Cell, Light, Table
from diwen.reports.numbers import number, percent

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import (
        DesignHour,
        PumpDesign,
        StationDesign,
        StorageDesign,
        UnitAtDesign,
    )

TITLE = Text("System and equipment", "系统方案与设备")
_FROM_CATALOGUE = Text(
    "The site names no units: these were chosen from the equipment catalogue, best first.",
    "项目未给出机组：以下机组自设备库按负荷选出，排名第一者用于计算。",
)
_NO_UNITS = Text(
    "No unit was judged at a design hour.", "没有机组在设计工况下的核算结果。"
)  # fmt: skip
_EXTRAPOLATED = Text("outside tested range", "超出测试范围")
_FLOW_ASSUMED = Text("usual temperature difference", "按常用温差")
_HEAD_NOTE = Text(
    "A head is told only where every pressure drop of the loop is known; what is missing stands in "
    "its place. Flow for a usual temperature difference is marked.",
    "仅当回路各项阻力均已知时给出扬程；否则列出所缺数据。按常用温差确定的流量已注明。",
)
_NOT_SAID = Text("not named", "未给出")
_ENOUGH, _SHORT = Text("enough", "足够"), Text("too little", "不足")
_NO_STORAGE = Text("no buffer is needed", "不需要缓冲水箱")
_UNIT_NOTE = Text(
    "Capacity and power of all units of a row together, at full load, with the temperatures of the "
    "hour of highest load.",
    "制热（冷）量与功率为同组机组满负荷合计，温度取最大负荷时刻。",
)
_HOUR_NOTE = Text(
    "Capacity with back-up over load; n − 1: whether (else: how much of) the load is "
    "carried with the largest unit out. Short in a later year fails the design only where the twin "
    "leaves more of the load unmet than is tolerated.",
    "裕量为机组与辅助热源总能力与负荷之比减 1；"
    "n − 1 指最大一台停运时能否满足负荷（百分数为可满足的份额）。"
    "以后年份裕量为负时，仅当逐时模拟的不满足率超过允许值才判为不足。",
)


def section(design: StationDesign, numbering: Numbering) -> list[Block]:
    """From the schematic to the smallest tank."""
    plant = design.plant
    blocks: list[Block] = _schematic(design, numbering)
    if plant.origin == "catalogue":
        blocks += notes([_FROM_CATALOGUE])
    blocks.append(
        _hours(design, (*plant.hours, *plant.later_hours)) if plant.hours else absent(_NO_UNITS)
    )
    if plant.units:
        blocks.append(_units(plant.units))
    offers = [_offers(duty, found) for duty, found in plant.selection.items() if found.fits]
    blocks += offers if plant.origin == "catalogue" else []
    if plant.pumps:
        blocks.append(_pumps(plant.pumps))
    if plant.storage:
        blocks.append(_storage(plant.storage))
    blocks += notes(plant.notes)
    return blocks


def _schematic(design: StationDesign, numbering: Numbering) -> list[Block]:
    """The drawing of the plant and its table of modes and valves, where they can be made."""
    try:
        from diwen.reports import schematic, schematic_modes
    except ImportError:
        return []
    made: list[Block] = [numbering.picture(schematic.picture_of_plant(design.site))]
    modes = schematic_modes.mode_table(design.site)
    return [*made, modes] if modes.rows else made


def _hours(design: StationDesign, hours: tuple[DesignHour, ...]) -> Table:
    rows: list[Cells] = []
    for one in hours:
        # An hour that is short without failing the design is no red figure: see the summary.
        short: Light = "bad" if capacity_fails(design, one) else "attention"
        margin = lit(percent(one.margin), "good" if one.margin >= 0.0 else short)
        spare = lit(
            words.YES if one.redundant else percent(one.share_without_largest),
            "good" if one.redundant else "attention",
        )
        rows.append((
            Text(f"{words.DUTIES[one.duty].en}, year {one.year}",
                 f"{words.DUTIES[one.duty].zh} 第 {one.year} 年"),
            words.hour_of_year(one.hour), words.celsius(one.outdoor),
            words.kw(one.load), words.celsius(one.source_entering),
            words.celsius(one.load_leaving), words.kw(one.capacity), words.kw(one.backup),
            margin, spare,
        ))  # fmt: skip
    columns = (
        (Text("duty", "工况"), "l", 1.5), (Text("hour", "时刻"), "l", 1.5),
        (Text("outdoor, °C", "室外，°C"), "r", 0.9), (Text("load, kW", "负荷，kW"), "r", 0.9),
        (Text("source in, °C", "热源侧进水，°C"), "r", 1.0),
        (Text("supply, °C", "供水，°C"), "r", 0.9),
        (Text("capacity, kW", "机组能力，kW"), "r", 1.1),
        (Text("back-up, kW", "辅助热源，kW"), "r", 1.0),
        (Text("margin", "裕量"), "r", 1.1), (Text("n − 1", "n − 1"), "r", 1.1),
    )  # fmt: skip
    return table(Text("Hours of highest load", "最大负荷时刻"), columns, rows, _HOUR_NOTE)


def _units(units: tuple[UnitAtDesign, ...]) -> Table:
    rows: list[Cells] = []
    for one in units:
        rows.append((
            Cell(same(f"{one.count} × {one.name}"), None, same(one.model) if one.model else None),
            words.DUTIES[one.duty], words.celsius(one.source_entering),
            words.celsius(one.load_leaving), words.kw(one.capacity), words.kw(one.power),
            Cell(same(words.ratio(one.efficiency)), None,
                 _EXTRAPOLATED if one.extrapolated else None),
            _flow(one.source_flow, one.flow_assumed),
            _flow(one.load_flow, one.flow_assumed),
        ))  # fmt: skip
    columns = (
        (Text("units", "机组"), "l", 1.6), (Text("duty", "工况"), "l", 0.9),
        (Text("source in, °C", "热源侧进水，°C"), "r", 1.0),
        (Text("supply, °C", "供水，°C"), "r", 0.9),
        (Text("capacity, kW", "能力，kW"), "r", 1.0), (Text("power, kW", "功率，kW"), "r", 0.9),
        (Text("COP, EER", "COP、EER"), "r", 1.1),
        (Text("source flow, m³/h", "热源侧流量，m³/h"), "r", 1.2),
        (Text("load flow, m³/h", "用户侧流量，m³/h"), "r", 1.2),
    )  # fmt: skip
    return table(Text("Units at the design hours", "设计工况下的机组"), columns, rows, _UNIT_NOTE)


def _offers(duty: str, found: object) -> Table:
    fits = found.fits[:6]  # type: ignore[attr-defined]
    rows: list[Cells] = [
        (
            same(f"{one.count} × {one.unit.id}"), words.kw(one.capacity), percent(one.margin),
            words.ratio(one.efficiency), words.YES if one.extrapolated else words.NO,
        )
        for one in fits
    ]  # fmt: skip
    columns = (
        (Text("units", "机组"), "l", 2.4), (Text("capacity, kW", "能力，kW"), "r", 1.0),
        (Text("margin", "裕量"), "r", 1.0), (Text("COP, EER", "COP、EER"), "r", 1.0),
        (_EXTRAPOLATED, "l", 1.2),
    )  # fmt: skip
    name = Text("What the catalogue offers, {duty}", "设备库可选机组：{duty}")
    return table(name.format(duty=words.DUTIES[duty]), columns, rows)


def _pumps(pumps: tuple[PumpDesign, ...]) -> Table:
    rows: list[Cells] = []
    for one in pumps:
        rows.append((
            same(one.loop), words.SIDES[one.side],
            _flow(one.flow, one.flow_assumed), _drops(one), _head(one),
            words.kw(one.power, 2),
            _NOT_SAID if one.planned_flow is None else words.flow(one.planned_flow),
            _NOT_SAID if one.planned_power is None else words.kw(one.planned_power, 2),
        ))  # fmt: skip
    columns = (
        (Text("loop", "回路"), "l", 1.0), (Text("side", "侧"), "l", 0.9),
        (Text("flow, m³/h", "流量，m³/h"), "r", 1.2),
        (Text("drops known, kPa", "已知阻力，kPa"), "l", 1.7),
        (Text("head, m", "扬程，m"), "l", 1.6), (Text("power, kW", "功率，kW"), "r", 0.9),
        (Text("planned flow, m³/h", "规划流量，m³/h"), "r", 1.1),
        (Text("planned power, kW", "规划功率，kW"), "r", 1.1),
    )  # fmt: skip
    return table(Text("Pumps", "水泵"), columns, rows, _HEAD_NOTE)


def _flow(value: float | None, assumed: bool) -> Cell:
    """A flow, marked where it is that of a usual temperature difference."""
    mark = _FLOW_ASSUMED if assumed and value is not None else None
    return Cell(same(words.flow(value)), None, mark)


def _drops(pump: PumpDesign) -> Text:
    if not pump.parts:
        return words.DASH
    named = [(name, number(drop / 1e3, 1)) for name, drop in pump.parts]
    return Text(
        "; ".join(f"{name.en} {drop}" for name, drop in named),
        "；".join(f"{name.zh} {drop}" for name, drop in named),
    )


def _head(pump: PumpDesign) -> Text:
    if pump.head is not None:
        return same(number(pump.head, 1))
    if not pump.missing:
        return words.DASH
    en, zh = (", ".join(t.en for t in pump.missing), "、".join(t.zh for t in pump.missing))
    return Text(f"not known: {en}", f"所缺数据：{zh}")


def _storage(storage: tuple[StorageDesign, ...]) -> Table:
    rows: list[Cells] = []
    for one in storage:
        planned = _NOT_SAID if one.planned is None else same(number(one.planned, 2))
        enough = one.needed <= (one.planned or 0.0)
        judged = _NO_STORAGE if one.needed <= 0.0 else _ENOUGH if enough else _SHORT
        light: Light = "good" if enough else "attention"
        rows.append((
            same(one.loop), words.DUTIES[one.duty], same(one.unit),
            words.kw(one.minimum_power), words.kw(one.smallest_load),
            number(one.run_time / words.MINUTE, 0), number(one.swing, 1),
            number(one.needed, 2), planned, lit(judged, light),
        ))  # fmt: skip
    columns = (
        (Text("loop", "回路"), "l", 1.0), (Text("duty", "工况"), "l", 0.9),
        (Text("smallest unit", "最小机组"), "l", 1.0),
        (Text("its least, kW", "最小出力，kW"), "r", 1.0),
        (Text("smallest load, kW", "最小负荷，kW"), "r", 1.0),
        (Text("least run, min", "最短运行，min"), "r", 1.0),
        (Text("swing, K", "允许波动，K"), "r", 0.9),
        (Text("needed, m³", "所需，m³"), "r", 0.9), (Text("planned, m³", "规划，m³"), "r", 0.9),
        (Text("judged", "判定"), "l", 1.1),
    )  # fmt: skip
    return table(Text("Buffer storage", "缓冲水箱"), columns, rows)
