"""Reading the table of systems of a portfolio: every error of the file at once."""

from __future__ import annotations

import gzip
import math
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from diwen import quantities
from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.site.cell_problems import NOT_A_NUMBER
from diwen.site.portfolio import REQUIRED, ROLES, Column, Portfolio
from diwen.site.spelling import cure_for, listed
from diwen.site.textfile import LARGEST, read_csv

Value = float | str | None
# So many bad cells of one column are named; more of them are only counted.
SHOWN = 5

_MISSING = Text("the file is not there", "文件不存在")
_NAME_RIGHT = Text("name the right file", "请指定正确的文件")
_UNREADABLE = Text("not a readable CSV file: {reason}", "不是可读的 CSV 文件：{reason}")
_SAVE = Text("save it as UTF-8 CSV, gzipped or not", "请另存为 UTF-8 编码的 CSV（可 gzip 压缩）")
_TOO_LARGE = Text("larger than 64 MB when unpacked", "解压后大于 64 MB")
_ONE_ROW = Text("a portfolio holds one row per system", "系统汇总表每系统只有一行")
_NO_COLUMN = Text("the file has no such column", "文件中没有该列")
_NO_SYSTEM = Text("the file holds no system", "文件中没有任何系统")
_ADD = Text("add rows", "请补充数据行")
_WRITE_NUMBER = Text(
    "write a plain number, or leave the cell empty when it is unknown",
    "请写普通数值；未知时留空",
)
_NEGATIVE = Text("{what} cannot be negative", "{what}不能为负")
_CORRECT = Text("correct it, or leave the cell empty", "请更正或留空")
_EMPTY = Text("{what} is empty", "{what}为空")
_FILL = Text("fill the cell, or remove the row", "请填写或删除该行")
_UNKNOWN_WORD = Text("the word is not translated", "该用词未给出对应含义")
_TRANSLATE = Text(
    'add it to values of this column, such as {{ "{word}" = "{known}" }}',
    '请在该列的 values 中补充，例如 {{ "{word}" = "{known}" }}',
)
_TWICE = Text("the system appears twice (first in line {line})", "系统重复（首见第 {line} 行）")
_REMOVE = Text("remove one of the rows", "请删除其中一行")
_MORE = Text(
    "{count} more cells of this column are wrong in the same way",
    "该列另有 {count} 个单元格同样有误",
)
_HEADER = Text(
    "the header of a portfolio without site.toml reads: role, or role [unit]",
    "无 site.toml 的汇总表表头应写成：含义，或 含义 [单位]",
)


@dataclass(frozen=True)
class Systems:
    """The systems of a portfolio.

    Attributes
    ----------
    columns : by role, one value per system; floats in the quantity's own unit, None unknown
    lines : line of each system in the file
    zeros : by role, how many numbers were set to unknown because the file means so
    """

    columns: dict[str, list[Value]]
    lines: list[int]
    zeros: dict[str, int]

    def __len__(self) -> int:
        return len(self.lines)

    def text(self, role: str, index: int) -> str:
        """A text cell; empty when the portfolio does not hold it."""
        column = self.columns.get(role)
        return "" if column is None else str(column[index] or "")

    def number(self, role: str, index: int) -> float | None:
        """A number; None when unknown."""
        column = self.columns.get(role)
        value = None if column is None else column[index]
        return value if isinstance(value, float) else None


def read_systems(folder: Path, portfolio: Portfolio) -> Systems:
    """Read the table of systems.

    Parameters
    ----------
    folder : the site folder, from which ``portfolio.file`` counts
    portfolio : its ``[portfolio]`` table

    Raises
    ------
    InputError : anything in the file is wrong; all of it is named at once
    """
    return _read(folder / portfolio.file, portfolio.columns)


def read_plain(path: Path) -> Systems:
    """Read a CSV file whose header names the roles: ``system,source,heat [kWh],…``.

    Raises
    ------
    InputError : a header that is no role or lacks a unit, and everything `read_systems` finds
    """
    sheet = read_csv(_text(path))
    columns: dict[str, Column] = {}
    problems = []
    for header in sheet.header:
        match = re.fullmatch(r"\s*([a-z_]+)\s*(?:\[(.*)\])?\s*", header)
        name, unit = (match[1], match[2] or "") if match else (header, "")
        if name not in ROLES:
            cure = cure_for(name, ROLES)
            problems.append(Problem(path.name, "line 1", _HEADER, cure, header, listed(ROLES)))
            continue
        columns[name] = Column(column=header, unit=unit)
    declared = Portfolio(file=path.name, columns=columns)
    problems += [
        Problem(path.name, "line 1", found.message, found.cure, found.value, found.allowed)
        for found in declared.findings()
    ]
    if problems:
        raise InputError(problems)
    return _read(path, columns)


