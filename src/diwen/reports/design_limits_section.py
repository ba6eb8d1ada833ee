"""What a design report assumes, and what it cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.reports.design_blocks import Numbering, table
from diwen.reports.document import Block, Cell, Note, Table

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import StationDesign

TITLE = Text("Assumptions and limits of this report", "假定与局限")
_CANNOT = (
    Text("Everything about operation is simulated. No measurement stands behind a temperature, an "
         "energy or a ratio unless its origin says so.",
         "运行数据均为模拟值。除注明来源为实测者外，温度、能量与能效均无实测依据。"),
    Text("It is no construction drawing: routes of pipes, structure, power supply, fire protection "
         "and noise are not designed here.",
         "本报告不是施工图：管线路由、结构、供配电、消防与噪声不在设计范围内。"),
    Text("Permits (drilling, groundwater, reinjection) are decided by authorities; a kept rule row "
         "is no permit.",
         "钻探、取水与回灌等许可由主管部门决定；满足规则条目不等于取得许可。"),
    Text("Workmanship is taken as designed: grouting, purging, balancing and commissioning decide "
         "whether the plant comes to these numbers.",
         "施工质量按设计要求考虑：回填、冲洗、水力平衡与调试决定系统能否达到上述指标。"),
    Text("The load repeats its year; tenants, climate and use will differ. Prices and factors are "
         "those of the day of the report and rise by the rates named.",
         "负荷按典型年重复；使用、气候与人员变化未计。价格与系数取报告日，并按所列涨幅变化。"),
)  # fmt: skip
_GROUPS = (
    (Text("basis", "设计依据"), "basis"), (Text("twin", "运行模拟"), "inputs"),
    (Text("plant", "机房"), "plant"), (Text("costs", "费用"), "economics"),
    (Text("whole", "整体"), "notes"),
)  # fmt: skip
_MISSING = Text(
    "{count} checks could not be judged because data are missing: {names}.",
    "因缺少数据有 {count} 项未能评判：{names}。",
)


def section(design: StationDesign, numbering: Numbering) -> list[Block]:
    """Limits first, then every assumption by part."""
    blocks: list[Block] = [Note(text) for text in _CANNOT]
    unknown = [row.name for row in design.compliance if row.status == "unknown"]
    if unknown:
        said = Text("; ".join(t.en for t in unknown), "；".join(t.zh for t in unknown))
        blocks.append(Note(_MISSING.format(count=len(unknown), names=said), "warning"))
    return [*blocks, _assumptions(design)]


def assumptions(design: StationDesign) -> dict[str, tuple[Text, ...]]:
    """Every assumption by part; none stands in two parts."""
    found = {
        "basis": (*design.basis.assumed, *(n for one in design.basis.loads for n in one.notes),
                  *(() if design.basis.weather is None else design.basis.weather.notes)),
        "inputs": design.inputs.notes,
        "plant": design.plant.notes,
        "economics": () if design.economics is None else design.economics.comparison.notes,
        "notes": design.notes,
    }  # fmt: skip
    seen: set[Text] = set()
    parts: dict[str, tuple[Text, ...]] = {}
    for name, texts in found.items():
        parts[name] = tuple(text for text in dict.fromkeys(texts) if text not in seen)
        seen.update(texts)
    return parts


def _assumptions(design: StationDesign) -> Table:
    parts = assumptions(design)
    rows = []
    for name, key in _GROUPS:
        rows += [(Cell(name), Cell(_sentence(text))) for text in parts[key]]
    if not rows:
        rows.append((Cell(same("–")), Cell(Text("nothing was assumed", "无假定"))))
    columns = ((Text("part", "部分"), "l", 1.0), (Text("assumed", "假定内容"), "l", 7.0))
    return table(Text("What was assumed", "计算假定"), columns, rows)


def _sentence(text: Text) -> Text:
    return Text(text.en[:1].upper() + text.en[1:], text.zh)
