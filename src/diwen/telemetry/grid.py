"""A delivered file as a grid of cells, whatever its format; one reader per format.

Every reader is told which column names are wanted and returns the same: the names it found, the
data cells as a frame with the columns ``c0, c1, ...``, and where each row stood in the file.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem, system_reason
from diwen.telemetry import dialect as dialects
from diwen.telemetry import numbers, packing
from diwen.telemetry.dialect import Dialect
from diwen.telemetry.options import Options

_UNREADABLE = Text("the file cannot be read as {kind}: {reason}", "无法按{kind}读取文件：{reason}")
_UNREADABLE_CURE = Text(
    "check that the file is complete and of that kind; export it again if need be.",
    "请检查文件是否完整、类型是否正确，必要时重新导出。",
)
_NO_FILE = Text("this is a pipe or a device, no file", "这是管道或设备，不是文件")
_CLOSED = Text("the file cannot be opened: {reason}", "文件无法打开：{reason}")
_CLOSED_CURE = Text("check its name and its rights.", "请检查文件名和权限。")
_EMPTY = Text("the file holds no table", "文件中没有数据表")
_EMPTY_CURE = Text(
    "deliver a file with a header line and data lines.", "请提供含表头和数据行的文件。"
)
_TABLE = Text("a table of text", "文本表格")
_SHEET = Text("an Excel workbook", "Excel 工作簿")
_PARQUET = Text("Parquet", "Parquet")
_NESTED = Text(
    "the column {name} holds {kind}, not numbers or text",
    "{name} 列的类型为 {kind}，不是数字或文本",
)
_NESTED_CURE = Text(
    "write it as a plain column of numbers or text.", "请将该列存为普通的数字列或文本列。"
)
_OPEN_QUOTE = Text("a quotation mark is opened and not closed", "引号未成对")
_OPEN_QUOTE_CURE = Text("close or remove it.", "请补全或删除该引号。")


@dataclass
class Grid:
    """A delivered table.

    Attributes
    ----------
    file : as the user named it, with the member of an archive
    names : column names, stripped
    frame : data cells, columns ``c0, c1, ...`` (those that were asked for)
    first_line : line (row of the sheet) of the first data row, from 1
    dialect : how it is written
    starts : line on which each data row begins where cells hold line breaks, else None
    """

    file: str
    names: tuple[str, ...]
    frame: pl.DataFrame
    first_line: int
    dialect: Dialect
    starts: NDArray[np.int64] | None = None

    def lines(self, rows: NDArray[np.intp]) -> NDArray[np.int64]:
        """Line numbers of data rows, as an editor counts."""
        if self.starts is None:
            return rows.astype(np.int64) + self.first_line
        return self.starts[np.minimum(rows, len(self.starts) - 1)]


# Given the name of a table and of its columns: positions of the time and the value columns.
Choose = Callable[[str, tuple[str, ...]], tuple[list[int], list[int]]]


def unreadable(file: str, kind: Text, error: BaseException | str) -> InputError:
    """The error of a file that is not what it seems."""
    reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    text = _UNREADABLE.format(kind=kind, reason=reason)
    return InputError([Problem(file, "-", text, _UNREADABLE_CURE)])


def grids(
    path: Path,
    options: Options,
    wanted: Iterable[str],
    choose: Choose,
    doubts: list[Problem] | None = None,
) -> Iterator[Grid]:
    """The tables of a delivered file (an archive or a workbook may hold several).

    Parameters
    ----------
    path : CSV, text, Excel or Parquet file, or such a file packed by gzip or zip
    options : what is known of its form
    wanted : column names that would be useful, to find the header
    choose : given file and column names, positions of the time columns and of the value columns
    doubts : takes what is wrong with members of an archive that are left out

    Raises
    ------
    InputError : cannot be read, or holds no table
    """
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise InputError([Problem(str(path), "-", _NO_FILE, _CLOSED_CURE)])
        data = path.read_bytes()
    except OSError as error:
        text = _CLOSED.format(reason=system_reason(error))
        raise InputError([Problem(str(path), "-", text, _CLOSED_CURE)]) from error
    refused: list[Problem] = []

    def refuse(error: InputError) -> None:
        refused.extend(error.problems)

    found = 0
    for file, plain in packing.members(path.name, data, refuse):
        try:
            for grid in _grids(file, plain, options, list(wanted), choose):
                found += 1
                yield grid
        except InputError as error:
            if file == path.name:
                raise
            refuse(error)
    if not found:
        raise InputError(refused)
    if doubts is not None:
        doubts += [replace(problem, severity="warning") for problem in refused]


def _grids(
    file: str, data: bytes, options: Options, wanted: list[str], choose: Choose
) -> Iterator[Grid]:
    if not data.strip(b"\0 \t\r\n"):
        raise InputError([Problem(file, "-", _EMPTY, _EMPTY_CURE)])
    if data.startswith(b"PAR1"):
        yield _parquet(file, data, choose)
    elif data.startswith((b"\xd0\xcf\x11\xe0", b"PK\x03\x04")):
        yield from _excel(file, data, options, wanted, choose)
    else:
        yield _text(file, data, options, wanted, choose)


def _text(file: str, data: bytes, options: Options, wanted: list[str], choose: Choose) -> Grid:
    try:
        data, encoding = dialects.decode(data, options.encoding)
    except (UnicodeError, LookupError) as error:
        raise unreadable(file, _TABLE, error) from error
    lines = dialects.head_lines(data)
    if not any(line.strip() for line in lines):
        raise InputError([Problem(file, "-", _EMPTY, _EMPTY_CURE)])
    separator = options.separator or dialects.find_separator(lines, wanted, options.header_row)
    rows = [dialects.cells(line, separator) for line in lines]
    header, _ = dialects.find_header(rows, wanted, options.header_row)
    names = tuple(rows[header]) if header < len(rows) else ()
    time, values = choose(file, names)
    units = dialects.units_rows([row for row in rows[header + 1 :] if any(row)], time, values)
    body = rows[header + 1 + units :]
    samples = (row[i] for row in body for i in values if i < len(row) and row[i])
    found = Dialect(
        encoding,
        separator,
        options.decimal or dialects.find_decimal(samples, separator),
        header,
        units,
        names,
        tuple(rows[header + 1]) if units else (),
    )
    # A cell with a line break spreads a row over several lines.
    skip = sum(line.count("\n") + 1 for line in lines[: header + units + 1])
    frame = _read_text(file, data, found, skip, time, values)
    return Grid(file, names, frame, skip + 1, found, dialects.row_starts(data, skip))


def _read_text(
    file: str, data: bytes, found: Dialect, skip: int, time: list[int], values: list[int]
) -> pl.DataFrame:
    """All wanted columns; numbers at once where all cells are numbers, else as text."""
    comma = found.decimal == "," and found.separator != ","
    columns = sorted({*time, *values})
    for fast in (True, False):
        kinds = {
            f"c{i}": pl.Float64 if fast and i in values and i not in time else pl.String
            for i in range(len(found.names))
        }
        try:
            frame = pl.read_csv(
                io.BytesIO(data),
                has_header=False,
                separator=found.separator,
                skip_lines=skip,
                schema=kinds,
                columns=columns,
                null_values=list(numbers.EMPTY),
                truncate_ragged_lines=True,
                missing_columns="insert",
                extra_columns="ignore",
                decimal_comma=comma and fast,
                raise_if_empty=False,
                quote_char=None if b'"' not in data else '"',
            )
        except pl.exceptions.PolarsError as error:
            if fast:
                continue
            quote = dialects.open_quote(data, skip)
            if quote:
                problem = Problem(file, f"line {quote}", _OPEN_QUOTE, _OPEN_QUOTE_CURE)
                raise InputError([problem]) from error
            raise unreadable(file, _TABLE, error) from error
        except BaseException as error:  # a panic inside polars is no Exception
            if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
                raise
            if fast:
                continue
            raise unreadable(file, _TABLE, error) from error
        break
    return frame


def _excel(
    file: str, data: bytes, options: Options, wanted: list[str], choose: Choose
) -> Iterator[Grid]:
    """The sheet that fits best, and all others that fit as well (a sheet per month)."""
    import fastexcel

    sheets: list[tuple[int, int, str, pl.DataFrame]] = []
    try:
        book = fastexcel.read_excel(data)
        for name in [options.sheet] if options.sheet else book.sheet_names:
            # All rows, empty ones above the table too: line numbers are those of the sheet.
            sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            table = sheet.to_polars()
            head = [_row(row) for row in table.head(dialects.HEAD_LINES).iter_rows()]
            header, hits = dialects.find_header(head, wanted, options.header_row)
            if any(any(row) for row in head):
                sheets.append((hits, header, name, table))
    except Exception as error:
        # calamine's own errors share no base class with a name.
        raise unreadable(file, _SHEET, error) from error
    if not sheets:
        raise InputError([Problem(file, "-", _EMPTY, _EMPTY_CURE)])
    most = max(hits for hits, *_ in sheets)
    best = [own for own in sheets if own[0] == most][: None if most else 1]
    for _, header, name, table in best:
        label = file if len(best) == 1 else f"{file}/{name}"
        yield _sheet(label, table, header, options, choose)


def _sheet(file: str, table: pl.DataFrame, header: int, options: Options, choose: Choose) -> Grid:
    rows = [_row(row) for row in table.head(dialects.HEAD_LINES).iter_rows()]
    names = tuple(rows[header]) if header < len(rows) else ()
    time, values = choose(file, names)
    units = dialects.units_rows([row for row in rows[header + 1 :] if any(row)], time, values)
    body = rows[header + 1 + units :]
    samples = (row[i] for row in body for i in values if i < len(row) and row[i])
    decimal = options.decimal or dialects.find_decimal(samples, ";")
    unit_cells = tuple(rows[header + 1]) if units else ()
    found = Dialect("Excel", "", decimal, header, units, names, unit_cells)
    table.columns = [f"c{i}" for i in range(table.width)]
    frame = table.slice(header + 1 + units).select(f"c{i}" for i in sorted({*time, *values}))
    return Grid(file, names, frame, header + units + 2, found)


def _row(row: tuple[object, ...]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in row]


def _parquet(file: str, data: bytes, choose: Choose) -> Grid:
    try:
        table = pl.read_parquet(io.BytesIO(data))
    except BaseException as error:  # a panic inside polars is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise unreadable(file, _PARQUET, error) from error
    names = tuple(table.columns)
    time, values = choose(file, names)
    table.columns = [f"c{i}" for i in range(table.width)]
    frame = table.select(f"c{i}" for i in sorted({*time, *values}))
    _refuse_nested(file, names, frame)
    found = Dialect("Parquet", "", ".", 0, 0, names)
    return Grid(file, names, frame, 1, found)


def _refuse_nested(file: str, names: tuple[str, ...], frame: pl.DataFrame) -> None:
    """Lists, records, bytes and spans of time are no cells."""
    nested = [
        Problem(
            file,
            f"column {name}",
            _NESTED.format(name=name, kind=kind),
            _NESTED_CURE,
        )
        for column, kind in frame.schema.items()
        for name in [names[int(column[1:])]]
        if kind.is_nested() or isinstance(kind, (pl.Binary, pl.Duration, pl.Object))
    ]
    if nested:
        raise InputError(nested)
