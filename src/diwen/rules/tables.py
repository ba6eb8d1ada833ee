"""Read the comma-separated tables of the rules: strictly, with every fault reported at once.

The files are plain CSV in UTF-8 (a byte-order mark is welcome, so that spreadsheets open them
well). A line whose first cell begins with ``#`` is a remark.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from diwen.language import Text, same
from diwen.problems import InputError, Problem

_WHERE = "line {line}, column {column}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its cells by column, and where it stands."""

    file: str
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def problem(
        self, column: str, message: Text, cure: Text, allowed: Text | None = None
    ) -> Problem:
        """A problem with one cell of this line."""
        where = _WHERE.format(line=self.number, column=column)
        value = self.cells.get(column, "")
        return Problem(self.file, where, message, cure, value, allowed)


def lines(path: Path, columns: Iterable[str], problems: list[Problem]) -> Iterator[Line]:
    """The lines of a table; faults of form are added to ``problems``.

    Parameters
    ----------
    path : the file
    columns : the header names, all required, no others allowed (any order)
    problems : list that collects what is wrong
    """
    wanted = tuple(columns)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(_unreadable(path, error))
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        faults = _header_problems(path, header, wanted)
        problems.extend(faults)
        if faults:
            return
        for cells in reader:
            if not cells or cells[0].lstrip().startswith("#") or not any(map(str.strip, cells)):
                continue
            if len(cells) != len(header):
                problems.append(_wrong_length(path, reader.line_num, len(cells), len(header)))
                continue
            stripped = (cell.strip() for cell in cells)
            yield Line(path.name, reader.line_num, dict(zip(header, stripped, strict=True)))
    except csv.Error as error:
        problems.append(_not_csv(path, reader.line_num, error))


def refuse(problems: list[Problem]) -> None:
    """Raise everything that was found wrong, if anything was.

    Raises
    ------
    InputError : when there is at least one problem
    """
    if problems:
        raise InputError(problems)


def _unreadable(path: Path, error: Exception) -> Problem:
    return Problem(
        path.name, "", Text("the file cannot be read as UTF-8 text", "无法按 UTF-8 文本读取该文件"),
        Text("save it as CSV in UTF-8", "请另存为 UTF-8 编码的 CSV"), str(error),
    )  # fmt: skip


def _not_csv(path: Path, number: int, error: csv.Error) -> Problem:
    return Problem(
        path.name, f"line {number}", Text("not a CSV line", "不是合法的 CSV 行"),
        Text("close the quotation marks", "请检查引号是否成对"), str(error),
    )  # fmt: skip


def _wrong_length(path: Path, number: int, found: int, wanted: int) -> Problem:
    return Problem(
        path.name, f"line {number}",
        Text("the line has {n} cells", "该行有 {n} 个单元格").format(n=found),
        Text(
            "put text that holds a comma into quotation marks; add or remove cells",
            "含逗号的文字请加引号；补齐或删去多余的单元格",
        ),
        allowed=same(str(wanted)),
    )  # fmt: skip


def _header_problems(path: Path, header: list[str], wanted: tuple[str, ...]) -> list[Problem]:
    found = []
    for name in header:
        if name not in wanted:
            near = get_close_matches(name, wanted, 1, 0.5)
            cure = Text("remove the column", "请删除该列")
            if near:
                cure = Text("write {near}", "请写作 {near}").format(near=near[0])
            found.append(
                Problem(
                    path.name, "line 1", Text("unknown column", "未知的列名"), cure, name,
                    same(", ".join(wanted)),
                )
            )  # fmt: skip
    for name in wanted:
        if header.count(name) != 1:
            found.append(
                Problem(
                    path.name, "line 1",
                    Text("column {name} must stand there once", "列 {name} 应恰好出现一次").format(
                        name=name
                    ),
                    Text("add the column, or remove its double", "请补上该列，或删去重复列"),
                )
            )  # fmt: skip
    return found