def _text(path: Path) -> str:
    """The text of a file, unpacked if it is gzipped, never more than the limit."""

    def refuse(message: Text, cure: Text) -> InputError:
        return InputError([Problem(path.name, "", message, cure)])

    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise refuse(_TOO_LARGE, _ONE_ROW)
        return data.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise refuse(_MISSING, _NAME_RIGHT) from error
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        reason = same(type(error).__name__)
        raise refuse(_UNREADABLE.format(reason=reason), _SAVE) from error


def _read(path: Path, columns: dict[str, Column]) -> Systems:
    sheet = read_csv(_text(path))
    absent = [
        Problem(
            path.name, f"columns.{role}", _NO_COLUMN, cure_for(column.column, sheet.header),
            column.column,
        )
        for role, column in columns.items()
        if column.column not in sheet.header
    ]  # fmt: skip
    if absent:
        raise InputError(absent)
    if not sheet.rows:
        raise InputError([Problem(path.name, "", _NO_SYSTEM, _ADD)])
    lines = [row.line for row in sheet.rows]
    problems: list[Problem] = []
    values: dict[str, list[Value]] = {}
    zeros: dict[str, int] = {}
    for role, column in columns.items():
        cells = [row.cells[column.column] for row in sheet.rows]
        reader = _ColumnReader(path.name, role, column)
        values[role] = [reader.value(line, cell) for line, cell in zip(lines, cells, strict=True)]
        zeros[role] = reader.zeros
        problems.extend(reader.found())
    first: dict[Value, int] = {}
    for line, system in zip(lines, values["system"], strict=True):
        if system is not None and system in first:
            message = _TWICE.format(line=first[system])
            problems.append(Problem(path.name, f"line {line}", message, _REMOVE, str(system)))
        first.setdefault(system, line)
    if problems:
        raise InputError(problems)
    return Systems(values, lines, zeros)


class _ColumnReader:
    """Reads the cells of one column and keeps what is wrong with them."""

    def __init__(self, file: str, role: str, column: Column) -> None:
        self.file = file
        self.role = role
        self.column = column
        self.zeros = 0
        self._problems: list[Problem] = []
        self._counts: Counter[str] = Counter()
        quantity = ROLES[role].quantity
        self._factor, self._offset = (
            quantities.conversion(column.unit, quantity) if quantity else (1.0, 0.0)
        )

    def value(self, line: int, cell: str) -> Value:
        """The cell as text or as a float in the quantity's own unit; None when unknown."""
        role = ROLES[self.role]
        if not cell:
            if self.role in REQUIRED:
                self._refuse(line, cell, _EMPTY.format(what=role.text), _FILL)
            return None
        return self._number(line, cell) if role.quantity else self._word(line, cell)

    def _word(self, line: int, cell: str) -> str | None:
        words = ROLES[self.role].words
        word = self.column.values.get(cell, cell)
        if words and word not in words:
            cure = _TRANSLATE.format(word=cell, known=words[0])
            self._refuse(line, cell, _UNKNOWN_WORD, cure, listed(words))
            return None
        return word

    def _number(self, line: int, cell: str) -> float | None:
        try:
            number = float(cell.replace("−", "-"))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self._refuse(line, cell, NOT_A_NUMBER, _WRITE_NUMBER)
            return None
        if number in self.column.unknown:
            self.zeros += 1
            return None
        if number < 0 and not ROLES[self.role].signed:
            message = _NEGATIVE.format(what=ROLES[self.role].text)
            self._refuse(line, cell, message, _CORRECT)
            return None
        return self._factor * number + self._offset

    def _refuse(
        self, line: int, cell: str, message: Text, cure: Text, allowed: Text | None = None
    ) -> None:
        self._counts[message.en] += 1
        if self._counts[message.en] <= SHOWN:
            where = f"line {line}, column {self.column.column}"
            self._problems.append(Problem(self.file, where, message, cure, cell, allowed))

    def found(self) -> list[Problem]:
        """The problems of the column; beyond the first few of a kind only their number."""
        more = [
            Problem(
                self.file, f"column {self.column.column}", _MORE.format(count=count - SHOWN),
                _CORRECT,
            )
            for count in self._counts.values()
            if count > SHOWN
        ]  # fmt: skip
        return [*self._problems, *more]
