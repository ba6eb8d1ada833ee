"""Sizes of the sources of a design: what is planned against what is needed, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diwen.language import Text, same
from diwen.reports import design_words as words
from diwen.reports.design_blocks import (
    Cells,
    Numbering,
    Pair,
    absent,
    lit,
    notes,
    pairs,
    table,
    warning,
)
from diwen.reports.document import Block, Light, Table
from diwen.reports.numbers import number, percent, with_uncertainty

if TYPE_CHECKING:
    from diwen.design.site_sizing import SiteSizing
    from diwen.design.site_well_sizing import SiteWellSizing
    from diwen.design.station_design.design_result import SourceDesign, StationDesign

TITLE = Text("Size of the source", "热源规格")
_UNITS = {
    "m": Text("m per borehole", "m/孔"),
    "wells": Text("wells", "口"),
    "pairs": Text("pairs of wells", "对井"),
}
_ONE = {"m": _UNITS["m"], "wells": Text("well", "口"), "pairs": Text("pair of wells", "对井")}
_NONE_NEEDED = Text("The plant draws on no ground source.", "系统没有地下热源。")
_NOT_SIZED = Text("{name}: could not be sized: {reason}. {cure}.",
                  "{name}：无法确定规格：{reason}。{cure}。")  # fmt: skip
_JUDGED = {
    True: Text("suffices", "满足"), False: Text("does not suffice", "不满足"),
    None: Text("not judged", "未评判"),
}  # fmt: skip
_LIGHTS: dict[bool | None, Light] = {True: "good", False: "bad", None: "unresolved"}
_NOTE = Text(
    "Needed: the least that keeps the limits over the planned years; ± is expanded (k = 2) from "
    "the uncertainties that the site file gives for the ground. The twin below runs the planned "
    "size.",
    "所需值为规划年限内满足限值的最小规格；± 为扩展不确定度（k = 2），"
    "由项目文件给出的地层参数不确定度"
    "传递得到。后文的运行模拟均按规划规格进行。",
)
_METHODS = {
    "hourly": Text("hour by hour", "逐时法"),
    "monthly": Text("months with a peak", "逐月加峰值法"),
    "pulses": Text("three pulses", "三脉冲法"),
}
_MARKS = {"heating": Text("lowest temperature", "最低温度限值"),
          "cooling": Text("highest temperature", "最高温度限值")}  # fmt: skip
_WITHOUT = Text("not near the limit", "远离限值")


def section(design: StationDesign, numbering: Numbering) -> list[Block]:
    """Every source with its sizing."""
    if not design.sources:
        return [absent(_NONE_NEEDED)]
    blocks: list[Block] = [_overview(design)]
    for source in design.sources:
        blocks += _details(design, source)
        blocks += [
            warning(
                _NOT_SIZED.format(
                    name=source.name, reason=problem.message, cure=words.upper_first(problem.cure)
                )
            )
            for problem in source.refused
        ]
    return blocks


def needed_text(source: SourceDesign) -> Text:
    """What is needed, with its uncertainty, as the first page and the table print it."""
    if source.needed is None:
        return words.DASH
    spread = source.relative_uncertainty
    expanded = None if spread is None else 2.0 * spread * source.needed
    shown = with_uncertainty(source.needed, expanded, "", 1 if source.unit == "m" else 0)
    return _sized(shown.strip(), source.unit)


def planned_text(source: SourceDesign) -> Text:
    """What is planned."""
    return _sized(number(source.planned, 1 if source.unit == "m" else 0), source.unit)


def _sized(shown: str, unit: str) -> Text:
    name = _ONE.get(unit, same(unit)) if shown == "1" else _UNITS.get(unit, same(unit))
    return Text(f"{shown} {name.en}", f"{shown} {name.zh}")


def _overview(design: StationDesign) -> Table:
    rows: list[Cells] = [
        (
            lit(source.name, _LIGHTS[source.suffices]),
            words.SOURCE_KINDS.get(source.kind, same(source.kind)), f"{source.count}",
            planned_text(source), needed_text(source), percent(source.margin),
            _JUDGED[source.suffices],
        )
        for source in design.sources
    ]  # fmt: skip
    columns = (
        (Text("source", "热源"), "l", 1.2), (Text("kind", "类型"), "l", 1.3),
        (Text("number", "数量"), "r", 0.8), (Text("planned", "规划"), "r", 1.4),
        (Text("needed", "所需"), "r", 1.7), (Text("margin", "裕量"), "r", 0.9),
        (Text("judged", "判定"), "l", 1.2),
    )  # fmt: skip
    return table(Text("Planned and needed", "规划与所需"), columns, rows, _NOTE)


def _details(design: StationDesign, source: SourceDesign) -> list[Block]:
    from diwen.design.site_sizing import SiteSizing
    from diwen.design.site_well_sizing import SiteWellSizing

    blocks: list[Block] = []
    if isinstance(source.sizing, SiteSizing):
        blocks += _borefield(source, source.sizing)
    elif isinstance(source.sizing, SiteWellSizing):
        blocks += _wells(source, source.sizing)
    blocks += notes(source.limits)
    return blocks


def _borefield(source: SourceDesign, found: SiteSizing) -> list[Block]:
    sized, hydraulics = found.sizing, found.hydraulics
    count = found.given.field.count
    rows: list[Pair] = [
        (Text("method", "计算方法"), _METHODS.get(str(found.method), same(str(found.method))),
         words.CALCULATED),
        (Text("boreholes", "钻孔数"), f"{count}", words.GIVEN),
        (Text("drilled, planned", "规划总孔深"), f"{number(count * found.planned, 0)} m",
         words.GIVEN),
        (Text("drilled, needed", "所需总孔深"), f"{number(sized.total_length, 0)} m",
         words.CALCULATED),
        (Text("borehole resistance (effective)", "有效钻孔热阻"),
         f"{number(hydraulics.resistance, 3)} m·K/W",
         Text("measured", "实测") if hydraulics.measured else words.CALCULATED),
        (Text("flow of the field", "孔群总流量"), f"{words.flow(hydraulics.flow)} m³/h",
         words.GIVEN),
        (Text("lowest fluid, margin to freezing", "流体最低温度、距冰点裕量"),
         f"{words.celsius(hydraulics.lowest)} °C, {number(hydraulics.freezing_margin, 1)} K",
         words.SIMULATED),
    ]  # fmt: skip
    if found.sufficiency is not None and np.isfinite(found.sufficiency):
        rows.append((Text("probability that the planned length suffices", "规划孔深满足要求的概率"),
                     percent(found.sufficiency), words.CALCULATED))  # fmt: skip
    title = Text("Bore field {name}", "地埋管换热器 {name}").format(name=source.name)
    blocks: list[Block] = [pairs(title, rows), _limits(found)]
    texts = [*sized.warnings, *(note.message for note in found.given.notes)]
    if hydraulics.warning is not None:
        texts.append(hydraulics.warning)
    return [*blocks, *notes(map(words.upper_first, texts))]


def _limits(found: SiteSizing) -> Table:
    rows: list[Cells] = []
    for part in (found.sizing.heating, found.sizing.cooling):
        if part is None:
            continue
        reached = found.minimum if part.limit == "heating" else found.maximum
        end = np.nanmin(reached) if part.limit == "heating" else np.nanmax(reached)
        needed = (
            words.DASH if part.length is None
            else same(f"{number(part.length, 1)} m") if part.length > 0.0 else _WITHOUT
        )  # fmt: skip
        rows.append((
            _MARKS[part.limit], f"{words.celsius(part.temperature)} °C", needed,
            f"{words.celsius(float(end))} °C",
        ))  # fmt: skip
    columns = (
        (Text("limit", "限值项"), "l", 1.6), (Text("limit", "限值"), "r", 1.0),
        (Text("length it asks for", "所要求的孔深"), "r", 1.2),
        (Text("reached with the planned length", "规划孔深下的最不利值"), "r", 1.5),
    )  # fmt: skip
    return table(Text("Limits of the sizing", "控制限值"), columns, rows)


def _wells(source: SourceDesign, found: SiteWellSizing) -> list[Block]:
    from diwen.reports.well_field_tables import check_table, cure_table

    rows: list[Cells] = []
    for point in found.points:
        wells = point.wells
        good = wells.suffices
        rows.append((
            lit(point.name, "good" if good else "bad"), f"{wells.count}",
            number(wells.metres, 0), number(wells.injection_head, 1), number(wells.drawdown, 1),
            words.celsius(wells.coldest), words.celsius(wells.warmest),
            words.kw(wells.largest_extraction, 0),
        ))  # fmt: skip
    columns = (
        (Text("operating point", "工况"), "l", 1.8), (Text("number", "数量"), "r", 0.7),
        (Text("drilled, m", "总钻深，m"), "r", 0.9),
        (Text("return head, m", "回灌水头，m"), "r", 1.0),
        (Text("drawdown, m", "降深，m"), "r", 0.9),
        (Text("coldest return, °C", "最低回水，°C"), "r", 1.0),
        (Text("warmest return, °C", "最高回水，°C"), "r", 1.0),
        (Text("most heat within limits, kW", "限值内最大取热，kW"), "r", 1.3),
    )  # fmt: skip
    title = Text("Wells {name}", "热源井 {name}").format(name=source.name)
    checks = found.planned.checks
    blocks: list[Block] = [table(title, columns, rows), check_table(checks)]
    cures = cure_table(checks)
    if cures is not None:
        blocks.append(cures)
    return [*blocks, *notes(words.upper_first(note.message) for note in found.notes)]
