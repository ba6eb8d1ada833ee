"""A delivered file as a grid of cells, whatever its format; one reader per format.

Every reader is told which column names are wanted and returns the same: the names it found, the
data cells as a frame with the columns ``c0, c1, ...``, and where each row stood in the file.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.telemetry import dialect as dialects
from diwen.telemetry import numbers
from diwen.telemetry.dialect import Dialect
from diwen.telemetry.options import Options

# An unpacked member larger than this is refused: an archive must not fill the memory.
LARGEST = 8 * 1024**3
_UNREADABLE = Text("the file cannot be read as {kind}: {reason}", "无法按{kind}读取文件：{reason}")
_UNREADABLE_CURE = Text(
    "check that the file is complete and of that kind; export it again if need be.",
    "请检查文件是否完整、类型是否正确，必要时重新导出。",
)
_EMPTY = Text("the file holds no table", "文件中没有数据表")
_EMPTY_CURE = Text(
    "deliver a file with a header line and data lines.", "请提供含表头和数据行的文件。"
)
_TABLE = Text("a table of text", "文本表格")
_SHEET = Text("an Excel workbook", "Excel 工作簿")
_PARQUET = Text("Parquet", "Parquet")
_ARCHIVE = Text("a compressed file", "压缩文件")


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
    """

    file: str
    names: tuple[str, ...]
    frame: pl.DataFrame
    first_line: int
    dialect: Dialect

    def lines(self, rows: NDArray[np.intp]) -> NDArray[np.int64]:
        """Line numbers of data rows, as an editor counts (no line breaks inside cells)."""
        return rows.astype(np.int64) + self.first_line


Choose = Callable[[tuple[str, ...]], tuple[list[int], list[int]]]


def unreadable(file: str, kind: Text, error: BaseException | str) -> InputError:
    """The error of a file that is not what it seems."""
    reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    text = _UNREADABLE.format(kind=kind, reason=reason)
    return InputError([Problem(file, "-", text, _UNREADABLE_CURE)])


def grids(path: Path, options: Options, wanted: Iterable[str], choose: Choose) -> Iterator[Grid]:
    """The tables of a delivered file (an archive may hold several).

    Parameters
    ----------
    path : CSV, text, Excel or Parquet file, or such a file packed by gzip or zip
    options : what is known of its form
    wanted : column names that would be useful, to find the header
    choose : given the column names, positions of the time columns and of the value columns

    Raises
    ------
    InputError : cannot be read, or holds no table
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(str(path), _TABLE, error.strerror or error) from error
    yield from _grids(path.name, data, options, list(wanted), choose)


def _grids(
    file: str, data: bytes, options: Options, wanted: list[str], choose: Choose
) -> Iterator[Grid]:
    if not data.strip(b"\0 \t\r\n"):
        raise InputError([Problem(file, "-", _EMPTY, _EMPTY_CURE)])
    if data.startswith(b"\x1f\x8b"):
        yield from _grids(file, _gunzip(file, data), options, wanted, choose)
    elif data.startswith(b"PAR1"):
        yield _parquet(file, data, choose)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        yield _excel(file, data, options, wanted, choose)
    elif data.startswith(b"PK\x03\x04"):
        yield from _packed(file, data, options, wanted, choose)
    else:
        yield _text(file, data, options, wanted, choose)


def _gunzip(file: str, data: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            plain = packed.read(LARGEST)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(file, _ARCHIVE, error) from error
    return plain


def _packed(
    file: str, data: bytes, options: Options, wanted: list[str], choose: Choose
) -> Iterator[Grid]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise unreadable(file, _ARCHIVE, error) from error
    if any(info.filename in ("xl/workbook.xml", "xl/workbook.bin") for info in members):
        yield _excel(file, data, options, wanted, choose)
        return
    for info in members:
        if info.file_size > LARGEST:
            raise unreadable(file, _ARCHIVE, f"{info.filename}: {info.file_size} bytes unpacked")
        try:
            content = archive.read(info)
        except (
            zipfile.BadZipFile,
            RuntimeError,
            NotImplementedError,
            OSError,
            zlib.error,
        ) as error:
            raise unreadable(file, _ARCHIVE, error) from error
        yield from _grids(f"{file}/{info.filename}", content, options, wanted, choose)


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
    time, values = choose(names)
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
    return _read_text(file, data, found, time, values)


def _read_text(file: str, data: bytes, found: Dialect, time: list[int], values: list[int]) -> Grid:
    """All wanted columns; numbers at once where all cells are numbers, else as text."""
    skip = found.header + found.units + 1
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
            raise unreadable(file, _TABLE, error) from error
        except BaseException as error:  # a panic inside polars is no Exception
            if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
                raise
            if fast:
                continue
            raise unreadable(file, _TABLE, error) from error
        break
    return Grid(file, found.names, frame, skip + 1, found)


def _excel(file: str, data: bytes, options: Options, wanted: list[str], choose: Choose) -> Grid:
    import fastexcel

    try:
        book = fastexcel.read_excel(data)
        sheets = [options.sheet] if options.sheet else book.sheet_names
        best: tuple[int, int, pl.DataFrame] | None = None
        for name in sheets:
            sheet = book.load_sheet(name, header_row=None, dtypes="string")
            table = sheet.to_polars()
            head = [_row(row) for row in table.head(dialects.HEAD_LINES).iter_rows()]
            header, hits = dialects.find_header(head, wanted, options.header_row)
            if head and (best is None or hits > best[0]):
                best = hits, header, table
    except Exception as error:
        # calamine's own errors share no base class with a name.
        raise unreadable(file, _SHEET, error) from error
    if best is None:
        raise InputError([Problem(file, "-", _EMPTY, _EMPTY_CURE)])
    _, header, table = best
    rows = [_row(row) for row in table.head(dialects.HEAD_LINES).iter_rows()]
    names = tuple(rows[header])
    time, values = choose(names)
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
    time, values = choose(names)
    table.columns = [f"c{i}" for i in range(table.width)]
    frame = table.select(f"c{i}" for i in sorted({*time, *values}))
    found = Dialect("Parquet", "", ".", 0, 0, names)
    return Grid(file, names, frame, 1, found)
