"""What an optimisation of sizes found, where it was asked for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.reports import design_words as words
from diwen.reports.design_blocks import Cells, absent, notes, table, warning
from diwen.reports.document import Block, Cell, Note, Table

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import StationDesign
    from diwen.design.station_design.optimisation_result import Candidate, Optimisation

_NOT_ASKED = Text(
    "Sizes were not optimised: the report judges the sizes of the site file.",
    "未进行规格优化：本报告评判项目文件给出的规格。",
)
_OBJECTIVES = {
    "cost": (Text("life-cycle cost, 10⁴ CNY", "全生命周期费用，万元"), 1e4),
    "carbon": (Text("carbon dioxide over the study, t", "分析期二氧化碳排放，t"), 1e3),
}
_HOW = {
    "all": Text("Every combination of the sizes was computed ({count}).",
                "已计算全部规格组合（{count} 种）。"),
    "search": Text("{count} combinations of the sizes were computed by a search from the plan.",
                   "自规划方案出发搜索，共计算 {count} 种规格组合。"),
}  # fmt: skip
_STOPPED = Text(
    "The search ended at the largest number of candidates: something better may be left.",
    "搜索因达到方案数上限而结束，可能仍有更优方案。",
)
_BEST, _PLANNED = Text("best", "最优"), Text("planned", "规划")
_REFUSED = Text("could not be computed", "无法计算")
_MOST = 12


def optimisation_blocks(design: StationDesign) -> list[Block]:
    """The best sizes beside the planned ones, the front, and what holds the optimum."""
    found: Optimisation | None = design.optimisation
    if found is None:
        return [absent(_NOT_ASKED)]
    blocks: list[Block] = [Note(_HOW[found.method].format(count=len(found.candidates)))]
    if not found.complete:
        blocks.append(warning(_STOPPED))
    if found.shortfall is not None:
        blocks.append(warning(words.upper_first(found.shortfall)))
    blocks.append(_candidates(found))
    blocks.append(_limits(found))
    return [*blocks, *notes(words.upper_first(one.text) for one in found.active),
            *notes(found.notes)]  # fmt: skip


def _candidates(found: Optimisation) -> Table:
    shown = [(_PLANNED, found.planned), (_BEST, found.best)]
    kept = [one for one in found.front if one is not found.best and one is not found.planned]
    step = max(1, -(-len(kept) // _MOST))
    shown += [(Text("front", "非劣"), one) for one in kept[::step]]
    objectives = [key for key in _OBJECTIVES
                  if any(math.isfinite(one.of(key)) for _, one in shown)]  # fmt: skip
    rows: list[Cells] = [
        (
            Cell(name, "good" if one.feasible else "bad"),
            *(words.significant(one.values[item.key], 4) for item in found.variables),
            *(_objective(one, key) for key in objectives),
        )
        for name, one in shown
    ]
    columns = [(Text("design", "方案"), "l", 1.0)]
    for item in found.variables:
        unit = "" if item.unit in ("", "1") else f", {item.unit}"
        columns.append((Text(f"{item.label.en}{unit}", f"{item.label.zh}{unit}"), "r", 1.2))
    columns += [(_OBJECTIVES[key][0], "r", 1.3) for key in objectives]
    note = Text(
        "● keeps every limit, ■ does not. The front: no other feasible design is better in both "
        "cost and carbon.",
        "● 满足全部限值，■ 不满足。非劣方案：没有其他可行方案同时费用更低且排放更少。",
    )
    return table(Text("Designs compared", "方案比较"), columns, rows, note)


def _objective(one: Candidate, key: str) -> Text:
    value = one.of(key)
    return same(words.significant(value / _OBJECTIVES[key][1], 5)) if math.isfinite(value) else (
        _REFUSED
    )  # fmt: skip


def _limits(found: Optimisation) -> Table:
    rows: list[Cells] = []
    for one in found.constraints:
        value = found.best.evaluation.results.get(one.key)
        known = value is not None and math.isfinite(value)
        kept = known and one.margin(value) >= 0.0  # type: ignore[arg-type]
        limit = words.with_unit(one.limit, one.unit)
        sign = {"<=": "≤ ", ">=": "≥ "}[one.sense]
        rows.append((
            Cell(words.upper_first(one.label),
                 "unresolved" if not known else "good" if kept else "bad"),
            words.with_unit(value, one.unit, 4), Text(sign + limit.en, sign + limit.zh),
            same(one.rule or "–"),
        ))  # fmt: skip
    columns = (
        (Text("limit", "约束"), "l", 2.6), (Text("best design", "最优方案"), "r", 1.2),
        (Text("limit", "限值"), "r", 1.2), (Text("rule row", "规则条目"), "l", 2.0),
    )  # fmt: skip
    return table(Text("Limits held by the optimisation", "优化所满足的约束"), columns, rows)
