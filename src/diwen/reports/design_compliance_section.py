"""Rules against a design: value, limit, margin and status of every row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.design.station_design.design_result import GROUPS, STATUSES
from diwen.language import Text, same
from diwen.reports import design_words as words
from diwen.reports.design_blocks import Cells, Numbering, absent, lit, table
from diwen.reports.document import Block, Cell, Note, Table

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import ComplianceRow, StationDesign

TITLE = Text("Compliance with rules", "规范符合性")
_COUNTS = Text("{all} checks: {parts}.", "共 {all} 项：{parts}。")
_OWN = Text("limit of the site or of physics", "项目自身或物理限值")
_CHECK = Text("not verified: check against the official text", "未核实：须对照标准正式文本")
_LACKING = Text("missing: {keys}", "缺少：{keys}")
_NONE = Text("No rule was judged.", "没有评判任何规范条目。")
_SIGNS = {"<=": "≤ ", ">=": "≥ ", "<": "< ", ">": "> "}
_MARK = Text(
    "A row marked “not verified” holds a number that was not read in public material, or an "
    "engineering default: it must be checked against the official text before the report is "
    "signed. No row was compared with the printed standard.",
    "标有“未核实”的条目，其数值未在公开资料中读到，或为工程默认值，签署前须对照标准正式文本核对。"
    "所有条目均未与标准印刷文本逐字比对。",
)


def section(design: StationDesign, numbering: Numbering) -> list[Block]:
    """Every row by group, then what was found and what to change."""
    if not design.compliance:
        return [absent(_NONE)]
    parts = [
        Text(f"{STATUSES[status].en} {count}", f"{STATUSES[status].zh} {count}")
        for status, count in design.statuses().items()
        if count
    ]
    said = Text(", ".join(p.en for p in parts), "、".join(p.zh for p in parts))
    blocks: list[Block] = [
        Note(_COUNTS.format(all=len(design.compliance), parts=said)),
        Note(_MARK),
    ]
    groups = dict.fromkeys(row.group for row in design.compliance)
    for group in groups:
        chosen = [row for row in design.compliance if row.group == group]
        blocks.append(_judged(GROUPS.get(group, same(group)), chosen))
    blocks.append(_found(design))
    return blocks


def _judged(name: Text, rows: list[ComplianceRow]) -> Table:
    columns = (
        (Text("check", "校核项"), "l", 2.4), (Text("value", "设计值"), "r", 1.1),
        (Text("limit", "限值"), "r", 1.2), (Text("margin", "裕量"), "r", 1.0),
        (Text("status", "结论"), "l", 1.0), (Text("rule", "依据"), "l", 2.8),
    )  # fmt: skip
    made: list[Cells] = [
        (
            lit(words.upper_first(row.name), words.LIGHT_OF[row.status]),
            words.with_unit(row.value, row.unit), limit_of(row),
            words.with_unit(row.margin, row.unit), STATUSES[row.status], _rule(row),
        )
        for row in rows
    ]  # fmt: skip
    return table(words.upper_first(name), columns, made)


def limit_of(row: ComplianceRow) -> Text:
    """The limit with its sense."""
    if row.limit is None:
        if row.rule is not None and row.rule.words:
            return Text(row.rule.printed("en"), row.rule.printed("zh"))
        return words.DASH
    if row.sense == "range" and row.upper is not None:
        low, high = words.significant(row.limit), words.with_unit(row.upper, row.unit)
        return Text(f"{low} to {high.en}", f"{low}～{high.zh}")
    limit = words.with_unit(row.limit, row.unit)
    sign = _SIGNS.get(row.sense, "")
    return Text(sign + limit.en, sign + limit.zh)


def _rule(row: ComplianceRow) -> Cell:
    if row.rule is None:
        return Cell(_OWN)
    marks = [same(row.rule_id)]
    if not row.verified:
        marks.append(_CHECK)
    detail = Text(" · ".join(m.en for m in marks), " · ".join(m.zh for m in marks))
    return Cell(row.rule.name, None, detail)


def _found(design: StationDesign) -> Table:
    order = {"fails": 0, "warns": 1, "unknown": 2, "not_judged": 3, "ok": 4}
    rows: list[Cells] = []
    for row in sorted(design.compliance, key=lambda one: order[one.status]):
        missing = None
        if row.missing:
            missing = _LACKING.format(keys=", ".join(row.missing))
        rows.append((
            lit(words.upper_first(row.name), words.LIGHT_OF[row.status]),
            Cell(row.why, None, missing), row.cure or words.DASH,
        ))  # fmt: skip
    columns = (
        (Text("check", "校核项"), "l", 1.6), (Text("what was found", "结果说明"), "l", 2.8),
        (Text("what to change", "改进措施"), "l", 2.2),
    )  # fmt: skip
    return table(Text("What was found, and what to change", "结果说明与改进措施"), columns, rows)
