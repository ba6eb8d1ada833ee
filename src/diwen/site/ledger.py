"""Reading ``ledger.csv``: what was done on the site, in the order of writing, append-only."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.dated_rows import cell_problem, dated_row_problems
from diwen.site.spelling import cure_for, listed
from diwen.site.textfile import check_header, read_csv, read_text

FILE = "ledger.csv"
COLUMNS = ("date", "stage", "object", "item", "value", "unit", "by", "evidence", "note")
_NEEDED = ("date", "stage", "object", "item")
STAGES: dict[str, Text] = {
    "survey": Text("survey", "勘察"),
    "design": Text("design", "设计"),
    "drilling": Text("drilling", "钻孔"),
    "installation": Text("installation", "安装"),
    "grouting": Text("grouting", "回填灌浆"),
    "test": Text("test", "试验检验"),
    "commissioning": Text("commissioning", "调试"),
    "acceptance": Text("acceptance", "验收"),
    "operation": Text("operation", "运行"),
    "maintenance": Text("maintenance", "维护"),
    "calibration": Text("calibration", "校准"),
    "repair": Text("repair", "维修"),
    "modification": Text("modification", "改造"),
    "decommissioning": Text("decommissioning", "停用"),
}
_UNKNOWN_STAGE = Text("unknown stage", "未知的阶段")
_UNIT_ALONE = Text("a unit without a value", "有单位而无数值")
_VALUE_CURE = Text("write the value, or empty both cells", "请填写数值，或将两格都留空")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger.

    Attributes
    ----------
    date : day of the work
    stage : key of :data:`STAGES`
    object : what it was done to: an equipment id, a borehole, a well, a point
    item : what was done or found
    value, unit : its number as written, empty where there is none
    by, evidence, note : who, which document, remark
    line : line in the file
    """

    date: datetime.date
    stage: str
    object: str
    item: str
    value: str
    unit: str
    by: str
    evidence: str
    note: str
    line: int


def read_ledger(path: Path, problems: list[Problem]) -> tuple[Entry, ...]:
    """Read ``ledger.csv``; a site without one has an empty ledger.

    Every error and warning found is appended to ``problems``; the sound entries are returned.
    """
    if not path.exists():
        return ()
    try:
        text, warnings = read_text(path)
    except InputError as error:
        problems.extend(error.problems)
        return ()
    sheet = read_csv(text)
    header = check_header(FILE, sheet, _NEEDED, COLUMNS[len(_NEEDED) :])
    problems.extend([*warnings, *header])
    if header:
        return ()
    entries = []
    for row in sheet.rows:
        found = _row_problems(row.line, row.cells, row.surplus)
        problems.extend(found)
        if not found:
            cells = {column: row.cells.get(column, "") for column in COLUMNS[1:]}
            day = datetime.date.fromisoformat(row.cells["date"])
            entries.append(Entry(day, **cells, line=row.line))
    return tuple(entries)


def _row_problems(line: int, cells: dict[str, str], surplus: tuple[str, ...]) -> list[Problem]:
    def problem(column: str, message: Text, cure: Text, allowed: Text | None = None) -> Problem:
        return cell_problem(FILE, line, column, cells, (message, cure), allowed)

    found = dated_row_problems(FILE, line, cells, surplus, _NEEDED)
    if cells["stage"] and cells["stage"] not in STAGES:
        cure = cure_for(cells["stage"], STAGES)
        found.append(problem("stage", _UNKNOWN_STAGE, cure, listed(STAGES)))
    if cells.get("unit") and not cells.get("value"):
        found.append(problem("unit", _UNIT_ALONE, _VALUE_CURE))
    return found
