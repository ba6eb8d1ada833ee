"""A well test's file as rows of cells: text with any separator, or a sheet of Excel."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.survey.response_test_text import TestText, file_bytes, read_text, taken_apart
from diwen.survey.well_test_columns import recognised
from diwen.telemetry.dialect import HEAD_LINES

_EXCEL = (".xlsx", ".xlsm", ".xls", ".ods")
_UNREADABLE = Text("the workbook cannot be read: {reason}", "无法读取工作簿：{reason}")
_COMPLETE = Text(
    "check that the file is complete, or export the sheet as CSV",
    "请检查文件是否完整，或将工作表另存为 CSV",
)
_EMPTY = Text("the workbook holds no table", "工作簿中没有数据表")
_FILL = Text("deliver a sheet with a header line and data lines", "请提供含表头和数据行的工作表")
_FOLDER = Text("this is a folder, not a file", "这是文件夹，不是文件")
_NAME = Text("name the file of the test", "请指定试验数据文件")
_MAP = Text(
    'say what the columns are: --column "time=#1 | min" --column "drawdown=#2 | m"',
    '请说明各列含义：--column "time=#1 | min" --column "drawdown=#2 | m"',
)
_NO_SHEET = Text("no sheet of this name", "没有这个名称的工作表")
_ONE_SHEET = Text("name a sheet of the workbook", "请指定工作簿中的工作表")


def read_table(path: Path, columns: dict[str, str], sheet: str = "") -> TestText:
    """Take a file apart.

    Parameters
    ----------
    path : text (plain or gzip) or a workbook of Excel
    columns : columns said by hand, role to specification; may be empty
    sheet : of a workbook; empty: the one with the most known columns

    Raises
    ------
    InputError : not readable, no header, no rows
    """
    if path.is_dir():
        raise InputError([Problem(str(path), "", _FOLDER, _NAME)])
    if path.suffix.lower() not in _EXCEL:
        return read_text(path, columns, _known, _MAP)
    raw = file_bytes(path)
    name, text = _sheet_text(path.name, raw, sheet)
    return taken_apart(text, name, raw, "Excel", columns, _known, _MAP)


def _known(row: list[str]) -> int:
    """Cells of a row that name a column."""
    return len(recognised(row))


def _sheet_text(file: str, raw: bytes, wanted: str) -> tuple[str, str]:
    """Name and text, tabs between cells and a line per row of the sheet, of the sheet that fits."""
    sheets = _sheets(file, raw)
    if wanted and wanted not in sheets:
        allowed = same(", ".join(sheets))
        raise InputError([Problem(file, "--sheet", _NO_SHEET, _ONE_SHEET, wanted, allowed)])
    filled = {
        name: rows for name, rows in sheets.items()
        if (name == wanted or not wanted) and any(any(row) for row in rows)
    }  # fmt: skip
    if not filled:
        raise InputError([Problem(file, wanted, _EMPTY, _FILL)])
    best = max(filled, key=lambda name: max(len(recognised(r)) for r in filled[name][:HEAD_LINES]))
    label = file if len(sheets) == 1 else f"{file}/{best}"
    return label, "\n".join("\t".join(row) for row in filled[best]) + "\n"


def _sheets(file: str, raw: bytes) -> dict[str, list[list[str]]]:
    import fastexcel

    try:
        book = fastexcel.read_excel(raw)
        return {
            name: _rows(book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string"))
            for name in book.sheet_names
        }
    except (Exception, zipfile.BadZipFile) as error:
        # calamine's own errors share no base class with a name.
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = _UNREADABLE.format(reason=same(reason))
        raise InputError([Problem(file, "", message, _COMPLETE)]) from error


def _rows(sheet: Any) -> list[list[str]]:
    return [
        ["" if cell is None else " ".join(str(cell).split()) for cell in row]
        for row in sheet.to_polars().iter_rows()
    ]
