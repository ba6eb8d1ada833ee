"""The file of a response test as rows of cells: packing, encoding, separator, header, decimal sign.

Line numbers are those an editor shows, so that a problem can be found.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from diwen.language import Text
from diwen.problems import InputError, Problem, system_reason
from diwen.survey.response_test_columns import recognised, wanted_names, wanted_positions
from diwen.telemetry import dialect

LARGEST = 1024**3
_GZIP = b"\x1f\x8b"
# A header stands near the beginning; loggers put names of the site and of the meters above it.
_HEAD = dialect.HEAD_LINES

_MISSING = Text("the file cannot be read: {reason}", "文件无法读取：{reason}")
_LOOK = Text("name the file of the test", "请指定试验数据文件")
_LARGE = Text("the file is larger than 1 GB", "文件大于 1 GB")
_SMALLER = Text("give one test per file, at 1 s or more", "每个文件只放一次试验，间隔不短于 1 s")
_CUT = Text("the compressed file is cut off or damaged", "压缩文件不完整或已损坏")
_AGAIN = Text("copy it again from the logger", "请从记录仪重新拷贝")
_BINARY = Text("not a text file", "不是文本文件")
_EXPORT = Text(
    "export the test as CSV (in a spreadsheet: save as, CSV)",
    "请导出为 CSV（表格软件：另存为 CSV）",
)
_EMPTY = Text("the file holds no records", "文件中没有记录")
_NO_HEADER = Text("no header with known column names", "没有可识别的表头")
_MAP = Text(
    "say what the columns are in [response_tests.columns] of site.toml, or by --column inlet="
    '"#2 | °C"',
    '请在 site.toml 的 [response_tests.columns] 中或用 --column inlet="#2 | °C" 说明各列含义',
)


@dataclass(frozen=True, eq=False)
class TestText:
    """A test's file, taken apart.

    Attributes
    ----------
    name : the file
    sha256 : of the file as it lies on the disk
    encoding, separator, decimal : how it is written; separator `` `` means blanks
    header : cells of the header line; empty when there is none
    header_line : its line, from 1; 0 when there is none
    units : cells of a line of units below the header; else empty
    rows : cells of each data row, stripped
    lines : line of each row, from 1
    unfinished : the last line is not ended by a line break
    """

    __test__ = False

    name: str
    sha256: str
    encoding: str
    separator: str
    decimal: str
    header: tuple[str, ...]
    header_line: int
    units: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    unfinished: bool

    @property
    def width(self) -> int:
        """Columns of the header, or of the widest of the first rows."""
        return max(len(self.header), *(len(row) for row in self.rows[:_HEAD]))


#: Tells how many cells of a row are names of columns.
Counter = Callable[[list[str]], int]


def read_text(
    path: Path,
    columns: Mapping[str, str],
    known: re.Pattern[str] | Counter | None = None,
    cure: Text | None = None,
) -> TestText:
    """Take a file apart.

    Parameters
    ----------
    path : the file, plain or gzip
    columns : what is known of its columns: role to name or position, may be empty
    known : pattern of the names that make a header, or their number in a row; by default those
        of a response test's columns
    cure : what to do without a header

    Raises
    ------
    InputError : not readable, no text, no header, no rows
    """
    name = path.name
    raw = file_bytes(path)
    data, encoding = _decoded(_unpacked(raw, name), name)
    return taken_apart(data.decode(), name, raw, encoding, columns, known, cure)


def taken_apart(
    text: str,
    name: str,
    raw: bytes,
    encoding: str,
    columns: Mapping[str, str],
    known: re.Pattern[str] | Counter | None = None,
    cure: Text | None = None,
) -> TestText:
    """Take a table in text apart.

    Parameters
    ----------
    text : the table
    name, raw, encoding : of the file it came from
    columns, known, cure : as of :func:`read_text`

    Raises
    ------
    InputError : no header, no rows
    """
    names, positions = wanted_names(columns), wanted_positions(columns)
    head = text.split("\n")[:_HEAD]
    count = _counter(known)
    told = [line for line in head if line.strip()]
    if not told:
        # Control characters that separate lines are blank as text, though not as bytes.
        raise _refused(name, "", _EMPTY, _AGAIN)
    separator = _separator(told, names, positions, count)
    rows, lines = _rows(text, separator)
    if not rows:
        raise _refused(name, "", _EMPTY, _AGAIN)
    header = _header(rows, names, positions, count)
    if header is None:
        raise _refused(name, "line 1", _NO_HEADER, cure or _MAP, separator.join(rows[0])[:80])
    width = max(len(row) for row in rows[:_HEAD])
    # Positions beyond the last column are told where the columns are looked up.
    there = [position for position in positions if position < width]
    first, units = _data_start(rows, header, there)
    if first >= len(rows):
        raise _refused(name, "", _EMPTY, _AGAIN)
    body, numbers = rows[first:], lines[first:]
    samples = (cell for row in body[:: max(1, len(body) // 200)] for cell in row)
    return TestText(
        name=name,
        sha256=hashlib.sha256(raw).hexdigest(),
        encoding=encoding,
        separator=separator,
        decimal=dialect.find_decimal(samples, separator),
        header=tuple(rows[header]) if header >= 0 else (),
        header_line=lines[header] if header >= 0 else 0,
        units=tuple(units),
        rows=body,
        lines=numbers,
        unfinished=not text.endswith("\n"),
    )


def _refused(name: str, where: str, message: Text, cure: Text, value: str = "") -> InputError:
    return InputError([Problem(name, where, message, cure, value)])


def file_bytes(path: Path) -> bytes:
    """Content of a file of bearable size."""
    try:
        if path.stat().st_size > LARGEST:
            raise _refused(path.name, "", _LARGE, _SMALLER)
        return path.read_bytes()
    except OSError as error:
        message = _MISSING.format(reason=system_reason(error))
        raise _refused(str(path), "", message, _LOOK) from error


def _unpacked(raw: bytes, name: str) -> bytes:
    if not raw.startswith(_GZIP):
        return raw
    try:
        return gzip.decompress(raw)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _refused(name, "", _CUT, _AGAIN) from error


def _decoded(data: bytes, name: str) -> tuple[bytes, str]:
    try:
        text, encoding = dialect.decode(data)
    except (UnicodeDecodeError, LookupError) as error:
        raise _refused(name, "", _BINARY, _EXPORT) from error
    if b"\0" in text[: dialect.HEAD_BYTES]:
        raise _refused(name, "", _BINARY, _EXPORT)
    if not text.strip():
        raise _refused(name, "", _EMPTY, _AGAIN)
    return text, encoding


def _counter(known: re.Pattern[str] | Counter | None) -> Counter:
    """How many names of a row are those of a header."""
    if callable(known):
        return known
    if known is None:
        return lambda row: len(recognised(row))
    return lambda row: sum(bool(known.match(cell)) for cell in row)


def _separator(
    lines: list[str], names: list[str], positions: list[int], count: Callable[[list[str]], int]
) -> str:
    """The separator; blanks if no other one divides the lines."""

    def score(separator: str) -> tuple[int, int]:
        rows = [dialect.cells(line, separator) for line in lines]
        _, hits = dialect.find_header(rows, names) if names else (0, 0)
        told = max(count(row) for row in rows)
        widths = sorted(len(row) for row in rows)
        return max(hits, told), widths[len(widths) // 2]

    found = max(dialect.SEPARATORS, key=score)
    needed = max(positions, default=1)
    return found if score(found)[1] > min(needed, 1) else " "


def _rows(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    rows: list[list[str]] = []
    lines: list[int] = []
    for line, cells in _records(text, separator):
        if any(cells):
            rows.append(cells)
            lines.append(line)
    return rows, lines


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    if separator == " ":
        yield from ((i, line.split()) for i, line in enumerate(text.split("\n"), 1))
        return
    reader = csv.reader(text.split("\n"), delimiter=separator)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue
        yield line, [cell.strip() for cell in cells]


def _header(
    rows: list[list[str]],
    names: list[str],
    positions: list[int],
    count: Callable[[list[str]], int],
) -> int | None:
    """Position of the header; -1 when the map names positions only; None when there is none."""
    head = rows[:_HEAD]
    if names:
        position, hits = dialect.find_header(head, names)
        if hits == 0:
            # The header carries units that the map leaves out.
            position = max(range(len(head)), key=lambda i: (count(head[i]), -i))
        return position
    if positions:
        return -1
    scores = [count(row) for row in head]
    best = max(range(len(head)), key=lambda i: (scores[i], -i))
    return best if scores[best] >= 2 else None


def _data_start(rows: list[list[str]], header: int, positions: list[int]) -> tuple[int, list[str]]:
    """First data row, and the cells of a units line between it and the header."""
    for index in range(header + 1, min(len(rows), header + 1 + _HEAD)):
        row = rows[index]
        needed = positions or range(len(row))
        filled = [row[i] for i in needed if i < len(row) and row[i]]
        complete = not positions or len(filled) == len(positions)
        if complete and any(_number(cell) for cell in filled):
            units = rows[header + 1] if header >= 0 and index > header + 1 else []
            return index, units
    return len(rows), []


def _number(cell: str) -> bool:
    return bool(cell) and cell.lstrip("-+−")[:1].isdigit()
