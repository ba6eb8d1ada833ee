"""Read the rule tables into :class:`~diwen.rules.row.Row` objects.

Two shapes of table exist. ``data/*.csv`` has one rule per line. ``data/water/*.csv`` has one
indicator per line with a column per class, which is how the standard prints it; each filled class
becomes a row of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from diwen.language import Text, same
from diwen.problems import Problem
from diwen.rules.row import EVIDENCE, OPERATORS, VERIFIABLE, Row
from diwen.rules.tables import Line, lines
from diwen.rules.words import Words

_KEEPING = (
    "standard", "edition", "clause", "region", "valid_from", "valid_to", "evidence", "verified",
    "source", "note_zh", "note_en",
)  # fmt: skip
RULE_COLUMNS = (
    "id", "quantity", "text_zh", "text_en", "op", "value", "unit", "applies", *_KEEPING,
)  # fmt: skip
WATER_CLASSES = ("I", "II", "III", "IV")
WATER_COLUMNS = ("id", "text_zh", "text_en", "names", "unit", *WATER_CLASSES, *_KEEPING)

_ID = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)+")
_RANGE = re.compile(r"(\S+?)\s*(?:\.\.|…|~|～)\s*(\S+)")
_WATER_CELL = re.compile(r"(<=|>=|<|>|≤|≥)?\s*(.+)")


def read_rules(path: Path, words: Words, problems: list[Problem]) -> Iterator[Row]:
    """The rows of one table with one rule per line; faults are added to ``problems``."""
    for line in lines(path, RULE_COLUMNS, problems):
        row = _rule(line, words, problems)
        if row is not None:
            yield row


def read_water(path: Path, problems: list[Problem]) -> Iterator[Row]:
    """The rows of one water-quality table, one per indicator and class."""
    for line in lines(path, WATER_COLUMNS, problems):
        before = len(problems)
        keeping = _keeping(line, problems)
        cells = [(name, _water_cell(line, name, problems)) for name in WATER_CLASSES]
        if len(problems) > before:
            continue
        for name, (op, value, upper, spoken) in cells:
            text = Text(
                f"{line['text_en']}, class {name} limit", f"{line['text_zh']}（{name} 类限值）"
            )
            yield Row(
                id=f"{line['id']}.{name}",
                quantity="groundwater_class",
                text=text,
                op=op,
                value=value,
                upper=upper,
                words=spoken,
                unit=line["unit"],
                applies={
                    "indicator": line["id"].rpartition(".")[2],
                    "class": name,
                    "name_en": line["text_en"],
                    "name_zh": line["text_zh"],
                    "names": line["names"],
                },
                place=f"{line.file}:{line.number}",
                **keeping,
            )


def _rule(line: Line, words: Words, problems: list[Problem]) -> Row | None:
    before = len(problems)
    if not _ID.fullmatch(line["id"]):
        problems.append(
            line.problem(
                "id", Text("not a rule id", "规则编号不合规"),
                Text("write dotted names such as gb50366.limit", "请用点分名称，如 gb50366.limit"),
            )
        )  # fmt: skip
    if line["quantity"] not in words.by_key:
        problems.append(_unknown(line, "quantity", words.by_key))
    for column in ("text_zh", "text_en"):
        if not line[column]:
            problems.append(_missing(line, column))
    value, upper, spoken = _value(line, problems)
    keeping = _keeping(line, problems)
    _check_found(line, problems)
    applies = _applies(line, problems)
    if len(problems) > before:
        return None
    return Row(
        id=line["id"],
        quantity=line["quantity"],
        text=Text(line["text_en"], line["text_zh"]),
        op=line["op"],
        value=value,
        upper=upper,
        words=spoken,
        unit=line["unit"],
        applies=applies,
        place=f"{line.file}:{line.number}",
        **keeping,
    )


def _check_found(line: Line, problems: list[Problem]) -> None:
    """A value stands there exactly when it was found."""
    if bool(line["value"]) != (line["evidence"] == "NF"):
        return
    problems.append(
        line.problem(
            "value", Text("value and evidence contradict each other", "取值与依据类别矛盾"),
            Text(
                "enter the value, or leave it empty and mark the evidence NF (not found)",
                "请填写取值；若未找到则留空，并将依据类别标为 NF",
            ),
        )
    )  # fmt: skip


def _keeping(line: Line, problems: list[Problem]) -> dict[str, Any]:
    """The fields that both shapes of table share: where from, since when, how sure."""
    for column in ("standard", "source"):
        if not line[column]:
            problems.append(_missing(line, column))
    if line["evidence"] not in EVIDENCE:
        problems.append(_unknown(line, "evidence", EVIDENCE))
    verified = line["verified"].casefold()
    if verified not in ("true", "false"):
        problems.append(_unknown(line, "verified", ("true", "false")))
    elif verified == "true" and line["evidence"] not in VERIFIABLE:
        problems.append(
            line.problem(
                "verified",
                Text(
                    "only a rule that was read somewhere (evidence V or S) can be verified",
                    "只有见于资料（依据类别 V 或 S）的规则才能标为已核实",
                ),
                Text("write false", "请写 false"),
            )
        )  # fmt: skip
    since, until = _day(line, "valid_from", problems), _day(line, "valid_to", problems)
    if since and until and until < since:
        problems.append(
            line.problem(
                "valid_to", Text("ends before it begins", "失效日期早于生效日期"),
                Text("mend one of the two dates", "请改正其中一个日期"),
            )
        )  # fmt: skip
    return {
        "standard": line["standard"],
        "edition": line["edition"],
        "clause": line["clause"],
        "region": line["region"],
        "valid_from": since,
        "valid_to": until,
        "evidence": line["evidence"],
        "verified": verified == "true",
        "source": line["source"],
        "note": Text(line["note_en"], line["note_zh"]),
    }


def _value(line: Line, problems: list[Problem]) -> tuple[float | None, float | None, str]:
    op, text = line["op"], line["value"]
    if op not in OPERATORS:
        problems.append(_unknown(line, "op", OPERATORS))
        return None, None, ""
    if op == "text":
        return None, None, text
    if not text:
        return None, None, ""
    if op == "range":
        return (*_range(line, "value", text, problems), "")
    return _number(line, "value", text, problems), None, ""


def _water_cell(
    line: Line, column: str, problems: list[Problem]
) -> tuple[str, float | None, float | None, str]:
    """One class limit: ``450``, ``>0.5``, ``6.5..8.5``, or a word (``ND``, ``none``)."""
    text = line[column]
    if not text:
        if line["evidence"] != "NF":
            problems.append(_missing(line, column))
        return "<=", None, None, ""
    if text in ("ND", "none"):
        return "text", None, None, text
    if _RANGE.fullmatch(text):
        return ("range", *_range(line, column, text, problems), "")
    match = _WATER_CELL.fullmatch(text)
    sign, number = (match[1] or "<=", match[2]) if match else ("<=", text)
    sign = {"≤": "<=", "≥": ">="}.get(sign, sign)
    return sign, _number(line, column, number, problems), None, ""


def _range(
    line: Line, column: str, text: str, problems: list[Problem]
) -> tuple[float | None, float | None]:
    match = _RANGE.fullmatch(text)
    if match is None:
        problems.append(
            line.problem(
                column, Text("not a range", "不是取值范围"),
                Text("write lowest..highest", "请写作 下限..上限"), same("0.8..1.25"),
            )
        )  # fmt: skip
        return None, None
    low = _number(line, column, match[1], problems)
    high = _number(line, column, match[2], problems)
    if low is not None and high is not None and high < low:
        problems.append(
            line.problem(
                column, Text("the range runs backwards", "取值范围上下限颠倒"),
                Text("put the lower end first", "请把下限写在前面"),
            )
        )  # fmt: skip
    return low, high


def _number(line: Line, column: str, text: str, problems: list[Problem]) -> float | None:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        problems.append(
            line.problem(
                column, Text("not a number", "不是数字"),
                Text("write a plain number with a decimal point", "请写普通数字，用小数点"),
            )
        )  # fmt: skip
        return None
    return number


def _day(line: Line, column: str, problems: list[Problem]) -> date | None:
    if not line[column]:
        return None
    try:
        return date.fromisoformat(line[column])
    except ValueError:
        problems.append(
            line.problem(
                column, Text("not a date", "不是日期"),
                Text("write year-month-day", "请写作 年-月-日"), same("2025-02-01"),
            )
        )  # fmt: skip
        return None


def _applies(line: Line, problems: list[Problem]) -> dict[str, str]:
    conditions: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in line["applies"].split(";"))):
        name, equals, value = part.partition("=")
        if not equals or not name.strip() or name.strip() in conditions:
            problems.append(
                line.problem(
                    "applies", Text("not a list of conditions", "适用条件写法不对"),
                    Text(
                        "write name=value, separated by semicolons, each name once",
                        "请写作 名称=值，用分号隔开，每个名称一次",
                    ),
                    same("capacity=<=260 kW; source=groundwater"),
                )
            )  # fmt: skip
            continue
        conditions[name.strip()] = value.strip()
    return conditions


def _missing(line: Line, column: str) -> Problem:
    return line.problem(
        column, Text("the cell is empty", "单元格为空"), Text("fill it in", "请填写")
    )


def _unknown(line: Line, column: str, allowed: Iterable[str]) -> Problem:
    names = list(allowed)
    near = get_close_matches(line[column], names, 1, 0.5)
    cure = Text("choose one of the allowed values", "请从允许值中选择")
    if near:
        cure = Text("write {near}", "请写作 {near}").format(near=near[0])
    return line.problem(column, Text("unknown value", "未知的取值"), cure, same(", ".join(names)))
