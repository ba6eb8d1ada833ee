"""Reading small text files as people really write them: encodings, byte-order marks, separators."""

from __future__ import annotations

import csv
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from diwen.language import Text
from diwen.problems import InputError, Problem, system_reason
from diwen.site.spelling import cure_for, listed

LARGEST = 64 * 1024 * 1024
_GB18030 = Text(
    "the file is not UTF-8; it was read as GB 18030", "文件不是 UTF-8 编码，已按 GB 18030 读取"
)
_SAVE_UTF8 = Text("save it as UTF-8 to be safe", "建议另存为 UTF-8 编码")
_UNREADABLE = Text("neither UTF-8 nor GB 18030 text", "既不是 UTF-8 也不是 GB 18030 文本")
_MISSING = Text("the file is not there", "文件不存在")
_CANNOT_OPEN = Text("the file cannot be opened: {reason}", "文件无法打开：{reason}")
_NO_FILE = Text("this is a pipe or a device, no file", "这是管道或设备，不是文件")
_TOO_LARGE = Text("the file is larger than 64 MB", "文件大于 64 MB")
_NOT_THIS = Text(
    "this file holds a short table; measurements belong into telemetry (diwen import)",
    "该文件只放简表；实测数据请用 diwen import 导入",
)
_MAKE_IT = Text("create it, or name the right folder", "请创建该文件，或指定正确的文件夹")
_NO_HEADER = Text("the file is empty", "文件为空")
_WRITE_HEADER = Text("begin with a header line: {columns}", "请以表头行开始：{columns}")
_NO_COLUMN = Text("the column is missing", "缺少该列")
_ADD_COLUMN = Text("add the column {column} to the header", "请在表头中增加 {column} 列")
_UNKNOWN_COLUMN = Text("unknown column", "未知的列")
_TWICE_COLUMN = Text("the column appears twice", "该列重复")
_REMOVE_ONE = Text("remove one of the two", "请删除其中之一")
_LOOK = Text("look at its rights and type", "请检查文件权限与类型")


def read_text(path: Path) -> tuple[str, list[Problem]]:
    """The text of a file, and a warning when it is not UTF-8.

    Raises
    ------
    InputError : missing, unreadable, or no text at all
    """

    def refuse(message: Text, cure: Text) -> InputError:
        return InputError([Problem(path.name, "", message, cure)])

    try:
        found = path.stat()
        if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
            raise refuse(_NO_FILE, _LOOK)  # reading a pipe or a device may never end
        if found.st_size > LARGEST:
            raise refuse(_TOO_LARGE, _NOT_THIS)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise refuse(_MISSING, _MAKE_IT) from error
    except OSError as error:
        raise refuse(_CANNOT_OPEN.format(reason=system_reason(error)), _LOOK) from error
    if b"\0" in data:
        raise refuse(_UNREADABLE, _SAVE_UTF8)
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise refuse(_UNREADABLE, _SAVE_UTF8) from error
    return text, [Problem(path.name, "", _GB18030, _SAVE_UTF8, severity="warning")]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a small CSV file.

    Attributes
    ----------
    line : line number in the file, from 1
    cells : value by column name, stripped; empty text where the cell is empty
    surplus : cells beyond the header
    """

    line: int
    cells: dict[str, str]
    surplus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A small CSV file: its header and rows."""

    header: tuple[str, ...]
    header_line: int
    rows: tuple[Row, ...]


def read_csv(text: str) -> Sheet:
    """Read a small CSV file: ``,`` or ``;`` or tab, quotes, ``#`` comment lines, empty lines.

    The separator is the one that occurs most in the header. A file without any line gives an
    empty header.
    """
    lines = list(_records(text))
    if not lines:
        return Sheet((), 1, ())
    (first, cells), *rest = lines
    header = tuple(cell.strip() for cell in cells)
    rows = []
    for line, values in rest:
        stripped = [value.strip() for value in values]
        padded = stripped + [""] * (len(header) - len(stripped))
        surplus = tuple(value for value in stripped[len(header) :] if value)
        rows.append(Row(line, dict(zip(header, padded, strict=False)), surplus))
    return Sheet(header, first, tuple(rows))


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every record that is neither empty nor a comment."""
    lines = text.splitlines()
    header = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    separator = max((",", ";", "\t"), key=header.count)
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # A field beyond the csv module's limit: keep the line as one cell, it will be refused.
            cells = [lines[line - 1][:80]]
        if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
            yield line, cells


def check_header(
    file: str, sheet: Sheet, required: tuple[str, ...], optional: tuple[str, ...]
) -> list[Problem]:
    """What is wrong with the header of a small CSV file."""
    known = required + optional
    if not sheet.header:
        cure = _WRITE_HEADER.format(columns=",".join(required))
        return [Problem(file, "line 1", _NO_HEADER, cure)]
    where = f"line {sheet.header_line}"
    found = []
    for column in required:
        if column not in sheet.header:
            found.append(
                Problem(file, where, _NO_COLUMN, _ADD_COLUMN.format(column=column), column)
            )
    for column in dict.fromkeys(sheet.header):
        if column not in known:
            cure = cure_for(column, known)
            found.append(Problem(file, where, _UNKNOWN_COLUMN, cure, column or '""', listed(known)))
        elif sheet.header.count(column) > 1:
            found.append(Problem(file, where, _TWICE_COLUMN, _REMOVE_ONE, column))
    return found
